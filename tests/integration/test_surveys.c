/* All offices asked for a while; reminders of surveys and conferences: on which days, to whom, and
 * when no more. */
#include "tests/integration/nrw.h"

#include "core/calendar/zone.h"
#include "core/server/jobs.h"

#define CONTACTS                                                                                   \
    "=office,role,name,email,language\n"                                                           \
    "lemgo,contact,Ansprechperson,ansprechperson@example.org,de\n"                                 \
    "lemgo,head,Leitung,leitung@example.org,de\n"                                                  \
    "ahlen,head,Leitung Ahlen,leitung.ahlen@example.org,en\n"                                      \
    "bonn,contact,Kontakt Bonn,bonn@example.org,de\n"

static int64_t morning(const char *day)
{
    int32_t number = RH_NO_DAY;

    assert_int_equal(rh_day_read(day, &number, NULL), 0);
    return rh_berlin_instant(number, 10 * 3600);
}

/* Monday, 1 February 2027. */
static struct world *with_contacts(void)
{
    struct world *w = nrw_open("");

    w->now = morning("2027-02-01");
    must(w, "contact import", "file", CONTACTS);
    return w;
}

static struct world *with_survey(void)
{
    struct world *w = with_contacts();

    must(w, "survey create", "survey", "wissen", "title", "Was wir wissen wollen", "title-en",
         "What we want to know", "opens", "2027-02-15", "closes", "2027-03-12", "link",
         "https://example.org/fragen?a=1");
    must(w, "survey invite", "survey", "wissen", "mails", "3");
    return w;
}

static int by_day(const void *left, const void *right)
{
    return strcmp(left, right);
}

/* On which day the n-th mail of that kind to that address leaves; "" when there are not so many. */
static const char *day_of_mail(struct world *w, const char *kind, const char *to, size_t nth)
{
    static char days[16][16];
    size_t index, count = 0;
    json_t *item;

    must(w, "mail list", "state", "all", "kind", kind);
    json_array_foreach((json_t *)(uintptr_t)items(w), index, item)
    {
        if (strcmp(text_of(item, "recipient"), to) == 0 &&
            strcmp(text_of(item, "state"), "dropped") != 0 && count < 16)
            snprintf(days[count++], sizeof(days[0]), "%.10s", text_of(item, "at"));
    }
    qsort(days, count, sizeof(days[0]), by_day);
    return nth < count ? days[nth] : "";
}

static void all_offices_of_the_region_are_asked_on_the_first_day(void **state)
{
    struct world *w = with_contacts();

    (void)state;
    must(w, "survey create", "survey", "rheinland", "title", "T", "opens", "2027-02-15", "closes",
         "2027-03-12", "link", "https://example.org/x", "region", "LVR");
    must(w, "survey preview", "survey", "rheinland");
    assert_int_equal(number(w, "count"), 1);
    assert_int_equal(json_array_size(json_object_get(w->answer, "nobody")), 94);
    must(w, "survey create", "survey", "leitung", "title", "T", "opens", "2027-02-15", "closes",
         "2027-03-12", "link", "https://example.org/x", "audience", "head");
    must(w, "survey preview", "survey", "leitung");
    assert_int_equal(number(w, "count"), 3);
    assert_string_equal(text_of(item(w, "office", "lemgo"), "email"), "leitung@example.org");
    assert_string_equal(text_of(item(w, "office", "bonn"), "email"), "bonn@example.org");
    refused(w, RH_ECONFLICT, "es sind 3 Mails, nicht 186", "it is 3 mails, not 186",
            "survey invite", "survey", "leitung", "mails", "186");
    must(w, "survey invite", "survey", "leitung", "mails", "3");
    assert_string_equal(day_of_mail(w, "conferences.invitation", "leitung@example.org", 0),
                        "2027-02-15");
    world_close(w);
}

