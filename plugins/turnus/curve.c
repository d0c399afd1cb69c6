/* The curve 'offices moved against quality': kept, found again, shown as a table and as a drawing.
 */
#include "plugins/turnus/replan.h"

#include <string.h>

/* ---- keeping ---- */

static const char *rules_json(struct rh_call *call, const struct value *value)
{
    const char *json = "{";

    for (int32_t rule = 0; rule < RULE_COUNT; rule++)
        json = rh_format(call, "%s%s\"%s\":%lld", "%s%s\"%s\":%lld", json, rule ? "," : "",
                         rule_names[rule].key, (long long)value->rule[rule]);
    return rh_format(call, "%s}", "%s}", json);
}

static int32_t insert_point(struct rh_call *call, const struct gentle *gentle, int64_t curve,
                            int32_t position, int64_t price, const struct outcome *outcome)
{
    const struct model *model = &gentle->model;
    const int64_t *level = outcome->value.level;

    if (rh_exec(call,
                "INSERT INTO turnus_point(curve, position, price, moved, hard, balance, soft, "
                "bound, cut, rules) VALUES (?1, ?2, nullif(?3, -1), ?4, ?5, ?6, ?7, "
                "iif(?8, ?9, NULL), ?10, ?11)",
                "iiiiiiiiiis", curve, (int64_t)position, price, (int64_t)outcome->moved,
                level[RH_SOLVE_HARD], level[RH_SOLVE_BALANCE], level[RH_SOLVE_SOFT],
                (int64_t)outcome->has_bound, outcome->bound, (int64_t)outcome->cut,
                rules_json(call, &outcome->value)) < 0)
        return RH_EFAILED;
    for (int32_t i = 0; i < model->office_count; i++)
        if (outcome->slot[i] != gentle->base.slot[i] &&
            rh_exec(call,
                    "INSERT INTO turnus_point_start(curve, position, office, month) VALUES (?1, "
                    "?2, ?3, ?4)",
                    "iiss", curve, (int64_t)position, model->offices[i].id,
                    rh_month_text(call, model->months[outcome->slot[i]].month)) < 0)
            return RH_EFAILED;
    return 0;
}

/* The round's last curve makes room: its drafts are plans of their own. */
static int32_t drop_curves(struct rh_call *call, const char *round)
{
    if (rh_exec(call,
                "DELETE FROM turnus_point_start WHERE curve IN (SELECT id FROM turnus_curve WHERE "
                "round = ?1)",
                "s", round) < 0 ||
        rh_exec(call,
                "DELETE FROM turnus_point WHERE curve IN (SELECT id FROM turnus_curve WHERE round "
                "= ?1)",
                "s", round) < 0 ||
        rh_exec(call, "DELETE FROM turnus_curve WHERE round = ?1", "s", round) < 0)
        return RH_EFAILED;
    return 0;
}

int64_t curve_insert(struct rh_call *call, const struct gentle *gentle, const struct prices *prices,
                     const struct outcome *outcomes, int64_t seed)
{
    const int64_t *level = gentle->value.level;
    int64_t curve, steps = 0, total_ms = 0;
    int32_t rc = drop_curves(call, gentle->model.round);

    for (int32_t i = 0; i < prices->count; i++) {
        steps += outcomes[i].steps;
        total_ms += outcomes[i].total_ms;
    }
    if (rc < 0 ||
        rh_exec(call,
                "INSERT INTO turnus_curve(round, base, created_utc, created_by, print, weight, "
                "must, hard, balance, soft, seed, steps, total_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, "
                "?7, ?8, ?9, ?10, ?11, ?12, ?13)",
                "siissiiiiiiii", gentle->model.round, gentle->base.id, rh_now_utc(call),
                rh_actor(call), gentle->print, gentle->weight, (int64_t)gentle->must,
                level[RH_SOLVE_HARD], level[RH_SOLVE_BALANCE], level[RH_SOLVE_SOFT], seed, steps,
                total_ms) < 0)
        return RH_EFAILED;
    curve = rh_last_id(call);
    for (int32_t i = 0; i < prices->count && rc >= 0; i++)
        rc = insert_point(call, gentle, curve, i, prices->at[i], &outcomes[i]);
    return rc < 0 ? rc : curve;
}

