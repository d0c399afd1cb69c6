/* Letters with the result, one to every applicant, as drafts that a person releases. */
#include "plugins/pilot/internal.h"

#include <string.h>

struct letter {
    const char *office, *name, *contact, *outcome, *reason, *chance;
    int32_t position;
};

static const char *outcome_words(struct rh_call *call, const struct letter *letter)
{
    if (strcmp(letter->outcome, "site") == 0)
        return rh_format(call, "%s ist als Pilotstandort gezogen.",
                         "%s has been drawn as a pilot site.", letter->name);
    if (strcmp(letter->outcome, "reserve") == 0)
        return rh_format(
            call, "%s ist nicht gezogen und steht auf Platz %d der Reserveliste. Grund: %s.",
            "%s has not been drawn and is number %d of the reserve list. Reason: %s.", letter->name,
            (int)letter->position, letter->reason ? letter->reason : "–");
    return rh_format(call, "%s konnte nicht teilnehmen. Grund: %s.",
                     "%s could not take part. Reason: %s.", letter->name,
                     letter->reason ? letter->reason : "–");
}

/* 1 queued, 0 there already or without an address, < 0 error. */
static int32_t queue(struct rh_call *call, const char *selection, const struct letter *letter)
{
    struct rh_mail mail = {.size = (uint32_t)sizeof(mail),
                           .flags = RH_MAIL_FORMAL | RH_MAIL_HELD,
                           .kind = "pilot.result",
                           .lang = call->lang,
                           .to = {NULL, letter->contact}};

    if (!letter->contact || !strchr(letter->contact, '@'))
        return 0;
    mail.key =
        rh_format(call, "pilot/%s/%s/result", "pilot/%s/%s/result", selection, letter->office);
    mail.subject = rh_format(call, "Auswahl der Pilotstandorte: %s",
                             "Selection of the pilot sites: %s", letter->name);
    mail.text = rh_format(
        call,
        "Guten Tag,\n\n%s%s\n\nWie gezogen wurde und wie sich das nachprüfen lässt, steht im "
        "veröffentlichten Bericht der Auswahl %s.\n\nMit freundlichen Grüßen\n",
        "Dear colleagues,\n\n%s%s\n\nHow the lot was drawn and how to check it is in the published "
        "report of the selection %s.\n\nKind regards\n",
        outcome_words(call, letter),
        letter->chance
            ? rh_format(call, " Die Chance betrug %s.", " The chance was %s.", letter->chance)
            : "",
        selection);
    return rh_mail_queue_in(call, &mail);
}

int32_t write_letters(struct rh_call *call, const char *selection, const struct pool *pool,
                      const struct letter_words *words)
{
    int32_t count = 0, without = 0, rc;

    for (int32_t i = 0; i < pool->applicant_count; i++) {
        const struct applicant *who = &pool->applicants[i];
        struct letter letter = {.office = who->id,
                                .name = who->name,
                                .contact = who->contact,
                                .outcome = words[i].outcome,
                                .reason = words[i].reason,
                                .chance = words[i].chance,
                                .position = words[i].position};

        if (strcmp(letter.outcome, "withdrawn") == 0)
            continue;
        without += !who->contact || !strchr(who->contact, '@');
        if ((rc = queue(call, selection, &letter)) < 0)
            return rc;
        count += rc;
    }
    rh_out_int(call, "letters", count);
    rh_out_int(call, "without_address", without);
    rh_say(
        call,
        "%d Entwürfe liegen im Postausgang; eine Person gibt sie frei ('reihum mail release'); "
        "ohne Adresse: %d",
        "%d drafts are in the outbox; a person releases them ('reihum mail release'); without an "
        "address: %d",
        (int)count, (int)without);
    return 0;
}
