/* One rule taken back or given other months, by its number in 'turnus rule list'. */
#include "plugins/turnus/conflicts.h"

#include <string.h>

static int32_t refuse_unknown(struct rh_call *call, int64_t id)
{
    return rh_fail(call, RH_ENOTFOUND,
                   "die Regel %lld gibt es nicht (mehr); 'reihum turnus rule list' zeigt alle",
                   "there is no rule %lld (any more); 'reihum turnus rule list' shows all",
                   (long long)id);
}

static int32_t tell(struct rh_call *call, const char *before)
{
    return rh_event(call, "turnus.rules", "all", before, rules_json(call)) < 0 ? RH_EFAILED : 0;
}

int32_t rule_remove(struct rh_call *call, int64_t id)
{
    const char *before = rules_json(call);
    int64_t count = rh_exec(call, "DELETE FROM turnus_rule WHERE id = ?1", "i", id);

    if (count < 0)
        return RH_EFAILED;
    return count == 0 ? refuse_unknown(call, id) : tell(call, before);
}

static int32_t has_months(struct rh_call *call, int64_t id)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(call, &rows, "SELECT from_month FROM turnus_rule WHERE id = ?1", "i", id),
            has;

    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    if (rc == 0)
        return refuse_unknown(call, id);
    has = !rh_is_null(call, rows, 0);
    rh_close(call, rows);
    return has;
}

int32_t rule_change(struct rh_call *call, int64_t id, int32_t from, int32_t to)
{
    const char *before = rules_json(call);
    int32_t has = has_months(call, id);

    if (has < 0)
        return has;
    if (!has)
        return rh_fail(call, RH_EINVALID,
                       "die Regel %lld gilt für zwei Ämter und hat keine Monate; 'turnus rule "
                       "remove %lld' streicht sie",
                       "the rule %lld is about two offices and has no months; 'turnus rule remove "
                       "%lld' drops it",
                       (long long)id, (long long)id);
    if (to < from)
        return rh_fail(call, RH_EINVALID,
                       "%s liegt vor %s; 'to' ist der letzte Monat, 'from' der erste",
                       "%s is before %s; 'to' is the last month, 'from' the first",
                       rh_month_text(call, to), rh_month_text(call, from));
    if (rh_exec(call, "UPDATE turnus_rule SET from_month = ?2, to_month = ?3 WHERE id = ?1", "iss",
                id, rh_month_text(call, from), rh_month_text(call, to)) < 0)
        return RH_EFAILED;
    return tell(call, before);
}

int32_t turnus_rule_change(struct rh_call *call)
{
    int64_t id = rh_param_int(call, "id");
    int32_t from = (int32_t)rh_param_int(call, "from");
    int32_t to = rh_param_given(call, "to") ? (int32_t)rh_param_int(call, "to") : from;
    int32_t rc = rule_change(call, id, from, to);

    if (rc < 0)
        return rc;
    rh_say(call,
           "Regel %lld gilt jetzt für %s; ein Plan berücksichtigt es, sobald er neu gerechnet wird",
           "rule %lld is about %s now; a plan respects it once it is computed anew", (long long)id,
           range_words(call, from, to));
    return 0;
}
