/* The planner of rounds, as tables. What it can do stands here; how, in the files named after it.
 */
#include "plugins/turnus/replan.h"

#include "plugins/turnus/pages/board.mustache.h"
#include "plugins/turnus/pages/compare.mustache.h"
#include "plugins/turnus/pages/conflicts.mustache.h"
#include "plugins/turnus/pages/import.mustache.h"
#include "plugins/turnus/pages/move.mustache.h"
#include "plugins/turnus/pages/office.mustache.h"
#include "plugins/turnus/pages/plan.css.h"
#include "plugins/turnus/pages/recommend.mustache.h"
#include "plugins/turnus/pages/replan.mustache.h"
#include "plugins/turnus/pages/rounds.mustache.h"
#include "plugins/turnus/pages/shares.mustache.h"
#include "plugins/turnus/pages/table.mustache.h"

/* A row a line, whatever the formatter thinks of it. */
/* clang-format off */

/* ---- parameters ---- */

#define ROUND {"round", RH_TYPE_TEXT, .help = {"Turnus; sonst der jüngste", "round; else the latest"}}
#define PUBLISHED_ROUND {"round", RH_TYPE_TEXT, .help = {"Turnus; sonst der zuletzt veröffentlichte", "round; else the one published last"}}
#define PLAN {"plan", RH_TYPE_INT, .min = 1, .max = INT64_MAX, \
    .help = {"Plan; sonst der jüngste Entwurf, sonst der veröffentlichte", "plan; else the newest draft, else the published one"}}
#define OFFICE(flags) {"office", RH_TYPE_TEXT, flags, .help = {"Jugendamt: Kennung oder Name", "office: id or name"}}
#define TO {"to", RH_TYPE_MONTH, RH_PARAM_REQUIRED, .help = {"neuer Monat, z. B. 2028-03", "new month, as in 2028-03"}}
#define WITH {"with", RH_TYPE_TEXT, .help = {"mit diesem Amt tauschen, das im neuen Monat beginnt", "change places with this office, which starts in the new month"}}
#define OVER_CAPACITY {"over-capacity", RH_TYPE_FLAG, .help = {"volle Monate hinnehmen", "accept full months"}}

static const struct rh_param plan_params[] = {
    ROUND,
    {"seed", RH_TYPE_INT, .fallback = "1", .min = 0, .max = INT64_MAX,
     .help = {"Startwert; gleicher Startwert, gleicher Plan", "seed; same seed, same plan"}},
    {"time-limit", RH_TYPE_REAL, .fallback = "10", .min = 0, .max = 3600,
     .help = {"höchstens so viele Sekunden; 0 = ohne Grenze", "at most so many seconds; 0 = no limit"}},
    {"steps", RH_TYPE_INT, .min = 1, .max = INT64_MAX,
     .help = {"Schritte der Suche; sonst nach Größe", "steps of the search; else by size"}},
    {"without-exact", RH_TYPE_FLAG,
     .help = {"ohne den exakten Löser: Suche und Schranke allein", "without the exact engine: search and bound alone"}},
    {"elastic", RH_TYPE_FLAG,
     .help = {"feste Regeln dürfen gebrochen werden, so wenige wie möglich; jede Lücke wird benannt",
              "hard rules may be broken, as few as possible; each gap is named"}},
    {"note", RH_TYPE_TEXT, .help = {"Bemerkung zum Plan", "note on the plan"}},
};
static const struct rh_param list_params[] = {
    ROUND,
    {"all", RH_TYPE_FLAG, .help = {"auch verworfene", "discarded ones too"}},
};
static const struct rh_param show_params[] = {ROUND, PLAN};
static const struct rh_param explain_params[] = {
    OFFICE(RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL),
    ROUND,
    PLAN,
    {"limit", RH_TYPE_INT, .fallback = "5", .min = 1, .max = 240,
     .help = {"wie viele andere Monate", "how many other months"}},
};
static const struct rh_param move_params[] = {
    OFFICE(RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL),
    TO,
    WITH,
    ROUND,
    PLAN,
    {"yes", RH_TYPE_FLAG, .help = {"nach der Ansicht der Folgen: ausführen", "having seen the consequences: do it"}},
    {"reason", RH_TYPE_TEXT, .help = {"warum, steht dann am Plan", "why, kept with the plan"}},
    OVER_CAPACITY,
};
static const struct rh_param preview_params[] = {OFFICE(RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL), TO, WITH, ROUND, PLAN,
                                                 OVER_CAPACITY};
