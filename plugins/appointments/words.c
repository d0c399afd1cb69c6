/* What slots/ finds, in words. */
#include "plugins/appointments/scene.h"

#include <string.h>

static const char *day_words(struct rh_call *call, int32_t day)
{
    static const struct rh_text names[] = {{"Mo", "Mon"}, {"Di", "Tue"}, {"Mi", "Wed"},
                                           {"Do", "Thu"}, {"Fr", "Fri"}, {"Sa", "Sat"},
                                           {"So", "Sun"}};
    const char *text = rh_day_text(call, day);

    return rh_format(call, "%1$s %4$.2s.%3$.2s.%2$.4s", "%1$s %2$.4s-%3$.2s-%4$.2s",
                     rh_say_in(call, names[slots_weekday(day)]), text, text + 5, text + 8);
}

const char *slot_text(struct rh_call *call, const struct scene *scene, int32_t meeting,
                      struct slots_slot slot)
{
    return rh_format(call, "%s, %s–%s", "%s, %s–%s", day_words(call, slot.day),
                     clock_text(call, slot.start),
                     clock_text(call, slot.start + scene->model.meetings[meeting].minutes));
}

const char *meeting_text(struct rh_call *call, const struct scene *scene, int32_t meeting)
{
    const struct scene_meeting *what = &scene->what[meeting];
    const char *title = rh_say_in(call, RH_TEXT(what->title_de, what->title_en));

    return what->office_name ? rh_format(call, "%s (%s)", "%s (%s)", title, what->office_name)
                             : title;
}

static const char *party_text(const struct scene *scene, int32_t party)
{
    return party < 0 ? "" : scene->who[party].name;
}

static const char *other_text(struct rh_call *call, const struct scene *scene, int32_t other)
{
    return rh_format(call, "%s, %s", "%s, %s", meeting_text(call, scene, other),
                     day_words(call, scene->model.meetings[other].at.day));
}

const char *obstacle_text(struct rh_call *call, const struct scene *scene,
                          const struct slots_note *note)
{
    const char *who = party_text(scene, note->party), *other = "";

    /* In a plan that is being made, another meeting may have no date of its own yet. */
    if (note->other >= 0)
        other = scene->model.meetings[note->other].state == SLOTS_FREE
                    ? meeting_text(call, scene, note->other)
                    : other_text(call, scene, note->other);
    switch ((enum slots_rule)note->rule) {
    case SLOTS_RULE_FREE_DAY:
        return rh_format(call, "kein Arbeitstag des Jugendamts", "no working day of the office");
    case SLOTS_RULE_BLOCKED_WEEKDAY:
        return rh_format(call, "gesperrter Wochentag: %s", "blocked weekday: %s", who);
    case SLOTS_RULE_BLOCKED_DAY:
        return rh_format(call, "gesperrter Tag: %s", "blocked day: %s", who);
    case SLOTS_RULE_HOURS:
        return rh_format(call, "außerhalb der Arbeitszeit: %s", "outside the working hours: %s",
                         who);
    case SLOTS_RULE_ABSENT:
        return rh_format(call, "abwesend: %s", "absent: %s", who);
    case SLOTS_RULE_BUSY:
        return rh_format(call, "laut eigenem Kalender nicht frei: %s",
                         "not free by their own calendar: %s", who);
    case SLOTS_RULE_MEETING:
        return rh_format(call, "%s hat dann: %s", "%s has then: %s", who, other);
    case SLOTS_RULE_TRAVEL:
        return rh_format(call, "%s schafft den Weg nicht: %s", "%s cannot get there in time: %s",
                         who, other);
    case SLOTS_RULE_REST:
        return rh_format(call, "%s hätte keine elf Stunden Ruhe: %s",
                         "%s would not have eleven hours of rest: %s", who, other);
    case SLOTS_RULE_WEEK:
        return rh_format(call, "%s hat in der Woche schon so viele Termine, wie sein sollen",
                         "%s has as many meetings in the week as there should be", who);
    case SLOTS_RULE_ORDER:
        return rh_format(call, "Reihenfolge und Abstand im Verfahren: %s",
                         "order and gap in the procedure: %s", other);
    case SLOTS_RULE_EARLIEST:
        return rh_format(call, "das Verfahren ist noch nicht so weit",
                         "the procedure has not got that far");
    case SLOTS_RULE_LATEST:
        return rh_format(call, "mehr als %d Tage nach dem vorgesehenen Tag",
                         "more than %d days after the day foreseen", WINDOW_DAYS);
    case SLOTS_RULE_COUNT:
        break;
    }
    return "";
}

