/* Who leads, and who works with whom: both after the teams are found, both without making them
 * worse than a stated loss. */
#include "plugins/moderators/internal.h"

#include <string.h>

/* ---- exactly one leads ---- */

/* Of those who may lead: a pinned one first, else who leads least against their own capacity, else
 * who is nearest. */
static int32_t best_lead(const struct model *model, const uint8_t *taken, const int32_t *leads,
                         int32_t office)
{
    int32_t best = -1;

    for (int32_t p = 0; p < model->person_count; p++) {
        size_t at = cell(model, office, p);
        int64_t mine, other;

        if (!taken[at])
            continue;
        if ((model->pin[at] & PIN_LEAD) && (model->people[p].lead || model->kept[at]))
            return p;
        if (!model->people[p].lead)
            continue;
        if (best < 0) {
            best = p;
            continue;
        }
        mine = (int64_t)leads[p] * model->people[best].capacity;
        other = (int64_t)leads[best] * model->people[p].capacity;
        if (mine < other || (mine == other && model->km[at] < model->km[cell(model, office, best)]))
            best = p;
    }
    return best;
}

int32_t choose_leads(struct rh_call *call, const struct model *model, const uint8_t *taken,
                     uint8_t *role)
{
    int32_t *leads = rh_alloc_in(call, (size_t)(model->person_count + 1) * sizeof(int32_t));
    int32_t *lead = rh_alloc_in(call, (size_t)(model->office_count + 1) * sizeof(int32_t));

    if (!leads || !lead)
        return RH_ENOMEM;
    for (int32_t o = 0; o < model->office_count; o++)
        lead[o] = -1;
    /* The first time the leads of later offices are not known; twice more, and they are. */
    for (int32_t turn = 0; turn < 3; turn++)
        for (int32_t o = 0; o < model->office_count; o++) {
            if (lead[o] >= 0)
                leads[lead[o]]--;
            lead[o] = best_lead(model, taken, leads, o);
            if (lead[o] >= 0)
                leads[lead[o]]++;
        }
    for (int32_t o = 0; o < model->office_count; o++)
        for (int32_t p = 0; p < model->person_count; p++) {
            size_t at = cell(model, o, p);
            role[at] = !taken[at] ? ROLE_NONE : lead[o] == p ? ROLE_LEAD : ROLE_CO;
        }
    return 0;
}

/* ---- mixing: people meet ---- */

/* How often two people work together, by [a * person_count + b]. */
static int32_t *meetings_of(struct rh_call *call, const struct model *model, const uint8_t *member)
{
    int32_t n = model->person_count;
    int32_t *meetings = rh_alloc_in(call, ((size_t)n * (size_t)n + 1) * sizeof(int32_t));

    for (int32_t o = 0; meetings && o < model->office_count; o++)
        for (int32_t a = 0; a < n; a++)
            for (int32_t b = 0; member[cell(model, o, a)] && b < n; b++)
                meetings[a * n + b] += a != b && member[cell(model, o, b)];
    return meetings;
}

int64_t distinct_pairs(struct rh_call *call, const struct model *model, const uint8_t *member)
{
    int32_t *meetings = meetings_of(call, model, member), n = model->person_count;
    int64_t pairs = 0;

    for (int32_t a = 0; meetings && a < n; a++)
        for (int32_t b = a + 1; b < n; b++)
            pairs += meetings[a * n + b] > 0;
    return pairs;
}

struct mixing {
    const struct model *model;
    const struct selection *selection;
    uint8_t *taken; /* by column */
    int32_t *meetings;
};

static int is_member(const struct mixing *mixing, int32_t office, int32_t person)
{
    int32_t column = mixing->selection->column[cell(mixing->model, office, person)];

    return column >= 0 && mixing->taken[column];
}

