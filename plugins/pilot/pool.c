/* The pool of a selection: applicants with their attributes, quotas, pins and groups, as a problem
 * for plugins/pilot/panel. */
#include "plugins/pilot/internal.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

int32_t attribute_place(const struct pool *pool, const char *name)
{
    for (int32_t a = 0; a < pool->attribute_count; a++)
        if (strcasecmp(pool->attributes[a], name) == 0)
            return a;
    return -1;
}

/* ---- from the database ---- */

static int32_t count_rows(struct rh_call *call, const char *sql, const char *selection)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(call, &rows, sql, "s", selection), count = 0;

    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    count = rc ? (int32_t)rh_get_int(call, rows, 0) : 0;
    rh_close(call, rows);
    return count;
}

static void judge(struct rh_call *call, const struct pool *pool, struct applicant *who,
                  int32_t committed)
{
    if (!committed) {
        who->barred_code = "commitment";
        who->barred = rh_format(call, "die Zusage der Leitung fehlt",
                                "the commitment of the head is missing");
    } else if (pool->until && who->received && strcmp(who->received, pool->until) > 0) {
        who->barred_code = "late";
        who->barred =
            rh_format(call, "am %s eingegangen, Schluss war am %s",
                      "received on %s, the call closed on %s", who->received, pool->until);
    } else if (who->pin && strcmp(who->pin, "excluded") == 0) {
        who->barred_code = "excluded";
        who->barred = rh_format(call, "ausgeschlossen: %s (%s)", "excluded: %s (%s)",
                                who->pin_reason, who->pin_person);
    }
}

static int32_t load_applicants(struct rh_call *call, struct pool *pool)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(
        call, &rows,
        "SELECT a.office, o.name, a.contact, a.received, a.committed, p.kind, p.reason, p.person "
        "FROM pilot_application a JOIN v_office o ON o.id = a.office LEFT JOIN pilot_pin p ON "
        "p.selection = a.selection AND p.office = a.office WHERE a.selection = ?1 ORDER BY "
        "a.office",
        "s", pool->id);

    while (rc >= 0 && (rc = rh_next(call, rows)) == 1) {
        struct applicant *who = &pool->applicants[pool->applicant_count++];

        who->id = rh_get_text(call, rows, 0);
        who->name = rh_get_text(call, rows, 1);
        who->contact = rh_get_text(call, rows, 2);
        who->received = rh_get_text(call, rows, 3);
        who->pin = rh_get_text(call, rows, 5);
        who->pin_reason = rh_get_text(call, rows, 6);
        who->pin_person = rh_get_text(call, rows, 7);
        judge(call, pool, who, (int32_t)rh_get_int(call, rows, 4));
        who->value = rh_alloc_in(call, ((size_t)pool->attribute_count + 1) * sizeof(char *));
        if (!who->value)
            return RH_ENOMEM;
    }
    rh_close(call, rows);
    return rc;
}

static int32_t load_attributes(struct rh_call *call, struct pool *pool)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(call, &rows,
                          "SELECT DISTINCT name FROM pilot_attribute WHERE selection = ?1 ORDER BY "
                          "name",
                          "s", pool->id);

    while (rc >= 0 && (rc = rh_next(call, rows)) == 1)
        pool->attributes[pool->attribute_count++] = rh_get_text(call, rows, 0);
    rh_close(call, rows);
    return rc;
}

static int32_t load_values(struct rh_call *call, struct pool *pool)
{
    struct rh_rows *rows;
    int32_t at = 0;
    int32_t rc = rh_query(call, &rows,
                          "SELECT office, name, value FROM pilot_attribute WHERE selection = ?1 "
                          "ORDER BY office",
                          "s", pool->id);

    while (rc >= 0 && (rc = rh_next(call, rows)) == 1) {
        const char *office = rh_get_text(call, rows, 0);

        while (at < pool->applicant_count && strcmp(pool->applicants[at].id, office) < 0)
            at++;
        if (at < pool->applicant_count && strcmp(pool->applicants[at].id, office) == 0)
            pool->applicants[at].value[attribute_place(pool, rh_get_text(call, rows, 1))] =
                rh_get_text(call, rows, 2);
    }
    rh_close(call, rows);
    return rc;
}

