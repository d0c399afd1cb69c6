/* The planner's desk: rules and their contradictions, explaining, moving, publishing, what is
 * stale. */
#include "tests/integration/nrw.h"

#include "core/operation/call.h"
#include "core/operation/render.h"
#include "reihum/call.h"

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

#define HEAD "=office,rule,from,to,other,note\n"

static void rules(const char *file)
{
    must(w, "turnus rule import", "file", file);
}

/* A draft of which only the hard rules matter here. */
static int64_t plan(void)
{
    must(w, "turnus plan", "seed", "1", "steps", "3000", "time-limit", "0");
    return number(w, "plan");
}

/* Kept until the eighth question after this one. */
static const char *start_of(const char *office)
{
    static char months[8][16];
    static unsigned next;
    char *month = months[next++ % 8];

    must(w, "turnus export");
    snprintf(month, sizeof(months[0]), "%s", text_of(item(w, "office", office), "start_month"));
    return month;
}

/* ---- rules: import ---- */

static void faults_of_rules_are_named_with_line_column_and_remedy(void **state)
{
    static const struct {
        const char *row, *de, *en;
    } cases[] = {
        {"Landkreis Steinfurth,prefer,2028-01,,,",
         "test.csv, Zeile 2, Spalte 'office': Jugendamt 'Landkreis Steinfurth' gibt es nicht",
         "test.csv, line 2, column 'office'"},
        {",prefer,2028-01,,,", "das Jugendamt fehlt", "the office is missing"},
        {"lemgo,nie,2028-01,,,", "'nie' ist keine Regel; erlaubt sind prefer, blocked",
         "'nie' is not a rule; allowed are prefer, blocked"},
        {"lemgo,blocked,,,,", "die Regel 'blocked' braucht einen Monat, z. B. 2028-03",
         "the rule 'blocked' needs a month, as in 2028-03"},
        {"lemgo,blocked,2028-13,,,", "Spalte 'from'", "column 'from'"},
        {"lemgo,prefer,2028-05,2028-03,,", "Spalte 'to': 2028-03 liegt vor 2028-05",
         "column 'to': 2028-03 is before 2028-05"},
        {"lemgo,fixed,2028-05,,ahaus,", "Spalte 'other': die Regel 'fixed' gilt für ein Amt",
         "column 'other': the rule 'fixed' is about one office"},
        {"lemgo,together,,,,", "die Regel 'together' braucht ein zweites Amt",
         "the rule 'together' needs another office"},
        {"lemgo,apart,2028-05,,ahaus,", "gilt für zwei Ämter und hat keine Monate",
         "is about two offices and has no months"},
        {"lemgo,apart,,,lemgo,", "'lemgo' steht auf beiden Seiten", "'lemgo' stands on both sides"},
        {"lemgo,together,,,Städteregion Herzogenrath,", "'herzogenrath'", "'herzogenrath'"},
    };
    (void)state;
    rules(HEAD "ahaus,prefer,2028-01,,,\n");

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char file[512];

        snprintf(file, sizeof(file), "%s%s\n", HEAD, cases[i].row);
        refused(w, RH_EINVALID, cases[i].de, cases[i].en, "turnus rule import", "file", file);
    }
    must(w, "turnus rule list"); /* the old ones are still there */
    assert_int_equal(item_count(w), 1);
}

static void rules_are_understood_as_excel_and_germans_write_them(void **state)
{
    (void)state;

    rules("=\xEF\xBB\xBF"
          "Jugendamt;Regel;von;bis;zweites Amt;Bemerkung\n"
          "Lemgo;Wunsch;Mrz 28;05.2028;;früh\n"
          "Stadt Ahaus;gesperrt;1.1.2029;;;\n"
          "Bocholt;gemeinsam;;;Borken;\n");

    must(w, "turnus rule list", "office", "lemgo");
    assert_string_equal(text_of(item(w, "rule", "prefer"), "from"), "2028-03");
    assert_string_equal(text_of(item(w, "rule", "prefer"), "to"), "2028-05");
    must(w, "turnus rule list", "office", "borken");
    assert_string_equal(text_of(item(w, "rule", "together"), "office"), "bocholt");
}

