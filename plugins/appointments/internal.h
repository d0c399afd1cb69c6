/*
 * The inside of the plugin: the meetings of procedures and the events for all.
 *
 * A file is one thing; what others need of it is declared here, under its name. All functions run
 * in the call they are given: they return 0 or RH_E… with a sentence for the person, and what they
 * wrote goes with the call. Texts they give out live as long as the call.
 */
#ifndef PLUGINS_APPOINTMENTS_INTERNAL_H
#define PLUGINS_APPOINTMENTS_INTERNAL_H

#include "plugins/appointments/token/token.h"
#include "reihum/plugin.h"

#include <stdbool.h>

extern const char appointments_schema_1[];

/* ---- time.c: when ---- */

/* From a minute to another of one day, as the clock on the wall in Europe/Berlin shows them. */
struct span {
    int32_t day, start, end; /* day number, minutes from midnight */
    int64_t start_utc, end_utc;
};

/* "9:00" in minutes from midnight; 24:00 is 1440. `what` names it in the sentence ("--at"). */
int32_t clock_read(struct rh_call *call, const char *what, const char *text, int32_t *ret_minute);
const char *clock_text(struct rh_call *call, int32_t minute);
/* Fills in start_utc and end_utc. RH_EINVALID: ends before it begins, or a time that does not exist
 * or comes twice that day (the clock is changed). */
int32_t span_complete(struct rh_call *call, struct span *span);
/* From the parameters `on`, `at` and `until`. What is not given is as in `fallback`, which may be
 * NULL. */
int32_t span_of_params(struct rh_call *call, const struct span *fallback, struct span *ret_span);
/* "Di 09.03.2027, 9:00–16:00 Uhr" in the language of the call. */
const char *span_text(struct rh_call *call, const struct span *span);

/* ---- find.c: meetings, procedures, steps as people name them ---- */

struct meeting {
    const char *id;
    const char *procedure, *office, *step; /* NULL: an event for all */
    const char *conference;                /* or NULL */
    const char *title_de, *title_en;
    struct span at;
    const char *place, *video, *note; /* or NULL */
    const char *state;                /* "held", "fixed", "cancelled" */
    const char *token;
    int64_t sequence, poll; /* poll: 0 = none */
    bool mails;             /* invitations leave from here */
};

/* RH_ENOTFOUND without one. */
int32_t meeting_load(struct rh_call *call, const char *id, struct meeting *ret_meeting);
/* The meeting named by the parameter `meeting`: its id, or 'lemgo/session' for the fixed one. */
int32_t meeting_named(struct rh_call *call, struct meeting *ret_meeting);
/* A procedure as v_procedure has it, planned or running, by its id or office. */
int32_t procedure_named(struct rh_call *call, const char *named, const char **ret_procedure,
                        const char **ret_office);
/* The answer of 'process show' for the process that the procedure has, or will have. */
int32_t process_of(struct rh_call *call, const char *procedure, const char **ret_process);
/* Is `step` an appointment of that procedure's process? Its titles, and its usual times in minutes
 * (-1: none). RH_ENOTFOUND, RH_EINVALID. */
struct step_kind {
    const char *title_de, *title_en;
    int32_t at, until;
};
int32_t step_named(struct rh_call *call, const char *procedure, const char *step,
                   struct step_kind *ret_kind);

/* ---- people.c: who takes part ---- */

struct person {
    const char *kind, *ref; /* "moderator", "contact"; ref: its id */
    const char *name, *email, *language;
    const char *role; /* "required", "optional" */
};
#define PEOPLE_MAX 64

/* The published team of a procedure and the contacts of its office (config: office_required,
 * office_optional) on `day`. Returns how many. */
int32_t people_of(struct rh_call *call, const char *procedure, int32_t day,
                  struct person people[PEOPLE_MAX]);
/* For an event: one person of each open office ("offices"), each active moderator ("moderators"),
 * or both ("all"); all optional. Returns how many. */
int32_t people_of_all(struct rh_call *call, const char *with, struct person **ret_people);

/* ---- clash.c: may it be then? ---- */

/* What stands against a time, in both languages. */
struct clash {
    const char *kind; /* as in appointments_trouble */
    const char *who;  /* moderator, office, other meeting */
    const char *de, *en;
};
#define CLASHES_MAX 32

/* What is asked: may these people of this office (NULL: the Land) meet then? */
struct question {
    const char *procedure, *step; /* their order counts; NULL: an event */
    const char *office;
    struct rh_calendar *calendar; /* of that office, when it is open already; else NULL */
    const struct person *people;
    int32_t count;
    const struct span *at;
    const char *except; /* a meeting that does not count: the one that is moved; or NULL */
    int64_t poll;       /* nor do the holds of this poll; 0 = none */
    bool busy_is_fine;  /* times from other people's calendars do not hinder */
};

