#include "plugins/turnus/replan.h"

#include <string.h>

/* "must" is dearer than any number. */
static int32_t is_dearer(int64_t a, int64_t b)
{
    if (a == PRICE_MUST || b == PRICE_MUST)
        return a == PRICE_MUST && b != PRICE_MUST;
    return a > b;
}

static int32_t insert(struct prices *prices, int64_t price)
{
    int32_t at = prices->count;

    for (int32_t i = 0; i < prices->count; i++)
        if (prices->at[i] == price)
            return 0;
    if (prices->count == PRICES_MAX)
        return -1;
    for (; at > 0 && is_dearer(prices->at[at - 1], price); at--)
        prices->at[at] = prices->at[at - 1];
    prices->at[at] = price;
    prices->count++;
    return 0;
}

static int32_t read_one(const char *word, size_t length, int64_t *ret_price)
{
    int64_t price = 0;

    if (length == 4 && (memcmp(word, "must", 4) == 0 || memcmp(word, "muss", 4) == 0)) {
        *ret_price = PRICE_MUST;
        return 0;
    }
    for (size_t i = 0; i < length; i++) {
        if (word[i] < '0' || word[i] > '9')
            return -1;
        price = price * 10 + (word[i] - '0');
        if (price > PRICE_LIMIT)
            return -1;
    }
    *ret_price = price;
    return length > 0 ? 0 : -1;
}

int32_t prices_read(const char *text, struct prices *ret_prices)
{
    struct prices prices = {.count = 0};

    while (*text) {
        size_t blank = strspn(text, " ,"), length = strcspn(text + blank, " ,");
        int64_t price;

        text += blank;
        if (length == 0)
            break;
        if (read_one(text, length, &price) < 0 || insert(&prices, price) < 0)
            return -1;
        text += length;
    }
    if (prices.count == 0)
        return -1;
    *ret_prices = prices;
    return 0;
}
