// The live page: joins the server's stream, the picture, the chart and the lists; its state stands in the address.

import { AlertList } from './alert_list.js';
import { get, Stream } from './api.js';
import { Card } from './card.js';
import { Chart } from './chart/chart.js';
import { byId, write } from './dom.js';
import { duration, plain } from './format.js';
import { Header } from './header.js';
import { language, pick, setLanguage, t, translate, units } from './i18n.js';
import { compareAlerts, rank, unacknowledged } from './order.js';
import { Picture } from './picture.js';
import { latitude, mercatorY, clampScale } from './chart/projection.js';
import { VesselList } from './vessel_list.js';

/** @typedef {import('./order.js').Alert} Alert */

const PALETTES = ['day', 'dusk', 'night'];
/** The lists follow the picture at most this often, ms. */
const LISTS_MS = 1000;
/** Before its first tick the server's clock stands near 1970: not believed. */
const NO_CLOCK = Date.UTC(2000, 0);

const picture = new Picture();
/** Server's clock less this machine's, ms: ages must not depend on the office machine's clock. */
let offset = 0;
/** @type {number | null} */
let lostSince = null;
/** Runs on while the connection is lost: what is shown grows older, and must say so. */
const now = () => Date.now() + offset;
/** @type {Map<string, any>} */
const zoneNames = new Map();
/** @param {string} id @returns {string} */
const zone = (id) => plain(pick(zoneNames.get(id))) || id;

const address = new URLSearchParams(location.search);
setLanguage(address.get('lang'));
let palette = PALETTES.includes(address.get('palette') ?? '') ? /** @type {string} */ (address.get('palette')) : 'day';
document.documentElement.dataset.palette = palette;

const header = new Header(picture, now);
const chart = new Chart(byId('chart'), picture, { choose: (mmsi) => choose(mmsi), moved: () => moved() });
const alerts = new AlertList(picture, { go: goAlert, now, zone, clock: (ms) => header.local.clock(ms), done: (alert) => { picture.applyAlert(alert); changed(); } });
const vessels = new VesselList(picture, { choose: (mmsi) => { choose(mmsi); goVessel(); }, now, filtered: () => chart.invalidate() });
const card = new Card(picture, { now, zone, stamp: (ms) => header.local.stamp(ms), close: () => { choose(null); byId('chart').focus(); }, show: goVessel, alert: goAlert });
chart.visible = (vessel) => vessels.visible(vessel);

/** @type {ReturnType<typeof setTimeout> | undefined} */
let listsTimer;
/** Lists and header follow the picture, not oftener than LISTS_MS; alerts are shown at once. */
function changed() {
  chart.invalidate();
  listsTimer ??= setTimeout(redrawLists, LISTS_MS);
}

function redrawLists() {
  clearTimeout(listsTimer);
  listsTimer = undefined;
  vessels.update();
  card.update();
  header.update(alerts.update());
  placeCard();
}

/** @param {number | null} mmsi */
function choose(mmsi) {
  chart.selected = mmsi;
  vessels.selected = mmsi;
  chart.track = [];
  card.open(mmsi);
  redrawLists();
  chart.invalidate(false, true);
  remember();
  if (mmsi !== null) loadTrack(mmsi);
}

/** @param {number} mmsi */
async function loadTrack(mmsi) {
  try {
    const { points } = await get(`/vessels/${mmsi}/track`);
    if (chart.selected !== mmsi) return;
    chart.track = points;
    chart.invalidate();
  } catch {
    // No track: the vessel is shown without one.
  }
}

function goVessel() {
  const position = chart.selected === null ? null : picture.vessels.get(chart.selected)?.position;
  if (position) chart.goTo(position, inset());
}

/** @param {Alert} alert */
function goAlert(alert) {
  const mmsi = alert.mmsi !== null && picture.vessels.has(alert.mmsi) ? alert.mmsi : null;
  choose(mmsi);
  const position = (mmsi === null ? null : picture.vessels.get(mmsi)?.position) ?? alert.position;
  if (position) chart.goTo(position, inset());
  const box = byId('chart').getBoundingClientRect();
  if (box.bottom < 80 || box.top > innerHeight - 80) byId('chart').scrollIntoView({ block: 'start' });
}

