/*
 * Moderators and teams: what a file may say and what is refused, and the teams of 186 offices
 * counted by this file alone, from the exported table and the lists, never from what the plugin
 * says of itself.
 */
#include "tests/integration/teams.h"

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

static void faults_of_the_smaller_files_are_named_and_nothing_is_half_applied(void **state)
{
    (void)state;
    must(w, "moderator absence import", "file",
         "=moderator,from,to\nmoderator-01,2028-03-01,2028-03-31\n");
    must(w, "moderator rule import", "file",
         "=office,moderator,rule,note\nahaus,moderator-03,lead,\n");

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
    refused(w, RH_EINVALID, "Zeile 3, Spalte 'from': 2041-01-01 bis 2041-02-01 liegt in keinem",
            "line 3, column 'from': 2041-01-01 to 2041-02-01 lies in no round",
            "moderator absence import", "file",
            "=moderator,from,to\nmoderator-02,2028-01-01,2028-02-01\nmoderator-01,2041-01-01,"
            "2041-02-01\n");
    must(w, "moderator show", "moderator", "moderator-02");
    assert_int_equal(json_array_size(json_object_get(w->answer, "absences")), 0);
    must(w, "moderator show", "moderator", "moderator-01");
    assert_int_equal(json_array_size(json_object_get(w->answer, "absences")), 1);
    refused(w, RH_EINVALID, "für ahaus ist schon moderator-03 als Leitung",
            "ahaus has moderator-03 pinned as lead already", "moderator rule import", "add", "yes",
            "file", "=office,moderator,rule,note\nahaus,moderator-06,lead,\n");
    refused(w, RH_EINVALID, "ist bei wuerselen befangen", "has a conflict with wuerselen",
            "moderator rule import", "file",
            "=office,moderator,rule,note\nwuerselen,moderator-03,must,\n");
}

#define BORDER(type, points)                                                                       \
    "{\"type\":\"Feature\",\"properties\":{\"name\":\"Musterkreis\",\"ags\":\"05999\"},"           \
    "\"geometry\":{\"type\":\"" type "\",\"coordinates\":" points "}}"
#define BORDERS(features)                                                                          \
    "={\"type\":\"FeatureCollection\",\"attribution\":\"© Beispiel\",\"features\":[" features "]}"

static void faults_of_boundaries_are_named_and_the_old_ones_stay(void **state)
{
    static const char *const files[] = {
        BORDERS(BORDER("Point", "[7,51]")),
        BORDERS(BORDER("Polygon", "[]")),
        BORDERS(BORDER("Polygon", "[[[51,7],[52,7],[52,8]]]")),
        BORDERS(BORDER("Polygon", "[[[7,51],[8,51],[8,\"x\"]]]")),
        BORDERS(BORDER("Polygon", "[[[7,51],[8,51],null]]")),
        BORDERS(BORDER("Polygon", "[[7,51],[8,51],[8,52]]")),
        BORDERS(BORDER("MultiPolygon", "[[[7,51],[8,51],[8,52]]]")),
        BORDERS(BORDER("Polygon", "{\"a\":[[7,51],[8,51],[8,52]]}")),
        BORDERS(BORDER("Polygon", "[[[7,51],[7,51],[7,51]]]")),
        BORDERS("{\"type\":\"Feature\"}"),
    };
    (void)state;

    refused(w, RH_EINVALID, "test.csv ist kein GeoJSON", "test.csv is no GeoJSON",
            "team border import", "file", "=office,month\n");
    refused(w, RH_EINVALID, "ist kein GeoJSON", "is no GeoJSON", "team border import", "file",
            "={\"features\":{}}");
    refused(w, RH_EINVALID, "'attribution' fehlt", "'attribution' is missing", "team border import",
            "file", "={\"features\":[" BORDER("Polygon", "[[[7,51],[8,51],[8,52],[7,51]]]") "]}");
    must(w, "team border import", "file",
         BORDERS(BORDER("MultiPolygon", "[[[[7,51],[8,51],[8,52],[7,51]]]]")));
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
        refused(w, RH_EINVALID, "test.csv: die 1. Grenze (", "test.csv: boundary 1 (",
                "team border import", "file", files[i]);
    refused(w, RH_EINVALID, "dieselbe Kennung", "the same id", "team border import", "file",
            BORDERS(BORDER("Polygon", "[[[7,51],[8,51],[8,52]]]") "," BORDER(
                "Polygon", "[[[7,51],[8,51],[8,52]]]")));
    must(w, "team map");
    assert_string_equal(text(w, "attribution"), "© Beispiel");
    assert_string_equal(
        text_of(json_array_get(json_object_get(w->answer, "borders"), 0), "outline"),
        "M1959 2224l280 0 0-445z");
}

static void the_map_tells_each_way_and_whose_boundaries_it_shows(void **state)
{
    double sum = 0;
    json_t *one;
    size_t i;
    (void)state;

    must(w, "team map");
    assert_int_equal(json_array_size(json_object_get(w->answer, "borders")), 0);
    must(w, "team border import", "file", "@config/nrw/districts.geojson");
    assert_int_equal(number(w, "rows"), 53);
    read_teams();
    must(w, "team map", "half", "all");
    assert_says(text(w, "attribution"), "© GeoBasis-DE / BKG 2019 (Daten verändert)");
    assert_int_equal(item_count(w), member_count);
    assert_int_equal(json_array_size(json_object_get(w->answer, "lines")), member_count);
    assert_int_equal(json_array_size(json_object_get(w->answer, "ends")), 186);
    json_array_foreach(json_object_get(w->answer, "items"), i, one)
    {
        sum += json_number_value(json_object_get(one, "travel_km"));
    }
    assert_true(sum > (double)number(w, "total_km") - 20 &&
                sum < (double)number(w, "total_km") + 20);

    must(w, "team map", "half", "2027-07");
    json_array_foreach(json_object_get(w->answer, "items"), i, one)
    {
        assert_true(month_of(text_of(one, "start_month")) >= month_of("2027-07"));
        assert_true(month_of(text_of(one, "start_month")) <= month_of("2027-12"));
    }
    must(w, "team map", "office", "lemgo");
    assert_int_equal(item_count(w), 2);
    must(w, "team map", "moderator", "moderator-03");
    assert_true(item_count(w) > 0);
    json_array_foreach(json_object_get(w->answer, "items"), i, one)
    {
        assert_string_equal(text_of(one, "moderator"), "moderator-03");
    }
    refused(w, RH_EINVALID, "--half: 'all' oder", "--half: 'all' or", "team map", "half", "bald");
    forget_teams();
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

/* ---- the teams ---- */

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
#define TEST(name) cmocka_unit_test_setup_teardown(name, teams_open, teams_close)
        TEST(faults_of_moderators_are_named_with_line_column_and_remedy),
        TEST(an_import_tells_what_is_new_changed_and_gone),
        TEST(faults_of_the_smaller_files_are_named_and_nothing_is_half_applied),
        TEST(faults_of_boundaries_are_named_and_the_old_ones_stay),
        TEST(the_map_tells_each_way_and_whose_boundaries_it_shows),
        TEST(a_pin_that_an_absence_contradicts_is_named_before_solving),
        TEST(teams_of_186_offices_keep_every_rule),
        TEST(absences_pairs_and_pins_hold),
        TEST(a_shortage_gives_teams_with_named_gaps),
        TEST(who_drops_out_is_replaced_and_nobody_else_moves),
        TEST(a_swap_shows_its_consequences_and_needs_a_yes),
        TEST(published_teams_become_stale_when_an_office_moves),
    };

    return cmocka_run_group_tests(tests, teams_make, teams_remove);
}
