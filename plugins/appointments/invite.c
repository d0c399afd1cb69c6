/* What leaves by mail: nothing yet; attendees stand as not invited. */
#include "plugins/appointments/internal.h"

int32_t appointments_invite(struct rh_call *call, const char *meeting)
{
    (void)call;
    (void)meeting;
    return 0;
}

int32_t appointments_uninvite(struct rh_call *call, const char *meeting, int64_t attendee)
{
    (void)call;
    (void)meeting;
    (void)attendee;
    return 0;
}
