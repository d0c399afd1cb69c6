#include "tests/bench/teams.h"

#include "core/base/dice.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { MONTHS = 60, BUSY = 4, YEAR_MOST = 4, NEAR = 48, RULES = 9 };
enum { SIZE, LEAD, REGION, PARALLEL, YEAR, FORMER, PAIR, TRAVEL, LOAD };

struct place {
    double x, y;
    int32_t region;
};

struct world {
    struct teams *teams;
    struct rh_dice dice;
    int32_t groups, agents, columns, rows, row_room;
    struct place *group_at, *agent_at;
    int32_t *start, *size, *group, *agent, (*former)[2];
    uint8_t *leads;
    int64_t *travel;
    struct rh_select_row *row;
    int32_t *pool; /* members of rows, one after another */
    int64_t pool_used;
    int32_t *among; /* columns that the next rows choose from */
    int32_t among_count;
};

static void *own(struct teams *teams, int64_t count, size_t size)
{
    void **place = &teams->owned[teams->owned_count++];

    assert(teams->owned_count <= 16);
    *place = calloc((size_t)count + 1, size);
    assert(*place);
    return *place;
}

void teams_free(struct teams *teams)
{
    while (teams->owned_count > 0)
        free(teams->owned[--teams->owned_count]);
}

static struct place draw_place(struct rh_dice *dice)
{
    int32_t region = rh_dice_below(dice, 2);

    return (struct place){.x = 120 * region + rh_dice_below(dice, 120),
                          .y = rh_dice_below(dice, 180),
                          .region = region};
}

static double distance(struct place a, struct place b)
{
    return sqrt((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y));
}

static void draw_people(struct world *w)
{
    for (int32_t g = 0; g < w->groups; g++) {
        w->group_at[g] = draw_place(&w->dice);
        w->start[g] = rh_dice_below(&w->dice, MONTHS);
        w->size[g] = rh_dice_below(&w->dice, 6) ? 2 : 3;
        w->former[g][0] = rh_dice_below(&w->dice, w->agents);
        w->former[g][1] = rh_dice_below(&w->dice, w->agents);
    }
    for (int32_t a = 0; a < w->agents; a++) {
        w->agent_at[a] = draw_place(&w->dice);
        w->leads[a] = rh_dice_below(&w->dice, 5) < 2;
    }
}

/* Nobody works at home, and one pair in ten is excluded (absences); in large worlds only the near.
 */
static void draw_columns(struct world *w)
{
    double reach = w->agents <= 200 ? 1e9 : 300 * sqrt((double)NEAR / w->agents);

    for (int32_t g = 0; g < w->groups; g++) {
        for (int32_t a = 0; a < w->agents; a++) {
            double km = distance(w->group_at[g], w->agent_at[a]);
            int32_t absent = rh_dice_below(&w->dice, 10) == 0;

            if (km < 2 || km > reach || absent)
                continue;
            w->group[w->columns] = g;
            w->agent[w->columns] = a;
            w->travel[w->columns++] =
                (int64_t)(km / 5) + (w->group_at[g].region != w->agent_at[a].region ? 12 : 0);
        }
    }
}

typedef int includes(const struct world *w, int32_t column, int32_t a, int32_t b);

static void choose_among(struct world *w, const int32_t *owner, int32_t wanted)
{
    w->among_count = 0;
    for (int32_t j = 0; j < w->columns; j++) {
        if (owner[j] == wanted)
            w->among[w->among_count++] = j;
    }
}

/* A row over the columns that `in` includes. */
static void add_row(struct world *w, includes *in, int32_t a, int32_t b, struct rh_select_row row)
{
    row.columns = w->pool + w->pool_used;
    for (int32_t i = 0; i < w->among_count; i++) {
        if (in(w, w->among[i], a, b))
            w->pool[w->pool_used + row.column_count++] = w->among[i];
    }
    w->pool_used += row.column_count;
    assert(w->rows < w->row_room);
    if (row.column_count > 0)
        w->row[w->rows++] = row;
}

static int of_group(const struct world *w, int32_t j, int32_t g, int32_t b)
{
    (void)b;
    return w->group[j] == g;
}

static int lead_of_group(const struct world *w, int32_t j, int32_t g, int32_t b)
{
    (void)b;
    return w->group[j] == g && w->leads[w->agent[j]];
}

static int own_region(const struct world *w, int32_t j, int32_t g, int32_t b)
{
    (void)b;
    return w->group[j] == g && w->agent_at[w->agent[j]].region == w->group_at[g].region;
}

static int former_member(const struct world *w, int32_t j, int32_t g, int32_t b)
{
    (void)b;
    return w->group[j] == g && (w->agent[j] == w->former[g][0] || w->agent[j] == w->former[g][1]);
}

static int busy(const struct world *w, int32_t j, int32_t a, int32_t month)
{
    int32_t start = w->start[w->group[j]];

    return w->agent[j] == a && start <= month && start > month - BUSY;
}

static int in_year(const struct world *w, int32_t j, int32_t a, int32_t year)
{
    return w->agent[j] == a && w->start[w->group[j]] / 12 == year;
}

static int of_agent(const struct world *w, int32_t j, int32_t a, int32_t b)
{
    (void)b;
    return w->agent[j] == a;
}

