//! How many lines a second become structs and JSON on one core, corpus by corpus, with other decoders beside.

use std::cell::RefCell;
use std::hint::black_box;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use criterion::{Criterion, Throughput};
use harborwatch::ais::{self, Payload, json};
use harborwatch::nmea::{Framed, Framer, Sentence};
use harborwatch::report::Payloads;

/// A corpus is repeated until it has so many lines.
const LINES: usize = 100_000;
/// Names further corpora, separated by colons, beside those in `fixtures/`.
const MORE: &str = "CORPORA";

/// Recorded lines, repeated.
struct Corpus {
    name: String,
    text: Vec<u8>,
    lines: usize,
}

/// Whoever decodes: a name, and how many messages of a text it found.
type Contender = (&'static str, fn(&[u8]) -> usize);

/// The first is what the others are compared with.
const CONTENDERS: [Contender; 4] = [
    ("to structs", to_structs),
    ("to JSON", to_json),
    ("ais", by_ais),
    ("nmea-parser", by_nmea_parser),
];

impl Corpus {
    fn new(name: &str, once: &[u8]) -> Self {
        let in_once = once.iter().filter(|byte| **byte == b'\n').count();
        let times = LINES.div_ceil(in_once);
        Self {
            name: name.to_owned(),
            text: once.repeat(times),
            lines: in_once * times,
        }
    }
}

/// The corpora, and the messages of one sentence in them under MMSIs drawn at random, so that no table knows them.
fn corpora() -> Vec<Corpus> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/conformance");
    let more = std::env::var_os(MORE).unwrap_or_default();
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the fixtures are there")
        .map(|entry| entry.expect("a listed file is there").path())
        .chain(std::env::split_paths(&more))
        .filter(|path| path.extension().is_some_and(|extension| extension == "nmea"))
        .collect();
    files.sort();
    let mut shuffled = Vec::new();
    let mut corpora = Vec::new();
    for file in files {
        let once = std::fs::read(&file).expect("a corpus can be read");
        shuffle(&once, &mut shuffled);
        corpora.push(Corpus::new(
            &file.file_stem().unwrap_or_default().to_string_lossy(),
            &once,
        ));
    }
    corpora.push(Corpus::new("shuffled MMSIs", &shuffled));
    corpora
}

fn shuffle(lines: &[u8], out: &mut Vec<u8>) {
    let mut seed = 1u64;
    for line in lines.split(|byte| *byte == b'\n') {
        let words = Sentence::parse(line, false).words.ok();
        let Some(Ok(part)) = words.and_then(|words| words.encapsulated) else {
            continue;
        };
        if part.total > 1 || part.payload.len() < 7 {
            continue;
        }
        let mut payload = part.payload.to_vec();
        // Of the characters 1 to 6, which hold the MMSI, those that hold nothing else.
        for character in &mut payload[2..6] {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let value = (seed >> 58) as u8;
            *character = if value < 40 { value + 48 } else { value + 56 };
        }
        let start = out.len();
        out.extend_from_slice(b"!AIVDM,1,1,,A,");
        out.extend_from_slice(&payload);
        out.extend_from_slice(&[b',', b'0' + part.fill_bits]);
        let sum = out[start + 1..].iter().fold(0, |sum, byte| sum ^ byte);
        out.extend_from_slice(format!("*{sum:02X}\n").as_bytes());
    }
}

/// Calls for each message of a text.
fn each_message(text: &[u8], mut take: impl FnMut(&ais::Message)) -> usize {
    let mut payloads = Payloads::default();
    let mut messages = 0;
    Framer::default().push(text, |framed: Framed<'_>| {
        let Some(joined) = payloads.hear(framed) else { return };
        let payload = Payload {
            armoured: joined.payload,
            fill_bits: joined.fill_bits,
        };
        if let Ok(message) = &ais::decode(&payload) {
            take(message);
            messages += 1;
        }
    });
    messages
}

fn to_structs(text: &[u8]) -> usize {
    each_message(text, |message| {
        black_box(message);
    })
}

fn to_json(text: &[u8]) -> usize {
    let mut out = Vec::new();
    each_message(text, |message| {
        out.clear();
        json::write_fields(message, &mut out);
        black_box(&out);
    })
}

/// The sentences in a text, for those who know no tag blocks nor anything else in front.
fn sentences(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|byte| *byte == b'\n').map(|line| {
        let at = line.iter().position(|byte| *byte == b'!').unwrap_or(0);
        line[at..].trim_ascii_end()
    })
}

fn by_ais(text: &[u8]) -> usize {
    use ::ais::sentence::{AisFragments, AisParser};
    let mut parser = AisParser::new();
    let is_message = |line: &&[u8]| match black_box(parser.parse(line, true)) {
        Ok(AisFragments::Complete(sentence)) => sentence.message.is_some(),
        _ => false,
    };
    sentences(text).filter(is_message).count()
}

fn by_nmea_parser(text: &[u8]) -> usize {
    use nmea_parser::{NmeaParser, ParsedMessage};
    let mut parser = NmeaParser::new();
    let mut is_message = |line: &[u8]| match std::str::from_utf8(line).map(|line| parser.parse_sentence(line)) {
        Ok(Ok(parsed)) => !matches!(black_box(parsed), ParsedMessage::Incomplete),
        _ => false,
    };
    sentences(text)
        .filter(|line| line.starts_with(b"!") && is_message(line))
        .count()
}

fn main() {
    let mut criterion = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1))
        .configure_from_args();
    let corpora = corpora();
    let mut table = String::new();
    for corpus in &corpora {
        let mut group = criterion.benchmark_group(&corpus.name);
        group.throughput(Throughput::Elements(corpus.lines as u64));
        let mut first = None;
        for (name, count) in CONTENDERS {
            let best = RefCell::new(None::<f64>);
            group.bench_function(name, |bench| {
                bench.iter_custom(|times| {
                    let begun = Instant::now();
                    for _ in 0..times {
                        black_box(count(black_box(&corpus.text)));
                    }
                    let took = begun.elapsed();
                    let rate = corpus.lines as f64 * times as f64 / took.as_secs_f64() / 1e6;
                    let mut best = best.borrow_mut();
                    *best = Some(best.map_or(rate, |best| best.max(rate)));
                    took
                });
            });
            let Some(rate) = best.into_inner() else { continue };
            let first = *first.get_or_insert(rate);
            table += &format!(
                "| {} | {name} | {} | {} | {rate:.2} | {:.1} |\n",
                corpus.name,
                corpus.lines,
                count(&corpus.text),
                first / rate
            );
        }
        group.finish();
    }
    println!(
        "| corpus | decoder | lines | messages | M lines/s | `to structs` is faster by |\n|---|---|---|---|---|---|\n{table}"
    );
}
