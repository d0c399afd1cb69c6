/*
 * Import of offices: read all, compare, then write all or nothing. The answer's items are the
 * difference. What is missing in the file is only closed when that was asked for: a file of one
 * region must not close the other.
 */
#include "core/office/internal.h"

#include <stdio.h>
#include <string.h>

enum { ID, NAME, SHORT, KIND, REGION, AGS, POPULATION, LATITUDE, LONGITUDE, NOTE, COLUMNS };

static const struct rh_csv_column columns[COLUMNS] = {
    [ID] = {"id", "Kennung", 1, 0},
    [NAME] = {"name", "Amt|Jugendamt|Bezeichnung", 1, 0},
    [SHORT] = {"short_name", "Kurzname", 0, 0},
    [KIND] = {"kind", "Art", 1, 0},
    [REGION] = {"region", "Landesteil", 1, 0},
    [AGS] = {"ags", "AGS|Gemeindeschlüssel|Schlüssel", 1, 0},
    [POPULATION] = {"population", "Einwohner|Einwohnerzahl", 1, 0},
    [LATITUDE] = {"latitude", "Breite|Breitengrad|lat", 1, 0},
    [LONGITUDE] = {"longitude", "Länge|Längengrad|lon", 1, 0},
    [NOTE] = {"source_note", "Quelle|Herkunft", 0, 0},
};

struct row {
    const char *id, *name, *short_name, *kind, *region, *ags, *note;
    int64_t population;
    double latitude, longitude;
};

/* A word of the file that stands for one of the register's; NULL when it is none of them. */
static const char *meaning(const char *word, const char *const table[][2])
{
    for (size_t i = 0; word && table[i][0]; i++)
        if (strcasecmp(word, table[i][0]) == 0)
            return table[i][1];
    return NULL;
}

static const char *const kinds[][2] = {
    {"city", "city"},      {"Stadt", "city"}, {"district", "district"},
    {"Kreis", "district"}, {"town", "city"},  {"Städteregion", "district"},
    {NULL, NULL}};
static const char *const regions[][2] = {{"LVR", "LVR"},       {"Rheinland", "LVR"},
                                         {"LWL", "LWL"},       {"Westfalen-Lippe", "LWL"},
                                         {"Westfalen", "LWL"}, {NULL, NULL}};

static size_t characters(const char *text)
{
    size_t count = 0;

    for (; *text; text++)
        count += ((unsigned char)*text & 0xC0) != 0x80;
    return count;
}

/* Without a short name of its own, an office gets its name less "Stadt", cut to 13 characters. */
static const char *short_from(struct rh_call *call, const char *name)
{
    const char *from = strncmp(name, "Stadt ", 6) == 0 ? name + 6 : name, *end = from;

    for (size_t count = 0; *end; end++) {
        count += ((unsigned char)*end & 0xC0) != 0x80;
        if (count > 13)
            break;
    }
    return rh_format(call, "%.*s", "%.*s", (int)(end - from), from);
}

static int is_id(const char *id)
{
    size_t length = strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-");
    return length > 0 && length <= 64 && id[length] == '\0' && id[0] != '-' &&
           id[length - 1] != '-';
}

static void read_words(struct rh_call *call, struct rh_csv_in *csv, struct row *row)
{
    const char *kind = rh_csv_text(call, csv, KIND), *region = rh_csv_text(call, csv, REGION);

    row->id = rh_csv_text(call, csv, ID);
    row->name = rh_csv_text(call, csv, NAME);
    row->short_name = rh_csv_text(call, csv, SHORT);
    row->note = rh_csv_text(call, csv, NOTE);
    row->kind = meaning(kind, kinds);
    row->region = meaning(region, regions);
    if (!row->id || !is_id(row->id))
        rh_csv_fault(
            call, csv, ID,
            "eine Kennung fehlt oder ist keine; sie besteht aus a-z, 0-9 und '-', z. B. "
            "'kreis-lippe'",
            "an id is missing or not valid; it consists of a-z, 0-9 and '-', as in 'kreis-lippe'");
    if (!row->name)
        rh_csv_fault(call, csv, NAME, "der Name fehlt", "the name is missing");
    else if (!row->short_name)
        row->short_name = short_from(call, row->name);
    if (row->short_name && characters(row->short_name) > 13)
        rh_csv_fault(call, csv, SHORT, "'%s' hat mehr als 13 Zeichen; bitte kürzen",
                     "'%s' has more than 13 characters; please shorten it", row->short_name);
    if (!row->kind)
        rh_csv_fault(call, csv, KIND,
                     "'%s' ist keine Art; erlaubt sind city (Stadt) und district (Kreis)",
                     "'%s' is not a kind; allowed are city and district", kind ? kind : "");
    if (!row->region)
        rh_csv_fault(call, csv, REGION, "'%s' ist kein Landesteil; erlaubt sind LVR und LWL",
                     "'%s' is not a region; allowed are LVR and LWL", region ? region : "");
}

