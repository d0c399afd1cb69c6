/* Pages, forms, static files, health - and who is not let in. */
#include "tests/unit/http/world.h"

/* The value of the first attribute `name="…"` after `from`, in `value`. */
static void attribute(const char *from, const char *name, char *value, size_t size)
{
    const char *at = from ? strstr(from, name) : NULL;
    size_t length;

    assert_non_null(at);
    at += strlen(name) + 2;
    length = strcspn(at, "\"");
    assert_true(length < size);
    memcpy(value, at, length);
    value[length] = '\0';
}

/* ---- pages ---- */

static void a_page_is_an_answer_inside_the_layout(void **state)
{
    struct world *w = *state;
    struct response r = get(w, "/things?region=LVR");

    assert_int_equal(r.status, 200);
    assert_head_has(r, "Content-Type: text/html; charset=utf-8");
    assert_body_has(r, "<html lang=\"de\"");
    assert_body_has(r, "<title>Dinge – reihum</title>");
    assert_body_has(r, "<h1 class=\"rh-title\">Dinge</h1>");
    assert_body_has(r, "<p class=\"region\">LVR</p><p>Köln &lt;Süd&gt;</p>");
    assert_body_has(r, "<a href=\"/things\" aria-current=\"page\">Dinge</a>");
    assert_body_has(r, "name=\"_key\" value=\"form-");
    assert_body_has(r, "/base.css\">");
    assert_body_has(r, "/thing.css\">");
    assert_null(strstr(r.body, "<script"));
    assert_null(strstr(r.body, "style=\""));
    done_with(r);
}

static void a_page_may_run_no_script_and_be_framed_by_nobody(void **state)
{
    struct world *w = *state;
    struct response r = get(w, "/things");

    assert_head_has(r, "Content-Security-Policy: default-src 'none';");
    assert_head_has(r, "form-action 'self'");
    assert_head_has(r, "frame-ancestors 'none'");
    assert_head_has(r, "base-uri 'none'");
    assert_null(strstr(r.head, "unsafe"));
    assert_head_has(r, "X-Content-Type-Options: nosniff");
    assert_head_has(r, "Referrer-Policy: same-origin");
    assert_head_has(r, "Cross-Origin-Opener-Policy: same-origin");
    done_with(r);
}

static void what_stands_in_the_path_is_a_parameter_and_a_crumb(void **state)
{
    struct world *w = *state;
    struct response r = get(w, "/things/LWL");

    assert_int_equal(r.status, 200);
    assert_body_has(r, "Dinge in LWL");
    assert_body_has(r, "<li><a href=\"/things\">Dinge</a></li>");
    done_with(r);

    r = get(w, "/things/nowhere");
    assert_int_equal(r.status, 400);
    assert_body_has(r, "nowhere");
    assert_body_has(r, "<html lang=\"de\"");
    done_with(r);
}

static void a_field_left_empty_was_not_given(void **state)
{
    struct world *w = *state;
    struct response r = get(w, "/things?region=");

    assert_int_equal(r.status, 200);
    assert_body_has(r, "<p class=\"region\"></p>");
    done_with(r);
}

static void a_language_that_was_chosen_is_kept(void **state)
{
    struct world *w = *state;
    struct response r = get(w, "/things?lang=en&region=LVR");

    assert_body_has(r, "<html lang=\"en\"");
    assert_body_has(r, "Things");
    assert_head_has(r, "Set-Cookie: lang=en; Path=/;");
    assert_head_has(r, "SameSite=Lax; HttpOnly");
    assert_body_has(r, "href=\"/things?region=LVR&amp;lang=de\"");
    done_with(r);

    r = ask(w, "GET /things", "Cookie: lang=en\r\nAccept-Language: de\r\n");
    assert_body_has(r, "<html lang=\"en\"");
    assert_null(strstr(r.head, "Set-Cookie"));
    done_with(r);

    r = ask(w, "GET /things", "Accept-Language: en-GB,en;q=0.9,de;q=0.8\r\n");
    assert_body_has(r, "<html lang=\"en\"");
    done_with(r);
}

static void the_first_page_is_where_the_root_leads(void **state)
{
    struct world *w = *state;
    struct response r = get(w, "/");

    assert_int_equal(r.status, 303);
    assert_head_has(r, "Location: /things\r\n");
    done_with(r);

    r = get(w, "/things/?region=LVR");
    assert_int_equal(r.status, 308);
    assert_head_has(r, "Location: /things?region=LVR\r\n");
    done_with(r);
}

