/* busy.h: when somebody is busy. */
#include "reading.h"

/* ---- events ---- */

static void an_event_takes_its_time(void **state)
{
    (void)state;

    assert_busy(CALENDAR(EVENT("DTSTART;TZID=Europe/Berlin:20270309T090000" LF
                               "DTEND;TZID=Europe/Berlin:20270309T160000" LF)),
                "20270309T0800/20270309T1500");
    assert_busy(CALENDAR(EVENT("DTSTART:20270709T090000Z" LF "DURATION:PT90M" LF)),
                "20270709T0900/20270709T1030");
    assert_busy(CALENDAR(EVENT("DTSTART:20270709T090000" LF "DURATION:P1DT1H" LF)),
                "20270709T0700/20270710T0800");
}

static void a_whole_day_is_one_of_berlin(void **state)
{
    (void)state;

    assert_busy(CALENDAR(EVENT("DTSTART;VALUE=DATE:20270328" LF)), "20270327T2300/20270328T2200");
    assert_busy(CALENDAR(EVENT("DTSTART;VALUE=DATE:20271030" LF "DTEND;VALUE=DATE:20271102" LF)),
                "20271029T2200/20271101T2300");
}

static void what_takes_no_time_is_left_out(void **state)
{
    static const char *const lines[] = {"TRANSP:TRANSPARENT", "STATUS:CANCELLED",
                                        "X-MICROSOFT-CDO-BUSYSTATUS:FREE", "transp:Transparent"};
    (void)state;

    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        char text[500];

        snprintf(text, sizeof(text),
                 CALENDAR(EVENT("DTSTART:20270709T090000Z" LF "DURATION:PT90M" LF "%s" LF)),
                 lines[i]);
        assert_busy(text, "");
    }
    assert_busy(CALENDAR(EVENT("DTSTART:20270709T090000Z" LF)), "");
    assert_busy(
        CALENDAR("BEGIN:VTODO" LF "DTSTART:20270709T090000Z" LF "DURATION:PT9M" LF "END:VTODO" LF),
        "");
}

static void an_alarm_inside_says_nothing_of_the_event(void **state)
{
    (void)state;

    assert_busy(CALENDAR(EVENT("BEGIN:VALARM" LF "TRIGGER:-PT15M" LF "DURATION:PT9H" LF
                               "DTSTART:20270101T000000Z" LF "END:VALARM" LF
                               "DTSTART:20270709T090000Z" LF "DTEND:20270709T093000Z" LF)),
                "20270709T0900/20270709T0930");
}

static void intervals_are_merged_and_cut_to_the_window(void **state)
{
    (void)state;

    assert_busy(CALENDAR("BEGIN:VEVENT" LF "DTSTART:20261231T000000Z" LF "DTEND:20270102T000000Z" LF
                         "END:VEVENT" LF "BEGIN:VEVENT" LF "DTSTART:20270105T100000Z" LF
                         "DTEND:20270105T110000Z" LF "END:VEVENT" LF "BEGIN:VEVENT" LF
                         "DTSTART:20270105T103000Z" LF "DTEND:20270105T120000Z" LF "END:VEVENT" LF
                         "BEGIN:VEVENT" LF "DTSTART:20270105T120000Z" LF "DTEND:20270105T123000Z" LF
                         "END:VEVENT" LF "BEGIN:VEVENT" LF "DTSTART:20271231T220000Z" LF
                         "DTEND:20290101T000000Z" LF "END:VEVENT" LF),
                "20261231T2300/20270102T0000 20270105T1000/20270105T1230 "
                "20271231T2200/20271231T2300");
}

static void free_busy_periods_count(void **state)
{
    (void)state;

    assert_busy(CALENDAR("BEGIN:VFREEBUSY" LF
                         "FREEBUSY:20270309T080000Z/20270309T090000Z,20270310T080000Z/PT30M" LF
                         "FREEBUSY;FBTYPE=FREE:20270311T080000Z/20270311T090000Z" LF
                         "FREEBUSY;FBTYPE=BUSY-TENTATIVE;TZID=UTC:20270312T080000Z/PT1H" LF
                         "END:VFREEBUSY" LF),
                "20270309T0800/20270309T0900 20270310T0800/20270310T0830 "
                "20270312T0800/20270312T0900");
}

/* ---- zones ---- */

