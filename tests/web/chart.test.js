// Projection, scale bar and the placing of names.

import assert from 'node:assert/strict';
import test from 'node:test';
import { outline, zonesOf } from '../../src/http/web/chart/ground.js';
import { placeLabels, Taken } from '../../src/http/web/chart/labels.js';
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
  const placed = placeLabels(wishes, new Taken(), new Map());
  assert.equal(placed[0].id, 50);
  for (const a of placed) {
    for (const b of placed) {
      if (a !== b) assert.ok(a.x >= b.x + b.w || b.x >= a.x + a.w || a.y >= b.y + b.h || b.y >= a.y + a.h);
    }
  }
  const [kept] = placeLabels([wishes[0]], new Taken(), new Map([[0, 3]]));
  assert.equal(kept.place, 3);
});

test('zones without a published boundary are indicative', () => {
  const zone = (confidence) => ({ properties: { id: 'a', kind: 'gate', name: {}, confidence }, geometry: { type: 'LineString', coordinates: [[118, 24], [119, 25]] } });
  const zones = zonesOf({ features: [zone('published'), zone('approximate'), zone(undefined)] });
  assert.deepEqual(zones.map((z) => z.indicative), [false, true, true]);
  assert.equal(outline(zone('x').geometry).east, 119);
});
