/*
 * date.h - days, months and ISO weeks as plain integers.
 *
 * A day is an int32_t counted from 1970-01-01 (day 0), a month is year * 12 + (month - 1); both are
 * local calendar units without a zone, so a day is never 23 hours long and subtraction is
 * arithmetic. RH_NO_DAY and RH_NO_MONTH (reihum/base.h) stand for "not set" and come out of every
 * function here that has no answer.
 *
 * The Gregorian years 1900 to 2199 are supported; what lies outside is refused, not computed.
 * Pure: no clock, no locale, no memory. Every function may be called from any thread.
 */
#ifndef CORE_CALENDAR_DATE_H
#define CORE_CALENDAR_DATE_H

#include "core/base/error.h"

#include <stdbool.h>

#define RH_YEAR_MIN  1900
#define RH_YEAR_MAX  2199
#define RH_DAY_MIN   (-25567) /* 1900-01-01 */
#define RH_DAY_MAX   84005    /* 2199-12-31 */
#define RH_MONTH_MIN (RH_YEAR_MIN * 12)
#define RH_MONTH_MAX (RH_YEAR_MAX * 12 + 11)

/* --- days --- */

struct rh_date {
    int32_t year;
    int32_t month; /* 1 to 12 */
    int32_t day;   /* 1 to 31 */
};

bool rh_year_is_leap(int32_t year);

/* True for a day between RH_DAY_MIN and RH_DAY_MAX, so false for RH_NO_DAY. */
bool rh_day_is_valid(int32_t day);

/* RH_NO_DAY when there is no such day, such as 29 February 2027. */
int32_t rh_day_of(int32_t year, int32_t month, int32_t day_of_month);

/* All zero when the day is not valid. */
struct rh_date rh_day_split(int32_t day);

/* As ISO 8601 counts: Monday is 1, Sunday 7. The day must be valid. */
int32_t rh_day_weekday(int32_t day);

/* RH_NO_DAY when the result leaves the supported years or `day` is not valid. */
int32_t rh_day_add(int32_t day, int32_t days);

/* Clips to the end of a shorter month: 31 January + 1 month = 28 or 29 February. Therefore adding
 * and taking away again need not lead back. */
int32_t rh_day_add_months(int32_t day, int32_t months);
int32_t rh_day_add_years(int32_t day, int32_t years);

/* --- months --- */

bool rh_month_is_valid(int32_t month);
int32_t rh_month_of(int32_t year, int32_t month_of_year); /* RH_NO_MONTH when there is none */
int32_t rh_month_of_day(int32_t day);
int32_t rh_month_year(int32_t month);   /* 0 when the month is not valid */
int32_t rh_month_number(int32_t month); /* 1 to 12; 0 when the month is not valid */
int32_t rh_month_first_day(int32_t month);
int32_t rh_month_last_day(int32_t month);
int32_t rh_month_length(int32_t month); /* days; 0 when the month is not valid */
int32_t rh_month_add(int32_t month, int32_t months);

/* --- ISO weeks: Monday to Sunday, week 1 holds the first Thursday of its year --- */

struct rh_week {
    int32_t year; /* of the week; around New Year not always that of the day */
    int32_t week; /* 1 to 53 */
};

struct rh_week rh_week_of_day(int32_t day);            /* all zero when not valid */
int32_t rh_week_first_day(int32_t year, int32_t week); /* its Monday, or RH_NO_DAY */
int32_t rh_year_week_count(int32_t year);              /* 52 or 53; 0 outside the years */

/* --- names, in the language asked for --- */

const char *rh_weekday_name(int32_t weekday, enum rh_lang lang);       /* Donnerstag, Thursday */
const char *rh_weekday_name_short(int32_t weekday, enum rh_lang lang); /* Do, Thu */
const char *rh_month_name(int32_t month_of_year, enum rh_lang lang);   /* März, March */
const char *rh_month_name_short(int32_t month_of_year, enum rh_lang lang); /* Mär, Mar */

/*
 * --- written ---
 *
 * Each function fills the caller's buffer and returns it, so that it can stand in an argument list.
 * A value that is not valid is written as the empty string.
 */
#define RH_DATE_TEXT_SIZE 48 /* bytes; enough for every form below */

char *rh_day_iso(int32_t day, char buffer[RH_DATE_TEXT_SIZE]);          /* 2027-05-27 */
char *rh_month_iso(int32_t month, char buffer[RH_DATE_TEXT_SIZE]);      /* 2027-05 */
char *rh_week_iso(struct rh_week week, char buffer[RH_DATE_TEXT_SIZE]); /* 2027-W21 */

/* 27.05.2027 / 27 May 2027 (month of three letters: 27/05 would be read differently overseas) */
char *rh_day_short(int32_t day, enum rh_lang lang, char buffer[RH_DATE_TEXT_SIZE]);
/* 27. Mai 2027 / 27 May 2027 */
char *rh_day_long(int32_t day, enum rh_lang lang, char buffer[RH_DATE_TEXT_SIZE]);
/* Donnerstag, 27. Mai 2027 / Thursday, 27 May 2027 */
char *rh_day_full(int32_t day, enum rh_lang lang, char buffer[RH_DATE_TEXT_SIZE]);
/* September 2027 */
char *rh_month_long(int32_t month, enum rh_lang lang, char buffer[RH_DATE_TEXT_SIZE]);
/* Sep 2027 */
char *rh_month_short(int32_t month, enum rh_lang lang, char buffer[RH_DATE_TEXT_SIZE]);

/* From first to last, the shared parts once: 24. bis 31. Dezember 2027 / 24 to 31 December 2027 */
char *rh_period_long(int32_t first, int32_t last, enum rh_lang lang,
                     char buffer[RH_DATE_TEXT_SIZE]);

/*
 * --- read ---
 *
 * The whole text must be the date; nothing is guessed, no blanks are skipped, a year has four
 * digits. On failure the output is untouched and the error is RH_EINVALID with the reason and the
 * right form.
 *
 * (The SDK's rh_day_parse() and rh_month_parse() are these, asked through a call.)
 */
int32_t rh_day_read_iso(const char *text, int32_t *ret_day, struct rh_err *err);
/* As people write it: 2027-05-27, 27.05.2027 or 27.5.2027. */
int32_t rh_day_read(const char *text, int32_t *ret_day, struct rh_err *err);
int32_t rh_month_read_iso(const char *text, int32_t *ret_month, struct rh_err *err);
/* As people write it: 2027-05, 05.2027 or 5.2027. */
int32_t rh_month_read(const char *text, int32_t *ret_month, struct rh_err *err);

#endif
