#include "core/cli/client.h"

#include "core/base/alloc.h"
#include "core/base/encoding.h"
#include "core/base/json.h"
#include "core/base/json_out.h"

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#define REQUEST_MAX ((size_t)64 * 1024 * 1024)
#define LINE_MAX_   ((size_t)64 * 1024 * 1024)

/* One call under way: lines of NDJSON come in pieces. */
struct exchange {
    const struct rh_client_options *options;
    struct rh_str line; /* not ended yet */
    struct rh_str *json;
    struct rh_err *err;
    bool answered, broken, silent;
    bool stopped; /* by the person */
    /* --- the watch over silence --- */
    curl_off_t bytes;
    int64_t heard_ms;
};

#define PATIENCE_MS     10000
#define SIGN_OF_LIFE_MS 5000

/* ---- the request ---- */

static void put_file(struct rh_json_out *json, const struct rh_argument *argument)
{
    struct rh_str base64;

    rh_str_init(&base64, REQUEST_MAX);
    rh_base64_encode(argument->bytes, argument->size, &base64);
    rh_json_object_begin(json);
    rh_json_put_text(json, "name", argument->value);
    rh_json_put_text(json, "base64", base64.data);
    rh_json_object_end(json);
    if (base64.failed)
        json->out->failed = true;
    rh_str_fini(&base64);
}

static int32_t write_request(const struct rh_argument *arguments, size_t count, struct rh_str *out,
                             struct rh_err *err)
{
    struct rh_json_out json;

    rh_json_out_init(&json, out);
    rh_json_object_begin(&json);
    for (size_t i = 0; i < count; i++) {
        rh_json_key(&json, arguments[i].name);
        if (arguments[i].bytes)
            put_file(&json, &arguments[i]);
        else
            rh_json_text(&json, arguments[i].value);
    }
    rh_json_object_end(&json);
    return rh_json_finish(&json, err);
}

/* ---- the answer ---- */

static void take_problem(struct exchange *exchange, const json_t *problem)
{
    const char *detail = json_string_value(json_object_get(problem, "detail"));
    const char *code = json_string_value(json_object_get(problem, "code"));

    exchange->answered = true;
    if (!detail)
        detail = "?";
    (void)rh_err_set(exchange->err, rh_err_by_name(code), "%s", "%s",
                     detail); /* in our language already */
}

static void take_progress(struct exchange *exchange, const json_t *progress)
{
    if (exchange->options->progress)
        exchange->options->progress(exchange->options->context,
                                    json_integer_value(json_object_get(progress, "done")),
                                    json_integer_value(json_object_get(progress, "total")),
                                    json_string_value(json_object_get(progress, "what")));
}

static void take_line(struct exchange *exchange)
{
    rh_auto_json(line);
    const json_t *part;

    if (exchange->line.length == 0)
        return;
    if (rh_json_parse(exchange->line.data, exchange->line.length, LINE_MAX_, &line, exchange->err) <
        0) {
        exchange->broken = true;
        return;
    }
    if ((part = json_object_get(line, "progress")))
        take_progress(exchange, part);
    else if ((part = json_object_get(line, "problem")))
        take_problem(exchange, part);
    else if ((part = json_object_get(line, "answer"))) {
        struct rh_json_out json;

        rh_json_out_init(&json, exchange->json);
        rh_json_tree(&json, part);
        exchange->answered = true;
    } else if (json_object_get(line, "status"))
        take_problem(exchange, line); /* refused before it began: a plain problem document */
    else {
        rh_str_add_n(exchange->json, exchange->line.data, exchange->line.length);
        exchange->answered = true;
    }
}

static size_t on_bytes(char *bytes, size_t size, size_t count, void *context)
{
    struct exchange *exchange = context;
    size_t left = size * count;

    for (char *at = bytes; left > 0;) {
        char *end = memchr(at, '\n', left);
        size_t length = end ? (size_t)(end - at) : left;

        rh_str_add_n(&exchange->line, at, length);
        if (!end)
            break;
        take_line(exchange);
        rh_str_reset(&exchange->line);
        at = end + 1;
        left -= length + 1;
    }
    return exchange->broken || exchange->line.failed ? 0 : size * count;
}

/* ---- one call ---- */

/* Every change carries a key of its own, so that a request that is sent twice by accident is done
 * once. */
static struct curl_slist *headers_of(const struct rh_client_options *options)
{
    static const char *const fixed[] = {"Content-Type: application/json",
                                        "Accept: application/x-ndjson, application/json",
                                        "Expect:"};
    struct curl_slist *list = NULL;
    unsigned char random[16];
    char key[64] = "Idempotency-Key: ";
    size_t length = strlen(key);

