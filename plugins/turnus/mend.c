/* What makes a plan possible again: found, named with its command, and made. */
#include "plugins/turnus/conflicts.h"

#include <string.h>

enum { MEND_LOOKS = 2500, TOLD_MOST = 4 };

int32_t mends_find(struct conflicts *c, struct mends *ret)
{
    /* clash_repairs() works in the last place. */
    ret->repairs = rh_alloc_in(c->call, (REPAIRS_MOST + 1) * sizeof(*ret->repairs));
    if (!ret->repairs)
        return RH_ENOMEM;
    ret->count =
        clash_repairs(&c->clash, MEND_LOOKS, ret->repairs, REPAIRS_MOST + 1, &ret->cheapest);
    return ret->count < 0 ? RH_ENOMEM : 0;
}

static const struct rule_row *row_of(const struct conflicts *c, const struct clash_change *change)
{
    return &c->model->rules[c->members[change->rule].row];
}

static const struct office *office_of(const struct conflicts *c, const struct clash_change *change)
{
    return &c->model->offices[c->members[change->rule].office];
}

static const struct month *month_of(const struct conflicts *c, const struct clash_change *change)
{
    return &c->model->months[c->members[change->rule].slot];
}

static int32_t new_from(const struct conflicts *c, const struct clash_change *change)
{
    return c->model->first_month + change->from;
}

static int32_t new_to(const struct conflicts *c, const struct clash_change *change)
{
    return c->model->first_month + change->to;
}

static int32_t new_capacity(const struct conflicts *c, const struct clash_change *change)
{
    return change->limit + month_of(c, change)->taken;
}

/* Months after the previous procedure, at least or at most. */
static int32_t new_spacing(const struct conflicts *c, const struct clash_change *change)
{
    int32_t at_least = c->members[change->rule].kind == MEMBER_SPACING_MIN;
    int32_t month = at_least ? new_to(c, change) + 1 : new_from(c, change) - 1;

    return month - office_of(c, change)->previous;
}

/* ---- a step in words ---- */

static const char *drop_words(const struct conflicts *c, const struct clash_change *change)
{
    struct rh_call *call = c->call;

    if (c->members[change->rule].kind == MEMBER_CLOSED)
        return rh_format(call, "%s öffnen", "open %s",
                         month_words(call, month_of(c, change)->month));
    return rh_format(call, "%s – streichen", "%s – drop it", member_words(c, change->rule));
}

static const char *change_words(const struct conflicts *c, const struct clash_change *change)
{
    struct rh_call *call = c->call;
    const struct rule_row *row = row_of(c, change);
    const char *name = c->model->offices[row->office].name;
    const char *before = range_words(call, row->from, row->to);
    const char *after = range_words(call, new_from(c, change), new_to(c, change));

    return strcmp(row->rule, "fixed") == 0
               ? rh_format(call, "Regel %lld: %s auf %s festlegen statt auf %s",
                           "rule %lld: fix %s to %s instead of %s", (long long)row->id, name, after,
                           before)
               : rh_format(call, "Regel %lld: %s nur für %s sperren statt für %s",
                           "rule %lld: block %s for %s only instead of %s", (long long)row->id,
                           name, after, before);
}

const char *step_words(const struct conflicts *c, const struct clash_change *change)
{
    struct rh_call *call = c->call;

    if (change->dropped)
        return drop_words(c, change);
    switch (c->members[change->rule].kind) {
    case MEMBER_ROOM:
        return rh_format(call, "Höchstzahl im %s von %d auf %d heben",
                         "raise the capacity in %s from %d to %d",
                         month_words(call, month_of(c, change)->month),
                         (int)month_of(c, change)->capacity, (int)new_capacity(c, change));
    case MEMBER_SPACING_MIN:
        return rh_format(call, "%s: schon %d statt %d Monate nach dem vorigen Verfahren",
                         "%s: %d instead of %d months after the previous procedure",
                         office_of(c, change)->name, (int)new_spacing(c, change),
                         (int)office_of(c, change)->spacing_min);
    case MEMBER_SPACING_MAX:
        return rh_format(call, "%s: bis zu %d statt %d Monate nach dem vorigen Verfahren",
                         "%s: up to %d instead of %d months after the previous procedure",
                         office_of(c, change)->name, (int)new_spacing(c, change),
                         (int)office_of(c, change)->spacing_max);
    case MEMBER_RULE:
        return change_words(c, change);
    case MEMBER_BEGUN:
    case MEMBER_CLOSED:
        break;
    }
    return "";
}

