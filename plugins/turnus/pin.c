/*
 * turnus pin, unpin, rule remove: rules made and dropped one at a time.
 *
 * A pin is a rule 'fixed' that a person made by command; importing a file of rules leaves it alone.
 * It is refused when no plan could keep it: the rules are looked at with and without it, and what
 * contradicts only with it is said.
 */
#include "plugins/turnus/standing.h"

#include <string.h>

struct pin {
    const char *office;
    int32_t from, to; /* months */
};

/* ---- what was asked ---- */

static int32_t read_range(struct rh_call *call, struct pin *pin)
{
    int32_t month = rh_param_given(call, "month"), from = rh_param_given(call, "from"),
            to = rh_param_given(call, "to");

    if (month == (from || to) || from != to)
        return rh_fail(call, RH_EUSAGE,
                       "entweder --month 2028-03 oder --from 2028-07 --to 2028-12 angeben",
                       "give either --month 2028-03 or --from 2028-07 --to 2028-12");
    pin->from = (int32_t)rh_param_int(call, month ? "month" : "from");
    pin->to = (int32_t)rh_param_int(call, month ? "month" : "to");
    if (pin->to < pin->from)
        return rh_fail(call, RH_EINVALID,
                       "%s liegt vor %s; --to ist der letzte Monat, --from der erste",
                       "%s is before %s; --to is the last month, --from the first",
                       rh_month_text(call, pin->to), rh_month_text(call, pin->from));
    return 0;
}

/* The rules of an office, as the log of events keeps them. */
static const char *rules_json(struct rh_call *call, const char *office, const char *reason)
{
    struct rh_rows *rows;
    const char *json = NULL;

    if (rh_query(call, &rows,
                 "SELECT json_object('reason', ?2, 'rules', json_group_array(json_array(office, "
                 "rule, from_month, to_month, other, note))) FROM turnus_rule WHERE office = ?1",
                 "ss", office, reason) == 0 &&
        rh_next(call, rows) == 1)
        json = rh_get_text(call, rows, 0);
    rh_close(call, rows);
    return json;
}

static int32_t refuse_second(struct rh_call *call, const struct model *model, int32_t place)
{
    for (int32_t r = 0; r < model->rule_count; r++) {
        const struct rule_row *row = &model->rules[r];

        if (row->office == place && strcmp(row->rule, "fixed") == 0)
            return rh_fail(call, RH_ECONFLICT,
                           "%s ist schon auf %s festgelegt (Regel %lld); --replace setzt die neue "
                           "Festlegung an ihre Stelle, 'reihum turnus unpin %s' hebt sie auf",
                           "%s is fixed to %s already (rule %lld); --replace puts the new one in "
                           "its place, 'reihum turnus unpin %s' drops it",
                           model->offices[place].name, range_words(call, row->from, row->to),
                           (long long)row->id, model->offices[place].id);
    }
    return 0;
}

/* What has begun or was announced has its month already. */
static int32_t refuse_firm(struct rh_call *call, const struct model *model, const struct pin *pin,
                           int32_t place)
{
    const struct office *office = &model->offices[place];
    uint8_t *standing;
    struct rh_rows *rows;
    int32_t month, rc = standings(call, model, &standing);

    if (rc < 0)
        return rc;
    if (standing[place] == STANDING_DONE)
        return rh_fail(call, RH_ECONFLICT,
                       "das Verfahren von %s hat in %s begonnen; da ist nichts festzulegen",
                       "the procedure of %s began in %s; there is nothing to fix", office->name,
                       rh_month_text(call, office->begun));
    if (standing[place] != STANDING_ANNOUNCED)
        return 0;
    rc =
        rh_query(call, &rows, "SELECT month FROM v_turnus_promise WHERE round = ?1 AND office = ?2",
                 "ss", model->round, office->id);
    if (rc < 0 || (rc = rh_next(call, rows)) <= 0 ||
        (rc = rh_month_parse(call, rh_get_text(call, rows, 0), &month)) < 0)
        return rc;
    rh_close(call, rows);
    if (month >= pin->from && month <= pin->to)
        return 0;
    return rh_fail(call, RH_ECONFLICT,
                   "%1$s ist für %2$s angekündigt; zuerst 'reihum turnus announce --office %3$s "
                   "--withdraw --reason …'",
                   "%1$s is announced for %2$s; first 'reihum turnus announce --office %3$s "
                   "--withdraw --reason …'",
                   office->name, month_words(call, month), office->id);
}

/* ---- what contradicts only with the pin ---- */

