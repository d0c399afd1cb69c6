/* CSV of a call: core/base/csv.h with the file of a parameter, bound to the call's memory. */
#include "core/operation/run.h"

#include "core/base/csv.h"
#include "core/calendar/date.h"

#include <string.h>

#define CELL_CHARACTERS_MAX 4000

struct rh_csv_in {
    struct rh_frame *frame;
    struct rh_csv *csv; /* owned; freed with the frame */
    size_t count;       /* columns */
    struct rh_csv_in *next;
};

static int32_t open_table(struct rh_frame *frame, const struct rh_value *file,
                          const struct rh_csv_column *columns, int32_t count,
                          struct rh_csv_in **ret_csv)
{
    struct rh_run *run = frame->run;
    struct rh_csv_in *in = rh_arena_alloc(run->arena, sizeof(*in));
    struct rh_csv_field *fields =
        rh_arena_array(run->arena, (size_t)count, sizeof(struct rh_csv_field));
    int32_t rc;

    if (!in || !fields)
        return rh_err_nomem(run->err);
    for (int32_t i = 0; i < count; i++)
        fields[i] = (struct rh_csv_field){
            .name = columns[i].name,
            .aliases = columns[i].aliases,
            .presence = columns[i].required == 0 ? RH_CSV_OPTIONAL : RH_CSV_REQUIRED,
        };
    rc =
        rh_csv_open(file->text, file->bytes, file->size, fields, (size_t)count, &in->csv, run->err);
    if (rc < 0)
        return rc;
    in->frame = frame;
    in->count = (size_t)count;
    in->next = frame->tables;
    frame->tables = in;
    *ret_csv = in;
    return 0;
}

int32_t rh_host_csv_open(struct rh_call *call, const char *param,
                         const struct rh_csv_column *columns, int32_t count,
                         struct rh_csv_in **ret_csv)
{
    struct rh_frame *frame = rh_frame_of(call);
    struct rh_value file = {.given = false};
    int32_t rc = rh_host_param_file(call, param, &file.text, &file.bytes, &file.size);

    *ret_csv = NULL;
    if (rc < 0)
        return rc;
    return open_table(frame, &file, columns, count < 0 ? 0 : count, ret_csv);
}

void rh_csv_in_close_all(struct rh_frame *frame)
{
    for (struct rh_csv_in *in = frame->tables; in; in = in->next)
        in->csv = rh_csv_free(in->csv);
    frame->tables = NULL;
}

/* What is wrong with the file waits for csv_finish(). */
int32_t rh_host_csv_next(struct rh_csv_in *in)
{
    return rh_csv_next(in->csv);
}

static size_t place_of(const struct rh_csv_in *in, int32_t column)
{
    return column >= 0 && (size_t)column < in->count ? (size_t)column : RH_CSV_NO_COLUMN;
}

/* A getter of the reader says "no" to an empty cell and to a wrong one; only the latter leaves a
 * fault behind. */
static int32_t outcome(const struct rh_csv_in *in, size_t faults_before, bool found)
{
    if (found)
        return 1;
    return rh_csv_errors(in->csv)->total > faults_before ? RH_EINVALID : 0;
}

static size_t faults(const struct rh_csv_in *in)
{
    return rh_csv_errors(in->csv)->total;
}

const char *rh_host_csv_text(struct rh_csv_in *in, int32_t column)
{
    struct rh_run *run = in->frame->run;
    const char *text;
    char *copy;

    if (place_of(in, column) == RH_CSV_NO_COLUMN)
        return NULL;
    text = rh_csv_text(in->csv, (size_t)column, CELL_CHARACTERS_MAX);
    if (!text[0])
        return NULL;
    copy = rh_arena_strdup(run->arena, text);
    if (!copy)
        (void)rh_err_nomem(run->err); /* seen when the function returns */
    return copy;
}

int32_t rh_host_csv_int(struct rh_csv_in *in, int32_t column, int64_t min, int64_t max,
                        int64_t *ret)
{
    size_t before = faults(in);

    if (place_of(in, column) == RH_CSV_NO_COLUMN)
        return 0;
    return outcome(in, before, rh_csv_int(in->csv, (size_t)column, min, max, ret));
}

