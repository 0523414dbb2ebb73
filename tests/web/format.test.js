// Numbers, times and hostile text.

import assert from 'node:assert/strict';
import test from 'node:test';
import { nextAt } from '../../src/http/web/clock.js';
import * as format from '../../src/http/web/format.js';

const units = { s: 's', min: 'min', h: 'h', d: 'd' };
const spaced = (text) => text.replaceAll('\u00a0', ' ');

test('what is missing is a dash, never a zero', () => {
  for (const none of [null, undefined, NaN]) {
    assert.equal(format.number(none, 1, 'kn'), '—');
    assert.equal(format.bearing(none), '—');
  }
  assert.equal(format.position(null), '—');
  assert.equal(format.orNone('@@@'), '—');
  assert.equal(format.eta(null), '—');
  assert.equal(spaced(format.number(0, 1, 'kn')), '0.0 kn');
});

test('durations', () => {
  const cases = [[0, '0 s'], [99, '99 s'], [100, '1 min'], [5399, '89 min'], [5400, '1 h 30 min'], [172800, '2 d'], [-5, '0 s'], [null, '—']];
  for (const [seconds, text] of cases) assert.equal(spaced(format.duration(seconds, units)), text);
});

test('positions in degrees and minutes, with the carry', () => {
  assert.equal(format.position([118.425, 24.415]), '24°24.900′N 118°25.500′E');
  assert.equal(format.position([-0.9999999, -9.9999999]), '10°00.000′S 001°00.000′W');
});

test('bearings have three figures and never say 360', () => {
  assert.deepEqual([0, 7.4, 359.6].map(format.bearing), ['000°', '007°', '000°']);
});

test('radio text loses control and direction marks and padding, and keeps the rest', () => {
  assert.equal(format.plain('RTL \u202Eevil\u202C\u0000@@@@'), 'RTL evil');
  assert.equal(format.plain('<script>alert(1)</script>'), '<script>alert(1)</script>');
  assert.equal(format.plain('@'.repeat(20)), '');
});

test('measured values', () => {
  const cases = [[11.2, 'kn', '11.2 kn'], [0.213, 'NM', '0.21 NM'], [640, 's', '10 min'], [47.25, 'deg', '47.3°'], [3, null, '3']];
  for (const [value, unit, text] of cases) assert.equal(spaced(format.measured(value, unit, units)), text);
});

test('clocks of the site, in 24 hours; an unknown zone is UTC', () => {
  const midnight = Date.parse('2026-03-01T16:00:05.000Z');
  assert.equal(format.clocks('Asia/Taipei').stamp(midnight), '2026-03-02 00:00:05');
  assert.equal(format.clocks('No/Where').clock(midnight), '16:00:05');
});

test('ETA of AIS may lack any part', () => {
  assert.equal(format.eta({ month: 3, day: 1, hour: null, minute: null }), '03-01 --:-- UTC');
  assert.equal(format.eta('2026-03-01T18:00:00.000Z'), '03-01 18:00 UTC');
});

test('ages are never negative', () => {
  assert.equal(format.ageSeconds('2026-03-01T00:00:10.000Z', Date.parse('2026-03-01T00:00:05.000Z')), 0);
  assert.equal(format.ageSeconds(null, 0), null);
  assert.equal(format.ageSeconds('nonsense', 0), null);
});

test('a time of day is the next one on the local clock', () => {
  const now = Date.parse('2026-03-01T15:50:30.000Z');
  const stamp = format.clocks('Asia/Taipei').stamp(now);
  const cases = [['23:55', '2026-03-01T15:55:00.000Z'], ['00:10', '2026-03-01T16:10:00.000Z'], ['23:50', '2026-03-02T15:50:00.000Z'], ['0730', '2026-03-01T23:30:00.000Z']];
  for (const [text, wanted] of cases) assert.equal(new Date(nextAt(text, stamp, now)).toISOString(), wanted, text);
  for (const text of ['', '24:00', '7', '12:60', 'noon']) assert.equal(nextAt(text, stamp, now), null, text);
});
