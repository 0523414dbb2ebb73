// The card of the chosen vessel: every datum with its age and who heard it, a dash for what is missing.

import { html, nothing, render } from '../vendor/lit.js';
import { explain, get } from '../api.js';
import { byId } from '../dom.js';
import * as show from '../format.js';
import { country, language, pick, t, word } from '../i18n.js';
import { compareAlerts, nameOf } from '../order.js';
import { explanation } from './explanation.js';
import { priorityIcon, said } from './parts.js';

/** @typedef {import('../shapes.js').Vessel} Vessel */
/** @typedef {import('../shapes.js').Detail} Detail */
/** @typedef {import('./parts.js').Part} Part */

/** The detail is asked for again this often, ms. */
const DETAIL_MS = 5000;

/** Rows of the card: field, its words, the datum whose age and hearer it has, and the vessel's own time of it. @type {[string, (v: Vessel) => string, string | null, 'position_time' | 'static_time' | null][]} */
const ROWS = [
  ['nav_status', (v) => (v.nav_status === null ? show.NONE : word('nav', v.nav_status)), 'nav_status', 'position_time'],
  ['sog_kn', (v) => show.number(v.sog_kn, 1, 'kn'), 'sog_kn', 'position_time'],
  ['cog_deg', (v) => (v.cog_deg === null ? show.NONE : `${v.cog_deg.toFixed(1).padStart(5, '0')}°`), 'cog_deg', 'position_time'],
  ['heading_deg', (v) => show.bearing(v.heading_deg), 'heading_deg', 'position_time'],
  ['rot_deg_min', (v) => show.number(v.rot_deg_min, 1, '°/min'), 'rot_deg_min', 'position_time'],
  ['position', (v) => show.position(v.position), 'position', 'position_time'],
  ['draught_m', (v) => show.number(v.draught_m, 1, 'm'), 'draught_m', 'static_time'],
  ['destination', (v) => show.orNone(v.destination), 'destination', 'static_time'],
  ['eta', (v) => show.eta(v.eta), 'eta', 'static_time'],
  ['size', (v) => (v.length_m ? `${show.number(v.length_m, 0)} × ${show.number(v.beam_m, 0, 'm')}` : show.NONE), 'dims_m', 'static_time'],
  ['class', (v) => word('class', v.class), null, null],
  ['ship_type', (v) => show.number(v.ship_type, 0), 'ship_type', 'static_time'],
  ['name', (v) => show.orNone(v.name), 'name', 'static_time'],
  ['name_zh', (v) => show.orNone(v.name_zh), null, null],
  ['call_sign', (v) => show.orNone(v.call_sign), 'call_sign', 'static_time'],
  ['mmsi', (v) => show.mmsiText(v.mmsi), null, null],
  ['imo', (v) => show.number(v.imo, 0), 'imo', 'static_time'],
  ['flag', (v) => (v.flag ? `${country(v.flag, language())} (${v.flag})` : show.NONE), null, null],
  ['ais_class', (v) => show.orNone(v.ais_class), null, null],
  ['kind', (v) => word('vessel.kind', v.kind), null, null],
];

export class Card {
  /** @param {import('../page.js').Page} page @param {{shown: () => boolean, toggle: () => void}} track of the chosen vessel on the chart */
  constructor(page, track) {
    this.page = page;
    this.track = track;
    this.node = byId('card');
    /** @type {number | null} */
    this.mmsi = null;
    /** As it was last in the picture. @type {Vessel | null} */
    this.last = null;
    /** @type {Detail | null} */
    this.detail = null;
    /** @type {import('../shapes.js').Explanation[] | null} */
    this.why = null;
    this.failure = '';
    setInterval(() => this.fetchDetail(), DETAIL_MS);
  }

  /** @param {number | null} mmsi */
  open(mmsi) {
    if (this.mmsi === mmsi) return;
    Object.assign(this, { mmsi, detail: null, last: null, why: null, failure: '' });
    this.node.hidden = mmsi === null;
    this.node.scrollTop = 0;
    this.update();
    this.fetchDetail();
  }

