/* When no plan exists: which rules contradict each other, what would help, and plans with named
 * gaps. */
#include "tests/integration/nrw.h"

#include "core/operation/call.h"
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
#define PINS                                                                                       \
    "ahlen,fixed,2028-05,,,\nbeckum,fixed,2028-05,,,Urlaub der Leitung\noelde,fixed,2028-05,,,\n"
/* Rules that have nothing to do with the matter. */
#define NOISE                                                                                      \
    "koeln,prefer,2029-01,2029-06,,\nbonn,blocked,2027-01,2028-12,,\nherne,fixed,2030-01,2030-06," \
    ",\nhamm,together,,,unna,\nlemgo,apart,,,detmold,\n"

static void rules(const char *file)
{
    must(w, "turnus rule import", "file", file);
}

static void capacity(const char *month, const char *most)
{
    must(w, "turnus month set", "month", month, "capacity", most);
}

static bool is_possible(void)
{
    must(w, "turnus conflicts");
    return json_is_true(json_object_get(w->answer, "possible"));
}

static const json_t *conflict(size_t number)
{
    return json_array_get(json_object_get(w->answer, "conflicts"), number);
}

static json_t *members_of(size_t number)
{
    return json_deep_copy(json_object_get(conflict(number), "members"));
}

static size_t count_of(const json_t *members, const char *kind)
{
    size_t count = 0, i;
    json_t *member;

    json_array_foreach(members, i, member)
    {
        count += strcmp(text_of(member, "kind"), kind) == 0;
    }
    return count;
}

/* ---- the set is contradictory, irreducible, and named ---- */

static void pins_in_a_full_month(void)
{
    rules(HEAD NOISE PINS);
    capacity("2028-05", "2");
}

static void three_pins_in_a_month_for_two_are_named_with_the_month(void **state)
{
    json_t *members;
    (void)state;
    pins_in_a_full_month();

    assert_false(is_possible());

    assert_int_equal(number(w, "conflict_count"), 1);
    members = members_of(0);
    assert_int_equal(json_array_size(members), 4);
    assert_int_equal(count_of(members, "fixed"), 3);
    assert_int_equal(count_of(members, "capacity"), 1);
    assert_true(json_is_true(json_object_get(conflict(0), "smallest")));
    assert_says(text_of(conflict(0), "sentence"),
                "3 Ämter haben nur Mai 2028, dort ist Platz für 2: Stadt Ahlen, Stadt Beckum, "
                "Stadt Oelde");
    assert_non_null(find_in(members, "note", "Urlaub der Leitung"));
    assert_true(says(w, "ist auf Mai 2028 festgelegt („Urlaub der Leitung“)"));
    json_decref(members);
    w->lang = RH_EN;
    must(w, "turnus conflicts");
    assert_says(text_of(conflict(0), "sentence"),
                "3 offices have only May 2028, there is room for 2");
}

static void without_any_one_of_the_named_rules_the_others_can_be_kept(void **state)
{
    json_t *members;
    (void)state;
    pins_in_a_full_month();
    must(w, "turnus conflicts");
    members = members_of(0);

    for (size_t i = 0; i < json_array_size(members); i++) {
        const json_t *member = json_array_get(members, i);
        char id[24];

        pins_in_a_full_month(); /* with new numbers */
        must(w, "turnus rule list");
        snprintf(id, sizeof(id), "%lld",
                 (long long)json_integer_value(json_object_get(item(w, "office",
                                                                    i == 0   ? "ahlen"
                                                                    : i == 1 ? "beckum"
                                                                             : "oelde"),
                                                               "id")));
        if (strcmp(text_of(member, "kind"), "capacity") == 0)
            capacity("2028-05", "100");
        else
            must(w, "turnus rule remove", "id", id);
        assert_true(is_possible());
    }
    json_decref(members);
    rules(HEAD PINS); /* these alone still contradict each other */
    capacity("2028-05", "2");
    assert_false(is_possible());
    assert_int_equal(json_array_size(json_object_get(conflict(0), "members")), 4);
}

