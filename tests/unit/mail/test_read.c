/* read.h, mime.h: what came in is recognised, whoever wrote it. */
#include "core/mail/read.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define TOKEN "00112233445566778899aabbccddeeff"

static struct rh_arena arena = RH_ARENA_INIT(32 * 1024 * 1024);

static struct rh_mail_in read_mail(const char *text)
{
    struct rh_mail_in in;
    struct rh_err err = {0};

    rh_arena_fini(&arena);
    if (rh_mail_read(text, strlen(text), &arena, &in, &err) < 0)
        fail_msg("%s", err.text[RH_EN]);
    return in;
}

/* As Postfix writes it, shortened. */
static const char postfix_report[] =
    "Return-Path: <>\r\n"
    "Delivered-To: bounce+" TOKEN "@example.org\r\n"
    "From: MAILER-DAEMON@mx.example.org (Mail Delivery System)\r\n"
    "Subject: Undelivered Mail Returned to Sender\r\n"
    "To: bounce+" TOKEN "@example.org\r\n"
    "Auto-Submitted: auto-replied\r\n"
    "Content-Type: multipart/report; report-type=delivery-status;\r\n"
    "\tboundary=\"A1.2/mx.example.org\"\r\n"
    "Message-Id: <20270115.A1@mx.example.org>\r\n"
    "\r\n"
    "This is a MIME-encapsulated message.\r\n"
    "\r\n--A1.2/mx.example.org\r\n"
    "Content-Description: Notification\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n"
    "I'm sorry to have to inform you that your message could not be delivered.\r\n"
    "\r\n--A1.2/mx.example.org\r\n"
    "Content-Type: message/delivery-status\r\n\r\n"
    "Reporting-MTA: dns; mx.example.org\r\n"
    "Arrival-Date: Fri, 15 Jan 2027 09:00:00 +0100 (CET)\r\n"
    "\r\n"
    "Final-Recipient: rfc822; x@bounce.example\r\n"
    "Original-Recipient: rfc822;kontakt@example.org\r\n"
    "Action: failed\r\n"
    "Status: 5.1.1\r\n"
    "Remote-MTA: dns; [127.0.0.1]\r\n"
    "Diagnostic-Code: smtp; 550 5.1.1 Error: no such\r\n"
    "    user\r\n"
    "\r\n--A1.2/mx.example.org\r\n"
    "Content-Type: text/rfc822-headers\r\n\r\n"
    "Message-ID: <0b6c7a52@example.org>\r\nSubject: Erinnerung\r\n"
    "\r\n--A1.2/mx.example.org--\r\n";

static void a_report_names_mail_address_and_reason(void **state)
{
    struct rh_mail_in in = read_mail(postfix_report);
    (void)state;

    assert_int_equal(in.sort, RH_MAIL_SORT_REPORT);
    assert_string_equal(in.token, TOKEN);
    assert_string_equal(in.returned_id, "<0b6c7a52@example.org>");
    assert_int_equal(in.reported_count, 1);
    assert_string_equal(in.reported[0].recipient, "kontakt@example.org");
    assert_string_equal(in.reported[0].action, "failed");
    assert_string_equal(in.reported[0].status, "5.1.1");
    assert_string_equal(in.reported[0].diagnostic, "550 5.1.1 Error: no such user");
    assert_string_equal(in.from, "MAILER-DAEMON@mx.example.org");
    assert_non_null(strstr(in.text, "could not be delivered"));
}

/* With LF alone, as some mailboxes store it. */
static void line_ends_do_not_matter(void **state)
{
    static char text[sizeof(postfix_report)];
    size_t length = 0;
    struct rh_mail_in in;
    (void)state;

    for (const char *c = postfix_report; *c; c++)
        if (*c != '\r')
            text[length++] = *c;
    text[length] = '\0';
    in = read_mail(text);
    assert_int_equal(in.sort, RH_MAIL_SORT_REPORT);
    assert_string_equal(in.reported[0].status, "5.1.1");
    assert_string_equal(in.returned_id, "<0b6c7a52@example.org>");
}

