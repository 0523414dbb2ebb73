// The versions of rules and zones: who made them, when and why; what differs between two; one that stands again.

import { html, nothing, render } from '../vendor/lit.js';
import { get } from '../api.js';
import { byId } from '../dom.js';
import { t, word } from '../i18n.js';
import { choices, said } from '../panels/parts.js';
import { differences } from './draft.js';
import { MINUTES } from './save.js';
import { differenceTable, ruleWords, selectorWords } from './words.js';

/** @typedef {import('../panels/parts.js').Part} Part */
/** @typedef {import('./work.js').Version} Version */
/** What differs, as the service tells it. @typedef {{added: string[], removed: string[], changed: Record<string, Record<string, [any, any]>>}} Differences */

/** Most versions listed at first. */
const MOST_ROWS = 100;
/** Most rules or zones told in a comparison. */
const MOST_TOLD = 50;
const MAX_REASON = 500;
const MAX_BY = 60;

export class Versions {
  /** @param {import('./work.js').Work} work @param {{changed: () => void, choose: (version: number) => void, saved: (version: number) => void}} does */
  constructor(work, does) {
    this.work = work;
    this.does = does;
    this.dialog = /** @type {HTMLDialogElement} */ (byId('rollback'));
    /** The one that is open. */
    this.version = 0;
    /** Compared with it; 0: nothing. */
    this.against = 0;
    /** @type {{rules: Differences, zones: Differences} | null} */
    this.found = null;
    this.failure = '';
  }

  /** @param {number} version opens it beside the one before */
  open(version) {
    if (version === this.version) return;
    this.version = version;
    this.compare(this.work.versions.find((other) => other.version < version)?.version ?? 0);
  }

  /** @param {number} against */
  async compare(against) {
    const { version } = this;
    Object.assign(this, { against, found: null, failure: '' });
    if (against > 0) {
      try {
        const found = await get(`/rules/versions/${version}?against=${against}`);
        if (this.version === version && this.against === against) this.found = found;
      } catch (error) {
        this.failure = /** @type {Error} */ (error).message;
      }
    }
    this.does.changed();
  }

  list() {
    const { versions } = this.work;
    const row = (/** @type {Version} */ one) => html`<li><button type="button" class="item" data-version=${one.version} aria-current=${String(one.version === this.version)} @click=${() => this.does.choose(one.version)}>
      <span class="item-top"><strong>${t('version.n', { n: one.version })}</strong> ${one === versions[0] ? html`<span class="tag">${t('version.stands')}</span>` : nothing}${one.minutes ? html`<span class="tag">${t('version.minutes')}</span>` : nothing}</span>
      <span class="item-bottom">${this.work.page.clock.stamp(one.time)} · ${this.author(one)}</span>
      <span class="item-bottom">${said(one.reason)}</span></button></li>`;
    return html`<ul class="scroll">${versions.slice(0, MOST_ROWS).map(row)}${versions.length > MOST_ROWS ? html`<li class="empty">${t('alerts.rest', { n: versions.length - MOST_ROWS })}</li>` : nothing}</ul>`;
  }

  /** @param {Version} version @returns {Part | string} */
  author({ author }) {
    return author === 'file' ? t('version.file') : said(author);
  }

  update() {
    const one = this.work.versions.find(({ version }) => version === this.version);
    render(one ? this.template(one) : html`<p class="empty">${t('versions.choose')}</p>`, byId('form'));
  }

  /** @param {Version} one @returns {Part} */
  template(one) {
    const { versions, page } = this.work;
    const others = versions.filter(({ version }) => version !== one.version).map(({ version }) => /** @type {[string, string]} */ ([String(version), t('version.n', { n: version })]));
    return html`
      <header class="form-head"><h2 id="form-title">${t('version.n', { n: one.version })}</h2>
        <p>${page.clock.stamp(one.time)} · ${this.author(one)}</p><p>${said(one.reason)}</p>
        ${one === versions[0] ? html`<p class="tags"><span class="tag">${t('version.stands')}</span></p>` : html`<p class="row-actions"><button type="button" data-act="rollback" @click=${() => this.ask(one.version)}>${t('version.rollback')}</button></p>`}
      </header>
      ${one.minutes ? this.minutes(one.minutes) : nothing}
      ${others.length > 0 ? html`<p class="row-actions"><label>${t('version.against')} <select id="against" @change=${(/** @type {Event} */ event) => this.compare(Number(/** @type {HTMLSelectElement} */ (event.target).value))}>${choices([['0', t('version.nothing')], ...others], String(this.against))}</select></label></p>` : nothing}
      ${this.failure ? html`<p class="failure" role="alert">${said(this.failure)}</p>` : nothing}
      ${this.found ? html`${this.differing('rules', this.found.rules)}${this.differing('zones', this.found.zones)}` : nothing}`;
  }

