/* Moderators and their teams, as tables. What it can do stands here; how, in the files named after
 * it. */
#include "plugins/moderators/internal.h"

#include "plugins/moderators/pages/load.mustache.h"
#include "plugins/moderators/pages/map.mustache.h"
#include "plugins/moderators/pages/moderator.mustache.h"
#include "plugins/moderators/pages/need.mustache.h"
#include "plugins/moderators/pages/office.mustache.h"
#include "plugins/moderators/pages/people.mustache.h"
#include "plugins/moderators/pages/team.css.h"
#include "plugins/moderators/pages/teams.mustache.h"

/* A row a line, whatever the formatter thinks of it. */
/* clang-format off */

/* ---- parameters ---- */

#define ROUND {"round", RH_TYPE_TEXT, .help = {"Turnus; sonst der jüngste mit einem Plan", "round; else the latest with a plan"}}
#define PLAN {"plan", RH_TYPE_INT, .min = 1, .max = INT64_MAX, \
    .help = {"Teamplan; sonst der jüngste Entwurf, sonst der veröffentlichte", "team plan; else the newest draft, else the published one"}}
#define OFFICE {"office", RH_TYPE_TEXT, RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL, .help = {"Jugendamt: Kennung oder Name", "office: id or name"}}
#define START {"start", RH_TYPE_MONTH, .help = {"Beginn, wenn das Amt mehrere Verfahren hat", "start, when the office has several procedures"}}
#define FILE_OF(de, en) {"file", RH_TYPE_FILE, RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL, .help = {de, en}}
#define ADD {"add", RH_TYPE_FLAG, .help = {"zu den bisherigen dazu, statt sie zu ersetzen", "in addition to the present ones, not instead"}}
#define YES {"yes", RH_TYPE_FLAG, .help = {"nach der Ansicht der Folgen: ausführen", "having seen the consequences: do it"}}
#define REASON {"reason", RH_TYPE_TEXT, .help = {"warum, steht dann am Plan", "why, kept with the plan"}}

static const struct rh_param people_import_params[] = {FILE_OF("CSV mit den Moderator*innen", "CSV of the moderators")};
static const struct rh_param people_list_params[] = {
    {"all", RH_TYPE_FLAG, .help = {"auch nicht mehr tätige", "those not active any more, too"}},
};
static const struct rh_param people_show_params[] = {
    {"moderator", RH_TYPE_TEXT, RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL, .help = {"Moderator*in: Kennung oder Name", "moderator: id or name"}},
};
static const struct rh_param absence_params[] = {FILE_OF("CSV mit den Abwesenheiten", "CSV of the absences"), ADD};
static const struct rh_param pair_params[] = {FILE_OF("CSV mit den Paaren", "CSV of the pairs"), ADD};
static const struct rh_param rule_params[] = {FILE_OF("CSV mit den Regeln", "CSV of the rules"), ADD};
static const struct rh_param distance_params[] = {FILE_OF("CSV mit den Entfernungen", "CSV of the distances"), ADD};
static const struct rh_param round_params[] = {ROUND};
static const struct rh_param allocate_params[] = {
    ROUND,
    {"seed", RH_TYPE_INT, .fallback = "1", .min = 0, .max = INT64_MAX,
     .help = {"Startwert; gleicher Startwert, gleiche Teams", "seed; same seed, same teams"}},
    {"time-limit", RH_TYPE_REAL, .fallback = "10", .min = 0, .max = 3600,
     .help = {"höchstens so viele Sekunden; 0 = ohne Grenze", "at most so many seconds; 0 = no limit"}},
    {"without-exact", RH_TYPE_FLAG, .help = {"ohne das exakte Verfahren", "without the exact engine"}},
    {"base", RH_TYPE_INT, .min = 1, .max = INT64_MAX,
     .help = {"Teamplan, gegen den Wechsel zählen", "team plan that changes are counted against"}},
    {"note", RH_TYPE_TEXT, .help = {"Bemerkung zum Plan", "note on the plan"}},
};
static const struct rh_param list_params[] = {
    ROUND,
    {"all", RH_TYPE_FLAG, .help = {"auch verworfene", "discarded ones too"}},
};
static const struct rh_param plan_params[] = {ROUND, PLAN};
static const struct rh_param load_params[] = {
    ROUND,
    PLAN,
    {"year", RH_TYPE_INT, .min = 1900, .max = 2999, .help = {"Jahr; sonst das erste des Turnus", "year; else the first of the round"}},
};
static const struct rh_param explain_params[] = {OFFICE, START, ROUND, PLAN};
static const struct rh_param recommend_params[] = {
    OFFICE,
    START,
    {"out", RH_TYPE_TEXT, .help = {"statt dieser Moderator*in", "instead of this moderator"}},
    ROUND,
    PLAN,
    {"limit", RH_TYPE_INT, .fallback = "5", .min = 1, .max = 1000, .help = {"wie viele", "how many"}},
};
static const struct rh_param swap_params[] = {
    OFFICE,
    START,
    {"out", RH_TYPE_TEXT, RH_PARAM_REQUIRED, .help = {"wer geht", "who goes"}},
    {"in", RH_TYPE_TEXT, RH_PARAM_REQUIRED, .help = {"wer kommt", "who comes"}},
    ROUND,
    PLAN,
    YES,
    REASON,
};
static const struct rh_param repair_params[] = {
    {"without", RH_TYPE_TEXT, RH_PARAM_REQUIRED, .help = {"wer ausfällt", "who drops out"}},
    {"from", RH_TYPE_MONTH, .help = {"nur Verfahren, die ab diesem Monat beginnen", "only procedures that start from this month on"}},
    ROUND,
    PLAN,
    YES,
    REASON,
};

