/*
 * Teams in the course of a round: what has begun stays, what does not fit any more is named and not
 * published, others hear of each team, and whatever ends early leaves the published teams as they
 * are.
 */
#include "tests/integration/teams.h"
#include "tests/support/program.h"

#include <arpa/inet.h>
#include <signal.h>
#include <sys/socket.h>

/* ---- the example file of moderators, changed ---- */

/* The file with the row of `id` in other words; NULL: without it. As a parameter; free it. */
static char *people_with(const char *id, const char *row)
{
    size_t size;
    char *all = world_read("config/nrw/moderators-example.csv", &size), *line = strstr(all, id);
    char *text = malloc(size + 256), *end;

    assert_non_null(text);
    assert_non_null(line);
    end = strchr(line, '\n') + 1;
    snprintf(text, size + 256, "=%.*s%s%s%s", (int)(line - all), all, row ? row : "",
             row ? "\n" : "", end);
    free(all);
    return text;
}

/* Who of the team of `office` leads, or does not; as the plan was read last. */
static const struct member *member_of(const char *office, int lead)
{
    for (int m = 0; m < member_count; m++)
        if (strcmp(members[m].office, office) == 0 && members[m].lead == lead)
            return &members[m];
    fail_msg("%s has no such member", office);
    return NULL;
}

static int is_in(const struct member *list, int count, const struct member *one)
{
    for (int m = 0; m < count; m++)
        if (strcmp(list[m].office, one->office) == 0 && list[m].month == one->month &&
            strcmp(list[m].moderator, one->moderator) == 0 && list[m].lead == one->lead)
            return 1;
    return 0;
}

static void read_only_teams(void)
{
    read_teams();
    forget_teams();
}

/* ---- what has begun ---- */

static void what_has_begun_keeps_its_team_and_counts_in_the_limits(void **state)
{
    static struct member before[1000];
    int before_count, begun = 0, teams = 0, now = month_of("2027-03");
    char gone[65], away[65], absences[128], *file;
    (void)state;

    must(w, "team publish");
    read_only_teams();
    memcpy(before, members, sizeof(before));
    before_count = member_count;
    snprintf(gone, sizeof(gone), "%s", before[0].moderator); /* the first months come first */
    snprintf(away, sizeof(away), "%s", before[2].moderator);
    assert_true(before[0].month <= now && before[2].month <= now);
    for (int m = 0; m < before_count; m++) {
        begun += before[m].month <= now;
        teams += before[m].month <= now && before[m].lead;
    }
    w->as_of = "2027-03-10";
    file = people_with(gone, NULL);
    must(w, "moderator import", "file", file);
    free(file);
    snprintf(absences, sizeof(absences), "=moderator,from,to\n%s,2027-01-01,2032-12-31\n", away);
    must(w, "moderator absence import", "file", absences);

    must(w, "team allocate", "base", "1", "seed", "1", "time-limit", "3", "without-exact", "yes");

    assert_int_equal(number(w, "kept"), teams);
    assert_int_equal(number(w, "moderators"), 79);
    assert_true(says(w, "behalten ihr Team"));
    read_teams();
    assert_limits();
    forget_teams();
    for (int m = 0; m < before_count; m++)
        if (before[m].month <= now)
            begun -= is_in(members, member_count, &before[m]);
    assert_int_equal(begun, 0);
    for (int m = 0; m < member_count; m++)
        if (members[m].month > now) {
            assert_string_not_equal(members[m].moderator, gone);
            assert_string_not_equal(members[m].moderator, away);
        } else
            assert_true(is_in(before, before_count, &members[m]));
    must(w, "team publish"); /* that these two are in teams that have begun makes nothing stale */
}

