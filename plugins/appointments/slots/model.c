#include "plugins/appointments/slots/model.h"

#define FAR 10000000 /* metres */

static const char *bad_rules(const struct slots_rules *rules)
{
    if (rules->grid_minutes < 1 || rules->grid_minutes > SLOTS_DAY_MINUTES)
        return "rules.grid_minutes";
    if (rules->metres_per_hour < 1000 || rules->metres_per_hour > 1000000)
        return "rules.metres_per_hour";
    if (rules->buffer_minutes < 0 || rules->buffer_minutes > SLOTS_DAY_MINUTES)
        return "rules.buffer_minutes";
    if (rules->rest_minutes < 0 || rules->rest_minutes > SLOTS_DAY_MINUTES)
        return "rules.rest_minutes";
    if (rules->leave_minute < 0 || rules->leave_minute > SLOTS_DAY_MINUTES ||
        rules->home_minute < 0 || rules->home_minute > SLOTS_DAY_MINUTES)
        return "rules.leave_minute";
    for (int32_t i = 0; i < SLOTS_COST_COUNT; i++)
        if (rules->price[i] < 0 || rules->price[i] > SLOTS_PRICE_MAX)
            return "rules.price";
    return NULL;
}

static const char *bad_party(const struct slots_model *model, const struct slots_party *party)
{
    for (int32_t i = 0; i < 7; i++)
        if (party->hours[i].from < 0 || party->hours[i].until > SLOTS_DAY_MINUTES ||
            party->hours[i].from > party->hours[i].until)
            return "party.hours";
    for (int32_t i = 0; i < party->busy_count; i++) {
        const struct slots_span *span = &party->busy[i];

        if (span->start < 0 || span->end > SLOTS_DAY_MINUTES || span->start >= span->end ||
            (i && (span->day < span[-1].day ||
                   (span->day == span[-1].day && span->start < span[-1].start))))
            return "party.busy";
    }
    for (int32_t i = 0; i < party->absent_count; i++)
        if (party->absent[i].first > party->absent[i].last)
            return "party.absent";
    for (int32_t i = 0; i < party->blocked_count; i++)
        if (party->blocked[i].first > party->blocked[i].last)
            return "party.blocked";
    if (party->home < -1 || party->home >= model->place_count)
        return "party.home";
    return party->weekly_max < 0 ? "party.weekly_max" : NULL;
}

static int32_t within(const struct slots_model *model, int32_t day)
{
    return day >= model->first_day && day - model->first_day < model->day_count;
}

static const char *bad_meeting(const struct slots_model *model, const struct slots_meeting *meeting)
{
    if (meeting->state < SLOTS_FREE || meeting->state > SLOTS_FIXED)
        return "meeting.state";
    if (meeting->state != SLOTS_FREE && (!within(model, meeting->at.day) || meeting->at.start < 0 ||
                                         meeting->at.start > SLOTS_DAY_MINUTES - meeting->minutes))
        return "meeting.at";
    if (meeting->calendar < 0 || meeting->calendar >= model->calendar_count)
        return "meeting.calendar";
    if (meeting->place < -1 || meeting->place >= model->place_count)
        return "meeting.place";
    if (meeting->minutes < 1 || meeting->from < 0 || meeting->until > SLOTS_DAY_MINUTES ||
        meeting->until - meeting->from < meeting->minutes)
        return "meeting.minutes";
    if (!within(model, meeting->earliest) || !within(model, meeting->latest) ||
        !within(model, meeting->ideal))
        return "meeting.earliest";
    if (meeting->ideal_minute < 0 || meeting->ideal_minute > SLOTS_DAY_MINUTES)
        return "meeting.ideal_minute";
    if (meeting->gap < 1 || meeting->gap > SLOTS_DAYS_MAX)
        return "meeting.gap";
    if (meeting->attendee_count < 0 || meeting->attendee_count > SLOTS_ATTENDEES_MAX)
        return "meeting.attendees";
    for (int32_t i = 0; i < meeting->attendee_count; i++)
        if (meeting->attendees[i].party < 0 || meeting->attendees[i].party >= model->party_count)
            return "meeting.attendees";
    return NULL;
}

static const char *bad_groups(const struct slots_model *model)
{
    int32_t next = 0;

    for (int32_t i = 0; i < model->group_count; i++) {
        const struct slots_group *group = &model->groups[i];

        if (group->first != next || group->count < 1 || group->count > SLOTS_GROUP_MAX ||
            group->count > model->meeting_count - next)
            return "groups";
        next += group->count;
    }
    return next == model->meeting_count ? NULL : "groups";
}

static const char *find_fault(const struct slots_model *model)
{
    const char *fault = bad_rules(&model->rules);

    if (fault)
        return fault;
    if (model->first_day < 0 || model->first_day > 1000000 || model->day_count < 1 ||
        model->day_count > SLOTS_DAYS_MAX)
        return "first_day";
    if (model->calendar_count < 1 || model->place_count < 0)
        return "calendars";
    if (model->party_count < 0 || model->party_count > SLOTS_PARTIES_MAX ||
        (int64_t)model->party_count * (model->day_count / 7 + 2) > SLOTS_CELLS_MAX)
        return "parties";
    if (model->meeting_count < 0 || model->meeting_count > SLOTS_MEETINGS_MAX)
        return "meetings";
    for (int32_t i = 0; i < model->place_count; i++)
        if (model->places[i].x < -FAR || model->places[i].x > FAR || model->places[i].y < -FAR ||
            model->places[i].y > FAR)
            return "places";
    for (int32_t i = 0; i < model->party_count && !fault; i++)
        fault = bad_party(model, &model->parties[i]);
    for (int32_t i = 0; i < model->meeting_count && !fault; i++)
        fault = bad_meeting(model, &model->meetings[i]);
    return fault ? fault : bad_groups(model);
}

int32_t slots_model_check(const struct slots_model *model, const char **ret_where)
{
    const char *fault = find_fault(model);

    if (fault && ret_where)
        *ret_where = fault;
    return fault ? SLOTS_BAD_MODEL : SLOTS_OK;
}
