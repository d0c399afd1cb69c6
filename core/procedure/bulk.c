/*
 * Many procedures at once: chosen by a filter, each told the same thing, all in one transaction.
 *
 * The preview and the deed are one walk over the same procedures; only the deed stores. So what was
 * shown is what happens, and the number that a person confirms is counted by the walk itself. A
 * procedure that does not allow it is named with its reason and stops the whole, unless the person
 * says that such ones are to be left out.
 */
#include "core/procedure/internal.h"

#include "core/operation/call.h"

#include <string.h>

const char procedure_schema_bulk[] =
    "CREATE TABLE procedure_bulk (        -- what was done to many at once\n"
    "  id INTEGER PRIMARY KEY,\n"
    "  at_utc INTEGER NOT NULL,\n"
    "  actor TEXT NOT NULL,\n"
    "  action TEXT NOT NULL,\n"
    "  step TEXT,\n"
    "  reason TEXT,\n"
    "  procedures INTEGER NOT NULL,\n"
    "  undone_utc INTEGER                 -- NULL: it holds\n"
    ") STRICT;\n"
    "CREATE TABLE procedure_bulk_event (  -- the events it consists of\n"
    "  bulk INTEGER NOT NULL REFERENCES procedure_bulk(id),\n"
    "  run INTEGER NOT NULL REFERENCES procedure_run(id),\n"
    "  number INTEGER NOT NULL,\n"
    "  PRIMARY KEY (bulk, run, number)\n"
    ") STRICT, WITHOUT ROWID;\n";

/* ---- the actions ---- */

enum {
    NEEDS_STEP = 1,
    NEEDS_REASON = 2,
    NEEDS_WORKDAYS = 4,
    NEEDS_CLOCK = 8,
    NEEDS_ON = 16,
    NEEDS_UNTIL = 32
};

static const struct action {
    const char *name;
    enum rh_process_event_kind kind;
    int32_t needs;
} actions[] = {
    {"pause", RH_PROCESS_PAUSE, NEEDS_REASON | NEEDS_CLOCK},
    {"resume", RH_PROCESS_RESUME, 0},
    {"shift", RH_PROCESS_SHIFT, NEEDS_STEP | NEEDS_WORKDAYS | NEEDS_REASON},
    {"extend", RH_PROCESS_EXTEND, NEEDS_STEP | NEEDS_WORKDAYS | NEEDS_REASON},
    {"set", RH_PROCESS_SET, NEEDS_STEP | NEEDS_ON | NEEDS_REASON},
    {"reset", RH_PROCESS_RESET, NEEDS_STEP},
    {"done", RH_PROCESS_DONE, NEEDS_STEP},
    {"skip", RH_PROCESS_SKIP, NEEDS_STEP},
    {"reopen", RH_PROCESS_REOPEN, NEEDS_STEP | NEEDS_REASON},
    {"wait", RH_PROCESS_WAIT, NEEDS_STEP | NEEDS_UNTIL},
    {"go-on", RH_PROCESS_GO_ON, NEEDS_STEP},
};

static const struct action *action_named(const char *name)
{
    for (size_t i = 0; name && i < sizeof(actions) / sizeof(actions[0]); i++)
        if (strcmp(actions[i].name, name) == 0)
            return &actions[i];
    return NULL;
}

static int32_t check_given(struct rh_call *call, const struct action *action)
{
    static const struct {
        int32_t need;
        const char *param;
    } needs[] = {
        {NEEDS_STEP, "step"},   {NEEDS_REASON, "reason"}, {NEEDS_WORKDAYS, "workdays"},
        {NEEDS_CLOCK, "clock"}, {NEEDS_ON, "on"},         {NEEDS_UNTIL, "until"},
    };

    for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]); i++)
        if ((action->needs & needs[i].need) && !rh_param_given(call, needs[i].param))
            return rh_fail(call, RH_EINVALID, "zu '%s' gehört --%s", "'%s' needs --%s",
                           action->name, needs[i].param);
    return 0;
}

static int32_t event_of(struct rh_call *call, const struct action *action,
                        struct rh_process_event *ret)
{
    struct rh_process_event event = RH_PROCESS_EVENT(action->kind, rh_now_utc(call));
    const char *clock = rh_param_text(call, "clock");

