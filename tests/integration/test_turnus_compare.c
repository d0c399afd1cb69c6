/* Plans beside each other: comparing, the plan edited in Excel, the best places, what others hear
 * of a move. */
#include "tests/integration/nrw.h"

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

#define RULES "=office,rule,from,to,other,note\n"

static void plan(void)
{
    must(w, "turnus plan", "seed", "1", "steps", "3000", "time-limit", "0");
}

/* Kept until the fourth question after this one. */
static const char *start_of(const char *office)
{
    static char months[4][16];
    static unsigned next;
    char *month = months[next++ % 4];

    must(w, "turnus export");
    snprintf(month, sizeof(months[0]), "%s", text_of(item(w, "office", office), "start_month"));
    return month;
}

/* One of two months in which Cologne does not start by plan 1. */
static const char *elsewhere(void)
{
    return strcmp(start_of("koeln"), "2028-03") == 0 ? "2028-04" : "2028-03";
}

static void move_koeln(const char *to)
{
    must(w, "turnus move", "office", "koeln", "to", to, "yes", "yes", "over-capacity", "yes");
}

static int64_t member(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);

    if (!json_is_integer(value))
        fail_msg("no number '%s'", key);
    return json_integer_value(value);
}

/* ---- compare ---- */

static void comparing_says_who_moves_and_what_each_rule_gains(void **state)
{
    const json_t *sides, *rule;
    int64_t levels[3] = {0};
    char from[16], to[16];
    size_t i;
    (void)state;
    plan();
    snprintf(from, sizeof(from), "%s", start_of("koeln"));
    snprintf(to, sizeof(to), "%s", elsewhere());
    move_koeln(to);

    must(w, "turnus compare", "plan", "1", "with", "2");

    assert_int_equal(number(w, "moved"), 1);
    assert_int_equal(item_count(w), 1);
    assert_string_equal(text_of(item(w, "office", "koeln"), "from"), from);
    assert_string_equal(text_of(item(w, "office", "koeln"), "to"), to);
    assert_says(text_of(item(w, "office", "koeln"), "shift"), " Monat");
    assert_true(says(w, "nach Plan 2 in einem anderen Monat beginnen als nach Plan 1: 1"));
    sides = json_object_get(w->answer, "sides");
    assert_int_equal(json_array_size(sides), 2);
    assert_true(json_is_null(json_object_get(json_array_get(sides, 1), "bound"))); /* by hand */
    assert_true(json_is_string(json_object_get(json_array_get(sides, 0), "bound")));
    json_array_foreach(json_object_get(w->answer, "rules"), i, rule)
    {
        const char *level = text_of(rule, "level_title");

        assert_int_equal(member(rule, "difference"),
                         member(rule, "after") - member(rule, "before"));
        levels[strcmp(level, "fest") == 0     ? 0
               : strcmp(level, "Anteil") == 0 ? 1
                                              : 2] += member(rule, "difference");
    }
    for (int level = 0; level < 3; level++) { /* the rules make up the levels */
        static const char *const names[] = {"hard", "balance", "soft"};

        assert_int_equal(levels[level], member(json_array_get(sides, 1), names[level]) -
                                            member(json_array_get(sides, 0), names[level]));
    }
}

static void without_a_second_name_the_published_plan_is_meant(void **state)
{
    (void)state;
    plan();
    must(w, "turnus publish");
    move_koeln(elsewhere());

    must(w, "turnus compare", "plan", "2");

    assert_int_equal(number(w, "plan"), 1); /* the older one is "from" */
    assert_int_equal(number(w, "with"), 2);
    must(w, "turnus compare", "plan", "2", "with", "1");
    assert_int_equal(number(w, "plan"), 2); /* unless both are named */
}

static void plans_that_cannot_be_compared_are_named(void **state)
{
    (void)state;
    plan();

    refused(w, RH_ENOTFOUND, "hat nur Plan 1; zum Vergleichen braucht es einen zweiten",
            "has plan 1 only; comparing takes a second one", "turnus compare", "plan", "1");
    refused(w, RH_EINVALID, "Plan 1 mit sich selbst", "comparing plan 1 with itself",
            "turnus compare", "plan", "1", "with", "1");
    refused(w, RH_ENOTFOUND, "Plan 77 gibt es nicht", "there is no plan 77", "turnus compare",
            "plan", "1", "with", "77");
}

