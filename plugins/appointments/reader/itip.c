#include "plugins/appointments/reader/itip.h"

#include "plugins/appointments/reader/event.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define ADDRESS_SIZE 255 /* RFC 5321: at most 254 bytes */

struct reading {
    struct ics_object object;
    struct ics_zones zones;
    struct ics_notes notes;
    struct ics_fault *fault;
    int64_t allowance;
    const struct ics_component *calendar, *event;
    const struct ics_property *method;
    struct ics_out *out;
};

/* ---- what it is about ---- */

static int32_t find_calendar(struct reading *r)
{
    for (uint32_t i = 0; i < r->object.components; i++) {
        const struct ics_component *c = &r->object.component[i];

        if (c->parent != ICS_NONE)
            continue;
        if (r->calendar)
            return ics_refuse(r->fault, c->line,
                              "Zeile %u: ein zweiter Kalender in derselben Nachricht",
                              "line %u: a second calendar in the same message", c->line);
        r->calendar = c;
    }
    return 0;
}

static int32_t find_event(struct reading *r)
{
    for (uint32_t i = 0; i < r->object.components; i++) {
        const struct ics_component *c = &r->object.component[i];

        if (c->parent == ICS_NONE || &r->object.component[c->parent] != r->calendar ||
            strcasecmp(c->name, "VTIMEZONE") == 0)
            continue;
        if (strcasecmp(c->name, "VEVENT") != 0)
            return ics_refuse(r->fault, c->line, "Zeile %u: %.40s ist kein Termin (VEVENT)",
                              "line %u: %.40s is no event (VEVENT)", c->line, c->name);
        if (r->event)
            return ics_refuse(r->fault, c->line,
                              "Zeile %u: ein zweiter Termin in derselben Nachricht",
                              "line %u: a second event in the same message", c->line);
        r->event = c;
    }
    if (!r->event)
        return ics_refuse(r->fault, 0, "in der Nachricht steht kein Termin (VEVENT)",
                          "there is no event (VEVENT) in the message");
    return 0;
}

static int32_t find_method(struct reading *r)
{
    static const char *const methods[] = {"REPLY",  "COUNTER", "REFRESH",        "REQUEST",
                                          "CANCEL", "ADD",     "DECLINECOUNTER", "PUBLISH"};

    r->method = ics_property_of(&r->object, r->calendar, "METHOD");
    if (!r->method)
        return ics_refuse(r->fault, 0, "die Nachricht sagt nicht, was sie will (METHOD fehlt)",
                          "the message does not say what it wants (no METHOD)");
    for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
        if (strcasecmp(methods[i], r->method->value) == 0)
            return 0;
    return ics_refuse(r->fault, r->method->line, "Zeile %u: METHOD:%.40s gibt es nicht",
                      "line %u: there is no METHOD:%.40s", r->method->line, r->method->value);
}

static int32_t find_uid(struct reading *r)
{
    const struct ics_property *uid = ics_property_of(&r->object, r->event, "UID");

    if (!uid || !*uid->value)
        return ics_refuse(r->fault, r->event->line, "Zeile %u: der Termin hat keine Kennung (UID)",
                          "line %u: the event has no UID", r->event->line);
    if (strlen(uid->value) > 500)
        return ics_refuse(r->fault, uid->line, "Zeile %u: die Kennung (UID) ist zu lang",
                          "line %u: the UID is too long", uid->line);
    return 0;
}

/* ---- values ---- */

/* Undoes the escapes of TEXT (RFC 5545, 3.3.11), in place of a copy. */
static void put_text(struct reading *r, const char *text)
{
    char clean[ICS_TEXT_MAX + 8];
    size_t length = 0;

    for (; *text && length < ICS_TEXT_MAX + 4; text++) {
        char c = *text;

        if (c == '\\' && text[1]) {
            c = *++text;
            if (c == 'n' || c == 'N')
                c = '\n';
        }
        clean[length++] = c;
    }
    clean[length] = '\0';
    ics_out_text(r->out, clean, ICS_TEXT_MAX);
}

static void text_member(struct reading *r, const char *key, const char *name)
{
    const struct ics_property *p = ics_property_of(&r->object, r->event, name);

    ics_out_key(r->out, key);
    if (p && *p->value)
        put_text(r, p->value);
    else
        ics_out_raw(r->out, "null");
}

static void upper_member(struct ics_out *out, const char *key, const char *value)
{
    char upper[41] = "";

    ics_out_key(out, key);
    if (!value || !*value || strlen(value) >= sizeof(upper)) {
        ics_out_raw(out, "null");
        return;
    }
    for (size_t i = 0; value[i]; i++)
        upper[i] = (char)(value[i] >= 'a' && value[i] <= 'z' ? value[i] - 32 : value[i]);
    ics_out_text(out, upper, sizeof(upper));
}

