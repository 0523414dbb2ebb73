// The stream of events, with the watch over the connection.

import { get, getAll } from './api.js';

/** How often the feeds are asked for: their ages, the server's clock, and a sign of life when the sea is quiet, ms. */
const PROBE_MS = 2000;
/** A probe not answered by then is no sign of life, ms. */
const PROBE_WAIT_MS = 3000;
/** A lost connection is told after this long, so that a hiccup does not shout, ms. */
const LOST_MS = 2500;
/** The feeds speak but the stream does not for this long: the stream is opened anew, ms. */
const STALL_MS = 20000;
const RETRY_MS = 2000;

/**
 * What a listener is told.
 * @typedef {{
 *   loaded: (lists: {now: string, vessels: any[], alerts: any[], feeds: any[]}) => void,
 *   vessels: (batch: any) => void, alert: (change: any) => void, feed: (feed: any) => void,
 *   feeds: (list: {now: string, items: any[]}) => void, lost: (since: number) => void, back: () => void}} Listener
 */

/** The stream, reopened for ever; after every opening and every `reset` the lists are fetched anew. */
export class Stream {
  /** @param {Listener} listener */
  constructor(listener) {
    this.listener = listener;
    /** @type {EventSource | null} */
    this.source = null;
    /** Events that came while the lists were under way. @type {(() => void)[] | null} */
    this.held = null;
    this.lastEvent = Date.now();
    /** Last sign of life of any sort. */
    this.lastWord = Date.now();
    this.healthy = false;
    this.told = false;
    this.loading = 0;
    this.open();
    setInterval(() => this.judge(), 500);
    setInterval(() => this.probe(), PROBE_MS);
  }

  open() {
    this.source?.close();
    this.lastEvent = Date.now();
    const source = new EventSource('/api/v1/events?topics=alerts,vessels,feeds');
    this.source = source;
    source.addEventListener('hello', () => this.reload());
    source.addEventListener('reset', () => this.reload());
    source.addEventListener('error', () => {
      this.healthy = false;
      if (source.readyState === EventSource.CLOSED) setTimeout(() => this.source === source && this.open(), RETRY_MS);
    });
    for (const name of /** @type {const} */ (['vessels', 'alert', 'feed'])) {
      source.addEventListener(name, (event) => this.take(name, JSON.parse(event.data)));
    }
  }

  /** @param {'vessels' | 'alert' | 'feed'} name @param {any} event */
  take(name, event) {
    this.lastEvent = Date.now();
    this.lastWord = this.lastEvent;
    const apply = () => this.listener[name](event);
    if (this.held) this.held.push(apply);
    else apply();
  }

  async reload() {
    this.lastEvent = Date.now();
    this.loading += 1;
    const mine = this.loading;
    this.held = this.held ?? [];
    try {
      const [vessels, alerts, feeds] = await Promise.all([getAll('/vessels'), getAll('/alerts?limit=1000'), getAll('/feeds')]);
      if (mine !== this.loading) return;
      this.listener.loaded({ now: vessels.now, vessels: vessels.items, alerts: alerts.items, feeds: feeds.items });
      const held = this.held ?? [];
      this.held = null;
      held.forEach((apply) => apply());
      this.lastWord = Date.now();
      this.healthy = true;
    } catch {
      if (mine === this.loading) setTimeout(() => mine === this.loading && this.open(), RETRY_MS);
    }
  }

  /** Asks for the feeds: a stream that says nothing looks the same alive and dead. */
  async probe() {
    try {
      const feeds = await get('/feeds', 'application/json', PROBE_WAIT_MS);
      this.lastWord = Date.now();
      this.listener.feeds(feeds);
      const heard = Math.max(0, ...feeds.items.map((/** @type {any} */ feed) => Date.parse(feed.last_sentence ?? '') || 0));
      const flowing = Date.parse(feeds.now) - heard < 5000;
      if (flowing && this.healthy && Date.now() - this.lastEvent > STALL_MS) this.open();
    } catch {
      // Told by `judge`, which sees that no word came.
    }
  }

  /** Tells of a loss, once, and of its end. */
  judge() {
    const quiet = Date.now() - this.lastWord;
    const lost = (!this.healthy && quiet > LOST_MS) || quiet > LOST_MS + PROBE_MS;
    if (lost && !this.told) {
      this.told = true;
      this.listener.lost(this.lastWord);
    } else if (!lost && this.healthy && this.told) {
      this.told = false;
      this.listener.back();
    }
  }
}
