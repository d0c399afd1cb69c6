/* The one place that calls Clp and Cbc. */
#include "core/exact/cbc.h"

#include "core/base/alloc.h"

#include <coin/Cbc_C_Interface.h>
#include <coin/Clp_C_Interface.h>

#include <float.h>
#include <math.h>
#include <stdio.h>

static double limit(int64_t value)
{
    if (value == RH_PROGRAM_OPEN)
        return DBL_MAX;
    return value == -RH_PROGRAM_OPEN ? -DBL_MAX : (double)value;
}

/* ---- a part of a program, by column ---- */

static int32_t number_columns(struct rh_cbc_part *part, const struct rh_cbc_without *without)
{
    const struct rh_program *program = part->program;
    size_t columns = (size_t)program->columns;

    part->place = rh_alloc(columns, sizeof(*part->place));
    part->value = rh_alloc(columns, sizeof(*part->value));
    if (!part->place || !part->value)
        return RH_ENOMEM;
    for (int32_t j = 0; j < program->columns; j++) {
        bool stands = without->column && without->column[j];

        part->place[j] = stands ? -1 : part->columns++;
        part->value[j] = stands ? without->value[j] : 0;
    }
    return 0;
}

/* Whatever the columns of the part are, the row holds. */
static bool holds_anyway(const struct rh_cbc_part *part, int32_t row)
{
    const struct rh_program *program = part->program;
    double least = 0, most = 0;

    for (int64_t k = program->row_start[row]; k < program->row_start[row + 1]; k++) {
        int32_t j = program->entry_column[k];
        bool stands = part->place[j] < 0;
        double value = program->entry_value[k];
        double low = stands ? (double)part->value[j] : limit(program->low[j]);
        double high = stands ? (double)part->value[j] : limit(program->high[j]);

        least += value * (value > 0 ? low : high);
        most += value * (value > 0 ? high : low);
    }
    return least >= limit(program->row_low[row]) && most <= limit(program->row_high[row]);
}

static int32_t number_rows(struct rh_cbc_part *part, const struct rh_cbc_without *without)
{
    part->row_place = rh_alloc((size_t)part->program->rows, sizeof(*part->row_place));
    if (!part->row_place)
        return RH_ENOMEM;
    for (int32_t i = 0; i < part->program->rows; i++) {
        bool out = (without->row && without->row[i]) || holds_anyway(part, i);

        part->row_place[i] = out ? -1 : part->rows++;
    }
    return 0;
}

static int32_t make_room(struct rh_cbc_part *part)
{
    size_t columns = (size_t)part->columns, rows = (size_t)part->rows;
    size_t entries = 0;

    for (int32_t i = 0; i < part->program->rows; i++) {
        if (part->row_place[i] >= 0)
            entries += (size_t)(part->program->row_start[i + 1] - part->program->row_start[i]);
    }
    part->start = rh_alloc(columns + 1, sizeof(*part->start));
    part->row = rh_alloc(entries, sizeof(*part->row));
    part->entry = rh_alloc(entries, sizeof(*part->entry));
    part->cost = rh_alloc(columns, sizeof(*part->cost));
    part->low = rh_alloc(columns, sizeof(*part->low));
    part->high = rh_alloc(columns, sizeof(*part->high));
    part->row_low = rh_alloc(rows, sizeof(*part->row_low));
    part->row_high = rh_alloc(rows, sizeof(*part->row_high));
    return part->start && part->row && part->entry && part->cost && part->low && part->high &&
                   part->row_low && part->row_high
               ? 0
               : RH_ENOMEM;
}

static void fill_columns(struct rh_cbc_part *part, int64_t grain)
{
    const struct rh_program *program = part->program;

    for (int32_t j = 0; j < program->columns; j++) {
        int32_t at = part->place[j];
        /* In units of grain, so that the solver's tolerances mean the same in every program. */
        double cost = (double)program->cost[j] / (double)grain;

        if (at < 0) {
            part->stands += cost * (double)part->value[j];
            continue;
        }
        part->cost[at] = cost;
        part->low[at] = limit(program->low[j]);
        part->high[at] = limit(program->high[j]);
    }
}

/* What fixed columns put into a row is taken from its limits. */
static void fill_row_limits(struct rh_cbc_part *part)
{
    const struct rh_program *program = part->program;

    for (int32_t i = 0; i < program->rows; i++) {
        int32_t at = part->row_place[i];
        double taken = 0;

        if (at < 0)
            continue;
        for (int64_t k = program->row_start[i]; k < program->row_start[i + 1]; k++)
            taken +=
                (double)program->entry_value[k] * (double)part->value[program->entry_column[k]];
        part->row_low[at] = limit(program->row_low[i]);
        part->row_high[at] = limit(program->row_high[i]);
        if (part->row_low[at] > -DBL_MAX)
            part->row_low[at] -= taken;
        if (part->row_high[at] < DBL_MAX)
            part->row_high[at] -= taken;
    }
}