#define EXCHANGE_ZONE(name)                                                                        \
    "BEGIN:VTIMEZONE" LF "TZID:" name LF "BEGIN:STANDARD" LF "DTSTART:16010101T030000" LF          \
    "TZOFFSETFROM:+0200" LF "TZOFFSETTO:+0100" LF                                                  \
    "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10" LF "END:STANDARD" LF "BEGIN:DAYLIGHT" LF  \
    "DTSTART:16010101T020000" LF "TZOFFSETFROM:+0100" LF "TZOFFSETTO:+0200" LF                     \
    "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3" LF "END:DAYLIGHT" LF "END:VTIMEZONE" LF

static void zones_are_found_by_any_of_their_names(void **state)
{
    static const char *const names[] = {
        "Europe/Berlin",
        "W. Europe Standard Time",
        "Romance Standard Time",
        "/freeassociation.sourceforge.net/Europe/Berlin",
        "/mozilla.org/20050126_1/Europe/Berlin",
        "\"(UTC+01:00) Amsterdam, Berlin, Bern, Rom, Stockholm, Wien\""};
    (void)state;

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char text[500];

        snprintf(text, sizeof(text),
                 CALENDAR(EVENT("DTSTART;TZID=%s:20270709T090000" LF "DURATION:PT1H" LF)),
                 names[i]);
        assert_busy(text, "20270709T0700/20270709T0800");
        assert_noted(text, "\"notes\":[]");
    }
    assert_busy(
        CALENDAR(EVENT("DTSTART;TZID=America/New_York:20270318T090000" LF "DURATION:PT1H" LF)),
        "20270318T1300/20270318T1400");
    assert_busy(CALENDAR(EVENT("DTSTART;TZID=Asia/Calcutta:20270318T090000" LF "DURATION:PT1H" LF)),
                "20270318T0330/20270318T0430");
}

static void a_zone_of_the_file_comes_first(void **state)
{
    (void)state;

    assert_busy(CALENDAR(EXCHANGE_ZONE("W. Europe Standard Time")
                             EVENT("DTSTART;TZID=\"W. Europe Standard Time\":20270709T090000" LF
                                   "DTEND;TZID=\"W. Europe Standard Time\":20270709T100000" LF)),
                "20270709T0700/20270709T0800");
    assert_busy(CALENDAR(EVENT("DTSTART;TZID=Eigene:20270709T090000" LF
                               "DURATION:PT1H" LF) "BEGIN:VTIMEZONE" LF "TZID:Eigene" LF
                                                   "BEGIN:STANDARD" LF "DTSTART:19700101T000000" LF
                                                   "TZOFFSETFROM:+0530" LF "TZOFFSETTO:+0530" LF
                                                   "END:STANDARD" LF "END:VTIMEZONE" LF),
                "20270709T0330/20270709T0430");
}

static void an_unknown_zone_is_berlin_and_said(void **state)
{
    const char *text =
        CALENDAR(EVENT("DTSTART;TZID=../../etc/passwd:20270709T090000" LF "DURATION:PT1H" LF));
    (void)state;

    assert_busy(text, "20270709T0700/20270709T0800");
    assert_noted(text, "\"kind\":\"unknown-zone\",\"count\":1,\"line\":6");
}

/* 28 March 2027 has no 02:30; 31 October 2027 has it twice. */
static void clock_changes_are_as_the_rfc_says(void **state)
{
    static const char *const zones[] = {"", EXCHANGE_ZONE("Europe/Berlin")};
    (void)state;

    for (size_t i = 0; i < 2; i++) {
        char text[2000];

        snprintf(text, sizeof(text),
                 CALENDAR("%s" EVENT("DTSTART;TZID=Europe/Berlin:20270327T023000" LF
                                     "DURATION:PT10M" LF "RRULE:FREQ=DAILY;COUNT=3" LF)),
                 zones[i]);
        assert_busy(text, "20270327T0130/20270327T0140 20270328T0130/20270328T0140 "
                          "20270329T0030/20270329T0040");
        snprintf(text, sizeof(text),
                 CALENDAR("%s" EVENT("DTSTART;TZID=Europe/Berlin:20271030T023000" LF
                                     "DURATION:PT10M" LF "RRULE:FREQ=DAILY;COUNT=3" LF)),
                 zones[i]);
        assert_busy(text, "20271030T0030/20271030T0040 20271031T0030/20271031T0040 "
                          "20271101T0130/20271101T0140");
        snprintf(text, sizeof(text),
                 CALENDAR("%s" EVENT("DTSTART;TZID=Europe/Berlin:20271031T000000" LF
                                     "DTEND;TZID=Europe/Berlin:20271031T040000" LF)),
                 zones[i]);
        assert_busy(text, "20271030T2200/20271031T0300");
    }
}

