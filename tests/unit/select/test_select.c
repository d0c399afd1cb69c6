/* Selections: the engine against every answer there is. */
#include "core/select/bound.h"
#include "core/select/program_of.h"
#include "core/select/select.h"
#include "tests/unit/select/random_selection.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { SEEDS = 200 };

static struct rh_select_result run(const struct selection *s, uint8_t *taken,
                                   const struct rh_program_solver *exact)
{
    struct rh_solve_options options = {.size = sizeof(options), .seed = 1, .step_limit = 60000};
    struct rh_select_result result = {.size = sizeof(result), .taken = taken};
    struct rh_err err = {0};

    assert_int_equal(rh_select(&s->problem, &options, NULL, exact, &result, &err), 0);
    return result;
}

static void finds_the_best_answer_of_small_selections(void **state)
{
    int32_t missed = 0;

    (void)state;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        uint8_t taken[SMALL_COLUMNS], best[SMALL_COLUMNS];
        struct selection s;
        struct rh_select_result result;
        int64_t least;

        draw_selection(&s, seed);
        least = best_of_all(&s, best);
        result = run(&s, taken, NULL);

        assert_true(result.value >= least);
        assert_true(result.bound <= least);
        missed += result.value != least;
    }
    /* Search alone proves nothing; it shall hardly ever miss what twelve columns allow. */
    assert_in_range(missed, 0, SEEDS / 50);
}

static void the_same_seed_gives_the_same_answer(void **state)
{
    uint8_t first[SMALL_COLUMNS], again[SMALL_COLUMNS];
    struct selection s;

    (void)state;
    draw_selection(&s, 7);

    (void)run(&s, first, NULL);
    (void)run(&s, again, NULL);

    assert_memory_equal(first, again, sizeof(first));
}

static void an_answer_is_never_worse_than_the_start(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        uint8_t taken[SMALL_COLUMNS], best[SMALL_COLUMNS];
        struct rh_solve_options options = {.size = sizeof(options), .step_limit = 3};
        struct rh_select_result result = {.size = sizeof(result), .taken = taken};
        struct selection s;
        int64_t least;

        draw_selection(&s, seed);
        least = best_of_all(&s, best);
        s.problem.start = best;

        assert_int_equal(rh_select(&s.problem, &options, NULL, NULL, &result, NULL), 0);
        assert_int_equal(result.value, least);
    }
}

static void the_program_costs_what_the_checker_says(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        struct rh_select_model model;
        struct rh_select_part part;
        uint8_t best[SMALL_COLUMNS], fixed[SMALL_COLUMNS], back[SMALL_COLUMNS];
        struct selection s;
        struct rh_dice dice = {seed};
        int64_t least, cost, *x;

        draw_selection(&s, seed);
        least = best_of_all(&s, best);
        memcpy(fixed, s.fixed, sizeof(fixed));
        for (int32_t j = 0; j < SMALL_COLUMNS; j++) { /* some more, as the answer has them */
            if (rh_dice_below(&dice, 3) == 0)
                fixed[j] = best[j] ? RH_SELECT_TAKEN : RH_SELECT_NEVER;
        }
        assert_int_equal(rh_select_model_init(&model, &s.problem, NULL), 0);
        assert_int_equal(rh_select_part_init(&part, &model, fixed, NULL), 0);
        x = calloc((size_t)part.program.columns + 1, sizeof(*x));
        rh_select_part_start(&part, best, x);
        rh_select_part_read(&part, x, back);

        assert_int_equal(rh_program_check(&part.program, x, &cost, NULL), 0);
        assert_int_equal(part.base + cost, least);
        assert_memory_equal(back, best, sizeof(best));
        free(x);
        rh_select_part_fini(&part);
        rh_select_model_fini(&model);
    }
}

/* ---- the bound, and what it decides ---- */

static void no_step_of_the_walk_proves_too_much(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        struct rh_select_model model;
        struct rh_select_walk walk;
        struct rh_select_bound bound;
        uint8_t best[SMALL_COLUMNS];
        struct selection s;
        int64_t least;

        draw_selection(&s, seed);
        make_scarce(&s, seed);
        least = best_of_all(&s, best);
        assert_int_equal(rh_select_model_init(&model, &s.problem, NULL), 0);
        assert_int_equal(rh_select_walk_init(&walk, &model, NULL), 0);
        assert_int_equal(rh_select_bound_init(&bound, &model, NULL), 0);
        for (int32_t n = 0; n < 40; n++) {
            rh_select_walk_steps(&walk, 1 + n);
            rh_select_walk_join(&walk, rh_select_bound_try(&bound, &walk));
            assert_true(bound.best <= least);
        }
        rh_select_bound_fini(&bound);
        rh_select_walk_fini(&walk);
        rh_select_model_fini(&model);
    }
}