static const struct rh_param map_params[] = {
    ROUND,
    PLAN,
    {"half", RH_TYPE_TEXT, .help = {"Halbjahr von diesem Monat an (2027-01), oder 'all'", "half-year from this month on (2027-01), or 'all'"}},
    {"moderator", RH_TYPE_TEXT, .help = {"nur die Wege dieser Moderator*in", "only the ways of this moderator"}},
    {"office", RH_TYPE_TEXT, .help = {"nur die Wege zu diesem Jugendamt", "only the ways to this office"}},
};
static const struct rh_param border_params[] = {
    FILE_OF("GeoJSON mit den Grenzen (WGS 84)", "GeoJSON of the boundaries (WGS 84)"),
    {"attribution", RH_TYPE_TEXT, .help = {"von wem die Grenzen sind; sonst, was die Datei sagt", "whose boundaries these are; else what the file says"}},
};

static const struct rh_param clashes_params[] = {
    {"from", RH_TYPE_DAY, RH_PARAM_REQUIRED, .help = {"von diesem Tag an", "from this day on"}},
    {"until", RH_TYPE_DAY, RH_PARAM_REQUIRED, .help = {"bis zu diesem Tag", "until this day"}},
};

/* ---- columns ---- */

#define STATES \
    {"state=draft", RH_TYPE_TEXT, 0, {"Entwurf", "draft"}}, \
    {"state=published", RH_TYPE_TEXT, 0, {"veröffentlicht", "published"}}, \
    {"state=superseded", RH_TYPE_TEXT, 0, {"abgelöst", "superseded"}}, \
    {"state=discarded", RH_TYPE_TEXT, 0, {"verworfen", "discarded"}}
#define ROLES \
    {"role=lead", RH_TYPE_TEXT, 0, {"Leitung", "lead"}}, \
    {"role=co", RH_TYPE_TEXT, 0, {"im Team", "co"}}
#define EXACT \
    {"exact=not-needed", RH_TYPE_TEXT, 0, {"nicht gebraucht", "not needed"}}, \
    {"exact=used", RH_TYPE_TEXT, 0, {"genutzt", "used"}}, \
    {"exact=missing", RH_TYPE_TEXT, 0, {"nicht installiert", "not installed"}}, \
    {"exact=failed", RH_TYPE_TEXT, 0, {"gescheitert", "failed"}}, \
    {"exact=late", RH_TYPE_TEXT, 0, {"nicht rechtzeitig", "too late"}}
#define GAPS \
    {"gaps.", RH_TYPE_TEXT, 0, {"Lücken", "gaps"}}, \
    {"gaps.office", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"Kennung", "office"}}, \
    {"gaps.name", RH_TYPE_TEXT, 0, {"Jugendamt", "name"}}, \
    {"gaps.start_month", RH_TYPE_MONTH, 0, {"Beginn", "start"}}, \
    {"gaps.what", RH_TYPE_TEXT, 0, {"es fehlt", "lacking"}}, \
    {"gaps.reason", RH_TYPE_TEXT, 0, {"Grund", "reason"}}
