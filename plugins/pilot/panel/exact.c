#include "plugins/pilot/panel/exact.h"

#include "plugins/pilot/panel/memory.h"

#include <string.h>

struct lift {
    int32_t n;
    const int32_t *matrix;
    uint64_t p;
    uint32_t *inverse; /* modulo p */
    int64_t *residue;  /* what is left to explain, divided by p^digits, without `rest` */
    uint32_t *digit;
    mpz_t *rest;  /* of the right side: the digits not yet used */
    mpz_t *value; /* the digits so far as a number */
    mpz_t *power; /* [0]: p^digits */
};

static uint64_t power_mod(uint64_t base, uint64_t exponent, uint64_t p)
{
    uint64_t result = 1;

    for (; exponent; exponent >>= 1, base = base * base % p)
        if (exponent & 1)
            result = result * base % p;
    return result;
}

static uint32_t modulo(int64_t value, uint64_t p)
{
    int64_t rest = value % (int64_t)p;

    return (uint32_t)(rest < 0 ? rest + (int64_t)p : rest);
}

static void subtract_row(uint64_t *to, const uint64_t *from, uint64_t factor, size_t width,
                         uint64_t p)
{
    for (size_t k = 0; k < width; k++)
        if (from[k])
            to[k] = (to[k] + (p - factor) * from[k]) % p;
}

/* Gauss-Jordan beside a unit matrix; 0 when singular modulo p. */
static int32_t invert(struct lift *l, struct panel_memory *memory)
{
    size_t n = (size_t)l->n, width = 2 * n;
    uint64_t *work = PANEL_NEW(memory, uint64_t, n * width);

    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++)
            work[i * width + j] = modulo(l->matrix[i * n + j], l->p);
        work[i * width + n + i] = 1;
    }
    for (size_t c = 0; c < n; c++) {
        uint64_t *pivot = work + c * width, by;
        size_t at = c;

        while (at < n && work[at * width + c] == 0)
            at++;
        if (at == n)
            return 0;
        for (size_t k = 0; at != c && k < width; k++) {
            uint64_t swap = pivot[k];
            pivot[k] = work[at * width + k];
            work[at * width + k] = swap;
        }
        by = power_mod(pivot[c], l->p - 2, l->p);
        for (size_t k = 0; k < width; k++)
            pivot[k] = pivot[k] * by % l->p;
        for (size_t i = 0; i < n; i++)
            if (i != c && work[i * width + c])
                subtract_row(work + i * width + c, pivot + c, work[i * width + c],
                             n + (size_t)l->n - c, l->p);
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            l->inverse[i * n + j] = (uint32_t)work[i * width + n + j];
    return 1;
}

/* One more digit of every unknown. */
static void lift_digit(struct lift *l)
{
    size_t n = (size_t)l->n;

    for (size_t i = 0; i < n; i++)
        l->residue[i] += (int64_t)mpz_fdiv_q_ui(l->rest[i], l->rest[i], l->p);
    for (size_t i = 0; i < n; i++) {
        const uint32_t *row = l->inverse + i * n;
        uint64_t sum = 0;

        for (size_t j = 0; j < n; j++)
            sum = (sum + (uint64_t)row[j] * modulo(l->residue[j], l->p)) % l->p;
        l->digit[i] = (uint32_t)sum;
    }
    for (size_t i = 0; i < n; i++) {
        const int32_t *row = l->matrix + i * n;

        for (size_t j = 0; j < n; j++)
            l->residue[i] -= (int64_t)row[j] * (int64_t)l->digit[j];
        l->residue[i] /= (int64_t)l->p;
        mpz_addmul_ui(l->value[i], l->power[0], l->digit[i]);
    }
    mpz_mul_ui(l->power[0], l->power[0], l->p);
}

/* The fraction that `value` is modulo `power`, as small as its halves allow (Wang): Euclid, stopped
 * half way. The denominator is returned. */
static int32_t read_denominator(mpz_t value, mpz_t power, mpz_t limit, mpz_t *t, mpz_t ret)
{
    mpz_set(t[0], power);
    mpz_set(t[1], value);
    mpz_set_ui(t[2], 0);
    mpz_set_ui(t[3], 1);
    while (mpz_cmp(t[1], limit) > 0) {
        mpz_fdiv_qr(t[4], t[5], t[0], t[1]);
        mpz_swap(t[0], t[1]);
        mpz_swap(t[1], t[5]);
        mpz_submul(t[2], t[4], t[3]);
        mpz_swap(t[2], t[3]);
    }
    mpz_abs(ret, t[3]);
    return mpz_sgn(t[3]) != 0 && mpz_cmp(ret, limit) <= 0;
}

