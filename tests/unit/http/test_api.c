/* The JSON interface, over real sockets. */
#include "tests/unit/http/world.h"

static void a_reading_is_json_with_a_tag(void **state)
{
    struct world *w = *state;
    struct response r = get(w, "/api/v1/thing/list?region=LVR");

    assert_int_equal(r.status, 200);
    assert_head_has(r, "Content-Type: application/json\r\n");
    assert_head_has(r, "ETag: \"");
    assert_head_has(r, "X-Content-Type-Options: nosniff");
    assert_body_has(r, "\"region\":\"LVR\"");
    done_with(r);
}

static void what_the_client_knows_is_not_sent_again(void **state)
{
    struct world *w = *state;
    struct response r = get(w, "/api/v1/thing/list");
    char header[256], tag[80];

    assert_int_equal(sscanf(strstr(r.head, "ETag: "), "ETag: %79s", tag), 1);
    done_with(r);
    snprintf(header, sizeof(header), "If-None-Match: \"x\", %s\r\n", tag);
    r = ask(w, "GET /api/v1/thing/list", header);

    assert_int_equal(r.status, 304);
    assert_int_equal(r.length, 0);
    assert_head_has(r, tag);
    done_with(r);
}

static void a_change_with_an_old_tag_is_refused(void **state)
{
    struct world *w = *state;
    struct response r = get(w, "/api/v1/thing/list");
    char header[256], tag[80];

    assert_int_equal(sscanf(strstr(r.head, "ETag: "), "ETag: %79s", tag), 1);
    done_with(r);
    snprintf(header, sizeof(header), "If-Match: %s\r\n", tag);
    r = post_json(w, "/api/v1/thing/add", header, "{\"name\":\"a\"}");
    assert_int_equal(r.status, 200);
    done_with(r);

    r = post_json(w, "/api/v1/thing/add", header, "{\"name\":\"b\"}");

    assert_int_equal(r.status, 412);
    assert_body_has(r, "\"code\":\"PRECONDITION\"");
    done_with(r);
}

static bool whole(const char *text, size_t length)
{
    (void)length;
    return strstr(text, "}") != NULL;
}

/* Both come to the writer in one batch: the second must see that the first was there. */
static void of_two_changes_with_one_tag_only_one_is_made(void **state)
{
    struct world *w = *state;
    struct response r = get(w, "/api/v1/thing/list");
    char tag[80], request[512], text[2][8192];
    int fd[2];

    assert_int_equal(sscanf(strstr(r.head, "ETag: "), "ETag: %79s", tag), 1);
    done_with(r);
    snprintf(request, sizeof(request),
             "POST /api/v1/thing/add HTTP/1.1\r\nHost: localhost\r\nIf-Match: %s\r\n"
             "Content-Type: application/json\r\nContent-Length: 12\r\n\r\n{\"name\":\"a\"}",
             tag);
    for (int i = 0; i < 2; i++) {
        fd[i] = world_connect(w, false);
        assert_int_equal(send(fd[i], request, strlen(request), 0), strlen(request));
    }
    for (int i = 0; i < 2; i++)
        world_receive(w, fd[i], text[i], sizeof(text[i]), whole);

    assert_true((strstr(text[0], " 200 ") != NULL) != (strstr(text[1], " 200 ") != NULL));
    assert_true((strstr(text[0], " 412 ") != NULL) != (strstr(text[1], " 412 ") != NULL));
    close(fd[0]);
    close(fd[1]);
}

static void head_says_what_get_would_without_saying_it(void **state)
{
    struct world *w = *state;
    struct response r = ask(w, "HEAD /api/v1/thing/list", "");

    assert_int_equal(r.status, 200);
    assert_int_equal(r.length, 0);
    assert_head_has(r, "Content-Type: application/json");
    done_with(r);
}