/* ---- finding ---- */

int64_t curve_find(struct rh_call *call, const char *round, int64_t *ret_base)
{
    struct rh_rows *rows;
    int64_t curve = 0;
    int32_t rc =
        rh_query(call, &rows, "SELECT id, base FROM turnus_curve WHERE round = ?1", "s", round);

    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    if (rc == 1) {
        curve = rh_get_int(call, rows, 0);
        *ret_base = rh_get_int(call, rows, 1);
    }
    rh_close(call, rows);
    return curve;
}

int32_t curve_is_stale(struct rh_call *call, int64_t curve, const struct gentle *gentle)
{
    struct rh_rows *rows;
    int32_t stale = 1,
            rc = rh_query(call, &rows, "SELECT 1 FROM turnus_curve WHERE id = ?1 AND print = ?2",
                          "is", curve, gentle->print);

    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    stale = rc == 0;
    rh_close(call, rows);
    return stale;
}

int32_t curve_slots(struct rh_call *call, const struct gentle *gentle, int64_t curve,
                    int32_t position, int32_t *slot)
{
    struct rh_rows *rows;
    int32_t rc;

    memcpy(slot, gentle->base.slot, (size_t)gentle->model.office_count * sizeof(int32_t));
    rc = rh_query(call, &rows,
                  "SELECT office, month FROM turnus_point_start WHERE curve = ?1 AND position = ?2",
                  "ii", curve, (int64_t)position);
    while (rc >= 0 && (rc = rh_next(call, rows)) == 1) {
        int32_t place = office_place(&gentle->model, rh_get_text(call, rows, 0)), month;

        if ((rc = rh_month_parse(call, rh_get_text(call, rows, 1), &month)) < 0)
            return rc;
        if (place >= 0)
            slot[place] = slot_of_month(&gentle->model, month);
    }
    rh_close(call, rows);
    return rc < 0 ? rc : 0;
}

const char *price_words(struct rh_call *call, int64_t price)
{
    return price == PRICE_MUST ? rh_format(call, "nur wer muss", "only who must")
                               : rh_format(call, "%lld", "%lld", (long long)price);
}

/* ---- one point ---- */

struct point {
    int32_t position, moved, cut, has_bound;
    int64_t price, hard, balance, soft, bound, draft;
    const char *rules;
};

struct points {
    struct point at[PRICES_MAX];
    int32_t count;
};

static int32_t read_points(struct rh_call *call, int64_t curve, struct points *points)
{
    struct rh_rows *rows;
    int32_t rc =
        rh_query(call, &rows,
                 "SELECT position, ifnull(price, -1), moved, hard, balance, soft, "
                 "ifnull(bound, 0), bound IS NOT NULL, cut, rules, ifnull((SELECT p.id FROM "
                 "turnus_plan p WHERE p.id = draft AND p.state <> 'discarded'), 0) FROM "
                 "turnus_point WHERE curve = ?1 ORDER BY position",
                 "i", curve);

    points->count = 0;
    while (rc >= 0 && points->count < PRICES_MAX && (rc = rh_next(call, rows)) == 1)
        points->at[points->count++] =
            (struct point){.position = (int32_t)rh_get_int(call, rows, 0),
                           .price = rh_get_int(call, rows, 1),
                           .moved = (int32_t)rh_get_int(call, rows, 2),
                           .hard = rh_get_int(call, rows, 3),
                           .balance = rh_get_int(call, rows, 4),
                           .soft = rh_get_int(call, rows, 5),
                           .bound = rh_get_int(call, rows, 6),
                           .has_bound = (int32_t)rh_get_int(call, rows, 7),
                           .cut = (int32_t)rh_get_int(call, rows, 8),
                           .rules = rh_get_text(call, rows, 9),
                           .draft = rh_get_int(call, rows, 10)};
    rh_close(call, rows);
    return rc < 0 ? rc : 0;
}

