#include "core/config/example.h"

#include "core/base/text.h"

#include <string.h>

#define LINE_WIDTH 100

static bool is_bare(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (strchr(" \t\r\n{}=,#\"", text[i]))
            return false;
    return length > 0;
}

static void write_scalar(const char *text, size_t length, struct rh_str *out)
{
    if (is_bare(text, length)) {
        rh_str_add_n(out, text, length);
        return;
    }
    rh_str_add_char(out, '"');
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '"' || text[i] == '\\')
            rh_str_add_char(out, '\\');
        rh_str_add_char(out, text[i]);
    }
    rh_str_add_char(out, '"');
}

void rh_config_write_value(const struct rh_config_key *key, const char *text, const char *indent,
                           struct rh_str *out)
{
    if (key->type != RH_TYPE_LIST) {
        write_scalar(text, strlen(text), out);
        return;
    }
    rh_str_add(out, *text ? "{\n" : "{");
    while (*text) {
        const char *end = strchrnul(text, '\n');

        rh_str_printf(out, "%s    ", indent);
        write_scalar(text, (size_t)(end - text), out);
        rh_str_add(out, ",\n");
        text = *end ? end + 1 : end;
        if (!*text)
            rh_str_add(out, indent);
    }
    rh_str_add(out, "}");
}

/* Text as comment lines of at most LINE_WIDTH columns, broken at spaces. */
static void write_comment(const char *indent, const char *text, struct rh_str *out)
{
    size_t room = LINE_WIDTH - strlen(indent) - 2;

    while (*text) {
        size_t length = strlen(text);
        size_t cut = rh_text_cut_width(text, length, room);

        if (cut < length)
            for (size_t i = cut; i > 0; i--)
                if (text[i] == ' ') {
                    cut = i;
                    break;
                }
        if (cut == 0)
            cut = length;
        rh_str_printf(out, "%s# %.*s\n", indent, (int)cut, text);
        text += cut;
        while (*text == ' ')
            text++;
    }
}

static void add_choices(const char *choices, enum rh_lang lang, struct rh_str *out)
{
    rh_str_add(out, lang == RH_DE ? "eines von: " : "one of: ");
    for (const char *c = choices; *c; c++) {
        if (*c == '|')
            rh_str_add(out, ", ");
        else
            rh_str_add_char(out, *c);
    }
}

static void add_range(const struct rh_config_key *key, enum rh_lang lang, const char *unit,
                      struct rh_str *out)
{
    if (key->min != 0 || key->max != 0)
        rh_str_printf(out, lang == RH_DE ? ", %lld bis %lld%s" : ", %lld to %lld%s",
                      (long long)key->min, (long long)key->max, unit);
}

/* "(ganze Zahl, 1 bis 16)" */
static void describe_type(const struct rh_config_key *key, enum rh_lang lang, struct rh_str *out)
{
    bool de = lang == RH_DE;

    rh_str_add(out, " (");
    switch (key->type) {
    case RH_TYPE_INT:
        rh_str_add(out, de ? "ganze Zahl" : "whole number");
        add_range(key, lang, "", out);
        break;
    case RH_TYPE_REAL:
        rh_str_add(out, de ? "Zahl" : "number");
        add_range(key, lang, "", out);
        break;
    case RH_TYPE_FLAG:
        rh_str_add(out, de ? "ja oder nein" : "yes or no");
        break;
    case RH_TYPE_CHOICE:
        add_choices(key->choices, lang, out);
        break;
    case RH_TYPE_LIST:
        rh_str_add(out, de ? "Liste" : "list");
        add_range(key, lang, de ? " Einträge" : " elements", out);
        break;
    case RH_TYPE_DURATION:
        rh_str_add(out, de ? "Dauer wie 90s, 5m, 2h, 7d" : "duration like 90s, 5m, 2h, 7d");
        add_range(key, lang, de ? " Sekunden" : " seconds", out);
        break;
    default:
        rh_str_add(out, "Text");
        add_range(key, lang, de ? " Zeichen" : " characters", out);
        break;
    }
    if (key->flags & RH_CONFIG_SECRET)
        rh_str_add(out, de ? "; geheim: die Datei darf nicht für alle lesbar sein"
                           : "; secret: the file must not be readable by everybody");
    rh_str_add(out, ")");
}

static void write_key(const struct rh_config_key *key, enum rh_lang lang, struct rh_str *out)
{
    static const char indent[] = "    ";
    rh_auto_str(comment, 16 * 1024);

    rh_str_add(&comment, lang == RH_DE ? key->help.de : key->help.en);
    describe_type(key, lang, &comment);
    write_comment(indent, comment.data, out);
    rh_str_printf(out, "%s# %s = ", indent, key->name);
    if (key->fallback)
        rh_config_write_value(key, key->fallback, "    # ", out);
    else if (key->flags & RH_CONFIG_REQUIRED)
        rh_str_add(out, lang == RH_DE ? "…    # nötig" : "…    # required");
    else
        rh_str_add(out, lang == RH_DE ? "…    # sonst nicht gesetzt" : "…    # otherwise not set");
    rh_str_add(out, "\n");
    if (comment.failed)
        out->failed = true;
}

static void write_enabled(enum rh_lang lang, struct rh_str *out)
{
    write_comment("    ",
                  lang == RH_DE ? "nein schaltet das Plugin ab; seine Daten bleiben (ja oder nein)"
                                : "no turns the plugin off; its data stays (yes or no)",
                  out);
    rh_str_add(out, lang == RH_DE ? "    # enabled = ja\n" : "    # enabled = yes\n");
}

void rh_config_example(const struct rh_config_table *tables, size_t count, enum rh_lang lang,
                       struct rh_str *out)
{
    write_comment(
        "",
        lang == RH_DE
            ? "Einstellungen von reihum. Alles hier ist auskommentiert und zeigt, was ohnehin "
              "gilt; "
              "wer etwas ändern will, nimmt das '# ' vor dem Schlüssel weg. Prüfen: "
              "reihum config check. Neu erzeugen: reihum config example"
            : "Settings of reihum. Everything here is commented out and shows what holds anyway; "
              "to change something, take the '# ' in front of its key away. To check: "
              "reihum config check. To make anew: reihum config example",
        out);
    for (size_t t = 0; t < count; t++) {
        const struct rh_config_table *table = &tables[t];

        rh_str_add(out, "\n");
        write_comment("", lang == RH_DE ? table->title.de : table->title.en, out);
        rh_str_printf(out, table->kind == RH_CONFIG_PLUGIN ? "plugin %s {\n" : "%s {\n",
                      table->name);
        if (table->kind == RH_CONFIG_PLUGIN)
            write_enabled(lang, out);
        for (size_t k = 0; k < table->count; k++) {
            if (k > 0 || table->kind == RH_CONFIG_PLUGIN)
                rh_str_add(out, "\n");
            write_key(&table->keys[k], lang, out);
        }
        rh_str_add(out, "}\n");
    }
}
