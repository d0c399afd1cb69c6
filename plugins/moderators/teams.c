/* Stored team plans: finding, loading, storing, lists, publishing, discarding. */
#include "plugins/moderators/internal.h"

#include <string.h>

int32_t plan_find(struct rh_call *call, struct plan *ret_plan)
{
    int64_t named = rh_param_given(call, "plan") ? rh_param_int(call, "plan") : 0;
    struct rh_rows *rows;
    int32_t rc =
        rh_query(call, &rows,
                 "SELECT id, round, state, turnus_plan FROM moderators_plan WHERE id = ?1 OR "
                 "(?1 = 0 AND state IN ('draft','published') AND (?2 IS NULL OR round = "
                 "?2)) ORDER BY state = 'published', id DESC LIMIT 1",
                 "is", named, rh_param_text(call, "round"));

    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    if (rc == 0 && named)
        return rh_fail(
            call, RH_ENOTFOUND, "den Teamplan %lld gibt es nicht; 'reihum team list' zeigt alle",
            "there is no team plan %lld; 'reihum team list' shows all", (long long)named);
    if (rc == 0)
        return rh_fail(call, RH_ENOTFOUND,
                       "es gibt noch keine Teams; 'reihum team allocate' bildet sie",
                       "there are no teams yet; 'reihum team allocate' forms them");
    *ret_plan = (struct plan){.id = rh_get_int(call, rows, 0),
                              .round = rh_get_text(call, rows, 1),
                              .state = rh_get_text(call, rows, 2),
                              .turnus_plan = rh_get_int(call, rows, 3)};
    rh_close(call, rows);
    return 0;
}

int32_t plan_load(struct rh_call *call, const struct model *model, struct plan *plan)
{
    struct rh_rows *rows;
    int32_t rc;

    plan->role = rh_alloc_in(call, (size_t)model->office_count * (size_t)model->person_count + 1);
    plan->team = rh_alloc_in(call, (size_t)model->office_count + 1);
    if (!plan->role || !plan->team)
        return RH_ENOMEM;
    rc = rh_query(call, &rows,
                  "SELECT t.office, t.start_month, t.out_of_turn, m.moderator, m.role = 'lead' "
                  "FROM moderators_team t LEFT JOIN moderators_member m ON m.plan = t.plan AND "
                  "m.office = t.office AND m.start_month = t.start_month WHERE t.plan = ?1",
                  "i", plan->id);
    while (rc >= 0 && (rc = rh_next(call, rows)) == 1) {
        int32_t person, office, month;

        if ((rc = rh_month_parse(call, rh_get_text(call, rows, 1), &month)) < 0)
            return rc;
        office = procedure_place(model, rh_get_text(call, rows, 0), month,
                                 (int32_t)rh_get_int(call, rows, 2));
        if (office < 0)
            continue;
        plan->team[office] = 1;
        person = rh_is_null(call, rows, 3) ? -1 : person_place(model, rh_get_text(call, rows, 3));
        if (person >= 0)
            plan->role[cell(model, office, person)] =
                rh_get_int(call, rows, 4) ? ROLE_LEAD : ROLE_CO;
    }
    rh_close(call, rows);
    return rc < 0 ? rc : 0;
}

/* ---- storing ---- */

static const char *rules_json(struct rh_call *call, const int64_t rule[RULE_COUNT])
{
    const char *json = "{";

    for (int32_t r = 0; r < RULE_COUNT; r++)
        json = rh_format(call, "%s%s\"%s\":%lld", "%s%s\"%s\":%lld", json, r ? "," : "",
                         rule_names[r].key, (long long)rule[r]);
    return rh_format(call, "%s}", "%s}", json);
}

static int32_t insert_teams(struct rh_call *call, int64_t id, const struct model *model,
                            const uint8_t *role)
{
    for (int32_t o = 0; o < model->office_count; o++) {
        const struct office *office = &model->offices[o];
        const char *month = rh_month_text(call, office->month);

        if (rh_exec(call, "INSERT INTO moderators_team VALUES (?1, ?2, ?3, ?4, ?5)", "issii", id,
                    office->id, month, (int64_t)office->out_of_turn, (int64_t)office->size) < 0)
            return RH_EFAILED;
        for (int32_t p = 0; p < model->person_count; p++) {
            size_t at = cell(model, o, p);

            if (role[at] &&
                rh_exec(call, "INSERT INTO moderators_member VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                        "issssd", id, office->id, month, model->people[p].id,
                        role[at] == ROLE_LEAD ? "lead" : "co", model->km[at]) < 0)
                return RH_EFAILED;
        }
    }
    return 0;
}

