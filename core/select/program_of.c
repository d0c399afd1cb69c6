#include "core/select/program_of.h"

#include "core/base/alloc.h"

/* A row joins the one before it when both count the same columns and say "at most". */
static bool joins(const struct rh_select_problem *p, int32_t r)
{
    const struct rh_select_row *row = &p->rows[r], *before = r > 0 ? row - 1 : NULL;

    return before && before->columns == row->columns && before->column_count == row->column_count &&
           before->min <= 0 && row->min <= 0 && before->price > 0 && row->price > 0 &&
           row->max >= before->max;
}

static int32_t put_columns(struct rh_select_part *part)
{
    const struct rh_select_model *m = part->model;
    int32_t rc = 0;

    for (int32_t j = 0; j < m->columns && rc >= 0; j++) {
        part->place[j] = -1;
        if (part->fixed[j] == RH_SELECT_TAKEN)
            part->base += m->cost[j];
        if (part->fixed[j] != RH_SELECT_FREE)
            continue;
        part->place[j] = part->columns++;
        rc = rh_program_column(&part->program, m->cost[j], 0, 1, true);
    }
    return rc;
}

/*
 * sum x + short - over_1 - over_2 … within min..max_1: over_k costs the prices of all pieces up to
 * k and reaches from max_k to max_(k+1). Dearer pieces fill last by themselves.
 */
static int32_t put_over(struct rh_select_part *part, int32_t first, int32_t last)
{
    const struct rh_select_row *rows = part->model->problem->rows;
    int64_t price = 0;

    for (int32_t r = first; r < last; r++) {
        int64_t room = r + 1 < last ? (int64_t)rows[r + 1].max - rows[r].max : RH_PROGRAM_OPEN;
        int32_t over = rh_program_column(&part->program, price += rows[r].price, 0, room, false);

        if (over < 0)
            return over;
        if ((over = rh_program_entry(&part->program, over, -1)) < 0)
            return over;
    }
    return 0;
}

static int32_t put_short(struct rh_program *program, const struct rh_select_row *row)
{
    int32_t lacks = rh_program_column(program, row->price, 0, RH_PROGRAM_OPEN, false);

    return lacks < 0 ? lacks : rh_program_entry(program, lacks, 1);
}

/* `taken` columns of the row are fixed: they are counted already. */
static int32_t put_row(struct rh_select_part *part, int32_t first, int32_t last, int32_t taken)
{
    const struct rh_select_row *row = &part->model->problem->rows[first];
    bool caps = row->max<row->column_count, needs = row->min> taken;
    int32_t rc = rh_program_row(&part->program, needs ? row->min - taken : -RH_PROGRAM_OPEN,
                                caps ? row->max - taken : RH_PROGRAM_OPEN);

    for (int32_t i = 0; i < row->column_count && rc >= 0; i++) {
        if (part->place[row->columns[i]] >= 0)
            rc = rh_program_entry(&part->program, part->place[row->columns[i]], 1);
    }
    if (rc >= 0 && needs)
        rc = put_short(&part->program, row);
    if (rc >= 0 && caps && row->price > 0)
        rc = put_over(part, first, last);
    return rc;
}

static int64_t cost_of(const struct rh_select_row *row, int32_t count)
{
    if (count < row->min)
        return ((int64_t)row->min - count) * row->price;
    return count > row->max ? ((int64_t)count - row->max) * row->price : 0;
}

/* Rows first … last - 1, over the same columns: into the program, or into `base`. */
static int32_t put_rows(struct rh_select_part *part, int32_t first, int32_t last)
{
    const struct rh_select_row *rows = part->model->problem->rows, *row = &rows[first];
    int32_t taken = 0, loose = 0;

    for (int32_t i = 0; i < row->column_count; i++) {
        taken += part->fixed[row->columns[i]] == RH_SELECT_TAKEN;
        loose += part->fixed[row->columns[i]] == RH_SELECT_FREE;
    }
    if (loose > 0 && (row->min > taken || row->max < taken + loose))
        return put_row(part, first, last, taken);
    for (int32_t r = first; r < last; r++)
        part->base += cost_of(&rows[r], taken);
    return 0;
}

int32_t rh_select_part_init(struct rh_select_part *part, const struct rh_select_model *model,
                            const uint8_t *fixed, struct rh_err *err)
{
    const struct rh_select_problem *p = model->problem;
    int32_t rc;

    *part = (struct rh_select_part){.model = model, .fixed = fixed};
    rh_program_init(&part->program);
    part->place = rh_alloc((size_t)model->columns + 1, sizeof(*part->place));
    rc = part->place ? put_columns(part) : RH_ENOMEM;
    for (int32_t r = 0, last; r < p->row_count && rc >= 0; r = last) {
        last = r + 1;
        while (last < p->row_count && joins(p, last))
            last++;
        rc = put_rows(part, r, last);
    }
    if (rc >= 0)
        return 0;
    rh_select_part_fini(part);
    return rh_err_set(err, rc, "die Auswahl ist zu groß für den exakten Beweis",
                      "the selection is too large for an exact proof");
}

void rh_select_part_fini(struct rh_select_part *part)
{
    rh_program_fini(&part->program);
    part->place = rh_free(part->place);
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

void rh_select_part_start(const struct rh_select_part *part, const uint8_t *taken, int64_t *x)
{
    for (int32_t j = 0; j < part->model->columns; j++) {
        if (part->place[j] >= 0)
            x[part->place[j]] = taken[j] != 0;
    }
    for (int32_t r = 0; r < part->program.rows; r++)
        fill_row(&part->program, r, part->columns, x);
}

void rh_select_part_read(const struct rh_select_part *part, const int64_t *x, uint8_t *ret_taken)
{
    for (int32_t j = 0; j < part->model->columns; j++)
        ret_taken[j] =
            part->place[j] >= 0 ? x[part->place[j]] == 1 : part->fixed[j] == RH_SELECT_TAKEN;
}