    event.step = rh_param_text(call, "step");
    event.reason = rh_param_text(call, "reason");
    event.flag = action->kind == RH_PROCESS_PAUSE && clock && strcmp(clock, "stops") == 0;
    if (action->needs & NEEDS_WORKDAYS)
        event.count = (int32_t)rh_param_int(call, "workdays");
    if (action->needs & NEEDS_UNTIL)
        event.day = (int32_t)rh_param_int(call, "until");
    if (action->kind == RH_PROCESS_SET || action->kind == RH_PROCESS_DONE)
        event.day = rh_param_given(call, "on") ? (int32_t)rh_param_int(call, "on") : rh_today(call);
    *ret = event;
    return check_given(call, action);
}

/* ---- who ---- */

#define OFFICES_MAX ((size_t)16 * 1024)

/* ",lemgo,bonn," of "Lemgo; bonn": each name is an office or the whole is refused. */
static int32_t office_list(struct rh_call *call, const char **ret_list)
{
    const char *text = rh_param_text(call, "offices");
    rh_auto_str(list, OFFICES_MAX);
    int32_t rc = 0;

    *ret_list = NULL;
    if (!text)
        return 0;
    rh_str_printf(&list, ",");
    for (const char *p = text; *p && rc == 0;) {
        size_t length = strcspn(p, ",;\n");
        const char *from = p, *end = p + length, *office;

        for (p = end + (*end != '\0'); from < end && strchr(" \t\r", *from);)
            from++;
        while (end > from && strchr(" \t\r", end[-1]))
            end--;
        if (from == end)
            continue;
        rc = rh_resolve(call, "SELECT id, name, short_name FROM v_office",
                        RH_TEXT("Jugendamt", "office"),
                        rh_format(call, "%.*s", "%.*s", (int)(end - from), from), &office);
        if (rc == 0)
            rh_str_printf(&list, "%s,", office);
    }
    if (rc < 0 || (rc = rh_str_check(&list, rh_call_err(call))) < 0)
        return rc;
    *ret_list = rh_format(call, "%s", "%s", list.data);
    return 0;
}

static int32_t choose(struct rh_call *call, struct rh_rows **ret_rows)
{
    const char *offices;
    int32_t rc = office_list(call, &offices);

    if (rc < 0)
        return rc;
    return rh_query(
        call, ret_rows,
        "SELECT r.procedure FROM v_run r JOIN v_office o ON o.id = r.office WHERE CASE ?1 WHEN "
        "'open' THEN r.state IN ('running','paused') WHEN 'all' THEN r.state IN "
        "('planned','running','paused') ELSE r.state = ?1 END AND (?2 IS NULL OR r.round = ?2) AND "
        "(?3 IS NULL OR o.region = ?3) AND (?4 IS NULL OR substr(r.start_day, 1, 7) = ?4) AND (?5 "
        "IS NULL OR instr(?5, ',' || r.office || ',') > 0) AND (?6 IS NULL OR EXISTS (SELECT 1 "
        "FROM v_step s WHERE s.procedure = r.procedure AND s.step = ?6 AND s.state IN "
        "('ready','running','waiting','paused'))) ORDER BY r.procedure",
        "ssssss", rh_param_text(call, "state"), rh_param_text(call, "round"),
        rh_param_text(call, "region"),
        rh_param_given(call, "month") ? rh_month_text(call, (int32_t)rh_param_int(call, "month"))
                                      : NULL,
        offices, rh_param_text(call, "at-step"));
}

/* ---- rows of the answer ---- */

void bulk_put_row(struct rh_call *call, const struct run *run, const char *kind, const char *what)
{
    rh_out_object(call, NULL);
    rh_out_text(call, "procedure", run->procedure);
    rh_out_text(call, "office_name", run->office_name);
    rh_out_text(call, "heading", run->office_name);
    rh_out_text(call, "kind", kind);
    rh_out_text(call, "step", NULL);
    rh_out_text(call, "title", NULL);
    rh_out_text(call, "day", NULL);
    rh_out_text(call, "what", what);
    rh_out_flag(call, "is_refused", strcmp(kind, "refused") == 0);
    rh_out_flag(call, "ends", 1);
    rh_out_end(call);
}

static const char *title_of(struct rh_call *call, const struct run *run, const char *step)
{
    int32_t index = step ? rh_process_step_find(run->state->definition, step) : -1;

    return index < 0 ? step : rh_say_in(call, run->state->definition->steps[index].title);
}

