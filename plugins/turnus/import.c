/*
 * turnus import: the exported plan with other months. Offices that the file does not name stay
 * where they are; a month that was forbidden already and has not been touched is no fault of the
 * file.
 */
#include "plugins/turnus/internal.h"

#include <string.h>

enum { OFFICE, NAME, START, COLUMNS };

static const struct rh_csv_column columns[COLUMNS] = {
    [OFFICE] = {"office", "Kennung|Amt", 0, 0},
    [NAME] = {"name", "Jugendamt|Name", 0, 0},
    [START] = {"start_month", "start|Beginn|Startmonat|Monat", 1, 0},
};

struct sheet {
    struct edit edit;
    struct rh_csv_in *csv;
    int32_t *line; /* by office: where it stands, 0 = not in the file */
    int32_t rows;
};

/* The office of a row: by its id, else by its name; -1 with a fault. */
static int32_t read_office(struct rh_call *call, struct sheet *sheet)
{
    const char *named = rh_csv_text(call, sheet->csv, OFFICE), *id;
    int32_t column = named ? OFFICE : NAME, place;

    if (!named)
        named = rh_csv_text(call, sheet->csv, NAME);
    if (!named) {
        rh_csv_fault(call, sheet->csv, OFFICE, "das Jugendamt fehlt", "the office is missing");
        return -1;
    }
    if (rh_resolve(call, "SELECT id, name, short_name FROM v_office",
                   RH_TEXT("Jugendamt", "office"), named, &id) < 0) {
        rh_csv_last_error(call, sheet->csv, column);
        return -1;
    }
    place = office_place(&sheet->edit.model, id);
    if (place < 0)
        rh_csv_fault(call, sheet->csv, column,
                     "'%s' ist geschlossen und in keinem Plan; die Zeile entfernen",
                     "'%s' is closed and in no plan; remove the line", id);
    else if (sheet->line[place])
        rh_csv_fault(call, sheet->csv, column, "'%s' steht schon in Zeile %d",
                     "'%s' stands in line %d already", id, (int)sheet->line[place]);
    else
        return place;
    return -1;
}

/* The month as a slot; -1 with a fault. `place` may be -1: the month can be wrong all the same. */
static int32_t read_slot(struct rh_call *call, struct sheet *sheet, int32_t place)
{
    const struct model *model = &sheet->edit.model;
    int32_t month, slot, why, given = rh_csv_month(call, sheet->csv, START, &month);

    if (given == 0)
        rh_csv_fault(call, sheet->csv, START, "der Monat fehlt, z. B. 2028-03",
                     "the month is missing, as in 2028-03");
    if (given != 1)
        return -1;
    slot = slot_of_month(model, month);
    if (slot < 0) {
        rh_csv_fault(call, sheet->csv, START, "%s liegt nicht im Turnus %s (%s bis %s)",
                     "%s is not in the round %s (%s to %s)", rh_month_text(call, month),
                     model->round, rh_month_text(call, model->first_month),
                     rh_month_text(call, model->first_month + model->month_count - 1));
        return -1;
    }
    if (place < 0 || sheet->edit.base.slot[place] == slot)
        return slot;
    why = model->why[(size_t)place * (size_t)model->month_count + (size_t)slot];
    if (why)
        rh_csv_fault(call, sheet->csv, START, "%s kann nicht in %s beginnen: %s",
                     "%s cannot start in %s: %s", model->offices[place].name,
                     rh_month_text(call, month), why_text(call, why));
    return why ? -1 : slot;
}

static int32_t read_rows(struct rh_call *call, struct sheet *sheet)
{
    int32_t rc = rh_csv_open(call, "file", columns, COLUMNS, &sheet->csv);

    while (rc >= 0 && (rc = rh_csv_next(call, sheet->csv)) == 1) {
        int32_t place = read_office(call, sheet), slot = read_slot(call, sheet, place);

        sheet->rows++;
        if (place < 0)
            continue;
        sheet->line[place] = rh_csv_line(call, sheet->csv);
        if (slot >= 0)
            sheet->edit.after[place] = slot;
    }
    if (rc < 0 || (rc = rh_csv_finish(call, sheet->csv)) < 0)
        return rc;
    if (sheet->rows == 0)
        return rh_fail(call, RH_EINVALID,
                       "in der Datei steht kein Jugendamt; 'reihum turnus export --csv' zeigt, wie "
                       "sie aussieht",
                       "the file names no office; 'reihum turnus export --csv' shows what it looks "
                       "like");
    return 0;
}

