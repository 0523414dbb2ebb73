// In the page: a crowd of made-up vessels in a store of its own, handed to the chart in place of the live one.
globalThis.crowd = (() => {
  const { chart, picture: live } = globalThis.harborwatch;
  const CLASSES = ['cargo', 'tanker', 'ferry', 'fishing', 'sand_carrier', 'patrol', 'state', 'other'];
  const FIRST = 412000000;
  const BATCH_MS = 100;
  /** Vessels report so often on a watch, and so many leave for others each hour. */
  const REPORT_S = 10;
  const CHANGING = 200;
  let picture = live;
  let timer;
  let seed = 1;
  const chance = () => (seed = (seed * 16807) % 2147483647) / 2147483647;

  const vessel = (i) => ({
    mmsi: FIRST + i, class: CLASSES[i % 8], kind: 'ship', ais_class: 'A', name: `CROWD ${i}`, name_zh: null, call_sign: null, imo: null, flag: null,
    ship_type: 70, length_m: 20 + (i % 200), beam_m: 10, dims_m: [10 + (i % 100), 10 + (i % 100), 5, 5], position: [118 + 0.75 * chance(), 24.2 + 0.5 * chance()],
    sog_kn: i % 4 ? 4 + 10 * chance() : 0, cog_deg: 360 * chance(), heading_deg: i % 3 ? Math.floor(360 * chance()) : null, rot_deg_min: null, nav_status: 0,
    draught_m: null, destination: null, eta: null, zones: [], state: i % 50 ? 'live' : 'lost', position_time: new Date().toISOString(), static_time: null,
    first_heard: null, feed: null, source: null, alerts: [], simulated: true,
  });
  const alert = (i) => ({
    alert: `crowd-${FIRST + i}`, rule: 'crowd', kind: 'speed_limit', priority: i % 300 ? 'alarm' : 'warning', state: i % 200 ? 'acknowledged' : 'active', mmsi: FIRST + i,
    other_mmsi: null, zone: null, shelved_until: null, shadow: false, raised: new Date().toISOString(),
  });
  const move = (v) => ({ ...v, position: [v.position[0] + 1e-5, v.position[1]] });

  /** So many of them report, in turn. */
  let turn = 0;
  const report = (count) => {
    const all = [...picture.vessels.values()];
    const changed = Array.from({ length: count }, () => move(all[turn++ % all.length]));
    picture.applyVessels({ changed });
    chart.invalidate();
  };

  /** Acts before every frame, for so long, and tells what the frames were. */
  const frames = (seconds, act) => {
    const { counters } = chart;
    const { frames: before, drawMs } = counters;
    const from = performance.now();
    return new Promise((done) => {
      const step = () => {
        const t = (performance.now() - from) / 1000;
        act(t);
        if (t < seconds) requestAnimationFrame(step);
        else done({ frames: counters.frames - before, seconds: t, script: (counters.drawMs - drawMs) / (counters.frames - before), targets: counters.targets, labels: counters.labels });
      };
      requestAnimationFrame(step);
    });
  };

  return {
    enter(vessels, updatesASecond) {
      clearInterval(timer);
      picture = new live.constructor();
      const indices = Array.from({ length: vessels }, (_, i) => i);
      picture.replace(indices.map(vessel), indices.filter((i) => i % 100 === 0).map(alert), []);
      chart.picture = picture;
      chart.visible = () => true;
      chart.home();
      if (updatesASecond > 0) timer = setInterval(() => report((updatesASecond * BATCH_MS) / 1000), BATCH_MS);
    },

    /** As a hand drags the chart: another view before every frame. */
    pan(seconds) {
      chart.home();
      const { view } = chart;
      return frames(seconds, (t) => {
        chart.view = { ...view, cx: view.cx + (Math.sin(t) * 200) / view.scale, cy: view.cy + (Math.sin(0.7 * t) * 100) / view.scale };
      });
    },

    /** Everything but the ground drawn anew with every frame, as after a report from each vessel. */
    redraw(seconds) {
      chart.home();
      return frames(seconds, () => chart.invalidate(false, true));
    },

    /** An hour's reports, alerts that come and go, vessels that leave for others, a view now and then: as fast as it goes. */
    async hour() {
      const vessels = picture.vessels.size;
      for (let second = 0; second < 3600; second += REPORT_S) {
        report(vessels);
        for (const i of [second % vessels, (second + 7) % vessels]) picture.applyAlert({ ...alert(i), state: second % 3 ? 'active' : 'closed' });
        const gone = [...picture.vessels.keys()].slice(0, Math.ceil((CHANGING * REPORT_S) / 3600));
        picture.applyVessels({ removed: gone, changed: gone.map((mmsi) => vessel(mmsi - FIRST + vessels)) });
        if (second % 600 === 0) chart.zoom(chance() < 0.5 ? 1.5 : 1 / 1.5);
        chart.map.renderSync();
        if (second % 300 === 0) await new Promise((done) => setTimeout(done));
      }
    },
  };
})();
