/* What this plugin can do, as tables: conferences and surveys for all offices, and their answers.
 */
#include "plugins/conferences/internal.h"
#include "plugins/conferences/pages/conference.mustache.h"
#include "plugins/conferences/pages/conferences.css.h"
#include "plugins/conferences/pages/conferences.mustache.h"
#include "plugins/conferences/pages/preview.mustache.h"
#include "plugins/conferences/pages/survey.mustache.h"
#include "plugins/conferences/pages/survey_preview.mustache.h"
#include "plugins/conferences/pages/surveys.mustache.h"

/* clang-format off */

#define TEXT(name_, de, en) {name_, RH_TYPE_TEXT, 0, {de, en}}
#define INT(name_, de, en)  {name_, RH_TYPE_INT, 0, {de, en}}
#define DAY(name_, de, en)  {name_, RH_TYPE_DAY, 0, {de, en}}
#define CONFERENCE {"conference", RH_TYPE_TEXT, RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL, .min = 1, .max = 60, \
    .help = {"Tagung (Kennung)", "conference (id)"}}
#define SUMS(dot) INT(dot "invited", "eingeladen", "invited"), INT(dot "yes", "sagen zu", "yes"), INT(dot "no", "sagen ab", "no"), \
    INT(dot "open", "noch offen", "open"), INT(dot "people", "Personen", "people")

static const struct rh_param create_params[] = {
    CONFERENCE,
    {"title", RH_TYPE_TEXT, RH_PARAM_REQUIRED, .min = 1, .max = 200, .help = {"Titel", "title"}},
    {"title-en", RH_TYPE_TEXT, .min = 1, .max = 200, .help = {"Titel auf Englisch; sonst derselbe", "title in English; else the same"}},
    {"on", RH_TYPE_DAY, RH_PARAM_REQUIRED, .help = {"Tag", "day"}},
    {"place", RH_TYPE_TEXT, RH_PARAM_REQUIRED, .min = 1, .max = 200, .help = {"Ort", "place"}},
    {"answer-by", RH_TYPE_DAY, RH_PARAM_REQUIRED, .help = {"Antwort erbeten bis", "answer asked for until"}},
    {"at", RH_TYPE_TEXT, .max = 5, .help = {"Beginn, etwa 10:00; damit steht sie auch in den Kalendern", "beginning, as in 10:00; so it stands in calendars, too"}},
    {"until", RH_TYPE_TEXT, .max = 5, .help = {"Ende, etwa 16:30", "end, as in 16:30"}},
};
static const struct rh_param conference_params[] = {CONFERENCE};
static const struct rh_param invite_params[] = {
    CONFERENCE,
    {"mails", RH_TYPE_INT, RH_PARAM_REQUIRED, .min = 1, .max = 10000,
     .help = {"wie viele Mails es sind, wie 'conference preview' sie zählt", "how many mails it is, as 'conference preview' counts them"}},
};
static const struct rh_param show_params[] = {
    CONFERENCE,
    {"answer", RH_TYPE_CHOICE, .choices = "open|yes|no", .help = {"nur mit dieser Antwort", "with this answer only"}},
};
static const struct rh_param answer_params[] = {
    CONFERENCE,
    {"office", RH_TYPE_TEXT, RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL, .help = {"Jugendamt", "office"}},
    {"answer", RH_TYPE_CHOICE, RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL, .choices = "yes|no", .help = {"Antwort", "answer"}},
    {"people", RH_TYPE_INT, .fallback = "1", .min = 0, .max = 1000, .help = {"mit wie vielen Personen", "with how many people"}},
    {"note", RH_TYPE_TEXT, .max = 500, .help = {"Bemerkung", "note"}},
};
#define SURVEY {"survey", RH_TYPE_TEXT, RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL, .min = 1, .max = 60, \
    .help = {"Befragung (Kennung)", "survey (id)"}}
