/* reihum/call.h: tables from offices and the calendar, as an operation sees them. */
#include "world.h"

static const struct rh_schema_step steps[] = {
    {"core", 1, "calendar",
     "CREATE TABLE closing_day (id INTEGER PRIMARY KEY, office TEXT, day TEXT, rule TEXT,"
     " note TEXT) STRICT;"
     "CREATE TABLE school_holiday (name TEXT NOT NULL, first_day TEXT NOT NULL,"
     " last_day TEXT NOT NULL) STRICT;"
     "INSERT INTO school_holiday VALUES ('Weihnachtsferien', '2026-12-23', '2027-01-06'),"
     " ('Osterferien', '2027-03-22', '2027-04-03'),"
     " ('Sommerferien', '2027-07-19', '2027-08-31');"
     "INSERT INTO closing_day (office, rule, note) VALUES ('koeln', 'easter-48', 'Rosenmontag');"
     "INSERT INTO closing_day (office, day, note) VALUES (NULL, '2027-05-28', 'Betriebsausflug');"
     "CREATE TABLE thing (name TEXT) STRICT;"},
    {"demo", 1, "nothing", "CREATE TABLE demo_thing (name TEXT) STRICT;"},
};

/* --- an import --- */

enum { NAME, SIZE, SHARE, DAY, MONTH, KEY, COLUMNS };
static const struct rh_csv_column columns[COLUMNS] = {
    [NAME] = {"name", "Bezeichnung", 1, 0}, [SIZE] = {"size", "Größe", 0, 0},
    [SHARE] = {"share", "Anteil", 0, 0},    [DAY] = {"day", "Tag", 0, 0},
    [MONTH] = {"month", "Monat", 0, 0},     [KEY] = {"key", "AGS", 0, 0},
};

static int32_t import(struct rh_call *call)
{
    struct rh_csv_in *csv;
    int32_t rc = rh_csv_open(call, "file", columns, COLUMNS, &csv);

    if (rc < 0)
        return rc;
    rh_out_array(call, "items");
    while ((rc = rh_csv_next(call, csv)) == 1) {
        int64_t size = -1;
        double share = -1;
        int32_t day = RH_NO_DAY, month = RH_NO_MONTH;
        const char *key = NULL;

        if (!rh_csv_text(call, csv, NAME))
            rh_csv_fault(call, csv, NAME, "der Name fehlt in Zeile %d", "the name lacks in line %d",
                         rh_csv_line(call, csv));
        else if (strcmp(rh_csv_text(call, csv, NAME), "Fremd") == 0) {
            (void)rh_fail(call, RH_ENOTFOUND, "gibt es nicht", "does not exist");
            rh_csv_last_error(call, csv, NAME);
        }
        rh_out_object(call, NULL);
        rh_out_text(call, "name", rh_csv_text(call, csv, NAME));
        rh_out_int(call, "size_rc", rh_csv_int(call, csv, SIZE, 0, 100, &size) < 0);
        rh_out_int(call, "size", size);
        if (rh_csv_real(call, csv, SHARE, 0, 1, &share) == 1)
            rh_out_real(call, "share", share);
        if (rh_csv_day(call, csv, DAY, &day) == 1)
            rh_out_text(call, "day", rh_day_text(call, day));
        if (rh_csv_month(call, csv, MONTH, &month) == 1)
            rh_out_text(call, "month", rh_month_text(call, month));
        if (rh_csv_ags(call, csv, KEY, 8, &key) == 1)
            rh_out_text(call, "key", key);
        rh_out_end(call);
        if (rh_exec(call, "INSERT INTO thing VALUES (?1)", "s", rh_csv_text(call, csv, NAME)) < 0)
            return RH_EFAILED;
    }
    rh_out_end(call);
    return rc < 0 ? rc : rh_csv_finish(call, csv);
}

/* --- questions to the calendar --- */

