/*
 * read.c - from the text of a definition to its structure, name by name.
 *
 * Sections come first (two passes: names, then meaning), so that a step may name one that stands
 * below it. Every fault is kept with its line and the reading goes on, so that a person mends a
 * file in one go; only a fault of grammar ends it.
 */
#include "core/base/alloc.h"
#include "core/base/text.h"
#include "core/process/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OWN_STEP, OWN_DATE, OWN_QUESTION, OWN_CHAIN, OWN_RECEIPT, OWN_COUNT };
static const char *const own_words[OWN_COUNT] = {
    [OWN_STEP] = "step",   [OWN_DATE] = "date",       [OWN_QUESTION] = "question",
    [OWN_CHAIN] = "chain", [OWN_RECEIPT] = "receipt",
};

#define TITLES                                                                                     \
    {"title_de", RH_TYPE_TEXT, RH_CONFIG_REQUIRED, NULL, NULL, 1, 160, {"Titel", "title"}},        \
    {                                                                                              \
        "title_en", RH_TYPE_TEXT, RH_CONFIG_REQUIRED, NULL, NULL, 1, 160,                          \
        {                                                                                          \
            "Titel", "title"                                                                       \
        }                                                                                          \
    }
#define KEY(name, type, flags, fallback, choices, max)                                             \
    {                                                                                              \
        name, type, flags, fallback, choices, 0, max,                                              \
        {                                                                                          \
            name, name                                                                             \
        }                                                                                          \
    }

enum { TITLE_DE, TITLE_EN, OTHER };

enum { P_MAIL_FROM = OTHER, P_MAIL_UNTIL, P_QUIET, P_COUNT };
static const struct rh_config_key process_keys[P_COUNT] = {
    TITLES,
    [P_MAIL_FROM] = KEY("mail_from", RH_TYPE_TEXT, 0, "8:00", NULL, 0),
    [P_MAIL_UNTIL] = KEY("mail_until", RH_TYPE_TEXT, 0, "16:00", NULL, 0),
    [P_QUIET] = KEY("quiet", RH_TYPE_LIST, 0, NULL, NULL, RH_PROCESS_QUIET_MAX),
};

enum {
    S_WHO = OTHER,
    S_WITH,
    S_EFFORT,
    S_FORM,
    S_DUE,
    S_OPEN,
    S_NEEDS,
    S_WHEN,
    S_REMIND,
    S_AGREE,
    S_DRAW,
    S_AT,
    S_UNTIL,
    S_OPTIONAL,
    S_IN_QUIET,
    S_COUNT
};
static const struct rh_config_key step_keys[S_COUNT] = {
    TITLES,
    [S_WHO] = KEY("who", RH_TYPE_TEXT, RH_CONFIG_REQUIRED, NULL, NULL, 0),
    [S_WITH] = KEY("with", RH_TYPE_LIST, 0, NULL, NULL, RH_PROCESS_EFFORTS_MAX),
    [S_EFFORT] = KEY("effort", RH_TYPE_LIST, 0, NULL, NULL, RH_PROCESS_EFFORTS_MAX),
    [S_FORM] = KEY("form", RH_TYPE_CHOICE, RH_CONFIG_REQUIRED, NULL,
                   "deadline|appointment|window|receipts", 0),
    [S_DUE] = KEY("due", RH_TYPE_TEXT, RH_CONFIG_REQUIRED, NULL, NULL, 0),
    [S_OPEN] = KEY("open", RH_TYPE_TEXT, 0, NULL, NULL, 0),
    [S_NEEDS] = KEY("needs", RH_TYPE_LIST, 0, NULL, NULL, RH_PROCESS_STEPS_MAX),
    [S_WHEN] = KEY("when", RH_TYPE_TEXT, 0, "always", NULL, 0),
    [S_REMIND] = KEY("remind", RH_TYPE_TEXT, 0, NULL, NULL, 0),
    [S_AGREE] = KEY("agree", RH_TYPE_TEXT, 0, NULL, NULL, 0),
    [S_DRAW] = KEY("draw", RH_TYPE_INT, 0, "0", NULL, 100),
    [S_AT] = KEY("at", RH_TYPE_TEXT, 0, NULL, NULL, 0),
    [S_UNTIL] = KEY("until", RH_TYPE_TEXT, 0, NULL, NULL, 0),
    [S_OPTIONAL] = KEY("optional", RH_TYPE_FLAG, 0, "no", NULL, 0),
    [S_IN_QUIET] = KEY("in_quiet", RH_TYPE_CHOICE, 0, "move", "move|keep", 0),
};

