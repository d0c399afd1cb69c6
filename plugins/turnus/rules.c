/* The rules of offices and planners: import and list. A file is the whole set of what files say,
 * unless --add is given; what was pinned by command stays (pin.c). */
#include "plugins/turnus/conflicts.h"

#include <string.h>

enum { OFFICE, RULE, FROM, TO, OTHER, NOTE, COLUMNS };

static const struct rh_csv_column columns[COLUMNS] = {
    [OFFICE] = {"office", "Amt|Jugendamt", 1, 0},
    [RULE] = {"rule", "Regel", 1, 0},
    [FROM] = {"from", "von|ab", 0, 0},
    [TO] = {"to", "bis", 0, 0},
    [OTHER] = {"other", "anderes Amt|zweites Amt", 0, 0},
    [NOTE] = {"note", "Bemerkung|Begründung", 0, 0},
};

static const char *const words[][2] = {
    {"prefer", "prefer"},      {"Wunsch", "prefer"},  {"blocked", "blocked"},
    {"gesperrt", "blocked"},   {"fixed", "fixed"},    {"fest", "fixed"},
    {"apart", "apart"},        {"getrennt", "apart"}, {"together", "together"},
    {"gemeinsam", "together"}, {NULL, NULL}};

struct row {
    const char *office, *rule, *other, *note;
    int32_t from, to;
};

static void read_pair(struct rh_call *call, struct rh_csv_in *csv, struct row *row)
{
    const char *other = rh_csv_text(call, csv, OTHER);

    if (rh_csv_text(call, csv, FROM) || rh_csv_text(call, csv, TO))
        rh_csv_fault(
            call, csv, FROM,
            "die Regel '%s' gilt für zwei Ämter und hat keine Monate; das Feld leer lassen",
            "the rule '%s' is about two offices and has no months; leave the field empty",
            row->rule);
    if (!other)
        rh_csv_fault(call, csv, OTHER, "die Regel '%s' braucht ein zweites Amt",
                     "the rule '%s' needs another office", row->rule);
    else if (rh_resolve(call, "SELECT id, name, short_name FROM v_office",
                        RH_TEXT("Jugendamt", "office"), other, &row->other) < 0)
        rh_csv_last_error(call, csv, OTHER);
    else if (row->office && strcmp(row->office, row->other) == 0)
        rh_csv_fault(call, csv, OTHER,
                     "'%s' steht auf beiden Seiten; hier gehört ein anderes Amt hin",
                     "'%s' stands on both sides; another office belongs here", row->other);
}

static void read_months(struct rh_call *call, struct rh_csv_in *csv, struct row *row)
{
    int32_t has_from = rh_csv_month(call, csv, FROM, &row->from),
            has_to = rh_csv_month(call, csv, TO, &row->to);

    if (rh_csv_text(call, csv, OTHER))
        rh_csv_fault(call, csv, OTHER, "die Regel '%s' gilt für ein Amt; das Feld leer lassen",
                     "the rule '%s' is about one office; leave the field empty", row->rule);
    if (has_from == 0)
        rh_csv_fault(call, csv, FROM, "die Regel '%s' braucht einen Monat, z. B. 2028-03",
                     "the rule '%s' needs a month, as in 2028-03", row->rule);
    if (has_to == 0)
        row->to = row->from;
    if (has_from == 1 && has_to >= 0 && row->to < row->from)
        rh_csv_fault(call, csv, TO, "%s liegt vor %s; 'to' ist der letzte Monat, 'from' der erste",
                     "%s is before %s; 'to' is the last month, 'from' the first",
                     rh_month_text(call, row->to), rh_month_text(call, row->from));
}

