/* Selections and the applications for them. */
#include "plugins/pilot/internal.h"

#include "plugins/pilot/panel/header.h"

#include <string.h>
#include <strings.h>

/* ---- a selection ---- */

static int32_t check_id(struct rh_call *call, const char *id)
{
    size_t length = strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-");

    if (length == 0 || id[length] || length > 40)
        return rh_fail(call, RH_EINVALID,
                       "'%s' ist keine Kennung: kleine Buchstaben, Ziffern und '-', höchstens 40",
                       "'%s' is not an id: lower-case letters, digits and '-', at most 40", id);
    return 0;
}

int32_t pilot_open(struct rh_call *call)
{
    const char *id = rh_param_text(call, "id");
    int64_t places = rh_param_int(call, "places"), panels = rh_param_int(call, "panels");
    const char *until = rh_param_given(call, "until")
                            ? rh_day_text(call, (int32_t)rh_param_int(call, "until"))
                            : NULL;
    int32_t rc = check_id(call, id);

    if (rc < 0)
        return rc;
    if (one_value(call, "SELECT 1 FROM pilot_selection WHERE id = ?1", id, NULL))
        return rh_fail(call, RH_ECONFLICT,
                       "die Auswahl '%s' gibt es schon; eine andere Kennung wählen",
                       "there is a selection '%s' already; choose another id", id);
    if (rh_exec(call,
                "INSERT INTO pilot_selection(id, places, panels, until, state, created_utc) VALUES "
                "(?1, ?2, ?3, ?4, 'open', ?5)",
                "siisi", id, places, panels, until, rh_now_utc(call)) < 0 ||
        rh_event(call, "pilot.opened", id, NULL,
                 one_value(call,
                           "SELECT json_object('places', places, 'panels', panels, 'until', until) "
                           "FROM pilot_selection WHERE id = ?1",
                           id, NULL)) < 0)
        return RH_EFAILED;
    rh_out_text(call, "selection", id);
    rh_say(call, "Auswahl '%s' mit %lld Plätzen ist offen", "selection '%s' of %lld places is open",
           id, (long long)places);
    return 0;
}

int32_t pilot_list(struct rh_call *call)
{
    return rh_out_query(call, "items",
                        "SELECT id AS selection, places, state, (SELECT count(*) FROM "
                        "pilot_application a WHERE a.selection = s.id) AS applications, (SELECT "
                        "count(*) FROM pilot_quota q WHERE q.selection = s.id) AS quotas, until, "
                        "number FROM pilot_selection s ORDER BY created_utc DESC, id",
                        "");
}

/* ---- applications ---- */

enum { OFFICE, CONTACT, COMMITTED, RECEIVED, OWN };

static const struct rh_csv_column own[OWN] = {
    [OFFICE] = {"office", "Amt|Jugendamt|Standort", 1, 0},
    [CONTACT] = {"contact", "Ansprechperson|Kontakt", 0, 0},
    [COMMITTED] = {"committed", "Zusage|Zusage der Leitung|commitment", 1, 0},
    [RECEIVED] = {"received", "Eingang|eingegangen", 0, 0},
};

/* Attributes that the register answers for; a column of this name in the file is not used. */
static const char *const registered[] = {"name",       "region",     "kind",
                                         "population", "size_class", "ags"};

struct sheet {
    struct rh_call *call;
    const char *selection;
    struct rh_csv_in *csv;
    struct header header;
    int32_t column[HEADER_NAMES_MAX]; /* by extra attribute: its column */
    int32_t extra[HEADER_NAMES_MAX];  /* by extra attribute: its name in `header` */
    int32_t extra_count, rows;
};

static int32_t is_one_of(const char *name, const char *aliases)
{
    size_t length = strlen(name);

    for (const char *p = aliases; p && *p; p += strcspn(p, "|"), p += *p == '|')
        if (strcspn(p, "|") == length && strncasecmp(p, name, length) == 0)
            return 1;
    return 0;
}

int32_t is_registered(const char *attribute)
{
    for (size_t i = 0; i < sizeof(registered) / sizeof(registered[0]); i++)
        if (strcasecmp(registered[i], attribute) == 0)
            return 1;
    return 0;
}

static int32_t is_own(const char *name)
{
    for (int32_t c = 0; c < OWN; c++)
        if (strcasecmp(own[c].name, name) == 0 || is_one_of(name, own[c].aliases))
            return 1;
    return is_registered(name);
}