static const struct rh_param survey_create_params[] = {
    SURVEY,
    {"title", RH_TYPE_TEXT, RH_PARAM_REQUIRED, .min = 1, .max = 200, .help = {"Titel", "title"}},
    {"title-en", RH_TYPE_TEXT, .min = 1, .max = 200, .help = {"Titel auf Englisch; sonst derselbe", "title in English; else the same"}},
    {"opens", RH_TYPE_DAY, RH_PARAM_REQUIRED, .help = {"erster Tag", "first day"}},
    {"closes", RH_TYPE_DAY, RH_PARAM_REQUIRED, .help = {"letzter Tag", "last day"}},
    {"link", RH_TYPE_TEXT, RH_PARAM_REQUIRED, .min = 1, .max = 500, .help = {"Adresse der Fragen (https)", "address of the questions (https)"}},
    {"audience", RH_TYPE_CHOICE, .fallback = "contact", .choices = "contact|head|asd_head|planning",
     .help = {"wer antworten soll; wo es niemanden gibt, die Ansprechperson", "who is to answer; where there is nobody, the contact person"}},
    {"region", RH_TYPE_CHOICE, .choices = "LVR|LWL", .help = {"nur dieser Landesteil", "this region only"}},
};
static const struct rh_param survey_params[] = {SURVEY};
static const struct rh_param survey_invite_params[] = {
    SURVEY,
    {"mails", RH_TYPE_INT, RH_PARAM_REQUIRED, .min = 1, .max = 10000,
     .help = {"wie viele Mails es sind, wie 'survey preview' sie zählt", "how many mails it is, as 'survey preview' counts them"}},
};
static const struct rh_param survey_show_params[] = {
    SURVEY,
    {"answer", RH_TYPE_CHOICE, .choices = "open|yes|no", .help = {"nur mit dieser Antwort", "with this answer only"}},
};
static const struct rh_param survey_answer_params[] = {
    SURVEY,
    {"office", RH_TYPE_TEXT, RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL, .help = {"Jugendamt", "office"}},
    {"answer", RH_TYPE_CHOICE, RH_PARAM_POSITIONAL, .fallback = "yes", .choices = "yes|no",
     .help = {"yes: hat geantwortet, no: nimmt nicht teil", "yes: has answered, no: does not take part"}},
    {"note", RH_TYPE_TEXT, .max = 500, .help = {"Bemerkung", "note"}},
};
#define MAIL_STATES \
    TEXT("mail_state=queued", "wartet", "queued"), TEXT("mail_state=sending", "wird gesendet", "being sent"), \
    TEXT("mail_state=sent", "gesendet", "sent"), TEXT("mail_state=held", "angehalten", "held"), \
    TEXT("mail_state=failed", "gescheitert", "failed"), TEXT("mail_state=dropped", "verworfen", "dropped")
#define REMINDER_DAYS \
    TEXT("reminders.", "Erinnerungen", "reminders"), DAY("reminders.day", "am", "on"), TEXT("reminders.template", "Vorlage", "template"), \
    {"reminders.to_open", RH_TYPE_FLAG, 0, {"an die ohne Antwort", "to those without an answer"}}
#define SURVEY_SUMS(dot) INT(dot "invited", "gefragt", "asked"), INT(dot "yes", "haben geantwortet", "answered"), \
    INT(dot "no", "nehmen nicht teil", "do not take part"), INT(dot "open", "noch offen", "open")
#define SURVEY_FIELDS TEXT(".survey", "Befragung", "survey"), TEXT(".title", "Titel", "title"), DAY(".opens", "von", "from"), DAY(".closes", "bis", "until"), \
    TEXT(".link", "Adresse", "address"), TEXT(".region", "Landesteil", "region"), {".closed", RH_TYPE_FLAG, 0, {"beendet", "closed"}}, SURVEY_SUMS(".")