static void read_numbers(struct rh_call *call, struct rh_csv_in *csv, struct row *row)
{
    int32_t digits = row->kind && strcmp(row->kind, "district") == 0 ? 5 : 8;

    /* Without a kind nobody knows how long the key has to be; one fault is enough. */
    if (row->kind && rh_csv_ags(call, csv, AGS, digits, &row->ags) == 0)
        rh_csv_fault(call, csv, AGS, "der amtliche Schlüssel fehlt (%d Ziffern)",
                     "the official key is missing (%d digits)", (int)digits);
    if (rh_csv_int(call, csv, POPULATION, 1, 100000000, &row->population) == 0)
        rh_csv_fault(call, csv, POPULATION, "die Einwohnerzahl fehlt", "the population is missing");
    /* Germany with a margin: catches swapped columns and a lost decimal comma. */
    if (rh_csv_real(call, csv, LATITUDE, 47, 56, &row->latitude) == 0)
        rh_csv_fault(call, csv, LATITUDE, "der Breitengrad fehlt", "the latitude is missing");
    if (rh_csv_real(call, csv, LONGITUDE, 5, 16, &row->longitude) == 0)
        rh_csv_fault(call, csv, LONGITUDE, "der Längengrad fehlt", "the longitude is missing");
}

/* Rows live in a temporary table while they are compared: SQL finds doubles, changes and what is
 * gone. */
static const char staging[] =
    "CREATE TEMP TABLE IF NOT EXISTS incoming(line INTEGER, id TEXT, name TEXT, short_name TEXT, "
    "kind TEXT, region TEXT, "
    "ags TEXT, population INTEGER, latitude REAL, longitude REAL, source_note TEXT)";

static int32_t stage(struct rh_call *call, struct rh_csv_in *csv, const struct row *row)
{
    return (int32_t)rh_exec(
        call, "INSERT INTO incoming VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        "issssssidds", (int64_t)rh_csv_line(call, csv), row->id, row->name, row->short_name,
        row->kind, row->region, row->ags, row->population, row->latitude, row->longitude,
        row->note);
}

/* A value that stands twice where it must be unique is a fault of the second line. */
static int32_t check_double(struct rh_call *call, struct rh_csv_in *csv, int32_t column,
                            const char *sql, const char *value)
{
    struct rh_rows *rows;
    int32_t rc;

    if (!value)
        return 0;
    rc = rh_query(call, &rows, sql, "s", value);
    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    if (rc == 1)
        rh_csv_fault(call, csv, column, "'%s' steht schon in Zeile %lld",
                     "'%s' stands in line %lld already", value,
                     (long long)rh_get_int(call, rows, 0));
    rh_close(call, rows);
    return 0;
}

static int32_t check_doubles(struct rh_call *call, struct rh_csv_in *csv, const struct row *row)
{
    int32_t rc;

    if ((rc = check_double(call, csv, ID, "SELECT line FROM incoming WHERE id = ?1", row->id)) <
            0 ||
        (rc = check_double(call, csv, NAME, "SELECT line FROM incoming WHERE name = ?1",
                           row->name)) < 0)
        return rc;
    return check_double(call, csv, AGS, "SELECT line FROM incoming WHERE ags = ?1", row->ags);
}

static int32_t read_file(struct rh_call *call)
{
    struct rh_csv_in *csv;
    int32_t rc = rh_csv_open(call, "file", columns, COLUMNS, &csv);

    if (rc < 0)
        return rc;
    while ((rc = rh_csv_next(call, csv)) == 1) {
        struct row row = {0};

        read_words(call, csv, &row);
        read_numbers(call, csv, &row);
        if ((rc = check_doubles(call, csv, &row)) < 0 || (rc = stage(call, csv, &row)) < 0)
            return rc;
    }
    return rc < 0 ? rc : rh_csv_finish(call, csv);
}

/* A file without a row would say that all offices are gone. */
static int32_t check_filled(struct rh_call *call)
{
    int32_t rc = row_exists(call, "SELECT 1 FROM incoming WHERE ?1 IS NULL", NULL);
    const char *file, *bytes;
    size_t size;

    if (rc != 0)
        return rc < 0 ? rc : 0;
    if ((rc = rh_param_file(call, "file", &file, &bytes, &size)) < 0)
        return rc;
    return rh_fail(call, RH_EINVALID, "%s: die Datei enthält kein Jugendamt",
                   "%s: the file holds no office", file);
}

