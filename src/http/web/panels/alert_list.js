// The alert list: rows that stand still under the pointer or the focus, and the acknowledging one by one.

import { html, nothing, render, repeat } from '../vendor/lit.js';
import { acknowledge, assess, explain } from '../api.js';
import { byId, write } from '../dom.js';
import { t } from '../i18n.js';
import { compareAlerts, rank, settle, unacknowledged } from '../order.js';
import { alertRow } from './alert_row.js';
import { deskChoices } from './parts.js';

/** @typedef {import('../shapes.js').Alert} Alert */
/** @typedef {import('../shapes.js').Explanation} Explanation */

/** Rows follow what the server tells within this, ms: a flood of alerts is drawn together. */
const TOGETHER_MS = 50;
/** Rows drawn at first, and more of them each time the end comes into sight: a rule gone wild raises thousands. */
const ROWS = 100;

export class AlertList {
  /** @param {import('../page.js').Page} page */
  constructor(page) {
    this.page = page;
    this.list = byId('alert-list');
    this.more = byId('alert-new');
    /** Identities in their places. @type {string[]} */
    this.order = [];
    /** Rows drawn. */
    this.limit = ROWS;
    /** The one that was taken up last. @type {string | null} */
    this.current = null;
    /** The one that shows all it has. @type {string | null} */
    this.open = null;
    /** Failures told in their rows. @type {Map<string, string>} */
    this.failures = new Map();
    /** @type {Set<string>} */
    this.busy = new Set();
    /** Why, of the open one. @type {Explanation[] | null} */
    this.why = null;
    this.hover = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.listen();
  }

  listen() {
    this.list.addEventListener('pointerenter', (event) => (this.hover = event.pointerType === 'mouse'));
    this.list.addEventListener('pointerleave', () => {
      this.hover = false;
      this.soon();
    });
    this.list.addEventListener('focusout', () => this.soon());
    this.list.addEventListener('keydown', (event) => this.walk(event));
    this.list.addEventListener('scroll', () => this.scrolled());
    this.more.addEventListener('click', () => {
      this.update(true);
      this.list.scrollTop = 0;
      this.rowOf(this.order[0])?.focus();
    });
  }

  /** @returns {boolean} the order must not move under a hand */
  frozen() {
    return (this.hover && this.list.matches(':hover')) || this.list.contains(document.activeElement);
  }

  scrolled() {
    const { scrollTop, clientHeight, scrollHeight } = this.list;
    if (scrollTop === 0) this.limit = ROWS;
    else if (scrollTop + 2 * clientHeight > scrollHeight && this.limit < this.order.length) {
      this.limit += ROWS;
      this.update();
    }
  }

  /** Draws within TOGETHER_MS. */
  soon() {
    this.timer ??= setTimeout(() => this.update(), TOGETHER_MS);
  }

  /** @param {boolean} [thaw] puts all in their places, frozen or not */
  update(thaw = false) {
    clearTimeout(this.timer);
    this.timer = undefined;
    const alerts = this.page.ours().sort(compareAlerts);
    const { order, waiting } = settle(this.order, alerts.map((alert) => alert.alert), this.frozen() && !thaw);
    this.order = order;
    const { picture } = this.page;
    const drawn = order.slice(0, this.limit);
    const rest = order.length - drawn.length;
    render(
      html`${repeat(drawn, (id) => id, (id) => alertRow(/** @type {Alert} */ (picture.alerts.get(id)), this))}${rest > 0 ? html`<li class="empty">${t('alerts.rest', { n: rest })}</li>` : nothing}`,
      this.list,
    );
    this.more.hidden = waiting === 0;
    const shown = new Set(order);
    const worst = Math.min(...alerts.filter((alert) => !shown.has(alert.alert)).map(rank));
    this.more.classList.toggle('urgent', worst <= 1);
    write(this.more, t('alerts.new', { n: waiting }));
    this.count(alerts);
  }

