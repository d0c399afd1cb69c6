/*
 * chances.h - fair chances: leximin over compositions, in exact fractions with their proofs.
 *
 * Leximin raises the smallest chance as far as it goes, then the next smallest, and so on. Each
 * stage ends with weights for the types (a certificate): no valid panel is worth more than
 * `worth` by them, and that alone bounds the stage's chance. Everything here can be checked again
 * without knowing how it was found: chances_check.c does, from the problem as it was given.
 */
#ifndef PLUGINS_PILOT_PANEL_CHANCES_H
#define PLUGINS_PILOT_PANEL_CHANCES_H

#include "plugins/pilot/panel/graph.h"
#include "plugins/pilot/panel/search.h"

enum panel_goal_of { PANEL_LEXIMIN, PANEL_MAXIMIN };

enum panel_state {
    PANEL_DONE = 1,
    PANEL_INFEASIBLE = 0,
    PANEL_TOO_HARD = -1, /* the search reached its limits */
};

/* weight >= 0; for every valid panel: sum of weight * seats <= worth. */
struct panel_stage {
    mpz_t *weight; /* by type */
    mpz_t *worth;  /* [0] */
    mpq_t *chance; /* [0]: of the types fixed here */
    double about;
    int32_t types, applicants; /* fixed here */
    int32_t exact;             /* 1: proven; 0: as good as floating point is */
};

struct panel_chances {
    enum panel_state state;
    const struct panel_model *model;
    int32_t exact; /* all stages proven, and the weights below give exactly these chances */
    int32_t stage_count, stage_room;
    struct panel_stage *stages;
    int32_t *stage_of; /* by type; -1: no valid panel contains it */
    mpq_t *chance;     /* by type */
    /* The lottery over compositions that has these chances. */
    int32_t panel_count;
    int32_t **panel; /* compositions by type */
    mpq_t *weight;   /* > 0, their sum is 1 */
    double error;    /* largest difference between a chance and what the lottery gives; 0 exact */
    int32_t columns; /* compositions that were looked at */
    int64_t pivots;
    const char *engine;        /* "graph" or "search" */
    struct panel_graph *graph; /* NULL with "search" */
};

struct panel_options {
    int32_t goal;       /* PANEL_LEXIMIN … */
    int32_t only_float; /* 1: without the exact part; the answer says exact = 0 */
    int64_t edges_max;  /* of the graph; 0 = PANEL_EDGES */
    int64_t node_limit; /* of one search; 0 = PANEL_NODES */
    /* Called now and then; not 0 = stop (PANEL_TOO_HARD). May be NULL. */
    int32_t (*progress)(void *context, int32_t fixed, int32_t types);
    void *context;
};
#define PANEL_EDGES 150000

/* Everything in the answer lives in `memory`. */
struct panel_chances *panel_chances_find(struct panel_memory *memory,
                                         const struct panel_model *model,
                                         const struct panel_options *options);

/* ---- chances_check.c ---- */
enum panel_fault {
    PANEL_SOUND = 0,
    PANEL_FAULT_PANEL,       /* a composition breaks a quota */
    PANEL_FAULT_WEIGHTS,     /* the weights of the lottery do not add up to 1 */
    PANEL_FAULT_CHANCE,      /* a chance is not what the lottery gives */
    PANEL_FAULT_CERTIFICATE, /* a certificate does not prove its stage */
    PANEL_FAULT_UNPROVEN,    /* a certificate could not be checked within the limits */
};
/* Counts everything again, from the problem. */
enum panel_fault panel_chances_check(const struct panel_problem *problem,
                                     const struct panel_chances *chances);

/* ---- lots.c: the plain lottery, repeated until the quotas hold ---- */
/* Every valid panel alike. Chance by type, exact; 0 without a graph. */
int32_t panel_lots(struct panel_memory *memory, const struct panel_model *model, mpq_t *ret_chance);

#endif
