/* Any bytes as a definition: refused with a sentence in both languages, or read; what was read is
 * written, read again as the same version, drawn and told. */
#include "core/process/definition.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool condition)
{
    if (!condition)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rh_process_definition *definition, *again;
    struct rh_err err = {0};
    rh_auto_str(text, 64 << 20);
    rh_auto_str(out, 64 << 20);

    if (rh_process_definition_read("fuzz.conf", (const char *)data, size, RH_DE, NULL, &definition,
                                   &err) < 0) {
        must(err.text[RH_DE][0] && err.text[RH_EN][0]);
        return 0;
    }
    rh_process_definition_write(definition, &text);
    must(rh_process_definition_read("again.conf", text.data, text.length, RH_DE, NULL, &again,
                                    &err) == 0);
    must(strcmp(definition->hash, again->hash) == 0);
    rh_process_picture(definition, RH_DE, &out);
    rh_process_prose(definition, RH_EN, &out);
    must(!out.failed);
    rh_process_definition_free(again);
    rh_process_definition_free(definition);
    return 0;
}
