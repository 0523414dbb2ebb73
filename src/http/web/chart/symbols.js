// Chart symbols after IMO SN.1/Circ.243/Rev.2, drawn on a canvas already moved to the vessel.

import { inDistress, sleeping } from '../order.js';

/** @typedef {import('../order.js').Vessel} Vessel */
/** @typedef {Record<string, string>} Theme */

/** Shapes of the four priorities (IEC 62923-2: never by colour alone), 16 × 16 about the middle. */
export const PRIORITY_SHAPES = [
  'M-3-7h6l4 4v6l-4 4h-6l-4-4v-6z M-2.5-2.5l5 5 M2.5-2.5l-5 5',
  'M0-6.5 7 6H-7z M0-2.5v4 M0 3.4v1',
  'M6.5 0a6.5 6.5 0 1 1-13 0a6.5 6.5 0 1 1 13 0z M0-3.5v4.5 M0 2.6v1',
  'M-6-6h12v12h-12z M0-3.5v4.5 M0 2.6v1',
];

/** Shapes of a feed's state. */
export const FEED_SHAPES = /** @type {Record<string, string>} */ ({
  up: 'M6 0a6 6 0 1 1-12 0a6 6 0 1 1 12 0z M-3 0l2 2.5 4-5',
  silent: 'M0-6.5 7 6H-7z M0-2.5v4 M0 3.4v1',
  down: 'M-5-5 5 5 M5-5-5 5',
  ended: 'M-5-5h10v10h-10z',
});

/** Half the length of an active triangle, pixels. */
export const ACTIVE_R = 9;
export const SLEEPING_R = 5;
/** A hull is drawn to scale once it is longer than this, pixels. */
const OUTLINE_PX = 24;

/** @param {Vessel} vessel @returns {number | null} where it points: heading, else COG when it moves */
export function direction(vessel) {
  if (vessel.heading_deg !== null) return vessel.heading_deg;
  return sleeping(vessel) && vessel.sog_kn !== null && vessel.sog_kn < 0.2 ? null : vessel.cog_deg;
}

/** @param {Vessel} vessel @param {boolean} alerted @returns {number} radius a symbol needs, pixels */
export function radius(vessel, alerted) {
  if (inDistress(vessel)) return 11;
  if (vessel.kind === 'aton' || vessel.kind === 'base_station') return 6;
  return sleeping(vessel) && !alerted ? SLEEPING_R : ACTIVE_R;
}

/** @param {CanvasRenderingContext2D} g @param {number} r @param {number} wide */
function triangle(g, r, wide) {
  g.beginPath();
  g.moveTo(0, -r * 1.25);
  g.lineTo(r * wide, r * 0.85);
  g.lineTo(-r * wide, r * 0.85);
  g.closePath();
}

/** @param {CanvasRenderingContext2D} g @param {number[]} dims bow, stern, port, starboard, pixels */
function hull(g, [bow, stern, port, starboard]) {
  const shoulder = -bow + (bow + stern) * 0.22;
  g.beginPath();
  g.moveTo((starboard - port) / 2, -bow);
  g.lineTo(starboard, shoulder);
  g.lineTo(starboard, stern);
  g.lineTo(-port, stern);
  g.lineTo(-port, shoulder);
  g.closePath();
}

/** @param {CanvasRenderingContext2D} g @param {Theme} theme @param {number} r */
function beacon(g, theme, r) {
  g.strokeStyle = theme.alarm;
  g.lineWidth = 2.5;
  g.beginPath();
  g.arc(0, 0, r, 0, 2 * Math.PI);
  g.moveTo(-r * 0.7, -r * 0.7);
  g.lineTo(r * 0.7, r * 0.7);
  g.moveTo(r * 0.7, -r * 0.7);
  g.lineTo(-r * 0.7, r * 0.7);
  g.fillStyle = theme.sea;
  g.fill();
  g.stroke();
}

/** @param {CanvasRenderingContext2D} g @param {Theme} theme @param {string} kind */
function fixed(g, theme, kind) {
  g.strokeStyle = theme.target;
  g.lineWidth = 1.5;
  g.beginPath();
  if (kind === 'aton') {
    g.moveTo(0, -6);
    g.lineTo(6, 0);
    g.lineTo(0, 6);
    g.lineTo(-6, 0);
    g.closePath();
  } else {
    g.rect(-4, -4, 8, 8);
    g.moveTo(0, -4);
    g.lineTo(0, -9);
    g.moveTo(-3, -9);
    g.lineTo(3, -9);
  }
  g.stroke();
}

