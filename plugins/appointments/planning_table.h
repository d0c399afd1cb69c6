/* planning_table.h - the operations of propose.c and planning.c and their pages, as rows for the
 * tables of plugin.c. */
#ifndef PLUGINS_APPOINTMENTS_PLANNING_TABLE_H
#define PLUGINS_APPOINTMENTS_PLANNING_TABLE_H

#include "plugins/appointments/scene.h"

/* A row a line, whatever the formatter thinks of it. */
/* clang-format off */

#define PLANNING_FROM {"from", RH_TYPE_DAY, .help = {"kein neuer Termin vor diesem Tag; sonst in zwei Wochen", "no new date before this day; else in two weeks"}}
#define PLANNING_STEP {"step", RH_TYPE_TEXT, .max = 60, .help = {"Schritt, etwa session; sonst der erste ohne vereinbarten Termin", "step, such as session; else the first without a fixed date"}}

static const struct rh_param propose_params[] = {
    {"procedure", RH_TYPE_TEXT, RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL, .help = {"Verfahren: Kennung, oder das Jugendamt", "procedure: its id, or the office"}},
    PLANNING_STEP,
    {"count", RH_TYPE_INT, .fallback = "5", .min = 1, .max = 30, .help = {"so viele Vorschläge", "so many proposals"}}, PLANNING_FROM,
};
static const struct rh_param check_params[] = {
    {"round", RH_TYPE_TEXT, .help = {"nur dieses Turnus", "of this round only"}},
};
static const struct rh_param plan_params[] = {
    {"round", RH_TYPE_TEXT, RH_PARAM_REQUIRED, .help = {"Turnus", "round"}},
    {"seed", RH_TYPE_INT, .fallback = "1", .min = 0, .max = INT64_C(1) << 53, .help = {"Startwert; derselbe gibt dieselbe Planung", "seed; the same gives the same planning"}},
    {"steps", RH_TYPE_INT, .fallback = "0", .min = 0, .max = 100000000, .help = {"so viele Schritte sucht sie höchstens; 0: so viele, wie zur Größe passen", "it searches so many steps at most; 0: as many as suit the size"}},
    PLANNING_FROM,
    {"change-price", RH_TYPE_INT, .fallback = "100", .min = 0, .max = 100000,
     .help = {"Punkte für jeden Termin, der verlegt wird; ein Arbeitstag Verspätung kostet 2", "points for each meeting that is moved; a working day late costs 2"}},
    {"move-fixed", RH_TYPE_FLAG, .help = {"auch vereinbarte Termine dürfen verlegt werden", "fixed meetings may be moved, too"}},
};
static const struct rh_param planning_params[] = {
    {"round", RH_TYPE_TEXT, .help = {"Turnus; sonst die letzte Planung", "round; else the last planning"}},
};
static const struct rh_param confirm_params[] = {
    {"procedure", RH_TYPE_TEXT, RH_PARAM_POSITIONAL, .help = {"Verfahren: Kennung, oder das Jugendamt", "procedure: its id, or the office"}},
    {"step", RH_TYPE_TEXT, .max = 60, .help = {"nur dieser Schritt", "this step only"}},
    {"until", RH_TYPE_DAY, .help = {"alle bis zu diesem Tag", "all until this day"}},
};

#define PLANNING_TEXT(name_, de, en) {name_, RH_TYPE_TEXT, 0, {de, en}}
#define PLANNING_INT(name_, de, en)  {name_, RH_TYPE_INT, 0, {de, en}}
#define PLANNING_DAY(name_, de, en)  {name_, RH_TYPE_DAY, 0, {de, en}}
#define PLANNING_WIDE(name_, de, en) {name_, RH_TYPE_TEXT, RH_COLUMN_WIDE, {de, en}}
#define PLANNING_WHY_NOT \
    PLANNING_TEXT(".reason", "nicht möglich, weil", "impossible because"), PLANNING_TEXT(".help", "was hülfe", "what would help"), \
    PLANNING_TEXT("obstacles.", "was im Weg ist", "what is in the way"), PLANNING_TEXT("obstacles.what", "was", "what"), \
    PLANNING_INT("obstacles.slots", "verhindert Zeiten", "prevents times"), PLANNING_INT("obstacles.of", "von", "of"), \
    PLANNING_TEXT("helps.", "was hülfe", "what would help"), PLANNING_TEXT("helps.without", "ohne", "without"), \
    PLANNING_TEXT("helps.when", "wäre frei", "would be free")

