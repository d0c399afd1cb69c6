#include "core/operation/registry_internal.h"

#include "core/operation/value.h"
#include "core/store/authorizer.h"

#include <stdalign.h>
#include <string.h>

/*
 * A table is read row by row with the size its author's compiler saw: what an older row lacks is
 * zero, what a newer one has on top is not looked at.
 */

#define ROWS_MAX 10000

int32_t rh_row_invalid(struct rh_err *err, const char *de, const char *en, const char *subject)
{
    return rh_err_set(err, RH_EINVALID, de, en, subject ? subject : "(NULL)");
}

int32_t rh_rows_copy(struct rh_registry *registry, const struct rh_table *table, size_t today,
                     void **ret_rows, struct rh_err *err)
{
    size_t size = table->row_size < today ? table->row_size : today;
    unsigned char *rows;

    *ret_rows = NULL;
    if (table->count == 0)
        return 0;
    if (!table->rows || table->count > ROWS_MAX || table->row_size < sizeof(void *) ||
        table->row_size % alignof(void *) != 0)
        return rh_err_set(err, RH_EINVALID, "eine Tabelle mit %u Zeilen zu %u Byte ist unlesbar",
                          "a table of %u rows of %u bytes is unreadable", table->count,
                          table->row_size);
    rows = rh_arena_array(&registry->arena, table->count, today);
    if (!rows)
        return rh_err_nomem(err);
    for (uint32_t i = 0; i < table->count; i++)
        memcpy(rows + i * today, (const unsigned char *)table->rows + i * table->row_size, size);
    *ret_rows = rows;
    return 0;
}

/* --- words --- */

size_t rh_span_of_word(const char *text, const char *joints)
{
    size_t length = 0;

    if (text[0] < 'a' || text[0] > 'z')
        return 0;
    while ((text[length] >= 'a' && text[length] <= 'z') ||
           (text[length] >= '0' && text[length] <= '9') ||
           (text[length] && strchr(joints, text[length]) && text[length - 1] != text[length]))
        length++;
    return strchr(joints, text[length - 1]) ? 0 : length;
}

bool rh_is_word(const char *text, const char *joints)
{
    return text && rh_span_of_word(text, joints) == strlen(text) && text[0];
}

bool rh_has_both(struct rh_text text)
{
    return text.de && text.en && text.de[0] && text.en[0];
}

/* --- hooks, jobs --- */

static bool is_topic(const char *topic)
{
    for (;;) {
        size_t length = rh_span_of_word(topic, "_-");

        if (length == 0)
            return strcmp(topic, "*") == 0;
        topic += length;
        if (*topic == '\0')
            return true;
        if (*topic++ != '.')
            return false;
    }
}

static int32_t read_hooks(struct rh_registry *registry, struct rh_module *module,
                          struct rh_module_tables *tables, struct rh_err *err)
{
    const struct rh_hook *rows;
    void *copy;
    int32_t rc = rh_rows_copy(registry, &module->plugin->hooks, sizeof(*rows), &copy, err);
    size_t count = module->plugin->hooks.count;

    if (rc < 0)
        return rc;
    rows = copy;
    tables->hooks = rh_arena_array(&registry->arena, count, sizeof(*tables->hooks));
    if (!tables->hooks)
        return rh_err_nomem(err);
    tables->hook_count = count;
    for (size_t i = 0; i < count; i++) {
        if (!rows[i].topic || !is_topic(rows[i].topic) || strcmp(rows[i].topic, "*") == 0)
            return rh_row_invalid(
                err, "Hook auf '%s': ein Thema sieht aus wie \"round.published\" oder \"round.*\"",
                "hook on '%s': a topic looks like \"round.published\" or \"round.*\"",
                rows[i].topic);
        if (!rows[i].run)
            return rh_row_invalid(err, "Hook auf '%s' hat keine Funktion 'run'",
                                  "hook on '%s' has no function 'run'", rows[i].topic);
        tables->hooks[i] = (struct rh_hook_entry){.hook = rows[i], .module = module};
    }
    return 0;
}

