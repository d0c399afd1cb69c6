/* The descriptor of this room: what can be done with procedures on their way, as tables. */
#include "core/procedure/internal.h"
#include "core/procedure/pages/ahead.mustache.h"
#include "core/procedure/pages/board.mustache.h"
#include "core/procedure/pages/brake.mustache.h"
#include "core/procedure/pages/bulk.mustache.h"
#include "core/procedure/pages/effort.mustache.h"
#include "core/procedure/pages/history.mustache.h"
#include "core/procedure/pages/late.mustache.h"
#include "core/procedure/pages/procedure.css.h"
#include "core/procedure/pages/process.mustache.h"
#include "core/procedure/pages/tasks.mustache.h"
#include "core/procedure/procedure.h"

/* A row a line, whatever the formatter thinks of it. */
/* clang-format off */

#define PROCEDURE {"procedure", RH_TYPE_TEXT, RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL, \
    .help = {"Verfahren: Kennung, oder das Jugendamt", "procedure: its id, or the office"}}
#define STEP {"step", RH_TYPE_TEXT, RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL, \
    .help = {"Schritt, wie 'procedure tasks' ihn nennt", "step, as 'procedure tasks' names it"}}
#define STEP_OR_ALL {"step", RH_TYPE_TEXT, \
    .help = {"nur dieser Schritt; sonst das ganze Verfahren", "this step only; else the whole procedure"}}
#define REASON(flags, de, en) {"reason", RH_TYPE_TEXT, flags, .min = 1, .max = 500, .help = {de, en}}
#define WHY REASON(RH_PARAM_REQUIRED, "warum", "why")
#define WORKDAYS(min_) {"workdays", RH_TYPE_INT, RH_PARAM_REQUIRED, .min = (min_), .max = 250, \
    .help = {"Arbeitstage", "working days"}}
#define ON(flags, de, en) {"on", RH_TYPE_DAY, flags, .help = {de, en}}
#define PROCESS {"process", RH_TYPE_TEXT, RH_PARAM_POSITIONAL, .help = {"Ablauf, wenn es mehrere gibt", "process, where there are several"}}
#define CLOCK {"clock", RH_TYPE_CHOICE, RH_PARAM_REQUIRED, .choices = "stops|runs", \
    .help = {"steht die Uhr der Fristen still (stops) oder läuft sie weiter (runs)?", "do the deadlines' clocks stop or run on?"}}
#define FILE_PARAM {"file", RH_TYPE_FILE, RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL, .help = {"Datei des Ablaufs (.conf)", "file of the process (.conf)"}}

#define STATE_WORDS \
    {"state=planned", RH_TYPE_TEXT, 0, {"geplant", "planned"}}, \
    {"state=ready", RH_TYPE_TEXT, 0, {"bereit", "ready"}}, \
    {"state=running", RH_TYPE_TEXT, 0, {"läuft", "running"}}, \
    {"state=waiting", RH_TYPE_TEXT, 0, {"wartet", "waiting"}}, \
    {"state=paused", RH_TYPE_TEXT, 0, {"ruht", "paused"}}, \
    {"state=done", RH_TYPE_TEXT, 0, {"getan", "done"}}, \
    {"state=skipped", RH_TYPE_TEXT, 0, {"entfällt", "skipped"}}, \
    {"state=cancelled", RH_TYPE_TEXT, 0, {"abgebrochen", "cancelled"}}, \
    {"state=ahead", RH_TYPE_TEXT, 0, {"geht hinaus", "will leave"}}, \
    {"state=gone", RH_TYPE_TEXT, 0, {"ging hinaus", "has left"}}, \
    {"state=stopped", RH_TYPE_TEXT, 0, {"angehalten", "stopped"}}, \
    {"state=valid", RH_TYPE_TEXT, 0, {"gilt", "valid"}}, \
    {"state=former", RH_TYPE_TEXT, 0, {"frühere", "former"}}, \
    {"state=retired", RH_TYPE_TEXT, 0, {"nimmt keine neuen Verfahren", "takes no new procedures"}}
#define ROLE_WORDS \
    {"role=contact", RH_TYPE_TEXT, 0, {"Ansprechperson", "contact person"}}, \
    {"role=deputy", RH_TYPE_TEXT, 0, {"Vertretung der Ansprechperson", "deputy of the contact person"}}, \
    {"role=head", RH_TYPE_TEXT, 0, {"Leitung des Jugendamts", "head of the office"}}, \
    {"role=asd_head", RH_TYPE_TEXT, 0, {"ASD-Leitung", "ASD head"}}, \
    {"role=planner", RH_TYPE_TEXT, 0, {"Jugendhilfeplanung", "youth welfare planning"}}, \
    {"role=caseworker", RH_TYPE_TEXT, 0, {"Fachkraft", "case worker"}}, \
    {"role=staff", RH_TYPE_TEXT, 0, {"Fachkräfte des Jugendamts", "staff of the office"}}, \
    {"role=team", RH_TYPE_TEXT, 0, {"Moderationsteam", "team of moderators"}}, \
    {"role=lead", RH_TYPE_TEXT, 0, {"Federführung", "lead moderator"}}, \
    {"role=research", RH_TYPE_TEXT, 0, {"Begleitforschung", "research"}}, \
    {"role=coordination", RH_TYPE_TEXT, 0, {"Koordinierungsstelle", "coordination office"}}
#define KIND_WORDS \
    {"kind=mail", RH_TYPE_TEXT, 0, {"Mail", "mail"}}, \
    {"kind=deadline", RH_TYPE_TEXT, 0, {"Frist", "deadline"}}

#define TEXT(name_, de, en) {name_, RH_TYPE_TEXT, 0, {de, en}}
#define WIDE(name_, de, en) {name_, RH_TYPE_TEXT, RH_COLUMN_WIDE, {de, en}}
#define DAY(name_, de, en)  {name_, RH_TYPE_DAY, 0, {de, en}}
#define INT(name_, de, en)  {name_, RH_TYPE_INT, 0, {de, en}}
#define FLAG(name_, de, en) {name_, RH_TYPE_FLAG, 0, {de, en}}

/* ---- parameters ---- */

