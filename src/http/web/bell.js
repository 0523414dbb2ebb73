// The sounds themselves, made in the browser: a browser gives none before somebody has touched the page.

/** @typedef {import('./sound.js').Tone} Tone */

/** Each tone as pulses: frequency in Hz, begin and length in s. Told apart by number and pitch. @type {Record<Tone, [number, number, number][]>} */
const TONES = {
  emergency: [[1000, 0, 0.22], [700, 0.24, 0.22], [1000, 0.48, 0.22], [700, 0.72, 0.22], [1000, 0.96, 0.22], [700, 1.2, 0.22]],
  alarm: [[880, 0, 0.25], [880, 0.4, 0.25], [880, 0.8, 0.25]],
  warning: [[587, 0, 0.3], [587, 0.5, 0.3]],
  lost: [[660, 0, 0.3], [495, 0.35, 0.3], [330, 0.7, 0.6]],
};
const LOUDNESS = 0.25;
/** A pulse swells and fades so long: without, it clicks, s. */
const EDGE_S = 0.02;

export class Bell {
  constructor() {
    /** @type {AudioContext | null} */
    this.context = null;
  }

  /** To be called by a touch of the page. */
  async unlock() {
    this.context ??= new AudioContext();
    await this.context.resume();
  }

  /** @returns {boolean} it can be heard */
  get ready() {
    return this.context?.state === 'running';
  }

  /** @param {Tone} tone */
  ring(tone) {
    const { context } = this;
    if (!context || !this.ready) return;
    for (const [frequency, begin, length] of TONES[tone]) {
      const from = context.currentTime + begin;
      const pitch = new OscillatorNode(context, { type: 'triangle', frequency });
      const level = new GainNode(context, { gain: 0 });
      level.gain.setValueAtTime(0, from);
      level.gain.linearRampToValueAtTime(LOUDNESS, from + EDGE_S);
      level.gain.setValueAtTime(LOUDNESS, from + length - EDGE_S);
      level.gain.linearRampToValueAtTime(0, from + length);
      pitch.connect(level).connect(context.destination);
      pitch.start(from);
      pitch.stop(from + length);
    }
  }
}
