// What is wrong, why, and what to do.

import { byId, element, set, setShape, setText, shape } from "./dom.js";
import { duration, clock } from "./format.js";
import { severity } from "./states.js";

const cards = new Map();

export function showFindings(snapshot, live) {
  const now = Date.parse(snapshot.time);
  const findings = snapshot.diagnosis.findings;
  const wanted = findings.map((finding, i) => {
    const key = finding.key;
    if (!cards.has(key)) {
      cards.set(key, new Card(i === 0));
    }
    const card = cards.get(key);
    card.show(finding, now, live);
    // Alone, it is the headline already.
    set(card.node, "data-told", findings.length === 1 && finding.title === snapshot.diagnosis.summary ? "" : null);
    return [key, card];
  });
  for (const key of cards.keys()) {
    if (!wanted.some(([wantedKey]) => wantedKey === key)) {
      cards.delete(key);
    }
  }
  const nodes = wanted.map(([, card]) => card.node);
  const list = byId("findings");
  if (nodes.length !== list.children.length || nodes.some((node, i) => list.children[i] !== node)) {
    list.replaceChildren(...nodes);
  }
}

/** A finding; closed it is one line, and whoever closed it finds it so a second later. */
class Card {
  constructor(open) {
    this.shape = shape("finding");
    this.severity = element("span", { class: "severity" });
    this.title = element("h3");
    this.since = element("span", { class: "since" });
    this.cause = element("p", { class: "cause" });
    this.actions = element("ol");
    this.evidence = element("ul");
    this.node = element("details", { class: "finding", open: open ? "" : null },
      element("summary", null, this.shape, this.severity, this.title, this.since),
      element("div", { class: "body" },
        this.cause,
        element("div", null, element("h4", null, "What to do"), this.actions),
        element("div", null, element("h4", null, "Evidence"), this.evidence)));
  }

  show(finding, now, live) {
    const [shapeName, tone, word] = severity(finding.severity);
    set(this.node, "data-finding", finding.id);
    set(this.node, "data-tone", tone);
    setShape(this.shape, shapeName);
    setText(this.severity, word);
    setText(this.title, finding.title);
    setText(this.since, live ? `for ${duration(now - Date.parse(finding.since))}` : `since ${clock(finding.since)}`);
    setText(this.cause, finding.cause);
    list(this.actions, finding.actions);
    list(this.evidence, finding.evidence);
  }
}

function list(node, texts) {
  while (node.children.length > texts.length) {
    node.lastElementChild.remove();
  }
  texts.forEach((text, i) => setText(node.children[i] ?? node.appendChild(element("li")), text));
}
