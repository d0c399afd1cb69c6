/* Operations of a module: their parameters, columns and names, copied and checked. */
#include "core/operation/registry_internal.h"

#include "core/operation/describe.h"
#include "core/operation/value.h"

#include <string.h>

/* --- parameters --- */

/* What every command has already; a parameter of that name could not be told from it. */
static bool is_taken(const char *name)
{
    for (int32_t i = 0; i < rh_common_option_count; i++)
        if (strcmp(rh_common_options[i].name, name) == 0)
            return true;
    /* `format` chooses the form of the answer over HTTP, so it never gets here. */
    return strcmp(name, "dry-run") == 0 || strcmp(name, "format") == 0;
}

static int32_t check_choices(const struct rh_param *param, struct rh_err *err)
{
    if (param->type != RH_TYPE_CHOICE)
        return 0;
    if (!param->choices || !param->choices[0] || strstr(param->choices, "||") ||
        param->choices[0] == '|' || param->choices[strlen(param->choices) - 1] == '|')
        return rh_row_invalid(err,
                              "Parameter '%s': eine Auswahl braucht 'choices' der Form \"a|b\"",
                              "parameter '%s': a choice needs 'choices' like \"a|b\"", param->name);
    return 0;
}

static int32_t check_param(const struct rh_param *param, struct rh_err *err)
{
    if (!rh_is_word(param->name, "-"))
        return rh_row_invalid(err, "Parameter '%s': der Name muss aus a-z, 0-9 und '-' bestehen",
                              "parameter '%s': the name must be made of a-z, 0-9 and '-'",
                              param->name);
    if (is_taken(param->name))
        return rh_row_invalid(
            err, "Parameter '%s': diesen Namen hat schon eine Angabe aller Operationen",
            "parameter '%s': an option of all operations has this name", param->name);
    if (param->type < RH_TYPE_TEXT || param->type > RH_TYPE_FILE)
        return rh_row_invalid(err, "Parameter '%s': diesen Typ kann ein Parameter nicht haben",
                              "parameter '%s': a parameter cannot have this type", param->name);
    if (!rh_has_both(param->help))
        return rh_row_invalid(err, "Parameter '%s': die Hilfe fehlt auf Deutsch oder Englisch",
                              "parameter '%s': its help is missing in German or English",
                              param->name);
    if (param->min > param->max)
        return rh_row_invalid(err, "Parameter '%s': min ist größer als max",
                              "parameter '%s': min is greater than max", param->name);
    if (param->fallback && (param->flags & RH_PARAM_REQUIRED))
        return rh_row_invalid(err, "Parameter '%s': ist Pflicht und hat doch einen Vorgabewert",
                              "parameter '%s': is required and has a default all the same",
                              param->name);
    if (param->fallback && param->type == RH_TYPE_FILE)
        return rh_row_invalid(err, "Parameter '%s': eine Datei kann keinen Vorgabewert haben",
                              "parameter '%s': a file cannot have a default", param->name);
    return check_choices(param, err);
}

