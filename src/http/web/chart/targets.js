// The vessels as a layer of the map. Pictures are copied, only what changed is worked out anew. While the chart moves under
// a hand, vessels are drawn on a sheet with a margin as often as at rest, and every frame copies it to where it belongs.

import { Layer } from '../vendor/ol.js';
import { Bitmaps } from './bitmaps.js';
import { latitude, mercatorY, metresPerPixel, settle, viewOf } from './projection.js';
import { blit, covers, resize } from './sheet.js';
import { Names } from './names.js';
import { drawPlaces, placesOf } from './places.js';
import { brackets, drawHull, drawPriority, drawSymbol, hasVector, hullFor, lookOf, radius, reach } from './symbols.js';
import { dots } from './track.js';

/** @typedef {import('../order.js').Vessel} Vessel */
/** @typedef {import('../picture.js').Alerted} Alerted */
/** @typedef {import('./projection.js').View} View */
/** @typedef {import('./symbols.js').Look} Look */

export const BLINK_MS = 600;
/** Symbols are drawn in so many directions: between two of them nobody sees a difference. */
const DIRECTIONS = 72;
/** Below this, a chart is a phone's, pixels: its symbols are smaller. */
const SMALL_PX = 500;
const SMALLER = 0.7;
/** A vessel so far outside still shows at the edge, pixels. */
const OUTSIDE_PX = 40;
/** Symbols kept as pictures: every direction of all the looks that a busy day brings. */
const MAX_SYMBOLS = 4000;
/** Dashes of a vector and the gaps between them, pixels. */
const DASH_PX = [5, 4];
/** A pointer this near to a vessel means it, pixels. */
const REACH_PX = 18;
/** Drawn beyond each edge while the chart moves, pixels. */
const MARGIN_PX = 128;
/** Vessels that left are forgotten once so many are remembered in vain. */
const SPARE = 500;

/** What is known of a vessel for drawing; made anew when the vessel or its alert is. */
export class Target {
  /** @param {Vessel} vessel @param {[number, number]} position @param {Alerted | undefined} alert */
  constructor(vessel, [lon, lat], alert) {
    this.vessel = vessel;
    this.alert = alert;
    this.look = lookOf(vessel, alert);
    /** Projected degrees. */
    this.mx = lon;
    this.my = mercatorY(lat);
    this.r = radius(this.look);
    this.key = Object.values({ ...this.look, bow: this.look.bow === null ? -1 : Math.round((this.look.bow / 360) * DIRECTIONS) % DIRECTIONS }).join();
    /** Screen, pixels; and what is drawn of it. */
    this.x = 0;
    this.y = 0;
    /** @type {'symbol' | 'both' | 'hull'} */
    this.shape = 'symbol';
    /** @type {import('./bitmaps.js').Picture | null} */
    this.picture = null;
    /** Its name, and how wide that is, once asked for. @type {{text: string, width: number, language: string} | null} */
    this.name = null;
    /** On the ground a minute, projected degrees; null without a vector. */
    this.speed = hasVector(vessel) ? speedOf(vessel, lat) : null;
  }
}

/** @param {Vessel} vessel @param {number} lat @returns {[number, number]} east, north */
function speedOf({ sog_kn: sog, cog_deg: cog }, lat) {
  const degrees = (sog ?? 0) / 60 / 60 / Math.cos((lat * Math.PI) / 180);
  const course = ((cog ?? 0) * Math.PI) / 180;
  return [degrees * Math.sin(course), degrees * Math.cos(course)];
}

export class TargetLayer extends Layer {
  /** @param {import('./chart.js').Chart} chart */
  constructor(chart) {
    super({});
    this.chart = chart;
    /** @type {Map<number, Target>} */
    this.known = new Map();
    /** In the order of drawing; their places are those of the last frame. @type {Target[]} */
    this.drawn = [];
    this.symbols = new Bitmaps(MAX_SYMBOLS);
    this.names = new Names(chart);
    /** Device pixels a pixel of a symbol. */
    this.factor = 1;
    /** @type {{track: unknown, points: [number, number][]}} */
    this.dots = { track: null, points: [] };
    this.blinking = false;
    /** What the last frame showed. @type {View | null} */
    this.last = null;
    this.sheet = /** @type {CanvasRenderingContext2D} */ (document.createElement('canvas').getContext('2d'));
    /** What is on the sheet, margins included. @type {View | null} */
    this.onSheet = null;
    /** When vessels were last drawn, and how long that took, ms. */
    this.paintedAt = 0;
    this.cost = 0;
  }

  /** The colours or the size changed. */
  forget() {
    this.symbols.clear();
    this.known.clear();
    this.names.forget();
    this.stale();
  }

