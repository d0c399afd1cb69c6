/* Every rule and every price, once: on one slot of one meeting. verify.c says the same differently.
 */
#include "plugins/appointments/slots/board.h"

#include <math.h>

#define HALF_HOUR 30
#define TEN_KM    10000

/* ---- journeys ---- */

int32_t slots_metres(const struct slots_model *model, int32_t a, int32_t b)
{
    int64_t x, y;

    if (a < 0 || b < 0 || a == b)
        return 0;
    x = (int64_t)model->places[a].x - model->places[b].x;
    y = (int64_t)model->places[a].y - model->places[b].y;
    return (int32_t)sqrt((double)(x * x + y * y)); /* exact to the metre: below 2^53 */
}

int32_t slots_travel_minutes(const struct slots_model *model, int32_t a, int32_t b)
{
    int64_t metres = slots_metres(model, a, b), speed = model->rules.metres_per_hour;

    return (int32_t)((metres * 60 + speed - 1) / speed);
}

/* ---- the sink ---- */

static void note(struct slots_sink *sink, struct slots_note what)
{
    if (sink->notes && sink->note_count < sink->note_max)
        sink->notes[sink->note_count++] = what;
}

static void block(struct slots_sink *sink, int32_t rule, int32_t party, int32_t other)
{
    sink->blocked++;
    note(sink, (struct slots_note){rule, party, other, 0, 0});
}

static void charge(struct slots_sink *sink, const struct slots_model *model, int32_t cost,
                   int32_t party, int32_t other, int32_t amount, int32_t units)
{
    int64_t price = (int64_t)model->rules.price[cost] * units;

    if (price == 0)
        return;
    sink->price += price;
    /* Who only asks what stands in the way has no use for prices. */
    if (!sink->all)
        note(sink, (struct slots_note){cost, party, other, amount, price});
}

static int32_t enough(const struct slots_sink *sink)
{
    return sink->blocked && !sink->all;
}

/* ---- alone ---- */

static int32_t in_ranges(const struct slots_range *ranges, int32_t count, int32_t day)
{
    for (int32_t i = 0; i < count; i++)
        if (day >= ranges[i].first && day <= ranges[i].last)
            return 1;
    return 0;
}

static int32_t is_blocked_weekday(const struct slots_party *party, int32_t day)
{
    return (party->blocked_weekdays >> slots_weekday(day)) & 1;
}

/* Busy between these minutes? Spans may overlap, so those of the day are walked through. */
static int32_t is_busy(const struct slots_party *party, int32_t day, int32_t start, int32_t end)
{
    int32_t low = 0, high = party->busy_count;

    while (low < high) {
        int32_t middle = low + (high - low) / 2;

        if (party->busy[middle].day < day)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < party->busy_count && party->busy[low].day == day; low++)
        if (party->busy[low].start < end && party->busy[low].end > start)
            return 1;
    return 0;
}

static int32_t is_in_hours(const struct slots_party *party, int32_t day, int32_t start, int32_t end)
{
    const struct slots_hours *hours = &party->hours[slots_weekday(day)];

    return hours->from < hours->until && start >= hours->from && end <= hours->until;
}

static void look_at_party(const struct slots_model *model, int32_t party, struct slots_slot slot,
                          int32_t end, struct slots_sink *sink)
{
    const struct slots_party *who = &model->parties[party];

    if (is_blocked_weekday(who, slot.day))
        block(sink, SLOTS_RULE_BLOCKED_WEEKDAY, party, -1);
    if (in_ranges(who->blocked, who->blocked_count, slot.day))
        block(sink, SLOTS_RULE_BLOCKED_DAY, party, -1);
    if (in_ranges(who->absent, who->absent_count, slot.day))
        block(sink, SLOTS_RULE_ABSENT, party, -1);
    if (!is_in_hours(who, slot.day, slot.start, end))
        block(sink, SLOTS_RULE_HOURS, party, -1);
    if (!enough(sink) && is_busy(who, slot.day, slot.start, end))
        block(sink, SLOTS_RULE_BUSY, party, -1);
}

static int32_t half_hours(int32_t minutes)
{
    return minutes <= 0 ? 0 : (minutes + HALF_HOUR - 1) / HALF_HOUR;
}

static void charge_journey(const struct slots_model *model, int32_t party, int32_t place,
                           int32_t start, int32_t end, struct slots_sink *sink)
{
    int32_t home = model->parties[party].home, minutes, early, late;

    if (home < 0 || place < 0)
        return;
    minutes = slots_travel_minutes(model, home, place);
    early = model->rules.leave_minute - (start - minutes);
    late = end + minutes - model->rules.home_minute;
    charge(sink, model, SLOTS_COST_JOURNEY, party, -1,
           (early > 0 ? early : 0) + (late > 0 ? late : 0), half_hours(early) + half_hours(late));
}

