/* What does not fit together: two appointments of one person on a day, an absence, too much in a
 * year or at once, a full month, a deadline in a quiet time; each said by who knows it, all of it
 * by the simulation. */
#include "tests/integration/world.h"

#include "core/calendar/zone.h"
#include "core/server/jobs.h"

#define OFFICES                                                                                    \
    "=id,name,short_name,kind,region,ags,population,latitude,longitude,source_note\n"              \
    "velbert,Stadt Velbert,Velbert,city,LVR,05158032,82445,51.34005,7.04163,x\n"                   \
    "bonn,Stadt Bonn,Bonn,city,LVR,05314000,336465,50.73425,7.09919,x\n"
#define PEOPLE(capacity)                                                                           \
    "=id,name,email,region,lead,latitude,longitude,capacity_per_year,conflicts,skills\n"           \
    "m1,Moderator*in 01,m1@example.org,LVR,yes,50.7,7.1," capacity ",,\n"

static char made[64];

/* One moderator, so the procedure of the plan (Velbert, January) and one out of turn (Bonn, March)
 * have the same team. */
static int make(void **state)
{
    struct world *w = world_open("plugin moderators { parallel_max = 9 }");

    (void)state;
    must(w, "process import", "file", "@config/processes/qev-1.conf");
    must(w, "office import", "file", OFFICES);
    must(w, "holiday import", "file", "@config/nrw/school-holidays.csv");
    must(w, "round create", "round", "2027-2031", "start", "2027-01-01", "years", "5");
    must(w, "procedure record", "office", "bonn", "start", "2027-03", "state", "planned",
         "suggested-by", "office", "reason", "auf Wunsch");
    must(w, "procedure record", "office", "velbert", "start", "2027-03", "state", "planned",
         "suggested-by", "office", "reason", "auf Wunsch");
    must(w, "turnus plan", "seed", "1", "steps", "1000", "time-limit", "0");
    must(w, "turnus publish", "over-capacity", "yes");
    must(w, "moderator import", "file", PEOPLE("9"));
    w->drift = 20;
    must(w, "team allocate", "seed", "1", "time-limit", "1", "without-exact", "yes");
    must(w, "team publish");
    world_keep(w, made);
    return 0;
}

static int unmake(void **state)
{
    (void)state;
    return remove(made);
}

static struct world *begin(const char *config)
{
    return world_from(made, config);
}

#define ALL_YEAR "from", "2027-01-01", "until", "2027-12-31"

/* Clashes whose sentence has these words; "" for all. */
static size_t clashes(const struct world *w, const char *words)
{
    size_t index, count = 0;
    json_t *item;

    json_array_foreach((json_t *)(uintptr_t)items(w), index, item)
    {
        if (strcmp(text_of(item, "kind"), "clash") == 0 && strstr(text_of(item, "what"), words))
            count++;
    }
    return count;
}

static const json_t *load_of(const struct world *w, const char *subject, const char *month)
{
    size_t index;
    json_t *item;

    json_array_foreach((json_t *)(uintptr_t)items(w), index, item)
    {
        if (strcmp(text_of(item, "kind"), "load") == 0 &&
            strcmp(text_of(item, "subject"), subject) == 0 &&
            strcmp(text_of(item, "at"), month) == 0)
            return item;
    }
    fail_msg("no load of %s in %s", subject, month);
    return NULL;
}

static void a_person_in_two_places_on_a_day_is_named(void **state)
{
    struct world *w = begin("plugin moderators { parallel_max = 9 }");

    (void)state;
    must(w, "team clashes", ALL_YEAR);
    assert_int_equal(clashes(w, "zwei Termine an einem Tag"), 0);
    must(w, "step date", "procedure", "bonn-2027-03", "step", "session", "on", "2027-11-16");
    must(w, "step date", "procedure", "velbert-2027-2031", "step", "session", "on", "2027-11-17");
    must(w, "team clashes", "from", "2027-11-15", "until", "2027-11-20");
    assert_int_equal(clashes(w, "zwei Termine"), 0);
    must(w, "step date", "procedure", "velbert-2027-2031", "step", "session", "on", "2027-11-16");
    must(w, "team clashes", "from", "2027-11-15", "until", "2027-11-20");
    assert_int_equal(clashes(w, "Stadt Bonn (Analysesitzung) und Stadt Velbert (Analysesitzung)"),
                     1);
    world_close(w);
}

