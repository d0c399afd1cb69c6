#include "core/base/csv_write.h"

#include "core/base/number.h"
#include "core/base/text.h"

#include <string.h>

void rh_csv_out_init(struct rh_csv_out *csv, struct rh_str *out, enum rh_csv_dialect dialect)
{
    *csv = (struct rh_csv_out){.out = out, .dialect = dialect};
    if (dialect == RH_CSV_EXCEL)
        rh_str_add(out, "\xEF\xBB\xBF");
}

static void begin_field(struct rh_csv_out *csv)
{
    if (csv->fields++ > 0)
        rh_str_add_char(csv->out, csv->dialect == RH_CSV_EXCEL ? ';' : ',');
}

/* Apostrophes in front count as well, so that taking one away gives back exactly what was there. */
static bool looks_like_formula(const char *text, size_t length)
{
    size_t i = 0;

    while (i < length && text[i] == '\'')
        i++;
    return i < length && text[i] && strchr("=+-@\t\r\n", text[i]);
}

static bool needs_quotes(const char *text, size_t length)
{
    if (length == 0)
        return false;
    if (text[0] == ' ' || text[length - 1] == ' ')
        return true;
    for (size_t i = 0; i < length; i++)
        if (text[i] && strchr("\",;\t\r\n", text[i]))
            return true;
    return false;
}

/* Whole UTF-8 as it is, quotes doubled where they have to be, anything else as U+FFFD. */
static void add_escaped(struct rh_str *out, const char *text, size_t length, bool quoted)
{
    size_t i = 0;

    while (i < length) {
        size_t span = rh_text_valid_span(text + i, length - i);
        size_t end = i + span;

        while (i < end) {
            size_t start = i;

            while (i < end && text[i] && !(quoted && text[i] == '"'))
                i++;
            rh_str_add_n(out, text + start, i - start);
            if (i < end)
                rh_str_add(out, text[i++] ? "\"\"" : "\xEF\xBF\xBD");
        }
        if (i < length) {
            rh_str_add(out, "\xEF\xBF\xBD");
            i++;
        }
    }
}

void rh_csv_put_text_n(struct rh_csv_out *csv, const char *text, size_t length)
{
    bool quoted = needs_quotes(text, length);

    begin_field(csv);
    if (quoted)
        rh_str_add_char(csv->out, '"');
    if (looks_like_formula(text, length))
        rh_str_add_char(csv->out, '\'');
    add_escaped(csv->out, text, length, quoted);
    if (quoted)
        rh_str_add_char(csv->out, '"');
}

void rh_csv_put_text(struct rh_csv_out *csv, const char *text)
{
    rh_csv_put_text_n(csv, text ? text : "", text ? strlen(text) : 0);
}

void rh_csv_put_int(struct rh_csv_out *csv, int64_t value)
{
    char digits[RH_NUMBER_MAX];

    begin_field(csv);
    rh_str_add_n(csv->out, digits, rh_int_format(value, digits));
}

void rh_csv_put_double(struct rh_csv_out *csv, double value)
{
    char digits[RH_NUMBER_MAX], *point;
    size_t length = rh_double_format(value, digits);

    begin_field(csv);
    point = strchr(digits, '.');
    if (point && csv->dialect == RH_CSV_EXCEL)
        *point = ',';
    rh_str_add_n(csv->out, digits, length);
}

void rh_csv_put_empty(struct rh_csv_out *csv)
{
    begin_field(csv);
}

void rh_csv_end_row(struct rh_csv_out *csv)
{
    rh_str_add(csv->out, "\r\n");
    csv->fields = 0;
}
