/* csv.h: what Excel writes is read, and every mistake is named at once with its place. */
#include "core/base/alloc.h"
#include "core/base/csv.h"
#include "core/base/csv_write.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { NAME, POPULATION, NOTE, COLUMNS };

static const struct rh_csv_field columns[COLUMNS] = {
    [NAME] = {"name", "Bezeichnung|Jugendamt", RH_CSV_FILLED},
    [POPULATION] = {"population", "Einwohner|Einwohnerzahl", RH_CSV_REQUIRED},
    [NOTE] = {"note", "Bemerkung", RH_CSV_OPTIONAL},
};

static struct rh_csv *open_bytes(const char *bytes, size_t length)
{
    struct rh_csv *csv = NULL;

    assert_int_equal(rh_csv_open("a.csv", bytes, length, columns, COLUMNS, &csv, NULL), 0);
    return csv;
}

static struct rh_csv *open_text(const char *text)
{
    return open_bytes(text, strlen(text));
}

static void assert_row(struct rh_csv *csv, const char *name, int64_t population, const char *note)
{
    int64_t read = -1;

    assert_true(rh_csv_next(csv));
    assert_string_equal(rh_csv_text(csv, NAME, 100), name);
    rh_csv_int(csv, POPULATION, 0, 1000000, &read);
    assert_int_equal(read, population);
    assert_string_equal(rh_csv_lines(csv, NOTE, 100), note);
}

static void assert_end(struct rh_csv *csv)
{
    struct rh_err err = {0};

    assert_false(rh_csv_next(csv));
    if (rh_csv_finish(csv, &err) < 0)
        fail_msg("%s", err.text[RH_DE]);
}

/* Reads all rows of a file and expects exactly these sentences. */
static void assert_refused(const char *text, const char *de)
{
    rh_auto_csv(csv);
    struct rh_err err = {0};
    int64_t population;

    csv = open_text(text);
    while (rh_csv_next(csv)) {
        rh_csv_text(csv, NAME, 100);
        rh_csv_int(csv, POPULATION, 0, 1000000, &population);
        rh_csv_text(csv, NOTE, 10);
    }
    assert_true(rh_csv_finish(csv, &err) < 0);
    assert_string_equal(err.text[RH_DE], de);
    assert_string_not_equal(err.text[RH_EN], "");
    assert_string_not_equal(err.text[RH_EN], de);
}

static void columns_are_found_in_any_order_by_any_name(void **state)
{
    rh_auto_csv(csv);
    (void)state;

    csv = open_text("EINWOHNERZAHL , Jugendamt\n51234,Köln\n");

    assert_true(rh_csv_has(csv, NAME));
    assert_false(rh_csv_has(csv, NOTE));
    assert_row(csv, "Köln", 51234, "");
    assert_int_equal(rh_csv_line(csv), 2);
    assert_end(csv);
    assert_int_equal(rh_csv_rows(csv), 1);
}

static void every_habit_of_excel_reads_the_same(void **state)
{
    static const struct {
        const char *bytes;
        size_t length;
    } files[] = {
#define FILE_OF(text) {text, sizeof(text) - 1}
        FILE_OF("name,population,note\nKöln,100,\"a, b\"\n"),
        FILE_OF("\xEF\xBB\xBFname;population;note\r\nKöln;100;a, b\r\n"),
        FILE_OF("name\tpopulation\tnote\rKöln\t100\ta, b\r"),
        FILE_OF("sep=|\r\nname|population|note\r\nKöln|100|a, b"),
        FILE_OF("\"sep=;\"\nname;population;note\nKöln;100;a, b"),
        FILE_OF("name;population;note\r\nK\xF6ln;100;a, b\r\n"),
        FILE_OF("name;population;note;;\r\n;;;;\r\nKo\xCC\x88ln ;100;a, b;;\r\n\r\n"),
        FILE_OF("\n\nname,population,note\nKöln,100.00,\"a, b\""),
        FILE_OF("name;population;note\r\n\"Köln\";\"100\";\"a, b\"\r\n"),
    };
    (void)state;

    for (size_t i = 0; i < COUNT(files); i++) {
        rh_auto_csv(csv);

        csv = open_bytes(files[i].bytes, files[i].length);

        assert_row(csv, "Köln", 100, "a, b");
        assert_end(csv);
    }
}

