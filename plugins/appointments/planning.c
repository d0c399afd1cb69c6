/*
 * appointment plan: dates for all meetings of a round at once, found on a worker, written down as
 * held ones on the writer. appointment confirm: they become fixed, and invitations leave.
 */
#include "plugins/appointments/scene.h"

#include <string.h>

enum { LEAD_DAYS = 14, EXPLAINED_MAX = 40, MOVES_MAX = 500 };

const char appointments_schema_planning[] =
    "CREATE TABLE appointments_planning (  -- each run of 'appointment plan' that was kept\n"
    "  id INTEGER PRIMARY KEY AUTOINCREMENT,\n"
    "  round TEXT NOT NULL,\n"
    "  created_utc INTEGER NOT NULL,\n"
    "  created_by TEXT NOT NULL,\n"
    "  seed INTEGER NOT NULL, steps INTEGER NOT NULL,\n"
    "  cut INTEGER NOT NULL,               -- 1: ended early; not repeatable\n"
    "  placed INTEGER NOT NULL, unplaced INTEGER NOT NULL, moved INTEGER NOT NULL,\n"
    "  points INTEGER NOT NULL,\n"
    "  bound_unplaced INTEGER NOT NULL,    -- no plan leaves out fewer\n"
    "  bound_points INTEGER NOT NULL,      -- nor costs less, if it leaves out just as many\n"
    "  proven INTEGER NOT NULL\n"
    ") STRICT;\n"
    "CREATE TABLE appointments_unplaced (  -- what a planning found no date for, and why\n"
    "  planning INTEGER NOT NULL REFERENCES appointments_planning(id),\n"
    "  number INTEGER NOT NULL,\n"
    "  procedure TEXT, step TEXT NOT NULL,\n"
    "  title_de TEXT NOT NULL, title_en TEXT NOT NULL,\n"
    "  office_name TEXT,\n"
    "  foreseen TEXT,\n"
    "  reason_de TEXT NOT NULL, reason_en TEXT NOT NULL,\n"
    "  help_de TEXT, help_en TEXT,\n"
    "  PRIMARY KEY (planning, number)\n"
    ") STRICT, WITHOUT ROWID;\n";

struct planning {
    struct scene scene;
    struct slots_plan plan;
    const char *round, *fingerprint;
    int64_t seed;
};

/* ---- on a worker ---- */

static int32_t on_progress(void *context, int64_t steps, int64_t limit)
{
    struct rh_call *call = context;

    return rh_progress(call, steps, limit, "Termine werden gesucht", "looking for dates");
}

static int32_t find_round(struct rh_call *call, const char **ret)
{
    return rh_resolve(call, "SELECT id, id FROM v_round", RH_TEXT("Turnus", "round"),
                      rh_param_text(call, "round"), ret);
}

static int32_t refuse_empty(struct rh_call *call, const struct planning *p)
{
    if (p->scene.skipped_count > 0)
        return 0;
    for (int32_t m = 0; m < p->scene.model.meeting_count; m++)
        if (p->scene.what[m].asked)
            return 0;
    return rh_fail(call, RH_ENOTFOUND,
                   "im Turnus %1$s ist kein Termin zu planen; erst 'turnus publish --round %1$s'",
                   "there is no meeting to plan in the round %1$s; first 'turnus publish --round "
                   "%1$s'",
                   p->round);
}

int32_t appointment_plan(struct rh_call *call)
{
    struct planning *p = rh_alloc_in(call, sizeof(*p));
    struct slots_memory memory = scene_memory(call);
    struct scene_wish wish = {.from = rh_param_given(call, "from")
                                          ? (int32_t)rh_param_int(call, "from")
                                          : rh_today(call) + LEAD_DAYS,
                              .change_price = (int32_t)rh_param_int(call, "change-price"),
                              .fixed_may_move = (int32_t)rh_param_int(call, "move-fixed")};
    struct slots_options options = {.progress = on_progress,
                                    .context = call,
                                    .explain_max = EXPLAINED_MAX,
                                    .beyond = BEYOND_DAYS};
    int32_t rc;

    if (!p)
        return RH_ENOMEM;
    call->state = p;
    p->seed = rh_param_int(call, "seed");
    options.seed = (uint64_t)p->seed;
    options.step_limit = rh_param_int(call, "steps");
    if (wish.from <= rh_today(call))
        return rh_fail(call, RH_EINVALID, "--from %s ist nicht in der Zukunft",
                       "--from %s is not in the future", rh_day_text(call, wish.from));
    if ((rc = find_round(call, &p->round)) < 0)
        return rc;
    wish.round = p->round;
    if ((rc = scene_fingerprint(call, &p->fingerprint)) < 0 ||
        (rc = scene_load(call, &wish, &p->scene)) < 0 || (rc = refuse_empty(call, p)) < 0)
        return rc;
    if (slots_plan(&memory, &p->scene.model, &options, &p->plan) < 0)
        return rh_fail(call, RH_ENOMEM, "für diese Planung reicht der Speicher nicht",
                       "there is not enough memory for this planning");
    if (p->plan.verdict.broken)
        return rh_fail(call, RH_EFAILED, "die Planung hält ihre Regeln nicht ein (%d Verstöße)",
                       "the planning breaks its own rules (%d times)", (int)p->plan.verdict.broken);
    return 0;
}