/* Five working days before the end and on the last but one; who has answered gets none. */
static void only_those_without_an_answer_are_reminded(void **state)
{
    struct world *w = with_survey();

    (void)state;
    assert_string_equal(day_of_mail(w, "conferences.reminder", "bonn@example.org", 0),
                        "2027-03-05");
    assert_string_equal(day_of_mail(w, "conferences.reminder", "bonn@example.org", 1),
                        "2027-03-11");
    must(w, "procedure ahead", "days", "40");
    assert_int_equal(number(w, "mails"), 9); /* 3 offices, the mail and two reminders each */

    must(w, "survey answer", "survey", "wissen", "office", "bonn");
    assert_string_equal(day_of_mail(w, "conferences.reminder", "bonn@example.org", 0), "");
    must(w, "survey show", "survey", "wissen");
    assert_int_equal(number(w, "yes"), 1);
    assert_int_equal(number(w, "open"), 2);
    assert_string_equal(text_of(item(w, "office", "lemgo"), "next_reminder"), "2027-03-05");

    must(w, "survey close", "survey", "wissen");
    must(w, "procedure ahead", "days", "40");
    assert_int_equal(number(w, "mails"), 0);
    refused(w, RH_ECONFLICT, "ist beendet", "is closed", "survey invite", "survey", "wissen",
            "mails", "1");
    world_close(w);
}

/* Carnival: the office's own closing days move its reminder to the working day before. */
static void reminders_follow_the_calendar_and_no_quiet_time(void **state)
{
    struct world *w = with_contacts();

    (void)state;
    /* the window would end in the Easter holidays (22 March to 3 April) and on 28 December */
    must(w, "survey create", "survey", "ostern", "title", "T", "opens", "2027-02-15", "closes",
         "2027-03-25", "link", "https://example.org/x");
    must(w, "survey list");
    assert_string_equal(text_of(item(w, "survey", "ostern"), "closes"), "2027-04-05");
    must(w, "survey invite", "survey", "ostern", "mails", "3");
    assert_string_equal(day_of_mail(w, "conferences.reminder", "bonn@example.org", 0),
                        "2027-03-18");
    assert_string_equal(day_of_mail(w, "conferences.reminder", "bonn@example.org", 1),
                        "2027-03-19");
    must(w, "survey create", "survey", "jahresende", "title", "T", "opens", "2027-12-01", "closes",
         "2027-12-28", "link", "https://example.org/x");
    must(w, "survey list");
    assert_string_equal(text_of(item(w, "survey", "jahresende"), "closes"), "2028-01-10");
    world_close(w);
}

static void nobody_gets_two_mails_on_a_day(void **state)
{
    struct world *w = with_survey();

    (void)state;
    must(w, "survey create", "survey", "zweite", "title", "Noch eine", "opens", "2027-02-15",
         "closes", "2027-03-12", "link", "https://example.org/y");
    must(w, "survey invite", "survey", "zweite", "mails", "3");
    assert_string_equal(day_of_mail(w, "conferences.invitation", "bonn@example.org", 0),
                        "2027-02-15");
    assert_string_equal(day_of_mail(w, "conferences.invitation", "bonn@example.org", 1),
                        "2027-02-16");
    /* the 5th and the 11th are the first one's */
    assert_string_equal(day_of_mail(w, "conferences.reminder", "bonn@example.org", 0),
                        "2027-03-04");
    assert_string_equal(day_of_mail(w, "conferences.reminder", "bonn@example.org", 2),
                        "2027-03-10");
    world_close(w);
}

static void run_until(struct world *w, const char *day)
{
    int64_t wait_ms = 0;

    for (int64_t end = morning(day); w->now < end; w->now += 6 * 3600)
        while (rh_jobs_run_due(&w->home->house, 100, NULL, NULL, &wait_ms, &w->err) > 0)
            ;
}

/* The reminder of a procedure that would leave on the survey's first day leaves a working day
 * later. */