static void quotes_keep_line_ends_delimiters_and_quotes(void **state)
{
    rh_auto_csv(csv);
    (void)state;

    csv = open_text("note,name,population\n\"a\r\n\"\"b\"\",c\",\"x\",\"1\"\n,y 12\" z,2");

    assert_row(csv, "x", 1, "a\r\n\"b\",c");
    assert_row(csv, "y 12\" z", 2, "");
    assert_int_equal(rh_csv_line(csv), 4);
    assert_end(csv);
}

static void all_mistakes_come_in_one_go(void **state)
{
    (void)state;
    assert_refused(
        "name,Einwohner,note\n"
        "A,12x,\n"
        ",5,\n"
        "B,1000001,this is far too long\n"
        "C\n"
        "D,1,,extra\n",
        "a.csv, Zeile 2, Spalte 'Einwohner': '12x' ist keine ganze Zahl; erwartet wird z. B. "
        "12345\n"
        "a.csv, Zeile 3, Spalte 'name': das Feld ist leer, hier muss etwas stehen\n"
        "a.csv, Zeile 4, Spalte 'Einwohner': 1000001 liegt nicht zwischen 0 und 1000000\n"
        "a.csv, Zeile 4, Spalte 'note': 'this is far too long': hat 20 Zeichen, erlaubt sind "
        "höchstens 10\n"
        "a.csv, Zeile 5: 1 statt 3 Felder; enthält ein Feld ',', gehört es in Anführungszeichen\n"
        "a.csv, Zeile 6: 4 statt 3 Felder; enthält ein Feld ',', gehört es in Anführungszeichen");
}

static void missing_columns_name_the_nearest_header(void **state)
{
    rh_auto_csv(csv);
    struct rh_err err = {0};
    (void)state;

    csv = open_text("Name des Hauses,populaton,colour\nx,1,red\n");

    assert_false(rh_csv_next(csv));
    assert_int_equal(rh_csv_finish(csv, &err), RH_EINVALID);
    assert_string_equal(err.text[RH_EN],
                        "a.csv, line 1: column 'name' is missing (is it 'Name des Hauses'?)\n"
                        "a.csv, line 1: column 'population' is missing (is it 'populaton'?)");
}

static void unused_columns_are_a_note_not_an_error(void **state)
{
    rh_auto_csv(csv);
    (void)state;

    csv = open_text("name,population,colour,\nx,1,red,\n");

    assert_row(csv, "x", 1, "");
    assert_end(csv);
    assert_int_equal(rh_csv_notes(csv)->total, 1);
    assert_string_equal(rh_csv_notes(csv)->list[0].text[RH_DE],
                        "a.csv, Zeile 1, Spalte 'colour': diese Spalte wird nicht verwendet");
}

static void what_cannot_be_read_on_says_where(void **state)
{
    (void)state;
    assert_refused(
        "name,population\nx,1\n\"y,2\nz,3\n",
        "a.csv, Zeile 3: das Anführungszeichen, das hier ein Feld öffnet, wird nicht mehr "
        "geschlossen");
    assert_refused(
        "name,population\n\"x\n\"y,2\n",
        "a.csv, Zeile 3: nach dem schließenden Anführungszeichen des Feldes, das in Zeile 2 "
        "beginnt, steht 'y'; Anführungszeichen im Feld bitte verdoppeln (\"\")");
    assert_refused("",
                   "a.csv: die Datei ist leer; erwartet wird eine Kopfzeile mit den Spaltennamen");
    assert_refused("\r\n;;\n",
                   "a.csv: die Datei ist leer; erwartet wird eine Kopfzeile mit den Spaltennamen");
    assert_refused(
        "name,Bezeichnung,population\n",
        "a.csv, Zeile 1, Spalte 'Bezeichnung': dieselbe Spalte wie 'name'; bitte eine davon "
        "entfernen");
    assert_refused(
        "name,population\nKöln,1\nNeuß,1\nM\xFCnster,2\n",
        "a.csv, Zeile 4: ein Zeichen ist kein gültiges UTF-8, der Rest der Datei schon; bitte "
        "diese Zeile berichtigen");
}

