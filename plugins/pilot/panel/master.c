#include "plugins/pilot/panel/master.h"

#include <math.h>
#include <string.h>

#define REDUCED  1e-9
#define PIVOT    1e-7
#define HAIR     1e-10
#define REFACTOR 400
#define STALE    0.7 /* of the best that was seen when all columns were looked at */

static int32_t types_of(const struct panel_master *master)
{
    return master->rows - 1;
}

static uint8_t *basis_mark(struct panel_master *master, int32_t id)
{
    return &master->in_basis[id >= 0               ? master->rows + id
                             : id == PANEL_BASIC_Z ? master->rows - 1
                                                   : PANEL_BASIC_SURPLUS - id];
}

static int16_t *take_chunk(struct panel_memory *memory, struct panel_master *master, int32_t count)
{
    enum { CHUNK = 1 << 15 };

    if (master->chunk_left < count) {
        master->chunk = PANEL_NEW(memory, int16_t, CHUNK);
        master->chunk_left = CHUNK;
    }
    master->chunk_left -= count;
    master->chunk += count;
    return master->chunk - count;
}

static void store_column(struct panel_memory *memory, struct panel_master *master,
                         struct panel_column *column, const int32_t *composition)
{
    int32_t types = master->model->type_count;

    column->single = 1;
    for (int32_t t = 0; t < types; t++) {
        column->count += composition[t] != 0;
        column->single &= composition[t] <= 1;
    }
    column->type = take_chunk(memory, master, column->count);
    column->seats = column->single ? master->ones : take_chunk(memory, master, column->count);
    column->count = 0;
    for (int32_t t = 0; t < types; t++)
        if (composition[t]) {
            if (!column->single)
                column->seats[column->count] = (int16_t)composition[t];
            column->type[column->count++] = (int16_t)t;
        }
}

void panel_master_add(struct panel_memory *memory, struct panel_master *master,
                      const int32_t *composition)
{
    if (master->column_count == master->column_room) {
        size_t room = (size_t)master->column_room * 2 + 64, rows = (size_t)master->rows;
        struct panel_column *columns = PANEL_NEW(memory, struct panel_column, room);
        uint8_t *marks = PANEL_NEW(memory, uint8_t, rows + room);

        if (master->column_count) {
            memcpy(columns, master->columns, (size_t)master->column_count * sizeof(*columns));
            memcpy(marks, master->in_basis, rows + (size_t)master->column_count);
        }
        master->columns = columns;
        master->in_basis = marks;
        master->column_room = (int32_t)room;
    }
    store_column(memory, master, &master->columns[master->column_count++], composition);
}

double panel_column_worth(const struct panel_master *master, const struct panel_column *column)
{
    const double *price = master->price;
    const int16_t *type = column->type;
    double worth = 0, odd = 0;
    int32_t k = 0;

    /* This is where the time goes: two sums do not wait for each other. */
    for (; column->single && k + 1 < column->count; k += 2) {
        worth += price[type[k]];
        odd += price[type[k + 1]];
    }
    for (; k < column->count; k++)
        worth += price[type[k]] * column->seats[k];
    return worth + odd;
}

static void count_right(struct panel_master *master)
{
    int32_t types = types_of(master);

    for (int32_t t = 0; t < types; t++)
        master->right[t] = master->share[t] * master->model->size[t];
    master->right[types] = 1;
}

static void count_values(struct panel_master *master)
{
    size_t rows = (size_t)master->rows;

    for (size_t i = 0; i < rows; i++) {
        double sum = 0;

        for (size_t k = 0; k < rows; k++)
            sum += master->inverse[i * rows + k] * master->right[k];
        master->value[i] = sum < 0 && sum > -1e-9 ? 0 : sum;
    }
}

/* The inverse with `direction` (inverse * entering column) brought to a unit in row `row`. */
static void eliminate(struct panel_master *master, int32_t row)
{
    size_t rows = (size_t)master->rows;
    double *pivot = master->inverse + (size_t)row * rows, by = 1 / master->direction[row];

    for (size_t k = 0; k < rows; k++)
        pivot[k] *= by;
    for (size_t i = 0; i < rows; i++) {
        double factor = master->direction[i], *other = master->inverse + i * rows;

        if (i == (size_t)row || factor == 0)
            continue;
        for (size_t k = 0; k < rows; k++)
            other[k] -= factor * pivot[k];
    }
}

static void find_direction(struct panel_master *master, int32_t id)
{
    size_t rows = (size_t)master->rows;
    int32_t types = types_of(master);

    if (id >= 0) {
        const struct panel_column *column = &master->columns[id];

        for (size_t i = 0; i < rows; i++) {
            const double *inverse = master->inverse + i * rows;
            double sum = inverse[types];

            for (int32_t k = 0; k < column->count; k++)
                sum += inverse[column->type[k]] * column->seats[k];
            master->direction[i] = sum;
        }
        return;
    }
    for (size_t i = 0; i < rows; i++) {
        const double *inverse = master->inverse + i * rows;
        double sum = 0;

        if (id == PANEL_BASIC_Z)
            for (int32_t t = 0; t < types; t++)
                sum -= master->fixed[t] ? 0 : inverse[t] * master->model->size[t];
        else
            sum = -inverse[PANEL_BASIC_SURPLUS - id];
        master->direction[i] = sum;
    }
}

