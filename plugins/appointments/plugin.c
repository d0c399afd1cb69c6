/* What this plugin can do, as tables: meetings of procedures in everyone's calendar. */
#include "plugins/appointments/internal.h"
#include "plugins/appointments/pages/calendar.css.h"
#include "plugins/appointments/pages/dates.mustache.h"
#include "plugins/appointments/pages/feeds.mustache.h"
#include "plugins/appointments/pages/impossible.mustache.h"
#include "plugins/appointments/pages/meeting.mustache.h"
#include "plugins/appointments/pages/month.mustache.h"
#include "plugins/appointments/pages/planning.mustache.h"
#include "plugins/appointments/pages/poll.mustache.h"
#include "plugins/appointments/pages/polls.mustache.h"
#include "plugins/appointments/pages/proposals.mustache.h"
#include "plugins/appointments/pages/review.mustache.h"
#include "plugins/appointments/pages/review_list.mustache.h"
#include "plugins/appointments/pages/sheet.mustache.h"
#include "plugins/appointments/pages/week.mustache.h"
#include "plugins/appointments/planning_table.h"

/* clang-format off */

#define TEXT(name_, de, en) {name_, RH_TYPE_TEXT, 0, {de, en}}
#define WIDE(name_, de, en) {name_, RH_TYPE_TEXT, RH_COLUMN_WIDE, {de, en}}
#define INT(name_, de, en)  {name_, RH_TYPE_INT, 0, {de, en}}
#define DAY(name_, de, en)  {name_, RH_TYPE_DAY, 0, {de, en}}
#define FLAG(name_, de, en) {name_, RH_TYPE_FLAG, 0, {de, en}}
#define STATE_WORDS \
    TEXT("state=held", "vorgemerkt", "held"), TEXT("state=fixed", "vereinbart", "fixed"), \
    TEXT("state=cancelled", "abgesagt", "cancelled")

/* ---- appointment list ---- */

static const struct rh_param list_params[] = {
    {"from", RH_TYPE_DAY, .help = {"von diesem Tag an; sonst von heute an", "from this day on; else from today on"}},
    {"until", RH_TYPE_DAY, .help = {"bis zu diesem Tag", "until this day"}},
    {"moderator", RH_TYPE_TEXT, .help = {"nur mit dieser Person (Moderator*in)", "with this moderator only"}},
    {"office", RH_TYPE_TEXT, .help = {"nur dieses Jugendamts", "of this office only"}},
    {"procedure", RH_TYPE_TEXT, .help = {"nur dieses Verfahrens", "of this procedure only"}},
    {"round", RH_TYPE_TEXT, .help = {"nur dieses Turnus", "of this round only"}},
    {"state", RH_TYPE_CHOICE, .fallback = "open", .choices = "open|held|fixed|cancelled|all",
     .help = {"welche; open: vereinbarte und vorgemerkte", "which; open: fixed and held ones"}},
};
static const struct rh_column list_columns[] = {
    DAY("day", "Tag", "day"), TEXT("time", "Zeit", "time"), TEXT("title", "Termin", "meeting"), TEXT("office_name", "Jugendamt", "office"),
    TEXT("place", "Ort", "place"), TEXT("team", "Team", "team"), TEXT("state", "Stand", "state"), INT("accepted", "zugesagt", "accepted"),
    INT("declined", "abgesagt", "declined"), INT("waiting", "offen", "not answered"), FLAG("impossible", "geht nicht mehr", "impossible"),
    WIDE("meeting", "Kennung", "id"), WIDE("procedure", "Verfahren", "procedure"), WIDE("step", "Schritt", "step"), STATE_WORDS,
};

/* ---- one meeting ---- */

#define MEETING {"meeting", RH_TYPE_TEXT, RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL, .min = 1, .max = 200, \
    .help = {"Termin: Kennung, oder Jugendamt und Schritt wie lemgo/session", "meeting: its id, or office and step as in lemgo/session"}}
#define PROCEDURE(flags) {"procedure", RH_TYPE_TEXT, flags, .help = {"Verfahren: Kennung, oder das Jugendamt", "procedure: its id, or the office"}}
#define STEP(flags) {"step", RH_TYPE_TEXT, flags, .max = 60, .help = {"Schritt, etwa kickoff, session, discussion", "step, such as kickoff, session, discussion"}}
#define AT {"at", RH_TYPE_TEXT, .max = 5, .help = {"Beginn, etwa 9:00", "beginning, as in 9:00"}}
#define UNTIL {"until", RH_TYPE_TEXT, .max = 5, .help = {"Ende, etwa 16:00", "end, as in 16:00"}}
#define PLACE {"place", RH_TYPE_TEXT, .max = 300, .help = {"Ort; sonst das Jugendamt", "place; else the office"}}
#define VIDEO {"video", RH_TYPE_TEXT, .max = 500, .help = {"Adresse der Videokonferenz, https://…", "address of the video conference, https://…"}}
#define NOTE {"note", RH_TYPE_TEXT, .max = 2000, .help = {"Bemerkung, die alle lesen", "note that all read"}}
#define WHY {"reason", RH_TYPE_TEXT, RH_PARAM_REQUIRED, .min = 1, .max = 500, .help = {"warum; alle lesen es", "why; all read it"}}
#define DESPITE {"despite-busy", RH_TYPE_FLAG, .help = {"auch wenn jemand laut eigenem Kalender nicht frei ist", "even if somebody is not free by their own calendar"}}
#define ATTENDEE(flags, de, en) {"attendee", RH_TYPE_TEXT, flags, .min = 1, .max = 254, .help = {de, en}}

