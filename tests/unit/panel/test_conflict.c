/* Contradictions, relaxations and ranges against every set of applicants there is. */
#include "plugins/pilot/panel/conflict.h"
#include "tests/unit/panel/pools.h"

enum { POOLS = 3000 };

static struct pool pool;
static uint64_t shown;

#define must(holds_)                                                                               \
    do {                                                                                           \
        if (!(holds_))                                                                             \
            fail_msg("pool %llu: %s", (unsigned long long)shown, #holds_);                         \
    } while (0)

/* ---- relaxations ---- */

/* What a set needs relaxed, as one number a side; -1 when that is not allowed. */
static int64_t price_of(uint32_t set, int32_t by[ROWS * 2])
{
    int64_t price = 0;

    memset(by, 0, ROWS * 2 * sizeof(*by));
    for (int32_t r = 0; r < pool.problem.row_count; r++) {
        int32_t count = counts(&pool, set, r);

        if (count < pool.rows[r].min)
            by[r * 2] = pool.rows[r].min - count;
        if (count > pool.rows[r].max)
            by[r * 2 + 1] = count - pool.rows[r].max;
        if ((by[r * 2] || by[r * 2 + 1]) && pool.rows[r].price == 0)
            return -1;
        price += (by[r * 2] + by[r * 2 + 1]) * pool.rows[r].price;
    }
    return price;
}

static int32_t knows(const struct panel_relaxations *found, const int32_t *by)
{
    int32_t times = 0;

    for (int32_t i = 0; i < found->count; i++)
        times += memcmp(found->by[i], by, (size_t)pool.problem.row_count * 2 * sizeof(*by)) == 0;
    return times;
}

static int32_t brute(int64_t *ret_price, int32_t list[1 << APPLICANTS][ROWS * 2])
{
    int32_t count = 0;

    *ret_price = INT64_MAX;
    for (uint32_t set = 0; set < 1u << pool.problem.applicant_count; set++) {
        int32_t by[ROWS * 2], seen = 0;
        int64_t price = price_of(set, by);

        if (__builtin_popcount(set) != pool.problem.places || price < 0 || price > *ret_price)
            continue;
        if (price < *ret_price)
            count = 0;
        *ret_price = price;
        for (int32_t i = 0; i < count; i++)
            seen |= memcmp(list[i], by, sizeof(by)) == 0;
        if (!seen)
            memcpy(list[count++], by, sizeof(by));
    }
    return count;
}

static void all_cheapest_relaxations_are_found_and_nothing_else(void **state)
{
    static int32_t list[1 << APPLICANTS][ROWS * 2];
    int32_t several = 0, never = 0;
    (void)state;

    for (shown = 1; shown <= POOLS; shown++) {
        struct panel_memory memory = PANEL_MEMORY;
        struct panel_relaxations found;
        int64_t price;
        int32_t count;

        make_pool(&pool, shown);
        count = brute(&price, list);
        found = panel_relaxations_find(&memory, panel_model_new(&memory, &pool.problem));
        must(found.count == count && found.state == (count > 0) && !found.more);
        must(count == 0 || found.price == price);
        for (int32_t i = 0; i < count; i++)
            must(knows(&found, list[i]) == 1);
        several += count > 1;
        never += count == 0;
        panel_memory_free(&memory);
    }
    assert_true(several > 50 && never > 100); /* the pools do try it */
}

static void more_than_a_thousand_relaxations_are_said_to_be_more(void **state)
{
    /* Twelve groups of one each want their member; half of the places are there: 924 ways for six
     * of twelve, 1716 for six of thirteen. */
    struct panel_row rows[13];
    uint8_t member[13 * 13] = {0};
    struct panel_problem problem = {12, 12, 6, rows, member};
    struct panel_memory memory = PANEL_MEMORY;
    struct panel_relaxations found;
    (void)state;

    for (int32_t i = 0; i < 12; i++)
        member[i * 12 + i] = 1;
    for (int32_t i = 0; i < 13; i++)
        rows[i] = (struct panel_row){1, 1, 1};
    found = panel_relaxations_find(&memory, panel_model_new(&memory, &problem));
    assert_int_equal(found.count, 924);
    assert_int_equal(found.price, 6);
    assert_false(found.more);

    memset(member, 0, sizeof(member));
    for (int32_t i = 0; i < 13; i++)
        member[i * 13 + i] = 1;
    problem = (struct panel_problem){13, 13, 6, rows, member};
    found = panel_relaxations_find(&memory, panel_model_new(&memory, &problem));
    assert_int_equal(found.count, PANEL_RELAXATIONS_MAX);
    assert_int_equal(found.price, 7);
    assert_true(found.more);
    panel_memory_free(&memory);
}

/* ---- conflicts ---- */

/* Is there a set that keeps these sides, `without` left out? */
static int32_t sides_hold(const struct panel_conflict *conflict, int32_t without,
                          const struct panel_model *model, int32_t type)
{
    for (uint32_t set = 0; set < 1u << pool.problem.applicant_count; set++) {
        int32_t holds = type < 0;

        for (int32_t i = 0; i < pool.problem.applicant_count; i++)
            holds |= (set >> i & 1) && model->type_of[i] == type;
        for (int32_t s = 0; s < conflict->count && holds; s++) {
            struct panel_side side = conflict->sides[s];
            int32_t places = side.row == pool.problem.row_count;
            int32_t count = places ? __builtin_popcount(set) : counts(&pool, set, side.row);
            int32_t min = places ? pool.problem.places : pool.rows[side.row].min;
            int32_t max = places ? pool.problem.places : pool.rows[side.row].max;

            if (s != without)
                holds = side.is_max ? count <= max : count >= min;
        }
        if (holds)
            return 1;
    }
    return 0;
}

static void a_conflict_contradicts_itself_and_nothing_of_it_can_be_left_out(void **state)
{
    int32_t found = 0, told = 0;
    (void)state;

    for (shown = 1; shown <= POOLS; shown++) {
        struct panel_memory memory = PANEL_MEMORY;
        struct panel_model *model;
        struct panel_conflict conflict;

        make_pool(&pool, shown);
        model = panel_model_new(&memory, &pool.problem);
        conflict = panel_conflict_find(&memory, model, NULL, 0);
        must((conflict.state == PANEL_CONFLICT) == (pool.valid_count == 0));
        if (conflict.state == PANEL_CONFLICT) {
            must(!sides_hold(&conflict, -1, model, -1));
            for (int32_t s = 0; s < conflict.count; s++)
                must(sides_hold(&conflict, s, model, -1));
            found++;
            told += conflict.shape != PANEL_SHAPE_ANY;
        }
        panel_memory_free(&memory);
    }
    assert_true(found > 500 && told > 500);
}

static void the_quotas_that_keep_a_type_out_are_named(void **state)
{
    int32_t found = 0;
    (void)state;

    for (shown = 1; shown <= POOLS; shown++) {
        struct panel_memory memory = PANEL_MEMORY;
        struct panel_model *model;

        make_pool(&pool, shown);
        model = panel_model_new(&memory, &pool.problem);
        for (int32_t t = 0; t < model->type_count && pool.valid_count; t++) {
            struct panel_demand demand = {t, -1, 0, 0};
            struct panel_conflict conflict = panel_conflict_find(&memory, model, &demand, 0);

            if (conflict.state != PANEL_CONFLICT)
                continue;
            found++;
            must(!sides_hold(&conflict, -1, model, t));
            for (int32_t s = 0; s < conflict.count; s++)
                must(sides_hold(&conflict, s, model, t));
        }
        panel_memory_free(&memory);
    }
    assert_true(found > 200);
}

static void ranges_are_what_valid_panels_have(void **state)
{
    (void)state;

    for (shown = 1; shown <= POOLS; shown++) {
        struct panel_memory memory = PANEL_MEMORY;
        struct panel_range range[ROWS];

        make_pool(&pool, shown);
        must(panel_ranges(&memory, panel_model_new(&memory, &pool.problem), range) ==
             (pool.valid_count > 0));
        for (int32_t r = 0; r < pool.problem.row_count && pool.valid_count; r++) {
            int32_t min = INT32_MAX, max = -1;

            for (int32_t v = 0; v < pool.valid_count; v++) {
                int32_t count = counts(&pool, pool.valid[v], r);
                min = count < min ? count : min;
                max = count > max ? count : max;
            }
            must(range[r].min == min && range[r].max == max);
        }
        panel_memory_free(&memory);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_cheapest_relaxations_are_found_and_nothing_else),
        cmocka_unit_test(more_than_a_thousand_relaxations_are_said_to_be_more),
        cmocka_unit_test(a_conflict_contradicts_itself_and_nothing_of_it_can_be_left_out),
        cmocka_unit_test(the_quotas_that_keep_a_type_out_are_named),
        cmocka_unit_test(ranges_are_what_valid_panels_have),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
