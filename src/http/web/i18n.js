// The page's words: one file a language, the same keys in each.

import zh from './lang/zh.js';
import en from './lang/en.js';

/** @type {Record<string, Record<string, string>>} */
export const LANGUAGES = { zh, en };
const TAGS = { zh: 'zh-Hant-TW', en: 'en' };

let current = 'zh';

/** @returns {'zh' | 'en'} */
export function language() {
  return /** @type {'zh' | 'en'} */ (current);
}

/** @param {string | null} wanted an unknown one means Chinese */
export function setLanguage(wanted) {
  current = wanted !== null && wanted in LANGUAGES ? wanted : 'zh';
}

/**
 * @param {string} key @param {Record<string, string | number>} [values] for `{name}` in the words
 * @returns {string} the words, else the key itself, which a test forbids
 */
export function t(key, values = {}) {
  const words = LANGUAGES[current][key] ?? key;
  return words.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/** @param {string} group @param {string | number | null | undefined} member @returns {string} words, else the member as it came */
export function word(group, member) {
  return LANGUAGES[current][`${group}.${member}`] ?? String(member ?? '—');
}

/** @returns {{s: string, min: string, h: string, d: string}} */
export function units() {
  return { s: t('unit.s'), min: t('unit.min'), h: t('unit.h'), d: t('unit.d') };
}

/** @param {{zh?: string, en?: string} | string | null | undefined} both @returns {string} the chosen language, else the other */
export function pick(both) {
  if (!both) return '';
  if (typeof both === 'string') return both;
  return (current === 'zh' ? both.zh || both.en : both.en || both.zh) ?? '';
}

/** @param {string} code two letters of ISO 3166 @param {string} lang @returns {string} the country's name */
export function country(code, lang) {
  if (!/^[A-Za-z]{2}$/.test(code)) return code;
  return new Intl.DisplayNames([TAGS[/** @type {'zh' | 'en'} */ (lang)]], { type: 'region' }).of(code.toUpperCase()) ?? code;
}

/** Fills `data-t` (text) and `data-t-label`, `data-t-placeholder`, `data-t-title` (attributes). @param {Document} page */
export function translate(page) {
  page.documentElement.lang = TAGS[language()];
  for (const node of page.querySelectorAll('[data-t]')) node.textContent = t(node.getAttribute('data-t') ?? '');
  for (const [mark, attribute] of [['label', 'aria-label'], ['placeholder', 'placeholder'], ['title', 'title']]) {
    for (const node of page.querySelectorAll(`[data-t-${mark}]`)) {
      node.setAttribute(attribute, t(node.getAttribute(`data-t-${mark}`) ?? ''));
    }
  }
}
