/* The descriptor of this room: what the register can do, as tables. */
#include "core/office/internal.h"
#include "core/office/office.h"
#include "core/office/pages/office.mustache.h"
#include "core/office/pages/offices.mustache.h"
#include "core/office/pages/overdue.mustache.h"

/* A row a line, whatever the formatter thinks of it. */
/* clang-format off */

#define FILE_PARAM(de, en) {"file", RH_TYPE_FILE, RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL, .help = {de, en}}
#define OFFICE_PARAM(flags) {"office", RH_TYPE_TEXT, flags, .help = {"Jugendamt: Kennung oder Name", "office: id or name"}}
#define ROUND_PARAM(flags) {"round", RH_TYPE_TEXT, flags, .help = {"Turnus, z. B. 2027-2031", "round, as in 2027-2031"}}

/* What people read for the codes of the register. */
#define KIND_WORDS \
    {"kind=city", RH_TYPE_TEXT, 0, {"Stadt", "town"}}, \
    {"kind=district", RH_TYPE_TEXT, 0, {"Kreis", "district"}}
#define STATE_WORDS \
    {"state=planned", RH_TYPE_TEXT, 0, {"geplant", "planned"}}, \
    {"state=running", RH_TYPE_TEXT, 0, {"läuft", "running"}}, \
    {"state=done", RH_TYPE_TEXT, 0, {"abgeschlossen", "done"}}, \
    {"state=cancelled", RH_TYPE_TEXT, 0, {"abgesagt", "cancelled"}}
#define SUGGESTED_WORDS \
    {"suggested_by=office", RH_TYPE_TEXT, 0, {"Jugendamt", "office"}}, \
    {"suggested_by=coordination", RH_TYPE_TEXT, 0, {"zuständige Stelle", "coordination office"}}
#define ROLE_WORDS \
    {"role=contact", RH_TYPE_TEXT, 0, {"Ansprechperson", "contact"}}, \
    {"role=deputy", RH_TYPE_TEXT, 0, {"Vertretung", "deputy"}}, \
    {"role=head", RH_TYPE_TEXT, 0, {"Leitung", "head"}}, \
    {"role=asd_head", RH_TYPE_TEXT, 0, {"ASD-Leitung", "head of the social service"}}, \
    {"role=planning", RH_TYPE_TEXT, 0, {"Jugendhilfeplanung", "planning"}}, \
    {"role=other", RH_TYPE_TEXT, 0, {"sonstige", "other"}}

/* ---- offices ---- */

