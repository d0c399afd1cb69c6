/* houses.h - models for tests: drawn from a seed, small enough to try every plan there is, or as
 * large as the house. Nothing of the search is used here. */
#ifndef TESTS_UNIT_SLOTS_HOUSES_H
#define TESTS_UNIT_SLOTS_HOUSES_H

#include "plugins/appointments/slots/model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- memory that is given back at once ---- */

struct heap {
    void *last;
    int32_t left; /* allocations until one fails; < 0: none does */
};

static inline void *heap_alloc(void *context, size_t size)
{
    struct heap *heap = context;
    void **block;

    if (heap->left == 0)
        return NULL;
    heap->left -= heap->left > 0;
    block = calloc(1, size + sizeof(max_align_t));
    if (!block)
        abort();
    *block = heap->last;
    heap->last = block;
    return (char *)block + sizeof(max_align_t);
}

static inline void heap_free(struct heap *heap)
{
    while (heap->last) {
        void *before = *(void **)heap->last;

        free(heap->last);
        heap->last = before;
    }
}

/* ---- chance ---- */

static inline uint32_t below(uint64_t *state, uint32_t n)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((*state >> 33) % n);
}

static inline int32_t chance(uint64_t *state, uint32_t percent)
{
    return below(state, 100) < percent;
}

/* ---- a house ---- */

enum {
    MONDAY = 20094, /* 2025-01-06 */
    PARTIES = 300,
    BUSY = 60,
    SEATS = 4,
    GROUPS = 200,
    PER_GROUP = 3
};

struct house {
    struct slots_model model;
    uint8_t days[4][2200];
    const uint8_t *calendars[4];
    struct slots_place places[PARTIES];
    struct slots_party parties[PARTIES];
    struct slots_span *busy[PARTIES]; /* owned */
    struct slots_range absent[PARTIES][4];
    struct slots_range blocked[PARTIES][2];
    struct slots_meeting meetings[GROUPS * PER_GROUP];
    struct slots_attendee seats[GROUPS * PER_GROUP][SEATS];
    struct slots_group groups[GROUPS];
};

static inline void house_free(struct house *house)
{
    for (int32_t p = 0; p < PARTIES; p++)
        free(house->busy[p]);
    free(house);
}

static inline struct house *house_new(int32_t days)
{
    struct house *house = calloc(1, sizeof(*house));

    if (!house)
        abort();
    house->model = (struct slots_model){.first_day = MONDAY,
                                        .day_count = days,
                                        .calendars = house->calendars,
                                        .places = house->places,
                                        .parties = house->parties,
                                        .meetings = house->meetings,
                                        .groups = house->groups};
    for (int32_t c = 0; c < 4; c++) {
        house->calendars[c] = house->days[c];
        for (int32_t i = 0; i < days; i++)
            house->days[c][i] = slots_weekday(house->model.first_day + i) >= 5 ? SLOTS_DAY_FREE : 0;
    }
    house->model.rules = (struct slots_rules){.grid_minutes = 30,
                                              .metres_per_hour = 60000,
                                              .buffer_minutes = 15,
                                              .rest_minutes = 660,
                                              .leave_minute = 7 * 60,
                                              .home_minute = 19 * 60,
                                              .price = {[SLOTS_COST_LATE] = 2,
                                                        [SLOTS_COST_EARLY] = 3,
                                                        [SLOTS_COST_HOUR] = 1,
                                                        [SLOTS_COST_SCHOOL] = 20,
                                                        [SLOTS_COST_QUIET] = 60,
                                                        [SLOTS_COST_JOURNEY] = 2,
                                                        [SLOTS_COST_WEEK] = 4,
                                                        [SLOTS_COST_TRAVEL] = 1,
                                                        [SLOTS_COST_OPTIONAL] = 10,
                                                        [SLOTS_COST_CHANGE] = 50}};
    return house;
}

