// What lies over all: figures of the graticule, the scale bar, and what others draw over the vessels. A layer of the map.

import { Layer } from '../vendor/ol.js';
import { GRID_PX, gridStep, gridText, metresPerPixel, scaleBar, toLonLat, toScreen, viewOf } from './projection.js';
import { HALO_PX, LABEL_FONT } from './theme.js';

/** @typedef {import('./projection.js').View} View */
/** @typedef {import('./theme.js').Theme} Theme */

/** Room that the figures take at the right edge and at the top, that the bar takes at the foot, pixels. */
export const FIGURES_PX = 62;
export const TOP_PX = 20;
export const FOOT_PX = 30;
const BAR_PX = 160;

export class FurnitureLayer extends Layer {
  /** @param {import('./chart.js').Chart} chart */
  constructor(chart) {
    super({});
    this.chart = chart;
  }

  /**
   * @override
   * @param {any} frameState a `FrameState` @param {HTMLElement} target the canvas that the layers share @returns {HTMLElement}
   */
  render(frameState, target) {
    const { chart } = this;
    const canvas = /** @type {HTMLCanvasElement} */ (target);
    const g = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
    const view = viewOf(frameState);
    const ratio = canvas.width / view.width;
    g.setTransform(ratio, 0, 0, ratio, 0, 0);
    drawFigures(g, view, chart.theme);
    drawScale(g, view, chart.theme);
    for (const draw of chart.overlays) draw(g, view, chart.theme);
    chart.drawn();
    return target;
  }
}

/** @param {CanvasRenderingContext2D} g @param {Theme} theme @param {string} text @param {number} x @param {number} y */
function haloed(g, theme, text, x, y) {
  g.strokeStyle = theme.sea;
  g.lineWidth = HALO_PX;
  g.lineJoin = 'round';
  g.strokeText(text, x, y);
  g.fillText(text, x, y);
}

/** Figures at the upper and right edge. @param {CanvasRenderingContext2D} g @param {View} view @param {Theme} theme */
function drawFigures(g, view, theme) {
  const step = gridStep(view.scale, GRID_PX);
  const [west, north] = toLonLat(view, 0, 0);
  const [east, south] = toLonLat(view, view.width, view.height);
  g.font = '11px system-ui, sans-serif';
  g.fillStyle = theme.gridText;
  g.textBaseline = 'top';
  for (let i = Math.ceil(west / step); i * step <= east; i += 1) {
    haloed(g, theme, gridText(i * step, 'E', 'W', step), toScreen(view, [i * step, south])[0] + 4, 4);
  }
  for (let i = Math.ceil(south / step); i * step <= north; i += 1) {
    const y = toScreen(view, [west, i * step])[1] + 3;
    if (y > 24) haloed(g, theme, gridText(i * step, 'N', 'S', step), view.width - 58, y);
  }
}

/** @param {CanvasRenderingContext2D} g @param {View} view @param {Theme} theme */
function drawScale(g, view, theme) {
  const [, lat] = toLonLat(view, view.width / 2, view.height / 2);
  const { text, px } = scaleBar(metresPerPixel(view, lat), Math.min(BAR_PX, view.width / 3));
  const x = view.width - px - 70;
  const y = view.height - 14;
  for (const [colour, width] of /** @type {const} */ ([[theme.sea, 5], [theme.chartText, 2]])) {
    g.strokeStyle = colour;
    g.lineWidth = width;
    g.beginPath();
    g.moveTo(x, y - 6);
    g.lineTo(x, y);
    g.lineTo(x + px, y);
    g.lineTo(x + px, y - 6);
    g.stroke();
  }
  g.font = LABEL_FONT;
  g.fillStyle = theme.chartText;
  g.textBaseline = 'alphabetic';
  g.textAlign = 'center';
  haloed(g, theme, text, x + px / 2, y - 6);
  g.textAlign = 'start';
}
