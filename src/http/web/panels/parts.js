// Small parts of the panels' templates.

import { html, nothing } from '../vendor/lit.js';
import { plain } from '../format.js';
import { t } from '../i18n.js';
import { PRIORITY_SHAPES } from '../icons.js';
import { rank, unacknowledged } from '../order.js';

/** @typedef {import('../shapes.js').Alert} Alert */
/** What a template makes. @typedef {import('lit-html').TemplateResult} Part */

const HAN = /\p{Script=Han}/u;

/**
 * Text from the sea, a file or a person: isolated, and told to be Chinese where it is, whatever the page speaks.
 * @param {unknown} text @param {string} [cls] @returns {Part}
 */
export function said(text, cls = '') {
  const words = plain(text);
  return html`<bdi class=${cls || nothing} lang=${HAN.test(words) ? 'zh-Hant-TW' : nothing}>${words}</bdi>`;
}

/** @param {string} path outline @param {string} cls @param {boolean} [hollow] @returns {Part} a shape, silent to readers */
export function icon(path, cls, hollow = false) {
  return html`<svg viewBox="-8 -8 16 16" class=${`shape ${cls}${hollow ? ' hollow' : ''}`} aria-hidden="true"><path d=${path}></path></svg>`;
}

/** @param {Alert} alert @returns {Part} its priority's shape, hollow once somebody saw to it */
export function priorityIcon(alert) {
  return icon(PRIORITY_SHAPES[Math.min(rank(alert), PRIORITY_SHAPES.length - 1)], alert.priority, !unacknowledged(alert));
}

/** @param {[string, string][]} options value and words @param {string} chosen @returns {Part[]} */
export function choices(options, chosen) {
  return options.map(([value, words]) => html`<option value=${value} .selected=${value === chosen}>${words}</option>`);
}

/** @param {string[]} desks @param {string} chosen '' for all @returns {Part[]} */
export function deskChoices(desks, chosen) {
  return choices([['', t('desk.all')], ...desks.map((desk) => /** @type {[string, string]} */ ([desk, desk]))], chosen);
}
