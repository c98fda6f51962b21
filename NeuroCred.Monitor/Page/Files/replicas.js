// The table of the replicas: a row each, which stays the same element, so that focus and selection survive every second.

import { byId, element, set, setShape, setText, shape } from "./dom.js";
import { clock, count, duration, dateTime as at, number, percent, unknown } from "./format.js";
import { isHealthy, rank, tone, word } from "./states.js";
import { highest, LatencyLine, TrafficLine } from "./sparkline.js";

const failureKinds = [["refused", "refused"], ["timedOut", "timed out"], ["reset", "reset"], ["serverErrors", "answered 5xx"]];

/** Key, heading, what rows are sorted by, and whether the worst comes first when they are. */
const columns = [
  ["name", "Replica", null],
  ["state", "State", replica => rank(replica.health.state)],
  ["share", "Share", replica => replica.share, true],
  ["rate", "Rate /s", replica => replica.rate, true],
  ["errors", "Errors", replica => replica.errorRatio, true],
  ["p50", "p50 ms", replica => replica.traffic.response?.p50, true],
  ["p95", "p95 ms", replica => replica.traffic.response?.p95, true],
  ["p99", "p99 ms", replica => replica.traffic.response?.p99, true],
  ["inflight", "In flight", replica => replica.inFlight, true],
  ["failed", "Failed attempts", replica => replica.traffic.failures.total, true],
  ["traffic", "Attempts, 2\u00a0min"],
  ["latency", "p95, 2\u00a0min"],
];

const rows = new Map();
const headings = new Map();
const view = { sort: "name", reverse: false, unhealthy: false };
let shown;

export function showReplicas(snapshot, live) {
  shown = snapshot.replicas;
  for (const replica of snapshot.replicas) {
    if (!rows.has(replica.name)) {
      rows.set(replica.name, new Row(replica));
    }
  }
  const most = { attempts: highest(snapshot.replicas, "attempts"), p95: highest(snapshot.replicas, "p95") };
  for (const replica of snapshot.replicas) {
    rows.get(replica.name).show(replica, Date.parse(snapshot.time), live, most);
  }
  setText(byId("window"), `Over the last ${count(snapshot.windowSeconds)} s`);
  setText(byId("unhealthy-count"), String(snapshot.replicas.filter(replica => !isHealthy(replica)).length));
  set(byId("replicas"), "data-many", snapshot.replicas.length > 8 ? "" : null);
  arrange(snapshot.replicas);
}

class Row {
  constructor(replica) {
    this.cells = Object.fromEntries(columns.map(([key, heading]) => [key, element(key === "name" ? "th" : "td",
      { role: key === "name" ? "rowheader" : "cell", scope: key === "name" ? "row" : null, class: key, "data-label": heading })]));
    this.address = element("span", { class: "below address" });
    this.name = element("span", { class: "strong" }, replica.name);
    this.cells.name.append(this.name, this.address);

    this.shape = shape("unknown");
    this.word = element("span", { class: "word" });
    this.since = element("time", { class: "since" });
    this.reason = element("span", { class: "below reason" });
    this.cells.state.append(element("span", { class: "headline" }, this.shape, this.word, " ", this.since), this.reason);

    this.bar = element("span", { class: "bar", "aria-hidden": "true" }, element("span"));
    this.share = element("span");
    this.cells.share.append(this.share, this.bar);

    this.failed = element("span");
    this.kinds = element("span", { class: "below" });
    this.cells.failed.append(this.failed, this.kinds);

    this.traffic = new TrafficLine();
    this.latency = new LatencyLine();
    this.cells.traffic.append(this.traffic.node);
    this.cells.latency.append(this.latency.node);
    this.node = element("tr", { role: "row", "data-replica": replica.name }, ...Object.values(this.cells));
  }

