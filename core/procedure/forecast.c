/*
 * When the meetings of procedures should take place: of those on their way as they stand, of those
 * that the plan has and nobody has begun as they would run from the first working day of their
 * month. Nothing is stored.
 */
#include "core/procedure/internal.h"

#include "core/calendar/workday.h"
#include "core/operation/call.h"

#include <string.h>

enum { DEPTH_MAX = RH_PROCESS_STEPS_MAX };

struct forecast {
    struct rh_call *call;
    const struct run *run;
    struct rh_process_plan *plan;
};

static bool is_over(const struct forecast *f, int32_t step)
{
    return rh_process_step_state(f->run->state, step) >= RH_PROCESS_IS_DONE;
}

/* When the step was done, or should be. */
static int32_t day_of(const struct forecast *f, int32_t step)
{
    const struct rh_process_step_now *now = &f->run->state->steps[step];

    return now->state == RH_PROCESS_IS_DONE ? now->done_day : f->plan->dues[step].day;
}

static int32_t later_by(const struct forecast *f, int32_t day, int32_t count,
                        enum rh_process_unit unit)
{
    int32_t to = RH_NO_DAY;

    if (day == RH_NO_DAY || unit == RH_PROCESS_HOURS)
        return day;
    if (unit == RH_PROCESS_WORKDAYS)
        (void)rh_workdays_add(f->run->calendar, day, count, NULL, &to, NULL);
    else if (unit == RH_PROCESS_MONTHS)
        to = rh_day_add_months(day, count);
    else
        to = rh_day_add(day, unit == RH_PROCESS_WEEKS ? 7 * count : count);
    return to;
}

/*
 * The first day on which all is done that the step needs, if each takes its full time. What counts
 * backwards from the step itself (the timeline, five working days before the session) has as much
 * time after what it needs in turn. RH_NO_DAY: nothing that is known holds it up.
 */
static int32_t earliest_of(const struct forecast *f, int32_t step, int32_t depth)
{
    const struct rh_process_definition *d = f->run->state->definition;
    int32_t earliest = RH_NO_DAY;

    for (int32_t need = 0; need < (int32_t)d->step_count && depth < DEPTH_MAX; need++) {
        const struct rh_process_offset *due = &d->steps[need].due;
        int32_t day;

        if (!(d->steps[step].needs >> need & 1) ||
            rh_process_step_state(f->run->state, need) > RH_PROCESS_IS_DONE)
            continue;
        if (!is_over(f, need) && due->given && due->base == step && due->count < 0)
            day = later_by(f, earliest_of(f, need, depth + 1), -due->count, due->unit);
        else
            day = day_of(f, need);
        if (day != RH_NO_DAY && (earliest == RH_NO_DAY || day > earliest))
            earliest = day;
    }
    return earliest;
}

/* The meeting before it that the same people have, and how many working days have to be between. */
static void put_gap(const struct forecast *f, int32_t step, int32_t earliest)
{
    const struct rh_process_definition *d = f->run->state->definition;
    int32_t before = -1, gap = 0;

    for (int32_t i = 0; i < step; i++)
        if (d->steps[i].form == RH_PROCESS_APPOINTMENT && day_of(f, i) != RH_NO_DAY &&
            rh_process_step_state(f->run->state, i) <= RH_PROCESS_IS_DONE)
            before = i;
    if (before >= 0 && earliest != RH_NO_DAY &&
        rh_workdays_between(f->run->calendar, day_of(f, before), earliest, NULL, &gap, NULL) < 0)
        gap = 0;
    rh_out_text(f->call, "after", before >= 0 ? d->steps[before].name : NULL);
    rh_out_int(f->call, "gap", gap > 1 ? gap : 1);
}

static const char *day_or_null(struct rh_call *call, int32_t day)
{
    return day == RH_NO_DAY ? NULL : rh_day_text(call, day);
}

static void put_step(const struct forecast *f, int32_t index)
{
    struct rh_call *call = f->call;
    const struct rh_process_state *state = f->run->state;
    const struct rh_process_step *step = &state->definition->steps[index];
    const struct rh_process_step_now *now = &state->steps[index];
    int32_t earliest = earliest_of(f, index, 0);

    rh_out_object(call, NULL);
    rh_out_text(call, "procedure", f->run->procedure);
    rh_out_text(call, "office", f->run->office);
    rh_out_text(call, "office_name", f->run->office_name);
    rh_out_int(call, "position", index);
    rh_out_text(call, "step", step->name);
    rh_out_text(call, "title", rh_say_in(call, step->title));
    rh_out_text(call, "title_de", step->title.de);
    rh_out_text(call, "title_en", step->title.en);
    rh_out_text(call, "who", rh_process_role_word(step->who));
    rh_out_text(call, "state", rh_process_state_word(rh_process_step_state(state, index)));
    rh_out_text(call, "day", day_or_null(call, day_of(f, index)));
    rh_out_text(call, "earliest", day_or_null(call, earliest));
    rh_out_flag(call, "agreed", now->date_day != RH_NO_DAY);
    rh_out_int(call, "at", step->at);
    rh_out_int(call, "until", step->until);
    put_gap(f, index, earliest);
    rh_out_end(call);
}

