/*
 * Letters with the result, as drafts that a person releases: one to every applicant, and after a
 * replacement a second one to those whose outcome changed, and to nobody else.
 */
#include "plugins/pilot/result.h"

#include <string.h>

enum letter_state { LETTER_FIRST, LETTER_CHANGED, LETTER_WRITTEN, LETTER_UNREACHABLE };

struct letter {
    const struct applicant *who;
    enum letter_state state;
    const char *key, *first_key; /* first_key: of the first letter to this office */
    const char *subject, *text;
};

/* ---- what it says ---- */

static const char *chance_words(struct result *result, const struct applicant *who)
{
    const struct work *work = &result->work;

    return rh_format(
        work->call, " Die Chance betrug %s.", " The chance was %s.",
        percent_text(work->call,
                     mpq_get_d(work->chances->chance[work->model->type_of[who->place]])));
}

static const char *first_words(struct result *result, const struct applicant *who)
{
    struct rh_call *call = result->work.call;
    int32_t position = who->place < 0 ? -2 : result->position[who->place];
    const char *reason = who->place < 0 ? who->barred : reason_words(result, who);

    if (who->place < 0)
        return rh_format(call, "%s konnte nicht teilnehmen. Grund: %s.",
                         "%s could not take part. Reason: %s.", who->name, reason);
    if (position == 0)
        return rh_format(call, "%s ist als Pilotstandort gezogen.%s",
                         "%s has been drawn as a pilot site.%s", who->name,
                         chance_words(result, who));
    return rh_format(call,
                     "%s ist nicht gezogen und steht auf Platz %d der Reserveliste. Grund: %s.%s",
                     "%s has not been drawn and is number %d of the reserve list. Reason: %s.%s",
                     who->name, (int)position, reason ? reason : "–", chance_words(result, who));
}

/* After a replacement: what became of those it concerns. */
static const char *changed_words(struct result *result, const struct applicant *who)
{
    struct rh_call *call = result->work.call;
    int32_t position = result->position[who->place];

    if (position < 0)
        return rh_format(call,
                         "%s ist als Pilotstandort ausgeschieden: %s. Ein anderes Amt rückt nach.",
                         "%s is no pilot site any more: %s. Another office moves up.", who->name,
                         one_value(call,
                                   "SELECT reason FROM pilot_replacement WHERE selection = ?1 AND "
                                   "left_office = ?2 ORDER BY id DESC LIMIT 1",
                                   result->selection, who->id));
    if (position == 0)
        return rh_format(call,
                         "ein Standort ist ausgefallen: %s rückt von der Reserveliste nach und ist "
                         "jetzt Pilotstandort.",
                         "a site has dropped out: %s moves up from the reserve list and is a pilot "
                         "site now.",
                         who->name);
    return rh_format(
        call,
        "ein Standort ist ausgefallen, und die Quoten ließen sich nur halten, indem %s "
        "auf die Reserveliste zurückgeht, auf Platz %d. Wir bedauern das.",
        "a site has dropped out, and the quotas could be kept only by %s going back to "
        "the reserve list, as number %d. We are sorry.",
        who->name, (int)position);
}

static void write_words(struct result *result, struct letter *letter, int32_t is_changed)
{
    struct rh_call *call = result->work.call;

    letter->subject = is_changed ? rh_format(call, "Pilotstandorte, Änderung: %s",
                                             "Pilot sites, change: %s", letter->who->name)
                                 : rh_format(call, "Auswahl der Pilotstandorte: %s",
                                             "Selection of the pilot sites: %s", letter->who->name);
    letter->text = rh_format(
        call,
        "Guten Tag,\n\n%s\n\nWie gezogen wurde und wie sich das nachprüfen lässt, steht im "
        "veröffentlichten Bericht der Auswahl %s.\n\nMit freundlichen Grüßen\n",
        "Dear colleagues,\n\n%s\n\nHow the lot was drawn and how to check it is in the published "
        "report of the selection %s.\n\nKind regards\n",
        is_changed ? changed_words(result, letter->who) : first_words(result, letter->who),
        result->selection);
}

/* ---- which letters there are ---- */

static int32_t is_there(struct rh_call *call, const char *key)
{
    return one_value(call, "SELECT 1 FROM v_mail WHERE key = ?1", key, NULL) != NULL;
}

/* The last replacement that concerned the office, or NULL. */
static const char *last_change(struct result *result, const char *office)
{
    return one_value(result->work.call,
                     "SELECT max(id) FROM pilot_replacement WHERE selection = ?1 AND ?2 IN "
                     "(left_office, new_office) HAVING max(id) IS NOT NULL",
                     result->selection, office);
}

static void compose(struct result *result, const struct applicant *who, struct letter *letter)
{
    struct rh_call *call = result->work.call;
    const char *change = last_change(result, who->id);

    *letter = (struct letter){.who = who};
    letter->key = letter->first_key =
        rh_format(call, "pilot/%s/%s/result", "pilot/%s/%s/result", result->selection, who->id);
    /* Who left before any letter was written is told so at once. */
    if (change && (is_there(call, letter->first_key) ||
                   (who->place >= 0 && result->position[who->place] < 0))) {
        letter->key = rh_format(call, "pilot/%s/%s/result/%s", "pilot/%s/%s/result/%s",
                                result->selection, who->id, change);
        letter->state = LETTER_CHANGED;
    }
    write_words(result, letter, change != NULL);
    if (!who->contact || !strchr(who->contact, '@'))
        letter->state = LETTER_UNREACHABLE;
    else if (is_there(call, letter->key))
        letter->state = LETTER_WRITTEN;
}

