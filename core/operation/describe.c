/* Help: all nouns, one noun, one operation. */
#include "core/operation/describe_internal.h"

#include "core/base/text.h"

#include <stdio.h>
#include <string.h>

#define WIDTH 80
#define RIGHT 34 /* where explanations begin */

static void put_row(struct rh_str *out, const char *left, const char *right)
{
    size_t column = 2;

    rh_str_add(out, "  ");
    for (const char *c = left; *c; c++)
        rh_str_add_char(out, *c == RH_NO_BREAK ? ' ' : *c);
    column += strlen(left); /* names of operations and options are ASCII */
    if (column + 2 > RIGHT)
        rh_str_printf(out, "\n%*s", RIGHT, "");
    else
        rh_str_printf(out, "%*s", (int)(RIGHT - column), "");
    rh_put_wrapped(out, right, RIGHT, RIGHT, WIDTH);
}

static void put_params(struct rh_str *out, const struct rh_param *params, int32_t count,
                       enum rh_lang lang)
{
    for (int32_t i = 0; i < count; i++) {
        rh_auto_str(left, 4096);
        rh_auto_str(right, 8192);

        rh_put_option(&left, &params[i], lang);
        rh_put_param_help(&right, &params[i], lang);
        out->failed |= left.failed || right.failed;
        put_row(out, left.data, right.data);
    }
}

static void put_common(struct rh_str *out, enum rh_lang lang)
{
    rh_str_add(out, lang == RH_DE ? "\nFür jeden Befehl:\n" : "\nFor every command:\n");
    put_params(out, rh_common_options, rh_common_option_count, lang);
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
    put_common(out, lang);
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

void rh_describe_usage(const struct rh_operation_entry *op, enum rh_lang lang, struct rh_str *out)
{
    rh_auto_str(usage, 16384);

    rh_put_usage(&usage, op, lang);
    out->failed |= usage.failed;
    rh_str_add(out, lang == RH_DE ? "Aufruf: " : "Usage: ");
    rh_put_wrapped(out, usage.data, 8, 8, WIDTH);
}

void rh_describe_operation(const struct rh_operation_entry *op, enum rh_lang lang,
                           struct rh_str *out)
{
    const char *detail = rh_in_lang(op->op.detail, lang);

    rh_str_printf(out, "reihum %s - ", op->op.name);
    rh_put_wrapped(out, rh_in_lang(op->op.help, lang),
                   rh_text_width(op->op.name, strlen(op->op.name)) + 10, 4, WIDTH);
    rh_str_add_char(out, '\n');
    rh_describe_usage(op, lang, out);
    if (*detail) {
        rh_str_add_char(out, '\n');
        rh_put_wrapped(out, detail, 0, 0, WIDTH);
    }
    if (op->param_count > 0)
        rh_str_add(out, lang == RH_DE ? "\nOptionen:\n" : "\nOptions:\n");
    put_params(out, op->params, op->param_count, lang);
    put_common(out, lang);
}
