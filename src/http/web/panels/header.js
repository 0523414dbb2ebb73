// The header: whose water this is, what time it is, whether the receivers speak, and what sounds.

import { html, nothing, render, repeat } from '../vendor/lit.js';
import { byId, write } from '../dom.js';
import { plain } from '../format.js';
import { pick, t, word } from '../i18n.js';
import { FEED_SHAPES } from '../icons.js';
import { rank, unacknowledged } from '../order.js';
import { icon, said } from './parts.js';

/** @typedef {import('../shapes.js').Feed} Feed */
/** @typedef {import('./parts.js').Part} Part */

export class Header {
  /** @param {import('../page.js').Page} page @param {{schedule: import('../sound.js').Schedule, bell: import('../bell.js').Bell, silence: () => void}} sound */
  constructor(page, sound) {
    this.page = page;
    this.sound = sound;
  }

  /** Name, title and mark. @param {import('../shapes.js').Alert[]} alerts of this desk */
  update(alerts) {
    const { site, picture } = this.page;
    const name = plain(pick(site?.name)) || 'harborwatch';
    write(byId('site'), name);
    const open = alerts.filter(unacknowledged).length;
    document.title = `${open > 0 ? `(${open}) ` : ''}${name} · harborwatch`;
    byId('simulated').hidden = !site?.simulated && ![...picture.vessels.values()].some((vessel) => vessel.simulated);
    this.tick(alerts);
  }

  /** Clock, ages and sound, each second. @param {import('../shapes.js').Alert[]} alerts of this desk */
  tick(alerts) {
    const { clock, picture } = this.page;
    const now = clock.now();
    const [date, time] = clock.local.stamp(now).split(' ');
    write(byId('clock'), time);
    write(byId('date'), date);
    write(byId('utc'), `UTC ${clock.utc.clock(now)}`);
    const feeds = [...picture.feeds.values()];
    render(repeat(feeds, (feed) => feed.name, (feed) => this.chip(feed)), byId('feed-list'));
    byId('feeds-none').hidden = feeds.length > 0;
    render(this.sounding(alerts), byId('sound'));
  }

  /** @param {Feed} feed @returns {Part} */
  chip(feed) {
    const { clock } = this.page;
    const last = feed.last_sentence ? clock.stamp(feed.last_sentence) : t('feed.never');
    const tip = [t('feed.tip', { age: last, rate: feed.sentences_per_s.toFixed(1), vessels: feed.vessels }), plain(feed.error)].filter(Boolean).join('\n');
    return html`<li class=${`feed ${feed.state}`} title=${tip} data-feed=${feed.name}>
      ${icon(FEED_SHAPES[feed.state] ?? FEED_SHAPES.silent, feed.state)}
      ${said(feed.name, 'feed-name')}
      <span class="feed-state">${word('feed', feed.state)}</span>
      <span class="age">${feed.last_sentence ? t('feed.last', { age: clock.age(feed.last_sentence) }) : t('feed.never')}</span>
      ${feed.error && feed.state === 'down' ? said(feed.error, 'feed-error') : nothing}
    </li>`;
  }

  /** The one action that silences all, and what it says: what sounds, or how long it is quiet. @param {import('../shapes.js').Alert[]} alerts @returns {Part} */
  sounding(alerts) {
    const { schedule, bell, silence } = this.sound;
    const now = Date.now();
    const worst = schedule.loud(alerts, now).sort((a, b) => rank(a) - rank(b))[0];
    const left = schedule.quietFor(alerts, now);
    const mute = !this.page.duty || !bell.ready;
    const heard = !mute && worst;
    let state = t('sound.off');
    if (mute) state = t('sound.locked');
    else if (worst) state = t('sound.on', { what: word('priority', worst.priority) });
    else if (left > 0) state = t('sound.back', { s: left });
    return html`<button type="button" class=${`silence ${mute ? 'mute' : heard ? 'loud' : ''}`} data-sounding=${heard ? worst.priority : nothing} @click=${silence}><strong>${t('silence')}</strong> <span>${state}</span></button>`;
  }
}
