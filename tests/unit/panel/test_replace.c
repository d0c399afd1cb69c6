/* A dropout is replaced by the rule of replace.h: against trying every panel of 16,000 small
 * pools. */
#include "plugins/pilot/panel/replace.h"
#include "tests/unit/panel/pools.h"

enum { CASES = 16000 };

/* Numbers of the members of a set by their key, ascending; how many. */
static int32_t keys_of(uint32_t set, const int32_t *key, int32_t n, int32_t *keys)
{
    int32_t count = 0;

    for (int32_t i = 0; i < n; i++)
        if (set >> i & 1) {
            int32_t at = count++;

            for (; at > 0 && keys[at - 1] > key[i]; at--)
                keys[at] = keys[at - 1];
            keys[at] = key[i];
        }
    return count;
}

/* -1 when the first is better: fewer, then earlier keys. */
static int compare_sets(uint32_t a, uint32_t b, const int32_t *key, int32_t n)
{
    int32_t left[APPLICANTS], right[APPLICANTS];
    int32_t count = keys_of(a, key, n, left), other = keys_of(b, key, n, right);

    if (count != other)
        return count < other ? -1 : 1;
    for (int32_t i = 0; i < count; i++)
        if (left[i] != right[i])
            return left[i] < right[i] ? -1 : 1;
    return 0;
}

/* The panel that the rule names, by trying all; 0 when there is none. */
static uint32_t by_brute_force(const struct pool *pool, uint32_t sites, int32_t dropout,
                               const int32_t *position, const int32_t *place)
{
    int32_t n = pool->problem.applicant_count;
    uint32_t best = 0;

    for (int32_t v = 0; v < pool->valid_count; v++) {
        uint32_t set = pool->valid[v];
        int better;

        if (set >> dropout & 1)
            continue;
        better = best ? compare_sets(set & ~sites, best & ~sites, position, n) : -1;
        if (better == 0)
            better = compare_sets(sites & ~set, sites & ~best, place, n);
        if (better < 0)
            best = set;
    }
    return best;
}

static void shuffle(uint64_t *state, int32_t *list, int32_t n)
{
    for (int32_t i = 0; i < n; i++)
        list[i] = i;
    for (int32_t i = n - 1; i > 0; i--) {
        int32_t j = (int32_t)below(state, (uint32_t)i + 1), swap = list[i];

        list[i] = list[j];
        list[j] = swap;
    }
}

static void the_change_is_the_smallest_and_the_first_by_the_list(void **state)
{
    int32_t changed = 0, chains = 0, none = 0;
    (void)state;

    for (uint64_t seed = 1; seed <= CASES; seed++) {
        struct panel_memory memory = PANEL_MEMORY;
        struct pool pool;
        struct panel_change change = {0};
        int32_t position[APPLICANTS], order[APPLICANTS], place[APPLICANTS], dropout, n;
        uint64_t random = seed * 77;
        uint32_t sites, panel, wanted;
        enum panel_found found;

        make_pool(&pool, seed);
        if (pool.valid_count == 0)
            continue;
        n = pool.problem.applicant_count;
        sites = pool.valid[below(&random, (uint32_t)pool.valid_count)];
        shuffle(&random, order, n);
        shuffle(&random, position, n);
        do
            dropout = (int32_t)below(&random, (uint32_t)n);
        while (!(sites >> dropout & 1));
        for (int32_t i = 0; i < n; i++) {
            position[i] = sites >> i & 1 ? 0 : position[i] + 1;
            place[order[i]] = i;
        }

        found = panel_replace(&memory, &pool.problem, pool.rows, position, dropout, order, &change);

        wanted = by_brute_force(&pool, sites, dropout, position, place);
        assert_int_equal(found, wanted ? PANEL_BEST : PANEL_NONE);
        panel = sites & ~(1u << dropout);
        for (int32_t i = 0; i < change.in_count; i++)
            panel |= 1u << change.in[i];
        for (int32_t i = 0; i < change.out_count; i++)
            panel &= ~(1u << change.out[i]);
        if (wanted)
            assert_int_equal(panel, wanted);
        changed += found == PANEL_BEST;
        chains += found == PANEL_BEST && change.out_count > 0;
        none += found == PANEL_NONE;
        panel_memory_free(&memory);
    }
    /* All three ways were met often enough to mean something. */
    assert_true(changed > 300 && chains >= 50 && none > 300);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_change_is_the_smallest_and_the_first_by_the_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
