/*
 * render.h - an answer (JSON) as people and spreadsheets want it: aligned text, CSV, CSV for Excel.
 *
 * Text: the messages as lines; where the operation says nothing, the fields of the object as
 * "Title: value". Then "items" as a table of the operation's columns, and other lists under their
 * titles. Control characters become spaces: an answer never moves the cursor. CSV: the items only,
 * with all columns, named as in JSON, whatever the language.
 */
#ifndef CORE_OPERATION_RENDER_H
#define CORE_OPERATION_RENDER_H

#include "core/base/str.h"
#include "core/operation/registry.h"

struct rh_render_options {
    enum rh_lang lang;
    int width;  /* of the terminal in columns; 0 = do not shorten */
    bool color; /* ANSI, only where it helps */
};

int32_t rh_render_text(const struct rh_operation_entry *op, const char *json, size_t length,
                       const struct rh_render_options *options, struct rh_str *out,
                       struct rh_err *err);
/* The items, one JSON object a line. */
int32_t rh_render_lines(const char *json, size_t length, struct rh_str *out, struct rh_err *err);
int32_t rh_render_csv(const struct rh_operation_entry *op, const char *json, size_t length,
                      bool excel, struct rh_str *out, struct rh_err *err);

#endif
