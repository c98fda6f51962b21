// Text reaches the page as text only: a name or a line of a log never becomes markup.

const svg = "http://www.w3.org/2000/svg";

export const byId = id => document.getElementById(id);

/** Makes an element with attributes, and children that are elements or text. */
export const element = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);

export const drawing = (tag, attributes, ...children) => fill(document.createElementNS(svg, tag), attributes, children);

/** A shape of the page, of those at its top. */
export function shape(name) {
  const use = drawing("use", { href: `#shape-${name}` });
  return drawing("svg", { class: "shape", "aria-hidden": "true" }, use);
}

export const setShape = (shape, name) => set(shape.firstElementChild ?? shape, "href", `#shape-${name}`);

/** Sets a text only when it is another one: what does not change is not told again by a screen reader. */
export function setText(node, text) {
  if (node.textContent !== text) {
    node.textContent = text;
  }
}

/** Sets an attribute only when it is another one; null removes it. */
export function set(node, name, value) {
  if (value == null) {
    node.removeAttribute(name);
  } else if (node.getAttribute(name) !== String(value)) {
    node.setAttribute(name, value);
  }
}

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    set(node, name, value);
  }
  node.append(...children);
  return node;
}
