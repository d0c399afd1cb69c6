/*
 * Order, likeness and identifiers. All of them look at a text through the same "reader", which
 * yields simplified ASCII letters, digits, spaces and other letters one by one, so that none needs
 * memory.
 */
#include "core/base/text.h"

#include <string.h>
#include <utf8proc.h>

enum umlauts {
    AS_BASE, /* ä = a: the order of DIN 5007-1 */
    AS_PAIR, /* ä = ae: how people write who have no ä on the keyboard */
};

struct reader {
    const char *text;
    size_t length;
    enum umlauts umlauts;
    int32_t pending[16]; /* what the last character came apart into */
    int pending_count, pending_next;
    int32_t last;
    int32_t second; /* of "ae" for æ */
};

static struct reader read_text(const char *text, size_t length, enum umlauts umlauts)
{
    return (struct reader){.text = text, .length = length, .umlauts = umlauts};
}

static bool refill(struct reader *r)
{
    const utf8proc_option_t options = UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT |
                                      UTF8PROC_CASEFOLD | UTF8PROC_IGNORE;
    utf8proc_int32_t code;
    utf8proc_ssize_t bytes, count;
    int boundclass = 0;

    if (r->length == 0)
        return false;
    r->pending_next = 0;
    r->pending_count = 1;
    bytes = utf8proc_iterate((const utf8proc_uint8_t *)r->text,
                             r->length > 4 ? 4 : (utf8proc_ssize_t)r->length, &code);
    if (bytes <= 0) {
        r->pending[0] = 0xfffd;
        bytes = 1;
    } else if (code < 0x80) {
        r->pending[0] = code >= 'A' && code <= 'Z' ? code + 32 : code;
    } else {
        count = utf8proc_decompose_char(code, r->pending, 16, options, &boundclass);
        if (count < 0 || count > 16) { /* the longest known is 18, an Arabic phrase */
            r->pending[0] = code;
            count = 1;
        }
        r->pending_count = (int)count;
    }
    r->text += bytes;
    r->length -= (size_t)bytes;
    return true;
}

/* Letters that Unicode does not take apart, as they are filed in German lists. */
static int32_t file_under(struct reader *r, int32_t code)
{
    static const struct {
        int32_t code, first, second;
    } table[] = {
        {0xe6, 'a', 'e'}, {0x153, 'o', 'e'}, {0xf8, 'o', 0},   {0x142, 'l', 0},
        {0x111, 'd', 0},  {0xf0, 'd', 0},    {0xfe, 't', 'h'}, {0x131, 'i', 0},
    };

    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        if (table[i].code == code) {
            r->second = table[i].second;
            return table[i].first;
        }
    }
    return code;
}

static bool is_alphanumeric(int32_t code)
{
    if (code < 0x80)
        return (code >= 'a' && code <= 'z') || (code >= '0' && code <= '9');
    switch ((int)utf8proc_category(code)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
        return true;
    default:
        return false;
    }
}

static bool separates_words(int32_t code)
{
    return code <= ' ' || code == '-' || code == '/' || code == '_' || code == ',' ||
           code == 0x2010 || code == 0x2011 || code == 0x2012 || code == 0x2013 || code == 0x2014 ||
           utf8proc_category(code) == UTF8PROC_CATEGORY_ZS;
}

/* The next letter or digit, ' ' for a gap between words (never two in a row, none at the start), or
 * 0 at the end. A gap at the end is yielded; callers that mind look ahead. */
static int32_t next_letter(struct reader *r)
{
    if (r->second) {
        r->last = r->second;
        r->second = 0;
        return r->last;
    }
    for (;;) {
        int32_t code;

        if (r->pending_next == r->pending_count && !refill(r))
            return 0;
        if (r->pending_count == 0) /* a soft hyphen comes apart into nothing */
            continue;
        code = r->pending[r->pending_next++];
        if (code == 0x308 && r->umlauts == AS_PAIR &&
            (r->last == 'a' || r->last == 'o' || r->last == 'u'))
            return r->last = 'e';
        code = file_under(r, code);
        if (is_alphanumeric(code))
            return r->last = code;
        if (separates_words(code) && r->last != 0 && r->last != ' ')
            return r->last = ' ';
    }
}

/* Like next_letter(), but a gap is yielded only when a word follows. */
static int32_t next_in_words(struct reader *r)
{
    int32_t code = next_letter(r);

    if (code == ' ') {
        struct reader ahead = *r;

        if (next_letter(&ahead) == 0)
            return 0;
    }
    return code;
}

static void add_code(struct rh_str *out, int32_t code)
{
    utf8proc_uint8_t bytes[4];
    utf8proc_ssize_t count = utf8proc_encode_char(code, bytes);

    rh_str_add_n(out, (const char *)bytes, (size_t)count);
}

