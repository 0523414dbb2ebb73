// Names beside symbols, none over another: greedy by rank, four places, a label keeps its place while it is free. Pure.

/**
 * @typedef {{id: number | string, x: number, y: number, r: number, w: number, h: number, rank: number}} Wish
 * @typedef {{id: number | string, x: number, y: number, w: number, h: number, place: number}} Placed
 */

/** Cells of the grid that finds collisions, pixels: a box takes every cell it touches. */
const CELL = 2;
/** Labels at most: past these nobody could read them. */
const MAX_LABELS = 600;

/** What is occupied of a screen; beyond its edges everything is. */
export class Taken {
  /** @param {number} width @param {number} height pixels */
  constructor(width, height) {
    this.columns = Math.ceil(width / CELL);
    this.rows = Math.ceil(height / CELL);
    this.cells = new Uint8Array(this.columns * this.rows);
  }

  /** @param {number} x @param {number} y @param {number} w @param {number} h @returns {boolean} */
  hits(x, y, w, h) {
    const left = Math.floor(x / CELL);
    const right = Math.ceil((x + w) / CELL);
    const top = Math.floor(y / CELL);
    const bottom = Math.ceil((y + h) / CELL);
    if (left < 0 || top < 0 || right > this.columns || bottom > this.rows) return true;
    for (let row = top; row < bottom; row += 1) {
      for (let at = row * this.columns + left; at < row * this.columns + right; at += 1) if (this.cells[at]) return true;
    }
    return false;
  }

  /** @param {number} x @param {number} y @param {number} w @param {number} h */
  add(x, y, w, h) {
    const left = Math.max(0, Math.floor(x / CELL));
    const right = Math.min(this.columns, Math.ceil((x + w) / CELL));
    const bottom = Math.min(this.rows, Math.ceil((y + h) / CELL));
    for (let row = Math.max(0, Math.floor(y / CELL)); row < bottom; row += 1) {
      if (right > left) this.cells.fill(1, row * this.columns + left, row * this.columns + right);
    }
  }
}

/** @param {Wish} wish @param {number} place 0–3: right, left, above, below @returns {[number, number]} */
export function corner({ x, y, r, w, h }, place) {
  if (place === 0) return [x + r + 3, y - h / 2];
  if (place === 1) return [x - r - 3 - w, y - h / 2];
  if (place === 2) return [x - w / 2, y - r - 2 - h];
  return [x - w / 2, y + r + 2];
}

/**
 * @param {Wish[]} wishes lower rank first served; ranks 0 and 1 (chosen, in distress) are placed at any cost @param {Taken} taken what is occupied; grows
 * @param {Map<number | string, number>} before the place each had
 * @returns {Placed[]}
 */
export function placeLabels(wishes, taken, before) {
  const sorted = [...wishes].sort((a, b) => a.rank - b.rank || (a.id < b.id ? -1 : 1));
  /** @type {Placed[]} */
  const placed = [];
  for (const wish of sorted) {
    if (placed.length >= MAX_LABELS) break;
    const { id, w, h } = wish;
    const kept = before.get(id) ?? 0;
    let place = -1;
    for (let turn = 0; turn < 4 && place < 0; turn += 1) {
      const tried = turn === 0 ? kept : turn <= kept ? turn - 1 : turn;
      const [x, y] = corner(wish, tried);
      if (!taken.hits(x, y, w, h)) place = tried;
    }
    if (place < 0 && wish.rank > 1) continue;
    if (place < 0) place = wish.x - wish.r > w ? 1 : 0;
    const [x, y] = corner(wish, place);
    taken.add(x, y, w, h);
    placed.push({ id, x, y, w, h, place });
  }
  return placed;
}
