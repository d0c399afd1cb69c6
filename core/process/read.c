/*
 * read.c - from the text of a definition to its structure, name by name.
 *
 * Sections come first (two passes: names, then meaning), so that a step may name one that stands
 * below it. Every fault is kept with its line and the reading goes on, so that a person mends a
 * file in one go; only a fault of grammar ends it.
 */
#include "core/process/read.h"
#include "core/base/alloc.h"
#include "core/base/text.h"

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

/* --- process --- */

static bool title_ok(struct process_reading *r, const struct rh_config_values *values, size_t key)
{
    struct rh_err why = {0};

    if (rh_text_check_line(values->text[key], strlen(values->text[key]), 160, &why) == 0)
        return true;
    process_fault(r, values->line[key], "der Titel muss eine Zeile Text ohne Steuerzeichen sein",
                  "the title must be one line of text without control characters");
    return false;
}

static struct rh_text title_of(struct process_reading *r, const struct rh_config_values *values)
{
    if (!title_ok(r, values, TITLE_DE) || !title_ok(r, values, TITLE_EN))
        return RH_TEXT("", "");
    return (struct rh_text){reading_copy(r, values->text[TITLE_DE]),
                            reading_copy(r, values->text[TITLE_EN])};
}

static void read_process(struct process_reading *r)
{
    struct rh_process_definition *d = r->definition;
    struct rh_config_values values;
    char *at, *element;
    int32_t rc = rh_config_values(r->config, RH_CONFIG_MODULE, "process", process_keys, P_COUNT,
                                  &values, r->err);

    reading_keep(r, rc);
    if (rc < 0)
        return;
    d->title = title_of(r, &values);
    d->mail_from = read_time_of(r, &values, P_MAIL_FROM, "mail_from");
    d->mail_until = read_time_of(r, &values, P_MAIL_UNTIL, "mail_until");
    if (d->mail_from >= 0 && d->mail_until >= 0 && d->mail_from >= d->mail_until)
        process_fault(
            r, values.line[P_MAIL_UNTIL] ? values.line[P_MAIL_UNTIL] : values.line[P_MAIL_FROM],
            "Schlüssel 'mail_until': liegt nicht nach 'mail_from'",
            "key 'mail_until': is not after 'mail_from'");
    d->quiet = reading_array(r, RH_PROCESS_QUIET_MAX, sizeof(*d->quiet));
    at = values.text[P_QUIET];
    while (d->quiet && (element = read_element(&at)))
        read_quiet(r, element, values.line[P_QUIET]);
    rh_config_values_fini(&values);
}

