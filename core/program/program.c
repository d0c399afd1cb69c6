#include "core/program/program.h"

#include "core/base/alloc.h"

#include <string.h>

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
    *program = (struct rh_program){0};
}

static bool grow(void *list, int64_t room, size_t size)
{
    void *old, *larger;

    memcpy(&old, list, sizeof(old));
    larger = rh_realloc(old, (size_t)room * size);
    if (larger)
        memcpy(list, &larger, sizeof(larger));
    return larger != NULL;
}

int32_t rh_program_column(struct rh_program *program, int64_t cost, int64_t low, int64_t high,
                          bool whole)
{
    int32_t column = program->columns, room = program->column_room;

    if (column >= RH_PROGRAM_COLUMNS_MAX)
        return RH_ETOOLARGE;
    if (column == room) {
        room = room ? room * 2 : 64;
        if (!grow(&program->cost, room, sizeof(int64_t)) ||
            !grow(&program->low, room, sizeof(int64_t)) ||
            !grow(&program->high, room, sizeof(int64_t)) || !grow(&program->whole, room, 1))
            return RH_ENOMEM;
        program->column_room = room;
    }
    program->cost[column] = cost;
    program->low[column] = low;
    program->high[column] = high;
    program->whole[column] = whole;
    return program->columns++;
}

int32_t rh_program_row(struct rh_program *program, int64_t low, int64_t high)
{
    int32_t row = program->rows, room = program->row_room;

    if (row >= RH_PROGRAM_COLUMNS_MAX)
        return RH_ETOOLARGE;
    if (row == room) {
        room = room ? room * 2 : 64;
        if (!grow(&program->row_low, room, sizeof(int64_t)) ||
            !grow(&program->row_high, room, sizeof(int64_t)) ||
            !grow(&program->row_start, (int64_t)room + 1, sizeof(int64_t)))
            return RH_ENOMEM;
        program->row_room = room;
    }
    program->row_low[row] = low;
    program->row_high[row] = high;
    program->row_start[row] = program->row_start[row + 1] = program->entries;
    return program->rows++;
}

int32_t rh_program_entry(struct rh_program *program, int32_t column, int32_t value)
{
    int64_t room = program->entry_room;

    if (program->entries >= RH_PROGRAM_ENTRIES_MAX)
        return RH_ETOOLARGE;
    if (program->entries == room) {
        room = room ? room * 2 : 256;
        if (!grow(&program->entry_column, room, sizeof(int32_t)) ||
            !grow(&program->entry_value, room, sizeof(int32_t)))
            return RH_ENOMEM;
        program->entry_room = room;
    }
    program->entry_column[program->entries] = column;
    program->entry_value[program->entries++] = value;
    program->row_start[program->rows] = program->entries;
    return 0;
}

int32_t rh_program_check(const struct rh_program *program, const int64_t *x, int64_t *ret_value,
                         struct rh_err *err)
{
    *ret_value = 0;
    for (int32_t j = 0; j < program->columns; j++) {
        if (x[j] < program->low[j] || x[j] > program->high[j])
            return rh_err_set(err, RH_EINVALID, "Antwort: Spalte %d außerhalb ihrer Grenzen",
                              "answer: column %d outside its limits", j + 1);
        *ret_value += program->cost[j] * x[j];
    }
    for (int32_t i = 0; i < program->rows; i++) {
        int64_t sum = 0;

        for (int64_t k = program->row_start[i]; k < program->row_start[i + 1]; k++)
            sum += program->entry_value[k] * x[program->entry_column[k]];
        if (sum < program->row_low[i] || sum > program->row_high[i])
            return rh_err_set(err, RH_EINVALID, "Antwort: Zeile %d verletzt",
                              "answer: row %d is broken", i + 1);
    }
    return 0;
}
