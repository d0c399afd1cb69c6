/* json.h: what is not exactly JSON is refused with its place; fields are taken out by type. */
#include "core/base/alloc.h"
#include "core/base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static int32_t parse(const char *text, json_t **ret, struct rh_err *err)
{
    return rh_json_parse(text, strlen(text), 1000, ret, err);
}

static void refusals_name_line_column_and_reason(void **state)
{
    static const struct {
        const char *text, *de, *en;
    } cases[] = {
        {"{\"a\":1,\n \"a\":2}",
         "JSON, Zeile 2, Spalte 4: der Schlüssel kommt im selben Objekt zweimal vor bei '\"a\"'",
         "JSON, line 2, column 4: the key stands twice in the same object near '\"a\"'"},
        {"[1] x", "JSON, Zeile 1, Spalte 5: nach dem Ende steht noch etwas bei 'x'", NULL},
        {"[1,]", "JSON, Zeile 1, Spalte 4: das ist kein gültiges JSON bei ']'", NULL},
        {"[\"\xff\"]", "JSON, Zeile 1, Spalte 2: kein gültiges UTF-8", NULL},
        {"[\"a\\u0000b\"]",
         "JSON, Zeile 1, Spalte 11: das Zeichen U+0000 ist nicht erlaubt bei '\"a\\u0000b\"'",
         NULL},
        {"[1e999]", "JSON, Zeile 1, Spalte 6: die Zahl ist zu groß bei '1e999'", NULL},
        {"[1, 2", "JSON, Zeile 1, Spalte 5: die Eingabe endet mitten im Text", NULL},
        {"", "JSON, Zeile 1, Spalte 1: die Eingabe endet mitten im Text", NULL},
        {"\"text\"", "JSON, Zeile 1, Spalte 6: das ist kein gültiges JSON bei '\"text\"'", NULL},
        {"\xEF\xBB\xBF{}", "JSON: am Anfang steht eine Byte-Order-Mark; bitte ohne sie speichern",
         NULL},
    };
    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct rh_err err = {0};
        rh_auto_json(json);

        assert_int_equal(parse(cases[i].text, &json, &err), RH_EINVALID);

        assert_null(json);
        assert_string_equal(err.text[RH_DE], cases[i].de);
        if (cases[i].en)
            assert_string_equal(err.text[RH_EN], cases[i].en);
        else
            assert_string_not_equal(err.text[RH_EN], "");
    }
}

static void a_nul_byte_is_refused(void **state)
{
    struct rh_err err = {0};
    rh_auto_json(json);
    (void)state;

    assert_int_equal(rh_json_parse("[1]\0", 4, 100, &json, &err), RH_EINVALID);
}

static void size_and_depth_have_a_maximum(void **state)
{
    struct rh_err err = {0};
    char deep[2 * RH_JSON_DEPTH_MAX + 3];
    rh_auto_json(json);
    (void)state;

    assert_int_equal(rh_json_parse("[1,2]", 5, 4, &json, &err), RH_ETOOLARGE);
    assert_string_equal(err.text[RH_DE], "JSON: 5 Byte, erlaubt sind höchstens 4");

    memset(deep, '[', RH_JSON_DEPTH_MAX + 1);
    memset(deep + RH_JSON_DEPTH_MAX + 1, ']', RH_JSON_DEPTH_MAX + 1);
    deep[sizeof(deep) - 1] = '\0';
    rh_err_clear(&err);
    assert_int_equal(parse(deep, &json, &err), RH_ETOOLARGE);
    assert_string_equal(err.text[RH_EN], "JSON, line 1, column 33: nested deeper than 32 levels");

    deep[sizeof(deep) - 2] = '\0';
    assert_int_equal(parse(deep + 1, &json, NULL), 0);
}

static void brackets_in_texts_are_not_depth(void **state)
{
    rh_auto_json(json);
    (void)state;

    assert_int_equal(parse("[\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\\\"[[\"]", &json, NULL),
                     0);
}

static void fields_come_out_by_type(void **state)
{
    rh_auto_json(json);
    const char *text = NULL, *other = NULL;
    int64_t number = 0;
    double share = 0;
    bool open = false, closed = true;
    json_t *list = NULL, *object = NULL;
    (void)state;

    assert_int_equal(
        parse("{\"name\":\"Köln\",\"year\":2027,\"share\":0.2,\"open\":true,\"list\":[1],"
              "\"o\":{},\"nothing\":null}",
              &json, NULL),
        0);

    assert_int_equal(rh_json_need_text(json, "name", 4, &text, NULL), 0);
    assert_string_equal(text, "Köln");
    assert_int_equal(rh_json_want_text(json, "nothing", 4, "else", &other, NULL), 0);
    assert_string_equal(other, "else");
    assert_int_equal(rh_json_need_int(json, "year", 2000, 2100, &number, NULL), 0);
    assert_int_equal(number, 2027);
    assert_int_equal(rh_json_want_int(json, "absent", 0, 1, 7, &number, NULL), 0);
    assert_int_equal(number, 7);
    assert_int_equal(rh_json_need_double(json, "share", &share, NULL), 0);
    assert_true(share == 0.2);
    assert_int_equal(rh_json_need_double(json, "year", &share, NULL), 0);
    assert_true(share == 2027);
    assert_int_equal(rh_json_want_double(json, "absent", 1.5, &share, NULL), 0);
    assert_true(share == 1.5);
    assert_int_equal(rh_json_need_bool(json, "open", &open, NULL), 0);
    assert_true(open);
    assert_int_equal(rh_json_want_bool(json, "absent", false, &closed, NULL), 0);
    assert_false(closed);
    assert_int_equal(rh_json_need_array(json, "list", &list, NULL), 0);
    assert_int_equal(json_array_size(list), 1);
    assert_int_equal(rh_json_want_array(json, "absent", &list, NULL), 0);
    assert_null(list);
    assert_int_equal(rh_json_need_object(json, "o", &object, NULL), 0);
    assert_int_equal(rh_json_want_object(json, "absent", &object, NULL), 0);
    assert_null(object);
}

