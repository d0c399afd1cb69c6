/* Any bytes as a table: its names are few, short, each once, and, written as a header, read the
 * same. */
#include "plugins/pilot/panel/header.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int holds)
{
    if (!holds)
        abort();
}

static int knows(const struct header *header, const char *name)
{
    for (int32_t i = 0; i < header->count; i++)
        if (strcmp(header->name[i], name) == 0)
            return 1;
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char again[HEADER_NAMES_MAX * (WHERE_NAME_MAX + 2) + 8];
    static struct header first, second;
    size_t length = 2;

    memcpy(again, "x;", 2); /* a mark of byte order may be a name, but not at the beginning */
    header_read((const char *)data, size, &first);
    must(first.count >= 0 && first.count <= HEADER_NAMES_MAX);
    for (int32_t i = 0; i < first.count; i++) {
        must(*first.name[i] != '\0');
        for (int32_t j = 0; j < i; j++)
            must(strcasecmp(first.name[i], first.name[j]) != 0);
        memcpy(again + length, first.name[i], strlen(first.name[i]));
        length += strlen(first.name[i]);
        again[length++] = ';';
    }
    header_read(again, length, &second);
    for (int32_t i = 0; i < first.count && first.count < HEADER_NAMES_MAX; i++)
        must(knows(&second, first.name[i]));
    return 0;
}
