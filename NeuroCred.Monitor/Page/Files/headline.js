// The state of the whole in one sentence, a tab's title and its icon.

import { byId, element, set, setShape, setText, shape } from "./dom.js";
import { clock } from "./format.js";
import { isHealthy, states, tone, word } from "./states.js";

let tallied;

export function showHeadline(snapshot, live) {
  const { text, mood } = judge(snapshot);
  setText(byId("headline"), live ? text : `At ${clock(snapshot.time)}: ${text}`);
  setShape(byId("headline-shape"), mood === "good" ? "well" : mood === "calm" ? "notice" : "finding");
  set(document.body, "data-mood", mood);
  tally(snapshot.replicas, live);
  document.title = live ? `${mood === "good" ? "✓" : mood === "calm" ? "○" : "▲"} ${text.replace(/\.$/, "")} · NeuroCred` : "✕ Not live · NeuroCred";
  icon(live ? mood : "lost");
}

export function showWaiting() {
  document.title = "… NeuroCred";
  icon("waiting");
}

/** Without the gateway nobody is served, whatever else is found. Then findings speak. A state that is not as it should be is told before they do: evidence takes a few seconds. */
function judge({ diagnosis, replicas, gateway }) {
  const unhealthy = replicas.filter(replica => !isHealthy(replica));
  const worst = ["bad", "warn", "calm"].find(mood => unhealthy.some(replica => tone(replica.health.state) === mood));
  if (!gateway.up) {
    return { text: "The gateway does not answer.", mood: "bad" };
  }
  if (diagnosis.findings.length > 0) {
    const severity = diagnosis.findings[0].severity;
    return { text: diagnosis.summary, mood: severity === "critical" ? "bad" : severity === "warning" ? "warn" : worst ?? "calm" };
  }
  if (unhealthy.length > 0) {
    const told = states.filter(state => unhealthy.some(replica => replica.health.state === state)).map(state => {
      const names = unhealthy.filter(replica => replica.health.state === state).map(replica => replica.name);
      return `${names.length > 3 ? `${names.length} replicas` : join(names)} ${names.length === 1 ? "is" : "are"} ${word(state).toLowerCase()}`;
    });
    return { text: `${told.join("; ")}.`, mood: worst };
  }
  return { text: diagnosis.summary, mood: "good" };
}

function tally(replicas, live) {
  const counts = states.map(state => [state, replicas.filter(replica => replica.health.state === state).length]).filter(([, n]) => n > 0);
  const key = JSON.stringify([counts, live]);
  if (key === tallied) {
    return;
  }
  tallied = key;
  byId("tally").replaceChildren(...counts.reverse().map(([state, n]) =>
    element("span", { "data-tone": tone(state) }, shape(state), `${n} of ${replicas.length} ${live ? "" : n === 1 ? "was " : "were "}${word(state).toLowerCase()}`)));
}

const join = names => names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;

function icon(mood) {
  const name = { good: "healthy", calm: "healthy", warn: "unhealthy", bad: "unhealthy", lost: "lost" }[mood] ?? "waiting";
  set(byId("icon"), "href", `icon-${name}.svg`);
}
