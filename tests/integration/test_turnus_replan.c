/* Gentle change: who is held, what is pinned, how many offices a price moves. The moves are counted
 * by the test alone, from exported tables. */
#include "core/operation/run.h"
#include "tests/integration/nrw.h"

static struct world *w;

static int set_up(void **state)
{
    (void)state;
    w = nrw_open("");
    must(w, "turnus plan", "steps", "2000", "time-limit", "0", "without-exact", "yes");
    must(w, "turnus publish");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    world_close(w);
    return 0;
}

#define RULES "office,rule,from,to,other,note\n"

/* ---- what the exported tables say ---- */

enum { OFFICES = 186 };

/* A plan as the test keeps it. */
struct starts {
    char office[OFFICES][48], month[OFFICES][8];
    size_t count;
};

static void read_starts(const char *plan, struct starts *starts)
{
    const json_t *row;
    size_t i;

    must(w, "turnus export", "plan", plan);
    starts->count = item_count(w);
    assert_int_equal(starts->count, OFFICES);
    json_array_foreach(items(w), i, row)
    {
        snprintf(starts->office[i], sizeof(starts->office[0]), "%s", text_of(row, "office"));
        snprintf(starts->month[i], sizeof(starts->month[0]), "%s", text_of(row, "start_month"));
    }
}

static const char *month_in(const struct starts *starts, const char *office)
{
    for (size_t i = 0; i < starts->count; i++)
        if (strcmp(starts->office[i], office) == 0)
            return starts->month[i];
    fail_msg("'%s' is not in the plan", office);
    return "";
}

static int count_moved(const struct starts *a, const struct starts *b)
{
    int moved = 0;

    for (size_t i = 0; i < a->count; i++)
        moved += strcmp(a->month[i], month_in(b, a->office[i])) != 0;
    return moved;
}

static int count_in(const struct starts *starts, const char *month)
{
    int count = 0;

    for (size_t i = 0; i < starts->count; i++)
        count += strcmp(starts->month[i], month) == 0;
    return count;
}

/* Six offices that start late in the round, far from what counts as announced. */
static void choose_six(const struct starts *starts, size_t chosen[6])
{
    size_t count = 0;

    for (size_t i = 0; i < starts->count && count < 6; i += 7)
        if (strcmp(starts->month[i], "2028-01") > 0)
            chosen[count++] = i;
    assert_int_equal(count, 6);
}

static void replan(const char *prices)
{
    must(w, "turnus replan", "prices", prices, "steps", "2000", "time-limit", "0", "without-exact",
         "yes");
}

static int64_t member(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);

    if (!json_is_integer(value))
        fail_msg("no number '%s'", key);
    return json_integer_value(value);
}

static int64_t moved_at(const char *price)
{
    return member(item(w, "price", price), "moved");
}

/* The plan of that price as a draft; its number. */
static const char *draft_of(const char *price)
{
    static char plan[24];

    must(w, "turnus replan", "price", price, "yes", "yes");
    snprintf(plan, sizeof(plan), "%lld", (long long)number(w, "plan"));
    return plan;
}

static void rules(const char *text)
{
    char file[8192];

    snprintf(file, sizeof(file), "=%s", text);
    must(w, "turnus rule import", "file", file);
}

/* ---- the figure ---- */

/*
 * "Six offices lose their month: with the change price, at most as many offices move as must."
 * That at least six must is plain: each of the six stands in a month that is blocked for it now.
 */
static void six_offices_lose_their_month_and_only_they_move(void **state)
{
    static struct starts before, after;
    size_t six[6];
    char text[1024] = RULES;
    (void)state;
    read_starts("1", &before);
    choose_six(&before, six);
    for (int i = 0; i < 6; i++)
        snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s,blocked,%s,,,\n",
                 before.office[six[i]], before.month[six[i]]);
    rules(text);

    replan("0,2,10,100,must");

    assert_int_equal(number(w, "must"), 6);
    assert_int_equal(json_array_size(json_object_get(w->answer, "must_move")), 6);
    assert_int_equal(moved_at("must"), 6);
    assert_int_equal(moved_at("100"), 6);
    assert_true(moved_at("0") >= 6);
    read_starts(draft_of("100"), &after);
    assert_int_equal(count_moved(&before, &after), 6);
    for (int i = 0; i < 6; i++)
        assert_string_not_equal(before.month[six[i]], month_in(&after, before.office[six[i]]));
    must(w, "turnus publish"); /* it keeps all hard rules */
    assert_int_equal(number(w, "moved"), 6);
}

