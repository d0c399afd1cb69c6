/* Any bytes as frames: refused with sentences in both languages, or read; what was read is written
 * as the same bytes. */
#include "core/base/alloc.h"
#include "core/program/wire.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool condition)
{
    if (!condition)
        abort();
}

static void check_same(uint8_t *bytes, size_t length, const uint8_t *data, size_t size)
{
    must(length == size && memcmp(bytes, data, size) == 0);
    rh_free(bytes);
}

static void read_task(const struct rh_wire_frame *frame, const uint8_t *data, size_t size)
{
    struct rh_wire_task task;
    struct rh_err err = {0};
    uint8_t *bytes;
    size_t length;
    int64_t cost;

    if (rh_wire_get_task(frame, &task, &err) < 0) {
        must(err.text[RH_DE][0] && err.text[RH_EN][0]);
        return;
    }
    must(rh_wire_put_task(&task.task, &bytes, &length, NULL) == 0);
    check_same(bytes, length, data, size);
    if (task.start)
        (void)rh_program_check(&task.program, task.start, &cost, NULL);
    rh_wire_task_fini(&task);
}

static void read_answer(const struct rh_wire_frame *frame, const uint8_t *data, size_t size)
{
    int64_t x[64];
    struct rh_program_answer answer = {.x = x};
    uint8_t *bytes;
    size_t length;

    for (int32_t columns = 0; columns < 64; columns++)
        if (rh_wire_get_answer(frame, columns, &answer, NULL) == 0) {
            must(rh_wire_put_answer(&answer, columns, &bytes, &length, NULL) == 0);
            check_same(bytes, length, data, size);
        }
}

static void read_news(const struct rh_wire_frame *frame, const uint8_t *data, size_t size)
{
    uint8_t bytes[RH_WIRE_NEWS_SIZE];
    int64_t best, bound;

    if (rh_wire_get_news(frame, &best, &bound, NULL) < 0)
        return;
    rh_wire_put_news(best, bound, bytes);
    must(size == sizeof(bytes) && memcmp(bytes, data, size) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rh_wire_frame frame;
    struct rh_err err = {0};
    int64_t used;

    while ((used = rh_wire_frame(data, size, 1 << 20, &frame, &err)) > 0) {
        read_task(&frame, data, (size_t)used);
        read_news(&frame, data, (size_t)used);
        read_answer(&frame, data, (size_t)used);
        data += used;
        size -= (size_t)used;
    }
    must(used == 0 || (err.text[RH_DE][0] && err.text[RH_EN][0]));
    return 0;
}
