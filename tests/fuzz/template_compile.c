/*
 * Any bytes as a template: refused with a sentence, or rendered without harm. In HTML nothing of
 * the document's markup may reach the result: the values below hold marks that can only come out
 * escaped.
 */
#include "core/base/text.h"
#include "core/template/template.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char document_text[] =
    "{\"a\":\"\\u0001<\\u0001>\\u0001\\\"\\u0001'\\u0001&\",\"b\":{\"a\":1,\"c\":{\"d\":\"x\"}},"
    "\"l\":[1,{\"a\":2,\"l\":[3]},[4,[5]],\"\\u0001<\"],\"t\":true,\"f\":false,\"n\":null,\"r\":0."
    "5,\"e\":[]}";

static void must(bool condition)
{
    if (!condition)
        abort();
}

/* \x01 stands before each sign that has to be escaped; templates with \x01 themselves prove
 * nothing. */
static void check_escaped(const struct rh_str *out)
{
    for (size_t i = 0; i + 1 < out->length; i++)
        if (out->data[i] == '\x01')
            must(!strchr("<>\"'", out->data[i + 1]));
}

static void render(const char *text, size_t size, enum rh_template_mode mode, const json_t *json)
{
    static const char part[] = "p{{a}}\n  {{>main}}\n";
    const struct rh_template_source sources[] = {
        {"main", text, size, mode},
        {"p", part, sizeof(part) - 1, mode},
    };
    struct rh_templates *set = NULL;
    struct rh_err err = {0};
    rh_auto_str(out, 256 * 1024);
    int32_t rc = rh_templates_new(sources, 2, NULL, &set, &err);

    if (rc < 0) {
        must(rc == RH_EINVALID && err.text[RH_DE][0] && err.text[RH_EN][0]);
        return;
    }
    rc = rh_template_render(rh_template_find(set, "main"), json, size % 2 ? RH_DE : RH_EN,
                            size % 3 == 0, &out, &err);
    if (rc < 0)
        must(err.text[RH_DE][0] && out.length == 0);
    else
        must(rh_text_valid(out.data, out.length));
    if (rc == 0 && mode == RH_TEMPLATE_HTML && !memchr(text, 1, size))
        check_escaped(&out);
    rh_templates_free(set);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    rh_auto_json(json);

    if (size > 4096)
        return 0;
    must(rh_json_parse(document_text, sizeof(document_text) - 1, 65536, &json, NULL) == 0);
    render((const char *)data, size, RH_TEMPLATE_HTML, json);
    render((const char *)data, size, RH_TEMPLATE_TEXT, json);
    return 0;
}