static int32_t open_sheet(struct sheet *sheet)
{
    struct rh_call *call = sheet->call;
    struct rh_csv_column *columns = rh_alloc_in(call, (OWN + HEADER_NAMES_MAX) * sizeof(*columns));
    const char *name, *bytes;
    size_t size;
    int32_t rc = rh_param_file(call, "file", &name, &bytes, &size);

    if (rc < 0 || !columns)
        return rc < 0 ? rc : RH_ENOMEM;
    header_read(bytes, size, &sheet->header);
    memcpy(columns, own, sizeof(own));
    for (int32_t h = 0; h < sheet->header.count; h++) {
        if (is_own(sheet->header.name[h]))
            continue;
        sheet->extra[sheet->extra_count] = h;
        sheet->column[sheet->extra_count] = OWN + sheet->extra_count;
        columns[OWN + sheet->extra_count++] =
            (struct rh_csv_column){sheet->header.name[h], NULL, 0, 0};
    }
    return rh_csv_open(call, "file", columns, OWN + sheet->extra_count, &sheet->csv);
}

static int32_t read_committed(struct sheet *sheet)
{
    static const char *const yes[] = {"ja", "yes", "true", "1", "x", "j", "y", "wahr"};
    static const char *const no[] = {"nein", "no", "false", "0", "n", "falsch"};
    const char *word = rh_csv_text(sheet->call, sheet->csv, COMMITTED);

    if (!word)
        return 0; /* nobody committed themselves */
    for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++)
        if (strcasecmp(word, yes[i]) == 0)
            return 1;
    for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
        if (strcasecmp(word, no[i]) == 0)
            return 0;
    rh_csv_fault(sheet->call, sheet->csv, COMMITTED, "'%s' ist weder ja noch nein",
                 "'%s' is neither yes nor no", word);
    return -1;
}

static int32_t read_office(struct sheet *sheet, const char **ret_office)
{
    struct rh_call *call = sheet->call;
    const char *named = rh_csv_text(call, sheet->csv, OFFICE);

    if (!named)
        rh_csv_fault(call, sheet->csv, OFFICE, "das Jugendamt fehlt", "the office is missing");
    else if (rh_resolve(call, "SELECT id, name, short_name FROM v_office WHERE active",
                        RH_TEXT("Jugendamt", "office"), named, ret_office) < 0)
        rh_csv_last_error(call, sheet->csv, OFFICE);
    else if (one_value(
                 call,
                 "SELECT 1 FROM pilot_application WHERE selection = ?1 AND office = ?2 AND via "
                 "<> 'file'",
                 sheet->selection, *ret_office))
        rh_csv_fault(call, sheet->csv, OFFICE,
                     "'%s' hat sich schon mit dem Formular beworben; die Zeile weglassen",
                     "'%s' has applied by the form already; leave the line out", *ret_office);
    else if (one_value(call, "SELECT 1 FROM pilot_application WHERE selection = ?1 AND office = ?2",
                       sheet->selection, *ret_office))
        rh_csv_fault(call, sheet->csv, OFFICE, "'%s' steht schon in einer früheren Zeile",
                     "'%s' stands in an earlier line already", *ret_office);
    else
        return 1;
    return 0;
}

int32_t store_registered(struct rh_call *call, const char *selection, const char *office)
{
    return rh_exec(
               call,
               "INSERT OR REPLACE INTO pilot_attribute(selection, office, name, value) SELECT "
               "?1, o.id, j.key, j.value FROM v_office o, json_each(json_object('name', o.name, "
               "'region', o.region, 'kind', o.kind, 'population', CAST(o.population AS TEXT), "
               "'size_class', ifnull(o.size_class, '-'), 'ags', o.ags)) j WHERE o.id = ?2",
               "ss", selection, office) < 0
               ? RH_EFAILED
               : 0;
}

static int32_t store_attributes(struct sheet *sheet, const char *office)
{
    struct rh_call *call = sheet->call;

    if (store_registered(call, sheet->selection, office) < 0)
        return RH_EFAILED;
    for (int32_t e = 0; e < sheet->extra_count; e++) {
        const char *value = rh_csv_text(call, sheet->csv, sheet->column[e]);

        if (value && strpbrk(value, "\t\r\n"))
            rh_csv_fault(call, sheet->csv, sheet->column[e],
                         "der Wert hat mehr als eine Zeile oder einen Tabulator",
                         "the value has more than one line or a tab");
        else if (value &&
                 rh_exec(call,
                         "INSERT INTO pilot_attribute(selection, office, name, value) VALUES (?1, "
                         "?2, ?3, ?4)",
                         "ssss", sheet->selection, office, sheet->header.name[sheet->extra[e]],
                         value) < 0)
            return RH_EFAILED;
    }
    return 0;
}

