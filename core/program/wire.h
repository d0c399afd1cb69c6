/*
 * wire.h - a task, news and an answer as bytes between two processes of one machine.
 *
 * A frame is 16 bytes of head (magic, version, kind, length of what follows; little-endian) and its
 * payload. Reading is strict: a frame whose counts do not give exactly its length, or with a value
 * out of range, is refused before anything of its size is allocated. Any thread.
 */
#ifndef CORE_PROGRAM_WIRE_H
#define CORE_PROGRAM_WIRE_H

#include "core/program/program.h"

#include <stddef.h>

enum { RH_WIRE_TASK = 1, RH_WIRE_NEWS = 2, RH_WIRE_ANSWER = 3 };
enum { RH_WIRE_HEAD = 16, RH_WIRE_NEWS_SIZE = RH_WIRE_HEAD + 16 };

#define RH_WIRE_FRAME_MAX (INT64_C(1) << 30) /* the largest program fits */

struct rh_wire_frame {
    int32_t kind;
    const uint8_t *payload; /* borrowed from the bytes read */
    size_t length;
};

/* What the first frame of `bytes` is: its size with head, 0 when bytes are missing, RH_EINVALID
 * when this is no frame, RH_ETOOLARGE when it would exceed `maximum`. */
int64_t rh_wire_frame(const uint8_t *bytes, size_t length, int64_t maximum,
                      struct rh_wire_frame *ret, struct rh_err *err);

/* A task that owns its program and its start. */
struct rh_wire_task {
    struct rh_program program;
    int64_t *start; /* owned or NULL */
    struct rh_program_task task;
};

/* The bytes are the caller's, freed by rh_free(). */
int32_t rh_wire_put_task(const struct rh_program_task *task, uint8_t **ret_bytes,
                         size_t *ret_length, struct rh_err *err);
/* `ret` needs rh_wire_task_fini() after success only. */
int32_t rh_wire_get_task(const struct rh_wire_frame *frame, struct rh_wire_task *ret,
                         struct rh_err *err);
void rh_wire_task_fini(struct rh_wire_task *task);

void rh_wire_put_news(int64_t best, int64_t bound, uint8_t ret_bytes[RH_WIRE_NEWS_SIZE]);
int32_t rh_wire_get_news(const struct rh_wire_frame *frame, int64_t *ret_best, int64_t *ret_bound,
                         struct rh_err *err);

int32_t rh_wire_put_answer(const struct rh_program_answer *answer, int32_t columns,
                           uint8_t **ret_bytes, size_t *ret_length, struct rh_err *err);
/* answer->x is the caller's array of `columns`; written only when the frame is good. */
int32_t rh_wire_get_answer(const struct rh_wire_frame *frame, int32_t columns,
                           struct rh_program_answer *answer, struct rh_err *err);
/* The size of an answer's frame is never more than this. */
int64_t rh_wire_answer_max(int32_t columns);

#endif
