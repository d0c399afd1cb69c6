/* Any bytes as a message: the answer is one line of JSON in UTF-8 without control characters, with
 * at most so many attendees, or a refusal. */
#include "plugins/appointments/reader/itip.h"
#include "plugins/appointments/reader/zone.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int holds)
{
    if (!holds)
        abort();
}

/* Quotes are in pairs, brackets match, nothing stands behind the end. */
static void check_json(const char *json)
{
    char open[32];
    size_t depth = 0;
    int quoted = 0;

    for (; *json != '\n'; json++) {
        must((unsigned char)*json >= 0x20 && *json != 0x7f);
        if (quoted && *json == '\\')
            must(*++json >= 0x20);
        else if (*json == '"')
            quoted = !quoted;
        else if (!quoted && (*json == '{' || *json == '[')) {
            must(depth < sizeof(open));
            open[depth++] = *json;
        } else if (!quoted && (*json == '}' || *json == ']')) {
            must(depth > 0);
            must(open[--depth] == (*json == '}' ? '{' : '['));
        }
    }
    must(depth == 0 && !quoted && json[1] == '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ics_out out = {0};
    char *copy = malloc(size + 1);
    int32_t rc;

    must(copy != NULL);
    if (size)
        memcpy(copy, data, size);
    rc = ics_itip(copy, size, ICS_ZONE_FOLDER, &out);
    free(copy);
    must(!out.failed && out.data && strlen(out.data) == out.length);
    must(strncmp(out.data, rc == 0 ? "{\"method\":" : "{\"refused\":", rc == 0 ? 10 : 11) == 0);
    check_json(out.data);
    ics_out_free(&out);
    return 0;
}
