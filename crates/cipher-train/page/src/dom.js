/** A new element with properties, and text or elements in it. Text stays text. */
export function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

/** The element of the page that has this id. */
export function byId(id) {
  return document.getElementById(id);
}
