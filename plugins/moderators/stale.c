/*
 * A team plan is made from what was known then. Offices close and move, people leave, rules change:
 * what does not fit any more is named whenever somebody looks, and keeps the plan from being
 * published. Teams that have begun are the past and are left out.
 */
#include "plugins/moderators/internal.h"

#include <string.h>

struct report {
    struct rh_call *call;
    const struct model *model;
    const struct plan *plan;
    void (*say)(void *context, const char *sentence);
    void *context;
    int32_t count;
};

#define SAY(report, ...)                                                                           \
    ((report)->say((report)->context, rh_format((report)->call, __VA_ARGS__)), (report)->count++)

/* ---- procedures ---- */

/* A team whose procedure is not there any more. */
static void say_lost(struct report *report, const char *name, const char *month, int32_t active,
                     int32_t out_of_turn)
{
    if (!active)
        SAY(report, "%s ist geschlossen", "%s is closed", name);
    else if (out_of_turn)
        SAY(report, "%s: das Verfahren außer der Reihe (%s) ist abgesagt oder verlegt",
            "%s: the procedure out of turn (%s) is cancelled or moved", name, month);
    else
        SAY(report, "%s kommt im Turnus nicht mehr vor", "%s is not in the round any more", name);
}

static void say_procedure(struct report *report, const struct office *office, int32_t month,
                          int32_t size)
{
    struct rh_call *call = report->call;

    if (office->month != month)
        SAY(report, "%s beginnt %s statt %s", "%s starts %s instead of %s", office->name,
            rh_month_text(call, office->month), rh_month_text(call, month));
    if (office->size != size)
        SAY(report, "%s braucht ein Team von %d statt %d", "%s needs a team of %d instead of %d",
            office->name, (int)office->size, (int)size);
}

static int32_t procedures(struct report *report)
{
    const struct model *model = report->model;
    struct rh_call *call = report->call;
    uint8_t *has_team = rh_alloc_in(call, (size_t)model->office_count + 1);
    struct rh_rows *rows;
    int32_t rc = rh_query(call, &rows,
                          "SELECT t.office, o.name, t.start_month, t.out_of_turn, t.size, o.active "
                          "FROM moderators_team t JOIN v_office o ON o.id = t.office WHERE t.plan "
                          "= ?1 ORDER BY t.start_month, o.name",
                          "i", report->plan->id);

    if (!has_team)
        return RH_ENOMEM;
    while (rc >= 0 && (rc = rh_next(call, rows)) == 1) {
        const char *name = rh_get_text(call, rows, 1), *text = rh_get_text(call, rows, 2);
        int32_t out_of_turn = (int32_t)rh_get_int(call, rows, 3), month, place;

        if ((rc = rh_month_parse(call, text, &month)) < 0)
            return rc;
        place = procedure_place(model, rh_get_text(call, rows, 0), month, out_of_turn);
        if (place < 0) {
            say_lost(report, name, text, (int32_t)rh_get_int(call, rows, 5), out_of_turn);
            continue;
        }
        has_team[place] = 1;
        if (!model->offices[place].kept)
            say_procedure(report, &model->offices[place], month,
                          (int32_t)rh_get_int(call, rows, 4));
    }
    rh_close(call, rows);
    for (int32_t o = 0; o < model->office_count; o++)
        if (!has_team[o])
            SAY(report, "%s (%s) hat noch kein Team", "%s (%s) has no team yet",
                model->offices[o].name, rh_month_text(call, model->offices[o].month));
    return rc;
}

/* ---- people ---- */

