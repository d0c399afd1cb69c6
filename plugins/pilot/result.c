/* What came of it: for each applicant selected, reserve or the reason why not; strata; and how well
 * dropouts can be replaced. */
#include "plugins/pilot/result.h"

#include <stdlib.h>
#include <string.h>

static int32_t load_sites(struct rh_call *call, struct result *result)
{
    struct pool *pool = &result->work.pool;
    struct rh_rows *rows;
    int32_t rc = rh_query(call, &rows,
                          "SELECT office, position, state FROM pilot_site WHERE selection = ?1 "
                          "ORDER BY office",
                          "s", pool->id);

    while (rc >= 0 && (rc = rh_next(call, rows)) == 1) {
        const char *office = rh_get_text(call, rows, 0), *state = rh_get_text(call, rows, 2);

        for (int32_t e = 0; e < pool->eligible_count; e++)
            if (strcmp(pool->applicants[pool->eligible[e]].id, office) == 0)
                result->position[e] = strcmp(state, "site") == 0 ? 0
                                      : strcmp(state, "withdrawn") == 0
                                          ? -1
                                          : (int32_t)rh_get_int(call, rows, 1);
    }
    rh_close(call, rows);
    return rc;
}

static void count_sites(struct result *result)
{
    const struct pool *pool = &result->work.pool;

    for (int32_t e = 0; e < pool->eligible_count; e++)
        for (int32_t r = 0; result->position[e] == 0 && r < pool->row_count; r++)
            result->count[r] += pool->member[(size_t)e * (size_t)pool->row_count + (size_t)r];
    for (int32_t e = 0; e < pool->eligible_count; e++)
        result->site_count += result->position[e] == 0;
}

int32_t result_begin(struct result *result, struct rh_call *call)
{
    struct panel_lottery lottery = {0};
    const char *text;
    size_t places, rows;
    int32_t rc = find_in_state(call, "drawn", &result->selection);

    if (rc < 0 || (rc = work_begin(&result->work, call, result->selection)) < 0)
        return rc;
    places = (size_t)result->work.pool.eligible_count;
    rows = (size_t)result->work.pool.row_count;
    result->position = PANEL_NEW(&result->work.memory, int32_t, places + 1);
    result->count = PANEL_NEW(&result->work.memory, int32_t, rows + 1);
    text = one_value(call, "SELECT lottery FROM pilot_selection WHERE id = ?1", result->selection,
                     NULL);
    if ((rc = read_lottery(call, text ? text : "", &result->work.pool, &lottery)) < 0 ||
        (rc = load_sites(call, result)) < 0)
        return rc;
    result->seats = lottery.seats;
    count_sites(result);
    return 0;
}

/* ---- swaps ---- */

int32_t in_row(const struct result *result, int32_t place, int32_t row)
{
    const struct pool *pool = &result->work.pool;

    return pool->member[(size_t)place * (size_t)pool->row_count + (size_t)row];
}

int32_t broken_row(const struct result *result, const int32_t *out, const int32_t *in,
                   int32_t count)
{
    const struct pool *pool = &result->work.pool;

    for (int32_t r = 0; r < pool->row_count; r++) {
        int32_t sites = result->count[r];

        for (int32_t k = 0; k < count; k++)
            sites += in_row(result, in[k], r) - in_row(result, out[k], r);
        /* A must-have that dropped out can only be missed. */
        if (pool->rows[r].kind == ROW_MUST)
            continue;
        if (sites < pool->limits[r].min || sites > pool->limits[r].max)
            return r;
    }
    return -1;
}

/* The first of the reserve list that can take the place; -1 when none can. */
static int32_t first_reserve(const struct result *result, int32_t out)
{
    int32_t best = -1;

    for (int32_t e = 0; e < result->work.pool.eligible_count; e++)
        if (result->position[e] > 0 && (best < 0 || result->position[e] < result->position[best]) &&
            broken_row(result, &out, &e, 1) < 0)
            best = e;
    return best;
}

static int32_t pair_has_reserve(const struct result *result, const int32_t out[2],
                                const int32_t *sample, int32_t sample_count)
{
    for (int32_t a = 0; a < sample_count; a++)
        for (int32_t b = a + 1; b < sample_count; b++) {
            int32_t in[2] = {sample[a], sample[b]};

            if (broken_row(result, out, in, 2) < 0)
                return 1;
        }
    return 0;
}

