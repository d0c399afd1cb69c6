/*
 * Inviting: all open offices that were not invited yet, each by one person with an address. Nothing
 * leaves unless the caller says how many it is, so nobody writes to 186 offices by mistake.
 */
#include "plugins/conferences/internal.h"

/* The contact person of each office today, else its head. `?2`: the conference, `?1`: today. */
#define GUESTS                                                                                     \
    "WITH person AS (SELECT c.office, c.office_name, c.name, c.email, c.language, row_number() "   \
    "OVER (PARTITION BY c.office ORDER BY c.role <> 'contact', c.person) AS place FROM v_contact " \
    "c JOIN v_office o ON o.id = c.office AND o.active = 1 WHERE c.role IN ('contact','head') "    \
    "AND c.email IS NOT NULL AND ?1 BETWEEN ifnull(c.valid_from, '0000') AND "                     \
    "ifnull(c.valid_to, '9999')), guest AS (SELECT * FROM person WHERE place = 1 AND office NOT "  \
    "IN (SELECT office FROM conferences_invitation WHERE conference = ?2)) "

static int32_t count_guests(struct rh_call *call, const char *conference, int64_t *ret_count)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(call, &rows, GUESTS "SELECT count(*) FROM guest", "ss",
                          rh_day_text(call, rh_today(call)), conference);

    if (rc < 0)
        return rc;
    if ((rc = rh_next(call, rows)) == 1)
        *ret_count = rh_get_int(call, rows, 0);
    rh_close(call, rows);
    return rc < 0 ? rc : 0;
}

int32_t conference_preview(struct rh_call *call)
{
    const char *id, *today = rh_day_text(call, rh_today(call));
    int64_t count = 0;
    int32_t rc = find_conference(call, &id);

    if (rc < 0 || (rc = put_conference(call, id)) < 0 || (rc = count_guests(call, id, &count)) < 0)
        return rc;
    rh_out_int(call, "count", count);
    if ((rc = rh_out_query(call, "items",
                           GUESTS "SELECT office, office_name, name, email FROM guest ORDER BY "
                                  "office",
                           "ss", today, id)) < 0)
        return rc;
    return rh_out_query(call, "nobody",
                        GUESTS "SELECT id AS office, name AS office_name FROM v_office WHERE "
                               "active = 1 AND id NOT IN (SELECT office FROM person) AND id NOT "
                               "IN (SELECT office FROM conferences_invitation WHERE conference = "
                               "?2) ORDER BY id",
                        "ss", today, id);
}

static int32_t invite_one(struct rh_call *call, const char *conference, struct rh_rows *rows)
{
    const char *office = rh_get_text(call, rows, 0);
    struct rh_mail mail = {
        .size = sizeof(mail),
        .key = rh_format(call, "conferences/%s/%s", "conferences/%s/%s", conference, office),
        .kind = "conferences.invitation",
        .to = {rh_get_text(call, rows, 1), rh_get_text(call, rows, 2)},
        .lang = rh_get_int(call, rows, 3) != 0,
        .template_name = "conference_invitation",
        .fields = rh_get_text(call, rows, 4),
    };
    int32_t rc = rh_mail_queue_in(call, &mail);
    int64_t changed;

    if (rc < 0)
        return rh_wrap(call, "Einladung an '%s'", "invitation to '%s'", office);
    changed = rh_exec(call,
                      "INSERT INTO conferences_invitation(conference, office, name, email, mail, "
                      "invited_utc, answer, people) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'open', 0)",
                      "sssssi", conference, office, mail.to.name, mail.to.address, mail.key,
                      rh_now_utc(call));
    return changed < 0 ? (int32_t)changed : 0;
}

static int32_t invite_all(struct rh_call *call, const char *conference)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(
        call, &rows,
        GUESTS "SELECT g.office, g.name, g.email, g.language = 'en', json_object('name', g.name, "
               "'office', g.office_name, 'title', iif(g.language = 'en', c.title_en, c.title_de), "
               "'day', strftime('%d.%m.%Y', c.day), 'place', c.place, 'answer_by', "
               "strftime('%d.%m.%Y', c.answer_by)) FROM guest g JOIN conferences_conference c ON "
               "c.id = ?2 ORDER BY g.office",
        "ss", rh_day_text(call, rh_today(call)), conference);

    while (rc >= 0 && (rc = rh_next(call, rows)) == 1)
        if ((rc = invite_one(call, conference, rows)) < 0)
            return rc;
    rh_close(call, rows);
    return rc < 0 ? rc : 0;
}

int32_t conference_invite(struct rh_call *call)
{
    int64_t mails = rh_param_int(call, "mails"), count = 0, seq;
    const char *id;
    int32_t rc = find_conference(call, &id);

    if (rc < 0 || (rc = count_guests(call, id, &count)) < 0)
        return rc;
    if (count != mails)
        return rh_fail(call, RH_ECONFLICT,
                       "es sind %lld Mails, nicht %lld; 'conference preview %s' zeigt sie",
                       "it is %lld mails, not %lld; 'conference preview %s' shows them",
                       (long long)count, (long long)mails, id);
    if ((rc = invite_all(call, id)) < 0)
        return rc;
    seq = rh_event(call, "conference.invited", id, NULL, NULL);
    if (seq < 0)
        return (int32_t)seq;
    rh_out_int(call, "count", count);
    rh_say(call, "Einladungen auf dem Weg: %lld", "invitations on their way: %lld",
           (long long)count);
    return 0;
}
