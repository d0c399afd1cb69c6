/*
 * What a run means today, as rows that pages and SQL read: procedure_run, procedure_step,
 * procedure_mail, and the state of the procedure.
 *
 * An event changes little of it. So the rows are read, compared with the plan here, and only what
 * differs is written: a row that is written costs ten times one that is read.
 */
#include "core/procedure/internal.h"

#include "core/operation/call.h"

#include <string.h>

/* `procedure ahead` shows two weeks; every fourth Monday what lies behind is looked at anew. */
#define FORESEE_S ((int64_t)45 * 86400)

const char *run_state_word(const struct rh_process_state *state)
{
    if (state->cancelled)
        return "cancelled";
    if (rh_process_finished(state))
        return "done";
    if (!state->started)
        return "planned";
    return rh_process_paused(state, -1) ? "paused" : "running";
}

const char *run_day_text(struct rh_call *call, int32_t day)
{
    return day == RH_NO_DAY ? NULL : rh_day_text(call, day);
}

static bool is_same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

/* ---- steps ---- */

#define STEP_TEXTS 9 /* of a row, without run and position */

static void step_texts(const struct run *run, const struct rh_process_plan *plan, size_t index,
                       char days[3][RH_DATE_TEXT_SIZE], const char *texts[STEP_TEXTS])
{
    const struct rh_process_state *state = run->state;
    const struct rh_process_step *step = &state->definition->steps[index];
    const int32_t numbers[3] = {plan->dues[index].open_day, plan->dues[index].day,
                                state->steps[index].done_day};

    texts[0] = step->name;
    texts[1] = step->title.de;
    texts[2] = step->title.en;
    texts[3] = rh_process_role_word(step->who);
    texts[4] = rh_process_form_word(step->form);
    texts[5] = rh_process_state_word(rh_process_step_state(state, (int32_t)index));
    for (size_t i = 0; i < 3; i++)
        texts[6 + i] = numbers[i] == RH_NO_DAY ? NULL : rh_day_iso(numbers[i], days[i]);
}

static int32_t write_step(struct rh_call *call, const struct run *run, size_t index,
                          const char *const texts[STEP_TEXTS])
{
    int64_t changed = rh_exec(
        call,
        "INSERT INTO procedure_step(run, position, step, title_de, title_en, who, form, state, "
        "open_day, due_day, done_day) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) ON "
        "CONFLICT(run, position) DO UPDATE SET step = excluded.step, title_de = excluded.title_de, "
        "title_en = excluded.title_en, who = excluded.who, form = excluded.form, state = "
        "excluded.state, open_day = excluded.open_day, due_day = excluded.due_day, done_day = "
        "excluded.done_day",
        "iisssssssss", run->id, (int64_t)index, texts[0], texts[1], texts[2], texts[3], texts[4],
        texts[5], texts[6], texts[7], texts[8]);

    return changed < 0 ? (int32_t)changed : 0;
}

/* Marks the steps whose rows say already what the plan says; returns how many rows there are. */
static int32_t compare_steps(struct rh_call *call, const struct run *run,
                             const struct rh_process_plan *plan, bool same[RH_PROCESS_STEPS_MAX])
{
    char days[3][RH_DATE_TEXT_SIZE];
    const char *texts[STEP_TEXTS];
    struct rh_rows *rows;
    int32_t count = 0;
    int32_t rc = rh_query(call, &rows,
                          "SELECT position, step, title_de, title_en, who, form, state, open_day, "
                          "due_day, done_day FROM procedure_step WHERE run = ?1",
                          "i", run->id);

    while (rc >= 0 && (rc = rh_next(call, rows)) == 1) {
        size_t index = (size_t)rh_get_int(call, rows, 0);

        count++;
        if (index >= run->state->definition->step_count)
            continue;
        step_texts(run, plan, index, days, texts);
        same[index] = true;
        for (int32_t i = 0; i < STEP_TEXTS && same[index]; i++)
            same[index] = is_same(rh_get_text(call, rows, 1 + i), texts[i]);
    }
    return rc < 0 ? rc : count;
}

static int32_t store_steps(struct rh_call *call, const struct run *run,
                           const struct rh_process_plan *plan)
{
    bool same[RH_PROCESS_STEPS_MAX] = {false};
    char days[3][RH_DATE_TEXT_SIZE];
    const char *texts[STEP_TEXTS];
    size_t count = run->state->definition->step_count;
    int32_t there = compare_steps(call, run, plan, same), rc = 0;

    if (there > (int32_t)count &&
        rh_exec(call, "DELETE FROM procedure_step WHERE run = ?1 AND position >= ?2", "ii", run->id,
                (int64_t)count) < 0)
        return rh_call_err(call)->code;
    for (size_t i = 0; there >= 0 && i < count && rc == 0; i++) {
        if (same[i])
            continue;
        step_texts(run, plan, i, days, texts);
        rc = write_step(call, run, i, texts);
    }
    return there < 0 ? there : rc;
}

/* ---- reminders ahead ---- */

struct ahead {
    const char *key;
    int64_t at;
    bool kept; /* the plan still has it */
};

struct aheads {
    struct ahead *list; /* in the call's memory */
    size_t count, room;
};

static int32_t read_aheads(struct rh_call *call, const struct run *run, struct aheads *ret)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(
        call, &rows, "SELECT key, at_utc FROM procedure_mail WHERE run = ?1 AND state = 'ahead'",
        "i", run->id);

    while (rc >= 0 && (rc = rh_next(call, rows)) == 1) {
        if (ret->count == ret->room) {
            size_t room = ret->room ? 2 * ret->room : 32;
            struct ahead *more = rh_alloc_in(call, room * sizeof(*more));

            if (!more)
                return RH_ENOMEM;
            if (ret->count > 0)
                memcpy(more, ret->list, ret->count * sizeof(*more));
            ret->list = more;
            ret->room = room;
        }
        ret->list[ret->count].key = rh_get_text(call, rows, 0);
        ret->list[ret->count].at = rh_get_int(call, rows, 1);
        ret->list[ret->count++].kept = false;
    }
    return rc < 0 ? rc : 0;
}

