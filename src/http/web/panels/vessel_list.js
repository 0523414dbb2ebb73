// The list of vessels: everything on the chart, in words; only the rows in sight are drawn.

import { html, nothing, render, repeat } from '../vendor/lit.js';
import { byId, write } from '../dom.js';
import { bearing, number } from '../format.js';
import { filters, matches, passes } from '../filter.js';
import { language, t, word } from '../i18n.js';
import { inDistress, nameOf, settle, sortVessels } from '../order.js';
import { said } from './parts.js';
import { VesselFilter } from './vessel_filter.js';

/** @typedef {import('../shapes.js').Vessel} Vessel */
/** @typedef {import('./parts.js').Part} Part */

/** Height of a row until one was measured, pixels. */
const ROW_PX = 44;
/** Rows drawn beyond those in sight, above and below. */
const SPARE = 6;

export class VesselList {
  /** @param {import('../page.js').Page} page @param {(typed: boolean) => void} filtered tells of another filter; of a search while it is typed */
  constructor(page, filtered) {
    this.page = page;
    this.list = byId('vessel-list');
    this.filter = new VesselFilter(page, {
      changed: (typed) => {
        this.list.scrollTop = 0;
        filtered(typed);
      },
      first: () => this.order.length > 0 && page.acts.show(this.order[0]),
    });
    /** What next and previous walk through. @type {number[]} */
    this.order = [];
    this.rowPx = ROW_PX;
    /** The row that Tab comes to. @type {number | null} */
    this.at = null;
    this.drawing = 0;
    this.list.addEventListener('scroll', () => (this.drawing ||= requestAnimationFrame(() => this.draw())));
    this.list.addEventListener('keydown', (event) => this.walk(event));
    this.list.addEventListener('focusin', (event) => (this.at = mmsiOf(event.target)));
    new ResizeObserver(() => this.draw()).observe(this.list);
  }

  /** @param {Vessel} vessel @returns {boolean} the filter lets it be seen, on the chart too */
  visible(vessel) {
    const { place, shown: picture } = this.page;
    return passes(vessel, place.filter, vessel.mmsi === place.mmsi || picture.kept(vessel.mmsi));
  }

  /** Filters, sorts, counts; then draws. */
  update() {
    const { shown: picture, place } = this.page;
    const query = place.text.trim().toLowerCase();
    // In the order of before, so that the sort finds little to do.
    const known = new Set(this.order);
    const all = [...this.order.flatMap((mmsi) => picture.vessels.get(mmsi) ?? []), ...[...picture.vessels.values()].filter((vessel) => !known.has(vessel.mmsi))];
    const found = all.filter((vessel) => this.visible(vessel) && matches(vessel, query));
    const sorted = sortVessels(found, (mmsi) => picture.alerted.has(mmsi), language(), place.sort).map((vessel) => vessel.mmsi);
    const held = this.list.matches(':hover') && settle(this.order, sorted, true);
    this.order = held && held.waiting === 0 ? held.order : sorted;
    write(byId('vessel-count'), t('vessels.count', { shown: found.length, all: all.length }));
    byId('vessel-count').classList.toggle('hides', found.length < all.length);
    byId('vessel-note').hidden = found.length > 0 || (this.page.past?.waiting() ?? false);
    this.filter.update(filters(place.filter));
    this.draw();
  }

  /** Draws the rows in sight, and the one that has the focus. */
  draw() {
    this.drawing = 0;
    const { scrollTop, clientHeight } = this.list;
    const from = Math.max(0, Math.floor(scrollTop / this.rowPx) - SPARE);
    const to = Math.ceil((scrollTop + clientHeight) / this.rowPx) + SPARE;
    const rows = this.order.map((mmsi, at) => at).slice(from, to);
    const focused = this.list.contains(document.activeElement) ? this.order.indexOf(mmsiOf(document.activeElement) ?? -1) : -1;
    if (focused >= 0 && (focused < from || focused >= to)) rows.push(focused);
    if (this.at === null || !this.order.includes(this.at)) this.at = this.page.place.mmsi ?? this.order[0] ?? null;
    render(
      html`<li class="extent" role="presentation" .style=${`height:${this.order.length * this.rowPx}px`}></li>${repeat(rows, (at) => this.order[at], (at) => this.row(at))}`,
      this.list,
    );
    const height = /** @type {HTMLElement | null} */ (this.list.querySelector('li:not(.extent)'))?.offsetHeight ?? 0;
    if (height > 0 && Math.abs(height - this.rowPx) > 0.5) {
      this.rowPx = height;
      this.draw();
    }
  }

