// The files as they are served: both languages whole, no inline code, nothing foreign.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
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

/** @param {string} name of a module @param {Set<string>} seen @returns {Set<string>} it and all that it imports, but for the vendored */
function imports(name, seen = new Set()) {
  if (seen.has(name) || name.startsWith('vendor/')) return seen;
  seen.add(name);
  for (const [, path] of read(name).matchAll(/^(?:import|export) [^;]*?from '(\.[^']+)';/gm)) imports(join(dirname(name), path), seen);
  return seen;
}

test('every element that a script looks for is in each page that loads it', () => {
  const loaded = new Set();
  for (const view of TEXT.filter((name) => name.endsWith('.html'))) {
    const page = read(view);
    const [, script] = page.match(/<script type="module" src="\/([^"]+)">/);
    for (const name of imports(script)) {
      loaded.add(name);
      for (const [, id] of read(name).matchAll(/\bbyId\('([^']+)'\)/g)) assert.ok(page.includes(` id="${id}"`), `${view}, ${name}: ${id}`);
    }
  }
  assert.deepEqual(TEXT.filter((name) => name.endsWith('.js') && !loaded.has(name) && name !== 'shapes.js'), [], 'loaded by no page');
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
      for (const [tag] of source.matchAll(/<script[^>]*>[^<]*/g)) assert.match(tag, /src="\/[\w.\/]+"><?\/?$|src="\/[\w.\/]+">$/);
    }
  }
});

test('all files together are small', () => {
  const bytes = FILES.reduce((sum, name) => sum + gzipSync(readFileSync(join(WEB, name))).length, 0);
  assert.ok(bytes <= MOST_BYTES, `${bytes} bytes compressed`);
});
