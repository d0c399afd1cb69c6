/*
 * kill -9 of the whole server at any moment: what it acknowledged is there, what it was about to do
 * is done once.
 *
 * Each life is `reihum serve` in a process of its own: people write over HTTP, procedures go on by
 * the clock (which the test moves with each answer), mail goes to a server that takes its time. The
 * parent kills it, KILLS times at a random moment and a few times at each named point, and asks the
 * same again with the same key when no answer came. One last life finishes the rest. Then the
 * database and the notes of the mail server are held against what was answered.
 *
 * With sanitizers a life takes half a second of the machine, so here it kills KILLS times. `./dev
 * test` runs the same program without them, too, and there it kills 200 times; `./dev bench --long
 * kill` 10,000 times. A machine that is slow stops after SECONDS_MAX. RH_KILLS and RH_KILL_SECONDS
 * say otherwise.
 */
#include "tests/integration/world.h"

#include "core/base/point.h"
#include "core/calendar/zone.h"
#include "tests/support/sink.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>

enum {
    KILLS = 30,
    SECONDS_MAX = 60,
    LIFE_US = 60000,
    ANSWER_MS = 3,
    HANDS = 3,
    HOUR_S = 3600,
    WAIT_MS = 30000,
    POINTS_MAX = 12
};

static const char *const offices[] = {"lemgo", "bielefeld", "detmold", "herford", "bochum", "unna"};
#define OFFICES ((int)(sizeof(offices) / sizeof(offices[0])))

/* What parent and children both see. */
static struct {
    int64_t now;     /* the server's clock; seconds since 1970 */
    char wanted[40]; /* the point at which this life ends; "" = none */
    int skip;        /* times it is passed first */
    char reached[POINTS_MAX][40];
} * shared;

static int64_t step_s;      /* how far an answer moves it */
static struct world *house; /* its folder, configuration and database; closed while servers live */
static char notes[128], errors[128];

/* ---- the child ---- */

static void at_point(const char *name)
{
    size_t i = 0;

    while (i + 1 < POINTS_MAX && shared->reached[i][0] && strcmp(shared->reached[i], name) != 0)
        i++;
    snprintf(shared->reached[i], sizeof(shared->reached[i]), "%s", name);
    if (strcmp(shared->wanted, name) == 0 && shared->skip-- == 0)
        (void)kill(getpid(), SIGKILL);
}

static int64_t shared_now(void *context)
{
    (void)context;
    return shared->now;
}

static int64_t machine_ms(void *context)
{
    return rh_machine_clock.monotonic_ms(context);
}

/* The house was described before the fork, with its plugins: that is the same in each life, and the
 * slow part of a start. */
static _Noreturn void be_the_server(int out)
{
    static const struct rh_clock clock = {shared_now, machine_ms, NULL};
    struct rh_err err = {0};
    int32_t rc;

    dup2(out, STDOUT_FILENO);
    dup2(open(errors, O_WRONLY | O_CREAT | O_TRUNC, 0600), STDERR_FILENO);
    rh_point_hook = at_point;
    alarm(120);
    house->home->house.clock = &clock;
    rc = rh_server_run(house->home, "127.0.0.1:0", RH_DE, &err);
    if (rc < 0)
        fprintf(stderr, "%s\n", err.text[RH_DE]);
    _exit(rc < 0 ? 1 : 0);
}

struct life {
    pid_t child;
    int out, port;
};

/* The clock goes on a third of a day a life and some minutes an answer, on a quick machine, too: a
 * life never finds anything a day late, which would put the brake on. */
static struct life start(void)
{
    struct life life = {0};
    int ends[2];

    shared->now += 8 * HOUR_S;
    assert_int_equal(pipe(ends), 0);
    life.child = fork();
    assert_true(life.child >= 0);
    if (life.child == 0) {
        close(ends[0]);
        be_the_server(ends[1]);
    }
    close(ends[1]);
    life.out = ends[0];
    return life;
}

