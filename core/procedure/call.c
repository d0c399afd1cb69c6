/* Calls: who, about what, until when. A call that names a step and a day makes the step wait, in
 * the same transaction, so nobody is reminded of what was just agreed. */
#include "core/procedure/internal.h"

const char procedure_schema_calls[] =
    "CREATE TABLE procedure_call (        -- calls about a procedure\n"
    "  id INTEGER PRIMARY KEY,\n"
    "  procedure TEXT NOT NULL REFERENCES procedure(id),\n"
    "  step TEXT,\n"
    "  spoke_with TEXT NOT NULL,          -- a role, no name\n"
    "  about TEXT NOT NULL,\n"
    "  until_day TEXT,\n"
    "  at_utc INTEGER NOT NULL,\n"
    "  actor TEXT NOT NULL\n"
    ") STRICT;\n"
    "CREATE INDEX procedure_call_of ON procedure_call(procedure, at_utc);\n";

static int32_t check_call(struct rh_call *call)
{
    if (rh_param_given(call, "until") && !rh_param_given(call, "step"))
        return rh_fail(call, RH_EINVALID,
                       "--until sagt, bis wann ein Schritt wartet; --step nennt ihn",
                       "--until says until when a step waits; --step names it");
    return 0;
}

static int32_t note(struct rh_call *call, const char *procedure)
{
    int64_t changed = rh_exec(
        call,
        "INSERT INTO procedure_call(procedure, step, spoke_with, about, until_day, at_utc, actor) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        "sssssis", procedure, rh_param_text(call, "step"), rh_param_text(call, "with"),
        rh_param_text(call, "about"),
        rh_param_given(call, "until") ? rh_day_text(call, (int32_t)rh_param_int(call, "until"))
                                      : NULL,
        rh_now_utc(call), rh_actor(call));

    if (changed < 0)
        return (int32_t)changed;
    changed = rh_event(call, "procedure.called", procedure, NULL, NULL);
    return changed < 0 ? (int32_t)changed : 0;
}

static int32_t let_wait(struct rh_call *call, struct run *run)
{
    struct rh_process_event event = RH_PROCESS_EVENT(RH_PROCESS_WAIT, rh_now_utc(call));

    event.step = rh_param_text(call, "step");
    event.day = (int32_t)rh_param_int(call, "until");
    event.reason = rh_format(call, "Anruf: %s", "call: %s", rh_param_text(call, "about"));
    return run_record(call, run, &event);
}

int32_t call_log(struct rh_call *call)
{
    const char *procedure;
    auto_run run = {0};
    int32_t rc = check_call(call);

    if (rc < 0 || (rc = run_find(call, rh_param_text(call, "procedure"), &procedure)) < 0 ||
        (rc = run_load(call, procedure, &run)) < 0 ||
        (rc = run_check_step(call, &run, rh_param_text(call, "step"))) < 0 ||
        (rc = note(call, procedure)) < 0)
        return rc;
    rh_out_text(call, "procedure", procedure);
    if (!rh_param_given(call, "until")) {
        rh_say(call, "vermerkt", "noted");
        return 0;
    }
    if ((rc = let_wait(call, &run)) < 0)
        return rc;
    rh_say(call, "vermerkt; der Schritt wartet bis %s, so lange wird nicht an ihn erinnert",
           "noted; the step waits until %s, and nobody is reminded of it until then",
           rh_day_text(call, (int32_t)rh_param_int(call, "until")));
    run_put_effects(call, &run, "items");
    return 0;
}

int32_t call_put(struct rh_call *call, const char *key, const char *procedure)
{
    return rh_out_query(call, key,
                        "SELECT strftime('%Y-%m-%d', at_utc, 'unixepoch') AS day, procedure, step, "
                        "spoke_with, about, until_day AS until, actor FROM procedure_call WHERE ?1 "
                        "IS NULL OR procedure = ?1 ORDER BY at_utc DESC, id DESC",
                        "s", procedure);
}

int32_t call_list(struct rh_call *call)
{
    const char *procedure = NULL;
    int32_t rc = rh_param_given(call, "procedure")
                     ? run_find(call, rh_param_text(call, "procedure"), &procedure)
                     : 0;

    return rc < 0 ? rc : call_put(call, "items", procedure);
}
