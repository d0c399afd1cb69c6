/* The answer of a call: one JSON object, written as it comes. */
#include "core/operation/run.h"

#include "core/base/json.h"

#include <stdio.h>
#include <string.h>

void rh_run_answer_begin(struct rh_run *run, bool dry_run)
{
    rh_str_reset(run->out);
    run->messages = NULL;
    run->last_message = NULL;
    rh_json_out_init(&run->json, run->out);
    rh_json_object_begin(&run->json);
    if (dry_run)
        rh_json_put_bool(&run->json, "dry_run", true);
}

int32_t rh_run_answer_end(struct rh_run *run)
{
    if (run->json.depth != 1 && !run->json.broken)
        return rh_err_set(run->err, RH_EFAILED,
                          "'%s' hat in der Antwort ein Objekt oder eine Liste offen gelassen",
                          "'%s' left an object or a list open in its answer", run->what);
    if (run->messages) {
        rh_json_key(&run->json, "messages");
        rh_json_array_begin(&run->json);
        for (const struct rh_run_message *message = run->messages; message; message = message->next)
            rh_json_text(&run->json, message->text);
        rh_json_array_end(&run->json);
    }
    rh_json_object_end(&run->json);
    if (rh_json_finish(&run->json, run->err) < 0)
        return rh_err_wrap(run->err, "Antwort von '%s'", "answer of '%s'", run->what);
    return 0;
}

void rh_run_say(struct rh_run *run, const char *text)
{
    struct rh_run_message *message = rh_arena_alloc(run->arena, sizeof(*message));

    if (!message) {
        (void)rh_err_nomem(run->err); /* seen when the function returns */
        return;
    }
    message->text = text;
    if (run->last_message)
        run->last_message->next = message;
    else
        run->messages = message;
    run->last_message = message;
}

void rh_host_say(struct rh_call *call, const char *de, const char *en, ...)
{
    struct rh_run *run = rh_run_of(call);
    va_list args;
    char *text;

    va_start(args, en);
    text = rh_arena_vprintf(run->arena, run->lang == RH_DE ? de : en, args);
    va_end(args);
    if (text)
        rh_run_say(run, text);
    else
        (void)rh_err_nomem(run->err); /* seen when the function returns */
}

/* Only the operation answers; what a hook has to say goes with rh_say(). NULL: say nothing. */
static struct rh_json_out *place(struct rh_call *call, const char *key)
{
    struct rh_frame *frame = rh_frame_of(call);
    struct rh_json_out *json = &frame->run->json;

    if (!frame->run->out)
        return NULL;
    if (!frame->op) {
        (void)rh_err_set(
            frame->run->err, RH_EFAILED, "Modul '%s': nur eine Operation schreibt in die Antwort",
            "module '%s': only an operation writes to the answer", frame->module->plugin->name);
        return NULL;
    }
    if (key)
        rh_json_key(json, key);
    return json;
}

void rh_host_out_object(struct rh_call *call, const char *key)
{
    struct rh_json_out *json = place(call, key);

    if (json)
        rh_json_object_begin(json);
}

void rh_host_out_array(struct rh_call *call, const char *key)
{
    struct rh_json_out *json = place(call, key);

    if (json)
        rh_json_array_begin(json);
}

/* The outermost object is the host's: it cannot be ended from here. */
void rh_host_out_end(struct rh_call *call)
{
    struct rh_json_out *json = place(call, NULL);

    if (!json)
        return;
    if (json->depth <= 1)
        json->broken = true;
    else if (json->objects & (UINT64_C(1) << (json->depth - 1)))
        rh_json_object_end(json);
    else
        rh_json_array_end(json);
}

void rh_host_out_text(struct rh_call *call, const char *key, const char *value)
{
    struct rh_json_out *json = place(call, key);

    if (json)
        rh_json_text(json, value);
}

void rh_host_out_int(struct rh_call *call, const char *key, int64_t value)
{
    struct rh_json_out *json = place(call, key);

    if (json)
        rh_json_int(json, value);
}

void rh_host_out_real(struct rh_call *call, const char *key, double value)
{
    struct rh_json_out *json = place(call, key);

    if (json)
        rh_json_double(json, value);
}

void rh_host_out_flag(struct rh_call *call, const char *key, int32_t value)
{
    struct rh_json_out *json = place(call, key);

    if (json)
        rh_json_bool(json, value != 0);
}

/* A module's text becomes part of the answer only when it is JSON indeed: an object or an array. */
void rh_host_out_json(struct rh_call *call, const char *key, const char *text)
{
    struct rh_run *run = rh_run_of(call);
    struct rh_json_out *json;
    rh_auto_json(tree);

    if (text && rh_json_parse(text, strlen(text), RH_RUN_ANSWER_MAX, &tree, run->err) < 0) {
        (void)rh_err_wrap(run->err, "Antwort von '%s'", "answer of '%s'", run->what);
        return;
    }
    json = place(call, key);
    if (json && text)
        rh_json_raw(json, text, strlen(text));
    else if (json)
        rh_json_null(json);
}

static void put_column(struct rh_json_out *json, struct rh_stmt *stmt, int column)
{
    rh_json_key(json, rh_stmt_column_name(stmt, column));
    switch (rh_stmt_type(stmt, column)) {
    case RH_VALUE_NULL:
        rh_json_null(json);
        break;
    case RH_VALUE_INT:
        rh_json_int(json, rh_stmt_int(stmt, column));
        break;
    case RH_VALUE_REAL:
        rh_json_double(json, rh_stmt_real(stmt, column));
        break;
    case RH_VALUE_TEXT:
        rh_json_text(json, rh_stmt_text(stmt, column));
        break;
    }
}

int32_t rh_host_out_query(struct rh_call *call, const char *key, const char *sql, const char *types,
                          ...)
{
    struct rh_frame *frame = rh_frame_of(call);
    struct rh_run *run = frame->run;
    struct rh_json_out *json;
    struct rh_stmt *stmt = NULL;
    va_list args;
    int32_t rows = 0, rc;

    va_start(args, types);
    rc = rh_db_vquery(run->db, frame->module->owner, &stmt, run->err, sql, types, args);
    va_end(args);
    if (rc < 0)
        return rc;
    json = place(call, key);
    if (json)
        rh_json_array_begin(json);
    while ((rc = rh_stmt_next(stmt, run->err)) == 1) {
        rows++;
        if (!json)
            continue;
        rh_json_object_begin(json);
        for (int i = 0; i < rh_stmt_columns(stmt); i++)
            put_column(json, stmt, i);
        rh_json_object_end(json);
    }
    if (json)
        rh_json_array_end(json);
    rh_stmt_close(stmt);
    return rc < 0 ? rc : rows;
}

int32_t rh_host_progress(struct rh_call *call, int64_t done, int64_t total, const char *de,
                         const char *en, ...)
{
    struct rh_run *run = rh_run_of(call);
    char text[256];
    va_list args;

    if (!run->progress)
        return 0;
    va_start(args, en);
    vsnprintf(text, sizeof(text), run->lang == RH_DE ? de : en, args);
    va_end(args);
    return run->progress(run->progress_context, done, total, text);
}
