/* What people ask of the mail that came in. */
#include "core/post/internal.h"

#include "core/operation/call.h"

#define AT(column) "strftime('%Y-%m-%dT%H:%M:%SZ', " column ", 'unixepoch')"
#define COLUMNS                                                                                    \
    "SELECT id, " AT("received_utc") " AS received, sort, from_address, from_name, subject, mail," \
                                     " about, " AT("done_utc") " AS done FROM v_mail_inbound"

int32_t post_inbound_list(struct rh_call *call)
{
    int32_t rc = rh_out_query(call, "items",
                              "SELECT * FROM (" COLUMNS
                              " WHERE (?1 IS NULL OR sort = ?1) AND (?2 IS NULL OR about = ?2)"
                              " AND (?3 = 1 OR done_utc IS NULL) ORDER BY id DESC LIMIT ?4)"
                              " ORDER BY id",
                              "ssii", rh_param_text(call, "sort"), rh_param_text(call, "about"),
                              rh_param_int(call, "all"), rh_param_int(call, "limit"));

    return rc < 0 ? rc : 0;
}

static int32_t not_found(struct rh_call *call)
{
    return rh_fail(call, RH_ENOTFOUND, "Eingang %lld gibt es nicht; 'mail inbound list' zeigt alle",
                   "there is no inbound mail %lld; 'mail inbound list' shows all",
                   (long long)rh_param_int(call, "id"));
}

int32_t post_inbound_show(struct rh_call *call)
{
    struct rh_rows *rows = NULL;
    int32_t rc =
        rh_out_query(call, "items", COLUMNS " WHERE id = ?1", "i", rh_param_int(call, "id"));

    if (rc == 0)
        return not_found(call);
    if (rc > 0)
        rc = rh_query(call, &rows, "SELECT text FROM v_mail_inbound WHERE id = ?1", "i",
                      rh_param_int(call, "id"));
    if (rc == 0)
        rc = rh_next(call, rows);
    if (rc == 1)
        rh_out_text(call, "text", rh_get_text(call, rows, 0));
    rh_close(call, rows);
    return rc < 0 ? rc : 0;
}

int32_t post_inbound_done(struct rh_call *call)
{
    int64_t id = rh_param_int(call, "id"), seq;
    int64_t changed = rh_exec(call,
                              "UPDATE mail_inbound SET done_utc = ifnull(done_utc, ?2)"
                              " WHERE id = ?1",
                              "ii", id, rh_now_utc(call));

    if (changed == 0)
        return not_found(call);
    if (changed < 0)
        return (int32_t)changed;
    seq = rh_event(call, "mail.inbound-done",
                   rh_format(call, "mail-inbound/%lld", "mail-inbound/%lld", (long long)id), NULL,
                   NULL);
    return seq < 0 ? (int32_t)seq : post_inbound_show(call);
}