static const struct rh_param fix_params[] = {
    PROCEDURE(RH_PARAM_POSITIONAL), STEP(RH_PARAM_POSITIONAL),
    {"on", RH_TYPE_DAY, RH_PARAM_REQUIRED, .help = {"Tag", "day"}}, AT, UNTIL, PLACE, VIDEO, NOTE,
    {"title", RH_TYPE_TEXT, .min = 1, .max = 200, .help = {"Titel einer Veranstaltung für alle, statt Verfahren und Schritt", "title of an event for all, instead of procedure and step"}},
    {"title-en", RH_TYPE_TEXT, .min = 1, .max = 200, .help = {"Titel auf Englisch; sonst derselbe", "title in English; else the same"}},
    {"with", RH_TYPE_CHOICE, .fallback = "all", .choices = "all|offices|moderators",
     .help = {"wer zur Veranstaltung eingeladen ist: alle, Jugendämter, Moderator*innen", "who is invited to the event: all, offices, moderators"}},
    DESPITE,
};
static const struct rh_param move_params[] = {
    MEETING, {"on", RH_TYPE_DAY, .help = {"neuer Tag; sonst derselbe", "new day; else the same"}}, AT, UNTIL,
    {"place", RH_TYPE_TEXT, .max = 300, .help = {"neuer Ort; sonst derselbe", "new place; else the same"}}, VIDEO, NOTE, WHY, DESPITE,
};
static const struct rh_param cancel_params[] = {
    MEETING, WHY, ATTENDEE(0, "nur diese Person; der Termin bleibt", "this person only; the meeting stays"),
};
static const struct rh_param answer_params[] = {
    MEETING, ATTENDEE(RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL, "wer: Name, Adresse oder Kennung", "who: name, address or id"),
    {"answer", RH_TYPE_CHOICE, RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL, .choices = "accepted|declined|tentative", .help = {"Antwort", "answer"}},
    {"comment", RH_TYPE_TEXT, .max = 500, .help = {"was dazu gesagt wurde", "what was said with it"}},
};
static const struct rh_param resend_params[] = {
    MEETING, ATTENDEE(0, "nur diese Person; sonst alle ohne Antwort", "this person only; else all without an answer"),
};
static const struct rh_param show_params[] = {MEETING};
#define PARTSTAT_WORDS \
    TEXT("partstat=needs-action", "noch offen", "not answered"), TEXT("partstat=accepted", "sagt zu", "accepted"), \
    TEXT("partstat=declined", "sagt ab", "declined"), TEXT("partstat=tentative", "vielleicht", "tentative"), \
    TEXT("partstat=delegated", "lässt sich vertreten", "delegated")
#define KIND_WORDS \
    TEXT("kind=moderator", "Team", "team"), TEXT("kind=contact", "Jugendamt", "office"), TEXT("kind=office", "Jugendamt", "office"), \
    TEXT("kind=guest", "Gast", "guest")
#define ROLE_WORDS TEXT("role=required", "nötig", "required"), TEXT("role=optional", "eingeladen", "optional")
#define FACTS \
    TEXT(".meeting", "Kennung", "id"), TEXT(".title", "Termin", "meeting"), TEXT(".office", "Jugendamt", "office"), DAY(".day", "Tag", "day"), \
    TEXT(".time", "Zeit", "time"), TEXT(".place", "Ort", "place"), TEXT(".state", "Stand", "state"), INT(".sequence", "Fassung", "version"), STATE_WORDS
static const struct rh_column done_columns[] = {FACTS, INT(".count", "Mails", "mails")};
static const struct rh_column show_columns[] = {
    TEXT("name", "wer", "who"), TEXT("kind", "von", "of"), TEXT("role", "wie", "how"), TEXT("partstat", "Antwort", "answer"),
    TEXT("comment", "dazu", "comment"), DAY("answered", "geantwortet", "answered"), DAY("invited", "eingeladen", "invited"),
    WIDE("email", "Adresse", "address"), {"attendee", RH_TYPE_INT, RH_COLUMN_WIDE, {"Nummer", "number"}}, PARTSTAT_WORDS, KIND_WORDS, ROLE_WORDS, FACTS,
    TEXT(".procedure", "Verfahren", "procedure"), TEXT(".step", "Schritt", "step"), TEXT(".office_name", "Jugendamt", "office"),
    TEXT(".video", "Videokonferenz", "video conference"), TEXT(".note", "Bemerkung", "note"), TEXT(".reason", "Grund", "reason"),
    INT(".poll", "Umfrage", "poll"), TEXT(".created_by", "vereinbart von", "fixed by"), DAY(".created", "angelegt", "created"),
    DAY(".changed", "geändert", "changed"), TEXT(".plan", "Planung", "planning"), TEXT(".conference", "Tagung", "conference"),
    TEXT("left.", "nicht mehr dabei", "not in it any more"), TEXT("impossible.", "geht nicht mehr", "impossible"),
    TEXT("letters.", "Mails", "mails"), TEXT("letters.method", "Art", "kind"),
    TEXT("letters.mail_state", "Stand", "state"),
    TEXT("mail_state=queued", "wartet", "queued"), TEXT("mail_state=sending", "wird gesendet", "being sent"),
    TEXT("mail_state=sent", "gesendet", "sent"), TEXT("mail_state=held", "angehalten", "held"),
    TEXT("mail_state=failed", "gescheitert", "failed"), TEXT("mail_state=dropped", "verworfen", "dropped"),
    TEXT("method=REQUEST", "Einladung", "invitation"), TEXT("method=CANCEL", "Absage", "cancellation"),
    TEXT("method=DECLINECOUNTER", "Gegenvorschlag abgelehnt", "proposal declined"),
};
static const struct rh_column impossible_columns[] = {
    DAY("day", "Tag", "day"), TEXT("time", "Zeit", "time"), TEXT("title", "Termin", "meeting"), TEXT("office_name", "Jugendamt", "office"),
    TEXT("reason", "geht nicht, weil", "impossible because"), DAY("since", "bekannt seit", "known since"), WIDE("kind", "Art", "kind"),
    WIDE("meeting", "Kennung", "id"), WIDE("procedure", "Verfahren", "procedure"), WIDE("step", "Schritt", "step"),
};

