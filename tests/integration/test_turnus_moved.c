/* What a stranger's plugin hears when a plan is published anew, and that its veto undoes it all. */
#include "tests/integration/nrw.h"

#include <sys/stat.h>

static struct world *w;
static char folder[64];

static void copy_plugin(const char *from, const char *to)
{
    char block[16384];
    FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
    size_t got;

    assert_true(in && out);
    while ((got = fread(block, 1, sizeof(block), in)) > 0)
        assert_int_equal(fwrite(block, 1, got, out), got);
    fclose(in);
    assert_int_equal(fclose(out), 0);
    assert_int_equal(chmod(to, 0600), 0); /* what others can write is not loaded */
}

/* A build that has the planner and these plugins, no others. */
static void build_of(const char *const *strangers)
{
    const char *build = getenv("RH_BUILD");
    char from[256], to[256];

    snprintf(folder, sizeof(folder), "/tmp/rh-moved-XXXXXX");
    assert_non_null(mkdtemp(folder));
    snprintf(to, sizeof(to), "%s/plugins", folder);
    assert_int_equal(mkdir(to, 0700), 0);
    snprintf(from, sizeof(from), "%s/plugins/turnus.so", build);
    snprintf(to, sizeof(to), "%s/plugins/turnus.so", folder);
    copy_plugin(from, to);
    for (; *strangers; strangers++) {
        snprintf(from, sizeof(from), "%s/tests/misbehaving/%s.so", build, *strangers);
        snprintf(to, sizeof(to), "%s/plugins/%s.so", folder, *strangers);
        copy_plugin(from, to);
    }
}

/* A world with these plugins, a published plan, and a draft in which Cologne and Bonn move. */
static void set_up(const char *const *strangers)
{
    char *build = strdup(getenv("RH_BUILD"));
    char koeln[16], bonn[16];

    build_of(strangers);
    setenv("RH_BUILD", folder, 1);
    w = nrw_open("");
    setenv("RH_BUILD", build, 1);
    free(build);
    must(w, "turnus plan", "seed", "1", "steps", "3000", "time-limit", "0");
    must(w, "turnus publish");
    must(w, "turnus export");
    snprintf(koeln, sizeof(koeln), "%s", text_of(item(w, "office", "koeln"), "start_month"));
    snprintf(bonn, sizeof(bonn), "%s", text_of(item(w, "office", "bonn"), "start_month"));
    must(w, "turnus move", "office", "koeln", "to",
         strcmp(koeln, "2028-03") == 0 ? "2028-04" : "2028-03", "yes", "yes", "over-capacity",
         "yes");
    must(w, "turnus move", "office", "bonn", "to",
         strcmp(bonn, "2029-03") == 0 ? "2029-04" : "2029-03", "yes", "yes", "over-capacity",
         "yes");
}

static int tear_down(void **state)
{
    (void)state;
    world_close(w);
    nftw(folder, world_remove, 16, FTW_DEPTH | FTW_PHYS);
    return 0;
}

static void a_hook_writes_in_the_same_transaction_what_follows_from_a_move(void **state)
{
    static const char *const strangers[] = {"moves_count", NULL};
    const json_t *seen;
    char from[16], to[16];
    (void)state;
    set_up(strangers);

    must(w, "turnus publish", "over-capacity", "yes", "dry-run", "yes");
    must(w, "moves seen");
    assert_int_equal(item_count(w), 0); /* a dry run leaves nothing, of hooks neither */
    must(w, "turnus publish", "over-capacity", "yes");

    assert_int_equal(number(w, "moved"), 2);
    snprintf(from, sizeof(from), "%s", text_of(item(w, "office", "koeln"), "from"));
    snprintf(to, sizeof(to), "%s", text_of(item(w, "office", "koeln"), "to"));
    must(w, "moves seen");
    assert_int_equal(item_count(w), 2);
    seen = item(w, "office", "koeln");
    assert_string_equal(text_of(seen, "from_month"), from);
    assert_string_equal(text_of(seen, "to_month"), to);
    item(w, "office", "bonn");
}

static void a_veto_keeps_the_published_plan_and_is_named(void **state)
{
    static const char *const strangers[] = {"moves_count", "moves_veto", NULL};
    (void)state;
    set_up(strangers);

    refused(w, RH_ECONFLICT, "'koeln' ist schon eingeladen", "'koeln' is invited already",
            "turnus publish", "over-capacity", "yes");

    assert_says(w->err.text[RH_DE], "Plugin 'moves_veto' zu 'turnus.moved'");
    must(w, "moves seen");
    assert_int_equal(item_count(w), 0); /* what the counter had written is undone as well */
    must(w, "turnus list");
    assert_string_equal(text_of(json_array_get(items(w), 0), "state"), "published");
    must(w, "event list", "topic", "turnus.moved");
    assert_int_equal(item_count(w), 0);
    must(w, "event list", "topic", "round.published");
    assert_int_equal(item_count(w), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_hook_writes_in_the_same_transaction_what_follows_from_a_move,
                                  tear_down),
        cmocka_unit_test_teardown(a_veto_keeps_the_published_plan_and_is_named, tear_down),
    };

    return cmocka_run_group_tests(tests, nrw_make, nrw_remove);
}
