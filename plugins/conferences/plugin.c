/* What this plugin can do, as tables: an event to which all offices are invited, and their answers.
 */
#include "plugins/conferences/internal.h"
#include "plugins/conferences/pages/conference.mustache.h"
#include "plugins/conferences/pages/conferences.mustache.h"
#include "plugins/conferences/pages/preview.mustache.h"

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
static const struct rh_column list_columns[] = {
    TEXT("conference", "Tagung", "conference"), TEXT("title", "Titel", "title"), DAY("day", "am", "on"), TEXT("place", "Ort", "place"),
    DAY("answer_by", "Antwort bis", "answer by"), SUMS(""),
};
static const struct rh_column preview_columns[] = {
    TEXT("office_name", "Jugendamt", "office"), TEXT("name", "an", "to"), TEXT("email", "Adresse", "address"),
    TEXT("nobody.", "ohne Adresse", "without an address"), TEXT("nobody.office_name", "Jugendamt", "office"),
    TEXT(".title", "Titel", "title"), DAY(".day", "am", "on"), INT(".count", "Mails", "mails"),
};
static const struct rh_column show_columns[] = {
    TEXT("office_name", "Jugendamt", "office"), TEXT("name", "eingeladen", "invited"), TEXT("answer", "Antwort", "answer"),
    INT("people", "Personen", "people"), TEXT("note", "Bemerkung", "note"), TEXT("mail_state", "Mail", "mail"),
    {"reply", RH_TYPE_INT, RH_COLUMN_WIDE, {"Antwortmail", "reply"}},
    TEXT("answer=open", "noch offen", "open"), TEXT("answer=yes", "sagt zu", "yes"), TEXT("answer=no", "sagt ab", "no"),
    TEXT("mail_state=queued", "wartet", "queued"), TEXT("mail_state=sending", "wird gesendet", "being sent"),
    TEXT("mail_state=sent", "gesendet", "sent"), TEXT("mail_state=held", "angehalten", "held"),
    TEXT("mail_state=failed", "gescheitert", "failed"), TEXT("mail_state=dropped", "verworfen", "dropped"),
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
};

static const struct rh_page pages[] = {
    {"/conferences", "conference list", conferences_mustache, {"Tagungen", "Conferences"}, {"Tagungen", "Conferences"}, 60, 0},
    {"/conferences/{conference}", "conference show", conference_mustache, {"{{title}}", "{{title}}"}, {NULL, NULL}, 0, 0},
    {"/conferences/{conference}/preview", "conference preview", preview_mustache, {"Wer wird eingeladen?", "Who is invited?"}, {NULL, NULL}, 0, 0},
};

static const struct rh_migration migrations[] = {
    {1, 0, "conferences", conferences_schema_1},
    {2, 0, "times, views", conferences_schema_time},
};

/* clang-format on */

RH_PLUGIN const struct rh_plugin rh_plugin = {
    RH_PLUGIN_HEAD("conferences", "1.0.0"), .title = {"Tagungen", "Conferences"},
    .operations = RH_ROWS(operations),      .pages = RH_ROWS(pages),
    .migrations = RH_ROWS(migrations),
};
