/* The inside of the plugin: an event to which all offices are invited, and who answered. */
#ifndef PLUGINS_CONFERENCES_INTERNAL_H
#define PLUGINS_CONFERENCES_INTERNAL_H

#include "reihum/plugin.h"

extern const char conferences_schema_1[], conferences_schema_time[];

/* ---- invite.c ---- */

int32_t conference_preview(struct rh_call *call);
int32_t conference_invite(struct rh_call *call);

/* ---- desk.c ---- */

/* The id of the conference in the parameter `conference`. */
int32_t find_conference(struct rh_call *call, const char **ret_id);
/* Its id, title, day, place and how many answered, as members of the answer. */
int32_t put_conference(struct rh_call *call, const char *id);
int32_t conference_create(struct rh_call *call);
int32_t conference_list(struct rh_call *call);
int32_t conference_show(struct rh_call *call);
int32_t conference_answer(struct rh_call *call);

#endif
