/* pilot check and pilot relax: is it possible, what is forced, what contradicts, and what it takes.
 */
#include "plugins/pilot/internal.h"

#include <string.h>

enum { CONFLICTS_MAX = 8 };

static int32_t add_conflict(const char **list, int32_t count, const char *words)
{
    for (int32_t i = 0; i < count; i++)
        if (strcmp(list[i], words) == 0)
            return count;
    if (count < CONFLICTS_MAX)
        list[count++] = words;
    return count;
}

/* Contradictions of the quotas alone, then with these applications. */
static int32_t out_conflicts(struct work *work)
{
    struct rh_call *call = work->call;
    const char *list[CONFLICTS_MAX];
    struct panel_model *paper = paper_model(&work->pool, &work->memory);
    struct panel_conflict conflict;
    int32_t count = 0;

    if (paper) {
        conflict = panel_conflict_find(&work->memory, paper, NULL, 0);
        /* The row of places has another number there: there are no pins on paper. */
        for (int32_t s = 0; s < conflict.count; s++)
            if (conflict.sides[s].row == paper->row_count)
                conflict.sides[s].row = work->pool.row_count;
        if (conflict.state == PANEL_CONFLICT)
            count = add_conflict(list, count, conflict_words(call, &work->pool, &conflict));
    }
    conflict = panel_conflict_find(&work->memory, work->model, NULL, 0);
    if (conflict.state == PANEL_CONFLICT)
        count = add_conflict(list, count, conflict_words(call, &work->pool, &conflict));
    rh_out_array(call, "conflicts");
    for (int32_t i = 0; i < count; i++) {
        rh_out_object(call, NULL);
        rh_out_text(call, "sentence", list[i]);
        rh_out_end(call);
    }
    rh_out_end(call);
    rh_out_flag(call, "conflicts_any", count > 0);
    return conflict.state;
}

/* Everybody is in one of the two rows, nobody in both. */
static int32_t parts(const struct work *work, int32_t row, int32_t other)
{
    for (int32_t t = 0; t < work->model->type_count; t++)
        if (panel_has(work->model, t, row) + panel_has(work->model, t, other) != 1)
            return 0;
    return row != other;
}

/* "9 + 9 and 18 places force exactly 9"; otherwise the sides that do not allow less. */
static const char *forced_words(struct work *work, int32_t row, int32_t value)
{
    struct rh_call *call = work->call;
    struct panel_demand low = {-1, row, 0, value - 1};
    struct panel_conflict conflict;

    for (int32_t r = 0; r < work->pool.row_count; r++) {
        int32_t max = work->pool.limits[r].max;

        if (parts(work, row, r) && value == work->pool.limits[row].max &&
            value + max == work->pool.places)
            return rh_format(call, "%d + %d und %d Plätze erzwingen genau %d",
                             "%d + %d and %d places force exactly %d", (int)value, (int)max,
                             (int)work->pool.places, (int)value);
    }
    if (value == 0)
        return NULL;
    conflict = panel_conflict_find(&work->memory, work->model, &low, 0);
    return conflict.count ? sides_words(call, &work->pool, &conflict, conflict.count) : NULL;
}

static void out_forced(struct work *work, const struct panel_range *range)
{
    struct rh_call *call = work->call;
    int32_t any = 0;

    rh_out_array(call, "forced");
    for (int32_t r = 0; r < work->pool.row_count; r++) {
        const struct panel_row *limit = &work->pool.limits[r];

        if (work->pool.rows[r].kind != ROW_QUOTA || range[r].min != range[r].max ||
            limit->min == limit->max || work->model->members[r] == 0)
            continue;
        any++;
        rh_out_object(call, NULL);
        rh_out_text(call, "label", row_words(call, &work->pool, r));
        rh_out_int(call, "exactly", range[r].min);
        rh_out_text(call, "reason", forced_words(work, r, range[r].min));
        rh_out_end(call);
    }
    rh_out_end(call);
    rh_out_flag(call, "forced_any", any > 0);
}

