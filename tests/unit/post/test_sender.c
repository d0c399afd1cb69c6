/* sender.h, smtp.h: what becomes of a mail when the server does as it likes. */
#include "world.h"

#define STATE "SELECT state FROM mail WHERE id = 1"

static void send_one(struct world *w, const char *to, int32_t flags)
{
    world_faults(w, NULL);
    world_queue(w, to, flags);
    world_start(w);
    world_run_until(w, 1);
}

static void a_mail_arrives_as_it_was_stored(void **state)
{
    struct world *w = *state;
    static char taken[TAKEN_BYTES];
    struct world_ask stored = {.sql = "SELECT bytes FROM mail_message"},
                     token = {.sql = "SELECT token FROM mail"};
    char from[80];

    send_one(w, "ok@example.org", 0);

    assert_says(w, STATE, "sent");
    assert_says(w, "SELECT reply FROM mail", "250 2.0.0 Taken over");
    world_taken(w, 1, taken);
    world_do(w, world_ask_body, &token);
    snprintf(from, sizeof(from), "X-From: bounce+%.40s@example.org\r\n", token.text);
    assert_memory_equal(taken, from, strlen(from));
    world_do(w, world_ask_body, &stored); /* its first 999 bytes */
    assert_non_null(strstr(taken, stored.text));
    assert_non_null(strstr(taken, "=2E\r\n=2E.Guten Tag\r\n=46rom here\r\n"));
}

static void many_mails_go_over_one_connection_and_in_few_commits(void **state)
{
    struct world *w = *state;

    world_faults(w, NULL);
    for (int i = 0; i < 250; i++) /* more than a connection may carry */
        world_queue(w, "ok@example.org", 0);
    world_start(w);
    world_run_until(w, 250);

    assert_int_equal(world_number(w, "SELECT count(*) FROM mail WHERE state = 'sent'"), 250);
    assert_int_equal(world_taken_count(w), 250);
    assert_true(rh_sender_figures(w->sender).turns < 125);
}

static void a_temporary_refusal_is_tried_again_by_schedule(void **state)
{
    struct world *w = *state;

    send_one(w, "grey@example.org", 0);
    assert_says(w, STATE, "queued");
    assert_says(w, "SELECT reply FROM mail", "450 4.2.0 Greylisted, try again");
    assert_true(world_number(w, "SELECT next_utc FROM mail") >= NOON + 60);

    w->now += 80;
    world_queue(w, "ok@example.org", 0); /* a commit: the sender looks */
    world_run_until(w, 3);
    assert_says(w, "SELECT attempts FROM mail WHERE id = 1", "2");
    assert_says(w, "SELECT state FROM mail WHERE id = 2", "sent");
}

static void a_refused_address_is_marked_at_once(void **state)
{
    struct world *w = *state;

    send_one(w, "gone@example.org", 0);

    assert_says(w, STATE, "failed");
    assert_says(w, "SELECT state || ' ' || reason FROM mail_address",
                "refused 550 5.1.1 No such user here");
    assert_says(w, "SELECT count(*) FROM job WHERE kind = 'mail.failed'", "1");
}

static void a_full_mailbox_does_not_condemn_the_address(void **state)
{
    struct world *w = *state;

    send_one(w, "full@example.org", 0);

    assert_says(w, STATE, "failed");
    assert_says(w, "SELECT bounced FROM mail", "soft");
    assert_says(w, "SELECT count(*) FROM mail_address", "0");
}

static void a_refused_text_is_not_the_addresss_fault(void **state)
{
    struct world *w = *state;

    send_one(w, "spam@example.org", 0);

    assert_says(w, STATE, "failed");
    assert_says(w, "SELECT bounced FROM mail", "policy");
    assert_says(w, "SELECT count(*) FROM mail_address", "0");
}

static void a_temporary_refusal_of_the_text_is_tried_again(void **state)
{
    struct world *w = *state;

    send_one(w, "later@example.org", 0);

    assert_says(w, STATE, "queued");
    assert_says(w, "SELECT outcome FROM mail_attempt", "later");
}

