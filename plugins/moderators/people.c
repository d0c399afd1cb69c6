/*
 * Moderators: import, list, one of them. A file is the whole set: who is not in it any more becomes
 * inactive and keeps the past. All or nothing, with the difference as the answer.
 */
#include "plugins/moderators/internal.h"

#include <string.h>

enum { ID, NAME, EMAIL, REGION, LEAD, LATITUDE, LONGITUDE, CAPACITY, CONFLICTS, SKILLS, COLUMNS };

static const struct rh_csv_column columns[COLUMNS] = {
    [ID] = {"id", "Kennung", 1, 0},
    [NAME] = {"name", "Moderator*in", 1, 0},
    [EMAIL] = {"email", "E-Mail|Mail", 0, 0},
    [REGION] = {"region", "Landesteil", 1, 0},
    [LEAD] = {"lead", "Federführung|darf leiten", 1, 0},
    [LATITUDE] = {"latitude", "Breite|Breitengrad|lat", 1, 0},
    [LONGITUDE] = {"longitude", "Länge|Längengrad|lon", 1, 0},
    [CAPACITY] = {"capacity_per_year", "Verfahren je Jahr|Kapazität", 1, 0},
    [CONFLICTS] = {"conflicts", "Befangen|Befangenheit", 0, 0},
    [SKILLS] = {"skills", "Schwerpunkte", 0, 0},
};

struct row {
    const char *id, *name, *email, *region, *skills, *conflicts;
    int64_t capacity;
    double latitude, longitude;
    int32_t lead;
};

static int is_id(const char *id)
{
    size_t length = strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-");
    return length > 0 && length <= 64 && id[length] == '\0' && id[0] != '-';
}

static int32_t yes_or_no(const char *word)
{
    static const char *const yes[] = {"1", "yes", "ja", "true", "x", "j", "y"};
    static const char *const no[] = {"0", "no", "nein", "false", "-", "n"};

    for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++)
        if (strcasecmp(word, yes[i]) == 0)
            return 1;
    for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
        if (strcasecmp(word, no[i]) == 0)
            return 0;
    return -1;
}

static void read_words(struct rh_call *call, struct rh_csv_in *csv, struct row *row)
{
    const char *region = rh_csv_text(call, csv, REGION), *lead = rh_csv_text(call, csv, LEAD);

    row->id = rh_csv_text(call, csv, ID);
    row->name = rh_csv_text(call, csv, NAME);
    row->email = rh_csv_text(call, csv, EMAIL);
    row->skills = rh_csv_text(call, csv, SKILLS);
    row->conflicts = rh_csv_text(call, csv, CONFLICTS);
    if (!row->id || !is_id(row->id))
        rh_csv_fault(
            call, csv, ID,
            "eine Kennung fehlt oder ist keine; sie besteht aus a-z, 0-9 und '-', z. B. "
            "'moderator-07'",
            "an id is missing or not valid; it consists of a-z, 0-9 and '-', as in 'moderator-07'");
    if (!row->name)
        rh_csv_fault(call, csv, NAME, "der Name fehlt", "the name is missing");
    if (row->email && !strchr(row->email, '@'))
        rh_csv_fault(call, csv, EMAIL, "'%s' ist keine E-Mail-Adresse",
                     "'%s' is not an e-mail address", row->email);
    if (region && (strcasecmp(region, "LVR") == 0 || strcasecmp(region, "Rheinland") == 0))
        row->region = "LVR";
    else if (region && (strcasecmp(region, "LWL") == 0 || strncasecmp(region, "Westfalen", 9) == 0))
        row->region = "LWL";
    else
        rh_csv_fault(call, csv, REGION, "'%s' ist kein Landesteil; erlaubt sind LVR und LWL",
                     "'%s' is not a region; allowed are LVR and LWL", region ? region : "");
    row->lead = lead ? yes_or_no(lead) : 0;
    if (row->lead < 0)
        rh_csv_fault(call, csv, LEAD, "'%s' heißt weder ja noch nein; ja oder nein eintragen",
                     "'%s' is neither yes nor no; write yes or no", lead);
}

