/* Before the words of plugins, which have an rh_job_add() of their own. */
#include "core/store/job.h"

#include "core/base/json.h"
#include "core/calendar/zone.h"
#include "core/operation/call.h"
#include "core/procedure/procedure.h"
#include "core/server/clashes.h"
#include "core/server/file_place.h"
#include "core/server/house.h"
#include "core/server/jobs.h"
#include "core/server/practice.h"
#include "core/server/simulate.h"
#include "core/store/event.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define JOBS_AT_ONCE 64
#define STEPS_MAX    4000000 /* of the clock; a simulation that goes on for ever ends here */
#define DAY_S        INT64_C(86400)

struct simulation {
    struct rh_house house; /* the copy's */
    struct rh_clock clock;
    int64_t now, from, until;
    int32_t late_percent;
    bool people; /* they do what they are expected to do */
    char folder[256], path[320];
    int64_t first_event; /* the last one before it began */
    /* when people act next, unless steps have changed since */
    int64_t people_next;
    uint64_t people_saw;
};

static int64_t simulated_now(void *context)
{
    return ((struct simulation *)context)->now;
}

static int64_t simulated_ms(void *context)
{
    return ((struct simulation *)context)->now * 1000;
}

/* ---- the copy ---- */

static int32_t make_copy(struct rh_call *call, struct simulation *sim)
{
    const char *place = getenv("TMPDIR");
    struct rh_house *house = rh_call_house(call);
    struct rh_store_options options = {.path = sim->path, .readers = 1, .scratch = true};
    int32_t rc;

    snprintf(sim->folder, sizeof(sim->folder), "%s/reihum-XXXXXX",
             place && *place ? place : "/tmp");
    if (!mkdtemp(sim->folder)) {
        sim->folder[0] = '\0';
        return rh_fail(call, RH_EFAILED, "im Ordner '%s' lässt sich nichts ablegen (%s)",
                       "nothing can be put into the folder '%s' (%s)",
                       place && *place ? place : "/tmp", strerror(errno));
    }
    snprintf(sim->path, sizeof(sim->path), "%s/copy.db", sim->folder);
    if ((rc = rh_store_backup(house->store, sim->path, rh_call_err(call))) < 0 ||
        (rc = rh_store_open(&options, &sim->house.store, rh_call_err(call))) < 0)
        return rc;
    sim->house = (struct rh_house){.registry = house->registry,
                                   .store = sim->house.store,
                                   .clock = &sim->clock,
                                   .plugins = house->plugins,
                                   .practice = true,
                                   .procedures = rh_procedure_memory_new(),
                                   .calendars = rh_kept_calendars_new(),
                                   .mail = house->mail,
                                   .mail_templates = house->mail_templates};
    sim->people_next = sim->people ? sim->now : INT64_MAX;
    if (!sim->house.procedures || !sim->house.calendars)
        return rh_fail(call, RH_ENOMEM, "kein Speicher", "out of memory");
    sim->clock = (struct rh_clock){simulated_now, simulated_ms, sim};
    return 0;
}

static void remove_copy(struct simulation *sim)
{
    static const char *const endings[] = {"", "-wal", "-shm", ".lock"};
    char path[sizeof(sim->path) + 8];

    sim->house.procedures = rh_procedure_memory_free(sim->house.procedures);
    sim->house.calendars = rh_kept_calendars_free(sim->house.calendars);
    sim->house.store = rh_store_close(sim->house.store);
    for (size_t i = 0; sim->folder[0] && i < sizeof(endings) / sizeof(endings[0]); i++) {
        snprintf(path, sizeof(path), "%s%s", sim->path, endings[i]);
        (void)unlink(path); /* not all of them need be there */
    }
    if (sim->folder[0])
        (void)rmdir(sim->folder); /* at worst an empty folder stays */
}
#define auto_simulation __attribute__((cleanup(remove_copy))) struct simulation

/* ---- looking into it ---- */

struct look {
    struct rh_task task; /* first, so that the task leads back to it */
    int64_t number;
    bool found;
};