/* Takes a person out of a team or puts one in; returns by how much the number of pairs changes. */
static int32_t turn(struct mixing *mixing, int32_t office, int32_t person, int32_t in)
{
    int32_t n = mixing->model->person_count, change = 0;

    mixing->taken[mixing->selection->column[cell(mixing->model, office, person)]] = (uint8_t)in;
    for (int32_t p = 0; p < n; p++) {
        int32_t *ab = &mixing->meetings[person * n + p], *ba = &mixing->meetings[p * n + person];

        if (p == person || !is_member(mixing, office, p))
            continue;
        if (in)
            change += *ab == 0;
        else
            change -= *ab == 1;
        *ab += in ? 1 : -1;
        *ba = *ab;
    }
    return change;
}

static int may_exchange(const struct mixing *mixing, int32_t x, int32_t a, int32_t y, int32_t b)
{
    const struct model *model = mixing->model;

    return a != b && is_member(mixing, y, b) && !is_member(mixing, x, b) &&
           !is_member(mixing, y, a) && !model->pin[cell(model, y, b)] &&
           mixing->selection->column[cell(model, x, b)] >= 0 &&
           mixing->selection->column[cell(model, y, a)] >= 0;
}

static int64_t price_at(const struct mixing *mixing, int32_t office, int32_t person)
{
    return mixing->selection->price[mixing->selection->column[cell(mixing->model, office, person)]];
}

static int32_t exchange(struct mixing *mixing, int32_t x, int32_t a, int32_t y, int32_t b)
{
    int32_t change = turn(mixing, x, a, 0) + turn(mixing, y, b, 0);

    return change + turn(mixing, x, b, 1) + turn(mixing, y, a, 1);
}

/* The checker's word counts; the price of the columns alone keeps hopeless exchanges from it. */
static int32_t try_exchange(struct rh_call *call, struct mixing *mixing, const int32_t at[4],
                            int64_t budget, int64_t *value)
{
    int32_t x = at[0], a = at[1], y = at[2], b = at[3];
    int64_t rule[RULE_COUNT], found;

    if (price_at(mixing, x, b) + price_at(mixing, y, a) - price_at(mixing, x, a) -
            price_at(mixing, y, b) >
        (budget - *value) / 4 + 1)
        return 0;
    if (exchange(mixing, x, a, y, b) > 0) {
        if (selection_value(call, mixing->selection, mixing->taken, &found, rule) >= 0) {
            if (found <= budget) {
                *value = found;
                return 1;
            }
        } else
            rh_forget(call);
    }
    exchange(mixing, x, b, y, a);
    return 0;
}

int32_t mix(struct rh_call *call, const struct model *model, const struct selection *selection,
            uint8_t *taken, int64_t value, int64_t budget, int64_t *ret_value)
{
    struct mixing mixing = {model, selection, taken, NULL};
    uint8_t *member =
        rh_alloc_in(call, (size_t)model->office_count * (size_t)model->person_count + 1);
    int32_t n = model->person_count;

    if (!member)
        return RH_ENOMEM;
    for (int32_t c = 0; c < selection->problem.column_count; c++)
        member[cell(model, selection->problem.group[c], selection->problem.agent[c])] = taken[c];
    if (!(mixing.meetings = meetings_of(call, model, member)))
        return RH_ENOMEM;
    for (int32_t x = 0; x < model->office_count; x++)
        for (int32_t a = 0; a < n; a++) {
            int32_t repeated = 0, done = 0;

            if (!is_member(&mixing, x, a) || model->pin[cell(model, x, a)])
                continue;
            for (int32_t p = 0; p < n; p++)
                repeated += p != a && is_member(&mixing, x, p) && mixing.meetings[a * n + p] > 1;
            for (int32_t y = 0; repeated && !done && y < model->office_count; y++)
                for (int32_t b = 0; y != x && !done && b < n; b++)
                    if (may_exchange(&mixing, x, a, y, b))
                        done = try_exchange(call, &mixing, (const int32_t[4]){x, a, y, b}, budget,
                                            &value);
            if (rh_progress(call, x, model->office_count, "Teams mischen", "mixing teams"))
                return rh_fail(call, RH_ECANCELLED, "'team allocate' wurde abgebrochen",
                               "'team allocate' was cancelled");
        }
    *ret_value = value;
    return 0;
}
