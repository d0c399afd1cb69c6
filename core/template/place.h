/*
 * place.h - where in an HTML document a template stands, as far as escaping minds.
 *
 * Follows the literal text of a template from its start, which is taken for text between tags. It
 * knows just enough of HTML to tell apart the places where an escaped value is harmless from those
 * where it is not.
 */
#ifndef CORE_TEMPLATE_PLACE_H
#define CORE_TEMPLATE_PLACE_H

#include <stdbool.h>
#include <stddef.h>

enum place_kind {
    PLACE_TEXT,
    PLACE_TAG,     /* inside <…>, outside a quoted value */
    PLACE_DOUBLE,  /* in "…" */
    PLACE_SINGLE,  /* in '…' */
    PLACE_RAW,     /* <script> or <style>: entities mean nothing here */
    PLACE_COMMENT, /* <!-- … --> */
};

struct place {
    enum place_kind kind;
    const char *raw; /* "script" or "style": the element whose text is raw, once its tag ends */
};

void place_follow(struct place *place, const char *text, size_t length);

bool place_equals(const struct place *a, const struct place *b);

/* May an escaped value stand here? */
bool place_takes_value(const struct place *place);

#endif
