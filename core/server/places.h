/*
 * places.h - what lies beside the program: so that the build folder, an installation and a copy of
 * it somewhere else all work without being told.
 */
#ifndef CORE_SERVER_PLACES_H
#define CORE_SERVER_PLACES_H

#define RH_PLACE_MAX 4096

/* share/reihum/NAME beside the program (a build) or one level up (an installation); "" when it is
 * in neither place. */
void rh_place_shared(const char *name, char path[RH_PLACE_MAX]);

#endif
