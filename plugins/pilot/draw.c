/* Freezing a selection, annulling it, and the one draw. */
#include "plugins/pilot/internal.h"

#include <string.h>
#include <strings.h>

/* ---- freeze ---- */

struct frozen {
    const char *selection, *input, *chances, *lottery, *digest;
    int32_t panels;
};

static int32_t set_panels(struct work *work)
{
    if (work->pool.panels == 0)
        work->pool.panels = panel_lottery_exact_count(work->chances);
    if (work->pool.panels == 0)
        return rh_fail(work->call, RH_EINVALID,
                       "der gemeinsame Nenner aller Chancen liegt über %d; die Auswahl mit einer "
                       "Zahl von Zusammensetzungen öffnen (--panels 1000)",
                       "the common denominator of all chances is above %d; open the selection with "
                       "a number of panels (--panels 1000)",
                       PANEL_TICKETS_MAX);
    return 0;
}

int32_t pilot_freeze(struct rh_call *call)
{
    struct frozen *frozen = rh_alloc_in(call, sizeof(*frozen));
    struct work work;
    const char *text;
    int32_t rc;

    if (!frozen)
        return RH_ENOMEM;
    call->state = frozen;
    if ((rc = find_in_state(call, "open", &frozen->selection)) < 0 ||
        (rc = need_text(call, "by", RH_TEXT("wer einfriert", "who freezes"), &text)) < 0 ||
        (rc = need_text(
             call, "source",
             RH_TEXT("die öffentliche Quelle des Startwerts und wann sie feststeht, z. B. "
                     "Lotto 6aus49 vom 2.12.2023",
                     "the public source of the seed and when it will be known"),
             &text)) < 0)
        return rc;
    if ((rc = work_begin(&work, call, frozen->selection)) == 0 &&
        (rc = work_chances(&work, PANEL_LEXIMIN, 0)) == 0 && (rc = set_panels(&work)) == 0) {
        struct panel_lottery *lottery;

        frozen->panels = work.pool.panels;
        frozen->input = input_text(call, &work.pool);
        lottery = panel_lottery_new(&work.memory, work.chances, frozen->panels,
                                    digest_of(call, frozen->input));
        frozen->chances = chances_text(&work, lottery);
        frozen->lottery = lottery_text(call, lottery);
        frozen->digest = digest_of_files(call, frozen->input, frozen->chances, frozen->lottery);
        rh_out_text(call, "selection", frozen->selection);
        rh_out_text(call, "digest", frozen->digest);
        rh_out_int(call, "panels", frozen->panels);
        rh_out_flag(call, "exact", work.chances->exact);
        out_levels(&work);
    }
    work_end(&work);
    return rc;
}

int32_t pilot_freeze_commit(struct rh_call *call)
{
    const struct frozen *frozen = call->state;
    struct pool pool;
    const char *selection;
    int32_t rc = find_in_state(call, "open", &selection);

    if (rc < 0 || (rc = pool_load(call, frozen->selection, &pool)) < 0)
        return rc;
    pool.panels = frozen->panels;
    /* Calculated on a snapshot: what was changed meanwhile is not frozen unseen. */
    if (strcmp(input_text(call, &pool), frozen->input) != 0)
        return rh_fail(call, RH_ECONFLICT,
                       "die Auswahl wurde während der Rechnung geändert; noch einmal einfrieren",
                       "the selection was changed during the calculation; freeze it again");
    if (rh_exec(call,
                "UPDATE pilot_selection SET state = 'frozen', panels = ?2, input = ?3, chances = "
                "?4, lottery = ?5, digest = ?6, source = ?7, frozen_by = ?8, frozen_utc = ?9 WHERE "
                "id = ?1",
                "sissssssi", frozen->selection, (int64_t)frozen->panels, frozen->input,
                frozen->chances, frozen->lottery, frozen->digest, rh_param_text(call, "source"),
                rh_param_text(call, "by"), rh_now_utc(call)) < 0 ||
        rh_event(call, "pilot.frozen", frozen->selection, NULL,
                 one_value(call,
                           "SELECT json_object('digest', digest, 'source', source, 'by', "
                           "frozen_by, 'panels', panels) FROM pilot_selection WHERE id = ?1",
                           frozen->selection, NULL)) < 0)
        return RH_EFAILED;
    rh_say(call, "eingefroren; diese Prüfsumme jetzt veröffentlichen: %s",
           "frozen; publish this digest now: %s", frozen->digest);
    return 0;
}