static const struct rh_column propose_columns[] = {
    PLANNING_INT("number", "Nr.", "no."), PLANNING_TEXT("when", "Termin", "date"), PLANNING_INT("points", "Punkte", "points"),
    PLANNING_TEXT("good", "dafür", "for it"), PLANNING_TEXT("costs", "dagegen", "against it"),
    {"day", RH_TYPE_DAY, RH_COLUMN_WIDE, {"Tag", "day"}}, PLANNING_WIDE("at", "Beginn", "beginning"), PLANNING_WIDE("until", "Ende", "end"),
    PLANNING_TEXT(".title", "Termin", "meeting"), PLANNING_TEXT(".office_name", "Jugendamt", "office"), PLANNING_TEXT(".step", "Schritt", "step"),
    PLANNING_DAY(".foreseen", "vorgesehen", "foreseen"), PLANNING_DAY(".earliest", "frühestens", "not before"), PLANNING_DAY(".latest", "spätestens", "not after"),
    PLANNING_TEXT(".own", "steht jetzt", "stands now"), PLANNING_INT(".days", "mögliche Tage", "possible days"), PLANNING_WHY_NOT,
};
static const struct rh_column check_columns[] = {
    PLANNING_TEXT("when", "Termin", "date"), PLANNING_TEXT("title", "was", "what"), PLANNING_TEXT("office_name", "Jugendamt", "office"),
    PLANNING_TEXT("reason", "geht nicht, weil", "impossible because"), PLANNING_TEXT("instead", "stattdessen", "instead"),
    PLANNING_INT("reasons", "Gründe", "reasons"), PLANNING_WIDE("meeting", "Kennung", "id"), PLANNING_WIDE("procedure", "Verfahren", "procedure"),
    PLANNING_WIDE("step", "Schritt", "step"), PLANNING_WIDE("state", "Stand", "state"),
    PLANNING_INT(".looked", "angesehen", "looked at"), PLANNING_INT(".count", "gehen nicht", "do not fit"),
};
static const struct rh_column planning_columns[] = {
    PLANNING_TEXT("office_name", "Jugendamt", "office"), PLANNING_TEXT("title", "ohne Termin", "without a date"), PLANNING_DAY("foreseen", "vorgesehen", "foreseen"),
    PLANNING_TEXT("reason", "weil", "because"), PLANNING_TEXT("help", "was hülfe", "what would help"), PLANNING_WIDE("procedure", "Verfahren", "procedure"),
    PLANNING_WIDE("step", "Schritt", "step"),
    PLANNING_INT(".planning", "Planung", "planning"), PLANNING_TEXT(".round", "Turnus", "round"), PLANNING_INT(".placed", "mit Termin", "with a date"),
    PLANNING_INT(".unplaced", "ohne Termin", "without a date"), PLANNING_INT(".moved", "verlegt", "moved"), PLANNING_INT(".points", "Punkte", "points"),
    PLANNING_INT(".bound", "Schranke", "bound"), PLANNING_INT(".bound_unplaced", "ohne Termin mindestens", "without a date at least"),
    {".proven", RH_TYPE_FLAG, 0, {"bewiesen bestmöglich", "proven optimal"}}, PLANNING_INT(".seed", "Startwert", "seed"),
    PLANNING_INT(".steps", "Schritte", "steps"), {".cut", RH_TYPE_FLAG, 0, {"abgebrochen", "cancelled"}},
    PLANNING_DAY(".created", "vom", "of"), PLANNING_TEXT(".created_by", "von", "by"),
    PLANNING_TEXT("months.", "Monate", "months"), PLANNING_TEXT("months.month", "Monat", "month"), PLANNING_INT("months.meetings", "Termine", "meetings"),
    PLANNING_INT("months.offices", "Jugendämter", "offices"), PLANNING_INT("months.held", "vorgemerkt", "held"), PLANNING_INT("months.fixed", "vereinbart", "fixed"),
    PLANNING_INT("months.most", "höchstens je Person", "at most of a person"),
    PLANNING_TEXT("moves.", "verlegt", "moved"), PLANNING_TEXT("moves.title", "was", "what"), PLANNING_TEXT("moves.was", "bisher", "so far"),
    PLANNING_TEXT("moves.is", "jetzt", "now"), PLANNING_TEXT("moves.reason", "weil", "because"),
};
static const struct rh_column confirm_columns[] = {PLANNING_INT(".count", "vereinbart", "fixed")};

