/* The start of the module: who we are, the templates; and the events that come from jobs. */
#include "core/post/internal.h"

#include "core/base/json_out.h"
#include "core/mail/desk.h"
#include "core/operation/call.h"
#include "core/post/settings.h"

#include <stdlib.h>
#include <string.h>

/* May run more than once (see store.h): the last desk stays. */
int32_t post_start(struct rh_call *call)
{
    struct rh_house *house = rh_call_house(call);
    const char *bounce = rh_config_text(call, "bounce"),
               *templates = rh_config_text(call, "templates");
    const struct rh_mail_desk_options options = {
        .from = rh_config_text(call, "from"),
        .from_name = rh_config_text(call, "from_name"),
        .reply_to = rh_config_text(call, "reply_to"),
        .bounce = bounce ? bounce : rh_config_text(call, "from"),
        .folder = templates ? templates : house->mail_templates,
    };
    struct rh_post_settings settings;
    struct rh_mail_desk *desk = NULL;
    int32_t rc = rh_post_settings(rh_call_module(call), rh_store_path(house->store),
                                  rh_call_arena(call), &settings, rh_call_err(call));

    if (rc == 0)
        rc = rh_mail_desk_new(&options, &desk, rh_call_err(call));
    if (rc < 0)
        return rc;
    rh_mail_desk_free(house->mail);
    house->mail = desk;
    return 0;
}

/* What a hook may know without knowing an address: events last for ever, addresses must not. */
static int32_t send_event(struct rh_call *call, const char *topic, const char *subject,
                          const char *sql, int64_t id)
{
    struct rh_rows *rows = NULL;
    int32_t rc = rh_query(call, &rows, sql, "i", id);
    int64_t seq = 0;

    if (rc == 0)
        rc = rh_next(call, rows);
    if (rc == 1) {
        const char *after = rh_get_text(call, rows, 0);

        rh_close(call, rows);
        seq = rh_event(call, topic, subject, NULL, after);
    }
    return rc < 0 ? rc : seq < 0 ? (int32_t)seq : 0;
}

/* "mail.failed": a task for staff; other modules may escalate. */
int32_t post_failed_job(struct rh_call *call, const char *key, const char *payload)
{
    (void)key;
    return send_event(call, "mail.failed", rh_format(call, "mail/%s", "mail/%s", payload),
                      "SELECT json_object('mail', id, 'kind', kind, 'about', about, 'key', key,"
                      " 'bounced', bounced) FROM v_mail WHERE id = ?1",
                      strtoll(payload, NULL, 10));
}

/* "mail.received": with its sort, and what it answers. */
int32_t post_inbound_job(struct rh_call *call, const char *key, const char *payload)
{
    (void)key;
    return send_event(call, "mail.received",
                      rh_format(call, "mail-inbound/%s", "mail-inbound/%s", payload),
                      "SELECT json_object('inbound', i.id, 'sort', i.sort, 'mail', i.mail,"
                      " 'about', i.about, 'key', m.key) FROM v_mail_inbound i"
                      " LEFT JOIN v_mail m ON m.id = i.mail WHERE i.id = ?1",
                      strtoll(payload, NULL, 10));
}
