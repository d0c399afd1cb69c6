/*
 * internal.h - the snapshot a plan is made from, and what the files of this plugin share.
 *
 * A model is read once per call (model_load), lives in the call's memory and is never changed
 * afterwards. It knows why an office may not start in a month (`why`), what each rule costs, and
 * the group behind every count row, so that plans can be explained in words with the same numbers
 * the engine had.
 */
#ifndef PLUGINS_TURNUS_INTERNAL_H
#define PLUGINS_TURNUS_INTERNAL_H

#include "reihum/plugin.h"

/* Rules, in the order of reports. Their numbers are the `rule` of the solver's tables. */
enum rule {
    RULE_CAPACITY,
    RULE_YEAR,
    RULE_MONTH,
    RULE_REGION,
    RULE_KIND,
    RULE_CLASS,
    RULE_STRATUM,
    RULE_SPACING,
    RULE_WISH,
    RULE_SCHOOL,
    RULE_NEIGHBOUR,
    RULE_APART,
    RULE_GAP, /* hard rules that are broken knowingly, or were not known when it was made */
    RULE_COUNT
};

struct rule_name {
    const char *key; /* in JSON and in the database */
    int32_t level;   /* RH_SOLVE_… */
    struct rh_text title;
};
extern const struct rule_name rule_names[RULE_COUNT];

/* Why an office may not start in a month; 0 = it may. */
enum { WHY_CLOSED = 1, WHY_BLOCKED = 2, WHY_NOT_FIXED = 4, WHY_SPACING = 8, WHY_BEGUN = 16 };

struct office {
    const char *id, *name, *short_name, *region, *kind, *size_class, *size_label, *stratum;
    double latitude, longitude;
    int32_t size_position; /* of its size class, from large to small */
    int32_t previous;      /* month of its last procedure before the round, or RH_NO_MONTH */
    int32_t begun; /* month of its procedure of this round that runs or is done, or RH_NO_MONTH */
    int32_t fixed; /* 1: a rule fixes it */
    int32_t spacing_min, spacing_max; /* months after `previous` */
};

struct month {
    int32_t month;
    int32_t closed; /* 1: no procedure starts here */
    int32_t capacity, taken;
    int32_t begun; /* procedures of this round that began here: facts, whatever the room */
    int32_t workdays, outside_school, school_unknown;
    int32_t school; /* 1: mostly school holidays */
    const char *note;
};

struct rule_row {
    int64_t id;
    int32_t office, other; /* places in `offices`, -1 when none or closed */
    const char *rule;      /* prefer, blocked, fixed, apart, together */
    int32_t from, to;      /* months or RH_NO_MONTH */
    const char *note;
};

/* Which group and year a count row of the problem speaks of. */
struct group {
    enum rule rule;
    const char *label; /* "LVR", "LWL city-50", "2028-03" */
    int32_t year;      /* place of the year in the round, or -1 */
};

struct model {
    const char *round;
    int32_t first_month, month_count, year_count, office_count, rule_count;
    struct office *offices;
    struct month *months;
    struct rule_row *rules;
    uint8_t *why;         /* [office * month_count + month] */
    struct group *groups; /* one per problem.counts row */
    struct rh_solve_problem problem;
};

/* The value of one plan, as the checker sees it. */
struct value {
    int64_t level[RH_SOLVE_LEVELS];
    int64_t rule[RULE_COUNT];
};

/* A stored plan. */
struct plan {
    int64_t id;
    const char *round, *state;
    int32_t *slot;   /* by office of the model; -1 when the plan does not have it */
    int32_t by_hand; /* 1: a person moved something in it; 2: planned anew, sparing moves */
    /* What it breaks knowingly (gaps.h). */
    int32_t gaps;      /* rows that it named */
    uint8_t *gap;      /* by office: WHY_… that it may break in its month */
    uint8_t *parted;   /* by office: 1 = apart from one it should start together with */
    int32_t *gap_room; /* by month: procedures too many */
};

/* ---- model.c, problem.c, contradictions.c ---- */
int32_t model_load(struct rh_call *call, const char *round, struct model *ret_model);
int32_t problem_build(struct rh_call *call, struct model *model);
/* Says every contradiction as a sentence; returns how many. */
int32_t contradictions(struct rh_call *call, const struct model *model,
                       void (*say)(void *context, const char *sentence), void *context);
/* The same, but only when no plan exists, which is decided exactly (conflicts.c). */
int32_t conflict_sentences(struct rh_call *call, const struct model *model,
                           void (*say)(void *context, const char *sentence), void *context);
