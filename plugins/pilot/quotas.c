/* Quotas: as a file, one by one, or proposed from all offices of the register. */
#include "plugins/pilot/internal.h"

#include "plugins/pilot/panel/apportion.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { LABEL, WHERE, MIN, MAX, RELAXABLE, PRICE, COLUMNS };

static const struct rh_csv_column columns[COLUMNS] = {
    [LABEL] = {"label", "Quote|Bezeichnung", 1, 0},
    [WHERE] = {"where", "Bedingung|für", 1, 0},
    [MIN] = {"min", "mindestens", 0, 0},
    [MAX] = {"max", "höchstens", 0, 0},
    [RELAXABLE] = {"relaxable", "lockerbar", 0, 0},
    [PRICE] = {"price", "Preis", 0, 0},
};

static const char as_json[] = "SELECT json_object('quotas', json_group_array(json_array(label, "
                              "conditions, min, max, price))) "
                              "FROM pilot_quota WHERE selection = ?1";

static int32_t say_yes(const char *word)
{
    static const char *const no[] = {"nein", "no", "false", "0", "n", "falsch"};

    for (size_t i = 0; word && i < sizeof(no) / sizeof(no[0]); i++)
        if (strcasecmp(word, no[i]) == 0)
            return 0;
    return 1;
}

static int32_t places_of(struct rh_call *call, const char *selection)
{
    struct rh_rows *rows;
    int32_t places = 0,
            rc = rh_query(call, &rows, "SELECT places FROM pilot_selection WHERE id = ?1", "s",
                          selection);

    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    places = (int32_t)rh_get_int(call, rows, 0);
    rh_close(call, rows);
    return places;
}

static int32_t store(struct rh_call *call, const char *selection, int64_t position,
                     const struct quota *quota)
{
    return (int32_t)rh_exec(call,
                            "INSERT INTO pilot_quota(selection, position, label, conditions, min, "
                            "max, price) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                            "sissiii", selection, position, quota->label, quota->conditions,
                            (int64_t)quota->min, (int64_t)quota->max, quota->price);
}

static int32_t read_numbers(struct rh_call *call, struct rh_csv_in *csv, int32_t places,
                            struct quota *quota)
{
    int64_t min = 0, max = places, price = 1;
    int32_t a = rh_csv_int(call, csv, MIN, 0, PANEL_PLACES_MAX, &min);
    int32_t b = rh_csv_int(call, csv, MAX, 0, PANEL_PLACES_MAX, &max);
    int32_t c = rh_csv_int(call, csv, PRICE, 1, PANEL_PRICE_MAX, &price);

    if (a == 0 && b == 0)
        rh_csv_fault(call, csv, MIN, "weder Mindestzahl noch Höchstzahl; eines gehört hierher",
                     "neither a minimum nor a maximum; one belongs here");
    if (a >= 0 && b >= 0 && min > max)
        rh_csv_fault(call, csv, MIN, "%lld ist mehr als die Höchstzahl %lld",
                     "%lld is more than the maximum %lld", (long long)min, (long long)max);
    quota->min = (int32_t)min;
    quota->max = (int32_t)max;
    quota->price = say_yes(rh_csv_text(call, csv, RELAXABLE)) ? price : 0;
    return (a == 1 || b == 1) && a >= 0 && b >= 0 && c >= 0 && min <= max;
}

static int32_t read_quota(struct rh_call *call, struct rh_csv_in *csv, const char *selection,
                          int32_t places, struct quota *quota)
{
    enum where_fault fault;
    size_t at;
    int32_t fine = 1;

    quota->label = rh_csv_text(call, csv, LABEL);
    quota->conditions = rh_csv_text(call, csv, WHERE);
    if (!quota->conditions)
        quota->conditions = "";
    if (!quota->label || strlen(quota->label) > LABEL_MAX || strpbrk(quota->label, "\t\r\n")) {
        rh_csv_fault(call, csv, LABEL, "eine Bezeichnung mit 1 bis %d Byte in einer Zeile",
                     "a label of 1 to %d bytes in one line", LABEL_MAX);
        fine = 0;
    } else if (one_value(call, "SELECT 1 FROM pilot_quota WHERE selection = ?1 AND label = ?2",
                         selection, quota->label)) {
        rh_csv_fault(call, csv, LABEL, "'%s' steht schon in einer früheren Zeile",
                     "'%s' stands in an earlier line already", quota->label);
        fine = 0;
    }
    fault = where_parse(quota->conditions, &quota->where, &at);
    if (fault || strpbrk(quota->conditions, "\t\r\n")) {
        struct rh_text words = where_fault_text(fault ? fault : WHERE_NO_AND);

        rh_csv_fault(call, csv, WHERE, "'%.*s' | '%s': %s%.0s", "'%.*s' | '%s': %.0s%s", (int)at,
                     quota->conditions, quota->conditions + at, words.de, words.en);
        fine = 0;
    }
    return read_numbers(call, csv, places, quota) && fine;
}

