// The address of the page: view, palette, language, choice, desk and filter, so that a link and the back button bring them back. Pure.

import { filterOf, PARTS } from './filter.js';
import { SORTS } from './order.js';

/** @typedef {import('./filter.js').Filter} Filter */
/** Where the page stands. @typedef {{lang: string, palette: string, view: {lon: number, lat: number, scale: number} | null, mmsi: number | null, desk: string, text: string, sort: string, filter: Filter, tab: string, item: string}} Place */

export const PALETTES = ['day', 'dusk', 'night'];

/** @param {string} search `?…` @returns {Place} what it names; for the rest what a first visit shows */
export function placeOf(search) {
  const query = new URLSearchParams(search);
  const asked = Object.fromEntries(query);
  const [lon, lat, scale] = (asked.view ?? '').split(',').map(Number);
  return {
    lang: asked.lang === 'en' ? 'en' : 'zh',
    palette: PALETTES.includes(asked.palette) ? asked.palette : PALETTES[0],
    view: Math.abs(lon) <= 180 && Math.abs(lat) <= 90 && scale > 0 ? { lon, lat, scale } : null,
    mmsi: /^\d{1,9}$/.test(asked.mmsi ?? '') ? Number(asked.mmsi) : null,
    desk: asked.desk ?? '',
    text: asked.q ?? '',
    sort: SORTS.includes(asked.sort) ? asked.sort : SORTS[0],
    filter: filterOf(asked),
    tab: asked.tab ?? '',
    item: asked.item ?? '',
  };
}

/** @param {Place} place @param {string} search the address as it is: what others keep in it stays @returns {string} `?…` */
export function addressOf(place, search) {
  const query = new URLSearchParams(search);
  const { view } = place;
  /** @type {Record<string, string | null>} */
  const told = {
    lang: place.lang,
    palette: place.palette,
    view: view && `${view.lon.toFixed(5)},${view.lat.toFixed(5)},${view.scale.toFixed(0)}`,
    mmsi: place.mmsi === null ? null : String(place.mmsi),
    desk: place.desk,
    q: place.text,
    sort: place.sort === SORTS[0] ? null : place.sort,
    tab: place.tab,
    item: place.item,
    ...Object.fromEntries(Object.keys(PARTS).map((part) => [part, place.filter[part] ?? null])),
  };
  for (const [name, value] of Object.entries(told)) {
    if (value) query.set(name, value);
    else query.delete(name);
  }
  return `?${query.toString().replaceAll('%2C', ',')}`;
}
