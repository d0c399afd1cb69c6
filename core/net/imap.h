/*
 * imap.h - one mailbox, one command at a time, over a connection that is kept.
 *
 * Bodies are fetched by URL only (";UID=n"): libcurl counts that literal. A literal in the answer
 * to a command of our own would be read line by line, and a mail with a line like "A004 OK" in it
 * would end the command and forge the answer to the next (curl issue 22865). So rh_imap_command()
 * is for what answers without literals, and rh_imap_command_ok() refuses words that could ask for
 * one. Loop thread.
 */
#ifndef CORE_NET_IMAP_H
#define CORE_NET_IMAP_H

#include "core/base/str.h"
#include "core/net/net.h"

#define RH_IMAP_LINES_MAX ((size_t)256 * 1024) /* bytes of an answer to a command */

struct rh_imap;

/* The server is borrowed until it is closed; `mailbox` is of A-Z a-z 0-9 . _ - /. `body_max`:
 * bytes of a message; a larger one ends with an error. */
int32_t rh_imap_new(uv_loop_t *loop, const struct rh_net_server *server, const char *mailbox,
                    size_t body_max, struct rh_imap **ret_imap, struct rh_err *err);
/* Gives up what is running. NULL is fine. */
void rh_imap_close(struct rh_imap *imap);

struct rh_imap_result {
    bool fine;
    bool no_such_message; /* it is gone meanwhile */
    bool too_large;
    const struct rh_str
        *answer;      /* untagged lines of a command, or the message; until `done` returns */
    char reason[500]; /* when not fine; printable ASCII */
};

typedef void rh_imap_done(void *context, const struct rh_imap_result *result);

/* One at a time; `done` comes later on the loop and may start the next. */
int32_t rh_imap_command(struct rh_imap *imap, const char *command, rh_imap_done *done,
                        void *context, struct rh_err *err);
int32_t rh_imap_fetch(struct rh_imap *imap, int64_t uid, rh_imap_done *done, void *context,
                      struct rh_err *err);

bool rh_imap_command_ok(const char *command);

#endif
