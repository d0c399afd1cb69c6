/* What people ask of the outgoing mail. */
#include "core/post/internal.h"

#include "core/mail/queue.h"
#include "core/operation/call.h"
#include "core/post/settings.h"

#include <string.h>

#define AT(column) "strftime('%Y-%m-%dT%H:%M:%SZ', " column ", 'unixepoch')"
#define REASON(first)                                                                              \
    "CASE " first " WHEN 0 THEN reason_de ELSE reason_en END"                                      \
    " || CASE WHEN state IN ('queued', 'failed') AND reply IS NOT NULL THEN ': ' || reply"         \
    " ELSE '' END"
/* clang-format off */
#define MAIL_COLUMNS                                                                               \
    "SELECT id, state, recipient, subject, kind, about, "                                          \
    AT("CASE state WHEN 'sent' THEN sent_utc ELSE next_utc END") " AS at, attempts, "              \
    REASON("?1") " AS reason, reply, bounced, copy, formal, key, message_id, "                     \
    AT("created_utc") " AS created, state = 'queued' AS may_hold, state = 'held' AS "                        \
    "may_release, state = 'failed' OR (state = 'queued' AND attempts > 0) AS may_retry, state IN "   \
    "('queued', 'held', 'failed') AS may_drop FROM v_mail"
/* clang-format on */

/* What a person may choose on the page, and how many there are of each. */
static int32_t put_choices(struct rh_call *call)
{
    static const struct {
        const char *state;
        struct rh_text title;
    } states[] = {
        {"queued", {"wartet", "queued"}},
        {"sending", {"wird gesendet", "being sent"}},
        {"sent", {"gesendet", "sent"}},
        {"held", {"angehalten", "held"}},
        {"failed", {"gescheitert", "failed"}},
        {"dropped", {"verworfen", "dropped"}},
        {"all", {"alle", "all"}},
    };
    const char *asked = rh_param_text(call, "state");
    int32_t rc;

    rh_out_text(call, "asked_state", asked);
    rh_out_text(call, "asked_about", rh_param_text(call, "about"));
    rh_out_text(call, "asked_to", rh_param_text(call, "to"));
    rh_out_array(call, "choices");
    for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
        rh_out_object(call, NULL);
        rh_out_text(call, "choice", states[i].state);
        rh_out_text(call, "title", rh_say_in(call, states[i].title));
        rh_out_flag(call, "chosen", asked && strcmp(asked, states[i].state) == 0);
        rh_out_end(call);
    }
    rh_out_end(call);
    rc =
        rh_out_query(call, "counts",
                     "SELECT state AS choice, CASE state WHEN 'queued' THEN iif(?1, 'queued', "
                     "'wartet') WHEN 'sending' THEN iif(?1, 'being sent', 'wird gesendet') WHEN "
                     "'sent' THEN iif(?1, 'sent', 'gesendet') WHEN 'held' THEN iif(?1, 'held', "
                     "'angehalten') WHEN 'failed' THEN iif(?1, 'failed', 'gescheitert') ELSE "
                     "iif(?1, 'dropped', 'verworfen') END AS title, count(*) AS number FROM v_mail "
                     "GROUP BY state ORDER BY state",
                     "i", (int64_t)call->lang);
    return rc < 0 ? rc : 0;
}

static int32_t put_inbound_count(struct rh_call *call)
{
    struct rh_rows *rows;
    int32_t rc =
        rh_query(call, &rows, "SELECT count(*) FROM v_mail_inbound WHERE done_utc IS NULL", "");

    if (rc < 0)
        return rc;
    if ((rc = rh_next(call, rows)) == 1)
        rh_out_int(call, "inbound", rh_get_int(call, rows, 0));
    rh_close(call, rows);
    return rc < 0 ? rc : 0;
}

int32_t post_mail_list(struct rh_call *call)
{
    int32_t rc = put_choices(call);

    if (rc < 0 || (rc = put_inbound_count(call)) < 0)
        return rc;
    rc = rh_out_query(
        call, "items",
        MAIL_COLUMNS " WHERE CASE WHEN ?2 IS NULL THEN state NOT IN ('sent', 'dropped')"
                     " WHEN ?2 = 'all' THEN 1 ELSE state = ?2 END"
                     " AND (?3 IS NULL OR about = ?3) AND (?4 IS NULL OR lower(recipient) ="
                     " lower(?4)) AND (?5 IS NULL OR kind = ?5)"
                     " ORDER BY CASE state WHEN 'sent' THEN sent_utc ELSE next_utc END, id"
                     " LIMIT ?6",
        "issssi", (int64_t)call->lang, rh_param_text(call, "state"), rh_param_text(call, "about"),
        rh_param_text(call, "to"), rh_param_text(call, "kind"), rh_param_int(call, "limit"));

    return rc < 0 ? rc : 0;
}