/* Whatever is better than `value` has the columns that rh_select_bound_fix() names for it. */
static void what_dues_decide_loses_no_better_answer(void **state)
{
    int32_t decided = 0;

    (void)state;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        struct rh_select_model model;
        struct rh_select_walk walk;
        struct rh_select_bound bound;
        uint8_t best[SMALL_COLUMNS], fixed[SMALL_COLUMNS];
        struct selection s;
        int64_t least;

        draw_selection(&s, seed);
        make_scarce(&s, seed);
        least = best_of_all(&s, best);
        assert_int_equal(rh_select_model_init(&model, &s.problem, NULL), 0);
        assert_int_equal(rh_select_walk_init(&walk, &model, NULL), 0);
        assert_int_equal(rh_select_bound_init(&bound, &model, NULL), 0);
        rh_select_walk_steps(&walk, 400);
        (void)rh_select_bound_try(&bound, &walk);
        for (int64_t above = 1; above <= 20; above += 19) {
            int32_t free_count = rh_select_bound_fix(&bound, least + above * model.grain, fixed);

            decided += SMALL_COLUMNS - free_count;
            for (int32_t j = 0; j < SMALL_COLUMNS; j++)
                assert_true(fixed[j] == RH_SELECT_FREE ||
                            (fixed[j] == RH_SELECT_TAKEN) == (best[j] != 0));
        }
        rh_select_bound_fini(&bound);
        rh_select_walk_fini(&walk);
        rh_select_model_fini(&model);
    }
    assert_true(decided > SEEDS * 4);
}

static void a_step_limit_binds_the_first_round(void **state)
{
    uint8_t taken[SMALL_COLUMNS];
    struct rh_solve_options options = {.size = sizeof(options), .step_limit = 7};
    struct rh_select_result result = {.size = sizeof(result), .taken = taken};
    struct selection s;

    (void)state;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        draw_selection(&s, seed);
        assert_int_equal(rh_select(&s.problem, &options, NULL, NULL, &result, NULL), 0);
        assert_in_range(result.steps, 0, 7);
    }
}

/* ---- an exact engine that is handed the answer, and ones that lie ---- */

struct oracle {
    int64_t lie; /* added to the bound */
    bool spoil;  /* takes everything */
    int32_t code;
};

/* What rows are short or over, cheapest first. */
static void fill_rows(const struct rh_program *program, int64_t *x)
{
    for (int32_t r = 0; r < program->rows; r++) {
        int64_t sum = 0;

        for (int64_t e = program->row_start[r]; e < program->row_start[r + 1]; e++) {
            int32_t j = program->entry_column[e];
            int64_t need;

            if (program->whole[j]) {
                sum += x[j];
                continue;
            }
            need = program->entry_value[e] > 0 ? program->row_low[r] - sum
                                               : sum - program->row_high[r];
            x[j] = need < 0 ? 0 : need > program->high[j] ? program->high[j] : need;
            sum += program->entry_value[e] * x[j];
        }
    }
}

/* Tries every answer of the program: its whole columns are taken or not. */
static int64_t best_of_program(const struct rh_program *program, int64_t *ret_x)
{
    int64_t *x = calloc((size_t)program->columns + 1, sizeof(*x)), best = INT64_MAX, cost;
    int32_t whole = 0;

    while (whole < program->columns && program->whole[whole])
        whole++;
    for (uint32_t bits = 0; bits < 1U << whole; bits++) {
        for (int32_t j = 0; j < whole; j++)
            x[j] = (bits >> j) & 1;
        fill_rows(program, x);
        if (rh_program_check(program, x, &cost, NULL) < 0 || cost >= best)
            continue;
        best = cost;
        memcpy(ret_x, x, (size_t)program->columns * sizeof(*x));
    }
    free(x);
    return best;
}

