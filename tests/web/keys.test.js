// Which key does what, and where it does nothing.

import assert from 'node:assert/strict';
import test from 'node:test';
import { keyOf } from '../../src/http/web/keys.js';

const TABLE = [
  { keys: ['k'], shown: 'K', words: '', act: () => {} },
  { keys: ['Enter'], shown: 'Enter', words: '', act: () => {}, chart: true },
  { keys: ['Escape'], shown: 'Esc', words: '', act: () => {} },
];
const FREE = { typing: false, button: false, dialog: false, off: false };

/** @param {string} key @param {object} focus @param {string | undefined} shown @param {object} [held] */
function check(key, focus, shown, held = {}) {
  const event = { key, ctrlKey: false, metaKey: false, altKey: false, ...held };
  assert.equal(keyOf(TABLE, event, { ...FREE, ...focus })?.shown, shown, `${key} ${JSON.stringify(focus)}`);
}

test('letters in either case, on the page and on buttons', () => {
  check('k', {}, 'K');
  check('K', {}, 'K');
  check('k', { button: true }, 'K');
  check('x', {}, undefined);
});

test('never while somebody types, asks in a dialog, or holds another key', () => {
  check('k', { typing: true }, undefined);
  check('k', { dialog: true }, undefined);
  check('k', {}, undefined, { ctrlKey: true });
});

test('a button keeps the keys that press it', () => {
  check('Enter', {}, 'Enter');
  check('Enter', { button: true }, undefined);
});

test('switched off, single keys do nothing; Enter and Escape still do', () => {
  check('k', { off: true }, undefined);
  check('Enter', { off: true }, 'Enter');
  check('Escape', { off: true }, 'Esc');
});