static int32_t ask(struct rh_call *call)
{
    struct rh_calendar *calendar, *again;
    struct rh_month_info info = {.size = sizeof(info)};
    const char *reason;
    int32_t day, month;

    if (rh_calendar_open(call, rh_param_text(call, "office"), &calendar) < 0 ||
        rh_calendar_open(call, rh_param_text(call, "office"), &again) < 0)
        return RH_EFAILED;
    rh_out_flag(call, "same", calendar == again);
    if (rh_month_parse(call, rh_param_text(call, "month"), &month) < 0 ||
        rh_calendar_month(call, calendar, month, &info) < 0 ||
        rh_day_parse(call, "07.02.2027", &day) < 0)
        return RH_EFAILED;
    rh_out_int(call, "workdays", info.workdays);
    rh_out_int(call, "outside_school", info.workdays_outside_school);
    rh_out_int(call, "unknown", info.school_unknown);
    rh_out_int(call, "workday", rh_calendar_is_workday(call, calendar, day + 1));
    if (rh_calendar_add(call, calendar, day, 1, &day, &reason) < 0)
        return RH_EFAILED;
    rh_out_text(call, "next", rh_day_text(call, day));
    rh_out_text(call, "reason", reason);
    return 0;
}

static int32_t ask_for_the_end_of_time(struct rh_call *call)
{
    struct rh_calendar *calendar;

    if (rh_calendar_open(call, NULL, &calendar) < 0)
        return RH_EFAILED;
    return rh_calendar_is_workday(call, calendar, 1000000);
}

/* What was just written counts. */
static int32_t close_and_ask(struct rh_call *call)
{
    struct rh_calendar *calendar;
    int32_t before, day;

    if (rh_day_parse(call, "2027-02-10", &day) < 0 || rh_calendar_open(call, NULL, &calendar) < 0)
        return RH_EFAILED;
    before = rh_calendar_is_workday(call, calendar, day);
    if (rh_exec(call, "INSERT INTO closing_day (day) VALUES ('2027-02-10')", "") < 0 ||
        rh_calendar_open(call, NULL, &calendar) < 0)
        return RH_EFAILED;
    rh_out_int(call, "before", before);
    rh_out_int(call, "after", rh_calendar_is_workday(call, calendar, day));
    return 0;
}

static int32_t forget_schools(struct rh_call *call)
{
    struct rh_month_info info = {.size = sizeof(info)};
    struct rh_calendar *calendar;

    if (rh_exec(call, "DELETE FROM school_holiday", "") < 0 ||
        rh_exec(call, "DELETE FROM closing_day", "") < 0 ||
        rh_calendar_open(call, NULL, &calendar) < 0 ||
        rh_calendar_month(call, calendar, 2027 * 12 + 6, &info) < 0)
        return RH_EFAILED;
    rh_out_int(call, "workdays", info.workdays_outside_school);
    rh_out_int(call, "unknown", info.school_unknown);
    return 0;
}

static int32_t close_badly(struct rh_call *call)
{
    struct rh_calendar *calendar;

    if (rh_exec(call, "INSERT INTO closing_day (rule) VALUES ('whenever')", "") < 0)
        return RH_EFAILED;
    return rh_calendar_open(call, NULL, &calendar);
}

/* --- the clock on the wall --- */

static int32_t ask_the_wall(struct rh_call *call)
{
    int32_t day, minute = -1;
    int64_t utc = 0;
    int32_t rc;

    if (rh_day_parse(call, rh_param_text(call, "day"), &day) < 0)
        return RH_EFAILED;
    rc = rh_zone_instant_in(call, day, (int32_t)rh_param_int(call, "minute"), &utc);
    if (rc < 0)
        return rc;
    rh_out_int(call, "twice", rc);
    rh_out_int(call, "utc", utc);
    if (rh_zone_local_in(call, utc + 59, &day, &minute) < 0)
        return RH_EFAILED;
    rh_out_text(call, "day", rh_day_text(call, day));
    rh_out_int(call, "minute", minute);
    return rh_zone_local_in(call, INT64_MAX, &day, &minute) == RH_EINVALID ? (rh_forget(call), 0)
                                                                           : RH_EFAILED;
}

static int32_t add_job(struct rh_call *call)
{
    int32_t rc = rh_job_add(call, "demo.work", "a", "{}", rh_now_utc(call) + 60);

    return rc < 0 ? rc : rh_job_add(call, "demo.work", "a", "{}", rh_now_utc(call));
}

static int32_t work(struct rh_call *call, const char *key, const char *payload)
{
    (void)call;
    (void)key;
    (void)payload;
    return 0;
}

