/* A child that behaves as its first word says. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

extern char **environ;

static void hang(void)
{
    signal(SIGTERM, SIG_IGN);
    for (;;)
        pause();
}

static void flood(void)
{
    static const char bytes[4096];

    while (write(STDOUT_FILENO, bytes, sizeof(bytes)) > 0)
        ;
}

/* 3,000 lines of errors, the last of which tells the reason. */
static void complain(void)
{
    for (int i = 0; i < 3000; i++)
        fprintf(stderr, "line %d\n", i);
    fprintf(stderr, "the reason");
    exit(3);
}

static void tell_surroundings(void)
{
    struct rlimit files;
    int words = 0, open = 0;

    while (environ[words])
        words++;
    for (int fd = 3; fd < 1000; fd++)
        open += lseek(fd, 0, SEEK_CUR) >= 0;
    getrlimit(RLIMIT_FSIZE, &files);
    printf("environment %d open %d files %ld pipe %d", words, open, (long)files.rlim_cur,
           signal(SIGPIPE, SIG_DFL) == SIG_DFL);
}

static void echo(void)
{
    char bytes[4096];
    size_t got;

    while ((got = fread(bytes, 1, sizeof(bytes), stdin)) > 0)
        fwrite(bytes, 1, got, stdout);
}

int main(int count, char **words)
{
    const char *how = count > 1 ? words[1] : "";

    if (strcmp(how, "crash") == 0)
        raise(SIGSEGV);
    if (strcmp(how, "hang") == 0)
        hang();
    if (strcmp(how, "flood") == 0)
        flood();
    if (strcmp(how, "complain") == 0)
        complain();
    if (strcmp(how, "surroundings") == 0)
        tell_surroundings();
    if (strcmp(how, "echo") == 0)
        echo();
    return 0;
}
