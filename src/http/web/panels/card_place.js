// Where the card lies on the chart: never over its vessel.

import { byId } from '../dom.js';

/** Room between the card and a vessel, pixels. */
const CLEAR_PX = 24;

/** @returns {number} pixels of the chart that the card covers at the left */
export function inset() {
  const card = byId('card');
  const over = !card.hidden && getComputedStyle(card).position === 'absolute';
  return over && !card.classList.contains('right') ? card.offsetWidth + CLEAR_PX / 2 : 0;
}

/** Puts the card to the side that its vessel is not on. @param {number | null} x of the vessel, pixels from the chart's left */
export function placeCard(x) {
  const card = byId('card');
  if (x === null || card.hidden) return;
  const width = byId('chart').clientWidth;
  const reach = card.offsetWidth + CLEAR_PX;
  if (x < reach && x < width / 2) card.classList.add('right');
  else if (x > width - reach && x >= width / 2) card.classList.remove('right');
}