int64_t plan_insert(struct rh_call *call, const struct new_plan *plan)
{
    int64_t id;

    if (rh_exec(call,
                "INSERT INTO moderators_plan(round, state, turnus_plan, created_utc, created_by, "
                "parent, engine, exact, seed, steps, total_ms, cut, value, bound, proven, rules, "
                "mixing_before, mixing_after, mixing_loss, note) VALUES (?1, 'draft', ?2, ?3, ?4, "
                "nullif(?5, 0), ?6, ?7, ?8, ?9, ?10, ?11, ?12, nullif(?13, -1), ?14, ?15, ?16, "
                "?17, ?18, ?19)",
                "siisissiiiiiiisiiis", plan->model->round, plan->model->turnus_plan,
                rh_now_utc(call), rh_actor(call), plan->parent, plan->engine, plan->exact,
                plan->seed, plan->steps, plan->total_ms, (int64_t)plan->cut, plan->value,
                plan->bound, (int64_t)plan->proven, rules_json(call, plan->rule),
                plan->mixing_before, plan->mixing_after, plan->mixing_loss, plan->note) < 0)
        return RH_EFAILED;
    id = rh_last_id(call);
    if (insert_teams(call, id, plan->model, plan->role) < 0 ||
        rh_event(call, "teams.drafted", plan->model->round, NULL,
                 rh_format(call, "{\"plan\":%lld}", "{\"plan\":%lld}", (long long)id)) < 0)
        return RH_EFAILED;
    return id;
}

/* ---- showing ---- */

void out_rules(struct rh_call *call, const int64_t rule[RULE_COUNT])
{
    rh_out_array(call, "rules");
    for (int32_t r = 0; r < RULE_COUNT; r++) {
        rh_out_object(call, NULL);
        rh_out_text(call, "rule", rule_names[r].key);
        rh_out_text(call, "title", rh_say_in(call, rule_names[r].title));
        rh_out_int(call, "value", rule[r]);
        rh_out_end(call);
    }
    rh_out_end(call);
}

static void out_gap(struct rh_call *call, const struct office *office, const char *key,
                    int32_t lacking, int32_t possible, const char *what)
{
    rh_out_object(call, NULL);
    rh_out_text(call, "office", office->id);
    rh_out_text(call, "name", office->name);
    rh_out_text(call, "start_month", rh_month_text(call, office->month));
    rh_out_text(call, "lacks", key);
    rh_out_int(call, "lacking", lacking);
    rh_out_text(call, "what", what);
    rh_out_text(call, "reason",
                possible < lacking
                    ? rh_format(call,
                                "nur %d kommen nach Befangenheit, Abwesenheit und Regeln in Frage",
                                "only %d come into question by conflicts, absences and rules",
                                (int)possible)
                    : rh_format(call,
                                "%d kämen in Frage; sie sind in diesen Monaten oder Jahren "
                                "ausgelastet, gebunden oder zu teuer",
                                "%d would come into question; in these months or years they are "
                                "at their limits, bound or too costly",
                                (int)possible));
    rh_out_end(call);
}

