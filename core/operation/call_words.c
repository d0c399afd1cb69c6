/* Memory, sentences, parameters, clock and configuration of a call. */
#include "core/operation/run.h"

#include "core/base/number.h"
#include "core/calendar/date.h"

#include <string.h>

/* --- memory and words --- */

void *rh_host_alloc(struct rh_call *call, size_t size)
{
    struct rh_run *run = rh_run_of(call);
    void *memory = rh_arena_alloc(run->arena, size);

    if (!memory)
        (void)rh_err_nomem(run->err); /* the caller sees NULL */
    return memory;
}

static char *format_in(struct rh_run *run, const char *de, const char *en, va_list args)
{
    static char nothing[1];
    char *text = rh_arena_vprintf(run->arena, run->lang == RH_DE ? de : en, args);

    if (text)
        return text;
    (void)rh_err_nomem(run->err); /* seen when the function returns */
    nothing[0] = '\0';
    return nothing;
}

char *rh_run_format(struct rh_run *run, const char *de, const char *en, ...)
{
    va_list args;
    char *text;

    va_start(args, en);
    text = format_in(run, de, en, args);
    va_end(args);
    return text;
}

char *rh_host_format(struct rh_call *call, const char *de, const char *en, ...)
{
    va_list args;
    char *text;

    va_start(args, en);
    text = format_in(rh_run_of(call), de, en, args);
    va_end(args);
    return text;
}

int32_t rh_host_fail(struct rh_call *call, int32_t code, const char *de, const char *en, ...)
{
    va_list args;

    if (code >= 0 || code <= RH_ERROR_END_)
        code = RH_EFAILED;
    va_start(args, en);
    code = rh_err_vset(rh_run_of(call)->err, code, de, en, args);
    va_end(args);
    return code;
}

int32_t rh_host_wrap(struct rh_call *call, const char *de, const char *en, ...)
{
    struct rh_err *err = rh_run_of(call)->err;
    va_list args;
    int32_t code;

    if (err->code == 0)
        return rh_err_set(err, RH_EFAILED, "es ist kein Fehler angegeben", "no error was given");
    va_start(args, en);
    code = rh_err_vwrap(err, de, en, args);
    va_end(args);
    return code;
}

void rh_host_forget(struct rh_call *call)
{
    rh_err_clear(rh_run_of(call)->err);
}

int32_t rh_host_last_error(struct rh_call *call, struct rh_text *ret_text)
{
    struct rh_run *run = rh_run_of(call);
    int32_t code = run->err->code;

    *ret_text = RH_TEXT("", "");
    if (code == 0)
        return 0;
    ret_text->de = rh_arena_strdup(run->arena, run->err->text[RH_DE]);
    ret_text->en = rh_arena_strdup(run->arena, run->err->text[RH_EN]);
    if (!ret_text->de || !ret_text->en)
        *ret_text = RH_TEXT("kein Speicher", "no memory");
    return code;
}

/* --- parameters --- */

/* NULL for a name that is not in the table: a mistake of the module, which it hears of. */
static const struct rh_value *value_of(struct rh_call *call, const char *name)
{
    struct rh_frame *frame = rh_frame_of(call);

    for (int32_t i = 0; frame->op && i < frame->op->param_count; i++)
        if (strcmp(frame->op->params[i].name, name) == 0)
            return &frame->values[i];
    (void)rh_err_set(frame->run->err, RH_EFAILED, "'%s' hat keinen Parameter '%s'",
                     "'%s' has no parameter '%s'", frame->run->what, name);
    return NULL;
}

int32_t rh_host_param_given(struct rh_call *call, const char *name)
{
    const struct rh_value *value = value_of(call, name);

    return value && value->given;
}

const char *rh_host_param_text(struct rh_call *call, const char *name)
{
    const struct rh_value *value = value_of(call, name);

    return value ? value->text : NULL;
}

int64_t rh_host_param_int(struct rh_call *call, const char *name)
{
    const struct rh_value *value = value_of(call, name);

    return value ? value->number : 0;
}

double rh_host_param_real(struct rh_call *call, const char *name)
{
    const struct rh_value *value = value_of(call, name);

    return value ? value->real : 0;
}

int32_t rh_host_param_file(struct rh_call *call, const char *name, const char **ret_name,
                           const char **ret_bytes, size_t *ret_size)
{
    const struct rh_value *value = value_of(call, name);

    if (!value)
        return RH_EFAILED;
    if (!value->bytes)
        return rh_err_set(rh_run_of(call)->err, RH_EUSAGE, "Angabe '%s' fehlt",
                          "parameter '%s' is missing", name);
    *ret_name = value->text;
    *ret_bytes = value->bytes;
    *ret_size = value->size;
    return 0;
}

/* --- time, who --- */

#define DAY_SECONDS 86400

static int64_t floor_day(int64_t seconds)
{
    return (seconds >= 0 ? seconds : seconds - DAY_SECONDS + 1) / DAY_SECONDS;
}

