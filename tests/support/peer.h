/*
 * peer.h - real servers on loopback, started by a test: a port for them, waiting until they listen,
 * Dovecot. What they keep lies in a folder that the test makes and removes.
 */
#ifndef TESTS_SUPPORT_PEER_H
#define TESTS_SUPPORT_PEER_H

#include <sys/types.h>

/* A port that was free a moment ago, for peers that cannot choose one. */
int peer_free_port(void);
/* Until somebody listens there. */
void peer_wait_for(int port);
/* Users of services: those that Debian makes when we may change to them, else ourselves. */
const char *peer_user(const char *service);

/* Dovecot with one mailbox for each name, password "geheim"; its maildirs are FOLDER/mail/NAME. The
 * folder is readable for others. Returns its id, to be ended by the test. */
pid_t peer_dovecot(const char *folder, int *ret_imap, int *ret_lmtp);
/* A mail into such a maildir, as a delivery would put it there; `number` names it. */
void peer_deliver(const char *folder, const char *name, int number, const char *text);

#endif
