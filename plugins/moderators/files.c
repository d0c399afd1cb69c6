/* The smaller files: absences, pairs, rules, distances. Each is the whole set, unless --add is
 * given; all or nothing. */
#include "plugins/moderators/internal.h"

#include <string.h>

/* What the four files have in common: how a row is read, and what the log keeps. */
struct file {
    const struct rh_csv_column *columns;
    int32_t column_count;
    int32_t (*read)(struct rh_call *call, struct rh_csv_in *csv, const char *file);
    const char *clear, *json, *topic;
    struct rh_text rows;
};

static int32_t import(struct rh_call *call, const struct file *file)
{
    const char *before = ask_json(call, file->json), *name = "", *bytes;
    int64_t rows = 0;
    size_t size;
    struct rh_csv_in *csv;
    int32_t rc = rh_csv_open(call, "file", file->columns, file->column_count, &csv);

    if (rc < 0 || (rc = rh_param_file(call, "file", &name, &bytes, &size)) < 0)
        return rc;
    if (!rh_param_int(call, "add") && rh_exec(call, file->clear, "") < 0)
        return RH_EFAILED;
    while ((rc = rh_csv_next(call, csv)) == 1) {
        rows++;
        if ((rc = file->read(call, csv, name)) < 0)
            return rc;
    }
    if (rc < 0 || (rc = rh_csv_finish(call, csv)) < 0)
        return rc;
    if (rh_event(call, file->topic, "all", before, ask_json(call, file->json)) < 0 ||
        tell_stale(call) < 0)
        return RH_EFAILED;
    rh_out_int(call, "rows", rows);
    rh_say(call, "%lld %s übernommen; Teams berücksichtigen sie, sobald sie neu gebildet werden",
           "%lld %s taken in; teams respect them once they are formed anew", (long long)rows,
           rh_say_in(call, file->rows));
    return 0;
}

/* ---- absences ---- */

enum { A_MODERATOR, A_FROM, A_TO, A_COLUMNS };

static const struct rh_csv_column absence_columns[A_COLUMNS] = {
    [A_MODERATOR] = {"moderator", "Moderator*in|Kennung", 1, 0},
    [A_FROM] = {"from", "von|ab", 1, 0},
    [A_TO] = {"to", "bis", 1, 0},
};

static int32_t inside_a_round(struct rh_call *call, const char *from, const char *to)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(call, &rows,
                          "SELECT NOT EXISTS (SELECT 1 FROM v_round) OR EXISTS (SELECT 1 FROM "
                          "v_round WHERE substr(?1, 1, 7) <= strftime('%Y-%m', last_month || "
                          "'-01', '+12 months') AND substr(?2, 1, 7) >= first_month)",
                          "ss", from, to);

    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    rc = (int32_t)rh_get_int(call, rows, 0);
    rh_close(call, rows);
    return rc;
}

static int32_t read_absence(struct rh_call *call, struct rh_csv_in *csv, const char *file)
{
    const char *moderator = csv_moderator(call, csv, A_MODERATOR), *first, *last;
    int32_t from = RH_NO_DAY, to = RH_NO_DAY, has_from, has_to, inside;
    (void)file;

    has_from = rh_csv_day(call, csv, A_FROM, &from);
    has_to = rh_csv_day(call, csv, A_TO, &to);
    if (has_from == 0 || has_to == 0)
        rh_csv_fault(call, csv, has_from == 0 ? A_FROM : A_TO, "der Tag fehlt, z. B. 2028-03-01",
                     "the day is missing, as in 2028-03-01");
    if (!moderator || has_from != 1 || has_to != 1)
        return 0;
    first = rh_day_text(call, from);
    last = rh_day_text(call, to);
    if (to < from) {
        rh_csv_fault(call, csv, A_TO, "%s liegt vor %s; 'to' ist der letzte Tag, 'from' der erste",
                     "%s is before %s; 'to' is the last day, 'from' the first", last, first);
        return 0;
    }
    if ((inside = inside_a_round(call, first, last)) < 0)
        return inside;
    if (!inside)
        rh_csv_fault(call, csv, A_FROM,
                     "%s bis %s liegt in keinem Turnus; das Jahr prüfen oder die Zeile weglassen",
                     "%s to %s lies in no round; check the year or leave the line out", first,
                     last);
    return inside ? (int32_t)rh_exec(call,
                                     "INSERT INTO moderators_absence VALUES (?1, ?2, ?3) ON "
                                     "CONFLICT DO NOTHING",
                                     "sss", moderator, first, last)
                  : 0;
}