static int32_t put_mail(struct rh_call *call)
{
    int32_t rc = rh_out_query(call, "items", MAIL_COLUMNS " WHERE id = ?2", "ii",
                              (int64_t)call->lang, rh_param_int(call, "id"));

    if (rc == 0)
        return rh_fail(call, RH_ENOTFOUND, "die Mail %lld gibt es nicht; 'mail list' zeigt sie",
                       "there is no mail %lld; 'mail list' shows them",
                       (long long)rh_param_int(call, "id"));
    return rc < 0 ? rc : 0;
}

/* As a person reads it, beside the bytes as they are sent. */
int32_t post_mail_show(struct rh_call *call)
{
    struct rh_rows *rows = NULL;
    struct rh_mail_in in;
    int32_t rc = put_mail(call);

    if (rc == 0)
        rc = rh_query(call, &rows,
                      "SELECT replace(g.bytes, char(13), '') FROM mail m"
                      " JOIN mail_message g ON g.id = m.message WHERE m.id = ?1",
                      "i", rh_param_int(call, "id"));
    if (rc == 0)
        rc = rh_next(call, rows);
    if (rc == 1) {
        const char *source = rh_get_text(call, rows, 0);

        rc = source
                 ? rh_mail_read(source, strlen(source), rh_call_arena(call), &in, rh_call_err(call))
                 : RH_ENOMEM;
        if (rc < 0)
            return rc;
        rh_out_text(call, "text", in.text);
        rh_out_text(call, "source", source);
    }
    rh_close(call, rows);
    return rc < 0 ? rc : 0;
}

/* Each try, and what people did: those are events about the mail. */
int32_t post_mail_history(struct rh_call *call)
{
    int32_t rc = rh_out_query(
        call, "items",
        "SELECT at, what, who, reply FROM ("
        " SELECT " AT(
            "created_utc") " AS at, 'stored' AS what, module AS who, NULL AS reply, 0 AS n,"
                           " created_utc AS t FROM v_mail WHERE id = ?1"
                           " UNION ALL SELECT " AT(
                               "at_utc") ", outcome, NULL, reply, number, at_utc"
                                         " FROM v_mail_attempt WHERE mail = ?1"
                                         " UNION ALL SELECT " AT(
                                             "at_utc") ", substr(topic, 6), actor, NULL, seq,"
                                                       " at_utc FROM v_event"
                                                       " WHERE subject = 'mail/' || ?1"
                                                       " AND topic LIKE 'mail.%'"
                                                       " UNION ALL SELECT " AT(
                                                           "received_utc") ", 'answer: ' || sort,"
                                                                           " from_address, subject,"
                                                                           " id, received_utc FROM"
                                                                           " v_mail_inbound"
                                                                           " WHERE mail = ?1"
                                                                           ") ORDER BY t, n",
        "i", rh_param_int(call, "id"));

    if (rc == 0)
        return rh_fail(call, RH_ENOTFOUND, "die Mail %lld gibt es nicht; 'mail list' zeigt sie",
                       "there is no mail %lld; 'mail list' shows them",
                       (long long)rh_param_int(call, "id"));
    return rc < 0 ? rc : 0;
}

/* ---- steering ---- */

static int32_t moved(struct rh_call *call, int32_t rc, const char *topic)
{
    int64_t seq;

    if (rc < 0)
        return rc;
    seq = rh_event(call, topic,
                   rh_format(call, "mail/%lld", "mail/%lld", (long long)rh_param_int(call, "id")),
                   NULL, NULL);
    return seq < 0 ? (int32_t)seq : put_mail(call);
}

static const char *reason(struct rh_call *call, const char *otherwise)
{
    const char *given = rh_param_text(call, "reason");

    return given ? given : otherwise;
}

int32_t post_mail_hold(struct rh_call *call)
{
    return moved(call,
                 rh_mail_hold(rh_call_db(call), rh_param_int(call, "id"),
                              reason(call, "von Hand angehalten"), reason(call, "held by hand"),
                              rh_now_utc(call), rh_call_err(call)),
                 "mail.held");
}

int32_t post_mail_release(struct rh_call *call)
{
    return moved(call,
                 rh_mail_release(rh_call_db(call), rh_param_int(call, "id"), rh_now_utc(call),
                                 rh_call_err(call)),
                 "mail.released");
}

int32_t post_mail_drop(struct rh_call *call)
{
    return moved(call,
                 rh_mail_drop(rh_call_db(call), rh_param_int(call, "id"),
                              reason(call, "von Hand verworfen"), reason(call, "dropped by hand"),
                              rh_now_utc(call), rh_call_err(call)),
                 "mail.dropped");
}

int32_t post_mail_retry(struct rh_call *call)
{
    return moved(call,
                 rh_mail_retry(rh_call_db(call), rh_param_int(call, "id"), rh_now_utc(call),
                               rh_call_err(call)),
                 "mail.retried");
}

/* ---- trying it out ---- */

static const char *sample_of(struct rh_call *call, const char *name)
{
    const struct rh_mail_desk *desk = rh_call_house(call)->mail;

    return desk ? rh_mail_desk_sample(desk, name) : NULL;
}

