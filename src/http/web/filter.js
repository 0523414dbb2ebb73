// The filter of vessels: its parts by the names they have in the address and in the rules. Pure.

import { mmsiText } from './format.js';
import { AT_ANCHOR, inDistress, MOORED, STILL_KN } from './order.js';

/** @typedef {import('./shapes.js').Vessel} Vessel */
/** What is asked for, by the part's name; a part that is not there asks for nothing. @typedef {Record<string, string>} Filter */

/** @type {Record<string, (vessel: Vessel) => boolean>} */
export const STATES = {
  moving: (vessel) => (vessel.sog_kn ?? 0) >= STILL_KN,
  still: (vessel) => vessel.sog_kn !== null && vessel.sog_kn < STILL_KN,
  moored: (vessel) => vessel.nav_status === AT_ANCHOR || vessel.nav_status === MOORED,
  lost: (vessel) => vessel.state === 'lost',
};

/** @param {number | null} value @param {string} limit @param {1 | -1} sign @returns {boolean} a value that is not known is in no range */
const within = (value, limit, sign) => value !== null && (value - Number(limit)) * sign >= 0;

/** Each part of a filter, and whether a vessel satisfies it. @type {Record<string, (vessel: Vessel, wanted: string) => boolean>} */
export const PARTS = {
  class: (vessel, wanted) => vessel.class === wanted,
  state: (vessel, wanted) => STATES[wanted]?.(vessel) ?? true,
  zone: (vessel, wanted) => vessel.zones.includes(wanted),
  flag: (vessel, wanted) => vessel.flag === wanted,
  min_length_m: (vessel, wanted) => within(vessel.length_m, wanted, 1),
  max_length_m: (vessel, wanted) => within(vessel.length_m, wanted, -1),
  min_sog_kn: (vessel, wanted) => within(vessel.sog_kn, wanted, 1),
  max_sog_kn: (vessel, wanted) => within(vessel.sog_kn, wanted, -1),
};

/** @param {Filter} filter @returns {boolean} it asks for something */
export function filters(filter) {
  return Object.keys(filter).length > 0;
}

/**
 * @param {Vessel} vessel @param {Filter} filter
 * @param {boolean} kept alerted, watch-listed or chosen: like distress never hidden
 * @returns {boolean}
 */
export function passes(vessel, filter, kept) {
  for (const part in filter) {
    if (!PARTS[part](vessel, filter[part])) return kept || inDistress(vessel);
  }
  return true;
}

/** @param {Vessel} vessel @param {string} query lower case @returns {boolean} any part of name, call sign, MMSI or IMO number */
export function matches(vessel, query) {
  if (!query) return true;
  const texts = [vessel.name, vessel.name_zh, vessel.call_sign, mmsiText(vessel.mmsi), vessel.imo];
  return texts.some((text) => text !== null && String(text).toLowerCase().includes(query));
}

/** @param {Record<string, string | undefined>} asked @returns {Filter} only parts there are, with a value they can have */
export function filterOf(asked) {
  const sound = Object.keys(PARTS).filter((part) => asked[part] && (!/^m(in|ax)_/.test(part) || Number.isFinite(Number(asked[part]))));
  return Object.fromEntries(sound.map((part) => [part, /** @type {string} */ (asked[part])]));
}
