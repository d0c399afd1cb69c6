/*
 * lottery.h - chances as m panels, one of which is drawn: each panel alike.
 *
 * The weights of the compositions become copies; inside a type the seats are dealt in turn, so that
 * over all panels equals have the same number of seats, or one more.
 */
#ifndef PLUGINS_PILOT_PANEL_LOTTERY_H
#define PLUGINS_PILOT_PANEL_LOTTERY_H

#include "plugins/pilot/panel/chances.h"

#define PANEL_TICKETS_MAX 100000

struct panel_lottery {
    int32_t count; /* m */
    int32_t places;
    int32_t *member; /* [panel * places + seat]: applicants, ascending */
    int32_t *seats;  /* by applicant: in how many of the panels */
};

/* The least m without any loss: the common denominator of all weights; 0 when above the maximum. */
int32_t panel_lottery_exact_count(const struct panel_chances *chances);
/* `deal` is the text whose digest orders equals; it is fixed before any seed is known. */
struct panel_lottery *panel_lottery_new(struct panel_memory *memory,
                                        const struct panel_chances *chances, int32_t count,
                                        const char *deal);

#endif
