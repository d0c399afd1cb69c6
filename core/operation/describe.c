/* Help: all nouns, one noun, one operation. */
#include "core/operation/describe_internal.h"

#include "core/base/text.h"

#include <stdio.h>
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

size_t rh_noun_length(const char *operation)
{
    const char *space = strrchr(operation, ' ');
    return space ? (size_t)(space - operation) : strlen(operation);
}

static void put_row(struct rh_str *out, const char *left, const char *right)
{
    size_t width = rh_text_width(left, strlen(left));

    rh_str_printf(out, "  %s", left);
    if (width > 30)
        rh_str_printf(out, "\n%*s", 34, "");
    else
        rh_str_printf(out, "%*s", (int)(32 - width), "");
    rh_str_printf(out, "%s\n", right);
}

void rh_describe_overview(const struct rh_registry *registry, enum rh_lang lang, struct rh_str *out)
{
    const char *last = "";

    rh_str_add(out, lang == RH_DE ? "reihum - plant Turnusse, Verfahren und Termine\n\nAufruf: "
                                    "reihum NOMEN VERB [--optionen]\n"
                                  : "reihum - plans rounds, procedures and appointments\n\nUsage: "
                                    "reihum NOUN VERB [--options]\n");
    for (size_t i = 0; i < rh_registry_count(registry); i++) {
        const struct rh_operation_entry *op = rh_registry_at(registry, i);
        size_t first_word = strcspn(op->op.name, " ");

        if (strncmp(last, op->op.name, first_word + 1) != 0)
            rh_str_add_char(out, '\n');
        put_row(out, op->op.name, rh_in_lang(op->op.help, lang));
        last = op->op.name;
    }
    rh_str_add(out, lang == RH_DE ? "\nFür jeden Befehl:\n" : "\nFor every command:\n");
    for (int32_t i = 0; i < rh_common_option_count; i++) {
        char left[128];

        snprintf(left, sizeof(left), "--%s%s%s", rh_common_options[i].name,
                 rh_common_options[i].type == RH_TYPE_FLAG ? "" : " ",
                 rh_param_value_word(&rh_common_options[i], lang));
        put_row(out, left, rh_in_lang(rh_common_options[i].help, lang));
    }
    rh_str_add(out, lang == RH_DE ? "\n'reihum NOMEN VERB --help' erklärt einen Befehl.\n"
                                  : "\n'reihum NOUN VERB --help' explains a command.\n");
}

void rh_describe_noun(const struct rh_registry *registry, const char *noun, enum rh_lang lang,
                      struct rh_str *out)
{
    size_t length = strlen(noun);

    rh_str_printf(out, lang == RH_DE ? "Befehle zu '%s':\n\n" : "Commands of '%s':\n\n", noun);
    for (size_t i = 0; i < rh_registry_count(registry); i++) {
        const struct rh_operation_entry *op = rh_registry_at(registry, i);

        if (strncmp(op->op.name, noun, length) == 0 && op->op.name[length] == ' ')
            put_row(out, op->op.name, rh_in_lang(op->op.help, lang));
    }
}

static void put_usage(const struct rh_operation_entry *op, enum rh_lang lang, struct rh_str *out)
{
    rh_str_printf(out, "%s: reihum %s", lang == RH_DE ? "Aufruf" : "Usage", op->op.name);
    for (int32_t i = 0; i < op->param_count; i++) {
        const struct rh_param *param = &op->params[i];
        bool required = param->flags & RH_PARAM_REQUIRED;

        rh_str_add(out, required ? " " : " [");
        if (!(param->flags & RH_PARAM_POSITIONAL))
            rh_str_printf(out, "--%s%s", param->name, param->type == RH_TYPE_FLAG ? "" : " ");
        rh_str_add(out, rh_param_value_word(param, lang));
        rh_str_add(out, required ? "" : "]");
    }
    rh_str_add_char(out, '\n');
}

static void put_param(const struct rh_param *param, enum rh_lang lang, struct rh_str *out)
{
    char left[256], right[512];

    snprintf(left, sizeof(left), "--%s%s%s", param->name, param->type == RH_TYPE_FLAG ? "" : " ",
             rh_param_value_word(param, lang));
    snprintf(right, sizeof(right), "%s%s%s%s", rh_in_lang(param->help, lang),
             param->fallback ? (lang == RH_DE ? " (sonst " : " (else ") : "",
             param->fallback ? param->fallback : "", param->fallback ? ")" : "");
    put_row(out, left, right);
}

void rh_describe_operation(const struct rh_operation_entry *op, enum rh_lang lang,
                           struct rh_str *out)
{
    const char *detail = rh_in_lang(op->op.detail, lang);

    rh_str_printf(out, "reihum %s - %s\n\n", op->op.name, rh_in_lang(op->op.help, lang));
    put_usage(op, lang, out);
    if (*detail)
        rh_str_printf(out, "\n%s\n", detail);
    if (op->param_count > 0)
        rh_str_add(out, lang == RH_DE ? "\nOptionen:\n" : "\nOptions:\n");
    for (int32_t i = 0; i < op->param_count; i++)
        put_param(&op->params[i], lang, out);
    rh_str_add(out, lang == RH_DE ? "\nFür jeden Befehl:\n" : "\nFor every command:\n");
    for (int32_t i = 0; i < rh_common_option_count; i++)
        put_param(&rh_common_options[i], lang, out);
}
