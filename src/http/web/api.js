// What the page asks of the server, and the orders it gives.

/**
 * @typedef {import('./shapes.js').Alert} Alert
 * @typedef {import('./shapes.js').Explanation} Explanation
 * @typedef {import('./shapes.js').Shelf} Shelf
 */

/** A request that takes longer counts as failed, ms. */
const REQUEST_MS = 8000;
/** The same of ten minutes of the past, which may have to be played from the journal first, ms. */
const BLOCK_MS = 20_000;
/** A change of rules or zones is tried on hours of traffic first, ms. */
const TRIAL_MS = 600_000;

/** What was wrong in a request. @typedef {{where: string, what: string, want: string}} Wrong */
/** A refusal, with the problem document's name and errors. @typedef {Error & {status: number, problem: string, errors: Wrong[]}} Refusal */

/** @param {string} path @param {RequestInit} [options] @returns {Promise<any>} the answer; throws a `Refusal` */
async function request(path, options = {}) {
  const answer = await fetch(`/api/v1${path}`, { cache: 'no-store', signal: AbortSignal.timeout(REQUEST_MS), ...options });
  const body = await answer.json().catch(() => null);
  if (!answer.ok) {
    const wants = (body?.errors ?? []).map((/** @type {any} */ e) => e.what).filter(Boolean).join('; ');
    const told = [body?.title ?? `HTTP ${answer.status}`, body?.detail, wants].filter(Boolean).join(': ');
    const problem = String(body?.type ?? '').split('/').pop();
    throw Object.assign(new Error(told), { status: answer.status, problem, errors: body?.errors ?? [] });
  }
  return body;
}

/** @param {string} path @param {string} [accept] @param {number} [waitMs] @returns {Promise<any>} */
export function get(path, accept = 'application/json', waitMs = REQUEST_MS) {
  return request(path, { headers: { accept }, signal: AbortSignal.timeout(waitMs) });
}

/** All pages of a list. @param {string} path @returns {Promise<{now: string, items: any[]}>} */
export async function getAll(path) {
  const first = await get(path);
  const items = [...first.items];
  let cursor = first.next_cursor;
  while (cursor) {
    const join = path.includes('?') ? '&' : '?';
    const page = await get(`${path}${join}cursor=${encodeURIComponent(cursor)}`);
    items.push(...page.items);
    cursor = page.next_cursor;
  }
  return { now: first.now, items };
}

/** @returns {string} a key that makes a repeated post happen once */
function idempotencyKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** @param {string} path @param {object} body @param {Record<string, string>} [headers] more of them @returns {Promise<any>} */
function post(path, body, headers = {}) {
  return request(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': idempotencyKey(), ...headers },
    body: JSON.stringify(body),
  });
}

/** @param {string} alert identity @param {string} by @param {string} comment @returns {Promise<Alert>} the alert as it stands */
export function acknowledge(alert, by, comment) {
  return post(`/alerts/${encodeURIComponent(alert)}/acknowledge`, { comment: comment || null, by: by || null });
}

/** @param {string} alert identity @param {string} verdict true, nuisance or unsure @returns {Promise<Alert>} the alert as it stands */
export function assess(alert, verdict) {
  return post(`/alerts/${encodeURIComponent(alert)}/verdict`, { verdict });
}

/** @param {number} mmsi @param {string} [rule] that one only @returns {Promise<Explanation[]>} why rules hold for a vessel, or do not */
export async function explain(mmsi, rule) {
  const query = rule === undefined ? '' : `?rule=${encodeURIComponent(rule)}`;
  return get(`/vessels/${mmsi}/explain${query}`);
}

/** @param {{mmsi: number | null, rule: string | null, until: string, reason: string, by: string | null}} wanted @returns {Promise<Shelf>} */
export function shelve(wanted) {
  return post('/shelves', wanted);
}

/** @param {string} start RFC 3339 @returns {Promise<import('./shapes.js').Block>} ten minutes of the past; the browser keeps those that are over */
export function block(start) {
  return request(`/history/blocks/${start}`, { cache: 'default', signal: AbortSignal.timeout(BLOCK_MS) });
}

/** @param {number} id of a shelf @returns {Promise<any>} */
export function unshelve(id) {
  return request(`/shelves/${id}`, { method: 'DELETE', headers: { 'idempotency-key': idempotencyKey() } });
}

/** What becomes of all rules or zones. @typedef {{reason: string, author: string, items: any[], minutes?: Record<string, string>}} Change */

/**
 * Has these rules or zones stand, or tries only what they would have done.
 * @param {'rules' | 'zones'} part @param {Change} change @param {string} tag of what was read
 * @param {{dry_run_h?: number, save: boolean, force?: boolean}} manner @param {AbortSignal} [signal] ends a trial
 * @returns {Promise<any>} `version`, what differs, `dry_run`, `refused`
 */
export function put(part, change, tag, manner, signal) {
  const query = new URLSearchParams(Object.entries(manner).map(([name, value]) => [name, String(value)]));
  const limit = AbortSignal.timeout(TRIAL_MS);
  return request(`/${part}?${query}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json', 'if-match': tag, 'idempotency-key': idempotencyKey() },
    body: JSON.stringify(change),
    signal: signal ? AbortSignal.any([signal, limit]) : limit,
  });
}

/** @param {{version: number, reason: string, author: string}} asked @param {string} tag of what was read @returns {Promise<{version: number}>} an earlier version stands again, as this one */
export function rollBack(asked, tag) {
  return post('/rules/rollback', asked, { 'if-match': tag });
}
