/*
 * Where a procedure out of turn (section 8 (4) LKG NRW) fits. It is no part of the plan but takes a
 * place of its month, so what it costs is room and evenness of the months; school holidays and
 * neighbours are weighed as in the plan, and the office's own procedures keep their distance.
 */
#include "plugins/turnus/internal.h"

#include <stdlib.h>
#include <string.h>

enum { PROCEDURE_MONTHS = 8 }; /* so long a procedure takes, about */

struct spot {
    int32_t slot;
    int64_t hard, balance, soft;
};

struct search {
    struct rh_call *call;
    const struct model *model;
    const struct plan *plan;
    int32_t place, this_month;
    int32_t *in_month; /* offices of the plan by month */
    uint8_t *busy;     /* by month: a procedure of the office runs then */
    struct month *months;
    struct model with; /* the model with one place more taken */
};

/* ---- what is known ---- */

static void mark_busy(struct search *search, int32_t month)
{
    for (int32_t t = 0; t < search->model->month_count; t++)
        if (abs(search->model->months[t].month - month) < PROCEDURE_MONTHS)
            search->busy[t] = 1;
}

static int32_t load_own(struct search *search)
{
    struct rh_call *call = search->call;
    struct rh_rows *rows;
    /* Those of this round stand where the plan has them. */
    int32_t month,
        rc = rh_query(call, &rows,
                      "SELECT start_month FROM v_procedure WHERE office = ?1 AND state "
                      "<> 'cancelled' AND round IS NOT ?2",
                      "ss", search->model->offices[search->place].id, search->model->round);

    while (rc >= 0 && (rc = rh_next(call, rows)) == 1) {
        if ((rc = rh_month_parse(call, rh_get_text(call, rows, 0), &month)) < 0)
            return rc;
        mark_busy(search, month);
    }
    rh_close(call, rows);
    if (search->plan->slot[search->place] >= 0)
        mark_busy(search, search->model->months[search->plan->slot[search->place]].month);
    return rc;
}

static int32_t begin(struct search *search)
{
    struct rh_call *call = search->call;
    size_t months = (size_t)search->model->month_count;

    search->in_month = rh_alloc_in(call, months * sizeof(int32_t));
    search->busy = rh_alloc_in(call, months);
    search->months = rh_alloc_in(call, months * sizeof(struct month));
    if (!search->in_month || !search->busy || !search->months)
        return RH_ENOMEM;
    memcpy(search->months, search->model->months, months * sizeof(struct month));
    search->with = *search->model;
    search->with.months = search->months;
    for (int32_t i = 0; i < search->model->office_count; i++)
        if (search->plan->slot[i] >= 0)
            search->in_month[search->plan->slot[i]]++;
    if (rh_month_parse(call, rh_format(call, "%.7s", "%.7s", rh_day_text(call, rh_today(call))),
                       &search->this_month) < 0)
        return RH_EFAILED;
    return load_own(search);
}

/* ---- what a month costs ---- */

static int64_t over(const struct search *search, int32_t slot, int32_t more)
{
    int32_t taken = search->model->months[slot].taken + search->in_month[slot] + more;

    return taken > search->model->months[slot].capacity
               ? taken - search->model->months[slot].capacity
               : 0;
}

/* How far the months of a year are from even, as problem.c counts it. */
static int64_t uneven(const struct search *search, const struct model *model, int32_t slot)
{
    int32_t first = slot / 12 * 12, last = first + 12, low, high;
    int64_t sum = 0;

    if (last > model->month_count)
        last = model->month_count;
    levels_of_year(model, first, last, &low, &high);
    for (int32_t t = first; t < last; t++) {
        int32_t room = free_places(&model->months[t]), found = search->in_month[t];
        int32_t min = low < room ? low : room;

        if (model->months[t].closed)
            continue;
        sum += found < min ? min - found : found > high ? found - high : 0;
    }
    return sum;
}

