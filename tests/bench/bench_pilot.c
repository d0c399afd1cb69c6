/*
 * bench_pilot - fair chances under quotas: the pilot's pool, the published examples by their
 * counts, and random pools of citizens' assemblies, exact and in floating point. CPU seconds beside
 * wall seconds, because the machine may be busy. Every exact answer is checked by chances_check.c,
 * whose time is told apart.
 */
#include "plugins/pilot/panel/chances.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct pool {
    struct panel_problem problem;
    struct panel_row *rows;
    uint8_t *member;
};

static uint64_t state;

static uint32_t below(uint32_t n)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((state >> 33) % n);
}

static double seconds(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static struct pool new_pool(int32_t applicants, int32_t rows, int32_t places)
{
    struct pool pool = {{applicants, rows, places, NULL, NULL},
                        calloc((size_t)rows, sizeof(struct panel_row)),
                        calloc((size_t)applicants * (size_t)rows, 1)};

    if (!pool.rows || !pool.member)
        abort();
    pool.problem.rows = pool.rows;
    pool.problem.member = pool.member;
    return pool;
}

static void join(struct pool *pool, int32_t applicant, int32_t row)
{
    pool->member[(size_t)applicant * (size_t)pool->problem.row_count + (size_t)row] = 1;
}

/* 41 offices for 18 places: two regions with a cap of 9, two kinds, three classes of each, with
 * minima by cell: as selection.md's synthetic pool. */
static struct pool pilot_pool(uint64_t seed)
{
    struct pool pool = new_pool(41, 2 + 12, 18);

    state = seed;
    pool.rows[0] = pool.rows[1] = (struct panel_row){0, 9, 0};
    for (int32_t i = 0; i < 41; i++) {
        int32_t region = i % 2, cell = (int32_t)below(100);

        cell = cell < 8 ? 0 : cell < 45 ? 1 : cell < 80 ? 2 : cell < 90 ? 3 : cell < 97 ? 4 : 5;
        join(&pool, i, region);
        join(&pool, i, 2 + region * 6 + cell);
    }
    for (int32_t r = 2; r < 14; r++) {
        int32_t members = 0;

        for (int32_t i = 0; i < 41; i++)
            members += pool.member[i * 14 + r];
        pool.rows[r] = (struct panel_row){members ? 1 : 0, 4, 1};
    }
    return pool;
}

/* The published examples: 1 and n/2 - 1 women, n/2 men; quotas on women and men. */
static struct pool published(int32_t n, int32_t places, int32_t min)
{
    struct pool pool = new_pool(n, 4, places);

    for (int32_t i = 0; i < n; i++) {
        join(&pool, i, i < n / 2 ? 0 : 1);
        join(&pool, i, i == 0 || i >= n / 2 ? 2 : 3);
    }
    pool.rows[0] = pool.rows[1] = (struct panel_row){min, places, 1};
    pool.rows[2] = pool.rows[3] = (struct panel_row){0, places, 1};
    return pool;
}

/*
 * A citizens' assembly: categories with two to four values, a pool that volunteers unevenly, quotas
 * one below to one above an even share. `profiles` = 0: everybody on their own; else people are
 * copies of so many different ones.
 */
static struct pool assembly(int32_t n, int32_t places, int32_t profiles, uint64_t seed)
{
    static const int32_t values[] = {2, 3, 4, 3, 4, 2};
    int32_t first[6], rows = 0, kinds = profiles ? profiles : n;
    int32_t *profile = calloc((size_t)kinds * 6, sizeof(int32_t));
    struct pool pool;

    if (!profile)
        abort();
    state = seed * 77777 + 5;
    for (int32_t c = 0; c < 6; c++) {
        first[c] = rows;
        rows += values[c];
    }
    pool = new_pool(n, rows, places);
    for (int32_t i = 0; i < 10; i++)
        (void)below(2);
    for (int32_t k = 0; k < kinds * 6; k++) {
        int32_t count = values[k % 6], value = (int32_t)below((uint32_t)count);
        int32_t other = (int32_t)below((uint32_t)count);

        profile[k] = other < value && below(100) < 60 ? other : value;
    }
    for (int32_t i = 0; i < n; i++) {
        int32_t of = i < kinds ? i : (int32_t)below((uint32_t)kinds);

        for (int32_t c = 0; c < 6; c++)
            join(&pool, i, first[c] + profile[of * 6 + c]);
    }
    for (int32_t c = 0; c < 6; c++)
        for (int32_t v = 0; v < values[c]; v++) {
            int32_t share = places / values[c];

            pool.rows[first[c] + v] = (struct panel_row){share > 0 ? share - 1 : 0,
                                                         share + (places % values[c] ? 2 : 1), 1};
        }
    free(profile);
    return pool;
}

static void measure(const char *name, struct pool pool, int32_t only_float)
{
    struct panel_memory memory = PANEL_MEMORY;
    struct panel_options options = {.only_float = only_float};
    double wall = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID), check;
    struct panel_model *model = panel_model_new(&memory, &pool.problem);
    struct panel_chances *chances = panel_chances_find(&memory, model, &options);
    enum panel_fault fault = PANEL_FAULT_UNPROVEN;
    char smallest[64] = "-";

    wall = seconds(CLOCK_MONOTONIC) - wall;
    cpu = seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    check = seconds(CLOCK_PROCESS_CPUTIME_ID);
    if (chances->state == PANEL_DONE)
        fault = panel_chances_check(&pool.problem, chances);
    check = seconds(CLOCK_PROCESS_CPUTIME_ID) - check;
    if (chances->stage_count && chances->exact)
        gmp_snprintf(smallest, sizeof(smallest), "%Qd", chances->stages[0].chance[0]);
    else if (chances->stage_count)
        snprintf(smallest, sizeof(smallest), "%.6f", chances->stages[0].about);
    printf("%-22s %5d %4d %5d %6d %-6s %-5s %9s %8.1f %8.1f %8.1f  %s\n", name,
           (int)pool.problem.applicant_count, (int)pool.problem.places, (int)model->type_count,
           (int)chances->stage_count, chances->engine, chances->exact ? "exact" : "float", smallest,
           wall * 1e3, cpu * 1e3, check * 1e3,
           chances->state != PANEL_DONE ? "no panel"
           : fault == PANEL_SOUND       ? "sound"
                                        : "FAULT");
    panel_memory_free(&memory);
    free(pool.rows);
    free(pool.member);
}