const char *price_text(struct rh_call *call, const struct scene *scene,
                       const struct slots_note *note)
{
    const char *who = party_text(scene, note->party);
    const char *other = note->other >= 0 ? meeting_text(call, scene, note->other) : "";

    switch ((enum slots_cost)note->rule) {
    case SLOTS_COST_LATE:
        return note->amount == 1
                   ? rh_format(call, "ein Arbeitstag nach dem vorgesehenen Tag",
                               "a working day after the day foreseen")
                   : rh_format(call, "%d Arbeitstage nach dem vorgesehenen Tag",
                               "%d working days after the day foreseen", (int)note->amount);
    case SLOTS_COST_EARLY:
        return note->amount == 1
                   ? rh_format(call, "ein Arbeitstag vor dem vorgesehenen Tag",
                               "a working day before the day foreseen")
                   : rh_format(call, "%d Arbeitstage vor dem vorgesehenen Tag",
                               "%d working days before the day foreseen", (int)note->amount);
    case SLOTS_COST_HOUR:
        return rh_format(call, "%d Minuten neben der üblichen Zeit",
                         "%d minutes off the usual time", (int)note->amount);
    case SLOTS_COST_SCHOOL:
        return rh_format(call, "in den Schulferien", "in the school holidays");
    case SLOTS_COST_QUIET:
        return rh_format(call, "in der Ruhezeit", "in the quiet period");
    case SLOTS_COST_JOURNEY:
        return rh_format(call, "%s ist %d Minuten vor 7 oder nach 19 Uhr unterwegs",
                         "%s travels %d minutes before 7:00 or after 19:00", who,
                         (int)note->amount);
    case SLOTS_COST_WEEK:
        return rh_format(call, "%s hat in der Woche auch: %s", "%s has in that week, too: %s", who,
                         other);
    case SLOTS_COST_TRAVEL:
        return rh_format(call, "%s ist am selben oder nächsten Tag %d km entfernt: %s",
                         "%s is %d km away on the same or next day: %s", who,
                         (int)note->amount / 1000, other);
    case SLOTS_COST_OPTIONAL:
        return rh_format(call, "ohne %s", "without %s", who);
    case SLOTS_COST_CHANGE:
        return rh_format(call, "verlegt den Termin, den es gibt", "moves the date there is");
    case SLOTS_COST_COUNT:
        break;
    }
    return "";
}

static int64_t paid(const struct slots_proposal *proposal, int32_t cost)
{
    int64_t sum = 0;

    for (int32_t i = 0; i < proposal->note_count; i++)
        if (proposal->notes[i].rule == cost)
            sum += proposal->notes[i].price;
    return sum;
}

const char *praise_text(struct rh_call *call, const struct scene *scene,
                        const struct slots_proposal *proposal)
{
    const char *text = rh_format(call, "alle Nötigen sind frei", "all who are needed are free");

    if (!paid(proposal, SLOTS_COST_LATE) && !paid(proposal, SLOTS_COST_EARLY))
        text = rh_format(call, "%s, am vorgesehenen Tag", "%s, on the day foreseen", text);
    if (!paid(proposal, SLOTS_COST_WEEK) && !paid(proposal, SLOTS_COST_TRAVEL))
        text = rh_format(call, "%s, niemand hat in der Woche einen zweiten Termin",
                         "%s, nobody has a second meeting that week", text);
    if (!paid(proposal, SLOTS_COST_SCHOOL) && scene->model.rules.price[SLOTS_COST_SCHOOL])
        text = rh_format(call, "%s, keine Schulferien", "%s, not in the school holidays", text);
    return text;
}

