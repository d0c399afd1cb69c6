/* What leaves by mail about a meeting: to whom, when, in which words, and as which calendar; and
 * the same meetings as files and as calendars to subscribe to. */
#include "tests/integration/meetings.h"

#include "core/mail/read.h"
#include "tests/support/program.h"

#define SESSION "2027-06-15"
#define LATER   "2027-06-22"
#define TEAM    "m-1@example.org"
#define CONTACT "ansprechperson@example.org"
#define HEAD    "leitung@example.org"

static int setup(void **state)
{
    snprintf(meetings_config, sizeof(meetings_config),
             "mail { from = \"qe@example.org\" }\n"
             "plugin appointments { organizer = \"termine@example.org\" }\n");
    return meetings_make(state);
}

/* ---- what left ---- */

struct letter {
    int64_t id;
    char to[128], subject[300];
    char *source;          /* owned; as it leaves, without CR */
    char *text, *calendar; /* owned; the calendar with its lines unfolded */
};

static struct letter letters[64];
static size_t letter_count;

static void forget_letters(void)
{
    for (size_t i = 0; i < letter_count; i++) {
        free(letters[i].source);
        free(letters[i].text);
        free(letters[i].calendar);
    }
    letter_count = 0;
}

static char *unfold(const char *bytes, size_t length)
{
    char *text = malloc(length + 1), *to = text;

    for (size_t i = 0; i < length; i++) {
        if (bytes[i] == '\r')
            continue;
        if (bytes[i] == '\n' && i + 1 < length && bytes[i + 1] == ' ')
            i++;
        else
            *to++ = bytes[i];
    }
    *to = '\0';
    return text;
}

static void read_letter(struct letter *letter)
{
    struct rh_arena arena = RH_ARENA_INIT(16 * 1024 * 1024);
    struct rh_mail_in in;
    char id[24];

    snprintf(id, sizeof(id), "%lld", (long long)letter->id);
    must(w, "mail show", "id", id);
    letter->source = strdup(text(w, "source"));
    assert_int_equal(rh_mail_read(letter->source, strlen(letter->source), &arena, &in, &w->err), 0);
    letter->text = strdup(in.text);
    assert_non_null(in.calendar);
    letter->calendar = unfold(in.calendar, in.calendar_length);
    rh_arena_fini(&arena);
}

static int by_id(const void *a, const void *b)
{
    const struct letter *x = a, *y = b;

    return (x->id > y->id) - (x->id < y->id);
}

/* All about meetings, the oldest first; how many. */
static size_t read_letters(void)
{
    forget_letters();
    must(w, "mail list", "state", "all", "kind", "appointments.meeting");
    letter_count = item_count(w);
    assert_true(letter_count <= 64);
    for (size_t i = 0; i < letter_count; i++) {
        const json_t *row = json_array_get(items(w), i);

        letters[i] = (struct letter){.id = json_integer_value(json_object_get(row, "id"))};
        snprintf(letters[i].to, sizeof(letters[i].to), "%s", text_of(row, "recipient"));
        snprintf(letters[i].subject, sizeof(letters[i].subject), "%s", text_of(row, "subject"));
    }
    qsort(letters, letter_count, sizeof(letters[0]), by_id);
    for (size_t i = 0; i < letter_count; i++)
        read_letter(&letters[i]);
    return letter_count;
}

/* The nth letter to somebody, from 1; read_letters() has read it. */
static const struct letter *letter(const char *to, int number_of_it)
{
    for (size_t i = 0; i < letter_count; i++)
        if (strcmp(letters[i].to, to) == 0 && --number_of_it == 0)
            return &letters[i];
    fail_msg("no such letter to %s", to);
    return NULL;
}

static size_t letters_to(const char *to)
{
    size_t count = 0;

    (void)read_letters();
    for (size_t i = 0; i < letter_count; i++)
        count += strcmp(letters[i].to, to) == 0;
    return count;
}

static void assert_has(const char *text_, const char *part)
{
    if (!strstr(text_, part))
        fail_msg("'%s' is not in:\n%s", part, text_);
}