/* Refuses with the first of them, and says where repairs are; 0 when a plan exists. */
int32_t refuse_contradictions(struct rh_call *call, const struct model *model);
int32_t office_place(const struct model *model, const char *id); /* -1 when it is not there */
int32_t slot_of_month(const struct model *model, int32_t month); /* -1 outside the round */
/* What each open month of a year gets at least, and what none exceeds, when months are even. */
void levels_of_year(const struct model *model, int32_t first, int32_t last, int32_t *ret_low,
                    int32_t *ret_high);
int32_t free_places(const struct month *month); /* for offices of the round, those begun included */
const char *year_label(struct rh_call *call, const struct model *model, int32_t year);
const char *month_name(struct rh_call *call, int32_t month);  /* "März" */
const char *month_words(struct rh_call *call, int32_t month); /* "März 2028" */
const char *why_text(struct rh_call *call, int32_t why);
double distance_km(double latitude_a, double longitude_a, double latitude_b, double longitude_b);

/* ---- spacing.c: offices whose spacing a person set ---- */
int32_t spacing_load(struct rh_call *call, struct model *model);

/* ---- plans.c: stored plans ---- */
int32_t find_round(struct rh_call *call, const char **ret_round); /* --round, else the latest */
/* The same, for operations with --plan: the round of the plan that was named, else of the newest
 * draft, else of the plan published last. */
int32_t find_round_of_plan(struct rh_call *call, const char **ret_round);
/* The round whose published plan is meant: --round, else the round of the plan published last, else
 * the latest. */
int32_t find_round_published(struct rh_call *call, const char **ret_round);
int32_t find_office(struct rh_call *call, const char *param, const char **ret_id);
/* The plan that the parameters mean: --plan, else the newest draft of the round, else the published
 * one. */
int32_t plan_find(struct rh_call *call, const char *round, int64_t *ret_plan,
                  const char **ret_round, const char **ret_state);
/* Loads it and lets the model's problem judge it, stale or not. */
int32_t plan_load(struct rh_call *call, struct model *model, struct plan *ret_plan);
/* The same for the plan of that number, whatever --plan says; 0 = as if --plan were not given. */
int32_t plan_load_named(struct rh_call *call, struct model *model, int64_t named,
                        struct plan *ret_plan);
int32_t value_of(struct rh_call *call, const struct model *model, const int32_t *slot,
                 struct value *ret_value);
void out_values(struct rh_call *call, const char *key, const struct value *value);
/* Groups that are not at their floor or ceiling, with the reason, as an array under `key`. Returns
 * the number. */
int32_t out_deviations(struct rh_call *call, const char *key, const struct model *model,
                       const int32_t *slot, int32_t by_hand);

/* ---- stale.c: what of a plan does not fit any more ---- */
/* Says each thing as a sentence; returns how many, or < 0. */
int32_t plan_stale(struct rh_call *call, const struct model *model, const struct plan *plan,
                   void (*say)(void *context, const char *sentence), void *context);
int32_t refuse_stale(struct rh_call *call, const struct model *model, const struct plan *plan);
/* The one thing that keeps a plan from being judged at all: an office without a month. */
int32_t refuse_missing(struct rh_call *call, const struct model *model, const struct plan *plan);
/* The sentences under "stale"; returns how many, or < 0. */
int32_t out_stale(struct rh_call *call, const struct model *model, const struct plan *plan);
int32_t plan_relax(struct rh_call *call, struct model *model, const struct plan *plan);

/* What a stored plan says about itself. */
struct new_plan {
    const struct model *model;
    const int32_t *slot;
    const struct value *value;
    const int64_t *bound; /* by level, or NULL when not known */
    const char *engine, *note;
    int64_t seed, steps, total_ms, parent;
    int32_t cut, proven;
};
/* Stores a draft with its event; the plan's number, or < 0. */
int64_t plan_insert(struct rh_call *call, const struct new_plan *plan);

const char *group_title(struct rh_call *call, const struct model *model, const struct group *group);

/* ---- delta.c ---- */
/* A plan with what is needed to say quickly what a small change of it is worth. */
struct delta {
    const struct model *model;
    const int32_t *slots; /* the plan; borrowed, must not change; -1: not in it */
    struct value value;   /* of the plan */
    int32_t *found;       /* by count row */
    uint8_t *member, *covers;
    int32_t *first_pair, *pairs;
};
int32_t delta_begin(struct rh_call *call, const struct model *model, const int32_t *slots,
                    struct delta *ret_delta);
