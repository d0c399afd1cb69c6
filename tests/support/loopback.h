/* loopback.h - servers that a test starts itself, on ports that nobody else has. */
#ifndef TESTS_SUPPORT_LOOPBACK_H
#define TESTS_SUPPORT_LOOPBACK_H

/* A port of 127.0.0.1 that is free now. */
int loopback_free_port(void);
/* Until somebody listens there, at most 30 seconds; 0 then. */
int loopback_wait_for(int port);

#endif
