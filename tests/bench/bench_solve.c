/*
 * bench_solve - measures the planning engine on one instance, or writes the instance for others.
 *
 *   bench_solve INSTANCE [seed=N] [steps=N] [time=MS] [network=TIMES | lp=FILE weight=W]
 *
 * INSTANCE is real:RULES:SEED (the 186 offices with so many random planner's rules of each sort) or
 * SIZE:VARIANT:SEED (synthetic, see instance.h). With network= only the part that is a network is
 * solved, so many times; with lp= nothing is, and a weight of 0 makes every balance rule a hard
 * one. Run it from the root of the source. The answer is one line of name=value for scripts.
 */
#include "core/solve/problem.h"
#include "core/solve/solve.h"
#include "core/solve/transport.h"
#include "tests/bench/instance.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

struct wanted {
    const char *instance, *lp;
    int64_t seed, steps, time_ms, weight, network;
};

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static double cpu_seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int read_wanted(struct wanted *w, int argc, char **argv)
{
    *w = (struct wanted){.seed = 1};
    for (int i = 1; i < argc; i++) {
        const char *value = strchr(argv[i], '=');

        if (!value)
            w->instance = argv[i];
        else if (strncmp(argv[i], "lp=", 3) == 0)
            w->lp = value + 1;
        else if (strncmp(argv[i], "seed=", 5) == 0)
            w->seed = strtoll(value + 1, NULL, 10);
        else if (strncmp(argv[i], "steps=", 6) == 0)
            w->steps = strtoll(value + 1, NULL, 10);
        else if (strncmp(argv[i], "time=", 5) == 0)
            w->time_ms = strtoll(value + 1, NULL, 10);
        else if (strncmp(argv[i], "network=", 8) == 0)
            w->network = strtoll(value + 1, NULL, 10);
        else if (strncmp(argv[i], "weight=", 7) == 0)
            w->weight = strtoll(value + 1, NULL, 10);
        else
            return -1;
    }
    return w->instance ? 0 : -1;
}

static int32_t make_instance(struct bench_instance *instance, const char *name, struct rh_err *err)
{
    const char *middle = strchr(name, ':'), *last = middle ? strchr(middle + 1, ':') : NULL;
    uint64_t seed = last ? strtoull(last + 1, NULL, 10) : 1;

    if (!middle)
        return rh_err_set(err, RH_EUSAGE, "Aufgabe wie 'real:10:1' oder '186:c:1'",
                          "an instance like 'real:10:1' or '186:c:1'");
    if (strncmp(name, "real:", 5) == 0)
        return bench_real(instance, "config/nrw/offices.csv", "config/nrw/school-holidays.csv",
                          (int32_t)strtol(middle + 1, NULL, 10), seed, err);
    return bench_synthetic(instance, (int32_t)strtol(name, NULL, 10), middle[1], seed, err);
}

static void print_result(const struct wanted *w, const struct rh_solve_result *r, double cpu)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    printf("instance=%s seed=%" PRId64 " hard=%" PRId64 " balance=%" PRId64 " soft=%" PRId64,
           w->instance, w->seed, r->value[0], r->value[1], r->value[2]);
    printf(" bound=%" PRId64 "/%" PRId64 "/%" PRId64 " proven=%d cut=%d", r->bound[0], r->bound[1],
           r->bound[2], r->proven, r->cut);
    printf(" steps=%" PRId64 " first_ms=%" PRId64 " total_ms=%" PRId64 " cpu_s=%.2f rss_mib=%ld\n",
           r->steps, r->first_ms, r->total_ms, cpu, usage.ru_maxrss / 1024);
}

static int32_t measure(const struct wanted *w, const struct bench_instance *instance,
                       struct rh_err *err)
{
    const struct rh_solve_options options = {
        .size = sizeof(options),
        .seed = (uint64_t)w->seed,
        .step_limit = w->steps,
        .time_limit_ms = w->time_ms,
    };
    struct rh_solve_result result = {.size = sizeof(result)};
    int64_t rule_value[BENCH_RULES];
    double began = cpu_seconds();
    int32_t rc;

    result.slot = calloc((size_t)instance->problem.item_count, sizeof(int32_t));
    result.rule_value = rule_value;
    rc = result.slot ? rh_solve(&instance->problem, &options, now_ms, NULL, &result, err)
                     : RH_ENOMEM;
    if (rc == 0) {
        print_result(w, &result, cpu_seconds() - began);
        for (int32_t rule = 0; rule < BENCH_RULES; rule++) {
            if (rule_value[rule] > 0)
                fprintf(stderr, "  %s=%" PRId64, bench_rule_name(rule), rule_value[rule]);
        }
        fputc('\n', stderr);
    }
    free(result.slot);
    return rc;
}

static int32_t measure_network(const struct wanted *w, const struct rh_model *model,
                               struct rh_err *err)
{
    const int64_t weight[RH_SOLVE_LEVELS] = {10000, 1000, 1};
    struct rh_transport network;
    int32_t *slot = calloc((size_t)model->items, sizeof(*slot));
    double began = cpu_seconds(), built;
    int32_t rc = slot ? rh_transport_init(&network, model, weight, err) : RH_ENOMEM;

    built = cpu_seconds();
    for (int64_t n = 0; n < w->network && rc == 0; n++)
        rc = rh_transport_solve(&network, NULL, slot, err);
    if (rc == 0) {
        printf("instance=%s arcs=%d pivots=%" PRId64 " value=%" PRId64, w->instance,
               network.flow.arcs, network.flow.pivots, network.value / RH_TRANSPORT_FINE);
        printf(" build_ms=%.2f solve_ms=%.2f\n", (built - began) * 1000,
               (cpu_seconds() - built) * 1000 / (double)w->network);
        rh_transport_fini(&network);
    }
    free(slot);
    return rc;
}

static int32_t build_and_measure_network(const struct wanted *w,
                                         const struct bench_instance *instance, struct rh_err *err)
{
    int32_t *leader = calloc((size_t)instance->problem.item_count, sizeof(*leader));
    struct rh_model model;
    int32_t rc = leader ? rh_solve_problem_check(&instance->problem, leader, err) : RH_ENOMEM;

    if (rc == 0)
        rc = rh_model_init(&model, &instance->problem, leader, err);
    if (rc == 0) {
        rc = measure_network(w, &model, err);
        rh_model_fini(&model);
    }
    free(leader);
    return rc;
}

static int32_t act(const struct wanted *w, const struct bench_instance *instance,
                   struct rh_err *err)
{
    if (w->lp)
        return bench_write_lp(&instance->problem, w->weight, w->lp, err);
    if (w->network > 0)
        return build_and_measure_network(w, instance, err);
    return measure(w, instance, err);
}

int main(int argc, char **argv)
{
    struct bench_instance instance = {0};
    struct rh_err err = {0};
    struct wanted w;
    int32_t rc;

    if (read_wanted(&w, argc, argv) < 0) {
        fputs("bench_solve INSTANCE [seed=N] [steps=N] [time=MS] [network=TIMES | lp=FILE "
              "weight=W]\n",
              stderr);
        return 2;
    }
    rc = make_instance(&instance, w.instance, &err);
    if (rc == 0)
        rc = act(&w, &instance, &err);
    if (rc < 0)
        fprintf(stderr, "bench_solve: %s\n", err.text[RH_EN]);
    bench_instance_fini(&instance);
    return rh_err_exit_status(rc);
}
