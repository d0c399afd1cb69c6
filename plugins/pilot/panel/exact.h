/*
 * exact.h - systems of linear equations in whole numbers, solved exactly.
 *
 * Dixon's p-adic lifting (J. D. Dixon, Numer. Math. 40, 1982): one inverse modulo a prime, then one
 * digit after another; the fractions are read from the digits and multiplied back, so that an
 * answer is right or there is none.
 */
#ifndef PLUGINS_PILOT_PANEL_EXACT_H
#define PLUGINS_PILOT_PANEL_EXACT_H

#include <gmp.h>
#include <stdint.h>

/* `matrix` * (numerator / denominator) = `right`; [row * n + column]. denominator > 0 is common to
 * all. 0 when the matrix is singular (or looks so modulo two primes). */
int32_t panel_solve(int32_t n, const int32_t *matrix, mpz_t *right, mpz_t *ret_numerator,
                    mpz_t ret_denominator);

#endif
