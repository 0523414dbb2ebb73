// The keys: which command a key gives, and when none. Only while the chart or the page has the focus; can be switched off.

const KEPT = 'harborwatch.keys';

/**
 * @typedef {object} Key
 * @property {string[]} keys as KeyboardEvent names them; letters small
 * @property {string} shown how the help writes them
 * @property {string} words key of the words that say what it does
 * @property {() => void} act
 * @property {boolean} [chart] only where no button has the focus, which needs the key itself
 */

/**
 * @param {Key[]} table @param {{key: string, ctrlKey: boolean, metaKey: boolean, altKey: boolean}} event
 * @param {{typing: boolean, button: boolean, dialog: boolean, off: boolean}} focus where it is
 * @returns {Key | undefined} what the key does there
 */
export function keyOf(table, event, focus) {
  if (event.ctrlKey || event.metaKey || event.altKey || focus.typing || focus.dialog) return undefined;
  const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (focus.off && event.key.length === 1) return undefined;
  return table.find(({ keys, chart }) => keys.includes(name) && !(chart && focus.button));
}

/** @returns {boolean} the operator switched single keys off at this screen */
export function keysOff() {
  try {
    return localStorage.getItem(KEPT) === 'off';
  } catch {
    return false;
  }
}

/** @param {boolean} off */
export function switchKeys(off) {
  try {
    localStorage.setItem(KEPT, off ? 'off' : 'on');
  } catch {
    // Not remembered, then.
  }
}

/** @param {Key[]} table listens for its keys all over the page */
export function listenForKeys(table) {
  document.addEventListener('keydown', (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    const focus = {
      typing: target.matches('input, select, textarea, [contenteditable]'),
      button: target.matches('button, a, summary, [role="slider"]'),
      dialog: target.closest('dialog') !== null || document.querySelector('dialog[open]') !== null,
      off: keysOff(),
    };
    const key = keyOf(table, event, focus);
    if (!key) return;
    event.preventDefault();
    key.act();
  });
}
