#include "core/mail/mime.h"

#include "core/base/encoding.h"
#include "core/base/text.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static const char replacement[] = "\xef\xbf\xbd"; /* U+FFFD */

/* ---- lines and fields ---- */

/* The length of the line with its end; the end alone in *ret_end. */
static size_t line_of(const char *text, size_t length, size_t *ret_without_end)
{
    const char *end = memchr(text, '\n', length);
    size_t whole = end ? (size_t)(end - text) + 1 : length;
    size_t bare = end ? whole - 1 : whole;

    if (bare > 0 && text[bare - 1] == '\r')
        bare--;
    *ret_without_end = bare;
    return whole;
}

struct mime_entity mime_entity_of(const char *bytes, size_t length)
{
    size_t at = 0;

    while (at < length) {
        size_t bare, whole = line_of(bytes + at, length - at, &bare);

        if (bare == 0)
            return (struct mime_entity){{bytes, at}, {bytes + at + whole, length - at - whole}};
        at += whole;
    }
    return (struct mime_entity){{bytes, length}, {bytes + length, 0}};
}

bool mime_field(struct mime_slice header, const char *name, size_t n, struct mime_slice *ret)
{
    size_t at = 0, name_length = strlen(name);

    while (at < header.length) {
        const char *field = header.text + at;
        size_t left = header.length - at, bare, size = line_of(field, left, &bare);

        while (size < left && (field[size] == ' ' || field[size] == '\t'))
            size += line_of(field + size, left - size, &bare);
        at += size;
        if (size <= name_length || strncasecmp(field, name, name_length) != 0)
            continue;
        left = name_length;
        while (left < size && (field[left] == ' ' || field[left] == '\t'))
            left++;
        if (left < size && field[left] == ':' && n-- == 0) {
            *ret = (struct mime_slice){field + left + 1, size - left - 1};
            return true;
        }
    }
    return false;
}

/* ---- bytes to UTF-8 ---- */

static void put_utf8(const char *text, size_t length, struct rh_str *out)
{
    while (length > 0) {
        size_t valid = rh_text_valid_span(text, length);

        for (size_t i = 0; i < valid; i++) /* NUL is valid UTF-8 and no text */
            if (text[i])
                rh_str_add_char(out, text[i]);
        if (valid < length) {
            rh_str_add(out, replacement);
            valid++;
        }
        text += valid;
        length -= valid;
    }
}

static bool is_latin(const char *charset)
{
    static const char *const names[] = {"iso-8859-1", "iso8859-1",   "latin1",
                                        "cp1252",     "iso-8859-15", "windows-1252"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (strcasecmp(charset, names[i]) == 0)
            return true;
    return false;
}

static void put_charset(const char *charset, const char *text, size_t length, struct rh_str *out)
{
    if (!is_latin(charset)) {
        put_utf8(text, length, out);
        return;
    }
    for (size_t i = 0; i < length; i++)
        if (text[i])
            rh_cp1252_decode(text + i, 1, out);
}

/* ---- transfer forms, leniently ---- */

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Only blanks between `from` and `to`? */
static bool is_blank(const char *text, size_t from, size_t to)
{
    while (from < to && (text[from] == ' ' || text[from] == '\t'))
        from++;
    return from >= to;
}

static void put_unquoted(const char *text, size_t length, bool in_header, struct rh_str *out)
{
    for (size_t i = 0; i < length; i++) {
        if (in_header && text[i] == '_') {
            rh_str_add_char(out, ' ');
        } else if (text[i] != '=') {
            rh_str_add_char(out, text[i]);
        } else if (i + 2 < length && hex(text[i + 1]) >= 0 && hex(text[i + 2]) >= 0) {
            rh_str_add_char(out, (char)(hex(text[i + 1]) * 16 + hex(text[i + 2])));
            i += 2;
        } else {
            size_t bare, whole = line_of(text + i, length - i, &bare);

            if (!in_header && is_blank(text, i + 1, i + bare))
                i += whole - 1; /* a soft line break */
            else
                rh_str_add_char(out, '=');
        }
    }
}

static void put_unbased(const char *text, size_t length, struct rh_str *out)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    unsigned bits = 0;
    int count = 0;

    for (size_t i = 0; i < length; i++) {
        const char *digit = text[i] ? strchr(digits, text[i]) : NULL;

        if (!digit)
            continue; /* line ends, padding, and what does not belong there */
        bits = (bits << 6 | (unsigned)(digit - digits)) & 0xffffffu;
        if (++count % 4 != 1)
            rh_str_add_char(out, (char)(bits >> (6 - 2 * ((count - 1) % 4)) & 0xff));
    }
}

