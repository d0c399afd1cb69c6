/* From the text of a template to its operations. */
#include "core/base/alloc.h"
#include "core/base/text.h"
#include "core/template/code.h"
#include "core/template/place.h"

#include <string.h>

struct open_section {
    size_t op, offset;
    struct place place; /* where it began */
};

struct compiler {
    struct rh_templates *set;
    struct rh_template *template;
    const char *text; /* of the template */
    size_t length;
    size_t literal;           /* where the text not yet passed on begins */
    size_t line, line_offset; /* `line` begins at or before this offset */
    struct op *ops;           /* owned while compiling */
    size_t op_count, op_room;
    struct open_section open[RH_TEMPLATE_DEPTH_MAX];
    size_t depth;
    struct place place;
    struct rh_err *err;
};

/* A tag of the source. */
struct tag {
    size_t start, end; /* with its braces */
    char sign;         /* # ^ / > ! : or 0 for a value */
    const char *body;  /* behind the sign, trimmed unless it is ':' or '!' */
    size_t length;
    bool alone;                  /* in its line, which it takes with it */
    size_t line_start, line_end; /* of the line if alone, else start and end */
};

static int32_t refuse(struct compiler *c, size_t offset, const char *de, const char *en, ...)
    RH_PRINTF(3, 5) RH_PRINTF(4, 5);

static int32_t refuse(struct compiler *c, size_t offset, const char *de, const char *en, ...)
{
    size_t line = 1, start = 0;
    va_list args;

    for (size_t i = 0; i < offset; i++) {
        if (c->text[i] == '\n') {
            line++;
            start = i + 1;
        }
    }
    va_start(args, en);
    (void)rh_err_vset(c->err, RH_EINVALID, de, en, args); /* its code is ours */
    va_end(args);
    (void)rh_err_wrap(c->err, "Vorlage '%s', Zeile %zu, Spalte %zu",
                      "template '%s', line %zu, column %zu", c->template->name, line,
                      rh_text_count(c->text + start, offset - start) + 1);
    return RH_EINVALID;
}

static size_t line_of(struct compiler *c, size_t offset)
{
    for (; c->line_offset < offset; c->line_offset++)
        c->line += c->text[c->line_offset] == '\n';
    return c->line;
}

static struct op *add_op(struct compiler *c, enum op_kind kind, size_t offset)
{
    struct op *op;

    if (c->op_count == c->op_room) {
        size_t room = c->op_room ? c->op_room * 2 : 64;
        struct op *ops = rh_realloc(c->ops, room * sizeof(*ops));

        if (!ops) {
            (void)rh_err_nomem(c->err); /* the caller returns the code */
            return NULL;
        }
        c->ops = ops;
        c->op_room = room;
    }
    op = &c->ops[c->op_count++];
    *op = (struct op){.kind = kind, .line = line_of(c, offset)};
    return op;
}

static bool begins_line(const struct compiler *c, size_t offset)
{
    return offset == 0 || c->text[offset - 1] == '\n';
}

/* Passes on the text up to `end`. */
static int32_t add_literal(struct compiler *c, size_t end)
{
    struct op *op;

    if (end <= c->literal)
        return 0;
    op = add_op(c, OP_TEXT, c->literal);
    if (!op)
        return RH_ENOMEM;
    op->text = (struct slice){c->text + c->literal, end - c->literal};
    op->at_line_start = begins_line(c, c->literal);
    place_follow(&c->place, op->text.text, op->text.length);
    return 0;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* A tag that prints nothing by itself and stands alone in its line takes the whole line. */
static void find_line(const struct compiler *c, struct tag *tag)
{
    size_t start = tag->start, end = tag->end;

    tag->line_start = tag->start;
    tag->line_end = tag->end;
    if (!strchr("#^/>!", tag->sign) || tag->sign == 0)
        return;
    while (start > c->literal && is_blank(c->text[start - 1]))
        start--;
    if (!begins_line(c, start))
        return;
    while (end < c->length && is_blank(c->text[end]))
        end++;
    if (end < c->length && c->text[end] == '\r' && end + 1 < c->length && c->text[end + 1] == '\n')
        end++;
    if (end < c->length && c->text[end] != '\n')
        return;
    tag->alone = true;
    tag->line_start = start;
    tag->line_end = end < c->length ? end + 1 : end;
}

/* 1 = found, 0 = no more, negative = error. */
static int32_t next_tag(struct compiler *c, size_t from, struct tag *tag)
{
    const char *open = memmem(c->text + from, c->length - from, "{{", 2);
    const char *close;

    if (!open)
        return 0;
    *tag = (struct tag){.start = (size_t)(open - c->text)};
    close = memmem(open + 2, c->length - tag->start - 2, "}}", 2);
    if (!close)
        return refuse(c, tag->start, "'{{' ohne '}}'", "'{{' without '}}'");
    tag->end = (size_t)(close - c->text) + 2;
    tag->body = open + 2;
    tag->length = (size_t)(close - tag->body);
    if (tag->length > 0 && strchr("#^/>!:&{=", tag->body[0]) && tag->body[0]) {
        tag->sign = tag->body[0];
        tag->body++;
        tag->length--;
    }
    if (tag->sign == '{' || tag->sign == '&')
        return refuse(c, tag->start,
                      "eine Form ohne Maskierung ('{{{' oder '{{&') gibt es nicht; bitte {{name}}",
                      "there is no form without escaping ('{{{' or '{{&'); please use {{name}}");
    if (tag->sign == '=')
        return refuse(c, tag->start, "andere Begrenzer ('{{=') gibt es nicht",
                      "there are no other delimiters ('{{=')");
    if (tag->sign != ':' && tag->sign != '!')
        rh_text_trim(&tag->body, &tag->length);
    find_line(c, tag);
    return 1;
}

static bool is_name(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        char c = text[i];

        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              c == '_' || c == '-' || c == '.' || c == '/'))
            return false;
    }
    return length > 0;
}

