#include "core/operation/registry_internal.h"

#include "core/base/alloc.h"

#include <stdlib.h>
#include <string.h>

#define REGISTRY_MAX ((size_t)16 * 1024 * 1024)

struct rh_registry *rh_registry_new(rh_guard_run *guard)
{
    struct rh_registry *registry = rh_alloc(1, sizeof(*registry));

    if (!registry)
        return NULL;
    rh_arena_init(&registry->arena, REGISTRY_MAX);
    registry->guard = guard;
    return registry;
}

struct rh_registry *rh_registry_free(struct rh_registry *registry)
{
    if (!registry)
        return NULL;
    rh_free(registry->operations.items);
    rh_free(registry->hooks.items);
    rh_free(registry->jobs.items);
    rh_free(registry->pages.items);
    rh_free(registry->documents.items);
    rh_free(registry->modules.items);
    rh_arena_fini(&registry->arena);
    return rh_free(registry);
}

/* --- adding: room first, then nothing can fail half way --- */

static bool reserve(struct rh_registry_list *list, size_t more)
{
    size_t wanted = list->count + more;
    const void **items;

    if (wanted <= list->capacity)
        return true;
    items = rh_realloc(list->items, wanted * 2 * sizeof(*items));
    if (!items)
        return false;
    list->items = items;
    list->capacity = wanted * 2;
    return true;
}

static bool reserve_all(struct rh_registry *registry, const struct rh_module_tables *tables)
{
    return reserve(&registry->operations, tables->operation_count) &&
           reserve(&registry->hooks, tables->hook_count) &&
           reserve(&registry->jobs, tables->job_count) &&
           reserve(&registry->pages, tables->page_count) &&
           reserve(&registry->documents, tables->document_count) && reserve(&registry->modules, 1);
}

static int by_name(const void *a, const void *b)
{
    const struct rh_operation_entry *const *left = a, *const *right = b;

    return strcmp((*left)->op.name, (*right)->op.name);
}

/* Behind all that run before it or at the same priority: modules come in their order. */
static void insert_hook(struct rh_registry_list *hooks, const struct rh_hook_entry *hook)
{
    size_t place = hooks->count++;

    while (place > 0) {
        const struct rh_hook_entry *before = hooks->items[place - 1];

        if (before->hook.priority <= hook->hook.priority)
            break;
        hooks->items[place] = before;
        place--;
    }
    hooks->items[place] = hook;
}

static void append(struct rh_registry *registry, struct rh_module *module,
                   const struct rh_module_tables *tables)
{
    for (size_t i = 0; i < tables->operation_count; i++)
        registry->operations.items[registry->operations.count++] = &tables->operations[i];
    if (registry->operations.count)
        qsort(registry->operations.items, registry->operations.count,
              sizeof(registry->operations.items[0]), by_name);
    for (size_t i = 0; i < tables->hook_count; i++)
        insert_hook(&registry->hooks, &tables->hooks[i]);
    for (size_t i = 0; i < tables->job_count; i++)
        registry->jobs.items[registry->jobs.count++] = &tables->jobs[i];
    for (size_t i = 0; i < tables->page_count; i++)
        registry->pages.items[registry->pages.count++] = &tables->pages[i];
    for (size_t i = 0; i < tables->document_count; i++)
        registry->documents.items[registry->documents.count++] = &tables->documents[i];
    registry->modules.items[registry->modules.count++] = module;
}

int32_t rh_registry_add(struct rh_registry *registry, struct rh_module *module, struct rh_err *err)
{
    struct rh_module_tables tables = {.operations = NULL};
    int32_t rc = rh_module_tables_read(registry, module, &tables, err);

    if (rc < 0)
        return rh_err_wrap(err, "Modul '%s'", "module '%s'",
                           module->plugin->name ? module->plugin->name : "?");
    if (!reserve_all(registry, &tables))
        return rh_err_nomem(err);
    append(registry, module, &tables);
    return 0;
}

/* --- finding --- */

