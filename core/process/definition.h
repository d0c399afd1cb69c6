/*
 * definition.h - a process as data: config/processes/NAME.conf.
 *
 *     process { title_de = "…"  mail_from = 8:00  mail_until = 16:00  quiet = { school,
 * 12-24..01-01 } } step kickoff { title_de = "Auftaktgespräch" who = team form = appointment due =
 * "20 workdays after contact" needs = { contact } remind = appointment
 *     }
 *     chain appointment { rules = { "5 workdays before: contact, appointment_soon, copy team" } }
 *
 * The grammar is that of the configuration file (core/config). What is read here was checked: names
 * known, no cycle, no deadline before its base, no chain that says nothing. A definition is never
 * changed; its version is the SHA-256 of its canonical text, so that comments and layout do not
 * make a new version. All memory is its own; any number of threads may read it.
 *
 * To add a key of a step: the table in read.c, the line in write.c, its meaning in plan.c.
 */
#ifndef CORE_PROCESS_DEFINITION_H
#define CORE_PROCESS_DEFINITION_H

#include "core/base/str.h"
#include "core/calendar/date.h"

#define RH_PROCESS_STEPS_MAX     64
#define RH_PROCESS_DATES_MAX     16
#define RH_PROCESS_QUESTIONS_MAX 16
#define RH_PROCESS_CHAINS_MAX    32
#define RH_PROCESS_RULES_MAX     12 /* of a chain */
#define RH_PROCESS_RECEIPTS_MAX  32 /* of a step */
#define RH_PROCESS_EFFORTS_MAX   8  /* of a step */
#define RH_PROCESS_QUIET_MAX     16
#define RH_PROCESS_NAME_MAX      40   /* bytes of a name; a-z, 0-9, '_', '-' */
#define RH_PROCESS_OFFSET_MAX    1000 /* of any unit */
#define RH_PROCESS_HASH_SIZE     65   /* 64 hexadecimal digits and the NUL */
#define RH_PROCESS_DAY_MINUTES   480  /* what "1 day" of effort is */

/*                id            word            Deutsch                    English */
#define RH_PROCESS_ROLES(X)                                                                        \
    X(CONTACT, "contact", "Ansprechperson", "contact person")                                      \
    X(DEPUTY, "deputy", "Vertretung der Ansprechperson", "deputy of the contact person")           \
    X(HEAD, "head", "Leitung des Jugendamts", "head of the office")                                \
    X(ASD_HEAD, "asd_head", "ASD-Leitung", "ASD head")                                             \
    X(PLANNER, "planner", "Jugendhilfeplanung", "youth welfare planning")                          \
    X(CASEWORKER, "caseworker", "Fachkraft", "case worker")                                        \
    X(STAFF, "staff", "Fachkräfte des Jugendamts", "staff of the office")                          \
    X(TEAM, "team", "Moderationsteam", "team of moderators")                                       \
    X(LEAD, "lead", "Federführung", "lead moderator")                                              \
    X(RESEARCH, "research", "Begleitforschung", "research")                                        \
    X(COORDINATION, "coordination", "Koordinierungsstelle", "coordination office")

#define RH_PROCESS_ROLE_ENUM_(id, word, de, en) RH_PROCESS_##id,
enum rh_process_role {
    RH_PROCESS_NOBODY = 0,
    RH_PROCESS_ROLES(RH_PROCESS_ROLE_ENUM_) RH_PROCESS_ROLE_END_
};
#undef RH_PROCESS_ROLE_ENUM_
#define RH_PROCESS_ACTOR RH_PROCESS_ROLE_END_ /* in a rule: whoever acts in the step */

enum rh_process_form {
    RH_PROCESS_DEADLINE,    /* done by a day */
    RH_PROCESS_APPOINTMENT, /* a date that people agree; `due` is the day it should take place by */
    RH_PROCESS_WINDOW,      /* open from `open` to `due` */
    RH_PROCESS_RECEIPTS,    /* done when the last item of a list is there */
    RH_PROCESS_FORM_COUNT
};

enum rh_process_unit {
    RH_PROCESS_WORKDAYS, /* of the office's own calendar */
    RH_PROCESS_DAYS,
    RH_PROCESS_WEEKS,
    RH_PROCESS_MONTHS,
    RH_PROCESS_HOURS, /* of 60 minutes, also when the clocks change */
    RH_PROCESS_UNIT_COUNT
};

/* Where an offset begins: RH_PROCESS_BASE_START, a step (0 …), or RH_PROCESS_BASE_DATE + the index
 * of a date. */
#define RH_PROCESS_BASE_START (-1)
#define RH_PROCESS_BASE_DATE  RH_PROCESS_STEPS_MAX

struct rh_process_offset {
    bool given;
    int32_t count; /* negative: before the base */
    enum rh_process_unit unit;
    int32_t base;
};

/* When a step belongs to a procedure at all. */
enum rh_process_condition {
    RH_PROCESS_ALWAYS,
    RH_PROCESS_REGULAR,     /* in turn */
    RH_PROCESS_OUT_OF_TURN, /* section 8 (4) */
    RH_PROCESS_IF,          /* the question was answered with yes */
    RH_PROCESS_IF_NOT
};

struct rh_process_effort {
    enum rh_process_role role;
    int32_t minutes; /* of one person */
};

struct rh_process_item {
    const char *name;
    struct rh_text title;
};

