/*
 * pilot chances: of a selection, or straight from the pair of files of the citizens' assembly
 * tools. Their headers differ from version to version: the feature and its value stand in columns
 * called category,feature or category,name or feature,value; bounds in min,max (min_flex and
 * max_flex say how far they may be relaxed and are not needed here).
 */
#include "plugins/pilot/internal.h"

#include <string.h>
#include <strings.h>

enum { CATEGORY, FEATURE, NAME, VALUE, MIN, MAX, MIN_FLEX, MAX_FLEX, COLUMNS };

static const struct rh_csv_column columns[COLUMNS] = {
    [CATEGORY] = {"category", "Kategorie|attribute|Merkmal", 0, 0},
    [FEATURE] = {"feature", NULL, 0, 0},
    [NAME] = {"name", NULL, 0, 0},
    [VALUE] = {"value", "Ausprägung|Wert", 0, 0},
    [MIN] = {"min", "minimum|lower", 1, 0},
    [MAX] = {"max", "maximum|upper", 1, 0},
    [MIN_FLEX] = {"min_flex", "minflex", 0, 0},
    [MAX_FLEX] = {"max_flex", "maxflex", 0, 0},
};

struct category {
    const char *feature, *value;
    int32_t min, max, line;
};

struct table {
    struct rh_call *call;
    struct category *rows;
    int32_t count, room;
    const char **features; /* distinct, in the order of the file */
    int32_t feature_count;
};

static int32_t feature_place(const struct table *table, const char *name)
{
    for (int32_t f = 0; f < table->feature_count; f++)
        if (strcasecmp(table->features[f], name) == 0)
            return f;
    return -1;
}

/* Which column holds what: category,feature / category,name / category,value / feature,value /
 * feature,name. */
static void read_names(struct rh_call *call, struct rh_csv_in *csv, struct category *row)
{
    const char *category = rh_csv_text(call, csv, CATEGORY);
    const char *feature = rh_csv_text(call, csv, FEATURE);
    const char *name = rh_csv_text(call, csv, NAME), *value = rh_csv_text(call, csv, VALUE);

    row->feature = category ? category : feature;
    row->value = value ? value : name ? name : category ? feature : NULL;
    if (!row->feature)
        rh_csv_fault(call, csv, CATEGORY,
                     "das Merkmal fehlt (Spalten category,feature oder feature,value)",
                     "the feature is missing (columns category,feature or feature,value)");
    else if (!row->value)
        rh_csv_fault(call, csv, category ? FEATURE : VALUE, "die Ausprägung fehlt",
                     "the value is missing");
}

static void read_category(struct table *table, struct rh_csv_in *csv)
{
    struct rh_call *call = table->call;
    struct category row = {.line = rh_csv_line(call, csv)};
    int64_t min = 0, max = 0, flex;
    int32_t has_min = rh_csv_int(call, csv, MIN, 0, PANEL_PLACES_MAX, &min);
    int32_t has_max = rh_csv_int(call, csv, MAX, 0, PANEL_PLACES_MAX, &max);

    read_names(call, csv, &row);
    (void)rh_csv_int(call, csv, MIN_FLEX, 0, 1000000, &flex); /* only looked at for faults */
    (void)rh_csv_int(call, csv, MAX_FLEX, 0, 1000000, &flex);
    if (has_min == 0)
        rh_csv_fault(call, csv, MIN, "die Mindestzahl fehlt", "the minimum is missing");
    if (has_max == 0)
        rh_csv_fault(call, csv, MAX, "die Höchstzahl fehlt", "the maximum is missing");
    if (has_min == 1 && has_max == 1 && min > max)
        rh_csv_fault(call, csv, MIN, "%lld ist mehr als die Höchstzahl %lld",
                     "%lld is more than the maximum %lld", (long long)min, (long long)max);
    row.min = (int32_t)min;
    row.max = (int32_t)max;
    if (!row.feature || !row.value || table->count >= table->room)
        return;
    for (int32_t i = 0; i < table->count; i++)
        if (strcasecmp(table->rows[i].feature, row.feature) == 0 &&
            strcasecmp(table->rows[i].value, row.value) == 0)
            rh_csv_fault(call, csv, FEATURE, "'%s' von '%s' steht schon in Zeile %d",
                         "'%s' of '%s' stands in line %d already", row.value, row.feature,
                         (int)table->rows[i].line);
    if (feature_place(table, row.feature) < 0)
        table->features[table->feature_count++] = row.feature;
    table->rows[table->count++] = row;
}