static int32_t read_row(struct sheet *sheet)
{
    struct rh_call *call = sheet->call;
    const char *office = NULL, *contact = rh_csv_text(call, sheet->csv, CONTACT);
    int32_t received = RH_NO_DAY, committed = read_committed(sheet);
    int32_t has_day = rh_csv_day(call, sheet->csv, RECEIVED, &received);

    sheet->rows++;
    if (!read_office(sheet, &office) || committed < 0 || has_day < 0)
        return 0;
    if (rh_exec(call,
                "INSERT INTO pilot_application(selection, office, contact, committed, received) "
                "VALUES (?1, ?2, ?3, ?4, ?5)",
                "sssis", sheet->selection, office, contact, (int64_t)committed,
                has_day == 1 ? rh_day_text(call, received) : NULL) < 0)
        return RH_EFAILED;
    return store_attributes(sheet, office);
}

static const char as_json[] =
    "SELECT json_object('applications', json_group_array(office)) FROM pilot_application WHERE "
    "selection = ?1";

/* What came by the form stays; so do the pins and groups of those who applied by it. */
static int32_t forget_old(struct rh_call *call, const char *selection)
{
    static const char *const deletions[] = {
        "DELETE FROM pilot_attribute WHERE selection = ?1 AND office IN (SELECT office FROM "
        "pilot_application WHERE selection = ?1 AND via = 'file')",
        "DELETE FROM pilot_application WHERE selection = ?1 AND via = 'file'",
    };

    for (size_t i = 0; i < sizeof(deletions) / sizeof(deletions[0]); i++)
        if (rh_exec(call, deletions[i], "s", selection) < 0)
            return RH_EFAILED;
    return 0;
}

static int32_t refuse_lost_pins(struct rh_call *call, const char *selection)
{
    const char *pins = one_value(call,
                                 "SELECT group_concat(office, ', ') FROM (SELECT office FROM "
                                 "pilot_pin WHERE selection = ?1 UNION SELECT office FROM "
                                 "pilot_group WHERE selection = ?1) JOIN pilot_application a USING "
                                 "(office) WHERE a.selection = ?1 AND a.via = 'file'",
                                 selection, NULL);

    if (!pins)
        return 0;
    return rh_fail(call, RH_ECONFLICT,
                   "die Datei ersetzt alle Bewerbungen, aber gesetzt, ausgeschlossen oder in einer "
                   "Gruppe sind: %s; zuerst 'reihum pilot pin … --free' und 'reihum pilot group … "
                   "--free'",
                   "the file replaces all applications, but pinned or in a group are: %s; first "
                   "'reihum pilot pin … --free' and 'reihum pilot group … --free'",
                   pins);
}

/* Drafts for all that came by file and whose contents no receipt tells yet. */
static int32_t write_receipts(struct rh_call *call, const char *selection)
{
    struct window window;
    struct rh_rows *rows;
    int32_t mails = 0, without = 0;
    int32_t rc = window_load(call, selection, &window);

    window.selection = selection;
    if (rc < 0 ||
        (rc = rh_query(call, &rows,
                       "SELECT office, (SELECT contents FROM pilot_submission s WHERE "
                       "s.selection = a.selection AND s.office = a.office ORDER BY version "
                       "DESC LIMIT 1) FROM pilot_application a WHERE selection = ?1 AND via "
                       "= 'file' ORDER BY office",
                       "s", selection)) < 0)
        return rc;
    while (rc >= 0 && (rc = rh_next(call, rows)) == 1) {
        const char *office = rh_get_text(call, rows, 0), *told = rh_get_text(call, rows, 1);
        const char *now = contents_of(call, selection, office);

        if (told && now && strcmp(told, now) == 0)
            continue;
        if ((rc = receipt_write(call, &window, office, "file")) < 0)
            return rc;
        mails += rc;
        without += !rc;
    }
    rh_close(call, rows);
    rh_out_int(call, "receipts", mails);
    rh_say(call, "%d Empfangsbestätigungen liegen als Entwurf im Postausgang; ohne Adresse: %d",
           "%d receipts are drafts in the outbox; without an address: %d", (int)mails,
           (int)without);
    return rc;
}