static const struct rh_param dates_params[] = {PROCEDURE(RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL)};
static const struct rh_column dates_columns[] = {
    TEXT("step", "Schritt", "step"), TEXT("title", "Termin", "meeting"), DAY("day", "Tag", "day"), TEXT("time", "Zeit", "time"), TEXT("place", "Ort", "place"),
    INT("accepted", "zugesagt", "accepted"), INT("declined", "abgesagt", "declined"), INT("waiting", "offen", "not answered"),
    FLAG("impossible", "geht nicht mehr", "impossible"), DAY("due", "Tag am Verfahren", "day at the procedure"), WIDE("meeting", "Kennung", "id"),
    TEXT(".procedure", "Verfahren", "procedure"), TEXT(".office_name", "Jugendamt", "office"), TEXT(".start_month", "Beginn", "start"),
};

/* ---- month and week ---- */

#define WHO {"moderator", RH_TYPE_TEXT, .help = {"nur mit dieser Person (Moderator*in)", "with this moderator only"}}
static const struct rh_param month_params[] = {{"month", RH_TYPE_MONTH, .help = {"Monat; sonst dieser", "month; else this one"}}, WHO};
static const struct rh_param week_params[] = {{"day", RH_TYPE_DAY, .help = {"ein Tag der Woche; sonst heute", "a day of the week; else today"}}, WHO};
static const struct rh_column month_columns[] = {
    TEXT(".month_words", "Monat", "month"), INT(".count", "Termine", "meetings"), TEXT("weeks.", "Wochen", "weeks"),
    INT(".impossible", "gehen nicht mehr", "impossible"), INT(".polls", "offene Umfragen", "open polls"),
};
static const struct rh_column week_columns[] = {
    TEXT(".week_words", "Woche", "week"), INT(".count", "Einträge", "entries"), TEXT("rows.", "wer", "who"), TEXT("events.", "für alle", "for all"),
    INT(".impossible", "gehen nicht mehr", "impossible"), INT(".polls", "offene Umfragen", "open polls"),
};

/* ---- polls ---- */

#define POLL {"poll", RH_TYPE_INT, RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL, .min = 1, .max = INT64_C(1) << 53, .help = {"Nummer der Umfrage", "number of the poll"}}
#define TOKEN {"token", RH_TYPE_TEXT, RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL, .min = 1, .max = 100, \
    .help = {"Kennung aus dem Link der Mail", "token from the link in the mail"}}
static const struct rh_param open_params[] = {
    PROCEDURE(RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL), STEP(RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL),
    {"dates", RH_TYPE_TEXT, RH_PARAM_REQUIRED, .min = 1, .max = 1000,
     .help = {"zwei bis zwölf Termine, getrennt durch ';', etwa '2027-05-11 9:00-16:00; 2027-05-12'",
              "two to twelve dates, parted by ';', such as '2027-05-11 9:00-16:00; 2027-05-12'"}},
    {"rule", RH_TYPE_CHOICE, .fallback = "all", .choices = "all|most|hand",
     .help = {"wann sie sich entscheidet: alle Nötigen sagen ja, am Ende die meisten, oder von Hand",
              "when it decides itself: all who are needed say yes, at its end the most, or by hand"}},
    {"closes", RH_TYPE_DAY, .help = {"letzter Tag für Antworten", "last day for answers"}}, PLACE, VIDEO, NOTE,
};
static const struct rh_param poll_params[] = {POLL};
static const struct rh_param polls_params[] = {
    {"state", RH_TYPE_CHOICE, .fallback = "open", .choices = "open|decided|closed|all", .help = {"welche", "which"}},
};
static const struct rh_param decide_params[] = {
    POLL, {"number", RH_TYPE_INT, RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL, .min = 1, .max = 12, .help = {"Nummer des Termins", "number of the date"}},
};
static const struct rh_param close_params[] = {POLL, WHY};
static const struct rh_param sheet_params[] = {TOKEN};
#define VOTE(number) {"vote-" number, RH_TYPE_CHOICE, .choices = "yes|maybe|no", .help = {"Antwort zu Termin " number, "answer to date " number}}
static const struct rh_param vote_params[] = {
    TOKEN, VOTE("1"), VOTE("2"), VOTE("3"), VOTE("4"), VOTE("5"), VOTE("6"), VOTE("7"), VOTE("8"), VOTE("9"), VOTE("10"), VOTE("11"), VOTE("12"),
    {"comment", RH_TYPE_TEXT, .max = 500, .help = {"Bemerkung", "comment"}},
};
#define POLL_WORDS \
    TEXT("state=open", "offen", "open"), TEXT("state=decided", "entschieden", "decided"), TEXT("state=closed", "geschlossen", "closed"), \
    TEXT("rule=all", "wenn alle Nötigen ja sagen", "when all who are needed say yes"), \
    TEXT("rule=most", "am Ende die meisten", "the most at its end"), TEXT("rule=hand", "von Hand", "by hand")