int32_t pilot_annul(struct rh_call *call)
{
    const char *selection, *reason, *person, *state;
    int32_t rc = find_selection(call, &selection);

    if (rc < 0 || (rc = need_text(call, "reason", RH_TEXT("warum", "why"), &reason)) < 0 ||
        (rc = need_text(call, "by", RH_TEXT("wer es verantwortet", "who answers for it"),
                        &person)) < 0)
        return rc;
    state = one_value(call, "SELECT state FROM pilot_selection WHERE id = ?1", selection, NULL);
    if (!state || strcmp(state, "annulled") == 0)
        return rh_fail(call, RH_ECONFLICT, "die Auswahl '%s' ist schon annulliert",
                       "the selection '%s' is annulled already", selection);
    if (rh_exec(
            call,
            "UPDATE pilot_selection SET state = 'annulled', annulled_reason = ?2, annulled_by = "
            "?3 WHERE id = ?1",
            "sss", selection, reason, person) < 0 ||
        rh_event(
            call, "pilot.annulled", selection,
            one_value(call, "SELECT json_object('state', ?2) WHERE ?1 <> ''", selection, state),
            one_value(call,
                      "SELECT json_object('reason', annulled_reason, 'by', annulled_by) FROM "
                      "pilot_selection WHERE id = ?1",
                      selection, NULL)) < 0)
        return RH_EFAILED;
    rh_say(call, "die Auswahl '%s' ist annulliert: %s", "the selection '%s' is annulled: %s",
           selection, reason);
    return 0;
}

/* ---- draw ---- */

#define CONFIRMED_DAYS 7 /* between the two acts */

static int32_t load_frozen(struct rh_call *call, const char *selection, struct pool *pool,
                           struct panel_lottery *lottery, struct words_of_draw *words)
{
    struct rh_rows *rows;
    const char *input, *chances, *text;
    int32_t rc = pool_load(call, selection, pool);

    if (rc < 0 ||
        (rc = rh_query(call, &rows,
                       "SELECT input, chances, lottery, digest, source FROM "
                       "pilot_selection WHERE id = ?1",
                       "s", selection)) < 0 ||
        (rc = rh_next(call, rows)) < 0)
        return rc;
    input = rh_get_text(call, rows, 0);
    chances = rh_get_text(call, rows, 1);
    text = rh_get_text(call, rows, 2);
    words->digest = rh_get_text(call, rows, 3);
    words->source = rh_get_text(call, rows, 4);
    rh_close(call, rows);
    /* What is drawn from must be what was published. */
    if (strcmp(digest_of_files(call, input, chances, text), words->digest) != 0)
        return rh_fail(call, RH_EDAMAGED,
                       "was eingefroren wurde, wurde verändert: die Prüfsumme %s stimmt nicht mehr",
                       "what was frozen was changed: the digest %s does not match any more",
                       words->digest);
    return read_lottery(call, text, pool, lottery);
}

static int32_t store_sites(struct rh_call *call, const struct pool *pool, const struct drawn *drawn)
{
    for (int32_t k = 0; k < pool->places + drawn->reserve_count; k++) {
        int32_t is_site = k < pool->places;
        int32_t place = is_site ? drawn->panel[k] : drawn->reserve[k - pool->places];

        if (rh_exec(call,
                    "INSERT INTO pilot_site(selection, office, position, state) VALUES (?1, ?2, "
                    "?3, ?4)",
                    "ssis", pool->id, pool->applicants[pool->eligible[place]].id,
                    (int64_t)(is_site ? 0 : k - pool->places + 1),
                    is_site ? "site" : "reserve") < 0)
            return RH_EFAILED;
    }
    return 0;
}

