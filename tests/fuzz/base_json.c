/* Any bytes: refused with a sentence, or a tree that is written the same after writing and reading
 * it. */
#include "core/base/json.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool condition)
{
    if (!condition)
        abort();
}

static void write_tree(const json_t *tree, size_t form, struct rh_str *out)
{
    struct rh_json_out json;

    rh_json_out_init(&json, out);
    json.html_safe = form % 2;
    json.indent = form % 3 ? 0 : 2;
    rh_json_tree(&json, tree);
    must(rh_json_finish(&json, NULL) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    rh_auto_json(tree);
    rh_auto_json(again);
    rh_auto_str(text, 8 * 1024 * 1024);
    rh_auto_str(second, 8 * 1024 * 1024);
    struct rh_err err = {0};

    if (rh_json_parse((const char *)data, size, 1024 * 1024, &tree, &err) < 0) {
        must(err.text[RH_DE][0] && err.text[RH_EN][0]);
        return 0;
    }
    write_tree(tree, size, &text);
    must(rh_json_parse(text.data, text.length, text.maximum, &again, NULL) == 0);
    /* Not json_equal(): 2500.0 is written as 2500 and comes back as an integer. */
    write_tree(again, size, &second);
    must(strcmp(text.data, second.data) == 0);
    return 0;
}
