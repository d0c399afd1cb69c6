#include "plugins/appointments/reader/out.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void put(struct ics_out *out, const char *bytes, size_t length)
{
    if (out->length + length + 1 > out->room) {
        size_t room = (out->length + length + 1) * 2;
        char *larger = out->failed ? NULL : realloc(out->data, room);

        if (!larger) {
            out->failed = true;
            return;
        }
        out->data = larger;
        out->room = room;
    }
    memcpy(out->data + out->length, bytes, length);
    out->length += length;
    out->data[out->length] = '\0';
}

void ics_out_free(struct ics_out *out)
{
    free(out->data);
    *out = (struct ics_out){0};
}

void ics_out_raw(struct ics_out *out, const char *json)
{
    put(out, json, strlen(json));
}

void ics_out_number(struct ics_out *out, int64_t value)
{
    char text[24];

    put(out, text, (size_t)snprintf(text, sizeof(text), "%lld", (long long)value));
}

/* Bytes of the character at `text`, 0 when they are none (RFC 3629: shortest form, no surrogates).
 */
static size_t character(const unsigned char *text, size_t length)
{
    unsigned char c = text[0];
    size_t size = c < 0x80 ? 1 : c >= 0xc2 && c < 0xe0 ? 2 : (c & 0xf0) == 0xe0 ? 3 : 0;

    if (c >= 0xf0 && c < 0xf5)
        size = 4;
    if (size == 0 || size > length)
        return 0;
    for (size_t i = 1; i < size; i++)
        if ((text[i] & 0xc0) != 0x80)
            return 0;
    if ((c == 0xe0 && text[1] < 0xa0) || (c == 0xed && text[1] >= 0xa0) ||
        (c == 0xf0 && text[1] < 0x90) || (c == 0xf4 && text[1] >= 0x90))
        return 0;
    return size;
}

static void put_character(struct ics_out *out, const char *text, size_t size)
{
    unsigned char c = (unsigned char)*text;
    char escape[8];

    if (size == 1 && (c == '"' || c == '\\')) {
        escape[0] = '\\';
        escape[1] = (char)c;
        put(out, escape, 2);
    } else if (size == 1 && (c < 0x20 || c == 0x7f))
        put(out, escape, (size_t)snprintf(escape, sizeof(escape), "\\u%04x", c));
    else
        put(out, text, size);
}

void ics_out_text(struct ics_out *out, const char *text, size_t max)
{
    size_t length = strlen(text), at = 0;

    put(out, "\"", 1);
    while (at < length) {
        size_t size = character((const unsigned char *)text + at, length - at);

        if (at + (size ? size : 1) > max)
            break;
        if (size)
            put_character(out, text + at, size);
        else
            put(out, "\xef\xbf\xbd", 3);
        at += size ? size : 1;
    }
    put(out, "\"", 1);
}

void ics_out_key(struct ics_out *out, const char *name)
{
    char last = out->length ? out->data[out->length - 1] : '{';

    if (last != '{' && last != '[')
        put(out, ",", 1);
    ics_out_text(out, name, 100);
    put(out, ":", 1);
}

void ics_out_notes(struct ics_out *out, const struct ics_notes *notes)
{
    bool first = true;

    ics_out_key(out, "notes");
    ics_out_raw(out, "[");
    for (int kind = 0; kind < ICS_NOTES; kind++) {
        char de[320], en[320];

        if (!notes->count[kind])
            continue;
        ics_note_text(notes, (enum ics_note_kind)kind, de, en);
        ics_out_raw(out, first ? "{" : ",{");
        ics_out_key(out, "kind");
        ics_out_text(out, ics_note_name((enum ics_note_kind)kind), 40);
        ics_out_key(out, "count");
        ics_out_number(out, notes->count[kind]);
        ics_out_key(out, "line");
        ics_out_number(out, notes->line[kind]);
        ics_out_key(out, "de");
        ics_out_text(out, de, sizeof(de));
        ics_out_key(out, "en");
        ics_out_text(out, en, sizeof(en));
        ics_out_raw(out, "}");
        first = false;
    }
    ics_out_raw(out, "]");
}

void ics_out_refused(struct ics_out *out, const struct ics_fault *fault)
{
    out->length = 0;
    ics_out_raw(out, "{\"refused\":{");
    ics_out_key(out, "line");
    ics_out_number(out, fault->line);
    ics_out_key(out, "de");
    ics_out_text(out, fault->de, sizeof(fault->de));
    ics_out_key(out, "en");
    ics_out_text(out, fault->en, sizeof(fault->en));
    ics_out_raw(out, "}}\n");
}
