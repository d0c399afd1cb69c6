/* Occasions: created with days that respect quiet times, listed, closed. */
#include "plugins/conferences/internal.h"

#include <stdlib.h>
#include <string.h>

const struct sort conference_sort = {
    "conference", {"Tagung", "conference"}, "conference_invitation", "abschluss-2031"};
const struct sort survey_sort = {
    "survey", {"Befragung", "survey"}, "office_survey", "befragung-2031"};

static int32_t day_of_text(struct rh_call *call, const char *text, int32_t *ret_day)
{
    return rh_day_parse(call, text, ret_day);
}

int32_t find_occasion(struct rh_call *call, const struct sort *sort, struct occasion *ret)
{
    /* each sort its own names, so that nobody invites to a survey */
    const char *list =
        sort == &survey_sort
            ? "SELECT id, title_de, title_en FROM v_conferences_occasion WHERE sort = 'survey'"
            : "SELECT id, title_de, title_en FROM v_conferences_occasion WHERE sort = 'conference'";
    struct rh_rows *rows;
    int32_t rc = rh_resolve(call, list, sort->what, rh_param_text(call, sort->name), &ret->id);

    if (rc < 0 ||
        (rc = rh_query(call, &rows,
                       "SELECT title_de, title_en, place, audience, region, closed_utc IS "
                       "NOT NULL, day, answer_by FROM v_conferences_occasion WHERE id = "
                       "?1",
                       "s", ret->id)) < 0)
        return rc;
    if (rh_next(call, rows) != 1)
        return RH_ENOTFOUND;
    ret->title_de = rh_get_text(call, rows, 0);
    ret->title_en = rh_get_text(call, rows, 1);
    ret->place = rh_get_text(call, rows, 2);
    ret->audience = rh_get_text(call, rows, 3);
    ret->region = rh_get_text(call, rows, 4);
    ret->closed = rh_get_int(call, rows, 5) != 0;
    if ((rc = day_of_text(call, rh_get_text(call, rows, 6), &ret->day)) < 0 ||
        (rc = day_of_text(call, rh_get_text(call, rows, 7), &ret->answer_by)) < 0)
        return rc;
    rh_close(call, rows);
    return 0;
}

int32_t refuse_closed(struct rh_call *call, const struct sort *sort, const struct occasion *one)
{
    if (!one->closed)
        return 0;
    return rh_fail(call, RH_ECONFLICT, "%s '%s' ist beendet", "%s '%s' is closed",
                   rh_say_in(call, sort->what), one->id);
}

/* It stands in addresses: small letters, digits, hyphens. */
static int32_t check_id(struct rh_call *call, const struct sort *sort, const char *id)
{
    if (strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(id) && id[0] != '-')
        return 0;
    return rh_fail(call, RH_EINVALID,
                   "'%s' taugt nicht als Kennung: nur a bis z, 0 bis 9 und Bindestriche, etwa %s",
                   "'%s' is no id: a to z, 0 to 9 and hyphens only, as in %s", id, sort->example);
}

/* A day on which nobody would see to it moves on to the next that is free, and says so. */
static int32_t move_on(struct rh_call *call, const char *param, int32_t *day)
{
    int32_t meant = *day, rc = free_day(call, NULL, meant, 1, day);

    if (rc == 0 && *day != meant)
        rh_say(call, "--%s: der %s ist frei oder liegt in einer Ruhezeit; es gilt der %s",
               "--%s: %s is free or lies in a quiet time; %s holds", param,
               rh_day_text(call, meant), rh_day_text(call, *day));
    return rc;
}

static int32_t store(struct rh_call *call, const struct sort *sort, const struct occasion *one)
{
    int64_t changed, seq;

    changed = rh_exec(call,
                      "INSERT INTO conferences_conference(id, title_de, title_en, day, place, "
                      "answer_by, created_utc, start_minute, end_minute) VALUES (?1, ?2, ?3, ?4, "
                      "?5, ?6, ?7, nullif(?8, -1), nullif(?9, -1)) ON CONFLICT DO NOTHING",
                      "ssssssiii", one->id, one->title_de, one->title_en,
                      rh_day_text(call, one->day), one->place, rh_day_text(call, one->answer_by),
                      rh_now_utc(call), one->start, one->end);
    if (changed < 0)
        return (int32_t)changed;
    if (changed == 0)
        return rh_fail(call, RH_ECONFLICT, "'%s' gibt es schon: eine Tagung oder eine Befragung",
                       "there is '%s' already: a conference or a survey", one->id);
    changed = rh_exec(call,
                      "INSERT INTO conferences_detail(conference, sort, audience, region) VALUES "
                      "(?1, ?2, ?3, ?4)",
                      "ssss", one->id, sort->name, one->audience, one->region);
    if (changed < 0)
        return (int32_t)changed;
    seq = rh_event(call, rh_format(call, "%s.created", "%s.created", sort->name), one->id, NULL,
                   NULL);
    if (seq < 0)
        return (int32_t)seq;
    rh_out_text(call, sort->name, one->id);
    rh_say(call, "angelegt; '%s preview %s' zeigt, wer eine Mail bekäme",
           "created; '%s preview %s' shows who would get a mail", sort->name, one->id);
    return 0;
}

