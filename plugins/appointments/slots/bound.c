#include "plugins/appointments/slots/bound.h"

#include <string.h>

enum { SCALE = 64, PROBES = 2, CLASSES = 4 };
static const int32_t probe_minute[PROBES] = {11 * 60, 14 * 60};

#define NONE INT64_MAX

/* The cheapest slots of a day: which of the two minutes they cover is all that prices depend on. */
struct day_choices {
    int32_t day;
    int64_t price[CLASSES]; /* scaled */
    int32_t start[CLASSES];
};

struct slots_dual {
    const struct slots_board *board;
    struct day_choices **days; /* by meeting */
    struct slots_offers *offers;
    int64_t *alone;                  /* by group */
    int32_t *shared;                 /* by party: its place among those in several groups, or -1 */
    int64_t *week_price;             /* [party * week_count + week], any sign, scaled */
    int32_t *week_used, *week_fixed; /* meetings, and those that are fixed */
    int64_t *time_price; /* [(shared * day_count + day) * PROBES + probe], >= 0, scaled */
    int32_t *time_used;
    size_t week_cells, time_cells;
    int64_t best;           /* scaled */
    int32_t unplaced, calm; /* rounds without a better bound */
    double step;
};

static int32_t class_of(int32_t start, int32_t end)
{
    int32_t class = 0;

    for (int32_t p = 0; p < PROBES; p++)
        class |= (start <= probe_minute[p] && probe_minute[p] < end) << p;
    return class;
}

/* Parties that only one group has cannot collide. */
static int32_t number_shared(struct slots_dual *dual, int32_t *last_group)
{
    const struct slots_model *model = dual->board->model;
    int32_t count = 0;

    for (int32_t p = 0; p < model->party_count; p++)
        last_group[p] = dual->shared[p] = -1;
    for (int32_t m = 0; m < model->meeting_count; m++)
        for (int32_t a = 0; a < model->meetings[m].attendee_count; a++) {
            int32_t party = model->meetings[m].attendees[a].party, group = dual->board->group_of[m];

            if (model->meetings[m].attendees[a].optional || model->meetings[m].state == SLOTS_FIXED)
                continue;
            if (last_group[party] >= 0 && last_group[party] != group && dual->shared[party] < 0)
                dual->shared[party] = count++;
            last_group[party] = group;
        }
    return count;
}

static int32_t gather_days(const struct slots_memory *memory, struct slots_dual *dual,
                           const struct slots_domain *domain, int32_t meeting)
{
    int32_t minutes = dual->board->model->meetings[meeting].minutes, count = 0,
            last = SLOTS_NOWHERE;
    struct day_choices *days;

    for (int32_t i = 0; i < domain->count; i++) {
        count += domain->choices[i].slot.day != last;
        last = domain->choices[i].slot.day;
    }
    days = dual->days[meeting] = SLOTS_NEW(memory, struct day_choices, count);
    dual->offers[meeting].list = SLOTS_NEW(memory, struct slots_offer, count);
    if (!days || !dual->offers[meeting].list)
        return SLOTS_NO_MEMORY;
    dual->offers[meeting].count = count;
    count = -1;
    for (int32_t i = 0; i < domain->count; i++) {
        struct slots_slot slot = domain->choices[i].slot;
        int32_t class = class_of(slot.start, slot.start + minutes);

        if (count < 0 || days[count].day != slot.day) {
            days[++count].day = slot.day;
            for (int32_t c = 0; c < CLASSES; c++)
                days[count].price[c] = NONE;
        }
        if (days[count].price[class] == NONE ||
            domain->choices[i].price * SCALE < days[count].price[class]) {
            days[count].price[class] = domain->choices[i].price * SCALE;
            days[count].start[class] = slot.start;
        }
    }
    return SLOTS_OK;
}

static size_t week_cell(const struct slots_dual *dual, int32_t party, int32_t day)
{
    return (size_t)party * (size_t)dual->board->week_count +
           (size_t)(slots_week(day) - dual->board->first_week);
}

static size_t time_cell(const struct slots_dual *dual, int32_t party, int32_t day, int32_t probe)
{
    const struct slots_model *model = dual->board->model;

    return ((size_t)dual->shared[party] * (size_t)model->day_count +
            (size_t)(day - model->first_day)) *
               PROBES +
           (size_t)probe;
}

/* What the meeting pays on that day for weeks, and for each minute. */
static int64_t prices_on(const struct slots_dual *dual, int32_t meeting, int32_t day,
                         int64_t time[PROBES])
{
    const struct slots_model *model = dual->board->model;
    const struct slots_meeting *what = &model->meetings[meeting];
    int64_t week = 0;

    time[0] = time[1] = 0;
    for (int32_t a = 0; a < what->attendee_count; a++) {
        int32_t party = what->attendees[a].party;

        if (what->attendees[a].optional || dual->shared[party] < 0)
            continue;
        if (model->parties[party].weekly_max)
            week += dual->week_price[week_cell(dual, party, day)];
        for (int32_t p = 0; p < PROBES; p++)
            time[p] += dual->time_price[time_cell(dual, party, day, p)];
    }
    return week;
}

