#include "core/net/public.h"

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Not public, by IANA's registry of special-purpose IPv4 addresses, and multicast. */
static const struct {
    uint8_t at[4];
    int bits;
} special_4[] = {
    {{0, 0, 0, 0}, 8},       /* "this network": Linux connects to itself */
    {{10, 0, 0, 0}, 8},      /* private */
    {{100, 64, 0, 0}, 10},   /* carrier's NAT */
    {{127, 0, 0, 0}, 8},     /* loopback */
    {{169, 254, 0, 0}, 16},  /* link-local, and clouds' metadata */
    {{172, 16, 0, 0}, 12},   /* private */
    {{192, 0, 0, 0}, 24},    /* protocol assignments */
    {{192, 0, 2, 0}, 24},    /* documentation */
    {{192, 88, 99, 0}, 24},  /* 6to4 relays, retired */
    {{192, 168, 0, 0}, 16},  /* private */
    {{198, 18, 0, 0}, 15},   /* benchmarks */
    {{198, 51, 100, 0}, 24}, /* documentation */
    {{203, 0, 113, 0}, 24},  /* documentation */
    {{224, 0, 0, 0}, 3},     /* multicast, reserved, broadcast */
};

/* Of 2000::/3, the part of IPv6 that is routed. */
static const struct {
    uint8_t at[4];
    int bits;
} special_6[] = {
    {{0x20, 0x01, 0x00, 0x00}, 23}, /* protocol assignments, Teredo */
    {{0x20, 0x01, 0x0d, 0xb8}, 32}, /* documentation */
    {{0x3f, 0xff, 0x00, 0x00}, 20}, /* documentation */
};

static bool begins(const uint8_t *bytes, const uint8_t at[4], int bits)
{
    int whole = bits / 8;
    uint8_t mask = (uint8_t)(0xff00 >> bits % 8);

    return memcmp(bytes, at, (size_t)whole) == 0 &&
           (bits % 8 == 0 || (bytes[whole] & mask) == at[whole]);
}

static bool is_public_4(const uint8_t bytes[4])
{
    for (size_t i = 0; i < sizeof(special_4) / sizeof(special_4[0]); i++)
        if (begins(bytes, special_4[i].at, special_4[i].bits))
            return false;
    return true;
}

static bool is_public_6(const uint8_t bytes[16])
{
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff},
                         nat64[12] = {0x00, 0x64, 0xff, 0x9b};

    if (memcmp(bytes, mapped, 12) == 0 || memcmp(bytes, nat64, 12) == 0)
        return is_public_4(bytes + 12);
    if (bytes[0] == 0x20 && bytes[1] == 0x02) /* 6to4 */
        return is_public_4(bytes + 2);
    if ((bytes[0] & 0xe0) != 0x20)
        return false;
    for (size_t i = 0; i < sizeof(special_6) / sizeof(special_6[0]); i++)
        if (begins(bytes, special_6[i].at, special_6[i].bits))
            return false;
    return true;
}

bool rh_address_is_public(const struct sockaddr *address)
{
    struct sockaddr_in four;
    struct sockaddr_in6 six;
    uint8_t bytes[16];

    if (address->sa_family == AF_INET) {
        memcpy(&four, address, sizeof(four));
        memcpy(bytes, &four.sin_addr, 4);
        return is_public_4(bytes);
    }
    if (address->sa_family != AF_INET6)
        return false;
    memcpy(&six, address, sizeof(six));
    memcpy(bytes, &six.sin6_addr, 16);
    return is_public_6(bytes);
}