static void faults_are_pages_too(void **state)
{
    static const struct {
        const char *path;
        int status;
        const char *sentence;
    } cases[] = {
        {"/nowhere", 404, "die Seite &#39;/nowhere&#39; gibt es nicht"},
        {"/broken", 500, "etwas ist kaputt"},
        {"/wrong", 500, "Seite &#39;/wrong&#39;"},
        {"/things?x=%00", 400, "nicht richtig kodiert"},
    };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char line[128];
        struct response r;

        snprintf(line, sizeof(line), "GET %s", cases[i].path);
        r = ask(w, line, "Accept: text/html,*/*;q=0.8\r\n");
        if (r.status != cases[i].status)
            fail_msg("%s: %d: %s", cases[i].path, r.status, r.body);
        assert_head_has(r, "text/html");
        assert_body_has(r, cases[i].sentence);
        assert_body_has(r, "</html>");
        done_with(r);
    }
}

static void a_page_is_only_read(void **state)
{
    struct world *w = *state;
    struct response r = post(w, "/things", "application/x-www-form-urlencoded", "", "a=b");

    assert_int_equal(r.status, 405);
    assert_head_has(r, "Allow: GET, HEAD, OPTIONS");
    done_with(r);

    r = post(w, "/nowhere", "application/x-www-form-urlencoded", "", "a=b");
    assert_int_equal(r.status, 404);
    done_with(r);
}

/* ---- forms ---- */

static void a_form_is_made_from_the_table_entry(void **state)
{
    struct world *w = *state;
    struct response r = get(w, "/do/thing/add?_back=/things");

    assert_int_equal(r.status, 200);
    assert_body_has(r, "<form class=\"rh-form\" method=\"post\" action=\"/do/thing/add\">");
    assert_body_has(r, "<label for=\"field-name\">");
    assert_body_has(r, "name=\"name\" value=\"\" required");
    assert_body_has(r, "type=\"checkbox\" name=\"loud\"");
    assert_body_has(r, "name=\"_back\" value=\"/things\"");
    done_with(r);

    r = get(w, "/do/thing/import");
    assert_body_has(r, "enctype=\"multipart/form-data\"");
    assert_body_has(r, "type=\"file\"");
    done_with(r);

    r = get(w, "/do");
    assert_body_has(r, "href=\"/do/thing/list\"");
    done_with(r);

    r = get(w, "/do/thing/nothing");
    assert_int_equal(r.status, 404);
    done_with(r);
}

static void a_form_that_is_sent_twice_is_done_once(void **state)
{
    static const char type[] = "application/x-www-form-urlencoded";
    struct world *w = *state;
    struct response r = get(w, "/do/thing/add");
    char key[80], body[256];

    attribute(strstr(r.body, "name=\"_key\""), "value", key, sizeof(key));
    done_with(r);
    snprintf(body, sizeof(body), "name=K%%C3%%B6ln&loud=yes&_key=%s&_back=%%2Fthings", key);
    for (int i = 0; i < 2; i++) {
        r = post(w, "/do/thing/add", type, "", body);
        assert_int_equal(r.status, 200);
        assert_body_has(r, "Erledigt");
        assert_body_has(r, "&#39;Köln&#39; ist da");
        assert_body_has(r, "<a href=\"/things\">");
        assert_body_has(r, "<dt>seq</dt><dd>1</dd>");
        done_with(r);
    }
}

static void a_form_that_fails_comes_back_as_it_was_sent(void **state)
{
    struct world *w = *state;
    struct response r = post(w, "/do/thing/add", "application/x-www-form-urlencoded", "",
                             "name=bad&loud=yes&_back=%2Fthings");

    assert_int_equal(r.status, 422);
    assert_body_has(r, "role=\"alert\"");
    assert_body_has(r, "der Name &#39;bad&#39; geht nicht");
    assert_body_has(r, "name=\"name\" value=\"bad\"");
    assert_body_has(r, "value=\"yes\" checked");
    assert_body_has(r, "name=\"_back\" value=\"/things\"");
    done_with(r);
}

