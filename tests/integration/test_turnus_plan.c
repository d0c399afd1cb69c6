/*
 * The plan of the 186 offices, counted by this file alone: from the exported table and the lists of
 * offices and months, never from what the planner says of itself.
 */
#include "tests/integration/nrw.h"

#include <sys/stat.h>

#include <ctype.h>

#define OFFICES_MAX 200
#define FIRST       (2027 * 12)
#define MONTHS      60
#define YEARS       5
#define ENOUGH      "150000" /* steps to a plan without deviation */
#define FEW         "3000"   /* to a plan that keeps the hard rules */

static struct world *w;

static int set_up(void **state)
{
    (void)state;
    w = nrw_open("");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    world_close(w);
    return 0;
}

struct start {
    char office[65], region[8], kind[16], size_class[32];
    int month;    /* 0 … 59 */
    int previous; /* months from 2027-01, negative; INT_MIN without */
    double latitude, longitude;
};

static struct start starts[OFFICES_MAX];
static int start_count;
static int closed[MONTHS], capacity[MONTHS], taken[MONTHS];

static void plan(const char *seed, const char *steps)
{
    must(w, "turnus plan", "seed", seed, "steps", steps, "time-limit", "0");
}

/* The plan as a spreadsheet would get it; register and months by their own operations. */
static void read_plan(void)
{
    json_t *one;
    size_t i;

    must(w, "turnus export");
    start_count = 0;
    json_array_foreach(items(w), i, one)
    {
        struct start *start = &starts[start_count++];
        const char *previous = text_of(one, "previous");

        assert_true(start_count < OFFICES_MAX);
        snprintf(start->office, sizeof(start->office), "%s", text_of(one, "office"));
        start->month = month_of(text_of(one, "start_month")) - FIRST;
        start->previous = *previous ? month_of(previous) - FIRST : INT32_MIN;
        assert_true(start->month >= 0 && start->month < MONTHS);
    }
    must(w, "office list");
    assert_int_equal(item_count(w), (size_t)start_count);
    for (int s = 0; s < start_count; s++) {
        const json_t *office = item(w, "id", starts[s].office);

        snprintf(starts[s].region, sizeof(starts[s].region), "%s", text_of(office, "region"));
        snprintf(starts[s].kind, sizeof(starts[s].kind), "%s", text_of(office, "kind"));
        snprintf(starts[s].size_class, sizeof(starts[s].size_class), "%s",
                 text_of(office, "size_class"));
        starts[s].latitude = json_number_value(json_object_get(office, "latitude"));
        starts[s].longitude = json_number_value(json_object_get(office, "longitude"));
    }
    must(w, "turnus month list");
    assert_int_equal(item_count(w), MONTHS);
    json_array_foreach(items(w), i, one)
    {
        closed[i] = json_is_true(json_object_get(one, "closed"));
        capacity[i] = (int)json_integer_value(json_object_get(one, "capacity"));
        taken[i] = (int)json_integer_value(json_object_get(one, "taken"));
    }
}

static int in_month(int month)
{
    int count = 0;

    for (int s = 0; s < start_count; s++)
        count += starts[s].month == month;
    return count;
}

static int in_year(int year)
{
    int count = 0;

    for (int m = 0; m < 12; m++)
        count += in_month(year * 12 + m);
    return count;
}

static struct start *start_of(const char *office)
{
    for (int s = 0; s < start_count; s++)
        if (strcmp(starts[s].office, office) == 0)
            return &starts[s];
    fail_msg("'%s' is not in the plan", office);
    return NULL;
}

/* ---- what holds for every plan ---- */

static void assert_each_office_once(void)
{
    assert_int_equal(start_count, 186);
    for (int a = 0; a < start_count; a++)
        for (int b = a + 1; b < start_count; b++)
            assert_string_not_equal(starts[a].office, starts[b].office);
}

