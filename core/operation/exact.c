/* Asks reihum-solve, listens while it works, and holds what it said against the program. */
#include "core/operation/exact.h"

#include "core/base/alloc.h"
#include "core/child/child.h"
#include "core/program/wire.h"

#include "reihum/solve.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* It keeps the time limit itself; the grace is for starting, writing, and for what it misses. */
enum { START_MS = 500, GRACE_MS = 200, ANSWERS_MAX = 256, NEWS_MAX = 4096 };

#define MEMORY_MAX (INT64_C(4) << 30)

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0 /* with one, the address space is 20 TB from the start */
#endif

struct talk {
    const struct rh_program_task *task;
    rh_program_news *news;
    void *news_context;
    struct rh_program_answer said; /* the last answer; its x is owned here */
    int64_t best, bound;           /* as the news say; not believed */
    uint8_t *heard;                /* owned: bytes of a frame that is not whole yet */
    size_t length, room;
    bool answered, cancelled, nonsense;
    struct rh_err *err;
};

/* ---- listening ---- */

static int32_t hear_news(struct talk *talk, const struct rh_wire_frame *frame)
{
    int64_t best, bound;
    int32_t rc = rh_wire_get_news(frame, &best, &bound, talk->err);

    if (rc < 0)
        return rc;
    talk->best = best;
    /* A bound only rises, and none is above an answer that the caller knows. */
    if (bound < talk->bound || (talk->task->start && bound > talk->task->start_value))
        return rh_err_set(talk->err, RH_EINVALID, "Die Rechenmaschine widerspricht sich",
                          "the exact engine contradicts itself");
    talk->bound = bound;
    return 0;
}

static int32_t hear_answer(struct talk *talk, const struct rh_wire_frame *frame)
{
    int32_t rc = rh_wire_get_answer(frame, talk->task->program->columns, &talk->said, talk->err);

    talk->answered = rc == 0;
    return rc;
}

/* Takes the whole frames at the front of what was heard. */
static int32_t hear_frames(struct talk *talk)
{
    int64_t maximum = rh_wire_answer_max(talk->task->program->columns);
    struct rh_wire_frame frame;
    size_t used = 0;
    int64_t size;
    int32_t rc = 0;

    while (rc == 0 && (size = rh_wire_frame(talk->heard + used, talk->length - used,
                                            maximum + RH_WIRE_NEWS_SIZE, &frame, talk->err)) != 0) {
        if (size < 0)
            return (int32_t)size;
        rc = frame.kind == RH_WIRE_NEWS ? hear_news(talk, &frame) : hear_answer(talk, &frame);
        used += (size_t)size;
    }
    if (used > 0)
        memmove(talk->heard, talk->heard + used, talk->length - used);
    talk->length -= used;
    return rc;
}

static int32_t hear(struct talk *talk, const uint8_t *bytes, size_t length)
{
    if (length > talk->room - talk->length) {
        size_t room = (talk->length + length) * 2;
        uint8_t *more = rh_realloc(talk->heard, room);

        if (!more)
            return rh_err_nomem(talk->err);
        talk->heard = more;
        talk->room = room;
    }
    memcpy(talk->heard + talk->length, bytes, length);
    talk->length += length;
    return hear_frames(talk);
}

/* Bytes from the child, or none now and then: the moment to ask whether anybody still wants it. */
static int32_t on_output(void *context, const uint8_t *bytes, size_t length)
{
    struct talk *talk = context;

    talk->nonsense = length > 0 && hear(talk, bytes, length) < 0;
    if (!talk->nonsense && talk->news)
        talk->cancelled = talk->news(talk->news_context, talk->best, talk->bound) != 0;
    return talk->nonsense || talk->cancelled;
}

/* ---- starting ---- */

/* Beside the running program, wherever it was installed. */
static bool find_program(char path[PATH_MAX])
{
    static const char name[] = "reihum-solve";
    const char *named = getenv("RH_SOLVE_PROGRAM");
    ssize_t length;
    char *slash;

    if (named && *named) {
        if (strlen(named) >= PATH_MAX)
            return false;
        memcpy(path, named, strlen(named) + 1);
        return true;
    }
    length = readlink("/proc/self/exe", path, PATH_MAX - 1);
    if (length <= 0)
        return false;
    path[length] = '\0';
    slash = strrchr(path, '/');
    if (!slash || (size_t)(slash + 1 - path) + sizeof(name) > PATH_MAX)
        return false;
    memcpy(slash + 1, name, sizeof(name));
    return true;
}

static int32_t start_and_listen(struct talk *talk, const struct rh_clock *clock, const char *path,
                                struct rh_child_result *ended)
{
    const char *const words[] = {"reihum-solve", NULL};
    int64_t limit = talk->task->time_limit_ms < INT32_MAX ? talk->task->time_limit_ms : INT32_MAX;
    struct rh_child_options options = {
        .path = path,
        .words = words,
        .output = on_output,
        .context = talk,
        .monotonic_ms = clock->monotonic_ms,
        .clock_context = clock->context,
        .time_limit_ms = limit + START_MS,
        .grace_ms = GRACE_MS,
        .output_max = rh_wire_answer_max(talk->task->program->columns) * ANSWERS_MAX +
                      (int64_t)RH_WIRE_NEWS_SIZE * NEWS_MAX,
        .memory_max = SANITIZED ? 0 : MEMORY_MAX,
        .cpu_seconds = limit / 1000 + 60, /* should our own clock stand still */
        .file_max = 0};
    uint8_t *input;
    size_t length;
    int32_t rc = rh_wire_put_task(talk->task, &input, &length, talk->err);

