/* line.h, calendar.h: what is written was once looked at (golden files), holds to the limits of the
 * standard for any value, and what cannot be written is refused in words. */
#include "cases.h"

static void free_text(struct ical_text *text)
{
    ical_text_free(text);
}
#define TEXT_OF_TEST __attribute__((cleanup(free_text))) struct ical_text

/* ---- golden files ---- */

static FILE *open_golden(const char *name, const char *mode)
{
    char path[512];
    FILE *file;

    snprintf(path, sizeof(path), "%s/tests/unit/ical/golden/%s.ics", getenv("RH_SOURCE"), name);
    file = fopen(path, mode);
    if (!file)
        fail_msg("%s: cannot be opened", path);
    return file;
}

/* The repository keeps lines without CR. */
static void without_cr(const struct ical_text *text, char *to)
{
    for (size_t i = 0; i < text->length; i++)
        if (text->data[i] != '\r')
            *to++ = text->data[i];
    *to = '\0';
}

static void compare_golden(const char *name, const struct ical_text *text)
{
    static char stored[65536], made[65536];
    size_t length;
    FILE *file;

    without_cr(text, made);
    if (getenv("RH_GOLDEN")) {
        file = open_golden(name, "w");
        fputs(made, file);
        fclose(file);
    }
    file = open_golden(name, "r");
    length = fread(stored, 1, sizeof(stored) - 1, file);
    stored[length] = '\0';
    fclose(file);
    assert_string_equal(made, stored);
}

/* RH_GOLDEN=write writes them anew; then read the difference before committing it. */
static void the_bytes_are_those_that_were_looked_at(void **state)
{
    (void)state;

    fill_long();
    for (int kind = 0; kind < KINDS; kind++) {
        struct example x;

        make_example(&x, (enum kind)kind, kind == FEED ? 3 : 1, (size_t)kind % TIMES);
        compare_golden(kinds[kind], &x.text);
        ical_text_free(&x.text);
    }
}

/* ---- lines ---- */

/* The one value of "X", unfolded and unescaped, as RFC 5545 says. */
static char *value_back(const struct ical_text *text)
{
    char *back = calloc(1, text->length + 1), *to = back;

    assert_non_null(back);
    for (const char *at = strchr(text->data, ':') + 1; *at; at++) {
        if (strncmp(at, "\r\n", 2) == 0) {
            if (at[2] != ' ')
                break;
            at += 2;
        } else if (*at == '\\') {
            at++;
            /* folding never parts an escape */
            assert_non_null(strchr("\\;,n", *at));
            *to++ = *at == 'n' ? '\n' : *at;
        } else {
            *to++ = *at;
        }
    }
    return back;
}

static void assert_lines_fit(const struct ical_text *text)
{
    const char *line = text->data;

    assert_true(ical_text_ok(text->data, true, SIZE_MAX));
    while (*line) {
        const char *end = strstr(line, "\r\n");
        char one[ICAL_LINE_OCTETS + 1];

        assert_non_null(end);
        assert_true(end > line); /* no empty line, so none at the end */
        assert_true(end - line <= ICAL_LINE_OCTETS);
        memcpy(one, line, (size_t)(end - line));
        one[end - line] = '\0';
        assert_true(ical_text_ok(one, true, SIZE_MAX)); /* folded between characters */
        line = end + 2;
    }
}

static uint64_t seed = 20270328;
static uint32_t roll(uint32_t sides)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(seed >> 33) % sides;
}

static void roll_text(char *text, size_t letters)
{
    static const char *const some[] = {"a", " ", "\n", ";", ",",  "\\", "\"", ":", "^",
                                       "n", "ü", "€",  "😀", "\t", "'",  "N",  "=", "\\n"};

    size_t used = 0;

    text[0] = '\0';
    for (size_t i = 0; i < letters; i++)
        used += (size_t)snprintf(text + used, 8, "%s", some[roll(sizeof(some) / sizeof(some[0]))]);
}

static void what_is_escaped_comes_back(void **state)
{
    (void)state;

    for (int round = 0; round < 3000; round++) {
        TEXT_OF_TEST text = {0};
        char value[800];
        char *back;

        roll_text(value, roll(180));
        ical_put_text(&text, "X", value);
        assert_lines_fit(&text);
        back = value_back(&text);
        assert_string_equal(back, value);
        free(back);
    }
}