static int32_t read_wake(struct rh_task *task, struct rh_db *db, struct rh_err *err)
{
    struct look *look = (struct look *)task;
    int32_t rc = rh_job_wake_at(db, NULL, &look->number, err);

    look->found = rc == 1;
    return rc < 0 ? rc : 0;
}

static int32_t read_due_mail(struct rh_task *task, struct rh_db *db, struct rh_err *err)
{
    struct look *look = (struct look *)task;
    struct rh_stmt *stmt = NULL;
    int32_t rc = rh_db_query(db, NULL, &stmt, err,
                             "SELECT 1 FROM mail WHERE state = 'queued' AND next_utc <= ?1 LIMIT 1",
                             "i", look->number);

    if (rc < 0)
        return rc;
    rc = rh_stmt_next(stmt, err);
    look->found = rc == 1;
    rh_stmt_close(stmt);
    return rc < 0 ? rc : 0;
}

static int32_t read_last_event(struct rh_task *task, struct rh_db *db, struct rh_err *err)
{
    struct look *look = (struct look *)task;
    struct rh_stmt *stmt = NULL;
    int32_t rc = rh_db_query(db, NULL, &stmt, err, "SELECT ifnull(max(seq), 0) FROM event", "");

    if (rc < 0)
        return rc;
    rc = rh_stmt_next(stmt, err);
    look->number = rc == 1 ? rh_stmt_int(stmt, 0) : 0;
    rh_stmt_close(stmt);
    return rc < 0 ? rc : 0;
}

static int32_t ask(struct rh_call *call, struct simulation *sim, struct look *look,
                   int32_t (*work)(struct rh_task *, struct rh_db *, struct rh_err *))
{
    *look = (struct look){.task = {.kind = RH_TASK_READ, .work = work}, .number = sim->now};
    if (rh_store_run(sim->house.store, &look->task) < 0) {
        *rh_call_err(call) = look->task.err;
        return look->task.err.code;
    }
    return 0;
}

/* ---- time ---- */

struct assumption {
    int32_t late_percent;
    int64_t next;
};

static int32_t assume(struct rh_call *call, void *context)
{
    struct assumption *assumption = context;

    return rh_procedure_assume(call, assumption->late_percent, &assumption->next);
}

/* The module whose procedures they are: found by one of its jobs. */
static struct rh_module *procedures_of(struct simulation *sim)
{
    const struct rh_job_entry *entry = rh_registry_find_job(sim->house.registry, "procedure.tick");

    return entry ? entry->module : NULL;
}

static int32_t do_people(struct rh_call *call, struct simulation *sim, int64_t *ret_next)
{
    struct assumption assumption = {.late_percent = sim->late_percent, .next = INT64_MAX};
    struct rh_module *module = procedures_of(sim);
    uint64_t changes = rh_procedure_memory_changes(sim->house.procedures);
    int32_t rc = 0;

    if (sim->people && module && (changes != sim->people_saw || sim->now >= sim->people_next)) {
        rc = rh_call_run(&sim->house, module, "simulate", RH_TASK_WRITE, assume, &assumption,
                         rh_call_err(call));
        sim->people_next = assumption.next;
        sim->people_saw = changes;
    }
    *ret_next = sim->people_next;
    return rc;
}

static int32_t do_jobs(struct rh_call *call, struct simulation *sim)
{
    int64_t wait_ms;
    int32_t count;

    do
        count = rh_jobs_run_due(&sim->house, JOBS_AT_ONCE, NULL, NULL, &wait_ms, rh_call_err(call));
    while (count > 0);
    return count;
}

/* What was due left, in that other time, at once: a mail that a sender would have taken cannot be
 * stopped by what happens later. */
static int32_t post_mail(struct rh_task *task, struct rh_db *db, struct rh_err *err)
{
    const struct look *look = (const struct look *)task;
    int64_t changed =
        rh_db_exec(db, NULL, err,
                   "UPDATE mail SET state = 'sent', sent_utc = next_utc, changed_utc = "
                   "next_utc, attempts = 1 WHERE state = 'queued' AND next_utc <= ?1",
                   "i", look->number);

    return changed < 0 ? (int32_t)changed : 0;
}

