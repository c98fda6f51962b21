// Puts the moments together: a whole one first, and later ones that bring what is new since the one before.

const seconds = 120;
const events = 200;

export function next(previous, moment, whole) {
  if (whole || !previous) {
    return moment;
  }
  const known = new Map(previous.replicas.map(replica => [replica.name, replica.history]));
  return {
    ...moment,
    replicas: moment.replicas.map(replica => ({ ...replica, history: [...known.get(replica.name) ?? [], ...replica.history].slice(-seconds) })),
    events: [...moment.events, ...previous.events].slice(0, events),
  };
}
