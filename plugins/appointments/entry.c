/* Meetings as entries of a calendar. */
#include "plugins/appointments/entry.h"

#include <string.h>

#define REFRESH_MINUTES 60
#define DAY_MINUTES     1440

bool entry_is_link(const char *video)
{
    return video && ical_uri_ok(video);
}

int32_t entry_refuse(struct rh_call *call, const struct ical_fault *fault, const char *title)
{
    if (title)
        return rh_fail(call, RH_EINVALID, "Termin '%.100s': %s", "meeting '%.100s': %s", title,
                       call->lang == 0 ? fault->de : fault->en);
    return rh_fail(call, RH_EINVALID, "%s", "%s", call->lang == 0 ? fault->de : fault->en);
}

const char *entry_when(struct rh_call *call, int32_t lang, const struct span *at)
{
    static const char *const days[][2] = {{"Montag", "Monday"},      {"Dienstag", "Tuesday"},
                                          {"Mittwoch", "Wednesday"}, {"Donnerstag", "Thursday"},
                                          {"Freitag", "Friday"},     {"Samstag", "Saturday"},
                                          {"Sonntag", "Sunday"}};
    static const char *const months[][2] = {
        {"Januar", "January"},  {"Februar", "February"},  {"März", "March"},
        {"April", "April"},     {"Mai", "May"},           {"Juni", "June"},
        {"Juli", "July"},       {"August", "August"},     {"September", "September"},
        {"Oktober", "October"}, {"November", "November"}, {"Dezember", "December"}};
    const char *day = rh_day_text(call, at->day); /* 2027-05-11 */
    int32_t weekday = ((at->day + 3) % 7 + 7) % 7, english = lang != 0;
    int month = (day[5] - '0') * 10 + day[6] - '0', number = (day[8] - '0') * 10 + day[9] - '0';
    const char *form = english ? "" : ".", *end = english ? "" : " Uhr";

    return rh_format(call, "%s, %d%s %s %.4s, %d:%02d–%d:%02d%s",
                     "%s, %d%s %s %.4s, %d:%02d–%d:%02d%s", days[weekday][english], number, form,
                     months[month - 1][english], day, (int)at->start / 60, (int)at->start % 60,
                     (int)at->end / 60, (int)at->end % 60, end);
}

/* ---- rows ---- */

#define PEOPLE                                                                                     \
    "(SELECT group_concat(name, ', ') FROM (SELECT a.name FROM appointments_attendee a WHERE "     \
    "a.meeting = m.id AND a.removed_utc IS NULL AND m.procedure IS NOT NULL ORDER BY a.kind <> "   \
    "'moderator', a.id))"

#define COLUMNS                                                                                    \
    "SELECT m.id, iif(?2, m.title_en, m.title_de), o.name, m.day, m.start_minute, m.end_minute, "  \
    "m.place, m.video, m.note, m.state, m.sequence, m.created_utc, m.changed_utc, " PEOPLE         \
    " FROM appointments_meeting m LEFT JOIN v_office o ON o.id = m.office WHERE "
#define OPEN "m.state IN ('fixed','held') AND "
#define BY   " ORDER BY m.start_utc, m.id"
#define INVITED(kind)                                                                              \
    "m.id IN (SELECT meeting FROM appointments_attendee WHERE kind = '" kind                       \
    "' AND ref = ?1 AND removed_utc IS NULL AND partstat <> 'declined')"

static const char *select_of(const char *kind)
{
    static const struct {
        const char *kind, *sql;
    } selects[] = {
        {"meeting", COLUMNS "m.id = ?1" BY},
        {"moderator", COLUMNS OPEN INVITED("moderator") BY},
        {"office", COLUMNS OPEN "(m.office = ?1 OR " INVITED("office") ")" BY},
        {"procedure", COLUMNS OPEN "m.procedure = ?1" BY},
        {"round", COLUMNS OPEN "m.procedure IN (SELECT id FROM v_procedure WHERE round = ?1)" BY},
        {"all", COLUMNS OPEN "?1 = ''" BY},
    };

    for (size_t i = 0; i < sizeof(selects) / sizeof(selects[0]); i++)
        if (strcmp(selects[i].kind, kind) == 0)
            return selects[i].sql;
    return NULL;
}

/* What people read in the entry: the note, who takes part, and where when that is no link. */
static const char *description(struct rh_call *call, int32_t lang, const char *note,
                               const char *people, const char *video)
{
    const char *with = lang == 0 ? "Teilnehmende: " : "With: ";
    bool words = video && !entry_is_link(video);

    return rh_format(call, "%s%s%s%s%s%s%s", "%s%s%s%s%s%s%s", note ? note : "",
                     note && (people || words) ? "\n\n" : "", people ? with : "",
                     people ? people : "", people && words ? "\n" : "", words ? "Video: " : "",
                     words ? video : "");
}

static struct ical_time time_of(int32_t day, int64_t minute)
{
    return minute < DAY_MINUTES ? (struct ical_time){day, (int32_t)minute}
                                : (struct ical_time){day + 1, (int32_t)minute - DAY_MINUTES};
}

static enum ical_status status_of(const char *state)
{
    return strcmp(state, "held") == 0    ? ICAL_TENTATIVE
           : strcmp(state, "fixed") == 0 ? ICAL_CONFIRMED
                                         : ICAL_CANCELLED;
}

static const char *summary(struct rh_call *call, int32_t lang, const char *title,
                           const char *office, bool held)
{
    return rh_format(call, "%s%s%s%s", "%s%s%s%s",
                     !held       ? ""
                     : lang == 0 ? "Vorgemerkt: "
                                 : "Held: ",
                     title, office ? ", " : "", office ? office : "");
}