/* ---- adopting a part ---- */

static int32_t keep_one(struct rh_call *call, const struct sheet *sheet, const char *named,
                        uint8_t *chosen)
{
    const char *id;
    int32_t place, rc = rh_resolve(call, "SELECT id, name, short_name FROM v_office",
                                   RH_TEXT("Jugendamt", "office"), named, &id);

    if (rc < 0)
        return rh_wrap(call, "--only", "--only");
    place = office_place(&sheet->edit.model, id);
    if (place < 0 || !sheet->line[place])
        return rh_fail(call, RH_EINVALID, "--only: '%s' steht nicht in der Datei",
                       "--only: '%s' is not in the file", id);
    chosen[place] = 1;
    return 0;
}

/* --only lemgo,ahaus: all others go back to where the plan has them. */
static int32_t keep_only(struct rh_call *call, struct sheet *sheet)
{
    const char *p = rh_param_text(call, "only");
    uint8_t *chosen;

    if (!p)
        return 0;
    chosen = rh_alloc_in(call, (size_t)sheet->edit.model.office_count);
    if (!chosen)
        return RH_ENOMEM;
    while (*p) {
        size_t length = strcspn(p, ",");
        size_t before = strspn(p, " ");

        if (before < length) {
            int32_t rc = keep_one(
                call, sheet, rh_format(call, "%.*s", "%.*s", (int)(length - before), p + before),
                chosen);
            if (rc < 0)
                return rc;
        }
        p += length + (p[length] == ',');
    }
    for (int32_t i = 0; i < sheet->edit.model.office_count; i++)
        if (!chosen[i])
            sheet->edit.after[i] = sheet->edit.base.slot[i];
    return 0;
}

int32_t turnus_import(struct rh_call *call)
{
    struct sheet *sheet = rh_alloc_in(call, sizeof(*sheet));
    int32_t rc;

    if (!sheet)
        return RH_ENOMEM;
    call->state = sheet;
    if ((rc = edit_begin(call, &sheet->edit)) < 0)
        return rc;
    sheet->line = rh_alloc_in(call, (size_t)sheet->edit.model.office_count * sizeof(int32_t));
    if (!sheet->line)
        return RH_ENOMEM;
    if ((rc = read_rows(call, sheet)) < 0 || (rc = keep_only(call, sheet)) < 0 ||
        (rc = edit_judge(call, &sheet->edit)) < 0)
        return rc;
    if (sheet->edit.moved == 0 && sheet->edit.yes)
        return rh_fail(call, RH_ECONFLICT,
                       "nichts zu übernehmen: alle Monate stehen schon so in Plan %lld",
                       "nothing to adopt: all months are as in plan %lld already",
                       (long long)sheet->edit.base.id);
    rh_out_int(call, "rows", sheet->rows);
    rh_say(call,
           "gelesene Zeilen: %d; Ämter, die in einem anderen Monat beginnen als nach Plan %lld: %d",
           "lines read: %d; offices that start in another month than by plan %lld: %d",
           (int)sheet->rows, (long long)sheet->edit.base.id, (int)sheet->edit.moved);
    return 0;
}

int32_t turnus_import_commit(struct rh_call *call)
{
    const struct sheet *sheet = call->state;
    const char *file, *bytes;
    size_t size;
    int32_t rc = rh_param_file(call, "file", &file, &bytes, &size);

    if (rc < 0)
        return rc;
    return edit_commit(call, &sheet->edit,
                       rh_format(call, "%s: verlegte Ämter: %d", "%s: offices moved: %d", file,
                                 (int)sheet->edit.moved));
}
