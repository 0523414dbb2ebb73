// Contrast in day, dusk and night, computed from palette.css: text 4.5 : 1, symbols and lines 3 : 1, on every ground they meet.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { LOOKS } from '../../src/http/web/chart/ground.js';

const CSS = readFileSync(new URL('../../src/http/web/palette.css', import.meta.url), 'utf8');
/** Colour tokens by palette, as red, green, blue of 0 to 255. @type {Record<string, Record<string, number[]>>} */
const PALETTES = Object.fromEntries(
  [...CSS.matchAll(/:root\[data-palette="(\w+)"\] \{([^}]*)\}/g)].filter(([, , body]) => body.includes('#')).map(([, name, body]) => [
    name,
    Object.fromEntries([...body.matchAll(/--([\w-]+): #([0-9a-f]{6});/g)].map(([, token, hex]) => [token, [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16))])),
  ]),
);

/** WCAG 2 relative luminance. @param {number[]} colour @returns {number} */
function luminance(colour) {
  const [r, g, b] = colour.map((part) => (part / 255 <= 0.03928 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** @param {number[]} a @param {number[]} b @returns {number} */
function contrast(a, b) {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

/** @param {string[]} tokens @param {string[]} grounds @returns {[string, string][]} */
const pairs = (tokens, grounds) => tokens.flatMap((token) => grounds.map((ground) => /** @type {[string, string]} */ ([token, ground])));

/** Zone colours as ground.js names them, as palette.css does. @param {string} name */
const token = (name) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const FILLS = Object.values(LOOKS).filter(([, alpha]) => alpha > 0);

const TEXTS = [
  ...pairs(['ink', 'soft', 'alarm', 'warning', 'caution', 'good', 'sim'], ['panel']),
  ...pairs(['ink', 'soft', 'alarm', 'warning'], ['raised']),
  ...pairs(['ink', 'soft', 'alarm', 'sim'], ['alarm-ground']),
  ...pairs(['ink', 'soft', 'warning', 'sim'], ['warning-ground']),
  // Names on the chart stand in a halo of the water's colour.
  ...pairs(['chart-text', 'grid-text', 'measure'], ['sea']),
  ['on-accent', 'accent'], ['on-alarm', 'alarm'], ['ink', 'page'],
];
const SYMBOLS = [
  ...pairs(['target', 'lost', 'alarm', 'warning', 'selected', 'measure', 'track', 'line'], ['sea', 'land', ...FILLS.map((_, at) => `fill ${at}`)]),
  ...pairs(['zone-stop', 'zone-care', 'zone-port', 'zone-lane', 'zone-other'], ['sea', 'land']),
  ...pairs(['target', 'alarm', 'warning'], ['target-fill']),
  ['edge', 'panel'], ['accent', 'panel'],
];

test('the palettes have the same colours by name', () => {
  assert.deepEqual(Object.keys(PALETTES), ['day', 'dusk', 'night']);
  for (const [name, tokens] of Object.entries(PALETTES)) assert.deepEqual(Object.keys(tokens), Object.keys(PALETTES.day), name);
});

for (const [name, tokens] of Object.entries(PALETTES)) {
  test(`contrast by ${name}`, () => {
    const fills = Object.fromEntries(FILLS.map(([colour, alpha], at) => [`fill ${at}`, tokens.sea.map((part, i) => part + alpha * (tokens[token(colour)][i] - part))]));
    const all = { ...tokens, ...fills };
    const low = [];
    for (const [list, least] of /** @type {const} */ ([[TEXTS, 4.5], [SYMBOLS, 3]])) {
      for (const [a, b] of list) {
        const ratio = contrast(all[a], all[b]);
        if (ratio < least) low.push(`${a} on ${b}: ${ratio.toFixed(2)} < ${least}`);
      }
    }
    assert.deepEqual(low, []);
  });
}
