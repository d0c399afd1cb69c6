/*
 * Moderators and teams: what a file may say and what is refused, and the teams of 186 offices
 * counted by this file alone, from the exported table and the lists, never from what the plugin
 * says of itself.
 */
#include "tests/integration/nrw.h"

static struct world *w;
static char
    made[64]; /* a house with moderators, a published plan and teams, copied for each test */

static int make(void **state)
{
    int file;

    nrw_make(state);
    w = nrw_open("");
    must(w, "turnus plan", "seed", "1", "steps", "20000", "time-limit", "0");
    must(w, "turnus publish", "over-capacity", "yes");
    must(w, "moderator import", "file", "@config/nrw/moderators-example.csv");
    must(w, "team allocate", "seed", "1", "time-limit", "3", "without-exact", "yes");
    json_decref(w->answer);
    w->answer = NULL;
    w->invocation = rh_invocation_free(w->invocation);
    w->home = rh_home_close(w->home);
    snprintf(made, sizeof(made), "/tmp/rh-teams-XXXXXX");
    file = mkstemp(made);
    assert_true(file >= 0);
    close(file);
    world_copy(w->db, made);
    world_close(w);
    return 0;
}

static int unmake(void **state)
{
    remove(made);
    return nrw_remove(state);
}

static int set_up(void **state)
{
    (void)state;
    w = world_described("");
    world_copy(made, w->db);
    world_begin(w);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    world_close(w);
    return 0;
}

#define HEAD "=id,name,email,region,lead,latitude,longitude,capacity_per_year,conflicts,skills\n"

static void allocate(void)
{
    must(w, "team allocate", "seed", "1", "time-limit", "3", "without-exact", "yes");
}

/* Does one of the reasons of the answer say that? */
static int stale_because(const char *part)
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

/* ---- files ---- */

static void faults_of_moderators_are_named_with_line_column_and_remedy(void **state)
{
    static const struct {
        const char *row, *de, *en;
    } cases[] = {
        {"m-1,Moderator*in 01,,LVR,ja,,6.9,3,,",
         "test.csv, Zeile 2, Spalte 'latitude': der Breitengrad fehlt",
         "test.csv, line 2, column 'latitude': the latitude is missing"},
        {"m-1,Moderator*in 01,,LVR,ja,51,6.9,0,,", "Spalte 'capacity_per_year': 0 Verfahren",
         "column 'capacity_per_year': 0 procedures per year"},
        {"m-1,Moderator*in 01,,LVX,ja,51,6.9,3,,", "'LVX' ist kein Landesteil",
         "'LVX' is not a region"},
        {"m-1,Moderator*in 01,,LVR,vielleicht,51,6.9,3,,", "weder ja noch nein",
         "neither yes nor no"},
        {"m-1,Moderator*in 01,,LVR,ja,51,6.9,3,Steinfurth;nirgendwo,", "Spalte 'conflicts'",
         "column 'conflicts'"},
        {"M 1,Moderator*in 01,,LVR,ja,51,6.9,3,,", "Spalte 'id'", "column 'id'"},
    };
    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char file[512];

        snprintf(file, sizeof(file), "%s%s\n", HEAD, cases[i].row);
        refused(w, RH_EINVALID, cases[i].de, cases[i].en, "moderator import", "file", file);
    }
    must(w, "moderator list"); /* nothing half applied */
    assert_int_equal(item_count(w), 80);
}

static void an_import_tells_what_is_new_changed_and_gone(void **state)
{
    (void)state;

    must(w, "moderator import", "file",
         HEAD "moderator-01,Moderator*in 01,,LWL,ja,51.5,7.1,3,Stadt Lemgo|ahaus: Beispiel,\n"
              "moderator-99,Moderator*in 99,,LWL,nein,51.5,7.1,3,,\n");
    assert_string_equal(text_of(item(w, "id", "moderator-01"), "change"), "changed");
    assert_string_equal(text_of(item(w, "id", "moderator-99"), "change"), "new");
    assert_string_equal(text_of(item(w, "id", "moderator-02"), "change"), "gone");

    must(w, "moderator list");
    assert_int_equal(item_count(w), 2);
    must(w, "moderator show", "moderator", "moderator-01");
    assert_string_equal(
        text_of(find_in(json_object_get(w->answer, "conflicts"), "office", "ahaus"), "reason"),
        "Beispiel");
}

