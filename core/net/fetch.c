#include "core/net/fetch.h"

#include "core/net/net.h"
#include "core/net/public.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#define HEADERS_MAX 65536 /* bytes of all headers of one answer */
#define HOST_MAX    256
#define URL_MAX     4000

/* Why it was broken off, when it was us. */
enum reason { NOTHING, STOPPED, TOO_LARGE, PRIVATE, BAD_ANSWER };

struct fetching {
    const struct rh_fetch *fetch;
    struct rh_fetched *result;
    CURL *easy;                     /* owned */
    struct curl_slist *headers;     /* owned: ours */
    CURLU *url;                     /* owned: of this hop */
    char host[HOST_MAX];            /* of this hop */
    char location[URL_MAX];         /* where it leads next, "" = nowhere */
    char address[INET6_ADDRSTRLEN]; /* the one that was refused */
    bool allowed;                   /* this hop's host may lie in a private network */
    bool encoded;                   /* a Content-Encoding was seen */
    size_t header_bytes;
    enum reason reason;
    int64_t started_ms;
    struct rh_err *err;
};

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- while it runs ---- */

/* The last moment before anything is sent, with the address that it will be sent to. */
static curl_socket_t on_open(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct fetching *f = context;

    (void)purpose;
    if (!f->allowed && !rh_address_is_public(&address->addr)) {
        f->reason = PRIVATE;
        (void)getnameinfo(&address->addr, address->addrlen, f->address, sizeof(f->address), NULL, 0,
                          NI_NUMERICHOST); /* "" will do */
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* The value of "Name: value" when it is this header and short enough to keep. */
static bool take(const char *line, size_t length, const char *name, char *value, size_t size)
{
    size_t at = strlen(name);

    if (length <= at || line[at] != ':' || strncasecmp(line, name, at) != 0)
        return false;
    for (at++; at < length && (line[at] == ' ' || line[at] == '\t');)
        at++;
    while (length > at && (unsigned char)line[length - 1] <= ' ')
        length--;
    value[0] = '\0';
    if (length - at >= size)
        return true;
    for (size_t i = at; i < length; i++)
        if ((unsigned char)line[i] < ' ' || line[i] == 0x7f)
            return true;
    memcpy(value, line + at, length - at);
    value[length - at] = '\0';
    return true;
}

static void begin_answer(struct fetching *f)
{
    f->result->etag[0] = f->result->modified[0] = f->result->type[0] = '\0';
    f->location[0] = '\0';
    f->encoded = false;
}

/* One coding and one we asked for: a tower of them inflates a thousandfold a storey. */
static bool fits(struct fetching *f, const char *coding)
{
    bool known = strcasecmp(coding, "gzip") == 0 || strcasecmp(coding, "identity") == 0;

    if (known && !f->encoded) {
        f->encoded = true;
        return true;
    }
    f->reason = BAD_ANSWER;
    return false;
}

static size_t on_header(char *line, size_t size, size_t count, void *context)
{
    struct fetching *f = context;
    size_t length = size * count;
    char coding[32];

    f->header_bytes += length;
    if (f->header_bytes > HEADERS_MAX) {
        f->reason = BAD_ANSWER;
        return 0;
    }
    if (length >= 5 && strncasecmp(line, "HTTP/", 5) == 0)
        begin_answer(f);
    if (take(line, length, "Content-Encoding", coding, sizeof(coding)))
        return fits(f, coding) ? length : 0;
    (void)(take(line, length, "ETag", f->result->etag, sizeof(f->result->etag)) ||
           take(line, length, "Last-Modified", f->result->modified, sizeof(f->result->modified)) ||
           take(line, length, "Content-Type", f->result->type, sizeof(f->result->type)) ||
           take(line, length, "Location", f->location, sizeof(f->location)));
    return length;
}

static size_t on_body(char *bytes, size_t size, size_t count, void *context)
{
    struct fetching *f = context;
    size_t length = size * count;

    if (length > (size_t)f->fetch->size_max - f->result->body.length) {
        f->reason = TOO_LARGE;
        return 0;
    }
    rh_str_add_n(&f->result->body, bytes, length);
    return f->result->body.failed ? 0 : length;
}

static int on_progress(void *context, curl_off_t total, curl_off_t sent, curl_off_t up_total,
                       curl_off_t up)
{
    struct fetching *f = context;

    (void)total;
    (void)up_total;
    (void)up;
    if (sent > f->fetch->sent_max)
        f->reason = TOO_LARGE;
    else if (f->fetch->stop && f->fetch->stop(f->fetch->context) != 0)
        f->reason = STOPPED;
    return f->reason != NOTHING;
}

/* ---- where to ---- */

static int32_t bad_address(struct fetching *f)
{
    return rh_err_set(f->err, RH_EINVALID,
                      "das ist keine Adresse, die abgerufen werden kann (http oder https, ohne "
                      "Benutzer und Passwort)",
                      "this is no address that can be fetched (http or https, without user and "
                      "password)");
}

static bool has_part(CURLU *url, CURLUPart part)
{
    char *text = NULL;
    bool has = curl_url_get(url, part, &text, 0) == CURLUE_OK;

    curl_free(text);
    return has;
}

static bool has_scheme(CURLU *url, const char *wanted)
{
    char *scheme = NULL;
    bool has =
        curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK && strcmp(scheme, wanted) == 0;

    curl_free(scheme);
    return has;
}

/* One host a line; letter case does not matter. */
static bool is_listed(const char *hosts, const char *host)
{
    size_t length = strlen(host);

    for (const char *line = hosts; line && *line;) {
        size_t size = strcspn(line, "\n");

        if (size == length && strncasecmp(line, host, length) == 0)
            return true;
        line += size + (line[size] == '\n');
    }
    return false;
}

/* The next hop: an address, or one relative to where we are. */
static int32_t go_to(struct fetching *f, const char *address)
{
    bool was_https = has_scheme(f->url, "https");
    char *host = NULL;
    int32_t rc = 0;

    if (strlen(address) >= URL_MAX ||
        curl_url_set(f->url, CURLUPART_URL, address, CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK ||
        (!has_scheme(f->url, "https") && !has_scheme(f->url, "http")) ||
        has_part(f->url, CURLUPART_USER) || has_part(f->url, CURLUPART_PASSWORD) ||
        curl_url_get(f->url, CURLUPART_HOST, &host, 0) != CURLUE_OK || strlen(host) >= HOST_MAX)
        rc = bad_address(f);
    else if (was_https && !has_scheme(f->url, "https"))
        rc = rh_err_set(f->err, RH_EFORBIDDEN,
                        "'%s' leitet von https auf http um; das wird nicht befolgt",
                        "'%s' redirects from https to http; that is not followed", f->host);
    if (rc == 0) {
        memcpy(f->host, host, strlen(host) + 1);
        f->allowed = is_listed(f->fetch->allowed, f->host);
    }
    curl_free(host);
    return rc;
}

/* ---- how it ended ---- */

static int32_t too_slow(struct fetching *f)
{
    return rh_err_set(f->err, RH_ECANCELLED, "'%s' antwortet nicht rechtzeitig (nach %lld s)",
                      "'%s' does not answer in time (after %lld s)", f->host,
                      (long long)(f->fetch->time_ms + 999) / 1000);
}

/* What curl has to say may quote the address; so it says it in our words. */
static int32_t say_why(struct fetching *f, CURLcode code)
{
    if (code == CURLE_FILESIZE_EXCEEDED)
        f->reason = TOO_LARGE;
    if (code == CURLE_BAD_CONTENT_ENCODING || code == CURLE_WEIRD_SERVER_REPLY)
        f->reason = BAD_ANSWER;
    switch (f->reason) {
    case STOPPED:
        return rh_err_set(f->err, RH_ECANCELLED, "der Abruf von '%s' wurde beendet",
                          "fetching from '%s' was stopped", f->host);
    case TOO_LARGE:
        return rh_err_set(f->err, RH_ETOOLARGE,
                          "'%s' schickt mehr, als angenommen wird (%lld Byte, ausgepackt %lld)",
                          "'%s' sends more than is accepted (%lld bytes, unpacked %lld)", f->host,
                          (long long)f->fetch->sent_max, (long long)f->fetch->size_max);
    case PRIVATE:
        return rh_err_set(f->err, RH_EFORBIDDEN,
                          "'%s' liegt in einem privaten Netz oder auf diesem Rechner (%s); was von "
                          "dort geholt werden darf, steht in fetch_hosts",
                          "'%s' lies in a private network or on this machine (%s); what may be "
                          "fetched from there stands in fetch_hosts",
                          f->host, f->address);
    case BAD_ANSWER:
        return rh_err_set(f->err, RH_EINVALID,
                          "'%s' antwortet in einer Form, die hier nicht gelesen wird",
                          "'%s' answers in a form that is not read here", f->host);
    case NOTHING:
        break;
    }
    if (f->result->body.failed)
        return rh_str_check(&f->result->body, f->err);
    if (code == CURLE_OPERATION_TIMEDOUT)
        return too_slow(f);
    return rh_err_set(f->err, RH_EUNREACHABLE, "'%s' ist nicht zu erreichen: %s",
                      "'%s' cannot be reached: %s", f->host, curl_easy_strerror(code));
}

static int32_t judge_status(struct fetching *f, long status)
{
    f->result->status = (int32_t)status;
    if (status == 200)
        return 0;
    if (status == 304 && (f->fetch->etag || f->fetch->modified))
        return 0;
    if (status == 401 || status == 403 || status == 407)
        return rh_err_set(f->err, RH_EFORBIDDEN,
                          "'%s' verlangt eine Anmeldung (%ld); gebraucht wird eine Adresse, die "
                          "ohne sie auskommt",
                          "'%s' wants a sign-in (%ld); what is needed is an address that does "
                          "without",
                          f->host, status);
    if (status == 404 || status == 410)
        return rh_err_set(f->err, RH_ENOTFOUND, "bei '%s' gibt es das nicht mehr (%ld)",
                          "'%s' does not have it any more (%ld)", f->host, status);
    return rh_err_set(f->err, RH_EUNREACHABLE, "'%s' antwortet mit %ld", "'%s' answers with %ld",
                      f->host, status);
}

/* ---- one hop ---- */

static int64_t time_left(const struct fetching *f)
{
    return f->fetch->time_ms - (now_ms() - f->started_ms);
}

static bool set_up(struct fetching *f)
{
    CURL *easy = f->easy;

    return curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_HTTP09_ALLOWED, 0L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PROXY, "") == CURLE_OK && /* whatever the environment */
           curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip") == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_USERAGENT, "reihum/" RH_VERSION) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)f->fetch->sent_max) ==
               CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_open) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, f) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_HEADERDATA, f) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_WRITEDATA, f) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, on_progress) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_XFERINFODATA, f) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_CURLU, f->url) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_HTTPHEADER, f->headers) == CURLE_OK;
}

