/* name_match.h: names of the 186 offices as people write them. */
#include "core/operation/name_match.h"

#include "core/base/str.h"
#include "core/base/text.h"
#include "nrw_names.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* What the register holds: id, name, short name (the name less "Stadt", as imports make it). */
static const char *spellings[NRW_COUNT][3];
static struct rh_name_row rows[NRW_COUNT];

static int make_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < NRW_COUNT; i++) {
        const char *name = nrw_names[i][1];

        spellings[i][0] = nrw_names[i][0];
        spellings[i][1] = name;
        spellings[i][2] = strncmp(name, "Stadt ", 6) == 0 ? name + 6 : NULL;
        rows[i] = (struct rh_name_row){.spellings = spellings[i], .count = 3};
    }
    return 0;
}

static struct rh_name_match match(const char *named)
{
    struct rh_name_match result;

    rh_name_match(named, rows, NRW_COUNT, &result);
    return result;
}

static const char *id_at(const struct rh_name_match *result, size_t i)
{
    return i < result->count ? spellings[result->row[i]][0] : "-";
}

static void assert_found(const char *named, const char *id)
{
    struct rh_name_match result = match(named);

    if (result.verdict != RH_NAME_FOUND || strcmp(id_at(&result, 0), id) != 0)
        fail_msg("'%s' should be %s, got verdict %d with %s", named, id, (int)result.verdict,
                 id_at(&result, 0));
}

static void every_office_is_found_by_id_name_and_short_name(void **state)
{
    (void)state;

    for (size_t i = 0; i < NRW_COUNT; i++) {
        assert_found(spellings[i][0], spellings[i][0]);
        assert_found(spellings[i][1], spellings[i][0]);
        if (spellings[i][2])
            assert_found(spellings[i][2], spellings[i][0]);
    }
}

/* ä as ae, everything in capitals, hyphens as spaces: as it comes from forms and old systems. */
static void every_office_is_found_in_plain_capitals(void **state)
{
    (void)state;

    for (size_t i = 0; i < NRW_COUNT; i++) {
        rh_auto_str(slug, 200);

        rh_text_slug(spellings[i][1], strlen(spellings[i][1]), &slug);
        for (size_t c = 0; c < slug.length; c++)
            if (slug.data[c] == '-')
                slug.data[c] = ' ';
            else if (slug.data[c] >= 'a' && slug.data[c] <= 'z')
                slug.data[c] = (char)(slug.data[c] - 32);
        assert_found(slug.data, spellings[i][0]);
    }
}

static void ways_to_write_it_do_not_matter(void **state)
{
    static const char *const cases[][2] = {
        {"Bielefeld", "bielefeld"},
        {"  bielefeld ", "bielefeld"},
        {"Duesseldorf", "duesseldorf"},
        {"DÜSSELDORF", "duesseldorf"},
        {"Stadt Duesseldorf", "duesseldorf"},
        {"Düren", "dueren"},
        {"Stadt Düren", "dueren"},
        {"Kreis Düren", "kreis-dueren"},
        {"kreis dueren", "kreis-dueren"},
        {"Aachen", "aachen"},
        {"Städteregion Aachen", "staedteregion-aachen"},
        {"Staedteregion-Aachen", "staedteregion-aachen"},
        {"Rhein Sieg Kreis", "rhein-sieg-kreis"},
        {"Castrop Rauxel", "castrop-rauxel"},
        {"Kamp – Lintfort", "kamp-lintfort"},
        {"Stadt Hennef Sieg", "hennef"},
        {"Du\xcc\x88ren", "dueren"}, /* u + combining diaeresis, as a Mac writes file names */
    };
    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_found(cases[i][0], cases[i][1]);
}

/* Never taken, only suggested; in this order. */
static void what_is_misspelt_gets_the_right_one_suggested(void **state)
{
    static const struct {
        const char *named;
        const char *near[3];
    } cases[] = {
        /* the newsletter of spring 2024 */
        {"Landkreis Steinfurth", {"kreis-steinfurt", "-", "-"}},
        {"Städteregion Herzogenrath", {"herzogenrath", "-", "-"}},
        /* the wrong kind of place */
        {"Kreis Bielefeld", {"bielefeld", "-", "-"}},
        {"Stadt Steinfurt", {"kreis-steinfurt", "-", "-"}},
        {"Steinfurt", {"kreis-steinfurt", "-", "-"}},
        {"Landkreis Düren", {"kreis-dueren", "dueren", "-"}},
        {"Kreis Aachen", {"staedteregion-aachen", "aachen", "-"}},
        {"Kreis Neuss", {"rhein-kreis-neuss", "neuss", "-"}},
        {"Kreis Mettmann", {"mettmann", "-", "-"}},
        {"Stadtjugendamt Düren", {"dueren", "kreis-dueren", "-"}},
        {"Jugendamt der Stadt Lemgo", {"lemgo", "-", "-"}},
        {"Jugendamt Kreis Lippe", {"kreis-lippe", "-", "-"}},
        {"Kreis Minden", {"kreis-minden-luebbecke", "minden", "-"}},
        {"Hochsauerland", {"hochsauerlandkreis", "-", "-"}},
        {"Kreis Hochsauerland", {"hochsauerlandkreis", "-", "-"}},
        {"Siegen-Wittgenstein", {"kreis-siegen-wittgenstein", "-", "-"}},
        {"Mülheim", {"muelheim-an-der-ruhr", "-", "-"}},
        {"Wetter / Ruhr Stadt", {"wetter", "-", "-"}},
        /* a slip of the hand */
        {"Ibbenbühren", {"ibbenbueren", "-", "-"}},
        {"Bergisch-Gladbck", {"bergisch-gladbach", "-", "-"}},
        {"Munster", {"muenster", "-", "-"}},
        {"Lippstad", {"lippstadt", "-", "-"}},
    };
    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct rh_name_match result = match(cases[i].named);

        if (result.verdict != RH_NAME_SIMILAR || strcmp(id_at(&result, 0), cases[i].near[0]) != 0 ||
            strcmp(id_at(&result, 1), cases[i].near[1]) != 0 ||
            strcmp(id_at(&result, 2), cases[i].near[2]) != 0)
            fail_msg("'%s': verdict %d, %s, %s, %s", cases[i].named, (int)result.verdict,
                     id_at(&result, 0), id_at(&result, 1), id_at(&result, 2));
    }
}

