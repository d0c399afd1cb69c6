#include "plugins/pilot/panel/chances.h"

#include "plugins/pilot/panel/climb.h"
#include "plugins/pilot/panel/exact.h"
#include "plugins/pilot/panel/master.h"

#include <math.h>
#include <string.h>

#define FINE        ((panel_weight)1 << 40) /* prices of the linear program as whole numbers */
#define IMPROVES    1e-9
#define FLOAT_FIX   1e-7
#define QUICK_NODES 2000 /* of a search by prices of floating point */
#define CLIMBS      80   /* columns at a time: few exchanges of the basis a column */

struct run {
    struct panel_memory *memory;
    const struct panel_options *options;
    const struct panel_model *full, *model; /* the latter without unselectable types */
    struct panel_chances *answer;
    int32_t *origin; /* by type of `model`: its number in `full` */
    struct panel_graph *graph;
    struct panel_system system;
    struct panel_master *master;
    struct panel_climber climber;
    panel_weight *weight;
    int32_t *composition;
    uint64_t random;
    int32_t unsure; /* the last search for a column was broken off */
    mpq_t *share;   /* exact, by type of `model`, once fixed */
};

/* ---- the best composition for some weights ---- */

static enum panel_found best(struct run *run, const panel_weight *weight, panel_weight enough,
                             int64_t node_limit, int32_t *ret_composition, panel_weight *ret_value)
{
    struct panel_goal goal = {.has_enough = 1,
                              .enough = enough,
                              .has_floor = 1,
                              .floor = enough,
                              .node_limit = node_limit};

    if (run->graph) {
        *ret_value = panel_graph_best(run->graph, weight, ret_composition);
        return *ret_value > enough ? PANEL_BEST : PANEL_NONE;
    }
    run->system.weight = weight;
    return panel_search(&run->system, &goal, ret_composition, ret_value);
}

/* ---- types that no valid panel contains ---- */

static struct panel_model *without_types(struct run *run, const uint8_t *keep)
{
    const struct panel_model *full = run->full;
    struct panel_model *model = PANEL_NEW(run->memory, struct panel_model, 1);
    size_t rows = (size_t)full->row_count, types = (size_t)full->type_count;

    *model = *full;
    model->type_count = 0;
    model->size = PANEL_NEW(run->memory, int32_t, types + 1);
    model->has = PANEL_NEW(run->memory, uint8_t, types * rows + 1);
    for (size_t t = 0; t < types; t++)
        if (keep[t]) {
            size_t to = (size_t)model->type_count++;

            run->origin[to] = (int32_t)t;
            model->size[to] = full->size[t];
            memcpy(model->has + to * rows, full->has + t * rows, rows);
        }
    return model;
}

static uint64_t draw(struct run *run)
{
    run->random = run->random * 6364136223846793005u + 1442695040888963407u;
    return run->random >> 33;
}

struct found_list {
    int32_t **composition;
    int32_t count;
};

static void remember(struct run *run, struct found_list *list, uint8_t *covered)
{
    int32_t types = run->model->type_count;
    int32_t *copy = PANEL_NEW(run->memory, int32_t, types + 1);

    memcpy(copy, run->composition, (size_t)types * sizeof(int32_t));
    list->composition[list->count++] = copy;
    for (int32_t t = 0; t < types; t++)
        covered[t] |= copy[t] > 0;
}

/* A composition with type t, and with as many other types that have none yet as possible; the rest
 * of the weights is noise, so that the compositions differ. */
static enum panel_found cover(struct run *run, int32_t t, const uint8_t *covered)
{
    int32_t types = run->model->type_count;
    panel_weight value;
    enum panel_found found;

    for (int32_t u = 0; u < types; u++)
        run->weight[u] = covered[u] ? (panel_weight)(draw(run) % 64) : 256;
    if (run->graph) {
        /* A graph knows no lower bound: one seat of t outweighs all else. */
        run->weight[t] += (panel_weight)1 << 30;
        (void)panel_graph_best(run->graph, run->weight, run->composition);
        return run->composition[t] ? PANEL_BEST : PANEL_NONE;
    }
    ((int32_t *)run->system.low)[t] = 1;
    found = best(run, run->weight, -1, run->options->node_limit, run->composition, &value);
    ((int32_t *)run->system.low)[t] = 0;
    return found;
}

