/*
 * authorizer.h - what a plugin's SQL may do.
 *
 * SQLite asks for each thing that a statement would touch, when the statement is compiled. A
 * plugin `turnus`
 *   - reads and writes its own tables, turnus_…;
 *   - reads the documented views, v_…, of the core and of other plugins, and through them what
 *     they read: the core's views may read all, a plugin's view what that plugin may;
 *   - reads the columns at the other end of a foreign key of its own, because SQLite itself looks
 *     there when a row is written;
 *   - in its schema steps makes, changes and drops tables, indexes and triggers named turnus_… and
 *     views named v_turnus_….
 * Everything else is refused with a sentence: other tables, transactions, ATTACH, PRAGMA, virtual
 * and temporary tables, loading extensions. It is a fence against mistakes, and against plugins
 * that only hand in SQL; a C plugin lives in our process and shares our fate.
 */
#ifndef CORE_STORE_AUTHORIZER_H
#define CORE_STORE_AUTHORIZER_H

#include <stdbool.h>

/* A name that a plugin with tables may have: a-z, 0-9, '_', begins with a letter, at most 40
 * characters, and none that would own what is the core's or SQLite's. */
bool rh_owner_name_ok(const char *owner);

#endif
