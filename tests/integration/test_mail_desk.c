/* Mail and jobs as staff meets them: held, released, dropped, tried again; a mail that a server
 * refused becomes a job, and the job an event that others hear. */
#include "tests/integration/nrw.h"

#include "core/mail/queue.h"
#include "core/server/jobs.h"

#define STATE(w) text_of(json_array_get(items(w), 0), "state")

/* ---- what a sender does ---- */

struct attempt {
    struct rh_task task; /* first */
    struct world *w;
    enum rh_mail_outcome outcome;
    const char *reply;
};

static int32_t try_to_send(struct rh_task *task, struct rh_db *db, struct rh_err *err)
{
    struct attempt *attempt = (struct attempt *)task;
    rh_auto_arena(arena, (size_t)1024 * 1024);
    struct rh_mail_due due[4];
    struct rh_mail_result result = {.outcome = attempt->outcome, .at_recipient = true};
    size_t count = 0;
    int32_t rc = rh_mail_claim(db, attempt->w->home->house.mail, attempt->w->now, 4, 1 << 20,
                               &arena, due, &count, err);

    if (rc < 0)
        return rc;
    assert_int_equal(count, 1);
    result.id = due[0].id;
    snprintf(result.reply, sizeof(result.reply), "%s", attempt->reply);
    return rh_mail_mark(db, &result, 1, attempt->w->now, err);
}

static void send_one(struct world *w, enum rh_mail_outcome outcome, const char *reply)
{
    struct attempt attempt = {.task = {.kind = RH_TASK_WRITE, .work = try_to_send},
                              .w = w,
                              .outcome = outcome,
                              .reply = reply};

    if (rh_store_run(w->home->house.store, &attempt.task) < 0)
        fail_msg("%s", attempt.task.err.text[RH_EN]);
}

static void run_jobs(struct world *w)
{
    int64_t wait_ms = 0;

    while (rh_jobs_run_due(&w->home->house, 100, NULL, NULL, &wait_ms, &w->err) > 0)
        ;
}

/* A mail that waits; its number. */
static const char *with_mail(struct world *w)
{
    static char id[24];

    must(w, "mail test", "to", "kontakt@example.org");
    snprintf(id, sizeof(id), "%lld", (long long)number(w, "id"));
    return id;
}

/* The number of the one job of that kind in that state. */
static const char *job_of(struct world *w, const char *kind, const char *state)
{
    static char id[24];

    must(w, "job list", "kind", kind, "state", state);
    assert_int_equal(item_count(w), 1);
    snprintf(id, sizeof(id), "%lld",
             (long long)json_integer_value(json_object_get(json_array_get(items(w), 0), "id")));
    return id;
}

/* ---- mail ---- */

#define MAY(w, id, what)                                                                           \
    (ask((w), "mail show", "id", (id), NULL),                                                      \
     json_integer_value(json_object_get(json_array_get(items(w), 0), (what))))

static void a_mail_is_held_released_and_dropped(void **state)
{
    struct world *w = nrw_open("");
    const char *id = with_mail(w);

    (void)state;
    must(w, "mail hold", "id", id, "reason", "erst fragen");
    must(w, "mail show", "id", id);
    assert_string_equal(STATE(w), "held");
    assert_says(text_of(json_array_get(items(w), 0), "reason"), "erst fragen");
    must(w, "mail release", "id", id);
    must(w, "mail show", "id", id);
    assert_string_equal(STATE(w), "queued");
    must(w, "mail drop", "id", id, "reason", "doch nicht");
    must(w, "mail show", "id", id);
    assert_string_equal(STATE(w), "dropped");
    assert_int_equal(ask(w, "mail release", "id", id, NULL), RH_ECONFLICT);
    must(w, "mail history", "id", id);
    assert_int_equal(item_count(w), 4);
    world_close(w);
}

static void a_refused_mail_is_a_task_that_others_hear_of_once(void **state)
{
    struct world *w = nrw_open("");
    const char *id = with_mail(w);

    (void)state;
    send_one(w, RH_MAIL_REFUSED, "550 5.1.1 No such user");
    must(w, "mail show", "id", id);
    assert_string_equal(STATE(w), "failed");
    (void)job_of(w, "mail.failed", "queued");

    run_jobs(w);
    run_jobs(w);
    must(w, "event list", "topic", "mail.failed");
    assert_int_equal(item_count(w), 1);
    assert_int_equal(strncmp(text_of(json_array_get(items(w), 0), "subject"), "mail/", 5), 0);
    (void)job_of(w, "mail.failed", "done");
    world_close(w);
}

