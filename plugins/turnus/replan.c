/*
 * turnus replan: computes the curve and keeps it; with --price it shows one plan of the curve that
 * was kept, and with --yes that plan becomes a draft, as long as nothing it rests on has changed.
 * turnus curve: shows it again.
 */
#include "plugins/turnus/replan.h"

#include <string.h>

struct replan {
    struct gentle gentle;
    struct prices prices;
    struct outcome outcomes[PRICES_MAX];
    int64_t seed;
    /* --price */
    int64_t curve, price;
    int32_t position, choose, yes;
};

/* ---- the plans ---- */

/* Everything found is looked at for every price, so that a dearer move never moves more offices
 * than a cheaper one, whatever the search missed: the best of one set by points + price * moves. */
static int32_t is_better(const struct gentle *gentle, int64_t price, const struct outcome *a,
                         const struct outcome *b)
{
    int64_t points_a = gentle_points(gentle, a->value.level),
            points_b = gentle_points(gentle, b->value.level);
    int64_t each = price == PRICE_MUST ? 0 : price;

    if (a->value.level[RH_SOLVE_HARD] != b->value.level[RH_SOLVE_HARD])
        return a->value.level[RH_SOLVE_HARD] < b->value.level[RH_SOLVE_HARD];
    if (price == PRICE_MUST && a->moved != b->moved)
        return a->moved < b->moved;
    if (points_a + each * a->moved != points_b + each * b->moved)
        return points_a + each * a->moved < points_b + each * b->moved;
    return a->moved < b->moved;
}

static void share_plans(struct replan *replan, const struct outcome *found, int32_t count)
{
    for (int32_t p = 0; p < replan->prices.count; p++) {
        const struct outcome *best = &found[0];

        for (int32_t i = 1; i < count; i++)
            if (is_better(&replan->gentle, replan->prices.at[p], &found[i], best))
                best = &found[i];
        replan->outcomes[p].slot = best->slot; /* bound, proof and effort stay those of the price */
        replan->outcomes[p].value = best->value;
        replan->outcomes[p].moved = best->moved;
    }
}

/* From the dearest move to the cheapest, each from the plan before; the dearest of all is computed
 * in any case, because the others begin with it. */
static int32_t solve_all(struct rh_call *call, struct replan *replan)
{
    struct rh_solve_options options = {
        .size = sizeof(options),
        .seed = (uint64_t)replan->seed,
        .step_limit = rh_param_given(call, "steps") ? rh_param_int(call, "steps") : 0,
        .without_exact = rh_param_int(call, "without-exact") == 1};
    int64_t left_ms = (int64_t)(rh_param_real(call, "time-limit") * 1000);
    int32_t limited = left_ms > 0, last = replan->prices.count - 1, count = 0;
    int32_t runs = replan->prices.count + (replan->prices.at[last] != PRICE_MUST);
    struct outcome *found = rh_alloc_in(call, (size_t)runs * sizeof(*found));

    if (!found)
        return RH_ENOMEM;
    for (int32_t i = 0; i < runs; i++) {
        int32_t p = last - i + (replan->prices.at[last] != PRICE_MUST);
        int64_t price = p > last ? PRICE_MUST : replan->prices.at[p];
        int32_t rc;

        options.time_limit_ms = limited ? (left_ms > 0 ? left_ms / (runs - i) + 1 : 1) : 0;
        rc = gentle_solve(call, &replan->gentle, price, i > 0 ? found[i - 1].slot : NULL, &options,
                          &found[count]);
        if (rc < 0)
            return rc;
        left_ms -= found[count].total_ms;
        if (p <= last)
            replan->outcomes[p] = found[count];
        count++;
    }
    share_plans(replan, found, count);
    return 0;
}

/* ---- before anything is computed ---- */

struct sentences {
    struct rh_call *call;
    const char *text;
};

static void collect(void *context, const char *sentence)
{
    struct sentences *sentences = context;

    sentences->text = rh_format(sentences->call, "%s%s%s", "%s%s%s", sentences->text,
                                *sentences->text ? " | " : "", sentence);
}

