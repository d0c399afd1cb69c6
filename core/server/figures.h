/*
 * figures.h - the server's lines of /metrics beside those of the HTTP room: plugins and jobs.
 */
#ifndef CORE_SERVER_FIGURES_H
#define CORE_SERVER_FIGURES_H

#include "core/plugin/plugins.h"
#include "core/post/sender.h"
#include "core/server/jobs.h"

/* `jobs` and `sender` may be NULL. */
void rh_figures_write(struct rh_plugins *plugins, const struct rh_jobs *jobs,
                      const struct rh_sender *sender, struct rh_str *out);

#endif
