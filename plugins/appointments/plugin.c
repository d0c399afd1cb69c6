/* What this plugin can do, as tables: meetings of procedures in everyone's calendar. */
#include "plugins/appointments/internal.h"

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

#define P(array) .params = RH_ROWS(array)
#define C(array) .columns = RH_ROWS(array)

static const struct rh_operation operations[] = {
    {.name = "appointment list", .kind = RH_READ, .run = appointment_list, P(list_params), C(list_columns),
     .help = {"Termine auflisten", "list meetings"}},
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
};

static const struct rh_migration migrations[] = {
    {1, 0, "meetings, polls, feeds, busy times", appointments_schema_1},
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
    .config = RH_ROWS(config),
    .migrations = RH_ROWS(migrations),
};
