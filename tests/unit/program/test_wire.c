/* wire.h: what is written is read again; anything else is refused. */
#include "core/base/alloc.h"
#include "core/program/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const int64_t start[] = {1, 0, 1};

static void build(struct rh_program *program, struct rh_program_task *task)
{
    rh_program_init(program);
    rh_program_column(program, 2, 0, 1, true);
    rh_program_column(program, -3, -RH_PROGRAM_OPEN, 7, false);
    rh_program_column(program, RH_PROGRAM_VALUE_MAX, 0, RH_PROGRAM_OPEN, true);
    rh_program_row(program, 1, RH_PROGRAM_OPEN);
    rh_program_entry(program, 0, 1);
    rh_program_entry(program, 2, -5);
    rh_program_row(program, -4, 4); /* empty */
    *task = (struct rh_program_task){.program = program,
                                     .start = start,
                                     .start_value = 77,
                                     .grain = 3,
                                     .time_limit_ms = 900,
                                     .seed = UINT64_MAX};
}

static void encode(uint8_t **bytes, size_t *length)
{
    struct rh_program program;
    struct rh_program_task task;

    build(&program, &task);
    assert_int_equal(rh_wire_put_task(&task, bytes, length, NULL), 0);
    rh_program_fini(&program);
}

static int32_t decode(const uint8_t *bytes, size_t length, struct rh_wire_task *task)
{
    struct rh_wire_frame frame;
    int64_t size = rh_wire_frame(bytes, length, RH_WIRE_FRAME_MAX, &frame, NULL);

    if (size <= 0)
        return size == 0 ? RH_EINVALID : (int32_t)size;
    return rh_wire_get_task(&frame, task, NULL);
}

static void a_task_comes_through_whole(void **state)
{
    struct rh_wire_task task;
    uint8_t *bytes, *again;
    size_t length, length_again;
    (void)state;

    encode(&bytes, &length);
    assert_int_equal(decode(bytes, length, &task), 0);

    assert_int_equal(task.program.columns, 3);
    assert_int_equal(task.program.cost[1], -3);
    assert_int_equal(task.program.low[1], -RH_PROGRAM_OPEN);
    assert_int_equal(task.program.whole[1], 0);
    assert_int_equal(task.program.entry_value[1], -5);
    assert_int_equal(task.task.start[2], 1);
    assert_int_equal(task.task.start_value, 77);
    assert_true(task.task.seed == UINT64_MAX);
    assert_int_equal(rh_wire_put_task(&task.task, &again, &length_again, NULL), 0);
    assert_int_equal(length_again, length);
    assert_memory_equal(again, bytes, length);
    rh_free(again);
    rh_free(bytes);
    rh_wire_task_fini(&task);
}

static void a_frame_is_waited_for_until_it_is_whole(void **state)
{
    struct rh_wire_frame frame;
    uint8_t *bytes;
    size_t length;
    (void)state;

    encode(&bytes, &length);

    for (size_t cut = 0; cut < length; cut++)
        assert_int_equal(rh_wire_frame(bytes, cut, RH_WIRE_FRAME_MAX, &frame, NULL), 0);
    assert_int_equal(rh_wire_frame(bytes, length, RH_WIRE_FRAME_MAX, &frame, NULL), length);
    assert_int_equal(rh_wire_frame(bytes, length, (int64_t)length - 1, &frame, NULL), RH_ETOOLARGE);
    rh_free(bytes);
}

/* Any byte changed: refused, or another good task; the sanitizers watch the rest. */
static void changed_bytes_do_no_harm(void **state)
{
    static const uint8_t changes[] = {0x01, 0x80, 0xff, 0x7f};
    uint8_t *bytes;
    size_t length, refused = 0;
    (void)state;

    encode(&bytes, &length);

    for (size_t i = 0; i < length; i++)
        for (size_t k = 0; k < sizeof(changes); k++) {
            struct rh_wire_task task;

            bytes[i] ^= changes[k];
            if (decode(bytes, length, &task) == 0)
                rh_wire_task_fini(&task);
            else
                refused++;
            bytes[i] ^= changes[k];
        }
    assert_true(refused > 4 * 30); /* at least the head and the counts */
    rh_free(bytes);
}

static void a_column_twice_in_a_row_is_refused(void **state)
{
    struct rh_program program;
    struct rh_program_task task;
    struct rh_wire_task read;
    uint8_t *bytes;
    size_t length;
    (void)state;

    build(&program, &task);
    rh_program_entry(&program, 1, 1);
    rh_program_entry(&program, 1, 1);
    assert_int_equal(rh_wire_put_task(&task, &bytes, &length, NULL), 0);

    assert_int_equal(decode(bytes, length, &read), RH_EINVALID);
    rh_free(bytes);
    rh_program_fini(&program);
}

static void news_and_answers_come_through(void **state)
{
    int64_t x[] = {5, -6}, read_x[2] = {0, 0}, best = 0, bound = 0;
    struct rh_program_answer answer = {.x = x, .has_x = true, .proven = true, .bound = 12};
    struct rh_program_answer read = {.x = read_x};
    struct rh_wire_frame frame;
    uint8_t news[RH_WIRE_NEWS_SIZE], *bytes;
    size_t length;
    (void)state;

    rh_wire_put_news(INT64_MAX, INT64_MIN, news);
    assert_int_equal(rh_wire_frame(news, sizeof(news), 1000, &frame, NULL), sizeof(news));
    assert_int_equal(rh_wire_get_news(&frame, &best, &bound, NULL), 0);
    assert_true(best == INT64_MAX && bound == INT64_MIN);

    assert_int_equal(rh_wire_put_answer(&answer, 2, &bytes, &length, NULL), 0);
    assert_int_equal(length, rh_wire_answer_max(2));
    assert_int_equal(rh_wire_frame(bytes, length, 1000, &frame, NULL), length);
    assert_int_equal(rh_wire_get_answer(&frame, 3, &read, NULL), RH_EINVALID);
    assert_int_equal(rh_wire_get_answer(&frame, 2, &read, NULL), 0);
    assert_true(read.has_x && read.proven && !read.infeasible);
    assert_int_equal(read.bound, 12);
    assert_memory_equal(read_x, x, sizeof(x));
    bytes[RH_WIRE_HEAD + 4] |= 4; /* an answer, and none */
    assert_int_equal(rh_wire_get_answer(&frame, 2, &read, NULL), RH_EINVALID);
    rh_free(bytes);
}

static void without_memory_nothing_is_left(void **state)
{
    uint8_t *bytes;
    size_t length;
    long n = 1;
    int32_t rc;
    (void)state;

    encode(&bytes, &length);
    do {
        struct rh_wire_task task;

        rh_alloc_fail_after(n++, 0);
        rc = decode(bytes, length, &task);
        rh_alloc_fail_after(0, 0);
        if (rc == 0)
            rh_wire_task_fini(&task);
        else
            assert_int_equal(rc, RH_ENOMEM);
    } while (rc < 0 && n < 100);
    assert_int_equal(rc, 0);
    rh_free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_task_comes_through_whole),
        cmocka_unit_test(a_frame_is_waited_for_until_it_is_whole),
        cmocka_unit_test(changed_bytes_do_no_harm),
        cmocka_unit_test(a_column_twice_in_a_row_is_refused),
        cmocka_unit_test(news_and_answers_come_through),
        cmocka_unit_test(without_memory_nothing_is_left),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
