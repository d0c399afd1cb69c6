/*
 * folder.h - mail as files, so that everything can be tried without a mail server.
 *
 * NUMBER-UUID.eml holds the very bytes. A file gets its name when it is whole and on disk, and has
 * the same name when it is written again: after a crash there is still one. Waits for the disk, so
 * not for the loop thread.
 */
#ifndef CORE_POST_FOLDER_H
#define CORE_POST_FOLDER_H

#include "core/mail/queue.h"

/* Makes the folder (only its owner may look into it) when it is missing. Each mail has its result
 * afterwards. */
void rh_folder_put(const char *folder, const struct rh_mail_due *due, size_t count,
                   struct rh_mail_result *ret_results);

#endif
