/* Pins that no answer can keep, with file, line and remedy. What can be known from the file alone
 * was refused at its import; here months and the other pins are known, too. */
#include "plugins/moderators/internal.h"

struct pin {
    int32_t office, person;
    const char *file;
    int32_t line;
};

struct report {
    struct rh_call *call;
    const struct model *model;
    struct pin *pins;
    int32_t pin_count, count;
    const char *text;
};

#define SAY(report, ...)                                                                           \
    do {                                                                                           \
        if ((report)->count++ < 20)                                                                \
            (report)->text =                                                                       \
                rh_format((report)->call, "%s%s%s", "%s%s%s", (report)->text,                      \
                          *(report)->text ? " | " : "", rh_format((report)->call, __VA_ARGS__));   \
    } while (0)

static int32_t load_pins(struct report *report)
{
    struct rh_call *call = report->call;
    struct rh_rows *rows;
    int64_t count = 0;
    int32_t rc = ask_int(call, &count, 0, "SELECT count(*) FROM moderators_rule", NULL);

    report->pins = rh_alloc_in(call, (size_t)(count + 1) * sizeof(struct pin));
    if (rc < 0 || !report->pins)
        return rc < 0 ? rc : RH_ENOMEM;
    rc = rh_query(
        call, &rows,
        "SELECT office, moderator, file, line FROM moderators_rule WHERE rule <> 'mustnot' "
        "ORDER BY office, moderator",
        "");
    while (rc >= 0 && (rc = rh_next(call, rows)) == 1) {
        struct pin pin = {office_place(report->model, rh_get_text(call, rows, 0)),
                          person_place(report->model, rh_get_text(call, rows, 1)),
                          rh_get_text(call, rows, 2), (int32_t)rh_get_int(call, rows, 3)};

        if (pin.office >= 0 && pin.person >= 0)
            report->pins[report->pin_count++] = pin;
    }
    rh_close(call, rows);
    return rc;
}

static void excluded(struct report *report, const struct pin *pin)
{
    const struct model *model = report->model;
    int32_t why = model->why[cell(model, pin->office, pin->person)];

    if (why)
        SAY(report,
            "%s, Zeile %d, Spalte 'moderator': %s ist für %s (Beginn %s) festgelegt, aber %s; die "
            "Regel oder "
            "ihren Gegensatz streichen",
            "%s, line %d, column 'moderator': %s is pinned to %s (start %s), but %s; strike out "
            "the rule or "
            "what contradicts it",
            pin->file, (int)pin->line, model->people[pin->person].name,
            model->offices[pin->office].name,
            rh_month_text(report->call, model->offices[pin->office].month),
            why_text(report->call, why));
}

/* Two pins that exclude each other: both named at the second one. */
static void together(struct report *report, int32_t first, int32_t second)
{
    const struct model *model = report->model;
    const struct pin *a = &report->pins[first], *b = &report->pins[second];

    if (a->office != b->office)
        return;
    if (model->pin[cell(model, a->office, a->person)] == 3 &&
        model->pin[cell(model, b->office, b->person)] == 3)
        SAY(report,
            "%s, Zeile %d, Spalte 'rule': für %s sind zwei Leitungen festgelegt, %s und %s; eine "
            "der Zeilen "
            "streichen",
            "%s, line %d, column 'rule': %s has two leads pinned, %s and %s; strike out one of the "
            "lines",
            b->file, (int)b->line, model->offices[a->office].name, model->people[a->person].name,
            model->people[b->person].name);
    if (model->apart[a->person * model->person_count + b->person])
        SAY(report,
            "%s, Zeile %d, Spalte 'moderator': %s und %s sind für %s festgelegt, dürfen aber nie "
            "zusammenarbeiten; eine Regel oder das Paar streichen",
            "%s, line %d, column 'moderator': %s and %s are pinned to %s, but may never work "
            "together; "
            "strike out a rule or the pair",
            b->file, (int)b->line, model->people[a->person].name, model->people[b->person].name,
            model->offices[a->office].name);
}

/* So many pins of an office or a person that a limit breaks; said at the last of them. */
static void too_many(struct report *report, int32_t last)
{
    const struct model *model = report->model;
    const struct pin *pin = &report->pins[last];
    int32_t members = 0, year = 0, window = 0, month = model->offices[pin->office].month;
    int32_t months = (int32_t)rh_config_int(report->call, "parallel_months");
    int32_t most = (int32_t)rh_config_int(report->call, "parallel_max");

    for (int32_t i = 0; i < report->pin_count; i++) {
        int32_t other = model->offices[report->pins[i].office].month;

        members += i <= last && report->pins[i].office == pin->office;
        if (report->pins[i].person != pin->person)
            continue;
        year += i <= last && other / 12 == month / 12;
        window += other >= month && other < month + months;
    }
    if (members > model->offices[pin->office].size)
        SAY(report,
            "%s, Zeile %d, Spalte 'office': für %s sind mehr als %d Mitglieder festgelegt; Regeln "
            "streichen",
            "%s, line %d, column 'office': %s has more than %d members pinned; strike out rules",
            pin->file, (int)pin->line, model->offices[pin->office].name,
            (int)model->offices[pin->office].size);
    if (year > model->people[pin->person].capacity)
        SAY(report,
            "%s, Zeile %d, Spalte 'moderator': %s ist %d für mehr als %d Verfahren festgelegt; "
            "Regeln "
            "streichen oder capacity_per_year heben",
            "%s, line %d, column 'moderator': %s is pinned in %d to more than %d procedures; "
            "strike out "
            "rules or raise capacity_per_year",
            pin->file, (int)pin->line, model->people[pin->person].name, (int)(month / 12),
            (int)model->people[pin->person].capacity);
    if (window > most)
        SAY(report,
            "%s, Zeile %d, Spalte 'moderator': %s ist ab %s für %d Verfahren zugleich festgelegt, "
            "erlaubt "
            "sind %d; Regeln streichen oder parallel_max heben",
            "%s, line %d, column 'moderator': %s is pinned, from %s on, to %d procedures at once, "
            "%d are "
            "allowed; strike out rules or raise parallel_max",
            pin->file, (int)pin->line, model->people[pin->person].name,
            rh_month_text(report->call, month), (int)window, (int)most);
}

int32_t refuse_contradictions(struct rh_call *call, const struct model *model)
{
    struct report report = {.call = call, .model = model, .text = ""};
    int32_t rc = load_pins(&report);

    if (rc < 0)
        return rc;
    for (int32_t i = 0; i < report.pin_count; i++) {
        excluded(&report, &report.pins[i]);
        for (int32_t j = i + 1; j < report.pin_count; j++)
            together(&report, i, j);
        too_many(&report, i);
    }
    if (report.count == 0)
        return 0;
    return rh_fail(call, RH_EINVALID, "es gibt keine Teams, %d Widersprüche: %s",
                   "there are no teams, %d contradictions: %s", (int)report.count, report.text);
}
