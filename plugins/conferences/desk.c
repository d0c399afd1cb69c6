/* What people do with a conference besides inviting: create it, record answers, see who comes. */
#include "plugins/conferences/internal.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

int32_t find_conference(struct rh_call *call, const char **ret_id)
{
    return rh_resolve(call, "SELECT id, title_de, title_en FROM conferences_conference",
                      RH_TEXT("Tagung", "conference"), rh_param_text(call, "conference"), ret_id);
}

/* It stands in addresses: small letters, digits, hyphens. */
static int32_t check_id(struct rh_call *call, const char *id)
{
    if (strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(id) && id[0] != '-')
        return 0;
    return rh_fail(call, RH_EINVALID,
                   "'%s' taugt nicht als Kennung: nur a bis z, 0 bis 9 und Bindestriche, etwa "
                   "abschluss-2031",
                   "'%s' is no id: a to z, 0 to 9 and hyphens only, as in closing-2031", id);
}

static int32_t check_days(struct rh_call *call)
{
    int64_t on = rh_param_int(call, "on"), answer_by = rh_param_int(call, "answer-by");

    if (on < rh_today(call))
        return rh_fail(call, RH_EINVALID, "--on: der %s ist vorbei", "--on: %s is over",
                       rh_day_text(call, (int32_t)on));
    if (answer_by >= on)
        return rh_fail(call, RH_EINVALID, "--answer-by: Antworten müssen vor dem Tag da sein (%s)",
                       "--answer-by: answers have to be there before the day (%s)",
                       rh_day_text(call, (int32_t)on));
    return 0;
}

/* "10:00" in minutes from midnight. */
static int32_t read_clock(struct rh_call *call, const char *param, int64_t *ret_minute)
{
    const char *text = rh_param_text(call, param);
    int hour = -1, minute = -1, length = -1;

    if (sscanf(text, "%2d:%2d%n", &hour, &minute, &length) == 2 && length == (int)strlen(text) &&
        hour >= 0 && hour < 24 && minute >= 0 && minute < 60) {
        *ret_minute = hour * 60 + minute;
        return 0;
    }
    return rh_fail(call, RH_EINVALID, "--%s '%s' ist keine Uhrzeit wie 10:00",
                   "--%s '%s' is no time such as 10:00", param, text);
}

static int32_t read_time(struct rh_call *call, int64_t *ret_start, int64_t *ret_end)
{
    int32_t rc;

    *ret_start = *ret_end = -1;
    if (rh_param_given(call, "at") != rh_param_given(call, "until"))
        return rh_fail(call, RH_EUSAGE, "zu einer Zeit gehören --at und --until",
                       "a time has --at and --until");
    if (!rh_param_given(call, "at"))
        return 0;
    if ((rc = read_clock(call, "at", ret_start)) < 0 ||
        (rc = read_clock(call, "until", ret_end)) < 0)
        return rc;
    if (*ret_end > *ret_start)
        return 0;
    return rh_fail(call, RH_EINVALID, "--until: das Ende liegt nicht nach dem Anfang",
                   "--until: the end is not after the beginning");
}

int32_t conference_create(struct rh_call *call)
{
    const char *id = rh_param_text(call, "conference"), *title = rh_param_text(call, "title");
    int64_t changed, seq, start, end;
    int32_t rc = check_id(call, id);

    if (rc < 0 || (rc = check_days(call)) < 0 || (rc = read_time(call, &start, &end)) < 0)
        return rc;
    changed = rh_exec(
        call,
        "INSERT INTO conferences_conference(id, title_de, title_en, day, place, answer_by, "
        "created_utc, start_minute, end_minute) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, "
        "nullif(?8, -1), nullif(?9, -1)) ON CONFLICT DO NOTHING",
        "ssssssiii", id, title,
        rh_param_given(call, "title-en") ? rh_param_text(call, "title-en") : title,
        rh_day_text(call, (int32_t)rh_param_int(call, "on")), rh_param_text(call, "place"),
        rh_day_text(call, (int32_t)rh_param_int(call, "answer-by")), rh_now_utc(call), start, end);
    if (changed < 0)
        return (int32_t)changed;
    if (changed == 0)
        return rh_fail(call, RH_ECONFLICT, "eine Tagung '%s' gibt es schon",
                       "there is a conference '%s' already", id);
    if ((seq = rh_event(call, "conference.created", id, NULL, NULL)) < 0)
        return (int32_t)seq;
    rh_out_text(call, "conference", id);
    rh_say(call, "angelegt; 'conference preview %s' zeigt, wer eingeladen würde",
           "created; 'conference preview %s' shows who would be invited", id);
    return 0;
}

#define SUMS                                                                                       \
    "count(i.office) AS invited, sum(i.answer = 'yes') AS yes, sum(i.answer = 'no') AS no, "       \
    "sum(i.answer = 'open') AS open, ifnull(sum(i.people), 0) AS people"
