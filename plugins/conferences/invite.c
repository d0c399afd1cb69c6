/*
 * Inviting: all open offices that were not written to yet, each by one person with an address.
 * Nothing leaves unless the caller says how many it is, so nobody writes to 186 offices by mistake.
 */
#include "plugins/conferences/internal.h"

/* The person of each office today who has the role that is asked for, else its contact, else its
 * head. `?1`: today, `?2`: the occasion. */
#define GUESTS                                                                                     \
    "WITH asked AS (SELECT * FROM v_conferences_occasion WHERE id = ?2), person AS (SELECT "       \
    "c.office, c.office_name, c.person, c.name, c.email, c.language, row_number() OVER "           \
    "(PARTITION BY c.office ORDER BY c.role <> a.audience, c.role <> 'contact', c.person) AS "     \
    "place FROM v_contact c JOIN asked a JOIN v_office o ON o.id = c.office AND o.active = 1 AND " \
    "o.region = ifnull(a.region, o.region) WHERE c.role IN ('contact','head',a.audience) AND "     \
    "c.email IS NOT NULL AND ?1 BETWEEN ifnull(c.valid_from, '0000') AND ifnull(c.valid_to, "      \
    "'9999')), guest AS (SELECT * FROM person WHERE place = 1 AND office NOT IN (SELECT office "   \
    "FROM conferences_invitation WHERE conference = ?2)) "

static int32_t count_guests(struct rh_call *call, const char *occasion, int64_t *ret_count)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(call, &rows, GUESTS "SELECT count(*) FROM guest", "ss",
                          rh_day_text(call, rh_today(call)), occasion);

    if (rc < 0)
        return rc;
    if ((rc = rh_next(call, rows)) == 1)
        *ret_count = rh_get_int(call, rows, 0);
    rh_close(call, rows);
    return rc < 0 ? rc : 0;
}

static int32_t preview(struct rh_call *call, const struct sort *sort)
{
    const char *today = rh_day_text(call, rh_today(call));
    struct occasion one;
    int64_t count = 0;
    int32_t rc = find_occasion(call, sort, &one);

    if (rc < 0 || (rc = put_occasion(call, sort, &one)) < 0 ||
        (rc = count_guests(call, one.id, &count)) < 0 ||
        (rc = put_reminder_days(call, sort, &one)) < 0)
        return rc;
    rh_out_int(call, "count", count);
    if ((rc = rh_out_query(call, "items",
                           GUESTS "SELECT office, office_name, name, email FROM guest ORDER BY "
                                  "office",
                           "ss", today, one.id)) < 0)
        return rc;
    return rh_out_query(call, "nobody",
                        GUESTS "SELECT id AS office, name AS office_name FROM v_office WHERE "
                               "active = 1 AND region = ifnull((SELECT region FROM asked), region) "
                               "AND id NOT IN (SELECT office FROM person) AND id NOT IN (SELECT "
                               "office FROM conferences_invitation WHERE conference = ?2) ORDER BY "
                               "id",
                        "ss", today, one.id);
}

int32_t conference_preview(struct rh_call *call)
{
    return preview(call, &conference_sort);
}

int32_t survey_preview(struct rh_call *call)
{
    return preview(call, &survey_sort);
}

/* ---- the mails ---- */

static int32_t invite_one(struct rh_call *call, const struct sort *sort, const struct occasion *one,
                          const struct guest *guest)
{
    struct rh_mail mail = {
        .size = sizeof(mail),
        .key = rh_format(call, "conferences/%s/%s", "conferences/%s/%s", one->id, guest->office),
        .kind = "conferences.invitation",
        .to = {guest->name, guest->email},
        .lang = guest->lang,
        .template_name = sort->template_name,
        .fields = mail_fields(call, one, guest),
    };
    int32_t first = sort == &survey_sort ? one->day : rh_today(call);
    int32_t rc = invitation_time(call, one, guest, first, &mail.not_before_utc);
    int64_t changed;

    if (rc < 0 || rh_mail_queue_in(call, &mail) < 0)
        return rh_wrap(call, "Einladung an '%s'", "invitation to '%s'", guest->office);
    changed = rh_exec(call,
                      "INSERT INTO conferences_invitation(conference, office, name, email, mail, "
                      "invited_utc, answer, people) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'open', 0)",
                      "sssssi", one->id, guest->office, mail.to.name, mail.to.address, mail.key,
                      rh_now_utc(call));
    if (changed >= 0)
        changed = rh_exec(call,
                          "INSERT INTO conferences_guest(conference, office, person, language) "
                          "VALUES (?1, ?2, ?3, ?4)",
                          "ssis", one->id, guest->office, guest->person, guest->lang ? "en" : "de");
    return changed < 0 ? (int32_t)changed : queue_reminders(call, sort, one, guest, "open");
}

static int32_t invite_all(struct rh_call *call, const struct sort *sort, const struct occasion *one)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(
        call, &rows,
        GUESTS
        ", busy(email) AS MATERIALIZED (SELECT DISTINCT recipient FROM v_mail WHERE state IN "
        "('queued','sending','sent') AND module <> 'conferences' AND ifnull(sent_utc, "
        "next_utc) BETWEEN ?3 AND ?3 + 86399) SELECT g.office, g.office_name, g.person, "
        "g.name, g.email, g.language = 'en', g.email IN (SELECT email FROM busy) FROM guest "
        "g ORDER BY g.office",
        "ssi", rh_day_text(call, rh_today(call)), one->id, (int64_t)rh_today(call) * 86400);

    while (rc >= 0 && (rc = rh_next(call, rows)) == 1) {
        struct guest guest = {.office = rh_get_text(call, rows, 0),
                              .office_name = rh_get_text(call, rows, 1),
                              .person = rh_get_int(call, rows, 2),
                              .name = rh_get_text(call, rows, 3),
                              .email = rh_get_text(call, rows, 4),
                              .lang = rh_get_int(call, rows, 5) != 0,
                              .written_today = rh_get_int(call, rows, 6) != 0};

        if ((rc = invite_one(call, sort, one, &guest)) < 0)
            return rc;
    }
    rh_close(call, rows);
    return rc < 0 ? rc : 0;
}

static int32_t invite(struct rh_call *call, const struct sort *sort)
{
    int64_t mails = rh_param_int(call, "mails"), count = 0, seq;
    struct occasion one;
    int32_t rc = find_occasion(call, sort, &one);

    if (rc < 0 || (rc = refuse_closed(call, sort, &one)) < 0 ||
        (rc = count_guests(call, one.id, &count)) < 0)
        return rc;
    if (count != mails)
        return rh_fail(call, RH_ECONFLICT,
                       "es sind %lld Mails, nicht %lld; '%s preview %s' zeigt sie",
                       "it is %lld mails, not %lld; '%s preview %s' shows them", (long long)count,
                       (long long)mails, sort->name, one.id);
    if ((rc = invite_all(call, sort, &one)) < 0)
        return rc;
    seq =
        rh_event(call, rh_format(call, "%s.invited", "%s.invited", sort->name), one.id, NULL, NULL);
    if (seq < 0)
        return (int32_t)seq;
    rh_out_text(call, sort->name, one.id);
    rh_out_int(call, "count", count);
    rh_say(call, "Einladungen auf dem Weg: %lld", "invitations on their way: %lld",
           (long long)count);
    return 0;
}

int32_t conference_invite(struct rh_call *call)
{
    return invite(call, &conference_sort);
}

int32_t survey_invite(struct rh_call *call)
{
    return invite(call, &survey_sort);
}
