// The vendored modules: unchanged since they were made, of the pinned versions, with their licences, reaching for nothing.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import test from 'node:test';

const VENDOR = new URL('../../src/http/web/vendor/', import.meta.url);
const read = (name) => readFileSync(new URL(name, VENDOR), 'utf8');
const pinned = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8')).devDependencies;
const MODULES = [['ol.js', 'ol'], ['lit.js', 'lit-html']];

test('each module has the hash that was written down when it was made', () => {
  const sums = Object.fromEntries(read('SHA256SUMS').trim().split('\n').map((line) => line.split(/ +/).reverse()));
  assert.deepEqual(Object.keys(sums).sort(), readdirSync(VENDOR).filter((name) => name.endsWith('.js')).sort());
  for (const [name, sum] of Object.entries(sums)) {
    assert.equal(createHash('sha256').update(read(name)).digest('hex'), sum, `${name}: make it with tests/web/vendor/make`);
  }
});

test('each module is of the pinned version and its licence is beside it', () => {
  for (const [name, library] of MODULES) {
    const [head] = read(name).split('\n');
    assert.ok(head.includes(`${library} ${pinned[library]}`), head);
    for (const [, part] of head.matchAll(/([\w-]+ \d+\.\d+\.\d+)/g)) assert.ok(read('LICENSES.txt').includes(`${part}\n`), part);
  }
});

test('no module makes code of text or names an address but those of standards', () => {
  for (const [name] of MODULES) {
    assert.doesNotMatch(read(name), /\beval\(|new Function/, name);
    for (const [url] of read(name).matchAll(/\b(?:https?|wss?):\/\/[^\s'"`)]+/g)) assert.match(url, /^http:\/\/www\.(opengis\.net|w3\.org)\//, name);
  }
});
