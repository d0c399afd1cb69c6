/*
 * public.h - does an address lead out into the internet, or into somebody's own network? Pure.
 */
#ifndef CORE_NET_PUBLIC_H
#define CORE_NET_PUBLIC_H

#include <stdbool.h>
#include <sys/socket.h>

/*
 * False for all that is not routed publicly (IANA's special-purpose registries of RFC 6890): this
 * machine, private and local networks, multicast, documentation; and for what carries such an IPv4
 * address inside (mapped, 6to4, NAT64). False for any family but IPv4 and IPv6.
 */
bool rh_address_is_public(const struct sockaddr *address);

#endif
