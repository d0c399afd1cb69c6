#include "core/exact/rows.h"

#include "core/base/alloc.h"

/* Fewer such rows cost less than the rounds of looking for broken ones. */
enum { WORTH_IT = 1000 };

/* "At most one of these whole columns, or something else pays." Nothing taken never breaks it. */
static bool may_wait(const struct rh_program *program, int32_t row)
{
    if (program->row_low[row] != -RH_PROGRAM_OPEN || program->row_high[row] != 1)
        return false;
    for (int64_t k = program->row_start[row]; k < program->row_start[row + 1]; k++) {
        int32_t j = program->entry_column[k];

        if (program->low[j] != 0 || (program->entry_value[k] > 0 && !program->whole[j]))
            return false;
    }
    return true;
}

int32_t rh_exact_rows_init(struct rh_exact_rows *rows, const struct rh_program *program)
{
    *rows = (struct rh_exact_rows){.program = program};
    rows->out = rh_alloc((size_t)program->rows, sizeof(*rows->out));
    rows->list = rh_alloc((size_t)program->rows, sizeof(*rows->list));
    if (!rows->out || !rows->list) {
        rh_exact_rows_fini(rows);
        return RH_ENOMEM;
    }
    for (int32_t i = 0; i < program->rows; i++)
        rows->waiting += may_wait(program, i);
    for (int32_t i = 0; i < program->rows && rows->waiting >= WORTH_IT; i++)
        rows->out[i] = may_wait(program, i);
    if (rows->waiting < WORTH_IT)
        rows->waiting = 0;
    return 0;
}

void rh_exact_rows_fini(struct rh_exact_rows *rows)
{
    rows->out = rh_free(rows->out);
    rows->list = rh_free(rows->list);
}

static int32_t let_in(struct rh_exact_rows *rows, int32_t row, int32_t count)
{
    rows->list[count] = row;
    rows->out[row] = 0;
    rows->waiting--;
    return count + 1;
}

int32_t rh_exact_rows_wake(struct rh_exact_rows *rows, const double *x)
{
    const struct rh_program *program = rows->program;
    int32_t count = 0;

    for (int32_t i = 0; i < program->rows && rows->waiting > 0; i++) {
        double sum = 0;

        if (!rows->out[i])
            continue;
        for (int64_t k = program->row_start[i]; k < program->row_start[i + 1]; k++)
            sum += program->entry_value[k] * x[program->entry_column[k]];
        if (sum > (double)program->row_high[i] + 1e-6)
            count = let_in(rows, i, count);
    }
    return count;
}

int32_t rh_exact_rows_wake_whole(struct rh_exact_rows *rows, const int64_t *x)
{
    const struct rh_program *program = rows->program;
    int32_t count = 0;

    for (int32_t i = 0; i < program->rows && rows->waiting > 0; i++) {
        double sum = 0;

        if (!rows->out[i])
            continue;
        for (int64_t k = program->row_start[i]; k < program->row_start[i + 1]; k++)
            sum += (double)program->entry_value[k] * (double)x[program->entry_column[k]];
        if (sum > (double)program->row_high[i])
            count = let_in(rows, i, count);
    }
    return count;
}

int32_t rh_exact_rows_open(const struct rh_exact_rows *rows, const uint8_t *fixed,
                           const int64_t *value)
{
    const struct rh_program *program = rows->program;
    int32_t count = 0;

    for (int32_t i = 0; i < program->rows && rows->waiting > 0; i++) {
        double most = 0;

        if (!rows->out[i])
            continue;
        for (int64_t k = program->row_start[i]; k < program->row_start[i + 1]; k++) {
            int32_t j = program->entry_column[k];
            int64_t end = fixed[j] ? value[j] : program->entry_value[k] > 0 ? program->high[j] : 0;

            most += (double)program->entry_value[k] * (double)end;
        }
        count += most > (double)program->row_high[i];
    }
    return count;
}
