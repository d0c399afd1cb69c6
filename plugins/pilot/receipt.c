/*
 * Receipts: what an application says, kept as a version with a number, and told to its contact.
 *
 * The number belongs to the office's application; each correction is a further version of it.
 */
#include "plugins/pilot/internal.h"

#include <string.h>

const char *contents_of(struct rh_call *call, const char *selection, const char *office)
{
    return one_value(
        call,
        "SELECT json_object('contact_name', contact_name, 'contact_role', contact_role, "
        "'contact', contact, 'committed', committed, 'head', head, 'answers', (SELECT "
        "json_group_object(name, value) FROM (SELECT name, value FROM pilot_attribute t "
        "WHERE t.selection = a.selection AND t.office = a.office AND t.name NOT IN "
        "('name', 'region', 'kind', 'population', 'size_class', 'ags') ORDER BY name))) "
        "FROM pilot_application a WHERE selection = ?1 AND office = ?2",
        selection, office);
}

static int32_t store_version(struct rh_call *call, const struct window *window, const char *office,
                             const char *via)
{
    const char *before =
        one_value(call,
                  "SELECT json_object('selection', selection, 'receipt', selection "
                  "|| '-' || number, 'version', version) FROM pilot_submission WHERE "
                  "selection = ?1 AND office = ?2 ORDER BY version DESC LIMIT 1",
                  window->selection, office);

    if (rh_exec(
            call,
            "INSERT INTO pilot_submission(selection, office, version, number, at_utc, via, "
            "contents) SELECT ?1, ?2, ifnull(max(version) FILTER (WHERE office = ?2), 0) + 1, "
            "ifnull(max(number) FILTER (WHERE office = ?2), ifnull(max(number), 0) + 1), ?3, ?4, "
            "?5 FROM pilot_submission WHERE selection = ?1",
            "ssiss", window->selection, office, rh_now_utc(call), via,
            contents_of(call, window->selection, office)) < 0 ||
        rh_exec(call, "UPDATE pilot_application SET via = ?3 WHERE selection = ?1 AND office = ?2",
                "sss", window->selection, office, via) < 0)
        return RH_EFAILED;
    return rh_event(
               call, before ? "pilot.corrected" : "pilot.applied", office, before,
               one_value(call,
                         "SELECT json_object('selection', selection, 'receipt', selection || "
                         "'-' || number, 'version', version, 'via', via) FROM pilot_submission "
                         "WHERE selection = ?1 AND office = ?2 ORDER BY version DESC LIMIT 1",
                         window->selection, office)) < 0
               ? RH_EFAILED
               : 0;
}

/* Who else answers for the office and should know that somebody applied in its name. */
static const char *known_address(struct rh_call *call, const char *office, const char *given)
{
    return one_value(
        call,
        "SELECT email FROM v_contact WHERE office = ?1 AND role IN ('contact', 'head') "
        "AND email IS NOT NULL AND email <> ?2 COLLATE NOCASE ORDER BY role <> 'head', "
        "person LIMIT 1",
        office, given);
}

#define WORDS(lang, de, en) "iif(" lang " = 0, '" de "', '" en "')"

/* The fields of the template: all that was given, in order. ?1 selection, ?2 office, ?3 language,
 * ?4 link, ?5 days, ?6 until in words. */