/* The inverse anew from the basis: Gauss-Jordan, surplus columns first because they cost nothing.
 */
static int32_t refactor(struct panel_master *master)
{
    size_t rows = (size_t)master->rows;
    int32_t *wanted = master->basic;
    struct panel_memory own = PANEL_MEMORY;
    uint8_t *used = PANEL_NEW(&own, uint8_t, rows);
    int32_t *order = PANEL_NEW(&own, int32_t, rows), *placed = PANEL_NEW(&own, int32_t, rows);
    int32_t count = 0, sound = 1;

    for (size_t i = 0; i < rows; i++)
        if (wanted[i] <= PANEL_BASIC_SURPLUS)
            order[count++] = wanted[i];
    for (size_t i = 0; i < rows; i++)
        if (wanted[i] > PANEL_BASIC_SURPLUS)
            order[count++] = wanted[i];
    memset(master->inverse, 0, rows * rows * sizeof(double));
    for (size_t i = 0; i < rows; i++)
        master->inverse[i * rows + i] = 1;
    for (int32_t k = 0; k < count && sound; k++) {
        int32_t at = -1;

        find_direction(master, order[k]);
        for (size_t i = 0; i < rows; i++)
            if (!used[i] && (at < 0 || fabs(master->direction[i]) > fabs(master->direction[at])))
                at = (int32_t)i;
        sound = at >= 0 && fabs(master->direction[at]) > 1e-11;
        if (!sound)
            break;
        used[at] = 1;
        placed[at] = order[k];
        eliminate(master, at);
    }
    if (sound)
        memcpy(master->basic, placed, rows * sizeof(int32_t));
    panel_memory_free(&own);
    return sound;
}

struct panel_master *panel_master_new(struct panel_memory *memory, const struct panel_model *model,
                                      const int32_t *first)
{
    struct panel_master *master = PANEL_NEW(memory, struct panel_master, 1);
    size_t rows = (size_t)model->type_count + 1;

    master->model = model;
    master->rows = (int32_t)rows;
    master->fixed = PANEL_NEW(memory, uint8_t, rows);
    master->share = PANEL_NEW(memory, double, rows);
    master->basic = PANEL_NEW(memory, int32_t, rows);
    master->value = PANEL_NEW(memory, double, rows);
    master->inverse = PANEL_NEW(memory, double, rows *rows);
    master->price = PANEL_NEW(memory, double, rows);
    master->direction = PANEL_NEW(memory, double, rows);
    master->right = PANEL_NEW(memory, double, rows);
    master->ones = PANEL_NEW(memory, int16_t, rows);
    for (size_t k = 0; k < rows; k++)
        master->ones[k] = 1;
    panel_master_add(memory, master, first);
    for (int32_t t = 0; t < model->type_count; t++)
        master->basic[t] = PANEL_BASIC_SURPLUS - t;
    master->basic[rows - 1] = 0;
    for (size_t i = 0; i < rows; i++)
        *basis_mark(master, master->basic[i]) = 1;
    (void)refactor(master); /* triangular: cannot fail */
    return master;
}

static void find_prices(struct panel_master *master)
{
    size_t rows = (size_t)master->rows;

    memset(master->price, 0, rows * sizeof(double));
    master->z = 0;
    for (size_t i = 0; i < rows; i++)
        if (master->basic[i] == PANEL_BASIC_Z) {
            for (size_t k = 0; k < rows; k++)
                master->price[k] = -master->inverse[i * rows + k];
            master->price[rows - 1] *= -1;
            master->z = master->value[i];
        }
}

/* Keeps the columns that are worth most: the list is full, the least of it makes room. */
static void keep_candidate(struct panel_master *master, double *worth, int32_t id, double value)
{
    int32_t at = master->candidate_count, least = 0;

    if (at == PANEL_CANDIDATES) {
        for (int32_t k = 1; k < at; k++)
            if (worth[k] < worth[least])
                least = k;
        if (value <= worth[least])
            return;
        at = least;
    } else {
        master->candidate_count++;
    }
    master->candidate[at] = id;
    worth[at] = value;
}

static void look_at_all(struct panel_master *master)
{
    double worth[PANEL_CANDIDATES], mu = master->price[types_of(master)];

    master->candidate_count = 0;
    master->best_seen = 0;
    for (int32_t c = 0; c < master->column_count; c++) {
        double value = panel_column_worth(master, &master->columns[c]) - mu;

        if (value <= REDUCED || *basis_mark(master, c))
            continue;
        master->best_seen = fmax(master->best_seen, value);
        keep_candidate(master, worth, c, value);
    }
}

