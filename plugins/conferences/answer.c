/* Who was written to and what they said; an answer stops the reminders. */
#include "plugins/conferences/internal.h"

#include <string.h>

#define SHOW(name)                                                                                 \
    "SELECT i.conference AS " name                                                                 \
    ", i.office, o.name AS office_name, i.name, i.email, i.answer, i.answer = 'open' AS is_open, " \
    "i.people, i.note, m.id AS mail, m.state AS mail_state, (SELECT max(r.id) FROM "               \
    "v_mail_inbound r WHERE r.mail = m.id AND r.sort = 'human') AS reply, (SELECT min(r.day) "     \
    "FROM conferences_reminder r JOIN v_mail q ON q.key = r.mail AND q.copy = 0 AND q.state = "    \
    "'queued' WHERE r.conference = i.conference AND r.office = i.office) AS next_reminder FROM "   \
    "conferences_invitation i JOIN v_office o ON o.id = i.office LEFT JOIN v_mail m ON m.key = "   \
    "i.mail AND m.copy = 0 WHERE i.conference = ?1 AND (?2 IS NULL OR i.answer = ?2) ORDER BY "    \
    "o.name"

/* `reply`: the last mail in which somebody answered the invitation, for a person to read. */
static int32_t show(struct rh_call *call, const struct sort *sort)
{
    struct occasion one;
    int32_t rc = find_occasion(call, sort, &one);

    if (rc < 0 || (rc = put_occasion(call, sort, &one)) < 0 ||
        (rc = put_reminder_days(call, sort, &one)) < 0)
        return rc;
    rc = rh_out_query(call, "items", sort == &survey_sort ? SHOW("survey") : SHOW("conference"),
                      "ss", one.id, rh_param_text(call, "answer"));
    return rc < 0 ? rc : 0;
}

int32_t conference_show(struct rh_call *call)
{
    return show(call, &conference_sort);
}

int32_t survey_show(struct rh_call *call)
{
    return show(call, &survey_sort);
}

/* ---- recording ---- */

struct reply {
    const char *answer, *note;
    int64_t people;
};

static int32_t find_guest(struct rh_call *call, const struct sort *sort, const struct occasion *one,
                          const char *office, struct guest *ret)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(call, &rows,
                          "SELECT o.name, i.name, i.email, ifnull(g.person, 0), ifnull(g.language, "
                          "'de') = 'en' FROM conferences_invitation i JOIN v_office o ON o.id = "
                          "i.office LEFT JOIN conferences_guest g ON g.conference = i.conference "
                          "AND g.office = i.office WHERE i.conference = ?1 AND i.office = ?2",
                          "ss", one->id, office);

    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    if (rc == 0)
        return rh_fail(
            call, RH_ENOTFOUND, "'%s' ist nicht eingeladen; '%s preview %s' zeigt, wer es würde",
            "'%s' is not invited; '%s preview %s' shows who would be", office, sort->name, one->id);
    *ret = (struct guest){.office = office,
                          .office_name = rh_get_text(call, rows, 0),
                          .name = rh_get_text(call, rows, 1),
                          .email = rh_get_text(call, rows, 2),
                          .person = rh_get_int(call, rows, 3),
                          .lang = rh_get_int(call, rows, 4) != 0};
    rh_close(call, rows);
    return 0;
}

static int32_t record(struct rh_call *call, const struct sort *sort, const struct occasion *one,
                      const struct reply *reply, const char **ret_office)
{
    struct guest guest;
    int64_t changed;
    int32_t rc =
        rh_resolve(call, "SELECT id, name, short_name FROM v_office",
                   RH_TEXT("Jugendamt", "office"), rh_param_text(call, "office"), ret_office);

    if (rc < 0 || (rc = find_guest(call, sort, one, *ret_office, &guest)) < 0)
        return rc;
    changed = rh_exec(call,
                      "UPDATE conferences_invitation SET answer = ?3, people = ?4, note = ?5, "
                      "answered_utc = ?6, answered_by = ?7 WHERE conference = ?1 AND office = ?2",
                      "sssisis", one->id, *ret_office, reply->answer, reply->people, reply->note,
                      rh_now_utc(call), rh_actor(call));
    if (changed < 0 || (rc = drop_reminders(call, one->id, *ret_office)) < 0 ||
        (rc = queue_reminders(call, sort, one, &guest, reply->answer)) < 0)
        return changed < 0 ? (int32_t)changed : rc;
    changed = rh_event(call, rh_format(call, "%s.answered", "%s.answered", sort->name),
                       rh_format(call, "%s/%s", "%s/%s", one->id, *ret_office), NULL, NULL);
    return changed < 0 ? (int32_t)changed : 0;
}

int32_t conference_answer(struct rh_call *call)
{
    struct reply reply = {rh_param_text(call, "answer"), rh_param_text(call, "note"), 0};
    int32_t yes = strcmp(reply.answer, "yes") == 0, rc;
    struct occasion one;
    const char *office;

    if ((rc = find_occasion(call, &conference_sort, &one)) < 0)
        return rc;
    reply.people = yes ? rh_param_int(call, "people") : 0;
    if (yes && reply.people < 1)
        return rh_fail(call, RH_EINVALID, "--people: wer zusagt, kommt mit wenigstens einer Person",
                       "--people: who says yes comes with one person at least");
    if ((rc = record(call, &conference_sort, &one, &reply, &office)) < 0)
        return rc;
    if (yes)
        rh_say(call, "%s kommt, Personen: %lld", "%s comes, people: %lld", office,
               (long long)reply.people);
    else
        rh_say(call, "%s kommt nicht", "%s does not come", office);
    return 0;
}

int32_t survey_answer(struct rh_call *call)
{
    struct reply reply = {rh_param_text(call, "answer"), rh_param_text(call, "note"), 0};
    struct occasion one;
    const char *office;
    int32_t rc;

    if ((rc = find_occasion(call, &survey_sort, &one)) < 0 ||
        (rc = record(call, &survey_sort, &one, &reply, &office)) < 0)
        return rc;
    rh_say(call, "vermerkt; %s wird nicht mehr erinnert", "noted; %s is not reminded any more",
           office);
    return 0;
}
