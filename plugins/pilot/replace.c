/*
 * A site drops out, and the reserve list moves up by the rule of panel/replace.h. One for one is
 * done at once; where others would have to leave for it, a person has to say so.
 */
#include "plugins/pilot/result.h"

#include <string.h>

/* A must-have that is not there any more can only be missed. */
static struct panel_row *rows_without(struct result *result, int32_t dropout)
{
    const struct pool *pool = &result->work.pool;
    struct panel_row *rows = PANEL_NEW(&result->work.memory, struct panel_row, pool->row_count + 1);

    for (int32_t r = 0; r < pool->row_count; r++) {
        rows[r] = pool->limits[r];
        for (int32_t e = 0; pool->rows[r].kind == ROW_MUST && e < pool->eligible_count; e++)
            if (in_row(result, e, r) && (e == dropout || result->position[e] < 0))
                rows[r].min = 0;
    }
    return rows;
}

/* The lot that says who leaves, if anybody has to: drawn with the seed of the draw. */
static int32_t *leaving_order(struct result *result)
{
    struct rh_call *call = result->work.call;
    int32_t count = result->work.pool.eligible_count;
    int32_t *order = PANEL_NEW(&result->work.memory, int32_t, count + 1);
    const char *drawn =
        one_value(call, "SELECT digest || ' ' || seed FROM pilot_selection WHERE id = ?1",
                  result->selection, NULL);
    struct panel_stream stream;

    for (int32_t e = 0; e < count; e++)
        order[e] = e;
    panel_stream_begin(&stream, "reihum pilot 1 leave", drawn ? drawn : "");
    panel_shuffle(&stream, order, count);
    return order;
}

enum panel_found find_change(struct result *result, int32_t dropout, struct panel_change *ret)
{
    const struct work *work = &result->work;

    return panel_replace(&result->work.memory, &work->pool.problem, rows_without(result, dropout),
                         result->position, dropout, leaving_order(result), ret);
}

static const char *name_at(const struct result *result, int32_t place)
{
    const struct pool *pool = &result->work.pool;

    return pool->applicants[pool->eligible[place]].name;
}

static const char *names_of(struct result *result, const int32_t *places, int32_t count)
{
    const char *list = NULL;

    for (int32_t i = 0; i < count; i++)
        list =
            add_word(result->work.call, list, name_at(result, places[i]), i > 0 && i == count - 1);
    return list ? list : "";
}

/* ---- what it comes to ---- */

static void out_before_and_after(struct result *result, int32_t dropout,
                                 const struct panel_change *change)
{
    struct rh_call *call = result->work.call;
    const struct pool *pool = &result->work.pool;

    rh_out_array(call, "items");
    for (int32_t q = 0; q < pool->quota_count; q++) {
        int32_t after = result->count[q] - in_row(result, dropout, q);

        for (int32_t i = 0; i < change->in_count; i++)
            after += in_row(result, change->in[i], q);
        for (int32_t i = 0; i < change->out_count; i++)
            after -= in_row(result, change->out[i], q);
        rh_out_object(call, NULL);
        rh_out_text(call, "label", pool->quotas[q].label);
        rh_out_int(call, "min", pool->quotas[q].min);
        rh_out_int(call, "max", pool->quotas[q].max);
        rh_out_int(call, "before", result->count[q]);
        rh_out_int(call, "after", after);
        rh_out_end(call);
    }
    rh_out_end(call);
}

/* The quotas that forbid a change of one for one. */
static const char *rows_in_the_way(struct result *result, int32_t dropout)
{
    struct rh_call *call = result->work.call;
    const char *rows = NULL;

    for (int32_t e = 0; e < result->work.pool.eligible_count; e++) {
        int32_t row = result->position[e] > 0 ? broken_row(result, &dropout, &e, 1) : -1;
        const char *label = row < 0 ? NULL : row_words(call, &result->work.pool, row);

        if (label && (!rows || !strstr(rows, label)))
            rows = add_word(call, rows, label, 0);
    }
    return rows ? rows : "–";
}

static int32_t refuse_none(struct result *result, int32_t dropout)
{
    struct work *work = &result->work;
    struct panel_model *model =
        panel_replace_model(&work->memory, &work->pool.problem, rows_without(result, dropout),
                            result->position, dropout);
    struct panel_conflict conflict = panel_conflict_find(&work->memory, model, NULL, 0);

    return rh_fail(work->call, RH_ECONFLICT,
                   "niemand auf der Reserveliste kann '%s' ersetzen, auch nicht mit weiteren "
                   "Änderungen: ohne dieses Amt gilt %s; eine neue Auswahl ist nötig",
                   "nobody on the reserve list can replace '%s', not even with further changes: "
                   "without this office, %s; a new selection is needed",
                   name_at(result, dropout),
                   conflict.state == PANEL_CONFLICT
                       ? conflict_words(work->call, &work->pool, &conflict)
                       : rows_in_the_way(result, dropout));
}

static int32_t refuse_further(struct result *result, int32_t dropout,
                              const struct panel_change *change)
{
    return rh_fail(
        result->work.call, RH_ECONFLICT,
        "niemand auf der Reserveliste kann '%s' allein ersetzen, ohne eine Quote zu "
        "verletzen (%s); die kleinste Änderung: zurück auf die Reserveliste: %s; es rücken "
        "nach: %s; mit --changes %d wird sie vorgenommen",
        "nobody on the reserve list can replace '%s' alone without breaking a quota (%s); "
        "the smallest change: back to the reserve list: %s; moving up: %s; --changes %d "
        "makes it",
        name_at(result, dropout), rows_in_the_way(result, dropout),
        names_of(result, change->out, change->out_count),
        names_of(result, change->in, change->in_count), (int)change->out_count);
}