static struct slots_note note_of(const struct slots_obstacle *obstacle)
{
    return (struct slots_note){obstacle->rule, obstacle->party, obstacle->other, 0, 0};
}

const char *hindrance_text(struct rh_call *call, const struct scene *scene,
                           const struct slots_hindrance *why)
{
    const char *text = NULL;

    for (int32_t i = 0; i < why->count; i++) {
        struct slots_note note = note_of(&why->list[i]);
        const char *next;

        if (!why->list[i].in_set)
            continue;
        next = obstacle_text(call, scene, &note);
        text = text ? rh_format(call, "%s; %s", "%s; %s", text, next) : next;
    }
    return text ? text
                : rh_format(call, "andere Termine derselben Planung sind im Weg",
                            "other meetings of the same planning are in the way");
}

const char *help_text(struct rh_call *call, const struct scene *scene, int32_t meeting,
                      const struct slots_hindrance *why)
{
    const struct slots_obstacle *best = NULL;
    const char *text = NULL;

    for (int32_t i = 0; i < why->count; i++)
        if (why->list[i].opens.day != SLOTS_NOWHERE && (!best || why->list[i].price < best->price))
            best = &why->list[i];
    if (best) {
        struct slots_note note = note_of(best);

        text = rh_format(call, "fiele weg: %s – dann am %s", "without: %s – then on %s",
                         obstacle_text(call, scene, &note),
                         slot_text(call, scene, meeting, best->opens));
    }
    for (int32_t i = 0; i < why->without_count && !best; i++)
        text = rh_format(call, "%s%sohne %s am %s", "%s%swithout %s on %s", text ? text : "",
                         text ? "; " : "", party_text(scene, why->without[i].party),
                         slot_text(call, scene, meeting, why->without[i].opens));
    for (int32_t i = 0; i < why->nearest_count && !best && !why->without_count; i++) {
        struct slots_note note = note_of(&why->list[why->nearest_list[i]]);

        text =
            text ? rh_format(call, "%s; %s", "%s; %s", text, obstacle_text(call, scene, &note))
                 : rh_format(call, "am ehesten am %s, dagegen: %s", "nearest is %s, against it: %s",
                             slot_text(call, scene, meeting, why->nearest),
                             obstacle_text(call, scene, &note));
    }
    return text;
}

static void put_help(struct rh_call *call, const struct scene *scene, int32_t meeting,
                     const char *what, struct slots_slot slot)
{
    rh_out_object(call, NULL);
    rh_out_text(call, "without", what);
    rh_out_text(call, "day", rh_day_text(call, slot.day));
    rh_out_text(call, "at", clock_text(call, slot.start));
    rh_out_text(call, "when", slot_text(call, scene, meeting, slot));
    rh_out_end(call);
}

void put_hindrance(struct rh_call *call, const struct scene *scene, int32_t meeting,
                   const struct slots_hindrance *why)
{
    rh_out_array(call, "obstacles");
    for (int32_t i = 0; i < why->count; i++) {
        struct slots_note note = note_of(&why->list[i]);

        if (!why->list[i].in_set)
            continue;
        rh_out_object(call, NULL);
        rh_out_text(call, "what", obstacle_text(call, scene, &note));
        rh_out_int(call, "slots", why->list[i].slots);
        rh_out_int(call, "of", why->tried);
        rh_out_end(call);
    }
    rh_out_end(call);
    rh_out_array(call, "helps");
    for (int32_t i = 0; i < why->count; i++) {
        struct slots_note note = note_of(&why->list[i]);

        if (why->list[i].opens.day != SLOTS_NOWHERE)
            put_help(call, scene, meeting, obstacle_text(call, scene, &note), why->list[i].opens);
    }
    for (int32_t i = 0; i < why->without_count; i++)
        put_help(call, scene, meeting, party_text(scene, why->without[i].party),
                 why->without[i].opens);
    rh_out_end(call);
}