static const struct rh_column opened_columns[] = {
    INT(".poll", "Umfrage", "poll"), INT(".options", "Termine", "dates"), INT(".mails", "Mails", "mails"),
};
static const struct rh_column polls_columns[] = {
    INT("poll", "Nr.", "no."), TEXT("title", "Termin", "meeting"), TEXT("office_name", "Jugendamt", "office"), TEXT("state", "Stand", "state"),
    DAY("closes", "Antworten bis", "answers until"), INT("options", "Termine", "dates"), INT("answered", "geantwortet", "answered"), INT("voters", "von", "of"),
    TEXT("rule", "entscheidet sich", "decides"), FLAG("undecided", "wartet auf Entscheidung", "waits for a decision"),
    WIDE("procedure", "Verfahren", "procedure"), WIDE("step", "Schritt", "step"), POLL_WORDS,
};
static const struct rh_column poll_columns[] = {
    INT("number", "Nr.", "no."), DAY("day", "Tag", "day"), TEXT("time", "Zeit", "time"), INT("yes", "ja", "yes"), INT("maybe", "vielleicht", "maybe"),
    INT("no", "nein", "no"), TEXT("state", "Stand", "state"), WIDE("meeting", "Kennung", "id"), STATE_WORDS, POLL_WORDS, KIND_WORDS, ROLE_WORDS,
    INT(".poll", "Umfrage", "poll"), TEXT(".title", "Termin", "meeting"), TEXT(".office_name", "Jugendamt", "office"), TEXT(".state", "Stand", "state"),
    TEXT(".place", "Ort", "place"), TEXT(".video", "Videokonferenz", "video conference"), TEXT(".note", "Bemerkung", "note"),
    DAY(".closes", "Antworten bis", "answers until"), TEXT(".rule", "entscheidet sich", "decides"), TEXT(".decided_by", "entschieden von", "decided by"),
    FLAG(".is_open", "nimmt Antworten an", "takes answers"), FLAG(".undecided", "wartet auf Entscheidung", "waits for a decision"),
    TEXT(".procedure", "Verfahren", "procedure"), TEXT(".step", "Schritt", "step"), DAY(".decided_day", "entschieden für", "decided for"), TEXT(".reason", "Grund", "reason"),
    TEXT("voters.", "wer", "who"), TEXT("voters.name", "wer", "who"), TEXT("voters.votes", "Antworten", "answers"), TEXT("voters.comment", "dazu", "comment"),
};

/* ---- calendars: files and subscriptions ---- */

#define WHOSE \
    {"moderator", RH_TYPE_TEXT, .help = {"Termine dieser Person (Moderator*in)", "meetings of this moderator"}}, \
    {"office", RH_TYPE_TEXT, .help = {"Termine dieses Jugendamts", "meetings of this office"}}, \
    {"procedure", RH_TYPE_TEXT, .help = {"Termine dieses Verfahrens", "meetings of this procedure"}}, \
    {"round", RH_TYPE_TEXT, .help = {"Termine dieses Turnus", "meetings of this round"}}, \
    {"all", RH_TYPE_FLAG, .help = {"alle Termine", "all meetings"}}
static const struct rh_param whose_params[] = {WHOSE};
static const struct rh_param file_params[] = {
    {"kind", RH_TYPE_CHOICE, RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL, .choices = "meeting|moderator|office|procedure|round",
     .help = {"wessen Termine", "whose meetings"}},
    {"ref", RH_TYPE_TEXT, RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL, .min = 1, .max = 100, .help = {"Kennung", "id"}},
};
static const struct rh_param secret_params[] = {TOKEN};
static const struct rh_column content_columns[] = {TEXT(".content", "Kalender", "calendar"), INT(".modified_utc", "geändert", "changed")};
static const struct rh_column feed_columns[] = {
    TEXT("name", "wessen Termine", "whose meetings"), TEXT("kind", "Art", "kind"), DAY("created", "Adresse gemacht", "address made"),
    TEXT("created_by", "von", "by"), WIDE("ref", "Kennung", "id"),
    TEXT("kind=moderator", "Moderator*in", "moderator"), TEXT("kind=office", "Jugendamt", "office"), TEXT("kind=procedure", "Verfahren", "procedure"),
    TEXT("kind=round", "Turnus", "round"), TEXT("kind=all", "alle", "all"),
    TEXT("missing.", "ohne Kalender", "without a calendar"), TEXT("missing.name", "Name", "name"),
    TEXT(".name", "Kalender", "calendar"), TEXT(".address", "Adresse", "address"),
};

/* ---- calendars that moderators keep elsewhere ---- */

#define KEEPER(flags) {"moderator", RH_TYPE_TEXT, flags, .min = 1, .max = 200, .help = {"Moderator*in", "moderator"}}
static const struct rh_param busy_add_params[] = {
    KEEPER(RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL),
    {"address", RH_TYPE_TEXT, RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL, .min = 1, .max = 2000,
     .help = {"Adresse des Kalenders, https://… oder webcal://…", "address of the calendar, https://… or webcal://…"}},
};
static const struct rh_param busy_import_params[] = {
    KEEPER(RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL),
    {"file", RH_TYPE_FILE, RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL, .help = {"Kalenderdatei (.ics)", "calendar file (.ics)"}},
};
static const struct rh_param busy_who_params[] = {KEEPER(RH_PARAM_POSITIONAL)};
static const struct rh_param busy_source_params[] = {
    {"source", RH_TYPE_INT, RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL, .min = 1, .max = INT64_MAX,
     .help = {"Nummer aus 'busy list'", "number from 'busy list'"}},
};
static const struct rh_column busy_news_columns[] = {
    TEXT("name", "Moderator*in", "moderator"), TEXT("host", "Kalender bei", "calendar at"), TEXT("result", "Ergebnis", "result"),
    INT("intervals", "belegte Zeiten", "busy times"), TEXT("why", "weil", "because"),
    TEXT("result=new", "gelesen", "read"), TEXT("result=same", "unverändert", "unchanged"), TEXT("result=failed", "gescheitert", "failed"),
};
static const struct rh_column busy_columns[] = {
    INT("source", "Nummer", "number"), TEXT("name", "Moderator*in", "moderator"), TEXT("host", "Kalender bei", "calendar at"),
    TEXT("state", "Stand", "state"), DAY("good", "gelesen am", "read on"), INT("intervals", "belegte Zeiten", "busy times"),
    TEXT("why", "weil", "because"), WIDE("notes", "ausgelassen", "left out"), WIDE("moderator", "Kennung", "id"),
    TEXT("state=good", "gelesen", "read"), TEXT("state=stale", "alter Stand, neuer nicht lesbar", "old copy, a new one cannot be read"),
    TEXT("state=never", "noch nie gelesen", "never read"),
};

