// What is being worked at: the rules and zones that stand, what is changed over them, and what a trial of it found.

import { get, getAll, put, rollBack } from '../api.js';
import { Draft } from './draft.js';

/** @typedef {import('./fields.js').Schema} Schema */
/** @typedef {'rules' | 'zones'} Side */
/** Who made a version, when and why. @typedef {{version: number, time: string, author: string, reason: string, minutes: Record<string, string> | null}} Version */
/** What a trial found, of which side's draft, over how many hours. @typedef {{part: Side, hours: number, outcome: any, refused: import('../api.js').Wrong[] | null}} Trial */

/** What alerts are counted over in the list, ms. */
const DAY_MS = 86_400_000;

export class Work {
  /** @param {import('../page.js').Page} page */
  constructor(page) {
    this.page = page;
    this.rules = new Draft((rule) => rule.id);
    this.zones = new Draft((zone) => zone.properties.id);
    /** @type {Schema | null} */
    this.schema = null;
    /** Newest first. @type {Version[]} */
    this.versions = [];
    /** The version over which changes are made. */
    this.read = 0;
    /** Rules whose day of review is past. @type {Set<string>} */
    this.overdue = new Set();
    /** Figures of the last day's alerts. @type {any} */
    this.figures = null;
    /** @type {Trial | null} */
    this.trial = null;
    /** Faults that the service found in what was sent. @type {import('../api.js').Wrong[]} */
    this.faults = [];
  }

  /** @returns {Draft} @param {Side} part */
  draft(part) {
    return part === 'rules' ? this.rules : this.zones;
  }

  /** @returns {Version | undefined} the version that stands, as far as is known */
  get standing() {
    return this.versions[0];
  }

  /** Fetches what stands; changes that are at work stay over it. */
  async load() {
    const [kinds, rules, zones, versions] = await Promise.all([get('/rules/kinds'), getAll('/rules?limit=1000'), getAll('/zones?limit=1000'), getAll('/rules/versions')]);
    this.schema = {
      kinds: new Map(kinds.items.map((/** @type {import('./fields.js').Kind} */ kind) => [kind.kind, kind])),
      common: kinds.common_parameters,
      priorities: kinds.priorities,
      modes: kinds.modes,
    };
    this.rules.stand(rules.items, rules.tag);
    this.zones.stand(zones.items, zones.tag);
    this.versions = versions.items;
    this.read = this.standing?.version ?? 0;
    await this.count();
  }

  /** @returns {string} the beginning of the last day, RFC 3339 */
  dayAgo() {
    return new Date(this.page.clock.now() - DAY_MS).toISOString();
  }

  /** Fetches what changes by itself: versions, alerts of the last day, what is overdue. */
  async count() {
    const [versions, figures, overdue] = await Promise.all([getAll('/rules/versions'), get(`/statistics/alerts?from=${this.dayAgo()}`), getAll('/rules?overdue=true&limit=1000')]);
    this.versions = versions.items;
    this.figures = figures;
    this.overdue = new Set(overdue.items.map(({ id }) => id));
  }

  /** @param {Side} part @param {number} hours @param {AbortSignal} signal tries the draft over the last hours */
  async attempt(part, hours, signal) {
    const change = { reason: 'trial', author: this.page.duty?.by || 'trial', items: this.draft(part).items() };
    const { dry_run: outcome, refused } = await this.send(part, change, { dry_run_h: hours, save: false }, signal);
    this.trial = { part, hours, outcome, refused };
  }

  /** @param {Side} part @param {Omit<import('../api.js').Change, 'items'>} words @param {boolean} force @returns {Promise<number>} the version that stands now */
  async save(part, words, force) {
    const { version } = await this.send(part, { ...words, items: this.draft(part).items() }, { save: true, force });
    this.draft(part).clear();
    this.trial = null;
    await this.load();
    return version;
  }

  /** @param {Side} part @param {import('../api.js').Change} change @param {Parameters<typeof put>[3]} manner @param {AbortSignal} [signal] */
  async send(part, change, manner, signal) {
    this.faults = [];
    try {
      return await put(part, change, this.draft(part).tag, manner, signal);
    } catch (error) {
      this.faults = this.placed(part, change.items, /** @type {Partial<import('../api.js').Refusal>} */ (error).errors ?? []);
      throw error;
    }
  }

  /** @param {Side} part @param {any[]} items as they were sent @param {import('../api.js').Wrong[]} errors @returns {import('../api.js').Wrong[]} by the ids that they are of, as in `harbour-speed.limit_kn` */
  placed(part, items, errors) {
    const sent = { rules: part === 'rules' ? items : this.rules.items(), zones: part === 'zones' ? items : this.zones.items() };
    return errors.map(({ where, ...rest }) => ({
      ...rest,
      where: where.replace(/^(rules|zones)\[(\d+)\]/, (whole, list, at) => {
        const item = sent[/** @type {Side} */ (list)][Number(at)];
        return item ? this.draft(list).idOf(item) : whole;
      }),
    }));
  }

  /** @param {number} version @param {string} reason @param {string} author @returns {Promise<number>} the version that stands now */
  async rollBack(version, reason, author) {
    const { version: now } = await rollBack({ version, reason, author }, this.rules.tag);
    await this.load();
    return now;
  }
}
