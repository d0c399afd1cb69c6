/* Pins that no answer can keep, with file, line and remedy. What can be known from the file alone
 * was refused at its import; here months and the other pins are known, too. */
#include "plugins/moderators/internal.h"

struct pin {
    int32_t office, person;
    const char *file; /* NULL: no rule, but a team that has begun */
    int32_t line, lead;
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

static void add_kept(struct report *report)
{
    const struct model *model = report->model;

    for (int32_t o = 0; o < model->office_count; o++)
        for (int32_t p = 0; p < model->person_count; p++)
            if (model->kept[cell(model, o, p)])
                report->pins[report->pin_count++] = (struct pin){.office = o, .person = p};
}

/* What has begun stands first: no rule of it is left to be struck out. */
static int32_t load_pins(struct report *report)
{
    const struct model *model = report->model;
    struct rh_call *call = report->call;
    size_t room = (size_t)model->office_count * (size_t)model->person_count + 1;
    struct rh_rows *rows;
    int32_t rc;

    report->pins = rh_alloc_in(call, room * sizeof(struct pin));
    if (!report->pins)
        return RH_ENOMEM;
    add_kept(report);
    rc = rh_query(call, &rows,
                  "SELECT office, moderator, file, line, rule = 'lead' FROM moderators_rule WHERE "
                  "rule <> 'mustnot' ORDER BY office, moderator",
                  "");
    while (rc >= 0 && (rc = rh_next(call, rows)) == 1) {
        int32_t office = office_place(model, rh_get_text(call, rows, 0));
        int32_t person = person_place(model, rh_get_text(call, rows, 1));

        for (; office >= 0 && person >= 0; office = office_goes_on(model, office) ? office + 1 : -1)
            if (model->pin[cell(model, office, person)] && !model->offices[office].kept)
                report->pins[report->pin_count++] = (struct pin){
                    office, person, rh_get_text(call, rows, 2), (int32_t)rh_get_int(call, rows, 3),
                    (int32_t)rh_get_int(call, rows, 4)};
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
            "Regel oder ihren Gegensatz streichen",
            "%s, line %d, column 'moderator': %s is pinned to %s (start %s), but %s; strike out "
            "the rule or "
            "what contradicts it",
            pin->file, (int)pin->line, model->people[pin->person].name,
            model->offices[pin->office].name,
            rh_month_text(report->call, model->offices[pin->office].month),
            why_text(report->call, why));
    else if (pin->lead && !model->people[pin->person].lead)
        SAY(report,
            "%s, Zeile %d, Spalte 'rule': %s ist als Leitung für %s festgelegt, darf aber nicht "
            "mehr leiten; 'must' statt 'lead' eintragen",
            "%s, line %d, column 'rule': %s is pinned as lead of %s, but may not lead any more; "
            "write 'must' instead of 'lead'",
            pin->file, (int)pin->line, model->people[pin->person].name,
            model->offices[pin->office].name);
}

/* Two pins that exclude each other: both named at the second one. */
static void together(struct report *report, int32_t first, int32_t second)
{
    const struct model *model = report->model;
    const struct pin *a = &report->pins[first], *b = &report->pins[second];

    if (a->office != b->office)
        return;
    if (a->lead && b->lead)
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

/* Pins up to this one; of `person` (-1: of anybody), of `office` (-1: of any), that start in
 * [from, to). `ret_begun` of them have begun. */
static int32_t pins_until(const struct report *report, int32_t last, int32_t person, int32_t office,
                          int32_t from, int32_t to, int32_t *ret_begun)
{
    int32_t count = 0;

    *ret_begun = 0;
    for (int32_t i = 0; i <= last; i++) {
        const struct pin *pin = &report->pins[i];
        int32_t month = report->model->offices[pin->office].month;

        if ((person >= 0 && pin->person != person) || (office >= 0 && pin->office != office) ||
            month < from || month >= to)
            continue;
        count++;
        *ret_begun += !pin->file;
    }
    return count;
}

static int over(int32_t count, int32_t most, int32_t begun)
{
    return count > (begun > most ? begun : most);
}

/* So many pins of an office or a person that a limit breaks; said at the first one too many. */
static void too_many(struct report *report, int32_t last)
{
    const struct model *model = report->model;
    const struct pin *pin = &report->pins[last];
    const struct office *office = &model->offices[pin->office];
    const struct person *who = &model->people[pin->person];
    int32_t months = (int32_t)rh_config_int(report->call, "parallel_months");
    int32_t most = (int32_t)rh_config_int(report->call, "parallel_max");
    int32_t year = office->month / 12 * 12, begun, count;

    count = pins_until(report, last, -1, pin->office, office->month, office->month + 1, &begun);
    if (over(count, office->size, begun))
        SAY(report,
            "%s, Zeile %d, Spalte 'office': für %s sind mehr als %d Mitglieder festgelegt; Regeln "
            "streichen",
            "%s, line %d, column 'office': %s has more than %d members pinned; strike out rules",
            pin->file, (int)pin->line, office->name, (int)office->size);
    count = pins_until(report, last, pin->person, -1, year, year + 12, &begun);
    if (over(count, who->capacity, begun))
        SAY(report,
            "%s, Zeile %d, Spalte 'moderator': %s ist %d für mehr als %d Verfahren festgelegt; "
            "Regeln streichen oder capacity_per_year heben",
            "%s, line %d, column 'moderator': %s is pinned in %d to more than %d procedures; "
            "strike out rules or raise capacity_per_year",
            pin->file, (int)pin->line, who->name, (int)(year / 12), (int)who->capacity);
    for (int32_t from = office->month - months + 1; from <= office->month; from++) {
        count = pins_until(report, last, pin->person, -1, from, from + months, &begun);
        if (!over(count, most, begun))
            continue;
        SAY(report,
            "%s, Zeile %d, Spalte 'moderator': %s ist für %d Verfahren zugleich festgelegt (um "
            "%s), erlaubt sind %d; Regeln streichen oder parallel_max heben",
            "%s, line %d, column 'moderator': %s is pinned to %d procedures at once (around %s), "
            "%d are allowed; strike out rules or raise parallel_max",
            pin->file, (int)pin->line, who->name, (int)count,
            rh_month_text(report->call, office->month), (int)most);
        break;
    }
}

int32_t refuse_contradictions(struct rh_call *call, const struct model *model)
{
    struct report report = {.call = call, .model = model, .text = ""};
    int32_t rc = load_pins(&report);

    if (rc < 0)
        return rc;
    for (int32_t i = 0; i < report.pin_count; i++) {
        if (!report.pins[i].file)
            continue;
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
