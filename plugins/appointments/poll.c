/*
 * Which date suits? Each option is a tentative hold in the calendars; office and team say yes,
 * maybe or no by a link that is theirs alone; a rule or a person decides, and the other holds go.
 */
#include "plugins/appointments/dates.h"
#include "plugins/appointments/internal.h"

#include <stdlib.h>
#include <string.h>

struct poll {
    int64_t id, closes_utc;
    const char *procedure, *office, *step, *title_de, *title_en, *place, *video, *note, *rule,
        *state;
};

static int32_t poll_load(struct rh_call *call, int64_t id, struct poll *poll)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(call, &rows,
                          "SELECT id, closes_utc, procedure, office, step, title_de, title_en, "
                          "place, video, note, rule, state FROM appointments_poll WHERE id = ?1",
                          "i", id);

    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    if (rc == 0)
        return rh_fail(call, RH_ENOTFOUND, "die Umfrage %lld gibt es nicht; 'poll list' zeigt alle",
                       "there is no poll %lld; 'poll list' shows all", (long long)id);
    *poll = (struct poll){
        rh_get_int(call, rows, 0),  rh_get_int(call, rows, 1),   rh_get_text(call, rows, 2),
        rh_get_text(call, rows, 3), rh_get_text(call, rows, 4),  rh_get_text(call, rows, 5),
        rh_get_text(call, rows, 6), rh_get_text(call, rows, 7),  rh_get_text(call, rows, 8),
        rh_get_text(call, rows, 9), rh_get_text(call, rows, 10), rh_get_text(call, rows, 11)};
    rh_close(call, rows);
    return 0;
}

static int32_t open_named(struct rh_call *call, struct poll *poll)
{
    int32_t rc = poll_load(call, rh_param_int(call, "poll"), poll);

    if (rc < 0 || strcmp(poll->state, "open") == 0)
        return rc;
    return rh_fail(call, RH_ECONFLICT, "die Umfrage %lld ist schon zu Ende",
                   "the poll %lld has ended already", (long long)poll->id);
}

static int32_t tell(struct rh_call *call, const char *topic, const struct poll *poll)
{
    int64_t seq =
        rh_event(call, topic, rh_format(call, "%lld", "%lld", (long long)poll->id), NULL,
                 rh_format(call, "{\"procedure\":\"%s\",\"step\":\"%s\"}",
                           "{\"procedure\":\"%s\",\"step\":\"%s\"}", poll->procedure, poll->step));

    return seq < 0 ? (int32_t)seq : 0;
}

/* ---- writing to voters ---- */

static int32_t fields_of(struct rh_call *call, const struct poll *poll, const char *name,
                         const char *link, int32_t lang, const char **ret_fields)
{
    int32_t own = call->lang, count = 0, rc, day, minute;
    struct span spans[DATES_MAX];
    const char *options = "[]";
    struct rh_rows *rows;

    rc = rh_query(call, &rows,
                  "SELECT m.day, m.start_minute, m.end_minute FROM appointments_option o JOIN "
                  "appointments_meeting m ON m.id = o.meeting WHERE o.poll = ?1 ORDER BY o.number",
                  "i", poll->id);
    for (; rc >= 0 && count < DATES_MAX && (rc = rh_next(call, rows)) == 1; count++) {
        spans[count].start = (int32_t)rh_get_int(call, rows, 1);
        spans[count].end = (int32_t)rh_get_int(call, rows, 2);
        if ((rc = rh_day_parse(call, rh_get_text(call, rows, 0), &spans[count].day)) < 0)
            return rc;
    }
    if (rc < 0 || (rc = rh_zone_local_in(call, poll->closes_utc - 1, &day, &minute)) < 0)
        return rc;
    rh_close(call, rows);
    call->lang = lang;
    for (int32_t i = 0; i < count && rc >= 0; i++) {
        if ((rc = rh_query(call, &rows, "SELECT json_insert(?1, '$[#]', json_object('when', ?2))",
                           "ss", options, span_text(call, &spans[i]))) >= 0 &&
            (rc = rh_next(call, rows)) == 1)
            options = rh_get_text(call, rows, 0);
        rh_close(call, rows);
    }
    call->lang = own;
    if (rc < 0 ||
        (rc = rh_query(call, &rows,
                       "SELECT json_object('name', ?1, 'title', ?2, 'office', (SELECT name FROM "
                       "v_office WHERE id = ?3), 'place', ?4, 'options', json(?5), 'link', ?6, "
                       "'closes', iif(?7, ?8, strftime('%d.%m.%Y', ?8)))",
                       "ssssssis", name, lang == 0 ? poll->title_de : poll->title_en, poll->office,
                       poll->place, options, link, (int64_t)lang, rh_day_text(call, day))) < 0 ||
        (rc = rh_next(call, rows)) < 0)
        return rc;
    *ret_fields = rh_get_text(call, rows, 0);
    rh_close(call, rows);
    return 0;
}