#define PLANNING_OPERATIONS \
    {.name = "appointment propose", .kind = RH_READ, .run = appointment_propose, .params = RH_ROWS(propose_params), .columns = RH_ROWS(propose_columns), \
     .help = {"die besten Termine für Team und Jugendamt", "the best dates for team and office"}, \
     .detail = {"Mit belegten Zeiten, Abwesenheiten, Arbeitszeiten, Feiertagen, Schulferien, Schließtagen, Wegen, der Ruhezeit von elf Stunden und dem " \
                "Abstand zu den anderen Terminen des Verfahrens. Jeder Vorschlag sagt, was für ihn spricht und wen er was kostet. Ist keiner möglich: wer " \
                "oder was im Weg ist, und was hülfe.", \
                "With busy times, absences, working hours, holidays, school holidays, closing days, journeys, eleven hours of rest and the gap to the " \
                "other meetings of the procedure. Each proposal says what speaks for it and what it costs whom. If there is none: who or what is in the " \
                "way, and what would help."}}, \
    {.name = "appointment check", .kind = RH_READ, .run = appointment_check, .params = RH_ROWS(check_params), .columns = RH_ROWS(check_columns), \
     .help = {"Termine, die nach allen Regeln nicht mehr passen, mit anderen dafür", "meetings that do not fit any more by all the rules, with others instead"}}, \
    {.name = "appointment plan", .kind = RH_COMPUTE, .flags = RH_OP_DRY_RUN, .run = appointment_plan, .commit = appointment_plan_commit, \
     .params = RH_ROWS(plan_params), .columns = RH_ROWS(planning_columns), \
     .help = {"Termine für alle Verfahren eines Turnus auf einmal", "dates for all procedures of a round at once"}, \
     .detail = {"Niemand wird doppelt gebucht. Was vereinbart ist, bleibt; was vorgemerkt ist, bleibt, wo es kann. Neue Termine sind vorgemerkt, ohne " \
                "Einladungen; 'appointment confirm' vereinbart sie. Was keinen Termin fand, ist mit dem Grund genannt.", \
                "Nobody is booked twice. What is fixed stays; what is held stays where it can. New dates are held, without invitations; 'appointment " \
                "confirm' fixes them. What found no date is named with the reason."}}, \
    {.name = "appointment planning", .kind = RH_READ, .run = appointment_planning, .params = RH_ROWS(planning_params), .columns = RH_ROWS(planning_columns), \
     .help = {"die letzte Planung: was fehlt und warum, und die Last der Monate", "the last planning: what is missing and why, and the load of the months"}}, \
    {.name = "appointment confirm", .kind = RH_WRITE, .flags = RH_OP_DRY_RUN, .run = appointment_confirm, .params = RH_ROWS(confirm_params), \
     .columns = RH_ROWS(confirm_columns), \
     .help = {"vorgemerkte Termine der Planung vereinbaren", "fix held meetings of the planning"}, \
     .detail = {"Dann gehen die Einladungen hinaus, und der Schritt des Verfahrens bekommt das Datum.", \
                "Then the invitations leave, and the step of the procedure gets the date."}}

#define PLANNING_PAGES \
    {"/appointments/planning", "appointment planning", planning_mustache, {"Die Planung der Termine", "The planning of dates"}, {NULL, NULL}, 0, 0}, \
    {"/running/{procedure}/proposals", "appointment propose", proposals_mustache, {"{{title}}: {{office_name}}", "{{title}}: {{office_name}}"}, {NULL, NULL}, 0, 0}

/* clang-format on */

#endif