static void a_procedure_out_of_turn_needs_a_team_of_its_own(void **state)
{
    char start[16], other[16], id[80];
    int teams = 0, of_both = 0;
    (void)state;

    must(w, "team export");
    snprintf(start, sizeof(start), "%s", text_of(item(w, "office", "lemgo"), "start_month"));
    snprintf(other, sizeof(other), "%.4s-%s", strcmp(start, "2029") < 0 ? "2030" : "2028",
             start + 5);
    must(w, "procedure record", "office", "lemgo", "start", other, "suggested-by", "office");

    must(w, "team show");
    assert_true(stale_because("Stadt Lemgo (20"));
    refused(w, RH_ECONFLICT, "hat noch kein Team", "team plan 1 is stale", "team publish");

    allocate();
    assert_int_equal(number(w, "offices"), 187);
    assert_int_equal(number(w, "gap_count"), 0);
    read_teams();
    assert_limits();
    forget_teams();
    for (int m = 0; m < member_count; m++)
        if (strcmp(members[m].office, "lemgo") == 0) {
            teams += members[m].lead;
            of_both += members[m].month == month_of(other);
        }
    assert_int_equal(teams, 2);
    assert_int_equal(of_both, 2);
    refused(w, RH_EINVALID, "--start nennt das gemeinte Verfahren", "--start names the procedure",
            "team explain", "office", "lemgo");
    must(w, "team explain", "office", "lemgo", "start", other);
    assert_string_equal(text(w, "start_month"), other);
    must(w, "team publish");

    must(w, "procedure list", "office", "lemgo");
    snprintf(id, sizeof(id), "%s", text_of(item(w, "start_month", other), "id"));
    must(w, "procedure cancel", "procedure", id, "reason", "abgesagt");
    must(w, "team show", "plan", "2");
    assert_true(stale_because("das Verfahren außer der Reihe"));
}

/* ---- what does not fit any more ---- */

struct change {
    const char *operation;
    const char *file; /* %1$s leads the team of Lemgo, %2$s is in it, %3$s is not */
    const char *row;  /* instead of that of %1$s in the file of moderators; "-" drops it */
    const char *de, *en;
};

static const struct change changes[] = {
    {"moderator absence import", "=moderator,from,to\n%1$s,2027-01-01,2032-12-31\n", NULL,
     "abwesend", "is absent"},
    {"moderator pair import", "=moderator,other\n%1$s,%2$s\n", NULL, "dürfen nie zusammenarbeiten",
     "may never work together"},
    {"moderator rule import", "=office,moderator,rule,note\nlemgo,%1$s,mustnot,\n", NULL,
     "durch eine Regel ausgeschlossen", "is ruled out"},
    {"moderator rule import", "=office,moderator,rule,note\nlemgo,%3$s,must,\n", NULL,
     "ist für Stadt Lemgo festgelegt", "is pinned to Stadt Lemgo"},
    {"moderator import", NULL, "-", "nicht mehr tätig", "not active any more"},
    {"moderator import", NULL, "%1$s,Moderator*in X,,LWL,nein,51.9,8.9,4,,",
     "darf aber nicht mehr leiten", "may not lead any more"},
    {"moderator import", NULL, "%1$s,Moderator*in X,,LWL,ja,51.9,8.9,4,lemgo: Beispiel,",
     "Lemgo (20", "has a conflict"},
    {"office close", NULL, NULL, "Stadt Lemgo ist geschlossen", "Stadt Lemgo is closed"},
    {"procedure cancel", NULL, NULL, "Stadt Lemgo kommt im Turnus nicht mehr vor",
     "Stadt Lemgo is not in the round any more"},
};

static void do_change(const struct change *change, const char *lead, const char *co,
                      const char *other)
{
    char text[256], row[256];

    if (change->file) {
        snprintf(text, sizeof(text), change->file, lead, co, other);
        must(w, change->operation, "file", text);
    } else if (change->row) {
        char *rows;

        snprintf(row, sizeof(row), change->row, lead);
        rows = people_with(lead, *change->row == '-' ? NULL : row);
        must(w, change->operation, "file", rows);
        free(rows);
    } else if (strcmp(change->operation, "office close") == 0)
        must(w, change->operation, "office", "lemgo");
    else
        must(w, change->operation, "procedure", "lemgo-2027-2031", "reason", "Beispiel");
}

/* Somebody who is not in the team of Lemgo and has no conflict there. */
static const char *another(void)
{
    must(w, "team recommend", "office", "lemgo", "limit", "1", "out",
         member_of("lemgo", 0)->moderator);
    return text_of(json_array_get(items(w), 0), "moderator");
}

static json_t *published(void)
{
    must(w, "team export", "plan", "1");
    return json_incref(json_object_get(w->answer, "items"));
}

