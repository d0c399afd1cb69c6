/*
 * header.h - the names of the columns of a table, before it is read.
 *
 * The host reads the columns it is asked for; which others a file has, its first line says. Knows
 * the byte order mark, a first line "sep=;", the delimiters ; , and tab, quotes (RFC 4180), and
 * UTF-8 or else Latin letters of one byte.
 */
#ifndef PLUGINS_PILOT_PANEL_HEADER_H
#define PLUGINS_PILOT_PANEL_HEADER_H

#include "plugins/pilot/panel/where.h"

#define HEADER_NAMES_MAX 64

struct header {
    int32_t count;                                   /* of names that can stand in conditions */
    char name[HEADER_NAMES_MAX][WHERE_NAME_MAX + 1]; /* in lower case (ASCII) */
};

/* Names that cannot stand in conditions (a blank, a sign, too long) are left out. */
void header_read(const char *bytes, size_t size, struct header *ret);

#endif
