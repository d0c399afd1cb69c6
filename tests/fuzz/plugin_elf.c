/* A plugin's file: any bytes are reported on without harm, and without running them. */
#include "core/plugin/check.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rh_report *report;
    const char *symbol;

    if (rh_report_new("made.so", data, size, &report, NULL) < 0)
        return 0;
    for (size_t i = 0; rh_report_reach(report, i, &symbol); i++)
        continue;
    for (uint64_t i = 0; i < report->elf.needed_count && i < 64; i++)
        (void)rh_elf_needed(&report->elf, i); /* only that it can be asked */
    rh_report_free(report);
    return 0;
}
