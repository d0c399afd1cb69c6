/* check.h: the checker reads the rules as they were given and finds what was planted. */
#include "core/solve/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { CAPACITY, SHARE, DISTANCE, WISH, RULES };

/* Four items, three slots. Items 0 and 1 belong together. At most two per slot (hard), one or two
 * of items 1, 2, 3 in slots 0 and 1 (balance), 2 and 3 two slots apart (soft), a wish of each for
 * slot 0 (soft). */
static const uint8_t allowed[4 * 3] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0};
static const int64_t wishes[4 * 3] = {0, 5, 5, 0, 5, 5, 0, 5, 5, 0, 5, 5};
static const int32_t each[3] = {0, 1, 2}, some[3] = {1, 2, 3}, early[2] = {0, 1};

static const struct rh_solve_count counts[] = {
    {.slots = each, .slot_count = 1, .max = 2, .rule = CAPACITY, .price = 1},
    {.slots = each + 1, .slot_count = 1, .max = 2, .rule = CAPACITY, .price = 1},
    {.slots = each + 2, .slot_count = 1, .taken = 1, .max = 2, .rule = CAPACITY, .price = 1},
    {.items = some,
     .item_count = 3,
     .slots = early,
     .slot_count = 2,
     .min = 1,
     .max = 2,
     .level = RH_SOLVE_BALANCE,
     .rule = SHARE,
     .price = 3},
};
static const struct rh_solve_apart pairs[] = {
    {.a = 2, .b = 3, .distance = 2, .level = RH_SOLVE_SOFT, .rule = DISTANCE, .price = 7}};
static const struct rh_solve_together both[] = {{0, 1}};
static const struct rh_solve_cost costs[] = {{.price = wishes, .rule = WISH}};

static const struct rh_solve_problem problem = {
    .size = sizeof(problem),
    .item_count = 4,
    .slot_count = 3,
    .rule_count = RULES,
    .allowed = allowed,
    .costs = costs,
    .counts = counts,
    .aparts = pairs,
    .togethers = both,
    .cost_count = 1,
    .count_count = 4,
    .apart_count = 1,
    .together_count = 1,
};

struct expected {
    int32_t slot[4];
    int64_t rule[RULES];
};

static void each_rule_is_charged_by_hand(void **state)
{
    static const struct expected table[] = {
        /* together in 0, the others in 2 and 0 apart; slot 0 holds three */
        {{0, 0, 2, 0}, {1, 0, 0, 5}},
        /* all early items: 1, 2, 3 all in slots 0 and 1; pair in neighbouring slots */
        {{1, 1, 0, 1}, {1, 3, 7, 15}},
        /* pair in the same slot: two slots too near */
        {{1, 1, 0, 0}, {0, 3, 14, 10}},
        /* slot 2 has one place taken already */
        {{2, 2, 2, 0}, {2, 0, 0, 15}},
    };
    (void)state;

    for (size_t n = 0; n < sizeof(table) / sizeof(table[0]); n++) {
        int64_t rule[RULES], count[4];
        struct rh_solve_verdict verdict = {.rule_value = rule, .count_value = count};

        assert_int_equal(rh_solve_check(&problem, table[n].slot, &verdict, NULL), 0);
        assert_memory_equal(rule, table[n].rule, sizeof(rule));
        assert_int_equal(verdict.value[RH_SOLVE_HARD], rule[CAPACITY]);
        assert_int_equal(verdict.value[RH_SOLVE_BALANCE], rule[SHARE]);
        assert_int_equal(verdict.value[RH_SOLVE_SOFT], rule[DISTANCE] + rule[WISH]);
    }
}

static void what_is_counted_is_reported_with_what_is_taken(void **state)
{
    static const int32_t slot[4] = {2, 2, 1, 0};
    int64_t count[4];
    struct rh_solve_verdict verdict = {.count_value = count};
    (void)state;

    assert_int_equal(rh_solve_check(&problem, slot, &verdict, NULL), 0);

    assert_int_equal(count[0], 1);
    assert_int_equal(count[1], 1);
    assert_int_equal(count[2], 3);
    assert_int_equal(count[3], 2);
}

static void planted_faults_are_found(void **state)
{
    static const struct {
        int32_t slot[4];
        const char *sentence;
    } table[] = {
        {{0, 1, 2, 0}, "items 1 and 2 belong together"},
        {{0, 0, 1, 2}, "item 4 is in slot 3, which is closed"},
        {{0, 0, -1, 0}, "item 3 has no slot"},
        {{0, 0, 3, 0}, "item 3 has no slot"},
    };
    (void)state;

    for (size_t n = 0; n < sizeof(table) / sizeof(table[0]); n++) {
        struct rh_solve_verdict verdict = {0};
        struct rh_err err = {0};

        assert_int_equal(rh_solve_check(&problem, table[n].slot, &verdict, &err), RH_EINVALID);
        assert_non_null(strstr(err.text[RH_EN], table[n].sentence));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_rule_is_charged_by_hand),
        cmocka_unit_test(what_is_counted_is_reported_with_what_is_taken),
        cmocka_unit_test(planted_faults_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