  /** Nothing drawn before is worth keeping. */
  stale() {
    this.onSheet = null;
    this.names.stale();
  }

  /**
   * @override
   * @param {any} frameState a `FrameState` @param {HTMLElement} target the canvas that the layers share @returns {HTMLElement}
   */
  render(frameState, target) {
    const canvas = /** @type {HTMLCanvasElement} */ (target);
    const g = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
    const view = viewOf(frameState);
    const ratio = canvas.width / view.width;
    const { last } = this;
    this.last = view;
    if (last && moved(last, view)) this.slide(g, view, ratio);
    else {
      this.onSheet = null;
      this.paint(g, view, ratio);
    }
    let inView = 0;
    for (const one of this.drawn) inView += Number(shows(settle(one, view), view));
    this.chart.counters.targets = inView;
    this.names.prepare(view, ratio, this.drawn);
    this.names.draw(g, view, ratio);
    this.chart.counters.labels = this.names.placed.length;
    return target;
  }

  /** Copies the sheet, which is drawn anew as often as the chart is at rest, and when the view leaves it. @param {CanvasRenderingContext2D} g @param {View} view @param {number} ratio */
  slide(g, view, ratio) {
    const fresh = performance.now() - this.paintedAt < this.chart.restMs;
    if (!fresh || !this.onSheet || !covers(this.onSheet, view)) {
      this.onSheet = { ...view, width: view.width + 2 * MARGIN_PX, height: view.height + 2 * MARGIN_PX };
      resize(this.sheet.canvas, this.onSheet.width * ratio, this.onSheet.height * ratio);
      this.sheet.resetTransform();
      this.sheet.clearRect(0, 0, this.sheet.canvas.width, this.sheet.canvas.height);
      this.paint(this.sheet, this.onSheet, ratio);
    }
    blit(g, this.sheet.canvas, this.onSheet, view, ratio);
  }

  /** @param {CanvasRenderingContext2D} g @param {View} view @param {number} ratio */
  paint(g, view, ratio) {
    const from = performance.now();
    this.prepare(view, ratio);
    g.setTransform(ratio, 0, 0, ratio, 0, 0);
    if (this.chart.layers.tracks) this.drawTrack(g, view);
    if (this.chart.layers.vectors > 0) this.drawVectors(g, view);
    drawPlaces(g, view, this.chart.theme, placesOf(this.chart.picture));
    this.drawSymbols(g, view, ratio);
    this.paintedAt = performance.now();
    this.cost = this.paintedAt - from;
  }

  /** Chooses, places and orders what is in view, and sees to the bitmaps before anything is copied from them. @param {View} view @param {number} ratio */
  prepare(view, ratio) {
    const size = Math.min(view.width, view.height) < SMALL_PX ? SMALLER : 1;
    if (this.factor !== ratio * size) {
      this.factor = ratio * size;
      this.forget();
    }
    const { vessels, alerted } = this.chart.picture;
    if (this.known.size > vessels.size + SPARE || this.symbols.full) this.forget();
    this.drawn = [];
    /** @type {Target[]} */
    const urgent = [];
    for (const vessel of vessels.values()) {
      if (!vessel.position || !this.chart.visible(vessel)) continue;
      const target = this.target(vessel, vessel.position, alerted.get(vessel.mmsi));
      settle(target, view);
      if (!shows(target, view)) continue;
      this.dress(target, view, size);
      if (target.alert || target.look.form === 'beacon' || vessel.mmsi === this.chart.selected) urgent.push(target);
      else this.drawn.push(target);
    }
    urgent.sort((a, b) => this.height(a) - this.height(b));
    for (const target of urgent) this.drawn.push(target);
  }

  /** @param {Target} target @returns {number} the higher is drawn later */
  height({ vessel, alert, look }) {
    if (vessel.mmsi === this.chart.selected) return 9;
    return look.form === 'beacon' ? 8 : 7 - (alert?.rank ?? 7);
  }

  /** @param {Vessel} vessel @param {[number, number]} position @param {Alerted | undefined} alert @returns {Target} */
  target(vessel, position, alert) {
    const known = this.known.get(vessel.mmsi);
    if (known && known.vessel === vessel && known.alert === alert) return known;
    const target = new Target(vessel, position, alert);
    this.known.set(vessel.mmsi, target);
    return target;
  }

  /** @param {Target} target @param {View} view @param {number} size */
  dress(target, view, size) {
    target.r = radius(target.look) * size;
    target.shape = hullFor(target.vessel, 1 / metresPerPixel(view, latitude(target.my)));
    if (target.picture) return;
    const side = 2 * Math.ceil(reach(target.look) * this.factor);
    target.picture = this.symbols.get(target.key, side, side, (g) => {
      g.translate(side / 2, side / 2);
      g.scale(this.factor, this.factor);
      drawSymbol(g, this.chart.theme, target.look);
    });
  }