static struct occasion from_params(struct rh_call *call, const struct sort *sort, const char *first,
                                   const char *last)
{
    const char *title = rh_param_text(call, "title");

    return (struct occasion){
        .id = rh_param_text(call, sort->name),
        .title_de = title,
        .title_en = rh_param_given(call, "title-en") ? rh_param_text(call, "title-en") : title,
        .day = (int32_t)rh_param_int(call, first),
        .answer_by = (int32_t)rh_param_int(call, last),
        .audience = "contact",
        .start = -1,
        .end = -1,
    };
}

/* "10:00" in minutes from midnight. */
static int32_t read_clock(struct rh_call *call, const char *param, int64_t *ret_minute)
{
    const char *text = rh_param_text(call, param);
    size_t hours = strspn(text, "0123456789");
    long hour, minute;

    if (hours >= 1 && hours <= 2 && text[hours] == ':' && strlen(text) == hours + 3 &&
        strspn(text + hours + 1, "0123456789") == 2) {
        hour = strtol(text, NULL, 10);
        minute = strtol(text + hours + 1, NULL, 10);
        if (hour < 24 && minute < 60) {
            *ret_minute = hour * 60 + minute;
            return 0;
        }
    }
    return rh_fail(call, RH_EINVALID, "--%s '%s' ist keine Uhrzeit wie 10:00",
                   "--%s '%s' is no time such as 10:00", param, text);
}

/* Its time, so that it can stand in calendars. */
static int32_t read_time(struct rh_call *call, int64_t *ret_start, int64_t *ret_end)
{
    int32_t rc;

    *ret_start = *ret_end = -1;
    if (rh_param_given(call, "at") != rh_param_given(call, "until"))
        return rh_fail(call, RH_EUSAGE, "zu einer Zeit gehören --at und --until",
                       "a time has --at and --until");
    if (!rh_param_given(call, "at"))
        return 0;
    if ((rc = read_clock(call, "at", ret_start)) < 0 ||
        (rc = read_clock(call, "until", ret_end)) < 0)
        return rc;
    if (*ret_end > *ret_start)
        return 0;
    return rh_fail(call, RH_EINVALID, "--until: das Ende liegt nicht nach dem Anfang",
                   "--until: the end is not after the beginning");
}

int32_t conference_create(struct rh_call *call)
{
    struct occasion one = from_params(call, &conference_sort, "on", "answer-by");
    int32_t rc = check_id(call, &conference_sort, one.id);

    one.place = rh_param_text(call, "place");
    if (rc < 0 || (rc = read_time(call, &one.start, &one.end)) < 0)
        return rc;
    if (one.day < rh_today(call))
        return rh_fail(call, RH_EINVALID, "--on: der %s ist vorbei", "--on: %s is over",
                       rh_day_text(call, one.day));
    if (one.answer_by < one.day && (rc = move_on(call, "answer-by", &one.answer_by)) < 0)
        return rc;
    if (one.answer_by >= one.day)
        return rh_fail(call, RH_EINVALID, "--answer-by: Antworten müssen vor dem Tag da sein (%s)",
                       "--answer-by: answers have to be there before the day (%s)",
                       rh_day_text(call, one.day));
    return store(call, &conference_sort, &one);
}

/* The link stands in mails and on pages: nothing but an address of the web. */
static int32_t check_link(struct rh_call *call, const char *link)
{
    if (strncmp(link, "https://", 8) == 0 && link[8] &&
        strspn(link, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~:/?#[]@!$&'"
                     "()*+,;=%") == strlen(link))
        return 0;
    return rh_fail(call, RH_EINVALID,
                   "--link '%s' ist keine Adresse wie https://example.org/umfrage",
                   "--link '%s' is no address such as https://example.org/survey", link);
}

int32_t survey_create(struct rh_call *call)
{
    struct occasion one = from_params(call, &survey_sort, "opens", "closes");
    int32_t rc = check_id(call, &survey_sort, one.id);

    one.place = rh_param_text(call, "link");
    one.audience = rh_param_text(call, "audience");
    one.region = rh_param_text(call, "region");
    if (rc < 0 || (rc = check_link(call, one.place)) < 0)
        return rc;
    if (one.day < rh_today(call))
        return rh_fail(call, RH_EINVALID, "--opens: der %s ist vorbei", "--opens: %s is over",
                       rh_day_text(call, one.day));
    if ((rc = move_on(call, "opens", &one.day)) < 0 ||
        (rc = move_on(call, "closes", &one.answer_by)) < 0)
        return rc;
    if (one.answer_by <= one.day)
        return rh_fail(call, RH_EINVALID, "--closes: das Zeitfenster endet, bevor es beginnt (%s)",
                       "--closes: the window ends before it begins (%s)",
                       rh_day_text(call, one.day));
    return store(call, &survey_sort, &one);
}

