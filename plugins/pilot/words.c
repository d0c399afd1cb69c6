/* Small things that several files need: finding what a person named, texts of one line, fractions.
 */
#include "plugins/pilot/internal.h"

#include <string.h>

const char *one_value(struct rh_call *call, const char *sql, const char *a, const char *b)
{
    struct rh_rows *rows;
    const char *value = NULL;
    int32_t rc = b   ? rh_query(call, &rows, sql, "ss", a, b)
                 : a ? rh_query(call, &rows, sql, "s", a)
                     : rh_query(call, &rows, sql, "");

    if (rc == 0 && rh_next(call, rows) == 1)
        value = rh_get_text(call, rows, 0);
    rh_close(call, rows);
    return value;
}

/* --selection, else the one that was made last. */
int32_t find_selection(struct rh_call *call, const char **ret_id)
{
    if (rh_param_given(call, "selection"))
        return rh_resolve(call, "SELECT id FROM pilot_selection", RH_TEXT("Auswahl", "selection"),
                          rh_param_text(call, "selection"), ret_id);
    *ret_id = one_value(
        call, "SELECT id FROM pilot_selection ORDER BY created_utc DESC, rowid DESC LIMIT 1", NULL,
        NULL);
    if (!*ret_id)
        return rh_fail(call, RH_ENOTFOUND,
                       "es gibt noch keine Auswahl; 'reihum pilot open 2023 --places 18' legt eine "
                       "an",
                       "there is no selection yet; 'reihum pilot open 2023 --places 18' makes one");
    return 0;
}

static struct rh_text state_text(const char *state)
{
    static const struct {
        const char *state;
        struct rh_text text;
    } words[] = {{"open", {"offen", "open"}},
                 {"frozen", {"eingefroren", "frozen"}},
                 {"drawn", {"gezogen", "drawn"}},
                 {"annulled", {"annulliert", "annulled"}}};

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strcmp(words[i].state, state) == 0)
            return words[i].text;
    return RH_TEXT(state, state);
}

const char *state_words(struct rh_call *call, const char *state)
{
    return rh_say_in(call, state_text(state));
}

static int32_t refuse_state(struct rh_call *call, const char *id, const char *state,
                            const char *wanted)
{
    if (strcmp(state, "annulled") == 0)
        return rh_fail(call, RH_ECONFLICT,
                       "die Auswahl '%s' ist annulliert; mit 'reihum pilot open' beginnt eine neue",
                       "the selection '%s' is annulled; 'reihum pilot open' begins a new one", id);
    if (strcmp(wanted, "open") == 0)
        return rh_fail(
            call, RH_ECONFLICT,
            "die Auswahl '%s' ist %s%.0s und ändert sich nicht mehr; 'reihum pilot annul "
            "--reason …' annulliert sie, dann kann eine neue beginnen",
            "the selection '%s' is %.0s%s and does not change any more; 'reihum pilot "
            "annul --reason …' annuls it, then a new one can begin",
            id, state_text(state).de, state_text(state).en);
    if (strcmp(state, "drawn") == 0)
        return rh_fail(call, RH_ECONFLICT,
                       "die Auswahl '%s' ist schon gezogen; es gibt nur eine Ziehung",
                       "the selection '%s' is drawn already; there is one draw only", id);
    if (strcmp(wanted, "frozen") == 0)
        return rh_fail(call, RH_ECONFLICT,
                       "die Auswahl '%s' ist nicht eingefroren; zuerst 'reihum pilot freeze'",
                       "the selection '%s' is not frozen; first 'reihum pilot freeze'", id);
    return rh_fail(call, RH_ECONFLICT,
                   "die Auswahl '%s' ist noch nicht gezogen; zuerst 'reihum pilot draw'",
                   "the selection '%s' is not drawn yet; first 'reihum pilot draw'", id);
}