static const struct rh_param import_params[] = {
    FILE_PARAM("CSV mit den Jugendämtern", "CSV of the offices"),
    {"close-missing", RH_TYPE_FLAG,
     .help = {"schließt Ämter, die in der Datei fehlen", "closes offices that are missing in the file"}},
};
static const struct rh_column import_columns[] = {
    {"change", RH_TYPE_TEXT, 0, {"Änderung", "change"}},
    {"id", RH_TYPE_TEXT, 0, {"Kennung", "id"}},
    {"name", RH_TYPE_TEXT, 0, {"Name", "name"}},
    {"details", RH_TYPE_TEXT, 0, {"Einzelheiten", "details"}},
    {".new", RH_TYPE_INT, 0, {"neu", "new"}},
    {".changed", RH_TYPE_INT, 0, {"geändert", "changed"}},
    {".gone", RH_TYPE_INT, 0, {"nicht in der Datei", "not in the file"}},
    {"change=new", RH_TYPE_TEXT, 0, {"neu", "new"}},
    {"change=changed", RH_TYPE_TEXT, 0, {"geändert", "changed"}},
    {"change=gone", RH_TYPE_TEXT, 0, {"nicht in der Datei", "not in the file"}},
    {"change=closed", RH_TYPE_TEXT, 0, {"geschlossen", "closed"}},
};
static const struct rh_param office_list_params[] = {
    {"region", RH_TYPE_CHOICE, .choices = "LVR|LWL", .help = {"nur dieser Landesteil", "this region only"}},
    {"kind", RH_TYPE_CHOICE, .choices = "city|district", .help = {"nur Städte oder Kreise", "towns or districts only"}},
    {"class", RH_TYPE_TEXT, .help = {"nur diese Größenklasse, z. B. city-50", "this size class only, as in city-50"}},
    {"closed", RH_TYPE_FLAG, .help = {"auch geschlossene", "closed ones too"}},
};
static const struct rh_column office_columns[] = {
    {"id", RH_TYPE_TEXT, 0, {"Kennung", "id"}},
    {"name", RH_TYPE_TEXT, 0, {"Name", "name"}},
    {"kind", RH_TYPE_TEXT, 0, {"Art", "kind"}},
    {"region", RH_TYPE_TEXT, 0, {"Landesteil", "region"}},
    {"ags", RH_TYPE_TEXT, 0, {"AGS", "official key"}},
    {"population", RH_TYPE_INT, 0, {"Einwohner", "inhabitants"}},
    {"latitude", RH_TYPE_REAL, RH_COLUMN_WIDE, {"Breite", "latitude"}},
    {"longitude", RH_TYPE_REAL, RH_COLUMN_WIDE, {"Länge", "longitude"}},
    {"short_name", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"Kurzname", "short name"}},
    {"size_class", RH_TYPE_TEXT, 0, {"Größenklasse", "size class"}},
    {"closed", RH_TYPE_DAY, RH_COLUMN_WIDE, {"geschlossen", "closed"}},
    {"source_note", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"Quelle", "source"}},
    KIND_WORDS,
};
static const struct rh_param office_params[] = {
    OFFICE_PARAM(RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL),
};
static const struct rh_column office_show_columns[] = {
    {".id", RH_TYPE_TEXT, 0, {"Kennung", "id"}},
    {".name", RH_TYPE_TEXT, 0, {"Name", "name"}},
    {".short_name", RH_TYPE_TEXT, 0, {"Kurzname", "short name"}},
    {".kind", RH_TYPE_TEXT, 0, {"Art", "kind"}},
    {".region", RH_TYPE_TEXT, 0, {"Landesteil", "region"}},
    {".ags", RH_TYPE_TEXT, 0, {"AGS", "official key"}},
    {".population", RH_TYPE_INT, 0, {"Einwohner", "inhabitants"}},
    {".latitude", RH_TYPE_REAL, 0, {"Breite", "latitude"}},
    {".longitude", RH_TYPE_REAL, 0, {"Länge", "longitude"}},
    {".size_class", RH_TYPE_TEXT, 0, {"Größenklasse", "size class"}},
    {".stratum", RH_TYPE_TEXT, 0, {"Schicht", "stratum"}},
    {".founded", RH_TYPE_DAY, 0, {"gegründet", "founded"}},
    {".closed", RH_TYPE_DAY, 0, {"geschlossen", "closed"}},
    {".successor", RH_TYPE_TEXT, 0, {"aufgegangen in", "merged into"}},
    {".source_note", RH_TYPE_TEXT, 0, {"Quelle", "source"}},
    {"procedures.", RH_TYPE_TEXT, 0, {"Verfahren", "procedures"}},
    {"procedures.id", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"Kennung", "id"}},
    {"procedures.start_month", RH_TYPE_MONTH, 0, {"Beginn", "start"}},
    {"procedures.round", RH_TYPE_TEXT, 0, {"Turnus", "round"}},
    {"procedures.state", RH_TYPE_TEXT, 0, {"Stand", "state"}},
    {"procedures.out_of_turn", RH_TYPE_FLAG, RH_COLUMN_WIDE, {"außer der Reihe", "out of turn"}},
    {"procedures.suggested_by", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"angeregt von", "suggested by"}},
    {"procedures.reason", RH_TYPE_TEXT, 0, {"Grund", "reason"}},
    {"procedures.note", RH_TYPE_TEXT, 0, {"Bemerkung", "note"}},
    {"contacts.", RH_TYPE_TEXT, 0, {"Kontakte", "contacts"}},
    {"contacts.role", RH_TYPE_TEXT, 0, {"Rolle", "role"}},
    {"contacts.name", RH_TYPE_TEXT, 0, {"Name", "name"}},
    {"contacts.email", RH_TYPE_TEXT, 0, {"E-Mail", "email"}},
    {"contacts.phone", RH_TYPE_TEXT, 0, {"Telefon", "phone"}},
    {"contacts.language", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"Sprache", "language"}},
    {"contacts.valid_from", RH_TYPE_DAY, 0, {"gültig ab", "valid from"}},
    {"contacts.valid_to", RH_TYPE_DAY, 0, {"gültig bis", "valid to"}},
    KIND_WORDS,
    STATE_WORDS,
    SUGGESTED_WORDS,
    ROLE_WORDS,
};
static const struct rh_column history_columns[] = {
    {"seq", RH_TYPE_INT, 0, {"Nr.", "no."}},
    {"at", RH_TYPE_TEXT, 0, {"Zeit", "time"}},
    {"actor", RH_TYPE_TEXT, 0, {"wer", "who"}},
    {"topic", RH_TYPE_TEXT, 0, {"was", "what"}},
    {"before", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"vorher", "before"}},
    {"after", RH_TYPE_TEXT, 0, {"nachher", "after"}},
};
static const struct rh_param office_close_params[] = {
    OFFICE_PARAM(RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL),
    {"on", RH_TYPE_DAY,
     .help = {"erster Tag, an dem es das Amt nicht mehr gibt; sonst heute",
              "first day the office is no more; else today"}},
    {"into", RH_TYPE_TEXT, .help = {"Amt, in dem es aufgeht", "office it is merged into"}},
};
static const struct rh_param overdue_params[] = {
    {"months", RH_TYPE_INT, .fallback = "60", .min = 1, .max = 240,
     .help = {"zulässiger Abstand in Monaten", "allowed spacing in months"}},
    {"never", RH_TYPE_FLAG,
     .help = {"auch Ämter ganz ohne Verfahren und ohne Planung",
              "offices with no procedure at all and none planned, too"}},
};
static const struct rh_column overdue_columns[] = {
    {"office", RH_TYPE_TEXT, 0, {"Kennung", "office"}},
    {"name", RH_TYPE_TEXT, 0, {"Name", "name"}},
    {"region", RH_TYPE_TEXT, 0, {"Landesteil", "region"}},
    {"size_class", RH_TYPE_TEXT, 0, {"Größenklasse", "size class"}},
    {"previous", RH_TYPE_MONTH, 0, {"zuletzt", "previous"}},
    {"due", RH_TYPE_MONTH, 0, {"fällig", "due"}},
    {"planned", RH_TYPE_MONTH, 0, {"geplant", "planned"}},
    {"state", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"Schlüssel der Lage", "key of the situation"}},
    {"situation", RH_TYPE_TEXT, 0, {"Lage", "situation"}},
    {"spacing_months", RH_TYPE_INT, 0, {"Abstand (Monate)", "spacing (months)"}},
    {".months", RH_TYPE_INT, 0, {"zulässiger Abstand (Monate)", "allowed spacing (months)"}},
    {".count", RH_TYPE_INT, 0, {"Jugendämter", "offices"}},
};