/* RFC 6868; in quotes where RFC 5545 wants them. */
static void parameters_are_quoted(void **state)
{
    static const struct {
        const char *value, *line;
    } cases[] = {
        {"Moderation 07", "X;CN=Moderation 07:1\r\n"},
        {"a;b", "X;CN=\"a;b\":1\r\n"},
        {"a:b,c", "X;CN=\"a:b,c\":1\r\n"},
        {"die \"Neue\"", "X;CN=die ^'Neue^':1\r\n"},
        {"a^b\nc\r\nd", "X;CN=a^^b^nc^nd:1\r\n"},
        {"", "X;CN=:1\r\n"},
    };
    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        TEXT_OF_TEST text = {0};
        struct ical_line line = ical_line_begin(&text, "X");

        ical_line_parameter(&line, "CN", cases[i].value);
        ical_line_plain(&line, "1");
        ical_line_end(&line);
        assert_string_equal(text.data, cases[i].line);
    }
}

/* ---- objects ---- */

static int count(const char *text, const char *what)
{
    int found = 0;

    for (const char *at = text; (at = strstr(at, what)); at++)
        found++;
    return found;
}

static void every_object_holds_to_the_limits(void **state)
{
    size_t examples;
    struct example *all = make_examples(&examples);
    (void)state;

    for (size_t i = 0; i < examples; i++) {
        const char *text = all[i].text.data, *alarm = strstr(text, "BEGIN:VALARM");

        assert_lines_fit(&all[i].text);
        assert_int_equal(count(text, "\r\nMETHOD:"), all[i].message);
        assert_int_equal(count(text, "\r\nORGANIZER"), all[i].message);
        assert_int_equal(count(text, "\r\nATTENDEE"),
                         all[i].message ? (int)all[i].event.attendee_count : 0);
        assert_int_equal(count(text, "\r\nUID:"), 1);
        assert_int_equal(count(text, "\r\nBEGIN:VTIMEZONE\r\n"), 1);
        if (alarm) /* Outlook: nothing but the end behind it */
            assert_string_equal(strstr(alarm, "END:VALARM"),
                                "END:VALARM\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
    }
    free_examples(all, examples);
}

/* Not by value: it points into itself. */
static void an_example(struct example *x, enum kind kind)
{
    fill_long();
    make_example(x, kind, 0, 0);
}

/* RFC 5546, 3.2.5: who reads STATUS:CANCELLED takes the meeting as off for all. */
static void who_is_uninvited_is_not_told_that_it_is_off(void **state)
{
    struct example all, one;
    (void)state;

    an_example(&all, CANCEL);
    an_example(&one, UNINVITE);

    assert_non_null(strstr(all.text.data, "\r\nMETHOD:CANCEL\r\n"));
    assert_non_null(strstr(all.text.data, "\r\nSTATUS:CANCELLED\r\n"));
    assert_non_null(strstr(one.text.data, "\r\nMETHOD:CANCEL\r\n"));
    assert_null(strstr(one.text.data, "\r\nSTATUS:"));
    ical_text_free(&all.text);
    ical_text_free(&one.text);
}

static void the_link_stands_in_the_text_once(void **state)
{
    struct example x;
    (void)state;

    an_example(&x, FEED);
    assert_int_equal(count(x.text.data, "/room"), 2);
    ical_text_free(&x.text);
    x.event.description = "https://video.example.org/room;x=1?p=a:b";
    write_example(&x);
    assert_int_equal(count(x.text.data, "/room"), 2);
    ical_text_free(&x.text);
}

/* A calendar without events is none in the eyes of RFC 5545 unless it has another component. */
static void an_empty_calendar_is_whole(void **state)
{
    struct ical_calendar calendar = {.name = "leer"};
    struct ical_fault fault;
    TEXT_OF_TEST text = {0};
    (void)state;

    assert_true(ical_write_calendar(&calendar, &text, &fault));
    assert_non_null(strstr(text.data, "END:VTIMEZONE\r\nEND:VCALENDAR\r\n"));
}

/* ---- what is refused ---- */

static void assert_refused(const struct ical_event *event, const char *because)
{
    struct ical_fault fault = {0};
    TEXT_OF_TEST text = {0};

    if (ical_write_message(ICAL_REQUEST, event, NULL, &text, &fault))
        fail_msg("written, though %s:\n%s", because, text.data);
    if (!strstr(fault.en, because))
        fail_msg("'%s' is not in '%s'", because, fault.en);
    assert_true(fault.de[0] && strcmp(fault.de, fault.en) != 0);
    assert_int_equal(text.length, 0);
}

static void addresses_cannot_bring_lines(void **state)
{
    static const char *const bad[] = {
        "",
        "a",
        "@example.org",
        "a@",
        "a@b@example.org",
        "a@x\r\nX-EVIL:1",
        "a@x\nX-EVIL",
        "a b@example.org",
        "\"a\"@example.org",
        "a@exa mple.org",
        "a;b@example.org",
        "a?subject=x@example.org",
        "a%0d@example.org",
        "a@example.org ",
        ".a@example.org",
        "a..b@example.org",
        "jürgen@example.org",
        "a@exämple.org",
    };
    struct example x;
    (void)state;

    an_example(&x, REQUEST);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct ical_event organizer = x.event;

        x.attendees[1].person.address = bad[i];
        assert_refused(&x.event, "address");
        x.attendees[1].person.address = "a@example.org";
        organizer.organizer.address = bad[i];
        assert_refused(&organizer, "address");
    }
    ical_text_free(&x.text);
}

