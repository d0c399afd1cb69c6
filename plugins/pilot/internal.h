/*
 * internal.h - the pool of a selection as the files of this plugin share it.
 *
 * A pool is read once per call and never changed. Applicants stand in the order of their ids; those
 * who are eligible are the applicants of `problem`, in the same order. The rows of the problem are
 * the quotas, then the must-haves, then the groups of neighbours.
 */
#ifndef PLUGINS_PILOT_INTERNAL_H
#define PLUGINS_PILOT_INTERNAL_H

#include "reihum/plugin.h"

#include "plugins/pilot/panel/chances.h"
#include "plugins/pilot/panel/conflict.h"
#include "plugins/pilot/panel/lottery.h"
#include "plugins/pilot/panel/replace.h"
#include "plugins/pilot/panel/sha256.h"
#include "plugins/pilot/panel/where.h"

#define LABEL_MAX   120 /* bytes; labels stand in sentences and files */
#define TEXT_MAX    500
#define GROUPS_MAX  64
#define VERDICT_MAX 4096

enum row_kind { ROW_QUOTA, ROW_MUST, ROW_GROUP };

struct quota {
    const char *label, *conditions;
    struct where where;
    int32_t min, max;
    int64_t price;
};

struct row {
    enum row_kind kind;
    const char *label;
};

struct applicant {
    const char *id, *name, *contact, *received;
    const char **value;      /* by attribute; NULL = lacks it */
    int32_t place;           /* in `problem`, -1: not eligible */
    const char *barred;      /* why not eligible, in the caller's language; NULL = is */
    const char *barred_code; /* the same for files: "commitment", "late", "excluded" */
    const char *pin, *pin_reason, *pin_person;
};

struct pool {
    const char *id, *state, *until; /* NULL id: read from files, without a selection */
    int32_t places, panels;
    int32_t applicant_count, eligible_count, attribute_count, quota_count, row_count;
    struct applicant *applicants;
    int32_t *eligible; /* by place: number of the applicant */
    const char **attributes;
    struct quota *quotas;
    struct row *rows;
    uint8_t *member; /* [place * row_count + row] */
    struct panel_row *limits;
    struct panel_problem problem;
};

/* A calculation with its memory, which the caller gives back. */
struct work {
    struct rh_call *call;
    struct pool pool;
    struct panel_memory memory;
    struct panel_model *model;
    struct panel_chances *chances;
};

/* ---- words.c ---- */
int32_t find_selection(struct rh_call *call, const char **ret_id);
/* The same, and it must be in this state. */
int32_t find_in_state(struct rh_call *call, const char *state, const char **ret_id);
const char *state_words(struct rh_call *call, const char *state);
int32_t find_applicant(struct rh_call *call, const char *selection, const char *named,
                       const char **ret_office);
/* "a, b and c"; "a, b und c". */
const char *add_word(struct rh_call *call, const char *list, const char *word, int32_t is_last);
/* A text that stands in files and sentences: not empty, one line, not too long. */
int32_t need_text(struct rh_call *call, const char *param, struct rh_text what,
                  const char **ret_text);
const char *one_value(struct rh_call *call, const char *sql, const char *a, const char *b);
struct rh_text where_fault_text(enum where_fault fault);
const char *rational_text(struct rh_call *call, const mpq_t value);
const char *percent_text(struct rh_call *call, double share); /* "37,5 %" */

/* ---- pool.c ---- */
int32_t pool_load(struct rh_call *call, const char *selection, struct pool *ret_pool);
/* From `applicants`, `attributes` and `quotas` to the problem. */
int32_t pool_build(struct rh_call *call, struct pool *pool, const char *const *groups,
                   const char *const *group_office, int32_t group_count);
int32_t attribute_place(const struct pool *pool, const char *name);
const char *row_words(struct rh_call *call, const struct pool *pool, int32_t row);
/* Quotas against each other alone, as if anybody had applied. */
struct panel_model *paper_model(const struct pool *pool, struct panel_memory *memory);

/* ---- answer.c: a calculation in words ---- */
int32_t work_begin(struct work *work, struct rh_call *call, const char *selection);
int32_t work_chances(struct work *work, int32_t goal, int32_t only_float);
void work_end(struct work *work);
const char *conflict_words(struct rh_call *call, const struct pool *pool,
                           const struct panel_conflict *conflict);
/* "at least 2 A, at most 3 B and 18 places" */
const char *sides_words(struct rh_call *call, const struct pool *pool,
                        const struct panel_conflict *conflict, int32_t count);
const char *relaxation_words(struct rh_call *call, const struct pool *pool, const int32_t *by);
int32_t fail_infeasible(struct work *work);
void out_levels(struct work *work);
void out_count(struct work *work);
/* Why a type has this chance and no more: its binding group. NULL when it is certain. */
const char *level_words(struct work *work, int32_t type);
/* The quotas that keep a type out. */
const char *unselectable_words(struct work *work, int32_t type);

