#include "core/calendar/holiday.h"

#include "core/calendar/quote.h"

#include <string.h>
#include <strings.h>

/* --- Länder --- */

static const struct {
    const char *code;
    struct rh_text name;
} lands[] = {[RH_LAND_NONE] = {"DE", {"Deutschland", "Germany"}},
#define LAND(code, de, en) [RH_LAND_##code] = {"DE-" #code, {de, en}},
             RH_LANDS(LAND)
#undef LAND
};

static bool is_land(enum rh_land land)
{
    return land >= RH_LAND_NONE && land < RH_LAND_END_;
}

int32_t rh_land_parse(const char *text, enum rh_land *ret_land, struct rh_err *err)
{
    for (int i = RH_LAND_NONE + 1; i < RH_LAND_END_; i++)
        if (strcasecmp(text, lands[i].code) == 0 || strcasecmp(text, lands[i].code + 3) == 0 ||
            strcmp(text, lands[i].name.de) == 0 || strcmp(text, lands[i].name.en) == 0) {
            *ret_land = (enum rh_land)i;
            return 0;
        }
    return rh_err_set(
        err, RH_EINVALID, "Bundesland '%.*s' ist unbekannt; erwartet wird ein Kürzel wie DE-NW",
        "Land '%.*s' is unknown; expected is a code such as DE-NW", rh_calendar_quote(text), text);
}

const char *rh_land_code(enum rh_land land)
{
    return is_land(land) ? lands[land].code : "";
}

struct rh_text rh_land_name(enum rh_land land)
{
    return is_land(land) ? lands[land].name : RH_TEXT("", "");
}

/* --- rules --- */

enum when {
    FIXED,  /* month and day */
    EASTER, /* days from Easter Sunday */
    ADVENT, /* days from the first Sunday in Advent */
};

enum local { EVERYWHERE, CATHOLIC, AUGSBURG };

struct rule {
    enum rh_holiday holiday;
    enum when when;
    int32_t month;
    int32_t day; /* of the month, or the distance */
    uint32_t lands;
    enum local local;
    int32_t from, until; /* years; 0 = open */
};

#define IN(code) (1u << RH_LAND_##code)
/* Bit 0 is RH_LAND_NONE, which keeps what all Länder keep. */
#define ALL      ((1u << RH_LAND_END_) - 1)
#define ALWAYS   0, 0
#define IN_(y)   y, y
#define SINCE(y) y, 0
#define UNTIL(y) 0, y