  show(replica, now, live, most) {
    const { health, traffic } = replica;
    set(this.node, "data-state", health.state);
    set(this.node, "data-tone", tone(health.state));
    setShape(this.shape, health.state);
    setText(this.word, live ? word(health.state) : `was ${word(health.state).toLowerCase()}`);
    setText(this.since, live ? `for ${duration(now - Date.parse(health.since))}` : `since ${clock(health.since)}`);
    set(this.since, "datetime", health.since);
    set(this.since, "title", at(health.since));
    setText(this.reason, reason(health));
    setText(this.address, [replica.url.replace(/^https?:\/\//, "").replace(/\/$/, ""), ...health.servedBy ? [health.servedBy] : []].join(", "));

    setText(this.share, percent(replica.share));
    this.bar.firstElementChild.style.width = `${Math.round(replica.share * 1000) / 10}%`;
    setText(this.cells.rate, number(replica.rate));
    setText(this.cells.errors, percent(replica.errorRatio));
    set(this.cells.errors, "data-tone", replica.errorRatio > 0 ? "bad" : null);
    setText(this.cells.p50, number(traffic.response?.p50));
    setText(this.cells.p95, number(traffic.response?.p95));
    setText(this.cells.p99, number(traffic.response?.p99));
    setText(this.cells.inflight, count(replica.inFlight));

    const failures = failureKinds.filter(([key]) => traffic.failures[key] > 0);
    const total = failures.reduce((sum, [key]) => sum + traffic.failures[key], 0);
    setText(this.failed, total > 0 ? `${count(total)} of ${count(traffic.attempts)}` : traffic.attempts > 0 ? `none of ${count(traffic.attempts)}` : unknown);
    setText(this.kinds, [
      ...failures.map(([key, name]) => `${count(traffic.failures[key])} ${name}`),
      ...traffic.failovers > 0 ? [`${count(traffic.failovers)} made elsewhere`] : [],
    ].join(", "));
    set(this.cells.failed, "data-tone", total > 0 ? "bad" : null);

    this.traffic.show(replica.history, most.attempts);
    this.latency.show(replica.history, most.p95);
  }
}

function reason(health) {
  const unhealthy = Object.entries(health.unhealthyDependencies ?? {}).map(([name, says]) => `${name}: ${says}`);
  return [...health.reason ? [health.reason] : [], ...unhealthy].join("; ");
}

function arrange(replicas) {
  const value = columns.find(([key]) => key === view.sort)?.[2];
  let order = view.unhealthy ? replicas.filter(replica => !isHealthy(replica)) : [...replicas];
  if (value) {
    // What is not known comes last, whichever way the rest goes.
    order.sort((a, b) => (value(a) == null) - (value(b) == null) || (value(a) - value(b)) * (view.reverse ? -1 : 1));
  } else if (view.reverse) {
    order.reverse();
  }
  const body = byId("rows");
  const wanted = order.map(replica => rows.get(replica.name).node);
  if (wanted.length !== body.children.length || wanted.some((node, i) => body.children[i] !== node)) {
    body.replaceChildren(...wanted);
  }
  byId("none").hidden = wanted.length > 0;
}

/** Changes the order or the filter. */
function change(what) {
  Object.assign(view, what);
  remember();
  tell();
  if (shown) {
    arrange(shown);
  }
}

function tell() {
  for (const [key, heading] of headings) {
    set(heading, "aria-sort", key !== view.sort ? null : view.reverse ? "descending" : "ascending");
  }
  byId("sort").value = view.sort;
  set(byId("unhealthy"), "aria-pressed", String(view.unhealthy));
}

// In the address, so that a reload and a link show the same.
function remember() {
  const query = new URLSearchParams();
  if (view.sort !== "name" || view.reverse) {
    query.set("sort", `${view.reverse ? "-" : ""}${view.sort}`);
  }
  if (view.unhealthy) {
    query.set("unhealthy", "");
  }
  history.replaceState(null, "", query.size > 0 ? `?${query}` : location.pathname);
}

function build() {
  for (const [key, heading, value, worstFirst] of columns) {
    const th = element("th", { role: "columnheader", scope: "col", class: key });
    if (value !== undefined) {
      const button = element("button", { type: "button" }, heading);
      button.addEventListener("click", () => change({ sort: key, reverse: view.sort === key ? !view.reverse : Boolean(worstFirst) }));
      th.append(button);
      headings.set(key, th);
      byId("sort").append(element("option", { value: key }, heading));
    } else {
      th.append(heading);
    }
    byId("columns").append(th);
  }
  byId("sort").addEventListener("change", event => change({ sort: event.target.value, reverse: Boolean(columns.find(([key]) => key === event.target.value)[3]) }));
  byId("unhealthy").addEventListener("click", () => change({ unhealthy: !view.unhealthy }));

  const query = new URLSearchParams(location.search);
  const sort = query.get("sort") ?? "name";
  const key = sort.replace(/^-/, "");
  if (headings.has(key)) {
    view.sort = key;
    view.reverse = sort.startsWith("-");
  }
  view.unhealthy = query.has("unhealthy");
  tell();
}

build();
