/*
 * why.h - a meeting has no slot: who or what stands in the way, and what would help.
 *
 * Every slot within the window, and some days beyond it, has its set of obstacles. From them come
 * an irreducible set (with these obstacles alone there is no slot; without any one of them there
 * would be, as far as the set is asked), and for each obstacle the best slot that it alone
 * prevents. Free days are no obstacle that could give way: their slots are not counted.
 *
 * An obstacle is a rule of a party (BUSY of a moderator: all its busy times together), a meeting
 * (`other` >= 0: whatever rule it touches, first of all `rule`), or a bound of the window.
 */
#ifndef PLUGINS_APPOINTMENTS_SLOTS_WHY_H
#define PLUGINS_APPOINTMENTS_SLOTS_WHY_H

#include "plugins/appointments/slots/model.h"

#define SLOTS_NEAREST_MAX 8

struct slots_board;

struct slots_obstacle {
    int32_t rule, party, other; /* as in struct slots_note */
    int32_t slots;              /* how many of those tried it prevents */
    int32_t in_set;             /* 1: of the irreducible set */
    struct slots_slot opens; /* the best slot that nothing else prevents; day SLOTS_NOWHERE: none */
    int64_t price;           /* of that slot */
};

/* What it would help if one of the required parties did not have to come. */
struct slots_without {
    int32_t party;
    struct slots_slot opens;
    int64_t price;
};

struct slots_hindrance {
    struct slots_obstacle *list; /* those of the set first, then by how many slots they prevent */
    int32_t count;
    struct slots_without *without; /* only parties that it helps to leave out */
    int32_t without_count;
    int32_t tried;    /* slots; 0: there is no working day */
    int32_t possible; /* slots that nothing prevents */
    struct slots_slot
        nearest; /* that with the fewest obstacles; SLOTS_NOWHERE when none was tried */
    int32_t nearest_list[SLOTS_NEAREST_MAX], nearest_count; /* places in `list` */
};

/*
 * The meeting as all others stand (those with a slot in the model), its own slot aside. `beyond`:
 * so many days before and after its window are tried, too. SLOTS_OK or SLOTS_NO_MEMORY.
 */
int32_t slots_why_not(const struct slots_memory *memory, const struct slots_model *model,
                      int32_t meeting, int32_t beyond, struct slots_hindrance *ret);

/* The same on a board. */
int32_t slots_hinder(const struct slots_memory *memory, const struct slots_board *board,
                     int32_t meeting, int32_t beyond, struct slots_hindrance *ret);

/* What a given slot of the meeting breaks as all others stand: notes with rules. The number of
 * obstacles, at most `max` of them in `notes`; SLOTS_NO_MEMORY. */
int32_t slots_broken(const struct slots_memory *memory, const struct slots_model *model,
                     int32_t meeting, struct slots_slot slot, struct slots_note *notes,
                     int32_t max);

/* The same of all that have a slot, where they have it: how many obstacles, and the first of them,
 * by meeting. SLOTS_OK or SLOTS_NO_MEMORY. */
int32_t slots_broken_all(const struct slots_memory *memory, const struct slots_model *model,
                         int32_t *ret_count, struct slots_note *ret_first);

#endif
