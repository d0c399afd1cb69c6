/* Selections in a call: the engine of core/select with the house's clock, progress and way to stop.
 */
#include "core/operation/planning.h"

#include "core/select/check.h"
#include "core/select/select.h"

#include <string.h>

int32_t rh_host_select(struct rh_call *call, const struct rh_select_problem *problem,
                       const struct rh_solve_options *options, struct rh_select_result *result)
{
    struct rh_run *run = rh_run_of(call);
    struct rh_planning planning;
    struct rh_select_problem our_problem = {.size = 0};
    struct rh_solve_options our_options;
    struct rh_select_result our_result = {.size = 0};
    int32_t rc = rh_planning_begin(&planning, run, options, &our_options);

    if (rc < 0)
        return rc;
    RH_TAKE(our_problem, problem);
    RH_TAKE(our_result, result);
    our_problem.size = sizeof(our_problem);
    our_result.size = sizeof(our_result);
    rc = rh_select(&our_problem, &our_options, rh_planning_ms, NULL, &our_result, run->err);
    rc = rh_planning_end(&planning, rc);
    if (rc >= 0)
        RH_GIVE(result, our_result);
    return rc;
}

int32_t rh_host_select_check(struct rh_call *call, const struct rh_select_problem *problem,
                             const uint8_t *taken, struct rh_select_result *result)
{
    struct rh_run *run = rh_run_of(call);
    struct rh_select_problem our_problem = {.size = 0};
    struct rh_select_result our_result = {.size = 0};
    int32_t rc;

    RH_TAKE(our_problem, problem);
    RH_TAKE(our_result, result);
    our_problem.size = sizeof(our_problem);
    rc = rh_select_problem_check(&our_problem, run->err);
    if (rc == 0)
        rc = rh_select_check(&our_problem, taken, &our_result.value, our_result.rule_value,
                             our_result.row_count, run->err);
    if (rc < 0)
        return rc;
    RH_GIVE(result, our_result);
    return 0;
}