static int32_t hop(struct fetching *f, long *ret_status)
{
    int64_t left = time_left(f);
    CURLcode code;

    if (left <= 0)
        return too_slow(f);
    rh_str_reset(&f->result->body);
    f->header_bytes = 0;
    begin_answer(f);
    if (curl_easy_setopt(f->easy, CURLOPT_TIMEOUT_MS, (long)left) != CURLE_OK)
        return rh_err_nomem(f->err);
    code = curl_easy_perform(f->easy);
    if (code != CURLE_OK)
        return say_why(f, code);
    (void)curl_easy_getinfo(f->easy, CURLINFO_RESPONSE_CODE, ret_status); /* cannot fail */
    return 0;
}

static bool leads_on(long status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

static int32_t follow(struct fetching *f)
{
    int32_t rc = go_to(f, f->fetch->url);
    long status = 0;

    if (rc == 0 && !set_up(f))
        rc = rh_err_nomem(f->err);
    for (int hops = 0; rc == 0; hops++) {
        rc = hop(f, &status);
        if (rc < 0 || !leads_on(status))
            break;
        if (hops == RH_FETCH_REDIRECTS)
            return rh_err_set(f->err, RH_EINVALID, "'%s' leitet mehr als %d Mal um",
                              "'%s' redirects more than %d times", f->host, RH_FETCH_REDIRECTS);
        rc = go_to(f, f->location);
    }
    return rc < 0 ? rc : judge_status(f, status);
}

/* ---- all of it ---- */

/* What is sent again comes from a stranger, or from who named the address. */
static int32_t add_header(struct fetching *f, const char *name, const char *value)
{
    char line[RH_FETCH_VALUE_MAX + 64];
    struct curl_slist *longer;

    if (!value || !value[0])
        return 0;
    for (const char *c = value; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            return bad_address(f);
    if (snprintf(line, sizeof(line), "%s: %s", name, value) >= (int)sizeof(line))
        return bad_address(f);
    longer = curl_slist_append(f->headers, line);
    if (!longer)
        return rh_err_nomem(f->err);
    f->headers = longer;
    return 0;
}

static int32_t begin(struct fetching *f)
{
    int32_t rc = rh_net_init(f->err);

    if (rc < 0)
        return rc;
    f->easy = curl_easy_init();
    f->url = curl_url();
    if (!f->easy || !f->url)
        return rh_err_nomem(f->err);
    rc = add_header(f, "Accept", f->fetch->accept);
    if (rc == 0)
        rc = add_header(f, "If-None-Match", f->fetch->etag);
    if (rc == 0)
        rc = add_header(f, "If-Modified-Since", f->fetch->modified);
    return rc;
}

int32_t rh_fetch(const struct rh_fetch *fetch, struct rh_fetched *ret, struct rh_err *err)
{
    struct fetching f = {.fetch = fetch, .result = ret, .started_ms = now_ms(), .err = err};
    int32_t rc;

    *ret = (struct rh_fetched){.status = 0};
    rh_str_init(&ret->body, (size_t)fetch->size_max);
    rc = begin(&f);
    if (rc == 0)
        rc = follow(&f);
    curl_easy_cleanup(f.easy);
    curl_url_cleanup(f.url);
    curl_slist_free_all(f.headers);
    if (rc < 0 || ret->status == 304)
        rh_str_reset(&ret->body);
    return rc;
}
