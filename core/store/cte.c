#include "core/store/cte.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

enum token_type { TOKEN_END, TOKEN_NAME, TOKEN_OPEN, TOKEN_CLOSE, TOKEN_OTHER };

struct token {
    enum token_type type;
    bool quoted; /* "AS" in quotes is a name, not a keyword */
    const char *text;
    size_t length; /* without quotes */
};

static bool is_name_character(char c)
{
    /* Every byte above ASCII belongs to a name in SQLite. */
    return isalnum((unsigned char)c) || c == '_' || c == '$' || (unsigned char)c >= 0x80;
}

static const char *skip_blanks(const char *at, const char *end)
{
    while (at < end) {
        if (isspace((unsigned char)*at)) {
            at++;
        } else if (end - at >= 2 && at[0] == '-' && at[1] == '-') {
            while (at < end && *at != '\n')
                at++;
        } else if (end - at >= 2 && at[0] == '/' && at[1] == '*') {
            at += 2;
            while (at < end && !(end - at >= 2 && at[0] == '*' && at[1] == '/'))
                at++;
            at = end - at >= 2 ? at + 2 : end;
        } else {
            break;
        }
    }
    return at;
}

/* A name in quotes of any kind; SQLite takes even 'text' for one where it needs a name. */
static const char *read_quoted(const char *at, const char *end, struct token *token)
{
    char close = *at == '[' ? ']' : *at;

    token->type = TOKEN_NAME;
    token->quoted = true;
    token->text = ++at;
    while (at < end && *at != close)
        at++;
    token->length = (size_t)(at - token->text);
    /* A doubled quote goes on as a second name: no matter, it begins the same. */
    return at < end ? at + 1 : end;
}

static const char *read_token(const char *at, const char *end, struct token *token)
{
    at = skip_blanks(at, end);
    *token = (struct token){.type = TOKEN_END};
    if (at == end)
        return at;
    if (*at == '"' || *at == '\'' || *at == '`' || *at == '[')
        return read_quoted(at, end, token);
    token->text = at;
    if (is_name_character(*at)) {
        while (at < end && is_name_character(*at))
            at++;
        token->type = TOKEN_NAME;
    } else {
        token->type = *at == '(' ? TOKEN_OPEN : *at == ')' ? TOKEN_CLOSE : TOKEN_OTHER;
        at++;
    }
    token->length = (size_t)(at - token->text);
    return at;
}

static bool is_keyword(const struct token *token, const char *keyword)
{
    return token->type == TOKEN_NAME && !token->quoted && token->length == strlen(keyword) &&
           strncasecmp(token->text, keyword, token->length) == 0;
}

/* A list of columns holds no bracket: so each byte is looked at twice at most. */
static const char *skip_columns(const char *at, const char *end, struct token *token)
{
    do
        at = read_token(at, end, token);
    while (token->type == TOKEN_NAME || token->type == TOKEN_OTHER);
    return token->type == TOKEN_CLOSE ? read_token(at, end, token) : at;
}

/* Behind a name: [(columns)] AS [[NOT] MATERIALIZED] ( */
static bool is_defined_here(const char *at, const char *end)
{
    struct token token;

    at = read_token(at, end, &token);
    if (token.type == TOKEN_OPEN)
        at = skip_columns(at, end, &token);
    if (!is_keyword(&token, "AS"))
        return false;
    at = read_token(at, end, &token);
    if (is_keyword(&token, "NOT"))
        at = read_token(at, end, &token);
    if (is_keyword(&token, "MATERIALIZED"))
        (void)read_token(at, end, &token); /* only the token matters */
    return token.type == TOKEN_OPEN;
}

int rh_cte_next(const char **at, const char *end, char name[RH_CTE_NAME_MAX])
{
    struct token token;

    for (;;) {
        *at = read_token(*at, end, &token);
        if (token.type == TOKEN_END)
            return 0;
        if (token.type == TOKEN_NAME && is_defined_here(*at, end))
            break;
    }
    if (token.length >= RH_CTE_NAME_MAX)
        token.length = RH_CTE_NAME_MAX - 1;
    memcpy(name, token.text, token.length);
    name[token.length] = '\0';
    return 1;
}
