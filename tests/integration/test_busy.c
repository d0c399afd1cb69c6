/* Calendars that moderators keep elsewhere: fetched from a server of the test's own on loopback,
 * read by the program that is made for it, kept when the next try fails. */
#include "tests/integration/meetings.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <sys/socket.h>

/* ---- the server: says what the test put down, to one connection after another ---- */

static struct {
    int socket, port;
    pthread_t thread;
    pthread_mutex_t lock; /* of all below */
    char answer[8192], seen[4096];
    int requests;
} server = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void serve(int fd)
{
    char asked[4096] = "";
    size_t length = 0;
    ssize_t got;

    while (!strstr(asked, "\r\n\r\n") &&
           (got = recv(fd, asked + length, sizeof(asked) - 1 - length, 0)) > 0)
        length += (size_t)got;
    pthread_mutex_lock(&server.lock);
    memcpy(server.seen, asked, sizeof(asked));
    server.requests++;
    if (strstr(asked, "If-None-Match: \"v1\"") && strstr(server.answer, "ETag: \"v1\""))
        (void)send(fd, "HTTP/1.1 304 Not Modified\r\n\r\n", 29, MSG_NOSIGNAL);
    else
        (void)send(fd, server.answer, strlen(server.answer), MSG_NOSIGNAL);
    pthread_mutex_unlock(&server.lock);
}

static void *serve_all(void *context)
{
    int fd;

    (void)context;
    while ((fd = accept(server.socket, NULL, NULL)) >= 0) {
        serve(fd);
        close(fd);
    }
    return NULL;
}

static int begin(void **state)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof(address);

    server.socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(server.socket, (struct sockaddr *)&address, sizeof(address)), 0);
    assert_int_equal(listen(server.socket, 16), 0);
    assert_int_equal(getsockname(server.socket, (struct sockaddr *)&address, &size), 0);
    server.port = ntohs(address.sin_port);
    assert_int_equal(pthread_create(&server.thread, NULL, serve_all, NULL), 0);
    world_server = "fetch_hosts = { \"127.0.0.1\" }";
    return meetings_make(state);
}

static int end(void **state)
{
    shutdown(server.socket, SHUT_RDWR);
    pthread_join(server.thread, NULL);
    close(server.socket);
    return meetings_remove(state);
}

static void let_server_say(const char *head, const char *body)
{
    pthread_mutex_lock(&server.lock);
    snprintf(server.answer, sizeof(server.answer), "HTTP/1.1 %s\r\nContent-Length: %zu\r\n\r\n%s",
             head, strlen(body), body);
    pthread_mutex_unlock(&server.lock);
}

static int requests(void)
{
    int count;

    pthread_mutex_lock(&server.lock);
    count = server.requests;
    pthread_mutex_unlock(&server.lock);
    return count;
}

static const char *address(void)
{
    static char text[64];

    snprintf(text, sizeof(text), "http://127.0.0.1:%d/secret-word.ics", server.port);
    return text;
}

#define CALENDAR(events)                                                                           \
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//DE\r\n" events "END:VCALENDAR\r\n"
#define EVENT(uid, day, from, until)                                                               \
    "BEGIN:VEVENT\r\nUID:" uid "\r\nDTSTAMP:20261101T000000Z\r\nDTSTART:" day "T" from             \
    "00Z\r\nDTEND:" day "T" until "00Z\r\nSUMMARY:Zahnarzt\r\nEND:VEVENT\r\n"
/* Tuesday, 15 June 2027, 10:00 to 12:00 in Berlin, when the session would be; and another day. */
#define TWO_EVENTS                                                                                 \
    CALENDAR(EVENT("a", "20270615", "0800", "1000") EVENT("b", "20270616", "0800", "1000"))

static const json_t *source_of(const char *name)
{
    must(w, "busy list");
    return item(w, "name", name);
}

/* ---- adding ---- */

