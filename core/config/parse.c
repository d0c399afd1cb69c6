/*
 * parse.c - the grammar of the configuration file:
 *
 *     file    = { section }
 *     section = word [ name ] "{" { key } "}"
 *     key     = word "=" ( value | "{" [ value { "," value } [ "," ] ] "}" )
 *     value   = word | '"' characters, \" and \\ '"'
 *     word    = characters but white space and { } = , # "
 *
 * '#' begins a comment to the end of the line. The grammar has no recursion, so the depth of the
 * input cannot hurt. A fault of grammar ends the reading: what follows would only be its echo.
 */
#include "core/base/text.h"
#include "core/config/tree.h"

#include <stdio.h>
#include <string.h>

enum token { T_END, T_WORD, T_STRING, T_OPEN, T_CLOSE, T_EQUALS, T_COMMA, T_BAD };

struct parser {
    struct rh_config *config;
    struct rh_err *err;
    const char *at, *end;
    int32_t line;     /* of `at` */
    enum token token; /* the token that is being looked at, */
    int32_t token_line;
    const char *text; /* … and its text in the arena, when it is a word or a string */
    int32_t rc;       /* what went wrong, once something did */
};

static enum token no_memory(struct parser *p)
{
    p->rc = rh_err_set(p->err, RH_ENOMEM, "%s: kein Speicher, um die Datei zu lesen",
                       "%s: no memory to read the file", p->config->name);
    return T_BAD;
}

static void skip_blanks(struct parser *p)
{
    while (p->at < p->end) {
        if (*p->at == '#') {
            while (p->at < p->end && *p->at != '\n')
                p->at++;
        } else if (*p->at == '\n') {
            p->line++;
            p->at++;
        } else if (*p->at == ' ' || *p->at == '\t' || *p->at == '\r') {
            p->at++;
        } else {
            return;
        }
    }
}

static enum token read_word(struct parser *p)
{
    const char *start = p->at;

    while (p->at < p->end && !strchr(" \t\r\n{}=,#\"", *p->at))
        p->at++;
    p->text = rh_arena_strndup(&p->config->arena, start, (size_t)(p->at - start));
    return p->text ? T_WORD : no_memory(p);
}

static enum token read_string(struct parser *p)
{
    const char *start = ++p->at;
    size_t length = 0;
    char *text;

    while (p->at < p->end && *p->at != '"' && *p->at != '\n')
        p->at += *p->at == '\\' && p->end - p->at > 1 && p->at[1] != '\n' ? 2 : 1;
    if (p->at >= p->end || *p->at != '"') {
        p->rc = rh_config_fault(p->config, p->err, p->line,
                                "dem Text in Anführungszeichen fehlt das Ende (\") in dieser Zeile",
                                "the quoted text does not end (\") in this line");
        return T_BAD;
    }
    text = rh_arena_alloc(&p->config->arena, (size_t)(p->at - start) + 1);
    if (!text)
        return no_memory(p);
    for (const char *c = start; c < p->at; c++) {
        if (*c == '\\' && c[1] != '"' && c[1] != '\\') {
            p->rc = rh_config_fault(p->config, p->err, p->line,
                                    "nach \\ steht in Anführungszeichen nur \" oder \\; "
                                    "ein einzelnes \\ schreibt man \\\\",
                                    "in quotes, only \" or \\ follow a \\; "
                                    "write \\\\ for a single \\");
            return T_BAD;
        }
        if (*c == '\\')
            c++;
        text[length++] = *c;
    }
    p->at++;
    p->text = text;
    return T_STRING;
}

static void advance(struct parser *p)
{
    skip_blanks(p);
    p->token_line = p->line;
    p->text = "";
    if (p->at >= p->end) {
        p->token = T_END;
        return;
    }
    switch (*p->at) {
    case '{':
        p->token = T_OPEN;
        break;
    case '}':
        p->token = T_CLOSE;
        break;
    case '=':
        p->token = T_EQUALS;
        break;
    case ',':
        p->token = T_COMMA;
        break;
    case '"':
        p->token = read_string(p);
        return;
    default:
        p->token = read_word(p);
        return;
    }
    p->at++;
}

