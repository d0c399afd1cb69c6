#include "tests/support/peer.h"

#include "tests/support/program.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pwd.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

int peer_free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof(address);
    int s = socket(AF_INET, SOCK_STREAM, 0);

    assert_true(s >= 0 && bind(s, (struct sockaddr *)&address, length) == 0 &&
                getsockname(s, (struct sockaddr *)&address, &length) == 0);
    close(s);
    return ntohs(address.sin_port);
}

void peer_wait_for(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                  .sin_port = htons((uint16_t)port)};

    for (int i = 0; i < 3000; i++) {
        int s = socket(AF_INET, SOCK_STREAM, 0);
        bool fine = s >= 0 && connect(s, (struct sockaddr *)&address, sizeof(address)) == 0;

        close(s);
        if (fine)
            return;
        (void)poll(NULL, 0, 10);
    }
    fail_msg("nobody listens on port %d", port);
}

const char *peer_user(const char *service)
{
    static char name[64];
    const struct passwd *us = getpwuid(geteuid());

    if (geteuid() == 0)
        return service;
    snprintf(name, sizeof(name), "%s", us ? us->pw_name : "nobody");
    return name;
}

static void make_folder(const char *path)
{
    (void)mkdir(path, 0777);
    assert_int_equal(chmod(path, 0777), 0); /* whatever the umask says */
}

pid_t peer_dovecot(const char *folder, int *ret_imap, int *ret_lmtp)
{
    char path[200];
    const char *words[] = {"/usr/sbin/dovecot", "-F", "-c", path, NULL};
    int out;
    FILE *file;
    pid_t id;

    *ret_imap = peer_free_port();
    *ret_lmtp = peer_free_port();
    snprintf(path, sizeof(path), "%s/mail", folder);
    make_folder(path);
    snprintf(path, sizeof(path), "%s/dovecot.conf", folder);
    file = fopen(path, "w");
    assert_non_null(file);
    /* %1$s is one argument however often it stands there. */
    /* cppcheck-suppress invalidPrintfArgType_s */
    fprintf(file,
            "protocols = imap lmtp\nlisten = 127.0.0.1\nssl = no\n"
            "disable_plaintext_auth = no\nbase_dir = %1$s/run\nstate_dir = %1$s/state\n"
            "log_path = %1$s/dovecot.log\nmail_location = maildir:%1$s/mail/%%n\n"
            "default_internal_user = %2$s\ndefault_login_user = %3$s\ndefault_internal_group ="
            " %4$s\nfirst_valid_uid = 1\nrecipient_delimiter = +\n"
            "passdb {\n driver = static\n args = password=geheim\n}\n"
            "userdb {\n driver = static\n args = uid=%5$s gid=%6$s home=%1$s/mail/%%n"
            " allow_all_users=yes\n}\n"
            "service imap-login {\n inet_listener imap {\n  port = %7$d\n }\n"
            " inet_listener imaps {\n  port = 0\n }\n}\n"
            "service lmtp {\n inet_listener lmtp {\n  address = 127.0.0.1\n  port = %8$d\n }\n}\n"
            "service anvil {\n chroot =\n}\nservice imap-login {\n chroot =\n}\n",
            folder, peer_user("dovecot"), peer_user("dovenull"),
            geteuid() == 0 ? "dovecot" : peer_user(""), peer_user("nobody"),
            geteuid() == 0 ? "nogroup" : peer_user(""), *ret_imap, *ret_lmtp);
    fclose(file);
    id = program_start(words, &out);
    close(out);
    peer_wait_for(*ret_imap);
    return id;
}

void peer_deliver(const char *folder, const char *name, int number, const char *text)
{
    static const char *const folders[] = {"", "/cur", "/new", "/tmp"};
    char path[300];
    FILE *file;

    for (size_t i = 0; i < 4; i++) {
        snprintf(path, sizeof(path), "%s/mail/%s%s", folder, name, folders[i]);
        make_folder(path);
    }
    snprintf(path, sizeof(path), "%s/mail/%s/new/18%08d.M1P1.test", folder, name, number);
    file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    assert_int_equal(chmod(path, 0666), 0);
}
