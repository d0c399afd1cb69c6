/* Any bytes as a bundle: as it came, and with a manifest that fits, so that what lies behind the
 * digests is reached, too. There is always a verdict with words in both languages. */
#include "plugins/pilot/panel/sha256.h"
#include "plugins/pilot/panel/verify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int holds)
{
    if (!holds)
        abort();
}

static void judge(const struct pilot_file *files, int count)
{
    struct pilot_verdict verdict;

    pilot_verify(files, count, &verdict);
    must(*pilot_verdict_text(verdict.what, 0) && *pilot_verdict_text(verdict.what, 1));
    must(verdict.what == 0 || verdict.file != NULL);
}

static size_t add_digest(char *to, const void *bytes, size_t size, size_t digits)
{
    uint8_t digest[32];
    char hex[PANEL_HEX];

    panel_sha256(bytes, size, digest);
    panel_hex(digest, hex);
    memcpy(to, hex, digits);
    return digits;
}

static size_t add_file(char *to, const struct pilot_file *file)
{
    size_t length = (size_t)snprintf(to, 80, "file\t%s\t", file->name), lines = 0;
    const char *end = file->bytes + file->size;

    length += add_digest(to + length, file->bytes, file->size, 64);
    for (const char *p = file->bytes; p < end; lines++) {
        const char *line = memchr(p, '\n', (size_t)(end - p));
        p = line ? line + 1 : end;
    }
    length += (size_t)snprintf(to + length, 32, "\t%zu\n", lines);
    for (const char *p = file->bytes; p < end;) {
        const char *line = memchr(p, '\n', (size_t)(end - p)), *next = line ? line + 1 : end;

        length += add_digest(to + length, p, (size_t)(next - p), 16);
        to[length++] = '\n';
        p = next;
    }
    return length;
}

static void with_manifest(struct pilot_file *files, int count, size_t size)
{
    static const char *const names[] = {"input.txt", "chances.txt", "lottery.txt", "draw.txt"};
    char *manifest = calloc(1, size * 20 + 1024);
    size_t length = 0;

    must(manifest != NULL);
    for (int n = 0; n < 4; n++)
        for (int i = 0; i < count; i++)
            if (strcmp(files[i].name, names[n]) == 0) {
                length += add_file(manifest + length, &files[i]);
                break;
            }
    memcpy(manifest + length, "end\t", 4);
    add_digest(manifest + length + 4, manifest, length, 64);
    manifest[length + 68] = '\n';
    for (int i = 0; i < count; i++)
        if (strcmp(files[i].name, "manifest.txt") == 0) {
            files[i].bytes = manifest;
            files[i].size = length + 69;
        }
    judge(files, count);
    free(manifest);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct pilot_file files[PILOT_FILES_MAX];
    char names[PILOT_FILES_MAX][PILOT_NAME_MAX + 1];
    int count = pilot_unpack((const char *)data, size, files, names);

    must(count >= -1 && count <= PILOT_FILES_MAX);
    if (count < 0)
        return 0;
    judge(files, count);
    with_manifest(files, count, size);
    return 0;
}