/* ---- answers ---- */

#define ITEM {"item", RH_TYPE_TEXT, RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL, .min = 1, .max = 40, \
    .help = {"Kennung aus 'review list', etwa answer-12", "id from 'review list', such as answer-12"}}
static const struct rh_param review_params[] = {ITEM};
static const struct rh_param review_accept_params[] = {ITEM, DESPITE};
static const struct rh_param review_decline_params[] = {
    ITEM, {"words", RH_TYPE_TEXT, .max = 500, .help = {"was dazu gesagt wird", "what is said with it"}},
};
#define REVIEW \
    TEXT("item", "Kennung", "id"), TEXT("kind", "Art", "kind"), TEXT("who", "von", "from"), TEXT("title", "Termin", "meeting"), \
    TEXT("office_name", "Jugendamt", "office"), TEXT("when", "Zeit", "time"), TEXT("proposed", "vorgeschlagen", "proposed"), \
    TEXT("why", "weil", "because"), DAY("since", "seit", "since"), WIDE("comment", "dazu", "comment"), WIDE("method", "Methode", "method"), \
    WIDE("partstat", "Antwort", "answer"), WIDE("sender", "Absender", "sender"), WIDE("address", "Adresse", "address"), WIDE("meeting", "Termin", "meeting"), \
    WIDE("procedure", "Verfahren", "procedure"), WIDE("step", "Schritt", "step"), WIDE("inbound", "Eingang", "mail"), \
    {"may_accept", RH_TYPE_FLAG, RH_COLUMN_WIDE, {"kann angenommen werden", "may be accepted"}}, \
    {"may_decline", RH_TYPE_FLAG, RH_COLUMN_WIDE, {"kann abgelehnt werden", "may be declined"}}, \
    TEXT("kind=counter", "anderer Termin vorgeschlagen", "another time proposed"), TEXT("kind=declined", "jemand Nötiges sagt ab", "somebody required declines"), \
    TEXT("kind=review", "unklar", "unclear"), PARTSTAT_WORDS
static const struct rh_column review_columns[] = {REVIEW};
static const struct rh_column review_show_columns[] = {
    REVIEW, TEXT(".meeting", "Kennung", "id"), TEXT("proposals.", "andere Zeiten", "other times"), TEXT("proposals.when", "Zeit", "time"),
    TEXT("proposals.good", "gut, weil", "good because"), TEXT("proposals.costs", "kostet", "costs"),
    TEXT(".no_proposals", "keine anderen Zeiten, weil", "no other times because"),
};

#define P(array) .params = RH_ROWS(array)
#define C(array) .columns = RH_ROWS(array)

