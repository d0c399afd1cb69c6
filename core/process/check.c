/*
 * check.c - what only shows when all names are known.
 *
 * Two graphs: what has to be done before (needs), and what a date is counted from (due, open,
 * expected). Each must be free of cycles; they may run against each other, for a timeline is sent
 * five days before the session that needs it.
 */
#include "core/process/read.h"

#include <stdio.h>
#include <string.h>

/* Nodes are numbered as the bases of offsets are: the steps, then the dates. */
#define NODES_MAX (RH_PROCESS_STEPS_MAX + RH_PROCESS_DATES_MAX)

enum colour { WHITE, GREY, BLACK };

struct walk {
    struct process_reading *reading;
    const struct rh_process_definition *d;
    bool of_dates; /* the graph of dates, otherwise that of needs */
    enum colour colour[NODES_MAX];
    int32_t path[NODES_MAX];
    size_t length;
    bool found;
};

static int32_t line_of(const struct walk *w, int32_t node)
{
    const struct process_reading *r = w->reading;
    int32_t line;

    if (node >= RH_PROCESS_BASE_DATE)
        return r->expected_line[node - RH_PROCESS_BASE_DATE];
    line = w->of_dates ? r->due_line[node] : r->needs_line[node];
    return line ? line : r->step_line[node];
}

/* "a → b → a" */
static void report_cycle(struct walk *w, int32_t node)
{
    char words[600];
    size_t used = 0, from = 0;

    while (w->path[from] != node)
        from++;
    for (size_t i = from; i < w->length && used < sizeof(words); i++)
        used += (size_t)snprintf(words + used, sizeof(words) - used, "%s → ",
                                 process_base_name(w->d, w->path[i]));
    if (used < sizeof(words))
        snprintf(words + used, sizeof(words) - used, "%s", process_base_name(w->d, node));
    w->found = true;
    if (w->of_dates)
        process_fault(w->reading, line_of(w, node),
                      "ein Kreis: der Tag von '%s' hängt von sich selbst ab (%s)",
                      "a cycle: the day of '%s' depends on itself (%s)",
                      process_base_name(w->d, node), words);
    else
        process_fault(w->reading, line_of(w, node), "ein Kreis: '%s' wartet auf sich selbst (%s)",
                      "a cycle: '%s' waits for itself (%s)", process_base_name(w->d, node), words);
}

static void visit(struct walk *w, int32_t node);

static void follow(struct walk *w, const struct rh_process_offset *offset)
{
    if (offset->given && offset->base != RH_PROCESS_BASE_START)
        visit(w, offset->base);
}

/* As deep as there are nodes, at most. */
static void visit(struct walk *w, int32_t node)
{
    if (w->found || w->colour[node] == BLACK)
        return;
    if (w->colour[node] == GREY) {
        report_cycle(w, node);
        return;
    }
    w->colour[node] = GREY;
    w->path[w->length++] = node;
    if (node >= RH_PROCESS_BASE_DATE) {
        follow(w, &w->d->dates[node - RH_PROCESS_BASE_DATE].expected);
    } else if (w->of_dates) {
        follow(w, &w->d->steps[node].due);
        follow(w, &w->d->steps[node].open);
    } else {
        for (int32_t other = 0; other < (int32_t)w->d->step_count; other++)
            if (w->d->steps[node].needs >> other & 1)
                visit(w, other);
    }
    w->length--;
    w->colour[node] = BLACK;
}

static void check_cycles(struct process_reading *r, bool of_dates)
{
    struct walk w = {.reading = r, .d = r->definition, .of_dates = of_dates};

    for (int32_t i = 0; i < (int32_t)w.d->step_count; i++)
        visit(&w, i);
    for (int32_t i = 0; of_dates && i < (int32_t)w.d->date_count; i++)
        visit(&w, RH_PROCESS_BASE_DATE + i);
}

