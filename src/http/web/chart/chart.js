// The chart: a canvas that draws the picture when something changed, and turns pointer and keys into views and choices.

import { coastOf, drawGridText, drawGround, zonesOf } from './ground.js';
import { language, pick } from '../i18n.js';
import { placeLabels, Taken } from './labels.js';
import { inDistress, nameOf, sleeping, STILL_KN } from '../order.js';
import { mmsiText, plain } from '../format.js';
import * as project from './projection.js';
import { brackets, drawPriority, drawVessel, radius } from './symbols.js';

/** @typedef {import('../order.js').Vessel} Vessel */
/** @typedef {import('./projection.js').LonLat} LonLat */

/** Changes of the picture are drawn at most this often, ms: ten frames a second while the chart stands still. */
const REST_MS = 100;
/** At rest a frame is followed by a pause so many times as long: a slow machine draws seldomer instead of choking. */
const REST_SHARE = 4;
const BLINK_MS = 600;
/** Below this, a chart is a phone's, pixels. */
const SMALL_PX = 500;
const VECTOR_MIN = 6;
/** Reserved at the edges, pixels: beyond them, the figures of the grid, the buttons. */
const WALL_PX = 300;
const GRID_TEXT_PX = 62;
const PAD_PX = 116;
/** A tap this near to a vessel chooses it, pixels. */
const REACH_PX = 18;
const LABEL_FONT = '12px "Noto Sans TC","Noto Sans CJK TC","Microsoft JhengHei","PingFang TC",sans-serif';
/** Text widths remembered; past this all are forgotten and measured anew. */
const MAX_WIDTHS = 5000;
/** Waters drawn around whole islands: named at their edge. */
const ENCLOSING = ['prohibited', 'restricted', 'watch'];
/** @type {Record<string, string>} names of the canvas's colours in style.css */
const TOKENS = {
  sea: '--sea', land: '--land', coast: '--coast', grid: '--grid', gridText: '--grid-text', line: '--line',
  zoneStop: '--zone-stop', zoneCare: '--zone-care', zonePort: '--zone-port', zoneLane: '--zone-lane', zoneOther: '--zone-other',
  target: '--target', targetFill: '--target-fill', lost: '--lost', alarm: '--alarm', warning: '--warning',
  selected: '--selected', chartText: '--chart-text', track: '--track',
};

export class Chart {
  /**
   * @param {HTMLElement} host @param {import('../picture.js').Picture} picture
   * @param {{choose: (mmsi: number | null) => void, moved: () => void}} tell
   */
  constructor(host, picture, tell) {
    const canvas = document.createElement('canvas');
    host.append(canvas);
    this.canvas = canvas;
    this.g = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d', { alpha: false }));
    this.ground = document.createElement('canvas');
    this.picture = picture;
    this.tell = tell;
    /** @type {import('./ground.js').Outline[]} */
    this.coast = [];
    /** @type {import('./ground.js').Zone[]} */
    this.zones = [];
    /** @type {[number, number, number, number]} */
    this.bbox = [118, 24.2, 118.75, 24.7];
    this.view = project.fit(this.bbox, 800, 600);
    /** @type {number | null} */
    this.selected = null;
    /** Past positions of the chosen vessel. @type {LonLat[]} */
    this.track = [];
    /** @type {(vessel: Vessel) => boolean} */
    this.visible = () => true;
    /** @type {Record<string, string>} */
    this.theme = {};
    this.calm = matchMedia('(prefers-reduced-motion: reduce)');
    /** @type {Map<string, number>} */
    this.widths = new Map();
    /** @type {Map<number | string, number>} */
    this.places = new Map();
    /** What the last frame held, for tests and benchmarks. */
    this.stats = { frames: 0, targets: 0, labels: 0, groundFrames: 0 };
    this.groundStale = true;
    this.pending = false;
    this.lastFrame = 0;
    /** Time the last frame took, ms. */
    this.cost = 0;
    this.sized = false;
    /** Somebody chose this view; until then it is the whole area, whatever the size. */
    this.placed = false;
    this.blinking = false;
    this.readTheme();
    this.listen();
    new ResizeObserver(() => this.resize()).observe(canvas);
    setInterval(() => this.blinking && this.invalidate(), BLINK_MS);
  }