/** @returns {number} pixels of the chart that the card covers at the left */
function inset() {
  const node = byId('card');
  return !node.hidden && getComputedStyle(node).position === 'absolute' ? node.offsetWidth + 12 : 0;
}

/** The card never lies over its vessel: it changes sides. */
function placeCard() {
  const vessel = chart.selected === null ? null : picture.vessels.get(chart.selected);
  const node = byId('card');
  if (!vessel?.position || node.hidden) return;
  const x = chart.view.width / 2 + (vessel.position[0] - chart.view.cx) * chart.view.scale;
  const y = chart.view.height / 2 - (mercatorY(vessel.position[1]) - chart.view.cy) * chart.view.scale;
  const width = node.offsetWidth + 24;
  const low = y < node.offsetTop + node.offsetHeight + 24;
  if (low && x < width) node.classList.add('right');
  else if (x > chart.view.width - width) node.classList.remove('right');
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let addressTimer;
function moved() {
  placeCard();
  clearTimeout(addressTimer);
  addressTimer = setTimeout(remember, 400);
}

/** Writes language, palette, view and choice into the address. */
function remember() {
  const query = new URLSearchParams(location.search);
  query.set('lang', language());
  query.set('palette', palette);
  if (chart.selected === null) query.delete('mmsi');
  else query.set('mmsi', String(chart.selected));
  const { cx, cy, scale } = chart.view;
  if (!chart.placed) query.delete('view');
  else query.set('view', `${cx.toFixed(5)},${latitude(cy).toFixed(5)},${scale.toFixed(0)}`);
  history.replaceState(null, '', `?${query.toString().replaceAll('%2C', ',')}`);
}

/** @returns {boolean} the address named a view */
function restoreView() {
  const [lon, lat, scale] = (address.get('view') ?? '').split(',').map(Number);
  if (!Number.isFinite(lon) || !Number.isFinite(lat) || !(scale > 0)) return false;
  chart.view = { ...chart.view, cx: lon, cy: mercatorY(lat), scale: clampScale(scale) };
  chart.placed = true;
  return true;
}

function speak() {
  translate(document);
  for (const button of document.querySelectorAll('button[data-lang]')) {
    button.setAttribute('aria-pressed', String(button.getAttribute('data-lang') === language()));
  }
  for (const button of document.querySelectorAll('button[data-palette]')) {
    button.setAttribute('aria-pressed', String(button.getAttribute('data-palette') === palette));
  }
  card.words();
  redrawLists();
  tellLost();
  chart.invalidate();
}

function tellLost() {
  const banner = byId('lost');
  banner.hidden = lostSince === null;
  document.body.classList.toggle('frozen', lostSince !== null);
  if (lostSince === null) return;
  const age = duration((Date.now() - lostSince) / 1000, units());
  write(byId('lost-text'), t('lost.text', { time: header.local.clock(lostSince + offset), age }));
}

/** New emergencies and alarms are spoken, nothing else. @param {Alert} alert */
function announce(alert) {
  if (rank(alert) <= 1 && unacknowledged(alert)) byId('spoken').textContent = `${t(`priority.${alert.priority}`)}: ${plain(pick(alert.message))} ${alerts.vesselText(alert.mmsi)}`;
}

/** @param {string} time the server's clock */
function setClock(time) {
  const at = Date.parse(time);
  if (at >= NO_CLOCK) offset = at - Date.now();
}

/** @param {KeyboardEvent} event */
function key(event) {
  const target = /** @type {HTMLElement} */ (event.target);
  if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName)) return;
  const onChart = target === byId('chart') || target === document.body;
  /** @type {Record<string, () => void>} */
  const keys = {
    '+': () => chart.zoom(1.5), '=': () => chart.zoom(1.5), '-': () => chart.zoom(1 / 1.5), _: () => chart.zoom(1 / 1.5),
    h: () => chart.home(), n: () => walk(1), p: () => walk(-1), Escape: () => choose(null),
  };
  const arrows = /** @type {Record<string, () => void>} */ ({
    ArrowLeft: () => chart.step(-1, 0), ArrowRight: () => chart.step(1, 0), ArrowUp: () => chart.step(0, -1), ArrowDown: () => chart.step(0, 1),
  });
  const act = (onChart ? arrows[event.key] : undefined) ?? keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!act) return;
  event.preventDefault();
  act();
}