static int32_t read_special(struct compiler *c, const struct tag *tag, struct path *path)
{
    static const char *const names[] = {"@first", "@last", "@index", "@number",
                                        "@de",    "@en",   "@lang"};
    int near;

    for (int i = 0; i < 7; i++) {
        if (strcmp(path->name, names[i]) == 0) {
            path->special = (enum special)(AT_FIRST + i);
            return 0;
        }
    }
    near = rh_text_nearest(path->name, names, 7);
    if (near < 0)
        return refuse(c, tag->start, "'%.60s' gibt es nicht", "there is no '%.60s'", path->name);
    return refuse(c, tag->start, "'%.60s' gibt es nicht (gemeint: '%s'?)",
                  "there is no '%.60s' (did you mean '%s'?)", path->name, names[near]);
}

static int32_t read_path(struct compiler *c, const struct tag *tag, struct path *path)
{
    char *name = rh_arena_strndup(&c->set->arena, tag->body, tag->length), *part;
    size_t count = 1;

    if (!name)
        return rh_err_nomem(c->err);
    *path = (struct path){.name = name};
    if (strcmp(name, ".") == 0)
        return 0;
    if (name[0] == '@')
        return read_special(c, tag, path);
    if (!is_name(name, tag->length) || strchr(name, '/'))
        return refuse(c, tag->start, "'%.60s' ist kein Name", "'%.60s' is not a name", name);
    for (size_t i = 0; i < tag->length; i++)
        count += name[i] == '.';
    path->parts = rh_arena_array(&c->set->arena, count, sizeof(*path->parts));
    part = rh_arena_strndup(&c->set->arena, tag->body, tag->length);
    if (!path->parts || !part)
        return rh_err_nomem(c->err);
    for (;;) {
        size_t span = strcspn(part, ".");
        bool last = part[span] == '\0';

        if (span == 0)
            return refuse(c, tag->start, "'%.60s' ist kein Name", "'%.60s' is not a name", name);
        part[span] = '\0';
        path->parts[path->count++] = part;
        if (last)
            return 0;
        part += span + 1;
    }
}

static int32_t check_place(struct compiler *c, const struct tag *tag)
{
    if (c->template->mode == RH_TEMPLATE_TEXT || place_takes_value(&c->place))
        return 0;
    if (c->place.kind == PLACE_RAW)
        return refuse(c, tag->start,
                      "in <%s> ist keine Maskierung sicher; hier darf kein Wert stehen",
                      "in <%s> no escaping is safe; no value may stand here", c->place.raw);
    return refuse(c, tag->start,
                  "im Inneren eines HTML-Tags darf ein Wert nur in Anführungszeichen stehen",
                  "inside an HTML tag a value may only stand between quotes");
}

static int32_t add_value(struct compiler *c, const struct tag *tag)
{
    int32_t rc = check_place(c, tag);
    struct path path;
    struct op *op;

    if (rc == 0)
        rc = read_path(c, tag, &path);
    if (rc < 0)
        return rc;
    op = add_op(c, OP_VALUE, tag->start);
    if (!op)
        return RH_ENOMEM;
    op->name.path = path;
    return 0;
}

