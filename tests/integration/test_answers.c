/* Answers of calendars: what is proven and current sets the state of an attendee; everything else
 * waits for a person, and the meeting stays as it was. */
#include "tests/integration/meetings.h"

#include "core/mail/read.h"
#include "core/mail/receive.h"
#include "core/post/fetcher.h"
#include "tests/support/peer.h"
#include "tests/support/program.h"

#include <signal.h>
#include <sys/stat.h>

#define SESSION "2027-06-15"
#define LATER   "2027-06-22"
#define TEAM    "m-1@example.org"
#define CONTACT "ansprechperson@example.org"

static char uid[64], organizer[200];
static int uids;

static int setup(void **state)
{
    snprintf(meetings_config, sizeof(meetings_config),
             "mail { from = \"qe@example.org\" }\n"
             "plugin appointments { organizer = \"termine@example.org\" }\n");
    return meetings_make(state) || meetings_open(state);
}

static int teardown(void **state)
{
    return meetings_close(state) || meetings_remove(state);
}

/* ---- what came in ---- */

struct arrival {
    struct rh_task task; /* first */
    const char *text;
};

static int32_t take_arrival(struct rh_task *task, struct rh_db *db, struct rh_err *err)
{
    const struct arrival *a = (struct arrival *)(void *)task;
    struct rh_mail_place place = {"imap://127.0.0.1/INBOX", 1, ++uids};
    int32_t rc = rh_mail_receive(db, &place, a->text, strlen(a->text), NULL, w->now, err);

    return rc < 0 ? rc : 0;
}

static void arrives(const char *text)
{
    struct arrival a = {.task = {.kind = RH_TASK_WRITE, .work = take_arrival}, .text = text};

    if (rh_store_run(w->home->house.store, &a.task) < 0)
        fail_msg("%s", a.task.err.text[RH_EN]);
    run_jobs();
}

static int messages;

/* A calendar in a mail, as most systems send it. */
static void mail_calendar(const char *from, const char *to, const char *calendar)
{
    char text[6000];

    snprintf(text, sizeof(text),
             "From: %s\r\nTo: <%s>\r\nMessage-ID: <a-%d@example.org>\r\nSubject: Antwort\r\n"
             "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
             "Content-Type: text/plain; charset=utf-8\r\n\r\nAntwort\r\n--b\r\n"
             "Content-Type: text/calendar; charset=utf-8\r\n\r\n%s\r\n--b\r\n"
             "Content-Type: application/ics; name=a.ics\r\n\r\n%s\r\n--b--\r\n",
             from, to, ++messages, calendar, calendar);
    arrives(text);
}

/* An answer of `from` to the meeting. `inside`: further lines; SEQUENCE and DTSTAMP are there. */
static void answer(const char *from, const char *to, const char *method, const char *attendee,
                   int sequence, const char *stamp, const char *inside)
{
    char calendar[2000];

    snprintf(calendar, sizeof(calendar),
             "BEGIN:VCALENDAR\r\nMETHOD:%s\r\nBEGIN:VEVENT\r\nUID:%s\r\nSEQUENCE:%d\r\n"
             "DTSTAMP:%s\r\nATTENDEE;%s\r\n%sEND:VEVENT\r\nEND:VCALENDAR\r\n",
             method, uid, sequence, stamp, attendee, inside ? inside : "");
    mail_calendar(from, to, calendar);
}

#define ACCEPTED "PARTSTAT=ACCEPTED:MAILTO:M-1@Example.org"
#define DECLINED "PARTSTAT=DECLINED:mailto:m-1@example.org"
#define EARLY    "20261122T120100Z"
#define LATE     "20261122T120200Z"

/* ---- what is known ---- */

/* As one line each, in place. */
static char *unfolded(char *text)
{
    char *to = text;

    for (const char *at = text; *at; at++)
        if (at[0] == '\r' && at[1] == '\n' && at[2] == ' ')
            at += 2;
        else
            *to++ = *at;
    *to = '\0';
    return text;
}

static size_t mails_at_first;

static size_t mails(void)
{
    must(w, "mail list", "state", "all", "kind", "appointments.meeting", "limit", "1000");
    return item_count(w) - mails_at_first;
}

