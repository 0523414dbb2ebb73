// Saving: what differs, for what reason, by whom; the minutes of a review; and force, asked for where it is refused.

import { html, live, nothing, render } from '../vendor/lit.js';
import { byId } from '../dom.js';
import { number } from '../format.js';
import { t, word } from '../i18n.js';
import { said } from '../panels/parts.js';
import { faultList, refusal } from './trial.js';
import { differenceTable, ruleWords, selectorWords } from './words.js';

/** @typedef {import('../panels/parts.js').Part} Part */
/** @typedef {import('./work.js').Side} Side */
/** @typedef {import('../api.js').Wrong} Wrong */

/** Longest texts sent, characters. */
const MAX_REASON = 500;
const MAX_BY = 60;
const MAX_MINUTES = 2000;
/** Most changed rules or zones told one by one. */
const MOST_TOLD = 20;
/** What minutes of a review hold. */
export const MINUTES = ['who', 'traffic', 'tried', 'decided', 'why'];

export class SaveDialog {
  /** @param {import('./work.js').Work} work @param {{saved: (version: number) => void, changed: () => void, tries: (part: Side) => Promise<void>}} does */
  constructor(work, does) {
    this.work = work;
    this.does = does;
    this.dialog = /** @type {HTMLDialogElement} */ (byId('save'));
    /** @type {Side} */
    this.part = 'rules';
    /** What is typed. @type {Record<string, string>} */
    this.words = {};
    this.failure = '';
    /** Another version stands than was read. */
    this.stale = false;
    /** Why it is saved by force only. @type {Wrong[] | null} */
    this.refused = null;
    this.force = false;
    this.busy = false;
  }

  /** @param {Side} part @param {{minutes?: boolean, reason?: string}} [begin] */
  open(part, { minutes = false, reason = '' } = {}) {
    this.part = part;
    const of = this.work.tried(part);
    this.words = { reason, author: this.work.page.duty?.by ?? '', tried: of ? this.tried(of) : '' };
    Object.assign(this, { failure: '', stale: false, refused: of?.refused ?? null, force: false, busy: false });
    this.draw(minutes);
    this.dialog.showModal();
  }

  /** @param {import('./work.js').Trial} trial @returns {string} for the minutes */
  tried({ outcome }) {
    return t('save.tried', { hours: number(outcome.hours, 1), before: outcome.baseline.alerts, after: outcome.proposed.alerts, come: outcome.come.length, go: outcome.go.length, move: outcome.move.length });
  }

  /** @param {boolean} [open] the minutes are unfolded */
  draw(open = this.dialog.querySelector('details')?.open ?? false) {
    render(
      html`<form @submit=${(/** @type {SubmitEvent} */ event) => this.send(event)}>
        <h2>${t('save.title')}</h2>
        ${this.told()}
        ${this.area('reason', t('save.reason'), MAX_REASON, true)}
        <label class="wide">${t('save.author')} <input name="author" required autocomplete="name" maxlength=${MAX_BY} .value=${live(this.words.author)} @input=${this.takes('author')}></label>
        <details ?open=${open}><summary>${t('save.minutes')}</summary>${MINUTES.map((name) => this.area(name, word('minutes', name), MAX_MINUTES, false))}</details>
        ${this.trouble()}
        <p class="ends"><button type="button" @click=${() => this.dialog.close()}>${t('cancel')}</button>
          <button type="submit" class="main" ?disabled=${this.busy || this.stale}>${t(this.busy ? 'save.busy' : 'save')}</button></p>
      </form>`,
      this.dialog,
    );
  }

  /** @param {string} name @returns {(event: Event) => void} */
  takes(name) {
    return (event) => {
      this.words[name] = /** @type {HTMLInputElement} */ (event.target).value;
    };
  }

  /** @param {string} name @param {string} label @param {number} most @param {boolean} required @returns {Part} */
  area(name, label, most, required) {
    return html`<label class="wide">${label} <textarea name=${name} rows="2" maxlength=${most} ?required=${required} .value=${live(this.words[name] ?? '')} @input=${this.takes(name)}></textarea></label>`;
  }

  /** @returns {Part} what differs */
  told() {
    const { work, part } = this;
    const all = work.draft(part).differences();
    const name = (/** @type {string} */ id) => (part === 'rules' ? ruleWords(work, id) : selectorWords(work, id));
    return html`<div class="told">${all.slice(0, MOST_TOLD).map(([id, standing, differences]) => html`<h3>${said(name(id))} <code>${id}</code> ${word('standing', standing)}</h3>${differences.length > 0 ? differenceTable(work, differences, work.rules.get(id)?.kind) : nothing}`)}
      ${all.length > MOST_TOLD ? html`<p>${t('alerts.rest', { n: all.length - MOST_TOLD })}</p>` : nothing}</div>`;
  }

  /** What stands in the way, and what can be done. @returns {Part} */
  trouble() {
    const { work } = this;
    const anew = async () => {
      await work.load();
      this.dialog.close();
      this.does.changed();
    };
    return html`
      ${this.failure ? html`<p class="failure" role="alert">${said(this.failure)}</p>` : nothing}
      ${this.refused ? nothing : faultList(work.faults)}
      ${this.stale ? html`<p><button type="button" data-act="anew" class="main" @click=${anew}>${t('save.anew')}</button></p>` : nothing}
      ${this.refused ? html`${refusal(work, this.refused, work.tried(this.part)?.outcome ?? null)}<label class="check"><input type="checkbox" name="force" required .checked=${live(this.force)} @change=${(/** @type {Event} */ event) => (this.force = /** @type {HTMLInputElement} */ (event.target).checked)}> ${t('refused.force')}</label>` : nothing}`;
  }

  /** @param {SubmitEvent} event */
  async send(event) {
    event.preventDefault();
    const { work, part, words } = this;
    const minutes = Object.fromEntries(MINUTES.map((name) => [name, (words[name] ?? '').trim()]).filter(([, text]) => text));
    const isReview = ['who', 'traffic', 'decided', 'why'].some((name) => minutes[name]);
    this.busy = true;
    this.failure = '';
    this.draw();
    try {
      const version = await work.save(part, { reason: words.reason.trim(), author: words.author.trim(), ...(isReview ? { minutes } : {}) }, this.force);
      this.dialog.close();
      this.does.saved(version);
    } catch (error) {
      this.refuse(/** @type {import('../api.js').Refusal} */ (error));
    }
    this.busy = false;
    this.draw();
  }

  /** @param {import('../api.js').Refusal} error */
  refuse({ message, problem, errors }) {
    const { work, part } = this;
    this.stale = problem === 'stale';
    if (problem === 'too_many_alerts') {
      this.refused = errors;
      if (!work.tried(part)) this.does.tries(part).then(() => this.draw());
    } else this.failure = problem ? `${word('problem', problem)} (${message})` : message;
    this.does.changed();
  }
}