/* 0x01 parts the letters from the whole text, which breaks ties; it sorts before all of them. */
void rh_text_sort_key(const char *text, size_t length, struct rh_str *out)
{
    struct reader r = read_text(text, length, AS_BASE);
    int32_t code;

    while ((code = next_in_words(&r)) != 0)
        add_code(out, code);
    rh_str_add_char(out, '\x01');
    rh_str_add_n(out, text, length);
}

int rh_text_compare(const char *a, const char *b)
{
    struct reader ra = read_text(a, strlen(a), AS_BASE);
    struct reader rb = read_text(b, strlen(b), AS_BASE);

    for (;;) {
        int32_t ca = next_in_words(&ra), cb = next_in_words(&rb);

        if (ca != cb)
            return ca < cb ? -1 : 1;
        if (ca == 0)
            return strcmp(a, b);
    }
}

bool rh_text_alike(const char *a, size_t a_length, const char *b, size_t b_length)
{
    struct reader ra = read_text(a, a_length, AS_PAIR);
    struct reader rb = read_text(b, b_length, AS_PAIR);

    for (bool letters = false;; letters = true) {
        int32_t ca = next_in_words(&ra), cb = next_in_words(&rb);

        if (ca != cb)
            return false;
        if (ca == 0) /* without any letter, "?" would be like "!" */
            return letters || (a_length == b_length && memcmp(a, b, a_length) == 0);
    }
}

void rh_text_slug(const char *text, size_t length, struct rh_str *out)
{
    struct reader r = read_text(text, length, AS_PAIR);
    bool gap = false;
    size_t start = out->length;
    int32_t code;

    while ((code = next_letter(&r)) != 0) {
        if (code >= 0x80 || code == ' ') {
            gap = true;
            continue;
        }
        if (gap && out->length > start)
            rh_str_add_char(out, '-');
        gap = false;
        rh_str_add_char(out, (char)code);
    }
}

struct letters {
    int32_t code[RH_TEXT_DISTANCE_MAX];
    size_t count;
};

static bool collect(const char *text, struct letters *ret)
{
    struct reader r = read_text(text, strlen(text), AS_PAIR);
    int32_t code;

    ret->count = 0;
    while ((code = next_in_words(&r)) != 0) {
        if (ret->count == RH_TEXT_DISTANCE_MAX)
            return false;
        ret->code[ret->count++] = code;
    }
    return true;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Optimal string alignment: Damerau's four edits, no piece touched twice. */
static size_t distance(const struct letters *a, const struct letters *b)
{
    size_t rows[3][RH_TEXT_DISTANCE_MAX + 1];

    for (size_t j = 0; j <= b->count; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a->count; i++) {
        size_t *row = rows[i % 3], *above = rows[(i + 2) % 3], *second = rows[(i + 1) % 3];

        row[0] = i;
        for (size_t j = 1; j <= b->count; j++) {
            bool equal = a->code[i - 1] == b->code[j - 1];

            row[j] = least(above[j - 1] + !equal, least(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && a->code[i - 1] == b->code[j - 2] &&
                a->code[i - 2] == b->code[j - 1])
                row[j] = least(row[j], second[j - 2] + 1);
        }
    }
    return rows[a->count % 3][b->count];
}

size_t rh_text_distance(const char *a, const char *b)
{
    struct letters la, lb;

    return collect(a, &la) && collect(b, &lb) ? distance(&la, &lb) : SIZE_MAX;
}

static bool contains_word(const struct letters *whole, const struct letters *part)
{
    if (part->count < 4 || part->count >= whole->count)
        return false;
    for (size_t at = 0; at + part->count <= whole->count; at++) {
        size_t end = at + part->count;

        if ((at == 0 || whole->code[at - 1] == ' ') &&
            (end == whole->count || whole->code[end] == ' ') &&
            memcmp(whole->code + at, part->code, part->count * sizeof(part->code[0])) == 0)
            return true;
    }
    return false;
}

int rh_text_nearest(const char *word, const char *const *candidates, size_t count)
{
    struct letters wanted, other;
    size_t best = SIZE_MAX, best_excess = SIZE_MAX, limit;
    int found = -1;

    if (!collect(word, &wanted) || wanted.count == 0)
        return -1;
    limit = (wanted.count + 2) / 3; /* a third of the letters may be wrong, and one of three */
    for (size_t i = 0; i < count; i++) {
        size_t far, excess;

        if (!candidates[i] || !collect(candidates[i], &other) || other.count == 0)
            continue;
        far = distance(&wanted, &other);
        if (far > 1 && (contains_word(&other, &wanted) || contains_word(&wanted, &other)))
            far = 1;
        excess =
            other.count > wanted.count ? other.count - wanted.count : wanted.count - other.count;
        if (far > limit || far > best || (far == best && excess >= best_excess))
            continue;
        best = far;
        best_excess = excess;
        found = (int)i;
    }
    return found;
}
