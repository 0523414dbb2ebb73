// The header: whose water this is, what time it is, and whether the receivers speak.

import { arrange, byId, h, shape, write } from './dom.js';
import { ageSeconds, clocks, duration, plain } from './format.js';
import { pick, t, units, word } from './i18n.js';
import { FEED_SHAPES } from './chart/symbols.js';

/** @typedef {{name?: any, timezone?: string, simulated?: boolean, version?: string}} Site */

export class Header {
  /** @param {import('./picture.js').Picture} picture @param {() => number} now */
  constructor(picture, now) {
    this.picture = picture;
    this.now = now;
    /** @type {Site} */
    this.site = {};
    this.local = clocks('Asia/Taipei');
    this.utc = clocks('UTC');
    /** @type {Map<string, {node: HTMLElement, drawn: string}>} */
    this.chips = new Map();
  }

  /** @param {Site} site */
  setSite(site) {
    this.site = site;
    this.local = clocks(site.timezone ?? 'UTC');
  }

  /** @param {number} open alerts nobody acknowledged */
  update(open) {
    const name = plain(pick(this.site.name)) || 'harborwatch';
    write(byId('site'), name);
    document.title = `${open > 0 ? `(${open}) ` : ''}${name} · harborwatch`;
    let simulated = Boolean(this.site.simulated);
    for (const vessel of this.picture.vessels.values()) {
      if (simulated) break;
      simulated = vessel.simulated;
    }
    byId('simulated').hidden = !simulated;
    this.tick();
  }

  /** Clock and ages, each second. */
  tick() {
    const now = this.now();
    const [date, time] = this.local.stamp(now).split(' ');
    write(byId('clock'), time);
    write(byId('date'), date);
    write(byId('utc'), `UTC ${this.utc.clock(now)}`);
    const feeds = [...this.picture.feeds.values()];
    arrange(byId('feed-list'), feeds.map((feed) => this.chip(feed)));
    for (const name of [...this.chips.keys()]) if (!this.picture.feeds.has(name)) this.chips.delete(name);
    byId('feeds-none').hidden = feeds.length > 0;
  }

  /** @param {import('./picture.js').Feed} feed @returns {HTMLElement} */
  chip(feed) {
    const seconds = ageSeconds(feed.last_sentence, this.now());
    const age = seconds === null ? t('feed.never') : t('feed.last', { age: duration(seconds, units()) });
    const stamp = feed.last_sentence ? this.local.stamp(Date.parse(feed.last_sentence)) : t('feed.never');
    const tip = [t('feed.tip', { age: stamp, rate: (feed.sentences_per_s ?? 0).toFixed(1), vessels: feed.vessels ?? 0 }), plain(feed.error)].filter(Boolean).join('\n');
    const drawn = [feed.state, word('feed', feed.state), feed.error].join('|');
    const known = this.chips.get(feed.name);
    if (known?.drawn === drawn) {
      write(/** @type {Element} */ (known.node.lastElementChild), age);
      known.node.title = tip;
      return known.node;
    }
    const node = h(
      'li',
      { class: `feed ${feed.state}`, title: tip, data: { feed: feed.name } },
      shape(FEED_SHAPES[feed.state] ?? FEED_SHAPES.silent, feed.state),
      h('bdi', { class: 'feed-name', text: plain(feed.name) }),
      h('span', { class: 'feed-state', text: word('feed', feed.state) }),
      h('span', { class: 'age', text: age }),
    );
    known?.node.replaceWith(node);
    this.chips.set(feed.name, { node, drawn });
    return node;
  }
}
