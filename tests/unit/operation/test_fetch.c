/* rh_fetch_in(): where it may be asked for, and whose hosts it may reach. What it does then is
 * tests/unit/net. */
#include "world.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/socket.h>

static int32_t ask(struct rh_call *call)
{
    const struct rh_fetch_request request = {.size = sizeof(request),
                                             .url = rh_param_text(call, "url")};
    struct rh_fetch_response response = {.size = sizeof(response)};
    int32_t rc = rh_fetch_in(call, &request, &response);

    if (rc < 0)
        return rc;
    rh_out_int(call, "status", response.status);
    rh_out_text(call, "etag", response.etag);
    rh_out_text(call, "text",
                rh_format(call, "%.*s", "%.*s", (int)response.length, response.bytes));
    return 0;
}

static int32_t nothing(struct rh_call *call)
{
    (void)call;
    return 0;
}

static const struct rh_param params[] = {{.name = "url", .type = RH_TYPE_TEXT, .help = HELP}};
static const struct rh_operation operations[] = {
    {.name = "fetch ask", .kind = RH_COMPUTE, .help = HELP, .params = RH_ROWS(params), .run = ask},
    {.name = "fetch read", .kind = RH_READ, .help = HELP, .params = RH_ROWS(params), .run = ask},
    {.name = "fetch write", .kind = RH_WRITE, .help = HELP, .params = RH_ROWS(params), .run = ask},
    {.name = "fetch commit",
     .kind = RH_COMPUTE,
     .help = HELP,
     .params = RH_ROWS(params),
     .run = nothing,
     .commit = ask},
};
static const struct rh_plugin plugin = {.name = "demo", .operations = RH_ROWS(operations)};
static struct rh_module module = {.plugin = &plugin};

static int setup(void **state)
{
    struct world *w = world_new(NULL, 0, NULL);

    world_add(w, &module);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    world_free(*state);
    return 0;
}

/* The kernel takes the connection and keeps the reply, which was there before the question. */
static int listen_on(int *ret_port)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof(address);
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    assert_int_equal(listen(fd, 1), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    *ret_port = ntohs(address.sin_port);
    return fd;
}

static int32_t answer_once(void *context, int64_t done, int64_t total, const char *what)
{
    static const char text[] = "HTTP/1.1 200 OK\r\nETag: \"a\"\r\nContent-Length: 5\r\n\r\nhello";
    int *socket = context, fd;

    (void)done;
    (void)total;
    (void)what;
    fd = *socket < 0 ? -1 : accept4(*socket, NULL, NULL, SOCK_NONBLOCK);
    if (fd >= 0) {
        assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), (ssize_t)strlen(text));
        shutdown(fd, SHUT_WR);
        *socket = -1; /* once */
    }
    return 0;
}

static void a_host_that_is_named_may_be_asked(void **state)
{
    struct world *w = *state;
    char url[64];
    int port, fd = listen_on(&port), waiting = fd;
    struct rh_argument argument = {.name = "url", .value = url};
    const struct rh_invoke_options options = {.lang = RH_EN,
                                              .actor = "t",
                                              .as_of = RH_NO_DAY,
                                              .progress = answer_once,
                                              .progress_context = &waiting};

    assert_int_equal(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
    snprintf(url, sizeof(url), "http://127.0.0.1:%d/", port);
    assert_refused(world_call_with(w, "fetch ask", "url", url), RH_EFORBIDDEN,
                   "private network or on this machine");
    w->house.fetch_hosts = "127.0.0.1";
    assert_json(world_call(w, "fetch ask", &argument, 1, &options),
                "{\"status\":200,\"etag\":\"\\\"a\\\"\",\"text\":\"hello\"}");
    close(fd);
}

static void it_is_for_those_who_may_wait(void **state)
{
    static const char *const names[] = {"fetch read", "fetch write", "fetch commit"};

    for (int i = 0; i < 3; i++)
        assert_refused(world_call_with(*state, names[i], "url", "http://127.0.0.1/"), RH_EFAILED,
                       "or others wait");
}

static void a_simulation_fetches_nothing(void **state)
{
    struct world *w = *state;

    w->house.practice = true;
    w->house.fetch_hosts = "127.0.0.1";
    assert_refused(world_call_with(w, "fetch ask", "url", "http://127.0.0.1:9/"), RH_EFORBIDDEN,
                   "nothing is fetched in a simulation");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_host_that_is_named_may_be_asked),
        TEST(it_is_for_those_who_may_wait),
        TEST(a_simulation_fetches_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
