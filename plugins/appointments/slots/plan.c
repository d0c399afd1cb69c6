#include "plugins/appointments/slots/plan.h"

#include "plugins/appointments/slots/bound.h"

#include <stdlib.h>
#include <string.h>

enum { AROUND_MAX = 6, BOUND_ROUNDS = 150, LOOK_UP_EVERY = 32 };

struct planner {
    const struct slots_memory *memory;
    const struct slots_model *model;
    const struct slots_options *options;
    struct slots_board *board;    /* fixed meetings are in its counts, not on it */
    struct slots_domain *domains; /* what remains beside the fixed ones */
    struct slots_offers *offers;
    struct slots_dual *dual;
    struct slots_slot *best, *saved; /* by meeting */
    int32_t *unhappy;                /* groups that could be better, if alone */
    int32_t unhappy_count;
    int64_t key, best_key, bound_key; /* left out times SLOTS_LEFT_OUT, and the cost */
    int64_t cost, noise;
    int32_t left_out, bound_unplaced;
    int64_t bound_cost, steps, step_limit;
    uint64_t random;
    int32_t cut;
};

static uint32_t below(struct planner *planner, uint32_t n)
{
    uint64_t x = planner->random += UINT64_C(0x9e3779b97f4a7c15);

    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    x ^= x >> 31;
    return (uint32_t)(((x >> 32) * n) >> 32);
}

static int32_t is_fixed(const struct planner *planner, int32_t meeting)
{
    return planner->model->meetings[meeting].state == SLOTS_FIXED;
}

static int32_t is_placed(const struct planner *planner, int32_t meeting)
{
    return planner->board->slot[meeting].day != SLOTS_NOWHERE;
}

/* ---- putting and taking ---- */

static const struct slots_choice *choice_at(const struct slots_domain *domain,
                                            struct slots_slot slot)
{
    int32_t low = 0, high = domain->count;

    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        struct slots_slot at = domain->choices[middle].slot;

        if (at.day < slot.day || (at.day == slot.day && at.start < slot.start))
            low = middle + 1;
        else
            high = middle;
    }
    return low < domain->count && domain->choices[low].slot.day == slot.day &&
                   domain->choices[low].slot.start == slot.start
               ? &domain->choices[low]
               : NULL;
}

/* Its price beside the others; -1: it breaks a rule. */
static int64_t price_of(const struct planner *planner, int32_t meeting, struct slots_slot slot)
{
    const struct slots_choice *choice = choice_at(&planner->domains[meeting], slot);
    struct slots_sink sink = {0};

    if (!choice)
        return -1;
    slots_look_beside(planner->board, meeting, slot, &sink);
    return sink.blocked ? -1 : choice->price + sink.price;
}

static void set_key(struct planner *planner)
{
    planner->key = planner->left_out * SLOTS_LEFT_OUT + planner->cost;
}

static void put(struct planner *planner, int32_t meeting, struct slots_slot slot, int64_t price)
{
    slots_board_put(planner->board, meeting, slot);
    planner->cost += price;
    planner->left_out--;
    set_key(planner);
}

static void take(struct planner *planner, int32_t meeting)
{
    struct slots_slot slot = planner->board->slot[meeting];

    if (slot.day == SLOTS_NOWHERE)
        return;
    slots_board_take(planner->board, meeting);
    planner->cost -= price_of(planner, meeting, slot);
    planner->left_out++;
    set_key(planner);
}

static void take_group(struct planner *planner, int32_t group)
{
    const struct slots_group *members = &planner->model->groups[group];

    for (int32_t m = members->first; m < members->first + members->count; m++)
        if (!is_fixed(planner, m))
            take(planner, m);
}

/* ---- one group anew ---- */

