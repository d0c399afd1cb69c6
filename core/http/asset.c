#include "core/http/asset.h"

#include "core/base/alloc.h"
#include "core/http/header.h"
#include "core/http/health.h"
#include "core/http/problem.h"

#include "core/http/pages/base.css.h"
#include "core/http/pages/dense.css.h"
#include "core/http/pages/favicon.svg.h"
#include "core/http/pages/run.js.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define FILE_MAX   ((size_t)4 * 1024 * 1024)
#define ASSETS_MAX 256
#define VENDOR_MAX 32
#define NAME_SIZE  128
#define HASH_CHARS 16

struct asset {
    const char *plugin; /* borrowed; NULL = the house's */
    char name[NAME_SIZE];
    const char *type;
    const char *bytes;
    size_t size;
    char *owned; /* the bytes, when they were read from a file */
    char *small; /* owned; the same compressed with gzip, or NULL */
    size_t small_size;
};

/* All files of one owner share a hash and so a folder. */
struct owner {
    const char *plugin; /* borrowed; NULL = the house */
    uint64_t hash;
    char prefix[128]; /* "/p/turnus/0123456789abcdef" */
};

struct rh_assets {
    struct asset at[ASSETS_MAX];
    size_t count;
    struct owner *owners; /* owned; the house first */
    size_t owner_count;
};

static const char *type_of(const char *name)
{
    static const struct {
        const char *ending, *type;
    } types[] = {
        {".css", "text/css; charset=utf-8"},
        {".woff2", "font/woff2"},
        {".svg", "image/svg+xml"},
        {".png", "image/png"},
        {".js", "text/javascript"},
        {".md", "text/plain; charset=utf-8"},
        {".txt", "text/plain; charset=utf-8"},
    };
    const char *dot = strrchr(name, '.');

    for (size_t i = 0; dot && i < sizeof(types) / sizeof(types[0]); i++)
        if (strcmp(dot, types[i].ending) == 0)
            return types[i].type;
    return NULL;
}

/* ---- collecting ---- */

static uint64_t add_to_hash(uint64_t hash, const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ (unsigned char)bytes[i]) * UINT64_C(0x100000001B3); /* FNV-1a */
    return hash;
}

static void add(struct rh_assets *assets, struct owner *owner, struct asset asset, const char *name)
{
    if (assets->count == ASSETS_MAX || strlen(name) >= sizeof(asset.name)) {
        rh_free(asset.owned);
        rh_free(asset.small);
        return;
    }
    memcpy(asset.name, name, strlen(name) + 1);
    asset.plugin = owner->plugin;
    owner->hash = add_to_hash(owner->hash, name, strlen(name) + 1);
    owner->hash = add_to_hash(owner->hash, asset.bytes, asset.size);
    assets->at[assets->count++] = asset;
}

static char *read_whole(const char *path, size_t *ret_size)
{
    FILE *file = fopen(path, "rbe");
    struct stat info;
    char *bytes = NULL;

    if (file && fstat(fileno(file), &info) == 0 && S_ISREG(info.st_mode) && info.st_size > 0 &&
        (size_t)info.st_size <= FILE_MAX) {
        bytes = rh_alloc((size_t)info.st_size, 1);
        if (bytes && fread(bytes, 1, (size_t)info.st_size, file) != (size_t)info.st_size)
            bytes = rh_free(bytes);
        *ret_size = (size_t)info.st_size;
    }
    if (file)
        fclose(file);
    return bytes;
}

