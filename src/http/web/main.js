// The operator's page: joins the server's stream, the picture, the chart and the panels.

import { placeOf } from './address.js';
import { get, getAll } from './api.js';
import { Bell } from './bell.js';
import { Chart } from './chart/chart.js';
import { clampScale, latitude, mercatorY } from './chart/projection.js';
import { keysOf, wireButtons } from './commands.js';
import { byId, write } from './dom.js';
import { plain } from './format.js';
import { t } from './i18n.js';
import { listenForKeys } from './keys.js';
import { compareAlerts } from './order.js';
import { Page } from './page.js';
import { AlertList } from './panels/alert_list.js';
import { Card } from './panels/card.js';
import { inset, placeCard } from './panels/card_place.js';
import { Duty } from './panels/duty.js';
import { Header } from './panels/header.js';
import { openHelp } from './panels/help.js';
import { Shelves } from './panels/shelves.js';
import { Tools } from './panels/tools.js';
import { VesselList } from './panels/vessel_list.js';
import { middleOf, ZoneList } from './panels/zone_list.js';
import { Replay } from './replay/replay.js';
import { Shell } from './shell.js';
import { Schedule } from './sound.js';
import { Stream } from './stream.js';

/** @typedef {import('./shapes.js').Alert} Alert */

/** Lists and header follow the picture at most this often, ms. */
const LISTS_MS = 1000;
/** How often it is seen whether something must sound, ms. */
const SOUND_MS = 250;
/** How often the shelves are asked for, ms. */
const SHELVES_MS = 5000;
/** The site and its chart are asked for again after this, ms. */
const RETRY_MS = 3000;

const page = new Page(placeOf(location.search), {
  choose, show, go, placed,
  visit: bring,
  told: (alert) => {
    page.picture.applyAlert(alert);
    changed();
  },
  shelve: (mmsi, rule) => shelves.open(mmsi, rule),
  say: (words) => shell.say(words),
});
const { picture, clock, place } = page;
const schedule = new Schedule();
const bell = new Bell();
const shell = new Shell(page, {
  restored: () => {
    restoreView();
    apply(place.mmsi);
  },
  spoken: () => {
    replay.show();
    redraw();
    chart.invalidate(true, true);
  },
  painted: () => chart.readTheme(),
});
const chart = new Chart(byId('chart'), picture, { choose, moved, measured: (text) => tools.measured(text) });
const alerts = new AlertList(page);
const vessels = new VesselList(page, (typed) => {
  if (typed) shell.rememberSoon();
  else shell.remember();
  redraw();
  chart.invalidate();
});
const tools = new Tools(chart);
const card = new Card(page, { shown: () => chart.layers.tracks, toggle: () => tools.act('tracks') });
const header = new Header(page, { schedule, bell, silence });
const duty = new Duty(page, bell);
const shelves = new Shelves(page);
const zoneList = new ZoneList(page);
const replay = new Replay(page, chart, changed);
chart.visible = (vessel) => vessels.visible(vessel);

/** @type {ReturnType<typeof setTimeout> | undefined} */
let listsTimer;
/** Lists follow the picture, not oftener than LISTS_MS; alerts are shown at once. */
function changed() {
  chart.invalidate();
  listsTimer ??= setTimeout(redraw, LISTS_MS);
}

function redraw() {
  clearTimeout(listsTimer);
  listsTimer = undefined;
  vessels.update();
  card.update();
  alerts.update();
  shelves.update();
  zoneList.update();
  tools.update();
  duty.update();
  header.update(alerts.ours());
  placeCard(screenX());
}

function placed() {
  shell.remember();
  redraw();
}

/** @param {number | null} mmsi chooses it, as a step to come back from */
function choose(mmsi) {
  if (mmsi === null && byId('card').contains(document.activeElement)) byId('chart').focus();
  apply(mmsi);
  shell.remember();
}

/** @param {number | null} mmsi */
function apply(mmsi) {
  place.mmsi = mmsi;
  chart.selected = mmsi;
  chart.track = [];
  card.open(mmsi);
  redraw();
  chart.invalidate(false, true);
  if (mmsi !== null) loadTrack(mmsi);
}

/** @param {number} mmsi */
function show(mmsi) {
  choose(mmsi);
  const position = page.shown.vessels.get(mmsi)?.position;
  if (position) bring(position);
}

/** @param {Alert} alert what is wrong now is seen in the live picture */
function go(alert) {
  replay.leave();
  alerts.mark(alert.alert);
  const mmsi = alert.mmsi !== null && picture.vessels.has(alert.mmsi) ? alert.mmsi : null;
  choose(mmsi);
  const position = (mmsi === null ? null : picture.vessels.get(mmsi)?.position) ?? alert.position;
  if (position) bring(position);
  else if (alerts.open !== alert.alert) alerts.toggle(alert.alert);
}

