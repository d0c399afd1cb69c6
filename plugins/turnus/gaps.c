/* Gaps of a plan: found, named, kept. */
#include "plugins/turnus/gaps.h"

#include "plugins/turnus/conflicts.h"

#include <string.h>

static const struct {
    const char *rule;
    int32_t why;
} kinds[] = {{"closed", WHY_CLOSED},
             {"blocked", WHY_BLOCKED},
             {"fixed", WHY_NOT_FIXED},
             {"spacing", WHY_SPACING}};

enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

static int32_t why_at(const struct model *model, int32_t office, int32_t slot)
{
    return slot < 0 ? 0 : model->why[(size_t)office * (size_t)model->month_count + (size_t)slot];
}

/* ---- found ---- */

static int32_t excess(const struct model *model, const int32_t *slots, int32_t slot)
{
    const struct month *month = &model->months[slot];
    int32_t found = month->taken, room = month->taken + month->begun;

    for (int32_t i = 0; i < model->office_count; i++)
        found += slots[i] == slot;
    room = room > month->capacity ? room : month->capacity;
    return found > room ? found - room : 0;
}

static int32_t is_pair(const struct rule_row *row)
{
    return strcmp(row->rule, "together") == 0;
}

static int32_t find_at_offices(const struct model *model, const int32_t *slots,
                               const struct plan *plan, struct gap *gaps)
{
    int32_t count = 0;

    for (int32_t i = 0; i < model->office_count; i++) {
        int32_t why = why_at(model, i, slots[i]) & (plan ? plan->gap[i] : ~0);

        for (int32_t k = 0; k < KINDS; k++)
            if (why & kinds[k].why)
                gaps[count++] = (struct gap){kinds[k].rule, i, -1, slots[i], 1};
    }
    return count;
}

static int32_t find_at_pairs(const struct model *model, const int32_t *slots,
                             const struct plan *plan, struct gap *gaps)
{
    int32_t count = 0;

    for (int32_t r = 0; r < model->rule_count; r++) {
        const struct rule_row *row = &model->rules[r];

        if (is_pair(row) && slots[row->office] != slots[row->other] &&
            (!plan || plan->parted[row->office]))
            gaps[count++] =
                (struct gap){"together", row->office, row->other, slots[row->office], 1};
    }
    return count;
}

static int32_t find_at_months(const struct model *model, const int32_t *slots,
                              const struct plan *plan, struct gap *gaps)
{
    int32_t count = 0;

    for (int32_t t = 0; t < model->month_count; t++) {
        int32_t many = excess(model, slots, t);

        if (plan && many > plan->gap_room[t])
            many = plan->gap_room[t];
        if (many > 0)
            gaps[count++] = (struct gap){"capacity", -1, -1, t, many};
    }
    return count;
}

int32_t gaps_find(struct rh_call *call, const struct model *model, const int32_t *slots,
                  const struct plan *plan, struct gap **ret_gaps)
{
    size_t most = (size_t)model->office_count * KINDS + (size_t)model->rule_count +
                  (size_t)model->month_count + 1;
    struct gap *gaps = rh_alloc_in(call, most * sizeof(*gaps));
    int32_t count;

    if (!gaps)
        return RH_ENOMEM;
    count = find_at_months(model, slots, plan, gaps);
    count += find_at_offices(model, slots, plan, &gaps[count]);
    count += find_at_pairs(model, slots, plan, &gaps[count]);
    *ret_gaps = gaps;
    return count;
}

int32_t unnamed_excess(const struct model *model, const struct plan *plan)
{
    int32_t sum = 0;

    for (int32_t t = 0; t < model->month_count; t++) {
        int32_t many = excess(model, plan->slot, t);

        sum += many > plan->gap_room[t] ? many - plan->gap_room[t] : 0;
    }
    return sum;
}

/* ---- named ---- */

static const char *names_in(struct rh_call *call, const struct model *model, const int32_t *slots,
                            int32_t slot)
{
    const char *names = "";

    for (int32_t i = 0; i < model->office_count; i++)
        if (slots[i] == slot)
            names = rh_format(call, "%s%s%s", "%s%s%s", names, *names ? ", " : "",
                              model->offices[i].name);
    return names;
}

/* The rule of the file that is broken: "Regel 12, „Umzug“". */
static const char *file_rule(struct rh_call *call, const struct model *model, const struct gap *gap)
{
    int32_t month = model->months[gap->slot].month;

    for (int32_t r = 0; r < model->rule_count; r++) {
        const struct rule_row *row = &model->rules[r];
        int32_t inside = month >= row->from && month <= row->to;

        if (row->office != gap->office || strcmp(row->rule, gap->rule) != 0 ||
            (gap->other >= 0 ? row->other != gap->other
                             : inside == (strcmp(gap->rule, "fixed") == 0)))
            continue;
        return rh_format(call, "%s%sRegel %lld%s%s%s", "%s%srule %lld%s%s%s",
                         gap->other < 0 ? range_words(call, row->from, row->to) : "",
                         gap->other < 0 ? ", " : "", (long long)row->id,
                         row->note && *row->note ? " – " : "", row->note ? row->note : "", "");
    }
    return "";
}