static const struct rh_operation operations[] = {
    {.name = "appointment fix", .kind = RH_WRITE, .flags = RH_OP_DRY_RUN, .run = appointment_fix, P(fix_params), C(done_columns),
     .help = {"einen Termin vereinbaren", "fix a meeting"},
     .detail = {"Teilnehmen Team und Ansprechpersonen des Jugendamts; der Schritt des Verfahrens bekommt das Datum. Wer abwesend oder schon vergeben "
                "ist, steht in der Absage; ebenso Feiertage und Schließtage.",
                "Team and contacts of the office take part; the step of the procedure gets the date. Who is absent or taken already is named in the "
                "refusal; so are holidays and closing days."}},
    {.name = "appointment move", .kind = RH_WRITE, .flags = RH_OP_DRY_RUN, .run = appointment_move, P(move_params), C(done_columns),
     .help = {"einen Termin verlegen oder ändern", "move or change a meeting"},
     .detail = {"Ist der Tag oder die Zeit anders, werden alle neu gefragt.", "When day or time are others, all are asked anew."}},
    {.name = "appointment cancel", .kind = RH_WRITE, .flags = RH_OP_DRY_RUN, .run = appointment_cancel, P(cancel_params), C(done_columns),
     .help = {"einen Termin absagen, oder eine Person davon ausnehmen", "cancel a meeting, or take one person out of it"}},
    {.name = "appointment answer", .kind = RH_WRITE, .flags = RH_OP_DRY_RUN, .run = appointment_answer, P(answer_params), C(done_columns),
     .help = {"eine Antwort eintragen, die auf anderem Weg kam", "record an answer that came another way"}},
    {.name = "appointment resend", .kind = RH_WRITE, .flags = RH_OP_DRY_RUN, .run = appointment_resend, P(resend_params), C(done_columns),
     .help = {"die Einladung noch einmal senden", "send the invitation once more"}},
    {.name = "appointment list", .kind = RH_READ, .run = appointment_list, P(list_params), C(list_columns),
     .help = {"Termine auflisten", "list meetings"}},
    {.name = "appointment show", .kind = RH_READ, .run = appointment_show, P(show_params), C(show_columns),
     .help = {"ein Termin, und wer zugesagt hat", "one meeting, and who has accepted"}},
    {.name = "appointment dates", .kind = RH_READ, .run = appointment_dates, P(dates_params), C(dates_columns),
     .help = {"die Termine eines Verfahrens, vereinbart oder nicht", "the dates of a procedure, fixed or not"}},
    {.name = "appointment month", .kind = RH_READ, .run = appointment_month, P(month_params), C(month_columns),
     .help = {"die Termine eines Monats als Kalender", "the meetings of a month as a calendar"}},
    {.name = "appointment week", .kind = RH_READ, .run = appointment_week, P(week_params), C(week_columns),
     .help = {"wer in einer Woche wo ist", "who is where in a week"}},
    {.name = "appointment impossible", .kind = RH_READ, .run = appointment_impossible, C(impossible_columns),
     .help = {"Termine, die nicht mehr gehen, und warum", "meetings that cannot be kept any more, and why"}},
    {.name = "appointment poll", .kind = RH_WRITE, .flags = RH_OP_DRY_RUN, .run = appointment_poll, P(open_params), C(opened_columns),
     .help = {"Jugendamt und Team fragen, welcher Termin passt", "ask office and team which date suits"},
     .detail = {"Jeder Termin ist vorgemerkt, bis entschieden ist. Wer gefragt wird, bekommt einen Link, der nur für diese Umfrage und bis zu ihrem "
                "Ende gilt.",
                "Each date is held until it is decided. Who is asked gets a link that holds for this poll alone, until it ends."}},
    {.name = "review list", .kind = RH_READ, .run = review_list, C(review_columns),
     .help = {"Antworten auf Einladungen, die jemand ansehen muss", "answers to invitations that a person has to look at"},
     .detail = {"Vorschläge für andere Zeiten, Absagen von Personen, ohne die es nicht geht, und was von Unbekannten kam oder unklar ist.",
                "Proposals of other times, people who are required and decline, and what came from strangers or is unclear."}},
    {.name = "review show", .kind = RH_READ, .run = review_show, P(review_params), C(review_show_columns),
     .help = {"eine solche Antwort, bei Absagen mit anderen Zeiten", "one such answer, with other times where somebody declines"}},
    {.name = "review accept", .kind = RH_WRITE, .flags = RH_OP_DRY_RUN, .run = review_accept, P(review_accept_params),
     .help = {"annehmen: den Termin verlegen, die Person aufnehmen, die Antwort gelten lassen",
              "accept: move the meeting, take the person in, let the answer count"}},
    {.name = "review decline", .kind = RH_WRITE, .flags = RH_OP_DRY_RUN, .run = review_decline, P(review_decline_params),
     .help = {"einen Vorschlag ablehnen; wer ihn machte, hört davon", "decline a proposal; who made it hears of it"}},
    {.name = "review dismiss", .kind = RH_WRITE, .flags = RH_OP_DRY_RUN, .run = review_dismiss, P(review_params),
     .help = {"eine Antwort abhaken, ohne dass sich etwas ändert", "tick an answer off; nothing changes"}},
    PLANNING_OPERATIONS,
    {.name = "poll list", .kind = RH_READ, .run = poll_list, P(polls_params), C(polls_columns),
     .help = {"Terminumfragen auflisten", "list date polls"}},
    {.name = "poll show", .kind = RH_READ, .run = poll_show, P(poll_params), C(poll_columns),
     .help = {"eine Umfrage, und wer was geantwortet hat", "a poll, and who has answered what"}},
    {.name = "poll decide", .kind = RH_WRITE, .flags = RH_OP_DRY_RUN, .run = poll_decide, P(decide_params), C(opened_columns),
     .help = {"einen der Termine vereinbaren", "fix one of the dates"}},
    {.name = "poll close", .kind = RH_WRITE, .flags = RH_OP_DRY_RUN, .run = poll_close, P(close_params), C(opened_columns),
     .help = {"eine Umfrage ohne Termin beenden", "end a poll without a date"}},
    {.name = "poll remind", .kind = RH_WRITE, .flags = RH_OP_DRY_RUN, .run = poll_remind, P(poll_params), C(opened_columns),
     .help = {"denen, die nicht geantwortet haben, einen neuen Link senden", "send a new link to those who have not answered"}},
    {.name = "poll sheet", .kind = RH_READ, .flags = RH_OP_PUBLIC, .run = poll_sheet, P(sheet_params), C(poll_columns),
     .help = {"was hinter dem Link einer Umfrage steht", "what is behind the link of a poll"}},
    {.name = "poll vote", .kind = RH_WRITE, .flags = RH_OP_PUBLIC, .run = poll_vote, P(vote_params),
     .help = {"auf eine Umfrage antworten", "answer a poll"}},
    {.name = "appointment export", .kind = RH_READ, .flags = RH_OP_CONTENT, .run = appointment_export, P(whose_params), C(content_columns),
     .help = {"Termine als Kalenderdatei (.ics)", "meetings as a calendar file (.ics)"}},
    {.name = "appointment file", .kind = RH_READ, .flags = RH_OP_CONTENT, .run = appointment_file, P(file_params), C(content_columns),
     .help = {"was hinter dem Link zu einer Kalenderdatei steht", "what is behind the link to a calendar file"}},
    {.name = "busy add", .kind = RH_COMPUTE,
     .help = {"liest von nun an den Kalender, den jemand anderswo führt", "read the calendar that somebody keeps elsewhere from now on"},
     .detail = {"Behalten wird, wann jemand nicht frei ist, nie warum. Die Adresse wird gleich und dann alle paar Stunden abgerufen; ist sie einmal nicht "
                "lesbar, gilt der letzte gute Stand weiter. Passwörter werden nicht gespeichert.",
                "What is kept is when somebody is not free, never why. The address is fetched at once and then every few hours; when it cannot be read, "
                "the last good copy counts. Passwords are not stored."},
     .params = RH_ROWS(busy_add_params), .columns = RH_ROWS(busy_news_columns), .run = busy_add, .commit = busy_keep},
    {.name = "busy import", .kind = RH_COMPUTE,
     .help = {"liest belegte Zeiten aus einer Kalenderdatei; dieselbe Datei später ersetzt sie",
              "read busy times from a calendar file; the same file later replaces them"},
     .params = RH_ROWS(busy_import_params), .columns = RH_ROWS(busy_news_columns), .run = busy_import, .commit = busy_keep},
    {.name = "busy refresh", .kind = RH_COMPUTE, .help = {"ruft die Kalender jetzt ab", "fetch the calendars now"},
     .params = RH_ROWS(busy_who_params), .columns = RH_ROWS(busy_news_columns), .run = busy_refresh, .commit = busy_keep},
    {.name = "busy list", .kind = RH_READ, .help = {"zeigt, wessen Kalender gelesen werden und wie es steht", "show whose calendars are read, and how they are"},
     .params = RH_ROWS(busy_who_params), .columns = RH_ROWS(busy_columns), .run = busy_list},
    {.name = "busy remove", .kind = RH_WRITE, .help = {"liest einen Kalender nicht mehr und vergisst seine Zeiten", "stop reading a calendar and forget its times"},
     .params = RH_ROWS(busy_source_params), .run = busy_remove},
    {.name = "feed create", .kind = RH_WRITE, .run = feed_create, P(whose_params), C(feed_columns),
     .help = {"eine Adresse machen, die ein Kalender abonniert", "make an address that a calendar subscribes to"},
     .detail = {"Die Adresse ist geheim und wird nur einmal gezeigt. Kalender fragen sie von selbst ab, Google nur alle 8 bis 24 Stunden.",
                "The address is secret and shown only once. Calendars ask it by themselves, Google only every 8 to 24 hours."}},
    {.name = "feed rotate", .kind = RH_WRITE, .run = feed_rotate, P(whose_params), C(feed_columns),
     .help = {"eine neue Adresse machen und die alte ungültig", "make a new address and end the old one"}},
    {.name = "feed revoke", .kind = RH_WRITE, .run = feed_revoke, P(whose_params), C(feed_columns),
     .help = {"eine Adresse ungültig machen", "end an address"}},
    {.name = "feed list", .kind = RH_READ, .run = feed_list, C(feed_columns),
     .help = {"welche Kalender abonniert werden können, ohne ihre Adressen", "which calendars can be subscribed to, without their addresses"}},
    {.name = "feed document", .kind = RH_READ, .flags = RH_OP_CONTENT, .run = feed_document, P(secret_params), C(content_columns),
     .help = {"was hinter der Adresse eines Kalenders steht", "what is behind the address of a calendar"}},
};

