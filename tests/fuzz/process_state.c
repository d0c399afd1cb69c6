/* Any bytes as the events of a procedure: refused with a sentence in both languages, or built,
 * planned, explained, run on for a year, written and read as the same. An '@' stands for the
 * version's hash. */
#include "core/process/draw.h"
#include "core/process/engine.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char definition_text[] =
    "process {\n title_de = \"T\"\n title_en = \"T\"\n quiet = { 12-24..01-01 }\n}\n"
    "step a {\n title_de = \"A\"\n title_en = \"A\"\n who = contact\n form = receipts\n"
    " due = \"5 workdays after start\"\n draw = 2\n remind = c\n}\n"
    "receipt r {\n title_de = \"R\"\n title_en = \"R\"\n step = a\n}\n"
    "step b {\n title_de = \"B\"\n title_en = \"B\"\n who = team\n form = appointment\n"
    " due = \"2 weeks after a\"\n needs = { a }\n remind = c\n when = q\n}\n"
    "step c {\n title_de = \"C\"\n title_en = \"C\"\n who = head\n form = window\n"
    " open = \"48 hours after b\"\n due = \"1 months after d\"\n needs = { a }\n remind = c\n}\n"
    "date d {\n title_de = \"D\"\n title_en = \"D\"\n who = head\n expected = \"3 days after "
    "b\"\n}\n"
    "question q {\n title_de = \"Q\"\n title_en = \"Q\"\n}\n"
    "chain c {\n rules = { \"at opening: actor, t\", \"2 workdays before: actor, t\","
    " \"6 hours after: head, t\" }\n}\n";

static void must(bool condition)
{
    if (!condition)
        abort();
}

static const struct rh_process_definition *definition(void)
{
    static struct rh_process_definition *read; /* once, for all inputs */

    if (!read)
        must(rh_process_definition_read("fuzz.conf", definition_text, sizeof(definition_text) - 1,
                                        RH_DE, NULL, &read, NULL) == 0);
    return read;
}

static void use(struct rh_process_state *state)
{
    static struct rh_process_plan plan;
    struct rh_calendar calendar = {.place = {.land = RH_LAND_NW}};
    struct rh_process_effects effects = {0};
    rh_auto_str(words, 1 << 20);
    int64_t at = state->event_count ? state->events[state->event_count - 1].at : 0;

    rh_process_plan(state, &calendar, true, &plan);
    for (int32_t i = 0; state->begun && i < (int32_t)state->definition->step_count; i++)
        rh_process_explain(state, &calendar, i, RH_DE, &words);
    rh_process_draw_words(state, RH_EN, &words);
    must(rh_process_forecast(state, &calendar, at, at + 30 * 86400, &effects, NULL) == 0);
    (void)rh_process_tick(state, &calendar, at + 365 * 86400, &effects, NULL); /* may be full */
    rh_process_effects_fini(&effects);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct rh_process_definition *known = definition();
    struct rh_process_state *state = NULL, *again = NULL;
    struct rh_err err = {0};
    rh_auto_str(text, 1 << 20);
    rh_auto_str(first, RH_PROCESS_STATE_JSON_MAX);
    rh_auto_str(second, RH_PROCESS_STATE_JSON_MAX);

    for (size_t i = 0; i < size; i++)
        if (data[i] == '@')
            rh_str_add(&text, known->hash);
        else
            rh_str_add_char(&text, (char)data[i]);
    if (rh_process_state_read(text.data, text.length, &known, 1, &state, &err) < 0) {
        must(err.text[RH_DE][0] && err.text[RH_EN][0]);
        return 0;
    }
    must(rh_process_state_write(state, &first, NULL) == 0);
    must(rh_process_state_read(first.data, first.length, &known, 1, &again, NULL) == 0);
    must(rh_process_state_write(again, &second, NULL) == 0);
    must(strcmp(first.data, second.data) == 0);
    must(memcmp(again->steps, state->steps, sizeof(state->steps)) == 0);
    use(state);
    rh_process_state_free(again);
    rh_process_state_free(state);
    return 0;
}
