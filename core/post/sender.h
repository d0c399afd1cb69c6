/*
 * sender.h - sends what is due, from the loop.
 *
 *     look ──due──> turn: mark results, claim more (one transaction) ──> waiting ──> lines ──>
 * results ─┐ ^                          ^ │ └──── nothing due ─────────┴───────────── few waiting,
 * or many results <─────────────────────────┘
 *
 * One commit marks many mails and claims the next ones while the lines are still sending, so that
 * neither waits for the other. A line is one SMTP connection, or the folder. What is claimed and
 * not yet marked when the process dies is sent again at the next start (rh_mail_recover()).
 *
 * When the server cannot be reached, what was claimed goes back untried and nothing is claimed for
 * half a minute, then a minute, … at most ten; the mail at hand keeps its own schedule. Loop
 * thread.
 */
#ifndef CORE_POST_SENDER_H
#define CORE_POST_SENDER_H

#include "core/operation/invoke.h"
#include "core/post/settings.h"

#include <uv.h>

struct rh_sender;

/* What became of one mail, for the log. `what`: "sent", "later", "refused", "unsure", "no-server".
 */
typedef void rh_sender_note(void *context, int64_t id, const char *what, const char *reply);

struct rh_sender_options {
    uv_loop_t *loop;
    struct rh_house *house;
    const struct rh_post_settings *settings; /* borrowed */
    rh_sender_note *note;                    /* may be NULL */
    void *context;
};

/* Begins at once. The queue must have been recovered (rh_mail_recover()). */
int32_t rh_sender_new(const struct rh_sender_options *options, struct rh_sender **ret_sender,
                      struct rh_err *err);

/* Something was committed: perhaps mail among it. Cheap. */
void rh_sender_look(struct rh_sender *sender);

/* Claims and begins nothing more; what is claimed and not begun goes back. True once nothing runs
 * and all that is known is written down. Call it again until then. */
bool rh_sender_stop(struct rh_sender *sender);
/* After rh_sender_stop(): gives up what is still being sent. */
void rh_sender_cancel(struct rh_sender *sender);

/* Once stopped: the handles are given back to the loop, which frees. NULL is fine. */
void rh_sender_close(struct rh_sender *sender);

struct rh_sender_figures {
    uint64_t sent, later, refused, unsure; /* since the start */
    uint64_t turns;                        /* transactions that marked or claimed */
    bool server_away;                      /* the last attempt did not reach it */
};
struct rh_sender_figures rh_sender_figures(const struct rh_sender *sender);

#endif