/* ---- contacts ---- */

static const struct rh_param contact_import_params[] = {
    FILE_PARAM("CSV mit den Kontakten", "CSV of the contacts"),
};
static const struct rh_param contact_list_params[] = {
    OFFICE_PARAM(0),
    {"all", RH_TYPE_FLAG, .help = {"auch abgelaufene und künftige", "past and future ones too"}},
};
static const struct rh_param contact_show_params[] = {
    {"id", RH_TYPE_INT, RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL, .min = 1, .max = INT64_MAX,
     .help = {"Nummer des Kontakts", "number of the contact"}},
};
static const struct rh_column contact_columns[] = {
    {"id", RH_TYPE_INT, 0, {"Nr.", "no."}},
    {"office", RH_TYPE_TEXT, 0, {"Amt", "office"}},
    {"role", RH_TYPE_TEXT, 0, {"Rolle", "role"}},
    {"name", RH_TYPE_TEXT, 0, {"Name", "name"}},
    {"email", RH_TYPE_TEXT, 0, {"E-Mail", "email"}},
    {"phone", RH_TYPE_TEXT, 0, {"Telefon", "phone"}},
    {"language", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"Sprache", "language"}},
    {"valid_from", RH_TYPE_DAY, 0, {"gültig ab", "valid from"}},
    {"valid_to", RH_TYPE_DAY, 0, {"gültig bis", "valid to"}},
    ROLE_WORDS,
};

/* ---- rounds ---- */

