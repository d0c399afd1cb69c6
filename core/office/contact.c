/* Contacts: who speaks for an office. A person is known by the e-mail address, without one by name
 * and office. */
#include "core/office/internal.h"

#include <string.h>

enum { OFFICE, ROLE, NAME, EMAIL, PHONE, LANGUAGE, FROM, TO, COLUMNS };

static const struct rh_csv_column columns[COLUMNS] = {
    [OFFICE] = {"office", "Amt|Jugendamt", 1, 0},
    [ROLE] = {"role", "Rolle|Funktion", 1, 0},
    [NAME] = {"name", "Name|Ansprechperson", 1, 0},
    [EMAIL] = {"email", "E-Mail|Mail|E-Mail-Adresse", 0, 0},
    [PHONE] = {"phone", "Telefon|Tel.", 0, 0},
    [LANGUAGE] = {"language", "Sprache", 0, 0},
    [FROM] = {"valid_from", "gültig ab|von", 0, 0},
    [TO] = {"valid_to", "gültig bis|bis", 0, 0},
};

static const char *const roles[][2] = {{"contact", "contact"},
                                       {"Ansprechperson", "contact"},
                                       {"deputy", "deputy"},
                                       {"Vertretung", "deputy"},
                                       {"head", "head"},
                                       {"Leitung", "head"},
                                       {"asd_head", "asd_head"},
                                       {"ASD-Leitung", "asd_head"},
                                       {"planning", "planning"},
                                       {"Jugendhilfeplanung", "planning"},
                                       {"other", "other"},
                                       {"Sonstige", "other"},
                                       {NULL, NULL}};

struct row {
    const char *office, *role, *name, *email, *phone, *language, *from, *to;
};

/* One mailbox as it may stand in a mail header later: no spaces, no control characters, one '@'
 * with a dot behind it. */
static int looks_like_email(const char *email)
{
    const char *at = strchr(email, '@');

    for (const char *c = email; *c; c++)
        if ((unsigned char)*c <= ' ' || *c == 127 || strchr("<>(),;:\"\\[]", *c))
            return 0;
    return at && at != email && !strchr(at + 1, '@') && strchr(at + 1, '.') && at[1] != '.' &&
           email[strlen(email) - 1] != '.' && strlen(email) <= 254;
}

static void read_person(struct rh_call *call, struct rh_csv_in *csv, struct row *row)
{
    row->name = rh_csv_text(call, csv, NAME);
    row->email = rh_csv_text(call, csv, EMAIL);
    row->phone = rh_csv_text(call, csv, PHONE);
    row->language = rh_csv_text(call, csv, LANGUAGE);
    if (!row->name)
        rh_csv_fault(call, csv, NAME, "der Name fehlt", "the name is missing");
    if (row->email && !looks_like_email(row->email))
        rh_csv_fault(
            call, csv, EMAIL,
            "'%s' ist keine E-Mail-Adresse; erwartet wird z. B. ansprechperson@example.org",
            "'%s' is not an e-mail address; expected is one like contact@example.org", row->email);
    if (!row->language)
        row->language = "de";
    else if (strcmp(row->language, "de") != 0 && strcmp(row->language, "en") != 0)
        rh_csv_fault(call, csv, LANGUAGE,
                     "'%s' ist keine Sprache der Mails; erlaubt sind de und en",
                     "'%s' is not a language of the mails; allowed are de and en", row->language);
}

static int32_t read_row(struct rh_call *call, struct rh_csv_in *csv, struct row *row)
{
    const char *named = rh_csv_text(call, csv, OFFICE), *role = rh_csv_text(call, csv, ROLE);
    int32_t from = RH_NO_DAY, to = RH_NO_DAY;

    if (!named)
        rh_csv_fault(call, csv, OFFICE, "das Jugendamt fehlt", "the office is missing");
    else if (find_office(call, named, &row->office) < 0)
        rh_csv_last_error(call, csv, OFFICE);
    for (size_t i = 0; role && roles[i][0]; i++)
        if (strcasecmp(role, roles[i][0]) == 0)
            row->role = roles[i][1];
    if (!row->role)
        rh_csv_fault(
            call, csv, ROLE,
            "'%s' ist keine Rolle; erlaubt sind contact, deputy, head, asd_head, planning, other",
            "'%s' is not a role; allowed are contact, deputy, head, asd_head, planning, other",
            role ? role : "");
    read_person(call, csv, row);
    if (rh_csv_day(call, csv, FROM, &from) > 0)
        row->from = rh_day_text(call, from);
    if (rh_csv_day(call, csv, TO, &to) > 0)
        row->to = rh_day_text(call, to);
    if (row->from && row->to && from > to)
        rh_csv_fault(call, csv, TO, "%s liegt vor valid_from %s", "%s is before valid_from %s",
                     row->to, row->from);
    return row->office && row->role && row->name ? 1 : 0;
}