  /** @param {any} coast @param {any} zones GeoJSON collections */
  setGround(coast, zones) {
    this.coast = coastOf(coast);
    this.zones = zonesOf(zones);
    this.invalidate(true);
  }

  readTheme() {
    const style = getComputedStyle(document.documentElement);
    this.theme = Object.fromEntries(Object.entries(TOKENS).map(([name, token]) => [name, style.getPropertyValue(token).trim()]));
    this.invalidate(true);
  }

  resize() {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (width === 0 || height === 0) return;
    const ratio = devicePixelRatio || 1;
    for (const canvas of [this.canvas, this.ground]) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
    }
    this.sized = true;
    this.view = { ...this.view, width, height };
    if (!this.placed) this.home();
    this.invalidate(true);
    this.draw();
  }

  home() {
    this.setView(project.fit(this.bbox, this.view.width, this.view.height), false);
  }

  /** @param {project.View} view @param {boolean} [placed] chosen by somebody */
  setView(view, placed = true) {
    this.view = view;
    this.placed = placed;
    this.invalidate(true, true);
    this.tell.moved();
  }

  /** Brings a place to the middle of what is free. @param {LonLat} point @param {number} insetLeft pixels covered at the left */
  goTo(point, insetLeft) {
    const scale = Math.max(this.view.scale, project.fit(this.bbox, this.view.width, this.view.height).scale * 3);
    const next = { ...this.view, scale, cx: point[0], cy: project.mercatorY(point[1]) };
    this.setView(project.pan(next, insetLeft / 2, 0));
  }

  /** About the chosen vessel while it is in view, else about the middle. @param {number} factor */
  zoom(factor) {
    const { width, height } = this.view;
    const position = this.selected === null ? null : this.picture.vessels.get(this.selected)?.position;
    const [x, y] = position ? project.toScreen(this.view, position) : [-1, -1];
    const inside = x >= 0 && y >= 0 && x <= width && y <= height;
    this.setView(project.zoomAbout(this.view, factor, inside ? x : width / 2, inside ? y : height / 2));
  }

  /** @param {number} right @param {number} down in steps of an eighth of the chart */
  step(right, down) {
    this.setView(project.pan(this.view, (-right * this.view.width) / 8, (-down * this.view.height) / 8));
  }

  /** Draws soon. @param {boolean} [ground] the ground too @param {boolean} [now] at the next frame, for a hand on the chart */
  invalidate(ground = false, now = false) {
    this.groundStale ||= ground;
    if (this.pending && !now) return;
    if (this.timer) clearTimeout(this.timer);
    if (this.frame) cancelAnimationFrame(this.frame);
    this.pending = true;
    const rest = Math.max(REST_MS, this.cost * REST_SHARE);
    const wait = now ? 0 : Math.max(0, this.lastFrame + rest - performance.now());
    const request = () => {
      this.frame = requestAnimationFrame(() => this.draw());
    };
    if (wait > 0) this.timer = setTimeout(request, wait);
    else request();
  }

  draw() {
    this.pending = false;
    if (!this.sized) return;
    this.lastFrame = performance.now();
    const { g, view } = this;
    const ratio = this.canvas.width / view.width;
    if (this.groundStale) {
      const under = /** @type {CanvasRenderingContext2D} */ (this.ground.getContext('2d', { alpha: false }));
      under.setTransform(ratio, 0, 0, ratio, 0, 0);
      drawGround(under, view, this.theme, this.coast, this.zones);
      this.groundStale = false;
      this.stats.groundFrames += 1;
    }
    g.setTransform(1, 0, 0, 1, 0, 0);
    g.drawImage(this.ground, 0, 0);
    g.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.drawPicture();
    drawGridText(g, view, this.theme);
    this.drawScale();
    this.cost = performance.now() - this.lastFrame;
    this.stats.frames += 1;
  }

  /** @returns {number} symbols are smaller on a small chart */
  size() {
    return Math.min(this.view.width, this.view.height) < SMALL_PX ? 0.7 : 1;
  }

  drawPicture() {
    const { g, view, theme } = this;
    const taken = new Taken();
    const wishes = [];
    const drawn = this.shown();
    const size = this.size();
    const beat = Math.floor(performance.now() / BLINK_MS) % 2 === 0;
    this.drawTrack();
    this.drawVectors(drawn);
    this.blinking = false;
    for (const { vessel, x, y, alert, r } of drawn) {
      g.save();
      g.translate(x, y);
      g.save();
      g.scale(size, size);
      drawVessel(g, theme, vessel, alert, 1 / project.metresPerPixel(view, vessel.position?.[1] ?? 0) / size);
      g.restore();
      if (alert) this.drawAlerted(alert, r, beat);
      if (vessel.mmsi === this.selected) brackets(g, theme, r + 9);
      g.restore();
      const reach = r + (alert ? 7 : 1);
      taken.add(x - reach, y - reach, 2 * reach, 2 * reach);
      if (alert) taken.add(x + r, y - r - 18, 18, 18);
      if (this.named(vessel, alert)) wishes.push(this.wish(vessel, x, y, alert ? r + 6 : r, alert));
    }
    this.drawLabels(wishes, taken);
    this.stats.targets = drawn.length;
  }

  /** @returns {{vessel: Vessel, x: number, y: number, r: number, alert: import('../picture.js').Alerted | undefined}[]} alerted last, on top */
  shown() {
    const { view } = this;
    const size = this.size();
    /** @type {ReturnType<Chart['shown']>} */
    const found = [];
    for (const vessel of this.picture.vessels.values()) {
      if (!vessel.position || !this.visible(vessel)) continue;
      const [x, y] = project.toScreen(view, vessel.position);
      if (x < -40 || y < -40 || x > view.width + 40 || y > view.height + 40) continue;
      const alert = this.picture.alerted.get(vessel.mmsi);
      found.push({ vessel, x, y, alert, r: radius(vessel, alert !== undefined) * size });
    }
    /** @param {ReturnType<Chart['shown']>[0]} one */
    const height = (one) => (one.vessel.mmsi === this.selected ? 9 : inDistress(one.vessel) ? 8 : one.alert ? 7 - one.alert.rank : 0);
    return found.sort((a, b) => height(a) - height(b));
  }

  /** A ring about an alerted vessel, flashing until acknowledged (dashed where motion is unwelcome), and its priority's shape. @param {import('../picture.js').Alerted} alert @param {number} r @param {boolean} beat */
  drawAlerted(alert, r, beat) {
    const { g, theme } = this;
    const calm = this.calm.matches;
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
    g.save();
    g.translate(r + 9, -r - 9);
    drawPriority(g, theme, alert);
    g.restore();
  }

  /** All vectors in one path: a dashed stroke each would cost more than the symbols. @param {{vessel: Vessel, x: number, y: number}[]} drawn */
  drawVectors(drawn) {
    const { g } = this;
    g.beginPath();
    for (const { vessel, x, y } of drawn) {
      const { sog_kn: sog, cog_deg: cog, nav_status: status, position } = vessel;
      if (!position || sog === null || cog === null || sog <= STILL_KN || status === 1 || status === 5 || vessel.state === 'lost') continue;
      const [tx, ty] = project.toScreen(this.view, project.ahead(position, cog, sog, VECTOR_MIN));
      g.moveTo(x, y);
      g.lineTo(tx, ty);
    }
    g.strokeStyle = this.theme.target;
    g.lineWidth = 1.25;
    g.setLineDash([5, 4]);
    g.stroke();
    g.setLineDash([]);
  }

  drawTrack() {
    const { g, view } = this;
    g.fillStyle = this.theme.track;
    for (const point of this.track) {
      const [x, y] = project.toScreen(view, point);
      g.beginPath();
      g.arc(x, y, 2, 0, 2 * Math.PI);
      g.fill();
    }
  }

  /** @param {Vessel} vessel @param {import('../picture.js').Alerted | undefined} alert @returns {boolean} */
  named(vessel, alert) {
    return Boolean(alert) || vessel.mmsi === this.selected || inDistress(vessel) || (vessel.kind === 'ship' && !sleeping(vessel));
  }

  /** @param {string} text @returns {number} */
  width(text) {
    const known = this.widths.get(text);
    if (known !== undefined) return known;
    if (this.widths.size >= MAX_WIDTHS) this.widths.clear();
    this.g.font = LABEL_FONT;
    const width = this.g.measureText(text).width;
    this.widths.set(text, width);
    return width;
  }

  /** @param {Vessel} vessel @param {number} x @param {number} y @param {number} r @param {import('../picture.js').Alerted | undefined} alert */
  wish(vessel, x, y, r, alert) {
    const text = plain(nameOf(vessel, language())) || mmsiText(vessel.mmsi);
    const urgency = vessel.mmsi === this.selected ? 0 : inDistress(vessel) ? 1 : alert ? 2 + alert.rank : 8;
    const rank = urgency < 8 ? urgency : vessel.class === 'ferry' ? 8 : 9 + 1 / (1 + (vessel.length_m ?? 0)) + 1;
    return { id: vessel.mmsi, x, y, r, w: this.width(text) + 2, h: 15, rank, text, bold: urgency < 8 };
  }

  /** Edges, figures of the grid and buttons: no name goes there. @param {Taken} taken */
  reserve(taken) {
    const { width, height } = this.view;
    taken.add(-WALL_PX, 0, WALL_PX, height);
    taken.add(width - GRID_TEXT_PX, 0, WALL_PX, height);
    taken.add(0, 0, width, 20);
    taken.add(0, height - 30, width, 30);
    taken.add(width - PAD_PX, height - PAD_PX - 30, PAD_PX, PAD_PX);
  }

  /** Names of vessels first, then of zones where room is left. @param {any[]} wishes @param {Taken} taken */
  drawLabels(wishes, taken) {
    const { g, theme } = this;
    this.reserve(taken);
    const zones = this.zoneWishes();
    const all = new Map([...wishes, ...zones].map((wish) => [wish.id, wish]));
    const placed = placeLabels(wishes, taken, this.places);
    const named = new Set();
    for (const wish of zones) {
      if (named.has(wish.zone)) continue;
      const [label] = placeLabels([wish], taken, this.places);
      if (label) placed.push(label) && named.add(wish.zone);
    }
    this.places = new Map(placed.map(({ id, place }) => [id, place]));
    g.font = LABEL_FONT;
    g.textBaseline = 'middle';
    g.lineJoin = 'round';
    for (const { id, x, y, h } of placed) {
      const { text, colour } = all.get(id);
      g.strokeStyle = theme.sea;
      g.lineWidth = 3.5;
      g.strokeText(text, x + 1, y + h / 2);
      g.fillStyle = theme[colour ?? 'chartText'];
      g.fillText(text, x + 1, y + h / 2);
    }
    this.stats.labels = placed.length;
  }

  zoneWishes() {
    const { view } = this;
    /** @type {any[]} */
    const wishes = [];
    for (const { id, kind, name, outline, area } of this.zones) {
      const text = plain(pick(name)).replace(/\s*[（(].*$/, '');
      const w = this.width(text) + 2;
      const across = Math.max(outline.east - outline.west, outline.north - outline.south) * view.scale;
      if (!text || (kind !== 'mark' && across < w * 0.9) || (kind === 'mark' && view.scale < 3000)) continue;
      const edge = ENCLOSING.includes(kind);
      const points = edge ? corners(outline) : [anchor(outline, area)];
      points.forEach(([lon, y], at) => {
        const sx = view.width / 2 + (lon - view.cx) * view.scale;
        const sy = view.height / 2 - (y - view.cy) * view.scale;
        if (sx < 0 || sy < 0 || sx > view.width || sy > view.height) return;
        wishes.push({ id: `zone ${id} ${at}`, zone: id, x: sx, y: sy, r: edge || !area ? 4 : -w / 2, w, h: 15, rank: 9, text, colour: 'gridText' });
      });
    }
    return wishes;
  }

  drawScale() {
    const { g, view, theme } = this;
    const [, lat] = project.toLonLat(view, view.width / 2, view.height / 2);
    const { text, px } = project.scaleBar(project.metresPerPixel(view, lat), Math.min(160, view.width / 3));
    const x = view.width - px - 70;
    const y = view.height - 14;
    g.strokeStyle = theme.sea;
    g.lineWidth = 5;
    for (const pass of [0, 1]) {
      g.beginPath();
      g.moveTo(x, y - 6);
      g.lineTo(x, y);
      g.lineTo(x + px, y);
      g.lineTo(x + px, y - 6);
      g.stroke();
      g.strokeStyle = theme.chartText;
      g.lineWidth = 2 - pass;
    }
    g.font = LABEL_FONT;
    g.textBaseline = 'alphabetic';
    g.textAlign = 'center';
    g.strokeStyle = theme.sea;
    g.lineWidth = 3.5;
    g.strokeText(text, x + px / 2, y - 6);
    g.fillStyle = theme.chartText;
    g.fillText(text, x + px / 2, y - 6);
    g.textAlign = 'start';
  }

  /** @param {number} x @param {number} y @returns {number | null} the vessel in reach, the nearest */
  at(x, y) {
    let best = null;
    let least = REACH_PX;
    for (const { vessel, x: vx, y: vy } of this.shown()) {
      const distance = Math.hypot(vx - x, vy - y);
      if (distance <= least) {
        least = distance;
        best = vessel.mmsi;
      }
    }
    return best;
  }

  listen() {
    const { canvas } = this;
    /** Pointers that are down, by id. @type {Map<number, [number, number]>} */
    const down = new Map();
    let moved = 0;
    /** @param {PointerEvent | WheelEvent} event @returns {[number, number]} */
    const local = (event) => {
      const box = canvas.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top];
    };
    canvas.addEventListener('pointerdown', (event) => {
      canvas.setPointerCapture(event.pointerId);
      if (down.size === 0) moved = 0;
      down.set(event.pointerId, local(event));
    });
    canvas.addEventListener('pointermove', (event) => {
      const from = down.get(event.pointerId);
      const to = local(event);
      if (!from) {
        canvas.style.cursor = this.at(...to) === null ? 'grab' : 'pointer';
        return;
      }
      moved += Math.hypot(to[0] - from[0], to[1] - from[1]);
      down.set(event.pointerId, to);
      const other = [...down].find(([id]) => id !== event.pointerId)?.[1];
      if (other) this.pinch(from, to, other);
      else if (moved > 4) this.setView(project.pan(this.view, to[0] - from[0], to[1] - from[1]));
    });
    const up = (/** @type {PointerEvent} */ event) => {
      const chosen = down.delete(event.pointerId) && down.size === 0 && moved <= 4 && event.type === 'pointerup';
      if (chosen) this.tell.choose(this.at(...local(event)));
    };
    canvas.addEventListener('pointerup', up);
    canvas.addEventListener('pointercancel', up);
    canvas.addEventListener(
      'wheel',
      (event) => {
        event.preventDefault();
        const lines = event.deltaMode === 1 ? 16 : 1;
        this.setView(project.zoomAbout(this.view, Math.exp(-event.deltaY * lines * 0.0018), ...local(event)));
      },
      { passive: false },
    );
  }

  /** @param {[number, number]} from @param {[number, number]} to @param {[number, number]} other the resting finger */
  pinch(from, to, other) {
    const before = Math.hypot(from[0] - other[0], from[1] - other[1]);
    const after = Math.hypot(to[0] - other[0], to[1] - other[1]);
    if (before > 0) this.setView(project.zoomAbout(this.view, after / before, ...other));
  }
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

/** Where a zone's name stands: the middle of an area, the middle vertex of a line. @param {import('./ground.js').Outline} outline @param {boolean} area @returns {[number, number]} */
function anchor(outline, area) {
  if (area) return [(outline.west + outline.east) / 2, (outline.south + outline.north) / 2];
  const flat = outline.lines[0];
  const middle = Math.floor(flat.length / 4) * 2;
  return [flat[middle], flat[middle + 1]];
}
