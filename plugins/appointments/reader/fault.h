/*
 * fault.h - what is said when a calendar is refused, and what is told of one that is taken.
 *
 * Refused is a file as a whole (fault): nothing of it is used. A note tells of something inside it
 * that was left out or guessed; there is one note a kind, with how often and where first.
 */
#ifndef PLUGINS_APPOINTMENTS_READER_FAULT_H
#define PLUGINS_APPOINTMENTS_READER_FAULT_H

#include <stdbool.h>
#include <stdint.h>

/* Before anything is understood. What is larger is refused. */
#define ICS_BYTES_MAX      ((size_t)5 * 1024 * 1024)
#define ICS_LINE_MAX       ((size_t)256 * 1024) /* bytes of a line as it stands in the file */
#define ICS_DEPTH_MAX      8                    /* components inside each other */
#define ICS_COMPONENTS_MAX 100000
#define ICS_PROPERTIES_MAX 500000 /* of the file */
#define ICS_OWN_MAX        20000  /* properties of one component */
#define ICS_PARAMS_MAX     32     /* parameters of one property */
/* Afterwards. What is more is left out, with a note. */
#define ICS_WORK_MAX   INT64_C(4000000) /* days looked at for recurrences, of the whole file */
#define ICS_DATES_MAX  100000           /* values of EXDATE and RDATE, of the whole file */
#define ICS_ZONES_MAX  200              /* zones in use */
#define ICS_FOUND_MAX  100000           /* busy times before they are merged */
#define ICS_WINDOW_MAX 3700             /* days that are asked for at once */

struct ics_fault {
    uint32_t line; /* 0: of no line */
    char de[320], en[320];
};

/* Answers -1, so that `return ics_refuse(…)` reads well. `fault` may be NULL. */
int32_t ics_refuse(struct ics_fault *fault, uint32_t line, const char *de, const char *en, ...)
    __attribute__((format(printf, 3, 5), format(printf, 4, 5)));
int32_t ics_no_memory(struct ics_fault *fault);

enum ics_note_kind {
    ICS_NOTE_LINE,      /* no calendar line */
    ICS_NOTE_TIME,      /* an event whose times cannot be read */
    ICS_NOTE_BACKWARDS, /* ends before it begins */
    ICS_NOTE_RULE,      /* a recurrence that cannot be read: the first time counts */
    ICS_NOTE_DENSE,     /* a recurrence by minutes or seconds: the first time counts */
    ICS_NOTE_EXRULE,    /* exceptions as a rule: ignored */
    ICS_NOTE_RANGE,     /* RANGE=THISANDFUTURE: only that one occurrence is changed */
    ICS_NOTE_DATES,     /* RDATE, EXDATE that cannot be read, or too many of them */
    ICS_NOTE_ZONE,      /* unknown zone, taken as Europe/Berlin */
    ICS_NOTE_BAD_ZONE,  /* a VTIMEZONE that says nothing usable */
    ICS_NOTE_WORK,      /* too much to calculate: later occurrences are missing */
    ICS_NOTE_FOUND,     /* too many busy times: later ones are missing */
    ICS_NOTES
};

struct ics_notes {
    uint32_t count[ICS_NOTES], line[ICS_NOTES];
};
void ics_note(struct ics_notes *notes, enum ics_note_kind kind, uint32_t line);
const char *ics_note_name(enum ics_note_kind kind); /* "unknown-zone" */
/* One sentence in either language with how often and where first. */
void ics_note_text(const struct ics_notes *notes, enum ics_note_kind kind, char de[320],
                   char en[320]);

#endif
