/*
 * bench_slots - dates for a whole round: 186 procedures with three meetings each, drawn from a
 * seed. `bench_slots [procedures:moderators:busy:seed]...`; busy is how many per cent of the
 * moderators' half-days are taken. Beside the plan: first fit, as a person with a list would do it
 * (each meeting in the order of its day gets the slot next to its ideal day), measured by the same
 * checker. CPU seconds, because the machine may be busy.
 */
#include "plugins/appointments/slots/board.h"
#include "plugins/appointments/slots/domain.h"
#include "plugins/appointments/slots/plan.h"
#include "plugins/appointments/slots/propose.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { FIRST = 20820 /* Monday, 2027-01-04 */, YEARS = 6, DAYS = YEARS * 365, STEPS = 3 };

static uint64_t state;

static uint32_t below(uint32_t n)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((state >> 33) % n);
}

static double cpu(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* ---- memory ---- */

struct heap {
    void *last;
    size_t bytes;
};

static void *take(void *context, size_t size)
{
    struct heap *heap = context;
    void **block = calloc(1, size + 16);

    if (!block)
        abort();
    *block = heap->last;
    heap->last = block;
    heap->bytes += size;
    return (char *)block + 16;
}

static void give_back(struct heap *heap)
{
    while (heap->last) {
        void *before = *(void **)heap->last;

        free(heap->last);
        heap->last = before;
    }
    heap->bytes = 0;
}

static void *new_array(size_t count, size_t size)
{
    void *made = calloc(count + 1, size);

    if (!made)
        abort();
    return made;
}

/* ---- a round ---- */

struct round {
    struct slots_model model;
    struct slots_party *parties;
    struct slots_place *places;
    struct slots_meeting *meetings;
    struct slots_attendee *attendees;
    struct slots_group *groups;
    uint8_t *days;
    const uint8_t *calendars[1];
};

/* Holidays of the year at fixed times; school holidays as in North Rhine-Westphalia, roughly. */
static void draw_calendar(uint8_t *days)
{
    static const int32_t school[][2] = {{85, 97}, {190, 232}, {285, 297}, {357, 370}};
    static const int32_t off[] = {1, 88, 121, 135, 146, 156, 276, 305, 359, 360};

    for (int32_t i = 0; i < DAYS; i++) {
        int32_t of_year = i % 365;

        days[i] = slots_weekday(FIRST + i) >= 5 ? SLOTS_DAY_FREE : 0;
        for (size_t k = 0; k < sizeof(off) / sizeof(off[0]); k++)
            days[i] |= of_year == off[k] ? SLOTS_DAY_FREE : 0;
        for (int32_t k = 0; k < 4; k++)
            days[i] |= (of_year >= school[k][0] && of_year <= school[k][1]) ||
                               (of_year + 365 <= school[k][1])
                           ? SLOTS_DAY_SCHOOL
                           : 0;
        days[i] |= of_year >= 357 || of_year < 4 ? SLOTS_DAY_QUIET : 0;
    }
}

static void draw_party(struct round *round, int32_t p, int32_t moderator, uint32_t busy_percent)
{
    struct slots_party *party = &round->parties[p];
    struct slots_span *busy = new_array(DAYS * 2, sizeof(*busy));
    struct slots_range *absent = new_array(YEARS * 3, sizeof(*absent));

    round->places[p] = (struct slots_place){(int32_t)below(220000), (int32_t)below(180000)};
    party->home = p;
    party->weekly_max = moderator ? 3 : 0;
    for (int32_t d = 0; d < 5; d++)
        party->hours[d] = (struct slots_hours){480, d == 4 ? 960 : 1020};
    if (!moderator && below(100) < 20)
        party->blocked_weekdays = 1u << 3; /* Thursdays: the committee */
    if (moderator && below(100) < 30)
        party->blocked_weekdays = 1u << below(5); /* part-time */
    for (int32_t i = 0; moderator && i < YEARS * 3; i++) {
        int32_t day = FIRST + (i / 3) * 365 + (i % 3) * 120 + (int32_t)below(100);

        absent[party->absent_count++] = (struct slots_range){day, day + 13};
    }
    for (int32_t i = 0; moderator && i < DAYS; i++) {
        if (below(100) < busy_percent)
            busy[party->busy_count++] = (struct slots_span){FIRST + i, 540, 720};
        if (below(100) < busy_percent)
            busy[party->busy_count++] = (struct slots_span){FIRST + i, 780, 960};
    }
    party->busy = busy;
    party->absent = absent;
}

/* The working day `count` after a day. */
static int32_t later(const struct round *round, int32_t day, int32_t count)
{
    while (count > 0 && day < FIRST + DAYS - 1)
        count -= !(round->days[++day - FIRST] & SLOTS_DAY_FREE);
    return day;
}

static void draw_procedure(struct round *round, int32_t g, int32_t procedures, int32_t moderators,
                           int32_t months)
{
    static const int32_t gap[STEPS] = {1, 50, 15}, ideal[STEPS] = {25, 55, 25};
    int32_t start = FIRST + (int32_t)((int64_t)g * months / procedures) * 365 / 12 + 4, day = start;
    int32_t size = 2 + (below(100) < 30), team[3];

    for (int32_t i = 0; i < size; i++) {
        int32_t again = 1;

        while (again) {
            team[i] = (int32_t)below((uint32_t)moderators);
            again = 0;
            for (int32_t k = 0; k < i; k++)
                again |= team[k] == team[i];
        }
    }
    round->groups[g] = (struct slots_group){g * STEPS, STEPS};
    for (int32_t s = 0; s < STEPS; s++) {
        struct slots_meeting *meeting = &round->meetings[g * STEPS + s];
        struct slots_attendee *seats = &round->attendees[(g * STEPS + s) * 4];

        day = later(round, day, ideal[s]);
        *meeting = (struct slots_meeting){.place = moderators + g,
                                          .minutes = s == 1 ? 420 : 180,
                                          .from = s == 1 ? 540 : 540,
                                          .until = s == 1 ? 960 : 1020,
                                          .earliest = s ? day - 10 : start + 14,
                                          .latest = later(round, day, 20),
                                          .ideal = day,
                                          .ideal_minute = 600 - (s == 1) * 60,
                                          .gap = gap[s],
                                          .attendees = seats};
        seats[meeting->attendee_count++] = (struct slots_attendee){moderators + g, 0};
        for (int32_t i = 0; i < size; i++)
            seats[meeting->attendee_count++] = (struct slots_attendee){team[i], 0};
    }
}

static void draw_round(struct round *round, int32_t procedures, int32_t moderators,
                       uint32_t busy_percent, uint64_t seed, int32_t months)
{
    int32_t parties = procedures + moderators, meetings = procedures * STEPS;

    state = seed * 0x9e3779b97f4a7c15u + 1;
    for (int32_t i = 0; i < 10; i++)
        (void)below(2);
    round->parties = new_array((size_t)parties, sizeof(*round->parties));
    round->places = new_array((size_t)parties, sizeof(*round->places));
    round->meetings = new_array((size_t)meetings, sizeof(*round->meetings));
    round->attendees = new_array((size_t)meetings * 4, sizeof(*round->attendees));
    round->groups = new_array((size_t)procedures, sizeof(*round->groups));
    round->days = new_array(DAYS, 1);
    round->calendars[0] = round->days;
    draw_calendar(round->days);
    for (int32_t p = 0; p < parties; p++)
        draw_party(round, p, p < moderators, busy_percent);
    for (int32_t g = 0; g < procedures; g++)
        draw_procedure(round, g, procedures, moderators, months);
    round->model = (struct slots_model){.first_day = FIRST,
                                        .day_count = DAYS,
                                        .calendars = round->calendars,
                                        .places = round->places,
                                        .parties = round->parties,
                                        .meetings = round->meetings,
                                        .groups = round->groups,
                                        .calendar_count = 1,
                                        .place_count = parties,
                                        .party_count = parties,
                                        .meeting_count = meetings,
                                        .group_count = procedures,
                                        .rules = {.grid_minutes = 30,
                                                  .metres_per_hour = 60000,
                                                  .buffer_minutes = 15,
                                                  .rest_minutes = 660,
                                                  .leave_minute = 420,
                                                  .home_minute = 1140,
                                                  .price = {[SLOTS_COST_LATE] = 2,
                                                            [SLOTS_COST_EARLY] = 3,
                                                            [SLOTS_COST_HOUR] = 1,
                                                            [SLOTS_COST_SCHOOL] = 20,
                                                            [SLOTS_COST_QUIET] = 60,
                                                            [SLOTS_COST_JOURNEY] = 2,
                                                            [SLOTS_COST_WEEK] = 6,
                                                            [SLOTS_COST_TRAVEL] = 1,
                                                            [SLOTS_COST_OPTIONAL] = 10,
                                                            [SLOTS_COST_CHANGE] = 100}}};
}

static void free_round(struct round *round)
{
    for (int32_t p = 0; p < round->model.party_count; p++) {
        free((void *)(uintptr_t)round->parties[p].busy);
        free((void *)(uintptr_t)round->parties[p].absent);
    }
    free(round->parties);
    free(round->places);
    free(round->meetings);
    free(round->attendees);
    free(round->groups);
    free(round->days);
}

/* ---- first fit ---- */

static struct round *sorting;

static int by_ideal(const void *left, const void *right)
{
    int32_t a = *(const int32_t *)left, b = *(const int32_t *)right;
    int32_t first = sorting->meetings[a].ideal, second = sorting->meetings[b].ideal;

    return first != second ? (first < second ? -1 : 1) : a < b ? -1 : a > b;
}

/* Puts the meeting into the earliest slot of the day that breaks nothing beside those placed. */
static int32_t fits_on(struct slots_board *board, int32_t m, int32_t day)
{
    const struct slots_meeting *meeting = &board->model->meetings[m];

    if (day < meeting->earliest || day > meeting->latest)
        return 0;
    for (int32_t start = meeting->from; start + meeting->minutes <= meeting->until;
         start += board->model->rules.grid_minutes) {
        struct slots_sink sink = {0};
        struct slots_slot slot = {day, start};

        slots_look_alone(board, m, slot, &sink);
        slots_look_beside(board, m, slot, &sink);
        slots_look_order(board, m, slot, &sink);
        if (sink.blocked)
            continue;
        slots_board_put(board, m, slot);
        return 1;
    }
    return 0;
}

static void first_fit(struct round *round, struct slots_board *board)
{
    int32_t *order = new_array((size_t)round->model.meeting_count, sizeof(*order));

    for (int32_t m = 0; m < round->model.meeting_count; m++)
        order[m] = m;
    sorting = round;
    qsort(order, (size_t)round->model.meeting_count, sizeof(*order), by_ideal);
    for (int32_t i = 0; i < round->model.meeting_count; i++) {
        const struct slots_meeting *meeting = &round->meetings[order[i]];
        int32_t far = 2 * (meeting->latest - meeting->earliest), off = 0;

        while (off <= far &&
               !fits_on(board, order[i], meeting->ideal + (off % 2 ? (off + 1) / 2 : -off / 2)))
            off++;
    }
    free(order);
}

static void measure_first_fit(struct round *round)
{
    struct heap heap = {NULL, 0};
    struct slots_memory memory = {take, &heap};
    struct slots_board *board = slots_board_new(&memory, &round->model);
    struct slots_verdict verdict = {0};

    if (!board)
        abort();
    first_fit(round, board);
    if (slots_verify(&memory, &round->model, board->slot, &verdict) < 0)
        abort();
    printf("  first fit: unplaced=%d cost=%lld broken=%d\n", (int)verdict.unplaced,
           (long long)verdict.total, (int)verdict.broken);
    give_back(&heap);
}

/* ---- measuring ---- */

static void measure_plan(struct round *round, const char *name, int32_t only_first, uint64_t seed,
                         struct slots_slot *ret)
{
    struct heap heap = {NULL, 0};
    struct slots_memory memory = {take, &heap};
    struct slots_options options = {
        .seed = seed, .only_first = only_first, .explain_max = 50, .beyond = 28};
    struct slots_plan plan;
    double used = cpu();

    if (slots_plan(&memory, &round->model, &options, &plan) < 0)
        abort();
    used = cpu() - used;
    printf("  %s: unplaced=%d cost=%lld bound=%d,%lld ", name, (int)plan.verdict.unplaced,
           (long long)plan.verdict.total, (int)plan.bound_unplaced, (long long)plan.bound_cost);
    /* The bound of the cost is about plans that leave out as few as the bound says. */
    if (plan.verdict.unplaced == plan.bound_unplaced)
        printf("gap=%.2f%% ", plan.verdict.total
                                  ? 100 * (double)(plan.verdict.total - plan.bound_cost) /
                                        (double)plan.verdict.total
                                  : 0.0);
    printf("proven=%d broken=%d moved=%d steps=%lld cpu=%.3f mib=%.1f\n", (int)plan.proven,
           (int)plan.verdict.broken, (int)plan.verdict.moved, (long long)plan.steps, used,
           (double)heap.bytes / 1048576);
    if (ret)
        memcpy(ret, plan.slots, (size_t)round->model.meeting_count * sizeof(*ret));
    give_back(&heap);
}

/* The slots become standing ones; six moderators fall ill for a fortnight. */
static void measure_replan(struct round *round, const struct slots_slot *slots)
{
    for (int32_t m = 0; m < round->model.meeting_count; m++)
        if (slots[m].day != SLOTS_NOWHERE) {
            round->meetings[m].state = SLOTS_STANDS;
            round->meetings[m].at = slots[m];
        }
    for (int32_t i = 0; i < 6; i++) {
        struct slots_range *absent = (struct slots_range *)(uintptr_t)round->parties[i].absent;
        int32_t day = FIRST + 300 + 200 * i;

        absent[0] = (struct slots_range){day, day + 27};
    }
    measure_plan(round, "replan (6 people away for four weeks)", 0, 1, NULL);
    for (int32_t m = 0; m < round->model.meeting_count; m++)
        round->meetings[m].state = SLOTS_FREE;
}

/* One proposal beside a house that is full. */
static void measure_proposals(struct round *round, const struct slots_slot *slots)
{
    double used, most = 0, sum = 0;

    for (int32_t m = 0; m < round->model.meeting_count; m++)
        if (slots[m].day != SLOTS_NOWHERE) {
            round->meetings[m].state = SLOTS_STANDS;
            round->meetings[m].at = slots[m];
        }
    for (int32_t m = 0; m < round->model.meeting_count; m++) {
        struct heap heap = {NULL, 0};
        struct slots_memory memory = {take, &heap};
        struct slots_proposals proposals;
        struct slots_hindrance why;

        used = cpu();
        if (slots_propose(&memory, &round->model, m, 5, &proposals) < 0 ||
            (proposals.count == 0 && slots_why_not(&memory, &round->model, m, 28, &why) < 0))
            abort();
        used = cpu() - used;
        sum += used;
        most = used > most ? used : most;
        give_back(&heap);
    }
    printf("  proposal: mean=%.2fms most=%.2fms\n", 1000 * sum / round->model.meeting_count,
           1000 * most);
}

/* ---- the exact model, for cbc ---- */

#define LEFT_OUT 100000 /* points */

static struct slots_domain *domains;

/* Is the second slot impossible beside the first, which is on the board alone? */
static int32_t excludes(struct slots_board *board, int32_t m, struct slots_slot slot)
{
    struct slots_sink sink = {0};

    slots_look_beside(board, m, slot, &sink);
    slots_look_order(board, m, slot, &sink);
    return sink.blocked > 0;
}

static int32_t may_meet(const struct slots_board *board, int32_t a, int32_t b)
{
    const struct slots_meeting *one = &board->model->meetings[a], *two = &board->model->meetings[b];

    if (board->group_of[a] == board->group_of[b])
        return 1;
    for (int32_t i = 0; i < one->attendee_count; i++)
        for (int32_t k = 0; k < two->attendee_count; k++)
            if (one->attendees[i].party == two->attendees[k].party)
                return one->latest >= two->earliest && two->latest >= one->earliest;
    return 0;
}

static void write_pairs(struct slots_board *board)
{
    for (int32_t a = 0; a < board->model->meeting_count; a++)
        for (int32_t b = a + 1; b < board->model->meeting_count; b++) {
            if (!may_meet(board, a, b))
                continue;
            for (int32_t i = 0; i < domains[a].count; i++) {
                int32_t found = 0;

                slots_board_put(board, a, domains[a].choices[i].slot);
                for (int32_t k = 0; k < domains[b].count; k++)
                    if (excludes(board, b, domains[b].choices[k].slot))
                        printf(found++ ? " + x%d_%d" : " x%d_%d", (int)b, (int)k);
                if (found)
                    printf(" + %d x%d_%d <= %d\n", (int)found, (int)a, (int)i, (int)found);
                slots_board_take(board, a);
            }
        }
}

/* The place of each slot of a moderator in a week, at most three, and what pairs of them cost. */
static void write_weeks(const struct slots_board *board, const int32_t *limits)
{
    const struct slots_model *model = board->model;

    for (int32_t p = 0; p < model->party_count; p++)
        for (int32_t w = 0; limits[p] && w < board->week_count; w++) {
            int32_t found = 0;

            for (int32_t line = 0; line < 3; line++) {
                found = 0;
                for (int32_t m = 0; m < model->meeting_count; m++)
                    for (int32_t a = 0; a < model->meetings[m].attendee_count; a++)
                        for (int32_t i = 0;
                             model->meetings[m].attendees[a].party == p && i < domains[m].count;
                             i++)
                            if (slots_week(domains[m].choices[i].slot.day) - board->first_week == w)
                                printf("%s%d x%d_%d", found++ ? " + " : " ", line < 2 ? 1 : 2,
                                       (int)m, (int)i);
                if (!found)
                    break;
                if (line == 0)
                    printf(" <= %d\n", (int)limits[p]);
                else
                    printf(" - y%d_%d <= %d\n", (int)p, (int)w, line == 1 ? 1 : 3);
            }
        }
}

static void write_week_prices(const struct slots_board *board, const int32_t *limits, int64_t price)
{
    for (int32_t p = 0; p < board->model->party_count; p++)
        for (int32_t w = 0; limits[p] && w < board->week_count; w++)
            printf(" + %lld y%d_%d\n", (long long)price, (int)p, (int)w);
}

static void write_model(struct round *round)
{
    struct heap heap = {NULL, 0};
    struct slots_memory memory = {take, &heap};
    struct slots_board *board = slots_board_new(&memory, &round->model);
    int32_t *limits = new_array((size_t)round->model.party_count, sizeof(*limits));
    int64_t pair = round->model.rules.price[SLOTS_COST_WEEK];

    if (!board)
        abort();
    /* Weeks have rows of their own, so the pairs do not ask for them. */
    for (int32_t p = 0; p < round->model.party_count; p++) {
        limits[p] = round->parties[p].weekly_max;
        round->parties[p].weekly_max = 0;
    }
    domains = new_array((size_t)round->model.meeting_count, sizeof(*domains));
    printf("Minimize\n obj:");
    for (int32_t m = 0; m < round->model.meeting_count; m++) {
        if (slots_domain_build(&memory, board, m, &domains[m]) < 0)
            abort();
        printf(" + %d u%d\n", LEFT_OUT, (int)m);
        for (int32_t i = 0; i < domains[m].count; i++)
            printf(" + %lld x%d_%d\n", (long long)domains[m].choices[i].price, (int)m, (int)i);
    }
    write_week_prices(board, limits, pair);
    printf("Subject To\n");
    for (int32_t m = 0; m < round->model.meeting_count; m++) {
        printf(" u%d", (int)m);
        for (int32_t i = 0; i < domains[m].count; i++)
            printf(" + x%d_%d", (int)m, (int)i);
        printf(" = 1\n");
    }
    write_pairs(board);
    write_weeks(board, limits);
    printf("Binaries\n");
    for (int32_t m = 0; m < round->model.meeting_count; m++) {
        printf(" u%d\n", (int)m);
        for (int32_t i = 0; i < domains[m].count; i++)
            printf(" x%d_%d\n", (int)m, (int)i);
    }
    printf("End\n");
    free(domains);
    free(limits);
    give_back(&heap);
}

static void print_value(struct round *round)
{
    struct heap heap = {NULL, 0};
    struct slots_memory memory = {take, &heap};
    struct slots_options options = {.seed = 1};
    struct slots_plan plan;
    double used = cpu();

    if (slots_plan(&memory, &round->model, &options, &plan) < 0)
        abort();
    printf("value=%lld bound=%lld proven=%d cpu_s=%.3f\n",
           (long long)plan.verdict.unplaced * LEFT_OUT + (long long)plan.verdict.total,
           (long long)plan.bound_unplaced * LEFT_OUT + (long long)plan.bound_cost, (int)plan.proven,
           cpu() - used);
    give_back(&heap);
}

/* ---- instances by name ---- */

static int read_name(const char *name, struct round *ret, int *procedures)
{
    int moderators, busy, months = 60;
    unsigned long long seed;
    const char *where;

    if (sscanf(name, "%d:%d:%d:%llu:%d", procedures, &moderators, &busy, &seed, &months) < 4 ||
        *procedures < 1 || *procedures > 5000 || moderators < 3 || moderators > 5000 ||
        months < 1 || months > 60) {
        fprintf(stderr,
                "usage: bench_slots [lp|value] [procedures:moderators:busy:seed[:months]]\n");
        return 2;
    }
    draw_round(ret, *procedures, moderators, (uint32_t)busy, seed, months);
    if (slots_model_check(&ret->model, &where) < 0) {
        fprintf(stderr, "bad model: %s\n", where);
        return 1;
    }
    return 0;
}

static int measure(const char *name)
{
    struct round round;
    struct slots_slot *slots;
    int procedures, rc = read_name(name, &round, &procedures);

    if (rc)
        return rc;
    slots = new_array((size_t)round.model.meeting_count, sizeof(*slots));
    printf("%s\n", name);
    measure_plan(&round, "as they come", 1, 1, NULL);
    measure_plan(&round, "plan", 0, 1, slots);
    measure_first_fit(&round);
    measure_proposals(&round, slots);
    measure_replan(&round, slots);
    free(slots);
    free_round(&round);
    return 0;
}

int main(int argc, char **argv)
{
    static const char *const usual[] = {"186:80:0:1",  "186:80:30:1", "186:40:0:1",
                                        "186:40:30:1", "186:40:55:1", "186:20:30:1"};
    int rc = 0;

    if (argc == 3 && (strcmp(argv[1], "lp") == 0 || strcmp(argv[1], "value") == 0)) {
        struct round round;
        int procedures;

        if ((rc = read_name(argv[2], &round, &procedures)))
            return rc;
        round.model.rules.price[SLOTS_COST_TRAVEL] = 0;
        if (argv[1][0] == 'l')
            write_model(&round);
        else
            print_value(&round);
        free_round(&round);
        return 0;
    }
    for (int i = 1; i < argc && !rc; i++)
        rc = measure(argv[i]);
    for (size_t i = 0; argc == 1 && i < sizeof(usual) / sizeof(usual[0]) && !rc; i++)
        rc = measure(usual[i]);
    return rc;
}
