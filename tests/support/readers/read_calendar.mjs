// ical.js, the engine of Thunderbird, given what we wrote.
//
// node read_calendar.mjs FOLDER ICAL.JS: FOLDER/expected.json lists what is in each FOLDER/NAME.ics. Prints a line for
// each value found otherwise, and fails then.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [folder, engine] = process.argv.slice(2);
const ICAL = (await import(pathToFileURL(engine))).default;
const cases = JSON.parse(readFileSync(`${folder}/expected.json`, "utf8"));
let wrong = 0;

const without = (address) => address.replace(/^mailto:/, "");
const parameter = (property, name) => property?.getParameter(name) ?? "";

for (const expected of cases) {
  const calendar = new ICAL.Component(ICAL.parse(readFileSync(`${folder}/${expected.file}.ics`, "utf8")));
  ICAL.TimezoneService.reset();
  for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(new ICAL.Timezone(zone));
  const vevent = calendar.getFirstSubcomponent("vevent");
  const event = new ICAL.Event(vevent);
  const value = (name) => vevent.getFirstPropertyValue(name) ?? "";
  const conference = vevent.getFirstProperty("conference");
  const organizer = vevent.getFirstProperty("organizer");
  const alarm = vevent.getFirstSubcomponent("valarm");
  const found = {
    file: expected.file,
    method: calendar.getFirstPropertyValue("method") ?? "",
    calendar: calendar.getFirstPropertyValue("name") ?? "",
    uid: event.uid,
    summary: event.summary,
    description: event.description,
    location: event.location,
    url: value("url"),
    video: value("conference"),
    video_label: parameter(conference, "label"),
    comment: value("comment"),
    status: value("status"),
    sequence: event.sequence,
    alarm_minutes: alarm ? -alarm.getFirstPropertyValue("trigger").toSeconds() / 60 : 0,
    start_utc: event.startDate.toUnixTime(),
    end_utc: event.endDate.toUnixTime(),
    stamp_utc: value("dtstamp").toUnixTime(),
    ...(organizer && {
      organizer: without(organizer.getFirstValue()),
      organizer_name: parameter(organizer, "cn"),
    }),
    attendees: event.attendees.map((p) => ({
      address: without(p.getFirstValue()),
      name: parameter(p, "cn"),
      role: parameter(p, "role"),
      answer: parameter(p, "partstat"),
      sort: parameter(p, "cutype"),
    })),
  };
  for (const key of new Set([...Object.keys(expected), ...Object.keys(found)])) {
    if (JSON.stringify(found[key]) === JSON.stringify(expected[key])) continue;
    wrong++;
    console.log(`${expected.file}: ical.js: ${key} is ${JSON.stringify(found[key])} and should be ${JSON.stringify(expected[key])}`);
  }
}
console.log(`${cases.length} objects, ${wrong} values not as they were meant`);
process.exit(wrong ? 1 : 0);
