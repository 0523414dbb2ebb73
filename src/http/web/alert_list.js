// The alert list: keyed rows that stand still under the pointer or the focus, and the acknowledging.

import { acknowledge } from './api.js';
import { arrange, byId, h, shape, write } from './dom.js';
import { ageSeconds, duration, measured, mmsiText, plain } from './format.js';
import { language, pick, t, units, word } from './i18n.js';
import { compareAlerts, nameOf, rank, settle, unacknowledged } from './order.js';
import { PRIORITY_SHAPES } from './chart/symbols.js';

/** @typedef {import('./order.js').Alert} Alert */
/** @typedef {{node: HTMLElement, age: HTMLElement, raised: string, drawn: string}} Row */

/** Longest remark and name sent, characters. */
const MAX_REMARK = 500;
const MAX_BY = 60;

export class AlertList {
  /**
   * @param {import('./picture.js').Picture} picture
   * @param {{go: (alert: Alert) => void, now: () => number, zone: (id: string) => string, clock: (ms: number) => string, done: (alert: Alert) => void}} page
   */
  constructor(picture, page) {
    this.picture = picture;
    this.page = page;
    this.list = byId('alert-list');
    this.more = byId('alert-new');
    /** @type {Map<string, Row>} */
    this.rows = new Map();
    /** @type {string[]} */
    this.order = [];
    /** Rows whose remark is being written, and failures told in their rows. @type {Map<string, string>} */
    this.failures = new Map();
    /** @type {Set<string>} */
    this.busy = new Set();
    this.hover = false;
    this.by = /** @type {HTMLInputElement} */ (byId('by'));
    this.by.maxLength = MAX_BY;
    this.by.value = remembered();
    this.by.addEventListener('change', () => remember(this.by.value.trim()));
    this.list.addEventListener('pointerenter', (event) => (this.hover = event.pointerType === 'mouse'));
    this.list.addEventListener('pointerleave', () => this.release());
    this.list.addEventListener('focusout', () => setTimeout(() => this.update(), 0));
    this.more.addEventListener('click', () => {
      this.update(true);
      this.list.scrollTop = 0;
    });
  }

  release() {
    this.hover = false;
    this.update();
  }

  /** @returns {boolean} the order must not move under a hand */
  frozen() {
    return this.hover || this.list.contains(document.activeElement);
  }

  /** @param {boolean} [thaw] */
  update(thaw = false) {
    const alerts = [...this.picture.alerts.values()].sort(compareAlerts);
    const { order, waiting } = settle(this.order, alerts.map((a) => a.alert), this.frozen() && !thaw);
    this.order = order;
    const focus = this.list.contains(document.activeElement) ? document.activeElement : null;
    arrange(this.list, order.map((id) => this.row(/** @type {Alert} */ (this.picture.alerts.get(id))).node));
    if (focus instanceof HTMLElement && focus.isConnected && document.activeElement !== focus) focus.focus({ preventScroll: true });
    for (const id of [...this.rows.keys()]) if (!this.picture.alerts.has(id)) this.rows.delete(id);
    this.more.hidden = waiting === 0;
    write(this.more, t('alerts.new', { n: waiting }));
    byId('alert-none').hidden = alerts.length > 0;
    const open = alerts.filter(unacknowledged).length;
    write(byId('alert-count'), t('alerts.count', { open, all: alerts.length }));
    return open;
  }

  /** Ages alone, each second. */
  tick() {
    for (const { age, raised } of this.rows.values()) {
      write(age, t('alert.ago', { age: duration(ageSeconds(raised, this.page.now()), units()) }));
    }
  }

  /** @param {number | null} mmsi @returns {string} */
  vesselText(mmsi) {
    if (mmsi === null) return '';
    const vessel = this.picture.vessels.get(mmsi);
    const name = vessel ? plain(nameOf(vessel, language())) : '';
    const figures = mmsiText(mmsi);
    return name && name !== figures ? `${name}\u2002${figures}` : figures;
  }

  /** @param {Alert} alert @returns {Row} drawn anew only if something in it changed */
  row(alert) {
    const who = alert.other_mmsi
      ? t('alert.pair', { a: this.vesselText(alert.mmsi), b: this.vesselText(alert.other_mmsi) })
      : this.vesselText(alert.mmsi) || plain(alert.reason);
    const failure = this.failures.get(alert.alert) ?? '';
    const drawn = JSON.stringify([language(), alert, who, failure, this.busy.has(alert.alert)]);
    const known = this.rows.get(alert.alert);
    if (known && (known.drawn === drawn || known.node.querySelector('form'))) return known;
    const held = known?.node.contains(document.activeElement) ? document.activeElement?.className : null;
    const row = this.draw(alert, who, failure, drawn);
    if (known) {
      known.node.replaceWith(row.node);
      if (held) /** @type {HTMLElement | null} */ (row.node.querySelector(`.${held.split(' ')[0]}`) ?? row.node.querySelector('button'))?.focus({ preventScroll: true });
    }
    this.rows.set(alert.alert, row);
    return row;
  }