static int32_t send_all(struct rh_call *call, struct simulation *sim)
{
    struct look look = {.task = {.kind = RH_TASK_WRITE, .work = post_mail}, .number = sim->now};

    if (rh_store_run(sim->house.store, &look.task) < 0) {
        *rh_call_err(call) = look.task.err;
        return look.task.err.code;
    }
    return 0;
}

static int32_t go_on(struct rh_call *call, struct simulation *sim)
{
    int64_t days = (sim->until - sim->from) / DAY_S, next;
    struct look wake;
    int32_t rc;

    for (int64_t i = 0; i < STEPS_MAX; i++) {
        if ((rc = do_jobs(call, sim)) < 0 || (rc = do_people(call, sim, &next)) < 0 ||
            (rc = ask(call, sim, &wake, read_due_mail)) < 0 ||
            (wake.found && (rc = send_all(call, sim)) < 0) ||
            (rc = ask(call, sim, &wake, read_wake)) < 0)
            return rc;
        if (wake.found && wake.number < next)
            next = wake.number;
        if (next > sim->until)
            return 0;
        if (next > sim->now)
            sim->now = next;
        if (i % 64 == 0 && rh_progress(call, (sim->now - sim->from) / DAY_S, days > 0 ? days : 1,
                                       "simuliert bis %s", "simulated until %s",
                                       rh_day_text(call, rh_berlin_day(sim->now, NULL))) != 0)
            return rh_fail(call, RH_ECANCELLED, "abgebrochen", "cancelled");
    }
    return rh_fail(call, RH_EFAILED, "die Simulation kommt nicht voran: zu viele Schritte der Uhr",
                   "the simulation does not get on: too many steps of the clock");
}

/* ---- what happened ---- */

struct report {
    struct rh_task task; /* first */
    struct rh_call *call;
    struct simulation *sim;
    int64_t mails, deadlines, transitions;
};

static const char *instant(struct rh_call *call, int64_t at)
{
    int32_t second = 0, day = rh_berlin_day(at, &second);

    return rh_format(call, "%sT%02d:%02d", "%sT%02d:%02d", rh_day_text(call, day),
                     (int)(second / 3600), (int)(second / 60 % 60));
}

static const char *member(struct rh_call *call, const json_t *object, const char *key)
{
    const char *value = json_string_value(json_object_get(object, key));

    return value ? rh_format(call, "%s", "%s", value) : NULL;
}

static int32_t put_event(struct report *report, const struct rh_event_row *event)
{
    static const struct {
        const char *topic, *kind;
    } kinds[] = {
        {"procedure.reminder", "mail"},   {"procedure.deadline", "deadline"},
        {"procedure.step", "transition"}, {"procedure.finished", "transition"},
        {"procedure.brake", "brake"},
    };
    struct rh_call *call = report->call;
    const char *kind = NULL;
    json_t *after = NULL;
    int32_t rc;

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]) && !kind; i++)
        if (strcmp(event->topic, kinds[i].topic) == 0)
            kind = kinds[i].kind;
    if (!kind || !event->after)
        return 0;
    if ((rc = rh_json_parse(event->after, strlen(event->after), 65536, &after, rh_call_err(call))) <
        0)
        return rc;
    report->mails += strcmp(kind, "mail") == 0;
    report->deadlines += strcmp(kind, "deadline") == 0;
    report->transitions += strcmp(kind, "transition") == 0;
    rh_out_object(call, NULL);
    rh_out_text(call, "at", instant(call, event->at_utc));
    rh_out_text(call, "kind", kind);
    rh_out_text(call, "subject", event->subject);
    rh_out_text(call, "step", member(call, after, "step"));
    rh_out_text(call, "to", member(call, after, strcmp(kind, "mail") == 0 ? "role" : "is"));
    rh_out_text(call, "day", member(call, after, "day"));
    rh_out_end(call);
    json_decref(after);
    return 0;
}

static int32_t put_events(struct rh_task *task, struct rh_db *db, struct rh_err *err)
{
    struct report *report = (struct report *)task;
    struct rh_event_row event;
    struct rh_stmt *stmt = NULL;
    int32_t rc = rh_event_after(db, report->sim->first_event, &stmt, err);

    while (rc >= 0 && (rc = rh_event_next(stmt, &event, err)) == 1)
        if ((rc = put_event(report, &event)) < 0)
            break;
    rh_stmt_close(stmt);
    return rc < 0 ? rc : 0;
}

