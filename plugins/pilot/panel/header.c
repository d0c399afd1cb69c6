#include "plugins/pilot/panel/header.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

struct line {
    const char *at, *end;
    char delimiter;
    int32_t is_utf8;
};

static const char *end_of_line(const char *at, const char *end)
{
    while (at < end && *at != '\n' && *at != '\r')
        at++;
    return at;
}

/* Only what a first line can show: well-formed sequences of two to four bytes. */
static int32_t looks_like_utf8(const char *at, const char *end)
{
    while (at < end) {
        unsigned char c = (unsigned char)*at++;
        int32_t more = c < 0x80                ? 0
                       : c >= 0xc2 && c < 0xe0 ? 1
                       : c >= 0xe0 && c < 0xf0 ? 2
                       : c >= 0xf0 && c < 0xf5 ? 3
                                               : -1;

        if (more < 0)
            return 0;
        for (; more > 0; more--)
            if (at == end || ((unsigned char)*at++ & 0xc0) != 0x80)
                return 0;
    }
    return 1;
}

static char find_delimiter(const char *at, const char *end)
{
    int32_t semicolons = 0, commas = 0, tabs = 0;

    for (; at < end; at++) {
        semicolons += *at == ';';
        commas += *at == ',';
        tabs += *at == '\t';
    }
    return tabs > semicolons && tabs > commas   ? '\t'
           : semicolons >= commas && semicolons ? ';'
                                                : ',';
}

static int32_t add_byte(char *to, size_t *length, char c)
{
    if (*length == WHERE_NAME_MAX)
        return 0;
    to[(*length)++] = c;
    return 1;
}

static int32_t may_stand(unsigned char c)
{
    return isalnum(c) || c == '_' || c == '-' || c >= 0x80;
}

/* One letter of the file as it stands in a name; 0 when it cannot. */
static int32_t add_letter(const struct line *line, char *to, size_t *length, char letter)
{
    unsigned char c = (unsigned char)letter;

    if (!may_stand(c))
        return 0;
    if (c < 0x80 || line->is_utf8)
        return add_byte(to, length, c < 0x80 ? (char)tolower(c) : letter);
    return c >= 0xa0 && add_byte(to, length, (char)(0xc0 | c >> 6)) &&
           add_byte(to, length, (char)(0x80 | (c & 0x3f)));
}

/* The next field; 1 when it is a name. */
static int32_t read_field(struct line *line, char *to)
{
    size_t length = 0;
    int32_t quoted = 0, fine = 1;

    while (line->at < line->end && (*line->at == ' '))
        line->at++;
    for (; line->at < line->end; line->at++) {
        char c = *line->at;

        if (c == '"') {
            quoted = !quoted;
            continue;
        }
        if (c == line->delimiter && !quoted)
            break;
        if (c == ' ' && fine) { /* blanks at the end are no part of it */
            const char *p = line->at;
            while (p < line->end && (*p == ' ' || *p == '"'))
                p++;
            if (p == line->end || *p == line->delimiter)
                continue;
        }
        fine = fine && add_letter(line, to, &length, c);
    }
    to[fine ? length : 0] = '\0';
    line->at += line->at < line->end;
    return fine && length > 0;
}

static int32_t is_known(const struct header *header, const char *name)
{
    for (int32_t i = 0; i < header->count; i++)
        if (strcasecmp(header->name[i], name) == 0)
            return 1;
    return 0;
}

void header_read(const char *bytes, size_t size, struct header *ret)
{
    struct line line = {.at = bytes, .end = bytes + size};
    const char *end;

    memset(ret, 0, sizeof(*ret));
    if (size >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0)
        line.at += 3;
    end = end_of_line(line.at, line.end);
    if (end - line.at >= 5 && strncasecmp(line.at, "sep=", 4) == 0) {
        line.delimiter = line.at[4];
        line.at = end + (end < line.end);
        line.at += line.at < line.end && line.at[-1] == '\r' && *line.at == '\n';
        end = end_of_line(line.at, line.end);
    }
    line.end = end;
    line.is_utf8 = looks_like_utf8(line.at, line.end);
    if (!line.delimiter)
        line.delimiter = find_delimiter(line.at, line.end);
    while (line.at < line.end && ret->count < HEADER_NAMES_MAX)
        if (read_field(&line, ret->name[ret->count]) && !is_known(ret, ret->name[ret->count]))
            ret->count++;
    if (ret->count < HEADER_NAMES_MAX)
        ret->name[ret->count][0] = '\0';
}
