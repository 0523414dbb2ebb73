// A zone's shape drawn on the chart: points set by clicks or under the cross in the middle, dragged, put between others,
// taken away.

import { latitude, toLonLat, toScreen } from '../chart/projection.js';
import { withPoints } from './shape.js';

/** @typedef {import('../chart/projection.js').LonLat} LonLat */
/** @typedef {import('../chart/projection.js').View} View */
/** @typedef {import('./shape.js').Shape} Shape */

/** A handle is taken within so many pixels. */
const REACH_PX = 10;
/** Half the side of a handle, pixels; of one between two points, its radius. */
const HANDLE_PX = 4;
const BETWEEN_PX = 3;
/** Half the cross in the middle, pixels. */
const CROSS_PX = 14;
/** Places between two points nearer than this on the screen offer no handle, pixels. */
const ROOM_PX = 28;

export class Sketch {
  /** @param {import('../chart/chart.js').Chart} chart @param {(done: boolean) => void} changed the shape is another; done: the hand has left it */
  constructor(chart, changed) {
    this.chart = chart;
    this.changed = changed;
    /** @type {Shape | null} */
    this.shape = null;
    /** Which ring is at hand. */
    this.ring = 0;
    /** Clicks set points. */
    this.drawing = false;
    /** The point at hand. @type {number | null} */
    this.picked = null;
    /** A point is being dragged. */
    this.dragging = false;
    chart.overlays.push((g, view, theme) => this.draw(g, view, theme));
    chart.hand = (at, pixel) => this.click(at, pixel);
    const { host } = chart;
    host.addEventListener('pointerdown', (event) => this.grab(event), { capture: true });
    host.addEventListener('pointermove', (event) => this.drag(event), { capture: true });
    for (const end of /** @type {const} */ (['pointerup', 'pointercancel'])) host.addEventListener(end, (event) => this.drop(event), { capture: true });
  }

  /** @returns {LonLat[]} of the ring at hand */
  get points() {
    return this.shape?.rings[this.ring]?.points ?? [];
  }

  /** @returns {boolean} the ring at hand is closed, as an area's is */
  get closed() {
    return this.shape?.form === 'area';
  }

  /** @param {Shape | null} shape @param {boolean} drawing clicks set points at once */
  show(shape, drawing) {
    this.shape = shape;
    this.ring = 0;
    this.picked = null;
    this.turn(drawing);
  }

  /** @param {boolean} drawing */
  turn(drawing) {
    this.drawing = drawing && this.shape !== null;
    this.chart.host.classList.toggle('measuring', this.drawing);
    this.chart.invalidate(false, true);
  }

  /** @param {LonLat[]} points @param {boolean} [done] */
  put(points, done = true) {
    if (!this.shape) return;
    this.shape = withPoints(this.shape, this.ring, points);
    this.chart.invalidate(false, true);
    this.changed(done);
  }

  /** Sets a point after the one at hand, else at the end. @param {LonLat} at */
  add(at) {
    const point = /** @type {LonLat} */ (at.map((value) => Number(value.toFixed(6))));
    if (this.shape?.form === 'point') {
      this.picked = 0;
      this.put([point]);
      this.turn(false);
      return;
    }
    const next = (this.picked ?? this.points.length - 1) + 1;
    this.picked = next;
    this.put(this.points.toSpliced(next, 0, point));
  }

  /** Sets a point under the cross in the middle: drawing without a pointer. */
  mark() {
    const { cx, cy } = this.chart.view;
    if (this.drawing) this.add([cx, latitude(cy)]);
  }

  /** Takes the point at hand away, else the last. */
  erase() {
    if (this.points.length === 0) return;
    const at = this.picked ?? this.points.length - 1;
    this.picked = at > 0 ? at - 1 : null;
    this.put(this.points.toSpliced(at, 1));
  }

  /** @param {LonLat} at @param {number[]} pixel @returns {boolean} the click was for the shape */
  click(at, pixel) {
    if (!this.shape) return false;
    if (!this.drawing) return this.found(pixel) !== null;
    if (this.closed && this.points.length > 2 && this.found(pixel)?.at === 0) this.turn(false);
    else this.add(at);
    return true;
  }

  /** @param {number[]} pixel @returns {{at: number, between: boolean} | null} the handle there: a point, or where one can be put in after it */
  found([x, y]) {
    const near = (/** @type {[number, number]} */ [hx, hy]) => Math.hypot(hx - x, hy - y) <= REACH_PX;
    const { view } = this.chart;
    const at = this.points.findIndex((point) => near(toScreen(view, point)));
    if (at >= 0) return { at, between: false };
    const between = this.betweens(view).find(({ pixel }) => near(pixel));
    return between ? { at: between.at, between: true } : null;
  }

