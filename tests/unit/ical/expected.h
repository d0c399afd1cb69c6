/* The examples as files that other readers are given: NAME.ics each, and expected.json, a list of
 * what a reader has to find in them. */
#ifndef TESTS_UNIT_ICAL_EXPECTED_H
#define TESTS_UNIT_ICAL_EXPECTED_H

#include "cases.h"

static void put_json(FILE *to, const char *key, const char *value)
{
    fprintf(to, "\"%s\":\"", key);
    for (; *value; value++) {
        if (*value == '"' || *value == '\\')
            fprintf(to, "\\%c", *value);
        else if ((unsigned char)*value < 0x20)
            fprintf(to, "\\u%04x", *value);
        else
            fputc(*value, to);
    }
    fputs("\",", to);
}

static const char *answer_of(const struct ical_attendee *attendee)
{
    static const char *const names[] = {"NEEDS-ACTION", "ACCEPTED", "DECLINED", "TENTATIVE",
                                        "DELEGATED"};
    return names[attendee->answer];
}

static const char *status_of(const struct example *x)
{
    if (x->message && x->method == ICAL_UNINVITE)
        return "";
    if (x->message && x->method == ICAL_CANCEL)
        return "CANCELLED";
    return x->event.status == ICAL_TENTATIVE ? "TENTATIVE" : "CONFIRMED";
}

/* With the link behind it. */
static void description_of(const struct example *x, char *to, size_t size)
{
    const struct ical_event *e = &x->event;

    (void)snprintf(to, size, "%s%s%s%s%s", e->description, e->video ? "\n\n" : "",
                   e->video ? e->video_label : "", e->video ? ": " : "", e->video ? e->video : "");
}

static void put_people(FILE *to, const struct example *x)
{
    if (x->message) {
        put_json(to, "organizer", x->event.organizer.address);
        put_json(to, "organizer_name", x->event.organizer.name);
    }
    fputs("\"attendees\":[", to);
    for (size_t i = 0; x->message && i < x->event.attendee_count; i++) {
        const struct ical_attendee *a = &x->attendees[i];

        fputs(i ? ",{" : "{", to);
        put_json(to, "address", a->person.address);
        put_json(to, "name", a->person.name ? a->person.name : "");
        put_json(to, "role", a->optional ? "OPT-PARTICIPANT" : "REQ-PARTICIPANT");
        put_json(to, "answer", answer_of(a));
        fprintf(to, "\"sort\":\"INDIVIDUAL\"}");
    }
    fputs("]", to);
}

static void put_expected(FILE *to, const struct example *x)
{
    static char description[4000];

    description_of(x, description, sizeof(description));
    fputs("{", to);
    put_json(to, "file", x->name);
    put_json(to, "method", x->message ? ical_method_name(x->method) : "");
    put_json(to, "calendar", x->message ? "" : x->calendar.name);
    put_json(to, "uid", x->uid);
    put_json(to, "summary", x->event.summary);
    put_json(to, "description", description);
    put_json(to, "location", x->event.location);
    put_json(to, "url", x->event.url);
    put_json(to, "video", x->event.video ? x->event.video : "");
    put_json(to, "video_label", x->event.video ? x->event.video_label : "");
    put_json(to, "comment", x->comment ? x->comment : "");
    put_json(to, "status", status_of(x));
    fprintf(to, "\"sequence\":%d,\"alarm_minutes\":%d,\"start_utc\":%lld,\"end_utc\":%lld,",
            (int)x->event.sequence,
            !x->message || x->method == ICAL_REQUEST ? (int)x->event.alarm_minutes : 0,
            (long long)x->start_utc, (long long)x->end_utc);
    fprintf(to, "\"stamp_utc\":%lld,", (long long)x->event.stamp_utc);
    put_people(to, x);
    fputs("}\n", to);
}

static FILE *open_in(const char *folder, const char *name, const char *ending)
{
    char path[400];
    FILE *file;

    (void)snprintf(path, sizeof(path), "%s/%s%s", folder, name, ending);
    file = fopen(path, "w");
    if (!file)
        fail_msg("%s: cannot be written", path);
    return file;
}

static void write_examples(const char *folder, const struct example *all, size_t count)
{
    FILE *list = open_in(folder, "expected", ".json");

    for (size_t i = 0; i < count; i++) {
        FILE *file = open_in(folder, all[i].name, ".ics");

        fwrite(all[i].text.data, 1, all[i].text.length, file);
        fclose(file);
        fputs(i ? "," : "[", list);
        put_expected(list, &all[i]);
    }
    fputs("]\n", list);
    fclose(list);
}

#endif
