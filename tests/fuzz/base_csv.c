/* Any bytes as a file: read to the end or refused with sentences in both languages; and what was
 * read, written again in either dialect, reads the same. */
#include "core/base/csv.h"
#include "core/base/csv_write.h"
#include "core/base/text.h"

#include <stdlib.h>
#include <string.h>

enum { A, B, C, COLUMNS };

static const struct rh_csv_field columns[COLUMNS] = {
    [A] = {"a", "name|Bezeichnung", RH_CSV_REQUIRED},
    [B] = {"b", "population|Einwohner", RH_CSV_OPTIONAL},
    [C] = {"c", NULL, RH_CSV_OPTIONAL},
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool condition)
{
    if (!condition)
        abort();
}

static void read_values(struct rh_csv *csv)
{
    static const struct rh_csv_word words[] = {{"city", "Stadt"}, {"district", "Kreis"}};
    struct rh_csv_date date;
    char key[9] = "";
    int64_t whole = 0;
    double number = 0;
    size_t choice = 0;
    bool flag;

    if (rh_csv_int(csv, B, -1000, 1000000, &whole))
        must(whole >= -1000 && whole <= 1000000);
    if (rh_csv_double(csv, B, -1000, 1000000, &number))
        must(number >= -1000 && number <= 1000000);
    if (rh_csv_date(csv, C, &date) || rh_csv_month(csv, C, &date))
        must(date.year >= 1900 && date.month >= 1 && date.month <= 12 && date.day >= 1);
    if (rh_csv_ags(csv, B, key))
        must(strlen(key) == 5 || strlen(key) == 8);
    if (rh_csv_choice(csv, C, words, 2, &choice))
        must(choice < 2);
    rh_csv_bool(csv, C, &flag);
}

static void check_problems(const struct rh_csv_problems *problems)
{
    must(problems->kept <= problems->total);
    for (size_t i = 0; i < problems->kept; i++)
        for (int lang = 0; lang < 2; lang++)
            must(rh_text_valid(problems->list[i].text[lang], strlen(problems->list[i].text[lang])));
}

/* Writes the texts of column a and reads them back. */
static void check_round_trip(struct rh_csv *csv, enum rh_csv_dialect dialect)
{
    rh_auto_str(text, 1024 * 1024);
    rh_auto_csv(again);
    struct rh_csv_out out;
    const char *kept[64];
    size_t count = 0;

    while (count < 64 && rh_csv_next(csv)) {
        kept[count] = rh_csv_lines(csv, A, 1000);
        count += kept[count][0] != '\0'; /* a row of nothing is passed over */
        read_values(csv);
    }
    rh_csv_out_init(&out, &text, dialect);
    rh_csv_put_text(&out, "name");
    rh_csv_end_row(&out);
    for (size_t i = 0; i < count; i++) {
        rh_csv_put_text(&out, kept[i]);
        rh_csv_end_row(&out);
    }
    must(rh_csv_open("again", text.data, text.length, columns, COLUMNS, &again, NULL) == 0);
    for (size_t i = 0; i < count; i++) {
        must(rh_csv_next(again));
        must(strcmp(rh_csv_lines(again, A, 1000), kept[i]) == 0);
    }
    must(!rh_csv_next(again) && rh_csv_finish(again, NULL) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rh_err err = {0};
    rh_auto_csv(csv);

    if (size > 65536 || rh_csv_open("input", data, size, columns, COLUMNS, &csv, &err) < 0)
        return 0;
    check_round_trip(csv, size % 2 ? RH_CSV_EXCEL : RH_CSV_RFC4180);
    while (rh_csv_next(csv))
        read_values(csv);
    if (rh_csv_finish(csv, &err) < 0) {
        must(rh_csv_errors(csv)->total > 0);
        must(err.text[RH_DE][0] && rh_text_valid(err.text[RH_DE], strlen(err.text[RH_DE])));
        must(err.text[RH_EN][0]);
    }
    check_problems(rh_csv_errors(csv));
    check_problems(rh_csv_notes(csv));
    return 0;
}
