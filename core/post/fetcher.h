/*
 * fetcher.h - looks into the mailbox now and then, from the loop.
 *
 *     wait ─> STATUS ─> how far were we? ─> UID SEARCH, a range at a time ─> fetch ─> store ─> MOVE
 * ─┐ ^                  (snapshot)            ^                              one at a time │
 *      └──────────── nothing more
 * ──────────────┴────────────────────────────────────────────────────┘
 *
 * A message is stored in the transaction that says how far the mailbox was read, so a crash repeats
 * at most one, and that is recognised. Whoever empties and rebuilds the mailbox changes its
 * UIDVALIDITY: then it is read from the beginning, and known Message-IDs are passed over. Loop
 * thread.
 */
#ifndef CORE_POST_FETCHER_H
#define CORE_POST_FETCHER_H

#include "core/operation/invoke.h"
#include "core/post/settings.h"

#include <uv.h>

struct rh_fetcher;

struct rh_fetcher_options {
    uv_loop_t *loop;
    struct rh_house *house;
    const struct rh_post_settings *settings; /* borrowed; with an imap.host */
    /* A round has ended: how many messages were kept, and what went wrong (NULL: nothing). May be
     * NULL. */
    void (*note)(void *context, int kept, const char *wrong);
    void *context;
};

int32_t rh_fetcher_new(const struct rh_fetcher_options *options, struct rh_fetcher **ret_fetcher,
                       struct rh_err *err);
/* Ends what it is doing; true once nothing runs. NULL is fine (true). */
bool rh_fetcher_stop(struct rh_fetcher *fetcher);
/* Once stopped: the handles are given back to the loop, which frees. NULL is fine. */
void rh_fetcher_close(struct rh_fetcher *fetcher);

#endif
