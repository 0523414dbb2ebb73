// `node tests/signalk/main.mjs`: a real client of `nmea_tcp`. Installs signalk-server into `target/signalk` if it is not
// there (250 MB: not for every run of the tests), has it read what `target/release/harborwatch` (`cargo build --release`
// first) gives to plotters while simulated traffic comes in, and compares its vessels with ours, once all has been said.

import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const VERSION = '2.23.0';
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BINARY = join(ROOT, 'target/release/harborwatch');
const HOME = join(ROOT, 'target/signalk');
const SERVER = join(HOME, 'node_modules/signalk-server/bin/signalk-server');
/** So much traffic, sent many times as fast as it was: no vessel moves farther meanwhile than it is believed to. */
const HOURS = 0.05;
const VESSELS = 200;
const LINES_AT_ONCE = 20;
const PAUSE_MS = 10;
/** Our kinds of what Signal K calls vessels: not stations ashore, aids and aircraft. */
const VESSELS_OF_THEIRS = ['ship', 'craft', 'sart', 'mob', 'epirb'];
/** Six decimals are what we show. */
const NEAR_DEG = 1.1e-6;
const PATIENCE_MS = 60_000;
const LOOK_MS = 200;
/** Both must stay as they are for so long before they are compared. */
const STILL_MS = 2_000;

const pause = (/** @type {number} */ ms) => new Promise((done) => setTimeout(done, ms));

/** @template T @param {string} what @param {() => Promise<T | undefined>} ask @returns {Promise<T>} */
async function until(what, ask) {
  for (const from = Date.now(); Date.now() < from + PATIENCE_MS; await pause(LOOK_MS)) {
    const answer = await ask().catch(() => undefined);
    if (answer !== undefined) return answer;
  }
  throw new Error(`${what}: it does not come`);
}

/** @param {import('node:net').Server} server @returns {Promise<number>} its port */
const listening = (server) =>
  new Promise((done) => server.listen(0, '127.0.0.1', () => done(/** @type {any} */ (server.address()).port)));

/** A port that nobody has. */
async function freePort() {
  const server = createServer();
  const port = await listening(server);
  await new Promise((done) => server.close(done));
  return port;
}

function install() {
  if (existsSync(SERVER)) return;
  mkdirSync(HOME, { recursive: true });
  const words = ['install', '--prefix', HOME, '--omit=optional', '--no-audit', '--no-fund', `signalk-server@${VERSION}`];
  if (spawnSync('npm', words, { stdio: 'inherit' }).status !== 0) throw new Error('signalk-server cannot be installed');
}

/** @param {string} folder @param {number} feed @param {number} plotters */
function site(folder, feed, plotters) {
  const file = join(folder, 'site.toml');
  writeFileSync(
    file,
    `[site]
name = { zh = "測試", en = "Test" }
timezone = "Asia/Taipei"
[listen]
http = "127.0.0.1:0"
nmea_tcp = "127.0.0.1:${plotters}"
[data]
dir = "${join(folder, 'data')}"
[zones]
file = "${join(ROOT, 'config/zones-kinmen.geojson')}"
[[feed]]
name = "receiver"
kind = "tcp"
address = "127.0.0.1:${feed}"
`,
  );
  return file;
}

/** @param {string} folder @param {number} plotters */
function signalk(folder, plotters) {
  const options = { type: 'tcp', host: '127.0.0.1', port: String(plotters) };
  const element = { type: 'providers/simple', options: { type: 'NMEA0183', subOptions: options } };
  const pipe = { id: 'harborwatch', pipeElements: [element], enabled: true };
  writeFileSync(join(folder, 'settings.json'), JSON.stringify({ interfaces: {}, pipedProviders: [pipe] }));
}

/** @typedef {Map<string, [number, number]>} Places by MMSI: longitude, latitude */

/** @param {string} url @returns {Promise<Places>} */
async function ours(url) {
  const { items } = await (await fetch(`${url}/api/v1/vessels`)).json();
  const placed = items.filter((/** @type {any} */ item) => item.position && VESSELS_OF_THEIRS.includes(item.kind));
  return new Map(placed.map((/** @type {any} */ item) => [String(item.mmsi), item.position]));
}

