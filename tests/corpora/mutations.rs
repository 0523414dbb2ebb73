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
    /// Lines heard again, for the machine may have been slow and not they.
    suspects: usize,
    slowest: Duration,
    spent: Duration,
}

/// A line that takes longer is heard again by itself, and the shortest of these times is its own.
const SUSPECT: Duration = Duration::from_micros(100);
const AGAIN: usize = 10;

fn spent() -> Duration {
    clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID).unwrap().into()
}

/// Hears a line and reads it as far as it goes; with the time that took.
fn read(ears: &mut Ears, time: Timestamp, line: &[u8]) -> (Heard, Option<Unread>, Duration) {
    let began = spent();
    let heard = ears.hear(time, line);
    let unread = match &heard {
        Heard::Nothing => None,
        Heard::Own(text) => instruments::read(text, time).err(),
        Heard::Message(message, ..) => told(message).is_empty().then_some(Unread::Malformed),
    };
    (heard, unread, spent() - began)
}

/// Survives a line, and checks what came of it.
fn survive(ears: &mut Ears, time: Timestamp, line: &[u8], counts: &mut Counts) {
    let (heard, unread, mut took) = read(ears, time, line);
    counts.lines += 1;
    counts.spent += took;
    if took > SUSPECT {
        let again = (0..AGAIN).map(|_| read(&mut Ears::default(), time, line).2);
        took = again.min().unwrap();
        counts.suspects += 1;
    }
    counts.slowest = counts.slowest.max(took);
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
    println!("{counts:?}");
    assert!(counts.messages * MESSAGES >= counts.lines, "{counts:?}");
}

#[test]
fn lines_as_they_are_pass_the_same_checks() {
    let (mut ears, mut counts) = (Ears::default(), Counts::default());
    for line in lines() {
        survive(&mut ears, Timestamp(0), &line, &mut counts);
    }
}