static void the_way_back_stays_on_this_server(void **state)
{
    static const char *const bad[] = {"https%3A%2F%2Fevil.example", "%2F%2Fevil.example",
                                      "%2F%5Cevil.example", "javascript%3Aalert(1)"};
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        char body[256];
        struct response r;

        snprintf(body, sizeof(body), "name=a%zu&_back=%s", i, bad[i]);
        r = post(w, "/do/thing/add", "application/x-www-form-urlencoded", "", body);
        assert_int_equal(r.status, 200);
        assert_null(strstr(r.body, "evil"));
        assert_null(strstr(r.body, "javascript"));
        done_with(r);
    }
}

static void a_form_can_show_its_own_page_again(void **state)
{
    static const char form[] = "application/x-www-form-urlencoded";
    struct world *w = *state;
    struct response r = post(w, "/do/thing/add", form, "", "name=bad&_page=%2Fthings%2FLVR");

    assert_true(r.status >= 400);
    assert_body_has(r, "<p class=\"fault\">");
    assert_body_has(r, "<p class=\"region\">LVR</p>");
    done_with(r);
    r = post(w, "/do/thing/add", form, "", "name=fine&_page=%2Fthings%2FLVR");
    assert_int_equal(r.status, 200);
    assert_body_has(r, "<p class=\"done\">");
    assert_null(strstr(r.body, "class=\"fault\""));
    done_with(r);
    /* What is no page of ours is answered as if nothing had been asked. */
    r = post(w, "/do/thing/add", form, "", "name=other&_page=https%3A%2F%2Fevil.example");
    assert_int_equal(r.status, 200);
    assert_null(strstr(r.body, "class=\"done\""));
    done_with(r);
}

static void a_file_is_uploaded_by_form(void **state)
{
    static const char body[] = "--XX\r\nContent-Disposition: form-data; name=\"file\"; "
                               "filename=\"r.csv\"\r\n\r\na;b\nc;d\r\n--XX--\r\n";
    struct world *w = *state;
    struct response r = post(w, "/do/thing/import", "multipart/form-data; boundary=XX", "", body);

    assert_int_equal(r.status, 200);
    assert_body_has(r, "<dt>name</dt><dd>r.csv</dd>");
    assert_body_has(r, "<dt>size</dt><dd>7</dd>");
    done_with(r);

    r = post(w, "/do/thing/import", "multipart/form-data", "", body);
    assert_int_equal(r.status, 400);
    done_with(r);
}

static void what_only_looks_is_shown_as_a_table(void **state)
{
    struct world *w = *state;
    struct response r = get(w, "/do/thing/list?region=LVR");

    assert_int_equal(r.status, 200);
    assert_body_has(r, "<th scope=\"col\">Name</th>");
    assert_body_has(r, "<td>Köln &lt;Süd&gt;</td><td class=\"rh-number\">3</td>");
    assert_body_has(r, "href=\"/api/v1/thing/list?format=csv&amp;region=LVR\"");
    assert_body_has(r, "<option value=\"LVR\" selected>LVR</option>");
    done_with(r);
}

/* ---- static files ---- */

static void style_sheets_are_kept_for_ever_under_their_hash(void **state)
{
    struct world *w = *state;
    struct response page = get(w, "/things"), r;
    char address[256];

    attribute(strstr(page.body, "<link rel=\"stylesheet\""), "href", address, sizeof(address));
    r = get(w, address);
    assert_int_equal(r.status, 200);
    assert_head_has(r, "immutable");
    assert_head_has(r, "Content-Type: text/css");
    done_with(r);
    done_with(page);

    r = get(w, "/static/base.css");
    assert_int_equal(r.status, 200);
    assert_head_has(r, "Cache-Control: no-cache");
    done_with(r);

    r = get(w, "/p/thing/thing.css");
    assert_int_equal(r.status, 200);
    assert_string_equal(r.body, ".thing { color: black; }");
    done_with(r);

    r = get(w, "/p/other/thing.css");
    assert_int_equal(r.status, 404);
    done_with(r);

    r = get(w, "/static/%2e%2e/secret");
    assert_int_equal(r.status, 400);
    done_with(r);

    r = get(w, "/favicon.ico");
    assert_int_equal(r.status, 200);
    assert_head_has(r, "image/svg+xml");
    done_with(r);
}

