// The operator's page: joins the server's stream, the picture, the chart and the panels.

import { placeOf } from './address.js';
import { get } from './api.js';
import { Chart } from './chart/chart.js';
import { wireButtons } from './chart_commands.js';
import { keysOf } from './commands.js';
import { Desk, LISTS_MS } from './desk.js';
import { byId } from './dom.js';
import { listenForKeys } from './keys.js';
import { compareAlerts } from './order.js';
import { Page } from './page.js';
import { AlertList } from './panels/alert_list.js';
import { Card } from './panels/card.js';
import { inset, placeCard } from './panels/card_place.js';
import { openHelp } from './panels/help.js';
import { Shelves } from './panels/shelves.js';
import { Tools } from './panels/tools.js';
import { VesselList } from './panels/vessel_list.js';
import { ZoneList } from './panels/zone_list.js';
import { Replay } from './replay/replay.js';
import { Shell } from './shell.js';

/** @typedef {import('./shapes.js').Alert} Alert */

/** How often the shelves are asked for, ms. */
const SHELVES_MS = 5000;

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
const { picture, place } = page;
const shell = new Shell(page, {
  restored: () => {
    desk.restoreView();
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
const desk = new Desk(page, shell, chart, { redraw, loaded, alert: takeAlert, grounded });
const shelves = new Shelves(page);
const zoneList = new ZoneList(page);
const replay = new Replay(page, chart, changed);
chart.visible = (vessel) => vessels.visible(vessel);

function changed() {
  desk.changed();
}

function redraw() {
  vessels.update();
  card.update();
  alerts.update();
  shelves.update();
  zoneList.update();
  tools.update();
  desk.update();
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
  desk.keepView();
}

function grounded() {
  desk.restoreView();
  redraw();
}

let first = true;
function loaded() {
  if (first && place.mmsi !== null) apply(place.mmsi);
  first = false;
  shelves.load();
  redraw();
  chart.invalidate();
}

/** @param {any} change a transition, and the alert after it */
function takeAlert(change) {
  if (/shelved$/.test(change.transition.transition)) shelves.load();
  alerts.soon();
  changed();
}

const keys = keysOf({ chart, shell, alerts, vessels, acts: page.acts, silence: () => desk.silence(), tools, help: () => openHelp(keys), replay });
listenForKeys(keys);
wireButtons(chart);
tools.help = () => openHelp(keys);
shell.translate();
desk.loadGround();
const stream = desk.follow();
setInterval(() => {
  alerts.soon();
  shell.tellLost();
  changed();
}, LISTS_MS);
setInterval(() => shelves.load(), SHELVES_MS);

// For tests and benchmarks: what is drawn and known, in counters.
Object.assign(globalThis, { harborwatch: { chart, picture, stream, replay, counters: chart.counters, alerts: () => [...picture.alerts.values()].sort(compareAlerts) } });