/** @param {string} url @returns {Promise<Places>} */
async function theirs(url) {
  const vessels = Object.values(await (await fetch(`${url}/signalk/v1/api/vessels`)).json());
  const placed = vessels.filter((vessel) => vessel.mmsi && vessel.navigation?.position?.value);
  return new Map(
    placed.map(({ mmsi, navigation }) => {
      const { longitude, latitude } = navigation.position.value;
      return [mmsi, [longitude, latitude]];
    }),
  );
}

/** Asks until the answer has been the same for a while. @param {() => Promise<Places>} ask */
async function still(ask) {
  let [last, since] = ['', Date.now()];
  return until('the same answer twice', async () => {
    const places = await ask();
    const text = JSON.stringify([...places]);
    if (text !== last) [last, since] = [text, Date.now()];
    return places.size > 0 && Date.now() > since + STILL_MS ? places : undefined;
  });
}

/** @param {Places} a @param {Places} b @returns {string[]} what the second lacks or has elsewhere */
function differences(a, b) {
  const differs = (/** @type {[string, [number, number]]} */ [mmsi, place]) => {
    const other = b.get(mmsi);
    if (!other) return `${mmsi} is missing`;
    const isNear = place.every((degrees, n) => Math.abs(degrees - other[n]) < NEAR_DEG);
    return isNear ? [] : `${mmsi} at ${place} and ${other}`;
  };
  return [...a].flatMap(differs);
}

/** Sends the traffic to whoever connects. @param {import('node:net').Socket} peer @param {string[]} lines */
async function send(peer, lines) {
  for (let n = 0; n < lines.length; n += LINES_AT_ONCE) {
    peer.write(`${lines.slice(n, n + LINES_AT_ONCE).join('\r\n')}\r\n`);
    await pause(PAUSE_MS);
  }
}

/** Ends a program, and waits until it has. @param {import('node:child_process').ChildProcess} child */
async function ended(child) {
  if (child.exitCode !== null) return;
  const gone = new Promise((done) => child.once('exit', done));
  child.kill();
  await gone;
}

/** @param {string} folder @param {import('node:child_process').ChildProcess[]} started */
async function compare(folder, started) {
  const words = ['simulate', '--scenario', 'kinmen', '--seed', '6', '--hours', String(HOURS), '--vessels', String(VESSELS)];
  const traffic = spawnSync(BINARY, words, { encoding: 'utf8', maxBuffer: 1 << 28 });
  const lines = traffic.stdout.split('\n').filter(Boolean);
  const receiver = createServer();
  const [feed, plotters, port] = [await listening(receiver), await freePort(), await freePort()];
  const connected = new Promise((done) => receiver.once('connection', done));
  const service = spawn(BINARY, ['serve', '--config', site(folder, feed, plotters)], { stdio: ['ignore', 'pipe', 'inherit'] });
  started.push(service);
  const url = await new Promise((done) => service.stdout.once('data', (text) => done(String(text).match(/http:\S+[0-9]/)?.[0])));
  const peer = await connected;

  signalk(folder, plotters);
  const env = { ...process.env, SIGNALK_NODE_CONFIG_DIR: folder, PORT: String(port) };
  started.push(spawn(process.execPath, [SERVER], { env, stdio: 'ignore' }));
  await until('signalk-server', async () => {
    const metrics = await (await fetch(`${url}/metrics`)).text();
    return /^harborwatch_plotters 1$/m.test(metrics) || undefined;
  });
  await send(peer, lines);

  const us = await still(() => ours(url));
  const them = await still(() => theirs(`http://127.0.0.1:${port}`));
  const [missing, extra] = [differences(us, them), differences(them, us)];
  console.log(`${lines.length} lines; ours ${us.size} vessels, Signal K's ${them.size}; ${missing.length} + ${extra.length} differ`);
  for (const text of [...missing, ...extra]) console.log(text);
  return missing.length + extra.length === 0;
}

install();
const folder = mkdtempSync(join(tmpdir(), 'harborwatch-signalk-'));
/** @type {import('node:child_process').ChildProcess[]} */
const started = [];
try {
  process.exitCode = (await compare(folder, started)) ? 0 : 1;
} finally {
  await Promise.all(started.map(ended));
  rmSync(folder, { recursive: true, force: true });
}
process.exit();
