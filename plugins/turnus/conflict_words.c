/* Contradicting rules in sentences. */
#include "plugins/turnus/conflicts.h"

#include <string.h>

enum { NAMES_MOST = 6 }; /* offices or months in a sentence */

const char *member_key(const struct conflicts *c, int32_t member)
{
    const struct member *one = &c->members[member];

    switch (one->kind) {
    case MEMBER_BEGUN:
        return "begun";
    case MEMBER_SPACING_MIN:
    case MEMBER_SPACING_MAX:
        return "spacing";
    case MEMBER_CLOSED:
        return "closed";
    case MEMBER_ROOM:
        return "capacity";
    case MEMBER_RULE:
        break;
    }
    return c->model->rules[one->row].rule;
}

static const char *rule_words(const struct conflicts *c, const struct rule_row *row)
{
    struct rh_call *call = c->call;
    const char *name = c->model->offices[row->office].name;
    const char *note =
        row->note && *row->note ? rh_format(call, " („%s“)", " (“%s”)", row->note) : "";
    long long id = (long long)row->id;

    if (strcmp(row->rule, "blocked") == 0)
        return rh_format(call, "Regel %lld: %s hat %s gesperrt%s", "rule %lld: %s blocks %s%s", id,
                         name, range_words(call, row->from, row->to), note);
    if (strcmp(row->rule, "fixed") == 0)
        return rh_format(call, "Regel %lld: %s ist auf %s festgelegt%s",
                         "rule %lld: %s is fixed to %s%s", id, name,
                         range_words(call, row->from, row->to), note);
    if (strcmp(row->rule, "together") == 0)
        return rh_format(call, "Regel %lld: %s und %s sollen gemeinsam beginnen%s",
                         "rule %lld: %s and %s shall start together%s", id, name,
                         c->model->offices[row->other].name, note);
    return rh_format(call, "Regel %lld: %s und %s sollen getrennt beginnen%s",
                     "rule %lld: %s and %s shall start apart%s", id, name,
                     c->model->offices[row->other].name, note);
}

static const char *closed_words(const struct conflicts *c, const struct month *month)
{
    struct rh_call *call = c->call;

    if (is_closed_by_hand(call, month))
        return rh_format(call, "%s ist von Hand geschlossen", "%s was closed by hand",
                         month_words(call, month->month));
    return rh_format(call, "%s ist geschlossen (Arbeitstage außerhalb der Schulferien: %d)",
                     "%s is closed (working days outside school holidays: %d)",
                     month_words(call, month->month), (int)month->outside_school);
}

static const char *room_words(const struct conflicts *c, const struct month *month, int32_t limit)
{
    struct rh_call *call = c->call;

    if (month->taken > 0)
        return rh_format(
            call, "%s: Platz für höchstens %d (Höchstzahl %d, davon %d außer der Reihe)",
            "%s: room for %d at most (capacity %d, %d of it out of turn)",
            month_words(call, month->month), (int)limit, (int)month->capacity, (int)month->taken);
    return rh_format(call, "%s: Platz für höchstens %d", "%s: room for %d at most",
                     month_words(call, month->month), (int)limit);
}

const char *member_words(const struct conflicts *c, int32_t member)
{
    struct rh_call *call = c->call;
    const struct member *one = &c->members[member];
    const struct office *office = &c->model->offices[one->office];

    switch (one->kind) {
    case MEMBER_BEGUN:
        return rh_format(call, "%s: das Verfahren hat im %s begonnen",
                         "%s: the procedure began in %s", office->name,
                         month_words(call, office->begun));
    case MEMBER_SPACING_MIN:
        return rh_format(call, "%s: frühestens im %s (%d Monate nach %s)",
                         "%s: not before %s (%d months after %s)", office->name,
                         month_words(call, office->previous + office->spacing_min),
                         (int)office->spacing_min, month_words(call, office->previous));
    case MEMBER_SPACING_MAX:
        return rh_format(call, "%s: spätestens im %s (%d Monate nach %s)",
                         "%s: not after %s (%d months after %s)", office->name,
                         month_words(call, office->previous + office->spacing_max),
                         (int)office->spacing_max, month_words(call, office->previous));
    case MEMBER_CLOSED:
        return closed_words(c, &c->model->months[one->slot]);
    case MEMBER_ROOM:
        return room_words(c, &c->model->months[one->slot], c->clash.rule[member].limit);
    case MEMBER_RULE:
        break;
    }
    return rule_words(c, &c->model->rules[one->row]);
}

/* ---- many of a kind in one ---- */

static const char *join(struct rh_call *call, const char *text, const char *word)
{
    return rh_format(call, "%s%s%s", "%s%s%s", text, *text ? ", " : "", word);
}

static int32_t count_kind(const struct conflicts *c, const struct clash_set *set,
                          enum member_kind kind)
{
    int32_t count = 0;

    for (int32_t m = 0; m < c->clash.rules; m++)
        count += set->on[m] && c->members[m].kind == kind;
    return count;
}

