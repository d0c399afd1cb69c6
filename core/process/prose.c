/* prose.c - a definition in sentences: what the people who own the process read. */
#include "core/process/internal.h"

#include <string.h>

struct prose {
    const struct rh_process_definition *d;
    enum rh_lang lang;
    struct rh_str *out;
};

static const char *pick(const struct prose *p, const char *de, const char *en)
{
    return p->lang == RH_DE ? de : en;
}

static const char *text(const struct prose *p, struct rh_text both)
{
    return p->lang == RH_DE ? both.de : both.en;
}

static const char *role(const struct prose *p, enum rh_process_role who)
{
    return text(p, rh_process_role_title(who));
}

static void tell_due(const struct prose *p, const struct rh_process_step *step)
{
    static const struct rh_text lead[RH_PROCESS_FORM_COUNT] = {
        [RH_PROCESS_DEADLINE] = {" Frist: ", " Due: "},
        [RH_PROCESS_APPOINTMENT] = {" Termin, spätestens ", " An appointment, at the latest "},
        [RH_PROCESS_WINDOW] = {" Zeitfenster: ", " A window: "},
        [RH_PROCESS_RECEIPTS] = {" Frist: ", " Due: "},
    };

    rh_str_add(p->out, text(p, lead[step->form]));
    if (step->open.given) {
        rh_process_offset_words(p->d, &step->open, p->lang, p->out);
        rh_str_add(p->out, pick(p, " bis ", " until "));
    }
    rh_process_offset_words(p->d, &step->due, p->lang, p->out);
    if (step->at >= 0 && step->until >= 0)
        rh_str_printf(p->out, pick(p, ", %d:%02d bis %d:%02d Uhr", ", from %d:%02d to %d:%02d"),
                      step->at / 60, step->at % 60, step->until / 60, step->until % 60);
    rh_str_add(p->out, ".");
}

static void tell_needs(const struct prose *p, const struct rh_process_step *step)
{
    const char *comma = "";

    if (!step->needs)
        return;
    rh_str_add(p->out, pick(p, " Vorher getan: ", " Done before: "));
    for (uint64_t needs = step->needs; needs; needs &= needs - 1) {
        rh_str_printf(p->out, pick(p, "%s„%s“", "%s“%s”"), comma,
                      text(p, p->d->steps[__builtin_ctzll(needs)].title));
        comma = ", ";
    }
    rh_str_add(p->out, ".");
}

static void tell_when(const struct prose *p, const struct rh_process_step *step)
{
    const char *question =
        step->when >= RH_PROCESS_IF ? text(p, p->d->questions[step->question].title) : "";

    switch (step->when) {
    case RH_PROCESS_ALWAYS:
        break;
    case RH_PROCESS_REGULAR:
        rh_str_add(p->out, pick(p, " Nur in der Reihe.", " Only in turn."));
        break;
    case RH_PROCESS_OUT_OF_TURN:
        rh_str_add(p->out, pick(p, " Nur außer der Reihe (§ 8 Absatz 4).",
                                " Only out of turn (section 8 (4))."));
        break;
    case RH_PROCESS_IF:
        rh_str_printf(p->out, pick(p, " Nur, wenn ja: %s", " Only if yes: %s"), question);
        break;
    case RH_PROCESS_IF_NOT:
        rh_str_printf(p->out, pick(p, " Nur, wenn nein: %s", " Only if no: %s"), question);
        break;
    }
    if (step->optional)
        rh_str_add(p->out, pick(p, " Darf entfallen.", " May be left out."));
    if (step->draw > 0)
        rh_str_printf(p->out,
                      pick(p,
                           " Höchstens %d Fälle, gezielt und zufällig; das Jugendamt wählt selbst.",
                           " At most %d cases, targeted and random; the office itself selects."),
                      step->draw);
}

static void tell_receipts(const struct prose *p, const struct rh_process_step *step)
{
    if (step->receipt_count == 0)
        return;
    rh_str_add(p->out, pick(p, " Belege: ", " Receipts: "));
    for (size_t i = 0; i < step->receipt_count; i++)
        rh_str_printf(p->out, "%s%s", i ? "; " : "", text(p, step->receipts[i].title));
    rh_str_add(p->out, ".");
}

static void tell_efforts(const struct prose *p, const struct rh_process_step *step)
{
    if (step->effort_count == 0)
        return;
    rh_str_add(p->out, pick(p, " Aufwand: ", " Effort: "));
    for (size_t i = 0; i < step->effort_count; i++) {
        int32_t minutes = step->efforts[i].minutes;

        rh_str_printf(p->out, "%s%s ", i ? ", " : "", role(p, step->efforts[i].role));
        if (minutes * 2 == RH_PROCESS_DAY_MINUTES)
            rh_str_add(p->out, pick(p, "½ Tag", "½ day"));
        else if (minutes < 60)
            rh_str_printf(p->out, pick(p, "%d Minuten", "%d minutes"), minutes);
        else if (minutes % RH_PROCESS_DAY_MINUTES == 0)
            rh_str_printf(p->out, "%d %s", minutes / RH_PROCESS_DAY_MINUTES,
                          minutes == RH_PROCESS_DAY_MINUTES ? pick(p, "Tag", "day")
                                                            : pick(p, "Tage", "days"));
        else
            rh_str_printf(p->out, pick(p, "%d,%d Stunden", "%d.%d hours"), minutes / 60,
                          minutes % 60 / 6);
    }
    rh_str_add(p->out, ".");
}