static void assert_hard_rules(void)
{
    for (int m = 0; m < MONTHS; m++) {
        if (closed[m])
            assert_int_equal(in_month(m), 0);
        assert_true(in_month(m) + taken[m] <= capacity[m]);
    }
    for (int s = 0; s < start_count; s++)
        if (starts[s].previous != INT32_MIN)
            assert_true(starts[s].month - starts[s].previous >= 42 &&
                        starts[s].month - starts[s].previous <= 78);
}

static void assert_even_years_and_months(void)
{
    for (int year = 0; year < YEARS; year++) {
        int least = 1000, most = 0;

        assert_true(in_year(year) == 37 || in_year(year) == 38);
        for (int m = year * 12; m < year * 12 + 12; m++)
            if (!closed[m]) {
                least = in_month(m) < least ? in_month(m) : least;
                most = in_month(m) > most ? in_month(m) : most;
            }
        assert_true(most - least <= 1);
    }
}

/* Of all offices like this one, by `same`, each year has the floor or the ceiling of a fifth. */
static void assert_shares(const char *what,
                          int (*same)(const struct start *a, const struct start *b))
{
    for (int s = 0; s < start_count; s++) {
        int all = 0, found[YEARS] = {0};

        for (int o = 0; o < start_count; o++)
            if (same(&starts[s], &starts[o])) {
                all++;
                found[starts[o].month / 12]++;
            }
        for (int year = 0; year < YEARS; year++)
            if (found[year] < all / YEARS || found[year] > (all + YEARS - 1) / YEARS)
                fail_msg("%s of %s: %d of %d in year %d", what, starts[s].office, found[year], all,
                         year);
    }
}

static int same_region(const struct start *a, const struct start *b)
{
    return strcmp(a->region, b->region) == 0;
}

static int same_kind(const struct start *a, const struct start *b)
{
    return strcmp(a->kind, b->kind) == 0;
}

static int same_class(const struct start *a, const struct start *b)
{
    return strcmp(a->size_class, b->size_class) == 0;
}

static int same_stratum(const struct start *a, const struct start *b)
{
    return same_region(a, b) && same_class(a, b);
}

static void assert_even_plan(void)
{
    assert_each_office_once();
    assert_hard_rules();
    assert_even_years_and_months();
    assert_shares("region", same_region);
    assert_shares("kind", same_kind);
    assert_shares("class", same_class);
    assert_shares("stratum", same_stratum);
}

/* ---- rules of the file ---- */

/* Holds the plan against config/nrw/rules-example.csv, read here with the simplest of parsers. */
static void assert_rules_kept(void)
{
    size_t size;
    char *file = world_read("config/nrw/rules-example.csv", &size), *rest = file;
    int checked = 0;

    while (rest && (rest = strchr(rest, '\n')) && rest[1]) {
        char office[65] = "", rule[16] = "", from[16] = "", to[16] = "", other[65] = "";
        char *fields[] = {office, rule, from, to, other};
        size_t rooms[] = {sizeof(office), sizeof(rule), sizeof(from), sizeof(to), sizeof(other)};
        struct start *start;

        rest++;
        for (int f = 0; f < 5; f++) {
            size_t length = strcspn(rest, ",\n");

            snprintf(fields[f], rooms[f], "%.*s", (int)length, rest);
            rest += length + (rest[length] == ',');
        }
        start = start_of(office);
        if (strcmp(rule, "blocked") == 0)
            assert_false(start->month >= month_of(from) - FIRST &&
                         start->month <= month_of(to) - FIRST);
        else if (strcmp(rule, "fixed") == 0)
            assert_true(start->month >= month_of(from) - FIRST &&
                        start->month <= month_of(to) - FIRST);
        else if (strcmp(rule, "together") == 0)
            assert_int_equal(start->month, start_of(other)->month);
        else if (strcmp(rule, "apart") == 0)
            assert_int_not_equal(start->month, start_of(other)->month);
        else
            continue;
        checked++;
    }
    assert_int_equal(checked, 27); /* the rest are wishes */
    free(file);
}

/* ---- tests ---- */

