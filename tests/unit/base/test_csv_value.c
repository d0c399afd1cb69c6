/* csv.h, cells: numbers, days, months, keys and words as offices write them, and the way back. */
#include "core/base/csv.h"
#include "core/base/csv_write.h"
#include "core/base/text.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct rh_csv_field one_column[] = {{"cell", NULL, RH_CSV_REQUIRED}};

/* A file with one cell, its delimiter named by Excel's own line. */
static struct rh_csv *file_with(struct rh_str *text, const char *cell, char delimiter)
{
    struct rh_csv *csv = NULL;

    rh_str_reset(text);
    rh_str_printf(text, "sep=%c\ncell\n\"%s\"\n", delimiter, cell);
    assert_int_equal(rh_csv_open("a.csv", text->data, text->length, one_column, 1, &csv, NULL), 0);
    assert_true(rh_csv_next(csv));
    return csv;
}

static void whole_numbers_follow_the_rule_in_the_header(void **state)
{
    static const struct {
        const char *cell;
        char delimiter;
        int64_t value; /* -1: refused */
        bool noted;
    } cases[] = {
        {"12345", ',', 12345, false},
        {" +12 ", ',', 12, false},
        {"1.234.567", ',', 1234567, false},
        {"1,234,567", ';', 1234567, false},
        {"1.234", ';', 1234, true},
        {"1,234", ',', 1234, true},
        {"1,234", '\t', 1234, true},
        {"1.234", ',', -1, false},
        {"1,234", ';', -1, false},
        {"51 234", ',', 51234, false},
        {"51\xC2\xA0"
         "234",
         ';', 51234, false},
        {"1'234", ',', 1234, false},
        {"12,0", ';', 12, false},
        {"12.00", ',', 12, false},
        {"12.000", ',', -1, false},
        {"12.000", ';', 12000, true},
        {"12,5", ';', -1, false},
        {"1.23", ';', -1, false},
        {"1234.567", ';', -1, false},
        {"0.123", ';', -1, false},
        {"1.234,00", ';', 1234, false},
        {"12x", ',', -1, false},
        {"1 2", ',', -1, false},
        {"1 2345", ',', -1, false},
        {"1..2", ',', -1, false},
        {"-", ',', -1, false},
        {".", ',', -1, false},
        {"1.", ',', -1, false},
        {"99999999999999999999", ',', -1, false},
    };
    rh_auto_str(text, 1000);
    (void)state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        rh_auto_csv(csv);
        int64_t value = -1;

        csv = file_with(&text, cases[i].cell, cases[i].delimiter);
        assert_int_equal(rh_csv_int(csv, 0, -5, 100000000, &value), cases[i].value >= 0);

        assert_int_equal(value, cases[i].value);
        assert_int_equal(rh_csv_errors(csv)->total, cases[i].value < 0);
        assert_int_equal(rh_csv_notes(csv)->total, cases[i].noted);
    }
}

static void decimals_have_point_or_comma_and_the_range_decides(void **state)
{
    static const struct {
        const char *cell;
        char delimiter;
        double least, most, value; /* NAN: refused */
    } cases[] = {
        {"51,22422", ';', 47, 56, 51.22422},
        {"51.22422", ';', 47, 56, 51.22422},
        {"51.224", ';', 47, 56, 51.224},
        {"51.224", ',', 0, 1e6, 51.224},
        {"51,224", ';', 0, 1e6, 51.224},
        {"51.224", ';', 0, 1e6, NAN},
        {"51,224", ',', 0, 1e6, NAN},
        {"51.224", ';', 1000, 1e6, 51224},
        {"1.234,5", ';', 0, 1e6, 1234.5},
        {"1,234.5", ';', 0, 1e6, 1234.5},
        {"1 234,5", ';', 0, 1e6, 1234.5},
        {"-0,5", ';', -1, 1, -0.5},
        {",5", ';', -1, 1, 0.5},
        {"0.125", ';', 0, 1e6, 0.125},
        {"1.234.567", ';', 0, 1e9, 1234567},
        {"57", ';', 47, 56, NAN},
        {"1e3", ';', 0, 1e6, NAN},
        {"nan", ';', 0, 1e6, NAN},
        {"0x10", ';', 0, 1e6, NAN},
        {"1,2,3", ';', 0, 1e6, NAN},
    };
    rh_auto_str(text, 1000);
    (void)state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        rh_auto_csv(csv);
        double value = -99;

        csv = file_with(&text, cases[i].cell, cases[i].delimiter);
        assert_int_equal(rh_csv_double(csv, 0, cases[i].least, cases[i].most, &value),
                         !isnan(cases[i].value));

        assert_true(value == (isnan(cases[i].value) ? -99 : cases[i].value));
    }
}