static void a_calendar_is_read_at_once_and_keeps_people_free_of_meetings(void **state)
{
    (void)state;
    let_server_say("200 OK\r\nETag: \"v1\"", TWO_EVENTS);
    must(w, "busy add", "moderator", "m-1", "address", address());
    assert_string_equal(text_of(item(w, "result", "new"), "name"), "Moderator*in 1");
    assert_string_equal(text_of(source_of("Moderator*in 1"), "state"), "good");
    assert_int_equal(json_integer_value(json_object_get(source_of("Moderator*in 1"), "intervals")),
                     2);
    assert_null(strstr(text_of(source_of("Moderator*in 1"), "host"), "secret"));
    refused(w, RH_ECONFLICT, "Moderator*in 1", "Moderator*in 1", "appointment fix", "procedure",
            "lemgo", "step", "session", "on", "2027-06-15");
    must(w, "appointment fix", "procedure", "lemgo", "step", "session", "on", "2027-06-17");
}

static void what_did_not_change_is_not_sent_again(void **state)
{
    (void)state;
    let_server_say("200 OK\r\nETag: \"v1\"", TWO_EVENTS);
    must(w, "busy add", "moderator", "m-1", "address", address());
    w->now += 3600;
    must(w, "busy refresh");
    assert_string_equal(text_of(json_array_get(items(w), 0), "result"), "same");
    assert_int_equal(json_integer_value(json_object_get(source_of("Moderator*in 1"), "intervals")),
                     2);
    it_is("2027-09-01"); /* the copy knows less than a year ahead: asked without a condition */
    must(w, "busy refresh", "moderator", "m-1");
    assert_string_equal(text_of(json_array_get(items(w), 0), "result"), "new");
}

static void an_address_that_cannot_be_right_is_refused(void **state)
{
    (void)state;
    refused(w, RH_EINVALID, "beginnt mit https://", "begins with https://", "busy add", "moderator",
            "m-1", "address", "ftp://example.org/a.ics");
    refused(w, RH_EINVALID, "Benutzer und Passwort", "user and password", "busy add", "moderator",
            "m-1", "address", "https://user:word@example.org/a.ics");
    refused(w, RH_EFORBIDDEN, "in einem privaten Netz", "in a private network", "busy add",
            "moderator", "m-1", "address", "http://10.0.0.1/a.ics");
    let_server_say("302 Found\r\nLocation: http://localhost:1/a.ics", "");
    refused(w, RH_EFORBIDDEN, "auf diesem Rechner", "on this machine", "busy add", "moderator",
            "m-1", "address", address());
    let_server_say("401 Unauthorized", "");
    refused(w, RH_EFORBIDDEN, "verlangt eine Anmeldung", "wants a sign-in", "busy add", "moderator",
            "m-1", "address", address());
    let_server_say("200 OK", "<html>Bitte anmelden</html>");
    assert_int_equal(ask(w, "busy add", "moderator", "m-1", "address", address(), NULL),
                     RH_EINVALID);
    must(w, "busy list");
    assert_int_equal(item_count(w), 0);
}

static void who_cannot_be_reached_now_is_tried_again(void **state)
{
    (void)state;
    let_server_say("503 Busy", "");
    must(w, "busy add", "moderator", "m-1", "address", address());
    assert_string_equal(text_of(item(w, "result", "failed"), "why"),
                        "'127.0.0.1' antwortet mit 503");
    assert_string_equal(text_of(source_of("Moderator*in 1"), "state"), "never");
    let_server_say("200 OK", TWO_EVENTS);
    w->now += 900;
    run_jobs();
    assert_string_equal(text_of(source_of("Moderator*in 1"), "state"), "good");
}

/* ---- in its turn ---- */

static void it_is_fetched_every_few_hours_and_not_in_between(void **state)
{
    int before;
    (void)state;

    let_server_say("200 OK", TWO_EVENTS);
    must(w, "busy add", "moderator", "m-1", "address", address());
    before = requests();
    w->now += 4 * 3600 - 60;
    run_jobs();
    assert_int_equal(requests(), before);
    must(w, "busy refresh"); /* by hand; the turn that was next is one too many now */
    w->now += 120;
    run_jobs();
    assert_int_equal(requests(), before + 1);
    w->now += 4 * 3600;
    run_jobs();
    assert_int_equal(requests(), before + 2);
}