static void out_drawn(struct rh_call *call, const struct pool *pool, const struct drawn *drawn)
{
    rh_out_int(call, "number", drawn->number);
    rh_out_int(call, "ticket", drawn->ticket + 1);
    rh_out_array(call, "items");
    for (int32_t k = 0; k < pool->places; k++) {
        const struct applicant *who = &pool->applicants[pool->eligible[drawn->panel[k]]];

        rh_out_object(call, NULL);
        rh_out_text(call, "office", who->id);
        rh_out_text(call, "name", who->name);
        rh_out_end(call);
    }
    rh_out_end(call);
}

/* ---- two persons ---- */

/* Who signed in is known for sure; "cli:…" and "http" only say by which way somebody came. */
static int32_t is_signed_in(const char *actor)
{
    return strncmp(actor, "user:", 5) == 0;
}

/* The same name, whatever the case, the blanks and the dots? */
static int32_t same_name(const char *a, const char *b)
{
    for (;;) {
        a += strspn(a, " .-");
        b += strspn(b, " .-");
        if (!*a || !*b)
            return *a == *b;
        if (strncasecmp(a, b, 1) != 0)
            return 0;
        a++;
        b++;
    }
}

struct confirmation {
    const char *seed, *person, *actor;
    int64_t at_utc;
};

/* 1 when there is one. */
static int32_t load_confirmation(struct rh_call *call, const char *selection,
                                 struct confirmation *ret)
{
    struct rh_rows *rows;
    int32_t rc =
        rh_query(call, &rows,
                 "SELECT seed, person, actor, at_utc FROM pilot_confirmation WHERE selection = ?1",
                 "s", selection);

    if (rc == 0 && (rc = rh_next(call, rows)) == 1)
        *ret = (struct confirmation){rh_get_text(call, rows, 0), rh_get_text(call, rows, 1),
                                     rh_get_text(call, rows, 2), rh_get_int(call, rows, 3)};
    rh_close(call, rows);
    return rc;
}

static int32_t need_seed(struct rh_call *call, const char **ret_seed)
{
    return need_text(call, "seed",
                     RH_TEXT("was die angekündigte Quelle ergab", "what the announced source gave"),
                     ret_seed);
}

int32_t pilot_confirm(struct rh_call *call)
{
    const char *selection, *seed, *person, *before;
    int32_t rc = find_in_state(call, "frozen", &selection);

    if (rc < 0 || (rc = need_seed(call, &seed)) < 0 ||
        (rc = need_text(call, "by", RH_TEXT("wer bestätigt", "who confirms"), &person)) < 0)
        return rc;
    before = one_value(call,
                       "SELECT json_object('seed', seed, 'by', person, 'actor', actor) FROM "
                       "pilot_confirmation WHERE selection = ?1",
                       selection, NULL);
    if (rh_exec(call,
                "INSERT OR REPLACE INTO pilot_confirmation(selection, seed, person, actor, at_utc) "
                "VALUES (?1, ?2, ?3, ?4, ?5)",
                "ssssi", selection, seed, person, rh_actor(call), rh_now_utc(call)) < 0 ||
        rh_event(call, "pilot.confirmed", selection, before,
                 one_value(call,
                           "SELECT json_object('seed', seed, 'by', person, 'actor', actor) FROM "
                           "pilot_confirmation WHERE selection = ?1",
                           selection, NULL)) < 0)
        return RH_EFAILED;
    rh_out_text(call, "selection", selection);
    rh_say(call,
           "%s hat den Startwert bestätigt; eine andere Person zieht in den nächsten %d Tagen mit "
           "demselben Startwert ('reihum pilot draw')",
           "%s has confirmed the seed; another person draws within the next %d days with the same "
           "seed ('reihum pilot draw')",
           person, CONFIRMED_DAYS);
    return 0;
}

/* The second of two acts: by somebody else, with the same seed, soon. */
static int32_t need_confirmation(struct rh_call *call, const char *selection,
                                 struct words_of_draw *words, struct confirmation *first)
{
    int32_t rc = need_text(call, "by",
                           RH_TEXT("wer als zweite Person bestätigt und zieht",
                                   "who confirms as the second person and draws"),
                           &words->second);

