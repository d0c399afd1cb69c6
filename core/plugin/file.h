/*
 * file.h - the files that plugins lie in, and who may write them.
 *
 * Code that others can replace is their code. So a folder and each file in it must belong to root
 * or to us, and nobody else may write them, by group or world; links are not followed.
 */
#ifndef CORE_PLUGIN_FILE_H
#define CORE_PLUGIN_FILE_H

#include "core/base/error.h"
#include "core/base/str.h"

/* Names of the *.so in the folder, sorted, parted by '\n'. RH_ENOTFOUND when there is no folder,
 * RH_EFORBIDDEN when others may write it: then *out has the names all the same. */
int32_t rh_plugin_folder(const char *folder, struct rh_str *out, struct rh_err *err);

/* Reads a file after looking at who may write it. */
int32_t rh_plugin_file(const char *path, struct rh_str *out, struct rh_err *err);

#endif