static const struct rh_param compare_params[] = {
    {"plan", RH_TYPE_INT, RH_PARAM_REQUIRED, .min = 1, .max = INT64_MAX, .help = {"Plan", "plan"}},
    {"with", RH_TYPE_INT, .min = 1, .max = INT64_MAX,
     .help = {"der andere Plan; sonst der veröffentlichte, sonst der jüngste Entwurf daraus, sonst der, aus dem er entstand",
              "the other plan; else the published one, else the newest draft made of it, else the one it came from"}},
    ROUND,
};
#define YES {"yes", RH_TYPE_FLAG, .help = {"nach der Ansicht der Folgen: ausführen", "having seen the consequences: do it"}}
#define REASON {"reason", RH_TYPE_TEXT, .help = {"warum, steht dann am Plan", "why, kept with the plan"}}
static const struct rh_param import_params[] = {
    {"file", RH_TYPE_FILE, RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL,
     .help = {"CSV mit office,start_month, wie 'turnus export' sie schreibt",
              "CSV of office,start_month, as 'turnus export' writes it"}},
    ROUND,
    PLAN,
    {"only", RH_TYPE_TEXT, .help = {"nur diese Jugendämter, mit Komma getrennt", "these offices only, parted by commas"}},
    YES,
    REASON,
    OVER_CAPACITY,
};
static const struct rh_param place_params[] = {
    OFFICE(RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL),
    {"to", RH_TYPE_MONTH, RH_PARAM_REQUIRED, .help = {"Monat, z. B. 2028-03", "month, as in 2028-03"}},
    ROUND,
    PLAN,
    YES,
    REASON,
    OVER_CAPACITY,
};
static const struct rh_param recommend_params[] = {
    OFFICE(RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL),
    ROUND,
    PLAN,
    {"limit", RH_TYPE_INT, .fallback = "5", .min = 1, .max = 240, .help = {"wie viele Monate", "how many months"}},
    {"out-of-turn", RH_TYPE_FLAG,
     .help = {"für ein Verfahren außer der Reihe (§ 8 Abs. 4)", "for a procedure out of turn (section 8 (4))"}},
    {"suggested-by", RH_TYPE_CHOICE, .choices = "office|coordination",
     .help = {"außer der Reihe: wer es angeregt hat", "out of turn: who suggested it"}},
};
static const struct rh_param publish_params[] = {
    ROUND,
    PLAN,
    OVER_CAPACITY,
    {"accept-gaps", RH_TYPE_FLAG, .help = {"die benannten Lücken hinnehmen; verlangt --reason", "accept the named gaps; asks for --reason"}},
    {"reason", RH_TYPE_TEXT, .help = {"warum die Lücken hingenommen werden; bleibt am Plan", "why the gaps are accepted; kept with the plan"}},
};
static const struct rh_param board_params[] = {
    ROUND,
    PLAN,
    {"region", RH_TYPE_TEXT, .help = {"nur dieser Landesteil", "this region only"}},
    {"class", RH_TYPE_TEXT, .help = {"nur diese Größenklasse", "this size class only"}},
};
static const struct rh_param rule_import_params[] = {
    {"file", RH_TYPE_FILE, RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL, .help = {"CSV mit den Regeln", "CSV of the rules"}},
    {"add", RH_TYPE_FLAG,
     .help = {"zu den bisherigen dazu, statt sie zu ersetzen", "in addition to the present ones, not instead"}},
};
static const struct rh_param replan_params[] = {
    PUBLISHED_ROUND,
    {"plan", RH_TYPE_INT, .min = 1, .max = INT64_MAX,
     .help = {"Plan, von dem aus; sonst der veröffentlichte", "plan to start from; else the published one"}},
    {"prices", RH_TYPE_TEXT, .fallback = "0,2,10,30,must",
     .help = {"Preise je Umzug in Punkten, mit Komma; muss = nur wer muss, wird verlegt",
              "prices of a move in points, parted by commas; must = only who must move moves"}},
    {"price", RH_TYPE_TEXT, .help = {"diesen Plan der letzten Kurve zeigen", "show this plan of the last curve"}},
    {"curve", RH_TYPE_INT, .min = 1, .max = INT64_MAX,
     .help = {"mit --price: nur, wenn es noch diese Kurve ist", "with --price: only if it is still this curve"}},
    YES,
    REASON,
    {"seed", RH_TYPE_INT, .fallback = "1", .min = 0, .max = INT64_MAX,
     .help = {"Startwert; gleicher Startwert, gleiche Pläne", "seed; same seed, same plans"}},
    {"time-limit", RH_TYPE_REAL, .fallback = "20", .min = 0, .max = 3600,
     .help = {"höchstens so viele Sekunden für alle Preise; 0 = ohne Grenze",
              "at most so many seconds for all prices; 0 = no limit"}},
    {"steps", RH_TYPE_INT, .min = 1, .max = INT64_MAX,
     .help = {"Schritte der Suche je Preis; sonst nach Größe", "steps of the search for each price; else by size"}},
    {"without-exact", RH_TYPE_FLAG,
     .help = {"ohne den exakten Löser: Suche und Schranke allein", "without the exact engine: search and bound alone"}},
};
static const struct rh_param curve_params[] = {PUBLISHED_ROUND};
static const struct rh_param announce_params[] = {
    OFFICE(0),
    {"until", RH_TYPE_MONTH, .help = {"alle, die bis zu diesem Monat beginnen", "all that start up to this month"}},
    PUBLISHED_ROUND,
    {"withdraw", RH_TYPE_FLAG, .help = {"zurücknehmen, mit --reason", "take it back, with --reason"}},
    {"reason", RH_TYPE_TEXT, .help = {"warum", "why"}},
};
static const struct rh_param pin_params[] = {
    OFFICE(RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL),
    {"month", RH_TYPE_MONTH, .help = {"genau dieser Monat, z. B. 2028-03", "exactly this month, as in 2028-03"}},
    {"from", RH_TYPE_MONTH, .help = {"von, bei einem Zeitraum", "first month of a range"}},
    {"to", RH_TYPE_MONTH, .help = {"bis, bei einem Zeitraum", "last month of a range"}},
    {"reason", RH_TYPE_TEXT, RH_PARAM_REQUIRED, .help = {"warum, steht dann an der Regel", "why, kept with the rule"}},
    {"replace", RH_TYPE_FLAG, .help = {"an die Stelle der bisherigen Festlegung", "instead of what it is fixed to so far"}},
    PUBLISHED_ROUND,
};
static const struct rh_param unpin_params[] = {
    OFFICE(RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL),
    {"reason", RH_TYPE_TEXT, .help = {"warum", "why"}},
};
static const struct rh_param rule_remove_params[] = {
    {"id", RH_TYPE_INT, RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL, .min = 1, .max = INT64_MAX,
     .help = {"Nummer aus 'turnus rule list'", "number from 'turnus rule list'"}},
    {"reason", RH_TYPE_TEXT, .help = {"warum", "why"}},
};
static const struct rh_param rule_list_params[] = {OFFICE(0)};
static const struct rh_param round_params[] = {ROUND};
#define RULE_ID {"id", RH_TYPE_INT, RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL, .min = 1, .max = INT64_MAX, \
    .help = {"Nummer der Regel in 'turnus rule list'", "number of the rule in 'turnus rule list'"}}
static const struct rh_param rule_change_params[] = {
    RULE_ID,
    {"from", RH_TYPE_MONTH, RH_PARAM_REQUIRED, .help = {"erster Monat, z. B. 2028-03", "first month, as in 2028-03"}},
    {"to", RH_TYPE_MONTH, .help = {"letzter Monat; sonst der erste", "last month; else the first"}},
};
static const struct rh_param repair_params[] = {
    {"repair", RH_TYPE_TEXT, RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL,
     .help = {"Kennung des Auswegs aus 'turnus conflicts'", "id of the repair from 'turnus conflicts'"}},
    ROUND,
    {"reason", RH_TYPE_TEXT, .help = {"warum, steht dann an Monaten und Abständen", "why, kept with months and spacing"}},
};
static const struct rh_param spacing_set_params[] = {
    OFFICE(RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL),
    ROUND,
    {"min", RH_TYPE_INT, .min = 0, .max = 240,
     .help = {"mindestens so viele Monate nach dem vorigen Verfahren", "at least so many months after the previous procedure"}},
    {"max", RH_TYPE_INT, .min = 1, .max = 480,
     .help = {"höchstens so viele Monate nach dem vorigen Verfahren", "at most so many months after the previous procedure"}},
    {"auto", RH_TYPE_FLAG, .help = {"wieder nach der Konfiguration", "as the configuration says again"}},
    {"note", RH_TYPE_TEXT, .help = {"warum", "why"}},
};
static const struct rh_param month_set_params[] = {
    {"month", RH_TYPE_MONTH, RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL,
     .help = {"Monat, z. B. 2028-07", "month, as in 2028-07"}},
    ROUND,
    {"state", RH_TYPE_CHOICE, .choices = "closed|open|auto",
     .help = {"schließen, öffnen oder dem Kalender überlassen", "close, open or leave to the calendar"}},
    {"capacity", RH_TYPE_INT, .min = 0, .max = 10000, .help = {"Höchstzahl der Verfahren", "most procedures"}},
    {"note", RH_TYPE_TEXT, .help = {"warum", "why"}},
};

static const struct rh_param clashes_params[] = {
    {"from", RH_TYPE_DAY, RH_PARAM_REQUIRED, .help = {"von diesem Tag an", "from this day on"}},
    {"until", RH_TYPE_DAY, RH_PARAM_REQUIRED, .help = {"bis zu diesem Tag", "until this day"}},
};

/* ---- columns ---- */

/* What people read for the codes. */
#define KINDS \
    {"kind=city", RH_TYPE_TEXT, 0, {"Stadt", "town"}}, \
    {"kind=district", RH_TYPE_TEXT, 0, {"Kreis", "district"}}