#define PLAN_FIELDS \
    {".plan", RH_TYPE_INT, 0, {"Teamplan", "team plan"}}, \
    {".round", RH_TYPE_TEXT, 0, {"Turnus", "round"}}, \
    {".state", RH_TYPE_TEXT, 0, {"Stand", "state"}}, \
    {".objective", RH_TYPE_INT, 0, {"Punkte", "points"}}, \
    {".bound", RH_TYPE_INT, 0, {"Schranke", "bound"}}, \
    {".gap", RH_TYPE_REAL, 0, {"Lücke zur Schranke", "gap"}}, \
    {".proven", RH_TYPE_FLAG, 0, {"bewiesen", "proven"}}, \
    {".exact", RH_TYPE_TEXT, 0, {"exaktes Verfahren", "exact engine"}}, \
    {".engine", RH_TYPE_TEXT, 0, {"Verfahren", "engine"}}, \
    {".seed", RH_TYPE_INT, 0, {"Startwert", "seed"}}, \
    {".total_ms", RH_TYPE_INT, 0, {"Rechenzeit (ms)", "computing time (ms)"}}, \
    {".gap_count", RH_TYPE_INT, 0, {"Teams mit Lücken", "teams with gaps"}}, \
    {"stale.", RH_TYPE_TEXT, 0, {"veraltet", "stale"}}, \
    STATES, EXACT, GAPS

