//! Mutated lines: whatever arrives, nothing panics, and a message is what a message can be.
//!
//! A long run takes as many as it is told and shows its counts and the slowest line, by what this thread has used of a
//! processor, so that others on the machine do not count; nothing depends on it:
//!
//!     HARBORWATCH_MUTANTS=10000000 cargo test --release --test corpora mutated -- --nocapture

use std::env;
use std::time::Duration;

use harborwatch::nmea::instruments::{self, Unread};
use harborwatch::time::{Span, Timestamp};
use nix::time::{ClockId, clock_gettime};

use crate::lines::{Ears, Heard, lines};
use crate::mutant::{Chance, faults, mutant, told};

/// Lines mutated where none are asked for.
const MUTANTS: usize = 20_000;
/// One in so many must get as far as a message at least, for the test to say anything.
const MESSAGES: usize = 8;

/// What was counted.
#[derive(Debug, Default)]
struct Counts {
    lines: usize,
    messages: usize,
    sentences: usize,
    slowest: Duration,
    /// The slowest line heard again by itself, the shortest of many times: what is left is the line's doing.
    slowest_again: Duration,
    slowest_line: Vec<u8>,
    spent: Duration,
}

/// How often the slowest line is heard again.
const AGAIN: usize = 100;

fn spent() -> Duration {
    clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID).unwrap().into()
}

/// Hears a line, reads it as far as it goes, and checks what came of it.
fn survive(ears: &mut Ears, time: Timestamp, line: &[u8], counts: &mut Counts) {
    let began = spent();
    let heard = ears.hear(time, line);
    let unread = match &heard {
        Heard::Nothing => None,
        Heard::Own(text) => instruments::read(text, time).err(),
        Heard::Message(message, ..) => told(message).is_empty().then_some(Unread::Malformed),
    };
    let took = spent() - began;
    counts.lines += 1;
    counts.spent += took;
    if took > counts.slowest {
        (counts.slowest, counts.slowest_line) = (took, line.to_vec());
    }
    let shown = String::from_utf8_lossy(line);
    assert_ne!(unread, Some(Unread::Panicked), "{shown}");
    match heard {
        Heard::Nothing => {}
        Heard::Own(_) => counts.sentences += 1,
        Heard::Message(message, ..) => {
            counts.messages += 1;
            assert_eq!(faults(&message), Vec::<String>::new(), "{message:?} {shown}");
        }
    }
}

#[test]
fn mutated_lines_are_survived() {
    let asked = env::var("HARBORWATCH_MUTANTS").map_or(MUTANTS, |asked| asked.parse().unwrap());
    let lines = lines();
    let (mut chance, mut ears, mut counts) = (Chance(1371), Ears::default(), Counts::default());
    let mut time = Timestamp::from_s(1_772_323_200);
    for _ in 0..asked {
        time = time.plus(Span(10));
        survive(&mut ears, time, &mutant(&lines, &mut chance), &mut counts);
    }
    let slowest = counts.slowest_line.clone();
    let again = |_| {
        let mut counts = Counts::default();
        survive(&mut Ears::default(), time, &slowest, &mut counts);
        counts.slowest
    };
    counts.slowest_again = (0..AGAIN).map(again).min().unwrap();
    println!("{counts:#?}");
    assert!(counts.messages * MESSAGES >= counts.lines, "{counts:?}");
}

#[test]
fn lines_as_they_are_pass_the_same_checks() {
    let (mut ears, mut counts) = (Ears::default(), Counts::default());
    for line in lines() {
        survive(&mut ears, Timestamp(0), &line, &mut counts);
    }
}