/* Behind the modules that keep what is looked at. */
#define LATE 50

static const struct rh_hook hooks[] = {
    {"mail.received", 0, 0, on_mail},
    {"procedure.step", LATE, 0, on_step},
    {"procedure.cancelled", LATE, 0, on_cancelled},
    {"procedure.recorded", LATE, 0, on_plan},
    {"round.published", LATE, 0, on_plan},
    {"turnus.moved", LATE, 0, on_moved},
    {"team.changed", LATE, 0, on_team},
    {"moderators.absences", LATE, 0, on_change},
    {"moderators.changed", LATE, 0, on_change},
    {"calendar.changed", LATE, 0, on_change},
    {"office.closed", LATE, 0, on_change},
    {"conference.created", LATE, 0, on_conference},
    {"conference.invited", LATE, 0, on_conference_invited},
    {"conference.answered", LATE, 0, on_conference_answered},
};

static const struct rh_job_kind jobs[] = {
    {"appointments.tell", .run = tell_job},
    {"appointments.poll", .run = poll_job},
    {"appointments.people", .run = appointments_people_job},
    {"appointments.answer", .run = answer_job, .prepare = answer_prepare},
    {"appointments.busy", .run = busy_job, .prepare = busy_job_prepare},
};

static const struct rh_config_key config[] = {
    {"organizer", RH_TYPE_TEXT, .min = 3, .max = 254,
     .help = {"Postfach, aus dem Einladungen kommen und in dem Antworten gelesen werden; vor dem @ kommt je Termin '+' und eine Kennung dazu. Ohne "
              "es verlässt keine Einladung das Haus",
              "mailbox that invitations come from and answers are read in; before the @ comes '+' and a token of the meeting. Without it no "
              "invitation leaves the house"}},
    {"organizer_name", RH_TYPE_TEXT, .fallback = "Koordinierungsstelle Qualitätsentwicklung", .min = 1, .max = 200,
     .help = {"Name neben diesem Postfach", "name beside that mailbox"}},
    {"public_address", RH_TYPE_TEXT, .fallback = "http://127.0.0.1:8186", .min = 8, .max = 200,
     .help = {"Adresse, unter der die Seiten von außen erreichbar sind; Links in Mails beginnen so",
              "address under which the pages are reached from outside; links in mails begin with it"}},
    {"office_required", RH_TYPE_LIST, .fallback = "contact",
     .help = {"Rollen aus dem Jugendamt, ohne die ein Termin nicht geht", "roles of the office that a meeting needs"}},
    {"office_optional", RH_TYPE_LIST, .fallback = "head\nasd_head",
     .help = {"Rollen aus dem Jugendamt, die eingeladen werden", "roles of the office that are invited, too"}},
    {"day_from", RH_TYPE_TEXT, .fallback = "8:00", .max = 5, .help = {"vorher beginnt kein Termin", "no meeting begins earlier"}},
    {"day_until", RH_TYPE_TEXT, .fallback = "18:00", .max = 5, .help = {"nachher endet kein Termin", "no meeting ends later"}},
    {"minutes", RH_TYPE_INT, .fallback = "120", .min = 15, .max = 600,
     .help = {"so lange dauert ein Termin, wenn der Ablauf nichts sagt (Minuten)", "a meeting takes so long where the process says nothing (minutes)"}},
    {"per_week", RH_TYPE_INT, .fallback = "3", .min = 1, .max = 20,
     .help = {"Termine, die jemand in einer Woche höchstens hat", "meetings that somebody has in a week at most"}},
    {"gap_minutes", RH_TYPE_INT, .fallback = "30", .min = 0, .max = 600,
     .help = {"so viel Zeit liegt zwischen zwei Terminen einer Person, die Fahrt nicht gerechnet (Minuten)",
              "so much time is between two meetings of a person, without the journey (minutes)"}},
    {"travel_kmh", RH_TYPE_INT, .fallback = "60", .min = 1, .max = 300,
     .help = {"so schnell ist man zwischen zwei Jugendämtern unterwegs (km/h, Luftlinie)", "so fast one travels between two offices (km/h, as the crow flies)"}},
    {"school_holidays", RH_TYPE_CHOICE, .fallback = "avoid", .choices = "avoid|refuse|ignore",
     .help = {"Termine in den Schulferien: avoid meidet sie, refuse schließt sie aus, ignore achtet nicht darauf",
              "meetings in school holidays: avoid tries not to, refuse rules them out, ignore does not look"}},
    {"poll_days", RH_TYPE_INT, .fallback = "10", .min = 1, .max = 60,
     .help = {"so viele Tage ist eine Terminumfrage offen", "a date poll is open for so many days"}},
    {"busy_every", RH_TYPE_DURATION, .fallback = "4h", .min = 900, .max = 604800,
     .help = {"so oft werden fremde Kalender abgerufen", "calendars of others are fetched so often"}},
    {"alarm_minutes", RH_TYPE_INT, .fallback = "1440", .min = 0, .max = 20160,
     .help = {"so lange vorher erinnern Kalender an einen Termin (Minuten); 0 = gar nicht",
              "calendars remind of a meeting so long before (minutes); 0 = not at all"}},
};