/* A new link for a voter, mailed; the one before does not count any more. */
static int32_t mail_link(struct rh_call *call, const struct poll *poll, int64_t voter,
                         const char *name, const char *email, bool english, const char *key)
{
    char token[TOKEN_SIZE], hash[HASH_SIZE];
    const char *address = rh_config_text(call, "public_address");
    struct rh_mail mail = {.size = sizeof(mail),
                           .key = key,
                           .kind = "appointments.poll",
                           .about = poll->procedure,
                           .to = {name, email},
                           .lang = english,
                           .template_name = "poll_invitation",
                           .give_up_utc = poll->closes_utc};
    int32_t rc;

    token_new(token);
    token_hash(token, hash);
    if (rh_exec(call, "UPDATE appointments_voter SET token_hash = ?2 WHERE id = ?1", "is", voter,
                hash) < 0)
        return RH_EFAILED;
    if (!email)
        return 0;
    rc = fields_of(call, poll, name, rh_format(call, "%s/dates/%s", "%s/dates/%s", address, token),
                   english, &mail.fields);
    return rc < 0 ? rc : rh_mail_queue_in(call, &mail);
}

static int32_t add_voter(struct rh_call *call, const struct poll *poll, const struct person *person)
{
    char token[TOKEN_SIZE], hash[HASH_SIZE];
    int64_t id;

    token_new(token); /* without an address nobody ever has it */
    token_hash(token, hash);
    if (rh_exec(call,
                "INSERT INTO appointments_voter(poll, kind, ref, name, email, language, role, "
                "token_hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                "isssssss", poll->id, person->kind, person->ref, person->name, person->email,
                person->language, person->role, hash) < 0)
        return RH_EFAILED;
    id = rh_last_id(call);
    return mail_link(call, poll, id, person->name, person->email,
                     strcmp(person->language, "en") == 0,
                     rh_format(call, "appointments/poll/%lld/%lld", "appointments/poll/%lld/%lld",
                               (long long)poll->id, (long long)id));
}

/* ---- opening ---- */

static int by_time(const void *a, const void *b)
{
    const struct span *one = a, *other = b;

    return (one->start_utc > other->start_utc) - (one->start_utc < other->start_utc);
}

static int32_t read_dates(struct rh_call *call, const struct step_kind *kind,
                          struct span spans[DATES_MAX])
{
    struct date_text texts[DATES_MAX];
    int32_t count = dates_read(rh_param_text(call, "dates"), texts);

    if (count < 0)
        return rh_fail(call, RH_EINVALID,
                       "--dates: der %d. Eintrag ist keiner wie '2027-05-11 9:00-16:00' (höchstens "
                       "%d, getrennt durch ';')",
                       "--dates: entry %d is none such as '2027-05-11 9:00-16:00' (at most %d, "
                       "parted by ';')",
                       (int)-count, DATES_MAX);
    if (count < 2)
        return rh_fail(call, RH_EINVALID,
                       "--dates: zur Auswahl gehören wenigstens zwei Termine; einen allein "
                       "vereinbart 'appointment fix'",
                       "--dates: a choice has two dates at least; 'appointment fix' fixes a single "
                       "one");
    for (int32_t i = 0; i < count; i++) {
        struct span *span = &spans[i];

        *span = (struct span){.start = texts[i].start >= 0 ? texts[i].start : kind->at,
                              .end = texts[i].end >= 0     ? texts[i].end
                                     : texts[i].start >= 0 ? -1
                                                           : kind->until};
        if (span->start < 0)
            return rh_fail(call, RH_EINVALID, "--dates: beim %d. Eintrag fehlt die Uhrzeit",
                           "--dates: entry %d has no time", (int)i + 1);
        if (span->end < 0)
            span->end = span->start + (int32_t)rh_config_int(call, "minutes");
        if (rh_day_parse(call, texts[i].day, &span->day) < 0 || span_complete(call, span) < 0)
            return rh_wrap(call, "--dates, %d. Eintrag", "--dates, entry %d", (int)i + 1);
    }
    qsort(spans, (size_t)count, sizeof(*spans), by_time);
    for (int32_t i = 1; i < count; i++)
        if (spans[i].start_utc == spans[i - 1].start_utc)
            return rh_fail(call, RH_EINVALID, "--dates: %s steht zweimal da",
                           "--dates: %s is there twice", span_text(call, &spans[i]));
    return count;
}