  /** @param {number} at place in the order @returns {Part | symbol} */
  row(at) {
    const { shown: picture, place } = this.page;
    const vessel = picture.vessels.get(this.order[at]);
    if (!vessel) return nothing;
    const { mmsi } = vessel;
    const motion = vessel.position ? `${number(vessel.sog_kn, 1, 'kn')}\u2002${bearing(vessel.cog_deg)}` : t('vessel.unplaced');
    return html`<li .style=${`top:${at * this.rowPx}px`} aria-setsize=${this.order.length} aria-posinset=${at + 1}>
      <button type="button" data-mmsi=${mmsi} tabindex=${mmsi === this.at ? 0 : -1} aria-current=${String(mmsi === place.mmsi)} @click=${() => this.page.acts.show(mmsi)}>
        <span class="vessel-top">${said(nameOf(vessel, language()), 'vessel-name')}<span class="tags">${this.marks(vessel)}</span></span>
        <span class="vessel-bottom"><span class="facts">${motion}\u2002${word('class', vessel.class)}</span><span class="age">${this.page.age(vessel.position_time)}</span></span>
      </button>
    </li>`;
  }

  /** @param {Vessel} vessel @returns {(Part | symbol)[]} */
  marks(vessel) {
    const alert = this.page.shown.alerted.get(vessel.mmsi);
    /** @param {unknown} holds @param {string} cls @param {string} words */
    const mark = (holds, cls, words) => (holds ? html`<span class=${`tag ${cls}`}>${words}</span>` : nothing);
    return [
      mark(inDistress(vessel), 'distress', t('vessel.distress')),
      mark(alert, alert && alert.rank <= 1 ? 'distress' : 'care', t('vessel.alerted')),
      mark(this.page.shown.watched.has(vessel.mmsi), 'care', t('vessel.watched')),
      mark(vessel.state === 'lost', 'lost', t('vessel.lost')),
      mark(this.page.marks(vessel.simulated), 'sim', t('simulated.one')),
    ];
  }

  /** Up, down, first and last, drawn or not. @param {KeyboardEvent} event */
  walk(event) {
    const at = this.order.indexOf(mmsiOf(event.target) ?? -1);
    const page = Math.max(1, Math.floor(this.list.clientHeight / this.rowPx) - 1);
    const last = this.order.length - 1;
    const to = { ArrowUp: at - 1, ArrowDown: at + 1, PageUp: at - page, PageDown: at + page, Home: 0, End: last }[event.key];
    if (to === undefined || at < 0) return;
    event.preventDefault();
    this.focus(Math.min(last, Math.max(0, to)));
  }

  /** @param {number} at place in the order */
  focus(at) {
    this.at = this.order[at];
    const top = at * this.rowPx;
    if (top < this.list.scrollTop) this.list.scrollTop = top;
    else if (top + this.rowPx > this.list.scrollTop + this.list.clientHeight) this.list.scrollTop = top + this.rowPx - this.list.clientHeight;
    this.draw();
    /** @type {HTMLElement | null} */ (this.list.querySelector(`[data-mmsi="${this.at}"]`))?.focus({ preventScroll: true });
  }

  /** @param {number} by +1 or −1 @returns {number | null} the neighbour of the chosen one that has a position */
  neighbour(by) {
    const placed = this.order.filter((mmsi) => this.page.shown.vessels.get(mmsi)?.position);
    if (placed.length === 0) return null;
    const { mmsi } = this.page.place;
    const at = mmsi === null ? (by > 0 ? -1 : 0) : placed.indexOf(mmsi);
    return placed[(at + by + placed.length) % placed.length];
  }
}

/** @param {EventTarget | null} target @returns {number | null} whose row it is in */
function mmsiOf(target) {
  const mmsi = target instanceof Element ? target.closest('[data-mmsi]')?.getAttribute('data-mmsi') : null;
  return mmsi ? Number(mmsi) : null;
}