static const struct rh_column clashes_columns[] = {
    {"at", RH_TYPE_TEXT, 0, {"wann", "when"}},
    {"kind", RH_TYPE_TEXT, 0, {"Art", "kind"}},
    {"subject", RH_TYPE_TEXT, 0, {"worüber", "about"}},
    {"step", RH_TYPE_TEXT, 0, {"Schritt", "step"}},
    {"what", RH_TYPE_TEXT, 0, {"was", "what"}},
    {"running", RH_TYPE_INT, 0, {"laufende Verfahren", "running procedures"}},
    {"meetings", RH_TYPE_INT, 0, {"Treffen", "meetings"}},
    {"kind=clash", RH_TYPE_TEXT, 0, {"Zusammenstoß", "clash"}},
    {"kind=load", RH_TYPE_TEXT, 0, {"Last", "load"}},
};
static const struct rh_column people_changes[] = {
    {"id", RH_TYPE_TEXT, 0, {"Kennung", "id"}},
    {"name", RH_TYPE_TEXT, 0, {"Name", "name"}},
    {"change", RH_TYPE_TEXT, 0, {"Änderung", "change"}},
    {"change=new", RH_TYPE_TEXT, 0, {"neu", "new"}},
    {"change=changed", RH_TYPE_TEXT, 0, {"geändert", "changed"}},
    {"change=gone", RH_TYPE_TEXT, 0, {"nicht mehr tätig", "not active any more"}},
};
static const struct rh_column people_columns[] = {
    {"id", RH_TYPE_TEXT, 0, {"Kennung", "id"}},
    {"name", RH_TYPE_TEXT, 0, {"Name", "name"}},
    {"email", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"E-Mail", "email"}},
    {"region", RH_TYPE_TEXT, 0, {"Landesteil", "region"}},
    {"lead", RH_TYPE_FLAG, 0, {"darf leiten", "may lead"}},
    {"latitude", RH_TYPE_REAL, RH_COLUMN_WIDE, {"Breite", "latitude"}},
    {"longitude", RH_TYPE_REAL, RH_COLUMN_WIDE, {"Länge", "longitude"}},
    {"capacity_per_year", RH_TYPE_INT, 0, {"Verfahren je Jahr", "procedures per year"}},
    {"conflicts", RH_TYPE_TEXT, 0, {"befangen bei", "conflicts"}},
    {"skills", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"Schwerpunkte", "skills"}},
};
static const struct rh_column person_columns[] = {
    {"office", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"Kennung", "office"}},
    {"office_name", RH_TYPE_TEXT, 0, {"Jugendamt", "office"}},
    {"start_month", RH_TYPE_MONTH, 0, {"Beginn", "start"}},
    {"role", RH_TYPE_TEXT, 0, {"Rolle", "role"}},
    {"travel_km", RH_TYPE_REAL, 0, {"Weg (km)", "travel (km)"}},
    {"state", RH_TYPE_TEXT, 0, {"Stand", "state"}},
    {".name", RH_TYPE_TEXT, 0, {"Name", "name"}},
    {".email", RH_TYPE_TEXT, 0, {"E-Mail", "email"}},
    {".region", RH_TYPE_TEXT, 0, {"Landesteil", "region"}},
    {".lead", RH_TYPE_FLAG, 0, {"darf leiten", "may lead"}},
    {".capacity_per_year", RH_TYPE_INT, 0, {"Verfahren je Jahr", "procedures per year"}},
    {".skills", RH_TYPE_TEXT, 0, {"Schwerpunkte", "skills"}},
    {".under_way", RH_TYPE_TEXT, 0, {"laufende Verfahren bei", "running procedures at"}},
    {"conflicts.", RH_TYPE_TEXT, 0, {"Befangen", "conflicts"}},
    {"absences.", RH_TYPE_TEXT, 0, {"Abwesend", "absences"}},
    ROLES, STATES,
};
static const struct rh_column need_columns[] = {
    {"from", RH_TYPE_MONTH, 0, {"von", "from"}},
    {"to", RH_TYPE_MONTH, 0, {"bis", "to"}},
    {"region", RH_TYPE_TEXT, 0, {"Landesteil", "region"}},
    {"procedures", RH_TYPE_INT, 0, {"Verfahren", "procedures"}},
    {"needed", RH_TYPE_INT, 0, {"gebraucht", "needed"}},
    {"available", RH_TYPE_INT, 0, {"vorhanden", "available"}},
    {"lacking", RH_TYPE_INT, 0, {"fehlen", "lacking"}},
    {"leads_needed", RH_TYPE_INT, 0, {"Leitungen gebraucht", "leads needed"}},
    {"leads_available", RH_TYPE_INT, 0, {"Leitungen vorhanden", "leads available"}},
    {"leads_lacking", RH_TYPE_INT, 0, {"Leitungen fehlen", "leads lacking"}},
};
static const struct rh_column allocate_columns[] = {
    PLAN_FIELDS,
    {".offices", RH_TYPE_INT, 0, {"Verfahren", "procedures"}},
    {".moderators", RH_TYPE_INT, 0, {"Moderator*innen", "moderators"}},
    {".kept", RH_TYPE_INT, 0, {"begonnene, unverändert", "begun, unchanged"}},
    {".cut", RH_TYPE_FLAG, 0, {"vorzeitig beendet", "ended early"}},
    {"rules.", RH_TYPE_TEXT, 0, {"Regeln", "rules"}},
    {"rules.rule", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"Schlüssel", "key"}},
    {"rules.title", RH_TYPE_TEXT, 0, {"Regel", "rule"}},
    {"rules.value", RH_TYPE_INT, 0, {"Punkte", "points"}},
};
static const struct rh_column list_columns[] = {
    {"plan", RH_TYPE_INT, 0, {"Teamplan", "team plan"}},
    {"round", RH_TYPE_TEXT, 0, {"Turnus", "round"}},
    {"state", RH_TYPE_TEXT, 0, {"Stand", "state"}},
    {"teams", RH_TYPE_INT, 0, {"Teams", "teams"}},
    {"objective", RH_TYPE_INT, 0, {"Punkte", "points"}},
    {"bound", RH_TYPE_INT, 0, {"Schranke", "bound"}},
    {"proven", RH_TYPE_FLAG, 0, {"bewiesen", "proven"}},
    {"stale", RH_TYPE_TEXT, 0, {"veraltet", "stale"}},
    {"created_utc", RH_TYPE_TEXT, 0, {"erstellt (UTC)", "created (UTC)"}},
    {"note", RH_TYPE_TEXT, 0, {"Bemerkung", "note"}},
    {"parent", RH_TYPE_INT, RH_COLUMN_WIDE, {"aus Teamplan", "from team plan"}},
    STATES, EXACT,
};
static const struct rh_column show_columns[] = {
    {"office", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"Kennung", "office"}},
    {"name", RH_TYPE_TEXT, 0, {"Jugendamt", "name"}},
    {"region", RH_TYPE_TEXT, 0, {"Landesteil", "region"}},
    {"start_month", RH_TYPE_MONTH, 0, {"Beginn", "start"}},
    {"lead", RH_TYPE_TEXT, 0, {"Leitung", "lead"}},
    {"co", RH_TYPE_TEXT, 0, {"im Team", "co"}},
    {"travel_km", RH_TYPE_REAL, 0, {"Wege (km)", "travel (km)"}},
    PLAN_FIELDS,
    {".note", RH_TYPE_TEXT, 0, {"Bemerkung", "note"}},
};
static const struct rh_column export_columns[] = {
    {"office", RH_TYPE_TEXT, 0, {"Amt", "office"}},
    {"start_month", RH_TYPE_MONTH, 0, {"Beginn", "start"}},
    {"moderator", RH_TYPE_TEXT, 0, {"Moderator*in", "moderator"}},
    {"role", RH_TYPE_TEXT, 0, {"Rolle", "role"}},
    {"travel_km", RH_TYPE_REAL, 0, {"Weg (km)", "travel (km)"}},
    ROLES, STATES,
};
static const struct rh_column candidate_columns[] = {
    {"moderator", RH_TYPE_TEXT, 0, {"Kennung", "moderator"}},
    {"name", RH_TYPE_TEXT, 0, {"Name", "name"}},
    {"region", RH_TYPE_TEXT, 0, {"Landesteil", "region"}},
    {"may_lead", RH_TYPE_FLAG, 0, {"darf leiten", "may lead"}},
    {"travel_km", RH_TYPE_REAL, 0, {"Weg (km)", "travel (km)"}},
    {"points", RH_TYPE_INT, 0, {"Punkte", "points"}},
    {"sentence", RH_TYPE_TEXT, 0, {"Folgen", "consequences"}},
    {"nearer.", RH_TYPE_TEXT, 0, {"Näher, aber nicht im Team", "nearer, but not in the team"}},
    {"nearer.name", RH_TYPE_TEXT, 0, {"Name", "name"}},
    {"nearer.travel_km", RH_TYPE_REAL, 0, {"Weg (km)", "travel (km)"}},
    {"nearer.reason", RH_TYPE_TEXT, 0, {"Grund oder Folgen", "reason or consequences"}},
};
static const struct rh_column swap_columns[] = {
    {".points", RH_TYPE_INT, 0, {"Punkte", "points"}},
    {".applied", RH_TYPE_FLAG, 0, {"ausgeführt", "done"}},
    {".new_plan", RH_TYPE_INT, 0, {"neuer Teamplan", "new team plan"}},
};
static const struct rh_column repair_columns[] = {
    {"office", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"Kennung", "office"}},
    {"name", RH_TYPE_TEXT, 0, {"Jugendamt", "name"}},
    {"start_month", RH_TYPE_MONTH, 0, {"Beginn", "start"}},
    {"in_name", RH_TYPE_TEXT, 0, {"übernimmt", "takes over"}},
    {"candidates", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"wer sonst", "who else"}},
    {"sentence", RH_TYPE_TEXT, 0, {"Folgen", "consequences"}},
    {".new_plan", RH_TYPE_INT, 0, {"neuer Teamplan", "new team plan"}},
};
static const struct rh_column load_columns[] = {
    {"moderator", RH_TYPE_TEXT, 0, {"Kennung", "moderator"}},
    {"name", RH_TYPE_TEXT, 0, {"Name", "name"}},
    {"starts", RH_TYPE_INT, 0, {"Verfahren im Jahr", "procedures in the year"}},
    {"capacity", RH_TYPE_INT, 0, {"höchstens", "at most"}},
    {"state", RH_TYPE_TEXT, 0, {"Stand", "state"}},
};

