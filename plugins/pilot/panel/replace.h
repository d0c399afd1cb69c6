/*
 * replace.h - a site drops out: the smallest set of changes after which all rows hold again.
 *
 * By this rule and no other: as many sites as possible stay; then those of the reserve come in who
 * stand first on its list; then, if others have to leave for it, those on whom a lot fell first.
 */
#ifndef PLUGINS_PILOT_PANEL_REPLACE_H
#define PLUGINS_PILOT_PANEL_REPLACE_H

#include "plugins/pilot/panel/search.h"

struct panel_change {
    int32_t in_count, out_count; /* the dropout is not among those who leave for it */
    int32_t *in, *out;           /* applicants */
};

/*
 * position: by applicant, 0 a site, > 0 of the reserve list, < 0 neither. `rows` stand in for those
 * of the problem (a must-have that dropped out can only be missed). `order`: all applicants; of the
 * sites, who comes first leaves first. PANEL_BEST and the change in `memory`; PANEL_NONE: no set of
 * changes keeps the rows; PANEL_GAVE_UP: the search reached its limits.
 */
enum panel_found panel_replace(struct panel_memory *memory, const struct panel_problem *problem,
                               const struct panel_row *rows, const int32_t *position,
                               int32_t dropout, const int32_t *order, struct panel_change *ret);

/* The applicants that are left for it, as a model of the same rows. */
struct panel_model *panel_replace_model(struct panel_memory *memory,
                                        const struct panel_problem *problem,
                                        const struct panel_row *rows, const int32_t *position,
                                        int32_t dropout);

#endif
