#include "plugins/appointments/reader/object.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct reading {
    struct ics_object *object;
    struct ics_notes *notes;
    struct ics_fault *fault;
    char *at, *end; /* what is still to be read */
    uint32_t line;  /* number of the last line read, from 1 */
    uint32_t open;  /* component that is open, or ICS_NONE */
    int depth;
};

/* ---- before anything is understood ---- */

static int32_t check_lines(const char *bytes, size_t length, struct ics_fault *fault)
{
    uint32_t line = 1;
    size_t start = 0;

    for (size_t i = 0; i <= length; i++) {
        if (i < length && bytes[i] == '\0')
            return ics_refuse(fault, line, "Zeile %u enthält ein Nullbyte: das ist kein Kalender",
                              "line %u contains a NUL byte: this is no calendar", line);
        if (i < length && bytes[i] != '\n')
            continue;
        if (i - start > ICS_LINE_MAX)
            return ics_refuse(
                fault, line, "Zeile %u hat mehr als %zu Bytes; erlaubt sind nach RFC 5545 75",
                "line %u has more than %zu bytes; RFC 5545 allows 75", line, ICS_LINE_MAX);
        start = i + 1;
        line++;
    }
    return 0;
}

/* Whoever needs a login answers with a page, and that is what people then look for. */
static int32_t refuse_beginning(const char *bytes, struct ics_fault *fault)
{
    if (*bytes == '<')
        return ics_refuse(fault, 1,
                          "das ist eine Webseite und kein Kalender; verlangt die Adresse eine "
                          "Anmeldung?",
                          "this is a web page and no calendar; does the address ask for a login?");
    return ics_refuse(fault, 1, "das ist kein Kalender: die erste Zeile ist nicht BEGIN:VCALENDAR",
                      "this is no calendar: its first line is not BEGIN:VCALENDAR");
}

/* ---- arrays ---- */

/* Room for one more of `size` bytes. */
static void *grown(void *array, uint32_t count, uint32_t *room, size_t size)
{
    uint32_t more = *room ? *room * 2 : 64;
    void *larger;

    if (count < *room)
        return array;
    larger = realloc(array, (size_t)more * size);
    if (larger)
        *room = more;
    return larger;
}

static int32_t add_component(struct reading *r, const char *name)
{
    struct ics_object *o = r->object;
    void *array;

    if (o->components == ICS_COMPONENTS_MAX)
        return ics_refuse(r->fault, r->line, "der Kalender hat mehr als %d Teile",
                          "the calendar has more than %d components", ICS_COMPONENTS_MAX);
    array = grown(o->component, o->components, &o->component_room, sizeof(*o->component));
    if (!array)
        return ics_no_memory(r->fault);
    o->component = array;
    o->component[o->components] = (struct ics_component){
        .name = name, .line = r->line, .parent = r->open, .first = ICS_NONE, .last = ICS_NONE};
    r->open = o->components++;
    return 0;
}

static int32_t add_property(struct reading *r, const struct ics_property *property)
{
    struct ics_object *o = r->object;
    struct ics_component *c = &o->component[r->open];
    void *array;

    if (o->properties == ICS_PROPERTIES_MAX || c->count == ICS_OWN_MAX)
        return ics_refuse(r->fault, r->line,
                          "Zeile %u: ein Kalender hat höchstens %d Angaben, ein Termin %d",
                          "line %u: a calendar has at most %d properties, an event %d", r->line,
                          ICS_PROPERTIES_MAX, ICS_OWN_MAX);
    array = grown(o->property, o->properties, &o->property_room, sizeof(*o->property));
    if (!array)
        return ics_no_memory(r->fault);
    o->property = array;
    o->property[o->properties] = *property;
    if (c->last == ICS_NONE)
        c->first = o->properties;
    else
        o->property[c->last].next = o->properties;
    c->last = o->properties++;
    c->count++;
    return 0;
}

