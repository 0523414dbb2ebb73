// The chart: OpenLayers' map with layers of our own, which draw when something changed; pointer and commands become
// views and choices.

import { DragPan, Map as OlMap, MouseWheelZoom, PinchZoom, View as OlView } from '../vendor/ol.js';
import { Counters } from './counters.js';
import { FurnitureLayer } from './furniture.js';
import { coastOf, zonesOf } from './ground.js';
import { GroundLayer } from './ground_layer.js';
import { Measure, spoken } from './measure.js';
import * as project from './projection.js';
import { BLINK_MS, TargetLayer } from './targets.js';
import { LABEL_FONT, readTheme } from './theme.js';
import { Tip } from './tip.js';
import { extend } from './track.js';

/** @typedef {import('../order.js').Vessel} Vessel */
/** @typedef {import('./projection.js').LonLat} LonLat */
/** What the chart tells: a vessel chosen, or none; another view; what was measured so far, '' for nothing. @typedef {{choose: (mmsi: number | null) => void, moved: () => void, measured?: (text: string) => void}} Tell */

/** Changes of the picture are drawn at most this often, ms: ten frames a second while the chart stands still. */
const REST_MS = 100;
/** At rest a frame is followed by a pause so many times as long: a slow machine draws seldomer instead of choking. */
const REST_SHARE = 4;
/** A key moves the chart by this share of it. */
const STEP = 1 / 8;
/** Going to a vessel shows no more than this share of the whole area. */
const CLOSE = 3;
/** Lengths of the vectors in turn, minutes. */
const VECTORS_MIN = [3, 6, 12, 0];
/** Line of a caption under an exported picture, pixels. */
const CAPTION_PX = 20;

export class Chart {
  /** @param {HTMLElement} host @param {import('../picture.js').Picture} picture @param {Tell} tell */
  constructor(host, picture, tell) {
    this.host = host;
    this.tell = tell;
    /** The vessels and alerts shown; another may take its place, as the replay's does. */
    this.picture = picture;
    /** @type {import('./ground.js').Outline[]} */
    this.coast = [];
    /** @type {import('./ground.js').Zone[]} */
    this.zones = [];
    /** @type {[number, number, number, number]} */
    this.bbox = [118, 24.2, 118.75, 24.7];
    /** @type {number | null} */
    this.selected = null;
    /** Past fixes of the chosen vessel, oldest first; its newer ones join them. @type {import('./track.js').Fix[]} */
    this.track = [];
    /** @type {(vessel: Vessel) => boolean} */
    this.visible = () => true;
    /** What is drawn: names of vessels, vectors of so many minutes (0: none), past track, zones. */
    this.layers = { labels: true, vectors: 6, tracks: true, zones: true };
    this.theme = readTheme();
    this.calm = matchMedia('(prefers-reduced-motion: reduce)');
    this.counters = new Counters();
    this.ruler = new Measure();
    /** Drawn over the vessels, in this order. @type {((g: CanvasRenderingContext2D, view: project.View, theme: import('./theme.js').Theme) => void)[]} */
    this.overlays = [(g, view, theme) => this.ruler.draw(g, view, theme)];
    /** Is offered a click before the chart takes it; true: it was meant for it. @type {((at: LonLat, pixel: number[]) => boolean) | null} */
    this.hand = null;
    /** Somebody chose this view; until then it is the whole area, whatever the size. */
    this.placed = false;
    this.pending = false;
    this.started = 0;
    this.ended = 0;
    this.ground = new GroundLayer(this);
    this.targets = new TargetLayer(this);
    this.eye = new OlView({
      center: [0, 0], enableRotation: false, smoothResolutionConstraint: false, multiWorld: true,
      resolution: 1, minResolution: project.MAP_METRES / project.MAX_SCALE, maxResolution: project.MAP_METRES / project.MIN_SCALE,
    });
    this.map = new OlMap({
      target: host, view: this.eye, controls: [], layers: [this.ground, this.targets, new FurnitureLayer(this)],
      interactions: [new DragPan(), new PinchZoom({ duration: 0 }), new MouseWheelZoom({ duration: 0, timeout: 0 })],
      moveTolerance: 4,
    });
    this.tip = new Tip(host);
    this.home();
    this.listen();
  }