/* No working day, somebody required absent, blocked or in another meeting (fixed or held). Returns
 * how many; beyond CLASHES_MAX they are not counted. */
int32_t clash_find(struct rh_call *call, const struct question *question,
                   struct clash clashes[CLASHES_MAX]);
/* RH_ECONFLICT with the first of them, or with a step that should come before or behind;
 * RH_EINVALID when the time is over; says what is unusual but
 * possible (school holidays, early or late hours). */
int32_t clash_refuse(struct rh_call *call, const struct question *question);
/* order.c: before the procedure begins, or in front of an earlier step. RH_ECONFLICT. */
int32_t order_refuse(struct rh_call *call, const struct question *question);
/* The question whether a meeting may stay when it is. */
int32_t meeting_question(struct rh_call *call, const struct meeting *meeting,
                         struct person people[PEOPLE_MAX], struct question *ret_question);

/* ---- meetings.c: what becomes of a meeting; each tells the procedure, others and calendars ----
 */

struct wish {
    const char *procedure, *office, *step; /* NULL: an event for all */
    const char *conference;
    const char *title_de, *title_en;
    struct span at;
    const char *place, *video, *note;
    const char *plan; /* which planning, or NULL */
    int64_t poll;     /* 0 = none */
    bool held;        /* tentative: no invitations, the procedure is not told */
    bool mails;
};

/* Asks nobody whether it may be then (clash_refuse() does); one fixed meeting of a step exists at
 * most, another one is RH_ECONFLICT. */
int32_t meeting_add(struct rh_call *call, const struct wish *wish, const struct person *people,
                    int32_t count, const char **ret_id);
/* Another day, time or place; answers are asked for anew when day or time are others. */
int32_t meeting_change(struct rh_call *call, const struct meeting *meeting, const struct span *at,
                       const char *place, const char *video, const char *note, const char *reason);
/* A held one becomes the meeting that is fixed. */
int32_t meeting_confirm(struct rh_call *call, const struct meeting *meeting);
/* A fixed one is called off, a held one let go. */
int32_t meeting_end(struct rh_call *call, const struct meeting *meeting, const char *reason);
/* `step date` of the procedure, when it is on its way and has not heard yet; nothing else. */
int32_t meeting_tell_procedure(struct rh_call *call, const char *id);
int32_t attendee_add(struct rh_call *call, const struct meeting *meeting,
                     const struct person *person);
int32_t attendee_remove(struct rh_call *call, const struct meeting *meeting, int64_t attendee,
                        const char *reason);

/* What somebody answered: "accepted", "declined", "tentative" (mail, link or by hand). Event
 * appointments.answered {attendee, was, is}. The order of answers is the caller's business. */
struct answer {
    const char *partstat, *comment;
    int64_t sequence, stamp_utc; /* of the answer; with links and by hand those of now */
};
int32_t attendee_answered(struct rh_call *call, const struct meeting *meeting, int64_t attendee,
                          const struct answer *answer);

/* ---- desk.c: what people do with meetings ---- */

/* RH_EINVALID when it is no https address; NULL is fine. */
int32_t video_check(struct rh_call *call, const char *video);
const char *office_name(struct rh_call *call, const char *office);
/* RH_ECONFLICT when the step is done or skipped. */
int32_t step_refuse_done(struct rh_call *call, const char *procedure, const char *step);
int32_t appointment_fix(struct rh_call *call);
int32_t appointment_move(struct rh_call *call);
int32_t appointment_cancel(struct rh_call *call);
int32_t appointment_answer(struct rh_call *call);
int32_t appointment_resend(struct rh_call *call);

/* ---- invite.c: what leaves by mail ---- */

/* The current REQUEST of a fixed meeting to each attendee with an address who has not got this
 * version (invited_sequence and invited_utc say which they have; NULL: none, or it is to go again).
 * Nothing about what is over, nothing when `mails` is 0. */
int32_t appointments_invite(struct rh_call *call, const char *meeting);
/* CANCEL to an attendee who was invited; 0: to all of them, the
 * meeting is called off. */
int32_t appointments_uninvite(struct rh_call *call, const char *meeting, int64_t attendee);
/* The current REQUEST once more to one, who asked for it (REFRESH). */
int32_t appointments_resend(struct rh_call *call, const char *meeting, int64_t attendee);
/* DECLINECOUNTER: what this attendee proposed is not taken; `words` of a person, or NULL. */
int32_t appointments_decline_counter(struct rh_call *call, const char *meeting, int64_t attendee,
                                     const char *words);