static enum panel_state find_selectable(struct run *run, struct found_list *list, uint8_t *covered)
{
    for (int32_t t = 0; t < run->model->type_count; t++) {
        enum panel_found found;

        if (covered[t])
            continue;
        found = cover(run, t, covered);
        if (found == PANEL_GAVE_UP)
            return PANEL_TOO_HARD;
        if (found != PANEL_NONE)
            remember(run, list, covered);
    }
    return list->count ? PANEL_DONE : PANEL_INFEASIBLE;
}

/* ---- columns ---- */

static panel_weight weigh(const panel_weight *weight, const int32_t *composition, int32_t types)
{
    panel_weight sum = 0;

    for (int32_t t = 0; t < types; t++)
        sum += weight[t] * composition[t];
    return sum;
}

static void expand(const struct panel_column *column, int32_t *composition, int32_t types)
{
    memset(composition, 0, (size_t)types * sizeof(int32_t));
    for (int32_t k = 0; k < column->count; k++)
        composition[column->type[k]] = column->seats[k];
}

/* From compositions of the basis uphill; each that is worth more than `mu` becomes a column. */
static int32_t climb_from_basis(struct run *run, panel_weight mu)
{
    struct panel_master *master = run->master;
    int32_t types = run->model->type_count, added = 0;
    panel_weight last = mu;

    panel_climber_sort(&run->climber, run->weight);
    for (int32_t i = 0; i < master->rows && added < CLIMBS; i++) {
        panel_weight worth;

        if (master->basic[i] < 0)
            continue;
        expand(&master->columns[master->basic[i]], run->composition, types);
        panel_climb(&run->climber, run->weight, run->composition);
        worth = weigh(run->weight, run->composition, types);
        if (worth <= mu || worth == last)
            continue;
        last = worth;
        panel_master_add(run->memory, master, run->composition);
        added++;
    }
    return added;
}

/* Columns that raise z by the prices there are. Returns how many; 0 also when the search for one
 * was broken off (run->unsure). */
static int32_t price_columns(struct run *run)
{
    struct panel_master *master = run->master;
    int32_t types = run->model->type_count, added;
    panel_weight value, mu;
    enum panel_found found;
    double top = 0, stretch;

    for (int32_t t = 0; t < types; t++)
        top = fmax(top, master->price[t]);
    stretch = (double)FINE / fmax(top, 1e-12);
    for (int32_t t = 0; t < types; t++)
        run->weight[t] = (panel_weight)(fmax(master->price[t], 0) * stretch + 0.5);
    mu = (panel_weight)(master->price[types] * stretch + IMPROVES * stretch) + run->model->places;
    if (!run->graph && (added = climb_from_basis(run, mu)) > 0)
        return added;
    found = best(run, run->weight, mu, QUICK_NODES, run->composition, &value);
    run->unsure = found == PANEL_GAVE_UP;
    if (found == PANEL_GAVE_UP || found == PANEL_NONE)
        return 0;
    panel_master_add(run->memory, master, run->composition);
    return 1;
}

static enum panel_state solve_stage(struct run *run)
{
    for (;;) {
        int32_t added;

        if (!panel_master_solve(run->master))
            return PANEL_TOO_HARD;
        added = price_columns(run);
        if (run->options->progress &&
            run->options->progress(run->options->context, run->answer->stage_count,
                                   run->model->type_count))
            return PANEL_TOO_HARD;
        if (added == 0)
            return PANEL_DONE;
    }
}

/* ---- the exact part of a stage ---- */

/* The square core of a basis: its columns and z against the rows whose surplus is not basic. */
struct core {
    int32_t n;
    int32_t *column; /* of the core: PANEL_BASIC_Z or a column */
    int32_t *row;    /* types, then -1 for "sum of x = 1" */
    int32_t *matrix; /* [row * n + column] */
};

static int32_t core_entry(const struct run *run, int32_t type, int32_t id)
{
    const struct panel_master *master = run->master;
    const struct panel_column *column;

    if (type < 0)
        return id >= 0;
    if (id == PANEL_BASIC_Z)
        return master->fixed[type] ? 0 : -run->model->size[type];
    column = &master->columns[id];
    for (int32_t k = 0; k < column->count; k++)
        if (column->type[k] == type)
            return column->seats[k];
    return 0;
}