static void plans_of_two_rounds_are_not_compared(void **state)
{
    struct world *two = nrw_open("plugin turnus { spacing_max = 240 }");
    (void)state;
    must(two, "turnus plan", "steps", "3000", "time-limit", "0");
    must(two, "round create", "round", "2032-2036", "start", "2032-01-01");
    must(two, "turnus plan", "round", "2032-2036", "steps", "3000", "time-limit", "0");

    refused(two, RH_EINVALID, "Plan 2 gehört zum Turnus 2032-2036, nicht zu 2027-2031",
            "plan 2 belongs to the round 2032-2036, not to 2027-2031", "turnus compare", "plan",
            "1", "with", "2");
    world_close(two);
}

/* An office founded since is in neither plan, one closed since in both: they can be compared all
 * the same. */
static void stale_plans_can_be_compared(void **state)
{
    (void)state;
    plan();
    move_koeln(elsewhere());
    must(w, "office close", "office", "lemgo", "into", "kreis-lippe");
    must(w, "office import", "file",
         "=id,name,kind,region,ags,population,latitude,longitude\n"
         "neustadt,Stadt Neustadt,city,LWL,05999999,30000,52.0,8.9\n");

    must(w, "turnus compare", "plan", "1", "with", "2");

    assert_int_equal(number(w, "moved"), 1);
    assert_true(json_is_true(
        json_object_get(json_array_get(json_object_get(w->answer, "sides"), 0), "stale_any")));
}

/* ---- the plan in Excel ---- */

static void faults_of_an_edited_plan_are_named_with_line_and_column(void **state)
{
    static const struct {
        const char *rows, *de, *en;
    } cases[] = {
        {"office;Beginn\nLandkreis Steinfurth;2028-03\n",
         "test.csv, Zeile 2, Spalte 'office': Jugendamt 'Landkreis Steinfurth' gibt es nicht",
         "test.csv, line 2, column 'office'"},
        {"office,start_month\nkoeln,2033-01\n",
         "Spalte 'start_month': 2033-01 liegt nicht im Turnus 2027-2031 (2027-01 bis 2031-12)",
         "2033-01 is not in the round 2027-2031 (2027-01 to 2031-12)"},
        {"office,start_month\nkoeln,2028-03\nKöln,2028-04\n",
         "Zeile 3, Spalte 'office': 'koeln' steht schon in Zeile 2",
         "line 3, column 'office': 'koeln' stands in line 2 already"},
        {"office,start_month\nkoeln,2027-08\n",
         "Stadt Köln kann nicht in 2027-08 beginnen: Monat geschlossen",
         "Stadt Köln cannot start in 2027-08"},
        {"office,start_month\nkoeln,\n", "der Monat fehlt", "the month is missing"},
        {"office,start_month\nkoeln,2028-13\n", "Spalte 'start_month'", "column 'start_month'"},
        {"office,start_month\n,2028-03\n", "das Jugendamt fehlt", "the office is missing"},
        {"office,start_month\nlemgo,2028-03\n", "'lemgo' ist geschlossen", "'lemgo' is closed"},
        {"office,start_month\n", "in der Datei steht kein Jugendamt", "the file names no office"},
    };
    (void)state;
    plan();
    must(w, "office close", "office", "lemgo", "into", "kreis-lippe");

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char file[256];

        snprintf(file, sizeof(file), "=%s", cases[i].rows);
        refused(w, RH_EINVALID, cases[i].de, cases[i].en, "turnus import", "file", file, "yes",
                "yes");
    }
    refused(w, RH_EINVALID, "Zeile 3, Spalte 'start_month': der Monat fehlt",
            "line 2, column 'office'", "turnus import", "file",
            "=office,start_month\nnirgendwo,2028-03\nkoeln,\n"); /* all faults at once */
    must(w, "turnus list");
    assert_int_equal(item_count(w), 1);
}

