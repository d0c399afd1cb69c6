/* Months in which more procedures start than they have room for, in what is recorded: for
 * `simulate`, and for people who look ahead. */
#include "plugins/turnus/conflicts.h"

static int32_t count_starts(struct rh_call *call, const char *month, int64_t *ret_count)
{
    struct rh_rows *rows;
    int32_t rc =
        rh_query(call, &rows,
                 "SELECT count(*) FROM v_procedure WHERE start_month = ?1 AND state <> 'cancelled'",
                 "s", month);

    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    *ret_count = rh_get_int(call, rows, 0);
    rh_close(call, rows);
    return 0;
}

static int32_t put_month(struct rh_call *call, const struct month *month)
{
    const char *text = rh_month_text(call, month->month);
    int64_t starts = 0;
    int32_t room = month->closed ? 0 : month->capacity, rc = count_starts(call, text, &starts);

    if (rc < 0 || starts <= room)
        return rc;
    rh_out_object(call, NULL);
    rh_out_text(call, "at", text);
    rh_out_text(call, "kind", "clash");
    rh_out_text(call, "subject", text);
    rh_out_text(call, "what",
                month->closed
                    ? rh_format(call, "%lld Verfahren beginnen in einem geschlossenen Monat",
                                "%lld procedures start in a closed month", (long long)starts)
                    : rh_format(call, "%lld Verfahren beginnen, Platz ist für %d",
                                "%lld procedures start, there is room for %d", (long long)starts,
                                (int)room));
    rh_out_end(call);
    return 0;
}

static int32_t put_round(struct rh_call *call, const char *round, int32_t from, int32_t until)
{
    struct model model;
    int32_t rc = model_load(call, round, &model);

    for (int32_t t = 0; rc == 0 && t < model.month_count; t++)
        if (model.months[t].month >= from && model.months[t].month <= until)
            rc = put_month(call, &model.months[t]);
    return rc;
}

static int32_t month_of_param(struct rh_call *call, const char *param, int32_t *ret_month)
{
    const char *day = rh_day_text(call, (int32_t)rh_param_int(call, param));

    return rh_month_parse(call, rh_format(call, "%.7s", "%.7s", day), ret_month);
}

int32_t turnus_clashes(struct rh_call *call)
{
    struct rh_rows *rows;
    int32_t from, until, rc;

    if ((rc = month_of_param(call, "from", &from)) < 0 ||
        (rc = month_of_param(call, "until", &until)) < 0 ||
        (rc = rh_query(call, &rows,
                       "SELECT id FROM v_round WHERE first_month <= ?2 AND last_month >= ?1 ORDER "
                       "BY first_month",
                       "ss", rh_month_text(call, from), rh_month_text(call, until))) < 0)
        return rc;
    rh_out_array(call, "items");
    while ((rc = rh_next(call, rows)) == 1)
        if ((rc = put_round(call, rh_get_text(call, rows, 0), from, until)) < 0)
            return rc;
    rh_out_end(call);
    rh_close(call, rows);
    return rc;
}