static void links_cannot_bring_lines(void **state)
{
    static const char *const bad[] = {
        "",
        "ftp://example.org",
        "https://",
        "https:///x",
        "https://a b",
        "https://a\r\nX-EVIL:1",
        "https://a\nX",
        "javascript:alert(1)",
        "https://ä",
        "https://example.org/\"x",
        "https://a/<script>",
        "HTTPS",
    };
    struct example x;
    (void)state;

    an_example(&x, REQUEST);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct ical_event event = x.event;

        event.video = bad[i];
        assert_refused(&event, "video link");
        event = x.event;
        event.url = bad[i];
        assert_refused(&event, "page of the meeting");
    }
    ical_text_free(&x.text);
}

static void texts_are_utf8_without_control_characters(void **state)
{
    static const char *const bad[] = {
        "\x01", "a\rb",     "\x7f",         "\xc2\x85",         "\xe2\x80\xa8", "\xff",
        "\xc3", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82",     "ok\x1b[0m"};
    struct example x;
    (void)state;

    an_example(&x, REQUEST);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct ical_event event = x.event;

        event.summary = bad[i];
        assert_refused(&event, "title");
        event = x.event;
        event.description = bad[i];
        assert_refused(&event, "description");
        event = x.event;
        event.location = bad[i];
        assert_refused(&event, "place");
    }
    ical_text_free(&x.text);
}

/* Seen with libical: CN="a;b\\":mailto:… lost the address. */
static void names_do_not_end_with_a_backslash(void **state)
{
    struct example x;
    (void)state;

    an_example(&x, REQUEST);
    x.attendees[0].person.name = "a;b\\";
    assert_refused(&x.event, "ends with \\");
    x.attendees[0].person.name = "a";
    x.event.video_label = "b\\";
    assert_refused(&x.event, "ends with \\");
    ical_text_free(&x.text);
}

static void times_that_are_none_are_refused(void **state)
{
    struct example x;
    (void)state;

    an_example(&x, REQUEST);
    x.event.start = (struct ical_time){DAY_2027_03_28, 150};
    x.event.end = (struct ical_time){DAY_2027_03_28, 600};
    assert_refused(&x.event, "2027-03-28 the clocks change");
    x.event.start = (struct ical_time){DAY_2027_10_31, 120};
    x.event.end = (struct ical_time){DAY_2027_10_31, 600};
    assert_refused(&x.event, "2027-10-31 the clocks change");
    x.event.start = (struct ical_time){DAY_2027_10_31, 600};
    assert_refused(&x.event, "does not end after");
    x.event.end = (struct ical_time){DAY_2027_10_31, 1440};
    assert_refused(&x.event, "no day");
    ical_text_free(&x.text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_bytes_are_those_that_were_looked_at),
        cmocka_unit_test(what_is_escaped_comes_back),
        cmocka_unit_test(parameters_are_quoted),
        cmocka_unit_test(every_object_holds_to_the_limits),
        cmocka_unit_test(who_is_uninvited_is_not_told_that_it_is_off),
        cmocka_unit_test(the_link_stands_in_the_text_once),
        cmocka_unit_test(an_empty_calendar_is_whole),
        cmocka_unit_test(addresses_cannot_bring_lines),
        cmocka_unit_test(links_cannot_bring_lines),
        cmocka_unit_test(texts_are_utf8_without_control_characters),
        cmocka_unit_test(names_do_not_end_with_a_backslash),
        cmocka_unit_test(times_that_are_none_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