void mime_body_of(const struct mime_entity *entity, bool as_text, struct rh_str *out)
{
    struct mime_slice field;
    char charset[40], form[32] = "";
    rh_auto_str(raw, out->maximum);
    const char *text = entity->body.text;
    size_t length = entity->body.length;

    if (mime_field(entity->header, "Content-Transfer-Encoding", 0, &field)) {
        while (field.length > 0 && strchr(" \t\r\n", field.text[0])) {
            field.text++;
            field.length--;
        }
        (void)snprintf(form, sizeof(form), "%.*s", (int)(field.length < 31 ? field.length : 31),
                       field.text);
        form[strcspn(form, " \t\r\n;(")] = '\0';
    }
    if (strcasecmp(form, "quoted-printable") == 0)
        put_unquoted(text, length, false, &raw);
    else if (strcasecmp(form, "base64") == 0)
        put_unbased(text, length, &raw);
    else
        rh_str_add_n(&raw, text, length < raw.maximum ? length : raw.maximum);
    if (!as_text) {
        rh_str_add_n(out, raw.data, raw.length);
        return;
    }
    mime_parameter_of(entity->header, "charset", charset, sizeof(charset));
    put_charset(charset, raw.data, raw.length, out);
}

/* ---- words ---- */

/* "=?charset?Q?text?=": its length, or 0. */
static size_t put_encoded_word(const char *text, size_t length, struct rh_str *out)
{
    const char *end = text + length, *charset = text + 2, *form, *word, *close;
    char name[40];
    rh_auto_str(raw, 4096);

    if (length < 8 || text[0] != '=' || text[1] != '?')
        return 0;
    form = memchr(charset, '?', (size_t)(end - charset));
    if (!form || end - form < 4 || form[2] != '?')
        return 0;
    word = form + 3;
    close = memchr(word, '?', (size_t)(end - word));
    if (!close || close + 1 >= end || close[1] != '=')
        return 0;
    (void)snprintf(name, sizeof(name), "%.*s", (int)(form - charset < 39 ? form - charset : 39),
                   charset);
    name[strcspn(name, "*")] = '\0'; /* RFC 2231, 5: a language behind it */
    if (form[1] == 'Q' || form[1] == 'q')
        put_unquoted(word, (size_t)(close - word), true, &raw);
    else if (form[1] == 'B' || form[1] == 'b')
        put_unbased(word, (size_t)(close - word), &raw);
    else
        return 0;
    put_charset(name, raw.data, raw.length, out);
    return (size_t)(close + 2 - text);
}

void mime_text_of(struct mime_slice value, struct rh_str *out)
{
    rh_auto_str(text, 64 * 1024);
    size_t spaces = 0;
    bool after_word = false;

    for (size_t i = 0; i < value.length;) {
        char c = value.text[i];
        size_t word;

        if (strchr(" \t\r\n", c) || !c) {
            spaces++;
            i++;
            continue;
        }
        {
            size_t before = text.length;
            rh_auto_str(decoded, 4096);

            word = put_encoded_word(value.text + i, value.length - i, &decoded);
            /* Between two encoded words spaces mean nothing. */
            if (spaces > 0 && before > 0 && !(word && after_word))
                rh_str_add_char(&text, ' ');
            rh_str_add_n(&text, decoded.data, decoded.length);
        }
        spaces = 0;
        after_word = word > 0;
        if (word == 0)
            rh_str_add_char(&text, c);
        i += word ? word : 1;
    }
    for (size_t i = 0; i < text.length; i++) /* also those that an encoded word brought */
        if ((unsigned char)text.data[i] < 0x20 || text.data[i] == 0x7f)
            text.data[i] = ' ';
    put_utf8(text.data, text.length, out);
}

/* ---- Content-Type ---- */

void mime_type_of(struct mime_slice header, char type[MIME_TYPE_MAX])
{
    struct mime_slice field;
    size_t length = 0;

    if (mime_field(header, "Content-Type", 0, &field))
        for (size_t i = 0; i < field.length && field.text[i] != ';' && length < MIME_TYPE_MAX - 1;
             i++)
            if ((unsigned char)field.text[i] > ' ' && (unsigned char)field.text[i] < 0x7f)
                type[length++] =
                    (char)(field.text[i] >= 'A' && field.text[i] <= 'Z' ? field.text[i] - 'A' + 'a'
                                                                        : field.text[i]);
    type[length] = '\0';
    if (length == 0)
        memcpy(type, "text/plain", sizeof("text/plain"));
}