static int32_t open_section(struct compiler *c, const struct tag *tag)
{
    struct path path;
    struct op *op;
    int32_t rc;

    if (c->depth == RH_TEMPLATE_DEPTH_MAX)
        return refuse(c, tag->start, "mehr als %d Abschnitte ineinander",
                      "more than %d sections inside one another", RH_TEMPLATE_DEPTH_MAX);
    rc = read_path(c, tag, &path);
    if (rc < 0)
        return rc;
    op = add_op(c, tag->sign == '#' ? OP_SECTION : OP_INVERTED, tag->start);
    if (!op)
        return RH_ENOMEM;
    op->name.path = path;
    c->open[c->depth++] = (struct open_section){c->op_count - 1, tag->start, c->place};
    return 0;
}

static int32_t close_section(struct compiler *c, const struct tag *tag)
{
    struct op *op;

    if (c->depth == 0)
        return refuse(c, tag->start, "'{{/%.*s}}' schließt nichts", "'{{/%.*s}}' closes nothing",
                      (int)(tag->length < 60 ? tag->length : 60), tag->body);
    op = &c->ops[c->open[c->depth - 1].op];
    if (strlen(op->name.path.name) != tag->length ||
        memcmp(op->name.path.name, tag->body, tag->length) != 0)
        return refuse(c, tag->start, "'{{/%.*s}}' schließt '%.60s' aus Zeile %zu nicht",
                      "'{{/%.*s}}' does not close '%.60s' of line %zu",
                      (int)(tag->length < 60 ? tag->length : 60), tag->body, op->name.path.name,
                      op->line);
    /* Left out or repeated, a section must not change where the text behind it stands. */
    if (c->template->mode == RH_TEMPLATE_HTML &&
        !place_equals(&c->place, &c->open[c->depth - 1].place))
        return refuse(
            c, tag->start,
            "der Abschnitt '%.60s' aus Zeile %zu beginnt und endet nicht an gleicher Stelle "
            "im HTML (Tag oder Anführungszeichen offen)",
            "section '%.60s' of line %zu does not begin and end at the same place of the "
            "HTML (a tag or quote is open)",
            op->name.path.name, op->line);
    op->name.end = c->op_count;
    c->depth--;
    return 0;
}

static int32_t refuse_partial(struct compiler *c, const struct tag *tag, const char *name)
{
    const char *names[64];
    size_t count = 0;
    int near;

    for (const struct rh_templates *set = c->set; set; set = set->base)
        for (size_t i = 0; i < set->count && count < 64; i++)
            names[count++] = set->templates[i].name;
    near = rh_text_nearest(name, names, count);
    if (near < 0)
        return refuse(c, tag->start, "die Vorlage '%.60s' gibt es nicht",
                      "there is no template '%.60s'", name);
    return refuse(c, tag->start, "die Vorlage '%.60s' gibt es nicht (gemeint: '%s'?)",
                  "there is no template '%.60s' (did you mean '%s'?)", name, names[near]);
}

static int32_t add_partial(struct compiler *c, const struct tag *tag)
{
    char *name = rh_arena_strndup(&c->set->arena, tag->body, tag->length);
    const struct rh_template *partial;
    struct op *op;

    if (!name)
        return rh_err_nomem(c->err);
    partial = rh_template_find(c->set, name);
    if (!partial)
        return refuse_partial(c, tag, name);
    if (partial->mode != c->template->mode)
        return refuse(c, tag->start,
                      "'%s' ist %s, diese Vorlage nicht; nur Gleiches passt ineinander",
                      "'%s' is %s, this template is not; only the same kind fits", name,
                      partial->mode == RH_TEMPLATE_HTML ? "HTML" : "Text");
    if (c->template->mode == RH_TEMPLATE_HTML && c->place.kind != PLACE_TEXT)
        return refuse(c, tag->start, "eine Vorlage darf nur zwischen HTML-Tags eingefügt werden",
                      "a template may only be put in between HTML tags");
    op = add_op(c, OP_PARTIAL, tag->start);
    if (!op)
        return RH_ENOMEM;
    op->partial.template = partial;
    op->partial.alone = tag->alone;
    op->partial.indent = (struct slice){c->text + tag->line_start, tag->start - tag->line_start};
    return 0;
}