/* 421 is about the connection: the others go back untried, and come later. */
static void a_server_that_closes_is_left_alone_for_a_while(void **state)
{
    struct world *w = *state;

    world_faults(w, NULL);
    world_queue(w, "busy@example.org", 0);
    world_queue(w, "ok@example.org", 0);
    world_start(w);
    world_run_until(w, 1);

    assert_says(w, STATE, "queued");
    assert_says(w, "SELECT state || attempts FROM mail WHERE id = 2", "queued0");
    assert_true(rh_sender_figures(w->sender).server_away);
}

static void a_connection_cut_in_the_middle_is_tried_again(void **state)
{
    struct world *w = *state;

    send_one(w, "cut-before@example.org", 0);

    assert_says(w, STATE, "queued");
    assert_int_equal(world_taken_count(w), 0);
}

/* The server has it, we do not know: it goes again, and the copies are alike. */
static void without_an_answer_the_same_mail_goes_again(void **state)
{
    struct world *w = *state;
    static char first[TAKEN_BYTES], second[TAKEN_BYTES];

    send_one(w, "cut-after@example.org", 0);
    assert_says(w, STATE, "queued");
    assert_says(w, "SELECT outcome FROM mail_attempt", "unsure");

    w->now += 80;
    world_queue(w, "ok@example.org", RH_MAIL_HELD);
    world_run_until(w, 2);
    world_taken(w, 1, first);
    world_taken(w, 2, second);
    assert_string_equal(first, second);
}

static void a_formal_letter_waits_for_a_person_then(void **state)
{
    struct world *w = *state;

    send_one(w, "cut-after@example.org", RH_MAIL_FORMAL);

    assert_says(w, STATE, "held");
    assert_int_equal(world_taken_count(w), 1);
}

static void a_slow_server_is_not_waited_for_longer_than_configured(void **state)
{
    struct world *w = *state;

    w->settings.smtp.timeout_s = 1;
    send_one(w, "slow@example.org", 0);

    assert_says(w, "SELECT outcome FROM mail_attempt", "unsure");
}

static void no_server_is_no_reason_to_lose_a_mail(void **state)
{
    struct world *w = *state;

    w->settings.smtp.port = 1; /* nobody listens there */
    world_queue(w, "ok@example.org", 0);
    world_start(w);
    world_run_until(w, 1);

    assert_says(w, STATE, "queued");
    assert_noted(w, "no-server");
}

/* ---- TLS and sign-in ---- */

static void make_certificate(struct world *w, char cert[128], char key[128])
{
    const char *words[] = {"openssl",  "req",
                           "-x509",    "-newkey",
                           "rsa:2048", "-nodes",
                           "-days",    "2",
                           "-subj",    "/CN=localhost",
                           "-addext",  "subjectAltName=DNS:localhost",
                           "-keyout",  key,
                           "-out",     cert,
                           NULL};
    struct program made;

    if (!program_exists("openssl"))
        skip();
    snprintf(cert, 128, "%s/cert.pem", w->folder);
    snprintf(key, 128, "%s/key.pem", w->folder);
    made = program_run(words, NULL, 0);
    if (made.status != 0)
        fail_msg("openssl: %s", made.errs);
    program_free(&made);
}

static void starttls_protects_mail_and_sign_in(void **state)
{
    struct world *w = *state;
    char cert[128], key[128];
    const char *more[] = {"--tls", cert, key, "--auth", "qe", "geheim \"ä", NULL};

    make_certificate(w, cert, key);
    world_faults(w, more);
    w->settings.smtp.host = "localhost";
    w->settings.smtp.tls = RH_POST_TLS_START;
    w->settings.smtp.ca_file = cert;
    w->settings.smtp.user = "qe";
    w->settings.smtp.password = "geheim \"ä";
    world_queue(w, "ok@example.org", 0);
    world_start(w);
    world_run_until(w, 1);

    assert_says(w, STATE, "sent");
}

static void a_wrong_password_is_not_the_mails_fault(void **state)
{
    struct world *w = *state;
    char cert[128], key[128];
    const char *more[] = {"--tls", cert, key, "--auth", "qe", "geheim", NULL};

    make_certificate(w, cert, key);
    world_faults(w, more);
    w->settings.smtp.host = "localhost";
    w->settings.smtp.tls = RH_POST_TLS_START;
    w->settings.smtp.ca_file = cert;
    w->settings.smtp.user = "qe";
    w->settings.smtp.password = "falsch";
    world_queue(w, "ok@example.org", 0);
    world_start(w);
    world_run_until(w, 1);

    assert_says(w, STATE, "queued");
    assert_noted(w, "no-server 535");
}

