/* Without memory a request fails, the server does not: each allocation of its way is refused once.
 */
#include "tests/unit/http/world.h"

#include "core/base/alloc.h"

/* Sends it and takes what comes; nothing is an answer too, when the connection was closed. */
static size_t try_request(struct world *w, const char *request, char *text, size_t size)
{
    int fd = world_connect(w, false);
    size_t got;

    world_send(w, fd, request, strlen(request));
    got = world_receive(w, fd, text, size, NULL);
    close(fd);
    return got;
}

static void refuse_each_until(struct world *w, const char *request, const char *good)
{
    const size_t size = (size_t)256 * 1024;
    char *text = malloc(size);
    int struck = 0;

    assert_non_null(text);
    for (long n = 1; n < 400; n++) {
        int was_struck;

        rh_alloc_fail_after(n, 1);
        (void)try_request(w, request, text, size);
        was_struck = rh_alloc_fault_struck();
        rh_alloc_fail_after(0, 0);
        struck += was_struck != 0;
        if (!was_struck)
            break; /* there are no more on this way */
    }
    assert_true(struck > 3);

    /* As if nothing had happened. */
    assert_true(try_request(w, request, text, size) > 0);
    assert_non_null(strstr(text, good));
    free(text);
}

static void refuse_each_allocation(struct world *w, const char *request)
{
    refuse_each_until(w, request, "HTTP/1.1 200 ");
}

static void a_reading_survives_it(void **state)
{
    refuse_each_allocation(*state, "GET /api/v1/thing/list?region=LVR&lang=en HTTP/1.1\r\n"
                                   "Host: localhost\r\nConnection: close\r\n\r\n");
}

static void a_csv_survives_it(void **state)
{
    refuse_each_allocation(*state, "GET /api/v1/thing/list?format=csv HTTP/1.1\r\n"
                                   "Host: localhost\r\nConnection: close\r\n\r\n");
}

static void a_change_survives_it(void **state)
{
    refuse_each_allocation(*state, "POST /api/v1/thing/add HTTP/1.1\r\nHost: localhost\r\n"
                                   "Connection: close\r\nContent-Type: application/json\r\n"
                                   "Content-Length: 12\r\n\r\n{\"name\":\"a\"}");
}

static void a_stream_survives_it(void **state)
{
    refuse_each_allocation(*state, "POST /api/v1/thing/think HTTP/1.1\r\nHost: localhost\r\n"
                                   "Connection: close\r\nContent-Type: application/json\r\n"
                                   "Accept: application/x-ndjson\r\n"
                                   "Content-Length: 12\r\n\r\n{\"rounds\":5}");
}

static void a_page_survives_it(void **state)
{
    refuse_each_allocation(*state, "GET /things/LVR?lang=en HTTP/1.1\r\nHost: localhost\r\n"
                                   "Connection: close\r\n\r\n");
}

static void a_form_survives_it(void **state)
{
    refuse_each_allocation(*state, "POST /do/thing/add HTTP/1.1\r\nHost: localhost\r\n"
                                   "Connection: close\r\nContent-Length: 6\r\n"
                                   "Content-Type: application/x-www-form-urlencoded\r\n\r\nname=a");
}

static void events_survive_it(void **state)
{
    refuse_each_allocation(*state, "POST /api/v1/thing/think HTTP/1.1\r\nHost: localhost\r\n"
                                   "Connection: close\r\nContent-Type: application/json\r\n"
                                   "Accept: text/event-stream\r\n"
                                   "Content-Length: 12\r\n\r\n{\"rounds\":5}");
}

static void a_run_survives_it(void **state)
{
    refuse_each_until(*state,
                      "POST /do/thing/think HTTP/1.1\r\nHost: localhost\r\n"
                      "Connection: close\r\nContent-Length: 8\r\n"
                      "Content-Type: application/x-www-form-urlencoded\r\n\r\nrounds=0",
                      "HTTP/1.1 303 ");
}

static void health_survives_it(void **state)
{
    refuse_each_allocation(*state, "GET /readyz HTTP/1.1\r\nHost: localhost\r\n"
                                   "Connection: close\r\n\r\n");
}

int main(void)
{
#define WITH_WORLD(test) cmocka_unit_test_setup_teardown(test, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        WITH_WORLD(a_reading_survives_it), WITH_WORLD(a_csv_survives_it),
        WITH_WORLD(a_change_survives_it),  WITH_WORLD(a_stream_survives_it),
        WITH_WORLD(a_page_survives_it),    WITH_WORLD(a_form_survives_it),
        WITH_WORLD(events_survive_it),     WITH_WORLD(a_run_survives_it),
        WITH_WORLD(health_survives_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