#define STATES \
    {"state=draft", RH_TYPE_TEXT, 0, {"Entwurf", "draft"}}, \
    {"state=published", RH_TYPE_TEXT, 0, {"veröffentlicht", "published"}}, \
    {"state=superseded", RH_TYPE_TEXT, 0, {"abgelöst", "superseded"}}, \
    {"state=discarded", RH_TYPE_TEXT, 0, {"verworfen", "discarded"}}

#define STANDING \
    {"standing", RH_TYPE_TEXT, 0, {"Bindung", "standing"}}, \
    {"standing=done", RH_TYPE_TEXT, 0, {"läuft oder abgeschlossen", "running or done"}}, \
    {"standing=announced", RH_TYPE_TEXT, 0, {"angekündigt", "announced"}}, \
    {"standing=planned", RH_TYPE_TEXT, 0, {"geplant", "planned"}}, \
    {"standing=free", RH_TYPE_TEXT, 0, {"frei", "free"}}

/* What stands beside the items of an answer, in words. */
#define RULES \
    {"rules.", RH_TYPE_TEXT, 0, {"Regeln", "rules"}}, \
    {"rules.rule", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"Schlüssel", "key"}}, \
    {"rules.title", RH_TYPE_TEXT, 0, {"Regel", "rule"}}, \
    {"rules.level_title", RH_TYPE_TEXT, 0, {"Stufe", "level"}}, \
    {"rules.value", RH_TYPE_INT, 0, {"Wert", "value"}}
#define DEVIATIONS \
    {"deviations.", RH_TYPE_TEXT, 0, {"Abweichungen", "deviations"}}, \
    {"deviations.rule", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"Schlüssel", "key"}}, \
    {"deviations.title", RH_TYPE_TEXT, 0, {"Regel", "rule"}}, \
    {"deviations.group_title", RH_TYPE_TEXT, 0, {"Gruppe", "group"}}, \
    {"deviations.year", RH_TYPE_TEXT, 0, {"Jahr", "year"}}, \
    {"deviations.found", RH_TYPE_INT, 0, {"beginnen", "start"}}, \
    {"deviations.wanted", RH_TYPE_TEXT, 0, {"statt", "instead of"}}, \
    {"deviations.reason", RH_TYPE_TEXT, 0, {"Grund", "reason"}}
#define GAPS \
    {"gaps.", RH_TYPE_TEXT, 0, {"Lücken", "gaps"}}, \
    {"gaps.rule", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"Schlüssel", "key"}}, \
    {"gaps.office", RH_TYPE_TEXT, 0, {"Amt", "office"}}, \
    {"gaps.month", RH_TYPE_MONTH, 0, {"Monat", "month"}}, \
    {"gaps.count", RH_TYPE_INT, RH_COLUMN_WIDE, {"Zahl", "number"}}, \
    {"gaps.sentence", RH_TYPE_TEXT, 0, {"gebrochene Regel", "rule broken"}}
#define PLAN_FIELDS \
    {".plan", RH_TYPE_INT, 0, {"Plan", "plan"}}, \
    {".round", RH_TYPE_TEXT, 0, {"Turnus", "round"}}, \
    {".state", RH_TYPE_TEXT, 0, {"Stand", "state"}}, \
    STATES, \
    {".objective", RH_TYPE_INT, 0, {"weiche Punkte", "soft points"}}, \
    {".bound", RH_TYPE_INT, 0, {"Schranke", "bound"}}, \
    {".proven", RH_TYPE_FLAG, 0, {"bewiesen", "proven"}}, \
    {".seed", RH_TYPE_INT, 0, {"Startwert", "seed"}}, \
    {".steps", RH_TYPE_INT, 0, {"Schritte", "steps"}}, \
    {".total_ms", RH_TYPE_INT, 0, {"Rechenzeit (ms)", "computing time (ms)"}}, \
    {".cut", RH_TYPE_FLAG, 0, {"vorzeitig beendet", "ended early"}}