static const struct rh_column survey_list_columns[] = {
    TEXT("survey", "Befragung", "survey"), TEXT("title", "Titel", "title"), DAY("opens", "von", "from"), DAY("closes", "bis", "until"),
    TEXT("state", "Stand", "state"), SURVEY_SUMS(""), {"link", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"Adresse", "address"}},
    TEXT("state=planned", "beginnt noch", "not open yet"), TEXT("state=open", "läuft", "open"), TEXT("state=closed", "beendet", "closed"),
};
static const struct rh_column survey_preview_columns[] = {
    TEXT("office_name", "Jugendamt", "office"), TEXT("name", "an", "to"), TEXT("email", "Adresse", "address"),
    TEXT("nobody.", "ohne Adresse", "without an address"), TEXT("nobody.office_name", "Jugendamt", "office"),
    SURVEY_FIELDS, INT(".count", "Mails", "mails"), REMINDER_DAYS,
};
static const struct rh_column survey_show_columns[] = {
    TEXT("office_name", "Jugendamt", "office"), TEXT("name", "gefragt", "asked"), TEXT("answer", "Antwort", "answer"),
    TEXT("note", "Bemerkung", "note"), TEXT("mail_state", "Mail", "mail"), DAY("next_reminder", "nächste Erinnerung", "next reminder"),
    {"reply", RH_TYPE_INT, RH_COLUMN_WIDE, {"Antwortmail", "reply"}},
    TEXT("answer=open", "noch offen", "open"), TEXT("answer=yes", "hat geantwortet", "answered"), TEXT("answer=no", "nimmt nicht teil", "does not take part"),
    MAIL_STATES, SURVEY_FIELDS, REMINDER_DAYS,
};
static const struct rh_column survey_done_columns[] = {
    TEXT(".survey", "Befragung", "survey"), INT(".count", "Mails", "mails"),
};
static const struct rh_column list_columns[] = {
    TEXT("conference", "Tagung", "conference"), TEXT("title", "Titel", "title"), DAY("day", "am", "on"), TEXT("place", "Ort", "place"),
    DAY("answer_by", "Antwort bis", "answer by"), SUMS(""),
};
static const struct rh_column preview_columns[] = {
    TEXT("office_name", "Jugendamt", "office"), TEXT("name", "an", "to"), TEXT("email", "Adresse", "address"),
    TEXT("nobody.", "ohne Adresse", "without an address"), TEXT("nobody.office_name", "Jugendamt", "office"),
    TEXT(".title", "Titel", "title"), DAY(".day", "am", "on"), INT(".count", "Mails", "mails"), REMINDER_DAYS,
};
static const struct rh_column show_columns[] = {
    TEXT("office_name", "Jugendamt", "office"), TEXT("name", "eingeladen", "invited"), TEXT("answer", "Antwort", "answer"),
    INT("people", "Personen", "people"), TEXT("note", "Bemerkung", "note"), TEXT("mail_state", "Mail", "mail"),
    {"reply", RH_TYPE_INT, RH_COLUMN_WIDE, {"Antwortmail", "reply"}},
    TEXT("answer=open", "noch offen", "open"), TEXT("answer=yes", "sagt zu", "yes"), TEXT("answer=no", "sagt ab", "no"),
    DAY("next_reminder", "nächste Erinnerung", "next reminder"), MAIL_STATES, REMINDER_DAYS,
    TEXT(".region", "Landesteil", "region"), {".closed", RH_TYPE_FLAG, 0, {"beendet", "closed"}},
    TEXT(".title", "Titel", "title"), DAY(".day", "am", "on"), TEXT(".place", "Ort", "place"), DAY(".answer_by", "Antwort bis", "answer by"), SUMS("."),
};
static const struct rh_column done_columns[] = {
    TEXT(".conference", "Tagung", "conference"), INT(".count", "Mails", "mails"),
};

#define P(array) .params = RH_ROWS(array)
#define C(array) .columns = RH_ROWS(array)

