"""Three readers of calendars, icalendar, vobject and khal, given what we wrote.

read_calendar.py FOLDER [OTHER…]: FOLDER/expected.json lists what is in each NAME.ics of FOLDER, or of the others. Prints a line for each value that a
reader found otherwise, and fails then. RFC 6868 (a quote in a name is ^' on the wire) is unknown to all three: they show
names as they came, so those are decoded here.
"""

import datetime
import json
import os
import re
import sys
import tempfile

import icalendar
import khal.icalendar
import vobject
from khal.khalendar import CalendarCollection

folders = sys.argv[1:]
wrong = 0


def same(case, reader, what, got, expected):
    global wrong
    if got != expected:
        wrong += 1
        print(f"{case['file']}: {reader}: {what} is {got!r} and should be {expected!r}")


def decode(name):
    return re.sub(r"\^(.)", lambda m: {"n": "\n", "^": "^", "'": '"'}.get(m[1], m[0]), str(name))


def address(value):
    assert str(value).startswith("mailto:"), value
    return str(value)[7:]


def utc(moment):
    assert moment.tzinfo is not None, moment
    return int(moment.timestamp())


def minutes(trigger):
    return int(-trigger.total_seconds() // 60)


def read_icalendar(case, data):
    calendar = icalendar.Calendar.from_ical(data)
    (event,) = calendar.walk("VEVENT")
    alarms = event.walk("VALARM")
    label = getattr(event.get("conference"), "params", {}).get("LABEL", "")
    yield "errors", event.errors, []
    yield "method", str(calendar.get("method", "")), case["method"]
    yield "calendar", str(calendar.get("name", "")), case["calendar"]
    for what in ("uid", "summary", "description", "location", "url", "comment", "status"):
        yield what, str(event.get(what, "")), case[what]
    yield "video", str(event.get("conference", "")), case["video"]
    yield "video_label", decode(label), case["video_label"]
    yield "sequence", event["sequence"], case["sequence"]
    yield "start", utc(event["dtstart"].dt), case["start_utc"]
    yield "end", utc(event["dtend"].dt), case["end_utc"]
    yield "stamp", utc(event["dtstamp"].dt), case["stamp_utc"]
    yield "alarm", [minutes(a["trigger"].dt) for a in alarms], [case["alarm_minutes"]] if case["alarm_minutes"] else []
    if case["method"]:
        yield "organizer", address(event["organizer"]), case["organizer"]
        yield "organizer's name", decode(event["organizer"].params["CN"]), case["organizer_name"]
    people = event.get("attendee", [])
    people = people if isinstance(people, list) else [people]
    yield "attendees", [
        {
            "address": address(p),
            "name": decode(p.params.get("CN", "")),
            "role": p.params["ROLE"],
            "answer": p.params["PARTSTAT"],
            "sort": p.params["CUTYPE"],
        }
        for p in people
    ], case["attendees"]


def read_vobject(case, data):
    calendar = vobject.readOne(data.decode())
    event = calendar.vevent
    text = lambda what: event.getChildValue(what, "")
    yield "method", calendar.getChildValue("method", ""), case["method"]
    for what in ("uid", "summary", "description", "location", "url", "comment", "status"):
        yield what, text(what), case[what]
    yield "video", text("conference"), case["video"]
    yield "sequence", int(text("sequence")), case["sequence"]
    yield "start", utc(text("dtstart")), case["start_utc"]
    yield "end", utc(text("dtend")), case["end_utc"]
    yield "alarm", [minutes(a.trigger.value) for a in event.contents.get("valarm", [])], (
        [case["alarm_minutes"]] if case["alarm_minutes"] else []
    )
    if case["method"]:
        yield "organizer", address(event.organizer.value), case["organizer"]
        yield "organizer's name", decode(event.organizer.params["CN"][0]), case["organizer_name"]
    yield "attendees", [
        {
            "address": address(p.value),
            "name": decode(p.params.get("CN", [""])[0]),
            "role": p.params["ROLE"][0],
            "answer": p.params["PARTSTAT"][0],
            "sort": p.params["CUTYPE"][0],
        }
        for p in event.contents.get("attendee", [])
    ], case["attendees"]


def read_khal(cases):
    berlin = khal.icalendar.pytz.timezone("Europe/Berlin")
    locale = {"default_timezone": berlin, "local_timezone": berlin, "weeknumbers": False, "firstweekday": 0,
              "unicode_symbols": True, "dateformat": "%d.%m.", "longdateformat": "%d.%m.%Y", "timeformat": "%H:%M",
              "datetimeformat": "%d.%m. %H:%M", "longdatetimeformat": "%d.%m.%Y %H:%M"}
    with tempfile.TemporaryDirectory() as own:
        calendars = {"t": {"name": "t", "path": own, "readonly": False, "color": "", "priority": 10, "ctype": "calendar"}}
        collection = CalendarCollection(calendars=calendars, dbpath=":memory:", locale=locale)
        for case, data in cases:
            for item in khal.icalendar.split_ics(data.decode(), False, berlin):
                collection.new(collection.new_event(item, "t"))
        for case, _ in cases:
            day = datetime.datetime.fromtimestamp(case["start_utc"], berlin)
            (event,) = [e for e in collection.get_localized(day, day + datetime.timedelta(days=1)) if e.uid == case["uid"]]
            same(case, "khal", "start", utc(event.start_local), case["start_utc"])
            same(case, "khal", "end", utc(event.end_local), case["end_utc"])
            for what in ("summary", "description", "location"):
                same(case, "khal", what, getattr(event, what), case[what])


def read_all(folder, expected):
    cases = []
    for case in expected:
        with open(os.path.join(folder, case["file"] + ".ics"), "rb") as file:
            cases.append((case, file.read()))
    for case, data in cases:
        for name, reader in (("icalendar", read_icalendar), ("vobject", read_vobject)):
            for what, got, wanted in reader(case, data):
                same(case, name, what, got, wanted)
    read_khal(cases)
    print(f"{folder}: {len(cases)} objects, {wrong} values not as they were meant")


with open(os.path.join(folders[0], "expected.json"), encoding="utf-8") as file:
    expected = json.load(file)
for folder in folders[1:] or folders:
    read_all(folder, expected)
sys.exit(wrong > 0)