/* The same by a closed month and by pins elsewhere: the test counts who stands there. */
static void a_closed_month_and_pins_elsewhere_move_only_whom_they_must(void **state)
{
    static struct starts before, after;
    int closed, pinned = 0;
    (void)state;
    read_starts("1", &before);
    closed = count_in(&before, "2029-05");
    assert_true(closed >= 2);
    must(w, "turnus month set", "month", "2029-05", "state", "closed", "note", "Umbau");
    for (size_t i = 0; i < before.count && closed + pinned < 6; i += 11) {
        const char *to = strncmp(before.month[i], "2030", 4) == 0 ? "2031-01" : "2030-01";

        if (strcmp(before.month[i], "2028-01") < 0 || strcmp(before.month[i], "2029-05") == 0)
            continue;
        if (ask(w, "turnus pin", "office", before.office[i], "from", to, "to",
                strcmp(to, "2031-01") == 0 ? "2031-06" : "2030-06", "reason", "Wunsch", NULL) == 0)
            pinned++;
    }
    assert_int_equal(closed + pinned, 6);

    replan("50,must");

    assert_int_equal(number(w, "must"), 6);
    assert_int_equal(moved_at("must"), 6);
    read_starts(draft_of("must"), &after);
    assert_int_equal(count_moved(&before, &after), 6);
    assert_int_equal(count_in(&after, "2029-05"), 0);
}

/* A month with more offices than places: some have to leave, it does not matter which. */
static void of_a_month_that_is_too_full_as_many_leave_as_do_not_fit(void **state)
{
    static struct starts before, after;
    int found;
    (void)state;
    read_starts("1", &before);
    found = count_in(&before, "2029-06");
    assert_true(found >= 2);
    must(w, "turnus month set", "month", "2029-06", "capacity", "1");

    replan("100,must");

    assert_int_equal(number(w, "must"), found - 1);
    assert_int_equal(moved_at("must"), found - 1);
    read_starts(draft_of("must"), &after);
    assert_int_equal(count_moved(&before, &after), found - 1);
    assert_int_equal(count_in(&after, "2029-06"), 1);
}

static void offices_that_shall_now_start_together_move_one_of_them(void **state)
{
    static struct starts before, after;
    (void)state;
    read_starts("1", &before);
    assert_string_not_equal(month_in(&before, "ahlen"), month_in(&before, "beckum"));
    must(w, "turnus announce", "office", "ahlen");
    must(w, "turnus announce", "office", "beckum");
    must(w, "turnus announce", "office", "beckum", "withdraw", "yes", "reason", "mit Ahlen");
    rules(RULES "ahlen,together,,,beckum,\n");

    replan("must");

    assert_int_equal(moved_at("must"), 1);
    read_starts(draft_of("must"), &after);
    assert_string_equal(month_in(&after, "ahlen"), month_in(&before, "ahlen"));
    assert_string_equal(month_in(&after, "beckum"), month_in(&after, "ahlen"));
}

/* Wishes of some 45 offices for months of other years: each price has something to gain. */
static void wish_elsewhere(const struct starts *starts)
{
    static char text[8192];

    snprintf(text, sizeof(text), "%s", RULES);
    for (size_t i = 3; i < starts->count; i += 4)
        snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s,prefer,%d-%02d,,,\n",
                 starts->office[i], strncmp(starts->month[i], "2029", 4) == 0 ? 2030 : 2029,
                 (int)(i / 4 % 6 + 1));
    rules(text);
}