/* UID and the address for answers, as the last invitation to TEAM says them. */
static void read_invitation(void)
{
    struct rh_arena arena = RH_ARENA_INIT(16 * 1024 * 1024);
    struct rh_mail_in in;
    int64_t last = 0;
    const json_t *row;
    char id[24], token[33], *calendar;
    size_t i;

    mails_at_first = 0;
    mails_at_first = mails();
    json_array_foreach((json_t *)(uintptr_t)items(w), i, row)
    {
        int64_t one = json_integer_value(json_object_get(row, "id"));

        if (strcmp(text_of(row, "recipient"), TEAM) == 0 && one > last)
            last = one;
    }
    snprintf(id, sizeof(id), "%lld", (long long)last);
    must(w, "mail show", "id", id);
    assert_int_equal(
        rh_mail_read(text(w, "source"), strlen(text(w, "source")), &arena, &in, &w->err), 0);
    calendar = unfolded(strdup(in.calendar));
    assert_int_equal(sscanf(strstr(calendar, "\nUID:"), "\nUID:%63[^\r\n]", uid), 1);
    must(w, "appointment show", "meeting", "lemgo/session");
    assert_string_equal(text(w, "meeting"), uid);
    assert_int_equal(sscanf(strstr(calendar, "termine+") + 8, "%32[a-z0-9]", token), 1);
    snprintf(organizer, sizeof(organizer), "termine+%s@example.org", token);
    free(calendar);
    rh_arena_fini(&arena);
}

/* One world for all: each test has a meeting of its own and leaves nothing to decide. */
static int open_fixed(void **state)
{
    (void)state;
    it_is("2026-11-22");
    must(w, "appointment fix", "procedure", "lemgo", "step", "session", "on", SESSION);
    read_invitation();
    w->now += 3600; /* noon in Berlin is 11:00 */
    return 0;
}

static int close_fixed(void **state)
{
    (void)state;
    (void)ask(w, "appointment cancel", "meeting", "lemgo/session", "reason", "Ende", NULL);
    must(w, "review list");
    while (item_count(w) > 0) {
        char id[40];

        snprintf(id, sizeof(id), "%s", text_of(json_array_get(items(w), 0), "item"));
        must(w, "review dismiss", "item", id);
        must(w, "review list");
    }
    return 0;
}

static const char *state_of(const char *name)
{
    must(w, "appointment show", "meeting", "lemgo/session");
    return text_of(item(w, "name", name), "partstat");
}

/* The only thing to decide. */
static const json_t *review(void)
{
    must(w, "review list");
    if (item_count(w) != 1)
        fail_msg("%zu things to decide", item_count(w));
    return json_array_get(items(w), 0);
}

/* Its id, which outlives the answer that named it. */
static const char *the_item(void)
{
    static char id[40];

    snprintf(id, sizeof(id), "%s", text_of(review(), "item"));
    return id;
}

static void assert_nothing_to_review(void)
{
    must(w, "review list");
    assert_int_equal(item_count(w), 0);
}

/* ---- answers that count ---- */

static void a_reply_sets_the_state_once(void **state)
{
    (void)state;
    answer("M-1@example.org", organizer, "REPLY", ACCEPTED, 0, EARLY, "COMMENT:Gern\\, danke\r\n");
    assert_string_equal(state_of("Moderator*in 1"), "accepted");
    assert_string_equal(text_of(item(w, "name", "Moderator*in 1"), "comment"), "Gern, danke");
    assert_nothing_to_review();
    must(w, "mail inbound list");
    assert_int_equal(item_count(w), 0); /* ticked off */
}

static void either_the_address_or_the_token_proves_it(void **state)
{
    (void)state;
    answer("buero@example.org", organizer, "REPLY", ACCEPTED, 0, EARLY, NULL);
    assert_string_equal(state_of("Moderator*in 1"), "accepted");
    answer(CONTACT, "termine@example.org", "REPLY",
           "PARTSTAT=TENTATIVE:mailto:ansprechperson@example.org", 0, EARLY, NULL);
    assert_string_equal(state_of("Ansprechperson"), "tentative");
    answer("fremd@example.org", "termine@example.org", "REPLY",
           "PARTSTAT=DECLINED:mailto:ansprechperson@example.org", 0, LATE, NULL);
    assert_string_equal(state_of("Ansprechperson"), "tentative");
    assert_says(text_of(review(), "why"), "kam nicht von der Adresse");
}

static void the_last_answer_counts_whenever_it_comes(void **state)
{
    (void)state;
    answer(TEAM, organizer, "REPLY", DECLINED, 0, LATE, NULL);
    answer(TEAM, organizer, "REPLY", ACCEPTED, 0, EARLY, NULL);
    assert_string_equal(state_of("Moderator*in 1"), "declined");
    answer(TEAM, organizer, "REPLY", ACCEPTED, 0, "20991122T120200Z", NULL); /* a wrong clock */
    w->now += 60;
    answer(TEAM, organizer, "REPLY", DECLINED, 0, "20261122T121500Z", NULL);
    assert_string_equal(state_of("Moderator*in 1"), "declined");
}

