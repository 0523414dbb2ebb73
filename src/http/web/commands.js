// What the keys and the chart's buttons do.

import { byId } from './dom.js';
import { PALETTES } from './address.js';
import { TOOLS } from './panels/tools.js';

/** How much a step of zooming enlarges. */
const ZOOM = 1.5;

/**
 * @typedef {object} Parts
 * @property {import('./chart/chart.js').Chart} chart
 * @property {import('./shell.js').Shell} shell
 * @property {import('./panels/alert_list.js').AlertList} alerts
 * @property {import('./panels/vessel_list.js').VesselList} vessels
 * @property {import('./page.js').Acts} acts
 * @property {() => void} silence
 * @property {import('./panels/tools.js').Tools} tools
 * @property {() => void} help
 * @property {import('./replay/replay.js').Replay} replay
 */

/** @param {Parts} parts @returns {import('./keys.js').Key[]} in the order of the help */
export function keysOf({ chart, shell, alerts, vessels, acts, silence, tools, help, replay }) {
  /** @param {number} by */
  const walk = (by) => {
    const next = vessels.neighbour(by);
    if (next !== null) acts.show(next);
  };
  /** @param {(alert: import('./shapes.js').Alert) => void} act */
  const chosen = (act) => {
    const alert = alerts.chosen();
    if (alert) act(alert);
  };
  const escape = () => {
    if (chart.measuring) tools.act('measure');
    else acts.choose(null);
    byId('chart').focus();
  };
  return [
    { keys: ['?'], shown: '?', words: 'key.help', act: help },
    { keys: ['/'], shown: '/', words: 'key.search', act: () => byId('search').focus() },
    ...arrows(chart),
    { keys: ['+', '='], shown: '+', words: 'chart.in', act: () => chart.zoom(ZOOM) },
    { keys: ['-', '_'], shown: '−', words: 'chart.out', act: () => chart.zoom(1 / ZOOM) },
    { keys: ['h'], shown: 'H', words: 'chart.home', act: () => chart.home() },
    { keys: ['n'], shown: 'N', words: 'key.next', act: () => walk(1) },
    { keys: ['p'], shown: 'P', words: 'key.previous', act: () => walk(-1) },
    { keys: ['a'], shown: 'A', words: 'key.alert', act: () => alerts.next() },
    { keys: ['Enter'], shown: 'Enter', words: 'key.go', chart: true, act: () => (chart.measuring ? chart.mark() : chosen((alert) => acts.go(alert))) },
    { keys: ['k'], shown: 'K', words: 'key.acknowledge', act: () => chosen((alert) => alerts.acknowledge(alert, '')) },
    { keys: ['s'], shown: 'S', words: 'silence', act: silence },
    ...TOOLS.map(([tool, key]) => ({ keys: [key.toLowerCase()], shown: key, words: `tool.${tool}`, act: () => tools.act(tool) })),
    ...PALETTES.map((palette, at) => ({ keys: [String(at + 1)], shown: String(at + 1), words: `palette.${palette}`, act: () => shell.paint(palette) })),
    ...replay.keys(),
    { keys: ['Escape'], shown: 'Esc', words: 'key.escape', act: escape },
  ];
}

/** @param {Parts['chart']} chart @returns {import('./keys.js').Key[]} */
function arrows(chart) {
  /** @type {[string, string, string, number, number][]} */
  const table = [['ArrowUp', '↑', 'chart.up', 0, -1], ['ArrowDown', '↓', 'chart.down', 0, 1], ['ArrowLeft', '←', 'chart.left', -1, 0], ['ArrowRight', '→', 'chart.right', 1, 0]];
  return table.map(([key, shown, words, right, down]) => ({ keys: [key], shown, words, chart: true, act: () => chart.step(right, down) }));
}

/** The buttons on the chart: every drag also by them. @param {Parts['chart']} chart */
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