  /** @param {CanvasRenderingContext2D} g @param {View} view */
  drawTrack(g, view) {
    const { track, theme } = this.chart;
    if (this.dots.track !== track) this.dots = { track, points: dots(track) };
    g.fillStyle = theme.track;
    g.beginPath();
    for (const [lon, lat] of this.dots.points) {
      const x = view.width / 2 + (lon - view.cx) * view.scale;
      const y = view.height / 2 - (mercatorY(lat) - view.cy) * view.scale;
      g.moveTo(x + 2, y);
      g.arc(x, y, 2, 0, 2 * Math.PI);
    }
    g.fill();
  }

  /** Each vector is a path of its own: the lines of one path are sorted against each other, which costs more. @param {CanvasRenderingContext2D} g @param {View} view */
  drawVectors(g, view) {
    const long = this.chart.layers.vectors * view.scale;
    g.strokeStyle = this.chart.theme.target;
    g.lineWidth = 1;
    g.setLineDash(DASH_PX);
    for (const { x, y, r, speed } of this.drawn) {
      if (!speed || Math.hypot(speed[0], speed[1]) * long < r) continue; // It would lie under its symbol.
      g.beginPath();
      g.moveTo(x, y);
      g.lineTo(x + speed[0] * long, y - speed[1] * long);
      g.stroke();
    }
    g.setLineDash([]);
  }

  /** @param {CanvasRenderingContext2D} g @param {View} view @param {number} ratio */
  drawSymbols(g, view, ratio) {
    const { theme, selected } = this.chart;
    const beat = Math.floor(performance.now() / BLINK_MS) % 2 === 0;
    this.blinking = false;
    g.resetTransform();
    for (const target of this.drawn) {
      const { x, y, picture, shape, look, vessel, alert } = target;
      if (picture && shape !== 'hull') g.drawImage(picture.image, Math.round(x * ratio - picture.w / 2), Math.round(y * ratio - picture.h / 2));
      if (shape === 'symbol' && !alert && vessel.mmsi !== selected) continue;
      g.setTransform(ratio, 0, 0, ratio, x * ratio, y * ratio);
      if (shape !== 'symbol') drawHull(g, theme, vessel, look, 1 / metresPerPixel(view, latitude(target.my)), shape === 'hull');
      if (alert) this.drawAlert(g, alert, target.r, beat);
      if (vessel.mmsi === selected) brackets(g, theme, target.r + 9);
      g.resetTransform();
    }
  }

  /** A ring about an alerted vessel, flashing until acknowledged (dashed where motion is unwelcome), and its priority's shape. @param {CanvasRenderingContext2D} g @param {Alerted} alert @param {number} r @param {boolean} beat */
  drawAlert(g, alert, r, beat) {
    const { theme } = this.chart;
    const calm = this.chart.calm.matches;
    if (alert.unacknowledged) {
      this.blinking ||= !calm;
      if (beat || calm) {
        g.strokeStyle = alert.rank <= 1 ? theme.alarm : theme.warning;
        g.lineWidth = 2;
        if (calm) g.setLineDash([4, 3]);
        g.beginPath();
        g.arc(0, 0, r + 6, 0, 2 * Math.PI);
        g.stroke();
        g.setLineDash([]);
      }
    }
    g.translate(r + 9, -r - 9);
    drawPriority(g, theme, alert);
    g.translate(-r - 9, r + 9);
  }

  /** @param {number} x @param {number} y @returns {Target[]} who lies there: symbols in reach, the nearest first, else the owner of the name */
  at(x, y) {
    const near = this.drawn.map((target) => ({ target, away: Math.hypot(target.x - x, target.y - y) })).filter(({ away }) => away <= REACH_PX);
    if (near.length > 0) return near.sort((a, b) => a.away - b.away).map(({ target }) => target);
    const named = this.names.at(x, y);
    return named ? [named] : [];
  }
}

/** @param {Target} target @param {View} view @returns {boolean} */
function shows({ x, y }, { width, height }) {
  return x > -OUTSIDE_PX && y > -OUTSIDE_PX && x < width + OUTSIDE_PX && y < height + OUTSIDE_PX;
}

/** @param {View} before @param {View} view @returns {boolean} the same but for its centre */
function moved(before, view) {
  const same = before.scale === view.scale && before.width === view.width && before.height === view.height;
  return same && (before.cx !== view.cx || before.cy !== view.cy);
}
