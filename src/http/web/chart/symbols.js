// Chart symbols after IMO SN.1/Circ.243/Rev.2, drawn on a canvas already moved to the vessel.

import { PRIORITY_SHAPES } from '../icons.js';
import { inDistress, sleeping, STILL_KN } from '../order.js';

/** @typedef {import('../order.js').Vessel} Vessel */
/** @typedef {import('../picture.js').Alerted} Alerted */
/** @typedef {import('./theme.js').Theme} Theme */
/** @typedef {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} Pen */
/**
 * What a symbol shows besides where it points. `bow`: degrees of the heading, else of the COG of what moves.
 * @typedef {{form: 'beacon' | 'aid' | 'virtual' | 'station' | 'aircraft' | 'ship', mark: 'filled' | 'holds' | 'barred' | 'dotted' | '',
 *   level: 'alarm' | 'warning' | 'lost' | 'target', asleep: boolean, lost: boolean, headed: boolean, bow: number | null}} Look
 */

/** Half the length of an active triangle, pixels. */
const ACTIVE_R = 9;
const SLEEPING_R = 5;
const BEACON_R = 11;
const FIXED_R = 6;
/** How far the heading line reaches beyond the bow, pixels. */
const HEADING_PX = 9;
/** A still vessel's COG is noise, knots. */
const DRIFT_KN = 0.2;
/** A line's and a corner's share beyond the shape, pixels. */
const LINE_PX = 4;
/** A hull is drawn to scale once it is longer than this, pixels; the triangle goes once the hull is longer than it. */
const OUTLINE_PX = 12;
const TRIANGLE_PX = 2.1 * ACTIVE_R;

/** What a class wears. @type {Record<string, Look['mark']>} */
const MARKS = { ferry: 'filled', sand_carrier: 'holds', dredger: 'holds', patrol: 'barred', law_enforcement: 'barred', state: 'dotted', military: 'dotted' };

/** @param {Vessel} vessel @returns {Look['form']} */
function formOf({ kind, mmsi }) {
  // 99MID6XXX: an aid that is not there but on the air (ITU-R M.585-9).
  if (kind === 'aton') return Math.floor(mmsi / 1000) % 10 === 6 ? 'virtual' : 'aid';
  if (kind === 'base_station') return 'station';
  return kind === 'sar_aircraft' ? 'aircraft' : 'ship';
}

/** @param {Vessel} vessel @param {Alerted | undefined} alert @returns {Look} */
export function lookOf(vessel, alert) {
  const form = inDistress(vessel) ? 'beacon' : formOf(vessel);
  const lost = vessel.state === 'lost';
  const moves = vessel.sog_kn === null ? !sleeping(vessel) : vessel.sog_kn >= DRIFT_KN;
  return {
    form,
    mark: form === 'ship' ? (MARKS[vessel.class] ?? '') : '',
    level: form === 'beacon' ? 'alarm' : alert ? (alert.rank <= 1 ? 'alarm' : 'warning') : lost ? 'lost' : 'target',
    asleep: form === 'ship' && sleeping(vessel) && !alert,
    lost: lost && form !== 'beacon',
    headed: vessel.heading_deg !== null,
    bow: form === 'ship' || form === 'aircraft' ? (vessel.heading_deg ?? (moves ? vessel.cog_deg : null)) : null,
  };
}

/** @param {Look} look @returns {number} radius the symbol needs, pixels */
export function radius({ form, asleep }) {
  if (form === 'beacon') return BEACON_R;
  if (form === 'ship' || form === 'aircraft') return asleep ? SLEEPING_R : ACTIVE_R;
  return FIXED_R;
}

/** @param {Look} look @returns {number} half the side of a square that holds the symbol whichever way it points, pixels */
export function reach(look) {
  return radius(look) * 1.25 + (look.headed && !look.asleep ? HEADING_PX : 0) + LINE_PX;
}

/** @param {Vessel} vessel @returns {boolean} it moves, and not with a lost signal: its vector means something */
export function hasVector({ kind, sog_kn: sog, cog_deg: cog, nav_status: status, state }) {
  return kind !== 'base_station' && kind !== 'aton' && sog !== null && cog !== null && sog >= STILL_KN && status !== 1 && status !== 5 && state !== 'lost';
}

/** @param {Pen} g @param {Theme} theme @param {Look} look */
export function drawSymbol(g, theme, look) {
  g.strokeStyle = theme[look.level];
  g.lineJoin = 'miter';
  const r = radius(look);
  if (look.form === 'beacon') beacon(g, theme);
  else if (look.form === 'ship') ship(g, theme, look, r);
  else if (look.form === 'aircraft') aircraft(g, look, r);
  else fixed(g, look.form);
  if (look.lost) cross(g, r + 2, 2);
}

/** @param {Pen} g @param {number} r @param {number} width */
function cross(g, r, width) {
  g.lineWidth = width;
  g.beginPath();
  g.moveTo(-r, -r);
  g.lineTo(r, r);
  g.moveTo(r, -r);
  g.lineTo(-r, r);
  g.stroke();
}

/** @param {Pen} g @param {Theme} theme */
function beacon(g, theme) {
  g.lineWidth = 2.5;
  g.beginPath();
  g.arc(0, 0, BEACON_R, 0, 2 * Math.PI);
  g.fillStyle = theme.sea;
  g.fill();
  g.stroke();
  cross(g, BEACON_R * 0.7, 2.5);
}

