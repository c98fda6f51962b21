// The last two minutes of a replica as a line, a point each second, the latest at the right edge.

import { drawing, set } from "./dom.js";
import { number, count, plural } from "./format.js";

const seconds = 120;
const height = 24;

const sum = (history, key) => history.reduce((total, point) => total + point[key], 0);

export const highest = (replicas, key) =>
  replicas.reduce((most, replica) => replica.history.reduce((m, point) => Math.max(m, point[key] ?? 0), most), 0);

/** Attempts as an area, those that failed as bars from the ground, the seconds with a failover as ticks at the top. */
export class TrafficLine {
  constructor() {
    this.area = drawing("path", { class: "area" });
    this.line = drawing("path", { class: "line" });
    this.bars = drawing("path", { class: "bars" });
    this.ticks = drawing("path", { class: "ticks" });
    this.node = frame(this.area, this.line, this.bars, this.ticks);
  }

  show(history, most) {
    const y = scale(most);
    const line = path(history, point => y(point.attempts));
    set(this.line, "d", line);
    set(this.area, "d", closed(line, history));
    set(this.bars, "d", history.map((point, i) => point.failures > 0 ? `M${x(history, i)} ${height}V${y(Math.max(point.failures, most / 12))}` : "").join(""));
    set(this.ticks, "d", history.map((point, i) => point.failovers > 0 ? `M${x(history, i)} 0v3` : "").join(""));
    const last = history.at(-1);
    set(this.node, "aria-label", last
      ? `${number(last.attempts)} attempts in the last second; in two minutes ${count(sum(history, "attempts"))}, of which ${count(sum(history, "failures"))} failed, and ${plural(sum(history, "failovers"), "was", "were")} made elsewhere`
      : "No attempts yet");
  }
}

/** How long 95 of 100 answers took at most; interrupted where there were none. */
export class LatencyLine {
  constructor() {
    this.line = drawing("path", { class: "line" });
    this.node = frame(this.line);
  }

  show(history, most) {
    const y = scale(most);
    set(this.line, "d", path(history, point => point.p95 == null ? null : y(point.p95)));
    const known = history.map(point => point.p95).filter(p95 => p95 != null);
    set(this.node, "aria-label", known.length > 0
      ? `p95 ${number(known.at(-1))} milliseconds at last, between ${number(Math.min(...known))} and ${number(Math.max(...known))} in two minutes`
      : "No answers in two minutes");
  }
}

const frame = (...children) => drawing("svg", { class: "spark", role: "img", viewBox: `0 0 ${seconds} ${height}`, preserveAspectRatio: "none" }, ...children);

const scale = most => value => round(height - 1 - (most > 0 ? value / most : 0) * (height - 5));

const x = (history, i) => seconds - history.length + i + 0.5;

const round = value => Math.round(value * 10) / 10;

function path(history, y) {
  let drawn = "";
  let pen = "M";
  history.forEach((point, i) => {
    const at = y(point);
    if (at == null) {
      pen = "M";
      return;
    }
    // A lone point is a line of no length, which round ends make a dot.
    drawn += `${pen}${x(history, i)} ${at}${pen === "M" ? "h0" : ""}`;
    pen = "L";
  });
  return drawn;
}

const closed = (line, history) => line && `${line}V${height}H${x(history, 0)}Z`;
