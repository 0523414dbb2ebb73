// Outlines shared by the chart and the panels, 16 × 16 about the middle.

/** The four priorities (IEC 62923-2: never by colour alone), the most urgent first. */
export const PRIORITY_SHAPES = [
  'M-3-7h6l4 4v6l-4 4h-6l-4-4v-6z M-2.5-2.5l5 5 M2.5-2.5l-5 5',
  'M0-6.5 7 6H-7z M0-2.5v4 M0 3.4v1',
  'M6.5 0a6.5 6.5 0 1 1-13 0a6.5 6.5 0 1 1 13 0z M0-3.5v4.5 M0 2.6v1',
  'M-6-6h12v12h-12z M0-3.5v4.5 M0 2.6v1',
];

/** A feed's state. */
export const FEED_SHAPES = /** @type {Record<string, string>} */ ({
  up: 'M6 0a6 6 0 1 1-12 0a6 6 0 1 1 12 0z M-3 0l2 2.5 4-5',
  silent: 'M0-6.5 7 6H-7z M0-2.5v4 M0 3.4v1',
  down: 'M-5-5 5 5 M5-5-5 5',
  ended: 'M-5-5h10v10h-10z',
});
