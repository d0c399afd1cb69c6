/* Pilot sites by quotas, as tables. What it can do stands here; how, in the files named after it.
 */
#include "plugins/pilot/internal.h"

#include "plugins/pilot/pages/applications.mustache.h"
#include "plugins/pilot/pages/call.mustache.h"
#include "plugins/pilot/pages/chances.mustache.h"
#include "plugins/pilot/pages/form.mustache.h"
#include "plugins/pilot/pages/letters.mustache.h"
#include "plugins/pilot/pages/pilot.css.h"
#include "plugins/pilot/pages/quotas.mustache.h"
#include "plugins/pilot/pages/report.mustache.h"
#include "plugins/pilot/pages/result.mustache.h"
#include "plugins/pilot/pages/selections.mustache.h"
#include "plugins/pilot/pages/steps.mustache.h"

/* A row a line, whatever the formatter thinks of it. */
/* clang-format off */

/* ---- parameters ---- */

#define SELECTION {"selection", RH_TYPE_TEXT, .help = {"Auswahl; sonst die jüngste", "selection; else the latest"}}
#define OFFICE {"office", RH_TYPE_TEXT, RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL, .help = {"Jugendamt: Kennung oder Name", "office: id or name"}}
#define FILE_OF(de, en) {"file", RH_TYPE_FILE, RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL, .help = {de, en}}
#define REASON {"reason", RH_TYPE_TEXT, .help = {"warum; steht dann im Protokoll", "why; kept in the record"}}
#define BY {"by", RH_TYPE_TEXT, .help = {"wer es verantwortet", "who answers for it"}}

