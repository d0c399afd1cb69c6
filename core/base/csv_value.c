/* Cells as text, numbers and words. Dates are in csv_date.c. */
#include "core/base/csv_reader.h"

#include "core/base/number.h"
#include "core/base/text.h"

#include <string.h>

bool csv_cell(struct rh_csv *csv, size_t column, struct csv_view *ret)
{
    const struct csv_cell *cell;
    struct csv_view view = {"", 0};

    if (column >= csv->column_count || csv->cell_count == 0)
        return false;
    if (csv->field_of[column] < csv->cell_count) {
        cell = &csv->cells[csv->field_of[column]];
        view = (struct csv_view){csv->row.data + cell->start, cell->length};
        rh_text_trim(&view.text, &view.length);
    }
    if (view.length > 0) {
        *ret = view;
        return true;
    }
    if (csv->columns[column].presence == RH_CSV_FILLED)
        rh_csv_refuse(csv, column, "das Feld ist leer, hier muss etwas stehen",
                      "the field is empty, something has to stand here");
    return false;
}

const char *csv_value(struct rh_csv *csv, struct csv_view cell)
{
    return csv_quote(csv, cell.text, cell.length, 40);
}

static const char *read_text(struct rh_csv *csv, size_t column, size_t characters, bool lines)
{
    rh_auto_str(normal, RH_CSV_FIELD_MAX * 4u);
    struct rh_err err = {0};
    struct csv_view cell;
    char *copy;
    int32_t rc;

    if (!csv_cell(csv, column, &cell))
        return "";
    rc = rh_text_nfc(cell.text, cell.length, &normal, &err);
    if (rc == 0)
        rc = lines ? rh_text_check_lines(normal.data, normal.length, characters, &err)
                   : rh_text_check_line(normal.data, normal.length, characters, &err);
    if (rc == RH_ENOMEM || normal.failed) {
        csv->stopped = RH_ENOMEM;
        return "";
    }
    if (rc < 0) {
        rh_csv_refuse(csv, column, "'%s': %s%.0s", "'%s': %.0s%s", csv_value(csv, cell),
                      err.text[RH_DE], err.text[RH_EN]);
        return "";
    }
    copy = rh_arena_strndup(&csv->arena, normal.data, normal.length);
    if (!copy)
        csv->stopped = RH_ENOMEM;
    return copy ? copy : "";
}

const char *rh_csv_text(struct rh_csv *csv, size_t column, size_t characters)
{
    return read_text(csv, column, characters, false);
}

const char *rh_csv_lines(struct rh_csv *csv, size_t column, size_t characters)
{
    return read_text(csv, column, characters, true);
}

/*
 * A number taken apart: sign, digits without any grouping, and where a single '.' or ',' stood that
 * may mean either. See csv.h for the rule.
 */
struct number {
    char text[48]; /* "-1234.5": what rh_double_parse() reads */
    size_t length;
    bool ambiguous;   /* the '.' in `text` may have grouped thousands: "1.234" */
    bool groups_here; /* … and in a file like this it usually does */
    bool fraction;    /* there is a '.' in `text`, and not only zeros behind it */
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The bytes of a space that groups thousands: plain, no-break, narrow no-break, thin, or an
 * apostrophe. */
static size_t group_space(const char *text, size_t length)
{
    static const char *const spaces[] = {" ", "'", "\xC2\xA0", "\xE2\x80\xAF", "\xE2\x80\x89"};

    for (size_t i = 0; i < sizeof(spaces) / sizeof(spaces[0]); i++) {
        size_t bytes = strlen(spaces[i]);

        if (length > bytes && memcmp(text, spaces[i], bytes) == 0)
            return bytes;
    }
    return 0;
}

/* Do exactly three digits stand here, with no fourth? */
static bool is_group(const char *text, size_t length)
{
    return length >= 3 && is_digit(text[0]) && is_digit(text[1]) && is_digit(text[2]) &&
           (length == 3 || !is_digit(text[3]));
}

static bool add_char(struct number *number, char c)
{
    if (number->length + 1 >= sizeof(number->text))
        return false;
    number->text[number->length++] = c;
    number->text[number->length] = '\0';
    return true;
}

struct number_shape {
    size_t points, commas; /* how often each sign stands */
    size_t last;           /* index of the last of them */
    size_t first_digits;   /* digits before the first sign or space */
};

static struct number_shape look_at(const char *text, size_t length)
{
    struct number_shape shape = {0};
    bool in_first = true;

