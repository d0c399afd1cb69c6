/*
 * number.h - numbers as text, the same in every locale.
 *
 * printf and strtod follow LC_NUMERIC, which any library in the process may set; "3,5" in a JSON
 * answer is a fault that only shows on a German server. These functions never look at the locale.
 * Any thread.
 */
#ifndef CORE_BASE_NUMBER_H
#define CORE_BASE_NUMBER_H

#include "reihum/base.h"

#include <stdbool.h>
#include <stddef.h>

#define RH_NUMBER_MAX 32 /* bytes that hold any number written below, with the NUL */

/* The shortest decimal that reads back as the same double ("0.1", "1e+22", "186"). Returns its
 * length; 0 and "" for NaN and infinities, which have no form in JSON or CSV. */
size_t rh_double_format(double value, char text[RH_NUMBER_MAX]);

/* Returns the length. */
size_t rh_int_format(int64_t value, char text[RH_NUMBER_MAX]);

/* [+-]digits, nothing else around it; false when it is none or does not fit. */
bool rh_int_parse(const char *text, size_t length, int64_t *ret_value);

/* [+-]digits[.digits][e[+-]digits] with at least one digit, at most 64 characters; no "inf", "nan",
 * hexadecimal, or value beyond a double. */
bool rh_double_parse(const char *text, size_t length, double *ret_value);

#endif