static const struct rh_column map_columns[] = {
    {"start_month", RH_TYPE_MONTH, 0, {"Beginn", "start"}},
    {"office", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"Kennung", "office"}},
    {"name", RH_TYPE_TEXT, 0, {"Jugendamt", "name"}},
    {"moderator", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"Kennung", "moderator"}},
    {"moderator_name", RH_TYPE_TEXT, 0, {"Moderator*in", "moderator"}},
    {"role", RH_TYPE_TEXT, 0, {"Rolle", "role"}},
    {"other_region", RH_TYPE_FLAG, 0, {"anderer Landesteil", "other region"}},
    {"travel_km", RH_TYPE_REAL, 0, {"Weg (km)", "travel (km)"}},
    ROLES,
};

/* ---- operations ---- */

#define P(array) .params = RH_ROWS(array)
#define C(array) .columns = RH_ROWS(array)

static const struct rh_operation operations[] = {
    {.name = "moderator import", .kind = RH_WRITE, .flags = RH_OP_DRY_RUN, .run = moderator_import, P(people_import_params), C(people_changes),
     .help = {"Moderator*innen aus einer CSV übernehmen; die Datei ist die ganze Liste",
              "take moderators from a CSV; the file is the whole list"},
     .detail = {"Spalten: id,name,email,region,lead,latitude,longitude,capacity_per_year,conflicts,skills. Mehrere Ämter in "
                "conflicts trennt ';' oder '|', ein Grund folgt nach ':'.",
                "Columns: id,name,email,region,lead,latitude,longitude,capacity_per_year,conflicts,skills. Several offices in "
                "conflicts are separated by ';' or '|', a reason follows after ':'."}},
    {.name = "moderator list", .kind = RH_READ, .run = moderator_list, P(people_list_params), C(people_columns),
     .help = {"Moderator*innen auflisten", "list moderators"}},
    {.name = "moderator show", .kind = RH_READ, .run = moderator_show, P(people_show_params), C(person_columns),
     .help = {"eine Moderator*in mit ihren Verfahren zeigen", "show a moderator with their procedures"}},
    {.name = "moderator absence import", .kind = RH_WRITE, .flags = RH_OP_DRY_RUN, .run = moderator_absence_import, P(absence_params),
     .help = {"Abwesenheiten aus einer CSV übernehmen (moderator,from,to)", "take absences from a CSV (moderator,from,to)"}},
    {.name = "moderator pair import", .kind = RH_WRITE, .flags = RH_OP_DRY_RUN, .run = moderator_pair_import, P(pair_params),
     .help = {"Paare, die nie zusammenarbeiten, aus einer CSV übernehmen (moderator,other,note)",
              "take pairs that never work together from a CSV (moderator,other,note)"}},
    {.name = "moderator rule import", .kind = RH_WRITE, .flags = RH_OP_DRY_RUN, .run = moderator_rule_import, P(rule_params),
     .help = {"Festlegungen aus einer CSV übernehmen (office,moderator,rule,note)",
              "take pins from a CSV (office,moderator,rule,note)"},
     .detail = {"Regeln: must (gehört ins Team), mustnot (gehört nicht ins Team), lead (leitet das Team).",
                "Rules: must (belongs to the team), mustnot (does not), lead (leads the team)."}},
    {.name = "moderator distance import", .kind = RH_WRITE, .flags = RH_OP_DRY_RUN, .run = moderator_distance_import, P(distance_params),
     .help = {"Entfernungen statt der Luftlinie aus einer CSV übernehmen (moderator,office,km)",
              "take distances from a CSV instead of the great circle (moderator,office,km)"}},
    {.name = "team need", .kind = RH_READ, .run = team_need, P(round_params), C(need_columns),
     .help = {"reicht es? was jedes Halbjahr braucht, hat und vermisst", "is it enough? what each half-year needs, has and lacks"}},
    {.name = "team allocate", .kind = RH_COMPUTE, .run = team_allocate, .commit = team_allocate_commit, P(allocate_params), C(allocate_columns),
     .help = {"für jedes Verfahren ein Team bilden; das Ergebnis ist ein Entwurf", "form a team for each procedure; the result is a draft"},
     .detail = {"Befangenheit, Abwesenheit, Grenzen je Person, voriges Team und Paare gelten immer. Fehlt jemand, bleibt eine "
                "benannte Lücke. Wege, Belastung und Wechsel zählen in Punkten; die Mischung der Teams wird danach verbessert.",
                "Conflicts, absences, limits per person, previous team and pairs always hold. Where somebody lacks, a gap with a "
                "name remains. Travel, load and changes count in points; the mixing of teams is improved afterwards."}},
    {.name = "team list", .kind = RH_READ, .run = team_list, P(list_params), C(list_columns),
     .help = {"Teampläne auflisten", "list team plans"}},
    {.name = "team show", .kind = RH_READ, .run = team_show, P(plan_params), C(show_columns),
     .help = {"einen Teamplan mit Werten und Lücken zeigen", "show a team plan with its values and gaps"}},
    {.name = "team export", .kind = RH_READ, .flags = RH_OP_EXPORT, .run = team_export, P(plan_params), C(export_columns),
     .help = {"einen Teamplan als Tabelle ausgeben", "write a team plan as a table"}},
    {.name = "team explain", .kind = RH_READ, .run = team_explain, P(explain_params), C(candidate_columns),
     .help = {"erklären, warum ein Team so ist und was andere kosten", "explain why a team is as it is and what others would cost"}},
    {.name = "team recommend", .kind = RH_READ, .run = team_recommend, P(recommend_params), C(candidate_columns),
     .help = {"die besten für ein Team nennen, mit den Folgen", "name the best for a team, with the consequences"}},
    {.name = "team swap", .kind = RH_COMPUTE, .run = team_swap, .commit = team_change_commit, P(swap_params), C(swap_columns),
     .help = {"in einem Team tauschen: zeigt die Folgen, mit --yes entsteht ein neuer Entwurf",
              "swap in a team: shows the consequences, with --yes it becomes a new draft"}},
    {.name = "team repair", .kind = RH_COMPUTE, .run = team_repair, .commit = team_change_commit, P(repair_params), C(repair_columns),
     .help = {"jemand fällt aus: Ersatz finden, ohne andere Teams zu berühren",
              "somebody drops out: find replacements without touching other teams"}},
    {.name = "team publish", .kind = RH_WRITE, .flags = RH_OP_DRY_RUN, .run = team_publish, P(plan_params),
     .help = {"einen Teamplan veröffentlichen", "publish a team plan"}},
    {.name = "team discard", .kind = RH_WRITE, .run = team_discard, P(plan_params),
     .help = {"einen Entwurf verwerfen", "discard a draft"}},
    {.name = "team load", .kind = RH_READ, .run = team_load, P(load_params), C(load_columns),
     .help = {"die Belastung je Moderator*in und Monat", "the load per moderator and month"}},
    {.name = "team clashes", .kind = RH_READ, .run = team_clashes, P(clashes_params), C(clashes_columns),
     .help = {"wer an zwei Orten zugleich sein soll, fehlt oder zu viel hat, und die Last je Monat",
              "who is to be in two places at once, is absent or has too much, and the load of each month"}},
    {.name = "team map", .kind = RH_READ, .flags = RH_OP_EXPORT, .run = team_map, P(map_params), C(map_columns),
     .help = {"die Wege zu den Jugendämtern; als Karte auf der Seite /teams/map",
              "the ways to the offices; as a map on the page /teams/map"}},
    {.name = "team border import", .kind = RH_WRITE, .flags = RH_OP_DRY_RUN, .run = team_border_import, P(border_params),
     .help = {"Grenzen für die Karte aus GeoJSON übernehmen", "take boundaries for the map from GeoJSON"}},
};

