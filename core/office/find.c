#include "core/office/internal.h"

int32_t find_office(struct rh_call *call, const char *named, const char **ret_id)
{
    return rh_resolve(call, "SELECT id, name, short_name FROM v_office",
                      RH_TEXT("Jugendamt", "office"), named, ret_id);
}

int32_t find_round(struct rh_call *call, const char *named, const char **ret_id)
{
    return rh_resolve(call, "SELECT id FROM v_round", RH_TEXT("Turnus", "round"), named, ret_id);
}

int32_t row_exists(struct rh_call *call, const char *sql, const char *key)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(call, &rows, sql, "s", key);

    if (rc < 0)
        return rc;
    rc = rh_next(call, rows);
    rh_close(call, rows);
    return rc;
}

const char *text_of(struct rh_call *call, const char *sql, const char *key)
{
    struct rh_rows *rows;
    const char *text = NULL;

    if (rh_query(call, &rows, sql, "s", key) < 0)
        return NULL;
    if (rh_next(call, rows) == 1)
        text = rh_get_text(call, rows, 0);
    rh_close(call, rows);
    return text;
}
