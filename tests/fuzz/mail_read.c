/* A foreign message: whatever comes, it is read to its end, and what is kept can be shown. */
#include "core/base/text.h"
#include "core/mail/read.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* UTF-8 without control characters, but for line ends and tabs in the text. */
static void check(const char *text, int lines)
{
    if (!rh_text_valid(text, strlen(text)))
        abort();
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 && !(lines && (*text == '\n' || *text == '\t')))
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    rh_auto_arena(arena, 64 * 1024 * 1024);
    struct rh_mail_in in;
    char *copy = malloc(size ? size : 1); /* so that reading past its end is seen */

    if (!copy)
        return 0;
    memcpy(copy, data, size);
    if (rh_mail_read(copy, size, &arena, &in, NULL) == 0) {
        check(in.subject, 0);
        check(in.from_name, 0);
        check(in.message_id, 0);
        check(in.text, 1);
        for (size_t i = 0; i < in.reported_count; i++) {
            check(in.reported[i].recipient, 0);
            check(in.reported[i].diagnostic, 0);
        }
    }
    free(copy);
    return 0;
}