static const struct rule rules[] = {
    {RH_HOLIDAY_NEW_YEAR, FIXED, 1, 1, ALL, EVERYWHERE, ALWAYS},
    {RH_HOLIDAY_EPIPHANY, FIXED, 1, 6, IN(BW) | IN(BY) | IN(ST), EVERYWHERE, ALWAYS},
    {RH_HOLIDAY_WOMENS_DAY, FIXED, 3, 8, IN(BE), EVERYWHERE, SINCE(2019)},
    {RH_HOLIDAY_WOMENS_DAY, FIXED, 3, 8, IN(MV), EVERYWHERE, SINCE(2023)},
    {RH_HOLIDAY_GOOD_FRIDAY, EASTER, 0, -2, ALL, EVERYWHERE, ALWAYS},
    {RH_HOLIDAY_EASTER_SUNDAY, EASTER, 0, 0, IN(BB), EVERYWHERE, ALWAYS},
    {RH_HOLIDAY_EASTER_MONDAY, EASTER, 0, 1, ALL, EVERYWHERE, ALWAYS},
    {RH_HOLIDAY_LABOUR_DAY, FIXED, 5, 1, ALL, EVERYWHERE, ALWAYS},
    {RH_HOLIDAY_LIBERATION_DAY, FIXED, 5, 8, IN(BE), EVERYWHERE, IN_(2020)},
    {RH_HOLIDAY_LIBERATION_DAY, FIXED, 5, 8, IN(BE), EVERYWHERE, IN_(2025)},
    {RH_HOLIDAY_ASCENSION, EASTER, 0, 39, ALL, EVERYWHERE, ALWAYS},
    {RH_HOLIDAY_WHIT_SUNDAY, EASTER, 0, 49, IN(BB), EVERYWHERE, ALWAYS},
    {RH_HOLIDAY_WHIT_MONDAY, EASTER, 0, 50, ALL, EVERYWHERE, ALWAYS},
    {RH_HOLIDAY_CORPUS_CHRISTI, EASTER, 0, 60, IN(BW) | IN(BY) | IN(HE) | IN(NW) | IN(RP) | IN(SL),
     EVERYWHERE, ALWAYS},
    {RH_HOLIDAY_CORPUS_CHRISTI, EASTER, 0, 60, IN(SN) | IN(TH), CATHOLIC, ALWAYS},
    {RH_HOLIDAY_UPRISING_1953, FIXED, 6, 17, IN(BE), EVERYWHERE, IN_(2028)},
    {RH_HOLIDAY_PEACE_FESTIVAL, FIXED, 8, 8, IN(BY), AUGSBURG, ALWAYS},
    {RH_HOLIDAY_ASSUMPTION, FIXED, 8, 15, IN(SL), EVERYWHERE, ALWAYS},
    {RH_HOLIDAY_ASSUMPTION, FIXED, 8, 15, IN(BY), CATHOLIC, ALWAYS},
    {RH_HOLIDAY_CHILDRENS_DAY, FIXED, 9, 20, IN(TH), EVERYWHERE, SINCE(2019)},
    {RH_HOLIDAY_GERMAN_UNITY, FIXED, 10, 3, ALL, EVERYWHERE, ALWAYS},
    {RH_HOLIDAY_REFORMATION_DAY, FIXED, 10, 31, IN(BB) | IN(MV) | IN(SN) | IN(ST) | IN(TH),
     EVERYWHERE, ALWAYS},
    {RH_HOLIDAY_REFORMATION_DAY, FIXED, 10, 31, IN(HB) | IN(HH) | IN(NI) | IN(SH), EVERYWHERE,
     SINCE(2018)},
    /* 500 years of Reformation */
    {RH_HOLIDAY_REFORMATION_DAY, FIXED, 10, 31, ALL, EVERYWHERE, IN_(2017)},
    {RH_HOLIDAY_ALL_SAINTS, FIXED, 11, 1, IN(BW) | IN(BY) | IN(NW) | IN(RP) | IN(SL), EVERYWHERE,
     ALWAYS},
    /* Given up everywhere but in Saxony to pay for the long-term care insurance of 1995. It is the
     * Wednesday before the last Sunday of the church year, eleven days before Advent. */
    {RH_HOLIDAY_REPENTANCE_DAY, ADVENT, 0, -11, ALL, EVERYWHERE, UNTIL(1994)},
    {RH_HOLIDAY_REPENTANCE_DAY, ADVENT, 0, -11, IN(SN), EVERYWHERE, SINCE(1995)},
    {RH_HOLIDAY_CHRISTMAS_DAY, FIXED, 12, 25, ALL, EVERYWHERE, ALWAYS},
    {RH_HOLIDAY_BOXING_DAY, FIXED, 12, 26, ALL, EVERYWHERE, ALWAYS},
};

#define RULE_COUNT (sizeof(rules) / sizeof(rules[0]))

/* The moments of a year from which the movable days are counted. */
struct anchors {
    int32_t year;
    int32_t easter;
    int32_t advent;
};

/*
 * Gauss's rule in Lichtenberg's form: find the full moon of spring as a day of March, then the
 * Sunday after it. The two corrections keep the moon on 18 April or before, as the church's tables
 * do.
 */
static int32_t easter_sunday(int32_t year)
{
    int32_t century = year / 100;
    int32_t moon_shift = 15 + (3 * century + 3) / 4 - (8 * century + 13) / 25;
    int32_t sun_shift = 2 - (3 * century + 3) / 4;
    int32_t cycle = year % 19;
    int32_t seed = (19 * cycle + moon_shift) % 30;
    int32_t correction = (seed + cycle / 11) / 29;
    int32_t full_moon = 21 + seed - correction;
    int32_t first_sunday = 7 - (year + year / 4 + sun_shift) % 7;
    int32_t gap = 7 - (full_moon - first_sunday) % 7;

    return rh_day_of(year, 3, 1) + full_moon + gap - 1;
}

