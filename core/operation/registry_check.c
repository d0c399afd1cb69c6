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

static int32_t invalid(struct rh_err *err, const char *de, const char *en, const char *subject)
{
    return rh_err_set(err, RH_EINVALID, de, en, subject ? subject : "(NULL)");
}

static int32_t copy_rows(struct rh_registry *registry, const struct rh_table *table, size_t today,
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

static size_t span_of_word(const char *text, const char *joints)
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

static bool is_word(const char *text, const char *joints)
{
    return text && span_of_word(text, joints) == strlen(text) && text[0];
}

static int count_words(const char *name)
{
    int words = 0;

    for (;;) {
        size_t length = span_of_word(name, "-");

        if (length == 0)
            return 0;
        words++;
        name += length;
        if (*name == '\0')
            return words;
        if (*name++ != ' ')
            return 0;
    }
}

static bool has_both(struct rh_text text)
{
    return text.de && text.en && text.de[0] && text.en[0];
}

/* --- parameters --- */

/* What every command has already; a parameter of that name could not be told from it. */
static const char taken_names[] = "json|csv|lang|db|config|as-of|quiet|help|version|dry-run";

static int32_t check_choices(const struct rh_param *param, struct rh_err *err)
{
    if (param->type != RH_TYPE_CHOICE)
        return 0;
    if (!param->choices || !param->choices[0] || strstr(param->choices, "||") ||
        param->choices[0] == '|' || param->choices[strlen(param->choices) - 1] == '|')
        return invalid(err, "Parameter '%s': eine Auswahl braucht 'choices' der Form \"a|b\"",
                       "parameter '%s': a choice needs 'choices' like \"a|b\"", param->name);
    return 0;
}

static int32_t check_param(const struct rh_param *param, struct rh_err *err)
{
    if (!is_word(param->name, "-"))
        return invalid(err, "Parameter '%s': der Name muss aus a-z, 0-9 und '-' bestehen",
                       "parameter '%s': the name must be made of a-z, 0-9 and '-'", param->name);
    if (rh_choice_find(taken_names, param->name, strlen(param->name)))
        return invalid(err, "Parameter '%s': diesen Namen hat schon eine Angabe aller Operationen",
                       "parameter '%s': an option of all operations has this name", param->name);
    if (param->type < RH_TYPE_TEXT || param->type > RH_TYPE_FILE)
        return invalid(err, "Parameter '%s': diesen Typ kann ein Parameter nicht haben",
                       "parameter '%s': a parameter cannot have this type", param->name);
    if (!has_both(param->help))
        return invalid(err, "Parameter '%s': die Hilfe fehlt auf Deutsch oder Englisch",
                       "parameter '%s': its help is missing in German or English", param->name);
    if (param->min > param->max)
        return invalid(err, "Parameter '%s': min ist größer als max",
                       "parameter '%s': min is greater than max", param->name);
    if (param->fallback && (param->flags & RH_PARAM_REQUIRED))
        return invalid(err, "Parameter '%s': ist Pflicht und hat doch einen Vorgabewert",
                       "parameter '%s': is required and has a default all the same", param->name);
    if (param->fallback && param->type == RH_TYPE_FILE)
        return invalid(err, "Parameter '%s': eine Datei kann keinen Vorgabewert haben",
                       "parameter '%s': a file cannot have a default", param->name);
    return check_choices(param, err);
}

static int32_t check_param_order(const struct rh_param *params, int32_t count, struct rh_err *err)
{
    bool optional_before = false;

    for (int32_t i = 0; i < count; i++) {
        for (int32_t j = 0; j < i; j++)
            if (strcmp(params[i].name, params[j].name) == 0)
                return invalid(err, "Parameter '%s' steht zweimal in der Tabelle",
                               "parameter '%s' is in the table twice", params[i].name);
        if (!(params[i].flags & RH_PARAM_POSITIONAL))
            continue;
        if (optional_before && (params[i].flags & RH_PARAM_REQUIRED))
            return invalid(err, "Parameter '%s': Pflicht nach freigestellten ohne Namen",
                           "parameter '%s': required after optional positional ones",
                           params[i].name);
        optional_before |= !(params[i].flags & RH_PARAM_REQUIRED);
    }
    return 0;
}

static const struct rh_param dry_run = {
    .name = "dry-run",
    .type = RH_TYPE_FLAG,
    .help = {"alles ausführen und zeigen, aber nichts ändern",
             "do and show everything, but change nothing"},
};

static int32_t read_params(struct rh_registry *registry, struct rh_operation_entry *entry,
                           struct rh_err *err)
{
    int32_t own = (int32_t)entry->op.params.count;
    int32_t count = own + ((entry->op.flags & RH_OP_DRY_RUN) ? 1 : 0);
    struct rh_param *params;
    void *rows;
    int32_t rc;

    if (entry->op.params.count >= RH_VALUE_COUNT_MAX)
        return invalid(err, "'%s' hat zu viele Parameter", "'%s' has too many parameters",
                       entry->op.name);
    rc = copy_rows(registry, &entry->op.params, sizeof(struct rh_param), &rows, err);
    if (rc < 0)
        return rc;
    params = rh_arena_array(&registry->arena, (size_t)count + 1, sizeof(*params));
    if (!params)
        return rh_err_nomem(err);
    if (own)
        memcpy(params, rows, (size_t)own * sizeof(*params));
    for (int32_t i = 0; i < own && rc == 0; i++)
        rc = check_param(&params[i], err);
    if (rc == 0)
        rc = check_param_order(params, own, err);
    if (count > own)
        params[own] = dry_run;
    entry->params = params;
    entry->param_count = count;
    return rc;
}

static int32_t read_defaults(struct rh_registry *registry, struct rh_operation_entry *entry,
                             struct rh_err *err)
{
    struct rh_value *defaults =
        rh_arena_array(&registry->arena, (size_t)entry->param_count + 1, sizeof(*defaults));

    if (!defaults)
        return rh_err_nomem(err);
    for (int32_t i = 0; i < entry->param_count; i++) {
        const struct rh_param *param = &entry->params[i];
        int32_t rc = 0;

        defaults[i] = rh_value_none(param);
        if (param->fallback)
            rc = rh_value_parse(param, param->fallback, &registry->arena, &defaults[i], err);
        if (rc < 0 && rc != RH_ENOMEM) {
            if (err)
                err->code = RH_EINVALID;
            (void)rh_err_wrap(err, "Vorgabewert", "default"); /* the code is the one below */
            return RH_EINVALID;
        }
        if (rc < 0)
            return rc;
        defaults[i].given = false;
    }
    entry->defaults = defaults;
    return 0;
}

/* --- columns --- */

static int32_t read_columns(struct rh_registry *registry, struct rh_operation_entry *entry,
                            struct rh_err *err)
{
    struct rh_column *columns;
    void *rows;
    int32_t rc = copy_rows(registry, &entry->op.columns, sizeof(*columns), &rows, err);

    if (rc < 0)
        return rc;
    columns = rows;
    entry->columns = columns;
    entry->column_count = (int32_t)entry->op.columns.count;
    for (int32_t i = 0; i < entry->column_count; i++) {
        if (!is_word(columns[i].name, "_"))
            return invalid(err, "Spalte '%s': der Name muss aus a-z, 0-9 und '_' bestehen",
                           "column '%s': the name must be made of a-z, 0-9 and '_'",
                           columns[i].name);
        if (columns[i].type < RH_TYPE_TEXT || columns[i].type > RH_TYPE_CHOICE)
            return invalid(err, "Spalte '%s': diesen Typ kann eine Spalte nicht haben",
                           "column '%s': a column cannot have this type", columns[i].name);
        if (!has_both(columns[i].title))
            return invalid(err, "Spalte '%s': die Überschrift fehlt auf Deutsch oder Englisch",
                           "column '%s': its title is missing in German or English",
                           columns[i].name);
        for (int32_t j = 0; j < i; j++)
            if (strcmp(columns[i].name, columns[j].name) == 0)
                return invalid(err, "Spalte '%s' steht zweimal in der Tabelle",
                               "column '%s' is in the table twice", columns[i].name);
    }
    return 0;
}

/* --- operations --- */

static int32_t check_kind(const struct rh_operation *op, struct rh_err *err)
{
    int words = op->name ? count_words(op->name) : 0;
    bool local = op->flags & RH_OP_LOCAL;

    if (words < (local ? 1 : 2) || words > 3 ||
        strlen(op->name) >= sizeof(((struct rh_operation_entry *)NULL)->path))
        return invalid(err, "Operation '%s': der Name muss zwei oder drei kleine Wörter haben",
                       "operation '%s': the name must be two or three lower-case words", op->name);
    if (op->kind < RH_READ || op->kind > RH_COMPUTE)
        return invalid(err, "Operation '%s': die Art ist weder READ noch WRITE noch COMPUTE",
                       "operation '%s': its kind is neither READ nor WRITE nor COMPUTE", op->name);
    if (!op->run && !local)
        return invalid(err, "Operation '%s' hat keine Funktion 'run'",
                       "operation '%s' has no function 'run'", op->name);
    if (op->commit && op->kind != RH_COMPUTE)
        return invalid(err, "Operation '%s': nur COMPUTE hat ein 'commit'",
                       "operation '%s': only COMPUTE has a 'commit'", op->name);
    if ((op->flags & RH_OP_DRY_RUN) && op->kind == RH_READ)
        return invalid(err, "Operation '%s': READ ändert nichts, also gibt es kein --dry-run",
                       "operation '%s': READ changes nothing, so there is no --dry-run", op->name);
    if (!has_both(op->help))
        return invalid(err, "Operation '%s': die Hilfe fehlt auf Deutsch oder Englisch",
                       "operation '%s': its help is missing in German or English", op->name);
    if ((op->detail.de != NULL) != (op->detail.en != NULL))
        return invalid(err, "Operation '%s': 'detail' fehlt in einer der beiden Sprachen",
                       "operation '%s': 'detail' is missing in one of the two languages", op->name);
    return 0;
}

static bool takes_positional(const struct rh_operation_entry *entry)
{
    for (int32_t i = 0; i < entry->param_count; i++)
        if (entry->params[i].flags & RH_PARAM_POSITIONAL)
            return true;
    return false;
}

/* 'turnus rule' with a value without name and 'turnus rule import': which one is
 * "turnus rule import"? */
static bool is_ambiguous(const struct rh_operation_entry *a, const struct rh_operation_entry *b)
{
    size_t length = strlen(a->op.name);

    return takes_positional(a) && strncmp(a->op.name, b->op.name, length) == 0 &&
           b->op.name[length] == ' ';
}

static int32_t check_against(const struct rh_operation_entry *entry,
                             const struct rh_operation_entry *other, struct rh_err *err)
{
    if (strcmp(entry->op.name, other->op.name) == 0)
        return rh_err_set(err, RH_EINVALID, "Operation '%s' gibt es schon, im Modul '%s'",
                          "operation '%s' exists already, in module '%s'", entry->op.name,
                          other->module->plugin->name);
    if (is_ambiguous(entry, other) || is_ambiguous(other, entry))
        return rh_err_set(err, RH_EINVALID,
                          "Operation '%s' ist von '%s' nicht zu unterscheiden: die kürzere nimmt "
                          "Werte ohne Namen",
                          "operation '%s' cannot be told from '%s': the shorter one takes values "
                          "without name",
                          entry->op.name, other->op.name);
    return 0;
}

static int32_t read_operation(struct rh_registry *registry, struct rh_operation_entry *entry,
                              struct rh_err *err)
{
    int32_t rc = check_kind(&entry->op, err);

    if (rc < 0)
        return rc;
    rc = read_params(registry, entry, err);
    if (rc == 0)
        rc = read_defaults(registry, entry, err);
    if (rc == 0)
        rc = read_columns(registry, entry, err);
    if (rc < 0)
        return rh_err_wrap(err, "Operation '%s'", "operation '%s'", entry->op.name);
    for (size_t i = 0; entry->op.name[i]; i++)
        entry->path[i] = entry->op.name[i] == ' ' ? '/' : entry->op.name[i];
    for (size_t i = 0; i < registry->operations.count && rc == 0; i++)
        rc = check_against(entry, registry->operations.items[i], err);
    return rc;
}

static int32_t read_operations(struct rh_registry *registry, struct rh_module *module,
                               struct rh_module_tables *tables, struct rh_err *err)
{
    const struct rh_operation *rows;
    void *copy;
    int32_t rc = copy_rows(registry, &module->plugin->operations, sizeof(*rows), &copy, err);
    size_t count = module->plugin->operations.count;

    if (rc < 0)
        return rc;
    rows = copy;
    tables->operations = rh_arena_array(&registry->arena, count, sizeof(*tables->operations));
    if (!tables->operations)
        return rh_err_nomem(err);
    tables->operation_count = count;
    for (size_t i = 0; i < count && rc == 0; i++) {
        tables->operations[i].op = rows[i];
        tables->operations[i].module = module;
        rc = read_operation(registry, &tables->operations[i], err);
        for (size_t j = 0; j < i && rc == 0; j++)
            rc = check_against(&tables->operations[i], &tables->operations[j], err);
    }
    return rc;
}

/* --- hooks, jobs --- */

static bool is_topic(const char *topic)
{
    for (;;) {
        size_t length = span_of_word(topic, "_-");

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
    int32_t rc = copy_rows(registry, &module->plugin->hooks, sizeof(*rows), &copy, err);
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
            return invalid(
                err, "Hook auf '%s': ein Thema sieht aus wie \"round.published\" oder \"round.*\"",
                "hook on '%s': a topic looks like \"round.published\" or \"round.*\"",
                rows[i].topic);
        if (!rows[i].run)
            return invalid(err, "Hook auf '%s' hat keine Funktion 'run'",
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
    int32_t rc = copy_rows(registry, &module->plugin->jobs, sizeof(*rows), &copy, err);
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
            return invalid(
                err, "Art von Aufgaben '%s': 'run' fehlt oder 'max_attempts' ist negativ",
                "kind of jobs '%s': 'run' is missing or 'max_attempts' negative", rows[i].kind);
        for (size_t j = 0; j < i; j++)
            if (strcmp(rows[i].kind, rows[j].kind) == 0)
                return invalid(err, "Art von Aufgaben '%s' steht zweimal in der Tabelle",
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

/* Each {placeholder} fills a parameter. */
static int32_t check_placeholders(const struct rh_page *page, const struct rh_operation_entry *op,
                                  struct rh_err *err)
{
    const char *place = page->path;

    while ((place = strpbrk(place, "{}"))) {
        const char *end = strchr(place, '}');
        size_t length = end ? (size_t)(end - place) - 1 : 0;
        bool found = false;

        if (*place == '}' || !end || place[-1] != '/' || (end[1] && end[1] != '/'))
            return invalid(err, "Seite '%s': ein Platzhalter füllt ein ganzes Stück des Pfads",
                           "page '%s': a placeholder fills a whole part of the path", page->path);
        for (int32_t i = 0; i < op->param_count && !found; i++)
            found = strlen(op->params[i].name) == length &&
                    strncmp(op->params[i].name, place + 1, length) == 0;
        if (!found)
            return rh_err_set(err, RH_EINVALID, "Seite '%s': '%.*s' ist kein Parameter von '%s'",
                              "page '%s': '%.*s' is no parameter of '%s'", page->path, (int)length,
                              place + 1, op->op.name);
        place = end + 1;
    }
    return 0;
}

static int32_t check_page(const struct rh_registry *registry, const struct rh_module_tables *tables,
                          const struct rh_page *page, struct rh_err *err)
{
    const struct rh_operation_entry *op = operation_of(registry, tables, page->operation);

    if (!page->path || page->path[0] != '/' || strstr(page->path, "//") ||
        strpbrk(page->path, " ?#%\\"))
        return invalid(err, "Seite '%s': der Pfad muss mit '/' beginnen, ohne Leerzeichen, ? und #",
                       "page '%s': the path must begin with '/', without spaces, ? and #",
                       page->path);
    if (!op || op->op.kind != RH_READ)
        return rh_err_set(err, RH_EINVALID, "Seite '%s': '%s' ist keine Operation der Art READ",
                          "page '%s': '%s' is no operation of kind READ", page->path,
                          page->operation ? page->operation : "(NULL)");
    if (!page->body || !has_both(page->title))
        return invalid(err, "Seite '%s': Vorlage oder Titel fehlt",
                       "page '%s': template or title is missing", page->path);
    if ((page->nav.de != NULL) != (page->nav.en != NULL))
        return invalid(err, "Seite '%s': 'nav' fehlt in einer der beiden Sprachen",
                       "page '%s': 'nav' is missing in one of the two languages", page->path);
    for (size_t i = 0; i < registry->pages.count; i++) {
        const struct rh_page_entry *other = registry->pages.items[i];

        if (strcmp(other->page.path, page->path) == 0)
            return rh_err_set(err, RH_EINVALID, "Seite '%s' gibt es schon, im Modul '%s'",
                              "page '%s' exists already, in module '%s'", page->path,
                              other->module->plugin->name);
    }
    return check_placeholders(page, op, err);
}

static int32_t read_pages(struct rh_registry *registry, struct rh_module *module,
                          struct rh_module_tables *tables, struct rh_err *err)
{
    const struct rh_page *rows;
    void *copy;
    int32_t rc = copy_rows(registry, &module->plugin->pages, sizeof(*rows), &copy, err);
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
                rc = invalid(err, "Seite '%s' steht zweimal in der Tabelle",
                             "page '%s' is in the table twice", rows[i].path);
    }
    return rc;
}

/* --- the module --- */

static int32_t check_config(struct rh_registry *registry, const struct rh_plugin *plugin,
                            struct rh_err *err)
{
    const struct rh_config_key *keys;
    void *copy;
    int32_t rc = copy_rows(registry, &plugin->config, sizeof(*keys), &copy, err);

    keys = copy;
    for (uint32_t i = 0; rc == 0 && i < plugin->config.count; i++) {
        if (!is_word(keys[i].name, "_-"))
            return invalid(err, "Schlüssel '%s': der Name muss aus a-z, 0-9, '_' und '-' bestehen",
                           "key '%s': the name must be made of a-z, 0-9, '_' and '-'",
                           keys[i].name);
        if (!has_both(keys[i].help))
            return invalid(err, "Schlüssel '%s': die Hilfe fehlt auf Deutsch oder Englisch",
                           "key '%s': its help is missing in German or English", keys[i].name);
        for (uint32_t j = 0; j < i; j++)
            if (strcmp(keys[i].name, keys[j].name) == 0)
                return invalid(err, "Schlüssel '%s' steht zweimal in der Tabelle",
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

    if (!is_word(name, "_") || strlen(name) > 64)
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
        rc = read_operations(registry, module, tables, err);
    if (rc == 0)
        rc = read_hooks(registry, module, tables, err);
    if (rc == 0)
        rc = read_jobs(registry, module, tables, err);
    if (rc == 0)
        rc = read_pages(registry, module, tables, err);
    return rc;
}