  /** @param {View} view @returns {{at: number, pixel: [number, number]}[]} places halfway between neighbours that lie apart enough */
  betweens(view) {
    const screen = this.points.map((point) => toScreen(view, point));
    const last = this.closed ? screen.length : screen.length - 1;
    return screen.slice(0, Math.max(0, last)).flatMap(([x, y], at) => {
      const [nx, ny] = screen[(at + 1) % screen.length];
      return Math.hypot(nx - x, ny - y) < ROOM_PX ? [] : [{ at, pixel: /** @type {[number, number]} */ ([(x + nx) / 2, (y + ny) / 2]) }];
    });
  }

  /** @param {PointerEvent} event */
  grab(event) {
    if (!this.shape || this.drawing || this.chart.measuring || event.button !== 0) return;
    const pixel = this.pixel(event);
    const found = this.found(pixel);
    if (!found) return;
    event.stopPropagation();
    this.dragging = true;
    this.chart.host.setPointerCapture(event.pointerId);
    this.picked = found.between ? found.at + 1 : found.at;
    if (found.between) this.put(this.points.toSpliced(this.picked, 0, this.place(pixel)), false);
    else this.changed(false);
    this.chart.host.focus();
    this.chart.invalidate(false, true);
  }

  /** @param {PointerEvent} event */
  drag(event) {
    if (!this.dragging || this.picked === null) return;
    event.stopPropagation();
    this.put(this.points.with(this.picked, this.place(this.pixel(event))), false);
  }

  /** @param {PointerEvent} event */
  drop(event) {
    if (!this.dragging) return;
    event.stopPropagation();
    this.dragging = false;
    this.changed(true);
  }

  /** @param {PointerEvent} event @returns {[number, number]} */
  pixel(event) {
    const box = this.chart.host.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  /** @param {[number, number]} pixel @returns {LonLat} */
  place([x, y]) {
    return /** @type {LonLat} */ (toLonLat(this.chart.view, x, y).map((value) => Number(value.toFixed(6))));
  }

  /** @param {CanvasRenderingContext2D} g @param {View} view @param {import('../chart/theme.js').Theme} theme */
  draw(g, view, theme) {
    if (!this.shape) return;
    g.save();
    g.lineJoin = 'round';
    for (const { points } of this.shape.rings) {
      const path = new Path2D();
      points.forEach((point, at) => (at === 0 ? path.moveTo(...toScreen(view, point)) : path.lineTo(...toScreen(view, point))));
      if (this.closed && points.length > 2) path.closePath();
      stroked(g, path, theme, 2.5);
    }
    this.drawHandles(g, view, theme);
    if (this.drawing) {
      const [x, y] = [view.width / 2, view.height / 2];
      stroked(g, new Path2D(`M${x - CROSS_PX} ${y}H${x + CROSS_PX}M${x} ${y - CROSS_PX}V${y + CROSS_PX}`), theme, 2);
    }
    g.restore();
  }

  /** @param {CanvasRenderingContext2D} g @param {View} view @param {import('../chart/theme.js').Theme} theme */
  drawHandles(g, view, theme) {
    for (const { pixel: [x, y] } of this.drawing ? [] : this.betweens(view)) {
      g.fillStyle = theme.sea;
      g.strokeStyle = theme.measure;
      g.lineWidth = 1.5;
      g.beginPath();
      g.arc(x, y, BETWEEN_PX, 0, 2 * Math.PI);
      g.fill();
      g.stroke();
    }
    this.points.forEach((point, at) => {
      const [x, y] = toScreen(view, point);
      const half = at === this.picked ? HANDLE_PX + 3 : HANDLE_PX;
      g.fillStyle = at === this.picked ? theme.selected : theme.measure;
      g.strokeStyle = theme.sea;
      g.lineWidth = 1.5;
      g.fillRect(x - half, y - half, 2 * half, 2 * half);
      g.strokeRect(x - half, y - half, 2 * half, 2 * half);
    });
  }
}

/** @param {CanvasRenderingContext2D} g @param {Path2D} path @param {import('../chart/theme.js').Theme} theme @param {number} width over a halo, pixels */
function stroked(g, path, theme, width) {
  for (const [colour, wide] of /** @type {const} */ ([[theme.sea, width + 2.5], [theme.measure, width]])) {
    g.strokeStyle = colour;
    g.lineWidth = wide;
    g.stroke(path);
  }
}