/* Answers what it is asked. */
static int32_t oracle_run(void *context, const struct rh_program_task *task, rh_program_news *news,
                          void *news_context, struct rh_program_answer *answer)
{
    const struct oracle *oracle = context;

    (void)news(news_context, INT64_MAX, 0);
    answer->bound = best_of_program(task->program, answer->x) + oracle->lie;
    for (int32_t j = 0; j < task->program->columns && oracle->spoil; j++)
        answer->x[j] = 1; /* more than strict rows allow, or than the bound says */
    answer->has_x = oracle->code == RH_EXACT_USED;
    if (oracle->code != RH_EXACT_USED)
        answer->bound = INT64_MIN;
    return oracle->code;
}

static void an_exact_engine_proves(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        uint8_t taken[SMALL_COLUMNS], best[SMALL_COLUMNS];
        struct selection s;
        struct oracle oracle = {.code = RH_EXACT_USED};
        struct rh_program_solver exact = {oracle_run, &oracle};
        struct rh_select_result result;

        draw_selection(&s, seed);
        result = run(&s, taken, &exact);

        assert_int_equal(result.value, best_of_all(&s, best));
        assert_int_equal(result.bound, result.value);
        assert_int_equal(result.proven, 1);
    }
}

static void a_lying_or_failing_engine_proves_nothing_wrong(void **state)
{
    static const struct oracle oracles[] = {{.lie = 1000, .code = RH_EXACT_USED},
                                            {.spoil = true, .code = RH_EXACT_USED},
                                            {.code = RH_EXACT_FAILED},
                                            {.code = RH_EXACT_MISSING},
                                            {.code = RH_EXACT_LATE}};

    (void)state;
    for (size_t k = 0; k < sizeof(oracles) / sizeof(oracles[0]); k++) {
        for (uint64_t seed = 0; seed < SEEDS / 10; seed++) {
            uint8_t taken[SMALL_COLUMNS], best[SMALL_COLUMNS];
            struct selection s;
            struct oracle oracle = oracles[k];
            struct rh_program_solver exact = {oracle_run, &oracle};
            struct rh_select_result result;

            draw_selection(&s, seed);
            result = run(&s, taken, &exact);

            assert_true(result.bound <= best_of_all(&s, best));
            if (result.exact != RH_EXACT_NOT_NEEDED) /* proven before it was asked */
                assert_int_equal(result.exact,
                                 oracle.code == RH_EXACT_USED ? RH_EXACT_FAILED : oracle.code);
        }
    }
}

/* Claims that hardly anything is better than the start it was given. */
static int32_t near_start_run(void *context, const struct rh_program_task *task,
                              rh_program_news *news, void *news_context,
                              struct rh_program_answer *answer)
{
    (void)context;
    (void)news;
    (void)news_context;
    answer->bound = task->start_value - task->grain;
    return RH_EXACT_USED;
}

enum {
    MANY_GROUPS = 60,
    MANY_AGENTS = 12,
    MANY_COLUMNS = MANY_GROUPS * MANY_AGENTS,
    TRIPLES = 1200
};

/* Ascending, each once. */
static void draw_triple(struct rh_dice *dice, int32_t *column)
{
    column[0] = rh_dice_below(dice, MANY_COLUMNS - 2);
    column[1] = column[0] + 1 + rh_dice_below(dice, MANY_COLUMNS - 2 - column[0]);
    column[2] = column[1] + 1 + rh_dice_below(dice, MANY_COLUMNS - 1 - column[1]);
}

/* Too hard for a short search: one of each triple is wanted, which the linear relaxation gives by
 * thirds. It goes on finding better answers after the lie. */
