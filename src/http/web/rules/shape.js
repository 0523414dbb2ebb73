// The shape of a zone while it is drawn: rings, a line or a point; to and from GeoJSON. Pure.

import { METRES_A_DEGREE } from '../chart/projection.js';

/** @typedef {import('../chart/projection.js').LonLat} LonLat */
/** @typedef {'area' | 'line' | 'point'} Form */
/** A ring (without its closing point) or a line; `of` tells which polygon it belongs to, whose first ring is the outer one. @typedef {{of: number, points: LonLat[]}} Ring */
/** @typedef {{form: Form, rings: Ring[]}} Shape */

/** Kinds of lines and of points; all others are areas. @type {Record<string, Form>} */
const FORMS = { gate: 'line', route: 'line', quay: 'line', breakwater: 'line', bridge: 'line', mark: 'point' };
/** Kinds of zones, as CONTRACT.md has them. */
export const ZONE_KINDS = [
  'harbour', 'fairway', 'anchorage', 'no_anchoring', 'prohibited', 'restricted', 'berth', 'coverage', 'watch', 'hotspot', 'grounding', 'area_notice',
  'gate', 'route', 'quay', 'breakwater', 'bridge', 'mark',
];
/** Fewest points of a ring or line. @type {Record<Form, number>} */
const LEAST = { area: 3, line: 2, point: 1 };
/** Corners of a circle: over a radius of 1 NM they lie within 4 m of it. */
const CORNERS = 48;
/** A ring of more points is not checked here for crossing itself; the service checks every one. */
const MOST_CHECKED = 1000;
const RADIANS = Math.PI / 180;

/** @param {string} kind @returns {Form} */
export function formOf(kind) {
  return FORMS[kind] ?? 'area';
}

/** @param {Form} form @returns {Shape} with nothing drawn yet */
export function blank(form) {
  return { form, rings: [{ of: 0, points: [] }] };
}

/** @param {any} geometry GeoJSON @returns {Shape} */
export function shapeOf(geometry) {
  const { type, coordinates } = geometry;
  if (type === 'Point') return { form: 'point', rings: [{ of: 0, points: [coordinates] }] };
  if (type === 'LineString') return { form: 'line', rings: [{ of: 0, points: coordinates }] };
  const polygons = type === 'Polygon' ? [coordinates] : coordinates;
  const rings = polygons.flatMap((/** @type {LonLat[][]} */ polygon, /** @type {number} */ of) => polygon.map((ring) => ({ of, points: ring.slice(0, -1) })));
  return { form: 'area', rings };
}

/** @param {Shape} shape @returns {any} GeoJSON */
export function geometryOf({ form, rings }) {
  if (form === 'point') return { type: 'Point', coordinates: rings[0].points[0] };
  if (form === 'line') return { type: 'LineString', coordinates: rings[0].points };
  const drawn = rings.filter(({ points }) => points.length > 0);
  const parts = [...new Set(drawn.map(({ of }) => of))];
  const polygons = parts.map((part) => drawn.filter(({ of }) => of === part).map(({ points }) => [...points, points[0]]));
  return polygons.length === 1 ? { type: 'Polygon', coordinates: polygons[0] } : { type: 'MultiPolygon', coordinates: polygons };
}

/** @param {Shape} shape @param {number} at which ring @returns {boolean} it is a hole in the ring before it */
export function isHole({ rings }, at) {
  return rings.findIndex(({ of }) => of === rings[at].of) < at;
}

/** @param {Shape} shape @param {number} at which ring @param {LonLat[]} points @returns {Shape} with that ring drawn anew */
export function withPoints(shape, at, points) {
  return { ...shape, rings: shape.rings.map((ring, i) => (i === at ? { ...ring, points } : ring)) };
}

/** @param {Shape} shape @param {number} of which polygon @returns {{shape: Shape, at: number}} with a hole to be drawn in it */
export function withHole(shape, of) {
  const at = shape.rings.findLastIndex((ring) => ring.of === of) + 1;
  return { shape: { ...shape, rings: shape.rings.toSpliced(at, 0, { of, points: [] }) }, at };
}

/** @param {LonLat} centre @param {number} radius_m @returns {LonLat[]} a ring about it */
export function circle([lon, lat], radius_m) {
  const north = radius_m / METRES_A_DEGREE;
  const east = north / Math.cos(lat * RADIANS);
  return Array.from({ length: CORNERS }, (_, i) => {
    const angle = (2 * Math.PI * i) / CORNERS;
    return [Number((lon + east * Math.sin(angle)).toFixed(6)), Number((lat + north * Math.cos(angle)).toFixed(6))];
  });
}

/** What is wrong with a shape at first sight, and which words tell it. @typedef {{why: string, ring: number, at?: LonLat}} Fault */

/** @param {Shape} shape @returns {Fault | null} the first fault; the service looks for more */
export function faultOf(shape) {
  const { form, rings } = shape;
  for (const [ring, { points }] of rings.entries()) {
    if (points.length < LEAST[form]) return { why: form, ring };
    const at = form === 'area' ? crossing(points) : null;
    if (at) return { why: 'crosses', ring, at };
  }
  return null;
}

/** @param {LonLat[]} ring @returns {LonLat | null} where it crosses itself */
export function crossing(ring) {
  const count = ring.length;
  if (count > MOST_CHECKED) return null;
  for (let i = 0; i < count; i += 1) {
    for (let j = i + 2; j < count; j += 1) {
      if (i === 0 && j === count - 1) continue;
      const at = meeting(ring[i], ring[i + 1], ring[j], ring[(j + 1) % count]);
      if (at) return at;
    }
  }
  return null;
}

/** @param {LonLat} a @param {LonLat} b @param {LonLat} c @param {LonLat} d @returns {LonLat | null} where a–b meets c–d */
function meeting(a, b, c, d) {
  const [ux, uy, vx, vy] = [b[0] - a[0], b[1] - a[1], d[0] - c[0], d[1] - c[1]];
  const cross = ux * vy - uy * vx;
  if (cross === 0) return null;
  const s = ((c[0] - a[0]) * vy - (c[1] - a[1]) * vx) / cross;
  const r = ((c[0] - a[0]) * uy - (c[1] - a[1]) * ux) / cross;
  return s >= 0 && s <= 1 && r >= 0 && r <= 1 ? [a[0] + s * ux, a[1] + s * uy] : null;
}