static const struct rh_param file_params[] = {FILE_PARAM};
static const struct rh_param process_params[] = {
    PROCESS,
    {"version", RH_TYPE_TEXT, .min = 4, .max = 64, .help = {"eine frühere Fassung, nach den ersten Zeichen", "a former version, by its first characters"}},
};
static const struct rh_param retire_params[] = {
    {"process", RH_TYPE_TEXT, RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL, .help = {"Ablauf", "process"}},
};
static const struct rh_param migrate_params[] = {
    PROCESS,
    {"procedure", RH_TYPE_TEXT, .help = {"nur dieses Verfahren; sonst alle laufenden", "this procedure only; else all that run"}},
    {"undo", RH_TYPE_FLAG, .help = {"nimmt den letzten Wechsel zurück", "takes the last change back"}},
    REASON(0, "warum", "why"),
};
static const struct rh_param effort_params[] = {
    {"year", RH_TYPE_INT, .min = 1900, .max = 2200, .help = {"Jahr; sonst dieses", "year; else this one"}},
    {"office", RH_TYPE_TEXT, .help = {"nur dieses Jugendamt (Kennung)", "this office only (id)"}},
};
static const struct rh_param begin_params[] = {
    {"procedure", RH_TYPE_TEXT, RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL,
     .help = {"geplantes Verfahren: Kennung, oder das Jugendamt", "planned procedure: its id, or the office"}},
    ON(0, "erster Tag; sonst der erste Arbeitstag des geplanten Monats", "first day; else the first working day of the planned month"),
    {"process", RH_TYPE_TEXT, .help = {"Ablauf, wenn es mehrere gibt", "process, where there are several"}},
};
static const struct rh_param board_params[] = {
    {"process", RH_TYPE_TEXT, .help = {"Ablauf, wenn es mehrere gibt", "process, where there are several"}},
    {"state", RH_TYPE_CHOICE, .fallback = "open", .choices = "open|planned|running|paused|done|cancelled|all",
     .help = {"welche Verfahren; open: laufende und ruhende", "which procedures; open: running and paused ones"}},
};
static const struct rh_param procedure_params[] = {PROCEDURE};
static const struct rh_param ahead_params[] = {
    {"days", RH_TYPE_INT, .fallback = "14", .min = 1, .max = 400, .help = {"so viele Tage", "so many days"}},
};
static const struct rh_param forecast_params[] = {
    {"procedure", RH_TYPE_TEXT, RH_PARAM_POSITIONAL, .help = {"nur dieses Verfahren: Kennung, oder das Jugendamt", "this procedure only: its id, or the office"}},
    {"round", RH_TYPE_TEXT, .help = {"nur dieser Turnus, mit den Verfahren außer der Reihe in seinen Monaten", "this round only, with the procedures out of turn in its months"}},
};
static const struct rh_param clashes_params[] = {
    {"from", RH_TYPE_DAY, RH_PARAM_REQUIRED, .help = {"von diesem Tag an", "from this day on"}},
    {"until", RH_TYPE_DAY, RH_PARAM_REQUIRED, .help = {"bis zu diesem Tag", "until this day"}},
};
static const struct rh_param deadlines_params[] = {
    {"procedure", RH_TYPE_TEXT, RH_PARAM_POSITIONAL, .help = {"nur dieses Verfahren oder Jugendamt (Kennung)", "this procedure or office only (id)"}},
    {"from", RH_TYPE_DAY, .help = {"von diesem Tag an", "from this day on"}},
    {"until", RH_TYPE_DAY, .help = {"bis zu diesem Tag", "until this day"}},
};
static const struct rh_param step_params[] = {PROCEDURE, STEP};
static const struct rh_param done_params[] = {PROCEDURE, STEP, ON(0, "Tag; sonst heute", "day; else today")};
static const struct rh_param wait_params[] = {
    PROCEDURE, STEP,
    {"until", RH_TYPE_DAY, RH_PARAM_REQUIRED, .help = {"bis zu diesem Tag", "until this day"}},
    REASON(0, "worauf", "for what"),
};
static const struct rh_param skip_params[] = {
    PROCEDURE, STEP, REASON(0, "warum; wo der Ablauf den Schritt nicht freistellt, ist es nötig", "why; needed unless the process calls the step optional"),
};
static const struct rh_param step_reason_params[] = {PROCEDURE, STEP, WHY};
static const struct rh_param receipt_params[] = {
    PROCEDURE, STEP,
    {"item", RH_TYPE_TEXT, RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL, .help = {"Beleg der Liste", "item of the list"}},
    {"missing", RH_TYPE_FLAG, .help = {"er fehlt doch", "it is missing after all"}},
};
static const struct rh_param date_params[] = {
    PROCEDURE, STEP, ON(0, "Tag; ohne Tag gilt kein Termin mehr", "day; without one there is no date any more"),
    {"at", RH_TYPE_TEXT, .help = {"Beginn, etwa 9:00", "beginning, as in 9:00"}},
    {"until", RH_TYPE_TEXT, .help = {"Ende, etwa 16:00", "end, as in 16:00"}},
};
static const struct rh_param draw_params[] = {
    PROCEDURE, STEP,
    {"listed", RH_TYPE_INT, RH_PARAM_REQUIRED, .min = 1, .max = 1000000,
     .help = {"wie viele Einschätzungen die nach Datum sortierte Liste hat", "how many assessments the list, sorted by date, has"}},
    {"chosen", RH_TYPE_INT, .fallback = "0", .min = 0, .max = 100, .help = {"gezielt ausgewählte Fälle", "cases chosen on purpose"}},
    {"random", RH_TYPE_INT, .fallback = "1", .min = 1, .max = 100, .help = {"zufällig auszuwählende", "to be chosen at random"}},
};
static const struct rh_param set_params[] = {PROCEDURE, STEP, ON(RH_PARAM_REQUIRED, "neuer Tag", "new day"), WHY};
static const struct rh_param shift_params[] = {PROCEDURE, STEP, WORKDAYS(-250), WHY};
static const struct rh_param extend_params[] = {PROCEDURE, STEP, WORKDAYS(1), WHY};
static const struct rh_param pause_params[] = {
    PROCEDURE, STEP_OR_ALL, CLOCK, REASON(RH_PARAM_REQUIRED, "etwa Wahlen, Umorganisation, akuter Fall", "elections, reorganisation, an acute case"),
};
static const struct rh_param resume_params[] = {PROCEDURE, STEP_OR_ALL};
static const struct rh_param pause_all_params[] = {CLOCK, WHY};
static const struct rh_param answer_params[] = {
    PROCEDURE,
    {"question", RH_TYPE_TEXT, RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL, .help = {"Frage des Ablaufs", "question of the process"}},
    {"answer", RH_TYPE_CHOICE, RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL, .choices = "yes|no", .help = {"Antwort", "answer"}},
};
static const struct rh_param own_date_params[] = {
    PROCEDURE,
    {"date", RH_TYPE_TEXT, RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL, .help = {"Datum des Ablaufs, etwa jha", "date of the process, as in jha"}},
    ON(0, "Tag; ohne Tag gilt wieder der erwartete", "day; without one the expected day holds again"),
};
static const struct rh_param undo_params[] = {
    PROCEDURE,
    {"number", RH_TYPE_INT, RH_PARAM_REQUIRED, .min = 1, .max = 20000, .help = {"Nummer des Ereignisses, wie 'procedure history' sie zeigt", "number of the event, as 'procedure history' shows it"}},
    WHY,
};
static const struct rh_param stop_params[] = {
    {"key", RH_TYPE_TEXT, RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL, .help = {"Kennung, wie 'procedure ahead' sie zeigt", "key, as 'procedure ahead' shows it"}}, WHY,
};
static const struct rh_param unstop_params[] = {
    {"key", RH_TYPE_TEXT, RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL, .help = {"Kennung", "key"}},
};
#define MAILS {"mails", RH_TYPE_INT, RH_PARAM_REQUIRED, .min = 0, .max = 1000000, \
    .help = {"wie viele Mails es sind, wie 'brake show' sie zählt", "how many mails it is, as 'brake show' counts them"}}