/* Answers are waited for until the end of that day. */
static int32_t read_end(struct rh_call *call, const struct span *first, int64_t *ret_utc)
{
    int32_t day = rh_param_given(call, "closes")
                      ? (int32_t)rh_param_int(call, "closes")
                      : rh_today(call) + (int32_t)rh_config_int(call, "poll_days");
    int32_t rc = rh_zone_instant_in(call, day, 1440, ret_utc);

    if (rc < 0)
        return rc;
    if (*ret_utc <= rh_now_utc(call))
        return rh_fail(call, RH_EINVALID, "--closes: der %s ist vorbei", "--closes: %s is over",
                       rh_day_text(call, day));
    if (*ret_utc > first->start_utc)
        return rh_fail(
            call, RH_EINVALID,
            "die Umfrage geht bis %s, der erste Termin wäre vorher: %s; --closes nennt "
            "ein früheres Ende",
            "the poll is open until %s, the first date is before that: %s; --closes names "
            "an earlier end",
            rh_day_text(call, day), span_text(call, first));
    return 0;
}

static int32_t insert_poll(struct rh_call *call, struct poll *poll)
{
    int64_t changed = rh_exec(
        call,
        "INSERT INTO appointments_poll(procedure, office, step, title_de, title_en, place, video, "
        "note, rule, state, closes_utc, created_utc, created_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, "
        "?7, ?8, ?9, 'open', ?10, ?11, ?12) ON CONFLICT DO NOTHING",
        "sssssssssiis", poll->procedure, poll->office, poll->step, poll->title_de, poll->title_en,
        poll->place, poll->video, poll->note, poll->rule, poll->closes_utc, rh_now_utc(call),
        rh_actor(call));

    if (changed < 0)
        return (int32_t)changed;
    if (changed == 0)
        return rh_fail(call, RH_ECONFLICT,
                       "für '%s' von %s läuft schon eine Umfrage; 'poll list' zeigt sie",
                       "there is an open poll for '%s' of %s already; 'poll list' shows it",
                       poll->step, poll->office);
    poll->id = rh_last_id(call);
    return 0;
}

/* The date that is fixed already, when the poll is to find another one; NULL: none. */
static int32_t fixed_of(struct rh_call *call, const struct poll *poll, const char **ret_id)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(call, &rows,
                          "SELECT id FROM appointments_meeting WHERE procedure = ?1 AND step = ?2 "
                          "AND state = 'fixed'",
                          "ss", poll->procedure, poll->step);

    *ret_id = NULL;
    if (rc < 0)
        return rc;
    if ((rc = rh_next(call, rows)) == 1)
        *ret_id = rh_get_text(call, rows, 0);
    rh_close(call, rows);
    return rc < 0 ? rc : 0;
}

static int32_t add_option(struct rh_call *call, const struct poll *poll, int32_t number,
                          const struct span *at, const struct person *people, int32_t count)
{
    struct wish wish = {
        poll->procedure, poll->office, poll->step, NULL, poll->title_de, poll->title_en, *at,
        poll->place,     poll->video,  poll->note, NULL, poll->id,       true,           true};
    struct question question = {.procedure = poll->procedure,
                                .step = poll->step,
                                .office = poll->office,
                                .people = people,
                                .count = count,
                                .at = at,
                                .poll = poll->id};
    const char *id;
    int32_t rc;

    if (fixed_of(call, poll, &question.except) < 0 || clash_refuse(call, &question) < 0)
        return rh_wrap(call, "%s", "%s", span_text(call, at));
    if ((rc = meeting_add(call, &wish, people, count, &id)) < 0)
        return rc;
    return rh_exec(call,
                   "INSERT INTO appointments_option(poll, number, meeting) VALUES (?1, ?2, ?3)",
                   "iis", poll->id, (int64_t)number, id) < 0
               ? RH_EFAILED
               : 0;
}