int32_t out_gaps(struct rh_call *call, const struct model *model, const uint8_t *role,
                 const uint8_t *team)
{
    int32_t gaps = 0;

    rh_out_array(call, "gaps");
    for (int32_t o = 0; o < model->office_count; o++) {
        const struct office *office = &model->offices[o];
        int32_t members = 0, leads = 0, own = 0, may = 0, may_lead = 0, may_own = 0;

        if (team && !team[o])
            continue;
        for (int32_t p = 0; p < model->person_count; p++) {
            size_t at = cell(model, o, p);
            int32_t same = strcmp(model->people[p].region, office->region) == 0;

            members += role[at] > 0;
            leads += role[at] > 0 && model->people[p].lead;
            own += role[at] > 0 && same;
            may += !role[at] && !model->why[at];
            may_lead += !role[at] && !model->why[at] && model->people[p].lead;
            may_own += !role[at] && !model->why[at] && same;
        }
        if (members < office->size)
            out_gap(call, office, "members", office->size - members, may,
                    rh_format(call, "%d von %d Mitgliedern", "%d of %d members",
                              (int)(office->size - members), (int)office->size));
        if (leads == 0)
            out_gap(call, office, "lead", 1, may_lead,
                    rh_format(call, "eine, die leiten darf", "somebody who may lead"));
        if (own == 0)
            out_gap(call, office, "region", 1, may_own,
                    rh_format(call, "eine aus %s", "somebody of %s", office->region));
        gaps += (members < office->size) + (leads == 0) + (own == 0);
    }
    rh_out_end(call);
    rh_out_int(call, "gap_count", gaps);
    return gaps;
}

struct first_reason {
    struct rh_call *call;
    const char *text;
    int32_t count;
};

static void keep_first(void *context, const char *sentence)
{
    struct first_reason *first = context;

    if (first->count++ == 0)
        first->text = sentence;
}

/* The first reason why it does not fit any more, and how many more there are; NULL: it fits. */
static int32_t stale_in_short(struct rh_call *call, const struct plan *plan, const char **ret_text)
{
    struct first_reason first = {call, NULL, 0};
    int32_t rc = strcmp(plan->state, "draft") == 0 || strcmp(plan->state, "published") == 0
                     ? plan_stale(call, plan, keep_first, &first)
                     : 0;

    *ret_text = first.count > 1 ? rh_format(call, "%s (und %d weitere)", "%s (and %d more)",
                                            first.text, (int)first.count - 1)
                                : first.text;
    return rc < 0 ? rc : 0;
}

int32_t team_list(struct rh_call *call)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(
        call, &rows,
        "SELECT id, round, state, turnus_plan, (SELECT count(*) FROM moderators_team t WHERE "
        "t.plan = p.id), value, bound, proven, exact, mixing_loss, strftime('%Y-%m-%d %H:%M', "
        "created_utc, 'unixepoch'), created_by, note, parent, engine, seed FROM moderators_plan p "
        "WHERE (?1 IS NULL OR round = ?1) AND (?2 OR state <> 'discarded') ORDER BY id",
        "si", rh_param_text(call, "round"), rh_param_int(call, "all"));

    rh_out_array(call, "items");
    while (rc >= 0 && (rc = rh_next(call, rows)) == 1) {
        struct plan plan = {.id = rh_get_int(call, rows, 0),
                            .round = rh_get_text(call, rows, 1),
                            .state = rh_get_text(call, rows, 2),
                            .turnus_plan = rh_get_int(call, rows, 3)};
        const char *stale;

        if ((rc = stale_in_short(call, &plan, &stale)) < 0)
            return rc;
        rh_out_object(call, NULL);
        rh_out_int(call, "plan", plan.id);
        rh_out_text(call, "round", plan.round);
        rh_out_text(call, "state", plan.state);
        rh_out_int(call, "teams", rh_get_int(call, rows, 4));
        rh_out_int(call, "objective", rh_get_int(call, rows, 5));
        if (rh_is_null(call, rows, 6))
            rh_out_text(call, "bound", NULL);
        else
            rh_out_int(call, "bound", rh_get_int(call, rows, 6));
        rh_out_flag(call, "proven", (int32_t)rh_get_int(call, rows, 7));
        rh_out_text(call, "exact", rh_get_text(call, rows, 8));
        rh_out_int(call, "mixing_loss", rh_get_int(call, rows, 9));
        rh_out_text(call, "stale", stale);
        rh_out_text(call, "created_utc", rh_get_text(call, rows, 10));
        rh_out_text(call, "created_by", rh_get_text(call, rows, 11));
        rh_out_text(call, "note", rh_get_text(call, rows, 12));
        if (rh_is_null(call, rows, 13))
            rh_out_text(call, "parent", NULL);
        else
            rh_out_int(call, "parent", rh_get_int(call, rows, 13));
        rh_out_text(call, "engine", rh_get_text(call, rows, 14));
        rh_out_int(call, "seed", rh_get_int(call, rows, 15));
        rh_out_end(call);
    }
    rh_close(call, rows);
    rh_out_end(call);
    return rc < 0 ? rc : 0;
}

