// The form of one zone: what it is, and its shape as positions that are typed or drawn.

import { html, live, nothing, render } from '../vendor/lit.js';
import { latitude, METRES_A_MILE } from '../chart/projection.js';
import { byId } from '../dom.js';
import { plain } from '../format.js';
import { pick, t, word } from '../i18n.js';
import { choices, said } from '../panels/parts.js';
import { pointsOf, positionOf, positionText } from './coordinates.js';
import { valueAt, valueOf, withValue } from './fields.js';
import { choiceField, textField } from './parts.js';
import { blank, circle, faultOf, formOf, geometryOf, isHole, shapeOf, withHole, withPoints, ZONE_KINDS } from './shape.js';
import { keyWords } from './words.js';

/** @typedef {import('../panels/parts.js').Part} Part */
/** @typedef {import('./parts.js').About} About */
/** @typedef {import('./fields.js').Parameter} Parameter */
/** @typedef {import('../chart/projection.js').LonLat} LonLat */

const CONFIDENCES = ['published', 'approximate', 'assumed'];
/** Numbers that a zone may have. @type {Parameter[]} */
const NUMBERS = [number('direction_deg', 'deg', [0, 360]), number('depth_m', 'm', [-20, 12_000])];
/** A circle's radius, NM. */
const RADIUS = number('radius', 'NM', [0.005, 60]);
/** Properties that have fields of their own. */
const KNOWN = ['id', 'kind', 'name', 'source', 'confidence', 'direction_deg', 'depth_m', 'camera'];
/** Longest text of positions, characters. */
const MOST_TEXT = 200_000;

/** @param {string} name @param {string} unit @param {[number, number]} range @returns {Parameter} */
function number(name, unit, range) {
  return { name, type: 'number', unit, range, words: null, required: false, default: null, meaning: { zh: '', en: '' }, source: '' };
}

export class ZoneForm {
  /** @param {import('./work.js').Work} work @param {import('./sketch.js').Sketch} sketch @param {{edited: () => void, redraw: () => void}} does the draft is another; only what is being drawn */
  constructor(work, sketch, does) {
    this.work = work;
    this.sketch = sketch;
    this.does = does;
    this.id = '';
    this.decimal = false;
    /** What is typed and cannot be, by key. @type {Map<string, {text: string, words: string}>} */
    this.wrong = new Map();
    /** Positions as they are being typed; null: as drawn. @type {string | null} */
    this.typed = null;
    this.circle = { centre: '', radius: '', words: '' };
  }

  /** @param {string} id @param {boolean} [drawing] clicks set points at once */
  open(id, drawing = false) {
    if (id === this.id && !drawing) return;
    this.id = id;
    this.wrong.clear();
    this.typed = null;
    this.circle = { centre: '', radius: '', words: '' };
    this.reset(drawing);
  }

  /** Shows the shape as the draft has it. @param {boolean} [drawing] */
  reset(drawing = false) {
    const { zone } = this;
    this.sketch.show(zone && this.work.zones.standing(this.id) !== 'removed' ? drawnOf(zone) : null, drawing);
  }

  close() {
    this.id = '';
    this.sketch.show(null, false);
  }

  /** @returns {Record<string, any> | undefined} */
  get zone() {
    return this.work.zones.get(this.id);
  }

  /** The draft is another: what the service found wrong with it is past. */
  changed() {
    this.work.mend(this.id);
    this.does.edited();
  }

  /** What the hand on the chart drew. @param {boolean} done */
  drawn(done) {
    const { shape } = this.sketch;
    if (!shape || !this.zone) return;
    this.typed = null;
    this.wrong.delete('geometry');
    if (!done) return this.does.redraw();
    if (!faultOf(shape)) this.work.zones.put({ ...this.zone, geometry: geometryOf(shape) });
    this.changed();
  }

  /** @param {string} key @param {any} value undefined leaves it out */
  set(key, value) {
    this.wrong.delete(key);
    if (this.zone) this.work.zones.put(withValue(this.zone, key, value));
    this.changed();
  }

  /** @param {Parameter} parameter @param {string} text */
  type(parameter, text) {
    const key = `properties.${parameter.name}`;
    const read = valueOf(parameter, text);
    if (!read.wrong) return this.set(key, read.value);
    this.wrong.set(key, { text, words: t(`field.wrong.${read.wrong.why}`, read.wrong.values) });
    this.changed();
  }