/* Behind the next ';' outside quotes. */
static size_t next_parameter(struct mime_slice field, size_t at)
{
    bool quoted = false;

    for (; at < field.length; at++) {
        if (field.text[at] == '\\' && quoted)
            at++;
        else if (field.text[at] == '"')
            quoted = !quoted;
        else if (field.text[at] == ';' && !quoted)
            return at + 1;
    }
    return field.length;
}

static void copy_value(struct mime_slice field, size_t at, char *value, size_t size)
{
    bool quoted = at < field.length && field.text[at] == '"';
    size_t used = 0;

    for (at += quoted; at < field.length && used < size - 1; at++) {
        char c = field.text[at];

        if (quoted && c == '\\' && at + 1 < field.length)
            c = field.text[++at];
        else if (quoted ? c == '"' : strchr("; \t\r\n", c) != NULL)
            break;
        if ((unsigned char)c >= ' ')
            value[used++] = c;
    }
    value[used] = '\0';
}

void mime_parameter_of(struct mime_slice header, const char *name, char *value, size_t size)
{
    struct mime_slice field;
    size_t length = strlen(name);

    value[0] = '\0';
    if (!mime_field(header, "Content-Type", 0, &field))
        return;
    for (size_t at = next_parameter(field, 0); at < field.length; at = next_parameter(field, at)) {
        size_t start = at;

        while (start < field.length && strchr(" \t\r\n", field.text[start]))
            start++;
        if (field.length - start > length && strncasecmp(field.text + start, name, length) == 0 &&
            field.text[start + length] == '=') {
            copy_value(field, start + length + 1, value, size);
            return;
        }
    }
}

/* ---- parts ---- */

struct walk {
    mime_each *each;
    void *context;
    int parts;
};

static bool walk(struct walk *w, const struct mime_entity *entity, int depth);

/* The line "--boundary" or "--boundary--" from `at` on: where it starts, and where what follows
 * does. */
static bool find_boundary(struct mime_slice body, size_t at, const char *boundary,
                          size_t *ret_start, size_t *ret_next, bool *ret_last)
{
    size_t length = strlen(boundary);

    while (at < body.length) {
        const char *line = body.text + at;
        size_t bare, whole = line_of(line, body.length - at, &bare);

        if (bare >= length + 2 && line[0] == '-' && line[1] == '-' &&
            memcmp(line + 2, boundary, length) == 0 &&
            (bare == length + 2 || strchr(" \t-", line[length + 2]))) {
            *ret_start = at;
            *ret_next = at + whole;
            *ret_last = bare >= length + 4 && line[length + 2] == '-' && line[length + 3] == '-';
            return true;
        }
        at += whole;
    }
    return false;
}

static bool walk_parts(struct walk *w, const struct mime_entity *entity, const char *boundary,
                       int depth)
{
    size_t start, next, end, after;
    bool last;

    if (!find_boundary(entity->body, 0, boundary, &start, &next, &last))
        return true;
    while (!last && w->parts < MIME_PARTS_MAX) {
        struct mime_entity part;

        if (!find_boundary(entity->body, next, boundary, &end, &after, &last)) {
            end = after = entity->body.length; /* cut off: the rest is the last part */
            last = true;
        }
        part = mime_entity_of(entity->body.text + next, end - next);
        if (!walk(w, &part, depth + 1))
            return false;
        next = after;
    }
    return true;
}

static bool walk(struct walk *w, const struct mime_entity *entity, int depth)
{
    char type[MIME_TYPE_MAX], boundary[80];

    if (depth > MIME_DEPTH_MAX || ++w->parts > MIME_PARTS_MAX)
        return true;
    mime_type_of(entity->header, type);
    if (strncmp(type, "multipart/", 10) == 0) {
        mime_parameter_of(entity->header, "boundary", boundary, sizeof(boundary));
        if (boundary[0])
            return walk_parts(w, entity, boundary, depth);
    }
    return w->each(w->context, entity, type, depth);
}

void mime_walk(const struct mime_entity *message, mime_each *each, void *context)
{
    struct walk w = {.each = each, .context = context};

    (void)walk(&w, message, 0);
}