/* The person of this row: known by e-mail, else by name at this office, else new. Returns the id or
 * < 0. */
static int64_t person_of(struct rh_call *call, const struct row *row)
{
    struct rh_rows *rows;
    int64_t id = 0;
    int32_t rc = row->email
                     ? rh_query(call, &rows, "SELECT id FROM person WHERE lower(email) = lower(?1)",
                                "s", row->email)
                     : rh_query(call, &rows,
                                "SELECT p.id FROM person p JOIN contact c ON c.person = p.id WHERE "
                                "p.name = ?1 AND "
                                "c.office = ?2 AND p.email IS NULL",
                                "ss", row->name, row->office);

    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    if (rc == 1)
        id = rh_get_int(call, rows, 0);
    rh_close(call, rows);
    if (id == 0) {
        rc = (int32_t)rh_exec(
            call, "INSERT INTO person(name, email, phone, language) VALUES (?1, ?2, ?3, ?4)",
            "ssss", row->name, row->email, row->phone, row->language);
        return rc < 0 ? rc : rh_last_id(call);
    }
    rc = (int32_t)rh_exec(call,
                          "UPDATE person SET name = ?2, phone = ?3, language = ?4 WHERE id = ?1",
                          "isss", id, row->name, row->phone, row->language);
    return rc < 0 ? rc : id;
}

static int32_t store(struct rh_call *call, const struct row *row, int64_t *ret_changed)
{
    int64_t person = person_of(call, row), changed, seq;

    if (person < 0)
        return (int32_t)person;
    changed =
        rh_exec(call,
                "INSERT INTO contact(office, person, role, valid_from, valid_to) VALUES (?1, ?2, "
                "?3, ?4, ?5) "
                "ON CONFLICT(office, person, role) DO UPDATE SET valid_from = excluded.valid_from, "
                "valid_to = excluded.valid_to WHERE valid_from IS NOT excluded.valid_from OR "
                "valid_to IS NOT excluded.valid_to",
                "sisss", row->office, person, row->role, row->from, row->to);
    if (changed <= 0)
        return (int32_t)changed;
    *ret_changed += changed;
    /* Events carry the person's number, not the name: a person can be erased without breaking the
     * log. */
    seq = rh_event(call, "contact.set", row->office, NULL,
                   rh_format(call, "{\"person\":%lld,\"role\":\"%s\"}",
                             "{\"person\":%lld,\"role\":\"%s\"}", (long long)person, row->role));
    return seq < 0 ? (int32_t)seq : 0;
}

int32_t contact_import(struct rh_call *call)
{
    int64_t rows = 0, changed = 0;
    struct rh_csv_in *csv;
    int32_t rc = rh_csv_open(call, "file", columns, COLUMNS, &csv);

    while (rc >= 0 && (rc = rh_csv_next(call, csv)) == 1) {
        struct row row = {0};

        if (read_row(call, csv, &row) == 1)
            rc = store(call, &row, &changed);
        rows++;
    }
    if (rc < 0 || (rc = rh_csv_finish(call, csv)) < 0)
        return rc;
    rh_out_int(call, "rows", rows);
    rh_out_int(call, "changed", changed);
    rh_say(call, "%lld Zeilen gelesen, %lld Zuordnungen neu oder geändert",
           "%lld rows read, %lld assignments new or changed", (long long)rows, (long long)changed);
    return 0;
}

int32_t contact_list(struct rh_call *call)
{
    const char *office = NULL;

    if (rh_param_given(call, "office")) {
        int32_t rc = find_office(call, rh_param_text(call, "office"), &office);
        if (rc < 0)
            return rc;
    }
    return rh_out_query(call, "items",
                        "SELECT id, office, role, name, email, phone, language, valid_from, "
                        "valid_to FROM v_contact "
                        "WHERE (?1 IS NULL OR office = ?1) AND (?3 OR ((valid_from IS NULL OR "
                        "valid_from <= ?2) AND "
                        "(valid_to IS NULL OR valid_to >= ?2))) ORDER BY office, role, name",
                        "ssi", office, rh_day_text(call, rh_today(call)),
                        rh_param_int(call, "all"));
}

int32_t contact_show(struct rh_call *call)
{
    int64_t id = rh_param_int(call, "id");
    int32_t rc = rh_out_query(
        call, "items",
        "SELECT c.id, c.office, c.office_name, c.role, c.name, c.email, c.phone, c.language, "
        "c.valid_from, "
        "c.valid_to FROM v_contact c WHERE c.person = (SELECT person FROM v_contact WHERE id = ?1) "
        "ORDER BY c.office, c.role",
        "i", id);

    if (rc == 0)
        return rh_fail(call, RH_ENOTFOUND,
                       "Kontakt %lld gibt es nicht; 'contact list' zeigt die Nummern",
                       "there is no contact %lld; 'contact list' shows the numbers", (long long)id);
    return rc;
}