static int32_t read_categories(struct table *table)
{
    struct rh_call *call = table->call;
    struct rh_csv_in *csv;
    int32_t rc = rh_csv_open(call, "categories", columns, COLUMNS, &csv), rows = 0;

    table->room = PANEL_ROWS_MAX;
    table->rows = rh_alloc_in(call, (size_t)table->room * sizeof(*table->rows));
    table->features = rh_alloc_in(call, (size_t)table->room * sizeof(char *));
    if (!table->rows || !table->features)
        return RH_ENOMEM;
    while (rc >= 0 && (rc = rh_csv_next(call, csv)) == 1) {
        rows++;
        read_category(table, csv);
    }
    if (rc < 0 || (rc = rh_csv_finish(call, csv)) < 0)
        return rc;
    if (rows > table->room)
        return rh_fail(call, RH_ETOOLARGE, "höchstens %d Zeilen mit Quoten",
                       "at most %d lines of quotas", PANEL_ROWS_MAX);
    return table->count ? 0
                        : rh_fail(call, RH_EINVALID, "die Datei enthält keine Quoten",
                                  "the file holds no quotas");
}

/* The category row that an applicant's cell belongs to; -1 with a fault. */
static int32_t row_of(struct table *table, struct rh_csv_in *csv, int32_t feature)
{
    const char *value = rh_csv_text(table->call, csv, feature);

    for (int32_t i = 0; value && i < table->count; i++)
        if (feature_place(table, table->rows[i].feature) == feature &&
            strcasecmp(table->rows[i].value, value) == 0)
            return i;
    if (value)
        rh_csv_fault(
            table->call, csv, feature,
            "'%s' steht nicht unter den Quoten von '%s'; dort ergänzen (min 0) oder hier "
            "berichtigen",
            "'%s' is not among the quotas of '%s'; add it there (min 0) or correct it here", value,
            table->features[feature]);
    else
        rh_csv_fault(table->call, csv, feature, "das Feld ist leer", "the field is empty");
    return -1;
}

struct respondents {
    struct panel_problem problem;
    uint8_t *member;
    int32_t room;
};

static int32_t read_respondents(struct table *table, struct panel_memory *memory,
                                struct respondents *found)
{
    struct rh_call *call = table->call;
    struct rh_csv_column *wanted =
        rh_alloc_in(call, (size_t)table->feature_count * sizeof(*wanted));
    size_t rows = (size_t)table->count;
    struct rh_csv_in *csv;
    int32_t rc, count = 0;

    if (!wanted)
        return RH_ENOMEM;
    for (int32_t f = 0; f < table->feature_count; f++)
        wanted[f] = (struct rh_csv_column){table->features[f], NULL, 1, 0};
    found->member = PANEL_NEW(memory, uint8_t, (size_t)PANEL_APPLICANTS_MAX * rows);
    rc = rh_csv_open(call, "respondents", wanted, table->feature_count, &csv);
    while (rc >= 0 && (rc = rh_csv_next(call, csv)) == 1) {
        for (int32_t f = 0; f < table->feature_count; f++) {
            int32_t row = row_of(table, csv, f);

            if (row >= 0 && count < PANEL_APPLICANTS_MAX)
                found->member[(size_t)count * rows + (size_t)row] = 1;
        }
        count++;
    }
    if (rc < 0 || (rc = rh_csv_finish(call, csv)) < 0)
        return rc;
    if (count > PANEL_APPLICANTS_MAX)
        return rh_fail(call, RH_ETOOLARGE, "höchstens %d Bewerbungen", "at most %d applicants",
                       PANEL_APPLICANTS_MAX);
    found->problem.applicant_count = count;
    return 0;
}

