/*
 * internal.h - inside the room: the operations, by file, as the table in module.c needs them.
 */
#ifndef CORE_POST_INTERNAL_H
#define CORE_POST_INTERNAL_H

#include "reihum/call.h"

/* operations.c */
int32_t post_mail_list(struct rh_call *call);
int32_t post_mail_show(struct rh_call *call);
int32_t post_mail_history(struct rh_call *call);
int32_t post_mail_hold(struct rh_call *call);
int32_t post_mail_release(struct rh_call *call);
int32_t post_mail_drop(struct rh_call *call);
int32_t post_mail_retry(struct rh_call *call);
int32_t post_mail_test(struct rh_call *call);
int32_t post_mail_status(struct rh_call *call);
int32_t post_template_list(struct rh_call *call);
int32_t post_mail_preview(struct rh_call *call);
int32_t post_address_list(struct rh_call *call);
int32_t post_address_clear(struct rh_call *call);

/* operations_inbound.c */
int32_t post_inbound_list(struct rh_call *call);
int32_t post_inbound_show(struct rh_call *call);
int32_t post_inbound_done(struct rh_call *call);

/* start.c */
int32_t post_start(struct rh_call *call);
int32_t post_failed_job(struct rh_call *call, const char *key, const char *payload);
int32_t post_inbound_job(struct rh_call *call, const char *key, const char *payload);

#endif
