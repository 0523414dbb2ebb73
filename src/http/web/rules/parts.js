// Parts of the forms: a field with its name, hint and fault; a list that is picked together.

import { html, live, nothing } from '../vendor/lit.js';
import { t } from '../i18n.js';
import { choices, said } from '../panels/parts.js';

/** @typedef {import('../panels/parts.js').Part} Part */
/** @typedef {{name: string, label: string, code?: string, unit?: string | null, hint?: Part | string, wrong?: string, changed?: boolean, wide?: boolean}} About */

/** @param {string} name @returns {string} */
const inputId = (name) => `field-${name.replaceAll('.', '-')}`;

/** @param {About} about @param {Part} control whose id and description are those of `marks` @returns {Part} */
export function field({ name, label, code, unit, hint, wrong, changed, wide }, control) {
  return html`<div class=${`field${wide ? ' wide' : ''}${changed ? ' changed' : ''}`} data-field=${name}>
    <label for=${inputId(name)}>${said(label)}${code ? html` <code>${code}</code>` : nothing}</label>
    <span class="control">${control}${unit ? html`<span class="unit">${unit}</span>` : nothing}</span>
    <p class="hint" id=${`${inputId(name)}-hint`}>${wrong ? html`<span class="failure">${said(wrong)}</span> ` : nothing}${hint ?? ''}</p>
  </div>`;
}

/** @param {About} about @param {string} value @param {(text: string) => void} typed @param {{type?: string, max?: number, size?: number}} [more] @returns {Part} */
export function textField(about, value, typed, { type = 'text', max = 500, size = 12 } = {}) {
  const id = inputId(about.name);
  return field(about, html`<input id=${id} type=${type} autocomplete="off" spellcheck="false" maxlength=${max} size=${size} class=${about.wide ? 'long' : nothing}
    aria-describedby=${`${id}-hint`} aria-invalid=${about.wrong ? 'true' : nothing} .value=${live(value)} @input=${(/** @type {Event} */ event) => typed(/** @type {HTMLInputElement} */ (event.target).value)}>`);
}

/** @param {About} about @param {[string, string][]} options value and words @param {string} chosen @param {(value: string) => void} picked @returns {Part} */
export function choiceField(about, options, chosen, picked) {
  const id = inputId(about.name);
  return field(about, html`<select id=${id} aria-describedby=${`${id}-hint`} aria-invalid=${about.wrong ? 'true' : nothing} @change=${(/** @type {Event} */ event) => picked(/** @type {HTMLSelectElement} */ (event.target).value)}>${choices(options, chosen)}</select>`);
}

/** A list picked together: each a button that takes it out, and a choice of the rest. @param {About} about @param {[string, string][]} options value and words @param {string[]} chosen @param {(values: string[]) => void} picked @returns {Part} */
export function listField(about, options, chosen, picked) {
  const id = inputId(about.name);
  const words = new Map(options);
  const rest = options.filter(([value]) => !chosen.includes(value));
  const add = (/** @type {Event} */ event) => {
    const { value } = /** @type {HTMLSelectElement} */ (event.target);
    if (value) picked([...chosen, value]);
  };
  return field(
    { ...about, wide: true },
    html`<span class="picked">${chosen.map((value) => {
      const name = words.get(value) ?? value;
      return html`<button type="button" class="chip" aria-label=${t('field.take', { what: name })} title=${value} @click=${() => picked(chosen.filter((other) => other !== value))}>${said(name)} <span aria-hidden="true">×</span></button>`;
    })}<select id=${id} aria-describedby=${`${id}-hint`} aria-invalid=${about.wrong ? 'true' : nothing} @change=${add}>${choices([['', t('field.add')], ...rest], '')}</select></span>`,
  );
}
