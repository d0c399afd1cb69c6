/*
 * router.c - the order of the house: who answers which address.
 */
#include "core/http/api.h"
#include "core/http/asset.h"
#include "core/http/document.h"
#include "core/http/form.h"
#include "core/http/header.h"
#include "core/http/health.h"
#include "core/http/internal.h"
#include "core/http/live_page.h"
#include "core/http/page.h"
#include "core/http/problem.h"

#include <string.h>

typedef void answering(struct rh_request *request);

/* The first segments that belong to the server; all other addresses are documents or pages. */
static const struct {
    const char *first, *second;
    enum rh_route route;
    answering *answer;
} table[] = {
    {"api", "v1", RH_ROUTE_API, rh_api},
    {"do", NULL, RH_ROUTE_FORM, rh_form},
    {"runs", NULL, RH_ROUTE_FORM, rh_live_page},
    {"static", NULL, RH_ROUTE_STATIC, rh_asset_house},
    {"p", NULL, RH_ROUTE_STATIC, rh_asset_plugin},
    {"favicon.ico", NULL, RH_ROUTE_STATIC, rh_asset_house},
    {"healthz", NULL, RH_ROUTE_HEALTH, rh_health},
    {"readyz", NULL, RH_ROUTE_HEALTH, rh_ready},
    {"metrics", NULL, RH_ROUTE_HEALTH, rh_metrics},
};

static enum rh_lang lang_of(struct rh_request *request)
{
    const struct rh_field *asked = rh_fields_find(&request->query, "lang");
    char cookie[8];

    if (asked && (strcmp(asked->value, "de") == 0 || strcmp(asked->value, "en") == 0)) {
        request->lang_asked = true;
        return asked->value[0] == 'e' ? RH_EN : RH_DE;
    }
    if (rh_header_cookie(rh_request_header(request, "Cookie"), "lang", cookie, sizeof(cookie))) {
        if (strcmp(cookie, "en") == 0)
            return RH_EN;
        if (strcmp(cookie, "de") == 0)
            return RH_DE;
    }
    return rh_header_language(rh_request_header(request, "Accept-Language"), RH_DE);
}

static int32_t read_target(struct rh_request *request, struct rh_err *err)
{
    int32_t rc;

    if (!request->raw_target)
        return rh_err_nomem(err);
    rc = rh_target_parse(&request->arena, request->raw_target, &request->target, err);
    if (rc == 0)
        rc = rh_fields_urlencoded(&request->arena, request->target.query,
                                  strlen(request->target.query), &request->query, err);
    request->lang = lang_of(request);
    if (rc < 0)
        request->target.query = ""; /* not fit to be shown again */
    return rc;
}

static int32_t check_body(const struct rh_request *request, struct rh_err *err)
{
    if (request->body_too_large)
        return rh_err_set(err, RH_ETOOLARGE, "mehr als %d MiB auf einmal werden nicht angenommen",
                          "more than %d MiB at once are not accepted", (int)(RH_BODY_MAX >> 20));
    if (request->body_refused)
        return rh_err_set(
            err, RH_EBUSY,
            "der Server liest gerade zu viele große Dateien; bitte gleich noch einmal",
            "the server is reading too many large files; please try again soon");
    return 0;
}

/* A web site of somebody else may have its name point to this machine (DNS rebinding), and may send
 * forms here. The first shows in Host, the second in what browsers say about the sender. */
static int32_t refuse_strangers(const struct rh_request *request, struct rh_err *err)
{
    const char *host = rh_request_header(request, "Host");
    const char *origin = rh_request_header(request, "Origin");
    const char *site = rh_request_header(request, "Sec-Fetch-Site");

    if (!request->local && !rh_header_host_is_loopback(host))
        return rh_err_set(
            err, RH_EFORBIDDEN,
            "dieser Server hört nur auf localhost, nicht auf den Namen in der Adresse",
            "this server listens to localhost only, not to the name in the address");
    if (request->method != RH_POST)
        return 0;
    if ((origin && !rh_header_same_origin(origin, host)) ||
        (site && strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0))
        return rh_err_set(err, RH_EFORBIDDEN,
                          "die Eingabe kommt von einer fremden Seite und wird nicht angenommen",
                          "the input comes from another site and is not accepted");
    return 0;
}

/* Who answers this address; `route` is set, also for those who will be refused. */
static answering *find_answer(struct rh_request *request)
{
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
        if (rh_target_begins(&request->target, table[i].second ? 2 : 1, table[i].first,
                             table[i].second)) {
            request->route = table[i].route;
            return table[i].answer;
        }
    if (rh_document_is(request)) {
        request->route = RH_ROUTE_DOCUMENT;
        return rh_document;
    }
    request->route = RH_ROUTE_PAGE;
    return rh_page;
}

void rh_route(struct rh_request *request)
{
    answering *answer;
    struct rh_err err; /* not zeroed: it is large, and this is every request's way */

    rh_err_clear(&err);
    request->route = RH_ROUTE_NONE;
    if (read_target(request, &err) < 0) {
        rh_reply_fault(request, &err);
        return;
    }
    answer = find_answer(request);
    if (check_body(request, &err) < 0 || refuse_strangers(request, &err) < 0)
        rh_reply_fault(request, &err);
    else
        answer(request);
}