static const char *spacing_gap_words(struct rh_call *call, const struct model *model,
                                     const struct gap *gap)
{
    const struct office *office = &model->offices[gap->office];
    int32_t months = model->months[gap->slot].month - office->previous;

    if (months < office->spacing_min)
        return rh_format(call,
                         "%s beginnt im %s, schon %d Monate nach dem vorigen Verfahren statt nach "
                         "mindestens %d",
                         "%s starts in %s, %d months after the previous procedure already instead "
                         "of %d at least",
                         office->name, month_words(call, model->months[gap->slot].month),
                         (int)months, (int)office->spacing_min);
    return rh_format(call,
                     "%s beginnt im %s, erst %d Monate nach dem vorigen Verfahren statt nach "
                     "höchstens %d",
                     "%s starts in %s, as late as %d months after the previous procedure instead "
                     "of %d at most",
                     office->name, month_words(call, model->months[gap->slot].month), (int)months,
                     (int)office->spacing_max);
}

const char *gap_words(struct rh_call *call, const struct model *model, const int32_t *slots,
                      const struct gap *gap)
{
    const struct month *month = &model->months[gap->slot];
    const char *name = gap->office < 0 ? "" : model->offices[gap->office].name;
    const char *when = month_words(call, month->month);

    if (strcmp(gap->rule, "capacity") == 0)
        return rh_format(
            call, "%s: %d Verfahren mehr, als Platz ist (Höchstzahl %d); dort beginnen %s",
            "%s: %d procedures more than there is room for (capacity %d); those that "
            "start there: %s",
            when, (int)gap->count, (int)month->capacity, names_in(call, model, slots, gap->slot));
    if (strcmp(gap->rule, "closed") == 0)
        return rh_format(
            call,
            "%s beginnt im %s, obwohl der Monat geschlossen ist (Arbeitstage außerhalb "
            "der Schulferien: %d)",
            "%s starts in %s although the month is closed (working days outside "
            "school holidays: %d)",
            name, when, (int)month->outside_school);
    if (strcmp(gap->rule, "blocked") == 0)
        return rh_format(call, "%s beginnt im %s, obwohl das Amt ihn gesperrt hat (%s)",
                         "%s starts in %s although the office blocks it (%s)", name, when,
                         file_rule(call, model, gap));
    if (strcmp(gap->rule, "fixed") == 0)
        return rh_format(call, "%s beginnt im %s, obwohl es anders festgelegt ist (%s)",
                         "%s starts in %s although it is fixed otherwise (%s)", name, when,
                         file_rule(call, model, gap));
    if (strcmp(gap->rule, "together") == 0)
        return rh_format(call, "%s und %s beginnen nicht gemeinsam (%s)",
                         "%s and %s do not start together (%s)", name,
                         model->offices[gap->other].name, file_rule(call, model, gap));
    return spacing_gap_words(call, model, gap);
}

int32_t out_gaps(struct rh_call *call, const char *key, const struct model *model,
                 const int32_t *slots, const struct plan *plan)
{
    struct gap *gaps;
    int32_t count = gaps_find(call, model, slots, plan, &gaps);

    rh_out_array(call, key);
    for (int32_t g = 0; g < count; g++) {
        rh_out_object(call, NULL);
        rh_out_text(call, "rule", gaps[g].rule);
        rh_out_text(call, "office", gaps[g].office < 0 ? NULL : model->offices[gaps[g].office].id);
        rh_out_text(call, "month", rh_month_text(call, model->months[gaps[g].slot].month));
        rh_out_int(call, "count", gaps[g].count);
        rh_out_text(call, "sentence", gap_words(call, model, slots, &gaps[g]));
        rh_out_end(call);
    }
    rh_out_end(call);
    return count;
}

/* ---- kept ---- */

int32_t gaps_store(struct rh_call *call, int64_t plan, const struct model *model,
                   const int32_t *slots)
{
    struct gap *gaps;
    int32_t count = gaps_find(call, model, slots, NULL, &gaps);

    for (int32_t g = 0; g < count; g++)
        if (rh_exec(call,
                    "INSERT INTO turnus_gap(plan, rule, office, month, other, count) VALUES (?1, "
                    "?2, ?3, ?4, ?5, ?6)",
                    "issssi", plan, gaps[g].rule,
                    gaps[g].office < 0 ? NULL : model->offices[gaps[g].office].id,
                    rh_month_text(call, model->months[gaps[g].slot].month),
                    gaps[g].other < 0 ? NULL : model->offices[gaps[g].other].id,
                    (int64_t)gaps[g].count) < 0)
            return RH_EFAILED;
    return count;
}

