/* SQL and jobs of a call. */
#include "core/operation/run.h"

#include "core/store/job.h"

struct rh_rows {
    struct rh_frame *frame;
    struct rh_stmt *stmt; /* NULL once closed or at the end */
    struct rh_rows *next; /* of the frame's */
};

int32_t rh_host_query(struct rh_call *call, struct rh_rows **ret_rows, const char *sql,
                      const char *types, ...)
{
    struct rh_frame *frame = rh_frame_of(call);
    struct rh_run *run = frame->run;
    struct rh_rows *rows = rh_arena_alloc(run->arena, sizeof(*rows));
    va_list args;
    int32_t rc;

    *ret_rows = NULL;
    if (!rows)
        return rh_err_nomem(run->err);
    va_start(args, types);
    rc = rh_db_vquery(run->db, frame->module->owner, &rows->stmt, run->err, sql, types, args);
    va_end(args);
    if (rc < 0)
        return rc;
    rows->frame = frame;
    rows->next = frame->rows;
    frame->rows = rows;
    *ret_rows = rows;
    return 0;
}

/* At the end the statement goes back at once: who reads to the end need not close. */
int32_t rh_host_rows_next(struct rh_rows *rows)
{
    int32_t rc;

    if (!rows->stmt)
        return 0;
    rc = rh_stmt_next(rows->stmt, rows->frame->run->err);
    if (rc != 1)
        rh_host_rows_close(rows);
    return rc;
}

int32_t rh_host_rows_is_null(struct rh_rows *rows, int32_t column)
{
    return !rows->stmt || rh_stmt_is_null(rows->stmt, column);
}

int64_t rh_host_rows_int(struct rh_rows *rows, int32_t column)
{
    return rows->stmt ? rh_stmt_int(rows->stmt, column) : 0;
}

double rh_host_rows_real(struct rh_rows *rows, int32_t column)
{
    return rows->stmt ? rh_stmt_real(rows->stmt, column) : 0;
}

const char *rh_host_rows_text(struct rh_rows *rows, int32_t column)
{
    struct rh_run *run = rows->frame->run;
    const char *text = rows->stmt ? rh_stmt_text(rows->stmt, column) : NULL;
    char *copy = text ? rh_arena_strdup(run->arena, text) : NULL;

    if (text && !copy)
        (void)rh_err_nomem(run->err); /* seen when the function returns */
    return copy;
}

void rh_host_rows_close(struct rh_rows *rows)
{
    struct rh_rows **place;

    if (!rows || !rows->stmt)
        return;
    rows->stmt = rh_stmt_close(rows->stmt);
    for (place = &rows->frame->rows; *place; place = &(*place)->next)
        if (*place == rows) {
            *place = rows->next;
            return;
        }
}

int64_t rh_host_exec(struct rh_call *call, const char *sql, const char *types, ...)
{
    struct rh_frame *frame = rh_frame_of(call);
    va_list args;
    int64_t changed;

    va_start(args, types);
    changed = rh_db_vexec(frame->run->db, frame->module->owner, frame->run->err, sql, types, args);
    va_end(args);
    return changed;
}

int64_t rh_host_last_id(struct rh_call *call)
{
    return rh_db_last_id(rh_run_of(call)->db);
}

int32_t rh_host_job_add(struct rh_call *call, const char *kind, const char *key,
                        const char *payload, int64_t run_at_utc)
{
    struct rh_frame *frame = rh_frame_of(call);
    struct rh_house *house = frame->run->house;
    const struct rh_job_entry *entry = rh_registry_find_job(house->registry, kind);
    struct rh_job job = {
        .module = frame->module->plugin->name,
        .kind = kind,
        .key = key,
        .payload = payload,
        .run_at_utc = run_at_utc,
        .max_attempts = entry ? entry->job.max_attempts : 0,
    };
    int32_t rc = rh_job_add(frame->run->db, &job, house->clock->now_utc(house->clock->context),
                            frame->run->err);

    return rc < 0 ? rc : 0;
}
