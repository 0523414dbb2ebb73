// The past track of a vessel: dots equally spaced in time, so that their distance tells the speed. Pure.

/** @typedef {import('./projection.js').LonLat} LonLat */
/** A fix, as the API's tracks have them. @typedef {{time: string, position: LonLat | null}} Fix */

/** Distances in time of two dots, s. */
const STEPS_S = [10, 30, 60, 120, 180, 360, 600, 900, 1800, 3600];
/** Dots at most. */
const MAX_DOTS = 96;
/** Nothing is made up over longer silences, s (`lost_after_s` of a configuration that names none). */
const GAP_S = 600;
/** Fixes kept at most: past these the oldest go. */
const MAX_FIXES = 3000;

/** @param {Fix[]} track @param {{position: LonLat | null, position_time: string | null}} vessel @returns {Fix[]} with its newest position */
export function extend(track, { position, position_time: time }) {
  if (!position || !time || track.length === 0 || Date.parse(time) <= Date.parse(track[track.length - 1].time)) return track;
  return [...track, { time, position }].slice(-MAX_FIXES);
}

/** @param {number} span s @returns {number} s between two dots, so that a track of so long has not too many */
export function step(span) {
  return STEPS_S.find((seconds) => span / seconds <= MAX_DOTS) ?? Math.ceil(span / MAX_DOTS);
}

/** @param {Fix[]} track oldest first @returns {LonLat[]} where it was at whole multiples of the step */
export function dots(track) {
  const fixes = track.flatMap(({ time, position }) => (position ? [{ at: Date.parse(time) / 1000, position }] : []));
  if (fixes.length === 0) return [];
  const every = step(fixes[fixes.length - 1].at - fixes[0].at);
  /** @type {LonLat[]} */
  const found = [];
  for (let i = 1; i < fixes.length; i += 1) {
    const [a, b] = [fixes[i - 1], fixes[i]];
    if (b.at - a.at > GAP_S) continue;
    for (let at = (Math.floor(a.at / every) + 1) * every; at <= b.at; at += every) {
      const share = (at - a.at) / (b.at - a.at);
      found.push([a.position[0] + share * (b.position[0] - a.position[0]), a.position[1] + share * (b.position[1] - a.position[1])]);
    }
  }
  return found.slice(-MAX_DOTS);
}
