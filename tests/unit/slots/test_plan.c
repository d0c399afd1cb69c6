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
    struct slots_verdict verdict = {0};

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
    struct slots_verdict verdict = {0};

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

/* ---- a whole round ---- */

static void plan_round(struct house *house, const struct slots_options *options, struct heap *heap,
                       struct slots_plan *ret)
{
    struct slots_memory memory = {heap_alloc, heap};
    const char *where;

    if (slots_model_check(&house->model, &where) != SLOTS_OK)
        fail_msg("bad model: %s", where);
    assert_int_equal(slots_plan(&memory, &house->model, options, ret), SLOTS_OK);
    assert_int_equal(ret->verdict.broken, 0);
}

static void the_same_seed_gives_the_same_plan(void **state)
{
    struct house *house = house_round(24, 9, 3);
    struct slots_options options = {.seed = 7, .step_limit = 2000};
    struct heap heap = {NULL, -1};
    struct slots_plan one, two, other;

    (void)state;
    plan_round(house, &options, &heap, &one);
    plan_round(house, &options, &heap, &two);
    options.seed = 8;
    plan_round(house, &options, &heap, &other);

    assert_memory_equal(one.slots, two.slots,
                        (size_t)house->model.meeting_count * sizeof(*one.slots));
    assert_memory_not_equal(one.slots, other.slots,
                            (size_t)house->model.meeting_count * sizeof(*one.slots));
    assert_true(one.verdict.total >= one.bound_cost || one.verdict.unplaced > one.bound_unplaced);
    heap_free(&heap);
    house_free(house);
}

static void search_is_better_than_taking_groups_as_they_come(void **state)
{
    struct house *house = house_round(40, 10, 5);
    struct slots_options options = {.seed = 1, .only_first = 1};
    struct heap heap = {NULL, -1};
    struct slots_plan first, best;

    (void)state;
    plan_round(house, &options, &heap, &first);
    options.only_first = 0;
    options.step_limit = 4000;
    plan_round(house, &options, &heap, &best);

    assert_true(best.verdict.unplaced < first.verdict.unplaced ||
                (best.verdict.unplaced == first.verdict.unplaced &&
                 best.verdict.total < first.verdict.total));
    heap_free(&heap);
    house_free(house);
}

/* Somebody falls ill: their meetings of that time move, and hardly anything else. */
static void replanning_moves_little_and_nothing_that_is_fixed(void **state)
{
    struct house *house = house_round(30, 12, 2);
    struct slots_options options = {.seed = 1, .step_limit = 2000};
    struct heap heap = {NULL, -1};
    struct slots_plan before, after;
    int32_t hit = 0, fixed = 0, moved = 0, lost = 0, away = 0;

    (void)state;
    plan_round(house, &options, &heap, &before);
    house_absent(house, 0, MONDAY + 60, MONDAY + 90);
    for (int32_t m = 0; m < house->model.meeting_count; m++) {
        struct slots_meeting *what = &house->meetings[m];

        if (before.slots[m].day == SLOTS_NOWHERE)
            continue;
        what->at = before.slots[m];
        what->state = m % 4 == 0 ? SLOTS_FIXED : SLOTS_STANDS;
        fixed += what->state == SLOTS_FIXED;
        for (int32_t a = 0; a < what->attendee_count; a++)
            hit += what->state == SLOTS_STANDS && what->attendees[a].party == 0 &&
                   what->at.day >= MONDAY + 60 && what->at.day <= MONDAY + 90;
    }
    plan_round(house, &options, &heap, &after);

    for (int32_t m = 0; m < house->model.meeting_count; m++) {
        const struct slots_meeting *what = &house->meetings[m];

        if (what->state == SLOTS_FIXED)
            assert_memory_equal(&what->at, &after.slots[m], sizeof(what->at));
        lost += what->state == SLOTS_STANDS && after.slots[m].day == SLOTS_NOWHERE;
        moved += what->state == SLOTS_STANDS && after.slots[m].day != SLOTS_NOWHERE &&
                 (what->at.day != after.slots[m].day || what->at.start != after.slots[m].start);
    }
    assert_in_range(hit, 1, 20);
    assert_in_range(moved + lost, hit, hit + 3);
    assert_int_equal(moved, after.move_count);
    assert_int_equal(moved, after.verdict.moved);
    /* Each says why: the absence, or that it made room for one of those. */
    for (int32_t i = 0; i < after.move_count; i++)
        away += after.moves[i].broken.rule == SLOTS_RULE_ABSENT;
    assert_int_equal(away + lost, hit);
    assert_true(fixed > 10);
    heap_free(&heap);
    house_free(house);
}

static int32_t stop_at_once(void *context, int64_t steps, int64_t limit)
{
    (void)steps;
    (void)limit;
    ++*(int32_t *)context;
    return 1;
}