/* Two of each type are enough to try all pairs of the reserve list. */
static int32_t sample_reserve(struct result *result, int32_t *sample)
{
    struct work *work = &result->work;
    int32_t *taken = PANEL_NEW(&work->memory, int32_t, work->model->type_count + 1), count = 0;

    for (int32_t e = 0; e < work->pool.eligible_count; e++)
        if (result->position[e] > 0 && taken[work->model->type_of[e]]++ < 2)
            sample[count++] = e;
    return count;
}

static const char *percent(struct rh_call *call, int64_t part, int64_t all)
{
    return rh_format(call, "%lld von %lld (%.0f %%)", "%lld of %lld (%.0f %%)", (long long)part,
                     (long long)all, all ? 100.0 * (double)part / (double)all : 0.0);
}

static void out_robustness(struct result *result)
{
    struct rh_call *call = result->work.call;
    int32_t places = result->work.pool.eligible_count, single = 0, sites = 0, sample_count;
    int32_t *site = PANEL_NEW(&result->work.memory, int32_t, places + 1);
    int32_t *sample = PANEL_NEW(&result->work.memory, int32_t, places + 1);
    int64_t pairs = 0, good = 0;

    for (int32_t e = 0; e < places; e++)
        if (result->position[e] == 0) {
            site[sites++] = e;
            single += first_reserve(result, e) >= 0;
        }
    rh_out_text(call, "robust_single", percent(call, single, sites));
    sample_count = sample_reserve(result, sample);
    if ((int64_t)sites * sites * sample_count * sample_count > 20000000) {
        rh_out_text(call, "robust_pairs", NULL);
        return;
    }
    for (int32_t i = 0; i < sites; i++)
        for (int32_t j = i + 1; j < sites; j++) {
            int32_t out[2] = {site[i], site[j]};

            pairs++;
            good += pair_has_reserve(result, out, sample, sample_count);
        }
    rh_out_text(call, "robust_pairs", percent(call, good, pairs));
}

/* ---- strata ---- */

static const char *of_register(struct rh_call *call, const struct quota *quota)
{
    struct rh_rows *rows;
    int32_t count = 0;
    int32_t rc = rh_query(call, &rows,
                          "SELECT name, region, kind, CAST(population AS TEXT), ifnull(size_class, "
                          "'-'), ags FROM v_office WHERE active",
                          "");

    while (rc >= 0 && (rc = rh_next(call, rows)) == 1) {
        static const char *const names[] = {"name",       "region",     "kind",
                                            "population", "size_class", "ags"};
        int32_t all = 1;

        for (int32_t c = 0; c < quota->where.count && all > 0; c++) {
            const struct where_condition *condition = &quota->where.condition[c];

            all = -1;
            for (int32_t a = 0; a < 6; a++)
                if (strcasecmp(names[a], condition->attribute) == 0)
                    all = where_holds(condition, rh_get_text(call, rows, a));
        }
        if (all < 0) { /* an attribute that only applicants have */
            rh_close(call, rows);
            return NULL;
        }
        count += all;
    }
    rh_close(call, rows);
    return rc < 0 ? NULL : rh_format(call, "%d", "%d", (int)count);
}

static void out_strata(struct result *result)
{
    struct rh_call *call = result->work.call;
    const struct pool *pool = &result->work.pool;

    rh_out_array(call, "strata");
    for (int32_t q = 0; q < pool->quota_count; q++) {
        rh_out_object(call, NULL);
        rh_out_text(call, "label", pool->quotas[q].label);
        rh_out_text(call, "register", of_register(call, &pool->quotas[q]));
        rh_out_int(call, "pool", result->work.model->members[q]);
        rh_out_int(call, "min", pool->quotas[q].min);
        rh_out_int(call, "max", pool->quotas[q].max);
        rh_out_int(call, "selected", result->count[q]);
        rh_out_flag(call, "broken",
                    result->count[q] < pool->quotas[q].min ||
                        result->count[q] > pool->quotas[q].max);
        rh_out_end(call);
    }
    rh_out_end(call);
}

/* ---- everybody ---- */