int32_t rh_host_csv_real(struct rh_csv_in *in, int32_t column, double min, double max, double *ret)
{
    size_t before = faults(in);

    if (place_of(in, column) == RH_CSV_NO_COLUMN)
        return 0;
    return outcome(in, before, rh_csv_double(in->csv, (size_t)column, min, max, ret));
}

int32_t rh_host_csv_day(struct rh_csv_in *in, int32_t column, int32_t *ret_day)
{
    size_t before = faults(in);
    struct rh_csv_date date;
    bool found =
        place_of(in, column) != RH_CSV_NO_COLUMN && rh_csv_date(in->csv, (size_t)column, &date);

    if (found && (*ret_day = rh_day_of(date.year, date.month, date.day)) == RH_NO_DAY) {
        rh_csv_refuse(in->csv, (size_t)column, "das Jahr %d liegt außerhalb von %d bis %d",
                      "the year %d lies outside %d to %d", date.year, RH_YEAR_MIN, RH_YEAR_MAX);
        return RH_EINVALID;
    }
    return outcome(in, before, found);
}

int32_t rh_host_csv_month(struct rh_csv_in *in, int32_t column, int32_t *ret_month)
{
    size_t before = faults(in);
    struct rh_csv_date date;
    bool found =
        place_of(in, column) != RH_CSV_NO_COLUMN && rh_csv_month(in->csv, (size_t)column, &date);

    if (found && (*ret_month = rh_month_of(date.year, date.month)) == RH_NO_MONTH) {
        rh_csv_refuse(in->csv, (size_t)column, "das Jahr %d liegt außerhalb von %d bis %d",
                      "the year %d lies outside %d to %d", date.year, RH_YEAR_MIN, RH_YEAR_MAX);
        return RH_EINVALID;
    }
    return outcome(in, before, found);
}

int32_t rh_host_csv_ags(struct rh_csv_in *in, int32_t column, int32_t digits, const char **ret_ags)
{
    struct rh_run *run = in->frame->run;
    size_t before = faults(in);
    char ags[9];
    char *copy;

    if (place_of(in, column) == RH_CSV_NO_COLUMN || !rh_csv_ags(in->csv, (size_t)column, ags))
        return outcome(in, before, false);
    if (strlen(ags) != (size_t)digits) {
        rh_csv_refuse(
            in->csv, (size_t)column, "'%s' hat %zu Ziffern, der amtliche Schlüssel hat hier %d",
            "'%s' has %zu digits, the official key has %d here", ags, strlen(ags), (int)digits);
        return RH_EINVALID;
    }
    copy = rh_arena_strdup(run->arena, ags);
    if (!copy)
        return rh_err_nomem(run->err);
    *ret_ags = copy;
    return 1;
}

void rh_host_csv_fault(struct rh_csv_in *in, int32_t column, const char *de, const char *en, ...)
{
    va_list args;

    va_start(args, en);
    rh_csv_vrefuse(in->csv, place_of(in, column), de, en, args);
    va_end(args);
}

/* Both languages are there already: each format prints its own and passes over the other. */
void rh_host_csv_last_error(struct rh_csv_in *in, int32_t column)
{
    struct rh_err *err = in->frame->run->err;

    if (err->code == 0)
        return;
    rh_csv_refuse(in->csv, place_of(in, column), "%s%.0s", "%.0s%s", err->text[RH_DE],
                  err->text[RH_EN]);
    rh_err_clear(err);
}

int32_t rh_host_csv_line(struct rh_csv_in *in)
{
    return (int32_t)rh_csv_line(in->csv);
}

/* What was understood but may surprise (a padded key) is said to the person. */
static void say_notes(const struct rh_csv_in *in)
{
    struct rh_run *run = in->frame->run;
    const struct rh_csv_problems *notes = rh_csv_notes(in->csv);

    for (size_t i = 0; i < notes->kept; i++)
        rh_run_say(run, rh_run_format(run, "%s%.0s", "%.0s%s", notes->list[i].text[RH_DE],
                                      notes->list[i].text[RH_EN]));
    if (notes->total > notes->kept)
        rh_run_say(run, rh_run_format(run, "… und %zu weitere Hinweise", "… and %zu more notes",
                                      notes->total - notes->kept));
}

int32_t rh_host_csv_finish(struct rh_csv_in *in)
{
    int32_t rc = rh_csv_finish(in->csv, in->frame->run->err);

    if (rc == 0)
        say_notes(in);
    return rc;
}
