/* The inside of the plugin: who is written to, when, and what stands in the mail. */
#ifndef PLUGINS_REMINDERS_INTERNAL_H
#define PLUGINS_REMINDERS_INTERNAL_H

#include "reihum/plugin.h"

extern const char reminders_schema_1[], reminders_schema_2[];

/* ---- people.c: roles become people ---- */

#define PEOPLE_MAX 8

struct addressee {
    const char
        *key; /* of the person, for ever: "person/17", "moderator/m07", "office/coordination" */
    const char *name, *email;
    const char *lang; /* "de", "en" */
};

/*
 * Who has the role for the procedure's office today; at most PEOPLE_MAX. Where nobody has it,
 * whoever stands in: the contact for the deputy, the head for the contact, at last the coordination
 * office. Returns how many; 0 when not even that has an address.
 */
int32_t find_people(struct rh_call *call, const char *procedure, const char *role,
                    struct addressee people[PEOPLE_MAX]);

/* ---- collect.c: what is to be said ---- */

int32_t on_reminder(struct rh_call *call, const struct rh_event *event);
int32_t on_void(struct rh_call *call, const struct rh_event *event);
int32_t on_step(struct rh_call *call, const struct rh_event *event);
/* "person.written" (subject: the person's key, {"day"}): another module writes to them that day. */
int32_t on_written(struct rh_call *call, const struct rh_event *event);

/* ---- send.c: one mail of it ---- */

int32_t send_job(struct rh_call *call, const char *key, const char *payload);
/* When the person's next mail leaves if `urgent` or not. */
int32_t plan_mail(struct rh_call *call, const struct addressee *person, int32_t urgent);

/* ---- desk.c: what people ask ---- */

int32_t reminder_list(struct rh_call *call);
int32_t reminder_digest(struct rh_call *call);
int32_t reminder_lost(struct rh_call *call);

#endif