#define FROM_ALL                                                                                   \
    " FROM conferences_conference c LEFT JOIN conferences_invitation i ON i.conference = c.id "

int32_t conference_list(struct rh_call *call)
{
    int32_t rc = rh_out_query(
        call, "items",
        "SELECT c.id AS conference, iif(?1, c.title_en, c.title_de) AS title, c.day, c.place, "
        "c.answer_by, " SUMS FROM_ALL "GROUP BY c.id ORDER BY c.day DESC, c.id",
        "i", (int64_t)call->lang);

    return rc < 0 ? rc : 0;
}

int32_t put_conference(struct rh_call *call, const char *id)
{
    static const char *const numbers[] = {"invited", "yes", "no", "open", "people"};
    struct rh_rows *rows;
    int32_t rc = rh_query(call, &rows,
                          "SELECT iif(?1, c.title_en, c.title_de), c.day, c.place, "
                          "c.answer_by, " SUMS FROM_ALL "WHERE c.id = ?2 GROUP BY c.id",
                          "is", (int64_t)call->lang, id);

    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    rh_out_text(call, "conference", id);
    rh_out_text(call, "title", rh_get_text(call, rows, 0));
    rh_out_text(call, "day", rh_get_text(call, rows, 1));
    rh_out_text(call, "place", rh_get_text(call, rows, 2));
    rh_out_text(call, "answer_by", rh_get_text(call, rows, 3));
    for (int32_t i = 0; i < 5; i++)
        rh_out_int(call, numbers[i], rh_get_int(call, rows, 4 + i));
    rh_close(call, rows);
    return 0;
}

/* `reply`: the last mail in which somebody answered the invitation, for a person to read. */
int32_t conference_show(struct rh_call *call)
{
    const char *id;
    int32_t rc = find_conference(call, &id);

    if (rc < 0 || (rc = put_conference(call, id)) < 0)
        return rc;
    rc = rh_out_query(
        call, "items",
        "SELECT i.conference, i.office, o.name AS office_name, i.name, i.email, i.answer, "
        "i.answer = 'open' AS is_open, i.people, i.note, m.id AS mail, m.state AS mail_state, "
        "(SELECT max(r.id) FROM v_mail_inbound r WHERE r.mail = m.id AND r.sort = 'human') AS "
        "reply FROM conferences_invitation i JOIN v_office o ON o.id = i.office LEFT JOIN v_mail m "
        "ON m.key = i.mail AND m.copy = 0 WHERE i.conference = ?1 AND (?2 IS NULL OR i.answer = "
        "?2) ORDER BY o.name",
        "ss", id, rh_param_text(call, "answer"));
    return rc < 0 ? rc : 0;
}

static int32_t check_people(struct rh_call *call, bool yes)
{
    int64_t people = rh_param_int(call, "people");

    if (yes && people < 1)
        return rh_fail(call, RH_EINVALID, "--people: wer zusagt, kommt mit wenigstens einer Person",
                       "--people: who says yes comes with one person at least");
    return 0;
}

int32_t conference_answer(struct rh_call *call)
{
    bool yes = strcmp(rh_param_text(call, "answer"), "yes") == 0;
    const char *id, *office;
    int64_t changed, seq;
    int32_t rc = find_conference(call, &id);

    if (rc < 0 ||
        (rc = rh_resolve(call, "SELECT id, name, short_name FROM v_office",
                         RH_TEXT("Jugendamt", "office"), rh_param_text(call, "office"), &office)) <
            0 ||
        (rc = check_people(call, yes)) < 0)
        return rc;
    changed = rh_exec(call,
                      "UPDATE conferences_invitation SET answer = ?3, people = ?4, note = ?5, "
                      "answered_utc = ?6, answered_by = ?7 WHERE conference = ?1 AND office = ?2",
                      "sssisis", id, office, rh_param_text(call, "answer"),
                      yes ? rh_param_int(call, "people") : 0, rh_param_text(call, "note"),
                      rh_now_utc(call), rh_actor(call));
    if (changed < 0)
        return (int32_t)changed;
    if (changed == 0)
        return rh_fail(call, RH_ENOTFOUND,
                       "'%s' ist nicht eingeladen; 'conference preview %s' zeigt, wer es würde",
                       "'%s' is not invited; 'conference preview %s' shows who would be", office,
                       id);
    seq = rh_event(call, "conference.answered", rh_format(call, "%s/%s", "%s/%s", id, office), NULL,
                   NULL);
    if (seq < 0)
        return (int32_t)seq;
    if (yes)
        rh_say(call, "%s kommt, Personen: %lld", "%s comes, people: %lld", office,
               (long long)rh_param_int(call, "people"));
    else
        rh_say(call, "%s kommt nicht", "%s does not come", office);
    return 0;
}
