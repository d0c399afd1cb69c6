/*
 * house.h - all rooms under one roof: configuration, registry, plugins, store.
 *
 * Two steps, because much can be said without a database: rh_home_describe() reads the
 * configuration and the descriptors (enough for
 * --help, completion, and to be a client of a running server); rh_home_open() takes the database
 * file, migrates it and starts the plugins. The server and the command line without a server use
 * the same two.
 *
 * One thread (the main one); what it holds is borrowed by everybody until rh_home_close().
 */
#ifndef CORE_SERVER_HOUSE_H
#define CORE_SERVER_HOUSE_H

#include "core/config/config.h"
#include "core/operation/invoke.h"
#include "core/plugin/plugins.h"
#include "core/server/places.h"
#include "core/server/practice.h"

#define RH_HOME_MODULES_MAX 8 /* modules of the core; there are seven */

/* Where things are, when they are not where they usually are; NULL = as usual. */
struct rh_home_options {
    const char *config;           /* file; usual: reihum.conf here, config/reihum.conf here,
                                     /etc/reihum/reihum.conf, the first that exists */
    const char *db;               /* file; usual: server { database } */
    const struct rh_clock *clock; /* usual: the machine's */
    const struct rh_plugin *const *modules; /* further modules of the core, NULL-terminated (the
                                               server's, the command line's) */
};

struct rh_home {
    struct rh_house house; /* store is NULL before rh_home_open() */
    struct rh_config *config;
    struct rh_config_values server; /* of the section `server` */
    struct rh_plugins *plugins;
    struct rh_practice practice;                   /* when the database is one to practise on */
    struct rh_module modules[RH_HOME_MODULES_MAX]; /* of the core */
    struct rh_config_values values[RH_HOME_MODULES_MAX];
    size_t module_count;
    char db_path[4096];
    char socket_path[4096];
    char mail_templates[RH_PLACE_MAX];
    char aside[256]; /* folder of rh_home_open_aside(), gone after rh_home_close() */
};

int32_t rh_home_describe(const struct rh_home_options *options, struct rh_home **ret_home,
                         struct rh_err *err);
/* `wake` as in store.h; NULL when nobody runs a loop. */
int32_t rh_home_open(struct rh_home *home, void (*wake)(void *), void *wake_context,
                     struct rh_err *err);
/* For what looks at files and tables only (`plugin check`, `config example`) where there is no
 * database yet: makes an empty one that nobody sees, instead of leaving one behind. Plugins are not
 * started. */
int32_t rh_home_open_aside(struct rh_home *home, struct rh_err *err);
/* Stops the plugins, closes the store, frees. NULL is fine; returns NULL. */
struct rh_home *rh_home_close(struct rh_home *home);

/* A value of the section `server`; NULL when not set. */
const char *rh_home_setting(const struct rh_home *home, const char *key);
/* The language that holds when nobody chooses: of the environment (LC_ALL, LC_MESSAGES, LANG), else
 * of the configuration. */
enum rh_lang rh_home_language(const struct rh_home *home);

/* The clock of the machine. */
extern const struct rh_clock rh_machine_clock;

#endif
