/*
 * The call for applications: its window, who may come by which link, and further questions.
 *
 * A public link is the selection's name and lets anybody apply for an office that has not applied
 * yet. A signed link stands for one office: 256 random bits, of which the database keeps the hash
 * alone. Both end with the window.
 */
#include "plugins/pilot/internal.h"

#include "plugins/pilot/panel/token.h"

#include <stdlib.h>
#include <string.h>

/* ---- the window ---- */

int32_t window_load(struct rh_call *call, const char *selection, struct window *ret)
{
    struct rh_rows *rows;
    const char *today = rh_day_text(call, rh_today(call));
    int32_t rc = rh_query(call, &rows,
                          "SELECT s.id, s.state, ifnull(s.until, c.closes), c.opens, c.closes, "
                          "c.is_public, c.closed_utc IS NOT NULL, s.places FROM pilot_selection s "
                          "LEFT JOIN pilot_call c ON c.selection = s.id WHERE s.id = ?1",
                          "s", selection);

    *ret = (struct window){.state = CALL_UNKNOWN};
    if (rc < 0 || (rc = rh_next(call, rows)) <= 0) {
        rh_close(call, rows);
        return rc;
    }
    ret->selection = rh_get_text(call, rows, 0);
    ret->until = rh_get_text(call, rows, 2);
    ret->opens = rh_get_text(call, rows, 3);
    ret->closes = rh_get_text(call, rows, 4);
    ret->is_public = (int32_t)rh_get_int(call, rows, 5);
    ret->places = (int32_t)rh_get_int(call, rows, 7);
    if (!ret->opens)
        ret->state = CALL_UNKNOWN;
    else if (strcmp(rh_get_text(call, rows, 1), "open") != 0 || rh_get_int(call, rows, 6) ||
             strcmp(today, ret->closes) > 0)
        ret->state = CALL_CLOSED;
    else if (strcmp(today, ret->opens) < 0)
        ret->state = CALL_BEFORE;
    else
        ret->state = strcmp(today, ret->until) > 0 ? CALL_LATE : CALL_OPEN;
    rh_close(call, rows);
    return 0;
}

/* "17.11.2023"; English as the rest of the house: 2023-11-17. */
const char *day_words(struct rh_call *call, const char *day)
{
    if (!day || strlen(day) != 10 || call->lang != 0)
        return day;
    return rh_format(call, "%.2s.%.2s.%.4s", "%.2s.%.2s.%.4s", day + 8, day + 5, day);
}

static const char *call_json(struct rh_call *call, const char *selection)
{
    return one_value(call,
                     "SELECT json_object('opens', opens, 'closes', closes, 'public', is_public, "
                     "'closed_utc', closed_utc) FROM pilot_call WHERE selection = ?1",
                     selection, NULL);
}

