/*
 * name_match.h - which of these did the person mean?
 *
 * Names of places come in many forms: "Kreis Steinfurt", "Landkreis Steinfurth", "STEINFURT
 * (KREIS)", "Muelheim a. d. Ruhr". A name that is written like exactly one row (letter case, umlaut
 * forms, spaces and hyphens do not matter) is that row. Anything else is never guessed, only
 * suggested: "Düren" is the town and "Kreis Düren" is not, and a plan for the wrong office is worse
 * than a question. For suggestions the name is taken apart into what it says of the kind (town or
 * district) and the rest, so that a wrong kind weighs less than a wrong name.
 *
 * Pure; any thread; no memory of its own.
 */
#ifndef CORE_OPERATION_NAME_MATCH_H
#define CORE_OPERATION_NAME_MATCH_H

#include <stdbool.h>
#include <stddef.h>

#define RH_NAME_NEAR_MAX 3

/* A row that could be meant: its id and other ways to write it; NULL ones are passed over. */
struct rh_name_row {
    const char *const *spellings; /* borrowed; [0] is the id */
    size_t count;
};

enum rh_name_verdict {
    RH_NAME_FOUND,     /* row[0] it is */
    RH_NAME_AMBIGUOUS, /* written like several: rows, at most RH_NAME_NEAR_MAX of them */
    RH_NAME_SIMILAR,   /* none, but these are near, the nearest first */
    RH_NAME_UNKNOWN,
};

struct rh_name_match {
    enum rh_name_verdict verdict;
    size_t row[RH_NAME_NEAR_MAX];
    size_t count;
};

void rh_name_match(const char *named, const struct rh_name_row *rows, size_t count,
                   struct rh_name_match *ret_match);

#endif
