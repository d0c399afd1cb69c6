/* itip.h: what the big calendars answer, in the shapes they are known to send. Written for this
 * test, from what is described of them; no message of anybody. */
#include "reading.h"

static const char google_reply[] =
    "BEGIN:VCALENDAR\r\nPRODID:-//Google Inc//Google Calendar 70.9054//EN\r\nVERSION:2.0\r\n"
    "CALSCALE:GREGORIAN\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nDTSTART:20270511T070000Z\r\n"
    "DTEND:20270511T140000Z\r\nDTSTAMP:20270301T101500Z\r\n"
    "ORGANIZER;CN=Koordinierungsstelle:mailto:termin+abc@example.org\r\n"
    "UID:2f1c8b1e-6a53-4a3e-9c55-0d2b7d6a1f10\r\n"
    "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;CN=Modera\r\n"
    " tion Sieben;X-NUM-GUESTS=0:mailto:moderator-07@example.org\r\n"
    "X-MICROSOFT-CDO-OWNERAPPTID:1823651265\r\nCREATED:20270301T090000Z\r\nDESCRIPTION:\r\n"
    "LAST-MODIFIED:20270301T101500Z\r\nLOCATION:Lemgo\\, Rathaus\r\nSEQUENCE:2\r\n"
    "STATUS:CONFIRMED\r\nSUMMARY:Analysetag\\; Lemgo\r\nTRANSP:OPAQUE\r\nEND:VEVENT\r\n"
    "END:VCALENDAR\r\n";

static void google_accepts(void **state)
{
    (void)state;

    assert_message(google_reply, "{\"method\":\"REPLY\",\"component\":\"VEVENT\","
                                 "\"uid\":\"2f1c8b1e-6a53-4a3e-9c55-0d2b7d6a1f10\",\"sequence\":2,"
                                 "\"dtstamp\":1803896100,\"instance\":null,"
                                 "\"organizer\":\"termin+abc@example.org\","
                                 "\"status\":\"CONFIRMED\",\"summary\":\"Analysetag; Lemgo\","
                                 "\"comment\":null,"
                                 "\"start\":{\"utc\":1810018800,\"day\":\"2027-05-11\","
                                 "\"minute\":540,\"date\":false}");
    assert_message(google_reply, "\"attendees\":[{\"address\":\"moderator-07@example.org\","
                                 "\"name\":\"Moderation Sieben\",\"partstat\":\"ACCEPTED\","
                                 "\"delegated_to\":[],\"delegated_from\":[],\"sent_by\":\"\"}],"
                                 "\"notes\":[]}");
}

/* Without ORGANIZER, SEQUENCE and PRODID, with the address in the case that somebody typed once. */
static void outlook_com_declines(void **state)
{
    static const char text[] =
        "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\n"
        "ATTENDEE;PARTSTAT=DECLINED;CN=Kontakt:MAILTO:Kontakt@Example.ORG\r\n"
        "COMMENT;LANGUAGE=de-DE:Da bin ich\\, leider\\, im Urlaub.\\nGern eine Woche "
        "spaeter.\\n\r\n"
        "UID:2f1c8b1e\r\nSUMMARY;LANGUAGE=de-DE:Abgelehnt: Analysetag\r\n"
        "DTSTART;TZID=W. Europe Standard Time:20270511T090000\r\n"
        "DTEND;TZID=W. Europe Standard Time:20270511T160000\r\nCLASS:PUBLIC\r\nPRIORITY:5\r\n"
        "DTSTAMP:20270301T101500Z\r\nTRANSP:OPAQUE\r\nSTATUS:CONFIRMED\r\n"
        "X-MICROSOFT-CDO-APPT-SEQUENCE:1\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    (void)state;

    assert_message(text, "\"sequence\":null");
    assert_message(text, "\"organizer\":null");
    assert_message(text, "\"comment\":\"Da bin ich, leider, im Urlaub.\\u000aGern eine Woche "
                         "spaeter.\\u000a\"");
    assert_message(text, "\"address\":\"kontakt@example.org\",\"name\":\"Kontakt\","
                         "\"partstat\":\"DECLINED\"");
    assert_message(text, "\"end\":{\"utc\":1810044000,\"day\":\"2027-05-11\",\"minute\":960");
}

