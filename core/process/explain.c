/* explain.c - why a deadline is where it is, in words. */
#include "core/calendar/workday.h"
#include "core/process/internal.h"
#include "core/process/plan.h"

#include <string.h>

struct telling {
    const struct rh_process_state *s;
    const struct rh_calendar *calendar;
    const struct rh_process_step *step;
    const struct rh_process_step_now *now;
    const struct rh_process_due *due;
    enum rh_lang lang;
    struct rh_str *out;
};

static const char *pick(const struct telling *t, const char *de, const char *en)
{
    return t->lang == RH_DE ? de : en;
}

static void add_reason(const struct telling *t, int32_t event)
{
    const char *reason = rh_process_reason(t->s, event);

    if (*reason)
        rh_str_printf(t->out, " (%s)", reason);
}

/* ", ohne Fronleichnam (27. Mai 2027)": the second half of what the calendar says. */
static void add_skipped(const struct telling *t, const struct rh_workday_reason *reason)
{
    rh_auto_str(words, 4096);
    const char *comma;

    if (reason->skipped_days == 0)
        return;
    rh_workday_reason_write(reason, t->lang, &words);
    comma = strchr(words.data, ',');
    if (comma)
        rh_str_add(t->out, comma);
}

static void tell_base(const struct telling *t)
{
    struct rh_workday_reason reason = {0};
    char day[RH_DATE_TEXT_SIZE];
    int32_t ignored;

    rh_process_offset_words(t->s->definition, &t->step->due, t->lang, t->out);
    rh_str_printf(t->out, " (%s)", rh_day_long(t->due->base_day, t->lang, day));
    if (t->step->due.unit == RH_PROCESS_WORKDAYS && t->step->due.count != 0 &&
        rh_workdays_add(t->calendar, t->due->base_day, t->step->due.count, &reason, &ignored,
                        NULL) == 0)
        add_skipped(t, &reason);
}

static void tell_pauses(const struct telling *t)
{
    enum rh_process_unit unit = t->step->due.unit;

    if (t->due->paused > 0) {
        rh_str_add(t->out, pick(t, "; dazu ", "; plus "));
        process_count_words(t->due->paused,
                            unit == RH_PROCESS_WORKDAYS || t->due->basis == RH_PROCESS_BY_HAND
                                ? RH_PROCESS_WORKDAYS
                                : RH_PROCESS_DAYS,
                            t->lang, t->out);
        rh_str_add(t->out, pick(t, " Pause", " of pause"));
        for (size_t i = 0; i < t->s->pause_count; i++)
            if (t->s->pauses[i].clock_stops && t->s->pauses[i].to != RH_NO_DAY)
                add_reason(t, t->s->pauses[i].event);
    }
    if (t->due->suspended)
        rh_str_add(t->out, pick(t, "; die Uhr steht, solange das Verfahren ruht",
                                "; the clock stands while the procedure is paused"));
}

static void tell_shift(const struct telling *t)
{
    if (t->now->shift == 0)
        return;
    rh_str_add(t->out, pick(t, "; um ", "; moved by "));
    process_count_words(t->now->shift, RH_PROCESS_WORKDAYS, t->lang, t->out);
    if (t->lang == RH_DE)
        rh_str_add(t->out, t->now->shift > 0 ? " verlängert" : " vorgezogen");
    else
        rh_str_add(t->out, t->now->shift > 0 ? " later" : " earlier");
    add_reason(t, t->now->why);
}