static int32_t refuse_obstacles(struct rh_call *call, const struct gentle *gentle)
{
    struct sentences sentences = {call, ""};

    if (gentle_obstacles(call, gentle, collect, &sentences) == 0)
        return 0;
    return rh_fail(call, RH_ECONFLICT, "nicht umzuplanen: %s", "it cannot be planned anew: %s",
                   sentences.text);
}

static int32_t read_prices(struct rh_call *call, struct prices *prices)
{
    if (prices_read(rh_param_text(call, "prices"), prices) == 0)
        return 0;
    return rh_fail(
        call, RH_EINVALID,
        "--prices: höchstens %d Zahlen von 0 bis %d mit Komma, auch 'muss' (nur wer muss, "
        "wird verlegt); zum Beispiel 0,10,30,muss",
        "--prices: at most %d numbers from 0 to %d parted by commas, also 'must' (only "
        "who must move moves); as in 0,10,30,must",
        PRICES_MAX, PRICE_LIMIT);
}

static int32_t compute(struct rh_call *call, struct replan *replan, const char *round)
{
    int64_t plan = rh_param_given(call, "plan") ? rh_param_int(call, "plan") : 0;
    int32_t rc;

    replan->seed = rh_param_int(call, "seed");
    if ((rc = read_prices(call, &replan->prices)) < 0 ||
        (rc = gentle_begin(call, round, plan, &replan->gentle)) < 0 ||
        (rc = refuse_obstacles(call, &replan->gentle)) < 0 ||
        (rc = refuse_contradictions(call, &replan->gentle.model)) < 0)
        return rc;
    return solve_all(call, replan);
}

/* ---- a plan of the curve ---- */

static int32_t refuse_curve(struct rh_call *call, const char *round, int64_t curve)
{
    if (curve == 0)
        return rh_fail(
            call, RH_ENOTFOUND,
            "für den Turnus %1$s ist noch nichts umgeplant; zuerst 'reihum turnus replan "
            "--round %1$s'",
            "nothing is planned anew for the round %1$s yet; first 'reihum turnus replan "
            "--round %1$s'",
            round);
    if (rh_param_given(call, "curve") && rh_param_int(call, "curve") != curve)
        return rh_fail(call, RH_ECONFLICT,
                       "inzwischen ist neu gerechnet worden; bitte die neue Kurve ansehen und "
                       "entscheiden",
                       "it was computed anew meanwhile; please look at the new curve and decide");
    return 0;
}

static int32_t refuse_changed(struct rh_call *call, const struct replan *replan)
{
    int32_t stale = curve_is_stale(call, replan->curve, &replan->gentle);

    if (stale <= 0)
        return stale;
    return rh_fail(call, RH_ECONFLICT,
                   "seit der Rechnung hat sich geändert, worauf sie beruht (Regeln, Monate, "
                   "Ankündigungen, Ämter oder Pläne); noch einmal 'reihum turnus replan'",
                   "what it rests on has changed since it was computed (rules, months, "
                   "announcements, offices or plans); once more 'reihum turnus replan'");
}

static int32_t find_position(struct rh_call *call, struct replan *replan)
{
    struct rh_rows *rows;
    struct prices price;
    int32_t rc;

    if (prices_read(rh_param_text(call, "price"), &price) < 0 || price.count != 1)
        return rh_fail(call, RH_EINVALID, "--price: eine Zahl oder 'muss'",
                       "--price: a number or 'must'");
    replan->price = price.at[0];
    rc = rh_query(call, &rows,
                  "SELECT position FROM turnus_point WHERE curve = ?1 AND ifnull(price, -1) = ?2",
                  "ii", replan->curve, replan->price);
    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    if (rc == 0)
        return rh_fail(call, RH_ENOTFOUND,
                       "dieser Preis ist nicht gerechnet; 'reihum turnus curve' zeigt, welche es "
                       "sind",
                       "this price was not computed; 'reihum turnus curve' shows which were");
    replan->position = (int32_t)rh_get_int(call, rows, 0);
    rh_close(call, rows);
    return 0;
}

