// `node benches/console/main.mjs`: the real page of the real binary (`cargo build --release` first) in Debian's Chromium
// without a GPU. Prints the time to the first chart, what travelled, frames and what they cost, and the script's memory
// over eight hours of a watch made short. Another page: `node benches/console/main.mjs http://127.0.0.1:8080/`.

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Browser, spawned } from './browser.mjs';

const CROWD = readFileSync(new URL('crowd.js', import.meta.url), 'utf8');
const BINARY = fileURLToPath(new URL('../../target/release/harborwatch', import.meta.url));
/** Each figure is the best of so many, as other programs only ever make it worse. */
const TIMES = 3;
const SETTLE_S = 2;
const RUN_S = 5;
const UPDATES_A_SECOND = 1000;
const WATCH_HOURS = 8;
const FRAMES = 'return harborwatch.counters.frames';
const sleep = (/** @type {number} */ s) => new Promise((done) => setTimeout(done, s * 1000));

/** @param {string} what @param {string} figure @param {string} [aim] */
function print(what, figure, aim = '') {
  console.log(`${what.padEnd(68)} ${figure.padStart(14)}${aim && `   (${aim})`}`);
}

/** @param {Browser} browser @param {string} page */
async function firstChart(browser, page) {
  let [best, sent, answers] = [Infinity, 0, 0];
  for (let turn = 0; turn < TIMES; turn += 1) {
    await browser.open(page);
    await browser.until('return globalThis.harborwatch?.counters.firstChartMs > 0');
    best = Math.min(best, await browser.run('return harborwatch.counters.firstChartMs'));
    await sleep(SETTLE_S);
    const { transferBytes, transfers } = await browser.run('return harborwatch.counters');
    // The first time nothing is kept from before.
    if (turn === 0) [sent, answers] = [transferBytes, transfers];
  }
  print('first chart with coast and vessels', `${best.toFixed(0)} ms`, 'at most 1500');
  print(`transfers of a first visit, and ${SETTLE_S} s on (${answers} answers)`, `${(sent / 1000).toFixed(0)} kB`, 'at most 350');
}

/** @typedef {{cpu: number, script: number, rate: number, targets: number, labels: number}} Cost of the cheapest run: ms a frame, frames a second */

/** @param {Browser} browser @param {string} act in the crowd @returns {Promise<Cost>} */
async function cost(browser, act) {
  let best = { cpu: Infinity, script: 0, rate: 0, targets: 0, labels: 0 };
  for (let turn = 0; turn < TIMES; turn += 1) {
    const before = browser.cpuMs();
    const { frames, seconds, script, targets, labels } = await browser.wait(`crowd.${act}(${RUN_S})`);
    const cpu = (browser.cpuMs() - before) / frames;
    if (cpu < best.cpu) best = { cpu, script, rate: frames / seconds, targets, labels };
  }
  return best;
}

/** @param {Browser} browser @param {number} vessels @param {string} rate aimed at @param {string} most CPU a frame */
async function frames(browser, vessels, rate, most) {
  await browser.run(`crowd.enter(${vessels}, ${UPDATES_A_SECOND})`);
  await sleep(SETTLE_S);
  const pan = await cost(browser, 'pan');
  print(`${vessels} vessels, panning: frames`, `${pan.rate.toFixed(1)} /s`, rate);
  print(`${vessels} vessels, panning: CPU of all the browser's processes`, `${pan.cpu.toFixed(1)} ms/frame`, most);
  print(`${vessels} vessels, panning: script alone (${pan.targets} drawn, ${pan.labels} named)`, `${pan.script.toFixed(1)} ms/frame`);
  const redraw = await cost(browser, 'redraw');
  print(`${vessels} vessels, all drawn anew: CPU of all the browser's processes`, `${redraw.cpu.toFixed(1)} ms/frame`, most);
  const before = await browser.run(FRAMES);
  await sleep(RUN_S);
  print(`${vessels} vessels, standing still: frames`, `${(((await browser.run(FRAMES)) - before) / RUN_S).toFixed(1)} /s`, 'at most 10');
}

/** @param {Browser} browser */
async function watch(browser) {
  await browser.run('crowd.enter(1000, 0)');
  const heap = [];
  for (let hour = 1; hour <= WATCH_HOURS; hour += 1) {
    await browser.wait('crowd.hour()');
    heap.push(await browser.heapMb());
  }
  print(`script's memory after each of ${WATCH_HOURS} hours, MB`, '');
  console.log(`  ${heap.map((mb) => mb.toFixed(1)).join('  ')}`);
}

const demo = process.argv[2] ? null : spawn(BINARY, ['demo', '--listen', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'ignore'] });
const [, page] = demo ? await spawned(demo, /(http:\S+)/) : [null, process.argv[2]];
const browser = await Browser.start();
try {
  await firstChart(browser, page);
  await browser.run(CROWD);
  await frames(browser, 1000, '60, as the screen has them', '');
  await frames(browser, 10_000, '', 'at most 65');
  await watch(browser);
} finally {
  await browser.end();
  demo?.kill();
}
