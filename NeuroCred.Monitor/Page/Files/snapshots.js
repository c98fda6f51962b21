// Puts the snapshots together: a whole one first, and later ones that bring what is new since the one before.

const seconds = 120;
const events = 200;

export function next(previous, snapshot, whole) {
  if (whole || !previous) {
    return snapshot;
  }
  const known = new Map(previous.replicas.map(replica => [replica.name, replica.history]));
  return {
    ...snapshot,
    replicas: snapshot.replicas.map(replica => ({ ...replica, history: [...known.get(replica.name) ?? [], ...replica.history].slice(-seconds) })),
    events: [...snapshot.events, ...previous.events].slice(0, events),
  };
}