/* Counts with `next` = NULL, fills with the places to fill. */
static void walk_entries(struct rh_cbc_part *part, int32_t *next)
{
    const struct rh_program *program = part->program;

    for (int32_t i = 0; i < program->rows; i++) {
        if (part->row_place[i] < 0)
            continue;
        for (int64_t k = program->row_start[i]; k < program->row_start[i + 1]; k++) {
            int32_t at = part->place[program->entry_column[k]];

            if (at >= 0 && next) {
                part->row[next[at]] = part->row_place[i];
                part->entry[next[at]++] = program->entry_value[k];
            } else if (at >= 0) {
                part->start[at + 1]++;
            }
        }
    }
}

static int32_t fill_entries(struct rh_cbc_part *part)
{
    int32_t *next = rh_alloc((size_t)part->columns, sizeof(*next));

    if (!next)
        return RH_ENOMEM;
    walk_entries(part, NULL);
    for (int32_t j = 0; j < part->columns; j++) {
        part->start[j + 1] += part->start[j];
        next[j] = part->start[j];
    }
    walk_entries(part, next);
    part->entries = part->start[part->columns];
    rh_free(next);
    return 0;
}

int32_t rh_cbc_part_init(struct rh_cbc_part *part, const struct rh_program *program,
                         const struct rh_cbc_without *without, int64_t grain)
{
    int32_t rc;

    *part = (struct rh_cbc_part){.program = program};
    rc = number_columns(part, without);
    if (rc == 0)
        rc = number_rows(part, without);
    if (rc == 0)
        rc = make_room(part);
    if (rc == 0)
        rc = fill_entries(part);
    if (rc < 0) {
        rh_cbc_part_fini(part);
        return rc;
    }
    fill_columns(part, grain);
    fill_row_limits(part);
    return 0;
}

void rh_cbc_part_fini(struct rh_cbc_part *part)
{
    rh_free(part->place);
    rh_free(part->value);
    rh_free(part->row_place);
    rh_free(part->start);
    rh_free(part->row);
    rh_free(part->entry);
    rh_free(part->cost);
    rh_free(part->low);
    rh_free(part->high);
    rh_free(part->row_low);
    rh_free(part->row_high);
    *part = (struct rh_cbc_part){0};
}

/* ---- the linear program ---- */

struct rh_cbc_linear {
    const struct rh_cbc_part *part;
    Clp_Simplex *model;
    int32_t *added; /* owned: rows of the program behind those of the part */
    int32_t adds;
    bool again; /* the next solve starts where the last one ended */
};

struct rh_cbc_linear *rh_cbc_linear_new(const struct rh_cbc_part *part)
{
    struct rh_cbc_linear *linear = rh_alloc(1, sizeof(*linear));
    int32_t *added = rh_alloc((size_t)part->program->rows, sizeof(*added));

    if (!linear || !added) {
        rh_free(linear);
        rh_free(added);
        return NULL;
    }
    *linear = (struct rh_cbc_linear){.part = part, .model = Clp_newModel(), .added = added};
    Clp_setLogLevel(linear->model, 0);
    Clp_loadProblem(linear->model, part->columns, part->rows, part->start, part->row, part->entry,
                    part->low, part->high, part->cost, part->row_low, part->row_high);
    return linear;
}

void rh_cbc_linear_free(struct rh_cbc_linear *linear)
{
    if (!linear)
        return;
    Clp_deleteModel(linear->model);
    rh_free(linear->added);
    rh_free(linear);
}

static void read_prices(const struct rh_cbc_linear *linear, double *price)
{
    const struct rh_cbc_part *part = linear->part;
    const double *dual = Clp_dualRowSolution(linear->model);

    for (int32_t i = 0; i < part->program->rows; i++)
        price[i] = part->row_place[i] >= 0 ? dual[part->row_place[i]] : 0;
    for (int32_t k = 0; k < linear->adds; k++)
        price[linear->added[k]] = dual[part->rows + k];
}

int32_t rh_cbc_linear_solve(struct rh_cbc_linear *linear, int64_t limit_ms, double *x,
                            double *price)
{
    int status;

    Clp_setMaximumSeconds(linear->model, (double)limit_ms / 1000);
    if (linear->again)
        Clp_dual(linear->model, 0);
    else
        Clp_primal(linear->model, 0); /* planning problems have an answer nearby */
    linear->again = true;
    status = Clp_status(linear->model);
    for (int32_t j = 0; j < linear->part->columns; j++)
        x[j] = Clp_primalColumnSolution(linear->model)[j];
    read_prices(linear, price);
    return status == 0   ? RH_CBC_FOUND
           : status == 1 ? RH_CBC_NOTHING
           : status == 3 ? RH_CBC_STOPPED
                         : RH_CBC_BROKEN;
}