static int32_t add_param(struct reading *r, const char *name, const char *value)
{
    struct ics_object *o = r->object;
    void *array = grown(o->param, o->params, &o->param_room, sizeof(*o->param));

    if (!array)
        return ics_no_memory(r->fault);
    o->param = array;
    o->param[o->params++] = (struct ics_param){name, value};
    return 0;
}

/* ---- lines ---- */

/* A line with those that continue it, as one text. Carriage returns and other control characters
 * go; a tab stays. NULL at the end. */
static char *next_line(struct reading *r)
{
    char *text = r->at, *to = r->at;

    if (r->at >= r->end)
        return NULL;
    r->line++;
    for (;;) {
        while (r->at < r->end && *r->at != '\n') {
            unsigned char c = (unsigned char)*r->at++;

            if (c >= 0x20 ? c != 0x7f : c == '\t')
                *to++ = (char)c;
        }
        if (r->at < r->end)
            r->at++;
        if (r->at >= r->end || (*r->at != ' ' && *r->at != '\t') || to == text)
            break;
        r->at++;
        r->line++;
    }
    *to = '\0'; /* where the line ended, or in the byte behind the last */
    return text;
}

static bool is_name(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
}

/* RFC 6868: ^n is a line end, ^^ is ^, ^' is a double quote. */
static void undo_carets(char *text)
{
    char *to = text;

    for (; *text; text++) {
        char c = *text;

        if (c == '^' && (text[1] == 'n' || text[1] == '^' || text[1] == '\''))
            c = *++text == 'n' ? '\n' : *text == '^' ? '^' : '"';
        *to++ = c;
    }
    *to = '\0';
}

/* ";NAME=VALUE" at *at, cut in place; *ret_ended is what ended it, ';' or ':'. A value in quotes
 * may contain both. 0 when that is no parameter, < 0 when refused. */
static int32_t take_param(struct reading *r, char **at, char *ret_ended)
{
    char *name = *at + 1, *p = name, *value, *to;
    bool quoted = false;
    int32_t rc;

    while (is_name(*p))
        p++;
    if (p == name || *p != '=')
        return 0;
    *p++ = '\0';
    value = to = p;
    for (; *p && (quoted || (*p != ';' && *p != ':')); p++) {
        if (*p == '"')
            quoted = !quoted;
        else
            *to++ = *p;
    }
    if (!*p)
        return 0;
    *ret_ended = *p;
    *to = '\0';
    undo_carets(value);
    rc = add_param(r, name, value);
    *at = p;
    return rc < 0 ? rc : 1;
}

/* Splits a line. 0 when it is none. */
static int32_t split(struct reading *r, char *text, struct ics_property *ret)
{
    char *p = text, ended;

    *ret = (struct ics_property){
        .name = text, .params = r->object->params, .line = r->line, .next = ICS_NONE};
    while (is_name(*p))
        p++;
    if (p == text || (*p != ';' && *p != ':'))
        return 0;
    ended = *p;
    *p = '\0';
    while (ended == ';') {
        int32_t rc;

        if (ret->param_count == ICS_PARAMS_MAX)
            return ics_refuse(r->fault, r->line, "Zeile %u hat mehr als %d Parameter",
                              "line %u has more than %d parameters", r->line, ICS_PARAMS_MAX);
        rc = take_param(r, &p, &ended);
        if (rc <= 0)
            return rc;
        ret->param_count++;
    }
    ret->value = p + 1;
    return 1;
}

static int32_t begin(struct reading *r, const char *name)
{
    if (r->open == ICS_NONE && strcasecmp(name, "VCALENDAR") != 0)
        return ics_refuse(r->fault, r->line, "Zeile %u: BEGIN:%.40s steht nicht in einem VCALENDAR",
                          "line %u: BEGIN:%.40s stands outside of a VCALENDAR", r->line, name);
    if (r->depth == ICS_DEPTH_MAX)
        return ics_refuse(
            r->fault, r->line, "Zeile %u: mehr als %d Teile sind ineinander geschachtelt",
            "line %u: more than %d components inside each other", r->line, ICS_DEPTH_MAX);
    r->depth++;
    return add_component(r, name);
}