static const struct rh_param release_params[] = {MAILS};
static const struct rh_param drop_params[] = {MAILS, WHY};

static const struct rh_param call_params[] = {
    PROCEDURE,
    {"with", RH_TYPE_TEXT, RH_PARAM_REQUIRED, .min = 1, .max = 200, .help = {"mit wem (Rolle)", "with whom (role)"}},
    {"about", RH_TYPE_TEXT, RH_PARAM_REQUIRED, .min = 1, .max = 500, .help = {"worüber", "about what"}},
    {"step", RH_TYPE_TEXT, .help = {"Schritt", "step"}},
    {"until", RH_TYPE_DAY, .help = {"bis zu diesem Tag wartet der Schritt", "the step waits until this day"}},
};
static const struct rh_param calls_params[] = {
    {"procedure", RH_TYPE_TEXT, RH_PARAM_POSITIONAL, .help = {"nur dieses Verfahren oder Jugendamt", "this procedure or office only"}},
};

#define BULK_ACTION(flags) {"action", RH_TYPE_CHOICE, flags, .choices = "pause|resume|shift|extend|set|reset|done|skip|reopen|wait|go-on", \
    .help = {"was geschehen soll", "what is to be done"}}
#define BULK_FILTER \
    {"state", RH_TYPE_CHOICE, .fallback = "open", .choices = "open|planned|running|paused|all", \
     .help = {"welche Verfahren; open: laufende und ruhende", "which procedures; open: running and paused ones"}}, \
    {"round", RH_TYPE_TEXT, .help = {"nur dieses Turnus", "of this round only"}}, \
    {"region", RH_TYPE_TEXT, .help = {"nur dieses Landesteils, etwa LVR", "of this region only, as in LVR"}}, \
    {"month", RH_TYPE_MONTH, .help = {"nur die in diesem Monat beginnen", "only those that begin in this month"}}, \
    {"at-step", RH_TYPE_TEXT, .help = {"nur die, bei denen dieser Schritt offen ist", "only those in which this step is open"}}, \
    {"offices", RH_TYPE_TEXT, .min = 1, .max = 8000, .help = {"nur diese Jugendämter, mit Komma getrennt; die eines Teams nennt 'moderator show'", "these offices only, separated by commas; of a team: 'moderator show' names them"}}
#define BULK_WHAT \
    {"step", RH_TYPE_TEXT, .help = {"Schritt, um den es geht; pause und resume: sonst das ganze Verfahren", \
                                    "the step it is about; pause and resume: else the whole procedure"}}, \
    {"workdays", RH_TYPE_INT, .min = -250, .max = 250, .help = {"Arbeitstage (shift, extend)", "working days (shift, extend)"}}, \
    {"on", RH_TYPE_DAY, .help = {"Tag (set; done: sonst heute)", "day (set; done: else today)"}}, \
    {"until", RH_TYPE_DAY, .help = {"bis zu diesem Tag (wait)", "until this day (wait)"}}, \
    {"clock", RH_TYPE_CHOICE, .choices = "stops|runs", .help = {"Uhr der Fristen (pause)", "the deadlines' clock (pause)"}}, \
    REASON(0, "warum", "why")
#define SKIP_REFUSED {"skip-refused", RH_TYPE_FLAG, .help = {"Verfahren, die es nicht zulassen, auslassen statt abzubrechen", \
    "leave procedures out that do not allow it, instead of ending"}}
static const struct rh_param bulk_preview_params[] = {BULK_ACTION(RH_PARAM_POSITIONAL), BULK_FILTER, BULK_WHAT};
static const struct rh_param bulk_apply_params[] = {
    BULK_ACTION(RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL), BULK_FILTER, BULK_WHAT,
    {"changes", RH_TYPE_INT, RH_PARAM_REQUIRED, .min = 1, .max = 10000000,
     .help = {"wie viele Änderungen es sind, wie 'bulk preview' sie zählt", "how many changes it is, as 'bulk preview' counts them"}},
    SKIP_REFUSED,
};
static const struct rh_param bulk_undo_params[] = {
    {"batch", RH_TYPE_INT, RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL, .min = 1, .max = INT64_MAX, .help = {"Stapel, wie 'bulk list' ihn zeigt", "batch, as 'bulk list' shows it"}},
    WHY, SKIP_REFUSED,
};
static const struct rh_param bulk_list_params[] = {
    {"limit", RH_TYPE_INT, .fallback = "100", .min = 1, .max = 10000, .help = {"höchstens so viele", "at most so many"}},
};

/* ---- columns ---- */

static const struct rh_column process_columns[] = {
    TEXT("process", "Ablauf", "process"), TEXT("version", "Fassung", "version"), DAY("added", "seit", "since"),
    TEXT("state", "Stand", "state"), INT("procedures", "laufende Verfahren", "running procedures"), STATE_WORDS,
};
static const struct rh_column steps_columns[] = {
    INT("number", "Nr.", "no."), TEXT("step", "Schritt", "step"), TEXT("title", "Titel", "title"),
    TEXT("who", "wer", "who"), TEXT("form", "Form", "form"), TEXT("due", "fällig", "due"),
    WIDE("title_de", "Titel deutsch", "title in German"), WIDE("title_en", "Titel englisch", "title in English"),
    {"appointment", RH_TYPE_FLAG, RH_COLUMN_WIDE, {"ein Termin", "an appointment"}},
    {"at", RH_TYPE_INT, RH_COLUMN_WIDE, {"von (Minute; -1: nicht gesagt)", "from (minute; -1: not said)"}},
    {"until", RH_TYPE_INT, RH_COLUMN_WIDE, {"bis (Minute)", "until (minute)"}},
    TEXT(".process", "Ablauf", "process"), TEXT(".title", "Titel", "title"), TEXT(".version", "Fassung", "version"),
    INT(".steps", "Schritte", "steps"), TEXT(".prose", "in Worten", "in words"),
};
static const struct rh_column picture_columns[] = {
    TEXT(".process", "Ablauf", "process"), TEXT(".svg", "Zeichnung (SVG)", "drawing (SVG)"),
};
#define EFFECT_WORDS \
    TEXT("kind=transition", "Stand", "state"), TEXT("kind=deadline-set", "Frist", "deadline"), \
    TEXT("kind=deadline-gone", "Frist entfällt", "deadline gone"), TEXT("kind=deadline", "Frist verstrichen", "deadline passed"), \
    TEXT("kind=mail-set", "Erinnerung", "reminder"), TEXT("kind=mail-gone", "Erinnerung entfällt", "reminder gone"), \
    TEXT("kind=mail", "Erinnerung geht hinaus", "reminder leaves"), \
    TEXT("kind=mail-unrecallable", "nicht zurückzuholen", "cannot be recalled"), TEXT("kind=finished", "fertig", "finished")
