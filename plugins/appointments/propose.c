/* appointment propose: dates for one meeting. appointment check: dates that do not fit, with
 * others. */
#include "plugins/appointments/scene.h"

#include <string.h>

enum { LEAD_DAYS = 14, CHECK_MAX = 25, CHECK_EACH = 3 };

/* ---- propose ---- */

/* The step that was named, else the first without a fixed date. */
static int32_t find_meeting(struct rh_call *call, const struct scene *scene, const char *procedure,
                            int32_t *ret)
{
    const char *step = rh_param_text(call, "step");

    for (int32_t m = 0; m < scene->model.meeting_count; m++) {
        const struct scene_meeting *what = &scene->what[m];

        if (what->asked && (step ? strcmp(what->step, step) == 0
                                 : !what->state || strcmp(what->state, "fixed") != 0)) {
            *ret = m;
            return 0;
        }
    }
    for (int32_t i = 0; i < scene->skipped_count; i++)
        if (!step || strcmp(scene->skipped[i].step, step) == 0)
            return rh_fail(call, RH_ECONFLICT, "%s: %s", "%s: %s", scene->skipped[i].title,
                           call->lang == 0 ? scene->skipped[i].de : scene->skipped[i].en);
    if (step)
        return rh_fail(call, RH_ENOTFOUND,
                       "'%.60s' ist kein offener Termin des Teams in %s; 'procedure forecast %s' "
                       "zeigt die Termine",
                       "'%.60s' is no open meeting of the team in %s; 'procedure forecast %s' "
                       "shows the meetings",
                       step, procedure, procedure);
    return rh_fail(call, RH_ENOTFOUND, "in %s ist kein Termin offen",
                   "there is no open meeting in %s", procedure);
}

static const char *costs_text(struct rh_call *call, const struct scene *scene,
                              const struct slots_proposal *proposal)
{
    const char *text = NULL;

    for (int32_t i = 0; i < proposal->note_count && i < 6; i++) {
        const char *next = price_text(call, scene, &proposal->notes[i]);

        text = text ? rh_format(call, "%s; %s", "%s; %s", text, next) : next;
    }
    return text;
}

static void put_proposal(struct rh_call *call, const struct scene *scene, int32_t meeting,
                         int32_t number, const struct slots_proposal *proposal)
{
    int32_t end = proposal->slot.start + scene->model.meetings[meeting].minutes;

    rh_out_object(call, NULL);
    rh_out_int(call, "number", number);
    rh_out_text(call, "day", rh_day_text(call, proposal->slot.day));
    rh_out_text(call, "at", clock_text(call, proposal->slot.start));
    rh_out_text(call, "until", clock_text(call, end));
    rh_out_text(call, "when", slot_text(call, scene, meeting, proposal->slot));
    rh_out_int(call, "points", proposal->price);
    rh_out_text(call, "good", praise_text(call, scene, proposal));
    rh_out_text(call, "costs", costs_text(call, scene, proposal));
    rh_out_array(call, "prices");
    for (int32_t i = 0; i < proposal->note_count; i++) {
        rh_out_object(call, NULL);
        rh_out_int(call, "points", proposal->notes[i].price);
        rh_out_text(call, "what", price_text(call, scene, &proposal->notes[i]));
        rh_out_text(call, "who",
                    proposal->notes[i].party < 0 ? NULL : scene->who[proposal->notes[i].party].ref);
        rh_out_end(call);
    }
    rh_out_end(call);
    rh_out_end(call);
}

/* The first three as 'appointment poll' takes them. */
static const char *dates_text(struct rh_call *call, const struct scene *scene, int32_t meeting,
                              const struct slots_proposals *proposals)
{
    const char *text = NULL;

    for (int32_t i = 0; i < proposals->count && i < 3; i++) {
        struct slots_slot slot = proposals->list[i].slot;
        const char *next = rh_format(
            call, "%s %s-%s", "%s %s-%s", rh_day_text(call, slot.day), clock_text(call, slot.start),
            clock_text(call, slot.start + scene->model.meetings[meeting].minutes));

        text = text ? rh_format(call, "%s; %s", "%s; %s", text, next) : next;
    }
    return proposals->count > 1 ? text : NULL;
}

