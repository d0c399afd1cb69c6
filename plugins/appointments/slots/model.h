/*
 * model.h - who has to meet when: the question that slots_propose() and slots_plan() answer.
 *
 * Parties are all who can be in one meeting only at a time: moderators, offices. Meetings have
 * attendees among them, a length, a window of days and of minutes, and stand in groups: the
 * meetings of one procedure, which keep their order and their gaps. All days are numbers counted
 * from 1970-01-01 and all minutes are minutes of the local day; whoever fills the model has turned
 * zones and recurrences into these before.
 *
 * A rule of enum slots_rule is never broken: a meeting that has no place without breaking one stays
 * unplaced, and is explained (why.h). What costs points only is in enum slots_cost. All values are
 * integers, so the same model gives the same answer on every machine.
 *
 * Arrays are the caller's and stay as they are while they are used. Any thread; nothing is kept.
 * To add a rule: a line here, its test in look.c, and the same once more, differently, in verify.c.
 */
#ifndef PLUGINS_APPOINTMENTS_SLOTS_MODEL_H
#define PLUGINS_APPOINTMENTS_SLOTS_MODEL_H

#include <stddef.h>
#include <stdint.h>

#define SLOTS_NOWHERE       INT32_MIN /* as a day: not placed */
#define SLOTS_DAYS_MAX      8000      /* of the horizon */
#define SLOTS_PARTIES_MAX   20000
#define SLOTS_MEETINGS_MAX  50000
#define SLOTS_ATTENDEES_MAX 4096     /* of one meeting */
#define SLOTS_GROUP_MAX     32       /* meetings of one group */
#define SLOTS_CELLS_MAX     50000000 /* parties times weeks */
#define SLOTS_PRICE_MAX     1000000  /* points */
#define SLOTS_DAY_MINUTES   1440

/* What stands in the way. The comment says what `party` and `other` (a meeting) of a note mean. */
enum slots_rule {
    SLOTS_RULE_FREE_DAY,        /* no working day of the meeting's calendar; nobody can give way */
    SLOTS_RULE_BLOCKED_WEEKDAY, /* party: never on this weekday */
    SLOTS_RULE_BLOCKED_DAY,     /* party: not on this day */
    SLOTS_RULE_HOURS,           /* party: outside the working hours of that weekday */
    SLOTS_RULE_ABSENT,          /* party */
    SLOTS_RULE_BUSY,            /* party: an appointment of which only the time is known */
    SLOTS_RULE_MEETING,         /* party is in `other` at that time, or just before or after */
    SLOTS_RULE_TRAVEL,          /* party cannot get from or to `other` in time, on the same day */
    SLOTS_RULE_REST,            /* party: not enough rest between this and `other`, a day apart */
    SLOTS_RULE_WEEK,            /* party: has its most meetings of that week */
    SLOTS_RULE_ORDER,           /* too near to or on the wrong side of `other` of the same group */
    SLOTS_RULE_EARLIEST,        /* before the first day that the procedure allows */
    SLOTS_RULE_LATEST,          /* after the last one */
    SLOTS_RULE_COUNT
};

/* What costs points. */
enum slots_cost {
    SLOTS_COST_LATE,     /* working days after the ideal day */
    SLOTS_COST_EARLY,    /* working days before it */
    SLOTS_COST_HOUR,     /* half-hours from the ideal beginning */
    SLOTS_COST_SCHOOL,   /* in school holidays */
    SLOTS_COST_QUIET,    /* in a quiet period */
    SLOTS_COST_JOURNEY,  /* party leaves before leave_minute or is back after home_minute: amount
                            is minutes, each half-hour begun is paid */
    SLOTS_COST_WEEK,     /* party has `other` in the same week, too */
    SLOTS_COST_TRAVEL,   /* party has `other` far away on the same or a neighbouring day: amount is
                            metres, each full 10 km is paid */
    SLOTS_COST_OPTIONAL, /* party would like to come and cannot */
    SLOTS_COST_CHANGE,   /* not where it stood */
    SLOTS_COST_COUNT
};

/* Bits of a day in a calendar. */
enum { SLOTS_DAY_FREE = 1, SLOTS_DAY_SCHOOL = 2, SLOTS_DAY_QUIET = 4 };

struct slots_slot {
    int32_t day; /* SLOTS_NOWHERE: none */
    int32_t start;
};

struct slots_span {
    int32_t day, start, end; /* minutes, end after start */
};

struct slots_range {
    int32_t first, last; /* days, both included */
};