  listen() {
    this.map.on('change:size', () => (this.placed ? this.invalidate(false, true) : this.home()));
    this.eye.on('change', () => this.tell.moved());
    this.map.on('movestart', () => (this.placed ||= this.eye.getInteracting()));
    this.map.on('click', ({ pixel }) => this.click(pixel));
    this.map.on('pointermove', ({ pixel, dragging }) => this.hover(dragging ? null : pixel));
    this.host.addEventListener('pointerleave', () => this.hover(null));
    this.host.addEventListener('wheel', () => (this.placed = true), { passive: true });
    this.calm.addEventListener('change', () => this.invalidate(false, true));
    matchMedia('(forced-colors: active)').addEventListener('change', () => this.readTheme());
    setInterval(() => this.targets.blinking && this.invalidate(), BLINK_MS);
  }

  /** @returns {project.View} */
  get view() {
    const [width, height] = this.map.getSize() ?? [0, 0];
    const center = this.eye.getCenter() ?? [0, 0];
    return project.viewOf({ size: [width, height], viewState: { center, resolution: this.eye.getResolution() ?? 1 } });
  }

  /** @param {project.View} view its size is the chart's own, whatever it says */
  set view({ cx, cy, scale }) {
    this.eye.setResolution(project.MAP_METRES / scale);
    this.eye.setCenter([cx * project.MAP_METRES, cy * project.MAP_METRES]);
  }

  /** @param {any} coast @param {any} zones GeoJSON collections */
  setGround(coast, zones) {
    this.coast = coastOf(coast);
    this.setZones(zones);
  }

  /** @param {any} zones GeoJSON collection */
  setZones(zones) {
    this.zones = zonesOf(zones);
    this.invalidate(true, true);
  }

  /** The palette changed. */
  readTheme() {
    this.theme = readTheme();
    this.targets.forget();
    this.invalidate(true, true);
  }

  /** The whole area. */
  home() {
    const { width, height } = this.view;
    if (width > 0 && height > 0) this.setView(project.fit(this.bbox, width, height), false);
  }

  /** @param {project.View} view @param {boolean} [placed] chosen by somebody */
  setView(view, placed = true) {
    this.placed = placed;
    this.view = view;
    if (this.ruler.follow([view.cx, project.latitude(view.cy)], true)) this.tellMeasured();
    this.invalidate(false, true);
  }

  /** Brings a place to the middle of what is free. @param {LonLat} point @param {number} insetLeft pixels covered at the left */
  goTo(point, insetLeft) {
    const { view } = this;
    const scale = Math.max(view.scale, project.fit(this.bbox, view.width, view.height).scale * CLOSE);
    this.setView(project.pan({ ...view, scale, cx: point[0], cy: project.mercatorY(point[1]) }, insetLeft / 2, 0));
  }

  /** About the chosen vessel while it is in view, else about the middle. @param {number} factor */
  zoom(factor) {
    const { view } = this;
    const position = this.selected === null ? null : this.picture.vessels.get(this.selected)?.position;
    const [x, y] = position ? project.toScreen(view, position) : [-1, -1];
    const inside = x >= 0 && y >= 0 && x <= view.width && y <= view.height && !this.ruler.on;
    this.setView(project.zoomAbout(view, factor, inside ? x : view.width / 2, inside ? y : view.height / 2));
  }

  /** @param {number} right @param {number} down in steps of an eighth of the chart */
  step(right, down) {
    const { view } = this;
    this.setView(project.pan(view, -right * view.width * STEP, -down * view.height * STEP));
  }

  /** @param {'labels' | 'tracks' | 'zones'} layer shows what was hidden, hides what was shown */
  toggle(layer) {
    this.layers[layer] = !this.layers[layer];
    this.invalidate(layer === 'zones', true);
  }

  /** Vectors of 3, 6, 12 minutes, none, and again. */
  cycleVectors() {
    const at = VECTORS_MIN.indexOf(this.layers.vectors);
    this.layers.vectors = VECTORS_MIN[(at + 1) % VECTORS_MIN.length];
    this.invalidate(false, true);
  }

