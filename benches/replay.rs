//! How many lines a second: split and checked, decoded, and through the whole engine; with nmea-parser beside.

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use harborwatch::ais::{self, Payload};
use harborwatch::config::{self, Purpose};
use harborwatch::feeds::{FeedSettings, Input};
use harborwatch::nmea::Sentence;
use harborwatch::report::{FeedId, HashKey};
use harborwatch::service;
use harborwatch::simulate::{Scenario, Simulation};
use harborwatch::time::Timestamp;
use harborwatch::traffic::Changes;

const LINES: usize = 100_000;
const START: Timestamp = Timestamp::from_s(1_772_323_200);

/// What both receivers of the scenario `kinmen` put out, in time order.
fn lines() -> Vec<(Timestamp, FeedId, String)> {
    let scenario = Scenario::named("kinmen").expect("it is built in");
    let mut simulation = Simulation::new(&scenario, 1, Some(2_000), START);
    let mut line = || {
        let sent = simulation.next_line();
        (sent.time, FeedId(sent.receiver as u16), sent.line)
    };
    (0..LINES).map(|_| line()).collect()
}

fn decode(line: &str) -> Option<ais::Message> {
    let sentence = Sentence::parse(line.as_bytes(), false);
    let part = sentence.words.ok()?.encapsulated?.ok()?;
    ais::decode(&Payload {
        armoured: part.payload,
        fill_bits: part.fill_bits,
    })
    .ok()
}

/// The whole way under the rules of the Kinmen sample.
fn engine(lines: &[(Timestamp, FeedId, String)]) -> usize {
    let path = std::path::Path::new("config/kinmen.toml");
    let mut config = config::load(path, Purpose::Replay).expect("the sample is right");
    let feeds: Vec<Arc<FeedSettings>> = ["liaoluo", "shuitou"]
        .map(|name| Arc::new(FeedSettings::new(name, Input::Stdin)))
        .into();
    let mut core = service::core(&mut config, &feeds, START, HashKey(1, 2));
    let mut changes = Changes::default();
    let mut told = 0;
    for (time, feed, line) in lines {
        core.tick(time.floor_s(), &mut changes);
        let sentence = core.read(*feed, line.as_bytes());
        core.hear(*feed, *time, &sentence, &mut changes);
        told += changes.alerts.len();
        changes.clear();
    }
    told
}

fn benches(criterion: &mut Criterion) {
    let lines = lines();
    // nmea-parser knows no tag blocks, so it is given, and we are given, single-sentence lines without.
    let bare: Vec<&str> = lines
        .iter()
        .filter_map(|(_, _, line)| line.find("!AIVDM,1,").map(|at| &line[at..]))
        .collect();
    let mut group = criterion.benchmark_group("lines");
    group.sample_size(10);
    group.throughput(Throughput::Elements(bare.len() as u64));
    group.bench_function("split and checked", |bench| {
        bench.iter(|| {
            bare.iter()
                .filter(|line| Sentence::parse(line.as_bytes(), false).is_valid())
                .count()
        });
    });
    group.bench_function("decoded", |bench| {
        bench.iter(|| bare.iter().filter_map(|line| black_box(decode(line))).count());
    });
    group.bench_function("decoded by nmea-parser", |bench| {
        bench.iter(|| {
            let mut parser = nmea_parser::NmeaParser::new();
            bare.iter()
                .filter(|line| black_box(parser.parse_sentence(line)).is_ok())
                .count()
        });
    });
    group.throughput(Throughput::Elements(lines.len() as u64));
    group.bench_function("through the engine, config/kinmen.toml", |bench| {
        bench.iter(|| engine(&lines))
    });
    group.finish();
}

criterion_group!(replay, benches);
criterion_main!(replay);
