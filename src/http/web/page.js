// What every panel is given: the picture, the clock, the names of things, and what an operator may do with them.

import { Clock } from './clock.js';
import { mmsiText, plain } from './format.js';
import { language, pick, t } from './i18n.js';
import { forDesk, nameOf } from './order.js';
import { Picture } from './picture.js';

/** @typedef {import('./shapes.js').Alert} Alert */
/** @typedef {{name: import('./shapes.js').Message, kind: string, indicative: boolean, middle: [number, number]}} Zone */
/**
 * @typedef {object} Acts
 * @property {(mmsi: number | null) => void} choose selects a vessel, or none
 * @property {(mmsi: number) => void} show selects a vessel and brings the chart there
 * @property {(place: [number, number]) => void} visit brings the chart to a place
 * @property {(alert: Alert) => void} go brings the chart to an alert
 * @property {(alert: Alert) => void} told takes an alert as the server answered it
 * @property {(mmsi: number | null, rule: string | null) => void} shelve asks for a shelf
 * @property {() => void} placed takes what changed in the place of the page
 * @property {(words: string) => void} say tells something in passing
 */

export class Page {
  /** @param {import('./address.js').Place} place @param {Acts} acts */
  constructor(place, acts) {
    this.place = place;
    this.acts = acts;
    this.picture = new Picture();
    this.clock = new Clock();
    /** @type {import('./shapes.js').Site | null} */
    this.site = null;
    /** @type {Map<string, Zone>} */
    this.zones = new Map();
    /** The past, while it is shown in place of the live picture. @type {{picture: Picture, at: () => number, waiting: () => boolean} | null} */
    this.past = null;
    /** Who is on watch. @type {{by: string, since: string} | null} */
    this.duty = null;
  }

  /** @returns {Picture} what chart, list and card show; alerts are always the live picture's */
  get shown() {
    return this.past?.picture ?? this.picture;
  }

  /** @returns {Alert[]} those of this desk */
  ours() {
    return [...this.picture.alerts.values()].filter((alert) => forDesk(alert, this.place.desk));
  }

  /** @param {string | null | undefined} time @returns {string} how long before what is shown, in words */
  age(time) {
    return this.clock.age(time, this.past?.at());
  }

  /** @param {string} id @returns {string} the zone's name */
  zone(id) {
    return plain(pick(this.zones.get(id)?.name)) || id;
  }

  /** @param {number} mmsi @returns {string} the vessel's best name, else its MMSI */
  name(mmsi) {
    const vessel = this.picture.vessels.get(mmsi);
    return vessel ? nameOf(vessel, language()) : mmsiText(mmsi);
  }

  /** @param {number} mmsi @returns {string} the vessel's name and its MMSI */
  vessel(mmsi) {
    return [...new Set([this.name(mmsi), mmsiText(mmsi)])].join(' ');
  }

  /** @param {Alert} alert @returns {string[]} whom it is about: one vessel, two, or what of the service */
  subjects(alert) {
    const vessels = [alert.mmsi, alert.other_mmsi].filter((mmsi) => mmsi !== null);
    if (vessels.length > 0) return vessels.map((mmsi) => this.name(mmsi));
    if (alert.kind.startsWith('system_')) return [t('subject.service')];
    return [plain(alert.reason) || t('subject.service')];
  }

  /** @param {Alert} alert @returns {string} its rule's sentence */
  message(alert) {
    return plain(pick(alert.message)) || alert.kind;
  }

  /** @param {import('./shapes.js').Seen} ack @returns {string} who acknowledged, and when */
  acked(ack) {
    const time = this.clock.at(ack.time);
    return ack.by ? t('alert.by', { by: plain(ack.by), time }) : t('alert.by.none', { time });
  }

  /** @param {string} rule @returns {string} the rule's sentence, else its id */
  rule(rule) {
    return plain(pick(this.picture.rules.get(rule)?.message)) || rule;
  }

  /** @returns {string[]} the site's desks, and those that alerts name */
  desks() {
    return [...new Set([...(this.site?.desks ?? []), ...[...this.picture.alerts.values()].flatMap((alert) => alert.desk ?? [])])].sort();
  }

  /** @param {boolean} simulated of one vessel or alert @returns {boolean} to be marked: where all is simulated, the header says so */
  marks(simulated) {
    return simulated && !this.site?.simulated;
  }
}