  /** @returns {boolean} clicks and `mark` set marks instead of choosing vessels */
  get measuring() {
    return this.ruler.on;
  }

  /** Begins measuring, or ends it and wipes what was measured. */
  measure() {
    this.ruler.turn(!this.ruler.on);
    this.host.classList.toggle('measuring', this.ruler.on);
    this.tellMeasured();
  }

  /** Sets a mark under the cross in the middle: measuring without a pointer. */
  mark() {
    if (!this.ruler.on) return;
    const { cx, cy } = this.view;
    this.ruler.mark([cx, project.latitude(cy)]);
    this.tellMeasured();
  }

  tellMeasured() {
    const course = this.ruler.course();
    this.tell.measured?.(course ? spoken(course) : '');
    this.invalidate(false, true);
  }

  /** Sets a mark, or is taken by the hand, or chooses a vessel: where several lie together, the next one with every click. @param {number[]} pixel */
  click([x, y]) {
    if (!this.ruler.on) {
      if (this.hand?.(project.toLonLat(this.view, x, y), [x, y])) return;
      const found = this.targets.at(x, y).map(({ vessel }) => vessel.mmsi);
      const before = found.findIndex((mmsi) => mmsi === this.selected);
      this.tell.choose(found[(before + 1) % found.length] ?? null);
      return;
    }
    this.ruler.mark(project.toLonLat(this.view, x, y));
    this.tellMeasured();
  }

  /** @param {number[] | null} pixel */
  hover(pixel) {
    const target = (pixel && !this.ruler.on && this.targets.at(pixel[0], pixel[1])[0]) || null;
    this.host.classList.toggle('over', target !== null);
    this.tip.show(target);
    if (pixel && this.ruler.follow(project.toLonLat(this.view, pixel[0], pixel[1]), false)) this.tellMeasured();
  }

  /** @returns {number} ms between two drawings of the vessels */
  get restMs() {
    return Math.max(REST_MS, this.targets.cost * REST_SHARE);
  }

  /** Draws soon. @param {boolean} [ground] the ground too @param {boolean} [now] at the next frame, for a hand on the chart */
  invalidate(ground = false, now = false) {
    if (ground) this.ground.forget();
    if (now) this.targets.stale();
    if (this.pending && !now) return;
    clearTimeout(this.timer);
    this.pending = true;
    const wait = now ? 0 : Math.max(0, this.ended + this.restMs - performance.now());
    if (wait > 0) this.timer = setTimeout(() => this.map.render(), wait);
    else this.map.render();
  }

  /** The first layer begins a frame. */
  begin() {
    this.started = performance.now();
    this.pending = false;
    clearTimeout(this.timer);
    const vessel = this.selected === null ? undefined : this.picture.vessels.get(this.selected);
    if (vessel) this.track = extend(this.track, vessel);
  }

  /** The last layer ended it. */
  drawn() {
    this.ended = performance.now();
    this.counters.frame(this.ended - this.started, this.coast.length > 0 && this.picture.vessels.size > 0);
  }

  /** @param {string[]} lines the time and the source, for one @returns {Promise<Blob>} the chart as it stands, as PNG with these lines under it */
  async image(lines) {
    this.map.renderSync();
    const chart = this.ground.canvas;
    const canvas = document.createElement('canvas');
    const ratio = chart.width / Math.max(1, this.view.width);
    canvas.width = chart.width;
    canvas.height = chart.height + Math.round((lines.length * CAPTION_PX + CAPTION_PX / 2) * ratio);
    const g = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
    g.fillStyle = this.theme.sea;
    g.fillRect(0, 0, canvas.width, canvas.height);
    g.drawImage(chart, 0, 0);
    g.setTransform(ratio, 0, 0, ratio, 0, chart.height);
    g.font = LABEL_FONT;
    g.fillStyle = this.theme.chartText;
    lines.forEach((line, at) => g.fillText(line, 8, (at + 1) * CAPTION_PX));
    const blob = await new Promise((done) => canvas.toBlob(done, 'image/png'));
    if (!blob) throw new Error('no picture could be made');
    return blob;
  }
}
