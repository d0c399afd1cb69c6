/* Moderators in two places at once, absent when they are awaited, or with more than they can take,
 * by the published teams and the dates of procedures on their way. */
#include "plugins/moderators/internal.h"

/* Appointments of published teams in a period: `?1` from, `?2` until. */
#define MEETINGS                                                                                   \
    "meet(moderator, day, procedure, office_name, title, step) AS MATERIALIZED (SELECT "           \
    "t.moderator, ifnull(s.done_day, s.due_day), s.procedure, s.office_name, CASE ?3 WHEN 0 THEN " \
    "s.title_de ELSE s.title_en END, s.step FROM v_step s JOIN v_procedure p ON p.id = "           \
    "s.procedure JOIN v_moderators_team t ON t.office = p.office AND t.start_month = "             \
    "p.start_month AND t.state = 'published' WHERE s.form = 'appointment' AND s.state NOT IN "     \
    "('skipped','cancelled') AND ifnull(s.done_day, s.due_day) BETWEEN ?1 AND ?2) "

/* Published members whose procedure counts as running in a month: `?4` months long. */
#define MONTHS                                                                                     \
    "RECURSIVE month(m) AS (SELECT substr(?1, 1, 7) || '-01' UNION ALL SELECT date(m, '+1 "        \
    "month') FROM month WHERE date(m, '+1 month') <= ?2), " MEETINGS                               \
    ", busy(m, moderator, running) AS (SELECT substr(m, 1, 7), t.moderator, count(*) FROM month "  \
    "JOIN v_moderators_team t ON t.state = 'published' AND t.start_month <= substr(m, 1, 7) AND "  \
    "date(t.start_month || '-01', '+' || ?4 || ' months') > m JOIN v_procedure p ON p.office = "   \
    "t.office AND p.start_month = t.start_month AND p.state <> 'cancelled' GROUP BY m, "           \
    "t.moderator) "

struct period {
    const char *from, *until;
    int64_t lang;
};

static void put_clash(struct rh_call *call, const char *at, const char *subject, const char *step,
                      const char *what)
{
    rh_out_object(call, NULL);
    rh_out_text(call, "at", at);
    rh_out_text(call, "kind", "clash");
    rh_out_text(call, "subject", subject);
    rh_out_text(call, "step", step);
    rh_out_text(call, "what", what);
    rh_out_end(call);
}

static int32_t put_doubled(struct rh_call *call, const struct period *period)
{
    struct rh_rows *rows;
    int32_t rc =
        rh_query(call, &rows,
                 "WITH " MEETINGS "SELECT a.day, a.procedure, a.step, m.name, a.office_name, "
                 "a.title, b.office_name, b.title FROM meet a JOIN meet b ON b.moderator = "
                 "a.moderator AND b.day = a.day AND b.procedure > a.procedure JOIN "
                 "v_moderators_moderator m ON m.id = a.moderator ORDER BY a.day, a.procedure, "
                 "a.moderator, b.procedure",
                 "ssi", period->from, period->until, period->lang);

    while (rc >= 0 && (rc = rh_next(call, rows)) == 1)
        put_clash(call, rh_get_text(call, rows, 0), rh_get_text(call, rows, 1),
                  rh_get_text(call, rows, 2),
                  rh_format(call, "%s hat zwei Termine an einem Tag: %s (%s) und %s (%s)",
                            "%s has two appointments on one day: %s (%s) and %s (%s)",
                            rh_get_text(call, rows, 3), rh_get_text(call, rows, 4),
                            rh_get_text(call, rows, 5), rh_get_text(call, rows, 6),
                            rh_get_text(call, rows, 7)));
    if (rc >= 0)
        rh_close(call, rows);
    return rc;
}

