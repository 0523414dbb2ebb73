// The server's clock and the site's local time: ages must not depend on the office machine's clock.

import { ageSeconds, clocks, duration } from './format.js';
import { units } from './i18n.js';

/** Before its first tick the server's clock stands near 1970: not believed. */
const NO_CLOCK = Date.UTC(2000, 0);

export class Clock {
  constructor() {
    /** Server's clock less this machine's, ms. */
    this.offset = 0;
    this.local = clocks('Asia/Taipei');
    this.utc = clocks('UTC');
  }

  /** @param {string} time what the server says it is */
  set(time) {
    const at = Date.parse(time);
    if (at >= NO_CLOCK) this.offset = at - Date.now();
  }

  /** @param {string} zone IANA name of the site's time zone */
  setZone(zone) {
    this.local = clocks(zone);
  }

  /** Runs on while the connection is lost: what is shown grows older, and must say so. @returns {number} ms */
  now() {
    return Date.now() + this.offset;
  }

  /** @param {string | null | undefined} time @param {number} [now] ms @returns {string} how long ago, in words */
  age(time, now = this.now()) {
    return time ? duration(ageSeconds(time, now), units()) : '';
  }

  /** @param {string} time @returns {string} local time of day; with the date when it is another day */
  at(time) {
    const ms = Date.parse(time);
    const stamp = this.local.stamp(ms);
    return stamp.slice(0, 10) === this.local.stamp(this.now()).slice(0, 10) ? stamp.slice(11, 16) : stamp.slice(5, 16);
  }

  /** @param {string} time @returns {string} local date and time to the second */
  stamp(time) {
    return this.local.stamp(Date.parse(time));
  }
}

/**
 * The next moment at which the local clock shows a time of day.
 * @param {string} text `HH:MM` @param {string} stamp local time now, `YYYY-MM-DD HH:MM:SS` @param {number} now ms
 * @returns {number | null} ms, within a day; null where the text is no time of day
 */
export function nextAt(text, stamp, now) {
  const wanted = /^([01]?\d|2[0-3]):?([0-5]\d)$/.exec(text.trim());
  if (!wanted) return null;
  const [hours, minutes, seconds] = stamp.slice(11).split(':').map(Number);
  const away = (Number(wanted[1]) - hours) * 3600 + (Number(wanted[2]) - minutes) * 60 - seconds;
  return now + (away > 0 ? away : away + 86400) * 1000;
}
