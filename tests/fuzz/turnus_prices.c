/*
 * The prices of `turnus replan`: any text. What is accepted is a rising list, each price once,
 * within its range; written out and read again it is the same.
 *
 * A plugin is no room to link with, so its parser is taken in here.
 */
#include "plugins/turnus/prices.c"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_order(const struct prices *prices)
{
    if (prices->count < 1 || prices->count > PRICES_MAX)
        abort();
    for (int32_t i = 0; i < prices->count; i++) {
        int64_t price = prices->at[i];

        if (price == PRICE_MUST ? i != prices->count - 1 : price < 0 || price > PRICE_LIMIT)
            abort();
        if (i > 0 && price != PRICE_MUST && price <= prices->at[i - 1])
            abort();
    }
}

static void check_again(const struct prices *prices)
{
    char text[PRICES_MAX * 12] = "";
    struct prices again;

    for (int32_t i = prices->count - 1; i >= 0; i--) { /* backwards: order is of no account */
        size_t length = strlen(text);

        if (prices->at[i] == PRICE_MUST)
            snprintf(text + length, sizeof(text) - length, "muss,");
        else
            snprintf(text + length, sizeof(text) - length, "%lld,", (long long)prices->at[i]);
    }
    if (prices_read(text, &again) < 0 || again.count != prices->count ||
        memcmp(again.at, prices->at, (size_t)again.count * sizeof(again.at[0])) != 0)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct prices prices;
    char *text = calloc(size + 1, 1);

    if (!text)
        abort();
    if (size)
        memcpy(text, data, size);
    if (prices_read(text, &prices) == 0) {
        check_order(&prices);
        check_again(&prices);
    }
    free(text);
    return 0;
}
