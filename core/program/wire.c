/* Bytes of tasks, news and answers. Counts are held against the length before anything is read. */
#include "core/program/wire.h"

#include "core/base/alloc.h"

#include <string.h>

static const uint32_t magic = 0x31504852; /* "RHP1" */
enum { VERSION = 1, TASK_HEAD = 49, ANSWER_HEAD = 13 };
enum { HAS_START = 1, BRIEF = 2 };
enum { HAS_X = 1, PROVEN = 2, INFEASIBLE = 4 };

/* ---- numbers; whoever calls has made sure that there is room ---- */

static void put(uint8_t **at, uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        *(*at)++ = (uint8_t)(value >> (8 * i));
}

static uint64_t get(const uint8_t **at, int bytes)
{
    uint64_t value = 0;

    for (int i = 0; i < bytes; i++)
        value |= (uint64_t)(*at)[i] << (8 * i);
    *at += bytes;
    return value;
}

static void put_i64(uint8_t **at, int64_t value)
{
    put(at, (uint64_t)value, 8);
}

static void put_i32(uint8_t **at, int32_t value)
{
    put(at, (uint32_t)value, 4);
}

static int64_t get_i64(const uint8_t **at)
{
    return (int64_t)get(at, 8);
}

static int32_t get_i32(const uint8_t **at)
{
    return (int32_t)get(at, 4);
}

/* ---- frames ---- */

#define broken(err, de, en)                                                                        \
    rh_err_set(err, RH_EINVALID, "Nachricht der Rechenmaschine ist unbrauchbar: " de,              \
               "message of the exact engine is unusable: " en)

int64_t rh_wire_frame(const uint8_t *bytes, size_t length, int64_t maximum,
                      struct rh_wire_frame *ret, struct rh_err *err)
{
    const uint8_t *at = bytes;
    uint64_t size;
    int32_t kind;

    if (length < RH_WIRE_HEAD)
        return 0;
    if (get(&at, 4) != magic)
        return broken(err, "kein Rahmen", "no frame");
    if (get(&at, 2) != VERSION)
        return broken(err, "andere Version", "other version");
    kind = (int32_t)get(&at, 2);
    size = get(&at, 8);
    if (kind < RH_WIRE_TASK || kind > RH_WIRE_ANSWER)
        return broken(err, "unbekannte Art", "unknown kind");
    if (maximum < RH_WIRE_HEAD || size > (uint64_t)maximum - RH_WIRE_HEAD)
        return rh_err_set(err, RH_ETOOLARGE, "Nachricht der Rechenmaschine ist zu groß",
                          "message of the exact engine is too large");
    if (size > length - RH_WIRE_HEAD)
        return 0;
    *ret = (struct rh_wire_frame){.kind = kind, .payload = at, .length = (size_t)size};
    return (int64_t)size + RH_WIRE_HEAD;
}

static void put_head(uint8_t **at, int32_t kind, int64_t payload)
{
    put(at, magic, 4);
    put(at, VERSION, 2);
    put(at, (uint64_t)kind, 2);
    put_i64(at, payload);
}

/* A block for head and payload, with the head in it; *ret_at is where the payload begins. */
static int32_t open_frame(int32_t kind, int64_t payload, uint8_t **ret_bytes, size_t *ret_length,
                          uint8_t **ret_at, struct rh_err *err)
{
    *ret_length = (size_t)payload + RH_WIRE_HEAD;
    *ret_bytes = rh_alloc(*ret_length, 1);
    *ret_at = *ret_bytes;
    if (!*ret_bytes)
        return rh_err_nomem(err);
    put_head(ret_at, kind, payload);
    return 0;
}

/* ---- task: counts, options; per column cost, low, high, whole; per row low, high, number of
 * entries; per entry column, value; per column the start ---- */

static int64_t task_size(int64_t columns, int64_t rows, int64_t entries, bool has_start)
{
    return TASK_HEAD + columns * (has_start ? 33 : 25) + rows * 20 + entries * 8;
}

static void put_program(uint8_t **at, const struct rh_program *program)
{
    for (int32_t j = 0; j < program->columns; j++) {
        put_i64(at, program->cost[j]);
        put_i64(at, program->low[j]);
        put_i64(at, program->high[j]);
        put(at, program->whole[j], 1);
    }
    for (int32_t i = 0; i < program->rows; i++) {
        put_i64(at, program->row_low[i]);
        put_i64(at, program->row_high[i]);
        put_i32(at, (int32_t)(program->row_start[i + 1] - program->row_start[i]));
    }
    for (int64_t k = 0; k < program->entries; k++) {
        put_i32(at, program->entry_column[k]);
        put_i32(at, program->entry_value[k]);
    }
}