static void read_numbers(struct rh_call *call, struct rh_csv_in *csv, struct row *row)
{
    int32_t capacity = rh_csv_int(call, csv, CAPACITY, 0, 1000, &row->capacity);

    if (rh_csv_real(call, csv, LATITUDE, 47, 56, &row->latitude) == 0)
        rh_csv_fault(
            call, csv, LATITUDE,
            "der Breitengrad fehlt; ohne Ort kann kein Weg berechnet werden, die Mitte des "
            "Wohnorts genügt",
            "the latitude is missing; without a place no journey can be computed, the "
            "middle of the home town is enough");
    if (rh_csv_real(call, csv, LONGITUDE, 5, 16, &row->longitude) == 0)
        rh_csv_fault(call, csv, LONGITUDE, "der Längengrad fehlt", "the longitude is missing");
    if (capacity == 0)
        rh_csv_fault(call, csv, CAPACITY, "die Zahl der Verfahren je Jahr fehlt",
                     "the number of procedures per year is missing");
    else if (capacity == 1 && row->capacity == 0)
        rh_csv_fault(
            call, csv, CAPACITY,
            "0 Verfahren je Jahr; wer keine übernimmt, gehört nicht in die Datei, wer eine "
            "Zeit fehlt, in die Abwesenheiten ('moderator absence import')",
            "0 procedures per year; who takes none does not belong in the file, who is "
            "away for a time belongs in the absences ('moderator absence import')");
}

/* The part of a list "a; b | c" that begins at *at, in the call's memory; NULL at its end. */
static const char *next_part(struct rh_call *call, const char **at)
{
    const char *from = *at + strspn(*at, " ;|"), *end;

    if (!*from)
        return NULL;
    end = from + strcspn(from, ";|");
    *at = end;
    while (end > from && end[-1] == ' ')
        end--;
    return rh_format(call, "%.*s", "%.*s", (int)(end - from), from);
}

/* "bielefeld" or "bielefeld: worked there until 2024": an office, and why. */
static int32_t store_conflicts(struct rh_call *call, struct rh_csv_in *csv, const struct row *row)
{
    const char *at = row->conflicts, *part;

    while (at && (part = next_part(call, &at))) {
        const char *colon = strchr(part, ':'), *office, *reason = NULL;
        const char *named =
            colon ? rh_format(call, "%.*s", "%.*s", (int)(colon - part), part) : part;

        if (colon)
            reason = colon + 1 + strspn(colon + 1, " ");
        if (rh_resolve(call, offices_sql, RH_TEXT("Jugendamt", "office"), named, &office) < 0)
            rh_csv_last_error(call, csv, CONFLICTS);
        else if (rh_exec(call,
                         "INSERT INTO moderators_conflict VALUES (?1, ?2, ?3) ON CONFLICT DO "
                         "NOTHING",
                         "sss", row->id, office, reason) < 0)
            return RH_EFAILED;
    }
    return 0;
}

/* What happened to this moderator, as a row of the answer. */
static int32_t out_difference(struct rh_call *call, const struct row *row)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(call, &rows,
                          "SELECT name IS ?2 AND email IS ?3 AND region IS ?4 AND lead = ?5 AND "
                          "latitude = ?6 AND longitude = ?7 AND capacity_per_year = ?8 AND active "
                          "= 1 FROM moderators_moderator WHERE id = ?1",
                          "ssssiddi", row->id, row->name, row->email, row->region,
                          (int64_t)row->lead, row->latitude, row->longitude, row->capacity);

    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    if (rc == 0 || !rh_get_int(call, rows, 0)) {
        rh_out_object(call, NULL);
        rh_out_text(call, "id", row->id);
        rh_out_text(call, "name", row->name);
        rh_out_text(call, "change", rc == 0 ? "new" : "changed");
        rh_out_end(call);
    }
    rh_close(call, rows);
    return 0;
}

