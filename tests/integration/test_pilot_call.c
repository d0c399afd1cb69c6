/*
 * The call for applications: a form with a window, links for one office, receipts, and what
 * strangers write into it.
 */
#include "tests/integration/world.h"

static struct world *w;

#define ADDRESS "plugin pilot { address = \"https://bewerbung.example.org/\" }\n"

static int set_up(void **state)
{
    (void)state;
    w = world_open(ADDRESS);
    must(w, "office import", "file", "@config/nrw/offices.csv");
    must(w, "pilot open", "id", "2027", "places", "2", "until", "2026-12-04");
    must(w, "pilot call open", "closes", "2026-12-11");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    world_close(w);
    return 0;
}

#define DAY 86400

/* Applies for Lemgo by the public link, all fields right. */
#define RIGHT                                                                                      \
    "selection", "2027", "office", "lemgo", "kind", "city", "contact-name", "Ansprechperson 01",   \
        "contact-role", "Jugendhilfeplanung", "contact-address", "a01@example.org", "committed",   \
        "yes", "head", "Leitung 01"

static int64_t mails(const char *kind, const char *state)
{
    must(w, "mail list", "state", state, "kind", kind);
    return (int64_t)item_count(w);
}

/* The last mail of the kind, as it was made. */
static const char *last_mail(const char *kind)
{
    static char id[32];

    must(w, "mail list", "state", "all", "kind", kind);
    snprintf(id, sizeof(id), "%lld",
             (long long)json_integer_value(json_object_get(json_array_get(items(w), 0), "id")));
    must(w, "mail show", "id", id);
    return text(w, "text");
}

