#include "core/server/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LINE_MAX_BYTES ((size_t)8 * 1024)

static const char *name_of(enum rh_log_level level)
{
    switch (level) {
    case RH_LOG_ERROR:
        return "error";
    case RH_LOG_WARNING:
        return "warning";
    case RH_LOG_INFO:
        return "info";
    }
    return "?";
}

/* In quotes when it is more than a word; a line stays a line. */
static void add_value(struct rh_str *out, const char *value)
{
    bool plain = value[0] != '\0';

    for (const unsigned char *p = (const unsigned char *)value; *p && plain; p++)
        plain = *p > ' ' && *p != '"' && *p != '=' && *p != '\\' && *p != 0x7f;
    if (plain) {
        rh_str_add(out, value);
        return;
    }
    rh_str_add_char(out, '"');
    for (const unsigned char *p = (const unsigned char *)value; *p; p++) {
        if (*p == '"' || *p == '\\')
            rh_str_add_char(out, '\\');
        rh_str_add_char(out, *p < ' ' || *p == 0x7f ? ' ' : (char)*p);
    }
    rh_str_add_char(out, '"');
}

void rh_log_line(struct rh_str *out, enum rh_log_level level, const char *event,
                 const char *const *pairs)
{
    rh_str_printf(out, "level=%s event=%s", name_of(level), event);
    for (; pairs[0]; pairs += 2) {
        if (!pairs[1])
            continue;
        rh_str_printf(out, " %s=", pairs[0]);
        add_value(out, pairs[1]);
    }
    rh_str_add_char(out, '\n');
}

static void add_time(struct rh_str *out, enum rh_log_level level)
{
    time_t now = time(NULL);
    char text[32];
    struct tm utc;

    if (getenv("JOURNAL_STREAM")) {
        rh_str_printf(out, "<%d>", (int)level);
    } else if (gmtime_r(&now, &utc) &&
               strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ ", &utc) > 0) {
        rh_str_add(out, text);
    }
}

void rh_log_pairs(enum rh_log_level level, const char *event, const char *const *pairs)
{
    rh_auto_str(line, LINE_MAX_BYTES);

    add_time(&line, level);
    rh_log_line(&line, level, event, pairs);
    /* One call, so that lines of several threads do not mix; nobody to tell when it fails. */
    (void)fwrite(line.data, 1, line.length, stderr);
}
