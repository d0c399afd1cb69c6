/* What a change of a plan means, rule by rule: numbers for programs, a sentence each for people. */
#include "plugins/turnus/internal.h"

#include <string.h>

static const char *rule_sentence(struct rh_call *call, int32_t rule, int64_t before, int64_t after)
{
    const char *title = rh_say_in(call, rule_names[rule].title);
    int64_t by = after - before;

    if (rule_names[rule].level == RH_SOLVE_SOFT)
        return by > 0 ? rh_format(call, "%s: %lld Punkte schlechter", "%s: %lld points worse",
                                  title, (long long)by)
                      : rh_format(call, "%s: %lld Punkte besser", "%s: %lld points better", title,
                                  (long long)-by);
    if (rule_names[rule].level == RH_SOLVE_HARD)
        return by > 0 ? rh_format(call, "%s: um %lld überschritten", "%s: exceeded by %lld", title,
                                  (long long)by)
                      : rh_format(call, "%s: um %lld entlastet", "%s: relieved by %lld", title,
                                  (long long)-by);
    return by > 0 ? rh_format(call, "%s: %lld weiter weg vom gleichen Anteil",
                              "%s: %lld further from the even share", title, (long long)by)
                  : rh_format(call, "%s: %lld näher am gleichen Anteil",
                              "%s: %lld nearer to the even share", title, (long long)-by);
}

int32_t out_consequences(struct rh_call *call, const char *key, const struct model *model,
                         const int32_t *before, const int32_t *after)
{
    struct value old_value, new_value;
    struct delta delta; /* judges a plan that lacks offices, too */
    int32_t rc = delta_begin(call, model, before, &delta);

    if (rc < 0)
        return rc;
    old_value = delta.value;
    if ((rc = delta_begin(call, model, after, &delta)) < 0)
        return rc;
    new_value = delta.value;
    rh_out_object(call, key);
    rh_out_int(call, "hard", new_value.level[RH_SOLVE_HARD] - old_value.level[RH_SOLVE_HARD]);
    rh_out_int(call, "balance",
               new_value.level[RH_SOLVE_BALANCE] - old_value.level[RH_SOLVE_BALANCE]);
    rh_out_int(call, "soft", new_value.level[RH_SOLVE_SOFT] - old_value.level[RH_SOLVE_SOFT]);
    if (memcmp(&old_value, &new_value, sizeof(old_value)) == 0)
        rh_say(call, "keine Regel wird besser oder schlechter", "no rule gets better or worse");
    rh_out_array(call, "rules");
    for (int32_t rule = 0; rule < RULE_COUNT; rule++) {
        const char *sentence;

        if (old_value.rule[rule] == new_value.rule[rule])
            continue;
        sentence = rule_sentence(call, rule, old_value.rule[rule], new_value.rule[rule]);
        rh_say(call, "%s", "%s", sentence);
        rh_out_object(call, NULL);
        rh_out_text(call, "rule", rule_names[rule].key);
        rh_out_text(call, "title", rh_say_in(call, rule_names[rule].title));
        rh_out_int(call, "before", old_value.rule[rule]);
        rh_out_int(call, "after", new_value.rule[rule]);
        rh_out_text(call, "sentence", sentence);
        rh_out_end(call);
    }
    rh_out_end(call);
    rh_out_end(call);
    return 0;
}
