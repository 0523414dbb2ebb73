// The keys, said; and the switch that turns single keys off.

import { html, render } from '../vendor/lit.js';
import { byId } from '../dom.js';
import { t } from '../i18n.js';
import { keysOff, switchKeys } from '../keys.js';

/** @param {import('../keys.js').Key[]} table */
export function openHelp(table) {
  const dialog = /** @type {HTMLDialogElement} */ (byId('help'));
  const turn = (/** @type {Event} */ event) => switchKeys(!(/** @type {HTMLInputElement} */ (event.target).checked));
  render(
    html`<h2>${t('help')}</h2>
      <label><input type="checkbox" .checked=${!keysOff()} @change=${turn}> ${t('help.on')}</label>
      <table><tbody>${table.map(({ shown, words }) => html`<tr><th scope="row"><kbd>${shown}</kbd></th><td>${t(words)}</td></tr>`)}</tbody></table>
      <p class="ends"><button type="button" class="main" @click=${() => dialog.close()}>${t('close')}</button></p>`,
    dialog,
  );
  dialog.showModal();
}