int32_t rh_wire_put_task(const struct rh_program_task *task, uint8_t **ret_bytes,
                         size_t *ret_length, struct rh_err *err)
{
    const struct rh_program *program = task->program;
    int64_t size =
        task_size(program->columns, program->rows, program->entries, task->start != NULL);
    uint8_t *at;
    int32_t rc = open_frame(RH_WIRE_TASK, size, ret_bytes, ret_length, &at, err);

    if (rc < 0)
        return rc;
    put_i32(&at, program->columns);
    put_i32(&at, program->rows);
    put_i64(&at, program->entries);
    put_i64(&at, task->grain);
    put_i64(&at, task->time_limit_ms);
    put(&at, task->seed, 8);
    put(&at, (task->start ? HAS_START : 0) | (task->brief ? BRIEF : 0), 1);
    put_i64(&at, task->start_value);
    put_program(&at, program);
    for (int32_t j = 0; task->start && j < program->columns; j++)
        put_i64(&at, task->start[j]);
    return 0;
}

static int32_t get_columns(const uint8_t **at, int32_t columns, struct rh_program *program)
{
    int32_t rc = 0;

    for (int32_t j = 0; rc >= 0 && j < columns; j++) {
        int64_t cost = get_i64(at), low = get_i64(at), high = get_i64(at);
        uint64_t whole = get(at, 1);

        rc = whole > 1 ? RH_EINVALID : rh_program_column(program, cost, low, high, whole == 1);
    }
    return rc < 0 ? rc : 0;
}

static int32_t get_entries(const uint8_t **at, int32_t row, int32_t count, int32_t *last_row_of,
                           struct rh_program *program)
{
    for (int32_t k = 0; k < count; k++) {
        int32_t column = get_i32(at), value = get_i32(at), rc;

        if (column < 0 || column >= program->columns || value == 0 ||
            last_row_of[column] == row + 1)
            return RH_EINVALID;
        last_row_of[column] = row + 1;
        rc = rh_program_entry(program, column, value);
        if (rc < 0)
            return rc;
    }
    return 0;
}

/* `last_row_of`: per column the last row (+ 1) that it stood in; twice in one row is refused. */
static int32_t get_rows(const uint8_t **at, int32_t rows, int64_t entries, int32_t *last_row_of,
                        struct rh_program *program)
{
    const uint8_t *entry = *at + (int64_t)rows * 20;
    int32_t rc = 0;

    for (int32_t i = 0; rc >= 0 && i < rows; i++) {
        int64_t low = get_i64(at), high = get_i64(at);
        int32_t count = get_i32(at);

        if (count < 0 || count > entries - program->entries)
            return RH_EINVALID;
        rc = rh_program_row(program, low, high);
        if (rc >= 0)
            rc = get_entries(&entry, i, count, last_row_of, program);
    }
    if (rc >= 0 && program->entries != entries)
        rc = RH_EINVALID;
    *at = entry;
    return rc < 0 ? rc : 0;
}

static int32_t get_start(const uint8_t **at, int32_t columns, int64_t **ret)
{
    int64_t *start = rh_alloc((size_t)columns, sizeof(*start));

    if (!start)
        return RH_ENOMEM;
    for (int32_t j = 0; j < columns; j++)
        start[j] = get_i64(at);
    *ret = start;
    return 0;
}

static int32_t get_body(const uint8_t *at, int32_t columns, int32_t rows, int64_t entries,
                        bool has_start, struct rh_wire_task *ret)
{
    int32_t *last_row_of = rh_alloc((size_t)columns, sizeof(*last_row_of));
    int32_t rc = last_row_of ? 0 : RH_ENOMEM;

    if (rc == 0)
        rc = get_columns(&at, columns, &ret->program);
    if (rc == 0)
        rc = get_rows(&at, rows, entries, last_row_of, &ret->program);
    if (rc == 0 && has_start)
        rc = get_start(&at, columns, &ret->start);
    rh_free(last_row_of);
    return rc;
}

int32_t rh_wire_get_task(const struct rh_wire_frame *frame, struct rh_wire_task *ret,
                         struct rh_err *err)
{
    const uint8_t *at = frame->payload;
    int32_t columns, rows, rc;
    int64_t entries;
    uint64_t flags;
    bool has_start;

