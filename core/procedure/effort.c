/* What procedures cost in working days, by office and role in a year. */
#include "core/procedure/internal.h"

#include "core/calendar/zone.h"
#include "core/operation/call.h"

#include <stdlib.h>

/* Working days with one decimal: what is estimated is not exact. */
static double days_of(int64_t minutes)
{
    int64_t tenths = (minutes * 10 + RH_PROCESS_DAY_MINUTES / 2) / RH_PROCESS_DAY_MINUTES;

    return (double)tenths / 10;
}

int32_t processes_effort(struct rh_call *call)
{
    int32_t year = (int32_t)(rh_param_given(call, "year")
                                 ? rh_param_int(call, "year")
                                 : strtol(rh_day_text(call, rh_today(call)), NULL, 10));
    int32_t from = rh_day_of(year, 1, 1), to = rh_day_of(year, 12, 31);
    int64_t sum[RH_PROCESS_ROLE_END_] = {0};
    struct rh_rows *rows;
    int32_t rc =
        rh_query(call, &rows,
                 "SELECT procedure FROM v_run WHERE state <> 'cancelled' AND (?1 IS NULL OR "
                 "office = ?1 OR procedure = ?1) ORDER BY procedure",
                 "s", rh_param_text(call, "office"));

    rh_out_array(call, "items");
    while (rc >= 0 && (rc = rh_next(call, rows)) == 1) {
        auto_run run = {0};
        int32_t minutes[RH_PROCESS_ROLE_END_] = {0};

        if ((rc = run_load(call, rh_get_text(call, rows, 0), &run)) < 0)
            return rc;
        rh_process_effort_sum(run.state, run.calendar, from, to, minutes);
        for (int32_t role = 1; role < RH_PROCESS_ROLE_END_; role++) {
            sum[role] += minutes[role];
            if (minutes[role] == 0)
                continue;
            rh_out_object(call, NULL);
            rh_out_text(call, "office_name", run.office_name);
            rh_out_text(call, "role", rh_process_role_word((enum rh_process_role)role));
            rh_out_text(call, "role_words",
                        rh_say_in(call, rh_process_role_title((enum rh_process_role)role)));
            rh_out_real(call, "days", days_of(minutes[role]));
            rh_out_end(call);
        }
    }
    rh_out_end(call);
    rh_out_array(call, "roles");
    for (int32_t role = 1; role < RH_PROCESS_ROLE_END_; role++) {
        if (sum[role] == 0)
            continue;
        rh_out_object(call, NULL);
        rh_out_text(call, "role", rh_process_role_word((enum rh_process_role)role));
        rh_out_text(call, "role_words",
                    rh_say_in(call, rh_process_role_title((enum rh_process_role)role)));
        rh_out_real(call, "days", days_of(sum[role]));
        rh_out_end(call);
    }
    rh_out_end(call);
    rh_out_int(call, "year", year);
    return rc;
}