/* Columns in the order of the export: office,start_month,moderator,role,travel_km. */
static const char members[] =
    "SELECT t.office, t.start_month, m.moderator, m.role, round(m.travel_km, 1) AS travel_km "
    "FROM moderators_team t JOIN moderators_member m ON m.plan = t.plan AND m.office = t.office "
    "AND m.start_month = t.start_month WHERE t.plan = ?1 ORDER BY t.start_month, t.office, m.role "
    "DESC, m.moderator";

int32_t team_export(struct rh_call *call)
{
    struct plan plan;
    int32_t rc = plan_find(call, &plan);

    if (rc < 0)
        return rc;
    rh_out_int(call, "plan", plan.id);
    rh_out_text(call, "round", plan.round);
    rh_out_text(call, "state", plan.state);
    rc = rh_out_query(call, "items", members, "i", plan.id);
    return rc < 0 ? rc : 0;
}

static int32_t out_figures(struct rh_call *call, const struct plan *plan)
{
    struct rh_rows *rows;
    int64_t value, bound;
    int32_t rc = rh_query(call, &rows,
                          "SELECT value, bound, proven, exact, engine, seed, total_ms, cut, "
                          "mixing_before, mixing_after, mixing_loss, note, created_by, rules FROM "
                          "moderators_plan WHERE id = ?1",
                          "i", plan->id);

    if (rc < 0 || (rc = rh_next(call, rows)) <= 0)
        return rc;
    value = rh_get_int(call, rows, 0);
    bound = rh_get_int(call, rows, 1);
    rh_out_int(call, "objective", value);
    if (rh_is_null(call, rows, 1)) {
        rh_out_text(call, "bound", NULL);
        rh_out_text(call, "gap", NULL);
    } else {
        rh_out_int(call, "bound", bound);
        rh_out_real(call, "gap", value > 0 ? (double)(value - bound) / (double)value : 0);
    }
    rh_out_flag(call, "proven", (int32_t)rh_get_int(call, rows, 2));
    rh_out_text(call, "exact", rh_get_text(call, rows, 3));
    rh_out_text(call, "engine", rh_get_text(call, rows, 4));
    rh_out_int(call, "seed", rh_get_int(call, rows, 5));
    rh_out_int(call, "total_ms", rh_get_int(call, rows, 6));
    rh_out_flag(call, "cut", (int32_t)rh_get_int(call, rows, 7));
    rh_out_object(call, "mixing");
    rh_out_int(call, "before", rh_get_int(call, rows, 8));
    rh_out_int(call, "after", rh_get_int(call, rows, 9));
    rh_out_int(call, "loss", rh_get_int(call, rows, 10));
    rh_out_end(call);
    rh_out_text(call, "note", rh_get_text(call, rows, 11));
    rh_out_text(call, "created_by", rh_get_text(call, rows, 12));
    rh_out_json(call, "values", rh_get_text(call, rows, 13));
    rh_close(call, rows);
    return 0;
}

/* The team of each procedure in a line: what people read, and what the page shows. */
static const char table[] =
    "SELECT t.office, o.name, o.region, t.start_month, t.out_of_turn, t.size, count(m.moderator) "
    "AS members, group_concat(CASE WHEN m.role = 'lead' THEN x.name END, ', ') AS lead, "
    "max(CASE WHEN m.role = 'lead' THEN m.moderator END) AS lead_id, group_concat(CASE WHEN m.role "
    "= 'co' THEN x.name END, ', ') AS co, round(total(m.travel_km)) AS travel_km, "
    "count(m.moderator) < t.size AS short FROM moderators_team t JOIN v_office o ON o.id = "
    "t.office LEFT JOIN moderators_member m ON m.plan = t.plan AND m.office = t.office AND "
    "m.start_month = t.start_month LEFT JOIN moderators_moderator x ON x.id = m.moderator WHERE "
    "t.plan = ?1 GROUP BY t.office, t.start_month ORDER BY t.start_month, o.name";