static const struct rh_param round_create_params[] = {
    {"round", RH_TYPE_TEXT, RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL,
     .help = {"Kennung des neuen Turnus, z. B. 2027-2031", "id of the new round, as in 2027-2031"}},
    {"start", RH_TYPE_DAY, RH_PARAM_REQUIRED, .help = {"erster Tag, z. B. 2027-01-01", "first day, as in 2027-01-01"}},
    {"years", RH_TYPE_INT, .fallback = "5", .min = 1, .max = 20, .help = {"Dauer in Jahren", "length in years"}},
};
static const struct rh_param round_params[] = {
    ROUND_PARAM(RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL),
};
static const struct rh_column round_columns[] = {
    {"id", RH_TYPE_TEXT, 0, {"Turnus", "round"}},
    {"first_month", RH_TYPE_MONTH, 0, {"erster Monat", "first month"}},
    {"last_month", RH_TYPE_MONTH, 0, {"letzter Monat", "last month"}},
    {"months", RH_TYPE_INT, 0, {"Monate", "months"}},
    {"procedures", RH_TYPE_INT, 0, {"Verfahren", "procedures"}},
    {"done", RH_TYPE_INT, 0, {"davon fertig", "of these done"}},
};
static const struct rh_column round_show_columns[] = {
    {"office", RH_TYPE_TEXT, 0, {"Kennung", "office"}},
    {"name", RH_TYPE_TEXT, 0, {"Name", "name"}},
    {"start_month", RH_TYPE_MONTH, 0, {"Beginn", "start"}},
    {"state", RH_TYPE_TEXT, 0, {"Stand", "state"}},
    {".round", RH_TYPE_TEXT, 0, {"Turnus", "round"}},
    {"summary.", RH_TYPE_TEXT, 0, {"Überblick", "summary"}},
    {"summary.first_month", RH_TYPE_MONTH, 0, {"erster Monat", "first month"}},
    {"summary.last_month", RH_TYPE_MONTH, 0, {"letzter Monat", "last month"}},
    {"summary.months", RH_TYPE_INT, 0, {"Monate", "months"}},
    {"summary.procedures", RH_TYPE_INT, 0, {"Verfahren", "procedures"}},
    {"summary.done", RH_TYPE_INT, 0, {"davon fertig", "of these done"}},
    STATE_WORDS,
};

/* ---- procedures ---- */

static const struct rh_param record_params[] = {
    OFFICE_PARAM(RH_PARAM_REQUIRED),
    {"start", RH_TYPE_MONTH, RH_PARAM_REQUIRED,
     .help = {"Monat des Beginns, z. B. 2024-01", "month of the start, as in 2024-01"}},
    {"state", RH_TYPE_CHOICE, .choices = "planned|running|done",
     .help = {"Stand; sonst nach dem Beginn geschätzt (acht Monate)",
              "state; else judged from the start (eight months)"}},
    {"suggested-by", RH_TYPE_CHOICE, .choices = "office|coordination",
     .help = {"außer der Reihe (§ 8 Abs. 4): wer es angeregt hat", "out of turn (section 8 (4)): who suggested it"}},
    {"reason", RH_TYPE_TEXT, .help = {"Grund, ohne Angaben zu Familien", "reason, nothing about families"}},
    {"note", RH_TYPE_TEXT, .help = {"Bemerkung, ohne Angaben zu Familien", "note, nothing about families"}},
};
static const struct rh_param procedure_import_params[] = {
    FILE_PARAM("CSV: office,start_month,note", "CSV: office,start_month,note"),
};
static const struct rh_param procedure_list_params[] = {
    OFFICE_PARAM(0),
    ROUND_PARAM(0),
    {"state", RH_TYPE_CHOICE, .choices = "planned|running|done|cancelled",
     .help = {"nur in diesem Stand", "in this state only"}},
};
static const struct rh_param procedure_params[] = {
    {"procedure", RH_TYPE_TEXT, RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL,
     .help = {"Verfahren, z. B. bielefeld-2027-2031", "procedure, as in bielefeld-2027-2031"}},
};
static const struct rh_param procedure_cancel_params[] = {
    {"procedure", RH_TYPE_TEXT, RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL,
     .help = {"Verfahren, z. B. bielefeld-2024-01", "procedure, as in bielefeld-2024-01"}},
    {"reason", RH_TYPE_TEXT, RH_PARAM_REQUIRED, .help = {"warum", "why"}},
};
static const struct rh_column procedure_columns[] = {
    {"id", RH_TYPE_TEXT, 0, {"Verfahren", "procedure"}},
    {"office", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"Kennung", "office"}},
    {"name", RH_TYPE_TEXT, 0, {"Jugendamt", "office name"}},
    {"round", RH_TYPE_TEXT, 0, {"Turnus", "round"}},
    {"start_month", RH_TYPE_MONTH, 0, {"Beginn", "start"}},
    {"state", RH_TYPE_TEXT, 0, {"Stand", "state"}},
    {"suggested_by", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"angeregt von", "suggested by"}},
    {"reason", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"Grund", "reason"}},
    {"note", RH_TYPE_TEXT, 0, {"Bemerkung", "note"}},
    {"participants.", RH_TYPE_TEXT, 0, {"Beteiligte", "participants"}},
    {"participants.role", RH_TYPE_TEXT, 0, {"als", "as"}},
    {"participants.name", RH_TYPE_TEXT, 0, {"Name", "name"}},
    {"participants.email", RH_TYPE_TEXT, 0, {"E-Mail", "email"}},
    STATE_WORDS,
    SUGGESTED_WORDS,
};
static const struct rh_column record_columns[] = {
    STATE_WORDS,
    SUGGESTED_WORDS,
};

