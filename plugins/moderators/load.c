/* The load of each moderator, month by month, against their own limits: for the page. */
#include "plugins/moderators/internal.h"

#include <string.h>

struct look {
    const char *key, *symbol;
    struct rh_text text;
};

static const struct look looks[] = {
    {"none", "·", {"nichts", "nothing"}},
    {"free", "○", {"frei", "free"}},
    {"full", "●", {"voll", "full"}},
    {"over", "▲", {"über der Grenze", "over the limit"}},
};

static const struct look *look_of(int32_t running, int32_t most)
{
    return &looks[running == 0 ? 0 : running < most ? 1 : running == most ? 2 : 3];
}

static int32_t running_in(const struct model *model, const struct plan *plan, int32_t person,
                          int32_t month, int32_t window)
{
    int32_t running = 0;

    for (int32_t o = 0; o < model->office_count; o++)
        running += plan->role[cell(model, o, person)] && model->offices[o].month <= month &&
                   model->offices[o].month + window > month;
    return running;
}

static int32_t running_ever(const struct model *model, const struct plan *plan, int32_t person)
{
    for (int32_t o = 0; o < model->office_count; o++)
        if (plan->role[cell(model, o, person)])
            return 1;
    return 0;
}

static void out_person(struct rh_call *call, const struct model *model, const struct plan *plan,
                       int32_t person, int32_t year)
{
    int32_t window = (int32_t)rh_config_int(call, "parallel_months"), starts = 0;
    int32_t most = (int32_t)rh_config_int(call, "parallel_max");
    const struct person *who = &model->people[person];
    const struct look *look;

    for (int32_t o = 0; o < model->office_count; o++)
        starts += plan->role[cell(model, o, person)] && model->offices[o].month / 12 == year;
    rh_out_object(call, NULL);
    rh_out_text(call, "moderator", who->id);
    rh_out_text(call, "name", who->name);
    rh_out_text(call, "region", who->region);
    rh_out_flag(call, "lead", who->lead);
    rh_out_int(call, "starts", starts);
    rh_out_int(call, "capacity", who->capacity);
    look = look_of(starts, who->capacity);
    rh_out_text(call, "look", look->key);
    rh_out_text(call, "symbol", look->symbol);
    rh_out_text(call, "state", rh_say_in(call, look->text));
    rh_out_array(call, "months");
    for (int32_t m = year * 12; m < year * 12 + 12; m++) {
        int32_t running = running_in(model, plan, person, m, window);

        look = look_of(running, most);
        rh_out_object(call, NULL);
        rh_out_int(call, "running", running);
        rh_out_text(call, "look", look->key);
        rh_out_text(call, "symbol", look->symbol);
        rh_out_text(call, "state", rh_say_in(call, look->text));
        rh_out_end(call);
    }
    rh_out_end(call);
    rh_out_end(call);
}

static void out_years(struct rh_call *call, const struct model *model, int32_t chosen)
{
    rh_out_array(call, "years");
    for (int32_t year = model->first_month / 12;
         year <= (model->first_month + model->month_count - 1) / 12; year++) {
        rh_out_object(call, NULL);
        rh_out_int(call, "year", year);
        rh_out_flag(call, "selected", year == chosen);
        rh_out_end(call);
    }
    rh_out_end(call);
}

int32_t team_load(struct rh_call *call)
{
    struct plan plan;
    struct model model;
    int32_t rc = plan_find(call, &plan), year;

    if (rc < 0 || (rc = model_load(call, plan.round, plan.turnus_plan, &model)) < 0 ||
        (rc = plan_load(call, &model, &plan)) < 0)
        return rc;
    year =
        rh_param_given(call, "year") ? (int32_t)rh_param_int(call, "year") : model.first_month / 12;
    rh_out_int(call, "plan", plan.id);
    rh_out_text(call, "round", plan.round);
    rh_out_int(call, "year", year);
    rh_out_int(call, "parallel_max", rh_config_int(call, "parallel_max"));
    out_years(call, &model, year);
    rh_out_array(call, "items");
    for (int32_t p = 0; p < model.person_count; p++)
        if (!model.people[p].gone || running_ever(&model, &plan, p))
            out_person(call, &model, &plan, p, year);
    rh_out_end(call);
    rh_out_array(call, "legend");
    for (size_t i = 0; i < sizeof(looks) / sizeof(looks[0]); i++) {
        rh_out_object(call, NULL);
        rh_out_text(call, "symbol", looks[i].symbol);
        rh_out_text(call, "state", rh_say_in(call, looks[i].text));
        rh_out_end(call);
    }
    rh_out_end(call);
    return 0;
}
