// What the page of rules reads and compares: typed positions, shapes, fields, drafts, the hours of a trial.

import assert from 'node:assert/strict';
import test from 'node:test';
import { pointsOf, positionOf, positionText } from '../../src/http/web/rules/coordinates.js';
import { differences, Draft } from '../../src/http/web/rules/draft.js';
import { freshRule, idFault, textOf, valueAt, valueOf, withValue } from '../../src/http/web/rules/fields.js';
import { hoursOf, marksOf } from '../../src/http/web/rules/outcome.js';
import { circle, crossing, faultOf, geometryOf, isHole, shapeOf, withHole, withPoints } from '../../src/http/web/rules/shape.js';

test('positions are read as people write them', () => {
  const wanted = [118.425, 24.414];
  for (const text of [
    '24°24.840′N 118°25.500′E', '24 24.84 N 118 25.5 E', "24-24.84N,118-25.5E", 'N24 24.84 E118 25.5', '118°25.5E 24°24.84N',
    '24°24′50.4″N 118°25′30″E', '24.414N 118.425E', '24.414, 118.425', '118.425 24.414', ' 24.414\t118.425 ', '北緯24°24.840′ 東經118°25.500′',
  ]) assert.deepEqual(positionOf(text), wanted, text);
  assert.deepEqual(positionOf('10.5S 20.25W'), [-20.25, -10.5]);
  assert.deepEqual(positionOf('-10.5, -20.25'), [-20.25, -10.5]);
});

test('what is no position is none', () => {
  for (const text of ['', 'Kinmen', '24.4', '24 60.0 N 118 25 E', '24.5 30 N 118 25 E', '91N 118E', '24N 181E', '24N 25N', '24 24 24 24 N 118 E', '1 2 3', '24N 118E 5', '118.4, 91']) {
    assert.equal(positionOf(text), null, text);
  }
});

test('a position that was not touched keeps its digits', () => {
  const point = [118.4250004, 24.4140004];
  for (const decimal of [true, false]) {
    const text = positionText(point, decimal);
    assert.deepEqual(pointsOf(`${text}\n\n24.5, 118.5\nnowhere`, new Map([[text, point]])), { points: [point, [118.5, 24.5]], wrong: [4] });
  }
});

const SQUARE = [[0, 0], [4, 0], [4, 4], [0, 4]];
const HOLE = [[1, 1], [1, 2], [2, 2]];
const ring = (points) => [...points, points[0]];

test('shapes go to GeoJSON and come back', () => {
  for (const geometry of [
    { type: 'Point', coordinates: [1, 2] },
    { type: 'LineString', coordinates: [[0, 0], [1, 1]] },
    { type: 'Polygon', coordinates: [ring(SQUARE), ring(HOLE)] },
    { type: 'MultiPolygon', coordinates: [[ring(SQUARE), ring(HOLE)], [ring(HOLE)]] },
  ]) assert.deepEqual(geometryOf(shapeOf(geometry)), geometry);
});

test('a hole belongs to the polygon that it is cut from', () => {
  const shape = shapeOf({ type: 'MultiPolygon', coordinates: [[ring(SQUARE)], [ring(HOLE)]] });
  const { shape: cut, at } = withHole(shape, 0);
  assert.equal(at, 1);
  assert.deepEqual([0, 1, 2].map((ring) => isHole(cut, ring)), [false, true, false]);
  assert.deepEqual(geometryOf(withPoints(cut, at, HOLE)).coordinates[0], [ring(SQUARE), ring(HOLE)]);
});

test('what is wrong with a shape is told', () => {
  const area = (...rings) => ({ form: 'area', rings: rings.map((points) => ({ of: 0, points })) });
  assert.equal(faultOf(area(SQUARE, HOLE)), null);
  assert.deepEqual(faultOf(area(SQUARE.slice(0, 2))), { why: 'area', ring: 0 });
  assert.deepEqual(faultOf(area(SQUARE, HOLE.slice(0, 2))), { why: 'area', ring: 1 });
  assert.deepEqual(faultOf({ form: 'line', rings: [{ of: 0, points: [[0, 0]] }] }), { why: 'line', ring: 0 });
  assert.deepEqual(faultOf(area([[0, 0], [4, 4], [4, 0], [0, 4]])), { why: 'crosses', ring: 0, at: [2, 2] });
  assert.deepEqual(crossing([[0, 0], [4, 0], [2, 0.5], [2, -1]]), [2, 0]);
});

test('a circle is a ring about its centre', () => {
  const points = circle([118.4, 24.4], 1852);
  assert.equal(crossing(points), null);
  for (const [lon, lat] of points) {
    const metres = Math.hypot((lon - 118.4) * Math.cos((24.4 * Math.PI) / 180), lat - 24.4) * 111194.9;
    assert.ok(Math.abs(metres - 1852) < 2, `${metres}`);
  }
});

const parameter = (type, more = {}) => ({ name: 'x', type, unit: null, range: null, words: null, required: false, default: null, meaning: { zh: '', en: '' }, source: '', ...more });