int32_t appointment_poll(struct rh_call *call)
{
    struct poll poll = {.rule = rh_param_text(call, "rule"),
                        .step = rh_param_text(call, "step"),
                        .place = rh_param_text(call, "place"),
                        .video = rh_param_text(call, "video"),
                        .note = rh_param_text(call, "note")};
    struct person people[PEOPLE_MAX];
    struct span spans[DATES_MAX];
    struct step_kind kind;
    int32_t options, count, mails = 0, rc;

    if ((rc = procedure_named(call, rh_param_text(call, "procedure"), &poll.procedure,
                              &poll.office)) < 0 ||
        (rc = step_named(call, poll.procedure, poll.step, &kind)) < 0 ||
        (rc = step_refuse_done(call, poll.procedure, poll.step)) < 0 ||
        (rc = planning_release(call, poll.procedure, poll.step)) < 0 ||
        (rc = video_check(call, poll.video)) < 0)
        return rc;
    poll.title_de = kind.title_de;
    poll.title_en = kind.title_en;
    if (!poll.place)
        poll.place = office_name(call, poll.office);
    if ((options = read_dates(call, &kind, spans)) < 0 ||
        (rc = read_end(call, &spans[0], &poll.closes_utc)) < 0 ||
        (count = people_of(call, poll.procedure, spans[0].day, people)) < 0)
        return options < 0 ? options : rc < 0 ? rc : count;
    if (count == 0)
        return rh_fail(
            call, RH_ECONFLICT, "%s hat weder Team noch Ansprechperson; niemand kann antworten",
            "%s has neither a team nor a contact person; nobody can answer", poll.office);
    if ((rc = insert_poll(call, &poll)) < 0)
        return rc;
    for (int32_t i = 0; i < options; i++)
        if ((rc = add_option(call, &poll, i + 1, &spans[i], people, count)) < 0)
            return rc;
    for (int32_t i = 0; i < count; i++) {
        if ((rc = add_voter(call, &poll, &people[i])) < 0)
            return rc;
        mails += people[i].email != NULL;
    }
    if ((rc = rh_job_add(call, "appointments.poll",
                         rh_format(call, "%lld", "%lld", (long long)poll.id), NULL,
                         poll.closes_utc)) < 0 ||
        (rc = tell(call, "appointments.polled", &poll)) < 0)
        return rc;
    rh_out_int(call, "poll", poll.id);
    rh_out_int(call, "options", options);
    rh_out_int(call, "mails", mails);
    rh_say(call, "Umfrage %lld ist offen: %d Termine vorgemerkt, %d Mails auf dem Weg",
           "poll %lld is open: %d dates held, %d mails on their way", (long long)poll.id,
           (int)options, (int)mails);
    return 0;
}

/* ---- deciding ---- */

static int32_t end_holds(struct rh_call *call, const struct poll *poll, const char *reason)
{
    struct rh_rows *rows;
    const char *list;
    int32_t rc = rh_query(call, &rows,
                          "SELECT json_group_array(id) FROM appointments_meeting WHERE poll = ?1 "
                          "AND state = 'held'",
                          "i", poll->id);

    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    list = rh_get_text(call, rows, 0);
    rh_close(call, rows);
    rc = rh_query(call, &rows, "SELECT value FROM json_each(?1)", "s", list);
    while (rc >= 0 && (rc = rh_next(call, rows)) == 1) {
        struct meeting meeting;

        if ((rc = meeting_load(call, rh_get_text(call, rows, 0), &meeting)) < 0 ||
            (rc = meeting_end(call, &meeting, reason)) < 0)
            return rc;
    }
    rh_close(call, rows);
    return rc < 0 ? rc : 0;
}

static int32_t hold_of(struct rh_call *call, const struct poll *poll, int64_t number,
                       struct meeting *hold)
{
    struct rh_rows *rows;
    const char *id = NULL;
    int32_t rc = rh_query(call, &rows,
                          "SELECT meeting FROM appointments_option WHERE poll = ?1 AND number = ?2",
                          "ii", poll->id, number);

    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    if (rc == 1)
        id = rh_get_text(call, rows, 0);
    rh_close(call, rows);
    if (!id)
        return rh_fail(call, RH_ENOTFOUND, "die Umfrage %lld hat keinen Termin Nr. %lld",
                       "the poll %lld has no date no. %lld", (long long)poll->id,
                       (long long)number);
    return meeting_load(call, id, hold);
}