static void assert_has_not(const char *text_, const char *part)
{
    if (strstr(text_, part))
        fail_msg("'%s' is in:\n%s", part, text_);
}

/* Do the parts stand in that order? */
static void assert_order(const char *text_, const char *const *parts)
{
    for (const char *at = text_; *parts; parts++) {
        at = strstr(at, *parts);
        if (!at)
            fail_msg("'%s' does not stand there in:\n%s", *parts, text_);
    }
}

static void fix(void)
{
    must(w, "appointment fix", "procedure", "lemgo", "step", "session", "on", SESSION, "place",
         "Rathaus; Raum 12", "video", "https://video.example.org/lemgo", "note",
         "Bitte den Zeitstrahl mitbringen");
}

/* Line "NAME:value" of a calendar. */
static void value(const char *calendar, const char *name, char *to, size_t size)
{
    char start[80];
    const char *at;

    snprintf(start, sizeof(start), "\n%s", name);
    at = strstr(calendar, start);
    if (!at)
        fail_msg("%s is not in:\n%s", name, calendar);
    snprintf(to, size, "%.*s", (int)strcspn(at + strlen(start), "\n"), at + strlen(start));
}

/* ---- REQUEST ---- */

static void everyone_gets_one_mail_as_outlook_reads_it(void **state)
{
    static const char *const structure[] = {
        "\nContent-Type: multipart/mixed;",
        "\nContent-Type: multipart/alternative;",
        "\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n",
        "\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n",
        "\nContent-Type: text/calendar; charset=utf-8; method=REQUEST; component=VEVENT\n"
        "Content-Transfer-Encoding: base64\n",
        "\nContent-Type: application/ics; name=\"invite.ics\"\n",
        "\nContent-Disposition: attachment; filename=\"invite.ics\"\n",
        NULL};
    const struct letter *to_team;
    char organizer[200], reply_to[300];

    (void)state;
    assert_int_equal(read_letters(), 4); /* two moderators, contact, head */
    to_team = letter(TEAM, 1);
    assert_order(to_team->source, structure);
    assert_string_equal(to_team->subject, "Einladung: Analysesitzung, Stadt Lemgo, Dienstag, 15. "
                                          "Juni 2027, 9:00–16:00 Uhr");
    assert_has(to_team->calendar, "\nMETHOD:REQUEST\n");
    assert_has(to_team->calendar, "\nSEQUENCE:0\n");
    assert_has(to_team->calendar, "\nSTATUS:CONFIRMED\n");
    assert_has(to_team->calendar, "\nLOCATION:Rathaus\\; Raum 12\n");
    assert_has(to_team->calendar, "\nTRIGGER:-PT1440M\n");
    assert_has(to_team->calendar, "\nATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT="
                                  "NEEDS-ACTION;RSVP=TRUE;CN=Moderator*in 1:mailto:" TEAM "\n");
    assert_has(to_team->calendar, "ROLE=OPT-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE;CN=Leitung:"
                                  "mailto:" HEAD "\n");
    value(to_team->calendar,
          "ORGANIZER;CN=Koordinierungsstelle Qualitätsentwicklung:mailto:", organizer,
          sizeof(organizer));
    assert_int_equal(strlen(organizer), strlen("termine+@example.org") + 32);
    snprintf(reply_to, sizeof(reply_to), "<%s>", organizer);
    assert_has(to_team->source, reply_to);
    assert_has(to_team->source, "\nFrom: reihum <qe@example.org>\n");
    assert_has(to_team->text, "Wann: Dienstag, 15. Juni 2027, 9:00–16:00 Uhr");
    assert_has(to_team->text, "Video: https://video.example.org/lemgo");
    assert_has(letter(HEAD, 1)->text, "Tuesday, 15 June 2027, 9:00–16:00");
    assert_has(letter(HEAD, 1)->subject, "Invitation: Analysis session");
}