static int32_t load_quotas(struct rh_call *call, struct pool *pool)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(call, &rows,
                          "SELECT label, conditions, min, max, price FROM pilot_quota WHERE "
                          "selection = ?1 ORDER BY position",
                          "s", pool->id);

    while (rc >= 0 && (rc = rh_next(call, rows)) == 1) {
        struct quota *quota = &pool->quotas[pool->quota_count++];
        size_t at;

        quota->label = rh_get_text(call, rows, 0);
        quota->conditions = rh_get_text(call, rows, 1);
        quota->min = (int32_t)rh_get_int(call, rows, 2);
        quota->max = (int32_t)rh_get_int(call, rows, 3);
        quota->price = rh_get_int(call, rows, 4);
        if (where_parse(quota->conditions, &quota->where, &at))
            return RH_EFAILED; /* it was checked when it came in */
    }
    rh_close(call, rows);
    return rc;
}

static int32_t load_selection(struct rh_call *call, struct pool *pool)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(call, &rows,
                          "SELECT places, panels, until, state FROM pilot_selection WHERE id = ?1",
                          "s", pool->id);

    if (rc < 0 || (rc = rh_next(call, rows)) <= 0)
        return rc < 0 ? rc : RH_ENOTFOUND;
    pool->places = (int32_t)rh_get_int(call, rows, 0);
    pool->panels = (int32_t)rh_get_int(call, rows, 1);
    pool->until = rh_get_text(call, rows, 2);
    pool->state = rh_get_text(call, rows, 3);
    rh_close(call, rows);
    return 0;
}

static int32_t load_groups(struct rh_call *call, const struct pool *pool, const char ***ret_label,
                           const char ***ret_office, int32_t *ret_count)
{
    struct rh_rows *rows;
    int32_t count =
        count_rows(call, "SELECT count(*) FROM pilot_group WHERE selection = ?1", pool->id);
    int32_t rc;

    if (count < 0)
        return count;
    *ret_label = rh_alloc_in(call, ((size_t)count + 1) * sizeof(char *));
    *ret_office = rh_alloc_in(call, ((size_t)count + 1) * sizeof(char *));
    *ret_count = 0;
    if (!*ret_label || !*ret_office)
        return RH_ENOMEM;
    rc = rh_query(call, &rows,
                  "SELECT label, office FROM pilot_group WHERE selection = ?1 ORDER BY label, "
                  "office",
                  "s", pool->id);
    while (rc >= 0 && (rc = rh_next(call, rows)) == 1) {
        (*ret_label)[*ret_count] = rh_get_text(call, rows, 0);
        (*ret_office)[(*ret_count)++] = rh_get_text(call, rows, 1);
    }
    rh_close(call, rows);
    return rc;
}

static int32_t make_room(struct rh_call *call, struct pool *pool)
{
    int32_t applicants =
        count_rows(call, "SELECT count(*) FROM pilot_application WHERE selection = ?1", pool->id);
    int32_t quotas =
        count_rows(call, "SELECT count(*) FROM pilot_quota WHERE selection = ?1", pool->id);
    int32_t attributes = count_rows(
        call, "SELECT count(DISTINCT name) FROM pilot_attribute WHERE selection = ?1", pool->id);

    if (applicants < 0 || quotas < 0 || attributes < 0)
        return RH_EFAILED;
    pool->applicants = rh_alloc_in(call, ((size_t)applicants + 1) * sizeof(*pool->applicants));
    pool->quotas = rh_alloc_in(call, ((size_t)quotas + 1) * sizeof(*pool->quotas));
    pool->attributes = rh_alloc_in(call, ((size_t)attributes + 1) * sizeof(char *));
    return pool->applicants && pool->quotas && pool->attributes ? 0 : RH_ENOMEM;
}

int32_t pool_load(struct rh_call *call, const char *selection, struct pool *pool)
{
    const char **label, **office;
    int32_t rc, groups;

    memset(pool, 0, sizeof(*pool));
    pool->id = selection;
    if ((rc = load_selection(call, pool)) < 0 || (rc = make_room(call, pool)) < 0 ||
        (rc = load_attributes(call, pool)) < 0 || (rc = load_applicants(call, pool)) < 0 ||
        (rc = load_values(call, pool)) < 0 || (rc = load_quotas(call, pool)) < 0 ||
        (rc = load_groups(call, pool, &label, &office, &groups)) < 0)
        return rc;
    return pool_build(call, pool, label, office, groups);
}

/* ---- from the pool to the problem ---- */

