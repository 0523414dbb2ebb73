// The elements that index.html promises.

/** @param {string} id @returns {HTMLElement} an element that index.html promises */
export function byId(id) {
  const node = document.getElementById(id);
  if (!node) throw new Error(`no #${id} in the page`);
  return node;
}

/** Writes only what differs: less layout, and a screen reader is left in peace. @param {Element} node @param {string} text */
export function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