static void find_core(const struct run *run, struct panel_memory *own, struct core *core,
                      int32_t transposed)
{
    const struct panel_master *master = run->master;
    size_t rows = (size_t)master->rows;
    uint8_t *loose = PANEL_NEW(own, uint8_t, rows);
    int32_t count = 0;

    core->column = PANEL_NEW(own, int32_t, rows);
    core->row = PANEL_NEW(own, int32_t, rows);
    for (size_t i = 0; i < rows; i++) {
        if (master->basic[i] <= PANEL_BASIC_SURPLUS)
            loose[PANEL_BASIC_SURPLUS - master->basic[i]] = 1;
        else
            core->column[core->n++] = master->basic[i];
    }
    for (size_t t = 0; t + 1 < rows; t++)
        if (!loose[t])
            core->row[count++] = (int32_t)t;
    core->row[count] = -1;
    core->matrix = PANEL_NEW(own, int32_t, (size_t)core->n * (size_t)core->n + 1);
    for (int32_t i = 0; i < core->n; i++)
        for (int32_t j = 0; j < core->n; j++) {
            int32_t at = transposed ? j * core->n + i : i * core->n + j;

            core->matrix[at] = core_entry(run, core->row[i], core->column[j]);
        }
}

/* The certificate of the basis: weight and worth as whole numbers; denominator = sum of size *
 * weight over the types not fixed. 0 when there is none. */
static int32_t exact_prices(struct run *run, struct panel_stage *stage, mpz_t denominator)
{
    struct panel_memory own = PANEL_MEMORY;
    struct core core = {0};
    mpz_t *right, *solution;
    int32_t done;

    find_core(run, &own, &core, 1);
    right = panel_integers(&own, (size_t)core.n);
    solution = panel_integers(&own, (size_t)core.n);
    for (int32_t j = 0; j < core.n; j++)
        mpz_set_ui(right[j], core.column[j] == PANEL_BASIC_Z);
    done = panel_solve(core.n, core.matrix, right, solution, denominator);
    for (int32_t i = 0; i < core.n && done; i++) {
        if (core.row[i] < 0) {
            mpz_set(stage->worth[0], solution[i]);
            continue;
        }
        mpz_neg(stage->weight[run->origin[core.row[i]]], solution[i]);
        done = mpz_sgn(solution[i]) <= 0;
    }
    panel_memory_free(&own);
    return done;
}

static int32_t as_weight(mpz_t from, panel_weight *to)
{
    mpz_t high;

    if (mpz_sizeinbase(from, 2) > 96)
        return 0;
    mpz_init(high);
    mpz_fdiv_q_2exp(high, from, 48);
    *to = (panel_weight)mpz_get_ui(high) << 48;
    mpz_fdiv_r_2exp(high, from, 48);
    *to += mpz_get_ui(high);
    mpz_clear(high);
    return 1;
}

/* Is no valid composition worth more than the certificate says? A better one becomes a column. */
static enum panel_found exact_pricing(struct run *run, const struct panel_stage *stage)
{
    panel_weight worth, value;
    enum panel_found found;

    for (int32_t t = 0; t < run->model->type_count; t++)
        if (!as_weight(stage->weight[run->origin[t]], &run->weight[t]))
            return PANEL_GAVE_UP;
    if (!as_weight(stage->worth[0], &worth))
        return PANEL_GAVE_UP;
    found = best(run, run->weight, worth, run->options->node_limit, run->composition, &value);
    if (found == PANEL_BEST || found == PANEL_ENOUGH)
        panel_master_add(run->memory, run->master, run->composition);
    return found;
}

/* chance = (worth - sum over fixed of weight * size * share) / denominator. */
static void exact_chance(const struct run *run, const struct panel_stage *stage, mpz_t denominator)
{
    mpq_t part, size;

    mpq_inits(part, size, NULL);
    mpq_set_z(stage->chance[0], stage->worth[0]);
    for (int32_t t = 0; t < run->model->type_count; t++) {
        if (!run->master->fixed[t] || mpz_sgn(stage->weight[run->origin[t]]) == 0)
            continue;
        mpq_set_z(part, stage->weight[run->origin[t]]);
        mpq_set_si(size, run->model->size[t], 1);
        mpq_mul(part, part, size);
        mpq_mul(part, part, run->share[t]);
        mpq_sub(stage->chance[0], stage->chance[0], part);
    }
    mpq_set_z(part, denominator);
    mpq_div(stage->chance[0], stage->chance[0], part);
    mpq_clears(part, size, NULL);
}

