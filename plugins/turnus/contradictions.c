/* Rules that no plan can satisfy, named before anything is computed: what, between whom, and what
 * would help. */
#include "plugins/turnus/internal.h"

#include <string.h>

struct report {
    struct rh_call *call;
    const struct model *model;
    void (*say)(void *context, const char *sentence);
    void *context;
    int32_t count;
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

static void fixed_rows(struct report *report)
{
    const struct model *model = report->model;

    for (int32_t r = 0; r < model->rule_count; r++) {
        const struct rule_row *row = &model->rules[r];
        const char *name = model->offices[row->office].name;
        int32_t last = model->first_month + model->month_count - 1;

        if (strcmp(row->rule, "fixed") != 0)
            continue;
        if (row->to < model->first_month || row->from > last)
            SAY(report,
                "%s: festgelegt auf %s bis %s, das liegt außerhalb des Turnus %s; die Festlegung "
                "ändern oder streichen",
                "%s: fixed to %s to %s, which lies outside the round %s; change or drop the rule",
                name, rh_month_text(report->call, row->from), rh_month_text(report->call, row->to),
                model->round);
    }
}

/* All months of an office are excluded: say by what, taken over its fixed months when it has any.
 */
static void offices_without_month(struct report *report)
{
    const struct model *model = report->model;

    for (int32_t i = 0; i < model->office_count; i++) {
        int32_t all = 0, inside = 0;

        if (has_month(model, i))
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

static void pairs_together(struct report *report)
{
    const struct model *model = report->model;

    for (int32_t r = 0; r < model->rule_count; r++) {
        const struct rule_row *row = &model->rules[r];
        int32_t common = 0;

        if (strcmp(row->rule, "together") != 0)
            continue;
        if (row->office == row->other) {
            SAY(report, "%s: gemeinsam mit sich selbst; die Regel streichen",
                "%s: together with itself; drop the rule", model->offices[row->office].name);
            continue;
        }
        for (int32_t s = 0; s < model->rule_count; s++) {
            const struct rule_row *other = &model->rules[s];

            if (strcmp(other->rule, "apart") == 0 &&
                ((other->office == row->office && other->other == row->other) ||
                 (other->office == row->other && other->other == row->office)))
                SAY(report,
                    "%s und %s: zugleich 'together' (gemeinsam) und 'apart' (getrennt); eine der "
                    "beiden Regeln streichen",
                    "%s and %s: both 'together' and 'apart'; drop one of the two rules",
                    model->offices[row->office].name, model->offices[row->other].name);
        }
        for (int32_t t = 0; t < model->month_count; t++)
            common |= why_at(model, row->office, t) == 0 && why_at(model, row->other, t) == 0;
        if (!common && has_month(model, row->office) && has_month(model, row->other))
            SAY(report,
                "%s und %s sollen gemeinsam beginnen, haben aber keinen Monat gemeinsam; eine der "
                "Regeln beider Ämter lockern",
                "%s and %s shall start together but have no month in common; relax one of the "
                "rules of the two",
                model->offices[row->office].name, model->offices[row->other].name);
    }
}

static void capacities(struct report *report)
{
    const struct model *model = report->model;
    int64_t room = 0;

    for (int32_t t = 0; t < model->month_count; t++) {
        int32_t only_here = 0, free_places = model->months[t].capacity - model->months[t].taken;

        if (!model->months[t].closed && free_places > 0)
            room += free_places;
        for (int32_t i = 0; i < model->office_count; i++) {
            int32_t elsewhere = 0;

            for (int32_t s = 0; s < model->month_count && !elsewhere; s++)
                elsewhere = s != t && why_at(model, i, s) == 0;
            only_here += !elsewhere && why_at(model, i, t) == 0;
        }
        if (only_here > (free_places > 0 ? free_places : 0))
            SAY(report,
                "%s: %d Ämter können nur in diesem Monat beginnen, Platz ist für %d; die "
                "Höchstzahl heben oder Ämter verlegen",
                "%s: %d offices can start in this month only, there is room for %d; raise the "
                "capacity or move offices",
                rh_month_text(report->call, model->months[t].month), only_here,
                free_places > 0 ? free_places : 0);
    }
    if (room < model->office_count)
        SAY(report,
            "alle offenen Monate zusammen haben Platz für %lld Verfahren, es gibt %d Ämter; Monate "
            "öffnen oder die Höchstzahl heben",
            "all open months together have room for %lld procedures, there are %d offices; open "
            "months or raise the capacity",
            (long long)room, model->office_count);
}

int32_t contradictions(struct rh_call *call, const struct model *model,
                       void (*say)(void *, const char *), void *context)
{
    struct report report = {call, model, say, context, 0};

    fixed_rows(&report);
    offices_without_month(&report);
    pairs_together(&report);
    capacities(&report);
    return report.count;
}