static void a_dearer_move_never_moves_more_offices(void **state)
{
    static struct starts before;
    int64_t moved = INT64_MAX, points = INT64_MIN;
    const json_t *row;
    size_t i;
    (void)state;
    read_starts("1", &before);
    wish_elsewhere(&before);

    replan("must,30,0,5,10,20");

    assert_int_equal(item_count(w), 6);
    assert_string_equal(text_of(json_array_get(items(w), 0), "price"), "0"); /* sorted */
    assert_string_equal(text_of(json_array_get(items(w), 5), "price"), "must");
    json_array_foreach(items(w), i, row)
    {
        assert_true(member(row, "moved") <= moved);
        assert_true(member(row, "points") >= points);
        assert_int_equal(member(row, "hard"), 0);
        moved = member(row, "moved");
        points = member(row, "points");
    }
    assert_int_equal(moved_at("must"), 0);
    assert_true(moved_at("0") > 5);
}

/* ---- what is held ---- */

static int32_t begin_koeln(struct rh_call *call, void *context)
{
    (void)context;
    return (int32_t)rh_exec(
        call, "UPDATE procedure SET state = 'running' WHERE id = 'koeln-2027-2031'", "");
}

static void done_and_announced_never_move(void **state)
{
    struct rh_house *house = &w->home->house;
    static struct starts before, after;
    struct rh_err err = {0};
    int announced = 0;
    (void)state;
    read_starts("1", &before);
    must(w, "turnus announce", "until", "2028-12");
    assert_true(rh_call_run(house, rh_registry_find_module(house->registry, "office"), "test",
                            RH_TASK_WRITE, begin_koeln, NULL, &err) >= 0);
    wish_elsewhere(&before);

    replan("0");

    assert_true(moved_at("0") > 0);
    read_starts(draft_of("0"), &after);
    for (size_t i = 0; i < before.count; i++)
        if (strcmp(before.month[i], "2028-12") <= 0) {
            announced++;
            assert_string_equal(before.month[i], month_in(&after, before.office[i]));
        }
    assert_true(announced > 60);
    assert_string_equal(month_in(&before, "koeln"), month_in(&after, "koeln"));
    must(w, "turnus show");
    assert_string_equal(text_of(item(w, "office", "koeln"), "standing"), "done");
}

static void an_announced_office_that_cannot_stay_is_named(void **state)
{
    static struct starts before;
    char file[128];
    (void)state;
    read_starts("1", &before);
    must(w, "turnus announce", "office", "ahlen");
    snprintf(file, sizeof(file), RULES "ahlen,blocked,%s,,,\n", month_in(&before, "ahlen"));
    rules(file);

    refused(w, RH_ECONFLICT, "nicht umzuplanen: Stadt Ahlen ist für", "cannot be planned anew",
            "turnus replan", "prices", "must");
    assert_says(w->err.text[RH_DE], "turnus announce --office ahlen --withdraw");
    w->lang = RH_EN;
    refused(w, RH_ECONFLICT, "nicht umzuplanen", "Stadt Ahlen is announced for", "turnus replan",
            "prices", "must");
    w->lang = RH_DE;
    must(w, "turnus announce", "office", "ahlen", "withdraw", "yes", "reason", "das Amt bat darum");

    replan("must");
    assert_int_equal(moved_at("must"), 1);
}

static void what_is_near_counts_as_announced_until_somebody_withdraws_it(void **state)
{
    static struct starts starts;
    const char *office = NULL;
    (void)state; /* the clock stands at November 2026: up to May 2027 */
    read_starts("1", &starts);
    must(w, "turnus show");
    for (size_t i = 0; i < starts.count; i++) {
        assert_string_equal(text_of(item(w, "office", starts.office[i]), "standing"),
                            strcmp(starts.month[i], "2027-05") <= 0 ? "announced" : "planned");
        if (strcmp(starts.month[i], "2027-05") == 0)
            office = starts.office[i];
    }
    assert_non_null(office);

    refused(w, RH_EUSAGE, "--withdraw braucht --reason", "--withdraw needs --reason",
            "turnus announce", "office", office, "withdraw", "yes");
    must(w, "turnus announce", "office", office, "withdraw", "yes", "reason", "Leitung wechselt");
    must(w, "turnus show");
    assert_string_equal(text_of(item(w, "office", office), "standing"), "planned");
    must(w, "event list", "topic", "turnus.withdrawn");
    assert_says(text_of(json_array_get(items(w), 0), "before"), "Leitung wechselt");
    refused(w, RH_ECONFLICT, "ist nicht angekündigt", "is not announced", "turnus announce",
            "office", office, "withdraw", "yes", "reason", "noch einmal");
    must(w, "turnus announce", "until", "2027-06"); /* what was withdrawn stays so */
    assert_true(says(w, "übergangen, weil ihre Ankündigung zurückgenommen wurde: 1"));
    assert_null(find_in(items(w), "office", office));
    must(w, "turnus announce", "until", "2027-06");
    assert_int_equal(number(w, "count"), 0); /* and what is announced is not announced again */
    must(w, "turnus move", "office", starts.office[0], "to", "2028-10");
    assert_true(says(w, "angekündigt: dem Amt Bescheid geben"));
    w->as_of = "2027-02-01"; /* three months later, three months more */
    must(w, "turnus show");
    w->as_of = NULL;
    for (size_t i = 0; i < starts.count; i++)
        if (strcmp(starts.month[i], "2027-08") <= 0 && strcmp(starts.office[i], office) != 0)
            assert_string_equal(text_of(item(w, "office", starts.office[i]), "standing"),
                                "announced");
}

