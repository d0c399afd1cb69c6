/* settings.h: what is wrong in `mail { … }` stops the start, and says which key. */
#include "core/post/settings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct setting {
    const char *key, *value;
};

static int32_t read_settings(const struct setting *set, struct rh_arena *arena,
                             struct rh_post_settings *settings, struct rh_err *err)
{
    char *values[RH_POST_KEYS];
    struct rh_module module = {.config = values};

    for (int i = 0; i < RH_POST_KEYS; i++) {
        values[i] =
            rh_post_keys[i].fallback ? rh_arena_strdup(arena, rh_post_keys[i].fallback) : NULL;
        if (rh_post_keys[i].type == RH_TYPE_DURATION)
            values[i] = rh_arena_strdup(arena, "60");
        for (const struct setting *s = set; s->key; s++)
            if (strcmp(s->key, rh_post_keys[i].name) == 0)
                values[i] = rh_arena_strdup(arena, s->value);
    }
    return rh_post_settings(&module, "/var/lib/reihum/reihum.db", arena, settings, err);
}

static void nothing_set_means_a_folder_beside_the_database(void **state)
{
    static const struct setting none[] = {{NULL, NULL}};
    rh_auto_arena(arena, 65536);
    struct rh_post_settings s;
    (void)state;

    assert_int_equal(read_settings(none, &arena, &s, NULL), 0);
    assert_int_equal(s.transport, RH_POST_FOLDER);
    assert_string_equal(s.folder, "/var/lib/reihum/reihum.db.mail");
    assert_null(s.imap.host);
}

static void a_server_elsewhere_is_only_spoken_to_in_secret(void **state)
{
    static const struct setting set[] = {{"transport", "smtp"},
                                         {"smtp_host", "mail.example.org"},
                                         {"from", "qe@office.example"},
                                         {NULL, NULL}};
    static const struct setting local[] = {
        {"transport", "smtp"}, {"smtp_host", "127.0.0.1"},         {"imap_host", "::1"},
        {"imap_user", "a"},    {"imap_password_file", "/nowhere"}, {NULL, NULL}};
    rh_auto_arena(arena, 65536);
    struct rh_post_settings s;
    struct rh_err err = {.code = 0};
    (void)state;

    assert_int_equal(read_settings(set, &arena, &s, NULL), 0);
    assert_int_equal(s.smtp.tls, RH_POST_TLS_START);
    assert_int_equal(s.smtp.port, 587);
    assert_string_equal(s.ehlo, "office.example");
    assert_int_equal(read_settings(local, &arena, &s, &err), RH_ENOTFOUND);
    assert_non_null(strstr(err.text[RH_EN], "imap_password_file"));
}

static void what_is_wrong_names_its_key(void **state)
{
    static const struct {
        struct setting set[5];
        const char *sentence;
    } cases[] = {
        {{{"transport", "smtp"}}, "needs 'smtp_host'"},
        {{{"transport", "smtp"}, {"smtp_host", "mail.example.org"}}, "needs 'from'"},
        {{{"transport", "smtp"}, {"smtp_host", "a b"}}, "'smtp_host'"},
        {{{"transport", "smtp"},
          {"smtp_host", "mail.example.org"},
          {"from", "a@office.example"},
          {"smtp_tls", "none"}},
         "without encryption only to a server on this machine"},
        {{{"from", "a@b\r\nRCPT TO:<c@d>"}}, "'from'"},
        {{{"transport", "smtp"}, {"smtp_host", "127.0.0.1"}, {"smtp_user", "a"}},
         "'smtp_password_file'"},
        {{{"imap_host", "127.0.0.1"}}, "needs 'imap_user'"},
        {{{"transport", "smtp"}, {"smtp_host", "127.0.0.1"}, {"smtp_ehlo", "a\r\nMAIL"}},
         "'smtp_ehlo'"},
    };
    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        rh_auto_arena(arena, 65536);
        struct rh_post_settings s;
        struct rh_err err = {.code = 0};

        assert_true(read_settings(cases[i].set, &arena, &s, &err) < 0);
        if (!strstr(err.text[RH_EN], cases[i].sentence))
            fail_msg("'%s' is not in: %s", cases[i].sentence, err.text[RH_EN]);
    }
}

static void a_password_that_others_can_read_is_refused(void **state)
{
    char path[] = "/tmp/rh-password-XXXXXX";
    const struct setting set[] = {{"transport", "smtp"},
                                  {"smtp_host", "127.0.0.1"},
                                  {"smtp_user", "qe"},
                                  {"smtp_password_file", path},
                                  {NULL, NULL}};
    rh_auto_arena(arena, 65536);
    struct rh_post_settings s;
    struct rh_err err = {.code = 0};
    int file = mkstemp(path);
    (void)state;

    assert_true(write(file, "geheim ä\nmore\n", 15) == 15);
    close(file);
    assert_int_equal(read_settings(set, &arena, &s, NULL), 0);
    assert_string_equal(s.smtp.password, "geheim ä");
    assert_int_equal(chmod(path, 0640), 0);
    assert_int_equal(read_settings(set, &arena, &s, &err), RH_EFORBIDDEN);
    assert_non_null(strstr(err.text[RH_EN], "chmod 600"));
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_set_means_a_folder_beside_the_database),
        cmocka_unit_test(a_server_elsewhere_is_only_spoken_to_in_secret),
        cmocka_unit_test(what_is_wrong_names_its_key),
        cmocka_unit_test(a_password_that_others_can_read_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
