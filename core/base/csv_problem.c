/* Mistakes as sentences: collected, numbered, and joined at the end. */
#include "core/base/csv_reader.h"

#include "core/base/text.h"

#include <stdio.h>
#include <string.h>

/* Sentences come out of a fixed buffer: a value in them was shortened by csv_quote(). */
#define SENTENCE_MAX 1024

static const char *prefix(struct rh_csv *csv, size_t line, const char *column, enum rh_lang lang)
{
    if (line == 0)
        return rh_arena_printf(&csv->arena, "%s", csv->file);
    if (!column)
        return rh_arena_printf(&csv->arena, lang == RH_DE ? "%s, Zeile %zu" : "%s, line %zu",
                               csv->file, line);
    return rh_arena_printf(
        &csv->arena, lang == RH_DE ? "%s, Zeile %zu, Spalte '%s'" : "%s, line %zu, column '%s'",
        csv->file, line, column);
}

static const char *sentence(struct rh_csv *csv, const char *where, const char *format, va_list args)
{
    const char *what;

    if (!where)
        return NULL;
    what = rh_arena_vprintf(&csv->arena, format, args);
    return what ? rh_arena_printf(&csv->arena, "%s: %s", where, what) : NULL;
}

void csv_vkeep(struct rh_csv *csv, struct rh_csv_problems *problems, size_t line,
               const char *column, const char *de, const char *en, va_list args)
{
    struct rh_csv_problem *problem;
    va_list again;

    problems->total++;
    if (problems->kept == RH_CSV_PROBLEMS_MAX)
        return;
    problem = &problems->list[problems->kept];
    problem->line = line;
    problem->column = column;
    va_copy(again, args);
    problem->text[RH_DE] = sentence(csv, prefix(csv, line, column, RH_DE), de, args);
    problem->text[RH_EN] = sentence(csv, prefix(csv, line, column, RH_EN), en, again);
    va_end(again);
    if (problem->text[RH_DE] && problem->text[RH_EN])
        problems->kept++;
    else
        csv->stopped = RH_ENOMEM;
}

void csv_keep(struct rh_csv *csv, struct rh_csv_problems *problems, size_t line, const char *column,
              const char *de, const char *en, ...)
{
    va_list args;

    va_start(args, en);
    csv_vkeep(csv, problems, line, column, de, en, args);
    va_end(args);
}

const char *csv_column_name(const struct rh_csv *csv, size_t column)
{
    if (column >= csv->column_count)
        return NULL;
    return csv->field_of[column] == SIZE_MAX ? csv->columns[column].name
                                             : csv->headers[csv->field_of[column]];
}

void rh_csv_vrefuse(struct rh_csv *csv, size_t column, const char *de, const char *en, va_list args)
{
    csv_vkeep(csv, &csv->errors, csv->row_line, csv_column_name(csv, column), de, en, args);
}

void rh_csv_refuse(struct rh_csv *csv, size_t column, const char *de, const char *en, ...)
{
    va_list args;

    va_start(args, en);
    rh_csv_vrefuse(csv, column, de, en, args);
    va_end(args);
}

void rh_csv_note(struct rh_csv *csv, size_t column, const char *de, const char *en, ...)
{
    va_list args;

    va_start(args, en);
    csv_vkeep(csv, &csv->notes, csv->row_line, csv_column_name(csv, column), de, en, args);
    va_end(args);
}

const char *csv_quote(struct rh_csv *csv, const char *text, size_t length, size_t characters)
{
    size_t shown = rh_text_cut(text, length, characters);
    char *copy = rh_arena_printf(&csv->arena, "%.*s%s", (int)shown, text,
                                 shown < length && characters > 1 ? "…" : "");

    if (!copy) {
        csv->stopped = RH_ENOMEM;
        return "…";
    }
    for (char *c = copy; *c; c++)
        if ((unsigned char)*c < ' ')
            *c = ' ';
    return copy;
}

const struct rh_csv_problems *rh_csv_errors(const struct rh_csv *csv)
{
    return &csv->errors;
}

const struct rh_csv_problems *rh_csv_notes(const struct rh_csv *csv)
{
    return &csv->notes;
}

/* As many whole sentences as fit, one a line; then how many more. */
static void join(const struct rh_csv_problems *problems, enum rh_lang lang, char text[SENTENCE_MAX])
{
    const size_t reserve = 64; /* for the last line */
    size_t used = 0, shown = 0, more;

    text[0] = '\0';
    for (; shown < problems->kept; shown++) {
        const char *next = problems->list[shown].text[lang];
        int written;

        if (shown > 0 && used + strlen(next) + 1 + reserve > SENTENCE_MAX)
            break;
        written = snprintf(text + used, SENTENCE_MAX - used, "%s%s", shown ? "\n" : "", next);
        if (written < 0 || used + (size_t)written + reserve > SENTENCE_MAX)
            return; /* one sentence fills it all; rh_err_set() cuts it between characters */
        used += (size_t)written;
    }
    more = problems->total - shown;
    if (more > 0)
        (void)snprintf(text + used, SENTENCE_MAX - used, /* `reserve` is left */
                       lang == RH_DE ? "\n… und %zu weitere%s Fehler" : "\n… and %zu more error%s",
                       more, (lang == RH_DE) == (more == 1) ? (lang == RH_DE ? "r" : "s") : "");
}

int32_t rh_csv_finish(struct rh_csv *csv, struct rh_err *err)
{
    char de[SENTENCE_MAX], en[SENTENCE_MAX];

    if (csv->stopped == RH_ENOMEM)
        return rh_err_nomem(err);
    if (csv->errors.total == 0)
        return 0;
    join(&csv->errors, RH_DE, de);
    join(&csv->errors, RH_EN, en);
    return rh_err_set(err, csv->stopped ? csv->stopped : RH_EINVALID, "%s%.0s", "%.0s%s", de, en);
}
