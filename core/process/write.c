/* write.c - the canonical text of a definition: one key a line, in one order, without comments. */
#include "core/process/internal.h"

#include <string.h>

static void put(struct rh_str *out, const char *key, const char *value)
{
    rh_str_printf(out, "    %s = \"", key);
    for (const char *c = value; *c; c++) {
        if (*c == '"' || *c == '\\')
            rh_str_add_char(out, '\\');
        rh_str_add_char(out, *c);
    }
    rh_str_add(out, "\"\n");
}

static void put_titles(struct rh_str *out, struct rh_text title)
{
    put(out, "title_de", title.de);
    put(out, "title_en", title.en);
}

static void put_time(struct rh_str *out, const char *key, int32_t minutes)
{
    if (minutes >= 0)
        rh_str_printf(out, "    %s = \"%d:%02d\"\n", key, minutes / 60, minutes % 60);
}

static void put_offset(struct rh_str *out, const struct rh_process_definition *d, const char *key,
                       const struct rh_process_offset *offset)
{
    bool before = offset->count < 0;

    if (offset->given)
        rh_str_printf(out, "    %s = \"%d %s %s %s\"\n", key,
                      before ? -offset->count : offset->count, rh_process_unit_word(offset->unit),
                      before ? "before" : "after", process_base_name(d, offset->base));
}

static void put_quiet(struct rh_str *out, const struct rh_process_definition *d)
{
    rh_str_add(out, "    quiet = {");
    for (size_t i = 0; i < d->quiet_count; i++) {
        const struct rh_process_quiet *q = &d->quiet[i];

        if (q->school)
            rh_str_printf(out, "%s \"%s\"", i ? "," : "", q->school);
        else
            rh_str_printf(out, "%s \"%02d-%02d..%02d-%02d\"", i ? "," : "", q->from_month,
                          q->from_day, q->to_month, q->to_day);
    }
    rh_str_add(out, " }\n");
}

static void put_bits(struct rh_str *out, const struct rh_process_definition *d, const char *key,
                     uint64_t bits, bool of_steps)
{
    const char *comma = "";

    if (!bits)
        return;
    rh_str_printf(out, "    %s = {", key);
    for (int32_t i = 0; i < 64; i++)
        if (bits >> i & 1) {
            rh_str_printf(out, "%s \"%s\"", comma,
                          of_steps ? d->steps[i].name
                                   : rh_process_role_word((enum rh_process_role)i));
            comma = ",";
        }
    rh_str_add(out, " }\n");
}

static void put_when(struct rh_str *out, const struct rh_process_definition *d,
                     const struct rh_process_step *step)
{
    switch (step->when) {
    case RH_PROCESS_ALWAYS:
        break;
    case RH_PROCESS_REGULAR:
        put(out, "when", "regular");
        break;
    case RH_PROCESS_OUT_OF_TURN:
        put(out, "when", "out-of-turn");
        break;
    case RH_PROCESS_IF:
    case RH_PROCESS_IF_NOT:
        rh_str_printf(out, "    when = \"%s%s\"\n", step->when == RH_PROCESS_IF_NOT ? "not " : "",
                      d->questions[step->question].name);
        break;
    }
}

/* In the largest unit of which the minutes are whole tenths. */
static void put_efforts(struct rh_str *out, const struct rh_process_step *step)
{
    if (step->effort_count == 0)
        return;
    rh_str_add(out, "    effort = {");
    for (size_t i = 0; i < step->effort_count; i++) {
        const struct rh_process_effort *e = &step->efforts[i];
        int32_t tenths = e->minutes * 10 / RH_PROCESS_DAY_MINUTES;

        rh_str_printf(out, "%s \"%s ", i ? "," : "", rh_process_role_word(e->role));
        if (tenths * RH_PROCESS_DAY_MINUTES == e->minutes * 10)
            rh_str_printf(out, "%d.%d days\"", tenths / 10, tenths % 10);
        else if (e->minutes % 6 == 0)
            rh_str_printf(out, "%d.%d hours\"", e->minutes / 60, e->minutes % 60 / 6);
        else
            rh_str_printf(out, "%d minutes\"", e->minutes);
    }
    rh_str_add(out, " }\n");
}

