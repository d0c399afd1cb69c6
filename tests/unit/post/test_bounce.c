/* The whole way round, through a real Postfix: a mail goes out, is refused by the next server,
 * comes back as a report to the address with our token, is read from the mailbox, and marks mail
 * and address. */
#include "core/post/fetcher.h"
#include "world.h"

struct round_trip {
    struct world *w;
    int kept;
    char wrong[600];
};

static void on_round(void *context, int kept, const char *wrong)
{
    struct round_trip *r = context;

    r->kept += kept;
    snprintf(r->wrong, sizeof(r->wrong), "%s", wrong ? wrong : "");
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

/* Debian's master.cf with our port instead of 25, and no chroot. */
static void write_master(const char *etc, int port)
{
    char path[200], line[1024];
    FILE *from = fopen("/usr/share/postfix/master.cf.dist", "r"), *to;

    if (!from)
        from = fopen("/etc/postfix/master.cf.proto", "r");
    assert_non_null(from);
    snprintf(path, sizeof(path), "%s/master.cf", etc);
    to = fopen(path, "w");
    assert_non_null(to);
    fprintf(to, "127.0.0.1:%d inet n - n - - smtpd\n", port);
    while (fgets(line, sizeof(line), from)) {
        char service[100], type[20], private[4], unprivileged[4], chroot[4], wakeup[12],
            processes[12], command[400];

        if (line[0] == '#' || line[0] == ' ' ||
            sscanf(line, "%99s %19s %3s %3s %3s %11s %11s %399[^\n]", service, type, private,
                   unprivileged, chroot, wakeup, processes, command) != 8 ||
            strcmp(type, "inet") == 0 || strcmp(type, "pass") == 0)
            continue;
        if (strncmp(type, "unix", 4) != 0 && strcmp(type, "fifo") != 0)
            continue;
        fprintf(to, "%s %s %s %s n %s %s %s\n", service, type, private, unprivileged, wakeup,
                processes, command);
    }
    fclose(from);
    fclose(to);
}

/* A private Postfix: mail for example.org goes to the mailbox, for bounce.example to `next`. */
static int postfix(struct world *w, int lmtp, int next)
{
    char etc[128], path[200], text[4096];
    const char *check[] = {"/usr/sbin/postfix", "-c", etc, "check", NULL};
    const char *start[] = {"/usr/lib/postfix/sbin/master", "-c", etc, "-d", NULL};
    struct program checked;
    int port = peer_free_port(), out;

    snprintf(etc, sizeof(etc), "%s/pf", w->folder);
    assert_int_equal(mkdir(etc, 0755), 0);
    for (const char *const *f = (const char *const[]){"queue", "data", NULL}; *f; f++) {
        snprintf(path, sizeof(path), "%s/%s", w->folder, *f);
        assert_int_equal(mkdir(path, 0755), 0);
    }
    {
        const struct passwd *owner = getpwnam("postfix");
        assert_non_null(owner);
        snprintf(path, sizeof(path), "%s/data", w->folder);
        assert_int_equal(chown(path, owner->pw_uid, owner->pw_gid), 0);
    }
    /* %1$s is one argument however often it stands there. */
    /* cppcheck-suppress invalidPrintfArgType_s */
    snprintf(text, sizeof(text),
             "compatibility_level = 3.6\nqueue_directory = %1$s/queue\ndata_directory = %1$s/data\n"
             "maillog_file = %1$s/maillog\nmaillog_file_prefixes = %1$s\n"
             "inet_interfaces = 127.0.0.1\ninet_protocols = ipv4\nmyhostname = mx.example.org\n"
             "mydestination =\nmynetworks = 127.0.0.0/8\nrecipient_delimiter = +\n"
             "alias_maps =\nalias_database =\nsmtputf8_enable = no\n"
             "default_transport = error:no outside\n"
             "transport_maps = inline:{ {example.org=lmtp:inet:127.0.0.1:%2$d}, "
             "{bounce.example=smtp:[127.0.0.1]:%3$d} }\n"
             "smtpd_recipient_restrictions = permit_mynetworks, reject\n"
             "smtpd_relay_restrictions = permit_mynetworks, reject\n"
             "authorized_submit_users = root\n",
             w->folder, lmtp, next);
    snprintf(path, sizeof(path), "%s/main.cf", etc);
    write_file(path, text);
    write_master(etc, port);
    checked = program_run(check, NULL, 0); /* makes the folders of the queue */
    if (checked.status != 0)
        fail_msg("postfix check: %s%s", checked.out, checked.errs);
    program_free(&checked);
    w->peers[w->peer_count++] = program_start(start, &out); /* `out` stays open: it writes there */
    peer_wait_for(port);
    return port;
}

static int sink(struct world *w)
{
    char where[40];
    const char *words[] = {"/usr/sbin/smtp-sink",         "-u",  "nobody", "-f", "rcpt", "-B",
                           "550 5.1.1 No such user here", where, "50",     NULL};
    int port = peer_free_port(), out;

    snprintf(where, sizeof(where), "127.0.0.1:%d", port);
    w->peers[w->peer_count++] = program_start(words, &out);
    close(out);
    peer_wait_for(port);
    return port;
}

static void fetch_report(struct round_trip *r)
{
    struct rh_fetcher_options options = {.loop = &r->w->loop,
                                         .house = &r->w->house,
                                         .settings = &r->w->settings,
                                         .note = on_round,
                                         .context = r};
    struct rh_fetcher *fetcher = NULL;

    if (rh_fetcher_new(&options, &fetcher, &r->w->err) < 0)
        fail_msg("%s", r->w->err.text[RH_EN]);
    (void)uv_timer_start(&r->w->alarm, world_on_alarm, ALARM_MS, 0);
    while (r->kept == 0)
        (void)uv_run(&r->w->loop, UV_RUN_ONCE);
    while (!rh_fetcher_stop(fetcher))
        (void)uv_run(&r->w->loop, UV_RUN_ONCE);
    rh_fetcher_close(fetcher);
    (void)uv_timer_stop(&r->w->alarm);
}

static void a_mail_that_is_refused_on_the_way_comes_back_to_staff(void **state)
{
    struct world *w = *state;
    struct round_trip trip = {.w = w};

    if (geteuid() != 0) /* Postfix changes users */
        skip();
    world_skip_without("/usr/sbin/smtp-sink");
    w->settings.smtp.port = postfix(w, world_dovecot(w), sink(w));
    w->settings.imap.user = "bounce";
    w->settings.smtp.timeout_s = 20;
    world_queue(w, "x@bounce.example", 0);
    world_start(w);
    world_run_until(w, 1);
    assert_says(w, "SELECT state FROM mail", "sent"); /* Postfix has it */

    fetch_report(&trip);

    assert_says(w, "SELECT sort || mail FROM mail_inbound", "report1");
    assert_says(w, "SELECT state || ' ' || reason_en FROM mail", "failed came back");
    assert_says(w, "SELECT address || ' ' || state FROM mail_address", "x@bounce.example refused");
    assert_says(w, "SELECT count(*) FROM job WHERE kind = 'mail.failed'", "1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_mail_that_is_refused_on_the_way_comes_back_to_staff,
                                        world_setup, world_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
