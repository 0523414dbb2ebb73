// The card of the chosen vessel: every datum with its age and where it came from, a dash for what is missing.

import { get } from './api.js';
import { byId, h, shape, write } from './dom.js';
import * as show from './format.js';
import { language, pick, t, units, word } from './i18n.js';
import { compareAlerts, nameOf, rank, unacknowledged } from './order.js';
import { PRIORITY_SHAPES } from './chart/symbols.js';

/** @typedef {import('./order.js').Vessel} Vessel */
/** What the vessel's own page adds: age and origin of each datum, and who hears it. */
/** @typedef {{data?: Record<string, {time: string, feed?: string, source?: string}>, heard_by?: {feed: string, source: string | null, reports: number, last: string}[]}} Detail */

/** The detail is asked for again this often, ms. */
const DETAIL_MS = 5000;

/** Rows of the card: field, its words, and by which stamp it ages when the detail says nothing. @type {[string, (v: Vessel) => string, 'position_time' | 'static_time' | null][]} */
const ROWS = [
  ['nav_status', (v) => (v.nav_status === null ? show.NONE : word('nav', v.nav_status)), 'position_time'],
  ['sog_kn', (v) => show.number(v.sog_kn, 1, 'kn'), 'position_time'],
  ['cog_deg', (v) => (v.cog_deg === null ? show.NONE : `${v.cog_deg.toFixed(1).padStart(5, '0')}°`), 'position_time'],
  ['heading_deg', (v) => show.bearing(v.heading_deg), 'position_time'],
  ['rot_deg_min', (v) => show.number(v.rot_deg_min, 1, '°/min'), 'position_time'],
  ['position', (v) => show.position(v.position), 'position_time'],
  ['draught_m', (v) => show.number(v.draught_m, 1, 'm'), 'static_time'],
  ['destination', (v) => show.orNone(v.destination), 'static_time'],
  ['eta', (v) => show.eta(v.eta), 'static_time'],
  ['size', (v) => (v.length_m ? `${show.number(v.length_m, 0)} × ${show.number(v.beam_m, 0, 'm')}` : show.NONE), 'static_time'],
  ['class', (v) => word('class', v.class), null],
  ['ship_type', (v) => show.number(v.ship_type, 0), 'static_time'],
  ['name', (v) => show.orNone(v.name), 'static_time'],
  ['name_zh', (v) => show.orNone(v.name_zh), null],
  ['call_sign', (v) => show.orNone(v.call_sign), 'static_time'],
  ['mmsi', (v) => show.mmsiText(v.mmsi), null],
  ['imo', (v) => show.number(v.imo, 0), 'static_time'],
  ['flag', (v) => flag(v.flag), null],
  ['ais_class', (v) => show.orNone(v.ais_class), null],
];
/** Names under which the server may keep a row's stamp. @type {Record<string, string[]>} */
const STAMPS = { size: ['dims_m', 'length_m', 'dimensions'] };

export class Card {
  /**
   * @param {import('./picture.js').Picture} picture
   * @param {{now: () => number, zone: (id: string) => string, stamp: (ms: number) => string, close: () => void, show: () => void, alert: (alert: import('./order.js').Alert) => void}} page
   */
  constructor(picture, page) {
    this.picture = picture;
    this.page = page;
    this.node = byId('card');
    /** @type {number | null} */
    this.mmsi = null;
    /** @type {Vessel | null} */
    this.last = null;
    /** @type {Detail} */
    this.detail = {};
    byId('card-close').addEventListener('click', () => page.close());
    byId('card-show').addEventListener('click', () => page.show());
    this.rows = new Map(ROWS.map(([field]) => [field, this.makeRow(field)]));
    this.words();
    setInterval(() => this.fetchDetail(), DETAIL_MS);
  }

  /** @param {string} field */
  makeRow(field) {
    const name = h('th', { scope: 'row' });
    const value = h('td', { class: 'value' }, h('bdi'));
    const age = h('td', { class: 'age' });
    byId('card-rows').append(h('tr', { data: { field } }, name, value, age));
    return { name, value: /** @type {HTMLElement} */ (value.firstElementChild), age };
  }

  /** Labels, after a change of language. */
  words() {
    for (const [field, row] of this.rows) write(row.name, t(`field.${field}`));
  }

  /** @param {number | null} mmsi */
  open(mmsi) {
    this.mmsi = mmsi;
    this.detail = {};
    this.last = null;
    this.node.hidden = mmsi === null;
    this.node.scrollTop = 0;
    this.update();
    this.fetchDetail();
  }

