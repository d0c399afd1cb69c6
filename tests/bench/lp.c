#include "tests/bench/instance.h"

#include <inttypes.h>
#include <stdio.h>

/* A line of an LP file may not be endless. */
struct writer {
    FILE *file;
    int column;
};

static void term(struct writer *w, const char *sign, int64_t factor, char letter, int32_t a,
                 int32_t b)
{
    if (++w->column % 8 == 0)
        (void)fputc('\n', w->file);
    if (b >= 0)
        (void)fprintf(w->file, " %s %" PRId64 " %c%d_%d", sign, factor, letter, a, b);
    else
        (void)fprintf(w->file, " %s %" PRId64 " %c%d", sign, factor, letter, a);
}

static int may(const struct rh_solve_problem *p, int32_t i, int32_t t)
{
    return p->allowed[(size_t)i * (size_t)p->slot_count + (size_t)t];
}

static int64_t level_weight(int32_t level, int64_t balance_weight)
{
    return level == RH_SOLVE_SOFT ? 1 : level == RH_SOLVE_BALANCE ? balance_weight : 0;
}

static void write_objective(struct writer *w, const struct rh_solve_problem *p,
                            int64_t balance_weight)
{
    (void)fputs("Minimize\n cost: 0 x0", w->file);
    for (int32_t i = 0; i < p->item_count; i++) {
        for (int32_t t = 0; t < p->slot_count; t++) {
            int64_t cost = 0;

            for (int32_t k = 0; k < p->cost_count; k++)
                cost += p->costs[k].price[(size_t)i * (size_t)p->slot_count + (size_t)t];
            if (may(p, i, t) && cost > 0)
                term(w, "+", cost, 'x', i, t);
        }
    }
    for (int32_t k = 0; k < p->count_count; k++) {
        int64_t weight = level_weight(p->counts[k].level, balance_weight) * p->counts[k].price;

        if (weight > 0) {
            term(w, "+", weight, 'u', k, -1);
            term(w, "+", weight, 'o', k, -1);
        }
    }
    for (int32_t k = 0; k < p->apart_count; k++) {
        int64_t weight = level_weight(p->aparts[k].level, balance_weight) * p->aparts[k].price;

        for (int32_t t = 1 - p->aparts[k].distance; weight > 0 && t < p->slot_count; t++)
            term(w, "+", weight, 'v', k, t + p->slot_count);
    }
    (void)fputs("\nSubject To\n", w->file);
}

static void write_items(struct writer *w, const struct rh_solve_problem *p)
{
    for (int32_t i = 0; i < p->item_count; i++) {
        for (int32_t t = 0; t < p->slot_count; t++) {
            if (may(p, i, t))
                term(w, "+", 1, 'x', i, t);
        }
        (void)fputs(" = 1\n", w->file);
    }
    for (int32_t k = 0; k < p->together_count; k++) {
        for (int32_t t = 0; t < p->slot_count; t++) {
            int32_t a = p->togethers[k].a, b = p->togethers[k].b;

            if (may(p, a, t))
                term(w, "+", 1, 'x', a, t);
            if (may(p, b, t))
                term(w, "-", 1, 'x', b, t);
            if (may(p, a, t) || may(p, b, t))
                (void)fputs(" = 0\n", w->file);
        }
    }
}

static void write_count(struct writer *w, const struct rh_solve_problem *p, int32_t k, int elastic)
{
    const struct rh_solve_count *row = &p->counts[k];

    for (int side = 0; side < 2; side++) {
        if (side == 0 ? row->min <= row->taken : row->max == INT32_MAX)
            continue;
        (void)fputs(" 0 x0", w->file);
        for (int32_t j = 0; j < (row->items ? row->item_count : p->item_count); j++) {
            for (int32_t q = 0; q < (row->slots ? row->slot_count : p->slot_count); q++) {
                int32_t i = row->items ? row->items[j] : j, t = row->slots ? row->slots[q] : q;

                if (may(p, i, t))
                    term(w, "+", 1, 'x', i, t);
            }
        }
        if (elastic)
            term(w, side == 0 ? "+" : "-", 1, side == 0 ? 'u' : 'o', k, -1);
        (void)fprintf(w->file, side == 0 ? " >= %d\n" : " <= %d\n",
                      (side == 0 ? row->min : row->max) - row->taken);
    }
}

/* Each stretch of `distance` slots holds at most one of the two: a pair that is nearer by n slots
 * breaks exactly n stretches. */
static void write_pair(struct writer *w, const struct rh_solve_problem *p, int32_t k, int elastic)
{
    const struct rh_solve_apart *pair = &p->aparts[k];

    for (int32_t t = 1 - pair->distance; t < p->slot_count; t++) {
        (void)fputs(" 0 x0", w->file);
        for (int32_t u = t; u < t + pair->distance; u++) {
            if (u >= 0 && u < p->slot_count && may(p, pair->a, u))
                term(w, "+", 1, 'x', pair->a, u);
            if (u >= 0 && u < p->slot_count && may(p, pair->b, u))
                term(w, "+", 1, 'x', pair->b, u);
        }
        if (elastic)
            term(w, "-", 1, 'v', k, t + p->slot_count);
        (void)fputs(" <= 1\n", w->file);
    }
}

int32_t bench_write_lp(const struct rh_solve_problem *problem, int64_t balance_weight,
                       const char *path, struct rh_err *err)
{
    struct writer w = {.file = fopen(path, "w")};

    if (!w.file)
        return rh_err_set(err, RH_EFAILED, "'%s' lässt sich nicht schreiben", "cannot write '%s'",
                          path);
    write_objective(&w, problem, balance_weight);
    write_items(&w, problem);
    for (int32_t k = 0; k < problem->count_count; k++)
        write_count(&w, problem, k, level_weight(problem->counts[k].level, balance_weight) > 0);
    for (int32_t k = 0; k < problem->apart_count; k++)
        write_pair(&w, problem, k, level_weight(problem->aparts[k].level, balance_weight) > 0);
    (void)fputs("Bounds\n x0 = 0\nBinaries\n", w.file);
    for (int32_t i = 0; i < problem->item_count; i++) {
        for (int32_t t = 0; t < problem->slot_count; t++) {
            if (may(problem, i, t))
                (void)fprintf(w.file, " x%d_%d%s", i, t, t % 16 == 0 ? "\n" : "");
        }
    }
    (void)fputs("\nEnd\n", w.file);
    if (ferror(w.file) | fclose(w.file))
        return rh_err_set(err, RH_EFAILED, "'%s' lässt sich nicht schreiben", "cannot write '%s'",
                          path);
    return 0;
}