static void an_answer_to_an_earlier_version_changes_nothing(void **state)
{
    (void)state;
    must(w, "appointment move", "meeting", "lemgo/session", "on", LATER, "reason", "Raum");
    answer(TEAM, organizer, "REPLY", ACCEPTED, 0, EARLY, NULL);
    assert_string_equal(state_of("Moderator*in 1"), "needs-action");
    assert_nothing_to_review();
    answer(TEAM, organizer, "REPLY", ACCEPTED, 1, LATE, NULL);
    assert_string_equal(state_of("Moderator*in 1"), "accepted");
}

/* outlook.com: no ORGANIZER, no SEQUENCE. The time of the answer has to tell. */
static void without_a_sequence_the_time_tells(void **state)
{
    char calendar[600];
    (void)state;

    must(w, "appointment move", "meeting", "lemgo/session", "on", LATER, "reason", "Raum");
    for (int i = 0; i < 2; i++) {
        snprintf(calendar, sizeof(calendar),
                 "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:%s\r\nDTSTAMP:%s\r\n"
                 "ATTENDEE;" ACCEPTED "\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
                 uid, i ? "20261122T120500Z" : "20261122T113000Z");
        mail_calendar(TEAM, organizer, calendar);
        assert_string_equal(state_of("Moderator*in 1"), i ? "accepted" : "needs-action");
    }
}

/* ---- proposals ---- */

#define COUNTER                                                                                    \
    "DTSTART;TZID=W. Europe Standard Time:20270622T100000\r\n"                                     \
    "DTEND;TZID=W. Europe Standard Time:20270622T150000\r\n"

static void a_proposal_that_is_accepted_moves_the_meeting(void **state)
{
    (void)state;
    answer(CONTACT, organizer, "COUNTER", "PARTSTAT=TENTATIVE:mailto:" CONTACT, 0, EARLY, COUNTER);
    assert_string_equal(text_of(review(), "proposed"), "Di 22.06.2027, 10:00–15:00 Uhr");
    assert_string_equal(state_of("Ansprechperson"), "needs-action");

    must(w, "review accept", "item", the_item());
    must(w, "appointment show", "meeting", "lemgo/session");
    assert_string_equal(text(w, "time"), "Di 22.06.2027, 10:00–15:00 Uhr");
    assert_int_equal(number(w, "sequence"), 1);
    assert_string_equal(text(w, "reason"), "auf Vorschlag von Ansprechperson");
    assert_nothing_to_review();
    assert_int_equal(mails(), 4); /* four invited, four told of the new time */
}

static void a_proposal_that_is_declined_is_answered(void **state)
{
    (void)state;
    answer(CONTACT, organizer, "COUNTER", "PARTSTAT=TENTATIVE:mailto:" CONTACT, 0, EARLY, COUNTER);
    must(w, "review decline", "item", the_item(), "words", "Der Raum ist vergeben.");
    must(w, "appointment show", "meeting", "lemgo/session");
    assert_string_equal(text(w, "day"), SESSION);
    assert_nothing_to_review();
    assert_int_equal(mails(), 1);
}

static void a_proposal_that_the_meeting_has_overtaken_moves_nothing(void **state)
{
    (void)state;
    answer(CONTACT, organizer, "COUNTER", "PARTSTAT=TENTATIVE:mailto:" CONTACT, 0, EARLY, COUNTER);
    must(w, "appointment move", "meeting", "lemgo/session", "on", "2027-06-29", "reason", "Raum");
    refused(w, RH_ECONFLICT, "ist seit dem Vorschlag verlegt worden", "was moved since",
            "review accept", "item", the_item());
    must(w, "review dismiss", "item", the_item());
    assert_nothing_to_review();
}

/* ---- people ---- */

static void whoever_is_needed_and_declines_is_in_the_list(void **state)
{
    (void)state;
    answer(TEAM, organizer, "REPLY", DECLINED, 0, EARLY, "COMMENT:Urlaub\r\n");
    assert_string_equal(text_of(review(), "kind"), "declined");
    assert_string_equal(text_of(review(), "who"), "Moderator*in 1");
    must(w, "review show", "item", the_item());
    assert_string_equal(text_of(json_array_get(items(w), 0), "comment"), "Urlaub");
    assert_true(json_array_size(json_object_get(w->answer, "proposals")) > 0);
    must(w, "review dismiss", "item", the_item());
    assert_nothing_to_review();
    answer(TEAM, organizer, "REPLY", ACCEPTED, 0, LATE, NULL);
    w->now += 3600;
    answer(TEAM, organizer, "REPLY", DECLINED, 0, "20261122T123000Z", NULL);
    assert_string_equal(text_of(review(), "kind"), "declined"); /* anew */
}