  /** @param {Alert} alert @param {string} who @param {string} failure @param {string} drawn @returns {Row} */
  draw(alert, who, failure, drawn) {
    const open = unacknowledged(alert);
    const message = plain(pick(alert.message)) || t('alert.message.none');
    const age = h('span', { class: 'age' });
    const go = h(
      'button',
      { type: 'button', class: 'alert-go', on: { click: () => this.page.go(alert) } },
      h('span', { class: 'alert-head' }, h('span', { class: 'priority', text: word('priority', alert.priority) }), h('span', { class: 'alert-state', text: stateText(alert) }), alert.simulated && h('span', { class: 'tag sim', text: t('simulated.one') }), age),
      h('span', { class: 'alert-message', text: message }),
      h('span', { class: 'alert-who' }, h('bdi', { text: who })),
      this.where(alert),
    );
    const node = h(
      'li',
      { class: `alert ${alert.priority} ${open ? 'open' : 'seen'} ${alert.state}`, data: { alert: alert.alert } },
      shape(PRIORITY_SHAPES[Math.min(rank(alert), 3)], alert.priority, !open),
      go,
      open && this.actions(alert, message, who),
      failure !== '' && h('p', { class: 'failure', role: 'alert', text: failure }),
    );
    const row = { node, age, raised: alert.raised, drawn };
    write(age, t('alert.ago', { age: duration(ageSeconds(alert.raised, this.page.now()), units()) }));
    return row;
  }

  /** @param {Alert} alert @returns {HTMLElement} zone, value against limit, who acknowledged */
  where(alert) {
    const line = h('span', { class: 'alert-where' });
    /** @param {string} text @param {string} [cls] */
    const add = (text, cls = '') => line.append(h('bdi', { class: cls, text }));
    if (alert.zone) add(this.page.zone(alert.zone) + (alert.indicative ? `（${t('alert.indicative')}）`.replace(/（(.*)）/, language() === 'zh' ? '（$1）' : ' ($1)') : ''));
    if (alert.value !== null) add(measured(alert.value, alert.unit, units()), 'value');
    if (alert.limit !== null) add(t('alert.limit', { limit: measured(alert.limit, alert.unit, units()) }));
    const ack = alert.acknowledged;
    if (ack) {
      const time = this.page.clock(Date.parse(ack.time));
      add(ack.by ? t('alert.by', { by: plain(ack.by), time }) : t('alert.by.none', { time }));
      if (ack.comment) add(`“${plain(ack.comment)}”`);
    }
    if (alert.shelved_until) add(t('alert.shelved', { time: this.page.clock(Date.parse(alert.shelved_until)) }));
    return line;
  }

  /** @param {Alert} alert @param {string} message @param {string} who @returns {HTMLElement} */
  actions(alert, message, who) {
    const what = `${message} ${who}`;
    const busy = this.busy.has(alert.alert);
    return h(
      'div',
      { class: 'alert-actions' },
      h('button', { type: 'button', class: 'ack', disabled: busy, 'aria-label': t('alert.acknowledge.of', { what }), text: t('alert.acknowledge'), on: { click: () => this.acknowledge(alert, '') } }),
      h('button', { type: 'button', class: 'remark', disabled: busy, 'aria-label': t('alert.remark.of', { what }), text: `${t('alert.remark')}…`, on: { click: () => this.ask(alert) } }),
    );
  }

  /** Opens the line for a remark in the alert's row. @param {Alert} alert */
  ask(alert) {
    const row = this.rows.get(alert.alert);
    const actions = row?.node.querySelector('.alert-actions');
    if (!row || !actions) return;
    const input = /** @type {HTMLInputElement} */ (h('input', { type: 'text', maxlength: MAX_REMARK, placeholder: t('alert.remark.hint'), 'aria-label': t('alert.remark.hint') }));
    const close = () => {
      row.drawn = '';
      form.remove();
      this.update();
    };
    const form = h(
      'form',
      { class: 'alert-actions' },
      input,
      h('button', { type: 'submit', class: 'ack', text: t('alert.acknowledge') }),
      h('button', { type: 'button', class: 'cancel', text: t('alert.cancel'), on: { click: close } }),
    );
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      close();
      this.acknowledge(alert, input.value.trim());
    });
    form.addEventListener('keydown', (event) => event.key === 'Escape' && close());
    actions.replaceWith(form);
    input.focus();
  }

  /** @param {Alert} alert @param {string} comment */
  async acknowledge(alert, comment) {
    this.busy.add(alert.alert);
    this.failures.delete(alert.alert);
    this.update();
    try {
      this.page.done(await acknowledge(alert.alert, this.by.value.trim(), comment));
    } catch (error) {
      this.failures.set(alert.alert, t('alert.failed', { why: /** @type {Error} */ (error).message }));
    }
    this.busy.delete(alert.alert);
    this.update();
  }
}

/** @param {Alert} alert @returns {string} */
function stateText(alert) {
  return alert.priority === 'caution' && alert.state === 'active' ? t('state.caution') : word('state', alert.state);
}

/** @returns {string} who was last on watch at this screen; storage may be forbidden */
function remembered() {
  try {
    return localStorage.getItem('harborwatch.by') ?? '';
  } catch {
    return '';
  }
}

/** @param {string} by */
function remember(by) {
  try {
    localStorage.setItem('harborwatch.by', by);
  } catch {
    // Not remembered, then: the name still goes with this page's acknowledgements.
  }
}
