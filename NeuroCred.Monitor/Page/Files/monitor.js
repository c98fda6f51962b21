// The page: each snapshot is shown as it comes, and never as live when the next one stays away.

import { byId, set, setText } from "./dom.js";
import { clock } from "./format.js";
import { follow } from "./feed.js";
import { next } from "./snapshots.js";
import { showFindings } from "./diagnosis.js";
import { showChart } from "./chart.js";
import { showGateway } from "./gateway.js";
import { showHeadline, showWaiting } from "./headline.js";
import { showReplicas } from "./replicas.js";
import { showTimeline } from "./timeline.js";

const opened = Date.now();
let latest;
let live = false;

function show() {
  showHeadline(latest, live);
  showFindings(latest, live);
  showGateway(latest);
  showReplicas(latest, live);
  showChart(latest);
  showTimeline(latest);
  set(byId("feed-time"), "datetime", latest.time);
  setText(byId("feed-time"), live ? clock(latest.time) : `since ${clock(latest.time)}`);
}

function feed(state, text) {
  set(document.body, "data-feed", state);
  setText(byId("feed-word"), text);
}

function arrived(snapshot, whole) {
  latest = next(latest, snapshot, whole);
  live = true;
  show();
  feed("live", "Live");
  byId("lost").hidden = true;
}

function lost(reason) {
  live = false;
  setText(byId("lost-title"), `Not live since ${clock(latest?.time ?? opened)}.`);
  setText(byId("lost-reason"), latest ? `${reason} Trying again; what you see is from then.` : `${reason} Trying again.`);
  byId("lost").hidden = false;
  feed("lost", "Not live");
  if (latest) {
    show();
  }
}

showWaiting();
const now = follow("events", arrived, lost);

byId("lost-again").addEventListener("click", now);

// A tab that comes back, or a machine that wakes up, does not wait for the next attempt.
for (const [target, event] of [[document, "visibilitychange"], [window, "online"]]) {
  target.addEventListener(event, () => {
    if (!live && document.visibilityState === "visible") {
      now();
    }
  });
}