static void charge_wishes(const struct slots_board *board, const struct slots_meeting *what,
                          struct slots_slot slot, struct slots_sink *sink)
{
    const struct slots_model *model = board->model;
    uint8_t day = model->calendars[what->calendar][slot.day - model->first_day];
    int32_t apart = slots_workdays(board, what->calendar, what->ideal, slot.day);
    int32_t minutes = slot.start - what->ideal_minute;

    charge(sink, model, SLOTS_COST_LATE, -1, -1, apart, apart > 0 ? apart : 0);
    charge(sink, model, SLOTS_COST_EARLY, -1, -1, -apart, apart < 0 ? -apart : 0);
    minutes = minutes < 0 ? -minutes : minutes;
    charge(sink, model, SLOTS_COST_HOUR, -1, -1, minutes, half_hours(minutes));
    charge(sink, model, SLOTS_COST_SCHOOL, -1, -1, 1, (day & SLOTS_DAY_SCHOOL) != 0);
    charge(sink, model, SLOTS_COST_QUIET, -1, -1, 1, (day & SLOTS_DAY_QUIET) != 0);
    charge(sink, model, SLOTS_COST_CHANGE, -1, -1, 1,
           what->state == SLOTS_STANDS &&
               (what->at.day != slot.day || what->at.start != slot.start));
}

static int32_t could_come(const struct slots_model *model, int32_t party, struct slots_slot slot,
                          int32_t end)
{
    struct slots_sink sink = {0};

    look_at_party(model, party, slot, end, &sink);
    return !sink.blocked;
}

void slots_look_alone(const struct slots_board *board, int32_t meeting, struct slots_slot slot,
                      struct slots_sink *sink)
{
    const struct slots_model *model = board->model;
    const struct slots_meeting *what = &model->meetings[meeting];
    int32_t end = slot.start + what->minutes;

    if (model->calendars[what->calendar][slot.day - model->first_day] & SLOTS_DAY_FREE)
        block(sink, SLOTS_RULE_FREE_DAY, -1, -1);
    if (slot.day < what->earliest)
        block(sink, SLOTS_RULE_EARLIEST, -1, -1);
    if (slot.day > what->latest)
        block(sink, SLOTS_RULE_LATEST, -1, -1);
    for (int32_t a = 0; a < what->attendee_count && !enough(sink); a++)
        if (!what->attendees[a].optional)
            look_at_party(model, what->attendees[a].party, slot, end, sink);
    if (enough(sink))
        return;
    charge_wishes(board, what, slot, sink);
    for (int32_t a = 0; a < what->attendee_count; a++) {
        int32_t party = what->attendees[a].party;

        if (!what->attendees[a].optional)
            charge_journey(model, party, what->place, slot.start, end, sink);
        else if (!could_come(model, party, slot, end))
            charge(sink, model, SLOTS_COST_OPTIONAL, party, -1, 1, 1);
    }
}

int32_t slots_day_is_shut(const struct slots_board *board, int32_t meeting, int32_t day)
{
    const struct slots_model *model = board->model;
    const struct slots_meeting *what = &model->meetings[meeting];

    if (model->calendars[what->calendar][day - model->first_day] & SLOTS_DAY_FREE)
        return 1;
    for (int32_t a = 0; a < what->attendee_count; a++) {
        const struct slots_party *who = &model->parties[what->attendees[a].party];

        if (!what->attendees[a].optional &&
            (is_blocked_weekday(who, day) || in_ranges(who->absent, who->absent_count, day) ||
             in_ranges(who->blocked, who->blocked_count, day)))
            return 1;
    }
    return 0;
}

/* ---- beside others ---- */

/* Between the end of one and the beginning of the next: enough time, and to get there? */
static void look_at_same_day(const struct slots_board *board, int32_t party, int32_t other,
                             int32_t place, struct slots_slot slot, int32_t end,
                             struct slots_sink *sink)
{
    const struct slots_model *model = board->model;
    const struct slots_meeting *that = &model->meetings[other];
    int32_t that_start = board->slot[other].start, that_end = that_start + that->minutes;
    int32_t between = slot.start >= that_start ? slot.start - that_end : that_start - end;
    int32_t buffer = model->rules.buffer_minutes;

    if (between < buffer)
        block(sink, SLOTS_RULE_MEETING, party, other);
    else if (between < buffer + slots_travel_minutes(model, place, that->place))
        block(sink, SLOTS_RULE_TRAVEL, party, other);
}

/* One of the two is the evening before the other. The night is at home or at the second place. */
static int32_t has_rest(const struct slots_model *model, int32_t party, int32_t evening_place,
                        int32_t evening_end, int32_t morning_place, int32_t morning_start)
{
    int32_t home = model->parties[party].home,
            night = SLOTS_DAY_MINUTES + morning_start - evening_end;
    int32_t needed = model->rules.rest_minutes;

    if (night - slots_travel_minutes(model, evening_place, morning_place) >= needed)
        return 1;
    return home >= 0 && night - slots_travel_minutes(model, evening_place, home) -
                                slots_travel_minutes(model, home, morning_place) >=
                            needed;
}

