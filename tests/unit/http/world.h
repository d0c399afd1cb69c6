/*
 * world.h - a server in a test: store, registry, HTTP and the client, all on one loop and one
 * thread. The client's socket and the server's turn are taken one after the other, so nothing
 * depends on who is faster.
 */
#ifndef TESTS_UNIT_HTTP_WORLD_H
#define TESTS_UNIT_HTTP_WORLD_H

#include "core/http/http.h"
#include "core/operation/call.h"
#include "reihum/plugin.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#define WORLD_TURNS 20000 /* of a millisecond at most: a test that hangs fails */

struct world {
    char folder[64], database[96], socket_path[100];
    uv_loop_t loop;
    uv_async_t wake;
    struct rh_clock clock;
    struct rh_house house;
    struct rh_module module;
    struct rh_http *http;
    int port;
    int notes; /* requests that were noted */
    int last_status;
    char last_actor[40], last_sentence[200];
    int64_t now; /* the virtual clock, seconds */
    bool drained;
};

struct response {
    int status;
    char head[8192];
    char *body; /* in `text` */
    size_t length;
    char *text; /* owned */
};

/* ---- a module to ask ---- */

static int32_t world_list(struct rh_call *call)
{
    const char *region = rh_param_text(call, "region");

    rh_say(call, "Zwei Ämter", "Two offices");
    rh_out_text(call, "region", region);
    rh_out_array(call, "items");
    rh_out_object(call, NULL);
    rh_out_text(call, "name", "Köln <Süd>");
    rh_out_int(call, "count", 3);
    rh_out_end(call);
    rh_out_end(call);
    return 0;
}

static int32_t world_add(struct rh_call *call)
{
    int64_t seq;

    if (strcmp(rh_param_text(call, "name"), "bad") == 0)
        return rh_fail(call, RH_EINVALID, "der Name '%s' geht nicht", "the name '%s' will not do",
                       rh_param_text(call, "name"));
    seq = rh_event(call, "thing.added", rh_param_text(call, "name"), NULL, NULL);
    if (seq < 0)
        return (int32_t)seq;
    rh_say(call, "'%s' ist da", "'%s' is there", rh_param_text(call, "name"));
    rh_out_int(call, "seq", seq);
    rh_out_text(call, "actor", rh_actor(call));
    return 0;
}

static int32_t world_read_file(struct rh_call *call)
{
    const char *name, *bytes;
    size_t size;

    if (rh_param_file(call, "file", &name, &bytes, &size) < 0)
        return RH_EFAILED;
    rh_out_text(call, "name", name);
    rh_out_int(call, "size", (int64_t)size);
    return 0;
}

/* Works until it is told to stop, or `rounds` times. */
static int32_t world_think(struct rh_call *call)
{
    int64_t rounds = rh_param_int(call, "rounds");

    for (int64_t i = 0; i < rounds; i++) {
        struct timespec pause = {.tv_nsec = 1000000};

        if (rh_progress(call, i, rounds, "Runde", "round") != 0)
            return rh_fail(call, RH_ECANCELLED, "abgebrochen", "cancelled");
        nanosleep(&pause, NULL); /* the work it stands for */
    }
    rh_out_int(call, "rounds", rounds);
    return 0;
}

static int32_t world_break(struct rh_call *call)
{
    return rh_fail(call, RH_EFAILED, "etwas ist kaputt", "something is broken");
}

/* How often it was found out what the document says. Readers and the test take turns. */
static atomic_int world_rendered;