static void only_looking_works_with_get(void **state)
{
    struct world *w = *state;
    struct response r = get(w, "/api/v1/thing/add?name=x");

    assert_int_equal(r.status, 405);
    assert_head_has(r, "Allow: POST, OPTIONS\r\n");
    assert_head_has(r, "Content-Type: application/problem+json");
    done_with(r);

    r = ask(w, "OPTIONS /api/v1/thing/list", "");
    assert_int_equal(r.status, 204);
    assert_head_has(r, "Allow: GET, HEAD, POST, OPTIONS\r\n");
    done_with(r);

    r = ask(w, "DELETE /api/v1/thing/list", "");
    assert_int_equal(r.status, 405);
    done_with(r);
}

static void a_change_is_a_post_of_json(void **state)
{
    struct world *w = *state;
    struct response r = post_json(w, "/api/v1/thing/add", "", "{\"name\":\"Köln\",\"loud\":true}");

    assert_int_equal(r.status, 200);
    assert_body_has(r, "\"seq\":1");
    assert_body_has(r, "'Köln' ist da");
    assert_body_has(r, "\"actor\":\"http:local\"");
    assert_int_equal(w->notes, 1);
    assert_string_equal(w->last_actor, "http:local");
    done_with(r);

    r = post(w, "/api/v1/thing/add", "application/x-www-form-urlencoded", "", "name=x");
    assert_int_equal(r.status, 415);
    done_with(r);
}

static void a_repeated_change_with_a_key_is_done_once(void **state)
{
    static const char key[] = "Idempotency-Key: abc-1\r\n";
    struct world *w = *state;
    struct response first = post_json(w, "/api/v1/thing/add", key, "{\"name\":\"a\"}");
    struct response again = post_json(w, "/api/v1/thing/add", key, "{\"name\":\"a\"}");
    struct response other = post_json(w, "/api/v1/thing/add", key, "{\"name\":\"b\"}");
    struct response bad = post_json(w, "/api/v1/thing/add", "Idempotency-Key: a b\r\n", "{}");

    assert_int_equal(first.status, 200);
    assert_body_has(first, "\"seq\":1");
    assert_int_equal(again.status, 200);
    assert_string_equal(first.body, again.body);
    assert_int_equal(other.status, 409);
    assert_int_equal(bad.status, 400);
    done_with(first);
    done_with(again);
    done_with(other);
    done_with(bad);
}

static void errors_are_problems_in_the_language_asked_for(void **state)
{
    struct world *w = *state;
    struct response r = post_json(w, "/api/v1/thing/add", "", "{\"name\":\"bad\"}");

    assert_int_equal(r.status, 422);
    assert_head_has(r, "Content-Type: application/problem+json");
    assert_body_has(r, "\"status\":422");
    assert_body_has(r, "\"code\":\"INVALID\"");
    assert_body_has(r, "\"type\":\"urn:reihum:error:INVALID\"");
    assert_body_has(r, "der Name 'bad' geht nicht");
    done_with(r);

    r = post_json(w, "/api/v1/thing/add", "Accept-Language: en\r\n", "{\"name\":\"bad\"}");
    assert_body_has(r, "the name 'bad' will not do");
    done_with(r);

    r = post_json(w, "/api/v1/thing/add?lang=en", "", "{\"name\":\"bad\"}");
    assert_body_has(r, "the name 'bad' will not do");
    done_with(r);
}

static void every_kind_of_mistake_has_its_status(void **state)
{
    static const struct {
        const char *path, *body;
        int status;
    } cases[] = {
        {"/api/v1/thing/add", "", 400},
        {"/api/v1/thing/add", "{\"nam\":\"x\"}", 400},
        {"/api/v1/thing/add", "{\"name\":", 422},
        {"/api/v1/thing/add", "[]", 422},
        {"/api/v1/thing/add?name=x", "{}", 400},
        {"/api/v1/thing/lst", "{}", 404},
        {"/api/v1/", "{}", 404},
        {"/api/v1/thing/add?a=%zz", "{}", 400},
        {"/api/v1/%2e%2e/thing", "{}", 400},
    };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct response r = post_json(w, cases[i].path, "", cases[i].body);

        if (r.status != cases[i].status)
            fail_msg("%s %s: %d, not %d: %s", cases[i].path, cases[i].body, r.status,
                     cases[i].status, r.body);
        assert_body_has(r, "\"detail\":");
        done_with(r);
    }
}

