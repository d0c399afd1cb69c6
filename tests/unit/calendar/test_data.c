/*
 * The data of config/nrw as the program will read it: whole, unique, without contradictions, and
 * what the calendar makes of it.
 */
#include "core/base/alloc.h"
#include "core/calendar/calendar.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define LINES_MAX    400
#define FIELDS_MAX   10

/* The files hold no quotes and no commas within a field, so a plain split is safe; that is tested.
 */
struct table {
    char *text; /* owned */
    size_t rows, columns;
    char *field[LINES_MAX][FIELDS_MAX]; /* row 0 is the header */
};

static char *slurp(const char *name)
{
    const char *source = getenv("RH_SOURCE");
    char path[1024];
    long size;
    FILE *file;
    char *text;

    snprintf(path, sizeof(path), "%s/config/nrw/%s", source ? source : ".", name);
    file = fopen(path, "rb");
    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    size = ftell(file);
    rewind(file);
    text = rh_alloc((size_t)size + 1, 1);
    assert_non_null(text);
    assert_int_equal(fread(text, 1, (size_t)size, file), size);
    fclose(file);
    assert_true(size > 0 && text[size - 1] == '\n');
    return text;
}

static void read_table(const char *name, size_t columns, struct table *table)
{
    char *line, *rest;

    memset(table, 0, sizeof(*table));
    table->columns = columns;
    table->text = rest = slurp(name);
    assert_null(strpbrk(rest, "\"\r"));
    while ((line = strsep(&rest, "\n")) && *line) {
        assert_true(table->rows < LINES_MAX);
        for (size_t i = 0; i < columns; i++) {
            table->field[table->rows][i] = strsep(&line, ",");
            assert_non_null(table->field[table->rows][i]);
        }
        assert_null(line);
        table->rows++;
    }
}

static void drop_table(struct table *table)
{
    table->text = rh_free(table->text);
}

static size_t characters(const char *text)
{
    size_t count = 0;

    for (; *text; text++)
        count += ((unsigned char)*text & 0xC0) != 0x80;
    return count;
}

static bool has(const struct table *table, size_t column, const char *value)
{
    for (size_t row = 1; row < table->rows; row++)
        if (strcmp(table->field[row][column], value) == 0)
            return true;
    return false;
}

static struct rh_school_holidays school_holidays(void)
{
    struct rh_school_period periods[LINES_MAX];
    struct rh_school_holidays built = {0};
    struct rh_err err = {0};
    struct table table;

    read_table("school-holidays.csv", 4, &table);
    for (size_t row = 1; row < table.rows; row++) {
        periods[row - 1].name = table.field[row][0];
        assert_int_equal(rh_day_read_iso(table.field[row][1], &periods[row - 1].first, &err), 0);
        assert_int_equal(rh_day_read_iso(table.field[row][2], &periods[row - 1].last, &err), 0);
    }
    if (rh_school_holidays_build(periods, table.rows - 1, RH_NO_DAY, &built, &err) < 0)
        fail_msg("%s", err.text[RH_EN]);
    drop_table(&table);
    return built;
}

static void the_offices_are_186_with_short_and_different_names(void **state)
{
    struct table offices;
    size_t rhineland = 0;
    long inhabitants = 0;
    (void)state;

    read_table("offices.csv", 10, &offices);

    assert_int_equal(offices.rows - 1, 186);
    assert_string_equal(offices.field[0][2], "short_name");
    for (size_t row = 1; row < offices.rows; row++) {
        assert_in_range(characters(offices.field[row][2]), 3, 13);
        for (size_t other = 1; other < row; other++) {
            assert_string_not_equal(offices.field[row][0], offices.field[other][0]);
            assert_string_not_equal(offices.field[row][2], offices.field[other][2]);
            assert_string_not_equal(offices.field[row][5], offices.field[other][5]);
        }
        rhineland += strcmp(offices.field[row][4], "LVR") == 0;
        inhabitants += strtol(offices.field[row][6], NULL, 10);
    }
    assert_int_equal(rhineland, 95);
    assert_int_equal(inhabitants, 18139116);
    drop_table(&offices);
}

