/* Stored plans: finding, loading, judging. */
#include "plugins/turnus/gaps.h"

#include <string.h>

int32_t find_round(struct rh_call *call, const char **ret_round)
{
    struct rh_rows *rows;
    int32_t rc;

    if (rh_param_given(call, "round"))
        return rh_resolve(call, "SELECT id FROM v_round", RH_TEXT("Turnus", "round"),
                          rh_param_text(call, "round"), ret_round);
    /* Without a name the latest round is meant; most houses have one or two. */
    rc = rh_query(call, &rows, "SELECT id FROM v_round ORDER BY first_month DESC LIMIT 1", "");
    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    if (rc == 0)
        return rh_fail(
            call, RH_ENOTFOUND,
            "es gibt noch keinen Turnus; 'reihum round create 2027-2031 --start 2027-01-01' legt "
            "einen an",
            "there is no round yet; 'reihum round create 2027-2031 --start 2027-01-01' makes one");
    *ret_round = rh_get_text(call, rows, 0);
    rh_close(call, rows);
    return 0;
}

/* A plan that was named says which round is meant; when there is none of that number, plan_find()
 * says so. Unnamed, the newest draft is meant, else the plan published last: a round that was only
 * just created hides neither. */
static int32_t round_of_plan(struct rh_call *call, const char **ret_round)
{
    struct rh_rows *rows;
    int32_t rc =
        rh_query(call, &rows,
                 "SELECT round FROM turnus_plan WHERE id = ?1 OR (?1 IS NULL AND state IN "
                 "('draft', 'published')) ORDER BY state = 'draft' DESC, id DESC LIMIT 1",
                 "s",
                 rh_param_given(call, "plan")
                     ? rh_format(call, "%lld", "%lld", (long long)rh_param_int(call, "plan"))
                     : NULL);

    if (rc < 0 || (rc = rh_next(call, rows)) <= 0)
        return rc;
    *ret_round = rh_get_text(call, rows, 0);
    rh_close(call, rows);
    return 1;
}

int32_t find_round_of_plan(struct rh_call *call, const char **ret_round)
{
    int32_t rc = 0;

    if (!rh_param_given(call, "round"))
        rc = round_of_plan(call, ret_round);
    if (rc != 0)
        return rc < 0 ? rc : 0;
    return find_round(call, ret_round);
}

int32_t find_round_published(struct rh_call *call, const char **ret_round)
{
    struct rh_rows *rows;
    int32_t rc;

    if (rh_param_given(call, "round"))
        return find_round(call, ret_round);
    rc = rh_query(call, &rows,
                  "SELECT round FROM turnus_plan WHERE state = 'published' ORDER BY published_utc "
                  "DESC, id DESC LIMIT 1",
                  "");
    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    if (rc == 0)
        return find_round(call, ret_round);
    *ret_round = rh_get_text(call, rows, 0);
    rh_close(call, rows);
    return 0;
}

int32_t find_office(struct rh_call *call, const char *param, const char **ret_id)
{
    return rh_resolve(call, "SELECT id, name, short_name FROM v_office",
                      RH_TEXT("Jugendamt", "office"), rh_param_text(call, param), ret_id);
}

/* `named` 0: the newest draft of the round, else its published plan. */
static int32_t find_named(struct rh_call *call, const char *round, int64_t named, int64_t *ret_plan,
                          const char **ret_round, const char **ret_state)
{
    struct rh_rows *rows;
    int32_t rc =
        named ? rh_query(call, &rows, "SELECT id, round, state FROM turnus_plan WHERE id = ?1", "i",
                         named)
              : rh_query(call, &rows,
                         "SELECT id, round, state FROM turnus_plan WHERE round = ?1 AND state IN "
                         "('draft','published') "
                         "ORDER BY state = 'published', id DESC LIMIT 1",
                         "s", round);

    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    if (rc == 0 && named)
        return rh_fail(call, RH_ENOTFOUND,
                       "Plan %lld gibt es nicht; 'reihum turnus list' zeigt alle",
                       "there is no plan %lld; 'reihum turnus list' shows all", (long long)named);
    if (rc == 0)
        return rh_fail(
            call, RH_ENOTFOUND,
            "für den Turnus %1$s gibt es noch keinen Plan; 'reihum turnus plan --round %1$s' "
            "rechnet einen",
            "the round %1$s has no plan yet; 'reihum turnus plan --round %1$s' computes one",
            round);
    *ret_plan = rh_get_int(call, rows, 0);
    if (ret_round)
        *ret_round = rh_get_text(call, rows, 1);
    if (ret_state)
        *ret_state = rh_get_text(call, rows, 2);
    rh_close(call, rows);
    return 0;
}

