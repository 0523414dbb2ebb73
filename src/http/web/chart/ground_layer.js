// The ground as a layer of the map: drawn with a margin on a canvas of its own, copied under every frame, drawn anew when
// the chart leaves the margin or changes scale. Its canvas is the one all layers draw on.

import { Layer } from '../vendor/ol.js';
import { drawGround } from './ground.js';
import { viewOf } from './projection.js';
import { blit, covers, resize } from './sheet.js';

/** @typedef {import('./projection.js').View} View */

/** Drawn beyond each edge, so that panning is copying, pixels. */
const MARGIN_PX = 192;

export class GroundLayer extends Layer {
  /** @param {import('./chart.js').Chart} chart */
  constructor(chart) {
    super({});
    this.chart = chart;
    this.canvas = document.createElement('canvas');
    this.g = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext('2d', { alpha: false }));
    this.sheet = document.createElement('canvas');
    this.pen = /** @type {CanvasRenderingContext2D} */ (this.sheet.getContext('2d', { alpha: false }));
    /** What the sheet shows, margins included. @type {View | null} */
    this.drawn = null;
    this.ratio = 1;
  }

  /** Colours, coast or zones changed. */
  forget() {
    this.drawn = null;
  }

  /**
   * @override
   * @param {any} frameState a `FrameState` @returns {HTMLElement}
   */
  render(frameState) {
    const { chart, canvas, g } = this;
    chart.begin();
    const view = viewOf(frameState);
    const ratio = devicePixelRatio || 1;
    resize(canvas, view.width * ratio, view.height * ratio);
    blit(g, this.sheet, this.covering(view, ratio), view, ratio);
    return canvas;
  }

  /** @param {View} view @param {number} ratio @returns {View} of a sheet on which all of this view is */
  covering(view, ratio) {
    if (this.drawn && covers(this.drawn, view) && this.ratio === ratio) return this.drawn;
    this.ratio = ratio;
    const sheet = { ...view, width: view.width + 2 * MARGIN_PX, height: view.height + 2 * MARGIN_PX };
    resize(this.sheet, sheet.width * ratio, sheet.height * ratio);
    this.pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    const { chart } = this;
    drawGround(this.pen, sheet, chart.theme, chart.coast, chart.layers.zones ? chart.zones : []);
    chart.counters.groundFrames += 1;
    this.drawn = sheet;
    return sheet;
  }
}
