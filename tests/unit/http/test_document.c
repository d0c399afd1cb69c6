/* Documents: fetched again and again, found out once; and their addresses are nobody's business. */
#include "world.h"

#include <zlib.h>

#define PATH "GET /things/secret.txt"

static void header_of(const struct response *r, const char *name, char *value, size_t size)
{
    const char *at = strstr(r->head, name);
    size_t length;

    if (!at)
        fail_msg("%s is not in: %s", name, r->head);
    at += strlen(name) + 2;
    length = strcspn(at, "\r");
    assert_true(length < size);
    memcpy(value, at, length);
    value[length] = '\0';
}

static void add(struct world *w, const char *name)
{
    char body[64];
    struct response r;

    snprintf(body, sizeof(body), "{\"name\":\"%s\"}", name);
    r = post_json(w, "/api/v1/thing/add", "", body);
    assert_int_equal(r.status, 200);
    done_with(r);
}

static struct response ask_with(struct world *w, const char *line, const char *name,
                                const char *value)
{
    char headers[256];

    snprintf(headers, sizeof(headers), "%s: %s\r\n", name, value);
    return ask(w, line, headers);
}

static void it_is_raw_and_private_and_dated(void **state)
{
    struct world *w = *state;
    struct response r = ask(w, PATH, "");

    assert_int_equal(r.status, 200);
    assert_head_has(r, "Content-Type: text/plain; charset=utf-8\r\n");
    assert_head_has(r, "Cache-Control: private, no-cache\r\n");
    assert_head_has(r, "Last-Modified: Fri, 15 Jan 2027 08:00:00 GMT\r\n");
    assert_head_has(r, "Vary: Accept-Encoding\r\n");
    assert_null(strstr(r.head, "Content-Encoding"));
    assert_int_equal(strncmp(r.body, "DÄTA:immer die gleiche", 23), 0);
    assert_body_has(r, "Ende 20833\n");
    done_with(r);
    r = get(w, "/things/secret.txt?lang=en&anything=1");
    assert_body_has(r, "END 20833\n");
    done_with(r);
}

static void who_has_it_is_not_sent_it_again(void **state)
{
    struct world *w = *state;
    struct response r = ask(w, PATH, "");
    char tag[64], date[64], both[256];

    header_of(&r, "ETag", tag, sizeof(tag));
    header_of(&r, "Last-Modified", date, sizeof(date));
    assert_int_equal(tag[0], '"');
    done_with(r);
    r = ask_with(w, PATH, "If-None-Match", tag);
    assert_int_equal(r.status, 304);
    assert_int_equal(r.length, 0);
    assert_head_has(r, tag);
    assert_head_has(r, date);
    done_with(r);
    r = ask_with(w, PATH, "If-Modified-Since", date);
    assert_int_equal(r.status, 304);
    done_with(r);
    r = ask_with(w, PATH, "If-Modified-Since", "Sat, 16 Jan 2027 08:00:00 GMT");
    assert_int_equal(r.status, 304);
    done_with(r);
    r = ask_with(w, PATH, "If-Modified-Since", "Fri, 15 Jan 2027 07:59:59 GMT");
    assert_int_equal(r.status, 200);
    done_with(r);
    r = ask_with(w, PATH, "If-Modified-Since", "yesterday");
    assert_int_equal(r.status, 200);
    done_with(r);
    /* A tag that does not match wins over a date that does. */
    snprintf(both, sizeof(both), "\"other\"\r\nIf-Modified-Since: %s", date);
    r = ask_with(w, PATH, "If-None-Match", both);
    assert_int_equal(r.status, 200);
    done_with(r);
}

static void it_is_found_out_once_after_a_change(void **state)
{
    struct world *w = *state;
    int before = atomic_load(&world_rendered);
    struct response r;

    for (int i = 0; i < 20; i++)
        done_with(ask(w, PATH, ""));
    assert_int_equal(atomic_load(&world_rendered), before + 1);
    add(w, "one");
    for (int i = 0; i < 20; i++) {
        r = ask(w, PATH, "");
        assert_head_has(r, "Last-Modified: Fri, 15 Jan 2027 08:00:01 GMT\r\n");
        done_with(r);
    }
    assert_int_equal(atomic_load(&world_rendered), before + 2);
}

static void a_change_of_something_else_leaves_tag_and_date_alone(void **state)
{
    struct world *w = *state;
    struct response r;
    char tag[64], after[64];

    add(w, "one");
    r = ask(w, PATH, "");
    header_of(&r, "ETag", tag, sizeof(tag));
    done_with(r);
    add(w, "else");
    r = ask_with(w, PATH, "If-None-Match", tag);
    assert_int_equal(r.status, 304);
    assert_head_has(r, "Last-Modified: Fri, 15 Jan 2027 08:00:01 GMT\r\n");
    done_with(r);
    add(w, "two");
    r = ask_with(w, PATH, "If-None-Match", tag);
    assert_int_equal(r.status, 200);
    header_of(&r, "ETag", after, sizeof(after));
    assert_string_not_equal(tag, after);
    done_with(r);
}

static void another_day_may_be_another_document(void **state)
{
    struct world *w = *state;
    struct response r;

    done_with(ask(w, PATH, ""));
    w->now += 86400;
    r = ask(w, PATH, "");
    assert_body_has(r, "Ende 20834\n");
    done_with(r);
}

static void inflate_body(const struct response *r, char *text, size_t size)
{
    z_stream stream = {.next_in = (Bytef *)r->body,
                       .avail_in = (uInt)r->length,
                       .next_out = (Bytef *)text,
                       .avail_out = (uInt)size - 1};

    assert_int_equal(inflateInit2(&stream, 15 + 16), Z_OK);
    assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
    text[stream.total_out] = '\0';
    inflateEnd(&stream);
}

