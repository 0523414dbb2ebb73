//! What becomes of a line: CONTRACT.md, "Lines", edge by edge, through the door that every feed's lines pass.

#![allow(clippy::unwrap_used, reason = "a test's helper may unwrap as the test does")]

use harborwatch::nmea::Outcome::{self, *};
use harborwatch::nmea::{Framed, Framer, MAX_LINE, TagOutcome};
use harborwatch::report::{FeedId, HashKey, Listening, Payloads, Reception};
use harborwatch::time::Timestamp;

const POSITION: &str = "AIVDM,1,1,,A,15RTgt0PAso;90TKcjM8h6g208CQ,0";
const FIRST: &str = "AIVDM,2,1,1,A,55?MbV02;H;s<HtKR20EHE:0@T4@Dn2222222216L961O5Gf0NSQEp6ClRp8,0";
const SECOND: &str = "AIVDM,2,2,1,A,88888888880,2";

fn sum(text: &str) -> u8 {
    text.bytes().fold(0, |sum, byte| sum ^ byte)
}

fn sentence(body: &str) -> String {
    format!("!{body}*{:02X}", sum(body))
}

fn tagged(tag: &str, body: &str) -> String {
    format!("\\{tag}*{:02X}\\{}", sum(tag), sentence(body))
}

fn reception(listening: Listening) -> Reception {
    Reception::new(vec![listening], HashKey(1, 2))
}

/// What becomes of lines of one feed, as (second, line).
fn outcomes(reception: &mut Reception, lines: &[(i64, String)]) -> Vec<Outcome> {
    let hear = |(second, line): &(i64, String)| {
        let sentence = reception.read(FeedId(0), line.as_bytes());
        reception.hear(FeedId(0), Timestamp::from_s(*second), &sentence).outcome
    };
    lines.iter().map(hear).collect()
}

/// A line by itself.
fn check(listening: &Listening, line: &str, wanted: Outcome) {
    let told = outcomes(&mut reception(listening.clone()), &[(0, line.to_owned())]);
    assert_eq!(told, [wanted], "{line}");
}

/// Lines after each other.
fn check_all(lines: &[(i64, String)], wanted: &[Outcome]) {
    assert_eq!(
        outcomes(&mut reception(Listening::default()), lines),
        wanted,
        "{lines:?}"
    );
}

#[test]
fn every_line_has_one_outcome() {
    let plain = sentence(POSITION);
    let lower = plain.to_lowercase();
    let digits = &plain[plain.len() - 2..];
    let wrong = plain.replace(&format!("*{digits}"), "*00");
    for (line, wanted) in [
        (plain.clone(), Ok),
        (
            format!("{}{}", &plain[..plain.len() - 2], &lower[lower.len() - 2..]),
            Ok,
        ),
        (wrong.clone(), BadChecksum),
        (plain[..plain.len() - 1].to_owned(), BadChecksum),
        (plain[..plain.len() - 2].to_owned(), NoChecksum),
        (plain[..plain.len() - 3].to_owned(), NoChecksum),
        ("no sentence".to_owned(), Malformed),
        ("\u{6587}".to_owned(), Malformed),
        (sentence("AIVDM,1,1,,A,,0"), Malformed),
        (sentence("AIVDM,1,1,,A,15RTgt0PAso;90TKcjM8h6g208CQ,6"), Malformed),
        (sentence("AIVDM,1,1,,A,15RTgt0PAso;90TKcjM8h6g208CQ"), Malformed),
        (sentence("AIVDM,2,3,1,A,15RTgt0PAso;90TKcjM8h6g208CQ,0"), Malformed),
        // A character outside the alphabet, alone and in a fragment.
        (sentence("AIVDM,1,1,,A,15RTgt0PAsoX90TKcjM8h6g208CQ,0"), Malformed),
        (sentence("AIVDM,2,1,1,A,15RTgt0PAsoX90TKcjM8h6g208CQ,0"), Malformed),
        // Too short for its type.
        (sentence("AIVDM,1,1,,A,15RTgt0PAso;90TKcjM8,0"), Malformed),
        (sentence("AIVDM,1,1,,A,1,0"), Malformed),
        // No type, and types that are none.
        (sentence("AIVDM,1,1,,A,05RTgt0PAso;90TKcjM8h6g208CQ,0"), Unsupported),
        (sentence("AIVDM,1,1,,A,w5RTgt0PAso;90TKcjM8h6g208CQ,0"), Unsupported),
        (sentence("AIABM,1,1,0,,,,,"), Unsupported),
        (sentence(FIRST), Part),
        (sentence(SECOND), Orphan),
        // Text in front and behind.
        (format!("1772323200 {plain}"), Ok),
        (format!("{plain},rSTATION,1772323200"), Ok),
        (format!("{plain} \u{6587}"), Ok),
        // The end of a line whose rest was lost, and a tag block that ends nowhere.
        (format!("!AIVDM,1,1,,A,15RTg{plain}"), Ok),
        (format!("\\s:rx1{plain}"), Ok),
        (format!("{wrong}{plain}"), Ok),
    ] {
        check(&Listening::default(), &line, wanted);
    }
}

