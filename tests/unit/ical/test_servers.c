/* Radicale and Xandikos, started here on loopback, store every kind of object and give it back;
 * what comes back is read by others as it was meant. One curl each way, without "Expect": neither
 * server answers to it, and curl waits a second for each object. */
#include "expected.h"
#include "tests/support/loopback.h"
#include "tests/support/program.h"

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

struct servers {
    char folder[64], given[80], config[120], address[80], requests[120];
    char stored[2][80]; /* what came back; "" while nothing did */
    struct example *examples;
    size_t count;
    pid_t id;
    int out; /* of the server; it stops when nobody takes what it prints */
};

static void make_folder(char *path, size_t size, const char *in, const char *name)
{
    (void)snprintf(path, size, "%s/%s", in, name);
    assert_int_equal(mkdir(path, 0700), 0);
}

static int setup(void **state)
{
    static struct servers s = {.folder = "/tmp/reihum-caldav-XXXXXX"};

    assert_non_null(mkdtemp(s.folder));
    make_folder(s.given, sizeof(s.given), s.folder, "given");
    (void)snprintf(s.config, sizeof(s.config), "%s/config", s.folder);
    (void)snprintf(s.requests, sizeof(s.requests), "%s/requests", s.folder);
    s.examples = make_examples(&s.count);
    write_examples(s.given, s.examples, s.count);
    *state = &s;
    return 0;
}

static int stop(void **state)
{
    struct servers *s = *state;

    if (s->id > 0) {
        (void)kill(s->id, SIGTERM);
        (void)program_wait(s->id);
        (void)close(s->out);
    }
    s->id = 0;
    return 0;
}

static int teardown(void **state)
{
    struct servers *s = *state;
    const char *words[] = {"rm", "-r", s->folder, NULL};
    struct program gone = program_run(words, NULL, 0);

    program_free(&gone);
    free_examples(s->examples, s->count);
    return 0;
}

/* Every request of the file, one after another; each answers with one of the codes. */
static void ask(struct servers *s, const char *codes)
{
    const char *words[] = {"curl", "--silent", "--show-error", "--noproxy",
                           "*",    "-K",       s->requests,    NULL};
    struct program curl = program_run(words, NULL, 0);

    if (curl.status != 0)
        fail_msg("curl: %s", curl.errs);
    for (const char *line = curl.out; *line; line += 4) { /* "201\n" each */
        char code[4];

        assert_true(strlen(line) >= 4);
        (void)snprintf(code, sizeof(code), "%.3s", line);
        if (!strstr(codes, code))
            fail_msg("answered %s instead of %s", code, codes);
    }
    program_free(&curl);
}

static FILE *begin_requests(struct servers *s)
{
    FILE *file = fopen(s->requests, "w");

    assert_non_null(file);
    return file;
}

static void store(struct servers *s)
{
    FILE *file = begin_requests(s);

    for (size_t i = 0; i < s->count; i++)
        fprintf(file,
                "%surl = \"%s%s.ics\"\nupload-file = \"%s/%s.ics\"\nuser = \"mod:geheim\"\n"
                "header = \"Content-Type: text/calendar; charset=utf-8\"\n"
                "header = \"If-None-Match: *\"\nheader = \"Expect:\"\noutput = \"/dev/null\"\n"
                "write-out = \"%%{http_code}\\n\"\n",
                i ? "next\n" : "", s->address, s->examples[i].name, s->given, s->examples[i].name);
    fclose(file);
    ask(s, "201 204");
}

static void give_back(struct servers *s, int which, const char *name)
{
    FILE *file = begin_requests(s);

    make_folder(s->stored[which], sizeof(s->stored[which]), s->folder, name);
    for (size_t i = 0; i < s->count; i++)
        fprintf(file,
                "%surl = \"%s%s.ics\"\nuser = \"mod:geheim\"\noutput = \"%s/%s.ics\"\n"
                "write-out = \"%%{http_code}\\n\"\n",
                i ? "next\n" : "", s->address, s->examples[i].name, s->stored[which],
                s->examples[i].name);
    fclose(file);
    ask(s, "200");
}

static void start(struct servers *s, const char *const *words, int port)
{
    s->id = program_start(words, &s->out);
    assert_int_equal(loopback_wait_for(port), 0);
}

static void radicale_stores_and_returns_them(void **state)
{
    struct servers *s = *state;
    const char *words[] = {"radicale", "-C", s->config, NULL};
    int port = loopback_free_port();
    FILE *file;

    if (!program_exists("radicale"))
        skip();
    file = fopen(s->config, "w");
    assert_non_null(file);
    fprintf(file,
            "[server]\nhosts = 127.0.0.1:%d\n[auth]\ntype = none\n[storage]\n"
            "filesystem_folder = %s/collections\n[logging]\nlevel = error\n",
            port, s->folder);
    fclose(file);
    start(s, words, port);
    (void)snprintf(s->address, sizeof(s->address), "http://127.0.0.1:%d/mod/termine/", port);
    file = begin_requests(s);
    fprintf(file,
            "url = \"%s\"\nrequest = MKCALENDAR\nuser = \"mod:geheim\"\n"
            "write-out = \"%%{http_code}\\n\"\n",
            s->address);
    fclose(file);
    ask(s, "201");

    store(s);
    give_back(s, 0, "from-radicale");
}

static void xandikos_stores_and_returns_them(void **state)
{
    struct servers *s = *state;
    char port_text[12], data[100];
    const char *words[] = {"xandikos",  "-d", data,      "--defaults", "-l",
                           "127.0.0.1", "-p", port_text, NULL};
    int port = loopback_free_port();

    if (!program_exists("xandikos"))
        skip();
    (void)snprintf(port_text, sizeof(port_text), "%d", port);
    (void)snprintf(data, sizeof(data), "%s/xandikos", s->folder);
    start(s, words, port);
    (void)snprintf(s->address, sizeof(s->address), "http://127.0.0.1:%d/user/calendars/calendar/",
                   port);

    store(s);
    give_back(s, 1, "from-xandikos");
}

/* One interpreter for both. */
static void what_comes_back_is_what_was_meant(void **state)
{
    struct servers *s = *state;
    char script[400];
    const char *words[] = {"/usr/bin/python3", script, s->given, s->stored[0], s->stored[1], NULL};
    struct program reader;

    if (!s->stored[0][0] || !s->stored[1][0])
        skip();
    (void)snprintf(script, sizeof(script), "%s/tests/support/readers/read_calendar.py",
                   getenv("RH_SOURCE"));
    reader = program_run(words, NULL, 0);
    if (reader.status != 0)
        print_error("%s\n%s\n", reader.out, reader.errs);
    assert_int_equal(reader.status, 0);
    program_free(&reader);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(radicale_stores_and_returns_them, NULL, stop),
        cmocka_unit_test_setup_teardown(xandikos_stores_and_returns_them, NULL, stop),
        cmocka_unit_test(what_comes_back_is_what_was_meant),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
