/* What people ask of reminders: who got which, who wants a digest, which found nobody. */
#include "plugins/reminders/internal.h"

int32_t reminder_list(struct rh_call *call)
{
    return rh_out_query(call, "items",
                        "SELECT strftime('%Y-%m-%d', i.since_utc, 'unixepoch') AS day, "
                        "i.procedure, i.step, i.name, "
                        "i.person, i.template, i.day AS due, i.copy, i.state, i.mail FROM "
                        "reminders_item i WHERE (?1 IS "
                        "NULL OR i.procedure = ?1) AND (?2 IS NULL OR i.person = ?2) AND (?3 IS "
                        "NULL OR i.state = ?3) "
                        "ORDER BY i.since_utc DESC, i.id DESC LIMIT ?4",
                        "sssi", rh_param_text(call, "procedure"), rh_param_text(call, "person"),
                        rh_param_text(call, "state"), rh_param_int(call, "limit"));
}

int32_t reminder_lost(struct rh_call *call)
{
    return rh_out_query(
        call, "items",
        "SELECT strftime('%Y-%m-%d', l.at_utc, 'unixepoch') AS day, l.procedure, "
        "p.office, p.office_name, l.step, l.role FROM reminders_lost l JOIN v_procedure p "
        "ON p.id = l.procedure ORDER BY l.at_utc DESC, l.reminder",
        "");
}

int32_t reminder_digest(struct rh_call *call)
{
    const char *person = rh_param_text(call, "person");
    int64_t changed =
        rh_param_int(call, "off")
            ? rh_exec(call, "DELETE FROM reminders_digest WHERE person = ?1", "s", person)
            : rh_exec(call,
                      "INSERT INTO reminders_digest(person, since_utc) VALUES (?1, ?2) ON "
                      "CONFLICT DO NOTHING",
                      "si", person, rh_now_utc(call));

    if (changed < 0)
        return (int32_t)changed;
    if (rh_param_int(call, "off"))
        rh_say(call, "%s bekommt wieder einzelne Mails", "%s gets single mails again", person);
    else
        rh_say(call, "%s bekommt montags eine Mail mit allem", "%s gets one mail of all on Mondays",
               person);
    return 0;
}