/* ---- on the writer ---- */

static int32_t refuse_stale(struct rh_call *call, const struct planning *p)
{
    const char *now;
    int32_t rc = scene_fingerprint(call, &now);

    if (rc < 0 || strcmp(now, p->fingerprint) == 0)
        return rc;
    return rh_fail(call, RH_ECONFLICT,
                   "inzwischen hat sich etwas geändert, worauf die Termine beruhen (Termine, "
                   "Teams, Abwesenheiten, Kalender); bitte noch einmal planen",
                   "something that the dates rest on has changed meanwhile (meetings, teams, "
                   "absences, calendars); please plan again");
}

static struct span span_at(const struct planning *p, int32_t m)
{
    struct slots_slot slot = p->plan.slots[m];

    return (struct span){slot.day, slot.start, slot.start + p->scene.model.meetings[m].minutes, 0,
                         0};
}

static int32_t add_meeting(struct rh_call *call, const struct planning *p, int32_t m,
                           const char *plan)
{
    const struct scene_meeting *what = &p->scene.what[m];
    struct person people[PEOPLE_MAX];
    struct wish wish = {.procedure = what->procedure,
                        .office = what->office,
                        .step = what->step,
                        .title_de = what->title_de,
                        .title_en = what->title_en,
                        .at = span_at(p, m),
                        .place = what->office_name,
                        .plan = plan,
                        .held = true,
                        .mails = true};
    const char *id;
    int32_t rc = span_complete(call, &wish.at), count;

    if (rc < 0)
        return rc;
    if ((count = people_of(call, what->procedure, wish.at.day, people)) < 0)
        return count;
    return meeting_add(call, &wish, people, count, &id);
}

static int32_t move_meeting(struct rh_call *call, const struct planning *p, int32_t m,
                            const char *reason)
{
    struct span span = span_at(p, m);
    struct meeting meeting;
    int32_t rc = span_complete(call, &span);

    if (rc < 0 || (rc = meeting_load(call, p->scene.what[m].id, &meeting)) < 0)
        return rc;
    return meeting_change(call, &meeting, &span, meeting.place, meeting.video, meeting.note,
                          reason);
}

/* A held one that has no date any more is let go; a fixed one stays where it is, and is named. */
static int32_t drop_meeting(struct rh_call *call, const struct planning *p, int32_t m)
{
    struct meeting meeting;
    int32_t rc = meeting_load(call, p->scene.what[m].id, &meeting);

    if (rc < 0 || strcmp(meeting.state, "held") != 0)
        return rc;
    return meeting_end(call, &meeting,
                       rh_format(call, "bei der Planung fand sich kein Termin mehr",
                                 "the planning found no date any more"));
}

static const char *reason_of(struct rh_call *call, const struct planning *p, int32_t m)
{
    for (int32_t i = 0; i < p->plan.move_count; i++)
        if (p->plan.moves[i].meeting == m && p->plan.moves[i].broken.rule >= 0)
            return obstacle_text(call, &p->scene, &p->plan.moves[i].broken);
    return rh_format(call, "macht Platz für einen anderen Termin",
                     "makes room for another meeting");
}

static int32_t write_down(struct rh_call *call, const struct planning *p, const char *plan)
{
    const struct slots_model *model = &p->scene.model;
    int32_t rc = 0;

    for (int32_t m = 0; m < model->meeting_count && rc == 0; m++) {
        const struct slots_meeting *what = &model->meetings[m];
        struct slots_slot slot = p->plan.slots[m];

        if (!p->scene.what[m].asked || what->state == SLOTS_FIXED)
            continue;
        if (what->state == SLOTS_STANDS && slot.day == SLOTS_NOWHERE)
            rc = drop_meeting(call, p, m);
        else if (what->state == SLOTS_FREE && slot.day != SLOTS_NOWHERE)
            rc = add_meeting(call, p, m, plan);
        else if (what->state == SLOTS_STANDS &&
                 (what->at.day != slot.day || what->at.start != slot.start))
            rc = move_meeting(call, p, m, reason_of(call, p, m));
    }
    return rc;
}

