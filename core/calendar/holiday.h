/*
 * holiday.h - the public holidays of the 16 Länder, computed.
 *
 * Holidays are the business of the Länder; only 3 October is federal law. The table in holiday.c
 * holds one line per rule: which day, in which Länder, from which year to which. To add or end a
 * holiday, change that table and nothing else.
 *
 * Known are the years from 1991, the first full one of the 16 Länder. From 1995 the table follows
 * their laws as they stood in November 2026; for 1991 to 1994 it adds the Buß- und Bettag that all
 * of them then had, and leaves aside that the eastern Länder wrote their own laws only in those
 * years. The future is the law of today: a Land that changes it changes our answers with the next
 * release, not before. Earlier years are answered with RH_HOLIDAY_UNKNOWN, never with "no holiday".
 *
 * Where the law leaves a holiday to single municipalities, a place says so itself (struct
 * rh_place). In Hesse every Sunday is a public holiday by law; we do not list Sundays, so Easter
 * Sunday and Whit Sunday appear in Brandenburg alone, which names them.
 *
 * Pure; any thread.
 */
#ifndef CORE_CALENDAR_HOLIDAY_H
#define CORE_CALENDAR_HOLIDAY_H

#include "core/calendar/date.h"

#define RH_HOLIDAY_YEAR_MIN 1991

/*          code  Deutsch                   English */
#define RH_LANDS(X)                                                                                \
    X(BW, "Baden-Württemberg", "Baden-Württemberg")                                                \
    X(BY, "Bayern", "Bavaria")                                                                     \
    X(BE, "Berlin", "Berlin")                                                                      \
    X(BB, "Brandenburg", "Brandenburg")                                                            \
    X(HB, "Bremen", "Bremen")                                                                      \
    X(HH, "Hamburg", "Hamburg")                                                                    \
    X(HE, "Hessen", "Hesse")                                                                       \
    X(MV, "Mecklenburg-Vorpommern", "Mecklenburg-Western Pomerania")                               \
    X(NI, "Niedersachsen", "Lower Saxony")                                                         \
    X(NW, "Nordrhein-Westfalen", "North Rhine-Westphalia")                                         \
    X(RP, "Rheinland-Pfalz", "Rhineland-Palatinate")                                               \
    X(SL, "Saarland", "Saarland")                                                                  \
    X(SN, "Sachsen", "Saxony")                                                                     \
    X(ST, "Sachsen-Anhalt", "Saxony-Anhalt")                                                       \
    X(SH, "Schleswig-Holstein", "Schleswig-Holstein")                                              \
    X(TH, "Thüringen", "Thuringia")

#define RH_LAND_ENUM_(code, de, en) RH_LAND_##code,
enum rh_land {
    RH_LAND_NONE = 0, /* no Land: only the holidays that all of them keep */
    RH_LANDS(RH_LAND_ENUM_) RH_LAND_END_
};
#undef RH_LAND_ENUM_

#define RH_HOLIDAYS(X)                                                                             \
    X(NEW_YEAR, "Neujahr", "New Year's Day")                                                       \
    X(EPIPHANY, "Heilige Drei Könige", "Epiphany")                                                 \
    X(WOMENS_DAY, "Internationaler Frauentag", "International Women's Day")                        \
    X(GOOD_FRIDAY, "Karfreitag", "Good Friday")                                                    \
    X(EASTER_SUNDAY, "Ostersonntag", "Easter Sunday")                                              \
    X(EASTER_MONDAY, "Ostermontag", "Easter Monday")                                               \
    X(LABOUR_DAY, "Tag der Arbeit", "Labour Day")                                                  \
    X(LIBERATION_DAY, "Tag der Befreiung", "Liberation Day")                                       \
    X(ASCENSION, "Christi Himmelfahrt", "Ascension Day")                                           \
    X(WHIT_SUNDAY, "Pfingstsonntag", "Whit Sunday")                                                \
    X(WHIT_MONDAY, "Pfingstmontag", "Whit Monday")                                                 \
    X(CORPUS_CHRISTI, "Fronleichnam", "Corpus Christi")                                            \
    X(UPRISING_1953, "Jahrestag des Aufstandes vom 17. Juni 1953",                                 \
      "Anniversary of the Uprising of 17 June 1953")                                               \
    X(PEACE_FESTIVAL, "Augsburger Hohes Friedensfest", "Augsburg Peace Festival")                  \
    X(ASSUMPTION, "Mariä Himmelfahrt", "Assumption Day")                                           \
    X(CHILDRENS_DAY, "Weltkindertag", "World Children's Day")                                      \
    X(GERMAN_UNITY, "Tag der Deutschen Einheit", "Day of German Unity")                            \
    X(REFORMATION_DAY, "Reformationstag", "Reformation Day")                                       \
    X(ALL_SAINTS, "Allerheiligen", "All Saints' Day")                                              \
    X(REPENTANCE_DAY, "Buß- und Bettag", "Day of Repentance and Prayer")                           \
    X(CHRISTMAS_DAY, "Erster Weihnachtstag", "Christmas Day")                                      \
    X(BOXING_DAY, "Zweiter Weihnachtstag", "Second Day of Christmas")

#define RH_HOLIDAY_ENUM_(id, de, en) RH_HOLIDAY_##id,
enum rh_holiday {
    RH_HOLIDAY_UNKNOWN = -1, /* a year before RH_HOLIDAY_YEAR_MIN, or no day at all */
    RH_HOLIDAY_NONE = 0,
    RH_HOLIDAYS(RH_HOLIDAY_ENUM_) RH_HOLIDAY_END_
};
#undef RH_HOLIDAY_ENUM_

struct rh_place {
    enum rh_land land;
    /* The municipality keeps a Catholic holiday that its Land leaves to it: Assumption in Bavaria
     * (about 1,700 of 2,056 do), Corpus Christi in parts of Saxony and Thuringia. */
    bool catholic;
    bool augsburg; /* the city of Augsburg, with its Peace Festival on 8 August and Assumption */
};

/* --- Länder --- */

/* "DE-NW", "NW" (both in any case) or the German or English name. */
int32_t rh_land_parse(const char *text, enum rh_land *ret_land, struct rh_err *err);
const char *rh_land_code(enum rh_land land); /* "DE-NW"; "DE" for RH_LAND_NONE */
struct rh_text rh_land_name(enum rh_land land);

/* --- holidays --- */

/* By the Gregorian rule; RH_NO_DAY outside the supported years. */
int32_t rh_easter_sunday(int32_t year);

/* Empty texts for RH_HOLIDAY_NONE and RH_HOLIDAY_UNKNOWN. */
struct rh_text rh_holiday_name(enum rh_holiday holiday);

/* When two fall on one day (Ascension on 1 May 2008) the first of the two in RH_HOLIDAYS. */
enum rh_holiday rh_holiday_on(struct rh_place place, int32_t day);

struct rh_holiday_date {
    int32_t day;
    enum rh_holiday holiday;
};

#define RH_HOLIDAYS_OF_YEAR_MAX 24 /* more than any place ever had */

/* In the order of the days; returns how many, or RH_EINVALID when the year is not known. */
int32_t rh_holidays_of_year(struct rh_place place, int32_t year,
                            struct rh_holiday_date out[RH_HOLIDAYS_OF_YEAR_MAX],
                            struct rh_err *err);

#endif