static void an_absence_and_a_quota_are_held_against_the_dates(void **state)
{
    struct world *w = begin("plugin moderators { parallel_max = 1 }");

    (void)state;
    must(w, "step date", "procedure", "bonn-2027-03", "step", "session", "on", "2027-11-16");
    must(w, "moderator absence import", "file", "=moderator,from,to\nm1,2027-11-15,2027-11-19\n");
    must(w, "moderator import", "file", PEOPLE("1"));
    must(w, "team clashes", ALL_YEAR);
    assert_int_equal(clashes(w, "Moderator*in 01 ist abwesend: Stadt Bonn (Analysesitzung)"), 1);
    assert_int_equal(clashes(w, "Moderator*in 01 beginnt"), 1);
    assert_true(clashes(w, "zugleich, höchstens sind 1") > 0);
    assert_true(json_integer_value(json_object_get(load_of(w, "m1", "2027-03"), "running")) >= 2);
    world_close(w);
}

static void a_month_with_more_starts_than_room_is_named(void **state)
{
    struct world *w = begin("");

    (void)state;
    must(w, "turnus month set", "month", "2027-03", "capacity", "1", "state", "open");
    must(w, "turnus clashes", ALL_YEAR);
    assert_int_equal(clashes(w, "Platz ist für 1"), 1);
    must(w, "turnus month set", "month", "2027-03", "capacity", "5", "state", "open");
    must(w, "turnus clashes", "from", "2027-03-01", "until", "2027-03-31");
    assert_int_equal(item_count(w), 0);
    world_close(w);
}

static void a_deadline_that_a_person_set_into_a_quiet_time_is_named(void **state)
{
    struct world *w = begin("");

    (void)state;
    must(w, "procedure clashes", ALL_YEAR);
    assert_int_equal(clashes(w, ""), 0);
    must(w, "deadline set", "procedure", "bonn-2027-03", "step", "contact", "on", "2027-12-28",
         "reason", "Versehen");
    must(w, "deadline set", "procedure", "velbert-2027-03", "step", "contact", "on", "2027-04-11",
         "reason", "Versehen"); /* a Sunday */
    must(w, "procedure clashes", ALL_YEAR);
    assert_int_equal(clashes(w, "in der Ruhezeit"), 1);
    assert_int_equal(clashes(w, "kein Arbeitstag"), 1);
    assert_int_equal(
        json_integer_value(json_object_get(load_of(w, "procedures", "2027-04"), "running")), 3);
    world_close(w);
}

/* The simulation tells what all of them find in what will have happened. */
static void the_simulation_gathers_them_all(void **state)
{
    struct world *w = begin("plugin moderators { parallel_max = 9 }");
    size_t found;

    (void)state;
    must(w, "turnus month set", "month", "2027-03", "capacity", "1", "state", "open");
    must(w, "step date", "procedure", "bonn-2027-03", "step", "session", "on", "2027-09-14");
    must(w, "step date", "procedure", "velbert-2027-2031", "step", "session", "on", "2027-09-14");
    must(w, "simulate", "until", "2027-09-30");
    found = clashes(w, "");
    assert_int_equal(found, number(w, "clashes"));
    assert_true(clashes(w, "zwei Termine an einem Tag") >= 1);
    assert_int_equal(clashes(w, "Platz ist für 1"), 1);
    assert_true(number(w, "most_running") >= 2);
    assert_true(json_integer_value(json_object_get(load_of(w, "procedures", "2027-04"), "mails")) >
                0);
    assert_true(json_integer_value(json_object_get(load_of(w, "m1", "2027-04"), "meetings")) > 0);
    world_close(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_person_in_two_places_on_a_day_is_named),
        cmocka_unit_test(an_absence_and_a_quota_are_held_against_the_dates),
        cmocka_unit_test(a_month_with_more_starts_than_room_is_named),
        cmocka_unit_test(a_deadline_that_a_person_set_into_a_quiet_time_is_named),
        cmocka_unit_test(the_simulation_gathers_them_all),
    };

    return cmocka_run_group_tests(tests, make, unmake);
}