struct slots_hours {
    int32_t from, until; /* minutes; equal: not at all */
};

struct slots_place {
    int32_t x, y; /* metres on a plane, each within +-10,000 km */
};

struct slots_party {
    struct slots_hours hours[7];       /* Monday first */
    const struct slots_span *busy;     /* ascending by day, then start; may overlap */
    const struct slots_range *absent;  /* in any order */
    const struct slots_range *blocked; /* in any order */
    int32_t busy_count, absent_count, blocked_count;
    uint32_t blocked_weekdays; /* bit 0 = Monday */
    int32_t home;              /* a place, or -1: not known, so its journeys cost nothing */
    int32_t weekly_max;        /* required meetings in a week, Monday to Sunday; 0: any number, and
                                  SLOTS_COST_WEEK is not asked */
};

struct slots_attendee {
    int32_t party;
    int32_t optional; /* 1: the meeting takes place without, for SLOTS_COST_OPTIONAL */
};

enum slots_state {
    SLOTS_FREE,   /* has no slot yet */
    SLOTS_STANDS, /* has one and keeps it, unless a rule or more than price_change is against it */
    SLOTS_FIXED   /* is never moved, whatever rule it breaks */
};

struct slots_meeting {
    int32_t state;        /* enum slots_state */
    struct slots_slot at; /* of one that stands or is fixed; its day within the horizon */
    int32_t calendar;     /* of the office it is with */
    int32_t place;        /* or -1: by video, nobody travels */
    int32_t minutes;      /* its length */
    int32_t from, until;  /* minutes between which it lies; exactly as far apart as its length: that
                             time and no other */
    int32_t earliest, latest, ideal; /* days within the horizon */
    int32_t ideal_minute;            /* the beginning people like best */
    int32_t gap; /* at least so many working days of its calendar, 1 or more, after the meeting
                    before it in its group; of meetings without a place the gaps are added */
    const struct slots_attendee *attendees; /* each party once */
    int32_t attendee_count;
};

/* Meetings first … first + count - 1, in their order. */
struct slots_group {
    int32_t first, count;
};

struct slots_rules {
    int32_t grid_minutes;    /* beginnings are `from` plus multiples of this */
    int32_t metres_per_hour; /* on the straight line between two places */
    int32_t buffer_minutes;  /* between two meetings of a party, besides the journey */
    int32_t rest_minutes;    /* between the end of one day (back home, or at the next place) and the
                                beginning of the next; 0: not asked */
    int32_t leave_minute, home_minute;
    int32_t price[SLOTS_COST_COUNT]; /* per unit as said at enum slots_cost */
};

struct slots_model {
    int32_t first_day, day_count;    /* the horizon; first_day >= 0 */
    const uint8_t *const *calendars; /* of each calendar SLOTS_DAY_… by day of the horizon */
    const struct slots_place *places;
    const struct slots_party *parties;
    const struct slots_meeting *meetings;
    const struct slots_group *groups; /* ascending; together they are all meetings */
    int32_t calendar_count, place_count, party_count, meeting_count, group_count;
    struct slots_rules rules;
};

/* What the work is done in: zeroed memory, or NULL when there is none. Nothing is given back. */
struct slots_memory {
    void *(*alloc)(void *context, size_t size);
    void *context;
};

#define SLOTS_NEW(memory, type, count)                                                             \
    ((type *)(memory)->alloc((memory)->context, ((size_t)(count) + 1) * sizeof(type)))

enum { SLOTS_OK = 0, SLOTS_NO_MEMORY = -1, SLOTS_BAD_MODEL = -2, SLOTS_CANCELLED = -3 };

/* A typed sentence: the words are made by whoever shows it. */
struct slots_note {
    int32_t rule;         /* enum slots_rule of an obstacle, enum slots_cost of a price */
    int32_t party, other; /* -1: nobody, none */
    int32_t amount;       /* of a price: how much of it */
    int64_t price;        /* its points */
};

/*
 * Is all of it within the bounds above and consistent? SLOTS_BAD_MODEL otherwise, and *ret_where
 * (may be NULL) is the member at fault. Everything else here expects a model that passed.
 */
int32_t slots_model_check(const struct slots_model *model, const char **ret_where);

/* 0 = Monday; weeks are counted from the one with 1970-01-01. */
static inline int32_t slots_weekday(int32_t day)
{
    return (day + 3) % 7;
}
static inline int32_t slots_week(int32_t day)
{
    return (day + 3) / 7;
}

#endif