/* Has nobody of the meeting another one in that week? Most weeks are like that. */
static int32_t is_empty(const struct planner *planner, int32_t meeting, int32_t week)
{
    const struct slots_board *board = planner->board;
    const struct slots_meeting *what = &planner->model->meetings[meeting];

    week -= board->first_week;
    if (week < 0 || week >= board->week_count)
        return 1;
    for (int32_t a = 0; a < what->attendee_count; a++)
        if (board->head[(size_t)what->attendees[a].party * (size_t)board->week_count +
                        (size_t)week] >= 0)
            return 0;
    return 1;
}

static void make_offers(struct planner *planner, int32_t meeting)
{
    const struct slots_domain *domain = &planner->domains[meeting];
    struct slots_offers *offers = &planner->offers[meeting];
    int32_t known = -1, alone = 0, alone_around = 0;

    offers->count = 0;
    for (int32_t i = 0; i < domain->count; i++) {
        const struct slots_choice *choice = &domain->choices[i];
        struct slots_offer *last = offers->count ? &offers->list[offers->count - 1] : NULL;
        struct slots_sink sink = {0};
        int32_t week = slots_week(choice->slot.day), weekday = slots_weekday(choice->slot.day);
        int64_t price;

        if (week != known) {
            known = week;
            alone = is_fixed(planner, meeting) || is_empty(planner, meeting, week);
            alone_around = alone && is_empty(planner, meeting, week - 1) &&
                           is_empty(planner, meeting, week + 1);
        }
        if (weekday == 0 || weekday == 6 ? !alone_around : !alone)
            slots_look_beside(planner->board, meeting, choice->slot, &sink);
        if (sink.blocked)
            continue;
        price = choice->price + sink.price;
        if (planner->noise)
            price += below(planner, (uint32_t)planner->noise);
        if (last && last->day == choice->slot.day) {
            if (price < last->price) {
                last->price = price;
                last->start = choice->slot.start;
            }
            continue;
        }
        offers->list[offers->count++] = (struct slots_offer){
            .day = choice->slot.day, .start = choice->slot.start, .price = price};
    }
}

/* Beside those of its own group that have a slot already, in order with the fixed ones. */
static int32_t is_in_order(const struct planner *planner, int32_t meeting, struct slots_slot slot)
{
    const struct slots_model *model = planner->model;
    const struct slots_group *group = &model->groups[planner->board->group_of[meeting]];
    int32_t end = group->first + group->count, gap = 0;

    for (int32_t m = meeting; m > group->first; m--) {
        struct slots_slot at =
            is_fixed(planner, m - 1) ? model->meetings[m - 1].at : planner->board->slot[m - 1];

        gap += model->meetings[m].gap;
        if (at.day == SLOTS_NOWHERE)
            continue;
        if (slots_workdays(planner->board, model->meetings[meeting].calendar, at.day, slot.day) <
            gap)
            return 0;
        break;
    }
    gap = 0;
    for (int32_t m = meeting + 1; m < end; m++) {
        struct slots_slot at =
            is_fixed(planner, m) ? model->meetings[m].at : planner->board->slot[m];

        gap += model->meetings[m].gap;
        if (at.day == SLOTS_NOWHERE)
            continue;
        if (slots_workdays(planner->board, model->meetings[m].calendar, slot.day, at.day) < gap)
            return 0;
        break;
    }
    return 1;
}

static void put_cheapest(struct planner *planner, int32_t meeting)
{
    const struct slots_domain *domain = &planner->domains[meeting];
    int64_t cheapest = INT64_MAX;
    int32_t which = -1;

    for (int32_t i = 0; i < domain->count; i++) {
        int64_t price;

        if (domain->choices[i].price >= cheapest ||
            !is_in_order(planner, meeting, domain->choices[i].slot))
            continue;
        price = price_of(planner, meeting, domain->choices[i].slot);
        if (price >= 0 && price < cheapest) {
            cheapest = price;
            which = i;
        }
    }
    if (which >= 0)
        put(planner, meeting, domain->choices[which].slot, cheapest);
}