/** @param {number} by */
function walk(by) {
  const next = vessels.neighbour(by);
  if (next === null) return;
  choose(next);
  goVessel();
}

function listen() {
  document.addEventListener('keydown', key);
  for (const button of document.querySelectorAll('button[data-lang]')) {
    button.addEventListener('click', () => { setLanguage(button.getAttribute('data-lang')); speak(); remember(); });
  }
  for (const button of document.querySelectorAll('button[data-palette]')) {
    button.addEventListener('click', () => {
      palette = button.getAttribute('data-palette') ?? 'day';
      document.documentElement.dataset.palette = palette;
      chart.readTheme();
      speak();
      remember();
    });
  }
  /** @type {Record<string, () => void>} */
  const actions = {
    in: () => chart.zoom(1.5), out: () => chart.zoom(1 / 1.5), home: () => chart.home(),
    up: () => chart.step(0, -1), down: () => chart.step(0, 1), left: () => chart.step(-1, 0), right: () => chart.step(1, 0),
  };
  for (const button of document.querySelectorAll('button[data-chart]')) {
    button.addEventListener('click', actions[button.getAttribute('data-chart') ?? '']);
  }
}

/** Site, coast and zones: tried until they come. */
async function loadGround() {
  try {
    const [site, coast, zones] = await Promise.all([get('/site'), get('/coast', 'application/geo+json, application/json'), get('/zones', 'application/geo+json')]);
    header.setSite(site);
    if (site.bbox) chart.bbox = site.bbox;
    const credits = (coast.attributions ?? [coast.attribution]).map(plain).filter(Boolean);
    write(byId('credits'), [...new Set(credits)].join('; '));
    for (const { id, properties } of zones.features) zoneNames.set(String(properties.id ?? id), properties.name);
    chart.setGround(coast, zones);
    if (!restoreView()) chart.home();
    byId('ground-failed').hidden = true;
    redrawLists();
  } catch (error) {
    byId('ground-failed').hidden = false;
    write(byId('ground-failed'), t('load.failed', { why: /** @type {Error} */ (error).message }));
    setTimeout(loadGround, 3000);
  }
}

function follow() {
  let first = true;
  return new Stream({
    loaded(lists) {
      setClock(lists.now);
      picture.replace(lists.vessels, lists.alerts, lists.feeds);
      const wanted = Number(address.get('mmsi'));
      if (first && picture.vessels.has(wanted)) choose(wanted);
      first = false;
      byId('loading').hidden = true;
      redrawLists();
      chart.invalidate();
    },
    vessels(batch) {
      if (batch.now) setClock(batch.now);
      picture.applyVessels(batch);
      changed();
    },
    alert(change) {
      if (picture.applyAlert(change.alert)) announce(change.alert);
      header.update(alerts.update());
      changed();
    },
    feed(feed) {
      const one = feed.feed ?? feed;
      picture.feeds.set(one.name, one);
      changed();
    },
    feeds(list) {
      setClock(list.now);
      picture.replaceFeeds(list.items);
      changed();
    },
    lost(since) {
      lostSince = since;
      tellLost();
    },
    back() {
      lostSince = null;
      tellLost();
    },
  });
}

listen();
speak();
loadGround();
const stream = follow();
setInterval(() => {
  header.tick();
  alerts.tick();
  tellLost();
  changed();
}, 1000);

// For tests and benchmarks: what is drawn and known, in counters.
Object.assign(globalThis, { harborwatch: { chart, picture, stream, counters: chart.counters, alerts: () => [...picture.alerts.values()].sort(compareAlerts) } });
