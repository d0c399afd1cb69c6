/*
 * teams.h - teams of agents for groups, drawn from a seed: what `team allocate` asks, at any size.
 *
 * Groups lie in clusters over two regions and start in 60 months; a team has two agents (three in
 * one of six), one of whom may lead and one of whom is of the region; agents work in two groups at
 * a time and at most four a year; nobody joins a team with two of its former members; some pairs
 * and places are excluded. Travel costs by distance, load by what lies above each agent's even
 * share.
 */
#ifndef TESTS_BENCH_TEAMS_H
#define TESTS_BENCH_TEAMS_H

#include "reihum/solve.h"

struct teams {
    struct rh_select_problem problem;
    void *owned[16];
    int owned_count;
};

void teams_draw(struct teams *teams, int32_t groups, int32_t agents, uint64_t seed);
void teams_free(struct teams *teams);

/* As a CPLEX-LP file for cbc, glpsol and highs. */
void teams_write_lp(const struct rh_select_problem *problem, const char *file);

#endif
