/* build.h, header.h: a message as bytes. What is sent was once looked at (golden files), and
 * another reader (Python's) understands it as it was meant. */
#include "core/mail/build.h"
#include "core/mail/header.h"
#include "tests/support/program.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char calendar[] =
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n";

static const struct rh_mail_part invitation[] = {
    {"text/calendar; charset=utf-8; method=REQUEST; component=VEVENT", NULL, calendar,
     sizeof(calendar) - 1, RH_MAIL_ALTERNATIVE, 0},
    {"application/ics", "Einladung Qualitätsgespräch.ics", calendar, sizeof(calendar) - 1, 0, 0},
};

static const struct rh_mail_address copies[] = {
    {"Moderation Eins", "moderation-1@example.org"},
    {"Möller, Moderation Zwei", "moderation-2@example.org"},
    {NULL, "koordination@example.org"},
};

static struct rh_mail_message reminder(void)
{
    return (struct rh_mail_message){
        .from = {"Qualitätsentwicklung NRW", "qe@example.org"},
        .to = {"Ansprechperson Bielefeld", "kontakt@example.org"},
        .message_id = "<0b6c7a52-7d3b-4d8e-9a51-0f2f6f1c9d10@example.org>",
        .date_utc = 1811318400, /* 2027-05-26 12:00 in Berlin */
        .subject = "Erinnerung: Ihre Strukturdaten fehlen noch",
        .text =
            "Guten Tag,\n\nbitte geben Sie die Strukturdaten bis Donnerstag, 27. Mai 2027 an.\n",
    };
}

/* ---- golden files ---- */

static struct rh_mail_message plain(void)
{
    return reminder();
}

static struct rh_mail_message digest(void)
{
    struct rh_mail_message m = reminder();

    m.subject = "Wochenübersicht – nächste Schritte für Städteregion Aachen, Köln, Gütersloh und "
                "Märkischer Kreis 🗓";
    m.html = "<h1>Diese Woche</h1>\n<ul><li>Strukturdaten: Donnerstag, 27. Mai 2027</li></ul>";
    m.reply_to = (struct rh_mail_address){"Koordination \"QE\"", "koordination@example.org"};
    m.copies = copies;
    m.copy_count = 3;
    m.unsubscribe_mail = "bounce+00112233445566778899aabbccddeeff@example.org";
    m.unsubscribe_address = "https://qe.example.org/abmelden/00112233445566778899aabbccddeeff";
    return m;
}

static struct rh_mail_message invite(void)
{
    struct rh_mail_message m = reminder();

    m.date_utc = 1800000000;
    m.lang = 1;
    m.subject = "Invitation: quality talk on Thursday";
    m.html = "<p>You are invited.</p>";
    m.parts = invitation;
    m.part_count = 2;
    m.in_reply_to = "<first@example.org>";
    m.references = "<first@example.org> <second@example.org>";
    return m;
}

static const struct {
    const char *name;
    struct rh_mail_message (*message)(void);
} golden[] = {{"plain", plain}, {"digest", digest}, {"invite", invite}};

static void build(const struct rh_mail_message *message, struct rh_str *out)
{
    struct rh_err err = {0};

    if (rh_mail_build(message, out, &err) < 0)
        fail_msg("%s", err.text[RH_EN]);
}

static void without_cr(const struct rh_str *bytes, struct rh_str *out)
{
    for (size_t i = 0; i < bytes->length; i++)
        if (bytes->data[i] != '\r')
            rh_str_add_char(out, bytes->data[i]);
}

static FILE *open_golden(const char *name, const char *mode)
{
    char path[512];
    FILE *file;

    snprintf(path, sizeof(path), "%s/tests/unit/mail/golden/%s.eml", getenv("RH_SOURCE"), name);
    file = fopen(path, mode);
    if (!file)
        fail_msg("%s: cannot be opened", path);
    return file;
}

/* RH_GOLDEN=write writes them anew; then read the difference before committing it. */
static void the_bytes_are_those_that_were_looked_at(void **state)
{
    (void)state;

    for (size_t i = 0; i < sizeof(golden) / sizeof(golden[0]); i++) {
        struct rh_mail_message message = golden[i].message();
        static char stored[65536];
        size_t length;
        FILE *file;
        rh_auto_str(bytes, RH_MAIL_BYTES_MAX);
        rh_auto_str(unix_lines, RH_MAIL_BYTES_MAX);

        build(&message, &bytes);
        without_cr(&bytes, &unix_lines);
        if (getenv("RH_GOLDEN")) {
            file = open_golden(golden[i].name, "w");
            assert_int_equal(fwrite(unix_lines.data, 1, unix_lines.length, file),
                             unix_lines.length);
            fclose(file);
        }
        file = open_golden(golden[i].name, "r");
        length = fread(stored, 1, sizeof(stored) - 1, file);
        fclose(file);
        stored[length] = '\0';
        assert_string_equal(unix_lines.data, stored);
    }
}

