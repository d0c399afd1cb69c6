/* guard.h: a plugin that keeps failing is suspended and tried again later; others are not blamed.
 */
#include "core/plugin/guard.h"
#include "reihum/plugin.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static int32_t nothing(struct rh_call *call)
{
    (void)call;
    return 0;
}

static const struct rh_operation operations[] = {
    {.name = "slow plan", .kind = RH_COMPUTE, .help = {"a", "b"}, .run = nothing},
    {.name = "slow list", .kind = RH_READ, .help = {"a", "b"}, .run = nothing},
};
static const struct rh_plugin plugin = {RH_PLUGIN_HEAD("one", "1.0"),
                                        .operations = RH_ROWS(operations)};
static const struct rh_plugin other_plugin = {RH_PLUGIN_HEAD("other", "1.0")};

struct world {
    struct rh_module module, other_module;
    struct rh_guard guard, other;
    struct rh_clock clock;
    int64_t now_ms;
    struct rh_err err;
    int32_t answer;
};

static int64_t world_ms(void *context)
{
    return ((struct world *)context)->now_ms;
}

static void world_new(struct world *w)
{
    memset(w, 0, sizeof(*w));
    w->clock = (struct rh_clock){.monotonic_ms = world_ms, .context = w};
    w->module.plugin = &plugin;
    w->other_module.plugin = &other_plugin;
    rh_guard_init(&w->guard, &w->module);
    rh_guard_init(&w->other, &w->other_module);
    w->guard.clock = w->other.clock = &w->clock;
}

static void world_free(struct world *w)
{
    rh_guard_fini(&w->guard);
    rh_guard_fini(&w->other);
}

static int32_t answer(void *context)
{
    struct world *w = context;

    return w->answer < 0 ? rh_err_set(&w->err, w->answer, "kaputt", "broken") : w->answer;
}

static void call(struct world *w, int32_t code, int times)
{
    for (int i = 0; i < times; i++) {
        rh_err_clear(&w->err);
        w->answer = code;
        assert_int_equal(rh_guard_call(&w->guard, "one do", answer, w, &w->err), code);
    }
}

static bool is_absent(struct world *w)
{
    return atomic_load(&w->module.absent);
}

static struct rh_guard_figures figures_of(struct rh_guard *guard)
{
    struct rh_guard_figures figures;

    (void)rh_guard_read(guard, &figures);
    return figures;
}

static void five_failures_in_a_row_suspend_and_say_why(void **state)
{
    struct world w;
    struct rh_err last;
    (void)state;

    world_new(&w);
    call(&w, RH_EFAILED, 4);
    assert_false(is_absent(&w));
    call(&w, RH_ENOMEM, 1);

    assert_true(is_absent(&w));
    assert_string_equal(atomic_load(&w.module.reason[RH_DE]),
                        "nach Fehlern ausgesetzt, zuletzt in 'one do': kaputt (neuer Versuch nach "
                        "10 s, sofort mit reihum plugin resume one)");
    assert_int_equal(rh_guard_take_news(&w.guard, &last), RH_GUARD_NEWS_SUSPENDED);
    assert_string_equal(last.text[RH_EN], "broken");
    assert_int_equal(rh_guard_take_news(&w.guard, &last), 0);
    world_free(&w);
}

static void a_call_that_works_forgives_what_was_before(void **state)
{
    struct world w;
    (void)state;

    world_new(&w);
    call(&w, RH_EFAILED, 4);
    call(&w, 0, 1);
    call(&w, RH_EFAILED, 4);

    assert_false(is_absent(&w));
    assert_int_equal(figures_of(&w.guard).errors, 8);
    world_free(&w);
}

static void bad_input_and_vetoes_neither_count_nor_forgive(void **state)
{
    static const int32_t codes[] = {RH_EUSAGE,     RH_ENOTFOUND,  RH_EINVALID,     RH_ECONFLICT,
                                    RH_EFORBIDDEN, RH_ECANCELLED, RH_ETOOLARGE,    RH_EBUSY,
                                    RH_EFULL,      RH_EDAMAGED,   RH_EPRECONDITION};
    struct world w;
    (void)state;

    world_new(&w);
    call(&w, RH_EFAILED, 4);
    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
        call(&w, codes[i], 2);
    assert_false(is_absent(&w));
    assert_int_equal(figures_of(&w.guard).errors, 4);
    call(&w, RH_EFAILED, 1);

    assert_true(is_absent(&w));
    world_free(&w);
}

static void a_code_that_does_not_exist_is_a_failure(void **state)
{
    struct world w;
    (void)state;

    world_new(&w);
    call(&w, -4711, 5);

    assert_true(is_absent(&w));
    world_free(&w);
}

static void after_the_delay_one_call_decides_and_the_delay_doubles(void **state)
{
    struct world w;
    struct rh_err last;
    (void)state;

    world_new(&w);
    call(&w, RH_EFAILED, 5);
    assert_int_equal(rh_guard_wait_ms(&w.guard), 10000);
    w.now_ms += 9999;
    assert_false(rh_guard_due(&w.guard, false));
    w.now_ms += 1;
    assert_true(rh_guard_due(&w.guard, false));
    assert_false(is_absent(&w));

    call(&w, RH_EINVALID, 1); /* says nothing about the plugin */
    assert_false(is_absent(&w));
    call(&w, RH_EFAILED, 1);
    assert_true(is_absent(&w));
    assert_int_equal(rh_guard_wait_ms(&w.guard), 20000);

    w.now_ms += 20000;
    assert_true(rh_guard_due(&w.guard, false));
    call(&w, 0, 1);
    assert_int_equal(rh_guard_take_news(&w.guard, &last),
                     RH_GUARD_NEWS_SUSPENDED | RH_GUARD_NEWS_RESUMED);
    call(&w, RH_EFAILED, 5);
    assert_int_equal(rh_guard_wait_ms(&w.guard), 10000);
    world_free(&w);
}

