//! What a service held and how it answered while it ran, moment by moment, as figures and as curves.

use std::fmt::Write;
use std::time::Duration;

/// One look at the service.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Seconds since the first.
    pub at_s: f64,
    pub resident_bytes: u64,
    pub files: usize,
    /// How long `/healthz` took.
    pub answer: Duration,
    /// Lines counted since the start, dropped ones included.
    pub lines: u64,
}

/// A curve: its name, and its value at a look and the one before.
type Curve = (&'static str, fn(&Look, &Look) -> f64);

const CURVES: [Curve; 4] = [
    ("resident memory, MB", |look, _| look.resident_bytes as f64 / 1e6),
    ("open files", |look, _| look.files as f64),
    ("/healthz, ms", |look, _| look.answer.as_secs_f64() * 1e3),
    ("lines counted, 1000/s", |look, before| {
        (look.lines - before.lines) as f64 / (look.at_s - before.at_s) / 1e3
    }),
];
/// Points of a curve.
const DRAWN: usize = 240;
const WIDTH: f64 = 700.0;
const HEIGHT: f64 = 120.0;
const LEFT: f64 = 50.0;

/// So many looks at most, evenly spread, each with the slowest answer since the one before.
fn thinned(looks: &[Look], most: usize) -> Vec<Look> {
    let parts = looks.chunks(looks.len().div_ceil(most).max(1));
    let look = |part: &[Look]| {
        let answer = part.iter().map(|look| look.answer).max()?;
        Some(Look {
            answer,
            ..*part.last()?
        })
    };
    parts.filter_map(look).collect()
}

/// The curves one below the other over the minutes of the run, as SVG.
pub fn plot(looks: &[Look]) -> String {
    let looks = thinned(looks, DRAWN);
    let minutes = looks.last().map_or(1.0, |last| last.at_s / 60.0);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {}\" font-family=\"sans-serif\" font-size=\"12\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n",
        LEFT + WIDTH + 20.0,
        (HEIGHT + 40.0) * CURVES.len() as f64
    );
    for (n, (name, value)) in CURVES.iter().enumerate() {
        let values: Vec<(f64, f64)> = looks
            .windows(2)
            .map(|pair| (pair[1].at_s / 60.0, value(&pair[1], &pair[0])))
            .collect();
        let most = values.iter().map(|(_, value)| *value).fold(1.0, f64::max);
        let bottom = (HEIGHT + 40.0) * n as f64 + 20.0 + HEIGHT;
        let points: Vec<String> = values
            .iter()
            .map(|(minute, value)| {
                let (x, y) = (LEFT + WIDTH * minute / minutes, bottom - HEIGHT * value / most);
                format!("{x:.1},{y:.1}")
            })
            .collect();
        let right = LEFT + WIDTH;
        let _ = write!(
            svg,
            "<path d=\"M{LEFT} {bottom}H{right}M{LEFT} {top}H{right}\" stroke=\"#ccc\"/>\
             <text x=\"8\" y=\"{bottom}\">0</text><text x=\"8\" y=\"{top}\">{most:.0}</text>\
             <text x=\"{LEFT}\" y=\"{above}\">{name}, over {minutes:.0} minutes</text>\n\
             <polyline points=\"{points}\" fill=\"none\" stroke=\"#0a5\"/>\n",
            top = bottom - HEIGHT,
            above = bottom - HEIGHT - 6.0,
            points = points.join(" "),
        );
    }
    svg + "</svg>\n"
}

/// The same in so many rows of figures, each with the slowest answer since the row before.
pub fn table(looks: &[Look], rows: usize) -> String {
    let mut table = String::from(
        "| minute | resident, MB | open files | slowest answer, ms | lines counted |\n|---|---|---|---|---|\n",
    );
    for look in thinned(looks, rows) {
        let _ = writeln!(
            table,
            "| {:.1} | {:.1} | {} | {:.1} | {} |",
            look.at_s / 60.0,
            look.resident_bytes as f64 / 1e6,
            look.files,
            look.answer.as_secs_f64() * 1e3,
            look.lines
        );
    }
    table
}
