/* Date polls as people see them: the planners' list, one poll, and the sheet behind a voter's link.
 */
#include "plugins/appointments/internal.h"

#define CLOCK(minute) "printf('%d:%02d', " minute " / 60, " minute " % 60)"
#define TIME          CLOCK("m.start_minute") " || '–' || " CLOCK("m.end_minute")
/* The last day on which answers are taken, the clocks of Berlin being at most two hours ahead. */
#define CLOSES "strftime('%Y-%m-%d', p.closes_utc - 14400, 'unixepoch')"

#define POLL_COLUMNS                                                                               \
    "p.id AS poll, p.procedure, p.office, o.name AS office_name, p.step, iif(?1, p.title_en, "     \
    "p.title_de) AS title, p.state, p.rule, " CLOSES " AS closes, p.state = 'open' AND "           \
    "p.closes_utc <= ?2 AS undecided, (SELECT count(*) FROM appointments_option x WHERE x.poll = " \
    "p.id) AS options, (SELECT count(*) FROM appointments_voter v WHERE v.poll = p.id) AS "        \
    "voters, (SELECT count(*) FROM appointments_voter v WHERE v.poll = p.id AND v.answered_utc "   \
    "IS NOT NULL) AS answered FROM appointments_poll p LEFT JOIN v_office o ON o.id = p.office "

int32_t poll_list(struct rh_call *call)
{
    int32_t rc = rh_out_query(
        call, "items",
        "SELECT " POLL_COLUMNS
        "WHERE ?3 = 'all' OR p.state = ?3 ORDER BY p.state = 'open' DESC, p.closes_utc, p.id",
        "iis", (int64_t)call->lang, rh_now_utc(call), rh_param_text(call, "state"));

    return rc < 0 ? rc : 0;
}

/* Its facts as members of the answer; 0 rows: RH_ENOTFOUND. */
static int32_t put_poll(struct rh_call *call, int64_t poll)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(
        call, &rows,
        "SELECT iif(?1, p.title_en, p.title_de), o.name, p.procedure, p.step, p.place, p.video, "
        "p.note, p.rule, p.state, " CLOSES
        ", p.state = 'open' AND p.closes_utc <= ?2, p.decided_by, p.reason, p.decided_meeting, "
        "m.day, " TIME " FROM appointments_poll p LEFT JOIN v_office o ON o.id = p.office LEFT "
        "JOIN appointments_meeting m ON m.id = p.decided_meeting WHERE p.id = ?3",
        "iii", (int64_t)call->lang, rh_now_utc(call), poll);
    static const char *const names[] = {"title", "office_name", "procedure", "step",  "place",
                                        "video", "note",        "rule",      "state", "closes"};

    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    if (rc == 0)
        return rh_fail(call, RH_ENOTFOUND, "die Umfrage %lld gibt es nicht; 'poll list' zeigt alle",
                       "there is no poll %lld; 'poll list' shows all", (long long)poll);
    rh_out_int(call, "poll", poll);
    for (int32_t i = 0; i < 10; i++)
        rh_out_text(call, names[i], rh_get_text(call, rows, i));
    rh_out_flag(call, "undecided", rh_get_int(call, rows, 10) != 0);
    rh_out_text(call, "decided_by", rh_get_text(call, rows, 11));
    rh_out_text(call, "reason", rh_get_text(call, rows, 12));
    rh_out_text(call, "decided_meeting", rh_get_text(call, rows, 13));
    rh_out_text(call, "decided_day", rh_get_text(call, rows, 14));
    rh_out_text(call, "decided_time",
                rh_is_null(call, rows, 13) ? NULL : rh_get_text(call, rows, 15));
    rh_out_flag(call, "is_open",
                rh_get_text(call, rows, 8)[0] == 'o' && !rh_get_int(call, rows, 10));
    rh_close(call, rows);
    return 0;
}

