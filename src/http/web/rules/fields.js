// The fields of a rule, from the kinds' own schema: what is typed becomes a value, or a reason why not. Pure.

/** As `/rules/kinds` tells it. @typedef {{name: string, type: string, unit: string | null, range: [number, number] | null, words: string[] | null, required: boolean, default: any, meaning: {zh: string, en: string}, source: string}} Parameter */
/** @typedef {{kind: string, message: {zh: string, en: string}, subject: string, zones: string | null, zones_required: boolean, momentary: boolean, default_classes: string[], parameters: Parameter[]}} Kind */
/** @typedef {{kinds: Map<string, Kind>, common: Parameter[], priorities: string[], modes: string[]}} Schema */
/** Which words tell what is wrong, and what they tell. @typedef {{why: string, values: Record<string, string | number>}} Wrong */
/** What was read; an undefined value is left out. @typedef {{value: any, wrong?: undefined} | {value?: undefined, wrong: Wrong}} Read */

const MMSI = /^\d{9}$/;
const TIME_OF_DAY = /^([01]\d|2[0-3]):[0-5]\d$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
/** Ids of rules and zones. */
const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** Filters of vessels, as RULES.md has them. @type {Parameter[]} */
export const FILTERS = [
  filter('classes', 'classes'), filter('not_classes', 'classes'), filter('mid', 'mids'), filter('mmsi', 'mmsis'), filter('not_mmsi', 'mmsis'),
  filter('min_length_m', 'number', 'm', [0, 1022]), filter('max_length_m', 'number', 'm', [0, 1022]), filter('nav_status', 'statuses'),
  { ...filter('ais_class', 'choice'), words: ['A', 'B'] },
];

/** @param {string} name @param {string} type @param {string | null} [unit] @param {[number, number] | null} [range] @returns {Parameter} */
function filter(name, type, unit = null, range = null) {
  return { name, type, unit, range, words: null, required: false, default: null, meaning: { zh: '', en: '' }, source: '' };
}

/** @param {Kind} kind @param {Schema} schema @returns {Parameter[]} its own numbers and those of every rule that it may have */
export function commonOf(kind, schema) {
  return schema.common.filter(({ name }) => !kind.momentary || name === 'escalate_s');
}

/** @param {Parameter} parameter @param {any} value @returns {string} as it is typed */
export function textOf({ type }, value) {
  if (value === null || value === undefined) return '';
  if (type === 'steps') return value.map((/** @type {number[]} */ step) => step.join(':')).join(', ');
  return Array.isArray(value) ? value.join(', ') : String(value);
}

/** @param {string} text @returns {string[]} */
function listed(text) {
  return text.split(/[,，、;\n]/).map((one) => one.trim()).filter(Boolean);
}

/** How each type is read; undefined: it is none of this type. @type {Record<string, (text: string) => any>} */
const READERS = {
  text: (text) => text,
  names: listed,
  mmsis: (text) => every(listed(text), (one) => (MMSI.test(one) ? Number(one) : undefined)),
  mids: (text) => every(listed(text), (one) => (Number(one) >= 201 && Number(one) <= 775 ? Number(one) : undefined)),
  steps: (text) => every(listed(text), step),
  time_of_day: (text) => (TIME_OF_DAY.test(text) ? text : undefined),
  date: (text) => (DATE.test(text) ? text : undefined),
};

/** @template T @param {string[]} list @param {(one: string) => T | undefined} read @returns {T[] | undefined} */
function every(list, read) {
  const values = list.map(read);
  return values.includes(undefined) ? undefined : /** @type {T[]} */ (values);
}

/** @param {string} text `500:5` @returns {number[] | undefined} */
function step(text) {
  const pair = text.split(':').map((part) => Number(part.trim() || NaN));
  return pair.length === 2 && pair.every((part) => part > 0) ? pair : undefined;
}

/** @param {Parameter} parameter @param {string} typed @returns {Read} */
export function valueOf(parameter, typed) {
  const text = typed.trim();
  if (text === '') return parameter.required ? { wrong: { why: 'missing', values: {} } } : { value: undefined };
  if (parameter.type === 'number') return numberOf(parameter, text);
  const value = READERS[parameter.type]?.(text);
  return value === undefined ? { wrong: { why: parameter.type, values: {} } } : { value };
}

/** @param {Parameter} parameter @param {string} text @returns {Read} */
function numberOf({ range, unit }, text) {
  const value = Number(text.replace(',', '.'));
  const [min, max] = range ?? [-Infinity, Infinity];
  if (Number.isFinite(value) && value >= min && value <= max) return { value };
  return { wrong: { why: 'range', values: { min, max, unit: unit ?? '' } } };
}

/** @param {string} id @param {(id: string) => boolean} taken @returns {string | null} which words tell what is wrong with it */
export function idFault(id, taken) {
  if (!ID.test(id)) return 'id';
  return taken(id) ? 'taken' : null;
}

/**
 * A rule with another value at a key, as in `vessels.classes`; undefined leaves it out.
 * @param {Record<string, any>} rule @param {string} key @param {any} value @returns {Record<string, any>}
 */
export function withValue(rule, key, value) {
  const [head, ...rest] = key.split('.');
  const inner = rest.length > 0 ? withValue(rule[head] ?? {}, rest.join('.'), value) : value;
  const empty = inner === undefined || (rest.length > 0 && Object.keys(inner).length === 0);
  const { [head]: _, ...others } = rule;
  return empty ? others : { ...others, [head]: inner };
}

/** @param {Record<string, any>} rule @param {string} key @returns {any} */
export function valueAt(rule, key) {
  return key.split('.').reduce((inner, part) => inner?.[part], /** @type {any} */ (rule));
}

/** A first draft of a rule: it tells nobody anything yet. @param {string} id @param {Kind} kind @returns {Record<string, any>} */
export function freshRule(id, kind) {
  const defaults = kind.parameters.filter((parameter) => parameter.default !== null).map((parameter) => [parameter.name, parameter.default]);
  return { id, kind: kind.kind, priority: 'warning', mode: 'shadow', message: { ...kind.message }, ...Object.fromEntries(defaults) };
}
