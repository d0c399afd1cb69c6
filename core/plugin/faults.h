/*
 * faults.h - everything that is wrong with a plugin, not only the first thing: the author mends it
 * in one go.
 */
#ifndef CORE_PLUGIN_FAULTS_H
#define CORE_PLUGIN_FAULTS_H

#include "core/base/error.h"

#include <stddef.h>

#define RH_FAULTS_MAX 16

struct rh_faults {
    struct rh_err items[RH_FAULTS_MAX];
    size_t count;
};

/* What comes after the sixteenth is dropped: it is the same mistake again, or a hostile file. */
void rh_faults_add(struct rh_faults *faults, const char *de, const char *en, ...) RH_PRINTF(2, 4)
    RH_PRINTF(3, 4);
/* An error that a function below left; nothing when its code is 0. */
void rh_faults_take(struct rh_faults *faults, const struct rh_err *err);

#endif
