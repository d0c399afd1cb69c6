/* section.c - a section and the table of its module become values. */
#include "core/base/alloc.h"
#include "core/base/str.h"
#include "core/base/text.h"
#include "core/config/tree.h"

#include <string.h>

struct reading {
    struct rh_config *config; /* NULL = nothing was written */
    const char *name;
    const struct rh_config_key *keys;
    struct rh_config_values *values;
    struct rh_err *err;
    int32_t rc; /* the first fault's code */
};

static void keep_rc(struct reading *r, int32_t rc)
{
    if (rc < 0 && r->rc == 0)
        r->rc = rc;
}

static size_t find_key(const struct reading *r, const char *name)
{
    size_t index = 0;

    while (index < r->values->count && strcmp(r->keys[index].name, name) != 0)
        index++;
    return index;
}

static int32_t unknown_key(struct reading *r, const struct config_item *item)
{
    const char *names[RH_CONFIG_KEYS_MAX + 1];
    size_t count = r->values->count;
    int nearest;

    for (size_t i = 0; i < count; i++)
        names[i] = r->keys[i].name;
    nearest = rh_text_nearest(item->key, names, count);
    if (nearest >= 0)
        return rh_config_fault(r->config, r->err, item->line,
                               "unbekannter Schlüssel '%s' (meinten Sie '%s'?)",
                               "unknown key '%s' (did you mean '%s'?)", item->key, names[nearest]);
    return rh_config_fault(r->config, r->err, item->line,
                           "unbekannter Schlüssel '%s' in Abschnitt '%s'",
                           "unknown key '%s' in section '%s'", item->key, r->name);
}

/* The value as one text; elements of a list joined by line breaks, which no value can hold. */
static int32_t item_text(const struct rh_config_key *key, const struct config_item *item,
                         struct rh_str *out, struct rh_err *err)
{
    if (key->type != RH_TYPE_LIST && (item->is_list || item->count != 1))
        return rh_err_set(err, RH_EINVALID, "hier gehört ein einzelner Wert hin, keine Liste",
                          "a single value belongs here, not a list");
    for (const struct config_value *value = item->values; value; value = value->next) {
        if (key->type == RH_TYPE_LIST && !*value->text)
            return rh_err_set(err, RH_EINVALID, "ein Eintrag der Liste ist leer",
                              "an element of the list is empty");
        if (value != item->values)
            rh_str_add_char(out, '\n');
        rh_str_add(out, value->text);
    }
    return rh_str_check(out, err);
}

static int32_t set_value(struct reading *r, size_t index, const char *text, struct rh_err *err)
{
    rh_auto_str(out, RH_CONFIG_SIZE_MAX);
    int32_t rc = rh_config_convert(&r->keys[index], text, &out, err);

    if (rc < 0)
        return rc;
    r->values->text[index] = rh_arena_strdup(&r->values->arena, out.data);
    return r->values->text[index] ? 0 : rh_err_nomem(err);
}

/* A fault of the value becomes one of the file: "reihum.conf:12: key 'x': …". */
static int32_t file_fault(struct reading *r, const struct config_item *item, struct rh_err *fault)
{
    if (fault->code == RH_ENOMEM)
        return rh_err_nomem(r->err);
    rh_err_wrap(fault, "Schlüssel '%s'", "key '%s'", item->key);
    return rh_config_keep_fault(r->config, r->err, item->line, fault);
}

static int32_t read_enabled(struct reading *r, const struct config_item *item)
{
    bool enabled = true;

    if (item->count != 1 || item->is_list || !rh_config_flag(item->values->text, &enabled))
        return rh_config_fault(r->config, r->err, item->line,
                               "Schlüssel 'enabled': hier steht ja oder nein",
                               "key 'enabled': this is yes or no");
    r->values->enabled = enabled;
    return 0;
}

