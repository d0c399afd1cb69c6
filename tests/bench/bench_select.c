/*
 * bench_select GROUPS AGENTS SEED [time=SECONDS] [exact=0]: the selection engine on one instance
 * (teams.h), a line of figures. lp=FILE writes the same instance for other programs instead, and
 * check=FILE measures their answer: lines "xCOLUMN 1" for what is taken.
 */
#include "core/operation/exact.h"
#include "core/select/check.h"
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

static double cpu_of(const struct rusage *usage)
{
    return (double)(usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) +
           (double)(usage->ru_utime.tv_usec + usage->ru_stime.tv_usec) / 1e6;
}

/* What an answer of somebody else costs, by the checker that ours pass. */
static int check(const struct rh_select_problem *problem, const char *file)
{
    FILE *in = fopen(file, "r");
    uint8_t *taken = calloc((size_t)problem->column_count + 1, 1);
    struct rh_err err = {0};
    int64_t value = 0;
    long column;
    int status = 1;

    while (in && taken && fscanf(in, " x%ld 1", &column) == 1) {
        if (column >= 0 && column < problem->column_count)
            taken[column] = 1;
    }
    if (!in || !taken)
        fprintf(stderr, "%s: cannot be read\n", file);
    else if (rh_select_check(problem, taken, &value, NULL, NULL, &err) < 0)
        fprintf(stderr, "%s\n", err.text[1]);
    else
        status = 0;
    if (status == 0)
        printf("value=%lld\n", (long long)value);
    if (in)
        fclose(in);
    free(taken);
    return status;
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
    printf("value=%lld bound=%lld gap=%.3f%% proven=%d exact=%d first_ms=%lld total_ms=%lld "
           "steps=%lld cpu_s=%.2f rss_mib=%ld\n",
           (long long)result.value, (long long)result.bound,
           result.value ? 100.0 * (double)(result.value - result.bound) / (double)result.value : 0,
           result.proven, result.exact, (long long)result.first_ms, (long long)result.total_ms,
           (long long)result.steps, cpu_of(&self) + cpu_of(&children),
           (self.ru_maxrss + children.ru_maxrss) / 1024);
    free(result.taken);
    return 0;
}

int main(int argc, char **argv)
{
    struct teams teams;
    int status = 0;

    if (argc < 4) {
        fprintf(
            stderr,
            "bench_select GROUPS AGENTS SEED [time=SECONDS] [exact=0] [lp=FILE] [check=FILE]\n");
        return 2;
    }
    teams_draw(&teams, (int32_t)strtol(argv[1], NULL, 10), (int32_t)strtol(argv[2], NULL, 10),
               strtoull(argv[3], NULL, 10));
    printf("%s x %s seed %s: %d columns %d rows: ", argv[1], argv[2], argv[3],
           teams.problem.column_count, teams.problem.row_count);
    if (option(argc, argv, "lp", NULL))
        teams_write_lp(&teams.problem, option(argc, argv, "lp", NULL));
    else if (option(argc, argv, "check", NULL))
        status = check(&teams.problem, option(argc, argv, "check", NULL));
    else
        status = measure(&teams.problem, strtod(option(argc, argv, "time", "10"), NULL),
                         strcmp(option(argc, argv, "exact", "1"), "0") != 0);
    teams_free(&teams);
    return status;
}
