/* Request targets: what passes has no segment that could climb, split or end early. */
#include "core/http/target.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    rh_auto_arena(arena, (size_t)1024 * 1024);
    struct rh_target target;
    char *raw = malloc(size + 1);

    if (!raw)
        return 0;
    memcpy(raw, data, size);
    raw[size] = '\0';
    if (rh_target_parse(&arena, raw, &target, NULL) == 0)
        for (int i = 0; i < target.count; i++)
            if (strpbrk(target.segment[i], "/\\\n") || strcmp(target.segment[i], "..") == 0 ||
                !target.segment[i][0])
                abort();
    free(raw);
    return 0;
}