int main(void)
{
    char name[32];

    printf("%-22s %5s %4s %5s %6s %-6s %-5s %9s %8s %8s %8s\n", "pool", "n", "k", "types", "stages",
           "by", "kind", "smallest", "wall ms", "cpu ms", "check ms");
    for (uint64_t s = 1; s <= 5; s++) {
        snprintf(name, sizeof(name), "pilot 41->18 #%d", (int)s);
        measure(name, pilot_pool(s), 0);
    }
    measure("example_small", published(200, 20, 9), 0);
    measure("example_large", published(2000, 200, 99), 0);
    for (uint64_t s = 1; s <= 5; s++) {
        snprintf(name, sizeof(name), "64 profiles #%d", (int)s);
        measure(name, assembly(100, 30, 64, s), 0);
    }
    /* 25 and 26: a search by prices of floating point alone did not end on them. */
    for (uint64_t s = 1; s <= 26; s += s == 10 ? 15 : 1) {
        snprintf(name, sizeof(name), "assembly 150->22 #%d", (int)s);
        measure(name, assembly(150, 22, 0, s), 0);
        snprintf(name, sizeof(name), "  the same, float");
        measure(name, assembly(150, 22, 0, s), 1);
    }
    measure("assembly 300->30 #3", assembly(300, 30, 0, 3), 0);
    return 0;
}
