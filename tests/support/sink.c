#include "tests/support/sink.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

static const char *notes_path;
static int wait_ms;

static void note_mail(const char *text, size_t length)
{
    const char *id = strstr(text, "\r\nMessage-ID: ");
    uint64_t hash = UINT64_C(14695981039346656037);
    char line[300];
    int file = open(notes_path, O_WRONLY | O_APPEND | O_CREAT, 0600), size;

    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)text[i]) * UINT64_C(1099511628211);
    size = snprintf(line, sizeof(line), "%.*s %016llx\n", id ? (int)strcspn(id + 14, "\r") : 1,
                    id ? id + 14 : "?", (unsigned long long)hash);
    if (write(file, line, (size_t)size) != size)
        _exit(9);
    close(file);
}

static void *serve(void *context)
{
    FILE *in = context;
    int reply = dup(fileno(in));
    char line[2048], *text = NULL;
    size_t length = 0;

    dprintf(reply, "220 sink\r\n");
    while (fgets(line, sizeof(line), in)) {
        if (strncmp(line, "DATA", 4) == 0) {
            dprintf(reply, "354 go on\r\n");
            length = 0;
            while (fgets(line, sizeof(line), in) && strcmp(line, ".\r\n") != 0) {
                size_t size = strlen(line);
                char *more = realloc(text, length + size + 1);

                if (!more)
                    abort(); /* a test without memory has nothing to say */
                text = more;
                memcpy(text + length, line, size + 1);
                length += size;
            }
            if (feof(in) || ferror(in))
                break; /* cut in the middle: not a mail */
            note_mail(text, length);
            (void)poll(NULL, 0, wait_ms);
        }
        dprintf(reply, strncmp(line, "QUIT", 4) == 0 ? "221 bye\r\n" : "250 ok\r\n");
    }
    free(text);
    close(reply);
    fclose(in);
    return NULL;
}

static void be_the_sink(int listener)
{
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* nobody is left to end it */
    signal(SIGPIPE, SIG_IGN);
    for (;;) {
        int connection = accept(listener, NULL, NULL);
        pthread_t thread;

        if (connection >= 0 && pthread_create(&thread, NULL, serve, fdopen(connection, "r")) == 0)
            pthread_detach(thread);
    }
}

pid_t sink_start(const char *notes, int answer_ms, int *ret_port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof(address);
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    pid_t id = -1;

    notes_path = notes;
    wait_ms = answer_ms;
    if (listener >= 0 && bind(listener, (struct sockaddr *)&address, length) == 0 &&
        listen(listener, 64) == 0 &&
        getsockname(listener, (struct sockaddr *)&address, &length) == 0)
        id = fork();
    if (id == 0)
        be_the_sink(listener);
    *ret_port = ntohs(address.sin_port);
    close(listener);
    return id;
}