  async fetchDetail() {
    const { mmsi } = this;
    if (mmsi === null || document.hidden || this.page.past) return;
    try {
      const detail = await get(`/vessels/${mmsi}`);
      if (this.mmsi !== mmsi) return;
      this.detail = detail;
      this.update();
    } catch {
      // The card lives by the stream; the detail only adds to it.
    }
  }

  async ask() {
    const { mmsi } = this;
    if (mmsi === null) return;
    try {
      this.why = this.why ? null : await explain(mmsi);
      this.failure = '';
    } catch (error) {
      this.failure = t('why.failed', { why: /** @type {Error} */ (error).message });
    }
    this.update();
  }

  update() {
    if (this.mmsi === null) return;
    // What the server says beside the stream is of now.
    if (this.page.past) this.detail = null;
    const current = this.page.shown.vessels.get(this.mmsi);
    this.last = current ?? this.last;
    render(this.whole(this.mmsi, this.last, current === undefined), this.node);
  }

  /** @param {number} mmsi @param {Vessel | null} vessel @param {boolean} gone @returns {Part} */
  whole(mmsi, vessel, gone) {
    const { acts } = this.page;
    return html`<header>
        <h2 id="card-name">${vessel ? said(nameOf(vessel, language())) : show.mmsiText(mmsi)}</h2>
        <span class="tags">${vessel?.state === 'lost' ? html`<span class="tag lost">${t('vessel.lost')}</span>` : nothing}${vessel?.simulated ? html`<span class="tag sim">${t('simulated.one')}</span>` : nothing}</span>
        <button type="button" id="card-show" aria-label=${t('card.show')} title=${t('card.show')} @click=${() => acts.show(mmsi)}>◎</button>
        <button type="button" id="card-close" aria-label=${t('card.close')} title=${t('card.close')} @click=${() => acts.choose(null)}>✕</button>
      </header>
      ${gone ? html`<p class="failure">${t('card.gone')}</p>` : nothing}
      ${vessel ? this.body(vessel) : nothing}`;
  }

  /** @param {Vessel} vessel @returns {Part} */
  body(vessel) {
    const hearers = hearersOf(this.detail);
    return html`<p class="row-actions">
        <button type="button" aria-pressed=${String(this.track.shown())} @click=${() => this.track.toggle()}>${t('tool.tracks')}</button>
        ${this.page.past ? nothing : html`<button type="button" aria-expanded=${String(this.why !== null)} @click=${() => this.ask()}>${t('why.all')}</button>
        <button type="button" @click=${() => this.page.acts.shelve(vessel.mmsi, null)}>${t('shelve')}…</button>`}
      </p>
      ${this.failure ? html`<p class="failure" role="status">${this.failure}</p>` : nothing}
      ${this.alerts(vessel)} ${this.why ? explanation(this.why, this.page) : nothing}
      <table>
        <thead class="unseen"><tr>${['item', 'value', 'age', 'from'].map((name) => html`<th scope="col">${t(`card.${name}`)}</th>`)}</tr></thead>
        <tbody>${ROWS.map((row) => this.row(row, vessel, hearers))}</tbody>
      </table>
      <dl>${this.lower(vessel, hearers).map(([name, value]) => html`<dt>${t(name)}</dt><dd>${value}</dd>`)}</dl>
      <p class="small">${t('card.declared')}</p>`;
  }

  /** @param {typeof ROWS[0]} row @param {Vessel} vessel @param {string[]} hearers @returns {Part} */
  row([field, words, name, stamp], vessel, hearers) {
    const text = words(vessel);
    const datum = name === null ? undefined : this.detail?.data[name];
    const own = stamp && vessel[stamp];
    // The stream may be ahead of the detail.
    const time = stamp === 'position_time' || !datum?.time ? own : datum.time;
    const from = datum ? hearers.indexOf(hearerOf(datum)) : -1;
    const known = text !== show.NONE;
    return html`<tr data-field=${field}>
      <th scope="row">${t(`field.${field}`)}</th>
      <td class="value">${said(text)}</td>
      <td class="age">${known && time ? this.page.age(time) : ''}</td>
      <td class="from">${known && from >= 0 ? html`<abbr title=${hearers[from]}>${numeral(from)}</abbr>` : ''}</td>
    </tr>`;
  }