static void strangers_are_never_added_by_themselves(void **state)
{
    (void)state;
    answer("gast@example.org", organizer, "REPLY",
           "PARTSTAT=ACCEPTED;CN=Gast:mailto:gast@example.org", 0, EARLY, NULL);
    must(w, "appointment show", "meeting", "lemgo/session");
    assert_int_equal(item_count(w), 4);
    assert_says(text_of(review(), "why"), "nicht eingeladen");

    must(w, "review accept", "item", the_item());
    assert_string_equal(state_of("Gast"), "accepted");
    assert_int_equal(item_count(w), 5);
    assert_nothing_to_review();
}

static void a_delegation_is_decided_by_a_person(void **state)
{
    (void)state;
    answer(CONTACT, organizer, "REPLY",
           "PARTSTAT=DELEGATED;DELEGATED-TO=\"mailto:vertretung@example.org\":mailto:" CONTACT, 0,
           EARLY, NULL);
    assert_string_equal(state_of("Ansprechperson"), "needs-action");
    assert_says(text_of(review(), "why"), "vertreten");

    must(w, "review accept", "item", the_item());
    assert_string_equal(state_of("Ansprechperson"), "delegated");
    assert_string_equal(text_of(item(w, "name", "vertretung@example.org"), "role"), "required");
}

/* ---- the rest ---- */

static void who_lost_the_invitation_gets_it_again_but_not_at_once(void **state)
{
    (void)state;
    w->now -= 60;
    answer(TEAM, organizer, "REFRESH", "CN=M:mailto:m-1@example.org", 0, EARLY, NULL);
    assert_int_equal(mails(), 0);
    w->now += 3600;
    answer(TEAM, organizer, "REFRESH", "CN=M:mailto:m-1@example.org", 0, LATE, NULL);
    assert_int_equal(mails(), 1);
    assert_nothing_to_review();
}

static void what_is_unclear_waits_and_changes_nothing(void **state)
{
    static const struct {
        const char *method, *attendee, *inside, *said;
    } cases[] = {
        {"REPLY", "PARTSTAT=MAYBE:mailto:m-1@example.org", "", "weder zu noch ab"},
        {"REPLY", ACCEPTED, "ATTENDEE:mailto:b@example.org\r\n", "genau eine Person"},
        {"REPLY", ACCEPTED, "RECURRENCE-ID:20270615T070000Z\r\n", "einzelnen Termin"},
        {"ADD", ACCEPTED, "", "keine Antwort auf eine Einladung"},
        {"COUNTER", ACCEPTED, "DTSTART;VALUE=DATE:20270622\r\n", "keine Zeit an einem Tag"},
        {"REPLY", ACCEPTED, "BEGIN:VALARM\r\n", "END:VEVENT hat kein passendes BEGIN"},
    };
    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        answer(TEAM, organizer, cases[i].method, cases[i].attendee, 0, EARLY, cases[i].inside);
        assert_says(text_of(review(), "why"), cases[i].said);
        refused(w, RH_EINVALID, "kein Vorschlag", "no proposal", "review decline", "item",
                the_item());
        must(w, "review dismiss", "item", the_item());
        assert_string_equal(state_of("Moderator*in 1"), "needs-action");
    }
    assert_nothing_to_review();
}

static void about_no_meeting_of_ours(void **state)
{
    (void)state;
    snprintf(uid, sizeof(uid), "unknown@example.org");
    answer(TEAM, "termine@example.org", "REPLY", ACCEPTED, 0, EARLY, NULL);
    assert_says(text_of(review(), "why"), "zu keinem unserer Termine");
    refused(w, RH_EINVALID, "nichts anzunehmen", "nothing to accept", "review accept", "item",
            the_item());
}

static void a_meeting_that_is_called_off_takes_no_answers(void **state)
{
    (void)state;
    must(w, "appointment cancel", "meeting", "lemgo/session", "reason", "krank");
    answer(TEAM, organizer, "REPLY", DECLINED, 1, LATE, NULL);
    assert_nothing_to_review();
}

/* ---- by a real mailbox ---- */

struct mailbox {
    uv_loop_t loop;
    uv_timer_t collect, alarm;
    int rounds, kept;
    char wrong[300];
};

static void on_round(void *context, int kept, const char *wrong)
{
    struct mailbox *m = context;

    m->rounds++;
    m->kept += kept;
    snprintf(m->wrong, sizeof(m->wrong), "%s", wrong ? wrong : "");
}

