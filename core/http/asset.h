/*
 * asset.h - style sheets, fonts and pictures: the house's own, KERN's when it was fetched, and
 * those of plugins.
 *
 * All are read once, at start, and kept; each has a hash in its address, so browsers may keep them
 * for ever: /static/<hash>/base.css, /static/<hash>/vendor/kern.min.css (one hash for all of the
 * house, because style sheets name fonts beside them), /p/<plugin>/<hash>/<name>. Without the hash
 * the same is served with an entity tag instead. NAME.gz beside a file of KERN is what clients get
 * that take gzip; nothing is compressed here.
 */
#ifndef CORE_HTTP_ASSET_H
#define CORE_HTTP_ASSET_H

#include "core/http/internal.h"

/* `web` is the folder share/reihum/web, or NULL; what is missing there is not an error. */
int32_t rh_assets_open(const struct rh_registry *registry, const char *web,
                       struct rh_assets **ret_assets, struct rh_err *err);
struct rh_assets *rh_assets_free(struct rh_assets *assets);

/* "/static/1a2b3c" and "/p/turnus/1a2b3c"; "" for a module without any. */
const char *rh_assets_house(const struct rh_assets *assets);
const char *rh_assets_of(const struct rh_assets *assets, const char *plugin);
/* Is there a file of the house of this name ("vendor/kern.min.css")? */
bool rh_assets_has(const struct rh_assets *assets, const char *name);
/* The i-th style sheet of a plugin ("plan.css"), or NULL. */
const char *rh_assets_style(const struct rh_assets *assets, const char *plugin, size_t index);

void rh_asset_house(struct rh_request *request);
void rh_asset_plugin(struct rh_request *request);

#endif
