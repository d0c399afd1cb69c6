/* A calculation in words: contradictions, relaxations, levels of chances and why they are no
 * higher. */
#include "plugins/pilot/internal.h"

#include <stdlib.h>
#include <string.h>

int32_t work_begin(struct work *work, struct rh_call *call, const char *selection)
{
    int32_t rc;

    memset(work, 0, sizeof(*work));
    work->call = call;
    if ((rc = pool_load(call, selection, &work->pool)) < 0)
        return rc;
    work->model = panel_model_new(&work->memory, &work->pool.problem);
    return work->model
               ? 0
               : rh_fail(call, RH_ETOOLARGE,
                         "die Bewerbungen haben mehr als %d verschiedene Profile",
                         "the applications have more than %d distinct profiles", PANEL_TYPES_MAX);
}

void work_end(struct work *work)
{
    panel_memory_free(&work->memory);
}

static int32_t still_wanted(void *context, int32_t fixed, int32_t types)
{
    return rh_progress((struct rh_call *)context, fixed, types, "Chancen: %d von %d Profilen",
                       "chances: %d of %d profiles", (int)fixed, (int)types);
}

int32_t work_chances(struct work *work, int32_t goal, int32_t only_float)
{
    struct panel_options options = {
        .goal = goal, .only_float = only_float, .progress = still_wanted, .context = work->call};
    enum panel_fault fault;

    work->chances = panel_chances_find(&work->memory, work->model, &options);
    if (work->chances->state == PANEL_INFEASIBLE)
        return fail_infeasible(work);
    if (work->chances->state != PANEL_DONE)
        return rh_fail(work->call, RH_ECANCELLED,
                       "die Rechnung wurde abgebrochen oder ist zu schwer; weniger verschiedene "
                       "Merkmale in den Quoten helfen",
                       "the calculation was cancelled or is too hard; fewer attributes in the "
                       "quotas help");
    /* Nothing leaves this plugin that was not counted a second time. */
    fault = panel_chances_check(&work->pool.problem, work->chances);
    if (fault == PANEL_FAULT_UNPROVEN)
        work->chances->exact = 0;
    else if (fault != PANEL_SOUND)
        return rh_fail(work->call, RH_EFAILED,
                       "das Ergebnis hält der Nachprüfung nicht stand (Fehler %d); bitte melden",
                       "the result does not stand up to its check (fault %d); please report it",
                       (int)fault);
    return 0;
}

/* ---- contradictions ---- */

static int32_t bound_of(const struct pool *pool, struct panel_side side)
{
    if (side.row == pool->row_count)
        return pool->places;
    return side.is_max ? pool->limits[side.row].max : pool->limits[side.row].min;
}

static const char *side_words(struct rh_call *call, const struct pool *pool, struct panel_side side)
{
    const char *label = row_words(call, pool, side.row);
    int32_t bound = bound_of(pool, side);

    if (side.row == pool->row_count)
        return bound == 1 ? rh_format(call, "1 Platz", "1 place")
                          : rh_format(call, "%d Plätze", "%d places", (int)bound);
    return side.is_max ? rh_format(call, "höchstens %d %s", "at most %d %s", (int)bound, label)
                       : rh_format(call, "mindestens %d %s", "at least %d %s", (int)bound, label);
}

const char *sides_words(struct rh_call *call, const struct pool *pool,
                        const struct panel_conflict *conflict, int32_t count)
{
    const char *list = NULL;

    for (int32_t i = 0; i < count; i++)
        list = add_word(call, list, side_words(call, pool, conflict->sides[i]),
                        i > 0 && i == count - 1);
    return list ? list : "";
}

/* "2 + 2 + 3" */
static const char *terms(struct rh_call *call, const struct pool *pool,
                         const struct panel_conflict *conflict)
{
    const char *sum = NULL;

    for (int32_t i = 0; i + 1 < conflict->count; i++) {
        int32_t bound = bound_of(pool, conflict->sides[i]);

        sum = sum ? rh_format(call, "%s + %d", "%s + %d", sum, (int)bound)
                  : rh_format(call, "%d", "%d", (int)bound);
    }
    if (conflict->others)
        sum = rh_format(call, "%s + %d", "%s + %d", sum ? sum : "0", (int)conflict->others);
    return sum ? sum : "0";
}

