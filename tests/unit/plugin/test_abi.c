/* The interface lies in memory as it was released: a plugin built then still finds everything. */
#include "core/plugin/descriptor.h"
#include "reihum/plugin.h"
#include "reihum/solve.h"
#include "tests/abi/v1_0.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const struct {
    const char *what;
    int64_t recorded, today;
} rows[] = {
#define SIZE(type, size) {"size of struct " #type, (size), (int64_t)sizeof(struct type)},
#define MEMBER(type, member, place)                                                                \
    {#type "." #member, (place), (int64_t)offsetof(struct type, member)},
#define CONSTANT(name, value) {#name, (value), (int64_t)(name)},
    ABI_V1_0(SIZE, MEMBER, CONSTANT)};

static void every_member_and_constant_is_where_it_was(void **state)
{
    int moved = 0;
    (void)state;

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (rows[i].recorded != rows[i].today) {
            print_error("%s: recorded %lld, now %lld\n", rows[i].what, (long long)rows[i].recorded,
                        (long long)rows[i].today);
            moved++;
        }
    if (moved)
        fail_msg("%d changed; what that means stands in tests/abi/README.md", moved);
}

/* What the loader demands at least of a row is what version 1.0 had. */
static void the_loader_demands_the_sizes_of_1_0(void **state)
{
    static const struct {
        const char *type;
        size_t least;
    } demanded[] = {
        {"rh_plugin", RH_SIZE_1_0_PLUGIN},       {"rh_need", RH_SIZE_1_0_NEED},
        {"rh_operation", RH_SIZE_1_0_OPERATION}, {"rh_param", RH_SIZE_1_0_PARAM},
        {"rh_column", RH_SIZE_1_0_COLUMN},       {"rh_hook", RH_SIZE_1_0_HOOK},
        {"rh_job_kind", RH_SIZE_1_0_JOB},        {"rh_page", RH_SIZE_1_0_PAGE},
        {"rh_asset", RH_SIZE_1_0_ASSET},         {"rh_config_key", RH_SIZE_1_0_CONFIG},
        {"rh_migration", RH_SIZE_1_0_MIGRATION}, {"rh_document", RH_SIZE_1_0_DOCUMENT},
    };
    (void)state;

    for (size_t i = 0; i < sizeof(demanded) / sizeof(demanded[0]); i++) {
        char what[64];
        bool found = false;

        snprintf(what, sizeof(what), "size of struct %s", demanded[i].type);
        for (size_t r = 0; r < sizeof(rows) / sizeof(rows[0]); r++)
            if (strcmp(rows[r].what, what) == 0) {
                assert_int_equal(rows[r].recorded, demanded[i].least);
                found = true;
            }
        assert_true(found);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_member_and_constant_is_where_it_was),
        cmocka_unit_test(the_loader_demands_the_sizes_of_1_0),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