/* The pool, as the words of answer.c want it: quotas with labels, nobody by name. */
static int32_t make_pool(struct work *work, const struct table *table,
                         const struct respondents *found)
{
    struct rh_call *call = work->call;
    struct pool *pool = &work->pool;

    pool->places = (int32_t)rh_param_int(call, "places");
    pool->row_count = pool->quota_count = table->count;
    pool->eligible_count = pool->applicant_count = found->problem.applicant_count;
    pool->rows = rh_alloc_in(call, ((size_t)table->count + 1) * sizeof(*pool->rows));
    pool->limits = rh_alloc_in(call, ((size_t)table->count + 1) * sizeof(*pool->limits));
    if (!pool->rows || !pool->limits)
        return RH_ENOMEM;
    for (int32_t i = 0; i < table->count; i++) {
        const struct category *row = &table->rows[i];

        pool->rows[i] =
            (struct row){ROW_QUOTA, rh_format(call, "%s %s", "%s %s", row->feature, row->value)};
        pool->limits[i] = (struct panel_row){row->min, row->max, 1};
    }
    pool->problem = (struct panel_problem){pool->eligible_count, table->count, pool->places,
                                           pool->limits, found->member};
    if (pool->eligible_count < pool->places)
        return rh_fail(call, RH_EINVALID, "%d Plätze, aber nur %d Bewerbungen",
                       "%d places, but only %d applicants", (int)pool->places,
                       (int)pool->eligible_count);
    return 0;
}

static void out_profiles(struct work *work)
{
    struct rh_call *call = work->call;

    rh_out_array(call, "items");
    for (int32_t t = 0; t < work->model->type_count; t++) {
        const char *profile = NULL;
        double value = mpq_get_d(work->chances->chance[t]);

        for (int32_t r = 0; r < work->pool.row_count; r++)
            if (panel_has(work->model, t, r)) {
                const char *label = row_words(call, &work->pool, r);
                profile = profile ? rh_format(call, "%s, %s", "%s, %s", profile, label) : label;
            }
        rh_out_object(call, NULL);
        rh_out_text(call, "profile", profile ? profile : "–");
        rh_out_int(call, "count", work->model->size[t]);
        rh_out_text(call, "probability",
                    work->chances->exact ? rational_text(call, work->chances->chance[t])
                                         : rh_format(call, "%.9f", "%.9f", value));
        rh_out_text(call, "percent", percent_text(call, value));
        rh_out_end(call);
    }
    rh_out_end(call);
}

static void out_applicants(struct work *work)
{
    struct rh_call *call = work->call;
    const struct pool *pool = &work->pool;

    rh_out_array(call, "items");
    for (int32_t i = 0; i < pool->applicant_count; i++) {
        const struct applicant *who = &pool->applicants[i];
        int32_t type = who->place >= 0 ? work->model->type_of[who->place] : -1;
        double value = type >= 0 ? mpq_get_d(work->chances->chance[type]) : 0;

        rh_out_object(call, NULL);
        rh_out_text(call, "office", who->id);
        rh_out_text(call, "name", who->name);
        rh_out_text(call, "probability",
                    type < 0               ? NULL
                    : work->chances->exact ? rational_text(call, work->chances->chance[type])
                                           : rh_format(call, "%.9f", "%.9f", value));
        rh_out_text(call, "percent", type < 0 ? NULL : percent_text(call, value));
        rh_out_int(call, "permille", (int64_t)(value * 1000 + 0.5));
        rh_out_int(call, "profile", type + 1);
        rh_out_text(call, "reason",
                    type < 0                                    ? who->barred
                    : mpq_sgn(work->chances->chance[type]) == 0 ? unselectable_words(work, type)
                                                                : level_words(work, type));
        rh_out_end(call);
    }
    rh_out_end(call);
}

static const char *objective_words(struct rh_call *call, const char *objective)
{
    if (strcmp(objective, "maximin") == 0)
        return rh_format(call, "Maximin: nur die kleinste Chance ist so groß wie möglich",
                         "maximin: only the smallest chance is as large as possible");
    if (strcmp(objective, "lots") == 0)
        return rh_format(call, "Los, wiederholt, bis die Quoten eingehalten sind",
                         "lots, repeated until the quotas hold");
    return rh_format(
        call, "Leximin: die kleinste Chance so groß wie möglich, dann die nächste und so fort",
        "leximin: the smallest chance as large as possible, then the next and so on");
}