/* ---- recurrences ---- */

#define WEEKLY                                                                                     \
    "DTSTART;TZID=Europe/Berlin:20270304T090000" LF "DTEND;TZID=Europe/Berlin:20270304T093000" LF  \
    "RRULE:FREQ=WEEKLY;COUNT=4" LF

static void exceptions_are_left_out_however_they_are_written(void **state)
{
    static const char *const lines[] = {"EXDATE;TZID=Europe/Berlin:20270311T090000",
                                        "EXDATE:20270311T080000Z", "EXDATE:20270311T090000",
                                        "EXDATE;VALUE=DATE:20270311",
                                        "EXDATE;TZID=America/New_York:20270311T030000"};
    (void)state;

    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        char text[500];

        snprintf(text, sizeof(text), CALENDAR(EVENT(WEEKLY "%s" LF)), lines[i]);
        assert_busy(text, "20270304T0800/20270304T0830 20270318T0800/20270318T0830 "
                          "20270325T0800/20270325T0830");
    }
}

static void a_moved_occurrence_is_where_it_is_now(void **state)
{
    (void)state;

    assert_busy(
        CALENDAR(EVENT("RECURRENCE-ID;TZID=Europe/Berlin:20270311T090000" LF
                       "DTSTART;TZID=Europe/Berlin:20270312T140000" LF "DURATION:PT1H" LF
                       "SEQUENCE:2" LF) EVENT(WEEKLY)
                     EVENT("RECURRENCE-ID:20270311T080000Z" LF "DTSTART:20270313T140000Z" LF
                           "DURATION:PT1H" LF "SEQUENCE:1" LF)
                         EVENT("RECURRENCE-ID:20270318T080000Z" LF "DTSTART:20270318T080000Z" LF
                               "DURATION:PT30M" LF "STATUS:CANCELLED" LF)),
        "20270304T0800/20270304T0830 20270312T1300/20270312T1400 20270325T0800/20270325T0830");
}

static void this_and_future_is_told(void **state)
{
    (void)state;

    assert_noted(
        CALENDAR(EVENT(WEEKLY) EVENT("RECURRENCE-ID;RANGE=THISANDFUTURE:20270311T080000Z" LF
                                     "DTSTART:20270311T090000Z" LF "DURATION:PT1H" LF)),
        "\"kind\":\"range\"");
}

static void additional_dates_and_periods_count(void **state)
{
    (void)state;

    assert_busy(
        CALENDAR(EVENT("DTSTART:20270304T080000Z" LF "DURATION:PT30M" LF
                       "RDATE:20270305T080000Z,20270306T080000Z" LF
                       "RDATE;VALUE=PERIOD:20270307T080000Z/PT2H" LF "EXDATE:20270306T080000Z" LF)),
        "20270304T0800/20270304T0830 20270305T0800/20270305T0830 "
        "20270307T0800/20270307T1000");
}

static void a_rule_without_end_ends_with_the_window(void **state)
{
    (void)state;

    assert_busy(CALENDAR(EVENT("DTSTART;VALUE=DATE:19610309" LF "RRULE:FREQ=YEARLY" LF)),
                "20270308T2300/20270309T2300");
    assert_busy(CALENDAR(EVENT("DTSTART:20000101T000000Z" LF "DURATION:PT1H" LF
                               "RRULE:FREQ=DAILY;COUNT=9864" LF)),
                "20270101T0000/20270101T0100 20270102T0000/20270102T0100");
}

static void a_rule_that_cannot_be_read_leaves_the_first_time(void **state)
{
    static const char *const rules[] = {"FREQ=FORTNIGHTLY",
                                        "BYDAY=MO",
                                        "FREQ=DAILY;INTERVAL=0",
                                        "FREQ=MONTHLY;BYDAY=9X",
                                        "RSCALE=HEBREW;FREQ=YEARLY",
                                        "FREQ=DAILY;COUNT=-1",
                                        ""};
    (void)state;

    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        char text[500];

        snprintf(text, sizeof(text),
                 CALENDAR(EVENT("DTSTART:20270304T080000Z" LF "DURATION:PT30M" LF "RRULE:%s" LF)),
                 rules[i]);
        assert_busy(text, "20270304T0800/20270304T0830");
        assert_noted(text, "\"kind\":\"rule\"");
    }
}

