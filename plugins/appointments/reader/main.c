/*
 * appointments-reader - a foreign calendar on standard input, what it says as JSON on standard
 * output, then it ends.
 *
 *     appointments-reader busy=2027-01-01..2027-12-31     see busy.h
 *     appointments-reader itip                            see itip.h
 *
 * A process of its own, because others wrote the input: it opens no file but those of time zones,
 * starts nothing, and has two seconds and 100 MiB. What is refused is an answer like any other,
 * {"refused":{"line","de","en"}}, because who asks has the sentence to pass on. Ends with 0; 1:
 * called wrongly; 2: no memory, no reader of the answer.
 */
#include "plugins/appointments/reader/busy.h"
#include "plugins/appointments/reader/itip.h"
#include "plugins/appointments/reader/moment.h"
#include "plugins/appointments/reader/zone.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define MEMORY_MAX ((rlim_t)100 * 1024 * 1024)

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif

#ifdef SANITIZED /* which makes it several times slower */
#define SECONDS_MAX 8
#else
#define SECONDS_MAX 2
#endif

static int set_limit(__rlimit_resource_t what, rlim_t most)
{
    struct rlimit limit;

    if (getrlimit(what, &limit) != 0)
        return -1;
    if (limit.rlim_max != RLIM_INFINITY && limit.rlim_max < most)
        most = limit.rlim_max;
    limit.rlim_cur = most;
    limit.rlim_max = most;
    return setrlimit(what, &limit);
}

static int set_limits(void)
{
    if (set_limit(RLIMIT_CPU, SECONDS_MAX) != 0 || set_limit(RLIMIT_CORE, 0) != 0 ||
        set_limit(RLIMIT_NOFILE, 8) != 0)
        return -1;
#ifndef SANITIZED /* its shadow takes terabytes of addresses */
    if (set_limit(RLIMIT_AS, MEMORY_MAX) != 0)
        return -1;
#endif
    return 0;
}

/* One byte more than may be, so that too much is seen; and room for one behind. */
static char *read_input(size_t *ret_length)
{
    const size_t most = ICS_BYTES_MAX + 1;
    char *bytes = malloc(most + 1);
    ssize_t got = 0;

    *ret_length = 0;
    while (bytes && *ret_length < most &&
           (got = read(STDIN_FILENO, bytes + *ret_length, most - *ret_length)) > 0)
        *ret_length += (size_t)got;
    if (bytes && got < 0) {
        free(bytes);
        return NULL;
    }
    return bytes;
}

static int write_answer(const struct ics_out *out)
{
    size_t done = 0;

    while (!out->failed && done < out->length) {
        ssize_t put = write(STDOUT_FILENO, out->data + done, out->length - done);

        if (put <= 0)
            return 2;
        done += (size_t)put;
    }
    return out->failed ? 2 : 0;
}

/* "2027-01-31" as its number. */
static bool day_of(const char *text, int64_t *ret)
{
    struct ics_stamp stamp;
    char plain[9];

    if (text[4] != '-' || text[7] != '-')
        return false;
    (void)snprintf(plain, sizeof(plain), "%.4s%.2s%.2s", text, text + 5, text + 8);
    if (!ics_stamp_read(plain, 8, &stamp))
        return false;
    *ret = ics_floor(stamp.local, ICS_DAY);
    return true;
}

/* "busy=2027-01-01..2027-12-31" */
static bool window_of(const char *word, int64_t *ret_from, int64_t *ret_until)
{
    return strncmp(word, "busy=", 5) == 0 && strlen(word) == 27 && word[15] == '.' &&
           word[16] == '.' && day_of(word + 5, ret_from) && day_of(word + 17, ret_until);
}

static int usage(void)
{
    static const char text[] = "appointments-reader busy=2027-01-01..2027-12-31 < calendar.ics\n"
                               "appointments-reader itip < message.ics\n";

    (void)!write(STDERR_FILENO, text, sizeof(text) - 1);
    return 1;
}

int main(int argc, char **argv)
{
    bool busy = argc == 2 && strcmp(argv[1], "itip") != 0;
    struct ics_out out = {0};
    struct ics_window window = {.zone_folder = ICS_ZONE_FOLDER, .work = ICS_WORK_MAX};
    size_t length;
    char *bytes;
    int status;

    if (argc != 2 || (busy && !window_of(argv[1], &window.from, &window.until)))
        return usage();
    bytes = set_limits() == 0 ? read_input(&length) : NULL;
    if (!bytes)
        return 2;
    if (busy)
        (void)ics_busy(bytes, length, &window, &out);
    else
        (void)ics_itip(bytes, length, ICS_ZONE_FOLDER, &out);
    status = write_answer(&out);
    ics_out_free(&out);
    free(bytes);
    return status;
}
