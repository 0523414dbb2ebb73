// What the keys and buttons of a chart do, on whatever page it stands.

import { PALETTES } from './address.js';
import { TOOLS } from './panels/tools.js';

/** @typedef {import('./chart/chart.js').Chart} Chart */

/** How much a step of zooming enlarges. */
const ZOOM = 1.5;

/** @param {Chart} chart @returns {import('./keys.js').Key[]} where the chart looks */
export function moves(chart) {
  /** @type {[string, string, string, number, number][]} */
  const table = [['ArrowUp', '↑', 'chart.up', 0, -1], ['ArrowDown', '↓', 'chart.down', 0, 1], ['ArrowLeft', '←', 'chart.left', -1, 0], ['ArrowRight', '→', 'chart.right', 1, 0]];
  return [
    ...table.map(([key, shown, words, right, down]) => ({ keys: [key], shown, words, chart: true, act: () => chart.step(right, down) })),
    { keys: ['+', '='], shown: '+', words: 'chart.in', act: () => chart.zoom(ZOOM) },
    { keys: ['-', '_'], shown: '−', words: 'chart.out', act: () => chart.zoom(1 / ZOOM) },
    { keys: ['h'], shown: 'H', words: 'chart.home', act: () => chart.home() },
  ];
}

/** @param {{shell: import('./shell.js').Shell, silence: () => void, tools: import('./panels/tools.js').Tools}} parts @returns {import('./keys.js').Key[]} what sounds and how the page looks */
export function switches({ shell, silence, tools }) {
  return [
    { keys: ['s'], shown: 'S', words: 'silence', act: silence },
    ...TOOLS.map(([tool, key]) => ({ keys: [key.toLowerCase()], shown: key, words: `tool.${tool}`, act: () => tools.act(tool) })),
    ...PALETTES.map((palette, at) => ({ keys: [String(at + 1)], shown: String(at + 1), words: `palette.${palette}`, act: () => shell.paint(palette) })),
  ];
}

/** The buttons on the chart: every drag also by them. @param {Chart} chart */
export function wireButtons(chart) {
  /** @type {Record<string, () => void>} */
  const acts = {
    in: () => chart.zoom(ZOOM), out: () => chart.zoom(1 / ZOOM), home: () => chart.home(),
    up: () => chart.step(0, -1), down: () => chart.step(0, 1), left: () => chart.step(-1, 0), right: () => chart.step(1, 0),
  };
  for (const button of document.querySelectorAll('button[data-chart]')) {
    button.addEventListener('click', acts[button.getAttribute('data-chart') ?? '']);
  }
}
