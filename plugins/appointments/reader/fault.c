#include "plugins/appointments/reader/fault.h"

#include <stdarg.h>
#include <stdio.h>

int32_t ics_refuse(struct ics_fault *fault, uint32_t line, const char *de, const char *en, ...)
{
    va_list words, again;

    if (!fault)
        return -1;
    fault->line = line;
    va_start(words, en);
    va_copy(again, words);
    (void)vsnprintf(fault->de, sizeof(fault->de), de, words);
    (void)vsnprintf(fault->en, sizeof(fault->en), en, again);
    va_end(again);
    va_end(words);
    return -1;
}

int32_t ics_no_memory(struct ics_fault *fault)
{
    return ics_refuse(fault, 0, "der Kalender braucht mehr Speicher, als ihm zusteht",
                      "the calendar needs more memory than it may have");
}

/* ---- notes ---- */

static const struct {
    const char *name, *de, *en;
} kinds[ICS_NOTES] = {
    [ICS_NOTE_LINE] = {"line", "Zeilen, die keine Kalenderzeilen sind, wurden übergangen",
                       "lines that are no calendar lines were skipped"},
    [ICS_NOTE_TIME] = {"time", "Termine ohne lesbaren Anfang oder lesbares Ende wurden übergangen",
                       "events whose start or end cannot be read were skipped"},
    [ICS_NOTE_BACKWARDS] = {"backwards", "Termine, die vor ihrem Anfang enden, wurden übergangen",
                            "events that end before they begin were skipped"},
    [ICS_NOTE_RULE] = {"rule",
                       "unlesbare Wiederholungsregeln: von diesen Terminen zählt nur der erste",
                       "recurrence rules that cannot be read: of these events only the first time "
                       "counts"},
    [ICS_NOTE_DENSE] = {"dense",
                        "Wiederholungen im Takt von Minuten oder Sekunden: nur die erste zählt",
                        "recurrences by the minute or second: only the first time counts"},
    [ICS_NOTE_EXRULE] = {"exrule",
                         "Ausnahmen als Regel (EXRULE) werden nicht ausgewertet: diese "
                         "Zeiten gelten als belegt",
                         "exceptions given as a rule (EXRULE) are not evaluated: these times count "
                         "as busy"},
    [ICS_NOTE_RANGE] =
        {"range", "Änderungen „ab hier“ (THISANDFUTURE) gelten nur für den einen Termin",
         "changes \"from here on\" (THISANDFUTURE) hold for the one occurrence only"},
    [ICS_NOTE_DATES] = {"dates",
                        "Zusatz- oder Ausnahmetage wurden übergangen: unlesbar oder zu "
                        "viele",
                        "additional dates or exceptions were skipped: not readable or too many"},
    [ICS_NOTE_ZONE] = {"unknown-zone",
                       "Zeiten in unbekannten Zeitzonen gelten als Zeiten in Europe/Berlin",
                       "times in unknown time zones are taken as times in Europe/Berlin"},
    [ICS_NOTE_BAD_ZONE] = {"bad-zone", "Zeitzonen der Datei (VTIMEZONE) sind unbrauchbar",
                           "time zones of the file (VTIMEZONE) cannot be used"},
    [ICS_NOTE_WORK] = {"work", "Wiederholungen sind zu aufwendig: ihre späteren Zeiten fehlen",
                       "recurrences take too much work: their later times are missing"},
    [ICS_NOTE_FOUND] = {"found", "zu viele belegte Zeiten: die übrigen fehlen",
                        "too many busy times: the others are missing"},
};

void ics_note(struct ics_notes *notes, enum ics_note_kind kind, uint32_t line)
{
    if (notes->count[kind]++ == 0)
        notes->line[kind] = line;
}

const char *ics_note_name(enum ics_note_kind kind)
{
    return kinds[kind].name;
}

void ics_note_text(const struct ics_notes *notes, enum ics_note_kind kind, char de[320],
                   char en[320])
{
    (void)snprintf(de, 320, "%s (%u-mal, zuerst in Zeile %u)", kinds[kind].de, notes->count[kind],
                   notes->line[kind]);
    (void)snprintf(en, 320, "%s (%u times, first in line %u)", kinds[kind].en, notes->count[kind],
                   notes->line[kind]);
}
