// Moments as the replay bar writes and reads them: local time of the site, 24 hours. Pure.

/** @typedef {(ms: number) => string} Stamp local time as `YYYY-MM-DD HH:MM:SS` */

/** @param {string} stamp `YYYY-MM-DD HH:MM:SS` @returns {number} ms, as if it were UTC */
function asUtc(stamp) {
  return Date.parse(`${stamp.replace(' ', 'T')}Z`);
}

/**
 * @param {string} text `YYYY-MM-DD HH:MM`, with seconds or without, or a time of day alone, which is of the day of `near`
 * @param {Stamp} stamp of the site @param {number} near ms
 * @returns {number | null} ms; null where the text is no moment
 */
export function momentOf(text, stamp, near) {
  const parts = /^(?:(\d{4}-\d{2}-\d{2})[ T]+)?(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text.trim());
  if (!parts) return null;
  const [, date = stamp(near).slice(0, 10), hours, minutes, seconds = '00'] = parts;
  const wanted = asUtc(`${date} ${hours.padStart(2, '0')}:${minutes}:${seconds}`);
  if (Number.isNaN(wanted)) return null;
  // The zone's offset then is found by what it writes; twice, for the hour in which it changes.
  const once = wanted - (asUtc(stamp(wanted)) - wanted);
  return once + (wanted - asUtc(stamp(once)));
}

/** @param {number} ms @returns {string} RFC 3339 as the addresses of blocks have it */
export function iso(ms) {
  return new Date(ms).toISOString();
}

/** @param {number} ms @returns {string} a moment in the name of a file */
export function inName(ms) {
  return `${iso(ms).slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
}
