#include "core/http/problem.h"

#include "core/base/json_out.h"
#include "core/http/header.h"
#include "core/http/view.h"

#include <stdio.h>
#include <string.h>

#define PROBLEM_MAX ((size_t)16 * 1024)

static const struct {
    int status;
    struct rh_text text;
} meanings[] = {
    {207, {"Teilweise erledigt", "Partly done"}},
    {400, {"Nicht verstanden", "Not understood"}},
    {403, {"Nicht erlaubt", "Not allowed"}},
    {404, {"Nicht gefunden", "Not found"}},
    {405, {"So nicht möglich", "Not possible this way"}},
    {406, {"Diese Form gibt es nicht", "No such form"}},
    {409, {"Widerspruch", "Conflict"}},
    {410, {"Nicht mehr da", "Gone"}},
    {412, {"Inzwischen geändert", "Changed meanwhile"}},
    {413, {"Zu groß", "Too large"}},
    {415, {"Diese Art von Inhalt wird nicht gelesen", "This kind of content is not read"}},
    {422, {"Eingabe nicht gültig", "Input not valid"}},
    {500, {"Fehler im Server", "Server error"}},
    {503, {"Zurzeit nicht möglich", "Not possible at the moment"}},
    {507, {"Der Speicherplatz ist voll", "The disk is full"}},
};

struct rh_text rh_status_text(int status)
{
    for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++)
        if (meanings[i].status == status)
            return meanings[i].text;
    return RH_TEXT("Fehler", "Error");
}

static const char *pick(enum rh_lang lang, struct rh_text text)
{
    return lang == RH_DE ? text.de : text.en;
}

void rh_problem_write(const struct rh_request *request, int status, const struct rh_err *err,
                      struct rh_str *out)
{
    const char *name = rh_err_name(err->code);
    struct rh_json_out json;
    char type[64];

    snprintf(type, sizeof(type), "urn:reihum:error:%s", name);
    rh_json_out_init(&json, out);
    rh_json_object_begin(&json);
    rh_json_put_text(&json, "type", type);
    rh_json_put_text(&json, "title", pick(request->lang, rh_status_text(status)));
    rh_json_put_int(&json, "status", status);
    rh_json_put_text(&json, "detail", err->text[request->lang]);
    rh_json_put_text(&json, "code", name);
    rh_json_object_end(&json);
    if (rh_json_finish(&json, NULL) < 0)
        out->failed = true;
}

/* Programs name JSON or nothing; browsers name HTML. */
static bool for_people(const struct rh_request *request)
{
    const char *accept = rh_request_header(request, "Accept");

    if (request->route == RH_ROUTE_API || request->route == RH_ROUTE_HEALTH)
        return false;
    if (request->route == RH_ROUTE_PAGE || request->route == RH_ROUTE_FORM)
        return rh_header_accepts(accept, "text/html") > 0;
    return accept && strstr(accept, "text/html");
}

void rh_reply_fault_as(struct rh_request *request, int status, const struct rh_err *err)
{
    struct rh_str text;

    request->fault = rh_arena_strdup(&request->arena, err->text[RH_EN]);
    rh_reply_header(request, "Cache-Control", "no-store");
    if (for_people(request)) {
        rh_view_fault(request, status, err);
        return;
    }
    rh_str_init(&text, PROBLEM_MAX);
    rh_problem_write(request, status, err, &text);
    rh_reply_header(request, "Content-Language", request->lang == RH_DE ? "de" : "en");
    rh_reply_text(request, status, "application/problem+json", &text);
}

void rh_reply_fault(struct rh_request *request, const struct rh_err *err)
{
    rh_reply_fault_as(request, rh_err_http_status(err->code), err);
}