/* What the person sees at this place. */
static const char *token_words(const struct parser *p)
{
    switch (p->token) {
    case T_OPEN:
        return "{";
    case T_CLOSE:
        return "}";
    case T_EQUALS:
        return "=";
    case T_COMMA:
        return ",";
    case T_END:
    case T_WORD:
    case T_STRING:
    case T_BAD:
        break;
    }
    return p->text;
}

/* "…, but here is '}'". The two texts say what should have come. */
static int32_t expected(struct parser *p, const char *de, const char *en)
{
    struct rh_err fault = {.code = RH_EINVALID};

    if (p->token == T_BAD)
        return p->rc;
    if (p->token == T_END) {
        snprintf(fault.text[RH_DE], RH_ERR_MAX, "%s; die Datei endet hier", de);
        snprintf(fault.text[RH_EN], RH_ERR_MAX, "%s, but the file ends here", en);
    } else {
        snprintf(fault.text[RH_DE], RH_ERR_MAX, "%s; hier steht '%.60s'", de, token_words(p));
        snprintf(fault.text[RH_EN], RH_ERR_MAX, "%s, but here is '%.60s'", en, token_words(p));
    }
    return p->rc = rh_config_keep_fault(p->config, p->err, p->token_line, &fault);
}

static int32_t add_value(struct parser *p, struct config_item *item, struct config_value ***tail)
{
    struct config_value *value = rh_arena_alloc(&p->config->arena, sizeof(*value));

    if (!value) {
        (void)no_memory(p); /* only its token is of no use here */
        return p->rc;
    }
    value->text = p->text;
    value->line = p->token_line;
    **tail = value;
    *tail = &value->next;
    item->count++;
    advance(p);
    return 0;
}

static int32_t parse_list(struct parser *p, struct config_item *item, struct config_value **tail)
{
    item->is_list = true;
    advance(p);
    while (p->token == T_WORD || p->token == T_STRING) {
        if (add_value(p, item, &tail) < 0)
            return p->rc;
        if (p->token != T_COMMA)
            break;
        advance(p);
    }
    if (p->token != T_CLOSE)
        return expected(p,
                        "in der Liste fehlt ',' oder '}' (Werte mit Leerzeichen stehen in \"…\")",
                        "the list lacks a ',' or '}' (values with spaces stand in \"…\")");
    advance(p);
    return 0;
}

static int32_t parse_item(struct parser *p, struct config_section *section,
                          struct config_item ***tail)
{
    struct config_item *item = rh_arena_alloc(&p->config->arena, sizeof(*item));
    struct config_value **values;

    if (!item) {
        (void)no_memory(p); /* only its token is of no use here */
        return p->rc;
    }
    item->key = p->text;
    item->line = p->token_line;
    for (const struct config_item *other = section->items; other; other = other->next)
        if (strcmp(other->key, item->key) == 0)
            return p->rc = rh_config_fault(
                       p->config, p->err, item->line,
                       "der Schlüssel '%s' steht schon in Zeile %d; einer von beiden muss weg",
                       "key '%s' is already in line %d; one of the two must go", item->key,
                       (int)other->line);
    advance(p);
    if (p->token != T_EQUALS)
        return expected(p, "nach einem Schlüssel kommt '=' (Werte mit Leerzeichen stehen in \"…\")",
                        "a key is followed by '=' (values with spaces stand in \"…\")");
    advance(p);
    **tail = item;
    *tail = &item->next;
    if (p->token == T_OPEN)
        return parse_list(p, item, &item->values);
    if (p->token != T_WORD && p->token != T_STRING)
        return expected(p, "nach '=' kommt ein Wert oder eine Liste { … }",
                        "'=' is followed by a value or a list { … }");
    values = &item->values;
    return add_value(p, item, &values);
}

static int32_t parse_items(struct parser *p, struct config_section *section)
{
    struct config_item **tail = &section->items;

    while (p->token == T_WORD) {
        if (parse_item(p, section, &tail) < 0)
            return p->rc;
        if (p->token == T_COMMA)
            return expected(p, "Listen stehen in { … }, und Zahlen haben einen Dezimalpunkt",
                            "lists stand in { … }, and numbers have a decimal point");
    }
    if (p->token == T_BAD)
        return p->rc;
    if (p->token != T_CLOSE) {
        char de[160], en[160];

        snprintf(de, sizeof(de), "dem Abschnitt '%.64s' aus Zeile %d fehlt ein Schlüssel oder '}'",
                 section->name, (int)section->line);
        snprintf(en, sizeof(en), "section '%.64s' of line %d lacks a key or '}'", section->name,
                 (int)section->line);
        return expected(p, de, en);
    }
    advance(p);
    return 0;
}