static void whatever_changes_is_named_and_not_published(void **state)
{
    char made[64], lead[65], co[65], other[65];
    json_t *before;
    (void)state;

    read_only_teams();
    snprintf(lead, sizeof(lead), "%s", member_of("lemgo", 1)->moderator);
    snprintf(co, sizeof(co), "%s", member_of("lemgo", 0)->moderator);
    snprintf(other, sizeof(other), "%s", another());
    must(w, "team publish");
    must(w, "team repair", "without", "moderator-03", "yes", "yes");
    before = published();
    world_keep(w, made);

    for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
        json_t *after;

        w = world_from(made, "");
        do_change(&changes[i], lead, co, other);
        must(w, "team show", "plan", "1");
        assert_true(stale_because(changes[i].de));
        must(w, "team list");
        assert_string_not_equal(text_of(find_in(items(w), "state", "draft"), "stale"), "");
        must(w, "event list", "topic", "teams.stale");
        assert_true(item_count(w) >= 1);
        assert_int_equal(ask(w, "team publish", "plan", "2", NULL), RH_ECONFLICT);
        assert_says(w->err.text[RH_DE], "Teamplan 2 ist veraltet");
        w->lang = RH_EN;
        assert_int_equal(ask(w, "team publish", "plan", "2", NULL), RH_ECONFLICT);
        assert_says(w->err.text[RH_EN], "team plan 2 is stale");
        assert_says(w->err.text[RH_EN], changes[i].en);
        after = published();
        assert_true(json_equal(before, after));
        json_decref(after);
        if (i + 1 < sizeof(changes) / sizeof(changes[0]))
            world_close(w);
    }
    json_decref(before);
    remove(made);
}

/* ---- the previous team, distances ---- */

static void at_most_one_of_the_previous_team_comes_again(void **state)
{
    static struct member before[1000];
    int before_count, again = 0;
    (void)state;

    must(w, "team publish");
    read_only_teams();
    memcpy(before, members, sizeof(before));
    before_count = member_count;
    must(w, "round create", "round", "2032-2036", "start", "2032-01-01", "years", "5");
    must(w, "turnus plan", "round", "2032-2036", "seed", "1", "steps", "3000", "time-limit", "0",
         "without-exact", "yes");
    must(w, "team allocate", "round", "2032-2036", "seed", "1", "time-limit", "3", "without-exact",
         "yes");
    must(w, "team export", "round", "2032-2036");
    for (int m = 0; m < before_count; m++) {
        int same = 0;
        json_t *one;
        size_t i;

        json_array_foreach(json_object_get(w->answer, "items"), i, one)
        {
            if (strcmp(text_of(one, "office"), before[m].office) != 0)
                continue;
            for (int n = 0; n < before_count; n++)
                same += strcmp(before[n].office, before[m].office) == 0 &&
                        strcmp(before[n].moderator, text_of(one, "moderator")) == 0;
        }
        assert_true(same <= 1);
        again += same;
    }
    assert_true(again > 0); /* one may: the rule is at most one, not none */
}

static void imported_distances_take_the_place_of_the_great_circle(void **state)
{
    char file[4096] = "=moderator,office,km\n";
    const char *near = "moderator-77";
    int found = 0;
    json_t *one;
    size_t i;
    (void)state;

    refused(w, RH_EINVALID, "test.csv, Zeile 2, Spalte 'office': Jugendamt 'Atlantis'",
            "test.csv, line 2, column 'office'", "moderator distance import", "file",
            "=moderator,office,km\nmoderator-03,Atlantis,7\n");
    refused(w, RH_EINVALID, "test.csv, Zeile 2, Spalte 'km'", "test.csv, line 2, column 'km'",
            "moderator distance import", "file", "=moderator,office,km\nmoderator-03,lemgo,-7\n");
    read_only_teams();
    assert_string_not_equal(member_of("lemgo", 0)->moderator, near);
    for (int p = 1; p <= 80; p++)
        snprintf(file + strlen(file), sizeof(file) - strlen(file), "moderator-%02d,lemgo,%s\n", p,
                 p == 77 ? "3.5" : "900");
    must(w, "moderator distance import", "file", file);
    assert_int_equal(number(w, "rows"), 80);

    allocate();

    must(w, "team export");
    json_array_foreach(json_object_get(w->answer, "items"), i, one)
    {
        if (strcmp(text_of(one, "office"), "lemgo") == 0 &&
            strcmp(text_of(one, "moderator"), near) == 0) {
            found++;
            assert_true(json_real_value(json_object_get(one, "travel_km")) == 3.5);
        }
    }
    assert_int_equal(found, 1);
}