static void tell_moved(const struct telling *t)
{
    struct rh_day_info info;
    char day[RH_DATE_TEXT_SIZE];
    const struct rh_school_period *school = NULL;
    const char *what;

    if (t->due->moved == RH_PROCESS_NOT_MOVED)
        return;
    (void)rh_calendar_day(t->calendar, t->due->plain_day, &info); /* its name is what is asked */
    what = pick(t, info.name.de, info.name.en);
    if (t->due->moved == RH_PROCESS_FROM_QUIET) {
        what = pick(t, "Ruhezeit", "quiet period");
        if (rh_school_on(t->calendar->school, t->due->plain_day, &school) == RH_SCHOOL_YES)
            what = pick(t, rh_school_name(school->name).de, rh_school_name(school->name).en);
    } else if (!what || !*what) {
        what = rh_weekday_name(rh_day_weekday(t->due->plain_day), t->lang);
    }
    rh_str_printf(t->out, pick(t, "; nicht am %s (%s)", "; not on %s (%s)"),
                  rh_day_long(t->due->plain_day, t->lang, day), what);
}

static void tell_by_hand(const struct telling *t)
{
    switch (t->due->basis) {
    case RH_PROCESS_AGREED:
        rh_str_add(t->out, pick(t, "vereinbarter Termin", "agreed date"));
        if (t->now->date_minute >= 0)
            rh_str_printf(t->out, pick(t, ", %d:%02d Uhr", ", %d:%02d"), t->now->date_minute / 60,
                          t->now->date_minute % 60);
        break;
    case RH_PROCESS_BY_HAND:
        rh_str_add(t->out, pick(t, "von Hand gesetzt", "set by hand"));
        if (t->now->shift == 0)
            add_reason(t, t->now->why);
        break;
    case RH_PROCESS_CALLED:
        rh_str_add(t->out, pick(t, "sofort fällig gestellt", "called due at once"));
        add_reason(t, t->now->why);
        break;
    case RH_PROCESS_UNKNOWN:
    case RH_PROCESS_COMPUTED:
        break;
    }
}

/* The time of day, where it is finer than "by the end of the day". */
static void tell_time(const struct telling *t)
{
    bool hours = t->due->basis == RH_PROCESS_COMPUTED && t->step->due.unit == RH_PROCESS_HOURS;
    int32_t second = 0;

    if ((!hours && t->due->basis != RH_PROCESS_CALLED) || t->due->at == RH_NO_INSTANT)
        return;
    (void)rh_berlin_day(t->due->at, &second); /* its day is told already */
    rh_str_printf(t->out, pick(t, ", %d:%02d Uhr", ", %d:%02d"), second / 3600, second / 60 % 60);
}

static void tell_unknown(const struct telling *t)
{
    struct rh_text base = process_base_title(t->s->definition, t->step->due.base);

    rh_str_printf(t->out,
                  pick(t, "noch kein Tag: „%s“ ist nicht bekannt", "no day yet: “%s” is not known"),
                  pick(t, base.de, base.en));
}

void rh_process_explain(const struct rh_process_state *state, const struct rh_calendar *calendar,
                        int32_t step, enum rh_lang lang, struct rh_str *out)
{
    struct rh_process_plan plan = {.mail_count = 0};
    struct telling t = {.s = state,
                        .calendar = calendar,
                        .step = &state->definition->steps[step],
                        .now = &state->steps[step],
                        .due = &plan.dues[step],
                        .lang = lang,
                        .out = out};
    char day[RH_DATE_TEXT_SIZE];

    rh_process_plan(state, calendar, false, &plan);
    if (t.due->basis == RH_PROCESS_UNKNOWN) {
        tell_unknown(&t);
        return;
    }
    rh_str_add(out, rh_day_full(t.due->day, lang, day));
    tell_time(&t);
    rh_str_add(out, ": ");
    if (t.due->basis == RH_PROCESS_COMPUTED)
        tell_base(&t);
    else
        tell_by_hand(&t);
    tell_pauses(&t);
    tell_shift(&t);
    tell_moved(&t);
    if (t.due->expected || t.due->guessed)
        rh_str_add(out, pick(&t, "; voraussichtlich", "; as expected"));
    if (t.due->school_unknown)
        rh_str_add(out, pick(&t, "; die Schulferien dieser Zeit sind noch nicht bekannt",
                             "; the school holidays of that time are not known yet"));
}