int32_t moderator_absence_import(struct rh_call *call)
{
    static const struct file file = {
        absence_columns,
        A_COLUMNS,
        read_absence,
        "DELETE FROM moderators_absence",
        "SELECT json_object('absences', json_group_array(json_array(moderator, first_day, "
        "last_day))) FROM moderators_absence",
        "moderators.absences",
        {"Abwesenheiten", "absences"}};

    return import(call, &file);
}

/* ---- pairs ---- */

enum { P_MODERATOR, P_OTHER, P_NOTE, P_COLUMNS };

static const struct rh_csv_column pair_columns[P_COLUMNS] = {
    [P_MODERATOR] = {"moderator", "Moderator*in", 1, 0},
    [P_OTHER] = {"other", "andere|zweite", 1, 0},
    [P_NOTE] = {"note", "Bemerkung", 0, 0},
};

static int32_t read_pair(struct rh_call *call, struct rh_csv_in *csv, const char *file)
{
    const char *a = csv_moderator(call, csv, P_MODERATOR), *b = csv_moderator(call, csv, P_OTHER);
    (void)file;

    if (!a || !b)
        return 0;
    if (strcmp(a, b) == 0) {
        rh_csv_fault(call, csv, P_OTHER, "'%s' steht auf beiden Seiten",
                     "'%s' stands on both sides", a);
        return 0;
    }
    return (int32_t)rh_exec(call,
                            "INSERT INTO moderators_pair VALUES (min(?1, ?2), max(?1, ?2), ?3) ON "
                            "CONFLICT DO NOTHING",
                            "sss", a, b, rh_csv_text(call, csv, P_NOTE));
}

int32_t moderator_pair_import(struct rh_call *call)
{
    static const struct file file = {
        pair_columns,
        P_COLUMNS,
        read_pair,
        "DELETE FROM moderators_pair",
        "SELECT json_object('pairs', json_group_array(json_array(moderator, other, note))) FROM "
        "moderators_pair",
        "moderators.pairs",
        {"Paare, die nie zusammenarbeiten,", "pairs that never work together"}};

    return import(call, &file);
}

/* ---- rules ---- */

enum { R_OFFICE, R_MODERATOR, R_RULE, R_NOTE, R_COLUMNS };

static const struct rh_csv_column rule_columns[R_COLUMNS] = {
    [R_OFFICE] = {"office", "Amt|Jugendamt", 1, 0},
    [R_MODERATOR] = {"moderator", "Moderator*in", 1, 0},
    [R_RULE] = {"rule", "Regel", 1, 0},
    [R_NOTE] = {"note", "Bemerkung|Begründung", 0, 0},
};

static const char *const words[][2] = {{"must", "must"},         {"muss", "must"},
                                       {"mustnot", "mustnot"},   {"must not", "mustnot"},
                                       {"nicht", "mustnot"},     {"darf nicht", "mustnot"},
                                       {"lead", "lead"},         {"leitet", "lead"},
                                       {"Federführung", "lead"}, {NULL, NULL}};

/* Pins that contradict what is known of the moderator or the office, with what to do. */
static int32_t check_pin(struct rh_call *call, struct rh_csv_in *csv, const char *office,
                         const char *moderator, const char *rule)
{
    struct rh_rows *rows;
    const char *other;
    int32_t rc =
        rh_query(call, &rows,
                 "SELECT EXISTS (SELECT 1 FROM moderators_conflict WHERE moderator = ?2 AND office "
                 "= ?1), (SELECT lead FROM moderators_moderator WHERE id = ?2), (SELECT moderator "
                 "FROM moderators_rule WHERE office = ?1 AND rule = 'lead' AND moderator <> ?2)",
                 "ss", office, moderator);

    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    other = rh_get_text(call, rows, 2);
    if (rh_get_int(call, rows, 0))
        rh_csv_fault(call, csv, R_MODERATOR,
                     "%s ist bei %s befangen; die Regel oder die Befangenheit streichen",
                     "%s has a conflict with %s; strike out the rule or the conflict", moderator,
                     office);
    if (strcmp(rule, "lead") == 0 && !rh_get_int(call, rows, 1))
        rh_csv_fault(call, csv, R_RULE, "%s darf nicht leiten; 'must' statt 'lead' eintragen",
                     "%s may not lead; write 'must' instead of 'lead'", moderator);
    if (strcmp(rule, "lead") == 0 && other)
        rh_csv_fault(call, csv, R_RULE,
                     "für %s ist schon %s als Leitung festgelegt; genau eine leitet, eine der "
                     "beiden Zeilen streichen",
                     "%s has %s pinned as lead already; exactly one leads, strike out one of the "
                     "two lines",
                     office, other);
    rh_close(call, rows);
    return 0;
}

