// The dry run: what a draft would have done to the last hours' alerts, in figures, per hour, and one by one.

import { html, nothing, render, svg } from '../vendor/lit.js';
import { get } from '../api.js';
import { byId } from '../dom.js';
import { mmsiText, number } from '../format.js';
import { t, word } from '../i18n.js';
import { choices, icon, said } from '../panels/parts.js';
import { SHAPES } from './marks.js';
import { hoursOf, marksOf } from './outcome.js';
import { ruleWords, selectorWords } from './words.js';

/** @typedef {import('../panels/parts.js').Part} Part */
/** @typedef {import('./outcome.js').Mark} Mark */
/** @typedef {import('./outcome.js').Way} Way */
/** @typedef {import('./work.js').Side} Side */
/** @typedef {import('./outcome.js').Counts} Counts */

/** Hours that are offered. */
const HOURS = [1, 6, 24];
/** How far the trial has come is asked for so often, ms. */
const PROGRESS_MS = 500;
/** Most alerts and rules listed; the rest is counted. */
const MOST_ROWS = 100;
const MOST_RULES = 12;
/** The picture of the hours is so large for itself. */
const WIDTH = 480;
const HEIGHT = 90;
const FOOT = 14;
/** A record of less than this share of the hours asked for is told to be short. */
const WHOLE = 0.9;
const WAYS = /** @type {const} */ (['come', 'go', 'move']);
export class TrialPanel {
  /** @param {import('./work.js').Work} work @param {import('./marks.js').Marks} marks @param {{changed: () => void, visit: (place: [number, number]) => void}} does */
  constructor(work, marks, does) {
    this.work = work;
    this.marks = marks;
    this.does = does;
    this.hours = HOURS[1];
    /** @type {AbortController | null} */
    this.running = null;
    /** How far it has come, as the service tells: hours of traffic still to be played, and the share of all that is done. */
    this.progress = { left_h: 0, share: 0 };
    this.failure = '';
    /** Which of the alerts are listed. @type {Set<Way>} */
    this.ways = new Set(WAYS);
  }

  /** @param {Side} part tries its draft */
  async run(part) {
    const { work } = this;
    const running = new AbortController();
    this.running = running;
    this.failure = '';
    this.progress = { left_h: this.hours, share: 0 };
    this.shown(null);
    const timer = setInterval(() => this.ask(), PROGRESS_MS);
    try {
      await work.attempt(part, this.hours, running.signal);
      this.shown(work.trial);
    } catch (error) {
      const { message, problem } = /** @type {import('../api.js').Refusal} */ (error);
      if (!running.signal.aborted) this.failure = problem ? `${word('problem', problem)} (${message})` : message;
    }
    clearInterval(timer);
    this.running = null;
    this.does.changed();
  }

  /** Asks how far it has come. */
  async ask() {
    try {
      const progress = await get('/rules/dry_run');
      if (progress.running) this.progress = progress;
      this.does.changed();
    } catch {
      // The answer of the trial itself tells what is wrong.
    }
  }

  /** A client that hangs up ends its trial. */
  cancel() {
    this.running?.abort();
  }

  /** @param {import('./work.js').Trial | null} trial */
  shown(trial) {
    this.work.trial = trial;
    this.marks.pick(null);
    this.marks.show(trial ? marksOf(trial.outcome).filter(({ way }) => this.ways.has(way)) : []);
    this.does.changed();
  }

  /** @param {Mark} mark */
  pick(mark) {
    this.marks.pick(mark.key);
    this.does.changed();
    byId('trial').querySelector('[aria-current="true"]')?.scrollIntoView({ block: 'nearest' });
  }

  /** @param {Side} part */
  update(part) {
    const { trial } = this.work;
    render(
      html`${this.running ? this.waiting() : nothing}
        ${this.failure ? html`<p class="failure" role="alert">${said(this.failure)}</p>${faultList(this.work.faults)}` : nothing}
        ${trial && trial.part === part ? this.result(trial) : nothing}`,
      byId('trial'),
    );
    byId('trial').hidden = !this.running && !this.failure && trial?.part !== part;
  }

  /** @param {(hours: number) => void} picked @returns {Part} how many hours are tried */
  offer(picked) {
    return html`<select id="trial-hours" aria-label=${t('trial.hours')} @change=${(/** @type {Event} */ event) => picked(Number(/** @type {HTMLSelectElement} */ (event.target).value))}>${choices(HOURS.map((hours) => /** @type {[string, string]} */ ([String(hours), t('trial.last', { hours })])), String(this.hours))}</select>`;
  }

  /** @returns {Part} */
  waiting() {
    return html`<p class="row-actions" role="status"><label>${t('trial.running', { left: number(this.progress.left_h, 1) })} <progress max="1" value=${this.progress.share}></progress></label>
      <button type="button" data-act="cancel" @click=${() => this.cancel()}>${t('cancel')}</button></p>`;
  }