/* The chain does not see that meetings of one group may be in each other's way, which takes a gap
 * of a day or a full week: whoever is, looks for a place of its own. */
static void place_group(struct planner *planner, int32_t group)
{
    const struct slots_group *members = &planner->model->groups[group];
    struct slots_slot slots[SLOTS_GROUP_MAX];
    int32_t again = 0;

    take_group(planner, group);
    planner->steps++;
    for (int32_t m = members->first; m < members->first + members->count; m++)
        make_offers(planner, m);
    (void)slots_chain_best(planner->board, group, planner->offers, slots);
    for (int32_t i = 0; i < members->count; i++) {
        int32_t m = members->first + i;
        int64_t price;

        if (is_fixed(planner, m) || slots[i].day == SLOTS_NOWHERE)
            continue;
        price = price_of(planner, m, slots[i]);
        if (price >= 0)
            put(planner, m, slots[i], price);
        else
            again = 1;
    }
    for (int32_t m = members->first; again && m < members->first + members->count; m++)
        if (!is_fixed(planner, m) && !is_placed(planner, m))
            put_cheapest(planner, m);
}

/* ---- the first plan ---- */

static void keep_standing(struct planner *planner)
{
    for (int32_t m = 0; m < planner->model->meeting_count; m++) {
        const struct slots_meeting *what = &planner->model->meetings[m];
        int64_t price;

        if (what->state != SLOTS_STANDS || !is_in_order(planner, m, what->at))
            continue;
        price = price_of(planner, m, what->at);
        if (price >= 0)
            put(planner, m, what->at, price);
    }
}

struct turn {
    int32_t group, choices;
};

static int by_choices(const void *left, const void *right)
{
    const struct turn *a = left, *b = right;

    if (a->choices != b->choices)
        return a->choices < b->choices ? -1 : 1;
    return a->group < b->group ? -1 : a->group > b->group;
}

static int32_t lacks(const struct planner *planner, int32_t group)
{
    const struct slots_group *members = &planner->model->groups[group];

    for (int32_t m = members->first; m < members->first + members->count; m++)
        if (!is_fixed(planner, m) && !is_placed(planner, m))
            return 1;
    return 0;
}

/* Whoever has the least choice chooses first. */
static int32_t place_first(struct planner *planner)
{
    const struct slots_model *model = planner->model;
    struct turn *turns = SLOTS_NEW(planner->memory, struct turn, model->group_count);

    if (!turns)
        return SLOTS_NO_MEMORY;
    for (int32_t g = 0; g < model->group_count; g++) {
        turns[g].group = g;
        turns[g].choices = INT32_MAX;
        for (int32_t i = 0; i < model->groups[g].count; i++) {
            int32_t count = planner->domains[model->groups[g].first + i].count;

            turns[g].choices = count < turns[g].choices ? count : turns[g].choices;
        }
    }
    qsort(turns, (size_t)model->group_count, sizeof(*turns), by_choices);
    for (int32_t i = 0; i < model->group_count; i++)
        if (lacks(planner, turns[i].group))
            place_group(planner, turns[i].group);
    return SLOTS_OK;
}

/* ---- search ---- */

static void find_unhappy(struct planner *planner)
{
    const struct slots_model *model = planner->model;

    planner->unhappy_count = 0;
    for (int32_t g = 0; g < model->group_count; g++) {
        const struct slots_group *members = &model->groups[g];
        int64_t sum = 0;

        for (int32_t m = members->first; m < members->first + members->count; m++)
            if (!is_fixed(planner, m))
                sum += is_placed(planner, m) ? price_of(planner, m, planner->board->slot[m])
                                             : SLOTS_LEFT_OUT;
        if (sum > slots_dual_alone(planner->dual, g))
            planner->unhappy[planner->unhappy_count++] = g;
    }
}

static int32_t add_group(int32_t *around, int32_t count, int32_t group)
{
    for (int32_t i = 0; i < count; i++)
        if (around[i] == group)
            return count;
    if (count < AROUND_MAX)
        around[count++] = group;
    return count;
}

