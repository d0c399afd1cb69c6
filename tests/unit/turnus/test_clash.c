/* clash.h: contradicting sets and repairs of small cases, compared with trying everything. */
#include "core/base/dice.h"
#include "plugins/turnus/clash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ITEMS = 4, SLOTS = 4, RULES = 10, PLANS = 256 };

/* Memory of one case, given back at its end. */
static void *taken[20000];
static size_t taken_count;

static void *take(void *context, size_t size)
{
    (void)context;
    assert_true(taken_count < sizeof(taken) / sizeof(taken[0]));
    return taken[taken_count++] = calloc(1, size);
}

static void give_back(void)
{
    while (taken_count > 0)
        free(taken[--taken_count]);
}

struct sample {
    struct clash clash;
    struct clash_rule rule[RULES];
    uint8_t exempt[ITEMS];
};

static int32_t below(struct rh_dice *dice, int32_t limit)
{
    return rh_dice_below(dice, limit);
}

/* Ranges may begin before the slots and end after them, as rules of other rounds do. */
static struct clash_rule random_rule(struct rh_dice *dice)
{
    struct clash_rule rule = {
        .kind = (enum clash_kind)(below(dice, 8) < 4 ? CLASH_FORBID : below(dice, 7) % 4),
        .item = below(dice, ITEMS),
        .from = below(dice, SLOTS + 1) - 1,
        .drop_price = below(dice, 5) * 2,
        .stretch_price = below(dice, 3),
        .step_price = below(dice, 3)};

    rule.other = (rule.item + 1 + below(dice, ITEMS - 1)) % ITEMS;
    rule.to = rule.from + below(dice, 3);
    rule.outside = below(dice, 3) == 0;
    rule.ends = below(dice, 4);
    if (rule.kind == CLASH_FORBID && below(dice, 6) == 0) {
        rule.item = -1;
        rule.outside = rule.ends = 0;
        rule.step_price = 0;
    }
    if (rule.kind == CLASH_ROOM || rule.item < 0)
        rule.to = rule.from = below(dice, SLOTS);
    if (rule.kind == CLASH_ROOM) {
        rule.limit = below(dice, 3);
        rule.drop_price = 0;
    }
    return rule;
}

static void begin(struct sample *s, int32_t rules, uint64_t seed)
{
    struct rh_dice dice = {seed};

    memset(s, 0, sizeof(*s));
    for (int32_t i = 0; i < ITEMS; i++)
        s->exempt[i] = below(&dice, 5) == 0;
    for (int32_t r = 0; r < rules; r++)
        s->rule[r] = random_rule(&dice);
    s->clash = (struct clash){.items = ITEMS,
                              .slots = SLOTS,
                              .rules = rules,
                              .exempt = s->exempt,
                              .rule = s->rule,
                              .alloc = take};
    assert_int_equal(clash_begin(&s->clash), 0);
}

/* ---- trying everything ---- */

static bool breaks(const struct sample *s, const struct clash_rule *rule, const int32_t *slot)
{
    int32_t found = 0;

    switch (rule->kind) {
    case CLASH_ROOM:
        for (int32_t i = 0; i < ITEMS; i++)
            found += slot[i] == rule->from;
        return found > rule->limit;
    case CLASH_TOGETHER:
        return slot[rule->item] != slot[rule->other];
    case CLASH_FORBID:
        for (int32_t i = 0; i < ITEMS; i++) {
            bool inside = slot[i] >= rule->from && slot[i] <= rule->to;

            if (rule->item == i || (rule->item < 0 && !s->exempt[i]))
                found += inside != (rule->outside == 1);
        }
        return found > 0;
    case CLASH_APART:
        break;
    }
    return false;
}

static void plan_of(int32_t number, int32_t *slot)
{
    for (int32_t i = 0; i < ITEMS; i++, number /= SLOTS)
        slot[i] = number % SLOTS;
}

/* By plan, the rules it breaks. */
static void draw(const struct sample *s, uint32_t broken[PLANS])
{
    for (int32_t p = 0; p < PLANS; p++) {
        int32_t slot[ITEMS];

        plan_of(p, slot);
        broken[p] = 0;
        for (int32_t r = 0; r < s->clash.rules; r++)
            broken[p] |= (uint32_t)breaks(s, &s->rule[r], slot) << r;
    }
}

/* Pairs that other rules bind together although they shall be apart. */
static bool is_parted(const struct sample *s, uint32_t on)
{
    int32_t group[ITEMS] = {0, 1, 2, 3};

    for (int32_t again = 0; again < ITEMS; again++) {
        for (int32_t r = 0; r < s->clash.rules; r++) {
            const struct clash_rule *rule = &s->rule[r];

            if (rule->kind == CLASH_TOGETHER && (on >> r & 1)) {
                int32_t *a = &group[rule->item], *b = &group[rule->other];

                *a = *b = *a < *b ? *a : *b;
            }
        }
    }
    for (int32_t r = 0; r < s->clash.rules; r++) {
        const struct clash_rule *rule = &s->rule[r];

        if (rule->kind == CLASH_APART && (on >> r & 1) && group[rule->item] == group[rule->other])
            return true;
    }
    return false;
}

