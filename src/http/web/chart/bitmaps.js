// Pictures that are drawn once and then only copied: symbols by look and direction, names by text and colour. Each is an
// image of its own: copying a whole one costs a third of copying a part of a large one.

/** Device pixels. @typedef {{image: ImageBitmap, w: number, h: number}} Picture */

export class Bitmaps {
  /** @param {number} most pictures kept: a few more may come within a frame */
  constructor(most) {
    this.most = most;
    /** @type {Map<string, Picture>} */
    this.made = new Map();
  }

  /** Forgets all: other colours, another size. */
  clear() {
    for (const { image } of this.made.values()) image.close();
    this.made.clear();
  }

  /** @returns {boolean} to be cleared before the next frame: nothing that is being drawn is forgotten */
  get full() {
    return this.made.size > this.most;
  }

  /**
   * @param {string} key @param {number} w @param {number} h device pixels
   * @param {(g: OffscreenCanvasRenderingContext2D) => void} draw about the upper left, when there is none yet
   * @returns {Picture}
   */
  get(key, w, h, draw) {
    const known = this.made.get(key);
    if (known) return known;
    const canvas = new OffscreenCanvas(w, h);
    draw(/** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext('2d')));
    const picture = { image: canvas.transferToImageBitmap(), w, h };
    this.made.set(key, picture);
    return picture;
  }
}