/* The plan's value with `place` in month `to`, and `partner` (which was there, or -1) in its place.
 */
void delta_of(const struct delta *delta, int32_t place, int32_t to, int32_t partner,
              struct value *ret_value);

/* ---- consequences.c ---- */
/* What changes when some offices stand elsewhere: rule by rule, in words and numbers, under `key`.
 */
int32_t out_consequences(struct rh_call *call, const char *key, const struct model *model,
                         const int32_t *before, const int32_t *after);

/* ---- difference.c: two plans of a round, office by office and rule by rule ---- */
/* Writes "items" (who moves), "moved" and "consequences"; either plan may lack offices. Returns how
 * many move. */
int32_t out_difference(struct rh_call *call, const struct model *model, const int32_t *before,
                       const int32_t *after);

/* ---- effects.c: for whom ---- */
/* Says a sentence for each share, office and pair that a change makes better or worse; returns how
 * many. */
int32_t effects(struct rh_call *call, const struct model *model, const int32_t *before,
                const int32_t *after, void (*say)(void *context, const char *sentence),
                void *context);

/* ---- ways.c: other months for an office ---- */
struct way {
    int32_t slot, partner; /* partner: the office it changes places with, or -1 */
    struct value value;    /* of the whole plan then */
};
/* All, best first; returns how many. None for an office that is bound to others. */
int32_t find_ways(struct rh_call *call, const struct delta *delta, int32_t place,
                  struct way **ret_ways);
int32_t bound_to_others(const struct model *model, int32_t place); /* by a rule 'together' */
/* The members of an object: month, partner, differences, sentence, effects. */
int32_t out_way(struct rh_call *call, const struct delta *delta, int32_t place,
                const struct way *way);

/* ---- out_of_turn.c ---- */
int32_t out_of_turn(struct rh_call *call, const struct model *model, const struct plan *plan,
                    int32_t place);

/* ---- edit.c: a plan changed by hand in several places ---- */
struct edit {
    struct model model;
    struct plan base;
    int32_t *after; /* by office; begins as the base */
    struct value value;
    int32_t moved, yes;
};
int32_t edit_begin(struct rh_call *call, struct edit *edit); /* reads --round, --plan, --yes */
int32_t edit_judge(struct rh_call *call, struct edit *edit); /* and answers */
/* With --yes a new draft; `note` unless --reason says more. */
int32_t edit_commit(struct rh_call *call, const struct edit *edit, const char *note);

/* ---- operations ---- */
int32_t turnus_compare(struct rh_call *call);
int32_t turnus_recommend(struct rh_call *call);
int32_t turnus_import(struct rh_call *call);
int32_t turnus_import_commit(struct rh_call *call);
int32_t turnus_place(struct rh_call *call);
int32_t turnus_place_commit(struct rh_call *call);
int32_t turnus_rule_import(struct rh_call *call);
int32_t turnus_rule_list(struct rh_call *call);
int32_t turnus_rule_check(struct rh_call *call);
int32_t turnus_rule_remove(struct rh_call *call);
int32_t turnus_rule_change(struct rh_call *call);
int32_t turnus_conflicts(struct rh_call *call);
int32_t turnus_repair(struct rh_call *call);
int32_t turnus_repair_commit(struct rh_call *call);
int32_t turnus_spacing_list(struct rh_call *call);
int32_t turnus_spacing_set(struct rh_call *call);
int32_t turnus_month_list(struct rh_call *call);
int32_t turnus_clashes(struct rh_call *call); /* crowded.c */
int32_t turnus_month_set(struct rh_call *call);
int32_t turnus_plan(struct rh_call *call);
int32_t turnus_plan_commit(struct rh_call *call);
int32_t turnus_list(struct rh_call *call);
int32_t turnus_show(struct rh_call *call);
int32_t turnus_export(struct rh_call *call);
int32_t turnus_explain(struct rh_call *call);
int32_t turnus_move(struct rh_call *call);
int32_t turnus_move_commit(struct rh_call *call);
int32_t turnus_preview(struct rh_call *call);
int32_t turnus_publish(struct rh_call *call);
int32_t turnus_discard(struct rh_call *call);
int32_t turnus_board(struct rh_call *call);
int32_t turnus_rounds(struct rh_call *call);

extern const char turnus_schema_1[];
extern const char turnus_schema_gaps[];

#endif