/* ---- keeping it ---- */

static int32_t set_state(struct rh_call *call, const char *selection, const char *office,
                         const char *state)
{
    /* Who has to leave for others stands last: the order that was drawn and told stays. */
    return rh_exec(call,
                   "UPDATE pilot_site SET state = ?3, position = iif(?3 = 'reserve', (SELECT "
                   "max(position) + 1 FROM pilot_site WHERE selection = ?1), position) WHERE "
                   "selection = ?1 AND office = ?2",
                   "sss", selection, office, state) < 0
               ? RH_EFAILED
               : 0;
}

static int32_t store_pair(struct result *result, int32_t left, const char *state, int32_t new,
                          const char *reason, const char *person)
{
    struct rh_call *call = result->work.call;
    const struct pool *pool = &result->work.pool;
    const char *out = pool->applicants[pool->eligible[left]].id;
    const char *in = pool->applicants[pool->eligible[new]].id;

    if (set_state(call, result->selection, out, state) < 0 ||
        set_state(call, result->selection, in, "site") < 0 ||
        rh_exec(call,
                "INSERT INTO pilot_replacement(selection, left_office, new_office, reason, person, "
                "at_utc) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                "sssssi", result->selection, out, in, reason, person, rh_now_utc(call)) < 0 ||
        rh_event(call, "pilot.replaced", result->selection, NULL,
                 one_value(call,
                           "SELECT json_object('left', left_office, 'new', new_office, 'reason', "
                           "reason, 'by', person) FROM pilot_replacement WHERE selection = ?1 "
                           "ORDER BY id DESC LIMIT 1",
                           result->selection, NULL)) < 0)
        return RH_EFAILED;
    if (strcmp(state, "withdrawn") == 0)
        rh_say(call, "%s fällt aus; es rückt nach: %s (Platz %d der Reserveliste)",
               "%s drops out; it is replaced by %s (number %d of the reserve list)",
               name_at(result, left), name_at(result, new), (int)result->position[new]);
    else
        rh_say(call,
               "%s geht zurück auf die Reserveliste; es rückt nach: %s (Platz %d der Reserveliste)",
               "%s goes back to the reserve list; it is replaced by %s (number %d of the reserve "
               "list)",
               name_at(result, left), name_at(result, new), (int)result->position[new]);
    return 0;
}

/* Procedures that 'pilot start' recorded are not cancelled by themselves: they may have begun. */
static int32_t say_procedure(struct rh_call *call, const char *office)
{
    const char *procedure =
        one_value(call,
                  "SELECT id FROM v_procedure WHERE office = ?1 AND round IS NULL AND state IN "
                  "('planned', 'running') AND note LIKE 'Pilotstandort%' ORDER BY start_month DESC "
                  "LIMIT 1",
                  office, NULL);

    if (procedure)
        rh_say(call,
               "im Register steht noch das Verfahren %s: 'reihum procedure cancel %s' sagt es ab, "
               "'reihum pilot start' trägt das neue ein",
               "the register still has the procedure %s: 'reihum procedure cancel %s' cancels it, "
               "'reihum pilot start' records the new one",
               procedure, procedure);
    return 0;
}

static int32_t replace(struct result *result, const char *office, const char *reason,
                       const char *person)
{
    struct rh_call *call = result->work.call;
    const struct pool *pool = &result->work.pool;
    struct panel_change change = {0};
    int32_t dropout = -1, rc;
    enum panel_found found;

    for (int32_t e = 0; e < pool->eligible_count; e++)
        if (strcmp(pool->applicants[pool->eligible[e]].id, office) == 0)
            dropout = e;
    if (dropout < 0 || result->position[dropout] != 0)
        return rh_fail(call, RH_ECONFLICT, "'%s' ist kein Standort dieser Auswahl",
                       "'%s' is not a site of this selection", office);
    found = find_change(result, dropout, &change);
    if (found != PANEL_BEST)
        return refuse_none(result, dropout);
    if (change.out_count > rh_param_int(call, "changes"))
        return refuse_further(result, dropout, &change);
    out_before_and_after(result, dropout, &change);
    rh_out_text(call, "selection", result->selection);
    rh_out_text(call, "left", office);
    rh_out_text(call, "new", pool->applicants[pool->eligible[change.in[0]]].id);
    rh_out_int(call, "position", result->position[change.in[0]]);
    rh_out_int(call, "further", change.out_count);
    rc = store_pair(result, dropout, "withdrawn", change.in[0], reason, person);
    for (int32_t i = 0; i < change.out_count && rc == 0; i++)
        rc = store_pair(result, change.out[i], "reserve", change.in[i + 1],
                        rh_format(call, "%s: die Quoten ließen sich nur so halten (%s)",
                                  "%s: the quotas could be kept in this way only (%s)",
                                  name_at(result, dropout), reason),
                        person);
    return rc == 0 ? say_procedure(call, office) : rc;
}

int32_t pilot_replace(struct rh_call *call)
{
    struct result result = {0};
    const char *office, *reason, *person;
    int32_t rc = result_begin(&result, call);

    if (rc == 0 &&
        (rc = find_applicant(call, result.selection, rh_param_text(call, "office"), &office)) ==
            0 &&
        (rc = need_text(call, "reason", RH_TEXT("warum", "why"), &reason)) == 0 &&
        (rc = need_text(call, "by", RH_TEXT("wer es verantwortet", "who answers for it"),
                        &person)) == 0)
        rc = replace(&result, office, reason, person);
    work_end(&result.work);
    return rc;
}
