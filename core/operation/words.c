#include "core/operation/words.h"

#include <stdio.h>
#include <string.h>

#define SUFFIX   "_words"
#define NAME_MAX 160

/* Parameters have '-' where columns have '_': "suggested-by". */
static bool same_name(const char *declared, const char *name, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (declared[i] != (name[i] == '-' ? '_' : name[i]))
            return false;
    return declared[length] == '=';
}

const char *rh_words_find(const struct rh_operation_entry *op, const char *name, const char *code,
                          size_t code_length, enum rh_lang lang)
{
    size_t length = strlen(name);

    for (int32_t i = 0; i < op->word_count; i++) {
        const struct rh_column *word = &op->words[i];

        if (same_name(word->name, name, length) &&
            strncmp(word->name + length + 1, code, code_length) == 0 &&
            !word->name[length + 1 + code_length])
            return lang == RH_DE ? word->title.de : word->title.en;
    }
    return NULL;
}

static bool name_of_words(const char *name, char words[NAME_MAX])
{
    int length = snprintf(words, NAME_MAX, "%s" SUFFIX, name);

    return length > 0 && length < NAME_MAX;
}

static int32_t add_to(const struct rh_operation_entry *op, json_t *object, enum rh_lang lang,
                      struct rh_err *err)
{
    for (int32_t i = 0; i < op->word_count; i++) {
        const char *declared = op->words[i].name, *text;
        char name[NAME_MAX], words[NAME_MAX];
        size_t length = strcspn(declared, "=");
        const json_t *code;

        if (length >= sizeof(name))
            continue;
        memcpy(name, declared, length);
        name[length] = '\0';
        code = json_object_get(object, name);
        if (!json_is_string(code) || !name_of_words(name, words) || json_object_get(object, words))
            continue;
        text = rh_words_find(op, name, json_string_value(code), json_string_length(code), lang);
        if (text && json_object_set_new(object, words, json_string(text)) < 0)
            return rh_err_nomem(err);
    }
    return 0;
}

int32_t rh_words_add(const struct rh_operation_entry *op, json_t *answer, enum rh_lang lang,
                     struct rh_err *err)
{
    const char *key;
    json_t *list, *row;
    size_t i;
    int32_t rc;

    if (op->word_count == 0 || !json_is_object(answer))
        return 0;
    if ((rc = add_to(op, answer, lang, err)) < 0)
        return rc;
    json_object_foreach(answer, key, list)
    {
        json_array_foreach(list, i, row)
        {
            if (json_is_object(row) && (rc = add_to(op, row, lang, err)) < 0)
                return rc;
        }
    }
    return 0;
}

const json_t *rh_words_of(const json_t *object, const char *name)
{
    char words[NAME_MAX];
    const json_t *text = name_of_words(name, words) ? json_object_get(object, words) : NULL;

    return json_is_string(text) ? text : json_object_get(object, name);
}

bool rh_words_is(const json_t *object, const char *name)
{
    size_t length = strlen(name), suffix = sizeof(SUFFIX) - 1;
    char code[NAME_MAX];

    if (length <= suffix || length >= sizeof(code) || strcmp(name + length - suffix, SUFFIX) != 0)
        return false;
    memcpy(code, name, length - suffix);
    code[length - suffix] = '\0';
    return json_object_get(object, code) != NULL;
}