/* Plugins give out addresses of their own kind; a token of ours is none of them. */
static void the_word_in_an_address_is_kept(void **state)
{
    static const struct {
        const char *headers, *detail;
    } cases[] = {
        {"To: termine+Abc234xyz@example.org\r\n", "abc234xyz"},
        {"Delivered-To: termine+abc@example.org\r\nTo: a+b@example.org\r\n", "abc"},
        {"To: bounce+" TOKEN "@example.org, \"T\" <termine+x-1_2.z@example.org>\r\n", "x-1_2.z"},
        {"To: bounce+" TOKEN "@example.org\r\n", ""},
        {"To: termine+@example.org, 1+1=2, a+b c@example.org\r\n", ""},
        {"To: t+aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@example.org\r\n",
         ""},
    };
    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char text[400];

        snprintf(text, sizeof(text), "%s\r\nHallo", cases[i].headers);
        assert_string_equal(read_mail(text).detail, cases[i].detail);
    }
}

static void what_a_failure_means_for_the_address(void **state)
{
    static const struct {
        const char *action, *status;
        enum rh_mail_bounce bounce;
    } cases[] = {
        {"failed", "5.1.1", RH_MAIL_BOUNCE_HARD},    {"failed", "5.2.1", RH_MAIL_BOUNCE_HARD},
        {"failed", "5.0.0", RH_MAIL_BOUNCE_HARD},    {"failed", "", RH_MAIL_BOUNCE_HARD},
        {"failed", "5.2.2", RH_MAIL_BOUNCE_SOFT},    {"failed", "4.4.7", RH_MAIL_BOUNCE_SOFT},
        {"failed", "5.7.1", RH_MAIL_BOUNCE_POLICY},  {"failed", "5.1.8", RH_MAIL_BOUNCE_POLICY},
        {"failed", "5.3.4", RH_MAIL_BOUNCE_OTHER},   {"delayed", "4.4.7", RH_MAIL_BOUNCE_NONE},
        {"delivered", "2.0.0", RH_MAIL_BOUNCE_NONE}, {"relayed", "2.0.0", RH_MAIL_BOUNCE_NONE},
    };
    static const struct {
        const char *reply;
        enum rh_mail_bounce bounce;
    } replies[] = {
        {"550 5.1.1 No such user", RH_MAIL_BOUNCE_HARD},
        {"550 no such user", RH_MAIL_BOUNCE_HARD},
        {"552 mailbox full", RH_MAIL_BOUNCE_SOFT},
        {"554 transaction failed", RH_MAIL_BOUNCE_OTHER},
        {"550 5.7.1 not wanted", RH_MAIL_BOUNCE_POLICY},
        {"450 4.2.0 greylisted", RH_MAIL_BOUNCE_SOFT},
        {"", RH_MAIL_BOUNCE_OTHER},
    };
    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(rh_mail_bounce_of(cases[i].action, cases[i].status), cases[i].bounce);
    for (size_t i = 0; i < sizeof(replies) / sizeof(replies[0]); i++)
        assert_int_equal(rh_mail_bounce_of_reply(replies[i].reply), replies[i].bounce);
}

static void what_it_is_says_its_form(void **state)
{
    static const struct {
        const char *headers, *body;
        enum rh_mail_sort sort;
    } cases[] = {
        {"Subject: Re: Erinnerung\r\n", "Danke!", RH_MAIL_SORT_HUMAN},
        {"", "", RH_MAIL_SORT_HUMAN},
        {"Auto-Submitted: no\r\n", "x", RH_MAIL_SORT_HUMAN},
        {"Auto-Submitted: auto-replied\r\n", "x", RH_MAIL_SORT_AUTOMATIC},
        {"AUTO-SUBMITTED : auto-generated (vacation)\r\n", "x", RH_MAIL_SORT_AUTOMATIC},
        {"X-Autoreply: yes\r\n", "x", RH_MAIL_SORT_AUTOMATIC},
        {"Precedence: auto_reply\r\n", "x", RH_MAIL_SORT_AUTOMATIC},
        {"Return-Path: <>\r\n", "x", RH_MAIL_SORT_AUTOMATIC},
        {"To: bounce+" TOKEN "@example.org\r\nSubject: Unsubscribe\r\n", "",
         RH_MAIL_SORT_UNSUBSCRIBE},
        {"Subject: unsubscribe\r\n", "", RH_MAIL_SORT_HUMAN}, /* of what? a person looks */
        {"Content-Type: text/calendar; method=REPLY\r\n",
         "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nEND:VCALENDAR", RH_MAIL_SORT_CALENDAR},
        {"Content-Type: application/ics\r\n", "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nEND:VCALENDAR",
         RH_MAIL_SORT_CALENDAR},
        {"Content-Type: text/calendar\r\n", "no calendar at all", RH_MAIL_SORT_HUMAN},
        {"Content-Type: multipart/report; report-type=disposition-notification; boundary=b\r\n",
         "--b\r\n\r\nread\r\n--b--", RH_MAIL_SORT_HUMAN},
    };
    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char text[2048];
        struct rh_mail_in in;

        snprintf(text, sizeof(text), "%s\r\n%s", cases[i].headers, cases[i].body);
        in = read_mail(text);
        if (in.sort != cases[i].sort)
            fail_msg("case %zu is '%s'", i, rh_mail_sort_name(in.sort));
    }
}

