// The shell of the page: its language and palette, its place in the address, the banner of a lost connection, and what is spoken.

import { addressOf, placeOf } from './address.js';
import { byId, write } from './dom.js';
import { duration } from './format.js';
import { language, setLanguage, t, translate, units } from './i18n.js';
import { rank, unacknowledged } from './order.js';

/** A view that is being moved, or a search that is being typed, goes into the address after so long a rest, ms. */
const REST_MS = 400;
/** What was told in passing stands so long, ms. */
const TOLD_MS = 8000;

export class Shell {
  /** @param {import('./page.js').Page} page @param {{restored: () => void, spoken: () => void, painted: () => void}} tell */
  constructor(page, tell) {
    this.page = page;
    this.tell = tell;
    /** Since when no word came from the server, by this machine's clock. @type {number | null} */
    this.lostSince = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.toldTimer = undefined;
    setLanguage(page.place.lang);
    document.documentElement.dataset.palette = page.place.palette;
    for (const button of document.querySelectorAll('button[data-lang]')) {
      button.addEventListener('click', () => this.speak(button.getAttribute('data-lang') ?? ''));
    }
    for (const button of document.querySelectorAll('button[data-palette]')) {
      button.addEventListener('click', () => this.paint(button.getAttribute('data-palette') ?? ''));
    }
    addEventListener('popstate', () => this.restore());
  }

  /** @param {string} lang */
  speak(lang) {
    setLanguage(lang);
    this.page.place.lang = language();
    this.remember();
    this.translate();
  }

  /** @param {string} palette */
  paint(palette) {
    this.page.place.palette = palette;
    document.documentElement.dataset.palette = palette;
    this.remember();
    this.press();
    this.tell.painted();
  }

  translate() {
    translate(document);
    this.press();
    this.tellLost();
    this.hush();
    this.tell.spoken();
  }

  press() {
    for (const part of ['lang', 'palette']) {
      const chosen = part === 'lang' ? language() : this.page.place.palette;
      for (const button of document.querySelectorAll(`button[data-${part}]`)) {
        button.setAttribute('aria-pressed', String(button.getAttribute(`data-${part}`) === chosen));
      }
    }
    const { lang, palette } = this.page.place;
    for (const link of document.querySelectorAll('a[data-view]')) link.setAttribute('href', `${link.getAttribute('data-view')}?lang=${lang}&palette=${palette}`);
  }

  /** Writes the page's place into the address, as a step that the back button undoes. */
  remember() {
    this.write((url) => history.pushState(null, '', url));
  }

  /** The same without a step of its own, once the hand rests. */
  rememberSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.write((url) => history.replaceState(null, '', url)), REST_MS);
  }

  /** @param {(url: string) => void} put */
  write(put) {
    clearTimeout(this.timer);
    const url = addressOf(this.page.place, location.search);
    if (url !== location.search) put(url);
  }

  /** Back to the place that the address names. */
  restore() {
    clearTimeout(this.timer);
    Object.assign(this.page.place, placeOf(location.search));
    setLanguage(this.page.place.lang);
    document.documentElement.dataset.palette = this.page.place.palette;
    this.tell.painted();
    this.translate();
    this.tell.restored();
  }

  /** @param {number | null} since */
  lost(since) {
    this.lostSince = since;
    this.tellLost();
  }

  tellLost() {
    byId('lost').hidden = this.lostSince === null;
    document.body.classList.toggle('frozen', this.lostSince !== null);
    if (this.lostSince === null) return;
    const { clock } = this.page;
    const age = duration((Date.now() - this.lostSince) / 1000, units());
    write(byId('lost-text'), t('lost.text', { time: clock.local.clock(this.lostSince + clock.offset), age }));
  }

  /** New emergencies and alarms are spoken, nothing else. @param {import('./shapes.js').Alert} alert */
  announce(alert) {
    if (rank(alert) > 1 || !unacknowledged(alert) || alert.shelved_until) return;
    byId('spoken').textContent = `${t(`priority.${alert.priority}`)}: ${this.page.message(alert)} ${this.page.subjects(alert).join(', ')}`;
  }

  /** @param {string} words told in passing */
  say(words) {
    clearTimeout(this.toldTimer);
    byId('told').hidden = false;
    write(byId('told'), words);
    this.toldTimer = setTimeout(() => this.hush(), TOLD_MS);
  }

  /** What was told in passing is over, or was said in another language. */
  hush() {
    byId('told').hidden = true;
    write(byId('told'), '');
  }
}