static void exchange_proposes_another_time(void **state)
{
    static const char text[] =
        "BEGIN:VCALENDAR\r\nMETHOD:COUNTER\r\nPRODID:Microsoft Exchange Server 2010\r\n"
        "VERSION:2.0\r\nBEGIN:VTIMEZONE\r\nTZID:W. Europe Standard Time\r\nBEGIN:STANDARD\r\n"
        "DTSTART:16010101T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\n"
        "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10\r\nEND:STANDARD\r\n"
        "BEGIN:DAYLIGHT\r\nDTSTART:16010101T020000\r\nTZOFFSETFROM:+0100\r\n"
        "TZOFFSETTO:+0200\r\nRRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3\r\n"
        "END:DAYLIGHT\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\n"
        "ATTENDEE;PARTSTAT=TENTATIVE;CN=Leitung:mailto:leitung@example.org\r\n"
        "COMMENT;LANGUAGE=de-DE:\r\nUID:2f1c8b1e\r\n"
        "SUMMARY;LANGUAGE=de-DE:Neue Zeit vorgeschlagen: Analysetag\r\n"
        "DTSTART;TZID=W. Europe Standard Time:20270518T100000\r\n"
        "DTEND;TZID=W. Europe Standard Time:20270518T170000\r\nDTSTAMP:20270301T101500Z\r\n"
        "SEQUENCE:1\r\nX-MICROSOFT-CDO-APPT-SEQUENCE:1\r\n"
        "X-MS-OLK-ORIGINALSTART;TZID=W. Europe Standard Time:20270511T090000\r\n"
        "BEGIN:VALARM\r\nDESCRIPTION:REMINDER\r\nTRIGGER;RELATED=START:-PT15M\r\n"
        "ACTION:DISPLAY\r\nEND:VALARM\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    (void)state;

    assert_message(text, "{\"method\":\"COUNTER\"");
    assert_message(text, "\"start\":{\"utc\":1810627200,\"day\":\"2027-05-18\",\"minute\":600,");
    assert_message(text, "\"end\":{\"utc\":1810652400,\"day\":\"2027-05-18\",\"minute\":1020,");
    assert_message(text, "\"partstat\":\"TENTATIVE\"");
    assert_message(text, "\"notes\":[]");
}

static void apple_answers_beside_the_attendee(void **state)
{
    static const char text[] =
        "BEGIN:VCALENDAR\r\nCALSCALE:GREGORIAN\r\nPRODID:-//Apple Inc.//macOS 15.0//EN\r\n"
        "VERSION:2.0\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:2f1c8b1e\r\n"
        "DTSTART;TZID=Europe/Berlin:20270511T090000\r\nDURATION:PT7H\r\nSEQUENCE:1\r\n"
        "DTSTAMP:20270301T101500Z\r\nORGANIZER;EMAIL=termin+abc@example.org:/principal/1\r\n"
        "ATTENDEE;CN=\"Kontakt, Lemgo\";CUTYPE=INDIVIDUAL;EMAIL=kontakt@example.org;"
        "PARTSTAT=ACCEPTED;X-RESPONSE-COMMENT=\"Parkplatz; im Hof^nbitte\":urn:uuid:00\r\n"
        "END:VEVENT\r\nEND:VCALENDAR\r\n";
    (void)state;

    assert_message(text, "\"address\":\"kontakt@example.org\",\"name\":\"Kontakt, Lemgo\"");
    assert_message(text, "\"organizer\":\"termin+abc@example.org\"");
    assert_message(text, "\"comment\":\"Parkplatz; im Hof\\u000abitte\"");
    assert_message(text, "\"end\":{\"utc\":1810044000");
}

static void thunderbird_asks_to_see_it_again_and_delegates(void **state)
{
    static const char refresh[] =
        "BEGIN:VCALENDAR\nPRODID:-//Mozilla.org/NONSGML Mozilla Calendar V1.1//EN\nVERSION:2.0\n"
        "METHOD:refresh\nBEGIN:VEVENT\nUID:2f1c8b1e\nDTSTAMP:20270301T101500Z\n"
        "ATTENDEE:mailto:kontakt@example.org\nEND:VEVENT\nEND:VCALENDAR\n";
    static const char delegated[] =
        "BEGIN:VCALENDAR\nMETHOD:REPLY\nBEGIN:VEVENT\nUID:2f1c8b1e\n"
        "ATTENDEE;PARTSTAT=DELEGATED;DELEGATED-TO=\"mailto:b@example.org\",\"mailto:C@example.org\""
        ":mailto:kontakt@example.org\n"
        "ATTENDEE;PARTSTAT=ACCEPTED;DELEGATED-FROM=\"mailto:kontakt@example.org\";"
        "SENT-BY=\"mailto:buero@example.org\":mailto:b@example.org\nEND:VEVENT\nEND:VCALENDAR\n";
    (void)state;

    assert_message(refresh, "{\"method\":\"REFRESH\"");
    assert_message(refresh, "\"partstat\":null");
    assert_message(delegated, "\"partstat\":\"DELEGATED\",\"delegated_to\":[\"b@example.org\","
                              "\"c@example.org\"]");
    assert_message(delegated, "\"delegated_from\":[\"kontakt@example.org\"],"
                              "\"sent_by\":\"buero@example.org\"");
}