int32_t plan_find(struct rh_call *call, const char *round, int64_t *ret_plan,
                  const char **ret_round, const char **ret_state)
{
    return find_named(call, round, rh_param_given(call, "plan") ? rh_param_int(call, "plan") : 0,
                      ret_plan, ret_round, ret_state);
}

int32_t plan_load(struct rh_call *call, struct model *model, struct plan *ret_plan)
{
    return plan_load_named(call, model,
                           rh_param_given(call, "plan") ? rh_param_int(call, "plan") : 0, ret_plan);
}

int32_t plan_load_named(struct rh_call *call, struct model *model, int64_t named,
                        struct plan *ret_plan)
{
    struct plan plan = {0};
    struct rh_rows *rows;
    int32_t rc = find_named(call, model->round, named, &plan.id, &plan.round, &plan.state);

    if (rc < 0)
        return rc;
    if (strcmp(plan.round, model->round) != 0)
        return rh_fail(call, RH_EINVALID, "Plan %lld gehört zum Turnus %s, nicht zu %s",
                       "plan %lld belongs to the round %s, not to %s", (long long)plan.id,
                       plan.round, model->round);
    plan.slot = rh_alloc_in(call, (size_t)model->office_count * sizeof(int32_t));
    if (!plan.slot)
        return RH_ENOMEM;
    for (int32_t i = 0; i < model->office_count; i++)
        plan.slot[i] = -1;
    rc = rh_query(
        call, &rows,
        "SELECT s.office, s.month, CASE p.engine WHEN 'replan' THEN 2 ELSE p.parent IS NOT "
        "NULL END FROM turnus_start s JOIN turnus_plan p ON p.id = s.plan WHERE s.plan = "
        "?1",
        "i", plan.id);
    while (rc >= 0 && (rc = rh_next(call, rows)) == 1) {
        int32_t place = office_place(model, rh_get_text(call, rows, 0)), month;

        if ((rc = rh_month_parse(call, rh_get_text(call, rows, 1), &month)) < 0)
            return rc;
        plan.by_hand = (int32_t)rh_get_int(call, rows, 2);
        if (place >= 0)
            plan.slot[place] = slot_of_month(model, month);
    }
    rh_close(call, rows);
    if (rc < 0 || (rc = gaps_load(call, model, &plan)) < 0 ||
        (rc = plan_relax(call, model, &plan)) < 0)
        return rc;
    *ret_plan = plan;
    return 0;
}

int32_t value_of(struct rh_call *call, const struct model *model, const int32_t *slot,
                 struct value *ret_value)
{
    struct rh_solve_result result = {.size = sizeof(result)};
    int32_t rc;

    *ret_value = (struct value){.rule = {0}};
    result.rule_value = ret_value->rule;
    rc = rh_solve_check_in(call, &model->problem, slot, &result);
    memcpy(ret_value->level, result.value, sizeof(ret_value->level));
    return rc;
}

void out_values(struct rh_call *call, const char *key, const struct value *value)
{
    rh_out_array(call, key);
    for (int32_t rule = 0; rule < RULE_COUNT; rule++) {
        static const struct {
            const char *key;
            struct rh_text title;
        } levels[] = {{"hard", {"fest", "hard"}},
                      {"balance", {"Anteil", "share"}},
                      {"soft", {"weich", "soft"}}};

        rh_out_object(call, NULL);
        rh_out_text(call, "rule", rule_names[rule].key);
        rh_out_text(call, "title", rh_say_in(call, rule_names[rule].title));
        rh_out_text(call, "level", levels[rule_names[rule].level].key);
        rh_out_text(call, "level_title", rh_say_in(call, levels[rule_names[rule].level].title));
        rh_out_int(call, "value", value->rule[rule]);
        rh_out_end(call);
    }
    rh_out_end(call);
}

/* ---- deviations from the even shares, and why ---- */

static int32_t item_at(const struct rh_solve_count *count, int32_t i)
{
    return count->items ? count->items[i] : i;
}

static int32_t in_slots(const struct rh_solve_count *count, int32_t slot)
{
    for (int32_t i = 0; i < count->slot_count; i++)
        if (count->slots[i] == slot)
            return 1;
    return 0;
}

/* How many of the group must lie in these months whatever is planned, and how many may. */
static void reach(const struct model *model, const struct rh_solve_count *count, int32_t *ret_must,
                  int32_t *ret_may)
{
    *ret_must = *ret_may = 0;
    for (int32_t i = 0; i < count->item_count; i++) {
        const uint8_t *why = &model->why[(size_t)item_at(count, i) * (size_t)model->month_count];
        int32_t inside = 0, outside = 0;

        for (int32_t t = 0; t < model->month_count; t++)
            if (why[t] == 0) {
                if (in_slots(count, t))
                    inside = 1;
                else
                    outside = 1;
            }
        *ret_may += inside;
        *ret_must += inside && !outside;
    }
}

