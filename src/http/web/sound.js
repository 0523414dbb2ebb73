// When to sound, and what: after IEC 62923-1, with the silence that ends by itself. Pure.

import { rank, unacknowledged } from './order.js';

/** @typedef {import('./shapes.js').Alert} Alert */
/** @typedef {'emergency' | 'alarm' | 'warning' | 'lost'} Tone */

/** After so long a silenced alarm sounds again (MSC.302(87)), ms. */
const SILENCE_MS = 30_000;
/** The tones by priority, and how often each is repeated while its alert lasts, ms. @type {[Tone, number][]} */
const REPEATS = [['emergency', 3_000], ['alarm', 7_000], ['warning', 60_000]];
const LOST_REPEAT_MS = 10_000;
/** The least urgent that sounds again after a silence: an alarm. */
const RETURNING = 1;

export class Schedule {
  constructor() {
    /** By alert the priority in which it sounded last. @type {Map<string, number>} */
    this.heard = new Map();
    /** By alert the priority in which it was silenced. @type {Map<string, number>} */
    this.silenced = new Map();
    this.silencedAt = -Infinity;
    this.last = -Infinity;
    this.lostQuiet = false;
  }

  /** Silences all that sounds now; what is raised or escalated later sounds at once. @param {Iterable<Alert>} alerts @param {number} now ms */
  silence(alerts, now) {
    this.silenced = new Map([...alerts].filter(sounding).map((alert) => [alert.alert, rank(alert)]));
    this.silencedAt = now;
    this.lostQuiet = true;
  }

  /** @param {Iterable<Alert>} alerts @param {number} now ms @returns {number} seconds until a silenced alarm sounds again, 0 where none will */
  quietFor(alerts, now) {
    const returns = [...alerts].some((alert) => sounding(alert) && rank(alert) <= RETURNING && !this.audible(alert, now));
    return returns ? Math.ceil((this.silencedAt + SILENCE_MS - now) / 1000) : 0;
  }

  /** @param {Alert} alert @param {number} now @returns {boolean} */
  audible(alert, now) {
    const before = this.silenced.get(alert.alert);
    if (before === undefined || rank(alert) < before) return true;
    return rank(alert) <= RETURNING && now - this.silencedAt >= SILENCE_MS;
  }

  /** @param {Iterable<Alert>} alerts @param {number} now @returns {Alert[]} those that sound, but for the pauses between the tones */
  loud(alerts, now) {
    return [...alerts].filter((alert) => sounding(alert) && this.audible(alert, now));
  }

  /**
   * The tone to give now, if any.
   * @param {Iterable<Alert>} alerts those of this desk @param {boolean} lost the connection is @param {number} now ms
   * @returns {Tone | null}
   */
  next(alerts, lost, now) {
    if (!lost) this.lostQuiet = false;
    if (lost && !this.lostQuiet) return this.repeat('lost', LOST_REPEAT_MS, now);
    const loud = this.loud(alerts, now);
    const fresh = loud.some((alert) => rank(alert) < (this.heard.get(alert.alert) ?? Infinity));
    this.heard = new Map(loud.map((alert) => [alert.alert, rank(alert)]));
    if (loud.length === 0) return null;
    const [tone, every] = REPEATS[Math.min(...loud.map(rank))];
    return this.repeat(tone, fresh ? 0 : every, now);
  }

  /** @param {Tone} tone @param {number} every ms @param {number} now @returns {Tone | null} */
  repeat(tone, every, now) {
    if (now - this.last < every) return null;
    this.last = now;
    return tone;
  }
}

/** @param {Alert} alert @returns {boolean} somebody must hear it: cautions and shelved ones are not sounded */
function sounding(alert) {
  return unacknowledged(alert) && !alert.shelved_until && rank(alert) < REPEATS.length;
}