/* --- steps --- */

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
        process_fault(r, values->line[key],
                      "Schlüssel '%s': die Kette '%s' gibt es nicht (meinten Sie '%s'?)",
                      "key '%s': there is no chain '%s' (did you mean '%s'?)", name, word,
                      names[nearest]);
    else
        process_fault(r, values->line[key],
                      "Schlüssel '%s': die Kette '%s' gibt es nicht; sie braucht einen Abschnitt "
                      "chain %s { … }",
                      "key '%s': there is no chain '%s'; it needs a section chain %s { … }", name,
                      word, word);
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
    read_words(text, &w);
    negated = w.count == 2 && strcmp(w.word[0], "not") == 0;
    step->question =
        w.count == 1 || negated ? rh_process_question_find(r->definition, w.word[negated]) : -1;
    step->when = negated ? RH_PROCESS_IF_NOT : RH_PROCESS_IF;
    if (step->question < 0) {
        step->when = RH_PROCESS_ALWAYS;
        process_fault(
            r, values->line[S_WHEN],
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

    while ((element = read_element(&at))) {
        int32_t other = rh_process_step_find(r->definition, element);

        if (other < 0)
            read_unknown_base(r, values->line[S_NEEDS], "needs", element, true);
        else if (step->needs >> other & 1)
            process_fault(r, values->line[S_NEEDS], "Schlüssel 'needs': '%s' steht zweimal da",
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
    while ((element = read_element(&at)))
        step->with |= UINT32_C(1) << read_role(r, values->line[S_WITH], "with", element);
    at = values->text[S_EFFORT];
    while ((element = read_element(&at)))
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
        process_fault(r, values->line[S_FORM], "einem Zeitfenster fehlt der Schlüssel 'open'",
                      "a window lacks the key 'open'");
    if (appointment && values->text[S_OPEN])
        process_fault(r, values->line[S_OPEN],
                      "Schlüssel 'open': ein Termin hat keinen Anfang der Frist",
                      "key 'open': an appointment has no opening");
    if (!appointment && (values->text[S_AT] || values->text[S_UNTIL] || values->text[S_AGREE]))
        process_fault(r, values->line[S_FORM],
                      "'at', 'until' und 'agree' gehören nur zu einem Termin",
                      "'at', 'until' and 'agree' belong to an appointment only");
    if (appointment && step->at >= 0 && step->until >= 0 && step->at >= step->until)
        process_fault(r, values->line[S_UNTIL], "Schlüssel 'until': liegt nicht nach 'at'",
                      "key 'until': is not after 'at'");
    if ((step->at < 0) != (step->until < 0) && values->text[S_AT] != values->text[S_UNTIL])
        process_fault(r, values->line[S_FORM], "'at' und 'until' gehören zusammen",
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
    step->at = read_time_of(r, values, S_AT, "at");
    step->until = read_time_of(r, values, S_UNTIL, "until");
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
        read_unknown_base(r, values->line[R_STEP], "step", values->text[R_STEP], true);
        return;
    }
    step = &r->definition->steps[index];
    if (step->form != RH_PROCESS_RECEIPTS) {
        process_fault(r, place->line, "der Schritt '%s' hat keine Belegliste (form = receipts)",
                      "step '%s' has no receipt list (form = receipts)", step->name);
        return;
    }
    if (step->receipt_count == RH_PROCESS_RECEIPTS_MAX) {
        process_fault(r, place->line, "der Schritt '%s' hat mehr als %d Belege",
                      "step '%s' has more than %d receipts", step->name, RH_PROCESS_RECEIPTS_MAX);
        return;
    }
    if (!step->receipts)
        step->receipts = reading_array(r, RH_PROCESS_RECEIPTS_MAX, sizeof(*step->receipts));
    if (step->receipts)
        step->receipts[step->receipt_count++] =
            (struct rh_process_item){reading_copy(r, place->name), title_of(r, values)};
}

/* --- sections --- */

static void take_name(struct process_reading *r, const struct rh_config_place *place, size_t most,
                      size_t *count, const char **ret)
{
    if (!read_name_ok(place->name) || strcmp(place->name, "start") == 0)
        process_fault(
            r, place->line,
            "'%.60s' geht nicht als Name: kleine Buchstaben, Ziffern, '-' und '_', höchstens %d, "
            "und "
            "nicht 'start'",
            "'%.60s' is not a name: small letters, digits, '-' and '_', at most %d, and not "
            "'start'",
            place->name, RH_PROCESS_NAME_MAX);
    if (*count == most) {
        process_fault(r, place->line, "mehr als %zu Abschnitte dieser Art",
                      "more than %zu sections of this kind", most);
        return;
    }
    *ret = reading_copy(r, place->name);
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
            if (!read_name_ok(place.name))
                process_fault(r, place.line, "'%.60s' geht nicht als Name", "'%.60s' is not a name",
                              place.name);
            break;
        default:
            if (strcmp(place.name, "process") != 0)
                process_fault(
                    r, place.line,
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

    reading_keep(r, rc);
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
        read_chain(r, index, place->line, values.text[C_RULES], values.line[C_RULES]);
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
            process_fault(r, r->date_line[i], "'%s' ist schon der Name eines Schritts",
                          "'%s' is the name of a step already", d->dates[i].name);
    for (size_t i = 0; i < d->step_count; i++)
        if (d->steps[i].form == RH_PROCESS_RECEIPTS && d->steps[i].receipt_count == 0)
            process_fault(r, r->step_line[i],
                          "dem Schritt '%s' fehlen seine Belege: receipt NAME { step = %s … }",
                          "step '%s' lacks its receipts: receipt NAME { step = %s … }",
                          d->steps[i].name, d->steps[i].name);
    if (d->step_count == 0)
        process_fault(r, 1, "kein Schritt steht darin: step NAME { … }",
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
        reading_keep(r, rh_err_nomem(r->err));
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
    whole->is.steps = reading_array(&r, RH_PROCESS_STEPS_MAX, sizeof(*whole->is.steps));
    whole->is.dates = reading_array(&r, RH_PROCESS_DATES_MAX, sizeof(*whole->is.dates));
    whole->is.questions = reading_array(&r, RH_PROCESS_QUESTIONS_MAX, sizeof(*whole->is.questions));
    whole->is.chains = reading_array(&r, RH_PROCESS_CHAINS_MAX, sizeof(*whole->is.chains));
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
