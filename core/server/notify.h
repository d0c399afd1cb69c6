/*
 * notify.h - tells systemd how the service is, when it asked to be told (NOTIFY_SOCKET).
 *
 * One datagram; the protocol is documented and stable (sd_notify(3)), so no library is needed.
 * Without the variable nothing happens.
 */
#ifndef CORE_SERVER_NOTIFY_H
#define CORE_SERVER_NOTIFY_H

#include <stdint.h>

/* "READY=1\nSTATUS=…", "STOPPING=1", "WATCHDOG=1" */
void rh_notify(const char *text);

/* How often WATCHDOG=1 is expected at least, in milliseconds (half of what systemd waits); 0 when
 * not. */
uint64_t rh_notify_watchdog_ms(void);

#endif