static bool clashes(const struct sample *s, const uint32_t broken[PLANS], uint32_t on)
{
    if (is_parted(s, on))
        return true;
    for (int32_t p = 0; p < PLANS; p++) {
        if ((broken[p] & on) == 0)
            return false;
    }
    return true;
}

static void marks(uint32_t on, int32_t rules, uint8_t *ret)
{
    for (int32_t r = 0; r < rules; r++)
        ret[r] = on >> r & 1;
}

static uint32_t mask(const uint8_t *on, int32_t rules)
{
    uint32_t found = 0;

    for (int32_t r = 0; r < rules; r++)
        found |= (uint32_t)(on[r] != 0) << r;
    return found;
}

/* ---- is there a plan ---- */

static void assert_keeps(const struct sample *s, uint32_t on, const int32_t *slot)
{
    for (int32_t i = 0; i < ITEMS; i++)
        assert_in_range(slot[i], 0, SLOTS - 1);
    for (int32_t r = 0; r < s->clash.rules; r++) {
        if (on >> r & 1)
            assert_false(breaks(s, &s->rule[r], slot));
    }
}

static void there_is_a_plan_exactly_when_trying_finds_one(void **state)
{
    int32_t found[2] = {0, 0};
    (void)state;

    for (uint64_t seed = 1; seed <= 200; seed++) {
        struct sample s;
        uint32_t broken[PLANS];

        begin(&s, RULES, seed);
        draw(&s, broken);
        for (uint32_t on = 0; on < 1u << RULES; on += 3) {
            uint8_t marked[RULES];
            int32_t slot[ITEMS] = {-1, -1, -1, -1};
            bool clash = clashes(&s, broken, on);

            marks(on, RULES, marked);
            assert_int_equal(clash_fits(&s.clash, marked, slot), clash ? CLASH_NO : CLASH_YES);
            if (!clash)
                assert_keeps(&s, on, slot);
            found[clash]++;
        }
        give_back();
    }
    assert_true(found[0] > 1000 && found[1] > 1000);
}

/* ---- contradicting sets ---- */

static int32_t least_clash(const struct sample *s, const uint32_t broken[PLANS])
{
    int32_t least = RULES + 1;

    for (uint32_t on = 0; on < 1u << RULES; on++) {
        int32_t size = __builtin_popcount(on);

        if (size < least && clashes(s, broken, on))
            least = size;
    }
    return least;
}

static void a_clash_is_irreducible_and_the_smallest_there_is(void **state)
{
    int32_t clashing = 0, large = 0;
    (void)state;

    for (uint64_t seed = 1; seed <= 400; seed++) {
        struct sample s;
        struct clash_set set;
        uint32_t broken[PLANS], all = (1u << RULES) - 1, on;
        uint8_t marked[RULES];

        begin(&s, RULES, seed);
        draw(&s, broken);
        marks(all, RULES, marked);
        if (clashes(&s, broken, all)) {
            assert_int_equal(clash_find(&s.clash, marked, 5000, &set), 0);
            on = mask(set.on, RULES);
            assert_true(clashes(&s, broken, on));
            for (int32_t r = 0; r < RULES; r++) {
                if (on >> r & 1)
                    assert_false(clashes(&s, broken, on & ~(1u << r)));
            }
            assert_int_equal(set.irreducible, 1);
            assert_int_equal(set.smallest, 1);
            assert_int_equal(set.count, __builtin_popcount(on));
            assert_int_equal(set.count, least_clash(&s, broken));
            clashing++;
            large += set.count > 2;
        }
        give_back();
    }
    assert_true(clashing > 100 && large > 20);
}

/* Without questions left for the smallest, what is found is still irreducible. */
static void a_clash_found_in_a_hurry_is_irreducible(void **state)
{
    (void)state;

    for (uint64_t seed = 1; seed <= 400; seed++) {
        struct sample s;
        uint32_t broken[PLANS], all = (1u << RULES) - 1, on;
        uint8_t marked[RULES];

        begin(&s, RULES, seed);
        draw(&s, broken);
        marks(all, RULES, marked);
        if (clashes(&s, broken, all)) {
            assert_int_equal(clash_reduce(&s.clash, marked), 1);
            on = mask(marked, RULES);
            assert_true(clashes(&s, broken, on));
            for (int32_t r = 0; r < RULES; r++) {
                if (on >> r & 1)
                    assert_false(clashes(&s, broken, on & ~(1u << r)));
            }
        }
        give_back();
    }
}

