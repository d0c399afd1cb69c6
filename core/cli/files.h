/*
 * files.h - the caller's files: read whole, with a maximum, before a call; written whole after one.
 */
#ifndef CORE_CLI_FILES_H
#define CORE_CLI_FILES_H

#include "core/base/json.h"
#include "core/base/str.h"
#include "core/cli/command.h"

#define RH_FILE_MAX ((size_t)16 * 1024 * 1024)

/* Fills `bytes` and `size` of every FILE argument ("-" is standard input); the bytes are the
 * caller's, see rh_files_free(). */
int32_t rh_files_read(struct rh_command *command, struct rh_err *err);
void rh_files_free(struct rh_command *command);

/* Writes to a new file that then takes the place of `path`, so that a full disk leaves the old one;
 * straight into what is no plain file. */
int32_t rh_file_write(const char *path, const char *bytes, size_t size, struct rh_err *err);

/* The "files" of an answer (RH_OP_FILES) into a folder, made when it is not there. */
int32_t rh_files_write(const char *folder, const json_t *answer, struct rh_err *err);

#endif