static void the_nearest_operation_is_suggested(void **state)
{
    struct world *w = *state;
    struct response r = get(w, "/api/v1/thing/lst");

    assert_int_equal(r.status, 404);
    assert_body_has(r, "'thing/list'?");
    done_with(r);
}

static void csv_comes_by_accept_or_by_link(void **state)
{
    struct world *w = *state;
    struct response r = ask(w, "GET /api/v1/thing/list", "Accept: text/csv\r\n");

    assert_int_equal(r.status, 200);
    assert_head_has(r, "Content-Type: text/csv");
    assert_head_has(r, "filename=\"thing-list.csv\"");
    assert_body_has(r, "name,count\r\n");
    done_with(r);

    r = get(w, "/api/v1/thing/list?format=csv-excel");
    assert_body_has(r, "\xEF\xBB\xBFname;count\r\n");
    done_with(r);

    r = get(w, "/api/v1/thing/list?format=pdf");
    assert_int_equal(r.status, 406);
    done_with(r);

    r = get(w, "/api/v1/thing/list?format=svg"); /* it draws nothing */
    assert_int_equal(r.status, 406);
    done_with(r);

    r = ask(w, "GET /api/v1/thing/list", "Accept: image/png\r\n");
    assert_int_equal(r.status, 406);
    done_with(r);
}

static void a_file_travels_in_the_call(void **state)
{
    struct world *w = *state;
    struct response r = post_json(w, "/api/v1/thing/import", "",
                                  "{\"file\":{\"name\":\"a.csv\",\"base64\":\"YTtiCg==\"}}");

    assert_int_equal(r.status, 200);
    assert_body_has(r, "\"name\":\"a.csv\"");
    assert_body_has(r, "\"size\":4");
    done_with(r);
}

static void progress_comes_line_by_line_and_the_answer_last(void **state)
{
    struct world *w = *state;
    struct response r =
        post_json(w, "/api/v1/thing/think", "Accept: application/x-ndjson\r\n", "{\"rounds\":20}");

    assert_int_equal(r.status, 200);
    assert_head_has(r, "Content-Type: application/x-ndjson");
    assert_head_has(r, "Transfer-Encoding: chunked");
    assert_body_has(r, "{\"progress\":{\"done\":");
    assert_body_has(r, "\"what\":\"Runde\"");
    assert_body_has(r, "{\"answer\":{");
    assert_body_has(r, "\"rounds\":20");
    done_with(r);

    r = post_json(w, "/api/v1/thing/add", "Accept: application/x-ndjson\r\n", "{\"name\":\"bad\"}");
    assert_int_equal(r.status, 422);
    assert_body_has(r, "{\"problem\":{");
    done_with(r);
}

/* What browsers and curl -N read. */
static void progress_comes_as_events_too(void **state)
{
    struct world *w = *state;
    struct response r =
        post_json(w, "/api/v1/thing/think", "Accept: text/event-stream\r\n", "{\"rounds\":20}");

    assert_int_equal(r.status, 200);
    assert_head_has(r, "Content-Type: text/event-stream");
    assert_head_has(r, "X-Accel-Buffering: no");
    assert_body_has(r, "retry: 2000\n\n");
    assert_body_has(r, "event: progress\ndata: {\"done\":");
    assert_body_has(r, "\"what\":\"Runde\",\"elapsed_ms\":");
    assert_body_has(r, "event: answer\ndata: {");
    assert_body_has(r, "\"rounds\":20");
    done_with(r);

    r = post_json(w, "/api/v1/thing/add", "Accept: text/event-stream\r\n", "{\"name\":\"bad\"}");
    assert_body_has(r, "event: problem\ndata: {\"type\":\"urn:reihum:error:");
    assert_body_has(r, "\"status\":422");
    done_with(r);
}

