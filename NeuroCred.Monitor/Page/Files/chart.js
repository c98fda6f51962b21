// The gateway's two minutes: attempts of all replicas, those that failed, and what happened meanwhile.

import { byId, drawing, set } from "./dom.js";
import { number } from "./format.js";
import { kindShape, kindTone } from "./states.js";

const seconds = 120;
const height = 132;
const top = 26;
const ground = height - 20;

const label = (x, y, anchor, text) => drawing("text", { x, y, "text-anchor": anchor }, text);

class Chart {
  constructor(svg) {
    this.svg = svg;
    this.grid = drawing("g", { class: "grid" });
    this.area = drawing("path", { class: "area" });
    this.line = drawing("path", { class: "line" });
    this.bars = drawing("path", { class: "bars" });
    this.marks = drawing("g");
    svg.append(this.grid, this.area, this.line, this.bars, this.marks);
    new ResizeObserver(() => this.draw()).observe(svg);
  }

  show(snapshot) {
    this.snapshot = snapshot;
    this.draw();
  }

  draw() {
    const width = this.svg.clientWidth;
    if (!this.snapshot || width === 0) {
      return;
    }
    const points = total(this.snapshot.replicas);
    const most = ceiling(Math.max(...points.map(point => point.attempts), 1));
    const x = age => width - 1 - age / (seconds - 1) * (width - 2);
    const y = value => ground - value / most * (ground - top);
    const at = points.map((point, i) => [x(points.length - 1 - i).toFixed(1), point]);

    set(this.svg, "viewBox", `0 0 ${width} ${height}`);
    const line = at.map(([left, point], i) => `${i ? "L" : "M"}${left} ${y(point.attempts).toFixed(1)}`).join("");
    set(this.line, "d", line);
    set(this.area, "d", line && `${line}V${ground}H${at[0][0]}Z`);
    set(this.bars, "d", at.map(([left, point]) => point.failures > 0 ? `M${left} ${ground}V${Math.min(y(point.failures), ground - 3).toFixed(1)}` : "").join(""));
    this.grid.replaceChildren(
      drawing("path", { d: `M0 ${top}H${width}M0 ${ground}H${width}` }),
      label(0, top - 6, "start", `${number(most)} /s`),
      label(0, height - 4, "start", "2 min ago"),
      label(x(seconds / 2).toFixed(0), height - 4, "middle", "1 min"),
      label(width, height - 4, "end", "now"));
    this.marks.replaceChildren(...marks(this.snapshot, x, width));
    set(this.svg, "aria-label", `Attempts over the last two minutes: ${number(points.at(-1)?.attempts ?? 0)} in the last second, ${number(Math.max(...points.map(point => point.attempts), 0))} in the busiest, ${number(points.reduce((sum, point) => sum + point.failures, 0))} failed.`);
  }
}

/** All replicas second by second; their histories end at the same time, and may be of different lengths. */
function total(replicas) {
  const length = Math.max(0, ...replicas.map(replica => replica.history.length));
  const points = Array.from({ length }, () => ({ attempts: 0, failures: 0 }));
  for (const { history } of replicas) {
    history.forEach((point, i) => {
      const second = points[length - history.length + i];
      second.attempts += point.attempts;
      second.failures += point.failures;
    });
  }
  return points;
}

/** What happened to replicas, oldest first, so that the latest lies on top. */
function marks(snapshot, x, width) {
  const now = Date.parse(snapshot.time);
  return snapshot.events
    .map(event => ({ event, age: (now - Date.parse(event.time)) / 1000 }))
    .filter(({ event, age }) => age >= 0 && age < seconds && !event.kind.startsWith("finding"))
    .reverse()
    .map(({ event, age }) => {
      const left = Math.min(Math.max(x(age), 7), width - 7);
      return drawing("g", { class: "mark", "data-tone": kindTone(event.kind), transform: `translate(${left.toFixed(1)} 0)` },
        drawing("path", { d: `M0 16V${ground}` }),
        drawing("use", { href: `#shape-${kindShape(event.kind)}`, x: -7, y: 0, width: 14, height: 14 }),
        drawing("title", null, event.text));
    });
}

/** The next number that reads well: 1, 2 or 5 times a power of ten, and what lies half-way. */
function ceiling(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 1.5, 2, 3, 4, 5, 6, 8, 10].map(step => step * power).find(step => step >= value);
}

const chart = new Chart(byId("chart"));

export const showChart = snapshot => chart.show(snapshot);