static void faults_of_the_smaller_files_are_named(void **state)
{
    (void)state;

    refused(w, RH_EINVALID,
            "test.csv, Zeile 2, Spalte 'from': 2041-01-01 bis 2041-02-01 liegt in "
            "keinem Turnus",
            "test.csv, line 2, column 'from'", "moderator absence import", "file",
            "=moderator,from,to\nmoderator-01,2041-01-01,2041-02-01\n");
    refused(w, RH_EINVALID, "Spalte 'to': 2028-01-01 liegt vor 2028-02-01",
            "column 'to': 2028-01-01 is before", "moderator absence import", "file",
            "=moderator,from,to\nmoderator-01,2028-02-01,2028-01-01\n");
    refused(w, RH_EINVALID, "Spalte 'other'", "column 'other'", "moderator pair import", "file",
            "=moderator,other\nmoderator-01,moderator-01\n");
    refused(w, RH_EINVALID, "Zeile 2, Spalte 'office': Jugendamt 'Atlantis' gibt es nicht",
            "line 2, column 'office'", "moderator rule import", "file",
            "=office,moderator,rule,note\nAtlantis,moderator-03,must,\n");
    refused(w, RH_EINVALID, "Zeile 3, Spalte 'rule': für lemgo ist schon moderator-03 als Leitung",
            "line 3, column 'rule': lemgo has moderator-03 pinned as lead already",
            "moderator rule import", "file",
            "=office,moderator,rule,note\nlemgo,moderator-03,lead,\nlemgo,moderator-06,lead,\n");
    refused(w, RH_EINVALID, "ist bei wuerselen befangen", "has a conflict with wuerselen",
            "moderator rule import", "file",
            "=office,moderator,rule,note\nwuerselen,moderator-03,must,\n");
}

static void a_pin_that_an_absence_contradicts_is_named_before_solving(void **state)
{
    (void)state;
    must(w, "moderator rule import", "file",
         "=office,moderator,rule,note\nlemgo,moderator-06,lead,\n");
    must(w, "moderator absence import", "file",
         "=moderator,from,to\nmoderator-06,2027-01-01,2032-12-31\n");

    refused(w, RH_EINVALID, "test.csv, Zeile 2, Spalte 'moderator': Moderator*in 06 ist für",
            "there are no teams, 1 contradictions", "team allocate");
    w->lang = RH_EN;
    refused(w, RH_EINVALID, "",
            "test.csv, line 2, column 'moderator': Moderator*in 06 is pinned to", "team allocate");
}

/* ---- the teams, counted here ---- */

struct member {
    char office[65], moderator[65];
    int month, lead, o, p;
};

static struct member members[1000];
static int member_count;
static json_t *offices, *people;

