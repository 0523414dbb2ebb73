// Search, filter and sorting over the list of vessels; a closed filter still tells what it asks for.

import { html, nothing, render } from '../vendor/lit.js';
import { byId } from '../dom.js';
import { plain } from '../format.js';
import { filterOf, PARTS, STATES } from '../filter.js';
import { country, language, t, word } from '../i18n.js';
import { SORTS } from '../order.js';
import { choices } from './parts.js';

/** @typedef {import('./parts.js').Part} Part */

/** Parts in which a number is typed. */
const NUMBERS = Object.keys(PARTS).filter((part) => /^m(in|ax)_/.test(part));
/** The classes, zones and flags offered are gathered anew this often, ms. */
const GATHER_MS = 5000;

export class VesselFilter {
  /** @param {import('../page.js').Page} page @param {{changed: (typed: boolean) => void, first: () => void}} tell the filter is another; the first found is wanted */
  constructor(page, { changed, first }) {
    this.page = page;
    this.changed = changed;
    this.host = byId('filters');
    this.search = /** @type {HTMLInputElement} */ (byId('search'));
    this.search.addEventListener('input', () => {
      page.place.text = this.search.value;
      changed(true);
    });
    this.search.addEventListener('keydown', (event) => event.key === 'Enter' && first());
    this.open = false;
    this.gathered = -Infinity;
    /** By part the values there are. @type {Record<string, string[]>} */
    this.offered = {};
  }

  /** @param {boolean} active the filter hides something or might */
  update(active) {
    const { place } = this.page;
    if (document.activeElement !== this.search && this.search.value !== place.text) this.search.value = place.text;
    if (this.open) this.gather();
    const asked = Object.keys(place.filter).length;
    render(
      html`<div class="filter-head">
          <button type="button" aria-expanded=${String(this.open)} aria-controls="filter-parts" class=${active ? 'asked' : ''} @click=${() => this.toggle()}>${t('filter')}${active ? ` (${asked})` : ''}</button>
          ${active ? html`<button type="button" @click=${() => this.set({})}>${t('filter.clear')}</button>` : nothing}
          <label class="sort"><span>${t('sort')}</span> <select id="sort" @change=${(/** @type {Event} */ event) => this.sort(event)}>${choices(SORTS.map((sort) => [sort, t(`sort.${sort}`)]), place.sort)}</select></label>
        </div>
        ${this.open ? this.parts() : nothing}`,
      this.host,
    );
  }

  toggle() {
    this.open = !this.open;
    this.gathered = -Infinity;
    this.update(Object.keys(this.page.place.filter).length > 0);
  }

  /** @param {Event} event */
  sort(event) {
    this.page.place.sort = /** @type {HTMLSelectElement} */ (event.target).value;
    this.changed(false);
  }

  /** @param {Record<string, string>} asked */
  set(asked) {
    this.page.place.filter = filterOf(asked);
    this.changed(false);
  }

  /** What there is to choose from, and what is chosen though it is no more. */
  gather() {
    const now = performance.now();
    if (now - this.gathered < GATHER_MS) return;
    this.gathered = now;
    const vessels = [...this.page.shown.vessels.values()];
    const { filter } = this.page.place;
    /** @param {string} part @param {(string | null)[]} values */
    const set = (part, values) => [...new Set([...values, filter[part]])].filter((value) => value).map(String).sort();
    this.offered = {
      class: set('class', vessels.map((vessel) => vessel.class)),
      state: Object.keys(STATES),
      zone: set('zone', vessels.flatMap((vessel) => vessel.zones)),
      flag: set('flag', vessels.map((vessel) => vessel.flag)),
    };
  }

  /** @returns {Part} */
  parts() {
    const { filter } = this.page.place;
    /** @param {string} part @param {Event} event */
    const ask = (part, event) => this.set({ ...filter, [part]: /** @type {HTMLInputElement} */ (event.target).value.trim() });
    return html`<div id="filter-parts" class="filter-parts">
      ${Object.entries(this.offered).map(([part, values]) => html`<label><span>${t(`field.${part}`)}</span> <select id=${part} @change=${(/** @type {Event} */ event) => ask(part, event)}>${choices([['', t('filter.all')], ...values.map((value) => /** @type {[string, string]} */ ([value, this.words(part, value)]))], filter[part] ?? '')}</select></label>`)}
      ${NUMBERS.map((part) => html`<label><span>${t(`filter.${part}`)}</span> <input type="number" id=${part} min="0" step="any" .value=${filter[part] ?? ''} @change=${(/** @type {Event} */ event) => ask(part, event)}></label>`)}
    </div>`;
  }

  /** @param {string} part @param {string} value @returns {string} */
  words(part, value) {
    if (part === 'zone') return this.page.zone(value);
    if (part === 'flag') return country(value, language());
    return plain(part === 'state' ? t(`filter.state.${value}`) : word(part, value));
  }
}
