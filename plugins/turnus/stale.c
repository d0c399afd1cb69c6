/*
 * A plan is made from what was known then. Offices are founded and closed, rules and months change:
 * what does not fit any more is named, and the plan can still be shown, explained and moved.
 */
#include "plugins/turnus/gaps.h"

#include <string.h>

struct report {
    struct rh_call *call;
    void (*say)(void *context, const char *sentence);
    void *context;
    int32_t count;
};

#define SAY(report, ...)                                                                           \
    ((report)->say((report)->context, rh_format((report)->call, __VA_ARGS__)), (report)->count++)

static void offices_of_the_plan(struct report *report, const struct model *model,
                                const struct plan *plan)
{
    for (int32_t i = 0; i < model->office_count; i++) {
        const char *name = model->offices[i].name;
        int32_t why;

        if (plan->slot[i] < 0) {
            SAY(report, "%s kommt nicht vor", "%s is not in it", name);
            continue;
        }
        why = model->why[(size_t)i * (size_t)model->month_count + (size_t)plan->slot[i]];
        why &= ~plan->gap[i];
        if (why)
            SAY(report, "%s darf nicht mehr im %s beginnen (%s)",
                "%s may no longer start in %s (%s)", name,
                month_words(report->call, model->months[plan->slot[i]].month),
                why_text(report->call, why));
    }
}

static void pairs_of_the_rules(struct report *report, const struct model *model,
                               const struct plan *plan)
{
    for (int32_t r = 0; r < model->rule_count; r++) {
        const struct rule_row *row = &model->rules[r];

        if (strcmp(row->rule, "together") == 0 &&
            plan->slot[row->office] != plan->slot[row->other] && !plan->parted[row->office])
            SAY(report, "%s und %s sollen gemeinsam beginnen", "%s and %s shall start together",
                model->offices[row->office].name, model->offices[row->other].name);
    }
}

static int32_t closed_offices(struct report *report, const struct plan *plan)
{
    struct rh_call *call = report->call;
    struct rh_rows *rows;
    int32_t rc = rh_query(call, &rows,
                          "SELECT o.name FROM turnus_start s JOIN v_office o ON o.id = s.office "
                          "WHERE s.plan = ?1 AND NOT o.active ORDER BY o.name",
                          "i", plan->id);

    while (rc >= 0 && (rc = rh_next(call, rows)) == 1)
        SAY(report, "%s ist geschlossen", "%s is closed", rh_get_text(call, rows, 0));
    rh_close(call, rows);
    return rc;
}

int32_t plan_stale(struct rh_call *call, const struct model *model, const struct plan *plan,
                   void (*say)(void *context, const char *sentence), void *context)
{
    struct report report = {call, say, context, 0};
    int32_t rc = closed_offices(&report, plan);

    if (rc < 0)
        return rc;
    offices_of_the_plan(&report, model, plan);
    pairs_of_the_rules(&report, model, plan);
    return report.count;
}

/* ---- sentences about it ---- */

struct sentences {
    struct rh_call *call;
    const char *text;
    int32_t shown;
};

static void collect(void *context, const char *sentence)
{
    struct sentences *sentences = context;

    if (sentences->shown++ < 5)
        sentences->text = rh_format(sentences->call, "%s%s%s", "%s%s%s", sentences->text,
                                    *sentences->text ? "; " : "", sentence);
}

int32_t refuse_stale(struct rh_call *call, const struct model *model, const struct plan *plan)
{
    struct sentences sentences = {call, "", 0};
    int32_t count = plan_stale(call, model, plan, collect, &sentences);

    if (count <= 0)
        return count;
    return rh_fail(call, RH_ECONFLICT,
                   "Plan %lld ist veraltet: %s%s; neu rechnen ('turnus plan') oder verlegen "
                   "('turnus move')",
                   "plan %lld is stale: %s%s; compute anew ('turnus plan') or move ('turnus move')",
                   (long long)plan->id, sentences.text, count > 5 ? " …" : "");
}

int32_t refuse_missing(struct rh_call *call, const struct model *model, const struct plan *plan)
{
    for (int32_t i = 0; i < model->office_count; i++)
        if (plan->slot[i] < 0)
            return rh_fail(call, RH_ECONFLICT,
                           "Plan %lld ist veraltet: %s kommt nicht vor; neu rechnen ('turnus "
                           "plan')",
                           "plan %lld is stale: %s is not in it; compute anew ('turnus plan')",
                           (long long)plan->id, model->offices[i].name);
    return 0;
}

static void out_sentence(void *context, const char *sentence)
{
    rh_out_text((struct rh_call *)context, NULL, sentence);
}

int32_t out_stale(struct rh_call *call, const struct model *model, const struct plan *plan)
{
    int32_t count;

    rh_out_array(call, "stale");
    count = plan_stale(call, model, plan, out_sentence, call);
    rh_out_end(call);
    if (count >= 0)
        rh_out_flag(call, "stale_any", count > 0);
    return count;
}

/* ---- so that it can be judged all the same ---- */

/*
 * The checker refuses a plan that breaks a hard rule. For a stale one the cells it stands in are
 * allowed after all, and pairs that are apart already are no pair; `why` and `rules` still tell the
 * truth, and what is broken has its price.
 */
int32_t plan_relax(struct rh_call *call, struct model *model, const struct plan *plan)
{
    struct rh_solve_problem *problem = &model->problem;
    size_t cells = (size_t)model->office_count * (size_t)model->month_count;
    uint8_t *allowed = rh_alloc_in(call, cells);
    struct rh_solve_together *togethers =
        rh_alloc_in(call, ((size_t)problem->together_count + 1) * sizeof(*togethers));
    int32_t kept = 0;

    if (!allowed || !togethers)
        return RH_ENOMEM;
    memcpy(allowed, problem->allowed, cells);
    for (int32_t i = 0; i < model->office_count; i++)
        if (plan->slot[i] >= 0)
            allowed[(size_t)i * (size_t)model->month_count + (size_t)plan->slot[i]] = 1;
    for (int32_t i = 0; i < problem->together_count; i++)
        if (plan->slot[problem->togethers[i].a] == plan->slot[problem->togethers[i].b])
            togethers[kept++] = problem->togethers[i];
    problem->allowed = allowed;
    problem->togethers = togethers;
    problem->together_count = kept;
    return price_broken(call, model, plan->slot);
}
