/* settle.c - what follows from the events by itself: planned, ready, left out. */
#include "core/process/rules.h"

bool process_is_open(enum rh_process_step_state state)
{
    return state == RH_PROCESS_IS_READY || state == RH_PROCESS_IS_RUNNING ||
           state == RH_PROCESS_IS_WAITING;
}

bool process_is_closed(enum rh_process_step_state state)
{
    return state == RH_PROCESS_IS_DONE || state == RH_PROCESS_IS_SKIPPED;
}

const struct rh_process_step_now process_fresh_step = {
    .done_day = RH_NO_DAY,
    .done_at = RH_NO_INSTANT,
    .ready_at = RH_NO_INSTANT,
    .date_day = RH_NO_DAY,
    .date_minute = -1,
    .date_until = -1,
    .set_day = RH_NO_DAY,
    .set_on = RH_NO_DAY,
    .fire_at = RH_NO_INSTANT,
    .wait_until = RH_NO_DAY,
    .mails_from = RH_NO_INSTANT,
    .mails_hold = RH_NO_INSTANT,
};

static bool answer_of(const struct rh_process_state *s, int32_t question)
{
    if (s->answered >> question & 1)
        return s->answers >> question & 1;
    return s->definition->questions[question].fallback;
}

static bool condition_holds(const struct rh_process_state *s, const struct rh_process_step *step)
{
    switch (step->when) {
    case RH_PROCESS_ALWAYS:
        return true;
    case RH_PROCESS_REGULAR:
        return !s->suggested_by;
    case RH_PROCESS_OUT_OF_TURN:
        return s->suggested_by != NULL;
    case RH_PROCESS_IF:
        return answer_of(s, step->question);
    case RH_PROCESS_IF_NOT:
        return !answer_of(s, step->question);
    }
    return true;
}

bool process_needs_met(const struct rh_process_state *s, const struct rh_process_step *step)
{
    for (uint64_t needs = step->needs; needs; needs &= needs - 1)
        if (!process_is_closed(s->steps[__builtin_ctzll(needs)].state))
            return false;
    return true;
}

static bool can_be_ready(const struct rh_process_state *s, size_t i)
{
    const struct rh_process_step *step = &s->definition->steps[i];

    return s->started && process_needs_met(s, step) && (!step->open.given || s->steps[i].opened);
}

/* Planned, ready and left out follow from the rest; again until nothing moves, for one step's end
 * is another's beginning. */
void process_settle(struct rh_process_state *s, int64_t at)
{
    bool moved = s->begun;

    while (moved) {
        moved = false;
        for (size_t i = 0; i < s->definition->step_count; i++) {
            struct rh_process_step_now *now = &s->steps[i];
            enum rh_process_step_state before = now->state;
            bool holds = condition_holds(s, &s->definition->steps[i]);

            if (now->state == RH_PROCESS_IS_SKIPPED && now->by_condition && holds)
                now->state = RH_PROCESS_IS_PLANNED;
            if ((now->state == RH_PROCESS_IS_PLANNED || now->state == RH_PROCESS_IS_READY) &&
                !holds)
                now->state = RH_PROCESS_IS_SKIPPED;
            if (now->state == RH_PROCESS_IS_READY && !can_be_ready(s, i))
                now->state = RH_PROCESS_IS_PLANNED;
            if (now->state == RH_PROCESS_IS_PLANNED && can_be_ready(s, i)) {
                now->state = RH_PROCESS_IS_READY;
                now->ready_at = now->mails_from = at;
                now->mails_strict = false;
            }
            now->by_condition = now->state == RH_PROCESS_IS_SKIPPED && !holds &&
                                (now->by_condition || before != RH_PROCESS_IS_SKIPPED);
            moved = moved || now->state != before;
        }
    }
}