static const struct rh_operation operations[] = {
    {.name = "conference create", .kind = RH_WRITE, .flags = RH_OP_DRY_RUN, .run = conference_create, P(create_params), C(done_columns),
     .help = {"eine Tagung anlegen, zu der alle Jugendämter eingeladen werden", "create a conference to which all offices will be invited"}},
    {.name = "conference list", .kind = RH_READ, .run = conference_list, C(list_columns),
     .help = {"Tagungen auflisten", "list conferences"}},
    {.name = "conference show", .kind = RH_READ, .run = conference_show, P(show_params), C(show_columns),
     .help = {"wer eingeladen ist und wer geantwortet hat", "who is invited and who answered"}},
    {.name = "conference preview", .kind = RH_READ, .run = conference_preview, P(conference_params), C(preview_columns),
     .help = {"wer eine Einladung bekäme, und bei wem es niemanden mit Adresse gibt", "who would be invited, and where nobody has an address"}},
    {.name = "conference invite", .kind = RH_WRITE, .flags = RH_OP_DRY_RUN, .run = conference_invite, P(invite_params), C(done_columns),
     .help = {"alle Jugendämter einladen, die es noch nicht sind", "invite all offices that are not invited yet"},
     .detail = {"Die Zahl der Mails muss stimmen, sonst geht keine hinaus. Noch einmal aufgerufen lädt es nur ein, wer dazukam.",
                "The number of mails has to be right, else none leaves. Called again it invites only those that are new."}},
    {.name = "conference answer", .kind = RH_WRITE, .flags = RH_OP_DRY_RUN, .run = conference_answer, P(answer_params),
     .help = {"eintragen, ob ein Jugendamt kommt, und mit wie vielen", "record whether an office comes, and with how many"}},
    {.name = "conference close", .kind = RH_WRITE, .flags = RH_OP_DRY_RUN, .run = conference_close, P(conference_params), C(done_columns),
     .help = {"niemanden mehr einladen und erinnern; was wartet, geht nicht hinaus", "invite and remind nobody any more; what waits does not leave"}},
    {.name = "survey create", .kind = RH_WRITE, .flags = RH_OP_DRY_RUN, .run = survey_create, P(survey_create_params), C(survey_done_columns),
     .help = {"eine Befragung aller Jugendämter anlegen, die eine Zeit lang offen ist", "create a survey of all offices that is open for a while"},
     .detail = {"Die Fragen stehen woanders; hier steht, wer gefragt ist, wer geantwortet hat und wer noch erinnert wird.",
                "The questions stand elsewhere; here stands who is asked, who answered and who is still reminded."}},
    {.name = "survey list", .kind = RH_READ, .run = survey_list, C(survey_list_columns),
     .help = {"Befragungen auflisten", "list surveys"}},
    {.name = "survey show", .kind = RH_READ, .run = survey_show, P(survey_show_params), C(survey_show_columns),
     .help = {"wer gefragt ist und wer geantwortet hat", "who is asked and who answered"}},
    {.name = "survey preview", .kind = RH_READ, .run = survey_preview, P(survey_params), C(survey_preview_columns),
     .help = {"wer eine Mail bekäme, wann erinnert würde, und bei wem es niemanden mit Adresse gibt",
              "who would get a mail, when they would be reminded, and where nobody has an address"}},
    {.name = "survey invite", .kind = RH_WRITE, .flags = RH_OP_DRY_RUN, .run = survey_invite, P(survey_invite_params), C(survey_done_columns),
     .help = {"alle Jugendämter fragen, die es noch nicht sind; die Mail geht am ersten Tag hinaus",
              "ask all offices that are not asked yet; the mail leaves on the first day"},
     .detail = {"Die Zahl der Mails muss stimmen, sonst geht keine hinaus. Erinnert wird nur, wer nicht geantwortet hat: an Arbeitstagen, in keiner "
                "Ruhezeit, nie zweimal an einem Tag.",
                "The number of mails has to be right, else none leaves. Only those are reminded that have not answered: on working days, in no quiet "
                "time, never twice on a day."}},
    {.name = "survey answer", .kind = RH_WRITE, .flags = RH_OP_DRY_RUN, .run = survey_answer, P(survey_answer_params),
     .help = {"eintragen, dass ein Jugendamt geantwortet hat; es wird nicht mehr erinnert", "record that an office has answered; it is not reminded any more"}},
    {.name = "survey close", .kind = RH_WRITE, .flags = RH_OP_DRY_RUN, .run = survey_close, P(survey_params), C(survey_done_columns),
     .help = {"eine Befragung beenden; was wartet, geht nicht hinaus", "close a survey; what waits does not leave"}},
};

static const struct rh_page pages[] = {
    {"/conferences", "conference list", conferences_mustache, {"Tagungen", "Conferences"}, {"Tagungen", "Conferences"}, 60, 0},
    {"/conferences/{conference}", "conference show", conference_mustache, {"{{title}}", "{{title}}"}, {NULL, NULL}, 0, 0},
    {"/conferences/{conference}/preview", "conference preview", preview_mustache, {"Wer wird eingeladen?", "Who is invited?"}, {NULL, NULL}, 0, 0},
    {"/surveys", "survey list", surveys_mustache, {"Befragungen aller Jugendämter", "Surveys of all offices"}, {NULL, NULL}, 0, 0},
    {"/surveys/{survey}", "survey show", survey_mustache, {"{{title}}", "{{title}}"}, {NULL, NULL}, 0, 0},
    {"/surveys/{survey}/preview", "survey preview", survey_preview_mustache, {"Wer wird gefragt?", "Who is asked?"}, {NULL, NULL}, 0, 0},
};

static const struct rh_asset assets[] = {
    {"conferences.css", "text/css; charset=utf-8", conferences_css, sizeof(conferences_css) - 1},
};

static const struct rh_migration migrations[] = {
    {1, 0, "conferences", conferences_schema_1},
    {2, 0, "surveys and reminders", conferences_schema_2},
};

/* clang-format on */

RH_PLUGIN const struct rh_plugin rh_plugin = {
    RH_PLUGIN_HEAD("conferences", "1.1.0"),
    .title = {"Tagungen und Befragungen", "Conferences and surveys"},
    .operations = RH_ROWS(operations),
    .pages = RH_ROWS(pages),
    .assets = RH_ROWS(assets),
    .migrations = RH_ROWS(migrations),
};
