#include "core/base/text.h"

#include "core/base/alloc.h"

#include <string.h>
#include <utf8proc.h>

/* One character: its code point, or -1 for a byte that is not UTF-8. Returns its bytes, at least 1.
 * length > 0. */
static size_t next_character(const char *text, size_t length, int32_t *ret_code)
{
    utf8proc_int32_t code;
    utf8proc_ssize_t bytes;

    if ((unsigned char)text[0] < 0x80) {
        *ret_code = (unsigned char)text[0];
        return 1;
    }
    if (length > 4)
        length = 4;
    bytes = utf8proc_iterate((const utf8proc_uint8_t *)text, (utf8proc_ssize_t)length, &code);
    if (bytes <= 0) {
        *ret_code = -1;
        return 1;
    }
    *ret_code = code;
    return (size_t)bytes;
}

size_t rh_text_valid_span(const char *text, size_t length)
{
    size_t i = 0;

    while (i < length) {
        int32_t code;
        size_t bytes = next_character(text + i, length - i, &code);

        if (code < 0)
            break;
        i += bytes;
    }
    return i;
}

bool rh_text_valid(const char *text, size_t length)
{
    return rh_text_valid_span(text, length) == length;
}

static bool is_control(int32_t code)
{
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x2028 || code == 0x2029;
}

