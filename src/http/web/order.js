// What comes first in the lists, and what a filter leaves. Pure.

import { mmsiText } from './format.js';

/**
 * As CONTRACT.md draws them; only what the page reads.
 * @typedef {{mmsi: number, class: string, kind: string, ais_class: string | null, name: string | null,
 *   name_zh: string | null, call_sign: string | null, imo: number | null, flag: string | null,
 *   ship_type: number | null, length_m: number | null, beam_m: number | null, dims_m: number[] | null,
 *   position: [number, number] | null, sog_kn: number | null, cog_deg: number | null, heading_deg: number | null,
 *   rot_deg_min: number | null, nav_status: number | null, draught_m: number | null, destination: string | null,
 *   eta: unknown, zones: string[], state: string, position_time: string | null, static_time: string | null,
 *   first_heard: string | null, feed: string | null, source: string | null, alerts: string[],
 *   simulated: boolean}} Vessel
 * @typedef {{alert: string, rule: string, kind: string, priority: string, state: string, mmsi: number | null,
 *   other_mmsi: number | null, zone: string | null, reason: string | null, position: [number, number] | null,
 *   value: number | null, limit: number | null, unit: string | null, message: {zh: string, en: string} | null,
 *   raised: string, rectified: string | null, acknowledged: {time: string, by: string | null, comment: string | null} | null,
 *   shelved_until: string | null, shadow: boolean, indicative: boolean, simulated: boolean}} Alert
 */

export const PRIORITIES = ['emergency', 'alarm', 'warning', 'caution'];
/** Identities that are distress beacons, whatever else they say. */
export const BEACONS = ['sart', 'mob', 'epirb'];
/** AIS-SART active (ITU-R M.1371-5, navigational status). */
const STATUS_SART = 14;
const AT_ANCHOR = 1;
const MOORED = 5;
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
    Date.parse(b.raised) - Date.parse(a.raised) ||
    (a.alert < b.alert ? -1 : Number(a.alert > b.alert))
  );
}

/**
 * While the list is frozen (pointer or focus in it) rows keep their places, gone ones fall out and new ones wait.
 * @param {string[]} shown identities in their places @param {string[]} wanted identities as they should stand
 * @param {boolean} frozen
 * @returns {{order: string[], waiting: number}}
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

/** @param {Vessel} vessel @param {string} lang @returns {string} best name, else the MMSI */
export function nameOf(vessel, lang) {
  const names = lang === 'zh' ? [vessel.name_zh, vessel.name] : [vessel.name, vessel.name_zh];
  return names.find((name) => name) ?? mmsiText(vessel.mmsi);
}

/** @param {Vessel} vessel @param {string} query lower case @returns {boolean} */
export function matches(vessel, query) {
  if (!query) return true;
  return [vessel.name, vessel.name_zh, vessel.call_sign, mmsiText(vessel.mmsi), vessel.imo].some(
    (field) => field !== null && field !== undefined && String(field).toLowerCase().includes(query),
  );
}

/**
 * A filter by class never hides who is alerted or in distress.
 * @param {Vessel} vessel @param {string} cls class, or '' for all @param {boolean} alerted @returns {boolean}
 */
export function passes(vessel, cls, alerted) {
  return !cls || vessel.class === cls || alerted || inDistress(vessel);
}

/**
 * Distress first, then alerted, then those under way, by name.
 * @param {Vessel[]} vessels @param {(mmsi: number) => boolean} alerted @param {string} lang @returns {Vessel[]}
 */
export function sortVessels(vessels, alerted, lang) {
  const keyed = vessels.map((vessel) => ({
    vessel,
    urgency: inDistress(vessel) ? 0 : alerted(vessel.mmsi) ? 1 : vessel.state === 'lost' ? 3 : 2,
    unnamed: vessel.name || vessel.name_zh ? 0 : 1,
    name: nameOf(vessel, lang),
  }));
  const collator = new Intl.Collator(lang === 'zh' ? 'zh-Hant-TW' : 'en', { numeric: true });
  keyed.sort(
    (a, b) =>
      a.urgency - b.urgency ||
      a.unnamed - b.unnamed ||
      collator.compare(a.name, b.name) ||
      a.vessel.mmsi - b.vessel.mmsi,
  );
  return keyed.map((row) => row.vessel);
}