const char *conflict_words(struct rh_call *call, const struct pool *pool,
                           const struct panel_conflict *conflict)
{
    const struct panel_side *last = &conflict->sides[conflict->count > 0 ? conflict->count - 1 : 0];
    const char *label = conflict->count ? row_words(call, pool, last->row) : "";
    int32_t is_places = conflict->count && last->row == pool->row_count;

    switch (conflict->shape) {
    case PANEL_SHAPE_POOL:
        return rh_format(call, "%s: mindestens %d, es gibt aber nur %d Bewerbungen",
                         "%s: at least %d, but there are only %d applications", label,
                         (int)conflict->against, (int)conflict->sum);
    case PANEL_SHAPE_MIN_SUM:
        return rh_format(
            call, "%s: %s = %d > %s %d (%s)", "%s: %s = %d > %s %d (%s)", label,
            terms(call, pool, conflict), (int)conflict->sum,
            is_places ? rh_format(call, "Plätze", "places") : rh_format(call, "Obergrenze", "cap"),
            (int)conflict->against, sides_words(call, pool, conflict, conflict->count - 1));
    case PANEL_SHAPE_MAX_SUM:
        return rh_format(call, "%s: %s = %d < %s %d (%s)", "%s: %s = %d < %s %d (%s)", label,
                         terms(call, pool, conflict), (int)conflict->sum,
                         is_places ? rh_format(call, "Plätze", "places")
                                   : rh_format(call, "Mindestzahl", "minimum"),
                         (int)conflict->against,
                         sides_words(call, pool, conflict, conflict->count - 1));
    case PANEL_SHAPE_ANY:
        break;
    }
    return rh_format(call, "nicht zugleich möglich: %s", "not possible together: %s",
                     sides_words(call, pool, conflict, conflict->count));
}

static const char *change_words(struct rh_call *call, const struct pool *pool, int32_t row,
                                int32_t is_max, int32_t by)
{
    int32_t before = is_max ? pool->limits[row].max : pool->limits[row].min;

    return is_max ? rh_format(call, "%s: höchstens %d statt %d", "%s: at most %d instead of %d",
                              row_words(call, pool, row), (int)(before + by), (int)before)
                  : rh_format(call, "%s: mindestens %d statt %d", "%s: at least %d instead of %d",
                              row_words(call, pool, row), (int)(before - by), (int)before);
}

const char *relaxation_words(struct rh_call *call, const struct pool *pool, const int32_t *by)
{
    const char *text = NULL;

    for (int32_t r = 0; r < pool->row_count; r++)
        for (int32_t is_max = 0; is_max < 2; is_max++)
            if (by[r * 2 + is_max]) {
                const char *one = change_words(call, pool, r, is_max, by[r * 2 + is_max]);
                text = text ? rh_format(call, "%s; %s", "%s; %s", text, one) : one;
            }
    return text ? text : rh_format(call, "nichts", "nothing");
}

int32_t fail_infeasible(struct work *work)
{
    struct panel_conflict conflict = panel_conflict_find(&work->memory, work->model, NULL, 0);

    return rh_fail(work->call, RH_EINVALID,
                   "kein Ergebnis hält alle Quoten ein: %s; 'reihum pilot relax' nennt die "
                   "kleinsten Änderungen",
                   "no result keeps all quotas: %s; 'reihum pilot relax' names the smallest "
                   "changes",
                   conflict_words(work->call, &work->pool, &conflict));
}

/* ---- how many ---- */

/* Panels of one composition: the ways to choose its seats. */
static void count_panels(const struct panel_model *model, const int32_t *panel, mpz_t sum)
{
    mpz_t ways, part;

    mpz_init_set_ui(ways, 1);
    mpz_init(part);
    for (int32_t t = 0; t < model->type_count; t++) {
        mpz_bin_uiui(part, (unsigned long)model->size[t], (unsigned long)panel[t]);
        mpz_mul(ways, ways, part);
    }
    mpz_add(sum, sum, ways);
    mpz_clear(ways);
    mpz_clear(part);
}

