// What comes first in the lists, and what is urgent. Pure.

import { mmsiText, plain } from './format.js';

/**
 * @typedef {import('./shapes.js').Vessel} Vessel
 * @typedef {import('./shapes.js').Alert} Alert
 */

export const PRIORITIES = ['emergency', 'alarm', 'warning', 'caution'];
/** Identities that are distress beacons, whatever else they say. */
export const BEACONS = ['sart', 'mob', 'epirb'];
/** AIS-SART active (ITU-R M.1371-5, navigational status). */
const STATUS_SART = 14;
export const AT_ANCHOR = 1;
export const MOORED = 5;
/** Under this a vessel has no vector and sleeps, knots. */
export const STILL_KN = 0.5;

/** @param {Alert} alert @returns {boolean} somebody still has to acknowledge it; cautions need no one */
export function unacknowledged(alert) {
  return alert.priority !== 'caution' && (alert.state === 'active' || alert.state === 'rectified');
}

/** @param {Alert} alert @returns {number} 0 for the most urgent */
export function rank(alert) {
  const at = PRIORITIES.indexOf(alert.priority);
  return at < 0 ? PRIORITIES.length : at;
}

/** Unacknowledged first, then priority, then newest; the identity settles the rest. @param {Alert} a @param {Alert} b */
export function compareAlerts(a, b) {
  return (
    Number(Boolean(a.shelved_until)) - Number(Boolean(b.shelved_until)) ||
    Number(unacknowledged(b)) - Number(unacknowledged(a)) ||
    rank(a) - rank(b) ||
    later(a.raised, b.raised) ||
    (a.alert < b.alert ? -1 : Number(a.alert > b.alert))
  );
}

/**
 * While the list is frozen (pointer or focus in it) rows keep their places, gone ones fall out and new ones wait.
 * @template T
 * @param {T[]} shown identities in their places @param {T[]} wanted identities as they should stand
 * @param {boolean} frozen
 * @returns {{order: T[], waiting: number}}
 */
export function settle(shown, wanted, frozen) {
  if (!frozen) return { order: wanted, waiting: 0 };
  const alive = new Set(wanted);
  const order = shown.filter((id) => alive.has(id));
  return { order, waiting: wanted.length - order.length };
}

/** @param {Vessel} vessel @returns {boolean} */
export function inDistress(vessel) {
  return BEACONS.includes(vessel.kind) || BEACONS.includes(vessel.class) || vessel.nav_status === STATUS_SART;
}

/** @param {Vessel} vessel @returns {boolean} drawn small and unnamed: still, at anchor or moored */
export function sleeping(vessel) {
  const still = vessel.sog_kn === null || vessel.sog_kn < STILL_KN;
  return still || vessel.nav_status === AT_ANCHOR || vessel.nav_status === MOORED;
}

/** @param {Vessel} vessel @param {string} lang @returns {string} best name that its reader can read, else the MMSI */
export function nameOf(vessel, lang) {
  const names = lang === 'zh' ? [vessel.name_zh, vessel.name] : [vessel.name];
  return names.map(plain).find(Boolean) ?? mmsiText(vessel.mmsi);
}

/** How vessels may be sorted; the first is how they stand unasked. */
export const SORTS = ['urgency', 'name', 'sog', 'length', 'heard', 'mmsi'];

/** @typedef {{vessel: Vessel, urgency: number, unnamed: number, name: string}} Keyed */
/** By what else than urgency. @type {Record<string, (a: Keyed, b: Keyed) => number>} */
const FURTHER = {
  urgency: (a, b) => Number(a.vessel.state === 'lost') - Number(b.vessel.state === 'lost'),
  name: () => 0,
  sog: (a, b) => (b.vessel.sog_kn ?? -1) - (a.vessel.sog_kn ?? -1),
  length: (a, b) => (b.vessel.length_m ?? -1) - (a.vessel.length_m ?? -1),
  heard: (a, b) => later(a.vessel.position_time, b.vessel.position_time),
  mmsi: (a, b) => a.vessel.mmsi - b.vessel.mmsi,
};
/** @type {Record<string, Intl.Collator>} */
const COLLATORS = { zh: new Intl.Collator('zh-Hant-TW', { numeric: true }), en: new Intl.Collator('en', { numeric: true }) };

/** @param {string | null} a @param {string | null} b times of one form, which compare as texts */
function later(a, b) {
  return a === b ? 0 : (a ?? '') > (b ?? '') ? -1 : 1;
}

/**
 * Distress first, then alerted, then as asked for, then by name. Quick when they stand nearly so already.
 * @param {Vessel[]} vessels @param {(mmsi: number) => boolean} alerted @param {string} lang @param {string} [sort] one of SORTS
 * @returns {Vessel[]}
 */
export function sortVessels(vessels, alerted, lang, sort = SORTS[0]) {
  const keyed = vessels.map((vessel) => {
    const name = nameOf(vessel, lang);
    return {
      vessel,
      urgency: inDistress(vessel) ? 0 : alerted(vessel.mmsi) ? 1 : 2,
      unnamed: Number(name === mmsiText(vessel.mmsi)),
      name,
    };
  });
  const further = FURTHER[sort];
  const { compare } = COLLATORS[lang];
  keyed.sort(
    (a, b) =>
      a.urgency - b.urgency ||
      further(a, b) ||
      a.unnamed - b.unnamed ||
      compare(a.name, b.name) ||
      a.vessel.mmsi - b.vessel.mmsi,
  );
  return keyed.map((row) => row.vessel);
}

/**
 * An operator's desk sees its own alerts, those of no desk, and every emergency.
 * @param {Alert} alert @param {string} desk '' for all @returns {boolean}
 */
export function forDesk(alert, desk) {
  return !desk || alert.desk === null || alert.desk === desk || rank(alert) === 0;
}

/**
 * Whether an unacknowledged warning was or will be made an alarm by its rule.
 * @param {Alert} alert @param {import('./shapes.js').Rule | undefined} rule @param {number} now ms
 * @returns {{done: true} | {done: false, in_s: number} | null}
 */
export function escalation(alert, rule, now) {
  if (rule?.escalate_s === undefined || rule.priority !== 'warning') return null;
  if (alert.priority === 'alarm') return { done: true };
  if (alert.state !== 'active') return null;
  return { done: false, in_s: Math.max(0, Math.ceil((Date.parse(alert.raised) - now) / 1000 + rule.escalate_s)) };
}