/* The groups that meet somebody required, in the week of the slot. */
static int32_t find_around(const struct planner *planner, int32_t meeting, struct slots_slot slot,
                           int32_t *around, int32_t count)
{
    const struct slots_board *board = planner->board;
    const struct slots_meeting *what = &planner->model->meetings[meeting];
    int32_t week = slots_week(slot.day) - board->first_week;

    for (int32_t a = 0; a < what->attendee_count; a++) {
        size_t cell = (size_t)what->attendees[a].party * (size_t)board->week_count + (size_t)week;

        for (int32_t seat = board->head[cell]; seat >= 0; seat = board->next[seat])
            count = add_group(around, count, board->group_of[board->meeting_of[seat]]);
    }
    return count;
}

/* A slot that one of the group's meetings would like better than its own, or any if it has none. */
static int32_t find_wish(struct planner *planner, int32_t group, int32_t *ret_meeting,
                         struct slots_slot *ret_slot)
{
    const struct slots_group *members = &planner->model->groups[group];

    for (int32_t attempt = 0; attempt < 12; attempt++) {
        int32_t m = members->first + (int32_t)below(planner, (uint32_t)members->count);
        const struct slots_domain *domain = &planner->domains[m];
        const struct slots_choice *choice;

        if (is_fixed(planner, m) || domain->count == 0)
            continue;
        choice = &domain->choices[below(planner, (uint32_t)domain->count)];
        if (is_placed(planner, m) && choice->price >= price_of(planner, m, planner->board->slot[m]))
            continue;
        *ret_meeting = m;
        *ret_slot = choice->slot;
        return 1;
    }
    return 0;
}

static void save(struct planner *planner, int32_t group)
{
    const struct slots_group *members = &planner->model->groups[group];

    memcpy(&planner->saved[members->first], &planner->board->slot[members->first],
           (size_t)members->count * sizeof(*planner->saved));
}

static void restore(struct planner *planner, const int32_t *groups, int32_t count)
{
    for (int32_t i = 0; i < count; i++)
        take_group(planner, groups[i]);
    for (int32_t i = 0; i < count; i++) {
        const struct slots_group *members = &planner->model->groups[groups[i]];

        for (int32_t m = members->first; m < members->first + members->count; m++)
            if (!is_fixed(planner, m) && planner->saved[m].day != SLOTS_NOWHERE)
                put(planner, m, planner->saved[m], price_of(planner, m, planner->saved[m]));
    }
}

static void keep_if_best(struct planner *planner)
{
    if (planner->key >= planner->best_key)
        return;
    planner->best_key = planner->key;
    memcpy(planner->best, planner->board->slot,
           (size_t)planner->model->meeting_count * sizeof(*planner->best));
}

/* How much worse a plan may be and still be gone on with: less and less. */
static int64_t tolerance(struct planner *planner)
{
    int64_t left = planner->step_limit - planner->steps;
    int64_t most = 4 * ((int64_t)planner->model->rules.price[SLOTS_COST_LATE] + 1);

    most = left > 0 ? most * left / planner->step_limit : 0;
    return most ? (int64_t)below(planner, (uint32_t)(most + 1)) : 0;
}

/* Back to what was saved when it is worse than may be. */
static void judge(struct planner *planner, int64_t old, const int32_t *groups, int32_t count)
{
    if (planner->key > old + tolerance(planner))
        restore(planner, groups, count);
    keep_if_best(planner);
}

/* The groups around the wish are placed anew, the one with the wish first, the others in any order.
 */
