// Why a rule holds for a vessel, or does not: what was measured against the limit, what is missing, what suppresses it.

import { html, nothing } from '../vendor/lit.js';
import { measured, NONE } from '../format.js';
import { t, units, word } from '../i18n.js';
import { said } from './parts.js';

/** @typedef {import('../shapes.js').Explained} Explained */
/** @typedef {import('./parts.js').Part} Part */

/** @param {Explained[]} items @param {import('../page.js').Page} page @returns {Part} those that hold first, then the nearest misses */
export function explanation(items, page) {
  if (items.length === 0) return html`<p class="empty">${t('why.none')}</p>`;
  const sorted = [...items].sort((a, b) => Number(b.holds) - Number(a.holds) || (a.margin ?? Infinity) - (b.margin ?? Infinity));
  return html`<ul class="why" aria-label=${t('why')}>${sorted.map((item) => judged(item, page))}</ul>`;
}

/** @param {Explained} item @param {import('../page.js').Page} page @returns {Part} */
function judged(item, page) {
  /** @param {number | null} value */
  const amount = (value) => (value === null ? NONE : measured(value, item.unit, units()));
  const verdict = item.holds ? 'holds' : item.missing.length > 0 ? 'missing' : 'not';
  return html`<li class=${verdict}>
    <p><strong>${t(`why.${verdict}`)}</strong> ${said(page.rule(item.rule))} ${item.zone ? said(page.zone(item.zone), 'zone') : nothing}</p>
    ${item.value === null && item.limit === null ? nothing : html`<p>${t('why.measured', { value: amount(item.value), limit: amount(item.limit) })}${item.margin === null ? '' : ` · ${t('why.margin', { margin: amount(item.margin) })}`}</p>`}
    ${item.since ? html`<p>${t('why.since', { time: page.clock.stamp(item.since) })}</p>` : nothing}
    ${item.missing.length > 0 ? html`<p>${t('why.lacks', { what: item.missing.map((field) => word('field', field)).join(t('list.comma')) })}</p>` : nothing}
    ${item.suppressed_by ? html`<p>${t('why.suppressed', { by: page.rule(item.suppressed_by) })}</p>` : nothing}
  </li>`;
}
