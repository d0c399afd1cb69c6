#include "core/server/places.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

void rh_place_shared(const char *name, char path[RH_PLACE_MAX])
{
    static const char *const ways[] = {"share/reihum", "../share/reihum"};
    char program[RH_PLACE_MAX];
    ssize_t length = readlink("/proc/self/exe", program, sizeof(program) - 1);
    char *slash;

    program[length > 0 ? length : 0] = '\0';
    slash = strrchr(program, '/');
    if (slash)
        *slash = '\0';
    for (size_t i = 0; slash && i < sizeof(ways) / sizeof(ways[0]); i++)
        if (snprintf(path, RH_PLACE_MAX, "%s/%s/%s", program, ways[i], name) < RH_PLACE_MAX &&
            access(path, R_OK) == 0)
            return;
    path[0] = '\0';
}
