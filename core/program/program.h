/*
 * program.h - a mixed integer program as data: what the exact engine is asked, and what it answers.
 *
 * minimise sum cost[j] * x[j], subject to lower[i] <= sum value[i,j] * x[j] <= upper[i] and the
 * limits of each x. All numbers are integers, so an answer can be checked exactly. A builder grows
 * it; nothing here knows offices, months or moderators. Caller-owned memory; no thread, no clock.
 * To start reading: the planners' programs are made in core/solve/program_of.c and
 * core/select/program_of.c; reihum-solve (core/exact) answers them.
 */
#ifndef CORE_PROGRAM_PROGRAM_H
#define CORE_PROGRAM_PROGRAM_H

#include "core/base/error.h"

#include <stdbool.h>
#include <stdint.h>

#define RH_PROGRAM_OPEN INT64_MAX /* no upper limit; -RH_PROGRAM_OPEN: no lower limit */

enum {
    RH_PROGRAM_COLUMNS_MAX = 4000000,
    RH_PROGRAM_ROWS_MAX = 4000000,
    RH_PROGRAM_ENTRIES_MAX = 40000000
};

#define RH_PROGRAM_VALUE_MAX (INT64_C(1) << 40) /* of costs and of limits that are not open */

struct rh_program {
    int32_t columns, rows;
    int64_t entries;
    int64_t *cost, *low, *high;  /* owned, per column; values within +-2^40, limits too or open */
    uint8_t *whole;              /* owned, per column: 1 = integer */
    int64_t *row_low, *row_high; /* owned, per row */
    int64_t *row_start;          /* owned, rows + 1 */
    int32_t *entry_column;       /* owned, by row */
    int32_t *entry_value;        /* owned */
    /* --- room --- */
    int32_t column_room, row_room;
    int64_t entry_room;
};

void rh_program_init(struct rh_program *program);
void rh_program_fini(struct rh_program *program);

/* The column's number, or RH_ENOMEM, RH_ETOOLARGE (too many, or a value beyond 2^40), RH_EINVALID
 * (low above high). The same holds for rows. */
int32_t rh_program_column(struct rh_program *program, int64_t cost, int64_t low, int64_t high,
                          bool whole);
/* Opens a row; rh_program_entry() adds to the row opened last. A column stands in a row once; an
 * entry of 0 is passed over. */
int32_t rh_program_row(struct rh_program *program, int64_t low, int64_t high);
int32_t rh_program_entry(struct rh_program *program, int32_t column, int32_t value);

/* Does x keep every row, limit and integrality? `ret_value` gets its cost. RH_EINVALID names the
 * first thing broken. */
int32_t rh_program_check(const struct rh_program *program, const int64_t *x, int64_t *ret_value,
                         struct rh_err *err);

/* ---- what is asked and answered ---- */

struct rh_program_task {
    const struct rh_program *program; /* borrowed */
    const int64_t *start;             /* borrowed or NULL: a known answer, per column */
    int64_t start_value;              /* its cost; INT64_MAX when there is none */
    int64_t grain; /* > 0: every answer's cost is a multiple of it, so bounds may be rounded up */
    int64_t time_limit_ms; /* > 0 */
    uint64_t seed;
    /* Only what is quick: the linear program's bound, and the best answer when little is left open
     * by it. */
    bool brief;
};

struct rh_program_answer {
    int64_t *x;      /* caller's array of columns; valid when has_x */
    bool has_x;      /* an answer at least as good as the start; the caller checks it anew */
    bool proven;     /* bound equals the cost of the best known answer */
    bool infeasible; /* proven: no answer at all (only without a start) */
    int64_t bound;   /* no answer costs less; INT64_MIN = unknown */
};

/* News while it works: best (INT64_MAX unknown) and bound (INT64_MIN unknown). Other than 0 ends
 * it. */
typedef int32_t rh_program_news(void *context, int64_t best, int64_t bound);

/*
 * Somebody who answers programs. core/solve and core/select take one from their caller, so they
 * stay pure; core/operation hands in the one that starts reihum-solve. Returns RH_EXACT_USED,
 * RH_EXACT_MISSING, RH_EXACT_FAILED or RH_EXACT_LATE (reihum/solve.h); with FAILED and LATE the
 * answer may still hold a bound or x that arrived before (has_x, bound).
 */
struct rh_program_solver {
    int32_t (*run)(void *context, const struct rh_program_task *task, rh_program_news *news,
                   void *news_context, struct rh_program_answer *answer);
    void *context;
};

#endif
