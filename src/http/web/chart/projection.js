// Web Mercator about a view: pure arithmetic between [lon, lat] and pixels.

/**
 * A point, degrees: [longitude, latitude].
 * @typedef {[number, number]} LonLat
 * What is shown: the centre in projected degrees, and pixels a degree of longitude.
 * @typedef {{cx: number, cy: number, scale: number, width: number, height: number}} View
 */

const RADIANS = Math.PI / 180;
/** Metres of the map's own projection (EPSG:3857, radius 6 378 137 m) in a projected degree. */
export const MAP_METRES = 6378137 * RADIANS;
/** Metres in a degree of longitude on the equator (sphere of 6 371 008.8 m). */
export const METRES_A_DEGREE = 6371008.8 * RADIANS;
export const METRES_A_MILE = 1852;
/** Beyond this latitude the projection runs to infinity: clamped. */
const MAX_LAT = 85;
/** A pixel is never under 0.2 m nor over some 10 km. */
export const MAX_SCALE = 500000;
export const MIN_SCALE = 10;

/** @param {number} lat @returns {number} projected degrees */
export function mercatorY(lat) {
  const clamped = Math.max(-MAX_LAT, Math.min(MAX_LAT, lat));
  return Math.log(Math.tan(Math.PI / 4 + (clamped * RADIANS) / 2)) / RADIANS;
}

/** @param {number} y projected degrees @returns {number} latitude */
export function latitude(y) {
  return (2 * Math.atan(Math.exp(y * RADIANS)) - Math.PI / 2) / RADIANS;
}

/** What OpenLayers tells its layers with every frame, as far as they use it. @typedef {{size: number[], viewState: {center: number[], resolution: number}}} FrameState */

/** @param {FrameState} frameState @returns {View} */
export function viewOf({ size: [width, height], viewState: { center, resolution } }) {
  return { cx: center[0] / MAP_METRES, cy: center[1] / MAP_METRES, scale: MAP_METRES / resolution, width, height };
}

/** @param {View} view @param {LonLat} point @returns {[number, number]} pixels from the upper left */
export function toScreen(view, [lon, lat]) {
  return [
    view.width / 2 + (lon - view.cx) * view.scale,
    view.height / 2 - (mercatorY(lat) - view.cy) * view.scale,
  ];
}

/**
 * A place in projected degrees, and its pixels as last settled.
 * @typedef {{mx: number, my: number, x: number, y: number}} Anchor
 */

/** @template {Anchor} A @param {A} anchor @param {View} view @returns {A} with its pixels in this view */
export function settle(anchor, { cx, cy, scale, width, height }) {
  anchor.x = width / 2 + (anchor.mx - cx) * scale;
  anchor.y = height / 2 - (anchor.my - cy) * scale;
  return anchor;
}

/** @param {View} view @param {number} x @param {number} y @returns {LonLat} */
export function toLonLat(view, x, y) {
  return [
    view.cx + (x - view.width / 2) / view.scale,
    latitude(view.cy - (y - view.height / 2) / view.scale),
  ];
}

/** @param {number} scale @returns {number} within what the chart can show */
export function clampScale(scale) {
  return Math.max(MIN_SCALE, Math.min(MAX_SCALE, scale));
}

/**
 * The view that shows a whole box.
 * @param {[number, number, number, number]} bbox west, south, east, north
 * @param {number} width @param {number} height
 * @returns {View}
 */
export function fit([west, south, east, north], width, height) {
  const bottom = mercatorY(south);
  const top = mercatorY(north);
  const scale = Math.min(width / Math.max(east - west, 1e-6), height / Math.max(top - bottom, 1e-6));
  return { cx: (west + east) / 2, cy: (bottom + top) / 2, scale: clampScale(scale), width, height };
}

/** @param {View} view @param {number} dx pixels the picture moves right @param {number} dy down @returns {View} */
export function pan(view, dx, dy) {
  return { ...view, cx: view.cx - dx / view.scale, cy: view.cy + dy / view.scale };
}

/**
 * Zooms, keeping what lies under a pixel where it is.
 * @param {View} view @param {number} factor @param {number} x @param {number} y @returns {View}
 */
export function zoomAbout(view, factor, x, y) {
  const scale = clampScale(view.scale * factor);
  const dx = x - view.width / 2;
  const dy = y - view.height / 2;
  return {
    ...view,
    cx: view.cx + dx / view.scale - dx / scale,
    cy: view.cy - dy / view.scale + dy / scale,
    scale,
  };
}

/** @param {View} view @param {number} lat @returns {number} metres a pixel at a latitude */
export function metresPerPixel(view, lat) {
  return (METRES_A_DEGREE * Math.cos(lat * RADIANS)) / view.scale;
}

const BARS_NM = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200];
const BARS_M = [5, 10, 20, 50, 100];

/**
 * The longest round bar that fits.
 * @param {number} mpp metres a pixel @param {number} maxPx
 * @returns {{text: string, px: number}}
 */
export function scaleBar(mpp, maxPx) {
  const room = mpp * maxPx;
  const miles = BARS_NM.filter((nm) => nm * METRES_A_MILE <= room).pop();
  if (miles !== undefined) return { text: `${miles} NM`, px: (miles * METRES_A_MILE) / mpp };
  const metres = BARS_M.filter((m) => m <= room).pop() ?? BARS_M[0];
  return { text: `${metres} m`, px: metres / mpp };
}

/** Lines of the graticule are at least so far apart, pixels. */
export const GRID_PX = 110;
const GRID_MINUTES = [0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300];

/** @param {number} scale pixels a degree @param {number} minPx least distance of two lines @returns {number} step, degrees */
export function gridStep(scale, minPx) {
  const minutes = GRID_MINUTES.find((m) => (m / 60) * scale >= minPx) ?? GRID_MINUTES[GRID_MINUTES.length - 1];
  return minutes / 60;
}

/**
 * Where something going straight is after a while: for the vector of a vessel, minutes ahead.
 * @param {LonLat} from @param {number} courseDeg @param {number} knots @param {number} minutes @returns {LonLat}
 */
export function ahead([lon, lat], courseDeg, knots, minutes) {
  const degrees = (knots * minutes) / 60 / 60;
  const course = courseDeg * RADIANS;
  return [
    lon + (degrees * Math.sin(course)) / Math.cos(lat * RADIANS),
    lat + degrees * Math.cos(course),
  ];
}

/** @param {number} degrees @param {string} positive @param {string} negative @param {number} step @returns {string} */
export function gridText(degrees, positive, negative, step) {
  const minutes = Math.abs(degrees) * 60;
  const whole = Math.floor(minutes / 60 + 1e-9);
  const rest = (minutes - whole * 60).toFixed(step < 1 / 60 ? 1 : 0).padStart(2, '0');
  return `${whole}°${rest}′${degrees < 0 ? negative : positive}`;
}
