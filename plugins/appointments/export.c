/* Meetings as a file that calendars read: for the command line, and behind an address for pages. */
#include "plugins/appointments/entry.h"

static int32_t put_calendar(struct rh_call *call, const struct entry_scope *scope)
{
    const char *text;
    int64_t changed;
    int32_t rc = entries_write(call, scope, call->lang, &text, &changed);

    if (rc < 0)
        return rc;
    rh_out_text(call, "content", text);
    rh_out_int(call, "modified_utc", changed);
    return 0;
}

int32_t appointment_export(struct rh_call *call)
{
    struct entry_scope scope;
    int32_t rc = entry_scope_of_params(call, &scope);

    return rc < 0 ? rc : put_calendar(call, &scope);
}

/* The kind is one of those of the table, the rest is an id and no name. */
int32_t appointment_file(struct rh_call *call)
{
    struct entry_scope scope = {rh_param_text(call, "kind"), rh_param_text(call, "ref")};

    return put_calendar(call, &scope);
}