static void an_edited_plan_is_shown_first_and_adopted_in_whole_or_in_part(void **state)
{
    char file[256], koeln[16], bonn[16], bonn_before[16];
    (void)state;
    plan();
    snprintf(koeln, sizeof(koeln), "%s", elsewhere());
    snprintf(bonn_before, sizeof(bonn_before), "%s", start_of("bonn"));
    snprintf(bonn, sizeof(bonn), "%s", strcmp(bonn_before, "2029-03") == 0 ? "2029-04" : "2029-03");
    snprintf(file, sizeof(file),
             "=\xEF\xBB\xBFKennung;Jugendamt;Beginn\r\nkoeln;Stadt Köln;%s\r\n;Bonn;%s\r\n", koeln,
             bonn);

    must(w, "turnus import", "file", file);
    assert_int_equal(number(w, "moved"), 2);
    assert_true(says(w, "noch nichts geändert; mit --yes"));
    assert_string_equal(text_of(item(w, "office", "bonn"), "to"), bonn);
    must(w, "turnus list");
    assert_int_equal(item_count(w), 1);
    refused(w, RH_ENOTFOUND, "--only", "--only", "turnus import", "file", file, "only",
            "nirgendwo");
    refused(w, RH_EINVALID, "--only: 'essen' steht nicht in der Datei",
            "--only: 'essen' is not in the file", "turnus import", "file", file, "only", "essen");

    must(w, "turnus import", "file", file, "only", "koeln, ", "yes", "yes", "over-capacity", "yes");
    assert_int_equal(number(w, "moved"), 1);
    assert_int_equal(number(w, "plan"), 2);
    assert_string_equal(start_of("koeln"), koeln);
    assert_string_equal(start_of("bonn"), bonn_before);
    must(w, "turnus import", "file", file, "plan", "1", "yes", "yes", "over-capacity", "yes");
    assert_string_equal(start_of("bonn"), bonn);
    must(w, "turnus list");
    assert_int_equal(member(item(w, "note", "test.csv: verlegte Ämter: 2"), "parent"), 1);
    refused(w, RH_ECONFLICT, "nichts zu übernehmen", "nothing to adopt", "turnus import", "file",
            file, "yes", "yes");
}

static void an_edited_plan_keeps_together_what_belongs_together(void **state)
{
    char file[128];
    (void)state;
    must(w, "turnus rule import", "file", RULES "ahlen,together,,,beckum,\n");
    plan();
    snprintf(file, sizeof(file), "=office,start_month\nahlen,%s\n",
             strcmp(start_of("ahlen"), "2030-03") == 0 ? "2030-04" : "2030-03");

    refused(w, RH_ECONFLICT, "Stadt Ahlen und Stadt Beckum sollen gemeinsam beginnen",
            "Stadt Ahlen and Stadt Beckum shall start together", "turnus import", "file", file);
}

static void a_new_office_gets_its_place_in_a_plan(void **state)
{
    (void)state;
    plan();
    must(w, "office import", "file",
         "=id,name,kind,region,ags,population,latitude,longitude\n"
         "neustadt,Stadt Neustadt,city,LWL,05999999,30000,52.0,8.9\n");

    refused(w, RH_ECONFLICT, "'koeln' steht schon in Plan 1", "'koeln' is in plan 1 already",
            "turnus place", "office", "koeln", "to", "2028-03");
    refused(w, RH_ECONFLICT, "Stadt Neustadt kann nicht in 2027-08 beginnen: Monat geschlossen",
            "Stadt Neustadt cannot start in 2027-08", "turnus place", "office", "neustadt", "to",
            "2027-08");
    refused(w, RH_EINVALID, "2033-01 liegt nicht im Turnus", "2033-01 is not in the round",
            "turnus place", "office", "neustadt", "to", "2033-01");
    must(w, "turnus place", "office", "neustadt", "to", "2028-03", "yes", "yes", "over-capacity",
         "yes");

    assert_int_equal(number(w, "plan"), 2);
    assert_string_equal(text_of(item(w, "office", "neustadt"), "shift"), "kommt hinzu");
    must(w, "turnus publish", "over-capacity", "yes"); /* not stale any more */
}

/* ---- the best places ---- */

/* Best first, by the levels one after another. */
static void assert_sorted(void)
{
    static const char *const levels[] = {"hard", "balance", "soft"};

    for (size_t i = 1; i < item_count(w); i++)
        for (size_t level = 0; level < 3; level++) {
            int64_t a = member(json_array_get(items(w), i - 1), levels[level]);
            int64_t b = member(json_array_get(items(w), i), levels[level]);

            assert_true(a <= b);
            if (a < b)
                break;
        }
}

