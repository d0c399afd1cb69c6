/* From bytes to text: byte order mark, UTF-8 or Windows-1252, "sep=", delimiter. */
#include "core/base/csv_reader.h"

#include "core/base/encoding.h"
#include "core/base/text.h"

#include <string.h>

static size_t line_at(const char *text, size_t offset)
{
    size_t line = 1;

    for (size_t i = 0; i < offset; i++)
        line += text[i] == '\n' || (text[i] == '\r' && text[i + 1] != '\n');
    return line;
}

static void stop(struct rh_csv *csv)
{
    csv->stopped = RH_EINVALID;
}

/* A file of UTF-8 with one broken place is not Windows-1252: read so, every umlaut would be two
 * wrong letters. More whole sequences than broken bytes tell them apart. */
static bool is_broken_utf8(const char *text, size_t length)
{
    size_t whole = 0, broken = 0;

    for (size_t i = 0; i < length;) {
        size_t span = rh_text_valid_span(text + i, length - i);

        for (size_t j = i; j < i + span; j++)
            whole += (unsigned char)text[j] >= 0xC0;
        i += span;
        if (i < length) {
            broken++;
            i++;
        }
    }
    return whole > broken;
}

static void decode_windows_1252(struct rh_csv *csv)
{
    const char *open;

    rh_cp1252_decode(csv->text, csv->length, &csv->decoded);
    if (csv->decoded.failed) {
        csv->stopped = RH_ENOMEM;
        return;
    }
    csv->text = csv->decoded.data;
    csv->length = csv->decoded.length;
    open = strstr(csv->text, "\xEF\xBF\xBD");
    if (open) {
        csv_keep(csv, &csv->errors, line_at(csv->text, (size_t)(open - csv->text)), NULL,
                 "ein Zeichen ist weder UTF-8 noch Windows-1252; bitte als »CSV UTF-8« speichern",
                 "a character is neither UTF-8 nor Windows-1252; please save as “CSV UTF-8”");
        stop(csv);
        return;
    }
    csv_keep(csv, &csv->notes, 0, NULL, "als Windows-1252 gelesen, weil es kein UTF-8 ist",
             "read as Windows-1252, because it is not UTF-8");
}

static void find_encoding(struct rh_csv *csv, const char *bytes, size_t length)
{
    bool marked = length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0;
    size_t valid;

    if (length >= 2 && (memcmp(bytes, "\xFF\xFE", 2) == 0 || memcmp(bytes, "\xFE\xFF", 2) == 0)) {
        csv_keep(
            csv, &csv->errors, 0, NULL,
            "die Datei ist in UTF-16 gespeichert (»Unicode-Text«); bitte als »CSV UTF-8« speichern",
            "the file is saved as UTF-16 (“Unicode Text”); please save it as “CSV UTF-8”");
        stop(csv);
        return;
    }
    csv->text = marked ? bytes + 3 : bytes;
    csv->length = marked ? length - 3 : length;
    if (memchr(csv->text, 0, csv->length)) {
        size_t at = (size_t)((const char *)memchr(csv->text, 0, csv->length) - csv->text);

        csv_keep(csv, &csv->errors, line_at(csv->text, at), NULL,
                 "ein NUL-Zeichen; das ist keine CSV-Datei, bitte als »CSV UTF-8« speichern",
                 "a NUL character; this is no CSV file, please save it as “CSV UTF-8”");
        stop(csv);
        return;
    }
    valid = rh_text_valid_span(csv->text, csv->length);
    if (valid == csv->length)
        return;
    if (!marked && !is_broken_utf8(csv->text, csv->length)) {
        decode_windows_1252(csv);
        return;
    }
    csv_keep(csv, &csv->errors, line_at(csv->text, valid), NULL,
             "ein Zeichen ist kein gültiges UTF-8, der Rest der Datei schon; bitte diese Zeile "
             "berichtigen",
             "a character is not valid UTF-8, the rest of the file is; please mend this line");
    stop(csv);
}

static bool is_delimiter(char c)
{
    return c == ';' || c == ',' || c == '\t' || c == '|';
}

/* "sep=;" is Excel's own line, with or without quotes. */
static bool read_sep_line(struct rh_csv *csv)
{
    const char *text = csv->text;
    size_t left = csv->length, i = 0;
    bool quoted = left > 0 && text[0] == '"';

    i += quoted;
    if (left < i + 5 || strncasecmp(text + i, "sep=", 4) != 0 || !is_delimiter(text[i + 4]))
        return false;
    csv->delimiter = text[i + 4];
    i += 5;
    if (quoted && i < left && text[i] == '"')
        i++;
    if (i < left && text[i] != '\r' && text[i] != '\n')
        return false;
    if (i < left && text[i] == '\r')
        i++;
    if (i < left && text[i] == '\n')
        i++;
    csv->at = i;
    csv->line = 2;
    return true;
}

/* The sign that parts most fields of the header. A tie goes to ';', because names have commas. */
static void find_delimiter(struct rh_csv *csv)
{
    size_t semicolons = 0, commas = 0, tabs = 0;
    bool quoted = false, seen = false;

    for (size_t i = csv->at; i < csv->length; i++) {
        char c = csv->text[i];

        if (c == '"')
            quoted = !quoted;
        if (!quoted && seen && (c == '\n' || c == '\r'))
            break;
        seen = seen || (c != '\n' && c != '\r');
        semicolons += !quoted && c == ';';
        commas += !quoted && c == ',';
        tabs += !quoted && c == '\t';
    }
    if (semicolons > 0 && semicolons >= commas && semicolons >= tabs)
        csv->delimiter = ';';
    else
        csv->delimiter = tabs > commas ? '\t' : ',';
}

void csv_decode(struct rh_csv *csv, const char *bytes, size_t length)
{
    csv->line = 1;
    find_encoding(csv, length ? bytes : "", length);
    if (!csv->stopped && !read_sep_line(csv))
        find_delimiter(csv);
}
