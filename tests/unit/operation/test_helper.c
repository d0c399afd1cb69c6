/* rh_child_in(): a plugin's helper program, from where it is to how it ended. */
#include "world.h"

#include <sys/stat.h>

#define FULL_INPUT 300000

static int32_t ask(struct rh_call *call)
{
    const char *mode = rh_param_text(call, "mode"), *output = NULL;
    const struct rh_child_limits limits = {.size = sizeof(limits), .output = 400000};
    char *input = rh_alloc_in(call, FULL_INPUT);
    size_t size = 0;
    int32_t rc;

    if (!input)
        return RH_ENOMEM;
    memset(input, 'x', FULL_INPUT);
    rc = rh_child_in(call, rh_param_text(call, "program"), mode, input, FULL_INPUT, &limits,
                     &output, &size);
    if (rc < 0)
        return rc;
    rh_out_int(call, "size", (int64_t)size);
    rh_out_flag(call, "ends", output[size] == '\0');
    rh_out_flag(call, "same", size == FULL_INPUT && memcmp(output, input, size) == 0);
    return 0;
}

static const struct rh_param params[] = {
    {.name = "program", .type = RH_TYPE_TEXT, .fallback = "demo-behave", .help = HELP},
    {.name = "mode", .type = RH_TYPE_TEXT, .help = HELP}};
static const struct rh_operation operations[] = {
    {.name = "helper ask", .kind = RH_COMPUTE, .help = HELP, .params = RH_ROWS(params), .run = ask},
    {.name = "helper write", .kind = RH_WRITE, .help = HELP, .params = RH_ROWS(params), .run = ask},
};
static const struct rh_plugin plugin = {.name = "demo", .operations = RH_ROWS(operations)};
static struct rh_module module = {.plugin = &plugin};

/* The child of tests/support as the helper of the plugin, which lies in the world's folder. */
static void copy_helper(const struct world *w)
{
    char from[4096], to[128], bytes[65536];
    FILE *in, *out;
    size_t got;

    snprintf(from, sizeof(from), "%s/tests/children/behave", getenv("RH_BUILD"));
    snprintf(to, sizeof(to), "%s/demo-behave", w->folder);
    in = fopen(from, "rb");
    out = fopen(to, "wb");
    assert_non_null(in);
    assert_non_null(out);
    while ((got = fread(bytes, 1, sizeof(bytes), in)) > 0)
        assert_int_equal(fwrite(bytes, 1, got, out), got);
    fclose(in);
    assert_int_equal(fclose(out), 0);
    assert_int_equal(chmod(to, 0755), 0);
}

static int setup(void **state)
{
    struct world *w = world_new(NULL, 0, NULL);

    copy_helper(w);
    module.folder = w->folder;
    world_add(w, &module);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    world_free(*state);
    return 0;
}

static void it_gets_the_input_and_its_output_comes_back(void **state)
{
    assert_json(world_call_with(*state, "helper ask", "mode", "echo"),
                "{\"size\":300000,\"ends\":true,\"same\":true}");
    assert_json(world_call_with(*state, "helper ask", NULL, NULL),
                "{\"size\":0,\"ends\":true,\"same\":false}");
}

static int64_t hasty_ms(void *context)
{
    static int64_t now;
    (void)context;

    return now += 3600000;
}

static void whatever_it_does_is_an_error_of_this_call_alone(void **state)
{
    struct world *w = *state;

    assert_refused(world_call_with(w, "helper ask", "mode", "crash"), RH_EINVALID,
                   "'demo-behave' failed on this input");
    assert_refused(world_call_with(w, "helper ask", "mode", "complain"), RH_EINVALID,
                   "(1/3): line 2981 line 2982 ");
    assert_refused(world_call_with(w, "helper ask", "mode", "complain"), RH_EINVALID,
                   " line 2999 the reason");
    assert_refused(world_call_with(w, "helper ask", "mode", "flood"), RH_ETOOLARGE, "too much");
    w->clock.monotonic_ms = hasty_ms;
    assert_refused(world_call_with(w, "helper ask", "mode", "hang"), RH_ECANCELLED, "in time");
}

static void only_its_own_helpers_are_a_plugins(void **state)
{
    static const char *const strange[] = {"behave",          "demo-",        "demo-missing/../x",
                                          "../demo-behave",  "other-behave", "demo-x/y",
                                          "demo-..%2fbehave"};

    for (size_t i = 0; i < sizeof(strange) / sizeof(strange[0]); i++)
        assert_refused(world_call_with(*state, "helper ask", "program", strange[i]), RH_ENOTFOUND,
                       "has no helper program");
    assert_refused(world_call_with(*state, "helper ask", "program", "demo-missing"), RH_ENOTFOUND,
                   "is missing; remedy: ");
}

static void a_helper_that_others_may_write_is_not_started(void **state)
{
    struct world *w = *state;
    char path[128], link[128];

    snprintf(path, sizeof(path), "%s/demo-behave", w->folder);
    snprintf(link, sizeof(link), "%s/demo-link", w->folder);
    assert_int_equal(symlink(path, link), 0);
    assert_refused(world_call_with(w, "helper ask", "program", "demo-link"), RH_EFORBIDDEN,
                   "others can replace");
    assert_int_equal(chmod(path, 0775), 0);
    assert_refused(world_call_with(w, "helper ask", NULL, NULL), RH_EFORBIDDEN,
                   "others can replace");
}

static void no_writer_waits_for_a_helper(void **state)
{
    assert_refused(world_call_with(*state, "helper write", "mode", "echo"), RH_EFAILED,
                   "or all writers wait");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(it_gets_the_input_and_its_output_comes_back),
        TEST(whatever_it_does_is_an_error_of_this_call_alone),
        TEST(only_its_own_helpers_are_a_plugins),
        TEST(a_helper_that_others_may_write_is_not_started),
        TEST(no_writer_waits_for_a_helper),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