static const struct rh_document documents[] = {
    {"/feed/{token}.ics", "feed document", "text/calendar; charset=utf-8"},
    {"/calendar/{kind}/{ref}.ics", "appointment file", "text/calendar; charset=utf-8"},
};

static const struct rh_page pages[] = {
    {"/appointments", "appointment month", month_mustache, {"Termine{{#month_words}} im {{month_words}}{{/month_words}}", "Meetings{{#month_words}} in {{month_words}}{{/month_words}}"}, {"Termine", "Meetings"}, 9, 0},
    {"/appointments/week", "appointment week", week_mustache, {"Woche {{number}}: {{week_words}}", "Week {{number}}: {{week_words}}"}, {NULL, NULL}, 0, 0},
    {"/appointments/impossible", "appointment impossible", impossible_mustache, {"Termine, die nicht mehr gehen", "Meetings that cannot be kept"}, {NULL, NULL}, 0, 0},
    {"/meetings/{meeting}", "appointment show", meeting_mustache, {"{{title}}{{#office_name}}, {{office_name}}{{/office_name}}", "{{title}}{{#office_name}}, {{office_name}}{{/office_name}}"}, {NULL, NULL}, 0, 0},
    {"/running/{procedure}/dates", "appointment dates", dates_mustache, {"Termine: {{office_name}}", "Dates: {{office_name}}"}, {"Termine", "Dates"}, 0, 0},
    {"/polls", "poll list", polls_mustache, {"Terminumfragen", "Date polls"}, {NULL, NULL}, 0, 0},
    {"/polls/{poll}", "poll show", poll_mustache, {"Umfrage: {{title}}, {{office_name}}", "Poll: {{title}}, {{office_name}}"}, {NULL, NULL}, 0, 0},
    PLANNING_PAGES,
    {"/dates/{token}", "poll sheet", sheet_mustache, {"{{title}}, {{office_name}}", "{{title}}, {{office_name}}"}, {NULL, NULL}, 0, 0},
    {"/review", "review list", review_list_mustache, {"Antworten zum Ansehen", "Answers to look at"}, {"Antworten", "Answers"}, 9, 0},
    {"/review/{item}", "review show", review_mustache, {"Antwort ansehen", "Look at an answer"}, {NULL, NULL}, 0, 0},
    {"/feeds", "feed list", feeds_mustache, {"Kalender abonnieren", "Subscribe to calendars"}, {NULL, NULL}, 0, 0},
};

static const struct rh_asset assets[] = {
    {"calendar.css", "text/css; charset=utf-8", calendar_css, sizeof(calendar_css) - 1},
};

static const struct rh_migration migrations[] = {
    {1, 0, "meetings, polls, feeds, busy times", appointments_schema_1},
    {2, 0, "what attendees were told", appointments_schema_told},
    {3, 0, "plannings", appointments_schema_planning},
    {4, 0, "how calendars of others are read", appointments_schema_busy},
};

static const struct rh_need needs[] = {
    {"moderators", NULL}, /* teams, absences */
};

/* clang-format on */

RH_PLUGIN const struct rh_plugin rh_plugin = {
    RH_PLUGIN_HEAD("appointments", "1.0.0"),
    .title = {"Termine", "Appointments"},
    .needs = RH_ROWS(needs),
    .operations = RH_ROWS(operations),
    .hooks = RH_ROWS(hooks),
    .jobs = RH_ROWS(jobs),
    .pages = RH_ROWS(pages),
    .assets = RH_ROWS(assets),
    .documents = RH_ROWS(documents),
    .config = RH_ROWS(config),
    .migrations = RH_ROWS(migrations),
};