static int32_t read_jobs(struct rh_registry *registry, struct rh_module *module,
                         struct rh_module_tables *tables, struct rh_err *err)
{
    const char *name = module->plugin->name;
    const struct rh_job_kind *rows;
    void *copy;
    int32_t rc = rh_rows_copy(registry, &module->plugin->jobs, sizeof(*rows), &copy, err);
    size_t count = module->plugin->jobs.count;

    if (rc < 0)
        return rc;
    rows = copy;
    tables->jobs = rh_arena_array(&registry->arena, count, sizeof(*tables->jobs));
    if (!tables->jobs)
        return rh_err_nomem(err);
    tables->job_count = count;
    for (size_t i = 0; i < count; i++) {
        if (!rows[i].kind || strncmp(rows[i].kind, name, strlen(name)) != 0 ||
            rows[i].kind[strlen(name)] != '.' || !is_topic(rows[i].kind))
            return rh_err_set(err, RH_EINVALID, "Art von Aufgaben '%s': muss mit \"%s.\" beginnen",
                              "kind of jobs '%s': must begin with \"%s.\"",
                              rows[i].kind ? rows[i].kind : "(NULL)", name);
        if (!rows[i].run || rows[i].max_attempts < 0)
            return rh_row_invalid(
                err, "Art von Aufgaben '%s': 'run' fehlt oder 'max_attempts' ist negativ",
                "kind of jobs '%s': 'run' is missing or 'max_attempts' negative", rows[i].kind);
        for (size_t j = 0; j < i; j++)
            if (strcmp(rows[i].kind, rows[j].kind) == 0)
                return rh_row_invalid(err, "Art von Aufgaben '%s' steht zweimal in der Tabelle",
                                      "kind of jobs '%s' is in the table twice", rows[i].kind);
        tables->jobs[i] = (struct rh_job_entry){.job = rows[i], .module = module};
    }
    return 0;
}

/* --- pages --- */

static const struct rh_operation_entry *operation_of(const struct rh_registry *registry,
                                                     const struct rh_module_tables *tables,
                                                     const char *name)
{
    for (size_t i = 0; name && i < tables->operation_count; i++)
        if (strcmp(tables->operations[i].op.name, name) == 0)
            return &tables->operations[i];
    return name ? rh_registry_find(registry, name) : NULL;
}

static bool is_named(const struct rh_operation_entry *op, const char *name, size_t length)
{
    for (int32_t i = 0; i < op->param_count; i++)
        if (strlen(op->params[i].name) == length && strncmp(op->params[i].name, name, length) == 0)
            return true;
    return false;
}

/* Each {placeholder} fills a parameter. `may_end`: a fixed end may stand behind it, "{token}.ics".
 */
static int32_t check_placeholders(const char *path, bool may_end,
                                  const struct rh_operation_entry *op, struct rh_err *err)
{
    const char *place = path;

    while ((place = strpbrk(place, "{}"))) {
        const char *end = strchr(place, '}');
        size_t length = end ? (size_t)(end - place) - 1 : 0;

        if (*place == '}' || !end || place[-1] != '/' ||
            (end[1] && end[1] != '/' && (!may_end || end[1] == '{')))
            return rh_err_set(err, RH_EINVALID, "ein Platzhalter füllt ein ganzes Stück des Pfads",
                              "a placeholder fills a whole part of the path");
        if (!is_named(op, place + 1, length))
            return rh_err_set(err, RH_EINVALID, "'%.*s' ist kein Parameter von '%s'",
                              "'%.*s' is no parameter of '%s'", (int)length, place + 1,
                              op->op.name);
        place = end + 1;
    }
    return 0;
}