static void out_unselectable(struct work *work)
{
    struct rh_call *call = work->call;
    int32_t any = 0;

    rh_out_array(call, "unselectable");
    for (int32_t t = 0; t < work->model->type_count; t++) {
        const char *words = unselectable_words(work, t);

        for (int32_t e = 0; words && e < work->pool.eligible_count; e++) {
            const struct applicant *who = &work->pool.applicants[work->pool.eligible[e]];

            if (work->model->type_of[e] != t)
                continue;
            any++;
            rh_out_object(call, NULL);
            rh_out_text(call, "office", who->id);
            rh_out_text(call, "name", who->name);
            rh_out_text(call, "reason", words);
            rh_out_end(call);
        }
    }
    rh_out_end(call);
    rh_out_flag(call, "unselectable_any", any > 0);
}

/* "items": each quota beside what the pool has and what valid panels have. */
static void out_quotas(struct work *work, const struct panel_range *range)
{
    struct rh_call *call = work->call;

    rh_out_array(call, "items");
    for (int32_t r = 0; r < work->pool.quota_count; r++) {
        const struct quota *quota = &work->pool.quotas[r];

        rh_out_object(call, NULL);
        rh_out_text(call, "label", quota->label);
        rh_out_text(call, "where", quota->conditions);
        rh_out_int(call, "min", quota->min);
        rh_out_int(call, "max", quota->max);
        rh_out_int(call, "price", quota->price);
        rh_out_flag(call, "relaxable", quota->price > 0);
        rh_out_int(call, "pool", work->model->members[r]);
        rh_out_flag(call, "too_few", work->model->members[r] < quota->min);
        rh_out_text(call, "possible",
                    !range ? NULL
                    : range[r].min == range[r].max
                        ? rh_format(call, "%d", "%d", (int)range[r].min)
                        : rh_format(call, "%d–%d", "%d–%d", (int)range[r].min, (int)range[r].max));
        rh_out_end(call);
    }
    rh_out_end(call);
}

static int32_t out_barred(struct work *work)
{
    struct rh_call *call = work->call;
    int32_t count = 0;

    rh_out_array(call, "barred");
    for (int32_t i = 0; i < work->pool.applicant_count; i++) {
        const struct applicant *who = &work->pool.applicants[i];

        if (!who->barred)
            continue;
        count++;
        rh_out_object(call, NULL);
        rh_out_text(call, "office", who->id);
        rh_out_text(call, "name", who->name);
        rh_out_text(call, "reason", who->barred);
        rh_out_end(call);
    }
    rh_out_end(call);
    rh_out_flag(call, "barred_any", count > 0);
    return count;
}

static void out_relaxations(struct work *work)
{
    struct rh_call *call = work->call;
    struct panel_relaxations found = panel_relaxations_find(&work->memory, work->model);
    struct panel_conflict conflict;

    rh_out_array(call, "relaxations");
    for (int32_t i = 0; i < found.count; i++) {
        rh_out_object(call, NULL);
        rh_out_int(call, "number", i + 1);
        rh_out_text(call, "change", relaxation_words(call, &work->pool, found.by[i]));
        rh_out_int(call, "price", found.price);
        rh_out_end(call);
    }
    rh_out_end(call);
    rh_out_flag(call, "relaxations_any", found.count > 0 && found.price > 0);
    rh_out_flag(call, "relaxations_more", found.more);
    if (found.more)
        rh_say(call, "mehr als %d gleich teure Lockerungen; genannt sind die ersten",
               "more than %d relaxations at this price; the first ones are named",
               PANEL_RELAXATIONS_MAX);
    if (found.state == 0) {
        conflict = panel_conflict_find(&work->memory, work->model, NULL, 1);
        rh_say(call, "keine Lockerung hilft, weil schon dies nicht zugleich geht: %s",
               "no relaxation helps, because this alone is impossible: %s",
               conflict_words(call, &work->pool, &conflict));
    }
}

