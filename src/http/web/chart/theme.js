// The canvas's colours, from palette.css: one set of names for page and canvas.

/** @typedef {Record<string, string>} Theme */

/** Names of the canvas's colours in palette.css. @type {Theme} */
const TOKENS = {
  sea: '--sea', land: '--land', coast: '--coast', grid: '--grid', gridText: '--grid-text', line: '--line',
  zoneStop: '--zone-stop', zoneCare: '--zone-care', zonePort: '--zone-port', zoneLane: '--zone-lane', zoneOther: '--zone-other',
  target: '--target', targetFill: '--target-fill', lost: '--lost', alarm: '--alarm', warning: '--warning',
  selected: '--selected', chartText: '--chart-text', track: '--track', measure: '--measure',
};

/** The same face as the page's, in the size of names on the chart. */
export const LABEL_FONT = '12px "Noto Sans TC","Noto Sans CJK TC","Microsoft JhengHei","PingFang TC",sans-serif';
/** Height of a line of it, pixels. */
export const LABEL_PX = 15;
/** Light about dark text, so that it reads over lines, pixels. */
export const HALO_PX = 3.5;

/** @returns {Theme} as the palette, and a system's forced colours, have them now: by figures, as a system's names mean other colours on a canvas off the page */
export function readTheme() {
  const style = getComputedStyle(document.documentElement);
  const probe = document.body.appendChild(document.createElement('i'));
  probe.hidden = true;
  probe.style.forcedColorAdjust = 'none';
  const seen = getComputedStyle(probe);
  const theme = Object.fromEntries(
    Object.entries(TOKENS).map(([name, token]) => {
      probe.style.color = style.getPropertyValue(token);
      return [name, seen.color];
    }),
  );
  probe.remove();
  return theme;
}