static const struct rh_param open_params[] = {
    {"id", RH_TYPE_TEXT, RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL, .help = {"Kennung, z. B. 2023", "id, as in 2023"}},
    {"places", RH_TYPE_INT, RH_PARAM_REQUIRED, .min = 1, .max = PANEL_PLACES_MAX, .help = {"Plätze", "places"}},
    {"panels", RH_TYPE_INT, .fallback = "1000", .min = 0, .max = PANEL_TICKETS_MAX,
     .help = {"Zusammensetzungen der Lotterie; 0 = der gemeinsame Nenner, ohne Rundung", "panels of the lottery; 0 = the common denominator, no rounding"}},
    {"until", RH_TYPE_DAY, .help = {"letzter Tag, an dem eine Bewerbung zählt", "last day an application counts"}},
};
static const struct rh_param import_params[] = {
    FILE_OF("CSV mit den Bewerbungen", "CSV of the applications"), SELECTION,
    {"receipts", RH_TYPE_FLAG, .help = {"Empfangsbestätigungen als Entwürfe schreiben", "write receipts as drafts"}},
};
static const struct rh_param call_open_params[] = {
    SELECTION,
    {"opens", RH_TYPE_DAY, .help = {"erster Tag des Formulars; sonst heute", "first day of the form; else today"}},
    {"closes", RH_TYPE_DAY, .help = {"letzter Tag des Formulars; sonst der letzte, an dem eine Bewerbung zählt",
                                     "last day of the form; else the last on which an application counts"}},
    {"links-only", RH_TYPE_FLAG, .help = {"nur mit dem Link eines Amts, nicht öffentlich", "only by the link of an office, not in public"}},
};
static const struct rh_param question_params[] = {
    {"name", RH_TYPE_TEXT, RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL, .help = {"Merkmal, wie es in Quoten steht", "attribute, as it stands in quotas"}},
    {"label", RH_TYPE_TEXT, .help = {"Frage auf Deutsch", "question in German"}},
    {"label-en", RH_TYPE_TEXT, .help = {"Frage auf Englisch; sonst dieselbe", "question in English; else the same"}},
    {"choices", RH_TYPE_TEXT, .help = {"Antworten zur Wahl: 'ja|nein'; sonst eine Zeile", "answers to choose from: 'yes|no'; else a line"}},
    {"required", RH_TYPE_FLAG, .help = {"muss beantwortet werden", "has to be answered"}},
    {"remove", RH_TYPE_FLAG, .help = {"die Frage entfernen", "remove the question"}},
    SELECTION,
};
static const struct rh_param link_params[] = {
    OFFICE, SELECTION,
    {"alone", RH_TYPE_FLAG, .help = {"alle älteren Links dieses Amts beenden", "end all older links of this office"}},
};
static const struct rh_param invite_params[] = {
    SELECTION,
    {"mails", RH_TYPE_INT, RH_PARAM_REQUIRED, .min = 1, .max = 10000, .help = {"wie viele Mails es sind, wie 'pilot call show' sie zählt", "how many mails it is, as 'pilot call show' counts them"}},
};
#define ANSWER(n) {"answer-" #n, RH_TYPE_TEXT, .help = {"Antwort auf die Frage " #n, "answer to question " #n}}
static const struct rh_param form_params[] = {
    {"selection", RH_TYPE_TEXT, RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL, .help = {"Auswahl", "selection"}},
    {"token", RH_TYPE_TEXT, .help = {"aus dem Link eines Amts", "from the link of an office"}},
    {"office", RH_TYPE_TEXT, .help = {"Jugendamt, ohne Link eines Amts", "office, without the link of one"}},
    {"kind", RH_TYPE_CHOICE, .choices = "city|district", .help = {"Stadt oder Kreis", "town or district"}},
    {"contact-name", RH_TYPE_TEXT, .help = {"Name der Ansprechperson", "name of the contact"}},
    {"contact-role", RH_TYPE_TEXT, .help = {"ihre Funktion", "their role"}},
    {"contact-address", RH_TYPE_TEXT, .help = {"ihre E-Mail-Adresse", "their e-mail address"}},
    {"committed", RH_TYPE_FLAG, .help = {"die Leitung sagt verbindlich zu", "the head commits the office"}},
    {"head", RH_TYPE_TEXT, .help = {"Name der Leitung", "name of the head"}},
    ANSWER(1), ANSWER(2), ANSWER(3), ANSWER(4), ANSWER(5), ANSWER(6), ANSWER(7), ANSWER(8),
    {"sent", RH_TYPE_FLAG, .help = {"die Felder kommen aus dem Formular", "the fields come from the form"}},
};
static const struct rh_param selection_params[] = {SELECTION};
static const struct rh_param quota_import_params[] = {FILE_OF("CSV mit den Quoten", "CSV of the quotas"), SELECTION};
static const struct rh_param quota_set_params[] = {
    {"label", RH_TYPE_TEXT, RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL, .help = {"Bezeichnung der Quote", "label of the quota"}},
    {"where", RH_TYPE_TEXT, .help = {"Bedingung, z. B. 'region=LVR and population>=200000'", "condition, as in 'region=LVR and population>=200000'"}},
    {"min", RH_TYPE_INT, .min = 0, .max = PANEL_PLACES_MAX, .help = {"mindestens", "at least"}},
    {"max", RH_TYPE_INT, .min = 0, .max = PANEL_PLACES_MAX, .help = {"höchstens", "at most"}},
    {"price", RH_TYPE_INT, .min = 0, .max = PANEL_PRICE_MAX, .help = {"Preis je Einheit einer Lockerung; 0 = nicht lockerbar", "price per unit of a relaxation; 0 = may not be relaxed"}},
    {"remove", RH_TYPE_FLAG, .help = {"die Quote entfernen", "remove the quota"}},
    SELECTION,
};
static const struct rh_param propose_params[] = {
    {"places", RH_TYPE_INT, .min = 1, .max = PANEL_PLACES_MAX, .help = {"Plätze; sonst die der Auswahl", "places; else those of the selection"}},
    SELECTION,
};
static const struct rh_param pin_params[] = {
    OFFICE,
    {"must", RH_TYPE_FLAG, .help = {"gehört auf jeden Fall dazu", "belongs to it in any case"}},
    {"exclude", RH_TYPE_FLAG, .help = {"nimmt nicht teil", "does not take part"}},
    {"free", RH_TYPE_FLAG, .help = {"weder noch", "neither"}},
    REASON, BY, SELECTION,
};
static const struct rh_param group_params[] = {
    {"label", RH_TYPE_TEXT, RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL, .help = {"Name der Gruppe", "name of the group"}},
    {"offices", RH_TYPE_TEXT, .help = {"Ämter mit Komma: höchstens eines davon", "offices with commas: at most one of them"}},
    {"free", RH_TYPE_FLAG, .help = {"die Gruppe auflösen", "dissolve the group"}},
    SELECTION,
};
static const struct rh_param relax_params[] = {
    {"take", RH_TYPE_INT, .min = 1, .max = PANEL_RELAXATIONS_MAX, .help = {"diese Lockerung übernehmen", "adopt this relaxation"}},
    {"by", RH_TYPE_TEXT, .help = {"wer sie wählt und unterschreibt", "who chooses and signs it"}},
    REASON, SELECTION,
};
static const struct rh_param chances_params[] = {
    {"categories", RH_TYPE_FILE, .help = {"ohne Auswahl: CSV category,feature,min,max", "without a selection: CSV category,feature,min,max"}},
    {"respondents", RH_TYPE_FILE, .help = {"ohne Auswahl: CSV mit einer Spalte je Kategorie", "without a selection: CSV with a column per category"}},
    {"places", RH_TYPE_INT, .min = 1, .max = PANEL_PLACES_MAX, .help = {"ohne Auswahl: Plätze", "without a selection: places"}},
    {"objective", RH_TYPE_CHOICE, .fallback = "leximin", .choices = "leximin|maximin|lots",
     .help = {"Ziel; zum Vergleich: maximin, lots (Los, bis die Quoten passen)", "objective; for comparison: maximin, lots (until the quotas hold)"}},
    {"float", RH_TYPE_FLAG, .help = {"nur Gleitkomma: schneller, nicht bewiesen", "floating point alone: faster, not proven"}},
    SELECTION,
};
static const struct rh_param freeze_params[] = {
    {"by", RH_TYPE_TEXT, .help = {"wer einfriert", "who freezes"}},
    {"source", RH_TYPE_TEXT, .help = {"öffentliche Quelle des Startwerts und ihr Zeitpunkt", "public source of the seed and its time"}},
    SELECTION,
};
static const struct rh_param annul_params[] = {REASON, BY, SELECTION};
static const struct rh_param draw_params[] = {
    {"seed", RH_TYPE_TEXT, .help = {"was die angekündigte Quelle ergab, genau so", "what the announced source gave, exactly so"}},
    {"by", RH_TYPE_TEXT, .help = {"wer als zweite Person bestätigt und zieht", "who confirms as the second person and draws"}},
    {"trial", RH_TYPE_FLAG, .help = {"Probelauf: entscheidet nichts, wird aufgezeichnet", "trial run: decides nothing, is kept"}},
    SELECTION,
};
static const struct rh_param confirm_params[] = {
    {"seed", RH_TYPE_TEXT, .help = {"was die angekündigte Quelle ergab, genau so", "what the announced source gave, exactly so"}},
    {"by", RH_TYPE_TEXT, .help = {"wer bestätigt", "who confirms"}},
    SELECTION,
};
static const struct rh_param replace_params[] = {
    OFFICE, REASON, BY,
    {"changes", RH_TYPE_INT, .fallback = "0", .min = 0, .max = PANEL_PLACES_MAX,
     .help = {"so viele weitere Standorte dürfen dafür zurück auf die Reserveliste", "so many further sites may go back to the reserve list for it"}},
    SELECTION,
};
static const struct rh_param letters_params[] = {
    SELECTION,
    {"letters", RH_TYPE_INT, .min = 0, .max = PANEL_APPLICANTS_MAX, .help = {"wie viele es sein sollen, wie 'pilot drafts' sie zählt", "how many it should be, as 'pilot drafts' counts them"}},
};
static const struct rh_param start_params[] = {
    {"month", RH_TYPE_MONTH, RH_PARAM_REQUIRED, .help = {"Beginn, z. B. 2024-01", "start, as in 2024-01"}},
    SELECTION,
};
static const struct rh_param verify_params[] = {
    {"bundle", RH_TYPE_FILE, RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL | RH_PARAM_FOLDER,
     .help = {"Ordner mit den fünf Dateien", "folder with the five files"}},
};

