/* Any text as conditions: what was read, written again with every value quoted, reads the same;
 * what was refused names a byte of the text. */
#include "plugins/pilot/panel/where.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int holds)
{
    if (!holds)
        abort();
}

static void write_again(const struct where *where, char *to)
{
    static const char *const signs[] = {"=", "!=", "<", "<=", ">", ">="};
    char *p = to;

    for (int32_t c = 0; c < where->count; c++) {
        const struct where_condition *one = &where->condition[c];

        p += snprintf(p, 128, "%s%s %s \"", c ? " und " : "", one->attribute, signs[one->sign]);
        for (const char *v = one->value; *v; v++) {
            if (*v == '"')
                *p++ = '"';
            *p++ = *v;
        }
        *p++ = '"';
    }
    *p = '\0';
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char again[WHERE_CONDITIONS_MAX * 600];
    struct where first, second;
    char *text = calloc(size + 1, 1);
    size_t at;

    must(text != NULL);
    if (size)
        memcpy(text, data, size);
    if (where_parse(text, &first, &at) == WHERE_FINE) {
        write_again(&first, again);
        must(where_parse(again, &second, &at) == WHERE_FINE);
        must(memcmp(&first, &second, sizeof(first)) == 0);
        for (int32_t c = 0; c < first.count; c++) {
            must(where_holds(&first.condition[c], NULL) == -1);
            if (first.condition[c].sign == WHERE_EQUAL)
                must(where_holds(&first.condition[c], first.condition[c].value) == 1);
        }
    } else {
        must(at <= strlen(text));
    }
    free(text);
    return 0;
}