static void days_are_iso_or_german_and_exist(void **state)
{
    static const struct {
        const char *cell;
        int year, month, day; /* 0: refused */
    } cases[] = {
        {"2028-02-29", 2028, 2, 29}, {"29.02.2028", 2028, 2, 29}, {"1.3.2028", 2028, 3, 1},
        {"2027-02-29", 0, 0, 0},     {"31.04.2028", 0, 0, 0},     {"01.03.28", 0, 0, 0},
        {"2028-3-1", 0, 0, 0},       {"03/01/2028", 0, 0, 0},     {"2028-03-01x", 0, 0, 0},
        {"00.01.2028", 0, 0, 0},     {"1.13.2028", 0, 0, 0},      {"2100-02-29", 0, 0, 0},
        {"2000-02-29", 2000, 2, 29}, {"1899-12-31", 0, 0, 0},
    };
    rh_auto_str(text, 1000);
    (void)state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        rh_auto_csv(csv);
        struct rh_csv_date date = {0};

        csv = file_with(&text, cases[i].cell, ',');
        assert_int_equal(rh_csv_date(csv, 0, &date), cases[i].year > 0);

        assert_int_equal(date.year, cases[i].year);
        assert_int_equal(date.month, cases[i].month);
        assert_int_equal(date.day, cases[i].day);
    }
}

static void months_survive_excel(void **state)
{
    static const struct {
        const char *cell;
        int year, month; /* 0: refused */
    } cases[] = {
        {"2028-03", 2028, 3},    {"03.2028", 2028, 3},    {"3/2028", 2028, 3},
        {"Mrz 28", 2028, 3},     {"Mar-28", 2028, 3},     {"März 2028", 2028, 3},
        {"Mai 28", 2028, 5},     {"Okt. 2028", 2028, 10}, {"december 2028", 2028, 12},
        {"01.03.2028", 2028, 3}, {"2028-03-01", 2028, 3}, {"02.03.2028", 0, 0},
        {"2028-13", 0, 0},       {"2028", 0, 0},          {"Märzember 28", 0, 0},
        {"!! 2028", 0, 0},       {"Mrz 128", 0, 0},       {"13.2028", 0, 0},
        {"2028-3", 0, 0},        {"28-03", 0, 0},
    };
    rh_auto_str(text, 1000);
    (void)state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        rh_auto_csv(csv);
        struct rh_csv_date date = {0};

        csv = file_with(&text, cases[i].cell, ',');
        assert_int_equal(rh_csv_month(csv, 0, &date), cases[i].year > 0);

        assert_int_equal(date.year, cases[i].year);
        assert_int_equal(date.month, cases[i].month);
        assert_int_equal(date.day, cases[i].year > 0);
    }
}

