// The form of one rule, made from the schema of its kind.

import { html, nothing, render } from '../vendor/lit.js';
import { byId } from '../dom.js';
import { plain } from '../format.js';
import { pick, t, word } from '../i18n.js';
import { said } from '../panels/parts.js';
import { commonOf, FILTERS, textOf, valueAt, valueOf, withValue } from './fields.js';
import { choiceField, listField, textField } from './parts.js';
import { formOf } from './shape.js';
import { keyWords, selectors, valueWords } from './words.js';

/** @typedef {import('../panels/parts.js').Part} Part */
/** @typedef {import('./fields.js').Parameter} Parameter */
/** @typedef {import('./parts.js').About} About */

/** AIS classes of vessels that a filter can name. */
const CLASSES = [
  'fishing', 'tug', 'dredger', 'military', 'sailing', 'pleasure', 'high_speed', 'pilot', 'sar', 'law_enforcement', 'passenger', 'cargo', 'tanker', 'other', 'unknown',
  'sand_carrier', 'ferry', 'patrol', 'state', 'agent_craft', 'craft', 'sar_aircraft', 'aton', 'base_station', 'sart', 'mob', 'epirb',
];
const STATUSES = Array.from({ length: 16 }, (_, at) => String(at));
/** Defaults that nobody published are marked so by the service. */
const ASSUMED = /^assumed\b/;

/**
 * What a form does beyond its fields.
 * @typedef {object} Does
 * @property {() => void} changed the draft is another
 * @property {(id: string) => void} copy makes a shadow of a rule
 * @property {(id: string) => void} promote has a shadow rule alert people
 * @property {(id: string) => void} reviewed writes the minutes of its review
 */

export class RuleForm {
  /** @param {import('./work.js').Work} work @param {Does} does */
  constructor(work, does) {
    this.work = work;
    this.does = does;
    this.id = '';
    /** What is typed and cannot be, by key. @type {Map<string, {text: string, words: string}>} */
    this.wrong = new Map();
  }

  /** @param {string} id */
  open(id) {
    if (id !== this.id) this.wrong.clear();
    this.id = id;
  }

  /** @returns {Record<string, any> | undefined} */
  get rule() {
    return this.work.rules.get(this.id);
  }

  /** @param {string} key @param {any} value undefined leaves it out */
  set(key, value) {
    this.wrong.delete(key);
    this.work.mend(`${this.id}.${key}`);
    if (this.rule) this.work.rules.put(withValue(this.rule, key, value));
    this.does.changed();
  }

  /** @param {Parameter} parameter @param {string} key @param {string} text */
  type(parameter, key, text) {
    const read = valueOf(parameter, text);
    if (!read.wrong) return this.set(key, read.value);
    this.wrong.set(key, { text, words: t(`field.wrong.${read.wrong.why}`, read.wrong.values) });
    this.does.changed();
  }

  update() {
    const { rule } = this;
    const host = byId('form');
    if (!rule || !this.work.schema) {
      render(html`<p class="empty">${t('rules.choose')}</p>`, host);
      return;
    }
    render(this.template(rule), host);
  }

