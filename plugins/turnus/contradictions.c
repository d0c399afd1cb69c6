/* Rules that no plan can satisfy, named before anything is computed: what, between whom, and what
 * would help. */
#include "plugins/turnus/conflicts.h"
#include "plugins/turnus/standing.h"

#include <string.h>

struct report {
    struct rh_call *call;
    const struct model *model;
    void (*say)(void *context, const char *sentence);
    void *context;
    int32_t count;
    uint8_t *named; /* by office: its months are spoken of already */
};

#define SAY(report, ...)                                                                           \
    ((report)->say((report)->context, rh_format((report)->call, __VA_ARGS__)), (report)->count++)

const char *why_text(struct rh_call *call, int32_t why)
{
    static const struct {
        int32_t bit;
        struct rh_text text;
    } words[] = {
        {WHY_CLOSED, {"Monat geschlossen", "month closed"}},
        {WHY_BLOCKED, {"vom Amt gesperrt", "blocked by the office"}},
        {WHY_NOT_FIXED, {"außerhalb der Festlegung", "outside the fixed range"}},
        {WHY_SPACING, {"Abstand zum vorigen Verfahren", "spacing to the previous procedure"}},
        {WHY_BEGUN, {"Verfahren hat schon begonnen", "procedure has begun already"}},
    };
    const char *text = "";

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (why & words[i].bit)
            text = rh_format(call, "%s%s%s", "%s%s%s", text, *text ? ", " : "",
                             rh_say_in(call, words[i].text));
    return text;
}

static int32_t why_at(const struct model *model, int32_t office, int32_t slot)
{
    return model->why[(size_t)office * (size_t)model->month_count + (size_t)slot];
}

static int32_t has_month(const struct model *model, int32_t office)
{
    for (int32_t t = 0; t < model->month_count; t++)
        if (why_at(model, office, t) == 0)
            return 1;
    return 0;
}

static int32_t is_rule(const struct rule_row *row, const char *rule)
{
    return strcmp(row->rule, rule) == 0;
}

/* "März 2028", "März bis Mai 2028" would be nicer, but both years must be readable at once. */
const char *range_words(struct rh_call *call, int32_t from, int32_t to)
{
    return from == to ? month_words(call, from)
                      : rh_format(call, "%s bis %s", "%s to %s", month_words(call, from),
                                  month_words(call, to));
}

/* ---- fixed months ---- */

static void fixed_outside(struct report *report, const struct rule_row *row)
{
    const struct model *model = report->model;
    int32_t last = model->first_month + model->month_count - 1;

    if (row->to >= model->first_month && row->from <= last)
        return;
    SAY(report,
        "%s: festgelegt auf %s, das liegt außerhalb des Turnus %s; die Festlegung ändern oder "
        "streichen",
        "%s: fixed to %s, which lies outside the round %s; change or drop the rule",
        model->offices[row->office].name, range_words(report->call, row->from, row->to),
        model->round);
    report->named[row->office] = 1;
}

static void fixed_twice(struct report *report, const struct rule_row *row, int32_t after)
{
    const struct model *model = report->model;

    for (int32_t r = after; r < model->rule_count; r++) {
        const struct rule_row *other = &model->rules[r];

        if (!is_rule(other, "fixed") || other->office != row->office ||
            (other->from <= row->to && row->from <= other->to))
            continue;
        SAY(report, "%s: festgelegt auf %s und auf %s; eine der beiden Festlegungen streichen",
            "%s: fixed to %s and to %s; drop one of the two rules",
            model->offices[row->office].name, range_words(report->call, row->from, row->to),
            range_words(report->call, other->from, other->to));
        report->named[row->office] = 1;
    }
}

static void fixed_rows(struct report *report)
{
    const struct model *model = report->model;

    for (int32_t r = 0; r < model->rule_count; r++)
        if (is_rule(&model->rules[r], "fixed") &&
            model->offices[model->rules[r].office].begun == RH_NO_MONTH) {
            fixed_outside(report, &model->rules[r]);
            fixed_twice(report, &model->rules[r], r + 1);
        }
}

