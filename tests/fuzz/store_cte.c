/* cte.h against anything: it ends, and every name it gives fits. */
#include "core/store/cte.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size > 0 ? size : 1); /* no NUL behind: a step too far is seen */
    const char *at = text, *before = text;
    char name[RH_CTE_NAME_MAX];

    if (!text)
        return 0;
    memcpy(text, data, size);
    while (rh_cte_next(&at, text + size, name)) {
        if (at <= before || at > text + size || strlen(name) >= RH_CTE_NAME_MAX)
            abort();
        before = at;
    }
    free(text);
    return 0;
}
