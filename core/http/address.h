/*
 * address.h - where the server listens: "127.0.0.1:8186", "[::1]:8186", "localhost:0".
 *
 * As long as nobody can sign in, everybody who reaches the server may do everything; so it answers
 * on this machine alone and refuses any other address in words. To lift that, sign-in comes first.
 */
#ifndef CORE_HTTP_ADDRESS_H
#define CORE_HTTP_ADDRESS_H

#include "core/base/error.h"

#include <netinet/in.h>
#include <sys/socket.h>

struct rh_address {
    union {
        struct sockaddr any;
        struct sockaddr_in four;
        struct sockaddr_in6 six;
    } socket;
    socklen_t length;
};

/* RH_EUSAGE when it is not HOST:PORT, RH_EFORBIDDEN when it is not this machine alone. */
int32_t rh_address_parse(const char *text, struct rh_address *ret, struct rh_err *err);

/* "127.0.0.1:8186", as bound. */
#define RH_ADDRESS_TEXT 64
void rh_address_text(const struct rh_address *address, char text[RH_ADDRESS_TEXT]);

/* Binds and listens; the socket is the caller's. RH_EBUSY when somebody else has the port. With
 * port 0 `address` says afterwards which one it became. */
int32_t rh_address_listen(struct rh_address *address, int *ret_socket, struct rh_err *err);

/* The same for a Unix socket that only its owner may use (0600). What lies there before is
 * removed: the lock of the database says that it is nobody's. */
int32_t rh_address_listen_local(const char *path, int *ret_socket, struct rh_err *err);

#endif