    if (rc < 0)
        return rc;
    options.input = input;
    options.input_length = length;
    rc = rh_child_run(&options, ended, talk->err);
    rh_free(input);
    return rc;
}

/* ---- believing ---- */

static int32_t lies(struct talk *talk)
{
    rh_err_set(talk->err, RH_EINVALID, "Die Rechenmaschine hat Unmögliches behauptet",
               "the exact engine claimed what cannot be");
    return RH_EXACT_FAILED;
}

/* x and bound into the caller's answer, as far as they hold. */
static int32_t believe(struct talk *talk, struct rh_program_answer *answer)
{
    const struct rh_program_answer *said = &talk->said;
    int64_t known = talk->task->start ? talk->task->start_value : INT64_MAX;
    int64_t bound = said->bound > talk->bound ? said->bound : talk->bound, cost = INT64_MAX;

    if (said->has_x && rh_program_check(talk->task->program, said->x, &cost, talk->err) < 0)
        return lies(talk);
    if (cost < known)
        known = cost;
    if ((known != INT64_MAX && bound > known) || (said->infeasible && known != INT64_MAX) ||
        (said->proven && bound != known))
        return lies(talk);
    answer->bound = bound;
    answer->infeasible = said->infeasible;
    answer->proven = known != INT64_MAX && bound == known;
    answer->has_x = said->has_x && cost == known;
    if (answer->has_x)
        memcpy(answer->x, said->x, (size_t)talk->task->program->columns * sizeof(*said->x));
    return RH_EXACT_USED;
}

static int32_t judge(struct talk *talk, const struct rh_child_result *ended,
                     struct rh_program_answer *answer)
{
    bool stopped = ended->end == RH_CHILD_LATE || talk->cancelled;
    int32_t verdict;

    if (talk->nonsense)
        return RH_EXACT_FAILED;
    if (ended->end == RH_CHILD_SIGNAL || ended->end == RH_CHILD_FLOOD ||
        (ended->end == RH_CHILD_EXITED &&
         (ended->status != 0 || talk->length > 0 || !talk->answered))) {
        rh_err_set(talk->err, RH_EFAILED, "Die Rechenmaschine endete unerwartet (%1$d/%2$d): %3$s",
                   "the exact engine ended unexpectedly (%1$d/%2$d): %3$s", (int)ended->end,
                   (int)ended->status, ended->errors);
        return RH_EXACT_FAILED;
    }
    verdict = believe(talk, answer);
    if (verdict != RH_EXACT_USED || !stopped)
        return verdict;
    rh_err_set(talk->err, RH_ECANCELLED, "Die Rechenmaschine wurde vor ihrem Ende beendet",
               "the exact engine was ended before it was done");
    return RH_EXACT_LATE;
}

/* ---- one run ---- */

/* A start that does not hold is not passed on, so that all that comes back is compared with truth.
 */
static void keep_start_if_true(struct rh_program_task *task)
{
    int64_t cost;

    if (task->start && rh_program_check(task->program, task->start, &cost, NULL) == 0) {
        task->start_value = cost;
        return;
    }
    task->start = NULL;
    task->start_value = INT64_MAX;
}

static int32_t ask(struct rh_exact *exact, struct talk *talk, struct rh_program_answer *answer)
{
    struct rh_child_result ended;
    char path[PATH_MAX];
    int32_t rc;

    talk->said.x = rh_alloc((size_t)talk->task->program->columns, sizeof(*talk->said.x));
    if (!talk->said.x) {
        rh_err_nomem(talk->err);
        return RH_EXACT_FAILED;
    }
    if (!find_program(path)) {
        rh_err_set(talk->err, RH_ENOTFOUND, "Der Ort der Rechenmaschine ist nicht zu ermitteln",
                   "the place of the exact engine cannot be found out");
        return RH_EXACT_MISSING;
    }
    rc = start_and_listen(talk, exact->clock, path, &ended);
    if (rc < 0)
        return rc == RH_ENOTFOUND ? RH_EXACT_MISSING : RH_EXACT_FAILED;
    return judge(talk, &ended, answer);
}

static int32_t run(void *context, const struct rh_program_task *task, rh_program_news *news,
                   void *news_context, struct rh_program_answer *answer)
{
    struct rh_exact *exact = context;
    struct rh_program_task asked = *task;
    struct talk talk = {.task = &asked,
                        .news = news,
                        .news_context = news_context,
                        .said.bound = INT64_MIN,
                        .best = INT64_MAX,
                        .bound = INT64_MIN,
                        .err = &exact->err};
    int32_t verdict;

    rh_err_clear(&exact->err);
    keep_start_if_true(&asked);
    *answer = (struct rh_program_answer){.x = answer->x, .bound = INT64_MIN};
    verdict = ask(exact, &talk, answer);
    rh_free(talk.said.x);
    rh_free(talk.heard);
    return verdict;
}

void rh_exact_solver(struct rh_program_solver *ret, struct rh_exact *context)
{
    *ret = (struct rh_program_solver){.run = run, .context = context};
}
