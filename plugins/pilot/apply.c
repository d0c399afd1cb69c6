/*
 * The form that an office fills in, and what becomes of it.
 *
 * Looking at the form changes nothing. Sending it makes an application, or corrects the one that
 * the signed link stands for; sending the same again is the same application with the same receipt.
 * Whoever writes here is a stranger: everything is checked, and nothing is half kept.
 */
#include "plugins/pilot/internal.h"

#include <string.h>

#define NAME_MAX_OF_FORM 120 /* characters */
#define ADDRESS_USES     3   /* offices that one address may stand for by the public link */

struct entry {
    struct window window;
    const char *token, *office, *name; /* office: by the signed link, else as chosen; or NULL */
    int32_t is_signed;
    const char *contact_name, *role, *address, *head;
    int32_t committed;
};

/* ---- whose form is it? ---- */

static int32_t entry_begin(struct rh_call *call, struct entry *entry)
{
    const char *selection = rh_param_text(call, "selection");
    int32_t rc = window_load(call, selection ? selection : "", &entry->window);

    entry->token = rh_param_text(call, "token");
    if (rc < 0 || entry->window.state == CALL_UNKNOWN || !entry->token) {
        if (!entry->token && !entry->window.is_public)
            entry->window.state = CALL_UNKNOWN;
        return rc < 0 ? rc : 0;
    }
    entry->office =
        one_value(call, "SELECT office FROM pilot_link WHERE selection = ?1 AND hash = ?2",
                  selection, link_hash(call, entry->token));
    if (!entry->office) {
        entry->window.state = CALL_UNKNOWN;
        return 0;
    }
    entry->is_signed = 1;
    entry->name = one_value(call, "SELECT name FROM v_office WHERE id = ?1", entry->office, NULL);
    return 0;
}

static const char *last_contents(struct rh_call *call, const char *selection, const char *office)
{
    return one_value(call,
                     "SELECT contents FROM pilot_submission WHERE selection = ?1 AND office = ?2 "
                     "ORDER BY version DESC LIMIT 1",
                     selection, office);
}

/* ---- looking ---- */

static int32_t out_offices(struct rh_call *call, const char *chosen)
{
    return rh_out_query(call, "offices",
                        "SELECT id, name, region, id IS ?1 AS selected FROM v_office WHERE active "
                        "ORDER BY short_name COLLATE NOCASE, kind",
                        "s", chosen);
}

static const char *answer_param(struct rh_call *call, int32_t number)
{
    return rh_format(call, "answer-%d", "answer-%d", (int)number);
}

static int32_t out_questions(struct rh_call *call, const struct entry *entry, int32_t sent)
{
    struct rh_rows *rows;
    int32_t number = 0;
    int32_t rc =
        rh_query(call, &rows,
                 "SELECT q.name, iif(?3 = 0, q.label_de, q.label_en), q.choices, "
                 "q.required, a.value FROM pilot_question q LEFT JOIN pilot_attribute a ON "
                 "a.selection = q.selection AND a.name = q.name AND a.office = ?2 WHERE "
                 "q.selection = ?1 ORDER BY q.position",
                 "ssi", entry->window.selection, entry->is_signed ? entry->office : NULL,
                 (int64_t)call->lang);

    rh_out_array(call, "questions");
    while (rc >= 0 && (rc = rh_next(call, rows)) == 1) {
        const char *param = answer_param(call, ++number), *choices = rh_get_text(call, rows, 2);
        const char *value = sent ? rh_param_text(call, param) : rh_get_text(call, rows, 4);

        rh_out_object(call, NULL);
        rh_out_text(call, "param", param);
        rh_out_text(call, "label", rh_get_text(call, rows, 1));
        rh_out_flag(call, "required", (int32_t)rh_get_int(call, rows, 3));
        rh_out_flag(call, "is_choice", choices != NULL);
        rh_out_text(call, "value", value);
        rh_out_array(call, "choices");
        for (const char *p = choices; p && *p; p += strcspn(p, "|"), p += *p == '|') {
            const char *one = rh_format(call, "%.*s", "%.*s", (int)strcspn(p, "|"), p);

            rh_out_object(call, NULL);
            rh_out_text(call, "choice", one);
            rh_out_flag(call, "selected", value && strcmp(value, one) == 0);
            rh_out_end(call);
        }
        rh_out_end(call);
        rh_out_end(call);
    }
    rh_out_end(call);
    rh_close(call, rows);
    return rc;
}