/* The path, and the READ operation whose answer is shown under it. */
static int32_t check_address(const char *path, bool may_end, const struct rh_operation_entry *op,
                             const char *operation, struct rh_err *err)
{
    if (path[0] != '/' || strstr(path, "//") || strpbrk(path, " ?#%\\"))
        return rh_err_set(err, RH_EINVALID,
                          "der Pfad muss mit '/' beginnen, ohne Leerzeichen, ? und #",
                          "the path must begin with '/', without spaces, ? and #");
    if (!op || op->op.kind != RH_READ)
        return rh_err_set(err, RH_EINVALID, "'%s' ist keine Operation der Art READ",
                          "'%s' is no operation of kind READ", operation ? operation : "(NULL)");
    return check_placeholders(path, may_end, op, err);
}

static int32_t check_page(const struct rh_registry *registry, const struct rh_module_tables *tables,
                          const struct rh_page *page, struct rh_err *err)
{
    const char *path = page->path ? page->path : "";

    if (check_address(path, false, operation_of(registry, tables, page->operation), page->operation,
                      err) < 0)
        return rh_err_wrap(err, "Seite '%s'", "page '%s'", path);
    if (!page->body || !rh_has_both(page->title))
        return rh_row_invalid(err, "Seite '%s': Vorlage oder Titel fehlt",
                              "page '%s': template or title is missing", path);
    if ((page->nav.de != NULL) != (page->nav.en != NULL))
        return rh_row_invalid(err, "Seite '%s': 'nav' fehlt in einer der beiden Sprachen",
                              "page '%s': 'nav' is missing in one of the two languages", path);
    for (size_t i = 0; i < registry->pages.count; i++) {
        const struct rh_page_entry *other = registry->pages.items[i];

        if (strcmp(other->page.path, path) == 0)
            return rh_err_set(err, RH_EINVALID, "Seite '%s' gibt es schon, im Modul '%s'",
                              "page '%s' exists already, in module '%s'", path,
                              other->module->plugin->name);
    }
    return 0;
}

static int32_t read_pages(struct rh_registry *registry, struct rh_module *module,
                          struct rh_module_tables *tables, struct rh_err *err)
{
    const struct rh_page *rows;
    void *copy;
    int32_t rc = rh_rows_copy(registry, &module->plugin->pages, sizeof(*rows), &copy, err);
    size_t count = module->plugin->pages.count;

    if (rc < 0)
        return rc;
    rows = copy;
    tables->pages = rh_arena_array(&registry->arena, count, sizeof(*tables->pages));
    if (!tables->pages)
        return rh_err_nomem(err);
    tables->page_count = count;
    for (size_t i = 0; i < count && rc == 0; i++) {
        tables->pages[i] = (struct rh_page_entry){.page = rows[i], .module = module};
        rc = check_page(registry, tables, &rows[i], err);
        for (size_t j = 0; j < i && rc == 0; j++)
            if (strcmp(rows[i].path, rows[j].path) == 0)
                rc = rh_row_invalid(err, "Seite '%s' steht zweimal in der Tabelle",
                                    "page '%s' is in the table twice", rows[i].path);
    }
    return rc;
}

/* --- documents --- */

static int32_t check_document(const struct rh_registry *registry,
                              const struct rh_module_tables *tables,
                              const struct rh_document *document, struct rh_err *err)
{
    const char *path = document->path ? document->path : "";
    const char *type = document->content_type;

    if (check_address(path, true, operation_of(registry, tables, document->operation),
                      document->operation, err) < 0)
        return rh_err_wrap(err, "Dokument '%s'", "document '%s'", path);
    if (!type || !strchr(type, '/') || strpbrk(type, "\r\n"))
        return rh_row_invalid(err, "Dokument '%s': 'content_type' fehlt",
                              "document '%s': 'content_type' is missing", path);
    for (size_t i = 0; i < registry->documents.count; i++) {
        const struct rh_document_entry *other = registry->documents.items[i];

        if (strcmp(other->document.path, path) == 0)
            return rh_err_set(err, RH_EINVALID, "Dokument '%s' gibt es schon, im Modul '%s'",
                              "document '%s' exists already, in module '%s'", path,
                              other->module->plugin->name);
    }
    return 0;
}

