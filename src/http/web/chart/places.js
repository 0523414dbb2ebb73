// Open alerts of what is not on the chart, a vessel that left or no vessel at all: their shape where they were raised.

import { rank, unacknowledged } from '../order.js';
import { toScreen } from './projection.js';
import { drawPriority } from './symbols.js';

/** @typedef {import('../order.js').Alert} Alert */

/** @param {import('../picture.js').Picture} picture @returns {Alert[]} */
export function placesOf({ alerts, vessels }) {
  return [...alerts.values()].filter(({ position, mmsi, shelved_until: shelved }) => position && !shelved && (mmsi === null || !vessels.get(mmsi)?.position));
}

/** @param {CanvasRenderingContext2D} g @param {import('./projection.js').View} view @param {import('./theme.js').Theme} theme @param {Alert[]} alerts */
export function drawPlaces(g, view, theme, alerts) {
  for (const alert of alerts) {
    if (!alert.position) continue;
    const [x, y] = toScreen(view, alert.position);
    g.translate(x, y);
    drawPriority(g, theme, { rank: rank(alert), unacknowledged: unacknowledged(alert) });
    g.translate(-x, -y);
  }
}
