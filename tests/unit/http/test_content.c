/* content.h: what is kept, for how long, and what gives way. */
#include "core/http/content.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct rh_content *content_of(const char *text)
{
    struct rh_content *content = rh_content_new(text, strlen(text), RH_CONTENT_UNDATED);

    assert_non_null(content);
    return content;
}

/* Keeps and lets go of it; the text is what is sent for it. */
static const char *keep(struct rh_contents *contents, const char *key, const char *text,
                        uint64_t version, int32_t day)
{
    struct rh_content *content = content_of(text);
    struct rh_content *sent = rh_contents_keep(contents, key, content, version, day);
    static char last[64];

    snprintf(last, sizeof(last), "%s", sent->bytes);
    rh_content_unref(content);
    return last;
}

static void it_is_found_while_it_is_true(void **state)
{
    struct rh_contents *contents = rh_contents_new();
    (void)state;

    assert_string_equal(keep(contents, "a", "text", 7, 100), "text");
    assert_string_equal(rh_contents_find(contents, "a", 7, 100)->bytes, "text");
    assert_null(rh_contents_find(contents, "a", 8, 100));
    assert_null(rh_contents_find(contents, "a", 7, 101));
    assert_null(rh_contents_find(contents, "b", 7, 100));
    rh_contents_free(contents);
}

static void the_same_bytes_go_on_and_others_take_their_place(void **state)
{
    struct rh_contents *contents = rh_contents_new();
    struct rh_content *first, *again = content_of("text");
    (void)state;

    keep(contents, "a", "text", 7, 100);
    first = rh_contents_find(contents, "a", 7, 100);
    assert_ptr_equal(rh_contents_keep(contents, "a", again, 8, 100), first);
    assert_ptr_equal(rh_contents_find(contents, "a", 8, 100), first);
    keep(contents, "a", "other", 9, 100);
    assert_string_equal(rh_contents_find(contents, "a", 9, 100)->bytes, "other");
    rh_content_unref(again);
    rh_contents_free(contents);
}

static void what_was_made_earlier_does_not_replace_what_is_newer(void **state)
{
    struct rh_contents *contents = rh_contents_new();
    (void)state;

    keep(contents, "a", "new", 9, 100);
    assert_string_equal(keep(contents, "a", "old", 8, 100), "old");
    assert_string_equal(rh_contents_find(contents, "a", 9, 100)->bytes, "new");
    rh_contents_free(contents);
}

static void who_sends_it_still_has_it_when_it_is_forgotten(void **state)
{
    struct rh_contents *contents = rh_contents_new();
    struct rh_content *sent;
    (void)state;

    keep(contents, "a", "text", 7, 100);
    sent = rh_content_ref(rh_contents_find(contents, "a", 7, 100));
    rh_contents_free(contents);
    assert_string_equal(sent->bytes, "text");
    rh_content_unref(sent);
}

static void what_was_not_asked_for_longest_gives_way(void **state)
{
    struct rh_contents *contents = rh_contents_new();
    char key[16];
    (void)state;

    keep(contents, "asked", "text", 1, 1);
    keep(contents, "not asked", "text", 1, 1);
    for (int i = 0; i < RH_CONTENTS_COUNT - 1; i++) {
        snprintf(key, sizeof(key), "%d", i);
        keep(contents, key, "text", 1, 1);
        assert_non_null(rh_contents_find(contents, "asked", 1, 1));
    }
    assert_null(rh_contents_find(contents, "not asked", 1, 1));
    rh_contents_free(contents);
}

/* Bytes that gzip makes hardly smaller: hexadecimal digits of a simple generator. */
static char *noise(size_t length, uint32_t seed)
{
    char *text = malloc(length + 1);

    assert_non_null(text);
    for (size_t i = 0; i < length; i++) {
        seed = seed * 1664525u + 1013904223u;
        text[i] = (char)('!' + (seed >> 24) % 90);
    }
    text[length] = '\0';
    return text;
}

static void memory_has_a_maximum(void **state)
{
    const size_t large = RH_CONTENTS_MAX / 10;
    struct rh_contents *contents = rh_contents_new();
    char *text = noise(RH_CONTENTS_MAX / 4, 1), key[16];
    int found = 0;
    (void)state;

    keep(contents, "too large", text, 1, 1);
    assert_null(rh_contents_find(contents, "too large", 1, 1));
    text[large] = '\0';
    for (int i = 0; i < 10; i++) {
        text[0] = (char)('a' + i);
        snprintf(key, sizeof(key), "%d", i);
        keep(contents, key, text, 1, 1);
    }
    for (int i = 0; i < 10; i++) {
        snprintf(key, sizeof(key), "%d", i);
        found += rh_contents_find(contents, key, 1, 1) != NULL;
    }
    assert_in_range(found, 4, 6); /* each with its compressed bytes */
    assert_non_null(rh_contents_find(contents, "9", 1, 1));
    free(text);
    rh_contents_free(contents);
}

static void short_text_is_not_compressed(void **state)
{
    struct rh_content *content = content_of("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    (void)state;

    assert_null(content->small);
    rh_content_unref(content);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_found_while_it_is_true),
        cmocka_unit_test(the_same_bytes_go_on_and_others_take_their_place),
        cmocka_unit_test(what_was_made_earlier_does_not_replace_what_is_newer),
        cmocka_unit_test(who_sends_it_still_has_it_when_it_is_forgotten),
        cmocka_unit_test(what_was_not_asked_for_longest_gives_way),
        cmocka_unit_test(memory_has_a_maximum),
        cmocka_unit_test(short_text_is_not_compressed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