/* Is it `plugin NAME {`, or one of the reader's own sections? Sets the kind then. */
static bool takes_name(const struct rh_config *config, struct config_section *section)
{
    if (config->word_count == 0 && strcmp(section->name, "plugin") == 0) {
        section->kind = RH_CONFIG_PLUGIN;
        return true;
    }
    for (size_t i = 0; i < config->word_count; i++)
        if (strcmp(section->name, config->words[i]) == 0) {
            section->kind = (enum rh_config_kind)(RH_CONFIG_OWN + i);
            return true;
        }
    return false;
}

static int32_t name_missing(struct parser *p, const struct config_section *section)
{
    char de[120], en[120];

    if (section->kind == RH_CONFIG_PLUGIN)
        return expected(p, "nach 'plugin' kommt der Name des Plugins",
                        "'plugin' is followed by the name of the plugin");
    snprintf(de, sizeof(de), "nach '%.40s' kommt ein Name", section->name);
    snprintf(en, sizeof(en), "'%.40s' is followed by a name", section->name);
    return expected(p, de, en);
}

static int32_t parse_section(struct parser *p, struct config_section ***tail)
{
    struct config_section *section = rh_arena_alloc(&p->config->arena, sizeof(*section));
    const struct config_section *other;

    if (!section) {
        (void)no_memory(p); /* only its token is of no use here */
        return p->rc;
    }
    section->kind = RH_CONFIG_MODULE;
    section->name = p->text;
    section->line = p->token_line;
    advance(p);
    if (p->token == T_EQUALS)
        return expected(p, "Schlüssel stehen in einem Abschnitt, etwa: server { language = de }",
                        "keys stand in a section, like: server { language = de }");
    if (takes_name(p->config, section)) {
        if (p->token != T_WORD && p->token != T_STRING)
            return name_missing(p, section);
        section->name = p->text;
        advance(p);
    }
    if (p->token != T_OPEN)
        return expected(p, "ein Abschnitt beginnt mit '{'", "a section begins with '{'");
    advance(p);
    other = rh_config_section(p->config, section->kind, section->name);
    if (other)
        return p->rc = rh_config_fault(
                   p->config, p->err, section->line,
                   "den Abschnitt '%s' gibt es schon in Zeile %d; einer von beiden muss weg",
                   "section '%s' is already in line %d; one of the two must go", section->name,
                   (int)other->line);
    **tail = section;
    *tail = &section->next;
    return parse_items(p, section);
}

/* Text that is not UTF-8 would come out of every later sentence as garbage. */
static int32_t check_encoding(struct parser *p)
{
    size_t length = (size_t)(p->end - p->at);
    size_t good = rh_text_valid_span(p->at, length);
    const char *nul = memchr(p->at, '\0', good);
    int32_t line = 1;

    if (nul)
        good = (size_t)(nul - p->at);
    if (good == length)
        return 0;
    for (size_t i = 0; i < good; i++)
        line += p->at[i] == '\n';
    return p->rc = rh_config_fault(p->config, p->err, line,
                                   "hier steht ein Zeichen, das nicht UTF-8 ist; die Datei bitte "
                                   "als UTF-8 speichern",
                                   "a character here is not UTF-8; please save the file as UTF-8");
}

int32_t rh_config_parse_text(struct rh_config *config, const char *text, size_t length,
                             struct rh_err *err)
{
    struct parser p = {.config = config, .err = err, .at = text, .end = text + length, .line = 1};
    struct config_section **tail = &config->sections;

    if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
        p.at += 3;
    if (check_encoding(&p) < 0)
        return p.rc;
    advance(&p);
    while (p.token == T_WORD) {
        if (parse_section(&p, &tail) < 0)
            return p.rc;
    }
    if (p.token != T_END)
        return expected(&p, "hier beginnt ein Abschnitt, etwa: server {",
                        "a section begins here, like: server {");
    return 0;
}