/* As many lines as things were added; whoever adds "else" changes the data and not the document. */
static int32_t world_document(struct rh_call *call)
{
    const char *token = rh_param_text(call, "token");
    struct rh_rows *rows;
    const char *text = "";
    int64_t count = 0;

    atomic_fetch_add(&world_rendered, 1);
    if (strcmp(token, "revoked") == 0) {
        rh_out_flag(call, "gone", 1);
        return 0;
    }
    if (strcmp(token, "failing-secret") == 0)
        return rh_fail(call, RH_EFAILED, "'%s' ist kaputt", "'%s' is broken", token);
    if (strcmp(token, "empty") == 0)
        return 0;
    if (strcmp(token, "secret") != 0)
        return rh_fail(call, RH_ENOTFOUND, "'%s' gibt es nicht", "'%s' does not exist", token);
    if (rh_query(call, &rows, "SELECT count(*) FROM event WHERE subject <> 'else'", "") < 0)
        return RH_EFAILED;
    if (rh_next(call, rows) == 1)
        count = rh_get_int(call, rows, 0);
    rh_close(call, rows);
    for (int64_t i = 0; i < count + 50; i++)
        text = rh_format(call, "%sDÄTA:immer die gleiche Zeile\n", "%sDATA:always the same line\n",
                         text);
    rh_out_text(call, "content",
                rh_format(call, "%sEnde %d\n", "%sEND %d\n", text, rh_today(call)));
    rh_out_int(call, "modified_utc", 1800000000 + count);
    return 0;
}

static const struct rh_param world_list_params[] = {
    {"region", RH_TYPE_CHOICE, 0, NULL, "LVR|LWL", 0, 0, {"Landesteil", "region"}},
};
static const struct rh_column world_list_columns[] = {
    {"name", RH_TYPE_TEXT, 0, {"Name", "Name"}},
    {"count", RH_TYPE_INT, 0, {"Anzahl", "Count"}},
};
static const struct rh_param world_add_params[] = {
    {"name", RH_TYPE_TEXT, RH_PARAM_REQUIRED, NULL, NULL, 0, 0, {"Name", "name"}},
    {"loud", RH_TYPE_FLAG, 0, NULL, NULL, 0, 0, {"laut", "loud"}},
};
static const struct rh_param world_file_params[] = {
    {"file", RH_TYPE_FILE, RH_PARAM_REQUIRED, NULL, NULL, 0, 0, {"Datei", "file"}},
};
static const struct rh_param world_think_params[] = {
    {"rounds", RH_TYPE_INT, 0, "5", NULL, 0, 100000, {"Runden", "rounds"}},
};
static const struct rh_param world_document_params[] = {
    {"token", RH_TYPE_TEXT, RH_PARAM_REQUIRED, NULL, NULL, 0, 0, {"Marke", "token"}},
};

static const struct rh_operation world_operations[] = {
    {.name = "thing list",
     .kind = RH_READ,
     .help = {"zeigt Dinge", "show things"},
     .detail = {"", ""},
     .params = RH_ROWS(world_list_params),
     .columns = RH_ROWS(world_list_columns),
     .run = world_list},
    {.name = "thing add",
     .kind = RH_WRITE,
     .help = {"legt ein Ding an", "add a thing"},
     .detail = {"", ""},
     .params = RH_ROWS(world_add_params),
     .run = world_add},
    {.name = "thing import",
     .kind = RH_WRITE,
     .help = {"liest Dinge ein", "import things"},
     .detail = {"", ""},
     .params = RH_ROWS(world_file_params),
     .run = world_read_file},
    {.name = "thing think",
     .kind = RH_COMPUTE,
     .help = {"denkt nach", "think"},
     .detail = {"", ""},
     .params = RH_ROWS(world_think_params),
     .run = world_think},
    {.name = "thing break",
     .kind = RH_READ,
     .help = {"geht kaputt", "break"},
     .detail = {"", ""},
     .run = world_break},
    {.name = "thing document",
     .kind = RH_READ,
     .help = {"zeigt das Dokument", "show the document"},
     .detail = {"", ""},
     .params = RH_ROWS(world_document_params),
     .run = world_document},
};

static const struct rh_document world_documents[] = {
    {"/things/{token}.txt", "thing document", "text/plain; charset=utf-8"},
};

