/*
 * turnus conflicts: the hard rules as a case, which of them contradict each other, and the cheapest
 * repairs, each with its command.
 */
#include "plugins/turnus/conflicts.h"

#include <string.h>

/*
 * What repairs cost, so that the one that asks least of others comes first. Room is the house's own
 * matter; a month that was closed on purpose or lies in the holidays is more; what an office was
 * granted, most. A range gives way month by month, and giving way by half a year costs as much as
 * doing without the rule.
 */
enum {
    PRICE_ROOM = 2,      /* each procedure more in a month */
    PRICE_APART = 3,     /* a pair that wanted to be apart */
    PRICE_STRETCH = 3,   /* touching a range or a spacing at all … */
    PRICE_STEP = 1,      /* … and for each month of it */
    PRICE_BY_HAND = 4,   /* opening a month that a planner closed */
    PRICE_CALENDAR = 6,  /* opening one that the holidays close */
    PRICE_OF_OFFICE = 10 /* doing without what an office asked for */
};

enum { FIND_LOOKS = 3000, CONFLICTS_MOST = 10, STEPS_SHOWN = 6 };

static void *take(void *context, size_t size)
{
    return rh_alloc_in((struct rh_call *)context, size);
}

static int32_t is_rule(const struct rule_row *row, const char *rule)
{
    return strcmp(row->rule, rule) == 0;
}

int32_t is_closed_by_hand(struct rh_call *call, const struct month *month)
{
    return month->outside_school >= rh_config_int(call, "closed_below");
}

/* ---- the members: what is tried to do without comes first, what people decided last ---- */

static void add(struct conflicts *c, struct member member, struct clash_rule rule)
{
    c->members[c->clash.rules] = member;
    c->clash.rule[c->clash.rules++] = rule;
}

static void add_begun(struct conflicts *c)
{
    for (int32_t i = 0; i < c->model->office_count; i++) {
        int32_t slot;

        if (c->model->offices[i].begun == RH_NO_MONTH)
            continue;
        slot = c->model->offices[i].begun - c->model->first_month;
        add(c, (struct member){.kind = MEMBER_BEGUN, .office = i},
            (struct clash_rule){
                .kind = CLASH_FORBID, .item = i, .from = slot, .to = slot, .outside = 1});
    }
}

/* Months before the earliest and after the latest; each reaches out of the round, where it ends
 * does not matter. */
static void add_spacing(struct conflicts *c)
{
    const struct model *model = c->model;

    for (int32_t i = 0; i < model->office_count; i++) {
        const struct office *office = &model->offices[i];
        int32_t first, last;
        struct clash_rule rule = {.kind = CLASH_FORBID,
                                  .item = i,
                                  .stretch_price = PRICE_STRETCH,
                                  .step_price = PRICE_STEP};

        if (office->previous == RH_NO_MONTH || office->begun != RH_NO_MONTH)
            continue;
        first = office->previous + office->spacing_min - model->first_month;
        last = office->previous + office->spacing_max - model->first_month;
        rule.from = -1, rule.to = first - 1, rule.ends = CLASH_TO;
        if (first > 0)
            add(c, (struct member){.kind = MEMBER_SPACING_MIN, .office = i}, rule);
        rule.from = last + 1, rule.to = model->month_count, rule.ends = CLASH_FROM;
        if (last < model->month_count - 1)
            add(c, (struct member){.kind = MEMBER_SPACING_MAX, .office = i}, rule);
    }
}

static void add_closed(struct conflicts *c)
{
    for (int32_t t = 0; t < c->model->month_count; t++)
        if (c->model->months[t].closed)
            add(c, (struct member){.kind = MEMBER_CLOSED, .slot = t},
                (struct clash_rule){.kind = CLASH_FORBID,
                                    .item = -1,
                                    .from = t,
                                    .to = t,
                                    .drop_price = is_closed_by_hand(c->call, &c->model->months[t])
                                                      ? PRICE_BY_HAND
                                                      : PRICE_CALENDAR});
}

