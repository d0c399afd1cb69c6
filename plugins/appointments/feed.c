/*
 * Calendars to subscribe to. Whoever has the address reads the calendar, so it is a secret: it is
 * shown once, when it is made, and only its hash is kept. Nothing is written when it is read.
 */
#include "plugins/appointments/entry.h"

#include <string.h>

static int32_t active_feed(struct rh_call *call, const struct entry_scope *scope, int64_t *ret_id)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(call, &rows,
                          "SELECT id FROM appointments_feed WHERE kind = ?1 AND ref = ?2 AND "
                          "revoked_utc IS NULL",
                          "ss", scope->kind, scope->ref);

    *ret_id = 0;
    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    if (rc == 1)
        *ret_id = rh_get_int(call, rows, 0);
    rh_close(call, rows);
    return 0;
}

static int32_t tell(struct rh_call *call, const char *topic, const struct entry_scope *scope)
{
    int64_t seq = rh_event(call, topic, rh_format(call, "%s/%s", "%s/%s", scope->kind, scope->ref),
                           NULL, NULL);

    return seq < 0 ? (int32_t)seq : 0;
}

/* The one time that the address is said. */
static int32_t make(struct rh_call *call, const struct entry_scope *scope)
{
    char token[TOKEN_SIZE], hash[HASH_SIZE];
    const char *address;
    int64_t changed;

    token_new(token);
    token_hash(token, hash);
    changed = rh_exec(call,
                      "INSERT INTO appointments_feed(kind, ref, token_hash, created_utc, "
                      "created_by) VALUES (?1, ?2, ?3, ?4, ?5)",
                      "sssis", scope->kind, scope->ref, hash, rh_now_utc(call), rh_actor(call));
    if (changed < 0)
        return (int32_t)changed;
    address = rh_format(call, "%s/feed/%s.ics", "%s/feed/%s.ics",
                        rh_config_text(call, "public_address"), token);
    rh_out_text(call, "address", address);
    rh_say(call, "%s", "%s", address);
    rh_say(call,
           "diese Adresse steht nur hier; wer sie hat, liest den Kalender. Kalender fragen sie von "
           "selbst ab, Google nur alle 8 bis 24 Stunden: Eiliges kommt als Einladung",
           "this address stands here only; whoever has it reads the calendar. Calendars ask it by "
           "themselves, Google only every 8 to 24 hours: what is urgent comes as an invitation");
    return 0;
}

static int32_t revoke(struct rh_call *call, int64_t id)
{
    int64_t changed = rh_exec(call, "UPDATE appointments_feed SET revoked_utc = ?2 WHERE id = ?1",
                              "ii", id, rh_now_utc(call));

    return changed < 0 ? (int32_t)changed : 0;
}

static int32_t begin(struct rh_call *call, struct entry_scope *scope, int64_t *ret_id)
{
    const char *name;
    int32_t rc = entry_scope_of_params(call, scope);

    if (rc < 0 || (rc = entry_scope_name(call, scope, call->lang, &name)) < 0)
        return rc;
    rh_out_text(call, "name", name);
    return active_feed(call, scope, ret_id);
}

int32_t feed_create(struct rh_call *call)
{
    struct entry_scope scope;
    int64_t id;
    int32_t rc = begin(call, &scope, &id);

    if (rc < 0)
        return rc;
    if (id)
        return rh_fail(call, RH_ECONFLICT,
                       "es gibt schon eine Adresse; 'feed rotate' macht eine neue und die alte "
                       "ungültig",
                       "there is an address already; 'feed rotate' makes a new one and ends the "
                       "old one");
    return (rc = make(call, &scope)) < 0 ? rc : tell(call, "appointments.feed_created", &scope);
}

static int32_t refuse_none(struct rh_call *call)
{
    return rh_fail(call, RH_ENOTFOUND, "es gibt keine Adresse; 'feed create' macht eine",
                   "there is no address; 'feed create' makes one");
}

int32_t feed_rotate(struct rh_call *call)
{
    struct entry_scope scope;
    int64_t id;
    int32_t rc = begin(call, &scope, &id);

    if (rc < 0)
        return rc;
    if (!id)
        return refuse_none(call);
    if ((rc = revoke(call, id)) < 0 || (rc = make(call, &scope)) < 0)
        return rc;
    return tell(call, "appointments.feed_rotated", &scope);
}

int32_t feed_revoke(struct rh_call *call)
{
    struct entry_scope scope;
    int64_t id;
    int32_t rc = begin(call, &scope, &id);

    if (rc < 0)
        return rc;
    if (!id)
        return refuse_none(call);
    if ((rc = revoke(call, id)) < 0)
        return rc;
    rh_say(call, "die Adresse gilt nicht mehr", "the address is not valid any more");
    return tell(call, "appointments.feed_revoked", &scope);
}

#define NAMES                                                                                      \
    "CASE f.kind WHEN 'moderator' THEN (SELECT m.name FROM v_moderators_moderator m WHERE m.id = " \
    "f.ref) WHEN 'office' THEN (SELECT o.name FROM v_office o WHERE o.id = f.ref) WHEN "           \
    "'procedure' THEN (SELECT p.office_name FROM v_procedure p WHERE p.id = f.ref) ELSE f.ref END"

/* `missing`: moderators who could have one. */
int32_t feed_list(struct rh_call *call)
{
    int32_t rc =
        rh_out_query(call, "items",
                     "SELECT f.kind, f.ref, ifnull(" NAMES ", f.ref) AS name, strftime('%Y-%m-%d', "
                     "f.created_utc, 'unixepoch') AS created, f.created_by, f.kind = 'all' AS "
                     "is_all, f.id AS feed FROM "
                     "appointments_feed f WHERE f.revoked_utc IS NULL ORDER BY f.kind, name",
                     "");

    if (rc < 0)
        return rc;
    rc = rh_out_query(call, "missing",
                      "SELECT m.id AS ref, m.name FROM v_moderators_moderator m WHERE m.active = 1 "
                      "AND NOT EXISTS (SELECT 1 FROM appointments_feed f WHERE f.kind = "
                      "'moderator' AND f.ref = m.id AND f.revoked_utc IS NULL) ORDER BY m.name",
                      "");
    return rc < 0 ? rc : 0;
}

int32_t feed_document(struct rh_call *call)
{
    const char *token = rh_param_text(call, "token"), *text;
    struct entry_scope scope = {0};
    struct rh_rows *rows;
    char hash[HASH_SIZE];
    bool revoked = false;
    int64_t changed;
    int32_t rc;

    if (token_is_one(token)) {
        token_hash(token, hash);
        rc = rh_query(call, &rows,
                      "SELECT kind, ref, revoked_utc IS NOT NULL FROM appointments_feed WHERE "
                      "token_hash = ?1",
                      "s", hash);
        if (rc < 0 || (rc = rh_next(call, rows)) < 0)
            return rc;
        if (rc == 1) {
            scope = (struct entry_scope){rh_get_text(call, rows, 0), rh_get_text(call, rows, 1)};
            revoked = rh_get_int(call, rows, 2) != 0;
        }
        rh_close(call, rows);
    }
    if (!scope.kind)
        return rh_fail(call, RH_ENOTFOUND, "diesen Kalender gibt es nicht",
                       "there is no such calendar");
    if (revoked) {
        rh_out_flag(call, "gone", 1);
        return 0;
    }
    if ((rc = entries_write(call, &scope, call->lang, &text, &changed)) < 0)
        return rc;
    rh_out_text(call, "content", text);
    rh_out_int(call, "modified_utc", changed);
    return 0;
}