static int32_t read_item(struct reading *r, enum rh_config_kind kind,
                         const struct config_item *item)
{
    size_t index = find_key(r, item->key);
    struct rh_err fault = {0};
    rh_auto_str(text, RH_CONFIG_SIZE_MAX);

    if (kind == RH_CONFIG_PLUGIN && strcmp(item->key, RH_CONFIG_ENABLED) == 0)
        return read_enabled(r, item);
    if (index == r->values->count)
        return unknown_key(r, item);
    if ((r->keys[index].flags & RH_CONFIG_SECRET) && r->config->readable_by_others)
        return rh_config_fault(r->config, r->err, item->line,
                               "Schlüssel '%s' ist geheim, aber die Datei ist für alle lesbar "
                               "(Abhilfe: chmod o-r)",
                               "key '%s' is secret, but everybody can read the file "
                               "(remedy: chmod o-r)",
                               item->key);
    r->values->line[index] = item->line;
    if (item_text(&r->keys[index], item, &text, &fault) < 0 ||
        set_value(r, index, text.data, &fault) < 0)
        return file_fault(r, item, &fault);
    return 0;
}

static void read_section(struct reading *r, enum rh_config_kind kind)
{
    struct config_section *section = rh_config_section(r->config, kind, r->name);

    rh_config_excuse(r->config, kind, r->name);
    for (struct config_item *item = section ? section->items : NULL; item; item = item->next)
        keep_rc(r, read_item(r, kind, item));
}

static int32_t missing(struct reading *r, enum rh_config_kind kind, size_t index)
{
    const struct config_section *section =
        r->config ? rh_config_section(r->config, kind, r->name) : NULL;

    const char *word = kind == RH_CONFIG_PLUGIN ? "plugin" : "";

    if (r->config && kind >= RH_CONFIG_OWN)
        word = r->config->words[kind - RH_CONFIG_OWN];
    if (r->config)
        return rh_config_fault(r->config, r->err, section ? section->line : 1,
                               "im Abschnitt '%s%s%s' fehlt der Schlüssel '%s'",
                               "section '%s%s%s' lacks the key '%s'", word, *word ? " " : "",
                               r->name, r->keys[index].name);
    return rh_err_set(r->err, RH_EINVALID,
                      "der Abschnitt '%s%s' mit dem Schlüssel '%s' fehlt in der Konfiguration",
                      "section '%s%s' with the key '%s' is missing in the configuration",
                      kind == RH_CONFIG_PLUGIN ? "plugin " : "", r->name, r->keys[index].name);
}

static void add_fallbacks(struct reading *r, enum rh_config_kind kind)
{
    for (size_t i = 0; i < r->values->count; i++) {
        if (r->values->line[i] != 0)
            continue;
        if (r->keys[i].flags & RH_CONFIG_REQUIRED)
            keep_rc(r, missing(r, kind, i));
        else if (r->keys[i].fallback)
            keep_rc(r, set_value(r, i, r->keys[i].fallback, r->err));
    }
}

int32_t rh_config_values(struct rh_config *config, enum rh_config_kind kind, const char *name,
                         const struct rh_config_key *keys, size_t count,
                         struct rh_config_values *ret, struct rh_err *err)
{
    struct reading r = {.config = config, .name = name, .keys = keys, .values = ret, .err = err};

    memset(ret, 0, sizeof(*ret));
    rh_arena_init(&ret->arena, 2 * RH_CONFIG_SIZE_MAX);
    ret->enabled = true;
    if (count > RH_CONFIG_KEYS_MAX)
        return rh_err_set(err, RH_ETOOLARGE, "%s: mehr als %d Schlüssel", "%s: more than %d keys",
                          name, RH_CONFIG_KEYS_MAX);
    ret->text = rh_arena_array(&ret->arena, count + 1, sizeof(*ret->text));
    ret->line = rh_arena_array(&ret->arena, count + 1, sizeof(*ret->line));
    if (!ret->text || !ret->line) {
        rh_config_values_fini(ret);
        return rh_err_nomem(err);
    }
    ret->count = count;
    if (config)
        read_section(&r, kind);
    add_fallbacks(&r, kind);
    if (r.rc < 0)
        rh_config_values_fini(ret);
    return r.rc;
}

void rh_config_values_fini(struct rh_config_values *values)
{
    rh_arena_fini(&values->arena);
    memset(values, 0, sizeof(*values));
}

const char *rh_config_value(const struct rh_config_values *values, const struct rh_config_key *keys,
                            const char *name)
{
    for (size_t i = 0; i < values->count; i++)
        if (strcmp(keys[i].name, name) == 0)
            return values->text[i];
    return NULL;
}
