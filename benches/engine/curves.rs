//! How the cost of a sentence grows with vessels, zones, rules and watches.

use std::fmt::Write;

use crate::sea::Sea;
use crate::{PAIR_RULES, Run, kinmen, play, site, traffic};

/// One curve: what grows, and at each size nanoseconds of the judging thread for a sentence.
struct Curve {
    of: &'static str,
    points: Vec<(usize, f64)>,
}

/// Prints how the cost grows, and draws it into a file.
pub fn show(shrink: usize, plot_file: Option<&String>) {
    let curves = curves(shrink);
    for curve in &curves {
        println!("\n| {} | judging ns |\n|---|---|", curve.of);
        for (count, ns) in &curve.points {
            println!("| {count} | {ns:.0} |");
        }
    }
    if let Some(file) = plot_file {
        std::fs::write(file, plot(&curves)).expect("the plot's file can be written");
    }
}

fn curves(shrink: usize) -> Vec<Curve> {
    let ns = |run: Run| run.judging_ns();
    let vessels = [1_000, 5_000, 20_000, 50_000, 200_000, 500_000].map(|vessels| {
        let sea = Sea::of(vessels / shrink);
        let recording = sea.recording((400_000 / vessels).max(3));
        (
            sea.vessels,
            ns(play(&recording, sea.vessels, traffic(&mut || kinmen(PAIR_RULES), 1))),
        )
    });
    let sea = Sea::of(20_000 / shrink);
    let recording = sea.recording(15);
    let run = |zones: usize, rules: usize, watches: usize| {
        let (zones_text, rules_text) = (squares(zones), speed_rules(rules, zones));
        ns(play(
            &recording,
            sea.vessels,
            traffic(&mut || site(&zones_text, &rules_text), watches),
        ))
    };
    let zones = [10, 100, 1_000, 10_000].map(|zones| (zones, run(zones, 1, 1)));
    let rules = [1, 3, 10, 30, 100].map(|rules| (rules, run(1_000, rules, 1)));
    let watches = [1, 2, 5, 20].map(|watches| {
        let pairs = traffic(&mut || kinmen(PAIR_RULES), watches);
        (watches, ns(play(&recording, sea.vessels, pairs)))
    });
    vec![
        Curve {
            of: "vessels",
            points: vessels.into(),
        },
        Curve {
            of: "zones",
            points: zones.into(),
        },
        Curve {
            of: "rules",
            points: rules.into(),
        },
        Curve {
            of: "watches",
            points: watches.into(),
        },
    ]
}

/// Squares of a quarter degree strewn over ten degrees by nine.
fn squares(count: usize) -> String {
    let mut features = String::new();
    for n in 0..count {
        let (west, south) = (
            114.0 + (n * 37 % 1000) as f64 / 100.0,
            20.0 + (n * 71 % 907) as f64 / 100.0,
        );
        let (east, north) = (west + 0.25, south + 0.25);
        let comma = if n > 0 { "," } else { "" };
        write!(
            features,
            r#"{comma}{{"type":"Feature","properties":{{"id":"z{n}","kind":"watch","name":{{"zh":"z","en":"z"}}}},"geometry":{{"type":"Polygon","coordinates":[[[{west},{south}],[{east},{south}],[{east},{north}],[{west},{north}],[{west},{south}]]]}}}}"#
        )
        .expect("a string takes all");
    }
    format!(r#"{{"type":"FeatureCollection","features":[{features}]}}"#)
}

/// So many speed limits, each in zones of its own.
fn speed_rules(count: usize, zones: usize) -> String {
    let rule = |n: usize| {
        let own: Vec<String> = (0..zones)
            .skip(n)
            .step_by(count)
            .map(|zone| format!("\"z{zone}\""))
            .collect();
        format!(
            "[[rule]]\nid = \"speed-{n}\"\nkind = \"speed_limit\"\nzones = [{}]\nlimit_kn = 17.9\npriority = \"caution\"\n",
            own.join(", ")
        )
    };
    (0..count).map(rule).collect()
}

/// The curves side by side, both axes in powers of ten.
fn plot(curves: &[Curve]) -> String {
    let mut svg = String::from(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1000 300\" font-family=\"sans-serif\" font-size=\"12\">\n\
         <rect width=\"1000\" height=\"300\" fill=\"white\"/>\n",
    );
    for (n, curve) in curves.iter().enumerate() {
        let left = 50.0 + 240.0 * n as f64;
        let place = |(count, ns): (usize, f64)| {
            (
                left + 32.0 * (count as f64).log10(),
                260.0 - 80.0 * (ns / 100.0).log10(),
            )
        };
        for (ns, name) in [(100.0, "0.1 µs"), (1_000.0, "1 µs"), (10_000.0, "10 µs")] {
            let (_, y) = place((1, ns));
            let right = left + 190.0;
            let _ = writeln!(
                svg,
                "<path d=\"M{left} {y}H{right}\" stroke=\"#ccc\"/><text x=\"{}\" y=\"{y}\">{name}</text>",
                left - 42.0
            );
        }
        let points: Vec<String> = curve
            .points
            .iter()
            .map(|&point| {
                let (x, y) = place(point);
                format!("{x:.1},{y:.1}")
            })
            .collect();
        let _ = writeln!(
            svg,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"#0a5\" stroke-width=\"2\"/>",
            points.join(" ")
        );
        for &(count, ns) in &curve.points {
            let (x, y) = place((count, ns));
            let _ = writeln!(
                svg,
                "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\" fill=\"#0a5\"/><text x=\"{x:.1}\" y=\"280\" font-size=\"9\" text-anchor=\"middle\">{count}</text>"
            );
        }
        let _ = writeln!(svg, "<text x=\"{left}\" y=\"30\">a sentence, by {}</text>", curve.of);
    }
    svg + "</svg>\n"
}