static void sequence_member(struct reading *r)
{
    const struct ics_property *p = ics_property_of(&r->object, r->event, "SEQUENCE");
    char *end = NULL;
    long long value = p ? strtoll(p->value, &end, 10) : 0;

    ics_out_key(r->out, "sequence");
    if (p && end != p->value && !*end && value >= 0 && value <= INT32_MAX)
        ics_out_number(r->out, value);
    else
        ics_out_raw(r->out, "null");
}

/* What cannot be read is as good as missing, with a note. */
static bool when_of(struct reading *r, const char *name, struct ics_when *ret)
{
    const struct ics_property *p = ics_property_of(&r->object, r->event, name);

    if (!p)
        return false;
    if (ics_when_read(&r->zones, p, p->value, strlen(p->value), NULL, ret))
        return true;
    ics_note(&r->notes, ICS_NOTE_TIME, p->line);
    return false;
}

static void dtstamp_member(struct reading *r)
{
    struct ics_when when;

    ics_out_key(r->out, "dtstamp");
    if (when_of(r, "DTSTAMP", &when))
        ics_out_number(r->out, when.utc);
    else
        ics_out_raw(r->out, "null");
}

static void put_when(struct reading *r, const struct ics_when *when)
{
    int64_t local =
        when->date ? when->local : ics_zone_local(ics_zone_berlin(&r->zones), when->utc);
    int64_t day = ics_floor(local, ICS_DAY);
    int32_t y, m, d;
    char text[40];

    ics_civil_of(day, &y, &m, &d);
    (void)snprintf(text, sizeof(text), "%04d-%02d-%02d", y, m, d);
    ics_out_raw(r->out, "{");
    ics_out_key(r->out, "utc");
    ics_out_number(r->out, when->utc);
    ics_out_key(r->out, "day");
    ics_out_text(r->out, text, sizeof(text));
    ics_out_key(r->out, "minute");
    ics_out_number(r->out, (local - day * ICS_DAY) / 60);
    ics_out_key(r->out, "date");
    ics_out_raw(r->out, when->date ? "true}" : "false}");
}

static void when_member(struct reading *r, const char *key, const char *name)
{
    struct ics_when when;

    ics_out_key(r->out, key);
    if (when_of(r, name, &when))
        put_when(r, &when);
    else
        ics_out_raw(r->out, "null");
}

/* From DTEND, or from DTSTART and DURATION. */
static void end_member(struct reading *r)
{
    const struct ics_property *p = ics_property_of(&r->object, r->event, "DURATION");
    struct ics_when when;
    struct ics_duration length;

    if (ics_property_of(&r->object, r->event, "DTEND") || !p ||
        !ics_duration_read(p->value, strlen(p->value), &length) || !when_of(r, "DTSTART", &when)) {
        when_member(r, "end", "DTEND");
        return;
    }
    when.local += length.days * ICS_DAY;
    when.utc = ics_when_utc(&when, when.local) + length.seconds;
    ics_out_key(r->out, "end");
    put_when(r, &when);
}

/* ---- people ---- */

static bool is_address(const char *text, size_t length)
{
    const char *at = memchr(text, '@', length);

    if (!at || at == text || at == text + length - 1 || length >= ADDRESS_SIZE)
        return false;
    for (size_t i = 0; i < length; i++)
        if (text[i] <= ' ' || text[i] == 0x7f || strchr("<>()[],;:\\\"", text[i]) ||
            (text[i] == '@' && text + i != at))
            return false; /* negative chars too: no address of ours has letters beyond ASCII */
    return true;
}

/* "MAILTO:Kontakt@Example.org" as "kontakt@example.org"; "" when it is no address. */
static void address_of(const char *text, char ret[ADDRESS_SIZE])
{
    size_t length;

    ret[0] = '\0';
    text += strspn(text, " ");
    if (strncasecmp(text, "mailto:", 7) == 0)
        text += 7;
    text += strspn(text, " <");
    length = strcspn(text, " >?"); /* ?subject=… is no part of it */
    if (!is_address(text, length))
        return;
    for (size_t i = 0; i < length; i++)
        ret[i] = (char)(text[i] >= 'A' && text[i] <= 'Z' ? text[i] + 32 : text[i]);
    ret[length] = '\0';
}

static void put_address(struct reading *r, const struct ics_property *p)
{
    const char *email = ics_param_of(&r->object, p, "EMAIL");
    char address[ADDRESS_SIZE];

    address_of(p->value, address);
    if (!address[0] && email)
        address_of(email, address);
    ics_out_text(r->out, address, sizeof(address));
}

/* "mailto:a@x","mailto:b@x": the quotes are gone. */
static void addresses_member(struct reading *r, const struct ics_property *p, const char *key,
                             const char *name)
{
    const char *at = ics_param_of(&r->object, p, name);
    bool first = true;

    ics_out_key(r->out, key);
    ics_out_raw(r->out, "[");
    for (int count = 0; at && *at && count < ICS_ATTENDEES_MAX; count++) {
        char one[ADDRESS_SIZE + 10], address[ADDRESS_SIZE];
        size_t length = strcspn(at, ",");

        (void)snprintf(one, sizeof(one), "%.*s", length < sizeof(one) ? (int)length : 0, at);
        address_of(one, address);
        if (address[0]) {
            ics_out_raw(r->out, first ? "" : ",");
            ics_out_text(r->out, address, sizeof(address));
            first = false;
        }
        at += length + (at[length] == ',');
    }
    ics_out_raw(r->out, "]");
}

