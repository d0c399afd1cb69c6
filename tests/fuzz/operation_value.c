/*
 * Parameters of a call: lines "name=value" (a line without '=' is a name without a value), against
 * a table with every type. What is accepted must keep its promises: valid UTF-8, ranges, choices.
 */
#include "core/base/text.h"
#include "core/calendar/date.h"
#include "core/operation/value.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define HELP                                                                                       \
    {                                                                                              \
        "Hilfe", "help"                                                                            \
    }
#define ARGUMENTS_MAX 16

static const struct rh_param params[] = {
    {.name = "text", .type = RH_TYPE_TEXT, .help = HELP},
    {.name = "number", .type = RH_TYPE_INT, .min = -5, .max = 100, .help = HELP},
    {.name = "any", .type = RH_TYPE_INT, .help = HELP},
    {.name = "real", .type = RH_TYPE_REAL, .min = 0, .max = 10, .help = HELP},
    {.name = "day", .type = RH_TYPE_DAY, .help = HELP},
    {.name = "month", .type = RH_TYPE_MONTH, .help = HELP},
    {.name = "kind", .type = RH_TYPE_CHOICE, .choices = "city|district", .help = HELP},
    {.name = "flag", .type = RH_TYPE_FLAG, .help = HELP},
    {.name = "file", .type = RH_TYPE_FILE, .help = HELP},
};
enum { TEXT, NUMBER, ANY, REAL, DAY, MONTH, KIND, FLAG, FILE_, COUNT };

static int32_t run(struct rh_call *call)
{
    (void)call;
    return 0;
}

static const struct rh_operation_entry *operation(void)
{
    static const struct rh_operation op = {
        .name = "fuzz it", .kind = RH_READ, .help = HELP, .params = RH_ROWS(params), .run = run};
    static const struct rh_plugin plugin = {.name = "fuzz", .operations = {&op, 1, sizeof(op)}};
    static struct rh_module module = {.plugin = &plugin};
    static struct rh_registry *registry;

    if (!registry) {
        registry = rh_registry_new(NULL);
        if (!registry || rh_registry_add(registry, &module, NULL) < 0)
            abort();
    }
    return rh_registry_find(registry, "fuzz it");
}

static void demand(int good)
{
    if (!good)
        abort();
}

static void check(const struct rh_value *values)
{
    if (values[TEXT].text)
        demand(rh_text_valid(values[TEXT].text, strlen(values[TEXT].text)) && values[TEXT].text[0]);
    demand(values[NUMBER].number >= -5 && values[NUMBER].number <= 100);
    demand(values[REAL].real >= 0 && values[REAL].real <= 10);
    demand(values[DAY].number == RH_NO_DAY || rh_day_is_valid((int32_t)values[DAY].number));
    demand(values[MONTH].number == RH_NO_MONTH || rh_month_is_valid((int32_t)values[MONTH].number));
    if (values[KIND].text)
        demand(strcmp(values[KIND].text, "city") == 0 ||
               strcmp(values[KIND].text, "district") == 0);
    demand(values[FLAG].number == 0 || values[FLAG].number == 1);
    demand(!values[FILE_].given || values[FILE_].bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rh_argument arguments[ARGUMENTS_MAX];
    struct rh_value values[COUNT];
    struct rh_err err = {.code = 0};
    rh_auto_arena(arena, 1024 * 1024);
    char *text = calloc(size + 1, 1), *line, *end;
    size_t count = 0;

    demand(text != NULL);
    memcpy(text, data, size);
    for (line = text; line && count < ARGUMENTS_MAX; line = end) {
        char *value;

        end = strchr(line, '\n');
        if (end)
            *end++ = '\0';
        value = strchr(line, '=');
        if (value)
            *value++ = '\0';
        arguments[count++] =
            (struct rh_argument){.name = line, .value = value, .bytes = value, .size = 1};
    }
    if (rh_values_parse(operation(), arguments, count, &arena, values, &err) == 0)
        check(values);
    else
        demand(err.text[RH_DE][0] && err.text[RH_EN][0] &&
               rh_text_valid(err.text[RH_DE], strlen(err.text[RH_DE])) &&
               rh_text_valid(err.text[RH_EN], strlen(err.text[RH_EN])));
    free(text);
    return 0;
}