static void a_file_is_the_whole_set_unless_it_is_added(void **state)
{
    const json_t *event;
    (void)state;
    rules(HEAD "lemgo,prefer,2028-01,,,\n");

    must(w, "turnus rule import", "add", "yes", "file",
         HEAD "lemgo,prefer,2028-01,,,\nahaus,blocked,2028-01,,,\n");
    must(w, "turnus rule list");
    assert_int_equal(item_count(w), 2);
    rules(HEAD "bocholt,prefer,2028-01,,,\n");
    assert_int_equal(number(w, "replaced"), 2);
    must(w, "turnus rule list");
    assert_int_equal(item_count(w), 1);

    must(w, "event list", "topic", "turnus.rules");
    event = json_array_get(items(w), 2);
    assert_says(text_of(event, "before"), "[\"ahaus\",\"blocked\",\"2028-01\"");
    assert_says(text_of(event, "after"), "[\"bocholt\",\"prefer\",\"2028-01\"");
}

/* ---- rules: contradictions, named before anything is computed ---- */

static void every_contradiction_is_named_before_solving(void **state)
{
    static const struct {
        const char *rows, *de, *en;
        int count;
    } cases[] = {
        {"lemgo,fixed,2028-05,2028-06,,\nlemgo,blocked,2028-04,2028-07,,\n",
         "Stadt Lemgo: die festgelegten Monate fallen alle weg (vom Amt gesperrt)",
         "Stadt Lemgo: all of its fixed months fall away (blocked by the office)", 1},
        {"ahlen,fixed,2033-05,,,\n",
         "Stadt Ahlen: festgelegt auf Mai 2033, das liegt außerhalb des Turnus 2027-2031",
         "Stadt Ahlen: fixed to May 2033, which lies outside the round 2027-2031", 1},
        {"ahlen,fixed,2027-08,,,\n",
         "Stadt Ahlen: die festgelegten Monate fallen alle weg (Monat geschlossen)",
         "Stadt Ahlen: all of its fixed months fall away (month closed)", 1},
        {"lemgo,fixed,2031-05,,,\n",
         "Stadt Lemgo: die festgelegten Monate fallen alle weg (Abstand zum vorigen Verfahren)",
         "(spacing to the previous procedure)", 1},
        {"ahlen,fixed,2028-05,2028-06,,\nahlen,fixed,2029-05,,,\n",
         "Stadt Ahlen: festgelegt auf Mai 2028 bis Juni 2028 und auf Mai 2029",
         "Stadt Ahlen: fixed to May 2028 to June 2028 and to May 2029", 1},
        {"ahlen,blocked,2027-01,2031-12,,\n", "Stadt Ahlen: kein Monat bleibt übrig",
         "Stadt Ahlen: no month is left", 1},
        {"ahlen,together,,,beckum,\nahlen,apart,,,beckum,\n",
         "Stadt Ahlen und Stadt Beckum: zugleich 'together' (gemeinsam) und 'apart' (getrennt)",
         "Stadt Ahlen and Stadt Beckum: both 'together' and 'apart'", 1},
        {"ahlen,together,,,beckum,\nbeckum,together,,,oelde,\noelde,apart,,,ahlen,\n",
         "Stadt Oelde und Stadt Ahlen: zugleich 'together'", "both 'together' and 'apart'", 1},
        {"ahlen,together,,,beckum,\nahlen,fixed,2028-05,,,\nbeckum,fixed,2028-06,,,\n",
         "Stadt Ahlen und Stadt Beckum sollen gemeinsam beginnen, haben aber keinen Monat "
         "gemeinsam",
         "Stadt Ahlen and Stadt Beckum shall start together but have no month in common", 1},
        {"ahlen,together,,,beckum,\nbeckum,together,,,oelde,\nahlen,blocked,2027-01,2028-12,,\n"
         "beckum,blocked,2029-01,2029-12,,\noelde,blocked,2030-01,2031-12,,\n",
         "Stadt Ahlen, Stadt Beckum und Stadt Oelde sollen gemeinsam beginnen",
         "Stadt Ahlen, Stadt Beckum and Stadt Oelde shall start together", 1},
        {"ahlen,together,,,beckum,\nbeckum,together,,,oelde,\noelde,together,,,hamm,\n"
         "hamm,together,,,unna,\nunna,together,,,kamen,\n",
         "in keinem ihrer gemeinsamen Monate ist Platz für 6 Verfahren",
         "none of the months they have in common has room for 6 procedures", 1},
        {"ahlen,fixed,2028-05,,,\nbeckum,fixed,2028-05,,,\noelde,fixed,2028-05,,,\n"
         "unna,fixed,2028-05,,,\nkamen,fixed,2028-05,,,\nbonn,fixed,2028-05,,,\n",
         "Mai 2028: 6 Ämter können nur dann beginnen, Platz ist für 5",
         "May 2028: 6 offices can start only then, there is room for 5", 1},
        {"ahlen,fixed,2028-02,2028-03,,\nbeckum,fixed,2028-02,2028-03,,\noelde,fixed,2028-02,2028-"
         "03,,\n"
         "unna,fixed,2028-02,2028-03,,\nkamen,fixed,2028-02,2028-03,,\nbonn,fixed,2028-02,2028-03,,"
         "\n"
         "essen,fixed,2028-02,2028-03,,\nkoeln,fixed,2028-02,2028-03,,\nmoers,fixed,2028-02,2028-"
         "03,,\n"
         "verl,fixed,2028-02,2028-03,,\nsoest,fixed,2028-02,2028-03,,\n",
         "Februar 2028 bis März 2028: 11 Ämter können nur dann beginnen, Platz ist für 10",
         "February 2028 to March 2028: 11 offices can start only then, there is room for 10", 1},
        {"ahlen,fixed,2033-05,,,\nlemgo,fixed,2031-05,,,\n", "Stadt Ahlen: festgelegt auf Mai 2033",
         "Stadt Ahlen: fixed to May 2033", 2},
    };
    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char file[2048];
        bool found = false;

        snprintf(file, sizeof(file), "%s%s", HEAD, cases[i].rows);
        rules(file);
        must(w, "turnus rule check");
        assert_int_equal(number(w, "contradictions"), cases[i].count);
        for (size_t s = 0; s < item_count(w); s++)
            found |= strstr(text_of(json_array_get(items(w), s), "sentence"), cases[i].de) != NULL;
        if (!found)
            fail_msg("'%s' instead of '%s'", text_of(json_array_get(items(w), 0), "sentence"),
                     cases[i].de);
        assert_int_equal(ask(w, "turnus plan", NULL), RH_EINVALID);
        w->lang = RH_EN;
        assert_int_equal(ask(w, "turnus plan", NULL), RH_EINVALID);
        assert_says(w->err.text[RH_EN], cases[i].en);
        w->lang = RH_DE;
    }
    must(w, "turnus list");
    assert_int_equal(item_count(w), 0);
}