static void contradictions_of_every_kind_are_named(void **state)
{
    static const struct {
        const char *rows, *sentence;
        const char *kinds[4];
        size_t members;
    } cases[] = {
        {"lemgo,fixed,2027-02,,,\n", "für Stadt Lemgo bleibt kein Monat", {"spacing", "fixed"}, 2},
        {"ahlen,fixed,2027-08,,,\n", "für Stadt Ahlen bleibt kein Monat", {"closed", "fixed"}, 2},
        {"ahlen,fixed,2033-05,,,\n", "für Stadt Ahlen bleibt kein Monat", {"fixed"}, 1},
        {"ahlen,fixed,2028-05,,,\nahlen,blocked,2028-04,2028-07,,\n",
         "für Stadt Ahlen bleibt kein Monat",
         {"blocked", "fixed"},
         2},
        {"ahlen,together,,,beckum,\nahlen,fixed,2028-05,,,\nbeckum,fixed,2028-06,,,\n",
         "Stadt Ahlen, Stadt Beckum sollen gemeinsam beginnen, haben aber keinen Monat gemeinsam",
         {"together", "fixed", "fixed"},
         3},
        {"ahlen,together,,,beckum,\nbeckum,together,,,oelde,\noelde,apart,,,ahlen,\n",
         "lassen sich nach 3 Regeln nicht zusammen unterbringen",
         {"together", "together", "apart"},
         3},
        /* Two months with room for five each, but eleven that have only those. */
        {"ahlen,fixed,2028-02,2028-03,,\nbeckum,fixed,2028-02,2028-03,,\noelde,fixed,2028-02,"
         "2028-03,,\nunna,fixed,2028-02,2028-03,,\nkamen,fixed,2028-02,2028-03,,\nbonn,fixed,"
         "2028-02,2028-03,,\nessen,fixed,2028-02,2028-03,,\nkoeln,fixed,2028-02,2028-03,,\nmoers,"
         "fixed,2028-02,2028-03,,\nverl,fixed,2028-02,2028-03,,\nsoest,fixed,2028-02,2028-03,,\n",
         "11 Ämter haben nur Februar 2028, März 2028, dort ist Platz für 10",
         {"capacity", "fixed"},
         13},
    };
    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char file[2048];
        json_t *members;

        snprintf(file, sizeof(file), "%s%s", HEAD, cases[i].rows);
        rules(file);
        assert_false(is_possible());
        assert_int_equal(number(w, "conflict_count"), 1);
        assert_says(text_of(conflict(0), "sentence"), cases[i].sentence);
        members = members_of(0);
        assert_int_equal(json_array_size(members), cases[i].members);
        for (size_t k = 0; k < 4 && cases[i].kinds[k]; k++)
            assert_true(count_of(members, cases[i].kinds[k]) > 0);
        assert_true(json_is_true(json_object_get(conflict(0), "irreducible")));
        assert_true(json_is_true(json_object_get(conflict(0), "smallest")));
        json_decref(members);
        /* It once ended in "no plan found" when no sentence was written for it. */
        assert_int_equal(ask(w, "turnus plan", NULL), RH_EINVALID);
        assert_says(w->err.text[RH_DE], "es gibt keinen Plan");
        assert_says(w->err.text[RH_DE], "'reihum turnus conflicts --round 2027-2031'");
        assert_says(w->err.text[RH_EN], "page /turnus/2027-2031/conflicts");
    }
}