static const struct rh_column plan_columns[] = {
    PLAN_FIELDS,
    {".offices", RH_TYPE_INT, 0, {"Ämter", "offices"}},
    {".gap", RH_TYPE_REAL, 0, {"Lücke", "gap"}},
    {".engine", RH_TYPE_TEXT, 0, {"Verfahren", "engine"}},
    {".exact", RH_TYPE_TEXT, 0, {"exakter Löser", "exact engine"}},
    {"exact=used", RH_TYPE_TEXT, 0, {"benutzt", "used"}},
    {"exact=missing", RH_TYPE_TEXT, 0, {"fehlt", "missing"}},
    {"exact=failed", RH_TYPE_TEXT, 0, {"gescheitert", "failed"}},
    {"exact=late", RH_TYPE_TEXT, 0, {"nicht rechtzeitig fertig", "late"}},
    {"exact=not needed", RH_TYPE_TEXT, 0, {"nicht nötig", "not needed"}},
    {".first_plan_ms", RH_TYPE_INT, 0, {"erster Plan (ms)", "first plan (ms)"}},
    RULES,
    GAPS,
    DEVIATIONS,
};
static const struct rh_column show_columns[] = {
    {"office", RH_TYPE_TEXT, 0, {"Kennung", "office"}},
    {"name", RH_TYPE_TEXT, 0, {"Jugendamt", "name"}},
    {"region", RH_TYPE_TEXT, 0, {"Landesteil", "region"}},
    {"kind", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"Art", "kind"}},
    {"size_class", RH_TYPE_TEXT, 0, {"Größenklasse", "size class"}},
    {"start_month", RH_TYPE_MONTH, 0, {"Beginn", "start"}},
    {"previous", RH_TYPE_MONTH, 0, {"zuletzt", "previous"}},
    {"spacing_months", RH_TYPE_INT, 0, {"Abstand (Monate)", "spacing (months)"}},
    STANDING,
    KINDS,
    PLAN_FIELDS,
    {".engine", RH_TYPE_TEXT, 0, {"Verfahren", "engine"}},
    {".created_by", RH_TYPE_TEXT, 0, {"erstellt von", "created by"}},
    {".note", RH_TYPE_TEXT, 0, {"Bemerkung", "note"}},
    RULES,
    GAPS,
    DEVIATIONS,
};
static const struct rh_column start_columns[] = {
    {"office", RH_TYPE_TEXT, 0, {"Kennung", "office"}},
    {"name", RH_TYPE_TEXT, 0, {"Jugendamt", "name"}},
    {"region", RH_TYPE_TEXT, 0, {"Landesteil", "region"}},
    {"kind", RH_TYPE_TEXT, 0, {"Art", "kind"}},
    {"size_class", RH_TYPE_TEXT, 0, {"Größenklasse", "size class"}},
    {"start_month", RH_TYPE_MONTH, 0, {"Beginn", "start"}},
    {"previous", RH_TYPE_MONTH, 0, {"zuletzt", "previous"}},
    {"spacing_months", RH_TYPE_INT, 0, {"Abstand (Monate)", "spacing (months)"}},
    STANDING,
    KINDS,
    STATES,
};
static const struct rh_column list_columns[] = {
    {"plan", RH_TYPE_INT, 0, {"Plan", "plan"}},
    {"round", RH_TYPE_TEXT, 0, {"Turnus", "round"}},
    {"state", RH_TYPE_TEXT, 0, {"Stand", "state"}},
    {"offices", RH_TYPE_INT, 0, {"Ämter", "offices"}},
    {"gaps", RH_TYPE_INT, 0, {"Lücken", "gaps"}},
    {"balance", RH_TYPE_INT, 0, {"Abweichungen", "deviations"}},
    {"soft", RH_TYPE_INT, 0, {"Punkte", "points"}},
    {"bound", RH_TYPE_INT, 0, {"Schranke", "bound"}},
    {"proven", RH_TYPE_FLAG, 0, {"bewiesen", "proven"}},
    {"created_utc", RH_TYPE_TEXT, 0, {"erstellt (UTC)", "created (UTC)"}},
    {"note", RH_TYPE_TEXT, 0, {"Bemerkung", "note"}},
    {"parent", RH_TYPE_INT, RH_COLUMN_WIDE, {"aus Plan", "from plan"}},
    {"engine", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"Verfahren", "engine"}},
    {"seed", RH_TYPE_INT, RH_COLUMN_WIDE, {"Startwert", "seed"}},
    STATES,
};
static const struct rh_column explain_columns[] = {
    {"month", RH_TYPE_MONTH, 0, {"Monat", "month"}},
    {"hard", RH_TYPE_INT, RH_COLUMN_WIDE, {"feste Regeln", "hard"}},
    {"balance", RH_TYPE_INT, 0, {"Anteile", "shares"}},
    {"soft", RH_TYPE_INT, 0, {"Punkte", "points"}},
    {"partner", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"Tausch mit", "exchange with"}},
    {"sentence", RH_TYPE_TEXT, 0, {"Folgen", "consequences"}},
    {".start_month", RH_TYPE_MONTH, 0, {"Beginn", "start"}},
    {"excluded.", RH_TYPE_TEXT, 0, {"Ausgeschlossene Monate", "excluded months"}},
    {"excluded.from", RH_TYPE_TEXT, 0, {"von", "from"}},
    {"excluded.to", RH_TYPE_TEXT, 0, {"bis", "to"}},
    {"excluded.reason", RH_TYPE_TEXT, 0, {"Grund", "reason"}},
};
static const struct rh_column move_columns[] = {
    {".from", RH_TYPE_TEXT, 0, {"bisher", "from"}},
    {".to", RH_TYPE_MONTH, 0, {"neu", "to"}},
    {".applied", RH_TYPE_FLAG, 0, {"ausgeführt", "done"}},
    DEVIATIONS,
};
static const struct rh_column moved_columns[] = {
    {"office", RH_TYPE_TEXT, 0, {"Kennung", "office"}},
    {"name", RH_TYPE_TEXT, 0, {"Jugendamt", "name"}},
    {"from", RH_TYPE_MONTH, 0, {"bisher", "from"}},
    {"to", RH_TYPE_MONTH, 0, {"neu", "to"}},
};
static const struct rh_column compare_columns[] = {
    {"office", RH_TYPE_TEXT, 0, {"Kennung", "office"}},
    {"name", RH_TYPE_TEXT, 0, {"Jugendamt", "name"}},
    {"from", RH_TYPE_MONTH, 0, {"bisher", "from"}},
    {"to", RH_TYPE_MONTH, 0, {"neu", "to"}},
    {"shift", RH_TYPE_TEXT, 0, {"Verschiebung", "shift"}},
    {".round", RH_TYPE_TEXT, 0, {"Turnus", "round"}},
    {".plan", RH_TYPE_INT, 0, {"Plan", "plan"}},
    {".with", RH_TYPE_INT, 0, {"verglichen mit Plan", "compared with plan"}},
    {".moved", RH_TYPE_INT, 0, {"Ämter in einem anderen Monat", "offices in another month"}},
    {"plans.", RH_TYPE_TEXT, 0, {"zur Wahl", "to choose from"}},
    {"plans.value", RH_TYPE_INT, RH_COLUMN_WIDE, {"Plan", "plan"}},
    {"plans.label", RH_TYPE_TEXT, 0, {"Plan", "plan"}},
    {"plans.first", RH_TYPE_FLAG, 0, {"bisher", "from"}},
    {"plans.second", RH_TYPE_FLAG, 0, {"neu", "to"}},
    {"sides.", RH_TYPE_TEXT, 0, {"Pläne", "plans"}},
    {"sides.plan", RH_TYPE_INT, 0, {"Plan", "plan"}},
    {"sides.state_words", RH_TYPE_TEXT, 0, {"Stand", "state"}},
    {"sides.hard", RH_TYPE_INT, 0, {"fest", "hard"}},
    {"sides.balance", RH_TYPE_INT, 0, {"Anteile", "shares"}},
    {"sides.soft", RH_TYPE_INT, 0, {"Punkte", "points"}},
    {"sides.bound", RH_TYPE_INT, 0, {"Schranke", "bound"}},
    {"sides.proof", RH_TYPE_TEXT, 0, {"Beweis", "proof"}},
    {"rules.", RH_TYPE_TEXT, 0, {"Regeln", "rules"}},
    {"rules.title", RH_TYPE_TEXT, 0, {"Regel", "rule"}},
    {"rules.level_title", RH_TYPE_TEXT, 0, {"Stufe", "level"}},
    {"rules.before", RH_TYPE_INT, 0, {"bisher", "before"}},
    {"rules.after", RH_TYPE_INT, 0, {"neu", "after"}},
    {"rules.difference", RH_TYPE_INT, 0, {"Unterschied", "difference"}},
    {"rules.verdict", RH_TYPE_TEXT, 0, {"Urteil", "verdict"}},
};
static const struct rh_column edit_columns[] = {
    {"office", RH_TYPE_TEXT, 0, {"Kennung", "office"}},
    {"name", RH_TYPE_TEXT, 0, {"Jugendamt", "name"}},
    {"from", RH_TYPE_MONTH, 0, {"bisher", "from"}},
    {"to", RH_TYPE_MONTH, 0, {"neu", "to"}},
    {"shift", RH_TYPE_TEXT, 0, {"Verschiebung", "shift"}},
    {".round", RH_TYPE_TEXT, 0, {"Turnus", "round"}},
    {".from_plan", RH_TYPE_INT, 0, {"aus Plan", "from plan"}},
    {".plan", RH_TYPE_INT, 0, {"neuer Plan", "new plan"}},
    {".applied", RH_TYPE_FLAG, 0, {"ausgeführt", "done"}},
    {".moved", RH_TYPE_INT, 0, {"Ämter in einem anderen Monat", "offices in another month"}},
    {".rows", RH_TYPE_INT, 0, {"Zeilen", "lines"}},
};
static const struct rh_column recommend_columns[] = {
    {"month", RH_TYPE_MONTH, 0, {"Monat", "month"}},
    {"hard", RH_TYPE_INT, 0, {"fest", "hard"}},
    {"balance", RH_TYPE_INT, 0, {"Anteile", "shares"}},
    {"soft", RH_TYPE_INT, 0, {"Punkte", "points"}},
    {"partner", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"Tausch mit", "exchange with"}},
    {"sentence", RH_TYPE_TEXT, 0, {"Folgen", "consequences"}},
    {"command", RH_TYPE_TEXT, 0, {"Befehl", "command"}},
    {".plan", RH_TYPE_INT, 0, {"Plan", "plan"}},
    {".round", RH_TYPE_TEXT, 0, {"Turnus", "round"}},
    {".office", RH_TYPE_TEXT, 0, {"Amt", "office"}},
    {".name", RH_TYPE_TEXT, 0, {"Jugendamt", "name"}},
    {".suggested_by", RH_TYPE_TEXT, 0, {"angeregt von", "suggested by"}},
};
static const struct rh_column replan_columns[] = {
    {"price", RH_TYPE_TEXT, 0, {"Preis je Umzug", "price of a move"}},
    {"price=must", RH_TYPE_TEXT, 0, {"nur wer muss", "only who must"}},
    {"moved", RH_TYPE_INT, 0, {"verlegt", "moved"}},
    {"more_than_must", RH_TYPE_INT, 0, {"ohne Zwang", "not forced"}},
    {"hard", RH_TYPE_INT, RH_COLUMN_WIDE, {"fest", "hard"}},
    {"balance", RH_TYPE_INT, 0, {"Anteile", "shares"}},
    {"soft", RH_TYPE_INT, 0, {"Punkte", "points"}},
    {"points", RH_TYPE_INT, 0, {"zusammen", "together"}},
    {"gap", RH_TYPE_REAL, RH_COLUMN_WIDE, {"Lücke", "gap"}},
    {"proof", RH_TYPE_TEXT, 0, {"Beweis", "proof"}},
    {"draft", RH_TYPE_INT, RH_COLUMN_WIDE, {"Entwurf", "draft"}},
    {".round", RH_TYPE_TEXT, 0, {"Turnus", "round"}},
    {".from_plan", RH_TYPE_INT, 0, {"aus Plan", "from plan"}},
    {".curve", RH_TYPE_INT, 0, {"Kurve", "curve"}},
    {".stale", RH_TYPE_FLAG, 0, {"veraltet", "stale"}},
    {".must", RH_TYPE_INT, 0, {"müssen umziehen", "have to move"}},
    {".plan", RH_TYPE_INT, 0, {"neuer Plan", "new plan"}},
    {".created_utc", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"gerechnet (UTC)", "computed (UTC)"}},
    {".created_by", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"von", "by"}},
    {".seed", RH_TYPE_INT, RH_COLUMN_WIDE, {"Startwert", "seed"}},
    {".total_ms", RH_TYPE_INT, 0, {"Rechenzeit (ms)", "computing time (ms)"}},
    {"must_move.", RH_TYPE_TEXT, 0, {"Wer umziehen muss", "who has to move"}},
    {"must_move.name", RH_TYPE_TEXT, 0, {"Jugendamt", "name"}},
    {"must_move.from_words", RH_TYPE_TEXT, 0, {"bisher", "from"}},
    {"must_move.reason", RH_TYPE_TEXT, 0, {"Grund", "reason"}},
    {"moves.", RH_TYPE_TEXT, 0, {"Umzüge", "moves"}},
    {"moves.name", RH_TYPE_TEXT, 0, {"Jugendamt", "name"}},
    {"moves.from_words", RH_TYPE_TEXT, 0, {"bisher", "from"}},
    {"moves.to_words", RH_TYPE_TEXT, 0, {"neu", "to"}},
    {"moves.reason", RH_TYPE_TEXT, 0, {"Grund", "reason"}},
};
static const struct rh_column announce_columns[] = {
    {"office", RH_TYPE_TEXT, 0, {"Kennung", "office"}},
    {"name", RH_TYPE_TEXT, 0, {"Jugendamt", "name"}},
    {"start_month", RH_TYPE_MONTH, 0, {"Beginn", "start"}},
    STANDING,
    {".round", RH_TYPE_TEXT, 0, {"Turnus", "round"}},
    {".plan", RH_TYPE_INT, 0, {"Plan", "plan"}},
    {".count", RH_TYPE_INT, 0, {"Ämter", "offices"}},
};
static const struct rh_column pin_columns[] = {
    {".id", RH_TYPE_INT, 0, {"Regel", "rule"}},
    {".office", RH_TYPE_TEXT, 0, {"Kennung", "office"}},
    {".name", RH_TYPE_TEXT, 0, {"Jugendamt", "name"}},
    {".from", RH_TYPE_MONTH, 0, {"von", "from"}},
    {".to", RH_TYPE_MONTH, 0, {"bis", "to"}},
    {".removed", RH_TYPE_INT, 0, {"aufgehoben", "removed"}},
    {".rule", RH_TYPE_TEXT, 0, {"Regel", "rule"}},
};
static const struct rh_column rule_columns[] = {
    {"id", RH_TYPE_INT, 0, {"Nummer", "id"}},
    {"office", RH_TYPE_TEXT, 0, {"Amt", "office"}},
    {"rule", RH_TYPE_TEXT, 0, {"Regel", "rule"}},
    {"from", RH_TYPE_MONTH, 0, {"von", "from"}},
    {"to", RH_TYPE_MONTH, 0, {"bis", "to"}},
    {"other", RH_TYPE_TEXT, 0, {"zweites Amt", "other"}},
    {"note", RH_TYPE_TEXT, 0, {"Bemerkung", "note"}},
    {"pinned_by", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"festgelegt von", "pinned by"}},
    {"rule=prefer", RH_TYPE_TEXT, 0, {"Wunsch", "prefer"}},
    {"rule=blocked", RH_TYPE_TEXT, 0, {"gesperrt", "blocked"}},
    {"rule=fixed", RH_TYPE_TEXT, 0, {"festgelegt", "fixed"}},
    {"rule=apart", RH_TYPE_TEXT, 0, {"getrennt", "apart"}},
    {"rule=together", RH_TYPE_TEXT, 0, {"gemeinsam", "together"}},
};
static const struct rh_column sentence_columns[] = {
    {"sentence", RH_TYPE_TEXT, 0, {"Widerspruch", "contradiction"}},
};
static const struct rh_column conflict_columns[] = {
    {"command", RH_TYPE_TEXT, 0, {"Befehl", "command"}},
    {"price", RH_TYPE_INT, 0, {"Preis", "price"}},
    {"sentence", RH_TYPE_TEXT, 0, {"Ausweg", "repair"}},
    {"consequence", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"Folge", "consequence"}},
    {"number", RH_TYPE_INT, RH_COLUMN_WIDE, {"Nr.", "no."}},
    {"repair", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"Kennung", "id"}},
    {".round", RH_TYPE_TEXT, 0, {"Turnus", "round"}},
    {".possible", RH_TYPE_FLAG, 0, {"ein Plan ist möglich", "a plan is possible"}},
    {".conflict_count", RH_TYPE_INT, 0, {"Widersprüche", "conflicts"}},
    {".cheapest", RH_TYPE_FLAG, 0, {"nichts ist billiger als der erste Ausweg (bewiesen)", "nothing is cheaper than the first repair (proven)"}},
    {".repairs_any", RH_TYPE_FLAG, RH_COLUMN_WIDE, {"es gibt Auswege", "there are repairs"}},
    {"conflicts.", RH_TYPE_TEXT, 0, {"Widersprüche", "conflicts"}},
    {"conflicts.conflict", RH_TYPE_INT, 0, {"Nr.", "no."}},
    {"conflicts.count", RH_TYPE_INT, 0, {"Regeln", "rules"}},
    {"conflicts.irreducible", RH_TYPE_FLAG, 0, {"unverkürzbar", "irreducible"}},
    {"conflicts.smallest", RH_TYPE_FLAG, 0, {"kleinste (bewiesen)", "smallest (proven)"}},
};
static const struct rh_column repair_columns[] = {
    {"sentence", RH_TYPE_TEXT, 0, {"geändert", "changed"}},
    {"consequence", RH_TYPE_TEXT, 0, {"Folge", "consequence"}},
    {".round", RH_TYPE_TEXT, 0, {"Turnus", "round"}},
};
static const struct rh_column spacing_columns[] = {
    {"office", RH_TYPE_TEXT, 0, {"Kennung", "office"}},
    {"name", RH_TYPE_TEXT, 0, {"Jugendamt", "name"}},
    {"min_months", RH_TYPE_INT, 0, {"mindestens (Monate)", "at least (months)"}},
    {"max_months", RH_TYPE_INT, 0, {"höchstens (Monate)", "at most (months)"}},
    {"note", RH_TYPE_TEXT, 0, {"Bemerkung", "note"}},
    {"set_by", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"gesetzt von", "set by"}},
};
static const struct rh_column clashes_columns[] = {
    {"at", RH_TYPE_TEXT, 0, {"wann", "when"}},
    {"kind", RH_TYPE_TEXT, 0, {"Art", "kind"}},
    {"subject", RH_TYPE_TEXT, 0, {"worüber", "about"}},
    {"what", RH_TYPE_TEXT, 0, {"was", "what"}},
    {"kind=clash", RH_TYPE_TEXT, 0, {"Zusammenstoß", "clash"}},
};
static const struct rh_column month_columns[] = {
    {"month", RH_TYPE_MONTH, 0, {"Monat", "month"}},
    {"closed", RH_TYPE_FLAG, 0, {"geschlossen", "closed"}},
    {"capacity", RH_TYPE_INT, 0, {"Höchstzahl", "capacity"}},
    {"taken", RH_TYPE_INT, 0, {"belegt", "taken"}},
    {"workdays", RH_TYPE_INT, 0, {"Arbeitstage", "working days"}},
    {"outside_school_holidays", RH_TYPE_INT, 0, {"außerhalb der Ferien", "outside school holidays"}},
    {"school_unknown", RH_TYPE_FLAG, 0, {"Ferien unbekannt", "school holidays unknown"}},
    {"note", RH_TYPE_TEXT, 0, {"Bemerkung", "note"}},
};
static const struct rh_column round_columns[] = {
    {"round", RH_TYPE_TEXT, 0, {"Turnus", "round"}},
    {"first_month", RH_TYPE_MONTH, 0, {"erster Monat", "first month"}},
    {"last_month", RH_TYPE_MONTH, 0, {"letzter Monat", "last month"}},
    {"published", RH_TYPE_INT, 0, {"veröffentlichter Plan", "published plan"}},
    {"drafts", RH_TYPE_INT, 0, {"Entwürfe", "drafts"}},
    {"plans", RH_TYPE_INT, RH_COLUMN_WIDE, {"Pläne", "plans"}},
};

