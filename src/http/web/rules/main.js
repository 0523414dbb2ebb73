// The page of rules and zones: joins the lists, the forms, the chart, the dry run, and what is saved.

import { placeOf } from '../address.js';
import { Chart } from '../chart/chart.js';
import { fit, latitude } from '../chart/projection.js';
import { moves, switches, wireButtons } from '../chart_commands.js';
import { Desk, LISTS_MS } from '../desk.js';
import { byId, write } from '../dom.js';
import { t } from '../i18n.js';
import { listenForKeys } from '../keys.js';
import { unacknowledged } from '../order.js';
import { Page } from '../page.js';
import { openHelp } from '../panels/help.js';
import { Tools } from '../panels/tools.js';
import { Shell } from '../shell.js';
import { Actions } from './actions.js';
import { drawFigures, figureList, GROUPS } from './figures.js';
import { FreshDialog } from './fresh.js';
import { Index, TABS } from './index.js';
import { Marks } from './marks.js';
import { RuleForm } from './rule_form.js';
import { SaveDialog } from './save.js';
import { Sketch } from './sketch.js';
import { TrialPanel } from './trial.js';
import { Versions } from './versions.js';
import { zonesOf } from './words.js';
import { Work } from './work.js';
import { ZoneForm } from './zone_form.js';

/** Versions, counts of alerts and what is overdue are asked for so often, ms. */
const COUNT_MS = 10_000;
/** What stands is asked for again after this, ms. */
const RETRY_MS = 3000;
/** After a review the next is due in so long, half a year, ms. */
const REVIEW_MS = 182 * 86_400_000;
/** A zone is shown with so much of its own size around it. */
const AROUND = 0.6;
/** Smallest box that is shown, degrees. */
const LEAST_BOX = 0.01;

// What other acts there are belongs to panels of other views.
const page = new Page(placeOf(location.search), /** @type {import('../page.js').Acts} */ ({ placed, say: (words) => shell.say(words) }));
const { picture, place } = page;
const work = new Work(page);
const shell = new Shell(page, {
  restored: () => {
    desk.restoreView();
    open();
  },
  spoken: () => {
    redraw();
    chart.invalidate(true, true);
  },
  painted: () => chart.readTheme(),
});
const chart = new Chart(byId('chart'), picture, { choose: point, moved: () => desk.keepView(), measured: (text) => tools.measured(text) });
const desk = new Desk(page, shell, chart, { redraw, loaded: redraw, alert: redraw, grounded });
const tools = new Tools(chart);
const marks = new Marks(chart, (mark) => trial.pick(mark));
const sketch = new Sketch(chart, (done) => zoneForm.drawn(done));
const ruleForm = new RuleForm(work, { changed: edited, copy, promote, reviewed });
const zoneForm = new ZoneForm(work, sketch, { edited, redraw });
const trial = new TrialPanel(work, marks, { changed: redraw, visit: (to) => chart.goTo(to, 0) });
const save = new SaveDialog(work, { saved, changed: edited, tries: (part) => trial.run(part) });
const versions = new Versions(work, { changed: redraw, choose: (version) => choose(String(version)), saved });
const index = new Index(work, { choose, turn, fresh: () => fresh.open(side()), changed: redraw });
const fresh = new FreshDialog(work, (part, id) => {
  choose(id);
  if (part === 'zones') zoneForm.open(id, true);
  edited();
});
const actions = new Actions(work, trial, { blocked, save: () => save.open(side()), discard, anew, changed: redraw });
chart.hand = (at, pixel) => sketch.click(at, pixel) || marks.click(pixel);
let group = GROUPS[0];

/** @returns {import('./work.js').Side} what the tab at hand changes */
function side() {
  return place.tab === 'zones' ? 'zones' : 'rules';
}

/** @returns {boolean} something typed or drawn cannot be as it is */
function blocked() {
  return place.tab === 'zones' ? zoneForm.fault() !== '' || zoneForm.wrong.size > 0 : ruleForm.wrong.size > 0;
}

function redraw() {
  desk.update();
  tools.update();
  write(byId('watch-count'), String(page.ours().filter(unacknowledged).length || ''));
  index.update(place.tab, place.item, () => (place.tab === 'versions' ? versions.list() : figureList(work, group, grouped)));
  if (place.tab === 'rules') ruleForm.update();
  else if (place.tab === 'zones') zoneForm.update();
  else if (place.tab === 'versions') versions.update();
  else drawFigures(work, group);
  actions.update(place.tab);
  trial.update(side());
}

/** The draft is another: what the chart shows of it, too. */
function edited() {
  const open = place.tab === 'zones' ? place.item : '';
  // Of the zone that is being drawn the chart shows what stands, under the drawing.
  const features = work.zones.items().filter((zone) => zone.properties.id !== open);
  const standing = work.zones.base.get(open);
  chart.setZones({ features: standing ? [...features, standing] : features });
  const rule = place.tab === 'rules' ? ruleForm.rule : undefined;
  marks.stress(zonesOf(work, rule?.zones ?? []));
  redraw();
}

/** Shows what the address names. */
function open() {
  if (!TABS.includes(place.tab)) place.tab = TABS[0];
  document.querySelector('main')?.setAttribute('data-tab', place.tab);
  if (place.tab === 'zones') zoneForm.open(place.item);
  else zoneForm.close();
  if (place.tab === 'rules') ruleForm.open(place.item);
  if (place.tab === 'versions') versions.open(Number(place.item));
  edited();
}

