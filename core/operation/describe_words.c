/* What the describing files share: words about parameters, nouns and verbs. */
#include "core/operation/describe_internal.h"

#include "core/base/text.h"

#include <string.h>

/* clang-format off */
const struct rh_param rh_common_options[] = {
    {"json", RH_TYPE_FLAG, .help = {"Antwort als JSON", "answer as JSON"}},
    {"csv", RH_TYPE_CHOICE, .choices = "rfc4180|excel",
     .help = {"Tabelle als CSV; --csv=excel für ein deutsches Excel", "table as CSV; --csv=excel for a German Excel"}},
    {"output", RH_TYPE_TEXT, .help = {"in diese Datei schreiben statt auf den Bildschirm", "write to this file, not to the screen"}},
    {"lang", RH_TYPE_CHOICE, .choices = "de|en", .help = {"Sprache; sonst nach LANG", "language; else by LANG"}},
    {"db", RH_TYPE_TEXT, .help = {"Datenbankdatei; sonst nach der Konfiguration", "database file; else by the configuration"}},
    {"config", RH_TYPE_TEXT, .help = {"Konfigurationsdatei", "configuration file"}},
    {"as-of", RH_TYPE_DAY, .help = {"so rechnen, als wäre dieser Tag heute", "as if this day were today"}},
    {"quiet", RH_TYPE_FLAG, .help = {"nur Fehler ausgeben", "print errors only"}},
    {"help", RH_TYPE_FLAG, .help = {"diese Hilfe", "this help"}},
};
/* clang-format on */
const int32_t rh_common_option_count =
    (int32_t)(sizeof(rh_common_options) / sizeof(rh_common_options[0]));

bool rh_option_value_is_attached(const struct rh_param *param)
{
    return param >= rh_common_options && param < rh_common_options + rh_common_option_count &&
           strcmp(param->name, "csv") == 0;
}

const char *rh_in_lang(struct rh_text text, enum rh_lang lang)
{
    const char *words = lang == RH_DE ? text.de : text.en;
    return words ? words : "";
}

const char *rh_param_value_word(const struct rh_param *param, enum rh_lang lang)
{
    switch (param->type) {
    case RH_TYPE_FLAG:
        return "";
    case RH_TYPE_INT:
    case RH_TYPE_REAL:
        return lang == RH_DE ? "ZAHL" : "NUMBER";
    case RH_TYPE_DAY:
        return lang == RH_DE ? "JJJJ-MM-TT" : "YYYY-MM-DD";
    case RH_TYPE_MONTH:
        return lang == RH_DE ? "JJJJ-MM" : "YYYY-MM";
    case RH_TYPE_FILE:
        return lang == RH_DE ? "DATEI" : "FILE";
    case RH_TYPE_CHOICE:
        return param->choices;
    default:
        return "TEXT";
    }
}

void rh_put_option(struct rh_str *out, const struct rh_param *param, enum rh_lang lang)
{
    rh_str_printf(out, "--%s", param->name);
    if (rh_option_value_is_attached(param))
        rh_str_printf(out, "[=%s]", rh_param_value_word(param, lang));
    else if (param->type != RH_TYPE_FLAG)
        rh_str_printf(out, "%c%s", RH_NO_BREAK, rh_param_value_word(param, lang));
}

/* What stands in the usage for a parameter that needs no --name: DATEI, or its own name. */
static void put_place(struct rh_str *out, const struct rh_param *param, enum rh_lang lang)
{
    if (param->type == RH_TYPE_FILE) {
        rh_str_add(out, rh_param_value_word(param, lang));
        return;
    }
    for (const char *c = param->name; *c; c++)
        rh_str_add_char(out, *c >= 'a' && *c <= 'z' ? (char)(*c - 'a' + 'A') : *c);
}

void rh_put_usage(struct rh_str *out, const struct rh_operation_entry *op, enum rh_lang lang)
{
    rh_str_printf(out, "reihum %s", op->op.name);
    for (int pass = 0; pass < 2; pass++) /* what has its place first */
        for (int32_t i = 0; i < op->param_count; i++) {
            const struct rh_param *param = &op->params[i];
            bool required = param->flags & RH_PARAM_REQUIRED,
                 placed = param->flags & RH_PARAM_POSITIONAL;

            if (placed != (pass == 0))
                continue;
            rh_str_add(out, required ? " " : " [");
            if (placed)
                put_place(out, param, lang);
            else
                rh_put_option(out, param, lang);
            rh_str_add(out, required ? "" : "]");
        }
}

void rh_put_param_help(struct rh_str *out, const struct rh_param *param, enum rh_lang lang)
{
    bool range = param->min != 0 || param->max != 0, open_end = param->max == INT64_MAX;

    rh_str_add(out, rh_in_lang(param->help, lang));
    if (!param->fallback && (!range || open_end))
        return;
    rh_str_add(out, " (");
    if (range && !open_end)
        rh_str_printf(out, lang == RH_DE ? "%lld bis %lld" : "%lld to %lld", (long long)param->min,
                      (long long)param->max);
    if (param->fallback)
        rh_str_printf(out, "%s%s%s", range && !open_end ? ", " : "",
                      lang == RH_DE ? "sonst " : "else ", param->fallback);
    rh_str_add(out, ")");
}

/* Columns of a word; the blanks inside it count, although they are written as control characters.
 */
static size_t width_of(const char *word, size_t length)
{
    size_t columns = rh_text_width(word, length);

    for (size_t i = 0; i < length; i++)
        columns += word[i] == RH_NO_BREAK;
    return columns;
}

void rh_put_wrapped(struct rh_str *out, const char *text, size_t column, size_t indent,
                    size_t width)
{
    bool first = true;

    while (*text) {
        size_t length = strcspn(text, " \n"), columns = width_of(text, length);

        if (!first && column + 1 + columns > width) {
            rh_str_printf(out, "\n%*s", (int)indent, "");
            column = indent;
        } else if (!first && length > 0) {
            rh_str_add_char(out, ' ');
            column++;
        }
        for (size_t i = 0; i < length; i++)
            rh_str_add_char(out, text[i] == RH_NO_BREAK ? ' ' : text[i]);
        column += columns;
        text += length;
        first = first && length == 0;
        for (; *text == '\n'; text++) { /* an empty line parts paragraphs */
            rh_str_printf(out, "\n%*s", text[1] == '\n' ? 0 : (int)indent, "");
            column = indent;
            first = true;
        }
        text += *text == ' ';
    }
    rh_str_add_char(out, '\n');
}
