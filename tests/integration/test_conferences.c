/* All offices invited at once, once, and only when the number is right; answers are counted. */
#include "tests/integration/nrw.h"

#define CONTACTS                                                                                   \
    "=office,role,name,email,language\n"                                                           \
    "lemgo,contact,Ansprechperson,ansprechperson@example.org,de\n"                                 \
    "lemgo,head,Leitung,leitung@example.org,de\n"                                                  \
    "ahlen,head,Leitung Ahlen,leitung.ahlen@example.org,en\n"                                      \
    "bonn,contact,Ohne Adresse,,de\n"

static struct world *with_conference(void)
{
    struct world *w = nrw_open("");

    must(w, "contact import", "file", CONTACTS);
    must(w, "conference create", "conference", "abschluss", "title", "Abschlusstagung", "title-en",
         "Closing conference", "on", "2027-11-20", "place", "Köln", "answer-by", "2027-10-31");
    return w;
}

static int64_t mails(struct world *w)
{
    must(w, "mail list", "state", "all", "kind", "conferences.invitation");
    return (int64_t)item_count(w);
}

static void the_preview_says_who_and_who_not(void **state)
{
    struct world *w = with_conference();

    (void)state;
    must(w, "conference preview", "conference", "abschluss");
    assert_int_equal(number(w, "count"), 2);
    assert_string_equal(text_of(item(w, "office", "lemgo"), "email"), "ansprechperson@example.org");
    assert_string_equal(text_of(item(w, "office", "ahlen"), "email"), "leitung.ahlen@example.org");
    assert_int_equal(json_array_size(json_object_get(w->answer, "nobody")), 184);
    assert_int_equal(mails(w), 0);
    world_close(w);
}

static void no_mail_leaves_when_the_number_is_wrong(void **state)
{
    struct world *w = with_conference();

    (void)state;
    refused(w, RH_ECONFLICT, "es sind 2 Mails, nicht 186", "it is 2 mails, not 186",
            "conference invite", "conference", "abschluss", "mails", "186");
    assert_int_equal(mails(w), 0);
    must(w, "conference show", "conference", "abschluss");
    assert_int_equal(number(w, "invited"), 0);
    world_close(w);
}

static void an_office_is_invited_once(void **state)
{
    struct world *w = with_conference();

    (void)state;
    must(w, "conference invite", "conference", "abschluss", "mails", "2");
    assert_int_equal(mails(w), 2);
    assert_string_equal(text_of(item(w, "recipient", "ansprechperson@example.org"), "subject"),
                        "Einladung: Abschlusstagung");
    assert_string_equal(text_of(item(w, "recipient", "leitung.ahlen@example.org"), "subject"),
                        "Invitation: Closing conference");

    must(w, "contact import", "file",
         "=office,role,name,email,language\nbonn,head,Leitung,leitung.bonn@example.org,de\n");
    refused(w, RH_ECONFLICT, "es sind 1 Mails, nicht 2", "it is 1 mails, not 2",
            "conference invite", "conference", "abschluss", "mails", "2");
    must(w, "conference invite", "conference", "abschluss", "mails", "1");
    assert_int_equal(mails(w), 3);
    world_close(w);
}

static void an_invitation_that_waits_may_be_held_and_released(void **state)
{
    struct world *w = with_conference();
    char id[32];

    (void)state;
    must(w, "conference invite", "conference", "abschluss", "mails", "2");
    must(w, "mail list");
    snprintf(id, sizeof(id), "%lld",
             (long long)json_integer_value(json_object_get(json_array_get(items(w), 0), "id")));
    assert_int_equal(json_integer_value(json_object_get(json_array_get(items(w), 0), "may_hold")),
                     1);
    must(w, "mail hold", "id", id, "reason", "erst nachfragen");
    must(w, "mail show", "id", id);
    assert_int_equal(json_integer_value(json_object_get(json_array_get(items(w), 0), "may_hold")),
                     0);
    assert_int_equal(
        json_integer_value(json_object_get(json_array_get(items(w), 0), "may_release")), 1);
    world_close(w);
}

static void answers_are_counted_and_may_change(void **state)
{
    struct world *w = with_conference();

    (void)state;
    must(w, "conference invite", "conference", "abschluss", "mails", "2");
    must(w, "conference answer", "conference", "abschluss", "office", "lemgo", "answer", "yes",
         "people", "3");
    must(w, "conference answer", "conference", "abschluss", "office", "ahlen", "answer", "no",
         "note", "Klausur");
    must(w, "conference show", "conference", "abschluss");
    assert_int_equal(number(w, "invited"), 2);
    assert_int_equal(number(w, "yes"), 1);
    assert_int_equal(number(w, "no"), 1);
    assert_int_equal(number(w, "open"), 0);
    assert_int_equal(number(w, "people"), 3);
    must(w, "conference answer", "conference", "abschluss", "office", "lemgo", "answer", "no");
    must(w, "conference show", "conference", "abschluss", "answer", "no");
    assert_int_equal(item_count(w), 2);
    assert_int_equal(number(w, "people"), 0);
    world_close(w);
}

static void what_makes_no_sense_is_refused(void **state)
{
    struct world *w = with_conference();

    (void)state;
    refused(w, RH_EINVALID, "taugt nicht als Kennung", "is no id", "conference create",
            "conference", "Abschluss 2027", "title", "T", "on", "2027-11-20", "place", "K",
            "answer-by", "2027-10-31");
    refused(w, RH_EINVALID, "ist vorbei", "is over", "conference create", "conference", "alt",
            "title", "T", "on", "2020-11-20", "place", "K", "answer-by", "2020-10-31");
    refused(w, RH_EINVALID, "vor dem Tag", "before the day", "conference create", "conference",
            "spaet", "title", "T", "on", "2027-11-20", "place", "K", "answer-by", "2027-11-20");
    refused(w, RH_ECONFLICT, "gibt es schon", "already", "conference create", "conference",
            "abschluss", "title", "T", "on", "2027-11-20", "place", "K", "answer-by", "2027-10-31");
    refused(w, RH_ENOTFOUND, "nicht eingeladen", "not invited", "conference answer", "conference",
            "abschluss", "office", "lemgo", "answer", "yes");
    must(w, "conference invite", "conference", "abschluss", "mails", "2");
    refused(w, RH_EINVALID, "wenigstens einer Person", "one person at least", "conference answer",
            "conference", "abschluss", "office", "lemgo", "answer", "yes", "people", "0");
    world_close(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_preview_says_who_and_who_not),
        cmocka_unit_test(no_mail_leaves_when_the_number_is_wrong),
        cmocka_unit_test(an_office_is_invited_once),
        cmocka_unit_test(an_invitation_that_waits_may_be_held_and_released),
        cmocka_unit_test(answers_are_counted_and_may_change),
        cmocka_unit_test(what_makes_no_sense_is_refused),
    };

    return cmocka_run_group_tests(tests, nrw_make, nrw_remove);
}