/* ---- columns ---- */

#define STATES \
    {"state=open", RH_TYPE_TEXT, 0, {"offen", "open"}}, \
    {"state=frozen", RH_TYPE_TEXT, 0, {"eingefroren", "frozen"}}, \
    {"state=drawn", RH_TYPE_TEXT, 0, {"gezogen", "drawn"}}, \
    {"state=annulled", RH_TYPE_TEXT, 0, {"annulliert", "annulled"}}
#define VIAS \
    {"via=file", RH_TYPE_TEXT, 0, {"Datei", "file"}}, \
    {"via=public", RH_TYPE_TEXT, 0, {"öffentliches Formular", "public form"}}, \
    {"via=link", RH_TYPE_TEXT, 0, {"Link des Amts", "the office's link"}}
#define LEVELS \
    {"levels.", RH_TYPE_TEXT, 0, {"Stufen", "levels"}}, \
    {"levels.probability", RH_TYPE_TEXT, 0, {"Chance", "chance"}}, \
    {"levels.percent", RH_TYPE_TEXT, 0, {"Prozent", "per cent"}}, \
    {"levels.count", RH_TYPE_INT, 0, {"Bewerbungen", "applications"}}, \
    {"levels.reason", RH_TYPE_TEXT, 0, {"warum nicht mehr", "why no more"}}, \
    {"levels.exact", RH_TYPE_FLAG, RH_COLUMN_WIDE, {"exakt", "exact"}}, \
    {"levels.decimal", RH_TYPE_REAL, RH_COLUMN_WIDE, {"dezimal", "decimal"}}
#define COUNTED \
    {".valid_panels_words", RH_TYPE_TEXT, 0, {"gültige Zusammensetzungen", "valid panels"}}, \
    {".valid_panels", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"gültige Zusammensetzungen, Ziffern", "valid panels, digits"}}, \
    {".valid_panels_exact", RH_TYPE_FLAG, RH_COLUMN_WIDE, {"genau gezählt", "counted exactly"}}
#define CONFLICTS \
    {"conflicts.", RH_TYPE_TEXT, 0, {"Widersprüche", "contradictions"}}, \
    {"conflicts.sentence", RH_TYPE_TEXT, 0, {"Widerspruch", "contradiction"}}

