#include "core/mail/header.h"

#include "core/base/encoding.h"
#include "core/base/text.h"

#include <stdio.h>
#include <string.h>

#define WORD_MAX 75 /* RFC 2047, 2 */

struct mail_header mail_header_begin(struct rh_str *out, const char *name)
{
    rh_str_printf(out, "%s:", name);
    return (struct mail_header){out, strlen(name) + 1};
}

void mail_header_end(struct mail_header *header)
{
    rh_str_add(header->out, "\r\n");
}

/* A space, or a new line that begins with one. */
static void make_room(struct mail_header *header, size_t length)
{
    if (header->column + 1 + length > MAIL_LINE_MAX && header->column > 1) {
        rh_str_add(header->out, "\r\n ");
        header->column = 1;
        return;
    }
    rh_str_add_char(header->out, ' ');
    header->column++;
}

static bool is_printable(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)text[i] < 0x20 || (unsigned char)text[i] > 0x7e)
            return false;
    return true;
}

static void put_word(struct mail_header *header, const char *text, size_t length)
{
    if (!is_printable(text, length)) { /* a caller forgot to check: no message at all */
        header->out->failed = true;
        return;
    }
    make_room(header, length);
    rh_str_add_n(header->out, text, length);
    header->column += length;
}

void mail_header_word(struct mail_header *header, const char *text)
{
    put_word(header, text, strlen(text));
}

/* ---- RFC 2047 ---- */

/* What may stand as it is in the Q encoding, in a display name too (RFC 2047, 5 (3)). */
static bool is_plain_q(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c && strchr("!*+-/", c));
}

static size_t q_length(const char *text, size_t length)
{
    size_t sum = 0;

    for (size_t i = 0; i < length; i++)
        sum += is_plain_q((unsigned char)text[i]) || text[i] == ' ' ? 1 : 3;
    return sum;
}

static void put_q(struct rh_str *out, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];

        if (c == ' ')
            rh_str_add_char(out, '_');
        else if (is_plain_q(c))
            rh_str_add_char(out, (char)c);
        else
            rh_str_printf(out, "=%02X", c);
    }
}

/* The bytes of the first character, at least 1. */
static size_t character(const char *text, size_t length)
{
    size_t cut = rh_text_cut(text, length, 1);

    /* with its accents, unless there are so many that no word could hold them */
    if (cut > 12 || cut == 0) {
        cut = 1;
        while (cut < length && ((unsigned char)text[cut] & 0xc0) == 0x80)
            cut++;
    }
    return cut;
}

/* `whole`: rather on a line of its own than in two words. Some readers put a space between two
 * words of a name (Python's, say), which RFC 2047, 6.2 forbids. */
static void put_encoded(struct mail_header *header, const char *text, size_t length, bool whole)
{
    static const char q_open[] = "=?utf-8?Q?", b_open[] = "=?utf-8?B?";
    size_t as_q = q_length(text, length), as_b = (length + 2) / 3 * 4;
    bool base64 = as_q > as_b;

    whole = whole && (base64 ? as_b : as_q) + sizeof(q_open) - 1 + 2 <= WORD_MAX;

    while (length > 0) {
        size_t room = header->column + 1 + 24 < MAIL_LINE_MAX ? MAIL_LINE_MAX - header->column - 1
                                                              : MAIL_LINE_MAX - 1;
        size_t used = 0, taken = 0;
        rh_auto_str(word, 256);

        if (room > WORD_MAX || whole)
            room = WORD_MAX;
        room -= sizeof(q_open) - 1 + 2;
        while (taken < length) {
            size_t next = character(text + taken, length - taken);

            used = base64 ? (taken + next + 2) / 3 * 4 : q_length(text, taken + next);
            if (used > room && taken > 0)
                break;
            taken += next;
        }
        rh_str_add(&word, base64 ? b_open : q_open);
        if (base64)
            rh_base64_encode(text, taken, &word);
        else
            put_q(&word, text, taken);
        rh_str_add(&word, "?=");
        if (word.failed)
            header->out->failed = true;
        put_word(header, word.data, word.length);
        text += taken;
        length -= taken;
    }
}

