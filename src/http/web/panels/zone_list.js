// The zones of the chart, in words: kind, whether the boundary is indicative, and how many vessels are inside.

import { html, nothing, render } from '../vendor/lit.js';
import { byId } from '../dom.js';
import { t, word } from '../i18n.js';
import { said } from './parts.js';

/** @typedef {import('../page.js').Zone} Zone */

export class ZoneList {
  /** @param {import('../page.js').Page} page */
  constructor(page) {
    this.page = page;
    this.node = /** @type {HTMLDetailsElement} */ (byId('zones'));
    this.node.addEventListener('toggle', () => this.update());
  }

  update() {
    const { zones } = this.page;
    this.node.hidden = zones.size === 0;
    const inside = this.node.open ? this.inside() : null;
    render(
      html`<summary>${t('zones', { n: zones.size })}</summary>
        ${inside ? html`<ul>${[...zones].map(([id, zone]) => this.row(id, zone, inside.get(id) ?? 0))}</ul>` : nothing}`,
      this.node,
    );
  }

  /** @returns {Map<string, number>} vessels by zone */
  inside() {
    const counts = new Map();
    for (const vessel of this.page.shown.vessels.values()) {
      for (const id of vessel.zones) counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    return counts;
  }

  /** @param {string} id @param {Zone} zone @param {number} inside */
  row(id, zone, inside) {
    return html`<li><button type="button" @click=${() => this.page.acts.visit(zone.middle)}>
      ${said(this.page.zone(id))} <span class="small">${word('zone', zone.kind)}${inside > 0 ? ` · ${t('zones.inside', { n: inside })}` : ''}</span> ${zone.indicative ? html`<span class="tag">${t('alert.indicative')}</span>` : nothing}
    </button></li>`;
  }
}
