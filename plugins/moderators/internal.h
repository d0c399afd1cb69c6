/* The inside of the plugin: one snapshot (the model), the team plans made of it, and who answers
 * which operation. */
#ifndef PLUGINS_MODERATORS_INTERNAL_H
#define PLUGINS_MODERATORS_INTERNAL_H

#include "reihum/plugin.h"

/* ---- words.c: small things that several rooms need ---- */
extern const char moderators_sql[]; /* for rh_resolve(): id, name, email */
extern const char offices_sql[];
int32_t find_moderator(struct rh_call *call, const char *param, const char **ret_id);
int32_t find_office(struct rh_call *call, const char *param, const char **ret_id);
int32_t find_round(struct rh_call *call, const char **ret_round);
/* The first column of the first row; `fallback` without a row. */
int32_t ask_int(struct rh_call *call, int64_t *ret_value, int64_t fallback, const char *sql,
                const char *a);
/* A whole table as JSON for the event log: the one value of the query; NULL when there is none. */
const char *ask_json(struct rh_call *call, const char *sql);
double distance_km(double latitude_a, double longitude_a, double latitude_b, double longitude_b);
/* A moderator or office named in a column: resolved, or a fault of that column. NULL then. */
const char *csv_moderator(struct rh_call *call, struct rh_csv_in *csv, int32_t column);
const char *csv_office(struct rh_call *call, struct rh_csv_in *csv, int32_t column);

/* ---- model.c: the snapshot ---- */

/* A procedure of an office: that of the round, or one out of turn (section 8 (4) LKG NRW) in its
 * months. An office may have both. */
struct office {
    const char *id, *name, *short_name, *region, *size_class;
    double latitude, longitude;
    int32_t month; /* of its start by the round plan */
    int32_t size;  /* of the team it needs */
    int32_t out_of_turn;
    int32_t begun, done;
    int32_t kept; /* it has begun and its published team stays as it is */
};

struct person {
    const char *id, *name, *region;
    double latitude, longitude;
    int32_t lead, capacity; /* may lead; procedures per year */
    int32_t gone;           /* not active any more, but still in a team */
};

struct absence {
    int32_t person, from, to; /* months, both included */
};

enum { WHY_CONFLICT = 1, WHY_ABSENT = 2, WHY_RULE = 4, WHY_GONE = 8, WHY_BEGUN = 16 };
enum { PIN_MEMBER = 1, PIN_LEAD = 2 };

struct model {
    const char *round;
    int64_t turnus_plan;
    int32_t first_month, month_count, office_count, person_count, absence_count;
    int32_t duration;       /* of a procedure, in months */
    struct office *offices; /* by id, then month */
    struct person *people;  /* by id */
    struct absence *absences;
    /* by [office * person_count + person]; `kept` holds a ROLE_… of a team that has begun */
    uint8_t *why, *pin, *previous, *kept;
    double *km;
    uint8_t *apart; /* by [person * person_count + person] */
};

/* The months are those of the published plan of the round, else of `turnus_plan` (0: none is
 * preferred), else of the newest draft. */
int32_t model_load(struct rh_call *call, const char *round, int64_t turnus_plan,
                   struct model *ret_model);
/* The first procedure of the office; the others follow it. -1: it has none. */
int32_t office_place(const struct model *model, const char *id);
/* Is there a further procedure of the office of `place` behind it? */
int32_t office_goes_on(const struct model *model, int32_t place);
/* The procedure of the round, whenever it starts, or the one out of turn of that month; or -1. */
int32_t procedure_place(const struct model *model, const char *id, int32_t month,
                        int32_t out_of_turn);
int32_t person_place(const struct model *model, const char *id);
static inline size_t cell(const struct model *model, int32_t office, int32_t person)
{
    return (size_t)office * (size_t)model->person_count + (size_t)person;
}
const char *why_text(struct rh_call *call, int32_t why);

/* ---- problem.c: the rules as a selection ---- */

enum rule {
    RULE_SIZE,
    RULE_LEAD,
    RULE_REGION,
    RULE_LIMIT, /* strict: team size, parallel, year */
    RULE_PREVIOUS,
    RULE_PAIR,
    RULE_TRAVEL,
    RULE_OTHER_REGION,
    RULE_CHANGE,
    RULE_LOAD,
    RULE_COUNT
};
struct rule_name {
    const char *key;
    struct rh_text title;
};
extern const struct rule_name rule_names[RULE_COUNT];

struct selection {
    struct rh_select_problem problem;
    int32_t *column; /* by cell: its column or -1 */
    int64_t *price;  /* by column: all costs together */
};