static void too_little_room_for_all_is_named(void **state)
{
    struct world *tight = nrw_open("plugin turnus { capacity = 3 }");
    (void)state;

    assert_int_equal(ask(tight, "turnus plan", NULL), RH_EINVALID);

    assert_says(tight->err.text[RH_DE],
                "alle offenen Monate zusammen haben Platz für 171 Verfahren, es gibt 186 Ämter");
    world_close(tight);
}

static void without_offices_or_rounds_the_next_step_is_named(void **state)
{
    struct world *empty = world_open("");
    (void)state;

    refused(empty, RH_ENOTFOUND, "reihum round create 2027-2031", "reihum round create",
            "turnus plan");
    must(empty, "round create", "round", "2027-2031", "start", "2027-01-01");
    refused(empty, RH_EINVALID, "reihum office import", "reihum office import", "turnus plan");
    refused(empty, RH_ENOTFOUND, "Turnus '2032-2036' gibt es nicht", "round '2032-2036'",
            "turnus show", "round", "2032-2036");
    world_close(empty);
    refused(w, RH_ENOTFOUND, "'reihum turnus plan --round 2027-2031' rechnet einen",
            "'reihum turnus plan --round 2027-2031' computes one", "turnus export");
    refused(w, RH_ENOTFOUND, "Plan 77 gibt es nicht", "there is no plan 77", "turnus export",
            "plan", "77");
}

