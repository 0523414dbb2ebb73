// Chromium by WebDriver, as much as the bench needs: pages, scripts, what its processes cost.

import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ARGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage', '--force-device-scale-factor=1', '--accept-lang=zh-TW'];
const SIZE = { width: 1600, height: 900, deviceScaleFactor: 1, mobile: false };
const SCRIPT_MS = 300_000;
/** Of the kernel's clock ticks (`getconf CLK_TCK`). */
const TICK_MS = 10;

/** @param {import('node:child_process').ChildProcess} child @param {RegExp} line @returns {Promise<RegExpMatchArray>} the first match in what it prints */
export function spawned(child, line) {
  return new Promise((done, failed) => {
    let text = '';
    child.once('exit', () => failed(new Error(`ended: ${text}`)));
    child.once('error', failed);
    child.stdout?.on('data', (more) => {
      text += more;
      const found = text.match(line);
      if (found) done(found);
    });
  });
}

export class Browser {
  /** @returns {Promise<Browser>} */
  static async start() {
    const folder = mkdtempSync(join(tmpdir(), 'harborwatch-bench-'));
    const driver = spawn('chromedriver', ['--port=0'], { env: { ...process.env, TMPDIR: folder }, stdio: ['ignore', 'pipe', 'ignore'] });
    const [, port] = await spawned(driver, /successfully on port (\d+)/);
    const browser = new Browser(driver, folder, `http://127.0.0.1:${port}/session`);
    const { sessionId } = await browser.ask('', { capabilities: { alwaysMatch: { browserName: 'chrome', timeouts: { script: SCRIPT_MS }, 'goog:chromeOptions': { args: ARGS } } } });
    browser.session += `/${sessionId}`;
    await browser.cdp('Emulation.setDeviceMetricsOverride', SIZE);
    return browser;
  }

  /** @param {import('node:child_process').ChildProcess} driver @param {string} folder @param {string} session */
  constructor(driver, folder, session) {
    this.driver = driver;
    this.folder = folder;
    this.session = session;
  }

  /** @param {string} path @param {object} [body] @param {string} [method] @returns {Promise<any>} */
  async ask(path, body, method = 'POST') {
    const answer = await fetch(this.session + path, { method, body: body && JSON.stringify(body) });
    const { value } = /** @type {any} */ (await answer.json());
    if (!answer.ok) throw new Error(`${path}: ${value.message}`);
    return value;
  }

  /** @param {string} cmd @param {object} [params] */
  cdp(cmd, params = {}) {
    return this.ask('/goog/cdp/execute', { cmd, params });
  }

  /** @param {string} url */
  open(url) {
    return this.ask('/url', { url });
  }

  /** @param {string} script what it returns is given back */
  run(script) {
    return this.ask('/execute/sync', { script, args: [] });
  }

  /** @param {string} promise an expression: what it comes to is given back */
  wait(promise) {
    return this.ask('/execute/async', { script: `(${promise}).then(arguments[0])`, args: [] });
  }

  /** @param {string} script till it returns true */
  async until(script) {
    while (!(await this.run(script))) await new Promise((done) => setTimeout(done, 50));
  }

  /** @returns {Promise<number>} MB of script objects that are in use */
  async heapMb() {
    await this.cdp('HeapProfiler.collectGarbage');
    return (await this.cdp('Runtime.getHeapUsage')).usedSize / 1e6;
  }

  /** @returns {number} CPU time of the driver and every process under it so far, ms */
  cpuMs() {
    const rows = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        const [, parent, , , , , , , , , , user, system] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        return [{ id: Number(name), parent: Number(parent), ms: (Number(user) + Number(system)) * TICK_MS }];
      } catch {
        return []; // It ended between the two.
      }
    });
    const ours = new Set([this.driver.pid]);
    for (let grown = -1; grown !== ours.size; ) {
      grown = ours.size;
      for (const { id, parent } of rows) if (ours.has(parent)) ours.add(id);
    }
    return rows.filter(({ id }) => ours.has(id)).reduce((sum, { ms }) => sum + ms, 0);
  }

  async end() {
    await this.ask('', undefined, 'DELETE').catch(() => {});
    this.driver.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
