#include "plugins/appointments/slots/why.h"

#include "plugins/appointments/slots/domain.h"

#include <stdlib.h>
#include <string.h>

enum { OBSTACLES_MAX = 512, WORDS = OBSTACLES_MAX / 64, NOTES_MAX = 64, MIXED = -2, NOBODY = -1 };

struct
try {
    struct slots_slot slot;
    int64_t price;
    int32_t only; /* the one party that all obstacles are of, NOBODY: there is none, or MIXED */
    int32_t obstacles;
    uint64_t set[WORDS];
};

struct search {
    const struct slots_board *board;
    int32_t meeting;
    struct try *tries;
    int32_t count;
    struct slots_obstacle *obstacles;
    int32_t obstacle_count;
    struct slots_note notes[NOTES_MAX];
};

static int32_t same_obstacle(const struct slots_obstacle *a, const struct slots_note *b)
{
    if (a->other >= 0 || b->other >= 0)
        return a->other == b->other;
    return a->rule == b->rule && a->party == b->party;
}

/* The last one stands for all that there is no room for. */
static int32_t obstacle_of(struct search *search, const struct slots_note *note)
{
    for (int32_t i = 0; i < search->obstacle_count; i++)
        if (same_obstacle(&search->obstacles[i], note))
            return i;
    if (search->obstacle_count == OBSTACLES_MAX)
        return OBSTACLES_MAX - 1;
    search->obstacles[search->obstacle_count] =
        (struct slots_obstacle){note->rule, note->party, note->other, 0, 0, {SLOTS_NOWHERE, 0}, 0};
    return search->obstacle_count++;
}

static int32_t has(const struct try *try, int32_t obstacle)
{
    return (int32_t)(try->set[obstacle / 64] >> (obstacle % 64) & 1);
}

static int32_t try_slot(void *context, struct slots_slot slot)
{
    struct search *search = context;
    struct try *try = &search->tries[search->count++];
    struct slots_sink sink = {search->notes, 0, NOTES_MAX, 1, 0, 0};

    slots_look_alone(search->board, search->meeting, slot, &sink);
    slots_look_beside(search->board, search->meeting, slot, &sink);
    slots_look_order(search->board, search->meeting, slot, &sink);
    *try = (struct try){.slot = slot, .price = sink.price, .only = NOBODY};
    for (int32_t i = 0; i < sink.note_count; i++) {
        int32_t obstacle = obstacle_of(search, &sink.notes[i]), party = sink.notes[i].party;

        if (i == 0)
            try->only = party == NOBODY ? MIXED : party;
        else if (party != try->only)
            try->only = MIXED;
        if (has(try, obstacle))
            continue;
        try->set[obstacle / 64] |= UINT64_C(1) << (obstacle % 64);
        try->obstacles++;
        search->obstacles[obstacle].slots++;
    }
    return 0;
}

static int32_t count_slot(void *context, struct slots_slot slot)
{
    (void)slot;
    ++*(int32_t *)context;
    return 0;
}

static int32_t is_free_day(const struct search *search, int32_t day)
{
    const struct slots_model *model = search->board->model;
    int32_t calendar = model->meetings[search->meeting].calendar;

    return model->calendars[calendar][day - model->first_day] & SLOTS_DAY_FREE;
}

static int32_t try_all(const struct slots_memory *memory, struct search *search, int32_t beyond)
{
    const struct slots_model *model = search->board->model;
    const struct slots_meeting *what = &model->meetings[search->meeting];
    int32_t last_day = model->first_day + model->day_count - 1, room = 0;
    int32_t first =
        what->earliest - model->first_day > beyond ? what->earliest - beyond : model->first_day;
    int32_t last = last_day - what->latest > beyond ? what->latest + beyond : last_day;

    for (int32_t day = first; day <= last; day++)
        if (!is_free_day(search, day))
            (void)slots_each_start(model, search->meeting, day, count_slot, &room);
    search->tries = SLOTS_NEW(memory, struct try, room);
    search->obstacles = SLOTS_NEW(memory, struct slots_obstacle, OBSTACLES_MAX);
    if (!search->tries || !search->obstacles)
        return SLOTS_NO_MEMORY;
    for (int32_t day = first; day <= last; day++)
        if (!is_free_day(search, day))
            (void)slots_each_start(model, search->meeting, day, try_slot, search);
    return SLOTS_OK;
}

