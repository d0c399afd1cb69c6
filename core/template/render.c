/* A walk over the operations of a template, with a stack of contexts. */
#include "core/base/number.h"
#include "core/template/code.h"

#include <string.h>

#define CONTEXTS_MAX 64

struct loop {
    size_t index, count; /* count 0: not in a loop */
};

struct renderer {
    const json_t *contexts[CONTEXTS_MAX]; /* borrowed; the innermost last */
    size_t depth, partials, steps;
    struct loop loop;
    enum rh_lang lang;
    bool strict;
    const struct rh_template *template; /* being rendered, for sentences */
    char indents[512];                  /* of the partials around, one behind the other */
    size_t indents_used;
    struct slice indent; /* in `indents`: what stands before each line here */
    struct rh_str *out;
    struct rh_err *err;
};

void rh_template_escape(const char *text, size_t length, struct rh_str *out)
{
    size_t start = 0;

    for (size_t i = 0; i < length; i++) {
        const char *entity;

        switch (text[i]) {
        case '&':
            entity = "&amp;";
            break;
        case '<':
            entity = "&lt;";
            break;
        case '>':
            entity = "&gt;";
            break;
        case '"':
            entity = "&quot;";
            break;
        case '\'':
            entity = "&#39;";
            break;
        default:
            continue;
        }
        rh_str_add_n(out, text + start, i - start);
        rh_str_add(out, entity);
        start = i + 1;
    }
    rh_str_add_n(out, text + start, length - start);
}

static int32_t refuse(struct renderer *r, const struct op *op, const char *de, const char *en, ...)
    RH_PRINTF(3, 5) RH_PRINTF(4, 5);

static int32_t refuse(struct renderer *r, const struct op *op, const char *de, const char *en, ...)
{
    va_list args;

    va_start(args, en);
    (void)rh_err_vset(r->err, RH_EFAILED, de, en, args); /* its code is ours */
    va_end(args);
    (void)rh_err_wrap(r->err, "Vorlage '%s', Zeile %zu", "template '%s', line %zu",
                      r->template->name, op->line);
    return RH_EFAILED;
}

/* NULL when the document does not have it. */
static const json_t *look_up(const struct renderer *r, const struct path *path)
{
    const json_t *value = NULL;

    if (path->count == 0)
        return r->contexts[r->depth - 1];
    for (size_t i = r->depth; i > 0 && !value; i--)
        value = json_object_get(r->contexts[i - 1], path->parts[0]);
    for (size_t i = 1; i < path->count && value; i++)
        value = json_object_get(value, path->parts[i]);
    return value;
}

static bool is_so(const json_t *value)
{
    if (!value)
        return false;
    switch (json_typeof(value)) {
    case JSON_NULL:
    case JSON_FALSE:
        return false;
    case JSON_TRUE:
    case JSON_OBJECT:
        return true;
    case JSON_INTEGER:
        return json_integer_value(value) != 0;
    case JSON_REAL:
        return json_real_value(value) != 0;
    case JSON_STRING:
        return json_string_length(value) > 0;
    case JSON_ARRAY:
        return json_array_size(value) > 0;
    }
    return false;
}

static bool special_is_so(const struct renderer *r, enum special special)
{
    switch (special) {
    case AT_FIRST:
        return r->loop.count > 0 && r->loop.index == 0;
    case AT_LAST:
        return r->loop.count > 0 && r->loop.index + 1 == r->loop.count;
    case AT_INDEX:
        return r->loop.index > 0;
    case AT_NUMBER:
        return r->loop.count > 0;
    case AT_DE:
        return r->lang == RH_DE;
    case AT_EN:
        return r->lang == RH_EN;
    case AT_LANG:
        return true;
    case NOT_SPECIAL:
        break;
    }
    return false;
}

static void add_int(struct renderer *r, int64_t value)
{
    char digits[RH_NUMBER_MAX];

    rh_str_add_n(r->out, digits, rh_int_format(value, digits));
}

