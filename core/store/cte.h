/*
 * cte.h - finds the names of common table expressions (WITH name AS (…)) in SQL text.
 *
 * The authorizer trusts a view of the core to read what it shows. SQLite tells it the name of the
 * innermost view - or of the innermost common table expression, and does not say which. So names
 * that begin with v_ are kept for views and the expressions inside them, and this is how it is
 * seen that nobody else uses one. It reads tokens, not grammar, and rather finds one name too many
 * (a window of that name) than one too few. Any thread.
 */
#ifndef CORE_STORE_CTE_H
#define CORE_STORE_CTE_H

#include <stddef.h>

#define RH_CTE_NAME_MAX 64 /* bytes; what is longer is cut */

/* The next name between *at and `end`, unquoted, into `name`; moves *at behind it. 0 when none is
 * left. */
int rh_cte_next(const char **at, const char *end, char name[RH_CTE_NAME_MAX]);

#endif