/* Every valid panel alike, in place of leximin's chances. */
static int32_t use_lots(struct work *work)
{
    work->chances = PANEL_NEW(&work->memory, struct panel_chances, 1);
    work->chances->model = work->model;
    work->chances->exact = 1;
    work->chances->engine = "graph";
    work->chances->chance = panel_rationals(&work->memory, (size_t)work->model->type_count + 1);
    work->chances->stage_of = PANEL_NEW(&work->memory, int32_t, work->model->type_count + 1);
    memset(work->chances->stage_of, -1, (size_t)work->model->type_count * sizeof(int32_t));
    if (panel_lots(&work->memory, work->model, work->chances->chance))
        return 0;
    if (panel_conflict_find(&work->memory, work->model, NULL, 0).state == PANEL_CONFLICT)
        return fail_infeasible(work);
    return rh_fail(work->call, RH_EINVALID,
                   "es gibt zu viele Zusammensetzungen, um sie alle zu zählen; ohne --objective "
                   "lots rechnen",
                   "there are too many compositions to count them all; calculate without "
                   "--objective lots");
}

static int32_t answer(struct work *work)
{
    struct rh_call *call = work->call;
    const char *objective = rh_param_text(call, "objective");
    int32_t rc, lots = strcmp(objective, "lots") == 0;

    rc = lots
             ? use_lots(work)
             : work_chances(work, strcmp(objective, "maximin") == 0 ? PANEL_MAXIMIN : PANEL_LEXIMIN,
                            (int32_t)rh_param_int(call, "float"));
    if (rc < 0)
        return rc;
    rh_out_text(call, "objective", objective);
    rh_out_text(call, "objective_words", objective_words(call, objective));
    rh_out_int(call, "applicants", work->pool.eligible_count);
    rh_out_int(call, "places", work->pool.places);
    rh_out_int(call, "profiles", work->model->type_count);
    rh_out_flag(call, "exact", work->chances->exact);
    rh_out_real(call, "error", work->chances->error);
    rh_out_text(call, "engine", work->chances->engine);
    rh_say(call, "%s", "%s", objective_words(call, objective));
    if (work->chances->exact)
        rh_say(call, "exakt gerechnet; jede Zusammensetzung und jedes Zertifikat nachgeprüft",
               "calculated exactly; every panel and every certificate checked");
    out_count(work);
    out_levels(work);
    if (work->pool.id)
        out_applicants(work);
    else
        out_profiles(work);
    if (!work->chances->exact)
        rh_say(call,
               "mit Gleitkommazahlen gesucht: die Verteilung weicht höchstens um %.1g von den "
               "genannten Chancen ab; dass sie die bestmögliche ist, ist nicht bewiesen",
               "searched in floating point: the lottery is at most %.1g off the chances named; "
               "that it is the best one is not proven",
               work->chances->error);
    return 0;
}

static int32_t from_files(struct work *work)
{
    struct table table = {.call = work->call};
    struct respondents found = {0};
    int32_t rc;

    if (!rh_param_given(work->call, "categories") || !rh_param_given(work->call, "respondents") ||
        !rh_param_given(work->call, "places"))
        return rh_fail(work->call, RH_EUSAGE,
                       "aus Dateien gehören --categories, --respondents und --places zusammen",
                       "from files, --categories, --respondents and --places go together");
    if (read_categories(&table) < 0)
        return rh_wrap(work->call, "--categories", "--categories");
    if (read_respondents(&table, &work->memory, &found) < 0)
        return rh_wrap(work->call, "--respondents", "--respondents");
    if ((rc = make_pool(work, &table, &found)) < 0)
        return rc;
    work->model = panel_model_new(&work->memory, &work->pool.problem);
    return work->model
               ? answer(work)
               : rh_fail(work->call, RH_ETOOLARGE,
                         "die Bewerbungen haben mehr als %d verschiedene Profile",
                         "the applicants have more than %d distinct profiles", PANEL_TYPES_MAX);
}

int32_t pilot_chances(struct rh_call *call)
{
    struct work work = {.call = call};
    const char *selection;
    int32_t rc;

    if (rh_param_given(call, "categories") || rh_param_given(call, "respondents")) {
        rc = from_files(&work);
    } else if ((rc = find_selection(call, &selection)) == 0 &&
               (rc = work_begin(&work, call, selection)) == 0) {
        rh_out_text(call, "selection", selection);
        rc = answer(&work);
    }
    work_end(&work);
    return rc;
}
