#include "plugins/appointments/slots/verify.h"

#include <stdlib.h>

struct placed {
    int32_t meeting, day, start, end;
};

struct check {
    const struct slots_model *m;
    const struct slots_slot *slots;
    struct placed *list; /* by day */
    int32_t count;
    struct slots_verdict *verdict;
};

static void broken(struct check *check, int32_t meeting, int32_t rule, int32_t party, int32_t other)
{
    struct slots_verdict *verdict = check->verdict;

    if (verdict->broken++ == 0) {
        verdict->first = (struct slots_note){rule, party, other, 0, 0};
        verdict->first_meeting = meeting;
    }
}

static void pay(struct check *check, int32_t cost, int64_t times)
{
    check->verdict->price[cost] += times * check->m->rules.price[cost];
}

static const struct slots_meeting *meeting_at(const struct check *check, int32_t meeting)
{
    return &check->m->meetings[meeting];
}

static int32_t is_fixed(const struct check *check, int32_t meeting)
{
    return meeting_at(check, meeting)->state == SLOTS_FIXED;
}

static uint8_t flags_of(const struct check *check, int32_t meeting, int32_t day)
{
    return check->m->calendars[meeting_at(check, meeting)->calendar][day - check->m->first_day];
}

/* Working days after `from`, up to `to`, counted one by one. */
static int32_t working_days(const struct check *check, int32_t meeting, int32_t from, int32_t to)
{
    int32_t sum = 0;

    for (int32_t day = from + 1; day <= to; day++)
        sum += (flags_of(check, meeting, day) & SLOTS_DAY_FREE) == 0;
    for (int32_t day = to + 1; day <= from; day++)
        sum -= (flags_of(check, meeting, day) & SLOTS_DAY_FREE) == 0;
    return sum;
}

/* The root by Newton's method, in whole numbers. */
static int64_t whole_root(int64_t square)
{
    int64_t x = square, y = (x + 1) / 2;

    while (y < x) {
        x = y;
        y = (x + square / x) / 2;
    }
    return x;
}

static int64_t metres_between(const struct check *check, int32_t a, int32_t b)
{
    int64_t dx, dy;

    if (a < 0 || b < 0)
        return 0;
    dx = (int64_t)check->m->places[a].x - check->m->places[b].x;
    dy = (int64_t)check->m->places[a].y - check->m->places[b].y;
    return dx || dy ? whole_root(dx * dx + dy * dy) : 0;
}

static int64_t minutes_between(const struct check *check, int32_t a, int32_t b)
{
    int64_t metres = metres_between(check, a, b) * 60, speed = check->m->rules.metres_per_hour;

    return metres / speed + (metres % speed != 0);
}

/* ---- one meeting ---- */

static int32_t hits(const struct slots_range *ranges, int32_t count, int32_t day)
{
    int32_t hit = 0;

    for (int32_t i = 0; i < count; i++)
        hit |= ranges[i].first <= day && day <= ranges[i].last;
    return hit;
}

/* The first rule of a party that the slot breaks, or -1. */
static int32_t party_objects(const struct check *check, int32_t party, const struct placed *at)
{
    const struct slots_party *who = &check->m->parties[party];
    int32_t weekday = (at->day + 3) % 7;

    if (who->blocked_weekdays & (1u << weekday))
        return SLOTS_RULE_BLOCKED_WEEKDAY;
    if (hits(who->blocked, who->blocked_count, at->day))
        return SLOTS_RULE_BLOCKED_DAY;
    if (hits(who->absent, who->absent_count, at->day))
        return SLOTS_RULE_ABSENT;
    if (who->hours[weekday].from == who->hours[weekday].until ||
        at->start < who->hours[weekday].from || at->end > who->hours[weekday].until)
        return SLOTS_RULE_HOURS;
    for (int32_t i = 0; i < who->busy_count; i++)
        if (who->busy[i].day == at->day && who->busy[i].end > at->start &&
            who->busy[i].start < at->end)
            return SLOTS_RULE_BUSY;
    return -1;
}

static int64_t begun_half_hours(int64_t minutes)
{
    return minutes > 0 ? minutes / 30 + (minutes % 30 != 0) : 0;
}