  /** Positions were typed. @param {string} text */
  write(text) {
    const { sketch } = this;
    if (!sketch.shape) return;
    const known = new Map(sketch.points.map((point) => [positionText(point, this.decimal), point]));
    const { points, wrong } = pointsOf(text, known);
    this.wrong.delete('geometry');
    sketch.picked = null;
    if (wrong.length > 0) this.wrong.set('geometry', { text, words: t('zone.unread', { lines: wrong.slice(0, 5).join(', ') }) });
    else {
      sketch.shape = withPoints(sketch.shape, sketch.ring, points);
      this.drawn(true);
    }
    this.typed = text;
    this.sketch.chart.invalidate(false, true);
    this.changed();
  }

  /** @returns {string} what is wrong with the shape, '' for nothing */
  fault() {
    const { shape } = this.sketch;
    const typed = this.wrong.get('geometry')?.words;
    if (typed || !shape) return typed ?? '';
    const fault = faultOf(shape);
    return fault ? t(`zone.fault.${fault.why}`, { at: fault.at ? positionText(fault.at, this.decimal) : '' }) : '';
  }

  update() {
    const { zone } = this;
    render(zone ? this.template(zone) : html`<p class="empty">${t('zones.choose')}</p>`, byId('form'));
  }

  /** @param {Record<string, any>} zone @returns {Part} */
  template({ properties }) {
    const { work, id } = this;
    const standing = work.zones.standing(id);
    const form = formOf(properties.kind);
    const kinds = ZONE_KINDS.filter((kind) => formOf(kind) === form);
    const act = (/** @type {() => void} */ change) => () => {
      this.wrong.clear();
      this.typed = null;
      change();
      this.reset();
      this.changed();
    };
    const others = Object.entries(properties).filter(([key]) => !KNOWN.includes(key));
    return html`
      <header class="form-head">
        <h2 id="form-title">${said(pick(properties.name) || id)}</h2>
        <p class="small"><code>${id}</code> · ${word('zone', properties.kind)}</p>
        <p class="tags">${standing === 'same' ? nothing : html`<span class="tag care">${word('standing', standing)}</span>`}</p>
        ${work.zones.clashes.has(id) ? html`<p class="failure">${t('form.clash')}</p>` : nothing}
        ${this.served().map((wrong) => html`<p class="failure">${said(`${wrong.what}; ${wrong.want}`)}</p>`)}
        <p class="row-actions">
          ${standing === 'same' ? nothing : html`<button type="button" data-act="undo" @click=${act(() => work.zones.undo(id))}>${t('form.undo')}</button>`}
          ${standing === 'removed' ? nothing : html`<button type="button" data-act="remove" @click=${act(() => work.zones.remove(id))}>${t('form.remove')}</button>`}
        </p>
      </header>
      ${standing === 'removed' ? nothing : html`
      ${this.shapeTemplate(form)}
      <fieldset><legend>${t('zone.what')}</legend>
        ${choiceField(this.about('kind'), kinds.map((kind) => [kind, word('zone', kind)]), properties.kind, (kind) => this.set('properties.kind', kind))}
        ${['zh', 'en'].map((lang) => textField({ ...this.about(`name.${lang}`), wide: true }, properties.name?.[lang] ?? '', (text) => this.set(`properties.name.${lang}`, text), { max: 200, size: 30 }))}
        ${choiceField(this.about('confidence'), CONFIDENCES.map((one) => [one, word('confidence', one)]), properties.confidence ?? 'assumed', (one) => this.set('properties.confidence', one))}
        ${NUMBERS.map((parameter) => this.number(parameter))}
        ${['source', 'camera'].map((name) => textField({ ...this.about(name), wide: true }, String(properties[name] ?? ''), (text) => this.set(`properties.${name}`, text || undefined), { size: 30 }))}
      </fieldset>
      ${others.length > 0 ? html`<fieldset><legend>${t('zone.others')}</legend><dl>${others.map(([key, value]) => html`<dt><code>${key}</code></dt><dd>${said(typeof value === 'string' ? value : JSON.stringify(value))}</dd>`)}</dl></fieldset>` : nothing}`}`;
  }

