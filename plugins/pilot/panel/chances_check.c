/*
 * The independent look at an answer: panels are counted applicant by applicant from the problem as
 * it was given, and each certificate must prove its stage by itself. Nothing of the simplex or of
 * the exact equations is used; what no panel exceeds is found out anew.
 */
#include "plugins/pilot/panel/chances.h"

struct check {
    const struct panel_problem *problem;
    const struct panel_chances *chances;
    const struct panel_model *model;
    struct panel_memory own;
    struct panel_graph *graph;
    struct panel_system system;
};

/* The first applicants of each type are on it; any others of the type are as good. */
static int32_t keeps_quotas(const struct check *c, const int32_t *panel)
{
    const struct panel_problem *problem = c->problem;
    struct panel_memory own = PANEL_MEMORY;
    int32_t *left = PANEL_NEW(&own, int32_t, c->model->type_count + 1);
    int64_t *count = PANEL_NEW(&own, int64_t, problem->row_count + 1), seats = 0;
    int32_t sound = 1;

    for (int32_t t = 0; t < c->model->type_count; t++)
        left[t] = panel[t];
    for (int32_t i = 0; i < problem->applicant_count; i++) {
        if (left[c->model->type_of[i]] <= 0)
            continue;
        left[c->model->type_of[i]]--;
        seats++;
        for (int32_t r = 0; r < problem->row_count; r++)
            count[r] += problem->member[(size_t)i * (size_t)problem->row_count + (size_t)r];
    }
    for (int32_t t = 0; t < c->model->type_count; t++)
        sound &= panel[t] >= 0 && left[t] == 0;
    for (int32_t r = 0; r < problem->row_count; r++)
        sound &= count[r] >= problem->rows[r].min && count[r] <= problem->rows[r].max;
    panel_memory_free(&own);
    return sound && seats == problem->places;
}

static int32_t adds_up(const struct check *c)
{
    int32_t sound = 1;
    mpq_t sum, one;

    mpq_inits(sum, one, NULL);
    mpq_set_ui(one, 1, 1);
    for (int32_t p = 0; p < c->chances->panel_count; p++) {
        sound &= mpq_sgn(c->chances->weight[p]) > 0;
        mpq_add(sum, sum, c->chances->weight[p]);
    }
    sound &= mpq_equal(sum, one) != 0;
    mpq_clears(sum, one, NULL);
    return sound;
}

static int32_t gives_chances(const struct check *c)
{
    int32_t sound = 1;
    mpq_t sum, part;

    mpq_inits(sum, part, NULL);
    for (int32_t t = 0; t < c->model->type_count; t++) {
        mpq_set_si(part, -c->model->size[t], 1);
        mpq_mul(sum, part, c->chances->chance[t]);
        for (int32_t p = 0; p < c->chances->panel_count; p++) {
            mpq_set_si(part, c->chances->panel[p][t], 1);
            mpq_mul(part, part, c->chances->weight[p]);
            mpq_add(sum, sum, part);
        }
        sound &= mpq_sgn(sum) == 0;
    }
    mpq_clears(sum, part, NULL);
    return sound;
}

/* Does it hold that no valid panel is worth more? */
static enum panel_fault bounds(struct check *c, const struct panel_stage *stage)
{
    panel_weight *weight = PANEL_NEW(&c->own, panel_weight, c->model->type_count + 1), value;
    int32_t *composition = PANEL_NEW(&c->own, int32_t, c->model->type_count + 1);
    struct panel_goal goal = {.has_floor = 1, .has_enough = 1};
    enum panel_found found;