static void an_unknown_certificate_gets_no_mail(void **state)
{
    struct world *w = *state;
    char cert[128], key[128];
    const char *more[] = {"--tls", cert, key, NULL};

    make_certificate(w, cert, key);
    world_faults(w, more);
    w->settings.smtp.host = "localhost";
    w->settings.smtp.tls = RH_POST_TLS_START;
    world_queue(w, "ok@example.org", 0);
    world_start(w);
    world_run_until(w, 1);

    assert_says(w, STATE, "queued");
    assert_noted(w, "certificate");
    assert_int_equal(world_taken_count(w), 0);
}

/* Somebody on the way took STARTTLS out of the greeting: no word of the mail leaves. */
static void a_stripped_starttls_gets_no_mail(void **state)
{
    struct world *w = *state;

    w->settings.smtp.tls = RH_POST_TLS_START;
    send_one(w, "ok@example.org", 0);

    assert_says(w, STATE, "queued");
    assert_noted(w, "no-server");
    assert_int_equal(world_taken_count(w), 0);
}

/* ---- stopping ---- */

static void stopping_gives_back_what_has_not_begun(void **state)
{
    struct world *w = *state;

    world_faults(w, NULL);
    world_queue(w, "slow@example.org", 0);
    for (int i = 0; i < 20; i++)
        world_queue(w, "ok@example.org", 0);
    world_start(w);
    (void)uv_async_send(&w->wake);
    while (world_taken_count(w) == 0)
        (void)uv_run(&w->loop, UV_RUN_ONCE);
    world_stop(w, true);

    assert_says(w, "SELECT count(*) FROM mail WHERE state = 'queued' AND attempts = 0", "20");
    assert_says(w, "SELECT outcome FROM mail_attempt", "unsure");
}

/* ---- the folder ---- */

static void the_folder_gets_whole_files_that_others_cannot_read(void **state)
{
    struct world *w = *state;
    struct stat st;

    assert_int_equal(rmdir(w->taken), 0); /* it is made when it is missing */
    w->settings.transport = RH_POST_FOLDER;
    w->settings.folder = w->taken;
    for (int i = 0; i < 300; i++)
        world_queue(w, "ok@example.org", 0);
    world_start(w);
    world_run_until(w, 300);

    assert_int_equal(stat(w->taken, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    assert_int_equal(world_taken_count(w), 300);
    assert_true(rh_sender_figures(w->sender).turns < 10);
}

static void a_folder_that_cannot_be_written_holds_nothing_up_but_mail(void **state)
{
    struct world *w = *state;

    w->settings.transport = RH_POST_FOLDER;
    w->settings.folder = "/proc/nowhere/mails";
    world_queue(w, "ok@example.org", 0);
    world_start(w);
    world_run_until(w, 1);

    assert_says(w, STATE, "queued");
    assert_noted(w, "later /proc/nowhere/mails: ");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_mail_arrives_as_it_was_stored),
        TEST(many_mails_go_over_one_connection_and_in_few_commits),
        TEST(a_temporary_refusal_is_tried_again_by_schedule),
        TEST(a_refused_address_is_marked_at_once),
        TEST(a_full_mailbox_does_not_condemn_the_address),
        TEST(a_refused_text_is_not_the_addresss_fault),
        TEST(a_temporary_refusal_of_the_text_is_tried_again),
        TEST(a_server_that_closes_is_left_alone_for_a_while),
        TEST(a_connection_cut_in_the_middle_is_tried_again),
        TEST(without_an_answer_the_same_mail_goes_again),
        TEST(a_formal_letter_waits_for_a_person_then),
        TEST(a_slow_server_is_not_waited_for_longer_than_configured),
        TEST(no_server_is_no_reason_to_lose_a_mail),
        TEST(starttls_protects_mail_and_sign_in),
        TEST(a_wrong_password_is_not_the_mails_fault),
        TEST(an_unknown_certificate_gets_no_mail),
        TEST(a_stripped_starttls_gets_no_mail),
        TEST(stopping_gives_back_what_has_not_begun),
        TEST(the_folder_gets_whole_files_that_others_cannot_read),
        TEST(a_folder_that_cannot_be_written_holds_nothing_up_but_mail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
