/* Rounds (Turnus, section 8 (2) LKG NRW): a number of years in which every office has its turn
 * once. */
#include "core/office/internal.h"

#include <string.h>

static int is_round_id(const char *id)
{
    size_t length = strspn(id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._");
    return length > 0 && length <= 32 && id[length] == '\0';
}

/* Two rounds at once would give an office two turns; it can be meant, but hardly ever is. */
static int32_t say_overlap(struct rh_call *call, const char *id)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(call, &rows,
                          "SELECT o.id FROM v_round o JOIN v_round r ON o.first_month <= "
                          "r.last_month AND o.last_month >= r.first_month WHERE r.id = ?1 AND o.id "
                          "<> ?1 ORDER BY o.first_month",
                          "s", id);

    while (rc >= 0 && (rc = rh_next(call, rows)) == 1)
        rh_say(call, "Achtung: der Turnus %s umfasst zum Teil dieselben Monate",
               "note: the round %s has some of the same months", rh_get_text(call, rows, 0));
    return rc;
}

int32_t round_create(struct rh_call *call)
{
    const char *id = rh_param_text(call, "round");
    int32_t start = (int32_t)rh_param_int(call, "start"), first_month, rc;
    int64_t months = rh_param_int(call, "years") * 12;
    const char *start_text = rh_day_text(call, start);

    if (!is_round_id(id))
        return rh_fail(call, RH_EINVALID,
                       "'%s' taugt nicht als Kennung eines Turnus; sie besteht aus Buchstaben, "
                       "Ziffern, '-', '.', '_', z. B. 2027-2031",
                       "'%s' is no good as the id of a round; it consists of letters, digits, '-', "
                       "'.', '_', as in 2027-2031",
                       id);
    if (strcmp(start_text + 8, "01") != 0)
        return rh_fail(call, RH_EINVALID, "ein Turnus beginnt am Ersten eines Monats, nicht am %s",
                       "a round begins on the first of a month, not on %s", start_text);
    if ((rc = rh_month_parse(call, rh_format(call, "%.7s", "%.7s", start_text), &first_month)) < 0)
        return rc;
    if ((rc = row_exists(call, "SELECT 1 FROM round WHERE id = ?1", id)) != 0)
        return rc < 0 ? rc
                      : rh_fail(call, RH_ECONFLICT, "den Turnus '%s' gibt es schon",
                                "the round '%s' exists already", id);
    if (rh_exec(call,
                "INSERT INTO round(id, first_month, months, created_utc) VALUES (?1, ?2, ?3, ?4)",
                "ssii", id, rh_month_text(call, first_month), months, rh_now_utc(call)) < 0)
        return RH_EFAILED;
    if (rh_event(call, "round.created", id, NULL,
                 rh_format(call, "{\"first_month\":\"%.7s\",\"months\":%lld}",
                           "{\"first_month\":\"%.7s\",\"months\":%lld}", start_text,
                           (long long)months)) < 0)
        return RH_EFAILED;
    rh_out_text(call, "round", id);
    rh_out_text(call, "first_month", rh_month_text(call, first_month));
    rh_out_text(call, "last_month", rh_month_text(call, first_month + (int32_t)months - 1));
    rh_say(call, "Turnus %s angelegt: %s bis %s", "round %s created: %s to %s", id,
           rh_month_text(call, first_month),
           rh_month_text(call, first_month + (int32_t)months - 1));
    return say_overlap(call, id);
}

#define ROUND_COLUMNS                                                                              \
    "SELECT r.id, r.first_month, r.last_month, r.months, "                                         \
    "(SELECT count(*) FROM v_procedure p WHERE p.round = r.id AND p.state <> 'cancelled') AS "     \
    "procedures, "                                                                                 \
    "(SELECT count(*) FROM v_procedure p WHERE p.round = r.id AND p.state = 'done') AS done FROM " \
    "v_round r "

int32_t round_list(struct rh_call *call)
{
    return rh_out_query(call, "items", ROUND_COLUMNS "ORDER BY r.first_month", "");
}

int32_t round_show(struct rh_call *call)
{
    const char *id;
    int32_t rc = find_round(call, rh_param_text(call, "round"), &id);

    if (rc < 0)
        return rc;
    rh_out_text(call, "round", id);
    rc = rh_out_query(call, "summary", ROUND_COLUMNS "WHERE r.id = ?1", "s", id);
    if (rc < 0)
        return rc;
    return rh_out_query(
        call, "items",
        "SELECT p.id, p.office, p.office_name AS name, p.start_month, p.state FROM v_procedure p "
        "WHERE p.round = ?1 ORDER BY p.start_month, p.office_name",
        "s", id);
}