static void tell_rule(const struct prose *p, const struct rh_process_rule *rule)
{
    bool opening = rule->anchor == RH_PROCESS_AT_OPENING;

    rh_str_printf(p->out, "%s, ", role(p, rule->role));
    if (rule->count == 0) {
        rh_str_add(p->out, opening
                               ? pick(p, "wenn der Schritt bereit ist", "when the step is ready")
                               : pick(p, "am Tag selbst", "on the day itself"));
    } else {
        process_count_words(rule->count, rule->unit, p->lang, p->out);
        if (opening)
            rh_str_add(p->out, pick(p, " nach dem Beginn", " after the opening"));
        else
            rh_str_add(p->out, rule->count < 0 ? pick(p, " vorher", " before")
                                               : pick(p, " nach der Frist", " after the deadline"));
    }
    if (rule->copy != RH_PROCESS_NOBODY)
        rh_str_printf(p->out, pick(p, " (Kopie: %s)", " (copy: %s)"), role(p, rule->copy));
}

/* The step that tells the chain: the first that uses it. */
static size_t first_with(const struct prose *p, int32_t chain)
{
    size_t i = 0;

    while (p->d->steps[i].remind != chain && p->d->steps[i].agree != chain)
        i++;
    return i;
}

static void tell_chain(const struct prose *p, size_t step, const char *when, int32_t chain)
{
    const char *lead = pick(p, "werden erinnert", "those reminded are");
    size_t first;

    if (chain < 0)
        return;
    first = first_with(p, chain);
    rh_str_printf(p->out, " %s%s", when, lead);
    if (first != step) {
        rh_str_printf(p->out,
                      pick(p, " dieselben wie in Schritt %zu.", " the same as in step %zu."),
                      first + 1);
        return;
    }
    for (size_t i = 0; i < p->d->chains[chain].count; i++) {
        rh_str_add(p->out, i ? "; " : ": ");
        tell_rule(p, &p->d->chains[chain].rules[i]);
    }
    rh_str_add(p->out, ".");
}

static void tell_step(const struct prose *p, size_t i)
{
    const struct rh_process_step *step = &p->d->steps[i];
    const char *comma = "";

    rh_str_printf(p->out, "\n%zu. %s\n", i + 1, text(p, step->title));
    rh_str_printf(p->out, pick(p, "Es handelt: %s", "Who acts: %s"), role(p, step->who));
    if (step->with) {
        rh_str_add(p->out, pick(p, "; dabei: ", "; with: "));
        for (int bit = 1; bit < (int)RH_PROCESS_ROLE_END_; bit++)
            if (step->with >> bit & 1) {
                rh_str_printf(p->out, "%s%s", comma, role(p, (enum rh_process_role)bit));
                comma = ", ";
            }
    }
    rh_str_add(p->out, ".");
    tell_due(p, step);
    tell_needs(p, step);
    tell_when(p, step);
    tell_receipts(p, step);
    tell_efforts(p, step);
    tell_chain(p, i,
               pick(p, "Solange kein Termin vereinbart ist, ", "As long as no date is agreed, "),
               step->agree);
    tell_chain(p, i,
               step->agree >= 0 ? pick(p, "Danach ", "Then ") : pick(p, "Daran ", "Of this, "),
               step->remind);
    rh_str_add(p->out, "\n");
}

static void tell_quiet(const struct prose *p)
{
    if (p->d->quiet_count == 0)
        return;
    rh_str_add(p->out, pick(p,
                            " Ruhezeiten, in denen keine Frist endet und keine Erinnerung "
                            "hinausgeht: ",
                            " Quiet periods, in which no deadline ends and no reminder leaves: "));
    for (size_t i = 0; i < p->d->quiet_count; i++) {
        const struct rh_process_quiet *q = &p->d->quiet[i];

        rh_str_add(p->out, i ? ", " : "");
        if (q->school && strcmp(q->school, "school") == 0)
            rh_str_add(p->out, pick(p, "alle Schulferien", "all school holidays"));
        else if (q->school)
            rh_str_add(p->out, q->school);
        else
            rh_str_printf(p->out, pick(p, "%d. %s bis %d. %s", "%d %s to %d %s"), q->from_day,
                          rh_month_name(q->from_month, p->lang), q->to_day,
                          rh_month_name(q->to_month, p->lang));
    }
    rh_str_add(p->out, ".");
}

void rh_process_prose(const struct rh_process_definition *definition, enum rh_lang lang,
                      struct rh_str *out)
{
    struct prose p = {definition, lang, out};

    rh_str_printf(out, "%s\n\n", text(&p, definition->title));
    rh_str_printf(
        out,
        pick(&p,
             "Fassung %.12s, %zu Schritte. Erinnerungen gehen an Arbeitstagen des "
             "Jugendamts von %d:%02d bis %d:%02d Uhr hinaus.",
             "Version %.12s, %zu steps. Reminders leave on working days of the office from "
             "%d:%02d to %d:%02d."),
        definition->hash, definition->step_count, definition->mail_from / 60,
        definition->mail_from % 60, definition->mail_until / 60, definition->mail_until % 60);
    tell_quiet(&p);
    rh_str_add(out, "\n");
    for (size_t i = 0; i < definition->step_count; i++)
        tell_step(&p, i);
}