static int32_t store(struct rh_call *call, struct rh_csv_in *csv, const struct row *row)
{
    int32_t rc = out_difference(call, row);

    if (rc < 0 ||
        (rc = (int32_t)rh_exec(
             call,
             "INSERT INTO moderators_moderator(id, name, email, region, lead, latitude, longitude, "
             "capacity_per_year, skills, active) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 2) ON "
             "CONFLICT(id) DO UPDATE SET name = ?2, email = ?3, region = ?4, lead = ?5, latitude = "
             "?6, longitude = ?7, capacity_per_year = ?8, skills = ?9, active = 2",
             "ssssiddis", row->id, row->name, row->email, row->region, (int64_t)row->lead,
             row->latitude, row->longitude, row->capacity, row->skills)) < 0 ||
        (rc = (int32_t)rh_exec(call, "DELETE FROM moderators_conflict WHERE moderator = ?1", "s",
                               row->id)) < 0)
        return rc;
    return store_conflicts(call, csv, row);
}

/* While a file is read, 2 marks who is in it: the same id twice is a fault of the second line. */
static int32_t seen_already(struct rh_call *call, const char *id)
{
    int64_t seen = 0;
    int32_t rc =
        ask_int(call, &seen, 0, "SELECT active = 2 FROM moderators_moderator WHERE id = ?1", id);

    return rc < 0 ? rc : (int32_t)seen;
}

static int32_t read_row(struct rh_call *call, struct rh_csv_in *csv)
{
    struct row row = {0};
    int32_t seen;

    read_words(call, csv, &row);
    read_numbers(call, csv, &row);
    if (!row.id || !row.name || !row.region || row.lead < 0 || row.capacity < 1 ||
        row.latitude < 47 || row.longitude < 5)
        return 0;
    if ((seen = seen_already(call, row.id)) < 0)
        return seen;
    if (seen)
        rh_csv_fault(call, csv, ID, "'%s' steht schon in einer früheren Zeile",
                     "'%s' stands in an earlier line already", row.id);
    return seen ? 0 : store(call, csv, &row);
}

static int32_t out_gone(struct rh_call *call)
{
    struct rh_rows *rows;
    int32_t rc =
        rh_query(call, &rows, "SELECT id, name FROM moderators_moderator WHERE active = 1", "");

    while (rc >= 0 && (rc = rh_next(call, rows)) == 1) {
        rh_out_object(call, NULL);
        rh_out_text(call, "id", rh_get_text(call, rows, 0));
        rh_out_text(call, "name", rh_get_text(call, rows, 1));
        rh_out_text(call, "change", "gone");
        rh_out_end(call);
    }
    rh_close(call, rows);
    return rc;
}

static const char as_json[] =
    "SELECT json_object('moderators', json_group_array(json_array(id, region, lead, "
    "capacity_per_year, active))) FROM moderators_moderator";

int32_t moderator_import(struct rh_call *call)
{
    const char *before = ask_json(call, as_json);
    int64_t rows = 0;
    struct rh_csv_in *csv;
    int32_t rc = rh_csv_open(call, "file", columns, COLUMNS, &csv);

    rh_out_array(call, "items");
    while (rc >= 0 && (rc = rh_csv_next(call, csv)) == 1) {
        rows++;
        rc = read_row(call, csv);
    }
    if (rc < 0 || (rc = rh_csv_finish(call, csv)) < 0 || (rc = out_gone(call)) < 0)
        return rc;
    rh_out_end(call);
    if (rows == 0)
        return rh_fail(call, RH_EINVALID, "die Datei enthält keine Moderator*innen",
                       "the file holds no moderators");
    if (rh_exec(call, "UPDATE moderators_moderator SET active = active = 2", "") < 0 ||
        rh_event(call, "moderators.changed", "all", before, ask_json(call, as_json)) < 0 ||
        tell_stale(call) < 0)
        return RH_EFAILED;
    rh_out_int(call, "rows", rows);
    rh_say(call, "%lld Moderator*innen übernommen", "%lld moderators taken in", (long long)rows);
    return 0;
}