/* ---- export, show, list ---- */

static void the_export_begins_with_the_promised_columns(void **state)
{
    static const char head[] =
        "office,name,region,kind,size_class,start_month,previous,spacing_months";
    rh_auto_str(csv, 1024 * 1024);
    char *json;
    (void)state;
    plan();

    must(w, "turnus export");
    json = json_dumps(w->answer, 0);
    assert_int_equal(rh_render_csv(rh_registry_find(w->home->house.registry, "turnus export"), json,
                                   strlen(json), false, &csv, &w->err),
                     0);
    free(json);

    assert_memory_equal(csv.data, head, strlen(head));
    assert_string_equal(text_of(item(w, "office", "bielefeld"), "previous"), "2024-01");
    assert_int_equal(
        json_integer_value(json_object_get(item(w, "office", "bielefeld"), "spacing_months")),
        month_of(text_of(item(w, "office", "bielefeld"), "start_month")) - month_of("2024-01"));
    assert_true(json_is_null(json_object_get(item(w, "office", "koeln"), "previous")));
}

static void the_newest_draft_is_meant_unless_a_plan_is_named(void **state)
{
    int64_t first, second;
    char name[24];
    (void)state;
    first = plan();
    must(w, "turnus publish");
    second = plan();

    must(w, "turnus show");
    assert_int_equal(number(w, "plan"), second);
    snprintf(name, sizeof(name), "%lld", (long long)first);
    must(w, "turnus show", "plan", name);
    assert_string_equal(text(w, "state"), "published");
    must(w, "turnus discard");
    must(w, "turnus show"); /* no draft any more */
    assert_int_equal(number(w, "plan"), first);
    refused(w, RH_ECONFLICT, "ist kein Entwurf", "is not a draft", "turnus discard", "plan", name);
    must(w, "turnus list");
    assert_int_equal(item_count(w), 1);
    must(w, "turnus list", "all", "yes");
    assert_int_equal(item_count(w), 2);
}

/* A plan of an older round was once refused with "belongs to the round …" when only it was named.
 */
static void a_named_plan_brings_its_round(void **state)
{
    (void)state;
    plan();
    must(w, "round create", "round", "2032-2036", "start", "2032-01-01");

    must(w, "turnus show", "plan", "1");

    assert_string_equal(text(w, "round"), "2027-2031");
    must(w, "turnus board", "plan", "1");
    refused(w, RH_EINVALID, "Plan 1 gehört zum Turnus 2027-2031, nicht zu 2032-2036",
            "plan 1 belongs to the round 2027-2031, not to 2032-2036", "turnus show", "plan", "1",
            "round", "2032-2036");
}

/* ---- explain ---- */

/* A planner creates the next round early; what is at hand stays the plan at hand. */
static void a_round_without_plans_hides_no_plan(void **state)
{
    int64_t first = plan();
    (void)state;

    must(w, "round create", "round", "2032-2036", "start", "2032-01-01");

    must(w, "turnus show");
    assert_int_equal(number(w, "plan"), first);
    must(w, "turnus publish");
    must(w, "turnus export");
    assert_int_equal(number(w, "plan"), first);
}

