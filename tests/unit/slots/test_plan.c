/*
 * Plans against every plan there is: small houses in which all combinations of slots are tried,
 * each judged by the checker, which shares no code with the search.
 */
#include "plugins/appointments/slots/plan.h"
#include "plugins/appointments/slots/propose.h"
#include "tests/unit/slots/houses.h"

static uint64_t shown; /* the house at hand, for messages */

#define must(holds_)                                                                               \
    do {                                                                                           \
        if (!(holds_))                                                                             \
            fail_msg("house %llu: %s", (unsigned long long)shown, #holds_);                        \
    } while (0)

/* ---- every plan ---- */

struct every {
    const struct slots_model *model;
    struct heap *heap;
    struct slots_slot at[4];
    int32_t best_unplaced;
    int64_t best_total;
};

static void judge(struct every *every)
{
    struct heap heap = {NULL, -1};
    struct slots_memory memory = {heap_alloc, &heap};
    struct slots_verdict verdict;

    assert_int_equal(slots_verify(&memory, every->model, every->at, &verdict), SLOTS_OK);
    if (verdict.broken == 0 &&
        (verdict.unplaced < every->best_unplaced ||
         (verdict.unplaced == every->best_unplaced && verdict.total < every->best_total))) {
        every->best_unplaced = verdict.unplaced;
        every->best_total = verdict.total;
    }
    heap_free(&heap);
}

/* Could the slot be in any plan? Asked of the checker, with this meeting alone placed. */
static int32_t alone(struct every *every, int32_t meeting, struct slots_slot slot)
{
    struct heap heap = {NULL, -1};
    struct slots_memory memory = {heap_alloc, &heap};
    struct slots_slot at[4];
    struct slots_verdict verdict;

    for (int32_t i = 0; i < 4; i++)
        at[i].day = SLOTS_NOWHERE;
    at[meeting] = slot;
    assert_int_equal(slots_verify(&memory, every->model, at, &verdict), SLOTS_OK);
    heap_free(&heap);
    return verdict.broken == 0;
}

static void try_from(struct every *every, int32_t meeting);

static void try_slot(struct every *every, int32_t meeting, struct slots_slot slot)
{
    if (!alone(every, meeting, slot))
        return;
    every->at[meeting] = slot;
    try_from(every, meeting + 1);
}

static void try_from(struct every *every, int32_t meeting)
{
    const struct slots_meeting *what = &every->model->meetings[meeting];

    if (meeting == every->model->meeting_count) {
        judge(every);
        return;
    }
    if (what->state == SLOTS_FIXED) {
        every->at[meeting] = what->at;
        try_from(every, meeting + 1);
        return;
    }
    for (int32_t day = every->model->first_day;
         day < every->model->first_day + every->model->day_count; day++) {
        int32_t on_grid = 0;

        for (int32_t start = what->from; start + what->minutes <= what->until;
             start += every->model->rules.grid_minutes) {
            on_grid |= what->at.start == start;
            try_slot(every, meeting, (struct slots_slot){day, start});
        }
        if (what->state == SLOTS_STANDS && what->at.day == day && !on_grid &&
            what->at.start >= what->from && what->at.start + what->minutes <= what->until)
            try_slot(every, meeting, what->at);
    }
    every->at[meeting].day = SLOTS_NOWHERE;
    try_from(every, meeting + 1);
}

static void a_plan_is_as_good_as_the_best_of_all_plans(void **state)
{
    int32_t optimal = 0, proven = 0, unplaced = 0, count = 0;

    (void)state;
    for (shown = 1; shown <= 120; shown++) {
        struct house *house = house_small(shown);
        struct heap heap = {NULL, -1};
        struct slots_memory memory = {heap_alloc, &heap};
        struct slots_options options = {.seed = 1, .step_limit = 600, .explain_max = 10};
        struct every every = {&house->model, &heap, {{0, 0}}, INT32_MAX, INT64_MAX};
        struct slots_plan plan;
        const char *where;

        if (slots_model_check(&house->model, &where) != SLOTS_OK)
            fail_msg("house %llu: %s", (unsigned long long)shown, where);
        assert_int_equal(slots_plan(&memory, &house->model, &options, &plan), SLOTS_OK);
        try_from(&every, 0);

        must(plan.verdict.broken == 0);
        must(plan.bound_unplaced <= every.best_unplaced);
        must(plan.bound_unplaced < every.best_unplaced || plan.bound_cost <= every.best_total);
        must(plan.verdict.unplaced == every.best_unplaced);
        must(plan.verdict.total >= every.best_total);
        must(!plan.proven || plan.verdict.total == every.best_total);
        optimal += plan.verdict.total == every.best_total;
        proven += plan.proven;
        unplaced += every.best_unplaced > 0;
        count++;
        heap_free(&heap);
        house_free(house);
    }

    /* These houses are to say something: most are tight, some have no room for all. */
    assert_in_range(unplaced, 10, 110);
    if (optimal < count)
        fail_msg("only %d of %d plans are the best there is", (int)optimal, (int)count);
    assert_in_range(proven, count / 2, count);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plan_is_as_good_as_the_best_of_all_plans),
    };

    return cmocka_run_group_tests_name("slots/plan", tests, NULL, NULL);
}