static int32_t partner_in(const struct search *search, const struct rh_solve_apart *pair,
                          int32_t slot)
{
    int32_t other = pair->a == search->place ? pair->b : pair->b == search->place ? pair->a : -1;

    return other >= 0 && search->plan->slot[other] == slot ? other : -1;
}

static struct spot judge(struct search *search, int32_t slot)
{
    const struct rh_solve_problem *problem = &search->model->problem;
    struct spot spot = {.slot = slot, .hard = over(search, slot, 1) - over(search, slot, 0)};

    search->months[slot].taken++;
    spot.balance = uneven(search, &search->with, slot) - uneven(search, search->model, slot);
    search->months[slot].taken--;
    if (search->model->months[slot].school)
        spot.soft += rh_config_int(search->call, "weight_school");
    for (int32_t p = 0; p < problem->apart_count; p++)
        if (partner_in(search, &problem->aparts[p], slot) >= 0)
            spot.soft += problem->aparts[p].price;
    return spot;
}

/* Such a procedure is wanted soon: of equal months the earlier one. */
static int compare_spots(const void *a, const void *b)
{
    const struct spot *left = a, *right = b;

    if (left->hard != right->hard)
        return left->hard < right->hard ? -1 : 1;
    if (left->balance != right->balance)
        return left->balance < right->balance ? -1 : 1;
    if (left->soft != right->soft)
        return left->soft < right->soft ? -1 : 1;
    return left->slot < right->slot ? -1 : left->slot > right->slot;
}

static int32_t possible(const struct search *search, int32_t slot)
{
    int32_t why =
        search->model
            ->why[(size_t)search->place * (size_t)search->model->month_count + (size_t)slot];

    return search->model->months[slot].month >= search->this_month && !search->busy[slot] &&
           !search->model->months[slot].closed && !(why & WHY_BLOCKED);
}

/* ---- in words ---- */

static const char *room_words(const struct search *search, const struct spot *spot)
{
    const struct month *month = &search->model->months[spot->slot];
    int32_t then = month->taken + search->in_month[spot->slot] + 1;

    if (then > month->capacity)
        return rh_format(search->call, "%d Verfahren beginnen dann, Platz ist nur für %d",
                         "%d procedures start then, there is room for %d only", (int)then,
                         (int)month->capacity);
    return rh_format(search->call, "%d von höchstens %d Verfahren beginnen dann",
                     "%d of at most %d procedures start then", (int)then, (int)month->capacity);
}

static const char *even_words(const struct search *search, const struct spot *spot)
{
    if (spot->balance > 0)
        return rh_format(search->call, "die Monate des Jahres werden ungleicher (um %lld)",
                         "the months of the year get less even (by %lld)",
                         (long long)spot->balance);
    if (spot->balance < 0)
        return rh_format(search->call, "die Monate des Jahres werden gleicher (um %lld)",
                         "the months of the year get more even (by %lld)",
                         (long long)-spot->balance);
    return NULL;
}

static const char *school_words(const struct search *search, const struct spot *spot)
{
    const struct month *month = &search->model->months[spot->slot];

    if (month->school_unknown)
        return rh_format(search->call, "Schulferien noch nicht bekannt",
                         "school holidays not known yet");
    return month->school ? rh_format(search->call,
                                     "überwiegend Ferien: %d von %d Arbeitstagen liegen außerhalb",
                                     "mostly school holidays: %d of %d working days lie outside",
                                     (int)month->outside_school, (int)month->workdays)
                         : NULL;
}

static const char *neighbour_words(const struct search *search, const struct spot *spot)
{
    const struct rh_solve_problem *problem = &search->model->problem;
    const char *names = "";

    for (int32_t p = 0; p < problem->apart_count; p++) {
        int32_t other = partner_in(search, &problem->aparts[p], spot->slot);

        if (other >= 0)
            names = rh_format(search->call, "%s%s%s", "%s%s%s", names, *names ? ", " : "",
                              search->model->offices[other].name);
    }
    return *names ? rh_format(search->call, "im selben Monat beginnt in der Nachbarschaft: %s",
                              "in the same month a neighbour starts: %s", names)
                  : NULL;
}