static void nothing_counts_as_announced_by_itself_when_the_house_says_so(void **state)
{
    struct world *quiet = nrw_open("plugin turnus { announced_months = 0 }");
    (void)state;
    must(quiet, "turnus plan", "steps", "3000", "time-limit", "0");
    must(quiet, "turnus show");
    assert_string_equal(text_of(item(quiet, "office", "koeln"), "standing"), "free");
    refused(quiet, RH_ECONFLICT, "hat keinen veröffentlichten Plan", "has no published plan",
            "turnus announce", "office", "koeln");
    refused(quiet, RH_ENOTFOUND, "hat keinen veröffentlichten Plan", "has no published plan",
            "turnus replan");
    must(quiet, "turnus publish");

    must(quiet, "turnus show");

    assert_null(find_in(items(quiet), "standing", "announced"));
    world_close(quiet);
}

/* ---- drafts of the curve ---- */

static void the_published_plan_stays_and_a_stale_curve_gives_no_draft(void **state)
{
    static struct starts before, after;
    char file[128];
    (void)state;
    read_starts("1", &before);
    snprintf(file, sizeof(file), RULES "ahlen,blocked,%s,,,\n", month_in(&before, "ahlen"));
    rules(file);
    refused(w, RH_ENOTFOUND, "noch nichts umgeplant", "nothing is planned anew", "turnus replan",
            "price", "must", "yes", "yes");

    replan("10,must");
    must(w, "turnus replan", "price", "must");
    assert_true(says(w, "noch nichts geändert; mit --yes"));
    assert_int_equal(json_array_size(json_object_get(w->answer, "moves")), 1);
    assert_says(text_of(json_array_get(json_object_get(w->answer, "moves"), 0), "reason"),
                "muss: vom Amt gesperrt");
    must(w, "turnus list");
    assert_int_equal(item_count(w), 1);
    refused(w, RH_ENOTFOUND, "dieser Preis ist nicht gerechnet", "this price was not computed",
            "turnus replan", "price", "11", "yes", "yes");
    refused(w, RH_ECONFLICT, "inzwischen ist neu gerechnet worden", "computed anew meanwhile",
            "turnus replan", "price", "must", "curve", "77", "yes", "yes");
    must(w, "turnus month set", "month", "2030-05", "capacity", "2"); /* meanwhile */
    refused(w, RH_ECONFLICT, "seit der Rechnung hat sich geändert", "has changed since",
            "turnus replan", "price", "must", "yes", "yes");
    must(w, "turnus list");
    assert_int_equal(item_count(w), 1);

    must(w, "turnus month set", "month", "2030-05", "capacity", "5"); /* not as it was either */
    replan("10,must");
    must(w, "turnus announce", "office", "bonn");
    refused(w, RH_ECONFLICT, "seit der Rechnung hat sich geändert", "has changed since",
            "turnus replan", "price", "must", "yes", "yes");
    must(w, "turnus curve");
    assert_true(json_is_true(json_object_get(w->answer, "stale")));
    replan("10,must");
    must(w, "turnus curve");
    assert_false(json_is_true(json_object_get(w->answer, "stale")));
    must(w, "turnus discard", "plan", draft_of("must"));
    must(w, "turnus curve"); /* a discarded draft is none */
    assert_false(json_is_true(json_object_get(item(w, "price", "must"), "has_draft")));
    (void)draft_of("must");
    must(w, "turnus curve");
    assert_true(json_is_true(json_object_get(item(w, "price", "must"), "has_draft")));
    read_starts("1", &after);
    assert_int_equal(count_moved(&before, &after), 0);
    must(w, "turnus list");
    assert_string_equal(text_of(item(w, "state", "published"), "note"), "");
    assert_int_equal(member(item(w, "state", "published"), "plan"), 1);
    assert_int_equal(member(item(w, "state", "draft"), "parent"), 1);
}

