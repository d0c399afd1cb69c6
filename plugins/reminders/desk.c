/* What people ask of reminders: who got which, who wants a digest, which found nobody; and calls.
 */
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

/* ---- calls ---- */

int32_t call_log(struct rh_call *call)
{
    const char *procedure;
    int32_t until = (int32_t)rh_param_int(call, "until");
    int32_t rc = rh_resolve(call, "SELECT procedure, office, office_name FROM v_run",
                            RH_TEXT("laufendes Verfahren", "procedure on its way"),
                            rh_param_text(call, "procedure"), &procedure);

    if (rc < 0)
        return rc;
    if (rh_exec(call,
                "INSERT INTO reminders_call(procedure, step, spoke_with, about, until_day, at_utc, "
                "actor) "
                "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                "sssssis", procedure, rh_param_text(call, "step"), rh_param_text(call, "with"),
                rh_param_text(call, "about"), until == RH_NO_DAY ? NULL : rh_day_text(call, until),
                rh_now_utc(call), rh_actor(call)) < 0 ||
        rh_event(call, "reminder.called", procedure, NULL, NULL) < 0)
        return RH_EFAILED;
    rh_out_text(call, "procedure", procedure);
    if (until == RH_NO_DAY || !rh_param_given(call, "step"))
        rh_say(call, "vermerkt", "noted");
    else
        rh_say(call, "vermerkt; 'step wait %s %s --until %s' hält die Erinnerungen so lange an",
               "noted; 'step wait %s %s --until %s' stops the reminders until then", procedure,
               rh_param_text(call, "step"), rh_day_text(call, until));
    return 0;
}

int32_t call_list(struct rh_call *call)
{
    return rh_out_query(
        call, "items",
        "SELECT strftime('%Y-%m-%d', at_utc, 'unixepoch') AS day, procedure, step, "
        "spoke_with, about, until_day AS until, actor FROM reminders_call WHERE ?1 IS NULL "
        "OR procedure = ?1 ORDER BY at_utc DESC, id DESC",
        "s", rh_param_text(call, "procedure"));
}