int32_t moderator_list(struct rh_call *call)
{
    return rh_out_query(
        call, "items",
        "SELECT id, name, email, region, lead, latitude, longitude, capacity_per_year, (SELECT "
        "group_concat(office, '; ') FROM moderators_conflict c WHERE c.moderator = m.id) AS "
        "conflicts, skills FROM moderators_moderator m WHERE active OR ?1 ORDER BY id",
        "i", rh_param_int(call, "all"));
}

/* "lemgo,bonn": where they are on the way now, as `bulk preview --offices` takes it; NULL: nowhere.
 */
static int32_t put_under_way(struct rh_call *call, const char *id)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(call, &rows,
                          "SELECT group_concat(r.office) FROM v_run r JOIN v_procedure p ON p.id = "
                          "r.procedure JOIN v_moderators_team t ON t.office = p.office AND "
                          "t.start_month = p.start_month AND t.state = 'published' AND t.moderator "
                          "= ?1 WHERE r.state IN ('running','paused')",
                          "s", id);

    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    rh_out_text(call, "under_way", rh_get_text(call, rows, 0));
    rh_close(call, rows);
    return 0;
}

int32_t moderator_show(struct rh_call *call)
{
    const char *id;
    struct rh_rows *rows;
    int32_t rc;

    if ((rc = find_moderator(call, "moderator", &id)) < 0 ||
        (rc = rh_query(call, &rows,
                       "SELECT name, email, region, lead, capacity_per_year, skills FROM "
                       "moderators_moderator WHERE id = ?1",
                       "s", id)) < 0 ||
        (rc = rh_next(call, rows)) < 0)
        return rc;
    rh_out_text(call, "moderator", id);
    rh_out_text(call, "name", rh_get_text(call, rows, 0));
    rh_out_text(call, "email", rh_get_text(call, rows, 1));
    rh_out_text(call, "region", rh_get_text(call, rows, 2));
    rh_out_flag(call, "lead", (int32_t)rh_get_int(call, rows, 3));
    rh_out_int(call, "capacity_per_year", rh_get_int(call, rows, 4));
    rh_out_text(call, "skills", rh_get_text(call, rows, 5));
    rh_close(call, rows);
    if ((rc = put_under_way(call, id)) < 0 ||
        (rc = rh_out_query(call, "conflicts",
                           "SELECT c.office, o.name, c.reason FROM moderators_conflict c JOIN "
                           "v_office o ON o.id = c.office WHERE c.moderator = ?1 ORDER BY o.name",
                           "s", id)) < 0 ||
        (rc = rh_out_query(call, "absences",
                           "SELECT first_day AS \"from\", last_day AS \"to\" FROM "
                           "moderators_absence WHERE moderator = ?1 ORDER BY first_day",
                           "s", id)) < 0)
        return rc;
    rc = rh_out_query(
        call, "items",
        "SELECT p.id AS plan, p.round, p.state, t.office, o.name AS office_name, t.start_month, "
        "m.role, round(m.travel_km, 1) AS travel_km, m.role = 'lead' AS leads FROM "
        "moderators_member m JOIN moderators_team t ON t.plan = m.plan AND t.office = m.office "
        "AND t.start_month = m.start_month JOIN "
        "moderators_plan p ON p.id = m.plan JOIN v_office o ON o.id = m.office WHERE m.moderator = "
        "?1 AND p.id = (SELECT id FROM moderators_plan q WHERE q.round = p.round AND q.state IN "
        "('draft','published') ORDER BY q.state = 'draft', q.id DESC LIMIT 1) ORDER BY "
        "t.start_month, o.name",
        "s", id);
    return rc < 0 ? rc : 0;
}
