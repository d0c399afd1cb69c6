/* What the tests of this room share: definitions from text and file, a calendar of North
 * Rhine-Westphalia, and short ways to let things happen. */
#ifndef TESTS_UNIT_PROCESS_WORLD_H
#define TESTS_UNIT_PROCESS_WORLD_H

#include "core/process/engine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct world {
    struct rh_process_definition *definition;
    const struct rh_process_definition *versions[4];
    size_t version_count;
    struct rh_school_holidays school;
    struct rh_closing closings[2];
    struct rh_calendar calendar;
    struct rh_process_state *state;
    struct rh_process_effects effects; /* of the last thing that happened */
    struct rh_err err;
    int64_t now;
};

static inline int32_t day_of(const char *iso)
{
    int32_t day;

    assert_int_equal(rh_day_read_iso(iso, &day, NULL), 0);
    return day;
}

/* "2027-05-20 09:30" in Europe/Berlin; without a time: 09:00 */
static inline int64_t time_of(const char *text)
{
    char iso[11] = "";
    int hour = 9, minute = 0;

    memcpy(iso, text, 10);
    if (strlen(text) > 10) {
        hour = (int)strtol(text + 11, NULL, 10);
        minute = (int)strtol(text + 14, NULL, 10);
    }
    return rh_berlin_instant(day_of(iso), hour * 3600 + minute * 60);
}

static inline struct rh_process_definition *read_definition(const char *text)
{
    struct rh_process_definition *definition = NULL;
    struct rh_err err = {0};

    if (rh_process_definition_read("test.conf", text, strlen(text), RH_DE, NULL, &definition,
                                   &err) < 0)
        fail_msg("%s", err.text[RH_DE]);
    return definition;
}

static inline char *read_file(const char *path, size_t *ret_length)
{
    FILE *file = fopen(path, "rb");
    char *text = malloc(1 << 20);

    assert_non_null(file);
    assert_non_null(text);
    *ret_length = fread(text, 1, 1 << 20, file);
    fclose(file);
    return text;
}

static inline struct rh_process_definition *read_shipped(void)
{
    static const char *const path = "config/processes/qev-1.conf";
    struct rh_process_definition *definition = NULL;
    struct rh_err err = {0};
    size_t length;
    char *text = read_file(path, &length);

    if (rh_process_definition_read(path, text, length, RH_DE, NULL, &definition, &err) < 0)
        fail_msg("%s", err.text[RH_DE]);
    free(text);
    return definition;
}

/* A world with the definition, owned from now on. */
static inline void world_init(struct world *w, struct rh_process_definition *definition)
{
    const struct rh_school_period school[] = {
        {"Weihnachtsferien", day_of("2026-12-23"), day_of("2027-01-06")},
        {"Osterferien", day_of("2027-03-22"), day_of("2027-04-03")},
        {"Sommerferien", day_of("2027-07-19"), day_of("2027-08-31")},
        {"Herbstferien", day_of("2027-10-23"), day_of("2027-11-06")},
        {"Weihnachtsferien", day_of("2027-12-24"), day_of("2028-01-08")},
    };

    memset(w, 0, sizeof(*w));
    w->definition = definition;
    w->versions[0] = definition;
    w->version_count = 1;
    assert_int_equal(rh_school_holidays_build(school, sizeof(school) / sizeof(school[0]),
                                              day_of("2028-12-31"), &w->school, NULL),
                     0);
    assert_int_equal(rh_closing_parse("rosenmontag", &w->closings[0], NULL), 0);
    w->calendar = (struct rh_calendar){.place = {.land = RH_LAND_NW},
                                       .closings = w->closings,
                                       .closing_count = 1,
                                       .school = &w->school};
    assert_int_equal(rh_process_state_new(w->versions, 1, &w->state, NULL), 0);
}

static inline void world_fini(struct world *w)
{
    rh_process_state_free(w->state);
    rh_process_effects_fini(&w->effects);
    rh_school_holidays_fini(&w->school);
    for (size_t i = 0; i < w->version_count; i++)
        rh_process_definition_free((struct rh_process_definition *)(uintptr_t)w->versions[i]);
}

static inline void clear(struct world *w)
{
    w->effects.count = 0;
    rh_err_clear(&w->err);
}