static void shake_groups(struct planner *planner, int32_t *groups, int32_t count)
{
    int64_t late = planner->model->rules.price[SLOTS_COST_LATE];

    for (int32_t i = 0; i < count; i++)
        take_group(planner, groups[i]);
    planner->noise = below(planner, 3) == 0 ? 1 + 3 * late : 0;
    for (int32_t i = 0; i < count; i++) {
        int32_t k = i == 0 ? 0 : i + (int32_t)below(planner, (uint32_t)(count - i));
        int32_t group = groups[k];

        groups[k] = groups[i];
        groups[i] = group;
        place_group(planner, group);
    }
    planner->noise = 0;
}

/* Does it share a required party and the week with the slot, or is it out of order beside it? */
static int32_t is_in_the_way(const struct planner *planner, int32_t meeting, struct slots_slot slot,
                             int32_t other)
{
    const struct slots_meeting *what = &planner->model->meetings[meeting];
    const struct slots_meeting *that = &planner->model->meetings[other];
    int32_t same_group = planner->board->group_of[meeting] == planner->board->group_of[other];
    int32_t near = slots_week(planner->board->slot[other].day) == slots_week(slot.day);

    if (other == meeting)
        return 0;
    if (same_group && !is_in_order(planner, meeting, slot))
        return 1;
    for (int32_t a = 0; near && a < what->attendee_count; a++)
        for (int32_t b = 0; b < that->attendee_count; b++)
            if (what->attendees[a].party == that->attendees[b].party &&
                !what->attendees[a].optional && !that->attendees[b].optional)
                return 1;
    return 0;
}

/* One meeting gets its wish, and only those in the way look for another slot. */
static void grant(struct planner *planner, int32_t meeting, struct slots_slot wish,
                  const int32_t *groups, int32_t count)
{
    int32_t taken[AROUND_MAX * SLOTS_GROUP_MAX], taken_count = 0;
    int64_t price;

    take(planner, meeting);
    for (int32_t i = 0; i < count; i++) {
        const struct slots_group *members = &planner->model->groups[groups[i]];

        for (int32_t m = members->first; m < members->first + members->count; m++)
            if (!is_fixed(planner, m) && is_placed(planner, m) &&
                is_in_the_way(planner, meeting, wish, m)) {
                take(planner, m);
                taken[taken_count++] = m;
            }
    }
    planner->steps++;
    price = is_in_order(planner, meeting, wish) ? price_of(planner, meeting, wish) : -1;
    if (price >= 0)
        put(planner, meeting, wish, price);
    for (int32_t i = 0; i < taken_count; i++) {
        int32_t k = i + (int32_t)below(planner, (uint32_t)(taken_count - i)), m = taken[k];

        taken[k] = taken[i];
        put_cheapest(planner, m);
    }
    if (price < 0)
        put_cheapest(planner, meeting);
}

static void shake(struct planner *planner, int32_t seed_group)
{
    int32_t groups[AROUND_MAX] = {seed_group}, count = 1, meeting = -1;
    int64_t old = planner->key;
    struct slots_slot wish;

    if (find_wish(planner, seed_group, &meeting, &wish))
        count = find_around(planner, meeting, wish, groups, count);
    for (int32_t i = 0; i < count; i++)
        save(planner, groups[i]);
    if (meeting >= 0 && below(planner, 2))
        grant(planner, meeting, wish, groups, count);
    else
        shake_groups(planner, groups, count);
    judge(planner, old, groups, count);
}

static int32_t go_on(struct planner *planner)
{
    if (planner->best_key <= planner->bound_key || planner->steps >= planner->step_limit)
        return 0;
    if (planner->options->progress &&
        planner->options->progress(planner->options->context, planner->steps, planner->step_limit))
        planner->cut = 1;
    return !planner->cut;
}

static void go_back_to_best(struct planner *planner)
{
    const struct slots_model *model = planner->model;

    for (int32_t g = 0; g < model->group_count; g++)
        take_group(planner, g);
    for (int32_t m = 0; m < model->meeting_count; m++)
        if (!is_fixed(planner, m) && planner->best[m].day != SLOTS_NOWHERE)
            put(planner, m, planner->best[m], price_of(planner, m, planner->best[m]));
}