static int32_t add_special(struct renderer *r, const struct op *op)
{
    enum special special = op->name.path.special;

    if (special == AT_LANG) {
        rh_str_add(r->out, r->lang == RH_DE ? "de" : "en");
        return 0;
    }
    if (special == AT_DE || special == AT_EN) {
        rh_str_add(r->out, special_is_so(r, special) ? "true" : "false");
        return 0;
    }
    if (r->loop.count == 0)
        return r->strict ? refuse(r, op, "'%s' steht in keiner Schleife", "'%s' is not in a loop",
                                  op->name.path.name)
                         : 0;
    if (special == AT_INDEX || special == AT_NUMBER)
        add_int(r, (int64_t)r->loop.index + (special == AT_NUMBER));
    else
        rh_str_add(r->out, special_is_so(r, special) ? "true" : "false");
    return 0;
}

static int32_t add_value(struct renderer *r, const struct op *op)
{
    char digits[RH_NUMBER_MAX];
    const json_t *value;

    if (op->name.path.special)
        return add_special(r, op);
    value = look_up(r, &op->name.path);
    if (!value)
        return r->strict
                   ? refuse(r, op, "'%s' ist unbekannt", "'%s' is unknown", op->name.path.name)
                   : 0;
    switch (json_typeof(value)) {
    case JSON_STRING:
        if (r->template->mode == RH_TEMPLATE_HTML)
            rh_template_escape(json_string_value(value), json_string_length(value), r->out);
        else
            rh_str_add_n(r->out, json_string_value(value), json_string_length(value));
        return 0;
    case JSON_INTEGER:
        add_int(r, json_integer_value(value));
        return 0;
    case JSON_REAL:
        rh_str_add_n(r->out, digits, rh_double_format(json_real_value(value), digits));
        return 0;
    case JSON_TRUE:
    case JSON_FALSE:
        rh_str_add(r->out, json_is_true(value) ? "true" : "false");
        return 0;
    case JSON_NULL:
        return 0;
    case JSON_OBJECT:
    case JSON_ARRAY:
        break;
    }
    return refuse(r, op, "'%s' ist kein einfacher Wert", "'%s' is not a simple value",
                  op->name.path.name);
}

static void add_indent(struct renderer *r)
{
    rh_str_add_n(r->out, r->indent.text, r->indent.length);
}

/* Text of the template itself; inside an indented partial its lines are indented, but for empty
 * ones. */
static void add_text(struct renderer *r, const struct op *op)
{
    const char *text = op->text.text, *end = text + op->text.length, *line;

    if (r->indent.length == 0) {
        rh_str_add_n(r->out, text, op->text.length);
        return;
    }
    if (op->at_line_start && text[0] != '\n' && text[0] != '\r')
        add_indent(r);
    while ((line = memchr(text, '\n', (size_t)(end - text))) && line + 1 < end) {
        rh_str_add_n(r->out, text, (size_t)(line + 1 - text));
        text = line + 1;
        if (text[0] != '\n' && text[0] != '\r')
            add_indent(r);
    }
    rh_str_add_n(r->out, text, (size_t)(end - text));
}

static int32_t render_ops(struct renderer *r, size_t from, size_t end);

static int32_t render_in(struct renderer *r, const struct op *op, const json_t *context,
                         size_t from, size_t end)
{
    int32_t rc;

    if (r->depth == CONTEXTS_MAX)
        return refuse(r, op, "mehr als %d Ebenen ineinander",
                      "more than %d levels inside one another", CONTEXTS_MAX);
    r->contexts[r->depth++] = context;
    rc = render_ops(r, from, end);
    r->depth--;
    return rc;
}

static int32_t render_items(struct renderer *r, const struct op *op, const json_t *list,
                            size_t from, size_t end)
{
    struct loop outer = r->loop;
    size_t count = json_array_size(list);
    int32_t rc = 0;

    for (size_t i = 0; i < count && rc == 0; i++) {
        r->loop = (struct loop){i, count};
        rc = render_in(r, op, json_array_get(list, i), from, end);
    }
    r->loop = outer;
    return rc;
}

