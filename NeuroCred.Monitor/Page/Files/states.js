// What the states of a replica are called, and how bad each is.

const words = {
  serving: "Serving",
  degraded: "Degraded",
  draining: "Draining",
  not_ready: "Not ready",
  hung: "Hung",
  down: "Down",
  unknown: "Not probed yet",
};

/** The colour of a state: as it should be, wanted by someone, to be looked at, or broken. */
const tones = { serving: "good", degraded: "warn", draining: "calm", not_ready: "bad", hung: "bad", down: "bad", unknown: "calm" };

const order = ["down", "hung", "not_ready", "degraded", "draining", "unknown", "serving"];

export const states = order;
export const word = state => words[state] ?? state;
export const tone = state => tones[state] ?? "calm";
export const rank = state => order.includes(state) ? order.indexOf(state) : order.length;
export const isHealthy = replica => replica.health.state === "serving";

/** How the timeline's kinds look: a shape and a tone. */
const kinds = {
  gone: ["down", "bad"],
  stopped: ["stopped", "calm"],
  hung: ["hung", "bad"],
  restarted: ["restarted", "accent"],
  drained: ["draining", "calm"],
  not_ready: ["not_ready", "bad"],
  degraded: ["degraded", "warn"],
  back: ["serving", "good"],
  finding_appeared: ["finding", "warn"],
  finding_gone: ["well", "good"],
};

export const kindShape = kind => (kinds[kind] ?? ["notice", "calm"])[0];
export const kindTone = kind => (kinds[kind] ?? ["notice", "calm"])[1];

/** How the severities of findings look. */
const severities = { critical: ["finding", "bad", "Critical"], warning: ["finding", "warn", "Warning"], notice: ["notice", "calm", "Notice"] };

export const severity = name => severities[name] ?? ["notice", "calm", name];