static const struct rh_column effects_columns[] = {
    TEXT("kind", "Art", "kind"), TEXT("step", "Schritt", "step"), DAY("day", "Tag", "day"), TEXT("what", "was", "what"),
    TEXT(".procedure", "Verfahren", "procedure"), TEXT(".event", "Ereignis", "event"), INT(".number", "Nummer", "number"),
    TEXT(".seed", "Startwert", "seed"), TEXT(".positions", "Positionen", "positions"),
    EFFECT_WORDS,
};
#define ACTION_WORDS \
    TEXT("action=pause", "ruhen lassen", "pause"), TEXT("action=resume", "wieder aufnehmen", "resume"), \
    TEXT("action=shift", "Frist verschieben", "shift the deadline"), TEXT("action=extend", "Frist verlängern", "extend the deadline"), \
    TEXT("action=set", "Frist setzen", "set the deadline"), TEXT("action=reset", "Frist wie berechnet", "deadline as computed"), \
    TEXT("action=done", "getan", "done"), TEXT("action=skip", "auslassen", "skip"), TEXT("action=reopen", "wieder öffnen", "reopen"), \
    TEXT("action=wait", "warten lassen", "let wait"), TEXT("action=go-on", "weitergehen lassen", "let go on")
static const struct rh_column bulk_columns[] = {
    TEXT("office_name", "Jugendamt", "office"), TEXT("kind", "Art", "kind"), TEXT("title", "Schritt", "step"), DAY("day", "Tag", "day"),
    TEXT("what", "was", "what"), WIDE("procedure", "Verfahren", "procedure"), WIDE("step", "Kennung des Schritts", "id of the step"),
    EFFECT_WORDS, TEXT("kind=refused", "geht nicht", "refused"), TEXT("kind=unchanged", "ohne Folgen", "without consequences"),
    TEXT("kind=chosen", "ausgewählt", "chosen"),
    INT(".batch", "Stapel", "batch"), INT(".procedures", "Verfahren", "procedures"), INT(".changes", "Änderungen", "changes"),
    INT(".deadlines", "davon Fristen", "of these deadlines"), INT(".mails", "davon Mails", "of these mails"),
    INT(".soon", "Mails binnen eines Tages", "mails within a day"), INT(".lost", "Mails nicht zurückzuholen", "mails that cannot be recalled"),
    INT(".refused", "lassen es nicht zu", "refuse"),
    TEXT("actions.", "Handlungen", "actions"), TEXT("rounds.", "Turnusse", "rounds"), TEXT("regions.", "Landesteile", "regions"),
    TEXT("steps.", "Schritte", "steps"), TEXT("batches.", "Stapel", "batches"),
    ACTION_WORDS,
};
static const struct rh_column bulk_list_columns[] = {
    INT("batch", "Stapel", "batch"), DAY("day", "am", "on"), TEXT("action", "was", "what"), TEXT("step", "Schritt", "step"),
    TEXT("reason", "Grund", "reason"), INT("procedures", "Verfahren", "procedures"), TEXT("actor", "wer", "who"),
    FLAG("undone", "zurückgenommen", "taken back"), ACTION_WORDS,
};
static const struct rh_column migrate_columns[] = {
    TEXT("procedure", "Verfahren", "procedure"), TEXT("office_name", "Jugendamt", "office"), INT("changes", "Folgen", "consequences"),
    INT(".count", "Verfahren", "procedures"),
};
static const struct rh_column all_columns[] = {
    TEXT("procedure", "Verfahren", "procedure"), TEXT("office_name", "Jugendamt", "office"), INT(".count", "Verfahren", "procedures"),
};
static const struct rh_column effort_columns[] = {
    TEXT("office_name", "Jugendamt", "office"), TEXT("role", "Rolle", "role"), {"days", RH_TYPE_REAL, 0, {"Tage", "days"}}, ROLE_WORDS,
    TEXT("roles.role", "Rolle", "role"), {"roles.days", RH_TYPE_REAL, 0, {"Tage", "days"}}, TEXT("roles.", "Summe", "sum"),
    INT(".year", "Jahr", "year"),
};
static const struct rh_column board_columns[] = {
    TEXT("procedure", "Verfahren", "procedure"), TEXT("office_name", "Jugendamt", "office"), DAY("start_day", "Beginn", "start"),
    TEXT("state", "Stand", "state"), INT("finished_steps", "erledigte Schritte", "finished steps"), INT("late", "überfällig", "overdue"),
    STATE_WORDS, DAY(".today", "Tag", "day"), INT(".count", "Verfahren", "procedures"), TEXT(".process", "Ablauf", "process"),
};
static const struct rh_column forecast_columns[] = {
    TEXT("office_name", "Jugendamt", "office"), TEXT("title", "Termin", "meeting"), DAY("day", "vorgesehen", "foreseen"),
    FLAG("agreed", "vereinbart", "agreed"), DAY("earliest", "frühestens", "not before"), INT("gap", "Arbeitstage nach", "working days after"),
    TEXT("after", "Schritt", "step"), TEXT("state", "Stand", "state"), STATE_WORDS,
    WIDE("procedure", "Verfahren", "procedure"), WIDE("step", "Schritt", "step"), WIDE("who", "wer", "who"),
    WIDE("title_de", "Titel (deutsch)", "title (German)"), WIDE("title_en", "Titel (englisch)", "title (English)"),
    {"position", RH_TYPE_INT, RH_COLUMN_WIDE, {"Stelle", "position"}}, WIDE("office", "Kennung des Jugendamts", "id of the office"),
    {"at", RH_TYPE_INT, RH_COLUMN_WIDE, {"Beginn in Minuten", "beginning in minutes"}},
    {"until", RH_TYPE_INT, RH_COLUMN_WIDE, {"Ende in Minuten", "end in minutes"}},
    INT(".procedures", "Verfahren", "procedures"), TEXT(".process", "Ablauf für neue Verfahren", "process for new procedures"),
    TEXT("quiet.", "Ruhezeiten jedes Jahr", "quiet periods of every year"), TEXT("quiet.first", "von", "from"), TEXT("quiet.last", "bis", "to"),
};
static const struct rh_column tasks_columns[] = {
    INT("number", "Nr.", "no."), TEXT("step", "Schritt", "step"), TEXT("title", "Titel", "title"), TEXT("who", "wer", "who"),
    TEXT("state", "Stand", "state"), DAY("due", "fällig", "due"), DAY("done", "getan", "done"), WIDE("why", "Rechnung", "how"),
    STATE_WORDS, ROLE_WORDS,
    TEXT(".procedure", "Verfahren", "procedure"), TEXT(".office_name", "Jugendamt", "office"), TEXT(".process", "Ablauf", "process"),
    TEXT(".version", "Fassung", "version"), DAY(".start_day", "Beginn", "start"), TEXT(".draw", "Fallauswahl", "case draw"),
    INT("sent", "gesandte Erinnerungen", "reminders sent"), DAY("next", "nächste", "next"),
    TEXT("mails.", "Erinnerungen", "reminders"), TEXT("mails.key", "Kennung", "key"), DAY("mails.day", "am", "on"),
    TEXT("mails.step", "Schritt", "step"), TEXT("mails.role", "an", "to"), TEXT("mails.template", "Vorlage", "template"),
    TEXT("mails.state", "Stand", "state"), TEXT("mails.reason", "Grund", "reason"),
    TEXT("calls.", "Anrufe", "calls"), DAY("calls.day", "am", "on"), TEXT("calls.spoke_with", "mit", "with"), TEXT("calls.about", "worüber", "about"),
    TEXT("dates.", "Daten", "dates"), TEXT("dates.date", "Datum", "date"), TEXT("dates.title", "Titel", "title"), DAY("dates.day", "Tag", "day"),
    TEXT("questions.", "Fragen", "questions"), TEXT("questions.question", "Frage", "question"), TEXT("questions.title", "Titel", "title"),
    FLAG("questions.answer", "Antwort", "answer"),
};
static const struct rh_column history_columns[] = {
    INT("number", "Nr.", "no."), TEXT("at", "wann", "when"), TEXT("kind", "Ereignis", "event"), TEXT("title", "Schritt", "step"), WIDE("step", "Kennung des Schritts", "id of the step"),
    DAY("day", "Tag", "day"), TEXT("reason", "Grund", "reason"), TEXT("actor", "wer", "who"), FLAG("undone", "zurückgenommen", "undone"),
    TEXT("kind=begin", "begonnen", "begun"), TEXT("kind=run", "in Arbeit", "being worked on"), TEXT("kind=wait", "wartet", "waits"),
    TEXT("kind=go-on", "geht weiter", "goes on"), TEXT("kind=done", "getan", "done"), TEXT("kind=skip", "ausgelassen", "skipped"),
    TEXT("kind=reopen", "wieder offen", "open again"), TEXT("kind=receipt", "Beleg", "receipt"), TEXT("kind=date", "Termin", "date"),
    TEXT("kind=set", "Frist gesetzt", "deadline set"), TEXT("kind=shift", "Frist verschoben", "deadline shifted"),
    TEXT("kind=extend", "Frist verlängert", "deadline extended"), TEXT("kind=fire", "Frist ausgelöst", "deadline fired"),
    TEXT("kind=reset", "Frist wie berechnet", "deadline as computed"), TEXT("kind=pause", "ruht", "paused"),
    TEXT("kind=resume", "ruht nicht mehr", "resumed"), TEXT("kind=answer", "Frage beantwortet", "question answered"),
    TEXT("kind=draw", "Fälle gezogen", "cases drawn"), TEXT("kind=cancel", "abgebrochen", "cancelled"),
    TEXT("kind=migrate", "andere Fassung", "another version"), TEXT("kind=undo", "zurückgenommen", "undone"),
    TEXT("kind=started", "der erste Tag", "the first day"), TEXT("kind=opened", "Zeitfenster offen", "window open"),
    TEXT("kind=waited", "Warten vorbei", "waiting over"), TEXT("kind=passed", "Frist verstrichen", "deadline passed"),
    TEXT("kind=mailed", "Erinnerung", "reminder"), TEXT(".procedure", "Verfahren", "procedure"), TEXT(".office_name", "Jugendamt", "office"),
};
static const struct rh_column ahead_columns[] = {
    TEXT("at", "wann", "when"), TEXT("kind", "Art", "kind"), TEXT("office_name", "Jugendamt", "office"), TEXT("title", "Schritt", "step"),
    DAY("day", "Frist", "deadline"), TEXT("to", "an", "to"), FLAG("expected", "nur wenn bis dahin bereit", "only if ready by then"),
    FLAG("stopped", "angehalten", "stopped"), WIDE("key", "Kennung", "key"), WIDE("template", "Vorlage", "template"),
    {"mail", RH_TYPE_INT, RH_COLUMN_WIDE, {"Nummer der Mail", "number of the mail"}}, KIND_WORDS,
    DAY(".from", "von", "from"), DAY(".until", "bis", "until"), INT(".mails", "Mails", "mails"), INT(".deadlines", "Fristen", "deadlines"),
    FLAG(".brake", "Bremse gezogen", "brake on"),
};
static const struct rh_column clashes_columns[] = {
    TEXT("at", "wann", "when"), TEXT("kind", "Art", "kind"), TEXT("subject", "worüber", "about"), TEXT("step", "Schritt", "step"), TEXT("what", "was", "what"),
    INT("running", "laufende Verfahren", "running procedures"), INT("meetings", "Treffen", "meetings"), INT("deadlines", "Fristen", "deadlines"), INT("mails", "Mails", "mails"),
    TEXT("kind=clash", "Zusammenstoß", "clash"), TEXT("kind=load", "Last", "load"),
};
static const struct rh_column deadline_columns[] = {
    TEXT("procedure", "Verfahren", "procedure"), TEXT("office_name", "Jugendamt", "office"), TEXT("step", "Schritt", "step"),
    TEXT("title", "Titel", "title"), TEXT("state", "Stand", "state"), DAY("due", "fällig", "due"), FLAG("late", "überfällig", "overdue"), STATE_WORDS,
};
static const struct rh_column late_columns[] = {
    TEXT("office_name", "Jugendamt", "office"), TEXT("title", "Schritt", "step"), TEXT("who", "wer", "who"), TEXT("state", "Stand", "state"),
    DAY("due", "fällig", "due"), INT("days", "Tage darüber", "days over"), WIDE("procedure", "Verfahren", "procedure"), WIDE("step", "Kennung", "id"),
    STATE_WORDS, DAY(".today", "Tag", "day"),
    TEXT("who=contact", "Ansprechperson", "contact person"), TEXT("who=head", "Leitung des Jugendamts", "head of the office"),
    TEXT("who=asd_head", "ASD-Leitung", "ASD head"), TEXT("who=planner", "Jugendhilfeplanung", "youth welfare planning"),
    TEXT("who=team", "Moderationsteam", "team of moderators"), TEXT("who=lead", "Federführung", "lead moderator"),
    TEXT("who=staff", "Fachkräfte des Jugendamts", "staff of the office"), TEXT("who=caseworker", "Fachkraft", "case worker"),
    TEXT("who=research", "Begleitforschung", "research"), TEXT("who=coordination", "Koordinierungsstelle", "coordination office"),
    TEXT("who=deputy", "Vertretung der Ansprechperson", "deputy of the contact person"),
};
static const struct rh_column call_columns[] = {
    DAY("day", "am", "on"), TEXT("procedure", "Verfahren", "procedure"), TEXT("step", "Schritt", "step"), TEXT("spoke_with", "mit", "with"),
    TEXT("about", "worüber", "about"), DAY("until", "bis", "until"), TEXT("actor", "wer", "who"),
};
static const struct rh_column brake_columns[] = {
    TEXT("office_name", "Jugendamt", "office"), TEXT("kind", "Art", "kind"), TEXT("step", "Schritt", "step"), DAY("day", "am", "on"), KIND_WORDS,
    FLAG(".on", "gezogen", "on"), INT(".mails", "Mails", "mails"), INT(".unforeseen", "davon in keiner Vorschau", "of these in no forecast"),
    INT(".overdue", "seit mehr als einem Tag fällig", "due for more than a day"),
};

