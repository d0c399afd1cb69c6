/* What this plugin can do, as tables: reminders of procedures become mails to people. */
#include "plugins/reminders/internal.h"

/* clang-format off */

#define TEXT(name_, de, en) {name_, RH_TYPE_TEXT, 0, {de, en}}
#define DAY(name_, de, en)  {name_, RH_TYPE_DAY, 0, {de, en}}

static const struct rh_param list_params[] = {
    {"procedure", RH_TYPE_TEXT, RH_PARAM_POSITIONAL, .help = {"nur dieses Verfahren (Kennung)", "this procedure only (id)"}},
    {"person", RH_TYPE_TEXT, .help = {"nur diese Person, etwa person/17", "this person only, as in person/17"}},
    {"state", RH_TYPE_CHOICE, .choices = "waiting|mailed|dropped", .help = {"nur diese", "these only"}},
    {"limit", RH_TYPE_INT, .fallback = "200", .min = 1, .max = 10000, .help = {"höchstens so viele", "at most so many"}},
};
static const struct rh_column list_columns[] = {
    DAY("day", "am", "on"), TEXT("procedure", "Verfahren", "procedure"), TEXT("step", "Schritt", "step"), TEXT("name", "an", "to"),
    {"person", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"Kennung", "id"}}, TEXT("template", "Vorlage", "template"), DAY("due", "Frist", "deadline"),
    {"copy", RH_TYPE_FLAG, 0, {"zur Kenntnis", "for information"}}, TEXT("state", "Stand", "state"),
    {"mail", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"Mail", "mail"}},
    TEXT("state=waiting", "wird gesammelt", "being gathered"), TEXT("state=mailed", "steht in einer Mail", "stands in a mail"),
    TEXT("state=dropped", "entfallen", "dropped"),
};
static const struct rh_column lost_columns[] = {
    DAY("day", "am", "on"), TEXT("office_name", "Jugendamt", "office"), TEXT("procedure", "Verfahren", "procedure"),
    TEXT("step", "Schritt", "step"), TEXT("role", "Rolle", "role"), {"office", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"Kennung", "id"}},
};
static const struct rh_param digest_params[] = {
    {"person", RH_TYPE_TEXT, RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL, .help = {"Person, wie 'reminder list' sie nennt", "person, as 'reminder list' names them"}},
    {"off", RH_TYPE_FLAG, .help = {"wieder einzelne Mails", "single mails again"}},
};
#define P(array) .params = RH_ROWS(array)
#define C(array) .columns = RH_ROWS(array)

static const struct rh_operation operations[] = {
    {.name = "reminder list", .kind = RH_READ, .run = reminder_list, P(list_params), C(list_columns),
     .help = {"wer an welchen Schritt erinnert wurde", "who was reminded of which step"}},
    {.name = "reminder lost", .kind = RH_READ, .run = reminder_lost, C(lost_columns),
     .help = {"Erinnerungen, für die es niemanden mit Adresse gab", "reminders for which there was nobody with an address"}},
    {.name = "reminder digest", .kind = RH_WRITE, .run = reminder_digest, P(digest_params),
     .help = {"einer Person eine Mail in der Woche statt einzelner schicken", "send a person one mail a week instead of single ones"}},
};

static const struct rh_hook hooks[] = {
    {"procedure.reminder", 0, 0, on_reminder},
    {"procedure.reminder_void", 0, 0, on_void},
    {"procedure.step", 0, 0, on_step},
    {"person.written", 0, 0, on_written},
};

static const struct rh_job_kind jobs[] = {
    {.kind = "reminders.send", .run = send_job},
};

static const struct rh_config_key config[] = {
    {"coordination", RH_TYPE_TEXT, .max = 254, .help = {"Adresse der Koordinierungsstelle: für Erinnerungen an sie, und für alle, die sonst niemanden finden",
                                             "address of the coordination office: for reminders to it, and for those that find nobody else"}},
    {"research", RH_TYPE_TEXT, .max = 254, .help = {"Adresse der Begleitforschung", "address of the research team"}},
};

static const struct rh_migration migrations[] = {
    {1, 0, "reminders", reminders_schema_1},
    {2, 0, "days that others take", reminders_schema_2},
};

static const struct rh_need needs[] = {
    {"moderators", NULL}, /* teams */
};

/* clang-format on */

RH_PLUGIN const struct rh_plugin rh_plugin = {
    RH_PLUGIN_HEAD("reminders", "1.0.0"),
    .title = {"Erinnerungen", "Reminders"},
    .needs = RH_ROWS(needs),
    .operations = RH_ROWS(operations),
    .hooks = RH_ROWS(hooks),
    .jobs = RH_ROWS(jobs),
    .config = RH_ROWS(config),
    .migrations = RH_ROWS(migrations),
};