static int32_t put_absent(struct rh_call *call, const struct period *period)
{
    struct rh_rows *rows;
    int32_t rc =
        rh_query(call, &rows,
                 "WITH " MEETINGS
                 "SELECT a.day, a.procedure, a.step, m.name, a.office_name, a.title FROM meet a "
                 "JOIN moderators_absence x ON x.moderator = a.moderator AND a.day BETWEEN "
                 "x.first_day AND x.last_day JOIN v_moderators_moderator m ON m.id = a.moderator "
                 "ORDER BY a.day, a.procedure, a.moderator",
                 "ssi", period->from, period->until, period->lang);

    while (rc >= 0 && (rc = rh_next(call, rows)) == 1)
        put_clash(call, rh_get_text(call, rows, 0), rh_get_text(call, rows, 1),
                  rh_get_text(call, rows, 2),
                  rh_format(call, "%s ist abwesend: %s (%s)", "%s is absent: %s (%s)",
                            rh_get_text(call, rows, 3), rh_get_text(call, rows, 4),
                            rh_get_text(call, rows, 5)));
    if (rc >= 0)
        rh_close(call, rows);
    return rc;
}

static int32_t put_years(struct rh_call *call, const struct period *period)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(
        call, &rows,
        "SELECT substr(t.start_month, 1, 4), m.id, m.name, count(*), m.capacity_per_year FROM "
        "v_moderators_team t JOIN v_moderators_moderator m ON m.id = t.moderator JOIN v_procedure "
        "p ON p.office = t.office AND p.start_month = t.start_month AND p.state <> 'cancelled' "
        "WHERE t.state = 'published' AND substr(t.start_month, 1, 4) BETWEEN substr(?1, 1, 4) AND "
        "substr(?2, 1, 4) GROUP BY 1, m.id HAVING count(*) > m.capacity_per_year ORDER BY 1, m.id",
        "ss", period->from, period->until);

    while (rc >= 0 && (rc = rh_next(call, rows)) == 1)
        put_clash(call, rh_get_text(call, rows, 0), rh_get_text(call, rows, 1), NULL,
                  rh_format(call, "%s beginnt %lld Verfahren im Jahr, vereinbart sind %lld",
                            "%s starts %lld procedures in the year, agreed are %lld",
                            rh_get_text(call, rows, 2), (long long)rh_get_int(call, rows, 3),
                            (long long)rh_get_int(call, rows, 4)));
    if (rc >= 0)
        rh_close(call, rows);
    return rc;
}

/* The load of each moderator in each month, and a clash where it is above what the plan allows. */
static int32_t put_months(struct rh_call *call, const struct period *period)
{
    int64_t most = rh_config_int(call, "parallel_max");
    struct rh_rows *rows;
    int32_t rc = rh_query(
        call, &rows,
        "WITH " MONTHS "SELECT b.m, b.moderator, m.name, b.running, (SELECT count(*) FROM meet "
        "WHERE meet.moderator = b.moderator AND substr(meet.day, 1, 7) = b.m) FROM busy b JOIN "
        "v_moderators_moderator m ON m.id = b.moderator ORDER BY b.m, b.moderator",
        "ssii", period->from, period->until, period->lang, rh_config_int(call, "parallel_months"));

    while (rc >= 0 && (rc = rh_next(call, rows)) == 1) {
        const char *month = rh_get_text(call, rows, 0), *moderator = rh_get_text(call, rows, 1);
        int64_t running = rh_get_int(call, rows, 3);

        if (running > most)
            put_clash(call, month, moderator, NULL,
                      rh_format(call, "%s ist in %lld Verfahren zugleich, höchstens sind %lld",
                                "%s is in %lld procedures at once, at most %lld are allowed",
                                rh_get_text(call, rows, 2), (long long)running, (long long)most));
        rh_out_object(call, NULL);
        rh_out_text(call, "at", month);
        rh_out_text(call, "kind", "load");
        rh_out_text(call, "subject", moderator);
        rh_out_int(call, "running", running);
        rh_out_int(call, "meetings", rh_get_int(call, rows, 4));
        rh_out_end(call);
    }
    if (rc >= 0)
        rh_close(call, rows);
    return rc;
}

int32_t team_clashes(struct rh_call *call)
{
    struct period period = {rh_day_text(call, (int32_t)rh_param_int(call, "from")),
                            rh_day_text(call, (int32_t)rh_param_int(call, "until")), call->lang};
    int32_t rc;

    rh_out_array(call, "items");
    if ((rc = put_doubled(call, &period)) < 0 || (rc = put_absent(call, &period)) < 0 ||
        (rc = put_years(call, &period)) < 0 || (rc = put_months(call, &period)) < 0)
        return rc;
    rh_out_end(call);
    return 0;
}
