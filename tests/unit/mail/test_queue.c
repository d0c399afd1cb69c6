/* queue.h: mail is stored once, sent until it is known what became of it, and never forgotten. */
#include "world.h"

#include "core/mail/build.h"

#define KEY(name) ((struct rh_mail){.key = (name)})

static void the_same_mail_is_stored_once(void **state)
{
    struct world *w = *state;

    assert_int_equal(world_queue(w, KEY("reminder/1")), 1);
    assert_int_equal(world_queue(w, KEY("reminder/1")), 0);
    assert_int_equal(world_queue(w, KEY("reminder/2")), 1);

    assert_int_equal(world_number(w, "SELECT count(*) FROM mail"), 2);
    assert_int_equal(world_number(w, "SELECT count(DISTINCT message_id) FROM mail_message"), 2);
    assert_int_equal(world_number(w, "SELECT count(DISTINCT token) FROM mail"), 2);
}

static void each_recipient_has_a_row_of_its_own(void **state)
{
    static const struct rh_mail_address copies[] = {
        {"Zwei", "zwei@example.org"}, {NULL, "KONTAKT@example.org"}, {NULL, "drei@example.org"}};
    struct world *w = *state;
    struct rh_mail mail = KEY("a");

    mail.copies = copies;
    mail.copy_count = 3;
    assert_int_equal(world_queue(w, mail), 1);

    assert_int_equal(world_number(w, "SELECT count(*) FROM mail"), 3); /* the second is the first */
    assert_int_equal(world_number(w, "SELECT sum(copy) FROM mail"), 2);
    assert_int_equal(world_claim(w), 3);
    assert_string_equal(w->due[0].bytes, w->due[1].bytes);
    assert_string_not_equal(w->due[0].sender, w->due[1].sender);
}

static void the_envelope_is_that_of_the_row(void **state)
{
    struct world *w = *state;
    char expected[256], token[64];
    struct world_ask ask = {.sql = "SELECT token FROM mail"};

    world_queue(w, KEY("a"));
    world_must(w, world_do(w, world_ask_body, &ask));
    snprintf(token, sizeof(token), "%.40s", ask.text);
    snprintf(expected, sizeof(expected), "bounce+%s@example.org", token);

    assert_int_equal(world_claim(w), 1);
    assert_string_equal(w->due[0].sender, expected);
    assert_string_equal(w->due[0].recipient, "kontakt@example.org");
    assert_int_equal(strlen(token), 32);
    assert_non_null(strstr(w->due[0].bytes, w->due[0].message_id));
}

static void nothing_is_claimed_before_its_time_or_twice(void **state)
{
    struct world *w = *state;
    struct rh_mail mail = KEY("later");

    mail.not_before_utc = NOON + 100;
    world_queue(w, mail);
    world_queue(w, KEY("now"));

    assert_int_equal(world_claim(w), 1);
    assert_int_equal(world_claim(w), 0);
    w->now = NOON + 100;
    assert_int_equal(world_claim(w), 1);
    assert_non_null(strstr(w->due[0].bytes, "Date: Fri, 15 Jan 2027 09:01:40 +0100\r\n"));
}

static void what_was_sent_stays_sent(void **state)
{
    struct world *w = *state;

    world_queue(w, KEY("a"));
    world_claim(w);
    world_mark(w, 1, RH_MAIL_SENT, "250 2.0.0 Ok");
    world_mark(w, 1, RH_MAIL_REFUSED, "550 late news"); /* not sending any more */

    assert_says(w, "SELECT state FROM mail", "sent");
    assert_says(w, "SELECT reply FROM mail", "250 2.0.0 Ok");
    assert_int_equal(world_number(w, "SELECT sent_utc FROM mail"), NOON);
    assert_int_equal(world_number(w, "SELECT count(*) FROM mail_attempt"), 1);
    w->now += 1000000;
    assert_int_equal(world_claim(w), 0);
}