const char *reason_words(struct result *result, const struct applicant *who)
{
    struct work *work = &result->work;
    struct rh_call *call = work->call;
    int32_t type, position;
    const char *group;

    if (who->place < 0)
        return rh_format(call, "nicht teilnahmeberechtigt: %s", "not eligible: %s", who->barred);
    type = work->model->type_of[who->place];
    position = result->position[who->place];
    if (position == 0)
        return who->pin ? rh_format(call, "gesetzt: %s (%s)", "must-have: %s (%s)", who->pin_reason,
                                    who->pin_person)
                        : NULL;
    if (position < 0)
        return rh_format(call, "ausgefallen", "withdrawn");
    if (mpq_sgn(work->chances->chance[type]) == 0)
        return unselectable_words(work, type);
    group = level_words(work, type);
    return group ? rh_format(call, "das Los fiel nicht auf dieses Amt; %s",
                             "the lot did not fall on this office; %s", group)
                 : rh_format(call, "das Los fiel nicht auf dieses Amt",
                             "the lot did not fall on this office");
}

static const char *replaces_words(struct result *result, int32_t place)
{
    const struct pool *pool = &result->work.pool;
    const char *list = NULL;
    int32_t count = 0, sites = 0;

    for (int32_t e = 0; e < pool->eligible_count; e++) {
        if (result->position[e] != 0)
            continue;
        sites++;
        if (broken_row(result, &e, &place, 1) < 0) {
            list = add_word(result->work.call, list, pool->applicants[pool->eligible[e]].name, 0);
            count++;
        }
    }
    return count == sites ? rh_format(result->work.call, "jeden Standort", "any site") : list;
}

static void out_applicant(struct result *result, const struct applicant *who)
{
    struct rh_call *call = result->work.call;
    const struct work *work = &result->work;
    int32_t position = who->place < 0 ? -2 : result->position[who->place];
    int32_t type = who->place < 0 ? -1 : work->model->type_of[who->place];

    rh_out_object(call, NULL);
    rh_out_text(call, "office", who->id);
    rh_out_text(call, "name", who->name);
    rh_out_text(call, "outcome",
                position == 0    ? "selected"
                : position > 0   ? "reserve"
                : position == -1 ? "withdrawn"
                                 : "barred");
    rh_out_flag(call, "selected", position == 0);
    if (position > 0)
        rh_out_int(call, "position", position);
    else
        rh_out_text(call, "position", NULL);
    rh_out_text(call, "probability",
                type < 0 ? NULL
                : work->chances->exact
                    ? rational_text(call, work->chances->chance[type])
                    : rh_format(call, "%.9f", "%.9f", mpq_get_d(work->chances->chance[type])));
    rh_out_text(call, "percent",
                type < 0 ? NULL : percent_text(call, mpq_get_d(work->chances->chance[type])));
    rh_out_text(call, "panels",
                type < 0 ? NULL
                         : rh_format(call, "in %d von %d", "in %d of %d",
                                     (int)result->seats[who->place], (int)work->pool.panels));
    rh_out_text(call, "reason", reason_words(result, who));
    rh_out_text(call, "replaces", position > 0 ? replaces_words(result, who->place) : NULL);
    rh_out_end(call);
}

struct sorted {
    const struct applicant *who;
    int32_t key; /* sites, reserve by position, withdrawn, not eligible */
};

static int by_key(const void *left, const void *right)
{
    const struct sorted *a = left, *b = right;

    return a->key != b->key ? (a->key > b->key) - (a->key < b->key)
                            : strcmp(a->who->name, b->who->name);
}

static void out_everybody(struct result *result)
{
    const struct pool *pool = &result->work.pool;
    struct sorted *list = PANEL_NEW(&result->work.memory, struct sorted, pool->applicant_count + 1);

    for (int32_t i = 0; i < pool->applicant_count; i++) {
        const struct applicant *who = &pool->applicants[i];
        int32_t position = who->place < 0 ? INT32_MAX : result->position[who->place];

        list[i] = (struct sorted){who, position < 0 ? INT32_MAX - 1 : position};
    }
    qsort(list, (size_t)pool->applicant_count, sizeof(*list), by_key);
    rh_out_array(result->work.call, "items");
    for (int32_t i = 0; i < pool->applicant_count; i++)
        out_applicant(result, list[i].who);
    rh_out_end(result->work.call);
}

