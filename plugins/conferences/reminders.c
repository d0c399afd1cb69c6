/*
 * Reminders: written when the invitation is, waiting for their day as mails of their own. So they
 * stand in the forecast of the next days, each can be stopped there, and an answer drops them. They
 * leave on working days of the office, in office hours, in no quiet time, and never two to one
 * person on a day.
 */
#include "plugins/conferences/internal.h"

#include <string.h>

#define MOVES_MAX 120 /* days: longer than any quiet time */

static const struct reminder {
    const struct sort *sort;
    const char *name, *template_name;
    const char *answer; /* to those who answered that */
    int32_t before_day; /* 1: counted from the day itself, 0: from the last day to answer */
    int32_t workdays;   /* before it */
    int32_t in_quiet;   /* 1: also in a quiet time, for the day itself was put there */
} reminders[] = {
    {&conference_sort, "answer", "conference_reminder", "open", 0, 5, 0},
    {&conference_sort, "eve", "conference_eve", "yes", 1, 1, 1},
    {&survey_sort, "soon", "office_survey_reminder", "open", 0, 5, 0},
    {&survey_sort, "last", "office_survey_reminder", "open", 0, 1, 0},
};
#define REMINDER_COUNT (sizeof(reminders) / sizeof(reminders[0]))

/* ---- days ---- */

static int32_t is_quiet(struct rh_call *call, int32_t day)
{
    const char *text = rh_day_text(call, day);
    struct rh_rows *rows;
    int32_t rc;

    if (strcmp(text + 5, "12-24") >= 0 || strcmp(text + 5, "01-01") == 0)
        return 1;
    if ((rc = rh_query(call, &rows,
                       "SELECT 1 FROM v_school_holiday WHERE ?1 BETWEEN first_day AND last_day",
                       "s", text)) < 0)
        return rc;
    rc = rh_next(call, rows);
    rh_close(call, rows);
    return rc;
}

int32_t free_day(struct rh_call *call, const char *office, int32_t day, int32_t direction,
                 int32_t *ret_day)
{
    struct rh_calendar *calendar;
    int32_t rc = rh_calendar_open(call, office, &calendar);

    for (int moves = 0; rc == 0 && moves < MOVES_MAX; moves++, day += direction) {
        if (!rh_calendar_is_workday(call, calendar, day))
            continue;
        if ((rc = is_quiet(call, day)) <= 0) {
            *ret_day = day;
            return rc;
        }
        rc = 0;
    }
    return rc < 0 ? rc
                  : rh_fail(call, RH_EINVALID, "bei %s ist weit und breit kein freier Tag",
                            "there is no free day anywhere near %s", rh_day_text(call, day));
}

static int32_t is_taken(struct rh_call *call, const char *email, int32_t day)
{
    struct rh_rows *rows;
    int32_t rc =
        rh_query(call, &rows, "SELECT 1 FROM conferences_taken WHERE email = ?1 AND day = ?2", "ss",
                 email, rh_day_text(call, day));

    if (rc < 0)
        return rc;
    rc = rh_next(call, rows);
    rh_close(call, rows);
    return rc;
}

/* The day is this person's from now on; the plugin reminders hears of it and writes on another. */
static int32_t take_day(struct rh_call *call, const struct guest *guest, int32_t day)
{
    const char *text = rh_day_text(call, day);
    int64_t rc = rh_exec(call,
                         "INSERT INTO conferences_taken(email, day) VALUES (?1, ?2) ON CONFLICT DO "
                         "NOTHING",
                         "ss", guest->email, text);

    if (rc >= 0 && guest->person)
        rc = rh_event(call, "person.written",
                      rh_format(call, "person/%lld", "person/%lld", (long long)guest->person), NULL,
                      rh_format(call, "{\"day\":\"%s\"}", "{\"day\":\"%s\"}", text));
    return rc < 0 ? (int32_t)rc : 0;
}

/* The nearest free day in that direction on which the person gets nothing else of ours. */
static int32_t day_for(struct rh_call *call, const struct guest *guest, int32_t day,
                       int32_t direction, int32_t *ret_day)
{
    int32_t rc;

    for (int moves = 0; moves < MOVES_MAX; moves++, day += direction) {
        if ((rc = free_day(call, guest->office, day, direction, &day)) < 0 ||
            (rc = is_taken(call, guest->email, day)) < 0)
            return rc;
        if (rc == 0)
            break;
    }
    *ret_day = day;
    return 0;
}

int32_t invitation_time(struct rh_call *call, const struct occasion *one, const struct guest *guest,
                        int32_t first_day, int64_t *ret_at)
{
    int32_t today = rh_today(call), hour = (int32_t)(rh_now_utc(call) % 86400 / 3600), day, rc;
    int32_t open_now = hour >= 7 && hour < 14 && !guest->written_today;

    (void)one;
    if (first_day <= today)
        first_day = open_now ? today : today + 1;
    if ((rc = day_for(call, guest, first_day, 1, &day)) < 0)
        return rc;
    *ret_at = day == today ? 0 : (int64_t)day * 86400 + OFFICE_HOUR_S;
    return take_day(call, guest, day);
}

/* ---- the mails ---- */

const char *mail_fields(struct rh_call *call, const struct occasion *one, const struct guest *guest)
{
    const char *fields = "{}";
    struct rh_rows *rows;

    if (rh_query(call, &rows,
                 "SELECT json_object('name', ?1, 'office', ?2, 'title', ?3, 'day', "
                 "strftime('%d.%m.%Y', ?4), 'place', ?5, 'answer_by', strftime('%d.%m.%Y', ?6))",
                 "ssssss", guest->name, guest->office_name,
                 guest->lang ? one->title_en : one->title_de, rh_day_text(call, one->day),
                 one->place, rh_day_text(call, one->answer_by)) < 0)
        return fields;
    if (rh_next(call, rows) == 1)
        fields = rh_get_text(call, rows, 0);
    rh_close(call, rows);
    return fields;
}