static void what_was_read_well_last_is_kept_until_there_is_something_better(void **state)
{
    int before;
    (void)state;

    let_server_say("200 OK", TWO_EVENTS);
    must(w, "busy add", "moderator", "m-1", "address", address());
    let_server_say("200 OK", "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nDTSTART:2027");
    w->now += 4 * 3600;
    run_jobs();
    assert_string_equal(text_of(source_of("Moderator*in 1"), "state"), "stale");
    assert_true(strlen(text_of(source_of("Moderator*in 1"), "why")) > 10);
    assert_int_equal(json_integer_value(json_object_get(source_of("Moderator*in 1"), "intervals")),
                     2);
    before = requests();
    w->now += 900; /* the first pause */
    run_jobs();
    w->now += 900; /* the second one is twice as long */
    run_jobs();
    assert_int_equal(requests(), before + 1);
    let_server_say("200 OK", CALENDAR(EVENT("b", "20270616", "0800", "1000")));
    w->now += 900;
    run_jobs();
    assert_string_equal(text_of(source_of("Moderator*in 1"), "state"), "good");
    assert_string_equal(text_of(source_of("Moderator*in 1"), "why"), "");
    assert_int_equal(json_integer_value(json_object_get(source_of("Moderator*in 1"), "intervals")),
                     1);
}

static void a_meeting_that_became_impossible_is_seen_at_once(void **state)
{
    char number[24];
    (void)state;

    must(w, "appointment fix", "procedure", "lemgo", "step", "session", "on", "2027-06-15");
    must(w, "appointment impossible");
    assert_int_equal(item_count(w), 0);
    let_server_say("200 OK", TWO_EVENTS);
    must(w, "busy add", "moderator", "m-1", "address", address());
    must(w, "appointment impossible");
    assert_int_equal(item_count(w), 1);
    snprintf(number, sizeof(number), "%lld",
             (long long)json_integer_value(json_object_get(source_of("Moderator*in 1"), "source")));
    must(w, "busy remove", "source", number);
    must(w, "appointment impossible");
    assert_int_equal(item_count(w), 0);
    w->now += 4 * 3600;
    run_jobs(); /* its turn comes and finds nothing */
    refused(w, RH_ENOTFOUND, "gibt es nicht", "no such calendar", "busy remove", "source", number);
}

/* ---- files ---- */

static void a_file_is_read_and_replaced_by_the_next_of_that_name(void **state)
{
    (void)state;
    must(w, "busy import", "moderator", "m-1", "file", "=" TWO_EVENTS);
    assert_string_equal(text_of(item(w, "result", "new"), "host"), "test.csv");
    must(w, "busy import", "moderator", "m-1", "file",
         "=" CALENDAR(EVENT("b", "20270616", "0800", "1000")));
    must(w, "busy list", "moderator", "m-1");
    assert_int_equal(item_count(w), 1);
    assert_int_equal(json_integer_value(json_object_get(source_of("Moderator*in 1"), "intervals")),
                     1);
    assert_int_equal(
        ask(w, "busy import", "moderator", "m-1", "file", "=BEGIN:VCALENDAR\r\n", NULL),
        RH_EINVALID);
    assert_says(w->err.text[RH_EN], "test.csv: ");
    assert_int_equal(json_integer_value(json_object_get(source_of("Moderator*in 1"), "intervals")),
                     1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, meetings_open, meetings_close)
    const struct CMUnitTest tests[] = {
        TEST(a_calendar_is_read_at_once_and_keeps_people_free_of_meetings),
        TEST(what_did_not_change_is_not_sent_again),
        TEST(an_address_that_cannot_be_right_is_refused),
        TEST(who_cannot_be_reached_now_is_tried_again),
        TEST(it_is_fetched_every_few_hours_and_not_in_between),
        TEST(what_was_read_well_last_is_kept_until_there_is_something_better),
        TEST(a_meeting_that_became_impossible_is_seen_at_once),
        TEST(a_file_is_read_and_replaced_by_the_next_of_that_name),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