static void put_step(struct rh_str *out, const struct rh_process_definition *d,
                     const struct rh_process_step *step)
{
    rh_str_printf(out, "step %s {\n", step->name);
    put_titles(out, step->title);
    put(out, "who", rh_process_role_word(step->who));
    put_bits(out, d, "with", step->with, false);
    put_efforts(out, step);
    put(out, "form", rh_process_form_word(step->form));
    put_offset(out, d, "due", &step->due);
    put_offset(out, d, "open", &step->open);
    put_bits(out, d, "needs", step->needs, true);
    put_when(out, d, step);
    if (step->remind >= 0)
        put(out, "remind", d->chains[step->remind].name);
    if (step->agree >= 0)
        put(out, "agree", d->chains[step->agree].name);
    if (step->draw > 0)
        rh_str_printf(out, "    draw = %d\n", step->draw);
    put_time(out, "at", step->at);
    put_time(out, "until", step->until);
    if (step->optional)
        put(out, "optional", "yes");
    if (step->in_quiet)
        put(out, "in_quiet", "keep");
    rh_str_add(out, "}\n");
    for (size_t i = 0; i < step->receipt_count; i++) {
        rh_str_printf(out, "receipt %s {\n", step->receipts[i].name);
        put_titles(out, step->receipts[i].title);
        put(out, "step", step->name);
        rh_str_add(out, "}\n");
    }
}

static void put_rule(struct rh_str *out, const struct rh_process_rule *rule)
{
    const char *opening = rule->anchor == RH_PROCESS_AT_OPENING ? " opening" : "";
    int32_t size = rule->count < 0 ? -rule->count : rule->count;

    rh_str_add(out, "        \"");
    if (rule->count == 0)
        rh_str_add(out, *opening ? "at opening" : "on the day");
    else
        rh_str_printf(out, "%d %s %s%s", size, rh_process_unit_word(rule->unit),
                      rule->count < 0 ? "before" : "after", opening);
    rh_str_printf(out, ": %s, %s", rh_process_role_word(rule->role), rule->template);
    if (rule->copy != RH_PROCESS_NOBODY)
        rh_str_printf(out, ", copy %s", rh_process_role_word(rule->copy));
    rh_str_add(out, rule->urgent ? ", urgent\",\n" : "\",\n");
}

void rh_process_definition_write(const struct rh_process_definition *d, struct rh_str *out)
{
    rh_str_add(out, "process {\n");
    put_titles(out, d->title);
    put_time(out, "mail_from", d->mail_from);
    put_time(out, "mail_until", d->mail_until);
    put_quiet(out, d);
    rh_str_add(out, "}\n");
    for (size_t i = 0; i < d->step_count; i++)
        put_step(out, d, &d->steps[i]);
    for (size_t i = 0; i < d->date_count; i++) {
        rh_str_printf(out, "date %s {\n", d->dates[i].name);
        put_titles(out, d->dates[i].title);
        put(out, "who", rh_process_role_word(d->dates[i].who));
        put_offset(out, d, "expected", &d->dates[i].expected);
        rh_str_add(out, "}\n");
    }
    for (size_t i = 0; i < d->question_count; i++) {
        rh_str_printf(out, "question %s {\n", d->questions[i].name);
        put_titles(out, d->questions[i].title);
        put(out, "fallback", d->questions[i].fallback ? "yes" : "no");
        rh_str_add(out, "}\n");
    }
    for (size_t i = 0; i < d->chain_count; i++) {
        rh_str_printf(out, "chain %s {\n    rules = {\n", d->chains[i].name);
        for (size_t k = 0; k < d->chains[i].count; k++)
            put_rule(out, &d->chains[i].rules[k]);
        rh_str_add(out, "    }\n}\n");
    }
}
