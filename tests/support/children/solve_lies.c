/*
 * A reihum-solve that cannot be believed: the task's seed says what it does. The task is to be the
 * one of tests/unit/operation/test_exact.c.
 */
#include "core/base/alloc.h"
#include "core/program/wire.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    HIGH_BOUND = 1,
    BROKEN_X,
    INFEASIBLE,
    NO_FRAME,
    BOUND_THEN_HANG,
    BOUND_THEN_CRASH,
    NO_ANSWER,
    PROVES_TOO_MUCH,
    WITHOUT_END,
    HALF_AN_ANSWER
};

static void put(const void *bytes, size_t length)
{
    if (write(STDOUT_FILENO, bytes, length) < 0)
        _exit(1);
}

static void put_news(int64_t bound)
{
    uint8_t bytes[RH_WIRE_NEWS_SIZE];

    rh_wire_put_news(INT64_MAX, bound, bytes);
    put(bytes, sizeof(bytes));
}

static void put_answer(const struct rh_program_answer *answer, int32_t columns, size_t less)
{
    uint8_t *bytes;
    size_t length;

    if (rh_wire_put_answer(answer, columns, &bytes, &length, NULL) < 0)
        _exit(1);
    put(bytes, length - less);
    rh_free(bytes);
}

static void lie(uint64_t how, int32_t columns)
{
    int64_t ones[64], none[64] = {0};
    struct rh_program_answer good = {.x = ones, .has_x = true, .bound = 1};

    for (int i = 0; i < 64; i++)
        ones[i] = 1;
    if (how == HIGH_BOUND)
        put_answer(&(struct rh_program_answer){.x = ones, .has_x = true, .bound = 1000}, columns,
                   0);
    if (how == BROKEN_X)
        put_answer(&(struct rh_program_answer){.x = none, .has_x = true, .bound = 0}, columns, 0);
    if (how == INFEASIBLE)
        put_answer(&(struct rh_program_answer){.infeasible = true, .bound = 0}, columns, 0);
    if (how == NO_FRAME)
        put("this is no frame at all", 23);
    if (how == BOUND_THEN_HANG || how == BOUND_THEN_CRASH)
        put_news(1);
    if (how == BOUND_THEN_CRASH)
        raise(SIGKILL);
    if (how == PROVES_TOO_MUCH) {
        good.proven = true;
        put_answer(&good, columns, 0);
    }
    while (how == WITHOUT_END)
        put_news(1);
    if (how == HALF_AN_ANSWER)
        put_answer(&good, columns, 3);
    signal(SIGTERM, SIG_IGN);
    while (how == BOUND_THEN_HANG)
        pause();
}

int main(void)
{
    static uint8_t bytes[65536];
    struct rh_wire_frame frame;
    struct rh_wire_task task;
    size_t length = 0;
    ssize_t got;

    while ((got = read(STDIN_FILENO, bytes + length, sizeof(bytes) - length)) > 0)
        length += (size_t)got;
    if (rh_wire_frame(bytes, length, RH_WIRE_FRAME_MAX, &frame, NULL) <= 0 ||
        rh_wire_get_task(&frame, &task, NULL) < 0)
        return 1;
    lie(task.task.seed, task.program.columns);
    rh_wire_task_fini(&task);
    return 0;
}
