#include "core/select/program_of.h"

/* A row joins the one before it when both count the same columns and say "at most". */
static bool joins(const struct rh_select_problem *p, int32_t r)
{
    const struct rh_select_row *row = &p->rows[r], *before = r > 0 ? row - 1 : NULL;

    return before && before->columns == row->columns && before->column_count == row->column_count &&
           before->min <= 0 && row->min <= 0 && before->price > 0 && row->price > 0 &&
           row->max >= before->max;
}

static int32_t put_columns(const struct rh_select_model *m, struct rh_program *program)
{
    int32_t rc = 0;

    for (int32_t j = 0; j < m->columns && rc >= 0; j++) {
        uint8_t fixed = rh_select_fixed(m, j);

        rc = rh_program_column(program, m->cost[j], fixed == RH_SELECT_TAKEN,
                               fixed != RH_SELECT_NEVER, true);
    }
    return rc;
}

/*
 * sum x + short - over_1 - over_2 … within min..max_1: over_k costs the prices of all pieces up to
 * k and reaches from max_k to max_(k+1). Dearer pieces fill last by themselves.
 */
static int32_t put_over(struct rh_program *program, const struct rh_select_problem *p,
                        int32_t first, int32_t last)
{
    int64_t price = 0;

    for (int32_t r = first; r < last; r++) {
        int64_t room =
            r + 1 < last ? (int64_t)p->rows[r + 1].max - p->rows[r].max : RH_PROGRAM_OPEN;
        int32_t over = rh_program_column(program, price += p->rows[r].price, 0, room, false);

        if (over < 0)
            return over;
        if ((over = rh_program_entry(program, over, -1)) < 0)
            return over;
    }
    return 0;
}

static int32_t put_short(struct rh_program *program, const struct rh_select_row *row)
{
    int32_t lacks = rh_program_column(program, row->price, 0, RH_PROGRAM_OPEN, false);

    return lacks < 0 ? lacks : rh_program_entry(program, lacks, 1);
}

static int32_t put_row(struct rh_program *program, const struct rh_select_problem *p, int32_t first,
                       int32_t last)
{
    const struct rh_select_row *row = &p->rows[first];
    bool caps = row->max < row->column_count;
    int32_t rc = rh_program_row(program, row->min > 0 ? row->min : -RH_PROGRAM_OPEN,
                                caps ? row->max : RH_PROGRAM_OPEN);

    for (int32_t i = 0; i < row->column_count && rc >= 0; i++)
        rc = rh_program_entry(program, row->columns[i], 1);
    if (rc >= 0 && row->min > 0)
        rc = put_short(program, row);
    if (rc >= 0 && caps && row->price > 0)
        rc = put_over(program, p, first, last);
    return rc;
}

int32_t rh_select_program_of(const struct rh_select_model *model, struct rh_program *program,
                             struct rh_err *err)
{
    const struct rh_select_problem *p = model->problem;
    int32_t rc = put_columns(model, program);

    for (int32_t r = 0, last; r < p->row_count && rc >= 0; r = last) {
        last = r + 1;
        while (last < p->row_count && joins(p, last))
            last++;
        if (p->rows[r].min > 0 || p->rows[r].max < p->rows[r].column_count)
            rc = put_row(program, p, r, last);
    }
    return rc < 0 ? rh_err_set(err, rc, "die Auswahl ist zu groß für den exakten Beweis",
                               "the selection is too large for an exact proof")
                  : 0;
}

/* What a program row lacks or has too much is put on its own columns, cheapest first. */
static void fill_row(const struct rh_program *program, int32_t r, int32_t columns, int64_t *x)
{
    int64_t sum = 0;

    for (int64_t e = program->row_start[r]; e < program->row_start[r + 1]; e++) {
        if (program->entry_column[e] < columns)
            sum += x[program->entry_column[e]];
    }
    for (int64_t e = program->row_start[r]; e < program->row_start[r + 1]; e++) {
        int32_t j = program->entry_column[e];
        int64_t need = 0;

        if (j < columns)
            continue;
        if (program->entry_value[e] > 0 && program->row_low[r] != -RH_PROGRAM_OPEN)
            need = program->row_low[r] - sum;
        if (program->entry_value[e] < 0 && program->row_high[r] != RH_PROGRAM_OPEN)
            need = sum - program->row_high[r];
        x[j] = need < 0 ? 0 : need > program->high[j] ? program->high[j] : need;
        sum += program->entry_value[e] * x[j];
    }
}

void rh_select_program_start(const struct rh_select_model *model, const struct rh_program *program,
                             const uint8_t *taken, int64_t *x)
{
    for (int32_t j = 0; j < model->columns; j++)
        x[j] = taken[j] != 0;
    for (int32_t r = 0; r < program->rows; r++)
        fill_row(program, r, model->columns, x);
}