static void check_attendees(struct check *check, const struct placed *at)
{
    const struct slots_meeting *what = meeting_at(check, at->meeting);
    const struct slots_rules *rules = &check->m->rules;

    for (int32_t a = 0; a < what->attendee_count; a++) {
        int32_t party = what->attendees[a].party, home = check->m->parties[party].home;
        int32_t rule = party_objects(check, party, at);
        int64_t way = minutes_between(check, home, what->place);

        if (what->attendees[a].optional) {
            pay(check, SLOTS_COST_OPTIONAL, rule >= 0);
            continue;
        }
        if (rule >= 0)
            broken(check, at->meeting, rule, party, -1);
        if (home < 0 || what->place < 0)
            continue;
        pay(check, SLOTS_COST_JOURNEY,
            begun_half_hours(rules->leave_minute - (at->start - way)) +
                begun_half_hours(at->end + way - rules->home_minute));
    }
}

static void check_alone(struct check *check, const struct placed *at)
{
    const struct slots_meeting *what = meeting_at(check, at->meeting);
    uint8_t flags = flags_of(check, at->meeting, at->day);
    int32_t late = working_days(check, at->meeting, what->ideal, at->day);
    int64_t off = at->start - what->ideal_minute;

    if (flags & SLOTS_DAY_FREE)
        broken(check, at->meeting, SLOTS_RULE_FREE_DAY, -1, -1);
    if (at->day < what->earliest)
        broken(check, at->meeting, SLOTS_RULE_EARLIEST, -1, -1);
    if (at->day > what->latest)
        broken(check, at->meeting, SLOTS_RULE_LATEST, -1, -1);
    if (at->start < what->from || at->end > what->until)
        broken(check, at->meeting, SLOTS_RULE_HOURS, -1, -1);
    pay(check, late > 0 ? SLOTS_COST_LATE : SLOTS_COST_EARLY, late > 0 ? late : -late);
    pay(check, SLOTS_COST_HOUR, begun_half_hours(off < 0 ? -off : off));
    pay(check, SLOTS_COST_SCHOOL, (flags & SLOTS_DAY_SCHOOL) != 0);
    pay(check, SLOTS_COST_QUIET, (flags & SLOTS_DAY_QUIET) != 0);
    if (what->state == SLOTS_STANDS && (what->at.day != at->day || what->at.start != at->start)) {
        check->verdict->moved++;
        pay(check, SLOTS_COST_CHANGE, 1);
    }
    check_attendees(check, at);
}

/* ---- two meetings, the first not later than the second ---- */

/* The longest that somebody can rest between the two, at home or where the second one is. */
static int64_t rest_between(const struct check *check, int32_t party, const struct placed *a,
                            const struct placed *b)
{
    int32_t home = check->m->parties[party].home;
    int32_t from = meeting_at(check, a->meeting)->place, to = meeting_at(check, b->meeting)->place;
    int64_t night = 24 * 60 - a->end + b->start, there = night - minutes_between(check, from, to);
    int64_t at_home = night - minutes_between(check, from, home) - minutes_between(check, home, to);

    return home >= 0 && at_home > there ? at_home : there;
}

static void check_shared(struct check *check, int32_t party, const struct placed *a,
                         const struct placed *b)
{
    const struct slots_rules *rules = &check->m->rules;
    int32_t from = meeting_at(check, a->meeting)->place, to = meeting_at(check, b->meeting)->place;
    int32_t who = is_fixed(check, a->meeting) ? b->meeting : a->meeting;
    int32_t whom = who == a->meeting ? b->meeting : a->meeting;

    if (a->day == b->day) {
        int32_t pause = b->start - a->end;

        if (pause < rules->buffer_minutes)
            broken(check, who, SLOTS_RULE_MEETING, party, whom);
        else if (pause < rules->buffer_minutes + minutes_between(check, from, to))
            broken(check, who, SLOTS_RULE_TRAVEL, party, whom);
    }
    if (b->day == a->day + 1 && rules->rest_minutes > 0 &&
        rest_between(check, party, a, b) < rules->rest_minutes)
        broken(check, who, SLOTS_RULE_REST, party, whom);
    if (b->day <= a->day + 1)
        pay(check, SLOTS_COST_TRAVEL, metres_between(check, from, to) / 10000);
    if (check->m->parties[party].weekly_max > 0 && (a->day + 3) / 7 == (b->day + 3) / 7)
        pay(check, SLOTS_COST_WEEK, 1);
}

static void check_pair(struct check *check, const struct placed *a, const struct placed *b)
{
    const struct slots_meeting *one = meeting_at(check, a->meeting);
    const struct slots_meeting *two = meeting_at(check, b->meeting);

    if (is_fixed(check, a->meeting) && is_fixed(check, b->meeting))
        return;
    for (int32_t i = 0; i < one->attendee_count; i++)
        for (int32_t k = 0; k < two->attendee_count; k++) {
            if (one->attendees[i].party != two->attendees[k].party)
                continue;
            if (!one->attendees[i].optional && !two->attendees[k].optional)
                check_shared(check, one->attendees[i].party, a, b);
            else if (one->attendees[i].optional != two->attendees[k].optional)
                pay(check, SLOTS_COST_OPTIONAL,
                    a->day == b->day && b->start < a->end && a->start < b->end);
        }
}