static int32_t render_section(struct renderer *r, const struct op *op, size_t index)
{
    const struct path *path = &op->name.path;
    size_t from = index + 1, end = op->name.end;
    const json_t *value;
    bool so;

    if (path->special) {
        so = special_is_so(r, path->special);
        return so == (op->kind == OP_SECTION) ? render_ops(r, from, end) : 0;
    }
    value = look_up(r, path);
    so = is_so(value);
    if (op->kind == OP_INVERTED)
        return so ? 0 : render_ops(r, from, end);
    if (!so)
        return 0;
    if (json_is_array(value))
        return render_items(r, op, value, from, end);
    if (json_is_true(value)) /* {{.}} stays what it was */
        return render_ops(r, from, end);
    return render_in(r, op, value, from, end);
}

/* Alone in its line, a partial is indented by its tag and by what indents the tag; inside a line,
 * by nothing. */
static int32_t render_partial(struct renderer *r, const struct op *op)
{
    const struct rh_template *outer = r->template;
    const struct slice indent = r->indent, *own = &op->partial.indent;
    size_t used = r->indents_used;
    char *place = r->indents + used;
    int32_t rc;

    if (r->partials == RH_TEMPLATE_PARTIAL_MAX)
        return refuse(r, op, "mehr als %d Vorlagen ineinander",
                      "more than %d templates inside one another", RH_TEMPLATE_PARTIAL_MAX);
    r->indent = (struct slice){place, op->partial.alone ? indent.length + own->length : 0};
    if (r->indent.length > sizeof(r->indents) - used)
        return refuse(r, op, "weiter als %zu Zeichen eingerückt",
                      "indented by more than %zu characters", sizeof(r->indents));
    if (r->indent.length > 0) {
        memcpy(place, indent.text, indent.length);
        memcpy(place + indent.length, own->text, own->length);
        r->indents_used += r->indent.length;
    }
    r->partials++;
    r->template = op->partial.template;
    rc = render_ops(r, 0, r->template->op_count);
    r->template = outer;
    r->partials--;
    r->indents_used = used;
    r->indent = indent;
    return rc;
}

static int32_t render_ops(struct renderer *r, size_t from, size_t end)
{
    const struct op *ops = r->template->ops;
    int32_t rc = 0;

    for (size_t i = from; i < end && rc == 0;) {
        const struct op *op = &ops[i];

        if (++r->steps > RH_TEMPLATE_STEPS_MAX)
            return refuse(r, op, "das Ergebnis hat mehr als %d Teile",
                          "the result has more than %d pieces", RH_TEMPLATE_STEPS_MAX);
        if (r->out->failed)
            return rh_str_check(r->out, r->err);
        switch (op->kind) {
        case OP_TEXT:
            add_text(r, op);
            break;
        case OP_LINE_START:
            add_indent(r);
            break;
        case OP_WORDS:
            rh_str_add_n(r->out, op->words[r->lang].text, op->words[r->lang].length);
            break;
        case OP_VALUE:
            rc = add_value(r, op);
            break;
        case OP_PARTIAL:
            rc = render_partial(r, op);
            break;
        case OP_SECTION:
        case OP_INVERTED:
            rc = render_section(r, op, i);
            i = op->name.end;
            continue;
        }
        i++;
    }
    return rc;
}

int32_t rh_template_render(const struct rh_template *template, const json_t *document,
                           enum rh_lang lang, bool strict, struct rh_str *out, struct rh_err *err)
{
    size_t before = out->length;
    struct renderer r = {
        .contexts = {document},
        .depth = 1,
        .lang = lang,
        .strict = strict,
        .template = template,
        .indent = {"", 0},
        .out = out,
        .err = err,
    };
    int32_t rc = render_ops(&r, 0, template->op_count);

    if (rc == 0)
        rc = rh_str_check(out, err);
    if (rc < 0 && out->capacity) {
        out->length = before;
        out->data[before] = '\0';
    }
    return rc;
}