int32_t pilot_check(struct rh_call *call)
{
    struct work work;
    const char *selection;
    struct panel_range *range;
    int32_t rc = find_selection(call, &selection), conflict;

    if (rc < 0)
        return rc;
    if ((rc = work_begin(&work, call, selection)) == 0) {
        range = PANEL_NEW(&work.memory, struct panel_range, work.pool.row_count + 1);
        rh_out_text(call, "selection", selection);
        rh_out_text(call, "state", work.pool.state);
        rh_out_flag(call, "is_open", strcmp(work.pool.state, "open") == 0);
        rh_out_int(call, "places", work.pool.places);
        rh_out_int(call, "applications", work.pool.applicant_count);
        rh_out_int(call, "eligible", work.pool.eligible_count);
        rh_out_int(call, "profiles", work.model->type_count);
        (void)out_barred(&work);
        rh_say(call, "%d von %d Bewerbungen nehmen teil; %d Plätze, %d verschiedene Profile",
               "%d of %d applications take part; %d places, %d distinct profiles",
               (int)work.pool.eligible_count, (int)work.pool.applicant_count, (int)work.pool.places,
               (int)work.model->type_count);
        conflict = out_conflicts(&work);
        rh_out_flag(call, "feasible", conflict == PANEL_NO_CONFLICT);
        if (conflict == PANEL_NO_CONFLICT && (rc = work_chances(&work, PANEL_LEXIMIN, 0)) == 0) {
            int32_t known = panel_ranges(&work.memory, work.model, range) > 0;

            out_count(&work);
            out_quotas(&work, known ? range : NULL);
            if (known)
                out_forced(&work, range);
            out_unselectable(&work);
            rh_say(call, "möglich: alle Quoten lassen sich zugleich einhalten",
                   "possible: all quotas can be kept together");
        } else if (rc == 0) {
            out_quotas(&work, NULL);
            out_relaxations(&work);
            rh_say(call,
                   "nicht möglich: die Quoten widersprechen sich; 'reihum pilot relax --take NR "
                   "--by NAME --reason …' übernimmt eine Lockerung",
                   "impossible: the quotas contradict each other; 'reihum pilot relax --take NO "
                   "--by NAME --reason …' adopts a relaxation");
        }
    }
    work_end(&work);
    return rc;
}

/* ---- relaxing ---- */

struct choice {
    const char *selection;
    int32_t count, row_count;
    int32_t *by; /* of the chosen one */
    const char **label;
    int32_t *min, *max; /* afterwards */
};

static int32_t choose(struct work *work, const struct panel_relaxations *found, struct choice *to)
{
    struct rh_call *call = work->call;
    int32_t take = (int32_t)rh_param_int(call, "take"), rows = work->pool.quota_count;

    if (take > found->count)
        return rh_fail(call, RH_EINVALID, "--take %d: es gibt nur %d Lockerungen",
                       "--take %d: there are only %d relaxations", (int)take, (int)found->count);
    to->row_count = rows;
    to->by = rh_alloc_in(call, ((size_t)rows + 1) * 2 * sizeof(int32_t));
    to->label = rh_alloc_in(call, ((size_t)rows + 1) * sizeof(char *));
    to->min = rh_alloc_in(call, ((size_t)rows + 1) * sizeof(int32_t));
    to->max = rh_alloc_in(call, ((size_t)rows + 1) * sizeof(int32_t));
    if (!to->by || !to->label || !to->min || !to->max)
        return RH_ENOMEM;
    memcpy(to->by, found->by[take - 1], (size_t)rows * 2 * sizeof(int32_t));
    for (int32_t r = 0; r < rows; r++) {
        to->label[r] = work->pool.quotas[r].label;
        to->min[r] = work->pool.quotas[r].min - to->by[r * 2];
        to->max[r] = work->pool.quotas[r].max + to->by[r * 2 + 1];
    }
    rh_say(call, "gewählt: %s", "chosen: %s", relaxation_words(call, &work->pool, to->by));
    return 0;
}