/*
 * An official key or a name that belongs to another office of the register, which is not in the
 * file: most likely an id was renamed, and that would break the history of the office.
 */
static int32_t check_keys(struct rh_call *call)
{
    struct rh_rows *rows;
    const char *file, *bytes, *de = "", *en = "";
    int64_t faults = 0;
    size_t size;
    int32_t rc = rh_param_file(call, "file", &file, &bytes, &size);

    if (rc >= 0)
        rc = rh_query(
            call, &rows,
            "SELECT i.line, CASE WHEN o.ags = i.ags THEN 'ags' ELSE 'name' END AS field, CASE WHEN "
            "o.ags = i.ags THEN i.ags ELSE i.name END, o.id, i.id FROM incoming i JOIN office o ON "
            "(o.ags = i.ags OR o.name = i.name) AND o.id <> i.id WHERE NOT EXISTS (SELECT 1 FROM "
            "incoming j WHERE j.id = o.id) ORDER BY i.line",
            "");
    while (rc >= 0 && (rc = rh_next(call, rows)) == 1 && faults++ < 10) {
        long long line = rh_get_int(call, rows, 0);
        const char *field = rh_get_text(call, rows, 1), *value = rh_get_text(call, rows, 2);
        const char *old = rh_get_text(call, rows, 3), *now = rh_get_text(call, rows, 4);

        de = rh_format(call,
                       "%s%s%s, Zeile %lld, Spalte '%s': '%s' gehört im Register zu '%s', in der "
                       "Datei zu '%s'",
                       "%s%s%s, Zeile %lld, Spalte '%s': '%s' gehört im Register zu '%s', in der "
                       "Datei zu '%s'",
                       de, *de ? "\n" : "", file, line, field, value, old, now);
        en = rh_format(call,
                       "%s%s%s, line %lld, column '%s': '%s' belongs to '%s' in the register, to "
                       "'%s' in the file",
                       "%s%s%s, line %lld, column '%s': '%s' belongs to '%s' in the register, to "
                       "'%s' in the file",
                       en, *en ? "\n" : "", file, line, field, value, old, now);
    }
    if (rc < 0 || faults == 0)
        return rc;
    return rh_fail(call, RH_ECONFLICT,
                   "%1$s\neine Kennung bleibt, auch wenn der Name wechselt; ein neues Amt braucht "
                   "einen eigenen Schlüssel und Namen%2$.0s",
                   "%2$s\nan id stays, even when the name changes; a new office needs a key and a "
                   "name of its own%1$.0s",
                   de, en);
}

/* What differs between an office and its incoming row, in words: "population 100 -> 120, …"; ''
 * when nothing does. */
/* clang-format off */
#define DIFFERENCE(column) \
    "CASE WHEN o." column " IS NOT i." column \
    " THEN ', " column " ' || ifnull(o." column ", '-') || ' → ' || ifnull(i." column ", '-') ELSE '' END"
#define DETAILS \
    "substr(" DIFFERENCE("name") " || " DIFFERENCE("short_name") " || " DIFFERENCE("kind") \
    " || " DIFFERENCE("region") " || " DIFFERENCE("ags") " || " DIFFERENCE("population") \
    " || " DIFFERENCE("latitude") " || " DIFFERENCE("longitude") " || " DIFFERENCE("source_note") \
    " || CASE WHEN o.closed IS NOT NULL THEN ', closed ' || o.closed || ' → -' ELSE '' END, 3)"
/* clang-format on */

static const char compare[] =
    "CREATE TEMP TABLE difference AS "
    "SELECT 'new' AS change, i.id, i.name, '' AS details FROM incoming i WHERE i.id NOT IN (SELECT "
    "id FROM office) "
    "UNION ALL SELECT 'changed', i.id, i.name, " DETAILS
    " FROM incoming i JOIN office o ON o.id = i.id WHERE " DETAILS " <> '' "
    "UNION ALL SELECT 'gone', o.id, o.name, '' FROM office o WHERE o.closed IS NULL AND o.id NOT "
    "IN (SELECT id FROM incoming)";

static int64_t count_of(struct rh_call *call, const char *change)
{
    struct rh_rows *rows;
    int64_t count = -1;

    if (rh_query(call, &rows, "SELECT count(*) FROM difference WHERE change = ?1", "s", change) ==
            0 &&
        rh_next(call, rows) == 1)
        count = rh_get_int(call, rows, 0);
    rh_close(call, rows);
    return count;
}