static int32_t put_run(struct rh_call *call, const struct run *run, struct rh_process_plan *plan)
{
    struct forecast f = {call, run, plan};
    const struct rh_process_definition *d = run->state->definition;

    rh_process_plan(run->state, run->calendar, false, plan);
    for (int32_t i = 0; d && i < (int32_t)d->step_count; i++)
        if (d->steps[i].form == RH_PROCESS_APPOINTMENT)
            put_step(&f, i);
    return 0;
}

/* ---- which ---- */

static int32_t put_procedure(struct rh_call *call, const char *procedure, const char *process,
                             struct rh_process_plan *plan)
{
    auto_run run = {0};
    struct rh_rows *rows;
    bool begun;
    int32_t rc = rh_query(call, &rows, "SELECT 1 FROM v_run WHERE procedure = ?1", "s", procedure);

    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    begun = rc == 1;
    rh_close(call, rows);
    rc = begun ? run_load(call, procedure, &run) : run_imagine(call, procedure, process, &run);
    if (rc == 0)
        rc = put_run(call, &run, plan);
    return rc < 0 ? rh_wrap(call, "Verfahren '%s'", "procedure '%s'", procedure) : rc;
}

/* The quiet periods that come every year, as they stand in the definition: nobody wants to meet
 * then. */
static int32_t put_quiet(struct rh_call *call, const char *process)
{
    struct definitions definitions;
    struct rh_rows *rows;
    const struct rh_process_definition *d = NULL;
    int32_t rc = definitions_of(call, process, &definitions);

    if (rc < 0 || (rc = rh_query(call, &rows, "SELECT hash FROM v_process WHERE name = ?1", "s",
                                 process)) < 0)
        return rc;
    if (rh_next(call, rows) == 1)
        d = definition_with(&definitions, rh_get_text(call, rows, 0));
    rh_close(call, rows);
    rh_out_array(call, "quiet");
    for (size_t i = 0; d && i < d->quiet_count; i++) {
        const struct rh_process_quiet *quiet = &d->quiet[i];

        if (quiet->school)
            continue;
        rh_out_object(call, NULL);
        rh_out_text(call, "first",
                    rh_format(call, "%02d-%02d", "%02d-%02d", (int)quiet->from_month,
                              (int)quiet->from_day));
        rh_out_text(
            call, "last",
            rh_format(call, "%02d-%02d", "%02d-%02d", (int)quiet->to_month, (int)quiet->to_day));
        rh_out_end(call);
    }
    rh_out_end(call);
    return 0;
}

int32_t procedure_forecast(struct rh_call *call)
{
    struct rh_process_plan *plan = rh_alloc_in(call, sizeof(*plan));
    const char *process, *procedure = NULL, *round = NULL;
    struct rh_rows *rows;
    int64_t count = 0;
    int32_t rc = find_process(call, NULL, &process);

    if (!plan)
        return RH_ENOMEM;
    if (rc == 0 && rh_param_given(call, "procedure"))
        rc = rh_resolve(
            call,
            "SELECT id, office, office_name FROM v_procedure WHERE state IN "
            "('planned','running')",
            RH_TEXT("geplantes oder laufendes Verfahren", "planned or running procedure"),
            rh_param_text(call, "procedure"), &procedure);
    if (rc == 0 && rh_param_given(call, "round"))
        rc = rh_resolve(call, "SELECT id, id FROM v_round", RH_TEXT("Turnus", "round"),
                        rh_param_text(call, "round"), &round);
    if (rc < 0 ||
        (rc = rh_query(call, &rows,
                       "SELECT p.id FROM v_procedure p WHERE p.state IN ('planned','running') AND "
                       "(?1 IS NULL OR p.id = ?1) AND (?2 IS NULL OR p.round = ?2 OR (p.round IS "
                       "NULL AND EXISTS (SELECT 1 FROM v_round r WHERE r.id = ?2 AND p.start_month "
                       "BETWEEN r.first_month AND r.last_month))) ORDER BY p.start_month, p.id",
                       "ss", procedure, round)) < 0)
        return rc;
    rh_out_array(call, "items");
    while ((rc = rh_next(call, rows)) == 1) {
        if ((rc = put_procedure(call, rh_get_text(call, rows, 0), process, plan)) < 0)
            return rc;
        count++;
    }
    rh_close(call, rows);
    rh_out_end(call);
    rh_out_int(call, "procedures", count);
    rh_out_text(call, "process", process);
    return rc < 0 ? rc : put_quiet(call, process);
}