static void look_at_next_day(const struct slots_board *board, int32_t party, int32_t other,
                             int32_t place, struct slots_slot slot, int32_t end,
                             struct slots_sink *sink)
{
    const struct slots_model *model = board->model;
    const struct slots_meeting *that = &model->meetings[other];
    struct slots_slot at = board->slot[other];
    int32_t rested = at.day < slot.day ? has_rest(model, party, that->place,
                                                  at.start + that->minutes, place, slot.start)
                                       : has_rest(model, party, place, end, that->place, at.start);

    if (model->rules.rest_minutes && !rested)
        block(sink, SLOTS_RULE_REST, party, other);
}

static void look_at_pair(const struct slots_board *board, int32_t party, int32_t other,
                         const struct slots_meeting *what, struct slots_slot slot,
                         struct slots_sink *sink)
{
    const struct slots_model *model = board->model;
    int32_t apart = board->slot[other].day - slot.day, end = slot.start + what->minutes, metres;

    if (apart < -1 || apart > 1)
        return;
    if (apart == 0)
        look_at_same_day(board, party, other, what->place, slot, end, sink);
    else
        look_at_next_day(board, party, other, what->place, slot, end, sink);
    metres = slots_metres(model, what->place, model->meetings[other].place);
    charge(sink, model, SLOTS_COST_TRAVEL, party, other, metres, metres / TEN_KM);
}

static int32_t overlap(const struct slots_board *board, int32_t other, struct slots_slot slot,
                       int32_t end)
{
    struct slots_slot at = board->slot[other];

    return at.day == slot.day && at.start < end &&
           slot.start < at.start + board->model->meetings[other].minutes;
}

/* Those of one week: that of the slot, or the one beside it. */
static void look_at_week(const struct slots_board *board, int32_t meeting, int32_t attendee,
                         struct slots_slot slot, int32_t week, struct slots_sink *sink)
{
    const struct slots_model *model = board->model;
    const struct slots_meeting *what = &model->meetings[meeting];
    const struct slots_attendee *me = &what->attendees[attendee];
    int32_t same = week == slots_week(slot.day), limit = model->parties[me->party].weekly_max;
    int32_t end = slot.start + what->minutes, own = board->slot[meeting].day, seat;
    size_t cell;

    week -= board->first_week;
    if (week < 0 || week >= board->week_count)
        return;
    cell = (size_t)me->party * (size_t)board->week_count + (size_t)week;
    own = own != SLOTS_NOWHERE && slots_week(own) == slots_week(slot.day);
    if (same && !me->optional && limit && board->count[cell] - own >= limit)
        block(sink, SLOTS_RULE_WEEK, me->party, -1);
    for (seat = board->head[cell]; seat >= 0 && !enough(sink); seat = board->next[seat]) {
        int32_t other = board->meeting_of[seat];
        const struct slots_meeting *that = &model->meetings[other];
        int32_t that_optional = that->attendees[seat - board->first_seat[other]].optional;

        if (other == meeting)
            continue;
        if (me->optional || that_optional) {
            if (me->optional != that_optional && overlap(board, other, slot, end))
                charge(sink, model, SLOTS_COST_OPTIONAL, me->party, other, 1, 1);
            continue;
        }
        look_at_pair(board, me->party, other, what, slot, sink);
        if (same && limit)
            charge(sink, model, SLOTS_COST_WEEK, me->party, other, 1, 1);
    }
}

void slots_look_beside(const struct slots_board *board, int32_t meeting, struct slots_slot slot,
                       struct slots_sink *sink)
{
    const struct slots_meeting *what = &board->model->meetings[meeting];
    int32_t week = slots_week(slot.day), weekday = slots_weekday(slot.day);

    for (int32_t a = 0; a < what->attendee_count && !enough(sink); a++) {
        look_at_week(board, meeting, a, slot, week, sink);
        if (weekday == 0)
            look_at_week(board, meeting, a, slot, week - 1, sink);
        if (weekday == 6)
            look_at_week(board, meeting, a, slot, week + 1, sink);
    }
}

void slots_look_order(const struct slots_board *board, int32_t meeting, struct slots_slot slot,
                      struct slots_sink *sink)
{
    const struct slots_model *model = board->model;
    const struct slots_group *group = &model->groups[board->group_of[meeting]];
    int32_t gap = 0, m;

    for (m = meeting; m > group->first && !enough(sink); m--) {
        gap += model->meetings[m].gap;
        if (board->slot[m - 1].day == SLOTS_NOWHERE)
            continue;
        if (slots_workdays(board, model->meetings[meeting].calendar, board->slot[m - 1].day,
                           slot.day) < gap)
            block(sink, SLOTS_RULE_ORDER, -1, m - 1);
        break;
    }
    gap = 0;
    for (m = meeting + 1; m < group->first + group->count && !enough(sink); m++) {
        gap += model->meetings[m].gap;
        if (board->slot[m].day == SLOTS_NOWHERE)
            continue;
        if (slots_workdays(board, model->meetings[m].calendar, slot.day, board->slot[m].day) < gap)
            block(sink, SLOTS_RULE_ORDER, -1, m);
        break;
    }
}