static int32_t run_report(struct report *report,
                          int32_t (*work)(struct rh_task *, struct rh_db *, struct rh_err *))
{
    report->task = (struct rh_task){.kind = RH_TASK_READ, .work = work, .limit_ms = 600000};
    if (rh_store_run(report->sim->house.store, &report->task) < 0) {
        *rh_call_err(report->call) = report->task.err;
        return report->task.err.code;
    }
    return 0;
}

static int32_t put_report(struct rh_call *call, struct simulation *sim)
{
    struct report report = {.call = call, .sim = sim};
    struct rh_clashes found;
    int32_t rc;

    rh_out_array(call, "items");
    if ((rc = run_report(&report, put_events)) < 0 ||
        (rc = rh_clashes_put(call, &sim->house, rh_berlin_day(sim->from, NULL),
                             rh_berlin_day(sim->until, NULL), &found)) < 0)
        return rc;
    rh_out_end(call);
    rh_out_text(call, "from", rh_day_text(call, rh_berlin_day(sim->from, NULL)));
    rh_out_text(call, "until", rh_day_text(call, rh_berlin_day(sim->until, NULL)));
    rh_out_int(call, "mails", report.mails);
    rh_out_int(call, "deadlines", report.deadlines);
    rh_out_int(call, "transitions", report.transitions);
    rh_out_int(call, "clashes", found.clashes);
    rh_out_int(call, "most_running", found.most_running);
    return 0;
}

/* ---- keeping it ---- */

static int32_t keep(struct rh_call *call, struct simulation *sim, const char *file)
{
    char path[RH_PLACE_MAX];
    int64_t machine = rh_machine_clock.now_utc(NULL);
    int32_t rc = rh_place_for_file(call, file, path);

    if (rc < 0 || (rc = send_all(call, sim)) < 0 ||
        (rc = rh_practice_mark(sim->house.store, sim->now - machine, rh_call_err(call))) < 0 ||
        (rc = rh_store_backup(sim->house.store, path, rh_call_err(call))) < 0)
        return rc;
    rh_out_text(call, "file", path);
    rh_say(call, "Übungsdatenbank geschrieben: %s; 'reihum serve --db %s' öffnet sie an ihrem Tag",
           "database to practise on written: %s; 'reihum serve --db %s' opens it at its day", path,
           path);
    return 0;
}

int32_t rh_simulate(struct rh_call *call)
{
    auto_simulation sim = {.now = rh_now_utc(call),
                           .from = rh_now_utc(call),
                           .until =
                               rh_berlin_instant((int32_t)rh_param_int(call, "until") + 1, 0) - 1,
                           .late_percent = (int32_t)rh_param_int(call, "late"),
                           .people = strcmp(rh_param_text(call, "people"), "do") == 0};
    const char *file = rh_param_text(call, "keep");
    struct look last;
    int32_t rc;

    if (sim.until <= sim.now)
        return rh_fail(call, RH_EINVALID, "%s liegt nicht in der Zukunft; heute ist der %s",
                       "%s does not lie ahead; today is %s",
                       rh_day_text(call, (int32_t)rh_param_int(call, "until")),
                       rh_day_text(call, rh_today(call)));
    if ((rc = make_copy(call, &sim)) < 0 || (rc = ask(call, &sim, &last, read_last_event)) < 0)
        return rc;
    sim.first_event = last.number;
    if ((rc = go_on(call, &sim)) < 0)
        return rc;
    /* the day that was asked for, in the morning, is where a kept copy goes on */
    sim.now = rh_berlin_instant((int32_t)rh_param_int(call, "until"), 9 * 3600) > sim.now
                  ? rh_berlin_instant((int32_t)rh_param_int(call, "until"), 9 * 3600)
                  : sim.now;
    if ((rc = put_report(call, &sim)) < 0)
        return rc;
    return file ? keep(call, &sim, file) : 0;
}