size_t rh_registry_count(const struct rh_registry *registry)
{
    return registry->operations.count;
}

const struct rh_operation_entry *rh_registry_at(const struct rh_registry *registry, size_t index)
{
    return index < registry->operations.count ? registry->operations.items[index] : NULL;
}

const struct rh_operation_entry *rh_registry_find(const struct rh_registry *registry,
                                                  const char *name)
{
    size_t low = 0, high = registry->operations.count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct rh_operation_entry *entry = registry->operations.items[middle];
        int order = strcmp(name, entry->op.name);

        if (order == 0)
            return entry;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

const struct rh_operation_entry *rh_registry_find_path(const struct rh_registry *registry,
                                                       const char *path)
{
    char name[sizeof(((struct rh_operation_entry *)NULL)->path)];
    size_t length = strlen(path);

    if (length >= sizeof(name) || strchr(path, ' '))
        return NULL;
    for (size_t i = 0; i <= length; i++)
        name[i] = path[i] == '/' ? ' ' : path[i];
    return rh_registry_find(registry, name);
}

size_t rh_registry_hook_count(const struct rh_registry *registry)
{
    return registry->hooks.count;
}

const struct rh_hook_entry *rh_registry_hook_at(const struct rh_registry *registry, size_t index)
{
    return index < registry->hooks.count ? registry->hooks.items[index] : NULL;
}

bool rh_hook_matches(const struct rh_hook *hook, const char *topic)
{
    size_t length = strlen(hook->topic);

    if (length >= 2 && strcmp(hook->topic + length - 2, ".*") == 0)
        return strncmp(hook->topic, topic, length - 1) == 0;
    return strcmp(hook->topic, topic) == 0;
}

size_t rh_registry_job_count(const struct rh_registry *registry)
{
    return registry->jobs.count;
}

const struct rh_job_entry *rh_registry_job_at(const struct rh_registry *registry, size_t index)
{
    return index < registry->jobs.count ? registry->jobs.items[index] : NULL;
}

const struct rh_job_entry *rh_registry_find_job(const struct rh_registry *registry,
                                                const char *kind)
{
    for (size_t i = 0; i < registry->jobs.count; i++) {
        const struct rh_job_entry *entry = registry->jobs.items[i];

        if (strcmp(entry->job.kind, kind) == 0)
            return entry;
    }
    return NULL;
}

size_t rh_registry_page_count(const struct rh_registry *registry)
{
    return registry->pages.count;
}

const struct rh_page_entry *rh_registry_page_at(const struct rh_registry *registry, size_t index)
{
    return index < registry->pages.count ? registry->pages.items[index] : NULL;
}

size_t rh_registry_document_count(const struct rh_registry *registry)
{
    return registry->documents.count;
}

const struct rh_document_entry *rh_registry_document_at(const struct rh_registry *registry,
                                                        size_t index)
{
    return index < registry->documents.count ? registry->documents.items[index] : NULL;
}

size_t rh_registry_module_count(const struct rh_registry *registry)
{
    return registry->modules.count;
}

/* The list holds const pointers for all its kinds; modules came in as changeable ones. */
struct rh_module *rh_registry_module_at(const struct rh_registry *registry, size_t index)
{
    return index < registry->modules.count
               ? (struct rh_module *)(uintptr_t)registry->modules.items[index]
               : NULL;
}

struct rh_module *rh_registry_find_module(const struct rh_registry *registry, const char *name)
{
    for (size_t i = 0; i < registry->modules.count; i++) {
        struct rh_module *module = rh_registry_module_at(registry, i);

        if (strcmp(module->plugin->name, name) == 0)
            return module;
    }
    return NULL;
}

int32_t rh_registry_guard(const struct rh_registry *registry, struct rh_module *module,
                          const char *what, int32_t (*body)(void *context), void *context,
                          struct rh_err *err)
{
    if (registry->guard && module->guard)
        return registry->guard(module, what, body, context, err);
    return body(context);
}