int32_t pilot_import(struct rh_call *call)
{
    struct sheet *sheet = rh_alloc_in(call, sizeof(*sheet));
    const char *before;
    int32_t rc;

    if (!sheet)
        return RH_ENOMEM;
    sheet->call = call;
    if ((rc = find_in_state(call, "open", &sheet->selection)) < 0 ||
        (rc = refuse_lost_pins(call, sheet->selection)) < 0)
        return rc;
    before = one_value(call, as_json, sheet->selection, NULL);
    if ((rc = forget_old(call, sheet->selection)) < 0 || (rc = open_sheet(sheet)) < 0)
        return rc;
    while (rc >= 0 && (rc = rh_csv_next(call, sheet->csv)) == 1)
        rc = read_row(sheet);
    if (rc < 0 || (rc = rh_csv_finish(call, sheet->csv)) < 0)
        return rc;
    if (sheet->rows == 0)
        return rh_fail(call, RH_EINVALID, "die Datei enthält keine Bewerbungen",
                       "the file holds no applications");
    if (rh_event(call, "pilot.applications", sheet->selection, before,
                 one_value(call, as_json, sheet->selection, NULL)) < 0)
        return RH_EFAILED;
    if (rh_param_int(call, "receipts") && (rc = write_receipts(call, sheet->selection)) < 0)
        return rc;
    rh_out_text(call, "selection", sheet->selection);
    rh_out_int(call, "rows", sheet->rows);
    rh_say(call, "%d Bewerbungen für '%s' übernommen", "%d applications for '%s' taken in",
           (int)sheet->rows, sheet->selection);
    return 0;
}

int32_t pilot_applications(struct rh_call *call)
{
    const char *selection;
    int32_t rc = find_selection(call, &selection);

    if (rc < 0)
        return rc;
    rc = rh_out_query(
        call, "items",
        "SELECT a.office, o.name, o.region, o.kind, o.population, o.size_class, CASE ?2 WHEN 0 "
        "THEN "
        "o.size_label_de ELSE o.size_label_en END AS size, a.contact, a.committed, a.received, "
        "a.contact_name, a.contact_role, a.head, a.via, (SELECT s.selection || '-' || s.number "
        "FROM "
        "pilot_submission s WHERE s.selection = a.selection AND s.office = a.office ORDER BY "
        "s.version DESC LIMIT 1) AS receipt, "
        "p.kind AS pin, p.reason AS pin_reason, p.person AS pin_person, (SELECT "
        "group_concat(label, ', ') FROM pilot_group g WHERE g.selection = a.selection AND g.office "
        "= a.office) AS groups, CASE WHEN NOT a.committed THEN 'commitment' WHEN a.received > "
        "s.until THEN 'late' WHEN p.kind = 'excluded' THEN 'excluded' END AS barred FROM "
        "pilot_application a JOIN pilot_selection s ON s.id = a.selection JOIN v_office o ON o.id "
        "= a.office LEFT JOIN pilot_pin p ON p.selection = a.selection AND p.office = a.office "
        "WHERE a.selection = ?1 ORDER BY o.name",
        "si", selection, (int64_t)call->lang);
    rh_out_text(call, "selection", selection);
    return rc < 0 ? rc : 0;
}

/* ---- pins and groups ---- */

static const char *pin_json(struct rh_call *call, const char *selection, const char *office)
{
    return one_value(call,
                     "SELECT json_object('kind', kind, 'reason', reason, 'person', person) FROM "
                     "pilot_pin WHERE selection = ?1 AND office = ?2",
                     selection, office);
}

/* What a pin changes for the others is found out by trying. */
static int32_t refuse_impossible(struct rh_call *call, const char *selection, const char *what)
{
    struct work work;
    struct panel_conflict conflict;
    int32_t rc = work_begin(&work, call, selection);

    if (rc == 0) {
        conflict = panel_conflict_find(&work.memory, work.model, NULL, 0);
        if (conflict.state == PANEL_CONFLICT)
            rc = rh_fail(call, RH_EINVALID, "%s macht die Quoten unerfüllbar: %s; nichts geändert",
                         "%s makes the quotas impossible: %s; nothing changed", what,
                         conflict_words(call, &work.pool, &conflict));
    }
    work_end(&work);
    return rc;
}

/* Were the quotas possible before? Only then is the pin to blame. */
static int32_t is_possible(struct rh_call *call, const char *selection)
{
    struct work work;
    int32_t rc = work_begin(&work, call, selection);
    int32_t possible = rc == 0 && panel_conflict_find(&work.memory, work.model, NULL, 0).state ==
                                      PANEL_NO_CONFLICT;

    work_end(&work);
    if (rc < 0)
        rh_forget(call);
    return possible;
}