static void read_row(struct rh_call *call, struct rh_csv_in *csv, struct row *row)
{
    const char *named = rh_csv_text(call, csv, OFFICE), *rule = rh_csv_text(call, csv, RULE);

    *row =
        (struct row){.from = RH_NO_MONTH, .to = RH_NO_MONTH, .note = rh_csv_text(call, csv, NOTE)};
    if (!named)
        rh_csv_fault(call, csv, OFFICE, "das Jugendamt fehlt", "the office is missing");
    else if (rh_resolve(call, "SELECT id, name, short_name FROM v_office",
                        RH_TEXT("Jugendamt", "office"), named, &row->office) < 0)
        rh_csv_last_error(call, csv, OFFICE);
    for (size_t i = 0; rule && words[i][0]; i++)
        if (strcasecmp(rule, words[i][0]) == 0)
            row->rule = words[i][1];
    if (!row->rule)
        rh_csv_fault(call, csv, RULE,
                     "'%s' ist keine Regel; erlaubt sind prefer, blocked, fixed, apart, together",
                     "'%s' is not a rule; allowed are prefer, blocked, fixed, apart, together",
                     rule ? rule : "");
    else if (strcmp(row->rule, "apart") == 0 || strcmp(row->rule, "together") == 0)
        read_pair(call, csv, row);
    else
        read_months(call, csv, row);
}

static int32_t store(struct rh_call *call, const struct row *row)
{
    const char *from = row->from == RH_NO_MONTH ? NULL : rh_month_text(call, row->from);
    const char *to = row->to == RH_NO_MONTH ? NULL : rh_month_text(call, row->to);

    return (int32_t)rh_exec(
        call,
        "INSERT INTO turnus_rule(office, rule, from_month, to_month, other, note) "
        "SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE NOT EXISTS (SELECT 1 FROM turnus_rule WHERE office = "
        "?1 AND "
        "rule = ?2 AND from_month IS ?3 AND to_month IS ?4 AND other IS ?5)",
        "ssssss", row->office, row->rule, from, to, row->other, row->note);
}

/* All rules, as the event log keeps them, in the call's memory. */
const char *rules_json(struct rh_call *call)
{
    struct rh_rows *rows;
    const char *json = NULL;

    if (rh_query(call, &rows,
                 "SELECT json_object('rules', json_group_array(json_array(office, rule, "
                 "from_month, to_month, other, note))) FROM turnus_rule",
                 "") == 0 &&
        rh_next(call, rows) == 1)
        json = rh_get_text(call, rows, 0);
    rh_close(call, rows);
    return json;
}

int32_t turnus_rule_import(struct rh_call *call)
{
    const char *rules_before = rules_json(call);
    int64_t rows = 0, before = 0, stored = 0;
    struct rh_csv_in *csv;
    int32_t rc = rh_csv_open(call, "file", columns, COLUMNS, &csv);

    if (rc >= 0 && !rh_param_int(call, "add"))
        before = rh_exec(call, "DELETE FROM turnus_rule WHERE pinned_by IS NULL", "");
    if (before < 0)
        return (int32_t)before;
    while (rc >= 0 && (rc = rh_csv_next(call, csv)) == 1) {
        struct row row;

        rows++;
        read_row(call, csv, &row);
        if (row.office && row.rule && (row.other || row.from != RH_NO_MONTH) &&
            (rc = store(call, &row)) >= 0)
            stored += rc;
    }
    if (rc < 0 || (rc = rh_csv_finish(call, csv)) < 0)
        return rc;
    if (rh_event(call, "turnus.rules", "all", rules_before, rules_json(call)) < 0)
        return RH_EFAILED;
    rh_out_int(call, "rows", rows);
    rh_out_int(call, "rules", stored);
    rh_out_int(call, "replaced", before);
    rh_say(
        call,
        "%lld Regeln gespeichert, %lld alte ersetzt; ein Plan berücksichtigt sie, sobald er neu "
        "gerechnet wird",
        "%lld rules stored, %lld old ones replaced; a plan respects them once it is computed anew",
        (long long)stored, (long long)before);
    return 0;
}

int32_t turnus_rule_list(struct rh_call *call)
{
    const char *office = NULL;
    int32_t rc = rh_param_given(call, "office") ? find_office(call, "office", &office) : 0;

    if (rc < 0)
        return rc;
    return rh_out_query(
        call, "items",
        "SELECT id, office, rule, from_month AS \"from\", to_month AS \"to\", other, note, "
        "pinned_by FROM turnus_rule "
        "WHERE ?1 IS NULL OR office = ?1 OR other = ?1 ORDER BY office, rule, from_month",
        "s", office);
}
