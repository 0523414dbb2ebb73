// What is being worked at: the rules and zones that stand, what is changed over them, and what a trial of it found.

import { get, getAll, put, rollBack } from '../api.js';
import { Draft } from './draft.js';

/** @typedef {import('./fields.js').Schema} Schema */
/** @typedef {'rules' | 'zones'} Side */
/** Who made a version, when and why. @typedef {{version: number, time: string, author: string, reason: string, minutes: Record<string, string> | null}} Version */
/** What a trial found, of which side's draft, over how many hours; how many rules that tell nobody were tried as if live; `edits` of the draft that was tried. @typedef {{part: Side, hours: number, outcome: any, refused: import('../api.js').Wrong[] | null, shadows: number, edits: number}} Trial */

/** What alerts are counted over in the list, ms. */
const DAY_MS = 86_400_000;
/** Alerts of at most so many shadow rules are counted. */
const MOST_SHADOWS = 20;

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
    /** How many alerts of the last day shadow rules have kept to themselves, by rule. @type {Map<string, number>} */
    this.kept = new Map();
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

  /** Fetches what stands, all of one version; changes that are at work stay over it. */
  async load() {
    const [kinds, versions] = await Promise.all([get('/rules/kinds'), getAll('/rules/versions')]);
    this.schema = {
      kinds: new Map(kinds.items.map((/** @type {import('./fields.js').Kind} */ kind) => [kind.kind, kind])),
      common: kinds.common_parameters,
      priorities: kinds.priorities,
      modes: kinds.modes,
    };
    const { version, rules, zones } = await get(`/rules/versions/${versions.items[0].version}`);
    this.rules.stand(rules, `"v${version}"`);
    this.zones.stand(zones, `"v${version}"`);
    this.faults = [];
    await this.count();
    this.read = version;
  }

  /** @returns {string} the beginning of the last day, RFC 3339 */
  dayAgo() {
    return new Date(this.page.clock.now() - DAY_MS).toISOString();
  }

  /** Fetches what changes by itself: versions, alerts of the last day, what is overdue. */
  async count() {
    const from = this.dayAgo();
    const [versions, figures, overdue] = await Promise.all([getAll('/rules/versions'), get(`/statistics/alerts?from=${from}`), getAll('/rules?overdue=true&limit=1000')]);
    this.versions = versions.items;
    this.figures = figures;
    this.overdue = new Set(overdue.items.map(({ id }) => id));
    const shadows = [...this.rules.base.values()].filter(isShadow).slice(0, MOST_SHADOWS);
    const all = 'state=active,acknowledged,rectified,closed';
    this.kept = new Map(await Promise.all(shadows.map(async ({ id }) => /** @type {[string, number]} */ ([id, (await get(`/alerts?rule=${id}&${all}&from=${from}&limit=1`)).total]))));
  }

  /** @param {string} id @returns {number | undefined} alerts of a rule in the last day; a shadow's are those that it kept to itself */
  alertsOf(id) {
    return isShadow(this.rules.base.get(id)) ? this.kept.get(id) : this.figures?.by_rule[id]?.alerts ?? 0;
  }

  /** Tries the draft over the last hours; rules of it that tell nobody as if they did. @param {Side} part @param {number} hours @param {AbortSignal} signal */
  async attempt(part, hours, signal) {
    const { changes } = this.rules;
    const { edits } = this.draft(part);
    const tells = (/** @type {import('./draft.js').Item} */ rule) => (changes.has(rule.id) && isShadow(rule) ? { ...rule, mode: 'live' } : rule);
    const items = part === 'rules' ? this.rules.items().map(tells) : this.zones.items();
    const shadows = part === 'rules' ? [...changes.values()].filter(isShadow).length : 0;
    const change = { reason: 'trial', author: this.page.duty?.by || 'trial', items };
    const { dry_run: outcome, refused } = await this.send(part, change, { dry_run_h: hours, save: false }, signal);
    this.trial = { part, hours, outcome, refused: shadows > 0 ? null : refused, shadows, edits };
  }

  /** @param {Side} part @returns {Trial | null} what a trial found of its draft as it is now */
  tried(part) {
    const { trial } = this;
    return trial?.part === part && trial.edits === this.draft(part).edits ? trial : null;
  }

  /** @param {Side} part @param {Omit<import('../api.js').Change, 'items'>} words @param {boolean} force @returns {Promise<number>} the version that stands now */
  async save(part, words, force) {
    const { version } = await this.send(part, { ...words, items: this.draft(part).items() }, { save: true, force });
    this.draft(part).clear();
    this.trial = null;
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
    const sent = { rules: [...this.rules.base.values()], zones: [...this.zones.base.values()], [part]: items };
    return errors.map(({ where, ...rest }) => ({
      ...rest,
      where: where.replace(/^(rules|zones)\[(\d+)\]/, (whole, list, at) => {
        const item = sent[/** @type {Side} */ (list)][Number(at)];
        return item ? this.draft(list).idOf(item) : whole;
      }),
    }));
  }

  /** @param {string} where something is written anew there: what the service found wrong is past */
  mend(where) {
    this.faults = this.faults.filter((fault) => fault.where !== where);
  }

  /** @param {number} version @param {string} reason @param {string} author @returns {Promise<number>} the version that stands now */
  async rollBack(version, reason, author) {
    return (await rollBack({ version, reason, author }, this.rules.tag)).version;
  }
}

/** @param {import('./draft.js').Item | null | undefined} rule @returns {boolean} it tells nobody */
function isShadow(rule) {
  return rule?.mode === 'shadow';
}
