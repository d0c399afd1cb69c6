#include "plugins/appointments/ical/line.h"

#include <stdlib.h>
#include <string.h>

/* ---- bytes ---- */

void ical_text_free(struct ical_text *text)
{
    free(text->data);
    *text = (struct ical_text){0};
}

static bool make_room(struct ical_text *text, size_t more)
{
    size_t room = text->room ? text->room : 1024;
    char *data;

    if (text->failed || more > ICAL_BYTES_MAX - text->length)
        return false;
    while (room < text->length + more + 1)
        room *= 2;
    if (room == text->room)
        return true;
    data = realloc(text->data, room);
    if (!data)
        return false;
    text->data = data;
    text->room = room;
    return true;
}

static void add(struct ical_text *text, const char *bytes, size_t count)
{
    if (!make_room(text, count)) {
        text->failed = true;
        return;
    }
    memcpy(text->data + text->length, bytes, count);
    text->length += count;
    text->data[text->length] = '\0';
}

/* ---- lines ---- */

/* What must stay together: a character, an escape. */
static void add_unit(struct ical_line *line, const char *bytes, size_t count)
{
    if (line->octets + count > ICAL_LINE_OCTETS) {
        add(line->out, "\r\n ", 3);
        line->octets = 1;
    }
    add(line->out, bytes, count);
    line->octets += count;
}

static size_t bytes_of_character(const char *text)
{
    unsigned char first = (unsigned char)*text;
    size_t count = first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;

    return strnlen(text, count);
}

static void add_units(struct ical_line *line, const char *text)
{
    while (*text) {
        size_t count = bytes_of_character(text);

        add_unit(line, text, count);
        text += count;
    }
}

struct ical_line ical_line_begin(struct ical_text *out, const char *name)
{
    struct ical_line line = {.out = out};

    add_units(&line, name);
    return line;
}

static const char *parameter_escape(char c)
{
    switch (c) {
    case '\n':
        return "^n";
    case '^':
        return "^^";
    case '"':
        return "^'";
    default:
        return NULL;
    }
}

void ical_line_parameter(struct ical_line *line, const char *name, const char *value)
{
    bool quoted = strpbrk(value, ":;,") != NULL;

    add_unit(line, ";", 1);
    add_units(line, name);
    add_unit(line, "=", 1);
    if (quoted)
        add_unit(line, "\"", 1);
    while (*value) {
        size_t count = bytes_of_character(value);
        const char *escape;

        if (value[0] == '\r' && value[1] == '\n')
            value++;
        escape = parameter_escape(*value);
        add_unit(line, escape ? escape : value, escape ? 2 : count);
        value += count;
    }
    if (quoted)
        add_unit(line, "\"", 1);
}

static const char *text_escape(char c)
{
    switch (c) {
    case '\n':
        return "\\n";
    case '\\':
        return "\\\\";
    case ';':
        return "\\;";
    case ',':
        return "\\,";
    default:
        return NULL;
    }
}

void ical_line_text(struct ical_line *line, const char *value)
{
    add_unit(line, ":", 1);
    ical_line_more(line, value);
}

void ical_line_more(struct ical_line *line, const char *value)
{
    while (*value) {
        size_t count = bytes_of_character(value);
        const char *escape;

        if (value[0] == '\r' && value[1] == '\n')
            value++;
        escape = text_escape(*value);
        add_unit(line, escape ? escape : value, escape ? 2 : count);
        value += count;
    }
}

void ical_line_plain(struct ical_line *line, const char *value)
{
    add_unit(line, ":", 1);
    add_units(line, value);
}

void ical_line_end(struct ical_line *line)
{
    add(line->out, "\r\n", 2);
}

void ical_put(struct ical_text *out, const char *name, const char *value)
{
    struct ical_line line = ical_line_begin(out, name);

    ical_line_plain(&line, value);
    ical_line_end(&line);
}

void ical_put_text(struct ical_text *out, const char *name, const char *value)
{
    struct ical_line line = ical_line_begin(out, name);

    ical_line_text(&line, value);
    ical_line_end(&line);
}

/* ---- what may be written at all ---- */

/* The code point, and its bytes; 0 bytes when it is not UTF-8 (RFC 3629). */
static uint32_t decode(const unsigned char *text, size_t *ret_bytes)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t count = text[0] < 0x80 ? 1 : text[0] < 0xe0 ? 2 : text[0] < 0xf0 ? 3 : 4;
    uint32_t c = count == 1 ? text[0] : text[0] & (0xffu >> (count + 1));

    *ret_bytes = 0;
    if ((text[0] >= 0x80 && text[0] < 0xc2) || text[0] > 0xf4)
        return 0;
    for (size_t i = 1; i < count; i++) {
        if ((text[i] & 0xc0) != 0x80)
            return 0;
        c = c << 6 | (text[i] & 0x3f);
    }
    if (c < least[count] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
        return 0;
    *ret_bytes = count;
    return c;
}

/* U+0085, U+2028 and U+2029 end a line in the eyes of some readers (Python's splitlines()), and the
 * rest of it would be a line of its own. */
static bool is_control(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029;
}

bool ical_text_ok(const char *text, bool lines, size_t characters)
{
    const unsigned char *at = (const unsigned char *)text;

    for (size_t count = 0; *at; count++) {
        size_t bytes;
        uint32_t c = decode(at, &bytes);
        bool line_break = c == '\n' || (c == '\r' && at[1] == '\n');

        if (bytes == 0 || count == characters)
            return false;
        if (is_control(c) && !(lines && (line_break || c == '\t')))
            return false;
        at += bytes;
    }
    return true;
}

#define LETTERS_AND_DIGITS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

bool ical_address_ok(const char *address)
{
    static const char local[] = LETTERS_AND_DIGITS "!$&'*+-/=_`{|}~^.";
    const char *at = strchr(address, '@');
    size_t length = strlen(address), before = strspn(address, local);

    if (!at || address + before != at || before == 0 || before > 64 || length > 254 ||
        address[0] == '.' || at[-1] == '.' || strstr(address, ".."))
        return false;
    return at[1] && at[1] != '.' && address[length - 1] != '.' &&
           strspn(at + 1, LETTERS_AND_DIGITS "-.") == strlen(at + 1);
}

bool ical_uri_ok(const char *uri)
{
    static const char allowed[] = LETTERS_AND_DIGITS "-._~:/?#[]@!$&'()*+,;=%";
    size_t scheme = strncmp(uri, "https://", 8) == 0 ? 8 : strncmp(uri, "http://", 7) == 0 ? 7 : 0;

    return scheme && uri[scheme] && !strchr("/?#", uri[scheme]) && strlen(uri) <= 2000 &&
           strspn(uri, allowed) == strlen(uri);
}