/* PANEL_BEST: proven. PANEL_ENOUGH: a column was added, the stage is not over. */
static enum panel_found prove_stage(struct run *run, struct panel_stage *stage)
{
    enum panel_found found;
    mpz_t denominator;

    mpz_init(denominator);
    if (!exact_prices(run, stage, denominator)) {
        mpz_clear(denominator);
        return PANEL_GAVE_UP;
    }
    found = exact_pricing(run, stage);
    if (found == PANEL_NONE)
        exact_chance(run, stage, denominator);
    mpz_clear(denominator);
    return found == PANEL_NONE ? PANEL_BEST : found == PANEL_GAVE_UP ? PANEL_GAVE_UP : PANEL_ENOUGH;
}

/* ---- stages ---- */

static struct panel_stage *new_stage(struct run *run)
{
    struct panel_chances *answer = run->answer;
    struct panel_stage *stage = &answer->stages[answer->stage_count];

    stage->weight = panel_integers(run->memory, (size_t)run->full->type_count);
    stage->worth = panel_integers(run->memory, 1);
    stage->chance = panel_rationals(run->memory, 1);
    return stage;
}

static void forget_weights(const struct run *run, const struct panel_stage *stage)
{
    for (int32_t t = 0; t < run->full->type_count; t++)
        mpz_set_ui(stage->weight[t], 0);
    mpz_set_ui(stage->worth[0], 0);
}

/* Types with a price are tight in every best lottery; they are fixed. Returns the one with the
 * highest price, -1 when there is none. */
static int32_t fix_types(struct run *run, struct panel_stage *stage)
{
    struct panel_master *master = run->master;
    int32_t highest = -1, types = run->model->type_count;

    for (int32_t t = 0; t < types; t++) {
        int32_t tight = stage->exact ? mpz_sgn(stage->weight[run->origin[t]]) > 0
                                     : master->price[t] * run->model->size[t] > FLOAT_FIX;

        if (master->fixed[t] || !tight)
            continue;
        master->fixed[t] = 1;
        run->answer->stage_of[run->origin[t]] = run->answer->stage_count;
        mpq_set(run->share[t], stage->chance[0]);
        mpq_set(run->answer->chance[run->origin[t]], stage->chance[0]);
        stage->types++;
        stage->applicants += run->model->size[t];
        if (highest < 0 || master->price[t] > master->price[highest])
            highest = t;
    }
    for (int32_t t = 0; t < types; t++) {
        int32_t at = run->answer->stage_of[run->origin[t]];

        if (at < 0 || at == run->answer->stage_count)
            master->share[t] = stage->about;
    }
    return highest;
}

static int32_t open_types(const struct run *run)
{
    int32_t open = 0;

    for (int32_t t = 0; t < run->model->type_count; t++)
        open += !run->master->fixed[t];
    return open;
}

static enum panel_state one_stage(struct run *run, struct panel_stage *stage)
{
    enum panel_found found = PANEL_ENOUGH;

    while (found == PANEL_ENOUGH) {
        enum panel_state state = solve_stage(run);

        if (state != PANEL_DONE)
            return state;
        forget_weights(run, stage);
        /* Prices as fractions are small whole numbers, by which a search ends early that goes on
         * and on by those of floating point; so they also decide where that was broken off. */
        found = run->options->only_float && !run->unsure ? PANEL_GAVE_UP : prove_stage(run, stage);
        if (found == PANEL_GAVE_UP && run->unsure)
            return PANEL_TOO_HARD;
    }
    /* Proven is what stands on proven shares alone. */
    stage->exact = found == PANEL_BEST && run->answer->exact && !run->options->only_float;
    if (!stage->exact) {
        double z = 0; /* the base is in the shares: z counts from there */

        for (int32_t t = 0; t < run->model->type_count; t++)
            if (!run->master->fixed[t])
                z = run->master->share[t];
        forget_weights(run, stage);
        mpq_set_d(stage->chance[0], z + run->master->z);
    }
    stage->about = mpq_get_d(stage->chance[0]);
    return PANEL_DONE;
}

static enum panel_state all_stages(struct run *run)
{
    struct panel_chances *answer = run->answer;

    answer->exact = 1;
    while (open_types(run)) {
        struct panel_stage *stage = new_stage(run);
        enum panel_state state = one_stage(run, stage);
        int32_t leaving;

        if (state != PANEL_DONE)
            return state;
        answer->exact &= stage->exact;
        leaving = fix_types(run, stage);
        if (leaving < 0)
            return PANEL_TOO_HARD;
        answer->stage_count++;
        if (run->options->goal == PANEL_MAXIMIN)
            return PANEL_DONE;
        if (open_types(run))
            panel_master_next(run->master, leaving);
    }
    return PANEL_DONE;
}

