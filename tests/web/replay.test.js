// The past: scenes shown at any moment, moments as typed, and what was seen as files.

import assert from 'node:assert/strict';
import test from 'node:test';
import { csv, geoJson } from '../../src/http/web/replay/files.js';
import { momentOf } from '../../src/http/web/replay/moment.js';
import { Reel } from '../../src/http/web/replay/reel.js';
import { Scene, Store } from '../../src/http/web/replay/scene.js';
import { clocks } from '../../src/http/web/format.js';

const START = Date.parse('2026-03-01T00:00:00Z');
const iso = (s) => new Date(START + s * 1000).toISOString();
const vessel = (mmsi, s, lon, more = {}) => ({ mmsi, name: `SHIP ${mmsi}`, name_zh: null, class: 'cargo', state: 'live', position: [lon, 24], position_time: iso(s), sog_kn: 5, ...more });
const point = (s, lon) => ({ time: iso(s), position: [lon, 24], sog_kn: 6, cog_deg: 90, heading_deg: null, nav_status: 0, feed: 'radio' });
const alert = (state) => ({ alert: 'a', rule: 'fast', state, priority: 'alarm', mmsi: 1, other_mmsi: null, shadow: false, shelved_until: null, position: [118, 24], zone: null });

function block(more = {}) {
  return {
    start: iso(0), end: iso(600), closed: true, step_s: 0, vessels: [vessel(1, -10, 118)], alerts: [],
    tracks: [{ mmsi: 1, points: [point(10, 118.2), point(20, 118.4), point(520, 118.5)] }, { mmsi: 2, points: [point(100, 119)] }],
    changed: [{ time: iso(100), vessel: vessel(2, 100, 119) }, { time: iso(300), vessel: vessel(1, 20, 118.4, { name: 'OTHER' }) }],
    removed: [{ time: iso(400), mmsi: 2 }],
    transitions: [{ transition: { time: iso(50) }, alert: alert('active') }, { transition: { time: iso(200) }, alert: alert('closed') }],
    unrecorded: [{ from: iso(530), to: iso(540) }],
    ...more,
  };
}

function shown(store, scene, s, next) {
  store.show(scene, START + s * 1000, next);
  const { vessels, alerts } = store.picture;
  return [[...vessels.values()].map(({ mmsi, name, position }) => [mmsi, name, Math.round(position[0] * 1000) / 1000]), alerts.size];
}

test('a scene shows any moment, forwards and back, and makes nothing up over a gap', () => {
  const scene = new Scene(block());
  const store = new Store(300_000);
  for (const [s, vessels, alerts] of [
    [0, [[1, 'SHIP 1', 118.1]], 0],
    [10, [[1, 'SHIP 1', 118.2]], 0],
    [15, [[1, 'SHIP 1', 118.3]], 0],
    [60, [[1, 'SHIP 1', 118.4]], 1],
    [150, [[1, 'SHIP 1', 118.4], [2, 'SHIP 2', 119]], 1],
    [399, [[1, 'OTHER', 118.4], [2, 'SHIP 2', 119]], 0],
    [15, [[1, 'SHIP 1', 118.3]], 0],
    [599, [[1, 'OTHER', 118.5]], 0],
  ]) assert.deepEqual(shown(store, scene, s), [vessels, alerts], `at ${s} s`);
  assert.equal(scene.lacks(START + 535_000), true);
  assert.equal(scene.lacks(START + 540_000), false);
});

test('a vessel goes on towards its first fix in the next scene', () => {
  const next = new Scene(block({ start: iso(600), end: iso(1200), tracks: [{ mmsi: 1, points: [point(680, 118.7)] }] }));
  assert.deepEqual(shown(new Store(300_000), new Scene(block()), 599, next)[0][0], [1, 'OTHER', 118.599]);
});

test('moments are read in the local time of the site', () => {
  const { stamp } = clocks('Asia/Taipei');
  for (const [text, wanted] of [
    ['2026-03-01 08:00:00', iso(0)], ['2026-03-01T08:00', iso(0)], ['8:10', iso(600)], ['23:59:59', iso(16 * 3600 - 1)],
    ['25:00', null], ['2026-02-31', null], ['yesterday', null], ['', null],
  ]) {
    const at = momentOf(text, stamp, START);
    assert.equal(at === null ? null : new Date(at).toISOString(), wanted, text);
  }
  const summer = clocks('Europe/Paris').stamp;
  assert.equal(momentOf('2026-03-29 04:00', summer, START), Date.parse('2026-03-29T02:00:00Z'));
});

test('what was seen is saved, and no more', () => {
  const scenes = [new Scene(block({ vessels: [vessel(1, -10, 118, { name: '=1+1,"x"' })], changed: [] }))];
  const seen = { from: START + 15_000, to: START + 530_000, site: 'Kinmen', source: 'the journal', gapMs: 300_000 };
  assert.deepEqual(csv(scenes, seen).split('\r\n').slice(1), [
    `${iso(20)},1,"'=1+1,""x""",,cargo,118.4,24,6,90,,0,radio`, `${iso(520)},1,"'=1+1,""x""",,cargo,118.5,24,6,90,,0,radio`, '',
  ]);
  const { features, from, to, source } = JSON.parse(geoJson(scenes, seen));
  assert.deepEqual([from, to, source], [iso(15), iso(530), 'the journal']);
  assert.deepEqual(features[0].geometry.coordinates, [[[118.4, 24], [118.4, 24]], [[118.5, 24], [118.5, 24]]]);
  assert.deepEqual(features.slice(1).map(({ properties }) => [properties.time, properties.state]), [[iso(50), 'active'], [iso(200), 'closed']]);
});

test('a block is asked for once, one that is refused for now again, and a failed one anew', async () => {
  const asked = [];
  const answers = [Object.assign(new Error('busy'), { status: 503 }), block(), Object.assign(new Error('gone'), { status: 404 }), block()];
  const reel = new Reel(async (start) => {
    asked.push(start);
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  }, 600_000, () => START, 0);
  const first = reel.scene(START + 1000);
  assert.equal(reel.ready(START), null);
  assert.equal(await reel.scene(START + 599_000), await first);
  assert.equal(reel.ready(START), await first);
  assert.equal(asked.length, 2);
  await assert.rejects(reel.scene(START + 600_000), /gone/);
  await reel.scene(START + 600_000);
  assert.deepEqual(asked, [START, START, START + 600_000, START + 600_000]);
});
