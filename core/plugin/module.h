/* module.h - what the two modules of this room share. Inside this room only. */
#ifndef CORE_PLUGIN_MODULE_H
#define CORE_PLUGIN_MODULE_H

#include "core/plugin/check.h"
#include "core/plugin/plugins.h"

/* Everything that a plugin declares, as rows (kind, name, detail) of "items". */
extern const struct rh_column rh_declared_columns[17];
void rh_out_declared(struct rh_call *call, const struct rh_plugin *plugin);

/* The plugins behind the call, or NULL with an error left in it. */
struct rh_plugins *rh_plugins_of(struct rh_call *call);

#endif
