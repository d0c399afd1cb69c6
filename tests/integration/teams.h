/*
 * teams.h - a world with the 186 offices, 80 moderators, a published round plan and teams (a
 * draft), made once a program; and its teams, counted here from the exported table and the lists
 * alone.
 */
#ifndef TESTS_INTEGRATION_TEAMS_H
#define TESTS_INTEGRATION_TEAMS_H

#include "tests/integration/nrw.h"

static struct world *w;
static char teams_made[64]; /* the database all copies are made of */

static inline int teams_make(void **state)
{
    nrw_make(state);
    w = nrw_open("");
    must(w, "turnus plan", "seed", "1", "steps", "20000", "time-limit", "0");
    must(w, "turnus publish", "over-capacity", "yes");
    must(w, "moderator import", "file", "@config/nrw/moderators-example.csv");
    w->drift = 20; /* the clock ends the search early: good teams, not the best ones */
    must(w, "team allocate", "seed", "1", "time-limit", "3", "without-exact", "yes");
    world_keep(w, teams_made);
    return 0;
}

static inline int teams_remove(void **state)
{
    remove(teams_made);
    return nrw_remove(state);
}

static inline int teams_open(void **state)
{
    (void)state;
    w = world_from(teams_made, "");
    w->drift = 20;
    return 0;
}

static inline int teams_close(void **state)
{
    (void)state;
    world_close(w);
    return 0;
}

#define HEAD "=id,name,email,region,lead,latitude,longitude,capacity_per_year,conflicts,skills\n"

static inline void allocate(void)
{
    must(w, "team allocate", "seed", "1", "time-limit", "3", "without-exact", "yes");
}

/* Does one of the reasons of the answer say that? */
static inline int stale_because(const char *part)
{
    json_t *reason;
    size_t i;

    json_array_foreach(json_object_get(w->answer, "stale"), i, reason)
    {
        if (strstr(json_string_value(reason), part))
            return 1;
    }
    return 0;
}

/* ---- the teams, counted here ---- */

struct member {
    char office[65], moderator[65];
    int month, lead, o, p;
};

static struct member members[1000];
static int member_count;
static json_t *offices, *people;

static inline void read_teams(void)
{
    json_t *one;
    size_t i;

    must(w, "office list");
    offices = json_incref(json_object_get(w->answer, "items"));
    must(w, "moderator list", "all", "yes");
    people = json_incref(json_object_get(w->answer, "items"));
    must(w, "team export");
    member_count = 0;
    json_array_foreach(json_object_get(w->answer, "items"), i, one)
    {
        struct member *m = &members[member_count++];

        assert_true(member_count < 1000);
        snprintf(m->office, sizeof(m->office), "%s", text_of(one, "office"));
        snprintf(m->moderator, sizeof(m->moderator), "%s", text_of(one, "moderator"));
        m->month = month_of(text_of(one, "start_month"));
        m->lead = strcmp(text_of(one, "role"), "lead") == 0;
        assert_true(m->lead || strcmp(text_of(one, "role"), "co") == 0);
    }
}

static inline void forget_teams(void)
{
    json_decref(offices);
    json_decref(people);
}

static inline int wanted_size(const json_t *office)
{
    const char *size_class = text_of(office, "size_class");

    return strcmp(size_class, "city-500") == 0 || strcmp(size_class, "city-200") == 0 ||
                   strcmp(size_class, "district-200") == 0
               ? 3
               : 2;
}

/* Nobody works where they have a conflict; limits at once and per year hold. */
static inline void assert_limits(void)
{
    for (int a = 0; a < member_count; a++) {
        const json_t *person = find_in(people, "id", members[a].moderator);
        int at_once = 0, in_year = 0;
        const char *conflicts;

        assert_non_null(person);
        conflicts = text_of(person, "conflicts");
        assert_string_not_equal(conflicts, members[a].office);
        for (int b = 0; b < member_count; b++) {
            if (strcmp(members[a].moderator, members[b].moderator) != 0)
                continue;
            at_once +=
                members[b].month >= members[a].month && members[b].month < members[a].month + 4;
            in_year += members[b].month / 12 == members[a].month / 12;
            if (a != b)
                assert_string_not_equal(members[a].office, members[b].office);
        }
        assert_true(at_once <= 2);
        assert_true(in_year <= json_integer_value(json_object_get(person, "capacity_per_year")));
    }
}

/* Each team has its size, one lead who may, one of the own region - or is named as a gap. */
static inline int count_gaps(void)
{
    json_t *office;
    size_t i;
    int gaps = 0;

    json_array_foreach(offices, i, office)
    {
        int size = 0, leads = 0, own = 0, may = 0;

        for (int m = 0; m < member_count; m++) {
            const json_t *person;

            if (strcmp(members[m].office, text_of(office, "id")) != 0)
                continue;
            person = find_in(people, "id", members[m].moderator);
            size++;
            leads += members[m].lead;
            may += json_is_true(json_object_get(person, "lead")) ||
                   json_integer_value(json_object_get(person, "lead")) == 1;
            own += strcmp(text_of(person, "region"), text_of(office, "region")) == 0;
        }
        assert_true(size <= wanted_size(office));
        assert_int_equal(leads, may > 0);
        gaps += (size < wanted_size(office)) + (may == 0) + (own == 0);
    }
    return gaps;
}

#endif
