// Values of rules and zones in words.

import { html } from '../vendor/lit.js';
import { NONE, plain } from '../format.js';
import { LANGUAGES, language, pick, t, word } from '../i18n.js';
import { said } from '../panels/parts.js';
import { ZONE_KINDS } from './shape.js';

/** @typedef {import('../panels/parts.js').Part} Part */
/** @typedef {import('./work.js').Work} Work */

/** Longest value told in a comparison, characters. */
const MOST = 120;
/** Lists of words by the key they stand at, and the group of their words. @type {Record<string, string>} */
const GROUPS = { classes: 'class', not_classes: 'class', nav_status: 'nav', statuses: 'nav', priority: 'priority', mode: 'mode', direction: 'direction', fields: 'field', kind: 'zone', confidence: 'confidence' };

/** @param {Work} work @param {string} selector `an-id` or `kind:harbour` @returns {string} */
export function selectorWords(work, selector) {
  const [, kind] = /^kind:(.+)$/.exec(selector) ?? [];
  if (kind) return t('zone.every', { kind: word('zone', kind) });
  return plain(pick(work.zones.get(selector)?.properties.name)) || selector;
}

/** @param {Work} work @param {string} id @returns {string} the rule's sentence, else its id */
export function ruleWords(work, id) {
  return plain(pick(work.rules.get(id)?.message)) || work.page.rule(id);
}

/** @param {Work} work @param {(kind: string) => boolean} fits @returns {[string, string][]} zones to select from: each, and every one of a kind */
export function selectors(work, fits) {
  const zones = work.zones.items().filter(({ properties }) => fits(properties.kind));
  const kinds = ZONE_KINDS.filter(fits).map((kind) => /** @type {[string, string]} */ ([`kind:${kind}`, selectorWords(work, `kind:${kind}`)]));
  return [...zones.map(({ properties: { id } }) => /** @type {[string, string]} */ ([id, selectorWords(work, id)])), ...kinds];
}

/** @param {Work} work @param {string[]} selected @returns {string[]} ids of the zones that these select */
export function zonesOf(work, selected) {
  const ids = work.zones.items().map(({ properties }) => properties);
  return ids.filter(({ id, kind }) => selected.includes(id) || selected.includes(`kind:${kind}`)).map(({ id }) => id);
}

/** @param {string} key as in `vessels.classes` or `properties.depth_m` @returns {string} its name in words, else itself */
export function keyWords(key) {
  const known = `key.of.${key}`;
  return known in LANGUAGES[language()] ? t(`key.of.${key}`) : key.replace(/^properties\./, '');
}

/** @param {Work} work @param {string | undefined} kind of rule @param {string} key @returns {import('./fields.js').Parameter | undefined} */
function parameterOf({ schema }, kind, key) {
  return schema?.kinds.get(kind ?? '')?.parameters.find(({ name }) => name === key) ?? schema?.common.find(({ name }) => name === key);
}

/** @param {Work} work @param {string} key @param {any} value @returns {Part | string} */
export function valueWords(work, key, value) {
  if (value === undefined || value === null) return NONE;
  const name = key.split('.').pop() ?? key;
  if (name === 'geometry') return t('zone.points', { n: value.coordinates.flat(Infinity).length / 2 });
  if (['zones', 'except_zones', 'to', 'route'].includes(name)) return said([value].flat().map((one) => selectorWords(work, String(one))).join(', ').slice(0, MOST));
  const group = GROUPS[name];
  if (group) return [value].flat().map((one) => word(group, one)).join(', ').slice(0, MOST) || NONE;
  if (typeof value === 'boolean') return t(value ? 'yes' : 'no');
  const flat = Array.isArray(value) && value.every((one) => typeof one !== 'object');
  const text = flat ? value.join(', ') : typeof value === 'object' ? JSON.stringify(value) : String(value);
  return said(text.slice(0, MOST) || NONE);
}

/** @param {Work} work @param {import('./draft.js').Difference[]} all @param {string} [kind] of rule @returns {Part} a row each: what, before, after */
export function differenceTable(work, all, kind) {
  const row = (/** @type {import('./draft.js').Difference} */ { key, before, after }) => {
    const parameter = parameterOf(work, kind, key);
    const unit = parameter?.unit ? ` ${parameter.unit}` : '';
    const cell = (/** @type {any} */ value) => html`${valueWords(work, key, value)}${value === undefined || value === null ? '' : unit}`;
    return html`<tr><th scope="row">${plain(pick(parameter?.meaning)) || keyWords(key)} <code>${key}</code></th><td><del>${cell(before)}</del></td><td><ins>${cell(after)}</ins></td></tr>`;
  };
  return html`<table class="differences"><thead><tr><th scope="col">${t('compare.what')}</th><th scope="col">${t('compare.before')}</th><th scope="col">${t('compare.after')}</th></tr></thead>
    <tbody>${all.map(row)}</tbody></table>`;
}
