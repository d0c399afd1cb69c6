/* Every kind of object, with every sort of value, is read by others as it was meant: libical,
 * python3-icalendar, vobject, khal, ical.js. */
#include "expected.h"
#include "tests/support/program.h"

#include <libical/ical.h>
#include <unistd.h>

struct readers {
    char folder[64];
    struct example *examples;
    size_t count;
};

static int setup(void **state)
{
    static struct readers r;

    (void)snprintf(r.folder, sizeof(r.folder), "/tmp/reihum-ical-XXXXXX");
    assert_non_null(mkdtemp(r.folder));
    r.examples = make_examples(&r.count);
    write_examples(r.folder, r.examples, r.count);
    *state = &r;
    return 0;
}

static int teardown(void **state)
{
    struct readers *r = *state;
    const char *words[] = {"rm", "-r", r->folder, NULL};
    struct program gone = program_run(words, NULL, 0);

    program_free(&gone);
    free_examples(r->examples, r->count);
    return 0;
}

/* ---- libical ---- */

static void assert_same(const struct example *x, const char *what, const char *got,
                        const char *expected)
{
    if (strcmp(got ? got : "", expected ? expected : "") != 0)
        fail_msg("%s: %s is\n%s\nand should be\n%s", x->name, what, got ? got : "(missing)",
                 expected ? expected : "");
}

static const char *text_of(icalcomponent *component, icalproperty_kind kind)
{
    icalproperty *property = icalcomponent_get_first_property(component, kind);

    return property ? icalvalue_get_text(icalproperty_get_value(property)) : "";
}

static int64_t instant_of(icalcomponent *calendar, icalcomponent *event, icalproperty_kind kind)
{
    icalproperty *property = icalcomponent_get_first_property(event, kind);
    const char *zone =
        icalparameter_get_tzid(icalproperty_get_first_parameter(property, ICAL_TZID_PARAMETER));
    icaltimezone *ours = icalcomponent_get_timezone(calendar, zone);

    assert_non_null(ours);
    return icaltime_as_timet_with_zone(icalvalue_get_datetime(icalproperty_get_value(property)),
                                       ours);
}

/* libical 3.0.16 decodes ^' of RFC 6868 itself. */
static void compare_person(const struct example *x, icalproperty *property, const char *value,
                           const struct ical_person *person)
{
    icalparameter *name = icalproperty_get_first_parameter(property, ICAL_CN_PARAMETER);
    char address[300];

    (void)snprintf(address, sizeof(address), "mailto:%s", person->address);
    assert_same(x, "address", value, address);
    assert_same(x, "name", name ? icalparameter_get_cn(name) : "", person->name);
}

static void compare_people(const struct example *x, icalcomponent *event)
{
    icalproperty *p = icalcomponent_get_first_property(event, ICAL_ORGANIZER_PROPERTY);
    size_t i = 0;

    if (x->message)
        compare_person(x, p, icalproperty_get_organizer(p), &x->event.organizer);
    else
        assert_null(p);
    for (p = icalcomponent_get_first_property(event, ICAL_ATTENDEE_PROPERTY); p;
         p = icalcomponent_get_next_property(event, ICAL_ATTENDEE_PROPERTY), i++)
        compare_person(x, p, icalproperty_get_attendee(p), &x->attendees[i].person);
    assert_int_equal(i, x->message ? x->event.attendee_count : 0);
}

static void compare_libical(const struct example *x)
{
    static char description[4000];
    icalcomponent *calendar = icalparser_parse_string(x->text.data), *event;

    assert_non_null(calendar);
    assert_int_equal(icalcomponent_count_errors(calendar), 0);
    event = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT);
    assert_non_null(event);
    description_of(x, description, sizeof(description));
    assert_same(x, "method",
                x->message ? icalproperty_method_to_string(icalcomponent_get_method(calendar)) : "",
                x->message ? ical_method_name(x->method) : "");
    assert_same(x, "uid", icalcomponent_get_uid(event), x->uid);
    assert_same(x, "summary", text_of(event, ICAL_SUMMARY_PROPERTY), x->event.summary);
    assert_same(x, "location", text_of(event, ICAL_LOCATION_PROPERTY), x->event.location);
    assert_same(x, "description", text_of(event, ICAL_DESCRIPTION_PROPERTY), description);
    assert_same(x, "comment", text_of(event, ICAL_COMMENT_PROPERTY), x->comment);
    assert_int_equal(icalcomponent_get_sequence(event), x->event.sequence);
    assert_int_equal(instant_of(calendar, event, ICAL_DTSTART_PROPERTY), x->start_utc);
    assert_int_equal(instant_of(calendar, event, ICAL_DTEND_PROPERTY), x->end_utc);
    compare_people(x, event);
    icalcomponent_free(calendar);
}

static void libical_reads_what_was_meant(void **state)
{
    struct readers *r = *state;

    for (size_t i = 0; i < r->count; i++)
        compare_libical(&r->examples[i]);
    icalmemory_free_ring();
}

/* ---- the others ---- */

static void ask(const char *const *words)
{
    struct program reader = program_run(words, NULL, 0);

    if (reader.status != 0)
        print_error("%s\n%s\n", reader.out, reader.errs);
    assert_int_equal(reader.status, 0);
    program_free(&reader);
}

static void python_readers_read_what_was_meant(void **state)
{
    struct readers *r = *state;
    char script[400];
    const char *words[] = {"/usr/bin/python3", script, r->folder, NULL};

    if (!program_exists("/usr/bin/khal"))
        skip();
    (void)snprintf(script, sizeof(script), "%s/tests/support/readers/read_calendar.py",
                   getenv("RH_SOURCE"));
    ask(words);
}

static void the_engine_of_thunderbird_reads_what_was_meant(void **state)
{
    struct readers *r = *state;
    char script[400], engine[400];
    const char *words[] = {"node", script, r->folder, engine, NULL};

    (void)snprintf(script, sizeof(script), "%s/tests/support/readers/read_calendar.mjs",
                   getenv("RH_SOURCE"));
    (void)snprintf(engine, sizeof(engine), "%s/build/readers/node_modules/ical.js/dist/ical.js",
                   getenv("RH_SOURCE"));
    if (!program_exists("node") || access(engine, R_OK) != 0)
        skip();
    ask(words);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(libical_reads_what_was_meant),
        cmocka_unit_test(python_readers_read_what_was_meant),
        cmocka_unit_test(the_engine_of_thunderbird_reads_what_was_meant),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
