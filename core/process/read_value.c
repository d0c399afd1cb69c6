/* read_value.c - what stands behind the '=' of a definition: offsets, times, roles, efforts. */
#include "core/base/text.h"
#include "core/process/read.h"

#include <stdio.h>
#include <string.h>

void reading_keep(struct process_reading *r, int32_t rc)
{
    if (rc < 0 && r->rc == 0)
        r->rc = rc;
}

const char *reading_copy(struct process_reading *r, const char *text)
{
    char *copied = rh_arena_strdup(r->arena, text);

    if (!copied)
        reading_keep(r, rh_err_nomem(r->err));
    return copied ? copied : "";
}

void *reading_array(struct process_reading *r, size_t count, size_t size)
{
    void *memory = rh_arena_array(r->arena, count ? count : 1, size);

    if (!memory)
        reading_keep(r, rh_err_nomem(r->err));
    return memory;
}

void read_words(const char *text, struct words *words)
{
    char *at = words->text;

    words->count = 0;
    if (strlen(text) >= sizeof(words->text)) {
        words->count = WORDS_MAX + 1;
        return;
    }
    snprintf(words->text, sizeof(words->text), "%s", text);
    for (;;) {
        while (*at == ' ' || *at == '\t')
            at++;
        if (!*at)
            return;
        if (words->count == WORDS_MAX) {
            words->count++;
            return;
        }
        words->word[words->count++] = at;
        while (*at && *at != ' ' && *at != '\t')
            at++;
        if (*at)
            *at++ = '\0';
    }
}

/* A count without a sign. */
bool read_count(const char *text, int32_t most, int32_t *ret)
{
    int32_t value = 0;

    if (!*text || strlen(text) > 6)
        return false;
    for (; *text; text++) {
        if (*text < '0' || *text > '9')
            return false;
        value = value * 10 + (*text - '0');
    }
    if (value > most)
        return false;
    *ret = value;
    return true;
}

/* "workdays" and "workday". */
bool read_unit(const char *text, enum rh_process_unit *ret)
{
    size_t length = strlen(text);

    for (int unit = 0; unit < (int)RH_PROCESS_UNIT_COUNT; unit++) {
        const char *word = rh_process_unit_word((enum rh_process_unit)unit);

        if (strcmp(text, word) == 0 ||
            (length + 1 == strlen(word) && strncmp(text, word, length) == 0)) {
            *ret = (enum rh_process_unit)unit;
            return true;
        }
    }
    return false;
}

/* "8:00" to minutes from midnight. */
static bool read_time(const char *text, int32_t *ret)
{
    int32_t hour, minute;
    char hours[3] = "";
    const char *colon = strchr(text, ':');

    if (!colon || colon - text > 2 || colon == text || strlen(colon) != 3)
        return false;
    memcpy(hours, text, (size_t)(colon - text));
    if (!read_count(hours, 24, &hour) || !read_count(colon + 1, 59, &minute) ||
        (hour == 24 && minute > 0))
        return false;
    *ret = hour * 60 + minute;
    return true;
}

int32_t read_time_of(struct process_reading *r, const struct rh_config_values *values, size_t key,
                     const char *name)
{
    int32_t minutes = -1;

    if (values->text[key] && !read_time(values->text[key], &minutes))
        process_fault(r, values->line[key], "Schlüssel '%s': '%s' ist keine Uhrzeit (etwa 8:00)",
                      "key '%s': '%s' is not a time (like 8:00)", name, values->text[key]);
    return minutes;
}

/* The nearest of all names that may stand here; "" when none is near. */
static const char *nearest_base(const struct rh_process_definition *d, const char *word,
                                bool steps_only)
{
    const char *names[RH_PROCESS_STEPS_MAX + RH_PROCESS_DATES_MAX + 1];
    size_t count = 0;
    int nearest;

    for (size_t i = 0; i < d->step_count; i++)
        names[count++] = d->steps[i].name;
    for (size_t i = 0; !steps_only && i < d->date_count; i++)
        names[count++] = d->dates[i].name;
    if (!steps_only)
        names[count++] = "start";
    nearest = rh_text_nearest(word, names, count);
    return nearest < 0 ? "" : names[nearest];
}

void read_unknown_base(struct process_reading *r, int32_t line, const char *key, const char *word,
                       bool steps_only)
{
    const char *nearest = nearest_base(r->definition, word, steps_only);

    if (*nearest)
        process_fault(r, line, "Schlüssel '%s': den Schritt '%s' gibt es nicht (meinten Sie '%s'?)",
                      "key '%s': there is no step '%s' (did you mean '%s'?)", key, word, nearest);
    else
        process_fault(r, line,
                      "Schlüssel '%s': den Schritt '%s' gibt es nicht; er braucht einen Abschnitt "
                      "step %s { … }",
                      "key '%s': there is no step '%s'; it needs a section step %s { … }", key,
                      word, word);
}

static bool find_base(const struct rh_process_definition *d, const char *word, int32_t *ret)
{
    int32_t step = rh_process_step_find(d, word);
    int32_t date = rh_process_date_find(d, word);

    if (strcmp(word, "start") == 0)
        *ret = RH_PROCESS_BASE_START;
    else if (step >= 0)
        *ret = step;
    else if (date >= 0)
        *ret = RH_PROCESS_BASE_DATE + date;
    else
        return false;
    return true;
}

