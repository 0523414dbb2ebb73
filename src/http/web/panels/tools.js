// The tools of the chart: what it shows, and measuring; each a button beside its key.

import { html, nothing, render } from '../vendor/lit.js';
import { byId, write } from '../dom.js';
import { t } from '../i18n.js';

/** @typedef {'labels' | 'vectors' | 'tracks' | 'zones' | 'measure'} Tool */

/** Each tool and its key. @type {[Tool, string][]} */
export const TOOLS = [['labels', 'L'], ['vectors', 'V'], ['tracks', 'T'], ['zones', 'Z'], ['measure', 'M']];

export class Tools {
  /** @param {import('../chart/chart.js').Chart} chart */
  constructor(chart) {
    this.chart = chart;
    this.help = () => {};
  }

  /** @param {Tool} tool */
  act(tool) {
    const { chart } = this;
    if (tool === 'vectors') chart.cycleVectors();
    else if (tool === 'measure') chart.measure();
    else chart.toggle(tool);
    this.update();
  }

  /** @param {Tool} tool @returns {boolean} */
  on(tool) {
    return tool === 'measure' ? this.chart.measuring : Boolean(this.chart.layers[tool]);
  }

  /** @param {Tool} tool @returns {string} */
  words(tool) {
    const { vectors } = this.chart.layers;
    return tool === 'vectors' && vectors > 0 ? `${t('tool.vectors')} ${vectors}\u00a0${t('unit.min')}` : t(`tool.${tool}`);
  }

  update() {
    render(
      html`<button type="button" @click=${() => this.help()}>${t('help.open')}</button>
        ${TOOLS.map(([tool, key]) => html`<button type="button" data-tool=${tool} aria-pressed=${String(this.on(tool))} title=${key} @click=${() => this.act(tool)}>${this.words(tool)}</button>`)}
        ${this.chart.measuring ? html`<button type="button" @click=${() => this.chart.mark()}>${t('tool.mark')}</button>` : nothing}`,
      byId('tools'),
    );
  }

  /** @param {string} text bearing and distance, '' for nothing yet */
  measured(text) {
    byId('measured').hidden = !this.chart.measuring;
    write(byId('measured'), text || t('tool.measure.begin'));
    this.update();
  }
}
