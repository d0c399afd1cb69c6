#include "core/http/scene.h"

#include "core/calendar/date.h"
#include "core/http/asset.h"
#include "core/operation/call.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define ADDRESS_MAX ((size_t)16 * 1024)
#define TITLE_MAX   ((size_t)4096)

/* A failed allocation on the way shows at the end, once. */
static void put(json_t *object, const char *key, json_t *value, bool *whole)
{
    *whole = json_object_set_new(object, key, value) == 0 && *whole;
}

static void put_text(json_t *object, const char *key, const char *text, bool *whole)
{
    put(object, key, json_string(text), whole);
}

static void append(json_t *array, json_t *value, bool *whole)
{
    *whole = json_array_append_new(array, value) == 0 && *whole;
}

static const char *pick(const struct rh_scene *scene, struct rh_text text)
{
    return scene->request->lang == RH_DE ? text.de : text.en;
}

/* The address of this page without ?lang=, with `lang` when it is not NULL. */
static json_t *address_of(const struct rh_scene *scene, const char *lang)
{
    const char *p = scene->request->target.query;
    rh_auto_str(address, ADDRESS_MAX);
    char separator = '?';

    rh_str_add(&address, scene->request->target.path ? scene->request->target.path : "/");
    while (*p) {
        size_t length = strcspn(p, "&");

        if (length > 0 && strncmp(p, "lang=", 5) != 0) {
            rh_str_add_char(&address, separator);
            rh_str_add_n(&address, p, length);
            separator = '&';
        }
        p += length + (p[length] == '&');
    }
    if (lang) {
        rh_str_add_char(&address, separator);
        rh_str_add(&address, "lang=");
        rh_str_add(&address, lang);
    }
    return json_string(address.data); /* the target was checked: it is UTF-8 once decoded */
}

/* ---- titles and crumbs ---- */

static json_t *title_of(const struct rh_scene *scene, const struct rh_page_view *page,
                        const json_t *document)
{
    rh_auto_str(title, TITLE_MAX);

    if (!page)
        return json_string(pick(scene, scene->title));
    if (!page->title[scene->request->lang] ||
        rh_template_render(page->title[scene->request->lang], document, scene->request->lang, false,
                           &title, NULL) < 0)
        return json_string(pick(scene, page->entry->page.title));
    return json_string(title.data);
}

static json_t *crumbs_of(const struct rh_scene *scene, const json_t *document, bool *whole)
{
    const char *path = scene->request->target.path;
    json_t *crumbs = json_array();

    for (int i = 0; path && i < scene->crumb_count; i++) {
        json_t *crumb = json_object();
        const char *end = path;

        for (int segment = 0; segment < scene->crumb_segments[i]; segment++)
            end += 1 + strcspn(end + 1, "/");
        put(crumb, "href", json_stringn(path, (size_t)(end - path)), whole);
        put(crumb, "title", title_of(scene, scene->crumbs[i], document), whole);
        append(crumbs, crumb, whole);
    }
    return crumbs;
}

/* ---- navigation ---- */

static bool is_in(const char *path, const char *page_path)
{
    size_t length = strlen(page_path);

    return strncmp(path, page_path, length) == 0 && (path[length] == '\0' || path[length] == '/');
}

/* The entry that this page stands under: the longest of those it lies in. */
static const struct rh_page *nearest_of(const struct rh_scene *scene)
{
    const struct rh_view *view = scene->request->http->view;
    const char *path = scene->request->target.path;
    const struct rh_page *nearest = NULL;

    for (size_t i = 0; path && i < rh_view_nav_count(view); i++) {
        const struct rh_page *page = rh_view_nav_at(view, i);

        if (is_in(path, page->path) && (!nearest || strlen(page->path) > strlen(nearest->path)))
            nearest = page;
    }
    return nearest;
}

static json_t *nav_of(const struct rh_scene *scene, bool *whole)
{
    const struct rh_view *view = scene->request->http->view;
    const struct rh_page *nearest = nearest_of(scene);
    json_t *nav = json_array();

    for (size_t i = 0; i < rh_view_nav_count(view); i++) {
        const struct rh_page *page = rh_view_nav_at(view, i);
        json_t *entry = json_object();

        put_text(entry, "href", page->path, whole);
        put_text(entry, "title", pick(scene, page->nav), whole);
        put(entry, "current", json_boolean(page == nearest), whole);
        append(nav, entry, whole);
    }
    return nav;
}

/* Pages one level below this one that have a word for the navigation: "/running/{procedure}/dates"
 * under "/running/{procedure}". So a page has links to what a plugin adds to it. */