/* ---- repairs ---- */

enum { FEW = 5 }; /* rules: each has up to a dozen forms */

static bool possible(const struct sample *s, uint32_t on)
{
    uint32_t broken[PLANS];

    draw(s, broken);
    return !clashes(s, broken, on);
}

/* Every form of every rule, rule by rule; the least price of one that makes a plan possible. */
static void try_forms(struct sample *s, const struct clash_rule *origin, int32_t at, uint32_t on,
                      int64_t price, int64_t *least)
{
    const struct clash_rule *rule = &origin[at];
    int32_t froms = rule->kind == CLASH_FORBID && (rule->ends & CLASH_FROM) ? SLOTS + 2 : 0;
    int32_t tos = rule->kind == CLASH_FORBID && (rule->ends & CLASH_TO) ? SLOTS + 2 : 0;
    int32_t rooms = rule->kind == CLASH_ROOM ? ITEMS : 0;

    if (price >= *least)
        return;
    if (at == s->clash.rules) {
        if (possible(s, on))
            *least = price;
        return;
    }
    if (rule->drop_price > 0)
        try_forms(s, origin, at + 1, on & ~(1u << at), price + rule->drop_price, least);
    if (rule->step_price == 0)
        froms = tos = rooms = 0;
    for (int32_t a = 0; a <= froms; a++) {
        for (int32_t b = 0; b <= tos; b++) {
            for (int32_t c = 0; c <= rooms; c++) {
                struct clash_rule form = *rule;
                int32_t steps = a + b + c;

                form.from += rule->outside ? -a : a;
                form.to += rule->outside ? b : -b;
                form.limit += c;
                if (form.from > form.to)
                    continue; /* gone altogether is for dropping */
                s->rule[at] = form;
                try_forms(s, origin, at + 1, on,
                          price + (steps ? rule->stretch_price + steps * rule->step_price : 0),
                          least);
            }
        }
    }
    s->rule[at] = *rule;
}

static uint32_t put(struct sample *s, const struct clash_rule *origin,
                    const struct clash_repair *repair)
{
    uint32_t on = (1u << FEW) - 1;

    memcpy(s->rule, origin, sizeof(s->rule));
    for (int32_t i = 0; i < repair->count; i++) {
        const struct clash_change *change = &repair->changes[i];

        if (change->dropped)
            on &= ~(1u << change->rule);
        s->rule[change->rule].from = change->from;
        s->rule[change->rule].to = change->to;
        s->rule[change->rule].limit = change->limit;
    }
    return on;
}

static void the_first_repair_is_the_cheapest_and_each_makes_a_plan_possible(void **state)
{
    static struct clash_repair repairs[9];
    int32_t clashing = 0, several = 0, none = 0;
    (void)state;

    for (uint64_t seed = 1; seed <= 800; seed++) {
        struct sample s;
        struct clash_rule origin[RULES];
        int64_t least = INT64_MAX;
        int32_t count, proven;

        begin(&s, FEW, seed);
        memcpy(origin, s.rule, sizeof(origin));
        if (!possible(&s, (1u << FEW) - 1)) {
            count = clash_repairs(&s.clash, 20000, repairs, 9, &proven);
            assert_memory_equal(s.rule, origin, sizeof(origin));
            try_forms(&s, origin, 0, (1u << FEW) - 1, 0, &least);
            assert_int_equal(count > 0, least < INT64_MAX);
            if (count > 0) {
                assert_int_equal(repairs[0].price, least);
                assert_int_equal(proven, 1);
            }
            for (int32_t i = 0; i < count; i++) {
                assert_true(i == 0 || repairs[i - 1].price <= repairs[i].price);
                assert_int_equal(clash_try(&s.clash, &repairs[i], NULL), CLASH_YES);
                assert_true(possible(&s, put(&s, origin, &repairs[i])));
                memcpy(s.rule, origin, sizeof(origin));
            }
            clashing++;
            several += count > 1;
            none += count == 0;
        }
        give_back();
    }
    assert_true(clashing > 50 && several > 20 && none >= 5);
}

/* Each change is needed: with any one left out there is no plan. */
static void no_repair_does_more_than_it_must(void **state)
{
    static struct clash_repair repairs[9];
    (void)state;

    for (uint64_t seed = 1; seed <= 800; seed++) {
        struct sample s;
        int32_t count, proven;
        uint8_t all[RULES];

        begin(&s, RULES, seed);
        memset(all, 1, sizeof(all));
        count = clash_fits(&s.clash, all, NULL) == CLASH_YES
                    ? 0
                    : clash_repairs(&s.clash, 500, repairs, 9, &proven);
        for (int32_t i = 0; i < count; i++) {
            for (int32_t left_out = 0; left_out < repairs[i].count; left_out++) {
                struct clash_repair less = repairs[i];

                memmove(&less.changes[left_out], &less.changes[left_out + 1],
                        (size_t)(less.count - left_out - 1) * sizeof(less.changes[0]));
                less.count--;
                assert_int_equal(clash_try(&s.clash, &less, NULL), CLASH_NO);
            }
        }
        give_back();
    }
}

