#include "core/template/template.h"

#include "core/base/alloc.h"
#include "core/template/code.h"

#include <string.h>

/* Sources, names and operations; an operation is some 80 bytes for at least five of the source. */
#define ARENA_PER_BYTE 96
#define ARENA_LEAST    65536

static const struct rh_template *find_here(const struct rh_templates *set, const char *name)
{
    for (size_t i = 0; i < set->count; i++)
        if (strcmp(set->templates[i].name, name) == 0)
            return &set->templates[i];
    return NULL;
}

const struct rh_template *rh_template_find(const struct rh_templates *set, const char *name)
{
    for (; set; set = set->base) {
        const struct rh_template *found = find_here(set, name);

        if (found)
            return found;
    }
    return NULL;
}

/* All are named before any is compiled, so that they may use one another in any order. */
static int32_t take_source(struct rh_templates *set, const struct rh_template_source *source,
                           struct rh_err *err)
{
    struct rh_template *template = &set->templates[set->count];

    if (source->length > RH_TEMPLATE_SOURCE_MAX)
        return rh_err_set(err, RH_ETOOLARGE, "Vorlage '%s': %zu Byte, erlaubt sind höchstens %d",
                          "template '%s': %zu bytes, at most %d are allowed", source->name,
                          source->length, RH_TEMPLATE_SOURCE_MAX);
    if (find_here(set, source->name))
        return rh_err_set(err, RH_EINVALID, "die Vorlage '%s' steht zweimal in der Liste",
                          "template '%s' stands twice in the list", source->name);
    template->name = rh_arena_strdup(&set->arena, source->name);
    template->text = rh_arena_strndup(&set->arena, source->text, source->length);
    template->length = source->length;
    template->mode = source->mode;
    if (!template->name || !template->text)
        return rh_err_nomem(err);
    set->count++;
    return 0;
}

static int32_t compile_all(struct rh_templates *set, const struct rh_template_source *sources,
                           size_t count, struct rh_err *err)
{
    int32_t rc = 0;

    set->templates = rh_arena_array(&set->arena, count + 1, sizeof(*set->templates));
    if (!set->templates)
        return rh_err_nomem(err);
    for (size_t i = 0; i < count && rc == 0; i++)
        rc = take_source(set, &sources[i], err);
    for (size_t i = 0; i < count && rc == 0; i++)
        rc = template_compile(set, &set->templates[i], err);
    return rc;
}

int32_t rh_templates_new(const struct rh_template_source *sources, size_t count,
                         const struct rh_templates *base, struct rh_templates **ret,
                         struct rh_err *err)
{
    size_t maximum = ARENA_LEAST + count * sizeof(struct rh_template);
    struct rh_templates *set;
    int32_t rc;

    for (size_t i = 0; i < count; i++)
        maximum += (sources[i].length + strlen(sources[i].name)) * ARENA_PER_BYTE;
    set = rh_alloc(1, sizeof(*set));
    if (!set)
        return rh_err_nomem(err);
    rh_arena_init(&set->arena, maximum);
    set->base = base;
    rc = compile_all(set, sources, count, err);
    if (rc < 0) {
        rh_templates_free(set);
        return rc;
    }
    *ret = set;
    return 0;
}

struct rh_templates *rh_templates_free(struct rh_templates *set)
{
    if (set)
        rh_arena_fini(&set->arena);
    return rh_free(set);
}