static void yes_and_no_have_many_words(void **state)
{
    static const struct {
        const char *cell;
        int value; /* -1: refused */
    } cases[] = {
        {"ja", 1},   {"Nein", 0},        {"YES", 1}, {"no", 0}, {"WAHR", 1}, {"FALSCH", 0},
        {"true", 1}, {"0", 0},           {"1", 1},   {"x", 1},  {"X", 1},    {"✓", 1},
        {"n", 0},    {"vielleicht", -1}, {"?", -1},  {"2", -1},
    };
    rh_auto_str(text, 1000);
    (void)state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        rh_auto_csv(csv);
        bool value = false;

        csv = file_with(&text, cases[i].cell, ',');
        assert_int_equal(rh_csv_bool(csv, 0, &value), cases[i].value >= 0);

        assert_int_equal(value, cases[i].value == 1);
    }
}

static void official_keys_get_their_zero_back(void **state)
{
    static const struct {
        const char *cell, *key; /* NULL: refused */
        bool noted;
    } cases[] = {
        {"05111000", "05111000", false},
        {"5111000", "05111000", true},
        {"05111", "05111", false},
        {"5111", "05111", true},
        {"05 111 000", "05111000", false},
        {"511", NULL, false},
        {"051110001", NULL, false},
        {"05x11", NULL, false},
        {"99111", NULL, false},
        {"00111", NULL, false},
        {"5.111.000", NULL, false},
    };
    rh_auto_str(text, 1000);
    (void)state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        rh_auto_csv(csv);
        char key[9] = "";

        csv = file_with(&text, cases[i].cell, ',');
        assert_int_equal(rh_csv_ags(csv, 0, key), cases[i].key != NULL);

        assert_string_equal(key, cases[i].key ? cases[i].key : "");
        assert_int_equal(rh_csv_notes(csv)->total, cases[i].noted);
    }
}

static void words_outside_the_list_get_the_nearest_one(void **state)
{
    static const struct rh_csv_word kinds[] = {{"city", "Stadt|kreisfreie Stadt"},
                                               {"district", "Kreis|Landkreis"}};
    rh_auto_str(text, 1000);
    rh_auto_csv(good);
    rh_auto_csv(near);
    size_t kind = 9;
    (void)state;

    good = file_with(&text, "Kreisfreie Stadt", ',');
    assert_true(rh_csv_choice(good, 0, kinds, 2, &kind));
    assert_int_equal(kind, 0);

    near = file_with(&text, "distrikt", ',');
    assert_false(rh_csv_choice(near, 0, kinds, 2, &kind));
    assert_string_equal(rh_csv_errors(near)->list[0].text[RH_DE],
                        "a.csv, Zeile 3, Spalte 'cell': 'distrikt' ist unbekannt (gemeint: "
                        "'district'?); möglich sind: city, district");
}

static void long_and_wild_values_are_shortened_in_sentences(void **state)
{
    rh_auto_str(text, 1000);
    rh_auto_csv(csv);
    bool value;
    (void)state;

    csv = file_with(&text, "ä\nbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", ',');
    assert_false(rh_csv_bool(csv, 0, &value));

    assert_string_equal(rh_csv_errors(csv)->list[0].text[RH_EN],
                        "a.csv, line 3, column 'cell': 'ä bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb…' "
                        "is neither yes nor no");
}

static void both_dialects_look_as_promised(void **state)
{
    rh_auto_str(rfc, 1000);
    rh_auto_str(excel, 1000);
    struct rh_csv_out writers[2];
    (void)state;

    rh_csv_out_init(&writers[0], &rfc, RH_CSV_RFC4180);
    rh_csv_out_init(&writers[1], &excel, RH_CSV_EXCEL);
    for (int i = 0; i < 2; i++) {
        rh_csv_put_text(&writers[i], "Köln, \"Mitte\"");
        rh_csv_put_double(&writers[i], -0.25);
        rh_csv_put_double(&writers[i], NAN);
        rh_csv_put_int(&writers[i], -5);
        rh_csv_put_text(&writers[i], "=1+1");
        rh_csv_put_text(&writers[i], "-5");
        rh_csv_put_text(&writers[i], "a\xff");
        rh_csv_put_text(&writers[i], NULL);
        rh_csv_end_row(&writers[i]);
    }

    assert_string_equal(rfc.data, "\"Köln, \"\"Mitte\"\"\",-0.25,,-5,'=1+1,'-5,a\xEF\xBF\xBD,\r\n");
    assert_string_equal(excel.data, "\xEF\xBB\xBF\"Köln, \"\"Mitte\"\"\";-0,25;;-5;'=1+1;'-5;"
                                    "a\xEF\xBF\xBD;\r\n");
}

