/*
 * document.h - what modules serve raw (struct rh_document), from memory as long as it is true.
 */
#ifndef CORE_HTTP_DOCUMENT_H
#define CORE_HTTP_DOCUMENT_H

#include "core/http/internal.h"

/* Is the target the address of a document? */
bool rh_document_is(const struct rh_request *request);
void rh_document(struct rh_request *request);

#endif
