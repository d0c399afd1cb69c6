#include "core/base/json_out.h"

#include "core/base/number.h"

#include <string.h>
#include <utf8proc.h>

#define BIT(depth) ((uint64_t)1 << ((depth)-1))

void rh_json_out_init(struct rh_json_out *json, struct rh_str *out)
{
    *json = (struct rh_json_out){.out = out};
}

static bool in_object(const struct rh_json_out *json)
{
    return json->depth > 0 && (json->objects & BIT(json->depth));
}

static void new_line(struct rh_json_out *json)
{
    if (json->indent <= 0)
        return;
    rh_str_add_char(json->out, '\n');
    for (int i = 0; i < json->depth * json->indent; i++)
        rh_str_add_char(json->out, ' ');
}

static void separate(struct rh_json_out *json)
{
    if (json->depth == 0)
        return;
    if (json->started & BIT(json->depth))
        rh_str_add_char(json->out, ',');
    json->started |= BIT(json->depth);
    new_line(json);
}

/* Is a value allowed here? Writes what has to stand before it. */
static bool place_value(struct rh_json_out *json)
{
    if (json->broken)
        return false;
    if (json->finished || (in_object(json) && !json->key_written)) {
        json->broken = true;
        return false;
    }
    if (!in_object(json))
        separate(json);
    json->key_written = false;
    json->finished = json->depth == 0;
    return true;
}

static void begin(struct rh_json_out *json, bool object)
{
    if (json->depth == RH_JSON_DEPTH_MAX)
        json->broken = true;
    if (!place_value(json))
        return;
    json->finished = false;
    json->depth++;
    json->started &= ~BIT(json->depth);
    json->objects = object ? json->objects | BIT(json->depth) : json->objects & ~BIT(json->depth);
    rh_str_add_char(json->out, object ? '{' : '[');
}

static void end(struct rh_json_out *json, bool object)
{
    bool empty;

    if (json->broken)
        return;
    if (json->depth == 0 || in_object(json) != object || json->key_written) {
        json->broken = true;
        return;
    }
    empty = !(json->started & BIT(json->depth));
    json->depth--;
    if (!empty)
        new_line(json);
    rh_str_add_char(json->out, object ? '}' : ']');
    json->finished = json->depth == 0;
}

void rh_json_object_begin(struct rh_json_out *json)
{
    begin(json, true);
}

void rh_json_object_end(struct rh_json_out *json)
{
    end(json, true);
}

void rh_json_array_begin(struct rh_json_out *json)
{
    begin(json, false);
}

void rh_json_array_end(struct rh_json_out *json)
{
    end(json, false);
}

static void add_escape(struct rh_str *out, unsigned code)
{
    static const char hex[] = "0123456789abcdef";
    const char escape[6] = {
        '\\', 'u', hex[code >> 12 & 15], hex[code >> 8 & 15], hex[code >> 4 & 15], hex[code & 15],
    };

    rh_str_add_n(out, escape, sizeof(escape));
}

static void add_ascii(struct rh_str *out, char c)
{
    static const char named[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
    const char *found = c ? strchr(named, c) : NULL;

    if (found) {
        rh_str_add_char(out, '\\');
        rh_str_add_char(out, letters[found - named]);
    } else {
        add_escape(out, (unsigned char)c);
    }
}

static bool is_plain(unsigned char c, bool html_safe)
{
    if (c < 0x20 || c >= 0x7f || c == '"' || c == '\\')
        return false;
    return !html_safe || (c != '<' && c != '>' && c != '&');
}

/* Text between the quotes. Runs of plain bytes are copied at once. */
static void add_quoted(struct rh_json_out *json, const char *text, size_t length)
{
    size_t i = 0;

    rh_str_add_char(json->out, '"');
    while (i < length) {
        utf8proc_int32_t code;
        utf8proc_ssize_t bytes;
        size_t start = i;

        while (i < length && is_plain((unsigned char)text[i], json->html_safe))
            i++;
        rh_str_add_n(json->out, text + start, i - start);
        if (i == length)
            break;
        if ((unsigned char)text[i] < 0x80) {
            add_ascii(json->out, text[i++]);
            continue;
        }
        bytes = utf8proc_iterate((const utf8proc_uint8_t *)text + i, (utf8proc_ssize_t)(length - i),
                                 &code);
        if (bytes <= 0) {
            rh_str_add(json->out, "\xEF\xBF\xBD");
            i++;
        } else {
            if (json->html_safe && (code == 0x2028 || code == 0x2029))
                add_escape(json->out, (unsigned)code);
            else
                rh_str_add_n(json->out, text + i, (size_t)bytes);
            i += (size_t)bytes;
        }
    }
    rh_str_add_char(json->out, '"');
}

void rh_json_key(struct rh_json_out *json, const char *key)
{
    if (json->broken)
        return;
    if (!in_object(json) || json->key_written) {
        json->broken = true;
        return;
    }
    separate(json);
    add_quoted(json, key, strlen(key));
    rh_str_add_char(json->out, ':');
    if (json->indent > 0)
        rh_str_add_char(json->out, ' ');
    json->key_written = true;
}

void rh_json_text_n(struct rh_json_out *json, const char *text, size_t length)
{
    if (place_value(json))
        add_quoted(json, text, length);
}

void rh_json_text(struct rh_json_out *json, const char *text)
{
    if (text)
        rh_json_text_n(json, text, strlen(text));
    else
        rh_json_null(json);
}

void rh_json_int(struct rh_json_out *json, int64_t value)
{
    char digits[RH_NUMBER_MAX];

    if (place_value(json))
        rh_str_add_n(json->out, digits, rh_int_format(value, digits));
}

void rh_json_double(struct rh_json_out *json, double value)
{
    char digits[RH_NUMBER_MAX];
    size_t length = rh_double_format(value, digits);

    if (!place_value(json))
        return;
    if (length)
        rh_str_add_n(json->out, digits, length);
    else
        rh_str_add(json->out, "null");
}

void rh_json_bool(struct rh_json_out *json, bool value)
{
    if (place_value(json))
        rh_str_add(json->out, value ? "true" : "false");
}

void rh_json_null(struct rh_json_out *json)
{
    if (place_value(json))
        rh_str_add(json->out, "null");
}

void rh_json_raw(struct rh_json_out *json, const char *text, size_t length)
{
    if (length == 0)
        json->broken = true;
    else if (place_value(json))
        rh_str_add_n(json->out, text, length);
}

void rh_json_put_text(struct rh_json_out *json, const char *key, const char *text)
{
    rh_json_key(json, key);
    rh_json_text(json, text);
}

void rh_json_put_int(struct rh_json_out *json, const char *key, int64_t value)
{
    rh_json_key(json, key);
    rh_json_int(json, value);
}

void rh_json_put_double(struct rh_json_out *json, const char *key, double value)
{
    rh_json_key(json, key);
    rh_json_double(json, value);
}

void rh_json_put_bool(struct rh_json_out *json, const char *key, bool value)
{
    rh_json_key(json, key);
    rh_json_bool(json, value);
}

void rh_json_put_null(struct rh_json_out *json, const char *key)
{
    rh_json_key(json, key);
    rh_json_null(json);
}

int32_t rh_json_finish(const struct rh_json_out *json, struct rh_err *err)
{
    if (json->broken || !json->finished)
        return rh_err_set(err, RH_EFAILED, "die JSON-Antwort wurde falsch zusammengesetzt",
                          "the JSON answer was put together wrongly");
    return rh_str_check(json->out, err);
}
