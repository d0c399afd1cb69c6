/* What is to be said: a reminder of a procedure becomes one item for each person who gets it. */
#include "plugins/reminders/internal.h"

#include <string.h>

/* A member of the event's object. */
static const char *member(struct rh_call *call, const struct rh_event *event, const char *path)
{
    struct rh_rows *rows;
    const char *value = NULL;

    if (rh_query(call, &rows, "SELECT json_extract(?1, ?2)", "ss", event->after, path) < 0)
        return NULL;
    if (rh_next(call, rows) == 1)
        value = rh_get_text(call, rows, 0);
    rh_close(call, rows);
    return value;
}

struct reminder {
    const char *key, *procedure, *step, *role, *copy, *template, *day;
    int32_t urgent;
};

static int32_t add_item(struct rh_call *call, const struct reminder *reminder,
                        const struct addressee *person, int32_t copy)
{
    int64_t added =
        rh_exec(call,
                "INSERT INTO reminders_item(reminder, person, name, email, language, "
                "procedure, step, template, day, copy, urgent, state, since_utc) VALUES "
                "(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 'waiting', ?12) ON "
                "CONFLICT(reminder, person) DO NOTHING",
                "sssssssssiii", reminder->key, person->key, person->name, person->email,
                person->lang, reminder->procedure, reminder->step, reminder->template,
                reminder->day, (int64_t)copy, (int64_t)reminder->urgent, rh_now_utc(call));

    return added <= 0 ? (int32_t)added : plan_mail(call, person, reminder->urgent);
}

static int32_t note_lost(struct rh_call *call, const struct reminder *reminder)
{
    int64_t added =
        rh_exec(call,
                "INSERT INTO reminders_lost(reminder, procedure, step, role, at_utc) VALUES "
                "(?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
                "ssssi", reminder->key, reminder->procedure, reminder->step, reminder->role,
                rh_now_utc(call));

    if (added < 0)
        return (int32_t)added;
    added = rh_event(call, "reminder.lost", reminder->key, NULL, NULL);
    return added < 0 ? (int32_t)added : 0;
}

static int32_t add_role(struct rh_call *call, const struct reminder *reminder, const char *role,
                        int32_t copy)
{
    struct addressee people[PEOPLE_MAX];
    int32_t count = find_people(call, reminder->procedure, role, people), rc = 0;

    if (count == 0 && !copy)
        return note_lost(call, reminder);
    for (int32_t i = 0; i < count && rc >= 0; i++)
        rc = add_item(call, reminder, &people[i], copy);
    return count < 0 ? count : rc;
}

int32_t on_reminder(struct rh_call *call, const struct rh_event *event)
{
    struct reminder reminder = {
        .key = member(call, event, "$.key"),
        .procedure = event->subject,
        .step = member(call, event, "$.step"),
        .role = member(call, event, "$.role"),
        .copy = member(call, event, "$.copy"),
        .template = member(call, event, "$.template"),
        .day = member(call, event, "$.day"),
    };
    const char *urgent = member(call, event, "$.urgent");
    int32_t rc;

    if (!reminder.key || !reminder.role || !reminder.step || !reminder.template)
        return 0;
    reminder.urgent = urgent && strcmp(urgent, "1") == 0;
    rc = add_role(call, &reminder, reminder.role, 0);
    return rc < 0 || !reminder.copy ? rc : add_role(call, &reminder, reminder.copy, 1);
}

/* It says what is not true any more: what has not left will not leave. A mail that says other
 * things as well leaves. `step` or `key` may be NULL: all of the procedure. */
static int32_t drop(struct rh_call *call, const char *procedure, const char *step, const char *key)
{
    struct rh_rows *rows;
    int32_t rc =
        rh_query(call, &rows,
                 "SELECT DISTINCT mail FROM reminders_item i WHERE procedure = ?1 AND (?2 IS NULL "
                 "OR step = ?2) AND (?3 IS NULL OR reminder = ?3) AND state = 'mailed' AND mail IS "
                 "NOT NULL AND (SELECT count(*) FROM reminders_item o WHERE o.mail = i.mail) = 1",
                 "sss", procedure, step, key);

    while (rc >= 0 && (rc = rh_next(call, rows)) == 1)
        if (rh_mail_drop_in(call, rh_get_text(call, rows, 0), "der Schritt ist getan",
                            "the step is done") < 0)
            return RH_EFAILED;
    if (rc < 0)
        return rc;
    rh_close(call, rows);
    return rh_exec(call,
                   "UPDATE reminders_item SET state = 'dropped' WHERE procedure = ?1 AND (?2 IS "
                   "NULL OR step = ?2) AND (?3 IS NULL OR reminder = ?3) AND state = 'waiting'",
                   "sss", procedure, step, key) < 0
               ? RH_EFAILED
               : 0;
}

int32_t on_void(struct rh_call *call, const struct rh_event *event)
{
    const char *key = member(call, event, "$.key");

    return key ? drop(call, event->subject, NULL, key) : 0;
}

int32_t on_step(struct rh_call *call, const struct rh_event *event)
{
    const char *is = member(call, event, "$.is"), *step = member(call, event, "$.step");

    if (!is || !step ||
        (strcmp(is, "done") != 0 && strcmp(is, "skipped") != 0 && strcmp(is, "cancelled") != 0))
        return 0;
    return drop(call, event->subject, step, NULL);
}

int32_t on_written(struct rh_call *call, const struct rh_event *event)
{
    const char *day = member(call, event, "$.day");

    if (!day)
        return 0;
    return rh_exec(call,
                   "INSERT INTO reminders_taken(person, day) VALUES (?1, ?2) ON CONFLICT DO "
                   "NOTHING",
                   "ss", event->subject, day) < 0
               ? RH_EFAILED
               : 0;
}
