// The left panel: rules, zones, versions or figures, one list at a time.

import { html, live, nothing, render } from '../vendor/lit.js';
import { byId, write } from '../dom.js';
import { plain } from '../format.js';
import { pick, t, word } from '../i18n.js';
import { icon, said } from '../panels/parts.js';
import { PRIORITY_SHAPES } from '../icons.js';
import { PRIORITIES } from '../order.js';
import { ruleWords } from './words.js';
import { zoneWords } from './zone_form.js';

/** @typedef {import('../panels/parts.js').Part} Part */
/** @typedef {import('./work.js').Work} Work */
/** @typedef {import('./draft.js').Draft} Draft */
/** @typedef {{choose: (id: string) => void, turn: (tab: string) => void, fresh: () => void, changed: () => void}} Does */

export const TABS = ['rules', 'zones', 'versions', 'figures'];
/** Most rows listed; a search finds the others. */
const MOST_ROWS = 300;

export class Index {
  /** @param {Work} work @param {Does} does */
  constructor(work, does) {
    this.work = work;
    this.does = does;
    this.text = '';
    this.overdue = false;
  }

  /** @param {string} tab @param {string} item the open one @param {() => Part} more the list of a tab that has its own */
  update(tab, item, more) {
    const { work } = this;
    render(
      TABS.map((one) => html`<button type="button" data-tab=${one} aria-pressed=${String(one === tab)} @click=${() => this.does.turn(one)}>${t(`tab.${one}`)}${this.changes(one)}</button>`),
      byId('tabs'),
    );
    const { standing } = work;
    write(byId('standing'), standing ? t('version.stands.at', { n: standing.version, time: work.page.clock.at(standing.time) }) : '');
    if (tab === 'rules') render(this.rules(item), byId('list'));
    else if (tab === 'zones') render(this.zones(item), byId('list'));
    else render(more(), byId('list'));
  }

  /** @param {string} tab @returns {string} how much is changed there */
  changes(tab) {
    const n = tab === 'rules' ? this.work.rules.changes.size : tab === 'zones' ? this.work.zones.changes.size : 0;
    return n > 0 ? ` (${n})` : '';
  }

  /** @param {string} item @returns {Part} */
  rules(item) {
    const { rules, overdue } = this.work;
    const text = this.text.toLowerCase();
    const found = rules.ids().filter((id) => {
      const rule = rules.get(id) ?? {};
      const words = `${id} ${rule.kind} ${rule.message?.zh} ${rule.message?.en}`.toLowerCase();
      return words.includes(text) && (!this.overdue || overdue.has(id));
    });
    const late = html`<label class="check"><input type="checkbox" id="overdue" .checked=${live(this.overdue)} @change=${(/** @type {Event} */ event) => {
      this.overdue = /** @type {HTMLInputElement} */ (event.target).checked;
      this.does.changed();
    }}> ${t('rules.overdue.only', { n: overdue.size })}</label>`;
    return this.list(found, rules.ids().length, late, (id) => this.rule(id, item));
  }

  /** @param {string} item @returns {Part} */
  zones(item) {
    const { zones } = this.work;
    const text = this.text.toLowerCase();
    const found = zones.ids().filter((id) => {
      const { kind, name } = zones.get(id)?.properties ?? {};
      return `${id} ${kind} ${name?.zh} ${name?.en}`.toLowerCase().includes(text);
    });
    return this.list(found, zones.ids().length, nothing, (id) => this.zone(id, item));
  }

  /** @param {string[]} found @param {number} all @param {Part | typeof nothing} more @param {(id: string) => Part} row @returns {Part} */
  list(found, all, more, row) {
    const search = (/** @type {Event} */ event) => {
      this.text = /** @type {HTMLInputElement} */ (event.target).value;
      this.does.changed();
    };
    return html`<div class="filters">
        <input id="find" type="search" autocomplete="off" aria-label=${t('rules.find')} placeholder=${t('rules.find')} .value=${live(this.text)} @input=${search}>
        <p class="filter-head">${more}<button type="button" id="fresh" @click=${this.does.fresh}>${t('rules.fresh')}</button></p>
        <p class="count">${t('rules.count', { shown: found.length, all })}</p>
      </div>
      <ul class="scroll">${found.slice(0, MOST_ROWS).map(row)}${found.length > MOST_ROWS ? html`<li class="empty">${t('alerts.rest', { n: found.length - MOST_ROWS })}</li>` : nothing}</ul>`;
  }

  /** @param {string} id @param {string} item @returns {Part} */
  rule(id, item) {
    const { work } = this;
    const rule = work.rules.get(id) ?? {};
    const mode = rule.mode ?? 'live';
    const count = work.alertsOf(id);
    return html`<li><button type="button" class=${`item ${mode}`} data-rule=${id} aria-current=${String(id === item)} @click=${() => this.does.choose(id)}>
      <span class="item-top">${icon(PRIORITY_SHAPES[Math.max(0, PRIORITIES.indexOf(rule.priority))], rule.priority, true)} ${said(ruleWords(work, id), 'item-name')} ${count === undefined ? nothing : html`<span class="item-count" title=${t(mode === 'shadow' ? 'rules.day.kept' : 'rules.day')}>${count}<span class="unseen"> ${t('rules.day')}</span></span>`}</span>
      <span class="item-bottom">${word('priority', rule.priority)} · <code>${id}</code> · <code>${rule.kind}</code></span>
      <span class="tags">${this.standing(work.rules, id)}${mode === 'live' ? nothing : html`<span class="tag">${word('mode', mode)}</span>`}${rule.review_by ? html`<span class=${work.overdue.has(id) ? 'tag care' : 'tag'}>${t(work.overdue.has(id) ? 'rules.overdue.by' : 'rules.review', { date: rule.review_by })}</span>` : nothing}</span>
    </button></li>`;
  }

  /** @param {string} id @param {string} item @returns {Part} */
  zone(id, item) {
    const { zones } = this.work;
    const zone = zones.get(id) ?? { properties: { id } };
    const { kind, confidence } = zone.properties;
    return html`<li><button type="button" class="item" data-zone=${id} aria-current=${String(id === item)} @click=${() => this.does.choose(id)}>
      <span class="item-top">${said(zoneWords(zone), 'item-name')}</span>
      <span class="item-bottom">${word('zone', kind)} · <code>${id}</code></span>
      <span class="tags">${this.standing(zones, id)}${confidence === 'published' ? nothing : html`<span class="tag">${word('confidence', confidence ?? 'assumed')}</span>`}</span>
    </button></li>`;
  }

  /** @param {Draft} draft @param {string} id @returns {Part | typeof nothing} */
  standing(draft, id) {
    const standing = draft.standing(id);
    return standing === 'same' ? nothing : html`<span class="tag care">${word('standing', standing)}</span>`;
  }
}