  /** @param {Alert[]} alerts */
  count(alerts) {
    byId('alert-none').hidden = alerts.length > 0;
    write(byId('alert-count'), t('alerts.count', { open: alerts.filter(unacknowledged).length, all: alerts.length }));
    const elsewhere = this.page.picture.alerts.size - alerts.length;
    byId('alert-elsewhere').hidden = elsewhere === 0;
    write(byId('alert-elsewhere'), t('alerts.elsewhere', { n: elsewhere }));
    const desks = this.page.desks();
    render(desks.length === 0 ? nothing : html`<select aria-label=${t('desk')} @change=${(/** @type {Event} */ event) => this.sit(event)}>${deskChoices(desks, this.page.place.desk)}</select>`, byId('desk'));
  }

  /** @param {Event} event a desk was chosen */
  sit(event) {
    this.page.place.desk = /** @type {HTMLSelectElement} */ (event.target).value;
    this.page.acts.placed();
  }

  /** @param {string | undefined} id @returns {HTMLElement | null} the button that is the row */
  rowOf(id) {
    return id === undefined ? null : this.list.querySelector(`[data-alert="${CSS.escape(id)}"] .alert-go`);
  }

  /** Up and down from row to row. @param {KeyboardEvent} event */
  walk(event) {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const target = /** @type {HTMLElement} */ (event.target);
    const at = this.order.indexOf(target.closest('li')?.dataset.alert ?? '');
    if (!by || at < 0 || target.matches('input')) return;
    event.preventDefault();
    const to = this.order[at + by];
    if (to) this.reach(to);
    this.rowOf(to)?.focus();
  }

  /** Draws as far as to a row, one that waits too. @param {string} id */
  reach(id) {
    if (!this.order.includes(id)) this.update(true);
    const at = this.order.indexOf(id);
    if (at < this.limit) return;
    this.limit = at + ROWS;
    this.update();
  }

  /** Marks the one that is taken up, and brings its row in sight. @param {string} id */
  mark(id) {
    this.current = id;
    this.reach(id);
    this.update();
    this.rowOf(id)?.scrollIntoView({ block: 'nearest' });
  }

  /** @returns {Alert | null} whose row has the focus, else the one taken up last */
  chosen() {
    const focused = document.activeElement?.closest('li')?.dataset.alert;
    return this.page.picture.alerts.get(focused ?? this.current ?? '') ?? null;
  }

  /** Takes up the next that nobody acknowledged, after the last one taken up: Enter goes there, K acknowledges it. */
  next() {
    const open = this.page.ours().filter(unacknowledged).sort(compareAlerts);
    if (open.length === 0) return;
    const at = open.findIndex((alert) => alert.alert === this.current);
    const next = open[(at + 1) % open.length].alert;
    this.mark(next);
    this.rowOf(next)?.focus();
  }

  /** @param {string} id opens what there is to one, or closes it again */
  toggle(id) {
    this.open = this.open === id ? null : id;
    this.why = null;
    this.update();
  }

  /** @param {Alert} alert @param {string} comment */
  async acknowledge(alert, comment) {
    if (!unacknowledged(alert)) return;
    const held = this.rowOf(alert.alert)?.closest('li')?.contains(document.activeElement);
    const at = this.order.indexOf(alert.alert);
    await this.send(alert, () => acknowledge(alert.alert, this.page.duty?.by ?? '', comment));
    // The button that was pressed is gone, the row perhaps too: the focus stays in its place.
    if (held && document.activeElement === document.body) (this.rowOf(alert.alert) ?? this.rowOf(this.order[Math.min(at, this.order.length - 1)]))?.focus();
  }

  /** @param {Alert} alert @param {string} verdict */
  assess(alert, verdict) {
    return this.send(alert, () => assess(alert.alert, verdict));
  }

  /** @param {Alert} alert @param {() => Promise<Alert>} order what is asked of the server */
  async send(alert, order) {
    this.busy.add(alert.alert);
    this.failures.delete(alert.alert);
    this.update();
    try {
      this.page.acts.told(await order());
    } catch (error) {
      this.failures.set(alert.alert, t('alert.failed', { why: /** @type {Error} */ (error).message }));
    }
    this.busy.delete(alert.alert);
    this.update();
  }

  /** @param {Alert} alert of a vessel */
  async ask(alert) {
    try {
      const why = await explain(/** @type {number} */ (alert.mmsi), alert.rule);
      if (this.open === alert.alert) this.why = why;
    } catch (error) {
      this.failures.set(alert.alert, t('alert.failed', { why: /** @type {Error} */ (error).message }));
    }
    this.update();
  }
}
