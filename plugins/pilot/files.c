/*
 * What is published: input, chances, lottery, draw, and a manifest that names every line. Fields
 * are parted by tabs, lines end with a line feed, nothing depends on language, time or machine, so
 * the same input and seed give the same bytes everywhere. README.md has the formats.
 */
#include "plugins/pilot/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A text that grows in the memory of the call. */
struct text {
    struct rh_call *call;
    char *bytes;
    size_t length, room;
};

static int32_t reserve(struct text *text, size_t more)
{
    if (text->length + more + 1 > text->room) {
        size_t room = (text->room + more + 256) * 2;
        char *bytes = rh_alloc_in(text->call, room);

        if (!bytes)
            return 0;
        if (text->length)
            memcpy(bytes, text->bytes, text->length);
        text->bytes = bytes;
        text->room = room;
    }
    return 1;
}

static void add(struct text *text, const char *word)
{
    size_t length = strlen(word);

    if (reserve(text, length)) {
        memcpy(text->bytes + text->length, word, length + 1);
        text->length += length;
    }
}

/* Words of people never hold a tab or a line feed: that was checked when they came in. */
static void add_field(struct text *text, const char *word)
{
    add(text, "\t");
    add(text, word ? word : "");
}

static void add_number(struct text *text, const char *before, int64_t number)
{
    char digits[32];

    snprintf(digits, sizeof(digits), "%lld", (long long)number);
    add(text, before);
    add(text, digits);
}

const char *input_text(struct rh_call *call, const struct pool *pool)
{
    struct text text = {.call = call};

    add(&text, "reihum-pilot\t1\nselection");
    add_field(&text, pool->id);
    add_number(&text, "\nplaces\t", pool->places);
    add_number(&text, "\npanels\t", pool->panels);
    add(&text, "\nattributes");
    for (int32_t a = 0; a < pool->attribute_count; a++)
        add_field(&text, pool->attributes[a]);
    for (int32_t q = 0; q < pool->quota_count; q++) {
        add(&text, "\nquota");
        add_field(&text, pool->quotas[q].label);
        add_field(&text, pool->quotas[q].conditions);
        add_number(&text, "\t", pool->quotas[q].min);
        add_number(&text, "\t", pool->quotas[q].max);
    }
    for (int32_t e = 0; e < pool->eligible_count; e++) {
        const struct applicant *who = &pool->applicants[pool->eligible[e]];

        if (!who->pin)
            continue;
        add(&text, "\nmust");
        add_field(&text, who->id);
        add_field(&text, who->pin_reason);
        add_field(&text, who->pin_person);
    }
    for (int32_t r = pool->quota_count; r < pool->row_count; r++)
        for (int32_t e = 0; pool->rows[r].kind == ROW_GROUP && e < pool->eligible_count; e++)
            if (pool->member[(size_t)e * (size_t)pool->row_count + (size_t)r]) {
                add(&text, "\ngroup");
                add_field(&text, pool->rows[r].label);
                add_field(&text, pool->applicants[pool->eligible[e]].id);
            }
    for (int32_t e = 0; e < pool->eligible_count; e++) {
        const struct applicant *who = &pool->applicants[pool->eligible[e]];

        add(&text, "\napplicant");
        add_field(&text, who->id);
        for (int32_t a = 0; a < pool->attribute_count; a++)
            add_field(&text, who->value[a]);
    }
    for (int32_t i = 0; i < pool->applicant_count; i++) {
        const struct applicant *who = &pool->applicants[i];

        if (!who->barred)
            continue;
        add(&text, "\nbarred");
        add_field(&text, who->id);
        add_field(&text, who->barred_code);
        if (who->pin) {
            add_field(&text, who->pin_reason);
            add_field(&text, who->pin_person);
        }
    }
    add(&text, "\n");
    return text.bytes;
}

static void add_integer(struct text *text, const mpz_t value)
{
    char *digits = rh_alloc_in(text->call, mpz_sizeinbase(value, 10) + 2);

    if (digits)
        add(text, mpz_get_str(digits, 10, value));
}

static void add_chance(struct text *text, const struct work *work, const mpq_t chance,
                       int32_t exact)
{
    char decimal[40];

    if (exact && work->chances->exact) {
        add_field(text, rational_text(text->call, chance));
        return;
    }
    snprintf(decimal, sizeof(decimal), "%.9f", mpq_get_d(chance));
    add_field(text, decimal);
}

const char *chances_text(const struct work *work, const struct panel_lottery *lottery)
{
    struct text text = {.call = work->call};
    const struct panel_chances *chances = work->chances;

    add(&text, chances->exact ? "exact\tyes\n" : "exact\tno\n");
    for (int32_t s = 0; s < chances->stage_count; s++) {
        const struct panel_stage *stage = &chances->stages[s];

        if (!stage->exact)
            continue;
        add_number(&text, "stage\t", s + 1);
        add_chance(&text, work, stage->chance[0], 1);
        add(&text, "\t");
        add_integer(&text, stage->worth[0]);
        for (int32_t e = 0; e < work->pool.eligible_count; e++) {
            add(&text, e ? " " : "\t");
            add_integer(&text, stage->weight[work->model->type_of[e]]);
        }
        add(&text, "\n");
    }
    for (int32_t e = 0; e < work->pool.eligible_count; e++) {
        add_number(&text, "applicant\t", e + 1);
        add_field(&text, work->pool.applicants[work->pool.eligible[e]].id);
        add_chance(&text, work, chances->chance[work->model->type_of[e]], 1);
        add_number(&text, "\t", lottery->seats[e]);
        add(&text, "\n");
    }
    return text.bytes;
}

