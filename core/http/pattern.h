/*
 * pattern.h - addresses with placeholders: "/turnus/{round}", "/feed/{token}.ics".
 *
 * A placeholder stands for a whole segment, or for its beginning with a fixed end behind it. Any
 * thread; memory is the arena's.
 */
#ifndef CORE_HTTP_PATTERN_H
#define CORE_HTTP_PATTERN_H

#include "core/http/field.h"
#include "core/http/target.h"

/* How well the first `count` segments of the target fit the pattern: -1 not at all, else the number
 * of segments that are equal word by word. */
int rh_pattern_fit(const char *pattern, const struct rh_target *target, int count);

/* What stands at the placeholders of a pattern that fits, by their names; decoded. */
int32_t rh_pattern_fields(const char *pattern, const struct rh_target *target,
                          struct rh_arena *arena, struct rh_fields *fields, struct rh_err *err);

#endif