/* Months that no range holds: no sentence of 'rule check' fits, the exact answer does. */
static void a_contradiction_that_no_range_of_months_shows_is_found(void **state)
{
    char file[4096] = HEAD;
    static const char *const offices[] = {"ahlen", "beckum", "oelde", "unna", "kamen", "bonn",
                                          "essen", "koeln",  "moers", "verl", "soest"};
    (void)state;

    for (size_t i = 0; i < sizeof(offices) / sizeof(offices[0]); i++) {
        size_t used = strlen(file);

        snprintf(file + used, sizeof(file) - used,
                 "%s,blocked,2027-01,2028-01,,\n%s,blocked,2028-03,2030-05,,\n%s,blocked,2030-07,"
                 "2031-12,,\n",
                 offices[i], offices[i], offices[i]);
    }
    rules(file);
    must(w, "turnus month set", "month", "2029-01", "state", "open");

    assert_false(is_possible());
    assert_says(text_of(conflict(0), "sentence"),
                "11 Ämter haben nur Februar 2028, Juni 2030, dort ist Platz für 10");
    assert_int_equal(ask(w, "turnus plan", NULL), RH_EINVALID);
    assert_says(w->err.text[RH_DE], "11 Ämter haben nur Februar 2028, Juni 2030");
    must(w, "turnus rule check");
    assert_int_equal(number(w, "contradictions"), 1);
}

static void separate_contradictions_are_named_separately_and_repaired_together(void **state)
{
    char key[32];
    (void)state;
    rules(HEAD "ahlen,fixed,2027-08,,,\nlemgo,fixed,2027-02,,,\n");

    assert_false(is_possible());
    assert_int_equal(number(w, "conflict_count"), 2);
    assert_true(item_count(w) > 1);
    snprintf(key, sizeof(key), "%s", text_of(json_array_get(items(w), 0), "repair"));
    must(w, "turnus repair", "repair", key);
    assert_true(is_possible());
}

/* ---- repairs ---- */

static void every_repair_that_is_offered_makes_a_plan_possible_with_one_command(void **state)
{
    static const char pair[] = "ahlen,together,,,beckum,\nahlen,fixed,2028-05,,,\n"
                               "beckum,fixed,2028-07,,,\n";
    static const char *const cases[] = {PINS, "lemgo,fixed,2027-02,,,\n", pair};
    (void)state;

    for (size_t c = 0; c < sizeof(cases) / sizeof(cases[0]); c++) {
        char file[1024];
        int64_t price = 0;
        json_t *repairs;

        snprintf(file, sizeof(file), "%s%s", HEAD NOISE, cases[c]);
        rules(file);
        capacity("2028-05", "2");
        assert_false(is_possible());
        assert_true(json_is_true(json_object_get(w->answer, "cheapest")));
        repairs = json_deep_copy(items(w));
        assert_true(json_array_size(repairs) > 2);
        for (size_t i = 0; i < json_array_size(repairs); i++) {
            const json_t *repair = json_array_get(repairs, i);
            const char *key = text_of(repair, "repair");

            assert_true(json_integer_value(json_object_get(repair, "price")) >= price);
            price = json_integer_value(json_object_get(repair, "price"));
            assert_says(text_of(repair, "command"), key);
            assert_true(*text_of(repair, "consequence"));
            must(w, "turnus repair", "repair", key);
            assert_true(says(w, "ein Plan ist jetzt möglich"));
            assert_true(is_possible());
            rules(file); /* with the same numbers */
            capacity("2028-05", "2");
            must(w, "turnus spacing set", "office", "lemgo", "auto", "yes");
        }
        json_decref(repairs);
    }
}

/* The commands of the steps do what the whole does. */
static void a_repair_can_be_made_step_by_step(void **state)
{
    const json_t *steps;
    (void)state;
    pins_in_a_full_month();
    must(w, "turnus conflicts");

    steps = json_object_get(json_array_get(items(w), 0), "steps");
    assert_int_equal(json_array_size(steps), 1);
    assert_string_equal(text_of(json_array_get(steps, 0), "sentence"),
                        "Höchstzahl im Mai 2028 von 2 auf 3 heben");
    assert_string_equal(text_of(json_array_get(steps, 0), "command"),
                        "reihum turnus month set 2028-05 --round 2027-2031 --capacity 3");
    must(w, "turnus month set", "month", "2028-05", "round", "2027-2031", "capacity", "3");
    assert_true(is_possible());
    must(w, "turnus plan", "seed", "1", "steps", "3000", "time-limit", "0");
}

