// The bar at the foot of the page: live or replay, the hand on time, the alerts on it, and what is saved of it.

import { html, live, nothing, render, svg } from '../vendor/lit.js';
import { byId } from '../dom.js';
import { t } from '../i18n.js';
import { PRIORITIES } from '../order.js';
import { RATES } from './player.js';

/** The time bar is so wide for itself. */
const WIDTH = 1000;
const HEIGHT = 16;
/** Height of a tick by the priority of its alert: the graver the taller, for colour alone tells nobody. */
const TALL = [16, 13, 9, 6];
/** Signs of the hand, drawn within 16 × 16. */
const SIGNS = {
  'replay.alert.before': 'M2 3h2v10H2zM14 3v10L5 8z',
  'replay.back': 'M12 3v10L4 8z',
  'replay.play': 'M3 2v12l11-6z',
  'replay.pause': 'M3 2h4v12H3zM9 2h4v12H9z',
  'replay.on': 'M4 3v10l8-5z',
  'replay.alert.next': 'M12 3h2v10h-2zM2 3v10l9-5z',
};

/**
 * @typedef {object} Does
 * @property {() => void} enter
 * @property {() => void} leave
 * @property {() => void} toggle
 * @property {(by: number) => void} step
 * @property {(by: number) => void} alert to the next alert, or the one before
 * @property {(rate: number) => void} pace
 * @property {(at: number) => void} seek
 * @property {(text: string) => boolean} date takes what was typed; false where it is no moment
 * @property {() => void} redraw
 * @property {(kind: 'geojson' | 'csv' | 'png') => void} save
 */
/** An alert on the bar. @typedef {{alert: string, raised: number, priority: string}} Tick */
/**
 * What the bar shows.
 * @typedef {{on: boolean, at: number, stamp: string, from: number, to: number, rate: number, playing: boolean, ticks: Tick[], note: string, saving: boolean}} State
 */

export class Bar {
  /** @param {Does} does */
  constructor(does) {
    this.does = does;
    this.host = byId('replay');
    /** What is being typed as the moment; null: nothing. @type {string | null} */
    this.typed = null;
    this.wrong = false;
  }

  /** @param {State} state */
  show(state) {
    render(state.on ? this.replay(state) : this.live(), this.host);
  }

  /** Draws with the focus on a button, where it was in the bar. @param {string} id @param {() => void} draw */
  keepFocus(id, draw) {
    const held = this.host.contains(document.activeElement);
    draw();
    if (held) /** @type {HTMLElement | null} */ (this.host.querySelector(`#${id}`))?.focus();
  }

  live() {
    return html`<button type="button" id="replay-enter" @click=${this.does.enter}>${t('replay.enter')}</button>
      <p class="replay-live"><span class="dot" aria-hidden="true"></span>${t('replay.live.now')}</p>`;
  }

  /** @param {State} state */
  replay(state) {
    const { does } = this;
    return html`
      <button type="button" id="replay-leave" class="main" @click=${does.leave}>${t('replay.leave')}</button>
      <div class="replay-hand" role="group" aria-label=${t('replay.hand')}>
        ${button('replay.alert.before', () => does.alert(-1))}
        ${button('replay.back', () => does.step(-1))}
        ${button(state.playing ? 'replay.pause' : 'replay.play', does.toggle, 'replay-play')}
        ${button('replay.on', () => does.step(1))}
        ${button('replay.alert.next', () => does.alert(1))}
      </div>
      <div class="replay-rates" role="group" aria-label=${t('replay.rate')}>
        ${RATES.map((rate) => html`<button type="button" data-rate=${rate} aria-pressed=${String(rate === state.rate)} @click=${() => does.pace(rate)}>×${rate}</button>`)}
      </div>
      ${this.line(state)}
      ${this.date(state)}
      <div class="replay-save" role="group" aria-label=${t('replay.save')}>
        ${/** @type {const} */ (['geojson', 'csv', 'png']).map((kind) => html`<button type="button" data-save=${kind} ?disabled=${state.saving} title=${t(`replay.save.${kind}`)} aria-label=${t(`replay.save.${kind}`)} @click=${() => does.save(kind)}>${kind === 'geojson' ? 'GeoJSON' : kind.toUpperCase()}</button>`)}
      </div>
      <p class="replay-note" role="status">${state.note}</p>`;
  }

  /** @param {State} state */
  line({ at, from, to, stamp, ticks }) {
    const x = (/** @type {number} */ time) => ((time - from) / Math.max(1, to - from)) * WIDTH;
    return html`<div class="replay-line">
      <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">
        ${ticks.map((tick) => tickOf(x(tick.raised), tick.priority))}
      </svg>
      <input type="range" id="replay-time" min=${from} max=${to} step="1000" .value=${live(String(at))} aria-label=${t('replay.time')} aria-valuetext=${stamp}
        @input=${(/** @type {Event} */ event) => this.does.seek(Number(/** @type {HTMLInputElement} */ (event.target).value))}>
    </div>`;
  }

  /** @param {State} state */
  date({ stamp }) {
    return html`<form class="replay-date" @submit=${(/** @type {Event} */ event) => this.submit(event)}>
      <input id="replay-date" type="text" inputmode="numeric" autocomplete="off" spellcheck="false" size="19" aria-label=${t('replay.date')} title=${t('replay.date.hint')}
        aria-invalid=${this.wrong ? 'true' : nothing} .value=${live(this.typed ?? stamp)}
        @input=${(/** @type {Event} */ event) => (this.typed = /** @type {HTMLInputElement} */ (event.target).value)}
        @focus=${(/** @type {Event} */ event) => (this.typed = /** @type {HTMLInputElement} */ (event.target).value)}
        @blur=${(/** @type {FocusEvent} */ event) => this.blur(event)}>
      <button type="submit">${t('replay.go')}</button>
    </form>`;
  }

  /** @param {Event} event */
  submit(event) {
    event.preventDefault();
    const input = /** @type {HTMLInputElement} */ (this.host.querySelector('#replay-date'));
    this.wrong = false;
    this.typed = null;
    if (this.does.date(input.value)) return;
    this.wrong = true;
    this.typed = input.value;
    this.does.redraw();
  }

  /** What was typed stands while the button beside it is on its way. @param {FocusEvent} event */
  blur(event) {
    const to = /** @type {Element | null} */ (event.relatedTarget);
    if (!to?.closest('.replay-date')) this.typed = null;
  }
}

/** @param {keyof typeof SIGNS} words @param {() => void} act @param {string} [id] */
function button(words, act, id) {
  return html`<button type="button" id=${id ?? nothing} data-hand=${words} aria-label=${t(words)} title=${t(words)} @click=${act}><svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true"><path d=${SIGNS[words]}></path></svg></button>`;
}

/** @param {number} x @param {string} priority a notch as tall as it is grave */
function tickOf(x, priority) {
  const tall = TALL[PRIORITIES.indexOf(priority)] ?? TALL[3];
  return svg`<rect class=${`tick ${priority}`} x=${x - 1} y=${HEIGHT - tall} width="2" height=${tall}></rect>`;
}