#[test]
fn a_tag_block_with_a_wrong_checksum_is_not_used_unless_trusted() {
    let right = tagged("s:rx9,c:1772323200", POSITION);
    let lower = right.replacen("*0C", "*0c", 1);
    let wrong = right.replacen("*0C", "*0D", 1);
    let none = right.replacen("*0C", "", 1);
    for (line, trust, outcome, time) in [
        (&right, false, TagOutcome::Ok, Some(1_772_323_200_000)),
        (&lower, false, TagOutcome::Ok, Some(1_772_323_200_000)),
        (&wrong, false, TagOutcome::BadChecksum, None),
        (&wrong, true, TagOutcome::BadChecksum, Some(1_772_323_200_000)),
        (&none, false, TagOutcome::BadChecksum, None),
        (&none, true, TagOutcome::BadChecksum, Some(1_772_323_200_000)),
        (&format!("x {right}"), false, TagOutcome::Ok, Some(1_772_323_200_000)),
    ] {
        let listening = Listening {
            trust_tags: trust,
            ..Listening::default()
        };
        check(&listening, line, Ok);
        let reception = reception(listening);
        let read = reception.read(FeedId(0), line.as_bytes());
        assert_eq!(read.tag_outcome(), Some(outcome), "{line}");
        assert_eq!(read.tag_time().map(|time| time.0), time, "{line}");
    }
}

#[test]
fn talkers_and_sources_let_through() {
    let own = Listening {
        talkers: vec!["AI".into(), "BS".into()],
        sources: vec!["rx1".into()],
        ..Listening::default()
    };
    let none = Listening::default();
    let other = tagged("s:rx1", &POSITION.replace("AIVDM", "ABVDM"));
    for (listening, line, wanted) in [
        (&none, sentence(POSITION), Ok),
        (&none, tagged("s:rx2", POSITION), Ok),
        (&own, tagged("s:rx1", POSITION), Ok),
        (&own, tagged("s:rx2", POSITION), Filtered),
        (&own, sentence(POSITION), Filtered),
        (&own, other, Filtered),
        // What is wrong is told before it is filtered.
        (&own, "!AIVDM,1,1,,A,1,0*00".to_owned(), BadChecksum),
    ] {
        check(listening, &line, wanted);
    }
}

#[test]
fn fragments_join_with_what_they_belong_to() {
    let first = |second| (second, sentence(FIRST));
    let second = |second| (second, sentence(SECOND));
    let changed = |from: &str, to: &str| (0, sentence(&SECOND.replacen(from, to, 1)));
    check_all(&[first(0), second(10)], &[Part, Ok]);
    check_all(&[first(0), second(11)], &[Part, Orphan]);
    check_all(&[second(0), first(0), second(0)], &[Orphan, Part, Ok]);
    check_all(&[first(0), second(0), second(0)], &[Part, Ok, Orphan]);
    check_all(&[first(0), first(8), second(12)], &[Part, Part, Ok]);
    for (from, to) in [
        ("AIVDM", "ABVDM"),
        ("AIVDM", "AIVDO"),
        (",A,", ",B,"),
        (",A,", ",,"),
        ("2,2,1", "2,2,2"),
        ("2,2,1", "2,2,"),
    ] {
        check_all(&[first(0), changed(from, to), second(0)], &[Part, Orphan, Ok]);
    }
    let of_three = (0, sentence("AIVDM,3,2,1,A,88888888880,0"));
    check_all(&[first(0), of_three, second(0)], &[Part, Orphan, Ok]);
    // By source, or by group whoever names the source.
    let of = |tag: &str, body: &str| (0, tagged(tag, body));
    check_all(
        &[of("s:a", FIRST), of("s:b", SECOND), of("s:a", SECOND)],
        &[Part, Orphan, Ok],
    );
    check_all(&[of("g:1-2-7,s:a", FIRST), of("g:2-2-7", SECOND)], &[Part, Ok]);
    check_all(&[of("g:1-2-7,s:a", FIRST), of("g:2-2-7,s:b", SECOND)], &[Part, Ok]);
    let suffixed = |line: (i64, String)| (line.0, format!("{},r003669945", line.1));
    check_all(
        &[suffixed(of("g:1-2-7,s:a", FIRST)), suffixed(of("g:2-2-7", SECOND))],
        &[Part, Ok],
    );
    // Stations that use the same number at a time, and name themselves in each line.
    check_all(
        &[
            of("g:1-2-7,s:a", FIRST),
            of("g:1-2-7,s:b", FIRST),
            of("g:2-2-7,s:a", SECOND),
            of("g:2-2-7,s:b", SECOND),
        ],
        &[Part, Part, Ok, Duplicate],
    );
    check_all(
        &[of("g:1-2-7", FIRST), of("g:2-2-8", SECOND), (0, sentence(SECOND))],
        &[Part, Orphan, Orphan],
    );
}

