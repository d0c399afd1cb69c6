/* The case draw of section 8 (3): fair, repeatable by anybody, and without any case. */
#include "tests/unit/process/world.h"

#include "core/process/draw.h"

static void the_positions_are_those_that_the_readme_describes(void **state)
{
    /* printf %s "reihum:240:$i" | sha256sum for i = 0, 1, 2; the first 16 digits mod 240, plus 1 */
    static const int32_t expected[] = {112, 68, 61};
    int32_t positions[3];
    (void)state;

    assert_int_equal(rh_process_draw("reihum", 240, 3, positions, NULL), 0);

    assert_memory_equal(positions, expected, sizeof(expected));
}

static void all_positions_are_different_and_in_the_list(void **state)
{
    (void)state;
    for (int32_t listed = 1; listed <= 100; listed++) {
        int32_t positions[100];
        bool seen[101] = {false};

        assert_int_equal(rh_process_draw("seed", listed, listed, positions, NULL), 0);
        for (int32_t i = 0; i < listed; i++) {
            assert_true(positions[i] >= 1 && positions[i] <= listed && !seen[positions[i]]);
            seen[positions[i]] = true;
        }
    }
}

/* Chi-square with 9 degrees of freedom; 27.9 is passed by chance once in a thousand, and the seeds
 * are fixed. */
static void no_position_is_favoured(void **state)
{
    double sum = 0;
    int32_t count[10] = {0};
    (void)state;

    for (int32_t i = 0; i < 20000; i++) {
        char seed[20];
        int32_t position;

        snprintf(seed, sizeof(seed), "s%d", i);
        assert_int_equal(rh_process_draw(seed, 10, 1, &position, NULL), 0);
        count[position - 1]++;
    }
    for (int i = 0; i < 10; i++)
        sum += (count[i] - 2000.0) * (count[i] - 2000.0) / 2000.0;

    assert_true(sum < 27.9);
}

static void what_cannot_be_drawn_is_refused(void **state)
{
    int32_t positions[3];
    struct rh_err err = {0};
    (void)state;

    assert_int_equal(rh_process_draw("seed", 2, 3, positions, &err), RH_EINVALID);
    assert_string_equal(err.text[RH_EN], "3 positions of 2 cannot be drawn; possible are 1 to 2");
    assert_int_equal(rh_process_draw("", 2, 1, positions, NULL), RH_EINVALID);
    assert_int_equal(rh_process_draw("seed", 0, 1, positions, NULL), RH_EINVALID);
    assert_int_equal(rh_process_draw("seed", -5, 1, positions, NULL), RH_EINVALID);
}

static struct rh_process_event draw_event(struct world *w)
{
    struct rh_process_event draw;

    world_init(w, read_shipped());
    begin(w, "2027-01-11", "2027-01-11");
    must_be_done(w, "2027-01-20", "contact");
    must_be_done(w, "2027-02-12", "kickoff");
    draw = event_of(w, RH_PROCESS_DRAW, "cases");
    draw.count = 240;
    draw.chosen = 1;
    draw.random = 1;
    draw.seed = "reihum";
    return draw;
}

static void the_office_is_told_numbers_on_its_own_list(void **state)
{
    struct world w;
    struct rh_process_event draw = draw_event(&w);
    rh_auto_str(de, 1024);
    rh_auto_str(en, 1024);
    (void)state;

    must_happen(&w, draw);
    rh_process_draw_words(w.state, RH_DE, &de);
    rh_process_draw_words(w.state, RH_EN, &en);

    assert_int_equal(strncmp(de.data, "Nr. ", 4), 0);
    assert_non_null(strstr(de.data,
                           " Ihrer nach Datum sortierten Liste von 240 Einschätzungen; sollte "
                           "eine davon schon gezielt ausgewählt sein, der Reihe nach Nr. "));
    assert_non_null(strstr(en.data, " of your list of 240 assessments sorted by date"));
    world_fini(&w);
}

static void a_second_draw_needs_the_first_taken_back(void **state)
{
    struct world w;
    struct rh_process_event draw = draw_event(&w), undo;
    (void)state;

    must_happen(&w, draw);
    assert_int_equal(happen(&w, draw), RH_ECONFLICT);
    undo = event_of(&w, RH_PROCESS_UNDO, NULL);
    undo.count = (int32_t)w.state->event_count;
    must_happen(&w, undo);
    must_happen(&w, draw);
    world_fini(&w);
}

static void more_than_two_cases_or_none_at_random_are_refused(void **state)
{
    struct world w;
    struct rh_process_event draw = draw_event(&w);
    (void)state;

    draw.chosen = 2;
    assert_int_equal(happen(&w, draw), RH_EINVALID);
    assert_non_null(
        strstr(w.err.text[RH_DE], "2 gezielt und 1 zufällig sind zusammen mehr als 2 Fälle"));
    draw.random = 0;
    assert_int_equal(happen(&w, draw), RH_EINVALID);
    draw.chosen = 0;
    draw.random = 2;
    draw.count = 1;
    assert_int_equal(happen(&w, draw), RH_EINVALID);
    draw.step = "structure";
    draw.count = 10;
    assert_int_equal(happen(&w, draw), RH_ECONFLICT);
    world_fini(&w);
}

static void without_a_draw_the_selection_is_done_with_a_reason_only(void **state)
{
    struct world w;
    struct rh_process_event draw = draw_event(&w), done;
    (void)state;

    done = event_of(&w, RH_PROCESS_DONE, "cases");
    done.reason = NULL;
    assert_int_equal(happen(&w, done), RH_ECONFLICT);
    must_happen(&w, draw);
    must_happen(&w, done);
    world_fini(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_positions_are_those_that_the_readme_describes),
        cmocka_unit_test(all_positions_are_different_and_in_the_list),
        cmocka_unit_test(no_position_is_favoured),
        cmocka_unit_test(what_cannot_be_drawn_is_refused),
        cmocka_unit_test(the_office_is_told_numbers_on_its_own_list),
        cmocka_unit_test(a_second_draw_needs_the_first_taken_back),
        cmocka_unit_test(more_than_two_cases_or_none_at_random_are_refused),
        cmocka_unit_test(without_a_draw_the_selection_is_done_with_a_reason_only),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