static const char
    fields_sql[] =
        "SELECT json_object('name', ifnull(a.contact_name, o.name), 'office', o.name, 'receipt', "
        "s.selection || '-' || s.number, 'version', s.version, 'corrected', json(iif(s.version > "
        "1, "
        "'true', 'false')), 'received', ?5, 'until', ?6, 'late', json(iif(a.received > l.until, "
        "'true', "
        "'false')), 'committed', json(iif(a.committed, 'true', 'false')), 'link', ?4, 'given', "
        "(SELECT "
        "json_group_array(json_object('label', label, 'value', value)) FROM (SELECT 1 AS place, 0 "
        "AS sub, " WORDS(
            "?3", "Jugendamt", "Office") " AS label, o.name AS value UNION ALL "
                                         "SELECT 2, 0, " WORDS("?3", "Ansprechperson", "Contact") ", a.contact_name UNION ALL SELECT 3, 0, " WORDS("?3", "Funktion", "Role") ", a.contact_role UNION ALL SELECT 4, 0, " WORDS(
                                             "?3", "E-Mail-Adresse",
                                             "E-mail address") ", a.contact UNION "
                                                               "ALL SELECT 5, "
                                                               "0, " WORDS(
                                                                   "?3",
                                                                   "Zusage "
                                                                   "der "
                                                                   "Leitung",
                                                                   "Commitmen"
                                                                   "t of the "
                                                                   "head") ","
                                                                           " "
                                                                           "i"
                                                                           "i"
                                                                           "f"
                                                                           "("
                                                                           "a"
                                                                           "."
                                                                           "c"
                                                                           "o"
                                                                           "m"
                                                                           "m"
                                                                           "i"
                                                                           "t"
                                                                           "t"
                                                                           "e"
                                                                           "d"
                                                                           ","
                                                                           " " WORDS("?3", "ja", "yes") ", " WORDS(
                                                                               "?3", "nein",
                                                                               "no") ") || "
                                                                                     "ifnull(' (' "
                                                                                     "|| a.head || "
                                                                                     "')', '') "
                                                                                     "UNION ALL "
                                                                                     "SELECT 6, "
                                                                                     "ifnull(q."
                                                                                     "position, "
                                                                                     "0), "
                                                                                     "iif(q.name "
                                                                                     "IS NULL, "
                                                                                     "t.name, "
                                                                                     "iif(?3 = 0, "
                                                                                     "q.label_de, "
                                                                                     "q.label_en)),"
                                                                                     " t.value "
                                                                                     "FROM "
                                                                                     "pilot_"
                                                                                     "attribute t "
                                                                                     "LEFT JOIN "
                                                                                     "pilot_"
                                                                                     "question q "
                                                                                     "ON "
                                                                                     "q.selection "
                                                                                     "= "
                                                                                     "t.selection "
                                                                                     "AND q.name = "
                                                                                     "t.name WHERE "
                                                                                     "t.selection "
                                                                                     "= "
                                                                                     "a.selection "
                                                                                     "AND t.office "
                                                                                     "= a.office "
                                                                                     "AND "
                                                                                     "t.name NOT "
                                                                                     "IN ('name', "
                                                                                     "'region', "
                                                                                     "'kind', "
                                                                                     "'population',"
                                                                                     " 'size_class'"
                                                                                     ", 'ags') "
                                                                                     "ORDER BY 1, "
                                                                                     "2, 3) "
                                                                                     "WHERE value "
                                                                                     "IS NOT "
                                                                                     "NULL)) FROM "
                                                                                     "pilot_"
                                                                                     "application "
                                                                                     "a JOIN "
                                                                                     "pilot_"
                                                                                     "selection l "
                                                                                     "ON l.id = "
                                                                                     "a.selection "
                                                                                     "JOIN "
                                                                                     "v_office o "
                                                                                     "ON o.id = "
                                                                                     "a.office "
                                                                                     "JOIN "
                                                                                     "pilot_"
                                                                                     "submission s "
                                                                                     "ON "
                                                                                     "s.selection "
                                                                                     "= "
                                                                                     "a.selection "
                                                                                     "AND "
                                                                                     "s.office = "
                                                                                     "a.office "
                                                                                     "WHERE "
                                                                                     "a.selection "
                                                                                     "= ?1 AND "
                                                                                     "a.office = "
                                                                                     "?2 ORDER BY "
                                                                                     "s.version "
                                                                                     "DESC LIMIT 1";

static int32_t mail_receipt(struct rh_call *call, const struct window *window, const char *office,
                            const char *via, const char *to, const char *link)
{
    struct rh_rows *rows;
    struct rh_mail_address copy = {NULL, NULL};
    struct rh_mail mail = {.size = (uint32_t)sizeof(mail),
                           .flags = strcmp(via, "file") == 0 ? RH_MAIL_HELD : 0,
                           .kind = "pilot.receipt",
                           .lang = call->lang,
                           .template_name = "pilot_receipt"};
    int32_t rc = rh_query(
        call, &rows, fields_sql, "ssisss", window->selection, office, (int64_t)call->lang, link,
        day_words(call, rh_day_text(call, rh_today(call))), day_words(call, window->until));

    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    mail.fields = rh_get_text(call, rows, 0);
    rh_close(call, rows);
    mail.to = (struct rh_mail_address){
        one_value(call,
                  "SELECT contact_name FROM pilot_application WHERE selection = ?1 AND office = ?2",
                  window->selection, office),
        to};
    mail.key = rh_format(call, "pilot/%s/%s/receipt/%s", "pilot/%s/%s/receipt/%s",
                         window->selection, office,
                         one_value(call,
                                   "SELECT max(version) FROM pilot_submission WHERE selection = ?1 "
                                   "AND office = ?2",
                                   window->selection, office));
    if (strcmp(via, "public") == 0 && (copy.address = known_address(call, office, to))) {
        mail.copies = &copy;
        mail.copy_count = 1;
    }
    return rh_mail_queue_in(call, &mail);
}

int32_t receipt_write(struct rh_call *call, const struct window *window, const char *office,
                      const char *via)
{
    const char *to, *path, *link = NULL;
    int32_t rc = store_version(call, window, office, via);

    if (rc < 0)
        return rc;
    to = one_value(call,
                   "SELECT contact FROM pilot_application WHERE selection = ?1 AND office = ?2",
                   window->selection, office);
    if (!to || (strcmp(via, "file") == 0 && !strchr(to, '@')))
        return 0;
    if (outside(call, "") && (window->state == CALL_OPEN || window->state == CALL_LATE)) {
        if ((rc = link_new(call, window->selection, office, &path)) < 0)
            return rc;
        link = outside(call, path);
    }
    rc = mail_receipt(call, window, office, via, to, link);
    if (rc == RH_EINVALID && strcmp(via, "file") != 0) {
        rh_forget(call); /* says which mail, which is no concern of who fills in the form */
        return rh_fail(call, RH_EINVALID,
                       "E-Mail-Adresse der Ansprechperson: '%s' ist keine Adresse der Form "
                       "name@amt.de",
                       "e-mail address of the contact: '%s' is no address like name@office.org",
                       to);
    }
    return rc < 0
               ? rh_wrap(call, "E-Mail-Adresse der Ansprechperson", "e-mail address of the contact")
               : rc;
}
