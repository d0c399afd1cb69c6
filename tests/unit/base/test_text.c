/* text.h: UTF-8 checked and measured, German order and likeness. */
#include "core/base/alloc.h"
#include "core/base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void bad_utf8_is_found_where_it_starts(void **state)
{
    static const struct {
        const char *text;
        size_t length, valid;
    } cases[] = {
        {"Köln", 5, 5},         {"a\xff", 2, 1},
        {"a\xC3", 2, 1},        {"\xC0\xAF", 2, 0},         /* overlong */
        {"\xED\xA0\x80", 3, 0}, {"\xF4\x90\x80\x80", 4, 0}, /* surrogate, beyond U+10FFFF */
        {"\0x", 2, 2},          {"\xF0\x9F\x98\x80", 4, 4},
        {"\xF0\x9F\x98", 3, 0},
    };
    (void)state;

    for (size_t i = 0; i < COUNT(cases); i++)
        assert_int_equal(rh_text_valid_span(cases[i].text, cases[i].length), cases[i].valid);
}

static int32_t check(const char *text, struct rh_err *err)
{
    return rh_text_check_line(text, strlen(text), 10, err);
}

static void names_have_no_control_characters_and_a_maximum(void **state)
{
    static const struct {
        const char *text, *de;
    } cases[] = {
        {"", "darf nicht leer sein"},
        {"a\nb", "Zeichen 2 ist ein Steuerzeichen (U+000A); bitte entfernen"},
        {"ä\xC2\x85", "Zeichen 2 ist ein Steuerzeichen (U+0085); bitte entfernen"},
        {"a\xE2\x80\xAE"
         "b",
         "Zeichen 2 kehrt unsichtbar die Schreibrichtung um (U+202E); bitte entfernen"},
        {"ab\xff", "Zeichen 3 ist kein gültiges UTF-8"},
        {"äöüäöüäöüäö", "hat 11 Zeichen, erlaubt sind höchstens 10"},
    };
    (void)state;

    assert_int_equal(check("äöüäöüäöüä", NULL), 0);
    assert_true(rh_text_check_line("a\0b", 3, 10, NULL) < 0);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct rh_err err = {0};

        assert_true(check(cases[i].text, &err) < 0);
        assert_string_equal(err.text[RH_DE], cases[i].de);
    }
}

static void longer_texts_may_have_lines_and_tabs(void **state)
{
    (void)state;
    assert_int_equal(rh_text_check_lines("a\r\nb\n\tc", 7, 10, NULL), 0);
    assert_int_equal(rh_text_check_lines("", 0, 10, NULL), 0);
    assert_int_equal(rh_text_check_lines("a\rb", 3, 10, NULL), RH_EINVALID);
    assert_int_equal(rh_text_check_lines("a\0b", 3, 10, NULL), RH_EINVALID);
}

static void trimming_knows_the_spaces_of_web_pages(void **state)
{
    const char *text = "\xEF\xBB\xBF \xC2\xA0"
                       "Bad  Salzuflen\t\r\n\xE2\x80\x8B";
    const char *blank = " \xC2\xA0 ";
    size_t length = strlen(text), blank_length = strlen(blank);
    (void)state;

    rh_text_trim(&text, &length);
    rh_text_trim(&blank, &blank_length);

    assert_int_equal(length, 14);
    assert_memory_equal(text, "Bad  Salzuflen", 14);
    assert_int_equal(blank_length, 0);
}

static void nfc_joins_letters_and_accents(void **state)
{
    rh_auto_str(out, 100);
    (void)state;

    assert_int_equal(rh_text_nfc("Mu\xCC\x88nster", 9, &out, NULL), 0);
    assert_string_equal(out.data, "Münster");
    assert_int_equal(rh_text_nfc("x\xff", 2, &out, NULL), RH_EINVALID);
    assert_int_equal(rh_text_nfc("\xCC\x88\xff", 3, &out, NULL), RH_EINVALID);
}

static void folding_forgets_case(void **state)
{
    rh_auto_str(out, 100);
    (void)state;

    assert_int_equal(rh_text_fold("GROẞE Straße ÄÖ", strlen("GROẞE Straße ÄÖ"), &out, NULL), 0);
    assert_string_equal(out.data, "grosse strasse äö");
}