static void members(struct report *report, int32_t o)
{
    const struct model *model = report->model;
    const struct office *office = &model->offices[o];
    int32_t previous = 0;

    for (int32_t a = 0; a < model->person_count; a++) {
        size_t at = cell(model, o, a);
        const char *name = model->people[a].name;
        int32_t role = report->plan->role[at];

        if (!role && model->pin[at])
            SAY(report, "%s ist für %s festgelegt", "%s is pinned to %s", name, office->name);
        if (!role)
            continue;
        if (model->why[at])
            SAY(report, "%s bei %s (%s): %s", "%s at %s (%s): %s", name, office->name,
                rh_month_text(report->call, office->month), why_text(report->call, model->why[at]));
        if (role == ROLE_LEAD && !model->people[a].lead)
            SAY(report, "%s leitet %s, darf aber nicht mehr leiten",
                "%s leads %s, but may not lead any more", name, office->name);
        if (role != ROLE_LEAD && (model->pin[at] & PIN_LEAD))
            SAY(report, "%s ist als Leitung für %s festgelegt", "%s is pinned as lead of %s", name,
                office->name);
        previous += model->previous[at];
        for (int32_t b = a + 1; b < model->person_count; b++)
            if (report->plan->role[cell(model, o, b)] && model->apart[a * model->person_count + b])
                SAY(report, "%s und %s bei %s dürfen nie zusammenarbeiten",
                    "%s and %s at %s may never work together", name, model->people[b].name,
                    office->name);
    }
    if (previous > 1)
        SAY(report, "%s: %d Mitglieder des vorigen Teams, erlaubt ist eines",
            "%s: %d members of the previous team, one is allowed", office->name, (int)previous);
}

/* Procedures of the person that start in [from, to); `ret_open` of them have not begun. */
static int32_t starts_of(const struct report *report, int32_t person, int32_t from, int32_t to,
                         int32_t *ret_open)
{
    const struct model *model = report->model;
    int32_t count = 0;

    *ret_open = 0;
    for (int32_t o = 0; o < model->office_count; o++)
        if (report->plan->role[cell(model, o, person)] && model->offices[o].month >= from &&
            model->offices[o].month < to) {
            count++;
            *ret_open += !model->offices[o].kept;
        }
    return count;
}

static void limits(struct report *report, int32_t person)
{
    const struct model *model = report->model;
    const struct person *who = &model->people[person];
    int32_t window = (int32_t)rh_config_int(report->call, "parallel_months"), open, count;
    int32_t most = (int32_t)rh_config_int(report->call, "parallel_max");
    int32_t end = model->first_month + model->month_count;

    for (int32_t year = model->first_month / 12; year * 12 < end; year++) {
        count = starts_of(report, person, year * 12, year * 12 + 12, &open);
        if (open && count > who->capacity)
            SAY(report, "%s hat %d Verfahren im Jahr %d, möglich sind %d",
                "%s has %d procedures in the year %d, possible are %d", who->name, (int)count,
                (int)year, (int)who->capacity);
    }
    for (int32_t month = model->first_month; month < end; month++) {
        count = starts_of(report, person, month, month + window, &open);
        if (open && count > most) {
            SAY(report, "%s hat ab %s %d Verfahren zugleich, möglich sind %d",
                "%s has, from %s on, %d procedures at once, possible are %d", who->name,
                rh_month_text(report->call, month), (int)count, (int)most);
            break;
        }
    }
}

int32_t plan_stale(struct rh_call *call, const struct plan *plan,
                   void (*say)(void *context, const char *sentence), void *context)
{
    struct model model;
    struct plan with_teams = *plan;
    struct report report = {call, &model, &with_teams, say, context, 0};
    int32_t rc = model_load(call, plan->round, plan->turnus_plan, &model);

    if (rc == RH_ENOTFOUND) {
        rh_forget(call);
        SAY(&report, "der Turnus %s hat keinen Plan mehr", "the round %s has no plan any more",
            plan->round);
        return report.count;
    }
    if (rc < 0 || (rc = plan_load(call, &model, &with_teams)) < 0 || (rc = procedures(&report)) < 0)
        return rc;
    for (int32_t o = 0; o < model.office_count; o++)
        if (!model.offices[o].kept)
            members(&report, o);
    for (int32_t p = 0; p < model.person_count; p++)
        if (!model.people[p].gone)
            limits(&report, p);
    return report.count;
}

/* ---- said to people ---- */

struct sentences {
    struct rh_call *call;
    const char *text; /* the first five */
    int32_t shown;
};

static void collect(void *context, const char *sentence)
{
    struct sentences *sentences = context;

    if (sentences->shown++ < 5)
        sentences->text = rh_format(sentences->call, "%s%s%s", "%s%s%s", sentences->text,
                                    *sentences->text ? "; " : "", sentence);
}