/** @param {[number, number]} position brought to the middle of what is free */
function bring(position) {
  chart.goTo(position, inset());
  const box = byId('chart').getBoundingClientRect();
  if (box.bottom < 80 || box.top > innerHeight - 80) byId('chart').scrollIntoView({ block: 'start' });
}

/** @param {number} mmsi */
async function loadTrack(mmsi) {
  if (page.past) {
    chart.track = replay.track(mmsi);
    return;
  }
  try {
    const { points } = await get(`/vessels/${mmsi}/track`);
    if (chart.selected !== mmsi) return;
    chart.track = points;
    chart.invalidate();
  } catch {
    // No track: the vessel is shown without one.
  }
}

/** @returns {number | null} where the chosen vessel lies on the chart, pixels from the left */
function screenX() {
  const position = place.mmsi === null ? null : page.shown.vessels.get(place.mmsi)?.position;
  return position ? chart.view.width / 2 + (position[0] - chart.view.cx) * chart.view.scale : null;
}

function moved() {
  placeCard(screenX());
  const { cx, cy, scale } = chart.view;
  place.view = chart.placed ? { lon: cx, lat: latitude(cy), scale } : null;
  shell.rememberSoon();
}

/** The view that the address names, else the whole area. */
function restoreView() {
  const { view } = place;
  if (view) chart.setView({ ...chart.view, cx: view.lon, cy: mercatorY(view.lat), scale: clampScale(view.scale) });
  else chart.home();
}

function silence() {
  schedule.silence(alerts.ours(), Date.now());
  header.tick(alerts.ours());
}

function sound() {
  const tone = schedule.next(alerts.ours(), shell.lostSince !== null, Date.now());
  if (tone && page.duty) bell.ring(tone);
}

/** Site, coast and zones: tried until they come. */
async function loadGround() {
  try {
    const [site, coast, zones] = await Promise.all([get('/site'), get('/coast', 'application/geo+json, application/json'), get('/zones', 'application/geo+json')]);
    page.site = site;
    clock.setZone(site.timezone);
    chart.bbox = site.bbox;
    const credits = coast.attributions.map(plain).filter(Boolean);
    write(byId('credits'), [...new Set(credits)].join('; '));
    for (const zone of zones.features) {
      const { id, name, kind, confidence } = zone.properties;
      page.zones.set(id, { name, kind, indicative: confidence !== 'published', middle: middleOf(zone) });
    }
    chart.setGround(coast, zones);
    restoreView();
    byId('ground-failed').hidden = true;
    redraw();
  } catch (error) {
    byId('ground-failed').hidden = false;
    write(byId('ground-failed'), t('load.failed', { why: /** @type {Error} */ (error).message }));
    setTimeout(loadGround, RETRY_MS);
  }
}

/** What the rules say of themselves; another start of the service may have others. */
async function loadRules() {
  try {
    picture.setRules((await getAll('/rules?limit=1000')).items);
    redraw();
  } catch {
    // Alerts bring their own words; the next start of the stream asks again.
  }
}

/** @param {any} change a transition, and the alert after it */
function takeAlert(change) {
  const fresh = picture.applyAlert(change.alert);
  if (fresh || change.transition.transition === 'escalated') shell.announce(change.alert);
  if (/shelved$/.test(change.transition.transition)) shelves.load();
  alerts.soon();
  changed();
}

function follow() {
  let first = true;
  return new Stream({
    loaded(lists) {
      clock.set(lists.now);
      picture.replace(lists.vessels, lists.alerts, lists.feeds);
      if (first && place.mmsi !== null) apply(place.mmsi);
      first = false;
      byId('loading').hidden = true;
      shelves.load();
      loadRules();
      redraw();
      chart.invalidate();
    },
    vessels(batch) {
      if (batch.now) clock.set(batch.now);
      picture.applyVessels(batch);
      changed();
    },
    alert: takeAlert,
    feed(feed) {
      picture.feeds.set(feed.name, feed);
      changed();
    },
    feeds(list) {
      clock.set(list.now);
      picture.replaceFeeds(list.items);
      changed();
    },
    lost: (since) => shell.lost(since),
    back: () => shell.lost(null),
  });
}

const keys = keysOf({ chart, shell, alerts, vessels, acts: page.acts, silence, tools, help: () => openHelp(keys), replay });
listenForKeys(keys);
wireButtons(chart);
tools.help = () => openHelp(keys);
shell.translate();
loadGround();
const stream = follow();
setInterval(() => {
  alerts.soon();
  shell.tellLost();
  changed();
}, LISTS_MS);
setInterval(sound, SOUND_MS);
setInterval(() => shelves.load(), SHELVES_MS);

// For tests and benchmarks: what is drawn and known, in counters.
Object.assign(globalThis, { harborwatch: { chart, picture, stream, replay, counters: chart.counters, alerts: () => [...picture.alerts.values()].sort(compareAlerts) } });