/* Both languages are kept: who looks later may read the other. */
static int32_t keep_unplaced(struct rh_call *call, const struct planning *p, int64_t planning)
{
    int32_t own = call->lang, number = 0;

    for (int32_t i = 0; i < p->plan.unplaced_count; i++) {
        const struct slots_unplaced *unplaced = &p->plan.unplaced[i];
        const struct scene_meeting *what = &p->scene.what[unplaced->meeting];
        const char *reason[2], *help[2] = {NULL, NULL};

        for (int32_t lang = 0; lang < 2; lang++) {
            call->lang = lang;
            reason[lang] = unplaced->explained
                               ? hindrance_text(call, &p->scene, &unplaced->why)
                               : rh_format(call, "kein Termin frei", "no date free");
            if (unplaced->explained)
                help[lang] = help_text(call, &p->scene, unplaced->meeting, &unplaced->why);
        }
        call->lang = own;
        if (rh_exec(
                call,
                "INSERT INTO appointments_unplaced(planning, number, procedure, step, title_de, "
                "title_en, office_name, foreseen, reason_de, reason_en, help_de, help_en) "
                "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
                "iissssssssss", planning, (int64_t)++number, what->procedure, what->step,
                what->title_de, what->title_en, what->office_name,
                rh_day_text(call, p->scene.model.meetings[unplaced->meeting].ideal), reason[0],
                reason[1], help[0], help[1]) < 0)
            return RH_EFAILED;
    }
    for (int32_t i = 0; i < p->scene.skipped_count; i++) {
        const struct scene_skip *skip = &p->scene.skipped[i];

        if (rh_exec(
                call,
                "INSERT INTO appointments_unplaced(planning, number, procedure, step, title_de, "
                "title_en, office_name, reason_de, reason_en) VALUES (?1, ?2, ?3, ?4, ?5, ?5, "
                "?6, ?7, ?8)",
                "iissssss", planning, (int64_t)++number, skip->procedure, skip->step, skip->title,
                skip->office_name, skip->de, skip->en) < 0)
            return RH_EFAILED;
    }
    return 0;
}

static int32_t placed_of(const struct planning *p)
{
    int32_t placed = 0;

    for (int32_t m = 0; m < p->scene.model.meeting_count; m++)
        placed += p->scene.what[m].asked && p->plan.slots[m].day != SLOTS_NOWHERE;
    return placed;
}

static int64_t keep_planning(struct rh_call *call, const struct planning *p)
{
    const struct slots_plan *plan = &p->plan;
    int64_t changed =
        rh_exec(call,
                "INSERT INTO appointments_planning(round, created_utc, created_by, seed, steps, "
                "cut, placed, unplaced, moved, points, bound_unplaced, bound_points, proven) "
                "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
                "sisiiiiiiiiii", p->round, rh_now_utc(call), rh_actor(call), p->seed, plan->steps,
                (int64_t)plan->cut, (int64_t)placed_of(p),
                (int64_t)plan->verdict.unplaced + p->scene.skipped_count,
                (int64_t)plan->verdict.moved, plan->verdict.total, (int64_t)plan->bound_unplaced,
                plan->bound_cost, (int64_t)plan->proven);

    return changed < 0 ? changed : rh_last_id(call);
}

/* ---- what it answers, now and later ---- */

