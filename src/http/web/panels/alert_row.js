// One row of the alert list: what, whom, where, how much and since when, in two lines; the rest when asked for.

import { html, nothing } from '../vendor/lit.js';
import { measured } from '../format.js';
import { t, units, word } from '../i18n.js';
import { escalation, unacknowledged } from '../order.js';
import { alertMore } from './alert_more.js';
import { priorityIcon, said } from './parts.js';

/** @typedef {import('../shapes.js').Alert} Alert */
/** @typedef {import('./alert_list.js').AlertList} AlertList */
/** @typedef {import('./parts.js').Part} Part */

/** @param {Alert} alert @param {AlertList} list @returns {Part} */
export function alertRow(alert, list) {
  const { page } = list;
  const id = alert.alert;
  const waits = unacknowledged(alert);
  const expanded = list.open === id;
  const what = `${page.message(alert)} ${page.subjects(alert).join(' ')}`;
  const failure = list.failures.get(id);
  return html`<li class=${`alert ${alert.priority} ${waits ? 'open' : 'seen'} ${alert.state}${alert.shelved_until ? ' shelved' : ''}`} data-alert=${id}>
    ${priorityIcon(alert)}
    <button type="button" class="alert-go" title=${what} aria-current=${list.current === id ? 'true' : nothing} @click=${(/** @type {MouseEvent} */ event) => go(event, alert, list)}>
      <span class="alert-head"><span class="priority">${word('priority', alert.priority)}</span> <span class="alert-message">${page.message(alert)}</span></span>
      <span class="alert-where"><span class="age" title=${page.clock.stamp(alert.raised)}>${page.clock.age(alert.raised)}</span> <span class="alert-who">${subjectsOf(alert, page)}</span> ${amounts(alert)} ${tags(alert, page)} ${facts(alert, page)}</span>
    </button>
    ${waits
      ? html`<button type="button" class="ack" ?disabled=${list.busy.has(id)} aria-label=${t('alert.acknowledge.of', { what })} @click=${(/** @type {MouseEvent} */ event) => done(event, alert, list)}>${t('alert.acknowledge')}</button>`
      : nothing}
    <button type="button" class="more" aria-expanded=${String(expanded)} aria-label=${t('alert.more', { what })} title=${t('alert.more', { what })} @click=${() => list.toggle(id)}>⋯</button>
    ${failure ? html`<p class="failure" role="status">${failure}</p>` : nothing}
    ${expanded ? alertMore(alert, list) : nothing}
  </li>`;
}

/** A mouse gives its focus back: it must not freeze the list for ever. @param {MouseEvent} event @param {Alert} alert @param {AlertList} list */
function go(event, alert, list) {
  list.page.acts.go(alert);
  if (event.detail > 0) byMouse(event);
}

/** @param {MouseEvent} event @param {Alert} alert @param {AlertList} list */
function done(event, alert, list) {
  if (event.detail > 0) byMouse(event);
  list.acknowledge(alert, '');
}

/** @param {MouseEvent} event */
function byMouse(event) {
  /** @type {HTMLElement} */ (event.currentTarget).blur();
}

/** @param {Alert} alert @param {import('../page.js').Page} page @returns {(Part | string)[]} both vessels of a pair */
function subjectsOf(alert, page) {
  return page.subjects(alert).flatMap((name, at) => (at === 0 ? [said(name)] : ['\u2002↔\u2002', said(name)]));
}

/** Marks of what is out of the ordinary. @param {Alert} alert @param {import('../page.js').Page} page @returns {(Part | symbol)[]} */
function tags(alert, page) {
  /** @param {string} cls @param {string} words */
  const tag = (cls, words) => html`<span class=${`tag ${cls}`}>${words}</span>`;
  const rises = escalation(alert, page.picture.rules.get(alert.rule), page.clock.now());
  return [
    rises ? tag('care', rises.done ? t('alert.escalated') : t('alert.escalates', { in: rises.in_s })) : nothing,
    alert.state === 'rectified' ? tag('ended', t('state.rectified')) : nothing,
    alert.shelved_until ? tag('held', t('alert.shelved', { time: page.clock.at(alert.shelved_until) })) : nothing,
    page.marks(alert.simulated) ? tag('sim', t('simulated.one')) : nothing,
  ];
}

/** Value against limit. @param {Alert} alert @returns {(Part | symbol)[]} */
function amounts({ value, limit, unit }) {
  return [
    value === null ? nothing : html`<span class="value">${measured(value, unit, units())}</span>`,
    limit === null ? nothing : html`<span class="limit">${t('alert.limit', { limit: measured(limit, unit, units()) })}</span>`,
  ];
}

/** Who acknowledged; the zone. @param {Alert} alert @param {import('../page.js').Page} page @returns {(Part | symbol)[]} */
function facts(alert, page) {
  const ack = alert.acknowledged;
  return [
    ack ? html`<span class="acked">${page.acked(ack)}</span>` : nothing,
    alert.zone ? html`${said(page.zone(alert.zone), 'zone')}${alert.indicative ? html`<span class="tag">${t('alert.indicative')}</span>` : nothing}` : nothing,
  ];
}
