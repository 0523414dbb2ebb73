// Alarm performance: how the alerts of the last day are doing, by rule, desk, hour and version.

import { html, nothing, render } from '../vendor/lit.js';
import { byId } from '../dom.js';
import { NONE, plain } from '../format.js';
import { t } from '../i18n.js';
import { said } from '../panels/parts.js';
import { ruleWords } from './words.js';

/** @typedef {import('../panels/parts.js').Part} Part */
/** @typedef {import('./work.js').Work} Work */

/** How they are grouped; the first is how they stand unasked. */
export const GROUPS = ['rule', 'desk', 'hour', 'version'];
/** Most rows of a table; the file has all. */
const MOST_ROWS = 300;

/** The alerts of the last day by rule, desk, hour and version, and the file of them. @param {Work} work @param {string} group @param {(group: string) => void} turn @returns {Part} */
export function figureList(work, group, turn) {
  const { figures } = work;
  const from = work.dayAgo();
  return html`<div class="filters">
      <p class="row-actions" role="group" aria-label=${t('figures.by')}>${GROUPS.map((one) => html`<button type="button" data-group=${one} aria-pressed=${String(one === group)} @click=${() => turn(one)}>${t(`figures.${one}`)}</button>`)}</p>
      <p class="small">${t('figures.what', { n: figures?.total.alerts ?? 0 })} <a href=${`/api/v1/statistics/alerts?format=csv&from=${from}`} download="alerts.csv">CSV</a></p>
    </div>
    <p class="empty">${t('figures.look')}</p>`;
}

/** @param {Work} work @param {string} group draws the figures of one grouping */
export function drawFigures(work, group) {
  const rows = Object.entries(work.figures?.[`by_${group}`] ?? {}).sort(([, a], [, b]) => (group === 'hour' || group === 'version' ? 0 : b.alerts - a.alerts));
  const name = (/** @type {string} */ id) => (group === 'rule' ? ruleWords(work, id) : id === 'none' ? t('figures.none') : group === 'hour' ? `${id}:00` : id);
  const seconds = (/** @type {number | null} */ value) => (value === null ? NONE : String(Math.round(value)));
  const share = (/** @type {number | null} */ value) => (value === null ? NONE : `${Math.round(value * 100)} %`);
  const columns = ['alerts', 'acknowledged', 'median', 'p95', 'nuisance', 'escalated', 'shelved'];
  const row = (/** @type {string} */ words, /** @type {any} */ one) => html`<tr><th scope="row">${said(words)}</th><td>${one.alerts}</td><td>${one.acknowledged}</td><td>${seconds(one.acknowledge_median_s)}</td><td>${seconds(one.acknowledge_p95_s)}</td><td>${share(one.nuisance_share)}</td><td>${one.escalated}</td><td>${one.shelved}</td></tr>`;
  render(
    html`<header class="form-head"><h2 id="form-title">${t('tab.figures')}</h2><p class="small">${t('figures.long')}</p></header>
      <div class="wide-table" tabindex="0" role="group" aria-labelledby="form-title"><table class="figures"><thead><tr><th scope="col">${t(`figures.${group}`)}</th>${columns.map((column) => html`<th scope="col">${t(`figure.${column}`)}</th>`)}</tr></thead>
      <tbody>${work.figures ? row(t('figures.total'), work.figures.total) : nothing}${rows.slice(0, MOST_ROWS).map(([id, one]) => row(plain(name(id)), one))}</tbody></table></div>`,
    byId('form'),
  );
}
