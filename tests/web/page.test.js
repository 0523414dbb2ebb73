// The files as they are served: both languages whole, no inline code, nothing foreign, contrast in every palette.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { LANGUAGES } from '../../src/http/web/i18n.js';

const WEB = fileURLToPath(new URL('../../src/http/web/', import.meta.url));
const FILES = readdirSync(WEB, { recursive: true }).map(String).filter((name) => /\.\w+$/.test(name));
/** Our own: vendor.test.js sees to the others. */
const TEXT = FILES.filter((name) => /\.(js|css|html|svg)$/.test(name) && !name.startsWith('vendor/'));
const read = (name) => readFileSync(join(WEB, name), 'utf8');
/** All files as transferred, compressed. */
const MOST_BYTES = 350_000;

test('both languages have the same keys and the same placeholders', () => {
  const { zh, en } = LANGUAGES;
  assert.deepEqual(Object.keys(zh), Object.keys(en));
  const holes = (words) => (words.match(/\{\w+\}/g) ?? []).sort();
  for (const key of Object.keys(zh)) assert.deepEqual(holes(zh[key]), holes(en[key]), key);
});

test('no Chinese in the English words', () => {
  for (const [key, words] of Object.entries(LANGUAGES.en)) assert.doesNotMatch(words, /[\u3000-\u9fff\uff00-\uffef]/, key);
});

test('every key that the page names exists', () => {
  for (const name of TEXT) {
    const source = read(name);
    const named = [...source.matchAll(/data-t(?:-\w+)?="([^"]+)"/g), ...source.matchAll(/\bt\('([^']+)'/g)];
    for (const [, key] of named) assert.ok(key in LANGUAGES.zh, `${name}: ${key}`);
  }
});

test('no word stands there that no one says', () => {
  const sources = TEXT.filter((name) => !name.startsWith('lang/')).map(read).join('\n');
  const groups = [...sources.matchAll(/\bword\('([\w.]+)'|\bt\(`([\w.]+)\.\$\{/g)].map(([, a, b]) => `${a ?? b}.`);
  const said = (key) => sources.includes(`'${key}'`) || sources.includes(`"${key}"`) || groups.some((group) => key.startsWith(group));
  assert.deepEqual(Object.keys(LANGUAGES.zh).filter((key) => !said(key)), []);
});

test('nothing that a policy of default-src self forbids', () => {
  for (const name of TEXT) {
    const source = read(name);
    const urls = [...source.matchAll(/\b(?:https?|wss?):\/\/[^\s'"`)]+/g)].map(([url]) => url).filter((url) => url !== 'http://www.w3.org/2000/svg');
    assert.deepEqual(urls, [], name);
    assert.doesNotMatch(source, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function/, name);
    if (/\.(html|svg)$/.test(name)) {
      assert.doesNotMatch(source, /\sstyle=|<style|\son\w+=|javascript:/, name);
      for (const [tag] of source.matchAll(/<script[^>]*>[^<]*/g)) assert.match(tag, /src="\/[\w.]+"><?\/?$|src="\/[\w.]+">$/);
    }
  }
});

test('all files together are small', () => {
  const bytes = FILES.reduce((sum, name) => sum + gzipSync(readFileSync(join(WEB, name))).length, 0);
  assert.ok(bytes <= MOST_BYTES, `${bytes} bytes compressed`);
});

/** @returns {Record<string, Record<string, string>>} */
function palettes() {
  const found = {};
  for (const [, name, body] of read('palette.css').matchAll(/:root\[data-palette="(\w+)"\] \{([^}]*)\}/g)) {
    found[name] = Object.fromEntries([...body.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, token, colour]) => [token, colour]));
  }
  return found;
}

/** WCAG 2 relative luminance. */
function luminance(hex) {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a, b) {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

test('text 4.5 : 1 and symbols 3 : 1 in day, dusk and night', () => {
  const texts = [
    ...['ink', 'soft', 'alarm', 'warning', 'caution', 'good', 'sim'].map((token) => [token, 'panel']),
    ...['ink', 'soft', 'alarm', 'warning'].map((token) => [token, 'raised']),
    ...['ink', 'soft', 'alarm', 'sim'].map((token) => [token, 'alarm-ground']),
    ...['ink', 'soft', 'warning', 'sim'].map((token) => [token, 'warning-ground']),
    ['on-accent', 'accent'], ['on-alarm', 'alarm'], ['ink', 'page'], ['chart-text', 'sea'], ['grid-text', 'sea'],
  ];
  const symbols = [
    ...['target', 'lost', 'alarm', 'warning', 'selected', 'zone-stop', 'zone-care', 'zone-port', 'zone-lane', 'zone-other', 'line', 'track'].map((token) => [token, 'sea']),
    ['edge', 'panel'], ['accent', 'panel'], ['target', 'land'], ['alarm', 'land'],
  ];
  const all = palettes();
  assert.deepEqual(Object.keys(all), ['day', 'dusk', 'night']);
  const names = Object.keys(all.day);
  const low = [];
  for (const [name, tokens] of Object.entries(all)) {
    assert.deepEqual(Object.keys(tokens), names, name);
    for (const [pairs, least] of [[texts, 4.5], [symbols, 3]]) {
      for (const [a, b] of pairs) {
        const ratio = contrast(tokens[a], tokens[b]);
        if (ratio < least) low.push(`${name}: ${a} on ${b} ${ratio.toFixed(2)} < ${least}`);
      }
    }
  }
  assert.deepEqual(low, []);
});
