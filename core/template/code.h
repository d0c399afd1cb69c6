/*
 * code.h - the inside of a compiled template, shared by compile.c, render.c and template.c. Not for
 * others.
 *
 * A template is a flat list of operations. A section knows the index behind its end, so rendering
 * is a walk with jumps and never looks at the source again.
 */
#ifndef CORE_TEMPLATE_CODE_H
#define CORE_TEMPLATE_CODE_H

#include "core/base/arena.h"
#include "core/template/template.h"

enum op_kind {
    OP_TEXT,       /* literal */
    OP_LINE_START, /* a line of the source begins here with a tag: the place of a partial's indent
                    */
    OP_VALUE,
    OP_WORDS, /* {{:de|en}} */
    OP_SECTION,
    OP_INVERTED,
    OP_PARTIAL,
};

enum special {
    NOT_SPECIAL,
    AT_FIRST,
    AT_LAST,
    AT_INDEX,
    AT_NUMBER,
    AT_DE,
    AT_EN,
    AT_LANG,
};

struct slice {
    const char *text;
    size_t length;
};

struct path {
    const char *name; /* as written */
    const char **parts;
    size_t count; /* 0: {{.}} */
    enum special special;
};

struct op {
    enum op_kind kind;
    bool at_line_start; /* OP_TEXT: the place of a partial's indent is before it */
    size_t line;
    union {
        struct slice text;
        struct slice words[2]; /* by enum rh_lang, escaped already */
        struct {
            struct path path;
            size_t end; /* of a section: index of the first operation behind it */
        } name;
        struct {
            const struct rh_template *template;
            bool alone; /* in its line: its lines are indented like the tag */
            struct slice indent;
        } partial;
    };
};

struct rh_template {
    const char *name;
    const char *text; /* a copy of the source */
    size_t length;
    enum rh_template_mode mode;
    struct op *ops;
    size_t op_count;
};

struct rh_templates {
    struct rh_arena arena;           /* holds everything below */
    const struct rh_templates *base; /* borrowed */
    struct rh_template *templates;
    size_t count;
};

int32_t template_compile(struct rh_templates *set, struct rh_template *template,
                         struct rh_err *err);

#endif
