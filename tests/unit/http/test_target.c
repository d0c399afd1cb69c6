/* target.h, address.h: addresses from outside and addresses to listen on. */
#include "core/http/address.h"
#include "core/http/target.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

static int32_t parse(struct rh_arena *arena, const char *raw, struct rh_target *target)
{
    return rh_target_parse(arena, raw, target, NULL);
}

static void a_target_is_split_before_it_is_decoded(void **state)
{
    rh_auto_arena(arena, 64 * 1024);
    struct rh_target target;
    (void)state;

    assert_int_equal(parse(&arena, "/turnus/2027%2D2031/K%C3%B6ln?region=LVR&a=b", &target), 0);

    assert_int_equal(target.count, 3);
    assert_string_equal(target.segment[0], "turnus");
    assert_string_equal(target.segment[1], "2027-2031");
    assert_string_equal(target.segment[2], "Köln");
    assert_string_equal(target.query, "region=LVR&a=b");
    assert_string_equal(target.path, "/turnus/2027%2D2031/K%C3%B6ln");
    assert_false(target.slash);
    assert_string_equal(rh_target_rest(&target, 1, &arena), "2027-2031/Köln");
    assert_true(rh_target_begins(&target, 2, "turnus", "2027-2031"));
    assert_false(rh_target_begins(&target, 2, "turnus", "2028"));
}

static void the_root_has_no_segments_and_a_last_slash_is_noticed(void **state)
{
    rh_auto_arena(arena, 64 * 1024);
    struct rh_target target;
    (void)state;

    assert_int_equal(parse(&arena, "/", &target), 0);
    assert_int_equal(target.count, 0);
    assert_false(target.slash);
    assert_string_equal(target.query, "");

    assert_int_equal(parse(&arena, "/turnus/", &target), 0);
    assert_int_equal(target.count, 1);
    assert_true(target.slash);
}

static void targets_that_try_to_climb_or_hide_are_refused(void **state)
{
    static const char *const bad[] = {
        "",
        "turnus",
        "*",
        "http://127.0.0.1/",
        "//",
        "/a//b",
        "/..",
        "/a/../b",
        "/%2e%2e/a",
        "/.",
        "/a%2Fb",
        "/a%5Cb",
        "/a%00",
        "/a%0a",
        "/%ff",
        "/%",
        "/a#b",
        "/a\\b",
        "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17",
    };
    (void)state;

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        rh_auto_arena(arena, 64 * 1024);
        struct rh_target target;

        assert_int_equal(parse(&arena, bad[i], &target), RH_EUSAGE);
    }
}

static void the_server_listens_on_this_machine_only(void **state)
{
    static const char *const good[] = {"127.0.0.1:8186", "localhost:0", "[::1]:8186",
                                       "127.1.2.3:1"};
    static const char *const foreign[] = {"0.0.0.0:8186",      "[::]:8186", "192.168.1.5:80",
                                          "reihum.example:80", ":8186",     "[fe80::1]:80"};
    static const char *const nonsense[] = {
        "", "8186", "127.0.0.1", "127.0.0.1:x", "127.0.0.1:70000", "127.0.0.1:-1", "127.0.0.1:+1"};
    struct rh_address address;
    (void)state;

    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        assert_int_equal(rh_address_parse(good[i], &address, NULL), 0);
    for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++)
        assert_int_equal(rh_address_parse(foreign[i], &address, NULL), RH_EFORBIDDEN);
    for (size_t i = 0; i < sizeof(nonsense) / sizeof(nonsense[0]); i++)
        assert_int_equal(rh_address_parse(nonsense[i], &address, NULL), RH_EUSAGE);
}

static void a_refused_address_is_explained_in_both_languages(void **state)
{
    struct rh_address address;
    struct rh_err err = {0};
    (void)state;

    rh_address_parse("0.0.0.0:8186", &address, &err);

    assert_non_null(strstr(err.text[RH_DE], "'0.0.0.0:8186'"));
    assert_non_null(strstr(err.text[RH_DE], "keine Anmeldung"));
    assert_non_null(strstr(err.text[RH_EN], "no sign-in"));
}

static void a_port_that_is_taken_is_named(void **state)
{
    char text[RH_ADDRESS_TEXT];
    struct rh_address address, again;
    struct rh_err err = {0};
    int first, second;
    (void)state;

    assert_int_equal(rh_address_parse("127.0.0.1:0", &address, NULL), 0);
    assert_int_equal(rh_address_listen(&address, &first, NULL), 0);
    rh_address_text(&address, text);
    assert_int_equal(rh_address_parse(text, &again, NULL), 0);

    assert_int_equal(rh_address_listen(&again, &second, &err), RH_EBUSY);
    assert_non_null(strstr(err.text[RH_DE], text));
    close(first);
}

static void the_unix_socket_is_for_its_owner_alone(void **state)
{
    char folder[] = "/tmp/rh-http-XXXXXX", path[64];
    struct stat info;
    int socket, again;
    (void)state;

    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/reihum.db.sock", folder);
    assert_int_equal(rh_address_listen_local(path, &socket, NULL), 0);

    assert_int_equal(stat(path, &info), 0);
    assert_true(S_ISSOCK(info.st_mode));
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_int_equal(rh_address_listen_local(path, &again, NULL), 0); /* what lies there is stale */

    close(socket);
    close(again);
    unlink(path);
    assert_int_equal(rh_address_listen_local("/tmp/no-such-folder/x.sock", &socket, NULL),
                     RH_ENOTFOUND);
    rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_target_is_split_before_it_is_decoded),
        cmocka_unit_test(the_root_has_no_segments_and_a_last_slash_is_noticed),
        cmocka_unit_test(targets_that_try_to_climb_or_hide_are_refused),
        cmocka_unit_test(the_server_listens_on_this_machine_only),
        cmocka_unit_test(a_refused_address_is_explained_in_both_languages),
        cmocka_unit_test(a_port_that_is_taken_is_named),
        cmocka_unit_test(the_unix_socket_is_for_its_owner_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
