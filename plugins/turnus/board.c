/*
 * What the pages show: the year x month matrix with a chip for each office, the shares per year as
 * a table, the rounds. All words are chosen here or in the templates; templates decide nothing.
 */
#include "plugins/turnus/gaps.h"
#include "plugins/turnus/standing.h"

#include <string.h>

/* ---- chips ---- */

struct look {
    const char *key, *symbol;
    struct rh_text text;
};

static const struct look looks[] = {
    {"done", "✓", {"abgeschlossen", "done"}},
    {"running", "▶", {"läuft", "running"}},
    {"announced", "◆", {"angekündigt", "announced"}},
    {"fixed", "●", {"festgelegt", "fixed"}},
    {"wish-met", "★", {"Wunsch erfüllt", "wish met"}},
    {"wish-missed", "☆", {"Wunsch nicht erfüllt", "wish missed"}},
    {"planned", "○", {"geplant", "planned"}},
    {"gap", "⚠", {"bricht eine feste Regel", "breaks a hard rule"}},
};

/* In the order of `looks`. */
enum { DONE, RUNNING, ANNOUNCED, FIXED, WISH_MET, WISH_MISSED, PLANNED, GAP };

static const struct look *look_of(const struct model *model, const char *const *begun_state,
                                  int32_t office, int32_t slot, int32_t announced)
{
    int32_t wishes = 0;

    if (model->offices[office].begun != RH_NO_MONTH)
        return &looks[begun_state[office] && strcmp(begun_state[office], "done") == 0 ? DONE
                                                                                      : RUNNING];
    if (announced)
        return &looks[ANNOUNCED];
    if (model->offices[office].fixed)
        return &looks[FIXED];
    for (int32_t r = 0; r < model->rule_count; r++)
        wishes += model->rules[r].office == office && strcmp(model->rules[r].rule, "prefer") == 0;
    if (!wishes)
        return &looks[PLANNED];
    return &looks[model->problem.costs[1]
                          .price[(size_t)office * (size_t)model->month_count + (size_t)slot]
                      ? WISH_MISSED
                      : WISH_MET];
}

struct view {
    struct rh_call *call;
    struct model model;
    struct plan plan;
    const char *region, *size_class; /* filters, NULL = all */
    const char **begun_state;        /* by office */
    uint8_t *standing;               /* enum standing by office */
};

static int32_t shown(const struct view *view, const struct office *office)
{
    return (!view->region || strcmp(view->region, office->region) == 0) &&
           (!view->size_class || strcmp(view->size_class, office->size_class) == 0);
}

static int32_t why_of(const struct view *view, int32_t office)
{
    return view->model
        .why[(size_t)office * (size_t)view->model.month_count + (size_t)view->plan.slot[office]];
}

static void out_chip(const struct view *view, int32_t place)
{
    struct rh_call *call = view->call;
    const struct office *office = &view->model.offices[place];
    const struct look *look =
        view->plan.gap[place] & why_of(view, place)
            ? &looks[GAP]
            : look_of(&view->model, view->begun_state, place, view->plan.slot[place],
                      view->standing[place] == STANDING_ANNOUNCED);

    rh_out_object(call, NULL);
    rh_out_text(call, "office", office->id);
    rh_out_text(call, "name", office->name);
    rh_out_text(call, "short_name", office->short_name);
    rh_out_text(call, "region", office->region);
    rh_out_text(call, "region_key", strcmp(office->region, "LVR") == 0 ? "lvr" : "lwl");
    rh_out_text(call, "size", office->size_label);
    rh_out_text(call, "look", look->key);
    rh_out_text(call, "symbol", look->symbol);
    rh_out_text(call, "state", rh_say_in(call, look->text));
    rh_out_end(call);
}

