// Where the names of zones may stand.

import { pick } from '../i18n.js';
import { plain } from '../format.js';

/** @typedef {import('./ground.js').Zone} Zone */

/** Waters drawn around whole islands: named at their edge. */
const ENCLOSING = ['prohibited', 'restricted', 'watch', 'coverage'];
/** Marks and aids are named from this scale on, pixels a degree. */
export const MARK_SCALE = 3000;
/** An area narrower than this share of its name stays without. */
const ROOM = 0.9;

/** @param {Zone} zone @returns {string} without what stands in brackets */
export function zoneText({ name }) {
  return plain(pick(name)).replace(/\s*[（(].*$/, '');
}

/** @param {Zone} zone @param {number} width of its name, pixels @param {number} scale @returns {boolean} */
export function roomFor({ kind, outline }, width, scale) {
  if (kind === 'mark') return scale >= MARK_SCALE;
  return Math.max(outline.east - outline.west, outline.north - outline.south) * scale >= width * ROOM;
}

/** @param {Zone} zone @returns {{anchors: import('./projection.js').Anchor[], beside: boolean}} places in order of liking; beside the point, or upon it */
export function anchorsOf({ kind, outline, area }) {
  const edge = ENCLOSING.includes(kind);
  const points = edge ? corners(outline) : [area ? middle(outline) : halfway(outline)];
  return { anchors: points.map(([mx, my]) => ({ mx, my, x: 0, y: 0 })), beside: edge || !area };
}

/** The utmost corners, south first: the middle of waters that enclose an island would name the island. @param {import('./ground.js').Outline} outline @returns {[number, number][]} */
function corners(outline) {
  const flat = outline.lines[0];
  const best = [0, 0, 0, 0];
  for (let i = 2; i < flat.length; i += 2) {
    if (flat[i + 1] < flat[best[0] + 1]) best[0] = i;
    if (flat[i] < flat[best[1]]) best[1] = i;
    if (flat[i] > flat[best[2]]) best[2] = i;
    if (flat[i + 1] > flat[best[3] + 1]) best[3] = i;
  }
  return best.map((i) => [flat[i], flat[i + 1]]);
}

/** @param {import('./ground.js').Outline} outline @returns {[number, number]} */
function middle(outline) {
  return [(outline.west + outline.east) / 2, (outline.south + outline.north) / 2];
}

/** @param {import('./ground.js').Outline} outline @returns {[number, number]} the middle vertex */
function halfway(outline) {
  const flat = outline.lines[0];
  const at = Math.floor(flat.length / 4) * 2;
  return [flat[at], flat[at + 1]];
}
