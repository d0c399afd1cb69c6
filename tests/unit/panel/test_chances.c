/*
 * Small pools against every set of applicants there is: how many panels are valid, who is in none,
 * and that no lottery over them is fairer than the one found. The latter by duality over the
 * enumerated panels themselves: nothing of the plugin proves it.
 */
#include "plugins/pilot/panel/chances.h"
#include "plugins/pilot/panel/conflict.h"
#include "tests/unit/panel/pools.h"

#include <stdio.h>

enum { POOLS = 3000 };

static struct pool pool;
static uint64_t shown; /* of the pool at hand, for messages */

#define must(holds_)                                                                               \
    do {                                                                                           \
        if (!(holds_))                                                                             \
            fail_msg("pool %llu: %s", (unsigned long long)shown, #holds_);                         \
    } while (0)

static int32_t seats_of(const struct panel_model *model, uint32_t set, int32_t type)
{
    int32_t seats = 0;

    for (int32_t i = 0; i < model->applicant_count; i++)
        seats += (set >> i & 1) && model->type_of[i] == type;
    return seats;
}

static int32_t in_some_panel(const struct panel_model *model, int32_t type)
{
    for (int32_t v = 0; v < pool.valid_count; v++)
        if (seats_of(model, pool.valid[v], type))
            return 1;
    return 0;
}

/* No enumerated panel is worth more than the certificate says. */
static void check_certificate(const struct panel_chances *chances, const struct panel_stage *stage)
{
    mpz_t worth;

    mpz_init(worth);
    for (int32_t v = 0; v < pool.valid_count; v++) {
        mpz_set_ui(worth, 0);
        for (int32_t t = 0; t < chances->model->type_count; t++)
            mpz_addmul_ui(worth, stage->weight[t],
                          (unsigned long)seats_of(chances->model, pool.valid[v], t));
        must(mpz_cmp(worth, stage->worth[0]) <= 0);
    }
    mpz_clear(worth);
}

static void check_pool(int64_t edges_max)
{
    struct panel_memory memory = PANEL_MEMORY;
    struct panel_model *model = panel_model_new(&memory, &pool.problem);
    struct panel_options options = {.edges_max = edges_max};
    struct panel_chances *chances = panel_chances_find(&memory, model, &options);

    must(chances->state == (pool.valid_count ? PANEL_DONE : PANEL_INFEASIBLE));
    must(strcmp(chances->engine, edges_max < 0 ? "search" : "graph") == 0 || !model->type_count ||
         !pool.valid_count);
    if (pool.valid_count) {
        must(chances->exact);
        must(panel_chances_check(&pool.problem, chances) == PANEL_SOUND);
        for (int32_t t = 0; t < model->type_count; t++)
            must((chances->stage_of[t] >= 0) == in_some_panel(model, t));
        for (int32_t s = 0; s < chances->stage_count; s++)
            check_certificate(chances, &chances->stages[s]);
    }
    panel_memory_free(&memory);
}

static void leximin_equals_enumeration_by_graph_and_by_search(void **state)
{
    (void)state;

    for (shown = 1; shown <= POOLS; shown++) {
        make_pool(&pool, shown);
        check_pool(0);
        check_pool(-1);
    }
}

static void panels_are_counted_exactly(void **state)
{
    (void)state;

    for (shown = 1; shown <= POOLS; shown++) {
        struct panel_memory memory = PANEL_MEMORY;
        struct panel_model *model;
        mpz_t *count = panel_integers(&memory, 2);

        make_pool(&pool, shown);
        model = panel_model_new(&memory, &pool.problem);
        panel_graph_count(panel_graph_new(&memory, model, PANEL_EDGES), count[0], count[1]);
        must(mpz_cmp_si(count[1], pool.valid_count) == 0);
        panel_memory_free(&memory);
    }
}

static void the_plain_lottery_is_every_panel_alike(void **state)
{
    (void)state;

    for (shown = 1; shown <= POOLS; shown++) {
        struct panel_memory memory = PANEL_MEMORY;
        struct panel_model *model;
        mpq_t *chance, *wanted = panel_rationals(&memory, 1);

        make_pool(&pool, shown);
        model = panel_model_new(&memory, &pool.problem);
        chance = panel_rationals(&memory, (size_t)model->type_count + 1);
        must(panel_lots(&memory, model, chance) == (pool.valid_count > 0));
        for (int32_t t = 0; t < model->type_count && pool.valid_count; t++) {
            int64_t seats = 0;

            for (int32_t v = 0; v < pool.valid_count; v++)
                seats += seats_of(model, pool.valid[v], t);
            mpq_set_si(wanted[0], seats,
                       (unsigned long)pool.valid_count * (unsigned long)model->size[t]);
            mpq_canonicalize(wanted[0]);
            must(mpq_equal(wanted[0], chance[t]));
        }
        panel_memory_free(&memory);
    }
}

static void maximin_raises_the_smallest_as_leximin_does(void **state)
{
    (void)state;

    for (shown = 1; shown <= POOLS; shown++) {
        struct panel_memory memory = PANEL_MEMORY;
        struct panel_options first = {.goal = PANEL_MAXIMIN}, all = {.goal = PANEL_LEXIMIN};
        struct panel_model *model;
        struct panel_chances *a, *b;

        make_pool(&pool, shown);
        model = panel_model_new(&memory, &pool.problem);
        a = panel_chances_find(&memory, model, &first);
        b = panel_chances_find(&memory, model, &all);
        must(a->state == b->state);
        if (a->state == PANEL_DONE) {
            must(a->exact && panel_chances_check(&pool.problem, a) == PANEL_SOUND);
            must(mpq_equal(a->stages[0].chance[0], b->stages[0].chance[0]));
            for (int32_t t = 0; t < model->type_count; t++)
                must(b->stage_of[t] < 0 || mpq_cmp(a->chance[t], a->stages[0].chance[0]) >= 0);
        }
        panel_memory_free(&memory);
    }
}

static void floating_point_says_that_it_is_not_exact_and_how_far(void **state)
{
    (void)state;

    for (shown = 1; shown <= POOLS; shown++) {
        struct panel_memory memory = PANEL_MEMORY;
        struct panel_options rough = {.only_float = 1}, exact = {0};
        struct panel_model *model;
        struct panel_chances *a, *b;

        make_pool(&pool, shown);
        model = panel_model_new(&memory, &pool.problem);
        a = panel_chances_find(&memory, model, &rough);
        b = panel_chances_find(&memory, model, &exact);
        must(a->state == b->state && !a->exact);
        for (int32_t t = 0; a->state == PANEL_DONE && t < model->type_count; t++) {
            double off = mpq_get_d(a->chance[t]) - mpq_get_d(b->chance[t]);
            must(off < 1e-6 && off > -1e-6);
        }
        panel_memory_free(&memory);
    }
}

/* 5 women and 5 men, places for 4, at least 1 woman and at least 3 men: certificate and chance by
 * hand. */
static void a_certificate_with_another_number_is_refused(void **state)
{
    static const struct panel_row rows[] = {{1, 1, 0}, {3, 4, 0}};
    uint8_t member[20] = {0};
    struct panel_problem problem = {10, 2, 4, rows, member};
    struct panel_memory memory = PANEL_MEMORY;
    struct panel_options options = {0};
    struct panel_chances *chances;
    (void)state;

    for (int32_t i = 0; i < 10; i++)
        member[i * 2 + (i >= 5)] = 1;
    chances = panel_chances_find(&memory, panel_model_new(&memory, &problem), &options);
    assert_int_equal(chances->state, PANEL_DONE);
    assert_int_equal(chances->stage_count, 2);
    assert_int_equal(mpq_cmp_si(chances->stages[0].chance[0], 1, 5), 0);
    assert_int_equal(mpq_cmp_si(chances->stages[1].chance[0], 3, 5), 0);
    assert_int_equal(panel_chances_check(&problem, chances), PANEL_SOUND);

    mpz_add_ui(chances->stages[1].worth[0], chances->stages[1].worth[0], 1);
    assert_int_equal(panel_chances_check(&problem, chances), PANEL_FAULT_CERTIFICATE);
    mpz_sub_ui(chances->stages[1].worth[0], chances->stages[1].worth[0], 1);
    chances->panel[0][0]++;
    assert_int_equal(panel_chances_check(&problem, chances), PANEL_FAULT_PANEL);
    chances->panel[0][0]--;
    mpq_set_si(chances->chance[0], 1, 4);
    assert_int_equal(panel_chances_check(&problem, chances), PANEL_FAULT_CHANCE);
    panel_memory_free(&memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(leximin_equals_enumeration_by_graph_and_by_search),
        cmocka_unit_test(panels_are_counted_exactly),
        cmocka_unit_test(the_plain_lottery_is_every_panel_alike),
        cmocka_unit_test(maximin_raises_the_smallest_as_leximin_does),
        cmocka_unit_test(floating_point_says_that_it_is_not_exact_and_how_far),
        cmocka_unit_test(a_certificate_with_another_number_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