/* The token at the end of the link that stands in a text. */
static const char *token_in(const char *words)
{
    static char token[64];
    const char *at = strstr(words, "/apply/2027/");

    assert_non_null(at);
    snprintf(token, sizeof(token), "%.43s", at + strlen("/apply/2027/"));
    assert_int_equal(
        strspn(token, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"), 43);
    return token;
}

static const char *link_of(const char *office)
{
    must(w, "pilot call link", "office", office);
    return token_in(text(w, "link"));
}

static int flag(const char *key)
{
    return json_is_true(json_object_get(w->answer, key));
}

/* ---- the window ---- */

static void before_and_after_its_window_the_form_says_so(void **state)
{
    (void)state;
    must(w, "pilot call open", "opens", "2026-11-24", "closes", "2026-12-11");
    must(w, "pilot form", "selection", "2027");
    assert_true(flag("is_before"));
    assert_false(flag("is_open"));
    refused(w, RH_ECONFLICT, "Bewerbungen sind ab dem 24.11.2026 möglich", "possible from",
            "pilot apply", RIGHT);

    w->now += 2 * DAY;
    must(w, "pilot form", "selection", "2027");
    assert_true(flag("is_open"));
    must(w, "pilot apply", RIGHT);

    w->now += 18 * DAY;
    must(w, "pilot form", "selection", "2027");
    assert_true(flag("is_closed"));
    refused(w, RH_ECONFLICT, "das Formular ist geschlossen; es war bis zum 11.12.2026 offen",
            "the form is closed", "pilot apply", RIGHT);
}

static void who_is_late_is_told_and_recorded_as_late(void **state)
{
    (void)state;
    w->now += 14 * DAY; /* 6 December */
    must(w, "pilot form", "selection", "2027");
    assert_true(flag("is_late"));
    must(w, "pilot apply", RIGHT);
    assert_true(flag("late"));
    assert_says(last_mail("pilot.receipt"), "als verspätet vermerkt");
    must(w, "pilot applications");
    assert_string_equal(text_of(item(w, "office", "lemgo"), "barred"), "late");
}

static void what_was_in_time_is_not_changed_after_the_time_limit(void **state)
{
    const char *token;
    (void)state;
    must(w, "pilot apply", RIGHT);
    token = token_in(last_mail("pilot.receipt"));
    w->now += 14 * DAY;
    refused(w, RH_ECONFLICT, "die rechtzeitige Bewerbung von Stadt Lemgo bleibt, wie sie ist",
            "which was in time, stays as it is", "pilot apply", "selection", "2027", "token", token,
            "contact-name", "Andere Person", "contact-role", "x", "contact-address",
            "b@example.org");
}

static void a_window_that_makes_no_sense_is_refused(void **state)
{
    (void)state;
    refused(w, RH_EINVALID, "schließt am 2026-12-05, vor seinem ersten Tag 2026-12-06",
            "before its first day", "pilot call open", "opens", "2026-12-06", "closes",
            "2026-12-05");
    refused(w, RH_EINVALID, "zählen bis 2026-12-04, das Formular schließt aber schon am 2026-11-30",
            "closes on 2026-11-30 already", "pilot call open", "closes", "2026-11-30");
}

/* ---- receipts and links ---- */

static void an_application_gets_a_receipt_with_all_that_was_given(void **state)
{
    const char *words;
    (void)state;
    must(w, "pilot call question", "name", "fallzahl", "label", "Wie viele Fälle im Jahr?");
    must(w, "pilot apply", RIGHT, "answer-1", "etwa 120");
    assert_string_equal(text(w, "receipt"), "2027-1");

    words = last_mail("pilot.receipt");
    assert_says(words, "Empfangsnummer 2027-1");
    assert_says(words, "Ansprechperson: Ansprechperson 01");
    assert_says(words, "Funktion: Jugendhilfeplanung");
    assert_says(words, "Zusage der Leitung: ja (Leitung 01)");
    assert_says(words, "Wie viele Fälle im Jahr?: etwa 120");
    assert_says(words, "https://bewerbung.example.org/apply/2027/");
    must(w, "pilot applications");
    assert_string_equal(text_of(item(w, "office", "lemgo"), "via"), "public");
    assert_string_equal(text_of(item(w, "office", "lemgo"), "received"), "2026-11-22");

    must(w, "pilot apply", "selection", "2027", "office", "bonn", "contact-name", "P",
         "contact-role", "x", "contact-address", "b@example.org", "committed", "yes", "head", "L",
         "answer-1", "etwa 120");
    must(w, "pilot quota set", "label", "Fälle", "where", "fallzahl=\"etwa 120\"", "max", "1");
    must(w, "pilot check"); /* two places, and both have that answer */
    assert_false(flag("feasible"));
}

static void sent_twice_is_one_application_and_one_receipt(void **state)
{
    (void)state;
    must(w, "pilot apply", RIGHT);
    must(w, "pilot apply", RIGHT);
    assert_string_equal(text(w, "receipt"), "2027-1");
    assert_int_equal(number(w, "version"), 1);
    assert_int_equal(mails("pilot.receipt", "all"), 1);
}

static void by_the_public_link_nobody_changes_the_application_of_another(void **state)
{
    (void)state;
    must(w, "pilot apply", RIGHT);
    refused(w, RH_ECONFLICT, "für Stadt Lemgo liegt schon eine Bewerbung vor",
            "there is an application", "pilot apply", "selection", "2027", "office", "lemgo",
            "contact-name", "Fremd", "contact-role", "x", "contact-address", "fremd@example.org");
    must(w, "pilot applications");
    assert_string_equal(text_of(item(w, "office", "lemgo"), "contact"), "a01@example.org");
    assert_int_equal(mails("pilot.receipt", "all"), 1);
}

static void the_link_in_the_receipt_corrects_and_is_answered_again(void **state)
{
    const char *token;
    (void)state;
    must(w, "pilot apply", RIGHT);
    token = token_in(last_mail("pilot.receipt"));
    must(w, "pilot form", "selection", "2027", "token", token);
    assert_true(flag("has_applied"));
    assert_string_equal(text(w, "contact_name"), "Ansprechperson 01");

    must(w, "pilot apply", "selection", "2027", "token", token, "kind", "city", "contact-name",
         "Ansprechperson 02", "contact-role", "Jugendhilfeplanung", "contact-address",
         "a02@example.org", "committed", "yes", "head", "Leitung 01");
    assert_string_equal(text(w, "receipt"), "2027-1");
    assert_int_equal(number(w, "version"), 2);
    assert_int_equal(mails("pilot.receipt", "all"), 2);
    must(w, "event list", "topic", "pilot.corrected");
    assert_int_equal(item_count(w), 1);
}

static void a_commitment_that_comes_late_makes_the_application_late(void **state)
{
    const char *token;
    (void)state;
    must(w, "pilot apply", "selection", "2027", "office", "lemgo", "kind", "city", "contact-name",
         "Ansprechperson 01", "contact-role", "x", "contact-address", "a01@example.org");
    assert_true(flag("without_commitment"));
    token = token_in(last_mail("pilot.receipt"));
    w->now += 14 * DAY;
    must(w, "pilot apply", "selection", "2027", "token", token, "contact-name", "Ansprechperson 01",
         "contact-role", "x", "contact-address", "a01@example.org", "committed", "yes", "head",
         "Leitung");
    assert_true(flag("late"));
}

static void a_link_is_for_one_office_and_ends(void **state)
{
    char token[64], newer[64];
    (void)state;
    must(w, "pilot call open", "closes", "2026-12-11", "links-only", "yes");
    must(w, "pilot form", "selection", "2027");
    assert_true(flag("is_unknown"));
    refused(w, RH_EFORBIDDEN, "dieser Link gilt nicht", "this link does not hold", "pilot apply",
            RIGHT);
    refused(w, RH_EFORBIDDEN, "dieser Link gilt nicht", "this link does not hold", "pilot apply",
            "selection", "2027", "token", "AAAA", "contact-name", "x");

    snprintf(token, sizeof(token), "%s", link_of("ahaus"));
    must(w, "pilot form", "selection", "2027", "token", token);
    assert_string_equal(text(w, "office_name"), "Stadt Ahaus");
    must(w, "pilot apply", RIGHT, "token", token); /* whatever office is named beside it */
    assert_string_equal(text(w, "office"), "Stadt Ahaus");
    must(w, "pilot call link", "office", "ahaus", "alone", "yes");
    snprintf(newer, sizeof(newer), "%s", token_in(text(w, "link")));
    refused(w, RH_EFORBIDDEN, "dieser Link gilt nicht", "this link does not hold", "pilot apply",
            RIGHT, "token", token);
    must(w, "pilot call close");
    refused(w, RH_ECONFLICT, "das Formular ist geschlossen", "the form is closed", "pilot apply",
            RIGHT, "token", newer);
}

static void all_offices_with_an_address_get_their_own_link_as_a_draft(void **state)
{
    (void)state;
    must(w, "contact import", "file",
         "=office,role,name,email,language\nlemgo,head,Leitung Lemgo,leitung@example.org,de\n"
         "bonn,contact,Ansprechperson Bonn,bonn@example.org,en\n");
    must(w, "pilot call show");
    assert_int_equal(number(w, "uninvited"), 2);
    refused(w, RH_ECONFLICT, "es sind 2 Mails, nicht 186", "it is 2 mails", "pilot call invite",
            "mails", "186");
    must(w, "pilot call invite", "mails", "2");
    assert_int_equal(mails("pilot.call", "held"), 2);
    must(w, "pilot form", "selection", "2027", "token", token_in(last_mail("pilot.call")));
    assert_true(flag("is_signed"));
}

/* A stranger who applies in an office's name is noticed there. */
static void the_contact_in_the_register_gets_a_copy(void **state)
{
    (void)state;
    must(w, "contact import", "file",
         "=office,role,name,email,language\nlemgo,head,Leitung Lemgo,leitung@example.org,de\n");
    must(w, "pilot apply", RIGHT);
    must(w, "mail list", "state", "all", "kind", "pilot.receipt");
    assert_int_equal(item_count(w), 2);
}

/* ---- one table with what comes by file ---- */

static void a_file_leaves_what_came_by_the_form_and_gets_receipts_as_drafts(void **state)
{
    (void)state;
    must(w, "pilot apply", RIGHT);
    must(w, "pilot import", "file",
         "=office,committed,received,contact\nahaus,ja,2026-11-20,b@example.org\nbonn,ja,,\n",
         "receipts", "yes");
    assert_int_equal(number(w, "receipts"), 1);
    assert_int_equal(mails("pilot.receipt", "held"), 1);
    must(w, "pilot applications");
    assert_int_equal(item_count(w), 3);
    must(w, "pilot import", "file",
         "=office,committed,received,contact\nahaus,ja,2026-11-20,b@example.org\n", "receipts",
         "yes");
    assert_int_equal(number(w, "receipts"), 0); /* it says what the last one said */
    refused(w, RH_EINVALID, "'lemgo' hat sich schon mit dem Formular beworben",
            "has applied by the form already", "pilot import", "file",
            "=office,committed\nlemgo,ja\n");
}

/* ---- what strangers write ---- */

static void every_wrong_field_is_one_sentence_and_nothing_is_kept(void **state)
{
    static char longest[200];
    const struct {
        const char *name, *value, *de, *en;
    } wrong[] = {
        {"office", "Entenhausen", "Entenhausen", "Entenhausen"},
        {"kind", "district", "Stadt Lemgo steht im Register als Stadt", "the register has"},
        {"contact-name", " ", "Name der Ansprechperson: fehlt", "Name of the contact: is missing"},
        {"contact-name", longest, "höchstens 120 Zeichen (es sind 150)", "at most 120 characters"},
        {"contact-name", "Ansprech\nperson", "bitte eine Zeile", "one line please"},
        {"contact-name", "\xe2\x80\xaenosrep", "kehrt unsichtbar die Schreibrichtung um",
         "contact-name"},
        {"contact-name", "a\x01", "contact-name", "contact-name"},
        {"contact-role", "", "Funktion der Ansprechperson: fehlt",
         "Role of the contact: is missing"},
        {"contact-address", "nirgends", "E-Mail-Adresse der Ansprechperson", "e-mail address"},
        {"contact-address", "a@example.org\r\nBcc: b@example.org", "bitte eine Zeile", "one line"},
        {"contact-address", "a@b@example.org", "E-Mail-Adresse der Ansprechperson",
         "e-mail address"},
        {"head", "", "Name der Leitung, die zusagt: fehlt",
         "Name of the head who commits: is missing"},
        {"answer-1", "vielleicht", "'vielleicht' steht nicht zur Wahl; möglich: ja|nein",
         "is no choice"},
        {"answer-1", "", "Moderation?: fehlt", "Moderation?: is missing"},
    };
    (void)state;
    memset(longest, 'x', 150);
    must(w, "pilot call question", "name", "moderation", "label", "Moderation?", "choices",
         "ja|nein", "required", "yes");

    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        const char *fields[][2] = {{"office", "lemgo"},
                                   {"kind", "city"},
                                   {"contact-name", "Ansprechperson"},
                                   {"contact-role", "Planung"},
                                   {"contact-address", "a@example.org"},
                                   {"head", "Leitung"},
                                   {"answer-1", "ja"}};

        for (size_t f = 0; f < 7; f++)
            if (strcmp(fields[f][0], wrong[i].name) == 0)
                fields[f][1] = wrong[i].value;
        assert_true(ask(w, "pilot apply", "selection", "2027", "committed", "yes", fields[0][0],
                        fields[0][1], fields[1][0], fields[1][1], fields[2][0], fields[2][1],
                        fields[3][0], fields[3][1], fields[4][0], fields[4][1], fields[5][0],
                        fields[5][1], fields[6][0], fields[6][1], NULL) < 0);
        assert_says(w->err.text[RH_DE], wrong[i].de);
        assert_says(w->err.text[RH_EN], wrong[i].en);
    }
    must(w, "pilot applications");
    assert_int_equal(item_count(w), 0);
    assert_int_equal(mails("pilot.receipt", "all"), 0);
}

static void one_address_stands_for_three_offices_at_most(void **state)
{
    static const char *const offices[] = {"ahaus", "ahlen", "bonn", "lemgo"};
    (void)state;

    for (int i = 0; i < 4; i++) {
        int32_t rc =
            ask(w, "pilot apply", "selection", "2027", "office", offices[i], "contact-name", "P",
                "contact-role", "x", "contact-address", "a@example.org", NULL);
        assert_int_equal(rc, i < 3 ? 0 : RH_ECONFLICT);
    }
    assert_says(w->err.text[RH_DE], "a@example.org steht schon für 3 Jugendämter");
}

static void a_frozen_selection_takes_no_application(void **state)
{
    (void)state;
    must(w, "pilot apply", RIGHT);
    must(w, "pilot apply", "selection", "2027", "office", "bonn", "contact-name", "P",
         "contact-role", "x", "contact-address", "b@example.org", "committed", "yes", "head", "L");
    must(w, "pilot freeze", "by", "Koordinierende Stelle", "source", "Würfel");
    must(w, "pilot form", "selection", "2027");
    assert_true(flag("is_closed"));
    refused(w, RH_ECONFLICT, "das Formular ist geschlossen", "the form is closed", "pilot apply",
            RIGHT);
}

static void questions_have_names_that_quotas_can_use(void **state)
{
    (void)state;
    refused(w, RH_EINVALID, "'kind' ist kein Name für eine Frage", "is no name for a question",
            "pilot call question", "name", "kind", "label", "Art?");
    refused(w, RH_EINVALID, "'a b' ist kein Name", "is no name", "pilot call question", "name",
            "a b", "label", "?");
    for (int i = 0; i < 8; i++) {
        char name[8];

        snprintf(name, sizeof(name), "q%d", i);
        must(w, "pilot call question", "name", name, "label", "Frage?");
    }
    refused(w, RH_EINVALID, "höchstens 8 Fragen", "at most 8 questions", "pilot call question",
            "name", "neunte", "label", "Frage?");
    must(w, "pilot call question", "name", "q0", "remove", "yes");
    must(w, "pilot call show");
    assert_int_equal(json_array_size(json_object_get(w->answer, "questions")), 7);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(before_and_after_its_window_the_form_says_so),
        TEST(who_is_late_is_told_and_recorded_as_late),
        TEST(what_was_in_time_is_not_changed_after_the_time_limit),
        TEST(a_window_that_makes_no_sense_is_refused),
        TEST(an_application_gets_a_receipt_with_all_that_was_given),
        TEST(sent_twice_is_one_application_and_one_receipt),
        TEST(by_the_public_link_nobody_changes_the_application_of_another),
        TEST(the_link_in_the_receipt_corrects_and_is_answered_again),
        TEST(a_commitment_that_comes_late_makes_the_application_late),
        TEST(a_link_is_for_one_office_and_ends),
        TEST(all_offices_with_an_address_get_their_own_link_as_a_draft),
        TEST(the_contact_in_the_register_gets_a_copy),
        TEST(a_file_leaves_what_came_by_the_form_and_gets_receipts_as_drafts),
        TEST(every_wrong_field_is_one_sentence_and_nothing_is_kept),
        TEST(one_address_stands_for_three_offices_at_most),
        TEST(a_frozen_selection_takes_no_application),
        TEST(questions_have_names_that_quotas_can_use),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