/* A generator of our own, so that every run has the same 20,000 cells. */
static unsigned next_random(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(*seed >> 33);
}

static void fill_cell(uint64_t *seed, struct rh_str *cell)
{
    static const char *const pieces[] = {"=",    "+",  "-",   "@",  "'",    "''", "\"",
                                         "\"\"", ";",  ",",   "\n", "\r\n", "a",  "ä",
                                         "€",    "日", "1.5", " ",  "sep",  "\t", "x"};
    unsigned count = next_random(seed) % 7;

    rh_str_reset(cell);
    while (count-- > 0)
        rh_str_add(cell, pieces[next_random(seed) % COUNT(pieces)]);
}

/* The reader trims, so white space is compared trimmed; all else comes back byte by byte. */
static void assert_same(const char *got, const char *wanted)
{
    size_t length = strlen(wanted);

    rh_text_trim(&wanted, &length);
    assert_int_equal(strlen(got), length);
    assert_memory_equal(got, wanted, length);
}

static void whatever_is_written_is_read_back(void **state)
{
    static const struct rh_csv_field two[] = {{"number", NULL, RH_CSV_FILLED},
                                              {"cell", NULL, RH_CSV_REQUIRED}};
    enum { ROWS = 10000 };
    (void)state;

    for (int dialect = 0; dialect < 2; dialect++) {
        rh_auto_str(text, 4000000);
        rh_auto_str(cell, 1000);
        rh_auto_csv(csv);
        struct rh_csv_out out;
        uint64_t seed = 7, again = 7;
        double number;

        rh_csv_out_init(&out, &text, dialect ? RH_CSV_EXCEL : RH_CSV_RFC4180);
        rh_csv_put_text(&out, "number");
        rh_csv_put_text(&out, "cell");
        rh_csv_end_row(&out);
        for (int i = 0; i < ROWS; i++) {
            rh_csv_put_double(&out, i / 7.0 - 99);
            fill_cell(&seed, &cell);
            rh_csv_put_text_n(&out, cell.data, cell.length);
            rh_csv_end_row(&out);
        }
        assert_int_equal(rh_str_check(&text, NULL), 0);

        assert_int_equal(rh_csv_open("x", text.data, text.length, two, 2, &csv, NULL), 0);
        for (int i = 0; i < ROWS; i++) {
            assert_true(rh_csv_next(csv));
            assert_true(rh_csv_double(csv, 0, -100, 2000, &number));
            assert_true(number == i / 7.0 - 99);
            fill_cell(&again, &cell);
            assert_same(rh_csv_lines(csv, 1, 100), cell.data);
        }
        assert_false(rh_csv_next(csv));
        assert_int_equal(rh_csv_finish(csv, NULL), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_numbers_follow_the_rule_in_the_header),
        cmocka_unit_test(decimals_have_point_or_comma_and_the_range_decides),
        cmocka_unit_test(days_are_iso_or_german_and_exist),
        cmocka_unit_test(months_survive_excel),
        cmocka_unit_test(yes_and_no_have_many_words),
        cmocka_unit_test(official_keys_get_their_zero_back),
        cmocka_unit_test(words_outside_the_list_get_the_nearest_one),
        cmocka_unit_test(long_and_wild_values_are_shortened_in_sentences),
        cmocka_unit_test(both_dialects_look_as_promised),
        cmocka_unit_test(whatever_is_written_is_read_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