struct sentences {
    struct rh_call *call;
    const char **at;
    int32_t count, room;
};

static void collect(void *context, const char *sentence)
{
    struct sentences *sentences = context;

    if (sentences->count < sentences->room)
        sentences->at[sentences->count++] = sentence;
}

static int32_t look(struct rh_call *call, const struct model *model, struct sentences *ret)
{
    enum { ROOM = 64 };

    *ret = (struct sentences){call, rh_alloc_in(call, ROOM * sizeof(char *)), 0, ROOM};
    return ret->at ? contradictions(call, model, collect, ret) : RH_ENOMEM;
}

static int32_t has_sentence(const struct sentences *sentences, const char *sentence)
{
    for (int32_t i = 0; i < sentences->count; i++)
        if (strcmp(sentences->at[i], sentence) == 0)
            return 1;
    return 0;
}

static int32_t refuse_contradiction(struct rh_call *call, const char *round,
                                    const struct sentences *before)
{
    struct sentences after;
    struct model model;
    int32_t rc;

    if ((rc = model_load(call, round, &model)) < 0 || (rc = look(call, &model, &after)) < 0)
        return rc;
    for (int32_t i = 0; i < after.count; i++)
        if (!has_sentence(before, after.at[i]))
            return rh_fail(call, RH_ECONFLICT, "so nicht festzulegen: %s",
                           "it cannot be fixed like that: %s", after.at[i]);
    return 0;
}

/* ---- pin ---- */

static int32_t insert(struct rh_call *call, const struct pin *pin)
{
    const char *reason = rh_param_text(call, "reason"),
               *before = rules_json(call, pin->office, NULL);
    int64_t id;

    if (rh_exec(call, "DELETE FROM turnus_rule WHERE office = ?1 AND rule = 'fixed'", "s",
                pin->office) < 0 ||
        rh_exec(call,
                "INSERT INTO turnus_rule(office, rule, from_month, to_month, note, pinned_by) "
                "VALUES (?1, 'fixed', ?2, ?3, ?4, ?5)",
                "sssss", pin->office, rh_month_text(call, pin->from), rh_month_text(call, pin->to),
                reason, rh_actor(call)) < 0)
        return RH_EFAILED;
    id = rh_last_id(call);
    if (rh_event(call, "turnus.pinned", pin->office, before,
                 rules_json(call, pin->office, reason)) < 0)
        return RH_EFAILED;
    rh_out_int(call, "id", id);
    return 0;
}

/* What the pin means for the plan that people have. */
static int32_t say_published(struct rh_call *call, const struct model *model, const struct pin *pin)
{
    struct rh_rows *rows;
    int32_t month,
        rc = rh_query(call, &rows,
                      "SELECT month FROM v_turnus_promise WHERE round = ?1 AND office = ?2", "ss",
                      model->round, pin->office);

    if (rc < 0 || (rc = rh_next(call, rows)) <= 0 ||
        (rc = rh_month_parse(call, rh_get_text(call, rows, 0), &month)) < 0)
        return rc;
    rh_close(call, rows);
    if (month >= pin->from && month <= pin->to)
        rh_say(call, "der veröffentlichte Plan hält es ein (%s)",
               "the published plan keeps it (%s)", month_words(call, month));
    else
        rh_say(call,
               "nach dem veröffentlichten Plan beginnt das Amt im %s; 'reihum turnus replan' "
               "zeigt, wen ein neuer Plan sonst noch verlegt",
               "by the published plan the office starts in %s; 'reihum turnus replan' shows whom "
               "else a new plan would move",
               month_words(call, month));
    return 0;
}

int32_t turnus_pin(struct rh_call *call)
{
    struct sentences before;
    struct pin pin;
    struct model model;
    const char *round;
    int32_t place, rc;

    if ((rc = read_range(call, &pin)) < 0 || (rc = find_round_published(call, &round)) < 0 ||
        (rc = find_office(call, "office", &pin.office)) < 0 ||
        (rc = model_load(call, round, &model)) < 0)
        return rc;
    place = office_place(&model, pin.office);
    if (place < 0)
        return rh_fail(call, RH_EINVALID, "'%s' ist geschlossen und in keinem Plan",
                       "'%s' is closed and in no plan", pin.office);
    if (!rh_param_int(call, "replace") && (rc = refuse_second(call, &model, place)) < 0)
        return rc;
    if ((rc = refuse_firm(call, &model, &pin, place)) < 0 ||
        (rc = look(call, &model, &before)) < 0 || (rc = insert(call, &pin)) < 0 ||
        (rc = refuse_contradiction(call, round, &before)) < 0)
        return rc;
    rh_out_text(call, "office", pin.office);
    rh_out_text(call, "name", model.offices[place].name);
    rh_out_text(call, "from", rh_month_text(call, pin.from));
    rh_out_text(call, "to", rh_month_text(call, pin.to));
    rh_say(call, "%s ist auf %s festgelegt", "%s is fixed to %s", model.offices[place].name,
           range_words(call, pin.from, pin.to));
    return say_published(call, &model, &pin);
}