static void explain_says_in_words_what_speaks_for_the_month(void **state)
{
    const json_t *ways;
    (void)state;
    rules(HEAD "bielefeld,prefer,2029-01,2029-03,,\n");
    plan();

    must(w, "turnus explain", "office", "Stadt Bielefeld", "limit", "3");

    assert_true(says(w, "Stadt Bielefeld beginnt im "));
    assert_true(says(w, "Arbeitstagen liegen außerhalb der Schulferien"));
    assert_true(says(w, "Monate nach dem vorigen Verfahren (Januar 2024)"));
    assert_true(says(w, "der Wunsch des Amtes ist"));
    assert_true(says(w, "Nachbar") || says(w, "Nachbarschaft"));
    assert_true(says(w, "Schicht LWL, Städte ab 200.000"));
    ways = items(w);
    assert_int_equal(json_array_size(ways), 3);
    for (size_t i = 0; i < 3; i++) /* best first */
        assert_true(*text_of(json_array_get(ways, i), "sentence"));
    assert_non_null(find_in(json_object_get(w->answer, "excluded"), "reason", "Monat geschlossen"));
    w->lang = RH_EN;
    must(w, "turnus explain", "office", "koeln");
    assert_true(says(w, "no procedure before this round"));
}

/* What explain says of each month is what the move there costs, rule by rule: explain counts only
 * what changes, the move is judged by the checker as a whole. */
static void the_prices_that_explain_names_are_those_of_the_moves(void **state)
{
    static const char *const offices[] = {"koeln", "herne", "kreis-unna"};
    (void)state;
    rules("@config/nrw/rules-example.csv");
    plan();

    for (size_t o = 0; o < sizeof(offices) / sizeof(offices[0]); o++) {
        json_t *ways;

        must(w, "turnus explain", "office", offices[o], "limit", "240");
        ways = json_deep_copy(items(w));
        assert_true(json_array_size(ways) > 20);
        for (size_t i = 0; i < json_array_size(ways); i += 3) {
            const json_t *way = json_array_get(ways, i), *found;
            const char *partner = text_of(way, "partner");

            must(w, "turnus preview", "office", offices[o], "to", text_of(way, "month"), "with",
                 partner, "over-capacity", "yes");
            found = json_object_get(w->answer, "consequences");
            for (size_t level = 0; level < 3; level++) {
                static const char *const levels[] = {"hard", "balance", "soft"};

                assert_int_equal(json_integer_value(json_object_get(found, levels[level])),
                                 json_integer_value(json_object_get(way, levels[level])));
            }
        }
        json_decref(ways);
    }
}

/* ---- move ---- */

static const char *other_month(const char *office, const char *a, const char *b)
{
    return strcmp(start_of(office), a) == 0 ? b : a;
}

static void move_shows_the_consequences_and_writes_nothing_without_yes(void **state)
{
    const char *to;
    (void)state;
    plan();
    to = other_month("koeln", "2028-03", "2028-04");

    must(w, "turnus move", "office", "koeln", "to", to, "over-capacity", "yes");
    assert_true(says(w, "noch nichts geändert; mit --yes"));
    assert_true(json_is_object(json_object_get(w->answer, "consequences")));
    must(w, "turnus preview", "office", "koeln", "to", to, "over-capacity", "yes");
    assert_false(says(w, "--yes"));

    assert_string_not_equal(start_of("koeln"), to);
    must(w, "turnus list");
    assert_int_equal(item_count(w), 1);
}

static void with_yes_a_new_draft_holds_the_move_and_the_published_plan_stays(void **state)
{
    char to[16], before[16];
    (void)state;
    plan();
    must(w, "turnus publish");
    snprintf(before, sizeof(before), "%s", start_of("koeln"));
    snprintf(to, sizeof(to), "%s", other_month("koeln", "2028-03", "2028-04"));

    must(w, "turnus move", "office", "Köln", "to", to, "yes", "yes", "reason", "Wunsch der Leitung",
         "over-capacity", "yes");
    assert_int_equal(number(w, "plan"), 2);
    assert_true(says(w, "Plan 2 (Entwurf) enthält die Änderung; Plan 1 bleibt, wie er ist"));

    assert_string_equal(start_of("koeln"), to);
    must(w, "turnus export", "plan", "1");
    assert_string_equal(text_of(item(w, "office", "koeln"), "start_month"), before);
    must(w, "procedure show", "procedure", "koeln-2027-2031");
    assert_string_equal(text_of(item(w, "office", "koeln"), "start_month"), before);
    must(w, "turnus list");
    assert_string_equal(text_of(json_array_get(items(w), 1), "note"), "Wunsch der Leitung");
    refused(w, RH_ECONFLICT, "in Plan 2 steht schon", "in plan 2 it is", "turnus move", "office",
            "koeln", "to", to);
}

