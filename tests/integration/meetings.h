/*
 * meetings.h - a small world for meetings: three offices, six moderators in three teams, contacts,
 * a process, a published round of one year. Made once a program, copied for each test. It is
 * Sunday, 22 November 2026; lemgo begins in March 2027, detmold in April, minden in September.
 */
#ifndef TESTS_INTEGRATION_MEETINGS_H
#define TESTS_INTEGRATION_MEETINGS_H

#include "tests/integration/world.h"

#include "core/calendar/zone.h"
#include "core/server/jobs.h"

static struct world *w;
static char meetings_made[64];
static char meetings_config[256]; /* of the worlds that are opened */

#define THREE_OFFICES                                                                              \
    "=id,name,short_name,kind,region,ags,population,latitude,longitude,source_note\n"              \
    "detmold,Stadt Detmold,Detmold,city,LWL,05766020,75089,51.93536,8.87864,\n"                    \
    "lemgo,Stadt Lemgo,Lemgo,city,LWL,05766044,40594,52.02791,8.90089,\n"                          \
    "minden,Stadt Minden,Minden,city,LWL,05770024,83076,52.28827,8.91456,\n"
#define SIX_MODERATORS                                                                             \
    "=id,name,email,region,lead,latitude,longitude,capacity_per_year,conflicts,skills\n"           \
    "m-1,Moderator*in 1,m-1@example.org,LWL,ja,52.0,8.9,2,,\n"                                     \
    "m-2,Moderator*in 2,m-2@example.org,LWL,nein,52.0,8.9,2,,\n"                                   \
    "m-3,Moderator*in 3,m-3@example.org,LWL,ja,52.1,8.9,2,,\n"                                     \
    "m-4,Moderator*in 4,m-4@example.org,LWL,nein,52.1,8.9,2,,\n"                                   \
    "m-5,Moderator*in 5,m-5@example.org,LWL,ja,52.2,8.9,2,,\n"                                     \
    "m-6,Moderator*in 6,m-6@example.org,LWL,nein,52.2,8.9,2,,\n"
#define THREE_RULES                                                                                \
    "=office,rule,moderator\nlemgo,must,m-1\nlemgo,must,m-2\ndetmold,must,m-3\ndetmold,must,m-4\n" \
    "minden,must,m-5\nminden,must,m-6\n"
#define THREE_MONTHS                                                                               \
    "=office,rule,from,to\nlemgo,fixed,2027-03,2027-03\ndetmold,fixed,2027-04,2027-04\n"           \
    "minden,fixed,2027-09,2027-09\n"
#define LEMGO_CONTACTS                                                                             \
    "=office,role,name,email,language\n"                                                           \
    "lemgo,contact,Ansprechperson,ansprechperson@example.org,de\n"                                 \
    "lemgo,head,Leitung,leitung@example.org,en\n"                                                  \
    "minden,contact,Ohne Adresse,,de\n"

static inline int meetings_make(void **state)
{
    (void)state;
    w = world_open("");
    must(w, "office import", "file", THREE_OFFICES);
    must(w, "holiday import", "file", "@config/nrw/school-holidays.csv");
    must(w, "contact import", "file", LEMGO_CONTACTS);
    must(w, "process import", "file", "@config/processes/qev-1.conf");
    must(w, "round create", "round", "2027", "start", "2027-01-01", "years", "1");
    must(w, "turnus rule import", "file", THREE_MONTHS);
    must(w, "turnus plan", "seed", "1", "steps", "1000", "time-limit", "0");
    must(w, "turnus publish", "over-capacity", "yes");
    must(w, "moderator import", "file", SIX_MODERATORS);
    must(w, "moderator rule import", "file", THREE_RULES);
    w->drift = 200; /* the clock ends the search early */
    must(w, "team allocate", "seed", "1", "time-limit", "3", "without-exact", "yes");
    must(w, "team publish");
    world_keep(w, meetings_made);
    return 0;
}

static inline int meetings_remove(void **state)
{
    (void)state;
    return remove(meetings_made);
}

static inline int meetings_open(void **state)
{
    (void)state;
    w = world_from(meetings_made, meetings_config);
    return 0;
}

static inline int meetings_close(void **state)
{
    (void)state;
    world_close(w);
    return 0;
}

/* It is that day, noon in Berlin. */
static inline void it_is(const char *day)
{
    int32_t number = RH_NO_DAY;

    assert_int_equal(rh_day_read(day, &number, NULL), 0);
    w->now = rh_berlin_instant(number, 12 * 3600);
}

static inline void run_jobs(void)
{
    int64_t wait_ms = 0;
    int32_t count;

    do {
        count = rh_jobs_run_due(&w->home->house, 100, NULL, NULL, &wait_ms, &w->err);
        if (count < 0)
            fail_msg("%s", w->err.text[RH_EN]);
    } while (count > 0);
}

/* The day that a step of a procedure has, as its list of tasks says; "" = none. */
static inline const char *due_of(const char *procedure, const char *step)
{
    must(w, "procedure tasks", "procedure", procedure);
    return text_of(item(w, "step", step), "due");
}

#endif