    *ret = (struct rh_wire_task){0};
    if (frame->kind != RH_WIRE_TASK || frame->length < TASK_HEAD)
        return broken(err, "keine Aufgabe", "no task");
    columns = get_i32(&at);
    rows = get_i32(&at);
    entries = get_i64(&at);
    ret->task.grain = get_i64(&at);
    ret->task.time_limit_ms = get_i64(&at);
    ret->task.seed = get(&at, 8);
    flags = get(&at, 1);
    has_start = (flags & HAS_START) != 0;
    ret->task.brief = (flags & BRIEF) != 0;
    ret->task.start_value = get_i64(&at);
    if (columns < 0 || columns > RH_PROGRAM_COLUMNS_MAX || rows < 0 || rows > RH_PROGRAM_ROWS_MAX ||
        entries < 0 || entries > RH_PROGRAM_ENTRIES_MAX || flags > (HAS_START | BRIEF) ||
        (int64_t)frame->length != task_size(columns, rows, entries, has_start))
        return broken(err, "Anzahlen und Länge passen nicht zusammen", "counts and length differ");
    if (ret->task.grain <= 0 || ret->task.grain > RH_PROGRAM_VALUE_MAX ||
        ret->task.time_limit_ms <= 0)
        return broken(err, "Vorgaben außerhalb der Grenzen", "options out of range");

    rc = get_body(at, columns, rows, entries, has_start, ret);
    if (rc < 0)
        rh_wire_task_fini(ret);
    if (rc == RH_ENOMEM)
        return rh_err_nomem(err);
    if (rc < 0)
        return broken(err, "Wert außerhalb der Grenzen", "value out of range");
    ret->task.program = &ret->program;
    ret->task.start = ret->start;
    return 0;
}

void rh_wire_task_fini(struct rh_wire_task *task)
{
    rh_program_fini(&task->program);
    rh_free(task->start);
    *task = (struct rh_wire_task){0};
}

/* ---- news: best, bound ---- */

void rh_wire_put_news(int64_t best, int64_t bound, uint8_t ret_bytes[RH_WIRE_NEWS_SIZE])
{
    uint8_t *at = ret_bytes;

    put_head(&at, RH_WIRE_NEWS, RH_WIRE_NEWS_SIZE - RH_WIRE_HEAD);
    put_i64(&at, best);
    put_i64(&at, bound);
}

int32_t rh_wire_get_news(const struct rh_wire_frame *frame, int64_t *ret_best, int64_t *ret_bound,
                         struct rh_err *err)
{
    const uint8_t *at = frame->payload;

    if (frame->kind != RH_WIRE_NEWS || frame->length != RH_WIRE_NEWS_SIZE - RH_WIRE_HEAD)
        return broken(err, "kein Zwischenstand", "no news");
    *ret_best = get_i64(&at);
    *ret_bound = get_i64(&at);
    return 0;
}

/* ---- answer: columns, flags, bound, x ---- */

int64_t rh_wire_answer_max(int32_t columns)
{
    return RH_WIRE_HEAD + ANSWER_HEAD + (int64_t)columns * 8;
}

int32_t rh_wire_put_answer(const struct rh_program_answer *answer, int32_t columns,
                           uint8_t **ret_bytes, size_t *ret_length, struct rh_err *err)
{
    int64_t size = ANSWER_HEAD + (answer->has_x ? (int64_t)columns * 8 : 0);
    uint8_t *at;
    int32_t rc = open_frame(RH_WIRE_ANSWER, size, ret_bytes, ret_length, &at, err);

    if (rc < 0)
        return rc;
    put_i32(&at, columns);
    put(&at,
        (answer->has_x ? HAS_X : 0U) | (answer->proven ? PROVEN : 0U) |
            (answer->infeasible ? INFEASIBLE : 0U),
        1);
    put_i64(&at, answer->bound);
    for (int32_t j = 0; answer->has_x && j < columns; j++)
        put_i64(&at, answer->x[j]);
    return 0;
}

int32_t rh_wire_get_answer(const struct rh_wire_frame *frame, int32_t columns,
                           struct rh_program_answer *answer, struct rh_err *err)
{
    const uint8_t *at = frame->payload;
    uint64_t flags;
    bool has_x;

    if (frame->kind != RH_WIRE_ANSWER || frame->length < ANSWER_HEAD || get_i32(&at) != columns)
        return broken(err, "keine Antwort auf diese Frage", "no answer to this question");
    flags = get(&at, 1);
    has_x = (flags & HAS_X) != 0;
    if (flags > (HAS_X | PROVEN | INFEASIBLE) || (has_x && (flags & INFEASIBLE)) ||
        (int64_t)frame->length != ANSWER_HEAD + (has_x ? (int64_t)columns * 8 : 0))
        return broken(err, "widersprüchliche Antwort", "contradicting answer");
    answer->has_x = has_x;
    answer->proven = (flags & PROVEN) != 0;
    answer->infeasible = (flags & INFEASIBLE) != 0;
    answer->bound = get_i64(&at);
    for (int32_t j = 0; has_x && j < columns; j++)
        answer->x[j] = get_i64(&at);
    return 0;
}
