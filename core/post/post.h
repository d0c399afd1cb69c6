/*
 * post.h - the post office as a module: operations `mail …`, its keys, tables and jobs.
 *
 * What sends and fetches on the loop is sender.h and fetcher.h; here is what people ask for.
 */
#ifndef CORE_POST_POST_H
#define CORE_POST_POST_H

#include "reihum/descriptor.h"

/* Its `start` reads the section and the templates and makes house->mail. */
extern const struct rh_plugin rh_post_module;

#endif