/** @param {string} tab */
function turn(tab) {
  Object.assign(place, { tab, item: '' });
  shell.remember();
  open();
}

/** @param {string} item opens it, and brings the chart there */
function choose(item) {
  place.item = item;
  shell.remember();
  open();
  bring();
  byId('form-panel').focus({ preventScroll: innerWidth >= 1280 });
}

/** Brings the chart to the zones that are at hand. */
function bring() {
  const ids = place.tab === 'zones' ? [place.item] : [...marks.zones];
  const boxes = chart.zones.filter(({ id }) => ids.includes(id)).map(({ outline }) => outline);
  if (boxes.length === 0) return;
  const far = (/** @type {'west' | 'south' | 'east' | 'north'} */ edge, /** @type {1 | -1} */ sign) => sign * Math.max(...boxes.map((box) => sign * box[edge]));
  const [west, south, east, north] = [far('west', -1), latitude(far('south', -1)), far('east', 1), latitude(far('north', 1))];
  const [wide, tall] = [Math.max(LEAST_BOX, east - west) * AROUND, Math.max(LEAST_BOX, north - south) * AROUND];
  chart.setView(fit([west - wide / 2, south - tall / 2, east + wide / 2, north + tall / 2], chart.view.width, chart.view.height));
}

/** @param {string} one */
function grouped(one) {
  group = one;
  redraw();
}

/** @param {string} id a copy of it that tells nobody anything yet */
function copy(id) {
  let n = 2;
  while (work.rules.get(`${id}-${n}`)) n += 1;
  work.rules.put({ ...work.rules.get(id), id: `${id}-${n}`, mode: 'shadow' });
  choose(`${id}-${n}`);
}

/** @param {string} id of a shadow rule that is to alert people: one order */
function promote(id) {
  ruleForm.set('mode', 'live');
  save.open('rules', { reason: t('form.promote.reason', { rule: id }) });
}

/** @param {string} id whose limits were reviewed: the next time comes later */
function reviewed(id) {
  const next = page.clock.local.stamp(page.clock.now() + REVIEW_MS).slice(0, 10);
  if ((ruleForm.rule?.review_by ?? '') < next) ruleForm.set('review_by', next);
  save.open('rules', { minutes: true, reason: t('form.reviewed.reason', { rule: id }) });
}

/** @param {number} version that stands now */
async function saved(version) {
  await load();
  shell.say(t('saved', { n: version }));
}

function discard() {
  work.draft(side()).clear();
  work.faults = [];
  ruleForm.wrong.clear();
  zoneForm.reset();
  trial.shown(null);
  edited();
}

/** Reads what stands now; the changes stay over it. */
async function anew() {
  await load();
  edited();
}

/** What stands was read. */
function stood() {
  desk.takeZones([...work.zones.base.values()]);
  picture.setRules(/** @type {import('../shapes.js').Rule[]} */ ([...work.rules.base.values()]));
  trial.shown(work.trial);
  zoneForm.reset();
  open();
}

async function load() {
  try {
    await work.load();
    stood();
  } catch (error) {
    byId('ground-failed').hidden = false;
    write(byId('ground-failed'), t('load.failed', { why: /** @type {Error} */ (error).message }));
    setTimeout(load, RETRY_MS);
  }
}

async function count() {
  try {
    await work.count();
    redraw();
  } catch {
    // The connection's banner tells when nothing comes.
  }
}

function placed() {
  shell.remember();
  redraw();
}

/** @param {number | null} mmsi stands out on the chart */
function point(mmsi) {
  chart.selected = mmsi;
  chart.invalidate(false, true);
}

async function grounded() {
  desk.restoreView();
  await load();
  if (!place.view) bring();
}

/** Drawing and measuring end. */
function escape() {
  if (chart.measuring) tools.act('measure');
  else zoneForm.turn(false);
  byId('chart').focus();
}

/** @type {import('../keys.js').Key[]} */
const keys = [
  { keys: ['?'], shown: '?', words: 'key.help', act: () => openHelp(keys) },
  { keys: ['/'], shown: '/', words: 'key.search', act: () => document.getElementById('find')?.focus() },
  ...moves(chart),
  { keys: ['Enter'], shown: 'Enter', words: 'key.mark', chart: true, act: () => (chart.measuring ? chart.mark() : sketch.mark()) },
  { keys: ['Backspace', 'Delete'], shown: '⌫', words: 'sketch.erase', chart: true, act: () => sketch.erase() },
  ...switches({ shell, silence: () => desk.silence(), tools }),
  { keys: ['Escape'], shown: 'Esc', words: 'key.end', act: escape },
];
listenForKeys(keys);
wireButtons(chart);
tools.help = () => openHelp(keys);
addEventListener('beforeunload', (event) => {
  if (work.rules.changes.size + work.zones.changes.size > 0) event.preventDefault();
});
shell.translate();
desk.loadGround();
const stream = desk.follow();
setInterval(() => {
  shell.tellLost();
  desk.changed();
}, LISTS_MS);
setInterval(count, COUNT_MS);

// For tests: what is worked at, and what the chart shows.
Object.assign(globalThis, { harborwatch: { chart, picture, stream, work, sketch, marks, counters: chart.counters } });