static int32_t put_planning(struct rh_call *call, int64_t planning)
{
    struct rh_rows *rows;
    const char *round;
    int32_t rc = rh_query(call, &rows,
                          "SELECT round, strftime('%Y-%m-%d', created_utc, 'unixepoch'), "
                          "created_by, seed, steps, cut, placed, unplaced, moved, points, "
                          "bound_unplaced, bound_points, proven FROM appointments_planning WHERE "
                          "id = ?1",
                          "i", planning);

    if (rc < 0)
        return rc;
    if ((rc = rh_next(call, rows)) != 1)
        return rc < 0 ? rc : RH_ENOTFOUND;
    round = rh_get_text(call, rows, 0);
    rh_out_int(call, "planning", planning);
    rh_out_text(call, "round", round);
    rh_out_text(call, "created", rh_get_text(call, rows, 1));
    rh_out_text(call, "created_by", rh_get_text(call, rows, 2));
    rh_out_int(call, "seed", rh_get_int(call, rows, 3));
    rh_out_int(call, "steps", rh_get_int(call, rows, 4));
    rh_out_flag(call, "cut", rh_get_int(call, rows, 5) != 0);
    rh_out_int(call, "placed", rh_get_int(call, rows, 6));
    rh_out_int(call, "unplaced", rh_get_int(call, rows, 7));
    rh_out_int(call, "moved", rh_get_int(call, rows, 8));
    rh_out_int(call, "points", rh_get_int(call, rows, 9));
    rh_out_int(call, "bound_unplaced", rh_get_int(call, rows, 10));
    rh_out_int(call, "bound", rh_get_int(call, rows, 11));
    rh_out_flag(call, "proven", rh_get_int(call, rows, 12) != 0);
    rh_close(call, rows);
    if ((rc = rh_out_query(call, "items",
                           "SELECT procedure, office_name, step, CASE ?2 WHEN 0 THEN title_de ELSE "
                           "title_en END AS title, foreseen, CASE ?2 WHEN 0 THEN reason_de ELSE "
                           "reason_en END AS reason, CASE ?2 WHEN 0 THEN help_de ELSE help_en END "
                           "AS help FROM appointments_unplaced WHERE planning = ?1 ORDER BY "
                           "foreseen, number",
                           "ii", planning, (int64_t)call->lang)) < 0)
        return rc;
    return rh_out_query(
               call, "months",
               "SELECT substr(m.day, 1, 7) AS month, count(*) AS meetings, count(DISTINCT "
               "m.office) AS offices, sum(m.state = 'held') AS held, sum(m.state = 'fixed') AS "
               "fixed, (SELECT max(n) FROM (SELECT count(*) AS n FROM appointments_meeting x JOIN "
               "v_appointments_attendee a ON a.meeting = x.id AND a.kind = 'moderator' WHERE "
               "x.state IN ('held','fixed') AND substr(x.day, 1, 7) = substr(m.day, 1, 7) GROUP "
               "BY a.ref)) AS most FROM appointments_meeting m JOIN v_procedure p ON p.id = "
               "m.procedure AND (p.round = ?1 OR p.round IS NULL) WHERE m.state IN "
               "('held','fixed') GROUP BY 1 ORDER BY 1",
               "s", round) < 0
               ? RH_EFAILED
               : 0;
}

static void put_moves(struct rh_call *call, const struct planning *p)
{
    rh_out_array(call, "moves");
    for (int32_t i = 0; i < p->plan.move_count && i < MOVES_MAX; i++) {
        int32_t m = p->plan.moves[i].meeting;

        rh_out_object(call, NULL);
        rh_out_text(call, "title", meeting_text(call, &p->scene, m));
        rh_out_text(call, "was", slot_text(call, &p->scene, m, p->scene.model.meetings[m].at));
        rh_out_text(call, "is", slot_text(call, &p->scene, m, p->plan.slots[m]));
        rh_out_text(call, "reason", reason_of(call, p, m));
        rh_out_end(call);
    }
    rh_out_end(call);
}

static void say_result(struct rh_call *call, const struct planning *p)
{
    const struct slots_plan *plan = &p->plan;
    int32_t unplaced = plan->verdict.unplaced + p->scene.skipped_count;

    rh_say(call, "%d Termine vorgemerkt, davon verlegt: %d; ohne Termin: %d",
           "%d meetings held, of these moved: %d; without a date: %d", (int)placed_of(p),
           (int)plan->verdict.moved, (int)unplaced);
    if (plan->proven)
        rh_say(call, "%lld Punkte, bewiesen bestmöglich", "%lld points, proven optimal",
               (long long)plan->verdict.total);
    else if (plan->verdict.unplaced == plan->bound_unplaced)
        rh_say(call, "%lld Punkte, keine Planung kostet weniger als %lld",
               "%lld points, no planning costs less than %lld", (long long)plan->verdict.total,
               (long long)plan->bound_cost);
    else
        rh_say(call, "%lld Punkte; ohne Termin bleiben in jeder Planung mindestens %d",
               "%lld points; every planning leaves at least %d without a date",
               (long long)plan->verdict.total, (int)plan->bound_unplaced);
    if (plan->cut)
        rh_say(call, "der Lauf wurde abgebrochen und ist nicht wiederholbar",
               "the run was cancelled and cannot be repeated exactly");
}

