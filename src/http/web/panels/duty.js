// The watch at this console: who stands it, at which desk; to start it is the touch that lets a browser give sound.

import { html, live, nothing, render } from '../vendor/lit.js';
import { byId } from '../dom.js';
import { t } from '../i18n.js';
import { deskChoices, said } from './parts.js';

/** Longest name sent, characters. */
const MAX_BY = 60;
const KEPT = 'harborwatch.duty';

export class Duty {
  /** @param {import('../page.js').Page} page @param {import('../bell.js').Bell} bell */
  constructor(page, bell) {
    this.page = page;
    this.bell = bell;
    this.dialog = /** @type {HTMLDialogElement} */ (byId('watch'));
    page.duty = remembered();
    // After a reload the watch goes on: its first touch gives the sound back.
    for (const touch of ['pointerdown', 'keydown']) document.addEventListener(touch, () => this.touched());
  }

  async touched() {
    if (!this.page.duty || this.bell.ready) return;
    await this.bell.unlock();
    this.page.acts.placed();
  }

  /** The button in the header: to start, else who is on watch. */
  update() {
    const { duty, clock } = this.page;
    render(
      html`<button type="button" class=${duty ? 'duty' : 'duty start'} @click=${() => this.open()}>${duty ? html`${t('duty.on')} <strong>${said(duty.by)}</strong> <span class="since">${t('duty.since', { time: clock.at(duty.since) })}</span>` : t('duty.start')}</button>`,
      byId('duty'),
    );
  }

  open() {
    this.draw();
    this.dialog.showModal();
  }

  draw() {
    const { duty, place } = this.page;
    const desks = this.page.desks();
    render(
      html`<form @submit=${(/** @type {SubmitEvent} */ event) => this.start(event)}>
        <h2>${t(duty ? 'duty.change' : 'duty.start')}</h2>
        <label class="wide">${t('duty.name')} <input name="by" required autocomplete="name" maxlength=${MAX_BY} .value=${live(duty?.by ?? '')}></label>
        ${desks.length > 0 ? html`<label class="wide">${t('desk')} <select name="desk">${deskChoices(desks, place.desk)}</select></label>` : nothing}
        <p class="small">${t('duty.why')}</p>
        <p class="ends">
          ${duty ? html`<button type="button" @click=${() => this.end()}>${t('duty.end')}</button>` : nothing}
          <button type="button" @click=${() => this.dialog.close()}>${t('cancel')}</button> <button type="submit" class="main">${t(duty ? 'duty.take' : 'duty.start')}</button>
        </p>
      </form>`,
      this.dialog,
    );
  }

  /** @param {SubmitEvent} event */
  async start(event) {
    event.preventDefault();
    const asked = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget));
    const by = String(asked.get('by')).trim();
    if (!by) return;
    this.keep({ by, since: new Date(this.page.clock.now()).toISOString() });
    this.page.place.desk = String(asked.get('desk') ?? this.page.place.desk);
    this.dialog.close();
    await this.bell.unlock();
    // Heard once, so that the watch knows that it can be.
    this.bell.ring('warning');
    this.page.acts.placed();
  }

  end() {
    this.keep(null);
    this.dialog.close();
    this.page.acts.placed();
  }

  /** @param {{by: string, since: string} | null} duty */
  keep(duty) {
    this.page.duty = duty;
    try {
      if (duty) localStorage.setItem(KEPT, JSON.stringify(duty));
      else localStorage.removeItem(KEPT);
    } catch {
      // Not remembered, then: the watch lasts as long as this page.
    }
  }
}

/** @returns {{by: string, since: string} | null} the watch stood at this screen; storage may be forbidden */
function remembered() {
  try {
    const duty = JSON.parse(localStorage.getItem(KEPT) ?? 'null');
    return typeof duty?.by === 'string' && Date.parse(duty.since) ? duty : null;
  } catch {
    return null;
  }
}
