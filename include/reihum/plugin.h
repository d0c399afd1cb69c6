/*
 * plugin.h - a plugin is data: one descriptor of tables.
 *
 * Reading a plugin's descriptor shows all that it can do, without running it: `reihum plugin check
 * FILE` does just that. A plugin is a shared object with one exported symbol:
 *
 *     RH_PLUGIN const struct rh_plugin rh_plugin = {
 *         RH_PLUGIN_HEAD("hello", "1.0.0"),
 *         .title = {"Beispiel", "Example"},
 *         .operations = RH_ROWS(operations),
 *     };
 *
 * Everything it may ask of the server is in call.h. Its tables in the database are named
 * <plugin>_…; it reads the documented views of the core (v_office, v_round, …). Start with
 * plugins/examples/hello.
 *
 * Versions: the major number must be equal, the plugin's minor number may not exceed the server's.
 * Only `size` bytes of the descriptor are read, what is missing counts as zero.
 */
#ifndef REIHUM_PLUGIN_H
#define REIHUM_PLUGIN_H

#include "reihum/call.h"
#include "reihum/descriptor.h"

#define RH_PLUGIN RH_EXPORT
#define RH_PLUGIN_HEAD(name_, version_)                                                            \
    .magic = RH_PLUGIN_MAGIC, .size = (uint32_t)sizeof(struct rh_plugin),                          \
    .abi_major = RH_ABI_MAJOR, .abi_minor = RH_ABI_MINOR, .name = (name_), .version = (version_)

#endif