/* 4xx: 1, 5, 15, 30, 60 minutes, then hourly, each up to a fifth longer, four days long. */
static void a_server_that_says_later_is_asked_later(void **state)
{
    static const int64_t minutes[] = {1, 5, 15, 30, 60, 60, 60};
    struct world *w = *state;
    int attempts = 0;

    world_queue(w, KEY("a"));
    while (world_claim(w) == 1) {
        int64_t next;

        assert_int_equal(w->due[0].attempts, ++attempts);
        world_mark(w, 1, RH_MAIL_LATER, "450 4.2.0 Greylisted");
        next = world_number(w, "SELECT next_utc FROM mail WHERE state = 'queued'");
        if (next < 0)
            break;
        if (attempts <= 7) {
            assert_true(next - w->now >= minutes[attempts - 1] * 60);
            assert_true(next - w->now <= minutes[attempts - 1] * 72);
        }
        w->now = next;
    }

    assert_says(w, "SELECT state FROM mail", "failed");
    assert_true(w->now - NOON > 4 * 86400 - 4400 && w->now - NOON <= 4 * 86400);
    assert_in_range(attempts, 80, 105);
    assert_int_equal(world_number(w, "SELECT count(*) FROM job WHERE kind = 'mail.failed'"), 1);
    assert_int_equal(world_number(w, "SELECT count(*) FROM mail_address"), 0);
}

static void a_mail_that_comes_too_late_is_given_up(void **state)
{
    struct world *w = *state;
    struct rh_mail mail = KEY("a");

    mail.give_up_utc = NOON + 30;
    world_queue(w, mail);
    world_claim(w);
    world_mark(w, 1, RH_MAIL_LATER, "421 4.3.2 down");

    assert_says(w, "SELECT state FROM mail", "failed");
}

static void a_refusal_ends_it_and_marks_the_address(void **state)
{
    struct world *w = *state;
    struct rh_mail mail = KEY("b");

    world_queue(w, KEY("a"));
    world_claim(w);
    world_mark(w, 1, RH_MAIL_REFUSED, "550 5.1.1 No such user");

    assert_says(w, "SELECT state FROM mail", "failed");
    assert_says(w, "SELECT bounced FROM mail", "hard");
    assert_says(w, "SELECT state FROM mail_address WHERE address = 'kontakt@example.org'",
                "refused");
    assert_says(w, "SELECT payload FROM job WHERE kind = 'mail.failed'", "1");
    mail.to.address = "Kontakt@Example.org";
    assert_int_equal(world_queue(w, mail), 1); /* stored, and staff sees why it waits */
    assert_says(w, "SELECT state FROM mail WHERE id = 2", "held");
    assert_says(w, "SELECT reason_en FROM mail WHERE id = 2",
                "the address takes no mail: 550 5.1.1 No such user");
}

static void refused_for_policy_is_not_the_addresss_fault(void **state)
{
    struct world *w = *state;

    world_queue(w, KEY("a"));
    world_claim(w);
    world_mark(w, 1, RH_MAIL_REFUSED, "554 5.7.1 Message looks like spam");

    assert_says(w, "SELECT bounced FROM mail", "policy");
    assert_int_equal(world_number(w, "SELECT count(*) FROM mail_address"), 0);
}

struct bounce {
    int64_t id;
    enum rh_mail_bounce bounce;
};

static int32_t bounce_body(struct world *w, struct rh_db *db, void *context, struct rh_err *err)
{
    const struct bounce *bounce = context;

    return rh_mail_bounced(db, bounce->id, bounce->bounce, "mailbox full", w->now, err);
}

