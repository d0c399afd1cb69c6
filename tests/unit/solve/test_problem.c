/* problem.h: input that contradicts itself is named in words, malformed tables by their place. */
#include "core/solve/problem.h"
#include "tests/unit/solve/random_problem.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const char *const names[] = {"Kreis Lippe", "Stadt Lemgo", "Stadt Hamm", "Stadt Ahaus"};

/* Four offices, three months, everything allowed, no rule yet. */
static struct random_problem *four_offices(void)
{
    static struct random_problem r;

    random_problem(&r, 4, 3, 1);
    memset(r.allowed, 1, sizeof(r.allowed));
    r.problem.count_count = r.problem.apart_count = r.problem.together_count = 0;
    r.problem.item_names = names;
    return &r;
}

static void together(struct random_problem *r, int32_t a, int32_t b)
{
    r->togethers[r->problem.together_count++] = (struct rh_solve_together){a, b};
}

static void apart(struct random_problem *r, int32_t a, int32_t b)
{
    r->aparts[r->problem.apart_count++] =
        (struct rh_solve_apart){.a = a, .b = b, .distance = 1, .level = RH_SOLVE_HARD, .price = 1};
}

static void only(struct random_problem *r, int32_t item, int32_t slot)
{
    for (int32_t t = 0; t < 3; t++)
        r->allowed[item * 3 + t] = t == slot;
}

static void assert_refused(const struct random_problem *r, int32_t code, const char *german)
{
    struct rh_err err = {0};
    int32_t leader[ITEMS_MAX];

    assert_int_equal(rh_solve_problem_check(&r->problem, leader, &err), code);
    assert_non_null(strstr(err.text[RH_DE], german));
    assert_true(strlen(err.text[RH_EN]) > 10);
}

static void chains_are_led_by_their_first_item(void **state)
{
    struct random_problem *r = four_offices();
    int32_t leader[ITEMS_MAX];
    (void)state;

    together(r, 3, 1);
    together(r, 3, 2);

    assert_int_equal(rh_solve_problem_check(&r->problem, leader, NULL), 0);
    assert_int_equal(leader[0], 0);
    assert_int_equal(leader[1], 1);
    assert_int_equal(leader[2], 1);
    assert_int_equal(leader[3], 1);
}

static void an_item_without_a_slot_is_named(void **state)
{
    struct random_problem *r = four_offices();
    (void)state;

    only(r, 1, -1);

    assert_refused(r, RH_EINVALID, "'Stadt Lemgo' hat keinen einzigen erlaubten Platz");
}

static void a_chain_without_a_common_slot_is_named(void **state)
{
    struct random_problem *r = four_offices();
    (void)state;

    only(r, 0, 1);
    only(r, 2, 2);
    together(r, 0, 3);
    together(r, 3, 2);

    assert_refused(r, RH_EINVALID, "'Kreis Lippe', 'Stadt Hamm', 'Stadt Ahaus' sollen zusammen");
}

static void together_and_apart_at_once_are_named(void **state)
{
    struct random_problem *r = four_offices();
    (void)state;

    together(r, 0, 1);
    together(r, 1, 2);
    apart(r, 2, 0);

    assert_refused(r, RH_EINVALID, "'Stadt Hamm' und 'Kreis Lippe' sollen zusammen und zugleich");
}

static void apart_without_room_is_named(void **state)
{
    struct random_problem *r = four_offices();
    (void)state;

    only(r, 0, 1);
    only(r, 3, 1);
    apart(r, 0, 3);

    assert_refused(r, RH_EINVALID, "'Kreis Lippe' und 'Stadt Ahaus' sollen getrennt liegen");
}

static void without_names_items_are_numbered(void **state)
{
    struct random_problem *r = four_offices();
    (void)state;

    r->problem.item_names = NULL;
    only(r, 1, -1);

    assert_refused(r, RH_EINVALID, "'#2'");
}

static void malformed_tables_are_refused(void **state)
{
    int32_t order[] = {2, 1};
    struct random_problem *r = four_offices();
    (void)state;

    together(r, 0, 9);
    assert_refused(r, RH_EINVALID, "togethers[0]");
    r = four_offices();
    apart(r, 1, 1);
    assert_refused(r, RH_EINVALID, "aparts[0].a/b");
    r = four_offices();
    r->problem.count_count = 1;
    r->counts[0] = (struct rh_solve_count){.items = order, .item_count = 2, .price = 1};
    assert_refused(r, RH_EINVALID, "counts[0].items");
    r->counts[0] = (struct rh_solve_count){.min = 3, .max = 2, .price = 1};
    assert_refused(r, RH_EINVALID, "counts[0].min/max");
    r->counts[0] = (struct rh_solve_count){.price = 1, .rule = RULES};
    assert_refused(r, RH_EINVALID, "counts[0].rule");
    r = four_offices();
    r->price[1][5] = -1;
    assert_refused(r, RH_EINVALID, "costs[1]");
    r = four_offices();
    r->problem.slot_count = 1000000;
    assert_refused(r, RH_ETOOLARGE, "zu groß");
}

static void prices_whose_sum_would_overflow_are_refused(void **state)
{
    struct random_problem *r = four_offices();
    (void)state;

    r->problem.count_count = 1;
    r->counts[0] = (struct rh_solve_count){
        .min = INT32_MAX / 8, .max = INT32_MAX, .price = RH_SOLVE_PRICE_MAX};

    assert_refused(r, RH_ETOOLARGE, "Gewichte");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chains_are_led_by_their_first_item),
        cmocka_unit_test(an_item_without_a_slot_is_named),
        cmocka_unit_test(a_chain_without_a_common_slot_is_named),
        cmocka_unit_test(together_and_apart_at_once_are_named),
        cmocka_unit_test(apart_without_room_is_named),
        cmocka_unit_test(without_names_items_are_numbered),
        cmocka_unit_test(malformed_tables_are_refused),
        cmocka_unit_test(prices_whose_sum_would_overflow_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