static void a_spacing_can_be_widened_for_one_office(void **state)
{
    const json_t *repair = NULL, *list;
    char key[32];
    (void)state;
    rules(HEAD "lemgo,fixed,2027-02,,,\n");
    must(w, "turnus conflicts");
    list = items(w);
    for (size_t i = 0; i < json_array_size(list); i++)
        if (strstr(text_of(json_array_get(list, i), "sentence"), "schon 37 statt 42 Monate"))
            repair = json_array_get(list, i);
    assert_non_null(repair);
    assert_string_equal(text_of(json_array_get(json_object_get(repair, "steps"), 0), "command"),
                        "reihum turnus spacing set lemgo --round 2027-2031 --min 37");
    snprintf(key, sizeof(key), "%s", text_of(repair, "repair"));

    must(w, "turnus repair", "repair", key, "reason", "abgesprochen");

    must(w, "turnus spacing list");
    assert_string_equal(text_of(item(w, "office", "lemgo"), "note"), "abgesprochen");
    must(w, "event list", "topic", "turnus.spacing");
    assert_int_equal(item_count(w), 1);
    must(w, "turnus plan", "seed", "1", "steps", "3000", "time-limit", "0");
    must(w, "turnus export");
    assert_string_equal(text_of(item(w, "office", "lemgo"), "start_month"), "2027-02");
    must(w, "turnus spacing set", "office", "lemgo", "auto", "yes");
    assert_false(is_possible());
    refused(w, RH_EUSAGE, "--min N, --max N oder --auto", "--min N, --max N or --auto",
            "turnus spacing set", "office", "lemgo");
    refused(w, RH_EINVALID, "schließen sich aus", "exclude each other", "turnus spacing set",
            "office", "lemgo", "min", "50", "max", "40");
}

static void a_repair_that_does_not_fit_any_more_changes_nothing(void **state)
{
    char key[32];
    (void)state;
    pins_in_a_full_month();
    must(w, "turnus conflicts");
    /* Not the first, which raises the capacity to three whatever it was. */
    snprintf(key, sizeof(key), "%s", text_of(json_array_get(items(w), 1), "repair"));

    refused(w, RH_ENOTFOUND, "einen Ausweg '000000000000' gibt es nicht (mehr)",
            "there is no repair '000000000000' (any more)", "turnus repair", "repair",
            "000000000000");
    capacity("2028-05", "1"); /* one more place is not enough now */
    refused(w, RH_ENOTFOUND, "gibt es nicht (mehr)", "(any more)", "turnus repair", "repair", key);
    capacity("2028-05", "3");
    refused(w, RH_ECONFLICT, "es gibt nichts zu reparieren", "there is nothing to repair",
            "turnus repair", "repair", key);
}

static void rules_are_dropped_and_changed_by_their_number(void **state)
{
    (void)state;
    rules(HEAD "ahlen,fixed,2028-05,,,\nhamm,together,,,unna,\n");
    must(w, "turnus rule list");
    assert_int_equal(json_integer_value(json_object_get(item(w, "office", "ahlen"), "id")), 1);

    must(w, "turnus rule change", "id", "1", "from", "2028-05", "to", "2028-07");
    must(w, "turnus rule list", "office", "ahlen");
    assert_string_equal(text_of(item(w, "rule", "fixed"), "to"), "2028-07");
    refused(w, RH_EINVALID, "2028-03 liegt vor 2028-05", "2028-03 is before 2028-05",
            "turnus rule change", "id", "1", "from", "2028-05", "to", "2028-03");
    refused(w, RH_EINVALID, "gilt für zwei Ämter und hat keine Monate", "is about two offices",
            "turnus rule change", "id", "2", "from", "2028-05");
    refused(w, RH_ENOTFOUND, "Regel 77 gibt es nicht", "there is no rule 77", "turnus rule remove",
            "id", "77");
    must(w, "turnus rule remove", "id", "1");
    must(w, "turnus rule list");
    assert_int_equal(item_count(w), 1);
    must(w, "event list", "topic", "turnus.rules");
    assert_int_equal(item_count(w), 3);
}