static void a_move_that_breaks_a_rule_is_refused_with_the_rule(void **state)
{
    (void)state;
    rules(HEAD "ahlen,blocked,2028-01,2028-12,,\n");
    plan();

    refused(w, RH_ECONFLICT, "Stadt Ahlen kann nicht in 2028-05 beginnen: vom Amt gesperrt", "",
            "turnus move", "office", "ahlen", "to", "2028-05");
    refused(w, RH_ECONFLICT, "Monat geschlossen", "", "turnus move", "office", "ahlen", "to",
            "2027-08");
    refused(w, RH_EINVALID, "2033-01 liegt nicht im Turnus 2027-2031",
            "2033-01 is not in the round 2027-2031", "turnus move", "office", "ahlen", "to",
            "2033-01");
    refused(w, RH_ECONFLICT, "Abstand zum vorigen Verfahren", "", "turnus move", "office", "lemgo",
            "to", "2027-02");
    w->lang = RH_EN;
    assert_int_equal(ask(w, "turnus move", "office", "ahlen", "to", "2028-05", NULL), RH_ECONFLICT);
    assert_says(w->err.text[RH_EN], "cannot start in 2028-05: blocked by the office");
}

static void a_full_month_is_full_unless_a_person_accepts_it(void **state)
{
    const char *full = "2028-05";
    (void)state;
    rules(HEAD "ahlen,fixed,2028-05,,,\nbeckum,fixed,2028-05,,,\noelde,fixed,2028-05,,,\n"
               "unna,fixed,2028-05,,,\nkamen,fixed,2028-05,,,\n");
    plan();

    refused(w, RH_ECONFLICT, "2028-05 ist voll (Höchstzahl 5)", "2028-05 is full (capacity 5)",
            "turnus move", "office", "koeln", "to", full, "yes", "yes");
    assert_says(w->err.text[RH_DE], "'turnus month set --month 2028-05 --capacity 6' hebt sie");
    must(w, "turnus move", "office", "koeln", "to", full, "yes", "yes", "over-capacity", "yes");
    refused(w, RH_ECONFLICT, "Plan 2 überschreitet die Höchstzahl je Monat um 1",
            "plan 2 exceeds the capacity per month by 1", "turnus publish");
    must(w, "turnus month set", "month", full, "capacity", "6");
    must(w, "turnus publish");
}

static void offices_that_start_together_move_together(void **state)
{
    char to[16];
    (void)state;
    rules(HEAD "ahlen,together,,,beckum,\nbeckum,together,,,oelde,\n");
    plan();
    snprintf(to, sizeof(to), "%s", other_month("ahlen", "2029-04", "2029-05"));

    must(w, "turnus move", "office", "beckum", "to", to, "yes", "yes", "over-capacity", "yes");

    assert_true(says(w, "Stadt Ahlen zieht mit (Regel 'together')"));
    assert_string_equal(start_of("ahlen"), to);
    assert_string_equal(start_of("oelde"), to);
}

/* ---- publish ---- */

static void a_published_plan_becomes_procedures(void **state)
{
    const json_t *event;
    char month[16];
    (void)state;
    plan();

    must(w, "turnus publish", "dry-run", "yes");
    must(w, "round show", "round", "2027-2031");
    assert_int_equal(item_count(w), 0);
    must(w, "turnus publish");
    assert_true(says(w, "Plan 1 des Turnus 2027-2031 ist veröffentlicht"));
    assert_int_equal(number(w, "moved"), 0);

    must(w, "round show", "round", "2027-2031");
    assert_int_equal(item_count(w), 186);
    snprintf(month, sizeof(month), "%s", text_of(item(w, "office", "koeln"), "start_month"));
    assert_string_equal(month, start_of("koeln"));
    must(w, "event list", "topic", "round.published");
    event = json_array_get(items(w), 0);
    assert_string_equal(text_of(event, "before"), "");
    assert_says(text_of(event, "after"), "\"plan\":1");
    refused(w, RH_ECONFLICT, "Plan 1 ist schon veröffentlicht", "plan 1 is published already",
            "turnus publish", "plan", "1");
}