static void the_shipped_data_has_a_plan_without_any_deviation(void **state)
{
    static const char *const seeds[] = {"1", "4711"};
    (void)state;

    for (size_t i = 0; i < sizeof(seeds) / sizeof(seeds[0]); i++) {
        plan(seeds[i], ENOUGH);
        assert_int_equal(json_array_size(json_object_get(w->answer, "deviations")), 0);
        read_plan();
        assert_even_plan();
    }
}

static void an_ordinary_set_of_rules_has_one_too(void **state)
{
    static const char *const seeds[] = {"1", "4711"};
    (void)state;
    must(w, "turnus rule import", "file", "@config/nrw/rules-example.csv");
    assert_int_equal(number(w, "rules"), 42);
    must(w, "turnus rule check");
    assert_int_equal(number(w, "contradictions"), 0);

    for (size_t i = 0; i < sizeof(seeds) / sizeof(seeds[0]); i++) {
        plan(seeds[i], ENOUGH);
        assert_int_equal(json_array_size(json_object_get(w->answer, "deviations")), 0);
        read_plan();
        assert_even_plan();
        assert_rules_kept();
    }
}

static void the_same_seed_gives_the_same_plan(void **state)
{
    struct start first[OFFICES_MAX];
    int differs = 0;
    (void)state;
    plan("3", FEW);
    read_plan();
    memcpy(first, starts, sizeof(first));

    plan("3", FEW);
    read_plan();
    for (int s = 0; s < start_count; s++)
        assert_int_equal(start_of(first[s].office)->month, first[s].month);
    plan("4", FEW);
    read_plan();
    for (int s = 0; s < start_count; s++)
        differs += start_of(first[s].office)->month != first[s].month;
    assert_true(differs > 0);
}

static void the_answer_names_objective_bound_gap_and_every_rule(void **state)
{
    static const char *const rules[] = {"capacity",  "year",    "month",   "region", "kind",
                                        "class",     "stratum", "spacing", "wish",   "school",
                                        "neighbour", "apart",   "gap"};
    const json_t *list;
    int64_t soft = 0;
    (void)state;

    plan("1", FEW);

    assert_true(number(w, "bound") <= number(w, "objective"));
    assert_true(json_is_number(json_object_get(w->answer, "gap")));
    assert_true(json_is_boolean(json_object_get(w->answer, "proven")));
    assert_true(json_is_array(json_object_get(w->answer, "deviations")));
    assert_int_equal(number(w, "seed"), 1);
    assert_true(json_is_false(json_object_get(w->answer, "cut")));
    list = json_object_get(w->answer, "rules");
    assert_int_equal(json_array_size(list), sizeof(rules) / sizeof(rules[0]));
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        const json_t *rule = find_in(list, "rule", rules[i]);

        assert_non_null(rule);
        if (strcmp(text_of(rule, "level"), "soft") == 0)
            soft += json_integer_value(json_object_get(rule, "value"));
    }
    assert_int_equal(soft, number(w, "objective"));
    assert_true(says(w, "Schulferien ab 2030-08 sind noch nicht bekannt gegeben"));
}

/* School months by hand: a month whose working days are mostly school holidays costs 8 points a
 * start; neighbours within 25 km in the same month cost 10 a pair. */
static void the_soft_points_are_what_the_rules_say(void **state)
{
    int school = 0, expected;
    json_t *one;
    size_t i;
    (void)state;
    plan("1", FEW);
    expected = (int)json_integer_value(
        json_object_get(find_in(json_object_get(w->answer, "rules"), "rule", "school"), "value"));

    read_plan();
    json_array_foreach(items(w), i, one)
    {
        int64_t workdays = json_integer_value(json_object_get(one, "workdays"));
        int64_t outside = json_integer_value(json_object_get(one, "outside_school_holidays"));

        school += outside * 2 < workdays ? 8 * in_month((int)i) : 0;
    }

    assert_int_equal(school, expected);
}

