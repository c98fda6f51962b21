// The gateway: what clients see of the whole.

import { byId, element, set, setText } from "./dom.js";
import { count, number, percent } from "./format.js";

/** Name, unit, value, what stands below it, and whether it is a reason to look. */
const figures = [
  ["Requests", "/s", g => number(g.rate), () => ""],
  ["Failed for clients", "", g => percent(g.errorRatio), () => "answered 500 or more", g => g.errorRatio > 0 && "bad"],
  ["Asked another replica", "/s", g => number(g.failoverRate), () => "clients notice nothing", g => g.failoverRate > 0 && "warn"],
  ["Held", "", g => count(g.held?.count ?? 0), g => g.heldFailed > 0 ? `${count(g.heldFailed)} failed all the same` : g.held ? `up to ${number(g.held.max)} ms; none failed` : "no replica was missing", g => g.heldFailed > 0 ? "bad" : g.held && "warn"],
  ["Latency p95", "ms", g => number(g.request?.p95), g => `p50 ${number(g.request?.p50)} · p99 ${number(g.request?.p99)}`],
  ["Connections", "", g => count(g.connections?.active), g => g.connections ? `${count(g.connections.writing)} busy · ${count(g.connections.waiting)} idle` : "the gateway does not say", g => !g.connections && "warn"],
  ["Log lines lost", "", g => count(g.log.lost), g => g.log.unparsed > 0 ? `${count(g.log.unparsed)} not understood` : `of ${count(g.log.read)}`, g => (g.log.lost > 0 || g.log.unparsed > 0) && "warn"],
];

const cells = figures.map(([name, unit]) => {
  const value = element("span", { class: "value" });
  const below = element("span", { class: "below" });
  const node = element("div", { class: "figure" }, element("dt", null, name), element("dd", null, value, element("span", { class: "unit" }, unit && ` ${unit}`), below));
  byId("figures").append(node);
  return { node, value, below };
});

export function showGateway(snapshot) {
  const gateway = snapshot.gateway;
  figures.forEach(([, , value, below, alarm], i) => {
    const cell = cells[i];
    setText(cell.value, value(gateway));
    setText(cell.below, below(gateway));
    set(cell.node, "data-tone", alarm?.(gateway) || null);
  });
  setText(byId("gateway-state"), gateway.up ? `Over the last ${count(snapshot.windowSeconds)} s` : "It does not answer");
  set(byId("gateway-state"), "data-tone", gateway.up ? null : "bad");
}
