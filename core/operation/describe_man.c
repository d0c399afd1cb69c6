/* The man page reihum(1), as roff. */
#include "core/operation/describe_internal.h"

#include <string.h>

/* A backslash and a leading dot or quote mean something to roff; a hyphen must stay one when it is
 * copied; an empty line parts paragraphs. */
static void put_roff(struct rh_str *out, const char *text)
{
    for (const char *c = text; *c; c++) {
        bool starts = c == text || c[-1] == '\n';

        if (starts && (*c == '.' || *c == '\''))
            rh_str_add(out, "\\&");
        if (*c == '\\')
            rh_str_add(out, "\\e");
        else if (*c == '-')
            rh_str_add(out, "\\-");
        else if (*c == RH_NO_BREAK)
            rh_str_add(out, "\\ ");
        else if (*c == '\n' && starts && c != text)
            rh_str_add(out, ".PP\n");
        else
            rh_str_add_char(out, *c);
    }
}

static void put_section(struct rh_str *out, const char *title)
{
    rh_str_printf(out, ".SH %s\n", title);
}

static void put_option(struct rh_str *out, const struct rh_param *param, enum rh_lang lang)
{
    rh_auto_str(words, 8192);

    rh_str_add(out, ".TP\n\\fB\\-\\-");
    put_roff(out, param->name);
    rh_str_add(out, "\\fR");
    if (param->type != RH_TYPE_FLAG) {
        bool attached = rh_option_value_is_attached(param);

        rh_str_add(out, attached ? "[=\\fI" : " \\fI");
        put_roff(out, rh_param_value_word(param, lang));
        rh_str_add(out, attached ? "\\fR]" : "\\fR");
    }
    rh_str_add_char(out, '\n');
    rh_put_param_help(&words, param, lang);
    out->failed |= words.failed;
    put_roff(out, words.data);
    rh_str_add_char(out, '\n');
}

static void put_operation(struct rh_str *out, const struct rh_operation_entry *op,
                          enum rh_lang lang)
{
    rh_auto_str(usage, 16384);

    rh_str_add(out, ".SS ");
    put_roff(out, op->op.name);
    rh_str_add(out, "\n.B ");
    rh_put_usage(&usage, op, lang);
    out->failed |= usage.failed;
    put_roff(out, usage.data);
    rh_str_add(out, "\n.PP\n");
    put_roff(out, rh_in_lang(op->op.help, lang));
    rh_str_add(out, ".\n");
    if (*rh_in_lang(op->op.detail, lang)) {
        rh_str_add(out, ".PP\n");
        put_roff(out, rh_in_lang(op->op.detail, lang));
        rh_str_add_char(out, '\n');
    }
    for (int32_t i = 0; i < op->param_count; i++)
        put_option(out, &op->params[i], lang);
}

static void put_exit_codes(struct rh_str *out, enum rh_lang lang)
{
    static const struct rh_text codes[] = {
        {"gelungen", "done"},
        {"misslungen", "failed"},
        {"falscher Aufruf", "wrong usage"},
        {"nicht gefunden", "not found"},
        {"ungültige Eingabe", "invalid input"},
        {"Widerspruch oder veraltet", "conflict or stale"},
        {"nicht erlaubt", "not allowed"},
        {"wer die Datei hat, antwortet nicht", "the owner of the file does not answer"},
        {"teilweise ausgeführt", "partly done"},
    };

    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
        rh_str_printf(out, ".TP\n.B %zu\n%s\n", i, rh_in_lang(codes[i], lang));
}

void rh_describe_man(const struct rh_registry *registry, enum rh_lang lang, struct rh_str *out)
{
    rh_str_add(out, ".TH REIHUM 1 \"\" \"reihum " RH_VERSION "\"\n");
    put_section(out, "NAME");
    rh_str_add(out, lang == RH_DE ? "reihum \\- plant Turnusse, Verfahren und Termine\n"
                                  : "reihum \\- plans rounds, procedures and appointments\n");
    put_section(out, lang == RH_DE ? "AUFRUF" : "SYNOPSIS");
    rh_str_add(out, lang == RH_DE ? ".B reihum\n.I NOMEN VERB\n[\\fIOPTIONEN\\fR]\n"
                                  : ".B reihum\n.I NOUN VERB\n[\\fIOPTIONS\\fR]\n");
    put_section(out, lang == RH_DE ? "BEFEHLE" : "COMMANDS");
    for (size_t i = 0; i < rh_registry_count(registry); i++)
        put_operation(out, rh_registry_at(registry, i), lang);
    put_section(out, lang == RH_DE ? "FÜR JEDEN BEFEHL" : "FOR EVERY COMMAND");
    for (int32_t i = 0; i < rh_common_option_count; i++)
        put_option(out, &rh_common_options[i], lang);
    put_section(out, lang == RH_DE ? "RÜCKGABEWERTE" : "EXIT STATUS");
    put_exit_codes(out, lang);
}