static int64_t now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* Until it says its port; false when it died before, or the moment came. */
static bool wait_ready(struct life *life, int64_t until_us)
{
    char line[200];
    size_t length = 0;

    while (length + 1 < sizeof(line)) {
        struct pollfd wait = {.fd = life->out, .events = POLLIN};
        int64_t left = until_us - now_us();

        if (left <= 0 || poll(&wait, 1, (int)(left / 1000) + 1) < 0)
            return false;
        if (!wait.revents)
            continue;
        if (read(life->out, line + length, 1) != 1)
            return false;
        if (line[length++] == '\n')
            break;
    }
    line[length] = '\0';
    return sscanf(line, "reihum läuft: http://127.0.0.1:%d/", &life->port) == 1;
}

static int end_of(struct life *life)
{
    int status = 0;

    assert_int_equal(waitpid(life->child, &status, 0), life->child);
    close(life->out);
    return status;
}

/* ---- the people: each hand asks one thing at a time, until it was answered ---- */

struct hand {
    int fd;     /* -1: none */
    int number; /* of what it asks, for ever unique; -1: nothing */
    size_t length;
    char text[65536]; /* an answer says what follows: reminders that fall away, among others */
};
static struct hand hands[HANDS];
static unsigned char *answered; /* by number: 1 answered, 2 it was no note and no mail */
static int asked, answers, room;

static int new_number(void)
{
    if (asked == room) {
        unsigned char *more = realloc(answered, (size_t)(room = room ? 2 * room : 1024));

        assert_non_null(more);
        answered = more;
    }
    answered[asked] = 0;
    return asked++;
}

/* Every third asks for a mail; the others note a call, which is an event of a procedure too. */
static bool is_mail(int number)
{
    return number % 3 == 0;
}

static bool post(struct hand *hand, int port, const char *path, const char *key, const char *body)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                  .sin_port = htons((uint16_t)port)};
    char text[600];
    int length = snprintf(text, sizeof(text),
                          "%s /api/v1/%s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                          "Idempotency-Key: %s\r\nContent-Type: application/json\r\n"
                          "Content-Length: %zu\r\n\r\n%s",
                          *body ? "POST" : "GET", path, key, strlen(body), body);

    hand->fd = socket(AF_INET, SOCK_STREAM, 0);
    hand->length = 0;
    if (connect(hand->fd, (struct sockaddr *)&address, sizeof(address)) == 0 &&
        send(hand->fd, text, (size_t)length, MSG_NOSIGNAL) == length)
        return true;
    close(hand->fd);
    hand->fd = -1;
    return false;
}

static bool ask_over_http(struct hand *hand, int port)
{
    char body[200], key[40];

    if (hand->number < 0)
        hand->number = new_number();
    if (is_mail(hand->number))
        snprintf(body, sizeof(body), "{\"to\":\"probe%d@example.org\"}", hand->number);
    else
        snprintf(body, sizeof(body),
                 "{\"procedure\":\"%s\",\"with\":\"Leitung\",\"about\":\"Nr. %d\"}",
                 offices[hand->number % OFFICES], hand->number);
    snprintf(key, sizeof(key), "nr-%d", hand->number);
    return post(hand, port, is_mail(hand->number) ? "mail/test" : "call/log", key, body);
}

/* What came so far; at its end the hand is free, and has a number left if that was no answer. */
static void hear(struct hand *hand)
{
    ssize_t got = recv(hand->fd, hand->text + hand->length, sizeof(hand->text) - 1 - hand->length,
                       MSG_DONTWAIT);

    if (got < 0 && errno == EAGAIN)
        return;
    if (got > 0) {
        hand->length += (size_t)got;
        assert_true(hand->length < sizeof(hand->text) - 1);
        return;
    }
    close(hand->fd);
    hand->fd = -1;
    hand->text[hand->length] = '\0';
    if (hand->length < 13) /* it died before the status */
        return;
    if (strncmp(hand->text, "HTTP/1.1 200", 12) != 0)
        fail_msg("nr. %d: %s", hand->number, hand->text);
    answered[hand->number] |= 1;
    hand->number = -1;
    answers++;
    shared->now += step_s;
}