int32_t post_mail_test(struct rh_call *call)
{
    const char *to = rh_param_text(call, "to");
    struct rh_mail mail = {
        .size = sizeof(mail), .kind = "mail.test", .to = {NULL, to}, .lang = call->lang};
    int64_t now = rh_now_utc(call), id;
    struct rh_rows *rows = NULL;
    int32_t rc;

    mail.key = rh_format(call, "mail/test/%s/%lld", "mail/test/%s/%lld", to, (long long)now);
    if (sample_of(call, "test")) {
        mail.template_name = "test";
        mail.fields = sample_of(call, "test");
    } else {
        mail.subject = rh_format(call, "Probe von reihum", "test of reihum");
        mail.text = rh_format(call, "Wenn Sie das lesen, kommt Mail an.\n",
                              "If you read this, mail arrives.\n");
    }
    rc = rh_mail_queue_in(call, &mail);
    if (rc < 0)
        return rc;
    rc = rh_query(call, &rows, "SELECT id FROM v_mail WHERE key = ?1", "s", mail.key);
    if (rc == 0)
        rc = rh_next(call, rows);
    if (rc < 0)
        return rc;
    id = rh_get_int(call, rows, 0);
    rh_close(call, rows);
    rh_out_int(call, "id", id);
    rh_say(call, "Die Probe ist Mail %lld; 'mail history %lld' sagt, was aus ihr wurde",
           "the test is mail %lld; 'mail history %lld' says what became of it", (long long)id,
           (long long)id);
    return 0;
}

int32_t post_template_list(struct rh_call *call)
{
    const struct rh_mail_desk *desk = rh_call_house(call)->mail;
    const char *name;

    rh_out_array(call, "items");
    for (size_t i = 0; desk && (name = rh_mail_desk_template(desk, i)); i++) {
        struct rh_mail mail = {.size = sizeof(mail),
                               .template_name = name,
                               .fields = rh_mail_desk_sample(desk, name),
                               .lang = call->lang};
        const char *subject, *html;
        int32_t rc = rh_mail_render_in(call, &mail, &subject, NULL, &html);

        if (rc < 0)
            return rc;
        rh_out_object(call, NULL);
        rh_out_text(call, "name", name);
        rh_out_text(call, "subject", subject);
        rh_out_flag(call, "html", html != NULL);
        rh_out_end(call);
    }
    rh_out_end(call);
    return 0;
}

/* Real fields come from the module that writes the mail; here from a file, else from the sample. */
int32_t post_mail_preview(struct rh_call *call)
{
    const char *name = rh_param_text(call, "template"), *fields = sample_of(call, name), *file;
    const char *subject, *text, *html, *bytes;
    struct rh_mail mail = {.size = sizeof(mail), .template_name = name, .lang = call->lang};
    size_t size;
    int32_t rc;

    if (rh_param_given(call, "fields")) {
        rc = rh_param_file(call, "fields", &file, &bytes, &size);
        if (rc < 0)
            return rc;
        fields = rh_format(call, "%.*s", "%.*s", (int)size, bytes);
    }
    mail.fields = fields;
    rc = rh_mail_render_in(call, &mail, &subject, &text, &html);
    if (rc < 0)
        return rc;
    rh_out_text(call, "subject", subject);
    rh_out_text(call, "text", text);
    rh_out_text(call, "html", html);
    return 0;
}

/* ---- how it is ---- */

int32_t post_mail_status(struct rh_call *call)
{
    static const char *const keys[] = {"transport", "from", "bounce", "smtp_host", "imap_host"};
    int32_t rc;

    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
        rh_out_text(call, keys[i], rh_post_value(rh_call_module(call), keys[i]));
    rc = rh_out_query(call, "items",
                      "SELECT state, count(*) AS number, " AT(
                          "min(next_utc)") " AS first FROM v_mail GROUP BY state ORDER BY state",
                      "");
    return rc < 0 ? rc : 0;
}

/* ---- addresses ---- */

int32_t post_address_list(struct rh_call *call)
{
    int32_t rc = rh_out_query(call, "items",
                              "SELECT address, state, reason, " AT(
                                  "since_utc") " AS since FROM v_mail_address ORDER BY address",
                              "");

    return rc < 0 ? rc : 0;
}

int32_t post_address_clear(struct rh_call *call)
{
    const char *address = rh_param_text(call, "address");
    int32_t rc = rh_mail_address_clear(rh_call_db(call), address, rh_call_err(call));
    int64_t seq;

    if (rc < 0)
        return rc;
    /* Events last; an address is personal and does not belong there. */
    seq = rh_event(call, "mail.address-cleared", "mail", NULL, NULL);
    if (seq < 0)
        return (int32_t)seq;
    rh_say(call, "%s: gilt wieder als erreichbar; angehaltene Mails gibt 'mail release' frei",
           "%s: counts as reachable again; 'mail release' releases mail that is held", address);
    return 0;
}