/* `base` (by cell, 1 = member) may be NULL: the teams that changes are counted against. */
int32_t selection_build(struct rh_call *call, const struct model *model, const uint8_t *base,
                        struct selection *ret);
/* What the teams are worth. RH_EINVALID when they break a strict rule. */
int32_t selection_value(struct rh_call *call, const struct selection *selection,
                        const uint8_t *taken, int64_t *ret_value, int64_t rule[RULE_COUNT]);

/* ---- teams.c: a stored team plan ---- */

enum { ROLE_NONE, ROLE_CO, ROLE_LEAD };

struct plan {
    int64_t id, turnus_plan;
    const char *round, *state;
    uint8_t *role; /* by cell: ROLE_… */
    uint8_t *team; /* by procedure: it has one, be it without members */
};

/* ---- stale.c: what does not fit any more ---- */

/* Tells each reason why the plan does not fit any more; returns their number, or < 0. */
int32_t plan_stale(struct rh_call *call, const struct plan *plan,
                   void (*say)(void *context, const char *sentence), void *context);
/* The reasons as "stale", whether there are any as "stale_any"; returns their number. */
int32_t out_stale(struct rh_call *call, const struct plan *plan);
int32_t refuse_stale(struct rh_call *call, const struct plan *plan);
/* The event "teams.stale" for each draft or published plan that does not fit any more. */
int32_t tell_stale(struct rh_call *call);

/* ---- contradictions.c: pins that no answer can keep, named before anything is computed ---- */
int32_t refuse_contradictions(struct rh_call *call, const struct model *model);

/* ---- teams.c: stored team plans ---- */

struct new_plan {
    const struct model *model;
    const uint8_t *role;
    const char *engine, *exact, *note;
    const int64_t *rule;
    int64_t parent, seed, steps, total_ms, value, bound; /* bound -1: not known */
    int64_t mixing_before, mixing_after, mixing_loss;
    int32_t cut, proven;
};

/* The plan that --plan names; else the newest draft, else the published one. */
int32_t plan_find(struct rh_call *call, struct plan *ret_plan);
/* Its teams, by the places of the model. */
int32_t plan_load(struct rh_call *call, const struct model *model, struct plan *plan);
int64_t plan_insert(struct rh_call *call, const struct new_plan *plan);
void out_rules(struct rh_call *call, const int64_t rule[RULE_COUNT]);
/* Procedures that lack something, each with the reason, under "gaps"; `team` (by procedure, may be
 * NULL) says which have a team at all. Returns the number. */
int32_t out_gaps(struct rh_call *call, const struct model *model, const uint8_t *role,
                 const uint8_t *team);

/* ---- roles.c: who leads; who works with whom ---- */
int32_t choose_leads(struct rh_call *call, const struct model *model, const uint8_t *taken,
                     uint8_t *role);
int64_t distinct_pairs(struct rh_call *call, const struct model *model, const uint8_t *member);
/* Exchanges members as long as more people meet and the value stays within `budget`. */
int32_t mix(struct rh_call *call, const struct model *model, const struct selection *selection,
            uint8_t *taken, int64_t value, int64_t budget, int64_t *ret_value);

/* ---- border.c: where something lies on the map ---- */
void map_point(double latitude, double longitude, int32_t *ret_x, int32_t *ret_y);

/* ---- operations ---- */
int32_t moderator_import(struct rh_call *call);
int32_t moderator_list(struct rh_call *call);
int32_t moderator_show(struct rh_call *call);
int32_t moderator_absence_import(struct rh_call *call);
int32_t moderator_pair_import(struct rh_call *call);
int32_t moderator_rule_import(struct rh_call *call);
int32_t moderator_distance_import(struct rh_call *call);
int32_t team_need(struct rh_call *call);
int32_t team_allocate(struct rh_call *call);
int32_t team_allocate_commit(struct rh_call *call);
int32_t team_list(struct rh_call *call);
int32_t team_show(struct rh_call *call);
int32_t team_export(struct rh_call *call);
int32_t team_explain(struct rh_call *call);
int32_t team_recommend(struct rh_call *call);
int32_t team_swap(struct rh_call *call);
int32_t team_repair(struct rh_call *call);
int32_t team_change_commit(struct rh_call *call);
int32_t team_map(struct rh_call *call);
int32_t team_border_import(struct rh_call *call);
int32_t team_publish(struct rh_call *call);
int32_t team_discard(struct rh_call *call);
int32_t team_load(struct rh_call *call);
int32_t team_clashes(struct rh_call *call);

/* ---- hooks ---- */
int32_t on_change(struct rh_call *call, const struct rh_event *event);

extern const char moderators_schema_1[], moderators_schema_absence[];

#endif