static void out_month(const struct view *view, int32_t slot)
{
    struct rh_call *call = view->call;
    const struct month *month = &view->model.months[slot];
    int32_t count = month->taken;

    for (int32_t i = 0; i < view->model.office_count; i++)
        count += view->plan.slot[i] == slot;
    rh_out_object(call, NULL);
    rh_out_text(call, "month", rh_month_text(call, month->month));
    rh_out_text(call, "label", month_words(call, month->month));
    rh_out_int(call, "count", count);
    rh_out_int(call, "capacity", month->capacity);
    rh_out_int(call, "taken", month->taken);
    rh_out_flag(call, "closed", month->closed);
    rh_out_flag(call, "over", count > month->capacity);
    rh_out_flag(call, "unknown", month->school_unknown);
    rh_out_text(call, "note", month->note);
    rh_out_array(call, "chips");
    for (int32_t i = 0; i < view->model.office_count; i++)
        if (view->plan.slot[i] == slot && shown(view, &view->model.offices[i]))
            out_chip(view, i);
    rh_out_end(call);
    rh_out_end(call);
}

static void out_years(const struct view *view)
{
    struct rh_call *call = view->call;

    rh_out_array(call, "heads");
    for (int32_t t = 0; t < 12 && t < view->model.month_count; t++)
        rh_out_text(call, NULL, month_name(call, view->model.months[t].month));
    rh_out_end(call);
    rh_out_array(call, "years");
    for (int32_t year = 0; year < view->model.year_count; year++) {
        int32_t total = 0;

        for (int32_t i = 0; i < view->model.office_count; i++)
            total += view->plan.slot[i] >= 0 && view->plan.slot[i] / 12 == year;
        rh_out_object(call, NULL);
        rh_out_text(call, "label", year_label(call, &view->model, year));
        rh_out_int(call, "total", total);
        rh_out_array(call, "months");
        for (int32_t t = year * 12; t < year * 12 + 12 && t < view->model.month_count; t++)
            out_month(view, t);
        rh_out_end(call);
        rh_out_end(call);
    }
    rh_out_end(call);
}

/* ---- shares per year: one row a group, one cell a year ---- */

static int32_t found_in_year(const struct view *view, const struct rh_solve_count *count,
                             int32_t year)
{
    int32_t found = 0;

    for (int32_t i = 0; i < count->item_count; i++) {
        int32_t slot = view->plan.slot[count->items ? count->items[i] : i];
        found += slot >= 0 && slot / 12 == year;
    }
    return found;
}

static void out_shares(const struct view *view)
{
    struct rh_call *call = view->call;
    const struct rh_solve_problem *problem = &view->model.problem;

    rh_out_array(call, "year_labels");
    for (int32_t year = 0; year < view->model.year_count; year++)
        rh_out_text(call, NULL, year_label(call, &view->model, year));
    rh_out_end(call);
    rh_out_array(call, "shares");
    for (int32_t c = 0; c < problem->count_count; c++) {
        const struct group *group = &view->model.groups[c];

        if (group->rule == RULE_CAPACITY || group->rule == RULE_MONTH || group->year != 0)
            continue;
        rh_out_object(call, NULL);
        rh_out_text(call, "rule", rule_names[group->rule].key);
        rh_out_text(call, "title", rh_say_in(call, rule_names[group->rule].title));
        rh_out_text(call, "group", group_title(call, &view->model, group));
        rh_out_int(call, "offices", problem->counts[c].item_count);
        rh_out_array(call, "cells");
        for (int32_t year = 0; year < view->model.year_count; year++) {
            const struct rh_solve_count *count =
                &problem->counts[c + year]; /* the years of a group stand together */
            int32_t found = found_in_year(view, count, year);

            rh_out_object(call, NULL);
            rh_out_int(call, "found", found);
            rh_out_int(call, "min", count->min);
            rh_out_int(call, "max", count->max);
            rh_out_flag(call, "exact", count->min == count->max);
            rh_out_flag(call, "off", found < count->min || found > count->max);
            rh_out_end(call);
        }
        rh_out_end(call);
        rh_out_end(call);
    }
    rh_out_end(call);
}

/* ---- the board ---- */

static void out_choice(struct rh_call *call, const char *value, const char *label,
                       const char *chosen)
{
    rh_out_object(call, NULL);
    rh_out_text(call, "value", value);
    rh_out_text(call, "label", label);
    rh_out_flag(call, "selected", chosen && strcmp(chosen, value) == 0);
    rh_out_end(call);
}

