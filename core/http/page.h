/*
 * page.h - pages of modules: path pattern -> READ operation -> answer -> template -> layout.
 */
#ifndef CORE_HTTP_PAGE_H
#define CORE_HTTP_PAGE_H

#include "core/http/internal.h"

void rh_page(struct rh_request *request);

/* What a form sends so that its own page is shown again after it (README.md): the page's address.
 */
#define RH_PAGE_FIELD "_page"
/* The page that the form named, with what came of the form; else the form of the table entry. As
 * rh_form_show(). */
void rh_page_again(struct rh_request *request, const struct rh_operation_entry *entry,
                   const struct rh_answer *answer);

#endif
