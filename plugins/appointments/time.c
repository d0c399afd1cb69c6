/* When: days, minutes and instants, as people write and read them. */
#include "plugins/appointments/dates.h"
#include "plugins/appointments/internal.h"

int32_t clock_read(struct rh_call *call, const char *what, const char *text, int32_t *ret_minute)
{
    const char *end = minute_read(text, ret_minute);

    if (!end || *end)
        return rh_fail(call, RH_EINVALID, "%s: '%.20s' ist keine Uhrzeit wie 9:00",
                       "%s: '%.20s' is no time such as 9:00", what, text);
    return 0;
}

const char *clock_text(struct rh_call *call, int32_t minute)
{
    return rh_format(call, "%d:%02d", "%d:%02d", (int)minute / 60, (int)minute % 60);
}

static int32_t instant(struct rh_call *call, int32_t day, int32_t minute, int64_t *ret_utc)
{
    int32_t rc = rh_zone_instant_in(call, day, minute, ret_utc);

    if (rc == 1)
        return rh_fail(
            call, RH_EINVALID,
            "%s Uhr gibt es am %s zweimal: da wird die Uhr umgestellt; andere Zeit wählen",
            "%s comes twice on %s: the clocks change then; choose another time",
            clock_text(call, minute), rh_day_text(call, day));
    return rc;
}

int32_t span_complete(struct rh_call *call, struct span *span)
{
    int32_t rc;

    if (span->end <= span->start)
        return rh_fail(call, RH_EINVALID, "das Ende (%s) liegt nicht nach dem Anfang (%s)",
                       "the end (%s) is not after the beginning (%s)", clock_text(call, span->end),
                       clock_text(call, span->start));
    if ((rc = instant(call, span->day, span->start, &span->start_utc)) < 0)
        return rc;
    return instant(call, span->day, span->end, &span->end_utc);
}

/* What is missing of an end follows from the length: that of the fallback, else the configured. */
static void fill_end(struct rh_call *call, const struct span *fallback, struct span *span)
{
    int32_t minutes = fallback && fallback->start >= 0 && fallback->end > fallback->start
                          ? fallback->end - fallback->start
                          : (int32_t)rh_config_int(call, "minutes");

    if (!rh_param_given(call, "until"))
        span->end = span->start + minutes;
}

int32_t span_of_params(struct rh_call *call, const struct span *fallback, struct span *ret_span)
{
    const char *at = rh_param_text(call, "at"), *until = rh_param_text(call, "until");
    struct span span = fallback ? *fallback : (struct span){RH_NO_DAY, -1, -1, 0, 0};
    int32_t rc;

    if (rh_param_given(call, "on"))
        span.day = (int32_t)rh_param_int(call, "on");
    if (span.day == RH_NO_DAY)
        return rh_fail(call, RH_EUSAGE, "--on fehlt: der Tag", "--on is missing: the day");
    if (at && (rc = clock_read(call, "--at", at, &span.start)) < 0)
        return rc;
    if (until && (rc = clock_read(call, "--until", until, &span.end)) < 0)
        return rc;
    if (span.start < 0)
        return rh_fail(call, RH_EUSAGE,
                       "--at fehlt: dieser Termin hat keine übliche Anfangszeit, etwa --at 9:00",
                       "--at is missing: this meeting has no usual time, as in --at 9:00");
    if (at || span.end < 0)
        fill_end(call, fallback, &span);
    if ((rc = span_complete(call, &span)) < 0)
        return rc;
    *ret_span = span;
    return 0;
}

const char *span_text(struct rh_call *call, const struct span *span)
{
    static const char *const de[] = {"Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"};
    static const char *const en[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    const char *day = rh_day_text(call, span->day);
    int32_t weekday = ((span->day + 3) % 7 + 7) % 7; /* day 0 was a Thursday */

    return call->lang == 0
               ? rh_format(call, "%s %.2s.%.2s.%.4s, %s–%s Uhr", "%s %.2s.%.2s.%.4s, %s–%s Uhr",
                           de[weekday], day + 8, day + 5, day, clock_text(call, span->start),
                           clock_text(call, span->end))
               : rh_format(call, "%s %s, %s–%s", "%s %s, %s–%s", en[weekday], day,
                           clock_text(call, span->start), clock_text(call, span->end));
}