static void a_new_office_is_shown_its_best_places_and_the_command(void **state)
{
    char command[160], month[16];
    int64_t soft;
    (void)state;
    plan();
    must(w, "office import", "file",
         "=id,name,kind,region,ags,population,latitude,longitude\n"
         "neustadt,Stadt Neustadt,city,LWL,05999999,30000,52.0,8.9\n");

    must(w, "turnus recommend", "office", "neustadt", "limit", "3");

    assert_true(says(w, "Stadt Neustadt kommt in Plan 1 nicht vor"));
    assert_int_equal(item_count(w), 3);
    assert_sorted();
    snprintf(month, sizeof(month), "%s", text_of(json_array_get(items(w), 0), "month"));
    soft = member(json_array_get(items(w), 0), "soft");
    snprintf(command, sizeof(command), "reihum turnus place neustadt --to %s --plan 1 --yes",
             month);
    assert_string_equal(text_of(json_array_get(items(w), 0), "command"), command);
    must(w, "turnus place", "office", "neustadt", "to", month); /* as it says */
    assert_int_equal(member(json_object_get(w->answer, "consequences"), "soft"), soft);
    w->lang = RH_EN;
    must(w, "turnus recommend", "office", "neustadt");
    assert_true(says(w, "Stadt Neustadt is not in plan 1"));
}

static void an_office_that_lost_its_month_is_shown_where_else(void **state)
{
    char file[256], start[16];
    (void)state;
    plan();
    snprintf(start, sizeof(start), "%s", start_of("ahlen"));
    snprintf(file, sizeof(file), RULES "ahlen,blocked,%s,,,\n", start);
    must(w, "turnus rule import", "file", file);

    must(w, "turnus recommend", "office", "ahlen");

    assert_true(says(w, "Stadt Ahlen darf nicht mehr im"));
    assert_true(says(w, "vom Amt gesperrt"));
    assert_int_equal(item_count(w), 5);
    assert_sorted();
    assert_says(text_of(json_array_get(items(w), 0), "command"),
                "reihum turnus move ahlen --to 20");
}

static void a_procedure_out_of_turn_is_shown_its_best_months(void **state)
{
    const json_t *first;
    char month[16];
    int own;
    (void)state;
    plan();
    own = month_of(start_of("koeln"));

    must(w, "turnus recommend", "office", "koeln", "out-of-turn", "yes", "suggested-by", "office",
         "limit", "60");

    assert_sorted();
    for (size_t i = 0; i < item_count(w); i++)
        assert_true(abs(month_of(text_of(json_array_get(items(w), i), "month")) - own) >= 8);
    first = json_array_get(items(w), 0);
    snprintf(month, sizeof(month), "%s", text_of(first, "month"));
    assert_says(text_of(first, "sentence"), "Verfahren beginnen dann");
    assert_says(text_of(first, "sentence"), "das Verfahren des Turnus");
    assert_says(text_of(first, "command"), "reihum procedure record --office koeln --start 20");
    assert_says(text_of(first, "command"), " --suggested-by office");
    must(w, "procedure record", "office", "koeln", "start", month, "suggested-by", "office");
    must(w, "turnus recommend", "office", "koeln", "out-of-turn", "yes", "limit", "60");
    assert_null(find_in(items(w), "month", month));
    assert_true(says(w, "--suggested-by"));
}

/* What it says of room and evenness is what the planner itself counts afterwards. */
static void the_price_of_a_procedure_out_of_turn_is_that_of_the_plan(void **state)
{
    json_t *spots;
    int64_t hard, balance;
    (void)state;
    plan();
    must(w, "turnus show");
    hard = member(find_in(json_object_get(w->answer, "rules"), "rule", "capacity"), "value");
    balance = member(find_in(json_object_get(w->answer, "rules"), "rule", "month"), "value");
    must(w, "turnus recommend", "office", "koeln", "out-of-turn", "yes", "limit", "60");
    spots = json_deep_copy(items(w));

    for (size_t i = 0; i < json_array_size(spots); i += 9) {
        const json_t *spot = json_array_get(spots, i), *rules;

        must(w, "procedure record", "office", "koeln", "start", text_of(spot, "month"));
        must(w, "turnus show");
        rules = json_object_get(w->answer, "rules");
        assert_int_equal(member(find_in(rules, "rule", "capacity"), "value") - hard,
                         member(spot, "hard"));
        assert_int_equal(member(find_in(rules, "rule", "month"), "value") - balance,
                         member(spot, "balance"));
        {
            char id[32];

            snprintf(id, sizeof(id), "koeln-%s", text_of(spot, "month"));
            must(w, "procedure cancel", "procedure", id, "reason", "Probe");
        }
    }
    json_decref(spots);
}