/* ---- the form, whatever is in it ---- */

static void assert_form(const struct rh_str *bytes)
{
    size_t column = 0;
    bool long_word = true; /* no space yet in this line */

    for (size_t i = 0; i < bytes->length; i++) {
        unsigned char c = (unsigned char)bytes->data[i];

        assert_true(c < 0x80 && (c >= 0x20 || c == '\r' || c == '\n' || c == '\t'));
        assert_int_equal(c == '\n', i > 0 && bytes->data[i - 1] == '\r');
        if (c == '\n') {
            column = 0;
            long_word = true;
            continue;
        }
        if (c == ' ' && column > 1)
            long_word = false;
        column += c != '\r';
        if (column > 78 && !long_word)
            fail_msg("a line of more than 78 characters: %.*s", 90,
                     bytes->data + (i > 80 ? i - 80 : 0));
    }
}

static void lines_are_short_and_seven_bit(void **state)
{
    rh_auto_str(words, 8192);
    (void)state;

    for (int i = 0; i < 40; i++) {
        struct rh_mail_message m = digest();
        rh_auto_str(bytes, RH_MAIL_BYTES_MAX);

        rh_str_reset(&words);
        for (int k = 0; k < i; k++)
            rh_str_add(&words, k % 3 == 0 ? "Ä" : k % 3 == 1 ? " Wort" : "🗓");
        rh_str_add(&words, "x");
        m.subject = words.data;
        m.to.name = words.data;
        m.text = words.data;
        m.parts = invitation;
        m.part_count = 2;
        build(&m, &bytes);
        assert_form(&bytes);
    }
}

static void quoted(const char *text, const char *expected)
{
    rh_auto_str(out, 65536);

    rh_mail_quote_text(text, strlen(text), &out);
    assert_string_equal(out.data, expected);
}

static void text_is_quoted_as_rfc_2045_says(void **state)
{
    (void)state;

    quoted("a\n", "a\r\n");
    quoted("a", "a\r\n");
    quoted("", "");
    quoted("\r\n\r\n", "\r\n\r\n");
    quoted("ä=", "=C3=A4=3D\r\n");
    quoted("blank \nat end\t\n", "blank=20\r\nat end=09\r\n");
    quoted(".\n..a\nFrom here\nFrom", "=2E\r\n=2E.a\r\n=46rom here\r\nFrom\r\n");
    quoted("12345678901234567890123456789012345678901234567890123456789012345678901234567890",
           "123456789012345678901234567890123456789012345678901234567890123456789012345=\r\n"
           "67890\r\n");
    quoted("1234567890123456789012345678901234567890123456789012345678901234567890123ä",
           "1234567890123456789012345678901234567890123456789012345678901234567890123=\r\n"
           "=C3=A4\r\n");
}

static void the_date_has_the_zone_of_the_day(void **state)
{
    char date[RH_MAIL_DATE_SIZE];
    (void)state;

    rh_mail_date(1800000000, date);
    assert_string_equal(date, "Fri, 15 Jan 2027 09:00:00 +0100");
    rh_mail_date(1806195599, date); /* a second before 28 March 2027, 01:00 UTC */
    assert_string_equal(date, "Sun, 28 Mar 2027 01:59:59 +0100");
    rh_mail_date(1806195600, date);
    assert_string_equal(date, "Sun, 28 Mar 2027 03:00:00 +0200");
    rh_mail_date(1824944400, date); /* 31 October 2027, 01:00 UTC */
    assert_string_equal(date, "Sun, 31 Oct 2027 02:00:00 +0100");
}

/* ---- hostile input ---- */

static void refuse(struct rh_mail_message m, const char *sentence)
{
    struct rh_err err = {0};
    rh_auto_str(bytes, RH_MAIL_BYTES_MAX);

    assert_true(rh_mail_build(&m, &bytes, &err) < 0);
    if (!strstr(err.text[RH_EN], sentence))
        fail_msg("'%s' is not in: %s", sentence, err.text[RH_EN]);
}

