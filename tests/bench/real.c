#include "tests/bench/build.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROUND_START = 2027 * 12 };

/* The shipped files contain neither quotes nor commas inside a field, so a plain split is enough
 * here. */
static int split(char *line, char *field[], int most)
{
    int count = 0;

    line[strcspn(line, "\r\n")] = '\0';
    for (char *next = line; next && count < most;) {
        field[count++] = strsep(&next, ",");
    }
    return count;
}

static int32_t class_of(int32_t kind, long population)
{
    static const long city[] = {500000, 200000, 100000, 50000}, district[] = {200000, 100000};

    if (kind == 0) {
        for (int32_t c = 0; c < 4; c++)
            if (population > city[c])
                return c;
        return 4;
    }
    return population > district[0] ? 0 : population > district[1] ? 1 : 2;
}

/* id,name,short_name,kind,region,ags,population,latitude,longitude,source_note */
enum { KIND = 3, REGION, AGS, POPULATION, LATITUDE, LONGITUDE, NOTE, COLUMNS };

static int32_t read_offices(struct bench_instance *instance, const char *path)
{
    FILE *file = fopen(path, "r");
    char line[1024], *field[COLUMNS];
    int32_t count = 0;

    instance->office = rh_arena_array(&instance->arena, 1000, sizeof(instance->office[0]));
    while (file && instance->office && count < 1000 && fgets(line, sizeof(line), file)) {
        struct bench_office *o = &instance->office[count];

        if (split(line, field, COLUMNS) < COLUMNS || strcmp(field[0], "id") == 0)
            continue;
        o->kind = strcmp(field[KIND], "district") == 0;
        o->region = strcmp(field[REGION], "LWL") == 0;
        o->class = class_of(o->kind, strtol(field[POPULATION], NULL, 10));
        o->north = strtod(field[LATITUDE], NULL) * 111.2;
        o->east = strtod(field[LONGITUDE], NULL) * 111.2 * 0.623; /* cos 51.5° */
        o->previous = strstr(field[NOTE], "pilot site") ? 2024 * 12 - ROUND_START : RH_NO_MONTH;
        count++;
    }
    if (file)
        fclose(file);
    return count;
}

/* Days since 1 January 2027, the start of the round. */
static int32_t day_number(const char *iso)
{
    static const int32_t before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
    int32_t year = (int32_t)strtol(iso, NULL, 10), month = (int32_t)strtol(iso + 5, NULL, 10);
    int32_t day = (int32_t)strtol(iso + 8, NULL, 10), leap = 0;

    for (int32_t y = 2027; y < year; y++)
        leap += y % 4 == 0;
    return (year - 2027) * 365 + leap + before[month - 1] + (year % 4 == 0 && month > 2) + day - 1;
}

static void read_holidays(struct bench_months *months, const char *path)
{
    enum { DAYS = 1826 };
    static uint8_t off[DAYS + 1];
    FILE *file = fopen(path, "r");
    char line[1024], *field[4];

    memset(off, 0, sizeof(off));
    while (file && fgets(line, sizeof(line), file)) {
        int32_t first, last;

        if (split(line, field, 4) < 3 || strcmp(field[0], "name") == 0)
            continue;
        first = day_number(field[1]);
        last = day_number(field[2]);
        for (int32_t d = first < 0 ? 0 : first; d <= last && d < DAYS; d++)
            off[d] = 1;
    }
    if (file)
        fclose(file);
    for (int32_t t = 0; t < BENCH_MONTHS_ALL; t++) {
        char iso[2][40];
        int32_t work = 0, school = 0;

        for (int32_t k = 0; k < 2; k++)
            (void)snprintf(iso[k], sizeof(iso[k]), "%04d-%02d-01", 2027 + (t + k) / 12,
                           (t + k) % 12 + 1);
        for (int32_t d = day_number(iso[0]); d < day_number(iso[1]); d++) {
            int32_t weekday = (d + 4) % 7; /* 1 January 2027 is a Friday; 0 = Monday */

            work += weekday < 5;
            school += weekday < 5 && !off[d];
        }
        months->open[t] = school >= 5;
        months->holiday[t] = school * 2 < work;
    }
}

int32_t bench_real(struct bench_instance *instance, const char *offices_csv,
                   const char *holidays_csv, int32_t rules, uint64_t seed, struct rh_err *err)
{
    struct rh_dice dice = {seed * 1000003};
    struct bench_wants wants = {
        .earliest = 42,
        .latest = 78,
        .blackouts = rules > 0,
        .fixed = rules * 3,
        .wishes = rules * 10,
        .aparts = rules,
        .togethers = rules,
        .shares = 1,
        .neighbour_km = 25,
        .neighbour_distance = 1,
        .capacity = 5,
    };

    *instance = (struct bench_instance){.arena = RH_ARENA_INIT((size_t)1 << 30)};
    wants.offices = read_offices(instance, offices_csv);
    if (wants.offices == 0)
        return rh_err_set(err, RH_ENOTFOUND, "keine Ämter in '%s'", "no offices in '%s'",
                          offices_csv);
    read_holidays(&wants.months, holidays_csv);
    return bench_build(instance, &wants, &dice) < 0 ? rh_err_nomem(err) : 0;
}