  async fetchDetail() {
    const { mmsi } = this;
    if (mmsi === null || document.hidden) return;
    try {
      const detail = await get(`/vessels/${mmsi}`);
      if (this.mmsi === mmsi) {
        this.detail = detail;
        this.update();
      }
    } catch {
      // The card lives by the stream; the detail only adds to it.
    }
  }

  update() {
    if (this.mmsi === null) return;
    const current = this.picture.vessels.get(this.mmsi);
    const vessel = current ?? this.last;
    byId('card-gone').hidden = current !== undefined;
    if (!vessel) {
      write(byId('card-name'), show.mmsiText(this.mmsi));
      return;
    }
    this.last = vessel;
    write(byId('card-name'), show.plain(nameOf(vessel, language())));
    byId('card-sim').hidden = !vessel.simulated;
    byId('card-lost').hidden = vessel.state !== 'lost';
    for (const [field, words, stamp] of ROWS) {
      const row = this.rows.get(field);
      if (!row) continue;
      const text = words(vessel);
      write(row.value, text);
      const known = [field, ...(STAMPS[field] ?? [])].map((name) => this.detail.data?.[name]).find(Boolean);
      const time = newest(known?.time, stamp === 'position_time' ? vessel[stamp] : null) ?? (stamp ? vessel[stamp] : null);
      write(row.age, text === show.NONE ? '' : this.age(time));
      row.age.title = known ? [known.feed, known.source].filter(Boolean).map(show.plain).join(' / ') : '';
    }
    this.lower(vessel);
  }

  /** @param {string | null | undefined} time @returns {string} */
  age(time) {
    return time ? show.duration(show.ageSeconds(time, this.page.now()), units()) : '';
  }

  /** Zones, origin, hearers and alerts below the table. @param {Vessel} vessel */
  lower(vessel) {
    write(byId('card-zones'), vessel.zones.map(this.page.zone).join(language() === 'zh' ? '、' : ', ') || show.NONE);
    write(byId('card-origin'), [vessel.feed, vessel.source].filter(Boolean).map(show.plain).join(' / ') || show.NONE);
    const heard = this.detail.heard_by ?? [];
    const hearers = heard.map(({ feed, source, reports, last }) => `${[feed, source].filter(Boolean).map(show.plain).join(' / ')}（${t('heard', { n: reports })}，${this.age(last)}）`);
    write(byId('card-heard'), hearers.map((line) => (language() === 'zh' ? line : line.replace('（', ' (').replace('，', ', ').replace('）', ')'))).join('\n') || show.NONE);
    write(byId('card-first'), vessel.first_heard ? this.page.stamp(Date.parse(vessel.first_heard)) : show.NONE);
    const alerts = [...this.picture.alerts.values()].filter((a) => a.mmsi === vessel.mmsi || a.other_mmsi === vessel.mmsi).sort(compareAlerts);
    const key = JSON.stringify([language(), alerts.map((a) => [a.alert, a.state, a.priority])]);
    const list = byId('card-alerts');
    byId('card-alerts-part').hidden = alerts.length === 0;
    if (list.dataset.key === key) return;
    list.dataset.key = key;
    list.replaceChildren(
      ...alerts.map((alert) =>
        h('li', { class: `${alert.priority} ${alert.state}` },
          shape(PRIORITY_SHAPES[Math.min(rank(alert), 3)], alert.priority, !unacknowledged(alert)),
          h('button', { type: 'button', on: { click: () => this.page.alert(alert) }, text: `${word('priority', alert.priority)}\u2002${show.plain(pick(alert.message))}` }))),
    );
  }
}

/** @param {string | null | undefined} a @param {string | null | undefined} b @returns {string | null} the stream may be ahead of the detail */
function newest(a, b) {
  if (!a) return null;
  return b && Date.parse(b) > Date.parse(a) ? b : a;
}

/** @param {string | null} code two letters of ISO 3166 @returns {string} the country's name in the page's language */
function flag(code) {
  if (!code) return show.NONE;
  const clean = show.plain(code);
  if (!/^[A-Za-z]{2}$/.test(clean)) return clean;
  try {
    const names = new Intl.DisplayNames([language() === 'zh' ? 'zh-Hant-TW' : 'en'], { type: 'region' });
    return `${names.of(clean.toUpperCase())} (${clean.toUpperCase()})`;
  } catch {
    return clean;
  }
}
