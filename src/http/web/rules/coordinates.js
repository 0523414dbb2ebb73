// Positions as people type them: degrees and minutes, seconds, or decimals. Pure.

import { position } from '../format.js';

/** @typedef {import('../chart/projection.js').LonLat} LonLat */

/** Decimals of a degree: 0.11 m, as the service gives positions. */
const DIGITS = 6;

/** @param {number[]} parts degrees, minutes, seconds, as many as were typed @returns {number | null} */
function degrees(parts) {
  const [whole, minutes = 0, seconds = 0] = parts;
  const inner = parts.slice(0, -1);
  if (parts.length > 3 || inner.some((part) => !Number.isInteger(part)) || minutes >= 60 || seconds >= 60) return null;
  return whole + minutes / 60 + seconds / 3600;
}

/** @param {string} text @returns {number[]} */
function numbers(text) {
  return (text.match(/\d+(?:\.\d+)?/g) ?? []).map(Number);
}

/** @param {string} text with N or S and E or W, before or after their figures @returns {LonLat | null} */
function lettered(text) {
  const letters = text.match(/[NSEW]/g) ?? [];
  if (letters.length !== 2) return null;
  const leads = /^[NSEW]/.test(text);
  const [before, between, after] = text.split(/[NSEW]/);
  if (/\d/.test(leads ? before : after)) return null;
  const values = (leads ? [between, after] : [before, between]).map((part) => degrees(numbers(part)));
  const at = letters.findIndex((letter) => letter === 'N' || letter === 'S');
  const [lat, lon] = [values[at], values[1 - at]];
  if (at < 0 || !/[EW]/.test(letters[1 - at]) || lat === null || lon === null) return null;
  return [letters.includes('W') ? -lon : lon, letters.includes('S') ? -lat : lat];
}

/** @param {string} text figures alone: latitude first, as a mariner says it, unless it can be none @returns {LonLat | null} */
function bare(text) {
  const found = text.match(/-?\d+(?:\.\d+)?/g)?.map(Number) ?? [];
  if (found.length !== 2) return null;
  const [one, other] = found;
  return Math.abs(one) > 90 ? [one, other] : [other, one];
}

/**
 * One position: `24°24.840′N 118°25.500′E`, `24 24.84 N 118 25.5 E`, `N24-24.84 E118-25.5`, with seconds, or decimals:
 * `24.414, 118.425`.
 * @param {string} text @returns {LonLat | null}
 */
export function positionOf(text) {
  const plain = text.trim().toUpperCase().replaceAll('北緯', 'N').replaceAll('南緯', 'S').replaceAll('東經', 'E').replaceAll('西經', 'W');
  const found = /[NSEW]/.test(plain) ? lettered(plain) : bare(plain);
  if (!found || Math.abs(found[0]) > 180 || Math.abs(found[1]) > 90) return null;
  return /** @type {LonLat} */ (found.map((value) => Number(value.toFixed(DIGITS))));
}

/** @param {LonLat} point @param {boolean} decimal @returns {string} as `positionOf` reads it */
export function positionText(point, decimal) {
  return decimal ? `${point[1].toFixed(DIGITS)}, ${point[0].toFixed(DIGITS)}` : position(point);
}

/**
 * A position a line; empty lines count for nothing. What was not touched keeps the digits it had.
 * @param {string} text @param {Map<string, LonLat>} known positions by the text that was shown for them
 * @returns {{points: LonLat[], wrong: number[]}} lines, from 1, that are no position
 */
export function pointsOf(text, known) {
  /** @type {LonLat[]} */
  const points = [];
  /** @type {number[]} */
  const wrong = [];
  text.split('\n').forEach((line, at) => {
    if (line.trim() === '') return;
    const point = known.get(line.trim()) ?? positionOf(line);
    if (point) points.push(point);
    else wrong.push(at + 1);
  });
  return { points, wrong };
}