static const char world_page_body[] =
    "<p class=\"region\">{{region}}</p>{{#items}}<p>{{name}}</p>{{/items}}"
    "{{#fault}}<p class=\"fault\">{{fault}}</p>{{/fault}}{{#done}}<p "
    "class=\"done\">done</p>{{/done}}"
    "<form method=\"post\" action=\"/do/thing/add\"><input type=\"hidden\" name=\"_key\" "
    "value=\"{{form_key}}\"></form>";

static const struct rh_page world_pages[] = {
    {"/things", "thing list", world_page_body, {"Dinge", "Things"}, {"Dinge", "Things"}, 10, 0},
    {"/things/{region}",
     "thing list",
     world_page_body,
     {"Dinge in {{region}}", "Things in {{region}}"},
     {NULL, NULL},
     0,
     0},
    {"/broken", "thing break", "<p>never</p>", {"Kaputt", "Broken"}, {NULL, NULL}, 0, 0},
    {"/wrong", "thing list", "<p {{name}}>", {"Falsch", "Wrong"}, {NULL, NULL}, 0, 0},
};

static const char world_css[] = ".thing { color: black; }";
static const struct rh_asset world_assets[] = {
    {"thing.css", "text/css; charset=utf-8", world_css, sizeof(world_css) - 1},
};

static const struct rh_plugin world_plugin = {
    RH_PLUGIN_HEAD("thing", "1.0.0"),        .title = {"Dinge", "Things"},
    .operations = RH_ROWS(world_operations), .pages = RH_ROWS(world_pages),
    .assets = RH_ROWS(world_assets),         .documents = RH_ROWS(world_documents),
};

/* ---- the world ---- */

static int64_t world_now(void *context)
{
    return ((struct world *)context)->now;
}

static void world_on_wake(uv_async_t *async)
{
    struct world *w = async->data;

    rh_store_collect(w->house.store);
}

static void world_wake(void *context)
{
    uv_async_send(context);
}

static void world_note(void *context, const struct rh_http_note *note)
{
    struct world *w = context;

    w->notes++;
    w->last_status = note->status;
    snprintf(w->last_actor, sizeof(w->last_actor), "%s", note->actor);
    snprintf(w->last_sentence, sizeof(w->last_sentence), "%s",
             note->sentence ? note->sentence : "");
}

/* What npm would have laid out. */
static const char *const world_vendor[][2] = {
    {"kern.min.css", "body { color: black; }"},
    {"kern.min.css.gz", "as if it were compressed"},
    {"font.woff2", "a font"},
    {"notes.xyz", "nothing to serve"},
};
#define WORLD_VENDOR (sizeof(world_vendor) / sizeof(world_vendor[0]))

static void world_vendor_path(const struct world *w, size_t index, char path[160])
{
    snprintf(path, 160, "%s/web/vendor%s%s", w->folder, index < WORLD_VENDOR ? "/" : "",
             index < WORLD_VENDOR ? world_vendor[index][0] : "");
}

static void world_lay_out(const struct world *w)
{
    char path[160];

    snprintf(path, sizeof(path), "%s/web", w->folder);
    assert_int_equal(mkdir(path, 0700), 0);
    world_vendor_path(w, WORLD_VENDOR, path);
    assert_int_equal(mkdir(path, 0700), 0);
    for (size_t i = 0; i < WORLD_VENDOR; i++) {
        FILE *file;

        world_vendor_path(w, i, path);
        file = fopen(path, "w");
        assert_non_null(file);
        fputs(world_vendor[i][1], file);
        fclose(file);
    }
}

static void world_clear_away(const struct world *w)
{
    char path[160];

    for (size_t i = 0; i < WORLD_VENDOR; i++) {
        world_vendor_path(w, i, path);
        unlink(path);
    }
    world_vendor_path(w, WORLD_VENDOR, path);
    rmdir(path);
    snprintf(path, sizeof(path), "%s/web", w->folder);
    rmdir(path);
}