  /** @param {import('./work.js').Trial} trial @returns {Part} */
  result(trial) {
    const { outcome, refused } = trial;
    return html`<div class="trial-head" role="status">
        <h2>${t('trial.title', { hours: number(outcome.hours, 1) })}</h2>
        <p>${t('trial.counts', { before: outcome.baseline.alerts, after: outcome.proposed.alerts })}</p>
        ${this.work.tried(trial.part) ? nothing : html`<p class="tag care">${t('trial.stale')}</p>`}
        ${outcome.hours < trial.hours * WHOLE ? html`<p class="small">${t('trial.short', { hours: trial.hours })}</p>` : nothing}
      </div>
      ${trial.shadows > 0 ? html`<p class="small">${t('trial.shadows', { n: trial.shadows })}</p>` : nothing}
      ${refused ? refusal(this.work, refused, outcome) : nothing}
      ${this.flags(outcome)}
      <div class="trial-figures">${budget(outcome)}${this.hourly(outcome)}</div>
      ${this.rulesTable(outcome)}
      ${this.alerts(outcome)}`;
  }

  /** Rules that the draft changes and that match everything or nothing. @param {any} outcome @returns {Part | typeof nothing} */
  flags(outcome) {
    const own = outcome.flags.filter((/** @type {any} */ flag) => flag.matches === 'everything' || this.work.rules.changes.has(flag.rule));
    if (own.length === 0) return nothing;
    return html`<ul>${own.slice(0, MOST_RULES).map((/** @type {any} */ flag) => html`<li class="tag care">${said(ruleWords(this.work, flag.rule))}: ${word('matches', flag.matches)}</li>`)}</ul>`;
  }

  /** Alerts an hour, before and after. @param {any} outcome @returns {Part} */
  hourly(outcome) {
    const { local } = this.work.page.clock;
    const hours = hoursOf(outcome.by_hour, local.clock(Date.parse(outcome.from)).slice(0, 2));
    const most = Math.max(1, ...hours.flatMap(([, counts]) => [counts.baseline, counts.proposed]));
    const room = WIDTH / Math.max(1, hours.length);
    const wide = Math.min(16, room / 3);
    const tall = (/** @type {number} */ count) => ((HEIGHT - FOOT - 12) * count) / most;
    const words = hours.map(([hour, { baseline, proposed }]) => t('trial.hour', { hour, before: baseline, after: proposed })).join('; ');
    return html`<figure class="hourly"><figcaption>${t('trial.hourly')} <span class="key before"></span>${t('compare.before')} <span class="key after"></span>${t('compare.after')}</figcaption>
      <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label=${words || t('trial.none')}>
        ${hours.map(([hour, { baseline, proposed }], at) => {
          const x = at * room + room / 2;
          const foot = HEIGHT - FOOT;
          return svg`<rect class="before" x=${x - wide} y=${foot - tall(baseline)} width=${wide - 1} height=${tall(baseline)}></rect>
            <rect class="after" x=${x} y=${foot - tall(proposed)} width=${wide - 1} height=${tall(proposed)}></rect>
            <text x=${x} y=${HEIGHT - 2} text-anchor="middle">${hour}</text><text x=${x} y=${foot - tall(Math.max(baseline, proposed)) - 3} text-anchor="middle">${baseline === proposed ? baseline : `${baseline}→${proposed}`}</text>`;
        })}
      </svg></figure>`;
  }

  /** @param {any} outcome @returns {Part | typeof nothing} the rules whose alerts differ */
  rulesTable(outcome) {
    const rows = Object.entries(/** @type {Record<string, Counts>} */ (outcome.by_rule)).filter(([, { come, go, move }]) => come + go + move > 0);
    if (rows.length === 0) return html`<p class="empty">${t('trial.same')}</p>`;
    return html`<table class="figures"><thead><tr><th scope="col">${t('alert.rule.name')}</th><th scope="col">${t('compare.before')}</th><th scope="col">${t('compare.after')}</th>${WAYS.map((way) => html`<th scope="col">${icon(SHAPES[way], 'way', way !== 'come')} ${word('way', way)}</th>`)}</tr></thead>
      <tbody>${rows.slice(0, MOST_RULES).map(([id, counts]) => html`<tr><th scope="row">${said(ruleWords(this.work, id))}</th><td>${counts.baseline}</td><td>${counts.proposed}</td>${WAYS.map((way) => html`<td>${counts[way] || ''}</td>`)}</tr>`)}</tbody></table>`;
  }

