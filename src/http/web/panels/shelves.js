// Shelving: a vessel, a rule or both put aside until an end, for a reason; what is put aside stays in sight.

import { html, live, nothing, render } from '../vendor/lit.js';
import { getAll, shelve, unshelve } from '../api.js';
import { nextAt } from '../clock.js';
import { byId } from '../dom.js';
import { t } from '../i18n.js';
import { said } from './parts.js';

/** @typedef {import('../shapes.js').Shelf} Shelf */
/** @typedef {import('./parts.js').Part} Part */

/** Offered lengths, minutes. */
const OFFERED_MIN = [15, 60, 240, 480];
/** Longest reason sent, characters. */
const MAX_REASON = 500;

export class Shelves {
  /** @param {import('../page.js').Page} page */
  constructor(page) {
    this.page = page;
    /** @type {Shelf[]} */
    this.items = [];
    this.list = byId('shelves');
    this.dialog = /** @type {HTMLDialogElement} */ (byId('shelve'));
    /** What the dialog asks about. @type {{mmsi: number | null, rule: string | null}} */
    this.about = { mmsi: null, rule: null };
    this.until = '';
    this.failure = '';
  }

  /** Asks for what is put aside. */
  async load() {
    try {
      this.items = (await getAll('/shelves')).items;
      this.update();
    } catch {
      // The list stays as it was; the connection's banner tells when nothing comes.
    }
  }

  update() {
    this.list.hidden = this.items.length === 0;
    render(html`<summary>${t('shelves', { n: this.items.length })}</summary><ul>${this.items.map((shelf) => this.row(shelf))}</ul>`, this.list);
  }

  /** @param {Shelf} shelf @returns {Part} */
  row(shelf) {
    const { page } = this;
    const what = this.words(shelf);
    return html`<li>
      <p><strong>${said(what)}</strong> ${t('alert.shelved', { time: page.clock.at(shelf.until) })}</p>
      <p class="small">${said(shelf.reason)}${shelf.by ? html` · ${said(shelf.by)}` : nothing}</p>
      <button type="button" aria-label=${t('unshelve.of', { what })} @click=${() => this.lift(shelf)}>${t('unshelve')}</button>
    </li>`;
  }

  /** @param {{mmsi: number | null, rule: string | null}} of @returns {string} what is put aside */
  words({ mmsi, rule }) {
    const whom = mmsi === null ? t('shelve.all') : this.page.name(mmsi);
    return `${whom} · ${rule === null ? t('shelve.every') : this.page.rule(rule)}`;
  }

  /** @param {Shelf} shelf */
  async lift(shelf) {
    try {
      await unshelve(shelf.id);
    } catch (error) {
      this.page.acts.say(t('shelve.failed', { why: /** @type {Error} */ (error).message }));
    }
    await this.load();
  }

  /** @param {number | null} mmsi @param {string | null} rule opens the dialog about them */
  open(mmsi, rule) {
    this.about = { mmsi, rule };
    this.failure = '';
    this.dialog.querySelector('form')?.reset();
    this.lasts(OFFERED_MIN[1]);
    this.draw();
    this.dialog.showModal();
  }

  /** @param {number} minutes from now, as local time of day */
  lasts(minutes) {
    this.until = this.page.clock.local.clock(this.page.clock.now() + minutes * 60_000).slice(0, 5);
  }

  draw() {
    const { mmsi, rule } = this.about;
    /** @type {[string, string][]} */
    const kinds = [];
    const name = mmsi === null ? '' : this.page.vessel(mmsi);
    if (name && rule !== null) kinds.push(['both', t('shelve.both', { name })]);
    if (name) kinds.push(['vessel', t('shelve.vessel', { name })]);
    if (rule !== null) kinds.push(['rule', t('shelve.rule', { rule: this.page.rule(rule) })]);
    const offer = (/** @type {number} */ minutes) => {
      this.lasts(minutes);
      this.draw();
    };
    render(
      html`<form @submit=${(/** @type {SubmitEvent} */ event) => this.send(event)}>
        <h2>${t('shelve.title')}</h2>
        <fieldset><legend>${t('shelve.what')}</legend>${kinds.map(([kind, words], at) => html`<label><input type="radio" name="what" value=${kind} ?checked=${at === 0}> ${said(words)}</label>`)}</fieldset>
        <fieldset><legend>${t('shelve.until')}</legend>
          <span class="offers">${OFFERED_MIN.map((minutes) => html`<button type="button" @click=${() => offer(minutes)}>${minutes < 60 ? `${minutes} ${t('unit.min')}` : `${minutes / 60} ${t('unit.h')}`}</button>`)}</span>
          <label>${t('shelve.time')} <input name="until" required autocomplete="off" inputmode="numeric" size="6" .value=${live(this.until)} @input=${(/** @type {InputEvent} */ event) => (this.until = /** @type {HTMLInputElement} */ (event.target).value)}></label>
        </fieldset>
        <label class="wide">${t('shelve.reason')} <input name="reason" required autocomplete="off" maxlength=${MAX_REASON}></label>
        ${this.failure ? html`<p class="failure" role="status">${this.failure}</p>` : nothing}
        <p class="ends"><button type="button" @click=${() => this.dialog.close()}>${t('cancel')}</button> <button type="submit" class="main">${t('shelve')}</button></p>
      </form>`,
      this.dialog,
    );
  }

  /** @param {SubmitEvent} event */
  async send(event) {
    event.preventDefault();
    const asked = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget));
    const { clock } = this.page;
    const until = nextAt(this.until, clock.local.stamp(clock.now()), clock.now());
    const what = asked.get('what');
    try {
      if (until === null) throw new Error(t('shelve.untimely'));
      await shelve({
        mmsi: what === 'rule' ? null : this.about.mmsi,
        rule: what === 'vessel' ? null : this.about.rule,
        until: new Date(until).toISOString(),
        reason: String(asked.get('reason')).trim(),
        by: this.page.duty?.by ?? null,
      });
      this.dialog.close();
      await this.load();
    } catch (error) {
      this.failure = t('shelve.failed', { why: /** @type {Error} */ (error).message });
      this.draw();
    }
  }
}
