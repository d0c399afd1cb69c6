/* check.h, elf.h: what is wrong with a plugin is known before any of its code runs. */
#include "core/base/alloc.h"
#include "core/plugin/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "elf_maker.h"

static struct rh_report *report_of(const struct maker *m)
{
    struct rh_report *report = NULL;
    struct rh_err err = {0};

    if (rh_report_new("some/folder/made.so", m->bytes, m->size, &report, &err) < 0)
        fail_msg("%s", err.text[RH_EN]);
    return report;
}

static void assert_fine(const struct maker *m)
{
    struct rh_report *report = report_of(m);

    if (report->faults.count > 0)
        fail_msg("%s", report->faults.items[0].text[RH_EN]);
    rh_report_free(report);
}

/* One of the faults says so. */
static void assert_fault(const struct maker *m, const char *de, const char *en)
{
    struct rh_report *report = report_of(m);
    bool found = false;

    for (size_t i = 0; i < report->faults.count; i++)
        found |= strstr(report->faults.items[i].text[RH_DE], de) != NULL &&
                 strstr(report->faults.items[i].text[RH_EN], en) != NULL;
    if (!found)
        fail_msg("'%s' is not among: %s / %s", de, report->faults.items[0].text[RH_DE],
                 report->faults.items[0].text[RH_EN]);
    rh_report_free(report);
}

static void begin(struct maker *m)
{
    maker_begin(m, rh_elf_this_machine());
}

static void set32(struct maker *m, size_t place, uint32_t value)
{
    maker_set(m, place, &value, sizeof(value));
}

static void drop_relocation(struct maker *m, size_t place)
{
    for (size_t i = 0; i < m->relocation_count; i++)
        if (m->relocations[i].r_offset == place)
            m->relocations[i].r_info = 0; /* R_…_NONE on both machines */
}

/* ---- what can be read ---- */

static void a_file_is_read_as_the_loader_would_without_running_it(void **state)
{
    struct maker m;
    struct rh_report *report;
    const struct rh_operation *operation;
    const struct rh_hook *hook;
    (void)state;

    begin(&m);
    maker_end(&m);
    assert_fine(&m);

    report = report_of(&m);
    operation = report->plugin->operations.rows;
    hook = report->plugin->hooks.rows;
    assert_string_equal(report->plugin->name, "made");
    assert_string_equal(report->plugin->title.de, "Gemacht");
    assert_string_equal(operation->name, "made look");
    assert_string_equal(hook->topic, "office.*");
    assert_int_equal(hook->priority, 7);
    rh_report_free(report);
}

static void a_file_for_another_machine_is_read_too_and_says_so(void **state)
{
    uint16_t other = rh_elf_this_machine() == EM_X86_64 ? EM_AARCH64 : EM_X86_64;
    struct maker m;
    struct rh_report *report;
    (void)state;

    maker_begin(&m, other);
    maker_end(&m);

    assert_fault(&m, "die Datei ist für", "the file is built for");
    report = report_of(&m);
    assert_int_equal(report->faults.count, 1);
    assert_string_equal(report->plugin->name, "made");
    rh_report_free(report);
}

static void an_older_descriptor_is_padded_and_a_longer_row_is_cut(void **state)
{
    struct rh_operation wide[2] = {{.kind = RH_READ}};
    struct maker m;
    struct rh_report *report;
    size_t row;
    (void)state;

    begin(&m);
    row = maker_put(&m, wide, sizeof(wide)); /* one row of twice today's size */
    drop_relocation(&m, MAKER_AT(operations));
    maker_table(&m, MAKER_AT(operations), row, 1, sizeof(wide));
    maker_link(&m, row + offsetof(struct rh_operation, name), maker_text(&m, "made wide"));
    maker_link(&m, row + offsetof(struct rh_operation, help.de), maker_text(&m, "breit"));
    maker_link(&m, row + offsetof(struct rh_operation, help.en), maker_text(&m, "wide"));
    maker_link(&m, row + offsetof(struct rh_operation, run), MAKER_DESCRIPTOR + 192);
    set32(&m, MAKER_AT(size), sizeof(struct rh_plugin) + 8); /* more than we know of */
    m.symbol_size += 8;
    maker_end(&m);
    assert_fine(&m);

    report = report_of(&m);
    assert_int_equal(report->plugin->operations.row_size, sizeof(struct rh_operation));
    assert_string_equal(((const struct rh_operation *)report->plugin->operations.rows)->name,
                        "made wide");
    rh_report_free(report);
}

