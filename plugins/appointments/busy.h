/*
 * busy.h - calendars of moderators that somebody else keeps: fetched, read, and what became of it.
 *
 * What is kept of them is when somebody is not free, never why. The copy that was read well last is
 * kept until there is a better one.
 */
#ifndef PLUGINS_APPOINTMENTS_BUSY_H
#define PLUGINS_APPOINTMENTS_BUSY_H

#include "plugins/appointments/internal.h"

/* A row of appointments_busy_source. */
struct busy_source {
    int64_t id;                       /* 0: not stored yet */
    const char *moderator, *name;     /* name: of the moderator */
    const char *url;                  /* "file:NAME" for one that was handed over */
    const char *etag, *last_modified; /* or NULL */
    const char *until;                /* the last day that the copy knows of, or NULL */
    int64_t failures, next_utc;
};

/* What a try to read one brought; made on a worker, stored on the writer. */
struct busy_news {
    struct busy_source source;
    const char *calendar; /* JSON of appointments-reader; NULL: nothing new, or a failure */
    const char *until;    /* the last day it knows of */
    const char *etag, *last_modified;
    struct rh_text fault; /* en NULL: it went well */
    int32_t code;         /* of the fault */
    struct busy_news *next;
};

/* ---- busy_read.c: on workers ---- */

/* https for webcal; RH_EINVALID for what cannot be fetched, or has a password in it. */
int32_t busy_address(struct rh_call *call, const char *given, const char **ret_url);
/* "calendar.example.org": an address is a secret, its host is not. */
const char *busy_host(struct rh_call *call, const char *url);
/* Fetches and reads; a fault is part of the news, < 0 is a failure of ours. */
int32_t busy_fetch(struct rh_call *call, const struct busy_source *source,
                   struct busy_news **ret_news);
/* The same for bytes that are here. */
int32_t busy_parse(struct rh_call *call, const struct busy_source *source, const char *bytes,
                   size_t size, struct busy_news **ret_news);

/* ---- busy_store.c: on the writer ---- */

int32_t busy_load(struct rh_call *call, int64_t id, struct busy_source *ret_source);
/* Stores the news, looks at what meetings it makes impossible, and asks for the next time. */
int32_t busy_store(struct rh_call *call, const struct busy_news *news);

#endif
