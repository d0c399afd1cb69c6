/* Who takes part in a meeting: the team of the procedure, and those of the office that the
 * configuration names by role. */
#include "plugins/appointments/internal.h"

#include <string.h>

static bool is_there(const struct person *people, int32_t count, const char *kind, const char *ref)
{
    for (int32_t i = 0; i < count; i++)
        if (strcmp(people[i].kind, kind) == 0 && strcmp(people[i].ref, ref) == 0)
            return true;
    return false;
}

/* Rows of (ref, name, email, language); who is there already is not added again. */
static int32_t take(struct rh_call *call, struct rh_rows *rows, const char *kind, const char *role,
                    struct person people[PEOPLE_MAX], int32_t count)
{
    int32_t rc;

    while ((rc = rh_next(call, rows)) == 1 && count < PEOPLE_MAX) {
        const char *ref = rh_get_text(call, rows, 0);

        if (is_there(people, count, kind, ref))
            continue;
        people[count++] = (struct person){kind,
                                          ref,
                                          rh_get_text(call, rows, 1),
                                          rh_get_text(call, rows, 2),
                                          rh_get_text(call, rows, 3),
                                          role};
    }
    rh_close(call, rows);
    return rc < 0 ? rc : count;
}

static int32_t take_team(struct rh_call *call, const char *procedure,
                         struct person people[PEOPLE_MAX])
{
    struct rh_rows *rows;
    int32_t rc =
        rh_query(call, &rows,
                 "SELECT m.id, m.name, m.email, 'de' FROM v_procedure p JOIN v_moderators_team t "
                 "ON t.state = 'published' AND t.office = p.office AND t.start_month = "
                 "p.start_month JOIN v_moderators_moderator m ON m.id = t.moderator WHERE p.id = "
                 "?1 ORDER BY t.role DESC, m.id",
                 "s", procedure);

    return rc < 0 ? rc : take(call, rows, "moderator", "required", people, 0);
}

static int32_t take_contacts(struct rh_call *call, const char *procedure, int32_t day,
                             const char *role_key, const char *role,
                             struct person people[PEOPLE_MAX], int32_t count)
{
    const char *contact;

    for (int32_t i = 0; count >= 0 && (contact = rh_config_item(call, role_key, i)); i++) {
        struct rh_rows *rows;
        int32_t rc = rh_query(call, &rows,
                              "SELECT c.person, c.name, c.email, c.language FROM v_contact c JOIN "
                              "v_procedure p ON p.office = c.office WHERE p.id = ?1 AND c.role = "
                              "?2 AND ?3 BETWEEN ifnull(c.valid_from, '0000') AND "
                              "ifnull(c.valid_to, '9999') ORDER BY c.person",
                              "sss", procedure, contact, rh_day_text(call, day));

        count = rc < 0 ? rc : take(call, rows, "contact", role, people, count);
    }
    return count;
}

int32_t people_of(struct rh_call *call, const char *procedure, int32_t day,
                  struct person people[PEOPLE_MAX])
{
    int32_t count = take_team(call, procedure, people);

    if (count >= 0)
        count = take_contacts(call, procedure, day, "office_required", "required", people, count);
    if (count >= 0)
        count = take_contacts(call, procedure, day, "office_optional", "optional", people, count);
    return count;
}

int32_t people_of_all(struct rh_call *call, const char *with, struct person **ret_people)
{
    bool offices = strcmp(with, "moderators") != 0, moderators = strcmp(with, "offices") != 0;
    struct rh_rows *rows;
    int32_t count = 0, room = 0, rc;

    if ((rc = rh_query(call, &rows,
                       "SELECT (SELECT count(*) FROM v_office) + (SELECT count(*) FROM "
                       "v_moderators_moderator)",
                       "")) < 0)
        return rc;
    if ((rc = rh_next(call, rows)) < 0)
        return rc;
    room = (int32_t)rh_get_int(call, rows, 0);
    rh_close(call, rows);
    if (!(*ret_people = rh_alloc_in(call, ((size_t)room + 1) * sizeof(**ret_people))))
        return RH_ENOMEM;
    rc = rh_query(
        call, &rows,
        "WITH speaker AS (SELECT c.office, c.office_name, c.name, c.email, c.language, "
        "row_number() OVER (PARTITION BY c.office ORDER BY c.role <> 'contact', c.person) AS "
        "place FROM v_contact c JOIN v_office o ON o.id = c.office AND o.active = 1 WHERE c.role "
        "IN ('contact','head') AND ?1 BETWEEN ifnull(c.valid_from, '0000') AND "
        "ifnull(c.valid_to, '9999')) SELECT 'office', office, name || ', ' || office_name, email, "
        "language, 0 AS part FROM speaker WHERE place = 1 AND ?2 UNION ALL SELECT 'moderator', "
        "id, name, email, 'de', 1 FROM v_moderators_moderator WHERE active = 1 AND ?3 ORDER BY "
        "part, 2",
        "sii", rh_day_text(call, rh_today(call)), (int64_t)offices, (int64_t)moderators);
    while (rc >= 0 && count < room && (rc = rh_next(call, rows)) == 1)
        (*ret_people)[count++] = (struct person){
            rh_get_text(call, rows, 0), rh_get_text(call, rows, 1), rh_get_text(call, rows, 2),
            rh_get_text(call, rows, 3), rh_get_text(call, rows, 4), "optional"};
    rh_close(call, rows);
    return rc < 0 ? rc : count;
}