enum { D_WHO = OTHER, D_EXPECTED, D_COUNT };
static const struct rh_config_key date_keys[D_COUNT] = {
    TITLES,
    [D_WHO] = KEY("who", RH_TYPE_TEXT, RH_CONFIG_REQUIRED, NULL, NULL, 0),
    [D_EXPECTED] = KEY("expected", RH_TYPE_TEXT, 0, NULL, NULL, 0),
};

enum { Q_FALLBACK = OTHER, Q_COUNT };
static const struct rh_config_key question_keys[Q_COUNT] = {
    TITLES,
    [Q_FALLBACK] = KEY("fallback", RH_TYPE_FLAG, 0, "yes", NULL, 0),
};

enum { C_RULES, C_COUNT };
static const struct rh_config_key chain_keys[C_COUNT] = {
    [C_RULES] = KEY("rules", RH_TYPE_LIST, RH_CONFIG_REQUIRED, NULL, NULL, 0),
};

enum { R_STEP = OTHER, R_COUNT };
static const struct rh_config_key receipt_keys[R_COUNT] = {
    TITLES,
    [R_STEP] = KEY("step", RH_TYPE_TEXT, RH_CONFIG_REQUIRED, NULL, NULL, 0),
};

/* --- faults and memory --- */

#define fault(r, line, ...) keep((r), rh_config_fault((r)->config, (r)->err, (line), __VA_ARGS__))

static void keep(struct process_reading *r, int32_t rc)
{
    if (rc < 0 && r->rc == 0)
        r->rc = rc;
}

static const char *copy(struct process_reading *r, const char *text)
{
    char *copied = rh_arena_strdup(r->arena, text);

    if (!copied)
        keep(r, rh_err_nomem(r->err));
    return copied ? copied : "";
}

static void *array(struct process_reading *r, size_t count, size_t size)
{
    void *memory = rh_arena_array(r->arena, count ? count : 1, size);

    if (!memory)
        keep(r, rh_err_nomem(r->err));
    return memory;
}

/* --- words of a value --- */

#define WORDS_MAX 8
struct words {
    char text[200];
    const char *word[WORDS_MAX];
    size_t count; /* WORDS_MAX + 1: more, or too long */
};

static void split(const char *text, struct words *words)
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
static bool read_count(const char *text, int32_t most, int32_t *ret)
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
static bool read_unit(const char *text, enum rh_process_unit *ret)
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