static void publishing_anew_says_who_moves_and_keeps_what_has_begun(void **state)
{
    char month[16];
    const json_t *event;
    (void)state;
    plan();
    must(w, "turnus publish");
    snprintf(month, sizeof(month), "%s", other_month("koeln", "2028-03", "2028-04"));
    must(w, "turnus move", "office", "koeln", "to", month, "yes", "yes", "over-capacity", "yes");

    must(w, "turnus publish", "over-capacity", "yes");

    assert_int_equal(number(w, "moved"), 1);
    assert_string_equal(text_of(item(w, "office", "koeln"), "to"), month);
    assert_true(says(w, "in einem anderen Monat beginnen als nach Plan 1: 1"));
    must(w, "procedure show", "procedure", "koeln-2027-2031");
    assert_string_equal(text_of(item(w, "office", "koeln"), "start_month"), month);
    must(w, "turnus list");
    assert_string_equal(text_of(json_array_get(items(w), 0), "state"), "superseded");
    must(w, "event list", "topic", "round.published");
    event = json_array_get(items(w), 1);
    assert_says(text_of(event, "before"), "\"plan\":1");
    assert_says(text_of(event, "after"), "\"plan\":2");
}

/* ---- stale ---- */

static void assert_stale(const char *de, const char *en)
{
    assert_int_equal(ask(w, "turnus publish", NULL), RH_ECONFLICT);
    assert_says(w->err.text[RH_DE], "Plan 1 ist veraltet: ");
    assert_says(w->err.text[RH_DE], de);
    w->lang = RH_EN;
    assert_int_equal(ask(w, "turnus publish", NULL), RH_ECONFLICT);
    assert_says(w->err.text[RH_EN], en);
    w->lang = RH_DE;
}

/* What users saw: after a new rule the published plan could not be shown any more. */
static void a_plan_that_a_new_rule_contradicts_is_stale_but_can_be_seen_and_mended(void **state)
{
    char file[256], start[16];
    (void)state;
    plan();
    snprintf(start, sizeof(start), "%s", start_of("ahlen"));
    snprintf(file, sizeof(file), "%sahlen,blocked,%s,,,\n", HEAD, start);

    rules(file);
    assert_stale("Stadt Ahlen darf nicht mehr im", "Stadt Ahlen may no longer start in");
    must(w, "turnus show");
    assert_true(says(w, "veraltet: Stadt Ahlen darf nicht mehr im"));
    must(w, "turnus board");
    assert_int_equal(json_array_size(json_object_get(w->answer, "stale")), 1);
    must(w, "turnus explain", "office", "ahlen");
    must(w, "turnus explain", "office", "koeln");
    must(w, "turnus move", "office", "ahlen", "to", other_month("ahlen", "2030-03", "2030-04"),
         "yes", "yes", "over-capacity", "yes");
    must(w, "turnus publish", "over-capacity", "yes"); /* mended by hand */
}

static void a_plan_is_stale_when_offices_come_and_go(void **state)
{
    (void)state;
    plan();

    must(w, "office close", "office", "lemgo", "into", "kreis-lippe");
    assert_stale("Stadt Lemgo ist geschlossen", "Stadt Lemgo is closed");
    must(w, "office reopen", "office", "lemgo");
    must(w, "office import", "file",
         "=id,name,kind,region,ags,population,latitude,longitude\n"
         "neustadt,Stadt Neustadt,city,LWL,05999999,30000,52.0,8.9\n");
    assert_stale("Stadt Neustadt kommt nicht vor", "Stadt Neustadt is not in it");
    must(w, "turnus show");
    assert_true(says(w, "veraltet: Stadt Neustadt kommt nicht vor"));
    must(w, "turnus board");
    refused(w, RH_ECONFLICT, "Stadt Neustadt kommt nicht vor", "Stadt Neustadt is not in it",
            "turnus explain", "office", "koeln");
    refused(w, RH_ECONFLICT, "kommt nicht vor", "is not in it", "turnus move", "office", "koeln",
            "to", "2028-03");
    must(w, "turnus plan", "seed", "1", "steps", "3000", "time-limit", "0");
    assert_int_equal(number(w, "offices"), 187);
}