static void what_was_fetched_is_served_and_compressed_for_those_who_take_it(void **state)
{
    struct world *w = *state;
    struct response r = get(w, "/static/vendor/kern.min.css");

    assert_int_equal(r.status, 200);
    assert_string_equal(r.body, "body { color: black; }");
    assert_head_has(r, "Vary: Accept-Encoding");
    assert_null(strstr(r.head, "Content-Encoding"));
    done_with(r);

    r = ask(w, "GET /static/vendor/kern.min.css", "Accept-Encoding: gzip, br\r\n");
    assert_head_has(r, "Content-Encoding: gzip");
    assert_head_has(r, "Content-Type: text/css");
    assert_string_equal(r.body, "as if it were compressed");
    done_with(r);

    r = get(w, "/static/vendor/font.woff2");
    assert_head_has(r, "Content-Type: font/woff2");
    done_with(r);

    r = get(w, "/static/vendor/notes.xyz");
    assert_int_equal(r.status, 404);
    done_with(r);

    r = get(w, "/things");
    assert_body_has(r, "/vendor/kern.min.css\">");
    assert_null(strstr(r.body, "fira-sans.css"));
    done_with(r);
}

/* ---- health ---- */

static void health_says_how_the_server_is(void **state)
{
    struct world *w = *state;
    uint64_t version = rh_store_version(w->house.store);
    struct response r = get(w, "/healthz");

    assert_int_equal(r.status, 200);
    assert_string_equal(r.body, "ok\n");
    done_with(r);

    r = get(w, "/readyz");
    assert_int_equal(r.status, 200);
    assert_body_has(r, "\"ready\":true");
    assert_int_equal(rh_store_version(w->house.store), version); /* asking changes nothing */
    done_with(r);

    r = get(w, "/metrics");
    assert_int_equal(r.status, 200);
    assert_body_has(r, "reihum_build_info{version=\"");
    assert_body_has(r, "reihum_http_requests_total{route=\"health\",status=\"2xx\"} 2\n");
    assert_body_has(r, "reihum_http_request_seconds_bucket{route=\"health\",le=\"+Inf\"} 2\n");
    assert_body_has(r, "process_resident_memory_bytes ");
    assert_body_has(r, "reihum_store_tasks_total{kind=\"write\"} 2\n");
    assert_body_has(r, "reihum_store_waiting{kind=\"read\"} 0\n");
    done_with(r);
}

/* ---- who is not let in ---- */

static struct response raw(struct world *w, bool local, const char *request)
{
    return world_exchange(w, local, request, strlen(request));
}

static void a_foreign_name_for_this_machine_is_refused(void **state)
{
    struct world *w = *state;
    struct response r = raw(w, false,
                            "GET /api/v1/thing/list HTTP/1.1\r\nHost: evil.example\r\n"
                            "Connection: close\r\n\r\n");

    assert_int_equal(r.status, 403);
    assert_body_has(r, "localhost");
    done_with(r);
}

static void input_from_another_site_is_refused(void **state)
{
    static const char *const foreign[] = {"Origin: http://evil.example\r\n", "Origin: null\r\n",
                                          "Sec-Fetch-Site: cross-site\r\n",
                                          "Sec-Fetch-Site: same-site\r\n"};
    static const char type[] = "application/x-www-form-urlencoded";
    struct world *w = *state;
    char own[64];
    struct response r;

    for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++) {
        r = post(w, "/do/thing/add", type, foreign[i], "name=a");
        assert_int_equal(r.status, 403);
        done_with(r);
    }
    snprintf(own, sizeof(own), "Origin: http://127.0.0.1:%d\r\n", w->port);
    r = post(w, "/do/thing/add", type, own, "name=a");
    assert_int_equal(r.status, 200);
    assert_body_has(r, "<dt>seq</dt><dd>1</dd>"); /* the others did nothing */
    done_with(r);
}

static void the_unix_socket_knows_who_is_there(void **state)
{
    struct world *w = *state;
    char actor[64];
    struct response r = raw(w, true,
                            "POST /api/v1/thing/add HTTP/1.1\r\nHost: reihum\r\nConnection: close"
                            "\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n"
                            "{\"name\":\"a\"}");

    assert_int_equal(r.status, 200);
    snprintf(actor, sizeof(actor), "\"actor\":\"cli:uid=%u\"", (unsigned)getuid());
    assert_body_has(r, actor);
    done_with(r);
}