static struct world *world_new(void)
{
    char web[100];
    struct world *w = calloc(1, sizeof(*w));
    struct rh_store_options store = {.wake = world_wake};
    struct rh_http_options http = {.listen = "127.0.0.1:0", .note = world_note, .context = w};
    struct rh_err err = {0};

    assert_non_null(w);
    snprintf(w->folder, sizeof(w->folder), "/tmp/rh-http-XXXXXX");
    assert_non_null(mkdtemp(w->folder));
    snprintf(w->database, sizeof(w->database), "%s/t.db", w->folder);
    snprintf(w->socket_path, sizeof(w->socket_path), "%s/t.db.sock", w->folder);
    assert_int_equal(uv_loop_init(&w->loop), 0);
    assert_int_equal(uv_async_init(&w->loop, &w->wake, world_on_wake), 0);
    w->wake.data = w;
    w->now = 1800000000; /* January 2027 */
    w->clock = (struct rh_clock){.now_utc = world_now, .monotonic_ms = world_now, .context = w};
    store.path = w->database;
    store.wake_context = &w->wake;
    assert_int_equal(rh_store_open(&store, &w->house.store, &err), 0);
    assert_int_equal(rh_store_migrate(w->house.store, NULL, 0, &err), 0);
    w->house.clock = &w->clock;
    w->house.registry = rh_registry_new(NULL);
    w->module.plugin = &world_plugin;
    if (rh_registry_add(w->house.registry, &w->module, &err) < 0)
        fail_msg("%s", err.text[RH_EN]);
    http.loop = &w->loop;
    http.house = &w->house;
    http.socket_path = w->socket_path;
    world_lay_out(w);
    snprintf(web, sizeof(web), "%s/web", w->folder);
    http.web = web;
    if (rh_http_open(&http, &w->http, &err) < 0)
        fail_msg("%s", err.text[RH_EN]);
    assert_int_equal(sscanf(rh_http_url(w->http), "http://127.0.0.1:%d/", &w->port), 1);
    return w;
}

static void world_turn(struct world *w)
{
    uv_run(&w->loop, UV_RUN_NOWAIT);
}

/* Everything ends: what is left over makes uv_loop_close() fail. */
static void world_free(struct world *w)
{
    char command[256];

    rh_http_stop(w->http);
    for (int i = 0; i < WORLD_TURNS && rh_http_running(w->http) > 0; i++) {
        world_turn(w);
        usleep(1000);
    }
    assert_int_equal(rh_http_running(w->http), 0);
    w->house.store = rh_store_close(w->house.store);
    rh_http_close(w->http);
    uv_close((uv_handle_t *)&w->wake, NULL);
    uv_run(&w->loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&w->loop), 0);
    rh_registry_free(w->house.registry);
    for (int i = 0; i < 4; i++) {
        static const char *const endings[] = {"", "-wal", "-shm", ".lock"};

        snprintf(command, sizeof(command), "%s%s", w->database, endings[i]);
        unlink(command);
    }
    world_clear_away(w);
    assert_int_equal(rmdir(w->folder), 0);
    free(w);
}

/* ---- the client ---- */

static int world_connect(struct world *w, bool local)
{
    int fd;

    if (local) {
        struct sockaddr_un address = {.sun_family = AF_UNIX};

        fd = socket(AF_UNIX, SOCK_STREAM, 0);
        snprintf(address.sun_path, sizeof(address.sun_path), "%s", w->socket_path);
        assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    } else {
        struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)w->port)};

        fd = socket(AF_INET, SOCK_STREAM, 0);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    }
    return fd;
}

static void world_send(struct world *w, int fd, const char *bytes, size_t length)
{
    size_t sent = 0;

    for (int turn = 0; turn < WORLD_TURNS && sent < length; turn++) {
        ssize_t count = send(fd, bytes + sent, length - sent, MSG_DONTWAIT | MSG_NOSIGNAL);

        if (count > 0)
            sent += (size_t)count;
        else if (errno != EAGAIN)
            break; /* the server has closed; its answer says why */
        world_turn(w);
    }
}