/* A rule about months of an office whose procedure has begun has nothing to say any more. */
static void add_ranges(struct conflicts *c, const char *rule, int32_t outside)
{
    const struct model *model = c->model;

    for (int32_t r = 0; r < model->rule_count; r++) {
        const struct rule_row *row = &model->rules[r];

        if (is_rule(row, rule) && model->offices[row->office].begun == RH_NO_MONTH)
            add(c, (struct member){.kind = MEMBER_RULE, .row = r},
                (struct clash_rule){.kind = CLASH_FORBID,
                                    .item = row->office,
                                    .from = row->from - model->first_month,
                                    .to = row->to - model->first_month,
                                    .outside = outside,
                                    .ends = CLASH_FROM | CLASH_TO,
                                    .drop_price = PRICE_OF_OFFICE,
                                    .stretch_price = PRICE_STRETCH,
                                    .step_price = PRICE_STEP});
    }
}

static void add_pairs(struct conflicts *c, const char *rule, enum clash_kind kind, int64_t price)
{
    for (int32_t r = 0; r < c->model->rule_count; r++)
        if (is_rule(&c->model->rules[r], rule))
            add(c, (struct member){.kind = MEMBER_RULE, .row = r},
                (struct clash_rule){.kind = kind,
                                    .item = c->model->rules[r].office,
                                    .other = c->model->rules[r].other,
                                    .drop_price = price});
}

static void add_room(struct conflicts *c)
{
    for (int32_t t = 0; t < c->model->month_count; t++) {
        const struct month *month = &c->model->months[t];
        int32_t room = month->capacity - month->taken;

        add(c, (struct member){.kind = MEMBER_ROOM, .slot = t},
            (struct clash_rule){.kind = CLASH_ROOM,
                                .item = -1,
                                .from = t,
                                .to = t,
                                .limit = room > month->begun ? room : month->begun,
                                .step_price = PRICE_ROOM});
    }
}

int32_t conflicts_begin(struct rh_call *call, const struct model *model, struct conflicts *ret)
{
    struct conflicts c = {.call = call, .model = model};
    size_t most = (size_t)model->office_count * 3 + (size_t)model->month_count * 2 +
                  (size_t)model->rule_count + 1;
    uint8_t *exempt = rh_alloc_in(call, (size_t)model->office_count + 1);

    c.members = rh_alloc_in(call, most * sizeof(*c.members));
    c.all = rh_alloc_in(call, most);
    c.clash = (struct clash){.items = model->office_count,
                             .slots = model->month_count,
                             .exempt = exempt,
                             .rule = rh_alloc_in(call, most * sizeof(*c.clash.rule)),
                             .alloc = take,
                             .context = call};
    if (!exempt || !c.members || !c.all || !c.clash.rule)
        return RH_ENOMEM;
    for (int32_t i = 0; i < model->office_count; i++)
        exempt[i] = model->offices[i].begun != RH_NO_MONTH;
    add_begun(&c);
    add_spacing(&c);
    add_closed(&c);
    add_ranges(&c, "blocked", 0);
    add_pairs(&c, "together", CLASH_TOGETHER, PRICE_OF_OFFICE);
    add_pairs(&c, "apart", CLASH_APART, PRICE_APART);
    add_room(&c);
    add_ranges(&c, "fixed", 1);
    memset(c.all, 1, (size_t)c.clash.rules);
    if (clash_begin(&c.clash) < 0)
        return RH_ENOMEM;
    *ret = c;
    return 0;
}

int32_t plan_exists(struct rh_call *call, const struct model *model, int32_t *slot)
{
    struct conflicts c;
    int32_t rc = conflicts_begin(call, model, &c);

    return rc < 0 ? rc : clash_fits(&c.clash, c.all, slot);
}

/* ---- the answer ---- */

static void out_sentence(void *context, const char *sentence)
{
    rh_out_text((struct rh_call *)context, NULL, sentence);
}