/* ---- the lottery ---- */

static void take_panel(struct run *run, int32_t column, const mpq_t weight)
{
    struct panel_chances *answer = run->answer;
    int32_t *panel = PANEL_NEW(run->memory, int32_t, run->full->type_count + 1);
    const struct panel_column *found = &run->master->columns[column];

    for (int32_t k = 0; k < found->count; k++)
        panel[run->origin[found->type[k]]] = found->seats[k];
    answer->panel[answer->panel_count] = panel;
    mpq_set(answer->weight[answer->panel_count++], weight);
}

/* What the rows of the core must count, times the common denominator of all shares. */
static void exact_right(const struct run *run, const struct core *core, mpz_t *right, mpz_t common)
{
    mpq_t part;

    mpq_init(part);
    mpz_set_ui(common, 1);
    for (int32_t s = 0; s < run->answer->stage_count; s++)
        mpz_lcm(common, common, mpq_denref(run->answer->stages[s].chance[0]));
    for (int32_t i = 0; i < core->n; i++) {
        int32_t t = core->row[i];

        mpz_set_ui(right[i], 0);
        if (t < 0)
            mpz_set(right[i], common);
        if (t < 0 || !run->master->fixed[t])
            continue;
        mpq_set_z(part, common);
        mpq_mul(part, part, run->share[t]);
        mpz_mul_si(right[i], mpq_numref(part), run->model->size[t]);
    }
    mpq_clear(part);
}

/* x of the last basis in exact fractions; 0 when one is below 0 (the basis was a wrong guess). z is
 * an unknown as it was in that stage, so the types it fixed are open once more. */
static int32_t exact_lottery(struct run *run)
{
    struct panel_memory own = PANEL_MEMORY;
    struct core core = {0};
    mpz_t *right, *solution, *number = panel_integers(&own, 2);
    mpq_t *part = panel_rationals(&own, 1);
    int32_t done;

    for (int32_t t = 0; t < run->model->type_count; t++)
        if (run->answer->stage_of[run->origin[t]] == run->answer->stage_count - 1)
            run->master->fixed[t] = 0;
    find_core(run, &own, &core, 0);
    right = panel_integers(&own, (size_t)core.n);
    solution = panel_integers(&own, (size_t)core.n);
    exact_right(run, &core, right, number[0]);
    done = panel_solve(core.n, core.matrix, right, solution, number[1]);
    mpz_mul(number[0], number[0], number[1]);
    for (int32_t j = 0; j < core.n && done; j++)
        done = mpz_sgn(solution[j]) >= 0;
    for (int32_t j = 0; j < core.n && done; j++)
        if (core.column[j] >= 0 && mpz_sgn(solution[j]) > 0) {
            mpz_set(mpq_numref(part[0]), solution[j]);
            mpz_set(mpq_denref(part[0]), number[0]);
            mpq_canonicalize(part[0]);
            take_panel(run, core.column[j], part[0]);
        }
    panel_memory_free(&own);
    return done;
}

/* The lottery of floating point, made to add up to 1. */
static void float_lottery(struct run *run)
{
    struct panel_chances *answer = run->answer;
    mpq_t weight, sum;

    mpq_inits(weight, sum, NULL);
    answer->panel_count = 0;
    for (int32_t i = 0; i < run->master->rows; i++) {
        double value = floor(run->master->value[i] * 0x1p40 + 0.5);

        if (run->master->basic[i] < 0 || value <= 0)
            continue;
        mpq_set_d(weight, value);
        mpq_add(sum, sum, weight);
        take_panel(run, run->master->basic[i], weight);
    }
    for (int32_t p = 0; p < answer->panel_count; p++)
        mpq_div(answer->weight[p], answer->weight[p], sum);
    mpq_clears(weight, sum, NULL);
}

/* What the lottery gives each type. With `adopt` that is its chance; otherwise the difference
 * counts as error. */
