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

static int32_t number_columns(struct rh_cbc_part *part, const uint8_t *fixed, const int64_t *value)
{
    const struct rh_program *program = part->program;
    size_t columns = (size_t)program->columns;

    part->place = rh_alloc(columns, sizeof(*part->place));
    part->value = rh_alloc(columns, sizeof(*part->value));
    if (!part->place || !part->value)
        return RH_ENOMEM;
    for (int32_t j = 0; j < program->columns; j++) {
        bool stands = fixed && fixed[j];

        part->place[j] = stands ? -1 : part->columns++;
        part->value[j] = stands ? value[j] : 0;
    }
    return 0;
}

static int32_t make_room(struct rh_cbc_part *part)
{
    size_t columns = (size_t)part->columns, rows = (size_t)part->program->rows;
    size_t entries = (size_t)part->program->entries;

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

        if (at < 0)
            continue;
        /* In units of grain, so that the solver's tolerances mean the same in every program. */
        part->cost[at] = (double)program->cost[j] / (double)grain;
        part->low[at] = limit(program->low[j]);
        part->high[at] = limit(program->high[j]);
    }
}

/* What fixed columns put into a row is taken from its limits. */
static void fill_row_limits(struct rh_cbc_part *part)
{
    const struct rh_program *program = part->program;

    for (int32_t i = 0; i < program->rows; i++) {
        double taken = 0;

        for (int64_t k = program->row_start[i]; k < program->row_start[i + 1]; k++)
            taken +=
                (double)program->entry_value[k] * (double)part->value[program->entry_column[k]];
        part->row_low[i] = limit(program->row_low[i]);
        part->row_high[i] = limit(program->row_high[i]);
        if (part->row_low[i] > -DBL_MAX)
            part->row_low[i] -= taken;
        if (part->row_high[i] < DBL_MAX)
            part->row_high[i] -= taken;
    }
}

static int32_t fill_entries(struct rh_cbc_part *part)
{
    const struct rh_program *program = part->program;
    int32_t *next = rh_alloc((size_t)part->columns, sizeof(*next));

    if (!next)
        return RH_ENOMEM;
    for (int64_t k = 0; k < program->entries; k++)
        if (part->place[program->entry_column[k]] >= 0)
            part->start[part->place[program->entry_column[k]] + 1]++;
    for (int32_t j = 0; j < part->columns; j++) {
        part->start[j + 1] += part->start[j];
        next[j] = part->start[j];
    }
    for (int32_t i = 0; i < program->rows; i++)
        for (int64_t k = program->row_start[i]; k < program->row_start[i + 1]; k++) {
            int32_t at = part->place[program->entry_column[k]];

            if (at < 0)
                continue;
            part->row[next[at]] = i;
            part->entry[next[at]++] = program->entry_value[k];
        }
    part->entries = part->start[part->columns];
    rh_free(next);
    return 0;
}

int32_t rh_cbc_part_init(struct rh_cbc_part *part, const struct rh_program *program,
                         const uint8_t *fixed, const int64_t *value, int64_t grain)
{
    int32_t rc;

    *part = (struct rh_cbc_part){.program = program};
    rc = number_columns(part, fixed, value);
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

int32_t rh_cbc_linear(const struct rh_cbc_part *part, int64_t limit_ms, double *x, double *price)
{
    Clp_Simplex *model = Clp_newModel();
    int32_t end;
    int status;

    Clp_setLogLevel(model, 0);
    Clp_loadProblem(model, part->columns, part->program->rows, part->start, part->row, part->entry,
                    part->low, part->high, part->cost, part->row_low, part->row_high);
    Clp_setMaximumSeconds(model, (double)limit_ms / 1000);
    Clp_initialDualSolve(model);
    status = Clp_status(model);
    end = status == 0   ? RH_CBC_FOUND
          : status == 1 ? RH_CBC_NOTHING
          : status == 3 ? RH_CBC_STOPPED
                        : RH_CBC_BROKEN;
    for (int32_t j = 0; j < part->columns; j++)
        x[j] = Clp_primalColumnSolution(model)[j];
    for (int32_t i = 0; i < part->program->rows; i++)
        price[i] = Clp_dualRowSolution(model)[i];
    Clp_deleteModel(model);
    return end;
}

/* ---- the mixed program ---- */

static void set_number(Cbc_Model *model, const char *name, double value)
{
    char text[40];

    snprintf(text, sizeof(text), "%.9g", value);
    Cbc_setParameter(model, name, text);
}

static void set_options(Cbc_Model *model, const struct rh_cbc_ask *ask)
{
    Cbc_setParameter(model, "log", "0");
    Cbc_setParameter(model, "timeMode",
                     "elapsed"); /* else its seconds are those of the processor */
    set_number(model, "seconds", (double)ask->limit_ms / 1000);
    set_number(model, "randomCbcSeed", (double)(ask->seed % 1000000007 + 1));
    /* Its preprocessing (2.10.8) loses answers: with it, one in some hundred small programs of the
     * tests is called proven that is not. Our kernels take most of its work away. */
    Cbc_setParameter(model, "preprocess", "off");
    Cbc_setParameter(model, "ratioGap", "0");
    Cbc_setParameter(model, "allowableGap", "0");
    if (ask->start_value != INT64_MAX)
        Cbc_setCutoff(model, (double)ask->start_value / (double)ask->grain - 0.5);
}

static Cbc_Model *load(const struct rh_cbc_part *part, bool all_whole)
{
    Cbc_Model *model = Cbc_newModel();

    Cbc_loadProblem(model, part->columns, part->program->rows, part->start, part->row, part->entry,
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

    set_options(model, ask);
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