static const char *grouped(struct rh_call *call, const char *digits)
{
    size_t length = strlen(digits), out = 0;
    char *text = rh_alloc_in(call, length + length / 3 + 2);

    if (!text)
        return digits;
    for (size_t i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            text[out++] = call->lang == 0 ? '.' : ',';
        text[out++] = digits[i];
    }
    return text;
}

void out_count(struct work *work)
{
    struct rh_call *call = work->call;
    struct panel_graph *graph = panel_graph_new(&work->memory, work->model, PANEL_EDGES);
    mpz_t *count = panel_integers(&work->memory, 2);
    char *text;

    if (graph)
        panel_graph_count(graph, count[0], count[1]);
    for (int32_t p = 0; !graph && work->chances && p < work->chances->panel_count; p++)
        count_panels(work->model, work->chances->panel[p], count[1]);
    text = rh_alloc_in(call, mpz_sizeinbase(count[1], 10) + 2);
    if (!text)
        return;
    mpz_get_str(text, 10, count[1]);
    rh_out_text(call, "valid_panels", text);
    if (graph)
        rh_say(call, "gültige Zusammensetzungen: %s", "valid panels: %s", grouped(call, text));
    else
        rh_say(call, "gültige Zusammensetzungen: mindestens %s", "valid panels: at least %s",
               grouped(call, text));
    rh_out_text(call, "valid_panels_words",
                graph ? grouped(call, text)
                      : rh_format(call, "mindestens %s", "at least %s", grouped(call, text)));
    rh_out_flag(call, "valid_panels_exact", graph != NULL);
}

/* ---- levels ---- */

/* The members of a certificate: applicants with a weight. 1 when all weights are alike. */
static int32_t certificate_group(const struct work *work, const struct panel_stage *stage,
                                 int32_t *ret_applicants, uint8_t *ret_in)
{
    const mpz_t *common = NULL;
    int32_t alike = 1;

    *ret_applicants = 0;
    for (int32_t t = 0; t < work->model->type_count; t++) {
        ret_in[t] = mpz_sgn(stage->weight[t]) > 0;
        if (!ret_in[t])
            continue;
        *ret_applicants += work->model->size[t];
        if (common && mpz_cmp(*common, stage->weight[t]) != 0)
            alike = 0;
        common = (const mpz_t *)&stage->weight[t];
    }
    return alike && common;
}

/* A quota whose members are just those; NULL when there is none. */
static const char *name_of_group(const struct work *work, const uint8_t *in)
{
    for (int32_t r = 0; r < work->pool.row_count; r++) {
        int32_t same = 1;

        for (int32_t t = 0; t < work->model->type_count && same; t++)
            same = panel_has(work->model, t, r) == in[t];
        if (same)
            return row_words(work->call, &work->pool, r);
    }
    return NULL;
}

const char *level_words(struct work *work, int32_t type)
{
    struct rh_call *call = work->call;
    const struct panel_stage *stage;
    uint8_t *in = PANEL_NEW(&work->memory, uint8_t, work->model->type_count + 1);
    int32_t applicants, seats, at = work->chances->stage_of[type];
    mpz_t *ratio = panel_integers(&work->memory, 1);
    const char *name;

    if (at < 0)
        return NULL;
    stage = &work->chances->stages[at];
    if (!stage->exact || mpq_cmp_ui(stage->chance[0], 1, 1) == 0)
        return NULL;
    if (!certificate_group(work, stage, &applicants, in))
        return rh_format(
            call,
            "die Quoten lassen dieser Gruppe mit ihren Nachbargruppen (%d Bewerbungen) "
            "zusammen nicht mehr",
            "the quotas leave this group and its neighbours (%d applications) no more",
            (int)applicants);
    for (int32_t t = 0; t < work->model->type_count; t++)
        if (in[t])
            mpz_fdiv_q(ratio[0], stage->worth[0], stage->weight[t]);
    seats = (int32_t)mpz_get_si(ratio[0]);
    name = name_of_group(work, in);
    return name ? rh_format(call, "%d Bewerbungen (%s) teilen sich höchstens %d %s",
                            "%d applications (%s) share at most %d %s", (int)applicants, name,
                            (int)seats,
                            seats == 1 ? rh_format(call, "Platz", "place")
                                       : rh_format(call, "Plätze", "places"))
                : rh_format(call, "%d Bewerbungen teilen sich höchstens %d %s",
                            "%d applications share at most %d %s", (int)applicants, (int)seats,
                            seats == 1 ? rh_format(call, "Platz", "place")
                                       : rh_format(call, "Plätze", "places"));
}

