#include "core/server/file_place.h"

#include "core/operation/call.h"

#include <stdio.h>
#include <string.h>

int32_t rh_place_for_file(struct rh_call *call, const char *to, char path[RH_PLACE_MAX])
{
    const char *database = rh_store_path(rh_call_house(call)->store);
    bool from_web = strncmp(rh_actor(call), "http:", 5) == 0;
    const char *slash = strrchr(database, '/');
    int length;

    if (to[0] == '/' && !from_web)
        length = snprintf(path, RH_PLACE_MAX, "%s", to);
    else if (!strchr(to, '/') && to[0] != '.' && slash)
        length = snprintf(path, RH_PLACE_MAX, "%.*s/%s", (int)(slash - database), database, to);
    else
        return rh_fail(call, RH_EINVALID,
                       "'%s': ein Dateiname (dann neben der Datenbank) oder, auf der "
                       "Kommandozeile, ein Pfad, der mit / beginnt",
                       "'%s': a file name (beside the database then) or, on the command line, a "
                       "path that begins with /",
                       to);
    return length < RH_PLACE_MAX
               ? 0
               : rh_fail(call, RH_ETOOLARGE, "der Pfad ist zu lang", "the path is too long");
}