/* What the fields begin with: what was sent a moment ago, else what is stored for the signed link.
 */
static int32_t out_values(struct rh_call *call, const struct entry *entry, int32_t sent)
{
    struct rh_rows *rows;
    int32_t rc, stored = 0;

    if (!sent && entry->is_signed) {
        rc = rh_query(call, &rows,
                      "SELECT a.contact_name, a.contact_role, a.contact, a.head, a.committed, "
                      "a.received, a.received > ?3, (SELECT s.selection || '-' || s.number FROM "
                      "pilot_submission s WHERE s.selection = a.selection AND s.office = a.office "
                      "ORDER BY version DESC LIMIT 1) FROM pilot_application a WHERE a.selection = "
                      "?1 AND a.office = ?2",
                      "sss", entry->window.selection, entry->office, entry->window.until);
        if (rc < 0)
            return rc;
        if ((stored = rh_next(call, rows)) == 1) {
            rh_out_text(call, "contact_name", rh_get_text(call, rows, 0));
            rh_out_text(call, "contact_role", rh_get_text(call, rows, 1));
            rh_out_text(call, "contact_address", rh_get_text(call, rows, 2));
            rh_out_text(call, "head", rh_get_text(call, rows, 3));
            rh_out_flag(call, "committed", (int32_t)rh_get_int(call, rows, 4));
            rh_out_text(call, "received", day_words(call, rh_get_text(call, rows, 5)));
            rh_out_flag(call, "was_late", (int32_t)rh_get_int(call, rows, 6));
            rh_out_text(call, "receipt", rh_get_text(call, rows, 7));
        }
        rh_close(call, rows);
    }
    rh_out_flag(call, "has_applied", stored == 1);
    if (stored != 1) {
        rh_out_text(call, "contact_name", rh_param_text(call, "contact-name"));
        rh_out_text(call, "contact_role", rh_param_text(call, "contact-role"));
        rh_out_text(call, "contact_address", rh_param_text(call, "contact-address"));
        rh_out_text(call, "head", rh_param_text(call, "head"));
        rh_out_flag(call, "committed", (int32_t)rh_param_int(call, "committed"));
    }
    return stored < 0 ? stored : 0;
}

int32_t pilot_form(struct rh_call *call)
{
    struct entry entry = {0};
    const char *kind;
    int32_t sent = (int32_t)rh_param_int(call, "sent"), rc = entry_begin(call, &entry), open;

    if (rc < 0)
        return rc;
    open = entry.window.state == CALL_OPEN || entry.window.state == CALL_LATE;
    rh_out_text(call, "selection", entry.window.selection);
    rh_out_flag(call, "is_unknown", entry.window.state == CALL_UNKNOWN);
    rh_out_flag(call, "is_before", entry.window.state == CALL_BEFORE);
    rh_out_flag(call, "is_closed", entry.window.state == CALL_CLOSED);
    rh_out_flag(call, "is_late", entry.window.state == CALL_LATE);
    rh_out_flag(call, "is_open", open);
    if (entry.window.state == CALL_UNKNOWN)
        return 0;
    rh_out_int(call, "places", entry.window.places);
    rh_out_text(call, "opens", day_words(call, entry.window.opens));
    rh_out_text(call, "closes", day_words(call, entry.window.closes));
    rh_out_text(call, "until", day_words(call, entry.window.until));
    rh_out_flag(call, "is_signed", entry.is_signed);
    rh_out_text(call, "token", entry.token);
    rh_out_text(call, "office_name", entry.name);
    if (!open)
        return 0;
    kind = sent ? rh_param_text(call, "kind")
                : one_value(call, "SELECT kind FROM v_office WHERE id = ?1",
                            entry.office ? entry.office : "", NULL);
    rh_out_flag(call, "is_city", kind && strcmp(kind, "city") == 0);
    rh_out_flag(call, "is_district", kind && strcmp(kind, "district") == 0);
    if ((rc = out_values(call, &entry, sent)) < 0 || (rc = out_questions(call, &entry, sent)) < 0 ||
        (!entry.is_signed && (rc = out_offices(call, rh_param_text(call, "office"))) < 0))
        return rc;
    return 0;
}

/* ---- what was sent ---- */