static const char *rooms_in_one(const struct conflicts *c, const struct clash_set *set)
{
    struct rh_call *call = c->call;
    int32_t months = 0, places = 0, first = -1, last = -1;

    for (int32_t m = 0; m < c->clash.rules; m++)
        if (set->on[m] && c->members[m].kind == MEMBER_ROOM) {
            months++;
            places += c->clash.rule[m].limit;
            first = first < 0 ? c->members[m].slot : first;
            last = c->members[m].slot;
        }
    return rh_format(call, "Höchstzahlen von %d Monaten (%s): zusammen Platz für %d",
                     "capacities of %d months (%s): room for %d in all", (int)months,
                     range_words(call, c->model->months[first].month, c->model->months[last].month),
                     (int)places);
}

static const char *closed_in_one(const struct conflicts *c, const struct clash_set *set)
{
    struct rh_call *call = c->call;
    const char *names = "";
    int32_t months = 0;

    for (int32_t m = 0; m < c->clash.rules; m++)
        if (set->on[m] && c->members[m].kind == MEMBER_CLOSED) {
            names =
                join(call, names, month_words(call, c->model->months[c->members[m].slot].month));
            months++;
        }
    return rh_format(call, "%d Monate sind geschlossen: %s", "%d months are closed: %s",
                     (int)months, names);
}

void say_members(const struct conflicts *c, const struct clash_set *set,
                 void (*say)(void *, const char *), void *context)
{
    int32_t rooms_left = count_kind(c, set, MEMBER_ROOM) > NAMES_MOST;
    int32_t closed_left = count_kind(c, set, MEMBER_CLOSED) > NAMES_MOST;

    if (rooms_left)
        say(context, rooms_in_one(c, set));
    if (closed_left)
        say(context, closed_in_one(c, set));
    for (int32_t m = 0; m < c->clash.rules; m++)
        if (set->on[m] && !(rooms_left && c->members[m].kind == MEMBER_ROOM) &&
            !(closed_left && c->members[m].kind == MEMBER_CLOSED))
            say(context, member_words(c, m));
}

/* ---- what it is about ---- */

/* The offices of the crowd, or those that the members name. */
static const char *crowd_names(const struct conflicts *c, const struct clash_set *set,
                               int32_t *ret_count)
{
    struct rh_call *call = c->call;
    const char *names = "";

    *ret_count = 0;
    for (int32_t i = 0; i < c->model->office_count; i++) {
        int32_t inside = c->clash.crowded && c->clash.crowd_item[i];

        for (int32_t m = 0; m < c->clash.rules && !c->clash.crowded; m++)
            inside |= set->on[m] && c->clash.rule[m].kind != CLASH_ROOM &&
                      (c->clash.rule[m].item == i ||
                       (c->clash.rule[m].kind != CLASH_FORBID && c->clash.rule[m].other == i));
        if (!inside)
            continue;
        ++*ret_count;
        if (*ret_count <= NAMES_MOST)
            names = join(call, names, c->model->offices[i].name);
    }
    if (*ret_count > NAMES_MOST)
        names = rh_format(call, "%s und %d weitere", "%s and %d more", names,
                          (int)(*ret_count - NAMES_MOST));
    return names;
}

/* The months they have, and how much room is in them. */
static const char *crowd_months(const struct conflicts *c, int32_t *ret_count, int32_t *ret_room)
{
    struct rh_call *call = c->call;
    const char *names = "";

    *ret_count = *ret_room = 0;
    for (int32_t m = 0; m < c->clash.rules; m++) {
        int32_t slot = c->members[m].slot;

        if (c->members[m].kind != MEMBER_ROOM || !c->clash.crowd_slot[slot])
            continue;
        ++*ret_count;
        *ret_room += c->clash.rule[m].limit;
        if (*ret_count <= NAMES_MOST)
            names = join(call, names, month_words(call, c->model->months[slot].month));
    }
    if (*ret_count > NAMES_MOST)
        return rh_format(call, "%d Monate", "%d months", (int)*ret_count);
    return names;
}

const char *clash_words(struct conflicts *c, const struct clash_set *set)
{
    struct rh_call *call = c->call;
    int32_t offices, months = 0, room = 0;
    const char *names, *when;

    clash_fits(&c->clash, set->on, NULL);
    clash_whole_crowd(&c->clash);
    names = crowd_names(c, set, &offices);
    if (!c->clash.crowded)
        return rh_format(call, "%s lassen sich nach %d Regeln nicht zusammen unterbringen",
                         "%s cannot be placed together by %d rules", names, (int)set->count);
    when = crowd_months(c, &months, &room);
    if (months == 0 && offices == 1)
        return rh_format(call, "für %s bleibt kein Monat", "no month is left for %s", names);
    if (months == 0)
        return rh_format(call, "%s sollen gemeinsam beginnen, haben aber keinen Monat gemeinsam",
                         "%s shall start together but have no month in common", names);
    if (offices == c->model->office_count)
        return rh_format(call, "%d Ämter brauchen einen Monat, Platz ist für %d (%s)",
                         "%d offices need a month, there is room for %d (%s)", (int)offices,
                         (int)room, when);
    return rh_format(call, "%d Ämter haben nur %s, dort ist Platz für %d: %s",
                     "%d offices have only %s, there is room for %d: %s", (int)offices, when,
                     (int)room, names);
}