/* ---- the exact engine, and what ends early ---- */

static void assert_proof(void)
{
    assert_true(json_is_true(json_object_get(w->answer, "proven")));
    assert_int_equal(number(w, "bound"), number(w, "objective"));
    assert_true(says(w, "bewiesen bestmöglich"));
    read_teams();
    assert_limits();
    assert_int_equal(count_gaps(), 0);
    forget_teams();
}

static void teams_are_proven(void **state)
{
    char path[512];
    (void)state;

    w->drift = 0;
    snprintf(path, sizeof(path), "%s/reihum-solve", getenv("RH_BUILD"));
    setenv("RH_SOLVE_PROGRAM", path, 1);
    must(w, "team allocate", "seed", "1", "time-limit", "60");
    unsetenv("RH_SOLVE_PROGRAM");
    assert_proof();
}

/* The search's own bound suffices here, so a program that is not there is not missed. */
static void teams_are_proven_without_the_exact_engine(void **state)
{
    (void)state;

    w->drift = 0;
    setenv("RH_SOLVE_PROGRAM", "/nonexistent/reihum-solve", 1);
    must(w, "team allocate", "seed", "1", "time-limit", "60");
    unsetenv("RH_SOLVE_PROGRAM");
    assert_proof();
}

static void teams_cut_short_are_valid_and_say_that_they_are_not_proven(void **state)
{
    (void)state;

    w->drift = 2000; /* each look at the clock takes two seconds */
    must(w, "team allocate", "seed", "1", "time-limit", "1");
    assert_true(json_is_false(json_object_get(w->answer, "proven")));
    assert_true(says(w, "ohne Beweis"));
    assert_true(number(w, "bound") <= number(w, "objective"));
    read_teams();
    assert_limits();
    forget_teams();
}

static int32_t looks; /* at which look at the work it is cancelled */

static int32_t cancel(void *context, int64_t done, int64_t total, const char *what)
{
    (void)context;
    (void)done;
    (void)total;
    (void)what;
    return --looks <= 0;
}

static void a_cancelled_allocation_leaves_everything_as_it_was(void **state)
{
    json_t *before, *after;
    (void)state;

    must(w, "team publish");
    before = published();
    w->progress = cancel;
    for (int32_t at = 1; at <= 4; at++) {
        looks = at;
        refused(w, RH_ECANCELLED, "abgebrochen", "cancelled", "team allocate", "seed", "2",
                "time-limit", "3", "without-exact", "yes");
    }
    w->progress = NULL;
    must(w, "team list");
    assert_int_equal(item_count(w), 1);
    after = published();
    assert_true(json_equal(before, after));
    json_decref(before);
    json_decref(after);
}

/* ---- somebody drops out ---- */

static void a_repair_ranks_candidates_and_touches_no_other_team(void **state)
{
    static struct member before[1000];
    int before_count, concerned = 0;
    json_t *one;
    size_t i;
    (void)state;

    read_only_teams();
    memcpy(before, members, sizeof(before));
    before_count = member_count;
    for (int m = 0; m < before_count; m++)
        concerned += strcmp(before[m].moderator, "moderator-03") == 0 &&
                     before[m].month >= month_of("2029-01");
    assert_true(concerned > 0);
    must(w, "team repair", "without", "moderator-03", "from", "2029-01");
    assert_int_equal(number(w, "teams"), concerned);
    assert_int_equal(item_count(w), concerned);
    json_array_foreach(json_object_get(w->answer, "items"), i, one)
    {
        const json_t *list = json_object_get(one, "candidates");
        json_int_t last = INT64_MIN;

        assert_true(json_array_size(list) > 1);
        assert_string_equal(text_of(json_array_get(list, 0), "moderator"), text_of(one, "in"));
        for (size_t c = 0; c < json_array_size(list); c++) {
            json_int_t points =
                json_integer_value(json_object_get(json_array_get(list, c), "points"));

            assert_true(points >= last);
            last = points;
        }
    }
    must(w, "team repair", "without", "moderator-03", "from", "2029-01", "yes", "yes", "reason",
         "Beispiel");
    read_teams();
    assert_limits();
    forget_teams();
    for (int m = 0; m < member_count; m++)
        assert_true(strcmp(members[m].moderator, "moderator-03") != 0 ||
                    members[m].month < month_of("2029-01"));
    for (int m = 0; m < before_count; m++) {
        int was_theirs = 0;

        for (int n = 0; n < before_count; n++)
            was_theirs |= strcmp(before[n].moderator, "moderator-03") == 0 &&
                          before[n].month >= month_of("2029-01") &&
                          strcmp(before[n].office, before[m].office) == 0;
        if (!was_theirs)
            assert_true(is_in(members, member_count, &before[m]));
    }
}