static void words_are_decoded_as_their_writers_meant(void **state)
{
    struct rh_mail_in in = read_mail(
        "From: =?iso-8859-1?Q?J=FCrgen_M=F6ller?= <Kontakt@Example.org>\r\n"
        "Subject: =?UTF-8?B?R3LDvMOf?=\r\n =?UTF-8?Q?e_aus?= =?windows-1252?Q?_K=F6ln?= heute\r\n"
        "Message-ID:\r\n <a@b.example>\r\n"
        "In-Reply-To: <first@example.org>\r\n"
        "References: <zero@example.org>\r\n <first@example.org>\r\n"
        "Content-Type: text/plain; charset=\"ISO-8859-1\"\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n"
        "\r\n"
        "Gr=FC=DFe, wir=\r\n schicken die Zahlen am 3=2E =A4\r\n");
    (void)state;

    assert_string_equal(in.from, "Kontakt@Example.org");
    assert_string_equal(in.from_name, "Jürgen Möller");
    assert_string_equal(in.subject, "Grüße aus Köln heute");
    assert_string_equal(in.message_id, "<a@b.example>");
    assert_string_equal(in.answers[0], "<first@example.org>");
    assert_string_equal(in.answers[1], "<first@example.org>");
    assert_string_equal(in.text, "Grüße, wir schicken die Zahlen am 3. ¤\n");
}

/* Outlook's answer: HTML first, the text empty. */
static void html_alone_becomes_text(void **state)
{
    struct rh_mail_in in = read_mail("Content-Type: multipart/alternative; boundary=x\r\n\r\n"
                                     "--x\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
                                     "<html><style>p{a}</style><p>Gr&uuml;&szlig;e &amp; "
                                     "<b>Dank</b></p><script>alert(1)</script>Ende\r\n"
                                     "--x--\r\n");
    (void)state;

    assert_string_equal(in.text, "Grüße & Dank\nEnde\n");
}

static void control_characters_stay_outside(void **state)
{
    struct rh_mail_in in = read_mail(
        "From: \"a\x1b[31m\" <a@example.org>\r\nSubject: a\x07 =?utf-8?Q?b=00=0Ac?=\r\n\r\n"
        "x\x1b[2J\x08y\x00z");
    (void)state;

    assert_string_equal(in.subject, "a  b c");
    assert_string_equal(in.text, "x[2Jy");
    assert_null(strchr(in.from_name, 0x1b));
}

/* A boundary that is another's beginning, parts in parts in parts, a part that never ends. */
static void strange_structure_ends(void **state)
{
    rh_auto_arena(memory, 1024 * 1024);
    char *deep = rh_arena_alloc(&memory, 300000);
    size_t used = 0;
    struct rh_mail_in in;
    (void)state;

    for (int i = 0; i < 3000; i++)
        used +=
            (size_t)snprintf(deep + used, 300000 - used,
                             "Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n", i, i);
    (void)read_mail(deep);
    in = read_mail("Content-Type: multipart/mixed; boundary=ab\r\n\r\n--abc\r\n\r\nno\r\n"
                   "--ab\r\n\r\nyes\r\n");
    assert_string_equal(in.text, "yes\n");
}

static void the_largest_is_refused(void **state)
{
    struct rh_mail_in in;
    struct rh_err err = {0};
    (void)state;

    assert_int_equal(rh_mail_read("", RH_MAIL_IN_MAX + 1, &arena, &in, &err), RH_ETOOLARGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_report_names_mail_address_and_reason),
        cmocka_unit_test(line_ends_do_not_matter),
        cmocka_unit_test(the_word_in_an_address_is_kept),
        cmocka_unit_test(what_a_failure_means_for_the_address),
        cmocka_unit_test(what_it_is_says_its_form),
        cmocka_unit_test(words_are_decoded_as_their_writers_meant),
        cmocka_unit_test(html_alone_becomes_text),
        cmocka_unit_test(control_characters_stay_outside),
        cmocka_unit_test(strange_structure_ends),
        cmocka_unit_test(the_largest_is_refused),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    rh_arena_fini(&arena);
    return failed;
}