const char *lottery_text(struct rh_call *call, const struct panel_lottery *lottery)
{
    struct text text = {.call = call};

    for (int32_t p = 0; p < lottery->count; p++) {
        for (int32_t k = 0; k < lottery->places; k++)
            add_number(&text, k ? " " : "", lottery->member[p * lottery->places + k] + 1);
        add(&text, "\n");
    }
    return text.bytes;
}

int32_t read_lottery(struct rh_call *call, const char *text, const struct pool *pool,
                     struct panel_lottery *ret)
{
    size_t seats = (size_t)pool->panels * (size_t)pool->places, seat = 0;
    const char *p = text;
    char *end;

    ret->count = pool->panels;
    ret->places = pool->places;
    ret->member = rh_alloc_in(call, (seats + 1) * sizeof(int32_t));
    ret->seats = rh_alloc_in(call, ((size_t)pool->eligible_count + 1) * sizeof(int32_t));
    if (!ret->member || !ret->seats)
        return RH_ENOMEM;
    for (; *p && seat < seats; p = end) {
        long number = strtol(p, &end, 10);

        if (end == p || number < 1 || number > pool->eligible_count)
            break;
        ret->member[seat++] = (int32_t)number - 1;
        ret->seats[number - 1]++;
    }
    while (p && (*p == '\n' || *p == ' '))
        p++;
    return seat == seats && !*p
               ? 0
               : rh_fail(call, RH_EDAMAGED, "die eingefrorene Lotterie ist beschädigt",
                         "the frozen lottery is damaged");
}

const char *digest_of(struct rh_call *call, const char *text)
{
    char *hex = rh_alloc_in(call, PANEL_HEX);
    uint8_t digest[32];

    if (!hex || !text)
        return "";
    panel_sha256(text, strlen(text), digest);
    panel_hex(digest, hex);
    return hex;
}

const char *digest_of_files(struct rh_call *call, const char *input, const char *chances,
                            const char *lottery)
{
    const char *a = digest_of(call, input), *b = digest_of(call, chances),
               *c = digest_of(call, lottery);

    return digest_of(call, rh_format(call, "input.txt %s\nchances.txt %s\nlottery.txt %s\n",
                                     "input.txt %s\nchances.txt %s\nlottery.txt %s\n", a, b, c));
}

int32_t draw_by(struct rh_call *call, const char *purpose, const char *digest, const char *seed,
                const struct panel_lottery *lottery, int32_t eligible, struct drawn *ret)
{
    struct panel_stream stream;
    int32_t *order = rh_alloc_in(call, ((size_t)lottery->count + 1) * sizeof(int32_t));

    ret->reserve = rh_alloc_in(call, ((size_t)eligible + 1) * sizeof(int32_t));
    ret->reserve_count = 0;
    if (!order || !ret->reserve)
        return RH_ENOMEM;
    for (int32_t p = 0; p < lottery->count; p++)
        order[p] = p;
    panel_stream_begin(&stream, purpose, rh_format(call, "%s %s", "%s %s", digest, seed));
    panel_shuffle(&stream, order, lottery->count);
    ret->number = (int32_t)panel_stream_below(&stream, (uint64_t)lottery->count) + 1;
    ret->ticket = order[ret->number - 1];
    ret->panel = lottery->member + (size_t)ret->ticket * (size_t)lottery->places;
    for (int32_t e = 0, k = 0; e < eligible; e++) {
        if (k < lottery->places && ret->panel[k] == e)
            k++;
        else
            ret->reserve[ret->reserve_count++] = e;
    }
    panel_shuffle(&stream, ret->reserve, ret->reserve_count);
    return 0;
}

static void add_line(struct text *text, const char *word, const char *value)
{
    add(text, word);
    add_field(text, value);
    add(text, "\n");
}

const char *draw_text(struct rh_call *call, const struct pool *pool, const struct drawn *drawn,
                      const struct words_of_draw *words)
{
    struct text text = {.call = call};

    add_line(&text, "digest", words->digest);
    add_line(&text, "source", words->source);
    add_line(&text, "seed", words->seed);
    add_line(&text, "confirmed", words->first);
    add_line(&text, "confirmed", words->second);
    add_number(&text, "number\t", drawn->number);
    add_number(&text, "\nticket\t", drawn->ticket + 1);
    add(&text, "\n");
    for (int32_t k = 0; k < pool->places; k++)
        add_line(&text, "site", pool->applicants[pool->eligible[drawn->panel[k]]].id);
    for (int32_t k = 0; k < drawn->reserve_count; k++)
        add_line(&text, "reserve", pool->applicants[pool->eligible[drawn->reserve[k]]].id);
    return text.bytes;
}

static int64_t count_lines(const char *text)
{
    int64_t lines = 0;

    for (const char *p = text; (p = strchr(p, '\n')); p++)
        lines++;
    return lines;
}

const char *manifest_text(struct rh_call *call, const char *const *names, const char *const *texts,
                          int32_t count)
{
    struct text text = {.call = call};

    for (int32_t i = 0; i < count; i++) {
        add(&text, "file");
        add_field(&text, names[i]);
        add_field(&text, digest_of(call, texts[i]));
        add_number(&text, "\t", count_lines(texts[i]));
        add(&text, "\n");
        for (const char *p = texts[i]; *p;) {
            size_t length = strcspn(p, "\n") + 1;
            uint8_t digest[32];
            char hex[PANEL_HEX];

            panel_sha256(p, length, digest);
            panel_hex(digest, hex);
            hex[16] = '\0';
            add(&text, hex);
            add(&text, "\n");
            p += length;
        }
    }
    add_line(&text, "end", digest_of(call, text.bytes));
    return text.bytes;
}
