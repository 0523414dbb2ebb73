// Replay: the page looks at the past and back again. Alerts stay live and go on sounding; chart, list and card are the past's.

import { block, get } from '../api.js';
import { byId, write } from '../dom.js';
import { plain } from '../format.js';
import { pick, t } from '../i18n.js';
import { Bar } from './bar.js';
import { csv, geoJson } from './files.js';
import { inName, iso, momentOf } from './moment.js';
import { Player } from './player.js';
import { Reel } from './reel.js';

/** The time bar reaches so far back, or to the journal's beginning, ms. */
const BACK_MS = 86_400_000;
/** Behind the server's clock by so much: what was heard by then has been told, ms. */
const BEHIND_MS = 3000;
/** The hand moves so often, ms. */
const TICK_MS = 50;
/** Ticks of alerts and the address are renewed so often, ms. */
const RENEW_MS = 10_000;

/** What there is to be replayed. @typedef {{from: string | null, block_s: number, lost_after_s: number, alerts: {alert: string, raised: string, priority: string, mmsi: number | null, position: [number, number] | null}[]}} Index */

export class Replay {
  /** @param {import('../page.js').Page} page @param {import('../chart/chart.js').Chart} chart @param {() => void} changed another picture is shown, or another moment of it */
  constructor(page, chart, changed) {
    this.page = page;
    this.chart = chart;
    this.changed = changed;
    /** @type {Player | null} */
    this.player = null;
    /** @type {Index['alerts']} */
    this.alerts = [];
    /** What the time bar spans, ms. */
    this.span = { from: 0, to: 0 };
    this.gapMs = 0;
    this.note = '';
    this.saving = false;
    /** @type {ReturnType<typeof setInterval>[]} */
    this.timers = [];
    this.bar = new Bar({
      enter: () => this.enter(null),
      leave: () => this.leave(),
      toggle: () => this.player?.toggle(),
      step: (by) => this.player?.step(by),
      alert: (by) => this.toAlert(by),
      pace: (rate) => this.pace(rate),
      seek: (at) => this.seek(at),
      date: (text) => this.date(text),
      redraw: () => this.show(),
      save: (kind) => this.save(kind),
    });
    const asked = Date.parse(new URLSearchParams(location.search).get('time') ?? '');
    if (Number.isNaN(asked)) this.show();
    else this.enter(asked);
  }

  /** @returns {number} how far the past has come, ms */
  end() {
    return this.page.clock.now() - BEHIND_MS;
  }

  /** @param {number | null} at ms; else the beginning of the time bar */
  async enter(at) {
    if (this.player) return;
    try {
      const index = await this.renew();
      const begins = Date.parse(index.from ?? '');
      if (Number.isNaN(begins)) throw new Error(t('replay.none'));
      this.gapMs = index.lost_after_s * 1000;
      const reel = new Reel((start) => block(iso(start)), index.block_s * 1000, () => this.page.clock.now());
      this.player = new Player(reel, { from: begins, to: () => this.end() }, this.gapMs, () => this.show());
    } catch (error) {
      this.note = t('replay.failed', { why: /** @type {Error} */ (error).message });
      this.show();
      return;
    }
    this.note = '';
    const { player } = this;
    player.store.picture.setRules([...this.page.picture.rules.values()]);
    this.page.past = { picture: player.store.picture, at: () => player.at, waiting: () => player.waiting };
    this.chart.picture = player.store.picture;
    document.body.classList.add('replaying');
    this.timers = [setInterval(() => player.tick(performance.now()), TICK_MS), setInterval(() => this.renew().catch(() => {}), RENEW_MS)];
    this.bar.keepFocus('replay-play', () => this.seek(at ?? this.end() - BACK_MS));
  }

  leave() {
    if (!this.player) return;
    this.timers.forEach(clearInterval);
    this.player = null;
    this.page.past = null;
    this.chart.picture = this.page.picture;
    this.chart.track = [];
    document.body.classList.remove('replaying');
    this.remember();
    this.bar.keepFocus('replay-enter', () => this.show());
    this.changed();
  }

  /** Asks what there is; the bar's ticks are of it. @returns {Promise<Index>} */
  async renew() {
    const index = await get(`/history?from=${iso(this.end() - BACK_MS)}`);
    this.alerts = index.alerts;
    if (this.player) this.remember();
    return index;
  }

  /** @param {number} at ms; the time bar moves there if need be */
  seek(at) {
    const { player } = this;
    if (!player) return;
    const end = this.end();
    player.seek(at);
    const from = Math.max(player.span.from, Math.min(end - BACK_MS, player.at - BACK_MS / 2));
    if (player.at < this.span.from || player.at > this.span.to || this.span.to === 0) this.span = { from, to: Math.min(end, from + BACK_MS) };
    this.chart.track = this.track(this.page.place.mmsi);
    this.remember();
  }

  /** @param {number} rate */
  pace(rate) {
    if (this.player) this.player.rate = rate;
    this.show();
  }

  /** @param {string} text @returns {boolean} it was a moment */
  date(text) {
    const { local } = this.page.clock;
    const at = momentOf(text, local.stamp, this.player?.at ?? this.end());
    if (at !== null) this.seek(at);
    return at !== null;
  }