static int32_t time_of(struct process_reading *r, const struct rh_config_values *values, size_t key,
                       const char *name)
{
    int32_t minutes = -1;

    if (values->text[key] && !read_time(values->text[key], &minutes))
        fault(r, values->line[key], "Schlüssel '%s': '%s' ist keine Uhrzeit (etwa 8:00)",
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

static void unknown_base(struct process_reading *r, int32_t line, const char *key, const char *word,
                         bool steps_only)
{
    const char *nearest = nearest_base(r->definition, word, steps_only);

    if (*nearest)
        fault(r, line, "Schlüssel '%s': den Schritt '%s' gibt es nicht (meinten Sie '%s'?)",
              "key '%s': there is no step '%s' (did you mean '%s'?)", key, word, nearest);
    else
        fault(r, line,
              "Schlüssel '%s': den Schritt '%s' gibt es nicht; er braucht einen Abschnitt "
              "step %s { … }",
              "key '%s': there is no step '%s'; it needs a section step %s { … }", key, word, word);
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
static void read_offset(struct process_reading *r, const struct rh_config_values *values,
                        size_t key, const char *name, struct rh_process_offset *ret)
{
    struct rh_process_offset offset = {.given = true};
    const char *text = values->text[key];
    int32_t line = values->line[key];
    struct words w = {.count = 0};

    if (!text)
        return;
    split(text, &w);
    if (w.count != 4 || (strcmp(w.word[2], "after") != 0 && strcmp(w.word[2], "before") != 0)) {
        fault(r, line, "Schlüssel '%s': '%s' heißt nichts (etwa \"10 workdays after start\")",
              "key '%s': '%s' means nothing (like \"10 workdays after start\")", name, text);
        return;
    }
    if (!read_count(w.word[0], RH_PROCESS_OFFSET_MAX, &offset.count)) {
        fault(r, line, "Schlüssel '%s': '%s' ist keine Zahl von 0 bis %d",
              "key '%s': '%s' is not a number from 0 to %d", name, w.word[0],
              RH_PROCESS_OFFSET_MAX);
        return;
    }
    if (!read_unit(w.word[1], &offset.unit)) {
        fault(r, line,
              "Schlüssel '%s': die Einheit '%s' gibt es nicht; möglich sind workdays, days, "
              "weeks, months, hours",
              "key '%s': there is no unit '%s'; possible are workdays, days, weeks, months, hours",
              name, w.word[1]);
        return;
    }
    if (!find_base(r->definition, w.word[3], &offset.base)) {
        unknown_base(r, line, name, w.word[3], false);
        return;
    }
    if (w.word[2][0] == 'b')
        offset.count = -offset.count;
    *ret = offset;
}

/* The next element of a list value; NULL behind the last. */
static char *next_element(char **at)
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

static enum rh_process_role read_role(struct process_reading *r, int32_t line, const char *key,
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
    fault(r, line, "Schlüssel '%s': die Rolle '%s' gibt es nicht (etwa '%s')",
          "key '%s': there is no role '%s' (like '%s')", key, word,
          names[nearest < 0 ? 0 : nearest]);
    return role;
}

/* --- process --- */

static bool month_day(const char *text, int32_t *month, int32_t *day)
{
    char two[3] = {text[0], text[0] ? text[1] : '\0', '\0'};

    return strlen(text) == 5 && text[2] == '-' && read_count(two, 12, month) &&
           read_count(text + 3, 31, day) && rh_day_of(2028, *month, *day) != RH_NO_DAY;
}

/* "school", "Sommerferien" or "12-24..01-01" */
static void read_quiet(struct process_reading *r, const char *text, int32_t line)
{
    struct rh_process_quiet *quiet = &r->definition->quiet[r->definition->quiet_count];
    const char *dots = strstr(text, "..");
    char from[6] = "";

    if (!dots && *text >= 'A' && strlen(text) <= RH_PROCESS_NAME_MAX &&
        (strcmp(text, "school") == 0 || strstr(text, "ferien"))) {
        quiet->school = copy(r, text);
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
    fault(
        r, line,
        "Schlüssel 'quiet': '%s' ist keine Ruhezeit (etwa school, Sommerferien oder 12-24..01-01)",
        "key 'quiet': '%s' is not a quiet period (like school, Sommerferien or 12-24..01-01)",
        text);
}

static bool title_ok(struct process_reading *r, const struct rh_config_values *values, size_t key)
{
    struct rh_err why = {0};

    if (rh_text_check_line(values->text[key], strlen(values->text[key]), 160, &why) == 0)
        return true;
    fault(r, values->line[key], "der Titel muss eine Zeile Text ohne Steuerzeichen sein",
          "the title must be one line of text without control characters");
    return false;
}

static struct rh_text title_of(struct process_reading *r, const struct rh_config_values *values)
{
    if (!title_ok(r, values, TITLE_DE) || !title_ok(r, values, TITLE_EN))
        return RH_TEXT("", "");
    return (struct rh_text){copy(r, values->text[TITLE_DE]), copy(r, values->text[TITLE_EN])};
}

static void read_process(struct process_reading *r)
{
    struct rh_process_definition *d = r->definition;
    struct rh_config_values values;
    char *at, *element;
    int32_t rc = rh_config_values(r->config, RH_CONFIG_MODULE, "process", process_keys, P_COUNT,
                                  &values, r->err);

    keep(r, rc);
    if (rc < 0)
        return;
    d->title = title_of(r, &values);
    d->mail_from = time_of(r, &values, P_MAIL_FROM, "mail_from");
    d->mail_until = time_of(r, &values, P_MAIL_UNTIL, "mail_until");
    if (d->mail_from >= 0 && d->mail_until >= 0 && d->mail_from >= d->mail_until)
        fault(r, values.line[P_MAIL_UNTIL] ? values.line[P_MAIL_UNTIL] : values.line[P_MAIL_FROM],
              "Schlüssel 'mail_until': liegt nicht nach 'mail_from'",
              "key 'mail_until': is not after 'mail_from'");
    d->quiet = array(r, RH_PROCESS_QUIET_MAX, sizeof(*d->quiet));
    at = values.text[P_QUIET];
    while (d->quiet && (element = next_element(&at)))
        read_quiet(r, element, values.line[P_QUIET]);
    rh_config_values_fini(&values);
}

/* --- steps --- */

/* "contact 0.5 days" in minutes; a day has RH_PROCESS_DAY_MINUTES. */
static bool read_effort(struct process_reading *r, const char *text, int32_t line,
                        struct rh_process_effort *ret)
{
    int32_t whole = 0, tenths = 0, factor = 0;
    char number[8];
    const char *point;
    struct words w = {.count = 0};

    split(text, &w);
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
    fault(r, line, "Schlüssel 'effort': '%s' ist kein Aufwand (etwa \"contact 0.5 days\")",
          "key 'effort': '%s' is not an effort (like \"contact 0.5 days\")", text);
    return false;
}

static int32_t find_chain(struct process_reading *r, const struct rh_config_values *values,
                          size_t key, const char *name)
{
    const struct rh_process_definition *d = r->definition;
    const char *names[RH_PROCESS_CHAINS_MAX];
    const char *word = values->text[key];
    int nearest;

    if (!word)
        return -1;
    for (size_t i = 0; i < d->chain_count; i++) {
        if (strcmp(d->chains[i].name, word) == 0)
            return (int32_t)i;
        names[i] = d->chains[i].name;
    }
    nearest = rh_text_nearest(word, names, d->chain_count);
    if (nearest >= 0)
        fault(r, values->line[key],
              "Schlüssel '%s': die Kette '%s' gibt es nicht (meinten Sie '%s'?)",
              "key '%s': there is no chain '%s' (did you mean '%s'?)", name, word, names[nearest]);
    else
        fault(r, values->line[key],
              "Schlüssel '%s': die Kette '%s' gibt es nicht; sie braucht einen Abschnitt "
              "chain %s { … }",
              "key '%s': there is no chain '%s'; it needs a section chain %s { … }", name, word,
              word);
    return -1;
}

static void read_when(struct process_reading *r, const struct rh_config_values *values,
                      struct rh_process_step *step)
{
    const char *text = values->text[S_WHEN];
    struct words w = {.count = 0};
    bool negated;

    if (strcmp(text, "always") == 0 || strcmp(text, "regular") == 0 ||
        strcmp(text, "out-of-turn") == 0) {
        step->when = *text == 'a'   ? RH_PROCESS_ALWAYS
                     : *text == 'r' ? RH_PROCESS_REGULAR
                                    : RH_PROCESS_OUT_OF_TURN;
        return;
    }
    split(text, &w);
    negated = w.count == 2 && strcmp(w.word[0], "not") == 0;
    step->question =
        w.count == 1 || negated ? rh_process_question_find(r->definition, w.word[negated]) : -1;
    step->when = negated ? RH_PROCESS_IF_NOT : RH_PROCESS_IF;
    if (step->question < 0) {
        step->when = RH_PROCESS_ALWAYS;
        fault(r, values->line[S_WHEN],
              "Schlüssel 'when': '%s' ist keine Bedingung; möglich sind always, regular, "
              "out-of-turn, der Name einer Frage, not und der Name einer Frage",
              "key 'when': '%s' is not a condition; possible are always, regular, out-of-turn, the "
              "name of a question, not and the name of a question",
              text);
    }
}

static void read_needs(struct process_reading *r, const struct rh_config_values *values,
                       size_t index)
{
    struct rh_process_step *step = &r->definition->steps[index];
    char *at = values->text[S_NEEDS], *element;

    while ((element = next_element(&at))) {
        int32_t other = rh_process_step_find(r->definition, element);

        if (other < 0)
            unknown_base(r, values->line[S_NEEDS], "needs", element, true);
        else if (step->needs >> other & 1)
            fault(r, values->line[S_NEEDS], "Schlüssel 'needs': '%s' steht zweimal da",
                  "key 'needs': '%s' is named twice", element);
        else
            step->needs |= UINT64_C(1) << other;
    }
}

static void read_people(struct process_reading *r, const struct rh_config_values *values,
                        struct rh_process_step *step)
{
    char *at = values->text[S_WITH], *element;

    step->who = read_role(r, values->line[S_WHO], "who", values->text[S_WHO]);
    while ((element = next_element(&at)))
        step->with |= UINT32_C(1) << read_role(r, values->line[S_WITH], "with", element);
    at = values->text[S_EFFORT];
    while ((element = next_element(&at)))
        if (read_effort(r, element, values->line[S_EFFORT], &step->efforts[step->effort_count]))
            step->effort_count++;
}

static enum rh_process_form form_of(const char *word)
{
    int form = 0;

    while (form + 1 < (int)RH_PROCESS_FORM_COUNT &&
           strcmp(rh_process_form_word((enum rh_process_form)form), word) != 0)
        form++;
    return (enum rh_process_form)form;
}

/* Keys that mean something in one form only. */
static void check_form(struct process_reading *r, const struct rh_config_values *values,
                       const struct rh_process_step *step)
{
    bool appointment = step->form == RH_PROCESS_APPOINTMENT;

    if (step->form == RH_PROCESS_WINDOW && !step->open.given && !values->text[S_OPEN])
        fault(r, values->line[S_FORM], "einem Zeitfenster fehlt der Schlüssel 'open'",
              "a window lacks the key 'open'");
    if (appointment && values->text[S_OPEN])
        fault(r, values->line[S_OPEN], "Schlüssel 'open': ein Termin hat keinen Anfang der Frist",
              "key 'open': an appointment has no opening");
    if (!appointment && (values->text[S_AT] || values->text[S_UNTIL] || values->text[S_AGREE]))
        fault(r, values->line[S_FORM], "'at', 'until' und 'agree' gehören nur zu einem Termin",
              "'at', 'until' and 'agree' belong to an appointment only");
    if (appointment && step->at >= 0 && step->until >= 0 && step->at >= step->until)
        fault(r, values->line[S_UNTIL], "Schlüssel 'until': liegt nicht nach 'at'",
              "key 'until': is not after 'at'");
    if ((step->at < 0) != (step->until < 0) && values->text[S_AT] != values->text[S_UNTIL])
        fault(r, values->line[S_FORM], "'at' und 'until' gehören zusammen",
              "'at' and 'until' belong together");
}

static void read_step(struct process_reading *r, size_t index,
                      const struct rh_config_values *values)
{
    struct rh_process_step *step = &r->definition->steps[index];

    r->due_line[index] = values->line[S_DUE];
    r->open_line[index] = values->line[S_OPEN];
    r->needs_line[index] = values->line[S_NEEDS];
    step->title = title_of(r, values);
    step->form = form_of(values->text[S_FORM]);
    read_people(r, values, step);
    read_offset(r, values, S_DUE, "due", &step->due);
    read_offset(r, values, S_OPEN, "open", &step->open);
    read_needs(r, values, index);
    read_when(r, values, step);
    step->remind = find_chain(r, values, S_REMIND, "remind");
    step->agree = find_chain(r, values, S_AGREE, "agree");
    step->draw = (int32_t)strtol(values->text[S_DRAW], NULL, 10);
    step->at = time_of(r, values, S_AT, "at");
    step->until = time_of(r, values, S_UNTIL, "until");
    step->optional = values->text[S_OPTIONAL][0] == '1';
    step->in_quiet = values->text[S_IN_QUIET][0] == 'k';
    check_form(r, values, step);
}

/* --- dates, questions, receipts --- */

static void read_date(struct process_reading *r, size_t index,
                      const struct rh_config_values *values)
{
    struct rh_process_date *date = &r->definition->dates[index];

    r->expected_line[index] = values->line[D_EXPECTED];
    date->title = title_of(r, values);
    date->who = read_role(r, values->line[D_WHO], "who", values->text[D_WHO]);
    read_offset(r, values, D_EXPECTED, "expected", &date->expected);
}

static void read_question(struct process_reading *r, size_t index,
                          const struct rh_config_values *values)
{
    struct rh_process_question *question = &r->definition->questions[index];

    question->title = title_of(r, values);
    question->fallback = values->text[Q_FALLBACK][0] == '1';
}

static void read_receipt(struct process_reading *r, const struct rh_config_place *place,
                         const struct rh_config_values *values)
{
    int32_t index = rh_process_step_find(r->definition, values->text[R_STEP]);
    struct rh_process_step *step;

    if (index < 0) {
        unknown_base(r, values->line[R_STEP], "step", values->text[R_STEP], true);
        return;
    }
    step = &r->definition->steps[index];
    if (step->form != RH_PROCESS_RECEIPTS) {
        fault(r, place->line, "der Schritt '%s' hat keine Belegliste (form = receipts)",
              "step '%s' has no receipt list (form = receipts)", step->name);
        return;
    }
    if (step->receipt_count == RH_PROCESS_RECEIPTS_MAX) {
        fault(r, place->line, "der Schritt '%s' hat mehr als %d Belege",
              "step '%s' has more than %d receipts", step->name, RH_PROCESS_RECEIPTS_MAX);
        return;
    }
    if (!step->receipts)
        step->receipts = array(r, RH_PROCESS_RECEIPTS_MAX, sizeof(*step->receipts));
    if (step->receipts)
        step->receipts[step->receipt_count++] =
            (struct rh_process_item){copy(r, place->name), title_of(r, values)};
}

/* --- chains --- */

/* Cuts "WHEN: ROLE, TEMPLATE, …" at its marks; false when there is no ':'. */
static bool cut_rule(char *text, char **when, char **parts, size_t *count)
{
    char *colon = strchr(text, ':');

    *when = text;
    *count = 0;
    if (!colon)
        return false;
    *colon = '\0';
    for (char *part = colon + 1; part && *count < WORDS_MAX; (*count)++) {
        char *comma = strchr(part, ',');

        if (comma)
            *comma = '\0';
        while (*part == ' ')
            part++;
        for (size_t end = strlen(part); end > 0 && part[end - 1] == ' '; end--)
            part[end - 1] = '\0';
        parts[*count] = part;
        part = comma ? comma + 1 : NULL;
    }
    return true;
}

/* "5 workdays before", "on the day", "3 workdays after", "at opening", "2 days after opening" */
static bool read_rule_when(const char *text, struct rh_process_rule *rule)
{
    struct words w = {.count = 0};

    split(text, &w);
    if (w.count == 3 && strcmp(w.word[0], "on") == 0 && strcmp(w.word[2], "day") == 0)
        return true;
    if (w.count == 2 && strcmp(w.word[0], "at") == 0 && strcmp(w.word[1], "opening") == 0) {
        rule->anchor = RH_PROCESS_AT_OPENING;
        return true;
    }
    if ((w.count != 3 && w.count != 4) ||
        !read_count(w.word[0], RH_PROCESS_OFFSET_MAX, &rule->count) || rule->count == 0 ||
        !read_unit(w.word[1], &rule->unit))
        return false;
    if (w.count == 4) {
        rule->anchor = RH_PROCESS_AT_OPENING;
        return strcmp(w.word[2], "after") == 0 && strcmp(w.word[3], "opening") == 0;
    }
    if (strcmp(w.word[2], "before") == 0)
        rule->count = -rule->count;
    return strcmp(w.word[2], "before") == 0 || strcmp(w.word[2], "after") == 0;
}

static bool name_ok(const char *name)
{
    size_t length = strlen(name);

    if (length == 0 || length > RH_PROCESS_NAME_MAX || name[0] < 'a' || name[0] > 'z')
        return false;
    return strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-") == length;
}

static enum rh_process_role rule_role(struct process_reading *r, int32_t line, const char *word)
{
    return strcmp(word, "actor") == 0 ? RH_PROCESS_ACTOR : read_role(r, line, "rules", word);
}

static const char *rule_key(struct process_reading *r, const struct rh_process_rule *rule)
{
    char count[32] = "";
    char *key;

    if (rule->count != 0)
        snprintf(count, sizeof(count), "%+d%c", rule->count,
                 rh_process_unit_word(rule->unit)[rule->unit == RH_PROCESS_MONTHS ? 1 : 0]);
    key = rh_arena_printf(r->arena, "%s%s:%s", rule->anchor == RH_PROCESS_AT_DUE ? "due" : "open",
                          count, rh_process_role_word(rule->role));
    if (!key)
        keep(r, rh_err_nomem(r->err));
    return key ? key : "";
}

static void read_rule(struct process_reading *r, struct rh_process_chain *chain, char *text,
                      int32_t line)
{
    struct rh_process_rule rule = {0};
    char *parts[WORDS_MAX], *when;
    size_t count;

    if (!cut_rule(text, &when, parts, &count) || count < 2 || !read_rule_when(when, &rule)) {
        fault(
            r, line,
            "Schlüssel 'rules': '%s' heißt nichts (etwa \"5 workdays before: contact, reminder\")",
            "key 'rules': '%s' means nothing (like \"5 workdays before: contact, reminder\")",
            when);
        return;
    }
    rule.role = rule_role(r, line, parts[0]);
    if (!name_ok(parts[1]))
        fault(r, line, "Schlüssel 'rules': '%s' ist kein Name einer Vorlage",
              "key 'rules': '%s' is not the name of a template", parts[1]);
    rule.template = copy(r, parts[1]);
    for (size_t i = 2; i < count; i++) {
        if (strcmp(parts[i], "urgent") == 0)
            rule.urgent = true;
        else if (strncmp(parts[i], "copy ", 5) == 0 && rule.copy == RH_PROCESS_NOBODY)
            rule.copy = rule_role(r, line, parts[i] + 5);
        else
            fault(r, line,
                  "Schlüssel 'rules': nach der Vorlage steht nur 'urgent' oder 'copy ROLLE'; hier "
                  "steht '%s'",
                  "key 'rules': only 'urgent' or 'copy ROLE' follow the template, but here is '%s'",
                  parts[i]);
    }
    rule.key = rule_key(r, &rule);
    for (size_t i = 0; i < chain->count; i++)
        if (strcmp(chain->rules[i].key, rule.key) == 0)
            fault(r, line, "Kette '%s': '%s' schreibt derselben Rolle zweimal zur selben Zeit",
                  "chain '%s': '%s' writes to the same role twice at the same time", chain->name,
                  when);
    if (chain->count == RH_PROCESS_RULES_MAX)
        fault(r, line, "Kette '%s': mehr als %d Regeln", "chain '%s': more than %d rules",
              chain->name, RH_PROCESS_RULES_MAX);
    else
        chain->rules[chain->count++] = rule;
}

static void read_chain(struct process_reading *r, size_t index, int32_t line,
                       const struct rh_config_values *values)
{
    struct rh_process_chain *chain = &r->definition->chains[index];
    char *at = values->text[C_RULES], *element;

    chain->rules = array(r, RH_PROCESS_RULES_MAX, sizeof(*chain->rules));
    if (!at || !*at)
        fault(r, line, "die Kette '%s' ist leer; sie braucht mindestens eine Regel",
              "chain '%s' is empty; it needs at least one rule", chain->name);
    while (chain->rules && (element = next_element(&at)))
        read_rule(r, chain, element, values->line[C_RULES]);
}

/* --- sections --- */

static void take_name(struct process_reading *r, const struct rh_config_place *place, size_t most,
                      size_t *count, const char **ret)
{
    if (!name_ok(place->name) || strcmp(place->name, "start") == 0)
        fault(r, place->line,
              "'%.60s' geht nicht als Name: kleine Buchstaben, Ziffern, '-' und '_', höchstens %d, "
              "und "
              "nicht 'start'",
              "'%.60s' is not a name: small letters, digits, '-' and '_', at most %d, and not "
              "'start'",
              place->name, RH_PROCESS_NAME_MAX);
    if (*count == most) {
        fault(r, place->line, "mehr als %zu Abschnitte dieser Art",
              "more than %zu sections of this kind", most);
        return;
    }
    *ret = copy(r, place->name);
    (*count)++;
}

static void take_names(struct process_reading *r)
{
    struct rh_process_definition *d = r->definition;
    struct rh_config_place place;

    for (size_t i = 0; rh_config_section_at(r->config, i, &place); i++) {
        const char *name = NULL;

        switch ((int)place.kind - (int)RH_CONFIG_OWN) {
        case OWN_STEP:
            take_name(r, &place, RH_PROCESS_STEPS_MAX, &d->step_count, &name);
            if (name) {
                d->steps[d->step_count - 1] = (struct rh_process_step){
                    .name = name, .remind = -1, .agree = -1, .at = -1, .until = -1};
                r->step_line[d->step_count - 1] = place.line;
            }
            break;
        case OWN_DATE:
            take_name(r, &place, RH_PROCESS_DATES_MAX, &d->date_count, &name);
            if (name) {
                d->dates[d->date_count - 1].name = name;
                r->date_line[d->date_count - 1] = place.line;
            }
            break;
        case OWN_QUESTION:
            take_name(r, &place, RH_PROCESS_QUESTIONS_MAX, &d->question_count, &name);
            if (name)
                d->questions[d->question_count - 1].name = name;
            break;
        case OWN_CHAIN:
            take_name(r, &place, RH_PROCESS_CHAINS_MAX, &d->chain_count, &name);
            if (name)
                d->chains[d->chain_count - 1].name = name;
            break;
        case OWN_RECEIPT:
            if (!name_ok(place.name))
                fault(r, place.line, "'%.60s' geht nicht als Name", "'%.60s' is not a name",
                      place.name);
            break;
        default:
            if (strcmp(place.name, "process") != 0)
                fault(r, place.line,
                      "den Abschnitt '%.60s' gibt es nicht; möglich sind process, step, date, "
                      "question, chain, receipt",
                      "there is no section '%.60s'; possible are process, step, date, question, "
                      "chain, receipt",
                      place.name);
        }
    }
}

static const struct {
    const struct rh_config_key *keys;
    size_t count;
} tables[OWN_COUNT] = {
    [OWN_STEP] = {step_keys, S_COUNT},         [OWN_DATE] = {date_keys, D_COUNT},
    [OWN_QUESTION] = {question_keys, Q_COUNT}, [OWN_CHAIN] = {chain_keys, C_COUNT},
    [OWN_RECEIPT] = {receipt_keys, R_COUNT},
};

static void read_section(struct process_reading *r, const struct rh_config_place *place, int own)
{
    struct rh_process_definition *d = r->definition;
    struct rh_config_values values;
    int32_t rc = rh_config_values(r->config, place->kind, place->name, tables[own].keys,
                                  tables[own].count, &values, r->err);
    size_t index = 0;

    keep(r, rc);
    if (rc < 0)
        return;
    switch (own) {
    case OWN_STEP:
        read_step(r, (size_t)rh_process_step_find(d, place->name), &values);
        break;
    case OWN_DATE:
        read_date(r, (size_t)rh_process_date_find(d, place->name), &values);
        break;
    case OWN_QUESTION:
        read_question(r, (size_t)rh_process_question_find(d, place->name), &values);
        break;
    case OWN_CHAIN:
        while (strcmp(d->chains[index].name, place->name) != 0)
            index++;
        read_chain(r, index, place->line, &values);
        break;
    default:
        read_receipt(r, place, &values);
    }
    rh_config_values_fini(&values);
}

/* Chains, dates and questions before the steps that name them; receipts after their steps. */
static void read_sections(struct process_reading *r)
{
    static const int order[] = {OWN_CHAIN, OWN_QUESTION, OWN_STEP, OWN_DATE, OWN_RECEIPT};
    struct rh_config_place place;

    for (size_t o = 0; o < sizeof(order) / sizeof(order[0]); o++)
        for (size_t i = 0; rh_config_section_at(r->config, i, &place); i++)
            if ((int)place.kind == (int)RH_CONFIG_OWN + order[o])
                read_section(r, &place, order[o]);
}

static void check_names(struct process_reading *r)
{
    const struct rh_process_definition *d = r->definition;

    for (size_t i = 0; i < d->date_count; i++)
        if (rh_process_step_find(d, d->dates[i].name) >= 0)
            fault(r, r->date_line[i], "'%s' ist schon der Name eines Schritts",
                  "'%s' is the name of a step already", d->dates[i].name);
    for (size_t i = 0; i < d->step_count; i++)
        if (d->steps[i].form == RH_PROCESS_RECEIPTS && d->steps[i].receipt_count == 0)
            fault(r, r->step_line[i],
                  "dem Schritt '%s' fehlen seine Belege: receipt NAME { step = %s … }",
                  "step '%s' lacks its receipts: receipt NAME { step = %s … }", d->steps[i].name,
                  d->steps[i].name);
    if (d->step_count == 0)
        fault(r, 1, "kein Schritt steht darin: step NAME { … }",
              "there is no step: step NAME { … }");
}

static int32_t finish(struct process_reading *r)
{
    rh_auto_str(text, PROCESS_MEMORY_MAX);

    if (r->rc < 0)
        return r->rc;
    check_names(r);
    if (r->rc == 0)
        process_check(r);
    if (r->rc < 0)
        return r->rc;
    rh_process_definition_write(r->definition, &text);
    if (rh_str_check(&text, r->err) < 0)
        return RH_ENOMEM;
    process_hash(text.data, text.length, r->definition->hash);
    return 0;
}

static void write_faults(const struct rh_config *config, enum rh_lang lang, struct rh_str *faults)
{
    for (size_t i = 0; faults && i < rh_config_fault_count(config); i++) {
        rh_str_add(faults, rh_config_fault_text(config, i, lang));
        rh_str_add_char(faults, '\n');
    }
}

/* "config/processes/qev-1.conf" is called "qev-1". */
static const char *plain_name(struct process_reading *r, const char *file)
{
    const char *slash = strrchr(file, '/');
    const char *base = slash ? slash + 1 : file;
    size_t length = strlen(base);
    char *name;

    if (length > 5 && strcmp(base + length - 5, ".conf") == 0)
        length -= 5;
    name = rh_arena_strndup(r->arena, base, length);
    if (!name)
        keep(r, rh_err_nomem(r->err));
    return name;
}

int32_t rh_process_definition_read(const char *name, const char *text, size_t length,
                                   enum rh_lang lang, struct rh_str *faults,
                                   struct rh_process_definition **ret, struct rh_err *err)
{
    struct process_definition *whole = rh_alloc(1, sizeof(*whole));
    struct process_reading r = {.err = err};
    struct rh_err first = {0};
    int32_t rc;

    if (!whole)
        return rh_err_nomem(err);
    rh_arena_init(&whole->arena, PROCESS_MEMORY_MAX);
    r.arena = &whole->arena;
    r.definition = &whole->is;
    rc = rh_config_parse_own(name, text, length, own_words, OWN_COUNT, &r.config, &first);
    if (rc < 0) {
        if (faults)
            rh_str_printf(faults, "%s\n", first.text[lang]);
        if (err && err->code == 0)
            *err = first;
        rh_process_definition_free(&whole->is);
        return rc;
    }
    whole->is.name = plain_name(&r, name);
    whole->is.steps = array(&r, RH_PROCESS_STEPS_MAX, sizeof(*whole->is.steps));
    whole->is.dates = array(&r, RH_PROCESS_DATES_MAX, sizeof(*whole->is.dates));
    whole->is.questions = array(&r, RH_PROCESS_QUESTIONS_MAX, sizeof(*whole->is.questions));
    whole->is.chains = array(&r, RH_PROCESS_CHAINS_MAX, sizeof(*whole->is.chains));
    if (r.rc == 0)
        take_names(&r);
    if (r.rc == 0) {
        read_process(&r);
        read_sections(&r);
    }
    rc = finish(&r);
    write_faults(r.config, lang, faults);
    rh_config_free(r.config);
    if (rc < 0) {
        rh_process_definition_free(&whole->is);
        return rc;
    }
    *ret = &whole->is;
    return 0;
}
