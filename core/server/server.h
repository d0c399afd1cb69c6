/*
 * server.h - the loop: start, ready, drain, stop.
 *
 *     opening ──> running ──signal──> draining ──last reply──> stopping ──nothing runs──> closed
 *                    (takes requests)    (takes no new ones,      (cancels what still
 *                                         finishes the rest)       runs)
 *
 * The first SIGTERM or SIGINT drains, for at most fifteen seconds; a second one stops at once. What
 * was acknowledged is on disk before it was acknowledged, so even SIGKILL loses nothing of it.
 */
#ifndef CORE_SERVER_SERVER_H
#define CORE_SERVER_SERVER_H

#include "core/server/house.h"

/*
 * Opens the house (described, not open yet) and serves it until a signal says stop: 0 then. Says
 * its address on stdout once it is ready. `listen` NULL = what the configuration says. The house is
 * left for rh_home_close().
 */
int32_t rh_server_run(struct rh_home *home, const char *listen, enum rh_lang lang,
                      struct rh_err *err);

/* The operations `server status`, `job …`, `event list`, `backup create`. */
extern const struct rh_plugin rh_server_module;

/* What runs in this process, for `server status`; "" and 0 when no server does. */
struct rh_server_facts {
    char url[80];
    int64_t started_utc;
};
void rh_server_facts(struct rh_server_facts *ret_facts);

#endif
