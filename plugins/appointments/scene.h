/*
 * scene.h - the house as slots/ wants it: who can meet when, read from the snapshot of the call.
 *
 * The meetings of the procedures asked for are in it as groups, those already fixed or held as what
 * stands or is fixed; all other meetings ahead are fixed ones in groups of their own. Everything
 * lives as long as the call.
 */
#ifndef PLUGINS_APPOINTMENTS_SCENE_H
#define PLUGINS_APPOINTMENTS_SCENE_H

#include "plugins/appointments/internal.h"
#include "plugins/appointments/slots/plan.h"
#include "plugins/appointments/slots/propose.h"

#define WINDOW_DAYS 42 /* a meeting may be so many days after the day it should be on */
#define BEYOND_DAYS 28 /* looked at beyond that, to say what would help */

struct scene_party {
    const char *kind, *ref, *name; /* "moderator", "office" */
    int32_t moderator;
};

struct scene_meeting {
    const char *id;        /* of appointments_meeting; NULL: it is to be found a date */
    const char *procedure; /* NULL: an event for all */
    const char *office, *office_name, *step, *title_de, *title_en, *state;
    int32_t asked; /* of a procedure that was asked for */
};

struct scene_skip {
    const char *procedure, *office_name, *step, *title, *de, *en; /* why it is not planned */
};

struct scene {
    struct slots_model model;
    struct scene_party *who;    /* by party */
    struct scene_meeting *what; /* by meeting */
    struct scene_skip *skipped;
    int32_t skipped_count;
};

/* What is asked for. */
struct scene_wish {
    const char *procedure, *round; /* one of them, or neither: all */
    int32_t from;                  /* no new date before this day */
    int32_t change_price;          /* points for each meeting that moves */
    int32_t fixed_may_move;        /* 1: fixed meetings of what is asked for only stand */
};

int32_t scene_load(struct rh_call *call, const struct scene_wish *wish, struct scene *ret);
/* The same, without a board of its own for anything: one line of all that a plan rests on. */
int32_t scene_fingerprint(struct rh_call *call, const char **ret_text);
struct slots_memory scene_memory(struct rh_call *call);

/* ---- words.c ---- */

/* "Fr 12.03.2027, 9:00–12:00" of a slot of a meeting. */
const char *slot_text(struct rh_call *call, const struct scene *scene, int32_t meeting,
                      struct slots_slot slot);
/* "Auftaktgespräch, Stadt Lemgo" */
const char *meeting_text(struct rh_call *call, const struct scene *scene, int32_t meeting);
/* What stands in the way: "Moderator*in 07 ist abwesend". */
const char *obstacle_text(struct rh_call *call, const struct scene *scene,
                          const struct slots_note *note);
/* What it costs: "3 Arbeitstage nach dem vorgesehenen Tag". */
const char *price_text(struct rh_call *call, const struct scene *scene,
                       const struct slots_note *note);
/* What is good about a slot with these prices: "am vorgesehenen Tag, außerhalb der Schulferien". */
const char *praise_text(struct rh_call *call, const struct scene *scene,
                        const struct slots_proposal *proposal);
/* Who or what prevents every slot, in one sentence; and what would help, in another. */
const char *hindrance_text(struct rh_call *call, const struct scene *scene,
                           const struct slots_hindrance *why);
const char *help_text(struct rh_call *call, const struct scene *scene, int32_t meeting,
                      const struct slots_hindrance *why);
/* "set": obstacles, "helps": what would open which slot. */
void put_hindrance(struct rh_call *call, const struct scene *scene, int32_t meeting,
                   const struct slots_hindrance *why);

/* ---- propose.c, planning.c ---- */

int32_t appointment_propose(struct rh_call *call);
int32_t appointment_check(struct rh_call *call);
int32_t appointment_plan(struct rh_call *call);
int32_t appointment_plan_commit(struct rh_call *call);
int32_t appointment_planning(struct rh_call *call);
int32_t appointment_confirm(struct rh_call *call);

extern const char appointments_schema_planning[];

#endif
