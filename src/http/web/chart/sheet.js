// A drawing larger than the chart, copied to where it belongs while the chart moves over it.

/** @typedef {import('./projection.js').View} View */

/** @param {View} sheet what is on it, margins included @param {View} view @returns {boolean} all of the view is on the sheet, at its scale */
export function covers(sheet, view) {
  const across = Math.abs(view.cx - sheet.cx) * view.scale <= (sheet.width - view.width) / 2;
  const along = Math.abs(view.cy - sheet.cy) * view.scale <= (sheet.height - view.height) / 2;
  return sheet.scale === view.scale && across && along;
}

/** @param {CanvasRenderingContext2D} g @param {HTMLCanvasElement} canvas @param {View} sheet what is on the canvas @param {View} view @param {number} ratio device pixels a pixel */
export function blit(g, canvas, sheet, view, ratio) {
  const left = (sheet.width - view.width) / 2 + (view.cx - sheet.cx) * view.scale;
  const top = (sheet.height - view.height) / 2 - (view.cy - sheet.cy) * view.scale;
  g.resetTransform();
  g.drawImage(canvas, -Math.round(left * ratio), -Math.round(top * ratio));
}

/** Keeps what is on it if the size is the same. @param {HTMLCanvasElement} canvas @param {number} width @param {number} height device pixels */
export function resize(canvas, width, height) {
  if (canvas.width !== Math.round(width)) canvas.width = Math.round(width);
  if (canvas.height !== Math.round(height)) canvas.height = Math.round(height);
}