static void out_member(const struct conflicts *c, int32_t member)
{
    struct rh_call *call = c->call;
    const struct member *one = &c->members[member];

    rh_out_object(call, NULL);
    rh_out_text(call, "kind", member_key(c, member));
    if (one->kind == MEMBER_RULE)
        rh_out_int(call, "rule", c->model->rules[one->row].id);
    else
        rh_out_text(call, "rule", NULL);
    rh_out_text(call, "sentence", member_words(c, member));
    rh_out_text(call, "note",
                one->kind == MEMBER_RULE ? c->model->rules[one->row].note
                : one->kind == MEMBER_CLOSED || one->kind == MEMBER_ROOM
                    ? c->model->months[one->slot].note
                    : NULL);
    rh_out_end(call);
}

static void say_line(void *context, const char *sentence)
{
    rh_say((struct rh_call *)context, "  – %s", "  – %s", sentence);
}

static void out_conflict(struct conflicts *c, const struct clash_set *set, int32_t number)
{
    struct rh_call *call = c->call;
    const char *words = clash_words(c, set);

    rh_say(call, "Widerspruch %d: %s", "conflict %d: %s", (int)number, words);
    say_members(c, set, say_line, call);
    rh_out_object(call, NULL);
    rh_out_int(call, "conflict", number);
    rh_out_text(call, "sentence", words);
    rh_out_int(call, "count", set->count);
    rh_out_flag(call, "irreducible", set->irreducible);
    rh_out_flag(call, "smallest", set->smallest);
    rh_out_array(call, "lines");
    say_members(c, set, out_sentence, call);
    rh_out_end(call);
    rh_out_array(call, "members");
    for (int32_t m = 0; m < c->clash.rules; m++)
        if (set->on[m])
            out_member(c, m);
    rh_out_end(call);
    rh_out_end(call);
}

/*
 * Sets that have no member in common, each of them in the way by itself. The first is the smallest
 * there is; the next ones are the smallest among what the ones before left. Returns how many.
 */
static int32_t find_conflicts(struct conflicts *c, struct clash_set sets[CONFLICTS_MOST])
{
    uint8_t *left = rh_alloc_in(c->call, (size_t)c->clash.rules + 1);
    int32_t count = 0;

    if (!left)
        return RH_ENOMEM;
    memcpy(left, c->all, (size_t)c->clash.rules);
    while (count < CONFLICTS_MOST && clash_fits(&c->clash, left, NULL) == CLASH_NO) {
        struct clash_set *set = &sets[count];

        if (clash_find(&c->clash, left, FIND_LOOKS, set) < 0)
            return RH_ENOMEM;
        for (int32_t m = 0; m < c->clash.rules; m++)
            left[m] &= !set->on[m];
        count++;
    }
    return count;
}

static void out_repair(const struct conflicts *c, const struct clash_repair *repair, int32_t number)
{
    struct rh_call *call = c->call;

    rh_out_object(call, NULL);
    rh_out_int(call, "number", number);
    rh_out_text(call, "repair", mend_key(c, repair));
    rh_out_int(call, "price", repair->price);
    rh_out_text(call, "sentence", mend_words(c, repair));
    rh_out_text(call, "consequence", mend_consequence(c, repair));
    rh_out_text(call, "command",
                rh_param_given(call, "round")
                    ? rh_format(call, "reihum turnus repair %s --round %s",
                                "reihum turnus repair %s --round %s", mend_key(c, repair),
                                c->model->round)
                    : rh_format(call, "reihum turnus repair %s", "reihum turnus repair %s",
                                mend_key(c, repair)));
    rh_out_flag(call, "many", repair->count > STEPS_SHOWN);
    rh_out_array(call, "steps");
    for (int32_t i = 0; i < repair->count; i++) {
        rh_out_object(call, NULL);
        rh_out_text(call, "sentence", step_words(c, &repair->changes[i]));
        rh_out_text(call, "consequence", step_consequence(c, &repair->changes[i]));
        rh_out_text(call, "command", step_command(c, &repair->changes[i]));
        rh_out_end(call);
    }
    rh_out_end(call);
    rh_out_end(call);
}