static void a_draft_can_be_the_base(void **state)
{
    static struct starts draft, after;
    const char *to;
    (void)state;
    read_starts("1", &draft);
    to = strcmp(month_in(&draft, "koeln"), "2029-04") == 0 ? "2029-05" : "2029-04";
    must(w, "turnus move", "office", "koeln", "to", to, "yes", "yes", "over-capacity", "yes");

    must(w, "turnus replan", "plan", "2", "prices", "must", "steps", "2000", "time-limit", "0",
         "without-exact", "yes");

    assert_int_equal(number(w, "from_plan"), 2);
    read_starts(draft_of("must"), &after);
    assert_string_equal(month_in(&after, "koeln"), to);
}

static void faults_of_prices_are_named(void **state)
{
    static const char *const lists[] = {
        "",     "x",   "1,2,3,4,5,6,7,8,9,10,11,12,13", "1;2",   "-1", "1000001",
        "10.5", "mus", "99999999999999999999999",       " , ,,", "muß"};
    (void)state;
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        if (!*lists[i])
            continue; /* an empty value counts as not given */
        refused(w, RH_EINVALID, "--prices: höchstens 12 Zahlen", "--prices: at most 12 numbers",
                "turnus replan", "prices", lists[i]);
    }
    refused(w, RH_EUSAGE, "--price sagt, welchen", "--price says which", "turnus replan", "yes",
            "yes");
    replan("must, 7 7,,0");
    assert_int_equal(item_count(w), 3);
}

/* ---- pins ---- */

static void pins_that_no_plan_can_keep_are_refused(void **state)
{
    static struct starts starts;
    (void)state;
    read_starts("1", &starts);
    rules(RULES "ahlen,blocked,2028-03,,,\nbonn,fixed,2028-04,2028-06,,\n"
                "ahaus,together,,,bocholt,\n");

    refused(w, RH_EUSAGE, "entweder --month 2028-03 oder", "give either --month 2028-03 or",
            "turnus pin", "office", "ahlen", "reason", "r");
    refused(w, RH_EUSAGE, "entweder --month 2028-03 oder", "give either --month 2028-03 or",
            "turnus pin", "office", "ahlen", "month", "2028-03", "to", "2028-04", "reason", "r");
    refused(w, RH_EINVALID, "2028-03 liegt vor 2028-05", "2028-03 is before 2028-05", "turnus pin",
            "office", "ahlen", "from", "2028-05", "to", "2028-03", "reason", "r");
    refused(w, RH_ECONFLICT, "so nicht festzulegen: Stadt Ahlen: die festgelegten Monate fallen",
            "it cannot be fixed like that: Stadt Ahlen", "turnus pin", "office", "ahlen", "month",
            "2028-03", "reason", "r");
    refused(w, RH_ECONFLICT, "liegt außerhalb des Turnus", "it cannot be fixed like that",
            "turnus pin", "office", "ahlen", "month", "2033-03", "reason", "r");
    refused(w, RH_ECONFLICT, "Monat geschlossen", "it cannot be fixed like that", "turnus pin",
            "office", "koeln", "month", "2027-08", "reason", "r");
    refused(w, RH_ECONFLICT, "Stadt Bonn ist schon auf April 2028 bis Juni 2028 festgelegt (Regel",
            "Stadt Bonn is fixed to", "turnus pin", "office", "bonn", "month", "2028-04", "reason",
            "r");
    must(w, "turnus pin", "office", "ahaus", "month", "2029-03", "reason", "r");
    refused(w, RH_ECONFLICT, "haben aber keinen Monat gemeinsam", "it cannot be fixed like that",
            "turnus pin", "office", "bocholt", "month", "2029-04", "reason", "r");
    must(w, "turnus announce", "office", "koeln");
    refused(w, RH_ECONFLICT, "Stadt Köln ist für", "Stadt Köln is announced for", "turnus pin",
            "office", "koeln", "month",
            strcmp(month_in(&starts, "koeln"), "2029-03") == 0 ? "2029-04" : "2029-03", "reason",
            "r");
    must(w, "turnus rule list");
    assert_int_equal(item_count(w), 4); /* nothing half done */
}

