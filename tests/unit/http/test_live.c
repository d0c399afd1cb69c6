/* Runs that forms start: their page, their events, their end. */
#include "tests/unit/http/world.h"

#include "core/http/live.h"

#define FORM "application/x-www-form-urlencoded"

static int64_t minutes;

static int64_t now_with_minutes(void *context)
{
    return world_now(context) + minutes * 60 * 1000;
}

/* Its answers are kept by a clock that the test turns. */
static int live_setup(void **state)
{
    struct world *w;

    world_setup(state);
    w = *state;
    minutes = 0;
    w->clock.monotonic_ms = now_with_minutes;
    return 0;
}

static struct response start(struct world *w, const char *body, char address[64])
{
    struct response r = post(w, "/do/thing/think", FORM, "", body);
    const char *at = strstr(r.head, "Location: /runs/");

    assert_int_equal(r.status, 303);
    assert_non_null(at);
    assert_int_equal(sscanf(at, "Location: %60s", address), 1);
    assert_int_equal(strlen(address), strlen("/runs/") + RH_LIVE_ID - 1);
    return r;
}

static struct response get_below(struct world *w, const char *address, const char *what)
{
    char path[96];

    snprintf(path, sizeof(path), "%s%s", address, what);
    return get(w, path);
}

static void cancel(struct world *w, const char *address)
{
    char path[96];
    struct response r;

    snprintf(path, sizeof(path), "%s/cancel", address);
    r = post(w, path, FORM, "", "");
    assert_int_equal(r.status, 303);
    assert_head_has(r, address);
    done_with(r);
}

static void wait_for_end(struct world *w)
{
    for (int i = 0; i < WORLD_TURNS && rh_http_running(w->http) > 0; i++) {
        world_turn(w);
        usleep(1000);
    }
    assert_int_equal(rh_http_running(w->http), 0);
}

static void a_form_starts_a_run_that_has_a_page(void **state)
{
    struct world *w = *state;
    char address[64];
    struct response r = start(w, "rounds=99999&_back=/things", address);

    assert_head_has(r, "Cache-Control: no-store");
    done_with(r);

    r = get(w, address);
    assert_int_equal(r.status, 200);
    assert_body_has(r, "<noscript><meta http-equiv=\"refresh\" content=\"2\"></noscript>");
    assert_body_has(r, "/run.js\" defer></script>");
    assert_body_has(r, "<progress id=\"run-bar\"");
    assert_body_has(r, "/cancel\">");
    assert_head_has(r, "script-src 'self'; connect-src 'self'");
    done_with(r);

    r = get_below(w, address, "/answer"); /* not yet */
    assert_int_equal(r.status, 303);
    done_with(r);
    cancel(w, address);
    wait_for_end(w);
}

static void its_page_leads_to_the_answer(void **state)
{
    struct world *w = *state;
    char address[64], answer[96];
    struct response r = start(w, "rounds=3&_back=/things", address);

    done_with(r);
    wait_for_end(w);
    assert_int_equal(w->last_status, 200);
    assert_string_equal(w->last_actor, "http:local");

    r = get(w, address);
    assert_int_equal(r.status, 303);
    snprintf(answer, sizeof(answer), "Location: %s/answer", address);
    assert_head_has(r, answer);
    done_with(r);

    r = get_below(w, address, "/answer");
    assert_int_equal(r.status, 200);
    assert_body_has(r, "Erledigt");
    assert_body_has(r, "<a href=\"/things\">");
    assert_null(strstr(r.body, "<script"));
    assert_null(strstr(r.head, "script-src"));
    done_with(r);
}

static void what_is_wrong_stands_above_the_form(void **state)
{
    struct world *w = *state;
    char address[64];
    struct response r = start(w, "rounds=many", address);

    done_with(r);
    wait_for_end(w);
    r = get_below(w, address, "/answer");
    assert_int_equal(r.status, 400);
    assert_body_has(r, "role=\"alert\"");
    assert_body_has(r, "value=\"many\"");
    done_with(r);
}

static void going_away_does_not_stop_it_but_cancelling_does(void **state)
{
    struct world *w = *state;
    char address[64];
    struct response r = start(w, "rounds=99999", address); /* its connection is closed by now */

    done_with(r);
    for (int i = 0; i < 50; i++) {
        world_turn(w);
        usleep(1000);
    }
    assert_int_equal(rh_http_running(w->http), 1);

    cancel(w, address);
    cancel(w, address); /* twice is once */
    wait_for_end(w);
    r = get_below(w, address, "/answer");
    assert_int_equal(r.status, 409);
    assert_body_has(r, "abgebrochen");
    done_with(r);
}

