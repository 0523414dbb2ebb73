// Measuring: bearing and distance along a rhumb line, the straight line of this chart. From mark to mark, each set by a
// click or under the cross in the middle.

import { bearing } from '../format.js';
import { METRES_A_MILE, mercatorY, METRES_A_DEGREE, toScreen } from './projection.js';
import { HALO_PX, LABEL_FONT } from './theme.js';

/** @typedef {import('./projection.js').LonLat} LonLat */
/** @typedef {{bearing_deg: number, distance_nm: number}} Course */

const RADIANS = Math.PI / 180;
/** Two latitudes nearer than this lie on one parallel, degrees. */
const PARALLEL = 1e-9;
/** Half the cross at a mark and in the middle, pixels. */
const CROSS_PX = 7;
const MIDDLE_PX = 14;

/** @param {LonLat} from @param {LonLat} to @returns {Course} along the rhumb line, on the sphere of the chart */
export function rhumb(from, to) {
  const east = ((to[0] - from[0] + 540) % 360) - 180;
  const north = to[1] - from[1];
  const stretched = mercatorY(to[1]) - mercatorY(from[1]);
  const shrink = Math.abs(stretched) > PARALLEL ? north / stretched : Math.cos(from[1] * RADIANS);
  const distance = Math.hypot(north, shrink * east) * METRES_A_DEGREE;
  return { bearing_deg: (Math.atan2(east, stretched) / RADIANS + 360) % 360, distance_nm: distance / METRES_A_MILE };
}

/** @param {Course} course @returns {string} as a mariner says it: `048° 3.25 NM` */
export function spoken({ bearing_deg: degrees, distance_nm: miles }) {
  return `${bearing(degrees)} ${miles.toFixed(miles < 10 ? 2 : 1)}\u00a0NM`;
}

export class Measure {
  constructor() {
    this.on = false;
    /** @type {LonLat | null} */
    this.from = null;
    /** @type {LonLat | null} */
    this.to = null;
    /** Both marks are set. */
    this.set = false;
    /** No pointer is on the chart: the cross in the middle stands for it. */
    this.middle = true;
  }

  /** @param {boolean} on begins with no mark */
  turn(on) {
    Object.assign(this, { on, from: null, to: null, set: false, middle: true });
  }

  /** The first mark, the second, and then a first one anew. @param {LonLat} at */
  mark(at) {
    if (this.from === null || this.set) Object.assign(this, { from: at, to: null, set: false });
    else Object.assign(this, { to: at, set: true });
  }

  /** The free end follows the pointer or the middle. @param {LonLat} at @param {boolean} middle @returns {boolean} something changed */
  follow(at, middle) {
    this.middle = middle;
    if (!this.on || this.from === null || this.set) return false;
    this.to = at;
    return true;
  }

  /** @returns {Course | null} */
  course() {
    return this.from && this.to ? rhumb(this.from, this.to) : null;
  }

  /** @param {CanvasRenderingContext2D} g @param {import('./projection.js').View} view @param {import('./theme.js').Theme} theme */
  draw(g, view, theme) {
    if (!this.on) return;
    const path = new Path2D();
    const ends = [this.from, this.to].flatMap((end) => (end ? [toScreen(view, end)] : []));
    for (const [x, y] of ends) cross(path, x, y, CROSS_PX);
    if (this.middle && !this.set) cross(path, view.width / 2, view.height / 2, MIDDLE_PX);
    if (ends.length === 2) {
      path.moveTo(...ends[0]);
      path.lineTo(...ends[1]);
    }
    for (const [colour, width] of /** @type {const} */ ([[theme.sea, 4.5], [theme.measure, 2]])) {
      g.strokeStyle = colour;
      g.lineWidth = width;
      g.stroke(path);
    }
    const course = this.course();
    if (course) write(g, theme, spoken(course), ends[1]);
  }
}

/** @param {Path2D} path @param {number} x @param {number} y @param {number} half */
function cross(path, x, y, half) {
  path.moveTo(x - half, y);
  path.lineTo(x + half, y);
  path.moveTo(x, y - half);
  path.lineTo(x, y + half);
}

/** @param {CanvasRenderingContext2D} g @param {import('./theme.js').Theme} theme @param {string} text @param {[number, number]} at */
function write(g, theme, text, [x, y]) {
  g.font = `bold ${LABEL_FONT}`;
  g.textBaseline = 'bottom';
  g.lineWidth = HALO_PX + 1;
  g.strokeStyle = theme.sea;
  g.strokeText(text, x + 8, y - 6);
  g.fillStyle = theme.measure;
  g.fillText(text, x + 8, y - 6);
}