static const char *regular_words(const struct search *search, const struct spot *spot)
{
    int32_t regular = search->plan->slot[search->place];
    const char *month;

    if (regular < 0)
        return NULL;
    month = month_words(search->call, search->model->months[regular].month);
    return regular > spot->slot
               ? rh_format(search->call, "das Verfahren des Turnus folgt %d Monate später (%s)",
                           "the procedure of the round follows %d months later (%s)",
                           (int)(regular - spot->slot), month)
               : rh_format(search->call, "das Verfahren des Turnus war %d Monate vorher (%s)",
                           "the procedure of the round was %d months before (%s)",
                           (int)(spot->slot - regular), month);
}

static const char *command(const struct search *search, const struct spot *spot)
{
    struct rh_call *call = search->call;
    const char *by = rh_param_text(call, "suggested-by");

    return rh_format(call, "reihum procedure record --office %s --start %s%s",
                     "reihum procedure record --office %s --start %s%s",
                     search->model->offices[search->place].id,
                     rh_month_text(call, search->model->months[spot->slot].month),
                     by ? rh_format(call, " --suggested-by %s", " --suggested-by %s", by) : "");
}

static void out_spot(const struct search *search, const struct spot *spot)
{
    struct rh_call *call = search->call;
    const char *const words[] = {room_words(search, spot), even_words(search, spot),
                                 school_words(search, spot), neighbour_words(search, spot),
                                 regular_words(search, spot)};
    const char *text = words[0];

    rh_out_object(call, NULL);
    rh_out_text(call, "month", rh_month_text(call, search->model->months[spot->slot].month));
    rh_out_text(call, "month_words", month_words(call, search->model->months[spot->slot].month));
    rh_out_text(call, "partner", NULL);
    rh_out_text(call, "partner_name", NULL);
    rh_out_int(call, "hard", spot->hard);
    rh_out_int(call, "balance", spot->balance);
    rh_out_int(call, "soft", spot->soft);
    for (size_t i = 1; i < sizeof(words) / sizeof(words[0]); i++)
        if (words[i])
            text = rh_format(call, "%s; %s", "%s; %s", text, words[i]);
    rh_out_text(call, "sentence", text);
    rh_out_array(call, "effects");
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (words[i])
            rh_out_text(call, NULL, words[i]);
    rh_out_end(call);
    rh_out_text(call, "command", command(search, spot));
    rh_out_end(call);
}

int32_t out_of_turn(struct rh_call *call, const struct model *model, const struct plan *plan,
                    int32_t place)
{
    struct search search = {.call = call, .model = model, .plan = plan, .place = place};
    struct spot *spots = rh_alloc_in(call, (size_t)model->month_count * sizeof(*spots));
    int32_t count = 0, limit = (int32_t)rh_param_int(call, "limit"), rc = begin(&search);

    if (rc < 0 || !spots)
        return rc < 0 ? rc : RH_ENOMEM;
    for (int32_t t = 0; t < model->month_count; t++)
        if (possible(&search, t))
            spots[count++] = judge(&search, t);
    qsort(spots, (size_t)count, sizeof(*spots), compare_spots);
    rh_out_array(call, "items");
    for (int32_t i = 0; i < count && i < limit; i++)
        out_spot(&search, &spots[i]);
    rh_out_end(call);
    rh_out_text(call, "suggested_by", rh_param_text(call, "suggested-by"));
    if (count == 0)
        rh_say(
            call,
            "kein Monat des Turnus ist möglich: geschlossen, vom Amt gesperrt, vorbei oder zu nah "
            "an einem eigenen Verfahren",
            "no month of the round is possible: closed, blocked by the office, past or too near "
            "to a procedure of its own");
    else if (!rh_param_given(call, "suggested-by"))
        rh_say(
            call,
            "außer der Reihe (§ 8 Abs. 4 LKG NRW): wer es angeregt hat, hält --suggested-by fest",
            "out of turn (section 8 (4) LKG NRW): --suggested-by keeps who suggested it");
    return 0;
}
