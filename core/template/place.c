#include "core/template/place.h"

#include <string.h>
#include <strings.h>

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool starts_with(const char *text, size_t length, const char *word)
{
    size_t count = strlen(word);

    return length >= count && strncasecmp(text, word, count) == 0;
}

static const char *raw_element(const char *name, size_t length)
{
    static const char *const names[] = {"script", "style"};

    for (size_t i = 0; i < 2; i++) {
        size_t count = strlen(names[i]);

        if (starts_with(name, length, names[i]) && (length == count || !is_letter(name[count])))
            return names[i];
    }
    return NULL;
}

/* A '<' in text: what begins with it? Returns the bytes to pass over. */
static size_t open_tag(struct place *place, const char *text, size_t length)
{
    if (starts_with(text, length, "<!--")) {
        place->kind = PLACE_COMMENT;
        return 4;
    }
    /* At the end of the literal a template tag follows: the name of an element would come from it.
     */
    if (length == 1 || is_letter(text[1]) || text[1] == '/' || text[1] == '!') {
        place->kind = PLACE_TAG;
        place->raw = raw_element(text + 1, length - 1);
    }
    return 1;
}

static size_t in_tag(struct place *place, char c)
{
    if (c == '"')
        place->kind = PLACE_DOUBLE;
    else if (c == '\'')
        place->kind = PLACE_SINGLE;
    else if (c == '>')
        place->kind = place->raw ? PLACE_RAW : PLACE_TEXT; /* raw stays until </script> */
    return 1;
}

static size_t in_raw(struct place *place, const char *text, size_t length)
{
    if (starts_with(text, length, "</") && starts_with(text + 2, length - 2, place->raw)) {
        place->kind = PLACE_TAG;
        place->raw = NULL;
    }
    return 1;
}

static size_t in_comment(struct place *place, const char *text, size_t length)
{
    if (!starts_with(text, length, "-->"))
        return 1;
    place->kind = PLACE_TEXT;
    return 3;
}

void place_follow(struct place *place, const char *text, size_t length)
{
    for (size_t i = 0; i < length;) {
        switch (place->kind) {
        case PLACE_TEXT:
            i += text[i] == '<' ? open_tag(place, text + i, length - i) : 1;
            break;
        case PLACE_TAG:
            i += in_tag(place, text[i]);
            break;
        case PLACE_DOUBLE:
        case PLACE_SINGLE:
            if (text[i++] == (place->kind == PLACE_DOUBLE ? '"' : '\''))
                place->kind = PLACE_TAG;
            break;
        case PLACE_RAW:
            i += in_raw(place, text + i, length - i);
            break;
        case PLACE_COMMENT:
            i += in_comment(place, text + i, length - i);
            break;
        }
    }
}

bool place_equals(const struct place *a, const struct place *b)
{
    return a->kind == b->kind && a->raw == b->raw;
}

bool place_takes_value(const struct place *place)
{
    return place->kind == PLACE_TEXT || place->kind == PLACE_DOUBLE ||
           place->kind == PLACE_SINGLE || place->kind == PLACE_COMMENT;
}