static void a_pin_holds_on_a_month_and_on_a_range_until_it_is_dropped(void **state)
{
    static struct starts after;
    (void)state;
    must(w, "turnus pin", "office", "koeln", "month", "2028-03", "reason", "Umzug des Amtes");
    assert_true(says(w, "Stadt Köln ist auf März 2028 festgelegt"));
    must(w, "turnus pin", "office", "koeln", "from", "2028-09", "to", "2028-12", "reason",
         "doch später", "replace", "yes");
    must(w, "turnus pin", "office", "bonn", "month", "2029-03", "reason", "Jubiläum");
    must(w, "turnus rule list", "office", "koeln");
    assert_int_equal(item_count(w), 1);
    assert_string_equal(text_of(item(w, "office", "koeln"), "to"), "2028-12");
    assert_string_equal(text_of(item(w, "office", "koeln"), "pinned_by"), "test");

    rules(RULES "lemgo,prefer,2028-03,,,\n"); /* a file leaves pins alone */
    replan("0,must");
    read_starts(draft_of("must"), &after);
    assert_true(strcmp(month_in(&after, "koeln"), "2028-09") >= 0);
    assert_true(strcmp(month_in(&after, "koeln"), "2028-12") <= 0);
    assert_string_equal(month_in(&after, "bonn"), "2029-03");

    must(w, "turnus unpin", "office", "koeln", "reason", "hat sich erledigt");
    refused(w, RH_ENOTFOUND, "'koeln' ist nicht festgelegt", "'koeln' is not fixed", "turnus unpin",
            "office", "koeln");
    must(w, "event list", "topic", "turnus.unpinned");
    assert_says(text_of(json_array_get(items(w), 0), "after"), "hat sich erledigt");
}

static void a_rule_is_removed_by_its_number(void **state)
{
    char id[24];
    (void)state;
    rules(RULES "lemgo,prefer,2028-03,,,\nahlen,blocked,2028-03,,,\n");
    must(w, "turnus rule list");
    snprintf(id, sizeof(id), "%lld", (long long)member(item(w, "office", "ahlen"), "id"));

    must(w, "turnus rule remove", "id", id);

    must(w, "turnus rule list");
    assert_int_equal(item_count(w), 1);
    assert_null(find_in(items(w), "office", "ahlen"));
    refused(w, RH_ENOTFOUND, "Regel 77 gibt es nicht", "there is no rule 77", "turnus rule remove",
            "id", "77");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(six_offices_lose_their_month_and_only_they_move),
        TEST(a_closed_month_and_pins_elsewhere_move_only_whom_they_must),
        TEST(of_a_month_that_is_too_full_as_many_leave_as_do_not_fit),
        TEST(offices_that_shall_now_start_together_move_one_of_them),
        TEST(a_dearer_move_never_moves_more_offices),
        TEST(done_and_announced_never_move),
        TEST(an_announced_office_that_cannot_stay_is_named),
        TEST(what_is_near_counts_as_announced_until_somebody_withdraws_it),
        TEST(nothing_counts_as_announced_by_itself_when_the_house_says_so),
        TEST(the_published_plan_stays_and_a_stale_curve_gives_no_draft),
        TEST(a_draft_can_be_the_base),
        TEST(faults_of_prices_are_named),
        TEST(pins_that_no_plan_can_keep_are_refused),
        TEST(a_pin_holds_on_a_month_and_on_a_range_until_it_is_dropped),
        TEST(a_rule_is_removed_by_its_number),
    };

    return cmocka_run_group_tests(tests, nrw_make, nrw_remove);
}
