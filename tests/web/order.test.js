// What comes first, what is frozen, what a filter may not hide.

import assert from 'node:assert/strict';
import test from 'node:test';
import { compareAlerts, matches, nameOf, passes, settle, sortVessels, unacknowledged } from '../../src/http/web/order.js';
import { Picture } from '../../src/http/web/picture.js';

const alert = (name, priority, state, raised, more = {}) => ({
  alert: name, priority, state, raised: `2026-03-01T00:${raised}:00.000Z`, mmsi: 416000001, other_mmsi: null, shelved_until: null, shadow: false, ...more,
});
const vessel = (mmsi, more = {}) => ({
  mmsi, name: null, name_zh: null, call_sign: null, imo: null, class: 'cargo', kind: 'ship', state: 'live', nav_status: 0, sog_kn: 5, ...more,
});

test('unacknowledged first, then priority, then newest; shelved last; a caution waits for nobody', () => {
  const sorted = [
    alert('acknowledged emergency', 'emergency', 'acknowledged', '09'),
    alert('shelved alarm', 'alarm', 'active', '09', { shelved_until: '2026-03-02T00:00:00.000Z' }),
    alert('caution', 'caution', 'active', '09'),
    alert('old warning', 'warning', 'rectified', '01'),
    alert('new warning', 'warning', 'active', '05'),
    alert('alarm', 'alarm', 'active', '00'),
  ].sort(compareAlerts);
  assert.deepEqual(sorted.map((a) => a.alert), [
    'alarm', 'new warning', 'old warning', 'acknowledged emergency', 'caution', 'shelved alarm',
  ]);
  assert.equal(unacknowledged(alert('', 'caution', 'active', '00')), false);
});

test('a frozen list keeps its places, drops what is gone and counts what waits', () => {
  assert.deepEqual(settle(['b', 'a', 'gone'], ['new', 'a', 'b'], true), { order: ['b', 'a'], waiting: 1 });
  assert.deepEqual(settle(['b', 'a'], ['new', 'a', 'b'], false), { order: ['new', 'a', 'b'], waiting: 0 });
});

test('a class filter never hides alerted vessels or distress', () => {
  assert.equal(passes(vessel(1), 'ferry', false), false);
  assert.equal(passes(vessel(1), 'ferry', true), true);
  assert.equal(passes(vessel(1, { nav_status: 14 }), 'ferry', false), true);
  assert.equal(passes(vessel(970123456, { kind: 'sart', class: 'sart' }), 'ferry', false), true);
});

test('search finds any part of name, call sign, MMSI and IMO', () => {
  const one = vessel(4161234, { name: 'TEST SHA 1', name_zh: '測試砂一號', call_sign: 'BXAB', imo: 9000001 });
  for (const query of ['sha', '砂一', 'bxa', '004161', '90000']) assert.ok(matches(one, query), query);
  assert.equal(matches(one, 'ferry'), false);
  assert.equal(nameOf(one, 'zh'), '測試砂一號');
  assert.equal(nameOf(one, 'en'), 'TEST SHA 1');
  assert.equal(nameOf(vessel(4161234), 'en'), '004161234');
});

test('vessels: distress, alerted, by name, lost last', () => {
  const list = [vessel(1, { name: 'B', state: 'lost' }), vessel(2, { name: 'Z' }), vessel(3, { name: 'C' }), vessel(4, { name: 'Y' }), vessel(5, { kind: 'mob' })];
  const sorted = sortVessels(list, (mmsi) => mmsi === 4, 'en');
  assert.deepEqual(sorted.map((v) => v.mmsi), [5, 4, 3, 2, 1]);
});

test('the picture keeps open alerts, forgets closed and shadow ones, and knows the worst by vessel', () => {
  const picture = new Picture();
  picture.replace([vessel(416000001), vessel(2)], [alert('w', 'warning', 'active', '00'), alert('s', 'alarm', 'active', '00', { shadow: true })], []);
  assert.deepEqual([...picture.alerts.keys()], ['w']);
  assert.equal(picture.applyAlert(alert('a', 'alarm', 'acknowledged', '01', { other_mmsi: 2 })), true);
  assert.deepEqual(picture.alerted.get(416000001), { rank: 1, unacknowledged: true });
  assert.deepEqual(picture.alerted.get(2), { rank: 1, unacknowledged: false });
  picture.applyAlert(alert('a', 'alarm', 'closed', '01', { other_mmsi: 2 }));
  assert.equal(picture.alerted.has(2), false);
  picture.applyVessels({ changed: [vessel(3)], left: [2], removed: [416000001] });
  assert.deepEqual([...picture.vessels.keys()], [3]);
});