static int32_t choose(struct rh_call *call, struct replan *replan, const char *round)
{
    int64_t base = 0;
    int32_t rc;

    replan->curve = curve_find(call, round, &base);
    if (replan->curve < 0)
        return (int32_t)replan->curve;
    if ((rc = refuse_curve(call, round, replan->curve)) < 0 ||
        (rc = find_position(call, replan)) < 0 ||
        (rc = gentle_begin(call, round, base, &replan->gentle)) < 0)
        return rc;
    return 0;
}

/* ---- operations ---- */

static int32_t refuse_usage(struct rh_call *call)
{
    if (rh_param_given(call, "price"))
        return 0;
    if (rh_param_int(call, "yes") || rh_param_given(call, "curve"))
        return rh_fail(call, RH_EUSAGE,
                       "--yes übernimmt einen Plan der Kurve; --price sagt, welchen",
                       "--yes takes one plan of the curve; --price says which");
    return 0;
}

static int32_t find_round_of_base(struct rh_call *call, const char **ret_round)
{
    return rh_param_given(call, "plan") ? find_round_of_plan(call, ret_round)
                                        : find_round_published(call, ret_round);
}

int32_t turnus_replan(struct rh_call *call)
{
    struct replan *replan = rh_alloc_in(call, sizeof(*replan));
    const char *round;
    int32_t rc = refuse_usage(call);

    if (rc < 0 || !replan)
        return rc < 0 ? rc : RH_ENOMEM;
    call->state = replan;
    replan->choose = rh_param_given(call, "price");
    replan->yes = (int32_t)rh_param_int(call, "yes");
    if ((rc = find_round_of_base(call, &round)) < 0)
        return rc;
    return replan->choose ? choose(call, replan, round) : compute(call, replan, round);
}

static void say_result(struct rh_call *call, const struct replan *replan)
{
    if (replan->gentle.must == 0)
        rh_say(call, "kein Amt muss seinen Monat verlassen", "no office has to leave its month");
    else
        rh_say(call, "Ämter, die ihren Monat verlassen müssen: %d",
               "offices that have to leave their month: %d", (int)replan->gentle.must);
    for (int32_t i = 0; i < replan->prices.count; i++)
        if (replan->outcomes[i].cut) {
            rh_say(call,
                   "die Zeit war zu knapp für jeden Beweis, und die Rechnung ist nicht genau "
                   "wiederholbar; --time-limit gibt mehr",
                   "the time was too short for every proof, and the computation cannot be repeated "
                   "exactly; --time-limit gives more");
            break;
        }
    rh_say(call,
           "Plan %lld bleibt, wie er ist; 'reihum turnus replan --price PREIS --yes' macht einen "
           "Plan der Kurve zum Entwurf",
           "plan %lld stays as it is; 'reihum turnus replan --price PRICE --yes' makes a plan of "
           "the curve a draft",
           (long long)replan->gentle.base.id);
}

static int32_t commit_curve(struct rh_call *call, const struct replan *replan)
{
    int64_t curve =
        curve_insert(call, &replan->gentle, &replan->prices, replan->outcomes, replan->seed);

    if (curve < 0)
        return (int32_t)curve;
    if (rh_event(call, "turnus.replanned", replan->gentle.model.round, NULL,
                 rh_format(call, "{\"curve\":%lld,\"plan\":%lld}", "{\"curve\":%lld,\"plan\":%lld}",
                           (long long)curve, (long long)replan->gentle.base.id)) < 0)
        return RH_EFAILED;
    say_result(call, replan);
    return out_curve(call, &replan->gentle, curve, -1);
}

