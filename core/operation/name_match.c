#include "core/operation/name_match.h"

#include "core/base/str.h"
#include "core/base/text.h"

#include <stdint.h>
#include <string.h>

#define KEY_MAX   128 /* bytes of a key; what is longer is no name */
#define WORDS_MAX 16

/* --- keys: "Städteregion Aachen" -> "staedteregion-aachen" --- */

struct key {
    char text[KEY_MAX];
};

static bool make_key(const char *text, struct key *key)
{
    rh_auto_str(slug, KEY_MAX - 1);

    rh_text_slug(text, strlen(text), &slug);
    memcpy(key->text, slug.data, slug.length + 1);
    return slug.length > 0 && !slug.failed;
}

/* --- parts: what a name says of the kind of place, and the rest --- */

enum kind { KIND_NONE, KIND_CITY, KIND_DISTRICT };

static const struct {
    const char *word;
    enum kind kind;
} kind_words[] = {
    {"stadt", KIND_CITY},
    {"kreisstadt", KIND_CITY},
    {"hansestadt", KIND_CITY},
    {"landeshauptstadt", KIND_CITY},
    {"stadtjugendamt", KIND_CITY},
    {"stadtverwaltung", KIND_CITY},
    {"gemeinde", KIND_CITY},
    {"kreis", KIND_DISTRICT},
    {"landkreis", KIND_DISTRICT},
    {"lkr", KIND_DISTRICT},
    {"kreisjugendamt", KIND_DISTRICT},
    {"kreisverwaltung", KIND_DISTRICT},
    {"staedteregion", KIND_DISTRICT},
    {"regionalverband", KIND_DISTRICT},
    {"jugendamt", KIND_NONE},
    {"amt", KIND_NONE},
    {"der", KIND_NONE},
    {"des", KIND_NONE},
};

struct parts {
    struct key key;
    char *words[WORDS_MAX]; /* in key, the kind left out */
    size_t count;
    enum kind kind;
    char core[KEY_MAX]; /* the words joined by '-' */
};

/* Hochsauerlandkreis: the kind is the end of the word. */
static void take_suffix(struct parts *parts, char *word)
{
    static const char suffix[] = "kreis";
    size_t length = strlen(word), cut = sizeof(suffix) - 1;

    if (length > cut + 2 && strcmp(word + length - cut, suffix) == 0) {
        word[length - cut] = '\0';
        parts->kind = KIND_DISTRICT;
    }
}

static void take_word(struct parts *parts, char *word)
{
    for (size_t i = 0; i < sizeof(kind_words) / sizeof(kind_words[0]); i++) {
        if (strcmp(word, kind_words[i].word) != 0)
            continue;
        if (kind_words[i].kind != KIND_NONE)
            parts->kind = kind_words[i].kind;
        return;
    }
    take_suffix(parts, word);
    if (parts->count < WORDS_MAX)
        parts->words[parts->count++] = word;
}

static void take_apart(const char *key, struct parts *parts)
{
    char *word, *end;
    size_t used = 0;

    *parts = (struct parts){.count = 0};
    memcpy(parts->key.text, key, strlen(key) + 1);
    for (word = parts->key.text; word; word = end) {
        end = strchr(word, '-');
        if (end)
            *end++ = '\0';
        take_word(parts, word);
    }
    for (size_t i = 0; i < parts->count; i++) {
        size_t length = strlen(parts->words[i]);

        if (i > 0)
            parts->core[used++] = '-';
        memcpy(parts->core + used, parts->words[i], length);
        used += length;
    }
}

/* --- how far apart --- */

#define FAR SIZE_MAX

static bool has_word(const struct parts *parts, const char *word)
{
    for (size_t i = 0; i < parts->count; i++)
        if (strcmp(parts->words[i], word) == 0)
            return true;
    return false;
}

static bool has_all_words(const struct parts *whole, const struct parts *part)
{
    for (size_t i = 0; i < part->count; i++)
        if (!has_word(whole, part->words[i]))
            return false;
    return part->count > 0;
}

/* 2 per changed letter, of which one in four may be, and no more than `most`. */
static size_t letter_distance(const char *a, const char *b, size_t most)
{
    size_t longest = strlen(a) > strlen(b) ? strlen(a) : strlen(b);
    size_t distance = rh_text_distance(a, b);

    return distance <= (longest + 1) / 4 && distance <= most ? 2 * distance : FAR;
}

/* Words that the row has on top weigh 1, words that it lacks 3. */
static size_t core_distance(const struct parts *named, const struct parts *row)
{
    if (named->count == 0 || row->count == 0)
        return FAR;
    if (strcmp(named->core, row->core) == 0)
        return 0;
    if (has_all_words(row, named))
        return 1;
    if (has_all_words(named, row))
        return 3;
    return letter_distance(named->core, row->core, 3);
}

static size_t kind_distance(enum kind named, enum kind row)
{
    if (named == row)
        return 0;
    return named == KIND_NONE || row == KIND_NONE ? 1 : 2;
}

/* --- the match --- */