static int32_t read_rule(struct rh_call *call, struct rh_csv_in *csv, const char *file)
{
    const char *office = csv_office(call, csv, R_OFFICE),
               *moderator = csv_moderator(call, csv, R_MODERATOR),
               *word = rh_csv_text(call, csv, R_RULE), *rule = NULL;
    int32_t rc = 0;

    for (size_t i = 0; word && words[i][0]; i++)
        if (strcasecmp(word, words[i][0]) == 0)
            rule = words[i][1];
    if (!rule)
        rh_csv_fault(call, csv, R_RULE, "'%s' ist keine Regel; erlaubt sind must, mustnot und lead",
                     "'%s' is not a rule; allowed are must, mustnot and lead", word ? word : "");
    if (!office || !moderator || !rule)
        return 0;
    if (strcmp(rule, "mustnot") != 0 && (rc = check_pin(call, csv, office, moderator, rule)) < 0)
        return rc;
    rc = (int32_t)rh_exec(call,
                          "INSERT INTO moderators_rule VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT "
                          "DO NOTHING",
                          "sssssi", office, moderator, rule, rh_csv_text(call, csv, R_NOTE), file,
                          (int64_t)rh_csv_line(call, csv));
    if (rc == 0)
        rh_csv_fault(call, csv, R_MODERATOR,
                     "für %s und %s gibt es schon eine Regel; eine der Zeilen streichen",
                     "there is a rule for %s and %s already; strike out one of the lines", office,
                     moderator);
    return rc;
}

int32_t moderator_rule_import(struct rh_call *call)
{
    static const struct file file = {
        rule_columns,
        R_COLUMNS,
        read_rule,
        "DELETE FROM moderators_rule",
        "SELECT json_object('rules', json_group_array(json_array(office, moderator, rule, note))) "
        "FROM moderators_rule",
        "moderators.rules",
        {"Regeln", "rules"}};

    return import(call, &file);
}

/* ---- distances ---- */

enum { D_MODERATOR, D_OFFICE, D_KM, D_COLUMNS };

static const struct rh_csv_column distance_columns[D_COLUMNS] = {
    [D_MODERATOR] = {"moderator", "Moderator*in", 1, 0},
    [D_OFFICE] = {"office", "Amt|Jugendamt", 1, 0},
    [D_KM] = {"km", "Kilometer|Entfernung", 1, 0},
};

static int32_t read_distance(struct rh_call *call, struct rh_csv_in *csv, const char *file)
{
    const char *moderator = csv_moderator(call, csv, D_MODERATOR),
               *office = csv_office(call, csv, D_OFFICE);
    double km;
    int32_t has_km = rh_csv_real(call, csv, D_KM, 0, 2000, &km);
    (void)file;

    if (has_km == 0)
        rh_csv_fault(call, csv, D_KM, "die Entfernung fehlt", "the distance is missing");
    if (!moderator || !office || has_km != 1)
        return 0;
    return (int32_t)rh_exec(call,
                            "INSERT INTO moderators_distance VALUES (?1, ?2, ?3) ON CONFLICT DO "
                            "UPDATE SET km = ?3",
                            "ssd", moderator, office, km);
}

int32_t moderator_distance_import(struct rh_call *call)
{
    static const struct file file = {
        distance_columns,
        D_COLUMNS,
        read_distance,
        "DELETE FROM moderators_distance",
        "SELECT json_object('distances', count(*)) FROM moderators_distance",
        "moderators.distances",
        {"Entfernungen", "distances"}};

    return import(call, &file);
}