static void put_effects(struct rh_call *call, const struct run *run, struct bulk_sum *sum)
{
    for (size_t i = 0; i < run->effects.count; i++) {
        const struct rh_process_effect *effect = &run->effects.list[i];

        rh_out_object(call, NULL);
        rh_out_text(call, "procedure", run->procedure);
        rh_out_text(call, "office_name", run->office_name);
        rh_out_text(call, "heading", i == 0 ? run->office_name : NULL);
        run_put_effect(call, effect);
        rh_out_text(call, "title", title_of(call, run, effect->step));
        rh_out_flag(call, "is_refused", 0);
        rh_out_flag(call, "ends", i + 1 == run->effects.count);
        rh_out_end(call);
        sum->deadlines += effect->kind == RH_PROCESS_DUE_SET ||
                          effect->kind == RH_PROCESS_DUE_GONE ||
                          effect->kind == RH_PROCESS_DUE_PASSED;
        sum->mails += effect->kind == RH_PROCESS_MAIL_SET || effect->kind == RH_PROCESS_MAIL_GONE ||
                      effect->kind == RH_PROCESS_MAIL_OUT;
        sum->lost += effect->kind == RH_PROCESS_MAIL_LOST;
        sum->soon +=
            effect->kind == RH_PROCESS_MAIL_SET && effect->at < rh_now_utc(call) + FORECAST_S;
    }
    sum->changes += (int64_t)run->effects.count;
    if (run->effects.count == 0) {
        bulk_put_row(call, run, "unchanged",
                     rh_format(call, "weder Frist noch Mail ändert sich",
                               "no deadline and no mail changes"));
        sum->changes++;
    }
    sum->procedures++;
}

/* The error of a procedure that does not allow it becomes a row; any other ends the walk. */
static int32_t put_refused(struct rh_call *call, const struct run *run, int32_t rc,
                           struct bulk_sum *sum)
{
    const char *why[2];

    if (rc != RH_EINVALID && rc != RH_ECONFLICT && rc != RH_ENOTFOUND)
        return rh_wrap(call, "Verfahren '%s'", "procedure '%s'", run->procedure);
    for (int lang = 0; lang < 2; lang++) {
        const char *named = sum->named[lang] ? sum->named[lang] : "";

        why[lang] = rh_format(call, "%s", "%s", rh_call_err(call)->text[lang]);
        if (sum->refused < BULK_NAMED_MAX)
            sum->named[lang] = rh_format(call, "%s%s%s (%s)", "%s%s%s (%s)", named,
                                         *named ? ", " : "", run->procedure, why[lang]);
    }
    rh_forget(call);
    sum->refused++;
    bulk_put_row(call, run, "refused", why[call->lang]);
    return 0;
}

int32_t bulk_handle(struct rh_call *call, struct run *run, const struct rh_process_event *event,
                    struct bulk_sum *sum)
{
    int32_t rc = run_check_step(call, run, event->step);

    if (rc < 0 || (rc = run_handle(call, run, event)) < 0) {
        rc = put_refused(call, run, rc, sum);
        return rc < 0 ? rc : 0;
    }
    put_effects(call, run, sum);
    return 1;
}

void bulk_put_sum(struct rh_call *call, const struct bulk_sum *sum)
{
    rh_out_int(call, "procedures", sum->procedures);
    rh_out_int(call, "changes", sum->changes);
    rh_out_int(call, "deadlines", sum->deadlines);
    rh_out_int(call, "mails", sum->mails);
    rh_out_int(call, "soon", sum->soon);
    rh_out_int(call, "lost", sum->lost);
    rh_out_int(call, "refused", sum->refused);
}

int32_t bulk_check_refused(struct rh_call *call, const struct bulk_sum *sum)
{
    if (sum->refused == 0 || rh_param_int(call, "skip-refused"))
        return 0;
    /* both formats take both lists and print their own */
    return rh_fail(call, RH_ECONFLICT,
                   "%lld Verfahren lassen es nicht zu, nichts ist geschehen: %s%.0s%s; "
                   "--skip-refused lässt sie aus",
                   "%lld procedures do not allow it, nothing was done: %.0s%s%s; --skip-refused "
                   "leaves them out",
                   (long long)sum->refused, sum->named[0], sum->named[1],
                   sum->refused > BULK_NAMED_MAX ? ", …" : "");
}

/* ---- the deed ---- */