int32_t gaps_inherit(struct rh_call *call, int64_t plan, int64_t parent)
{
    return rh_exec(call,
                   "INSERT INTO turnus_gap(plan, rule, office, month, other, count) "
                   "SELECT ?1, g.rule, g.office, g.month, g.other, g.count FROM turnus_gap g "
                   "WHERE g.plan = ?2 AND (g.office IS NULL OR EXISTS (SELECT 1 FROM turnus_start "
                   "s WHERE s.plan = ?1 AND s.office = g.office AND s.month = g.month))",
                   "ii", plan, parent) < 0
               ? RH_EFAILED
               : 0;
}

static void read_gap(struct rh_call *call, struct rh_rows *rows, const struct model *model,
                     struct plan *plan, int32_t slot)
{
    const char *rule = rh_get_text(call, rows, 0), *office = rh_get_text(call, rows, 1);
    int32_t place = office ? office_place(model, office) : -1;

    plan->gaps++;
    if (!office && slot >= 0)
        plan->gap_room[slot] = (int32_t)rh_get_int(call, rows, 3);
    if (place < 0 || plan->slot[place] != slot)
        return;
    plan->parted[place] |= strcmp(rule, "together") == 0;
    for (int32_t k = 0; k < KINDS; k++)
        if (strcmp(rule, kinds[k].rule) == 0)
            plan->gap[place] |= (uint8_t)kinds[k].why;
}

int32_t gaps_load(struct rh_call *call, const struct model *model, struct plan *plan)
{
    struct rh_rows *rows;
    int32_t rc;

    plan->gap = rh_alloc_in(call, (size_t)model->office_count + 1);
    plan->parted = rh_alloc_in(call, (size_t)model->office_count + 1);
    plan->gap_room = rh_alloc_in(call, ((size_t)model->month_count + 1) * sizeof(int32_t));
    if (!plan->gap || !plan->parted || !plan->gap_room)
        return RH_ENOMEM;
    rc = rh_query(call, &rows, "SELECT rule, office, month, count FROM turnus_gap WHERE plan = ?1",
                  "i", plan->id);
    while (rc >= 0 && (rc = rh_next(call, rows)) == 1) {
        int32_t month;

        if ((rc = rh_month_parse(call, rh_get_text(call, rows, 2), &month)) < 0)
            return rc;
        read_gap(call, rows, model, plan, slot_of_month(model, month));
    }
    rh_close(call, rows);
    return rc < 0 ? rc : 0;
}

/* ---- published ---- */

int32_t refuse_gaps(struct rh_call *call, const struct model *model, const struct plan *plan)
{
    struct gap *gaps;
    int32_t count = gaps_find(call, model, plan->slot, plan, &gaps);
    const char *reason = rh_param_text(call, "reason"), *text = "";

    if (count <= 0)
        return count;
    if (rh_param_int(call, "accept-gaps") && reason && *reason)
        return 0;
    if (rh_param_int(call, "accept-gaps"))
        return rh_fail(call, RH_EUSAGE,
                       "zu --accept-gaps gehört --reason: warum die Lücken hingenommen werden",
                       "--accept-gaps needs --reason: why the gaps are accepted");
    for (int32_t g = 0; g < count && g < 5; g++)
        text = rh_format(call, "%s%s%s", "%s%s%s", text, *text ? "; " : "",
                         gap_words(call, model, plan->slot, &gaps[g]));
    return rh_fail(call, RH_ECONFLICT,
                   "Plan %lld hat %d Lücken: %s%s; 'turnus conflicts' nennt Auswege, --accept-gaps "
                   "--reason \"…\" nimmt sie hin",
                   "plan %lld has %d gaps: %s%s; 'turnus conflicts' names repairs, --accept-gaps "
                   "--reason \"…\" accepts them",
                   (long long)plan->id, (int)count, text, count > 5 ? " …" : "");
}

int32_t keep_acceptance(struct rh_call *call, const struct model *model, const struct plan *plan)
{
    struct gap *gaps;
    int32_t count = gaps_find(call, model, plan->slot, plan, &gaps);
    struct rh_rows *rows;
    const char *json = NULL;

    if (count <= 0)
        return count;
    if (rh_exec(call,
                "INSERT INTO turnus_acceptance(plan, accepted_utc, accepted_by, reason, gaps) "
                "VALUES (?1, ?2, ?3, ?4, ?5)",
                "iissi", plan->id, rh_now_utc(call), rh_actor(call), rh_param_text(call, "reason"),
                (int64_t)count) < 0)
        return RH_EFAILED;
    if (rh_query(call, &rows,
                 "SELECT json_object('plan', plan, 'gaps', gaps, 'accepted_by', accepted_by, "
                 "'reason', reason) FROM turnus_acceptance WHERE plan = ?1",
                 "i", plan->id) == 0 &&
        rh_next(call, rows) == 1)
        json = rh_get_text(call, rows, 0);
    rh_close(call, rows);
    if (rh_event(call, "turnus.gaps_accepted", plan->round, NULL, json) < 0)
        return RH_EFAILED;
    rh_say(call, "mit %d hingenommenen Lücken: %s", "with %d gaps accepted: %s", (int)count,
           rh_param_text(call, "reason"));
    return 0;
}