static int32_t out_rules(struct rh_call *call, const struct point *point)
{
    struct value value = {.rule = {0}};
    int32_t rc = 0;

    for (int32_t rule = 0; rc >= 0 && rule < RULE_COUNT; rule++) {
        struct rh_rows *rows;

        rc = rh_query(call, &rows, "SELECT ifnull(json_extract(?1, ?2), 0)", "ss", point->rules,
                      rh_format(call, "$.\"%s\"", "$.\"%s\"", rule_names[rule].key));
        if (rc < 0 || (rc = rh_next(call, rows)) < 0)
            return rc;
        value.rule[rule] = rh_get_int(call, rows, 0);
        rh_close(call, rows);
    }
    out_values(call, "rules", &value);
    return rc;
}

/* Who moves, and why: because it must, or because it makes the plan better. */
static int32_t out_moves(struct rh_call *call, const struct gentle *gentle, int64_t curve,
                         const struct point *point)
{
    const struct model *model = &gentle->model;
    int32_t *slot = rh_alloc_in(call, (size_t)model->office_count * sizeof(int32_t));
    int32_t rc = slot ? curve_slots(call, gentle, curve, point->position, slot) : RH_ENOMEM;

    if (rc < 0)
        return rc;
    rh_out_array(call, "moves");
    for (int32_t i = 0; i < model->office_count; i++) {
        int32_t from = gentle->base.slot[i], to = slot[i];

        if (from == to || to < 0)
            continue;
        rh_out_object(call, NULL);
        rh_out_text(call, "office", model->offices[i].id);
        rh_out_text(call, "name", model->offices[i].name);
        rh_out_text(call, "from", from < 0 ? NULL : rh_month_text(call, model->months[from].month));
        rh_out_text(call, "to", rh_month_text(call, model->months[to].month));
        rh_out_text(call, "from_words",
                    from < 0 ? "–" : month_words(call, model->months[from].month));
        rh_out_text(call, "to_words", month_words(call, model->months[to].month));
        rh_out_flag(call, "must", gentle->displaced[i]);
        rh_out_text(call, "reason",
                    gentle->displaced[i]
                        ? rh_format(call, "muss: %s", "must: %s", gentle_why(call, gentle, i))
                    : from >= 0 && gentle->excess[from] > 0
                        ? rh_format(call, "der Monat ist zu voll", "the month is too full")
                        : rh_format(call, "macht den Plan besser", "makes the plan better"));
        rh_out_end(call);
    }
    rh_out_end(call);
    return 0;
}

static const char *proof_words(struct rh_call *call, const struct point *point, int64_t worth)
{
    int64_t tenths; /* of a per cent, rounded up: 0 is said of a proof alone */

    if (point->has_bound && worth <= point->bound)
        return rh_format(call, "bewiesen bestmöglich", "proven optimal");
    if (!point->has_bound || worth <= 0)
        return rh_format(call, "nicht bewiesen", "not proven");
    tenths = ((worth - point->bound) * 1000 + worth - 1) / worth;
    return rh_format(call, "höchstens %lld,%lld %% schlechter als möglich",
                     "at most %lld.%lld %% worse than possible", (long long)(tenths / 10),
                     (long long)(tenths % 10));
}

static int64_t points_of(const struct gentle *gentle, const struct point *point)
{
    const int64_t level[RH_SOLVE_LEVELS] = {point->hard, point->balance, point->soft};

    return gentle_points(gentle, level);
}