/* Lets an event happen; what it returns is for the test. */
static inline int32_t happen(struct world *w, struct rh_process_event event)
{
    clear(w);
    return rh_process_handle(w->state, &event, &w->calendar, &w->effects, &w->err);
}

static inline void must_happen(struct world *w, struct rh_process_event event)
{
    if (happen(w, event) < 0)
        fail_msg("%s: %s", rh_process_event_word(event.kind), w->err.text[RH_DE]);
}

static inline struct rh_process_event event_of(struct world *w, enum rh_process_event_kind kind,
                                               const char *step)
{
    struct rh_process_event event = RH_PROCESS_EVENT(kind, w->now);

    event.step = step;
    event.reason = "weil es so ist";
    return event;
}

static inline void begin(struct world *w, const char *now, const char *start)
{
    struct rh_process_event event = RH_PROCESS_EVENT(RH_PROCESS_BEGIN, time_of(now));

    w->now = event.at;
    event.id = "herne-2027-01";
    event.hash = w->definition->hash;
    event.day = day_of(start);
    must_happen(w, event);
}

/* Time passes, tick by tick, up to and at the time. The effects of all ticks stay in the list. */
static inline void clock_to(struct world *w, const char *time)
{
    int64_t to = time_of(time), at;

    clear(w);
    while ((at = rh_process_next(w->state, &w->calendar)) != RH_NO_INSTANT && at <= to)
        assert_int_equal(rh_process_tick(w->state, &w->calendar, at, &w->effects, &w->err), 0);
    w->now = to;
}

static inline void must_be_done(struct world *w, const char *time, const char *step)
{
    struct rh_process_event event;

    clock_to(w, time);
    event = event_of(w, RH_PROCESS_DONE, step);
    must_happen(w, event);
}

static inline int32_t step_of(struct world *w, const char *name)
{
    int32_t step = rh_process_step_find(w->state->definition, name);

    assert_true(step >= 0);
    return step;
}

static inline enum rh_process_step_state state_of(struct world *w, const char *step)
{
    return rh_process_step_state(w->state, step_of(w, step));
}

#define assert_state(w, step, is)                                                                  \
    assert_string_equal(rh_process_state_word(state_of((w), (step))), (is))

static inline struct rh_process_due due_of(struct world *w, const char *step)
{
    static struct rh_process_plan plan;

    rh_process_plan(w->state, &w->calendar, false, &plan);
    return plan.dues[step_of(w, step)];
}

static inline void assert_due(struct world *w, const char *step, const char *day)
{
    char is[RH_DATE_TEXT_SIZE];

    assert_string_equal(rh_day_iso(due_of(w, step).day, is), day);
}

/* How many effects of this kind are there for the step and rule (NULL: any)? */
static inline size_t count_effects(const struct world *w, enum rh_process_effect_kind kind,
                                   const char *step, const char *rule)
{
    size_t count = 0;

    for (size_t i = 0; i < w->effects.count; i++) {
        const struct rh_process_effect *e = &w->effects.list[i];

        count += e->kind == kind && (!step || (e->step && strcmp(e->step, step) == 0)) &&
                 (!rule || (e->rule && strcmp(e->rule, rule) == 0));
    }
    return count;
}

static inline const struct rh_process_effect *effect_of(const struct world *w,
                                                        enum rh_process_effect_kind kind,
                                                        const char *step, const char *rule)
{
    for (size_t i = 0; i < w->effects.count; i++) {
        const struct rh_process_effect *e = &w->effects.list[i];

        if (e->kind == kind && (!step || (e->step && strcmp(e->step, step) == 0)) &&
            (!rule || (e->rule && strcmp(e->rule, rule) == 0)))
            return e;
    }
    fail_msg("no effect '%s' of step '%s', rule '%s'", rh_process_effect_word(kind),
             step ? step : "", rule ? rule : "");
    return NULL;
}

static inline void assert_time(int64_t at, const char *time)
{
    char is[RH_DATE_TEXT_SIZE], text[80];
    int32_t second = 0, day = rh_berlin_day(at, &second);

    snprintf(text, sizeof(text), "%s %02d:%02d", rh_day_iso(day, is), second / 3600,
             second / 60 % 60);
    assert_string_equal(text, time);
}

#endif