static int64_t insert_draft(struct rh_call *call, const struct replan *replan)
{
    const struct model *model = &replan->gentle.model;
    int32_t *slot = rh_alloc_in(call, (size_t)model->office_count * sizeof(int32_t)), moved = 0;
    const char *note = rh_param_text(call, "reason");
    struct value value;
    int32_t rc;

    if (!slot)
        return RH_ENOMEM;
    if ((rc = curve_slots(call, &replan->gentle, replan->curve, replan->position, slot)) < 0 ||
        (rc = value_of(call, model, slot, &value)) < 0)
        return rc;
    for (int32_t i = 0; i < model->office_count; i++)
        moved += replan->gentle.base.slot[i] != slot[i];
    if (!note)
        note = rh_format(call, "umgeplant aus Plan %lld, Preis je Umzug: %s; verlegte Ämter: %d",
                         "planned anew from plan %lld, price of a move: %s; offices moved: %d",
                         (long long)replan->gentle.base.id, price_words(call, replan->price),
                         (int)moved);
    return plan_insert(call, &(struct new_plan){.model = model,
                                                .slot = slot,
                                                .value = &value,
                                                .engine = "replan",
                                                .note = note,
                                                .parent = replan->gentle.base.id});
}

/* Looked at again here, where nothing can come in between. */
static int32_t commit_draft(struct rh_call *call, struct replan *replan)
{
    int64_t draft;
    int32_t rc;

    if ((rc = choose(call, replan, replan->gentle.model.round)) < 0 ||
        (rc = refuse_changed(call, replan)) < 0)
        return rc;
    if ((draft = insert_draft(call, replan)) < 0)
        return (int32_t)draft;
    if (rh_exec(call, "UPDATE turnus_point SET draft = ?3 WHERE curve = ?1 AND position = ?2",
                "iii", replan->curve, (int64_t)replan->position, draft) < 0)
        return RH_EFAILED;
    rh_out_int(call, "plan", draft);
    rh_say(call,
           "Plan %1$lld (Entwurf) enthält die Umzüge; 'reihum turnus compare --plan %2$lld --with "
           "%1$lld' stellt beide nebeneinander",
           "plan %1$lld (draft) holds the moves; 'reihum turnus compare --plan %2$lld --with "
           "%1$lld' puts both side by side",
           (long long)draft, (long long)replan->gentle.base.id);
    return 0;
}

int32_t turnus_replan_commit(struct rh_call *call)
{
    struct replan *replan = call->state;
    int32_t rc;

    if (!replan->choose)
        return commit_curve(call, replan);
    if (replan->yes && (rc = commit_draft(call, replan)) < 0)
        return rc;
    if (!replan->yes)
        rh_say(call, "noch nichts geändert; mit --yes entsteht daraus ein neuer Entwurf",
               "nothing changed yet; with --yes it becomes a new draft");
    return out_curve(call, &replan->gentle, replan->curve, replan->position);
}

static void out_sentence(void *context, const char *sentence)
{
    rh_out_text((struct rh_call *)context, NULL, sentence);
}

/* Without a curve: what would be the base, and who has to move. */
static int32_t out_without_curve(struct rh_call *call, const struct gentle *gentle)
{
    rh_out_text(call, "round", gentle->model.round);
    rh_out_int(call, "from_plan", gentle->base.id);
    rh_out_flag(call, "stale", 0);
    out_must(call, gentle);
    rh_out_array(call, "items");
    rh_out_end(call);
    return 0;
}

int32_t turnus_curve(struct rh_call *call)
{
    const char *round;
    struct gentle gentle;
    int64_t base = 0, curve;
    int32_t rc;

    if ((rc = find_round_published(call, &round)) < 0)
        return rc;
    if ((curve = curve_find(call, round, &base)) < 0)
        return (int32_t)curve;
    if ((rc = gentle_begin(call, round, base, &gentle)) < 0)
        return rc;
    rh_out_array(call, "obstacles");
    rc = gentle_obstacles(call, &gentle, out_sentence, call);
    rh_out_end(call);
    rh_out_flag(call, "obstacles_any", rc > 0);
    rh_out_flag(call, "has_curve", curve > 0);
    rh_out_text(call, "prices", rh_format(call, "0,2,10,30,muss", "0,2,10,30,must"));
    return curve > 0 ? out_curve(call, &gentle, curve, -1) : out_without_curve(call, &gentle);
}
