// What sounds when: by priority, silenced for half a minute, and back while an alarm lasts.

import assert from 'node:assert/strict';
import test from 'node:test';
import { Schedule } from '../../src/http/web/sound.js';

const alert = (name, priority, state = 'active', more = {}) => ({ alert: name, priority, state, shelved_until: null, ...more });

/** Plays a story: at each second the alerts there are, and the tone wanted. */
function check(steps) {
  const schedule = new Schedule();
  for (const { at, alerts = [], lost = false, silence = false, tone } of steps) {
    if (silence) schedule.silence(alerts, at * 1000);
    assert.equal(schedule.next(alerts, lost, at * 1000), tone, `at ${at} s`);
  }
}

const alarm = alert('a', 'alarm');
const warning = alert('w', 'warning');

test('each priority at its own pace; the most urgent alone', () => {
  check([
    { at: 0, alerts: [warning], tone: 'warning' },
    { at: 59, alerts: [warning], tone: null },
    { at: 60, alerts: [warning], tone: 'warning' },
    { at: 61, alerts: [warning, alarm], tone: 'alarm' },
    { at: 67, alerts: [warning, alarm], tone: null },
    { at: 68, alerts: [warning, alarm], tone: 'alarm' },
    { at: 69, alerts: [warning, alarm, alert('e', 'emergency')], tone: 'emergency' },
    { at: 72, alerts: [warning, alarm, alert('e', 'emergency')], tone: 'emergency' },
  ]);
});

test('cautions, acknowledged and shelved ones are not sounded; ended ones are until acknowledged', () => {
  const quiet = [alert('c', 'caution'), alert('k', 'alarm', 'acknowledged'), alert('s', 'alarm', 'active', { shelved_until: '2026-03-01T00:00:00.000Z' })];
  check([
    { at: 0, alerts: quiet, tone: null },
    { at: 1, alerts: [...quiet, alert('r', 'alarm', 'rectified')], tone: 'alarm' },
  ]);
});

test('silence ends after 30 s for alarms, not for warnings', () => {
  check([
    { at: 0, alerts: [alarm, warning], tone: 'alarm' },
    { at: 5, alerts: [alarm, warning], silence: true, tone: null },
    { at: 34, alerts: [alarm, warning], tone: null },
    { at: 35, alerts: [alarm, warning], tone: 'alarm' },
  ]);
  check([
    { at: 0, alerts: [warning], silence: true, tone: null },
    { at: 300, alerts: [warning], tone: null },
  ]);
});

test('what is raised or escalated during the silence sounds at once', () => {
  check([
    { at: 0, alerts: [alarm], silence: true, tone: null },
    { at: 3, alerts: [alarm, warning], tone: 'warning' },
  ]);
  check([
    { at: 0, alerts: [warning], silence: true, tone: null },
    { at: 3, alerts: [alert('w', 'alarm')], tone: 'alarm' },
  ]);
});

test('the time until a silenced alarm is back; nothing comes back of warnings and of what was acknowledged', () => {
  const schedule = new Schedule();
  schedule.silence([alarm, warning], 0);
  assert.equal(schedule.quietFor([alarm, warning], 5_000), 25);
  assert.equal(schedule.quietFor([warning], 5_000), 0);
  assert.equal(schedule.quietFor([alert('a', 'alarm', 'acknowledged')], 5_000), 0);
  assert.equal(schedule.quietFor([alarm], 30_000), 0);
});

test('acknowledging ends the sound', () => {
  check([
    { at: 0, alerts: [alarm], tone: 'alarm' },
    { at: 7, alerts: [alert('a', 'alarm', 'acknowledged')], tone: null },
  ]);
});

test('a lost connection has its own tone until silenced, and again when it is lost again', () => {
  check([
    { at: 0, lost: true, tone: 'lost' },
    { at: 9, lost: true, tone: null },
    { at: 10, lost: true, tone: 'lost' },
    { at: 11, lost: true, silence: true, tone: null },
    { at: 30, lost: true, tone: null },
    { at: 31, tone: null },
    { at: 41, lost: true, tone: 'lost' },
  ]);
});