/* ---- too few ---- */

static const char *get(int port, const char *path)
{
    static char answer[1024 * 1024];
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    int fd = socket(AF_INET, SOCK_STREAM, 0), length;
    size_t got = 0;
    ssize_t count;
    char request[256];

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    length = snprintf(request, sizeof(request),
                      "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAccept-Language: "
                      "de\r\n\r\n",
                      path);
    assert_int_equal(send(fd, request, (size_t)length, MSG_NOSIGNAL), length);
    while (got + 1 < sizeof(answer) &&
           (count = recv(fd, answer + got, sizeof(answer) - 1 - got, 0)) > 0)
        got += (size_t)count;
    answer[got] = '\0';
    close(fd);
    return answer;
}

/* The page as the program serves it; the world gives its database to the program meanwhile. */
static const char *page(const char *path)
{
    char program[512], line[256] = "";
    const char *words[] = {program, "--db",     w->db,         "--config", w->config,
                           "serve", "--listen", "127.0.0.1:0", NULL};
    const char *answer;
    int out, port = 0;
    pid_t server;

    snprintf(program, sizeof(program), "%s/reihum", getenv("RH_BUILD"));
    setenv("LC_ALL", "de_DE.UTF-8", 1);
    server = program_start(words, &out);
    assert_true(read(out, line, sizeof(line) - 1) > 0);
    assert_int_equal(sscanf(line, "reihum läuft: http://127.0.0.1:%d/", &port), 1);
    answer = get(port, path);
    assert_int_equal(kill(server, SIGTERM), 0);
    program_wait(server);
    close(out);
    return answer;
}

/* The first rows of the example file. */
static char *people_up_to(int count)
{
    size_t size;
    char *all = world_read("config/nrw/moderators-example.csv", &size), *end = all;
    char *text = malloc(size + 2);

    assert_non_null(text);
    for (int line = 0; line <= count; line++)
        end = strchr(end, '\n') + 1;
    snprintf(text, size + 2, "=%.*s", (int)(end - all), all);
    free(all);
    return text;
}

static void assert_named_by_program_and_page(const json_t *gaps)
{
    char program[512];
    const char *words[] = {program, "--db", w->db, "--config", w->config, "team", "show", NULL};
    struct program shown;
    const char *seen;
    json_t *gap;
    size_t i;

    w->home = rh_home_close(w->home);
    snprintf(program, sizeof(program), "%s/reihum", getenv("RH_BUILD"));
    setenv("LC_ALL", "de_DE.UTF-8", 1);
    shown = program_run(words, NULL, 0);
    assert_int_equal(shown.status, 0);
    seen = page("/teams");
    json_array_foreach(gaps, i, gap)
    {
        char row[512];

        assert_says(shown.out, text_of(gap, "name"));
        assert_says(shown.out, text_of(gap, "what"));
        assert_says(shown.out, text_of(gap, "reason"));
        snprintf(row, sizeof(row), "%s, %s: es fehlt %s – %s", text_of(gap, "name"),
                 text_of(gap, "start_month"), text_of(gap, "what"), text_of(gap, "reason"));
        assert_says(seen, row);
    }
    program_free(&shown);
}

static void too_few_moderators_leave_gaps_that_are_named_everywhere(void **state)
{
    char *file = people_up_to(12);
    int64_t gaps;
    json_t *list, *gap;
    size_t i;
    (void)state;

    must(w, "moderator import", "file", file);
    free(file);
    allocate();
    gaps = number(w, "gap_count");
    list = json_incref(json_object_get(w->answer, "gaps"));
    assert_true(gaps > 100);
    assert_int_equal(json_array_size(list), gaps);
    read_teams();
    assert_limits();
    assert_int_equal(count_gaps(), gaps);
    json_array_foreach(list, i, gap)
    {
        const char *lacks = text_of(gap, "lacks");

        assert_non_null(find_in(offices, "id", text_of(gap, "office")));
        assert_true(strcmp(lacks, "members") == 0 || strcmp(lacks, "lead") == 0 ||
                    strcmp(lacks, "region") == 0);
        assert_true(json_integer_value(json_object_get(gap, "lacking")) >= 1);
        assert_string_not_equal(text_of(gap, "what"), "");
        assert_string_not_equal(text_of(gap, "reason"), "");
    }
    forget_teams();
    assert_named_by_program_and_page(list);
    json_decref(list);
}

