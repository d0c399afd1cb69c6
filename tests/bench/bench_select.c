/*
 * bench_select GROUPS AGENTS SEED [time=SECONDS] [exact=0] [lp=FILE]: the selection engine on one
 * instance (teams.h), a line of figures; with lp= the same instance for other programs instead.
 */
#include "core/operation/exact.h"
#include "core/select/select.h"
#include "tests/bench/teams.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t house_ms(void *context)
{
    (void)context;
    return now_ms();
}

static const char *option(int argc, char **argv, const char *name, const char *fallback)
{
    size_t length = strlen(name);

    for (int i = 4; i < argc; i++) {
        if (strncmp(argv[i], name, length) == 0 && argv[i][length] == '=')
            return argv[i] + length + 1;
    }
    return fallback;
}

static int measure(const struct rh_select_problem *problem, double seconds, int32_t with_exact)
{
    struct rh_clock clock = {.monotonic_ms = house_ms};
    struct rh_exact way = {.clock = &clock};
    struct rh_program_solver exact;
    struct rh_solve_options options = {.size = sizeof(options),
                                       .seed = 1,
                                       .time_limit_ms = (int64_t)(seconds * 1000),
                                       .without_exact = !with_exact};
    struct rh_select_result result = {.size = sizeof(result),
                                      .taken = calloc((size_t)problem->column_count + 1, 1)};
    struct rh_err err = {0};
    struct rusage self, children;

    rh_exact_solver(&exact, &way);
    if (!result.taken || rh_select(problem, &options, now_ms, &exact, &result, &err) < 0) {
        fprintf(stderr, "%s\n", err.text[1]);
        return 1;
    }
    getrusage(RUSAGE_SELF, &self);
    getrusage(RUSAGE_CHILDREN, &children);
    printf("value %lld bound %lld gap %.3f %% proven %d exact %d first %lld ms wall %lld ms steps "
           "%lld memory %ld + %ld MiB\n",
           (long long)result.value, (long long)result.bound,
           result.value ? 100.0 * (double)(result.value - result.bound) / (double)result.value : 0,
           result.proven, result.exact, (long long)result.first_ms, (long long)result.total_ms,
           (long long)result.steps, self.ru_maxrss / 1024, children.ru_maxrss / 1024);
    free(result.taken);
    return 0;
}

int main(int argc, char **argv)
{
    struct teams teams;
    int status = 0;

    if (argc < 4) {
        fprintf(stderr, "bench_select GROUPS AGENTS SEED [time=SECONDS] [exact=0] [lp=FILE]\n");
        return 2;
    }
    teams_draw(&teams, (int32_t)strtol(argv[1], NULL, 10), (int32_t)strtol(argv[2], NULL, 10),
               strtoull(argv[3], NULL, 10));
    printf("%s x %s seed %s: %d columns %d rows: ", argv[1], argv[2], argv[3],
           teams.problem.column_count, teams.problem.row_count);
    if (option(argc, argv, "lp", NULL))
        teams_write_lp(&teams.problem, option(argc, argv, "lp", NULL));
    else
        status = measure(&teams.problem, strtod(option(argc, argv, "time", "10"), NULL),
                         strcmp(option(argc, argv, "exact", "1"), "0") != 0);
    teams_free(&teams);
    return status;
}