static void the_events_end_with_the_answer(void **state)
{
    struct world *w = *state;
    char address[64];
    struct response r = start(w, "rounds=40", address);

    done_with(r);
    r = get_below(w, address, "/events");
    assert_int_equal(r.status, 200);
    assert_head_has(r, "Content-Type: text/event-stream");
    assert_body_has(r, "retry: 2000\n\nevent: progress\ndata: {\"done\":");
    assert_body_has(r, "\"what\":\"Runde\"");
    assert_body_has(r, "event: answer\ndata: {");
    done_with(r);

    r = get_below(w, address, "/events"); /* who comes late hears the end */
    assert_body_has(r, "retry: 2000\n\nevent: answer\ndata: {");
    done_with(r);

    r = start(w, "rounds=many", address);
    done_with(r);
    r = get_below(w, address, "/events");
    assert_body_has(r, "event: problem\ndata: {\"type\":");
    done_with(r);
}

static void a_reader_who_leaves_takes_nothing_along(void **state)
{
    struct world *w = *state;
    char address[64], request[256], text[4096];
    struct response r = start(w, "rounds=99999", address);
    int fd = world_connect(w, false), length;

    done_with(r);
    length = snprintf(request, sizeof(request), "GET %s/events HTTP/1.1\r\nHost: localhost\r\n\r\n",
                      address);
    world_send(w, fd, request, (size_t)length);
    for (int i = 0; i < 50; i++) {
        world_turn(w);
        usleep(1000);
    }
    assert_true(recv(fd, text, sizeof(text), MSG_DONTWAIT) > 0);
    assert_int_equal(rh_http_running(w->http), 2); /* the run and its reader */
    close(fd);
    for (int i = 0; i < WORLD_TURNS && rh_http_running(w->http) > 1; i++) {
        world_turn(w);
        usleep(1000);
    }
    assert_int_equal(rh_http_running(w->http), 1);

    cancel(w, address);
    wait_for_end(w);
}

static void the_connection_shows_that_it_lives(void **state)
{
    static const char heart[] = "\n:\n\n";
    struct world *w = *state;
    char address[64], request[256], text[65536];
    struct response r = start(w, "rounds=99999", address);
    int fd = world_connect(w, false), length;
    ssize_t got;

    done_with(r);
    length = snprintf(request, sizeof(request), "GET %s/events HTTP/1.1\r\nHost: localhost\r\n\r\n",
                      address);
    world_send(w, fd, request, (size_t)length);
    for (int i = 0; i < 20; i++)
        world_turn(w);
    rh_live_beat(w->http);
    for (int i = 0; i < 20; i++)
        world_turn(w);
    got = recv(fd, text, sizeof(text) - 1, MSG_DONTWAIT);
    assert_true(got > 0);
    text[got] = '\0';
    assert_true(strstr(text, heart) || strstr(text, "\r\n:\n\n"));
    close(fd);
    cancel(w, address);
    wait_for_end(w);
}

static void a_run_belongs_to_who_started_it(void **state)
{
    struct world *w = *state;
    char address[64], request[256];
    struct response r = start(w, "rounds=99999", address);
    int length;

    done_with(r);
    length = snprintf(request, sizeof(request),
                      "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", address);
    r = world_exchange(w, true, request, (size_t)length);
    assert_int_equal(r.status, 404);
    done_with(r);
    length = snprintf(request, sizeof(request),
                      "POST %s/cancel HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                      "Content-Length: 0\r\n\r\n",
                      address);
    r = world_exchange(w, true, request, (size_t)length);
    assert_int_equal(r.status, 404);
    done_with(r);
    assert_int_equal(rh_http_running(w->http), 1);
    cancel(w, address);
    wait_for_end(w);
}

