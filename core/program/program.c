/* Growing a program, and checking an answer in whole numbers only. */
#include "core/program/program.h"

#include "core/base/alloc.h"

#include <string.h>

__extension__ typedef __int128 wide; /* no sum of a program overflows it: 2^40 * 2^63 * 2^22 */

void rh_program_init(struct rh_program *program)
{
    *program = (struct rh_program){0};
}

void rh_program_fini(struct rh_program *program)
{
    rh_free(program->cost);
    rh_free(program->low);
    rh_free(program->high);
    rh_free(program->whole);
    rh_free(program->row_low);
    rh_free(program->row_high);
    rh_free(program->row_start);
    rh_free(program->entry_column);
    rh_free(program->entry_value);
    rh_program_init(program);
}

/* ---- growing ---- */

static int64_t more_room(int64_t room, int64_t maximum)
{
    int64_t more = room < 32 ? 64 : room * 2;

    return more < maximum ? more : maximum;
}

/* On failure the old block stays, and the owner's room with it. */
static bool grow(void *array, int64_t count, size_t size)
{
    void **block = array;
    void *more = rh_realloc(*block, (size_t)count * size);

    if (more)
        *block = more;
    return more != NULL;
}

static int32_t room_for_column(struct rh_program *program)
{
    int64_t room = more_room(program->column_room, RH_PROGRAM_COLUMNS_MAX);

    if (program->columns >= RH_PROGRAM_COLUMNS_MAX)
        return RH_ETOOLARGE;
    if (program->columns < program->column_room)
        return 0;
    if (!grow(&program->cost, room, sizeof(*program->cost)) ||
        !grow(&program->low, room, sizeof(*program->low)) ||
        !grow(&program->high, room, sizeof(*program->high)) ||
        !grow(&program->whole, room, sizeof(*program->whole)))
        return RH_ENOMEM;
    program->column_room = (int32_t)room;
    return 0;
}

static int32_t room_for_row(struct rh_program *program)
{
    int64_t room = more_room(program->row_room, RH_PROGRAM_ROWS_MAX);

    if (program->rows >= RH_PROGRAM_ROWS_MAX)
        return RH_ETOOLARGE;
    if (program->rows < program->row_room)
        return 0;
    if (!grow(&program->row_low, room, sizeof(*program->row_low)) ||
        !grow(&program->row_high, room, sizeof(*program->row_high)) ||
        !grow(&program->row_start, room + 1, sizeof(*program->row_start)))
        return RH_ENOMEM;
    program->row_room = (int32_t)room;
    return 0;
}

static int32_t room_for_entry(struct rh_program *program)
{
    int64_t room = more_room(program->entry_room, RH_PROGRAM_ENTRIES_MAX);

    if (program->entries >= RH_PROGRAM_ENTRIES_MAX)
        return RH_ETOOLARGE;
    if (program->entries < program->entry_room)
        return 0;
    if (!grow(&program->entry_column, room, sizeof(*program->entry_column)) ||
        !grow(&program->entry_value, room, sizeof(*program->entry_value)))
        return RH_ENOMEM;
    program->entry_room = room;
    return 0;
}

static bool small(int64_t value)
{
    return value >= -RH_PROGRAM_VALUE_MAX && value <= RH_PROGRAM_VALUE_MAX;
}

static int32_t check_limits(int64_t low, int64_t high)
{
    if ((low != -RH_PROGRAM_OPEN && !small(low)) || (high != RH_PROGRAM_OPEN && !small(high)))
        return RH_ETOOLARGE;
    return low > high ? RH_EINVALID : 0;
}

int32_t rh_program_column(struct rh_program *program, int64_t cost, int64_t low, int64_t high,
                          bool whole)
{
    int32_t rc = small(cost) ? check_limits(low, high) : RH_ETOOLARGE;

    if (rc == 0)
        rc = room_for_column(program);
    if (rc < 0)
        return rc;
    program->cost[program->columns] = cost;
    program->low[program->columns] = low;
    program->high[program->columns] = high;
    program->whole[program->columns] = whole;
    return program->columns++;
}

int32_t rh_program_row(struct rh_program *program, int64_t low, int64_t high)
{
    int32_t rc = check_limits(low, high);

    if (rc == 0)
        rc = room_for_row(program);
    if (rc < 0)
        return rc;
    program->row_low[program->rows] = low;
    program->row_high[program->rows] = high;
    program->row_start[program->rows] = program->entries;
    program->row_start[program->rows + 1] = program->entries;
    return program->rows++;
}

int32_t rh_program_entry(struct rh_program *program, int32_t column, int32_t value)
{
    int32_t rc;

    if (program->rows == 0 || column < 0 || column >= program->columns)
        return RH_EINVALID;
    if (value == 0)
        return 0;
    rc = room_for_entry(program);
    if (rc < 0)
        return rc;
    program->entry_column[program->entries] = column;
    program->entry_value[program->entries] = value;
    program->row_start[program->rows] = ++program->entries;
    return 0;
}

/* ---- checking ---- */

static bool within(wide value, int64_t low, int64_t high)
{
    return (low == -RH_PROGRAM_OPEN || value >= low) && (high == RH_PROGRAM_OPEN || value <= high);
}

static wide row_sum(const struct rh_program *program, int32_t row, const int64_t *x)
{
    wide sum = 0;

    for (int64_t k = program->row_start[row]; k < program->row_start[row + 1]; k++)
        sum += (wide)program->entry_value[k] * x[program->entry_column[k]];
    return sum;
}

int32_t rh_program_check(const struct rh_program *program, const int64_t *x, int64_t *ret_value,
                         struct rh_err *err)
{
    wide cost = 0;

    for (int32_t j = 0; j < program->columns; j++) {
        if (!within(x[j], program->low[j], program->high[j]))
            return rh_err_set(err, RH_EINVALID, "Spalte %d der Antwort hält ihre Grenzen nicht ein",
                              "column %d of the answer does not keep its limits", (int)j);
        cost += (wide)program->cost[j] * x[j];
    }
    for (int32_t i = 0; i < program->rows; i++)
        if (!within(row_sum(program, i, x), program->row_low[i], program->row_high[i]))
            return rh_err_set(err, RH_EINVALID, "Die Antwort hält Zeile %d nicht ein",
                              "the answer does not keep row %d", (int)i);
    /* Its ends stand for "unknown" elsewhere. */
    if (cost <= INT64_MIN || cost >= INT64_MAX)
        return rh_err_set(err, RH_EINVALID, "Die Kosten der Antwort sind zu groß",
                          "the answer's cost is too large");
    *ret_value = (int64_t)cost;
    return 0;
}