/* Without items bound together; what is too much in a slot is spread, which costs less than one. */
static void the_cheapest_place_for_all_is_found(void **state)
{
    enum { GRAIN = 4096, ROOM = 2 };
    (void)state;

    for (uint64_t seed = 1; seed <= 300; seed++) {
        struct rh_dice dice = {seed + 5000};
        struct sample s;
        int64_t price[ITEMS * SLOTS], least = INT64_MAX, found = INT64_MAX;
        int32_t slot[ITEMS] = {-1, -1, -1, -1}, answer;
        uint8_t all[RULES];

        begin(&s, RULES, seed);
        for (int32_t r = 0; r < RULES; r++) {
            all[r] = 1;
            if (s.rule[r].kind != CLASH_ROOM) /* months' limits alone */
                s.rule[r] = (struct clash_rule){.kind = CLASH_ROOM, .from = r % SLOTS, .limit = 4};
            for (int32_t other = 0; other < r; other++)
                if (s.rule[other].from == s.rule[r].from)
                    s.rule[other].limit = s.rule[r].limit; /* one limit a slot */
        }
        for (int32_t cell = 0; cell < ITEMS * SLOTS; cell++)
            price[cell] = below(&dice, 6) == 0 ? -1 : below(&dice, 6) * GRAIN;
        answer = clash_place(&s.clash, all, price, (int64_t)ROOM * GRAIN, slot);
        for (int32_t p = 0; p <= PLANS; p++) {
            int32_t plan[ITEMS], load[SLOTS] = {0};
            int64_t sum = 0;

            if (p == PLANS && answer != CLASH_YES)
                break;
            plan_of(p % PLANS, plan);
            if (p == PLANS)
                memcpy(plan, slot, sizeof(plan));
            for (int32_t i = 0; i < ITEMS && sum >= 0; i++) {
                int64_t one = price[i * SLOTS + plan[i]];

                sum = one < 0 ? -1 : sum + one / GRAIN;
                load[plan[i]]++;
            }
            for (int32_t t = 0; t < SLOTS && sum >= 0; t++)
                for (int32_t r = RULES - 1; r >= 0; r--)
                    if (s.rule[r].from == t) {
                        sum += load[t] > s.rule[r].limit ? (load[t] - s.rule[r].limit) * ROOM : 0;
                        break;
                    }
            if (p == PLANS)
                found = sum;
            else if (sum >= 0 && sum < least)
                least = sum;
        }
        assert_int_equal(answer == CLASH_YES, least < INT64_MAX);
        assert_int_equal(found, least);
        give_back();
    }
}

/* A hundred short of room: the way step by step would not come to an end. */
static void much_too_little_room_is_repaired_in_one_go(void **state)
{
    enum { MANY = 186, MONTHS = 60 };
    static struct clash_rule rules[MONTHS];
    static struct clash_repair repairs[5];
    static const uint8_t exempt[MANY];
    struct clash c = {.items = MANY,
                      .slots = MONTHS,
                      .rules = MONTHS,
                      .exempt = exempt,
                      .rule = rules,
                      .alloc = take};
    int32_t proven;
    (void)state;

    for (int32_t t = 0; t < MONTHS; t++)
        rules[t] = (struct clash_rule){
            .kind = CLASH_ROOM, .item = -1, .from = t, .to = t, .limit = 1, .step_price = 2};
    assert_int_equal(clash_begin(&c), 0);

    assert_true(clash_repairs(&c, 200, repairs, 5, &proven) > 0);

    assert_int_equal(repairs[0].price, 2 * (MANY - MONTHS));
    assert_int_equal(clash_try(&c, &repairs[0], NULL), CLASH_YES);
    give_back();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(there_is_a_plan_exactly_when_trying_finds_one),
        cmocka_unit_test(a_clash_is_irreducible_and_the_smallest_there_is),
        cmocka_unit_test(a_clash_found_in_a_hurry_is_irreducible),
        cmocka_unit_test(the_first_repair_is_the_cheapest_and_each_makes_a_plan_possible),
        cmocka_unit_test(no_repair_does_more_than_it_must),
        cmocka_unit_test(the_cheapest_place_for_all_is_found),
        cmocka_unit_test(much_too_little_room_is_repaired_in_one_go),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