int32_t team_show(struct rh_call *call)
{
    struct plan plan;
    struct model model;
    int32_t rc = plan_find(call, &plan), gaps;

    if (rc < 0)
        return rc;
    rh_out_int(call, "plan", plan.id);
    rh_out_text(call, "round", plan.round);
    rh_out_text(call, "state", plan.state);
    rh_out_flag(call, "is_draft", strcmp(plan.state, "draft") == 0);
    rh_out_flag(call, "is_published", strcmp(plan.state, "published") == 0);
    if ((rc = out_figures(call, &plan)) < 0 ||
        (rc = model_load(call, plan.round, plan.turnus_plan, &model)) < 0 ||
        (rc = plan_load(call, &model, &plan)) < 0 || (rc = out_stale(call, &plan)) < 0)
        return rc;
    rh_out_flag(call, "may_publish", rc == 0 && strcmp(plan.state, "draft") == 0);
    gaps = out_gaps(call, &model, plan.role, plan.team);
    rh_say(call, "Lücken: %d", "gaps: %d", (int)gaps);
    rc = rh_out_query(call, "items", table, "i", plan.id);
    return rc < 0 ? rc : 0;
}

/* ---- publishing ---- */

static const char *state_json(struct rh_call *call, int64_t plan, const char *state)
{
    return rh_format(call, "{\"plan\":%lld,\"state\":\"%s\"}", "{\"plan\":%lld,\"state\":\"%s\"}",
                     (long long)plan, state);
}

static int32_t refuse_state(struct rh_call *call, const struct plan *plan)
{
    if (strcmp(plan->state, "draft") != 0)
        return rh_fail(call, RH_ECONFLICT,
                       "Teamplan %lld ist kein Entwurf; 'reihum team list' zeigt die Entwürfe",
                       "team plan %lld is not a draft; 'reihum team list' shows the drafts",
                       (long long)plan->id);
    return 0;
}

/* A team as its event tells it; NULL when the plan (0: none) has no team there. */
static const char *team_json(struct rh_call *call, int64_t plan, const char *office,
                             const char *month)
{
    struct rh_rows *rows;
    const char *json = NULL;

    if (rh_query(
            call, &rows,
            "SELECT json_object('round', p.round, 'plan', p.id, 'start_month', t.start_month, "
            "'lead', (SELECT moderator FROM moderators_member WHERE plan = t.plan AND office "
            "= t.office AND start_month = t.start_month AND role = 'lead'), 'members', (SELECT "
            "json_group_array(moderator) FROM (SELECT moderator FROM moderators_member WHERE "
            "plan = t.plan AND office = t.office AND start_month = t.start_month ORDER BY "
            "moderator))) FROM moderators_team t JOIN moderators_plan p ON p.id = t.plan WHERE "
            "t.plan = ?1 AND t.office = ?2 AND t.start_month = ?3",
            "iss", plan, office, month) == 0 &&
        rh_next(call, rows) == 1)
        json = rh_get_text(call, rows, 0);
    rh_close(call, rows);
    return json;
}

/* Procedures whose month, members or lead differ between the plan (?1) and the former one (?2). A
 * procedure of the round is the same one in whatever month it starts. */
static const char changed_teams[] =
    "WITH shape AS (SELECT t.plan, t.office, t.start_month, CASE WHEN t.out_of_turn THEN "
    "t.start_month ELSE '' END AS procedure, t.start_month || ' ' || ifnull((SELECT "
    "group_concat(moderator || role, ' ') FROM (SELECT moderator, role FROM moderators_member m "
    "WHERE m.plan = t.plan AND m.office = t.office AND m.start_month = t.start_month ORDER BY "
    "moderator)), '') AS team FROM moderators_team t WHERE t.plan IN (?1, ?2)) SELECT n.office, "
    "f.start_month, n.start_month FROM shape n LEFT JOIN shape f ON f.plan = ?2 AND f.office = "
    "n.office AND f.procedure = n.procedure WHERE n.plan = ?1 AND n.team IS NOT f.team UNION ALL "
    "SELECT f.office, f.start_month, NULL FROM shape f WHERE f.plan = ?2 AND NOT EXISTS (SELECT 1 "
    "FROM shape n WHERE n.plan = ?1 AND n.office = f.office AND n.procedure = f.procedure) ORDER "
    "BY 1, 2";