/* ---- the irreducible set ---- */

static int32_t all_prevented(const struct search *search, const uint64_t *set)
{
    for (int32_t t = 0; t < search->count; t++) {
        uint64_t met = 0;

        for (int32_t w = 0; w < WORDS; w++)
            met |= search->tries[t].set[w] & set[w];
        if (!met)
            return 0;
    }
    return 1;
}

/* Obstacles are given up one by one, those that prevent little first, as long as the rest still
 * prevents every slot. */
static void reduce(struct search *search)
{
    uint64_t set[WORDS];
    uint8_t asked[OBSTACLES_MAX] = {0};

    memset(set, 0xff, sizeof(set));
    if (!all_prevented(search, set))
        return;
    for (int32_t round = 0; round < search->obstacle_count; round++) {
        int32_t least = -1;

        for (int32_t i = 0; i < search->obstacle_count; i++)
            if (!asked[i] &&
                (least < 0 || search->obstacles[i].slots < search->obstacles[least].slots))
                least = i;
        if (least < 0)
            return;
        asked[least] = 1;
        set[least / 64] &= ~(UINT64_C(1) << (least % 64));
        if (!all_prevented(search, set)) {
            set[least / 64] |= UINT64_C(1) << (least % 64);
            search->obstacles[least].in_set = 1;
        }
    }
}

/* ---- what would help ---- */

static int32_t better(int64_t price, struct slots_slot slot, int64_t than_price,
                      struct slots_slot than)
{
    if (than.day == SLOTS_NOWHERE || price != than_price)
        return than.day == SLOTS_NOWHERE || price < than_price;
    return slot.day < than.day || (slot.day == than.day && slot.start < than.start);
}

static void find_helps(const struct search *search)
{
    for (int32_t t = 0; t < search->count; t++) {
        const struct try *try = &search->tries[t];

        if (try->obstacles != 1)
            continue;
        for (int32_t i = 0; i < search->obstacle_count; i++) {
            struct slots_obstacle *obstacle = &search->obstacles[i];

            if (has(try, i) && better(try->price, try->slot, obstacle->price, obstacle->opens)) {
                obstacle->opens = try->slot;
                obstacle->price = try->price;
            }
        }
    }
}

static int32_t find_without(const struct slots_memory *memory, const struct search *search,
                            struct slots_hindrance *ret)
{
    const struct slots_meeting *what = &search->board->model->meetings[search->meeting];

    if (!(ret->without = SLOTS_NEW(memory, struct slots_without, what->attendee_count)))
        return SLOTS_NO_MEMORY;
    for (int32_t a = 0; a < what->attendee_count; a++) {
        struct slots_without help = {what->attendees[a].party, {SLOTS_NOWHERE, 0}, 0};

        for (int32_t t = 0; t < search->count; t++) {
            const struct try *try = &search->tries[t];

            if (try->only == help.party && better(try->price, try->slot, help.price, help.opens)) {
                help.opens = try->slot;
                help.price = try->price;
            }
        }
        if (help.opens.day != SLOTS_NOWHERE)
            ret->without[ret->without_count++] = help;
    }
    return SLOTS_OK;
}

static void find_nearest(const struct search *search, struct slots_hindrance *ret)
{
    const struct try *nearest = NULL;

    for (int32_t t = 0; t < search->count; t++) {
        const struct try *try = &search->tries[t];

        ret->possible += try->obstacles == 0;
        if (!nearest || try->obstacles < nearest->obstacles ||
            (try->obstacles == nearest->obstacles && try->price < nearest->price))
            nearest = try;
    }
    ret->nearest = nearest ? nearest->slot : (struct slots_slot){SLOTS_NOWHERE, 0};
    for (int32_t i = 0; nearest && i < search->obstacle_count; i++)
        if (has(nearest, i) && ret->nearest_count < SLOTS_NEAREST_MAX)
            ret->nearest_list[ret->nearest_count++] = i;
}