struct letter_list {
    struct letter *letter;
    int32_t count, fresh, written, unreachable;
};

static int32_t compose_all(struct result *result, struct letter_list *list)
{
    const struct pool *pool = &result->work.pool;
    int32_t rc = work_chances(&result->work, PANEL_LEXIMIN, 0);

    if (rc < 0)
        return rc;
    list->count = pool->applicant_count;
    list->letter = PANEL_NEW(&result->work.memory, struct letter, list->count + 1);
    for (int32_t i = 0; i < list->count; i++) {
        compose(result, &pool->applicants[i], &list->letter[i]);
        list->written += list->letter[i].state == LETTER_WRITTEN;
        list->unreachable += list->letter[i].state == LETTER_UNREACHABLE;
    }
    list->fresh = list->count - list->written - list->unreachable;
    return 0;
}

/* ---- looking, and writing ---- */

static void out_letter(struct rh_call *call, const struct letter *letter)
{
    static const char *const states[] = {"first", "changed", "written", "unreachable"};

    rh_out_object(call, NULL);
    rh_out_text(call, "office", letter->who->id);
    rh_out_text(call, "name", letter->who->name);
    rh_out_text(call, "address", letter->who->contact);
    rh_out_text(call, "state", states[letter->state]);
    rh_out_flag(call, "is_fresh", letter->state <= LETTER_CHANGED);
    rh_out_text(call, "subject", letter->subject);
    rh_out_text(call, "text", letter->text);
    rh_out_end(call);
}

static void out_counts(struct rh_call *call, const struct letter_list *list)
{
    rh_out_int(call, "letters", list->fresh);
    rh_out_flag(call, "letters_any", list->fresh > 0);
    rh_out_int(call, "written", list->written);
    rh_out_int(call, "without_address", list->unreachable);
}

int32_t pilot_drafts(struct rh_call *call)
{
    struct result result = {0};
    struct letter_list list = {0};
    int32_t rc = result_begin(&result, call);

    if (rc == 0 && (rc = compose_all(&result, &list)) == 0) {
        rh_out_text(call, "selection", result.selection);
        out_counts(call, &list);
        rh_out_array(call, "items");
        for (int32_t i = 0; i < list.count; i++)
            out_letter(call, &list.letter[i]);
        rh_out_end(call);
    }
    work_end(&result.work);
    return rc;
}

/* Drafts that nobody released yet and that are not true any more will not leave. */
static int32_t drop_outdated(struct rh_call *call, const struct letter *letter)
{
    struct rh_rows *rows;
    int32_t rc =
        rh_query(call, &rows,
                 "SELECT DISTINCT key FROM v_mail WHERE key = ?1 OR substr(key, 1, length(?1) "
                 "+ 1) = ?1 || '/'",
                 "s", letter->first_key);

    while (rc >= 0 && (rc = rh_next(call, rows)) == 1) {
        int64_t dropped = rh_mail_drop_in(call, rh_get_text(call, rows, 0),
                                          "ein Nachrücken hat das Ergebnis geändert",
                                          "a replacement has changed the result");

        if (dropped < 0)
            return (int32_t)dropped;
    }
    rh_close(call, rows);
    return rc;
}

static int32_t queue(struct rh_call *call, const struct letter *letter)
{
    struct rh_mail mail = {.size = (uint32_t)sizeof(mail),
                           .flags = RH_MAIL_FORMAL | RH_MAIL_HELD,
                           .key = letter->key,
                           .kind = "pilot.result",
                           .lang = call->lang,
                           .to = {NULL, letter->who->contact},
                           .subject = letter->subject,
                           .text = letter->text};
    int32_t rc = drop_outdated(call, letter);

    return rc < 0 ? rc : rh_mail_queue_in(call, &mail);
}

static int32_t queue_all(struct rh_call *call, const struct letter_list *list)
{
    int32_t rc = 0;

    if (rh_param_given(call, "letters") && rh_param_int(call, "letters") != list->fresh)
        return rh_fail(call, RH_ECONFLICT,
                       "es sind jetzt %d neue Schreiben, nicht %d; noch einmal ansehen",
                       "it is %d new letters now, not %d; look again", (int)list->fresh,
                       (int)rh_param_int(call, "letters"));
    for (int32_t i = 0; i < list->count && rc >= 0; i++)
        if (list->letter[i].state <= LETTER_CHANGED)
            rc = queue(call, &list->letter[i]);
    return rc < 0 ? rc : 0;
}

int32_t pilot_letters(struct rh_call *call)
{
    struct result result = {0};
    struct letter_list list = {0};
    int32_t rc = result_begin(&result, call);

    if (rc == 0 && (rc = compose_all(&result, &list)) == 0 && (rc = queue_all(call, &list)) == 0) {
        out_counts(call, &list);
        rh_say(
            call,
            "%d Entwürfe liegen im Postausgang; eine Person gibt sie frei ('reihum mail "
            "release'); ohne Adresse: %d",
            "%d drafts are in the outbox; a person releases them ('reihum mail release'); without "
            "an address: %d",
            (int)list.fresh, (int)list.unreachable);
        if (list.fresh > 0 &&
            rh_event(call, "pilot.letters", result.selection, NULL,
                     one_value(call, "SELECT json_object('letters', CAST(?1 AS INTEGER))",
                               rh_format(call, "%d", "%d", (int)list.fresh), NULL)) < 0)
            rc = RH_EFAILED;
    }
    work_end(&result.work);
    return rc;
}