/* value * denominator modulo power, nearest to 0. */
static void scaled(mpz_t ret, mpz_t value, mpz_t denominator, mpz_t power, mpz_t half)
{
    mpz_mul(ret, value, denominator);
    mpz_fdiv_r(ret, ret, power);
    if (mpz_cmp(ret, half) > 0)
        mpz_sub(ret, ret, power);
}

static int32_t read_fractions(struct lift *l, mpz_t *t, mpz_t *ret_numerator, mpz_t denominator)
{
    mpz_t *limit = &t[6], *half = &t[7], *more = &t[8];

    mpz_fdiv_q_2exp(*half, l->power[0], 1);
    mpz_sqrt(*limit, *half);
    mpz_set_ui(denominator, 1);
    for (int32_t i = 0; i < l->n; i++) {
        scaled(ret_numerator[i], l->value[i], denominator, l->power[0], *half);
        if (mpz_cmpabs(ret_numerator[i], *limit) <= 0)
            continue;
        mpz_fdiv_r(t[9], ret_numerator[i], l->power[0]);
        if (!read_denominator(t[9], l->power[0], *limit, t, *more))
            return 0;
        mpz_mul(denominator, denominator, *more);
        if (mpz_cmp(denominator, *limit) > 0)
            return 0;
    }
    for (int32_t i = 0; i < l->n; i++)
        scaled(ret_numerator[i], l->value[i], denominator, l->power[0], *half);
    return 1;
}

static int32_t is_right(const struct lift *l, mpz_t *right, mpz_t *numerator, mpz_t denominator,
                        mpz_t *t)
{
    for (int32_t i = 0; i < l->n; i++) {
        const int32_t *row = l->matrix + (size_t)i * (size_t)l->n;

        mpz_mul(t[0], right[i], denominator);
        for (int32_t j = 0; j < l->n; j++) {
            if (row[j] > 0)
                mpz_submul_ui(t[0], numerator[j], (unsigned long)row[j]);
            else if (row[j] < 0)
                mpz_addmul_ui(t[0], numerator[j], (unsigned long)-(int64_t)row[j]);
        }
        if (mpz_sgn(t[0]) != 0)
            return 0;
    }
    return 1;
}

static int32_t digits_at_most(const struct lift *l, mpz_t *right)
{
    size_t bits = 0;

    /* Cramer: every determinant is below (n * largest entry)^n, and the right side comes once. */
    for (int32_t i = 0; i < l->n; i++) {
        size_t own = mpz_sizeinbase(right[i], 2);
        bits = own > bits ? own : bits;
    }
    return (int32_t)((bits + (size_t)l->n * 28 * 2) / 30) + 8;
}

int32_t panel_solve(int32_t n, const int32_t *matrix, mpz_t *right, mpz_t *ret_numerator,
                    mpz_t ret_denominator)
{
    static const uint64_t primes[] = {2147483647, 2147483629};
    struct panel_memory own = PANEL_MEMORY;
    struct lift l = {.n = n, .matrix = matrix};
    mpz_t *t = panel_integers(&own, 10);
    int32_t done = 0, limit, next = 4;

    l.inverse = PANEL_NEW(&own, uint32_t, (size_t)n * (size_t)n + 1);
    l.residue = PANEL_NEW(&own, int64_t, n + 1);
    l.digit = PANEL_NEW(&own, uint32_t, n + 1);
    l.rest = panel_integers(&own, (size_t)n);
    l.value = panel_integers(&own, (size_t)n);
    l.power = panel_integers(&own, 1);
    mpz_set_ui(l.power[0], 1);
    for (int32_t i = 0; i < n; i++)
        mpz_set(l.rest[i], right[i]);
    for (size_t k = 0; k < 2 && !done; k++) {
        l.p = primes[k];
        done = invert(&l, &own);
    }
    limit = digits_at_most(&l, right);
    for (int32_t digits = 1; done; digits++) {
        lift_digit(&l);
        if (digits < next)
            continue;
        if (read_fractions(&l, t, ret_numerator, ret_denominator) &&
            is_right(&l, right, ret_numerator, ret_denominator, t))
            break;
        done = digits < limit;
        next = digits + digits / 2 + 1;
    }
    panel_memory_free(&own);
    return done;
}
