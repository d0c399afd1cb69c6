/*
 * form_document.h - an operation's table entry and its answer, as a document for templates.
 *
 * The form: one field a parameter, with what was sent before. The answer: messages, facts and the
 * items as a table of the operation's columns - what render.h does for terminals. Any thread.
 */
#ifndef CORE_HTTP_FORM_DOCUMENT_H
#define CORE_HTTP_FORM_DOCUMENT_H

#include "core/http/view.h"

struct rh_form_document {
    const struct rh_operation_entry *entry;
    struct rh_fields fields; /* what was sent */
    struct rh_err fault;     /* code 0 = none */
    bool answered;           /* the document is the answer */
};

/* For rh_scene.fill; the context is a struct rh_form_document. */
int32_t rh_form_fill(struct rh_scene *scene, json_t *document, struct rh_err *err);
/* The list of all operations; no context. */
int32_t rh_form_tools(struct rh_scene *scene, json_t *document, struct rh_err *err);

#endif