/* ---- listed ---- */

#define SUMS                                                                                       \
    "count(i.office) AS invited, ifnull(sum(i.answer = 'yes'), 0) AS yes, ifnull(sum(i.answer = "  \
    "'no'), 0) AS no, ifnull(sum(i.answer = 'open'), 0) AS open "
#define PEOPLE ", ifnull(sum(i.people), 0) AS people " /* who come to a conference */

int32_t conference_list(struct rh_call *call)
{
    int32_t rc = rh_out_query(
        call, "items",
        "SELECT c.id AS conference, iif(?1, c.title_en, c.title_de) AS title, c.day, c.place, "
        "c.answer_by, " SUMS PEOPLE
        "FROM v_conferences_occasion c LEFT JOIN conferences_invitation i ON "
        "i.conference = c.id WHERE c.sort = 'conference' GROUP BY c.id ORDER BY c.day DESC, c.id",
        "i", (int64_t)call->lang);

    return rc < 0 ? rc : 0;
}

int32_t survey_list(struct rh_call *call)
{
    int32_t rc = rh_out_query(
        call, "items",
        "SELECT c.id AS survey, iif(?1, c.title_en, c.title_de) AS title, c.day AS opens, "
        "c.answer_by AS closes, c.place AS link, iif(c.closed_utc IS NOT NULL OR c.answer_by < ?2, "
        "'closed', iif(c.day > ?2, 'planned', 'open')) AS state, " SUMS
        "FROM v_conferences_occasion c LEFT JOIN conferences_invitation i ON i.conference = c.id "
        "WHERE c.sort = 'survey' GROUP BY c.id ORDER BY c.day DESC, c.id",
        "is", (int64_t)call->lang, rh_day_text(call, rh_today(call)));

    return rc < 0 ? rc : 0;
}

/* People come to a conference, not to a survey. */
static int32_t put_sums(struct rh_call *call, const struct sort *sort, const char *id)
{
    static const char *const numbers[] = {"invited", "yes", "no", "open", "people"};
    struct rh_rows *rows;
    int32_t rc = rh_query(
        call, &rows, "SELECT " SUMS PEOPLE "FROM conferences_invitation i WHERE i.conference = ?1",
        "s", id);

    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    for (int32_t i = 0; i < (sort == &survey_sort ? 4 : 5); i++)
        rh_out_int(call, numbers[i], rh_get_int(call, rows, i));
    rh_close(call, rows);
    return 0;
}

int32_t put_occasion(struct rh_call *call, const struct sort *sort, const struct occasion *one)
{
    int32_t is_survey = sort == &survey_sort;

    rh_out_text(call, sort->name, one->id);
    rh_out_text(call, "title", call->lang ? one->title_en : one->title_de);
    rh_out_text(call, is_survey ? "opens" : "day", rh_day_text(call, one->day));
    rh_out_text(call, is_survey ? "link" : "place", one->place);
    rh_out_text(call, is_survey ? "closes" : "answer_by", rh_day_text(call, one->answer_by));
    rh_out_text(call, "region", one->region);
    rh_out_flag(call, "closed", one->closed);
    return put_sums(call, sort, one->id);
}

/* ---- closed ---- */

static int32_t close_occasion(struct rh_call *call, const struct sort *sort)
{
    struct occasion one;
    int32_t rc = find_occasion(call, sort, &one), dropped;
    int64_t changed;

    if (rc < 0 || (rc = refuse_closed(call, sort, &one)) < 0 ||
        (dropped = drop_reminders(call, one.id, NULL)) < 0)
        return rc < 0 ? rc : dropped;
    changed = rh_exec(call, "UPDATE conferences_detail SET closed_utc = ?2 WHERE conference = ?1",
                      "si", one.id, rh_now_utc(call));
    if (changed < 0 ||
        (changed = rh_event(call, rh_format(call, "%s.closed", "%s.closed", sort->name), one.id,
                            NULL, NULL)) < 0)
        return (int32_t)changed;
    rh_out_text(call, sort->name, one.id);
    rh_say(call, "beendet; Mails, die nicht mehr hinausgehen: %d",
           "closed; mails that do not leave any more: %d", (int)dropped);
    return 0;
}

int32_t conference_close(struct rh_call *call)
{
    return close_occasion(call, &conference_sort);
}

int32_t survey_close(struct rh_call *call)
{
    return close_occasion(call, &survey_sort);
}