static void add_row(struct rh_cbc_linear *linear, int32_t row, int *columns, double *entries)
{
    const struct rh_program *program = linear->part->program;
    double low = limit(program->row_low[row]), high = limit(program->row_high[row]);
    int start[2] = {0, 0};

    for (int64_t k = program->row_start[row]; k < program->row_start[row + 1]; k++) {
        int32_t j = program->entry_column[k], at = linear->part->place[j];
        double taken = (double)program->entry_value[k] * (double)linear->part->value[j];

        if (at >= 0) {
            columns[start[1]] = at;
            entries[start[1]++] = program->entry_value[k];
        } else {
            low -= low > -DBL_MAX ? taken : 0;
            high -= high < DBL_MAX ? taken : 0;
        }
    }
    Clp_addRows(linear->model, 1, &low, &high, start, columns, entries);
}

int32_t rh_cbc_linear_add(struct rh_cbc_linear *linear, const int32_t *rows, int32_t count)
{
    int *columns = rh_alloc((size_t)linear->part->program->columns, sizeof(*columns));
    double *entries = rh_alloc((size_t)linear->part->program->columns, sizeof(*entries));

    for (int32_t k = 0; k < count && columns && entries; k++) {
        add_row(linear, rows[k], columns, entries);
        linear->added[linear->adds++] = rows[k];
    }
    rh_free(columns);
    rh_free(entries);
    return columns && entries ? 0 : RH_ENOMEM;
}

/* ---- the mixed program ---- */

static void set_number(Cbc_Model *model, const char *name, double value)
{
    char text[40];

    snprintf(text, sizeof(text), "%.9g", value);
    Cbc_setParameter(model, name, text);
}

static void set_options(Cbc_Model *model, const struct rh_cbc_part *part,
                        const struct rh_cbc_ask *ask)
{
    Cbc_setParameter(model, "log", "0");
    Cbc_setParameter(model, "timeMode",
                     "elapsed"); /* else its seconds are those of the processor */
    set_number(model, "seconds", (double)ask->limit_ms / 1000);
    set_number(model, "randomCbcSeed", (double)(ask->seed % 1000000007 + 1));
    /* With its preprocessing (2.10.8) some small programs were called proven that were not. That
     * was measured while cutoffs were wrong (see `stands`), so the blame may lie there; proofs do
     * without it all the same. */
    if (!ask->quick)
        Cbc_setParameter(model, "preprocess", "off");
    Cbc_setParameter(model, "ratioGap", "0");
    Cbc_setParameter(model, "allowableGap", "0");
    if (ask->below != INT64_MAX)
        Cbc_setCutoff(model, (double)ask->below / (double)ask->grain - part->stands - 0.5);
}

static Cbc_Model *load(const struct rh_cbc_part *part, bool all_whole)
{
    Cbc_Model *model = Cbc_newModel();

    Cbc_loadProblem(model, part->columns, part->rows, part->start, part->row, part->entry,
                    part->low, part->high, part->cost, part->row_low, part->row_high);
    for (int32_t j = 0; j < part->program->columns; j++)
        if (part->place[j] >= 0 && (part->program->whole[j] || all_whole))
            Cbc_setInteger(model, part->place[j]);
    return model;
}

/* Columns outside the part stand where they stand. A number too large for 64 bits becomes one that
 * no check lets pass. */
static void take(const struct rh_cbc_part *part, const double *solution, int64_t *x)
{
    for (int32_t j = 0; j < part->program->columns; j++) {
        double value = part->place[j] >= 0 ? solution[part->place[j]] : 0;

        if (part->place[j] < 0)
            x[j] = part->value[j];
        else
            x[j] = fabs(value) < 0x1p62 ? (int64_t)llround(value) : INT64_MIN;
    }
}

int32_t rh_cbc_mixed(const struct rh_cbc_part *part, const struct rh_cbc_ask *ask, int64_t *x,
                     bool *ret_has_x)
{
    Cbc_Model *model = load(part, ask->all_whole);
    const double *solution;
    int32_t end = RH_CBC_BROKEN;

    set_options(model, part, ask);
    Cbc_solve(model);
    solution = Cbc_bestSolution(model);
    *ret_has_x = solution != NULL;
    if (solution)
        take(part, solution, x);
    if (Cbc_status(model) == 0 && Cbc_isProvenOptimal(model) && solution)
        end = RH_CBC_FOUND;
    else if (Cbc_status(model) == 0 && Cbc_isProvenInfeasible(model))
        end = RH_CBC_NOTHING;
    else if (Cbc_isSecondsLimitReached(model) || solution)
        end = RH_CBC_STOPPED;
    Cbc_deleteModel(model);
    return end;
}