/* ---- operations ---- */

#define P(array) .params = RH_ROWS(array)
#define C(array) .columns = RH_ROWS(array)

static const struct rh_operation operations[] = {
    {.name = "turnus plan", .kind = RH_COMPUTE, .run = turnus_plan, .commit = turnus_plan_commit, P(plan_params), C(plan_columns),
     .help = {"einen Turnus planen: jedes Amt genau einmal; das Ergebnis ist ein Entwurf",
              "plan a round: every office exactly once; the result is a draft"},
     .detail = {"Feste Regeln gelten immer, dann zählen gleiche Anteile je Jahr, dann Wünsche, Abstände, Ferien und "
                "Nachbarn nach den Gewichten der Konfiguration. Der Plan nennt Zielwert, untere Schranke und Lücke und "
                "jede Abweichung mit ihrem Grund. Lassen sich die festen Regeln nicht zusammen einhalten, nennt 'turnus "
                "conflicts' sie mit den günstigsten Auswegen; --elastic plant trotzdem und nennt jede Lücke.",
                "Hard rules always hold, then even shares per year count, then wishes, spacing, school holidays and "
                "neighbours by the weights of the configuration. The plan tells its objective, lower bound and gap and "
                "every deviation with its reason. When the hard rules cannot be kept together, 'turnus conflicts' names them with "
                "the cheapest repairs; --elastic plans all the same and names each gap."}},
    {.name = "turnus list", .kind = RH_READ, .run = turnus_list, P(list_params), C(list_columns),
     .help = {"Pläne auflisten", "list plans"}},
    {.name = "turnus show", .kind = RH_READ, .run = turnus_show, P(show_params), C(show_columns),
     .help = {"einen Plan mit Werten und Abweichungen zeigen", "show a plan with its values and deviations"}},
    {.name = "turnus export", .kind = RH_READ, .flags = RH_OP_EXPORT, .run = turnus_export, P(show_params), C(start_columns),
     .help = {"einen Plan als Tabelle ausgeben", "write a plan as a table"}},
    {.name = "turnus explain", .kind = RH_READ, .run = turnus_explain, P(explain_params), C(explain_columns),
     .help = {"erklären, was für den Monat eines Amtes spricht und was andere kosten",
              "explain what speaks for the month of an office and what others would cost"}},
    {.name = "turnus move", .kind = RH_COMPUTE, .run = turnus_move, .commit = turnus_move_commit, P(move_params), C(move_columns),
     .help = {"ein Amt verlegen: zeigt die Folgen, mit --yes entsteht ein neuer Entwurf",
              "move an office: shows the consequences, with --yes it becomes a new draft"}},
    {.name = "turnus preview", .kind = RH_READ, .run = turnus_preview, P(preview_params), C(move_columns),
     .help = {"die Folgen einer Verlegung zeigen, ohne etwas zu ändern",
              "show the consequences of a move without changing anything"}},
    {.name = "turnus import", .kind = RH_COMPUTE, .run = turnus_import, .commit = turnus_import_commit, P(import_params), C(edit_columns),
     .help = {"einen in Excel geänderten Plan einlesen: zeigt die Folgen, mit --yes entsteht ein neuer Entwurf",
              "read in a plan changed in Excel: shows the consequences, with --yes it becomes a new draft"},
     .detail = {"Spalten: office,start_month; weitere werden nicht verwendet. Jugendämter, die nicht in der Datei stehen, "
                "bleiben, wo sie sind.",
                "Columns: office,start_month; others are not used. Offices that are not in the file stay where they are."}},
    {.name = "turnus place", .kind = RH_COMPUTE, .run = turnus_place, .commit = turnus_place_commit, P(place_params), C(edit_columns),
     .help = {"einem Amt, das im Plan fehlt, einen Monat geben: zeigt die Folgen, mit --yes entsteht ein neuer Entwurf",
              "give an office that a plan lacks a month: shows the consequences, with --yes it becomes a new draft"}},
    {.name = "turnus recommend", .kind = RH_READ, .run = turnus_recommend, P(recommend_params), C(recommend_columns),
     .help = {"die besten Plätze für ein neues oder verdrängtes Amt oder ein Verfahren außer der Reihe",
              "the best places for a new or displaced office or a procedure out of turn"},
     .detail = {"Jeder Platz kommt mit seinen Folgen und dem Befehl, der ihn vergibt; geändert wird hier nichts.",
                "Each place comes with its consequences and the command that takes it; nothing is changed here."}},
    {.name = "turnus compare", .kind = RH_READ, .run = turnus_compare, P(compare_params), C(compare_columns),
     .help = {"zwei Pläne vergleichen: wer verlegt wird, was jede Regel gewinnt oder verliert",
              "compare two plans: who moves, what each rule gains or loses"}},
    {.name = "turnus publish", .kind = RH_WRITE, .flags = RH_OP_DRY_RUN, .run = turnus_publish, P(publish_params), C(moved_columns),
     .help = {"einen Entwurf veröffentlichen: daraus werden Verfahren", "publish a draft: it becomes procedures"}},
    {.name = "turnus discard", .kind = RH_WRITE, .run = turnus_discard, P(show_params),
     .help = {"einen Entwurf verwerfen", "discard a draft"}},
    {.name = "turnus replan", .kind = RH_COMPUTE, .run = turnus_replan, .commit = turnus_replan_commit, P(replan_params),
     C(replan_columns),
     .help = {"einen veröffentlichten Plan schonend neu rechnen: verlegte Ämter gegen Güte, für mehrere Preise",
              "compute a published plan gently anew: offices moved against quality, for several prices"},
     .detail = {"Was begonnen hat oder angekündigt ist, bleibt. Andere Ämter werden verlegt, wenn der Plan dadurch um mehr "
                "als den Preis besser wird. Mit --price und --yes wird ein Plan der Kurve zum Entwurf; hat sich seither "
                "etwas geändert, worauf er beruht, so wird das abgelehnt.",
                "What has begun or was announced stays. Other offices move when that makes the plan better by more than the "
                "price. With --price and --yes a plan of the curve becomes a draft; when something it rests on has changed "
                "since, that is refused."}},
    {.name = "turnus curve", .kind = RH_READ, .run = turnus_curve, P(curve_params), C(replan_columns),
     .help = {"die letzte Kurve von 'turnus replan' zeigen", "show the last curve of 'turnus replan'"}},
    {.name = "turnus announce", .kind = RH_WRITE, .flags = RH_OP_DRY_RUN, .run = turnus_announce, P(announce_params),
     C(announce_columns),
     .help = {"veröffentlichte Monate als angekündigt vermerken: sie bleiben, wenn neu geplant wird",
              "note published months as announced: they stay when the round is planned anew"},
     .detail = {"Was in den nächsten Monaten beginnt, gilt von selbst als angekündigt (announced_months in der "
                "Konfiguration). --withdraw nimmt eine Ankündigung mit ihrem Grund zurück.",
                "What starts in the next months counts as announced by itself (announced_months in the configuration). "
                "--withdraw takes an announcement back with its reason."}},
    {.name = "turnus pin", .kind = RH_WRITE, .flags = RH_OP_DRY_RUN, .run = turnus_pin, P(pin_params), C(pin_columns),
     .help = {"ein Amt auf einen Monat oder Zeitraum festlegen", "fix an office to a month or a range of months"},
     .detail = {"Eine Festlegung, die kein Plan einhalten kann, wird mit dem Grund abgelehnt. 'turnus rule import' lässt sie "
                "stehen.",
                "What no plan could keep is refused with the reason. 'turnus rule import' leaves it alone."}},
    {.name = "turnus unpin", .kind = RH_WRITE, .flags = RH_OP_DRY_RUN, .run = turnus_unpin, P(unpin_params), C(pin_columns),
     .help = {"die Festlegung eines Amtes aufheben", "drop what an office is fixed to"}},
    {.name = "turnus board", .kind = RH_READ, .run = turnus_board, P(board_params),
     .help = {"die Jahr-Monat-Tafel eines Plans", "the year-month board of a plan"}},
    {.name = "turnus rounds", .kind = RH_READ, .run = turnus_rounds, C(round_columns),
     .help = {"Turnusse mit ihren Plänen", "rounds with their plans"}},
    {.name = "turnus rule import", .kind = RH_WRITE, .flags = RH_OP_DRY_RUN, .run = turnus_rule_import, P(rule_import_params),
     .help = {"Wünsche, Sperren und Festlegungen aus einer CSV übernehmen",
              "take wishes, blocked and fixed months from a CSV"},
     .detail = {"Spalten: office,rule,from,to,other,note. Regeln: prefer (Wunsch), blocked (gesperrt), fixed "
                "(festgelegt) mit Monaten wie 2028-03; apart (getrennt), together (gemeinsam) mit einem zweiten Amt.",
                "Columns: office,rule,from,to,other,note. Rules: prefer, blocked, fixed with months as 2028-03; apart, "
                "together with another office."}},
    {.name = "turnus rule list", .kind = RH_READ, .run = turnus_rule_list, P(rule_list_params), C(rule_columns),
     .help = {"Regeln auflisten", "list rules"}},
    {.name = "turnus rule remove", .kind = RH_WRITE, .flags = RH_OP_DRY_RUN, .run = turnus_rule_remove, P(rule_remove_params),
     C(pin_columns), .help = {"eine Regel entfernen", "remove a rule"}},
    {.name = "turnus rule check", .kind = RH_READ, .run = turnus_rule_check, P(round_params), C(sentence_columns),
     .help = {"Widersprüche zwischen den Regeln nennen", "name contradictions between the rules"}},
    {.name = "turnus rule change", .kind = RH_WRITE, .flags = RH_OP_DRY_RUN, .run = turnus_rule_change, P(rule_change_params),
     .help = {"einer Regel andere Monate geben", "give a rule other months"}},
    {.name = "turnus conflicts", .kind = RH_READ, .run = turnus_conflicts, P(round_params), C(conflict_columns),
     .help = {"wenn es keinen Plan gibt: welche Regeln sich widersprechen, und die günstigsten Auswege",
              "when no plan exists: which rules contradict each other, and the cheapest repairs"},
     .detail = {"Jeder Widerspruch ist unverkürzbar: ohne eine seiner Regeln ließen sich die anderen einhalten. Jeder Ausweg "
                "ist geprüft: danach ist ein Plan möglich. Der Preis zählt, wie viel er anderen abverlangt.",
                "Every conflict is irreducible: without one of its rules the others could be kept. Every repair was tried: "
                "a plan is possible after it. The price counts how much it asks of others."}},
    {.name = "turnus repair", .kind = RH_COMPUTE, .run = turnus_repair, .commit = turnus_repair_commit, P(repair_params), C(repair_columns),
     .help = {"einen Ausweg aus 'turnus conflicts' gehen, in einem Schritt", "make a repair from 'turnus conflicts', in one go"}},
    {.name = "turnus spacing list", .kind = RH_READ, .run = turnus_spacing_list, P(round_params), C(spacing_columns),
     .help = {"Ämter mit eigenem Abstand zum vorigen Verfahren", "offices with a spacing of their own"}},
    {.name = "turnus spacing set", .kind = RH_WRITE, .flags = RH_OP_DRY_RUN, .run = turnus_spacing_set, P(spacing_set_params),
     .help = {"den Abstand eines Amtes zum vorigen Verfahren in einem Turnus setzen",
              "set the spacing of an office to its previous procedure in a round"}},
    {.name = "turnus month list", .kind = RH_READ, .run = turnus_month_list, P(round_params), C(month_columns),
     .help = {"Monate eines Turnus mit Höchstzahl und Ferien", "months of a round with capacity and school holidays"}},
    {.name = "turnus month set", .kind = RH_WRITE, .run = turnus_month_set, P(month_set_params),
     .help = {"einen Monat schließen, öffnen oder seine Höchstzahl setzen",
              "close or open a month or set its capacity"}},
    {.name = "turnus clashes", .kind = RH_READ, .run = turnus_clashes, P(clashes_params), C(clashes_columns),
     .help = {"Monate, in denen mehr Verfahren beginnen, als Platz ist", "months in which more procedures start than there is room for"}},
};

