/* field.h: three ways to send named values end in one list, or in a sentence. */
#include "core/base/alloc.h"
#include "core/base/str.h"
#include "core/http/field.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ARENA_MAX ((size_t)4 * 1024 * 1024)

static void assert_field(const struct rh_fields *fields, size_t index, const char *name,
                         const char *value)
{
    assert_true(index < fields->count);
    assert_string_equal(fields->at[index].name, name);
    assert_string_equal(fields->at[index].value, value);
}

static int32_t urlencoded(struct rh_arena *arena, const char *text, struct rh_fields *fields)
{
    return rh_fields_urlencoded(arena, text, strlen(text), fields, NULL);
}

static int32_t json(struct rh_arena *arena, const char *text, struct rh_fields *fields,
                    struct rh_err *err)
{
    return rh_fields_json(arena, text, strlen(text), fields, err);
}

static int32_t multipart(struct rh_arena *arena, const char *text, struct rh_fields *fields)
{
    return rh_fields_multipart(arena, "XX", text, strlen(text), fields, NULL);
}

static void fields_of_a_query_keep_their_order(void **state)
{
    rh_auto_arena(arena, ARENA_MAX);
    struct rh_fields fields = {0};
    (void)state;

    assert_int_equal(urlencoded(&arena, "a=1&b=K%C3%B6ln+Nord&a=2&&c&=d", &fields), 0);

    assert_int_equal(fields.count, 5);
    assert_field(&fields, 0, "a", "1");
    assert_field(&fields, 1, "b", "Köln Nord");
    assert_field(&fields, 2, "a", "2");
    assert_field(&fields, 3, "c", "");
    assert_field(&fields, 4, "", "d");
    assert_string_equal(rh_fields_find(&fields, "a")->value, "1");
    assert_null(rh_fields_find(&fields, "z"));
}

static void a_query_that_is_not_well_encoded_is_refused(void **state)
{
    static const char *const bad[] = {"a=%", "a=%4", "a=%zz", "a=%00", "a=%FF", "%ff=1", "a=\xff"};
    (void)state;

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        rh_auto_arena(arena, ARENA_MAX);
        struct rh_fields fields = {0};

        assert_int_equal(urlencoded(&arena, bad[i], &fields), RH_EUSAGE);
    }
}

static void more_fields_than_a_form_can_have_are_refused(void **state)
{
    rh_auto_arena(arena, ARENA_MAX);
    rh_auto_str(text, 64 * 1024);
    struct rh_fields fields = {0};
    (void)state;

    for (int i = 0; i < RH_FIELDS_MAX; i++)
        rh_str_printf(&text, "f%d=%d&", i, i);
    assert_int_equal(urlencoded(&arena, text.data, &fields), 0);
    assert_int_equal(fields.count, RH_FIELDS_MAX);
    assert_field(&fields, 100, "f100", "100");

    assert_int_equal(urlencoded(&arena, "one=more", &fields), RH_ETOOLARGE);
}

static void a_json_object_gives_its_members_as_text(void **state)
{
    rh_auto_arena(arena, ARENA_MAX);
    struct rh_fields fields = {0};
    (void)state;

    assert_int_equal(json(&arena,
                          "{\"office\": \"Köln\", \"seed\": 7, \"limit\": 2.5, \"yes\": true,"
                          " \"no\": false, \"none\": null}",
                          &fields, NULL),
                     0);

    assert_int_equal(fields.count, 5);
    assert_field(&fields, 0, "office", "Köln");
    assert_field(&fields, 1, "seed", "7");
    assert_field(&fields, 2, "limit", "2.5");
    assert_field(&fields, 3, "yes", "true");
    assert_field(&fields, 4, "no", "false");
}

static void a_file_in_json_comes_as_text_or_base64(void **state)
{
    rh_auto_arena(arena, ARENA_MAX);
    struct rh_fields fields = {0};
    (void)state;

    assert_int_equal(json(&arena,
                          "{\"a\": {\"name\": \"r.csv\", \"text\": \"x;y\"},"
                          " \"b\": {\"base64\": \"AAEC\"}}",
                          &fields, NULL),
                     0);

    assert_field(&fields, 0, "a", "r.csv");
    assert_int_equal(fields.at[0].size, 3);
    assert_memory_equal(fields.at[0].bytes, "x;y", 3);
    assert_field(&fields, 1, "b", "-");
    assert_int_equal(fields.at[1].size, 3);
    assert_memory_equal(fields.at[1].bytes, "\0\1\2", 3);
}