int32_t out_pins(struct rh_call *call, const struct model *model, int32_t place)
{
    struct rh_rows *rows;
    int32_t rc =
        rh_query(call, &rows,
                 "SELECT id, from_month, to_month, note, pinned_by FROM turnus_rule WHERE office = "
                 "?1 AND rule = 'fixed' ORDER BY id",
                 "s", model->offices[place].id);

    rh_out_array(call, "pins");
    while (rc >= 0 && (rc = rh_next(call, rows)) == 1) {
        const char *note = rh_get_text(call, rows, 3);
        int32_t from, to;

        if ((rc = rh_month_parse(call, rh_get_text(call, rows, 1), &from)) < 0 ||
            (rc = rh_month_parse(call, rh_get_text(call, rows, 2), &to)) < 0)
            return rc;
        rh_say(call, "festgelegt auf %s (Regel %lld)%s%s", "fixed to %s (rule %lld)%s%s",
               range_words(call, from, to), (long long)rh_get_int(call, rows, 0), note ? ": " : "",
               note ? note : "");
        rh_out_object(call, NULL);
        rh_out_int(call, "id", rh_get_int(call, rows, 0));
        rh_out_text(call, "words", range_words(call, from, to));
        rh_out_text(call, "note", note);
        rh_out_text(call, "pinned_by", rh_get_text(call, rows, 4));
        rh_out_end(call);
    }
    rh_out_end(call);
    rh_close(call, rows);
    return rc < 0 ? rc : 0;
}

/* ---- unpin, remove ---- */

int32_t turnus_unpin(struct rh_call *call)
{
    const char *office, *before;
    int64_t dropped;
    int32_t rc = find_office(call, "office", &office);

    if (rc < 0)
        return rc;
    before = rules_json(call, office, NULL);
    dropped =
        rh_exec(call, "DELETE FROM turnus_rule WHERE office = ?1 AND rule = 'fixed'", "s", office);
    if (dropped < 0)
        return (int32_t)dropped;
    if (dropped == 0)
        return rh_fail(call, RH_ENOTFOUND,
                       "'%s' ist nicht festgelegt; 'reihum turnus rule list' zeigt alle Regeln",
                       "'%s' is not fixed; 'reihum turnus rule list' shows all rules", office);
    if (rh_event(call, "turnus.unpinned", office, before,
                 rules_json(call, office, rh_param_text(call, "reason"))) < 0)
        return RH_EFAILED;
    rh_out_text(call, "office", office);
    rh_out_int(call, "removed", dropped);
    rh_say(call, "'%s' ist nicht mehr festgelegt", "'%s' is not fixed any more", office);
    return 0;
}

int32_t turnus_rule_remove(struct rh_call *call)
{
    int64_t id = rh_param_int(call, "id");
    const char *office, *rule, *before;
    struct rh_rows *rows;
    int32_t rc =
        rh_query(call, &rows, "SELECT office, rule FROM turnus_rule WHERE id = ?1", "i", id);

    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    if (rc == 0)
        return rh_fail(call, RH_ENOTFOUND,
                       "Regel %lld gibt es nicht; 'reihum turnus rule list' zeigt die Nummern",
                       "there is no rule %lld; 'reihum turnus rule list' shows the numbers",
                       (long long)id);
    office = rh_get_text(call, rows, 0);
    rule = rh_get_text(call, rows, 1);
    rh_close(call, rows);
    before = rules_json(call, office, NULL);
    if (rh_exec(call, "DELETE FROM turnus_rule WHERE id = ?1", "i", id) < 0 ||
        rh_event(call, "turnus.rules", office, before,
                 rules_json(call, office, rh_param_text(call, "reason"))) < 0)
        return RH_EFAILED;
    rh_out_int(call, "id", id);
    rh_out_text(call, "office", office);
    rh_out_text(call, "rule", rule);
    rh_say(call, "Regel %lld (%s, %s) ist entfernt", "rule %lld (%s, %s) is removed", (long long)id,
           office, rule);
    return 0;
}