  /** @returns {import('../api.js').Wrong[]} what the service found wrong with this zone */
  served() {
    return this.work.faults.filter(({ where }) => where === this.id);
  }

  /** @param {string} name @returns {About} */
  about(name) {
    const key = `properties.${name}`;
    const before = this.work.zones.base.get(this.id);
    const changed = before !== undefined && JSON.stringify(valueAt(before, key)) !== JSON.stringify(this.zone && valueAt(this.zone, key));
    return { name: key, label: keyWords(key), code: name, wrong: this.wrong.get(key)?.words, changed };
  }

  /** @param {Parameter} parameter @returns {Part} */
  number(parameter) {
    const key = `properties.${parameter.name}`;
    const { range, unit } = parameter;
    const hint = range ? t('field.wrong.range', { min: range[0], max: range[1], unit: unit ?? '' }) : '';
    const value = this.zone && valueAt(this.zone, key);
    return textField({ ...this.about(parameter.name), unit, hint }, this.wrong.get(key)?.text ?? String(value ?? ''), (text) => this.type(parameter, text), { size: 9 });
  }

  /** The positions, as text; and what the hand on the chart does. @param {import('./shape.js').Form} form @returns {Part} */
  shapeTemplate(form) {
    const { sketch } = this;
    const fault = this.fault();
    const text = this.typed ?? sketch.points.map((point) => positionText(point, this.decimal)).join('\n');
    return html`<fieldset class="drawn"><legend>${t('zone.shape')}</legend>
      ${form === 'area' ? this.rings() : nothing}
      <p class="row-actions" role="group" aria-label=${t('sketch.draw')}>
        <button type="button" data-act="draw" aria-pressed=${String(sketch.drawing)} @click=${() => this.turn(!sketch.drawing)}>${t('sketch.draw')}</button>
        <button type="button" data-act="mark" ?disabled=${!sketch.drawing} @click=${() => sketch.mark()}>${t('sketch.mark')}</button>
        <button type="button" data-act="erase" ?disabled=${sketch.points.length === 0} @click=${() => sketch.erase()}>${t('sketch.erase')}</button>
      </p>
      <p class="hint">${t(sketch.drawing ? 'sketch.draw.on' : 'sketch.draw.off')}</p>
      <label class="wide" for="positions">${t('zone.positions', { n: sketch.points.length })}</label>
      <textarea id="positions" spellcheck="false" autocomplete="off" rows=${Math.min(14, Math.max(4, sketch.points.length + 1))} maxlength=${MOST_TEXT} aria-describedby="positions-hint" aria-invalid=${fault ? 'true' : nothing} .value=${live(text)}
        @input=${(/** @type {Event} */ event) => this.write(/** @type {HTMLTextAreaElement} */ (event.target).value)} @blur=${() => this.settle()}
        @click=${(/** @type {Event} */ event) => this.follow(event)} @keyup=${(/** @type {Event} */ event) => this.follow(event)}></textarea>
      <p class="failure" id="shape-fault" role="status" ?hidden=${!fault}>${fault}</p>
      <p class="hint" id="positions-hint">${t('zone.positions.hint')}</p>
      <label class="check"><input type="checkbox" data-act="decimal" .checked=${live(this.decimal)} @change=${(/** @type {Event} */ event) => this.show(/** @type {HTMLInputElement} */ (event.target).checked)}> ${t('zone.decimal')}</label>
      ${form === 'area' ? this.circleTemplate() : nothing}
    </fieldset>`;
  }

  /** The point on whose line the caret stands is the one at hand. @param {Event} event */
  follow({ target }) {
    const { value, selectionStart } = /** @type {HTMLTextAreaElement} */ (target);
    const lines = value.split('\n').slice(0, value.slice(0, selectionStart).split('\n').length);
    const at = lines.filter((line) => line.trim() !== '').length - 1;
    const { sketch } = this;
    sketch.picked = this.wrong.has('geometry') || lines[lines.length - 1].trim() === '' || !sketch.points[at] ? null : at;
    sketch.chart.invalidate(false, true);
  }

  /** What was typed and is sound is written as all else is. */
  settle() {
    if (this.typed === null || this.wrong.has('geometry')) return;
    this.typed = null;
    this.changed();
  }

