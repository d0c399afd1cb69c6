/*
 * quote.h - how much of a refused text to repeat in the sentence that refuses it. Inside this room.
 */
#ifndef CORE_CALENDAR_QUOTE_H
#define CORE_CALENDAR_QUOTE_H

/* Bytes of `text` for "%.*s": all of a short one, otherwise some 40, cut between characters. A cell
 * with a whole paragraph in it must not drown what the sentence says. */
int rh_calendar_quote(const char *text);

#endif
