/* Plans as lists: all of them, one of them, and the table for spreadsheets. */
#include "plugins/turnus/gaps.h"
#include "plugins/turnus/standing.h"

#include <string.h>

int32_t turnus_list(struct rh_call *call)
{
    return rh_out_query(
        call, "items",
        "SELECT id AS plan, round, state, strftime('%Y-%m-%d %H:%M', created_utc, 'unixepoch') AS "
        "created_utc, created_by, "
        "hard, balance, soft, bound_soft AS bound, proven, cut, seed, engine, parent, note, "
        "(SELECT count(*) FROM turnus_start s WHERE s.plan = p.id) AS offices, "
        "(SELECT count(*) FROM turnus_gap g WHERE g.plan = p.id) AS gaps FROM turnus_plan p "
        "WHERE (?1 IS NULL OR round = ?1) AND (?2 OR state <> 'discarded') ORDER BY round, id",
        "si", rh_param_text(call, "round"), rh_param_int(call, "all"));
}

/* Columns in the order of the export:
 * office,name,region,kind,size_class,start_month,previous,spacing_months,standing. */
static const char starts[] =
    "SELECT s.office, o.name, o.region, o.kind, o.size_class, s.month AS start_month, "
    "iif(?2, o.size_label_en, o.size_label_de) AS size_class_words, "
    "(SELECT max(p.start_month) FROM v_procedure p WHERE p.office = s.office AND p.state <> "
    "'cancelled' AND p.round IS NOT t.round AND "
    " p.start_month < r.first_month) AS previous, "
    "(SELECT (substr(s.month, 1, 4) - substr(max(p.start_month), 1, 4)) * 12 + substr(s.month, 6, "
    "2) - substr(max(p.start_month), 6, 2) "
    " FROM v_procedure p WHERE p.office = s.office AND p.state <> 'cancelled' AND p.round IS NOT "
    "t.round AND "
    " p.start_month < r.first_month) AS spacing_months, " STANDING_SQL(
        "t.round", "s.office", "?3") " AS standing "
                                     "FROM turnus_start s JOIN turnus_plan t ON t.id = s.plan JOIN "
                                     "v_round r ON r.id = t.round JOIN "
                                     "v_office o ON o.id = s.office "
                                     "WHERE s.plan = ?1 ORDER BY s.month, o.name";

static int32_t out_starts(struct rh_call *call, int64_t plan)
{
    return rh_out_query(call, "items", starts, "iis", plan, (int64_t)call->lang,
                        announced_until(call));
}

int32_t turnus_export(struct rh_call *call)
{
    const char *round, *state;
    int64_t plan;
    int32_t rc;

    if ((rc = find_round_of_plan(call, &round)) < 0 ||
        (rc = plan_find(call, round, &plan, &round, &state)) < 0)
        return rc;
    rh_out_int(call, "plan", plan);
    rh_out_text(call, "round", round);
    rh_out_text(call, "state", state);
    rh_out_flag(call, "is_published", strcmp(state, "published") == 0);
    return out_starts(call, plan);
}

static int32_t out_plan(struct rh_call *call, int64_t plan)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(call, &rows,
                          "SELECT engine, seed, steps, total_ms, cut, hard, balance, soft, "
                          "bound_hard, bound_balance, bound_soft, proven, "
                          "created_by, note FROM turnus_plan WHERE id = ?1",
                          "i", plan);

    if (rc < 0 || (rc = rh_next(call, rows)) <= 0)
        return rc;
    rh_out_int(call, "objective", rh_get_int(call, rows, 7));
    if (rh_is_null(call, rows, 10))
        rh_out_text(call, "bound", NULL);
    else
        rh_out_int(call, "bound", rh_get_int(call, rows, 10));
    rh_out_flag(call, "proven", (int32_t)rh_get_int(call, rows, 11));
    rh_out_int(call, "hard", rh_get_int(call, rows, 5));
    rh_out_int(call, "balance", rh_get_int(call, rows, 6));
    rh_out_text(call, "engine", rh_get_text(call, rows, 0));
    rh_out_int(call, "seed", rh_get_int(call, rows, 1));
    rh_out_int(call, "steps", rh_get_int(call, rows, 2));
    rh_out_int(call, "total_ms", rh_get_int(call, rows, 3));
    rh_out_flag(call, "cut", (int32_t)rh_get_int(call, rows, 4));
    rh_out_text(call, "created_by", rh_get_text(call, rows, 12));
    rh_out_text(call, "note", rh_get_text(call, rows, 13));
    rh_close(call, rows);
    return 0;
}

static void say_stale(void *context, const char *sentence)
{
    rh_say((struct rh_call *)context, "veraltet: %s", "stale: %s", sentence);
}

int32_t turnus_show(struct rh_call *call)
{
    const char *round;
    struct model model;
    struct plan plan;
    struct value value;
    int32_t rc;

    if ((rc = find_round_of_plan(call, &round)) < 0 || (rc = model_load(call, round, &model)) < 0 ||
        (rc = plan_load(call, &model, &plan)) < 0)
        return rc;
    rh_out_int(call, "plan", plan.id);
    rh_out_text(call, "round", plan.round);
    rh_out_text(call, "state", plan.state);
    if ((rc = out_plan(call, plan.id)) < 0 ||
        (rc = plan_stale(call, &model, &plan, say_stale, call)) < 0)
        return rc;
    for (int32_t i = 0; i < model.office_count; i++)
        if (plan.slot[i] < 0)
            return out_starts(call, plan.id);
    if ((rc = value_of(call, &model, plan.slot, &value)) < 0)
        return rc;
    out_values(call, "rules", &value);
    if (plan.gaps > 0 && (rc = out_gaps(call, "gaps", &model, plan.slot, &plan)) < 0)
        return rc;
    if (plan.gaps > 0 && rc > 0)
        rh_say(call, "Lücken: %d", "gaps: %d", (int)rc);
    rc = out_deviations(call, "deviations", &model, plan.slot, plan.by_hand);
    if (rc == 0)
        rh_say(call, "keine Abweichung von den Anteilen", "no deviation from the even shares");
    else
        rh_say(call, "Abweichungen von den Anteilen: %d", "deviations from the even shares: %d",
               (int)rc);
    return out_starts(call, plan.id);
}