static const struct rh_hook hooks[] = {
    {"round.published", 0, 0, on_change},
    {"office.closed", 0, 0, on_change},
    {"office.reopened", 0, 0, on_change},
    {"procedure.recorded", 0, 0, on_change},
    {"procedure.cancelled", 0, 0, on_change},
};

/* ---- configuration ---- */

#define WEIGHT(name_, value_, de_, en_) {name_, RH_TYPE_INT, .fallback = value_, .min = 0, .max = 1000000, .help = {de_, en_}}

static const struct rh_config_key config[] = {
    {"duration_months", RH_TYPE_INT, .fallback = "8", .min = 1, .max = 60,
     .help = {"so viele Monate dauert ein Verfahren; wer darin abwesend ist, gehört nicht ins Team",
              "a procedure takes so many months; who is absent in them does not belong to the team"}},
    {"parallel_months", RH_TYPE_INT, .fallback = "4", .min = 1, .max = 60,
     .help = {"so viele Monate zählt ein Verfahren zu denen, die jemand zugleich hat",
              "for so many months a procedure counts among those somebody has at once"}},
    {"parallel_max", RH_TYPE_INT, .fallback = "2", .min = 1, .max = 100,
     .help = {"Verfahren, die jemand höchstens zugleich hat", "procedures that somebody has at once at most"}},
    {"team_size", RH_TYPE_INT, .fallback = "2", .min = 1, .max = 10, .help = {"Mitglieder eines Teams", "members of a team"}},
    {"team_size_large", RH_TYPE_INT, .fallback = "3", .min = 1, .max = 10,
     .help = {"Mitglieder eines Teams in großen Ämtern", "members of a team in large offices"}},
    {"large_classes", RH_TYPE_LIST, .fallback = "city-500\ncity-200\ndistrict-200", .min = 0, .max = 64,
     .help = {"Größenklassen der großen Ämter", "size classes of the large offices"}},
    WEIGHT("weight_gap", "500", "Punkte je fehlendem Mitglied", "points per missing member"),
    WEIGHT("weight_lead", "300", "Punkte für ein Team, in dem niemand leiten darf", "points for a team in which nobody may lead"),
    WEIGHT("weight_region", "200", "Punkte für ein Team ohne den eigenen Landesteil", "points for a team without its own region"),
    {"weight_km", RH_TYPE_REAL, .fallback = "1", .min = 0, .max = 1000, .help = {"Punkte je Kilometer Weg", "points per kilometre of travel"}},
    WEIGHT("weight_other_region", "10", "Punkte je Mitglied aus dem anderen Landesteil", "points per member from the other region"),
    WEIGHT("weight_change", "40", "Punkte je Mitglied, das im bisherigen Teamplan (--base) nicht dabei war",
           "points per member that was not there in the base team plan (--base)"),
    WEIGHT("weight_load", "20", "Punkte je Verfahren über dem eigenen Anteil; ab dem dritten doppelt, ab dem fünften dreifach",
           "points per procedure above one's share; from the third on twice, from the fifth on three times"),
    {"mixing_loss_percent", RH_TYPE_REAL, .fallback = "2", .min = 0, .max = 100,
     .help = {"so viel Prozent der Punkte darf die Mischung der Teams kosten", "mixing the teams may cost so many per cent of the points"}},
};