struct changed {
    const char *office, *from, *to;
};

/* "team.changed", one event a team, in the transaction of the publishing: calendars and invitations
 * need not compare two plans. All are read first, because a hook may change what they are read
 * from. */
static int32_t tell_changes(struct rh_call *call, int64_t plan, int64_t former)
{
    struct rh_rows *rows;
    struct changed *changes;
    int64_t room = 0;
    int32_t count = 0, rc = ask_int(call, &room, 0, "SELECT count(*) FROM moderators_team", NULL);

    changes = rh_alloc_in(call, ((size_t)room + 1) * sizeof(*changes));
    if (rc < 0 || !changes)
        return rc < 0 ? rc : RH_ENOMEM;
    rc = rh_query(call, &rows, changed_teams, "ii", plan, former);
    while (rc >= 0 && (rc = rh_next(call, rows)) == 1)
        changes[count++] = (struct changed){rh_get_text(call, rows, 0), rh_get_text(call, rows, 1),
                                            rh_get_text(call, rows, 2)};
    rh_close(call, rows);
    for (int32_t i = 0; rc >= 0 && i < count; i++) {
        const struct changed *one = &changes[i];
        int64_t seq = rh_event(call, "team.changed", one->office,
                               one->from ? team_json(call, former, one->office, one->from) : NULL,
                               one->to ? team_json(call, plan, one->office, one->to) : NULL);

        if (seq < 0)
            return (int32_t)seq;
    }
    return rc < 0 ? rc : count;
}

int32_t team_publish(struct rh_call *call)
{
    struct plan plan;
    int64_t former = 0, seq;
    int32_t rc, changed;

    if ((rc = plan_find(call, &plan)) < 0 || (rc = refuse_state(call, &plan)) < 0 ||
        (rc = refuse_stale(call, &plan)) < 0 ||
        (rc = ask_int(call, &former, 0,
                      "SELECT id FROM moderators_plan WHERE round = ?1 AND state = 'published'",
                      plan.round)) < 0)
        return rc;
    if (rh_exec(call,
                "UPDATE moderators_plan SET state = 'superseded' WHERE round = ?1 AND state = "
                "'published'",
                "s", plan.round) < 0 ||
        rh_exec(call,
                "UPDATE moderators_plan SET state = 'published', published_utc = ?2 WHERE id = ?1",
                "ii", plan.id, rh_now_utc(call)) < 0)
        return RH_EFAILED;
    seq = rh_event(call, "teams.published", plan.round,
                   former ? state_json(call, former, "published") : NULL,
                   state_json(call, plan.id, "published"));
    if (seq < 0)
        return (int32_t)seq;
    if ((changed = tell_changes(call, plan.id, former)) < 0)
        return changed;
    rh_out_int(call, "plan", plan.id);
    rh_out_int(call, "changed", changed);
    rh_say(call, "Teamplan %lld des Turnus %s ist veröffentlicht; neue oder geänderte Teams: %d",
           "team plan %lld of the round %s is published; new or changed teams: %d",
           (long long)plan.id, plan.round, (int)changed);
    return 0;
}

int32_t team_discard(struct rh_call *call)
{
    struct plan plan;
    int32_t rc;

    if ((rc = plan_find(call, &plan)) < 0 || (rc = refuse_state(call, &plan)) < 0)
        return rc;
    if (rh_exec(call, "UPDATE moderators_plan SET state = 'discarded' WHERE id = ?1", "i",
                plan.id) < 0 ||
        rh_event(call, "teams.discarded", plan.round, state_json(call, plan.id, "draft"),
                 state_json(call, plan.id, "discarded")) < 0)
        return RH_EFAILED;
    rh_say(call, "Teamplan %lld ist verworfen", "team plan %lld is discarded", (long long)plan.id);
    return 0;
}
