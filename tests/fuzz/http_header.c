/* Header parsers: the first line is the header, the second what it is compared with. */
#include "core/http/header.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1), value[32];
    char *second;
    int64_t utc;

    if (!text)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    second = strchr(text, '\n');
    if (second)
        *second++ = '\0';
    else
        second = text + strlen(text);
    (void)rh_header_language(text, RH_DE);
    (void)rh_header_accepts(text, "text/csv");
    (void)rh_header_accepts_coding(text, "gzip");
    (void)rh_header_is_type(text, "application/json");
    (void)rh_header_parameter(text, "boundary", value, sizeof(value));
    (void)rh_header_cookie(text, "lang", value, sizeof(value));
    (void)rh_header_has_tag(text, second, true);
    if (rh_header_date(text, &utc)) {
        char again[RH_HEADER_DATE_MAX];

        rh_header_date_write(utc, again);
        if (again[0] && strlen(again) != 29)
            abort();
    }
    if (rh_header_same_origin(text, second) && !strstr(text, "://"))
        abort();
    /* Nothing that names another machine may pass. */
    if (rh_header_host_is_loopback(text) &&
        strspn(text, "127.localhostLOCALHOST[:]0345689") != strlen(text))
        abort();
    free(text);
    return 0;
}