#[test]
fn decode_joins_as_the_service_does() {
    let other = FIRST.replace("55?MbV0", "55?MbW0");
    let of = |tag: &str, body: &str| tagged(tag, body);
    for (lines, payload, line) in [
        // A group of lines begun anew by another station is that one's.
        (
            vec![
                of("g:1-2-7,s:a", &other),
                of("g:1-2-7,s:b", FIRST),
                of("g:2-2-7", SECOND),
            ],
            FIRST,
            2,
        ),
        (vec![of("g:1-2-7,s:a", FIRST), of("g:2-2-7,s:b", SECOND)], FIRST, 1),
        // Before the first stamp it is the time of that.
        (vec![sentence(FIRST), of("c:1772323200", SECOND)], FIRST, 1),
        (vec![of("c:1772323200", FIRST), of("c:1772323211", SECOND)], "", 0),
    ] {
        let mut payloads = Payloads::default();
        let mut told = Vec::new();
        for line in &lines {
            if let Some(message) = payloads.hear(Framed::Line(line.as_bytes())) {
                told.push((String::from_utf8(message.payload.to_vec()).unwrap(), message.first_line));
            }
        }
        let armoured = |body: &str| body.split(',').nth(5).unwrap_or_default().to_owned();
        let wanted = (armoured(payload) + &armoured(SECOND), line);
        assert_eq!(
            told,
            if payload.is_empty() { vec![] } else { vec![wanted] },
            "{lines:?}"
        );
    }
}

#[test]
fn fragments_are_at_most_64_lines_apart() {
    for (between, wanted) in [(63, Ok), (64, Orphan)] {
        let mut lines = vec![(0, sentence(FIRST))];
        lines.extend(vec![(0, "any line".to_owned()); between]);
        lines.push((0, sentence(SECOND)));
        let told = outcomes(&mut reception(Listening::default()), &lines);
        assert_eq!(told.last(), Some(&wanted), "{between} lines between");
    }
}

#[test]
fn a_duplicate_is_within_ten_seconds_of_the_one_that_counted() {
    let at = |second| (second, sentence(POSITION));
    check_all(&[at(0), at(10), at(11)], &[Ok, Duplicate, Ok]);
    // Another line of the same payload, and the same payload with other fill bits.
    let channel = (0, sentence(&POSITION.replace(",A,", ",B,")));
    check_all(&[at(0), channel], &[Ok, Duplicate]);
    let fill = (0, sentence(&POSITION.replace("CQ,0", "CQ,2")));
    check_all(&[at(0), fill], &[Ok, Ok]);
}

/// Lines as a feed gives them, cut at every byte.
#[test]
fn cutting_the_bytes_changes_nothing() {
    let long = "x".repeat(MAX_LINE + 1);
    let text = [
        tagged("s:a,c:1772323200", FIRST),
        "\r".to_owned(),
        tagged("s:a", SECOND),
        sentence(POSITION),
        long,
        sentence(POSITION),
    ]
    .join("\r\n");
    let hear = |pieces: &[&[u8]]| {
        let mut reception = reception(Listening::default());
        let mut told = Vec::new();
        let mut framer = Framer::default();
        let mut take = |framed: Framed<'_>| {
            let heard = match framed {
                Framed::Line([]) => return,
                Framed::TooLong => reception.skip(FeedId(0)),
                Framed::Line(line) => {
                    let sentence = reception.read(FeedId(0), line);
                    reception.hear(FeedId(0), Timestamp(0), &sentence)
                }
            };
            told.push(heard.outcome);
        };
        for piece in pieces {
            framer.push(piece, &mut take);
        }
        framer.finish(&mut take);
        told
    };
    let whole = hear(&[text.as_bytes()]);
    assert_eq!(whole, [Part, Malformed, Ok, Ok, TooLong, Duplicate]);
    for cut in 0..text.len() {
        let (head, tail) = text.as_bytes().split_at(cut);
        assert_eq!(hear(&[head, tail]), whole, "cut at {cut}");
    }
}