int32_t pilot_relax(struct rh_call *call)
{
    struct work work;
    struct choice *choice = rh_alloc_in(call, sizeof(*choice));
    const char *text;
    int32_t rc, taking = rh_param_given(call, "take");

    if (!choice)
        return RH_ENOMEM;
    call->state = choice;
    rc = taking ? find_in_state(call, "open", &choice->selection)
                : find_selection(call, &choice->selection);
    if (rc < 0 ||
        (taking &&
         ((rc = need_text(call, "by", RH_TEXT("wer unterschreibt", "who signs"), &text)) < 0 ||
          (rc = need_text(call, "reason", RH_TEXT("warum", "why"), &text)) < 0)))
        return rc;
    if ((rc = work_begin(&work, call, choice->selection)) == 0) {
        struct panel_relaxations found = panel_relaxations_find(&work.memory, work.model);

        rh_out_text(call, "selection", choice->selection);
        rh_out_int(call, "price", found.price);
        if (found.count && found.price == 0)
            rh_say(call, "nichts zu lockern: alle Quoten lassen sich zugleich einhalten",
                   "nothing to relax: all quotas can be kept together");
        else
            (void)out_conflicts(&work);
        if (found.count && found.price > 0)
            rh_say(call, "kleinste Lockerungen: %d, jede zum Preis %lld",
                   "smallest relaxations: %d, each at the price %lld", (int)found.count,
                   (long long)found.price);
        if (taking && found.price > 0)
            rc = choose(&work, &found, choice);
        rh_out_array(call, "items");
        for (int32_t i = 0; found.price > 0 && i < found.count; i++) {
            rh_out_object(call, NULL);
            rh_out_int(call, "number", i + 1);
            rh_out_text(call, "change", relaxation_words(call, &work.pool, found.by[i]));
            rh_out_int(call, "price", found.price);
            rh_out_end(call);
        }
        rh_out_end(call);
        if (found.state < 1)
            out_relaxations(&work);
        else if (found.more)
            rh_say(call, "mehr als %d gleich teure Lockerungen; genannt sind die ersten",
                   "more than %d relaxations at this price; the first ones are named",
                   PANEL_RELAXATIONS_MAX);
    }
    work_end(&work);
    return rc;
}

int32_t pilot_relax_commit(struct rh_call *call)
{
    const struct choice *choice = call->state;
    const char *person = rh_param_text(call, "by"), *reason = rh_param_text(call, "reason");
    int32_t rc;

    if (!choice->by)
        return 0;
    if ((rc = find_in_state(call, "open", &(const char *){NULL})) < 0)
        return rc;
    for (int32_t r = 0; r < choice->row_count; r++) {
        if (!choice->by[r * 2] && !choice->by[r * 2 + 1])
            continue;
        /* Only the quota that was seen may be changed: its bounds are part of the condition. */
        if (rh_exec(call,
                    "INSERT INTO pilot_relaxed(selection, label, min_before, max_before, "
                    "min_after, max_after, person, reason, at_utc) SELECT selection, label, min, "
                    "max, ?3, ?4, ?5, ?6, ?7 FROM pilot_quota WHERE selection = ?1 AND label = ?2",
                    "ssiissi", choice->selection, choice->label[r], (int64_t)choice->min[r],
                    (int64_t)choice->max[r], person, reason, rh_now_utc(call)) < 0)
            return RH_EFAILED;
        if (rh_exec(call,
                    "UPDATE pilot_quota SET min = ?3, max = ?4 WHERE selection = ?1 AND label = ?2 "
                    "AND min = ?5 AND max = ?6",
                    "ssiiii", choice->selection, choice->label[r], (int64_t)choice->min[r],
                    (int64_t)choice->max[r], (int64_t)(choice->min[r] + choice->by[r * 2]),
                    (int64_t)(choice->max[r] - choice->by[r * 2 + 1])) != 1)
            return rh_fail(call, RH_ECONFLICT,
                           "die Quote '%s' wurde inzwischen geändert; noch einmal ansehen",
                           "the quota '%s' was changed meanwhile; look again", choice->label[r]);
        if (rh_event(call, "pilot.relaxed", choice->selection, NULL,
                     one_value(call,
                               "SELECT json_object('label', label, 'min', json_array(min_before, "
                               "min_after), 'max', json_array(max_before, max_after), 'person', "
                               "person, 'reason', reason) FROM pilot_relaxed WHERE selection = ?1 "
                               "AND label = ?2 ORDER BY id DESC LIMIT 1",
                               choice->selection, choice->label[r])) < 0)
            return RH_EFAILED;
    }
    rh_say(call, "gelockert und unterschrieben: %s", "relaxed and signed: %s", person);
    return 0;
}
