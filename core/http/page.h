/*
 * page.h - pages of modules: path pattern -> READ operation -> answer -> template -> layout.
 */
#ifndef CORE_HTTP_PAGE_H
#define CORE_HTTP_PAGE_H

#include "core/http/internal.h"

void rh_page(struct rh_request *request);

#endif
