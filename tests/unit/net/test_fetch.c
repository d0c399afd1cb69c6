/* fetch.h against a server of the test's own, which behaves as the path says. */
#include "core/net/fetch.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>

#include <cmocka.h>

#define SIZE_MAX_HERE 100000

/* ---- the server: one connection after another ---- */

struct server {
    int socket, port;
    pthread_t thread;
    atomic_int requests;
    char request[4096]; /* the last one; read when it was answered */
};

static void say(int fd, const char *text)
{
    (void)send(fd, text, strlen(text), MSG_NOSIGNAL); /* who went away needs no answer */
}

static void say_for_ever(int fd, const char *text)
{
    while (send(fd, text, strlen(text), MSG_NOSIGNAL) > 0)
        ;
}

/* `length` bytes of the same kind, packed. */
static void say_packed(int fd, const char *codings, size_t length)
{
    static Bytef from[65536], to[65536];
    z_stream stream = {.next_in = NULL};
    char head[200];
    int rc;

    snprintf(head, sizeof(head), "HTTP/1.1 200 OK\r\nContent-Encoding: %s\r\n\r\n", codings);
    say(fd, head);
    if (deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK)
        return;
    memset(from, 'x', sizeof(from));
    do {
        stream.next_out = to;
        stream.avail_out = sizeof(to);
        if (stream.avail_in == 0) {
            stream.next_in = from;
            stream.avail_in = (uInt)(length < sizeof(from) ? length : sizeof(from));
            length -= stream.avail_in;
        }
        rc = deflate(&stream, length == 0 ? Z_FINISH : Z_NO_FLUSH);
    } while (send(fd, to, sizeof(to) - stream.avail_out, MSG_NOSIGNAL) >= 0 && rc == Z_OK);
    deflateEnd(&stream);
}

static void lead(int fd, const char *where)
{
    char text[400];

    snprintf(text, sizeof(text),
             "HTTP/1.1 302 Found\r\nSet-Cookie: a=b\r\nLocation: %s\r\nContent-Length: 4\r\n\r\n"
             "away",
             where);
    say(fd, text);
}

static void be_silent(int fd)
{
    char byte;

    (void)recv(fd, &byte, 1, 0); /* until the other side has had enough */
}

