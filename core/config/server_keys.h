/*
 * server_keys.h - the section `server`: what has to be known before any module is.
 *
 * The command line reads it right after the file, to find the database and the plugins.
 */
#ifndef CORE_CONFIG_SERVER_KEYS_H
#define CORE_CONFIG_SERVER_KEYS_H

#include "core/config/config.h"

#define RH_SERVER_SECTION "server"

extern const struct rh_config_key rh_server_keys[];
extern const size_t rh_server_key_count;
extern const struct rh_text rh_server_title;

#endif