    if (mpz_sizeinbase(stage->worth[0], 2) > 62)
        return PANEL_FAULT_UNPROVEN;
    for (int32_t t = 0; t < c->model->type_count; t++) {
        if (mpz_sgn(stage->weight[t]) < 0)
            return PANEL_FAULT_CERTIFICATE;
        if (mpz_sizeinbase(stage->weight[t], 2) > 62)
            return PANEL_FAULT_UNPROVEN;
        weight[t] = (panel_weight)mpz_get_ui(stage->weight[t]);
    }
    goal.floor = goal.enough = (panel_weight)mpz_get_ui(stage->worth[0]);
    if (c->graph)
        return panel_graph_best(c->graph, weight, composition) > goal.floor
                   ? PANEL_FAULT_CERTIFICATE
                   : PANEL_SOUND;
    c->system.weight = weight;
    found = panel_search(&c->system, &goal, composition, &value);
    return found == PANEL_NONE      ? PANEL_SOUND
           : found == PANEL_GAVE_UP ? PANEL_FAULT_UNPROVEN
                                    : PANEL_FAULT_CERTIFICATE;
}

static int32_t fixed_before(const struct check *c, int32_t type, int32_t stage)
{
    return c->chances->stage_of[type] >= 0 && c->chances->stage_of[type] < stage;
}

/*
 * sum of weight * size * chance <= worth for every lottery. With the chances fixed before, that
 * leaves (worth - their part) / (sum of weight * size of the open ones) for the smallest of the
 * open chances: it must be the stage's, and those fixed in it must have a weight.
 */
static int32_t proves(const struct check *c, int32_t number)
{
    const struct panel_stage *stage = &c->chances->stages[number];
    int32_t sound = 1;
    mpq_t left, open, part;

    mpq_inits(left, open, part, NULL);
    mpq_set_z(left, stage->worth[0]);
    for (int32_t t = 0; t < c->model->type_count; t++) {
        const mpq_t *chance = &c->chances->chance[t];

        mpz_mul_si(mpq_numref(part), stage->weight[t], c->model->size[t]);
        mpz_set_ui(mpq_denref(part), 1);
        if (!fixed_before(c, t, number)) {
            mpq_add(open, open, part);
        } else {
            mpq_mul(part, part, *chance);
            mpq_sub(left, left, part);
        }
        if (c->chances->stage_of[t] == number)
            sound &= mpz_sgn(stage->weight[t]) > 0 && mpq_equal(*chance, stage->chance[0]);
        else if (c->chances->stage_of[t] > number)
            sound &= mpq_cmp(*chance, stage->chance[0]) >= 0;
    }
    sound &= mpq_sgn(open) > 0;
    if (sound) {
        mpq_div(left, left, open);
        sound = mpq_equal(left, stage->chance[0]) != 0;
    }
    mpq_clears(left, open, part, NULL);
    return sound;
}

static enum panel_fault check_all(struct check *c)
{
    const struct panel_chances *chances = c->chances;
    enum panel_fault fault = PANEL_SOUND;

    for (int32_t p = 0; p < chances->panel_count; p++)
        if (!keeps_quotas(c, chances->panel[p]))
            return PANEL_FAULT_PANEL;
    if (!adds_up(c))
        return PANEL_FAULT_WEIGHTS;
    if (!gives_chances(c))
        return PANEL_FAULT_CHANCE;
    for (int32_t s = 0; s < chances->stage_count && fault == PANEL_SOUND; s++) {
        if (!chances->stages[s].exact)
            continue;
        fault = proves(c, s) ? bounds(c, &chances->stages[s]) : PANEL_FAULT_CERTIFICATE;
    }
    return fault;
}

enum panel_fault panel_chances_check(const struct panel_problem *problem,
                                     const struct panel_chances *chances)
{
    struct check c = {.problem = problem, .chances = chances, .own = PANEL_MEMORY};
    enum panel_fault fault;

    c.model = panel_model_new(&c.own, problem);
    if (!c.model)
        return PANEL_FAULT_UNPROVEN;
    c.graph = panel_graph_new(&c.own, c.model, PANEL_EDGES);
    c.system = panel_system_of(&c.own, c.model);
    fault = check_all(&c);
    panel_memory_free(&c.own);
    return fault;
}