static inline int32_t house_party(struct house *house, int32_t x_km, int32_t y_km, int32_t weekly)
{
    int32_t p = house->model.party_count++;
    struct slots_party *party = &house->parties[p];

    house->places[p] = (struct slots_place){x_km * 1000, y_km * 1000};
    house->model.place_count = house->model.party_count;
    party->home = p;
    party->weekly_max = weekly;
    for (int32_t d = 0; d < 7; d++)
        party->hours[d] = d < 5 ? (struct slots_hours){480, 1020} : (struct slots_hours){0, 0};
    party->absent = house->absent[p];
    party->blocked = house->blocked[p];
    return p;
}

static inline void house_busy(struct house *house, int32_t party, int32_t day, int32_t start,
                              int32_t end)
{
    struct slots_party *who = &house->parties[party];
    struct slots_span *grown =
        realloc(house->busy[party], ((size_t)who->busy_count + 1) * sizeof(*grown));
    int32_t i = who->busy_count++;

    if (!grown)
        abort();
    for (; i > 0 &&
           (grown[i - 1].day > day || (grown[i - 1].day == day && grown[i - 1].start > start));
         i--)
        grown[i] = grown[i - 1];
    grown[i] = (struct slots_span){day, start, end};
    house->busy[party] = grown;
    who->busy = grown;
}

static inline void house_absent(struct house *house, int32_t party, int32_t first, int32_t last)
{
    struct slots_party *who = &house->parties[party];

    house->absent[party][who->absent_count++] = (struct slots_range){first, last};
}

static inline void house_block(struct house *house, int32_t party, int32_t first, int32_t last)
{
    struct slots_party *who = &house->parties[party];

    house->blocked[party][who->blocked_count++] = (struct slots_range){first, last};
}

/* Of the last group, unless `group` is set; days count from the first of the horizon. */
static inline int32_t house_meeting(struct house *house, int32_t new_group, int32_t office,
                                    int32_t minutes, int32_t earliest, int32_t latest,
                                    int32_t ideal)
{
    int32_t m = house->model.meeting_count++, first = house->model.first_day;
    struct slots_meeting *meeting = &house->meetings[m];

    *meeting = (struct slots_meeting){.place = office,
                                      .minutes = minutes,
                                      .from = 540,
                                      .until = 960,
                                      .earliest = first + earliest,
                                      .latest = first + latest,
                                      .ideal = first + ideal,
                                      .ideal_minute = 540,
                                      .gap = 1,
                                      .attendees = house->seats[m]};
    if (new_group)
        house->groups[house->model.group_count++] = (struct slots_group){m, 1};
    else
        house->groups[house->model.group_count - 1].count++;
    house->model.calendar_count = 4;
    return m;
}

static inline void house_seat(struct house *house, int32_t meeting, int32_t party, int32_t optional)
{
    struct slots_meeting *what = &house->meetings[meeting];

    house->seats[meeting][what->attendee_count++] = (struct slots_attendee){party, optional};
}

/*
 * Two or three moderators, one or two offices, two to four meetings in two weeks with hardly any
 * room: all that the rules say occurs.
 */