/* When it should leave; RH_NO_DAY: too late for it. */
static int32_t reminder_day(struct rh_call *call, const struct reminder *reminder,
                            const struct occasion *one, const char *office, int32_t *ret_day)
{
    int32_t base = reminder->before_day ? one->day : one->answer_by, day, rc;
    struct rh_calendar *calendar;

    if ((rc = rh_calendar_open(call, office, &calendar)) < 0 ||
        (rc = rh_calendar_add(call, calendar, base, -reminder->workdays, &day, NULL)) < 0 ||
        (!reminder->in_quiet && (rc = free_day(call, office, day, -1, &day)) < 0))
        return rc;
    /* the invitation has to have been there for some days */
    *ret_day = day > rh_today(call) + 3 || reminder->in_quiet ? day : RH_NO_DAY;
    if (day <= rh_today(call))
        *ret_day = RH_NO_DAY;
    return 0;
}

/* Who says yes, no and yes again is reminded after all: that one is a mail of its own. */
static const char *key_of(struct rh_call *call, const struct reminder *reminder,
                          const struct occasion *one, const struct guest *guest)
{
    const char *key = rh_format(call, "conferences/%s/%s/%s", "conferences/%s/%s/%s", one->id,
                                guest->office, reminder->name);

    if (strcmp(reminder->answer, "open") == 0)
        return key;
    return rh_format(call, "%s/%lld", "%s/%lld", key, (long long)rh_now_utc(call));
}

static int32_t queue_one(struct rh_call *call, const struct reminder *reminder,
                         const struct occasion *one, const struct guest *guest)
{
    struct rh_mail mail = {
        .size = sizeof(mail),
        .key = key_of(call, reminder, one, guest),
        .kind = "conferences.reminder",
        .to = {guest->name, guest->email},
        .lang = guest->lang,
        .template_name = reminder->template_name,
        .fields = mail_fields(call, one, guest),
        .in_reply_to =
            rh_format(call, "conferences/%s/%s", "conferences/%s/%s", one->id, guest->office),
    };
    int32_t day, rc = reminder_day(call, reminder, one, guest->office, &day);
    int64_t changed;

    if (rc < 0 || day == RH_NO_DAY ||
        (!reminder->in_quiet && (rc = day_for(call, guest, day, -1, &day)) < 0) ||
        day <= rh_today(call))
        return rc < 0 ? rc : 0;
    mail.not_before_utc = (int64_t)day * 86400 + OFFICE_HOUR_S;
    if ((rc = rh_mail_queue_in(call, &mail)) < 0 || (rc = take_day(call, guest, day)) < 0)
        return rc;
    changed =
        rh_exec(call,
                "INSERT INTO conferences_reminder(conference, office, rule, mail, day) VALUES "
                "(?1, ?2, ?3, ?4, ?5) ON CONFLICT DO UPDATE SET mail = excluded.mail, day = "
                "excluded.day",
                "sssss", one->id, guest->office, reminder->name, mail.key, rh_day_text(call, day));
    return changed < 0 ? (int32_t)changed : 0;
}

int32_t queue_reminders(struct rh_call *call, const struct sort *sort, const struct occasion *one,
                        const struct guest *guest, const char *answer)
{
    int32_t rc = 0;

    for (size_t i = 0; i < REMINDER_COUNT && rc == 0; i++)
        if (reminders[i].sort == sort && strcmp(reminders[i].answer, answer) == 0)
            rc = queue_one(call, &reminders[i], one, guest);
    return rc < 0 ? rh_wrap(call, "Erinnerung an '%s'", "reminder to '%s'", guest->office) : 0;
}

int32_t drop_reminders(struct rh_call *call, const char *occasion, const char *office)
{
    struct rh_rows *rows;
    int64_t dropped = 0;
    int32_t rc = rh_query(call, &rows,
                          "SELECT mail FROM conferences_reminder WHERE conference = ?1 AND (?2 IS "
                          "NULL OR office = ?2) UNION ALL SELECT mail FROM conferences_invitation "
                          "WHERE conference = ?1 AND ?2 IS NULL",
                          "ss", occasion, office);

    while (rc >= 0 && (rc = rh_next(call, rows)) == 1) {
        int64_t one = rh_mail_drop_in(call, rh_get_text(call, rows, 0),
                                      office ? "die Antwort ist da" : "beendet",
                                      office ? "the answer is there" : "closed");

        if (one < 0)
            return (int32_t)one;
        dropped += one;
    }
    if (rc < 0)
        return rc;
    rh_close(call, rows);
    return (int32_t)dropped;
}

int32_t put_reminder_days(struct rh_call *call, const struct sort *sort, const struct occasion *one)
{
    int32_t rc = 0;

    rh_out_array(call, "reminders");
    for (size_t i = 0; i < REMINDER_COUNT && rc == 0; i++) {
        int32_t day;

        if (reminders[i].sort != sort ||
            (rc = reminder_day(call, &reminders[i], one, NULL, &day)) < 0 || day == RH_NO_DAY)
            continue;
        rh_out_object(call, NULL);
        rh_out_text(call, "day", rh_day_text(call, day));
        rh_out_text(call, "template", reminders[i].template_name);
        rh_out_flag(call, "to_open", strcmp(reminders[i].answer, "open") == 0);
        rh_out_end(call);
    }
    rh_out_end(call);
    return rc;
}
