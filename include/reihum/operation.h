/*
 * operation.h - an operation is one table entry.
 *
 * From one entry come the command (`reihum turnus plan --round 2027-2031`), the call (POST
 * /api/v1/turnus/plan), its part of the OpenAPI document, --help, the man page and the completion
 * of three shells. Nothing can be reached that is not in such a table, so the question "who may?"
 * has one place.
 *
 * Threads: READ and the `run` of COMPUTE run on a worker with a read-only snapshot; WRITE and the
 * `commit` of COMPUTE run on the writer inside a savepoint. A function is straight-line code: it
 * takes parameters from the call, asks or changes the database, writes its answer and returns 0 or
 * RH_E…; an error rolls back all that it wrote, except RH_EPARTIAL: what was done stays and the
 * answer says what was not. WRITE and `commit` may run more than once for one call (the answer and
 * call->state start afresh then), so they keep nothing outside the database and the call.
 */
#ifndef REIHUM_OPERATION_H
#define REIHUM_OPERATION_H

#include "reihum/base.h"

#ifdef __cplusplus
extern "C" {
#endif

struct rh_call;

/* Rows of a table in a descriptor. The size of a row travels along, so rows can grow without
 * breaking old plugins. */
struct rh_table {
    const void *rows;
    uint32_t count;
    uint32_t row_size;
};
#define RH_ROWS(array)                                                                             \
    {                                                                                              \
        (array), (uint32_t)(sizeof(array) / sizeof((array)[0])), (uint32_t)sizeof((array)[0])      \
    }

/* Types of values: parameters, columns and configuration keys. */
enum {
    RH_TYPE_TEXT = 1,
    RH_TYPE_INT = 2,
    RH_TYPE_REAL = 3,
    RH_TYPE_FLAG = 4,     /* parameters: given or not; columns and keys: yes or no */
    RH_TYPE_DAY = 5,      /* 2027-05-27 */
    RH_TYPE_MONTH = 6,    /* 2027-05 */
    RH_TYPE_CHOICE = 7,   /* one of `choices` */
    RH_TYPE_FILE = 8,     /* parameters: the caller's file, its bytes travel with the call */
    RH_TYPE_LIST = 9,     /* configuration keys: a list of texts */
    RH_TYPE_DURATION = 10 /* configuration keys: "90s", "5m", "2h", "7d"; read as seconds */
};

enum {
    RH_PARAM_REQUIRED = 1,
    RH_PARAM_POSITIONAL = 2, /* may stand without its --name: `round create 2027-2031` */
    /* FILE: the command line takes a folder, too. Its plain files travel one after another, by
     * name, each as a line "name<TAB>size" and its bytes, behind a first line "reihum-folder". */
    RH_PARAM_FOLDER = 4
};

struct rh_param {
    const char *name;     /* lower case, '-' between words: "time-limit" becomes --time-limit */
    int32_t type;         /* RH_TYPE_… */
    int32_t flags;        /* RH_PARAM_… */
    const char *fallback; /* what is taken when it is not given, as text; NULL = nothing */
    const char *choices;  /* CHOICE: "city|district" */
    int64_t min, max;     /* INT and REAL; both 0 = any */
    struct rh_text help;  /* a phrase without full stop */
};

/*
 * A column of the answer's "items": its order is the order in tables and CSV, its name the one in
 * CSV and JSON. Names with a dot give words to the rest of the answer, for people and for OpenAPI:
 * ".population" is a field of the answer itself, "procedures." a further list, "procedures.state" a
 * column of that list. What has no words is shown under its name. "state=draft" says what people
 * read where a member called `state` is "draft"; JSON and CSV keep the code. Pages have the words
 * as
 * {{state_words}}; where they are data, the answer brings "state_words" itself.
 */
struct rh_column {
    const char *name;
    int32_t type;
    int32_t flags; /* RH_COLUMN_… */
    struct rh_text title;
};
enum { RH_COLUMN_WIDE = 1 /* left out of the table on a terminal, stays in CSV and JSON */ };

enum {
    RH_READ = 1,   /* looks only; GET */
    RH_WRITE = 2,  /* changes; POST */
    RH_COMPUTE = 3 /* calculates on a worker (`run`), then stores on the writer (`commit`, may be
                      NULL); POST */
};

enum {
    RH_OP_DRY_RUN = 1, /* offers --dry-run: all is done and shown, then rolled back */
    RH_OP_LOCAL =
        2, /* answered by the command line itself (serve, completion), not reachable over HTTP */
    RH_OP_EXPORT =
        4, /* its purpose is its items: CSV is what the command prints unless --json is asked */
    RH_OP_HOUSE = 8,  /* about the house as a whole: its name may be one word */
    RH_OP_LINES = 16, /* its items are many: the command's --json prints one object a line */
    RH_OP_FILES = 32, /* its answer has "files" ({"name", "text"}): --output names the folder that
                        the command line writes them into */
    RH_OP_ASIDE = 64, /* can do with an empty database: where there is none, none is made */
    RH_OP_CONTENT = 128, /* its answer has "content" (text), and that is what the command prints */
    RH_OP_PUBLIC =
        256 /* for people without an account, who have a link: it decides by itself who may.
               Its pages are shown without the navigation and kept by nobody on the way */
};

/*
 * A word that others go by: an operation "NOUN clashes" that only looks, with the required days
 * `from` and `until`, is asked by `simulate` about the time it ran through. Its items have "at",
 * "kind" ("clash", "load"), "subject" and what else there is to say ("what", "step", "running", …).
 */
struct rh_operation {
    const char *name;        /* two or three words: "office import"; LOCAL ones may have one */
    int32_t kind;            /* RH_READ, RH_WRITE, RH_COMPUTE */
    int32_t flags;           /* RH_OP_… */
    struct rh_text help;     /* one line without full stop */
    struct rh_text detail;   /* more, or empty: paragraphs parted by an empty line */
    struct rh_table params;  /* struct rh_param */
    struct rh_table columns; /* struct rh_column, of "items" in the answer */
    int32_t (*run)(struct rh_call *call); /* NULL only when LOCAL */
    int32_t (*commit)(
        struct rh_call *call); /* sees call->state and goes on with the answer of run */
};

#ifdef __cplusplus
}
#endif
#endif