int32_t find_in_state(struct rh_call *call, const char *wanted, const char **ret_id)
{
    const char *state;
    int32_t rc = find_selection(call, ret_id);

    if (rc < 0)
        return rc;
    state = one_value(call, "SELECT state FROM pilot_selection WHERE id = ?1", *ret_id, NULL);
    if (!state)
        return RH_EFAILED;
    return strcmp(state, wanted) == 0 ? 0 : refuse_state(call, *ret_id, state, wanted);
}

int32_t find_applicant(struct rh_call *call, const char *selection, const char *named,
                       const char **ret_office)
{
    int32_t rc = rh_resolve(call, "SELECT id, name, short_name FROM v_office",
                            RH_TEXT("Jugendamt", "office"), named, ret_office);

    if (rc < 0)
        return rc;
    if (!one_value(call, "SELECT 1 FROM pilot_application WHERE selection = ?1 AND office = ?2",
                   selection, *ret_office))
        return rh_fail(call, RH_ENOTFOUND, "'%s' hat sich für '%s' nicht beworben",
                       "'%s' has not applied for '%s'", *ret_office, selection);
    return 0;
}

const char *add_word(struct rh_call *call, const char *list, const char *word, int32_t is_last)
{
    if (!list || !*list)
        return word;
    return is_last ? rh_format(call, "%s und %s", "%s and %s", list, word)
                   : rh_format(call, "%s, %s", "%s, %s", list, word);
}

static int32_t one_line(const char *text)
{
    for (const unsigned char *p = (const unsigned char *)text; *p; p++)
        if (*p < 0x20 || *p == 0x7f)
            return 0;
    return 1;
}

int32_t need_text(struct rh_call *call, const char *param, struct rh_text what,
                  const char **ret_text)
{
    const char *text = rh_param_text(call, param);

    if (!text || !text[strspn(text, " ")])
        return rh_fail(call, RH_EUSAGE, "--%s fehlt: %s", "--%s is missing: %s", param,
                       rh_say_in(call, what));
    if (!one_line(text) || strlen(text) > TEXT_MAX)
        return rh_fail(call, RH_EINVALID, "--%s: eine Zeile mit höchstens %d Byte, ohne Tabulator",
                       "--%s: one line of at most %d bytes, without tabs", param, TEXT_MAX);
    *ret_text = text;
    return 0;
}

struct rh_text where_fault_text(enum where_fault fault)
{
    static const struct rh_text words[] = {
        [WHERE_FINE] = {"", ""},
        [WHERE_NO_ATTRIBUTE] = {"hier gehört ein Merkmal hin", "an attribute belongs here"},
        [WHERE_NO_SIGN] = {"hier gehört =, !=, <, <=, > oder >= hin",
                           "=, !=, <, <=, > or >= belongs here"},
        [WHERE_NO_VALUE] = {"hier gehört ein Wert hin; mit Leerzeichen in \"…\"",
                            "a value belongs here; with blanks in \"…\""},
        [WHERE_NO_AND] = {"hier gehört 'and' oder das Ende hin", "'and' or the end belongs here"},
        [WHERE_NOT_A_NUMBER] = {"hier gehört eine Zahl hin", "a number belongs here"},
        [WHERE_TOO_LONG] =
            {"zu lang: höchstens 16 Bedingungen, Merkmale mit 64, Werte mit 200 Byte",
             "too long: at most 16 conditions, attributes of 64, values of 200 "
             "bytes"},
    };

    return words[fault];
}

const char *rational_text(struct rh_call *call, const mpq_t value)
{
    char *text = rh_alloc_in(call, mpz_sizeinbase(mpq_numref(value), 10) +
                                       mpz_sizeinbase(mpq_denref(value), 10) + 3);

    return text ? mpq_get_str(text, 10, value) : "";
}

const char *percent_text(struct rh_call *call, double share)
{
    /* The blank before the sign does not break. */
    char *text = rh_format(call, "%.1f\u00a0%%", "%.1f\u00a0%%", share * 100);
    char *point = call->lang == 0 ? strchr(text, '.') : NULL;

    if (point)
        *point = ',';
    return text;
}