#define P(array) .params = RH_ROWS(array)
#define C(array) .columns = RH_ROWS(array)
#define DRY .flags = RH_OP_DRY_RUN

static const struct rh_operation operations[] = {
    {.name = "process check", .kind = RH_READ, .run = processes_check, P(file_params),
     .help = {"die Datei eines Ablaufs prüfen", "check the file of a process"}},
    {.name = "process import", .kind = RH_WRITE, DRY, .run = processes_import, P(file_params),
     .help = {"einen Ablauf oder eine neue Fassung davon übernehmen", "take a process, or a new version of it"},
     .detail = {"Der Name ist der der Datei. Eine Fassung ist, was in der Datei steht, ohne Kommentare und Abstände; "
                "laufende Verfahren bleiben bei ihrer, bis 'process migrate' sie mitnimmt.",
                "Its name is that of the file. A version is what stands in the file, without comments and blanks; running "
                "procedures stay with theirs until 'process migrate' takes them along."}},
    {.name = "process list", .kind = RH_READ, .run = processes_list, C(process_columns),
     .help = {"Abläufe und ihre Fassungen auflisten", "list processes and their versions"}},
    {.name = "process show", .kind = RH_READ, .run = processes_show, P(process_params), C(steps_columns),
     .help = {"einen Ablauf zeigen, als Liste und in Worten", "show a process, as a list and in words"}},
    {.name = "process picture", .kind = RH_READ, .run = processes_picture, P(process_params), C(picture_columns),
     .help = {"einen Ablauf zeichnen (SVG)", "draw a process (SVG)"}},
    {.name = "process retire", .kind = RH_WRITE, .run = processes_retire, P(retire_params),
     .help = {"einen Ablauf nicht mehr beginnen; laufende gehen zu Ende", "begin a process no more; running ones go on to their end"}},
    {.name = "process migrate", .kind = RH_WRITE, DRY, .run = processes_migrate, P(migrate_params), C(migrate_columns),
     .help = {"laufende Verfahren auf die gültige Fassung umstellen", "take running procedures over to the valid version"},
     .detail = {"Mit --dry-run werden alle Fristen und Erinnerungen gezeigt, die sich ändern. Was schon hinausging, geht nicht noch einmal hinaus.",
                "With --dry-run all deadlines and reminders that change are shown. What has left does not leave again."}},
    {.name = "process effort", .kind = RH_READ, .run = processes_effort, P(effort_params), C(effort_columns),
     .help = {"Aufwand je Jugendamt und Rolle in einem Jahr", "effort by office and role in a year"}},
    {.name = "procedure begin", .kind = RH_WRITE, DRY, .run = procedure_begin, P(begin_params),
     .help = {"ein geplantes Verfahren auf den Weg bringen", "set a planned procedure on its way"},
     .detail = {"Das geschieht sonst von selbst, einige Monate vor dem geplanten Monat.",
                "This happens by itself otherwise, some months before the planned month."}},
    {.name = "procedure board", .kind = RH_READ, .run = procedure_board, P(board_params), C(board_columns),
     .help = {"laufende Verfahren und ihre Schritte", "running procedures and their steps"}},
    {.name = "procedure tasks", .kind = RH_READ, .run = procedure_tasks, P(procedure_params), C(tasks_columns),
     .help = {"ein Verfahren als Aufgabenliste, mit erklärten Fristen", "a procedure as a list of tasks, with its deadlines explained"}},
    {.name = "procedure history", .kind = RH_READ, .run = procedure_history, P(procedure_params), C(history_columns),
     .help = {"alles, was in einem Verfahren geschah", "all that happened in a procedure"}},
    {.name = "procedure forecast", .kind = RH_READ, .run = procedure_forecast, P(forecast_params), C(forecast_columns),
     .help = {"wann Termine nach dem Ablauf stattfinden sollen", "when meetings should take place by the process"},
     .detail = {"Auch von Verfahren, die der Plan hat und die noch nicht begonnen sind: so, wie sie vom ersten Arbeitstag ihres Monats an liefen. "
                "Frühestens ist der Tag, bis zu dem alles getan ist, was der Termin braucht, wenn jeder Schritt seine Zeit bekommt.",
                "Of procedures, too, that the plan has and that are not begun: as they would run from the first working day of their month. Not "
                "before is the day by which all is done that the meeting needs, if each step gets its time."}},
    {.name = "procedure ahead", .kind = RH_READ, .run = procedure_ahead, P(ahead_params), C(ahead_columns),
     .help = {"was in den nächsten Tagen von selbst geschieht", "what happens by itself in the next days"}},
    {.name = "procedure late", .kind = RH_READ, .run = procedure_late, C(late_columns),
     .help = {"Schritte, deren Frist verstrichen ist", "steps whose deadline has passed"}},
    {.name = "procedure clashes", .kind = RH_READ, .run = procedure_clashes, P(clashes_params), C(clashes_columns),
     .help = {"Fristen in Ruhezeiten oder an freien Tagen, und die Last jedes Monats", "deadlines in quiet times or on free days, and the load of each month"}},
    {.name = "procedure pause", .kind = RH_WRITE, DRY, .run = procedure_pause, P(pause_params), C(effects_columns),
     .help = {"ein Verfahren oder einen Schritt ruhen lassen", "pause a procedure or a step"}},
    {.name = "procedure resume", .kind = RH_WRITE, DRY, .run = procedure_resume, P(resume_params), C(effects_columns),
     .help = {"ein ruhendes Verfahren oder einen Schritt wieder aufnehmen", "resume a paused procedure or step"}},
    {.name = "procedure pause-all", .kind = RH_WRITE, DRY, .run = procedure_pause_all, P(pause_all_params), C(all_columns),
     .help = {"alle Verfahren ruhen lassen", "pause all procedures"}},
    {.name = "procedure resume-all", .kind = RH_WRITE, DRY, .run = procedure_resume_all, C(all_columns),
     .help = {"die Ruhe aller Verfahren aufheben", "end the pause of all procedures"}},
    {.name = "procedure answer", .kind = RH_WRITE, DRY, .run = procedure_answer, P(answer_params), C(effects_columns),
     .help = {"eine Frage beantworten, von der Schritte abhängen", "answer a question that steps depend on"}},
    {.name = "procedure date", .kind = RH_WRITE, DRY, .run = procedure_date, P(own_date_params), C(effects_columns),
     .help = {"ein Datum des Verfahrens eintragen, etwa die Sitzung des JHA", "enter a date of the procedure, such as the JHA's session"}},
    {.name = "procedure undo", .kind = RH_WRITE, DRY, .run = procedure_undo, P(undo_params), C(effects_columns),
     .help = {"ein Ereignis zurücknehmen; gelöscht wird nichts", "take an event back; nothing is deleted"}},
    {.name = "bulk preview", .kind = RH_READ, .run = bulk_preview, P(bulk_preview_params), C(bulk_columns),
     .help = {"zeigen, was dieselbe Handlung an vielen Verfahren ändern würde", "show what the same action would change in many procedures"},
     .detail = {"Ohne Handlung: welche Verfahren die Auswahl trifft.", "Without an action: which procedures the filter chooses."}},
    {.name = "bulk form", .kind = RH_READ, .run = bulk_form, P(bulk_preview_params), C(bulk_columns),
     .help = {"die Vorschau mit allem, was ihr Formular zur Wahl stellt", "the preview with all that its form offers"}},
    {.name = "bulk apply", .kind = RH_WRITE, DRY, .run = bulk_apply, P(bulk_apply_params), C(bulk_columns),
     .help = {"dieselbe Handlung an vielen Verfahren auf einmal", "the same action on many procedures at once"},
     .detail = {"Alle oder keines: Lässt ein Verfahren es nicht zu, geschieht nichts, es sei denn, --skip-refused lässt es aus. "
                "Die Zahl der Änderungen muss stimmen; damit sind auch die Mails bestätigt, und die Bremse lässt sie durch.",
                "All or none: if a procedure does not allow it, nothing is done, unless --skip-refused leaves it out. "
                "The number of changes has to be right; it confirms the mails, too, and the brake lets them pass."}},
    {.name = "bulk list", .kind = RH_READ, .run = bulk_list, P(bulk_list_params), C(bulk_list_columns),
     .help = {"was an vielen Verfahren auf einmal getan wurde", "what was done to many procedures at once"}},
    {.name = "bulk undo", .kind = RH_WRITE, DRY, .run = bulk_undo, P(bulk_undo_params), C(bulk_columns),
     .help = {"einen Stapel zurücknehmen; gelöscht wird nichts", "take a batch back; nothing is deleted"}},
    {.name = "step run", .kind = RH_WRITE, DRY, .run = step_run, P(step_params), C(effects_columns),
     .help = {"an einem Schritt wird gearbeitet", "a step is being worked on"}},
    {.name = "step wait", .kind = RH_WRITE, DRY, .run = step_wait, P(wait_params), C(effects_columns),
     .help = {"ein Schritt wartet bis zu einem Tag; so lange keine Erinnerung", "a step waits until a day; no reminder until then"}},
    {.name = "step go-on", .kind = RH_WRITE, DRY, .run = step_go_on, P(step_params), C(effects_columns),
     .help = {"das Warten eines Schritts ist vorbei", "the waiting of a step is over"}},
    {.name = "step done", .kind = RH_WRITE, DRY, .run = step_done, P(done_params), C(effects_columns),
     .help = {"ein Schritt ist getan", "a step is done"}},
    {.name = "step skip", .kind = RH_WRITE, DRY, .run = step_skip, P(skip_params), C(effects_columns),
     .help = {"ein Schritt entfällt", "a step is left out"}},
    {.name = "step reopen", .kind = RH_WRITE, DRY, .run = step_reopen, P(step_reason_params), C(effects_columns),
     .help = {"ein Schritt ist doch nicht getan", "a step is not done after all"}},
    {.name = "step receipt", .kind = RH_WRITE, DRY, .run = step_receipt, P(receipt_params), C(effects_columns),
     .help = {"ein Beleg der Liste ist da", "an item of the list is there"}},
    {.name = "step date", .kind = RH_WRITE, DRY, .run = step_date, P(date_params), C(effects_columns),
     .help = {"der Termin eines Schritts steht fest", "the date of a step is agreed"}},
    {.name = "step draw", .kind = RH_WRITE, .run = step_draw, P(draw_params), C(effects_columns),
     .help = {"Fälle ziehen: Positionen auf der Liste des Jugendamts (§ 8 Abs. 3)", "draw cases: positions on the office's own list (section 8 (3))"},
     .detail = {"Es werden keine Fälle übermittelt, nur ihre Zahl. Startwert und Länge der Liste genügen, um die Ziehung zu wiederholen.",
                "No case is passed on, only their number. Seed and length of the list suffice to repeat the draw."}},
    {.name = "deadline list", .kind = RH_READ, .run = deadline_list, P(deadlines_params), C(deadline_columns),
     .help = {"Fristen auflisten", "list deadlines"}},
    {.name = "deadline show", .kind = RH_READ, .run = deadline_show, P(step_params), C(tasks_columns),
     .help = {"eine Frist und wie sie sich errechnet", "a deadline and how it is computed"}},
    {.name = "deadline set", .kind = RH_WRITE, DRY, .run = deadline_set, P(set_params), C(effects_columns),
     .help = {"eine Frist auf einen Tag setzen", "set a deadline to a day"}},
    {.name = "deadline shift", .kind = RH_WRITE, DRY, .run = deadline_shift, P(shift_params), C(effects_columns),
     .help = {"eine Frist um Arbeitstage verschieben, auch zurück", "shift a deadline by working days, backwards too"}},
    {.name = "deadline extend", .kind = RH_WRITE, DRY, .run = deadline_extend, P(extend_params), C(effects_columns),
     .help = {"eine Frist um Arbeitstage verlängern", "extend a deadline by working days"}},
    {.name = "deadline fire-now", .kind = RH_WRITE, DRY, .run = deadline_fire_now, P(step_reason_params), C(effects_columns),
     .help = {"eine Frist sofort verstreichen lassen", "let a deadline pass now"}},
    {.name = "deadline reset", .kind = RH_WRITE, DRY, .run = deadline_reset, P(step_params), C(effects_columns),
     .help = {"eine Frist wieder gelten lassen, wie sie sich errechnet", "let a deadline hold as it is computed"}},
    {.name = "reminder stop", .kind = RH_WRITE, .run = reminder_stop, P(stop_params),
     .help = {"eine Erinnerung anhalten, bevor sie hinausgeht", "stop a reminder before it leaves"}},
    {.name = "reminder unstop", .kind = RH_WRITE, .run = reminder_unstop, P(unstop_params),
     .help = {"eine angehaltene Erinnerung doch hinausgehen lassen", "let a stopped reminder leave after all"}},
    {.name = "call log", .kind = RH_WRITE, DRY, .run = call_log, P(call_params), C(effects_columns),
     .help = {"einen Anruf vermerken; mit --step und --until wartet der Schritt so lange", "note a call; with --step and --until the step waits until then"}},
    {.name = "call list", .kind = RH_READ, .run = call_list, P(calls_params), C(call_columns),
     .help = {"vermerkte Anrufe", "calls that were noted"}},
    {.name = "brake show", .kind = RH_READ, .run = brake_show, C(brake_columns),
     .help = {"was die Bremse zurückhält", "what the brake holds back"},
     .detail = {"Sie zieht sich selbst, wenn mehr Mails auf einmal hinausgingen, als eine Vorschau gezeigt hat, oder wenn Fristen seit "
                "mehr als einem Tag verstrichen sind, ohne dass etwas geschah: nach einem falschen Import, einer verstellten Uhr, einem langen Ausfall.",
                "It comes on by itself when more mails were to leave at once than a forecast had shown, or when deadlines have passed for "
                "more than a day and nothing had happened: after a wrong import, a clock set wrong, a long downtime."}},
    {.name = "brake release", .kind = RH_WRITE, DRY, .run = brake_release, P(release_params),
     .help = {"hinausgehen lassen, was die Bremse zurückhält", "let go what the brake holds back"}},
    {.name = "brake drop", .kind = RH_WRITE, DRY, .run = brake_drop, P(drop_params),
     .help = {"die zurückgehaltenen Mails verwerfen", "drop the mails that are held back"}},
};