/* Three things, two places with room for two: one has to give way nowhere. */
static int32_t plan(struct rh_call *call)
{
    static const uint8_t allowed[6] = {1, 1, 1, 1, 1, 1};
    static const int32_t left[1] = {0}, right[1] = {1};
    static const struct rh_solve_count room[2] = {
        {.slots = left, .slot_count = 1, .max = 2, .rule = 0, .price = 1},
        {.slots = right, .slot_count = 1, .max = 2, .rule = 0, .price = 1}};
    struct rh_solve_problem problem = {.size = sizeof(problem),
                                       .item_count = 3,
                                       .slot_count = 2,
                                       .rule_count = 1,
                                       .allowed = allowed,
                                       .counts = room,
                                       .count_count = 2};
    int32_t slot[3] = {-1, -1, -1}, crowded[3] = {0, 0, 0};
    int64_t rule_value[1] = {-1};
    struct rh_solve_result result = {
        .size = sizeof(result), .slot = slot, .rule_value = rule_value};
    struct rh_solve_options options = {.size = sizeof(options), .seed = 1, .step_limit = 1000};

    if (rh_solve_in(call, &problem, &options, &result) < 0)
        return RH_EFAILED;
    rh_out_int(call, "hard", result.value[RH_SOLVE_HARD]);
    rh_out_int(call, "sum", slot[0] + slot[1] + slot[2]);
    if (rh_solve_check_in(call, &problem, crowded, &result) < 0)
        return RH_EFAILED;
    rh_out_int(call, "crowded", result.value[RH_SOLVE_HARD]);
    return 0;
}

static const struct rh_param file[] = {
    {.name = "file", .type = RH_TYPE_FILE, .flags = RH_PARAM_REQUIRED, .help = HELP}};
static const struct rh_param question[] = {
    {.name = "office", .type = RH_TYPE_TEXT, .help = HELP},
    {.name = "month", .type = RH_TYPE_TEXT, .fallback = "2027-03", .help = HELP}};
static const struct rh_param wall[] = {
    {.name = "day", .type = RH_TYPE_TEXT, .fallback = "2027-01-15", .help = HELP},
    {.name = "minute", .type = RH_TYPE_INT, .fallback = "0", .help = HELP}};
static const struct rh_operation operations[] = {
    {.name = "thing import",
     .kind = RH_WRITE,
     .help = HELP,
     .params = RH_ROWS(file),
     .run = import},
    {.name = "calendar ask",
     .kind = RH_READ,
     .help = HELP,
     .params = RH_ROWS(question),
     .run = ask},
    {.name = "calendar end", .kind = RH_READ, .help = HELP, .run = ask_for_the_end_of_time},
    {.name = "calendar close", .kind = RH_WRITE, .help = HELP, .run = close_and_ask},
    {.name = "calendar forget", .kind = RH_WRITE, .help = HELP, .run = forget_schools},
    {.name = "calendar spoil", .kind = RH_WRITE, .help = HELP, .run = close_badly},
    {.name = "wall ask",
     .kind = RH_READ,
     .help = HELP,
     .params = RH_ROWS(wall),
     .run = ask_the_wall},
    {.name = "plan make", .kind = RH_COMPUTE, .help = HELP, .run = plan},
    {.name = "plan badly", .kind = RH_WRITE, .help = HELP, .run = plan},
    {.name = "job add", .kind = RH_WRITE, .help = HELP, .run = add_job},
};
static const struct rh_job_kind jobs[] = {{.kind = "demo.work", .max_attempts = 3, .run = work}};
static const struct rh_plugin plugin = {
    .name = "demo", .operations = RH_ROWS(operations), .jobs = RH_ROWS(jobs)};
static struct rh_module module = {.plugin = &plugin};

static int setup(void **state)
{
    struct world *w = world_new(steps, 2, NULL);

    world_add(w, &module);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    world_free(*state);
    return 0;
}

static const struct rh_answer *import_bytes(struct world *w, const char *bytes)
{
    const struct rh_argument argument = {
        .name = "file", .value = "things.csv", .bytes = bytes, .size = strlen(bytes)};

    return world_call(w, "thing import", &argument, 1, NULL);
}