test('fields are read by their type', () => {
  for (const [type, text, value] of [
    ['number', ' 7.5 ', 7.5], ['text', 'a note', 'a note'], ['names', 'MAYDAY, FIRE', ['MAYDAY', 'FIRE']], ['mmsis', '416000001，412999999', [416000001, 412999999]],
    ['mids', '412, 413', [412, 413]], ['steps', '500:5, 200:3.5', [[500, 5], [200, 3.5]]], ['time_of_day', '18:00', '18:00'], ['date', '2027-03-31', '2027-03-31'],
  ]) {
    assert.deepEqual(valueOf(parameter(type), text), { value }, text);
    assert.deepEqual(valueOf(parameter(type), textOf(parameter(type), value)), { value }, text);
  }
});

test('what cannot be is told as such', () => {
  for (const [wanted, text, why] of [
    [parameter('number', { range: [0, 10] }), '11', 'range'], [parameter('number', { range: [0, 10] }), 'ten', 'range'], [parameter('number', { required: true }), '', 'missing'],
    [parameter('mmsis'), '41600000', 'mmsis'], [parameter('mids'), '800', 'mids'], [parameter('steps'), '500', 'steps'], [parameter('steps'), '500:0', 'steps'],
    [parameter('time_of_day'), '24:00', 'time_of_day'], [parameter('date'), 'soon', 'date'],
  ]) assert.equal(valueOf(wanted, text).wrong?.why, why, text);
  assert.deepEqual(valueOf(parameter('number'), ''), { value: undefined });
  assert.equal(idFault('fast', () => true), 'taken');
});

test('an id is what the service takes for one', () => {
  for (const [id, why] of [
    ['fast-2', null], ['Fast.2_b', null], ['2', null], ['x'.repeat(64), null],
    ['', 'id'], ['-fast', 'id'], ['.fast', 'id'], ['fast 2', 'id'], ['快', 'id'], ['x'.repeat(65), 'id'],
  ]) assert.equal(idFault(id, () => false), why, id);
});

test('a value goes to its key and leaves no empty table behind', () => {
  const rule = { id: 'fast', vessels: { classes: ['cargo'] } };
  assert.deepEqual(withValue(rule, 'vessels.mid', [412]).vessels, { classes: ['cargo'], mid: [412] });
  assert.deepEqual(withValue(rule, 'vessels.classes', undefined), { id: 'fast' });
  assert.equal(valueAt(rule, 'vessels.mid'), undefined);
  const kind = { kind: 'x', message: { zh: '字', en: 'word' }, parameters: [parameter('number', { name: 'limit' }), parameter('number', { name: 'usual', default: 3 })] };
  assert.deepEqual(freshRule('new', kind), { id: 'new', kind: 'x', priority: 'warning', mode: 'shadow', message: kind.message, usual: 3 });
});

test('a draft lies over what stands', () => {
  const draft = new Draft((item) => item.id);
  draft.stand([{ id: 'a', n: 1, vessels: { mid: [1] } }, { id: 'b', n: 1 }], 'v1');
  draft.put({ id: 'a', vessels: { mid: [2] }, n: 1 });
  draft.put({ id: 'c', n: 3 });
  draft.remove('b');
  assert.deepEqual(['a', 'b', 'c'].map((id) => draft.standing(id)), ['changed', 'removed', 'added']);
  assert.deepEqual(draft.items().map(({ id }) => id), ['a', 'c']);
  assert.deepEqual(draft.differences(), [['a', 'changed', [{ key: 'vessels.mid', before: [1], after: [2] }]], ['b', 'removed', []], ['c', 'added', []]]);
  // Put back in another order of keys it is no change.
  draft.put({ vessels: { mid: [1] }, n: 1, id: 'a' });
  draft.undo('b');
  draft.remove('c');
  assert.equal(draft.changes.size, 0);
});

test('what another changed meanwhile is marked, what he changed alike is done', () => {
  const draft = new Draft((item) => item.id);
  draft.stand([{ id: 'a', n: 1 }, { id: 'b', n: 1 }, { id: 'c', n: 1 }], 'v1');
  for (const id of ['a', 'b', 'c']) draft.put({ id, n: 2 });
  draft.stand([{ id: 'a', n: 1 }, { id: 'b', n: 3 }, { id: 'c', n: 2 }], 'v2');
  assert.deepEqual([...draft.changes.keys()], ['a', 'b']);
  assert.deepEqual([...draft.clashes], ['b']);
  assert.deepEqual(differences({ message: { zh: '一', en: 'one' } }, { message: { zh: '一', en: 'two' } }), [{ key: 'message.en', before: 'one', after: 'two' }]);
});

test('the hours of a trial follow one another over midnight, and its alerts by time', () => {
  const count = { baseline: 1, proposed: 2, come: 1, go: 0, move: 0 };
  assert.deepEqual(hoursOf({ '00': count, '03': count, 22: count, 23: count }, '22').map(([hour]) => hour), ['22', '23', '00', '03']);
  const alert = (raised) => ({ alert: raised, raised });
  const marks = marksOf({ come: [alert('3')], go: [alert('1')], move: [{ proposed: alert('2'), shift_s: -5 }] });
  assert.deepEqual(marks.map(({ way, alert }) => [way, alert.raised, alert.shift_s]), [['go', '1', undefined], ['move', '2', -5], ['come', '3', undefined]]);
});
