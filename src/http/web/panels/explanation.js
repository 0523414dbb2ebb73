// Why rules hold for a vessel, or do not: what was measured against the limit, what is missing, what suppresses it.

import { html, nothing } from '../vendor/lit.js';
import { plain } from '../format.js';
import { pick, t } from '../i18n.js';
import { said } from './parts.js';

/** @typedef {import('../shapes.js').Explanation} Explanation */
/** @typedef {import('./parts.js').Part} Part */

/** What a rule may say, the most telling first. */
const VERDICTS = ['holds', 'near', 'missing', 'not', 'exempt'];
/** A time in the service's sentence, which is UTC. */
const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g;

/** @param {Explanation} item @returns {number} place in VERDICTS */
function verdict({ holds, near_miss: near, missing, suppressed_by: by }) {
  if (by === 'filter') return 4;
  if (holds) return 0;
  if (near) return 1;
  return missing.length > 0 ? 2 : 3;
}

/** @param {Explanation[]} items @param {import('../page.js').Page} page @returns {Part} what plainly does not hold, or is not for this vessel, is folded away */
export function explanation(items, page) {
  const sorted = [...items].sort((a, b) => verdict(a) - verdict(b) || (a.margin ?? Infinity) - (b.margin ?? Infinity));
  const telling = sorted.filter((item) => verdict(item) < 2 || items.length === 1);
  const rest = sorted.filter((item) => !telling.includes(item));
  return html`<div class="why" role="group" aria-label=${t('why')}>
    ${telling.length === 0 ? html`<p>${t('why.none')}</p>` : html`<ul>${telling.map((item) => judged(item, page))}</ul>`}
    ${rest.length === 0 ? nothing : html`<details><summary>${t('why.rest', { n: rest.length })}</summary><ul>${rest.map((item) => judged(item, page))}</ul></details>`}
  </div>`;
}

/** @param {Explanation} item @param {import('../page.js').Page} page @returns {Part} */
function judged(item, page) {
  const name = VERDICTS[verdict(item)];
  const sentence = plain(pick(item.message)).replace(TIME, (time) => page.clock.stamp(time));
  return html`<li class=${name}>
    <p><strong>${t(`why.${name}`)}</strong> ${item.zone ? said(page.zone(item.zone)) : nothing} ${item.other_mmsi === null ? nothing : html`↔ ${said(page.vessel(item.other_mmsi))}`}</p>
    <p>${said(sentence)}</p>
  </li>`;
}