  /** @param {boolean} decimal */
  show(decimal) {
    this.decimal = decimal;
    this.typed = null;
    this.wrong.delete('geometry');
    this.changed();
  }

  /** @param {boolean} drawing */
  turn(drawing) {
    this.sketch.turn(drawing);
    this.changed();
  }

  /** Which ring is at hand, and a hole more. @returns {Part} */
  rings() {
    const { sketch } = this;
    const rings = sketch.shape?.rings ?? [];
    const names = rings.map((ring, at) => /** @type {[string, string]} */ ([String(at), t(sketch.shape && isHole(sketch.shape, at) ? 'zone.hole' : 'zone.outer', { n: ring.of + 1, points: ring.points.length })]));
    const take = (/** @type {number} */ at) => {
      sketch.ring = at;
      sketch.picked = null;
      this.typed = null;
      this.wrong.delete('geometry');
      sketch.chart.invalidate(false, true);
      this.changed();
    };
    const hole = () => {
      if (!sketch.shape) return;
      const { shape, at } = withHole(sketch.shape, rings[sketch.ring].of);
      sketch.shape = shape;
      sketch.turn(true);
      take(at);
    };
    const drop = () => {
      if (!sketch.shape) return;
      sketch.shape = { ...sketch.shape, rings: sketch.shape.rings.toSpliced(sketch.ring, 1) };
      take(0);
      this.drawn(true);
    };
    return html`<p class="row-actions">
      <label>${t('zone.ring')} <select data-act="ring" @change=${(/** @type {Event} */ event) => take(Number(/** @type {HTMLSelectElement} */ (event.target).value))}>${choices(names, String(sketch.ring))}</select></label>
      <button type="button" data-act="hole" @click=${hole}>${t('zone.hole.add')}</button>
      ${sketch.shape && isHole(sketch.shape, sketch.ring) ? html`<button type="button" data-act="hole-drop" @click=${drop}>${t('zone.hole.drop')}</button>` : nothing}
    </p>`;
  }

  /** A circle instead of the ring at hand. @returns {Part} */
  circleTemplate() {
    const draw = () => {
      const centre = positionOf(this.circle.centre);
      const radius = valueOf({ ...RADIUS, required: true }, this.circle.radius);
      if (centre && !radius.wrong) {
        this.circle.words = '';
        this.sketch.turn(false);
        this.sketch.picked = null;
        this.sketch.put(circle(centre, radius.value * METRES_A_MILE));
        return;
      }
      this.circle.words = centre ? t(`field.wrong.${radius.wrong?.why}`, radius.wrong?.values) : t('zone.unread.centre');
      this.changed();
    };
    const middle = () => {
      const { cx, cy } = this.sketch.chart.view;
      this.circle.centre = positionText([cx, latitude(cy)], this.decimal);
      this.changed();
    };
    const typed = (/** @type {'centre' | 'radius'} */ part) => (/** @type {string} */ text) => {
      this.circle[part] = text;
    };
    return html`<details class="circle"><summary>${t('zone.circle')}</summary>
      ${textField({ name: 'circle.centre', label: t('zone.centre'), wide: true }, this.circle.centre, typed('centre'), { size: 30 })}
      ${textField({ name: 'circle.radius', label: t('zone.radius'), unit: 'NM', wrong: this.circle.words }, this.circle.radius, typed('radius'), { size: 9 })}
      <p class="row-actions"><button type="button" data-act="middle" @click=${middle}>${t('zone.middle')}</button> <button type="button" data-act="circle" @click=${draw}>${t('zone.circle.draw')}</button></p>
    </details>`;
  }
}

/** @param {Record<string, any>} zone @returns {import('./shape.js').Shape} */
function drawnOf({ geometry, properties }) {
  return geometry ? shapeOf(geometry) : blank(formOf(properties.kind));
}

/** A zone of which nothing is drawn yet. @param {string} id @param {string} kind @returns {Record<string, any>} */
export function freshZone(id, kind) {
  return { type: 'Feature', id, properties: { id, kind, name: { zh: id, en: id }, confidence: 'assumed' }, geometry: null };
}

/** @param {Record<string, any>} zone @returns {string} its name, else its id */
export function zoneWords({ properties }) {
  return plain(pick(properties.name)) || properties.id;
}
