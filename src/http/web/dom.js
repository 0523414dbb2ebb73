// Elements made by hand: text is always text, so that a name off the radio can never become markup.

/**
 * @param {string} tag
 * @param {Record<string, any>} [props] `text`, `on` (listeners), `data`, else attributes; null or false leaves one out
 * @param {...(Node | null | false)} children
 * @returns {HTMLElement}
 */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === 'text') node.textContent = value;
    else if (name === 'on') for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
    else if (name === 'data') Object.assign(node.dataset, value);
    else node.setAttribute(name, value === true ? '' : String(value));
  }
  for (const child of children) if (child) node.append(child);
  return node;
}

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

const SVG = 'http://www.w3.org/2000/svg';

/** @param {string} path outline @param {string} cls @param {boolean} [hollow] @returns {SVGElement} a 16 × 16 shape, silent to readers */
export function shape(path, cls, hollow = false) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '-8 -8 16 16');
  svg.setAttribute('class', `shape ${cls}${hollow ? ' hollow' : ''}`);
  svg.setAttribute('aria-hidden', 'true');
  const outline = document.createElementNS(SVG, 'path');
  outline.setAttribute('d', path);
  svg.append(outline);
  return svg;
}

/** Children in this order, touching only those out of place. @param {Element} parent @param {Element[]} children */
export function arrange(parent, children) {
  const wanted = new Set(children);
  for (const child of [...parent.children]) if (!wanted.has(child)) child.remove();
  children.forEach((child, at) => {
    if (parent.children[at] !== child) parent.insertBefore(child, parent.children[at] ?? null);
  });
}