static void group_rows(struct world *w, int32_t g)
{
    choose_among(w, w->group, g);
    add_row(
        w, of_group, g, 0,
        (struct rh_select_row){.min = w->size[g], .max = INT32_MAX, .rule = SIZE, .price = 500});
    add_row(w, of_group, g, 0, (struct rh_select_row){.max = w->size[g], .rule = SIZE});
    add_row(w, lead_of_group, g, 0,
            (struct rh_select_row){.min = 1, .max = INT32_MAX, .rule = LEAD, .price = 300});
    add_row(w, own_region, g, 0,
            (struct rh_select_row){.min = 1, .max = INT32_MAX, .rule = REGION, .price = 200});
    add_row(w, former_member, g, 0, (struct rh_select_row){.max = 1, .rule = FORMER});
}

/* Above the even share each further team costs more, piece by piece over the same columns. */
static void load_rows(struct world *w, int32_t a)
{
    int32_t share = 2 * w->groups / w->agents;
    struct rh_select_row *first;

    add_row(w, of_agent, a, 0, (struct rh_select_row){.max = share, .rule = LOAD, .price = 3});
    first = &w->row[w->rows - 1];
    for (int32_t piece = 1; piece < 4 && first->max == share; piece++) {
        assert(w->rows < w->row_room);
        w->row[w->rows] = *first;
        w->row[w->rows++].max = share + piece;
    }
}

static void agent_rows(struct world *w, int32_t a)
{
    choose_among(w, w->agent, a);
    for (int32_t month = 0; month < MONTHS; month++)
        add_row(w, busy, a, month, (struct rh_select_row){.max = 2, .rule = PARALLEL});
    for (int32_t year = 0; year < MONTHS / 12; year++)
        add_row(w, in_year, a, year, (struct rh_select_row){.max = YEAR_MOST, .rule = YEAR});
    load_rows(w, a);
}

void teams_draw(struct teams *teams, int32_t groups, int32_t agents, uint64_t seed)
{
    static struct rh_select_cost cost;
    int64_t cells = (int64_t)groups * agents;
    struct world w = {.teams = teams, .dice = {seed}, .groups = groups, .agents = agents};

    *teams = (struct teams){0};
    w.group_at = own(teams, groups, sizeof(struct place));
    w.agent_at = own(teams, agents, sizeof(struct place));
    w.start = own(teams, groups, sizeof(int32_t));
    w.size = own(teams, groups, sizeof(int32_t));
    w.former = own(teams, groups, sizeof(*w.former));
    w.leads = own(teams, agents, 1);
    w.group = own(teams, cells, sizeof(int32_t));
    w.agent = own(teams, cells, sizeof(int32_t));
    w.travel = own(teams, cells, sizeof(int64_t));
    w.among = own(teams, cells, sizeof(int32_t));
    w.row_room = groups * 5 + agents * (MONTHS + MONTHS / 12 + 4);
    w.row = own(teams, w.row_room, sizeof(struct rh_select_row));
    draw_people(&w);
    draw_columns(&w);
    w.pool = own(teams, (int64_t)w.columns * (10 + BUSY), sizeof(int32_t));
    for (int32_t g = 0; g < groups; g++)
        group_rows(&w, g);
    for (int32_t a = 0; a < agents; a++)
        agent_rows(&w, a);
    cost = (struct rh_select_cost){.price = w.travel, .rule = TRAVEL};
    teams->problem = (struct rh_select_problem){.size = sizeof(teams->problem),
                                                .column_count = w.columns,
                                                .group_count = groups,
                                                .agent_count = agents,
                                                .rule_count = RULES,
                                                .group = w.group,
                                                .agent = w.agent,
                                                .costs = &cost,
                                                .cost_count = 1,
                                                .rows = w.row,
                                                .row_count = w.rows};
}

/* ---- as an LP file ---- */

static void write_objective(const struct rh_select_problem *p, FILE *out)
{
    fprintf(out, "Minimize\n obj:");
    for (int32_t j = 0; j < p->column_count; j++)
        fprintf(out, " + %lld x%d%s", (long long)p->costs[0].price[j], j, j % 8 ? "" : "\n");
    for (int32_t r = 0; r < p->row_count; r++) {
        if (p->rows[r].price > 0)
            fprintf(out, " + %lld d%d%s", (long long)p->rows[r].price, r, r % 8 ? "" : "\n");
    }
}

static void write_row(const struct rh_select_row *row, int32_t r, FILE *out)
{
    int least = row->min > 0;

    fprintf(out, " r%d:", r);
    for (int32_t i = 0; i < row->column_count; i++)
        fprintf(out, " + x%d%s", row->columns[i], i % 10 == 9 ? "\n" : "");
    if (row->price > 0)
        fprintf(out, least ? " + d%d" : " - d%d", r);
    fprintf(out, " %s %d\n", least ? ">=" : "<=", least ? row->min : row->max);
}

void teams_write_lp(const struct rh_select_problem *problem, const char *file)
{
    FILE *out = fopen(file, "w");

    assert(out);
    write_objective(problem, out);
    fprintf(out, "\nSubject To\n");
    for (int32_t r = 0; r < problem->row_count; r++)
        write_row(&problem->rows[r], r, out);
    fprintf(out, "Binaries\n");
    for (int32_t j = 0; j < problem->column_count; j++)
        fprintf(out, " x%d%s", j, j % 10 == 9 ? "\n" : "");
    fprintf(out, "\nEnd\n");
    fclose(out);
}
