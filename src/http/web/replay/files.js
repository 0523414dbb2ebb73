// What was seen of the past, as files: GeoJSON (RFC 7946) and CSV (RFC 4180). Pure.

import { plain } from '../format.js';
import { iso } from './moment.js';

/**
 * @typedef {import('./scene.js').Scene} Scene
 * @typedef {import('./scene.js').Fix} Fix
 * @typedef {import('../shapes.js').Alert} Alert
 */
/** What was seen: from when to when, ms; of which site; by whose word. @typedef {{from: number, to: number, site: string, source: string, gapMs: number}} Seen */
/** @typedef {{mmsi: number, name: string | null, name_zh: string | null, class: string, fixes: Fix[]}} Track */

const COLUMNS = ['time', 'mmsi', 'name', 'name_zh', 'class', 'lon', 'lat', 'sog_kn', 'cog_deg', 'heading_deg', 'nav_status', 'feed'];

/** @param {Scene[]} scenes in order @param {Seen} seen @returns {Track[]} by MMSI, the fixes that were seen, each vessel as last described */
export function tracksOf(scenes, { from, to }) {
  /** @type {Map<number, Track>} */
  const tracks = new Map();
  for (const scene of scenes) {
    const described = new Map([...scene.vessels, ...scene.changes.flatMap(({ vessel }) => vessel ?? [])].map((vessel) => [vessel.mmsi, vessel]));
    for (const [mmsi, all] of scene.tracks) {
      const fixes = all.filter(({ at }) => from <= at && at <= to);
      const vessel = described.get(mmsi);
      if (fixes.length === 0 || !vessel) continue;
      const before = tracks.get(mmsi)?.fixes ?? [];
      tracks.set(mmsi, { mmsi, name: vessel.name, name_zh: vessel.name_zh, class: vessel.class, fixes: [...before, ...fixes] });
    }
  }
  return [...tracks.values()].sort((a, b) => a.mmsi - b.mmsi);
}

/** @param {Scene[]} scenes @param {Seen} seen @returns {string} tracks as lines cut at the gaps, alerts as points; time and source beside */
export function geoJson(scenes, seen) {
  const lines = tracksOf(scenes, seen).map(({ fixes, ...vessel }) => {
    const runs = cut(fixes, seen.gapMs);
    return {
      type: 'Feature',
      geometry: { type: 'MultiLineString', coordinates: runs.map((run) => run.map(({ position }) => position)) },
      properties: { ...vessel, times: runs.map((run) => run.map(({ time }) => time)) },
    };
  });
  const told = scenes.flatMap(({ changes }) => changes.flatMap(({ at, alert }) => (alert && seen.from <= at && at <= seen.to ? [[at, alert]] : [])));
  const points = /** @type {[number, Alert][]} */ (told).filter(([, alert]) => !alert.shadow).map(([at, alert]) => ({
    type: 'Feature',
    geometry: alert.position && { type: 'Point', coordinates: alert.position },
    properties: { time: iso(at), alert: alert.alert, rule: alert.rule, state: alert.state, priority: alert.priority, mmsi: alert.mmsi, zone: alert.zone },
  }));
  const { from, to, site, source } = seen;
  return JSON.stringify({ type: 'FeatureCollection', site, source, from: iso(from), to: iso(to), features: [...lines, ...points] });
}

/** A line has two positions at least: a lone one stands twice. @param {Fix[]} fixes @param {number} gapMs @returns {Fix[][]} */
function cut(fixes, gapMs) {
  /** @type {Fix[][]} */
  const runs = [];
  for (const fix of fixes) {
    const run = runs.at(-1);
    if (run && fix.at - run[run.length - 1].at <= gapMs) run.push(fix);
    else runs.push([fix]);
  }
  return runs.map((run) => (run.length > 1 ? run : [run[0], run[0]]));
}

/** @param {Scene[]} scenes @param {Seen} seen @returns {string} one fix a row; its source is the column `feed` */
export function csv(scenes, seen) {
  const rows = tracksOf(scenes, seen).flatMap(({ fixes, ...vessel }) => fixes.map((fix) => {
    const [lon, lat] = fix.position;
    /** @type {Record<string, unknown>} */
    const row = { ...fix, ...vessel, lon, lat };
    return COLUMNS.map((column) => cell(row[column])).join(',');
  }));
  return `${[COLUMNS.join(','), ...rows].join('\r\n')}\r\n`;
}

/** @param {unknown} value @returns {string} a cell; what a spreadsheet would take for a formula is told to be text, for names come off the radio */
function cell(value) {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = plain(value);
  const safe = /^[=+\-@\t]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
