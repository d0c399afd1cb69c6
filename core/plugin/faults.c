#include "core/plugin/faults.h"

void rh_faults_take(struct rh_faults *faults, const struct rh_err *err)
{
    if (err->code != 0 && faults->count < RH_FAULTS_MAX)
        faults->items[faults->count++] = *err;
}

void rh_faults_add(struct rh_faults *faults, const char *de, const char *en, ...)
{
    struct rh_err fault = {0};
    va_list args;

    va_start(args, en);
    rh_err_vset(&fault, RH_EINVALID, de, en, args);
    va_end(args);
    rh_faults_take(faults, &fault);
}
