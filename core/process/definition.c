/* definition.c - names and words of a definition. */
#include "core/base/alloc.h"
#include "core/process/internal.h"

#include <sodium.h>
#include <string.h>

#define ROLE_ROW_(id, word, de, en) [RH_PROCESS_##id] = {word, {de, en}},
static const struct {
    const char *word;
    struct rh_text title;
} roles[RH_PROCESS_ROLE_END_ + 1] = {
    [RH_PROCESS_NOBODY] = {"", {"", ""}},
    RH_PROCESS_ROLES(ROLE_ROW_)[RH_PROCESS_ACTOR] = {"actor",
                                                     {"wer den Schritt tut", "who does the step"}},
};

static const struct {
    const char *word;
    struct rh_text title;
} forms[RH_PROCESS_FORM_COUNT] = {
    [RH_PROCESS_DEADLINE] = {"deadline", {"Frist", "deadline"}},
    [RH_PROCESS_APPOINTMENT] = {"appointment", {"Termin", "appointment"}},
    [RH_PROCESS_WINDOW] = {"window", {"Zeitfenster", "window"}},
    [RH_PROCESS_RECEIPTS] = {"receipts", {"Frist mit Belegliste", "deadline with receipt list"}},
};

static const struct {
    const char *word, *de_one, *de_many, *en_one, *en_many;
} units[RH_PROCESS_UNIT_COUNT] = {
    [RH_PROCESS_WORKDAYS] = {"workdays", "Arbeitstag", "Arbeitstage", "working day",
                             "working days"},
    [RH_PROCESS_DAYS] = {"days", "Tag", "Tage", "day", "days"},
    [RH_PROCESS_WEEKS] = {"weeks", "Woche", "Wochen", "week", "weeks"},
    [RH_PROCESS_MONTHS] = {"months", "Monat", "Monate", "month", "months"},
    [RH_PROCESS_HOURS] = {"hours", "Stunde", "Stunden", "hour", "hours"},
};

const char *rh_process_role_word(enum rh_process_role role)
{
    return roles[role].word;
}

struct rh_text rh_process_role_title(enum rh_process_role role)
{
    return roles[role].title;
}

enum rh_process_role rh_process_role_find(const char *word)
{
    for (int role = RH_PROCESS_NOBODY + 1; role < (int)RH_PROCESS_ROLE_END_; role++)
        if (strcmp(roles[role].word, word) == 0)
            return (enum rh_process_role)role;
    return RH_PROCESS_NOBODY;
}

const char *rh_process_form_word(enum rh_process_form form)
{
    return forms[form].word;
}

struct rh_text rh_process_form_title(enum rh_process_form form)
{
    return forms[form].title;
}

const char *rh_process_unit_word(enum rh_process_unit unit)
{
    return units[unit].word;
}

struct rh_process_definition *rh_process_definition_free(struct rh_process_definition *definition)
{
    struct process_definition *whole = (struct process_definition *)(void *)definition;

    if (whole)
        rh_arena_fini(&whole->arena);
    return rh_free(whole);
}

/* --- finding --- */

int32_t rh_process_step_find(const struct rh_process_definition *definition, const char *name)
{
    for (size_t i = 0; name && i < definition->step_count; i++)
        if (strcmp(definition->steps[i].name, name) == 0)
            return (int32_t)i;
    return -1;
}

int32_t rh_process_date_find(const struct rh_process_definition *definition, const char *name)
{
    for (size_t i = 0; name && i < definition->date_count; i++)
        if (strcmp(definition->dates[i].name, name) == 0)
            return (int32_t)i;
    return -1;
}

int32_t rh_process_question_find(const struct rh_process_definition *definition, const char *name)
{
    for (size_t i = 0; name && i < definition->question_count; i++)
        if (strcmp(definition->questions[i].name, name) == 0)
            return (int32_t)i;
    return -1;
}

int32_t rh_process_receipt_find(const struct rh_process_step *step, const char *name)
{
    for (size_t i = 0; name && i < step->receipt_count; i++)
        if (strcmp(step->receipts[i].name, name) == 0)
            return (int32_t)i;
    return -1;
}

const char *process_base_name(const struct rh_process_definition *definition, int32_t base)
{
    if (base == RH_PROCESS_BASE_START)
        return "start";
    return base >= RH_PROCESS_BASE_DATE ? definition->dates[base - RH_PROCESS_BASE_DATE].name
                                        : definition->steps[base].name;
}

struct rh_text process_base_title(const struct rh_process_definition *definition, int32_t base)
{
    if (base == RH_PROCESS_BASE_START)
        return RH_TEXT("Beginn des Verfahrens", "start of the procedure");
    return base >= RH_PROCESS_BASE_DATE ? definition->dates[base - RH_PROCESS_BASE_DATE].title
                                        : definition->steps[base].title;
}

/* --- words --- */

void process_count_words(int32_t count, enum rh_process_unit unit, enum rh_lang lang,
                         struct rh_str *out)
{
    int32_t size = count < 0 ? -count : count;
    bool one = size == 1;

    rh_str_printf(out, "%d %s", size,
                  lang == RH_DE ? (one ? units[unit].de_one : units[unit].de_many)
                                : (one ? units[unit].en_one : units[unit].en_many));
}

void rh_process_offset_words(const struct rh_process_definition *definition,
                             const struct rh_process_offset *offset, enum rh_lang lang,
                             struct rh_str *out)
{
    struct rh_text base = process_base_title(definition, offset->base);

    if (offset->count == 0) {
        rh_str_printf(out, lang == RH_DE ? "am Tag von „%s“" : "on the day of “%s”",
                      lang == RH_DE ? base.de : base.en);
        return;
    }
    process_count_words(offset->count, offset->unit, lang, out);
    if (lang == RH_DE)
        rh_str_printf(out, offset->count < 0 ? " vor „%s“" : " nach „%s“", base.de);
    else
        rh_str_printf(out, offset->count < 0 ? " before “%s”" : " after “%s”", base.en);
}

void process_hash(const char *bytes, size_t length, char text[RH_PROCESS_HASH_SIZE])
{
    unsigned char digest[crypto_hash_sha256_BYTES];

    (void)crypto_hash_sha256(digest, (const unsigned char *)bytes, length); /* always 0 */
    (void)sodium_bin2hex(text, RH_PROCESS_HASH_SIZE, digest, sizeof(digest));
}