static int32_t out_point(struct rh_call *call, const struct gentle *gentle, int64_t curve,
                         const struct point *point)
{
    int64_t points = points_of(gentle, point);
    int64_t worth = points + (point->price == PRICE_MUST ? 0 : point->price * point->moved);
    int32_t rc;

    rh_out_object(call, NULL);
    rh_out_int(call, "position", point->position);
    rh_out_text(call, "price",
                point->price == PRICE_MUST
                    ? "must"
                    : rh_format(call, "%lld", "%lld", (long long)point->price));
    rh_out_text(call, "price_words", price_words(call, point->price));
    rh_out_int(call, "moved", point->moved);
    rh_out_int(call, "more_than_must", point->moved - gentle->must);
    rh_out_int(call, "hard", point->hard);
    rh_out_int(call, "balance", point->balance);
    rh_out_int(call, "soft", point->soft);
    rh_out_int(call, "points", points);
    if (point->has_bound)
        rh_out_real(call, "gap", worth > 0 ? (double)(worth - point->bound) / (double)worth : 0);
    else
        rh_out_text(call, "gap", NULL);
    rh_out_flag(call, "proven", point->has_bound && worth <= point->bound);
    rh_out_text(call, "proof", proof_words(call, point, worth));
    rh_out_flag(call, "cut", point->cut);
    rh_out_flag(call, "has_draft", point->draft > 0);
    rh_out_int(call, "draft", point->draft);
    rc = out_rules(call, point);
    if (rc >= 0)
        rc = out_moves(call, gentle, curve, point);
    rh_out_end(call);
    return rc;
}

/* ---- the drawing: offices moved to the right, points upwards ---- */

enum { WIDTH = 640, HEIGHT = 260, LEFT = 70, RIGHT = 90, TOP = 44, BOTTOM = 44 };

struct axis {
    int64_t low, high;
};

static int32_t place_x(const struct axis *axis, int64_t value)
{
    return axis->high == axis->low ? LEFT
                                   : LEFT + (int32_t)((value - axis->low) * (WIDTH - LEFT - RIGHT) /
                                                      (axis->high - axis->low));
}

static int32_t place_y(const struct axis *axis, int64_t value)
{
    return axis->high == axis->low ? HEIGHT - BOTTOM
                                   : HEIGHT - BOTTOM -
                                         (int32_t)((value - axis->low) * (HEIGHT - TOP - BOTTOM) /
                                                   (axis->high - axis->low));
}

static void widen(struct axis *axis, int64_t value)
{
    axis->low = value < axis->low ? value : axis->low;
    axis->high = value > axis->high ? value : axis->high;
}

/* Prices that make the same plan share a dot. */
static const char *label_at(struct rh_call *call, const struct gentle *gentle,
                            const struct points *points, int32_t *at)
{
    const struct point *first = &points->at[*at];
    const char *label = price_words(call, first->price);

    while (*at + 1 < points->count && points->at[*at + 1].moved == first->moved &&
           points_of(gentle, &points->at[*at + 1]) == points_of(gentle, first))
        label =
            rh_format(call, "%s, %s", "%s, %s", label, price_words(call, points->at[++*at].price));
    return label;
}

static void out_drawing(struct rh_call *call, const struct gentle *gentle,
                        const struct points *points)
{
    struct axis x = {0, 1}, y = {INT64_MAX, INT64_MIN};
    const char *line = "";

    for (int32_t i = 0; i < points->count; i++) {
        widen(&x, points->at[i].moved);
        widen(&y, points_of(gentle, &points->at[i]));
    }
    rh_out_object(call, "drawing");
    rh_out_int(call, "most", x.high);
    rh_out_int(call, "low", y.low);
    rh_out_int(call, "high", y.high);
    rh_out_flag(call, "flat", y.low == y.high);
    rh_out_array(call, "dots");
    for (int32_t i = 0; i < points->count; i++) {
        int32_t cx = place_x(&x, points->at[i].moved),
                cy = place_y(&y, points_of(gentle, &points->at[i]));

        line = rh_format(call, "%s%s%d,%d", "%s%s%d,%d", line, *line ? " " : "", (int)cx, (int)cy);
        rh_out_object(call, NULL);
        rh_out_int(call, "x", cx);
        rh_out_int(call, "y", cy);
        rh_out_int(call, "label_x", cx + 8);
        rh_out_int(call, "label_y", cy - 8);
        rh_out_text(call, "label", label_at(call, gentle, points, &i));
        rh_out_end(call);
    }
    rh_out_end(call);
    rh_out_text(call, "line", line);
    rh_out_end(call);
}