    if (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random))
        return NULL;
    for (size_t i = 0; i < sizeof(random); i++)
        length += (size_t)snprintf(key + length, sizeof(key) - length, "%02x", random[i]);
    list = curl_slist_append(list, key);
    list = curl_slist_append(list, options->lang == RH_DE ? "Accept-Language: de"
                                                          : "Accept-Language: en");
    for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
        list = curl_slist_append(list, fixed[i]);
    return list;
}

static int32_t unreachable(const struct rh_client_options *options, const char *why,
                           struct rh_err *err)
{
    return rh_err_set(err, RH_EUNREACHABLE,
                      "der Server, dem die Datenbank gehört, antwortet nicht (%s: %s); läuft "
                      "'reihum serve' noch?",
                      "the server that owns the database does not answer (%s: %s); is 'reihum "
                      "serve' still running?",
                      options->socket_path, why);
}

/* ---- a server that is stopped, or stuck, takes the call and says nothing for ever ---- */

static int64_t now_ms(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail with this clock */
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static size_t ignore_bytes(char *bytes, size_t size, size_t count, void *context)
{
    (void)bytes;
    (void)context;
    return size * count;
}

static bool lives(const struct rh_client_options *options)
{
    CURL *curl = curl_easy_init();
    CURLcode code;

    if (!curl)
        return false;
    curl_easy_setopt(curl, CURLOPT_URL, "http://localhost/healthz");
    curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, options->socket_path);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, ignore_bytes);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS,
                     options->patience_ms > 0 ? (long)options->patience_ms : (long)SIGN_OF_LIFE_MS);
    code = curl_easy_perform(curl);
    curl_easy_cleanup(curl);
    return code == CURLE_OK;
}

/* Called about once a second; anything but 0 ends the call. */
static int on_tick(void *context, curl_off_t total_in, curl_off_t in, curl_off_t total_out,
                   curl_off_t out)
{
    struct exchange *exchange = context;
    int64_t patience =
        exchange->options->patience_ms > 0 ? exchange->options->patience_ms : PATIENCE_MS;

    (void)total_in;
    (void)total_out;
    exchange->stopped =
        exchange->options->stopped && exchange->options->stopped(exchange->options->context);
    if (in + out != exchange->bytes || exchange->heard_ms == 0) {
        exchange->bytes = in + out;
        exchange->heard_ms = now_ms();
    } else if (now_ms() - exchange->heard_ms >= patience) {
        exchange->silent = !lives(exchange->options);
        exchange->heard_ms = now_ms();
    }
    return exchange->silent || exchange->stopped;
}

static int32_t perform(CURL *curl, struct exchange *exchange, struct rh_err *err)
{
    char why[CURL_ERROR_SIZE] = "";
    CURLcode code;

    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, why);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_bytes);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, exchange);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_tick);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, exchange);
    code = curl_easy_perform(curl);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, NULL);
    if (exchange->stopped && !exchange->answered) /* what is left is half a line */
        return rh_err_set(err, RH_ECANCELLED, "abgebrochen", "cancelled");
    take_line(exchange);
    if (err->code != 0)
        return err->code;
    if (exchange->silent)
        return unreachable(
            exchange->options,
            exchange->options->lang == RH_DE ? "kein Lebenszeichen" : "no sign of life", err);
    if (code != CURLE_OK || !exchange->answered)
        return unreachable(exchange->options, *why ? why : curl_easy_strerror(code), err);
    return rh_str_check(exchange->json, err);
}

int32_t rh_client_call(const struct rh_client_options *options, const struct rh_operation_entry *op,
                       const struct rh_argument *arguments, size_t count, struct rh_str *json,
                       struct rh_err *err)
{
    struct exchange exchange = {
        .options = options, .line = RH_STR_INIT(LINE_MAX_), .json = json, .err = err};
    rh_auto_str(body, REQUEST_MAX);
    struct curl_slist *headers = headers_of(options);
    CURL *curl = curl_easy_init();
    char url[256];
    int32_t rc = write_request(arguments, count, &body, err);

    snprintf(url, sizeof(url), "http://localhost/api/v1/%s%s%s", op->path,
             options->as_of ? "?as-of=" : "", options->as_of ? options->as_of : "");
    if (rc == 0 && (!curl || !headers))
        rc = rh_err_nomem(err);
    if (rc == 0) {
        curl_easy_setopt(curl, CURLOPT_URL, url);
        curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, options->socket_path);
        curl_easy_setopt(curl, CURLOPT_PROXY, "");
        curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.data);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.length);
        rc = perform(curl, &exchange, err);
    }
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    rh_str_fini(&exchange.line);
    return rc;
}
