/* cte.h: names of common table expressions are found however they are written. */
#include "core/store/cte.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void finds(const char *sql, const char *expected)
{
    const char *at = sql;
    char name[RH_CTE_NAME_MAX], all[512] = "";
    size_t length = 0;

    while (rh_cte_next(&at, sql + strlen(sql), name))
        length +=
            (size_t)snprintf(all + length, sizeof(all) - length, "%s%s", length ? "," : "", name);
    if (strcmp(all, expected) != 0)
        fail_msg("%s: '%s' instead of '%s'", sql, all, expected);
}

static void names_are_found_in_every_spelling(void **state)
{
    (void)state;
    finds("WITH a AS (SELECT 1) SELECT * FROM a", "a");
    finds("with a as(select 1), b(x, y) as (select 2, 3) select * from a, b", "a,b");
    finds("WITH RECURSIVE n(i) AS (SELECT 1 UNION SELECT i + 1 FROM n) SELECT * FROM n", "n");
    finds("WITH \"a b\" AS NOT MATERIALIZED (SELECT 1), [c] AS MATERIALIZED (SELECT 2) SELECT 1",
          "a b,c");
    finds("WITH `a` AS (SELECT 1), 'b' AS (SELECT 2) SELECT 1", "a,b");
    finds("WITH/* AS ( */a--\n/**/AS/**/(SELECT 1) SELECT 1", "a");
    finds("WITH ä AS (SELECT 1) SELECT 1", "ä");
    finds("SELECT (WITH a AS (SELECT 1) SELECT * FROM a) FROM (WITH b AS (SELECT 2) SELECT 1)",
          "a,b");
    finds("WITH a AS (WITH b AS (SELECT 1) SELECT 1) SELECT 1", "a,b");
}

static void other_text_holds_none(void **state)
{
    (void)state;
    finds("", "");
    finds("SELECT a AS b, (1) FROM c AS d", "");
    finds("SELECT 'WITH a AS (SELECT 1)' -- WITH b AS (SELECT 2)\n", "");
    finds("/* WITH a AS (SELECT 1) */ SELECT 1 /* open", "");
    finds("CREATE VIEW v AS SELECT CAST(x AS TEXT) FROM t", "");
    finds("SELECT 'open", "");
    finds("SELECT a \"AS\" (1)", "");
    finds("WITH a AS", "");
    finds("WITH a (x", "");
    finds("-", "");
    finds("/", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_found_in_every_spelling),
        cmocka_unit_test(other_text_holds_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