static void what_reaches_past_the_host_is_shown(void **state)
{
    struct maker m;
    struct rh_report *report;
    const char *symbol = NULL;
    const struct rh_text *way;
    (void)state;

    begin(&m);
    m.import = "connect";
    m.constructors = 3;
    maker_end(&m);
    report = report_of(&m);

    way = rh_report_reach(report, 0, &symbol);
    assert_non_null(way);
    assert_string_equal(way->de, "Netz");
    assert_string_equal(symbol, "connect");
    assert_null(rh_report_reach(report, 1, &symbol));
    assert_int_equal(report->elf.constructors, 3);
    rh_report_free(report);
}

/* ---- what is wrong with the file ---- */

static void a_file_that_no_loader_should_take_says_why(void **state)
{
    struct maker m;
    (void)state;

    begin(&m);
    m.stack_flags |= PF_X;
    maker_end(&m);
    assert_fault(&m, "verlangt einen ausführbaren Stapel", "asks for an executable stack");

    begin(&m);
    m.text_relocations = 1;
    maker_end(&m);
    assert_fault(&m, "ändert beim Laden ihren eigenen Code", "changes its own code");

    begin(&m);
    m.symbol = "rh_plugim";
    maker_end(&m);
    assert_fault(&m, "gibt kein 'rh_plugin' aus", "exports no 'rh_plugin'");

    begin(&m);
    m.import = "rh_db_exec";
    maker_end(&m);
    assert_fault(&m, "die Datei will 'rh_db_exec' vom Server", "the file wants 'rh_db_exec'");

    begin(&m);
    m.more_memory = (uint64_t)1 << 40;
    maker_end(&m);
    assert_fault(&m, "ein Segment", "a segment");

    begin(&m);
    m.symbol_size = 100;
    maker_end(&m);
    assert_fault(&m, "das Symbol 'rh_plugin' hat 100 Byte, die Beschreibung nennt 208",
                 "the symbol 'rh_plugin' has 100 bytes, the descriptor says 208");
}

/* ---- what is wrong with the tables ---- */

static void pointers_that_lead_nowhere_are_named(void **state)
{
    struct maker m;
    (void)state;

    begin(&m);
    drop_relocation(&m, MAKER_AT(version));
    maker_link(&m, MAKER_AT(version), 0x123456);
    maker_end(&m);
    assert_fault(&m, "version: hier steht kein Text", "version: there is no text");

    begin(&m);
    drop_relocation(&m, MAKER_AT(title.en));
    maker_end(&m);
    assert_fault(&m, "title.en fehlt", "title.en is missing");

    begin(&m);
    drop_relocation(&m, MAKER_AT(operations));
    maker_link(&m, MAKER_AT(operations), 0x123456);
    maker_end(&m);
    assert_fault(&m, "operations: der Zeiger führt ins Leere", "operations: the pointer leads");

    begin(&m);
    maker_link(&m, MAKER_AT(start), 0x123456);
    maker_end(&m);
    assert_fault(&m, "start: dort steht kein ausführbarer Code", "start: there is no executable");

    begin(&m);
    maker_link(&m, 0x123456, MAKER_DESCRIPTOR);
    maker_end(&m);
    assert_fault(&m, "eine Verschiebung zeigt ins Leere", "a relocation points nowhere");
}

static void tables_of_a_wrong_shape_are_named(void **state)
{
    struct maker m;
    (void)state;

    begin(&m);
    set32(&m, MAKER_AT(operations.count), 257);
    maker_end(&m);
    assert_fault(&m, "operations: 257 Zeilen sind mehr als die erlaubten 256",
                 "operations: 257 rows are more than the 256 allowed");

    begin(&m);
    set32(&m, MAKER_AT(hooks.row_size), 20);
    maker_end(&m);
    assert_fault(&m, "hooks: eine Zeile hat 20 Byte, in Version 1.0 waren es 24",
                 "hooks: a row has 20 bytes, in version 1.0 it had 24");

    begin(&m);
    set32(&m, MAKER_AT(size), 184);
    maker_end(&m);
    assert_fault(&m, "die Beschreibung hat nach eigener Angabe 184 Byte",
                 "the descriptor has 184 bytes by its own account");
}

static void all_faults_are_named_not_only_the_first(void **state)
{
    struct maker m;
    struct rh_report *report;
    (void)state;

    begin(&m);
    drop_relocation(&m, MAKER_AT(title.de));
    drop_relocation(&m, MAKER_AT(title.en));
    drop_relocation(&m, MAKER_AT(version));
    m.stack_flags |= PF_X;
    maker_end(&m);
    report = report_of(&m);

    assert_int_equal(report->faults.count, 4);
    rh_report_free(report);
}