/* ---- weeks and groups ---- */

static int32_t needs(const struct slots_meeting *what, int32_t party)
{
    for (int32_t a = 0; a < what->attendee_count; a++)
        if (what->attendees[a].party == party && !what->attendees[a].optional)
            return 1;
    return 0;
}

static void check_week(struct check *check, int32_t index)
{
    const struct placed *at = &check->list[index];
    const struct slots_meeting *what = meeting_at(check, at->meeting);

    for (int32_t a = 0; a < what->attendee_count; a++) {
        int32_t party = what->attendees[a].party, in_week = 0;

        if (what->attendees[a].optional || check->m->parties[party].weekly_max == 0)
            continue;
        for (int32_t i = index; i >= 0 && check->list[i].day > at->day - 7; i--)
            in_week += (check->list[i].day + 3) / 7 == (at->day + 3) / 7 &&
                       needs(meeting_at(check, check->list[i].meeting), party);
        for (int32_t i = index + 1; i < check->count && check->list[i].day < at->day + 7; i++)
            in_week += (check->list[i].day + 3) / 7 == (at->day + 3) / 7 &&
                       needs(meeting_at(check, check->list[i].meeting), party);
        if (in_week > check->m->parties[party].weekly_max)
            broken(check, at->meeting, SLOTS_RULE_WEEK, party, -1);
    }
}

static void check_group(struct check *check, const struct slots_group *group)
{
    int32_t last = -1, gap = 0;

    for (int32_t i = group->first; i < group->first + group->count; i++) {
        gap += meeting_at(check, i)->gap;
        if (check->slots[i].day == SLOTS_NOWHERE)
            continue;
        if (last >= 0 && !(is_fixed(check, last) && is_fixed(check, i)) &&
            working_days(check, i, check->slots[last].day, check->slots[i].day) < gap)
            broken(check, is_fixed(check, i) ? last : i, SLOTS_RULE_ORDER, -1,
                   is_fixed(check, i) ? i : last);
        last = i;
        gap = 0;
    }
}

static int by_day(const void *left, const void *right)
{
    const struct placed *a = left, *b = right;

    if (a->day != b->day)
        return a->day < b->day ? -1 : 1;
    if (a->start != b->start)
        return a->start < b->start ? -1 : 1;
    return a->meeting < b->meeting ? -1 : a->meeting > b->meeting;
}

static void place_all(struct check *check)
{
    for (int32_t i = 0; i < check->m->meeting_count; i++) {
        struct slots_slot slot = check->slots[i];

        if (slot.day == SLOTS_NOWHERE)
            check->verdict->unplaced++;
        else
            check->list[check->count++] = (struct placed){
                i, slot.day, slot.start, slot.start + check->m->meetings[i].minutes};
    }
    qsort(check->list, (size_t)check->count, sizeof(*check->list), by_day);
}

int32_t slots_verify(const struct slots_memory *memory, const struct slots_model *model,
                     const struct slots_slot *slots, struct slots_verdict *ret)
{
    struct check check = {model, slots, NULL, 0, ret};

    *ret = (struct slots_verdict){.first_meeting = -1};
    if (!(check.list = SLOTS_NEW(memory, struct placed, model->meeting_count)))
        return SLOTS_NO_MEMORY;
    place_all(&check);
    for (int32_t i = 0; i < check.count; i++) {
        if (is_fixed(&check, check.list[i].meeting)) {
            struct slots_slot at = meeting_at(&check, check.list[i].meeting)->at;

            if (at.day != check.list[i].day || at.start != check.list[i].start)
                broken(&check, check.list[i].meeting, SLOTS_RULE_ORDER, -1, -1);
        } else {
            check_alone(&check, &check.list[i]);
            check_week(&check, i);
        }
        for (int32_t k = i + 1; k < check.count && check.list[k].day < check.list[i].day + 7; k++)
            check_pair(&check, &check.list[i], &check.list[k]);
    }
    for (int32_t g = 0; g < model->group_count; g++)
        check_group(&check, &model->groups[g]);
    for (int32_t c = 0; c < SLOTS_COST_COUNT; c++)
        ret->total += ret->price[c];
    return SLOTS_OK;
}