/* One interpreter for all kinds: Python's email, which forgives nothing here. */
static void every_kind_is_strict_mime(void **state)
{
    char script[400], names[8][80];
    const char *words[12] = {"/usr/bin/python3", script};
    struct program reader;

    (void)state;
    fix();
    must(w, "appointment move", "meeting", "lemgo/session", "on", LATER, "reason", "Raum; belegt");
    must(w, "appointment cancel", "meeting", "lemgo/session", "attendee", HEAD, "reason",
         "vertreten");
    must(w, "appointment cancel", "meeting", "lemgo/session", "reason", "Das Amt zieht um 🗓");
    assert_int_equal(letters_to(CONTACT), 3);
    assert_int_equal(letters_to(HEAD), 3);
    snprintf(script, sizeof(script), "%s/tests/support/peers/read_mail.py", getenv("RH_SOURCE"));
    for (int i = 0; i < 6; i++) {
        const struct letter *one = letter(i < 3 ? CONTACT : HEAD, i % 3 + 1);
        size_t length = strlen(one->source);
        FILE *file;

        snprintf(names[i], sizeof(names[i]), "%s/%d.eml", w->folder, i);
        file = fopen(names[i], "w");
        assert_non_null(file);
        for (size_t k = 0; k < length; k++)
            fprintf(file, one->source[k] == '\n' ? "\r%c" : "%c", one->source[k]);
        fclose(file);
        words[2 + i] = names[i];
    }
    reader = program_run(words, NULL, 0);
    if (reader.status != 0)
        print_error("%s\n%s", reader.out, reader.errs);
    assert_int_equal(reader.status, 0);
    assert_has(reader.out, "Subject: Abgesagt: Analysesitzung, Stadt Lemgo");
    assert_has(reader.out, "[text/calendar] CANCEL");
    program_free(&reader);
}

/* ---- updates ---- */

static void a_move_says_what_was_and_what_is(void **state)
{
    const struct letter *first, *second;
    char id[200], answers[300];

    (void)state;
    fix();
    must(w, "appointment answer", "meeting", "lemgo/session", "attendee", TEAM, "answer",
         "accepted");
    w->now += 3600;
    must(w, "appointment move", "meeting", "lemgo/session", "on", LATER, "place", "Kreishaus",
         "reason", "Raum belegt");
    assert_int_equal(read_letters(), 8);
    first = letter(TEAM, 1);
    second = letter(TEAM, 2);
    assert_has(second->subject, "Geändert: Analysesitzung");
    assert_has(second->text, "- Zeit: bisher Dienstag, 15. Juni 2027, 9:00–16:00 Uhr\n  neu "
                             "Dienstag, 22. Juni 2027, 9:00–16:00 Uhr\n");
    assert_has(second->text, "- Ort: bisher Rathaus; Raum 12\n  neu Kreishaus\n");
    assert_has_not(second->text, "- Video");
    assert_has(second->text, "Grund: Raum belegt");
    assert_has(second->calendar, "\nSEQUENCE:1\n");
    assert_has(second->calendar, "PARTSTAT=NEEDS-ACTION;RSVP=TRUE;CN=Moderator*in 1:");
    value(first->source, "Message-ID: ", id, sizeof(id));
    snprintf(answers, sizeof(answers), "\nIn-Reply-To: %s\n", id);
    assert_has(second->source, answers);
    snprintf(answers, sizeof(answers), "\nReferences: %s\n", id);
    assert_has(second->source, answers);
}

/* RFC 5546, 2.1.4: words alone keep the SEQUENCE, and answers stand; the DTSTAMP says what is
 * newer. */
static void words_alone_keep_version_and_answers(void **state)
{
    char first[40], second[40];

    (void)state;
    fix();
    must(w, "appointment answer", "meeting", "lemgo/session", "attendee", TEAM, "answer",
         "accepted");
    must(w, "appointment move", "meeting", "lemgo/session", "note", "Ohne Zeitstrahl", "reason",
         "zu groß"); /* the clock stands: within the same second */
    assert_int_equal(letters_to(CONTACT), 2);
    value(letter(CONTACT, 1)->calendar, "DTSTAMP:", first, sizeof(first));
    value(letter(CONTACT, 2)->calendar, "DTSTAMP:", second, sizeof(second));
    assert_true(strcmp(second, first) > 0);
    assert_has(letter(CONTACT, 2)->calendar, "\nSEQUENCE:0\n");
    assert_has(letter(CONTACT, 2)->calendar, "PARTSTAT=ACCEPTED;CN=Moderator*in 1:");
}

