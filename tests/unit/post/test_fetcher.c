/* fetcher.h, imap.h, receive.h: what lies in a mailbox (Dovecot's) is read once, and understood. */
#include "core/net/imap.h"
#include "core/post/fetcher.h"
#include "world.h"

struct mailbox {
    struct world *w; /* first: what the tests of this room share */
    struct rh_fetcher *fetcher;
    int rounds, kept;
    char wrong[600];
};

static void on_round(void *context, int kept, const char *wrong)
{
    struct mailbox *m = context;

    m->rounds++;
    m->kept += kept;
    snprintf(m->wrong, sizeof(m->wrong), "%s", wrong ? wrong : "");
}

static int setup(void **state)
{
    struct mailbox *m = calloc(1, sizeof(*m));

    (void)world_setup((void **)&m->w);
    *state = m;
    return 0;
}

static void open_fetcher(struct mailbox *m)
{
    struct rh_fetcher_options options = {.loop = &m->w->loop,
                                         .house = &m->w->house,
                                         .settings = &m->w->settings,
                                         .note = on_round,
                                         .context = m};

    if (rh_fetcher_new(&options, &m->fetcher, &m->w->err) < 0)
        fail_msg("%s", m->w->err.text[RH_EN]);
}

static void close_fetcher(struct mailbox *m)
{
    while (!rh_fetcher_stop(m->fetcher))
        (void)uv_run(&m->w->loop, UV_RUN_ONCE);
    rh_fetcher_close(m->fetcher);
    m->fetcher = NULL;
}

static int teardown(void **state)
{
    struct mailbox *m = *state;

    if (m->fetcher)
        close_fetcher(m);
    (void)world_teardown((void **)&m->w);
    free(m);
    return 0;
}

/* Until so many were kept in all. */
static void fetch(struct mailbox *m, int kept)
{
    (void)uv_timer_start(&m->w->alarm, world_on_alarm, ALARM_MS, 0);
    open_fetcher(m);
    while (m->kept < kept && !m->wrong[0])
        (void)uv_run(&m->w->loop, UV_RUN_ONCE);
    close_fetcher(m);
    (void)uv_timer_stop(&m->w->alarm);
    if (m->wrong[0])
        fail_msg("%s", m->wrong);
}

static void answer(struct mailbox *m, int number, const char *more)
{
    char text[4096];

    snprintf(text, sizeof(text),
             "From: Kontakt <kontakt@example.org>\nMessage-ID: <in-%d@example.org>\n%s\n", number,
             more);
    peer_deliver(m->w->folder, "koord", number, text);
}

static void answers_are_read_once_and_find_their_mail(void **state)
{
    struct mailbox *m = *state;
    struct world_ask token = {.sql = "SELECT token FROM mail"};
    char more[300];

    (void)world_dovecot(m->w);
    world_queue(m->w, "kontakt@example.org", 0);
    world_do(m->w, world_ask_body, &token);
    snprintf(more, sizeof(more),
             "To: bounce+%.40s@example.org\nSubject: Re: Gr=?utf-8?Q?=C3=B6?=\n"
             "\nDanke, kommt morgen.",
             token.text);
    answer(m, 1, more);
    answer(m, 2, "Subject: an alle\nAuto-Submitted: auto-replied\n\nIch bin im Urlaub.");
    fetch(m, 2);
    answer(m, 3, "Subject: noch etwas\n\nHallo");
    fetch(m, 3);

    assert_says(m->w, "SELECT group_concat(sort) FROM mail_inbound", "human,automatic,human");
    assert_says(m->w, "SELECT mail FROM mail_inbound WHERE id = 1", "1");
    assert_says(m->w, "SELECT text FROM mail_inbound WHERE id = 1", "Danke, kommt morgen.\n");
    assert_says(m->w, "SELECT count(*) FROM job WHERE kind = 'mail.received'", "3");
}

