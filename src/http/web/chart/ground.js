// What lies under the vessels: sea, zones, land, grid. Drawn once for a place and scale, then copied under every frame.

import { GRID_PX, gridStep, mercatorY, toLonLat, toScreen } from './projection.js';

/** @typedef {import('./projection.js').View} View */
/** @typedef {import('./theme.js').Theme} Theme */
/**
 * Rings or lines in projected degrees, flat: x, y, x, y …
 * @typedef {{lines: Float64Array[], west: number, east: number, south: number, north: number}} Outline
 * @typedef {{id: string, kind: string, name: any, indicative: boolean, area: boolean, point: boolean, outline: Outline}} Zone
 */

/** Colour of a kind's boundary, and how strongly its area is filled. @type {Record<string, [string, number]>} */
export const LOOKS = {
  prohibited: ['zoneStop', 0.07],
  restricted: ['zoneStop', 0.05],
  no_anchoring: ['zoneStop', 0.08],
  hotspot: ['zoneCare', 0.14],
  grounding: ['zoneCare', 0.18],
  area_notice: ['zoneCare', 0.1],
  harbour: ['zonePort', 0.12],
  berth: ['zonePort', 0.25],
  anchorage: ['zonePort', 0.08],
  fairway: ['zoneLane', 0.12],
  route: ['zoneLane', 0],
};
/** Symbols smaller than this are not worth a line, pixels. */
const LEAST_PX = 1.5;
/** The outermost coast is a cut, not a shore: so much of it is hidden, pixels. */
const EDGE_PX = 1;
/** Lines of the hatching over what is not charted, pixels apart. */
const HATCH_PX = 12;

/** @param {any} geometry GeoJSON @returns {Outline} */
export function outline(geometry) {
  /** @type {number[][][]} */
  let parts = [];
  const { type, coordinates } = geometry;
  if (type === 'Point') parts = [[coordinates]];
  else if (type === 'LineString' || type === 'MultiPoint') parts = [coordinates];
  else if (type === 'Polygon' || type === 'MultiLineString') parts = coordinates;
  else if (type === 'MultiPolygon') parts = coordinates.flat();
  const box = { west: Infinity, east: -Infinity, south: Infinity, north: -Infinity };
  const lines = parts.map((points) => {
    const flat = new Float64Array(points.length * 2);
    points.forEach(([lon, lat], i) => {
      const y = mercatorY(lat);
      flat[2 * i] = lon;
      flat[2 * i + 1] = y;
      box.west = Math.min(box.west, lon);
      box.east = Math.max(box.east, lon);
      box.south = Math.min(box.south, y);
      box.north = Math.max(box.north, y);
    });
    return flat;
  });
  return { lines, ...box };
}

/** @param {any} collection GeoJSON @returns {Outline[]} */
export function coastOf(collection) {
  return collection.features.filter((/** @type {any} */ f) => f.geometry).map((/** @type {any} */ f) => outline(f.geometry));
}

/** @param {any} collection GeoJSON in CONTRACT.md's zone kinds @returns {Zone[]} */
export function zonesOf(collection) {
  return collection.features
    .filter((/** @type {any} */ f) => f.geometry)
    .map((/** @type {any} */ { id, properties, geometry }) => ({
      id: String(properties.id ?? id),
      kind: properties.kind,
      name: properties.name,
      indicative: (properties.confidence ?? 'assumed') !== 'published',
      area: geometry.type.endsWith('Polygon'),
      point: geometry.type === 'Point',
      outline: outline(geometry),
    }));
}

/** @param {View} view @param {Outline} o @returns {boolean} */
function inView(view, o) {
  const w = view.width / 2 / view.scale;
  const t = view.height / 2 / view.scale;
  return o.east >= view.cx - w && o.west <= view.cx + w && o.north >= view.cy - t && o.south <= view.cy + t;
}

/** @param {CanvasRenderingContext2D} g @param {View} view @param {Outline} o @param {boolean} closed */
function trace(g, view, o, closed) {
  const { cx, cy, scale } = view;
  const left = view.width / 2;
  const top = view.height / 2;
  for (const flat of o.lines) {
    for (let i = 0; i < flat.length; i += 2) {
      const x = left + (flat[i] - cx) * scale;
      const y = top - (flat[i + 1] - cy) * scale;
      if (i === 0) g.moveTo(x, y);
      else g.lineTo(x, y);
    }
    if (closed) g.closePath();
  }
}

/** @param {CanvasRenderingContext2D} g @param {View} view @param {Theme} theme @param {Outline[]} coast @param {Zone[]} zones */
export function drawGround(g, view, theme, coast, zones) {
  g.fillStyle = theme.sea;
  g.fillRect(0, 0, view.width, view.height);
  const visible = zones.filter((zone) => inView(view, zone.outline));
  for (const zone of visible) if (zone.area) fillZone(g, view, theme, zone);
  drawGrid(g, view, theme);
  const charted = chartedBox(view, coast);
  g.save();
  g.beginPath();
  g.rect(...charted);
  g.clip();
  drawLand(g, view, theme, coast);
  g.restore();
  if (coast.length > 0) drawUncharted(g, view, theme, charted);
  for (const zone of visible) strokeZone(g, view, theme, zone);
}