static void make_offers(struct slots_dual *dual, int32_t meeting)
{
    struct slots_offers *offers = &dual->offers[meeting];

    for (int32_t i = 0; i < offers->count; i++) {
        const struct day_choices *day = &dual->days[meeting][i];
        int64_t time[PROBES], week = 0, best = NONE;

        if (dual->board->model->meetings[meeting].state == SLOTS_FIXED)
            time[0] = time[1] = 0;
        else
            week = prices_on(dual, meeting, day->day, time);
        for (int32_t c = 0; c < CLASSES; c++) {
            int64_t price = day->price[c];

            if (price == NONE)
                continue;
            price += week + (c & 1 ? time[0] : 0) + (c & 2 ? time[1] : 0);
            if (price < best) {
                best = price;
                offers->list[i].start = day->start[c];
            }
        }
        offers->list[i].day = day->day;
        offers->list[i].price = best;
    }
}

static void use(struct slots_dual *dual, int32_t meeting, struct slots_slot slot)
{
    const struct slots_model *model = dual->board->model;
    const struct slots_meeting *what = &model->meetings[meeting];

    for (int32_t a = 0; a < what->attendee_count; a++) {
        int32_t party = what->attendees[a].party;

        if (what->attendees[a].optional || dual->shared[party] < 0)
            continue;
        if (model->parties[party].weekly_max)
            dual->week_used[week_cell(dual, party, slot.day)]++;
        for (int32_t p = 0; p < PROBES; p++)
            if (class_of(slot.start, slot.start + what->minutes) >> p & 1)
                dual->time_used[time_cell(dual, party, slot.day, p)]++;
    }
}

/* A total is a multiple of SLOTS_LEFT_OUT and a small rest of any sign. */
static int32_t left_out_of(int64_t total)
{
    return (int32_t)((total + SLOTS_LEFT_OUT / 2) / SLOTS_LEFT_OUT);
}

static int64_t solve_groups(struct slots_dual *dual)
{
    const struct slots_model *model = dual->board->model;
    int64_t sum = 0;

    memset(dual->week_used, 0, dual->week_cells * sizeof(*dual->week_used));
    memset(dual->time_used, 0, dual->time_cells * sizeof(*dual->time_used));
    dual->unplaced = 0;
    for (int32_t g = 0; g < model->group_count; g++) {
        const struct slots_group *group = &model->groups[g];
        struct slots_slot slots[SLOTS_GROUP_MAX];
        int64_t total;
        int32_t left_out;

        for (int32_t m = group->first; m < group->first + group->count; m++)
            make_offers(dual, m);
        total = slots_chain_best(dual->board, g, dual->offers, slots);
        left_out = left_out_of(total);
        dual->unplaced += left_out;
        sum += total - left_out * SLOTS_LEFT_OUT;
        for (int32_t i = 0; i < group->count; i++)
            if (slots[i].day != SLOTS_NOWHERE &&
                model->meetings[group->first + i].state != SLOTS_FIXED)
                use(dual, group->first + i, slots[i]);
    }
    return sum;
}

/* The cheapest number of meetings in a week when each earns `price`: pairs cost, and there is a
 * most. */
static int32_t best_number(const struct slots_dual *dual, int32_t party, size_t cell,
                           int64_t *ret_value)
{
    const struct slots_model *model = dual->board->model;
    int64_t pair = (int64_t)model->rules.price[SLOTS_COST_WEEK] * SCALE, best = 0;
    int32_t room = model->parties[party].weekly_max - dual->week_fixed[cell], number = 0;

    for (int64_t n = 1; n <= room; n++) {
        int64_t value = pair * n * (n - 1) / 2 - dual->week_price[cell] * n;

        if (value >= best)
            break; /* it is convex */
        best = value;
        number = (int32_t)n;
    }
    *ret_value = best;
    return number;
}

/* Adds what weeks and times give back; the slopes go into the used counts. Returns their squares.
 */
static double add_shared(struct slots_dual *dual, int64_t *sum)
{
    const struct slots_model *model = dual->board->model;
    double square = 0;

    for (int32_t p = 0; p < model->party_count; p++) {
        if (dual->shared[p] < 0 || !model->parties[p].weekly_max)
            continue;
        for (int32_t w = 0; w < dual->board->week_count; w++) {
            size_t cell = (size_t)p * (size_t)dual->board->week_count + (size_t)w;
            int64_t value;

            dual->week_used[cell] -= best_number(dual, p, cell, &value);
            *sum += value;
            square += (double)dual->week_used[cell] * dual->week_used[cell];
        }
    }
    for (size_t i = 0; i < dual->time_cells; i++) {
        *sum -= dual->time_price[i];
        dual->time_used[i] -= 1;
        if (dual->time_price[i] > 0 || dual->time_used[i] > 0)
            square += (double)dual->time_used[i] * dual->time_used[i];
    }
    return square;
}