  /** @param {number} by to the next alert, or the one before */
  toAlert(by) {
    const { player } = this;
    if (!player) return;
    const there = this.alerts.filter(({ raised }) => (Date.parse(raised) - player.at) * by > 0);
    const alert = by > 0 ? there[0] : there[there.length - 1];
    this.note = alert ? '' : t('replay.alert.none');
    if (!alert) return this.show();
    this.seek(Date.parse(alert.raised));
    if (alert.mmsi !== null) this.page.acts.choose(alert.mmsi);
    if (alert.position) this.page.acts.visit(alert.position);
  }

  /** @param {number | null} mmsi @returns {import('../chart/track.js').Fix[]} its past of this block and the one before, as far as they are here */
  track(mmsi) {
    const { player } = this;
    if (!player || mmsi === null) return [];
    const scenes = [player.reel.ready(player.at - player.reel.blockMs), player.reel.ready(player.at)];
    return scenes.flatMap((scene) => scene?.tracks.get(mmsi) ?? []).filter(({ at }) => at <= player.at);
  }

  /** Shows the bar, and the moment in the frame. */
  show() {
    const { player } = this;
    const { local } = this.page.clock;
    const at = player?.at ?? 0;
    const stamp = player ? local.stamp(at) : '';
    const trouble = player?.failure || (player?.waiting ? t('replay.waiting') : player?.lacks ? t('replay.lacks') : '');
    this.bar.show({
      on: player !== null, at, stamp, from: this.span.from, to: Math.max(this.span.to, at), rate: player?.rate ?? 1, playing: player?.playing ?? false,
      ticks: this.alerts.map(({ alert, raised, priority }) => ({ alert, raised: Date.parse(raised), priority })).filter(({ raised }) => raised >= this.span.from),
      note: trouble || this.note, saving: this.saving,
    });
    const mark = byId('replay-mark');
    mark.hidden = player === null;
    if (player) {
      write(mark, t('replay.mark', { time: stamp, rate: player.rate }));
      this.chart.invalidate();
      this.changed();
    }
  }

  /** Writes the moment into the address, or takes it out. */
  remember() {
    const query = new URLSearchParams(location.search);
    if (this.player) query.set('time', iso(this.player.at));
    else query.delete('time');
    const url = `?${query.toString().replaceAll('%2C', ',').replaceAll('%3A', ':')}`;
    if (url !== location.search) history.replaceState(null, '', url);
  }

  /** @param {'geojson' | 'csv' | 'png'} kind saves what was seen since the last jump */
  async save(kind) {
    const { player } = this;
    if (!player || this.saving) return;
    this.saving = true;
    this.note = t('replay.saving');
    this.show();
    try {
      const { from, to } = player.seen;
      const name = `harborwatch-${inName(from)}-${inName(to)}.${kind}`;
      offer(name, kind === 'png' ? await this.picture() : new Blob([await this.text(kind)], { type: kind === 'csv' ? 'text/csv' : 'application/geo+json' }));
      this.note = t('replay.saved', { name });
    } catch (error) {
      this.note = t('replay.failed', { why: /** @type {Error} */ (error).message });
    }
    this.saving = false;
    this.show();
  }

  /** @returns {string} whose word the past is */
  source() {
    const feeds = [...this.page.picture.feeds.keys()].join(', ');
    return t('replay.source', { version: this.page.site?.version ?? '', feeds });
  }

  /** @param {'geojson' | 'csv'} kind @returns {Promise<string>} */
  async text(kind) {
    const { reel, seen } = /** @type {Player} */ (this.player);
    const scenes = [];
    for (let start = reel.startOf(seen.from); start <= seen.to; start += reel.blockMs) scenes.push(await reel.scene(start));
    const what = { ...seen, site: plain(pick(this.page.site?.name)), source: this.source(), gapMs: this.gapMs };
    return kind === 'csv' ? csv(scenes, what) : geoJson(scenes, what);
  }

  /** @returns {Promise<Blob>} the chart as it stands, with the time and the source under it */
  picture() {
    const { at } = /** @type {Player} */ (this.player);
    const site = plain(pick(this.page.site?.name));
    return this.chart.image([`${site} — ${t('replay.mark', { time: this.page.clock.local.stamp(at), rate: 1 })} (${iso(at)})`, this.source()]);
  }

  /** @returns {import('../keys.js').Key[]} only while the past is shown */
  keys() {
    /** @param {(player: Player) => void} act */
    const on = (act) => () => this.player && act(this.player);
    return [
      { keys: [' '], shown: 'Space', words: 'replay.key.play', chart: true, act: on((player) => player.toggle()) },
      { keys: [','], shown: ',', words: 'replay.back', act: on((player) => player.step(-1)) },
      { keys: ['.'], shown: '.', words: 'replay.on', act: on((player) => player.step(1)) },
      { keys: ['0'], shown: '0', words: 'replay.leave', act: () => this.leave() },
    ];
  }
}

/** Hands a file to the operator. @param {string} name @param {Blob} blob */
function offer(name, blob) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), RENEW_MS);
}
