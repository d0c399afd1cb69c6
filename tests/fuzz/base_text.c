/* Any bytes through everything in text.h and encoding.h: bounds are kept, results are UTF-8, and
 * what is encoded comes back. */
#include "core/base/encoding.h"
#include "core/base/text.h"

#include <stdlib.h>
#include <string.h>

#define MAXIMUM (1024 * 1024)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool condition)
{
    if (!condition)
        abort();
}

static void check_encodings(const char *text, size_t size)
{
    rh_auto_str(coded, MAXIMUM);
    rh_auto_str(back, MAXIMUM);
    rh_auto_str(free_form, MAXIMUM);

    rh_cp1252_decode(text, size, &coded);
    must(rh_text_valid(coded.data, coded.length));

    rh_str_reset(&coded);
    rh_base64_encode(text, size, &coded);
    must(rh_base64_decode(coded.data, coded.length, &back, NULL) == 0);
    must(back.length == size && memcmp(back.data, text, size) == 0);
    if (rh_base64_decode(text, size, &free_form, NULL) == 0) {
        rh_str_reset(&coded);
        rh_base64_encode(free_form.data, free_form.length, &coded);
        must(coded.length == size && memcmp(coded.data, text, size) == 0);
    }

    rh_str_reset(&coded);
    rh_str_reset(&back);
    rh_percent_encode(text, size, &coded);
    if (rh_percent_decode(coded.data, coded.length, false, &back, NULL) == 0)
        must(back.length == size && memcmp(back.data, text, size) == 0);
    else
        must(!rh_text_valid(text, size) || memchr(text, 0, size));
    rh_str_reset(&free_form);
    if (rh_percent_decode(text, size, true, &free_form, NULL) == 0)
        must(rh_text_valid(free_form.data, free_form.length));
}

static void check_normal_form(const char *text, size_t size)
{
    rh_auto_str(once, MAXIMUM);
    rh_auto_str(twice, MAXIMUM);

    if (rh_text_nfc(text, size, &once, NULL) < 0) {
        must(!rh_text_valid(text, size));
        return;
    }
    must(rh_text_valid(once.data, once.length));
    must(rh_text_nfc(once.data, once.length, &twice, NULL) == 0);
    must(once.length == twice.length && memcmp(once.data, twice.data, once.length) == 0);
    rh_str_reset(&twice);
    must(rh_text_fold(text, size, &twice, NULL) == 0);
}

static void check_measures(const char *text, size_t size)
{
    const char *view = text;
    size_t length = size;
    rh_auto_str(out, MAXIMUM);

    rh_text_trim(&view, &length);
    must(view >= text && view + length <= text + size);
    must(rh_text_count(text, rh_text_cut(text, size, 5)) <= 5);
    must(rh_text_width(text, rh_text_cut_width(text, size, 5)) <= 5);
    rh_text_fit(&out, text, size, 7, size % 2);
    must(rh_text_width(out.data, out.length) == 7);
    rh_str_reset(&out);
    rh_text_slug(text, size, &out);
    for (size_t i = 0; i < out.length; i++)
        must((out.data[i] >= 'a' && out.data[i] <= 'z') ||
             (out.data[i] >= '0' && out.data[i] <= '9') ||
             (out.data[i] == '-' && i > 0 && i + 1 < out.length && out.data[i + 1] != '-'));
    must(rh_text_alike(text, size, text, size));
    if (rh_text_check_line(text, size, 100, NULL) == 0)
        must(rh_text_valid(text, size) && !memchr(text, '\n', size));
}

/* The input as two strings, parted at the first line end. */
static void check_order(const char *text, size_t size)
{
    const char *line = memchr(text, '\n', size);
    size_t first = line ? (size_t)(line - text) : size / 2;
    char *a = strndup(text, first), *b = strndup(text + first, size - first);
    const char *both[] = {a, b};
    rh_auto_str(ka, MAXIMUM);
    rh_auto_str(kb, MAXIMUM);
    int by_key, by_compare;

    must(a && b);
    rh_text_sort_key(a, strlen(a), &ka);
    rh_text_sort_key(b, strlen(b), &kb);
    by_key = memcmp(ka.data, kb.data, ka.length < kb.length ? ka.length + 1 : kb.length + 1);
    by_compare = rh_text_compare(a, b);
    must((by_key < 0) == (by_compare < 0) && (by_key > 0) == (by_compare > 0));
    must((rh_text_compare(b, a) > 0) == (by_compare < 0));
    must(rh_text_distance(a, b) == rh_text_distance(b, a));
    must(rh_text_nearest(a, both, 2) <= 1);
    free(a);
    free(b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;

    if (size > 4096)
        return 0;
    check_encodings(text, size);
    check_normal_form(text, size);
    check_measures(text, size);
    check_order(text, size);
    return 0;
}