/* Words parted by single spaces, none too long and none that looks encoded: as it is. */
static bool is_simple(const char *text)
{
    size_t length = strlen(text), word = 0;

    if (!is_printable(text, length) || strstr(text, "=?") || length == 0 || text[0] == ' ' ||
        text[length - 1] == ' ' || strstr(text, "  "))
        return false;
    for (size_t i = 0; i < length; i++) {
        word = text[i] == ' ' ? 0 : word + 1;
        if (word > 60)
            return false;
    }
    return true;
}

static bool has_control(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            return true;
    return false;
}

static void put_simple(struct mail_header *header, const char *text)
{
    while (*text) {
        size_t length = strcspn(text, " ");

        put_word(header, text, length);
        text += length + (text[length] == ' ');
    }
}

void mail_header_text(struct mail_header *header, const char *text)
{
    if (has_control(text))
        header->out->failed = true;
    else if (is_simple(text))
        put_simple(header, text);
    else
        put_encoded(header, text, strlen(text), false);
}

/* ---- mailboxes ---- */

static bool is_phrase(const char *name)
{
    for (; *name; name++) {
        char c = *name;

        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              strchr(" !#$%&'*+-/=?^_`{|}~", c)))
            return false;
    }
    return true;
}

static void put_quoted(struct mail_header *header, const char *name)
{
    rh_auto_str(quoted, 1024);

    rh_str_add_char(&quoted, '"');
    for (; *name; name++) {
        if (*name == '"' || *name == '\\')
            rh_str_add_char(&quoted, '\\');
        rh_str_add_char(&quoted, *name);
    }
    rh_str_add_char(&quoted, '"');
    if (quoted.failed)
        header->out->failed = true;
    put_simple(header, quoted.data);
}

void mail_header_mailbox(struct mail_header *header, const char *name, const char *address,
                         bool more)
{
    char word[300];
    bool named = name && *name;

    if (named && has_control(name))
        header->out->failed = true;
    else if (named && is_simple(name) && is_phrase(name))
        put_simple(header, name);
    else if (named && is_simple(name))
        put_quoted(header, name);
    else if (named)
        put_encoded(header, name, strlen(name), true);
    (void)snprintf(word, sizeof(word), named ? "<%s>%s" : "%s%s", address, more ? "," : "");
    mail_header_word(header, word);
}

/* ---- parameters ---- */

static bool is_attribute(unsigned char c) /* RFC 2231, 7: attribute-char */
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c && strchr("!#$&+-.^_`{|}~", c));
}

/* name*0*=utf-8''…; name*1*=… in pieces that fit their line; RFC 2231 allows splitting anywhere
 * between the encoded bytes, but readers are happier with whole characters. */
static void put_2231(struct mail_header *header, const char *name, const char *value)
{
    size_t length = strlen(value), at = 0;
    int piece = 0;
    bool whole = strlen(name) + 10 + q_length(value, length) < MAIL_LINE_MAX - 4;

    while (at < length) {
        rh_auto_str(word, 512);

        if (whole)
            rh_str_printf(&word, "%s*=utf-8''", name);
        else
            rh_str_printf(&word, "%s*%d*=%s", name, piece, piece == 0 ? "utf-8''" : "");
        while (at < length) {
            size_t next = character(value + at, length - at);

            if (!whole && word.length + next * 3 > MAIL_LINE_MAX - 4)
                break;
            for (size_t i = at; i < at + next; i++)
                if (is_attribute((unsigned char)value[i]))
                    rh_str_add_char(&word, value[i]);
                else
                    rh_str_printf(&word, "%%%02X", (unsigned char)value[i]);
            at += next;
        }
        if (at < length)
            rh_str_add_char(&word, ';');
        mail_header_word(header, word.data);
        piece++;
    }
}

void mail_header_parameter(struct mail_header *header, const char *name, const char *value)
{
    size_t length = strlen(value);

    rh_str_add_char(header->out, ';');
    header->column++;
    if (has_control(value)) {
        header->out->failed = true;
    } else if (is_printable(value, length) && length <= 60 && !strpbrk(value, "\"\\")) {
        char word[128];

        (void)snprintf(word, sizeof(word), "%s=\"%s\"", name, value);
        make_room(header, strlen(word)); /* one piece, though it may hold spaces */
        rh_str_add(header->out, word);
        header->column += strlen(word);
    } else {
        put_2231(header, name, value);
    }
}