int32_t pilot_call_open(struct rh_call *call)
{
    int32_t opens = (int32_t)rh_param_int(call, "opens"), until = RH_NO_DAY, rc;
    int32_t closes = (int32_t)rh_param_int(call, "closes");
    const char *selection, *text, *before;

    if ((rc = find_in_state(call, "open", &selection)) < 0)
        return rc;
    text = one_value(call, "SELECT until FROM pilot_selection WHERE id = ?1", selection, NULL);
    if (text && (rc = rh_day_parse(call, text, &until)) < 0)
        return rc;
    if (closes == RH_NO_DAY)
        closes = until;
    if (closes == RH_NO_DAY)
        return rh_fail(call, RH_EUSAGE,
                       "--closes fehlt: der letzte Tag, an dem das Formular offen ist",
                       "--closes is missing: the last day on which the form is open");
    if (opens == RH_NO_DAY)
        opens = rh_today(call);
    if (closes < opens)
        return rh_fail(call, RH_EINVALID,
                       "das Formular schließt am %s, vor seinem ersten Tag %s; --opens oder "
                       "--closes ändern",
                       "the form closes on %s, before its first day %s; change --opens or --closes",
                       rh_day_text(call, closes), rh_day_text(call, opens));
    if (until != RH_NO_DAY && closes < until)
        return rh_fail(call, RH_EINVALID,
                       "Bewerbungen zählen bis %s, das Formular schließt aber schon am %s",
                       "applications count until %s, but the form closes on %s already", text,
                       rh_day_text(call, closes));
    before = call_json(call, selection);
    if (rh_exec(call,
                "INSERT INTO pilot_call(selection, opens, closes, is_public) VALUES (?1, ?2, ?3, "
                "?4) ON CONFLICT(selection) DO UPDATE SET opens = excluded.opens, closes = "
                "excluded.closes, is_public = excluded.is_public, closed_utc = NULL",
                "sssi", selection, rh_day_text(call, opens), rh_day_text(call, closes),
                (int64_t)!rh_param_int(call, "links-only")) < 0 ||
        rh_event(call, "pilot.call.opened", selection, before, call_json(call, selection)) < 0)
        return RH_EFAILED;
    rh_out_text(call, "selection", selection);
    rh_out_text(call, "path", rh_format(call, "/apply/%s", "/apply/%s", selection));
    rh_say(call, "das Formular von '%s' ist vom %s bis zum %s offen: /apply/%s",
           "the form of '%s' is open from %s to %s: /apply/%s", selection,
           day_words(call, rh_day_text(call, opens)), day_words(call, rh_day_text(call, closes)),
           selection);
    return 0;
}

int32_t pilot_call_close(struct rh_call *call)
{
    const char *selection, *before;
    int32_t rc = find_selection(call, &selection);

    if (rc < 0)
        return rc;
    before = call_json(call, selection);
    if (!before)
        return rh_fail(call, RH_ENOTFOUND,
                       "'%s' hat kein Formular; 'reihum pilot call open' öffnet eines",
                       "'%s' has no form; 'reihum pilot call open' opens one", selection);
    if (rh_exec(call,
                "UPDATE pilot_call SET closed_utc = ?2 WHERE selection = ?1 AND closed_utc IS NULL",
                "si", selection, rh_now_utc(call)) < 0 ||
        rh_event(call, "pilot.call.closed", selection, before, call_json(call, selection)) < 0)
        return RH_EFAILED;
    rh_say(call, "das Formular von '%s' ist geschlossen; alle Links enden damit",
           "the form of '%s' is closed; with it all links end", selection);
    return 0;
}

/* ---- further questions ---- */

