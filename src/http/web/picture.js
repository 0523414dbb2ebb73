// What the page knows: vessels, alerts and feeds as the server last told. Plain data, no document.

import { rank, unacknowledged } from './order.js';

/**
 * @typedef {import('./shapes.js').Vessel} Vessel
 * @typedef {import('./shapes.js').Alert} Alert
 * @typedef {import('./shapes.js').Feed} Feed
 * @typedef {import('./shapes.js').Rule} Rule
 * @typedef {{rank: number, unacknowledged: boolean}} Alerted
 */

export class Picture {
  constructor() {
    /** @type {Map<number, Vessel>} */
    this.vessels = new Map();
    /** @type {Map<string, Alert>} */
    this.alerts = new Map();
    /** @type {Map<string, Feed>} */
    this.feeds = new Map();
    /** Worst open alert by vessel. @type {Map<number, Alerted>} */
    this.alerted = new Map();
    /** @type {Map<string, Rule>} */
    this.rules = new Map();
    /** Whom the rules of watch lists name. @type {Set<number>} */
    this.watched = new Set();
  }

  /** @param {Rule[]} rules */
  setRules(rules) {
    this.rules = new Map(rules.map((rule) => [rule.id, rule]));
    this.watched = new Set(rules.filter((rule) => rule.kind === 'watch_list').flatMap((rule) => rule.mmsi ?? []));
  }

  /** @param {number} mmsi @returns {boolean} no filter may hide it */
  kept(mmsi) {
    return this.alerted.has(mmsi) || this.watched.has(mmsi);
  }

  /** @param {Vessel[]} vessels @param {Alert[]} alerts @param {Feed[]} feeds */
  replace(vessels, alerts, feeds) {
    this.vessels = new Map(vessels.map((vessel) => [vessel.mmsi, vessel]));
    this.alerts = new Map(alerts.filter(shown).map((alert) => [alert.alert, alert]));
    this.replaceFeeds(feeds);
    this.index();
  }

  /** @param {Feed[]} feeds */
  replaceFeeds(feeds) {
    this.feeds = new Map(feeds.map((feed) => [feed.name, feed]));
  }

  /** @param {{changed?: Vessel[], left?: number[], removed?: number[]}} batch */
  applyVessels({ changed = [], left = [], removed = [] }) {
    for (const vessel of changed) this.vessels.set(vessel.mmsi, vessel);
    for (const mmsi of [...left, ...removed]) this.vessels.delete(mmsi);
  }

  /** @param {Alert} alert as it stands after a transition @returns {boolean} it is new here */
  applyAlert(alert) {
    const known = this.alerts.has(alert.alert);
    if (shown(alert)) this.alerts.set(alert.alert, alert);
    else this.alerts.delete(alert.alert);
    this.index();
    return !known && shown(alert);
  }

  /** Keeps the alerts' worst by vessel. */
  index() {
    this.alerted = new Map();
    for (const alert of this.alerts.values()) {
      if (alert.shelved_until) continue;
      const open = { rank: rank(alert), unacknowledged: unacknowledged(alert) };
      for (const mmsi of [alert.mmsi, alert.other_mmsi]) {
        if (mmsi !== null && mmsi !== undefined) this.alerted.set(mmsi, worse(this.alerted.get(mmsi), open));
      }
    }
  }
}

/** @param {Alert} alert @returns {boolean} closed ones are done with; shadow ones are told to nobody */
function shown(alert) {
  return alert.state !== 'closed' && !alert.shadow;
}

/** @param {Alerted | undefined} a @param {Alerted} b @returns {Alerted} */
function worse(a, b) {
  if (!a) return b;
  return { rank: Math.min(a.rank, b.rank), unacknowledged: a.unacknowledged || b.unacknowledged };
}