/* The names in a folder that are served, at most so many. */
static size_t read_names(const char *folder, char (*names)[NAME_SIZE], size_t most)
{
    DIR *open_folder = opendir(folder);
    const struct dirent *entry;
    size_t count = 0;

    while (open_folder && count < most && (entry = readdir(open_folder)))
        if (entry->d_name[0] != '.' && type_of(entry->d_name) &&
            strlen(entry->d_name) < NAME_SIZE - sizeof("vendor/"))
            memcpy(names[count++], entry->d_name, strlen(entry->d_name) + 1);
    if (open_folder)
        closedir(open_folder);
    return count;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* What npm laid out, in the order of the names, so that the hash is the same at every start. */
static void add_vendor(struct rh_assets *assets, struct owner *house, const char *web)
{
    char folder[4096], names[VENDOR_MAX][NAME_SIZE];
    size_t count;

    snprintf(folder, sizeof(folder), "%s/vendor", web);
    count = read_names(folder, names, VENDOR_MAX);
    qsort(names, count, NAME_SIZE, by_name);
    for (size_t i = 0; i < count; i++) {
        struct asset asset = {.type = type_of(names[i])};
        char path[4096 + NAME_SIZE + 8], name[NAME_SIZE + 8];

        snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
        snprintf(name, sizeof(name), "vendor/%s", names[i]);
        asset.owned = read_whole(path, &asset.size);
        asset.bytes = asset.owned;
        snprintf(path, sizeof(path), "%s/%s.gz", folder, names[i]);
        asset.small = asset.owned ? read_whole(path, &asset.small_size) : NULL;
        if (asset.owned)
            add(assets, house, asset, name);
    }
}

static void add_house(struct rh_assets *assets, struct owner *house, const char *web)
{
    static const struct {
        const char *name, *bytes;
        size_t size;
    } own[] = {
        {"base.css", base_css, sizeof(base_css) - 1},
        {"dense.css", dense_css, sizeof(dense_css) - 1},
        {"favicon.svg", favicon_svg, sizeof(favicon_svg) - 1},
        {"run.js", run_js, sizeof(run_js) - 1},
    };

    for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
        add(assets, house,
            (struct asset){
                .type = type_of(own[i].name), .bytes = own[i].bytes, .size = own[i].size},
            own[i].name);
    if (web)
        add_vendor(assets, house, web);
    snprintf(house->prefix, sizeof(house->prefix), "/static/%016" PRIx64, house->hash);
}

static void add_plugin(struct rh_assets *assets, struct owner *owner,
                       const struct rh_plugin *plugin)
{
    const struct rh_table *table = &plugin->assets;

    owner->plugin = plugin->name;
    for (uint32_t i = 0; i < table->count; i++) {
        struct rh_asset row = {0};
        size_t size = table->row_size < sizeof(row) ? table->row_size : sizeof(row);

        memcpy(&row, (const char *)table->rows + (size_t)i * table->row_size, size);
        if (row.name && row.content_type && row.bytes)
            add(assets, owner,
                (struct asset){
                    .type = row.content_type, .bytes = row.bytes, .size = (size_t)row.size},
                row.name);
    }
    if (table->count)
        snprintf(owner->prefix, sizeof(owner->prefix), "/p/%s/%016" PRIx64, plugin->name,
                 owner->hash);
}

int32_t rh_assets_open(const struct rh_registry *registry, const char *web,
                       struct rh_assets **ret_assets, struct rh_err *err)
{
    struct rh_assets *assets = rh_alloc(1, sizeof(*assets));
    size_t modules = rh_registry_module_count(registry);

    if (assets)
        assets->owners = rh_alloc(modules + 1, sizeof(*assets->owners));
    if (!assets || !assets->owners) {
        rh_free(assets);
        return rh_err_nomem(err);
    }
    assets->owner_count = modules + 1;
    for (size_t i = 0; i < assets->owner_count; i++)
        assets->owners[i].hash = UINT64_C(0xCBF29CE484222325);
    add_house(assets, &assets->owners[0], web);
    for (size_t i = 0; i < modules; i++)
        add_plugin(assets, &assets->owners[i + 1], rh_registry_module_at(registry, i)->plugin);
    *ret_assets = assets;
    return 0;
}

struct rh_assets *rh_assets_free(struct rh_assets *assets)
{
    if (!assets)
        return NULL;
    for (size_t i = 0; i < assets->count; i++) {
        rh_free(assets->at[i].owned);
        rh_free(assets->at[i].small);
    }
    rh_free(assets->owners);
    return rh_free(assets);
}

/* ---- finding ---- */

static bool same_owner(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static const struct asset *find(const struct rh_assets *assets, const char *plugin,
                                const char *name)
{
    for (size_t i = 0; i < assets->count; i++)
        if (same_owner(assets->at[i].plugin, plugin) && strcmp(assets->at[i].name, name) == 0)
            return &assets->at[i];
    return NULL;
}

const char *rh_assets_house(const struct rh_assets *assets)
{
    return assets->owners[0].prefix;
}

const char *rh_assets_of(const struct rh_assets *assets, const char *plugin)
{
    for (size_t i = 1; i < assets->owner_count; i++)
        if (assets->owners[i].plugin && strcmp(assets->owners[i].plugin, plugin) == 0)
            return assets->owners[i].prefix;
    return "";
}

bool rh_assets_has(const struct rh_assets *assets, const char *name)
{
    return find(assets, NULL, name) != NULL;
}

const char *rh_assets_style(const struct rh_assets *assets, const char *plugin, size_t index)
{
    for (size_t i = 0; i < assets->count; i++)
        if (same_owner(assets->at[i].plugin, plugin) &&
            strncmp(assets->at[i].type, "text/css", 8) == 0 && index-- == 0)
            return assets->at[i].name;
    return NULL;
}

/* ---- serving ---- */

static bool is_hash(const char *segment)
{
    return strlen(segment) == HASH_CHARS && strspn(segment, "0123456789abcdef") == HASH_CHARS;
}

/* Everything from segment `from` on names a file of this owner, perhaps below its hash. */
static void serve(struct rh_request *request, const char *plugin, int from)
{
    const struct rh_assets *assets = request->http->assets;
    const char *prefix = plugin ? rh_assets_of(assets, plugin) : rh_assets_house(assets);
    bool hashed = from < request->target.count && is_hash(request->target.segment[from]);
    bool current = hashed && prefix[0] && strstr(prefix, request->target.segment[from]);
    const char *name = rh_target_rest(&request->target, from + (hashed ? 1 : 0), &request->arena);
    const struct asset *asset = name ? find(assets, plugin, name) : NULL;
    const char *known = rh_request_header(request, "If-None-Match"), *tag;
    struct rh_err err = {0};
    bool small;

    if (!rh_only_get(request))
        return;
    if (!asset) {
        rh_err_set(&err, RH_ENOTFOUND, "diese Datei gibt es nicht", "there is no such file");
        rh_reply_fault(request, &err);
        return;
    }
    small = asset->small &&
            rh_header_accepts_coding(rh_request_header(request, "Accept-Encoding"), "gzip");
    /* Other bytes, another tag: RFC 9110, 8.8.3.3. */
    tag = rh_arena_printf(&request->arena, "\"%s%s\"", prefix + strlen(prefix) - HASH_CHARS,
                          small ? "-gzip" : "");
    rh_reply_header(request, "ETag", tag);
    rh_reply_header(request, "Cache-Control",
                    current ? "public, max-age=31536000, immutable" : "no-cache");
    if (asset->small)
        rh_reply_header(request, "Vary", "Accept-Encoding");
    if (tag && known && rh_header_has_tag(known, tag, true)) {
        rh_reply_static(request, 304, NULL, NULL, 0);
    } else if (small) {
        rh_reply_header(request, "Content-Encoding", "gzip");
        rh_reply_static(request, 200, asset->type, asset->small, asset->small_size);
    } else {
        rh_reply_static(request, 200, asset->type, asset->bytes, asset->size);
    }
}

void rh_asset_house(struct rh_request *request)
{
    if (strcmp(request->target.segment[0], "favicon.ico") == 0)
        request->target.segment[0] = "favicon.svg";
    serve(request, NULL, strcmp(request->target.segment[0], "static") == 0 ? 1 : 0);
}

void rh_asset_plugin(struct rh_request *request)
{
    serve(request, request->target.count > 1 ? request->target.segment[1] : "", 2);
}