static void width_counts_columns_not_bytes(void **state)
{
    (void)state;
    assert_int_equal(rh_text_count("Mu\xCC\x88nster", 9), 8);
    assert_int_equal(rh_text_width("Mu\xCC\x88nster", 9), 7);
    assert_int_equal(rh_text_width("Köln", 5), 4);
    assert_int_equal(rh_text_width("日本", 6), 4);
    assert_int_equal(rh_text_width("a\xff", 2), 2);
}

static void cutting_keeps_accents_with_their_letter(void **state)
{
    (void)state;
    assert_int_equal(rh_text_cut("Köln", 5, 2), 3);
    assert_int_equal(rh_text_cut("Mu\xCC\x88nster", 9, 2), 1); /* u without its dots is not ü */
    assert_int_equal(rh_text_cut("Mu\xCC\x88nster", 9, 3), 4);
    assert_int_equal(rh_text_cut("abc", 3, 9), 3);
    assert_int_equal(rh_text_cut("abc", 3, 0), 0);
    assert_int_equal(rh_text_cut_width("日本", 6, 3), 3);
    assert_int_equal(rh_text_cut_width("Mu\xCC\x88nster", 9, 2), 4);
}

static void table_cells_get_exactly_their_columns(void **state)
{
    static const struct {
        const char *text;
        size_t columns;
        bool right;
        const char *out;
    } cases[] = {
        {"Köln", 6, false, "Köln  "},  {"Köln", 6, true, "  Köln"}, {"Köln", 4, false, "Köln"},
        {"Münster", 4, false, "Mün…"}, {"日本", 3, false, "日…"},   {"日本", 2, false, "… "},
        {"ab", 0, false, ""},
    };
    (void)state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        rh_auto_str(out, 100);

        rh_text_fit(&out, cases[i].text, strlen(cases[i].text), cases[i].columns, cases[i].right);

        assert_string_equal(out.data, cases[i].out);
    }
}

static const char *const in_order[] = {
    "Aachen",   "Ahlen",           "Ähre",   "Ärzte-Haus", "Arzt-Haus", "Bad Salzuflen", "Bad-Zell",
    "Badingen", "Kreis Steinfurt", "Müller", "Muellner",   "Œuvre",     "Oslo",          "Øst",
    "Strasse",  "Straße",          "Zürich", "Ωmega",
};

static int by_compare(const void *a, const void *b)
{
    return rh_text_compare(*(const char *const *)a, *(const char *const *)b);
}

static int by_key(const void *a, const void *b)
{
    rh_auto_str(ka, 1000);
    rh_auto_str(kb, 1000);
    size_t common;
    int order;

    rh_text_sort_key(*(const char *const *)a, strlen(*(const char *const *)a), &ka);
    rh_text_sort_key(*(const char *const *)b, strlen(*(const char *const *)b), &kb);
    common = ka.length < kb.length ? ka.length : kb.length;
    order = memcmp(ka.data, kb.data, common);
    return order ? order : (ka.length > kb.length) - (ka.length < kb.length);
}

static void german_order_is_that_of_a_dictionary(void **state)
{
    static const char *const wanted[] = {
        "Aachen",    "Ahlen",      "Ähre",
        "Arzt-Haus", "Ärzte-Haus", "Bad Salzuflen",
        "Bad-Zell",  "Badingen",   "Kreis Steinfurt",
        "Muellner",  "Müller",     "Œuvre",
        "Oslo",      "Øst",        "Strasse",
        "Straße",    "Zürich",     "Ωmega",
    };
    const char *names[COUNT(in_order)], *again[COUNT(in_order)];
    (void)state;

    for (size_t i = 0; i < COUNT(in_order); i++)
        names[COUNT(in_order) - 1 - i] = again[i] = in_order[i];
    qsort(names, COUNT(names), sizeof(names[0]), by_compare);
    qsort(again, COUNT(again), sizeof(again[0]), by_key);

    for (size_t i = 0; i < COUNT(in_order); i++) {
        assert_string_equal(names[i], wanted[i]);
        assert_string_equal(again[i], wanted[i]);
    }
}