static void a_run_that_the_clock_cuts_says_so_and_is_valid_all_the_same(void **state)
{
    (void)state;

    w->drift = 300; /* a slow machine: each look at the clock is 0.3 s later */
    must(w, "turnus plan", "seed", "1", "time-limit", "1", "steps", "9000000000");

    assert_true(json_is_true(json_object_get(w->answer, "cut")));
    assert_true(says(w, "nicht wiederholbar"));
    read_plan();
    assert_each_office_once();
    assert_hard_rules();
}

/* Twelve of the thirty-eight Rhenish towns fixed to one year: more than its share. */
static void a_plan_with_deviations_names_them_with_the_reason(void **state)
{
    rh_auto_str(rules, 65536);
    const json_t *list, *found = NULL;
    json_t *one;
    size_t i;
    int count = 0;
    (void)state;
    must(w, "office list", "region", "LVR", "class", "city-0");
    rh_str_add(&rules, "=office,rule,from,to\n");
    json_array_foreach(items(w), i, one)
    {
        if (count++ < 14)
            rh_str_printf(&rules, "%s,fixed,2028-01,2028-12\n", text_of(one, "id"));
    }
    must(w, "turnus rule import", "file", rules.data);

    plan("1", ENOUGH);

    list = json_object_get(w->answer, "deviations");
    json_array_foreach(list, i, one)
    {
        if (strcmp(text_of(one, "group"), "LVR city-0") == 0 &&
            strcmp(text_of(one, "year"), "2028") == 0)
            found = one;
    }
    assert_non_null(found);
    assert_string_equal(text_of(found, "rule"), "stratum");
    assert_int_equal(json_integer_value(json_object_get(found, "found")), 14);
    assert_string_equal(text_of(found, "reason"),
                        "14 sind durch Regeln auf diese Monate festgelegt");
    assert_true(json_is_false(json_object_get(w->answer, "proven")));
    read_plan();
    assert_each_office_once();
    assert_hard_rules();
    assert_even_years_and_months(); /* what can still be even is */
}

/* ---- out of turn, months set by planners ---- */

static void out_of_turn_procedures_take_places_from_their_month(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) {
        static const char *const offices[] = {"koeln", "bonn", "essen", "moers"};

        must(w, "procedure record", "office", offices[i], "start", "2029-03", "suggested-by",
             "office", "reason", "Probe");
    }

    plan("1", ENOUGH);

    assert_int_equal(json_array_size(json_object_get(w->answer, "deviations")), 0);
    read_plan();
    assert_int_equal(taken[26], 4);
    assert_int_equal(capacity[26], 5);
    assert_true(in_month(26) <= 1);
    assert_each_office_once();
    assert_hard_rules();
}

static void a_month_is_closed_opened_and_given_another_capacity(void **state)
{
    (void)state;

    must(w, "turnus month set", "month", "2028-04", "state", "closed", "note", "Kongress");
    must(w, "turnus month set", "month", "2028-09", "capacity", "2");
    plan("1", FEW);
    read_plan();

    assert_int_equal(in_month(15), 0);
    assert_true(in_month(20) <= 2);
    assert_each_office_once();
    assert_hard_rules();
    assert_string_equal(text_of(item(w, "month", "2028-04"), "note"), "Kongress");
    must(w, "turnus month set", "month", "2028-04", "state", "auto");
    must(w, "turnus month list");
    assert_true(json_is_false(json_object_get(item(w, "month", "2028-04"), "closed")));
    refused(w, RH_EINVALID, "2026-12 liegt nicht im Turnus 2027-2031 (2027-01 bis 2031-12)",
            "2026-12 is not in the round 2027-2031", "turnus month set", "month", "2026-12",
            "state", "closed");
    refused(w, RH_EUSAGE, "nichts zu tun", "nothing to do", "turnus month set", "month", "2028-04");
}

