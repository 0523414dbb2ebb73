// Which symbol a vessel gets (IMO SN.1/Circ.243/Rev.2), and where on a sheet the chart lies.

import assert from 'node:assert/strict';
import test from 'node:test';
import { covers } from '../../src/http/web/chart/sheet.js';
import { hasVector, hullFor, lookOf, radius, reach } from '../../src/http/web/chart/symbols.js';
import { anchorsOf, roomFor } from '../../src/http/web/chart/zone_names.js';
import { zonesOf } from '../../src/http/web/chart/ground.js';
import { placesOf } from '../../src/http/web/chart/places.js';

const SHIP = { mmsi: 416001234, kind: 'ship', class: 'cargo', state: 'live', sog_kn: 10, cog_deg: 90, heading_deg: 80, nav_status: 0, dims_m: [80, 20, 8, 8] };

/** @param {object} differs @param {object} wanted @param {object} [alert] */
function check(differs, wanted, alert) {
  const look = lookOf({ ...SHIP, ...differs }, alert);
  for (const [name, value] of Object.entries(wanted)) assert.equal(look[name], value, `${JSON.stringify(differs)} ${name}`);
}

test('it points to the heading, else the COG, and a still vessel without heading nowhere', () => {
  check({}, { form: 'ship', bow: 80, headed: true, asleep: false, level: 'target', mark: '' });
  check({ heading_deg: null }, { bow: 90, headed: false });
  check({ heading_deg: null, sog_kn: 0.1 }, { bow: null, asleep: true });
  check({ heading_deg: null, sog_kn: 0.1 }, { asleep: false, level: 'warning' }, { rank: 2, unacknowledged: true });
});

test('still, anchored and moored vessels sleep, small, unless there is an alert', () => {
  for (const differs of [{ sog_kn: 0.4 }, { nav_status: 1 }, { nav_status: 5 }]) check(differs, { asleep: true });
  assert.ok(radius(lookOf({ ...SHIP, sog_kn: 0 }, undefined)) < radius(lookOf(SHIP, undefined)));
  check({ sog_kn: 0 }, { asleep: false, level: 'alarm' }, { rank: 1, unacknowledged: false });
});

test('red is for emergencies and alarms alone', () => {
  for (const [rank, level] of [[0, 'alarm'], [1, 'alarm'], [2, 'warning'], [3, 'warning']]) check({}, { level }, { rank, unacknowledged: true });
  check({ state: 'lost' }, { level: 'lost', lost: true });
});

test('each class its mark', () => {
  for (const [cls, mark] of [['ferry', 'filled'], ['sand_carrier', 'holds'], ['patrol', 'barred'], ['state', 'dotted'], ['tanker', '']]) check({ class: cls }, { mark });
});

test('beacons, aids, virtual aids, stations and aircraft are no ships', () => {
  check({ kind: 'sart', class: 'sart', mmsi: 970416901, state: 'lost' }, { form: 'beacon', level: 'alarm', lost: false });
  check({ nav_status: 14 }, { form: 'beacon' });
  check({ kind: 'aton', class: 'aton', mmsi: 994161001, heading_deg: null, sog_kn: null, cog_deg: null }, { form: 'aid', bow: null });
  check({ kind: 'aton', class: 'aton', mmsi: 994166001 }, { form: 'virtual' });
  check({ kind: 'base_station', class: 'base_station' }, { form: 'station', asleep: false });
  check({ kind: 'sar_aircraft', class: 'sar_aircraft', heading_deg: null }, { form: 'aircraft', bow: 90 });
});

test('no vector under half a knot, at anchor, moored, without a COG or once lost', () => {
  assert.ok(hasVector(SHIP));
  for (const differs of [{ kind: 'base_station' }, { sog_kn: 0.4 }, { sog_kn: null }, { cog_deg: null }, { nav_status: 1 }, { nav_status: 5 }, { state: 'lost' }]) {
    assert.ok(!hasVector({ ...SHIP, ...differs }), JSON.stringify(differs));
  }
});

test('the true outline once it is over 12 pixels, alone once it is longer than the triangle', () => {
  for (const [perMetre, shape] of [[0.1, 'symbol'], [0.12, 'symbol'], [0.13, 'both'], [0.18, 'both'], [0.2, 'hull']]) assert.equal(hullFor(SHIP, perMetre), shape, String(perMetre));
  assert.equal(hullFor({ ...SHIP, dims_m: null }, 1), 'symbol');
  assert.equal(hullFor({ ...SHIP, heading_deg: null }, 1), 'symbol');
});

test('a picture holds its symbol, heading line and all', () => {
  for (const differs of [{}, { sog_kn: 0 }, { heading_deg: null }, { state: 'lost' }, { nav_status: 14 }]) {
    const look = lookOf({ ...SHIP, ...differs }, undefined);
    assert.ok(reach(look) >= radius(look) * 1.25 + 2);
  }
});

test('a sheet covers a view of its scale that lies within its margins', () => {
  const view = { cx: 118, cy: 25, scale: 1000, width: 800, height: 600 };
  const sheet = { ...view, width: 1000, height: 800 };
  for (const [differs, wanted] of [[{}, true], [{ cx: 118.05 }, true], [{ cx: 118.101 }, false], [{ cy: 24.95 }, true], [{ cy: 24.899 }, false], [{ scale: 1001 }, false], [{ width: 1001 }, false]]) {
    assert.equal(covers(sheet, { ...view, ...differs }), wanted, JSON.stringify(differs));
  }
});

test('waters that enclose an island are named at their corners, others in the middle', () => {
  const square = (kind) => zonesOf({ features: [{ properties: { id: kind, kind, name: {} }, geometry: { type: 'Polygon', coordinates: [[[118, 24], [119, 24], [119, 25], [118, 25], [118, 24]]] } }] })[0];
  const around = anchorsOf(square('prohibited'));
  assert.ok(around.beside && around.anchors.length === 4);
  const [{ mx }] = anchorsOf(square('harbour')).anchors;
  assert.equal(mx, 118.5);
  assert.ok(roomFor(square('harbour'), 90, 100) && !roomFor(square('harbour'), 200, 100));
});

test('an alert stands where it was raised once its vessel is not on the chart', () => {
  const alert = (id, differs) => [id, { alert: id, mmsi: 1, position: [118, 24], shelved_until: null, ...differs }];
  const alerts = new Map([alert('here', {}), alert('gone', { mmsi: 2 }), alert('unplaced', { mmsi: 3 }), alert('none', { mmsi: null }), alert('nowhere', { mmsi: 2, position: null }), alert('shelved', { mmsi: 2, shelved_until: 'x' })]);
  const vessels = new Map([[1, { position: [118, 24] }], [3, { position: null }]]);
  assert.deepEqual(placesOf({ alerts, vessels }).map((one) => one.alert), ['gone', 'unplaced', 'none']);
});