/* The best of the candidates by the prices of now; those that are worth nothing any more go. */
static int32_t best_candidate(struct panel_master *master, double *best, int32_t *ret_id)
{
    double mu = master->price[types_of(master)];
    int32_t kept = 0, found = 0;

    for (int32_t k = 0; k < master->candidate_count; k++) {
        int32_t c = master->candidate[k];
        double value = panel_column_worth(master, &master->columns[c]) - mu;

        if (value <= REDUCED || *basis_mark(master, c))
            continue;
        master->candidate[kept++] = c;
        if (value > *best) {
            *best = value;
            *ret_id = c;
            found = 1;
        }
    }
    master->candidate_count = kept;
    return found;
}

/* The first that raises z, which cannot go in circles. */
static int32_t first_entering(struct panel_master *master, int32_t *ret_id)
{
    int32_t types = types_of(master);

    for (int32_t t = 0; t < types; t++)
        if (-master->price[t] > REDUCED && !*basis_mark(master, PANEL_BASIC_SURPLUS - t)) {
            *ret_id = PANEL_BASIC_SURPLUS - t;
            return 1;
        }
    for (int32_t c = 0; c < master->column_count; c++)
        if (panel_column_worth(master, &master->columns[c]) - master->price[types] > REDUCED &&
            !*basis_mark(master, c)) {
            *ret_id = c;
            return 1;
        }
    return 0;
}

/*
 * What raises z much: of the surplus values and the candidates the best. All columns are looked at
 * again only when the candidates have become much worse than the best was.
 */
static int32_t find_entering(struct panel_master *master, int32_t bland, int32_t *ret_id)
{
    int32_t types = types_of(master), found = 0;
    double best = REDUCED, z = 1;

    for (int32_t t = 0; t < types; t++)
        z -= master->fixed[t] ? 0 : master->price[t] * master->model->size[t];
    if (!*basis_mark(master, PANEL_BASIC_Z) && z > REDUCED) {
        *ret_id = PANEL_BASIC_Z;
        return 1;
    }
    if (bland)
        return first_entering(master, ret_id);
    for (int32_t t = 0; t < types; t++)
        if (-master->price[t] > best && !*basis_mark(master, PANEL_BASIC_SURPLUS - t)) {
            best = -master->price[t];
            *ret_id = PANEL_BASIC_SURPLUS - t;
            found = 1;
        }
    found |= best_candidate(master, &best, ret_id);
    if (found && best > STALE * master->best_seen)
        return 1;
    look_at_all(master);
    return best_candidate(master, &best, ret_id) | found;
}

/* fmax() is a call, because of what is no number; here there is none. */
static double not_below(double value)
{
    return value > 0 ? value : 0;
}

/*
 * Among the rows that limit the step, give or take a hair, the one with the largest pivot (Harris):
 * a tiny pivot ruins the inverse. With `bland` the first.
 */
static int32_t find_leaving(const struct panel_master *master, int32_t bland, double *ret_step)
{
    double least = INFINITY;
    int32_t found = -1;

    for (int32_t i = 0; i < master->rows; i++) {
        double d = master->direction[i];

        if (d > PIVOT && not_below(master->value[i]) + HAIR < least * d)
            least = (not_below(master->value[i]) + HAIR) / d;
    }
    for (int32_t i = 0; i < master->rows; i++) {
        double d = master->direction[i];

        if (d <= PIVOT || not_below(master->value[i]) > least * d)
            continue;
        if (found < 0 ||
            (bland ? master->basic[i] > master->basic[found] : d > master->direction[found]))
            found = i;
    }
    *ret_step = found < 0 ? INFINITY : fmax(master->value[found], 0) / master->direction[found];
    return found;
}

static void exchange(struct panel_master *master, int32_t row, int32_t id)
{
    double step = fmax(master->value[row], 0) / master->direction[row];

    for (int32_t i = 0; i < master->rows; i++) {
        master->value[i] -= step * master->direction[i];
        if (master->value[i] < 0 && master->value[i] > -1e-9)
            master->value[i] = 0;
    }
    master->value[row] = step;
    *basis_mark(master, master->basic[row]) = 0;
    *basis_mark(master, id) = 1;
    eliminate(master, row);
    master->basic[row] = id;
    master->pivots++;
}

int32_t panel_master_solve(struct panel_master *master)
{
    int32_t still = 0, limit = 200 * master->rows + 2000;

    count_right(master);
    count_values(master);
    for (int32_t k = 0; k < limit; k++) {
        int32_t id, row;
        double step;

        find_prices(master);
        if (!find_entering(master, still > 3 * master->rows, &id))
            return 1;
        find_direction(master, id);
        row = find_leaving(master, still > 3 * master->rows, &step);
        if (row < 0)
            return 0;
        still = step > 1e-12 ? 0 : still + 1;
        exchange(master, row, id);
        if (master->pivots % REFACTOR == 0) {
            if (!refactor(master))
                return 0;
            count_values(master);
        }
    }
    return 0;
}

void panel_master_next(struct panel_master *master, int32_t leaving)
{
    for (int32_t i = 0; i < master->rows; i++)
        if (master->basic[i] == PANEL_BASIC_Z) {
            find_direction(master, PANEL_BASIC_SURPLUS - leaving);
            exchange(master, i, PANEL_BASIC_SURPLUS - leaving);
            break;
        }
    (void)refactor(master); /* when it fails, the next solve finds out */
}
