/* What stands against a time: the calendar, absences, blocked days, other meetings, other
 * calendars. The same reasons refuse a new date and report one that became impossible later. */
#include "plugins/appointments/internal.h"

#include <string.h>

struct finding {
    struct rh_call *call;
    const struct question *ask;
    struct clash *clashes;
    int32_t count;
};

static void add(struct finding *f, const char *kind, const char *who, const char *de,
                const char *en)
{
    if (f->count < CLASHES_MAX)
        f->clashes[f->count++] = (struct clash){kind, who, de, en};
}

/* A sentence in one language, whatever that of the call. */
#define SAY(...) rh_format(f->call, __VA_ARGS__)

/* "Tue 2027-03-09, 9:00–16:00" in the other language, too. */
static const char *when(struct rh_call *call, const struct span *span, int32_t lang)
{
    int32_t own = call->lang;
    const char *text;

    call->lang = lang;
    text = span_text(call, span);
    call->lang = own;
    return text;
}

/* ---- the day ---- */

/* Why it is none to work on and the next that is, in one language. */
static int32_t next_workday(struct finding *f, struct rh_calendar *calendar, int32_t lang,
                            int32_t *ret_next, const char **ret_reason)
{
    int32_t own = f->call->lang, rc;

    f->call->lang = lang;
    rc = rh_calendar_add(f->call, calendar, f->ask->at->day, 0, ret_next, ret_reason);
    f->call->lang = own;
    return rc;
}

static int32_t look_at_day(struct finding *f)
{
    const char *office = f->ask->office, *de, *en, *day = rh_day_text(f->call, f->ask->at->day);
    struct rh_calendar *calendar = f->ask->calendar;
    int32_t next, rc = calendar ? 0 : rh_calendar_open(f->call, office, &calendar);

    if (rc < 0 || rh_calendar_is_workday(f->call, calendar, f->ask->at->day))
        return rc < 0 ? rc : 0;
    if ((rc = next_workday(f, calendar, 0, &next, &de)) < 0 ||
        (rc = next_workday(f, calendar, 1, &next, &en)) < 0)
        return rc;
    add(f, "closed", office ? office : "",
        SAY("am %s wird nicht gearbeitet (%s: %s)", "am %s wird nicht gearbeitet (%s: %s)", day, de,
            rh_day_text(f->call, next)),
        SAY("%s is no working day (%s: %s)", "%s is no working day (%s: %s)", day, en,
            rh_day_text(f->call, next)));
    return 0;
}

/* Blocked for all, for the office, or for somebody ('moderator/moderator-01'). */
static int32_t look_at_blocked(struct finding *f, const char *who, const char *name)
{
    const char *day = rh_day_text(f->call, f->ask->at->day);
    int64_t weekday = ((f->ask->at->day + 3) % 7 + 7) % 7 + 1;
    struct rh_rows *rows;
    int32_t rc = rh_query(f->call, &rows,
                          "SELECT note FROM appointments_blocked WHERE who = ?1 AND (weekday = ?2 "
                          "OR ?3 BETWEEN first_day AND last_day) LIMIT 1",
                          "sis", who, weekday, day);

    if (rc < 0 || (rc = rh_next(f->call, rows)) < 0)
        return rc;
    if (rc == 1) {
        const char *note = rh_get_text(f->call, rows, 0);

        add(f, "blocked", who,
            SAY("%s: am %s kein Termin%s%s%s", "%s: am %s kein Termin%s%s%s", name, day,
                note ? " (" : "", note ? note : "", note ? ")" : ""),
            SAY("%s: no meeting on %s%s%s%s", "%s: no meeting on %s%s%s%s", name, day,
                note ? " (" : "", note ? note : "", note ? ")" : ""));
    }
    rh_close(f->call, rows);
    return 0;
}

/* ---- somebody ---- */

static int32_t look_at_absence(struct finding *f, const struct person *person)
{
    struct rh_rows *rows;
    int32_t rc =
        rh_query(f->call, &rows,
                 "SELECT first_day, last_day FROM v_moderators_absence WHERE moderator = ?1 AND ?2 "
                 "BETWEEN first_day AND last_day LIMIT 1",
                 "ss", person->ref, rh_day_text(f->call, f->ask->at->day));

    if (rc < 0 || (rc = rh_next(f->call, rows)) < 0)
        return rc;
    if (rc == 1)
        add(f, "absent", person->ref,
            SAY("%s ist vom %s bis %s abwesend", "%s ist vom %s bis %s abwesend", person->name,
                rh_get_text(f->call, rows, 0), rh_get_text(f->call, rows, 1)),
            SAY("%s is absent from %s until %s", "%s is absent from %s until %s", person->name,
                rh_get_text(f->call, rows, 0), rh_get_text(f->call, rows, 1)));
    rh_close(f->call, rows);
    return 0;
}

static int32_t add_other_meeting(struct finding *f, const struct person *person, const char *id)
{
    struct meeting other;
    int32_t rc = meeting_load(f->call, id, &other);

    if (rc < 0)
        return rc;
    add(f, "twice", other.id,
        SAY("%s hat dann schon: %s%s%s, %s", "%s hat dann schon: %s%s%s, %s", person->name,
            other.title_de, other.office ? " " : "", other.office ? other.office : "",
            when(f->call, &other.at, 0)),
        SAY("%s has another meeting then: %s%s%s, %s", "%s has another meeting then: %s%s%s, %s",
            person->name, other.title_en, other.office ? " " : "", other.office ? other.office : "",
            when(f->call, &other.at, 1)));
    return 0;
}

