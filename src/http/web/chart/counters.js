// What the chart did and what it cost, for tests and benchmarks.

export class Counters {
  constructor() {
    /** Frames drawn, and how many of them drew the ground anew. */
    this.frames = 0;
    this.groundFrames = 0;
    /** Of the last frame: vessels and names drawn, script time in ms. */
    this.targets = 0;
    this.labels = 0;
    this.frameMs = 0;
    /** Script time of all frames, ms. */
    this.drawMs = 0;
    /** When the first frame with coast and vessels was drawn, ms after the page was asked for; 0 before. */
    this.firstChartMs = 0;
    /** Bytes that came over the network, heads of answers included, but for the stream of events. */
    this.transferBytes = 0;
    /** Answers they came in. */
    this.transfers = 0;
    if (typeof PerformanceObserver === 'undefined') return;
    new PerformanceObserver((list) => list.getEntries().forEach((entry) => this.transferred(entry))).observe({ type: 'resource', buffered: true });
    performance.getEntriesByType('navigation').forEach((entry) => this.transferred(entry));
  }

  /** @param {PerformanceEntry} entry */
  transferred(entry) {
    this.transferBytes += /** @type {PerformanceResourceTiming} */ (entry).transferSize;
    this.transfers += 1;
  }

  /** @param {number} ms what the frame took @param {boolean} whole coast and vessels were there */
  frame(ms, whole) {
    this.frames += 1;
    this.frameMs = ms;
    this.drawMs += ms;
    if (whole && this.firstChartMs === 0) this.firstChartMs = performance.now();
  }
}