static const struct rh_column list_columns[] = {
    {"selection", RH_TYPE_TEXT, 0, {"Auswahl", "selection"}},
    {"places", RH_TYPE_INT, 0, {"Plätze", "places"}},
    {"applications", RH_TYPE_INT, 0, {"Bewerbungen", "applications"}},
    {"quotas", RH_TYPE_INT, 0, {"Quoten", "quotas"}},
    {"until", RH_TYPE_DAY, 0, {"Schluss", "closes"}},
    {"state", RH_TYPE_TEXT, 0, {"Stand", "state"}},
    {"number", RH_TYPE_INT, RH_COLUMN_WIDE, {"gezogene Nummer", "number drawn"}},
    STATES,
};
static const struct rh_column application_columns[] = {
    {"office", RH_TYPE_TEXT, 0, {"Kennung", "office"}},
    {"name", RH_TYPE_TEXT, 0, {"Jugendamt", "name"}},
    {"region", RH_TYPE_TEXT, 0, {"Landesteil", "region"}},
    {"size_class", RH_TYPE_TEXT, 0, {"Größenklasse", "size class"}},
    {"population", RH_TYPE_INT, RH_COLUMN_WIDE, {"Einwohner", "population"}},
    {"contact", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"Ansprechperson", "contact"}},
    {"contact_name", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"Name", "contact's name"}},
    {"contact_role", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"Funktion", "contact's role"}},
    {"head", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"Leitung", "head"}},
    {"committed", RH_TYPE_FLAG, 0, {"Zusage", "commitment"}},
    {"received", RH_TYPE_DAY, 0, {"Eingang", "received"}},
    {"pin", RH_TYPE_TEXT, 0, {"gesetzt oder ausgeschlossen", "pinned"}},
    {"groups", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"Gruppen", "groups"}},
    {"barred", RH_TYPE_TEXT, 0, {"nimmt nicht teil", "does not take part"}},
    {"via", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"Weg", "way"}},
    {"receipt", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"Empfangsnummer", "receipt"}},
    VIAS,
    {"pin=must", RH_TYPE_TEXT, 0, {"gesetzt", "must-have"}},
    {"pin=excluded", RH_TYPE_TEXT, 0, {"ausgeschlossen", "excluded"}},
    {"barred=commitment", RH_TYPE_TEXT, 0, {"die Zusage der Leitung fehlt", "the commitment of the head is missing"}},
    {"barred=late", RH_TYPE_TEXT, 0, {"zu spät eingegangen", "received too late"}},
    {"barred=excluded", RH_TYPE_TEXT, 0, {"ausgeschlossen", "excluded"}},
};
static const struct rh_column call_columns[] = {
    {"name", RH_TYPE_TEXT, 0, {"Jugendamt", "office"}},
    {"receipt", RH_TYPE_TEXT, 0, {"Empfangsnummer", "receipt"}},
    {"version", RH_TYPE_INT, 0, {"Fassung", "version"}},
    {"day", RH_TYPE_DAY, 0, {"zuletzt", "last"}},
    {"committed", RH_TYPE_FLAG, 0, {"Zusage", "commitment"}},
    {"late", RH_TYPE_FLAG, 0, {"verspätet", "late"}},
    {"via", RH_TYPE_TEXT, 0, {"Weg", "way"}},
    VIAS,
    {".state", RH_TYPE_TEXT, 0, {"Formular", "form"}},
    {"state=none", RH_TYPE_TEXT, 0, {"gibt es nicht", "none"}},
    {"state=before", RH_TYPE_TEXT, 0, {"noch nicht offen", "not open yet"}},
    {"state=open", RH_TYPE_TEXT, 0, {"offen", "open"}},
    {"state=late", RH_TYPE_TEXT, 0, {"offen, Eingänge gelten als verspätet", "open, what comes is late"}},
    {"state=closed", RH_TYPE_TEXT, 0, {"geschlossen", "closed"}},
    {".opens", RH_TYPE_DAY, 0, {"erster Tag", "first day"}},
    {".closes", RH_TYPE_DAY, 0, {"letzter Tag", "last day"}},
    {".until", RH_TYPE_DAY, 0, {"zählt bis", "counts until"}},
    {".public", RH_TYPE_FLAG, 0, {"öffentlich", "public"}},
    {".path", RH_TYPE_TEXT, 0, {"Seite", "page"}},
    {".address", RH_TYPE_TEXT, 0, {"Adresse", "address"}},
    {".uninvited", RH_TYPE_INT, 0, {"noch einzuladen", "not invited yet"}},
    {"questions.", RH_TYPE_TEXT, 0, {"Fragen", "questions"}},
    {"questions.name", RH_TYPE_TEXT, 0, {"Merkmal", "attribute"}},
    {"questions.label_de", RH_TYPE_TEXT, 0, {"Frage", "question (German)"}},
    {"questions.choices", RH_TYPE_TEXT, 0, {"Antworten", "answers"}},
    {"questions.required", RH_TYPE_FLAG, 0, {"nötig", "required"}},
};
static const struct rh_column link_columns[] = {
    {".office", RH_TYPE_TEXT, 0, {"Jugendamt", "office"}},
    {".link", RH_TYPE_TEXT, 0, {"Link", "link"}},
};
static const struct rh_column apply_columns[] = {
    {".office", RH_TYPE_TEXT, 0, {"Jugendamt", "office"}},
    {".receipt", RH_TYPE_TEXT, 0, {"Empfangsnummer", "receipt"}},
    {".version", RH_TYPE_INT, 0, {"Fassung", "version"}},
    {".late", RH_TYPE_FLAG, 0, {"verspätet", "late"}},
    {".without_commitment", RH_TYPE_FLAG, 0, {"ohne Zusage der Leitung", "without the head's commitment"}},
    {".address", RH_TYPE_TEXT, 0, {"Bestätigung an", "receipt to"}},
};
static const struct rh_column quota_columns[] = {
    {"label", RH_TYPE_TEXT, 0, {"Quote", "label"}},
    {"where", RH_TYPE_TEXT, 0, {"Bedingung", "where"}},
    {"min", RH_TYPE_INT, 0, {"mindestens", "min"}},
    {"max", RH_TYPE_INT, 0, {"höchstens", "max"}},
    {"relaxable", RH_TYPE_TEXT, 0, {"lockerbar", "relaxable"}},
    {"price", RH_TYPE_INT, 0, {"Preis", "price"}},
    {"offices", RH_TYPE_INT, 0, {"Ämter", "offices"}},
    {"relaxable=yes", RH_TYPE_TEXT, 0, {"ja", "yes"}},
    {"relaxable=no", RH_TYPE_TEXT, 0, {"nein", "no"}},
};
static const struct rh_column check_columns[] = {
    {"label", RH_TYPE_TEXT, 0, {"Quote", "label"}},
    {"where", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"Bedingung", "where"}},
    {"min", RH_TYPE_INT, 0, {"mindestens", "min"}},
    {"max", RH_TYPE_INT, 0, {"höchstens", "max"}},
    {"pool", RH_TYPE_INT, 0, {"Bewerbungen", "pool"}},
    {"possible", RH_TYPE_TEXT, 0, {"möglich", "possible"}},
    {".applications", RH_TYPE_INT, 0, {"Bewerbungen", "applications"}},
    {".eligible", RH_TYPE_INT, 0, {"davon nehmen teil", "of them take part"}},
    {".places", RH_TYPE_INT, 0, {"Plätze", "places"}},
    {".feasible", RH_TYPE_FLAG, 0, {"möglich", "possible"}},
    COUNTED, CONFLICTS,
    {"relaxations.", RH_TYPE_TEXT, 0, {"kleinste Lockerungen", "smallest relaxations"}},
    {"relaxations.number", RH_TYPE_INT, 0, {"Nr.", "no."}},
    {"relaxations.change", RH_TYPE_TEXT, 0, {"Änderung", "change"}},
    {"relaxations.price", RH_TYPE_INT, 0, {"Preis", "price"}},
    {"forced.", RH_TYPE_TEXT, 0, {"erzwungen", "forced"}},
    {"forced.label", RH_TYPE_TEXT, 0, {"Quote", "label"}},
    {"forced.exactly", RH_TYPE_INT, 0, {"genau", "exactly"}},
    {"forced.reason", RH_TYPE_TEXT, 0, {"weil", "because"}},
    {"unselectable.", RH_TYPE_TEXT, 0, {"in keiner gültigen Zusammensetzung", "in no valid panel"}},
    {"unselectable.name", RH_TYPE_TEXT, 0, {"Jugendamt", "office"}},
    {"unselectable.reason", RH_TYPE_TEXT, 0, {"Grund", "reason"}},
    {"barred.", RH_TYPE_TEXT, 0, {"nehmen nicht teil", "do not take part"}},
    {"barred.name", RH_TYPE_TEXT, 0, {"Jugendamt", "office"}},
    {"barred.reason", RH_TYPE_TEXT, 0, {"Grund", "reason"}},
    STATES,
};
static const struct rh_column relax_columns[] = {
    {"number", RH_TYPE_INT, 0, {"Nr.", "no."}},
    {"change", RH_TYPE_TEXT, 0, {"Änderung", "change"}},
    {"price", RH_TYPE_INT, 0, {"Preis", "price"}},
    CONFLICTS,
};
static const struct rh_column chances_columns[] = {
    {"office", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"Kennung", "office"}},
    {"name", RH_TYPE_TEXT, 0, {"Jugendamt", "name"}},
    {"profile", RH_TYPE_TEXT, 0, {"Profil", "profile"}},
    {"count", RH_TYPE_INT, 0, {"Bewerbungen", "applications"}},
    {"probability", RH_TYPE_TEXT, 0, {"Chance", "chance"}},
    {"percent", RH_TYPE_TEXT, 0, {"Prozent", "per cent"}},
    {"reason", RH_TYPE_TEXT, 0, {"Grund", "reason"}},
    {".objective_words", RH_TYPE_TEXT, 0, {"Ziel", "objective"}},
    {".applicants", RH_TYPE_INT, 0, {"Bewerbungen", "applications"}},
    {".places", RH_TYPE_INT, 0, {"Plätze", "places"}},
    {".profiles", RH_TYPE_INT, 0, {"verschiedene Profile", "distinct profiles"}},
    {".exact", RH_TYPE_FLAG, 0, {"exakt", "exact"}},
    COUNTED, LEVELS,
};
static const struct rh_column freeze_columns[] = {
    {".digest", RH_TYPE_TEXT, 0, {"Prüfsumme", "digest"}},
    {".panels", RH_TYPE_INT, 0, {"Zusammensetzungen", "panels"}},
    {".exact", RH_TYPE_FLAG, 0, {"exakt", "exact"}},
    LEVELS,
};
static const struct rh_column draw_columns[] = {
    {"office", RH_TYPE_TEXT, 0, {"Kennung", "office"}},
    {"name", RH_TYPE_TEXT, 0, {"Jugendamt", "name"}},
    {".number", RH_TYPE_INT, 0, {"Nummer", "number"}},
    {".ticket", RH_TYPE_INT, 0, {"Zeile der Lotterie", "line of the lottery"}},
};
static const struct rh_column status_columns[] = {
    {"seed", RH_TYPE_TEXT, 0, {"Startwert", "seed"}},
    {"number", RH_TYPE_INT, 0, {"Nummer", "number"}},
    {"person", RH_TYPE_TEXT, 0, {"Probelauf durch", "trial run by"}},
    {"at", RH_TYPE_TEXT, 0, {"am (UTC)", "at (UTC)"}},
    {".state", RH_TYPE_TEXT, 0, {"Stand", "state"}},
    {".digest", RH_TYPE_TEXT, 0, {"Prüfsumme", "digest"}},
    {".source", RH_TYPE_TEXT, 0, {"Quelle des Startwerts", "source of the seed"}},
    {".confirmed_by", RH_TYPE_TEXT, 0, {"Startwert bestätigt von", "seed confirmed by"}},
    {".confirmed_at", RH_TYPE_TEXT, 0, {"bestätigt am (UTC)", "confirmed at (UTC)"}},
    {".annulled_reason", RH_TYPE_TEXT, 0, {"annulliert", "annulled"}},
    STATES,
};
static const struct rh_column show_columns[] = {
    {"office", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"Kennung", "office"}},
    {"name", RH_TYPE_TEXT, 0, {"Jugendamt", "name"}},
    {"outcome", RH_TYPE_TEXT, 0, {"Ergebnis", "outcome"}},
    {"position", RH_TYPE_INT, 0, {"Reserve Nr.", "reserve no."}},
    {"probability", RH_TYPE_TEXT, 0, {"Chance", "chance"}},
    {"panels", RH_TYPE_TEXT, 0, {"Zusammensetzungen", "panels"}},
    {"reason", RH_TYPE_TEXT, 0, {"Grund", "reason"}},
    {"replaces", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"kann ersetzen", "can replace"}},
    {"outcome=selected", RH_TYPE_TEXT, 0, {"gezogen", "selected"}},
    {"outcome=reserve", RH_TYPE_TEXT, 0, {"Reserve", "reserve"}},
    {"outcome=withdrawn", RH_TYPE_TEXT, 0, {"ausgefallen", "withdrawn"}},
    {"outcome=barred", RH_TYPE_TEXT, 0, {"nicht teilgenommen", "did not take part"}},
    {".number", RH_TYPE_INT, 0, {"Nummer", "number"}},
    {".panels", RH_TYPE_INT, 0, {"Zusammensetzungen", "panels"}},
    {".seed", RH_TYPE_TEXT, 0, {"Startwert", "seed"}},
    {".first", RH_TYPE_TEXT, 0, {"bestätigt", "confirmed"}},
    {".second", RH_TYPE_TEXT, 0, {"und", "and"}},
    {".digest", RH_TYPE_TEXT, 0, {"Prüfsumme", "digest"}},
    {".robust_single", RH_TYPE_TEXT, 0, {"einzelne Ausfälle ersetzbar", "single dropouts replaceable"}},
    {".robust_pairs", RH_TYPE_TEXT, 0, {"Paare ersetzbar", "pairs replaceable"}},
    {"strata.", RH_TYPE_TEXT, 0, {"Schichten", "strata"}},
    {"strata.label", RH_TYPE_TEXT, 0, {"Quote", "label"}},
    {"strata.register", RH_TYPE_TEXT, 0, {"Register", "register"}},
    {"strata.pool", RH_TYPE_INT, 0, {"Bewerbungen", "pool"}},
    {"strata.min", RH_TYPE_INT, 0, {"mindestens", "min"}},
    {"strata.max", RH_TYPE_INT, 0, {"höchstens", "max"}},
    {"strata.selected", RH_TYPE_INT, 0, {"gewählt", "selected"}},
    COUNTED, LEVELS,
};
static const struct rh_column draft_columns[] = {
    {"office", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"Kennung", "office"}},
    {"name", RH_TYPE_TEXT, 0, {"Jugendamt", "name"}},
    {"address", RH_TYPE_TEXT, 0, {"An", "to"}},
    {"state", RH_TYPE_TEXT, 0, {"Stand", "state"}},
    {"subject", RH_TYPE_TEXT, 0, {"Betreff", "subject"}},
    {"text", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"Text", "text"}},
    {"state=first", RH_TYPE_TEXT, 0, {"neu", "new"}},
    {"state=changed", RH_TYPE_TEXT, 0, {"neu, nach einem Nachrücken", "new, after a replacement"}},
    {"state=written", RH_TYPE_TEXT, 0, {"liegt schon im Postausgang", "in the outbox already"}},
    {"state=unreachable", RH_TYPE_TEXT, 0, {"ohne Adresse", "without an address"}},
    {".letters", RH_TYPE_INT, 0, {"neue Entwürfe", "new drafts"}},
    {".written", RH_TYPE_INT, 0, {"liegen schon vor", "there already"}},
    {".without_address", RH_TYPE_INT, 0, {"ohne Adresse", "without an address"}},
};
static const struct rh_column replace_columns[] = {
    {"label", RH_TYPE_TEXT, 0, {"Quote", "label"}},
    {"min", RH_TYPE_INT, 0, {"mindestens", "min"}},
    {"max", RH_TYPE_INT, 0, {"höchstens", "max"}},
    {"before", RH_TYPE_INT, 0, {"vorher", "before"}},
    {"after", RH_TYPE_INT, 0, {"nachher", "after"}},
};