    for (size_t i = 0; i < length; i++) {
        shape.points += text[i] == '.';
        shape.commas += text[i] == ',';
        if (text[i] == '.' || text[i] == ',')
            shape.last = i;
        in_first = in_first && is_digit(text[i]);
        shape.first_digits += in_first;
    }
    return shape;
}

/* Which sign is the decimal one, or 0 when there is none. */
static char decimal_sign(const char *text, const struct number_shape *shape)
{
    if (shape->points > 0 && shape->commas > 0)
        return text[shape->last];
    if (shape->points + shape->commas == 1)
        return text[shape->last];
    return 0;
}

static bool read_number(const char *text, size_t length, char delimiter, struct number *ret)
{
    struct number_shape shape;
    bool fraction = false;
    char decimal;

    *ret = (struct number){0};
    if (length > 0 && (text[0] == '-' || text[0] == '+')) {
        if (text[0] == '-')
            (void)add_char(ret, '-'); /* the buffer is empty, it fits */
        text++;
        length--;
    }
    shape = look_at(text, length);
    decimal = decimal_sign(text, &shape);
    if (length == 0 || (!is_digit(text[0]) && text[0] != decimal))
        return false;
    for (size_t i = 0; i < length; i++) {
        size_t space = i > 0 && !fraction ? group_space(text + i, length - i) : 0;

        if (space) {
            if (shape.first_digits > 3 || !is_group(text + i + space, length - i - space))
                return false;
            i += space - 1;
        } else if (text[i] == decimal && !fraction) {
            fraction = true;
            if (i + 1 == length || !add_char(ret, '.'))
                return false;
        } else if (text[i] == '.' || text[i] == ',') {
            if (fraction || shape.first_digits > 3 || !is_group(text + i + 1, length - i - 1))
                return false;
        } else if (!is_digit(text[i]) || !add_char(ret, text[i])) {
            return false;
        } else {
            ret->fraction = ret->fraction || (fraction && text[i] != '0');
        }
    }
    ret->ambiguous = shape.points + shape.commas == 1 && shape.last == shape.first_digits &&
                     shape.last >= 1 && shape.last <= 3 && text[0] != '0' &&
                     length - shape.last - 1 == 3;
    ret->groups_here = ret->ambiguous && decimal == (delimiter == ';' ? '.' : ',');
    return true;
}

static void drop_point(struct number *number)
{
    char *point = strchr(number->text, '.');

    if (point) {
        memmove(point, point + 1, strlen(point));
        number->length--;
    }
}

static void drop_fraction(struct number *number)
{
    char *point = strchr(number->text, '.');

    if (point) {
        *point = '\0';
        number->length = (size_t)(point - number->text);
    }
}

static bool refuse_int(struct rh_csv *csv, size_t column, struct csv_view cell)
{
    rh_csv_refuse(csv, column, "'%s' ist keine ganze Zahl; erwartet wird z. B. 12345",
                  "'%s' is not a whole number; expected is e.g. 12345", csv_value(csv, cell));
    return false;
}

bool rh_csv_int(struct rh_csv *csv, size_t column, int64_t least, int64_t most, int64_t *ret)
{
    struct csv_view cell;
    struct number number;
    int64_t value;

    if (!csv_cell(csv, column, &cell))
        return false;
    if (!read_number(cell.text, cell.length, csv->delimiter, &number))
        return refuse_int(csv, column, cell);
    if (number.ambiguous && !number.groups_here) {
        rh_csv_refuse(csv, column,
                      "'%s' ist nicht eindeutig; als ganze Zahl bitte ohne Punkt und Komma",
                      "'%s' is ambiguous; as a whole number please without point and comma",
                      csv_value(csv, cell));
        return false;
    }
    if (number.groups_here)
        drop_point(&number);
    else if (number.fraction)
        return refuse_int(csv, column, cell);
    else
        drop_fraction(&number);
    if (!rh_int_parse(number.text, number.length, &value))
        return refuse_int(csv, column, cell);
    if (value < least || value > most) {
        rh_csv_refuse(csv, column, "%lld liegt nicht zwischen %lld und %lld",
                      "%lld is not between %lld and %lld", (long long)value, (long long)least,
                      (long long)most);
        return false;
    }
    if (number.groups_here)
        rh_csv_note(csv, column, "'%s' als %lld gelesen", "'%s' read as %lld", csv_value(csv, cell),
                    (long long)value);
    *ret = value;
    return true;
}

static bool in_range(double value, double least, double most)
{
    return value >= least && value <= most;
}

bool rh_csv_double(struct rh_csv *csv, size_t column, double least, double most, double *ret)
{
    char from[RH_NUMBER_MAX], to[RH_NUMBER_MAX];
    double value, grouped;
    struct csv_view cell;
    struct number number;

    if (!csv_cell(csv, column, &cell))
        return false;
    if (!read_number(cell.text, cell.length, csv->delimiter, &number) ||
        !rh_double_parse(number.text, number.length, &value)) {
        rh_csv_refuse(csv, column, "'%s' ist keine Zahl; erwartet wird z. B. 51,25 oder 51.25",
                      "'%s' is not a number; expected is e.g. 51.25 or 51,25",
                      csv_value(csv, cell));
        return false;
    }
    if (number.groups_here) {
        drop_point(&number);
        if (rh_double_parse(number.text, number.length, &grouped) &&
            in_range(grouped, least, most)) {
            if (in_range(value, least, most)) {
                rh_csv_refuse(
                    csv, column,
                    "'%s' ist nicht eindeutig (Tausenderpunkt oder Dezimalzeichen?); bitte "
                    "ohne Tausendertrennung schreiben",
                    "'%s' is ambiguous (thousands or decimal sign?); please write it "
                    "without grouping",
                    csv_value(csv, cell));
                return false;
            }
            value = grouped;
        }
    }
    if (!in_range(value, least, most)) {
        rh_double_format(least, from);
        rh_double_format(most, to);
        rh_csv_refuse(csv, column, "'%s' liegt nicht zwischen %s und %s",
                      "'%s' is not between %s and %s", csv_value(csv, cell), from, to);
        return false;
    }
    *ret = value;
    return true;
}

bool rh_csv_bool(struct rh_csv *csv, size_t column, bool *ret)
{
    static const struct {
        const char *words;
        bool value;
    } table[] = {
        {"ja|yes|true|wahr|j|y|1|x|✓", true},
        {"nein|no|false|falsch|n|0|✗", false},
    };
    struct csv_view cell;

    if (!csv_cell(csv, column, &cell))
        return false;
    for (size_t i = 0; i < 2; i++) {
        if (csv_named(cell.text, cell.length, NULL, table[i].words)) {
            *ret = table[i].value;
            return true;
        }
    }
    rh_csv_refuse(csv, column, "'%s' ist weder ja noch nein", "'%s' is neither yes nor no",
                  csv_value(csv, cell));
    return false;
}

bool rh_csv_ags(struct rh_csv *csv, size_t column, char ret[9])
{
    char digits[9];
    size_t count = 0;
    struct csv_view cell;
    bool padded;

    if (!csv_cell(csv, column, &cell))
        return false;
    for (size_t i = 0; i < cell.length; i++) {
        if (cell.text[i] == ' ')
            continue;
        if (!is_digit(cell.text[i]) || count == 8) {
            count = 0;
            break;
        }
        digits[count++] = cell.text[i];
    }
    padded = count == 4 || count == 7;
    if (padded) {
        memmove(digits + 1, digits, count++);
        digits[0] = '0';
    }
    digits[count] = '\0';
    if ((count != 5 && count != 8) || strncmp(digits, "01", 2) < 0 ||
        strncmp(digits, "16", 2) > 0) {
        rh_csv_refuse(csv, column,
                      "'%s' ist kein amtlicher Schlüssel; erwartet werden 5 Ziffern (Kreis) oder 8 "
                      "(Gemeinde), z. B. 05111000",
                      "'%s' is not an official key; expected are 5 digits (district) or 8 "
                      "(municipality), e.g. 05111000",
                      csv_value(csv, cell));
        return false;
    }
    if (padded)
        rh_csv_note(csv, column, "führende Null ergänzt: %s", "leading zero added: %s", digits);
    memcpy(ret, digits, count + 1);
    return true;
}

static void refuse_word(struct rh_csv *csv, size_t column, struct csv_view cell,
                        const struct rh_csv_word *words, size_t count)
{
    const char *value = csv_value(csv, cell);
    rh_auto_str(list, 300);
    int near = -1;
    const char *names[64];

    for (size_t i = 0; i < count && i < 64; i++) {
        names[i] = words[i].name;
        rh_str_printf(&list, "%s%s", i ? ", " : "", words[i].name);
    }
    near = rh_text_nearest(value, names, count < 64 ? count : 64);
    if (near >= 0)
        rh_csv_refuse(csv, column, "'%s' ist unbekannt (gemeint: '%s'?); möglich sind: %s",
                      "'%s' is unknown (did you mean '%s'?); possible are: %s", value, names[near],
                      list.data);
    else
        rh_csv_refuse(csv, column, "'%s' ist unbekannt; möglich sind: %s",
                      "'%s' is unknown; possible are: %s", value, list.data);
}

bool rh_csv_choice(struct rh_csv *csv, size_t column, const struct rh_csv_word *words, size_t count,
                   size_t *ret)
{
    struct csv_view cell;

    if (!csv_cell(csv, column, &cell))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (csv_named(cell.text, cell.length, words[i].name, words[i].aliases)) {
            *ret = i;
            return true;
        }
    }
    refuse_word(csv, column, cell, words, count);
    return false;
}