int32_t pilot_call_question(struct rh_call *call)
{
    const char *selection, *name = rh_param_text(call, "name"), *label, *english,
                           *choices = rh_param_text(call, "choices");
    int32_t rc = find_in_state(call, "open", &selection);

    if (rc < 0)
        return rc;
    if (rh_param_int(call, "remove")) {
        int64_t gone =
            rh_exec(call, "DELETE FROM pilot_question WHERE selection = ?1 AND name = ?2", "ss",
                    selection, name);

        if (gone == 0)
            return rh_fail(call, RH_ENOTFOUND, "'%s' fragt nicht nach '%s'",
                           "'%s' does not ask for '%s'", selection, name);
        rh_say(call, "die Frage '%s' ist weg", "the question '%s' is gone", name);
        return gone < 0 ? (int32_t)gone : 0;
    }
    if (strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") != strlen(name) || !name[0] ||
        strlen(name) > 40 || is_registered(name))
        return rh_fail(call, RH_EINVALID,
                       "'%s' ist kein Name für eine Frage: kleine Buchstaben, Ziffern und '_', "
                       "höchstens 40, und nichts, was das Register schon weiß",
                       "'%s' is no name for a question: lower-case letters, digits and '_', at "
                       "most 40, and nothing the register knows already",
                       name);
    if ((rc = need_text(call, "label", RH_TEXT("die Frage", "the question"), &label)) < 0)
        return rc;
    english = rh_param_text(call, "label-en");
    if (english &&
        (rc = need_text(call, "label-en", RH_TEXT("die Frage", "the question"), &english)) < 0)
        return rc;
    if (choices && (rc = need_text(call, "choices", RH_TEXT("Antworten", "answers"), &choices)) < 0)
        return rc;
    if (one_value(call,
                  "SELECT 1 FROM pilot_question WHERE selection = ?1 AND name <> ?2 GROUP BY "
                  "selection HAVING count(*) >= 8",
                  selection, name))
        return rh_fail(call, RH_EINVALID, "höchstens %d Fragen; zuerst eine entfernen (--remove)",
                       "at most %d questions; remove one first (--remove)", QUESTIONS_MAX);
    if (rh_exec(call,
                "INSERT INTO pilot_question(selection, name, position, label_de, label_en, "
                "choices, required) VALUES (?1, ?2, (SELECT ifnull(max(position), 0) + 1 FROM "
                "pilot_question WHERE selection = ?1), ?3, ?4, ?5, ?6) ON CONFLICT(selection, "
                "name) DO UPDATE SET label_de = excluded.label_de, label_en = excluded.label_en, "
                "choices = excluded.choices, required = excluded.required",
                "sssssi", selection, name, label, english ? english : label, choices,
                (int64_t)rh_param_int(call, "required")) < 0 ||
        rh_event(call, "pilot.call.question", selection, NULL,
                 one_value(call,
                           "SELECT json_object('name', name, 'label', label_de, 'choices', "
                           "choices, 'required', required) FROM pilot_question WHERE selection = "
                           "?1 AND name = ?2",
                           selection, name)) < 0)
        return RH_EFAILED;
    rh_say(call, "das Formular fragt jetzt: %s", "the form asks now: %s",
           call->lang == 0 || !english ? label : english);
    return 0;
}

/* ---- signed links ---- */

const char *link_hash(struct rh_call *call, const char *token)
{
    return digest_of(call, rh_format(call, "reihum pilot link %s", "reihum pilot link %s", token));
}

int32_t link_new(struct rh_call *call, const char *selection, const char *office,
                 const char **ret_path)
{
    char token[PANEL_TOKEN];

    panel_token(token);
    *ret_path = rh_format(call, "/apply/%s/%s", "/apply/%s/%s", selection, token);
    return rh_exec(call,
                   "INSERT INTO pilot_link(hash, selection, office, created_utc) VALUES (?1, ?2, "
                   "?3, ?4)",
                   "sssi", link_hash(call, token), selection, office, rh_now_utc(call)) < 0
               ? RH_EFAILED
               : 0;
}

/* The address as people outside see it; NULL when nobody configured one. */
const char *outside(struct rh_call *call, const char *path)
{
    const char *address = rh_config_text(call, "address");
    size_t length = address ? strlen(address) : 0;

    while (length && address[length - 1] == '/')
        length--;
    return length ? rh_format(call, "%.*s%s", "%.*s%s", (int)length, address, path) : NULL;
}

static int32_t need_call(struct rh_call *call, struct window *window)
{
    const char *selection;
    int32_t rc = find_in_state(call, "open", &selection);

    if (rc < 0 || (rc = window_load(call, selection, window)) < 0)
        return rc;
    if (window->state == CALL_UNKNOWN || window->state == CALL_CLOSED)
        return rh_fail(call, RH_ECONFLICT,
                       "das Formular von '%s' ist nicht offen; 'reihum pilot call open --closes "
                       "TAG' öffnet es",
                       "the form of '%s' is not open; 'reihum pilot call open --closes DAY' opens "
                       "it",
                       selection);
    return 0;
}

