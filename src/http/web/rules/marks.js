// What the chart shows of the work: the zones that the open rule selects, and the alerts that a trial brings, takes away
// or moves.

import { toScreen } from '../chart/projection.js';

/** @typedef {import('../chart/projection.js').View} View */
/** @typedef {import('../chart/theme.js').Theme} Theme */
/** @typedef {import('./outcome.js').Mark} Mark */
/** @typedef {import('./outcome.js').Way} Way */

/** A mark is hit within so many pixels. */
const REACH_PX = 11;
/** Most marks drawn: the newest; the lists and figures count all. */
export const MOST_MARKS = 2000;

export class Marks {
  /** @param {import('../chart/chart.js').Chart} chart @param {(mark: Mark) => void} chosen */
  constructor(chart, chosen) {
    this.chart = chart;
    this.chosen = chosen;
    /** Ids of zones. @type {Set<string>} */
    this.zones = new Set();
    /** @type {Mark[]} */
    this.marks = [];
    /** Key of the one at hand. @type {string | null} */
    this.picked = null;
    chart.overlays.unshift((g, view, theme) => this.draw(g, view, theme));
  }

  /** @param {string[]} zones to be stressed */
  stress(zones) {
    this.zones = new Set(zones);
    this.chart.invalidate(false, true);
  }

  /** @param {Mark[]} marks */
  show(marks) {
    this.marks = marks.filter(({ alert }) => alert.position !== null).slice(-MOST_MARKS);
    this.chart.invalidate(false, true);
  }

  /** @param {string | null} key */
  pick(key) {
    this.picked = key;
    this.chart.invalidate(false, true);
  }

  /** @param {number[]} pixel @returns {boolean} a mark was hit, and is told */
  click([x, y]) {
    const { view } = this.chart;
    const hit = this.marks.findLast(({ alert }) => {
      const [mx, my] = toScreen(view, alert.position);
      return Math.hypot(mx - x, my - y) <= REACH_PX;
    });
    if (hit) this.chosen(hit);
    return hit !== undefined;
  }

  /** @param {CanvasRenderingContext2D} g @param {View} view @param {Theme} theme */
  draw(g, view, theme) {
    g.save();
    g.lineJoin = 'round';
    for (const zone of this.chart.zones.filter(({ id }) => this.zones.has(id))) {
      const path = outlineOf(zone, view);
      for (const [colour, width] of /** @type {const} */ ([[theme.sea, 6], [theme.selected, 3]])) {
        g.strokeStyle = colour;
        g.lineWidth = width;
        g.stroke(path);
      }
    }
    for (const mark of this.marks) drawMark(g, toScreen(view, mark.alert.position), mark.way, theme, mark.key === this.picked);
    g.restore();
  }
}

/** @param {import('../chart/ground.js').Zone} zone @param {View} view @returns {Path2D} */
function outlineOf(zone, { cx, cy, scale, width, height }) {
  const path = new Path2D();
  for (const flat of zone.outline.lines) {
    for (let i = 0; i < flat.length; i += 2) {
      const [x, y] = [width / 2 + (flat[i] - cx) * scale, height / 2 - (flat[i + 1] - cy) * scale];
      if (i === 0) path.moveTo(x, y);
      else path.lineTo(x, y);
    }
    if (zone.area) path.closePath();
  }
  return path;
}

/** Told apart by shape alone, for red is an alarm's: what comes is a full disc with a plus, what goes a ring with a minus, what moves a diamond. @type {Record<Way, string>} */
export const SHAPES = {
  come: 'M7 0a7 7 0 1 1-14 0a7 7 0 1 1 14 0z M-3.5 0h7 M0-3.5v7',
  go: 'M7 0a7 7 0 1 1-14 0a7 7 0 1 1 14 0z M-3.5 0h7',
  move: 'M0-7.5L7.5 0L0 7.5L-7.5 0z',
};

/** @param {CanvasRenderingContext2D} g @param {[number, number]} at @param {Way} way @param {Theme} theme @param {boolean} picked */
function drawMark(g, [x, y], way, theme, picked) {
  const path = new Path2D(SHAPES[way]);
  const full = way === 'come';
  g.save();
  g.translate(x, y);
  g.lineWidth = 5;
  g.strokeStyle = theme.sea;
  g.stroke(path);
  g.fillStyle = full ? theme.measure : theme.sea;
  g.fill(path);
  g.lineWidth = 2;
  g.strokeStyle = theme.measure;
  g.stroke(path);
  if (full) {
    g.strokeStyle = theme.sea;
    g.stroke(new Path2D('M-3.5 0h7 M0-3.5v7'));
  }
  if (picked) {
    g.strokeStyle = theme.selected;
    g.lineWidth = 2.5;
    g.strokeRect(-REACH_PX - 1, -REACH_PX - 1, 2 * REACH_PX + 2, 2 * REACH_PX + 2);
  }
  g.restore();
}
