// What every view at a desk has: whose watch it is and what sounds, the stream of events, and the ground of its chart.

import { get, getAll } from './api.js';
import { Bell } from './bell.js';
import { clampScale, latitude, mercatorY } from './chart/projection.js';
import { byId, write } from './dom.js';
import { plain } from './format.js';
import { t } from './i18n.js';
import { Duty } from './panels/duty.js';
import { Header } from './panels/header.js';
import { Schedule } from './sound.js';
import { Stream } from './stream.js';

/** Header and lists follow the picture at most this often, ms. */
export const LISTS_MS = 1000;
/** How often it is seen whether something must sound, ms. */
const SOUND_MS = 250;
/** The site and its chart are asked for again after this, ms. */
const RETRY_MS = 3000;

/**
 * What a view is told, beyond what the picture takes by itself.
 * @typedef {object} Tell
 * @property {() => void} redraw something of the picture is other, and it is time to show it
 * @property {() => void} loaded the whole picture has come, anew after every break
 * @property {(change: any) => void} alert a transition, and the alert after it
 * @property {() => void} grounded site, coast and zones have come
 */

export class Desk {
  /** @param {import('./page.js').Page} page @param {import('./shell.js').Shell} shell @param {import('./chart/chart.js').Chart} chart @param {Tell} tell */
  constructor(page, shell, chart, tell) {
    this.page = page;
    this.shell = shell;
    this.chart = chart;
    this.tell = tell;
    this.schedule = new Schedule();
    this.bell = new Bell();
    this.header = new Header(page, { schedule: this.schedule, bell: this.bell, silence: () => this.silence() });
    this.duty = new Duty(page, this.bell);
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    setInterval(() => this.sound(), SOUND_MS);
  }

  /** Something of the picture is other: the view follows, not oftener than LISTS_MS; alerts it shows at once. */
  changed() {
    this.chart.invalidate();
    this.timer ??= setTimeout(() => this.tell.redraw(), LISTS_MS);
  }

  update() {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.duty.update();
    this.header.update(this.page.ours());
  }

  /** The view of the chart that the address names, else the whole area. */
  restoreView() {
    const { chart, page } = this;
    const { view } = page.place;
    if (view) chart.setView({ ...chart.view, cx: view.lon, cy: mercatorY(view.lat), scale: clampScale(view.scale) });
    else chart.home();
  }

  /** Has the address name the view of the chart as it is. */
  keepView() {
    const { cx, cy, scale } = this.chart.view;
    this.page.place.view = this.chart.placed ? { lon: cx, lat: latitude(cy), scale } : null;
    this.shell.rememberSoon();
  }

  silence() {
    const alerts = this.page.ours();
    this.schedule.silence(alerts, Date.now());
    this.header.tick(alerts);
  }

  sound() {
    const tone = this.schedule.next(this.page.ours(), this.shell.lostSince !== null, Date.now());
    if (tone && this.page.duty) this.bell.ring(tone);
  }

  /** Site, coast and zones: tried until they come. */
  async loadGround() {
    const { page, chart } = this;
    try {
      const [site, coast, zones] = await Promise.all([get('/site'), get('/coast', 'application/geo+json, application/json'), get('/zones', 'application/geo+json')]);
      page.site = site;
      page.clock.setZone(site.timezone);
      chart.bbox = site.bbox;
      const credits = coast.attributions.map(plain).filter(Boolean);
      write(byId('credits'), [...new Set(credits)].join('; '));
      this.takeZones(zones.features);
      chart.setGround(coast, zones);
      byId('ground-failed').hidden = true;
      this.tell.grounded();
    } catch (error) {
      byId('ground-failed').hidden = false;
      write(byId('ground-failed'), t('load.failed', { why: /** @type {Error} */ (error).message }));
      setTimeout(() => this.loadGround(), RETRY_MS);
    }
  }

  /** @param {any[]} features GeoJSON: the zones that stand */
  takeZones(features) {
    this.page.zones = new Map(
      features.map((zone) => {
        const { id, name, kind, confidence } = zone.properties;
        return [id, { name, kind, indicative: confidence !== 'published', middle: middleOf(zone) }];
      }),
    );
  }

  /** What the rules say of themselves; another start of the service may have others. */
  async loadRules() {
    try {
      this.page.picture.setRules((await getAll('/rules?limit=1000')).items);
      this.changed();
    } catch {
      // Alerts bring their own words; the next start of the stream asks again.
    }
  }

  /** @returns {Stream} which feeds the picture from now on */
  follow() {
    const { picture, clock } = this.page;
    return new Stream({
      loaded: (lists) => {
        clock.set(lists.now);
        picture.replace(lists.vessels, lists.alerts, lists.feeds);
        byId('loading').hidden = true;
        this.loadRules();
        this.tell.loaded();
      },
      vessels: (batch) => {
        if (batch.now) clock.set(batch.now);
        picture.applyVessels(batch);
        this.changed();
      },
      alert: (change) => {
        const fresh = picture.applyAlert(change.alert);
        if (fresh || change.transition.transition === 'escalated') this.shell.announce(change.alert);
        this.tell.alert(change);
      },
      feed: (feed) => {
        picture.feeds.set(feed.name, feed);
        this.changed();
      },
      feeds: (list) => {
        clock.set(list.now);
        picture.replaceFeeds(list.items);
        this.changed();
      },
      lost: (since) => this.shell.lost(since),
      back: () => this.shell.lost(null),
    });
  }
}

/**
 * @param {any} feature GeoJSON
 * @returns {[number, number]} the middle of its box
 */
function middleOf(feature) {
  const flat = feature.geometry.coordinates.flat(Infinity);
  const lons = flat.filter((/** @type {number} */ _, /** @type {number} */ at) => at % 2 === 0);
  const lats = flat.filter((/** @type {number} */ _, /** @type {number} */ at) => at % 2 === 1);
  return [(Math.min(...lons) + Math.max(...lons)) / 2, (Math.min(...lats) + Math.max(...lats)) / 2];
}
