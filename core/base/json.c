#include "core/base/json.h"

#include "core/base/alloc.h"
#include "core/base/text.h"

#include <pthread.h>
#include <string.h>

/* jansson does not say in all places that it ran out of memory; our allocator remembers it. */
static _Thread_local bool memory_was_short;

static void *take_memory(size_t size)
{
    void *memory = rh_alloc(1, size);

    if (!memory)
        memory_was_short = true;
    return memory;
}

static void give_memory(void *memory)
{
    rh_free(memory);
}

static void set_allocator(void)
{
    json_set_alloc_funcs(take_memory, give_memory);
}

void rh_json_init(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    (void)pthread_once(&once, set_allocator); /* fails only for a broken once object */
}

void rh_json_release(json_t **json)
{
    json_decref(*json);
    *json = NULL;
}

struct place {
    size_t line, column;
};

static struct place place_of(const char *text, size_t offset)
{
    struct place place = {1, 1};
    size_t start = 0;

    for (size_t i = 0; i < offset; i++) {
        if (text[i] == '\n') {
            place.line++;
            start = i + 1;
        }
    }
    place.column = rh_text_count(text + start, offset - start) + 1;
    return place;
}

/* jansson's own limit is 2048 levels, fixed when it was built. This reads strings only so far as to
 * pass over brackets in them; what is not JSON is left for the parser to refuse. */
static int32_t check_depth(const char *text, size_t length, struct rh_err *err)
{
    bool in_string = false;
    int depth = 0;

    for (size_t i = 0; i < length; i++) {
        char c = text[i];

        if (in_string) {
            if (c == '\\')
                i++;
            else if (c == '"')
                in_string = false;
            continue;
        }
        in_string = c == '"';
        depth += (c == '{' || c == '[') - (c == '}' || c == ']');
        if (depth > RH_JSON_DEPTH_MAX) {
            struct place place = place_of(text, i);

            return rh_err_set(err, RH_ETOOLARGE,
                              "JSON, Zeile %zu, Spalte %zu: tiefer als %d Ebenen verschachtelt",
                              "JSON, line %zu, column %zu: nested deeper than %d levels",
                              place.line, place.column, RH_JSON_DEPTH_MAX);
        }
    }
    return 0;
}

static struct rh_text reason(enum json_error_code code)
{
    switch (code) {
    case json_error_invalid_utf8:
        return RH_TEXT("kein gültiges UTF-8", "not valid UTF-8");
    case json_error_premature_end_of_input:
        return RH_TEXT("die Eingabe endet mitten im Text", "the input ends in the middle");
    case json_error_end_of_input_expected:
        return RH_TEXT("nach dem Ende steht noch etwas", "there is something after the end");
    case json_error_null_character:
    case json_error_null_byte_in_key:
        return RH_TEXT("das Zeichen U+0000 ist nicht erlaubt",
                       "the character U+0000 is not allowed");
    case json_error_duplicate_key:
        return RH_TEXT("der Schlüssel kommt im selben Objekt zweimal vor",
                       "the key stands twice in the same object");
    case json_error_numeric_overflow:
        return RH_TEXT("die Zahl ist zu groß", "the number is too large");
    case json_error_unknown:
    case json_error_out_of_memory:
    case json_error_stack_overflow:
    case json_error_cannot_open_file:
    case json_error_invalid_argument:
    case json_error_invalid_syntax:
    case json_error_invalid_format:
    case json_error_wrong_type:
    case json_error_null_value:
    case json_error_item_not_found:
    case json_error_index_out_of_range:
        break;
    }
    return RH_TEXT("das ist kein gültiges JSON", "this is not valid JSON");
}

static int32_t explain(const json_error_t *error, struct rh_err *err)
{
    struct rh_text why = reason(json_error_code(error));
    const char *near = strstr(error->text, " near '");
    int line = error->line > 0 ? error->line : 1, column = error->column > 0 ? error->column : 1;

    /* "%.0s" passes over the word of the other language. */
    if (!near || json_error_code(error) == json_error_invalid_utf8)
        return rh_err_set(err, RH_EINVALID, "JSON, Zeile %d, Spalte %d: %s%.0s",
                          "JSON, line %d, column %d: %.0s%s", line, column, why.de, why.en);
    return rh_err_set(err, RH_EINVALID, "JSON, Zeile %d, Spalte %d: %s%.0s bei %s",
                      "JSON, line %d, column %d: %.0s%s near %s", line, column, why.de, why.en,
                      near + strlen(" near "));
}

int32_t rh_json_parse(const char *text, size_t length, size_t maximum, json_t **ret,
                      struct rh_err *err)
{
    json_error_t error;
    json_t *tree;
    int32_t rc;

    rh_json_init();
    if (length > maximum)
        return rh_err_set(err, RH_ETOOLARGE, "JSON: %zu Byte, erlaubt sind höchstens %zu",
                          "JSON: %zu bytes, at most %zu are allowed", length, maximum);
    if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
        return rh_err_set(err, RH_EINVALID,
                          "JSON: am Anfang steht eine Byte-Order-Mark; bitte ohne sie speichern",
                          "JSON: it starts with a byte order mark; please save it without");
    rc = check_depth(text, length, err);
    if (rc < 0)
        return rc;
    memory_was_short = false;
    tree = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
    if (tree) {
        *ret = tree;
        return 0;
    }
    return memory_was_short ? rh_err_nomem(err) : explain(&error, err);
}

void rh_json_tree(struct rh_json_out *json, const json_t *tree)
{
    const char *key;
    json_t *value;
    size_t index;

    switch (json_typeof(tree)) {
    case JSON_OBJECT:
        rh_json_object_begin(json);
        /* The macro wants a non-const object, and only reads it. */
        json_object_foreach((json_t *)tree, key, value)
        {
            rh_json_key(json, key);
            if (!json->broken)
                rh_json_tree(json, value);
        }
        rh_json_object_end(json);
        break;
    case JSON_ARRAY:
        rh_json_array_begin(json);
        json_array_foreach(tree, index, value)
        {
            if (!json->broken)
                rh_json_tree(json, value);
        }
        rh_json_array_end(json);
        break;
    case JSON_STRING:
        rh_json_text_n(json, json_string_value(tree), json_string_length(tree));
        break;
    case JSON_INTEGER:
        rh_json_int(json, json_integer_value(tree));
        break;
    case JSON_REAL:
        rh_json_double(json, json_real_value(tree));
        break;
    case JSON_TRUE:
    case JSON_FALSE:
        rh_json_bool(json, json_is_true(tree));
        break;
    case JSON_NULL:
        rh_json_null(json);
        break;
    }
}