static void a_pair_that_shall_now_be_together_makes_a_plan_stale(void **state)
{
    (void)state;
    plan();
    if (strcmp(start_of("ahlen"), start_of("beckum")) == 0)
        skip();

    rules(HEAD "ahlen,together,,,beckum,\n");

    assert_stale("Stadt Ahlen und Stadt Beckum sollen gemeinsam beginnen",
                 "Stadt Ahlen and Stadt Beckum shall start together");
    must(w, "turnus show");
}

static int32_t begin_koeln(struct rh_call *call, void *context)
{
    (void)context;
    return (int32_t)rh_exec(
        call, "UPDATE procedure SET state = 'running' WHERE id = 'koeln-2027-2031'", "");
}

static void what_has_begun_stays_where_it_is(void **state)
{
    struct rh_house *house = &w->home->house;
    struct rh_err err = {0};
    char month[16];
    (void)state;
    plan();
    must(w, "turnus publish");
    snprintf(month, sizeof(month), "%s", start_of("koeln"));
    assert_true(rh_call_run(house, rh_registry_find_module(house->registry, "office"), "test",
                            RH_TASK_WRITE, begin_koeln, NULL, &err) >= 0);

    must(w, "turnus month set", "month", month, "state", "closed");
    must(w, "turnus plan", "seed", "2", "steps", "3000", "time-limit", "0");
    assert_string_equal(start_of("koeln"), month);
    refused(w, RH_ECONFLICT, "Verfahren hat schon begonnen", "", "turnus move", "office", "koeln",
            "to", strcmp(month, "2030-05") == 0 ? "2030-04" : "2030-05");
    must(w, "turnus publish", "over-capacity", "yes");
    must(w, "procedure show", "procedure", "koeln-2027-2031");
    assert_string_equal(text_of(item(w, "office", "koeln"), "state"), "running");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(faults_of_rules_are_named_with_line_column_and_remedy),
        TEST(rules_are_understood_as_excel_and_germans_write_them),
        TEST(a_file_is_the_whole_set_unless_it_is_added),
        TEST(every_contradiction_is_named_before_solving),
        TEST(too_little_room_for_all_is_named),
        TEST(without_offices_or_rounds_the_next_step_is_named),
        TEST(the_export_begins_with_the_promised_columns),
        TEST(the_newest_draft_is_meant_unless_a_plan_is_named),
        TEST(a_named_plan_brings_its_round),
        TEST(a_round_without_plans_hides_no_plan),
        TEST(explain_says_in_words_what_speaks_for_the_month),
        TEST(the_prices_that_explain_names_are_those_of_the_moves),
        TEST(move_shows_the_consequences_and_writes_nothing_without_yes),
        TEST(with_yes_a_new_draft_holds_the_move_and_the_published_plan_stays),
        TEST(a_move_that_breaks_a_rule_is_refused_with_the_rule),
        TEST(a_full_month_is_full_unless_a_person_accepts_it),
        TEST(offices_that_start_together_move_together),
        TEST(a_published_plan_becomes_procedures),
        TEST(publishing_anew_says_who_moves_and_keeps_what_has_begun),
        TEST(a_plan_that_a_new_rule_contradicts_is_stale_but_can_be_seen_and_mended),
        TEST(a_plan_is_stale_when_offices_come_and_go),
        TEST(a_pair_that_shall_now_be_together_makes_a_plan_stale),
        TEST(what_has_begun_stays_where_it_is),
    };

    return cmocka_run_group_tests(tests, nrw_make, nrw_remove);
}
