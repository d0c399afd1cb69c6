/* apportion.h - seats for groups in proportion to their numbers. */
#ifndef PLUGINS_PILOT_PANEL_APPORTION_H
#define PLUGINS_PILOT_PANEL_APPORTION_H

#include <stdint.h>

/* Sainte-Laguë (divisors 1, 3, 5, …), after one seat for every group that has members, when there
 * are seats enough for that. Equal quotients: the larger group, then the earlier. */
void panel_apportion(const int32_t *members, int32_t count, int32_t seats, int32_t *ret_seats);

#endif