static void a_body_that_is_too_large_is_refused_before_it_is_read(void **state)
{
    struct world *w = *state;
    struct response r = raw(w, false,
                            "POST /api/v1/thing/add HTTP/1.1\r\nHost: localhost\r\n"
                            "Content-Type: application/json\r\nContent-Length: 99999999\r\n\r\n");

    assert_int_equal(r.status, 413);
    assert_head_has(r, "Content-Type: application/problem+json");
    assert_body_has(r, "16 MiB");
    done_with(r);
}

static void what_is_no_http_gets_no_further(void **state)
{
    static const char *const bad[] = {
        "GET / HTTP/1.1\r\n\r\n", /* no Host */
        "nonsense\r\n\r\n",
        "GET /\r\n\r\n",
        "POST /api/v1/thing/add HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n",
    };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        char text[8192];
        int fd = world_connect(w, false);
        size_t got;

        world_send(w, fd, bad[i], strlen(bad[i]));
        shutdown(fd, SHUT_WR);
        got = world_receive(w, fd, text, sizeof(text), NULL);
        if (got > 0 && !strstr(text, " 400 ") && !strstr(text, " 505 "))
            fail_msg("%s: %s", bad[i], text);
        close(fd);
    }
}

static void set_drained(void *context)
{
    ((struct world *)context)->drained = true;
}

static void draining_finishes_what_runs_and_takes_nothing_new(void **state)
{
    static const char request[] = "POST /api/v1/thing/think HTTP/1.1\r\nHost: localhost\r\n"
                                  "Content-Type: application/json\r\nContent-Length: 13\r\n\r\n"
                                  "{\"rounds\":50}";
    struct world *w = *state;
    int fd = world_connect(w, false), late;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)w->port)};
    char text[4096];

    world_send(w, fd, request, sizeof(request) - 1);
    for (int i = 0; i < 10; i++)
        world_turn(w);
    rh_http_drain(w->http, set_drained, w);
    world_turn(w);
    assert_false(w->drained);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    late = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(late, (struct sockaddr *)&address, sizeof(address)), -1);
    close(late);

    world_receive(w, fd, text, sizeof(text), NULL);
    assert_non_null(strstr(text, "200 OK"));
    assert_non_null(strstr(text, "\"rounds\":50"));
    assert_non_null(strstr(text, "Connection: close"));
    world_turn(w);
    assert_true(w->drained);
    close(fd);
}

int main(void)
{
#define WITH_WORLD(test) cmocka_unit_test_setup_teardown(test, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        WITH_WORLD(a_page_is_an_answer_inside_the_layout),
        WITH_WORLD(a_page_may_run_no_script_and_be_framed_by_nobody),
        WITH_WORLD(what_stands_in_the_path_is_a_parameter_and_a_crumb),
        WITH_WORLD(a_field_left_empty_was_not_given),
        WITH_WORLD(a_language_that_was_chosen_is_kept),
        WITH_WORLD(the_first_page_is_where_the_root_leads),
        WITH_WORLD(faults_are_pages_too),
        WITH_WORLD(a_page_is_only_read),
        WITH_WORLD(a_form_is_made_from_the_table_entry),
        WITH_WORLD(a_form_that_is_sent_twice_is_done_once),
        WITH_WORLD(a_form_that_fails_comes_back_as_it_was_sent),
        WITH_WORLD(the_way_back_stays_on_this_server),
        WITH_WORLD(a_form_can_show_its_own_page_again),
        WITH_WORLD(a_file_is_uploaded_by_form),
        WITH_WORLD(what_only_looks_is_shown_as_a_table),
        WITH_WORLD(style_sheets_are_kept_for_ever_under_their_hash),
        WITH_WORLD(what_was_fetched_is_served_and_compressed_for_those_who_take_it),
        WITH_WORLD(health_says_how_the_server_is),
        WITH_WORLD(a_foreign_name_for_this_machine_is_refused),
        WITH_WORLD(input_from_another_site_is_refused),
        WITH_WORLD(the_unix_socket_knows_who_is_there),
        WITH_WORLD(a_body_that_is_too_large_is_refused_before_it_is_read),
        WITH_WORLD(what_is_no_http_gets_no_further),
        WITH_WORLD(draining_finishes_what_runs_and_takes_nothing_new),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