  /** @param {Vessel} vessel @returns {Part | symbol} its open alerts */
  alerts(vessel) {
    const alerts = [...this.page.shown.alerts.values()].filter((a) => a.mmsi === vessel.mmsi || a.other_mmsi === vessel.mmsi).sort(compareAlerts);
    if (alerts.length === 0) return nothing;
    return html`<ul class="card-alerts" aria-label=${t('field.alerts')}>${alerts.map(
      (alert) => html`<li class=${`${alert.priority} ${alert.state}`}>${priorityIcon(alert)} <button type="button" @click=${() => this.page.acts.go(alert)}>${word('priority', alert.priority)}\u2002${show.plain(pick(alert.message))}</button></li>`,
    )}</ul>`;
  }

  /** Zones, hearers, former names and the declaration. @param {Vessel} vessel @param {string[]} hearers @returns {[string, Part | string | Part[]][]} */
  lower(vessel, hearers) {
    const { page, detail } = this;
    const { clock } = page;
    const heard = hearers.map((hearer, at) => {
      const one = detail?.heard_by.find((own) => hearerOf(own) === hearer);
      return html`<p>${numeral(at)} ${said(hearer)}${one ? html` <span class="small">${t('heard', { n: one.reports })}, ${clock.age(one.last)}</span>` : nothing}</p>`;
    });
    const formers = (detail?.identities ?? []).map((former) => html`<p>${t(`field.${former.field}`)}: ${said(former.value)} <span class="small">${t('card.until', { time: clock.at(former.last) })}</span></p>`);
    return [
      ['field.zones', vessel.zones.length > 0 ? html`${vessel.zones.map((id) => html`<p>${said(page.zone(id))}</p>`)}` : show.NONE],
      ['field.heard_by', heard.length > 0 ? heard : show.NONE],
      ['field.first_heard', clock.stamp(vessel.first_heard)],
      ['field.identities', formers.length > 0 ? formers : show.NONE],
      ['field.declaration', detail?.declaration ? this.declaration(detail.declaration) : show.NONE],
    ];
  }

  /** @param {import('../shapes.js').Declaration} declaration @returns {Part} */
  declaration(declaration) {
    const { clock } = this.page;
    const places = [declaration.port_zone, declaration.berth_zone].flatMap((id) => (id ? [this.page.zone(id)] : []));
    return html`<p><strong>${t(declaration.covers ? 'declaration.covers' : 'declaration.not')}</strong> ${said(declaration.id)} · ${word('declaration', declaration.status)}</p>
      <p>${clock.stamp(declaration.window_start).slice(0, 16)} – ${clock.stamp(declaration.window_end).slice(0, 16)}</p>
      ${places.length > 0 ? html`<p>${places.map((place, at) => html`${at > 0 ? ' · ' : ''}${said(place)}`)}</p>` : nothing}
      <p>${t('declaration.draught', { draught: show.number(declaration.max_draught_m, 1, 'm') })} · ${t('declaration.cargo', { cargo: show.number(declaration.cargo_t, 0, 't') })}</p>`;
  }
}

/** @param {{feed: string, source: string | null}} of @returns {string} a station: feed and source */
function hearerOf({ feed, source }) {
  return [feed, source].filter(Boolean).map(show.plain).join(' / ');
}

/** @param {Detail | null} detail @returns {string[]} all stations that anything is from, those that hear it now first */
function hearersOf(detail) {
  return [...new Set([...(detail?.heard_by ?? []), ...Object.values(detail?.data ?? {})].map(hearerOf))];
}

/** @param {number} at @returns {string} ① for 0 */
function numeral(at) {
  return at < 20 ? String.fromCodePoint(0x2460 + at) : `(${at + 1})`;
}