/* One language of {{:de|en}}, its \| undone, escaped for HTML, in the arena. */
static int32_t keep_words(struct compiler *c, const char *text, size_t length, struct slice *ret)
{
    rh_auto_str(plain, RH_TEMPLATE_SOURCE_MAX);
    rh_auto_str(escaped, RH_TEMPLATE_SOURCE_MAX * 6);
    struct rh_str *kept = c->template->mode == RH_TEMPLATE_HTML ? &escaped : &plain;

    for (size_t i = 0; i < length; i++) {
        if (text[i] == '\\' && i + 1 < length && text[i + 1] == '|')
            i++;
        rh_str_add_char(&plain, text[i]);
    }
    if (kept == &escaped)
        rh_template_escape(plain.data, plain.length, &escaped);
    if (plain.failed || escaped.failed)
        return rh_err_nomem(c->err);
    ret->text = rh_arena_strndup(&c->set->arena, kept->data, kept->length);
    ret->length = kept->length;
    return ret->text ? 0 : rh_err_nomem(c->err);
}

static int32_t add_words(struct compiler *c, const struct tag *tag)
{
    size_t bars = 0, bar = 0;
    struct slice words[2];
    struct op *op;
    int32_t rc = check_place(c, tag);

    if (rc < 0)
        return rc;
    for (size_t i = 0; i < tag->length; i++) {
        if (tag->body[i] == '|' && (i == 0 || tag->body[i - 1] != '\\')) {
            bars++;
            bar = i;
        }
    }
    if (bars != 1 || bar == 0 || bar + 1 == tag->length)
        return refuse(c, tag->start,
                      "erwartet werden beide Sprachen: {{:Deutsch|English}} (ein '|' im Text: \\|)",
                      "both languages are expected: {{:Deutsch|English}} (a '|' in the text: \\|)");
    rc = keep_words(c, tag->body, bar, &words[RH_DE]);
    if (rc == 0)
        rc = keep_words(c, tag->body + bar + 1, tag->length - bar - 1, &words[RH_EN]);
    if (rc < 0)
        return rc;
    op = add_op(c, OP_WORDS, tag->start);
    if (!op)
        return RH_ENOMEM;
    memcpy(op->words, words, sizeof(words));
    return 0;
}

static int32_t add_tag(struct compiler *c, const struct tag *tag)
{
    int32_t rc = add_literal(c, tag->line_start);

    if (rc < 0)
        return rc;
    c->literal = tag->line_end;
    if (!tag->alone && begins_line(c, tag->start) && !add_op(c, OP_LINE_START, tag->start))
        return RH_ENOMEM;
    switch (tag->sign) {
    case '#':
    case '^':
        return open_section(c, tag);
    case '/':
        return close_section(c, tag);
    case '>':
        return add_partial(c, tag);
    case ':':
        return add_words(c, tag);
    case '!':
        return 0;
    default:
        return add_value(c, tag);
    }
}

static int32_t add_all(struct compiler *c)
{
    struct tag tag;
    int32_t rc;

    while ((rc = next_tag(c, c->literal, &tag)) > 0) {
        rc = add_tag(c, &tag);
        if (rc < 0)
            return rc;
    }
    if (rc == 0)
        rc = add_literal(c, c->length);
    if (rc == 0 && c->depth > 0)
        rc = refuse(c, c->open[c->depth - 1].offset, "der Abschnitt '%.60s' wird nicht geschlossen",
                    "section '%.60s' is never closed",
                    c->ops[c->open[c->depth - 1].op].name.path.name);
    /* A page goes on behind its partials as if they were text. */
    if (rc == 0 && c->template->mode == RH_TEMPLATE_HTML && c->place.kind != PLACE_TEXT)
        rc = refuse(c, c->length, "am Ende ist noch ein HTML-Tag, Kommentar oder <script> offen",
                    "an HTML tag, comment or <script> is still open at the end");
    return rc;
}

int32_t template_compile(struct rh_templates *set, struct rh_template *template, struct rh_err *err)
{
    struct compiler c = {
        .set = set,
        .template = template,
        .text = template->text,
        .length = template->length,
        .line = 1,
        .err = err,
    };
    int32_t rc;

    if (!rh_text_valid(c.text, c.length))
        return refuse(&c, rh_text_valid_span(c.text, c.length), "kein gültiges UTF-8",
                      "not valid UTF-8");
    rc = add_all(&c);
    if (rc == 0 && c.op_count > 0) {
        template->ops = rh_arena_array(&set->arena, c.op_count, sizeof(*c.ops));
        if (template->ops) {
            memcpy(template->ops, c.ops, c.op_count * sizeof(*c.ops));
            template->op_count = c.op_count;
        } else {
            rc = rh_err_nomem(err);
        }
    }
    rh_free(c.ops);
    return rc;
}