static void answer(struct server *server, int fd, const char *path)
{
    char text[200];

    if (strcmp(path, "/plain") == 0 && strstr(server->request, "If-None-Match: \"v1\""))
        say(fd, "HTTP/1.1 304 Not Modified\r\nETag: \"v1\"\r\n\r\n");
    else if (strcmp(path, "/plain") == 0)
        say(fd, "HTTP/1.1 200 OK\r\nContent-Type: text/calendar\r\nETag:   \"v1\" \r\n"
                "Last-Modified: Fri, 15 Jan 2027 08:00:00 GMT\r\nContent-Length: 5\r\n\r\nhello");
    else if (strcmp(path, "/gzip") == 0)
        say_packed(fd, "gzip", 5000);
    else if (strcmp(path, "/bomb") == 0)
        say_packed(fd, "gzip", (size_t)20 * 1024 * 1024);
    else if (strcmp(path, "/tower") == 0)
        say_packed(fd, "gzip, gzip", 5000);
    else if (strcmp(path, "/floors") == 0)
        say_packed(fd, "gzip\r\nContent-Encoding: gzip", 5000);
    else if (strcmp(path, "/broken-gzip") == 0)
        say(fd, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nnot at all");
    else if (strcmp(path, "/huge") == 0)
        say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n");
    else if (strcmp(path, "/endless") == 0) {
        say(fd, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        say_for_ever(fd, "4\r\nabcd\r\n");
    } else if (strcmp(path, "/short") == 0)
        say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhello");
    else if (strcmp(path, "/long") == 0)
        say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello, and more");
    else if (strcmp(path, "/headers") == 0) {
        say(fd, "HTTP/1.1 200 OK\r\n");
        say_for_ever(fd, "X-Header: again and again and again\r\n");
    } else if (strcmp(path, "/silent") == 0)
        be_silent(fd);
    else if (strcmp(path, "/drip") == 0) {
        say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nx");
        be_silent(fd);
    } else if (strcmp(path, "/there") == 0)
        lead(fd, "/plain");
    else if (strcmp(path, "/circle") == 0)
        lead(fd, "circle");
    else if (strcmp(path, "/home") == 0) {
        snprintf(text, sizeof(text), "http://localhost:%d/plain", server->port);
        lead(fd, text);
    } else if (strcmp(path, "/file") == 0)
        lead(fd, "file:///etc/passwd");
    else if (strcmp(path, "/as-somebody") == 0)
        lead(fd, "http://user:word@127.0.0.1/plain");
    else if (strcmp(path, "/nothing") == 0)
        say(fd, "hello\r\n");
    else {
        snprintf(text, sizeof(text), "HTTP/1.1 %s Status\r\nContent-Length: 0\r\n\r\n", path + 1);
        say(fd, text);
    }
}

static void serve(struct server *server, int fd)
{
    char path[100] = "";
    size_t length = 0;
    ssize_t got;

    memset(server->request, 0, sizeof(server->request));
    while (!strstr(server->request, "\r\n\r\n") &&
           (got = recv(fd, server->request + length, sizeof(server->request) - 1 - length, 0)) > 0)
        length += (size_t)got;
    if (sscanf(server->request, "GET %99s", path) != 1)
        return;
    atomic_fetch_add(&server->requests, 1);
    answer(server, fd, path);
}

static void *serve_all(void *context)
{
    struct server *server = context;
    int fd;

    while ((fd = accept(server->socket, NULL, NULL)) >= 0) {
        serve(server, fd);
        close(fd);
    }
    return NULL;
}

static int setup(void **state)
{
    static struct server server;
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof(address);

    server.socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(server.socket, (struct sockaddr *)&address, sizeof(address)), 0);
    assert_int_equal(listen(server.socket, 16), 0);
    assert_int_equal(getsockname(server.socket, (struct sockaddr *)&address, &size), 0);
    server.port = ntohs(address.sin_port);
    assert_int_equal(pthread_create(&server.thread, NULL, serve_all, &server), 0);
    *state = &server;
    return 0;
}

static int teardown(void **state)
{
    struct server *server = *state;

    shutdown(server->socket, SHUT_RDWR);
    pthread_join(server->thread, NULL);
    close(server->socket);
    return 0;
}

/* ---- fetching ---- */

struct got {
    int32_t code;
    struct rh_err err;
    struct rh_fetched fetched;
};

static struct got fetch_as(struct rh_fetch fetch)
{
    struct got got = {.code = 0};

    if (fetch.sent_max == 0)
        fetch.sent_max = SIZE_MAX_HERE;
    if (fetch.size_max == 0)
        fetch.size_max = SIZE_MAX_HERE;
    if (fetch.time_ms == 0)
        fetch.time_ms = 20000;
    got.code = rh_fetch(&fetch, &got.fetched, &got.err);
    return got;
}

static const char *url_of(const struct server *server, const char *path)
{
    static char url[200];

    snprintf(url, sizeof(url), "http://127.0.0.1:%d%s", server->port, path);
    return url;
}

/* From the host that the tests allow. */
static struct got fetch(const struct server *server, const char *path)
{
    return fetch_as((struct rh_fetch){.url = url_of(server, path), .allowed = "a\n127.0.0.1"});
}

static void assert_refused(struct got got, int32_t code, const char *part)
{
    if (got.code != code || !strstr(got.err.text[RH_EN], part))
        fail_msg("%d '%s' instead of %d '%s'", got.code, got.err.text[RH_EN], code, part);
    assert_int_equal(got.fetched.body.length, 0);
    rh_str_fini(&got.fetched.body);
}

static void assert_body(struct got got, const char *body)
{
    if (got.code != 0)
        fail_msg("%s", got.err.text[RH_EN]);
    assert_string_equal(got.fetched.body.data, body);
    rh_str_fini(&got.fetched.body);
}

static void a_document_comes_with_what_says_whether_it_changed(void **state)
{
    struct server *server = *state;
    struct got got = fetch(server, "/plain");

    assert_int_equal(got.fetched.status, 200);
    assert_string_equal(got.fetched.etag, "\"v1\"");
    assert_string_equal(got.fetched.modified, "Fri, 15 Jan 2027 08:00:00 GMT");
    assert_string_equal(got.fetched.type, "text/calendar");
    assert_body(got, "hello");
    got = fetch_as((struct rh_fetch){.url = url_of(server, "/plain"),
                                     .allowed = "127.0.0.1",
                                     .accept = "text/calendar",
                                     .etag = "\"v1\"",
                                     .modified = "Fri, 15 Jan 2027 08:00:00 GMT"});
    assert_int_equal(got.fetched.status, 304);
    assert_body(got, "");
    assert_non_null(strstr(server->request, "Accept: text/calendar\r\n"));
    assert_non_null(strstr(server->request, "If-Modified-Since: Fri, 15 Jan 2027"));
    assert_null(strstr(server->request, "Authorization"));
}

static void what_is_packed_is_unpacked(void **state)
{
    struct got got = fetch(*state, "/gzip");

    assert_int_equal(got.code, 0);
    assert_int_equal(got.fetched.body.length, 5000);
    assert_int_equal(strspn(got.fetched.body.data, "x"), 5000);
    rh_str_fini(&got.fetched.body);
}

static void nobody_makes_us_take_more_than_we_said(void **state)
{
    assert_refused(fetch(*state, "/bomb"), RH_ETOOLARGE, "more than is accepted");
    assert_refused(fetch(*state, "/huge"), RH_ETOOLARGE, "(100000 bytes, unpacked 100000)");
    assert_refused(fetch(*state, "/endless"), RH_ETOOLARGE, "more than is accepted");
    assert_refused(fetch(*state, "/headers"), RH_EINVALID, "in a form that is not read");
    assert_refused(fetch_as((struct rh_fetch){.url = url_of(*state, "/endless"),
                                              .allowed = "127.0.0.1",
                                              .sent_max = 50000,
                                              .size_max = INT32_MAX}),
                   RH_ETOOLARGE, "(50000 bytes");
}

static void who_lies_about_the_size_is_not_believed(void **state)
{
    assert_refused(fetch(*state, "/short"), RH_EUNREACHABLE, "cannot be reached");
    assert_body(fetch(*state, "/long"), "hello");
}

static void codings_do_not_pile_up(void **state)
{
    assert_refused(fetch(*state, "/tower"), RH_EINVALID, "in a form that is not read");
    assert_refused(fetch(*state, "/floors"), RH_EINVALID, "in a form that is not read");
    assert_refused(fetch(*state, "/broken-gzip"), RH_EINVALID, "in a form that is not read");
    assert_refused(fetch(*state, "/nothing"), RH_EUNREACHABLE, "cannot be reached");
}

static void who_is_too_slow_is_left(void **state)
{
    const char *const slow[] = {"/silent", "/drip"};

    for (int i = 0; i < 2; i++)
        assert_refused(fetch_as((struct rh_fetch){
                           .url = url_of(*state, slow[i]), .allowed = "127.0.0.1", .time_ms = 200}),
                       RH_ECANCELLED, "'127.0.0.1' does not answer in time");
}

static int32_t stop(void *context)
{
    (void)context;
    return 1;
}

static void who_waits_for_it_can_stop_it(void **state)
{
    assert_refused(fetch_as((struct rh_fetch){
                       .url = url_of(*state, "/silent"), .allowed = "127.0.0.1", .stop = stop}),
                   RH_ECANCELLED, "was stopped");
}

static void redirects_are_followed_three_times(void **state)
{
    struct server *server = *state;
    int before = atomic_load(&server->requests);

    assert_body(fetch(server, "/there"), "hello");
    assert_null(strstr(server->request, "Cookie"));
    assert_refused(fetch(server, "/circle"), RH_EINVALID, "redirects more than 3 times");
    assert_int_equal(atomic_load(&server->requests), before + 2 + 4);
}

static void nothing_leads_to_this_machine_or_a_private_network(void **state)
{
    struct server *server = *state;
    int before = atomic_load(&server->requests);
    char url[100];

    assert_refused(fetch(server, "/home"), RH_EFORBIDDEN,
                   "'localhost' lies in a private network or on this machine");
    assert_int_equal(atomic_load(&server->requests), before + 1);
    for (int i = 0; i < 4; i++) {
        static const char *const ways[] = {"http://127.0.0.1:%d/plain", "http://127.1:%d/plain",
                                           "http://2130706433:%d/plain",
                                           "http://[::ffff:127.0.0.1]:%d/plain"};

        snprintf(url, sizeof(url), ways[i], server->port);
        assert_refused(fetch_as((struct rh_fetch){.url = url, .allowed = "example.org"}),
                       RH_EFORBIDDEN, "on this machine (");
    }
    assert_refused(fetch_as((struct rh_fetch){.url = "http://10.0.0.1/"}), RH_EFORBIDDEN,
                   "(10.0.0.1); what may be fetched from there stands in fetch_hosts");
    assert_int_equal(atomic_load(&server->requests), before + 1);
}

static void only_the_web_is_fetched_and_as_nobody(void **state)
{
    static const char *const bad[] = {"file:///etc/passwd",
                                      "ftp://127.0.0.1/",
                                      "gopher://127.0.0.1/",
                                      "http://user@127.0.0.1/",
                                      "http://user:word@127.0.0.1/",
                                      "http://",
                                      "calendar.ics",
                                      "",
                                      "http://127.0.0.1:99999/"};

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_refused(fetch_as((struct rh_fetch){.url = bad[i], .allowed = "127.0.0.1"}),
                       RH_EINVALID, "no address that can be fetched");
    assert_refused(fetch(*state, "/file"), RH_EINVALID, "no address that can be fetched");
    assert_refused(fetch(*state, "/as-somebody"), RH_EINVALID, "no address that can be fetched");
    assert_refused(fetch_as((struct rh_fetch){.url = url_of(*state, "/plain"),
                                              .allowed = "127.0.0.1",
                                              .etag = "\"a\"\r\nX-Header: b"}),
                   RH_EINVALID, "no address");
}

static void what_the_server_refuses_is_said_in_words(void **state)
{
    assert_refused(fetch(*state, "/401"), RH_EFORBIDDEN, "wants a sign-in (401)");
    assert_refused(fetch(*state, "/404"), RH_ENOTFOUND, "does not have it any more (404)");
    assert_refused(fetch(*state, "/410"), RH_ENOTFOUND, "does not have it any more (410)");
    assert_refused(fetch(*state, "/503"), RH_EUNREACHABLE, "'127.0.0.1' answers with 503");
    assert_refused(fetch(*state, "/206"), RH_EUNREACHABLE, "answers with 206");
    assert_refused(fetch(*state, "/304"), RH_EUNREACHABLE, "answers with 304");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_document_comes_with_what_says_whether_it_changed),
        cmocka_unit_test(what_is_packed_is_unpacked),
        cmocka_unit_test(nobody_makes_us_take_more_than_we_said),
        cmocka_unit_test(who_lies_about_the_size_is_not_believed),
        cmocka_unit_test(codings_do_not_pile_up),
        cmocka_unit_test(who_is_too_slow_is_left),
        cmocka_unit_test(who_waits_for_it_can_stop_it),
        cmocka_unit_test(redirects_are_followed_three_times),
        cmocka_unit_test(nothing_leads_to_this_machine_or_a_private_network),
        cmocka_unit_test(only_the_web_is_fetched_and_as_nobody),
        cmocka_unit_test(what_the_server_refuses_is_said_in_words),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