static void a_plan_that_is_stopped_is_valid_and_says_so(void **state)
{
    struct house *house = house_round(20, 8, 4);
    int32_t asked = 0;
    struct slots_options options = {.seed = 1, .progress = stop_at_once, .context = &asked};
    struct heap heap = {NULL, -1};
    struct slots_plan plan;

    (void)state;
    plan_round(house, &options, &heap, &plan);

    assert_int_equal(plan.cut, asked);
    assert_true(plan.cut || plan.proven);
    heap_free(&heap);
    house_free(house);
}

static void without_memory_it_says_so(void **state)
{
    struct house *house = house_small(5);
    struct slots_options options = {.seed = 1, .step_limit = 50, .explain_max = 5, .beyond = 3};
    int32_t rc = SLOTS_NO_MEMORY, left = 0;

    (void)state;
    for (; rc == SLOTS_NO_MEMORY && left < 1000; left++) {
        struct heap heap = {NULL, left};
        struct slots_memory memory = {heap_alloc, &heap};
        struct slots_plan plan;

        rc = slots_plan(&memory, &house->model, &options, &plan);
        heap_free(&heap);
    }

    assert_int_equal(rc, SLOTS_OK);
    assert_in_range(left, 20, 999);
    house_free(house);
}

/* The checker has to be able to say no. */
static void the_checker_finds_each_rule_that_is_broken(void **state)
{
    struct house *house = house_new(21);
    struct heap heap = {NULL, -1};
    struct slots_memory memory = {heap_alloc, &heap};
    struct slots_verdict verdict = {0};
    int32_t person = house_party(house, 0, 0, 1), office = house_party(house, 200, 0, 0);
    int32_t one = house_meeting(house, 1, office, 120, 0, 15, 2);
    int32_t two = house_meeting(house, 1, person, 120, 0, 15, 2);
    static const struct {
        struct slots_slot one, two;
        int32_t rule;
    } cases[] = {
        {{MONDAY + 1, 600}, {MONDAY + 8, 600}, -1},
        {{MONDAY + 5, 600}, {MONDAY + 8, 600}, SLOTS_RULE_FREE_DAY},
        {{MONDAY + 16, 600}, {MONDAY + 8, 600}, SLOTS_RULE_LATEST},
        {{MONDAY + 1, 600}, {MONDAY + 8, 900}, SLOTS_RULE_HOURS},
        {{MONDAY + 2, 600}, {MONDAY + 8, 600}, SLOTS_RULE_ABSENT},
        {{MONDAY + 3, 600}, {MONDAY + 8, 600}, SLOTS_RULE_BUSY},
        {{MONDAY + 4, 600}, {MONDAY + 8, 600}, SLOTS_RULE_BLOCKED_WEEKDAY},
        {{MONDAY + 10, 600}, {MONDAY + 1, 600}, SLOTS_RULE_BLOCKED_DAY},
        {{MONDAY + 1, 600}, {MONDAY + 1, 660}, SLOTS_RULE_MEETING},
        {{MONDAY + 1, 540}, {MONDAY + 1, 780}, SLOTS_RULE_TRAVEL},
        {{MONDAY + 7, 600}, {MONDAY + 9, 600}, SLOTS_RULE_WEEK},
    };

    (void)state;
    house_seat(house, one, office, 0);
    house_seat(house, one, person, 0);
    house_seat(house, two, person, 0);
    house_absent(house, person, MONDAY + 2, MONDAY + 2);
    house_busy(house, person, MONDAY + 3, 660, 670);
    house->parties[office].blocked_weekdays = 1u << 4;
    house_block(house, office, MONDAY + 10, MONDAY + 10);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct slots_slot slots[] = {cases[i].one, cases[i].two};

        house->parties[person].weekly_max = cases[i].rule == SLOTS_RULE_WEEK ? 1 : 5;
        assert_int_equal(slots_verify(&memory, &house->model, slots, &verdict), SLOTS_OK);
        shown = i;
        must(cases[i].rule < 0 ? verdict.broken == 0 : verdict.broken > 0);
        must(cases[i].rule < 0 || verdict.first.rule == cases[i].rule);
    }
    heap_free(&heap);
    house_free(house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plan_is_as_good_as_the_best_of_all_plans),
        cmocka_unit_test(the_same_seed_gives_the_same_plan),
        cmocka_unit_test(search_is_better_than_taking_groups_as_they_come),
        cmocka_unit_test(replanning_moves_little_and_nothing_that_is_fixed),
        cmocka_unit_test(a_plan_that_is_stopped_is_valid_and_says_so),
        cmocka_unit_test(without_memory_it_says_so),
        cmocka_unit_test(the_checker_finds_each_rule_that_is_broken),
    };

    return cmocka_run_group_tests_name("slots/plan", tests, NULL, NULL);
}