int32_t pilot_call_link(struct rh_call *call)
{
    struct window window;
    const char *office, *path, *address;
    int64_t ended = 0;
    int32_t rc = need_call(call, &window);

    if (rc < 0 || (rc = rh_resolve(call, "SELECT id, name, short_name FROM v_office WHERE active",
                                   RH_TEXT("Jugendamt", "office"), rh_param_text(call, "office"),
                                   &office)) < 0)
        return rc;
    if (rh_param_int(call, "alone"))
        ended = rh_exec(call, "DELETE FROM pilot_link WHERE selection = ?1 AND office = ?2", "ss",
                        window.selection, office);
    if (ended < 0)
        return (int32_t)ended;
    if ((rc = link_new(call, window.selection, office, &path)) < 0)
        return rc;
    if (rh_event(call, "pilot.call.link", office, NULL,
                 one_value(call, "SELECT json_object('selection', ?1)", window.selection, NULL)) <
        0)
        return RH_EFAILED;
    address = outside(call, path) ? outside(call, path) : path;
    rh_out_text(call, "office", office);
    rh_out_text(call, "link", address);
    rh_say(call, "Link für %s, gilt bis zum %s und wird nur jetzt gezeigt: %s",
           "link for %s, holds until %s and is shown now only: %s", office,
           day_words(call, window.closes), address);
    if (ended > 0)
        rh_say(call, "ältere Links dieses Amts beendet: %lld",
               "older links of this office ended: %lld", (long long)ended);
    return 0;
}

/* ---- inviting all offices ---- */

/* Whoever answers for an office today and has an address; ?2: the selection, ?1: today. */
#define INVITED                                                                                    \
    "WITH person AS (SELECT c.office, c.office_name, c.name, c.email, c.language, row_number() "   \
    "OVER (PARTITION BY c.office ORDER BY c.role <> 'head', c.person) AS place FROM v_contact c "  \
    "JOIN v_office o ON o.id = c.office AND o.active = 1 WHERE c.role IN ('contact', 'head') AND " \
    "c.email IS NOT NULL AND ?1 BETWEEN ifnull(c.valid_from, '0000') AND ifnull(c.valid_to, "      \
    "'9999')), invited AS (SELECT * FROM person WHERE place = 1 AND office NOT IN (SELECT office " \
    "FROM pilot_application WHERE selection = ?2) AND NOT EXISTS (SELECT 1 FROM v_mail m WHERE "   \
    "m.key = 'pilot/' || ?2 || '/' || office || '/call')) "

static int64_t count_invited(struct rh_call *call, const char *selection)
{
    const char *count = one_value(call, INVITED "SELECT count(*) FROM invited",
                                  rh_day_text(call, rh_today(call)), selection);

    return count ? strtoll(count, NULL, 10) : -1;
}

static int32_t invite_office(struct rh_call *call, const struct window *window,
                             struct rh_rows *rows)
{
    const char *office = rh_get_text(call, rows, 0), *path;
    struct rh_rows *fields;
    struct rh_mail mail = {.size = (uint32_t)sizeof(mail),
                           .flags = RH_MAIL_FORMAL | RH_MAIL_HELD,
                           .kind = "pilot.call",
                           .lang = rh_get_int(call, rows, 4) != 0,
                           .to = {rh_get_text(call, rows, 2), rh_get_text(call, rows, 3)},
                           .template_name = "pilot_call"};
    int32_t rc = link_new(call, window->selection, office, &path);

    if (rc < 0 ||
        (rc = rh_query(call, &fields,
                       "SELECT json_object('name', ?1, 'office', ?2, 'link', ?3, 'until', ?4, "
                       "'places', ?5)",
                       "ssssi", mail.to.name, rh_get_text(call, rows, 1), outside(call, path),
                       day_words(call, window->until), (int64_t)window->places)) < 0 ||
        (rc = rh_next(call, fields)) < 0)
        return rc;
    mail.fields = rh_get_text(call, fields, 0);
    rh_close(call, fields);
    mail.key = rh_format(call, "pilot/%s/%s/call", "pilot/%s/%s/call", window->selection, office);
    rc = rh_mail_queue_in(call, &mail);
    return rc < 0 ? rh_wrap(call, "Aufruf an '%s'", "call to '%s'", office) : 0;
}