static void json_that_is_no_call_is_refused_by_the_name_of_its_member(void **state)
{
    static const struct {
        const char *text, *named;
    } cases[] = {
        {"{\"list\": [1]}", "list"},
        {"{\"file\": {}}", "file"},
        {"{\"file\": {\"text\": \"a\", \"base64\": \"AA==\"}}", "file"},
        {"{\"file\": {\"base64\": \"A\"}}", "file"},
        {"{\"file\": {\"text\": \"a\", \"nme\": \"b\"}}", "nme"},
        {"[1]", "JSON"},
        {"{\"a\": 1, \"a\": 2}", "a"},
        {"{", "JSON"},
    };
    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        rh_auto_arena(arena, ARENA_MAX);
        struct rh_fields fields = {0};
        struct rh_err err = {0};

        assert_true(json(&arena, cases[i].text, &fields, &err) < 0);
        assert_non_null(strstr(err.text[RH_DE], cases[i].named));
        assert_non_null(strstr(err.text[RH_EN], cases[i].named));
    }
}

static void a_form_with_a_file_is_taken_apart(void **state)
{
    static const char body[] =
        "--XX\r\n"
        "Content-Disposition: form-data; name=\"round\"\r\n\r\n2027-2031\r\n"
        "--XX\r\n"
        "content-type: text/csv\r\n"
        "content-disposition: form-data; name=\"file\"; filename=\"C:\\Daten\\r\\\"x\\\".csv\"\r\n"
        "\r\noffice;rule\r\n--X\r\n"
        "\r\n--XX--\r\n";
    rh_auto_arena(arena, ARENA_MAX);
    struct rh_fields fields = {0};
    (void)state;

    assert_int_equal(multipart(&arena, body, &fields), 0);

    assert_int_equal(fields.count, 2);
    assert_field(&fields, 0, "round", "2027-2031");
    assert_null(fields.at[0].bytes);
    assert_field(&fields, 1, "file", "r\"x\".csv");
    assert_int_equal(fields.at[1].size, strlen("office;rule\r\n--X\r\n"));
    assert_memory_equal(fields.at[1].bytes, "office;rule\r\n--X\r\n", fields.at[1].size);
}

static void a_file_field_left_empty_is_there_without_a_name(void **state)
{
    static const char body[] =
        "--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\"\r\n\r\n\r\n--XX--";
    rh_auto_arena(arena, ARENA_MAX);
    struct rh_fields fields = {0};
    (void)state;

    assert_int_equal(multipart(&arena, body, &fields), 0);

    assert_field(&fields, 0, "file", "");
    assert_non_null(fields.at[0].bytes);
    assert_int_equal(fields.at[0].size, 0);
}

static void a_form_that_breaks_the_rules_is_refused(void **state)
{
    static const char *const bad[] = {
        "",
        "--XX",
        "--XX\r\n",
        "--XX\r\n\r\nvalue\r\n--XX--",
        "--XX\r\nContent-Disposition: form-data\r\n\r\nvalue\r\n--XX--",
        "--XX\r\nContent-Disposition: form-data; name=a\r\n\r\nvalue\r\n--XX--",
        "--XX\r\nContent-Disposition: form-data; name=\"a\r\n\r\nvalue\r\n--XX--",
        "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nvalue",
        "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nvalue\r\n--XX",
        "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\xff\r\n--XX--",
        "--XX\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\nx\r\n--XX--",
        "preamble\r\n--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n--XX--",
    };
    (void)state;

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        rh_auto_arena(arena, ARENA_MAX);
        struct rh_fields fields = {0};

        assert_int_equal(multipart(&arena, bad[i], &fields), RH_EUSAGE);
    }
}

static void without_memory_fields_are_refused_and_nothing_leaks(void **state)
{
    static const char form[] =
        "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n--XX--";
    static const char text[] = "{\"a\": \"1\", \"b\": {\"name\": \"n\", \"base64\": \"AAEC\"}}";
    (void)state;

    for (long n = 1; n < 60; n++) {
        rh_auto_arena(arena, ARENA_MAX);
        struct rh_fields fields = {0};
        int32_t rc;

        rh_alloc_fail_after(n, 1);
        rc = n % 3 == 0   ? urlencoded(&arena, "a=1&b=2", &fields)
             : n % 3 == 1 ? multipart(&arena, form, &fields)
                          : json(&arena, text, &fields, NULL);
        assert_true(rc == 0 || rh_alloc_fault_struck());
        rh_alloc_fail_after(0, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_of_a_query_keep_their_order),
        cmocka_unit_test(a_query_that_is_not_well_encoded_is_refused),
        cmocka_unit_test(more_fields_than_a_form_can_have_are_refused),
        cmocka_unit_test(a_json_object_gives_its_members_as_text),
        cmocka_unit_test(a_file_in_json_comes_as_text_or_base64),
        cmocka_unit_test(json_that_is_no_call_is_refused_by_the_name_of_its_member),
        cmocka_unit_test(a_form_with_a_file_is_taken_apart),
        cmocka_unit_test(a_file_field_left_empty_is_there_without_a_name),
        cmocka_unit_test(a_form_that_breaks_the_rules_is_refused),
        cmocka_unit_test(without_memory_fields_are_refused_and_nothing_leaks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
