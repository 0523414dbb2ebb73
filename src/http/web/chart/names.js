// Names of vessels and zones: placed when something calls for it, drawn with every frame where their owners are then.

import { plain, mmsiText } from '../format.js';
import { language } from '../i18n.js';
import { nameOf, sleeping } from '../order.js';
import { Bitmaps } from './bitmaps.js';
import { FIGURES_PX, FOOT_PX, TOP_PX } from './furniture.js';
import { corner, placeLabels, Taken } from './labels.js';
import { settle } from './projection.js';
import { HALO_PX, LABEL_FONT, LABEL_PX } from './theme.js';
import { anchorsOf, MARK_SCALE, roomFor, zoneText } from './zone_names.js';

/** @typedef {import('./projection.js').View} View */
/** @typedef {import('./targets.js').Target} Target */
/** @typedef {import('./projection.js').Anchor} Anchor */
/** @typedef {{id: number | string, owner: Anchor, target: Target | null, text: string, colour: 'chartText' | 'gridText', x: number, y: number, r: number, w: number, h: number, rank: number}} Wish */
/** @typedef {{wish: Wish, place: number, picture: import('./bitmaps.js').Picture}} Name */

/** Placed anew at most this often while the chart moves and the vessels with it, ms. */
const PLACE_MS = 300;
/** Names kept as pictures. */
const MAX_NAMES = 1500;
/** Text widths remembered; past this all are forgotten and measured anew. */
const MAX_WIDTHS = 5000;
/** Ranks of wishes: below FERRY are the urgent; an ordinary one adds a share of 1 that falls with its length. */
const ALERTED = 2;
const FERRY = 8;
const ORDINARY = 9;
const ZONE = 11;
const MAX_LENGTH_M = 500;

export class Names {
  /** @param {import('./chart.js').Chart} chart */
  constructor(chart) {
    this.chart = chart;
    this.bitmaps = new Bitmaps(MAX_NAMES);
    /** @type {Map<string, number>} */
    this.widths = new Map();
    /** @type {Map<number | string, number>} */
    this.places = new Map();
    /** @type {Name[]} */
    this.placed = [];
    this.ratio = 1;
    this.language = language();
    this.scale = 0;
    this.placedAt = -Infinity;
    this.pen = /** @type {CanvasRenderingContext2D} */ (document.createElement('canvas').getContext('2d'));
  }

  /** The colours changed. */
  forget() {
    this.bitmaps.clear();
    this.stale();
  }

  /** To be placed with the next frame. */
  stale() {
    this.placedAt = -Infinity;
  }

  /** @param {View} view @param {number} ratio @param {Target[]} drawn */
  prepare(view, ratio, drawn) {
    if (this.ratio !== ratio) this.bitmaps.clear();
    this.ratio = ratio;
    const now = performance.now();
    if (now - this.placedAt < PLACE_MS && this.scale === view.scale && this.language === language()) return;
    this.placedAt = now;
    this.scale = view.scale;
    this.language = language();
    if (this.bitmaps.full) this.bitmaps.clear();
    this.place(view, drawn);
  }

  /** The urgent first, over other symbols if need be, then vessels, then zones where room is left. @param {View} view @param {Target[]} drawn */
  place(view, drawn) {
    const wishes = drawn.filter((target) => this.named(target)).map((target) => this.wish(target));
    const zones = this.chart.layers.zones ? this.zoneWishes(view) : [];
    const taken = reserved(this.chart.host, view);
    occupy(taken, drawn.filter(({ alert }) => alert));
    const placed = placeLabels(wishes.filter(({ rank }) => rank < FERRY), taken, this.places);
    occupy(taken, drawn.filter(({ alert }) => !alert));
    placed.push(...placeLabels(wishes.filter(({ rank }) => rank >= FERRY), taken, this.places));
    for (const choice of zones) placed.push(...first(choice, (wish) => placeLabels([wish], taken, this.places)));
    this.places = new Map(placed.map(({ id, place }) => [id, place]));
    const all = new Map([...wishes, ...zones.flat()].map((wish) => [wish.id, wish]));
    this.placed = placed.map(({ id, place }) => {
      const wish = /** @type {Wish} */ (all.get(id));
      return { wish, place, picture: this.picture(wish) };
    });
  }

  /** @param {Target} target @returns {boolean} the urgent always; of others what moves, and aids once the chart is close */
  named({ vessel, alert, look }) {
    if (alert || vessel.mmsi === this.chart.selected || look.form === 'beacon') return true;
    if (!this.chart.layers.labels || look.form === 'station') return false;
    return look.form === 'aid' || look.form === 'virtual' ? this.scale >= MARK_SCALE : !sleeping(vessel);
  }

  /** @param {Target} target @returns {Wish} */
  wish(target) {
    const { vessel, alert, x, y, r } = target;
    const { text, width } = this.nameOf(target);
    const size = 1 - Math.min(vessel.length_m ?? 0, MAX_LENGTH_M) / MAX_LENGTH_M;
    const ordinary = vessel.class === 'ferry' ? FERRY : ORDINARY + size;
    const rank = vessel.mmsi === this.chart.selected ? 0 : target.look.form === 'beacon' ? 1 : alert ? ALERTED + alert.rank : ordinary;
    return { id: vessel.mmsi, owner: target, target, text, colour: 'chartText', x, y, r: alert ? r + 6 : r, w: width + 2, h: LABEL_PX, rank };
  }