struct rh_process_step {
    const char *name;
    struct rh_text title;
    enum rh_process_role who;
    uint32_t with; /* bit per role: who else takes part */
    enum rh_process_form form;
    struct rh_process_offset due, open;
    uint64_t needs; /* bit per step: done or skipped before this one is ready */
    enum rh_process_condition when;
    int32_t question;  /* for RH_PROCESS_IF and RH_PROCESS_IF_NOT */
    int32_t remind;    /* a chain, or -1 */
    int32_t agree;     /* the chain of an appointment that has no date yet; -1 = remind */
    int32_t draw;      /* of section 8 (3): how many cases there may be; 0 = no draw here */
    int32_t at, until; /* minutes from midnight, of an appointment; -1 = not said */
    bool optional;     /* may be skipped without a reason */
    bool in_quiet;     /* keeps its day also in a quiet period */
    struct rh_process_item *receipts;
    size_t receipt_count;
    struct rh_process_effort efforts[RH_PROCESS_EFFORTS_MAX];
    size_t effort_count;
};

/* A date that somebody enters, such as that of the committee; `expected` stands in until then. */
struct rh_process_date {
    const char *name;
    struct rh_text title;
    enum rh_process_role who;
    struct rh_process_offset expected;
};

struct rh_process_question {
    const char *name;
    struct rh_text title;
    bool fallback; /* the answer until somebody gives one */
};

enum rh_process_anchor { RH_PROCESS_AT_DUE, RH_PROCESS_AT_OPENING };

struct rh_process_rule {
    enum rh_process_anchor anchor;
    int32_t count; /* negative: before */
    enum rh_process_unit unit;
    enum rh_process_role role; /* RH_PROCESS_ACTOR possible */
    enum rh_process_role copy; /* RH_PROCESS_NOBODY: none */
    bool urgent;               /* may leave beside another mail of the same day */
    const char *template;      /* its name */
    const char *key;           /* "due-5w:contact": unique in its chain, part of a mail's key */
};

struct rh_process_chain {
    const char *name;
    struct rh_process_rule *rules;
    size_t count;
};

/* Days without mail: from (month, day) to (month, day) of every year, over New Year if need be; or
 * school holidays, all or those of a name. */
struct rh_process_quiet {
    const char *school; /* "school" for all, or "Sommerferien"; NULL: the days below */
    int32_t from_month, from_day, to_month, to_day;
};

struct rh_process_definition {
    const char *name; /* of the file, without folder and ".conf" */
    struct rh_text title;
    char hash[RH_PROCESS_HASH_SIZE]; /* its version */
    int32_t mail_from, mail_until;   /* minutes from midnight: the office hours of mail */
    struct rh_process_step *steps;
    struct rh_process_date *dates;
    struct rh_process_question *questions;
    struct rh_process_chain *chains;
    struct rh_process_quiet *quiet;
    size_t step_count, date_count, question_count, chain_count, quiet_count;
};

/*
 * Reads and checks. `name` is the file's, also in front of the faults ("qev-1.conf:12: …"). Each
 * fault is one sentence; err gets the first, `faults` (may be NULL) all of them, one a line in the
 * language asked for. RH_EINVALID, RH_ETOOLARGE, RH_ENOMEM; *ret is then untouched. Free with
 * rh_process_definition_free().
 */
int32_t rh_process_definition_read(const char *name, const char *text, size_t length,
                                   enum rh_lang lang, struct rh_str *faults,
                                   struct rh_process_definition **ret, struct rh_err *err);
struct rh_process_definition *rh_process_definition_free(struct rh_process_definition *definition);

/* The canonical text: what rh_process_definition_read() reads back as the same definition, and what
 * the hash is made of. Ask rh_str_check() afterwards. */
void rh_process_definition_write(const struct rh_process_definition *definition,
                                 struct rh_str *out);

/* Indices by name; -1 when there is none. */
int32_t rh_process_step_find(const struct rh_process_definition *definition, const char *name);
int32_t rh_process_date_find(const struct rh_process_definition *definition, const char *name);
int32_t rh_process_question_find(const struct rh_process_definition *definition, const char *name);
int32_t rh_process_receipt_find(const struct rh_process_step *step, const char *name);

const char *rh_process_role_word(enum rh_process_role role);     /* "asd_head"; "actor"; "" */
struct rh_text rh_process_role_title(enum rh_process_role role); /* "ASD-Leitung" */
enum rh_process_role rh_process_role_find(const char *word);     /* RH_PROCESS_NOBODY: none */
const char *rh_process_form_word(enum rh_process_form form);     /* "receipts" */
struct rh_text rh_process_form_title(enum rh_process_form form); /* "Frist mit Belegliste" */
const char *rh_process_unit_word(enum rh_process_unit unit);     /* "workdays" */

/* "10 Arbeitstage nach „Auftaktgespräch“", "3 Monate vor …": an offset as people say it. */
void rh_process_offset_words(const struct rh_process_definition *definition,
                             const struct rh_process_offset *offset, enum rh_lang lang,
                             struct rh_str *out);

/* The drawn diagram: an SVG document with a title and a description, rows by what has to be done
 * before, an arrow for each "needs". Every text in it is escaped. */
void rh_process_picture(const struct rh_process_definition *definition, enum rh_lang lang,
                        struct rh_str *out);

/* The definition in sentences: plain text, a paragraph a step. */
void rh_process_prose(const struct rh_process_definition *definition, enum rh_lang lang,
                      struct rh_str *out);

#endif