/* The set first; then what prevents most. */
static int32_t goes_before(const struct slots_obstacle *a, const struct slots_obstacle *b)
{
    if (a->in_set != b->in_set)
        return a->in_set;
    return a->slots > b->slots;
}

static void put_in_order(const struct search *search, struct slots_hindrance *ret)
{
    for (int32_t i = 1; i < search->obstacle_count; i++)
        for (int32_t k = i; k > 0 && goes_before(&ret->list[k], &ret->list[k - 1]); k--) {
            struct slots_obstacle moved = ret->list[k];

            ret->list[k] = ret->list[k - 1];
            ret->list[k - 1] = moved;
            for (int32_t n = 0; n < ret->nearest_count; n++)
                ret->nearest_list[n] += ret->nearest_list[n] == k       ? -1
                                        : ret->nearest_list[n] == k - 1 ? 1
                                                                        : 0;
        }
}

int32_t slots_hinder(const struct slots_memory *memory, const struct slots_board *board,
                     int32_t meeting, int32_t beyond, struct slots_hindrance *ret)
{
    struct search *search = SLOTS_NEW(memory, struct search, 1);
    int32_t rc;

    *ret = (struct slots_hindrance){0};
    if (!search)
        return SLOTS_NO_MEMORY;
    search->board = board;
    search->meeting = meeting;
    if ((rc = try_all(memory, search, beyond)) < 0 || (rc = find_without(memory, search, ret)) < 0)
        return rc;
    reduce(search);
    find_helps(search);
    find_nearest(search, ret);
    ret->tried = search->count;
    ret->list = search->obstacles;
    ret->count = search->obstacle_count;
    if (search->count == 0) {
        ret->list[0] =
            (struct slots_obstacle){SLOTS_RULE_FREE_DAY, -1, -1, 0, 1, {SLOTS_NOWHERE, 0}, 0};
        ret->count = 1;
    }
    put_in_order(search, ret);
    return SLOTS_OK;
}

/* All that has a slot, but for this one. */
static struct slots_board *others(const struct slots_memory *memory,
                                  const struct slots_model *model, int32_t meeting)
{
    struct slots_board *board = slots_board_new(memory, model);

    for (int32_t m = 0; board && m < model->meeting_count; m++)
        if (m != meeting && model->meetings[m].state != SLOTS_FREE)
            slots_board_put(board, m, model->meetings[m].at);
    return board;
}

int32_t slots_why_not(const struct slots_memory *memory, const struct slots_model *model,
                      int32_t meeting, int32_t beyond, struct slots_hindrance *ret)
{
    struct slots_board *board = others(memory, model, meeting);

    return board ? slots_hinder(memory, board, meeting, beyond, ret) : SLOTS_NO_MEMORY;
}

static int32_t look_at_all(const struct slots_board *board, int32_t meeting, struct slots_slot slot,
                           struct slots_note *notes, int32_t max)
{
    struct slots_sink sink = {notes, 0, max, 1, 0, 0};

    slots_look_alone(board, meeting, slot, &sink);
    slots_look_beside(board, meeting, slot, &sink);
    slots_look_order(board, meeting, slot, &sink);
    return sink.blocked;
}

int32_t slots_broken(const struct slots_memory *memory, const struct slots_model *model,
                     int32_t meeting, struct slots_slot slot, struct slots_note *notes, int32_t max)
{
    struct slots_board *board = others(memory, model, meeting);

    return board ? look_at_all(board, meeting, slot, notes, max) : SLOTS_NO_MEMORY;
}

int32_t slots_broken_all(const struct slots_memory *memory, const struct slots_model *model,
                         int32_t *ret_count, struct slots_note *ret_first)
{
    struct slots_board *board = others(memory, model, -1);

    if (!board)
        return SLOTS_NO_MEMORY;
    for (int32_t m = 0; m < model->meeting_count; m++)
        ret_count[m] = model->meetings[m].state == SLOTS_FREE
                           ? 0
                           : look_at_all(board, m, model->meetings[m].at, &ret_first[m], 1);
    return SLOTS_OK;
}