static void out_and_collect(void *context, const char *sentence)
{
    rh_out_text(((struct sentences *)context)->call, NULL, sentence);
    collect(context, sentence);
}

int32_t out_stale(struct rh_call *call, const struct plan *plan)
{
    struct sentences sentences = {call, "", 0};
    int32_t count;

    rh_out_array(call, "stale");
    count = plan_stale(call, plan, out_and_collect, &sentences);
    rh_out_end(call);
    if (count < 0)
        return count;
    rh_out_flag(call, "stale_any", count > 0);
    if (count)
        rh_say(call,
               "veraltet: %s%s; 'reihum team allocate --base %lld' bildet die Teams behutsam neu",
               "stale: %s%s; 'reihum team allocate --base %lld' forms the teams anew, gently",
               sentences.text, count > 5 ? " …" : "", (long long)plan->id);
    return count;
}

int32_t refuse_stale(struct rh_call *call, const struct plan *plan)
{
    struct sentences sentences = {call, "", 0};
    int32_t count = plan_stale(call, plan, collect, &sentences);

    if (count <= 0)
        return count;
    return rh_fail(
        call, RH_ECONFLICT,
        "Teamplan %lld ist veraltet: %s%s; 'reihum team allocate --base %lld' bildet die "
        "Teams behutsam neu",
        "team plan %lld is stale: %s%s; 'reihum team allocate --base %lld' forms the "
        "teams anew, gently",
        (long long)plan->id, sentences.text, count > 5 ? " …" : "", (long long)plan->id);
}

/* ---- said to others: the event "teams.stale", once until the plan fits again ---- */

static void count_only(void *context, const char *sentence)
{
    (void)context;
    (void)sentence;
}

static int32_t tell(struct rh_call *call, const struct plan *plan, int32_t reasons)
{
    if (rh_exec(call, "UPDATE moderators_plan SET stale = ?2 > 0 WHERE id = ?1", "ii", plan->id,
                (int64_t)reasons) < 0)
        return RH_EFAILED;
    if (reasons == 0)
        return 0;
    return rh_event(call, "teams.stale", plan->round, NULL,
                    rh_format(call, "{\"plan\":%lld,\"reasons\":%d}",
                              "{\"plan\":%lld,\"reasons\":%d}", (long long)plan->id,
                              (int)reasons)) < 0
               ? RH_EFAILED
               : 0;
}

int32_t tell_stale(struct rh_call *call)
{
    struct plan *plans;
    struct rh_rows *rows;
    int64_t room = 0;
    int32_t count = 0, rc = ask_int(call, &room, 0, "SELECT count(*) FROM moderators_plan", NULL);
    int32_t *was;

    plans = rh_alloc_in(call, ((size_t)room + 1) * sizeof(*plans));
    was = rh_alloc_in(call, ((size_t)room + 1) * sizeof(*was));
    if (rc < 0 || !plans || !was)
        return rc < 0 ? rc : RH_ENOMEM;
    rc = rh_query(call, &rows,
                  "SELECT id, round, state, turnus_plan, stale FROM moderators_plan WHERE state IN "
                  "('draft','published') ORDER BY id",
                  "");
    while (rc >= 0 && (rc = rh_next(call, rows)) == 1) {
        was[count] = (int32_t)rh_get_int(call, rows, 4);
        plans[count++] = (struct plan){.id = rh_get_int(call, rows, 0),
                                       .round = rh_get_text(call, rows, 1),
                                       .state = rh_get_text(call, rows, 2),
                                       .turnus_plan = rh_get_int(call, rows, 3)};
    }
    rh_close(call, rows);
    for (int32_t i = 0; rc >= 0 && i < count; i++) {
        rc = plan_stale(call, &plans[i], count_only, NULL);
        if (rc >= 0 && (rc > 0) != was[i])
            rc = tell(call, &plans[i], rc);
    }
    return rc < 0 ? rc : 0;
}

/* An office closes, a round plan is published, a procedure is recorded or cancelled. */
int32_t on_change(struct rh_call *call, const struct rh_event *event)
{
    (void)event;
    return tell_stale(call);
}