static struct ahead *find_ahead(const struct aheads *aheads, const char *key)
{
    for (size_t i = 0; i < aheads->count; i++)
        if (is_same(aheads->list[i].key, key))
            return &aheads->list[i];
    return NULL;
}

/* One that was known and did not move keeps the time since when. */
static int32_t write_mail(struct rh_call *call, const struct run *run,
                          const struct rh_process_mail *mail, const char *key)
{
    const struct rh_process_step *step = &run->state->definition->steps[mail->step];
    int64_t changed = rh_exec(
        call,
        "INSERT INTO procedure_mail(key, run, step, rule, role, template, day, at_utc, known_utc, "
        "state) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'ahead') ON CONFLICT(key) DO UPDATE "
        "SET at_utc = excluded.at_utc, known_utc = excluded.known_utc, run = excluded.run WHERE "
        "state = 'ahead' AND at_utc <> excluded.at_utc",
        "sisssssii", key, run->id, step->name, mail->rule->key, rh_process_role_word(mail->role),
        mail->rule->template, run_day_text(call, mail->day), mail->at, rh_now_utc(call));

    return changed < 0 ? (int32_t)changed : 0;
}

static int32_t forget_mail(struct rh_call *call, const char *key)
{
    int64_t changed =
        rh_exec(call, "DELETE FROM procedure_mail WHERE key = ?1 AND state = 'ahead'", "s", key);

    return changed < 0 ? (int32_t)changed : 0;
}

/* What leaves within the weeks that people are shown. Those that the plan no longer has are
 * forgotten, but for the ones that a person stopped. */
static int32_t store_mails(struct rh_call *call, const struct run *run,
                           const struct rh_process_plan *plan)
{
    struct aheads aheads = {.count = 0};
    int64_t until = rh_now_utc(call) + FORESEE_S;
    int32_t rc = read_aheads(call, run, &aheads);

    for (size_t i = 0; i < plan->mail_count && rc == 0; i++) {
        const struct rh_process_mail *mail = &plan->mails[i];
        struct ahead *ahead;
        char key[RH_PROCESS_KEY_SIZE];

        if (mail->at > until)
            continue;
        rh_process_mail_key(run->state, run->state->definition->steps[mail->step].name,
                            mail->rule->key, mail->day, key);
        if ((ahead = find_ahead(&aheads, key)))
            ahead->kept = true;
        if (!ahead || ahead->at != mail->at)
            rc = write_mail(call, run, mail, key);
    }
    for (size_t i = 0; i < aheads.count && rc == 0; i++)
        if (!aheads.list[i].kept)
            rc = forget_mail(call, aheads.list[i].key);
    return rc;
}

/* ---- the run and its procedure ---- */

static int32_t store_run(struct rh_call *call, const struct run *run, int64_t wake)
{
    const struct rh_process_state *state = run->state;
    const struct run_row *row = &run->row;
    const char *start_day = rh_day_text(call, state->start_day), *word = run_state_word(state);
    int64_t changed;

    if (is_same(row->hash, state->definition->hash) && is_same(row->start_day, start_day) &&
        is_same(row->state, word) && row->events == (int64_t)state->event_count &&
        row->wake == wake)
        return 0;
    changed = rh_exec(call,
                      "UPDATE procedure_run SET hash = ?2, start_day = ?3, state = ?4, events "
                      "= ?5, wake_utc = nullif(?6, ?7) WHERE id = ?1",
                      "isssiii", run->id, state->definition->hash, start_day, word,
                      (int64_t)state->event_count, wake, RH_NO_INSTANT);
    return changed < 0 ? (int32_t)changed : 0;
}

static int32_t follow_procedure(struct rh_call *call, const struct run *run)
{
    const char *state = run_state_word(run->state);
    int64_t changed;

    if (strcmp(state, "paused") == 0)
        state = "running";
    if (is_same(run->row.procedure_state, state))
        return 0;
    changed = rh_exec(call, "UPDATE procedure SET state = ?2 WHERE id = ?1 AND state <> ?2", "ss",
                      run->procedure, state);
    return changed < 0 ? (int32_t)changed : 0;
}

/* A reminder that left changes nothing else. */
static bool changes_plan(const struct run *run, size_t from)
{
    for (size_t i = from; i < run->state->event_count; i++)
        if (run->state->events[i].kind != RH_PROCESS_MAILED)
            return true;
    return from == run->state->event_count; /* looked at anew */
}

int32_t run_store_meaning(struct rh_call *call, struct run *run, size_t from)
{
    struct rh_process_plan plan; /* large, and most of it is never touched */
    bool changes = changes_plan(run, from);
    int64_t wake;
    int32_t rc;

    plan.mail_count = 0;
    rh_process_plan(run->state, run->calendar, changes, &plan);
    wake = rh_process_next_in(run->state, &plan);
    if ((rc = store_run(call, run, wake)) < 0 || (rc = follow_procedure(call, run)) < 0)
        return rc;
    run->row = (struct run_row){0};
    if (changes)
        memory_changed(rh_call_house(call)->procedures);
    if (changes &&
        ((rc = store_steps(call, run, &plan)) < 0 || (rc = store_mails(call, run, &plan)) < 0))
        return rc;
    return wake == RH_NO_INSTANT || run->together ? 0 : tick_arm(call, wake);
}