/* ---- configuration ---- */

static const struct rh_config_key config[] = {
    {"spacing_min", RH_TYPE_INT, .fallback = "42", .min = 0, .max = 240,
     .help = {"mindestens so viele Monate nach dem vorigen Verfahren",
              "at least so many months after the previous procedure"}},
    {"spacing_max", RH_TYPE_INT, .fallback = "78", .min = 1, .max = 480,
     .help = {"höchstens so viele Monate nach dem vorigen Verfahren",
              "at most so many months after the previous procedure"}},
    {"closed_below", RH_TYPE_INT, .fallback = "5", .min = 0, .max = 31,
     .help = {"ein Monat mit weniger Arbeitstagen außerhalb der Schulferien ist geschlossen",
              "a month with fewer working days outside school holidays is closed"}},
    {"capacity", RH_TYPE_INT, .fallback = "0", .min = 0, .max = 10000,
     .help = {"Verfahren, die in einem Monat höchstens beginnen; 0 = anderthalbmal der Durchschnitt",
              "procedures that may start in a month; 0 = one and a half times the average"}},
    {"neighbour_km", RH_TYPE_REAL, .fallback = "25", .min = 0, .max = 500,
     .help = {"so nahe Ämter sollen nicht im selben Monat beginnen (Kilometer)",
              "offices this near should not start in the same month (kilometres)"}},
    {"weight_spacing", RH_TYPE_INT, .fallback = "2", .min = 0, .max = 1000000,
     .help = {"Punkte je Monat Abstand zu 'voriges + 60 Monate', vom 4. bis zum 12. Monat",
              "points per month away from 'previous + 60 months', from the 4th to the 12th"}},
    {"weight_spacing_far", RH_TYPE_INT, .fallback = "8", .min = 0, .max = 1000000,
     .help = {"Punkte für jeden weiteren Monat", "points for each month beyond"}},
    {"weight_wish", RH_TYPE_INT, .fallback = "20", .min = 0, .max = 1000000,
     .help = {"Punkte für einen nicht erfüllten Wunsch", "points for a wish that is not met"}},
    {"weight_school", RH_TYPE_INT, .fallback = "8", .min = 0, .max = 1000000,
     .help = {"Punkte für einen Beginn in einem Monat, der überwiegend Ferien ist",
              "points for a start in a month that is mostly school holidays"}},
    {"weight_neighbour", RH_TYPE_INT, .fallback = "10", .min = 0, .max = 1000000,
     .help = {"Punkte je Paar von Nachbarn im selben Monat", "points per pair of neighbours in the same month"}},
    {"weight_apart", RH_TYPE_INT, .fallback = "50", .min = 0, .max = 1000000,
     .help = {"Punkte je Paar der Regel 'apart' im selben Monat",
              "points per pair of the rule 'apart' in the same month"}},
    {"weight_balance", RH_TYPE_INT, .fallback = "20", .min = 1, .max = 1000000,
     .help = {"Punkte je Abweichung von den gleichen Anteilen, wenn schonend neu gerechnet wird",
              "points per deviation from the even shares when a plan is computed gently anew"}},
    {"announced_months", RH_TYPE_INT, .fallback = "6", .min = 0, .max = 120,
     .help = {"was in so vielen Monaten beginnt, gilt von selbst als angekündigt; 0 = nichts von selbst",
              "what starts within so many months counts as announced by itself; 0 = nothing by itself"}},
};