static const struct rh_migration migrations[] = {
    {1, 0, "moderators, teams", moderators_schema_1},
    {2, 0, "absences as a view", moderators_schema_absence},
};

static const struct rh_need needs[] = {{"turnus", NULL}};

/* ---- pages ---- */

static const struct rh_page pages[] = {
    {"/teams", "team show", teams_mustache, {"Teams", "Teams"}, {"Teams", "Teams"}, 20, 0},
    {"/teams/load", "team load", load_mustache, {"Belastung {{year}}", "Load {{year}}"}, {NULL, NULL}, 0, 0},
    {"/teams/map", "team map", map_mustache, {"Wege im Turnus {{round}}", "Travel in the round {{round}}"}, {NULL, NULL}, 0, 0},
    {"/teams/need", "team need", need_mustache, {"Reicht es?", "Is it enough?"}, {NULL, NULL}, 0, 0},
    {"/teams/office/{office}", "team explain", office_mustache, {"Team: {{name}}", "Team: {{name}}"}, {NULL, NULL}, 0, 0},
    {"/moderators", "moderator list", people_mustache, {"Moderator*innen", "Moderators"}, {"Moderator*innen", "Moderators"}, 21, 0},
    {"/moderators/{moderator}", "moderator show", moderator_mustache, {"{{name}}", "{{name}}"}, {NULL, NULL}, 0, 0},
};

static const struct rh_asset assets[] = {
    {"team.css", "text/css; charset=utf-8", team_css, sizeof(team_css) - 1},
};

/* clang-format on */

RH_PLUGIN const struct rh_plugin rh_plugin = {
    RH_PLUGIN_HEAD("moderators", "1.0.0"),
    .title = {"Moderator*innen und Teams", "moderators and teams"},
    .needs = RH_ROWS(needs),
    .operations = RH_ROWS(operations),
    .hooks = RH_ROWS(hooks),
    .pages = RH_ROWS(pages),
    .assets = RH_ROWS(assets),
    .config = RH_ROWS(config),
    .migrations = RH_ROWS(migrations),
};
