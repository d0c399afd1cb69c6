/* Bodies and queries. The first byte chooses the form; names and values that come out are strings,
 * files lie inside the input. */
#include "core/http/field.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    rh_auto_arena(arena, (size_t)8 * 1024 * 1024);
    struct rh_fields fields = {0};
    size_t length;
    char *text;

    if (size == 0)
        return 0;
    length = size - 1;
    text = malloc(length ? length : 1); /* no NUL behind it: reading on is found */
    if (!text)
        return 0;
    memcpy(text, data + 1, length);
    if (data[0] == 'u')
        (void)rh_fields_urlencoded(&arena, text, length, &fields, NULL);
    else if (data[0] == 'm')
        (void)rh_fields_multipart(&arena, "XX", text, length, &fields, NULL);
    else
        (void)rh_fields_json(&arena, text, length, &fields, NULL);
    for (size_t i = 0; i < fields.count; i++) {
        const struct rh_field *field = &fields.at[i];

        if (strlen(field->name) > RH_FIELD_NAME_MAX || strlen(field->value) > length)
            abort();
        if (data[0] == 'm' && field->bytes &&
            (field->bytes < text || field->bytes + field->size > text + length))
            abort();
    }
    free(text);
    return 0;
}