static void who_goes_away_stops_the_work(void **state)
{
    static const char request[] = "POST /api/v1/thing/think HTTP/1.1\r\nHost: localhost\r\n"
                                  "Content-Type: application/json\r\nContent-Length: 16\r\n\r\n"
                                  "{\"rounds\":99999}";
    struct world *w = *state;
    int fd = world_connect(w, false), turn = 0;

    world_send(w, fd, request, sizeof(request) - 1);
    for (int i = 0; i < 20; i++) {
        world_turn(w);
        usleep(1000);
    }
    assert_int_equal(rh_http_running(w->http), 1);
    close(fd);

    /* 100 seconds of work would be left */
    while (rh_http_running(w->http) > 0 && turn++ < WORLD_TURNS / 4) {
        world_turn(w);
        usleep(1000);
    }
    assert_int_equal(rh_http_running(w->http), 0);
}

static void read_along_and_go_away(struct world *w, const char *type)
{
    int fd = world_connect(w, false), turn = 0;
    char text[4096];
    int length = snprintf(text, sizeof(text),
                          "POST /api/v1/thing/think HTTP/1.1\r\nHost: localhost\r\nAccept: %s\r\n"
                          "Content-Type: application/json\r\nContent-Length: 16\r\n\r\n"
                          "{\"rounds\":99999}",
                          type);

    world_send(w, fd, text, (size_t)length);
    for (int i = 0; i < 50; i++) {
        world_turn(w);
        usleep(1000);
    }
    assert_true(recv(fd, text, sizeof(text), MSG_DONTWAIT) > 0);
    close(fd);

    while (rh_http_running(w->http) > 0 && turn++ < WORLD_TURNS / 4) {
        world_turn(w);
        usleep(1000);
    }
    assert_int_equal(rh_http_running(w->http), 0);
}

static void who_goes_away_while_reading_along_stops_the_work(void **state)
{
    static const char *const types[] = {"application/x-ndjson", "text/event-stream"};
    struct world *w = *state;

    for (int i = 0; i < 2; i++)
        read_along_and_go_away(w, types[i]);
}

static void the_interface_describes_itself(void **state)
{
    struct world *w = *state;
    struct response r = get(w, "/api/v1/openapi.json");

    assert_int_equal(r.status, 200);
    assert_body_has(r, "\"openapi\":\"3.1");
    assert_body_has(r, "/thing/list");
    done_with(r);
}

static bool two_answers(const char *text, size_t length)
{
    const char *first = strstr(text, "\"region\":null");

    (void)length;
    return first && strstr(first + 1, "\"region\":null");
}

static void a_connection_takes_many_requests(void **state)
{
    static const char requests[] = "GET /api/v1/thing/list HTTP/1.1\r\nHost: localhost\r\n\r\n"
                                   "GET /api/v1/thing/list HTTP/1.1\r\nHost: localhost\r\n\r\n";
    struct world *w = *state;
    int fd = world_connect(w, false);
    char text[16384];

    world_send(w, fd, requests, sizeof(requests) - 1);
    world_receive(w, fd, text, sizeof(text), two_answers);

    assert_true(two_answers(text, 0));
    close(fd);
}

int main(void)
{
#define WITH_WORLD(test) cmocka_unit_test_setup_teardown(test, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        WITH_WORLD(a_reading_is_json_with_a_tag),
        WITH_WORLD(what_the_client_knows_is_not_sent_again),
        WITH_WORLD(a_change_with_an_old_tag_is_refused),
        WITH_WORLD(of_two_changes_with_one_tag_only_one_is_made),
        WITH_WORLD(head_says_what_get_would_without_saying_it),
        WITH_WORLD(only_looking_works_with_get),
        WITH_WORLD(a_change_is_a_post_of_json),
        WITH_WORLD(a_repeated_change_with_a_key_is_done_once),
        WITH_WORLD(errors_are_problems_in_the_language_asked_for),
        WITH_WORLD(every_kind_of_mistake_has_its_status),
        WITH_WORLD(the_nearest_operation_is_suggested),
        WITH_WORLD(csv_comes_by_accept_or_by_link),
        WITH_WORLD(a_file_travels_in_the_call),
        WITH_WORLD(progress_comes_line_by_line_and_the_answer_last),
        WITH_WORLD(progress_comes_as_events_too),
        WITH_WORLD(who_goes_away_stops_the_work),
        WITH_WORLD(who_goes_away_while_reading_along_stops_the_work),
        WITH_WORLD(the_interface_describes_itself),
        WITH_WORLD(a_connection_takes_many_requests),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
