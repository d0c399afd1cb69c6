/*
 * board.h - who is where: the meetings that have a slot, found quickly by party and week; and what
 * one more slot would break and cost beside them.
 *
 * Internal to this folder. A meeting does not stand in its own way when it is on the board.
 */
#ifndef PLUGINS_APPOINTMENTS_SLOTS_BOARD_H
#define PLUGINS_APPOINTMENTS_SLOTS_BOARD_H

#include "plugins/appointments/slots/model.h"

struct slots_board {
    const struct slots_model *model;
    int32_t first_week, week_count;
    int32_t *workdays;   /* [calendar * (day_count + 1) + i]: working days among the first i days */
    int32_t *group_of;   /* by meeting */
    int32_t *first_seat; /* by meeting: its attendees' seats are numbered through */
    int32_t *meeting_of; /* by seat */
    int32_t *head;       /* [party * week_count + week]: a seat or -1 */
    int32_t *next, *before;  /* by seat, of the same party and week */
    int32_t *count;          /* [party * week_count + week]: required seats */
    struct slots_slot *slot; /* by meeting */
};

/* NULL without memory. Nothing is on it. */
struct slots_board *slots_board_new(const struct slots_memory *memory,
                                    const struct slots_model *model);
void slots_board_put(struct slots_board *board, int32_t meeting, struct slots_slot slot);
void slots_board_take(struct slots_board *board, int32_t meeting); /* off; fine when it is not on */

/* The seats of a meeting in the counts of that week alone: `by` is 1 or -1. */
void slots_board_count(struct slots_board *board, int32_t meeting, int32_t day, int32_t by);

/* Working days of the calendar in (a, b]; negative when b lies before a. */
int32_t slots_workdays(const struct slots_board *board, int32_t calendar, int32_t a, int32_t b);

/* Takes what is found about one slot. */
struct slots_sink {
    struct slots_note *notes; /* the first note_max are kept; NULL: none */
    int32_t note_count, note_max;
    int32_t all;     /* 1: go on after the first obstacle */
    int32_t blocked; /* how many obstacles were met */
    int64_t price;
};

/* What the slot itself breaks and costs, whoever else meets when: calendar, hours, absences,
 * wishes. */
void slots_look_alone(const struct slots_board *board, int32_t meeting, struct slots_slot slot,
                      struct slots_sink *sink);
/* What it breaks and costs beside the meetings on the board, but for the order in its group. */
void slots_look_beside(const struct slots_board *board, int32_t meeting, struct slots_slot slot,
                       struct slots_sink *sink);
/* The order and gaps in its group. */
void slots_look_order(const struct slots_board *board, int32_t meeting, struct slots_slot slot,
                      struct slots_sink *sink);

/* Can nobody of those required come on that day at all? Then no minute of it needs to be tried. */
int32_t slots_day_is_shut(const struct slots_board *board, int32_t meeting, int32_t day);

int32_t slots_metres(const struct slots_model *model, int32_t a, int32_t b); /* places; -1: 0 */
int32_t slots_travel_minutes(const struct slots_model *model, int32_t a, int32_t b);

#endif
