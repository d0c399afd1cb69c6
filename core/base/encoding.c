#include "core/base/encoding.h"

#include "core/base/text.h"

#include <string.h>
#include <utf8proc.h>

void rh_cp1252_decode(const char *bytes, size_t length, struct rh_str *out)
{
    static const uint16_t high[32] = {
        0x20ac, 0xfffd, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
        0x2039, 0x0152, 0xfffd, 0x017d, 0xfffd, 0xfffd, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
        0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0xfffd, 0x017e, 0x0178,
    };
    size_t i = 0;

    while (i < length) {
        size_t start = i;
        unsigned char byte;
        utf8proc_uint8_t encoded[4];
        utf8proc_ssize_t count;

        while (i < length && (unsigned char)bytes[i] < 0x80)
            i++;
        rh_str_add_n(out, bytes + start, i - start);
        if (i == length)
            break;
        byte = (unsigned char)bytes[i++];
        count = utf8proc_encode_char(byte < 0xa0 ? high[byte - 0x80] : byte, encoded);
        rh_str_add_n(out, (const char *)encoded, (size_t)count);
    }
}

static const char base64_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void rh_base64_encode(const void *bytes, size_t length, struct rh_str *out)
{
    const unsigned char *in = bytes;

    for (size_t i = 0; i < length; i += 3) {
        size_t left = length - i;
        unsigned group = (unsigned)in[i] << 16 | (left > 1 ? (unsigned)in[i + 1] << 8 : 0u) |
                         (left > 2 ? (unsigned)in[i + 2] : 0u);
        char four[4] = {
            base64_digits[group >> 18 & 63],
            base64_digits[group >> 12 & 63],
            left > 1 ? base64_digits[group >> 6 & 63] : '=',
            left > 2 ? base64_digits[group & 63] : '=',
        };

        rh_str_add_n(out, four, 4);
    }
}

static int base64_value(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if (c == '+')
        return 62;
    return c == '/' ? 63 : -1;
}

static int32_t refuse_base64(size_t at, struct rh_err *err)
{
    return rh_err_set(err, RH_EINVALID, "ungültiges Base64 an Stelle %zu",
                      "invalid base64 at position %zu", at + 1);
}

int32_t rh_base64_decode(const char *text, size_t length, struct rh_str *out, struct rh_err *err)
{
    if (length % 4 != 0)
        return refuse_base64(length, err);
    for (size_t i = 0; i < length; i += 4) {
        bool last = i + 4 == length;
        size_t digits = !last || text[i + 3] != '=' ? 4 : text[i + 2] != '=' ? 3 : 2;
        unsigned group = 0;
        char three[3];

        for (size_t j = 0; j < 4; j++) {
            int value = j < digits ? base64_value(text[i + j]) : 0;

            if (value < 0)
                return refuse_base64(i + j, err);
            group = group << 6 | (unsigned)value;
        }
        /* Bits beyond the last byte have to be zero, or two texts would mean the same bytes. */
        if ((digits == 3 && (group & 0xff)) || (digits == 2 && (group & 0xffff)))
            return refuse_base64(i + digits - 1, err);
        three[0] = (char)(group >> 16 & 255);
        three[1] = (char)(group >> 8 & 255);
        three[2] = (char)(group & 255);
        rh_str_add_n(out, three, digits - 1);
    }
    return rh_str_check(out, err);
}

static bool is_unreserved(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

void rh_percent_encode(const char *text, size_t length, struct rh_str *out)
{
    static const char hex[] = "0123456789ABCDEF";

    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)text[i];
        const char escaped[3] = {'%', hex[byte >> 4], hex[byte & 15]};

        if (is_unreserved(text[i]))
            rh_str_add_char(out, text[i]);
        else
            rh_str_add_n(out, escaped, 3);
    }
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

int32_t rh_percent_decode(const char *text, size_t length, bool form, struct rh_str *out,
                          struct rh_err *err)
{
    size_t start = out->length;

    for (size_t i = 0; i < length; i++) {
        char c = text[i];

        if (c == '%') {
            int high = i + 2 < length ? hex_value(text[i + 1]) : -1;
            int low = i + 2 < length ? hex_value(text[i + 2]) : -1;

            if (high < 0 || low < 0)
                return rh_err_set(
                    err, RH_EINVALID, "nach '%%' an Stelle %zu fehlen zwei Hexadezimalziffern",
                    "two hexadecimal digits are missing after '%%' at position %zu", i + 1);
            c = (char)(high << 4 | low);
            i += 2;
        } else if (c == '+' && form) {
            c = ' ';
        }
        if (c == '\0')
            return rh_err_set(err, RH_EINVALID, "der Text enthält ein NUL-Zeichen",
                              "the text contains a NUL character");
        rh_str_add_char(out, c);
    }
    if (rh_str_check(out, err) < 0)
        return RH_ETOOLARGE;
    if (!rh_text_valid(out->data + start, out->length - start))
        return rh_err_set(err, RH_EINVALID, "der Text ist kein gültiges UTF-8",
                          "the text is not valid UTF-8");
    return 0;
}
