/* client.h: the command as a client of the server that owns the database file. */
#include "core/cli/client.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

/* A server that was stopped (SIGSTOP, a debugger, a dead disk) takes the connection and says
 * nothing: the command once waited for ever. */
static void a_server_without_a_sign_of_life_is_given_up(void **state)
{
    static const struct rh_operation_entry op = {.path = "office/list"};
    char folder[] = "/tmp/rh-client-XXXXXX";
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct rh_client_options options = {
        .socket_path = address.sun_path, .lang = RH_DE, .patience_ms = 50};
    struct rh_str json = RH_STR_INIT(4096);
    struct rh_err err = {0};
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int32_t rc;
    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(address.sun_path, sizeof(address.sun_path), "%s/sock", folder);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, sizeof(address)), 0);
    assert_int_equal(listen(listener, 4), 0);

    rc = rh_client_call(&options, &op, NULL, 0, &json, &err);

    assert_int_equal(rc, RH_EUNREACHABLE);
    assert_non_null(strstr(err.text[RH_DE], "kein Lebenszeichen"));
    close(listener);
    unlink(address.sun_path);
    rmdir(folder);
    rh_str_fini(&json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_server_without_a_sign_of_life_is_given_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