int32_t pilot_pin(struct rh_call *call)
{
    const char *selection, *office, *reason = NULL, *person = NULL, *kind, *before;
    int32_t rc, must = (int32_t)rh_param_int(call, "must"),
                excluded = (int32_t)rh_param_int(call, "exclude"),
                freed = (int32_t)rh_param_int(call, "free"), possible;

    if (must + excluded + freed != 1)
        return rh_fail(call, RH_EUSAGE, "eines von --must, --exclude und --free",
                       "one of --must, --exclude and --free");
    if ((rc = find_in_state(call, "open", &selection)) < 0 ||
        (rc = find_applicant(call, selection, rh_param_text(call, "office"), &office)) < 0)
        return rc;
    if (!freed && ((rc = need_text(call, "reason", RH_TEXT("warum", "why"), &reason)) < 0 ||
                   (rc = need_text(call, "by", RH_TEXT("wer es verantwortet", "who answers for it"),
                                   &person)) < 0))
        return rc;
    kind = must ? "must" : "excluded";
    possible = !freed && is_possible(call, selection);
    before = pin_json(call, selection, office);
    if (rh_exec(call, "DELETE FROM pilot_pin WHERE selection = ?1 AND office = ?2", "ss", selection,
                office) < 0 ||
        (!freed && rh_exec(call,
                           "INSERT INTO pilot_pin(selection, office, kind, reason, person) VALUES "
                           "(?1, ?2, ?3, ?4, ?5)",
                           "sssss", selection, office, kind, reason, person) < 0))
        return RH_EFAILED;
    if (possible && (rc = refuse_impossible(call, selection, office)) < 0)
        return rc;
    if (rh_event(call, "pilot.pinned", selection, before, pin_json(call, selection, office)) < 0)
        return RH_EFAILED;
    rh_out_text(call, "selection", selection);
    rh_out_text(call, "office", office);
    if (must)
        rh_say(call, "%s ist gesetzt", "%s is a must-have", office);
    else if (excluded)
        rh_say(call, "%s ist ausgeschlossen", "%s is excluded", office);
    else
        rh_say(call, "%s nimmt wieder teil wie alle", "%s takes part like all others again",
               office);
    return 0;
}

int32_t pilot_group(struct rh_call *call)
{
    const char *selection, *label, *p = rh_param_text(call, "offices");
    int32_t rc, count = 0;

    if ((rc = find_in_state(call, "open", &selection)) < 0 ||
        (rc = need_text(call, "label", RH_TEXT("Name der Gruppe", "name of the group"), &label)) <
            0)
        return rc;
    if (rh_exec(call, "DELETE FROM pilot_group WHERE selection = ?1 AND label = ?2", "ss",
                selection, label) < 0)
        return RH_EFAILED;
    while (!rh_param_int(call, "free") && p && *p) {
        size_t length = strcspn(p, ","), before = strspn(p, " ");
        const char *office;

        if (before < length) {
            if ((rc = find_applicant(
                     call, selection,
                     rh_format(call, "%.*s", "%.*s", (int)(length - before), p + before),
                     &office)) < 0)
                return rc;
            if (rh_exec(call,
                        "INSERT OR IGNORE INTO pilot_group(selection, label, office) VALUES (?1, "
                        "?2, ?3)",
                        "sss", selection, label, office) < 0)
                return RH_EFAILED;
            count++;
        }
        p += length + (p[length] == ',');
    }
    if (!rh_param_int(call, "free") && count < 2)
        return rh_fail(call, RH_EUSAGE, "--offices: mindestens zwei Ämter, mit Komma getrennt",
                       "--offices: at least two offices, parted by commas");
    if (rh_event(call, "pilot.grouped", selection, NULL,
                 one_value(call,
                           "SELECT json_object('label', ?2, 'offices', json_group_array(office)) "
                           "FROM pilot_group WHERE selection = ?1 AND label = ?2",
                           selection, label)) < 0)
        return RH_EFAILED;
    if (count)
        rh_say(call, "Gruppe %s: höchstens eines von %d Ämtern",
               "group %s: at most one of %d offices", label, (int)count);
    else
        rh_say(call, "die Gruppe %s gibt es nicht mehr", "the group %s is gone", label);
    return 0;
}