struct decision {
    struct meeting hold;
    const char *fixed; /* the meeting that is moved there; NULL: the hold becomes the meeting */
};

/* May it be decided so, today? */
static int32_t prepare(struct rh_call *call, const struct poll *poll, int64_t number,
                       struct decision *decision)
{
    struct person people[PEOPLE_MAX];
    struct question question;
    int32_t rc;

    if ((rc = hold_of(call, poll, number, &decision->hold)) < 0 ||
        (rc = fixed_of(call, poll, &decision->fixed)) < 0 ||
        (rc = meeting_question(call, &decision->hold, people, &question)) < 0)
        return rc;
    if (decision->fixed)
        question.except = decision->fixed;
    return clash_refuse(call, &question);
}

static int32_t settle_meeting(struct rh_call *call, const struct poll *poll,
                              const struct decision *decision)
{
    struct meeting meeting;
    int32_t rc;

    if (!decision->fixed)
        return meeting_confirm(call, &decision->hold);
    if ((rc = meeting_load(call, decision->fixed, &meeting)) < 0)
        return rc;
    return meeting_change(call, &meeting, &decision->hold.at, poll->place, poll->video, poll->note,
                          rh_format(call, "Terminumfrage", "date poll"));
}

static int32_t decide(struct rh_call *call, const struct poll *poll,
                      const struct decision *decision, const char *who)
{
    int32_t rc = settle_meeting(call, poll, decision);

    if (rc < 0)
        return rc;
    if (rh_exec(call,
                "UPDATE appointments_poll SET state = 'decided', decided_meeting = ?2, decided_by "
                "= ?3, ended_utc = ?4 WHERE id = ?1",
                "issi", poll->id, decision->fixed ? decision->fixed : decision->hold.id, who,
                rh_now_utc(call)) < 0)
        return RH_EFAILED;
    if ((rc = end_holds(
             call, poll,
             rh_format(call, "ein anderer Termin passt besser", "another date suits better"))) < 0)
        return rc;
    return tell(call, "appointments.poll_decided", poll);
}

int32_t poll_decide(struct rh_call *call)
{
    struct decision decision;
    struct poll poll;
    int32_t rc;

    if ((rc = open_named(call, &poll)) < 0 ||
        (rc = prepare(call, &poll, rh_param_int(call, "number"), &decision)) < 0 ||
        (rc = decide(call, &poll, &decision, rh_actor(call))) < 0)
        return rc;
    rh_out_text(call, "meeting", decision.fixed ? decision.fixed : decision.hold.id);
    rh_say(call, "entschieden: %s", "decided: %s", span_text(call, &decision.hold.at));
    return 0;
}

static int32_t close_poll(struct rh_call *call, const struct poll *poll, const char *reason)
{
    int32_t rc;

    if (rh_exec(call,
                "UPDATE appointments_poll SET state = 'closed', reason = ?2, ended_utc = ?3 WHERE "
                "id = ?1",
                "isi", poll->id, reason, rh_now_utc(call)) < 0)
        return RH_EFAILED;
    if ((rc = end_holds(call, poll, reason)) < 0)
        return rc;
    return tell(call, "appointments.poll_closed", poll);
}

int32_t poll_close(struct rh_call *call)
{
    struct poll poll;
    int32_t rc;

    if ((rc = open_named(call, &poll)) < 0 ||
        (rc = close_poll(call, &poll, rh_param_text(call, "reason"))) < 0)
        return rc;
    rh_say(call, "Umfrage %lld ist geschlossen, die Vormerkungen sind aufgehoben",
           "poll %lld is closed, its holds are released", (long long)poll.id);
    return 0;
}

