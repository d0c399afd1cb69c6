#include "plugins/reminders/internal.h"

#include <string.h>

/* A role of a process, the role of a contact that has it, and who stands in. */
static const struct {
    const char *role, *contact, *instead;
} roles[] = {
    {"contact", "contact", "head"},     {"deputy", "deputy", "contact"},
    {"head", "head", "contact"},        {"asd_head", "asd_head", "contact"},
    {"planner", "planning", "contact"}, {"caseworker", NULL, "contact"},
    {"staff", NULL, "contact"},
};

static int32_t take_rows(struct rh_call *call, struct rh_rows *rows,
                         struct addressee people[PEOPLE_MAX])
{
    int32_t count = 0, rc = 0;

    while (count < PEOPLE_MAX && (rc = rh_next(call, rows)) == 1)
        people[count++] = (struct addressee){
            .key = rh_get_text(call, rows, 0),
            .name = rh_get_text(call, rows, 1),
            .email = rh_get_text(call, rows, 2),
            .lang = rh_get_text(call, rows, 3),
        };
    rh_close(call, rows);
    return rc < 0 ? rc : count;
}

static int32_t find_contacts(struct rh_call *call, const char *procedure, const char *contact,
                             struct addressee people[PEOPLE_MAX])
{
    const char *today = rh_day_text(call, rh_today(call));
    struct rh_rows *rows;
    int32_t rc =
        rh_query(call, &rows,
                 "SELECT 'person/' || c.person, c.name, c.email, c.language FROM v_contact c "
                 "JOIN v_procedure p ON p.office = c.office WHERE p.id = ?1 AND c.role = ?2 AND "
                 "c.email IS NOT NULL AND ?3 BETWEEN ifnull(c.valid_from, '0000') AND "
                 "ifnull(c.valid_to, '9999') ORDER BY c.person",
                 "sss", procedure, contact, today);

    return rc < 0 ? rc : take_rows(call, rows, people);
}

static int32_t find_team(struct rh_call *call, const char *procedure, int32_t lead_only,
                         struct addressee people[PEOPLE_MAX])
{
    struct rh_rows *rows;
    int32_t rc =
        rh_query(call, &rows,
                 "SELECT 'moderator/' || m.id, m.name, m.email, 'de' FROM v_moderators_team t JOIN "
                 "v_moderators_moderator m ON m.id = t.moderator JOIN v_procedure p ON p.office = "
                 "t.office AND "
                 "p.round = t.round WHERE p.id = ?1 AND t.state = 'published' AND (?2 = 0 OR "
                 "t.role = 'lead') AND "
                 "m.email IS NOT NULL ORDER BY t.role DESC, m.id",
                 "si", procedure, (int64_t)lead_only);

    return rc < 0 ? rc : take_rows(call, rows, people);
}

/* Those of the configuration. */
static int32_t find_office_of_ours(struct rh_call *call, const char *key, const char *name_de,
                                   const char *name_en, struct addressee people[PEOPLE_MAX])
{
    const char *email = rh_config_text(call, key);

    if (!email || !*email)
        return 0;
    people[0] =
        (struct addressee){.key = rh_format(call, "office/%s", "office/%s", key),
                           .name = rh_format(call, "%s", "%s", call->lang == 0 ? name_de : name_en),
                           .email = email,
                           .lang = "de"};
    return 1;
}

static int32_t find_coordination(struct rh_call *call, struct addressee people[PEOPLE_MAX])
{
    return find_office_of_ours(call, "coordination", "Koordinierungsstelle", "Coordination office",
                               people);
}

static int32_t find_of_office(struct rh_call *call, const char *procedure, const char *role,
                              struct addressee people[PEOPLE_MAX])
{
    /* The role itself, who stands in, and who stands in for them. */
    for (int hop = 0; hop < 3; hop++) {
        const char *instead = NULL;

        for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]) && !instead; i++) {
            int32_t count;

            if (strcmp(roles[i].role, role) != 0)
                continue;
            count = roles[i].contact ? find_contacts(call, procedure, roles[i].contact, people) : 0;
            if (count != 0)
                return count;
            instead = roles[i].instead;
        }
        if (!instead)
            break;
        role = instead;
    }
    return 0;
}

int32_t find_people(struct rh_call *call, const char *procedure, const char *role,
                    struct addressee people[PEOPLE_MAX])
{
    int32_t count;

    if (strcmp(role, "team") == 0 || strcmp(role, "lead") == 0)
        count = find_team(call, procedure, strcmp(role, "lead") == 0, people);
    else if (strcmp(role, "research") == 0)
        count = find_office_of_ours(call, "research", "Begleitforschung", "Research", people);
    else if (strcmp(role, "coordination") == 0)
        count = find_coordination(call, people);
    else
        count = find_of_office(call, procedure, role, people);
    return count == 0 ? find_coordination(call, people) : count;
}