int32_t appointment_plan_commit(struct rh_call *call)
{
    const struct planning *p = call->state;
    int64_t planning;
    int32_t rc = refuse_stale(call, p);

    if (rc < 0)
        return rc;
    if ((planning = keep_planning(call, p)) < 0)
        return (int32_t)planning;
    if ((rc = write_down(call, p, rh_format(call, "%lld", "%lld", (long long)planning))) < 0 ||
        (rc = keep_unplaced(call, p, planning)) < 0 || (rc = put_planning(call, planning)) < 0)
        return rc;
    put_moves(call, p);
    say_result(call, p);
    return 0;
}

int32_t appointment_planning(struct rh_call *call)
{
    const char *round = NULL;
    struct rh_rows *rows;
    int64_t planning = 0;
    int32_t rc = rh_param_given(call, "round") ? find_round(call, &round) : 0;

    if (rc < 0 || (rc = rh_query(call, &rows,
                                 "SELECT id FROM appointments_planning WHERE ?1 IS NULL OR round = "
                                 "?1 ORDER BY id DESC LIMIT 1",
                                 "s", round)) < 0)
        return rc;
    if ((rc = rh_next(call, rows)) == 1)
        planning = rh_get_int(call, rows, 0);
    rh_close(call, rows);
    if (rc < 0)
        return rc;
    if (planning)
        return put_planning(call, planning);
    rh_out_array(call, "items");
    rh_out_end(call);
    rh_say(call, "noch nicht geplant; 'appointment plan --round …' sucht die Termine",
           "nothing is planned so far; 'appointment plan --round …' finds the dates");
    return 0;
}

/* ---- confirm ---- */

int32_t planning_release(struct rh_call *call, const char *procedure, const char *step)
{
    struct rh_rows *rows;
    const char *id = NULL;
    struct meeting meeting;
    int32_t rc = rh_query(call, &rows,
                          "SELECT id FROM appointments_meeting WHERE procedure = ?1 AND step = ?2 "
                          "AND state = 'held' AND plan IS NOT NULL AND poll IS NULL",
                          "ss", procedure, step);

    if (rc < 0)
        return rc;
    if ((rc = rh_next(call, rows)) == 1)
        id = rh_get_text(call, rows, 0);
    rh_close(call, rows);
    if (!id)
        return rc;
    if ((rc = meeting_load(call, id, &meeting)) < 0)
        return rc;
    return meeting_end(
        call, &meeting,
        rh_format(call, "ein anderer Termin wird vereinbart", "another date is being fixed"));
}

int32_t appointment_confirm(struct rh_call *call)
{
    const char *until = rh_param_given(call, "until")
                            ? rh_day_text(call, (int32_t)rh_param_int(call, "until"))
                            : NULL;
    const char *procedure = NULL, *office, *list = NULL;
    struct rh_rows *rows;
    int64_t count = 0;
    int32_t rc = 0;

    if (rh_param_given(call, "procedure"))
        rc = procedure_named(call, rh_param_text(call, "procedure"), &procedure, &office);
    if (rc == 0 && !procedure && !until)
        return rh_fail(call, RH_EUSAGE,
                       "welche? ein Verfahren oder --until mit dem letzten Tag angeben",
                       "which? name a procedure, or --until with the last day");
    if (rc < 0 ||
        (rc = rh_query(call, &rows,
                       "SELECT json_group_array(id) FROM (SELECT id FROM appointments_meeting "
                       "WHERE state = 'held' AND plan IS NOT NULL AND poll IS NULL AND start_utc > "
                       "?1 AND (?2 IS NULL OR procedure = ?2) AND (?3 IS NULL OR day <= ?3) AND "
                       "(?4 IS NULL OR step = ?4) ORDER BY start_utc, id)",
                       "isss", rh_now_utc(call), procedure, until, rh_param_text(call, "step"))) <
            0)
        return rc;
    if ((rc = rh_next(call, rows)) == 1)
        list = rh_get_text(call, rows, 0);
    rh_close(call, rows);
    if (rc < 0 || (rc = rh_query(call, &rows, "SELECT value FROM json_each(?1)", "s", list)) < 0)
        return rc;
    while ((rc = rh_next(call, rows)) == 1) {
        struct meeting meeting;

        if ((rc = meeting_load(call, rh_get_text(call, rows, 0), &meeting)) < 0 ||
            (rc = meeting_confirm(call, &meeting)) < 0)
            return rc;
        count++;
    }
    rh_close(call, rows);
    rh_out_int(call, "count", count);
    rh_say(call, "%lld vorgemerkte Termine sind jetzt vereinbart",
           "%lld held meetings are fixed now", (long long)count);
    return rc;
}