/* All months of an office are excluded: say by what, taken over its fixed months when it has any.
 */
static void offices_without_month(struct report *report)
{
    const struct model *model = report->model;

    for (int32_t i = 0; i < model->office_count; i++) {
        int32_t all = 0, inside = 0;

        if (report->named[i] || has_month(model, i))
            continue;
        for (int32_t t = 0; t < model->month_count; t++) {
            int32_t why = why_at(model, i, t);

            all |= why;
            if (!(why & WHY_NOT_FIXED))
                inside |= why;
        }
        if (model->offices[i].fixed && inside)
            SAY(report,
                "%s: die festgelegten Monate fallen alle weg (%s); Festlegung oder Sperre ändern",
                "%s: all of its fixed months fall away (%s); change the fixed range or what "
                "excludes it",
                model->offices[i].name, why_text(report->call, inside));
        else
            SAY(report, "%s: kein Monat bleibt übrig (%s); eine dieser Regeln lockern",
                "%s: no month is left (%s); relax one of these rules", model->offices[i].name,
                why_text(report->call, all));
    }
}

/* ---- offices that start together ---- */

/* By office, the first office of the group it belongs to; in the call's memory, NULL without. */
static int32_t *find_groups(const struct report *report)
{
    const struct model *model = report->model;
    int32_t *group = rh_alloc_in(report->call, (size_t)model->office_count * sizeof(*group));
    int32_t changed = 1;

    for (int32_t i = 0; group && i < model->office_count; i++)
        group[i] = i;
    while (group && changed) {
        changed = 0;
        for (int32_t r = 0; r < model->rule_count; r++) {
            const struct rule_row *row = &model->rules[r];
            int32_t a, b;

            if (!is_rule(row, "together") || group[row->office] == group[row->other])
                continue;
            a = group[row->office], b = group[row->other];
            group[row->office] = group[row->other] = a < b ? a : b;
            changed = 1;
        }
    }
    return group;
}

static void apart_in_group(struct report *report, const int32_t *group)
{
    const struct model *model = report->model;

    for (int32_t r = 0; r < model->rule_count; r++) {
        const struct rule_row *row = &model->rules[r];

        if (is_rule(row, "apart") && group[row->office] == group[row->other])
            SAY(report,
                "%s und %s: zugleich 'together' (gemeinsam) und 'apart' (getrennt); eine der "
                "Regeln streichen",
                "%s and %s: both 'together' and 'apart'; drop one of the rules",
                model->offices[row->office].name, model->offices[row->other].name);
    }
}

static const char *names_of(const struct report *report, const int32_t *group, int32_t first)
{
    const struct model *model = report->model;
    int32_t left = 0;
    const char *text = "";

    for (int32_t i = 0; i < model->office_count; i++)
        left += group[i] == first;
    for (int32_t i = 0; i < model->office_count; i++)
        if (group[i] == first) {
            left--;
            text = rh_format(report->call, "%s%s%s", "%s%s%s", text, model->offices[i].name,
                             left > 1    ? ", "
                             : left == 1 ? (report->call->lang == 0 ? " und " : " and ")
                                         : "");
        }
    return text;
}

