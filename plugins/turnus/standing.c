#include "plugins/turnus/standing.h"

#include <string.h>

static const struct {
    const char *key;
    struct rh_text text;
} names[] = {
    [STANDING_FREE] = {"free", {"frei", "free"}},
    [STANDING_PLANNED] = {"planned", {"geplant", "planned"}},
    [STANDING_ANNOUNCED] = {"announced", {"angekündigt", "announced"}},
    [STANDING_DONE] = {"done", {"läuft oder abgeschlossen", "running or done"}},
};

const char *standing_key(enum standing standing)
{
    return names[standing].key;
}

const char *standing_words(struct rh_call *call, enum standing standing)
{
    return rh_say_in(call, names[standing].text);
}

static enum standing standing_of_key(const char *key)
{
    for (int32_t i = STANDING_PLANNED; i <= STANDING_DONE; i++)
        if (strcmp(names[i].key, key) == 0)
            return (enum standing)i;
    return STANDING_FREE;
}

const char *announced_until(struct rh_call *call)
{
    int32_t ahead = (int32_t)rh_config_int(call, "announced_months"), month;
    const char *today = rh_day_text(call, rh_today(call));

    if (ahead == 0 || rh_month_parse(call, rh_format(call, "%.7s", "%.7s", today), &month) < 0)
        return "";
    return rh_month_text(call, month + ahead);
}

int32_t standings(struct rh_call *call, const struct model *model, uint8_t **ret_standing)
{
    uint8_t *standing = rh_alloc_in(call, (size_t)model->office_count + 1);
    struct rh_rows *rows;
    int32_t rc;

    if (!standing)
        return RH_ENOMEM;
    rc =
        rh_query(call, &rows,
                 "SELECT o.id, " STANDING_SQL("?1", "o.id", "?2") " FROM v_office o WHERE o.active",
                 "ss", model->round, announced_until(call));
    while (rc >= 0 && (rc = rh_next(call, rows)) == 1) {
        int32_t place = office_place(model, rh_get_text(call, rows, 0));

        if (place >= 0)
            standing[place] = (uint8_t)standing_of_key(rh_get_text(call, rows, 1));
    }
    rh_close(call, rows);
    *ret_standing = standing;
    return rc < 0 ? rc : 0;
}

int64_t published_plan(struct rh_call *call, const char *round)
{
    struct rh_rows *rows;
    int64_t plan = 0;
    int32_t rc =
        rh_query(call, &rows, "SELECT id FROM turnus_plan WHERE round = ?1 AND state = 'published'",
                 "s", round);

    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    if (rc == 1)
        plan = rh_get_int(call, rows, 0);
    rh_close(call, rows);
    return plan;
}

int32_t say_announced_moves(struct rh_call *call, const struct model *model,
                            const struct plan *plan)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(call, &rows,
                          "SELECT o.name, a.month, n.month FROM v_turnus_promise a "
                          "JOIN turnus_start n ON n.plan = ?1 AND n.office = a.office "
                          "AND n.month <> a.month JOIN v_office o ON o.id = a.office "
                          "WHERE a.round = ?2 AND (a.state = 'announced' OR (a.state IS NULL AND "
                          "a.month <= ?3)) ORDER BY o.name",
                          "iss", plan->id, model->round, announced_until(call));

    while (rc >= 0 && (rc = rh_next(call, rows)) == 1)
        rh_say(call, "%s war für %s angekündigt und beginnt jetzt in %s: dem Amt Bescheid geben",
               "%s was announced for %s and now starts in %s: tell the office",
               rh_get_text(call, rows, 0), rh_get_text(call, rows, 1), rh_get_text(call, rows, 2));
    rh_close(call, rows);
    return rc < 0 ? rc : 0;
}

/* Its month of the published plan, RH_NO_MONTH when there is none. */
static int32_t published_month(struct rh_call *call, const struct model *model, int32_t place,
                               int32_t *ret_month)
{
    struct rh_rows *rows;
    int32_t rc =
        rh_query(call, &rows, "SELECT month FROM v_turnus_promise WHERE round = ?1 AND office = ?2",
                 "ss", model->round, model->offices[place].id);

    *ret_month = RH_NO_MONTH;
    if (rc < 0 || (rc = rh_next(call, rows)) <= 0)
        return rc;
    rc = rh_month_parse(call, rh_get_text(call, rows, 0), ret_month);
    rh_close(call, rows);
    return rc;
}

int32_t warn_announced(struct rh_call *call, const struct model *model, int32_t place)
{
    uint8_t *standing;
    int32_t month, rc = standings(call, model, &standing);

    if (rc < 0 || standing[place] != STANDING_ANNOUNCED ||
        (rc = published_month(call, model, place, &month)) < 0)
        return rc;
    rh_say(call, "%s ist für %s angekündigt: dem Amt Bescheid geben",
           "%s is announced for %s: tell the office", model->offices[place].name,
           month_words(call, month));
    return 0;
}

int32_t out_standing(struct rh_call *call, const struct model *model, int32_t place)
{
    uint8_t *standing;
    int32_t month, rc = standings(call, model, &standing);

    if (rc < 0 || (rc = published_month(call, model, place, &month)) < 0)
        return rc;
    rh_out_text(call, "standing", standing_key(standing[place]));
    rh_out_text(call, "standing_words", standing_words(call, standing[place]));
    rh_out_flag(call, "is_planned", standing[place] == STANDING_PLANNED);
    rh_out_flag(call, "is_announced", standing[place] == STANDING_ANNOUNCED);
    rh_out_text(call, "published_words", month == RH_NO_MONTH ? NULL : month_words(call, month));
    if (standing[place] == STANDING_ANNOUNCED)
        rh_say(call, "angekündigt für %s: bleibt dort, wenn neu geplant wird",
               "announced for %s: stays there when the round is planned anew",
               month_words(call, month));
    return 0;
}