  /** @param {any} outcome @returns {Part | typeof nothing} one by one, each shown on the chart */
  alerts(outcome) {
    const all = marksOf(outcome);
    if (all.length === 0) return nothing;
    const listed = all.filter(({ way }) => this.ways.has(way));
    const turn = (/** @type {Way} */ way) => {
      if (!this.ways.delete(way)) this.ways.add(way);
      this.marks.show(all.filter((mark) => this.ways.has(mark.way)));
      this.does.changed();
    };
    return html`<p class="row-actions" role="group" aria-label=${t('trial.ways')}>${WAYS.map((way) => html`<button type="button" aria-pressed=${String(this.ways.has(way))} data-way=${way} @click=${() => turn(way)}>${word('way', way)} ${all.filter((mark) => mark.way === way).length}</button>`)}</p>
      <ul class="trial-alerts">${listed.slice(0, MOST_ROWS).map((mark) => this.row(mark))}${listed.length > MOST_ROWS ? html`<li class="empty">${t('alerts.rest', { n: listed.length - MOST_ROWS })}</li>` : nothing}</ul>`;
  }

  /** @param {Mark} mark @returns {Part} */
  row(mark) {
    const { page } = this.work;
    const { way, key, alert } = mark;
    const who = alert.mmsi === null ? alert.reason ?? t('subject.service') : `${page.name(alert.mmsi)}${alert.other_mmsi === null ? '' : `, ${mmsiText(alert.other_mmsi)}`}`;
    const shift = way === 'move' ? ` ${t(alert.shift_s < 0 ? 'trial.earlier' : 'trial.later', { s: Math.abs(Math.round(alert.shift_s)) })}` : '';
    const go = () => {
      this.marks.pick(key);
      if (alert.position) this.does.visit(alert.position);
      this.does.changed();
    };
    return html`<li><button type="button" aria-current=${String(this.marks.picked === key)} @click=${go}>
      ${icon(SHAPES[way], 'way', way !== 'come')} <strong>${word('way', way)}</strong> <span class="age">${page.clock.at(alert.raised)}</span> ${said(ruleWords(this.work, alert.rule))} · ${said(who)}${alert.zone ? html` · ${said(selectorWords(this.work, alert.zone))}` : nothing}${shift}
    </button></li>`;
  }
}

/** @param {any} outcome @returns {string} */
function budgetWords({ baseline, proposed, alerts_per_hour: most, operators }) {
  return t('trial.budget', { before: number(baseline.alerts_per_hour_and_operator, 1), after: number(proposed.alerts_per_hour_and_operator, 1), most, times: number(proposed.times_budget, 1), operators });
}

/** What operators can take, and what they would have to. @param {any} outcome @returns {Part} */
function budget({ baseline, proposed, alerts_per_hour: most, operators }) {
  const top = Math.max(most * 1.25, baseline.alerts_per_hour_and_operator, proposed.alerts_per_hour_and_operator);
  const share = (/** @type {number} */ value) => Math.min(WIDTH, (value / top) * WIDTH);
  const row = (/** @type {string} */ look, /** @type {any} */ load, /** @type {number} */ y) => svg`<rect class=${look} x="0" y=${y} width=${share(load.alerts_per_hour_and_operator)} height="14"></rect>`;
  const words = budgetWords({ baseline, proposed, alerts_per_hour: most, operators });
  return html`<figure class="budget"><figcaption class=${proposed.times_budget > 1 ? 'over' : ''}>${words}</figcaption>
    <svg viewBox="0 0 ${WIDTH} 40" preserveAspectRatio="none" role="img" aria-label=${words}>${row('before', baseline, 3)}${row('after', proposed, 21)}${svg`<rect class="most" x=${share(most) - 1.5} y="0" width="3" height="40"></rect>`}</svg></figure>`;
}

/** What the service found wrong, in its words. @param {import('../api.js').Wrong[]} faults @returns {Part} */
export function faultList(faults) {
  return html`<ul class="faults">${faults.slice(0, MOST_ROWS).map(({ where, what, want }) => html`<li lang="en"><code>${where}</code> ${what}. ${want}</li>`)}</ul>`;
}

/** Why a change is saved by force only: in figures if it was tried, and in the service's words. @param {import('./work.js').Work} work @param {import('../api.js').Wrong[]} errors @param {any} outcome of a trial, else null @returns {Part} */
export function refusal(work, errors, outcome) {
  const everything = outcome?.flags.filter((/** @type {any} */ flag) => flag.matches === 'everything') ?? [];
  return html`<div class="refusal"><p><strong>${t('refused.title')}</strong> ${t('refused.why')}</p>
    ${outcome ? html`<p>${t('trial.title', { hours: number(outcome.hours, 1) })}: ${t('trial.counts', { before: outcome.baseline.alerts, after: outcome.proposed.alerts })}. ${budgetWords(outcome)}</p>` : nothing}
    <ul>${everything.slice(0, MOST_RULES).map((/** @type {any} */ flag) => html`<li><strong>${said(ruleWords(work, flag.rule))}</strong>: ${word('matches', flag.matches)}</li>`)}</ul>
    ${faultList(errors)}</div>`;
}