static int32_t read_documents(struct rh_registry *registry, struct rh_module *module,
                              struct rh_module_tables *tables, struct rh_err *err)
{
    const struct rh_document *rows;
    void *copy;
    int32_t rc = rh_rows_copy(registry, &module->plugin->documents, sizeof(*rows), &copy, err);
    size_t count = module->plugin->documents.count;

    if (rc < 0)
        return rc;
    rows = copy;
    tables->documents = rh_arena_array(&registry->arena, count, sizeof(*tables->documents));
    if (!tables->documents)
        return rh_err_nomem(err);
    tables->document_count = count;
    for (size_t i = 0; i < count && rc == 0; i++) {
        tables->documents[i] = (struct rh_document_entry){.document = rows[i], .module = module};
        rc = check_document(registry, tables, &rows[i], err);
        for (size_t j = 0; j < i && rc == 0; j++)
            if (strcmp(rows[i].path, rows[j].path) == 0)
                rc = rh_row_invalid(err, "Dokument '%s' steht zweimal in der Tabelle",
                                    "document '%s' is in the table twice", rows[i].path);
    }
    return rc;
}

/* --- the module --- */

static int32_t check_config(struct rh_registry *registry, const struct rh_plugin *plugin,
                            struct rh_err *err)
{
    const struct rh_config_key *keys;
    void *copy;
    int32_t rc = rh_rows_copy(registry, &plugin->config, sizeof(*keys), &copy, err);

    keys = copy;
    for (uint32_t i = 0; rc == 0 && i < plugin->config.count; i++) {
        if (!rh_is_word(keys[i].name, "_-"))
            return rh_row_invalid(
                err, "Schlüssel '%s': der Name muss aus a-z, 0-9, '_' und '-' bestehen",
                "key '%s': the name must be made of a-z, 0-9, '_' and '-'", keys[i].name);
        if (!rh_has_both(keys[i].help))
            return rh_row_invalid(err, "Schlüssel '%s': die Hilfe fehlt auf Deutsch oder Englisch",
                                  "key '%s': its help is missing in German or English",
                                  keys[i].name);
        for (uint32_t j = 0; j < i; j++)
            if (strcmp(keys[i].name, keys[j].name) == 0)
                return rh_row_invalid(err, "Schlüssel '%s' steht zweimal in der Tabelle",
                                      "key '%s' is in the table twice", keys[i].name);
    }
    return rc;
}

/* A plugin of this name would own what begins so: event_topic is an index of the store. */
static const char tables_of_the_core[] = "operation|event|job|idempotency|plugin|migration";

static int32_t check_name(struct rh_registry *registry, const struct rh_module *module,
                          struct rh_err *err)
{
    const char *name = module->plugin->name;

    if (!rh_is_word(name, "_") || strlen(name) > 64)
        return rh_err_set(err, RH_EINVALID, "der Name muss aus a-z, 0-9 und '_' bestehen",
                          "the name must be made of a-z, 0-9 and '_'");
    if (module->owner &&
        (!rh_owner_name_ok(name) || rh_choice_find(tables_of_the_core, name, strlen(name))))
        return rh_err_set(err, RH_EINVALID, "der Name ist zu lang oder gehört dem Kern oder SQLite",
                          "the name is too long or belongs to the core or SQLite");
    if (rh_registry_find_module(registry, name))
        return rh_err_set(err, RH_ECONFLICT, "ein Modul dieses Namens gibt es schon",
                          "there is a module of this name already");
    return 0;
}

int32_t rh_module_tables_read(struct rh_registry *registry, struct rh_module *module,
                              struct rh_module_tables *tables, struct rh_err *err)
{
    int32_t rc = check_name(registry, module, err);

    if (rc == 0)
        rc = check_config(registry, module->plugin, err);
    if (rc == 0)
        rc = rh_operations_read(registry, module, tables, err);
    if (rc == 0)
        rc = read_hooks(registry, module, tables, err);
    if (rc == 0)
        rc = read_jobs(registry, module, tables, err);
    if (rc == 0)
        rc = read_pages(registry, module, tables, err);
    if (rc == 0)
        rc = read_documents(registry, module, tables, err);
    return rc;
}
