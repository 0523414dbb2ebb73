// Projection, scale bar, measuring, the past track and the placing of names.

import assert from 'node:assert/strict';
import test from 'node:test';
import { outline, zonesOf } from '../../src/http/web/chart/ground.js';
import { placeLabels, Taken } from '../../src/http/web/chart/labels.js';
import { Measure, rhumb, spoken } from '../../src/http/web/chart/measure.js';
import { dots, extend } from '../../src/http/web/chart/track.js';
import * as project from '../../src/http/web/chart/projection.js';

const BBOX = [118, 24.2, 118.75, 24.7];
const near = (a, b, by) => assert.ok(Math.abs(a - b) <= by, `${a} is not ${b}`);

test('a box fits whole, and pixels go back to where they came from', () => {
  const view = project.fit(BBOX, 1000, 700);
  for (const point of [[118, 24.2], [118.75, 24.7], [118.4, 24.41]]) {
    const [x, y] = project.toScreen(view, point);
    assert.ok(x >= -1e-6 && x <= 1000 + 1e-6 && y >= -1e-6 && y <= 700 + 1e-6);
    const back = project.toLonLat(view, x, y);
    near(back[0], point[0], 1e-9);
    near(back[1], point[1], 1e-9);
  }
});

test('zooming keeps what is under the pointer, and stops at the bounds', () => {
  const view = project.fit(BBOX, 1000, 700);
  const before = project.toLonLat(view, 130, 600);
  const after = project.toLonLat(project.zoomAbout(view, 3.7, 130, 600), 130, 600);
  near(before[0], after[0], 1e-9);
  near(before[1], after[1], 1e-9);
  assert.equal(project.zoomAbout(view, 1e9, 0, 0).scale, project.MAX_SCALE);
  assert.equal(project.zoomAbout(view, 1e-9, 0, 0).scale, project.MIN_SCALE);
});

test('the scale bar is as long as it says', () => {
  const view = project.fit(BBOX, 1000, 700);
  const { text, px } = project.scaleBar(project.metresPerPixel(view, 24.45), 160);
  const [west] = project.toLonLat(view, 400, 350);
  const [east] = project.toLonLat(view, 400 + px, 350);
  const miles = (east - west) * 60 * Math.cos((24.45 * Math.PI) / 180);
  near(miles, Number.parseFloat(text), 0.05 * miles);
  assert.match(project.scaleBar(0.2, 160).text, / m$/);
});

test('six minutes at ten knots are one mile ahead', () => {
  const [lon, lat] = project.ahead([118.4, 24.4], 0, 10, 6);
  near(lat - 24.4, 1 / 60, 1e-9);
  near(lon, 118.4, 1e-9);
});

test('no label lies over another, the urgent ones are served first, a label keeps its place', () => {
  const wishes = Array.from({ length: 80 }, (_, i) => ({ id: i, x: 100 + (i % 9) * 11, y: 100 + Math.floor(i / 9) * 9, r: 6, w: 70, h: 15, rank: i === 50 ? 0 : 5 }));
  const placed = placeLabels(wishes, new Taken(1000, 700), new Map());
  assert.equal(placed[0].id, 50);
  for (const a of placed) {
    for (const b of placed) {
      if (a !== b) assert.ok(a.x >= b.x + b.w || b.x >= a.x + a.w || a.y >= b.y + b.h || b.y >= a.y + a.h);
    }
  }
  const [kept] = placeLabels([wishes[0]], new Taken(1000, 700), new Map([[0, 3]]));
  assert.equal(kept.place, 3);
});

test('zones without a published boundary are indicative', () => {
  const zone = (confidence) => ({ properties: { id: 'a', kind: 'gate', name: {}, confidence }, geometry: { type: 'LineString', coordinates: [[118, 24], [119, 25]] } });
  const zones = zonesOf({ features: [zone('published'), zone('approximate'), zone(undefined)] });
  assert.deepEqual(zones.map((z) => z.indicative), [false, true, true]);
  assert.equal(outline(zone('x').geometry).east, 119);
});

test('a box beyond the edge is taken, so that no label is cut off', () => {
  const taken = new Taken(100, 50);
  for (const [x, y, hit] of [[10, 10, false], [-3, 10, true], [90, 10, true], [10, -3, true], [10, 45, true]]) assert.equal(taken.hits(x, y, 20, 10), hit, `${x} ${y}`);
  taken.add(-5, -5, 12, 12);
  assert.ok(taken.hits(5, 5, 20, 10));
  assert.ok(!taken.hits(8, 8, 20, 10));
});

test('measured along the straight line of the chart', () => {
  for (const [from, to, degrees, miles] of [
    [[118, 24], [118, 25], 0, 60], [[118, 25], [118, 24], 180, 60], [[118, 60], [119, 60], 90, 30], [[119, 60], [118, 60], 270, 30],
    [[179.5, 0], [-179.5, 0], 90, 60], [[118, 24], [118, 24], 0, 0],
  ]) {
    const course = rhumb(from, to);
    near(course.bearing_deg, degrees, 1e-6);
    near(course.distance_nm, miles, 0.0025 * miles + 1e-9);
  }
  const half = rhumb([118, 24], [118.5, 24.5]);
  near(half.bearing_deg, 42.4, 0.1);
  assert.equal(spoken({ bearing_deg: 7.6, distance_nm: 3.254 }), '008° 3.25\u00a0NM');
  assert.equal(spoken({ bearing_deg: 359.9, distance_nm: 12.34 }), '000° 12.3\u00a0NM');
});

test('marks: first, second, and a first one anew; the free end follows', () => {
  const measure = new Measure();
  assert.equal(measure.follow([1, 1], true), false);
  measure.turn(true);
  measure.mark([118, 24]);
  assert.equal(measure.course(), null);
  assert.ok(measure.follow([118, 25], false));
  near(measure.course().distance_nm, 60, 0.2);
  measure.mark([118, 24.5]);
  assert.equal(measure.follow([118, 25], false), false);
  near(measure.course().distance_nm, 30, 0.1);
  measure.mark([118, 24]);
  assert.equal(measure.course(), null);
  measure.turn(false);
  assert.equal(measure.from, null);
});

const fix = (s, lon) => ({ time: new Date(s * 1000).toISOString(), position: lon === null ? null : [lon, 24] });

test('dots of the past track are equally spaced in time, and none is made up over a silence', () => {
  const base = 1_772_323_200;
  const track = [fix(base + 3, 118), fix(base + 13, 118.01), fix(base + 14, null), fix(base + 33, 118.03), fix(base + 733, 119), fix(base + 743, 119.01)];
  const found = dots(track);
  const wanted = [118.007, 118.017, 118.027, 119.007];
  assert.equal(found.length, wanted.length);
  found.forEach(([lon], at) => near(lon, wanted[at], 1e-9));
  assert.deepEqual(dots([]), []);
  assert.deepEqual(dots([fix(base, 118)]), []);
  const long = Array.from({ length: 3000 }, (_, i) => fix(base + i * 30, 118 + i / 1e4));
  assert.ok(dots(long).length <= 96 && dots(long).length > 40);
});

test('a vessel\u2019s newer positions join its track, older ones do not', () => {
  const track = [fix(100, 118)];
  assert.equal(extend(track, { position: [118, 24], position_time: fix(100, 118).time }), track);
  assert.equal(extend(track, { position: null, position_time: null }), track);
  assert.equal(extend([], { position: [118, 24], position_time: fix(200, 118).time }).length, 0);
  assert.deepEqual(extend(track, { position: [118.1, 24], position_time: fix(110, 0).time })[1].position, [118.1, 24]);
});
