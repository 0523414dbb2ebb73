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
/** @param {string} path @param {RequestInit} [options] @returns {Promise<any>} the answer; throws with the problem's words */
async function request(path, options = {}) {
  const answer = await fetch(`/api/v1${path}`, { cache: 'no-store', signal: AbortSignal.timeout(REQUEST_MS), ...options });
  const body = await answer.json().catch(() => null);
  if (!answer.ok) {
    const wants = (body?.errors ?? []).map((/** @type {any} */ e) => e.what).filter(Boolean).join('; ');
    const told = [body?.title ?? `HTTP ${answer.status}`, body?.detail, wants].filter(Boolean).join(': ');
    throw Object.assign(new Error(told), { status: answer.status });
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

/** @param {string} path @param {object} body @returns {Promise<any>} */
function post(path, body) {
  return request(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': idempotencyKey() },
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