/* Asks on and on until the moment, or until the server is gone. */
static void ask_until(const struct life *life, int64_t until_us)
{
    for (;;) {
        struct pollfd wait[HANDS + 1] = {[HANDS] = {.fd = life->out, .events = POLLIN}};
        int64_t left = until_us - now_us();

        if (left <= 0)
            return;
        for (int i = 0; i < HANDS; i++) {
            if (hands[i].fd < 0 && !ask_over_http(&hands[i], life->port))
                return;
            wait[i] = (struct pollfd){.fd = hands[i].fd, .events = POLLIN};
        }
        if (poll(wait, HANDS + 1, (int)(left / 1000) + 1) < 0)
            return;
        for (int i = 0; i < HANDS; i++)
            if (wait[i].revents)
                hear(&hands[i]);
        if (wait[HANDS].revents & POLLHUP)
            return;
    }
}

/* What the dead had still said. */
static void hear_the_rest(void)
{
    for (int i = 0; i < HANDS; i++)
        while (hands[i].fd >= 0) {
            struct pollfd wait = {.fd = hands[i].fd, .events = POLLIN};

            assert_int_equal(poll(&wait, 1, WAIT_MS), 1);
            hear(&hands[i]);
        }
}

/* ---- lives ---- */

static uint64_t random_state = 20261126;

static int below(int limit)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (int)(random_state % (uint64_t)limit);
}

static void assert_killed(int status)
{
    size_t size;

    if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL)
        fail_msg("the server ended by itself: status %x, wanted '%s'\n%s", (unsigned)status,
                 shared->wanted, world_read(errors, &size));
}

/* Every fifth dies before it is ready. */
static void live_and_die(int number)
{
    static int64_t start_us = 100000;
    int64_t began = now_us();
    struct life life = start();

    step_s = HOUR_S / 3;
    if (number % 5 == 4) {
        (void)wait_ready(&life, began + below((int)start_us));
    } else if (wait_ready(&life, began + WAIT_MS * 1000)) {
        start_us = now_us() - began;
        ask_until(&life, now_us() + below(LIFE_US));
    }
    (void)kill(life.child, SIGKILL);
    hear_the_rest();
    assert_killed(end_of(&life));
}

static void die_at(const char *point, int skip)
{
    struct life life;

    snprintf(shared->wanted, sizeof(shared->wanted), "%s", point);
    shared->skip = skip;
    step_s = HOUR_S; /* until a job is due */
    life = start();
    if (wait_ready(&life, now_us() + WAIT_MS * 1000))
        ask_until(&life, now_us() + WAIT_MS * 1000);
    if (shared->skip >= 0) {
        (void)kill(life.child, SIGKILL);
        fail_msg("the point '%s' was not reached", point);
    }
    hear_the_rest();
    assert_killed(end_of(&life));
    shared->wanted[0] = '\0';
}

/* ---- looking ---- */