    if (rc < 0 || (rc = load_confirmation(call, selection, first)) < 0)
        return rc;
    if (rc != 1 || !first->person || !first->actor ||
        rh_now_utc(call) - first->at_utc > CONFIRMED_DAYS * 86400)
        return rh_fail(
            call, RH_ECONFLICT,
            "noch hat niemand den Startwert bestätigt, oder es ist mehr als %d Tage her; "
            "zuerst 'reihum pilot confirm' durch eine andere Person",
            "nobody has confirmed the seed yet, or more than %d days ago; first 'reihum "
            "pilot confirm' by another person",
            CONFIRMED_DAYS);
    words->first = first->person;
    if (same_name(words->first, words->second) ||
        (is_signed_in(first->actor) && strcmp(first->actor, rh_actor(call)) == 0))
        return rh_fail(
            call, RH_EINVALID,
            "zwei verschiedene Personen bestätigen die Ziehung; '%s' hat schon bestätigt",
            "two different persons confirm the draw; '%s' has confirmed already", words->first);
    if (strcmp(first->seed, words->seed) != 0)
        return rh_fail(
            call, RH_EINVALID,
            "%s hat den Startwert '%s' bestätigt, nicht '%s'; einer ist ein Schreibfehler: "
            "mit der Quelle vergleichen, notfalls neu bestätigen",
            "%s has confirmed the seed '%s', not '%s'; one of them is a slip: compare them "
            "with the source, confirm anew if need be",
            words->first, first->seed, words->seed);
    return 0;
}

static int32_t log_trial(struct rh_call *call, const struct pool *pool, const struct drawn *drawn,
                         const char *seed)
{
    if (rh_exec(call,
                "INSERT INTO pilot_trial(selection, seed, number, person, at_utc) VALUES (?1, ?2, "
                "?3, ?4, ?5)",
                "ssisi", pool->id, seed, (int64_t)drawn->number, rh_actor(call),
                rh_now_utc(call)) < 0 ||
        rh_event(call, "pilot.trial", pool->id, NULL,
                 one_value(call,
                           "SELECT json_object('seed', seed, 'number', number, 'by', person) FROM "
                           "pilot_trial WHERE selection = ?1 ORDER BY id DESC LIMIT 1",
                           pool->id, NULL)) < 0)
        return RH_EFAILED;
    rh_say(
        call,
        "Probelauf: er entscheidet nichts, wird aufgezeichnet und zieht mit demselben Startwert "
        "anders als die Ziehung",
        "trial run: it decides nothing, is kept, and draws otherwise than the draw with the same "
        "seed");
    return 0;
}

static int32_t store_draw(struct rh_call *call, const struct pool *pool, const struct drawn *drawn,
                          const struct words_of_draw *words, const struct confirmation *first)
{
    int32_t rc;

    if (rh_exec(call,
                "UPDATE pilot_selection SET state = 'drawn', seed = ?2, first_person = ?3, "
                "second_person = ?4, drawn_utc = ?5, number = ?6, first_actor = ?7, second_actor = "
                "?8, first_utc = ?9 WHERE id = ?1",
                "ssssiissi", pool->id, words->seed, words->first, words->second, rh_now_utc(call),
                (int64_t)drawn->number, first->actor, rh_actor(call), first->at_utc) < 0)
        return RH_EFAILED;
    if ((rc = store_sites(call, pool, drawn)) < 0)
        return rc;
    if (rh_event(
            call, "pilot.drawn", pool->id, NULL,
            one_value(call,
                      "SELECT json_object('seed', seed, 'number', number, 'first', "
                      "first_person, 'second', second_person, 'first_actor', first_actor, "
                      "'second_actor', second_actor, 'sites', (SELECT "
                      "json_group_array(office) FROM pilot_site p WHERE p.selection = s.id AND "
                      "p.state = 'site')) FROM pilot_selection s WHERE id = ?1",
                      pool->id, NULL)) < 0)
        return RH_EFAILED;
    rh_say(call, "gezogen: Nummer %d von %d; bestätigt von %s und %s",
           "drawn: number %d of %d; confirmed by %s and %s", (int)drawn->number, (int)pool->panels,
           words->first, words->second);
    return 0;
}