/* A person has confirmed them with their number: the brake lets them pass (tick.c). */
static int32_t let_pass(struct rh_call *call, const struct run *run)
{
    for (size_t i = 0; i < run->effects.count; i++) {
        const struct rh_process_effect *effect = &run->effects.list[i];
        char key[RH_PROCESS_KEY_SIZE];

        if (effect->kind != RH_PROCESS_MAIL_SET)
            continue;
        rh_process_mail_key(run->state, effect->step, effect->rule, effect->day, key);
        if (rh_exec(call,
                    "UPDATE procedure_mail SET known_utc = min(known_utc, at_utc - ?2) WHERE key = "
                    "?1 AND state = 'ahead'",
                    "si", key, FORECAST_S) < 0)
            return RH_EFAILED;
    }
    return 0;
}

int32_t bulk_keep(struct rh_call *call, struct run *run, size_t from, int64_t bulk)
{
    int32_t rc = run_store(call, run, from);
    int64_t changed;

    if (rc < 0)
        return rh_wrap(call, "Verfahren '%s'", "procedure '%s'", run->procedure);
    changed =
        rh_exec(call, "INSERT INTO procedure_bulk_event(bulk, run, number) VALUES (?1, ?2, ?3)",
                "iii", bulk, run->id, (int64_t)from + 1);
    return changed < 0 ? (int32_t)changed : let_pass(call, run);
}

/* `bulk` 0: a preview, nothing is stored. */
static int32_t walk(struct rh_call *call, const struct rh_process_event *event, int64_t bulk,
                    struct bulk_sum *sum)
{
    struct rh_rows *rows;
    int32_t rc = choose(call, &rows);

    rh_out_array(call, "items");
    while (rc >= 0 && (rc = rh_next(call, rows)) == 1) {
        auto_run run = {0};
        size_t from;

        if ((rc = run_load(call, rh_get_text(call, rows, 0), &run)) < 0)
            return rc;
        from = run.state->event_count;
        if (!event) {
            bulk_put_row(call, &run, "chosen", NULL);
            sum->procedures++;
        } else if ((rc = bulk_handle(call, &run, event, sum)) < 0 ||
                   (rc == 1 && bulk && (rc = bulk_keep(call, &run, from, bulk)) < 0))
            return rc;
    }
    rh_out_end(call);
    if (rc >= 0)
        rh_close(call, rows);
    return rc < 0 ? rc : 0;
}

static int32_t put_choices(struct rh_call *call)
{
    const char *state = rh_param_text(call, "state"), *action = rh_param_text(call, "action");
    static const char *const states[] = {"open", "planned", "running", "paused", "all"};

    for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
        rh_out_flag(call, rh_format(call, "is_%s", "is_%s", states[i]),
                    strcmp(state, states[i]) == 0);
    rh_out_array(call, "actions");
    for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
        rh_out_object(call, NULL);
        rh_out_text(call, "action", actions[i].name);
        rh_out_flag(call, "selected", action && strcmp(action, actions[i].name) == 0);
        rh_out_end(call);
    }
    rh_out_end(call);
    if (rh_out_query(call, "rounds",
                     "SELECT id AS round, id IS ?1 AS selected FROM v_round ORDER BY id", "s",
                     rh_param_text(call, "round")) < 0 ||
        rh_out_query(call, "regions",
                     "SELECT DISTINCT region, region IS ?1 AS selected FROM v_office ORDER BY "
                     "region",
                     "s", rh_param_text(call, "region")) < 0)
        return RH_EFAILED;
    return rh_out_query(call, "steps",
                        "SELECT s.step, iif(?2, s.title_en, s.title_de) AS title, s.step IS ?1 AS "
                        "selected, s.step IS ?3 AS at FROM v_step s WHERE s.run_state IN "
                        "('planned','running','paused') GROUP BY s.step ORDER BY min(s.position)",
                        "sis", rh_param_text(call, "step"), (int64_t)call->lang,
                        rh_param_text(call, "at-step"));
}

static void put_given(struct rh_call *call)
{
    static const char *const texts[] = {"reason", "offices", "clock"};
    static const char *const days[] = {"on", "until"};

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        rh_out_text(call, texts[i], rh_param_text(call, texts[i]));
    for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++)
        rh_out_text(call, days[i], look_day(call, (int32_t)rh_param_int(call, days[i])));
    rh_out_text(call, "month",
                rh_param_given(call, "month")
                    ? rh_month_text(call, (int32_t)rh_param_int(call, "month"))
                    : NULL);
    rh_out_text(call, "workdays",
                rh_param_given(call, "workdays")
                    ? rh_format(call, "%lld", "%lld", (long long)rh_param_int(call, "workdays"))
                    : NULL);
    rh_out_flag(call, "runs_on",
                rh_param_given(call, "clock") && strcmp(rh_param_text(call, "clock"), "runs") == 0);
}

