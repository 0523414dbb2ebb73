// Names beside symbols, none over another: greedy by rank, four places, a label keeps its place while it is free. Pure.

/**
 * @typedef {{id: number | string, x: number, y: number, r: number, w: number, h: number, rank: number}} Wish
 * @typedef {{id: number | string, x: number, y: number, w: number, h: number, place: number}} Placed
 */

/** Cells of the grid that finds collisions, pixels. */
const CELL = 64;

/** Boxes taken so far, found by grid cell. */
export class Taken {
  constructor() {
    /** @type {Map<string, number[][]>} */
    this.cells = new Map();
  }

  /** @param {number} x @param {number} y @param {number} w @param {number} h @param {(key: string) => boolean} visit true stops */
  walk(x, y, w, h, visit) {
    for (let cx = Math.floor(x / CELL); cx <= Math.floor((x + w) / CELL); cx += 1) {
      for (let cy = Math.floor(y / CELL); cy <= Math.floor((y + h) / CELL); cy += 1) {
        if (visit(`${cx},${cy}`)) return true;
      }
    }
    return false;
  }

  /** @param {number} x @param {number} y @param {number} w @param {number} h @returns {boolean} */
  hits(x, y, w, h) {
    return this.walk(x, y, w, h, (key) =>
      (this.cells.get(key) ?? []).some(([bx, by, bw, bh]) => x < bx + bw && bx < x + w && y < by + bh && by < y + h),
    );
  }

  /** @param {number} x @param {number} y @param {number} w @param {number} h */
  add(x, y, w, h) {
    this.walk(x, y, w, h, (key) => {
      const cell = this.cells.get(key);
      if (cell) cell.push([x, y, w, h]);
      else this.cells.set(key, [[x, y, w, h]]);
      return false;
    });
  }
}

/** @param {Wish} wish @param {number} place 0–3: right, left, above, below @returns {[number, number]} */
function corner({ x, y, r, w, h }, place) {
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
    const kept = before.get(wish.id);
    const places = kept === undefined ? [0, 1, 2, 3] : [kept, ...[0, 1, 2, 3].filter((p) => p !== kept)];
    const free = places.find((p) => !taken.hits(...corner(wish, p), wish.w, wish.h));
    const place = free ?? (wish.rank <= 1 ? (wish.x - wish.r > wish.w ? 1 : 0) : undefined);
    if (place === undefined) continue;
    const [x, y] = corner(wish, place);
    taken.add(x, y, wish.w, wish.h);
    placed.push({ id: wish.id, x, y, w: wish.w, h: wish.h, place });
  }
  return placed;
}
