/* Fetching a calendar and having it read, by a program of its own: every byte may be hostile. */
#include "plugins/appointments/busy.h"

#include <string.h>
#include <strings.h>

#define DAYS_AHEAD 550                        /* as far as dates are planned */
#define BYTES_MAX  (INT64_C(5) * 1024 * 1024) /* as the reader takes */
#define DAYS_FRESH 400 /* a copy that reaches less far is fetched anew, changed or not */

/* ---- addresses ---- */

/* Characters of the host and what stands before it: "user@host:8443". */
static size_t authority(const char *url, const char **ret_at)
{
    const char *at = strstr(url, "://");

    *ret_at = at ? at + 3 : url;
    return strcspn(*ret_at, "/?#");
}

int32_t busy_address(struct rh_call *call, const char *given, const char **ret_url)
{
    static const struct {
        const char *scheme, *means;
    } schemes[] = {{"https://", "https://"},
                   {"http://", "http://"},
                   {"webcal://", "https://"},
                   {"webcals://", "https://"}};
    const char *url = NULL, *at;
    size_t length;

    for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]) && !url; i++)
        if (strncasecmp(given, schemes[i].scheme, strlen(schemes[i].scheme)) == 0)
            url = rh_format(call, "%s%s", "%s%s", schemes[i].means,
                            given + strlen(schemes[i].scheme));
    length = url ? authority(url, &at) : 0;
    if (length == 0)
        return rh_fail(call, RH_EINVALID,
                       "das ist keine Adresse eines Kalenders; sie beginnt mit https:// oder "
                       "webcal://",
                       "this is no address of a calendar; it begins with https:// or webcal://");
    for (const char *c = url; *c; c++)
        if ((unsigned char)*c <= ' ' || *c == 0x7f)
            return rh_fail(call, RH_EINVALID, "in der Adresse steht ein Leer- oder Steuerzeichen",
                           "there is a space or control character in the address");
    if (memchr(at, '@', length))
        return rh_fail(call, RH_EINVALID,
                       "Benutzer und Passwort werden nicht gespeichert; gebraucht wird die Adresse "
                       "eines freigegebenen Kalenders",
                       "user and password are not stored; what is needed is the address of a "
                       "calendar that was shared");
    *ret_url = url;
    return 0;
}

const char *busy_host(struct rh_call *call, const char *url)
{
    const char *at;
    size_t length;

    if (strncmp(url, "file:", 5) == 0)
        return url + 5;
    length = authority(url, &at);
    return rh_format(call, "%.*s", "%.*s", (int)length, at);
}

/* ---- reading ---- */

static struct busy_news *news_of(struct rh_call *call, const struct busy_source *source)
{
    struct busy_news *news = rh_alloc_in(call, sizeof(*news));

    if (news)
        *news = (struct busy_news){.source = *source, .fault = {NULL, NULL}};
    return news;
}

/* The error becomes news, unless it is ours. */
static int32_t keep_fault(struct rh_call *call, struct busy_news *news, int32_t code)
{
    if (code == RH_EFAILED || code == RH_ENOMEM)
        return code;
    news->code = rh_last_error_in(call, &news->fault);
    rh_forget(call);
    return 0;
}

/* What the reader refused is its answer. */
static int32_t look_for_refusal(struct rh_call *call, struct busy_news *news)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(call, &rows,
                          "SELECT json_extract(?1, '$.refused.de'), json_extract(?1, "
                          "'$.refused.en'), json_type(?1, '$.busy') = 'array'",
                          "s", news->calendar);

    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    if (rc == 1 && !rh_get_int(call, rows, 2)) {
        news->fault.de = rh_get_text(call, rows, 0);
        news->fault.en = rh_get_text(call, rows, 1);
        if (!news->fault.de || !news->fault.en)
            news->fault =
                RH_TEXT("der Kalender ließ sich nicht lesen", "the calendar could not be read");
        news->code = RH_EINVALID;
        news->calendar = NULL;
    }
    rh_close(call, rows);
    return 0;
}

static int32_t read_calendar(struct rh_call *call, struct busy_news *news, const char *bytes,
                             size_t size)
{
    static const struct rh_child_limits limits = {
        .size = sizeof(limits), .time_ms = 10000, .memory = INT64_C(104857600)};
    int32_t today = rh_today(call);
    const char *mode = rh_format(call, "busy=%s..%s", "busy=%s..%s", rh_day_text(call, today - 7),
                                 rh_day_text(call, today + DAYS_AHEAD));
    size_t length;
    int32_t rc = rh_child_in(call, "appointments-reader", mode, bytes, size, &limits,
                             &news->calendar, &length);

    news->until = rh_day_text(call, today + DAYS_AHEAD);
    return rc < 0 ? keep_fault(call, news, rc) : look_for_refusal(call, news);
}

int32_t busy_parse(struct rh_call *call, const struct busy_source *source, const char *bytes,
                   size_t size, struct busy_news **ret_news)
{
    *ret_news = news_of(call, source);
    return *ret_news ? read_calendar(call, *ret_news, bytes, size) : RH_ENOMEM;
}

/* What happens regularly shows further ahead each day, though the file stays as it is. */
static bool reaches_far(struct rh_call *call, const struct busy_source *source)
{
    return source->until &&
           strcmp(source->until, rh_day_text(call, rh_today(call) + DAYS_FRESH)) >= 0;
}

int32_t busy_fetch(struct rh_call *call, const struct busy_source *source,
                   struct busy_news **ret_news)
{
    struct rh_fetch_request request = {.size = sizeof(request),
                                       .url = source->url,
                                       .accept = "text/calendar",
                                       .sent_max = BYTES_MAX,
                                       .size_max = BYTES_MAX};
    struct rh_fetch_response response = {.size = sizeof(response)};
    struct busy_news *news = *ret_news = news_of(call, source);
    int32_t rc;

    if (!news)
        return RH_ENOMEM;
    if (reaches_far(call, source)) {
        request.etag = source->etag;
        request.modified = source->last_modified;
    }
    rc = rh_fetch_in(call, &request, &response);
    if (rc < 0)
        return keep_fault(call, news, rc);
    news->etag = response.etag;
    news->last_modified = response.modified;
    if (response.status == 304)
        return 0;
    return read_calendar(call, news, response.bytes, (size_t)response.length);
}