static void on_collect(uv_timer_t *timer)
{
    (void)timer;
    (void)rh_store_collect(w->home->house.store);
}

static void on_alarm(uv_timer_t *timer)
{
    (void)timer;
    fail_msg("the mailbox has not been read");
}

static void close_timer(uv_handle_t *handle, void *context)
{
    (void)context;
    if (!uv_is_closing(handle))
        uv_close(handle, NULL);
}

/* The mailbox has been looked at when the reply is delivered: the next look brings it. */
static void a_reply_in_the_mailbox_counts_within_one_interval(void **state)
{
    struct rh_post_settings settings = {.mailbox = "INBOX", .interval_s = 1};
    struct mailbox m = {.rounds = 0};
    struct rh_fetcher_options options = {.loop = &m.loop,
                                         .house = &w->home->house,
                                         .settings = &settings,
                                         .note = on_round,
                                         .context = &m};
    struct rh_fetcher *fetcher;
    char text[2000];
    int imap, lmtp;
    pid_t dovecot;
    (void)state;

    if (access("/usr/lib/dovecot/imap", F_OK) != 0)
        skip();
    assert_int_equal(chmod(w->folder, 0755), 0);
    dovecot = peer_dovecot(w->folder, &imap, &lmtp);
    settings.imap = (struct rh_post_server){.host = "127.0.0.1",
                                            .port = imap,
                                            .user = "termine",
                                            .password = "geheim",
                                            .timeout_s = 20};
    snprintf(
        text, sizeof(text),
        "Delivered-To: %s\nFrom: Buero <buero@example.org>\nMessage-ID: <dovecot@example.org>\n"
        "Subject: Angenommen\nContent-Type: text/calendar; charset=utf-8; method=REPLY\n\n"
        "BEGIN:VCALENDAR\nMETHOD:REPLY\nBEGIN:VEVENT\nUID:%s\nSEQUENCE:0\nDTSTAMP:" EARLY "\n"
        "ATTENDEE;" ACCEPTED "\nEND:VEVENT\nEND:VCALENDAR\n",
        organizer, uid);
    peer_deliver(w->folder, "termine", 1,
                 "From: kontakt@example.org\nMessage-ID: <before@example.org>\nSubject: a\n\nb\n");
    assert_int_equal(uv_loop_init(&m.loop), 0);
    (void)uv_timer_init(&m.loop, &m.collect);
    (void)uv_timer_init(&m.loop, &m.alarm);
    (void)uv_timer_start(&m.collect, on_collect, 5, 5);
    (void)uv_timer_start(&m.alarm, on_alarm, 60000, 0);
    assert_int_equal(rh_fetcher_new(&options, &fetcher, &w->err), 0);
    while (m.rounds < 1)
        (void)uv_run(&m.loop, UV_RUN_ONCE);
    peer_deliver(w->folder, "termine", 2, text);
    while (m.rounds < 2)
        (void)uv_run(&m.loop, UV_RUN_ONCE);
    while (!rh_fetcher_stop(fetcher))
        (void)uv_run(&m.loop, UV_RUN_ONCE);
    rh_fetcher_close(fetcher);
    uv_walk(&m.loop, close_timer, NULL);
    (void)uv_run(&m.loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&m.loop), 0);
    (void)kill(dovecot, SIGTERM);
    (void)program_wait(dovecot);

    assert_string_equal(m.wrong, "");
    assert_int_equal(m.kept, 2);
    run_jobs();
    assert_string_equal(state_of("Moderator*in 1"), "accepted");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_fixed, close_fixed)
    const struct CMUnitTest tests[] = {
        TEST(a_reply_sets_the_state_once),
        TEST(either_the_address_or_the_token_proves_it),
        TEST(the_last_answer_counts_whenever_it_comes),
        TEST(an_answer_to_an_earlier_version_changes_nothing),
        TEST(without_a_sequence_the_time_tells),
        TEST(a_proposal_that_is_accepted_moves_the_meeting),
        TEST(a_proposal_that_is_declined_is_answered),
        TEST(a_proposal_that_the_meeting_has_overtaken_moves_nothing),
        TEST(whoever_is_needed_and_declines_is_in_the_list),
        TEST(strangers_are_never_added_by_themselves),
        TEST(a_delegation_is_decided_by_a_person),
        TEST(who_lost_the_invitation_gets_it_again_but_not_at_once),
        TEST(what_is_unclear_waits_and_changes_nothing),
        TEST(about_no_meeting_of_ours),
        TEST(a_meeting_that_is_called_off_takes_no_answers),
        TEST(a_reply_in_the_mailbox_counts_within_one_interval),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