static void the_school_holidays_are_known_to_the_summer_of_2030(void **state)
{
    struct rh_school_holidays nrw = school_holidays();
    const struct rh_school_period *found;
    (void)state;

    assert_int_equal(nrw.count, 37);
    assert_int_equal(nrw.known_until, rh_day_of(2030, 8, 6));
    assert_int_equal(rh_school_on(&nrw, rh_day_of(2027, 5, 18), &found), RH_SCHOOL_YES);
    assert_string_equal(found->name, "Pfingstferien");
    for (size_t i = 0; i < nrw.count; i++) /* each name has an English one */
        assert_string_not_equal(rh_school_name(nrw.periods[i].name).en, nrw.periods[i].name);
    rh_school_holidays_fini(&nrw);
}

/* Summer holidays fill August 2027, July 2029 and July 2030: no procedure can start there. */
static void three_months_of_the_round_have_fewer_than_five_days_outside_school_holidays(
    void **state)
{
    static const char *const expected[] = {"2027-08", "2029-07", "2030-07"};
    struct rh_school_holidays nrw = school_holidays();
    const struct rh_calendar calendar = {.place.land = RH_LAND_NW, .school = &nrw};
    size_t closed = 0;
    (void)state;

    for (int32_t month = rh_month_of(2027, 1); month <= rh_month_of(2031, 12); month++) {
        struct rh_month_count count;
        char text[RH_DATE_TEXT_SIZE];

        assert_int_equal(rh_calendar_count_month(&calendar, month, &count, NULL), 0);
        assert_int_equal(count.school_unknown > 0, month >= rh_month_of(2030, 8));
        if (count.outside_school >= 5)
            continue;
        assert_true(closed < COUNT(expected));
        assert_string_equal(rh_month_iso(month, text), expected[closed++]);
    }

    assert_int_equal(closed, COUNT(expected));
    rh_school_holidays_fini(&nrw);
}

static void the_pilot_sites_are_the_18_that_the_offices_note(void **state)
{
    struct table offices, pilots;
    (void)state;

    read_table("offices.csv", 10, &offices);
    read_table("pilots-2024.csv", 3, &pilots);

    assert_int_equal(pilots.rows - 1, 18);
    for (size_t row = 1; row < offices.rows; row++)
        assert_int_equal(has(&pilots, 0, offices.field[row][0]),
                         strstr(offices.field[row][9], "pilot site") != NULL);
    for (size_t row = 1; row < pilots.rows; row++)
        assert_string_equal(pilots.field[row][1], "2024-01");
    drop_table(&offices);
    drop_table(&pilots);
}

static void assert_rule(const struct table *offices, char *const field[])
{
    bool pair = strcmp(field[1], "apart") == 0 || strcmp(field[1], "together") == 0;
    int32_t from, to;

    assert_true(has(offices, 0, field[0]));
    assert_memory_equal(field[5], "Beispiel: ", 10);
    if (pair) {
        assert_true(!field[2][0] && !field[3][0] && has(offices, 0, field[4]));
        assert_string_not_equal(field[0], field[4]);
        return;
    }
    assert_true(strcmp(field[1], "prefer") == 0 || strcmp(field[1], "blocked") == 0 ||
                strcmp(field[1], "fixed") == 0);
    assert_int_equal(rh_month_read_iso(field[2], &from, NULL), 0);
    assert_int_equal(rh_month_read_iso(field[3], &to, NULL), 0);
    assert_true(from <= to && from >= rh_month_of(2027, 1) && to <= rh_month_of(2031, 12));
    assert_string_equal(field[4], "");
}

/* One rule about months for an office: then none can contradict another. */
static void the_example_rules_are_marked_and_without_contradiction(void **state)
{
    struct table offices, rules;
    (void)state;

    read_table("offices.csv", 10, &offices);
    read_table("rules-example.csv", 6, &rules);

    assert_int_equal(rules.rows - 1, 42);
    for (size_t row = 1; row < rules.rows; row++) {
        assert_rule(&offices, rules.field[row]);
        for (size_t other = 1; other < row; other++)
            if (strcmp(rules.field[row][0], rules.field[other][0]) == 0)
                assert_true(rules.field[row][2][0] == '\0' || rules.field[other][2][0] == '\0');
    }
    drop_table(&offices);
    drop_table(&rules);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_offices_are_186_with_short_and_different_names),
        cmocka_unit_test(the_school_holidays_are_known_to_the_summer_of_2030),
        cmocka_unit_test(
            three_months_of_the_round_have_fewer_than_five_days_outside_school_holidays),
        cmocka_unit_test(the_pilot_sites_are_the_18_that_the_offices_note),
        cmocka_unit_test(the_example_rules_are_marked_and_without_contradiction),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
