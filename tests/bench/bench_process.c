/*
 * bench_process - ten simulated years of 186 offices: every office has a procedure in each round of
 * five years, people do each step some days early or late, and time passes from one due thing to
 * the next, as in the live path.
 *
 *     bench_process DEFINITION.conf [OFFICES [YEARS [SEED]]]
 */
#include "core/base/dice.h"
#include "core/base/number.h"
#include "core/process/engine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct figures {
    long procedures, finished, events, mails, deadlines, transitions, ticks, sundays;
};

struct run {
    const struct rh_process_definition *definition;
    struct rh_calendar calendar;
    struct rh_process_state *state;
    struct rh_process_effects effects;
    struct rh_dice dice;
    struct figures *figures;
    int64_t planned[RH_PROCESS_STEPS_MAX]; /* when people do it; 0: not thought of yet */
};

static void must(int32_t rc, const struct rh_err *err)
{
    if (rc < 0) {
        fprintf(stderr, "%s\n", err->text[RH_EN]);
        exit(1);
    }
}

static int32_t number(const char *text)
{
    int64_t value = 0;

    if (!rh_int_parse(text, strlen(text), &value) || value < 1 || value > 1000) {
        fprintf(stderr, "'%s' is not a number from 1 to 1000\n", text);
        exit(2);
    }
    return (int32_t)value;
}

static struct rh_process_definition *read_definition(const char *path)
{
    static char text[1 << 20];
    struct rh_process_definition *definition = NULL;
    struct rh_err err = {0};
    FILE *file = fopen(path, "rb");
    size_t length = file ? fread(text, 1, sizeof(text), file) : 0;

    if (file)
        fclose(file);
    must(rh_process_definition_read(path, text, length, RH_EN, NULL, &definition, &err), &err);
    return definition;
}

/* School holidays much as those of North Rhine-Westphalia, for every year. */
static void make_school(int32_t years, struct rh_school_holidays *school)
{
    struct rh_school_period periods[200];
    struct rh_err err = {0};
    size_t count = 0;

    for (int32_t y = 2026; y < 2028 + years + 5; y++) {
        int32_t easter = rh_easter_sunday(y), summer = rh_day_of(y, 7, 1 + y * 7 % 20);

        periods[count++] = (struct rh_school_period){"Osterferien", easter - 13, easter + 6};
        periods[count++] = (struct rh_school_period){"Sommerferien", summer, summer + 43};
        periods[count++] =
            (struct rh_school_period){"Herbstferien", rh_day_of(y, 10, 10), rh_day_of(y, 10, 24)};
        periods[count++] = (struct rh_school_period){"Weihnachtsferien", rh_day_of(y, 12, 23),
                                                     rh_day_of(y + 1, 1, 6)};
    }
    must(rh_school_holidays_build(periods, count, RH_NO_DAY, school, &err), &err);
}

static void count_effects(struct run *run)
{
    for (size_t i = 0; i < run->effects.count; i++) {
        const struct rh_process_effect *e = &run->effects.list[i];

        run->figures->transitions += e->kind == RH_PROCESS_ENTERED;
        run->figures->deadlines += e->kind == RH_PROCESS_DUE_PASSED;
        if (e->kind == RH_PROCESS_MAIL_OUT) {
            run->figures->mails++;
            run->figures->sundays +=
                rh_calendar_day(&run->calendar, rh_berlin_day(e->at, NULL), NULL) != RH_DAY_WORKDAY;
        }
    }
    run->effects.count = 0;
}

/* When will somebody do what next? Early or late by chance; long overdue things get done. */
static int64_t next_deed(struct run *run, int32_t *ret_step)
{
    static struct rh_process_plan plan;
    bool is_planned = false;
    int64_t first = INT64_MAX;

    for (int32_t i = 0; i < (int32_t)run->definition->step_count; i++) {
        enum rh_process_step_state is = rh_process_step_state(run->state, i);

        if (is != RH_PROCESS_IS_READY && is != RH_PROCESS_IS_RUNNING)
            continue;
        if (run->planned[i] == 0) {
            int32_t late = rh_dice_below(&run->dice, 4) ? -rh_dice_below(&run->dice, 6)
                                                        : rh_dice_below(&run->dice, 25);
            int64_t last = run->state->events[run->state->event_count - 1].at;

            if (!is_planned)
                rh_process_plan(run->state, &run->calendar, false, &plan);
            is_planned = true;
            run->planned[i] = rh_berlin_instant(plan.dues[i].day + late, 10 * 3600);
            if (run->planned[i] <= last)
                run->planned[i] = last + 3600;
        }
        if (run->planned[i] < first) {
            first = run->planned[i];
            *ret_step = i;
        }
    }
    return first;
}