int32_t pilot_draw(struct rh_call *call)
{
    struct pool pool;
    struct panel_lottery lottery = {0};
    struct words_of_draw words = {0};
    struct drawn drawn = {0};
    struct confirmation first = {0};
    const char *selection;
    int32_t rc, trial = (int32_t)rh_param_int(call, "trial");

    if ((rc = find_in_state(call, "frozen", &selection)) < 0 ||
        (rc = need_seed(call, &words.seed)) < 0 ||
        (!trial && (rc = need_confirmation(call, selection, &words, &first)) < 0) ||
        (rc = load_frozen(call, selection, &pool, &lottery, &words)) < 0 ||
        (rc = draw_by(call, trial ? "reihum pilot 1 trial" : "reihum pilot 1 draw", words.digest,
                      words.seed, &lottery, pool.eligible_count, &drawn)) < 0)
        return rc;
    rh_out_text(call, "selection", selection);
    rh_out_flag(call, "trial", trial);
    out_drawn(call, &pool, &drawn);
    return trial ? log_trial(call, &pool, &drawn, words.seed)
                 : store_draw(call, &pool, &drawn, &words, &first);
}

/* ---- what the page of the draw shows ---- */

/* The first act while the second is awaited. Its seed is not told: the second person looks it up.
 */
static int32_t out_confirmation(struct rh_call *call, const char *selection)
{
    struct confirmation first = {0};
    int32_t rc = load_confirmation(call, selection, &first);
    int32_t holds = rc == 1 && rh_now_utc(call) - first.at_utc <= CONFIRMED_DAYS * 86400;

    rh_out_flag(call, "is_confirmed", holds);
    if (!holds)
        return rc < 0 ? rc : 0;
    rh_out_text(call, "confirmed_by", first.person);
    rh_out_text(call, "confirmed_as", first.actor);
    rh_out_text(call, "confirmed_at",
                one_value(call,
                          "SELECT datetime(at_utc, 'unixepoch') FROM pilot_confirmation WHERE "
                          "selection = ?1",
                          selection, NULL));
    rh_out_int(call, "confirmed_days", CONFIRMED_DAYS);
    return 0;
}

int32_t pilot_frozen(struct rh_call *call)
{
    const char *selection;
    int32_t rc = find_selection(call, &selection);
    struct rh_rows *rows;

    if (rc < 0 ||
        (rc = rh_query(call, &rows,
                       "SELECT state, places, panels, digest, source, frozen_by, "
                       "datetime(frozen_utc, 'unixepoch'), annulled_reason FROM "
                       "pilot_selection WHERE id = ?1",
                       "s", selection)) < 0 ||
        (rc = rh_next(call, rows)) < 0)
        return rc;
    rh_out_text(call, "selection", selection);
    rh_out_text(call, "state", rh_get_text(call, rows, 0));
    rh_out_text(call, "state_name", state_words(call, rh_get_text(call, rows, 0)));
    rh_out_flag(call, "is_open", strcmp(rh_get_text(call, rows, 0), "open") == 0);
    rh_out_flag(call, "is_frozen", strcmp(rh_get_text(call, rows, 0), "frozen") == 0);
    rh_out_flag(call, "is_drawn", strcmp(rh_get_text(call, rows, 0), "drawn") == 0);
    rh_out_flag(call, "is_annulled", strcmp(rh_get_text(call, rows, 0), "annulled") == 0);
    rh_out_int(call, "places", rh_get_int(call, rows, 1));
    rh_out_int(call, "panels", rh_get_int(call, rows, 2));
    rh_out_text(call, "digest", rh_get_text(call, rows, 3));
    rh_out_text(call, "source", rh_get_text(call, rows, 4));
    rh_out_text(call, "frozen_by", rh_get_text(call, rows, 5));
    rh_out_text(call, "frozen_at", rh_get_text(call, rows, 6));
    rh_out_text(call, "annulled_reason", rh_get_text(call, rows, 7));
    rh_close(call, rows);
    if ((rc = out_confirmation(call, selection)) < 0)
        return rc;
    rc = rh_out_query(call, "items",
                      "SELECT seed, number, person, datetime(at_utc, 'unixepoch') AS at FROM "
                      "pilot_trial WHERE selection = ?1 ORDER BY id",
                      "s", selection);
    rh_out_flag(call, "items_any", rc > 0);
    return rc < 0 ? rc : 0;
}
