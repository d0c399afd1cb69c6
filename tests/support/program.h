/*
 * program.h - another program, run from a test: words in, what it printed and its exit status out.
 *
 * No shell stands between, so nothing needs quoting. A program that takes longer than
 * PROGRAM_SECONDS is killed and fails the test.
 */
#ifndef TESTS_SUPPORT_PROGRAM_H
#define TESTS_SUPPORT_PROGRAM_H

#include <stddef.h>
#include <sys/types.h>

#define PROGRAM_SECONDS 120
#define PROGRAM_WORDS   48

struct program {
    int status;       /* exit status; 128 + the signal when one ended it */
    char *out, *errs; /* what it printed, always terminated; free with program_free() */
    size_t out_size;
};

/* Is there an executable of that name on PATH (or, with a '/', at that place)? */
int program_exists(const char *name);

/* `words` end with NULL, the first is the program. `input` NULL = nothing on standard input. */
struct program program_run(const char *const *words, const char *input, size_t input_size);
void program_free(struct program *program);

/* Starts one that stays, with its standard output in a pipe; returns its id. */
pid_t program_start(const char *const *words, int *ret_out);
/* Waits for it; exit status as above. */
int program_wait(pid_t id);

#endif