static void who_asks_again_gets_the_whole_once_more(void **state)
{
    (void)state;
    fix();
    must(w, "appointment resend", "meeting", "lemgo/session", "attendee", TEAM);
    assert_int_equal(read_letters(), 5);
    assert_int_equal(letters_to(TEAM), 2);
    assert_has(letter(TEAM, 2)->subject, "Einladung: ");
    assert_has(letter(TEAM, 2)->calendar, "\nMETHOD:REQUEST\n");
    assert_has(letter(TEAM, 2)->calendar, "\nSEQUENCE:0\n");
}

static void answers_mail_nobody(void **state)
{
    (void)state;
    fix();
    must(w, "appointment answer", "meeting", "lemgo/session", "attendee", TEAM, "answer",
         "accepted");
    run_jobs();
    assert_int_equal(read_letters(), 4);
}

/* ---- CANCEL ---- */

static void all_hear_that_it_is_off(void **state)
{
    (void)state;
    fix();
    must(w, "appointment cancel", "meeting", "lemgo/session", "reason", "Umzug");
    assert_int_equal(read_letters(), 8);
    for (int i = 0; i < 4; i++) {
        static const char *const all[] = {TEAM, "m-2@example.org", CONTACT, HEAD};
        const struct letter *cancel = letter(all[i], 2);

        assert_has(cancel->calendar, "\nMETHOD:CANCEL\n");
        assert_has(cancel->calendar, "\nSTATUS:CANCELLED\n");
        assert_has(cancel->calendar, "\nSEQUENCE:1\n");
        assert_has(cancel->calendar, "\nCOMMENT:Umzug\n");
        assert_has(cancel->calendar, "mailto:" TEAM "\n");
        assert_has(cancel->calendar, "mailto:" HEAD "\n");
        assert_has_not(cancel->calendar, "VALARM");
    }
    assert_has(letter(CONTACT, 2)->subject, "Abgesagt: ");
    assert_has(letter(HEAD, 2)->subject, "Cancelled: ");
}

/* RFC 5546, 3.2.5: with STATUS:CANCELLED their calendar would say that it is off for all. */
static void one_person_is_told_that_it_goes_on_without_them(void **state)
{
    const struct letter *cancel;

    (void)state;
    fix();
    must(w, "appointment cancel", "meeting", "lemgo/session", "attendee", HEAD, "reason",
         "vertreten");
    assert_int_equal(read_letters(), 5);
    cancel = letter(HEAD, 2);
    assert_has(cancel->calendar, "\nMETHOD:CANCEL\n");
    assert_has(cancel->calendar, "\nSEQUENCE:1\n");
    assert_has_not(cancel->calendar, "\nSTATUS:");
    assert_has_not(cancel->calendar, "mailto:" TEAM);
    assert_has(cancel->calendar, "mailto:" HEAD "\n");
    assert_has(cancel->text, "for the others it takes");
    assert_has(cancel->text, "Reason: vertreten");
}

/* A CANCEL to the old, a REQUEST to the new at once; those who stay hear of both a minute later, in
 * one mail, without being asked anew. */