static void do_step(struct run *run, int32_t step, int64_t at)
{
    struct rh_process_event event = RH_PROCESS_EVENT(RH_PROCESS_DONE, at);
    struct rh_err err = {0};

    event.step = run->definition->steps[step].name;
    event.reason = "bench";
    must(rh_process_handle(run->state, &event, &run->calendar, &run->effects, &err), &err);
}

static void run_procedure(struct run *run, int32_t start)
{
    struct rh_process_event begin =
        RH_PROCESS_EVENT(RH_PROCESS_BEGIN, rh_berlin_instant(start - 60, 9 * 3600));
    struct rh_err err = {0};

    must(rh_process_state_new(&run->definition, 1, &run->state, &err), &err);
    memset(run->planned, 0, sizeof(run->planned));
    begin.id = "office-2027";
    begin.hash = run->definition->hash;
    begin.day = start;
    must(rh_process_handle(run->state, &begin, &run->calendar, &run->effects, &err), &err);
    while (!rh_process_finished(run->state)) {
        int32_t step = -1;
        int64_t deed = next_deed(run, &step);
        int64_t tick = rh_process_next(run->state, &run->calendar);

        if (tick != RH_NO_INSTANT && tick <= deed) {
            must(rh_process_tick(run->state, &run->calendar, tick, &run->effects, &err), &err);
            run->figures->ticks++;
        } else if (step >= 0) {
            do_step(run, step, deed);
        } else {
            break;
        }
        count_effects(run);
    }
    run->figures->procedures++;
    run->figures->finished += rh_process_finished(run->state);
    run->figures->events += (long)run->state->event_count;
    rh_process_state_free(run->state);
}

int main(int argc, char **argv)
{
    int32_t offices = argc > 2 ? number(argv[2]) : 186, years = argc > 3 ? number(argv[3]) : 10;
    struct figures figures = {0};
    struct rh_school_holidays school = {0};
    struct rh_closing closings[2];
    struct run run = {.figures = &figures};
    clock_t from;

    if (argc < 2)
        return fputs("bench_process DEFINITION.conf [OFFICES [YEARS [SEED]]]\n", stderr), 2;
    run.definition = read_definition(argv[1]);
    run.dice.at = argc > 4 ? strtoull(argv[4], NULL, 10) : 1;
    make_school(years, &school);
    (void)rh_closing_parse("rosenmontag", &closings[0], NULL); /* both are known texts */
    (void)rh_closing_parse("12-24", &closings[1], NULL);
    from = clock();
    for (int32_t office = 0; office < offices; office++)
        for (int32_t round = 0; round < years / 5; round++) {
            int32_t month = rh_month_of(2027 + 5 * round, 1) + office % 60;

            run.calendar = (struct rh_calendar){.place = {.land = RH_LAND_NW},
                                                .closings = &closings[office % 2],
                                                .closing_count = 1,
                                                .school = &school};
            run_procedure(&run, rh_month_first_day(month));
        }
    printf("%d offices, %d years: %.2f s CPU\n", offices, years,
           (double)(clock() - from) / CLOCKS_PER_SEC);
    printf("%ld procedures (%ld finished), %ld events, %ld ticks, %ld transitions, %ld deadlines "
           "passed, %ld mails (%ld on a day that is no working day)\n",
           figures.procedures, figures.finished, figures.events, figures.ticks, figures.transitions,
           figures.deadlines, figures.mails, figures.sundays);
    rh_process_effects_fini(&run.effects);
    rh_school_holidays_fini(&school);
    rh_process_definition_free((struct rh_process_definition *)(uintptr_t)run.definition);
    return 0;
}
