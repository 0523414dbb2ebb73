// What comes first, what is frozen, what a filter may not hide.

import assert from 'node:assert/strict';
import test from 'node:test';
import { filterOf, matches, passes } from '../../src/http/web/filter.js';
import { compareAlerts, escalation, forDesk, nameOf, settle, sortVessels, unacknowledged } from '../../src/http/web/order.js';
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

test('a filter asks for all its parts, and what is not known satisfies none', () => {
  const one = vessel(1, { class: 'cargo', state: 'live', zones: ['a'], flag: 'TW', length_m: 80, sog_kn: 0.3, nav_status: 5 });
  const cases = [
    [{}, true], [{ class: 'cargo' }, true], [{ class: 'ferry' }, false], [{ state: 'moored' }, true], [{ state: 'moving' }, false], [{ state: 'still' }, true],
    [{ state: 'lost' }, false], [{ zone: 'a' }, true], [{ zone: 'b' }, false], [{ flag: 'CN' }, false], [{ min_length_m: '80' }, true], [{ max_length_m: '79.5' }, false],
    [{ max_sog_kn: '0.3' }, true], [{ min_sog_kn: '0.4' }, false], [{ class: 'cargo', flag: 'CN' }, false],
  ];
  for (const [filter, wanted] of cases) assert.equal(passes(one, filter, false), wanted, JSON.stringify(filter));
  assert.equal(passes(vessel(1, { length_m: null }), { min_length_m: '0' }, false), false);
});

test('a filter never hides who is alerted, watch-listed, chosen or in distress', () => {
  assert.equal(passes(vessel(1), { class: 'ferry' }, true), true);
  assert.equal(passes(vessel(1, { nav_status: 14 }), { class: 'ferry' }, false), true);
  assert.equal(passes(vessel(970123456, { kind: 'sart', class: 'sart' }), { class: 'ferry' }, false), true);
  const picture = new Picture();
  picture.setRules([{ id: 'w', kind: 'watch_list', mmsi: [416000009] }, { id: 's', kind: 'speed_limit' }]);
  assert.equal(picture.kept(416000009), true);
  assert.equal(picture.kept(416000008), false);
});

test('a filter has only parts there are, with values they can have', () => {
  assert.deepEqual(filterOf({ class: 'cargo', colour: 'red', min_length_m: 'long', max_sog_kn: '3', zone: '' }), { class: 'cargo', max_sog_kn: '3' });
});

test('a desk sees its own alerts, those of no desk, and every emergency', () => {
  const cases = [['liaoluo', 'warning', 'liaoluo', true], ['shuitou', 'warning', 'liaoluo', false], [null, 'warning', 'liaoluo', true], ['shuitou', 'emergency', 'liaoluo', true], ['shuitou', 'caution', '', true]];
  for (const [of, priority, desk, wanted] of cases) assert.equal(forDesk(alert('', priority, 'active', '00', { desk: of }), desk), wanted);
});

test('a warning tells when it becomes an alarm, and that it did', () => {
  const rule = { id: 'r', kind: 'speed_limit', priority: 'warning', escalate_s: 120 };
  const now = Date.parse('2026-03-01T00:01:00.000Z');
  assert.deepEqual(escalation(alert('', 'warning', 'active', '00'), rule, now), { done: false, in_s: 60 });
  assert.deepEqual(escalation(alert('', 'warning', 'active', '00'), rule, now + 999_000), { done: false, in_s: 0 });
  assert.deepEqual(escalation(alert('', 'alarm', 'rectified', '00'), rule, now), { done: true });
  assert.equal(escalation(alert('', 'warning', 'acknowledged', '00'), rule, now), null);
  assert.equal(escalation(alert('', 'alarm', 'active', '00'), { ...rule, priority: 'alarm' }, now), null);
  assert.equal(escalation(alert('', 'warning', 'active', '00'), undefined, now), null);
});

test('search finds any part of name, call sign, MMSI and IMO', () => {
  const one = vessel(4161234, { name: 'TEST SHA 1', name_zh: '測試砂一號', call_sign: 'BXAB', imo: 9000001 });
  for (const query of ['sha', '砂一', 'bxa', '004161', '90000']) assert.ok(matches(one, query), query);
  assert.equal(matches(one, 'ferry'), false);
  assert.equal(nameOf(one, 'zh'), '測試砂一號');
  assert.equal(nameOf(one, 'en'), 'TEST SHA 1');
  assert.equal(nameOf(vessel(4161234, { name_zh: '測試砂一號' }), 'en'), '004161234', 'no Chinese in the English view');
  assert.equal(nameOf(vessel(4161234), 'en'), '004161234');
  assert.equal(nameOf(vessel(4161234, { name: '@'.repeat(20) }), 'en'), '004161234');
});

test('vessels: distress, alerted, by name, lost last', () => {
  const list = [vessel(1, { name: 'B', state: 'lost' }), vessel(2, { name: 'Z' }), vessel(3, { name: 'C' }), vessel(4, { name: 'Y' }), vessel(5, { kind: 'mob' })];
  const sorted = sortVessels(list, (mmsi) => mmsi === 4, 'en');
  assert.deepEqual(sorted.map((v) => v.mmsi), [5, 4, 3, 2, 1]);
});

test('vessels may be sorted otherwise, the urgent ones first all the same', () => {
  const list = [vessel(1, { name: 'A', sog_kn: 3 }), vessel(2, { name: 'B', sog_kn: 9 }), vessel(3, { name: 'C', sog_kn: null }), vessel(4, { name: 'D', sog_kn: 1 })];
  const sorted = (sort) => sortVessels(list, (mmsi) => mmsi === 4, 'en', sort).map((v) => v.mmsi);
  assert.deepEqual(sorted('sog'), [4, 2, 1, 3]);
  assert.deepEqual(sorted('name'), [4, 1, 2, 3]);
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