int32_t appointments_people_job(struct rh_call *call, const char *key, const char *payload);

/* ---- told.c ---- */

extern const char appointments_schema_told[];

/* ---- export.c: meetings as a file ---- */

int32_t appointment_export(struct rh_call *call);
/* The same behind an address, for the links on pages. */
int32_t appointment_file(struct rh_call *call);

/* ---- feed.c: calendars to subscribe to ---- */

int32_t feed_create(struct rh_call *call);
int32_t feed_rotate(struct rh_call *call);
int32_t feed_revoke(struct rh_call *call);
int32_t feed_list(struct rh_call *call);
int32_t feed_document(struct rh_call *call);

/* ---- busy.c: calendars that moderators keep elsewhere ---- */

extern const char appointments_schema_busy[]; /* in busy_store.c */
int32_t busy_add(struct rh_call *call);
int32_t busy_import(struct rh_call *call);
int32_t busy_refresh(struct rh_call *call);
int32_t busy_keep(struct rh_call *call); /* the commit of these three */
int32_t busy_list(struct rh_call *call);
int32_t busy_remove(struct rh_call *call);
int32_t busy_job_prepare(struct rh_call *call, const char *key, const char *payload);
int32_t busy_job(struct rh_call *call, const char *key, const char *payload);

/* ---- trouble.c: dates that became impossible ---- */

/* Looks at the meetings ahead that are fixed or held by the planning (of one procedure; NULL: all)
 * and keeps what stands against them: events appointments.impossible and .possible. */
int32_t trouble_look(struct rh_call *call, const char *procedure);
/* The one that was changed, and those that have troubles already: they may fit again. */
int32_t trouble_again(struct rh_call *call, const char *meeting);
int32_t appointment_impossible(struct rh_call *call);

/* ---- hooks.c: what happens elsewhere ---- */

int32_t on_step(struct rh_call *call, const struct rh_event *event);
int32_t on_cancelled(struct rh_call *call, const struct rh_event *event);
int32_t on_plan(struct rh_call *call, const struct rh_event *event);
int32_t on_change(struct rh_call *call, const struct rh_event *event);
int32_t on_team(struct rh_call *call, const struct rh_event *event);
int32_t on_moved(struct rh_call *call, const struct rh_event *event);
int32_t on_conference(struct rh_call *call, const struct rh_event *event);
int32_t on_conference_invited(struct rh_call *call, const struct rh_event *event);
int32_t on_conference_answered(struct rh_call *call, const struct rh_event *event);
int32_t tell_job(struct rh_call *call, const char *key, const char *payload);

/* ---- answers.c: what calendars answer by mail ---- */

int32_t on_mail(struct rh_call *call, const struct rh_event *event);
int32_t answer_prepare(struct rh_call *call, const char *key, const char *payload);
int32_t answer_job(struct rh_call *call, const char *key, const char *payload);
/* The mail does not wait in the inbox any more. */
int32_t answer_tick_off(struct rh_call *call, int64_t inbound);

/* ---- review.c: what of it a person decides ---- */

int32_t review_list(struct rh_call *call);
int32_t review_show(struct rh_call *call);
int32_t review_accept(struct rh_call *call);
int32_t review_decline(struct rh_call *call);
int32_t review_dismiss(struct rh_call *call);

/* ---- planning.c ---- */

/* The date that the planning holds for a step makes room for the one that people choose. */
int32_t planning_release(struct rh_call *call, const char *procedure, const char *step);

/* ---- show.c ---- */

int32_t appointment_list(struct rh_call *call);
int32_t appointment_show(struct rh_call *call);
int32_t appointment_dates(struct rh_call *call);

/* ---- calendar.c ---- */

int32_t appointment_month(struct rh_call *call);
int32_t appointment_week(struct rh_call *call);

/* ---- poll.c: which date suits? ---- */

int32_t appointment_poll(struct rh_call *call);
int32_t poll_decide(struct rh_call *call);
int32_t poll_close(struct rh_call *call);
int32_t poll_remind(struct rh_call *call);
int32_t poll_vote(struct rh_call *call);
/* Whose link that is; RH_ENOTFOUND. */
int32_t poll_voter(struct rh_call *call, const char *token, int64_t *ret_voter, int64_t *ret_poll);
/* At its end: by its rule, or closed without a date. */
int32_t poll_job(struct rh_call *call, const char *key, const char *payload);
/* Closes the open polls of a procedure. */
int32_t polls_end(struct rh_call *call, const char *procedure, const char *reason);

/* ---- poll_show.c ---- */

int32_t poll_list(struct rh_call *call);
int32_t poll_show(struct rh_call *call);
int32_t poll_sheet(struct rh_call *call);

#endif