static int32_t characters(const char *text)
{
    int32_t count = 0;

    for (; *text; text++)
        count += (*text & 0xc0) != 0x80;
    return count;
}

static int32_t check_line(struct rh_call *call, const char *text, struct rh_text label)
{
    if (strpbrk(text, "\t\r\n"))
        return rh_fail(call, RH_EINVALID, "%s%.0s: bitte eine Zeile, ohne Tabulator",
                       "%.0s%s: one line please, without tabs", label.de, label.en);
    if (characters(text) > NAME_MAX_OF_FORM)
        return rh_fail(call, RH_EINVALID, "%s%.0s: höchstens %d Zeichen (es sind %d)",
                       "%.0s%s: at most %d characters (there are %d)", label.de, label.en,
                       NAME_MAX_OF_FORM, (int)characters(text));
    return 0;
}

static int32_t read_line(struct rh_call *call, const char *param, struct rh_text label,
                         int32_t required, const char **ret_text)
{
    const char *text = rh_param_text(call, param);

    *ret_text = NULL;
    if (!text || !text[strspn(text, " ")])
        return required ? rh_fail(call, RH_EINVALID, "%s%.0s: fehlt noch; bitte eintragen",
                                  "%.0s%s: is missing; please fill it in", label.de, label.en)
                        : 0;
    *ret_text = text;
    return check_line(call, text, label);
}

static int32_t read_office(struct rh_call *call, struct entry *entry)
{
    const char *named = rh_param_text(call, "office"), *kind = rh_param_text(call, "kind"), *known;
    int32_t rc;

    if (!entry->is_signed) {
        if (!named)
            return rh_fail(call, RH_EINVALID, "Jugendamt fehlt; bitte auswählen",
                           "the office is missing; please choose it");
        if ((rc = rh_resolve(call, "SELECT id, name, short_name FROM v_office WHERE active",
                             RH_TEXT("Jugendamt", "office"), named, &entry->office)) < 0)
            return rc;
        entry->name =
            one_value(call, "SELECT name FROM v_office WHERE id = ?1", entry->office, NULL);
    }
    known = one_value(call, "SELECT kind FROM v_office WHERE id = ?1", entry->office, NULL);
    if (kind && known && strcmp(kind, known) != 0)
        return strcmp(known, "city") == 0
                   ? rh_fail(call, RH_EINVALID,
                             "%s steht im Register als Stadt; bitte Jugendamt und Art prüfen",
                             "the register has %s as a town; please check office and kind",
                             entry->name)
                   : rh_fail(call, RH_EINVALID,
                             "%s steht im Register als Kreis; bitte Jugendamt und Art prüfen",
                             "the register has %s as a district; please check office and kind",
                             entry->name);
    return 0;
}

static int32_t read_contact(struct rh_call *call, struct entry *entry)
{
    int32_t rc;

    entry->committed = (int32_t)rh_param_int(call, "committed");
    if ((rc = read_line(call, "contact-name",
                        RH_TEXT("Name der Ansprechperson", "Name of the contact"), 1,
                        &entry->contact_name)) < 0 ||
        (rc = read_line(call, "contact-role",
                        RH_TEXT("Funktion der Ansprechperson", "Role of the contact"), 1,
                        &entry->role)) < 0 ||
        (rc = read_line(
             call, "contact-address",
             RH_TEXT("E-Mail-Adresse der Ansprechperson", "E-mail address of the contact"), 1,
             &entry->address)) < 0 ||
        (rc = read_line(call, "head",
                        RH_TEXT("Name der Leitung, die zusagt", "Name of the head who commits"),
                        entry->committed, &entry->head)) < 0)
        return rc;
    return 0;
}

static int32_t is_choice(const char *choices, const char *value)
{
    size_t length = strlen(value);

    for (const char *p = choices; *p; p += strcspn(p, "|"), p += *p == '|')
        if (strcspn(p, "|") == length && strncmp(p, value, length) == 0)
            return 1;
    return 0;
}

static int32_t store_answer(struct rh_call *call, const struct entry *entry, const char *name,
                            const char *value)
{
    if (rh_exec(call,
                "DELETE FROM pilot_attribute WHERE selection = ?1 AND office = ?2 AND name = ?3",
                "sss", entry->window.selection, entry->office, name) < 0 ||
        (value && rh_exec(call,
                          "INSERT INTO pilot_attribute(selection, office, name, value) VALUES (?1, "
                          "?2, ?3, ?4)",
                          "ssss", entry->window.selection, entry->office, name, value) < 0))
        return RH_EFAILED;
    return 0;
}