static void what_is_no_run_is_not_found(void **state)
{
    static const char *const nothing[] = {"/runs", "/runs/",
                                          "/runs/0123456789abcdef0123456789abcdef",
                                          "/runs/0123456789abcdef0123456789abcdef/events"};
    struct world *w = *state;
    char address[64];
    struct response r;

    for (size_t i = 0; i < sizeof(nothing) / sizeof(nothing[0]); i++) {
        r = get(w, nothing[i]);
        assert_int_equal(r.status, 404);
        done_with(r);
    }
    r = start(w, "rounds=1", address);
    done_with(r);
    r = get_below(w, address, "/more");
    assert_int_equal(r.status, 404);
    done_with(r);
    r = get_below(w, address, "/cancel");
    assert_int_equal(r.status, 405);
    done_with(r);
    wait_for_end(w);
}

static void another_site_cancels_nothing(void **state)
{
    struct world *w = *state;
    char address[64], path[96];
    struct response r = start(w, "rounds=99999", address);

    done_with(r);
    snprintf(path, sizeof(path), "%s/cancel", address);
    r = post(w, path, FORM, "Origin: https://example.com\r\n", "");
    assert_int_equal(r.status, 403);
    done_with(r);
    r = post(w, path, FORM, "Sec-Fetch-Site: cross-site\r\n", "");
    assert_int_equal(r.status, 403);
    done_with(r);
    assert_int_equal(rh_http_running(w->http), 1);
    cancel(w, address);
    wait_for_end(w);
}

static void a_form_that_is_sent_twice_starts_one_run(void **state)
{
    struct world *w = *state;
    char first[64], second[64];

    done_with(start(w, "rounds=99999&_key=k1", first));
    done_with(start(w, "rounds=99999&_key=k1", second));
    assert_string_equal(first, second);
    assert_int_equal(rh_http_running(w->http), 1);
    cancel(w, first);
    done_with(start(w, "rounds=2&_key=k1", second)); /* the key is not all that counts */
    assert_string_not_equal(first, second);
    wait_for_end(w);
}

static void an_answer_is_kept_for_ten_minutes(void **state)
{
    struct world *w = *state;
    char address[64];
    struct response r = start(w, "rounds=1", address);

    done_with(r);
    wait_for_end(w);
    minutes = 9;
    r = get_below(w, address, "/answer");
    assert_int_equal(r.status, 200);
    done_with(r);
    minutes = 10;
    r = get_below(w, address, "/answer");
    assert_int_equal(r.status, 404);
    done_with(r);
}

static void there_are_only_so_many(void **state)
{
    struct world *w = *state;
    char first[64], address[64];
    struct response r;

    done_with(start(w, "rounds=1", first));
    wait_for_end(w);
    for (int i = 0; i < RH_LIVE_MAX; i++) /* the one that has ended makes room for the last */
        done_with(start(w, "rounds=99999", address));
    r = get(w, first);
    assert_int_equal(r.status, 404);
    done_with(r);

    r = post(w, "/do/thing/think", FORM, "", "rounds=1");
    assert_int_equal(r.status, 503);
    done_with(r);
} /* the end of the world stops all 64 */

static void set_drained(void *context)
{
    ((struct world *)context)->drained = true;
}

static void draining_waits_for_runs(void **state)
{
    struct world *w = *state;
    char address[64];

    done_with(start(w, "rounds=100", address));
    rh_http_drain(w->http, set_drained, w);
    for (int i = 0; i < 10; i++)
        world_turn(w);
    assert_false(w->drained);
    wait_for_end(w);
    world_turn(w);
    assert_true(w->drained);
}

int main(void)
{
#define WITH_WORLD(test) cmocka_unit_test_setup_teardown(test, live_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        WITH_WORLD(a_form_starts_a_run_that_has_a_page),
        WITH_WORLD(its_page_leads_to_the_answer),
        WITH_WORLD(what_is_wrong_stands_above_the_form),
        WITH_WORLD(going_away_does_not_stop_it_but_cancelling_does),
        WITH_WORLD(the_events_end_with_the_answer),
        WITH_WORLD(a_reader_who_leaves_takes_nothing_along),
        WITH_WORLD(the_connection_shows_that_it_lives),
        WITH_WORLD(a_run_belongs_to_who_started_it),
        WITH_WORLD(what_is_no_run_is_not_found),
        WITH_WORLD(another_site_cancels_nothing),
        WITH_WORLD(a_form_that_is_sent_twice_starts_one_run),
        WITH_WORLD(an_answer_is_kept_for_ten_minutes),
        WITH_WORLD(there_are_only_so_many),
        WITH_WORLD(draining_waits_for_runs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