static void a_bound_that_an_answer_refutes_is_dropped(void **state)
{
    static int32_t group[MANY_COLUMNS], agent[MANY_COLUMNS], lists[2][MANY_COLUMNS];
    static int64_t price[MANY_COLUMNS];
    static uint8_t taken[MANY_COLUMNS];
    static int32_t triples[TRIPLES][3];
    struct rh_select_row rows[MANY_GROUPS + MANY_AGENTS + TRIPLES];
    struct rh_select_cost cost = {.price = price};
    struct rh_select_problem problem = {.size = sizeof(problem),
                                        .column_count = MANY_COLUMNS,
                                        .group_count = MANY_GROUPS,
                                        .agent_count = MANY_AGENTS,
                                        .rule_count = 1,
                                        .group = group,
                                        .agent = agent,
                                        .costs = &cost,
                                        .cost_count = 1,
                                        .rows = rows,
                                        .row_count = MANY_GROUPS + MANY_AGENTS + TRIPLES};
    struct rh_program_solver exact = {near_start_run, NULL};
    struct rh_solve_options options = {.size = sizeof(options), .seed = 1};
    struct rh_select_result result = {.size = sizeof(result), .taken = taken};
    struct rh_dice dice = {3};

    (void)state;
    for (int32_t j = 0; j < MANY_COLUMNS; j++) {
        group[j] = j / MANY_AGENTS;
        agent[j] = j % MANY_AGENTS;
        price[j] = rh_dice_below(&dice, 1000);
        lists[0][j] = j;
        lists[1][agent[j] * MANY_GROUPS + group[j]] = j;
    }
    for (int32_t g = 0; g < MANY_GROUPS; g++)
        rows[g] = (struct rh_select_row){.columns = lists[0] + g * MANY_AGENTS,
                                         .column_count = MANY_AGENTS,
                                         .min = 2,
                                         .max = INT32_MAX,
                                         .price = 5000};
    for (int32_t a = 0; a < MANY_AGENTS; a++)
        rows[MANY_GROUPS + a] = (struct rh_select_row){
            .columns = lists[1] + a * MANY_GROUPS, .column_count = MANY_GROUPS, .max = 100};
    for (int32_t t = 0; t < TRIPLES; t++) {
        draw_triple(&dice, triples[t]);
        rows[MANY_GROUPS + MANY_AGENTS + t] = (struct rh_select_row){
            .columns = triples[t], .column_count = 3, .min = 1, .max = INT32_MAX, .price = 900};
    }

    assert_int_equal(rh_select(&problem, &options, NULL, &exact, &result, NULL), 0);
    assert_true(result.bound <= result.value);
    assert_int_equal(result.exact, RH_EXACT_FAILED);
    assert_int_equal(result.proven, 0);
}

/* ---- bad input ---- */

static void refuse(struct selection *s, int32_t code)
{
    uint8_t taken[SMALL_COLUMNS];
    struct rh_select_result result = {.size = sizeof(result), .taken = taken};
    struct rh_err err = {0};

    assert_int_equal(rh_select(&s->problem, NULL, NULL, NULL, &result, &err), code);
    assert_int_equal(err.code, code);
}

static void malformed_selections_are_refused(void **state)
{
    struct selection s;

    (void)state;
    draw_selection(&s, 1);
    s.rows[2].min = s.rows[2].max = 5;
    s.rows[2].price = 0;
    refuse(&s, RH_EINVALID);
    draw_selection(&s, 1);
    s.agent[1] = s.agent[0];
    refuse(&s, RH_EINVALID);
    draw_selection(&s, 1);
    s.price[3] = -1;
    refuse(&s, RH_EINVALID);
    draw_selection(&s, 1);
    s.group[0] = SMALL_GROUPS;
    refuse(&s, RH_EINVALID);
}

static void prices_that_overflow_are_too_large(void **state)
{
    struct selection s;

    (void)state;
    draw_selection(&s, 1);
    for (int32_t r = 0; r < 6; r++) {
        s.rows[r].min = INT32_MAX - 1;
        s.rows[r].max = INT32_MAX;
        s.rows[r].price = RH_SOLVE_PRICE_MAX;
    }
    refuse(&s, RH_ETOOLARGE);
}

/* Two people pinned to a team that may have one of them only. */
static void fixed_columns_that_break_a_strict_row_are_named(void **state)
{
    struct selection s;

    (void)state;
    draw_selection(&s, 1);
    s.fixed[0] = s.fixed[1] = RH_SELECT_TAKEN;
    s.members[0][0] = 0;
    s.members[0][1] = 1;
    s.rows[0] = (struct rh_select_row){.columns = s.members[0], .column_count = 2, .max = 1};

    refuse(&s, RH_EINVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_best_answer_of_small_selections),
        cmocka_unit_test(the_same_seed_gives_the_same_answer),
        cmocka_unit_test(an_answer_is_never_worse_than_the_start),
        cmocka_unit_test(the_program_costs_what_the_checker_says),
        cmocka_unit_test(no_step_of_the_walk_proves_too_much),
        cmocka_unit_test(what_dues_decide_loses_no_better_answer),
        cmocka_unit_test(a_step_limit_binds_the_first_round),
        cmocka_unit_test(an_exact_engine_proves),
        cmocka_unit_test(a_lying_or_failing_engine_proves_nothing_wrong),
        cmocka_unit_test(a_bound_that_an_answer_refutes_is_dropped),
        cmocka_unit_test(prices_that_overflow_are_too_large),
        cmocka_unit_test(malformed_selections_are_refused),
        cmocka_unit_test(fixed_columns_that_break_a_strict_row_are_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
