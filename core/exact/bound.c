/* The bound of given prices, in 128-bit fixed point. */
#include "core/exact/bound.h"

#include "core/base/alloc.h"

#include <math.h>

__extension__ typedef __int128 wide;

struct sums {
    const struct rh_program *program;
    const double *price;
    int bits;      /* prices are multiples of 2^-bits */
    double shrink; /* prices are multiplied by this first */
    wide *reduced; /* per column: cost less the prices of its rows, times 2^bits */
    wide bound;    /* times 2^bits */
};

/* Values that do not fit are as good as the largest. */
static int64_t scaled_down(wide value, int bits)
{
    wide up = (value >> bits) + ((value & (((wide)1 << bits) - 1)) != 0);

    if (up > INT64_MAX / 2)
        return INT64_MAX / 2;
    return up < -(INT64_MAX / 2) ? INT64_MIN : (int64_t)up;
}

/* Fixed-point prices fit into 62 bits. */
static int bits_for(const double *price, int32_t rows)
{
    double largest = 1;

    for (int32_t i = 0; i < rows; i++)
        if (isfinite(price[i]) && fabs(price[i]) > largest)
            largest = fabs(price[i]);
    return ilogb(largest) > 31 ? (ilogb(largest) > 60 ? 0 : 61 - ilogb(largest)) : 30;
}

/* A price that leans on an open side of its row proves nothing; 0 is always allowed. */
static int64_t fixed_price(const struct sums *sums, int32_t row)
{
    double price = sums->price[row] * sums->shrink * (double)(INT64_C(1) << sums->bits);

    if (!isfinite(price) || fabs(price) > 0x1p62)
        return 0;
    if (price > 0 ? sums->program->row_low[row] == -RH_PROGRAM_OPEN
                  : sums->program->row_high[row] == RH_PROGRAM_OPEN)
        return 0;
    return (int64_t)llround(price);
}

static void add_rows(struct sums *sums)
{
    const struct rh_program *program = sums->program;

    for (int32_t i = 0; i < program->rows; i++) {
        int64_t price = fixed_price(sums, i);

        if (price == 0)
            continue;
        sums->bound += (wide)price * (price > 0 ? program->row_low[i] : program->row_high[i]);
        for (int64_t k = program->row_start[i]; k < program->row_start[i + 1]; k++)
            sums->reduced[program->entry_column[k]] -= (wide)price * program->entry_value[k];
    }
}

/* False when a column without end would make it endlessly cheap. */
static bool add_columns(struct sums *sums)
{
    const struct rh_program *program = sums->program;

    for (int32_t j = 0; j < program->columns; j++) {
        wide reduced = sums->reduced[j];
        int64_t end = reduced > 0 ? program->low[j] : program->high[j];

        if (reduced == 0)
            continue;
        if (end == RH_PROGRAM_OPEN || end == -RH_PROGRAM_OPEN)
            return false;
        sums->bound += reduced * end;
    }
    return true;
}

static bool add_all(struct sums *sums)
{
    sums->bound = 0;
    for (int32_t j = 0; j < sums->program->columns; j++)
        sums->reduced[j] = (wide)sums->program->cost[j] * ((wide)1 << sums->bits);
    add_rows(sums);
    return add_columns(sums);
}

static void set_ends(const struct sums *sums, struct rh_exact_bound *ret)
{
    for (int32_t j = 0; j < sums->program->columns; j++) {
        wide reduced = sums->reduced[j];

        if (!sums->program->whole[j] || reduced == 0)
            continue;
        ret->end[j] = reduced > 0 ? -1 : 1;
        ret->away[j] = scaled_down(sums->bound + (reduced > 0 ? reduced : -reduced), sums->bits);
    }
}

int32_t rh_exact_bound(const struct rh_program *program, const double *price,
                       struct rh_exact_bound *ret)
{
    /* An elastic column without end has a reduced cost of 0 give or take rounding; a little less of
     * all prices lifts it above. */
    static const double shrinks[] = {1, 1 - 1e-9, 1 - 1e-7, 1 - 1e-5};
    struct sums sums = {.program = program, .price = price, .bits = bits_for(price, program->rows)};
    bool bounded = false;

    *ret = (struct rh_exact_bound){.bound = INT64_MIN};
    sums.reduced = rh_alloc((size_t)program->columns, sizeof(*sums.reduced));
    ret->away = rh_alloc((size_t)program->columns, sizeof(*ret->away));
    ret->end = rh_alloc((size_t)program->columns, sizeof(*ret->end));
    if (!sums.reduced || !ret->away || !ret->end) {
        rh_free(sums.reduced);
        rh_exact_bound_fini(ret);
        return RH_ENOMEM;
    }
    for (size_t i = 0; !bounded && i < sizeof(shrinks) / sizeof(shrinks[0]); i++) {
        sums.shrink = shrinks[i];
        bounded = add_all(&sums);
    }
    if (bounded) {
        ret->bound = scaled_down(sums.bound, sums.bits);
        set_ends(&sums, ret);
    }
    rh_free(sums.reduced);
    return 0;
}

void rh_exact_bound_fini(struct rh_exact_bound *bound)
{
    bound->away = rh_free(bound->away);
    bound->end = rh_free(bound->end);
}

int64_t rh_exact_round_up(int64_t value, int64_t grain)
{
    int64_t over = value % grain;

    if (over == 0 || value == INT64_MIN || value >= INT64_MAX / 2)
        return value;
    return over > 0 ? value - over + grain : value - over;
}