static void compare_chances(struct run *run, int32_t adopt)
{
    struct panel_chances *answer = run->answer;
    mpq_t sum, part;

    mpq_inits(sum, part, NULL);
    answer->error = 0;
    for (int32_t t = 0; t < run->full->type_count; t++) {
        mpq_set_ui(sum, 0, 1);
        for (int32_t p = 0; p < answer->panel_count; p++) {
            mpq_set_si(part, answer->panel[p][t], 1);
            mpq_mul(part, part, answer->weight[p]);
            mpq_add(sum, sum, part);
        }
        mpq_set_si(part, run->full->size[t], 1);
        mpq_div(sum, sum, part);
        if (adopt)
            mpq_set(answer->chance[t], sum);
        mpq_sub(sum, sum, answer->chance[t]);
        answer->error = fmax(answer->error, fabs(mpq_get_d(sum)));
        if (mpq_sgn(sum) != 0)
            answer->exact = 0;
    }
    mpq_clears(sum, part, NULL);
}

static void find_lottery(struct run *run)
{
    struct panel_chances *answer = run->answer;
    int32_t maximin = run->options->goal == PANEL_MAXIMIN, exact = answer->exact;
    size_t rows = (size_t)run->master->column_count;

    answer->panel = PANEL_NEW(run->memory, int32_t *, rows + 1);
    answer->weight = panel_rationals(run->memory, rows + 1);
    if (exact && exact_lottery(run)) {
        compare_chances(run, maximin);
        answer->exact |= maximin;
        if (answer->exact)
            return;
    }
    answer->panel_count = 0;
    float_lottery(run);
    compare_chances(run, 1);
    answer->exact = 0;
}

static enum panel_state begin(struct run *run, struct found_list *list, uint8_t *covered)
{
    const struct panel_options *options = run->options;

    run->graph = panel_graph_new(run->memory, run->full,
                                 options->edges_max ? options->edges_max : PANEL_EDGES);
    run->answer->engine = run->graph ? "graph" : "search";
    run->answer->graph = run->graph;
    if (run->graph && panel_graph_is_empty(run->graph))
        return PANEL_INFEASIBLE;
    run->system = panel_system_of(run->memory, run->full);
    return find_selectable(run, list, covered);
}

/* From here on the model is without the types that nothing can select. */
static void drop_types(struct run *run, const struct found_list *list, const uint8_t *covered)
{
    struct panel_memory *memory = run->memory;

    run->model = without_types(run, covered);
    if (run->graph && run->model->type_count < run->full->type_count)
        run->graph = panel_graph_new(memory, run->model, INT64_MAX);
    run->system = panel_system_of(memory, run->model);
    panel_climber_begin(&run->climber, run->model, memory);
    run->share = panel_rationals(memory, (size_t)run->model->type_count + 1);
    for (int32_t c = 0; c < list->count; c++) {
        for (int32_t t = 0; t < run->model->type_count; t++)
            run->composition[t] = list->composition[c][run->origin[t]];
        if (c == 0)
            run->master = panel_master_new(memory, run->model, run->composition);
        else
            panel_master_add(memory, run->master, run->composition);
    }
}

struct panel_chances *panel_chances_find(struct panel_memory *memory,
                                         const struct panel_model *model,
                                         const struct panel_options *options)
{
    struct panel_chances *answer = PANEL_NEW(memory, struct panel_chances, 1);
    size_t types = (size_t)model->type_count;
    uint8_t *covered = PANEL_NEW(memory, uint8_t, types + 1);
    struct found_list list = {PANEL_NEW(memory, int32_t *, types + 1), 0};
    struct run run = {.memory = memory,
                      .options = options,
                      .full = model,
                      .model = model,
                      .answer = answer,
                      .random = 1};

    answer->model = model;
    answer->stage_of = PANEL_NEW(memory, int32_t, types + 1);
    memset(answer->stage_of, -1, types * sizeof(int32_t));
    answer->chance = panel_rationals(memory, types);
    answer->stages = PANEL_NEW(memory, struct panel_stage, types + 1);
    run.origin = PANEL_NEW(memory, int32_t, types + 1);
    run.weight = PANEL_NEW(memory, panel_weight, types + 1);
    run.composition = PANEL_NEW(memory, int32_t, types + 1);
    answer->state = begin(&run, &list, covered);
    if (answer->state != PANEL_DONE)
        return answer;
    drop_types(&run, &list, covered);
    answer->state = all_stages(&run);
    if (answer->state == PANEL_DONE)
        find_lottery(&run);
    answer->columns = run.master->column_count;
    answer->pivots = run.master->pivots;
    return answer;
}