/* ---- others who listen ---- */

static char folder[64];

static void bring_plugins(void)
{
    static const char *const names[] = {"hears_teams.so", "refuses_teams.so"};

    snprintf(folder, sizeof(folder), "/tmp/rh-ears-XXXXXX");
    assert_non_null(mkdtemp(folder));
    for (size_t i = 0; i < 2; i++) {
        char from[512], to[128];

        snprintf(from, sizeof(from), "%s/tests/misbehaving/%s", getenv("RH_BUILD"), names[i]);
        snprintf(to, sizeof(to), "%s/%s", folder, names[i]);
        world_copy(from, to);
    }
    world_plugins = folder;
}

static void forget_plugins(void)
{
    world_plugins = NULL;
    nftw(folder, world_remove, 16, FTW_DEPTH | FTW_PHYS);
}

static void a_veto_keeps_the_teams_and_undoes_what_others_did(void **state)
{
    (void)state;
    world_close(w);
    bring_plugins();
    w = world_from(teams_made, "plugin refuses_teams { office = lemgo }\n");

    refused(w, RH_ECONFLICT, "'lemgo' hat schon eingeladen", "'lemgo' has invited already",
            "team publish");
    assert_says(w->err.text[RH_DE], "refuses_teams");
    must(w, "heard list");
    assert_int_equal(item_count(w), 0);
    must(w, "team list");
    assert_string_equal(text_of(json_array_get(items(w), 0), "state"), "draft");
    must(w, "event list", "topic", "team.changed");
    assert_int_equal(item_count(w), 0);
    forget_plugins();
}

static void each_changed_team_is_heard_in_the_same_transaction(void **state)
{
    char out[65], in[65];
    const json_t *heard;
    (void)state;
    world_close(w);
    bring_plugins();
    w = world_from(teams_made, "");

    must(w, "team publish");
    assert_int_equal(number(w, "changed"), 186);
    must(w, "heard list");
    assert_int_equal(item_count(w), 187);
    read_only_teams();
    snprintf(out, sizeof(out), "%s", member_of("lemgo", 0)->moderator);
    snprintf(in, sizeof(in), "%s", another());
    must(w, "team swap", "office", "lemgo", "out", out, "in", in, "yes", "yes");
    must(w, "team publish");
    assert_int_equal(number(w, "changed"), 1);
    must(w, "heard list");
    assert_int_equal(item_count(w), 190); /* drafted, published, changed */
    heard = json_array_get(items(w), 189);
    assert_string_equal(text_of(heard, "topic"), "team.changed");
    assert_string_equal(text_of(heard, "subject"), "lemgo");
    assert_says(text_of(heard, "before"), out);
    assert_says(text_of(heard, "after"), in);
    assert_null(strstr(text_of(heard, "after"), out));
    forget_plugins();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, teams_open, teams_close)
        TEST(what_has_begun_keeps_its_team_and_counts_in_the_limits),
        TEST(a_procedure_out_of_turn_needs_a_team_of_its_own),
        TEST(whatever_changes_is_named_and_not_published),
        TEST(at_most_one_of_the_previous_team_comes_again),
        TEST(imported_distances_take_the_place_of_the_great_circle),
        TEST(teams_are_proven),
        TEST(teams_are_proven_without_the_exact_engine),
        TEST(teams_cut_short_are_valid_and_say_that_they_are_not_proven),
        TEST(a_cancelled_allocation_leaves_everything_as_it_was),
        TEST(a_repair_ranks_candidates_and_touches_no_other_team),
        TEST(too_few_moderators_leave_gaps_that_are_named_everywhere),
        TEST(a_veto_keeps_the_teams_and_undoes_what_others_did),
        TEST(each_changed_team_is_heard_in_the_same_transaction),
    };

    return cmocka_run_group_tests(tests, teams_make, teams_remove);
}