/* "Di 11.05.2027" for people. */
static const char *day_words(struct rh_call *call, const char *day)
{
    static const char *const de[] = {"Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"};
    static const char *const en[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    int32_t number = 0, weekday;

    if (rh_day_parse(call, day, &number) < 0)
        return day;
    weekday = ((number + 3) % 7 + 7) % 7;
    return call->lang == 0 ? rh_format(call, "%s %.2s.%.2s.%.4s", "%s %.2s.%.2s.%.4s", de[weekday],
                                       day + 8, day + 5, day)
                           : rh_format(call, "%s %s", "%s %s", en[weekday], day);
}

/* The options with their counts; `voter`: with this one's own votes, 0 = nobody's. */
static int32_t put_options(struct rh_call *call, int64_t poll, int64_t voter)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(
        call, &rows,
        "SELECT o.number, m.day, " TIME
        ", (SELECT count(*) FROM appointments_vote x JOIN appointments_voter v ON v.id = x.voter "
        "WHERE v.poll = o.poll AND x.number = o.number AND x.vote = 'yes'), (SELECT count(*) FROM "
        "appointments_vote x JOIN appointments_voter v ON v.id = x.voter WHERE v.poll = o.poll AND "
        "x.number = o.number AND x.vote = 'maybe'), (SELECT count(*) FROM appointments_vote x JOIN "
        "appointments_voter v ON v.id = x.voter WHERE v.poll = o.poll AND x.number = o.number AND "
        "x.vote = 'no'), (SELECT vote FROM appointments_vote x WHERE x.voter = ?2 AND x.number = "
        "o.number), m.state, o.meeting, m.state = 'held' FROM appointments_option o JOIN "
        "appointments_meeting m ON "
        "m.id = o.meeting WHERE o.poll = ?1 ORDER BY o.number",
        "ii", poll, voter);

    if (rc < 0)
        return rc;
    rh_out_array(call, "items");
    while ((rc = rh_next(call, rows)) == 1) {
        const char *vote = rh_get_text(call, rows, 6);

        rh_out_object(call, NULL);
        rh_out_int(call, "number", rh_get_int(call, rows, 0));
        rh_out_text(call, "day", rh_get_text(call, rows, 1));
        rh_out_text(call, "day_words", day_words(call, rh_get_text(call, rows, 1)));
        rh_out_text(call, "time", rh_get_text(call, rows, 2));
        rh_out_int(call, "yes", rh_get_int(call, rows, 3));
        rh_out_int(call, "maybe", rh_get_int(call, rows, 4));
        rh_out_int(call, "no", rh_get_int(call, rows, 5));
        rh_out_flag(call, "is_yes", vote && vote[0] == 'y');
        rh_out_flag(call, "is_maybe", vote && vote[0] == 'm');
        rh_out_flag(call, "is_no", vote && vote[0] == 'n');
        rh_out_text(call, "state", rh_get_text(call, rows, 7));
        rh_out_text(call, "meeting", rh_get_text(call, rows, 8));
        rh_out_flag(call, "is_held", rh_get_int(call, rows, 9) != 0);
        rh_out_end(call);
    }
    rh_out_end(call);
    rh_close(call, rows);
    return rc;
}

/* Who has said what: a row a person, a vote an option ("?" where there is none). */
static int32_t put_voters(struct rh_call *call, int64_t poll)
{
    int32_t rc = rh_out_query(
        call, "voters",
        "SELECT v.name, v.kind, v.role, v.email IS NULL AS unreachable, v.answered_utc IS NOT NULL "
        "AS has_answered, v.comment, (SELECT group_concat(sign, ' ') FROM (SELECT CASE x.vote WHEN "
        "'yes' THEN '✓' WHEN 'maybe' THEN '(✓)' WHEN 'no' THEN '–' ELSE '?' END AS sign FROM "
        "appointments_option o LEFT JOIN appointments_vote x ON x.voter = v.id AND x.number = "
        "o.number WHERE o.poll = v.poll ORDER BY o.number)) AS votes FROM appointments_voter v "
        "WHERE v.poll = ?1 ORDER BY v.id",
        "i", poll);

    return rc < 0 ? rc : 0;
}

int32_t poll_show(struct rh_call *call)
{
    int64_t poll = rh_param_int(call, "poll");
    int32_t rc;

    if ((rc = put_poll(call, poll)) < 0 || (rc = put_options(call, poll, 0)) < 0)
        return rc;
    return put_voters(call, poll);
}

int32_t poll_sheet(struct rh_call *call)
{
    const char *token = rh_param_text(call, "token");
    int64_t voter = 0, poll = 0;
    struct rh_rows *rows;
    int32_t rc;

    if ((rc = poll_voter(call, token, &voter, &poll)) < 0 || (rc = put_poll(call, poll)) < 0 ||
        (rc = put_options(call, poll, voter)) < 0 ||
        (rc = rh_query(call, &rows,
                       "SELECT name, comment, answered_utc IS NOT NULL FROM appointments_voter "
                       "WHERE id = ?1",
                       "i", voter)) < 0)
        return rc;
    if ((rc = rh_next(call, rows)) == 1) {
        rh_out_text(call, "token", token);
        rh_out_text(call, "name", rh_get_text(call, rows, 0));
        rh_out_text(call, "comment", rh_get_text(call, rows, 1));
        rh_out_flag(call, "has_answered", rh_get_int(call, rows, 2) != 0);
    }
    rh_close(call, rows);
    return rc < 0 ? rc : 0;
}