static int32_t store_answers(struct rh_call *call, const struct entry *entry)
{
    struct rh_rows *rows;
    int32_t number = 0;
    int32_t rc = rh_query(call, &rows,
                          "SELECT name, label_de, label_en, choices, required FROM pilot_question "
                          "WHERE selection = ?1 ORDER BY position",
                          "s", entry->window.selection);

    while (rc >= 0 && (rc = rh_next(call, rows)) == 1) {
        const char *value, *choices = rh_get_text(call, rows, 3);
        struct rh_text label = {rh_get_text(call, rows, 1), rh_get_text(call, rows, 2)};

        if ((rc = read_line(call, answer_param(call, ++number), label,
                            (int32_t)rh_get_int(call, rows, 4), &value)) < 0)
            return rc;
        if (value && choices && !is_choice(choices, value))
            return rh_fail(call, RH_EINVALID, "%s%.0s: '%s' steht nicht zur Wahl; möglich: %s",
                           "%.0s%s: '%s' is no choice; possible: %s", label.de, label.en, value,
                           choices);
        if ((rc = store_answer(call, entry, rh_get_text(call, rows, 0), value)) < 0)
            return rc;
    }
    rh_close(call, rows);
    return rc;
}

static int32_t refuse_window(struct rh_call *call, const struct entry *entry)
{
    switch (entry->window.state) {
    case CALL_UNKNOWN:
        return rh_fail(
            call, RH_EFORBIDDEN,
            "dieser Link gilt nicht oder nicht mehr; bitte den Link aus der letzten Mail "
            "nehmen oder die koordinierende Stelle fragen",
            "this link does not hold, or not any more; please take the link of the last "
            "mail or ask the coordination office");
    case CALL_BEFORE:
        return rh_fail(call, RH_ECONFLICT, "Bewerbungen sind ab dem %s möglich",
                       "applications are possible from %s", day_words(call, entry->window.opens));
    case CALL_CLOSED:
        return rh_fail(call, RH_ECONFLICT,
                       "das Formular ist geschlossen; es war bis zum %s offen; Fragen beantwortet "
                       "die koordinierende Stelle",
                       "the form is closed; it was open until %s; the coordination office answers "
                       "questions",
                       day_words(call, entry->window.closes));
    case CALL_OPEN:
    case CALL_LATE:
        break;
    }
    return 0;
}

/* By the public link nobody is known, so it can begin an application but not change one. */
static int32_t refuse_stranger(struct rh_call *call, const struct entry *entry)
{
    return rh_fail(
        call, RH_ECONFLICT,
        "für %s liegt schon eine Bewerbung vor; ändern lässt sie sich mit dem Link in der "
        "Empfangsbestätigung",
        "there is an application for %s already; it can be changed by the link in its "
        "receipt",
        entry->name);
}

static int32_t refuse_overused(struct rh_call *call, const struct entry *entry)
{
    if (!one_value(call,
                   "SELECT 1 FROM pilot_application WHERE selection = ?1 AND contact = ?2 COLLATE "
                   "NOCASE AND via = 'public' GROUP BY selection HAVING count(*) >= 3",
                   entry->window.selection, entry->address))
        return 0;
    return rh_fail(
        call, RH_ECONFLICT,
        "%s steht schon für %d Jugendämter; weitere Bewerbungen bitte über die "
        "koordinierende Stelle",
        "%s stands for %d offices already; further applications through the coordination "
        "office, please",
        entry->address, ADDRESS_USES);
}

/* What counted when the time limit ended is not changed by its applicant afterwards. */
static int32_t is_settled(struct rh_call *call, const struct entry *entry)
{
    return entry->window.state == CALL_LATE &&
           one_value(
               call,
               "SELECT 1 FROM pilot_application a JOIN pilot_selection s ON s.id = a.selection "
               "WHERE a.selection = ?1 AND a.office = ?2 AND a.committed AND ifnull(a.received, "
               "'') <= s.until",
               entry->window.selection, entry->office) != NULL;
}