/* ---- files.c: what is published ---- */
struct drawn {
    int32_t number, ticket; /* from 1; from 0 */
    const int32_t *panel;   /* places numbers */
    int32_t *reserve;       /* eligible - places numbers, in order */
    int32_t reserve_count;
};
const char *input_text(struct rh_call *call, const struct pool *pool);
const char *chances_text(const struct work *work, const struct panel_lottery *lottery);
const char *lottery_text(struct rh_call *call, const struct panel_lottery *lottery);
/* What was said at the draw. */
struct words_of_draw {
    const char *digest, *source, *seed, *first, *second;
};
const char *draw_text(struct rh_call *call, const struct pool *pool, const struct drawn *drawn,
                      const struct words_of_draw *words);
const char *manifest_text(struct rh_call *call, const char *const *names, const char *const *texts,
                          int32_t count);
const char *digest_of(struct rh_call *call, const char *text);
const char *digest_of_files(struct rh_call *call, const char *input, const char *chances,
                            const char *lottery);
/* What the seed says, by the rule of the README. */
int32_t draw_by(struct rh_call *call, const char *purpose, const char *digest, const char *seed,
                const struct panel_lottery *lottery, int32_t eligible, struct drawn *ret);
/* The lottery of a frozen selection, read back. */
int32_t read_lottery(struct rh_call *call, const char *text, const struct pool *pool,
                     struct panel_lottery *ret);

/* ---- call.c: the window of the form, and its links ---- */
enum call_state { CALL_UNKNOWN, CALL_BEFORE, CALL_OPEN, CALL_LATE, CALL_CLOSED };
/* LATE: the form is open still, but `until` is over. Days as text. */
struct window {
    enum call_state state;
    const char *selection, *opens, *closes, *until;
    int32_t is_public, places;
};
#define QUESTIONS_MAX 8
int32_t window_load(struct rh_call *call, const char *selection, struct window *ret);
const char *day_words(struct rh_call *call, const char *day);
const char *link_hash(struct rh_call *call, const char *token);
/* A new link for one office; only its hash is kept. */
int32_t link_new(struct rh_call *call, const char *selection, const char *office,
                 const char **ret_path);
const char *outside(struct rh_call *call, const char *path);

/* ---- import.c ---- */
int32_t is_registered(const char *attribute);
/* What the register says about the office, as attributes of its application. */
int32_t store_registered(struct rh_call *call, const char *selection, const char *office);

/* ---- receipt.c ---- */
/* An application as one JSON object, to be compared and kept. */
const char *contents_of(struct rh_call *call, const char *selection, const char *office);
/* Keeps what the application says now as its next version, and writes the receipt to its contact:
 * at once, or as a draft when it came by file. 1 when a mail was written, 0 without an address. */
int32_t receipt_write(struct rh_call *call, const struct window *window, const char *office,
                      const char *via);

/* ---- operations ---- */
int32_t pilot_letters(struct rh_call *call);
int32_t pilot_drafts(struct rh_call *call);
int32_t pilot_open(struct rh_call *call);
int32_t pilot_call_open(struct rh_call *call);
int32_t pilot_call_close(struct rh_call *call);
int32_t pilot_call_question(struct rh_call *call);
int32_t pilot_call_link(struct rh_call *call);
int32_t pilot_call_invite(struct rh_call *call);
int32_t pilot_call_show(struct rh_call *call);
int32_t pilot_form(struct rh_call *call);
int32_t pilot_apply(struct rh_call *call);
int32_t pilot_list(struct rh_call *call);
int32_t pilot_import(struct rh_call *call);
int32_t pilot_applications(struct rh_call *call);
int32_t pilot_quota_import(struct rh_call *call);
int32_t pilot_quota_list(struct rh_call *call);
int32_t pilot_quota_set(struct rh_call *call);
int32_t pilot_quota_propose(struct rh_call *call);
int32_t pilot_pin(struct rh_call *call);
int32_t pilot_group(struct rh_call *call);
int32_t pilot_check(struct rh_call *call);
int32_t pilot_relax(struct rh_call *call);
int32_t pilot_relax_commit(struct rh_call *call);
int32_t pilot_chances(struct rh_call *call);
int32_t pilot_freeze(struct rh_call *call);
int32_t pilot_freeze_commit(struct rh_call *call);
int32_t pilot_annul(struct rh_call *call);
int32_t pilot_frozen(struct rh_call *call);
int32_t pilot_confirm(struct rh_call *call);
int32_t pilot_draw(struct rh_call *call);
int32_t pilot_show(struct rh_call *call);
int32_t pilot_replace(struct rh_call *call);
int32_t pilot_start(struct rh_call *call);
int32_t pilot_bundle(struct rh_call *call);
int32_t pilot_verify_bundle(struct rh_call *call);

extern const char pilot_schema_1[], pilot_schema_2[];

#endif
