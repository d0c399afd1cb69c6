/*
 * Proposals and explanations, on small houses: a proposal is the best slot there is by the checker;
 * an explanation is tried by taking the obstacle away.
 */
#include "plugins/appointments/slots/plan.h"
#include "plugins/appointments/slots/propose.h"
#include "tests/unit/slots/houses.h"

enum { HOUSES = 300, BEYOND = 0 };

static uint64_t shown;

#define must(holds_)                                                                               \
    do {                                                                                           \
        if (!(holds_))                                                                             \
            fail_msg("house %llu: %s", (unsigned long long)shown, #holds_);                        \
    } while (0)

/* All but the meeting asked for keep what they have; those that fit nobody have nothing. */
static void settle(struct house *house, int32_t asked)
{
    house->meetings[asked].state = SLOTS_FREE;
    for (int32_t m = 0; m < house->model.meeting_count; m++)
        if (m != asked && house->meetings[m].state == SLOTS_STANDS)
            house->meetings[m].state = SLOTS_FIXED;
}

/* What the checker says of that slot, less what the others cost alone: -1 when it breaks a rule. */
static int64_t price_by_checker(const struct house *house, int32_t asked, struct slots_slot slot)
{
    struct heap heap = {NULL, -1};
    struct slots_memory memory = {heap_alloc, &heap};
    struct slots_slot slots[8];
    struct slots_verdict verdict = {0};

    for (int32_t m = 0; m < house->model.meeting_count; m++) {
        slots[m] = house->meetings[m].at;
        if (house->meetings[m].state == SLOTS_FREE)
            slots[m].day = SLOTS_NOWHERE;
    }
    slots[asked] = slot;
    assert_int_equal(slots_verify(&memory, &house->model, slots, &verdict), SLOTS_OK);
    heap_free(&heap);
    return verdict.broken ? -1 : verdict.total;
}

static int64_t best_by_checker(const struct house *house, int32_t asked, int32_t *ret_slots)
{
    const struct slots_meeting *what = &house->meetings[asked];
    int64_t best = -1;

    *ret_slots = 0;
    for (int32_t day = what->earliest; day <= what->latest; day++)
        for (int32_t start = what->from; start + what->minutes <= what->until;
             start += house->model.rules.grid_minutes) {
            int64_t price = price_by_checker(house, asked, (struct slots_slot){day, start});

            *ret_slots += price >= 0;
            if (price >= 0 && (best < 0 || price < best))
                best = price;
        }
    return best;
}

static void the_first_proposal_is_the_best_slot_and_its_notes_add_up(void **state)
{
    int32_t none = 0;

    (void)state;
    for (shown = 1; shown <= HOUSES; shown++) {
        struct house *house = house_small(shown);
        struct heap heap = {NULL, -1};
        struct slots_memory memory = {heap_alloc, &heap};
        struct slots_proposals proposals;
        int32_t slots;
        int64_t best;

        settle(house, 0);
        best = best_by_checker(house, 0, &slots);
        assert_int_equal(slots_propose(&memory, &house->model, 0, 3, &proposals), SLOTS_OK);

        must(proposals.possible_slots == slots);
        must((proposals.count == 0) == (best < 0));
        must(proposals.count == 0 || proposals.list[0].price == best);
        for (int32_t i = 0; i < proposals.count; i++) {
            int64_t sum = 0;

            for (int32_t n = 0; n < proposals.list[i].note_count; n++)
                sum += proposals.list[i].notes[n].price;
            must(sum == proposals.list[i].price);
            must(i == 0 || proposals.list[i].price >= proposals.list[i - 1].price);
        }
        none += proposals.count == 0;
        heap_free(&heap);
        house_free(house);
    }
    assert_in_range(none, 20, HOUSES - 20);
}

/* ---- explanations ---- */

/* Takes one obstacle away: the house is as if it had never been there. */
static int32_t give_way(struct house *house, const struct slots_obstacle *obstacle)
{
    struct slots_party *party = obstacle->party < 0 ? NULL : &house->parties[obstacle->party];

    if (obstacle->other >= 0) {
        house->meetings[obstacle->other].state = SLOTS_FREE;
        return 1;
    }
    switch ((enum slots_rule)obstacle->rule) {
    case SLOTS_RULE_BLOCKED_WEEKDAY:
        party->blocked_weekdays = 0;
        return 1;
    case SLOTS_RULE_BLOCKED_DAY:
        party->blocked_count = 0;
        return 1;
    case SLOTS_RULE_ABSENT:
        party->absent_count = 0;
        return 1;
    case SLOTS_RULE_BUSY:
        party->busy_count = 0;
        return 1;
    case SLOTS_RULE_WEEK:
        party->weekly_max = 100;
        return 1;
    case SLOTS_RULE_HOURS:
        for (int32_t d = 0; d < 7; d++)
            party->hours[d] = (struct slots_hours){0, 1440};
        return 1;
    case SLOTS_RULE_FREE_DAY:
    case SLOTS_RULE_MEETING:
    case SLOTS_RULE_TRAVEL:
    case SLOTS_RULE_REST:
    case SLOTS_RULE_ORDER:
    case SLOTS_RULE_EARLIEST:
    case SLOTS_RULE_LATEST:
    case SLOTS_RULE_COUNT:
        break;
    }
    return 0;
}

static int32_t is_possible(const struct house *house, int32_t asked)
{
    struct heap heap = {NULL, -1};
    struct slots_memory memory = {heap_alloc, &heap};
    struct slots_proposals proposals;

    assert_int_equal(slots_propose(&memory, &house->model, asked, 1, &proposals), SLOTS_OK);
    heap_free(&heap);
    return proposals.count > 0;
}

/* What says that one obstacle alone prevents a slot is right exactly when its absence opens one;
 * without another meeting there is a place more in the week, too, so that may open one besides. */
static void try_each(uint64_t seed, const struct slots_hindrance *why)
{
    for (int32_t i = 0; i < why->count; i++) {
        const struct slots_obstacle *obstacle = &why->list[i];
        int32_t opens = obstacle->opens.day != SLOTS_NOWHERE;
        struct house *house = house_small(seed);

        settle(house, 0);
        if (give_way(house, obstacle)) {
            if (obstacle->other < 0)
                must(is_possible(house, 0) == opens);
            if (opens)
                must(price_by_checker(house, 0, obstacle->opens) >= 0);
        }
        house_free(house);
    }
}

/* The set alone prevents everything: without all other obstacles there is still no slot; and each
 * of it is needed: without the others and without it, there is one. Not asked where weeks are full
 * and meetings in the way, for the same reason. */
static void try_set(uint64_t seed, const struct slots_hindrance *why, int32_t *tried)
{
    int32_t weeks = 0, others = 0;

    for (int32_t i = 0; i < why->count; i++) {
        weeks += why->list[i].rule == SLOTS_RULE_WEEK && why->list[i].other < 0;
        others += why->list[i].other >= 0;
    }
    for (int32_t left_out = -1; left_out < why->count && !(weeks && others); left_out++) {
        struct house *house = house_small(seed);
        int32_t all = left_out < 0 || why->list[left_out].in_set;

        settle(house, 0);
        for (int32_t i = 0; i < why->count && all; i++)
            if (!why->list[i].in_set || i == left_out)
                all = give_way(house, &why->list[i]);
        if (all)
            must(is_possible(house, 0) == (left_out >= 0));
        *tried += all;
        house_free(house);
    }
}

static void an_explanation_names_what_is_in_the_way_and_no_more(void **state)
{
    int32_t explained = 0, helped = 0, without = 0, tried = 0;

    (void)state;
    for (shown = 1; shown <= HOUSES; shown++) {
        struct house *house = house_small(shown);
        struct heap heap = {NULL, -1};
        struct slots_memory memory = {heap_alloc, &heap};
        struct slots_hindrance why;

        settle(house, 0);
        assert_int_equal(slots_why_not(&memory, &house->model, 0, BEYOND, &why), SLOTS_OK);
        must((why.possible > 0) == is_possible(house, 0));
        if (why.possible == 0) {
            int32_t in_set = 0;

            for (int32_t i = 0; i < why.count; i++) {
                in_set += why.list[i].in_set;
                helped += why.list[i].opens.day != SLOTS_NOWHERE;
            }
            must(in_set > 0);
            must(why.tried == 0 || why.nearest_count > 0);
            without += why.without_count > 0;
            try_each(shown, &why);
            try_set(shown, &why, &tried);
            explained++;
        }
        heap_free(&heap);
        house_free(house);
    }
    assert_in_range(explained, 20, HOUSES);
    assert_in_range(helped, 20, 10000);
    assert_in_range(tried, 50, 10000);
    assert_in_range(without, 5, HOUSES);
}

/* A house in words: who is in the way, and on which day it would be possible. */
static void an_absence_is_named_with_the_day_that_it_takes_away(void **state)
{
    struct house *house = house_new(28);
    struct heap heap = {NULL, -1};
    struct slots_memory memory = {heap_alloc, &heap};
    int32_t one = house_party(house, 0, 0, 3), two = house_party(house, 10, 0, 3);
    int32_t office = house_party(house, 5, 0, 0);
    int32_t m = house_meeting(house, 1, office, 420, 0, 11, 2);
    struct slots_hindrance why;

    (void)state;
    house_seat(house, m, office, 0);
    house_seat(house, m, one, 0);
    house_seat(house, m, two, 0);
    house_absent(house, one, MONDAY, MONDAY + 8);
    house_busy(house, one, MONDAY + 4, 540, 600);
    for (int32_t day = 7; day < 12; day++)
        if (day != 8)
            house_busy(house, two, MONDAY + day, 600, 660);

    assert_int_equal(slots_why_not(&memory, &house->model, m, 14, &why), SLOTS_OK);

    assert_int_equal(why.possible, 0);
    assert_int_equal(why.list[0].in_set + why.list[1].in_set, 2);
    for (int32_t i = 0; i < why.count; i++) {
        const struct slots_obstacle *o = &why.list[i];

        if (o->rule == SLOTS_RULE_ABSENT) {
            assert_int_equal(o->party, one);
            assert_int_equal(o->opens.day, MONDAY + 2);
        } else if (o->rule == SLOTS_RULE_BUSY && o->party == two) {
            assert_int_equal(o->opens.day, MONDAY + 9);
        } else if (o->rule == SLOTS_RULE_LATEST) {
            assert_int_equal(o->opens.day, MONDAY + 14);
        }
    }
    assert_int_equal(why.without_count, 2);
    heap_free(&heap);
    house_free(house);
}

/* Two offices 200 km apart: a day between them, or an evening that ends early enough. */
static void nobody_goes_without_eleven_hours_of_rest(void **state)
{
    struct house *house = house_new(14);
    struct heap heap = {NULL, -1};
    struct slots_memory memory = {heap_alloc, &heap};
    int32_t person = house_party(house, 0, 0, 5), far = house_party(house, 400, 0, 0);
    int32_t near = house_party(house, 0, 1, 0);
    int32_t fixed = house_meeting(house, 1, far, 420, 0, 9, 1);
    int32_t asked = house_meeting(house, 1, near, 420, 1, 4, 2);
    struct slots_proposals proposals;
    struct slots_note notes[4];

    (void)state;
    house_seat(house, fixed, person, 0);
    house_seat(house, asked, person, 0);
    house->meetings[fixed].state = SLOTS_FIXED;
    house->meetings[fixed].at = (struct slots_slot){MONDAY + 1, 540};

    /* 16:00 and 6 h 40 min home: back at 22:40; 11 hours later it is 9:40. */
    assert_int_equal(
        slots_broken(&memory, &house->model, asked, (struct slots_slot){MONDAY + 2, 540}, notes, 4),
        1);
    assert_int_equal(notes[0].rule, SLOTS_RULE_REST);
    assert_int_equal(notes[0].other, fixed);
    assert_int_equal(slots_propose(&memory, &house->model, asked, 5, &proposals), SLOTS_OK);
    assert_int_equal(proposals.list[0].slot.day, MONDAY + 3);
    heap_free(&heap);
    house_free(house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_proposal_is_the_best_slot_and_its_notes_add_up),
        cmocka_unit_test(an_explanation_names_what_is_in_the_way_and_no_more),
        cmocka_unit_test(an_absence_is_named_with_the_day_that_it_takes_away),
        cmocka_unit_test(nobody_goes_without_eleven_hours_of_rest),
    };

    return cmocka_run_group_tests_name("slots/propose", tests, NULL, NULL);
}
