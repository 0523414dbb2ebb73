// The address holds where the page stands, and brings it back.

import assert from 'node:assert/strict';
import test from 'node:test';
import { addressOf, placeOf } from '../../src/http/web/address.js';

const FIRST = { lang: 'zh', palette: 'day', view: null, mmsi: null, desk: '', text: '', sort: 'urgency', filter: {}, tab: '', item: '' };

test('an empty address is a first visit', () => {
  assert.deepEqual(placeOf(''), FIRST);
});

test('what cannot be is not believed', () => {
  for (const search of ['?lang=fr', '?palette=pink', '?view=1,2', '?view=200,24,900', '?view=118,24,-1', '?mmsi=abc', '?mmsi=1234567890', '?sort=size', '?min_length_m=long', '?class=']) {
    assert.deepEqual(placeOf(search), FIRST, search);
  }
});

test('there and back', () => {
  const place = {
    lang: 'en', palette: 'night', view: { lon: 118.42, lat: 24.41, scale: 5000 }, mmsi: 416001234, desk: 'liaoluo', text: '測試 & <b>', sort: 'sog',
    filter: { class: 'cargo', state: 'lost', zone: 'km-restricted', flag: 'TW', min_length_m: '80', max_sog_kn: '0.5' },
    tab: 'zones', item: 'km-liaoluo-harbour',
  };
  assert.deepEqual(placeOf(addressOf(place, '')), place);
});

test('what others keep in the address stays, and what is no more asked for goes', () => {
  const search = addressOf({ ...FIRST, mmsi: 1 }, '?time=2026-03-01T00:00:00Z&class=cargo&mmsi=2');
  const query = new URLSearchParams(search);
  assert.equal(query.get('time'), '2026-03-01T00:00:00Z');
  assert.equal(query.get('class'), null);
  assert.equal(query.get('mmsi'), '1');
});