static void wrong_fields_are_named(void **state)
{
    static const char *const names[] = {"region", "kind"};
    struct rh_err err = {0};
    const char *text = NULL;
    int64_t number = 0;
    bool flag = false;
    double share = 0;
    json_t *inner = NULL;
    rh_auto_json(json);
    (void)state;

    assert_int_equal(parse("{\"regoin\":\"LVR\",\"kind\":5}", &json, NULL), 0);

#define REFUSED(call, sentence)                                                                    \
    do {                                                                                           \
        rh_err_clear(&err);                                                                        \
        assert_true((call) < 0);                                                                   \
        assert_string_equal(err.text[RH_DE], sentence);                                            \
    } while (0)
    REFUSED(rh_json_need_text(json, "region", 9, &text, &err), "das Feld 'region' fehlt");
    REFUSED(rh_json_need_text(json, "kind", 9, &text, &err), "das Feld 'kind' muss ein Text sein");
    REFUSED(rh_json_want_text(json, "regoin", 2, "", &text, &err),
            "das Feld 'regoin' hat 3 Zeichen, erlaubt sind höchstens 2");
    REFUSED(rh_json_need_int(json, "kind", 1, 4, &number, &err),
            "das Feld 'kind' ist 5, erlaubt ist 1 bis 4");
    REFUSED(rh_json_want_int(json, "regoin", 1, 4, 1, &number, &err),
            "das Feld 'regoin' muss eine ganze Zahl sein");
    REFUSED(rh_json_need_bool(json, "kind", &flag, &err),
            "das Feld 'kind' muss true oder false sein");
    REFUSED(rh_json_need_double(json, "regoin", &share, &err),
            "das Feld 'regoin' muss eine Zahl sein");
    REFUSED(rh_json_need_array(json, "kind", &inner, &err),
            "das Feld 'kind' muss eine Liste [ … ] sein");
    REFUSED(rh_json_want_object(json, "kind", &inner, &err),
            "das Feld 'kind' muss ein Objekt { … } sein");
    REFUSED(rh_json_need_text(NULL, "kind", 9, &text, &err),
            "hier wird ein JSON-Objekt { … } erwartet");
    REFUSED(rh_json_only(json, names, 2, &err), "unbekanntes Feld 'regoin' (gemeint: 'region'?)");
    REFUSED(rh_json_only(json, names + 1, 1, &err), "unbekanntes Feld 'regoin'");
    assert_null(text);
    assert_int_equal(number, 0);
}

static void a_tree_written_and_read_is_the_same_tree(void **state)
{
    static const char text[] =
        "{\"b\":[1,-2.5,true,false,null,\"\\\"\\u00e4\\n\"],\"a\":{\"x\":{}},\"c\":[]}";
    rh_auto_str(out, 1000);
    struct rh_json_out writer;
    rh_auto_json(first);
    rh_auto_json(second);
    (void)state;

    assert_int_equal(parse(text, &first, NULL), 0);
    rh_json_out_init(&writer, &out);
    rh_json_tree(&writer, first);
    assert_int_equal(rh_json_finish(&writer, NULL), 0);

    assert_int_equal(parse(out.data, &second, NULL), 0);
    assert_true(json_equal(first, second));
    assert_true(out.data[2] == 'b'); /* order kept */
}

/* Every allocation of jansson is failed in turn: no crash, no leak, "out of memory" each time. */
static void without_memory_it_says_so(void **state)
{
    static const char text[] = "{\"name\":\"Städteregion\",\"list\":[1,2.5,{\"a\":[[]]}],"
                               "\"x1\":1,\"x2\":1,\"x3\":1,\"x4\":1,\"x5\":1,\"x6\":1,\"x7\":1}";
    long n;
    (void)state;

    for (n = 1; n < 1000; n++) {
        struct rh_err err = {0};
        rh_auto_json(json);
        int32_t rc;

        rh_alloc_fail_after(n, 0);
        rc = parse(text, &json, &err);
        rh_alloc_fail_after(0, 0);

        if (rc == 0)
            break;
        assert_int_equal(rc, RH_ENOMEM);
        assert_null(json);
    }
    assert_in_range(n, 20, 999);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refusals_name_line_column_and_reason),
        cmocka_unit_test(a_nul_byte_is_refused),
        cmocka_unit_test(size_and_depth_have_a_maximum),
        cmocka_unit_test(brackets_in_texts_are_not_depth),
        cmocka_unit_test(fields_come_out_by_type),
        cmocka_unit_test(wrong_fields_are_named),
        cmocka_unit_test(a_tree_written_and_read_is_the_same_tree),
        cmocka_unit_test(without_memory_it_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