static void three_soft_bounces_in_a_fortnight_warn(void **state)
{
    struct world *w = *state;
    struct bounce bounce = {.bounce = RH_MAIL_BOUNCE_SOFT};

    for (int i = 0; i < 4; i++) {
        char key[8];
        snprintf(key, sizeof(key), "%d", i);
        world_queue(w, KEY(key));
    }
    for (bounce.id = 1; bounce.id <= 4; bounce.id++) {
        assert_int_equal(world_do(w, bounce_body, &bounce), 1);
        assert_int_equal(world_do(w, bounce_body, &bounce), 0); /* once a mail */
        assert_int_equal(world_number(w, "SELECT count(*) FROM mail_address"), bounce.id == 4);
        w->now += bounce.id == 1 ? 15 * 86400 : 86400;
    }
    assert_says(w, "SELECT state FROM mail_address", "warned");
}

static int32_t recover_body(struct world *w, struct rh_db *db, void *context, struct rh_err *err)
{
    (void)context;
    return (int32_t)rh_mail_recover(db, w->now, err);
}

/* kill -9 between the server's answer and our commit: sent again, the very same. */
static void after_a_crash_the_same_bytes_go_again(void **state)
{
    struct world *w = *state;
    struct rh_mail formal = KEY("formal");
    char before[100];

    formal.flags = RH_MAIL_FORMAL;
    world_queue(w, KEY("a"));
    world_queue(w, formal);
    assert_int_equal(world_claim(w), 2);
    snprintf(before, sizeof(before), "%s", w->due[0].message_id);

    assert_int_equal(world_do(w, recover_body, NULL), 2);
    assert_int_equal(world_do(w, recover_body, NULL), 0);

    assert_int_equal(world_claim(w), 1);
    assert_string_equal(w->due[0].message_id, before);
    assert_says(w, "SELECT state FROM mail WHERE id = 2", "held");
    assert_int_equal(world_number(w, "SELECT count(*) FROM mail_attempt WHERE outcome = 'unsure'"),
                     2);
}

static void without_an_answer_a_formal_letter_is_held(void **state)
{
    struct world *w = *state;
    struct rh_mail formal = KEY("formal");

    formal.flags = RH_MAIL_FORMAL;
    world_queue(w, formal);
    world_queue(w, KEY("a"));
    world_claim(w);
    world_mark(w, 1, RH_MAIL_UNSURE, "connection closed after the final dot");
    world_mark(w, 2, RH_MAIL_UNSURE, "connection closed after the final dot");

    assert_says(w, "SELECT state FROM mail WHERE id = 1", "held");
    assert_says(w, "SELECT state FROM mail WHERE id = 2", "queued");
}

static void untried_ones_go_back_as_they_were(void **state)
{
    struct world *w = *state;

    world_queue(w, KEY("a"));
    world_claim(w);
    world_mark(w, 1, RH_MAIL_UNTRIED, "");

    assert_int_equal(world_claim(w), 1);
    assert_int_equal(w->due[0].attempts, 1);
    assert_int_equal(world_number(w, "SELECT count(*) FROM mail_attempt"), 0);
}

/* ---- by hand ---- */

enum hand { HOLD, RELEASE, RETRY, DROP, DROP_KEY };

static int32_t hand_body(struct world *w, struct rh_db *db, void *context, struct rh_err *err)
{
    switch (*(enum hand *)context) {
    case HOLD:
        return rh_mail_hold(db, 1, "von Hand", "by hand", w->now, err);
    case RELEASE:
        return rh_mail_release(db, 1, w->now, err);
    case RETRY:
        return rh_mail_retry(db, 1, w->now, err);
    case DROP:
        return rh_mail_drop(db, 1, "von Hand", "by hand", w->now, err);
    case DROP_KEY:
        break;
    }
    return (int32_t)rh_mail_drop_key(db, "a", "erledigt", "done", w->now, err);
}

static int32_t hand(struct world *w, enum hand what)
{
    return world_do(w, hand_body, &what);
}