/* Another date than its own is asked for, so a fixed one is looked at as one that stands. */
static int32_t propose(struct rh_call *call, const struct scene *scene, int32_t meeting,
                       int32_t count, struct slots_proposals *ret)
{
    struct slots_memory memory = scene_memory(call);
    struct slots_meeting *what = (struct slots_meeting *)(uintptr_t)&scene->model.meetings[meeting];
    int32_t own = what->state, rc;

    what->state = own == SLOTS_FIXED ? SLOTS_STANDS : own;
    rc = slots_propose(&memory, &scene->model, meeting, count, ret);
    what->state = own;
    return rc < 0 ? RH_ENOMEM : 0;
}

static int32_t put_why_not(struct rh_call *call, const struct scene *scene, int32_t meeting)
{
    struct slots_memory memory = scene_memory(call);
    struct slots_hindrance why;
    const char *help;

    if (slots_why_not(&memory, &scene->model, meeting, BEYOND_DAYS, &why) < 0)
        return RH_ENOMEM;
    help = help_text(call, scene, meeting, &why);
    rh_out_text(call, "reason", hindrance_text(call, scene, &why));
    rh_out_text(call, "help", help);
    put_hindrance(call, scene, meeting, &why);
    rh_say(call, "kein Termin möglich: %s", "no date is possible: %s",
           hindrance_text(call, scene, &why));
    if (help)
        rh_say(call, "was hülfe: %s", "what would help: %s", help);
    return 0;
}

static int32_t first_day_of_search(struct rh_call *call)
{
    return rh_param_given(call, "from") ? (int32_t)rh_param_int(call, "from")
                                        : rh_today(call) + LEAD_DAYS;
}

static int32_t refuse_past(struct rh_call *call, int32_t from)
{
    if (from > rh_today(call))
        return 0;
    return rh_fail(call, RH_EINVALID, "--from %s ist nicht in der Zukunft",
                   "--from %s is not in the future", rh_day_text(call, from));
}

int32_t appointment_propose(struct rh_call *call)
{
    struct scene_wish wish = {.from = first_day_of_search(call)};
    struct slots_proposals proposals;
    struct scene scene;
    const char *office;
    int32_t meeting, rc;

    if ((rc = refuse_past(call, wish.from)) < 0 ||
        (rc = procedure_named(call, rh_param_text(call, "procedure"), &wish.procedure, &office)) <
            0 ||
        (rc = scene_load(call, &wish, &scene)) < 0 ||
        (rc = find_meeting(call, &scene, wish.procedure, &meeting)) < 0 ||
        (rc = propose(call, &scene, meeting, (int32_t)rh_param_int(call, "count"), &proposals)) < 0)
        return rc;
    rh_out_text(call, "procedure", wish.procedure);
    rh_out_text(call, "office", office);
    rh_out_text(call, "office_name", scene.what[meeting].office_name);
    rh_out_text(call, "step", scene.what[meeting].step);
    rh_out_text(
        call, "title",
        rh_say_in(call, RH_TEXT(scene.what[meeting].title_de, scene.what[meeting].title_en)));
    rh_out_text(call, "foreseen", rh_day_text(call, scene.model.meetings[meeting].ideal));
    rh_out_text(call, "earliest", rh_day_text(call, scene.model.meetings[meeting].earliest));
    rh_out_text(call, "latest", rh_day_text(call, scene.model.meetings[meeting].latest));
    rh_out_text(call, "meeting", scene.what[meeting].id);
    rh_out_text(call, "own",
                scene.what[meeting].id
                    ? slot_text(call, &scene, meeting, scene.model.meetings[meeting].at)
                    : NULL);
    rh_out_flag(call, "is_fixed",
                scene.what[meeting].state && strcmp(scene.what[meeting].state, "fixed") == 0);
    rh_out_int(call, "days", proposals.possible_days);
    rh_out_text(call, "dates", dates_text(call, &scene, meeting, &proposals));
    rh_out_array(call, "items");
    for (int32_t i = 0; i < proposals.count; i++)
        put_proposal(call, &scene, meeting, i + 1, &proposals.list[i]);
    rh_out_end(call);
    if (proposals.count == 0)
        return put_why_not(call, &scene, meeting);
    rh_say(call, "%s (%s): an %d Tagen wäre Platz", "%s (%s): there is room on %d days",
           rh_say_in(call, RH_TEXT(scene.what[meeting].title_de, scene.what[meeting].title_en)),
           scene.what[meeting].office_name, (int)proposals.possible_days);
    return 0;
}

