#include "plugins/pilot/panel/lottery.h"

#include "plugins/pilot/panel/sha256.h"

#include <stdlib.h>
#include <string.h>

int32_t panel_lottery_exact_count(const struct panel_chances *chances)
{
    int32_t count;
    mpz_t common;

    mpz_init_set_ui(common, 1);
    for (int32_t p = 0; p < chances->panel_count; p++)
        mpz_lcm(common, common, mpq_denref(chances->weight[p]));
    count = mpz_cmp_ui(common, PANEL_TICKETS_MAX) <= 0 ? (int32_t)mpz_get_si(common) : 0;
    mpz_clear(common);
    return count;
}

struct share {
    const int32_t *panel;
    int32_t types, place, copies;
    mpq_t rest; /* of m * weight, below 1 */
};

static int by_panel(const void *left, const void *right)
{
    const struct share *a = left, *b = right;

    for (int32_t t = 0; t < a->types; t++)
        if (a->panel[t] != b->panel[t])
            return a->panel[t] > b->panel[t] ? -1 : 1;
    return 0;
}

static int by_rest(const void *left, const void *right)
{
    const struct share *const *a = left, *const *b = right;
    int order = mpq_cmp((*b)->rest, (*a)->rest);

    return order ? order : ((*a)->place > (*b)->place) - ((*a)->place < (*b)->place);
}

/* Whole parts first, then one more to the largest remainders; equal ones in the order of panels. */
static void give_copies(struct panel_memory *memory, const struct panel_chances *chances,
                        struct share *shares, int32_t count)
{
    struct share **order = PANEL_NEW(memory, struct share *, chances->panel_count + 1);
    int32_t left = count;
    mpq_t whole;

    mpq_init(whole);
    for (int32_t p = 0; p < chances->panel_count; p++) {
        struct share *share = &shares[p];

        share->place = p;
        order[p] = share;
        mpq_set_si(whole, count, 1);
        mpq_mul(share->rest, share->rest, whole);
        mpz_fdiv_q(mpq_numref(whole), mpq_numref(share->rest), mpq_denref(share->rest));
        mpz_set_ui(mpq_denref(whole), 1);
        share->copies = (int32_t)mpz_get_si(mpq_numref(whole));
        mpq_sub(share->rest, share->rest, whole);
        left -= share->copies;
    }
    mpq_clear(whole);
    /* NOLINTNEXTLINE(bugprone-sizeof-expression): pointers are what is sorted */
    qsort(order, (size_t)chances->panel_count, sizeof(*order), by_rest);
    for (int32_t p = 0; p < chances->panel_count && left > 0; p++, left--)
        order[p]->copies++;
}

/* The applicants of each type, one type after another, in the order in which they are dealt seats.
 */
static void order_equals(const struct panel_model *model, const char *deal, int32_t *order,
                         int32_t *first)
{
    struct panel_stream stream;
    int32_t at = 0;

    panel_stream_begin(&stream, "reihum pilot 1 deal", deal);
    for (int32_t t = 0; t < model->type_count; t++) {
        first[t] = at;
        for (int32_t i = 0; i < model->applicant_count; i++)
            if (model->type_of[i] == t)
                order[at++] = i;
        panel_shuffle(&stream, order + first[t], at - first[t]);
    }
}

static int ascending(const void *left, const void *right)
{
    const int32_t *a = left, *b = right;

    return (*a > *b) - (*a < *b);
}

struct panel_lottery *panel_lottery_new(struct panel_memory *memory,
                                        const struct panel_chances *chances, int32_t count,
                                        const char *deal)
{
    const struct panel_model *model = chances->model;
    struct panel_lottery *lottery = PANEL_NEW(memory, struct panel_lottery, 1);
    size_t places = (size_t)model->places, panels = (size_t)chances->panel_count;
    struct share *shares = PANEL_NEW(memory, struct share, panels + 1);
    int32_t *order = PANEL_NEW(memory, int32_t, model->applicant_count + 1);
    int32_t *first = PANEL_NEW(memory, int32_t, model->type_count + 1);
    int32_t *next = PANEL_NEW(memory, int32_t, model->type_count + 1), ticket = 0;

    lottery->count = count;
    lottery->places = model->places;
    lottery->member = PANEL_NEW(memory, int32_t, (size_t)count * places + 1);
    lottery->seats = PANEL_NEW(memory, int32_t, model->applicant_count + 1);
    for (size_t p = 0; p < panels; p++) {
        shares[p] = (struct share){.panel = chances->panel[p], .types = model->type_count};
        mpq_init(shares[p].rest);
        mpq_set(shares[p].rest, chances->weight[p]);
    }
    qsort(shares, panels, sizeof(*shares), by_panel);
    give_copies(memory, chances, shares, count);
    order_equals(model, deal, order, first);
    for (size_t p = 0; p < panels; p++)
        for (int32_t c = 0; c < shares[p].copies; c++, ticket++) {
            int32_t *seat = lottery->member + (size_t)ticket * places;

            for (int32_t t = 0; t < model->type_count; t++)
                for (int32_t k = 0; k < shares[p].panel[t]; k++) {
                    int32_t who = order[first[t] + next[t]];

                    next[t] = (next[t] + 1) % model->size[t];
                    lottery->seats[who]++;
                    *seat++ = who;
                }
            qsort(lottery->member + (size_t)ticket * places, places, sizeof(int32_t), ascending);
        }
    for (size_t p = 0; p < panels; p++)
        mpq_clear(shares[p].rest);
    return lottery;
}
