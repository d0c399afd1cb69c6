/* The life of a procedure: states, events, what follows from them. */
#include "tests/unit/process/world.h"

static void a_procedure_of_the_pilot_runs_from_contact_to_follow_up(void **state)
{
    struct world w;
    (void)state;

    world_init(&w, read_shipped());
    begin(&w, "2027-01-11", "2027-01-11");

    assert_state(&w, "contact", "ready");
    assert_state(&w, "kickoff", "planned");
    assert_state(&w, "occasion", "skipped");
    world_fini(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_procedure_of_the_pilot_runs_from_contact_to_follow_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