static int32_t answer_conflicts(struct conflicts *c)
{
    struct rh_call *call = c->call;
    struct clash_set sets[CONFLICTS_MOST];
    struct mends mends;
    int32_t count = find_conflicts(c, sets), rc = count < 0 ? count : mends_find(c, &mends);

    if (rc < 0)
        return rc;
    rh_out_int(call, "conflict_count", count);
    rh_out_array(call, "conflicts");
    for (int32_t k = 0; k < count; k++)
        out_conflict(c, &sets[k], k + 1);
    rh_out_end(call);
    rh_out_flag(call, "cheapest", mends.cheapest);
    rh_out_flag(call, "repairs_any", mends.count > 0);
    rh_out_array(call, "items");
    for (int32_t i = 0; i < mends.count; i++)
        out_repair(c, &mends.repairs[i], i + 1);
    rh_out_end(call);
    if (mends.count == 0)
        rh_say(call, "kein Ausweg gefunden: was schon begonnen hat, lässt sich nicht ändern",
               "no way out found: what has begun cannot be changed");
    rh_say(call, "mit benannten Lücken planen: 'reihum turnus plan --round %s --elastic'",
           "to plan with named gaps: 'reihum turnus plan --round %s --elastic'", c->model->round);
    return 0;
}

int32_t turnus_conflicts(struct rh_call *call)
{
    struct model model;
    struct conflicts c;
    const char *round;
    int32_t rc, answer;

    if ((rc = find_round(call, &round)) < 0 || (rc = model_load(call, round, &model)) < 0 ||
        (rc = conflicts_begin(call, &model, &c)) < 0)
        return rc;
    answer = clash_fits(&c.clash, c.all, NULL);
    rh_out_text(call, "round", round);
    rh_out_flag(call, "possible", answer == CLASH_YES);
    if (answer == CLASH_NO)
        return answer_conflicts(&c);
    rh_out_int(call, "conflict_count", 0);
    rh_out_array(call, "items");
    rh_out_end(call);
    if (answer == CLASH_YES)
        rh_say(call, "die festen Regeln lassen sich zusammen einhalten; ein Plan ist möglich",
               "the hard rules can be kept together; a plan is possible");
    else
        rh_say(call,
               "nicht entschieden, ob die festen Regeln zusammen gehen; es gibt zu viele Gruppen, "
               "die gemeinsam beginnen sollen",
               "not decided whether the hard rules go together; there are too many groups that "
               "shall start together");
    return 0;
}

/* ---- before a plan is computed ---- */

struct sentences {
    struct rh_call *call;
    const char *text;
    int32_t shown;
};

static void collect_sentence(void *context, const char *sentence)
{
    struct sentences *sentences = context;

    if (sentences->shown++ < 5)
        sentences->text = rh_format(sentences->call, "%s%s%s", "%s%s%s", sentences->text,
                                    *sentences->text ? " | " : "", sentence);
}

int32_t conflict_sentences(struct rh_call *call, const struct model *model,
                           void (*say)(void *, const char *), void *context)
{
    struct conflicts c;
    struct clash_set sets[CONFLICTS_MOST];
    int32_t rc = conflicts_begin(call, model, &c), count;

    if (rc < 0 || clash_fits(&c.clash, c.all, NULL) != CLASH_NO)
        return rc;
    count = contradictions(call, model, say, context);
    if (count != 0)
        return count;
    /* No sentence was written for it; the set itself says what it is. */
    count = find_conflicts(&c, sets);
    for (int32_t k = 0; k < count; k++)
        say(context, clash_words(&c, &sets[k]));
    return count;
}

int32_t refuse_contradictions(struct rh_call *call, const struct model *model)
{
    struct sentences sentences = {call, "", 0};
    int32_t count = conflict_sentences(call, model, collect_sentence, &sentences);

    if (count <= 0)
        return count;
    return rh_fail(
        call, RH_EINVALID,
        "es gibt keinen Plan, %d Widersprüche: %s; 'reihum turnus conflicts --round %s' nennt die "
        "Regeln und die günstigsten Auswege (Seite /turnus/%s/conflicts), --elastic plant mit "
        "benannten Lücken",
        "there is no plan, %d contradictions: %s; 'reihum turnus conflicts --round %s' names the "
        "rules and the cheapest repairs (page /turnus/%s/conflicts), --elastic plans with named "
        "gaps",
        (int)count, sentences.text, model->round, model->round);
}