static void reminders_of_procedures_give_way(void **state)
{
    struct world *w = with_contacts();

    (void)state;
    must(w, "process import", "file", "@config/processes/qev-1.conf");
    must(w, "procedure record", "office", "bonn", "start", "2027-03", "state", "planned",
         "suggested-by", "office", "reason", "auf Wunsch");
    run_until(w, "2027-02-26");
    must(w, "procedure ahead");
    assert_string_equal(text_of(json_array_get(items(w), 0), "at"), "2027-03-01 08:00");
    must(w, "survey create", "survey", "s", "title", "T", "opens", "2027-03-01", "closes",
         "2027-03-19", "link", "https://example.org/x");
    must(w, "survey invite", "survey", "s", "mails", "3");
    run_until(w, "2027-03-04");
    assert_string_equal(day_of_mail(w, "conferences.invitation", "bonn@example.org", 0),
                        "2027-03-01");
    assert_string_equal(day_of_mail(w, "reminders.due", "bonn@example.org", 0), "2027-03-02");
    world_close(w);
}

static void who_comes_to_a_conference_is_reminded_the_day_before(void **state)
{
    struct world *w = with_contacts();

    (void)state;
    must(w, "conference create", "conference", "tagung", "title", "Tagung", "on", "2027-04-20",
         "place", "Köln", "answer-by", "2027-03-25");
    must(w, "conference list");
    assert_string_equal(text_of(item(w, "conference", "tagung"), "answer_by"), "2027-04-05");
    must(w, "conference invite", "conference", "tagung", "mails", "3");
    assert_string_equal(day_of_mail(w, "conferences.reminder", "bonn@example.org", 0),
                        "2027-03-19");
    must(w, "conference answer", "conference", "tagung", "office", "bonn", "answer", "yes");
    assert_string_equal(day_of_mail(w, "conferences.reminder", "bonn@example.org", 0),
                        "2027-04-19");
    w->now += 3600;
    must(w, "conference answer", "conference", "tagung", "office", "bonn", "answer", "no");
    assert_string_equal(day_of_mail(w, "conferences.reminder", "bonn@example.org", 0), "");
    w->now += 3600;
    must(w, "conference answer", "conference", "tagung", "office", "bonn", "answer", "yes");
    assert_string_equal(day_of_mail(w, "conferences.reminder", "bonn@example.org", 0),
                        "2027-04-19");
    world_close(w);
}

static void what_makes_no_sense_is_refused(void **state)
{
    struct world *w = with_survey();

    (void)state;
    refused(w, RH_EINVALID, "keine Adresse wie", "no address such as", "survey create", "survey",
            "x", "title", "T", "opens", "2027-02-15", "closes", "2027-03-12", "link",
            "javascript:alert(1)");
    refused(w, RH_EINVALID, "endet, bevor es beginnt", "ends before it begins", "survey create",
            "survey", "x", "title", "T", "opens", "2027-02-15", "closes", "2027-02-10", "link",
            "https://example.org/x");
    refused(w, RH_EINVALID, "ist vorbei", "is over", "survey create", "survey", "x", "title", "T",
            "opens", "2027-01-15", "closes", "2027-02-10", "link", "https://example.org/x");
    refused(w, RH_ECONFLICT, "gibt es schon", "already", "survey create", "survey", "wissen",
            "title", "T", "opens", "2027-02-15", "closes", "2027-03-12", "link",
            "https://example.org/x");
    refused(w, RH_ENOTFOUND, "Tagung 'wissen'", "conference 'wissen'", "conference show",
            "conference", "wissen");
    world_close(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_offices_of_the_region_are_asked_on_the_first_day),
        cmocka_unit_test(only_those_without_an_answer_are_reminded),
        cmocka_unit_test(reminders_follow_the_calendar_and_no_quiet_time),
        cmocka_unit_test(nobody_gets_two_mails_on_a_day),
        cmocka_unit_test(reminders_of_procedures_give_way),
        cmocka_unit_test(who_comes_to_a_conference_is_reminded_the_day_before),
        cmocka_unit_test(what_makes_no_sense_is_refused),
    };

    return cmocka_run_group_tests(tests, nrw_make, nrw_remove);
}
