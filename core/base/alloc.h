/*
 * alloc.h - the one door to the heap.
 *
 * Every allocation of the server goes through rh_alloc() or rh_realloc(), so that a test can make
 * the n-th one fail (rh_alloc_fail_after) and watch that nothing is lost. Any thread; the fault
 * counter is per thread.
 */
#ifndef CORE_BASE_ALLOC_H
#define CORE_BASE_ALLOC_H

#include <stddef.h>

/* Returns zeroed memory for `count` things of `size` bytes, or NULL (also when the product
 * overflows). Owned by the caller. */
void *rh_alloc(size_t count, size_t size);

/* As realloc(3): new bytes are not zeroed; on NULL the old block is untouched. size > 0. */
void *rh_realloc(void *old, size_t size);

char *rh_strdup(const char *text);
char *rh_strndup(const char *text, size_t length);

/* Frees and returns NULL, so that `p = rh_free(p)` leaves nothing dangling. NULL is fine. */
void *rh_free(void *memory);

/* The n-th allocation of this thread from now on fails (n = 1: the next), then `repeat` more. n = 0
 * switches it off. */
void rh_alloc_fail_after(long n, long repeat);

/* True once the fault set by rh_alloc_fail_after() has struck. */
int rh_alloc_fault_struck(void);

#endif