static json_t *below_of(const struct rh_scene *scene, bool *whole)
{
    const struct rh_view *view = scene->request->http->view;
    const char *own = scene->page ? scene->page->entry->page.path : NULL;
    json_t *below = json_array();

    for (size_t i = 0; own && scene->request->target.path && i < rh_view_page_count(view); i++) {
        const struct rh_page *page = &rh_view_page_at(view, i)->entry->page;
        const char *rest = page->path + strlen(own);
        char address[512];
        json_t *entry;

        if (!page->nav.de || strchr(own, '{') == NULL || !is_in(page->path, own) || *rest != '/' ||
            strpbrk(rest + 1, "/{"))
            continue;
        entry = json_object();
        snprintf(address, sizeof(address), "%s%s", scene->request->target.path, rest);
        put_text(entry, "href", address, whole);
        put_text(entry, "title", pick(scene, page->nav), whole);
        append(below, entry, whole);
    }
    return below;
}

/* ---- style sheets ---- */

static json_t *styles_of(const struct rh_scene *scene, bool *whole)
{
    static const char *const house[] = {"vendor/fira-sans.css", "vendor/kern.min.css", "base.css",
                                        "dense.css"};
    const struct rh_assets *assets = scene->request->http->assets;
    const char *plugin = scene->page ? scene->page->entry->module->plugin->name : NULL, *name;
    json_t *styles = json_array();
    char address[512];

    for (size_t i = 0; i < sizeof(house) / sizeof(house[0]); i++) {
        if (!rh_assets_has(assets, house[i]))
            continue;
        snprintf(address, sizeof(address), "%s/%s", rh_assets_house(assets), house[i]);
        append(styles, json_string(address), whole);
    }
    for (size_t i = 0; plugin && (name = rh_assets_style(assets, plugin, i)); i++) {
        snprintf(address, sizeof(address), "%s/%s", rh_assets_of(assets, plugin), name);
        append(styles, json_string(address), whole);
    }
    return styles;
}

/* ---- the request ---- */

static json_t *fields_of(const struct rh_fields *fields, bool *whole)
{
    json_t *object = json_object();

    for (size_t i = 0; i < fields->count; i++)
        if (fields->at[i].name[0] && !json_object_get(object, fields->at[i].name))
            put_text(object, fields->at[i].name, fields->at[i].value, whole);
    return object;
}

/* A key that no other form has: so a form that is sent twice is done once. */
static json_t *fresh_key(void)
{
    uint64_t random[2] = {0, 0};
    char text[40];

    /* Without randomness two forms could share a key, and the second would not be done. */
    if (uv_random(NULL, NULL, random, sizeof(random), 0, NULL) != 0)
        return json_string("");
    snprintf(text, sizeof(text), "form-%016" PRIx64 "%016" PRIx64, random[0], random[1]);
    return json_string(text);
}

/* A database to practise on lives at another day: every page says which. */
static json_t *practice_of(const struct rh_request *request)
{
    const struct rh_house *house = request->http->options.house;
    char day[RH_DATE_TEXT_SIZE];

    if (!house->practice)
        return json_false();
    return json_pack("{s:s}", "day", rh_day_full(rh_house_today(house), request->lang, day));
}

int32_t rh_scene_describe(struct rh_scene *scene, json_t *document, struct rh_err *err)
{
    const struct rh_request *request = scene->request;
    const struct rh_assets *assets = request->http->assets;
    json_t *page = json_object();
    bool whole = page != NULL;

    put(page, "title", title_of(scene, scene->page, document), &whole);
    put_text(page, "lang", request->lang == RH_DE ? "de" : "en", &whole);
    put_text(page, "path", request->target.path ? request->target.path : "/", &whole);
    put(page, "here", address_of(scene, NULL), &whole);
    put(page, "in_german", address_of(scene, "de"), &whole);
    put(page, "in_english", address_of(scene, "en"), &whole);
    put(page, "crumbs", crumbs_of(scene, document, &whole), &whole);
    put(page, "crumbs_any", json_boolean(scene->crumb_count > 0), &whole);
    put(page, "nav", nav_of(scene, &whole), &whole);
    put(page, "below", below_of(scene, &whole), &whole);
    put(page, "styles", styles_of(scene, &whole), &whole);
    put(page, "query", fields_of(&request->query, &whole), &whole);
    put_text(page, "house", rh_assets_house(assets), &whole);
    put_text(page, "assets",
             scene->page ? rh_assets_of(assets, scene->page->entry->module->plugin->name) : "",
             &whole);
    put(page, "practice", practice_of(request), &whole);
    put(page, "live", json_boolean(scene->live), &whole);
    put(page, "public", json_boolean(scene->entry && scene->entry->op.flags & RH_OP_PUBLIC),
        &whole);
    put_text(page, "version", RH_VERSION, &whole);
    if (!json_object_get(document, "form_key"))
        put(document, "form_key", fresh_key(), &whole);
    put(document, "page", page, &whole);
    return whole ? 0 : rh_err_nomem(err);
}
