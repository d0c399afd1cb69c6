#include "core/server/practice.h"

#include "core/store/db.h"

static int64_t shifted_now(void *context)
{
    const struct rh_practice *practice = context;

    return practice->base->now_utc(practice->base->context) + practice->shift_s;
}

static int64_t same_monotonic(void *context)
{
    const struct rh_practice *practice = context;

    return practice->base->monotonic_ms(practice->base->context);
}

struct look {
    struct rh_task task; /* first, so that the task leads back to it */
    bool found;
    int64_t shift_s;
};

static int32_t read_shift(struct rh_task *task, struct rh_db *db, struct rh_err *err)
{
    struct look *look = (struct look *)task;
    struct rh_stmt *stmt = NULL;
    int32_t rc =
        rh_db_query(db, NULL, &stmt, err,
                    "SELECT CAST(value AS INTEGER) FROM setting WHERE key = 'clock_shift_s'", "");

    if (rc < 0)
        return rc;
    rc = rh_stmt_next(stmt, err);
    look->found = rc == 1;
    look->shift_s = rc == 1 ? rh_stmt_int(stmt, 0) : 0;
    rh_stmt_close(stmt);
    return rc < 0 ? rc : 0;
}

static int32_t write_shift(struct rh_task *task, struct rh_db *db, struct rh_err *err)
{
    const struct look *look = (const struct look *)task;
    int64_t changed = rh_db_exec(db, NULL, err,
                                 "INSERT INTO setting(key, value) VALUES ('clock_shift_s', ?1) "
                                 "ON CONFLICT(key) DO UPDATE SET value = excluded.value",
                                 "i", look->shift_s);

    return changed < 0 ? (int32_t)changed : 0;
}

int32_t rh_practice_begin(struct rh_practice *practice, struct rh_house *house, struct rh_err *err)
{
    struct look look = {.task = {.kind = RH_TASK_READ, .work = read_shift}};
    int32_t rc = rh_store_run(house->store, &look.task);

    if (rc < 0) {
        *err = look.task.err;
        return rc;
    }
    if (!look.found)
        return 0;
    *practice = (struct rh_practice){.clock = {shifted_now, same_monotonic, practice},
                                     .base = house->clock,
                                     .shift_s = look.shift_s};
    house->clock = &practice->clock;
    house->practice = true;
    return 0;
}

int32_t rh_practice_mark(struct rh_store *store, int64_t shift_s, struct rh_err *err)
{
    struct look look = {.task = {.kind = RH_TASK_WRITE, .work = write_shift}, .shift_s = shift_s};
    int32_t rc = rh_store_run(store, &look.task);

    if (rc < 0)
        *err = look.task.err;
    return rc;
}
