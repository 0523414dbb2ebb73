//! `decode`: text in, one JSON object a decoded message out, duplicates included.

use std::io::{BufWriter, Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use harborwatch::ais::{self, Payload};
use harborwatch::feeds::recording;
use harborwatch::nmea::{Framed, Framer};
use harborwatch::report::Payloads;

/// Decode AIS lines from files or standard input
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  harborwatch decode recording.nmea.gz | head\n  nc 192.0.2.7 10110 | harborwatch decode"
)]
pub struct Args {
    /// Recordings, also .gz and .zst; standard input if none are given
    files: Vec<PathBuf>,
}

/// Bytes read at once.
const BLOCK: usize = 1 << 16;

pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    let mut out = BufWriter::with_capacity(BLOCK, std::io::stdout().lock());
    if args.files.is_empty() {
        decode(&mut std::io::stdin().lock(), &mut out)?;
    }
    for file in &args.files {
        let mut reader = recording::open(file).with_context(|| format!("cannot open {}", file.display()))?;
        decode(&mut reader, &mut out).with_context(|| format!("while reading {}", file.display()))?;
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

fn decode(reader: &mut dyn Read, out: &mut dyn Write) -> anyhow::Result<()> {
    let mut decoder = Decoder::default();
    let mut framer = Framer::default();
    let mut block = vec![0; BLOCK];
    loop {
        let count = reader.read(&mut block)?;
        let mut told = Ok(());
        let mut hear = |framed: Framed<'_>| {
            if told.is_ok() {
                told = decoder.hear(framed, out);
            }
        };
        framer.push(&block[..count], &mut hear);
        if count == 0 {
            framer.finish(&mut hear);
        }
        told?;
        if count == 0 {
            return Ok(());
        }
    }
}

/// One input's messages written out.
#[derive(Default)]
struct Decoder {
    payloads: Payloads,
    /// The line being written.
    text: Vec<u8>,
}

impl Decoder {
    fn hear(&mut self, framed: Framed<'_>, out: &mut dyn Write) -> std::io::Result<()> {
        let Some(joined) = self.payloads.hear(framed) else {
            return Ok(());
        };
        let payload = Payload {
            armoured: joined.payload,
            fill_bits: joined.fill_bits,
        };
        let Ok(message) = ais::decode(&payload) else {
            return Ok(());
        };
        self.text.clear();
        self.text.push(b'{');
        ais::json::write_fields(&message, &mut self.text);
        writeln!(
            self.text,
            ",\"line\":{},\"line_end\":{}}}",
            joined.first_line, joined.last_line
        )?;
        out.write_all(&self.text)
    }
}
