/* The plain lottery: draw lots, and begin again until the quotas hold. Every valid panel is alike,
 * so the chance of a type is its seats over all panels, counted in the graph. */
#include "plugins/pilot/panel/chances.h"

int32_t panel_lots(struct panel_memory *memory, const struct panel_model *model, mpq_t *ret_chance)
{
    struct panel_graph *graph = panel_graph_new(memory, model, PANEL_EDGES);

    if (!graph || panel_graph_is_empty(graph))
        return 0;
    panel_graph_chances(graph, ret_chance);
    return 1;
}
