/*
 * result.h - a drawn selection with everything that its words need: who is a site, who stands where
 * on the reserve list, and how often the rows are met.
 */
#ifndef PLUGINS_PILOT_RESULT_H
#define PLUGINS_PILOT_RESULT_H

#include "plugins/pilot/internal.h"

struct result {
    struct work work;
    const char *selection;
    int32_t
        *position;  /* by place in the problem: 0 a site, > 0 of the reserve list, -1 withdrawn */
    int32_t *seats; /* by place: in so many of the panels */
    int32_t site_count;
    int32_t *count; /* by row: sites in it */
};

/* The selection must be drawn. Ends with work_end(), whatever it returns. */
int32_t result_begin(struct result *result, struct rh_call *call);
int32_t in_row(const struct result *result, int32_t place, int32_t row);
/* The first row that would be broken when some places leave and others come; -1: none. */
int32_t broken_row(const struct result *result, const int32_t *out, const int32_t *in,
                   int32_t count);
/* Why an applicant is what they are; NULL for one that was drawn. Needs the chances. */
const char *reason_words(struct result *result, const struct applicant *who);
/* One drops out: what the rule of panel/replace.h says. */
enum panel_found find_change(struct result *result, int32_t dropout, struct panel_change *ret);

#endif