/* ---- operations ---- */

#define P(array) .params = RH_ROWS(array)
#define C(array) .columns = RH_ROWS(array)

static const struct rh_operation operations[] = {
    {.name = "pilot open", .kind = RH_WRITE, .run = pilot_open, P(open_params),
     .help = {"eine Auswahl eröffnen", "open a selection"}},
    {.name = "pilot list", .kind = RH_READ, .run = pilot_list, C(list_columns),
     .help = {"Auswahlen auflisten", "list selections"}},
    {.name = "pilot import", .kind = RH_WRITE, .flags = RH_OP_DRY_RUN, .run = pilot_import, P(import_params),
     .help = {"Bewerbungen aus einer CSV übernehmen; die Datei ersetzt alle", "take applications from a CSV; the file replaces all"},
     .detail = {"Spalten: office,contact,committed,received; jede weitere kann in Quoten stehen. Landesteil, Art, Einwohner und "
                "Größenklasse (region, kind, population, size_class) kommen aus dem Register.",
                "Columns: office,contact,committed,received; any further one can stand in quotas. region, kind, population and "
                "size_class come from the register."}},
    {.name = "pilot call open", .kind = RH_WRITE, .run = pilot_call_open, P(call_open_params),
     .help = {"das Formular für Bewerbungen öffnen, oder sein Fenster ändern", "open the form for applications, or change its window"}},
    {.name = "pilot call close", .kind = RH_WRITE, .run = pilot_call_close, P(selection_params),
     .help = {"das Formular vorzeitig schließen", "close the form early"}},
    {.name = "pilot call show", .kind = RH_READ, .run = pilot_call_show, P(selection_params), C(call_columns),
     .help = {"Fenster, Link und Fragen des Formulars, und was einging", "window, link and questions of the form, and what came in"}},
    {.name = "pilot call question", .kind = RH_WRITE, .run = pilot_call_question, P(question_params),
     .help = {"das Formular nach mehr fragen lassen; die Antwort kann in Quoten stehen", "have the form ask more; the answer can stand in quotas"}},
    {.name = "pilot call link", .kind = RH_WRITE, .run = pilot_call_link, P(link_params), C(link_columns),
     .help = {"den Link eines Amts ausgeben; er wird nur einmal gezeigt", "give out the link of an office; it is shown once only"}},
    {.name = "pilot call invite", .kind = RH_WRITE, .flags = RH_OP_DRY_RUN, .run = pilot_call_invite, P(invite_params),
     .help = {"allen Ämtern ihren Link schreiben: Entwürfe, die eine Person freigibt", "write their link to all offices: drafts that a person releases"}},
    {.name = "pilot form", .kind = RH_READ, .flags = RH_OP_PUBLIC, .run = pilot_form, P(form_params),
     .help = {"das Formular, wie es ein Amt sieht", "the form as an office sees it"}},
    {.name = "pilot apply", .kind = RH_WRITE, .flags = RH_OP_PUBLIC, .run = pilot_apply, P(form_params), C(apply_columns),
     .help = {"sich bewerben oder die Bewerbung ändern, wie mit dem Formular", "apply or change the application, as by the form"}},
    {.name = "pilot applications", .kind = RH_READ, .run = pilot_applications, P(selection_params), C(application_columns),
     .help = {"Bewerbungen auflisten, mit dem Grund, wer nicht teilnimmt", "list applications, with the reason who does not take part"}},
    {.name = "pilot quota import", .kind = RH_WRITE, .flags = RH_OP_DRY_RUN, .run = pilot_quota_import, P(quota_import_params),
     .help = {"Quoten aus einer CSV übernehmen; die Datei ersetzt alle", "take quotas from a CSV; the file replaces all"},
     .detail = {"Spalten: label,where,min,max,relaxable,price. where verbindet Bedingungen mit 'and': region=LVR and kind=city and "
                "population>=500000; leer: alle.",
                "Columns: label,where,min,max,relaxable,price. where joins conditions with 'and': region=LVR and kind=city and "
                "population>=500000; empty: all."}},
    {.name = "pilot quota list", .kind = RH_READ, .flags = RH_OP_EXPORT, .run = pilot_quota_list, P(selection_params), C(quota_columns),
     .help = {"Quoten ausgeben, wie 'quota import' sie liest", "write the quotas as 'quota import' reads them"}},
    {.name = "pilot quota set", .kind = RH_WRITE, .run = pilot_quota_set, P(quota_set_params),
     .help = {"eine Quote setzen, ändern oder entfernen", "set, change or remove a quota"}},
    {.name = "pilot quota propose", .kind = RH_READ, .flags = RH_OP_EXPORT, .run = pilot_quota_propose, P(propose_params), C(quota_columns),
     .help = {"Quoten je Landesteil und Größenklasse aus allen Ämtern (Sainte-Laguë, mindestens 1)",
              "quotas by region and size class from all offices (Sainte-Laguë, at least 1)"}},
    {.name = "pilot pin", .kind = RH_WRITE, .run = pilot_pin, P(pin_params),
     .help = {"ein Amt setzen oder ausschließen, mit Grund und Verantwortung", "make an office a must-have or exclude it, with reason and name"}},
    {.name = "pilot group", .kind = RH_WRITE, .run = pilot_group, P(group_params),
     .help = {"Nachbarn, von denen höchstens eines dazugehört", "neighbours of which at most one belongs to it"}},
    {.name = "pilot check", .kind = RH_READ, .run = pilot_check, P(selection_params), C(check_columns),
     .help = {"prüfen, ob alle Quoten zugleich möglich sind, und was sie erzwingen", "check whether all quotas are possible together, and what they force"}},
    {.name = "pilot relax", .kind = RH_COMPUTE, .run = pilot_relax, .commit = pilot_relax_commit, P(relax_params), C(relax_columns),
     .help = {"alle kleinsten Lockerungen nennen; --take übernimmt eine, mit Unterschrift", "name all smallest relaxations; --take adopts one, signed"}},
    {.name = "pilot chances", .kind = RH_COMPUTE, .flags = RH_OP_ASIDE, .run = pilot_chances, P(chances_params), C(chances_columns),
     .help = {"die gerechtesten Chancen unter den Quoten (Leximin), als Brüche", "the fairest chances under the quotas (leximin), as fractions"},
     .detail = {"Mit --categories und --respondents (Dateien der Werkzeuge für Bürgerräte) antwortet es ohne Auswahl und Datenbank.",
                "With --categories and --respondents (files of the citizens' assembly tools) it answers without selection and database."}},
    {.name = "pilot distribution", .kind = RH_READ, .run = pilot_chances, P(chances_params), C(chances_columns),
     .help = {"dasselbe wie 'pilot chances', zum Ansehen", "the same as 'pilot chances', to look at"}},
    {.name = "pilot freeze", .kind = RH_COMPUTE, .run = pilot_freeze, .commit = pilot_freeze_commit, P(freeze_params), C(freeze_columns),
     .help = {"einfrieren: Eingabe, Chancen und Lotterie bekommen eine Prüfsumme", "freeze: input, chances and lottery get a digest"}},
    {.name = "pilot annul", .kind = RH_WRITE, .run = pilot_annul, P(annul_params),
     .help = {"eine Auswahl annullieren, mit Grund", "annul a selection, with a reason"}},
    {.name = "pilot status", .kind = RH_READ, .run = pilot_frozen, P(selection_params), C(status_columns),
     .help = {"Stand einer Auswahl, Prüfsumme und Probeläufe", "state of a selection, digest and trial runs"}},
    {.name = "pilot confirm", .kind = RH_WRITE, .run = pilot_confirm, P(confirm_params),
     .help = {"den Startwert bestätigen, als erste von zwei Personen", "confirm the seed, as the first of two persons"}},
    {.name = "pilot draw", .kind = RH_WRITE, .run = pilot_draw, P(draw_params), C(draw_columns),
     .help = {"ziehen, als zweite Person und nur einmal; --trial probt", "draw, as the second person and once only; --trial rehearses"}},
    {.name = "pilot show", .kind = RH_READ, .run = pilot_show, P(selection_params), C(show_columns),
     .help = {"das Ergebnis: wer gezogen ist, Reserve, und der Grund für alle anderen", "the result: who is drawn, reserve, and the reason for all others"}},
    {.name = "pilot report", .kind = RH_READ, .run = pilot_show, P(selection_params), C(show_columns),
     .help = {"der Bericht: Text, --csv oder --json; als Seite zum Drucken: /pilot/AUSWAHL/report", "the report: text, --csv or --json; as a page to print: /pilot/SELECTION/report"}},
    {.name = "pilot drafts", .kind = RH_READ, .run = pilot_drafts, P(selection_params), C(draft_columns),
     .help = {"welche Ergebnisschreiben 'pilot letters' jetzt entwirft, im Wortlaut", "which result letters 'pilot letters' would draft now, in full"}},
    {.name = "pilot letters", .kind = RH_WRITE, .flags = RH_OP_DRY_RUN, .run = pilot_letters, P(letters_params),
     .help = {"das Ergebnis an alle schreiben: Entwürfe, die eine Person freigibt", "write the result to all: drafts that a person releases"}},
    {.name = "pilot replace", .kind = RH_WRITE, .flags = RH_OP_DRY_RUN, .run = pilot_replace, P(replace_params), C(replace_columns),
     .help = {"ein Standort fällt aus: das nächste passende Amt der Reserveliste rückt nach", "a site drops out: the next fitting office of the reserve list moves up"}},
    {.name = "pilot start", .kind = RH_WRITE, .flags = RH_OP_DRY_RUN, .run = pilot_start, P(start_params),
     .help = {"die Standorte als Verfahren außer der Reihe ins Register eintragen", "record the sites as procedures out of turn in the register"}},
    {.name = "pilot bundle", .kind = RH_READ, .flags = RH_OP_FILES, .run = pilot_bundle, P(selection_params),
     .help = {"die Dateien zum Nachprüfen; --output nennt den Ordner", "the files to check it by; --output names the folder"}},
    {.name = "pilot verify", .kind = RH_COMPUTE, .flags = RH_OP_ASIDE, .run = pilot_verify_bundle, P(verify_params),
     .help = {"ein Bündel nachprüfen: neu zählen, neu hashen, neu ziehen", "check a bundle: count again, hash again, draw again"}},
};

