#include "tests/support/loopback.h"

#include <netinet/in.h>
#include <poll.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

int loopback_free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof(address);
    int s = socket(AF_INET, SOCK_STREAM, 0), port = -1;

    if (s >= 0 && bind(s, (struct sockaddr *)&address, length) == 0 &&
        getsockname(s, (struct sockaddr *)&address, &length) == 0)
        port = ntohs(address.sin_port);
    (void)close(s);
    return port;
}

int loopback_wait_for(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                  .sin_port = htons((uint16_t)port)};

    for (int i = 0; i < 3000; i++) {
        int s = socket(AF_INET, SOCK_STREAM, 0);
        int rc = s < 0 ? -1 : connect(s, (struct sockaddr *)&address, sizeof(address));

        (void)close(s);
        if (rc == 0)
            return 0;
        (void)poll(NULL, 0, 10);
    }
    return -1;
}
