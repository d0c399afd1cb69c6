/*
 * What leaves by mail about a meeting, and when: the REQUEST that somebody has not got yet, the
 * CANCEL for all or one, the answer to a proposal that is not taken. Nothing about what is over,
 * and nothing twice.
 */
#include "plugins/appointments/invitation.h"

#define GATHER_S 60

/* A team that changes does so person by person; those who stay hear of it once. */
static int32_t gather(struct rh_call *call, const char *meeting)
{
    int64_t at = rh_now_utc(call) + GATHER_S;
    int32_t rc = rh_job_add(call, "appointments.people",
                            rh_format(call, "appointments.people/%s/%lld",
                                      "appointments.people/%s/%lld", meeting, (long long)at),
                            meeting, at);

    return rc < 0 ? rc : 0;
}

static int32_t invite(struct rh_call *call, const char *meeting, bool people)
{
    struct invitation v;
    bool waits = false;
    int32_t rc = invitation_load(call, meeting, &v);

    if (rc <= 0 || v.event[0].status != ICAL_CONFIRMED)
        return rc < 0 ? rc : 0;
    for (size_t i = 0; i < v.count; i++) {
        enum difference difference = invitation_differs(&v, &v.all[i]);

        if (!v.all[i].email || difference == SAME)
            continue;
        if (difference == PEOPLE_DIFFER && !people)
            waits = true;
        else if ((rc = invitation_send(call, &v, ICAL_REQUEST, &v.all[i], NULL)) < 0)
            return rc;
    }
    return waits ? gather(call, meeting) : 0;
}

int32_t appointments_invite(struct rh_call *call, const char *meeting)
{
    return invite(call, meeting, false);
}

int32_t appointments_people_job(struct rh_call *call, const char *key, const char *payload)
{
    (void)key;
    return invite(call, payload, true);
}

static int32_t uninvite_all(struct rh_call *call, const struct invitation *v)
{
    for (size_t i = 0; i < v->count; i++) {
        int32_t rc = v->all[i].was_told && v->all[i].email
                         ? invitation_send(call, v, ICAL_CANCEL, &v->all[i], v->reason)
                         : 0;
        if (rc < 0)
            return rc;
    }
    return 0;
}

static int32_t uninvite_one(struct rh_call *call, const struct invitation *v, int64_t attendee)
{
    struct invitee who;
    int32_t rc = invitation_one(call, v, attendee, &who);

    if (rc < 0 || !who.was_told || !who.email)
        return rc < 0 ? rc : 0;
    if ((rc = invitation_send(call, v, ICAL_UNINVITE, &who, who.comment)) < 0)
        return rc;
    return gather(call, v->meeting.id);
}

int32_t appointments_uninvite(struct rh_call *call, const char *meeting, int64_t attendee)
{
    struct invitation v;
    int32_t rc = invitation_load(call, meeting, &v);

    if (rc <= 0)
        return rc;
    return attendee ? uninvite_one(call, &v, attendee) : uninvite_all(call, &v);
}

int32_t appointments_resend(struct rh_call *call, const char *meeting, int64_t attendee)
{
    int64_t changed = rh_exec(call,
                              "UPDATE appointments_attendee SET invited_sequence = NULL WHERE "
                              "meeting = ?1 AND id = ?2 AND removed_utc IS NULL",
                              "si", meeting, attendee);

    return changed < 0 ? (int32_t)changed : invite(call, meeting, false);
}

int32_t appointments_decline_counter(struct rh_call *call, const char *meeting, int64_t attendee,
                                     const char *words)
{
    struct invitation v;
    struct invitee who;
    int32_t rc = invitation_load(call, meeting, &v);

    if (rc <= 0 || v.event[0].status != ICAL_CONFIRMED)
        return rc < 0 ? rc : 0;
    if ((rc = invitation_one(call, &v, attendee, &who)) < 0 || !who.email)
        return rc;
    return invitation_send(call, &v, ICAL_DECLINE_COUNTER, &who, words);
}