static void bytes_that_are_no_text_are_refused(void **state)
{
    static const struct {
        const char *bytes;
        size_t length;
        const char *de;
    } files[] = {
        {"name,population\nx\0,1\n", 20,
         "a.csv, Zeile 2: ein NUL-Zeichen; das ist keine CSV-Datei, bitte als »CSV UTF-8« "
         "speichern"},
        {"\xFF\xFEn\0", 4,
         "a.csv: die Datei ist in UTF-16 gespeichert (»Unicode-Text«); bitte als »CSV UTF-8« "
         "speichern"},
        {"name,population\r\n\x81,1\n", 20,
         "a.csv, Zeile 2: ein Zeichen ist weder UTF-8 noch Windows-1252; bitte als »CSV UTF-8« "
         "speichern"},
        {"\xEF\xBB\xBFname\n\xFF", 9,
         "a.csv, Zeile 2: ein Zeichen ist kein gültiges UTF-8, der Rest der Datei schon; bitte "
         "diese Zeile "
         "berichtigen"},
    };
    (void)state;

    for (size_t i = 0; i < COUNT(files); i++) {
        struct rh_err err = {0};
        rh_auto_csv(csv);

        csv = open_bytes(files[i].bytes, files[i].length);

        assert_false(rh_csv_next(csv));
        assert_int_equal(rh_csv_finish(csv, &err), RH_EINVALID);
        assert_string_equal(err.text[RH_DE], files[i].de);
    }
}

static void windows_1252_is_noted(void **state)
{
    rh_auto_csv(csv);
    (void)state;

    csv = open_text("name;population\nM\xFCnster \x96 Mitte;1\n");

    assert_row(csv, "Münster – Mitte", 1, "");
    assert_string_equal(rh_csv_notes(csv)->list[0].text[RH_EN],
                        "a.csv: read as Windows-1252, because it is not UTF-8");
}

static void more_errors_than_fit_are_counted(void **state)
{
    rh_auto_csv(csv);
    rh_auto_str(text, 10000);
    struct rh_err err = {0};
    int64_t population;
    (void)state;

    rh_str_add(&text, "name,population\n");
    for (int i = 0; i < 50; i++)
        rh_str_add(&text, "x,y\n");
    csv = open_text(text.data);
    while (rh_csv_next(csv))
        rh_csv_int(csv, POPULATION, 0, 1, &population);

    assert_int_equal(rh_csv_finish(csv, &err), RH_EINVALID);
    assert_int_equal(rh_csv_errors(csv)->kept, RH_CSV_PROBLEMS_MAX);
    assert_int_equal(rh_csv_errors(csv)->total, 50);
    assert_non_null(strstr(err.text[RH_DE], " weitere Fehler"));
    assert_non_null(strstr(err.text[RH_EN], " more errors"));
}

static void limits_hold(void **state)
{
    rh_auto_str(text, 2000000);
    struct rh_csv *none = NULL;
    struct rh_err err = {0};
    rh_auto_csv(wide);
    rh_auto_csv(large);
    rh_auto_csv(longer);
    (void)state;

    assert_int_equal(rh_csv_open("a.csv", "", RH_CSV_BYTES_MAX + 1u, columns, COLUMNS, &none, &err),
                     RH_ETOOLARGE);
    assert_string_equal(err.text[RH_DE], "a.csv: 16777217 Byte, erlaubt sind höchstens 16 MiB");

    for (int i = 0; i < RH_CSV_COLUMNS_MAX; i++)
        rh_str_add(&text, "c,");
    wide = open_text(text.data);
    assert_int_equal(rh_csv_finish(wide, NULL), RH_ETOOLARGE);

    rh_str_reset(&text);
    rh_str_add(&text, "name,population\n");
    for (int i = 0; i <= RH_CSV_FIELD_MAX; i++)
        rh_str_add_char(&text, 'x');
    large = open_text(text.data);
    assert_false(rh_csv_next(large));
    assert_int_equal(rh_csv_finish(large, NULL), RH_ETOOLARGE);

    rh_str_reset(&text);
    rh_str_add(&text, "name,population\n");
    for (int i = 0; i <= RH_CSV_ROWS_MAX; i++)
        rh_str_add(&text, "x,1\n");
    longer = open_text(text.data);
    while (rh_csv_next(longer))
        continue;
    rh_err_clear(&err);
    assert_int_equal(rh_csv_finish(longer, &err), RH_ETOOLARGE);
    assert_string_equal(err.text[RH_DE], "a.csv, Zeile 100002: mehr als 100000 Zeilen");
}

