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
    if (row->language && strcmp(row->language, "de") != 0 && strcmp(row->language, "en") != 0) {
        rh_csv_fault(call, csv, LANGUAGE,
                     "'%s' ist keine Sprache der Mails; erlaubt sind de und en",
                     "'%s' is not a language of the mails; allowed are de and en", row->language);
        row->language = NULL;
    }
}

/* Returns 1 when the row can be stored, which it is in any case: what is wrong is taken out, and
 * the faults roll all of it back in the end. */
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
    if (row->from && row->to && from > to) {
        rh_csv_fault(call, csv, TO, "%s liegt vor valid_from %s", "%s is before valid_from %s",
                     row->to, row->from);
        row->to = NULL;
    }
    return row->office && row->role && row->name ? 1 : 0;
}

struct tally {
    int64_t rows, persons, assignments;
};

/* The number of the person this row speaks of, 0 when unknown so far, or < 0. */
static int64_t known_person(struct rh_call *call, const struct row *row)
{
    struct rh_rows *rows;
    int64_t id = 0;
    int32_t rc = row->email
                     ? rh_query(call, &rows, "SELECT id FROM person WHERE lower(email) = lower(?1)",
                                "s", row->email)
                     : rh_query(call, &rows,
                                "SELECT p.id FROM person p JOIN contact c ON c.person = p.id WHERE "
                                "p.name = ?1 AND c.office = ?2 AND p.email IS NULL",
                                "ss", row->name, row->office);

    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    if (rc == 1)
        id = rh_get_int(call, rows, 0);
    rh_close(call, rows);
    return id;
}

/*
 * Events carry the person's number and what kind of thing changed, not the name: a person can be
 * erased without breaking the log.
 */
static int32_t person_event(struct rh_call *call, const char *topic, int64_t id)
{
    int64_t seq = rh_event(
        call, topic, rh_format(call, "person-%lld", "person-%lld", (long long)id), NULL, NULL);

    return seq < 0 ? (int32_t)seq : 0;
}

/* The person of this row, new or brought up to date. What the file leaves empty stays as it was.
 * Returns the number or < 0. */
static int64_t person_of(struct rh_call *call, const struct row *row, struct tally *tally)
{
    int64_t id = known_person(call, row), changed;
    int32_t rc;

    if (id < 0)
        return id;
    if (id == 0) {
        if (rh_exec(call,
                    "INSERT INTO person(name, email, phone, language) VALUES (?1, ?2, ?3, "
                    "ifnull(?4, 'de'))",
                    "ssss", row->name, row->email, row->phone, row->language) < 0)
            return RH_EFAILED;
        id = rh_last_id(call);
        tally->persons++;
        rc = person_event(call, "person.added", id);
        return rc < 0 ? rc : id;
    }
    changed = rh_exec(call,
                      "UPDATE person SET name = ?2, phone = ifnull(?3, phone), language = "
                      "ifnull(?4, language) WHERE id = ?1 AND (name <> ?2 OR phone IS NOT "
                      "ifnull(?3, phone) OR language <> ifnull(?4, language))",
                      "isss", id, row->name, row->phone, row->language);
    if (changed <= 0)
        return changed < 0 ? changed : id;
    tally->persons++;
    rc = person_event(call, "person.changed", id);
    return rc < 0 ? rc : id;
}

/* The assignment as the event log keeps it; NULL when there is none. */
static const char *contact_json(struct rh_call *call, const struct row *row, int64_t person)
{
    struct rh_rows *rows;
    const char *json = NULL;

    if (rh_query(call, &rows,
                 "SELECT json_object('person', person, 'role', role, 'valid_from', valid_from, "
                 "'valid_to', valid_to) FROM contact WHERE office = ?1 AND person = ?2 AND role = "
                 "?3",
                 "sis", row->office, person, row->role) < 0)
        return NULL;
    if (rh_next(call, rows) == 1)
        json = rh_get_text(call, rows, 0);
    rh_close(call, rows);
    return json;
}

static int32_t store(struct rh_call *call, const struct row *row, struct tally *tally)
{
    int64_t person = person_of(call, row, tally), changed, seq;
    const char *before;

    if (person < 0)
        return (int32_t)person;
    before = contact_json(call, row, person);
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
    tally->assignments += changed;
    seq = rh_event(call, "contact.set", row->office, before, contact_json(call, row, person));
    return seq < 0 ? (int32_t)seq : 0;
}

/*
 * One address stands for one person: a mailbox that a whole office shares would make one person of
 * all who are named with it, and the last line would give the name.
 */
static int32_t check_shared(struct rh_call *call, struct rh_csv_in *csv, const struct row *row)
{
    struct rh_rows *rows;
    int32_t rc;

    if (!row->email || !row->name)
        return 0;
    rc = rh_query(call, &rows,
                  "SELECT line, name FROM seen_mail WHERE email = lower(?1) AND name <> ?2", "ss",
                  row->email, row->name);
    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    if (rc == 1)
        rh_csv_fault(
            call, csv, EMAIL,
            "'%1$s' gehört in Zeile %2$lld zu '%3$s'; jede Person braucht eine eigene Adresse, "
            "sonst bleibt das Feld leer",
            "'%1$s' belongs to '%3$s' in line %2$lld; every person needs an address of "
            "their own, else leave the field empty",
            row->email, (long long)rh_get_int(call, rows, 0), rh_get_text(call, rows, 1));
    rh_close(call, rows);
    rc = (int32_t)rh_exec(call, "INSERT INTO seen_mail VALUES (lower(?1), ?2, ?3)", "ssi",
                          row->email, row->name, (int64_t)rh_csv_line(call, csv));
    return rc < 0 ? rc : 0;
}

int32_t contact_import(struct rh_call *call)
{
    struct tally tally = {0};
    struct rh_csv_in *csv;
    int32_t rc = rh_csv_open(call, "file", columns, COLUMNS, &csv);

    if (rc >= 0 &&
        (rh_exec(call,
                 "CREATE TEMP TABLE IF NOT EXISTS seen_mail(email TEXT, name TEXT, line INTEGER)",
                 "") < 0 ||
         rh_exec(call, "DELETE FROM seen_mail", "") < 0))
        return RH_EFAILED;
    while (rc >= 0 && (rc = rh_csv_next(call, csv)) == 1) {
        struct row row = {0};
        int32_t whole = read_row(call, csv, &row);

        tally.rows++;
        if ((rc = check_shared(call, csv, &row)) >= 0 && whole)
            rc = store(call, &row, &tally);
    }
    if (rc < 0 || (rc = rh_csv_finish(call, csv)) < 0)
        return rc;
    rh_out_int(call, "rows", tally.rows);
    rh_out_int(call, "persons", tally.persons);
    rh_out_int(call, "changed", tally.assignments);
    rh_say(call,
           "Zeilen: %lld; neu oder geändert sind %lld Personen und %lld Zuordnungen zu einem Amt",
           "rows: %lld; new or changed are %lld persons and %lld assignments to an office",
           (long long)tally.rows, (long long)tally.persons, (long long)tally.assignments);
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
