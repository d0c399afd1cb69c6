/*
 * nrw.h - a world that already has the 186 offices, the school holidays, the pilots and the round
 * 2027-2031. It is made once a program and copied for each test, so that tests may change it.
 */
#ifndef TESTS_INTEGRATION_NRW_H
#define TESTS_INTEGRATION_NRW_H

#include "tests/integration/world.h"

static char nrw_made[64]; /* the database all copies are made of */

static inline int nrw_make(void **state)
{
    struct world *w = world_open("");
    (void)state;

    must(w, "office import", "file", "@config/nrw/offices.csv");
    must(w, "holiday import", "file", "@config/nrw/school-holidays.csv");
    must(w, "procedure import", "file", "@config/nrw/pilots-2024.csv");
    must(w, "round create", "round", "2027-2031", "start", "2027-01-01", "years", "5");
    world_keep(w, nrw_made);
    return 0;
}

static inline int nrw_remove(void **state)
{
    (void)state;
    return remove(nrw_made);
}

static inline struct world *nrw_open(const char *config)
{
    return world_from(nrw_made, config);
}

/* "2028-03" as a month number. */
static inline int32_t month_of(const char *text)
{
    int32_t month = RH_NO_MONTH;

    if (rh_month_read(text, &month, NULL) < 0)
        fail_msg("'%s' is not a month", text);
    return month;
}

#endif
