#include "core/base/alloc.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static _Thread_local long until_fault;
static _Thread_local long faults_left;
static _Thread_local int struck;

void rh_alloc_fail_after(long n, long repeat)
{
    until_fault = n;
    faults_left = n > 0 ? repeat + 1 : 0;
    struck = 0;
}

int rh_alloc_fault_struck(void)
{
    return struck;
}

static int fault_due(void)
{
    if (faults_left == 0)
        return 0;
    if (until_fault > 1) {
        until_fault--;
        return 0;
    }
    faults_left--;
    struck = 1;
    return 1;
}

void *rh_alloc(size_t count, size_t size)
{
    if (fault_due() || (size != 0 && count > SIZE_MAX / size))
        return NULL;
    return calloc(count ? count : 1, size ? size : 1);
}

void *rh_realloc(void *old, size_t size)
{
    if (fault_due())
        return NULL;
    return realloc(old, size ? size : 1);
}

char *rh_strndup(const char *text, size_t length)
{
    char *copy = rh_alloc(length + 1, 1);
    if (copy)
        memcpy(copy, text, length);
    return copy;
}

char *rh_strdup(const char *text)
{
    return rh_strndup(text, strlen(text));
}

void *rh_free(void *memory)
{
    free(memory);
    return NULL;
}
