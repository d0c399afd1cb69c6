/* store.h: one process owns the file; what is wrong with a file is said in one sentence. */
#include "world.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

static int folder_setup(void **state)
{
    struct world *w = calloc(1, sizeof(*w));

    world_folder(w);
    *state = w;
    return 0;
}

static int32_t try_open(const char *path, struct rh_err *err)
{
    struct rh_store_options options = {.path = path};
    struct rh_store *store = NULL;
    int32_t rc = rh_store_open(&options, &store, err);

    rh_store_close(store);
    return rc;
}

static void write_file(const char *path, const void *bytes, size_t size)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);

    assert_int_equal(write(fd, bytes, size), (ssize_t)size);
    close(fd);
}

static void assert_says(const struct rh_err *err, const char *de, const char *en)
{
    if (!strstr(err->text[RH_DE], de) || !strstr(err->text[RH_EN], en))
        fail_msg("'%s' / '%s'", err->text[RH_DE], err->text[RH_EN]);
}

/* ---- the lock ---- */

static void a_second_opener_is_told_who_has_it(void **state)
{
    struct world *w = *state;
    struct rh_err err = {0};
    char number[16];
    world_open(w);
    snprintf(number, sizeof(number), " %d ", (int)getpid());

    assert_int_equal(try_open(w->path, &err), RH_EBUSY);

    assert_says(&err, "ist in Gebrauch: Prozess", "is in use: process");
    assert_non_null(strstr(err.text[RH_EN], number));
}

static void every_spelling_of_the_path_is_the_same_file(void **state)
{
    struct world *w = *state;
    char link[128], roundabout[128], socket[128], expected[128];
    struct rh_err err = {0};
    world_open(w);
    snprintf(link, sizeof(link), "%s/link.db", w->folder);
    snprintf(roundabout, sizeof(roundabout), "%s/../%s/reihum.db", w->folder,
             strrchr(w->folder, '/') + 1);
    snprintf(expected, sizeof(expected), "%s.sock", w->path);
    assert_int_equal(symlink(w->path, link), 0);

    assert_int_equal(try_open(link, &err), RH_EBUSY);
    assert_int_equal(try_open(roundabout, NULL), RH_EBUSY);
    must(rh_store_beside(link, RH_STORE_SOCKET_SUFFIX, socket, sizeof(socket), &err), &err);

    assert_string_equal(socket, expected);
}

static void the_owner_can_be_asked_for(void **state)
{
    struct world *w = *state;
    struct rh_err err = {0};
    int32_t pid = -1;

    assert_int_equal(rh_store_owner(w->path, &pid, &err), 0);
    world_open(w);
    assert_int_equal(rh_store_owner(w->path, &pid, &err), 1);
    assert_int_equal(pid, getpid());
    w->store = rh_store_close(w->store);

    assert_int_equal(rh_store_owner(w->path, &pid, &err), 0);
}

static void the_lock_of_a_killed_process_is_nobodys(void **state)
{
    struct world *w = *state;
    struct rh_err err = {0};
    int32_t owner = 0;
    int ready[2];
    char byte;
    pid_t child;
    assert_int_equal(pipe(ready), 0);
    child = fork();
    if (child == 0) {
        struct rh_store_options options = {.path = w->path};
        struct rh_store *store;

        if (rh_store_open(&options, &store, NULL) == 0)
            (void)!write(ready[1], "x", 1);
        for (;;)
            pause();
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);

    assert_int_equal(rh_store_owner(w->path, &owner, &err), 1);
    assert_int_equal(owner, child);
    assert_int_equal(try_open(w->path, &err), RH_EBUSY);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);

    assert_int_equal(rh_store_owner(w->path, &owner, NULL), 0);
    world_open(w);
    close(ready[0]);
    close(ready[1]);
}

/* ---- files and folders ---- */