static void what_is_no_office_gets_no_suggestion(void **state)
{
    static const char *const strangers[] = {"Hamburg", "Kreis Pinneberg", "München", "Xanadu", "",
                                            "---",     "Stadt",           "Kreis"};
    (void)state;

    for (size_t i = 0; i < sizeof(strangers) / sizeof(strangers[0]); i++) {
        struct rh_name_match result = match(strangers[i]);

        if (result.verdict != RH_NAME_UNKNOWN)
            fail_msg("'%s': verdict %d, %s", strangers[i], (int)result.verdict, id_at(&result, 0));
    }
}

/* Each of the 186 with a letter doubled in the middle of its longest word: the right one is named
 * first. */
static void one_letter_too_many_is_seen_through_for_all(void **state)
{
    (void)state;

    for (size_t i = 0; i < NRW_COUNT; i++) {
        const char *id = spellings[i][0];
        size_t length = strlen(id), best = 0, start = 0;
        char wrong[128];
        struct rh_name_match result;

        for (size_t at = 0, from = 0; at <= length; at++)
            if (at == length || id[at] == '-') {
                if (at - from > best) {
                    best = at - from;
                    start = from;
                }
                from = at + 1;
            }
        memcpy(wrong, id, start + best / 2);
        wrong[start + best / 2] = 'x';
        memcpy(wrong + start + best / 2 + 1, id + start + best / 2, length - start - best / 2 + 1);
        result = match(wrong);

        if (result.verdict != RH_NAME_SIMILAR || strcmp(id_at(&result, 0), id) != 0)
            fail_msg("'%s' should suggest %s, got verdict %d with %s", wrong, id,
                     (int)result.verdict, id_at(&result, 0));
    }
}

static void a_name_that_two_rows_have_is_not_guessed(void **state)
{
    static const char *const one[] = {"dueren", "Düren"}, *const two[] = {"kreis-dueren", "Düren"};
    static const struct rh_name_row doubled[] = {{one, 2}, {two, 2}};
    struct rh_name_match result;
    (void)state;

    rh_name_match("DÜREN", doubled, 2, &result);
    assert_int_equal(result.verdict, RH_NAME_AMBIGUOUS);
    assert_int_equal(result.count, 2);

    rh_name_match("dueren", doubled, 2, &result);
    assert_int_equal(result.verdict, RH_NAME_FOUND);
    assert_int_equal(result.row[0], 0);
}

static void rows_may_lack_spellings_and_names_may_be_anything(void **state)
{
    static const char *const gaps[] = {NULL, NULL};
    static const struct rh_name_row odd[] = {{gaps, 2}, {gaps, 0}};
    struct rh_name_match result;
    char endless[5000];
    (void)state;

    memset(endless, 'a', sizeof(endless) - 1);
    endless[sizeof(endless) - 1] = '\0';
    rh_name_match("\xff\xfe", odd, 2, &result);
    assert_int_equal(result.verdict, RH_NAME_UNKNOWN);
    rh_name_match(endless, rows, NRW_COUNT, &result);
    assert_int_equal(result.verdict, RH_NAME_UNKNOWN);
    rh_name_match("a-b-c-d-e-f-g-h-i-j-k-l-m-n-o-p-q-r-s-t", rows, NRW_COUNT, &result);
    assert_int_equal(result.verdict, RH_NAME_UNKNOWN);
    rh_name_match("Bielefeld", NULL, 0, &result);
    assert_int_equal(result.verdict, RH_NAME_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_office_is_found_by_id_name_and_short_name),
        cmocka_unit_test(every_office_is_found_in_plain_capitals),
        cmocka_unit_test(ways_to_write_it_do_not_matter),
        cmocka_unit_test(what_is_misspelt_gets_the_right_one_suggested),
        cmocka_unit_test(what_is_no_office_gets_no_suggestion),
        cmocka_unit_test(one_letter_too_many_is_seen_through_for_all),
        cmocka_unit_test(a_name_that_two_rows_have_is_not_guessed),
        cmocka_unit_test(rows_may_lack_spellings_and_names_may_be_anything),
    };
    return cmocka_run_group_tests(tests, make_rows, NULL);
}