/** What a class adds inside its triangle. @param {CanvasRenderingContext2D} g @param {Theme} theme @param {string} cls @param {number} r */
function classMark(g, theme, cls, r) {
  g.lineWidth = 1.5;
  g.beginPath();
  if (cls === 'sand_carrier' || cls === 'dredger') {
    g.moveTo(-r * 0.62, r * 0.85);
    g.lineTo(-r * 0.33, 0);
    g.lineTo(r * 0.33, 0);
    g.lineTo(r * 0.62, r * 0.85);
    g.fillStyle = g.strokeStyle;
    g.fill();
  } else if (cls === 'patrol' || cls === 'law_enforcement') {
    g.moveTo(-r * 0.7, r * 0.35);
    g.lineTo(r * 0.7, r * 0.35);
    g.stroke();
  } else if (cls === 'state' || cls === 'military') {
    g.arc(0, r * 0.25, 2, 0, 2 * Math.PI);
    g.fillStyle = g.strokeStyle;
    g.fill();
  }
}

/**
 * @param {CanvasRenderingContext2D} g moved to the vessel @param {Theme} theme @param {Vessel} vessel
 * @param {{rank: number, unacknowledged: boolean} | undefined} alert @param {number} perMetre pixels a metre
 */
export function drawVessel(g, theme, vessel, alert, perMetre) {
  const lost = vessel.state === 'lost';
  const r = radius(vessel, alert !== undefined);
  const colour = alert ? (alert.rank <= 1 ? theme.alarm : theme.warning) : lost ? theme.lost : theme.target;
  if (inDistress(vessel)) beacon(g, theme, r);
  else if (vessel.kind === 'aton' || vessel.kind === 'base_station') fixed(g, theme, vessel.kind);
  else drawShip(g, theme, vessel, { r, colour, bold: alert !== undefined, perMetre });
  if (lost && !inDistress(vessel)) {
    g.strokeStyle = colour;
    g.lineWidth = 2;
    g.beginPath();
    g.moveTo(-r - 2, -r - 2);
    g.lineTo(r + 2, r + 2);
    g.moveTo(r + 2, -r - 2);
    g.lineTo(-r - 2, r + 2);
    g.stroke();
  }
}

/**
 * @param {CanvasRenderingContext2D} g @param {Theme} theme @param {Vessel} vessel
 * @param {{r: number, colour: string, bold: boolean, perMetre: number}} how
 */
function drawShip(g, theme, vessel, { r, colour, bold, perMetre }) {
  const heading = direction(vessel);
  const dims = vessel.dims_m?.map((m) => m * perMetre);
  const toScale = dims && vessel.heading_deg !== null && dims[0] + dims[1] > OUTLINE_PX;
  const asleep = sleeping(vessel) && !bold;
  g.save();
  g.strokeStyle = colour;
  g.lineJoin = 'miter';
  g.lineWidth = bold ? 3 : asleep ? 1.25 : 1.75;
  if (heading !== null) g.rotate((heading * Math.PI) / 180);
  if (toScale) hull(g, dims);
  else if (heading === null) {
    g.beginPath();
    g.arc(0, 0, asleep ? 3.5 : r * 0.7, 0, 2 * Math.PI);
  } else triangle(g, r, asleep ? 0.75 : 0.62);
  g.fillStyle = vessel.class === 'ferry' ? colour : theme.targetFill;
  if (!asleep || toScale || vessel.class === 'ferry') g.fill();
  g.stroke();
  if (vessel.heading_deg !== null && !asleep) {
    const bow = toScale ? dims[0] : r * 1.25;
    g.lineWidth = 1.5;
    g.beginPath();
    g.moveTo(0, -bow);
    g.lineTo(0, -bow - 9);
    g.stroke();
  }
  if (!toScale && heading !== null && !asleep) classMark(g, theme, vessel.class, r);
  g.restore();
}

/** @param {CanvasRenderingContext2D} g @param {Theme} theme @param {number} r corner brackets about the chosen vessel */
export function brackets(g, theme, r) {
  g.strokeStyle = theme.selected;
  g.lineWidth = 2.5;
  g.beginPath();
  for (const [sx, sy] of [[-1, -1], [1, -1], [1, 1], [-1, 1]]) {
    g.moveTo(sx * r, sy * (r - 6));
    g.lineTo(sx * r, sy * r);
    g.lineTo(sx * (r - 6), sy * r);
  }
  g.stroke();
}

/** Cache: parsing a path each frame would cost. */
const paths = PRIORITY_SHAPES.map((shape) => (typeof Path2D === 'undefined' ? null : new Path2D(shape)));

/** The shape of the alert's priority above its vessel: filled while nobody acknowledged it. @param {CanvasRenderingContext2D} g @param {Theme} theme @param {{rank: number, unacknowledged: boolean}} alert */
export function drawPriority(g, theme, alert) {
  const path = paths[Math.min(alert.rank, paths.length - 1)];
  if (!path) return;
  g.lineWidth = 1.5;
  g.strokeStyle = alert.rank <= 1 ? theme.alarm : theme.warning;
  g.fillStyle = theme.sea;
  g.fill(path);
  g.stroke(path);
}
