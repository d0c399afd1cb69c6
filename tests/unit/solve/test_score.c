/* score.h: asking what a move changes, making it, and counting anew give the same answer. */
#include "core/solve/check.h"
#include "core/solve/problem.h"
#include "core/solve/score.h"
#include "tests/unit/solve/random_problem.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

struct world {
    struct random_problem r;
    struct rh_model model;
    struct rh_score score, fresh;
    struct rh_dice dice;
    int32_t leader[ITEMS_MAX];
};

static const int64_t weights[RH_SOLVE_LEVELS] = {1009, 101, 7};

static bool world_open(struct world *w, uint64_t seed)
{
    w->dice = (struct rh_dice){seed};
    random_problem(&w->r, 25, 10, seed);
    if (rh_solve_problem_check(&w->r.problem, w->leader, NULL) < 0)
        return false;
    assert_int_equal(rh_model_init(&w->model, &w->r.problem, w->leader, NULL), 0);
    assert_int_equal(rh_score_init(&w->score, &w->model, NULL), 0);
    assert_int_equal(rh_score_init(&w->fresh, &w->model, NULL), 0);
    return true;
}

static void world_close(struct world *w)
{
    rh_score_fini(&w->fresh);
    rh_score_fini(&w->score);
    rh_model_fini(&w->model);
}

static int32_t any_option(struct world *w, int32_t block)
{
    const struct rh_model *m = &w->model;
    int32_t first = m->option_start[block];

    return m->option[first + rh_dice_below(&w->dice, m->option_start[block + 1] - first)];
}

static void scatter(struct world *w)
{
    int32_t slot[ITEMS_MAX];

    for (int32_t b = 0; b < w->model.blocks; b++)
        slot[b] = any_option(w, b);
    rh_score_set(&w->score, slot);
    rh_score_weigh(&w->score, weights);
}

static void assert_same_as_counted_anew(struct world *w)
{
    rh_score_set(&w->fresh, w->score.slot);
    rh_score_weigh(&w->fresh, weights);
    assert_memory_equal(w->score.value, w->fresh.value, sizeof(w->score.value));
    assert_memory_equal(w->score.count, w->fresh.count,
                        (size_t)w->model.rows * sizeof(w->score.count[0]));
    assert_memory_equal(w->score.pull, w->fresh.pull,
                        (size_t)w->model.blocks * (size_t)w->model.slots * sizeof(int64_t));
}

static void assert_same_as_checked(struct world *w)
{
    struct rh_solve_verdict verdict = {0};
    int32_t slot[ITEMS_MAX];

    for (int32_t i = 0; i < w->model.items; i++)
        slot[i] = w->score.slot[w->model.block_of[i]];
    assert_int_equal(rh_solve_check(&w->r.problem, slot, &verdict, NULL), 0);
    assert_memory_equal(w->score.value, verdict.value, sizeof(verdict.value));
}

/* One to four different blocks, each to any of its options. */
static int32_t draw_moves(struct world *w, struct rh_score_move *moves)
{
    int32_t count = 0, wanted = 1 + rh_dice_below(&w->dice, 4);

    for (int tries = 0; tries < 20 && count < wanted; tries++) {
        int32_t block = rh_dice_below(&w->dice, w->model.blocks), k = 0;

        while (k < count && moves[k].block != block)
            k++;
        if (k == count)
            moves[count++] = (struct rh_score_move){block, any_option(w, block)};
    }
    return count;
}

static void a_move_changes_what_was_foretold(void **state)
{
    static struct world w;
    int32_t worlds = 0;
    (void)state;

    for (uint64_t seed = 0; seed < 40; seed++) {
        if (!world_open(&w, seed))
            continue;
        worlds++;
        scatter(&w);
        for (int n = 0; n < 500; n++) {
            struct rh_score_move moves[4];
            int32_t count = draw_moves(&w, moves);
            int64_t before = rh_score_energy(&w.score);
            int64_t foretold = rh_score_moves(&w.score, moves, count);

            if (count == 1)
                assert_int_equal(foretold, rh_score_shift(&w.score, moves[0].block, moves[0].slot));
            for (int32_t k = 0; k < count; k++)
                rh_score_apply(&w.score, moves[k].block, moves[k].slot);

            assert_int_equal(rh_score_energy(&w.score) - before, foretold);
            if (n % 50 == 0)
                assert_same_as_counted_anew(&w);
        }
        assert_same_as_counted_anew(&w);
        assert_same_as_checked(&w);
        world_close(&w);
    }
    assert_true(worlds > 20);
}

static void an_exchange_changes_what_was_foretold(void **state)
{
    static struct world w;
    int32_t swaps = 0;
    (void)state;

    for (uint64_t seed = 0; seed < 40; seed++) {
        if (!world_open(&w, seed))
            continue;
        /* All rows on all items: then the blocks are of few kinds, and the short way is taken. */
        scatter(&w);
        for (int n = 0; n < 500; n++) {
            int32_t a = rh_dice_below(&w.dice, w.model.blocks);
            int32_t b = rh_dice_below(&w.dice, w.model.blocks);
            int32_t to_a = w.score.slot[b], to_b = w.score.slot[a];
            int64_t before = rh_score_energy(&w.score), foretold;

            if (a == b || !w.model.may[a * w.model.slots + to_a] ||
                !w.model.may[b * w.model.slots + to_b])
                continue;
            foretold = rh_score_swap(&w.score, a, b);
            rh_score_apply(&w.score, a, to_a);
            rh_score_apply(&w.score, b, to_b);
            swaps++;

            assert_int_equal(rh_score_energy(&w.score) - before, foretold);
        }
        world_close(&w);
    }
    assert_true(swaps > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_move_changes_what_was_foretold),
        cmocka_unit_test(an_exchange_changes_what_was_foretold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
