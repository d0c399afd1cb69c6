/* Replays stored inputs through a fuzz target without libFuzzer: each argument is a file or a
 * folder of files. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay_file(const char *path, long size)
{
    FILE *file = fopen(path, "rb");
    uint8_t *data = malloc(size > 0 ? (size_t)size : 1);
    size_t got;

    if (!file || !data) {
        fprintf(stderr, "cannot read %s\n", path);
        exit(1);
    }
    got = fread(data, 1, (size_t)size, file);
    fclose(file);
    (void)LLVMFuzzerTestOneInput(data, got); /* answers 0 by contract */
    free(data);
    return 1;
}

static int replay(const char *path)
{
    struct stat st;
    struct dirent *entry;
    int count = 0;
    DIR *folder;

    if (stat(path, &st) != 0) {
        fprintf(stderr, "no such input: %s\n", path);
        exit(1);
    }
    if (!S_ISDIR(st.st_mode))
        return replay_file(path, (long)st.st_size);
    folder = opendir(path);
    while (folder && (entry = readdir(folder))) {
        char inner[4096];

        if (entry->d_name[0] == '.')
            continue;
        snprintf(inner, sizeof(inner), "%s/%s", path, entry->d_name);
        count += replay(inner);
    }
    if (folder)
        closedir(folder);
    return count;
}

int main(int argc, char **argv)
{
    int count = 0;

    for (int i = 1; i < argc; i++)
        count += replay(argv[i]);
    printf("%d inputs replayed\n", count);
    return count > 0 ? 0 : 1;
}