static const struct rh_hook hooks[] = {
    {"round.published", 100, 0, on_plan_published}, /* after the register has its procedures */
    {"procedure.recorded", 0, 0, on_procedure_recorded},
    {"procedure.cancelled", 0, 0, on_procedure_cancelled},
    {"process.imported", 0, 0, on_plan_published},
};

static const struct rh_job_kind jobs[] = {
    {.kind = "procedure.tick", .run = tick_job},
    {.kind = "procedure.week", .run = week_job},
};

static const struct rh_migration migrations[] = {
    {3, 0, "procedures on their way", procedure_schema_1},
    {4, 0, "calls", procedure_schema_calls},
    {5, 0, "many at once", procedure_schema_bulk},
};

static const struct rh_config_key config[] = {
    {"begin_ahead", RH_TYPE_INT, .fallback = "4", .min = 1, .max = 24,
     .help = {"so viele Monate vor seinem Monat kommt ein Verfahren auf den Weg", "so many months before its month a procedure is set on its way"}},
    {"brake_mails", RH_TYPE_INT, .fallback = "25", .min = 0, .max = 10000,
     .help = {"so viele Mails, die keine Vorschau gezeigt hat, gehen ohne Rückfrage hinaus",
              "so many mails that no forecast had shown leave without asking"}},
};