/* ---- all 186 offices ---- */

static void too_little_room_for_all_is_repaired_with_one_command(void **state)
{
    char key[32];
    json_t *members;
    (void)state;
    world_close(w);
    w = nrw_open("plugin turnus { capacity = 3 }");

    assert_false(is_possible());

    assert_string_equal(text_of(conflict(0), "sentence"),
                        "186 Ämter brauchen einen Monat, Platz ist für 171 (57 Monate)");
    members = members_of(0);
    assert_int_equal(count_of(members, "capacity"), 57);
    assert_int_equal(count_of(members, "closed"), 3);
    assert_int_equal(json_array_size(members), 60);
    json_decref(members);
    assert_int_equal(json_integer_value(json_object_get(json_array_get(items(w), 0), "price")), 30);
    snprintf(key, sizeof(key), "%s", text_of(json_array_get(items(w), 0), "repair"));
    must(w, "turnus repair", "repair", key);
    assert_true(is_possible());
    must(w, "turnus plan", "seed", "1", "steps", "3000", "time-limit", "0");
}

/* All offices of Westphalia block everything but one month. */
static void a_region_whose_months_are_closed_is_named_by_a_few_of_its_rules(void **state)
{
    static char file[16384];
    size_t used, offices = 0;
    json_t *members;
    char key[32];
    (void)state;
    snprintf(file, sizeof(file), "%s", HEAD);
    must(w, "office list", "region", "LWL");
    used = strlen(file);
    for (size_t i = 0; i < item_count(w); i++, offices++)
        used += (size_t)snprintf(file + used, sizeof(file) - used, "%s,blocked,2027-01,2031-11,,\n",
                                 text_of(json_array_get(items(w), i), "id"));
    rules(file);

    assert_false(is_possible());

    assert_int_equal(offices, 91);
    members = members_of(0);
    assert_true(json_array_size(members) <= 7); /* a month for five, and six that have only it */
    json_decref(members);
    assert_true(item_count(w) > 0);
    snprintf(key, sizeof(key), "%s", text_of(json_array_get(items(w), 0), "repair"));
    must(w, "turnus repair", "repair", key);
    assert_true(is_possible());
}

static int32_t begin_koeln(struct rh_call *call, void *context)
{
    (void)context;
    return (int32_t)rh_exec(
        call, "UPDATE procedure SET state = 'running' WHERE id = 'koeln-2027-2031'", "");
}

static char *koeln_began(char month[16])
{
    struct rh_house *house = &w->home->house;
    struct rh_err err = {0};

    must(w, "turnus plan", "seed", "1", "steps", "3000", "time-limit", "0");
    must(w, "turnus publish");
    must(w, "turnus export");
    snprintf(month, 16, "%s", text_of(item(w, "office", "koeln"), "start_month"));
    assert_true(rh_call_run(house, rh_registry_find_module(house->registry, "office"), "test",
                            RH_TASK_WRITE, begin_koeln, NULL, &err) >= 0);
    return month;
}

static void what_has_begun_is_named_and_never_repaired(void **state)
{
    char month[16], file[256];
    json_t *members;
    const json_t *list;
    (void)state;
    koeln_began(month);
    snprintf(file, sizeof(file), "%skoeln,together,,,bonn,\nbonn,fixed,%s,,,\n", HEAD,
             strcmp(month, "2030-05") == 0 ? "2030-04" : "2030-05");
    rules(file);

    assert_false(is_possible());

    members = members_of(0);
    assert_int_equal(json_array_size(members), 3);
    assert_int_equal(count_of(members, "begun"), 1);
    json_decref(members);
    list = items(w);
    assert_true(json_array_size(list) > 0);
    for (size_t i = 0; i < json_array_size(list); i++)
        assert_null(strstr(text_of(json_array_get(list, i), "sentence"), "begonnen"));
    must(w, "turnus plan", "elastic", "yes", "seed", "1", "steps", "3000", "time-limit", "0",
         "without-exact", "yes");
    must(w, "turnus export");
    assert_string_equal(text_of(item(w, "office", "koeln"), "start_month"), month);
    assert_string_equal(text_of(item(w, "office", "bonn"), "start_month"), month);
}

