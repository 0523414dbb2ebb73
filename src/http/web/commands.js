// What the keys of the operator's page do.

import { byId } from './dom.js';
import { moves, switches } from './chart_commands.js';

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
    ...moves(chart),
    { keys: ['n'], shown: 'N', words: 'key.next', act: () => walk(1) },
    { keys: ['p'], shown: 'P', words: 'key.previous', act: () => walk(-1) },
    { keys: ['a'], shown: 'A', words: 'key.alert', act: () => alerts.next() },
    { keys: ['Enter'], shown: 'Enter', words: 'key.go', chart: true, act: () => (chart.measuring ? chart.mark() : chosen((alert) => acts.go(alert))) },
    { keys: ['k'], shown: 'K', words: 'key.acknowledge', act: () => chosen((alert) => alerts.acknowledge(alert, '')) },
    ...switches({ shell, silence, tools }),
    ...replay.keys(),
    { keys: ['Escape'], shown: 'Esc', words: 'key.escape', act: escape },
  ];
}