static const char *rule_consequence(const struct conflicts *c, const struct clash_change *change)
{
    struct rh_call *call = c->call;
    const struct rule_row *row = row_of(c, change);
    const char *name = c->model->offices[row->office].name;

    if (row->other >= 0)
        return rh_format(call, "%s und %s werden unabhängig voneinander geplant",
                         "%s and %s are planned independently of each other", name,
                         c->model->offices[row->other].name);
    if (change->dropped)
        return strcmp(row->rule, "fixed") == 0
                   ? rh_format(call, "%s kann auch in anderen Monaten beginnen",
                               "%s may start in other months too", name)
                   : rh_format(call, "%s kann auch im gesperrten Zeitraum beginnen",
                               "%s may start in the blocked months too", name);
    if (strcmp(row->rule, "fixed") == 0)
        return rh_format(call, "%s beginnt im Zeitraum %s", "%s starts within %s", name,
                         range_words(call, new_from(c, change), new_to(c, change)));
    return rh_format(call, "%s hat nur noch %s gesperrt", "%s blocks only %s", name,
                     range_words(call, new_from(c, change), new_to(c, change)));
}

const char *step_consequence(const struct conflicts *c, const struct clash_change *change)
{
    struct rh_call *call = c->call;

    switch (c->members[change->rule].kind) {
    case MEMBER_ROOM:
        return rh_format(
            call, "im %1$s beginnen bis zu %2$d Verfahren", "up to %2$d procedures start in %1$s",
            month_words(call, month_of(c, change)->month), (int)new_capacity(c, change));
    case MEMBER_CLOSED:
        return rh_format(call,
                         "Verfahren können im %s beginnen (Arbeitstage außerhalb der Schulferien: "
                         "%d)",
                         "procedures may start in %s (working days outside school holidays: %d)",
                         month_words(call, month_of(c, change)->month),
                         (int)month_of(c, change)->outside_school);
    case MEMBER_SPACING_MIN:
    case MEMBER_SPACING_MAX:
        return rh_format(call, "gilt nur für %s und nur in diesem Turnus",
                         "holds for %s alone and in this round alone", office_of(c, change)->name);
    case MEMBER_RULE:
        return rule_consequence(c, change);
    case MEMBER_BEGUN:
        break;
    }
    return "";
}

/* ---- its command ---- */

static const char *rule_command(const struct conflicts *c, const struct clash_change *change)
{
    struct rh_call *call = c->call;
    long long id = (long long)row_of(c, change)->id;

    if (change->dropped)
        return rh_format(call, "reihum turnus rule remove %lld", "reihum turnus rule remove %lld",
                         id);
    return rh_format(call, "reihum turnus rule change %lld --from %s --to %s",
                     "reihum turnus rule change %lld --from %s --to %s", id,
                     rh_month_text(call, new_from(c, change)),
                     rh_month_text(call, new_to(c, change)));
}

const char *step_command(const struct conflicts *c, const struct clash_change *change)
{
    struct rh_call *call = c->call;
    const char *round = c->model->round;

    switch (c->members[change->rule].kind) {
    case MEMBER_ROOM:
        return rh_format(call, "reihum turnus month set %s --round %s --capacity %d",
                         "reihum turnus month set %s --round %s --capacity %d",
                         rh_month_text(call, month_of(c, change)->month), round,
                         (int)new_capacity(c, change));
    case MEMBER_CLOSED:
        return rh_format(call, "reihum turnus month set %s --round %s --state open",
                         "reihum turnus month set %s --round %s --state open",
                         rh_month_text(call, month_of(c, change)->month), round);
    case MEMBER_SPACING_MIN:
        return rh_format(call, "reihum turnus spacing set %s --round %s --min %d",
                         "reihum turnus spacing set %s --round %s --min %d",
                         office_of(c, change)->id, round, (int)new_spacing(c, change));
    case MEMBER_SPACING_MAX:
        return rh_format(call, "reihum turnus spacing set %s --round %s --max %d",
                         "reihum turnus spacing set %s --round %s --max %d",
                         office_of(c, change)->id, round, (int)new_spacing(c, change));
    case MEMBER_RULE:
        return rule_command(c, change);
    case MEMBER_BEGUN:
        break;
    }
    return "";
}