static void months_of_school_holidays_are_closed_by_the_calendar(void **state)
{
    static const char *const summers[] = {"2027-08", "2029-07", "2030-07"};
    json_t *one;
    int count = 0;
    size_t i;
    (void)state;

    must(w, "turnus month list");

    json_array_foreach(items(w), i, one)
    {
        count += json_is_true(json_object_get(one, "closed"));
    }
    assert_int_equal(count, 3); /* in 2028 both summer months keep five days */
    for (i = 0; i < 3; i++)
        assert_true(json_is_true(json_object_get(item(w, "month", summers[i]), "closed")));
    assert_true(json_is_true(json_object_get(item(w, "month", "2031-07"), "school_unknown")));
}

static void without_holidays_and_pilots_everything_still_plans(void **state)
{
    struct world *bare = world_open("");
    struct world *full = w;
    (void)state;
    must(bare, "office import", "file", "@config/nrw/offices.csv");
    must(bare, "round create", "round", "2027-2031", "start", "2027-01-01");

    w = bare;
    plan("1", ENOUGH);
    read_plan();
    assert_even_plan();

    world_close(bare);
    w = full;
}

static void what_became_of_the_exact_engine_is_told(void **state)
{
    (void)state;

    must(w, "turnus plan", "seed", "1", "steps", FEW, "time-limit", "0", "without-exact", "1");
    assert_string_equal(text(w, "exact"), "not needed");
    assert_string_equal(text(w, "engine"), "local search, network flow bound");

    setenv("RH_SOLVE_PROGRAM", "/nonexistent/reihum-solve", 1);
    must(w, "turnus plan", "seed", "1", "steps", FEW, "time-limit", "0");
    unsetenv("RH_SOLVE_PROGRAM");
    assert_string_equal(text(w, "exact"), "missing");
    assert_string_equal(text(w, "engine"),
                        "local search, network flow bound, exact engine missing");
    assert_true(says(w, "ohne Beweis"));
}

static void a_killed_worker_leaves_a_valid_plan_and_the_published_one(void **state)
{
    static const char script[] = "#!/bin/sh\nkill -9 $$\n";
    char path[128];
    json_t *before;
    (void)state;

    must(w, "turnus plan", "seed", "1", "without-exact", "1");
    must(w, "turnus publish");
    must(w, "turnus export", "plan", "1");
    before = json_incref(json_object_get(w->answer, "items"));
    snprintf(path, sizeof(path), "%s/dies", w->folder);
    world_write(path, script, sizeof(script) - 1);
    assert_int_equal(chmod(path, 0700), 0);

    setenv("RH_SOLVE_PROGRAM", path, 1);
    must(w, "turnus plan", "seed", "1", "steps", FEW, "time-limit", "0");
    unsetenv("RH_SOLVE_PROGRAM");
    assert_string_equal(text(w, "exact"), "failed");
    assert_true(says(w, "ohne Beweis"));

    must(w, "turnus export", "plan", "2");
    assert_int_equal(item_count(w), json_array_size(before));
    must(w, "turnus export", "plan", "1");
    assert_true(json_equal(before, items(w)));
    json_decref(before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(the_shipped_data_has_a_plan_without_any_deviation),
        TEST(an_ordinary_set_of_rules_has_one_too),
        TEST(the_same_seed_gives_the_same_plan),
        TEST(the_answer_names_objective_bound_gap_and_every_rule),
        TEST(the_soft_points_are_what_the_rules_say),
        TEST(a_run_that_the_clock_cuts_says_so_and_is_valid_all_the_same),
        TEST(a_plan_with_deviations_names_them_with_the_reason),
        TEST(out_of_turn_procedures_take_places_from_their_month),
        TEST(a_month_is_closed_opened_and_given_another_capacity),
        TEST(months_of_school_holidays_are_closed_by_the_calendar),
        TEST(what_became_of_the_exact_engine_is_told),
        TEST(a_killed_worker_leaves_a_valid_plan_and_the_published_one),
        TEST(without_holidays_and_pilots_everything_still_plans),
    };

    return cmocka_run_group_tests(tests, nrw_make, nrw_remove);
}