/* All bytes until the server closes, or until `enough` says so. */
static size_t world_receive(struct world *w, int fd, char *text, size_t size,
                            bool (*enough)(const char *text, size_t length))
{
    size_t length = 0;

    for (int turn = 0; turn < WORLD_TURNS; turn++) {
        struct pollfd wait = {.fd = fd, .events = POLLIN};
        ssize_t count;

        world_turn(w);
        if (poll(&wait, 1, 1) == 0)
            continue;
        count = recv(fd, text + length, size - 1 - length, MSG_DONTWAIT);
        if (count <= 0 && errno != EAGAIN)
            break;
        if (count == 0)
            break;
        if (count > 0)
            length += (size_t)count;
        text[length] = '\0';
        if (enough && enough(text, length))
            break;
    }
    text[length] = '\0';
    return length;
}

__attribute__((unused)) static struct response response_of(char *text, size_t length)
{
    struct response r = {.text = text};
    char *end = strstr(text, "\r\n\r\n");
    size_t head;

    if (!end || sscanf(text, "HTTP/1.1 %d", &r.status) != 1)
        fail_msg("no response: %.200s", text);
    head = (size_t)(end - text) + 2;
    assert_true(head < sizeof(r.head));
    memcpy(r.head, text, head);
    r.body = end + 4;
    r.length = length - head - 2;
    return r;
}

__attribute__((unused)) static struct response world_exchange(struct world *w, bool local,
                                                              const char *request, size_t length)
{
    const size_t size = (size_t)4 * 1024 * 1024;
    char *text = malloc(size);
    int fd = world_connect(w, local);
    struct response r;
    size_t got;

    assert_non_null(text);
    world_send(w, fd, request, length);
    got = world_receive(w, fd, text, size, NULL);
    close(fd);
    r = response_of(text, got);
    return r;
}

/* "GET /path" and further header lines, each with its "\r\n". */
__attribute__((unused)) static struct response ask(struct world *w, const char *line,
                                                   const char *headers)
{
    char request[8192];
    int length = snprintf(request, sizeof(request),
                          "%s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\n%s\r\n", line,
                          w->port, headers);

    return world_exchange(w, false, request, (size_t)length);
}

__attribute__((unused)) static struct response get(struct world *w, const char *path)
{
    char line[4096];

    snprintf(line, sizeof(line), "GET %s", path);
    return ask(w, line, "");
}

__attribute__((unused)) static struct response post(struct world *w, const char *path,
                                                    const char *type, const char *headers,
                                                    const char *body)
{
    char request[16384];
    int length = snprintf(request, sizeof(request),
                          "POST %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\n%s"
                          "Content-Type: %s\r\nContent-Length: %zu\r\n\r\n%s",
                          path, w->port, headers, type, strlen(body), body);

    return world_exchange(w, false, request, (size_t)length);
}

__attribute__((unused)) static struct response post_json(struct world *w, const char *path,
                                                         const char *headers, const char *body)
{
    return post(w, path, "application/json", headers, body);
}

__attribute__((unused)) static void done_with(struct response r)
{
    free(r.text);
}

#define assert_body_has(r, part)                                                                   \
    do {                                                                                           \
        if (!strstr((r).body, (part)))                                                             \
            fail_msg("'%s' is not in: %s", (part), (r).body);                                      \
    } while (0)
#define assert_head_has(r, part)                                                                   \
    do {                                                                                           \
        if (!strstr((r).head, (part)))                                                             \
            fail_msg("'%s' is not in: %s", (part), (r).head);                                      \
    } while (0)

static int world_setup(void **state)
{
    *state = world_new();
    return 0;
}

static int world_teardown(void **state)
{
    world_free(*state);
    return 0;
}

#endif