int32_t rh_easter_sunday(int32_t year)
{
    return year < RH_YEAR_MIN || year > RH_YEAR_MAX ? RH_NO_DAY : easter_sunday(year);
}

static struct anchors anchors_of(int32_t year)
{
    int32_t eve = rh_day_of(year, 12, 24);

    return (struct anchors){
        .year = year,
        .easter = easter_sunday(year),
        /* The fourth Sunday in Advent is Christmas Eve or the Sunday before it. */
        .advent = eve - rh_day_weekday(eve) % 7 - 21,
    };
}

static int32_t day_of_rule(const struct rule *rule, const struct anchors *anchors)
{
    switch (rule->when) {
    case FIXED:
        return rh_day_of(anchors->year, rule->month, rule->day);
    case EASTER:
        return anchors->easter + rule->day;
    case ADVENT:
        return anchors->advent + rule->day;
    }
    return RH_NO_DAY;
}

static bool rule_holds(const struct rule *rule, struct rh_place place, int32_t year)
{
    bool local = rule->local == EVERYWHERE || (rule->local == AUGSBURG && place.augsburg) ||
                 (rule->local == CATHOLIC && (place.catholic || place.augsburg));

    return local && is_land(place.land) && (rule->lands & 1u << place.land) && year >= rule->from &&
           (!rule->until || year <= rule->until);
}

/* --- answers --- */

struct rh_text rh_holiday_name(enum rh_holiday holiday)
{
    static const struct rh_text names[] = {[RH_HOLIDAY_NONE] = {"", ""},
#define NAME(id, de, en) [RH_HOLIDAY_##id] = {de, en},
                                           RH_HOLIDAYS(NAME)
#undef NAME
    };

    if (holiday <= RH_HOLIDAY_NONE || holiday >= RH_HOLIDAY_END_)
        return names[RH_HOLIDAY_NONE];
    return names[holiday];
}

enum rh_holiday rh_holiday_on(struct rh_place place, int32_t day)
{
    struct anchors anchors;
    int32_t year = rh_day_split(day).year;

    if (year < RH_HOLIDAY_YEAR_MIN)
        return RH_HOLIDAY_UNKNOWN;
    anchors = anchors_of(year);
    for (size_t i = 0; i < RULE_COUNT; i++)
        if (rule_holds(&rules[i], place, year) && day_of_rule(&rules[i], &anchors) == day)
            return rules[i].holiday;
    return RH_HOLIDAY_NONE;
}

/* Keeps the list in the order of the days; a holiday that two rules give is one holiday. */
static int32_t insert(struct rh_holiday_date *out, int32_t count, struct rh_holiday_date one)
{
    int32_t at = count;

    for (int32_t i = 0; i < count; i++)
        if (out[i].holiday == one.holiday)
            return count;
    for (; at > 0 && out[at - 1].day > one.day; at--)
        out[at] = out[at - 1];
    out[at] = one;
    return count + 1;
}

int32_t rh_holidays_of_year(struct rh_place place, int32_t year,
                            struct rh_holiday_date out[RH_HOLIDAYS_OF_YEAR_MAX], struct rh_err *err)
{
    struct anchors anchors;
    int32_t count = 0;

    /* insert() keeps each holiday once, so the count cannot pass the number of holidays. */
    _Static_assert(RH_HOLIDAY_END_ - 1 <= RH_HOLIDAYS_OF_YEAR_MAX, "a year has room for all");
    if (year < RH_HOLIDAY_YEAR_MIN || year > RH_YEAR_MAX)
        return rh_err_set(err, RH_EINVALID,
                          "Feiertage sind für die Jahre %d bis %d bekannt, nicht für %d",
                          "public holidays are known for the years %d to %d, not for %d",
                          RH_HOLIDAY_YEAR_MIN, RH_YEAR_MAX, year);
    anchors = anchors_of(year);
    for (size_t i = 0; i < RULE_COUNT; i++)
        if (rule_holds(&rules[i], place, year))
            count = insert(
                out, count,
                (struct rh_holiday_date){day_of_rule(&rules[i], &anchors), rules[i].holiday});
    return count;
}