static void a_person_steers_what_has_not_left(void **state)
{
    struct world *w = *state;

    assert_int_equal(hand(w, HOLD), RH_ENOTFOUND);
    world_queue(w, KEY("a"));
    assert_int_equal(hand(w, RELEASE), RH_ECONFLICT);
    assert_int_equal(hand(w, HOLD), 0);
    assert_int_equal(world_claim(w), 0);
    assert_int_equal(hand(w, RELEASE), 0);
    assert_int_equal(world_claim(w), 1);
    assert_int_equal(hand(w, DROP), RH_ECONFLICT); /* on its way */
    world_mark(w, 1, RH_MAIL_REFUSED, "554 no");
    assert_int_equal(hand(w, RETRY), 0);
    assert_int_equal(hand(w, DROP_KEY), 1);
    assert_says(w, "SELECT reason_en FROM mail", "done");
    assert_int_equal(hand(w, DROP_KEY), 0);
    assert_int_equal(world_queue(w, KEY("a")), 0); /* dropped is not forgotten */
}

/* ---- threads and refusals ---- */

static void an_answer_names_the_first_and_the_last(void **state)
{
    struct world *w = *state;
    char key[8] = "0", before[8];
    const char *references;
    size_t count = 1;

    world_queue(w, KEY("0"));
    for (int i = 1; i < 30; i++) {
        struct rh_mail mail = {.in_reply_to = before};

        snprintf(before, sizeof(before), "%d", i - 1);
        snprintf(key, sizeof(key), "%d", i);
        mail.key = key;
        assert_int_equal(world_queue(w, mail), 1);
    }
    assert_int_equal(world_claim(w), 30);

    references = strstr(w->due[29].bytes, "References: ");
    assert_non_null(references);
    assert_memory_equal(references + 12, w->due[0].message_id, strlen(w->due[0].message_id));
    for (const char *c = references; !(c[0] == '\r' && c[2] != ' '); c++)
        count += c[0] == '\r';
    assert_in_range(count, 10, 12);
    assert_non_null(strstr(w->due[29].bytes, "In-Reply-To: "));
    assert_memory_equal(strstr(w->due[29].bytes, "In-Reply-To: ") + 13, w->due[28].message_id,
                        strlen(w->due[28].message_id));
}

static void refused_mail_leaves_nothing_behind(void **state)
{
    struct world *w = *state;
    struct rh_mail mail = KEY("a");

    mail.to.address = "a@b\r\nRCPT TO:<c@d>";
    assert_int_equal(world_queue(w, mail), RH_EINVALID);
    mail = KEY("a"), mail.in_reply_to = "nothing";
    assert_int_equal(world_queue(w, mail), RH_ENOTFOUND);
    mail = KEY("a\nb");
    assert_int_equal(world_queue(w, mail), RH_EINVALID);
    mail = KEY("a"), mail.template_name = "nothing";
    assert_int_equal(world_queue(w, mail), RH_ENOTFOUND);
    assert_int_equal(world_number(w, "SELECT count(*) FROM mail_message"), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        TEST(the_same_mail_is_stored_once),
        TEST(each_recipient_has_a_row_of_its_own),
        TEST(the_envelope_is_that_of_the_row),
        TEST(nothing_is_claimed_before_its_time_or_twice),
        TEST(what_was_sent_stays_sent),
        TEST(a_server_that_says_later_is_asked_later),
        TEST(a_mail_that_comes_too_late_is_given_up),
        TEST(a_refusal_ends_it_and_marks_the_address),
        TEST(refused_for_policy_is_not_the_addresss_fault),
        TEST(three_soft_bounces_in_a_fortnight_warn),
        TEST(after_a_crash_the_same_bytes_go_again),
        TEST(without_an_answer_a_formal_letter_is_held),
        TEST(untried_ones_go_back_as_they_were),
        TEST(a_person_steers_what_has_not_left),
        TEST(an_answer_names_the_first_and_the_last),
        TEST(refused_mail_leaves_nothing_behind),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