/* "10 workdays after kickoff" */
void read_offset(struct process_reading *r, const struct rh_config_values *values, size_t key,
                 const char *name, struct rh_process_offset *ret)
{
    struct rh_process_offset offset = {.given = true};
    const char *text = values->text[key];
    int32_t line = values->line[key];
    struct words w = {.count = 0};

    if (!text)
        return;
    read_words(text, &w);
    if (w.count != 4 || (strcmp(w.word[2], "after") != 0 && strcmp(w.word[2], "before") != 0)) {
        process_fault(
            r, line, "Schlüssel '%s': '%s' heißt nichts (etwa \"10 workdays after start\")",
            "key '%s': '%s' means nothing (like \"10 workdays after start\")", name, text);
        return;
    }
    if (!read_count(w.word[0], RH_PROCESS_OFFSET_MAX, &offset.count)) {
        process_fault(r, line, "Schlüssel '%s': '%s' ist keine Zahl von 0 bis %d",
                      "key '%s': '%s' is not a number from 0 to %d", name, w.word[0],
                      RH_PROCESS_OFFSET_MAX);
        return;
    }
    if (!read_unit(w.word[1], &offset.unit)) {
        process_fault(
            r, line,
            "Schlüssel '%s': die Einheit '%s' gibt es nicht; möglich sind workdays, days, "
            "weeks, months, hours",
            "key '%s': there is no unit '%s'; possible are workdays, days, weeks, months, hours",
            name, w.word[1]);
        return;
    }
    if (!find_base(r->definition, w.word[3], &offset.base)) {
        read_unknown_base(r, line, name, w.word[3], false);
        return;
    }
    if (w.word[2][0] == 'b')
        offset.count = -offset.count;
    *ret = offset;
}

/* The next element of a list value; NULL behind the last. */
char *read_element(char **at)
{
    char *element = *at, *end;

    if (!element || !*element)
        return NULL;
    end = strchr(element, '\n');
    *at = end ? end + 1 : element + strlen(element);
    if (end)
        *end = '\0';
    return element;
}

enum rh_process_role read_role(struct process_reading *r, int32_t line, const char *key,
                               const char *word)
{
    enum rh_process_role role = rh_process_role_find(word);
    const char *names[RH_PROCESS_ROLE_END_];
    int nearest;

    if (role != RH_PROCESS_NOBODY)
        return role;
    for (int i = 1; i < (int)RH_PROCESS_ROLE_END_; i++)
        names[i - 1] = rh_process_role_word((enum rh_process_role)i);
    nearest = rh_text_nearest(word, names, RH_PROCESS_ROLE_END_ - 1);
    process_fault(r, line, "Schlüssel '%s': die Rolle '%s' gibt es nicht (etwa '%s')",
                  "key '%s': there is no role '%s' (like '%s')", key, word,
                  names[nearest < 0 ? 0 : nearest]);
    return role;
}

bool read_name_ok(const char *name)
{
    size_t length = strlen(name);

    if (length == 0 || length > RH_PROCESS_NAME_MAX || name[0] < 'a' || name[0] > 'z')
        return false;
    return strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-") == length;
}

/* "contact 0.5 days" in minutes; a day has RH_PROCESS_DAY_MINUTES. */
bool read_effort(struct process_reading *r, const char *text, int32_t line,
                 struct rh_process_effort *ret)
{
    int32_t whole = 0, tenths = 0, factor = 0;
    char number[8];
    const char *point;
    struct words w = {.count = 0};

    read_words(text, &w);
    if (w.count == 3 && strlen(w.word[1]) < sizeof(number)) {
        char *cut;

        snprintf(number, sizeof(number), "%s", w.word[1]);
        cut = strchr(number, '.');
        point = cut ? cut + 1 : "0";
        if (cut)
            *cut = '\0';
        factor = strncmp(w.word[2], "day", 3) == 0      ? RH_PROCESS_DAY_MINUTES
                 : strncmp(w.word[2], "hour", 4) == 0   ? 60
                 : strncmp(w.word[2], "minute", 6) == 0 ? 1
                                                        : 0;
        if (factor > 0 && read_count(number, 99999, &whole) && read_count(point, 9, &tenths)) {
            ret->role = read_role(r, line, "effort", w.word[0]);
            ret->minutes = whole * factor + tenths * factor / 10;
            return ret->role != RH_PROCESS_NOBODY;
        }
    }
    process_fault(r, line, "Schlüssel 'effort': '%s' ist kein Aufwand (etwa \"contact 0.5 days\")",
                  "key 'effort': '%s' is not an effort (like \"contact 0.5 days\")", text);
    return false;
}

static bool month_day(const char *text, int32_t *month, int32_t *day)
{
    char two[3] = {text[0], text[0] ? text[1] : '\0', '\0'};

    return strlen(text) == 5 && text[2] == '-' && read_count(two, 12, month) &&
           read_count(text + 3, 31, day) && rh_day_of(2028, *month, *day) != RH_NO_DAY;
}

/* "school", "Sommerferien" or "12-24..01-01" */
void read_quiet(struct process_reading *r, const char *text, int32_t line)
{
    struct rh_process_quiet *quiet = &r->definition->quiet[r->definition->quiet_count];
    const char *dots = strstr(text, "..");
    char from[6] = "";

    if (!dots && *text >= 'A' && strlen(text) <= RH_PROCESS_NAME_MAX &&
        (strcmp(text, "school") == 0 || strstr(text, "ferien"))) {
        quiet->school = reading_copy(r, text);
        r->definition->quiet_count++;
        return;
    }
    if (dots && dots - text == 5) {
        memcpy(from, text, 5);
        if (month_day(from, &quiet->from_month, &quiet->from_day) &&
            month_day(dots + 2, &quiet->to_month, &quiet->to_day)) {
            r->definition->quiet_count++;
            return;
        }
    }
    process_fault(
        r, line,
        "Schlüssel 'quiet': '%s' ist keine Ruhezeit (etwa school, Sommerferien oder 12-24..01-01)",
        "key 'quiet': '%s' is not a quiet period (like school, Sommerferien or 12-24..01-01)",
        text);
}