static void a_moderator_is_replaced(void **state)
{
    (void)state;
    fix();
    must(w, "appointment answer", "meeting", "lemgo/session", "attendee", TEAM, "answer",
         "accepted");
    must(w, "moderator rule import", "file", "=office,moderator,rule\n");
    must(w, "team swap", "office", "lemgo", "out", "m-2", "in", "m-6", "yes", "yes");
    must(w, "team publish");
    assert_int_equal(letters_to("m-2@example.org"), 2);
    assert_has(letter("m-2@example.org", 2)->calendar, "\nMETHOD:CANCEL\n");
    assert_has_not(letter("m-2@example.org", 2)->calendar, "\nSTATUS:");
    assert_int_equal(letters_to("m-6@example.org"), 1);
    assert_has(letter("m-6@example.org", 1)->calendar, "\nMETHOD:REQUEST\n");
    assert_int_equal(letters_to(TEAM), 1);

    w->now += 61;
    run_jobs();

    assert_int_equal(letters_to(TEAM), 2);
    assert_has(letter(TEAM, 2)->text, "Teilnehmende: bisher Moderator*in 1, Moderator*in 2,");
    assert_has(letter(TEAM, 2)->calendar, "CN=Moderator*in 6:");
    assert_has_not(letter(TEAM, 2)->calendar, "CN=Moderator*in 2:");
    assert_has(letter(TEAM, 2)->calendar, "PARTSTAT=ACCEPTED;CN=Moderator*in 1:");
    assert_int_equal(letters_to("m-6@example.org"), 1);
    assert_has(letter(TEAM, 2)->calendar, "\nSEQUENCE:0\n");

    must(w, "team swap", "office", "lemgo", "out", "m-6", "in", "m-2", "yes", "yes");
    must(w, "team publish");
    assert_int_equal(letters_to("m-2@example.org"), 3); /* not older than the CANCEL */
    assert_has(letter("m-2@example.org", 3)->calendar, "\nMETHOD:REQUEST\n");
    assert_has(letter("m-2@example.org", 3)->calendar, "\nSEQUENCE:1\n");
}

/* ---- nothing ---- */

static void nothing_leaves_about_what_is_over(void **state)
{
    (void)state;
    fix();
    it_is("2027-06-16");
    (void)ask(w, "appointment cancel", "meeting", "lemgo/session", "reason", "zu spät", NULL);
    (void)ask(w, "appointment resend", "meeting", "lemgo/session", NULL);
    assert_int_equal(read_letters(), 4);
}

static void a_hold_is_mailed_to_nobody(void **state)
{
    (void)state;
    must(w, "appointment poll", "procedure", "lemgo", "step", "session", "dates",
         SESSION " 9:00-16:00; " LATER " 9:00-16:00");
    assert_int_equal(read_letters(), 0);
    must(w, "appointment export", "moderator", "m-1");
    assert_has(text(w, "content"), "STATUS:TENTATIVE\r\n");
    assert_has(text(w, "content"), "SUMMARY:Vorgemerkt: Analysesitzung\\, Stadt Lemgo\r\n");
}

static void an_event_for_all_names_nobody_else(void **state)
{
    (void)state;
    must(w, "appointment fix", "title", "Auftakt", "on", SESSION, "at", "10:00", "until", "12:00",
         "with", "moderators");
    assert_int_equal(read_letters(), 6);
    assert_has(letter(TEAM, 1)->calendar, "mailto:" TEAM "\n");
    assert_has_not(letter(TEAM, 1)->calendar, "m-2@example.org");
    assert_has_not(letter(TEAM, 1)->text, "Moderator*in 2");
}

/* ---- files and subscriptions ---- */

static void a_file_has_meetings_and_nobody_to_answer(void **state)
{
    (void)state;
    must(w, "appointment export", "office", "lemgo");
    assert_has(text(w, "content"), "SUMMARY:Analysesitzung\\, Stadt Lemgo\r\n");
    assert_has_not(text(w, "content"), "METHOD");
    assert_has_not(text(w, "content"), "ORGANIZER");
    assert_has_not(text(w, "content"), "ATTENDEE");
    must(w, "appointment export", "round", "2027");
    assert_has(text(w, "content"), "BEGIN:VEVENT\r\n");
    must(w, "appointment export", "moderator", "m-3");
    assert_has_not(text(w, "content"), "BEGIN:VEVENT\r\n");
    must(w, "appointment answer", "meeting", "lemgo/session", "attendee", TEAM, "answer",
         "declined");
    must(w, "appointment export", "moderator", "m-1");
    assert_has_not(text(w, "content"), "BEGIN:VEVENT\r\n");
    refused(w, RH_EUSAGE, "wessen Termine", "whose meetings", "appointment export");
    refused(w, RH_EUSAGE, "wessen Termine", "whose meetings", "appointment export", "office",
            "lemgo", "moderator", "m-1");
}