static void the_delay_has_a_maximum_and_a_person_can_end_it(void **state)
{
    struct world w;
    (void)state;

    world_new(&w);
    call(&w, RH_EFAILED, 5);
    for (int i = 0; i < 40; i++) {
        assert_true(rh_guard_due(&w.guard, true));
        call(&w, RH_EFAILED, 1);
    }

    assert_int_equal(rh_guard_wait_ms(&w.guard), RH_GUARD_DELAY_MAX_MS);
    assert_non_null(atomic_load(&w.module.reason[RH_EN]));
    world_free(&w);
}

static int32_t call_other(void *context)
{
    struct world *w = context;

    return rh_guard_call(&w->other, "round.published", answer, w, &w->err);
}

static void a_failing_hook_is_blamed_and_not_the_operation_around_it(void **state)
{
    struct world w;
    (void)state;

    world_new(&w);
    w.answer = RH_EFAILED;
    for (int i = 0; i < 5; i++) {
        rh_err_clear(&w.err);
        assert_int_equal(rh_guard_call(&w.guard, "one do", call_other, &w, &w.err), RH_EFAILED);
    }

    assert_false(is_absent(&w));
    assert_true(atomic_load(&w.other_module.absent));
    assert_int_equal(figures_of(&w.guard).errors, 0);
    assert_int_equal(figures_of(&w.other).errors, 5);

    call(&w, RH_EFAILED, 1); /* its own failure afterwards is its own */
    assert_int_equal(figures_of(&w.guard).errors, 1);
    world_free(&w);
}

/* Busy for 25 ms of the machine's clock: the stopwatch is about real time. */
static int32_t take_time(void *context)
{
    struct timespec begin, now;

    (void)context;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    do {
        clock_gettime(CLOCK_MONOTONIC, &now);
    } while ((now.tv_sec - begin.tv_sec) * 1000000000 + now.tv_nsec - begin.tv_nsec < 25000000);
    return 0;
}

static int32_t slow_hook(void *context)
{
    struct world *w = context;

    return rh_guard_call(&w->other, "office.closed", take_time, w, &w->err);
}

static void slow_calls_are_counted_but_not_those_that_compute(void **state)
{
    struct world w;
    (void)state;

    world_new(&w);
    rh_guard_call(&w.guard, "slow plan", take_time, &w, &w.err);
    assert_int_equal(figures_of(&w.guard).slow, 0);
    rh_guard_call(&w.guard, "slow list", take_time, &w, &w.err);

    assert_int_equal(figures_of(&w.guard).slow, 1);
    assert_int_equal(figures_of(&w.guard).calls, 2);
    assert_string_equal(figures_of(&w.guard).slow_what, "slow list");
    assert_true(figures_of(&w.guard).total_us >= 50000);
    assert_true(figures_of(&w.guard).max_us >= 25000);
    world_free(&w);
}

static void the_time_of_a_hook_is_on_its_own_stopwatch(void **state)
{
    struct world w;
    (void)state;

    world_new(&w);
    rh_guard_call(&w.guard, "slow list", slow_hook, &w, &w.err);

    assert_int_equal(figures_of(&w.other).slow, 1);
    assert_true(figures_of(&w.guard).total_us < figures_of(&w.other).total_us);
    world_free(&w);
}

static int32_t answer_code(void *context)
{
    return *(const int32_t *)context;
}

static void *many_calls(void *context)
{
    struct world *w = context;
    int32_t fine = 0, broken = RH_EFAILED;

    for (int i = 0; i < 2000; i++)
        (void)rh_guard_call(&w->guard, "one do", answer_code, i % 3 ? &fine : &broken, NULL);
    return NULL;
}

static void many_threads_count_right(void **state)
{
    pthread_t threads[4];
    struct world w;
    (void)state;

    world_new(&w);
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, many_calls, &w), 0);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);

    assert_int_equal(figures_of(&w.guard).calls, 8000);
    assert_int_equal(figures_of(&w.guard).errors, 4 * 667);
    world_free(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(five_failures_in_a_row_suspend_and_say_why),
        cmocka_unit_test(a_call_that_works_forgives_what_was_before),
        cmocka_unit_test(bad_input_and_vetoes_neither_count_nor_forgive),
        cmocka_unit_test(a_code_that_does_not_exist_is_a_failure),
        cmocka_unit_test(after_the_delay_one_call_decides_and_the_delay_doubles),
        cmocka_unit_test(the_delay_has_a_maximum_and_a_person_can_end_it),
        cmocka_unit_test(a_failing_hook_is_blamed_and_not_the_operation_around_it),
        cmocka_unit_test(slow_calls_are_counted_but_not_those_that_compute),
        cmocka_unit_test(the_time_of_a_hook_is_on_its_own_stopwatch),
        cmocka_unit_test(many_threads_count_right),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