/* Suggestions further from the name than the best one by more than this only distract. */
#define FURTHER_MAX 2

struct nearest {
    size_t distance[RH_NAME_NEAR_MAX];
    struct rh_name_match *match;
};

static void consider(struct nearest *nearest, size_t row, size_t distance)
{
    struct rh_name_match *match = nearest->match;
    size_t place = match->count;

    while (place > 0 && nearest->distance[place - 1] > distance)
        place--;
    if (place == RH_NAME_NEAR_MAX)
        return;
    if (match->count < RH_NAME_NEAR_MAX)
        match->count++;
    for (size_t i = match->count - 1; i > place; i--) {
        match->row[i] = match->row[i - 1];
        nearest->distance[i] = nearest->distance[i - 1];
    }
    match->row[place] = row;
    nearest->distance[place] = distance;
}

/* What a row's name says of its kind holds for its id and short name, too. */
static enum kind kind_of(const struct rh_name_row *row)
{
    enum kind kind = KIND_NONE;

    for (size_t i = 0; i < row->count && kind == KIND_NONE; i++) {
        struct key key;
        struct parts parts;

        if (!row->spellings[i] || !make_key(row->spellings[i], &key))
            continue;
        take_apart(key.text, &parts);
        kind = parts.kind;
    }
    return kind;
}

/* The nearest of a row's spellings counts: by its parts, or letter by letter when the word for the
 * kind is what was misspelt. */
static size_t row_distance(const struct key *key, const struct parts *named,
                           const struct rh_name_row *row)
{
    enum kind kind = kind_of(row);
    size_t best = FAR;

    for (size_t i = 0; i < row->count; i++) {
        struct key other;
        struct parts parts;
        size_t distance, whole;

        if (!row->spellings[i] || !make_key(row->spellings[i], &other))
            continue;
        take_apart(other.text, &parts);
        distance = core_distance(named, &parts);
        whole = letter_distance(key->text, other.text, 2);
        distance = whole < distance ? whole : distance;
        if (distance != FAR)
            distance += kind_distance(named->kind, kind);
        best = distance < best ? distance : best;
    }
    return best;
}

static void suggest(const struct key *key, const struct rh_name_row *rows, size_t count,
                    struct rh_name_match *match)
{
    struct nearest nearest = {.match = match};
    struct parts named;

    take_apart(key->text, &named);
    for (size_t i = 0; i < count; i++) {
        size_t distance = row_distance(key, &named, &rows[i]);

        if (distance != FAR)
            consider(&nearest, i, distance);
    }
    while (match->count > 0 &&
           nearest.distance[match->count - 1] > nearest.distance[0] + FURTHER_MAX)
        match->count--;
    match->verdict = match->count > 0 ? RH_NAME_SIMILAR : RH_NAME_UNKNOWN;
}

static bool is_written_like(const struct rh_name_row *row, const struct key *key)
{
    struct key other;

    for (size_t i = 0; i < row->count; i++)
        if (row->spellings[i] && make_key(row->spellings[i], &other) &&
            strcmp(other.text, key->text) == 0)
            return true;
    return false;
}

static bool is_found(size_t row, struct rh_name_match *match)
{
    *match = (struct rh_name_match){.verdict = RH_NAME_FOUND, .row = {row}, .count = 1};
    return true;
}

static bool has_spelling(const struct rh_name_row *row, const char *named)
{
    for (size_t i = 0; i < row->count; i++)
        if (row->spellings[i] && strcmp(row->spellings[i], named) == 0)
            return true;
    return false;
}

/* Letter by letter: most names come as the register writes them, and comparing bytes is quick. */
static bool find_exactly(const char *named, const struct rh_name_row *rows, size_t count,
                         struct rh_name_match *match)
{
    size_t found = 0, row = 0;

    for (size_t i = 0; i < count; i++)
        if (rows[i].count > 0 && rows[i].spellings[0] && strcmp(rows[i].spellings[0], named) == 0)
            return is_found(i, match);
    for (size_t i = 0; i < count; i++) {
        if (!has_spelling(&rows[i], named))
            continue;
        row = i;
        found++;
    }
    return found == 1 && is_found(row, match);
}

void rh_name_match(const char *named, const struct rh_name_row *rows, size_t count,
                   struct rh_name_match *ret_match)
{
    struct key key;
    size_t alike = 0;

    *ret_match = (struct rh_name_match){.verdict = RH_NAME_UNKNOWN};
    if (find_exactly(named, rows, count, ret_match) || !make_key(named, &key))
        return;
    for (size_t i = 0; i < count; i++) {
        if (!is_written_like(&rows[i], &key))
            continue;
        if (alike < RH_NAME_NEAR_MAX)
            ret_match->row[alike] = i;
        alike++;
    }
    ret_match->count = alike < RH_NAME_NEAR_MAX ? alike : RH_NAME_NEAR_MAX;
    if (alike == 0)
        suggest(&key, rows, count, ret_match);
    else
        ret_match->verdict = alike == 1 ? RH_NAME_FOUND : RH_NAME_AMBIGUOUS;
}