/* ---- calendar ---- */

static const struct rh_param holiday_import_params[] = {
    FILE_PARAM("CSV: name,start,end,source", "CSV: name,start,end,source"),
};
static const struct rh_param closing_import_params[] = {
    FILE_PARAM("CSV: office,day,rule,note", "CSV: office,day,rule,note"),
};
static const struct rh_column holiday_columns[] = {
    {"name", RH_TYPE_TEXT, 0, {"Ferien", "school holidays"}},
    {"first_day", RH_TYPE_DAY, 0, {"von", "from"}},
    {"last_day", RH_TYPE_DAY, 0, {"bis", "to"}},
    {"source", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"Quelle", "source"}},
};
static const struct rh_column closing_columns[] = {
    {"office", RH_TYPE_TEXT, 0, {"Amt (leer: alle)", "office (empty: all)"}},
    {"day", RH_TYPE_DAY, 0, {"Tag", "day"}},
    {"rule", RH_TYPE_TEXT, 0, {"Regel", "rule"}},
    {"note", RH_TYPE_TEXT, 0, {"Bemerkung", "note"}},
};
static const struct rh_param months_params[] = {
    {"from", RH_TYPE_MONTH, .help = {"erster Monat; sonst der laufende", "first month; else the current one"}},
    {"months", RH_TYPE_INT, .fallback = "12", .min = 1, .max = 240, .help = {"wie viele Monate", "how many months"}},
    OFFICE_PARAM(0),
};
static const struct rh_column months_columns[] = {
    {"month", RH_TYPE_MONTH, 0, {"Monat", "month"}},
    {"workdays", RH_TYPE_INT, 0, {"Arbeitstage", "working days"}},
    {"outside_school_holidays", RH_TYPE_INT, 0, {"außerhalb der Schulferien", "outside school holidays"}},
    {"school_unknown", RH_TYPE_FLAG, 0, {"Ferien noch unbekannt", "school holidays unknown"}},
};
static const struct rh_column workday_columns[] = {
    {".from", RH_TYPE_DAY, 0, {"von", "from"}},
    {".day", RH_TYPE_DAY, 0, {"Tag", "day"}},
    {".reason", RH_TYPE_TEXT, 0, {"Rechnung", "how"}},
};
static const struct rh_param workday_params[] = {
    {"from", RH_TYPE_DAY, .help = {"von diesem Tag an; sonst heute", "from this day on; else today"}},
    {"days", RH_TYPE_INT, RH_PARAM_REQUIRED, .min = -10000, .max = 10000,
     .help = {"Arbeitstage, negativ rückwärts", "working days, negative for backwards"}},
    OFFICE_PARAM(0),
};

#define P(array) .params = RH_ROWS(array)
#define C(array) .columns = RH_ROWS(array)