static void a_failed_mail_is_tried_again_and_arrives(void **state)
{
    struct world *w = nrw_open("");
    const char *id = with_mail(w);

    (void)state;
    assert_int_equal(MAY(w, id, "may_retry"), 0); /* it was never tried */
    send_one(w, RH_MAIL_REFUSED, "554 5.3.0 no");
    assert_int_equal(MAY(w, id, "may_retry"), 1);
    must(w, "mail retry", "id", id);
    must(w, "mail show", "id", id);
    assert_string_equal(STATE(w), "queued");
    send_one(w, RH_MAIL_SENT, "250 ok");
    must(w, "mail show", "id", id);
    assert_string_equal(STATE(w), "sent");
    assert_int_equal(ask(w, "mail drop", "id", id, NULL), RH_ECONFLICT);
    world_close(w);
}

/* ---- jobs ---- */

static int32_t let_die(struct rh_task *task, struct rh_db *db, struct rh_err *err)
{
    (void)task;
    return (int32_t)rh_db_exec(db, NULL, err,
                               "UPDATE job SET state = 'dead', attempts = 10, error_de = 'kaputt', "
                               "error_en = 'broken' WHERE kind = 'mail.failed'",
                               "") < 0
               ? RH_EFAILED
               : 0;
}

static void a_job_is_held_released_and_done(void **state)
{
    struct world *w = nrw_open("");
    const char *id;

    (void)state;
    (void)with_mail(w);
    send_one(w, RH_MAIL_REFUSED, "550 5.1.1 No such user");
    id = job_of(w, "mail.failed", "queued");
    must(w, "job hold", "id", id);
    run_jobs(w);
    must(w, "job show", "id", id);
    assert_string_equal(STATE(w), "held");
    must(w, "event list", "topic", "mail.failed");
    assert_int_equal(item_count(w), 0);
    must(w, "job release", "id", id);
    run_jobs(w);
    must(w, "job show", "id", id);
    assert_string_equal(STATE(w), "done");
    must(w, "event list", "topic", "job.released");
    assert_int_equal(item_count(w), 1);
    world_close(w);
}

static void a_dead_job_is_seen_tried_again_or_dropped(void **state)
{
    struct world *w = nrw_open("");
    struct rh_task death = {.kind = RH_TASK_WRITE, .work = let_die};
    const char *id;

    (void)state;
    (void)with_mail(w);
    send_one(w, RH_MAIL_REFUSED, "550 5.1.1 No such user");
    assert_int_equal(ask(w, "job retry", "id", job_of(w, "mail.failed", "queued"), NULL),
                     RH_ECONFLICT);
    assert_int_equal(rh_store_run(w->home->house.store, &death), 0);
    id = job_of(w, "mail.failed", "dead");
    must(w, "job show", "id", id);
    assert_string_equal(text_of(json_array_get(items(w), 0), "error"), "kaputt");
    must(w, "job retry", "id", id);
    run_jobs(w);
    must(w, "job show", "id", id);
    assert_string_equal(STATE(w), "done");

    death = (struct rh_task){.kind = RH_TASK_WRITE, .work = let_die};
    assert_int_equal(rh_store_run(w->home->house.store, &death), 0);
    must(w, "job drop", "id", id);
    assert_int_equal(ask(w, "job show", "id", id, NULL), RH_ENOTFOUND);
    must(w, "event list", "topic", "job.dropped");
    assert_int_equal(item_count(w), 1);
    world_close(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mail_is_held_released_and_dropped),
        cmocka_unit_test(a_refused_mail_is_a_task_that_others_hear_of_once),
        cmocka_unit_test(a_failed_mail_is_tried_again_and_arrives),
        cmocka_unit_test(a_job_is_held_released_and_done),
        cmocka_unit_test(a_dead_job_is_seen_tried_again_or_dropped),
    };

    return cmocka_run_group_tests(tests, nrw_make, nrw_remove);
}
