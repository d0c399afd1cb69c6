/*
 * The inside of the plugin: all offices asked at once, and who answered.
 *
 * An *occasion* is what they are asked about: a conference that they are invited to, or a survey
 * that is open for a while. Both are the same but for their words: one mail an office, reminders
 * for those who have not answered, an answer that stops them. What differs stands in struct sort.
 *
 *     occasion.c   created, listed, closed           invite.c   who is written to, once
 *     reminders.c  on which day, and until when      answer.c   what an office said
 */
#ifndef PLUGINS_CONFERENCES_INTERNAL_H
#define PLUGINS_CONFERENCES_INTERNAL_H

#include "reihum/plugin.h"

extern const char conferences_schema_1[], conferences_schema_2[];

/* What makes a conference differ from a survey. */
struct sort {
    const char *name; /* "conference": the parameter, the noun, the column `sort` */
    struct rh_text what;
    const char *template_name; /* of the invitation */
    const char *example;       /* of an id */
};
extern const struct sort conference_sort, survey_sort;

struct occasion {
    const char *id, *title_de, *title_en;
    const char *place;    /* where: a town, or the address of the questions */
    const char *audience; /* role of the contact */
    const char *region;   /* NULL: all */
    int32_t day;          /* of the conference; the first one of the survey */
    int32_t answer_by;
    int32_t closed;
    int64_t start, end; /* of a conference: minutes from midnight; -1: not said */
};

/* ---- occasion.c ---- */

/* The one in the parameter that is named after its sort. */
int32_t find_occasion(struct rh_call *call, const struct sort *sort, struct occasion *ret);
int32_t refuse_closed(struct rh_call *call, const struct sort *sort, const struct occasion *one);
/* Its members and how many answered, as members of the answer. */
int32_t put_occasion(struct rh_call *call, const struct sort *sort, const struct occasion *one);
int32_t conference_create(struct rh_call *call);
int32_t conference_list(struct rh_call *call);
int32_t conference_close(struct rh_call *call);
int32_t survey_create(struct rh_call *call);
int32_t survey_list(struct rh_call *call);
int32_t survey_close(struct rh_call *call);

/* ---- invite.c ---- */

int32_t conference_preview(struct rh_call *call);
int32_t conference_invite(struct rh_call *call);
int32_t survey_preview(struct rh_call *call);
int32_t survey_invite(struct rh_call *call);

/* ---- reminders.c ---- */

struct guest {
    const char *office, *office_name, *name, *email;
    int64_t person;
    int32_t lang;
    int32_t written_today; /* a mail of another kind went to the address today */
};

#define OFFICE_HOUR_S 28800 /* 8:00 UTC: 9:00 or 10:00 in Berlin, within everybody's hours */

/* The working day from `day` on (direction 1) or back (-1) that lies in no quiet time: the days
 * between Christmas and New Year, and school holidays. */
int32_t free_day(struct rh_call *call, const char *office, int32_t day, int32_t direction,
                 int32_t *ret_day);
/* When the invitation leaves: seconds since 1970, 0 = at once. No other mail of ours goes to the
 * person that day. */
int32_t invitation_time(struct rh_call *call, const struct occasion *one, const struct guest *guest,
                        int32_t first_day, int64_t *ret_at);
/* Queues the reminders that wait for those who do not answer; they leave unless dropped. */
int32_t queue_reminders(struct rh_call *call, const struct sort *sort, const struct occasion *one,
                        const struct guest *guest, const char *answer);
/* Those of the office that have not left do not leave; `office` NULL: of all. */
int32_t drop_reminders(struct rh_call *call, const char *occasion, const char *office);
/* "reminders": on which days, and to whom, as an array of the answer. */
int32_t put_reminder_days(struct rh_call *call, const struct sort *sort,
                          const struct occasion *one);
/* {"name":…, "title":…, "day":…} for the templates. */
const char *mail_fields(struct rh_call *call, const struct occasion *one,
                        const struct guest *guest);

/* ---- answer.c ---- */

int32_t conference_show(struct rh_call *call);
int32_t conference_answer(struct rh_call *call);
int32_t survey_show(struct rh_call *call);
int32_t survey_answer(struct rh_call *call);

#endif
