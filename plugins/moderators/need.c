/* "Reicht es?": what each half-year needs, has and lacks, before anything is allocated. */
#include "plugins/moderators/internal.h"

#include <string.h>

struct need {
    int32_t procedures, members;
    int64_t has, has_leads; /* in twelfths: capacity of a year times months there */
};

/* Months of the half-year in which the person is there (a month with a day away does not count). */
static int32_t months_there(const struct model *model, int32_t person, int32_t half)
{
    int32_t there = 0;

    for (int32_t m = model->first_month + half * 6, end = m + 6; m < end; m++) {
        int32_t away = 0;

        for (int32_t i = 0; i < model->absence_count && !away; i++)
            away = model->absences[i].person == person && m >= model->absences[i].from &&
                   m <= model->absences[i].to;
        there += !away;
    }
    return there;
}

static void count_half(const struct model *model, int32_t half, const char *region,
                       struct need *need)
{
    int32_t from = model->first_month + half * 6, to = from + 6;

    *need = (struct need){0};
    for (int32_t o = 0; o < model->office_count; o++)
        if (model->offices[o].month >= from && model->offices[o].month < to &&
            (!region || strcmp(region, model->offices[o].region) == 0)) {
            need->procedures++;
            need->members += model->offices[o].size;
        }
    for (int32_t p = 0; p < model->person_count; p++) {
        int32_t there = months_there(model, p, half);

        if (model->people[p].gone || (region && strcmp(region, model->people[p].region) != 0))
            continue;
        need->has += (int64_t)model->people[p].capacity * there;
        need->has_leads += model->people[p].lead ? (int64_t)model->people[p].capacity * there : 0;
    }
}

static int64_t lacking(int64_t needed, int64_t has)
{
    return needed > has ? needed - has : 0;
}

static int32_t out_half(struct rh_call *call, const struct model *model, const struct need *need,
                        int32_t half, const char *region)
{
    int64_t has = need->has / 12, leads = need->has_leads / 12;
    int64_t lacks = lacking(need->members, has), lacks_leads = lacking(need->procedures, leads);

    rh_out_object(call, NULL);
    rh_out_text(call, "from", rh_month_text(call, model->first_month + half * 6));
    rh_out_text(call, "to", rh_month_text(call, model->first_month + half * 6 + 5));
    rh_out_text(call, "region", region ? region : rh_format(call, "beide", "both"));
    rh_out_int(call, "procedures", need->procedures);
    rh_out_int(call, "needed", need->members);
    rh_out_int(call, "available", has);
    rh_out_int(call, "lacking", lacks);
    rh_out_int(call, "leads_needed", need->procedures);
    rh_out_int(call, "leads_available", leads);
    rh_out_int(call, "leads_lacking", lacks_leads);
    rh_out_flag(call, "enough", lacks == 0 && lacks_leads == 0);
    rh_out_end(call);
    return lacks > 0 || lacks_leads > 0;
}

int32_t team_need(struct rh_call *call)
{
    static const char *const regions[] = {"LVR", "LWL", NULL};
    const char *round;
    struct model model;
    int32_t rc, short_halves = 0;

    if ((rc = find_round(call, &round)) < 0 || (rc = model_load(call, round, 0, &model)) < 0)
        return rc;
    rh_out_text(call, "round", round);
    rh_out_array(call, "items");
    for (int32_t half = 0; half * 6 < model.month_count; half++)
        for (int32_t r = 0; r < 3; r++) {
            struct need need;
            int32_t lacks;

            count_half(&model, half, regions[r], &need);
            lacks = out_half(call, &model, &need, half, regions[r]);
            short_halves += !regions[r] && lacks;
        }
    rh_out_end(call);
    rh_out_int(call, "short_halves", short_halves);
    if (short_halves)
        rh_say(call, "es reicht nicht: in %d Halbjahren fehlen Moderator*innen oder Leitungen",
               "it is not enough: in %d half-years moderators or leads are lacking",
               (int)short_halves);
    else
        rh_say(call, "es reicht in jedem Halbjahr", "it is enough in each half-year");
    return 0;
}