static void a_table_is_read_as_excel_writes_it(void **state)
{
    struct world *w = *state;

    assert_json(import_bytes(w, "sep=;\r\nBezeichnung;Gr\xf6\xdf"
                                "e;Anteil;Tag;Monat;AGS\r\n"
                                "D\xfcren;12;0,5;27.05.2027;M\xe4rz 2028;5358008\r\n"
                                "Lemgo;;;;;\r\n"),
                "{\"items\":[{\"name\":\"Düren\",\"size_rc\":0,\"size\":12,\"share\":0.5,"
                "\"day\":\"2027-05-27\",\"month\":\"2028-03\",\"key\":\"05358008\"},"
                "{\"name\":\"Lemgo\",\"size_rc\":0,\"size\":-1}],"
                "\"messages\":[\"things.csv: read as Windows-1252, because it is not UTF-8\","
                "\"things.csv, line 3, column 'AGS': leading zero added: 05358008\"]}");
    assert_int_equal(world_number(w, "SELECT count(*) FROM thing"), 2);
}

static void every_fault_of_a_table_is_named_at_once_and_nothing_kept(void **state)
{
    struct world *w = *state;
    const struct rh_answer *answer = import_bytes(w, "name,size,key\n"
                                                     "Lemgo,200,05766044\n"
                                                     ",1,\n"
                                                     "Ahaus,many,05554\n"
                                                     "Fremd,1,\n");

    assert_refused(answer, RH_EINVALID, "things.csv, line 2, column 'size': ");
    assert_refused(answer, RH_EINVALID, "line 3, column 'name': the name lacks in line 3");
    assert_refused(answer, RH_EINVALID, "line 4, column 'size': ");
    assert_refused(answer, RH_EINVALID,
                   "line 4, column 'key': '05554' has 5 digits, the official key has 8 here");
    assert_refused(answer, RH_EINVALID, "line 5, column 'name': does not exist");
    assert_non_null(strstr(answer->err.text[RH_DE], "Zeile 5, Spalte 'name': gibt es nicht"));
    assert_int_equal(world_number(w, "SELECT count(*) FROM thing"), 0);
}

static void a_missing_column_is_named(void **state)
{
    struct world *w = *state;

    assert_refused(import_bytes(w, "size\n1\n"), RH_EINVALID, "'name'");
}

static void the_calendar_knows_the_land_its_schools_and_the_office(void **state)
{
    struct world *w = *state;

    assert_json(world_call_with(w, "calendar ask", "office", "koeln"),
                "{\"same\":true,\"workdays\":21,\"outside_school\":15,\"unknown\":0,\"workday\":0,"
                "\"next\":\"2027-02-09\",\"reason\":\"1 working day, minus Rosenmontag (8 February "
                "2027)\"}");
    assert_json(world_call_with(w, "calendar ask", "office", "muenster"),
                "{\"same\":true,\"workdays\":21,\"outside_school\":15,\"unknown\":0,\"workday\":1,"
                "\"next\":\"2027-02-08\",\"reason\":\"1 working day\"}");
}

static void closing_days_of_all_offices_count_for_each(void **state)
{
    struct world *w = *state;
    const struct rh_answer *answer = world_call_with(w, "calendar ask", "month", "2027-05");

    /* 21 weekdays, minus Ascension, Whit Monday, Corpus Christi and the works outing */
    assert_non_null(strstr(answer->json, "\"workdays\":17"));
}

static void months_beyond_the_published_holidays_are_unknown(void **state)
{
    struct world *w = *state;
    const struct rh_answer *answer = world_call_with(w, "calendar ask", "month", "2029-03");

    assert_non_null(strstr(answer->json, "\"unknown\":1"));
}

static void without_any_holidays_all_of_them_are_unknown(void **state)
{
    struct world *w = *state;

    assert_json(world_call_with(w, "calendar forget", NULL, NULL),
                "{\"workdays\":22,\"unknown\":1}");
}

static void the_calendar_says_where_it_ends(void **state)
{
    struct world *w = *state;

    assert_refused(world_call_with(w, "calendar end", NULL, NULL), RH_EINVALID, "1991 to 2199");
    assert_refused(world_call_with(w, "calendar ask", "month", "soon"), RH_EINVALID, "'soon'");
}

static void a_writing_operation_sees_the_closing_day_it_just_wrote(void **state)
{
    struct world *w = *state;

    assert_json(world_call_with(w, "calendar close", NULL, NULL), "{\"before\":1,\"after\":0}");
    assert_refused(world_call_with(w, "calendar spoil", NULL, NULL), RH_EINVALID, "closing day: ");
}

static const struct rh_answer *ask_wall(struct world *w, const char *day, const char *minute)
{
    const struct rh_argument arguments[] = {{.name = "day", .value = day},
                                            {.name = "minute", .value = minute}};

    return world_call(w, "wall ask", arguments, 2, NULL);
}

