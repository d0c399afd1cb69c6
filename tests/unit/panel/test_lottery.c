/* The lottery as panels, its random numbers, and seats in proportion. */
#include "plugins/pilot/panel/apportion.h"
#include "plugins/pilot/panel/lottery.h"
#include "plugins/pilot/panel/sha256.h"
#include "tests/unit/panel/pools.h"

static const char *hex_of(const char *text)
{
    static char hex[PANEL_HEX];
    uint8_t digest[32];

    panel_sha256(text, strlen(text), digest);
    panel_hex(digest, hex);
    return hex;
}

/* FIPS 180-4, and the lengths around a block. */
static void digests_are_those_of_the_standard(void **state)
{
    char text[130] = "";
    (void)state;

    assert_string_equal(hex_of(""),
                        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_string_equal(hex_of("abc"),
                        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_string_equal(hex_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
                        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    memset(text, 'a', 64);
    assert_string_equal(hex_of(text),
                        "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb");
    memset(text, 'a', 119);
    assert_string_equal(hex_of(text),
                        "31eba51c313a5c08226adf18d4a359cfdfd8d2e816b13f4af952f7ea6584dcfb");
}

static void random_numbers_are_below_and_repeat(void **state)
{
    struct panel_stream a, b;
    int32_t seen[7] = {0};
    (void)state;

    panel_stream_begin(&a, "test", "seed");
    panel_stream_begin(&b, "test", "seed");
    for (int32_t i = 0; i < 7000; i++) {
        uint64_t number = panel_stream_below(&a, 7);

        assert_true(number < 7 && number == panel_stream_below(&b, 7));
        seen[number]++;
    }
    for (int32_t i = 0; i < 7; i++)
        assert_in_range(seen[i], 850, 1150);
}

static void every_panel_holds_and_equals_differ_by_one_at_most(void **state)
{
    static struct pool pool;
    (void)state;

    for (uint64_t seed = 1; seed <= 500; seed++) {
        struct panel_memory memory = PANEL_MEMORY;
        struct panel_options options = {0};
        struct panel_model *model;
        struct panel_chances *chances;
        struct panel_lottery *lottery;

        make_pool(&pool, seed);
        model = panel_model_new(&memory, &pool.problem);
        chances = panel_chances_find(&memory, model, &options);
        if (chances->state == PANEL_DONE) {
            lottery = panel_lottery_new(&memory, chances, 100, "a digest");
            for (int32_t p = 0; p < 100; p++) {
                uint32_t set = 0;

                for (int32_t k = 0; k < lottery->places; k++)
                    set |= 1u << lottery->member[p * lottery->places + k];
                assert_true(is_panel(&pool, set));
            }
            for (int32_t i = 0; i < model->applicant_count; i++)
                for (int32_t j = 0; j < model->applicant_count; j++)
                    if (model->type_of[i] == model->type_of[j])
                        assert_in_range(lottery->seats[i] - lottery->seats[j] + 1, 0, 2);
        }
        panel_memory_free(&memory);
    }
}

static void the_common_denominator_loses_nothing(void **state)
{
    static struct pool pool;
    int32_t tried = 0;
    (void)state;

    for (uint64_t seed = 1; seed <= 500; seed++) {
        struct panel_memory memory = PANEL_MEMORY;
        struct panel_options options = {0};
        struct panel_chances *chances;
        int32_t count;

        make_pool(&pool, seed);
        chances = panel_chances_find(&memory, panel_model_new(&memory, &pool.problem), &options);
        count = chances->state == PANEL_DONE ? panel_lottery_exact_count(chances) : 0;
        if (count) {
            struct panel_lottery *lottery = panel_lottery_new(&memory, chances, count, "");
            mpq_t *sum = panel_rationals(&memory, 2);

            for (int32_t t = 0; t < chances->model->type_count; t++) {
                int64_t seats = 0;

                for (int32_t i = 0; i < chances->model->applicant_count; i++)
                    seats += chances->model->type_of[i] == t ? lottery->seats[i] : 0;
                mpq_set_si(sum[0], seats,
                           (unsigned long)count * (unsigned long)chances->model->size[t]);
                mpq_canonicalize(sum[0]);
                assert_true(mpq_equal(sum[0], chances->chance[t]));
            }
            tried++;
        }
        panel_memory_free(&memory);
    }
    assert_true(tried > 150);
}

/* The size classes of the Rhineland (config/nrw) and nine places: the divisors by hand. */
static void seats_follow_sainte_lague_with_one_for_each(void **state)
{
    static const int32_t members[] = {4, 6, 31, 41, 1, 10, 0};
    int32_t seats[7];
    (void)state;

    panel_apportion(members, 7, 9, seats);
    assert_memory_equal(seats, ((int32_t[]){1, 1, 2, 3, 1, 1, 0}), sizeof(seats));
    panel_apportion(members, 7, 3, seats); /* too few for one each: by the numbers alone */
    assert_memory_equal(seats, ((int32_t[]){0, 0, 1, 2, 0, 0, 0}), sizeof(seats));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digests_are_those_of_the_standard),
        cmocka_unit_test(random_numbers_are_below_and_repeat),
        cmocka_unit_test(every_panel_holds_and_equals_differ_by_one_at_most),
        cmocka_unit_test(the_common_denominator_loses_nothing),
        cmocka_unit_test(seats_follow_sainte_lague_with_one_for_each),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
