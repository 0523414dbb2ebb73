// The hand on the past: where it stands, how fast it runs, and what has been seen.

import { Store } from './scene.js';

/** How much faster than the clock. */
export const RATES = [1, 10, 60, 600];
/** A step, ms. */
const STEP_MS = 10_000;
/** Blocks asked for ahead. */
const AHEAD = 2;

/** @typedef {import('./reel.js').Reel} Reel */
/** @typedef {{from: number, to: () => number}} Span ms: where the journal begins, and how far it has come */

export class Player {
  /** @param {Reel} reel @param {Span} span @param {number} lostAfterMs @param {() => void} shown another moment is shown, or nothing could be */
  constructor(reel, span, lostAfterMs, shown) {
    this.reel = reel;
    this.span = span;
    this.shown = shown;
    this.store = new Store(lostAfterMs);
    this.rate = RATES[0];
    this.playing = false;
    /** The moment wanted; shown once its block is here. */
    this.at = span.from;
    /** What was seen without a jump. */
    this.seen = { from: span.from, to: span.from };
    this.waiting = false;
    /** Why the past cannot be shown. */
    this.failure = '';
    this.ticked = performance.now();
  }

  /** Jumps. @param {number} at ms */
  seek(at) {
    this.at = this.within(at);
    this.seen = { from: this.at, to: this.at };
    this.draw();
  }

  toggle() {
    this.playing = !this.playing;
    this.ticked = performance.now();
    this.shown();
  }

  /** @param {number} by steps on, or back */
  step(by) {
    this.playing = false;
    this.reach(this.within(this.at + by * STEP_MS));
    this.draw();
  }

  /** Time has passed. @param {number} now ms, of any origin */
  tick(now) {
    const passed = now - this.ticked;
    this.ticked = now;
    if (!this.playing || this.waiting || this.failure) return;
    const wanted = this.within(this.at + passed * this.rate);
    if (wanted >= this.span.to()) this.playing = false;
    this.reach(wanted);
    this.draw();
  }

  /** @param {number} at what lies between is seen too */
  reach(at) {
    this.at = at;
    this.seen = { from: Math.min(this.seen.from, at), to: Math.max(this.seen.to, at) };
  }

  /** @param {number} at @returns {number} the nearest moment there is */
  within(at) {
    return Math.min(Math.max(at, this.span.from), this.span.to());
  }

  /** @returns {boolean} nothing was kept at the moment shown */
  get lacks() {
    return this.reel.ready(this.at)?.lacks(this.at) ?? false;
  }

  /** Shows the moment wanted, now and again once more of its block has come. */
  async draw() {
    const wanted = this.at;
    this.failure = '';
    this.waiting = !this.show();
    this.shown();
    try {
      await this.reel.scene(wanted);
      for (let ahead = 1; ahead <= AHEAD; ahead += 1) {
        const next = wanted + ahead * this.reel.blockMs;
        if (this.reel.startOf(next) < this.span.to()) this.reel.scene(next).catch(() => {});
      }
    } catch (error) {
      if (this.at === wanted) this.failure = /** @type {Error} */ (error).message;
    }
    if (!this.waiting && !this.failure && this.reel.ready(this.at) === this.store.scene) return;
    this.waiting = !this.show() && !this.failure;
    this.ticked = performance.now();
    this.shown();
  }

  /** @returns {boolean} the moment wanted is shown */
  show() {
    const scene = this.reel.ready(this.at);
    if (!scene) return false;
    this.store.show(scene, this.at, this.reel.ready(this.at + this.reel.blockMs) ?? undefined);
    return true;
  }
}