static void the_name_must_be_that_of_the_file(void **state)
{
    struct rh_report *report = NULL;
    struct maker m;
    (void)state;

    begin(&m);
    maker_end(&m);
    assert_int_equal(rh_report_new("other.so", m.bytes, m.size, &report, NULL), 0);

    assert_string_equal(report->faults.items[0].text[RH_DE],
                        "die Datei heißt 'other.so', das Plugin aber 'made'; Abhilfe: die Datei in "
                        "'made.so' umbenennen");
    rh_report_free(report);
}

static void versions_are_compared_by_number(void **state)
{
    (void)state;
    assert_true(rh_version_compare("1.2.0", "1.10") < 0);
    assert_true(rh_version_compare("2", "1.99.99") > 0);
    assert_int_equal(rh_version_compare("1.2", "1.2.0.0"), 0);
    assert_true(rh_version_valid("1.2.0"));
    assert_false(rh_version_valid("1.2.0-rc1"));
    assert_false(rh_version_valid("1..2"));
    assert_false(rh_version_valid("1."));
    assert_false(rh_version_valid(""));
    assert_false(rh_version_valid(NULL));
    assert_false(rh_version_valid("1.2.3.4.5"));
    assert_false(rh_version_valid("999999999"));
}

/* ---- damage ---- */

/* The bytes lie at the very end of a block, so that a step beyond them is seen. */
static void look_at(const unsigned char *bytes, size_t size)
{
    unsigned char *exact = malloc(size ? size : 1);
    struct rh_report *report = NULL;

    assert_non_null(exact);
    memcpy(exact, bytes, size);
    if (rh_report_new("made.so", exact, size, &report, NULL) == 0) {
        if (report->plugin && report->faults.count == 0)
            assert_string_equal(report->plugin->name, "made");
        rh_report_free(report);
    }
    free(exact);
}

static void a_file_cut_anywhere_is_refused_without_harm(void **state)
{
    struct maker m;
    (void)state;

    begin(&m);
    maker_end(&m);

    for (size_t size = 0; size < m.size; size++)
        look_at(m.bytes, size);
}

static void a_file_with_any_byte_changed_does_no_harm(void **state)
{
    static const unsigned char changes[] = {0x01, 0x80, 0xff};
    struct maker m;
    (void)state;

    begin(&m);
    maker_end(&m);

    for (size_t i = 0; i < m.size; i++)
        for (size_t c = 0; c < sizeof(changes); c++) {
            m.bytes[i] ^= changes[c];
            look_at(m.bytes, m.size);
            m.bytes[i] ^= changes[c];
        }
}

static void without_memory_it_says_so(void **state)
{
    struct maker m;
    long n;
    (void)state;

    begin(&m);
    maker_end(&m);
    for (n = 1; n < 200; n++) {
        struct rh_report *report = NULL;
        struct rh_err err = {0};
        int32_t rc;

        rh_alloc_fail_after(n, 0);
        rc = rh_report_new("made.so", m.bytes, m.size, &report, &err);
        if (!rh_alloc_fault_struck()) {
            rh_alloc_fail_after(0, 0);
            rh_report_free(report);
            break;
        }
        rh_alloc_fail_after(0, 0);
        assert_true(rc == RH_ENOMEM || report->faults.count > 0);
        rh_report_free(report);
    }
    assert_in_range(n, 4, 199);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_is_read_as_the_loader_would_without_running_it),
        cmocka_unit_test(a_file_for_another_machine_is_read_too_and_says_so),
        cmocka_unit_test(an_older_descriptor_is_padded_and_a_longer_row_is_cut),
        cmocka_unit_test(what_reaches_past_the_host_is_shown),
        cmocka_unit_test(a_file_that_no_loader_should_take_says_why),
        cmocka_unit_test(pointers_that_lead_nowhere_are_named),
        cmocka_unit_test(tables_of_a_wrong_shape_are_named),
        cmocka_unit_test(all_faults_are_named_not_only_the_first),
        cmocka_unit_test(the_name_must_be_that_of_the_file),
        cmocka_unit_test(versions_are_compared_by_number),
        cmocka_unit_test(a_file_cut_anywhere_is_refused_without_harm),
        cmocka_unit_test(a_file_with_any_byte_changed_does_no_harm),
        cmocka_unit_test(without_memory_it_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
