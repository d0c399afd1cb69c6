/* verify.h - see verify.c, which can be built alone. */
#ifndef PLUGINS_PILOT_VERIFY_H
#define PLUGINS_PILOT_VERIFY_H

#include <stddef.h>

struct pilot_file {
    const char *name;
    const char *bytes; /* need not be terminated */
    size_t size;
};

struct pilot_verdict {
    int what; /* 0: all is as it must be */
    const char *file;
    long line; /* from 1; 0 = the file as a whole */
    /* what was counted, when all is well */
    long applicants, panels, places, quotas, certificates;
};

void pilot_verify(const struct pilot_file *files, int count, struct pilot_verdict *ret);
const char *pilot_verdict_text(int what, int english);

#endif