static void a_time_on_the_wall_is_an_instant_or_two_or_none(void **state)
{
    struct world *w = *state;

    assert_json(ask_wall(w, "2027-01-15", "540"),
                "{\"twice\":0,\"utc\":1800000000,\"day\":\"2027-01-15\",\"minute\":540}");
    assert_json(ask_wall(w, "2027-10-31", "150"),
                "{\"twice\":1,\"utc\":1824942600,\"day\":\"2027-10-31\",\"minute\":150}");
    assert_json(ask_wall(w, "2027-03-28", "1440"),
                "{\"twice\":0,\"utc\":1806271200,\"day\":\"2027-03-29\",\"minute\":0}");
    assert_refused(ask_wall(w, "2027-03-28", "150"), RH_EINVALID,
                   "2027-03-28, 02:30: this time does not exist");
    assert_refused(ask_wall(w, "2027-03-28", "1441"), RH_EINVALID, "there is no such time");
    assert_refused(ask_wall(w, "2027-03-28", "-1"), RH_EINVALID, "there is no such time");
}

static void a_job_is_there_once(void **state)
{
    struct world *w = *state;

    assert_json(world_call_with(w, "job add", NULL, NULL), "{}");

    assert_int_equal(world_number(w,
                                  "SELECT count(*) FROM job WHERE module = 'demo' AND kind = "
                                  "'demo.work' AND run_at_utc = 1800000060 AND max_attempts = 3"),
                     1);
}

static int32_t stop(void *context, int64_t done, int64_t total, const char *what)
{
    (void)context;
    (void)done;
    (void)total;
    assert_true(strlen(what) > 0);
    return 1;
}

static int32_t remember(void *context, int64_t done, int64_t total, const char *what)
{
    (void)done;
    (void)total;
    snprintf(context, 128, "%s", what);
    return 0;
}

static void who_waits_for_a_plan_sees_how_good_it_is(void **state)
{
    struct world *w = *state;
    char what[128] = "";
    struct rh_invoke_options options = {.lang = RH_DE,
                                        .actor = "t",
                                        .as_of = RH_NO_DAY,
                                        .progress = remember,
                                        .progress_context = what};

    assert_int_equal(world_call(w, "plan make", NULL, 0, &options)->code, 0);
    assert_non_null(strstr(what, ": bester 0, Schranke 0, Lücke 0 %"));
    options.lang = RH_EN;
    assert_int_equal(world_call(w, "plan make", NULL, 0, &options)->code, 0);
    assert_non_null(strstr(what, ": best 0, bound 0, gap 0 %"));
}

static void plans_are_made_beside_the_writers_and_can_be_stopped(void **state)
{
    struct world *w = *state;
    const struct rh_invoke_options stopped = {
        .lang = RH_EN, .actor = "t", .as_of = RH_NO_DAY, .progress = stop};
    const struct rh_answer *answer = world_call_with(w, "plan make", NULL, NULL);

    assert_int_equal(answer->code, 0);
    assert_non_null(strstr(answer->json, "{\"hard\":0,\"sum\":"));
    assert_non_null(strstr(answer->json, "\"crowded\":1}"));
    assert_refused(world_call_with(w, "plan badly", NULL, NULL), RH_EFAILED, "or all writers wait");
    assert_refused(world_call(w, "plan make", NULL, 0, &stopped), RH_ECANCELLED, "was cancelled");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_table_is_read_as_excel_writes_it),
        TEST(who_waits_for_a_plan_sees_how_good_it_is),
        TEST(every_fault_of_a_table_is_named_at_once_and_nothing_kept),
        TEST(a_missing_column_is_named),
        TEST(the_calendar_knows_the_land_its_schools_and_the_office),
        TEST(closing_days_of_all_offices_count_for_each),
        TEST(months_beyond_the_published_holidays_are_unknown),
        TEST(without_any_holidays_all_of_them_are_unknown),
        TEST(the_calendar_says_where_it_ends),
        TEST(a_writing_operation_sees_the_closing_day_it_just_wrote),
        TEST(a_time_on_the_wall_is_an_instant_or_two_or_none),
        TEST(a_job_is_there_once),
        TEST(plans_are_made_beside_the_writers_and_can_be_stopped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