/* ---- a repair as a whole ---- */

/* Names what is done, not its place in a list: after a change of the rules another repair cannot be
 * taken for it. FNV-1a over the commands. */
const char *mend_key(const struct conflicts *c, const struct clash_repair *repair)
{
    uint64_t sum = UINT64_C(0xcbf29ce484222325);

    for (int32_t i = 0; i < repair->count; i++)
        for (const char *at = step_command(c, &repair->changes[i]); *at; at++)
            sum = (sum ^ (uint8_t)*at) * UINT64_C(0x100000001b3);
    return rh_format(c->call, "%012llx", "%012llx",
                     (unsigned long long)(sum & UINT64_C(0xffffffffffff)));
}

static int32_t is_room(const struct conflicts *c, const struct clash_change *change)
{
    return c->members[change->rule].kind == MEMBER_ROOM;
}

static const char *rooms_words(const struct conflicts *c, const struct clash_repair *repair)
{
    struct rh_call *call = c->call;
    const char *months = "";
    int32_t count = 0, places = 0;

    for (int32_t i = 0; i < repair->count; i++) {
        const struct clash_change *change = &repair->changes[i];

        if (!is_room(c, change))
            continue;
        places += change->limit - c->clash.rule[change->rule].limit;
        if (count++ < TOLD_MOST)
            months = rh_format(call, "%s%s%s", "%s%s%s", months, *months ? ", " : "",
                               month_words(call, month_of(c, change)->month));
    }
    return rh_format(call, "Höchstzahl in %d Monaten um zusammen %d heben (%s%s)",
                     "raise the capacity of %d months by %d in all (%s%s)", (int)count, (int)places,
                     months, count > TOLD_MOST ? ", …" : "");
}

const char *mend_words(const struct conflicts *c, const struct clash_repair *repair)
{
    struct rh_call *call = c->call;
    const char *text = "";
    int32_t rooms = 0;

    for (int32_t i = 0; i < repair->count; i++)
        rooms += is_room(c, &repair->changes[i]);
    for (int32_t i = 0; i < repair->count; i++)
        if (rooms <= TOLD_MOST || !is_room(c, &repair->changes[i]))
            text = rh_format(call, "%s%s%s", "%s%s%s", text, *text ? "; " : "",
                             step_words(c, &repair->changes[i]));
    if (rooms > TOLD_MOST)
        text = rh_format(call, "%s%s%s", "%s%s%s", text, *text ? "; " : "", rooms_words(c, repair));
    return text;
}

const char *mend_consequence(const struct conflicts *c, const struct clash_repair *repair)
{
    struct rh_call *call = c->call;
    const char *text = "";

    for (int32_t i = 0; i < repair->count && i < TOLD_MOST; i++)
        text = rh_format(call, "%s%s%s", "%s%s%s", text, *text ? "; " : "",
                         step_consequence(c, &repair->changes[i]));
    return repair->count > TOLD_MOST ? rh_format(call, "%s; …", "%s; …", text) : text;
}

/* ---- made ---- */

int32_t step_apply(const struct conflicts *c, const struct clash_change *change, const char *note)
{
    struct rh_call *call = c->call;
    const char *round = c->model->round;

    switch (c->members[change->rule].kind) {
    case MEMBER_ROOM:
        return month_store(call, round, month_of(c, change)->month, NULL, new_capacity(c, change),
                           note);
    case MEMBER_CLOSED:
        return month_store(call, round, month_of(c, change)->month, "open", -1, note);
    case MEMBER_SPACING_MIN:
        return spacing_store(call, round, office_of(c, change)->id, new_spacing(c, change), -1,
                             note);
    case MEMBER_SPACING_MAX:
        return spacing_store(call, round, office_of(c, change)->id, -1, new_spacing(c, change),
                             note);
    case MEMBER_RULE:
        return change->dropped ? rule_remove(call, row_of(c, change)->id)
                               : rule_change(call, row_of(c, change)->id, new_from(c, change),
                                             new_to(c, change));
    case MEMBER_BEGUN:
        break;
    }
    return rh_fail(call, RH_EFAILED, "was begonnen hat, lässt sich nicht ändern",
                   "what has begun cannot be changed");
}

