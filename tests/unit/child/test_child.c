/* child.h: whatever the child does, the call comes back, says how it ended, and leaves nothing. */
#include "core/child/child.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

struct sink {
    char bytes[4096];
    size_t length, total;
    int stop_after; /* calls with bytes; 0 = never */
    int calls;
};

static int64_t real_ms(void *context)
{
    struct timespec now;
    (void)context;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* A clock that is an hour on at each look: every limit is over at once. */
static int64_t hasty_ms(void *context)
{
    int64_t *now = context;

    return *now += 3600000;
}

static int32_t collect(void *context, const uint8_t *bytes, size_t length)
{
    struct sink *sink = context;
    size_t kept = length < sizeof(sink->bytes) - 1 - sink->length
                      ? length
                      : sizeof(sink->bytes) - 1 - sink->length;

    if (length == 0)
        return 0;
    memcpy(sink->bytes + sink->length, bytes, kept);
    sink->length += kept;
    sink->total += length;
    return ++sink->calls == sink->stop_after;
}

static const char *behave(void)
{
    static char path[4096];

    snprintf(path, sizeof(path), "%s/tests/children/behave", getenv("RH_BUILD"));
    return path;
}

static struct rh_child_options options_of(const char *path, const char *const *words,
                                          struct sink *sink)
{
    return (struct rh_child_options){.path = path,
                                     .words = words,
                                     .output = collect,
                                     .context = sink,
                                     .monotonic_ms = real_ms,
                                     .time_limit_ms = 60000,
                                     .grace_ms = 100,
                                     .output_max = 100000000,
                                     .file_max = -1};
}

static void assert_no_child_left(void)
{
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
}

static void much_goes_in_and_comes_out_again(void **state)
{
    const char *const words[] = {"cat", NULL};
    struct sink sink = {0};
    struct rh_child_options options = options_of("/bin/cat", words, &sink);
    struct rh_child_result result;
    size_t length = 3000000; /* more than any pipe holds */
    char *input = test_calloc(length, 1);
    (void)state;

    memset(input, 'x', length);
    options.input = input;
    options.input_length = length;
    assert_int_equal(rh_child_run(&options, &result, NULL), 0);

    assert_int_equal(result.end, RH_CHILD_EXITED);
    assert_int_equal(result.status, 0);
    assert_int_equal(sink.total, length);
    assert_no_child_left();
    test_free(input);
}

static void a_missing_program_has_an_error_of_its_own(void **state)
{
    const char *const words[] = {"nothing", NULL};
    struct sink sink = {0};
    struct rh_child_options options = options_of("/nowhere/nothing", words, &sink);
    struct rh_child_result result;
    struct rh_err err = {0};
    (void)state;

    assert_int_equal(rh_child_run(&options, &result, &err), RH_ENOTFOUND);
    assert_non_null(strstr(err.text[RH_DE], "/nowhere/nothing"));
    options.path = "/etc/passwd";
    rh_err_clear(&err);
    assert_int_equal(rh_child_run(&options, &result, &err), RH_EFORBIDDEN);
    assert_no_child_left();
}

/* It exits without reading: the rest of the input is lost, and no SIGPIPE comes. */
static void input_that_nobody_reads_does_no_harm(void **state)
{
    const char *const words[] = {"behave", "nothing", NULL};
    static const char input[2000000];
    struct sink sink = {0};
    struct rh_child_options options = options_of(behave(), words, &sink);
    struct rh_child_result result;
    (void)state;

    options.input = input;
    options.input_length = sizeof(input);
    assert_int_equal(rh_child_run(&options, &result, NULL), 0);

    assert_int_equal(result.end, RH_CHILD_EXITED);
    assert_no_child_left();
}

static void a_crash_is_told_with_its_signal(void **state)
{
    const char *const words[] = {"behave", "crash", NULL};
    struct sink sink = {0};
    struct rh_child_options options = options_of(behave(), words, &sink);
    struct rh_child_result result;
    (void)state;

    assert_int_equal(rh_child_run(&options, &result, NULL), 0);

    /* A sanitizer makes an exit of it. */
    assert_true(result.end == RH_CHILD_SIGNAL
                    ? result.status == SIGSEGV
                    : result.end == RH_CHILD_EXITED && result.status != 0);
    assert_no_child_left();
}

/* It ignores SIGTERM, so the grace is needed, too. */
static void a_hanging_child_is_killed_by_the_clock_handed_in(void **state)
{
    const char *const words[] = {"behave", "hang", NULL};
    struct sink sink = {0};
    struct rh_child_options options = options_of(behave(), words, &sink);
    struct rh_child_result result;
    int64_t now = 0;
    (void)state;

    options.monotonic_ms = hasty_ms;
    options.clock_context = &now;
    assert_int_equal(rh_child_run(&options, &result, NULL), 0);

    assert_int_equal(result.end, RH_CHILD_LATE);
    assert_no_child_left();
}

static void endless_output_ends_at_its_maximum(void **state)
{
    const char *const words[] = {"behave", "flood", NULL};
    struct sink sink = {0};
    struct rh_child_options options = options_of(behave(), words, &sink);
    struct rh_child_result result;
    (void)state;

    options.output_max = 1000000;
    assert_int_equal(rh_child_run(&options, &result, NULL), 0);

    assert_int_equal(result.end, RH_CHILD_FLOOD);
    assert_true(sink.total <= 1000000);
    assert_no_child_left();
}

static void the_caller_can_stop_it(void **state)
{
    const char *const words[] = {"behave", "flood", NULL};
    struct sink sink = {.stop_after = 3};
    struct rh_child_options options = options_of(behave(), words, &sink);
    struct rh_child_result result;
    (void)state;

    assert_int_equal(rh_child_run(&options, &result, NULL), 0);

    assert_int_equal(result.end, RH_CHILD_STOPPED);
    assert_int_equal(sink.calls, 3);
    assert_no_child_left();
}

static void the_end_of_its_complaints_is_kept(void **state)
{
    const char *const words[] = {"behave", "complain", NULL};
    struct sink sink = {0};
    struct rh_child_options options = options_of(behave(), words, &sink);
    struct rh_child_result result;
    (void)state;

    assert_int_equal(rh_child_run(&options, &result, NULL), 0);

    assert_int_equal(result.status, 3);
    assert_int_equal(strlen(result.errors), RH_CHILD_ERRORS_MAX);
    assert_non_null(strstr(result.errors, "line 2999\nthe reason"));
    assert_no_child_left();
}

static void it_inherits_nothing_of_ours(void **state)
{
    const char *const words[] = {"behave", "surroundings", NULL};
    struct sink sink = {0};
    struct rh_child_options options = options_of(behave(), words, &sink);
    struct rh_child_result result;
    FILE *open = tmpfile(); /* not close-on-exec */
    void (*before)(int) = signal(SIGPIPE, SIG_IGN);
    (void)state;

    options.file_max = 7000;
    assert_int_equal(rh_child_run(&options, &result, NULL), 0);
    signal(SIGPIPE, before);
    fclose(open);

    assert_string_equal(sink.bytes, "environment 2 open 0 files 7000 pipe 1");
    assert_no_child_left();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(much_goes_in_and_comes_out_again),
        cmocka_unit_test(a_missing_program_has_an_error_of_its_own),
        cmocka_unit_test(input_that_nobody_reads_does_no_harm),
        cmocka_unit_test(a_crash_is_told_with_its_signal),
        cmocka_unit_test(a_hanging_child_is_killed_by_the_clock_handed_in),
        cmocka_unit_test(endless_output_ends_at_its_maximum),
        cmocka_unit_test(the_caller_can_stop_it),
        cmocka_unit_test(the_end_of_its_complaints_is_kept),
        cmocka_unit_test(it_inherits_nothing_of_ours),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