/* ---- plans with named gaps ---- */

static void elastic(void)
{
    must(w, "turnus plan", "elastic", "yes", "seed", "1", "steps", "20000", "time-limit", "0",
         "without-exact", "yes");
}

static const json_t *gaps(void)
{
    return json_object_get(w->answer, "gaps");
}

static void a_shortage_gives_a_plan_whose_gaps_are_named(void **state)
{
    (void)state;
    rules(HEAD "ahlen,fixed,2027-08,,,Wunsch\nlemgo,fixed,2027-02,,,\nbonn,blocked,2027-01,2031-12,"
               ",nie\n");

    elastic();

    assert_int_equal(json_array_size(gaps()), 3);
    assert_says(text_of(find_in(gaps(), "office", "ahlen"), "sentence"),
                "Stadt Ahlen beginnt im August 2027, obwohl der Monat geschlossen ist");
    assert_says(text_of(find_in(gaps(), "office", "lemgo"), "sentence"),
                "schon 37 Monate nach dem vorigen Verfahren statt nach mindestens 42");
    assert_says(text_of(find_in(gaps(), "office", "bonn"), "sentence"),
                "obwohl das Amt ihn gesperrt hat (Januar 2027 bis Dezember 2031, Regel 3 – nie)");
    assert_true(says(w, "Lücken: 3"));
    must(w, "turnus show");
    assert_int_equal(json_array_size(gaps()), 3);
    assert_false(says(w, "veraltet"));
    must(w, "turnus board");
    assert_int_equal(number(w, "gap_count"), 3);
    assert_int_equal(json_array_size(json_object_get(w->answer, "stale")), 0);
    must(w, "turnus list");
    assert_int_equal(json_integer_value(json_object_get(json_array_get(items(w), 0), "gaps")), 3);
}

static void a_full_month_is_a_gap_with_its_number(void **state)
{
    (void)state;
    pins_in_a_full_month();

    elastic();

    assert_int_equal(json_array_size(gaps()), 1);
    assert_says(text_of(json_array_get(gaps(), 0), "sentence"),
                "Mai 2028: 1 Verfahren mehr, als Platz ist (Höchstzahl 2); dort beginnen Stadt "
                "Ahlen, Stadt Beckum, Stadt Oelde");
    refused(w, RH_ECONFLICT, "Plan 1 hat 1 Lücken", "plan 1 has 1 gaps", "turnus publish");
    must(w, "turnus publish", "accept-gaps", "yes", "reason", "geht nicht anders");
}

static void without_need_an_elastic_plan_has_no_gaps(void **state)
{
    (void)state;
    rules(HEAD NOISE);

    elastic();

    assert_int_equal(json_array_size(gaps()), 0);
    assert_true(says(w, "ohne Lücken"));
    must(w, "turnus publish");
}

