// What is done with a draft as a whole: tried, saved, thrown away; and the word that another version stands.

import { html, nothing, render } from '../vendor/lit.js';
import { byId } from '../dom.js';
import { t } from '../i18n.js';
import { said } from '../panels/parts.js';

/** @typedef {import('../panels/parts.js').Part} Part */

/**
 * @typedef {object} Does
 * @property {() => boolean} blocked something typed or drawn cannot be
 * @property {() => void} save
 * @property {() => void} discard
 * @property {() => void} anew reads what stands now
 * @property {() => void} changed
 */

export class Actions {
  /** @param {import('./work.js').Work} work @param {import('./trial.js').TrialPanel} trial @param {Does} does */
  constructor(work, trial, does) {
    this.work = work;
    this.trial = trial;
    this.does = does;
  }

  /** @param {string} tab */
  update(tab) {
    render(html`${this.other()}${tab === 'rules' || tab === 'zones' ? this.draft(tab) : nothing}`, byId('actions'));
  }

  /** @returns {Part | typeof nothing} somebody else saved meanwhile */
  other() {
    const { standing, read } = this.work;
    if (!standing || read === 0 || standing.version === read) return nothing;
    return html`<p class="failure" role="status">${t('other.stands', { n: standing.version, read })} ${said(standing.author)}: ${said(standing.reason)}</p>
      <p class="row-actions"><button type="button" data-act="anew" @click=${this.does.anew}>${t('save.anew')}</button></p>`;
  }

  /** @param {import('./work.js').Side} part @returns {Part} */
  draft(part) {
    const { work, trial, does } = this;
    const changes = work.draft(part).changes.size;
    const idle = changes === 0 || does.blocked();
    return html`
      <p class="small" role="status">${t(does.blocked() ? 'actions.blocked' : changes > 0 ? 'actions.n' : 'actions.none', { n: changes })} ${part === 'rules' && work.zones.changes.size > 0 ? t('actions.zones', { n: work.zones.changes.size }) : nothing}</p>
      <p class="row-actions">
        ${trial.offer((hours) => {
          trial.hours = hours;
          does.changed();
        })}
        <button type="button" data-act="try" ?disabled=${idle || trial.running !== null} @click=${() => trial.run(part)}>${t('trial.run')}</button>
        <button type="button" data-act="save" class="main" ?disabled=${idle} @click=${does.save}>${t('save.open')}</button>
        <button type="button" data-act="discard" ?disabled=${changes === 0} @click=${does.discard}>${t('actions.discard')}</button>
      </p>`;
  }
}
