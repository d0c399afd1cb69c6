/* public.h: what leads out, and what leads into somebody's own network. */
#include "core/net/public.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/un.h>

#include <cmocka.h>

static bool is_public(const char *text)
{
    struct sockaddr_in four = {.sin_family = AF_INET};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6};

    if (inet_pton(AF_INET, text, &four.sin_addr) == 1)
        return rh_address_is_public((const struct sockaddr *)&four);
    assert_int_equal(inet_pton(AF_INET6, text, &six.sin6_addr), 1);
    return rh_address_is_public((const struct sockaddr *)&six);
}

static void what_is_routed_is_public(void **state)
{
    static const char *const texts[] = {
        "1.1.1.1",        "9.255.255.255", "11.0.0.0",     "100.63.255.255",   "100.128.0.0",
        "126.255.255.1",  "128.0.0.1",     "169.253.1.1",  "172.15.255.255",   "172.32.0.0",
        "192.167.1.1",    "192.169.0.0",   "198.17.1.1",   "198.20.0.0",       "223.255.255.255",
        "2a00:1450::1",   "2001:4860::1",  "2606:4700::1", "64:ff9b::1.1.1.1", "::ffff:1.1.1.1",
        "2002:101:101::1"};
    (void)state;

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        if (!is_public(texts[i]))
            fail_msg("%s", texts[i]);
}

static void what_is_not_routed_is_not(void **state)
{
    static const char *const texts[] = {"0.0.0.0",
                                        "0.1.2.3",
                                        "10.0.0.1",
                                        "10.255.255.255",
                                        "100.64.0.1",
                                        "100.127.255.255",
                                        "127.0.0.1",
                                        "127.255.255.255",
                                        "169.254.169.254",
                                        "172.16.0.1",
                                        "172.31.255.255",
                                        "192.0.0.1",
                                        "192.0.2.1",
                                        "192.168.0.1",
                                        "198.18.0.1",
                                        "198.19.255.255",
                                        "198.51.100.1",
                                        "203.0.113.1",
                                        "224.0.0.1",
                                        "239.1.1.1",
                                        "240.0.0.1",
                                        "255.255.255.255",
                                        "::",
                                        "::1",
                                        "fe80::1",
                                        "febf::1",
                                        "fc00::1",
                                        "fdff::1",
                                        "ff02::1",
                                        "2001:db8::1",
                                        "2001::1",
                                        "3fff::1",
                                        "100::1",
                                        "::ffff:127.0.0.1",
                                        "::ffff:10.0.0.1",
                                        "::127.0.0.1",
                                        "2002:7f00:1::",
                                        "2002:c0a8:101::1",
                                        "64:ff9b::10.0.0.1",
                                        "64:ff9b:1::1"};
    (void)state;

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        if (is_public(texts[i]))
            fail_msg("%s", texts[i]);
}

static void another_family_is_not(void **state)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    (void)state;

    assert_false(rh_address_is_public((const struct sockaddr *)&address));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_routed_is_public),
        cmocka_unit_test(what_is_not_routed_is_not),
        cmocka_unit_test(another_family_is_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
