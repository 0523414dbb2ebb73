// What an opened row of the alert list adds: all that is known, a remark, the verdict, shelving, and why.

import { html, nothing } from '../vendor/lit.js';
import { measured, plain } from '../format.js';
import { t, units, word } from '../i18n.js';
import { escalation, rank, unacknowledged } from '../order.js';
import { explanation } from './explanation.js';
import { said } from './parts.js';

/** @typedef {import('../shapes.js').Alert} Alert */
/** @typedef {import('./alert_list.js').AlertList} AlertList */
/** @typedef {import('./parts.js').Part} Part */

/** Longest remark sent, characters. */
const MAX_REMARK = 500;
const VERDICTS = ['true', 'nuisance', 'unsure'];

/** @param {Alert} alert @param {AlertList} list @returns {Part} */
export function alertMore(alert, list) {
  return html`<div class="alert-more">
    ${unacknowledged(alert) ? remark(alert, list) : nothing}
    <dl>${known(alert, list).map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
    <div class="verdict" role="group" aria-label=${t('verdict')}><span>${t('verdict')}</span>${VERDICTS.map(
      (verdict) => html`<button type="button" aria-pressed=${String(alert.verdict === verdict)} ?disabled=${list.busy.has(alert.alert)} @click=${() => list.assess(alert, verdict)}>${word('verdict', verdict)}</button>`,
    )}</div>
    <div class="row-actions">
      ${[alert.mmsi, alert.other_mmsi].map((mmsi) => (mmsi === null ? nothing : html`<button type="button" @click=${() => list.page.acts.show(mmsi)}>${t('alert.show')} ${said(list.page.name(mmsi))}</button>`))}
      ${rank(alert) === 0 ? nothing : html`<button type="button" @click=${() => list.page.acts.shelve(alert.mmsi, alert.rule)}>${t('shelve')}…</button>`}
      ${alert.mmsi === null ? nothing : html`<button type="button" @click=${() => list.ask(alert)}>${t('why')}</button>`}
    </div>
    ${list.why ? explanation(list.why, list.page) : nothing}
  </div>`;
}

/** @param {Alert} alert @param {AlertList} list @returns {Part} acknowledging with a remark */
function remark(alert, list) {
  const send = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.currentTarget);
    list.acknowledge(alert, String(new FormData(form).get('remark') ?? '').trim());
  };
  return html`<form class="remark" @submit=${send}>
    <input type="text" name="remark" autocomplete="off" maxlength=${MAX_REMARK} placeholder=${t('alert.remark')} aria-label=${t('alert.remark')}>
    <button type="submit" class="ack" ?disabled=${list.busy.has(alert.alert)}>${t('alert.acknowledge')}</button>
  </form>`;
}

/** @param {Alert} alert @param {AlertList} list @returns {[string, Part | string][]} every datum there is, by name */
function known(alert, { page }) {
  const { clock } = page;
  const ack = alert.acknowledged;
  const rises = escalation(alert, page.picture.rules.get(alert.rule), clock.now());
  /** @param {number | null} value */
  const amount = (value) => (value === null ? null : measured(value, alert.unit, units()));
  /** @type {[string, Part | string | null | false][]} */
  const all = [
    ['alert.message', page.message(alert)],
    ['alert.vessels', alert.mmsi === null ? null : [alert.mmsi, alert.other_mmsi].filter((mmsi) => mmsi !== null).map((mmsi) => page.vessel(mmsi)).join(' ↔ ')],
    ['alert.value', amount(alert.value)],
    ['alert.limit.name', amount(alert.limit)],
    ['alert.reason', alert.reason && word('reason', plain(alert.reason))],
    ['alert.zone', alert.zone && html`${said(page.zone(alert.zone))} ${alert.indicative ? t('alert.indicative.long') : ''}`],
    ['alert.rule', `${alert.rule} (${alert.rule_version})`],
    ['alert.raised', clock.stamp(alert.raised)],
    ['alert.escalation', rises && (rises.done ? t('alert.escalated.from') : t('alert.escalates', { in: rises.in_s }))],
    ['alert.ended', alert.rectified && clock.stamp(alert.rectified)],
    ['alert.acked', ack && html`${page.acked(ack)} ${ack.comment ? said(`“${plain(ack.comment)}”`) : ''}`],
    ['alert.desk', alert.desk],
  ];
  return all.flatMap(([name, value]) => (value ? [[t(name), value]] : []));
}