static void publishing_gaps_wants_a_word_and_keeps_it(void **state)
{
    const json_t *event;
    (void)state;
    rules(HEAD "lemgo,fixed,2027-02,,,\n");
    elastic();

    refused(w, RH_ECONFLICT, "Plan 1 hat 1 Lücken: Stadt Lemgo beginnt im Februar 2027",
            "plan 1 has 1 gaps: ", "turnus publish");
    refused(w, RH_ECONFLICT, "hat 1 Lücken", "has 1 gaps", "turnus publish", "over-capacity",
            "yes");
    refused(w, RH_EUSAGE, "zu --accept-gaps gehört --reason", "--accept-gaps needs --reason",
            "turnus publish", "accept-gaps", "yes");
    must(w, "turnus publish", "accept-gaps", "yes", "reason", "mit dem Amt besprochen");

    assert_true(says(w, "mit 1 hingenommenen Lücken: mit dem Amt besprochen"));
    must(w, "event list", "topic", "turnus.gaps_accepted");
    event = json_array_get(items(w), 0);
    assert_says(text_of(event, "after"), "\"accepted_by\":\"test\"");
    assert_says(text_of(event, "after"), "mit dem Amt besprochen");
    must(w, "turnus board");
    assert_string_equal(text(w, "accepted_by"), "test");
    assert_string_equal(text(w, "accepted_reason"), "mit dem Amt besprochen");
}

/* Moved by hand, a plan keeps the gaps it leaves alone and loses the one it mends; what a new rule
 * breaks beyond them is stale. */
static void gaps_go_along_when_a_plan_is_moved_and_do_not_hide_new_breaks(void **state)
{
    char month[16], file[256];
    (void)state;
    rules(HEAD "lemgo,fixed,2027-02,,,\nahlen,fixed,2027-08,,,\n");
    elastic();
    must(w, "turnus export");
    snprintf(month, sizeof(month), "%s", text_of(item(w, "office", "koeln"), "start_month"));

    must(w, "turnus move", "office", "koeln", "to",
         strcmp(month, "2029-03") == 0 ? "2029-04" : "2029-03", "yes", "yes", "over-capacity",
         "yes");
    must(w, "turnus show");
    assert_int_equal(number(w, "plan"), 2);
    assert_int_equal(json_array_size(gaps()), 2);
    must(w, "turnus rule import", "file", HEAD "lemgo,fixed,2027-02,,,\n");
    must(w, "turnus move", "office", "ahlen", "to", "2030-03", "yes", "yes", "over-capacity",
         "yes");
    must(w, "turnus show");
    assert_int_equal(json_array_size(gaps()), 1);
    must(w, "turnus export");
    snprintf(month, sizeof(month), "%s", text_of(item(w, "office", "essen"), "start_month"));
    snprintf(file, sizeof(file), "%slemgo,fixed,2027-02,,,\nessen,blocked,%s,,,\n", HEAD, month);
    rules(file);
    refused(w, RH_ECONFLICT, "veraltet: Stadt Essen darf nicht mehr",
            "plan 3 is stale: ", "turnus publish", "accept-gaps", "yes", "reason", "egal",
            "over-capacity", "yes");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(three_pins_in_a_month_for_two_are_named_with_the_month),
        TEST(without_any_one_of_the_named_rules_the_others_can_be_kept),
        TEST(contradictions_of_every_kind_are_named),
        TEST(a_contradiction_that_no_range_of_months_shows_is_found),
        TEST(separate_contradictions_are_named_separately_and_repaired_together),
        TEST(every_repair_that_is_offered_makes_a_plan_possible_with_one_command),
        TEST(a_repair_can_be_made_step_by_step),
        TEST(a_spacing_can_be_widened_for_one_office),
        TEST(a_repair_that_does_not_fit_any_more_changes_nothing),
        TEST(rules_are_dropped_and_changed_by_their_number),
        TEST(too_little_room_for_all_is_repaired_with_one_command),
        TEST(a_region_whose_months_are_closed_is_named_by_a_few_of_its_rules),
        TEST(what_has_begun_is_named_and_never_repaired),
        TEST(a_shortage_gives_a_plan_whose_gaps_are_named),
        TEST(a_full_month_is_a_gap_with_its_number),
        TEST(without_need_an_elastic_plan_has_no_gaps),
        TEST(publishing_gaps_wants_a_word_and_keeps_it),
        TEST(gaps_go_along_when_a_plan_is_moved_and_do_not_hide_new_breaks),
    };

    return cmocka_run_group_tests(tests, nrw_make, nrw_remove);
}
