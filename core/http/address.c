#include "core/http/address.h"

#include "core/base/number.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define BACKLOG 256

static int32_t not_an_address(const char *text, struct rh_err *err)
{
    return rh_err_set(err, RH_EUSAGE,
                      "'%.80s' ist keine Adresse zum Lauschen (erwartet: 127.0.0.1:8186)",
                      "'%.80s' is no address to listen on (expected: 127.0.0.1:8186)", text);
}

static int32_t not_here_alone(const char *text, struct rh_err *err)
{
    return rh_err_set(
        err, RH_EFORBIDDEN,
        "'%.80s' ist auch von anderen Rechnern erreichbar; solange es keine Anmeldung gibt, "
        "antwortet der Server nur auf dem eigenen (127.0.0.1, [::1] oder localhost)",
        "'%.80s' can be reached from other machines; as long as there is no sign-in, the server "
        "answers on its own only (127.0.0.1, [::1] or localhost)",
        text);
}

int32_t rh_address_parse(const char *text, struct rh_address *ret, struct rh_err *err)
{
    const char *colon = strrchr(text, ':');
    struct rh_address address = {0};
    char host[64];
    size_t length;
    int64_t port;

    if (!colon || !rh_int_parse(colon + 1, strlen(colon + 1), &port) || port < 0 || port > 65535 ||
        colon[1] < '0' || colon[1] > '9')
        return not_an_address(text, err);
    length = (size_t)(colon - text);
    if (length == 0)
        return not_here_alone(text, err);
    if (length >= sizeof(host))
        return not_an_address(text, err);
    memcpy(host, text, length);
    host[length] = '\0';
    if (host[0] == '[' && host[length - 1] == ']') {
        host[length - 1] = '\0';
        if (inet_pton(AF_INET6, host + 1, &address.socket.six.sin6_addr) != 1)
            return not_an_address(text, err);
        if (!IN6_IS_ADDR_LOOPBACK(&address.socket.six.sin6_addr))
            return not_here_alone(text, err);
        address.socket.six.sin6_family = AF_INET6;
        address.socket.six.sin6_port = htons((uint16_t)port);
        address.length = sizeof(address.socket.six);
    } else {
        if (strcmp(host, "localhost") == 0)
            memcpy(host, "127.0.0.1", sizeof("127.0.0.1"));
        if (inet_pton(AF_INET, host, &address.socket.four.sin_addr) != 1)
            return not_here_alone(text, err);
        if ((ntohl(address.socket.four.sin_addr.s_addr) >> 24) != 127)
            return not_here_alone(text, err);
        address.socket.four.sin_family = AF_INET;
        address.socket.four.sin_port = htons((uint16_t)port);
        address.length = sizeof(address.socket.four);
    }
    *ret = address;
    return 0;
}

void rh_address_text(const struct rh_address *address, char text[RH_ADDRESS_TEXT])
{
    char host[INET6_ADDRSTRLEN] = "";

    if (address->socket.any.sa_family == AF_INET6) {
        inet_ntop(AF_INET6, &address->socket.six.sin6_addr, host, sizeof(host));
        snprintf(text, RH_ADDRESS_TEXT, "[%s]:%d", host, ntohs(address->socket.six.sin6_port));
    } else {
        inet_ntop(AF_INET, &address->socket.four.sin_addr, host, sizeof(host));
        snprintf(text, RH_ADDRESS_TEXT, "%s:%d", host, ntohs(address->socket.four.sin_port));
    }
}

/* The sentence for what bind() or listen() said. */
static int32_t cannot_listen(const char *where, int number, struct rh_err *err)
{
    if (number == EADDRINUSE)
        return rh_err_set(err, RH_EBUSY,
                          "auf %s lauscht schon ein anderes Programm; mit --listen 127.0.0.1:0 "
                          "sucht sich der Server einen freien Port",
                          "another program is listening on %s; with --listen 127.0.0.1:0 the "
                          "server looks for a free port itself",
                          where);
    if (number == EACCES)
        return rh_err_set(err, RH_EFORBIDDEN, "auf %s darf dieser Benutzer nicht lauschen",
                          "this user may not listen on %s", where);
    if (number == ENOENT || number == ENOTDIR)
        return rh_err_set(err, RH_ENOTFOUND, "der Ordner von '%s' fehlt",
                          "the folder of '%s' is missing", where);
    return rh_err_set(err, RH_EFAILED, "auf %s kann nicht gelauscht werden: %s",
                      "cannot listen on %s: %s", where, strerror(number));
}

int32_t rh_address_listen(struct rh_address *address, int *ret_socket, struct rh_err *err)
{
    int fd = socket(address->socket.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    char where[RH_ADDRESS_TEXT];
    int on = 1;

    rh_address_text(address, where);
    if (fd < 0)
        return cannot_listen(where, errno, err);
    /* A restart shall not wait for connections of the last run to time out. */
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (bind(fd, &address->socket.any, address->length) != 0 || listen(fd, BACKLOG) != 0 ||
        getsockname(fd, &address->socket.any, &address->length) != 0) {
        int32_t rc = cannot_listen(where, errno, err);

        close(fd);
        return rc;
    }
    *ret_socket = fd;
    return 0;
}

int32_t rh_address_listen_local(const char *path, int *ret_socket, struct rh_err *err)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd;

    if (strlen(path) >= sizeof(address.sun_path))
        return rh_err_set(
            err, RH_EUSAGE,
            "der Pfad '%s' ist zu lang für einen Unix-Socket (höchstens %zu Zeichen); "
            "die Datenbank braucht einen kürzeren Ort",
            "the path '%s' is too long for a Unix socket (at most %zu characters); "
            "the database needs a shorter place",
            path, sizeof(address.sun_path) - 1);
    memcpy(address.sun_path, path, strlen(path));
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return cannot_listen(path, errno, err);
    (void)unlink(path); /* what is there is stale; if it cannot go, bind() says so */
    /* Linux takes the mode of the socket's own inode for the file, so nobody can slip in between
     * bind() and chmod(). */
    if (fchmod(fd, S_IRUSR | S_IWUSR) != 0 ||
        bind(fd, (struct sockaddr *)&address, sizeof(address)) != 0 || listen(fd, BACKLOG) != 0) {
        int32_t rc = cannot_listen(path, errno, err);

        close(fd);
        return rc;
    }
    *ret_socket = fd;
    return 0;
}
