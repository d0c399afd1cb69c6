/*
 * file_place.h - where a person may have the server write a file (a backup, a copy).
 */
#ifndef CORE_SERVER_FILE_PLACE_H
#define CORE_SERVER_FILE_PLACE_H

#include "core/server/places.h"
#include "reihum/plugin.h"

/* From the command line any absolute path will do; whoever comes by a web page may only choose a
 * name beside the database. RH_EINVALID, RH_ETOOLARGE. */
int32_t rh_place_for_file(struct rh_call *call, const char *to, char path[RH_PLACE_MAX]);

#endif