/* 1 a member, 0 not; < 0 an error: some applicants lack the attribute. */
static int32_t is_member(struct rh_call *call, const struct pool *pool, const struct quota *quota,
                         const struct applicant *who)
{
    int32_t member = 1;

    for (int32_t c = 0; c < quota->where.count; c++) {
        const struct where_condition *condition = &quota->where.condition[c];
        int32_t place = attribute_place(pool, condition->attribute);
        int32_t holds = place < 0 ? -1 : where_holds(condition, who->value[place]);

        if (holds < 0)
            return rh_fail(call, RH_EINVALID,
                           "Quote '%s': das Merkmal '%s' fehlt bei '%s'; in der Datei der "
                           "Bewerbungen ergänzen oder die Quote ändern",
                           "quota '%s': '%s' is missing for '%s'; add it to the file of "
                           "applications or change the quota",
                           quota->label, condition->attribute, who->id);
        member &= holds;
    }
    return member;
}

static int32_t refuse_size(struct rh_call *call, const struct pool *pool)
{
    if (pool->eligible_count < pool->places)
        return rh_fail(call, RH_EINVALID,
                       "%d Plätze, aber nur %d Bewerbungen können teilnehmen; weniger Plätze oder "
                       "mehr Bewerbungen",
                       "%d places, but only %d applications can take part; fewer places or more "
                       "applications",
                       (int)pool->places, (int)pool->eligible_count);
    if (pool->eligible_count > PANEL_APPLICANTS_MAX || pool->row_count > PANEL_ROWS_MAX ||
        pool->places > PANEL_PLACES_MAX)
        return rh_fail(call, RH_ETOOLARGE,
                       "höchstens %d Bewerbungen, %d Plätze, %d Quoten mit Gruppen und gesetzten "
                       "Ämtern",
                       "at most %d applications, %d places, %d quotas with groups and must-haves",
                       PANEL_APPLICANTS_MAX, PANEL_PLACES_MAX, PANEL_ROWS_MAX);
    return 0;
}

static int32_t count_groups(const char *const *groups, int32_t group_count)
{
    int32_t count = 0;

    for (int32_t g = 0; g < group_count; g++)
        count += g == 0 || strcmp(groups[g], groups[g - 1]) != 0;
    return count;
}

static int32_t list_eligible(struct rh_call *call, struct pool *pool)
{
    pool->eligible = rh_alloc_in(call, ((size_t)pool->applicant_count + 1) * sizeof(int32_t));
    if (!pool->eligible)
        return RH_ENOMEM;
    for (int32_t i = 0; i < pool->applicant_count; i++) {
        pool->applicants[i].place = -1;
        if (pool->applicants[i].barred)
            continue;
        pool->applicants[i].place = pool->eligible_count;
        pool->eligible[pool->eligible_count++] = i;
        pool->row_count += pool->applicants[i].pin != NULL;
    }
    return 0;
}

static int32_t fill_quotas(struct rh_call *call, struct pool *pool)
{
    for (int32_t q = 0; q < pool->quota_count; q++) {
        const struct quota *quota = &pool->quotas[q];

        pool->rows[q] = (struct row){ROW_QUOTA, quota->label};
        pool->limits[q] = (struct panel_row){quota->min, quota->max, quota->price};
        for (int32_t e = 0; e < pool->eligible_count; e++) {
            int32_t member = is_member(call, pool, quota, &pool->applicants[pool->eligible[e]]);

            if (member < 0)
                return member;
            pool->member[(size_t)e * (size_t)pool->row_count + (size_t)q] = (uint8_t)member;
        }
    }
    return 0;
}

static void fill_musts(struct pool *pool, int32_t *row)
{
    for (int32_t e = 0; e < pool->eligible_count; e++) {
        const struct applicant *who = &pool->applicants[pool->eligible[e]];

        if (!who->pin)
            continue;
        pool->rows[*row] = (struct row){ROW_MUST, who->name};
        pool->limits[*row] = (struct panel_row){1, 1, 0};
        pool->member[(size_t)e * (size_t)pool->row_count + (size_t)(*row)++] = 1;
    }
}