static int32_t out_facts(struct result *result)
{
    struct rh_call *call = result->work.call;
    struct rh_rows *rows;
    int32_t rc = rh_query(call, &rows,
                          "SELECT digest, source, seed, first_person, second_person, number, "
                          "date(drawn_utc, 'unixepoch'), date(frozen_utc, 'unixepoch'), frozen_by "
                          "FROM pilot_selection WHERE id = ?1",
                          "s", result->selection);

    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    rh_out_text(call, "selection", result->selection);
    rh_out_int(call, "places", result->work.pool.places);
    rh_out_int(call, "panels", result->work.pool.panels);
    rh_out_int(call, "applications", result->work.pool.applicant_count);
    rh_out_text(call, "digest", rh_get_text(call, rows, 0));
    rh_out_text(call, "source", rh_get_text(call, rows, 1));
    rh_out_text(call, "seed", rh_get_text(call, rows, 2));
    rh_out_text(call, "first", rh_get_text(call, rows, 3));
    rh_out_text(call, "second", rh_get_text(call, rows, 4));
    rh_out_int(call, "number", rh_get_int(call, rows, 5));
    rh_out_text(call, "drawn_on", rh_get_text(call, rows, 6));
    rh_out_text(call, "frozen_on", rh_get_text(call, rows, 7));
    rh_out_text(call, "frozen_by", rh_get_text(call, rows, 8));
    rh_close(call, rows);
    rc = rh_out_query(call, "relaxed",
                      "SELECT label, min_before, min_after, max_before, max_after, person, reason "
                      "FROM pilot_relaxed WHERE selection = ?1 ORDER BY id",
                      "s", result->selection);
    rh_out_flag(call, "relaxed_any", rc > 0);
    if (rc < 0)
        return rc;
    rc = rh_out_query(call, "replaced",
                      "SELECT o.name AS \"left\", n.name AS new, r.reason, r.person FROM "
                      "pilot_replacement r JOIN v_office o ON o.id = r.left_office JOIN v_office n "
                      "ON n.id = r.new_office WHERE r.selection = ?1 ORDER BY r.id",
                      "s", result->selection);
    rh_out_flag(call, "replaced_any", rc > 0);
    return rc < 0 ? rc : 0;
}

int32_t pilot_show(struct rh_call *call)
{
    struct result result = {0};
    int32_t rc = result_begin(&result, call);

    if (rc == 0 && (rc = work_chances(&result.work, PANEL_LEXIMIN, 0)) == 0 &&
        (rc = out_facts(&result)) == 0) {
        rh_out_flag(call, "exact", result.work.chances->exact);
        out_count(&result.work);
        out_levels(&result.work);
        out_strata(&result);
        out_robustness(&result);
        out_everybody(&result);
    }
    work_end(&result.work);
    return rc;
}

/* ---- procedures ---- */

static int32_t want_procedure(struct rh_call *call, const char *selection, const char *office,
                              const char *month)
{
    const char *note =
        rh_format(call, "Pilotstandort, Auswahl %s", "Pilotstandort, Auswahl %s", selection);
    const char *after = one_value(
        call,
        "SELECT json_object('start_month', ?1, 'suggested_by', 'coordination', 'reason', ?2, "
        "'note', ?2)",
        month, note);

    return rh_event(call, "procedure.wanted", office, NULL, after) < 0 ? RH_EFAILED : 0;
}

int32_t pilot_start(struct rh_call *call)
{
    const char *selection, *month = rh_month_text(call, (int32_t)rh_param_int(call, "month"));
    const char **offices;
    struct rh_rows *rows;
    int32_t count = 0, rc = find_in_state(call, "drawn", &selection);

    offices = rh_alloc_in(call, (PANEL_PLACES_MAX + 1) * sizeof(*offices));
    if (rc < 0 || !offices)
        return rc < 0 ? rc : RH_ENOMEM;
    rc = rh_query(call, &rows,
                  "SELECT office FROM pilot_site WHERE selection = ?1 AND state = 'site' ORDER BY "
                  "office",
                  "s", selection);
    while (rc >= 0 && count < PANEL_PLACES_MAX && (rc = rh_next(call, rows)) == 1)
        offices[count++] = rh_get_text(call, rows, 0);
    rh_close(call, rows);
    for (int32_t i = 0; i < count && rc >= 0; i++)
        rc = want_procedure(call, selection, offices[i], month);
    if (rc < 0)
        return rc;
    rh_out_int(call, "procedures", count);
    rh_say(call, "%d Pilotverfahren stehen im Register, Beginn %s",
           "%d pilot procedures stand in the register, starting %s", (int)count, month);
    return 0;
}