static void what_cannot_be_recommended_is_named(void **state)
{
    (void)state;
    refused(w, RH_ENOTFOUND, "gibt es noch keinen Plan", "has no plan yet", "turnus recommend",
            "office", "koeln");
    plan();
    must(w, "office close", "office", "lemgo", "into", "kreis-lippe");

    refused(w, RH_ENOTFOUND, "'Landkreis Steinfurth' gibt es nicht", "Steinfurth",
            "turnus recommend", "office", "Landkreis Steinfurth");
    refused(w, RH_EINVALID, "'lemgo' ist geschlossen", "'lemgo' is closed", "turnus recommend",
            "office", "lemgo");
    refused(w, RH_EUSAGE, "--out-of-turn ergänzen", "add --out-of-turn", "turnus recommend",
            "office", "koeln", "suggested-by", "office");
}

/* ---- explain: for whom ---- */

static void explain_names_who_is_affected(void **state)
{
    bool named = false;
    (void)state;
    plan();

    must(w, "turnus explain", "office", "herne", "limit", "60");
    for (size_t i = 0; i < item_count(w); i++)
        named |= strstr(text_of(json_array_get(items(w), i), "sentence"),
                        "(Nachbarn) beginnen dann im selben Monat") != NULL;
    assert_true(named);
    w->lang = RH_EN;
    must(w, "turnus explain", "office", "herne", "limit", "60");
    named = false;
    for (size_t i = 0; i < item_count(w); i++)
        named |= strstr(text_of(json_array_get(items(w), i), "sentence"),
                        "(neighbours) start in the same month") != NULL;
    assert_true(named);
}

/* ---- what others hear of it ---- */

static void each_office_that_moves_at_publishing_is_an_event(void **state)
{
    char from[16], to[16];
    const json_t *event;
    (void)state;
    plan();
    must(w, "turnus publish");
    must(w, "event list", "topic", "turnus.moved");
    assert_int_equal(item_count(w), 0); /* nobody moves by a first plan */
    snprintf(from, sizeof(from), "%s", start_of("koeln"));
    snprintf(to, sizeof(to), "%s", elsewhere());
    move_koeln(to);

    must(w, "turnus publish", "over-capacity", "yes");

    must(w, "event list", "topic", "turnus.moved");
    assert_int_equal(item_count(w), 1);
    event = json_array_get(items(w), 0);
    assert_string_equal(text_of(event, "subject"), "koeln");
    assert_says(text_of(event, "before"), from);
    assert_says(text_of(event, "before"), "\"plan\":1");
    assert_says(text_of(event, "after"), to);
    assert_says(text_of(event, "after"), "\"plan\":2");
    must(w, "procedure show", "procedure", "koeln-2027-2031");
    assert_string_equal(text_of(item(w, "office", "koeln"), "start_month"), to);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(comparing_says_who_moves_and_what_each_rule_gains),
        TEST(without_a_second_name_the_published_plan_is_meant),
        TEST(plans_that_cannot_be_compared_are_named),
        TEST(plans_of_two_rounds_are_not_compared),
        TEST(stale_plans_can_be_compared),
        TEST(faults_of_an_edited_plan_are_named_with_line_and_column),
        TEST(an_edited_plan_is_shown_first_and_adopted_in_whole_or_in_part),
        TEST(an_edited_plan_keeps_together_what_belongs_together),
        TEST(a_new_office_gets_its_place_in_a_plan),
        TEST(a_new_office_is_shown_its_best_places_and_the_command),
        TEST(an_office_that_lost_its_month_is_shown_where_else),
        TEST(a_procedure_out_of_turn_is_shown_its_best_months),
        TEST(the_price_of_a_procedure_out_of_turn_is_that_of_the_plan),
        TEST(what_cannot_be_recommended_is_named),
        TEST(explain_names_who_is_affected),
        TEST(each_office_that_moves_at_publishing_is_an_event),
    };

    return cmocka_run_group_tests(tests, nrw_make, nrw_remove);
}