/** @param {View} view @param {Outline[]} coast @returns {[number, number, number, number]} left, top, width, height of where the coast is known, pixels */
function chartedBox(view, coast) {
  const far = (/** @type {(a: Outline) => number} */ side, /** @type {1 | -1} */ sign) => sign * Math.max(...coast.map((one) => sign * side(one)));
  const left = view.width / 2 + (far((o) => o.west, -1) - view.cx) * view.scale;
  const right = view.width / 2 + (far((o) => o.east, 1) - view.cx) * view.scale;
  const top = view.height / 2 - (far((o) => o.north, 1) - view.cy) * view.scale;
  const bottom = view.height / 2 - (far((o) => o.south, -1) - view.cy) * view.scale;
  return [left + EDGE_PX, top + EDGE_PX, right - left - 2 * EDGE_PX, bottom - top - 2 * EDGE_PX];
}

/** Hatched where the coast was cut off: what looks like open sea may be land. @param {CanvasRenderingContext2D} g @param {View} view @param {Theme} theme @param {[number, number, number, number]} charted */
function drawUncharted(g, view, theme, charted) {
  const reach = view.width + view.height;
  g.save();
  g.beginPath();
  g.rect(0, 0, view.width, view.height);
  g.rect(...charted);
  g.clip('evenodd');
  g.beginPath();
  for (let x = -view.height; x < reach; x += HATCH_PX) {
    g.moveTo(x, 0);
    g.lineTo(x + view.height, view.height);
  }
  g.strokeStyle = theme.grid;
  g.lineWidth = 1;
  g.stroke();
  g.restore();
}

/** @param {CanvasRenderingContext2D} g @param {View} view @param {Theme} theme @param {Zone} zone */
function fillZone(g, view, theme, zone) {
  const [colour, alpha] = LOOKS[zone.kind] ?? ['zoneOther', 0];
  if (alpha === 0) return;
  g.save();
  g.globalAlpha = alpha;
  g.fillStyle = theme[colour];
  g.beginPath();
  trace(g, view, zone.outline, true);
  g.fill('evenodd');
  g.restore();
}

/** @param {CanvasRenderingContext2D} g @param {View} view @param {Theme} theme @param {Outline[]} coast */
function drawLand(g, view, theme, coast) {
  g.beginPath();
  for (const land of coast) {
    const big = (land.east - land.west) * view.scale > LEAST_PX || (land.north - land.south) * view.scale > LEAST_PX;
    if (big && inView(view, land)) trace(g, view, land, true);
  }
  g.fillStyle = theme.land;
  g.fill('evenodd');
  g.strokeStyle = theme.coast;
  g.lineWidth = 1;
  g.lineJoin = 'round';
  g.stroke();
}

/** @param {CanvasRenderingContext2D} g @param {View} view @param {Theme} theme @param {Zone} zone */
function strokeZone(g, view, theme, zone) {
  const [colour] = LOOKS[zone.kind] ?? ['zoneOther', 0];
  g.save();
  g.strokeStyle = theme[colour];
  g.lineJoin = 'round';
  if (zone.point) drawMark(g, view, theme, zone);
  else {
    g.lineWidth = { gate: 2.5, quay: 3, breakwater: 4, bridge: 4, prohibited: 1.75 }[zone.kind] ?? 1.25;
    if (['gate', 'quay', 'breakwater', 'bridge'].includes(zone.kind)) g.strokeStyle = theme.line;
    if (zone.indicative) g.setLineDash(zone.kind === 'route' ? [14, 5, 3, 5] : [7, 5]);
    g.beginPath();
    trace(g, view, zone.outline, zone.area);
    g.stroke();
  }
  g.restore();
}

/** @param {CanvasRenderingContext2D} g @param {View} view @param {Theme} theme @param {Zone} zone */
function drawMark(g, view, theme, zone) {
  const flat = zone.outline.lines[0];
  const x = view.width / 2 + (flat[0] - view.cx) * view.scale;
  const y = view.height / 2 - (flat[1] - view.cy) * view.scale;
  g.strokeStyle = theme.line;
  g.lineWidth = 1.5;
  g.beginPath();
  g.arc(x, y, 4, 0, 2 * Math.PI);
  if (zone.indicative) g.setLineDash([3, 2]);
  g.stroke();
  g.beginPath();
  g.arc(x, y, 1, 0, 2 * Math.PI);
  g.stroke();
}

/** Graticule. @param {CanvasRenderingContext2D} g @param {View} view @param {Theme} theme */
function drawGrid(g, view, theme) {
  const step = gridStep(view.scale, GRID_PX);
  const [west, north] = toLonLat(view, 0, 0);
  const [east, south] = toLonLat(view, view.width, view.height);
  g.strokeStyle = theme.grid;
  g.lineWidth = 1;
  g.beginPath();
  for (let i = Math.ceil(west / step); i * step <= east; i += 1) {
    const x = Math.round(toScreen(view, [i * step, south])[0]) + 0.5;
    g.moveTo(x, 0);
    g.lineTo(x, view.height);
  }
  for (let i = Math.ceil(south / step); i * step <= north; i += 1) {
    const y = Math.round(toScreen(view, [west, i * step])[1]) + 0.5;
    g.moveTo(0, y);
    g.lineTo(view.width, y);
  }
  g.stroke();
}