static int32_t read_entry(struct rh_call *call, struct rh_rows *rows, int32_t lang,
                          struct ical_event *e)
{
    const char *video = rh_get_text(call, rows, 7);
    int32_t day, rc = rh_day_parse(call, rh_get_text(call, rows, 3), &day);

    if (rc < 0)
        return rc;
    *e = (struct ical_event){
        .uid = rh_get_text(call, rows, 0),
        .sequence = (int32_t)rh_get_int(call, rows, 10),
        .stamp_utc = rh_get_int(call, rows, 12),
        .created_utc = rh_get_int(call, rows, 11),
        .changed_utc = rh_get_int(call, rows, 12),
        .start = time_of(day, rh_get_int(call, rows, 4)),
        .end = time_of(day, rh_get_int(call, rows, 5)),
        .status = status_of(rh_get_text(call, rows, 9)),
        .location = rh_get_text(call, rows, 6),
        .video = entry_is_link(video) ? video : NULL,
        .video_label = lang == 0 ? "Videokonferenz" : "Video conference",
        .alarm_minutes = (int32_t)rh_config_int(call, "alarm_minutes"),
    };
    e->summary = summary(call, lang, rh_get_text(call, rows, 1), rh_get_text(call, rows, 2),
                         e->status == ICAL_TENTATIVE);
    e->description =
        description(call, lang, rh_get_text(call, rows, 8), rh_get_text(call, rows, 13), video);
    if (e->status != ICAL_CONFIRMED)
        e->alarm_minutes = 0;
    return 0;
}

static int32_t grow(struct rh_call *call, struct entries *entries, size_t *room)
{
    size_t more = *room ? *room * 2 : 16;
    struct ical_event *events = rh_alloc_in(call, more * sizeof(*events));

    if (!events)
        return RH_ENOMEM;
    if (entries->count)
        memcpy(events, entries->events, entries->count * sizeof(*events));
    entries->events = events;
    *room = more;
    return 0;
}

int32_t entries_load(struct rh_call *call, const struct entry_scope *scope, int32_t lang,
                     struct entries *ret_entries)
{
    struct entries entries = {0};
    struct rh_rows *rows;
    size_t room = 0;
    int32_t rc = rh_query(call, &rows, select_of(scope->kind), "si", scope->ref, (int64_t)lang);

    while (rc >= 0 && (rc = rh_next(call, rows)) == 1) {
        struct ical_event *event;

        if (entries.count == room && (rc = grow(call, &entries, &room)) < 0)
            return rc;
        event = &entries.events[entries.count++];
        if ((rc = read_entry(call, rows, lang, event)) < 0)
            return rc;
        if (event->changed_utc > entries.changed_utc)
            entries.changed_utc = event->changed_utc;
    }
    rh_close(call, rows);
    *ret_entries = entries;
    return rc < 0 ? rc : 0;
}

/* ---- a calendar ---- */

const char *entry_keep(struct rh_call *call, const struct ical_text *text)
{
    char *kept = rh_alloc_in(call, text->length + 1);

    if (kept)
        memcpy(kept, text->data, text->length);
    return kept;
}

static const char *name_select(const char *kind)
{
    if (strcmp(kind, "moderator") == 0)
        return "SELECT name FROM v_moderators_moderator WHERE id = ?1";
    if (strcmp(kind, "office") == 0)
        return "SELECT name FROM v_office WHERE id = ?1";
    if (strcmp(kind, "procedure") == 0)
        return "SELECT office_name || ' (' || id || ')' FROM v_procedure WHERE id = ?1";
    return "SELECT ?1";
}

int32_t entry_scope_name(struct rh_call *call, const struct entry_scope *scope, int32_t lang,
                         const char **ret_name)
{
    const char *what = lang == 0 ? "Termine" : "Meetings", *name = NULL;
    struct rh_rows *rows;
    int32_t rc;

    if (!*scope->ref) {
        *ret_name = lang == 0 ? "Termine der Qualitätsentwicklung" : "Quality development meetings";
        return 0;
    }
    rc = rh_query(call, &rows, name_select(scope->kind), "s", scope->ref);
    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    if (rc == 1)
        name = rh_get_text(call, rows, 0);
    rh_close(call, rows);
    if (!name)
        return rh_fail(call, RH_ENOTFOUND, "'%.60s' gibt es nicht mehr",
                       "'%.60s' does not exist any more", scope->ref);
    *ret_name = rh_format(call, "%s: %s", "%s: %s", what, name);
    return 0;
}

int32_t entries_write(struct rh_call *call, const struct entry_scope *scope, int32_t lang,
                      const char **ret_text, int64_t *ret_changed_utc)
{
    struct ical_calendar calendar = {.color = "seagreen", .refresh_minutes = REFRESH_MINUTES};
    struct ical_text text = {0};
    struct ical_fault fault;
    struct entries entries;
    int32_t rc = entry_scope_name(call, scope, lang, &calendar.name);

    if (rc < 0 || (rc = entries_load(call, scope, lang, &entries)) < 0)
        return rc;
    calendar.events = entries.events;
    calendar.event_count = entries.count;
    if (!ical_write_calendar(&calendar, &text, &fault))
        rc = entry_refuse(call, &fault, NULL);
    else if (!(*ret_text = entry_keep(call, &text)))
        rc = RH_ENOMEM;
    *ret_changed_utc = entries.changed_utc;
    ical_text_free(&text);
    return rc;
}