  /** @param {Target} target @returns {NonNullable<Target['name']>} */
  nameOf(target) {
    if (target.name?.language === this.language) return target.name;
    const text = plain(nameOf(target.vessel, this.language)) || mmsiText(target.vessel.mmsi);
    target.name = { text, width: this.width(text), language: this.language };
    return target.name;
  }

  /** @param {View} view @returns {Wish[][]} the places in view of each zone that has room for its name */
  zoneWishes(view) {
    return this.chart.zones.map((zone) => {
      const text = zoneText(zone);
      const w = this.width(text) + 2;
      if (!text || !roomFor(zone, w, view.scale)) return [];
      const { anchors, beside } = anchorsOf(zone);
      return anchors.flatMap((owner, at) => {
        const { x, y } = settle(owner, view);
        if (x < 0 || y < 0 || x > view.width || y > view.height) return [];
        return [{ id: `zone ${zone.id} ${at}`, owner, target: null, text, colour: /** @type {const} */ ('gridText'), x, y, r: beside ? 4 : -w / 2, w, h: LABEL_PX, rank: ZONE }];
      });
    });
  }

  /** @param {string} text @returns {number} pixels */
  width(text) {
    const known = this.widths.get(text);
    if (known !== undefined) return known;
    if (this.widths.size >= MAX_WIDTHS) this.widths.clear();
    this.pen.font = LABEL_FONT;
    const { width } = this.pen.measureText(text);
    this.widths.set(text, width);
    return width;
  }

  /** @param {Wish} wish @returns {Name['picture']} */
  picture({ text, colour, w, h }) {
    const { ratio } = this;
    return this.bitmaps.get(`${colour} ${text}`, Math.ceil((w + HALO_PX) * ratio), Math.ceil((h + HALO_PX) * ratio), (g) => {
      g.scale(ratio, ratio);
      write(g, this.chart.theme, text, colour);
    });
  }

  /** @param {number} x @param {number} y @returns {Target | null} whose name is there */
  at(x, y) {
    for (const { wish, place } of this.placed) {
      const [left, top] = corner({ ...wish, x: wish.owner.x, y: wish.owner.y }, place);
      if (x >= left && x <= left + wish.w && y >= top && y <= top + wish.h) return wish.target;
    }
    return null;
  }

  /** @param {CanvasRenderingContext2D} g @param {View} view @param {number} ratio */
  draw(g, view, ratio) {
    g.resetTransform();
    for (const { wish, place, picture } of this.placed) {
      const { x, y } = settle(wish.owner, view);
      const [left, top] = corner({ ...wish, x, y }, place);
      g.drawImage(picture.image, Math.round((left - HALO_PX / 2) * ratio), Math.round((top - HALO_PX / 2) * ratio));
    }
  }
}

/** @param {HTMLElement} host @param {View} view @returns {Taken} edges, figures of the graticule, and what of the page lies over the chart: no name goes there */
function reserved(host, { width, height }) {
  const taken = new Taken(width, height);
  taken.add(width - FIGURES_PX, 0, FIGURES_PX, height);
  taken.add(0, 0, width, TOP_PX);
  taken.add(0, height - FOOT_PX, width, FOOT_PX);
  const chart = host.getBoundingClientRect();
  for (const other of host.parentElement?.children ?? []) {
    const box = other.getBoundingClientRect();
    if (other !== host) taken.add(box.left - chart.left, box.top - chart.top, box.width, box.height);
  }
  return taken;
}

/** @param {Taken} taken @param {Target[]} targets their symbols, and the shapes of their alerts */
function occupy(taken, targets) {
  for (const { x, y, r, alert } of targets) {
    const half = r + (alert ? 7 : 1);
    taken.add(x - half, y - half, 2 * half, 2 * half);
    if (alert) taken.add(x + r, y - r - 18, 18, 18);
  }
}

/** @template A, B @param {A[]} choice @param {(one: A) => B[]} attempt @returns {B[]} what the first attempt that is not in vain gives */
function first(choice, attempt) {
  for (const one of choice) {
    const found = attempt(one);
    if (found.length > 0) return found;
  }
  return [];
}

/** @param {OffscreenCanvasRenderingContext2D} g @param {import('./theme.js').Theme} theme @param {string} text @param {'chartText' | 'gridText'} colour */
function write(g, theme, text, colour) {
  const [x, y] = [HALO_PX / 2 + 1, HALO_PX / 2 + LABEL_PX / 2];
  g.font = LABEL_FONT;
  g.textBaseline = 'middle';
  g.lineJoin = 'round';
  g.strokeStyle = theme.sea;
  g.lineWidth = HALO_PX;
  g.strokeText(text, x, y);
  g.fillStyle = theme[colour];
  g.fillText(text, x, y);
}