static void search(struct planner *planner)
{
    int32_t turn = 0, calm = 0;
    int64_t before = planner->best_key;

    keep_if_best(planner);
    while (go_on(planner)) {
        find_unhappy(planner);
        if (planner->unhappy_count == 0)
            break;
        for (turn = 0; turn < LOOK_UP_EVERY; turn++)
            shake(planner, planner->unhappy[below(planner, (uint32_t)planner->unhappy_count)]);
        calm = planner->best_key < before ? 0 : calm + 1;
        before = planner->best_key;
        if (calm && calm % 24 == 0)
            go_back_to_best(planner);
    }
}

/* ---- before and after ---- */

static void raise_bound(struct planner *planner)
{
    int64_t target = planner->best_key % SLOTS_LEFT_OUT;

    slots_dual_raise(planner->dual, BOUND_ROUNDS, target, &planner->bound_unplaced,
                     &planner->bound_cost);
    planner->bound_key = planner->bound_unplaced * SLOTS_LEFT_OUT + planner->bound_cost;
}

/* The slots beside the fixed meetings; these then only count, so that none is looked at twice. */
static int32_t narrow(struct planner *planner)
{
    const struct slots_model *model = planner->model;
    struct slots_board *board = planner->board;

    for (int32_t m = 0; m < model->meeting_count; m++)
        if (is_fixed(planner, m))
            slots_board_put(board, m, model->meetings[m].at);
    for (int32_t m = 0; m < model->meeting_count; m++) {
        struct slots_domain *domain = &planner->domains[m];
        int32_t kept = 0;

        if (slots_domain_build(planner->memory, board, m, domain) < 0)
            return SLOTS_NO_MEMORY;
        for (int32_t i = 0; i < domain->count && !is_fixed(planner, m); i++) {
            struct slots_sink sink = {0};

            slots_look_beside(board, m, domain->choices[i].slot, &sink);
            if (sink.blocked)
                continue;
            domain->choices[kept] = domain->choices[i];
            domain->choices[kept++].price += sink.price;
        }
        domain->count = is_fixed(planner, m) ? 1 : kept;
        planner->left_out += !is_fixed(planner, m);
        if (!(planner->offers[m].list =
                  SLOTS_NEW(planner->memory, struct slots_offer, domain->count)))
            return SLOTS_NO_MEMORY;
    }
    for (int32_t m = 0; m < model->meeting_count; m++)
        if (is_fixed(planner, m)) {
            slots_board_take(board, m);
            slots_board_count(board, m, model->meetings[m].at.day, 1);
        }
    return SLOTS_OK;
}

static int32_t prepare(struct planner *planner)
{
    const struct slots_memory *memory = planner->memory;
    const struct slots_model *model = planner->model;
    int64_t wanted = planner->options->step_limit;

    planner->board = slots_board_new(memory, model);
    planner->domains = SLOTS_NEW(memory, struct slots_domain, model->meeting_count);
    planner->offers = SLOTS_NEW(memory, struct slots_offers, model->meeting_count);
    planner->best = SLOTS_NEW(memory, struct slots_slot, model->meeting_count);
    planner->saved = SLOTS_NEW(memory, struct slots_slot, model->meeting_count);
    planner->unhappy = SLOTS_NEW(memory, int32_t, model->group_count);
    if (!planner->board || !planner->domains || !planner->offers || !planner->best ||
        !planner->saved || !planner->unhappy || narrow(planner) < 0)
        return SLOTS_NO_MEMORY;
    planner->random = planner->options->seed;
    planner->step_limit = wanted ? wanted : 4000 + 100 * (int64_t)model->group_count;
    planner->best_key = INT64_MAX;
    set_key(planner);
    planner->dual = slots_dual_new(memory, planner->board, planner->domains);
    return planner->dual ? SLOTS_OK : SLOTS_NO_MEMORY;
}