static bool changes_direction(int32_t code)
{
    return (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

static bool is_line_layout(const char *text, size_t length, size_t i)
{
    return text[i] == '\t' || text[i] == '\n' ||
           (text[i] == '\r' && i + 1 < length && text[i + 1] == '\n');
}

static int32_t check_characters(const char *text, size_t length, size_t characters, bool lines,
                                struct rh_err *err)
{
    size_t count = 0, bytes;

    for (size_t i = 0; i < length; i += bytes) {
        int32_t code;

        bytes = next_character(text + i, length - i, &code);
        count++;
        if (code < 0)
            return rh_err_set(err, RH_EINVALID, "Zeichen %zu ist kein gültiges UTF-8",
                              "character %zu is not valid UTF-8", count);
        if (is_control(code) && !(lines && is_line_layout(text, length, i)))
            return rh_err_set(err, RH_EINVALID,
                              "Zeichen %zu ist ein Steuerzeichen (U+%04X); bitte entfernen",
                              "character %zu is a control character (U+%04X); please remove it",
                              count, (unsigned)code);
        if (changes_direction(code))
            return rh_err_set(
                err, RH_EINVALID,
                "Zeichen %zu kehrt unsichtbar die Schreibrichtung um (U+%04X); bitte entfernen",
                "character %zu invisibly turns the writing direction (U+%04X); please remove it",
                count, (unsigned)code);
    }
    if (count > characters)
        return rh_err_set(err, RH_ETOOLARGE, "hat %zu Zeichen, erlaubt sind höchstens %zu",
                          "has %zu characters, at most %zu are allowed", count, characters);
    return 0;
}

int32_t rh_text_check_line(const char *text, size_t length, size_t characters, struct rh_err *err)
{
    if (length == 0)
        return rh_err_set(err, RH_EINVALID, "darf nicht leer sein", "must not be empty");
    return check_characters(text, length, characters, false, err);
}

int32_t rh_text_check_lines(const char *text, size_t length, size_t characters, struct rh_err *err)
{
    return check_characters(text, length, characters, true, err);
}

static bool is_space(int32_t code)
{
    return (code >= 9 && code <= 13) || code == ' ' || code == 0xa0 ||
           (code >= 0x2000 && code <= 0x200b) || code == 0x202f || code == 0x3000 || code == 0xfeff;
}

void rh_text_trim(const char **text, size_t *length)
{
    const char *start = *text;
    size_t left = *length, end = 0, bytes;
    int32_t code;

    while (left > 0) {
        bytes = next_character(start, left, &code);
        if (!is_space(code))
            break;
        start += bytes;
        left -= bytes;
    }
    for (size_t i = 0; i < left; i += bytes) {
        bytes = next_character(start + i, left - i, &code);
        if (!is_space(code))
            end = i + bytes;
    }
    *text = start;
    *length = end;
}

static int32_t refuse_encoding(struct rh_err *err)
{
    return rh_err_set(err, RH_EINVALID, "der Text ist kein gültiges UTF-8",
                      "the text is not valid UTF-8");
}

/* utf8proc_map() would allocate by itself; its two steps work on memory of ours. */
static int32_t append_mapped(const char *text, size_t length, utf8proc_option_t options,
                             struct rh_str *out, struct rh_err *err)
{
    const utf8proc_uint8_t *bytes = (const utf8proc_uint8_t *)text;
    utf8proc_ssize_t count, written;
    utf8proc_int32_t *codes;

    count = utf8proc_decompose(bytes, (utf8proc_ssize_t)length, NULL, 0, options);
    if (count < 0)
        return refuse_encoding(err);
    codes = rh_alloc((size_t)count + 1, sizeof(*codes));
    if (!codes)
        return rh_err_nomem(err);
    count = utf8proc_decompose(bytes, (utf8proc_ssize_t)length, codes, count, options);
    written = count < 0 ? count : utf8proc_reencode(codes, count, options);
    if (written >= 0)
        rh_str_add_n(out, (const char *)codes, (size_t)written);
    rh_free(codes);
    return written < 0 ? refuse_encoding(err) : rh_str_check(out, err);
}

int32_t rh_text_nfc(const char *text, size_t length, struct rh_str *out, struct rh_err *err)
{
    bool plain = true;
    size_t bytes;

    for (size_t i = 0; i < length; i += bytes) {
        int32_t code;

        bytes = next_character(text + i, length - i, &code);
        if (code < 0)
            return refuse_encoding(err);
        plain = plain && code < 0x300; /* nothing below the combining marks changes in NFC */
    }
    if (!plain)
        return append_mapped(text, length, UTF8PROC_STABLE | UTF8PROC_COMPOSE, out, err);
    rh_str_add_n(out, text, length);
    return rh_str_check(out, err);
}

int32_t rh_text_fold(const char *text, size_t length, struct rh_str *out, struct rh_err *err)
{
    return append_mapped(text, length, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD, out,
                         err);
}

static size_t width_of(int32_t code)
{
    int width = code < 0 ? 1 : utf8proc_charwidth(code);

    return width < 0 ? 0 : (size_t)width;
}

size_t rh_text_count(const char *text, size_t length)
{
    size_t count = 0;
    int32_t code;

    for (size_t i = 0; i < length; count++)
        i += next_character(text + i, length - i, &code);
    return count;
}

size_t rh_text_width(const char *text, size_t length)
{
    size_t width = 0;

    for (size_t i = 0; i < length;) {
        int32_t code;

        i += next_character(text + i, length - i, &code);
        width += width_of(code);
    }
    return width;
}

static size_t cut(const char *text, size_t length, size_t limit, bool by_width)
{
    utf8proc_int32_t state = 0;
    int32_t code, before = -1;
    size_t used = 0, boundary = 0, bytes;

    for (size_t i = 0; i < length; i += bytes) {
        bytes = next_character(text + i, length - i, &code);
        if (i == 0 || code < 0 || before < 0 ||
            utf8proc_grapheme_break_stateful(before, code, &state))
            boundary = i;
        used += by_width ? width_of(code) : 1;
        if (used > limit)
            return boundary;
        before = code;
    }
    return length;
}

size_t rh_text_cut(const char *text, size_t length, size_t characters)
{
    return cut(text, length, characters, false);
}

size_t rh_text_cut_width(const char *text, size_t length, size_t columns)
{
    return cut(text, length, columns, true);
}

static void add_spaces(struct rh_str *out, size_t count)
{
    while (count-- > 0)
        rh_str_add_char(out, ' ');
}

void rh_text_fit(struct rh_str *out, const char *text, size_t length, size_t columns, bool right)
{
    size_t width = rh_text_width(text, length);
    size_t kept;

    if (width <= columns) {
        add_spaces(out, right ? columns - width : 0);
        rh_str_add_n(out, text, length);
        add_spaces(out, right ? 0 : columns - width);
        return;
    }
    if (columns == 0)
        return;
    kept = rh_text_cut_width(text, length, columns - 1);
    rh_str_add_n(out, text, kept);
    rh_str_add(out, "…");
    add_spaces(out, columns - 1 - rh_text_width(text, kept));
}