static void token_of_address(char token[64])
{
    const char *slash = strrchr(text(w, "address"), '/');

    assert_non_null(slash);
    snprintf(token, 64, "%.*s", (int)strcspn(slash + 1, "."), slash + 1);
    assert_int_equal(strlen(token), 32);
}

static void a_feed_is_read_until_its_address_is_rotated(void **state)
{
    char first[64], second[64];

    (void)state;
    must(w, "feed create", "moderator", "m-2");
    assert_has(text(w, "address"), "http://127.0.0.1:8186/feed/");
    token_of_address(first);
    must(w, "feed document", "token", first);
    assert_has(text(w, "content"), "NAME;VALUE=TEXT:Termine: Moderator*in 2\r\n");
    assert_has(text(w, "content"), "REFRESH-INTERVAL;VALUE=DURATION:PT60M\r\n");
    assert_has(text(w, "content"), "SUMMARY:Analysesitzung");
    refused(w, RH_ECONFLICT, "schon eine Adresse", "an address already", "feed create", "moderator",
            "m-2");
    must(w, "feed rotate", "moderator", "m-2");
    token_of_address(second);
    assert_string_not_equal(first, second);
    must(w, "feed document", "token", first);
    assert_true(json_is_true(json_object_get(w->answer, "gone")));
    assert_null(json_object_get(w->answer, "content"));
    must(w, "feed document", "token", second);
    assert_has(text(w, "content"), "BEGIN:VCALENDAR\r\n");
    must(w, "feed revoke", "moderator", "m-2");
    must(w, "feed document", "token", second);
    assert_true(json_is_true(json_object_get(w->answer, "gone")));
    refused(w, RH_ENOTFOUND, "keine Adresse", "no address", "feed rotate", "moderator", "m-2");
}

static void the_list_of_feeds_tells_no_secret(void **state)
{
    char token[64], *json;

    (void)state;
    must(w, "feed create", "all", "yes");
    token_of_address(token);
    must(w, "feed list");
    assert_int_equal(item_count(w), 1);
    json = json_dumps(w->answer, 0);
    assert_has_not(json, token);
    free(json);
    refused(w, RH_ENOTFOUND, "diesen Kalender gibt es nicht", "no such calendar", "feed document",
            "token", "abcdefghijklmnopqrstuvwxyz234567");
    refused(w, RH_ENOTFOUND, "diesen Kalender gibt es nicht", "no such calendar", "feed document",
            "token", "' OR 1=1 --");
}

static int close_all(void **state)
{
    forget_letters();
    return meetings_close(state);
}

#define OWN(test) cmocka_unit_test_setup_teardown(test, meetings_open, close_all)

static int open_with_a_meeting(void **state)
{
    int rc = meetings_open(state);

    fix();
    return rc;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OWN(every_kind_is_strict_mime),
        OWN(a_move_says_what_was_and_what_is),
        OWN(words_alone_keep_version_and_answers),
        OWN(who_asks_again_gets_the_whole_once_more),
        OWN(answers_mail_nobody),
        OWN(all_hear_that_it_is_off),
        OWN(one_person_is_told_that_it_goes_on_without_them),
        OWN(a_moderator_is_replaced),
        OWN(nothing_leaves_about_what_is_over),
        OWN(a_hold_is_mailed_to_nobody),
        OWN(an_event_for_all_names_nobody_else),
    };
    /* They share a world in which lemgo's session is fixed. */
    const struct CMUnitTest shared[] = {
        cmocka_unit_test(everyone_gets_one_mail_as_outlook_reads_it),
        cmocka_unit_test(a_file_has_meetings_and_nobody_to_answer),
        cmocka_unit_test(a_feed_is_read_until_its_address_is_rotated),
        cmocka_unit_test(the_list_of_feeds_tells_no_secret),
    };
    int failed = cmocka_run_group_tests(tests, setup, NULL);

    failed += cmocka_run_group_tests(shared, open_with_a_meeting, close_all);
    (void)meetings_remove(NULL);
    return failed;
}
