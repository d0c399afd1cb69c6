/* Does a document have every name that a template could ask it for? */
#include "core/template/code.h"

#define CONTEXTS_MAX 64

struct checker {
    const json_t *contexts[CONTEXTS_MAX]; /* borrowed; the innermost last */
    size_t depth, partials;
    const struct rh_template *template;
    struct rh_err *err;
};

static int32_t refuse(const struct checker *c, const struct op *op, const char *de, const char *en)
{
    (void)rh_err_set(c->err, RH_EINVALID, de, en, op->name.path.name);
    (void)rh_err_wrap(c->err, "Vorlage '%s', Zeile %zu", "template '%s', line %zu",
                      c->template->name, op->line);
    return RH_EINVALID;
}

static const json_t *look_up(const struct checker *c, const struct path *path)
{
    const json_t *value = NULL;

    if (path->count == 0)
        return c->contexts[c->depth - 1];
    for (size_t i = c->depth; i > 0 && !value; i--)
        value = json_object_get(c->contexts[i - 1], path->parts[0]);
    for (size_t i = 1; i < path->count && value; i++)
        value = json_object_get(value, path->parts[i]);
    return value;
}

static int32_t check_ops(struct checker *c, size_t from, size_t end);

static int32_t check_name(struct checker *c, const struct op *op, const json_t **ret_value)
{
    *ret_value = NULL;
    if (op->name.path.special)
        return 0;
    *ret_value = look_up(c, &op->name.path);
    return *ret_value ? 0 : refuse(c, op, "das Feld '%s' ist unbekannt", "unknown field '%s'");
}

/* Both ways: what is inside a section counts whether this document would show it or not. */
static int32_t check_section(struct checker *c, const struct op *op, size_t index)
{
    const json_t *value;
    int32_t rc = check_name(c, op, &value);
    bool enters = op->kind == OP_SECTION && (json_is_array(value) || json_is_object(value));

    if (rc < 0)
        return rc;
    if (json_is_array(value)) {
        value = json_array_get(value, 0);
        if (!value)
            return refuse(c, op, "die Liste '%s' ist im Beispiel leer",
                          "the list '%s' is empty in the sample");
    }
    if (!enters)
        return check_ops(c, index + 1, op->name.end);
    if (c->depth == CONTEXTS_MAX)
        return refuse(c, op, "'%s': zu viele Ebenen ineinander",
                      "'%s': too many levels inside one another");
    c->contexts[c->depth++] = value;
    rc = check_ops(c, index + 1, op->name.end);
    c->depth--;
    return rc;
}

/* A partial that calls itself has been seen after this many rounds. */
static int32_t check_partial(struct checker *c, const struct op *op)
{
    const struct rh_template *outer = c->template;
    int32_t rc;

    if (c->partials == RH_TEMPLATE_PARTIAL_MAX)
        return 0;
    c->partials++;
    c->template = op->partial.template;
    rc = check_ops(c, 0, c->template->op_count);
    c->template = outer;
    c->partials--;
    return rc;
}

static int32_t check_ops(struct checker *c, size_t from, size_t end)
{
    const struct op *ops = c->template->ops;
    const json_t *value;
    int32_t rc = 0;

    for (size_t i = from; i < end && rc == 0;) {
        const struct op *op = &ops[i];

        switch (op->kind) {
        case OP_TEXT:
        case OP_LINE_START:
        case OP_WORDS:
            break;
        case OP_VALUE:
            rc = check_name(c, op, &value);
            break;
        case OP_PARTIAL:
            rc = check_partial(c, op);
            break;
        case OP_SECTION:
        case OP_INVERTED:
            rc = check_section(c, op, i);
            i = op->name.end;
            continue;
        }
        i++;
    }
    return rc;
}

int32_t rh_template_check(const struct rh_template *template, const json_t *sample,
                          struct rh_err *err)
{
    struct checker c = {.contexts = {sample}, .depth = 1, .template = template, .err = err};

    return check_ops(&c, 0, template->op_count);
}
