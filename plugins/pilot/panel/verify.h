/* verify.h - see verify.c, which can be built alone. */
#ifndef PLUGINS_PILOT_PANEL_VERIFY_H
#define PLUGINS_PILOT_PANEL_VERIFY_H

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

enum { PILOT_FILES_MAX = 32, PILOT_NAME_MAX = 63 };

/* "reihum-folder", then for each file a line "name<TAB>size" and its bytes. Returns how many files,
 * -1 when it is not of that form. Names are copied to `names`; bytes are borrowed. */
int pilot_unpack(const char *bytes, size_t size, struct pilot_file files[PILOT_FILES_MAX],
                 char names[PILOT_FILES_MAX][PILOT_NAME_MAX + 1]);

void pilot_verify(const struct pilot_file *files, int count, struct pilot_verdict *ret);
const char *pilot_verdict_text(int what, int english);

#endif