  /** @param {Record<string, string>} minutes @returns {Part} */
  minutes(minutes) {
    return html`<section class="minutes" aria-labelledby="minutes-title"><h3 id="minutes-title">${t('save.minutes')}</h3>
      <dl>${MINUTES.filter((name) => minutes[name]).map((name) => html`<dt>${word('minutes', name)}</dt><dd>${said(minutes[name])}</dd>`)}</dl>
      <p class="row-actions"><button type="button" data-act="print" @click=${() => print()}>${t('version.print')}</button></p></section>`;
  }

  /** @param {'rules' | 'zones'} part @param {Differences} differences @returns {Part} */
  differing(part, { added, removed, changed }) {
    const { work } = this;
    const name = (/** @type {string} */ id) => (part === 'rules' ? ruleWords(work, id) : selectorWords(work, id));
    const all = Object.entries(changed);
    const ids = (/** @type {string[]} */ list, /** @type {'added' | 'removed'} */ standing) => list.map((id) => html`<li><strong>${word('standing', standing)}</strong> ${said(name(id))} <code>${id}</code></li>`);
    return html`<section class="compared" data-part=${part}><h3>${t(part === 'rules' ? 'tab.rules' : 'tab.zones')}</h3>
      ${added.length + removed.length + all.length === 0 ? html`<p class="hint">${t('compare.same')}</p>` : nothing}
      <ul>${ids(added.slice(0, MOST_TOLD), 'added')}${ids(removed.slice(0, MOST_TOLD), 'removed')}</ul>
      ${all.slice(0, MOST_TOLD).map(([id, keys]) => html`<h4>${said(name(id))} <code>${id}</code></h4>${differenceTable(work, differences(...sides(keys)), work.rules.get(id)?.kind)}`)}
      ${all.length > MOST_TOLD ? html`<p>${t('alerts.rest', { n: all.length - MOST_TOLD })}</p>` : nothing}</section>`;
  }

  /** @param {number} version asks why it is to stand again */
  ask(version) {
    this.drawDialog(version, '');
    this.dialog.querySelector('form')?.reset();
    this.dialog.showModal();
  }

  /** @param {number} version @param {string} failure */
  drawDialog(version, failure) {
    render(
      html`<form @submit=${(/** @type {SubmitEvent} */ event) => this.send(event, version)}>
        <h2>${t('rollback.title', { n: version })}</h2>
        <p class="small">${t('rollback.what')}</p>
        <label class="wide">${t('save.reason')} <textarea name="reason" rows="2" required maxlength=${MAX_REASON}></textarea></label>
        <label class="wide">${t('save.author')} <input name="author" required autocomplete="name" maxlength=${MAX_BY} value=${this.work.page.duty?.by ?? ''}></label>
        ${failure ? html`<p class="failure" role="alert">${said(failure)}</p>` : nothing}
        <p class="ends"><button type="button" @click=${() => this.dialog.close()}>${t('cancel')}</button> <button type="submit" class="main">${t('version.rollback')}</button></p>
      </form>`,
      this.dialog,
    );
  }

  /** @param {SubmitEvent} event @param {number} version */
  async send(event, version) {
    event.preventDefault();
    const asked = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget));
    try {
      const now = await this.work.rollBack(version, String(asked.get('reason')).trim(), String(asked.get('author')).trim());
      this.dialog.close();
      this.does.saved(now);
    } catch (error) {
      this.drawDialog(version, /** @type {Error} */ (error).message);
    }
  }
}

/** @param {Record<string, [any, any]>} keys values before and after, by key @returns {[Record<string, any>, Record<string, any>]} */
function sides(keys) {
  const side = (/** @type {0 | 1} */ at) => Object.fromEntries(Object.entries(keys).map(([key, both]) => [key, both[at]]));
  return [side(0), side(1)];
}