/* A number from the database; beside a server that runs, as anyone may read it. */
static int64_t count_of(const char *sql)
{
    int64_t result = -1;
    sqlite3 *db = NULL;
    sqlite3_stmt *stmt = NULL;

    if (sqlite3_open_v2(house->db, &db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK ||
        sqlite3_busy_timeout(db, WAIT_MS) != SQLITE_OK ||
        sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    if (sqlite3_step(stmt) == SQLITE_ROW)
        result = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    return result;
}

/* The clock went on while servers lay dead: a brake that came on is released, as a person does. */
static void release_brake(const struct life *life)
{
    struct hand hand = {.fd = -1, .number = new_number()};
    char body[40];

    const char *mails;

    answered[hand.number] = 2;
    assert_true(post(&hand, life->port, "brake/show", "show", ""));
    while (hand.fd >= 0)
        hear(&hand);
    if (!strstr(hand.text, "\"on\":true"))
        return;
    mails = strstr(hand.text, "\"mails\":");
    assert_non_null(mails);
    snprintf(body, sizeof(body), "{\"mails\":%ld}", strtol(mails + 8, NULL, 10));
    hand.number = new_number();
    answered[hand.number] = 2;
    assert_true(post(&hand, life->port, "brake/release", "release", body));
    while (hand.fd >= 0)
        hear(&hand);
}

/* One more life: it sends what is left, and is told to stop. */
static void finish(void)
{
    int64_t until_us = now_us() + WAIT_MS * 1000;
    struct life life = start();
    int status;

    assert_true(wait_ready(&life, until_us));
    release_brake(&life);
    for (int i = 0; i < HANDS; i++) /* what was not answered yet */
        assert_true(ask_over_http(&hands[i], life.port));
    hear_the_rest();
    while (count_of("SELECT count(*) FROM mail WHERE state IN ('queued', 'sending')") > 0) {
        shared->now += 6 * HOUR_S; /* then what was postponed is due */
        while (hands[0].number < 0 || is_mail(hands[0].number))
            hands[0].number = new_number();
        assert_true(ask_over_http(&hands[0], life.port)); /* wakes it */
        hear_the_rest();
        assert_true(now_us() < until_us);
    }
    kill(life.child, SIGTERM);
    status = end_of(&life);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* What was answered is there once; what was not answered, at most once: it may have been done. */
static void check_answers(void)
{
    for (int i = 0; i < asked; i++) {
        char sql[200];
        int64_t count;

        if (answered[i] & 2)
            continue;
        snprintf(sql, sizeof(sql),
                 is_mail(i) ? "SELECT count(*) FROM mail WHERE recipient = 'probe%d@example.org'"
                            : "SELECT count(*) FROM procedure_call WHERE about = 'Nr. %d'",
                 i);
        count = count_of(sql);
        if (count > 1 || (answered[i] && count != 1))
            fail_msg("nr. %d was %s and is there %lld times", i,
                     answered[i] ? "answered" : "not answered", (long long)count);
    }
}

static int by_text(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* Each Message-ID's notes stand together once they are sorted: the same bytes, and not more of them
 * than one and the times it was unsure. */
static void check_mails(size_t *ret_copies)
{
    size_t count = 0, size = 1024, messages = 0;
    char(*lines)[160] = calloc(size, sizeof(*lines));
    FILE *file = fopen(notes, "r");

    assert_non_null(file);
    while (fgets(lines[count], sizeof(lines[0]), file)) {
        char(*more)[160] = ++count < size ? lines : realloc(lines, (size *= 2) * sizeof(*lines));

        assert_non_null(more);
        lines = more;
    }
    fclose(file);
    qsort(lines, count, sizeof(lines[0]), by_text);
    for (size_t i = 0, next; i < count; i = next, messages++) {
        char id[160], sql[400];
        int64_t unsure;

        snprintf(id, sizeof(id), "%.*s", (int)strcspn(lines[i], " "), lines[i]);
        for (next = i; next < count && strncmp(lines[next], id, strlen(id)) == 0; next++)
            assert_string_equal(lines[next], lines[i]); /* the same bytes */
        snprintf(
            sql, sizeof(sql),
            "SELECT count(m.id) - 1 + (SELECT count(*) FROM mail_attempt t JOIN mail n ON n.id "
            "= t.mail WHERE n.message = g.id AND outcome = 'unsure') FROM mail_message g JOIN "
            "mail m ON m.message = g.id WHERE g.message_id = '%s'",
            id);
        unsure = count_of(sql);
        if (unsure < 0)
            fail_msg("a mail %s arrived that nobody stored", id);
        if ((int64_t)(next - i) > 1 + unsure)
            fail_msg("mail %s arrived %zu times, but was unsure %lld times", id, next - i,
                     (long long)unsure);
    }
    assert_int_equal(messages, count_of("SELECT count(DISTINCT message) FROM mail WHERE state = "
                                        "'sent'"));
    free(lines);
    *ret_copies = count;
}

static void what_was_answered_stays_and_is_done_once(void **state)
{
    static const char *const points[] = {"mail.claimed",  "mail.answered",   "mail.marked",
                                         "store.written", "store.committed", "job.taken",
                                         "job.attempted"};
    int kills = getenv("RH_KILLS") ? (int)strtol(getenv("RH_KILLS"), NULL, 10) : KILLS, life = 0;
    int seconds =
        getenv("RH_KILL_SECONDS") ? (int)strtol(getenv("RH_KILL_SECONDS"), NULL, 10) : SECONDS_MAX;
    int64_t began_us = now_us(), first_day = shared->now;
    size_t copies = 0;
    (void)state;

    for (size_t i = 0; i < 2 * sizeof(points) / sizeof(points[0]); i++)
        die_at(points[i / 2], i % 2 * 3);
    for (; life < kills && now_us() - began_us < (int64_t)seconds * 1000000; life++)
        live_and_die(life);
    finish();

    check_answers();
    check_mails(&copies);
    print_message(
        "%d kills and %zu at points in %lld s and %lld days of the house: %d answers, "
        "%lld mails in %zu copies, %lld of them reminders\n",
        life, 2 * sizeof(points) / sizeof(points[0]), (long long)(now_us() - began_us) / 1000000,
        (long long)(shared->now - first_day) / 86400, answers,
        (long long)count_of("SELECT count(*) FROM mail WHERE state = 'sent'"), copies,
        (long long)count_of("SELECT count(*) FROM mail WHERE state = 'sent' AND recipient "
                            "NOT LIKE 'probe%'"));
    assert_true(count_of("SELECT count(*) FROM mail_message WHERE kind NOT LIKE '%test%'") > 0);
    assert_true(life >= kills / 10); /* even a busy machine with sanitizers gets that far */
}

/* ---- the house ---- */

static pid_t sink;

/* In a process of its own, so that the one that forks two hundred times stays small. */
static void make_database(void)
{
    pid_t child = fork();
    int status = 0;

    if (child == 0) {
        world_begin(house);
        must(house, "office import", "file", "@config/nrw/offices.csv");
        must(house, "holiday import", "file", "@config/nrw/school-holidays.csv");
        must(house, "contact import", "file", "@config/nrw/contacts-example.csv");
        must(house, "process import", "file", "@config/processes/qev-1.conf");
        for (int i = 0; i < OFFICES; i++)
            must(house, "procedure record", "office", offices[i], "start", "2027-02", "state",
                 "planned", "suggested-by", "office", "reason", "auf Wunsch");
        house->invocation = rh_invocation_free(house->invocation);
        rh_home_close(house->home);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static int setup(void **state)
{
    char config[400];
    int32_t day;
    int port;
    (void)state;

    shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(shared != MAP_FAILED);
    snprintf(notes, sizeof(notes), "/tmp/rh-notes-%d", (int)getpid());
    sink = sink_start(notes, ANSWER_MS, &port);
    assert_true(sink > 0);
    snprintf(config, sizeof(config),
             "mail { transport = smtp\n smtp_host = \"127.0.0.1\"\n smtp_port = %d\n smtp_tls = "
             "none\n smtp_per_minute = 0\n smtp_connections = 3\n from = \"qe@example.org\" }",
             port);
    assert_int_equal(rh_day_read("2027-01-29", &day, NULL), 0);
    house = world_described(config);
    house->now = shared->now = rh_berlin_instant(day, 9 * HOUR_S);
    snprintf(errors, sizeof(errors), "%s/errors", house->folder);
    make_database();
    for (int i = 0; i < HANDS; i++)
        hands[i] = (struct hand){.fd = -1, .number = -1};
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    kill(sink, SIGKILL);
    (void)waitpid(sink, NULL, 0);
    (void)remove(notes);
    world_close(house);
    free(answered);
    munmap(shared, sizeof(*shared));
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_was_answered_stays_and_is_done_once, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