int32_t polls_end(struct rh_call *call, const char *procedure, const char *reason)
{
    struct rh_rows *rows;
    int64_t ids[DATES_MAX];
    int32_t count = 0, rc = rh_query(call, &rows,
                                     "SELECT id FROM appointments_poll WHERE procedure = ?1 AND "
                                     "state = 'open'",
                                     "s", procedure);

    while (rc >= 0 && count < DATES_MAX && (rc = rh_next(call, rows)) == 1)
        ids[count++] = rh_get_int(call, rows, 0);
    rh_close(call, rows);
    for (int32_t i = 0; i < count && rc >= 0; i++) {
        struct poll poll;

        if ((rc = poll_load(call, ids[i], &poll)) == 0)
            rc = close_poll(call, &poll, reason);
    }
    return rc < 0 ? rc : 0;
}

/* ---- the rule ---- */

struct tally {
    int64_t number;   /* the best option: most of those who are needed, most of all, fewest noes */
    int64_t fits;     /* how many of those who are needed say yes to it */
    int64_t yes;      /* how many of all */
    int64_t required; /* how many are needed */
    int64_t answered; /* how many of these have answered at all */
};

static int32_t count_votes(struct rh_call *call, const struct poll *poll, struct tally *tally)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(
        call, &rows,
        "SELECT o.number, count(*) FILTER (WHERE v.role = 'required' AND x.vote = 'yes') AS fits, "
        "count(*) FILTER (WHERE x.vote = 'yes') AS yes, count(*) FILTER (WHERE x.vote = 'no') AS "
        "no, count(*) FILTER (WHERE v.role = 'required'), count(*) FILTER (WHERE v.role = "
        "'required' AND v.answered_utc IS NOT NULL) FROM appointments_option o JOIN "
        "appointments_voter v ON v.poll = o.poll LEFT JOIN appointments_vote x ON x.voter = v.id "
        "AND x.number = o.number WHERE o.poll = ?1 GROUP BY o.number ORDER BY fits DESC, yes DESC, "
        "no, o.number LIMIT 1",
        "i", poll->id);

    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    if (rc == 1)
        *tally = (struct tally){rh_get_int(call, rows, 0), rh_get_int(call, rows, 1),
                                rh_get_int(call, rows, 2), rh_get_int(call, rows, 4),
                                rh_get_int(call, rows, 5)};
    rh_close(call, rows);
    return 0;
}

/* What the rule decides now; `at_end`: nobody answers any more. 1 when it did. A date that has
 * become impossible meanwhile is a person's to decide. */
static int32_t decide_by_rule(struct rh_call *call, const struct poll *poll, bool at_end)
{
    struct tally tally = {0};
    struct decision decision;
    bool all, most;
    int32_t rc;

    if (strcmp(poll->rule, "hand") == 0)
        return 0;
    if ((rc = count_votes(call, poll, &tally)) < 0)
        return rc;
    all = tally.required > 0 && tally.fits == tally.required;
    most = at_end && strcmp(poll->rule, "most") == 0 && tally.yes > 0;
    if (!most && !(all && (at_end || tally.answered == tally.required)))
        return 0;
    rc = prepare(call, poll, tally.number, &decision);
    if (rc == RH_ECONFLICT || rc == RH_EINVALID) {
        rh_forget(call);
        return 0;
    }
    if (rc < 0 || (rc = decide(call, poll, &decision, rh_format(call, "Regel", "rule"))) < 0)
        return rc;
    return 1;
}

int32_t poll_job(struct rh_call *call, const char *key, const char *payload)
{
    struct poll poll;
    int32_t rc = poll_load(call, strtoll(key, NULL, 10), &poll);

    (void)payload;
    if (rc < 0 || strcmp(poll.state, "open") != 0 || (rc = decide_by_rule(call, &poll, true)) != 0)
        return rc < 0 ? rc : 0;
    return tell(call, "appointments.poll_undecided", &poll);
}

/* ---- reminding ---- */

