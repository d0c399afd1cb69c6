/* A folder of plugins of a test's own, with those in it that it wants, not writable by others. */
#ifndef TESTS_UNIT_PLUGIN_FOLDER_H
#define TESTS_UNIT_PLUGIN_FOLDER_H

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static inline void folder_make(char folder[64])
{
    snprintf(folder, 64, "/tmp/reihum-plugins-XXXXXX");
    assert_non_null(mkdtemp(folder));
}

static inline void folder_put_as(const char *folder, const char *name, const char *file,
                                 mode_t mode)
{
    char from[512], to[512], block[16384];
    const char *build = getenv("RH_BUILD");
    size_t got;
    FILE *in, *out;

    snprintf(from, sizeof(from), "%s/tests/misbehaving/%s.so", build ? build : "build", name);
    snprintf(to, sizeof(to), "%s/%s", folder, file);
    in = fopen(from, "rb");
    out = fopen(to, "wb");
    assert_true(in && out);
    while ((got = fread(block, 1, sizeof(block), in)) > 0)
        assert_int_equal(fwrite(block, 1, got, out), got);
    fclose(in);
    fclose(out);
    assert_int_equal(chmod(to, mode), 0);
}

static inline void folder_put(const char *folder, const char *name)
{
    char file[128];

    snprintf(file, sizeof(file), "%s.so", name);
    folder_put_as(folder, name, file, 0644);
}

static inline void folder_remove(const char *folder)
{
    DIR *open = opendir(folder);
    struct dirent *entry;
    char path[1024];

    while (open && (entry = readdir(open))) {
        snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
        if (entry->d_name[0] != '.')
            unlink(path);
    }
    if (open)
        closedir(open);
    rmdir(folder);
}

#endif
