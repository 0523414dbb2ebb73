//! `harborwatch decode` as a program: at once, in order, and no longer than somebody reads.

#![allow(clippy::unwrap_used, reason = "a test's helper may unwrap as the test does")]

use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use harborwatch::ais::{self, Payload, json};
use harborwatch::nmea::Framer;
use harborwatch::report::Payloads;

const LINE: &str = "!AIVDM,1,1,,A,15RTgt0PAso;90TKcjM8h6g208CQ,0*4A\n";

fn started() -> Child {
    Command::new(env!("CARGO_BIN_EXE_harborwatch"))
        .arg("decode")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// More batches than decoders and places in their queues.
fn recording() -> Vec<u8> {
    let corpus = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/conformance/stress_open.nmea");
    std::fs::read(corpus).unwrap().repeat(30)
}

/// What one thread alone makes of it.
fn expected(text: &[u8]) -> Vec<u8> {
    let mut payloads = Payloads::default();
    let mut out = Vec::new();
    Framer::default().push(text, |framed| {
        let Some(joined) = payloads.hear(framed) else { return };
        let payload = Payload {
            armoured: joined.payload,
            fill_bits: joined.fill_bits,
        };
        if let Ok(message) = ais::decode(&payload) {
            out.push(b'{');
            json::write_fields(&message, &mut out);
            let (line, line_end) = (joined.first_line, joined.last_line);
            writeln!(out, ",\"line\":{line},\"line_end\":{line_end}}}").unwrap();
        }
    });
    out
}

#[test]
fn a_message_is_told_as_soon_as_its_line_is_there() {
    let mut decode = started();
    let mut input = decode.stdin.take().unwrap();
    let mut output = BufReader::new(decode.stdout.take().unwrap());
    for n in 1..=3 {
        input.write_all(LINE.as_bytes()).unwrap();
        let mut told = String::new();
        output.read_line(&mut told).unwrap();
        assert!(told.ends_with(&format!(",\"line\":{n},\"line_end\":{n}}}\n")), "{told}");
    }
    drop(input);
    assert!(decode.wait().unwrap().success());
}

#[test]
fn the_order_is_that_of_the_lines() {
    let text = recording();
    let mut decode = started();
    let mut input = decode.stdin.take().unwrap();
    let given = text.clone();
    let writer = std::thread::spawn(move || input.write_all(&given).unwrap());
    let mut told = Vec::new();
    decode.stdout.take().unwrap().read_to_end(&mut told).unwrap();
    writer.join().unwrap();
    assert!(decode.wait().unwrap().success());
    assert!(told == expected(&text), "the text differs from that of one thread");
}

#[test]
fn nobody_reading_is_no_failure() {
    let mut decode = started();
    drop(decode.stdout.take());
    // The program may end before it has taken all.
    let _ = decode.stdin.take().unwrap().write_all(&recording());
    assert!(decode.wait().unwrap().success());
}