/* CR LF in an address would be a second recipient, in a subject a second header. */
static void no_line_end_reaches_a_header(void **state)
{
    static const struct rh_mail_part bad_type = {"text/calendar\r\nX: y", NULL, "", 0, 0, 0};
    static const struct rh_mail_part bad_name = {"text/calendar", "a\r\nX: y", "", 0, 0, 0};
    static const struct rh_mail_address bad_copy = {NULL, "a@example.org\nRCPT TO:<b@example.org>"};
    struct rh_mail_message m;
    (void)state;

    m = reminder(), m.subject = "a\r\nBcc: b@example.org", refuse(m, "subject");
    m = reminder(), m.to.address = "a@example.org\r\nRCPT TO:<b@example.org>", refuse(m, "To");
    m = reminder(), m.to.name = "a\nX: y", refuse(m, "To");
    m = reminder(), m.from.name = "a\x7f", refuse(m, "From");
    m = reminder(), m.reply_to.address = "a@b\r", refuse(m, "Reply-To");
    m = reminder(), m.copies = &bad_copy, m.copy_count = 1, refuse(m, "Cc");
    m = reminder(), m.message_id = "<a@b>\r\nX: y", refuse(m, "Message-ID");
    m = reminder(), m.in_reply_to = "<a b@c>", refuse(m, "Message-ID");
    m = reminder(), m.references = "<a@b> x", refuse(m, "Message-ID");
    m = reminder(), m.parts = &bad_type, m.part_count = 1, refuse(m, "type");
    m = reminder(), m.parts = &bad_name, m.part_count = 1, refuse(m, "file name");
    m = digest(), m.unsubscribe_address = "https://a.example.org/\r\n", refuse(m, "unsubscribe");
    m = digest(), m.unsubscribe_address = "http://a.example.org/", refuse(m, "https");
    m = reminder(), m.text = "", refuse(m, "text of the mail is missing");
    m = reminder(), m.text = "a\x01", refuse(m, "text");
}

/* Should a check be forgotten some day, the header itself refuses. */
static void the_header_is_a_second_wall(void **state)
{
    rh_auto_str(out, 4096);
    struct mail_header header = mail_header_begin(&out, "Subject");
    (void)state;

    mail_header_text(&header, "a\r\nBcc: b@example.org");
    assert_true(out.failed);
    assert_null(strstr(out.data, "Bcc"));
}

/* ---- the other reader ---- */

static void assert_read(const struct rh_mail_message *message, const char *expected)
{
    char script[512];
    rh_auto_str(bytes, RH_MAIL_BYTES_MAX);
    const char *words[] = {"/usr/bin/python3", script, NULL};
    struct program reader;

    snprintf(script, sizeof(script), "%s/tests/support/peers/read_mail.py", getenv("RH_SOURCE"));
    build(message, &bytes);
    reader = program_run(words, bytes.data, bytes.length);
    if (reader.status != 0)
        fail_msg("the reader failed: %s\n%s", reader.errs, bytes.data);
    if (!strstr(reader.out, expected))
        fail_msg("'%s' is not in:\n%s\nwhich came of:\n%s", expected, reader.out, bytes.data);
    program_free(&reader);
}

static void another_reader_understands_it(void **state)
{
    static const char *const texts[] = {
        "Plain words only",
        "Größe, Ähnlichkeit; \"Anführung\" <spitz> \\ und ein Emoji 🗓🗓🗓 mitten im "
        "Betreff "
        "einer Mail",
        "  two  blanks  ",
        "=?utf-8?Q?not_encoded?=",
        "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaftsvorsitz",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
        "aaaaaa",
        "日本語の件名はとても長いのでいくつかの符号語に分けなければならない",
        "e\xcc\x81 with a combining accent, e\xcc\x81 and again e\xcc\x81 and again e\xcc\x81 "
        "until it "
        "must be split",
    };
    (void)state;

    if (!program_exists("/usr/bin/python3"))
        skip();
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct rh_mail_message m = reminder();
        char expected[512];

        m.subject = texts[i];
        m.text = texts[i];
        snprintf(expected, sizeof(expected), "Subject: %s\n", texts[i]);
        assert_read(&m, expected);
        snprintf(expected, sizeof(expected), "[text/plain]\n%s\n", texts[i]);
        assert_read(&m, expected);
    }
}

static void another_reader_finds_people_and_parts(void **state)
{
    struct rh_mail_message m = digest();
    (void)state;

    if (!program_exists("/usr/bin/python3"))
        skip();
    assert_read(&m, "To: Ansprechperson Bielefeld <kontakt@example.org>\n");
    assert_read(&m, "Reply-To: \"Koordination \\\"QE\\\"\" <koordination@example.org>\n");
    assert_read(&m, "Cc: Moderation Eins <moderation-1@example.org>, \"Möller, Moderation Zwei\" "
                    "<moderation-2@example.org>, koordination@example.org\n");
    assert_read(&m, "[text/html]\n<!doctype html>\n<html lang=\"de\">");
    m = invite();
    assert_read(&m, "References: <first@example.org> <second@example.org>\n");
    assert_read(&m, "[multipart/mixed]\n[multipart/alternative]\n[text/plain]");
    assert_read(&m, "[text/calendar] REQUEST\nBEGIN:VCALENDAR");
    assert_read(&m, "[application/ics] Einladung Qualitätsgespräch.ics\nBEGIN:VCALENDAR");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_bytes_are_those_that_were_looked_at),
        cmocka_unit_test(lines_are_short_and_seven_bit),
        cmocka_unit_test(text_is_quoted_as_rfc_2045_says),
        cmocka_unit_test(the_date_has_the_zone_of_the_day),
        cmocka_unit_test(no_line_end_reaches_a_header),
        cmocka_unit_test(the_header_is_a_second_wall),
        cmocka_unit_test(another_reader_understands_it),
        cmocka_unit_test(another_reader_finds_people_and_parts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