static void put_attendee(struct reading *r, const struct ics_property *p)
{
    const char *name = ics_param_of(&r->object, p, "CN");
    const char *sent_by = ics_param_of(&r->object, p, "SENT-BY");
    char address[ADDRESS_SIZE] = "";

    ics_out_raw(r->out, "{");
    ics_out_key(r->out, "address");
    put_address(r, p);
    ics_out_key(r->out, "name");
    ics_out_text(r->out, name ? name : "", 300);
    upper_member(r->out, "partstat", ics_param_of(&r->object, p, "PARTSTAT"));
    addresses_member(r, p, "delegated_to", "DELEGATED-TO");
    addresses_member(r, p, "delegated_from", "DELEGATED-FROM");
    if (sent_by)
        address_of(sent_by, address);
    ics_out_key(r->out, "sent_by");
    ics_out_text(r->out, address, sizeof(address));
    ics_out_raw(r->out, "}");
}

static int32_t attendees_member(struct reading *r)
{
    const struct ics_property *p = ics_property_of(&r->object, r->event, "ATTENDEE");
    int32_t count = 0;

    ics_out_key(r->out, "attendees");
    ics_out_raw(r->out, "[");
    for (; p; p = ics_property_again(&r->object, p)) {
        if (count == ICS_ATTENDEES_MAX)
            return ics_refuse(r->fault, p->line, "die Nachricht nennt mehr als %d Beteiligte",
                              "the message names more than %d attendees", ICS_ATTENDEES_MAX);
        if (count++)
            ics_out_raw(r->out, ",");
        put_attendee(r, p);
    }
    ics_out_raw(r->out, "]");
    return 0;
}

static void organizer_member(struct reading *r)
{
    const struct ics_property *p = ics_property_of(&r->object, r->event, "ORGANIZER");

    ics_out_key(r->out, "organizer");
    if (p)
        put_address(r, p);
    else
        ics_out_raw(r->out, "null");
}

/* COMMENT, else what Apple and others put beside the attendee. */
static void comment_member(struct reading *r)
{
    const struct ics_property *comment = ics_property_of(&r->object, r->event, "COMMENT");
    const struct ics_property *p = ics_property_of(&r->object, r->event, "ATTENDEE");
    const char *beside = p ? ics_param_of(&r->object, p, "X-RESPONSE-COMMENT") : NULL;

    if (!(comment && *comment->value) && !(beside && *beside)) {
        text_member(r, "comment", "X-RESPONSE-COMMENT");
        return;
    }
    ics_out_key(r->out, "comment");
    put_text(r, comment && *comment->value ? comment->value : beside);
}

/* ---- the answer ---- */

static int32_t write_answer(struct reading *r)
{
    const struct ics_property *status = ics_property_of(&r->object, r->event, "STATUS");
    int32_t rc;

    ics_out_raw(r->out, "{");
    upper_member(r->out, "method", r->method->value);
    upper_member(r->out, "component", r->event->name);
    ics_out_key(r->out, "uid");
    ics_out_text(r->out, ics_property_of(&r->object, r->event, "UID")->value, 500);
    sequence_member(r);
    dtstamp_member(r);
    when_member(r, "instance", "RECURRENCE-ID");
    organizer_member(r);
    upper_member(r->out, "status", status ? status->value : NULL);
    text_member(r, "summary", "SUMMARY");
    comment_member(r);
    when_member(r, "start", "DTSTART");
    end_member(r);
    rc = attendees_member(r);
    ics_out_notes(r->out, &r->notes);
    ics_out_raw(r->out, "}\n");
    return rc;
}

static int32_t read_all(struct reading *r, char *bytes, size_t length, const char *zone_folder)
{
    int32_t rc = ics_object_read(bytes, length, &r->object, &r->notes, r->fault);

    if (rc == 0)
        rc = find_calendar(r);
    if (rc == 0)
        rc = find_method(r);
    if (rc == 0)
        rc = find_event(r);
    if (rc == 0)
        rc = find_uid(r);
    if (rc == 0 &&
        ics_zones_begin(&r->zones, &r->object, zone_folder, &r->notes, &r->allowance) < 0)
        rc = ics_no_memory(r->fault);
    return rc == 0 ? write_answer(r) : rc;
}

int32_t ics_itip(char *bytes, size_t length, const char *zone_folder, struct ics_out *out)
{
    struct ics_fault fault = {0};
    struct reading r = {.fault = &fault, .allowance = ICS_WORK_MAX, .out = out};
    int32_t rc = read_all(&r, bytes, length, zone_folder);

    if (rc < 0)
        ics_out_refused(out, &fault);
    ics_zones_end(&r.zones);
    ics_object_free(&r.object);
    return rc;
}