static void read_teams(void)
{
    json_t *one;
    size_t i;

    must(w, "office list");
    offices = json_incref(json_object_get(w->answer, "items"));
    must(w, "moderator list");
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

static void forget_teams(void)
{
    json_decref(offices);
    json_decref(people);
}

static int wanted_size(const json_t *office)
{
    const char *size_class = text_of(office, "size_class");

    return strcmp(size_class, "city-500") == 0 || strcmp(size_class, "city-200") == 0 ||
                   strcmp(size_class, "district-200") == 0
               ? 3
               : 2;
}

/* Nobody works where they have a conflict; limits at once and per year hold. */
static void assert_limits(void)
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
static int count_gaps(void)
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

static void teams_of_186_offices_keep_every_rule(void **state)
{
    int64_t gaps;
    (void)state;

    must(w, "team show");
    gaps = number(w, "gap_count");
    assert_true(number(w, "bound") <= number(w, "objective"));
    read_teams();
    assert_int_equal(json_array_size(offices), 186);
    assert_limits();
    assert_int_equal(count_gaps(), gaps);
    assert_int_equal(gaps, 0);
    forget_teams();
}

static void absences_pairs_and_pins_hold(void **state)
{
    (void)state;
    must(w, "moderator absence import", "file",
         "=moderator,from,to\nmoderator-02,2028-03-15,2028-09-30\n");
    must(w, "moderator pair import", "file", "=moderator,other\nmoderator-04,moderator-08\n");
    must(w, "moderator rule import", "file",
         "=office,moderator,rule,note\nlemgo,moderator-06,lead,\nahaus,moderator-06,mustnot,\n"
         "koeln,moderator-01,must,\n");
    allocate();
    read_teams();

    assert_limits();
    for (int m = 0, lead = 0; m < member_count; m++) {
        const struct member *one = &members[m];

        if (strcmp(one->moderator, "moderator-02") == 0)
            assert_true(one->month + 7 < month_of("2028-03") || one->month > month_of("2028-09"));
        if (strcmp(one->moderator, "moderator-06") == 0)
            assert_string_not_equal(one->office, "ahaus");
        if (strcmp(one->office, "lemgo") == 0 && one->lead)
            assert_string_equal(one->moderator, "moderator-06");
        lead += strcmp(one->office, "koeln") == 0 && strcmp(one->moderator, "moderator-01") == 0;
        if (m == member_count - 1)
            assert_int_equal(lead, 1);
        for (int o = 0; strcmp(one->moderator, "moderator-04") == 0 && o < member_count; o++)
            if (strcmp(members[o].moderator, "moderator-08") == 0)
                assert_string_not_equal(members[o].office, one->office);
    }
    forget_teams();
}

static void a_shortage_gives_teams_with_named_gaps(void **state)
{
    int64_t gaps;
    (void)state;

    must(w, "moderator import", "file",
         HEAD "moderator-01,Moderator*in 01,,LWL,ja,51.5,7.1,3,,\n"
              "moderator-02,Moderator*in 02,,LVR,nein,51.5,7.1,3,,\n");
    must(w, "team need");
    assert_true(number(w, "short_halves") > 0);
    assert_true(says(w, "es reicht nicht"));

    allocate();
    gaps = number(w, "gap_count");
    assert_true(gaps > 0);
    assert_true(json_array_size(json_object_get(w->answer, "gaps")) == (size_t)gaps);
    read_teams();
    assert_limits();
    assert_int_equal(count_gaps(), gaps);
    forget_teams();
}

/* ---- changes ---- */

static void who_drops_out_is_replaced_and_nobody_else_moves(void **state)
{
    static struct member before[1000];
    int before_count, kept = 0, of_others = 0;
    (void)state;

    read_teams();
    forget_teams();
    memcpy(before, members, sizeof(before));
    before_count = member_count;
    must(w, "team repair", "without", "moderator-03");
    assert_true(says(w, "nichts geändert"));
    must(w, "team repair", "without", "moderator-03", "yes", "yes");
    read_teams();
    assert_limits();
    for (int m = 0; m < before_count; m++) {
        if (strcmp(before[m].moderator, "moderator-03") == 0)
            continue;
        of_others++;
        for (int n = 0; n < member_count; n++)
            kept += strcmp(before[m].moderator, members[n].moderator) == 0 &&
                    strcmp(before[m].office, members[n].office) == 0;
    }
    assert_int_equal(kept, of_others);
    for (int m = 0; m < member_count; m++)
        assert_string_not_equal(members[m].moderator, "moderator-03");
    forget_teams();
}

static void a_swap_shows_its_consequences_and_needs_a_yes(void **state)
{
    char out[65], in[65];
    int64_t plan, points;
    (void)state;

    must(w, "team export");
    plan = number(w, "plan");
    snprintf(out, sizeof(out), "%s", text_of(item(w, "office", "lemgo"), "moderator"));
    must(w, "team recommend", "office", "lemgo", "out", out);
    assert_true(item_count(w) > 0);
    snprintf(in, sizeof(in), "%s", text_of(json_array_get(items(w), 0), "moderator"));
    points = json_integer_value(json_object_get(json_array_get(items(w), 0), "points"));

    must(w, "team swap", "office", "lemgo", "out", out, "in", in);
    assert_int_equal(number(w, "points"), points);
    must(w, "team show");
    assert_int_equal(number(w, "plan"), plan);
    must(w, "team swap", "office", "lemgo", "out", out, "in", in, "yes", "yes");
    assert_true(number(w, "new_plan") > plan);
    refused(w, RH_EINVALID, "gehört nicht zum Team", "is not in the team", "team swap", "office",
            "lemgo", "out", out, "in", in);
    must(w, "team explain", "office", "lemgo");
    assert_true(says(w, "braucht ein Team von"));
}

static void published_teams_become_stale_when_an_office_moves(void **state)
{
    char month[16];
    (void)state;

    must(w, "team publish");
    refused(w, RH_ENOTFOUND, "gibt es nicht", "there is no", "team publish", "plan", "999");
    must(w, "team show");
    assert_string_equal(text(w, "state"), "published");
    snprintf(month, sizeof(month), "%s", text_of(item(w, "office", "lemgo"), "start_month"));
    must(w, "turnus move", "office", "lemgo", "to",
         strcmp(month, "2029-05") == 0 ? "2029-06" : "2029-05", "yes", "yes", "over-capacity",
         "yes");
    must(w, "team show");
    assert_int_equal(json_array_size(json_object_get(w->answer, "stale")), 0);
    must(w, "turnus publish", "over-capacity", "yes");
    must(w, "team show");
    assert_true(stale_because("Stadt Lemgo beginnt"));
    assert_true(says(w, "veraltet"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(faults_of_moderators_are_named_with_line_column_and_remedy),
        TEST(an_import_tells_what_is_new_changed_and_gone),
        TEST(faults_of_the_smaller_files_are_named),
        TEST(a_pin_that_an_absence_contradicts_is_named_before_solving),
        TEST(teams_of_186_offices_keep_every_rule),
        TEST(absences_pairs_and_pins_hold),
        TEST(a_shortage_gives_teams_with_named_gaps),
        TEST(who_drops_out_is_replaced_and_nobody_else_moves),
        TEST(a_swap_shows_its_consequences_and_needs_a_yes),
        TEST(published_teams_become_stale_when_an_office_moves),
    };

    return cmocka_run_group_tests(tests, make, unmake);
}