static int32_t explain_moves(struct planner *planner, struct slots_plan *ret)
{
    const struct slots_model *model = planner->model;

    if (!(ret->moves = SLOTS_NEW(planner->memory, struct slots_move, model->meeting_count)))
        return SLOTS_NO_MEMORY;
    for (int32_t m = 0; m < model->meeting_count; m++) {
        const struct slots_meeting *what = &model->meetings[m];
        struct slots_slot now = ret->slots[m];
        struct slots_note note = {-1, -1, -1, 0, 0};
        struct slots_sink sink = {&note, 0, 1, 1, 0, 0};

        if (what->state != SLOTS_STANDS || now.day == SLOTS_NOWHERE ||
            (now.day == what->at.day && now.start == what->at.start))
            continue;
        slots_board_take(planner->board, m);
        slots_look_alone(planner->board, m, what->at, &sink);
        slots_look_beside(planner->board, m, what->at, &sink);
        slots_look_order(planner->board, m, what->at, &sink);
        slots_board_put(planner->board, m, now);
        ret->moves[ret->move_count++] = (struct slots_move){m, note};
    }
    return SLOTS_OK;
}

static int32_t explain_unplaced(struct planner *planner, struct slots_plan *ret)
{
    const struct slots_model *model = planner->model;
    int32_t count = ret->verdict.unplaced;

    if (!(ret->unplaced = SLOTS_NEW(planner->memory, struct slots_unplaced, count)))
        return SLOTS_NO_MEMORY;
    for (int32_t m = 0; m < model->meeting_count; m++) {
        struct slots_unplaced *unplaced = &ret->unplaced[ret->unplaced_count];

        if (ret->slots[m].day != SLOTS_NOWHERE)
            continue;
        *unplaced = (struct slots_unplaced){.meeting = m};
        unplaced->explained = ret->unplaced_count++ < planner->options->explain_max;
        if (unplaced->explained && slots_hinder(planner->memory, planner->board, m,
                                                planner->options->beyond, &unplaced->why) < 0)
            return SLOTS_NO_MEMORY;
    }
    return SLOTS_OK;
}

/* The board with all on it, as explanations want it. */
static void show_all(struct planner *planner, struct slots_plan *ret)
{
    const struct slots_model *model = planner->model;

    for (int32_t m = 0; m < model->meeting_count; m++) {
        slots_board_take(planner->board, m);
        if (is_fixed(planner, m)) {
            slots_board_count(planner->board, m, model->meetings[m].at.day, -1);
            planner->best[m] = model->meetings[m].at;
        }
        if (planner->best[m].day != SLOTS_NOWHERE)
            slots_board_put(planner->board, m, planner->best[m]);
    }
    ret->slots = planner->best;
}

int32_t slots_plan(const struct slots_memory *memory, const struct slots_model *model,
                   const struct slots_options *options, struct slots_plan *ret)
{
    struct planner planner = {.memory = memory, .model = model, .options = options};
    int32_t rc = prepare(&planner);

    *ret = (struct slots_plan){0};
    if (rc < 0)
        return rc;
    keep_standing(&planner);
    if ((rc = place_first(&planner)) < 0)
        return rc;
    keep_if_best(&planner);
    raise_bound(&planner);
    if (!options->only_first) {
        search(&planner);
        if (planner.best_key > planner.bound_key)
            raise_bound(&planner);
    }
    show_all(&planner, ret);
    if ((rc = slots_verify(memory, model, ret->slots, &ret->verdict)) < 0)
        return rc;
    ret->bound_unplaced = planner.bound_unplaced;
    ret->bound_cost = planner.bound_cost;
    ret->proven =
        ret->verdict.unplaced == planner.bound_unplaced && ret->verdict.total == planner.bound_cost;
    ret->cut = planner.cut;
    ret->steps = planner.steps;
    rc = explain_unplaced(&planner, ret);
    return rc < 0 ? rc : explain_moves(&planner, ret);
}