static const struct rh_operation operations[] = {
    {.name = "office import", .kind = RH_WRITE, .flags = RH_OP_DRY_RUN, .run = office_import, P(import_params), C(import_columns),
     .help = {"Jugendämter aus einer CSV übernehmen: zeigt den Unterschied, dann alles oder nichts",
              "take offices from a CSV: shows the difference, then all or nothing"},
     .detail = {"Spalten: id, name, kind (city, district), region (LVR, LWL), ags, population, latitude, longitude, "
                "wahlweise short_name und source_note. Excel-CSV (Semikolon, Windows-1252, Dezimalkomma) wird erkannt, "
                "verlorene führende Nullen des Schlüssels werden ergänzt und gemeldet.",
                "Columns: id, name, kind (city, district), region (LVR, LWL), ags, population, latitude, longitude, "
                "optionally short_name and source_note. Excel's CSV (semicolon, Windows-1252, decimal comma) is "
                "recognised, lost leading zeros of the official key are put back and reported."}},
    {.name = "office list", .kind = RH_READ, .run = office_list, P(office_list_params), C(office_columns),
     .help = {"Jugendämter auflisten", "list offices"}},
    {.name = "office export", .kind = RH_READ, .flags = RH_OP_EXPORT, .run = office_list, P(office_list_params), C(office_columns),
     .help = {"Jugendämter als CSV ausgeben", "write offices as CSV"}},
    {.name = "office show", .kind = RH_READ, .run = office_show, P(office_params), C(office_show_columns),
     .help = {"ein Jugendamt mit Verfahren und Kontakten zeigen", "show one office with its procedures and contacts"}},
    {.name = "office history", .kind = RH_READ, .run = office_history, P(office_params), C(history_columns),
     .help = {"alle Änderungen eines Jugendamts zeigen", "show all changes of an office"}},
    {.name = "office close", .kind = RH_WRITE, .flags = RH_OP_DRY_RUN, .run = office_close, P(office_close_params),
     .help = {"ein Jugendamt schließen oder in einem anderen aufgehen lassen",
              "close an office or merge it into another"}},
    {.name = "office reopen", .kind = RH_WRITE, .run = office_reopen, P(office_params),
     .help = {"die Schließung eines Jugendamts zurücknehmen", "undo the closing of an office"}},
    {.name = "office overdue", .kind = RH_READ, .run = office_overdue, P(overdue_params), C(overdue_columns),
     .help = {"Jugendämter, deren letztes Verfahren zu lange her ist oder sein wird",
              "offices whose last procedure is too long ago, or will be"}},
    {.name = "contact import", .kind = RH_WRITE, .flags = RH_OP_DRY_RUN, .run = contact_import, P(contact_import_params),
     .help = {"Kontakte der Jugendämter aus einer CSV übernehmen", "take contacts of the offices from a CSV"},
     .detail = {"Spalten: office, role (contact, deputy, head, asd_head, planning, other), name, email, phone, "
                "language, valid_from, valid_to.",
                "Columns: office, role (contact, deputy, head, asd_head, planning, other), name, email, phone, "
                "language, valid_from, valid_to."}},
    {.name = "contact list", .kind = RH_READ, .run = contact_list, P(contact_list_params), C(contact_columns),
     .help = {"Kontakte auflisten", "list contacts"}},
    {.name = "contact show", .kind = RH_READ, .run = contact_show, P(contact_show_params), C(contact_columns),
     .help = {"alle Aufgaben einer Person zeigen", "show all that a person is contact for"}},
    {.name = "round create", .kind = RH_WRITE, .flags = RH_OP_DRY_RUN, .run = round_create, P(round_create_params),
     .help = {"einen Turnus anlegen", "create a round"}},
    {.name = "round list", .kind = RH_READ, .run = round_list, C(round_columns),
     .help = {"Turnusse auflisten", "list rounds"}},
    {.name = "round show", .kind = RH_READ, .run = round_show, P(round_params), C(round_show_columns),
     .help = {"einen Turnus mit seinen Verfahren zeigen", "show a round with its procedures"}},
    {.name = "procedure record", .kind = RH_WRITE, .flags = RH_OP_DRY_RUN, .run = procedure_record, P(record_params), C(record_columns),
     .help = {"ein früheres Verfahren oder eines außer der Reihe eintragen",
              "record a procedure of the past or out of turn"}},
    {.name = "procedure import", .kind = RH_WRITE, .flags = RH_OP_DRY_RUN, .run = procedure_import, P(procedure_import_params),
     .help = {"frühere Verfahren aus einer CSV eintragen", "record procedures of the past from a CSV"}},
    {.name = "procedure list", .kind = RH_READ, .run = procedure_list, P(procedure_list_params), C(procedure_columns),
     .help = {"Verfahren auflisten", "list procedures"}},
    {.name = "procedure show", .kind = RH_READ, .run = procedure_show, P(procedure_params), C(procedure_columns),
     .help = {"ein Verfahren mit Beteiligten zeigen", "show a procedure with its participants"}},
    {.name = "procedure cancel", .kind = RH_WRITE, .flags = RH_OP_DRY_RUN, .run = procedure_cancel, P(procedure_cancel_params),
     .help = {"ein Verfahren absagen", "cancel a procedure"}},
    {.name = "holiday import", .kind = RH_WRITE, .flags = RH_OP_DRY_RUN, .run = calendar_import_holidays, P(holiday_import_params),
     .help = {"die Liste der Schulferien ersetzen", "replace the list of school holidays"}},
    {.name = "holiday list", .kind = RH_READ, .run = calendar_list_holidays, C(holiday_columns),
     .help = {"Schulferien auflisten", "list school holidays"}},
    {.name = "closing import", .kind = RH_WRITE, .flags = RH_OP_DRY_RUN, .run = calendar_import_closings, P(closing_import_params),
     .help = {"örtliche Schließtage aus einer CSV eintragen", "record local closing days from a CSV"}},
    {.name = "closing list", .kind = RH_READ, .run = calendar_list_closings, C(closing_columns),
     .help = {"Schließtage auflisten", "list closing days"}},
    {.name = "calendar months", .kind = RH_READ, .run = calendar_months, P(months_params), C(months_columns),
     .help = {"Arbeitstage je Monat zeigen", "show working days by month"}},
    {.name = "calendar workday", .kind = RH_READ, .run = calendar_workday, P(workday_params), C(workday_columns),
     .help = {"einen Tag nach Arbeitstagen berechnen und erklären", "compute a day by working days and explain it"}},
};