/* ---- turnus repair: one of them, by its key ---- */

struct mending {
    struct model model;
    struct conflicts conflicts;
    struct clash_repair repair;
};

static int32_t find_repair(struct rh_call *call, struct mending *mending, const char *key)
{
    struct conflicts *c = &mending->conflicts;
    struct mends mends = {0};
    int32_t answer = clash_fits(&c->clash, c->all, NULL), rc = 0;

    if (answer == CLASH_YES)
        return rh_fail(call, RH_ECONFLICT,
                       "es gibt nichts zu reparieren: die festen Regeln lassen sich zusammen "
                       "einhalten",
                       "there is nothing to repair: the hard rules can be kept together");
    if (answer == CLASH_NO)
        rc = mends_find(c, &mends);
    for (int32_t i = 0; i < mends.count && rc >= 0; i++)
        if (strcmp(mend_key(c, &mends.repairs[i]), key) == 0) {
            mending->repair = mends.repairs[i];
            return 0;
        }
    return rc < 0 ? rc
                  : rh_fail(call, RH_ENOTFOUND,
                            "einen Ausweg '%s' gibt es nicht (mehr); 'reihum turnus conflicts "
                            "--round %s' zeigt die jetzigen",
                            "there is no repair '%s' (any more); 'reihum turnus conflicts --round "
                            "%s' shows the present ones",
                            key, mending->model.round);
}

int32_t turnus_repair(struct rh_call *call)
{
    struct mending *mending = rh_alloc_in(call, sizeof(*mending));
    const char *round;
    int32_t rc;

    if (!mending)
        return RH_ENOMEM;
    call->state = mending;
    if ((rc = find_round(call, &round)) < 0 ||
        (rc = model_load(call, round, &mending->model)) < 0 ||
        (rc = conflicts_begin(call, &mending->model, &mending->conflicts)) < 0)
        return rc;
    return find_repair(call, mending, rh_param_text(call, "repair"));
}

/* Somebody may have changed a rule meanwhile; then nothing is done. */
static int32_t check_mended(struct rh_call *call, const char *round)
{
    struct model model;
    int32_t rc = model_load(call, round, &model);

    if (rc < 0 || (rc = plan_exists(call, &model, NULL)) == CLASH_YES || rc < 0)
        return rc < 0 ? rc : 0;
    return rh_fail(call, RH_ECONFLICT,
                   "inzwischen hat sich etwas geändert, der Ausweg reicht nicht mehr; nichts wurde "
                   "geändert, 'reihum turnus conflicts' zeigt den jetzigen Stand",
                   "something changed meanwhile, the repair does not suffice any more; nothing was "
                   "changed, 'reihum turnus conflicts' shows how things are");
}

int32_t turnus_repair_commit(struct rh_call *call)
{
    struct mending *mending = call->state;
    struct conflicts *c = &mending->conflicts;
    const struct clash_repair *repair = &mending->repair;
    const char *note = rh_param_text(call, "reason");
    int32_t rc = 0;

    c->call = call;
    if (!note)
        note = rh_format(call, "damit ein Plan möglich ist", "so that a plan is possible");
    rh_out_text(call, "round", mending->model.round);
    rh_out_array(call, "items");
    for (int32_t i = 0; i < repair->count && rc >= 0; i++) {
        rh_out_object(call, NULL);
        rh_out_text(call, "sentence", step_words(c, &repair->changes[i]));
        rh_out_text(call, "consequence", step_consequence(c, &repair->changes[i]));
        rh_out_end(call);
        rc = step_apply(c, &repair->changes[i], note);
    }
    rh_out_end(call);
    if (rc < 0 || (rc = check_mended(call, mending->model.round)) < 0)
        return rc;
    rh_say(call, "%s: erledigt, ein Plan ist jetzt möglich; 'reihum turnus plan --round %s'",
           "%s: done, a plan is possible now; 'reihum turnus plan --round %s'",
           mend_words(c, repair), mending->model.round);
    return 0;
}
