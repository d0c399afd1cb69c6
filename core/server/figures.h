/*
 * figures.h - the server's lines of /metrics beside those of the HTTP room: plugins and jobs.
 */
#ifndef CORE_SERVER_FIGURES_H
#define CORE_SERVER_FIGURES_H

#include "core/plugin/plugins.h"
#include "core/server/jobs.h"

/* `jobs` may be NULL. */
void rh_figures_write(struct rh_plugins *plugins, const struct rh_jobs *jobs, struct rh_str *out);

#endif