/* The last Sunday of a month of 31 days, 01:00 UTC: when Europe changes its clocks (directive
 * 2000/84/EC). */
static int64_t change_of_clocks(int32_t year, int32_t month)
{
    int32_t last = rh_day_of(year, month, 31);

    return (int64_t)(last - rh_day_weekday(last) % 7) * DAY_SECONDS + 3600;
}

static int32_t berlin_offset(int64_t utc)
{
    int64_t day = floor_day(utc);
    struct rh_date date;

    if (day < RH_DAY_MIN || day > RH_DAY_MAX)
        return 3600;
    date = rh_day_split((int32_t)day);
    return utc >= change_of_clocks(date.year, 3) && utc < change_of_clocks(date.year, 10) ? 7200
                                                                                          : 3600;
}

static int32_t berlin_day(int64_t utc)
{
    return (int32_t)floor_day(utc + berlin_offset(utc));
}

int32_t rh_house_today(const struct rh_house *house)
{
    return berlin_day(house->clock->now_utc(house->clock->context));
}

int32_t rh_run_today(const struct rh_run *run)
{
    return run->as_of != RH_NO_DAY ? run->as_of : rh_house_today(run->house);
}

/* As of another day it is the same time of that day. */
int64_t rh_run_now(const struct rh_run *run)
{
    const struct rh_clock *clock = run->house->clock;
    int64_t now = clock->now_utc(clock->context);
    int64_t moved;

    if (run->as_of == RH_NO_DAY)
        return now;
    moved = now + (int64_t)(run->as_of - berlin_day(now)) * DAY_SECONDS;
    return moved + berlin_offset(now) - berlin_offset(moved);
}

int64_t rh_host_now_utc(struct rh_call *call)
{
    return rh_run_now(rh_run_of(call));
}

int32_t rh_host_today(struct rh_call *call)
{
    return rh_run_today(rh_run_of(call));
}

const char *rh_host_actor(struct rh_call *call)
{
    return rh_run_of(call)->actor;
}

/* --- configuration --- */

static const struct rh_config_key *key_at(const struct rh_plugin *plugin, uint32_t index)
{
    return (const void *)((const unsigned char *)plugin->config.rows +
                          (size_t)index * plugin->config.row_size);
}

const char *rh_host_config_text(struct rh_call *call, const char *key)
{
    const struct rh_module *module = rh_frame_of(call)->module;
    const struct rh_plugin *plugin = module->plugin;

    for (uint32_t i = 0; i < plugin->config.count; i++)
        if (strcmp(key_at(plugin, i)->name, key) == 0)
            return module->config && module->config[i] ? module->config[i]
                                                       : key_at(plugin, i)->fallback;
    (void)rh_err_set(rh_run_of(call)->err, RH_EFAILED,
                     "Modul '%s' hat keinen Schlüssel '%s' in seiner Tabelle",
                     "module '%s' has no key '%s' in its table", plugin->name, key);
    return NULL;
}

/* "90s", "5m", "2h", "7d" */
static int64_t unit_seconds(char unit)
{
    return unit == 'm' ? 60 : unit == 'h' ? 3600 : unit == 'd' ? DAY_SECONDS : 1;
}

int64_t rh_host_config_int(struct rh_call *call, const char *key)
{
    const char *text = rh_host_config_text(call, key);
    size_t length = text ? strlen(text) : 0;
    int64_t number = 0;

    if (!text)
        return 0;
    if (rh_choice_find("yes|ja|true|on", text, length))
        return 1;
    if (rh_choice_find("no|nein|false|off|", text, length))
        return 0;
    if (length && strchr("smhd", text[length - 1])) {
        if (rh_int_parse(text, length - 1, &number))
            return number * unit_seconds(text[length - 1]);
    } else if (rh_int_parse(text, length, &number)) {
        return number;
    }
    (void)rh_err_set(rh_run_of(call)->err, RH_EFAILED, "Schlüssel '%s': '%s' ist keine Zahl",
                     "key '%s': '%s' is not a number", key, text);
    return 0;
}

double rh_host_config_real(struct rh_call *call, const char *key)
{
    const char *text = rh_host_config_text(call, key);
    double number = 0;

    if (text && !rh_double_parse(text, strlen(text), &number))
        (void)rh_err_set(rh_run_of(call)->err, RH_EFAILED, "Schlüssel '%s': '%s' ist keine Zahl",
                         "key '%s': '%s' is not a number", key, text);
    return number;
}

const char *rh_host_config_item(struct rh_call *call, const char *key, int32_t index)
{
    const char *text = rh_host_config_text(call, key);
    char *item;

    for (; text && *text && index > 0; index--) {
        text = strchr(text, '\n');
        text = text ? text + 1 : NULL;
    }
    if (!text || !*text || index < 0)
        return NULL;
    item = rh_arena_strndup(rh_run_of(call)->arena, text, strcspn(text, "\n"));
    if (!item)
        (void)rh_err_nomem(rh_run_of(call)->err); /* seen when the function returns */
    return item;
}
