// The list of vessels: everything on the chart, in words, with a search and a filter that says what it hides.

import { arrange, byId, h, write } from './dom.js';
import { ageSeconds, bearing, duration, number, plain } from './format.js';
import { language, t, units, word } from './i18n.js';
import { inDistress, matches, nameOf, passes, sortVessels } from './order.js';

/** @typedef {import('./order.js').Vessel} Vessel */
/** @typedef {{node: HTMLElement, button: HTMLElement, name: HTMLElement, marks: HTMLElement, facts: HTMLElement, age: HTMLElement}} Row */

/** Rows drawn at most; the rest is counted and found by searching. */
const MAX_ROWS = 300;

export class VesselList {
  /**
   * @param {import('./picture.js').Picture} picture
   * @param {{choose: (mmsi: number) => void, now: () => number, filtered: () => void}} page
   */
  constructor(picture, page) {
    this.picture = picture;
    this.page = page;
    this.list = byId('vessel-list');
    this.search = /** @type {HTMLInputElement} */ (byId('search'));
    this.cls = /** @type {HTMLSelectElement} */ (byId('class'));
    /** @type {Map<number, Row>} */
    this.rows = new Map();
    /** @type {number[]} what next and previous walk through */
    this.order = [];
    /** @type {number | null} */
    this.selected = null;
    this.classKey = '';
    this.search.addEventListener('input', () => this.update());
    this.cls.addEventListener('change', () => {
      this.update();
      this.page.filtered();
    });
  }

  /** @param {Vessel} vessel @returns {boolean} the class filter lets it be seen, on the chart too */
  visible(vessel) {
    return vessel.mmsi === this.selected || passes(vessel, this.cls.value, this.picture.alerted.has(vessel.mmsi));
  }

  update() {
    const query = this.search.value.trim().toLowerCase();
    const all = [...this.picture.vessels.values()];
    const found = all.filter((vessel) => this.visible(vessel) && matches(vessel, query));
    const sorted = sortVessels(found, (mmsi) => this.picture.alerted.has(mmsi), language());
    this.order = sorted.map((vessel) => vessel.mmsi);
    const shown = sorted.slice(0, MAX_ROWS);
    const focus = this.list.contains(document.activeElement) ? document.activeElement : null;
    arrange(this.list, shown.map((vessel) => this.row(vessel)));
    if (focus instanceof HTMLElement && focus.isConnected && document.activeElement !== focus) focus.focus({ preventScroll: true });
    const drawn = new Set(shown.map((vessel) => vessel.mmsi));
    for (const mmsi of [...this.rows.keys()]) if (!drawn.has(mmsi)) this.rows.delete(mmsi);
    write(byId('vessel-count'), t('vessels.count', { shown: found.length, all: all.length }));
    const rest = found.length - shown.length;
    byId('vessel-note').hidden = found.length > 0 && rest === 0;
    write(byId('vessel-note'), found.length === 0 ? t('vessels.none') : t('vessels.more', { n: rest }));
    this.fillClasses(all);
  }

  /** The classes there are now, the chosen one kept. @param {Vessel[]} all */
  fillClasses(all) {
    const classes = [...new Set([...all.map((vessel) => vessel.class), this.cls.value])].filter(Boolean).sort();
    const key = language() + classes.join();
    if (this.classKey === key) return;
    this.classKey = key;
    const chosen = this.cls.value;
    this.cls.replaceChildren(
      h('option', { value: '', text: t('vessels.class.all') }),
      ...classes.map((cls) => h('option', { value: cls, text: word('class', cls) })),
    );
    this.cls.value = chosen;
  }

  /** @param {Vessel} vessel @returns {HTMLElement} */
  row(vessel) {
    const row = this.rows.get(vessel.mmsi) ?? this.make(vessel.mmsi);
    const alert = this.picture.alerted.get(vessel.mmsi);
    const distress = inDistress(vessel);
    write(row.name, plain(nameOf(vessel, language())));
    const marks = [
      distress && ['distress', t('vessel.distress')],
      alert && [alert.rank <= 1 ? 'distress' : 'care', t('vessel.alerted')],
      vessel.state === 'lost' && ['lost', t('vessel.lost')],
      vessel.simulated && ['sim', t('simulated.one')],
    ].filter((mark) => Array.isArray(mark));
    const key = JSON.stringify(marks);
    if (row.marks.dataset.key !== key) {
      row.marks.dataset.key = key;
      row.marks.replaceChildren(...marks.map(([cls, text]) => h('span', { class: `tag ${cls}`, text })));
    }
    const motion = vessel.position ? `${number(vessel.sog_kn, 1, 'kn')}\u2002${bearing(vessel.cog_deg)}` : t('vessel.unplaced');
    write(row.facts, `${word('class', vessel.class)}\u2002${motion}`);
    write(row.age, duration(ageSeconds(vessel.position_time, this.page.now()), units()));
    const chosen = vessel.mmsi === this.selected;
    if ((row.button.getAttribute('aria-current') === 'true') !== chosen) row.button.setAttribute('aria-current', String(chosen));
    return row.node;
  }

  /** @param {number} mmsi @returns {Row} */
  make(mmsi) {
    const name = h('bdi', { class: 'vessel-name' });
    const marks = h('span', { class: 'tags' });
    const facts = h('span', { class: 'facts' });
    const age = h('span', { class: 'age' });
    const button = h(
      'button',
      { type: 'button', data: { mmsi: String(mmsi) }, on: { click: () => this.page.choose(mmsi) } },
      h('span', { class: 'vessel-top' }, name, marks),
      h('span', { class: 'vessel-bottom' }, facts, age),
    );
    const row = { node: h('li', {}, button), button, name, marks, facts, age };
    this.rows.set(mmsi, row);
    return row;
  }

  /** @param {number} by +1 or −1 @returns {number | null} the neighbour of the chosen one that has a position */
  neighbour(by) {
    const placed = this.order.filter((mmsi) => this.picture.vessels.get(mmsi)?.position);
    if (placed.length === 0) return null;
    const at = this.selected === null ? (by > 0 ? -1 : 0) : placed.indexOf(this.selected);
    return placed[(at + by + placed.length) % placed.length];
  }
}