static const struct rh_hook hooks[] = {
    {"round.published", -100, 0, on_round_published},
    {"procedure.wanted", 0, 0, on_procedure_wanted},
};

static const struct rh_migration migrations[] = {
    {1, 0, "register", rh_office_schema_1},
};

/* The eight classes of the kick-off slide (19 October 2023). */
static const struct rh_config_key config[] = {
    {"size_classes", RH_TYPE_LIST, .fallback =
     "city-500|city|500000|Städte ab 500.000|towns of 500,000 and more\n"
     "city-200|city|200000|Städte ab 200.000|towns of 200,000 and more\n"
     "city-100|city|100000|Städte ab 100.000|towns of 100,000 and more\n"
     "city-50|city|50000|Städte ab 50.000|towns of 50,000 and more\n"
     "city-0|city|0|Städte unter 50.000|towns below 50,000\n"
     "district-200|district|200000|Kreise ab 200.000|districts of 200,000 and more\n"
     "district-100|district|100000|Kreise ab 100.000|districts of 100,000 and more\n"
     "district-0|district|0|Kreise unter 100.000|districts below 100,000",
     .help = {"Größenklassen: schlüssel|city oder district|Einwohner ab|deutscher Name|englischer Name",
              "size classes: key|city or district|inhabitants from|German label|English label"}},
};

static const struct rh_page pages[] = {
    {"/offices", "office list", offices_mustache, {"Jugendämter", "Youth welfare offices"}, {"Jugendämter", "Offices"}, 20, 0},
    {"/offices/overdue", "office overdue", overdue_mustache,
     {"Überfällige Verfahren", "Overdue procedures"}, {"Überfällig", "Overdue"}, 30, 0},
    {"/offices/{office}", "office show", office_mustache, {"{{name}}", "{{name}}"}, {NULL, NULL}, 0, 0},
};

/* clang-format on */

const struct rh_plugin rh_office_module = {
    RH_PLUGIN_HEAD("office", "1.0.0"), .title = {"Register der Jugendämter", "register of offices"},
    .operations = RH_ROWS(operations), .hooks = RH_ROWS(hooks),
    .pages = RH_ROWS(pages),           .config = RH_ROWS(config),
    .migrations = RH_ROWS(migrations), .start = size_classes_store,
};