static const struct rh_migration migrations[] = {
    {1, 0, "selections, applications, quotas, draws", pilot_schema_1},
    {2, 0, "the form, its links and receipts; two acts of a draw", pilot_schema_2},
};

/* ---- pages ---- */

static const struct rh_page pages[] = {
    {"/pilot", "pilot list", selections_mustache, {"Pilotstandorte", "Pilot sites"}, {"Pilotstandorte", "Pilot sites"}, 30, 0},
    {"/pilot/{selection}", "pilot status", steps_mustache, {"Auswahl {{selection}}", "Selection {{selection}}"}, {NULL, NULL}, 0, 0},
    {"/pilot/{selection}/call", "pilot call show", call_mustache, {"Aufruf zur Bewerbung", "Call for applications"}, {NULL, NULL}, 0, 0},
    {"/apply/{selection}", "pilot form", form_mustache, {"Bewerbung als Pilotstandort", "Application as a pilot site"}, {NULL, NULL}, 0, 0},
    {"/apply/{selection}/{token}", "pilot form", form_mustache, {"Bewerbung als Pilotstandort", "Application as a pilot site"}, {NULL, NULL}, 0, 0},
    {"/pilot/{selection}/applications", "pilot applications", applications_mustache, {"Bewerbungen", "Applications"}, {NULL, NULL}, 0, 0},
    {"/pilot/{selection}/quotas", "pilot check", quotas_mustache, {"Quoten", "Quotas"}, {NULL, NULL}, 0, 0},
    {"/pilot/{selection}/chances", "pilot distribution", chances_mustache, {"Chancen", "Chances"}, {NULL, NULL}, 0, 0},
    {"/pilot/{selection}/result", "pilot show", result_mustache, {"Ergebnis {{selection}}", "Result {{selection}}"}, {NULL, NULL}, 0, 0},
    {"/pilot/{selection}/letters", "pilot drafts", letters_mustache, {"Ergebnisschreiben {{selection}}", "Result letters {{selection}}"}, {NULL, NULL}, 0, 0},
    {"/pilot/{selection}/report", "pilot report", report_mustache, {"Auswahl der Pilotstandorte", "Selection of the pilot sites"}, {NULL, NULL}, 0, 0},
};

static const struct rh_config_key config[] = {
    {"address", RH_TYPE_TEXT, .min = 0, .max = 200,
     .help = {"unter dieser Adresse erreichen Ämter das Formular, z. B. https://bewerbung.example.org; ohne sie steht in Mails kein Link",
              "under this address offices reach the form, as in https://apply.example.org; without it mails have no link"}},
};

static const struct rh_asset assets[] = {
    {"pilot.css", "text/css; charset=utf-8", pilot_css, sizeof(pilot_css) - 1},
};

/* clang-format on */

RH_PLUGIN const struct rh_plugin rh_plugin = {
    RH_PLUGIN_HEAD("pilot", "1.0.0"),
    .title = {"Auswahl der Pilotstandorte", "selection of the pilot sites"},
    .operations = RH_ROWS(operations),
    .pages = RH_ROWS(pages),
    .assets = RH_ROWS(assets),
    .config = RH_ROWS(config),
    .migrations = RH_ROWS(migrations),
};
