// The blocks of the past: asked for once, kept while they are near, looked at again while they are still being told.

import { Scene } from './scene.js';

/** Blocks kept; the one asked for longest ago goes. */
const KEPT = 24;
/** A block still being told is sure to hold what is older than this when it is asked for, ms. */
const TOLD_MS = 1500;
/** After a refusal it is tried again after this, ms. */
const RETRY_MS = 1000;
/** Refusals in a row until the reason is told: the journal may be long to play. */
const TRIES = 60;

/** @typedef {(start: number) => Promise<import('./scene.js').Block>} Ask fails with an error that has the answer's `status` */
/** When it was asked for, by the server's clock; what came. @typedef {{asked: number, scene: Scene | null, coming: Promise<Scene>}} Kept */

export class Reel {
  /** @param {Ask} ask @param {number} blockMs how long a block is @param {() => number} now the server's clock, ms @param {number} [retryMs] */
  constructor(ask, blockMs, now, retryMs = RETRY_MS) {
    this.ask = ask;
    this.blockMs = blockMs;
    this.now = now;
    this.retryMs = retryMs;
    /** By their starts, the one asked for longest ago first. @type {Map<number, Kept>} */
    this.kept = new Map();
  }

  /** @param {number} at ms @returns {number} where the block of this moment begins */
  startOf(at) {
    return Math.floor(at / this.blockMs) * this.blockMs;
  }

  /** @param {number} at ms @returns {Scene | null} the scene of this moment, if it is here */
  ready(at) {
    return this.kept.get(this.startOf(at))?.scene ?? null;
  }

  /** @param {number} at ms @returns {Promise<Scene>} the scene of this moment */
  scene(at) {
    const start = this.startOf(at);
    const kept = this.kept.get(start);
    const stale = kept?.scene && !kept.scene.closed && at > kept.asked - TOLD_MS;
    if (kept && !stale) {
      this.keep(start, kept);
      return kept.coming;
    }
    /** @type {Kept} */
    const asked = { asked: this.now(), scene: kept?.scene ?? null, coming: this.fetch(start, TRIES) };
    asked.coming = asked.coming.then(
      (scene) => (asked.scene = scene),
      (error) => {
        if (this.kept.get(start) === asked) this.kept.delete(start);
        throw error;
      },
    );
    this.keep(start, asked);
    return asked.coming;
  }

  /** @param {number} start @param {Kept} kept */
  keep(start, kept) {
    this.kept.delete(start);
    this.kept.set(start, kept);
    const [oldest] = this.kept.keys();
    if (this.kept.size > KEPT) this.kept.delete(oldest);
  }

  /** @param {number} start @param {number} tries @returns {Promise<Scene>} */
  async fetch(start, tries) {
    try {
      return new Scene(await this.ask(start));
    } catch (error) {
      if (/** @type {{status?: number}} */ (error).status !== 503 || tries <= 1) throw error;
      await new Promise((done) => setTimeout(done, this.retryMs));
      return this.fetch(start, tries - 1);
    }
  }
}
