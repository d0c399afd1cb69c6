/* Another operation inside a call: a run of its own for the answer, the same one for the rest. */
#include "core/operation/run.h"

#include "core/base/json.h"
#include "core/base/number.h"

#include <string.h>

/* --- which one --- */

static int32_t find_operation(const struct rh_run *run, const char *name,
                              const struct rh_operation_entry **ret_op)
{
    const struct rh_operation_entry *op = rh_registry_find(run->house->registry, name);

    if (!op)
        return rh_err_set(run->err, RH_ENOTFOUND, "'%s': die Operation '%s' gibt es nicht",
                          "'%s': there is no operation '%s'", run->what, name);
    if (!op->op.run || op->op.kind == RH_COMPUTE)
        return rh_err_set(run->err, RH_EFAILED,
                          "'%s': '%s' kann nicht Teil eines anderen Aufrufs sein",
                          "'%s': '%s' cannot be part of another call", run->what, name);
    if (op->op.kind == RH_WRITE && !rh_db_is_writer(run->db))
        return rh_err_set(run->err, RH_EFAILED, "'%s' liest nur, '%s' aber schreibt",
                          "'%s' only reads, but '%s' writes", run->what, name);
    if (run->depth == RH_RUN_DEPTH_MAX)
        return rh_err_set(run->err, RH_EFAILED, "'%s': die Operationen rufen einander im Kreis",
                          "'%s': the operations call each other in a circle", name);
    *ret_op = op;
    return 0;
}

/* --- its parameters --- */

static int32_t text_of(struct rh_run *run, const json_t *value, const char **ret_text)
{
    char digits[RH_NUMBER_MAX];

    switch (json_typeof(value)) {
    case JSON_STRING:
        *ret_text = json_string_value(value);
        return 0;
    case JSON_TRUE:
        *ret_text = "true";
        return 0;
    case JSON_FALSE:
        *ret_text = "false";
        return 0;
    case JSON_NULL:
        *ret_text = "";
        return 0;
    case JSON_INTEGER:
        rh_int_format(json_integer_value(value), digits);
        break;
    case JSON_REAL:
        rh_double_format(json_real_value(value), digits);
        break;
    case JSON_OBJECT:
    case JSON_ARRAY:
        return rh_err_set(run->err, RH_EINVALID, "eine Liste oder ein Objekt ist kein Wert",
                          "a list or an object is not a value");
    }
    *ret_text = rh_arena_strdup(run->arena, digits);
    return *ret_text ? 0 : rh_err_nomem(run->err);
}

static int32_t parse_values(struct rh_run *run, const struct rh_operation_entry *op, json_t *object,
                            struct rh_value *values)
{
    struct rh_argument arguments[RH_VALUE_COUNT_MAX];
    size_t count = 0;
    const char *name;
    json_t *value;

    json_object_foreach(object, name, value)
    {
        int32_t rc;

        if (count == RH_VALUE_COUNT_MAX)
            return rh_err_set(run->err, RH_EUSAGE, "mehr als %d Angaben", "more than %d parameters",
                              RH_VALUE_COUNT_MAX);
        arguments[count] = (struct rh_argument){.name = name};
        rc = text_of(run, value, &arguments[count++].value);
        if (rc < 0)
            return rh_err_wrap(run->err, "'%.64s'", "'%.64s'", name);
    }
    return rh_values_parse(op, arguments, count, run->arena, values, run->err);
}

static int32_t read_values(struct rh_run *run, const struct rh_operation_entry *op,
                           const char *params, struct rh_value **ret_values)
{
    struct rh_value *values =
        rh_arena_array(run->arena, (size_t)op->param_count + 1, sizeof(*values));
    const char *text = params ? params : "{}";
    rh_auto_json(object);
    int32_t rc;

    if (!values)
        return rh_err_nomem(run->err);
    rc = rh_json_parse(text, strlen(text), RH_RUN_ANSWER_MAX, &object, run->err);
    if (rc < 0)
        return rc;
    if (!json_is_object(object))
        return rh_err_set(run->err, RH_EINVALID, "die Angaben müssen ein JSON-Objekt sein",
                          "the parameters have to be a JSON object");
    rc = parse_values(run, op, object, values);
    if (rc < 0)
        return rc;
    if ((op->op.flags & RH_OP_DRY_RUN) && values[op->param_count - 1].number == 1)
        return rh_err_set(run->err, RH_EUSAGE, "nur zur Probe geht innerhalb eines Aufrufs nicht",
                          "a trial only is not possible inside a call");
    *ret_values = values;
    return 0;
}

/* --- running it --- */

static int32_t call_run(struct rh_call *call, void *context)
{
    return ((const struct rh_operation_entry *)context)->op.run(call);
}

static int32_t run_inside(struct rh_run *inner, const struct rh_operation_entry *op,
                          const struct rh_value *values)
{
    struct rh_frame frame;
    int32_t rc;

    rh_run_answer_begin(inner, false);
    rh_frame_begin(&frame, inner, op->module);
    frame.op = op;
    frame.values = values;
    rc = rh_frame_run(&frame, op->op.name, call_run, (void *)(uintptr_t)op);
    if (rc >= 0)
        rc = rh_run_answer_end(inner);
    return rc;
}

/* Done in part is not done: there is nobody to whom the rest could be shown. */
static int32_t run_undoable(struct rh_run *inner, const struct rh_operation_entry *op,
                            const struct rh_value *values)
{
    int32_t rc;

    if (op->op.kind != RH_WRITE)
        return run_inside(inner, op, values);
    rc = rh_db_savepoint(inner->db, inner->err);
    if (rc < 0)
        return rc;
    rc = run_inside(inner, op, values);
    if (rc >= 0)
        return rh_db_release(inner->db, inner->err);
    rh_db_rollback_to(inner->db);
    return rc;
}

/* What the run learned of events stays, for they stay. */
static int32_t take_over(struct rh_run *run, const struct rh_run *inner, const char **ret_answer)
{
    run->seq_last = inner->seq_last;
    run->skipped = inner->skipped;
    run->behind = inner->behind;
    run->behind_known = inner->behind_known;
    if (ret_answer) {
        *ret_answer = rh_arena_strndup(run->arena, inner->out->data, inner->out->length);
        return *ret_answer ? 0 : rh_err_nomem(run->err);
    }
    for (const struct rh_run_message *said = inner->messages; said; said = said->next)
        rh_run_say(run, said->text);
    return 0;
}

int32_t rh_host_operate(struct rh_call *call, const char *operation, const char *params,
                        const char **ret_answer)
{
    struct rh_run *run = rh_run_of(call);
    struct rh_run inner = *run;
    rh_auto_str(answer, RH_RUN_ANSWER_MAX);
    const struct rh_operation_entry *op;
    struct rh_value *values;
    int32_t rc = run->err->code; /* or the operation would be blamed for it */

    if (rc < 0)
        return rc;
    rc = find_operation(run, operation, &op);
    if (rc == 0)
        rc = read_values(run, op, params, &values);
    if (rc < 0)
        return rc;
    inner.out = &answer;
    inner.depth++;
    inner.calendars = NULL; /* they know whose run they belong to */
    rc = run_undoable(&inner, op, values);
    if (rc >= 0)
        rc = take_over(run, &inner, ret_answer);
    rh_run_calendars_end(&inner);
    return rc < 0 ? rc : 0;
}