static void walk(struct slots_dual *dual, double length)
{
    for (size_t i = 0; i < dual->week_cells; i++)
        if (dual->week_used[i])
            dual->week_price[i] += (int64_t)(length * dual->week_used[i]);
    for (size_t i = 0; i < dual->time_cells; i++)
        if (dual->time_price[i] > 0 || dual->time_used[i] > 0) {
            dual->time_price[i] += (int64_t)(length * dual->time_used[i]);
            if (dual->time_price[i] < 0)
                dual->time_price[i] = 0;
        }
}

void slots_dual_raise(struct slots_dual *dual, int32_t rounds, int64_t target,
                      int32_t *ret_unplaced, int64_t *ret_cost)
{
    for (int32_t round = 0; round < rounds; round++) {
        int64_t sum = solve_groups(dual);
        double square = add_shared(dual, &sum), missing = (double)(target * SCALE - sum);

        if (dual->best == NONE || sum > dual->best) {
            dual->best = sum;
            dual->calm = 0;
        } else if (++dual->calm == 10) {
            dual->calm = 0;
            dual->step /= 2;
        }
        if (square == 0 || missing <= 0 || dual->step < 1e-3)
            break;
        walk(dual, dual->step * missing / square);
    }
    *ret_unplaced = dual->unplaced;
    *ret_cost = dual->best <= 0 ? 0 : (dual->best + SCALE - 1) / SCALE;
}

int64_t slots_dual_alone(const struct slots_dual *dual, int32_t group)
{
    return dual->alone[group];
}

static int32_t make_room(const struct slots_memory *memory, struct slots_dual *dual)
{
    const struct slots_model *model = dual->board->model;
    int32_t *last_group = SLOTS_NEW(memory, int32_t, model->party_count), shared;

    dual->days = SLOTS_NEW(memory, struct day_choices *, model->meeting_count);
    dual->offers = SLOTS_NEW(memory, struct slots_offers, model->meeting_count);
    dual->alone = SLOTS_NEW(memory, int64_t, model->group_count);
    dual->shared = SLOTS_NEW(memory, int32_t, model->party_count);
    if (!last_group || !dual->days || !dual->offers || !dual->alone || !dual->shared)
        return SLOTS_NO_MEMORY;
    shared = number_shared(dual, last_group);
    dual->week_cells = (size_t)model->party_count * (size_t)dual->board->week_count;
    dual->time_cells = (size_t)shared * (size_t)model->day_count * PROBES;
    dual->week_price = SLOTS_NEW(memory, int64_t, dual->week_cells);
    dual->week_used = SLOTS_NEW(memory, int32_t, dual->week_cells);
    dual->week_fixed = SLOTS_NEW(memory, int32_t, dual->week_cells);
    dual->time_price = SLOTS_NEW(memory, int64_t, dual->time_cells);
    dual->time_used = SLOTS_NEW(memory, int32_t, dual->time_cells);
    if (!dual->week_price || !dual->week_used || !dual->week_fixed || !dual->time_price ||
        !dual->time_used)
        return SLOTS_NO_MEMORY;
    memcpy(dual->week_fixed, dual->board->count, dual->week_cells * sizeof(*dual->week_fixed));
    return SLOTS_OK;
}

struct slots_dual *slots_dual_new(const struct slots_memory *memory,
                                  const struct slots_board *board,
                                  const struct slots_domain *domains)
{
    const struct slots_model *model = board->model;
    struct slots_dual *dual = SLOTS_NEW(memory, struct slots_dual, 1);

    if (!dual)
        return NULL;
    dual->board = board;
    dual->best = NONE;
    dual->step = 1;
    if (make_room(memory, dual) < 0)
        return NULL;
    for (int32_t m = 0; m < model->meeting_count; m++)
        if (gather_days(memory, dual, &domains[m], m) < 0)
            return NULL;
    for (int32_t g = 0; g < model->group_count; g++) {
        const struct slots_group *group = &model->groups[g];
        int64_t total;
        int32_t left_out;

        for (int32_t m = group->first; m < group->first + group->count; m++)
            make_offers(dual, m);
        total = slots_chain_best(board, g, dual->offers, NULL);
        left_out = left_out_of(total);
        dual->alone[g] = left_out * SLOTS_LEFT_OUT + (total - left_out * SLOTS_LEFT_OUT) / SCALE;
    }
    return dual;
}
