/* Whose meetings, as people name them. */
#include "plugins/appointments/entry.h"

#include <string.h>

static int32_t named(struct rh_call *call, const char *kind, const char *name, const char **ret_ref)
{
    const char *office;

    if (strcmp(kind, "moderator") == 0)
        return rh_resolve(call, "SELECT id, name, email FROM v_moderators_moderator",
                          RH_TEXT("Moderator*in", "moderator"), name, ret_ref);
    if (strcmp(kind, "office") == 0)
        return rh_resolve(call, "SELECT id, name, short_name FROM v_office",
                          RH_TEXT("Jugendamt", "office"), name, ret_ref);
    if (strcmp(kind, "procedure") == 0)
        return procedure_named(call, name, ret_ref, &office);
    return rh_resolve(call, "SELECT DISTINCT round FROM v_procedure WHERE round IS NOT NULL",
                      RH_TEXT("Turnus", "round"), name, ret_ref);
}

static int32_t refuse(struct rh_call *call)
{
    return rh_fail(call, RH_EUSAGE,
                   "wessen Termine? Eines von --moderator, --office, --procedure, --round, --all",
                   "whose meetings? One of --moderator, --office, --procedure, --round, --all");
}

int32_t entry_scope_of_params(struct rh_call *call, struct entry_scope *ret_scope)
{
    static const char *const kinds[] = {"moderator", "office", "procedure", "round"};
    struct entry_scope scope = {NULL, ""};
    int32_t rc = 0;

    if (rh_param_int(call, "all"))
        scope.kind = "all";
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]) && rc == 0; i++) {
        const char *name = rh_param_text(call, kinds[i]);

        if (!name)
            continue;
        if (scope.kind)
            return refuse(call);
        scope.kind = kinds[i];
        rc = named(call, scope.kind, name, &scope.ref);
    }
    if (rc < 0 || !scope.kind)
        return rc < 0 ? rc : refuse(call);
    *ret_scope = scope;
    return 0;
}