static void it_is_small_for_those_who_can_read_that(void **state)
{
    struct world *w = *state;
    struct response plain = ask(w, PATH, "");
    struct response r = ask(w, PATH, "Accept-Encoding: gzip, br\r\n");
    char text[8192], tag[64], plain_tag[64];

    assert_int_equal(r.status, 200);
    assert_head_has(r, "Content-Encoding: gzip\r\n");
    assert_head_has(r, "Vary: Accept-Encoding\r\n");
    assert_true(r.length * 5 < plain.length);
    inflate_body(&r, text, sizeof(text));
    assert_string_equal(text, plain.body);
    header_of(&r, "ETag", tag, sizeof(tag));
    header_of(&plain, "ETag", plain_tag, sizeof(plain_tag));
    assert_string_not_equal(tag, plain_tag);
    done_with(r);
    done_with(plain);
    r = ask(w, PATH, "Accept-Encoding: gzip;q=0\r\n");
    assert_null(strstr(r.head, "Content-Encoding"));
    done_with(r);
}

static void head_is_get_without_the_body(void **state)
{
    struct world *w = *state;
    struct response full = ask(w, PATH, "");
    struct response r = ask(w, "HEAD /things/secret.txt", "");
    char length[32], tag[64];

    snprintf(length, sizeof(length), "Content-Length: %zu\r\n", full.length);
    header_of(&full, "ETag", tag, sizeof(tag));
    assert_int_equal(r.status, 200);
    assert_int_equal(r.length, 0);
    assert_head_has(r, length);
    assert_head_has(r, tag);
    done_with(r);
    done_with(full);
    r = post_json(w, "/things/secret.txt", "", "{}");
    assert_int_equal(r.status, 405);
    done_with(r);
}

/* All but the address itself. */
static void an_address_that_leads_nowhere_says_nothing_else(void **state)
{
    static const char *const nowhere[] = {"GET /things/guess.txt", "GET /things/Secret.txt",
                                          "GET /things/secret.txt.txt", "GET /things/%2573.txt"};
    struct world *w = *state;
    char head[8192] = "", body[1024] = "";

    for (size_t i = 0; i < sizeof(nowhere) / sizeof(nowhere[0]); i++) {
        struct response r = ask(w, nowhere[i], "");
        char *date = strstr(r.head, "Date: ");

        assert_int_equal(r.status, 404);
        assert_head_has(r, "Cache-Control: no-store\r\n");
        if (date)
            memset(date, ' ', strcspn(date, "\r"));
        if (i > 0) {
            assert_string_equal(r.head, head);
            assert_string_equal(r.body, body);
        }
        memcpy(head, r.head, sizeof(head));
        snprintf(body, sizeof(body), "%s", r.body);
        done_with(r);
    }
}

static void what_was_revoked_is_gone(void **state)
{
    struct response r = get(*state, "/things/revoked.txt");

    assert_int_equal(r.status, 410);
    assert_body_has(r, "\"detail\":\"dieses Dokument gibt es nicht mehr\"");
    done_with(r);
}

static void no_secret_is_in_a_sentence_or_a_note(void **state)
{
    struct world *w = *state;
    struct response r = get(w, "/things/failing-secret.txt");

    assert_int_equal(r.status, 500);
    assert_null(strstr(r.body, "failing-secret"));
    assert_int_equal(w->last_status, 500);
    assert_string_equal(w->last_sentence, "'**************' is broken");
    done_with(r);
    r = get(w, "/things/empty.txt");
    assert_int_equal(r.status, 500);
    assert_string_equal(w->last_sentence, "'thing document' did not answer with \"content\"");
    done_with(r);
    r = get(w, "/metrics");
    assert_body_has(r, "reihum_http_requests_total{route=\"document\",status=\"5xx\"} 2");
    assert_null(strstr(r.body, "secret"));
    done_with(r);
}

static void pages_beside_it_are_still_pages(void **state)
{
    struct response r = get(*state, "/things/LVR");

    assert_int_equal(r.status, 200);
    assert_head_has(r, "Content-Type: text/html");
    done_with(r);
}

/* Two who ask at the same time, before it is known, are one question. */
static void who_asks_meanwhile_waits_for_the_same_answer(void **state)
{
    static const char request[] = PATH " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
    struct world *w = *state;
    int before = atomic_load(&world_rendered), fd[4];
    char text[8192];

    for (int i = 0; i < 4; i++) {
        fd[i] = world_connect(w, false);
        assert_int_equal(send(fd[i], request, strlen(request), 0), (ssize_t)strlen(request));
    }
    for (int i = 0; i < 4; i++) {
        struct response r;

        r = response_of(text, world_receive(w, fd[i], text, sizeof(text), NULL));
        assert_int_equal(r.status, 200);
        close(fd[i]);
    }
    assert_int_equal(atomic_load(&world_rendered), before + 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        TEST(it_is_raw_and_private_and_dated),
        TEST(who_has_it_is_not_sent_it_again),
        TEST(it_is_found_out_once_after_a_change),
        TEST(a_change_of_something_else_leaves_tag_and_date_alone),
        TEST(another_day_may_be_another_document),
        TEST(it_is_small_for_those_who_can_read_that),
        TEST(head_is_get_without_the_body),
        TEST(an_address_that_leads_nowhere_says_nothing_else),
        TEST(what_was_revoked_is_gone),
        TEST(no_secret_is_in_a_sentence_or_a_note),
        TEST(pages_beside_it_are_still_pages),
        TEST(who_asks_meanwhile_waits_for_the_same_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
