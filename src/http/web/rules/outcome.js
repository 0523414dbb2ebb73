// What a trial found, put in the order in which it is shown. Pure.

/** What becomes of an alert. @typedef {'come' | 'go' | 'move'} Way */
/** An alert of a trial. @typedef {{way: Way, key: string, alert: any}} Mark */
/** How many alerts there are on both sides. @typedef {{baseline: number, proposed: number, come: number, go: number, move: number}} Counts */

/** @param {any} outcome @returns {Mark[]} what comes, goes and moves, by time */
export function marksOf(outcome) {
  /** @param {Way} way @param {any} alert @returns {Mark} */
  const mark = (way, alert) => ({ way, key: `${way} ${alert.alert}`, alert });
  const moved = outcome.move.map((/** @type {any} */ one) => mark('move', { ...one.proposed, shift_s: one.shift_s }));
  const all = [...outcome.come.map((/** @type {any} */ one) => mark('come', one)), ...outcome.go.map((/** @type {any} */ one) => mark('go', one)), ...moved];
  return all.sort((a, b) => (a.alert.raised < b.alert.raised ? -1 : 1));
}

/** @param {Record<string, Counts>} byHour @param {string} first local hour in which the trial begins, `00` to `23` @returns {[string, Counts][]} hours in the order in which they passed */
export function hoursOf(byHour, first) {
  const from = Number(first);
  return Object.entries(byHour).sort(([a], [b]) => ((Number(a) - from + 24) % 24) - ((Number(b) - from + 24) % 24));
}