const char *unselectable_words(struct work *work, int32_t type)
{
    struct panel_demand demand = {.type = type, .row = -1};
    struct panel_conflict conflict = panel_conflict_find(&work->memory, work->model, &demand, 0);

    if (conflict.state != PANEL_CONFLICT)
        return NULL;
    return rh_format(work->call, "nicht wählbar wegen: %s", "cannot be selected because of: %s",
                     sides_words(work->call, &work->pool, &conflict, conflict.count));
}

struct level {
    const mpq_t *chance;
    int32_t count, type, exact;
};

static int by_chance(const void *left, const void *right)
{
    return mpq_cmp(*((const struct level *)left)->chance, *((const struct level *)right)->chance);
}

static int32_t is_exact_type(const struct work *work, int32_t type)
{
    int32_t stage = work->chances->stage_of[type];

    return work->chances->exact && (stage < 0 || work->chances->stages[stage].exact);
}

/* The reasons of all types of a level, each once; some, when there are many. */
static const char *reasons_of_level(struct work *work, const struct level *first, int32_t count)
{
    enum { SHOWN = 4 };
    const char *list = NULL;
    int32_t shown = 0;

    for (int32_t i = 0; i < count; i++) {
        const char *one = mpq_sgn(*first[i].chance) == 0 ? unselectable_words(work, first[i].type)
                                                         : level_words(work, first[i].type);

        if (!one || (list && strstr(list, one)))
            continue;
        if (shown++ == SHOWN)
            return rh_format(work->call, "%s; …", "%s; …", list);
        list = list ? rh_format(work->call, "%s; %s", "%s; %s", list, one) : one;
    }
    return list;
}

static void out_level(struct work *work, const struct level *level, const struct level *first,
                      int32_t types)
{
    struct rh_call *call = work->call;
    double value = mpq_get_d(*level->chance);

    rh_out_object(call, NULL);
    rh_out_text(call, "probability",
                level->exact ? rational_text(call, *level->chance)
                             : rh_format(call, "%.9f", "%.9f", value));
    rh_out_real(call, "decimal", value);
    rh_out_text(call, "percent", percent_text(call, value));
    rh_out_int(call, "count", level->count);
    rh_out_flag(call, "exact", level->exact);
    rh_out_text(call, "reason", reasons_of_level(work, first, types));
    rh_out_end(call);
}

static int32_t same_level(const struct work *work, const struct level *a, const struct level *b)
{
    if (work->chances->exact)
        return mpq_equal(*a->chance, *b->chance) != 0;
    return mpq_get_d(*b->chance) - mpq_get_d(*a->chance) < 1e-6;
}

/* "levels": chances from small to large, each with how many have it. */
void out_levels(struct work *work)
{
    int32_t types = work->model->type_count, next;
    struct level *levels = PANEL_NEW(&work->memory, struct level, types + 1);

    for (int32_t t = 0; t < types; t++)
        levels[t] = (struct level){(const mpq_t *)&work->chances->chance[t], work->model->size[t],
                                   t, is_exact_type(work, t)};
    qsort(levels, (size_t)types, sizeof(*levels), by_chance);
    rh_out_array(work->call, "levels");
    for (int32_t l = 0; l < types; l = next) {
        struct level whole = levels[l];

        for (next = l + 1; next < types && same_level(work, &levels[l], &levels[next]); next++) {
            whole.count += levels[next].count;
            whole.exact &= levels[next].exact;
        }
        out_level(work, &whole, &levels[l], next - l);
    }
    rh_out_end(work->call);
}