static const char after_json[] =
    "SELECT d.change, d.id, "
    "(SELECT json_object('name', o.name, 'short_name', o.short_name, 'kind', o.kind, 'region', "
    "o.region, 'ags', o.ags, 'population', o.population, 'latitude', o.latitude, 'longitude', "
    "o.longitude, 'closed', o.closed) FROM office o WHERE o.id = d.id), "
    "(SELECT json_object('name', i.name, 'short_name', i.short_name, 'kind', i.kind, 'region', "
    "i.region, 'ags', i.ags, 'population', i.population, 'latitude', i.latitude, 'longitude', "
    "i.longitude) FROM incoming i WHERE i.id = d.id) "
    "FROM difference d WHERE d.change <> 'gone' OR ?1 ORDER BY d.id";

static int32_t apply(struct rh_call *call, int64_t close_missing)
{
    const char *today = rh_day_text(call, rh_today(call));
    struct rh_rows *rows;
    int32_t rc = rh_query(call, &rows, after_json, "i", close_missing);

    /* Events first: they keep what was before. */
    while (rc >= 0 && (rc = rh_next(call, rows)) == 1) {
        const char *change = rh_get_text(call, rows, 0);
        const char *topic = *change == 'n'   ? "office.added"
                            : *change == 'c' ? "office.changed"
                                             : "office.closed";
        int64_t seq = rh_event(
            call, topic, rh_get_text(call, rows, 1), rh_get_text(call, rows, 2),
            *change == 'g' ? rh_format(call, "{\"closed\":\"%s\"}", "{\"closed\":\"%s\"}", today)
                           : rh_get_text(call, rows, 3));
        if (seq < 0)
            return (int32_t)seq;
    }
    if (rc < 0)
        return rc;
    /* Two offices may swap names or keys: first out of the way, then the new values. */
    if (rh_exec(call,
                "UPDATE office SET name = '~' || id, ags = '~' || id WHERE id IN (SELECT id FROM "
                "difference WHERE change = 'changed')",
                "") < 0 ||
        rh_exec(call,
                "INSERT INTO office(id, name, short_name, kind, region, ags, population, latitude, "
                "longitude, source_note) "
                "SELECT id, name, short_name, kind, region, ags, population, latitude, longitude, "
                "source_note FROM incoming "
                "WHERE id IN (SELECT id FROM difference WHERE change IN ('new','changed')) "
                "ON CONFLICT(id) DO UPDATE SET name = excluded.name, short_name = "
                "excluded.short_name, kind = excluded.kind, "
                "region = excluded.region, ags = excluded.ags, population = excluded.population, "
                "latitude = excluded.latitude, "
                "longitude = excluded.longitude, source_note = excluded.source_note, closed = "
                "NULL, successor = NULL",
                "") < 0)
        return RH_EFAILED;
    if (close_missing && rh_exec(call,
                                 "UPDATE office SET closed = ?1 WHERE id IN (SELECT id FROM "
                                 "difference WHERE change = 'gone')",
                                 "s", today) < 0)
        return RH_EFAILED;
    return 0;
}

int32_t office_import(struct rh_call *call)
{
    int64_t close_missing = rh_param_int(call, "close-missing"), added, changed, gone;
    int32_t rc;

    if (rh_exec(call, staging, "") < 0 || rh_exec(call, "DELETE FROM incoming", "") < 0 ||
        rh_exec(call, "DROP TABLE IF EXISTS temp.difference", "") < 0)
        return RH_EFAILED;
    if ((rc = read_file(call)) < 0 || (rc = check_filled(call)) < 0 ||
        (rc = check_keys(call)) < 0 || (rc = (int32_t)rh_exec(call, compare, "")) < 0)
        return rc;
    added = count_of(call, "new");
    changed = count_of(call, "changed");
    gone = count_of(call, "gone");
    if ((rc = apply(call, close_missing)) < 0)
        return rc;
    rh_out_int(call, "new", added);
    rh_out_int(call, "changed", changed);
    rh_out_int(call, "gone", gone);
    rh_say(call, "%lld neu, %lld geändert, %lld nicht in der Datei",
           "%lld new, %lld changed, %lld not in the file", (long long)added, (long long)changed,
           (long long)gone);
    if (gone > 0 && !close_missing)
        rh_say(call, "was nicht in der Datei steht, bleibt bestehen; --close-missing schließt es",
               "what is not in the file stays; --close-missing closes it");
    rc = rh_out_query(call, "items",
                      "SELECT change, id, name, details FROM difference ORDER BY change DESC, name",
                      "");
    return rc < 0 ? rc : 0;
}