static int32_t refuse_late_change(struct rh_call *call, const struct entry *entry)
{
    return rh_fail(
        call, RH_ECONFLICT,
        "die Frist ist am %s abgelaufen; die rechtzeitige Bewerbung von %s bleibt, wie sie "
        "ist; Änderungen nimmt die koordinierende Stelle entgegen",
        "the time limit ended on %s; the application of %s, which was in time, stays as it "
        "is; the coordination office takes changes",
        day_words(call, entry->window.until), entry->name);
}

/* An application counts from the day on which it had its commitment. */
static int32_t store_application(struct rh_call *call, const struct entry *entry)
{
    const char *today = rh_day_text(call, rh_today(call));

    if (rh_exec(
            call,
            "INSERT INTO pilot_application(selection, office, contact, committed, received, "
            "contact_name, contact_role, head, via) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) "
            "ON CONFLICT(selection, office) DO UPDATE SET contact = excluded.contact, received "
            "= iif(excluded.committed > committed, excluded.received, received), committed = "
            "excluded.committed, contact_name = excluded.contact_name, contact_role = "
            "excluded.contact_role, head = excluded.head",
            "sssisssss", entry->window.selection, entry->office, entry->address,
            (int64_t)entry->committed, today, entry->contact_name, entry->role, entry->head,
            entry->is_signed ? "link" : "public") < 0)
        return RH_EFAILED;
    return store_registered(call, entry->window.selection, entry->office);
}

static int32_t same_as_before(struct rh_call *call, const struct entry *entry, const char *before)
{
    const char *now = contents_of(call, entry->window.selection, entry->office);

    return now && before && strcmp(now, before) == 0;
}

static int32_t answer(struct rh_call *call, const struct entry *entry)
{
    struct rh_rows *rows;
    int32_t rc =
        rh_query(call, &rows,
                 "SELECT s.selection || '-' || s.number, s.version, a.committed, a.received "
                 "> ?3, a.contact FROM pilot_submission s JOIN pilot_application a ON "
                 "a.selection = s.selection AND a.office = s.office WHERE s.selection = ?1 "
                 "AND s.office = ?2 ORDER BY s.version DESC LIMIT 1",
                 "sss", entry->window.selection, entry->office, entry->window.until);

    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    rh_out_text(call, "receipt", rh_get_text(call, rows, 0));
    rh_out_int(call, "version", rh_get_int(call, rows, 1));
    rh_out_flag(call, "corrected", rh_get_int(call, rows, 1) > 1);
    rh_out_flag(call, "without_commitment", !rh_get_int(call, rows, 2));
    rh_out_flag(call, "late", (int32_t)rh_get_int(call, rows, 3));
    rh_out_text(call, "address", rh_get_text(call, rows, 4));
    rh_out_text(call, "office", entry->name);
    rh_out_text(call, "until", day_words(call, entry->window.until));
    rh_say(call, "eingegangen: %s, Empfangsnummer %s", "received: %s, receipt %s", entry->name,
           rh_get_text(call, rows, 0));
    rh_close(call, rows);
    return 0;
}

int32_t pilot_apply(struct rh_call *call)
{
    struct entry entry = {0};
    const char *before;
    int32_t rc = entry_begin(call, &entry), settled, applied;

    if (rc < 0 || (rc = refuse_window(call, &entry)) < 0 || (rc = read_office(call, &entry)) < 0 ||
        (rc = read_contact(call, &entry)) < 0)
        return rc;
    before = last_contents(call, entry.window.selection, entry.office);
    settled = is_settled(call, &entry);
    applied =
        one_value(call, "SELECT 1 FROM pilot_application WHERE selection = ?1 AND office = ?2",
                  entry.window.selection, entry.office) != NULL;
    if (!entry.is_signed && !applied && (rc = refuse_overused(call, &entry)) < 0)
        return rc;
    /* Stored, then compared: sending the same again changes nothing and is nothing wrong; all that
     * is refused below takes back what was stored here. */
    if ((rc = store_application(call, &entry)) < 0 || (rc = store_answers(call, &entry)) < 0)
        return rc;
    if (same_as_before(call, &entry, before))
        return answer(call, &entry);
    if (applied && !entry.is_signed)
        return refuse_stranger(call, &entry);
    if (settled)
        return refuse_late_change(call, &entry);
    if ((rc = receipt_write(call, &entry.window, entry.office,
                            entry.is_signed ? "link" : "public")) < 0)
        return rc;
    return answer(call, &entry);
}
