/* What people call a thing: any text against a handful of rows. The verdict and its rows agree. */
#include "core/operation/name_match.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static const char *const dueren[] = {"dueren", "Stadt Düren", "Düren"};
static const char *const kreis[] = {"kreis-dueren", "Kreis Düren", NULL};
static const char *const hsk[] = {"hochsauerlandkreis", "Hochsauerlandkreis", "HSK"};
static const char *const muelheim[] = {"muelheim-an-der-ruhr", "Stadt Mülheim an der Ruhr", NULL};
static const struct rh_name_row rows[] = {{dueren, 3}, {kreis, 3}, {hsk, 3}, {muelheim, 3}};
#define COUNT (sizeof(rows) / sizeof(rows[0]))

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rh_name_match match;
    char *named = calloc(size + 1, 1);

    if (!named)
        abort();
    memcpy(named, data, size);
    rh_name_match(named, rows, COUNT, &match);
    if (match.count > RH_NAME_NEAR_MAX || (match.verdict == RH_NAME_FOUND && match.count != 1) ||
        (match.verdict == RH_NAME_UNKNOWN && match.count != 0) ||
        (match.verdict == RH_NAME_AMBIGUOUS && match.count < 2))
        abort();
    for (size_t i = 0; i < match.count; i++)
        if (match.row[i] >= COUNT)
            abort();
    free(named);
    return 0;
}