static void fill_groups(struct pool *pool, const char *const *groups,
                        const char *const *group_office, int32_t group_count, int32_t row)
{
    for (int32_t g = 0; g < group_count; g++) {
        row += g > 0 && strcmp(groups[g], groups[g - 1]) != 0;
        pool->rows[row] = (struct row){ROW_GROUP, groups[g]};
        pool->limits[row] = (struct panel_row){0, 1, 0};
        for (int32_t e = 0; e < pool->eligible_count; e++)
            if (strcmp(pool->applicants[pool->eligible[e]].id, group_office[g]) == 0)
                pool->member[(size_t)e * (size_t)pool->row_count + (size_t)row] = 1;
    }
}

int32_t pool_build(struct rh_call *call, struct pool *pool, const char *const *groups,
                   const char *const *group_office, int32_t group_count)
{
    int32_t rc = list_eligible(call, pool), row = pool->quota_count;

    if (rc < 0)
        return rc;
    pool->row_count += pool->quota_count + count_groups(groups, group_count);
    if ((rc = refuse_size(call, pool)) < 0)
        return rc;
    pool->rows = rh_alloc_in(call, ((size_t)pool->row_count + 1) * sizeof(*pool->rows));
    pool->limits = rh_alloc_in(call, ((size_t)pool->row_count + 1) * sizeof(*pool->limits));
    pool->member = rh_alloc_in(call, (size_t)pool->eligible_count * (size_t)pool->row_count + 1);
    if (!pool->rows || !pool->limits || !pool->member)
        return RH_ENOMEM;
    if ((rc = fill_quotas(call, pool)) < 0)
        return rc;
    fill_musts(pool, &row);
    fill_groups(pool, groups, group_office, group_count, row);
    pool->problem = (struct panel_problem){pool->eligible_count, pool->row_count, pool->places,
                                           pool->limits, pool->member};
    return 0;
}

const char *row_words(struct rh_call *call, const struct pool *pool, int32_t row)
{
    if (row == pool->row_count)
        return rh_format(call, "alle Plätze", "all places");
    if (pool->rows[row].kind == ROW_MUST)
        return rh_format(call, "gesetzt: %s", "must-have: %s", pool->rows[row].label);
    if (pool->rows[row].kind == ROW_GROUP)
        return rh_format(call, "Gruppe %s", "group %s", pool->rows[row].label);
    return pool->rows[row].label;
}

/* ---- quotas on paper ---- */

/* The value that an imagined applicant of `quota` has for a condition of another: what the quota
 * itself says of the attribute, or nothing. */
static int32_t would_hold(const struct quota *quota, const struct where_condition *condition)
{
    char number[64];

    for (int32_t c = 0; c < quota->where.count; c++) {
        const struct where_condition *own = &quota->where.condition[c];
        double value;

        if (strcasecmp(own->attribute, condition->attribute) != 0 || own->sign == WHERE_UNEQUAL)
            continue;
        if (own->sign == WHERE_EQUAL)
            return where_holds(condition, own->value) == 1;
        value = 0;
        for (const char *p = own->value; *p >= '0' && *p <= '9' && value < 1e15; p++)
            value = value * 10 + (*p - '0');
        /* A bound alone: the number just inside it; with two, the lower one decides. */
        value += own->sign == WHERE_ABOVE ? 1 : own->sign == WHERE_BELOW ? -1 : 0;
        snprintf(number, sizeof(number), "%.0f", value);
        return where_holds(condition, number) == 1;
    }
    return 0;
}

static int32_t would_be_member(const struct quota *quota, const struct quota *other)
{
    for (int32_t c = 0; c < other->where.count; c++)
        if (!would_hold(quota, &other->where.condition[c]))
            return 0;
    return 1;
}

struct panel_model *paper_model(const struct pool *pool, struct panel_memory *memory)
{
    size_t rows = (size_t)pool->quota_count, each = (size_t)pool->places;
    /* For every quota as many as there are places, and as many again that belong to none. */
    struct panel_problem problem = {(int32_t)((rows + 1) * each), pool->quota_count, pool->places,
                                    pool->limits, NULL};
    uint8_t *member;

    if ((rows + 1) * each > PANEL_APPLICANTS_MAX)
        return NULL;
    member = PANEL_NEW(memory, uint8_t, (rows + 1) * each * rows + 1);
    for (size_t q = 0; q < rows; q++)
        for (size_t r = 0; r < rows; r++) {
            int32_t is = q == r || would_be_member(&pool->quotas[q], &pool->quotas[r]);

            for (size_t k = 0; k < each; k++)
                member[(q * each + k) * rows + r] = (uint8_t)is;
        }
    problem.member = member;
    return panel_model_new(memory, &problem);
}