static const struct rh_page pages[] = {
    {"/running", "procedure board", board_mustache, {"Laufende Verfahren", "Running procedures"}, {"Verfahren", "Procedures"}, 5, 0},
    {"/ahead", "procedure ahead", ahead_mustache, {"Was passiert als Nächstes?", "What happens next?"}, {"Vorschau", "Next"}, 6, 0},
    {"/late", "procedure late", late_mustache, {"Überfällige Schritte", "Overdue steps"}, {"Überfällige Schritte", "Overdue steps"}, 7, 0},
    {"/brake", "brake show", brake_mustache, {"Die Bremse", "The brake"}, {NULL, NULL}, 0, 0},
    {"/bulk", "bulk form", bulk_mustache, {"Viele Verfahren auf einmal", "Many procedures at once"}, {NULL, NULL}, 0, 0},
    {"/running/{procedure}", "procedure tasks", tasks_mustache, {"{{office_name}}", "{{office_name}}"}, {NULL, NULL}, 0, 0},
    {"/running/{procedure}/history", "procedure history", history_mustache, {"Verlauf", "History"}, {NULL, NULL}, 0, 0},
    {"/effort", "process effort", effort_mustache, {"Aufwand {{year}}", "Effort {{year}}"}, {NULL, NULL}, 0, 0},
    {"/processes/{process}", "process show", process_mustache, {"{{title}}", "{{title}}"}, {NULL, NULL}, 0, 0},
};

static const struct rh_asset assets[] = {
    {"procedure.css", "text/css; charset=utf-8", procedure_css, sizeof(procedure_css) - 1},
};

/* clang-format on */

const struct rh_plugin rh_procedure_module = {
    RH_PLUGIN_HEAD("procedure", "1.0.0"),
    .title = {"Verfahren auf dem Weg", "procedures on their way"},
    .operations = RH_ROWS(operations),
    .hooks = RH_ROWS(hooks),
    .jobs = RH_ROWS(jobs),
    .pages = RH_ROWS(pages),
    .assets = RH_ROWS(assets),
    .config = RH_ROWS(config),
    .migrations = RH_ROWS(migrations),
    .start = tick_start,
    .stop = definitions_forget,
};