/* The attributes that quotas speak of must be there, and for all who take part. */
static int32_t check_attributes(struct rh_call *call, const char *selection)
{
    struct work work;
    int32_t rc,
        applications = one_value(call, "SELECT 1 FROM pilot_application WHERE selection = ?1",
                                 selection, NULL) != NULL;

    if (!applications)
        return 0;
    rc = work_begin(&work, call, selection);
    work_end(&work);
    return rc;
}

int32_t pilot_quota_import(struct rh_call *call)
{
    const char *selection, *before;
    struct rh_csv_in *csv;
    int32_t rc, places, rows = 0;

    if ((rc = find_in_state(call, "open", &selection)) < 0)
        return rc;
    if ((places = places_of(call, selection)) < 0)
        return places;
    before = one_value(call, as_json, selection, NULL);
    if (rh_exec(call, "DELETE FROM pilot_quota WHERE selection = ?1", "s", selection) < 0)
        return RH_EFAILED;
    rc = rh_csv_open(call, "file", columns, COLUMNS, &csv);
    while (rc >= 0 && (rc = rh_csv_next(call, csv)) == 1) {
        struct quota quota = {0};

        rows++;
        if (read_quota(call, csv, selection, places, &quota))
            rc = store(call, selection, rows, &quota);
    }
    if (rc < 0 || (rc = rh_csv_finish(call, csv)) < 0 ||
        (rc = check_attributes(call, selection)) < 0)
        return rc;
    if (rh_event(call, "pilot.quotas", selection, before,
                 one_value(call, as_json, selection, NULL)) < 0)
        return RH_EFAILED;
    rh_out_text(call, "selection", selection);
    rh_out_int(call, "rows", rows);
    rh_say(call, "%d Quoten für '%s' übernommen", "%d quotas for '%s' taken in", (int)rows,
           selection);
    return 0;
}

int32_t pilot_quota_list(struct rh_call *call)
{
    const char *selection;
    int32_t rc = find_selection(call, &selection);

    if (rc < 0)
        return rc;
    rc =
        rh_out_query(call, "items",
                     "SELECT label, conditions AS \"where\", min, max, CASE WHEN price > 0 THEN "
                     "'yes' ELSE 'no' END AS relaxable, nullif(price, 0) AS price FROM pilot_quota "
                     "WHERE selection = ?1 ORDER BY position",
                     "s", selection);
    return rc < 0 ? rc : 0;
}

static int32_t load_quota(struct rh_call *call, const char *selection, const char *label,
                          struct quota *quota, int64_t *ret_position)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(call, &rows,
                          "SELECT conditions, min, max, price, position FROM pilot_quota WHERE "
                          "selection = ?1 AND label = ?2",
                          "ss", selection, label);

    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    quota->label = label;
    if (rc) {
        quota->conditions = rh_get_text(call, rows, 0);
        quota->min = (int32_t)rh_get_int(call, rows, 1);
        quota->max = (int32_t)rh_get_int(call, rows, 2);
        quota->price = rh_get_int(call, rows, 3);
        *ret_position = rh_get_int(call, rows, 4);
    }
    rh_close(call, rows);
    return rc;
}

static int32_t set_members(struct rh_call *call, int32_t is_new, int32_t places,
                           struct quota *quota)
{
    size_t at;
    enum where_fault fault;

    if (rh_param_given(call, "where"))
        quota->conditions = rh_param_text(call, "where");
    if (!quota->conditions)
        quota->conditions = "";
    fault = where_parse(quota->conditions, &quota->where, &at);
    if (fault || strpbrk(quota->conditions, "\t\r\n")) {
        struct rh_text words = where_fault_text(fault ? fault : WHERE_NO_AND);

        return rh_fail(call, RH_EINVALID, "--where: '%.*s' | '%s': %s%.0s",
                       "--where: '%.*s' | '%s': %.0s%s", (int)at, quota->conditions,
                       quota->conditions + at, words.de, words.en);
    }
    if (is_new) {
        quota->max = places;
        quota->price = 1;
    }
    if (rh_param_given(call, "min"))
        quota->min = (int32_t)rh_param_int(call, "min");
    if (rh_param_given(call, "max"))
        quota->max = (int32_t)rh_param_int(call, "max");
    if (rh_param_given(call, "price"))
        quota->price = rh_param_int(call, "price");
    if (quota->min > quota->max)
        return rh_fail(call, RH_EINVALID, "--min %d ist mehr als die Höchstzahl %d",
                       "--min %d is more than the maximum %d", (int)quota->min, (int)quota->max);
    return 0;
}