/* An event for all is in somebody's way once they said that they come. */
static int32_t look_at_meetings(struct finding *f, const struct person *person)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(
        f->call, &rows,
        "SELECT m.id FROM appointments_attendee a JOIN appointments_meeting m ON m.id = a.meeting "
        "WHERE a.kind = ?1 AND a.ref = ?2 AND a.removed_utc IS NULL AND a.partstat <> 'declined' "
        "AND m.state IN ('held','fixed') AND m.start_utc < ?4 AND m.end_utc > ?3 AND m.id IS NOT "
        "?5 AND ifnull(m.poll, 0) IS NOT nullif(?6, 0) AND (m.procedure IS NOT NULL OR a.partstat "
        "= 'accepted') LIMIT 1",
        "ssiisi", person->kind, person->ref, f->ask->at->start_utc, f->ask->at->end_utc,
        f->ask->except, f->ask->poll);

    if (rc < 0 || (rc = rh_next(f->call, rows)) < 0)
        return rc;
    rc = rc == 1 ? add_other_meeting(f, person, rh_get_text(f->call, rows, 0)) : 0;
    rh_close(f->call, rows);
    return rc;
}

static int32_t look_at_busy(struct finding *f, const struct person *person)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(f->call, &rows,
                          "SELECT 1 FROM appointments_busy_source s JOIN appointments_busy b ON "
                          "b.source = s.id WHERE s.moderator = ?1 AND s.state = 'on' AND "
                          "b.start_utc < ?3 AND b.end_utc > ?2 LIMIT 1",
                          "sii", person->ref, f->ask->at->start_utc, f->ask->at->end_utc);

    if (rc < 0 || (rc = rh_next(f->call, rows)) < 0)
        return rc;
    if (rc == 1)
        add(f, "busy", person->ref,
            SAY("%s ist dann laut eigenem Kalender nicht frei",
                "%s ist dann laut eigenem Kalender nicht frei", person->name),
            SAY("%s is not free then by their own calendar",
                "%s is not free then by their own calendar", person->name));
    rh_close(f->call, rows);
    return 0;
}

static int32_t look_at_person(struct finding *f, const struct person *person)
{
    int32_t rc = 0;

    if (strcmp(person->kind, "moderator") == 0) {
        if ((rc = look_at_absence(f, person)) < 0 ||
            (rc =
                 look_at_blocked(f, rh_format(f->call, "moderator/%s", "moderator/%s", person->ref),
                                 person->name)) < 0 ||
            (!f->ask->busy_is_fine && (rc = look_at_busy(f, person)) < 0))
            return rc;
    }
    return look_at_meetings(f, person);
}

int32_t clash_find(struct rh_call *call, const struct question *question,
                   struct clash clashes[CLASHES_MAX])
{
    struct finding f = {call, question, clashes, 0};
    const char *office = question->office;
    int32_t rc;

    if ((rc = look_at_day(&f)) < 0 || (rc = look_at_blocked(&f, "all", "reihum")) < 0 ||
        (office &&
         (rc = look_at_blocked(&f, rh_format(call, "office/%s", "office/%s", office), office)) < 0))
        return rc;
    for (int32_t i = 0; i < question->count; i++)
        if (strcmp(question->people[i].role, "required") == 0 &&
            (rc = look_at_person(&f, &question->people[i])) < 0)
            return rc;
    return f.count;
}

/* ---- refused, or said ---- */

static int32_t look_at_hours(struct rh_call *call, const struct span *at)
{
    int32_t from, until, rc;

    if ((rc = clock_read(call, "day_from", rh_config_text(call, "day_from"), &from)) < 0 ||
        (rc = clock_read(call, "day_until", rh_config_text(call, "day_until"), &until)) < 0)
        return rc;
    if (at->start < from || at->end > until)
        rh_say(call, "außerhalb der üblichen Zeit (%s–%s)", "outside the usual hours (%s–%s)",
               clock_text(call, from), clock_text(call, until));
    return 0;
}

static int32_t look_at_school(struct rh_call *call, const struct span *at)
{
    const char *how = rh_config_text(call, "school_holidays"), *name = NULL;
    struct rh_rows *rows;
    int32_t rc = rh_query(
        call, &rows, "SELECT name FROM v_school_holiday WHERE ?1 BETWEEN first_day AND last_day",
        "s", rh_day_text(call, at->day));

    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    if (rc == 1)
        name = rh_get_text(call, rows, 0);
    rh_close(call, rows);
    if (!name || strcmp(how, "ignore") == 0)
        return 0;
    if (strcmp(how, "refuse") == 0)
        return rh_fail(call, RH_ECONFLICT, "am %s sind Schulferien (%s)",
                       "%s is in the school holidays (%s)", rh_day_text(call, at->day), name);
    rh_say(call, "am %s sind Schulferien (%s)", "%s is in the school holidays (%s)",
           rh_day_text(call, at->day), name);
    return 0;
}

int32_t clash_refuse(struct rh_call *call, const struct question *question)
{
    struct clash clashes[CLASHES_MAX];
    int32_t count;

    if (question->at->start_utc <= rh_now_utc(call))
        return rh_fail(call, RH_EINVALID, "%s ist vorbei", "%s is over",
                       span_text(call, question->at));
    if ((count = clash_find(call, question, clashes)) < 0)
        return count;
    if (count > 1) /* each language takes its own and nothing of the other */
        return rh_fail(call, RH_ECONFLICT, "%s%.0s (und %d weitere Gründe)",
                       "%.0s%s (and %d more reasons)", clashes[0].de, clashes[0].en,
                       (int)count - 1);
    if (count == 1)
        return rh_fail(call, RH_ECONFLICT, "%s%.0s", "%.0s%s", clashes[0].de, clashes[0].en);
    if ((count = order_refuse(call, question)) < 0)
        return count;
    if ((count = look_at_hours(call, question->at)) < 0)
        return count;
    return look_at_school(call, question->at);
}