/* A line of a mail that looks like the end of libcurl's command must not end it (curl 22865). */
static void a_mail_cannot_speak_for_the_server(void **state)
{
    struct mailbox *m = *state;

    (void)world_dovecot(m->w);
    answer(m, 1,
           "Subject: a\n\nA003 OK done\nA004 OK done\nA005 OK done\n* SEARCH 666\n"
           "A006 OK done\nA007 OK done\nlast line");
    answer(m, 2, "Subject: b\n\nsecond");
    fetch(m, 2);

    assert_says(m->w, "SELECT substr(text, -10) FROM mail_inbound WHERE id = 1", "last line\n");
    assert_says(m->w, "SELECT text FROM mail_inbound WHERE id = 2", "second\n");
    assert_says(m->w, "SELECT max(uid) FROM mail_mailbox", "2");
}

static void commands_that_bring_foreign_text_are_refused(void **state)
{
    (void)state;

    assert_true(rh_imap_command_ok("UID SEARCH UID 1:400"));
    assert_true(rh_imap_command_ok("UID MOVE 3 Erledigt"));
    assert_false(rh_imap_command_ok("UID FETCH 1 BODY.PEEK[]"));
    assert_false(rh_imap_command_ok("UID FETCH 1 (envelope)"));
    assert_false(rh_imap_command_ok("UID SEARCH UID 1\r\nA1 DELETE INBOX"));
}

static void what_was_read_can_be_moved_away(void **state)
{
    struct mailbox *m = *state;
    char path[160];
    struct stat st;

    (void)world_dovecot(m->w);
    snprintf(path, sizeof(path), "%s/mail/koord/.Erledigt", m->w->folder);
    m->w->settings.done_mailbox = "Erledigt";
    answer(m, 1, "Subject: a\n\nx");
    assert_int_equal(mkdir(path, 0777), 0);
    assert_int_equal(chmod(path, 0777), 0);
    for (const char *const *f = (const char *const[]){"cur", "new", "tmp", NULL}; *f; f++) {
        char sub[200];
        snprintf(sub, sizeof(sub), "%s/%s", path, *f);
        assert_int_equal(mkdir(sub, 0777), 0);
        assert_int_equal(chmod(sub, 0777), 0);
    }
    fetch(m, 1);

    snprintf(path, sizeof(path), "%s/mail/koord/new/1800000001.M1P1.test", m->w->folder);
    assert_int_not_equal(stat(path, &st), 0);
}

static int32_t other_uidvalidity(struct world *w, struct rh_db *db, void *context,
                                 struct rh_err *err)
{
    (void)w;
    (void)context;
    return (int32_t)rh_db_exec(db, NULL, err, "UPDATE mail_mailbox SET uidvalidity = 1, uid = 500",
                               "");
}

/* The mailbox was made anew since we read it: its numbers begin again, the Message-IDs are known.
 */
static void a_mailbox_made_anew_brings_nothing_twice(void **state)
{
    struct mailbox *m = *state;

    (void)world_dovecot(m->w);
    answer(m, 1, "Subject: a\n\nx");
    fetch(m, 1);
    world_do(m->w, other_uidvalidity, NULL);
    answer(m, 2, "Subject: b\n\ny");
    fetch(m, 2);

    assert_says(m->w, "SELECT count(*) FROM mail_inbound", "2");
    assert_says(m->w, "SELECT uid FROM mail_mailbox WHERE uidvalidity > 1", "2");
}

static void a_wrong_password_is_said(void **state)
{
    struct mailbox *m = *state;

    (void)world_dovecot(m->w);
    m->w->settings.imap.password = "falsch";
    (void)uv_timer_start(&m->w->alarm, world_on_alarm, ALARM_MS, 0);
    open_fetcher(m);
    while (m->rounds == 0)
        (void)uv_run(&m->w->loop, UV_RUN_ONCE);
    close_fetcher(m);

    assert_non_null(strstr(m->wrong, "ogin denied"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(answers_are_read_once_and_find_their_mail),
        TEST(a_mail_cannot_speak_for_the_server),
        TEST(commands_that_bring_foreign_text_are_refused),
        TEST(what_was_read_can_be_moved_away),
        TEST(a_mailbox_made_anew_brings_nothing_twice),
        TEST(a_wrong_password_is_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