static void one_occurrence_is_named(void **state)
{
    (void)state;

    assert_message("BEGIN:VCALENDAR\nMETHOD:REPLY\nBEGIN:VEVENT\nUID:a\n"
                   "RECURRENCE-ID;TZID=Europe/Berlin:20270328T023000\nEND:VEVENT\nEND:VCALENDAR\n",
                   "\"instance\":{\"utc\":1806197400,\"day\":\"2027-03-28\",\"minute\":210,");
}

#define MESSAGE(method, inside)                                                                    \
    "BEGIN:VCALENDAR\n" method "BEGIN:VEVENT\nUID:a\n" inside "END:VEVENT\nEND:VCALENDAR\n"

static void addresses_that_are_none_are_empty(void **state)
{
    static const char *const wrong[] = {"mailto:a@b@c",
                                        "mailto:@example.org",
                                        "mailto:a b@c.org",
                                        "mailto:a\x01@c.org,d@e.org",
                                        "kontakt",
                                        "mailto:",
                                        "",
                                        "mailto:<script>@example.org",
                                        "mailto:\xc3\xa4@"};
    (void)state;

    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        char text[300];

        snprintf(text, sizeof(text), MESSAGE("METHOD:REPLY\n", "ATTENDEE;CN=A:%s\n"), wrong[i]);
        assert_message(text, "\"address\":\"\"");
    }
}

static void bytes_that_are_no_text_do_no_harm(void **state)
{
    (void)state;

    assert_message(MESSAGE("METHOD:REPLY\n", "COMMENT:Gr\xf6\xdf"
                                             "e \xed\xa0\x80 \"\\\"\t\\\\\x7f</script>\n"),
                   "\"comment\":\"Gr\xef\xbf\xbd\xef\xbf\xbd"
                   "e \xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd \\\"\\\"\\u0009\\\\</script>\"");
}

static void what_is_no_message_is_refused(void **state)
{
    static const struct {
        const char *text, *said;
    } cases[] = {
        {MESSAGE("", ""), "no METHOD"},
        {MESSAGE("METHOD:DELETE\n", ""), "line 2: there is no METHOD:DELETE"},
        {"BEGIN:VCALENDAR\nMETHOD:REPLY\nEND:VCALENDAR\n", "there is no event"},
        {"BEGIN:VCALENDAR\nMETHOD:REPLY\nBEGIN:VTODO\nEND:VTODO\nEND:VCALENDAR\n",
         "line 3: VTODO is no event"},
        {"BEGIN:VCALENDAR\nMETHOD:REPLY\nBEGIN:VEVENT\nEND:VEVENT\nEND:VCALENDAR\n", "has no UID"},
        {MESSAGE("METHOD:REPLY\nBEGIN:VEVENT\nUID:b\nEND:VEVENT\n", ""), "a second event"},
        {MESSAGE("METHOD:REPLY\n", "") "BEGIN:VCALENDAR\nEND:VCALENDAR\n", "a second calendar"},
    };
    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_message(cases[i].text, cases[i].said);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(google_accepts),
        cmocka_unit_test(outlook_com_declines),
        cmocka_unit_test(exchange_proposes_another_time),
        cmocka_unit_test(apple_answers_beside_the_attendee),
        cmocka_unit_test(thunderbird_asks_to_see_it_again_and_delegates),
        cmocka_unit_test(one_occurrence_is_named),
        cmocka_unit_test(addresses_that_are_none_are_empty),
        cmocka_unit_test(bytes_that_are_no_text_do_no_harm),
        cmocka_unit_test(what_is_no_message_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
