#include "plugins/pilot/panel/apportion.h"

/* Is members[a] / (2 seats[a] + 1) the larger quotient? */
static int32_t comes_first(const int32_t *members, const int32_t *seats, int32_t a, int32_t b)
{
    int64_t left = (int64_t)members[a] * (2 * (int64_t)seats[b] + 1);
    int64_t right = (int64_t)members[b] * (2 * (int64_t)seats[a] + 1);

    return left != right ? left > right : members[a] > members[b];
}

void panel_apportion(const int32_t *members, int32_t count, int32_t seats, int32_t *ret_seats)
{
    int32_t filled = 0;

    for (int32_t g = 0; g < count; g++) {
        ret_seats[g] = 0;
        filled += members[g] > 0;
    }
    if (filled == 0)
        return;
    for (int32_t g = 0; g < count && filled <= seats; g++)
        ret_seats[g] = members[g] > 0;
    for (int32_t left = filled <= seats ? seats - filled : seats; left > 0; left--) {
        int32_t best = -1;

        for (int32_t g = 0; g < count; g++)
            if (members[g] > 0 && (best < 0 || comes_first(members, ret_seats, g, best)))
                best = g;
        ret_seats[best]++;
    }
}