static int32_t out_filters(const struct view *view)
{
    struct rh_call *call = view->call;
    struct rh_rows *rows;
    int32_t rc;

    rh_out_array(call, "regions");
    out_choice(call, "LVR", rh_format(call, "Rheinland (LVR)", "Rhineland (LVR)"), view->region);
    out_choice(call, "LWL", rh_format(call, "Westfalen-Lippe (LWL)", "Westphalia-Lippe (LWL)"),
               view->region);
    rh_out_end(call);
    rh_out_array(call, "classes");
    rc = rh_query(call, &rows,
                  "SELECT DISTINCT size_class, size_label_de, size_label_en FROM v_office WHERE "
                  "active AND size_class IS NOT NULL "
                  "ORDER BY size_position",
                  "");
    while (rc >= 0 && (rc = rh_next(call, rows)) == 1)
        out_choice(call, rh_get_text(call, rows, 0),
                   rh_get_text(call, rows, call->lang == 0 ? 1 : 2), view->size_class);
    rh_close(call, rows);
    rh_out_end(call);
    return rc;
}

static int32_t out_plans(const struct view *view)
{
    struct rh_call *call = view->call;
    struct rh_rows *rows;
    int32_t count = 0;
    int32_t rc = rh_query(call, &rows,
                          "SELECT id, state FROM turnus_plan WHERE round = ?1 AND state <> "
                          "'discarded' ORDER BY id DESC LIMIT 20",
                          "s", view->model.round);

    rh_out_array(call, "plans");
    while (rc >= 0 && (rc = rh_next(call, rows)) == 1) {
        static const struct {
            const char *state;
            struct rh_text text;
        } states[] = {{"draft", {"Entwurf", "draft"}},
                      {"published", {"veröffentlicht", "published"}},
                      {"superseded", {"abgelöst", "superseded"}}};
        const char *state = rh_get_text(call, rows, 1);
        int64_t id = rh_get_int(call, rows, 0);

        count++;
        for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
            if (strcmp(states[i].state, state) == 0)
                out_choice(call, rh_format(call, "%lld", "%lld", (long long)id),
                           rh_format(call, "Plan %lld – %s", "plan %lld – %s", (long long)id,
                                     rh_say_in(call, states[i].text)),
                           id == view->plan.id ? rh_format(call, "%lld", "%lld", (long long)id)
                                               : NULL);
    }
    rh_out_end(call);
    rh_out_flag(call, "comparable", count > 1);
    rh_close(call, rows);
    return rc < 0 ? rc : 0;
}

static void out_legend(struct rh_call *call)
{
    rh_out_array(call, "legend");
    for (size_t i = 0; i < sizeof(looks) / sizeof(looks[0]); i++) {
        rh_out_object(call, NULL);
        rh_out_text(call, "look", looks[i].key);
        rh_out_text(call, "symbol", looks[i].symbol);
        rh_out_text(call, "state", rh_say_in(call, looks[i].text));
        rh_out_end(call);
    }
    rh_out_end(call);
}

static int32_t load_begun(struct view *view)
{
    struct rh_call *call = view->call;
    struct rh_rows *rows;
    int32_t rc;

    view->begun_state =
        rh_alloc_in(call, (size_t)view->model.office_count * sizeof(*view->begun_state));
    if (!view->begun_state)
        return RH_ENOMEM;
    rc = rh_query(
        call, &rows,
        "SELECT office, state FROM v_procedure WHERE round = ?1 AND state IN ('running','done')",
        "s", view->model.round);
    while (rc >= 0 && (rc = rh_next(call, rows)) == 1) {
        int32_t place = office_place(&view->model, rh_get_text(call, rows, 0));
        if (place >= 0)
            view->begun_state[place] = rh_get_text(call, rows, 1);
    }
    rh_close(call, rows);
    return rc;
}

static void out_unknown(const struct view *view)
{
    for (int32_t t = 0; t < view->model.month_count; t++)
        if (view->model.months[t].school_unknown) {
            rh_out_text(view->call, "unknown_from",
                        month_words(view->call, view->model.months[t].month));
            return;
        }
    rh_out_text(view->call, "unknown_from", NULL);
}

