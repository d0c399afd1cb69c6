/*
 * The program itself, as a person or a script calls it: words in, an answer or one sentence out,
 * and the exit status that was promised.
 */
#include "tests/support/program.h"

#include "core/store/store.h"

#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[64], db[96], program_path[512];
static struct program last; /* what the last call said */

static int set_up(void **state)
{
    (void)state;
    snprintf(folder, sizeof(folder), "/tmp/rh-cli-XXXXXX");
    snprintf(program_path, sizeof(program_path), "%s/reihum", getenv("RH_BUILD"));
    setenv("LC_ALL", "de_DE.UTF-8", 1);
    if (!mkdtemp(folder))
        return -1;
    snprintf(db, sizeof(db), "%s/reihum.db", folder);
    return 0;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *where)
{
    (void)st;
    (void)type;
    (void)where;
    return remove(path);
}

static int tear_down(void **state)
{
    (void)state;
    program_free(&last);
    return nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static const char *at(const char *name)
{
    static char paths[4][128];
    static unsigned next;
    char *path = paths[next++ % 4];

    snprintf(path, sizeof(paths[0]), "%s/%s", folder, name);
    return path;
}

static void put_file(const char *path, const char *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

static char *get_file(const char *path, size_t *ret_size)
{
    FILE *file = fopen(path, "rb");
    char *bytes = calloc(1, 1024 * 1024);

    assert_non_null(file);
    *ret_size = fread(bytes, 1, 1024 * 1024 - 1, file);
    fclose(file);
    return bytes;
}

/* Words of a command behind `reihum --db <the test's file>`, with `input` on standard input. */
static int call_with(const char *input, va_list rest)
{
    const char *words[PROGRAM_WORDS] = {program_path, "--db", db};
    int count = 3;

    for (const char *word; (word = va_arg(rest, const char *)) && count < PROGRAM_WORDS - 1;)
        words[count++] = word;
    program_free(&last);
    last = program_run(words, input, input ? strlen(input) : 0);
    return last.status;
}

static int call_(int sentinel, ...)
{
    va_list rest;
    int status;

    va_start(rest, sentinel);
    status = call_with(NULL, rest);
    va_end(rest);
    return status;
}
#define call(...) call_(0, __VA_ARGS__, NULL)

static int feed(const char *input, ...)
{
    va_list rest;
    int status;

    va_start(rest, input);
    status = call_with(input, rest);
    va_end(rest);
    return status;
}

#define assert_has(text, part)                                                                     \
    do {                                                                                           \
        if (!strstr((text), (part)))                                                               \
            fail_msg("'%s' does not say '%s'", (text), (part));                                    \
    } while (0)

/* Done, and nothing to complain about. */
#define done(...)                                                                                  \
    do {                                                                                           \
        if (call(__VA_ARGS__) != 0 || *last.errs)                                                  \
            fail_msg("%d: %s", last.status, last.errs);                                            \
    } while (0)

/* Refused with this status; one sentence on standard error, nothing on standard output. */
#define refused(status_, sentence_, ...)                                                           \
    do {                                                                                           \
        int got_ = call(__VA_ARGS__);                                                              \
        assert_has(last.errs, (sentence_));                                                        \
        assert_int_equal(got_, (status_));                                                         \
        assert_string_equal(last.out, "");                                                         \
        assert_memory_equal(last.errs, "Fehler: ", 8);                                             \
    } while (0)

#define OFFICES "config/nrw/offices.csv"

/* ---- help and version ---- */

static void help_and_version_need_no_database(void **state)
{
    (void)state;

    done("--version");
    assert_string_equal(last.out, "reihum " RH_VERSION "\n");
    done("--help");
    assert_has(last.out, "office import");
    done("turnus", "rule");
    assert_has(last.out, "turnus rule import");
    assert_null(strstr(last.out, "turnus plan"));
    done("round", "create", "--help");
    assert_has(last.out, "Aufruf: reihum round create ROUND --start JJJJ-MM-TT");
    done("--lang", "en", "round", "create", "--help");
    assert_has(last.out, "Usage: reihum round create ROUND --start YYYY-MM-DD");
    done("completion", "bash");
    done("man");
    done("openapi");
    assert_int_not_equal(access(db, F_OK), 0);
}

/* ---- 2: wrong calls ---- */

static void wrong_words_get_the_nearest_right_ones(void **state)
{
    (void)state;

    refused(2, "meinten Sie 'office list'?", "ofice", "list");
    refused(2, "meinten Sie 'turnus rule import'?", "turnus", "rule", "imprt", "x.csv");
    refused(2, "meinten Sie --region?", "office", "list", "--regoin", "LVR");
    refused(2, "meinten Sie 'LVR'?", "office", "list", "--region", "LVA");
    refused(2, "'reihum --help' zeigt alle", "blubb");
    refused(2, "'-x' ist keine Option", "-x");
    refused(2, "Angabe 'office' fehlt\nAufruf: reihum office show OFFICE", "office", "show");
    refused(2, "nach --note fehlt der Wert", "turnus", "plan", "--note", "--seed", "1");
    refused(2, "'zehn' ist keine ganze Zahl", "calendar", "workday", "--days", "zehn");
    refused(2, "--as-of: 'gestern' ist kein Datum", "office", "list", "--as-of", "gestern");
    refused(2, "--csv=word gibt es nicht", "office", "list", "--csv=word");
    refused(2, "'round create' hat keine Tabelle", "round", "create", "2027-2031", "--start",
            "2027-01-01", "--csv");
    done("round", "list");
    assert_string_equal(last.out, "keine Einträge\n"); /* refused before it was done */
}

/* ---- 0, 3, 4, 5 ---- */

static void each_kind_of_trouble_has_its_exit_status(void **state)
{
    (void)state;

    done("office", "import", OFFICES);
    assert_has(last.out, "186 neu, 0 geändert, 0 nicht in der Datei\n");
    refused(3, "Jugendamt 'Landkreis Steinfurth' gibt es nicht", "office", "show",
            "Landkreis Steinfurth");
    refused(3, "die Datei 'kein.csv' gibt es nicht", "office", "import", "kein.csv");
    put_file(at("bad.csv"), "id,name\nx\n", 10);
    refused(4, "bad.csv", "office", "import", at("bad.csv"));
    done("round", "create", "2027-2031", "--start", "2027-01-01");
    refused(5, "den Turnus '2027-2031' gibt es schon", "round", "create", "2027-2031", "--start",
            "2027-01-01");
    refused(6, "nur auf dem eigenen", "serve", "--listen", "0.0.0.0:0");
}

static void errors_are_in_the_language_that_was_asked_for(void **state)
{
    (void)state;

    assert_int_equal(call("--lang", "en", "office", "show", "nowhere"), 3);
    assert_memory_equal(last.errs, "error: office 'nowhere' does not exist", 38);
    setenv("LC_ALL", "en_GB.UTF-8", 1);
    assert_int_equal(call("office", "show", "nowhere"), 3);
    assert_memory_equal(last.errs, "error: ", 7);
    assert_int_equal(call("office", "show", "nowhere", "--lang=de"), 3);
    assert_memory_equal(last.errs, "Fehler: ", 8);
}

/* ---- forms of an answer ---- */

static void an_answer_comes_as_text_csv_excel_or_json(void **state)
{
    size_t size;
    char *bytes;
    (void)state;
    done("office", "import", OFFICES, "--quiet");
    assert_string_equal(last.out, "");

    done("office", "list", "--region", "LVR", "--class", "city-500");
    assert_memory_equal(last.out, "Kennung ", 8);
    done("office", "list", "--csv");
    assert_memory_equal(last.out, "id,name,kind,region,ags,", 24);
    assert_has(last.out, "\r\nlemgo,Stadt Lemgo,city,LWL,05766044,");
    done("office", "list", "--csv=excel");
    assert_memory_equal(last.out, "\xEF\xBB\xBFid;name;kind;", 16);
    assert_has(last.out, ";52,0"); /* decimal comma */
    done("office", "list", "--json");
    assert_memory_equal(last.out, "{\"items\":[{\"id\":", 16);
    done("office", "export"); /* its purpose is its table */
    assert_memory_equal(last.out, "id,name,kind,", 13);
    done("office", "list", "--csv", "--output", at("list.csv"));
    assert_string_equal(last.out, "");
    bytes = get_file(at("list.csv"), &size);
    assert_memory_equal(bytes, "id,name,kind,", 13);
    free(bytes);
}

/* What was exported can be imported again, also by way of Excel. */
static void what_was_exported_comes_back_unchanged(void **state)
{
    (void)state;
    done("office", "import", OFFICES);

    done("office", "export", "--csv=excel", "--output", at("excel.csv"));
    done("office", "import", at("excel.csv"));

    assert_has(last.out, "0 neu, 0 geändert, 0 nicht in der Datei");
}

static void output_goes_behind_links_and_into_devices(void **state)
{
    struct stat st;
    (void)state;
    put_file(at("real.csv"), "old", 3);
    assert_int_equal(chmod(at("real.csv"), 0600), 0);
    assert_int_equal(symlink(at("real.csv"), at("link.csv")), 0);

    done("round", "list", "--csv", "--output", at("link.csv"));
    assert_int_equal(lstat(at("link.csv"), &st), 0);
    assert_true(S_ISLNK(st.st_mode));
    assert_int_equal(stat(at("real.csv"), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_true(st.st_size > 3);
    done("round", "list", "--csv", "--output", "/dev/stdout");
    assert_has(last.out, "id,first_month");
    assert_int_equal(stat("/dev/full", &st), 0);
    refused(1, "'/dev/full' lässt sich nicht schreiben", "round", "list", "--output", "/dev/full");
    assert_int_equal(stat("/dev/full", &st), 0);
    assert_true(S_ISCHR(st.st_mode));
    refused(1, "lässt sich nicht schreiben", "round", "list", "--output", at("no/such/folder.csv"));
}

static void a_file_may_come_from_standard_input(void **state)
{
    size_t size;
    char *bytes = get_file(OFFICES, &size);
    (void)state;

    assert_int_equal(feed(bytes, "office", "import", "-", NULL), 0);
    assert_has(last.out, "186 neu");
    free(bytes);
    assert_int_equal(feed("id,name\n", "office", "import", "-", NULL), 4);
    assert_has(last.errs, "Fehler: -, Zeile 1: die Spalte 'kind' fehlt");
}

static void a_folder_comes_out_and_goes_in(void **state)
{
    char bundle[128], lottery[160];
    (void)state;
    done("office", "import", OFFICES);
    done("pilot", "open", "klein", "--places", "1");
    assert_int_equal(feed("office,committed\nlemgo,ja\nahaus,ja\n", "pilot", "import", "-", NULL),
                     0);
    done("pilot", "freeze", "--by", "A", "--source", "B");
    done("pilot", "confirm", "--seed", "1", "--by", "A");
    done("pilot", "draw", "--seed", "1", "--by", "B");
    snprintf(bundle, sizeof(bundle), "%s/bundle", folder);
    snprintf(lottery, sizeof(lottery), "%s/lottery.txt", bundle);

    done("pilot", "bundle", "--output", bundle);
    done("pilot", "verify", bundle);
    assert_has(last.out, "alles stimmt: 2 Bewerbungen, 1000 Zusammensetzungen");

    put_file(lottery, "3\n", 2);
    refused(4, "lottery.txt, Zeile 1: hier wurde etwas verändert", "pilot", "verify", "--bundle",
            bundle);
}

static void what_needs_no_database_leaves_none(void **state)
{
    (void)state;
    put_file(at("c.csv"), "category,feature,min,max\na,x,1,1\na,y,0,1\n", 41);
    put_file(at("r.csv"), "a\nx\nx\ny\n", 8);

    done("pilot", "chances", "--categories", at("c.csv"), "--respondents", at("r.csv"), "--places",
         "1", "--json");
    assert_has(last.out, "\"probability\":\"1/2\"");
    assert_int_not_equal(access(db, F_OK), 0);
}

static void a_dry_run_changes_nothing(void **state)
{
    (void)state;

    done("office", "import", OFFICES, "--dry-run");
    assert_has(last.out, "186 neu");
    done("office", "list");
    assert_string_equal(last.out, "keine Einträge\n");
}

/* ---- 1: the machine and its files ---- */

static void a_damaged_file_is_named_and_left_alone(void **state)
{
    static const char garbage[] =
        "this is not a database, but somebody's letter to a friend ......";
    size_t size;
    char *bytes;
    (void)state;
    put_file(db, garbage, sizeof(garbage));

    refused(1, "ist keine Datenbankdatei", "office", "list");
    refused(1, "ist keine Datenbankdatei", "office", "import", OFFICES);

    bytes = get_file(db, &size);
    assert_int_equal(size, sizeof(garbage));
    assert_memory_equal(bytes, garbage, size);
    free(bytes);
}

static void a_torn_file_is_a_sentence_and_no_crash(void **state)
{
    size_t size;
    char *bytes;
    (void)state;
    done("office", "import", OFFICES);
    bytes = get_file(db, &size);
    memset(bytes + 4096, 0xA5, 8192); /* two pages in the middle */
    put_file(db, bytes, size);
    free(bytes);

    assert_true(call("office", "list") == 1);
    assert_memory_equal(last.errs, "Fehler: ", 8);
}

static void a_missing_folder_is_named(void **state)
{
    (void)state;
    snprintf(db, sizeof(db), "%s/none/reihum.db", folder);

    refused(3, "gibt es nicht", "office", "list");
    assert_int_equal(call("--config", at("none.conf"), "office", "list"), 3);
    assert_has(last.errs, "none.conf");
}

static void a_folder_that_cannot_be_written_is_named(void **state)
{
    (void)state;
    if (geteuid() == 0)
        skip(); /* nothing is forbidden to root */
    assert_int_equal(chmod(folder, 0500), 0);

    assert_int_equal(call("office", "list"), 1);

    assert_has(last.errs, folder);
    assert_int_equal(chmod(folder, 0700), 0);
}

/* 7: somebody has the file and does not answer. */
static void a_silent_owner_of_the_file_is_named(void **state)
{
    struct rh_store_options options = {.path = db};
    struct rh_store *store;
    struct rh_err err = {0};
    (void)state;
    assert_int_equal(rh_store_open(&options, &store, &err), 0);

    refused(7, "antwortet nicht", "office", "list");

    rh_store_close(store);
}

/* ---- a server owns the file ---- */

static pid_t server;
static int server_out;
static char server_words[256]; /* what it said when it was ready */

static void start_server(void)
{
    const char *const words[] = {program_path, "--db",        db,  "serve",
                                 "--listen",   "127.0.0.1:0", NULL};
    size_t length = 0;
    ssize_t got = 1;

    server = program_start(words, &server_out);
    while (got > 0 && length + 1 < sizeof(server_words) && !memchr(server_words, '\n', length)) {
        got = read(server_out, server_words + length, sizeof(server_words) - 1 - length);
        length += got > 0 ? (size_t)got : 0;
    }
    server_words[length] = '\0';
    assert_has(server_words, "http://127.0.0.1:");
}

static void stop_server(void)
{
    assert_int_equal(kill(server, SIGTERM), 0);
    assert_int_equal(program_wait(server), 0);
    close(server_out);
}

static void while_a_server_runs_the_same_words_go_to_it(void **state)
{
    (void)state;
    start_server();

    done("office", "import", OFFICES);
    assert_has(last.out, "186 neu, 0 geändert");
    done("office", "list", "--csv", "--region", "LVR");
    assert_memory_equal(last.out, "id,name,kind,", 13);
    done("holiday", "import", "config/nrw/school-holidays.csv");
    done("round", "create", "2027-2031", "--start", "2027-01-01");
    refused(5, "gibt es schon", "round", "create", "2027-2031", "--start", "2027-01-01");
    refused(3, "'kreis-steinfurt'", "office", "show", "Landkreis Steinfurth");
    refused(2, "meinten Sie 'LVR'?", "office", "list", "--region", "LVA");
    put_file(at("bad.csv"), "office,start_month\nlemgo,2024-13\n", 33);
    refused(4, "bad.csv, Zeile 2, Spalte 'start_month'", "procedure", "import", at("bad.csv"));
    assert_int_equal(call("--lang", "en", "office", "show", "nowhere"), 3);
    assert_memory_equal(last.errs, "error: office 'nowhere'", 23);
    done("--as-of", "2027-05-20", "calendar", "workday", "--days", "10");
    assert_memory_equal(last.out, "2027-06-04 ", 11);
    done("turnus", "plan", "--seed", "1", "--steps", "3000");
    assert_has(last.out, "Plan 1 (Entwurf): 186 Ämter");
    done("turnus", "export");
    assert_memory_equal(last.out, "office,name,region,kind,size_class,start_month,previous,", 56);
    done("server", "status");

    stop_server();
    done("round", "list", "--csv"); /* what it did is in the file */
    assert_has(last.out, "2027-2031");
}

static void a_file_has_one_server_and_a_port_too(void **state)
{
    const char *colon;
    char port[32];
    (void)state;
    start_server();
    colon = strrchr(server_words, ':');
    snprintf(port, sizeof(port), "127.0.0.1:%d", (int)strtol(colon + 1, NULL, 10));

    assert_int_equal(call("serve", "--listen", "127.0.0.1:0"), 1);
    assert_memory_equal(last.errs, "Fehler: ", 8);
    snprintf(db, sizeof(db), "%s/other.db", folder);
    assert_int_equal(call("serve", "--listen", port), 1);
    assert_memory_equal(last.errs, "Fehler: ", 8);
    assert_has(last.errs, port + 10);

    snprintf(db, sizeof(db), "%s/reihum.db", folder);
    stop_server();
}

/* A server that was killed leaves a socket behind, and nobody who answers. */
static void a_killed_server_is_no_obstacle(void **state)
{
    (void)state;
    start_server();
    done("office", "import", OFFICES);

    assert_int_equal(kill(server, SIGKILL), 0);
    assert_int_equal(program_wait(server), 128 + SIGKILL);
    close(server_out);

    done("office", "list", "--csv");
    assert_has(last.out, "\r\nlemgo,");
    start_server();
    stop_server();
}

/* ---- output of exports and plans ---- */

static void a_plan_from_an_empty_folder_takes_six_commands(void **state)
{
    (void)state;

    done("office", "import", OFFICES);
    done("holiday", "import", "config/nrw/school-holidays.csv");
    done("procedure", "import", "config/nrw/pilots-2024.csv");
    done("round", "create", "2027-2031", "--start", "2027-01-01", "--years", "5");
    done("turnus", "plan", "--round", "2027-2031", "--seed", "1", "--steps", "150000", "--json");
    assert_has(last.out, "\"deviations\":[]");
    assert_has(last.out, "\"objective\":");
    assert_has(last.out, "\"bound\":");
    assert_has(last.out, "\"gap\":");
    assert_has(last.out, "\"proven\":");
    done("turnus", "publish");
    done("turnus", "explain", "--office", "lemgo");
    assert_has(last.out, "Stadt Lemgo beginnt im ");
    done("turnus", "show");
    assert_has(last.out, "keine Abweichung von den Anteilen");
}

/* With so many neighbours a plan cannot be proven the best, so planning goes on until its limit. */
static const char hard_to_prove[] = "plugin turnus {\n    neighbour_km = 100\n}\n";

/* From then on Ctrl-C is for the program to answer (proc(5): the mask of signals that are caught).
 */
static void wait_until_it_listens_to_ctrl_c(pid_t id)
{
    char path[64], line[256];
    unsigned long long caught = 0;

    snprintf(path, sizeof(path), "/proc/%d/status", (int)id);
    for (int tries = 0; tries < 6000 && !(caught & 1ULL << (SIGINT - 1)); tries++) {
        FILE *status = fopen(path, "r");

        assert_non_null(status);
        while (fgets(line, sizeof(line), status))
            if (strncmp(line, "SigCgt:", 7) == 0)
                caught = strtoull(line + 7, NULL, 16);
        fclose(status);
        usleep(10000);
    }
    assert_true(caught & 1ULL << (SIGINT - 1));
}

/* Ctrl-C a moment after a long plan was begun. */
static void interrupt_a_plan(const char *config)
{
    const char *const words[] = {program_path, "--db",         db,       "--config", config,
                                 "turnus",     "plan",         "--seed", "2",        "--steps",
                                 "900000000",  "--time-limit", "100",    NULL};
    char byte;
    int out;
    pid_t id = program_start(words, &out);

    wait_until_it_listens_to_ctrl_c(id);
    usleep(1000 * 1000); /* nothing tells from outside that it plans by now */
    assert_int_equal(kill(id, SIGINT), 0);
    assert_int_equal(program_wait(id), 5);
    assert_int_equal(read(out, &byte, 1), 0); /* no answer */
    close(out);
}

static void ctrl_c_cancels_a_plan_and_leaves_the_published_one(void **state)
{
    const char *config = at("hard.conf");
    const char *const serve[] = {program_path, "--db",        db,  "--config", config, "serve",
                                 "--listen",   "127.0.0.1:0", NULL};
    char *before;

    (void)state;
    put_file(config, hard_to_prove, sizeof(hard_to_prove) - 1);
    done("office", "import", OFFICES);
    done("holiday", "import", "config/nrw/school-holidays.csv");
    done("round", "create", "2027-2031", "--start", "2027-01-01", "--years", "5");
    done("turnus", "plan", "--seed", "1", "--steps", "3000");
    done("turnus", "publish");
    done("turnus", "export");
    before = strdup(last.out);
    assert_non_null(before);

    interrupt_a_plan(config);
    done("turnus", "export");
    assert_string_equal(last.out, before);

    server = program_start(serve, &server_out);
    assert_true(read(server_out, server_words, sizeof(server_words)) > 0); /* it is ready */
    interrupt_a_plan(config);
    done("turnus", "export");
    assert_string_equal(last.out, before);
    stop_server();
    free(before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(help_and_version_need_no_database),
        TEST(ctrl_c_cancels_a_plan_and_leaves_the_published_one),
        TEST(wrong_words_get_the_nearest_right_ones),
        TEST(each_kind_of_trouble_has_its_exit_status),
        TEST(errors_are_in_the_language_that_was_asked_for),
        TEST(an_answer_comes_as_text_csv_excel_or_json),
        TEST(what_was_exported_comes_back_unchanged),
        TEST(output_goes_behind_links_and_into_devices),
        TEST(a_file_may_come_from_standard_input),
        TEST(a_folder_comes_out_and_goes_in),
        TEST(what_needs_no_database_leaves_none),
        TEST(a_dry_run_changes_nothing),
        TEST(a_damaged_file_is_named_and_left_alone),
        TEST(a_torn_file_is_a_sentence_and_no_crash),
        TEST(a_missing_folder_is_named),
        TEST(a_folder_that_cannot_be_written_is_named),
        TEST(a_silent_owner_of_the_file_is_named),
        TEST(while_a_server_runs_the_same_words_go_to_it),
        TEST(a_file_has_one_server_and_a_port_too),
        TEST(a_killed_server_is_no_obstacle),
        TEST(a_plan_from_an_empty_folder_takes_six_commands),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
