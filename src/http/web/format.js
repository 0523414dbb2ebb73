// Numbers, times and radio text as the page shows them. Pure.

/** What stands where a value is not reported. */
export const NONE = '—';

/**
 * Text off the radio or a file, fit to be shown: no control or direction-changing characters, no AIS padding.
 * @param {unknown} text @returns {string}
 */
export function plain(text) {
  if (text === null || text === undefined) return '';
  return String(text)
    .replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g, '')
    .replace(/@+$/, '')
    .trim();
}

/** @param {number} mmsi @returns {string} nine figures: a base station's begins with zeros */
export function mmsiText(mmsi) {
  return String(mmsi).padStart(9, '0');
}

/** @param {unknown} text @returns {string} the text, or a dash for none */
export function orNone(text) {
  return plain(text) || NONE;
}

/** @param {number | null | undefined} value @param {number} digits @param {string} [unit] @returns {string} */
export function number(value, digits, unit = '') {
  if (value === null || value === undefined || !Number.isFinite(value)) return NONE;
  return value.toFixed(digits) + (unit && (unit === '°' ? unit : `\u00a0${unit}`));
}

/** @param {number | null | undefined} degrees @returns {string} three figures, as a mariner says a bearing */
export function bearing(degrees) {
  if (degrees === null || degrees === undefined || !Number.isFinite(degrees)) return NONE;
  const whole = Math.round(degrees) % 360;
  return `${String(whole).padStart(3, '0')}°`;
}

/** @param {string | null | undefined} time RFC 3339 @param {number} now ms @returns {number | null} seconds ago, never under 0 */
export function ageSeconds(time, now) {
  if (!time) return null;
  const at = Date.parse(time);
  return Number.isNaN(at) ? null : Math.max(0, Math.floor((now - at) / 1000));
}

/**
 * @param {number | null} seconds
 * @param {{s: string, min: string, h: string, d: string}} units words of the language
 * @returns {string} `42 s`, `3 min`, `2 h 05 min`, `3 d`
 */
export function duration(seconds, units) {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return NONE;
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 100) return `${whole}\u00a0${units.s}`;
  if (whole < 5400) return `${Math.floor(whole / 60)}\u00a0${units.min}`;
  const hours = Math.floor(whole / 3600);
  if (hours < 48) return `${hours}\u00a0${units.h}\u00a0${String(Math.floor((whole % 3600) / 60)).padStart(2, '0')}\u00a0${units.min}`;
  return `${Math.floor(hours / 24)}\u00a0${units.d}`;
}

/** @param {number} value @param {string} positive @param {string} negative @param {number} width digits of the degrees */
function degreesMinutes(value, positive, negative, width) {
  const thousandths = Math.round(Math.abs(value) * 60000);
  const degrees = String(Math.floor(thousandths / 60000)).padStart(width, '0');
  const minutes = ((thousandths % 60000) / 1000).toFixed(3).padStart(6, '0');
  return `${degrees}°${minutes}′${value < 0 ? negative : positive}`;
}

/** @param {[number, number] | null | undefined} point @returns {string} degrees and minutes, latitude first */
export function position(point) {
  if (!point) return NONE;
  return `${degreesMinutes(point[1], 'N', 'S', 2)} ${degreesMinutes(point[0], 'E', 'W', 3)}`;
}

/**
 * Clocks of one time zone, in 24 hours.
 * @param {string} timeZone IANA name; an unknown one falls back to UTC
 * @returns {{clock: (ms: number) => string, stamp: (ms: number) => string}}
 */
export function clocks(timeZone) {
  /** @type {Intl.DateTimeFormatOptions} */
  const base = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23', timeZone };
  /** @param {Intl.DateTimeFormatOptions} options */
  const make = (options) => {
    try {
      return new Intl.DateTimeFormat('sv-SE', options);
    } catch {
      return new Intl.DateTimeFormat('sv-SE', { ...options, timeZone: 'UTC' });
    }
  };
  const clock = make(base);
  const stamp = make({ ...base, year: 'numeric', month: '2-digit', day: '2-digit' });
  return { clock: (ms) => clock.format(ms), stamp: (ms) => stamp.format(ms) };
}

/**
 * An ETA as AIS sends it: month, day, hour, minute, each of which may be missing.
 * @param {unknown} eta @returns {string}
 */
export function eta(eta) {
  if (!eta) return NONE;
  if (typeof eta === 'string') return /^\d{4}-.*Z$/.test(eta) ? `${eta.slice(5, 16).replace('T', ' ')} UTC` : plain(eta);
  const { month, day, hour, minute } = /** @type {Record<string, number | null>} */ (eta);
  /** @param {number | null | undefined} n */
  const two = (n) => (n === null || n === undefined ? '--' : String(n).padStart(2, '0'));
  return `${two(month)}-${two(day)} ${two(hour)}:${two(minute)} UTC`;
}

/**
 * A measured value with its unit, as alerts carry them.
 * @param {number} value @param {string | null} unit
 * @param {{s: string, min: string, h: string, d: string}} units @returns {string}
 */
export function measured(value, unit, units) {
  if (unit === 's') return duration(value, units);
  const digits = unit === 'NM' ? 2 : unit === 'm/s' ? 2 : unit === null ? 2 : 1;
  const text = unit === null ? String(Number(value.toFixed(digits))) : value.toFixed(digits);
  if (unit === 'deg') return `${text}°`;
  return unit ? `${text}\u00a0${unit}` : text;
}
