// A new rule or zone: its id and kind are asked for first.

import { html, nothing, render } from '../vendor/lit.js';
import { byId } from '../dom.js';
import { plain } from '../format.js';
import { pick, t, word } from '../i18n.js';
import { choices } from '../panels/parts.js';
import { freshRule, idFault } from './fields.js';
import { ZONE_KINDS } from './shape.js';
import { freshZone } from './zone_form.js';

/** @typedef {import('./work.js').Side} Side */

export class FreshDialog {
  /** @param {import('./work.js').Work} work @param {(part: Side, id: string) => void} made */
  constructor(work, made) {
    this.work = work;
    this.made = made;
    this.dialog = /** @type {HTMLDialogElement} */ (byId('new'));
    /** @type {Side} */
    this.part = 'rules';
  }

  /** @param {Side} part */
  open(part) {
    this.part = part;
    this.draw('');
    this.dialog.querySelector('form')?.reset();
    this.dialog.showModal();
  }

  /** @returns {[string, string][]} kinds and their words */
  kinds() {
    if (this.part === 'zones') return ZONE_KINDS.map((kind) => [kind, word('zone', kind)]);
    const kinds = [...(this.work.schema?.kinds.values() ?? [])];
    return kinds.map(({ kind, message }) => [kind, `${plain(pick(message))} (${kind})`]);
  }

  /** @param {string} failure */
  draw(failure) {
    render(
      html`<form @submit=${(/** @type {SubmitEvent} */ event) => this.make(event)}>
        <h2>${t(this.part === 'rules' ? 'new.rule' : 'new.zone')}</h2>
        <label class="wide">${t('new.kind')} <select name="kind">${choices(this.kinds(), '')}</select></label>
        <label class="wide">${t('new.id')} <input name="id" required autocomplete="off" spellcheck="false" maxlength="64" aria-invalid=${failure ? 'true' : nothing}></label>
        <p class="small">${t(this.part === 'rules' ? 'new.rule.what' : 'new.zone.what')}</p>
        ${failure ? html`<p class="failure" role="alert">${failure}</p>` : nothing}
        <p class="ends"><button type="button" @click=${() => this.dialog.close()}>${t('cancel')}</button> <button type="submit" class="main">${t('new.make')}</button></p>
      </form>`,
      this.dialog,
    );
  }

  /** @param {SubmitEvent} event */
  make(event) {
    event.preventDefault();
    const asked = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget));
    const { work, part } = this;
    const id = String(asked.get('id')).trim();
    const kind = String(asked.get('kind'));
    const fault = idFault(id, (one) => work.draft(part).get(one) !== undefined);
    if (fault) return this.draw(t(`field.wrong.${fault}`));
    const rule = work.schema?.kinds.get(kind);
    if (part === 'zones') work.zones.put(freshZone(id, kind));
    else if (rule) work.rules.put(freshRule(id, rule));
    this.dialog.close();
    this.made(part, id);
  }
}