static void callers_add_their_own_findings(void **state)
{
    rh_auto_csv(csv);
    struct rh_err err = {0};
    (void)state;

    csv = open_text("Jugendamt,population\nx,1\n");
    assert_true(rh_csv_next(csv));
    rh_csv_refuse(csv, NAME, "'%s' ist unbekannt", "'%s' is unknown", "x");
    rh_csv_refuse(csv, RH_CSV_NO_COLUMN, "doppelt", "twice");
    rh_csv_note(csv, NOTE, "Notiz", "a note");

    assert_int_equal(rh_csv_finish(csv, &err), RH_EINVALID);
    assert_string_equal(err.text[RH_DE], "a.csv, Zeile 2, Spalte 'Jugendamt': 'x' ist unbekannt\n"
                                         "a.csv, Zeile 2: doppelt");
    assert_string_equal(rh_csv_notes(csv)->list[0].text[RH_EN],
                        "a.csv, line 2, column 'note': a note");
    assert_int_equal(rh_csv_notes(csv)->list[0].line, 2);
}

static int32_t read_all(const char *text)
{
    rh_auto_csv(csv);
    struct rh_err err = {0};
    int64_t population;
    int32_t rc;

    rc = rh_csv_open("a.csv", text, strlen(text), columns, COLUMNS, &csv, &err);
    if (rc < 0)
        return rc;
    while (rh_csv_next(csv)) {
        rh_csv_text(csv, NAME, 100);
        rh_csv_int(csv, POPULATION, 0, 1000000, &population);
        rh_csv_lines(csv, NOTE, 100);
    }
    return rh_csv_finish(csv, &err);
}

/* Never half read: with the n-th allocation failing, the answer is "no memory" and not an error in
 * the file, for a good file, for one of many mistakes, and for one in Windows-1252. */
static void without_memory_it_says_so(void **state)
{
    static const struct {
        const char *text;
        int32_t rc;
    } files[] = {
        {"name,population,note,colour\nMu\xCC\x88nster,1.0,\"a \"\"b\"\"\",\n", 0},
        {"name,population\n,x\n,y\n1\n", RH_EINVALID},
        {"name;population\nM\xFCnster;5.000\n", 0},
    };
    (void)state;

    for (size_t i = 0; i < COUNT(files); i++) {
        long n;

        for (n = 1; n < 1000; n++) {
            int32_t rc;

            rh_alloc_fail_after(n, 0);
            rc = read_all(files[i].text);
            if (!rh_alloc_fault_struck()) {
                rh_alloc_fail_after(0, 0);
                assert_int_equal(rc, files[i].rc);
                break;
            }
            rh_alloc_fail_after(0, 0);
            assert_int_equal(rc, RH_ENOMEM);
        }
        assert_in_range(n, 4, 999);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_found_in_any_order_by_any_name),
        cmocka_unit_test(every_habit_of_excel_reads_the_same),
        cmocka_unit_test(quotes_keep_line_ends_delimiters_and_quotes),
        cmocka_unit_test(all_mistakes_come_in_one_go),
        cmocka_unit_test(missing_columns_name_the_nearest_header),
        cmocka_unit_test(unused_columns_are_a_note_not_an_error),
        cmocka_unit_test(what_cannot_be_read_on_says_where),
        cmocka_unit_test(bytes_that_are_no_text_are_refused),
        cmocka_unit_test(windows_1252_is_noted),
        cmocka_unit_test(more_errors_than_fit_are_counted),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(callers_add_their_own_findings),
        cmocka_unit_test(without_memory_it_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