/** @param {Pen} g @param {'aid' | 'virtual' | 'station'} form */
function fixed(g, form) {
  g.lineWidth = 1.5;
  g.beginPath();
  if (form === 'station') {
    g.rect(-4, -4, 8, 8);
    g.moveTo(0, -4);
    g.lineTo(0, -9);
    g.moveTo(-3, -9);
    g.lineTo(3, -9);
  } else {
    if (form === 'virtual') g.setLineDash([3, 2.2]);
    g.moveTo(0, -FIXED_R);
    g.lineTo(FIXED_R, 0);
    g.lineTo(0, FIXED_R);
    g.lineTo(-FIXED_R, 0);
    g.closePath();
  }
  g.stroke();
  g.setLineDash([]);
}

/** @param {Pen} g @param {Look} look @param {number} r */
function aircraft(g, { bow }, r) {
  g.save();
  g.rotate(radians(bow ?? 0));
  g.lineWidth = 2.5;
  g.beginPath();
  for (const [y, half] of [[-r * 0.2, r], [r * 0.75, r * 0.45]]) {
    g.moveTo(-half, y);
    g.lineTo(half, y);
  }
  g.moveTo(0, -r);
  g.lineTo(0, r);
  g.stroke();
  g.restore();
}

/** @param {Pen} g @param {Theme} theme @param {Look} look @param {number} r */
function ship(g, theme, look, r) {
  const { asleep, bow, level } = look;
  const wide = asleep ? 0.75 : 0.62;
  g.save();
  g.lineWidth = level === 'alarm' || level === 'warning' ? 3 : asleep ? 1.25 : 1.75;
  g.beginPath();
  if (bow === null) g.arc(0, 0, asleep ? 3.5 : r * 0.7, 0, 2 * Math.PI);
  else {
    g.rotate(radians(bow));
    g.moveTo(0, -r * 1.25);
    g.lineTo(r * wide, r * 0.85);
    g.lineTo(-r * wide, r * 0.85);
    g.closePath();
  }
  g.fillStyle = look.mark === 'filled' ? theme[level] : theme.targetFill;
  if (!asleep || look.mark === 'filled') g.fill();
  g.stroke();
  if (look.headed && !asleep) headingLine(g, -r * 1.25);
  if (bow !== null && !asleep) mark(g, look.mark, r);
  g.restore();
}

/** @param {Pen} g @param {number} bow where the bow is, pixels */
function headingLine(g, bow) {
  g.lineWidth = 1.5;
  g.beginPath();
  g.moveTo(0, bow);
  g.lineTo(0, bow - HEADING_PX);
  g.stroke();
}

/** What a class adds inside its triangle. @param {Pen} g @param {Look['mark']} kind @param {number} r */
function mark(g, kind, r) {
  g.lineWidth = 1.5;
  g.fillStyle = g.strokeStyle;
  g.beginPath();
  if (kind === 'holds') {
    g.moveTo(-r * 0.62, r * 0.85);
    g.lineTo(-r * 0.33, 0);
    g.lineTo(r * 0.33, 0);
    g.lineTo(r * 0.62, r * 0.85);
    g.fill();
  } else if (kind === 'barred') {
    g.moveTo(-r * 0.7, r * 0.35);
    g.lineTo(r * 0.7, r * 0.35);
    g.stroke();
  } else if (kind === 'dotted') {
    g.arc(0, r * 0.25, 2, 0, 2 * Math.PI);
    g.fill();
  }
}

/** @param {Vessel} vessel @param {number} perMetre pixels a metre @returns {'symbol' | 'both' | 'hull'} what is drawn of it at this scale */
export function hullFor({ dims_m: dims, heading_deg: heading, kind }, perMetre) {
  if (!dims || heading === null || kind !== 'ship') return 'symbol';
  const long = (dims[0] + dims[1]) * perMetre;
  return long <= OUTLINE_PX ? 'symbol' : long <= TRIANGLE_PX ? 'both' : 'hull';
}

/**
 * The true outline about the reported position, with the heading line.
 * @param {Pen} g @param {Theme} theme @param {Vessel} vessel @param {Look} look @param {number} perMetre pixels a metre @param {boolean} alone without a triangle
 */
export function drawHull(g, theme, vessel, look, perMetre, alone) {
  const [bow, stern, port, starboard] = (vessel.dims_m ?? []).map((m) => m * perMetre);
  const shoulder = -bow + (bow + stern) * 0.22;
  g.save();
  g.rotate(radians(vessel.heading_deg ?? 0));
  g.strokeStyle = theme[look.level];
  g.lineWidth = look.level === 'alarm' || look.level === 'warning' ? 2.5 : 1.25;
  g.beginPath();
  g.moveTo((starboard - port) / 2, -bow);
  g.lineTo(starboard, shoulder);
  g.lineTo(starboard, stern);
  g.lineTo(-port, stern);
  g.lineTo(-port, shoulder);
  g.closePath();
  if (alone) {
    g.fillStyle = look.mark === 'filled' ? theme[look.level] : theme.targetFill;
    g.fill();
  }
  g.stroke();
  if (alone && !look.asleep) headingLine(g, -bow);
  g.restore();
  if (alone && look.lost) {
    g.strokeStyle = theme[look.level];
    cross(g, ACTIVE_R + 2, 2);
  }
}

/** @param {number} degrees @returns {number} */
function radians(degrees) {
  return (degrees * Math.PI) / 180;
}

/** @param {Pen} g @param {Theme} theme @param {number} r corner brackets about the chosen vessel */
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

/** The shape of the alert's priority. @param {Pen} g @param {Theme} theme @param {{rank: number, unacknowledged: boolean}} alert */
export function drawPriority(g, theme, alert) {
  const path = paths[Math.min(alert.rank, paths.length - 1)];
  if (!path) return;
  g.lineWidth = 1.5;
  g.strokeStyle = alert.rank <= 1 ? theme.alarm : theme.warning;
  g.fillStyle = theme.sea;
  g.fill(path);
  g.stroke(path);
}