static const struct rh_migration migrations[] = {
    {1, 0, "rules, months, plans", turnus_schema_1},
    {2, 0, "announcements, pins, curves", turnus_schema_change},
    {3, 0, "spacing, gaps", turnus_schema_gaps},
};

/* ---- pages ---- */

static const struct rh_page pages[] = {
    {"/turnus", "turnus rounds", rounds_mustache, {"Turnusplan", "round plan"}, {"Turnusplan", "Round plan"}, 10, 0},
    {"/turnus/{round}", "turnus board", board_mustache, {"Turnus {{round}}", "Round {{round}}"}, {NULL, NULL}, 0, 0},
    {"/turnus/{round}/table", "turnus export", table_mustache,
     {"Turnus {{round}} als Tabelle", "Round {{round}} as a table"}, {NULL, NULL}, 0, 0},
    {"/turnus/{round}/shares", "turnus board", shares_mustache,
     {"Turnus {{round}}: Anteile je Jahr", "Round {{round}}: shares per year"}, {NULL, NULL}, 0, 0},
    {"/turnus/{round}/compare", "turnus compare", compare_mustache,
     {"Turnus {{round}}: Pläne vergleichen", "Round {{round}}: compare plans"}, {NULL, NULL}, 0, 0},
    {"/turnus/{round}/replan", "turnus curve", replan_mustache,
     {"Turnus {{round}}: schonend umplanen", "Round {{round}}: plan gently anew"}, {NULL, NULL}, 0, 0},
    {"/turnus/{round}/recommend", "turnus recommend", recommend_mustache,
     {"{{name}}: die besten Plätze", "{{name}}: the best places"}, {NULL, NULL}, 0, 0},
    {"/turnus/{round}/import", "turnus export", import_mustache,
     {"Turnus {{round}}: Plan einlesen", "Round {{round}}: read in a plan"}, {NULL, NULL}, 0, 0},
    {"/turnus/{round}/conflicts", "turnus conflicts", conflicts_mustache,
     {"Turnus {{round}}: Widersprüche und Auswege", "Round {{round}}: conflicts and repairs"}, {NULL, NULL}, 0, 0},
    {"/turnus/{round}/office/{office}", "turnus explain", office_mustache, {"{{name}}", "{{name}}"}, {NULL, NULL}, 0, 0},
    {"/turnus/{round}/move", "turnus preview", move_mustache, {"{{name}} verlegen", "Move {{name}}"}, {NULL, NULL}, 0, 0},
};

static const struct rh_asset assets[] = {
    {"plan.css", "text/css; charset=utf-8", plan_css, sizeof(plan_css) - 1},
};

/* clang-format on */

RH_PLUGIN const struct rh_plugin rh_plugin = {
    RH_PLUGIN_HEAD("turnus", "1.0.0"), .title = {"Turnusplan", "round plan"},
    .operations = RH_ROWS(operations), .pages = RH_ROWS(pages),
    .assets = RH_ROWS(assets),         .config = RH_ROWS(config),
    .migrations = RH_ROWS(migrations),
};
