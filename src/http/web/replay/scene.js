// Ten minutes of the past, and the replay's own store of vessels and alerts, set to any moment of them. Pure.

import { Picture } from '../picture.js';

/**
 * @typedef {import('../shapes.js').Vessel} Vessel
 * @typedef {import('../shapes.js').Alert} Alert
 * @typedef {import('../shapes.js').Block} Block
 * @typedef {import('../shapes.js').TrackPoint} TrackPoint
 */
/** An accepted position. @typedef {TrackPoint & {at: number}} Fix */
/** Something that changed at a moment: a vessel, its leaving, an alert. @typedef {{at: number, vessel?: Vessel, gone?: number, alert?: Alert}} Change */

/** A block, its times in ms. */
export class Scene {
  /** @param {Block} block */
  constructor(block) {
    this.start = Date.parse(block.start);
    this.end = Date.parse(block.end);
    this.closed = block.closed;
    this.vessels = block.vessels;
    this.alerts = block.alerts;
    /** @type {Map<number, Fix[]>} */
    this.tracks = new Map(block.tracks.map(({ mmsi, points }) => [mmsi, points.map((point) => ({ ...point, at: Date.parse(point.time) }))]));
    /** @type {Change[]} */
    this.changes = [
      ...block.changed.map(({ time, vessel }) => ({ at: Date.parse(time), vessel })),
      ...block.removed.map(({ time, mmsi }) => ({ at: Date.parse(time), gone: mmsi })),
      ...block.transitions.map(({ transition, alert }) => ({ at: Date.parse(transition.time), alert })),
    ].sort((a, b) => a.at - b.at);
    this.unrecorded = block.unrecorded.map(({ from, to }) => ({ from: Date.parse(from), to: Date.parse(to) }));
  }

  /** @param {number} at ms @returns {boolean} nothing was kept then */
  lacks(at) {
    return this.unrecorded.some(({ from, to }) => from <= at && at < to);
  }
}

/** The replay's store: of the live picture's shape, so that the chart and the lists take it as they take that. */
export class Store {
  /** @param {number} lostAfterMs no vessel is moved between fixes farther apart */
  constructor(lostAfterMs) {
    this.picture = new Picture();
    this.lostAfterMs = lostAfterMs;
    /** @type {Scene | null} */
    this.scene = null;
    this.at = 0;
    /** Changes taken so far. */
    this.taken = 0;
    /** As last described. @type {Map<number, Vessel>} */
    this.described = new Map();
    /** Of each track, how many fixes are past. @type {Map<number, number>} */
    this.past = new Map();
  }

  /** Shows a moment of a scene. @param {Scene} scene @param {number} at ms @param {Scene} [next] the scene after it, if it is here */
  show(scene, at, next) {
    if (scene !== this.scene || at < this.at) this.rewind(scene);
    this.at = at;
    let told = false;
    for (; this.taken < scene.changes.length && scene.changes[this.taken].at <= at; this.taken += 1) {
      told = this.take(scene.changes[this.taken]) || told;
    }
    if (told) this.picture.index();
    this.picture.vessels = new Map([...this.described].map(([mmsi, vessel]) => [mmsi, this.moved(vessel, scene, at, next)]));
  }

  /** @param {Scene} scene */
  rewind(scene) {
    this.scene = scene;
    this.taken = 0;
    this.past.clear();
    this.described = new Map(scene.vessels.map((vessel) => [vessel.mmsi, vessel]));
    this.picture.replace([], scene.alerts, []);
  }

  /** @param {Change} change @returns {boolean} it was an alert's */
  take({ vessel, gone, alert }) {
    if (vessel) this.described.set(vessel.mmsi, vessel);
    if (gone !== undefined) this.described.delete(gone);
    if (!alert) return false;
    if (alert.state === 'closed' || alert.shadow) this.picture.alerts.delete(alert.alert);
    else this.picture.alerts.set(alert.alert, alert);
    return true;
  }

  /** @param {Vessel} vessel @param {Scene} scene @param {number} at @param {Scene | undefined} next @returns {Vessel} where it was then */
  moved(vessel, scene, at, next) {
    const track = scene.tracks.get(vessel.mmsi) ?? [];
    let count = this.past.get(vessel.mmsi) ?? 0;
    while (count < track.length && track[count].at <= at) count += 1;
    this.past.set(vessel.mmsi, count);
    const fix = count > 0 ? track[count - 1] : null;
    const told = fix && !(Date.parse(vessel.position_time ?? '') > fix.at) ? { ...vessel, ...facts(fix) } : vessel;
    const later = track[count] ?? next?.tracks.get(vessel.mmsi)?.[0];
    const since = Date.parse(told.position_time ?? '');
    if (!told.position || !later || told.state === 'lost' || !(later.at - since <= this.lostAfterMs)) return told;
    return { ...told, position: between(told.position, later.position, (at - since) / (later.at - since)) };
  }
}

/** @param {Fix} fix @returns {Partial<Vessel>} what a fix says of its vessel */
function facts({ time, position, sog_kn, cog_deg, heading_deg, nav_status, feed }) {
  return { position, position_time: time, sog_kn, cog_deg, heading_deg, nav_status, feed };
}

/** @param {[number, number]} a @param {[number, number]} b @param {number} share @returns {[number, number]} on the way; at `a` where the way goes round the world */
function between(a, b, share) {
  if (Math.abs(a[0] - b[0]) > 180) return a;
  const way = Math.min(1, Math.max(0, share));
  return [a[0] + (b[0] - a[0]) * way, a[1] + (b[1] - a[1]) * way];
}