/* All that has to be done before a step, also by way of others. */
static uint64_t all_needs(const struct rh_process_definition *d, int32_t step)
{
    uint64_t needs = d->steps[step].needs, seen = 0;

    while (needs & ~seen) {
        int32_t other = __builtin_ctzll(needs & ~seen);

        seen |= UINT64_C(1) << other;
        needs |= d->steps[other].needs;
    }
    return needs;
}

/* Minutes, with five working days a week: good enough to compare two ways from the same day. */
static int64_t minutes_of(const struct rh_process_offset *offset)
{
    static const int64_t minutes[RH_PROCESS_UNIT_COUNT] = {
        [RH_PROCESS_WORKDAYS] = 2016, [RH_PROCESS_DAYS] = 1440, [RH_PROCESS_WEEKS] = 10080,
        [RH_PROCESS_MONTHS] = 43800,  [RH_PROCESS_HOURS] = 60,
    };

    return offset->count * minutes[offset->unit];
}

/* How long after the start; false when a date without an expectation is on the way. */
static bool distance(const struct rh_process_definition *d, const struct rh_process_offset *offset,
                     int64_t *ret)
{
    int64_t base = 0;

    if (!offset->given)
        return false;
    if (offset->base >= RH_PROCESS_BASE_DATE) {
        if (!distance(d, &d->dates[offset->base - RH_PROCESS_BASE_DATE].expected, &base))
            return false;
    } else if (offset->base >= 0 && !distance(d, &d->steps[offset->base].due, &base)) {
        return false;
    }
    *ret = base + minutes_of(offset);
    return true;
}

static void check_before_base(struct process_reading *r, int32_t i)
{
    const struct rh_process_definition *d = r->definition;
    const struct rh_process_offset *due = &d->steps[i].due;
    bool needed =
        due->base >= 0 && due->base < RH_PROCESS_BASE_DATE && all_needs(d, i) >> due->base & 1;

    if (due->count < 0 && (needed || due->base == RH_PROCESS_BASE_START))
        process_fault(
            r, r->due_line[i],
            "die Frist von '%s' liegt vor '%s', womit sie beginnt; gemeint ist wohl 'after'",
            "the deadline of '%s' is before '%s', from which it begins; probably 'after' is meant",
            d->steps[i].name, process_base_name(d, due->base));
}

/* A step has to end after all that it needs, on the plan at least. */
static void check_order(struct process_reading *r, int32_t i)
{
    const struct rh_process_definition *d = r->definition;
    int64_t due, other;

    if (!distance(d, &d->steps[i].due, &due))
        return;
    for (int32_t need = 0; need < (int32_t)d->step_count; need++)
        if (d->steps[i].needs >> need & 1 && distance(d, &d->steps[need].due, &other) &&
            other > due)
            process_fault(r, r->due_line[i],
                          "die Frist von '%s' endet vor der von '%s', worauf der Schritt wartet",
                          "the deadline of '%s' ends before that of '%s', which the step waits for",
                          d->steps[i].name, d->steps[need].name);
    if (due < 0)
        process_fault(r, r->due_line[i], "die Frist von '%s' liegt vor dem Beginn des Verfahrens",
                      "the deadline of '%s' is before the start of the procedure",
                      d->steps[i].name);
    if (distance(d, &d->steps[i].open, &other) && other > due)
        process_fault(r, r->open_line[i], "der Schritt '%s' öffnet erst nach seiner Frist",
                      "step '%s' opens only after its deadline", d->steps[i].name);
}

void process_check(struct process_reading *reading)
{
    check_cycles(reading, false);
    check_cycles(reading, true);
    if (reading->rc < 0)
        return;
    for (int32_t i = 0; i < (int32_t)reading->definition->step_count; i++)
        check_before_base(reading, i);
    for (int32_t i = 0; reading->rc == 0 && i < (int32_t)reading->definition->step_count; i++)
        check_order(reading, i);
}
