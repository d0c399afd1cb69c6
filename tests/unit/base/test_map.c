/* map.h: every key finds its value, and the order is that of putting. */
#include "core/base/alloc.h"
#include "core/base/map.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static int things[1000];

static void walking_gives_the_order_of_putting(void **state)
{
    static const char *const names[] = {"wesel", "aachen", "köln", ""};
    rh_auto_map(map, 10);
    const char *key;
    void *value;
    size_t seen = 0;
    (void)state;

    for (size_t i = 0; i < 4; i++)
        assert_int_equal(rh_map_put(&map, names[i], &things[i], NULL), 0);
    assert_int_equal(rh_map_put(&map, "aachen", &things[9], NULL), 0); /* keeps its place */

    for (size_t at = 0; rh_map_next(&map, &at, &key, &value); seen++) {
        assert_string_equal(key, names[seen]);
        assert_ptr_equal(value, seen == 1 ? &things[9] : &things[seen]);
    }
    assert_int_equal(seen, 4);
    assert_int_equal(map.count, 4);
}

static void removed_keys_are_gone_and_may_come_back(void **state)
{
    rh_auto_map(map, 10);
    const char *key;
    size_t at = 0;
    (void)state;

    rh_map_put(&map, "a", &things[0], NULL);
    rh_map_put(&map, "b", &things[1], NULL);
    assert_ptr_equal(rh_map_remove(&map, "a"), &things[0]);
    assert_null(rh_map_remove(&map, "a"));

    assert_false(rh_map_has(&map, "a"));
    rh_map_put(&map, "a", NULL, NULL);
    assert_true(rh_map_has(&map, "a"));
    assert_null(rh_map_get(&map, "a"));
    assert_true(rh_map_next(&map, &at, &key, NULL));
    assert_string_equal(key, "b");
    assert_true(rh_map_next(&map, &at, &key, NULL));
    assert_string_equal(key, "a");
}

static void the_maximum_holds(void **state)
{
    rh_auto_map(map, 1);
    struct rh_err err = {0};
    (void)state;

    assert_int_equal(rh_map_put(&map, "a", NULL, NULL), 0);
    assert_int_equal(rh_map_put(&map, "b", NULL, &err), RH_ETOOLARGE);
    assert_string_equal(err.text[RH_DE], "höchstens 1 Einträge sind erlaubt");
    assert_int_equal(rh_map_put(&map, "a", &things[0], NULL), 0);
}

static void keys_are_bytes_with_a_length(void **state)
{
    rh_auto_map(map, 10);
    (void)state;

    rh_map_put_n(&map, "abc", 2, &things[0], NULL);
    rh_map_put_n(&map, "a\0b", 3, &things[1], NULL);

    assert_ptr_equal(rh_map_get(&map, "ab"), &things[0]);
    assert_ptr_equal(rh_map_get_n(&map, "a\0b", 3), &things[1]);
    assert_null(rh_map_get(&map, "a"));
}

/* 50,000 random puts, removals and lookups over 1,000 names, against a plain array. */
static void it_agrees_with_a_plain_array(void **state)
{
    rh_auto_map(map, 1000);
    void *plain[1000] = {0};
    uint64_t seed = 3;
    size_t count = 0;
    (void)state;

    for (int i = 0; i < 50000; i++) {
        char name[16];
        size_t n;

        seed = seed * 6364136223846793005u + 1442695040888963407u;
        n = (seed >> 33) % 1000;
        snprintf(name, sizeof(name), "office-%zu", n);
        switch ((seed >> 60) % 3) {
        case 0:
            assert_int_equal(rh_map_put(&map, name, &things[i % 1000], NULL), 0);
            plain[n] = &things[i % 1000];
            break;
        case 1:
            assert_ptr_equal(rh_map_remove(&map, name), plain[n]);
            plain[n] = NULL;
            break;
        default:
            assert_ptr_equal(rh_map_get(&map, name), plain[n]);
        }
    }
    for (int i = 0; i < 1000; i++)
        count += plain[i] != NULL;
    assert_int_equal(map.count, count);
    assert_true(map.slot_count <= 8192); /* removed entries do not let it grow for ever */
}

static void without_memory_the_map_is_as_before(void **state)
{
    long n;
    (void)state;

    for (n = 1; n < 100; n++) {
        rh_auto_map(map, 100);
        size_t put = 0;
        char name[16];

        rh_alloc_fail_after(n, 0);
        for (; put < 20; put++) {
            snprintf(name, sizeof(name), "%zu", put);
            if (rh_map_put(&map, name, &things[put], NULL) < 0)
                break;
        }
        rh_alloc_fail_after(0, 0);

        assert_int_equal(map.count, put);
        for (size_t i = 0; i < put; i++) {
            snprintf(name, sizeof(name), "%zu", i);
            assert_ptr_equal(rh_map_get(&map, name), &things[i]);
        }
        if (put == 20)
            break;
    }
    assert_in_range(n, 20, 99);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(walking_gives_the_order_of_putting),
        cmocka_unit_test(removed_keys_are_gone_and_may_come_back),
        cmocka_unit_test(the_maximum_holds),
        cmocka_unit_test(keys_are_bytes_with_a_length),
        cmocka_unit_test(it_agrees_with_a_plain_array),
        cmocka_unit_test(without_memory_the_map_is_as_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
