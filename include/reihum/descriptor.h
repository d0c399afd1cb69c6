/*
 * descriptor.h - the tables that a plugin consists of.
 *
 * Rows of every table carry their size (struct rh_table), the descriptor says its own: only that
 * many bytes are read, what is missing counts as zero. Structures grow at their end only.
 */
#ifndef REIHUM_DESCRIPTOR_H
#define REIHUM_DESCRIPTOR_H

#include "reihum/host.h"
#include "reihum/operation.h"

#ifdef __cplusplus
extern "C" {
#endif

#define RH_PLUGIN_MAGIC 0x6d756872u /* "rhum" */
#define RH_ABI_MAJOR    1
#define RH_ABI_MINOR    0

/* Another plugin that must be started before this one. */
struct rh_need {
    const char *plugin;
    const char *version; /* the least version, "1.2.0", or NULL */
};

/*
 * Runs inside the writing transaction of the operation that caused the event. It may add rows, jobs
 * and further events; it never waits. A result below 0 is a veto: the whole operation is rolled
 * back and this plugin is named.
 */
struct rh_hook {
    const char *topic; /* "round.published", or all of a kind: "office.*" */
    int32_t priority;  /* lower runs first; equal ones in plugin order */
    int32_t reserved;
    int32_t (*run)(struct rh_call *call, const struct rh_event *event);
};

/*
 * Durable work: rows of `job` with this kind are given to `run` on the writer, in a savepoint, at
 * or after their time.
 *
 * What waits for others (fetching, a helper program) or takes long belongs into `prepare`: it runs
 * before on a worker, on a read-only snapshot, and leaves what it found in call->state, from
 * rh_alloc_in(). The data may have changed when `run` comes, and `run` may come twice with the same
 * state. Jobs with a `prepare` are done one at a time and keep no others waiting. An error of
 * either is a failed attempt; what failed for a reason that staff should see is better stored by
 * `run`, and is then done.
 */
struct rh_job_kind {
    const char *kind;     /* "turnus.recheck"; begins with the plugin's name */
    int32_t max_attempts; /* 0 = 10 */
    int32_t reserved;
    int32_t (*run)(struct rh_call *call, const char *key, const char *payload);
    int32_t (*prepare)(struct rh_call *call, const char *key, const char *payload); /* or NULL */
};

/*
 * A page is the answer of a READ operation seen through a template (see core/template/README.md for
 * its language). Placeholders of the path and the query become the operation's parameters.
 */
struct rh_page {
    const char *path;      /* "/turnus/{round}" */
    const char *operation; /* "turnus board" */
    const char *body;      /* the template of the page's main part */
    struct rh_text title;  /* may contain {{…}} */
    struct rh_text nav;    /* navigation entry, or empty */
    int32_t nav_order;
    int32_t reserved;
};

/* A file of the plugin's own for its pages, served under /p/<plugin>/<name> with a hash in its
 * address. */
struct rh_asset {
    const char *name;         /* "plan.css" */
    const char *content_type; /* "text/css; charset=utf-8" */
    const void *bytes;
    uint64_t size;
};

/*
 * A document is text that programs fetch again and again (a calendar feed): an address of its own,
 * served raw with ETag, Last-Modified, gzip and 304, from memory as long as the data is the same.
 * Nothing lists it, nothing logs it: what stands at the placeholders of its path may be a secret.
 *
 * The READ operation gets the placeholders as parameters and answers "content" (text) and perhaps
 * "modified_utc" (seconds since 1970: when what it shows was last changed). The answer "gone": true
 * says that there was such a document once (410); RH_ENOTFOUND (404) is shown without its sentence.
 * It is asked once after a change of the data or of the day, whoever asks; it must depend on its
 * parameters, the language ("?lang=en", else German), the data and rh_today() alone.
 */
struct rh_document {
    const char *path;         /* "/feed/{token}.ics" */
    const char *operation;    /* "feed document" */
    const char *content_type; /* "text/calendar; charset=utf-8" */
};

enum { RH_CONFIG_REQUIRED = 1, RH_CONFIG_SECRET = 2 };

/* One key in the section of the plugin: gives parsing, default, range check, nearest spelling and
 * the example file. */
struct rh_config_key {
    const char *name;
    int32_t type;         /* TEXT, INT, REAL, FLAG, CHOICE, LIST, DURATION */
    int32_t flags;        /* RH_CONFIG_… */
    const char *fallback; /* as it would stand in the file; LIST: one element a line */
    const char *choices;
    int64_t min, max;
    struct rh_text help;
};

/* Step `number` of the plugin's tables; applied once, in order, in one transaction; never edited
 * after release. */
struct rh_migration {
    int32_t number; /* 1, 2, 3, … */
    int32_t reserved;
    const char *name;
    const char *sql;
};

struct rh_plugin {
    uint32_t magic;
    uint32_t size;
    uint16_t abi_major, abi_minor;
    uint32_t reserved;
    const char *name;    /* a-z, 0-9, '_'; begins with a letter */
    const char *version; /* "1.2.0" */
    struct rh_text title;
    struct rh_table needs;                  /* struct rh_need */
    struct rh_table operations;             /* struct rh_operation */
    struct rh_table hooks;                  /* struct rh_hook */
    struct rh_table jobs;                   /* struct rh_job_kind */
    struct rh_table pages;                  /* struct rh_page */
    struct rh_table assets;                 /* struct rh_asset */
    struct rh_table config;                 /* struct rh_config_key */
    struct rh_table migrations;             /* struct rh_migration */
    int32_t (*start)(struct rh_call *call); /* on the writer, in a transaction, after the
                                               migrations; NULL is fine */
    void (*stop)(void);                     /* on the loop, after the last call; NULL is fine */
    struct rh_table documents;              /* struct rh_document */
};

#ifdef __cplusplus
}
#endif
#endif