int32_t pilot_call_invite(struct rh_call *call)
{
    struct window window;
    struct rh_rows *rows;
    int64_t count, mails = rh_param_int(call, "mails");
    int32_t rc = need_call(call, &window);

    if (rc < 0)
        return rc;
    if (!outside(call, ""))
        return rh_fail(call, RH_EINVALID,
                       "die Adresse fehlt, unter der das Formular von außen zu erreichen ist: "
                       "plugin pilot { address = \"https://…\" }",
                       "the address is missing under which the form is reached from outside: "
                       "plugin pilot { address = \"https://…\" }");
    count = count_invited(call, window.selection);
    if (count < 0 || count != mails)
        return rh_fail(call, RH_ECONFLICT, "es sind %lld Mails, nicht %lld; --mails %lld",
                       "it is %lld mails, not %lld; --mails %lld", (long long)count,
                       (long long)mails, (long long)count);
    rc = rh_query(call, &rows,
                  INVITED "SELECT office, office_name, name, email, language = 'en' FROM invited "
                          "ORDER BY office",
                  "ss", rh_day_text(call, rh_today(call)), window.selection);
    while (rc >= 0 && (rc = rh_next(call, rows)) == 1)
        rc = invite_office(call, &window, rows);
    rh_close(call, rows);
    if (rc < 0 || rh_event(call, "pilot.call.invited", window.selection, NULL,
                           one_value(call, "SELECT json_object('mails', CAST(?1 AS INTEGER))",
                                     rh_format(call, "%lld", "%lld", (long long)count), NULL)) < 0)
        return rc < 0 ? rc : RH_EFAILED;
    rh_out_int(call, "mails", count);
    rh_say(call,
           "%lld Entwürfe mit je einem Link liegen im Postausgang; eine Person gibt sie frei "
           "('reihum mail release')",
           "%lld drafts with a link each are in the outbox; a person releases them ('reihum mail "
           "release')",
           (long long)count);
    return 0;
}

/* ---- what there is ---- */

int32_t pilot_call_show(struct rh_call *call)
{
    static const char *const states[] = {[CALL_UNKNOWN] = "none",
                                         [CALL_BEFORE] = "before",
                                         [CALL_OPEN] = "open",
                                         [CALL_LATE] = "late",
                                         [CALL_CLOSED] = "closed"};
    const char *selection, *path;
    struct window window;
    int32_t rc = find_selection(call, &selection);

    if (rc < 0 || (rc = window_load(call, selection, &window)) < 0)
        return rc;
    path = rh_format(call, "/apply/%s", "/apply/%s", selection);
    rh_out_text(call, "selection", selection);
    rh_out_text(call, "state", states[window.state]);
    rh_out_flag(call, "is_none", window.state == CALL_UNKNOWN);
    rh_out_flag(call, "is_there", window.state != CALL_UNKNOWN);
    rh_out_text(call, "opens", window.opens);
    rh_out_text(call, "closes", window.closes);
    rh_out_text(call, "until", window.until);
    rh_out_flag(call, "public", window.is_public);
    rh_out_text(call, "path", path);
    rh_out_text(call, "address", outside(call, path));
    rh_out_int(call, "uninvited", count_invited(call, selection));
    if ((rc = rh_out_query(call, "questions",
                           "SELECT name, label_de, label_en, choices, required FROM pilot_question "
                           "WHERE selection = ?1 ORDER BY position",
                           "s", selection)) < 0)
        return rc;
    rh_out_flag(call, "questions_any", rc > 0);
    rc = rh_out_query(
        call, "items",
        "SELECT s.office, o.name, max(s.version) AS version, s.selection || '-' || s.number AS "
        "receipt, date(max(s.at_utc), 'unixepoch') AS day, a.committed, a.received > ?2 AS late, "
        "s.via FROM pilot_submission s JOIN v_office o ON o.id = s.office JOIN pilot_application a "
        "ON a.selection = s.selection AND a.office = s.office WHERE s.selection = ?1 GROUP BY "
        "s.number ORDER BY s.number",
        "ss", selection, window.until);
    rh_out_flag(call, "items_any", rc > 0);
    return rc < 0 ? rc : 0;
}
