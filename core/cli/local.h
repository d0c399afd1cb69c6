/*
 * local.h - commands that the command line answers by itself: serve, and what describes the
 * commands. They stand in a table like all others, so that help, man page and completion know them,
 * but cannot be reached over HTTP.
 */
#ifndef CORE_CLI_LOCAL_H
#define CORE_CLI_LOCAL_H

#include "core/base/str.h"
#include "core/cli/command.h"
#include "reihum/plugin.h"

extern const struct rh_plugin rh_cli_module;

/* Writes what a describing command ("completion bash", "man", "openapi") answers; false when it is
 * another one. */
bool rh_local_describe(const struct rh_registry *registry, const struct rh_command *command,
                       enum rh_lang lang, struct rh_str *out);

#endif