/* Is there a month for all of the group at once, and room for all of them in it? */
static void check_group(struct report *report, const int32_t *group, int32_t first)
{
    const struct model *model = report->model;
    int32_t members = 0, single = 1, common = 0, room = 0;

    for (int32_t i = 0; i < model->office_count; i++)
        if (group[i] == first) {
            members++;
            single &= has_month(model, i);
        }
    if (members < 2 || !single)
        return;
    for (int32_t t = 0; t < model->month_count; t++) {
        int32_t all = 1;

        for (int32_t i = 0; i < model->office_count && all; i++)
            all = group[i] != first || why_at(model, i, t) == 0;
        common |= all;
        if (all && free_places(&model->months[t]) > room)
            room = free_places(&model->months[t]);
    }
    if (!common)
        SAY(report,
            "%s sollen gemeinsam beginnen, haben aber keinen Monat gemeinsam; eine ihrer Regeln "
            "lockern",
            "%s shall start together but have no month in common; relax one of their rules",
            names_of(report, group, first));
    else if (room < members)
        SAY(report,
            "%s sollen gemeinsam beginnen; in keinem ihrer gemeinsamen Monate ist Platz für %d "
            "Verfahren; die Höchstzahl eines Monats heben",
            "%s shall start together; none of the months they have in common has room for %d "
            "procedures; raise the capacity of a month",
            names_of(report, group, first), members);
}

static int32_t groups_together(struct report *report)
{
    int32_t *group = find_groups(report);

    if (!group)
        return RH_ENOMEM;
    apart_in_group(report, group);
    for (int32_t i = 0; i < report->model->office_count; i++)
        if (group[i] == i)
            check_group(report, group, i);
    return 0;
}

/* ---- room ---- */

/* The first and the last month an office may start in; -1 when there is none. */
static int32_t span_of(const struct model *model, int32_t office, int32_t *ret_last)
{
    int32_t first = -1;

    for (int32_t t = 0; t < model->month_count; t++)
        if (why_at(model, office, t) == 0) {
            first = first < 0 ? t : first;
            *ret_last = t;
        }
    return first;
}

static void say_crowded(struct report *report, int32_t from, int32_t to, int32_t offices,
                        int32_t room)
{
    const struct model *model = report->model;

    if (from == 0 && to == model->month_count - 1)
        SAY(report,
            "alle offenen Monate zusammen haben Platz für %d Verfahren, es gibt %d Ämter; Monate "
            "öffnen oder die Höchstzahl heben",
            "all open months together have room for %d procedures, there are %d offices; open "
            "months or raise the capacity",
            room, offices);
    else
        SAY(report,
            "%s: %d Ämter können nur dann beginnen, Platz ist für %d; die Höchstzahl heben oder "
            "Ämter verlegen",
            "%s: %d offices can start only then, there is room for %d; raise the capacity or move "
            "offices",
            range_words(report->call, model->months[from].month, model->months[to].month), offices,
            room);
}

/*
 * More offices than places in a range of months that they cannot leave. Only the tightest ranges
 * are named: what lies around one of them would be the same fault again.
 */
static int32_t crowded_months(struct report *report)
{
    const struct model *model = report->model;
    int32_t months = model->month_count, reach = months;
    int32_t *bound = rh_alloc_in(report->call, (size_t)months * sizeof(*bound));

    if (!bound)
        return RH_ENOMEM;
    for (int32_t from = months - 1; from >= 0; from--) {
        int32_t offices = 0, room = 0;

        for (int32_t i = 0; i < model->office_count; i++) {
            int32_t last = 0;

            if (span_of(model, i, &last) == from)
                bound[last]++;
        }
        for (int32_t to = from; to < reach; to++) {
            offices += bound[to];
            room += free_places(&model->months[to]);
            if (offices > room) {
                say_crowded(report, from, to, offices, room);
                reach = to; /* a range from here on that ends later would hold this one */
            }
        }
    }
    return 0;
}

int32_t contradictions(struct rh_call *call, const struct model *model,
                       void (*say)(void *, const char *), void *context)
{
    struct report report = {call,    model, say,
                            context, 0,     rh_alloc_in(call, (size_t)model->office_count)};
    int32_t rc;

    if (!report.named)
        return RH_ENOMEM;
    fixed_rows(&report);
    offices_without_month(&report);
    if ((rc = groups_together(&report)) < 0 || (rc = crowded_months(&report)) < 0)
        return rc;
    return report.count;
}