static void by_the_minute_is_refused_with_a_note(void **state)
{
    (void)state;

    assert_noted(CALENDAR(EVENT("DTSTART:20270304T080000Z" LF "DURATION:PT1S" LF
                                "RRULE:FREQ=SECONDLY;COUNT=1000000" LF)),
                 "\"kind\":\"dense\"");
    assert_noted(CALENDAR(EVENT("DTSTART:20270304T080000Z" LF "DURATION:PT1S" LF
                                "RRULE:FREQ=DAILY;BYHOUR=1,2,3,4;BYMINUTE=1,2,3,4,5,6,7,8,9,10,11,"
                                "12,13" LF)),
                 "\"kind\":\"dense\"");
}

/* ---- what others write ---- */

static void lines_may_be_folded_anywhere(void **state)
{
    (void)state;

    assert_busy("\xef\xbb\xbf"
                "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTST\n ART:2027\n\t0304T080000Z\nDURATION:PT3\n 0M"
                "\n\nhier steht nichts\nEND:VEVENT \nEND:VCALENDAR",
                "20270304T0800/20270304T0830");
}

static void what_is_no_calendar_is_refused_with_the_reason(void **state)
{
    static const struct {
        const char *text, *said;
    } cases[] = {
        {"", "the calendar is empty"},
        {"<!DOCTYPE html>\n<html>", "a web page and no calendar"},
        {"BEGIN:VCARD\nEND:VCARD\n", "line 1: BEGIN:VCARD stands outside"},
        {"DTSTART:20270304\n", "this is no calendar"},
        {"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:2027", "breaks off in line 3: END:VEVENT"},
        {"BEGIN:VCALENDAR\nEND:VEVENT\n", "line 2: END:VEVENT has no BEGIN"},
    };
    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char *answer = read_bytes(cases[i].text, strlen(cases[i].text), 1, 2);

        assert_memory_equal(answer, "{\"refused\":{\"line\":", 19);
        assert_has(answer, cases[i].said);
        free(answer);
    }
}

static void times_that_cannot_be_are_left_out(void **state)
{
    static const char *const times[] = {"DTSTART:20270230T080000Z",
                                        "DTSTART:20270304T250000Z",
                                        "DTSTART:99999999T080000Z",
                                        "DTSTART:",
                                        "SUMMARY:ohne",
                                        "DTSTART:20270304T080000Z\nDTEND:20270303T080000Z",
                                        "DTSTART:20270304T080000Z\nDURATION:P9999999W"};
    (void)state;

    for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
        char text[500];

        snprintf(text, sizeof(text),
                 CALENDAR(EVENT("%s" LF) "BEGIN:VEVENT" LF "DTSTART:20270305T080000Z" LF
                                         "DURATION:PT1H" LF "END:VEVENT" LF),
                 times[i]);
        assert_busy(text, "20270305T0800/20270305T0900");
        assert_noted(text, "\"count\":1");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_event_takes_its_time),
        cmocka_unit_test(a_whole_day_is_one_of_berlin),
        cmocka_unit_test(what_takes_no_time_is_left_out),
        cmocka_unit_test(an_alarm_inside_says_nothing_of_the_event),
        cmocka_unit_test(intervals_are_merged_and_cut_to_the_window),
        cmocka_unit_test(free_busy_periods_count),
        cmocka_unit_test(zones_are_found_by_any_of_their_names),
        cmocka_unit_test(a_zone_of_the_file_comes_first),
        cmocka_unit_test(an_unknown_zone_is_berlin_and_said),
        cmocka_unit_test(clock_changes_are_as_the_rfc_says),
        cmocka_unit_test(exceptions_are_left_out_however_they_are_written),
        cmocka_unit_test(a_moved_occurrence_is_where_it_is_now),
        cmocka_unit_test(this_and_future_is_told),
        cmocka_unit_test(additional_dates_and_periods_count),
        cmocka_unit_test(a_rule_without_end_ends_with_the_window),
        cmocka_unit_test(a_rule_that_cannot_be_read_leaves_the_first_time),
        cmocka_unit_test(by_the_minute_is_refused_with_a_note),
        cmocka_unit_test(lines_may_be_folded_anywhere),
        cmocka_unit_test(what_is_no_calendar_is_refused_with_the_reason),
        cmocka_unit_test(times_that_cannot_be_are_left_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