static int32_t end(struct reading *r, const char *name)
{
    if (r->open == ICS_NONE || strcasecmp(r->object->component[r->open].name, name) != 0)
        return ics_refuse(r->fault, r->line, "Zeile %u: END:%.40s hat kein passendes BEGIN",
                          "line %u: END:%.40s has no BEGIN of its own", r->line, name);
    r->open = r->object->component[r->open].parent;
    r->depth--;
    return 0;
}

/* Spaces after a component's name. */
static char *trimmed(char *text)
{
    size_t length = strlen(text);

    while (length && (text[length - 1] == ' ' || text[length - 1] == '\t'))
        text[--length] = '\0';
    return text;
}

static int32_t take_line(struct reading *r, char *text)
{
    struct ics_property property;
    int32_t rc;

    if (!*text)
        return 0;
    if (r->object->components == 0 && strncasecmp(text, "BEGIN:", 6) != 0)
        return refuse_beginning(text, r->fault);
    rc = split(r, text, &property);
    if (rc < 0)
        return rc;
    if (rc == 0) {
        r->object->params = property.params;
        ics_note(r->notes, ICS_NOTE_LINE, r->line);
        return 0;
    }
    if (strcasecmp(property.name, "BEGIN") == 0)
        return begin(r, trimmed(text + (property.value - text)));
    if (strcasecmp(property.name, "END") == 0)
        return end(r, trimmed(text + (property.value - text)));
    if (r->open == ICS_NONE) { /* between two calendars */
        ics_note(r->notes, ICS_NOTE_LINE, r->line);
        return 0;
    }
    return add_property(r, &property);
}

int32_t ics_object_read(char *bytes, size_t length, struct ics_object *ret_object,
                        struct ics_notes *notes, struct ics_fault *fault)
{
    struct reading r = {.object = ret_object,
                        .notes = notes,
                        .fault = fault,
                        .at = bytes,
                        .end = bytes + length,
                        .open = ICS_NONE};
    int32_t rc;
    char *text;

    *ret_object = (struct ics_object){0};
    if (length > ICS_BYTES_MAX)
        return ics_refuse(fault, 0, "der Kalender hat mehr als %zu Bytes",
                          "the calendar has more than %zu bytes", ICS_BYTES_MAX);
    rc = check_lines(bytes, length, fault);
    if (rc == 0 && length >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0)
        r.at += 3;
    while (rc == 0 && (text = next_line(&r)) != NULL)
        rc = take_line(&r, text);
    if (rc == 0 && ret_object->components == 0)
        rc = ics_refuse(fault, 0, "der Kalender ist leer", "the calendar is empty");
    if (rc == 0 && r.open != ICS_NONE)
        rc = ics_refuse(fault, r.line,
                        "der Kalender bricht in Zeile %u ab: END:%.40s fehlt; er wird nicht "
                        "verwendet",
                        "the calendar breaks off in line %u: END:%.40s is missing; it is not used",
                        r.line, ret_object->component[r.open].name);
    if (rc < 0)
        ics_object_free(ret_object);
    return rc;
}

void ics_object_free(struct ics_object *object)
{
    free(object->component);
    free(object->property);
    free(object->param);
    *object = (struct ics_object){0};
}

/* ---- looking ---- */

static const struct ics_property *from(const struct ics_object *object, uint32_t index,
                                       const char *name)
{
    for (; index != ICS_NONE; index = object->property[index].next)
        if (strcasecmp(object->property[index].name, name) == 0)
            return &object->property[index];
    return NULL;
}

const struct ics_property *ics_property_of(const struct ics_object *object,
                                           const struct ics_component *component, const char *name)
{
    return from(object, component->first, name);
}

const struct ics_property *ics_property_again(const struct ics_object *object,
                                              const struct ics_property *property)
{
    return from(object, property->next, property->name);
}

const char *ics_param_of(const struct ics_object *object, const struct ics_property *property,
                         const char *name)
{
    for (uint32_t i = 0; i < property->param_count; i++)
        if (strcasecmp(object->param[property->params + i].name, name) == 0)
            return object->param[property->params + i].value;
    return NULL;
}