  /** @param {Record<string, any>} rule @returns {Part} */
  template(rule) {
    const { work } = this;
    const schema = /** @type {import('./fields.js').Schema} */ (work.schema);
    const kind = schema.kinds.get(rule.kind);
    const standing = work.rules.standing(this.id);
    if (!kind) return html`<p class="empty">${rule.kind}</p>`;
    return html`
      <header class="form-head">
        <h2 id="form-title">${said(pick(rule.message))}</h2>
        <p class="small"><code>${rule.id}</code> · ${said(pick(kind.message))} <code>${rule.kind}</code></p>
        ${this.standingTemplate(rule, standing)}
      </header>
      ${standing === 'removed' ? nothing : html`
      <fieldset><legend>${t('form.limits')}</legend>${kind.parameters.map((parameter) => this.field(parameter, parameter.name))}${kind.parameters.length === 0 ? html`<p class="hint">${t('form.limits.none')}</p>` : nothing}</fieldset>
      ${kind.zones ? html`<fieldset><legend>${t('form.where')}</legend>${this.zonesField(rule, kind)}</fieldset>` : nothing}
      <fieldset><legend>${t('form.alert')}</legend>
        ${choiceField(this.about('mode'), schema.modes.map((mode) => [mode, word('mode', mode)]), rule.mode ?? 'live', (mode) => this.set('mode', mode === 'live' && !work.rules.base.get(this.id)?.mode ? undefined : mode))}
        ${choiceField(this.about('priority'), schema.priorities.map((priority) => [priority, word('priority', priority)]), rule.priority, (priority) => this.set('priority', priority))}
        ${commonOf(kind, schema).map((parameter) => this.field(parameter, parameter.name))}
        ${['zh', 'en'].map((lang) => textField({ ...this.about(`message.${lang}`), wide: true }, rule.message?.[lang] ?? '', (text) => this.set(`message.${lang}`, text), { max: 200, size: 30 }))}
      </fieldset>
      ${kind.subject === 'vessel' || kind.subject === 'pair' ? html`<fieldset><legend>${t('form.vessels')}</legend>${kind.default_classes.length > 0 && !rule.vessels ? html`<p class="hint">${t('form.vessels.default', { classes: kind.default_classes.map((one) => word('class', one)).join(', ') })}</p>` : nothing}${FILTERS.map((parameter) => this.field(parameter, `vessels.${parameter.name}`))}</fieldset>` : nothing}
      <fieldset><legend>${t('form.review')}</legend>
        ${textField(this.about('review_by'), this.wrong.get('review_by')?.text ?? rule.review_by ?? '', (text) => this.type(REVIEW_BY, 'review_by', text), { type: 'date' })}
        <p class="row-actions"><button type="button" data-act="reviewed" @click=${() => this.does.reviewed(this.id)}>${t('form.reviewed')}</button></p>
      </fieldset>`}`;
  }

  /** What the draft does to the rule, and what can be done with it as a whole. @param {Record<string, any>} rule @param {import('./draft.js').Standing} standing @returns {Part} */
  standingTemplate(rule, standing) {
    const { work, does, id } = this;
    const act = (/** @type {() => void} */ change) => () => {
      this.wrong.clear();
      change();
      does.changed();
    };
    return html`
      <p class="tags">
        ${standing === 'same' ? nothing : html`<span class="tag care">${word('standing', standing)}</span>`}
        ${rule.mode && rule.mode !== 'live' ? html`<span class="tag">${word('mode', rule.mode)}</span>` : nothing}
        ${work.overdue.has(id) ? html`<span class="tag care">${t('rules.overdue')}</span>` : nothing}
      </p>
      ${work.rules.clashes.has(id) ? html`<p class="failure">${t('form.clash')}</p>` : nothing}
      <p class="row-actions">
        ${rule.mode === 'shadow' && standing !== 'added' ? html`<button type="button" class="main" data-act="promote" @click=${() => does.promote(id)}>${t('form.promote')}</button>` : nothing}
        <button type="button" data-act="copy" @click=${() => does.copy(id)}>${t('form.copy')}</button>
        ${standing === 'same' ? nothing : html`<button type="button" data-act="undo" @click=${act(() => work.rules.undo(id))}>${t('form.undo')}</button>`}
        ${standing === 'removed' ? nothing : html`<button type="button" data-act="remove" @click=${act(() => work.rules.remove(id))}>${t('form.remove')}</button>`}
      </p>`;
  }

  /** @param {string} key @param {Parameter} [parameter] @returns {About} */
  about(key, parameter) {
    const { work } = this;
    const before = work.rules.base.get(this.id);
    const served = work.faults.find(({ where }) => where === `${this.id}.${key}`);
    const changed = before !== undefined && JSON.stringify(valueAt(before, key)) !== JSON.stringify(this.rule && valueAt(this.rule, key));
    return {
      name: key,
      label: plain(pick(parameter?.meaning)) || keyWords(key),
      code: key,
      unit: parameter?.unit,
      hint: parameter && this.hint(key, parameter),
      wrong: this.wrong.get(key)?.words ?? (served && `${served.what}; ${served.want}`),
      changed,
    };
  }

