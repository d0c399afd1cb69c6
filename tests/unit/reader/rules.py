"""A second opinion on recurrences: each line "DTSTART RRULE FROM UNTIL" is answered by a line of the starts that vobject
(python3-dateutil) finds in that window. All times are UTC."""

import datetime
import sys

import vobject


def time_of(text):
    return datetime.datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.timezone.utc)


for line in sys.stdin:
    start, rule, first, last = line.split()
    calendar = vobject.readOne(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:a\r\n"
        f"DTSTART:{start}\r\nRRULE:{rule}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    found = calendar.vevent.rruleset.between(time_of(first), time_of(last), inc=True)
    print(" ".join(when.strftime("%Y%m%dT%H%M") for when in found))