static int32_t out_summary(const struct view *view)
{
    struct rh_call *call = view->call;
    struct rh_rows *rows;
    int32_t rc = rh_query(
        call, &rows, "SELECT soft, bound_soft, proven, note, hard FROM turnus_plan WHERE id = ?1",
        "i", view->plan.id);

    if (rc < 0 || (rc = rh_next(call, rows)) <= 0)
        return rc;
    rh_out_int(call, "objective", rh_get_int(call, rows, 0));
    rh_out_text(call, "bound", rh_get_text(call, rows, 1));
    rh_out_flag(call, "has_bound", !rh_is_null(call, rows, 1));
    rh_out_flag(call, "proven", (int32_t)rh_get_int(call, rows, 2));
    rh_out_text(call, "note", rh_get_text(call, rows, 3));
    rh_close(call, rows);
    return 0;
}

/* Gaps are there, and who took them on when the plan was published. */
static int32_t out_acceptance(const struct view *view, int32_t gaps)
{
    struct rh_call *call = view->call;
    struct rh_rows *rows;
    int32_t rc =
        rh_query(call, &rows, "SELECT accepted_by, reason FROM turnus_acceptance WHERE plan = ?1",
                 "i", view->plan.id);

    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    rh_out_int(call, "gap_count", gaps);
    rh_out_flag(call, "gaps_any", gaps > 0);
    rh_out_text(call, "accepted_by", rc == 1 ? rh_get_text(call, rows, 0) : NULL);
    rh_out_text(call, "accepted_reason", rc == 1 ? rh_get_text(call, rows, 1) : NULL);
    rh_close(call, rows);
    return 0;
}

int32_t turnus_board(struct rh_call *call)
{
    struct view view = {.call = call,
                        .region = rh_param_text(call, "region"),
                        .size_class = rh_param_text(call, "class")};
    const char *round;
    int32_t rc, deviations;

    if (view.region && !*view.region)
        view.region = NULL;
    if (view.size_class && !*view.size_class)
        view.size_class = NULL;
    if ((rc = find_round_of_plan(call, &round)) < 0 ||
        (rc = model_load(call, round, &view.model)) < 0 ||
        (rc = plan_load(call, &view.model, &view.plan)) < 0 || (rc = load_begun(&view)) < 0 ||
        (rc = standings(call, &view.model, &view.standing)) < 0)
        return rc;
    rh_out_int(call, "plan", view.plan.id);
    rh_out_text(call, "round", round);
    rh_out_text(call, "state", view.plan.state);
    rh_out_flag(call, "is_draft", strcmp(view.plan.state, "draft") == 0);
    rh_out_flag(call, "is_published", strcmp(view.plan.state, "published") == 0);
    rh_out_flag(call, "is_superseded", strcmp(view.plan.state, "superseded") == 0);
    rh_out_int(call, "offices", view.model.office_count);
    rh_out_flag(call, "filtered", view.region || view.size_class);
    if ((rc = out_summary(&view)) < 0 || (rc = out_plans(&view)) < 0 ||
        (rc = out_filters(&view)) < 0)
        return rc;
    out_years(&view);
    out_shares(&view);
    deviations = out_deviations(call, "deviations", &view.model, view.plan.slot, view.plan.by_hand);
    rh_out_int(call, "deviation_count", deviations);
    rh_out_flag(call, "balanced", deviations == 0);
    out_unknown(&view);
    out_legend(call);
    if ((rc = out_gaps(call, "gaps", &view.model, view.plan.slot, &view.plan)) < 0 ||
        (rc = out_acceptance(&view, rc)) < 0)
        return rc;
    rc = out_stale(call, &view.model, &view.plan);
    return rc < 0 ? rc : 0;
}

int32_t turnus_rounds(struct rh_call *call)
{
    return rh_out_query(call, "items",
                        "SELECT r.id AS round, r.first_month, r.last_month, "
                        "(SELECT id FROM turnus_plan p WHERE p.round = r.id AND p.state = "
                        "'published') AS published, "
                        "(SELECT count(*) FROM turnus_plan p WHERE p.round = r.id AND p.state = "
                        "'draft') AS drafts, "
                        "(SELECT count(*) FROM turnus_plan p WHERE p.round = r.id AND p.state <> "
                        "'discarded') AS plans, "
                        "(SELECT max(id) FROM turnus_plan p WHERE p.round = r.id AND p.state <> "
                        "'discarded' HAVING count(*) > 1) AS comparable FROM v_round r "
                        "ORDER BY r.first_month DESC",
                        "");
}