  /** What is allowed, and what counts if nothing is written. @param {string} key @param {Parameter} parameter @returns {Part} */
  hint(key, { range, unit, default: usual, source, required }) {
    const was = this.work.rules.standing(this.id) === 'changed' ? valueAt(this.work.rules.base.get(this.id) ?? {}, key) : undefined;
    const now = this.rule && valueAt(this.rule, key);
    return html`${range && !this.wrong.has(key) ? t('field.wrong.range', { min: range[0], max: range[1], unit: unit ?? '' }) : nothing}
      ${required ? t('field.required') : nothing}
      ${usual === null || usual === '' || (Array.isArray(usual) && usual.length === 0) ? nothing : html`${t('field.default')} ${valueWords(this.work, key, usual)} (${ASSUMED.test(source) ? t('field.assumed') : said(source)})`}
      ${was !== undefined && JSON.stringify(was) !== JSON.stringify(now) ? html`<strong>${t('field.was')} ${valueWords(this.work, key, was)}</strong>` : nothing}`;
  }

  /** @param {Parameter} parameter @param {string} key @returns {Part} the input that its type needs */
  field(parameter, key) {
    const about = this.about(key, parameter);
    const value = this.rule && valueAt(this.rule, key);
    const { type, words } = parameter;
    const lists = /** @type {Record<string, [string, string][]>} */ ({
      choices: (words ?? []).map((one) => [one, word('field', one)]),
      classes: CLASSES.map((one) => [one, word('class', one)]),
      statuses: STATUSES.map((one) => [one, `${one} ${word('nav', one)}`]),
      areas: type === 'areas' ? selectors(this.work, (kind) => formOf(kind) === 'area') : [],
    });
    const numeric = type === 'statuses';
    if (lists[type]) {
      const chosen = (value ?? []).map(String);
      return listField(about, lists[type], chosen, (values) => this.set(key, values.length > 0 || !key.startsWith('vessels.') ? values.map((one) => (numeric ? Number(one) : one)) : undefined));
    }
    if (type === 'flag') return choiceField(about, [['true', t('yes')], ['false', t('no')]], String(value), (one) => this.set(key, one === 'true'));
    if (type === 'choice') {
      const options = (words ?? []).map((one) => /** @type {[string, string]} */ ([one, word('direction', one)]));
      return choiceField(about, key.startsWith('vessels.') ? [['', t('filter.all')], ...options] : options, value ?? '', (one) => this.set(key, one || undefined));
    }
    if (type === 'line') {
      const lines = this.work.zones.items().filter(({ properties }) => formOf(properties.kind) === 'line');
      return choiceField({ ...about, wide: true }, [['', t('field.pick')], ...lines.map(({ properties }) => /** @type {[string, string]} */ ([properties.id, plain(pick(properties.name)) || properties.id]))], value ?? '', (one) => this.set(key, one || undefined));
    }
    const wide = !['number', 'time_of_day'].includes(type);
    return textField({ ...about, wide }, this.wrong.get(key)?.text ?? textOf(parameter, value), (text) => this.type(parameter, key, text), { size: wide ? 30 : 9, max: 2000 });
  }

  /** @param {Record<string, any>} rule @param {import('./fields.js').Kind} kind @returns {Part} */
  zonesField(rule, kind) {
    const gates = kind.zones === 'gate';
    const about = { ...this.about('zones'), label: t(gates ? 'form.gates' : 'form.zones'), hint: kind.zones_required ? t('field.required') : t('form.everywhere') };
    return listField(about, selectors(this.work, (one) => (gates ? one === 'gate' : formOf(one) === 'area')), rule.zones ?? [], (values) => this.set('zones', values.length > 0 ? values : undefined));
  }
}

/** The day of review, as the form reads it. @type {Parameter} */
const REVIEW_BY = { name: 'review_by', type: 'date', unit: null, range: null, words: null, required: false, default: null, meaning: { zh: '', en: '' }, source: '' };