static int32_t check_param_order(const struct rh_param *params, int32_t count, struct rh_err *err)
{
    bool optional_before = false;

    for (int32_t i = 0; i < count; i++) {
        for (int32_t j = 0; j < i; j++)
            if (strcmp(params[i].name, params[j].name) == 0)
                return rh_row_invalid(err, "Parameter '%s' steht zweimal in der Tabelle",
                                      "parameter '%s' is in the table twice", params[i].name);
        if (!(params[i].flags & RH_PARAM_POSITIONAL))
            continue;
        if (optional_before && (params[i].flags & RH_PARAM_REQUIRED))
            return rh_row_invalid(err, "Parameter '%s': Pflicht nach freigestellten ohne Namen",
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
        return rh_row_invalid(err, "'%s' hat zu viele Parameter", "'%s' has too many parameters",
                              entry->op.name);
    rc = rh_rows_copy(registry, &entry->op.params, sizeof(struct rh_param), &rows, err);
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

#define COLUMN_NAME_MAX 128

/* "state", ".state", "procedures.", "procedures.state"; "state=draft" */
static bool is_column_name(const char *name)
{
    char part[COLUMN_NAME_MAX];
    const char *dot, *code;

    if (!name || strlen(name) >= sizeof(part) || strcmp(name, ".") == 0)
        return false;
    if ((code = strchr(name, '='))) {
        memcpy(part, name, (size_t)(code - name));
        part[code - name] = '\0';
        return rh_is_word(part, "_") && code[1];
    }
    if (!(dot = strchr(name, '.')))
        return rh_is_word(name, "_");
    memcpy(part, name, (size_t)(dot - name));
    part[dot - name] = '\0';
    return (!*part || rh_is_word(part, "_")) && (!dot[1] || rh_is_word(dot + 1, "_"));
}

static int32_t check_column(const struct rh_column *columns, int32_t i, struct rh_err *err)
{
    if (!is_column_name(columns[i].name))
        return rh_row_invalid(err,
                              "Spalte '%s': der Name muss aus a-z, 0-9 und '_' bestehen, mit "
                              "höchstens einem Punkt",
                              "column '%s': the name must be made of a-z, 0-9 and '_', with one "
                              "dot at most",
                              columns[i].name);
    if (columns[i].type < RH_TYPE_TEXT || columns[i].type > RH_TYPE_CHOICE)
        return rh_row_invalid(err, "Spalte '%s': diesen Typ kann eine Spalte nicht haben",
                              "column '%s': a column cannot have this type", columns[i].name);
    if (!rh_has_both(columns[i].title))
        return rh_row_invalid(err, "Spalte '%s': die Überschrift fehlt auf Deutsch oder Englisch",
                              "column '%s': its title is missing in German or English",
                              columns[i].name);
    for (int32_t j = 0; j < i; j++)
        if (strcmp(columns[i].name, columns[j].name) == 0)
            return rh_row_invalid(err, "Spalte '%s' steht zweimal in der Tabelle",
                                  "column '%s' is in the table twice", columns[i].name);
    return 0;
}

static int32_t read_columns(struct rh_registry *registry, struct rh_operation_entry *entry,
                            struct rh_err *err)
{
    struct rh_column *all, *columns, *others, *words;
    void *rows;
    int32_t count = (int32_t)entry->op.columns.count;
    int32_t rc = rh_rows_copy(registry, &entry->op.columns, sizeof(*all), &rows, err);

    if (rc < 0)
        return rc;
    all = rows;
    columns = rh_arena_array(&registry->arena, (size_t)count + 1, sizeof(*columns));
    others = rh_arena_array(&registry->arena, (size_t)count + 1, sizeof(*others));
    words = rh_arena_array(&registry->arena, (size_t)count + 1, sizeof(*words));
    if (!columns || !others || !words)
        return rh_err_nomem(err);
    for (int32_t i = 0; i < count; i++) {
        if ((rc = check_column(all, i, err)) < 0)
            return rc;
        if (strchr(all[i].name, '='))
            words[entry->word_count++] = all[i];
        else if (strchr(all[i].name, '.'))
            others[entry->other_count++] = all[i];
        else
            columns[entry->column_count++] = all[i];
    }
    entry->columns = columns;
    entry->others = others;
    entry->words = words;
    return 0;
}

/* --- operations --- */

static int count_words(const char *name)
{
    int words = 0;

    for (;;) {
        size_t length = rh_span_of_word(name, "-");

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

static int32_t check_kind(const struct rh_operation *op, struct rh_err *err)
{
    int words = op->name ? count_words(op->name) : 0;
    bool local = op->flags & RH_OP_LOCAL;

    if (words < (local || (op->flags & RH_OP_HOUSE) ? 1 : 2) || words > 3 ||
        strlen(op->name) >= sizeof(((struct rh_operation_entry *)NULL)->path))
        return rh_row_invalid(
            err, "Operation '%s': der Name muss zwei oder drei kleine Wörter haben",
            "operation '%s': the name must be two or three lower-case words", op->name);
    if (op->kind < RH_READ || op->kind > RH_COMPUTE)
        return rh_row_invalid(err, "Operation '%s': die Art ist weder READ noch WRITE noch COMPUTE",
                              "operation '%s': its kind is neither READ nor WRITE nor COMPUTE",
                              op->name);
    if (!op->run && !local)
        return rh_row_invalid(err, "Operation '%s' hat keine Funktion 'run'",
                              "operation '%s' has no function 'run'", op->name);
    if (op->commit && op->kind != RH_COMPUTE)
        return rh_row_invalid(err, "Operation '%s': nur COMPUTE hat ein 'commit'",
                              "operation '%s': only COMPUTE has a 'commit'", op->name);
    if ((op->flags & RH_OP_DRY_RUN) && op->kind == RH_READ)
        return rh_row_invalid(
            err, "Operation '%s': READ ändert nichts, also gibt es kein --dry-run",
            "operation '%s': READ changes nothing, so there is no --dry-run", op->name);
    if (!rh_has_both(op->help))
        return rh_row_invalid(err, "Operation '%s': die Hilfe fehlt auf Deutsch oder Englisch",
                              "operation '%s': its help is missing in German or English", op->name);
    if ((op->detail.de != NULL) != (op->detail.en != NULL))
        return rh_row_invalid(err, "Operation '%s': 'detail' fehlt in einer der beiden Sprachen",
                              "operation '%s': 'detail' is missing in one of the two languages",
                              op->name);
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

int32_t rh_operations_read(struct rh_registry *registry, struct rh_module *module,
                           struct rh_module_tables *tables, struct rh_err *err)
{
    const struct rh_operation *rows;
    void *copy;
    int32_t rc = rh_rows_copy(registry, &module->plugin->operations, sizeof(*rows), &copy, err);
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
