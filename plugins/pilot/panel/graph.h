/*
 * graph.h - all valid compositions as the paths of a graph, where that is small enough.
 *
 * Types are taken one after another; a node is what the rows have counted so far, as far as it
 * still matters: a row whose last type has passed is forgotten, one whose maximum cannot be
 * exceeded counts no further than its minimum. Every path from the root to the end is one valid
 * composition, and every valid composition is one path. So counting is exact, and the best
 * composition for any weights is the longest path: a proof, not a search.
 */
#ifndef PLUGINS_PILOT_PANEL_GRAPH_H
#define PLUGINS_PILOT_PANEL_GRAPH_H

#include "plugins/pilot/panel/problem.h"

typedef __int128 panel_weight;

struct panel_graph;

/* NULL when it would have more than `edges_max` edges; an infeasible model gives an empty graph. */
struct panel_graph *panel_graph_new(struct panel_memory *memory, const struct panel_model *model,
                                    int64_t edges_max);
int32_t panel_graph_is_empty(const struct panel_graph *graph);
/* Valid compositions, and valid panels (sets of applicants). */
void panel_graph_count(const struct panel_graph *graph, mpz_t ret_compositions, mpz_t ret_panels);
/* The composition with the largest sum of weight * seats; the graph must not be empty. The caller
 * sees to it that no sum overflows. Ties go to the lexicographically smallest composition. */
panel_weight panel_graph_best(struct panel_graph *graph, const panel_weight *weight,
                              int32_t *ret_composition);
/* The chance of each type when all valid panels are alike; the graph must not be empty. */
void panel_graph_chances(const struct panel_graph *graph, mpq_t *ret_chance);

#endif