static int32_t places_in(const struct model *model, const struct rh_solve_count *count)
{
    int32_t places = 0;

    for (int32_t i = 0; i < count->slot_count; i++)
        places += free_places(&model->months[count->slots[i]]);
    return places;
}

/* "Städte", "LWL, Städte ab 50.000": a group as people call it. */
const char *group_title(struct rh_call *call, const struct model *model, const struct group *group)
{
    if (group->rule == RULE_YEAR)
        return rh_format(call, "alle Ämter", "all offices");
    if (group->rule == RULE_KIND)
        return strcmp(group->label, "city") == 0 ? rh_format(call, "Städte", "towns")
                                                 : rh_format(call, "Kreise", "districts");
    if (group->rule == RULE_CLASS || group->rule == RULE_STRATUM)
        for (int32_t i = 0; i < model->office_count; i++) {
            const struct office *office = &model->offices[i];

            if (group->rule == RULE_CLASS && strcmp(office->size_class, group->label) == 0)
                return office->size_label;
            if (group->rule == RULE_STRATUM && strcmp(office->stratum, group->label) == 0)
                return rh_format(call, "%s, %s", "%s, %s", office->region, office->size_label);
        }
    return group->label;
}

static const char *deviation_reason(struct rh_call *call, const struct model *model,
                                    int32_t by_hand, const struct rh_solve_count *count,
                                    int32_t found)
{
    int32_t must, may, places;

    if (count->rule == RULE_CAPACITY)
        return rh_format(call, "mehr, als Platz ist", "more than there is room for");
    reach(model, count, &must, &may);
    if (found > count->max && must > count->max)
        return rh_format(call, "%d sind durch Regeln auf diese Monate festgelegt",
                         "%d are bound to these months by rules", must);
    if (found < count->min && may < count->min)
        return rh_format(call, "nur %d dürfen nach den Regeln hier beginnen",
                         "only %d may start here by the rules", may);
    if (found < count->min && (places = places_in(model, count)) < count->min)
        return rh_format(call, "nur %d Plätze sind in diesen Monaten frei",
                         "only %d places are free in these months", places);
    if (by_hand == 2)
        return rh_format(call, "hingenommen, damit weniger Ämter verlegt werden",
                         "accepted so that fewer offices move");
    if (by_hand)
        return rh_format(call, "von Hand verlegt", "moved by hand");
    return rh_format(
        call, "im Zusammenspiel mit den übrigen Anteilen nicht anders gefunden; nicht bewiesen",
        "not found otherwise in the interplay with the other shares; not proven");
}

int32_t out_deviations(struct rh_call *call, const char *key, const struct model *model,
                       const int32_t *slot, int32_t by_hand)
{
    int32_t deviations = 0;

    rh_out_array(call, key);
    for (int32_t c = 0; c < model->problem.count_count; c++) {
        const struct rh_solve_count *count = &model->problem.counts[c];
        const struct group *group = &model->groups[c];
        int32_t found = 0, by;

        for (int32_t i = 0; i < count->item_count; i++)
            found += slot[item_at(count, i)] >= 0 && in_slots(count, slot[item_at(count, i)]);
        by = found + count->taken < count->min   ? count->min - found - count->taken
             : found + count->taken > count->max ? found + count->taken - count->max
                                                 : 0;
        if (by == 0 || group->rule == RULE_GAP)
            continue; /* a gap is named as such */
        deviations++;
        rh_out_object(call, NULL);
        rh_out_text(call, "rule", rule_names[group->rule].key);
        rh_out_text(call, "title", rh_say_in(call, rule_names[group->rule].title));
        rh_out_text(call, "group", group->label);
        rh_out_text(call, "group_title", group_title(call, model, group));
        rh_out_text(call, "year", year_label(call, model, group->year));
        rh_out_int(call, "found", found + count->taken);
        rh_out_int(call, "min", count->min);
        rh_out_int(call, "max", count->max);
        rh_out_text(call, "wanted",
                    count->min == count->max
                        ? rh_format(call, "%d", "%d", count->min)
                        : rh_format(call, "%d–%d", "%d–%d", count->min, count->max));
        rh_out_text(call, "reason", deviation_reason(call, model, by_hand, count, found));
        rh_out_end(call);
    }
    rh_out_end(call);
    return deviations;
}