static void a_new_file_is_for_its_owner_only(void **state)
{
    struct world *w = *state;
    struct stat st;
    mode_t before = umask(0);

    world_open(w);

    umask(before);
    assert_int_equal(stat(w->path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_string_equal(rh_store_path(w->store), w->path);
}

static void a_missing_folder_is_named(void **state)
{
    struct world *w = *state;
    struct rh_err err = {0};
    char path[128];
    snprintf(path, sizeof(path), "%s/nowhere/reihum.db", w->folder);

    assert_int_equal(try_open(path, &err), RH_ENOTFOUND);

    assert_says(&err, "/nowhere' gibt es nicht; bitte anlegen",
                "/nowhere' does not exist; make it");
}

static void a_folder_is_no_database(void **state)
{
    struct world *w = *state;
    struct rh_err err = {0};

    assert_int_equal(try_open(w->folder, &err), RH_EINVALID);
    assert_says(&err, "ist ein Ordner", "is a folder");
}

static void a_file_in_the_way_of_the_path_is_named(void **state)
{
    struct world *w = *state;
    struct rh_err err = {0};
    char path[128];
    write_file(w->path, "x", 1);
    snprintf(path, sizeof(path), "%s/inside.db", w->path);

    assert_int_equal(try_open(path, &err), RH_ENOTFOUND);

    assert_says(&err, "kein Ordner", "not a folder");
}

static void text_is_no_database(void **state)
{
    static const char text[] = "Dies ist ein Brief an das Jugendamt und keine Datenbank. "
                               "Er ist lang genug, um für eine gehalten zu werden, wenn man "
                               "nicht hineinschaut, denn er hat mehr als hundert Zeichen.";
    struct world *w = *state;
    struct rh_err err = {0};
    write_file(w->path, text, sizeof(text));

    assert_int_equal(try_open(w->path, &err), RH_EDAMAGED);

    assert_says(&err, "ist keine Datenbankdatei", "is not a database file");
}

static void another_programs_database_is_left_alone(void **state)
{
    struct world *w = *state;
    struct rh_err err = {0};
    struct stat before, after;
    world_open(w); /* any SQLite file: make ours look like a stranger's */
    must(world_write(w, "PRAGMA application_id = 42", &err), &err);
    w->store = rh_store_close(w->store);
    assert_int_equal(stat(w->path, &before), 0);

    assert_int_equal(try_open(w->path, &err), RH_EDAMAGED);

    assert_says(&err, "eines anderen Programms", "of another program");
    assert_int_equal(stat(w->path, &after), 0);
    assert_int_equal(after.st_size, before.st_size);
}

/* A page overwritten with noise, as a dying disk does. */
static void a_damaged_page_is_told_when_it_is_read(void **state)
{
    struct world *w = *state;
    struct rh_err err = {0};
    struct sql_task t = {.task = {.kind = RH_TASK_READ, .work = sql_work},
                         .sql = "SELECT count(*), max(name) FROM thing NOT INDEXED"};
    char noise[4096];
    struct stat st;
    int fd;
    world_open(w);
    must(world_write(w,
                     "WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < "
                     "3000) INSERT INTO thing (name) SELECT 'a long enough name ' || i FROM n",
                     &err),
         &err);
    w->store = rh_store_close(w->store);
    memset(noise, 0xa5, sizeof(noise));
    assert_int_equal(stat(w->path, &st), 0);
    fd = open(w->path, O_WRONLY);
    for (off_t page = st.st_size / 4096 - 30; page < st.st_size / 4096 - 1; page++)
        assert_int_equal(pwrite(fd, noise, sizeof(noise), page * 4096), sizeof(noise));
    close(fd);
    world_open(w);

    assert_int_equal(rh_store_run(w->store, &t.task), RH_EDAMAGED);
    assert_says(&t.task.err, "ist beschädigt", "is damaged");
    assert_int_equal(rh_store_check(w->store, &err), RH_EDAMAGED);
    assert_says(&err, "bitte die letzte Sicherung einspielen", "restore the last backup");
}

/* The rights of files do not hold for root: so a child without them tries. */
static int32_t open_without_rights(const char *path, struct rh_err *err)
{
    int answer[2];
    pid_t child;

    assert_int_equal(pipe(answer), 0);
    child = fork();
    if (child == 0) {
        struct rh_err own = {0};

        if (geteuid() == 0 && setresuid(65534, 65534, 65534) != 0)
            _exit(2);
        (void)try_open(path, &own); /* the parent reads its err */
        (void)!write(answer[1], &own, sizeof(own));
        _exit(0);
    }
    assert_int_equal(read(answer[0], err, sizeof(*err)), sizeof(*err));
    waitpid(child, NULL, 0);
    close(answer[0]);
    close(answer[1]);
    return err->code;
}

static void a_folder_that_may_not_be_written_is_named(void **state)
{
    struct world *w = *state;
    struct rh_err err = {0};
    chmod(w->folder, 0555);

    assert_int_equal(open_without_rights(w->path, &err), RH_EFORBIDDEN);

    assert_says(&err, "muss für reihum beschreibbar sein", "must be writable");
    chmod(w->folder, 0755);
}

static void a_file_that_may_not_be_written_is_named(void **state)
{
    struct world *w = *state;
    struct rh_err err = {0};
    chmod(w->folder, 0777);
    write_file(w->path, "", 0);
    chmod(w->path, 0444);

    assert_int_equal(open_without_rights(w->path, &err), RH_EFORBIDDEN);

    assert_says(&err, "darf nicht geschrieben werden", "may not be written");
}

static void without_memory_opening_fails_cleanly(void **state)
{
    struct world *w = *state;

    for (int n = 1;; n++) {
        struct rh_err err = {0};
        int32_t rc;

        rh_alloc_fail_after(n, 0);
        rc = try_open(w->path, &err);
        if (!rh_alloc_fault_struck()) {
            assert_int_equal(rc, 0);
            break;
        }
        assert_int_equal(rc, RH_ENOMEM);
    }
    rh_alloc_fail_after(0, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, folder_setup, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_second_opener_is_told_who_has_it),
        TEST(every_spelling_of_the_path_is_the_same_file),
        TEST(the_owner_can_be_asked_for),
        TEST(the_lock_of_a_killed_process_is_nobodys),
        TEST(a_new_file_is_for_its_owner_only),
        TEST(a_missing_folder_is_named),
        TEST(a_folder_is_no_database),
        TEST(a_file_in_the_way_of_the_path_is_named),
        TEST(text_is_no_database),
        TEST(another_programs_database_is_left_alone),
        TEST(a_damaged_page_is_told_when_it_is_read),
        TEST(a_folder_that_may_not_be_written_is_named),
        TEST(a_file_that_may_not_be_written_is_named),
        TEST(without_memory_opening_fails_cleanly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
