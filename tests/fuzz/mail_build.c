/* A message of arbitrary words: it is refused, or made of short 7-bit lines with the headers that
 * we wrote and no others. Fields are parted by 0xff. */
#include "core/mail/build.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SUBJECT, NAME, ADDRESS, FILE_NAME, TYPE, TEXT, HTML, REFERENCES, FIELDS };

static void check(const struct rh_str *bytes)
{
    static const char *const known[] = {"Date:",
                                        "From:",
                                        "To:",
                                        "Subject:",
                                        "Message-ID:",
                                        "References:",
                                        "Auto-Submitted:",
                                        "X-Auto-Response-Suppress:",
                                        "Content-Language:",
                                        "MIME-Version:",
                                        "Content-Type:",
                                        "Content-Transfer-Encoding:",
                                        " "};
    const char *line = bytes->data;

    for (size_t i = 0; i < bytes->length; i++) {
        unsigned char c = (unsigned char)bytes->data[i];

        if (c > 0x7e || (c < 0x20 && c != '\r' && c != '\n' && c != '\t') ||
            (c == '\n') != (i > 0 && bytes->data[i - 1] == '\r'))
            abort();
    }
    while (*line && *line != '\r') {
        size_t k = 0, count = sizeof(known) / sizeof(known[0]);
        const char *end = strstr(line, "\r\n");

        while (k < count && strncmp(line, known[k], strlen(known[k])) != 0)
            k++;
        if (k == count || !end || end - line > 998)
            abort();
        line = end + 2;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1), *fields[FIELDS], *rest;
    rh_auto_str(bytes, RH_MAIL_BYTES_MAX);
    struct rh_mail_message message = {.from = {"QE", "qe@example.org"},
                                      .message_id = "<0b6c7a52@example.org>",
                                      .date_utc = 1800000000};
    struct rh_mail_part part = {.bytes = "x", .size = 1};

    if (!text)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    rest = text;
    for (int i = 0; i < FIELDS; i++) {
        char *end = strchr(rest, 0xff);

        fields[i] = rest;
        rest = end ? end + 1 : rest + strlen(rest);
        if (end)
            *end = '\0';
    }
    message.subject = fields[SUBJECT];
    message.to = (struct rh_mail_address){fields[NAME], fields[ADDRESS]};
    message.text = fields[TEXT];
    message.html = *fields[HTML] ? fields[HTML] : NULL;
    message.references = *fields[REFERENCES] ? fields[REFERENCES] : NULL;
    part.file_name = fields[FILE_NAME];
    part.content_type = fields[TYPE];
    message.parts = &part;
    message.part_count = *fields[TYPE] ? 1 : 0;
    if (rh_mail_build(&message, &bytes, NULL) == 0)
        check(&bytes);
    free(text);
    return 0;
}