static void slugs_are_plain_identifiers(void **state)
{
    static const struct {
        const char *text, *slug;
    } cases[] = {
        {"Städteregion Aachen", "staedteregion-aachen"},
        {"Mu\xCC\x88nster", "muenster"},
        {"Rhein-Sieg-Kreis", "rhein-sieg-kreis"},
        {"  --Groß & Klein!  ", "gross-klein"},
        {"Halle (Westf.)", "halle-westf"},
        {"St. Œtienne 3", "st-oetienne-3"},
        {"日本", ""},
        {"a日b", "a-b"},
        {"So\xC2\xAD"
         "est",
         "soest"}, /* soft hyphen */
        {"\xff", ""},
    };
    (void)state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        rh_auto_str(out, 100);

        rh_text_slug(cases[i].text, strlen(cases[i].text), &out);

        assert_string_equal(out.data, cases[i].slug);
    }
}

static bool alike(const char *a, const char *b)
{
    return rh_text_alike(a, strlen(a), b, strlen(b));
}

static void spellings_of_the_same_name_are_alike(void **state)
{
    (void)state;
    assert_true(alike("Köln", "KOELN"));
    assert_true(alike("Straße", "strasse"));
    assert_true(alike("Ko\xCC\x88ln ", "Köln"));
    assert_true(alike("Size class", "size_class"));
    assert_true(alike("size-class", "size_class"));
    assert_false(alike("Koln", "Köln"));
    assert_false(alike("size class", "sizeclass"));
}

static void distance_counts_the_four_edits(void **state)
{
    char longer[RH_TEXT_DISTANCE_MAX + 2];
    (void)state;

    assert_int_equal(rh_text_distance("region", "regoin"), 1);
    assert_int_equal(rh_text_distance("", "abc"), 3);
    assert_int_equal(rh_text_distance("abc", ""), 3);
    assert_int_equal(rh_text_distance("Kreis", "kreis"), 0);
    assert_int_equal(rh_text_distance("kitten", "sitting"), 3);
    assert_int_equal(rh_text_distance("ca", "abc"), 3);
    memset(longer, 'a', sizeof(longer) - 1);
    longer[sizeof(longer) - 1] = '\0';
    assert_true(rh_text_distance(longer, "a") == SIZE_MAX);
}

/* The misspelt offices stand in real sources. */
static void the_right_office_is_suggested(void **state)
{
    static const char *const offices[] = {
        "Kreis Steinfurt", "Stadt Herzogenrath", "Stadt Aachen", "Städteregion Aachen",
        "Kreis Warendorf", "Stadt Herzogstadt",  NULL,           "Stadt Köln",
    };
    static const struct {
        const char *word;
        int index;
    } cases[] = {
        {"Landkreis Steinfurth", 0},
        {"Städteregion Herzogenrath", 1},
        {"Herzogenrath", 1},
        {"Aachen", 2},
        {"Staedteregion Achen", 3},
        {"Koeln", 7},
        {"Stadt Koln", 7},
        {"Berlin", -1},
        {"", -1},
        {"Kreis Waredorf", 4},
    };
    (void)state;

    for (size_t i = 0; i < COUNT(cases); i++)
        assert_int_equal(rh_text_nearest(cases[i].word, offices, COUNT(offices)), cases[i].index);
}

static void without_memory_it_says_so(void **state)
{
    rh_auto_str(out, 100);
    (void)state;

    rh_alloc_fail_after(1, 0);
    assert_int_equal(rh_text_fold("Ä", 2, &out, NULL), RH_ENOMEM);
    rh_alloc_fail_after(2, 0);
    assert_true(rh_text_fold("Ä", 2, &out, NULL) < 0);
    rh_alloc_fail_after(0, 0);
    rh_str_reset(&out);
    assert_int_equal(rh_text_fold("Ä", 2, &out, NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_utf8_is_found_where_it_starts),
        cmocka_unit_test(names_have_no_control_characters_and_a_maximum),
        cmocka_unit_test(longer_texts_may_have_lines_and_tabs),
        cmocka_unit_test(trimming_knows_the_spaces_of_web_pages),
        cmocka_unit_test(nfc_joins_letters_and_accents),
        cmocka_unit_test(folding_forgets_case),
        cmocka_unit_test(width_counts_columns_not_bytes),
        cmocka_unit_test(cutting_keeps_accents_with_their_letter),
        cmocka_unit_test(table_cells_get_exactly_their_columns),
        cmocka_unit_test(german_order_is_that_of_a_dictionary),
        cmocka_unit_test(slugs_are_plain_identifiers),
        cmocka_unit_test(spellings_of_the_same_name_are_alike),
        cmocka_unit_test(distance_counts_the_four_edits),
        cmocka_unit_test(the_right_office_is_suggested),
        cmocka_unit_test(without_memory_it_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