/* ---- check ---- */

static int32_t put_broken(struct rh_call *call, const struct scene *scene, int32_t meeting,
                          const struct slots_note *first, int32_t count)
{
    struct slots_proposals proposals;
    int32_t rc = propose(call, scene, meeting, CHECK_EACH, &proposals);

    if (rc < 0)
        return rc;
    rh_out_object(call, NULL);
    rh_out_text(call, "meeting", scene->what[meeting].id);
    rh_out_text(call, "procedure", scene->what[meeting].procedure);
    rh_out_text(call, "step", scene->what[meeting].step);
    rh_out_text(call, "office_name", scene->what[meeting].office_name);
    rh_out_text(
        call, "title",
        rh_say_in(call, RH_TEXT(scene->what[meeting].title_de, scene->what[meeting].title_en)));
    rh_out_text(call, "state", scene->what[meeting].state);
    rh_out_text(call, "when", slot_text(call, scene, meeting, scene->model.meetings[meeting].at));
    rh_out_text(call, "reason", obstacle_text(call, scene, first));
    rh_out_int(call, "reasons", count);
    rh_out_text(call, "instead",
                proposals.count ? slot_text(call, scene, meeting, proposals.list[0].slot) : NULL);
    rh_out_array(call, "alternatives");
    for (int32_t i = 0; i < proposals.count; i++)
        put_proposal(call, scene, meeting, i + 1, &proposals.list[i]);
    rh_out_end(call);
    if (proposals.count == 0 && (rc = put_why_not(call, scene, meeting)) < 0)
        return rc;
    rh_out_end(call);
    return 0;
}

int32_t appointment_check(struct rh_call *call)
{
    struct scene_wish wish = {.from = rh_today(call) + 1};
    struct slots_memory memory = scene_memory(call);
    struct scene scene;
    struct slots_note *first;
    int32_t *count, found = 0, looked = 0, rc = 0;

    if (rh_param_given(call, "round") &&
        (rc = rh_resolve(call, "SELECT id, id FROM v_round", RH_TEXT("Turnus", "round"),
                         rh_param_text(call, "round"), &wish.round)) < 0)
        return rc;
    if ((rc = scene_load(call, &wish, &scene)) < 0)
        return rc;
    first = rh_alloc_in(call, ((size_t)scene.model.meeting_count + 1) * sizeof(*first));
    count = rh_alloc_in(call, ((size_t)scene.model.meeting_count + 1) * sizeof(*count));
    if (!first || !count || slots_broken_all(&memory, &scene.model, count, first) < 0)
        return RH_ENOMEM;
    rh_out_array(call, "items");
    for (int32_t m = 0; m < scene.model.meeting_count && rc == 0; m++) {
        const struct slots_meeting *meeting = &scene.model.meetings[m];

        if (!scene.what[m].asked || meeting->state == SLOTS_FREE ||
            meeting->at.day <= rh_today(call))
            continue;
        looked++;
        if (count[m] && found++ < CHECK_MAX)
            rc = put_broken(call, &scene, m, &first[m], count[m]);
    }
    rh_out_end(call);
    rh_out_int(call, "looked", looked);
    rh_out_int(call, "count", found);
    if (rc == 0)
        rh_say(call, "%d Termine angesehen, %d gehen so nicht",
               "%d meetings looked at, %d do not fit", (int)looked, (int)found);
    if (found > CHECK_MAX)
        rh_say(call, "gezeigt sind die ersten %d", "the first %d are shown", (int)CHECK_MAX);
    return rc;
}