int32_t pilot_quota_set(struct rh_call *call)
{
    const char *selection, *before, *label;
    struct quota quota = {0};
    int64_t position = 0;
    int32_t rc, there, places;

    if ((rc = find_in_state(call, "open", &selection)) < 0 ||
        (rc = need_text(call, "label", RH_TEXT("Bezeichnung der Quote", "label of the quota"),
                        &label)) < 0)
        return rc;
    if (strlen(label) > LABEL_MAX)
        return rh_fail(call, RH_EINVALID, "--label: höchstens %d Byte", "--label: at most %d bytes",
                       LABEL_MAX);
    before = one_value(call, as_json, selection, NULL);
    if ((places = places_of(call, selection)) < 0)
        return places;
    if ((there = load_quota(call, selection, label, &quota, &position)) < 0)
        return there;
    if (!there && rh_param_int(call, "remove"))
        return rh_fail(call, RH_ENOTFOUND, "es gibt keine Quote '%s'", "there is no quota '%s'",
                       label);
    if (!there)
        position =
            1 + (int64_t)strtoll(one_value(call,
                                           "SELECT CAST(ifnull(max(position), 0) AS TEXT) FROM "
                                           "pilot_quota WHERE selection = ?1",
                                           selection, NULL)
                                     ?: "0",
                                 NULL, 10);
    if (rh_exec(call, "DELETE FROM pilot_quota WHERE selection = ?1 AND label = ?2", "ss",
                selection, label) < 0)
        return RH_EFAILED;
    if (!rh_param_int(call, "remove") && ((rc = set_members(call, !there, places, &quota)) < 0 ||
                                          (rc = store(call, selection, position, &quota)) < 0 ||
                                          (rc = check_attributes(call, selection)) < 0))
        return rc;
    if (rh_event(call, "pilot.quotas", selection, before,
                 one_value(call, as_json, selection, NULL)) < 0)
        return RH_EFAILED;
    if (rh_param_int(call, "remove"))
        rh_say(call, "Quote '%s' entfernt", "quota '%s' removed", label);
    else
        rh_say(call, "Quote '%s': %d bis %d", "quota '%s': %d to %d", label, (int)quota.min,
               (int)quota.max);
    return 0;
}

/* ---- proposals ---- */

struct cell {
    const char *region, *kind, *size_class, *label;
    int32_t members;
};

static int32_t load_cells(struct rh_call *call, struct cell *cells, int32_t room)
{
    struct rh_rows *rows;
    int32_t count = 0;
    int32_t rc = rh_query(call, &rows,
                          call->lang == 0
                              ? "SELECT region, kind, size_class, size_label_de, count(*) FROM "
                                "v_office WHERE active AND size_class IS NOT NULL GROUP BY region, "
                                "size_class ORDER BY region, size_position"
                              : "SELECT region, kind, size_class, size_label_en, count(*) FROM "
                                "v_office WHERE active AND size_class IS NOT NULL GROUP BY region, "
                                "size_class ORDER BY region, size_position",
                          "");

    while (rc >= 0 && count < room && (rc = rh_next(call, rows)) == 1) {
        cells[count++] = (struct cell){rh_get_text(call, rows, 0), rh_get_text(call, rows, 1),
                                       rh_get_text(call, rows, 2), rh_get_text(call, rows, 3),
                                       (int32_t)rh_get_int(call, rows, 4)};
    }
    rh_close(call, rows);
    return rc < 0 ? rc : count;
}

/* Region by region, and in each its size classes: the same rule twice. */
int32_t pilot_quota_propose(struct rh_call *call)
{
    enum { ROOM = 64 };
    struct cell cells[ROOM];
    int32_t members[ROOM], seats[ROOM], places = (int32_t)rh_param_int(call, "places");
    int32_t count = load_cells(call, cells, ROOM);

    if (count < 0)
        return count;
    if (!rh_param_given(call, "places")) {
        const char *selection;
        int32_t rc = find_selection(call, &selection);

        if (rc < 0)
            return rc;
        places = places_of(call, selection);
    }
    for (int32_t c = 0; c < count; c++)
        members[c] = cells[c].members;
    panel_apportion(members, count, places, seats);
    rh_out_array(call, "items");
    for (int32_t c = 0; c < count; c++) {
        rh_out_object(call, NULL);
        rh_out_text(call, "label",
                    rh_format(call, "%s %s", "%s %s", cells[c].region, cells[c].label));
        rh_out_text(call, "where",
                    rh_format(call, "region=%s and size_class=%s", "region=%s and size_class=%s",
                              cells[c].region, cells[c].size_class));
        rh_out_int(call, "min", seats[c]);
        rh_out_int(call, "max", seats[c]);
        rh_out_text(call, "relaxable", "yes");
        rh_out_int(call, "price", 1);
        rh_out_int(call, "offices", cells[c].members);
        rh_out_end(call);
    }
    rh_out_end(call);
    return 0;
}