int32_t poll_remind(struct rh_call *call)
{
    struct poll poll;
    struct rh_rows *rows;
    int64_t count = 0;
    int32_t rc;

    if ((rc = open_named(call, &poll)) < 0)
        return rc;
    if (poll.closes_utc <= rh_now_utc(call))
        return rh_fail(call, RH_ECONFLICT,
                       "die Zeit zu antworten ist um; 'poll decide' entscheidet",
                       "the time to answer is over; 'poll decide' decides");
    rc = rh_query(call, &rows,
                  "SELECT id, name, email, language = 'en' FROM appointments_voter WHERE poll = ?1 "
                  "AND answered_utc IS NULL AND email IS NOT NULL ORDER BY id",
                  "i", poll.id);
    for (; rc >= 0 && (rc = rh_next(call, rows)) == 1; count++) {
        int64_t voter = rh_get_int(call, rows, 0);

        if ((rc = mail_link(call, &poll, voter, rh_get_text(call, rows, 1),
                            rh_get_text(call, rows, 2), rh_get_int(call, rows, 3) != 0,
                            rh_format(call, "appointments/poll/%lld/%lld/%lld",
                                      "appointments/poll/%lld/%lld/%lld", (long long)poll.id,
                                      (long long)voter, (long long)rh_now_utc(call)))) < 0)
            return rc;
    }
    rh_close(call, rows);
    rh_out_int(call, "mails", count);
    rh_say(call, "Mails auf dem Weg: %lld", "mails on their way: %lld", (long long)count);
    return rc < 0 ? rc : 0;
}

/* ---- voting ---- */

int32_t poll_voter(struct rh_call *call, const char *token, int64_t *ret_voter, int64_t *ret_poll)
{
    char hash[HASH_SIZE] = "";
    struct rh_rows *rows;
    int32_t rc;

    if (token_is_one(token))
        token_hash(token, hash);
    if ((rc = rh_query(call, &rows, "SELECT id, poll FROM appointments_voter WHERE token_hash = ?1",
                       "s", hash)) < 0 ||
        (rc = rh_next(call, rows)) < 0)
        return rc;
    if (rc == 1) {
        *ret_voter = rh_get_int(call, rows, 0);
        *ret_poll = rh_get_int(call, rows, 1);
    }
    rh_close(call, rows);
    if (rc == 1)
        return 0;
    return rh_fail(call, RH_ENOTFOUND,
                   "dieser Link gilt nicht oder nicht mehr; der neueste steht in der letzten Mail",
                   "this link does not hold, or not any more; the newest is in the last mail");
}

static int32_t store_vote(struct rh_call *call, const struct poll *poll, int64_t voter,
                          int32_t number, const char *vote)
{
    struct meeting hold;
    int32_t rc = hold_of(call, poll, number, &hold);

    if (rc < 0)
        return rc;
    return rh_exec(call,
                   "INSERT INTO appointments_vote(voter, number, vote) VALUES (?1, ?2, ?3) ON "
                   "CONFLICT DO UPDATE SET vote = excluded.vote",
                   "iis", voter, (int64_t)number, vote) < 0
               ? RH_EFAILED
               : 0;
}

static int32_t store_votes(struct rh_call *call, const struct poll *poll, int64_t voter)
{
    int32_t given = 0, rc;

    for (int32_t number = 1; number <= DATES_MAX; number++) {
        const char *vote = rh_param_text(call, rh_format(call, "vote-%d", "vote-%d", (int)number));

        if (!vote)
            continue;
        if ((rc = store_vote(call, poll, voter, number, vote)) < 0)
            return rc;
        given++;
    }
    if (given == 0)
        return rh_fail(call, RH_EUSAGE, "zu keinem Termin steht eine Antwort da",
                       "there is no answer to any date");
    return rh_exec(call,
                   "UPDATE appointments_voter SET answered_utc = ?2, comment = ?3 WHERE id = ?1",
                   "iis", voter, rh_now_utc(call), rh_param_text(call, "comment")) < 0
               ? RH_EFAILED
               : 0;
}

int32_t poll_vote(struct rh_call *call)
{
    struct poll poll;
    int64_t voter = 0, id = 0;
    int32_t rc;

    if ((rc = poll_voter(call, rh_param_text(call, "token"), &voter, &id)) < 0 ||
        (rc = poll_load(call, id, &poll)) < 0)
        return rc;
    if (strcmp(poll.state, "open") != 0 || poll.closes_utc <= rh_now_utc(call))
        return rh_fail(call, RH_ECONFLICT, "die Umfrage ist zu Ende; Ihre Antwort kam zu spät",
                       "the poll has ended; your answer came too late");
    if ((rc = store_votes(call, &poll, voter)) < 0 ||
        (rc = tell(call, "appointments.voted", &poll)) < 0 ||
        (rc = decide_by_rule(call, &poll, false)) < 0)
        return rc;
    rh_say(call,
           "danke, Ihre Antwort ist eingetragen; bis zum Ende der Umfrage können Sie sie ändern",
           "thank you, your answer is recorded; you may change it until the poll ends");
    return 0;
}