static inline struct house *house_small(uint64_t seed)
{
    uint64_t state = seed * 0x9e3779b97f4a7c15u + 7;
    int32_t days = 8 + (int32_t)below(&state, 4), people, offices, groups, first;
    struct house *house = house_new(days);

    for (int32_t i = 0; i < 8; i++)
        (void)below(&state, 2);
    first = house->model.first_day;
    house->model.rules.grid_minutes = 90 + 30 * (int32_t)below(&state, 4);
    people = 2 + (int32_t)below(&state, 2);
    offices = 1 + (int32_t)below(&state, 2);
    for (int32_t p = 0; p < people + offices; p++) {
        int32_t party = house_party(house, (int32_t)below(&state, 220), (int32_t)below(&state, 120),
                                    p < people ? 1 + (int32_t)below(&state, 3) : 0);

        if (chance(&state, 25))
            house->parties[party].blocked_weekdays = 1u << below(&state, 5);
        if (chance(&state, 25))
            house_absent(house, party, first + (int32_t)below(&state, 5),
                         first + 5 + (int32_t)below(&state, 3));
        if (chance(&state, 15))
            house_block(house, party, first + 2, first + 2 + (int32_t)below(&state, 2));
        if (chance(&state, 20))
            house->parties[party].home = -1;
        for (int32_t i = 0; i < days; i++)
            if (chance(&state, 20))
                house_busy(house, party, first + i, 540 + 60 * (int32_t)below(&state, 4),
                           840 + 60 * (int32_t)below(&state, 4));
    }
    for (int32_t c = 0; c < 4; c++)
        for (int32_t i = 0; i < days; i++) {
            house->days[c][i] |= chance(&state, 10) ? SLOTS_DAY_FREE : 0;
            house->days[c][i] |= chance(&state, 15) ? SLOTS_DAY_SCHOOL : 0;
            house->days[c][i] |= chance(&state, 10) ? SLOTS_DAY_QUIET : 0;
        }
    groups = 2 + (int32_t)below(&state, 2);
    for (int32_t g = 0; g < groups; g++) {
        int32_t count = 1 + (int32_t)below(&state, 2);

        for (int32_t i = 0; i < count && house->model.meeting_count < 4; i++) {
            int32_t office = people + (int32_t)below(&state, (uint32_t)offices);
            int32_t from = (int32_t)below(&state, 3), to = days - 1 - (int32_t)below(&state, 3);
            int32_t long_one = chance(&state, 35);
            int32_t m = house_meeting(house, i == 0, chance(&state, 10) ? -1 : office,
                                      long_one ? 420 : 120 + 60 * (int32_t)below(&state, 2), from,
                                      to, from + (int32_t)below(&state, (uint32_t)(to - from + 1)));
            struct slots_meeting *what = &house->meetings[m];

            what->calendar = (int32_t)below(&state, 2);
            if (i)
                what->calendar = what[-1].calendar;
            what->gap = 1 + (int32_t)below(&state, 3);
            what->ideal_minute = 540 + 60 * (int32_t)below(&state, 4);
            house_seat(house, m, office, 0);
            for (int32_t p = 0; p < people; p++)
                if (chance(&state, 70))
                    house_seat(house, m, p, chance(&state, 20));
            if (chance(&state, 30)) {
                what->state = chance(&state, 40) ? SLOTS_FIXED : SLOTS_STANDS;
                what->at = (struct slots_slot){first + (int32_t)below(&state, (uint32_t)days),
                                               540 + 30 * (int32_t)below(&state, 3)};
                if (what->at.start + what->minutes > 1080)
                    what->at.start = 540;
            }
        }
    }
    return house;
}

/* A round of `offices` procedures with three meetings each, by teams of two from so many moderators
 * who are often busy: as the house is, but with less air. */
static inline struct house *house_round(int32_t offices, int32_t people, uint64_t seed)
{
    static const int32_t gap[PER_GROUP] = {1, 10, 8}, ideal[PER_GROUP] = {8, 24, 38};
    int32_t days = 40 + offices * 7;
    struct house *house = house_new(days);
    uint64_t state = seed * 0x9e3779b97f4a7c15u + 7;

    for (int32_t p = 0; p < people + offices; p++) {
        (void)house_party(house, (int32_t)below(&state, 220), (int32_t)below(&state, 180),
                          p < people ? 2 : 0);
        for (int32_t i = 0; p < people && i < days; i++)
            if (chance(&state, 30))
                house_busy(house, p, MONDAY + i, 540, chance(&state, 50) ? 720 : 960);
    }
    for (int32_t g = 0; g < offices; g++) {
        int32_t one = (int32_t)below(&state, (uint32_t)people);
        int32_t two = (one + 1 + (int32_t)below(&state, (uint32_t)people - 1)) % people;

        for (int32_t s = 0; s < PER_GROUP; s++) {
            int32_t day = g * 5 + ideal[s];
            int32_t m = house_meeting(house, s == 0, people + g, s == 1 ? 420 : 120, day - 6,
                                      day + 16, day);

            house->meetings[m].gap = gap[s];
            house_seat(house, m, people + g, 0);
            house_seat(house, m, one, 0);
            house_seat(house, m, two, 0);
        }
    }
    return house;
}

#endif