int32_t bulk_preview(struct rh_call *call)
{
    const struct action *action = action_named(rh_param_text(call, "action"));
    struct rh_process_event event;
    struct bulk_sum sum = {0};
    int32_t rc = action ? event_of(call, action, &event) : 0;

    if (rc < 0 || (rc = walk(call, action ? &event : NULL, 0, &sum)) < 0)
        return rc;
    rh_out_text(call, "action", action ? action->name : NULL);
    rh_out_text(call, "state", rh_param_text(call, "state"));
    rh_out_text(call, "step", rh_param_text(call, "step"));
    rh_out_text(call, "at_step", rh_param_text(call, "at-step"));
    rh_out_text(call, "round", rh_param_text(call, "round"));
    rh_out_text(call, "region", rh_param_text(call, "region"));
    bulk_put_sum(call, &sum);
    return 0;
}

/* The page's: the preview with all that its form has to offer. */
int32_t bulk_form(struct rh_call *call)
{
    int32_t rc = bulk_preview(call);

    if (rc < 0)
        return rc;
    put_given(call);
    if ((rc = put_choices(call)) < 0)
        return rc;
    return bulk_put_list(call, "batches", 10);
}

static int32_t begin_batch(struct rh_call *call, const struct action *action, int64_t *ret_bulk)
{
    int64_t changed = rh_exec(call,
                              "INSERT INTO procedure_bulk(at_utc, actor, action, step, reason, "
                              "procedures) VALUES (?1, ?2, ?3, ?4, ?5, 0)",
                              "issss", rh_now_utc(call), rh_actor(call), action->name,
                              rh_param_text(call, "step"), rh_param_text(call, "reason"));

    *ret_bulk = rh_last_id(call);
    return changed < 0 ? (int32_t)changed : 0;
}

static int32_t check_number(struct rh_call *call, const struct bulk_sum *sum)
{
    if (sum->procedures + sum->refused == 0)
        return rh_fail(call, RH_ENOTFOUND,
                       "auf diese Auswahl passt kein Verfahren; 'bulk preview' zeigt, wer passt",
                       "no procedure fits this choice; 'bulk preview' shows which do");
    if (sum->changes == rh_param_int(call, "changes"))
        return 0;
    return rh_fail(call, RH_ECONFLICT,
                   "es sind %lld Änderungen, nicht %lld; 'bulk preview' zeigt sie",
                   "it is %lld changes, not %lld; 'bulk preview' shows them",
                   (long long)sum->changes, (long long)rh_param_int(call, "changes"));
}

int32_t bulk_apply(struct rh_call *call)
{
    const struct action *action = action_named(rh_param_text(call, "action"));
    struct rh_process_event event;
    struct bulk_sum sum = {0};
    int64_t bulk, changed;
    int32_t rc = event_of(call, action, &event);

    if (rc < 0 || (rc = begin_batch(call, action, &bulk)) < 0 ||
        (rc = walk(call, &event, bulk, &sum)) < 0 || (rc = check_number(call, &sum)) < 0 ||
        (rc = bulk_check_refused(call, &sum)) < 0)
        return rc;
    changed = rh_exec(call, "UPDATE procedure_bulk SET procedures = ?2 WHERE id = ?1", "ii", bulk,
                      sum.procedures);
    if (changed < 0 ||
        (changed = rh_event(call, "procedure.bulk",
                            rh_format(call, "%lld", "%lld", (long long)bulk), NULL, NULL)) < 0)
        return (int32_t)changed;
    rh_out_int(call, "batch", bulk);
    bulk_put_sum(call, &sum);
    rh_say(call,
           "Stapel %lld: %lld Verfahren, %lld Fristen und %lld Mails geändert; 'bulk undo %lld' "
           "nimmt alles zurück",
           "batch %lld: %lld procedures, %lld deadlines and %lld mails changed; 'bulk undo %lld' "
           "takes all of it back",
           (long long)bulk, (long long)sum.procedures, (long long)sum.deadlines,
           (long long)sum.mails, (long long)bulk);
    return 0;
}