/* ---- the whole ---- */

void out_must(struct rh_call *call, const struct gentle *gentle)
{
    const struct model *model = &gentle->model;

    rh_out_int(call, "must", gentle->must);
    rh_out_array(call, "must_move");
    for (int32_t i = 0; i < model->office_count; i++) {
        if (!gentle->displaced[i])
            continue;
        rh_out_object(call, NULL);
        rh_out_text(call, "office", model->offices[i].id);
        rh_out_text(call, "name", model->offices[i].name);
        rh_out_text(call, "from_words",
                    gentle->base.slot[i] < 0
                        ? "–"
                        : month_words(call, model->months[gentle->base.slot[i]].month));
        rh_out_text(call, "reason", gentle_why(call, gentle, i));
        rh_out_end(call);
    }
    for (int32_t t = 0; t < model->month_count; t++) {
        if (gentle->excess[t] == 0)
            continue;
        rh_out_object(call, NULL);
        rh_out_text(call, "office", NULL);
        rh_out_text(call, "name",
                    rh_format(call, "%d Ämter", "%d offices", (int)gentle->excess[t]));
        rh_out_text(call, "from_words", month_words(call, model->months[t].month));
        rh_out_text(call, "reason",
                    rh_format(call, "mehr Ämter als Plätze", "more offices than places"));
        rh_out_end(call);
    }
    rh_out_end(call);
}

static int32_t out_head(struct rh_call *call, int64_t curve)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(call, &rows,
                          "SELECT strftime('%Y-%m-%d %H:%M', created_utc, 'unixepoch'), "
                          "created_by, seed, total_ms FROM turnus_curve WHERE id = ?1",
                          "i", curve);

    if (rc < 0 || (rc = rh_next(call, rows)) <= 0)
        return rc;
    rh_out_text(call, "created_utc", rh_get_text(call, rows, 0));
    rh_out_text(call, "created_by", rh_get_text(call, rows, 1));
    rh_out_int(call, "seed", rh_get_int(call, rows, 2));
    rh_out_int(call, "total_ms", rh_get_int(call, rows, 3));
    rh_close(call, rows);
    return 0;
}

int32_t out_curve(struct rh_call *call, const struct gentle *gentle, int64_t curve,
                  int32_t position)
{
    struct points *points = rh_alloc_in(call, sizeof(*points));
    int32_t rc, stale;

    if (!points)
        return RH_ENOMEM;
    if ((rc = read_points(call, curve, points)) < 0 || (rc = out_head(call, curve)) < 0 ||
        (stale = rc = curve_is_stale(call, curve, gentle)) < 0)
        return rc;
    rh_out_int(call, "curve", curve);
    rh_out_text(call, "round", gentle->model.round);
    rh_out_int(call, "from_plan", gentle->base.id);
    rh_out_flag(call, "stale", stale);
    rh_out_object(call, "base");
    rh_out_int(call, "hard", gentle->value.level[RH_SOLVE_HARD]);
    rh_out_int(call, "balance", gentle->value.level[RH_SOLVE_BALANCE]);
    rh_out_int(call, "soft", gentle->value.level[RH_SOLVE_SOFT]);
    rh_out_int(call, "points", gentle_points(gentle, gentle->value.level));
    rh_out_end(call);
    out_must(call, gentle);
    rh_out_array(call, "items");
    for (int32_t i = 0; i < points->count && rc >= 0; i++)
        if (position < 0 || points->at[i].position == position)
            rc = out_point(call, gentle, curve, &points->at[i]);
    rh_out_end(call);
    for (int32_t i = 0; i < points->count && rc >= 0; i++)
        if (points->at[i].position == position)
            rc = out_moves(call, gentle, curve, &points->at[i]);
    out_drawing(call, gentle, points);
    return rc < 0 ? rc : 0;
}
