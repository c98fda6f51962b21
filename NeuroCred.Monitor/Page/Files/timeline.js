// What happened, the latest first.

import { byId, element, set, shape } from "./dom.js";
import { clock, dateTime as at } from "./format.js";
import { kindShape, kindTone } from "./states.js";

let newest;
let length = 0;

export function showTimeline(snapshot) {
  const events = snapshot.events;
  byId("quiet").hidden = events.length > 0;
  byId("events").hidden = events.length === 0;
  const key = events.length > 0 ? JSON.stringify(events[0]) : undefined;
  if (key === newest && events.length === length) {
    return;
  }
  newest = key;
  length = events.length;
  byId("events").replaceChildren(...events.map(entry));
}

function entry(event) {
  const node = element("li", { "data-kind": event.kind, "data-subject": event.subject, "data-tone": kindTone(event.kind) },
    element("time", { datetime: event.time, title: at(event.time) }, clock(event.time)),
    shape(kindShape(event.kind)),
    element("span", null, event.text));
  set(node, "class", "event");
  return node;
}
